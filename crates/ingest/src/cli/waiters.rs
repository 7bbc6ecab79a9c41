//! What `aws ec2 wait` asks again and again.

/// Waiters and the action each of them polls.
const WAITERS: [(&str, &str); 39] = [
    ("bundle-task-complete", "DescribeBundleTasks"),
    ("conversion-task-cancelled", "DescribeConversionTasks"),
    ("conversion-task-completed", "DescribeConversionTasks"),
    ("conversion-task-deleted", "DescribeConversionTasks"),
    ("customer-gateway-available", "DescribeCustomerGateways"),
    ("export-task-cancelled", "DescribeExportTasks"),
    ("export-task-completed", "DescribeExportTasks"),
    ("image-available", "DescribeImages"),
    ("image-exists", "DescribeImages"),
    ("image-usage-report-available", "DescribeImageUsageReports"),
    ("instance-exists", "DescribeInstances"),
    ("instance-running", "DescribeInstances"),
    ("instance-status-ok", "DescribeInstanceStatus"),
    ("instance-stopped", "DescribeInstances"),
    ("instance-terminated", "DescribeInstances"),
    ("internet-gateway-exists", "DescribeInternetGateways"),
    ("key-pair-exists", "DescribeKeyPairs"),
    ("nat-gateway-available", "DescribeNatGateways"),
    ("nat-gateway-deleted", "DescribeNatGateways"),
    ("network-interface-available", "DescribeNetworkInterfaces"),
    ("password-data-available", "GetPasswordData"),
    ("security-group-exists", "DescribeSecurityGroups"),
    (
        "security-group-vpc-association-associated",
        "DescribeSecurityGroupVpcAssociations",
    ),
    (
        "security-group-vpc-association-disassociated",
        "DescribeSecurityGroupVpcAssociations",
    ),
    ("snapshot-completed", "DescribeSnapshots"),
    ("snapshot-imported", "DescribeImportSnapshotTasks"),
    (
        "spot-instance-request-fulfilled",
        "DescribeSpotInstanceRequests",
    ),
    ("store-image-task-complete", "DescribeStoreImageTasks"),
    ("subnet-available", "DescribeSubnets"),
    ("system-status-ok", "DescribeInstanceStatus"),
    ("volume-available", "DescribeVolumes"),
    ("volume-deleted", "DescribeVolumes"),
    ("volume-in-use", "DescribeVolumes"),
    ("vpc-available", "DescribeVpcs"),
    ("vpc-exists", "DescribeVpcs"),
    (
        "vpc-peering-connection-deleted",
        "DescribeVpcPeeringConnections",
    ),
    (
        "vpc-peering-connection-exists",
        "DescribeVpcPeeringConnections",
    ),
    ("vpn-connection-available", "DescribeVpnConnections"),
    ("vpn-connection-deleted", "DescribeVpnConnections"),
];

/// The action that a waiter polls.
pub(crate) fn action(name: &str) -> Option<ec2_model::Action> {
    let (_, action) = WAITERS.iter().find(|(waiter, _)| *waiter == name)?;
    ec2_model::action(action)
}

/// All waiters.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    WAITERS.iter().map(|(name, _)| *name)
}
