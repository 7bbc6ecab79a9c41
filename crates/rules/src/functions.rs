//! Every function that an expression may call: its arguments, its meaning, and what of the request it reads.
//!
//! The translator implements them; the linter and the reference in the README read this table.

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

use Gives::{AnyOf, Anything, Boolean, Branch, First, ItemOfFirst, Mapped, Number, Text};
use Takes::{
    Condition, Kind, Kinds, Path, Permissions, Table, TagSpecifications, Tags, Values, Whole,
};

/// The project's own functions. A null argument gives null; a null value matches nothing.
pub static FUNCTIONS: &[Function] = &[
    f(
        "ec2_id",
        &["kind", "uuid"],
        Anything,
        Kind,
        "The EC2 id of an OpenStack UUID, by the table of kinds; of a list, each.",
    ),
    f(
        "uuid",
        &["id"],
        Anything,
        Values,
        "The UUID in an EC2 id; of a list, each. A malformed id is refused with its kind's code.",
    ),
    f(
        "of_kind",
        &["ids", "kinds"],
        First,
        Kinds,
        "The ids that have one of these prefixes.",
    ),
    f(
        "collection",
        &["id"],
        Text,
        Values,
        "Neutron's collection for the kind of an id.",
    ),
    f(
        "new_id",
        &["kind"],
        Text,
        Kind,
        "An id made from the seed of the context: the same request gives the same id.",
    ),
    f(
        "find",
        &["list", "path", "value"],
        ItemOfFirst,
        Path,
        "The first item whose path equals the value; a list on either side means any of it.",
    ),
    f(
        "where",
        &["list", "path", "value"],
        First,
        Path,
        "All items whose path equals the value; a list on either side means any of it.",
    ),
    f(
        "position",
        &["list", "path", "value"],
        Number,
        Path,
        "The index of the first item whose path equals the value, from 0.",
    ),
    f(
        "except",
        &["list", "others"],
        First,
        Values,
        "The items that are not among the others; null if none is left.",
    ),
    f(
        "unique",
        &["list", "path?"],
        First,
        Path,
        "The first of each: of equal items, or of items whose path is equal.",
    ),
    f(
        "given",
        &["list"],
        First,
        Values,
        "The items that are not null; null if none is left.",
    ),
    f(
        "numbers",
        &["count"],
        Anything,
        Values,
        "The numbers from 0 up to, not with, the count.",
    ),
    f(
        "if",
        &["condition", "then", "else?"],
        Branch,
        Condition,
        "then if the condition is true, otherwise else, otherwise null.",
    ),
    f(
        "table",
        &["name", "key", "key2?"],
        Anything,
        Table,
        "The row of a table.",
    ),
    f("base64", &["text"], Text, Whole, "The text in Base64."),
    f(
        "unbase64",
        &["text"],
        Text,
        Whole,
        "The text behind a Base64 text; null if it is none.",
    ),
    f(
        "from_json",
        &["text"],
        Anything,
        Whole,
        "The value that a JSON text stands for; null if it is none.",
    ),
    f(
        "digest",
        &["value"],
        Text,
        Whole,
        "A short digest: equal values give equal digests.",
    ),
    f(
        "ago",
        &["seconds"],
        Text,
        Values,
        "The time so many seconds before the request.",
    ),
    f(
        "prefix_length",
        &["cidr"],
        Number,
        Values,
        "The 24 in 10.0.0.0/24.",
    ),
    f(
        "within",
        &["cidr", "ranges"],
        Boolean,
        Values,
        "Whether the block lies inside one of the ranges.",
    ),
    f(
        "free_addresses",
        &["pools", "used"],
        Number,
        Values,
        "How many addresses of Neutron's allocation pools are not used.",
    ),
    f(
        "json_patch",
        &["before", "after"],
        Anything,
        Whole,
        "Glance's PATCH body from one object to the other; a list of keys as second removes them.",
    ),
    f(
        "tags",
        &["object"],
        Anything,
        Values,
        "The EC2 tags of any OpenStack object.",
    ),
    f(
        "tagged",
        &["kind", "list"],
        Anything,
        Kind,
        "The EC2 tags of a list of objects, each with ResourceId and ResourceType.",
    ),
    f(
        "tag_specification",
        &["specifications", "type"],
        Anything,
        TagSpecifications,
        "The tags that the request asks for a resource type.",
    ),
    f(
        "tag_metadata",
        &["tags"],
        Anything,
        Tags,
        "EC2 tags as metadata or properties.",
    ),
    f(
        "tag_list",
        &["tags"],
        Anything,
        Tags,
        "EC2 tags as Neutron's tags.",
    ),
    f(
        "with_tags",
        &["list", "tags"],
        Anything,
        Tags,
        "Neutron's list of tags with EC2 tags merged in.",
    ),
    f(
        "tag_keys",
        &["object", "tags"],
        Anything,
        Tags,
        "The stored keys of the EC2 tags that agree in key, and in value where one is given.",
    ),
    f(
        "mark",
        &["name", "value"],
        Text,
        Values,
        "ec2:name=value: what EC2 keeps and OpenStack has no field for, as a tag.",
    ),
    f(
        "marks",
        &["object"],
        Anything,
        Values,
        "All marks of an object, as an object.",
    ),
    f(
        "filter_allows",
        &["name", "value"],
        Boolean,
        Values,
        "Whether the filter of the request lets the value through.",
    ),
    f(
        "permissions",
        &["request"],
        Anything,
        Permissions,
        "Security group permissions of both EC2 forms as flat Neutron-like rules.",
    ),
    f(
        "match_rules",
        &["rules", "permissions"],
        Anything,
        Values,
        "Pairs of a wanted permission and the rule that agrees with it, or null.",
    ),
    f(
        "ec2_port",
        &["side", "rule"],
        Number,
        Values,
        "from or to port of a Neutron rule as EC2 says it.",
    ),
    f(
        "reservation_id",
        &["server"],
        Text,
        Values,
        "The reservation of a server: as stored, else derived.",
    ),
    f(
        "launch_index",
        &["server"],
        Number,
        Values,
        "The launch index of a server: as stored, else 0.",
    ),
];

