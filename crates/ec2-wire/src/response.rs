//! EC2's answers: XML by the model, and the error document.

mod decode;
mod encode;
mod error;
mod reader;
mod tree;

pub use decode::decode_response;
pub use encode::{encode_response, encode_response_with};
pub use error::{decode_error, encode_error};
pub use reader::Malformed;
pub use tree::{Places, Segment, Tree, View, pointer};
