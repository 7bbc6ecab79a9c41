//! The pages to read: documentation of actions, the course, and what passes through the gateway.

pub mod course;
pub mod documents;
pub mod fetch;
pub mod live;
