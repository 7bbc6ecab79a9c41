//! A request in any of the dialects.

use ec2_wire::{Ec2Request, encode_query};

use crate::{Dialect, cli};

/// The request in a dialect, unsigned, so that [`crate::read`] gives the same request again.
///
/// URL and HTTP name the host `ec2.amazonaws.com`. The command line cannot say everything that the wire can: parameters
/// that the model does not know, an API version, or user data that is no text stand in a comment.
///
/// ```
/// use ingest::{Dialect, read, write};
/// let request = read("Action=RebootInstances&InstanceId.1=i-1", None).request.unwrap();
/// assert_eq!(write(&request, Dialect::Query), "Action=RebootInstances\n&Version=2016-11-15\n&InstanceId.1=i-1");
/// assert_eq!(write(&request, Dialect::Cli), "aws ec2 reboot-instances \\\n  --instance-ids i-1");
/// ```
pub fn write(request: &Ec2Request, dialect: Dialect) -> String {
    match dialect {
        Dialect::Query => encode_query(request).replace('&', "\n&"),
        Dialect::Url => format!("https://ec2.amazonaws.com/?{}", encode_query(request)),
        Dialect::Http => {
            let body = encode_query(request);
            format!(
                "POST / HTTP/1.1\nHost: ec2.amazonaws.com\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\nContent-Length: {}\n\n{body}",
                body.len()
            )
        }
        Dialect::Cli => cli::write(request),
    }
}
