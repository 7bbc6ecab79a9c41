//! Which names stand beside a secret.

use percent_encoding::percent_decode_str;

use crate::Kind;

/// Tokens that are none of a person's: marks of pages and of repeated requests.
const HARMLESS: [&str; 6] = [
    "nexttoken",
    "clienttoken",
    "startingtoken",
    "continuationtoken",
    "paginationtoken",
    "idempotencytoken",
];

/// A name without its punctuation and case: `x-amz-signature` and `XAmzSignature` are one.
pub fn plain(name: &str) -> String {
    let decoded = if name.contains('%') {
        percent_decode_str(name).decode_utf8_lossy().into_owned()
    } else {
        name.to_owned()
    };
    decoded
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// The kind of secret that a name stands beside. Of a dotted name any part may say it: `UserData.Value`.
pub fn kind(name: &str) -> Option<Kind> {
    name.split(['.', ':', '/'])
        .rev()
        .find_map(|part| of_plain(&plain(part)))
}

fn of_plain(name: &str) -> Option<Kind> {
    let ends = |tail: &str| name.ends_with(tail);
    let kind = match name {
        _ if HARMLESS.iter().any(|harmless| ends(harmless)) => return None,
        _ if name.contains("userdata") => Kind::UserData,
        // The encrypted password of a Windows instance, and every other.
        _ if ["password", "passwd", "passphrase", "adminpass", "passcode"]
            .iter()
            .any(|word| name.contains(word)) =>
        {
            Kind::Password
        }
        "pwd" | "pw" | "pass" => Kind::Password,
        _ if name.contains("secret") => Kind::SecretKey,
        _ if ends("signature") => Kind::Signature,
        "authorization" | "proxyauthorization" | "cookie" | "setcookie" => Kind::Authorization,
        _ if ends("token") || ends("apikey") || ends("tokenid") => Kind::Token,
        _ if ends("privatekey") || (ends("keymaterial") && !name.contains("public")) => {
            Kind::PrivateKey
        }
        _ if ends("accesskeyid") || ends("accesskey") || name == "xamzcredential" => {
            Kind::AccessKey
        }
        _ => return None,
    };
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_every_spelling() {
        for (name, expected) in [
            ("UserData", Some(Kind::UserData)),
            ("--user-data", Some(Kind::UserData)),
            ("LaunchTemplateData.UserData", Some(Kind::UserData)),
            ("UserData.Value", Some(Kind::UserData)),
            ("OS-EXT-SRV-ATTR:user_data", Some(Kind::UserData)),
            ("adminPass", Some(Kind::Password)),
            ("OS_PASSWORD", Some(Kind::Password)),
            ("db_password", Some(Kind::Password)),
            ("X-Amz-Signature", Some(Kind::Signature)),
            ("Signature", Some(Kind::Signature)),
            ("X%2DAmz%2DSignature", Some(Kind::Signature)),
            ("AWS_SECRET_ACCESS_KEY", Some(Kind::SecretKey)),
            ("aws_session_token", Some(Kind::Token)),
            ("X-Auth-Token", Some(Kind::Token)),
            ("X-Subject-Token", Some(Kind::Token)),
            ("Authorization", Some(Kind::Authorization)),
            ("KeyMaterial", Some(Kind::PrivateKey)),
            ("private_key", Some(Kind::PrivateKey)),
            ("AWSAccessKeyId", Some(Kind::AccessKey)),
            ("X-Amz-Credential", Some(Kind::AccessKey)),
            ("PublicKeyMaterial", None),
            ("--public-key-material", None),
            ("NextToken", None),
            ("--client-token", None),
            ("SignatureVersion", None),
            ("SignatureMethod", None),
            ("KeyName", None),
            ("ImageId", None),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }
}
