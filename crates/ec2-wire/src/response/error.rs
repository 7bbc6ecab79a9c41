//! EC2's error document.

use super::reader::{Malformed, Piece, Pieces};
use crate::Ec2Error;
use crate::xml::Writer;

/// The error as EC2's clients read it.
///
/// ```
/// let error = ec2_wire::Ec2Error::client("InvalidAction", "no <such> action");
/// let xml = ec2_wire::encode_error(&error, "req-1");
/// assert_eq!(ec2_wire::decode_error(&xml).unwrap(), (error, "req-1".to_owned()));
/// ```
#[must_use]
pub fn encode_error(error: &Ec2Error, request_id: &str) -> String {
    let mut xml = Writer::new();
    xml.declaration();
    for element in ["Response", "Errors", "Error"] {
        xml.start(element);
    }
    xml.element("Code", &error.code);
    xml.element("Message", &error.message);
    xml.end("Error");
    xml.end("Errors");
    xml.element("RequestID", request_id);
    xml.end("Response");
    xml.finish()
}

/// The first error of an error document and the request id.
///
/// The document does not hold the HTTP status; the one that EC2 sends with the code is filled in.
///
/// # Errors
/// When the XML is not well-formed or holds no error.
pub fn decode_error(xml: &str) -> Result<(Ec2Error, String), Malformed> {
    let mut pieces = Pieces::new(xml);
    let (mut code, mut message, mut request_id) = (None, None, None);
    loop {
        match pieces.next()? {
            Piece::Start(element) => {
                let slot = match element.as_str() {
                    "Code" => &mut code,
                    "Message" => &mut message,
                    "RequestID" | "RequestId" | "requestId" => &mut request_id,
                    _ => continue,
                };
                let text = pieces.own_text()?;
                slot.get_or_insert(text);
            }
            Piece::End | Piece::Text(_) => {}
            Piece::Done => break,
        }
    }
    let code = code.ok_or_else(|| pieces.fail("the document holds no <Code>"))?;
    let error = Ec2Error {
        status: status(&code),
        code,
        message: message.unwrap_or_default(),
    };
    Ok((error, request_id.unwrap_or_default()))
}

fn status(code: &str) -> u16 {
    match code {
        "AuthFailure" | "MissingAuthenticationToken" | "InvalidClientTokenId" => 401,
        "UnauthorizedOperation"
        | "SignatureDoesNotMatch"
        | "RequestExpired"
        | "OptInRequired"
        | "Blocked" => 403,
        "RequestEntityTooLarge" => 413,
        "InternalError"
        | "InternalFailure"
        | "InsufficientInstanceCapacity"
        | "InsufficientAddressCapacity" => 500,
        "RequestLimitExceeded" | "Unavailable" | "ServiceUnavailable" => 503,
        "DryRunOperation" => 412,
        _ => 400,
    }
}
