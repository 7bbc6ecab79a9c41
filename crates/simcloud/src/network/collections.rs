//! The collections of the network API.

use super::attributes::{
    ADDRESS_GROUP, ADDRESS_SCOPE, Attribute, FLOATING_IP, NETWORK, PORT, ROUTER, SECURITY_GROUP,
    SECURITY_GROUP_RULE, SUBNET, SUBNET_POOL,
};

/// A collection of the network API.
pub(crate) struct Collection {
    /// Plural in bodies and state: `security_groups`.
    pub(crate) many: &'static str,
    /// Singular in bodies: `security_group`.
    pub(crate) one: &'static str,
    pub(crate) attributes: &'static [Attribute],
    pub(crate) tags: bool,
    /// Name and default of its quota.
    pub(crate) quota: (&'static str, i64),
    /// Error type and words when an id is unknown; `{}` is the id.
    pub(crate) missing: (&'static str, &'static str),
}

impl Collection {
    /// By its path segment: `security-groups`.
    pub(crate) fn at(path: &str) -> Option<&'static Self> {
        let many = path.replace('-', "_");
        COLLECTIONS
            .iter()
            .find(|one| one.many == many && (path.contains('-') || !many.contains('_')))
    }

    /// By its plural.
    pub(crate) fn of(many: &str) -> Option<&'static Self> {
        COLLECTIONS.iter().find(|one| one.many == many)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|one| one.0 == name)
    }
}

const fn collection(
    many: &'static str,
    one: &'static str,
    attributes: &'static [Attribute],
    tags: bool,
    quota: (&'static str, i64),
    missing: (&'static str, &'static str),
) -> Collection {
    Collection {
        many,
        one,
        attributes,
        tags,
        quota,
        missing,
    }
}

/// Every collection that is served.
pub(crate) const COLLECTIONS: &[Collection] = &[
    collection(
        "networks",
        "network",
        NETWORK,
        true,
        ("network", 100),
        ("NetworkNotFound", "Network {} could not be found."),
    ),
    collection(
        "subnets",
        "subnet",
        SUBNET,
        true,
        ("subnet", 100),
        ("SubnetNotFound", "Subnet {} could not be found."),
    ),
    collection(
        "ports",
        "port",
        PORT,
        true,
        ("port", 500),
        ("PortNotFound", "Port {} could not be found."),
    ),
    collection(
        "routers",
        "router",
        ROUTER,
        true,
        ("router", 10),
        ("RouterNotFound", "Router {} could not be found"),
    ),
    collection(
        "security_groups",
        "security_group",
        SECURITY_GROUP,
        true,
        ("security_group", 100),
        ("SecurityGroupNotFound", "Security group {} does not exist"),
    ),
    collection(
        "security_group_rules",
        "security_group_rule",
        SECURITY_GROUP_RULE,
        false,
        ("security_group_rule", 1000),
        (
            "SecurityGroupRuleNotFound",
            "Security group rule {} does not exist",
        ),
    ),
    collection(
        "floatingips",
        "floatingip",
        FLOATING_IP,
        true,
        ("floatingip", 50),
        ("FloatingIPNotFound", "Floating IP {} could not be found"),
    ),
    collection(
        "subnetpools",
        "subnetpool",
        SUBNET_POOL,
        true,
        ("subnetpool", -1),
        ("SubnetPoolNotFound", "Subnet pool {} could not be found."),
    ),
    collection(
        "address_groups",
        "address_group",
        ADDRESS_GROUP,
        false,
        ("address_group", -1),
        (
            "AddressGroupNotFound",
            "Address group {} could not be found.",
        ),
    ),
    collection(
        "address_scopes",
        "address_scope",
        ADDRESS_SCOPE,
        false,
        ("address_scope", -1),
        (
            "AddressScopeNotFound",
            "Address scope {} could not be found.",
        ),
    ),
];
