//! The options of a command: those of the model, those the CLI adds for EC2, and those that are the client's own.

use ec2_model::{Action, Kind, Member};

use crate::kebab::kebab;

/// What an option stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Means {
    /// A parameter as the model has it.
    Member(Member),
    /// A boolean parameter set so.
    Boolean(Member, bool),
    /// A structure of one boolean, `{"Value": true}`, set so; if true, its value may also follow.
    Attribute(Member, bool),
    /// `--count 1:3`
    Count,
    /// `--secondary-private-ip-addresses`
    SecondaryAddresses,
    /// `--secondary-private-ip-address-count`
    SecondaryAddressCount,
    /// `--associate-public-ip-address`
    PublicAddress(bool),
    /// `--protocol` of a security group rule.
    Protocol,
    /// `--port`
    Port,
    /// `--cidr`
    Cidr,
    /// `--source-group`
    SourceGroup,
    /// `--group-owner`
    GroupOwner,
    /// A member of `Storage.S3` of BundleInstance.
    Bundle(&'static str),
    /// `--page-size`: the page limit of the request.
    PageSize(Member),
    /// `--starting-token`: the token of the request.
    StartingToken(Member),
    /// `--cli-input-json`
    InputJson,
    /// `--region`
    Region,
    /// `--endpoint-url`
    Endpoint,
    /// Everything else that is for the client alone.
    Client,
    /// Options that make the client send nothing, or something it does not know yet.
    Unreadable(&'static str),
}

/// How many values an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Nothing,
    One,
    Optional,
    Many,
}

/// An option of a command, its name without dashes.
#[derive(Clone, Debug)]
pub(crate) struct Option_ {
    pub name: String,
    pub takes: Takes,
    pub means: Means,
}

impl Option_ {
    fn new(name: impl Into<String>, takes: Takes, means: Means) -> Self {
        Self {
            name: name.into(),
            takes,
            means,
        }
    }
}

/// Options for the client alone that take a value.
const CLIENT_VALUES: [&str; 9] = [
    "output",
    "query",
    "profile",
    "color",
    "ca-bundle",
    "cli-read-timeout",
    "cli-connect-timeout",
    "cli-binary-format",
    "cli-error-format",
];

/// Options for the client alone that take none.
const CLIENT_FLAGS: [&str; 9] = [
    "debug",
    "no-verify-ssl",
    "no-paginate",
    "version",
    "no-sign-request",
    "v2-debug",
    "no-cli-pager",
    "cli-auto-prompt",
    "no-cli-auto-prompt",
];

/// Options that any `aws` command takes.
pub(crate) fn globals() -> Vec<Option_> {
    let mut options: Vec<Option_> = Vec::with_capacity(24);
    options.extend(
        CLIENT_VALUES
            .iter()
            .map(|name| Option_::new(*name, Takes::One, Means::Client)),
    );
    options.extend(
        CLIENT_FLAGS
            .iter()
            .map(|name| Option_::new(*name, Takes::Nothing, Means::Client)),
    );
    options.push(Option_::new("region", Takes::One, Means::Region));
    options.push(Option_::new("endpoint-url", Takes::One, Means::Endpoint));
    options
}

