"""A real OpenStack control plane on loopback, brought up and down for the tests."""
