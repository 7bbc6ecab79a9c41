//! ec2-model
