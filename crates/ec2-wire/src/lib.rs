//! EC2 on the wire: Query in, XML out, and the reverse of both, driven by [`ec2_model`]; no code per action.
#![deny(missing_docs)]

mod request;
pub mod signature;

pub use request::{Ec2Error, Ec2Request, Leaf, Span};
