//! Options of the network commands, as tables.

use super::builder::{Ask, Say};

/// What `create` and `set` say about a resource.
pub(super) struct Resource {
    /// Collection in the path.
    pub(super) collection: &'static str,
    /// Member that wraps one in a body.
    pub(super) member: &'static str,
    /// Words of the command.
    pub(super) words: &'static str,
    /// Body members when creating.
    pub(super) create: &'static [(&'static str, Say)],
    /// Body members when changing.
    pub(super) set: &'static [(&'static str, Say)],
    /// Query keys when listing.
    pub(super) filters: &'static [(&'static str, Ask)],
}

use Say::{Each, Flag, Map, Positional, Structs, Value};

const ADMIN: (&str, Say) = ("admin_state_up", Flag("--enable", "--disable"));
const DESCRIPTION: (&str, Say) = ("description", Value("--description"));
const NAME: (&str, Say) = ("name", Positional);
const RENAME: (&str, Say) = ("name", Value("--name"));
const SHARED: (&str, Say) = ("shared", Flag("--share", "--no-share"));
const PORT_SECURITY: (&str, Say) = (
    "port_security_enabled",
    Flag("--enable-port-security", "--disable-port-security"),
);
const DHCP: (&str, Say) = ("enable_dhcp", Flag("--dhcp", "--no-dhcp"));
const POOLS: (&str, Say) = (
    "allocation_pools",
    Structs(
        "--allocation-pool",
        &[("start", "start"), ("end", "end")],
        "--no-allocation-pool",
    ),
);
const NAMESERVERS: (&str, Say) = (
    "dns_nameservers",
    Each("--dns-nameserver", "--no-dns-nameservers"),
);
const HOST_ROUTES: (&str, Say) = (
    "host_routes",
    Structs(
        "--host-route",
        &[("destination", "destination"), ("nexthop", "gateway")],
        "--no-host-route",
    ),
);
const FIXED_IPS: (&str, Say) = (
    "fixed_ips",
    Structs(
        "--fixed-ip",
        &[("subnet_id", "subnet"), ("ip_address", "ip-address")],
        "--no-fixed-ip",
    ),
);
const GROUPS: (&str, Say) = (
    "security_groups",
    Each("--security-group", "--no-security-group"),
);
const PAIRS: (&str, Say) = (
    "allowed_address_pairs",
    Structs(
        "--allowed-address",
        &[("ip_address", "ip-address"), ("mac_address", "mac-address")],
        "--no-allowed-address",
    ),
);
const DEVICE: (&str, Say) = ("device_id", Value("--device"));
const DEVICE_OWNER: (&str, Say) = ("device_owner", Value("--device-owner"));
const VNIC: (&str, Say) = ("binding:vnic_type", Value("--vnic-type"));
const DNS_NAME: (&str, Say) = ("dns_name", Value("--dns-name"));
const PREFIXES: (&str, Say) = ("prefixes", Each("--pool-prefix", ""));
const DEFAULT_LENGTH: (&str, Say) = ("default_prefixlen", Value("--default-prefix-length"));
const MIN_LENGTH: (&str, Say) = ("min_prefixlen", Value("--min-prefix-length"));
const MAX_LENGTH: (&str, Say) = ("max_prefixlen", Value("--max-prefix-length"));

const BY_NAME: (&str, Ask) = ("name", Ask::Value("--name"));
const BY_PROJECT: (&str, Ask) = ("project_id", Ask::Value("--project"));
const BY_TENANT: (&str, Ask) = ("tenant_id", Ask::Value("--project"));
const BY_TAGS: (&str, Ask) = ("tags", Ask::Value("--tags"));
const BY_ANY_TAGS: (&str, Ask) = ("tags-any", Ask::Value("--any-tags"));
const BY_NOT_TAGS: (&str, Ask) = ("not-tags", Ask::Value("--not-tags"));
const BY_ADMIN: (&str, Ask) = ("admin_state_up", Ask::Flag("--enable", "--disable"));
const BY_SHARED: (&str, Ask) = ("shared", Ask::Flag("--share", "--no-share"));

