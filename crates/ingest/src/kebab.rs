//! Option and command names as the AWS CLI makes them from the model's names.

/// `RunInstances` to `run-instances`, `EnaSupport` to `ena-support`, `DescribeVpcs` to `describe-vpcs`.
///
/// The CLI applies three rewrites one after the other, and its names have the quirks of that; so do these.
///
/// ```
/// assert_eq!(ingest::kebab("AssociateEnclaveCertificateIamRole"), "associate-enclave-certificate-iam-role");
/// assert_eq!(ingest::kebab("Ipv6CidrBlock"), "ipv6-cidr-block");
/// ```
pub fn kebab(name: &str) -> String {
    if name.contains('-') {
        return name.to_owned();
    }
    let chars: Vec<char> = plural_capitals(name).chars().collect();
    let upper = |at: usize| chars.get(at).is_some_and(char::is_ascii_uppercase);
    let lower = |at: usize| chars.get(at).is_some_and(char::is_ascii_lowercase);
    let mut words = Vec::with_capacity(chars.len() + 8);
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        words.push(c);
        at += 1;
        if upper(at) && lower(at + 1) {
            words.push('-');
            words.extend(chars.get(at));
            at += 1;
            while lower(at) {
                words.extend(chars.get(at));
                at += 1;
            }
        }
    }
    let mut text = String::with_capacity(words.len() + 8);
    let mut last = None;
    for c in words {
        let after =
            last.is_some_and(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit());
        if after && c.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(c.to_ascii_lowercase());
        last = Some(c);
    }
    text
}

/// `DescribeVPCs` to `Describe-vpcs`: two or more capitals with a plural s at the end are one word.
fn plural_capitals(name: &str) -> String {
    let Some(stem) = name.strip_suffix('s') else {
        return name.to_owned();
    };
    let capitals = stem
        .bytes()
        .rev()
        .take_while(u8::is_ascii_uppercase)
        .count();
    if capitals < 2 {
        return name.to_owned();
    }
    let (head, tail) = stem.split_at(stem.len() - capitals);
    format!("{head}-{}s", tail.to_ascii_lowercase())
}
