//! Twelve requests by task, in the dialects that people paste.

/// One example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Heading that it stands under.
    pub task: &'static str,
    /// What it does.
    pub title: &'static str,
    /// The text for the input.
    pub request: &'static str,
}

/// The examples; those of one task stand together.
pub const ALL: [Example; 2] = [
    Example {
        task: "Instances",
        title: "Launch a tagged instance",
        request: "aws ec2 run-instances --image-id ami-7b1c2d3e4f5a46b7a8c9d0e1f2a3b4c5 \\\n  --instance-type m1.small --count 1 --key-name demo \\\n  --security-group-ids sg-0a1b2c3d4e5f40718293a4b5c6d7e8f9 \\\n  --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=web}]' \\\n  --ebs-optimized",
    },
    Example {
        task: "Addresses",
        title: "Allocate an elastic IP",
        request: "Action=AllocateAddress&Domain=vpc&Version=2016-11-15",
    },
];
