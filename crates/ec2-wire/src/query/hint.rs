//! "Did you mean": the key that a mistaken one was most likely meant to be.

use ec2_model::{Kind, Member, Shape, closest};

/// Makes hints, up to a number that keeps hostile requests cheap.
pub(crate) struct Hints {
    left: usize,
}

impl Default for Hints {
    fn default() -> Self {
        Self { left: 100 }
    }
}

/// No EC2 parameter has more parts.
const PARTS: usize = 16;

impl Hints {
    /// The wire key of a scalar that `key` was most likely meant to be.
    pub(crate) fn query(&mut self, input: Shape, key: &str) -> Option<String> {
        self.left = self.left.checked_sub(1)?;
        let mut parts: Vec<&str> = key
            .split(['.', '[', ']', '/'])
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() > PARTS {
            return None;
        }
        // The other AWS services write lists so.
        parts.retain(|part| *part != "member");
        let mut parts = parts.into_iter().peekable();
        let mut shape = input;
        let mut out = String::new();
        loop {
            let name = match shape.kind() {
                Kind::Structure => {
                    let member = near(shape, parts.next()?)?;
                    shape = member.shape();
                    member.query_name().to_owned()
                }
                Kind::List => {
                    shape = shape.item()?;
                    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
                    parts.next_if(digits).unwrap_or("1").to_owned()
                }
                _ => break,
            };
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&name);
        }
        (parts.next().is_none() && out != key).then_some(out)
    }

    /// The boto3 name of a member that `name` was most likely meant to be.
    pub(crate) fn member(&mut self, shape: Shape, name: &str) -> Option<&'static str> {
        self.left = self.left.checked_sub(1)?;
        near(shape, name).map(Member::name)
    }
}

fn near(shape: Shape, part: &str) -> Option<Member> {
    let same = |known: &str| known.eq_ignore_ascii_case(part);
    if let Some(member) = shape.member_by_query(part).or_else(|| shape.member(part)) {
        return Some(member);
    }
    if let Some(member) = shape
        .members()
        .find(|m| same(m.query_name()) || same(m.name()) || same(m.xml_name()))
    {
        return Some(member);
    }
    let names = shape
        .members()
        .flat_map(|member| [member.query_name(), member.name()]);
    let name = closest(part, names)?;
    shape.member_by_query(name).or_else(|| shape.member(name))
}