/// The functions of the JMESPath specification.
pub static JMESPATH: &[Function] = &[
    f(
        "abs",
        &["number"],
        Number,
        Values,
        "The number without its sign.",
    ),
    f("avg", &["numbers"], Number, Values, "The mean."),
    f(
        "ceil",
        &["number"],
        Number,
        Values,
        "The number, rounded up.",
    ),
    f(
        "contains",
        &["subject", "search"],
        Boolean,
        Values,
        "Whether a list has the item, or a text the part.",
    ),
    f(
        "ends_with",
        &["text", "end"],
        Boolean,
        Values,
        "Whether the text ends so.",
    ),
    f(
        "floor",
        &["number"],
        Number,
        Values,
        "The number, rounded down.",
    ),
    f(
        "join",
        &["glue", "texts"],
        Text,
        Whole,
        "The texts in one, with the glue between them.",
    ),
    f(
        "keys",
        &["object"],
        Anything,
        Values,
        "The names of an object's members.",
    ),
    f(
        "length",
        &["subject"],
        Number,
        Values,
        "Number of items, members or characters.",
    ),
    f(
        "map",
        &["&expression", "list"],
        Mapped,
        Values,
        "What the expression makes of each item, nulls kept.",
    ),
    f(
        "max",
        &["list"],
        Anything,
        Values,
        "The greatest number or text.",
    ),
    f(
        "max_by",
        &["list", "&expression"],
        ItemOfFirst,
        Values,
        "The item for which the expression is greatest.",
    ),
    f(
        "merge",
        &["object…"],
        AnyOf,
        Values,
        "One object of all; later ones win.",
    ),
    f(
        "min",
        &["list"],
        Anything,
        Values,
        "The least number or text.",
    ),
    f(
        "min_by",
        &["list", "&expression"],
        ItemOfFirst,
        Values,
        "The item for which the expression is least.",
    ),
    f(
        "not_null",
        &["value…"],
        AnyOf,
        Values,
        "The first that is not null: how a default is given.",
    ),
    f(
        "reverse",
        &["subject"],
        First,
        Values,
        "A list or text from its end.",
    ),
    f(
        "sort",
        &["list"],
        First,
        Values,
        "Numbers or texts in order.",
    ),
    f(
        "sort_by",
        &["list", "&expression"],
        First,
        Values,
        "Items in the order of the expression.",
    ),
    f(
        "starts_with",
        &["text", "start"],
        Boolean,
        Values,
        "Whether the text starts so.",
    ),
    f("sum", &["numbers"], Number, Values, "The sum."),
    f(
        "to_array",
        &["value"],
        First,
        Values,
        "A list as it is, anything else as a list of one.",
    ),
    f(
        "to_number",
        &["value"],
        Number,
        Values,
        "The number that a text says, or null.",
    ),
    f(
        "to_string",
        &["value"],
        Text,
        Whole,
        "A text as it is, anything else as JSON.",
    ),
    f(
        "type",
        &["value"],
        Text,
        Values,
        "string, number, boolean, array, object or null.",
    ),
    f(
        "values",
        &["object"],
        Anything,
        Values,
        "The values of an object's members.",
    ),
];
