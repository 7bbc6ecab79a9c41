//! The attributes of each collection: who may set them when, and what they are when nobody does.

use serde_json::Value;

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text of at most so many characters.
    Text(usize),
    /// The same, or null.
    TextOrNull(usize),
    /// A UUID.
    Uuid,
    /// A UUID or null.
    UuidOrNull,
    /// A boolean, or a text that reads as one.
    Bool,
    /// A number in this range, or a text that reads as one.
    Int(i64, i64),
    /// A number in this range or null.
    IntOrNull(i64, i64),
    /// One of these texts, or a number that reads as one.
    OneOf(&'static [&'static str]),
    /// An IP address or null.
    IpOrNull,
    /// A list.
    List,
    /// A list or null.
    ListOrNull,
    /// A JSON object or null.
    ObjectOrNull,
    /// Checked by the collection's own code.
    Any,
}

/// One attribute: name, form, flags, default as JSON.
///
/// Flags: `r` required on create, `c` may be given on create, `u` may be changed, `f` may be filtered by,
/// `a` only an administrator may set it to something else than the default, `h` only an administrator sees it, `x` never answered.
pub(crate) struct Attribute(
    pub(crate) &'static str,
    pub(crate) Kind,
    pub(crate) &'static str,
    pub(crate) &'static str,
);

impl Attribute {
    pub(crate) fn has(&self, flag: char) -> bool {
        self.2.contains(flag)
    }

    pub(crate) fn default(&self) -> Value {
        serde_json::from_str(self.3).unwrap_or(Value::Null)
    }
}

use Kind::{
    Any, Bool, Int, IntOrNull, IpOrNull, List, ListOrNull, ObjectOrNull, OneOf, Text, TextOrNull,
    Uuid, UuidOrNull,
};

const NULL: &str = "null";
const EMPTY: &str = "\"\"";
const NONE: &str = "[]";

macro_rules! attributes {
    ($($name:literal $kind:expr, $flags:literal, $default:expr;)*) => {
        &[ $(Attribute($name, $kind, $flags, $default)),* ]
    };
}