/// All options of a command. Names are unique; the client's own come last, as a parameter of the same name hides them.
pub(crate) fn table(action: Action) -> Vec<Option_> {
    let mut options = Vec::new();
    for member in action.input().members() {
        let name = kebab(member.name());
        let shape = member.shape();
        if action.name() == "RunInstances" && (name == "min-count" || name == "max-count") {
            continue;
        }
        let attribute = shape.kind() == Kind::Structure && is_boolean_attribute(member);
        match shape.kind() {
            Kind::Boolean => {
                options.push(Option_::new(
                    &name,
                    Takes::Nothing,
                    Means::Boolean(member, true),
                ));
                options.push(Option_::new(
                    negative(action, &name),
                    Takes::Nothing,
                    Means::Boolean(member, false),
                ));
            }
            Kind::Structure if attribute => {
                options.push(Option_::new(
                    &name,
                    Takes::Optional,
                    Means::Attribute(member, true),
                ));
                options.push(Option_::new(
                    negative(action, &name),
                    Takes::Nothing,
                    Means::Attribute(member, false),
                ));
            }
            Kind::List => options.push(Option_::new(&name, Takes::Many, Means::Member(member))),
            _ => options.push(Option_::new(&name, Takes::One, Means::Member(member))),
        }
    }
    options.extend(added(action));
    if let Some(paging) = action.pagination() {
        let member = |name| action.input().member(name);
        if let Some(limit) = paging.limit_key().and_then(member) {
            options.push(Option_::new(
                "page-size",
                Takes::One,
                Means::PageSize(limit),
            ));
        }
        if let Some(token) = member(paging.input_token()) {
            options.push(Option_::new(
                "starting-token",
                Takes::One,
                Means::StartingToken(token),
            ));
        }
        options.push(Option_::new("max-items", Takes::One, Means::Client));
    }
    options.push(Option_::new("cli-input-json", Takes::One, Means::InputJson));
    options.push(Option_::new(
        "cli-input-yaml",
        Takes::One,
        Means::Unreadable("YAML is not read here; write the same as JSON behind --cli-input-json."),
    ));
    options.push(Option_::new(
        "generate-cli-skeleton",
        Takes::Optional,
        Means::Unreadable("With it the client prints a template and sends nothing; leave it out."),
    ));
    options.extend(
        globals()
            .into_iter()
            .filter(|global| !options.iter().any(|option| option.name == global.name))
            .collect::<Vec<_>>(),
    );
    options
}

/// `{"Value": true}` and nothing else.
fn is_boolean_attribute(member: Member) -> bool {
    let mut members = member.shape().members();
    let only = members
        .next()
        .is_some_and(|only| only.name() == "Value" && only.shape().kind() == Kind::Boolean);
    only && members.next().is_none()
}

/// The option that sets a boolean to false; the CLI renames a few that would read oddly.
fn negative(action: Action, name: &str) -> String {
    match (action.name(), name) {
        ("CreateImage", "no-reboot") => "reboot".to_owned(),
        (_, "egress") => "ingress".to_owned(),
        (_, "disable-api-termination") => "enable-api-termination".to_owned(),
        _ => format!("no-{name}"),
    }
}

/// Options that the CLI has for EC2 beside those of the model.
fn added(action: Action) -> Vec<Option_> {
    let one = |name, means| Option_::new(name, Takes::One, means);
    match action.name() {
        "RunInstances" => vec![
            one("count", Means::Count),
            Option_::new(
                "secondary-private-ip-addresses",
                Takes::Many,
                Means::SecondaryAddresses,
            ),
            one(
                "secondary-private-ip-address-count",
                Means::SecondaryAddressCount,
            ),
            Option_::new(
                "associate-public-ip-address",
                Takes::Nothing,
                Means::PublicAddress(true),
            ),
            Option_::new(
                "no-associate-public-ip-address",
                Takes::Nothing,
                Means::PublicAddress(false),
            ),
        ],
        "AuthorizeSecurityGroupIngress"
        | "AuthorizeSecurityGroupEgress"
        | "RevokeSecurityGroupIngress"
        | "RevokeSecurityGroupEgress" => vec![
            one("protocol", Means::Protocol),
            one("port", Means::Port),
            one("cidr", Means::Cidr),
            one("source-group", Means::SourceGroup),
            one("group-owner", Means::GroupOwner),
        ],
        "BundleInstance" => vec![
            one("bucket", Means::Bundle("Bucket")),
            one("prefix", Means::Bundle("Prefix")),
            one("owner-akid", Means::Bundle("AWSAccessKeyId")),
            one(
                "policy",
                Means::Unreadable(
                    "The client signs the policy with the secret key; write --storage with the signed policy.",
                ),
            ),
            one(
                "owner-sak",
                Means::Unreadable(
                    "The client signs the policy with the secret key; write --storage with the signed policy.",
                ),
            ),
        ],
        "GetPasswordData" => vec![one("priv-launch-key", Means::Client)],
        _ => Vec::new(),
    }
}