pub(super) const RESOURCES: &[Resource] = &[
    Resource {
        collection: "networks",
        member: "network",
        words: "network",
        create: &[
            DESCRIPTION,
            ADMIN,
            SHARED,
            PORT_SECURITY,
            ("router:external", Flag("--external", "--internal")),
            ("mtu", Value("--mtu")),
            ("dns_domain", Value("--dns-domain")),
            (
                "availability_zone_hints",
                Each("--availability-zone-hint", ""),
            ),
            ("is_default", Flag("--default", "--no-default")),
            NAME,
        ],
        set: &[
            RENAME,
            DESCRIPTION,
            ADMIN,
            SHARED,
            PORT_SECURITY,
            ("mtu", Value("--mtu")),
            ("dns_domain", Value("--dns-domain")),
        ],
        filters: &[
            BY_NAME,
            BY_PROJECT,
            BY_TENANT,
            BY_TAGS,
            BY_ANY_TAGS,
            BY_NOT_TAGS,
            BY_ADMIN,
            BY_SHARED,
            ("router:external", Ask::Flag("--external", "--internal")),
            ("status", Ask::Value("--status")),
        ],
    },
    Resource {
        collection: "subnets",
        member: "subnet",
        words: "subnet",
        create: &[
            ("network_id", Value("--network")),
            ("cidr", Value("--subnet-range")),
            ("ip_version", Value("--ip-version")),
            ("subnetpool_id", Value("--subnet-pool")),
            ("prefixlen", Value("--prefix-length")),
            ("gateway_ip", Value("--gateway")),
            ("ipv6_ra_mode", Value("--ipv6-ra-mode")),
            ("ipv6_address_mode", Value("--ipv6-address-mode")),
            DHCP,
            POOLS,
            NAMESERVERS,
            HOST_ROUTES,
            DESCRIPTION,
            NAME,
        ],
        set: &[
            RENAME,
            DESCRIPTION,
            DHCP,
            POOLS,
            NAMESERVERS,
            HOST_ROUTES,
            ("gateway_ip", Value("--gateway")),
        ],
        filters: &[
            BY_NAME,
            BY_PROJECT,
            BY_TENANT,
            BY_TAGS,
            BY_ANY_TAGS,
            BY_NOT_TAGS,
            ("network_id", Ask::Value("--network")),
            ("cidr", Ask::Value("--subnet-range")),
            ("ip_version", Ask::Value("--ip-version")),
            ("gateway_ip", Ask::Value("--gateway")),
            ("subnetpool_id", Ask::Value("--subnet-pool")),
            ("enable_dhcp", Ask::Flag("--dhcp", "--no-dhcp")),
        ],
    },
    Resource {
        collection: "subnetpools",
        member: "subnetpool",
        words: "subnet pool",
        create: &[
            PREFIXES,
            DEFAULT_LENGTH,
            MIN_LENGTH,
            MAX_LENGTH,
            ("address_scope_id", Value("--address-scope")),
            ("is_default", Flag("--default", "--no-default")),
            ("default_quota", Value("--default-quota")),
            SHARED,
            DESCRIPTION,
            NAME,
        ],
        set: &[
            RENAME,
            DESCRIPTION,
            PREFIXES,
            DEFAULT_LENGTH,
            MIN_LENGTH,
            MAX_LENGTH,
        ],
        filters: &[
            BY_NAME,
            BY_PROJECT,
            BY_TENANT,
            BY_TAGS,
            BY_ANY_TAGS,
            BY_NOT_TAGS,
            BY_SHARED,
            ("is_default", Ask::Flag("--default", "--no-default")),
            ("address_scope_id", Ask::Value("--address-scope")),
        ],
    },
    Resource {
        collection: "routers",
        member: "router",
        words: "router",
        create: &[
            ADMIN,
            DESCRIPTION,
            ("distributed", Flag("--distributed", "--centralized")),
            ("ha", Flag("--ha", "--no-ha")),
            (
                "availability_zone_hints",
                Each("--availability-zone-hint", ""),
            ),
            NAME,
        ],
        set: &[
            RENAME,
            ADMIN,
            DESCRIPTION,
            (
                "routes",
                Structs(
                    "--route",
                    &[("destination", "destination"), ("nexthop", "gateway")],
                    "--no-route",
                ),
            ),
        ],
        filters: &[
            BY_NAME,
            BY_PROJECT,
            BY_TENANT,
            BY_TAGS,
            BY_ANY_TAGS,
            BY_NOT_TAGS,
            BY_ADMIN,
        ],
    },
    Resource {
        collection: "ports",
        member: "port",
        words: "port",
        create: &[
            ("network_id", Value("--network")),
            FIXED_IPS,
            GROUPS,
            DEVICE,
            DEVICE_OWNER,
            ("mac_address", Value("--mac-address")),
            PAIRS,
            VNIC,
            DNS_NAME,
            PORT_SECURITY,
            ADMIN,
            DESCRIPTION,
            ("tags", Each("--tag", "")),
            ("binding:profile", Map("--binding-profile")),
            NAME,
        ],
        set: &[
            RENAME,
            FIXED_IPS,
            GROUPS,
            DEVICE,
            DEVICE_OWNER,
            PAIRS,
            VNIC,
            DNS_NAME,
            PORT_SECURITY,
            ADMIN,
            DESCRIPTION,
        ],
        filters: &[
            BY_NAME,
            BY_PROJECT,
            BY_TENANT,
            BY_TAGS,
            BY_ANY_TAGS,
            BY_NOT_TAGS,
            ("network_id", Ask::Value("--network")),
            ("device_id", Ask::Value("--device-id")),
            ("device_owner", Ask::Value("--device-owner")),
            ("mac_address", Ask::Value("--mac-address")),
            ("status", Ask::Value("--status")),
            ("fixed_ips", Ask::Each("--fixed-ip")),
            ("security_groups", Ask::Each("--security-group")),
        ],
    },
    Resource {
        collection: "floatingips",
        member: "floatingip",
        words: "floating ip",
        create: &[
            ("floating_network_id", Positional),
            ("floating_ip_address", Value("--floating-ip-address")),
            ("port_id", Value("--port")),
            ("fixed_ip_address", Value("--fixed-ip-address")),
            ("subnet_id", Value("--subnet")),
            ("dns_name", Value("--dns-name")),
            ("dns_domain", Value("--dns-domain")),
            DESCRIPTION,
        ],
        set: &[
            ("port_id", Value("--port")),
            ("fixed_ip_address", Value("--fixed-ip-address")),
            DESCRIPTION,
        ],
        filters: &[
            BY_PROJECT,
            BY_TENANT,
            BY_TAGS,
            BY_ANY_TAGS,
            BY_NOT_TAGS,
            ("floating_network_id", Ask::Each("--network")),
            ("port_id", Ask::Each("--port")),
            ("fixed_ip_address", Ask::Value("--fixed-ip-address")),
            ("floating_ip_address", Ask::Value("--floating-ip-address")),
            ("status", Ask::Value("--status")),
            ("router_id", Ask::Each("--router")),
        ],
    },
    Resource {
        collection: "security-groups",
        member: "security_group",
        words: "security group",
        create: &[
            DESCRIPTION,
            ("stateful", Flag("--stateful", "--stateless")),
            NAME,
        ],
        set: &[
            RENAME,
            DESCRIPTION,
            ("stateful", Flag("--stateful", "--stateless")),
        ],
        filters: &[
            BY_PROJECT,
            BY_TENANT,
            BY_TAGS,
            BY_ANY_TAGS,
            BY_NOT_TAGS,
            BY_SHARED,
        ],
    },
    Resource {
        collection: "address-groups",
        member: "address_group",
        words: "address group",
        create: &[DESCRIPTION, ("addresses", Each("--address", "")), NAME],
        set: &[RENAME, DESCRIPTION],
        filters: &[BY_NAME, BY_PROJECT, BY_TENANT],
    },
];