pub(super) const NETWORK: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "name" Text(255), "cuf", EMPTY;
    "tenant_id" Text(255), "cf", NULL;
    "admin_state_up" Bool, "cuf", "true";
    "mtu" Int(0, 65_535), "cuf", "1450";
    "status" Any, "f", "\"ACTIVE\"";
    "subnets" Any, "", NONE;
    "shared" Bool, "cufa", "false";
    "availability_zone_hints" List, "cf", NONE;
    "availability_zones" Any, "", "[\"nova\"]";
    "ipv4_address_scope" Any, "", NULL;
    "ipv6_address_scope" Any, "", NULL;
    "router:external" Bool, "cufa", "false";
    "is_default" Bool, "cufa", "false";
    "provider:network_type" TextOrNull(32), "cufah", "\"geneve\"";
    "provider:physical_network" TextOrNull(64), "cufah", NULL;
    "provider:segmentation_id" IntOrNull(1, 16_777_215), "cufah", NULL;
    "qinq" Bool, "c", "false";
    "vlan_transparent" Bool, "c", "false";
    "description" Text(255), "cuf", EMPTY;
    "port_security_enabled" Bool, "cuf", "true";
    "qos_policy_id" UuidOrNull, "cu", NULL;
    "dns_domain" Text(255), "cuf", EMPTY;
    "tags" Any, "", NONE;
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "1";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const SUBNET: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "name" Text(255), "cuf", EMPTY;
    "tenant_id" Text(255), "cf", NULL;
    "network_id" Uuid, "rcf", NULL;
    "ip_version" OneOf(&["4", "6"]), "cf", NULL;
    "subnetpool_id" UuidOrNull, "cf", NULL;
    "use_default_subnetpool" Bool, "cx", "false";
    "prefixlen" IntOrNull(0, 128), "cx", NULL;
    "enable_dhcp" Bool, "cuf", "true";
    "ipv6_ra_mode" TextOrNull(32), "cf", NULL;
    "ipv6_address_mode" TextOrNull(32), "cf", NULL;
    "gateway_ip" IpOrNull, "cuf", NULL;
    "cidr" Any, "cf", NULL;
    "allocation_pools" ListOrNull, "cu", NONE;
    "host_routes" ListOrNull, "cu", NONE;
    "dns_nameservers" ListOrNull, "cu", NONE;
    "description" Text(255), "cuf", EMPTY;
    "router:external" Any, "f", "false";
    "service_types" List, "cu", NONE;
    "tags" Any, "", NONE;
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "0";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const PORT: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "name" Text(255), "cuf", EMPTY;
    "network_id" Uuid, "rcf", NULL;
    "tenant_id" Text(255), "cf", NULL;
    "mac_address" TextOrNull(17), "cfu", NULL;
    "admin_state_up" Bool, "cuf", "true";
    "status" Any, "f", "\"DOWN\"";
    "device_id" Text(255), "cuf", EMPTY;
    "device_owner" Text(255), "cuf", EMPTY;
    "fixed_ips" ListOrNull, "cuf", NONE;
    "allowed_address_pairs" ListOrNull, "cu", NONE;
    "extra_dhcp_opts" ListOrNull, "cu", NONE;
    "security_groups" ListOrNull, "cuf", NONE;
    "description" Text(255), "cuf", EMPTY;
    "binding:vnic_type" Text(64), "cuf", "\"normal\"";
    "binding:host_id" TextOrNull(255), "cufah", EMPTY;
    "binding:profile" ObjectOrNull, "cuah", "{}";
    "port_security_enabled" Bool, "cuf", "true";
    "qos_policy_id" UuidOrNull, "cu", NULL;
    "qos_network_policy_id" Any, "", NULL;
    "dns_name" Text(255), "cuf", EMPTY;
    "dns_assignment" Any, "", NONE;
    "tags" ListOrNull, "c", NONE;
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "1";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const ROUTER: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "name" Text(255), "cuf", EMPTY;
    "tenant_id" Text(255), "cf", NULL;
    "admin_state_up" Bool, "cuf", "true";
    "status" Any, "f", "\"ACTIVE\"";
    "external_gateway_info" ObjectOrNull, "cu", NULL;
    "description" Text(255), "cuf", EMPTY;
    "availability_zones" Any, "", "[\"nova\"]";
    "availability_zone_hints" List, "cf", NONE;
    "distributed" Bool, "cuah", "false";
    "ha" Bool, "cuah", "false";
    "routes" ListOrNull, "u", NONE;
    "flavor_id" UuidOrNull, "cf", NULL;
    "tags" Any, "", NONE;
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "1";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const SECURITY_GROUP: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "name" Text(255), "cuf", EMPTY;
    "stateful" Bool, "cuf", "true";
    "tenant_id" Text(255), "cf", NULL;
    "description" Text(255), "cuf", EMPTY;
    "shared" Any, "f", "false";
    "security_group_rules" Any, "", NONE;
    "tags" Any, "", NONE;
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "1";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const SECURITY_GROUP_RULE: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "tenant_id" Text(255), "cf", NULL;
    "security_group_id" Uuid, "rcf", NULL;
    "ethertype" Any, "cf", "\"IPv4\"";
    "direction" OneOf(&["ingress", "egress"]), "rcf", NULL;
    "protocol" Any, "cf", NULL;
    "port_range_min" Any, "cf", NULL;
    "port_range_max" Any, "cf", NULL;
    "remote_ip_prefix" Any, "cf", NULL;
    "remote_address_group_id" UuidOrNull, "cf", NULL;
    "normalized_cidr" Any, "", NULL;
    "remote_group_id" UuidOrNull, "cf", NULL;
    "standard_attr_id" Any, "x", "0";
    "description" Text(255), "cf", EMPTY;
    "belongs_to_default_sg" Any, "f", "false";
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "0";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const FLOATING_IP: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "tenant_id" Text(255), "cf", NULL;
    "floating_ip_address" IpOrNull, "cfa", NULL;
    "floating_network_id" Uuid, "rcf", NULL;
    "subnet_id" UuidOrNull, "cx", NULL;
    "router_id" Any, "f", NULL;
    "port_id" UuidOrNull, "cuf", NULL;
    "fixed_ip_address" IpOrNull, "cuf", NULL;
    "status" Any, "f", "\"DOWN\"";
    "description" Text(255), "cuf", EMPTY;
    "qos_policy_id" UuidOrNull, "cu", NULL;
    "port_details" Any, "", NULL;
    "dns_domain" Text(255), "cf", EMPTY;
    "dns_name" Text(255), "cf", EMPTY;
    "tags" Any, "", NONE;
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "0";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const SUBNET_POOL: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "name" Text(255), "rcuf", EMPTY;
    "tenant_id" Text(255), "cf", NULL;
    "prefixes" List, "rcu", NONE;
    "default_quota" IntOrNull(0, i64::MAX), "cuf", NULL;
    "min_prefixlen" IntOrNull(0, 128), "cuf", NULL;
    "max_prefixlen" IntOrNull(0, 128), "cuf", NULL;
    "default_prefixlen" IntOrNull(0, 128), "cuf", NULL;
    "address_scope_id" UuidOrNull, "cuf", NULL;
    "ip_version" Any, "f", "4";
    "shared" Bool, "cfa", "false";
    "is_default" Bool, "cufa", "false";
    "description" Text(255), "cuf", EMPTY;
    "tags" Any, "", NONE;
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "0";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const ADDRESS_GROUP: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "name" Text(255), "cuf", EMPTY;
    "description" Text(255), "cuf", EMPTY;
    "tenant_id" Text(255), "cf", NULL;
    "addresses" ListOrNull, "c", NONE;
    "created_at" Any, "f", NULL;
    "updated_at" Any, "f", NULL;
    "revision_number" Any, "f", "0";
    "project_id" Text(255), "cf", NULL;
};

pub(super) const ADDRESS_SCOPE: &[Attribute] = attributes! {
    "id" Uuid, "f", NULL;
    "name" Text(255), "rcuf", EMPTY;
    "tenant_id" Text(255), "cf", NULL;
    "shared" Bool, "cufa", "false";
    "ip_version" Int(4, 6), "rcf", "4";
    "project_id" Text(255), "cf", NULL;
};
