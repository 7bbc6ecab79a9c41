//! Every function that an expression may call: its arguments, its meaning, and what of the request it reads.
//!
//! The translator implements them; the linter and the reference in the README read this table.

mod jmespath;
mod own;

pub use jmespath::JMESPATH;
pub use own::FUNCTIONS;

/// A function of the expression language.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Names of its arguments; `?` at the end: may be left out, `…` at the end: one or more.
    pub arguments: &'static [&'static str],
    /// What it gives, in a sentence.
    pub about: &'static str,
    /// What the linter knows of its value.
    pub gives: Gives,
    /// How it takes its arguments.
    pub takes: Takes,
}

/// What is known of a function's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Anything.
    Anything,
    /// True or false.
    Boolean,
    /// A number.
    Number,
    /// A text.
    Text,
    /// The first argument, whole or in part.
    First,
    /// An item of the first argument.
    ItemOfFirst,
    /// One of the arguments.
    AnyOf,
    /// The second or third argument.
    Branch,
    /// A list of what the first argument makes of the items of the second.
    Mapped,
}

/// How a function takes its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// As values; a structure of the request counts as not read below it.
    Values,
    /// Whole: everything in a structure of the request counts as read.
    Whole,
    /// The second argument is a path into the items of the first.
    Path,
    /// The first argument is a condition.
    Condition,
    /// EC2 permissions of a security group, both forms.
    Permissions,
    /// `TagSpecifications`.
    TagSpecifications,
    /// The last argument is a list of EC2 tags.
    Tags,
    /// The first argument is a prefix in the table of kinds.
    Kind,
    /// The second argument is a list of prefixes in the table of kinds.
    Kinds,
    /// The first argument is the name of a table.
    Table,
}

/// Members of the request that `permissions(@)` reads.
pub const PERMISSION_LEAVES: &[&str] = &[
    "IpPermissions.IpProtocol",
    "IpPermissions.FromPort",
    "IpPermissions.ToPort",
    "IpPermissions.IpRanges.CidrIp",
    "IpPermissions.IpRanges.Description",
    "IpPermissions.Ipv6Ranges.CidrIpv6",
    "IpPermissions.Ipv6Ranges.Description",
    "IpPermissions.PrefixListIds.PrefixListId",
    "IpPermissions.PrefixListIds.Description",
    "IpPermissions.UserIdGroupPairs.GroupId",
    "IpPermissions.UserIdGroupPairs.GroupName",
    "IpPermissions.UserIdGroupPairs.Description",
    "IpProtocol",
    "FromPort",
    "ToPort",
    "CidrIp",
    "SourceSecurityGroupName",
];

/// Members of an item of `TagSpecifications` that `tag_specification` reads.
pub const TAG_SPECIFICATION_LEAVES: &[&str] = &["ResourceType", "Tags.Key", "Tags.Value"];

/// Members of an EC2 tag.
pub const TAG_LEAVES: &[&str] = &["Key", "Value"];

impl Function {
    /// The function of that name.
    pub fn named(name: &str) -> Option<&'static Function> {
        FUNCTIONS
            .iter()
            .chain(JMESPATH)
            .find(|function| function.name == name)
    }

    /// Fewest and most arguments.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let needed = self
            .arguments
            .iter()
            .filter(|argument| !argument.ends_with('?'))
            .count();
        let endless = self
            .arguments
            .iter()
            .any(|argument| argument.ends_with('…'));
        (needed, (!endless).then_some(self.arguments.len()))
    }

    /// `find(list, path, value)`
    pub fn signature(&self) -> String {
        format!("{}({})", self.name, self.arguments.join(", "))
    }
}

const fn f(
    name: &'static str,
    arguments: &'static [&'static str],
    gives: Gives,
    takes: Takes,
    about: &'static str,
) -> Function {
    Function {
        name,
        arguments,
        about,
        gives,
        takes,
    }
}
