//! EC2 on the wire: Query in, XML out, and the reverse of both, driven by [`ec2_model`]; no code per action.
//!
//! ```
//! let decoded = ec2_wire::decode_query("Action=TerminateInstances&InstanceId.1=i-1&InstanceId.2=i-2");
//! let request = decoded.strict().expect("a sound request");
//! assert_eq!(request.parameters, serde_json::json!({"InstanceIds": ["i-1", "i-2"]}));
//!
//! let action = ec2_model::action(&request.action).expect("EC2 has it");
//! let answer = serde_json::json!({"TerminatingInstances": [{"InstanceId": "i-1"}]});
//! let xml = ec2_wire::encode_response(action, "req-1", &answer);
//! assert_eq!(ec2_wire::decode_response(action, &xml).expect("sound XML"), answer);
//! ```
#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod decimal;
mod moment;
mod query;
mod request;
mod response;
mod scalar;
pub mod signature;
pub mod xml;

pub use decimal::decimal;
pub use query::{
    Decoded, Diagnostic, MAX_BYTES, MAX_DEPTH, MAX_KEYS, Pair, Severity, check_required,
    decode_pairs, decode_query, encode_query, from_parameters, is_protocol_key, split_query,
    wire_key,
};
pub use request::{Ec2Error, Ec2Request, Leaf, Span};
pub use response::{
    Malformed, Places, Segment, Tree, View, decode_error, decode_response, encode_error,
    encode_response, encode_response_with, pointer,
};
