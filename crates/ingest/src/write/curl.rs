//! A request as a curl command.

use ec2_wire::{Ec2Request, encode_query, split_query};

use super::Writer;
use crate::quote::quoted;

/// One parameter on each line; the key comes from the variables that the AWS CLI reads too.
pub(super) fn write(request: &Ec2Request, writer: Writer<'_>) -> String {
    let mut lines = vec![
        format!("curl {}", quoted(&format!("https://{}/", writer.host()))),
        format!(
            "--aws-sigv4 {}",
            quoted(&format!("aws:amz:{}:ec2", writer.signed_region()))
        ),
        "--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"".to_owned(),
    ];
    for pair in split_query(&encode_query(request)) {
        let data = format!("{}={}", pair.key, pair.value);
        lines.push(format!("--data-urlencode {}", quoted(&data)));
    }
    lines.join(" \\\n  ")
}
