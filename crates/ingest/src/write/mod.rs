//! A request in any of the dialects.

mod boto3;
mod curl;
mod json;

use ec2_wire::{Ec2Request, encode_query};

use crate::{Dialect, cli};

/// The request in a dialect, unsigned, so that [`crate::read`] gives the same request again.
///
/// As [`Writer::write`] without a region.
///
/// ```
/// use ingest::{Dialect, read, write};
/// let request = read("Action=RebootInstances&InstanceId.1=i-1", None).request.unwrap();
/// assert_eq!(write(&request, Dialect::Query), "Action=RebootInstances\n&Version=2016-11-15\n&InstanceId.1=i-1");
/// assert_eq!(write(&request, Dialect::Cli), "aws ec2 reboot-instances \\\n  --instance-ids i-1");
/// ```
pub fn write(request: &Ec2Request, dialect: Dialect) -> String {
    Writer::default().write(request, dialect)
}

/// How a request is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writer<'a> {
    /// Region to name; without one `ec2.amazonaws.com`, which is us-east-1.
    pub region: Option<&'a str>,
    /// Whether a command line has all parameters behind `--cli-input-json`.
    pub input_json: bool,
}

impl Writer<'_> {
    /// The request in a dialect.
    ///
    /// Nothing is signed: where a signature belongs there are names in capitals or variables to fill in. The command line
    /// and boto3 cannot say everything that the wire can: parameters that the model does not know, an API version, or user
    /// data that is no base64 stand in a comment.
    pub fn write(self, request: &Ec2Request, dialect: Dialect) -> String {
        match dialect {
            Dialect::Query => encode_query(request).replace('&', "\n&"),
            Dialect::Url => format!("https://{}/?{}", self.host(), encode_query(request)),
            Dialect::Http => self.http(request),
            Dialect::Cli => cli::write(request, self),
            Dialect::Boto3 => boto3::write(request, self),
            Dialect::Curl => curl::write(request, self),
            Dialect::Json => json::write(request),
        }
    }

    fn host(self) -> String {
        match self.region {
            Some(region) if region.starts_with("cn-") => format!("ec2.{region}.amazonaws.com.cn"),
            Some(region) => format!("ec2.{region}.amazonaws.com"),
            None => "ec2.amazonaws.com".to_owned(),
        }
    }

    fn signed_region(&self) -> &str {
        self.region.unwrap_or("us-east-1")
    }

    fn http(self, request: &Ec2Request) -> String {
        let body = encode_query(request);
        format!(
            "POST / HTTP/1.1\nHost: {}\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\nAuthorization: AWS4-HMAC-SHA256 Credential=ACCESS_KEY/DATE/{}/ec2/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=SIGNATURE\nContent-Length: {}\n\n{body}",
            self.host(),
            self.signed_region(),
            body.len()
        )
    }
}
