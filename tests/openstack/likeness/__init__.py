"""The simulated cloud beside a real OpenStack: the same calls to both, and what they answer compared."""
