//! The simulated cloud as a picture: what stands where, as plain numbers and words. The component only draws it.
//!
//! Everything stands in order of creation, below or behind what was there before, so that nothing changes places with
//! something else when a thing is added.

mod layout;
mod news;

use simcloud::View;

pub use layout::WIDTH;
pub use news::News;

/// The picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawing {
    /// Its height; it is [`WIDTH`] wide.
    pub height: i32,
    /// What can be chosen, in reading order.
    pub things: Vec<Thing>,
    /// What holds other things: a router with its subnets, a subnet with its servers.
    pub frames: Vec<Area>,
    /// Connections: from, to, as points of one line.
    pub wires: Vec<Vec<(i32, i32)>>,
    /// Words that belong to no thing: place, text.
    pub words: Vec<(i32, i32, String)>,
    /// What is drawn, in a sentence.
    pub sentence: String,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// One thing of the cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// OpenStack id.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub area: Area,
    /// Its name, shortened to its place.
    pub title: String,
    /// What else is worth a glance, shortened to its place.
    pub note: String,
    /// Its whole name, or what stands for one.
    pub name: String,
    /// Everything that is said of it, for its description.
    pub facts: Vec<(&'static str, String)>,
    /// Status as OpenStack writes it, if it has one.
    pub status: String,
}

/// What a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A network that leads outside.
    External,
    /// A router: EC2's VPC.
    Router,
    /// A subnet.
    Subnet,
    /// A server: EC2's instance.
    Server,
    /// A volume.
    Volume,
    /// A floating IP: EC2's elastic IP.
    Address,
    /// A port that belongs to no server: EC2's network interface.
    Port,
}

impl Kind {
    /// OpenStack's word.
    pub fn word(self) -> &'static str {
        match self {
            Kind::External => "external network",
            Kind::Router => "router",
            Kind::Subnet => "subnet",
            Kind::Server => "server",
            Kind::Volume => "volume",
            Kind::Address => "floating IP",
            Kind::Port => "port",
        }
    }

    /// EC2's word, prefix of ids, and the command with its option; none where EC2 has no such thing.
    fn ec2(self) -> Option<(&'static str, &'static str, &'static str)> {
        Some(match self {
            Kind::External => return None,
            Kind::Router => ("VPC", "vpc", "describe-vpcs --vpc-ids"),
            Kind::Subnet => ("subnet", "subnet", "describe-subnets --subnet-ids"),
            Kind::Server => ("instance", "i", "describe-instances --instance-ids"),
            Kind::Volume => ("volume", "vol", "describe-volumes --volume-ids"),
            Kind::Address => (
                "elastic IP",
                "eipalloc",
                "describe-addresses --allocation-ids",
            ),
            Kind::Port => (
                "network interface",
                "eni",
                "describe-network-interfaces --network-interface-ids",
            ),
        })
    }
}

impl Thing {
    /// EC2's word for it and its EC2 id, if EC2 has such a thing.
    pub fn ec2(&self) -> Option<(&'static str, String)> {
        let (word, prefix, _) = self.kind.ec2()?;
        Some((word, format!("{prefix}-{}", self.id.replace('-', ""))))
    }

    /// The request that describes it.
    pub fn request(&self) -> Option<String> {
        let (_, _, command) = self.kind.ec2()?;
        let (_, id) = self.ec2()?;
        Some(format!("aws ec2 {command} {id}"))
    }

    /// What it is and how it is, for a screen reader.
    pub fn label(&self) -> String {
        let status = Some(&self.status).filter(|status| !status.is_empty());
        let note = Some(&self.note).filter(|note| !note.is_empty());
        [
            Some(&format!("{} {}", self.kind.word(), self.name)),
            status,
            note,
        ]
        .into_iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(", ")
    }

    /// The sign of its status: full while it runs, empty while it is stopped, half on its way, a cross on failure.
    pub fn sign(&self) -> &'static str {
        match self.status.as_str() {
            "" => "",
            "ACTIVE" | "in-use" | "available" => "●",
            "SHUTOFF" | "DOWN" | "SHELVED" | "SHELVED_OFFLOADED" | "PAUSED" | "SUSPENDED" => "○",
            "ERROR" | "error" => "×",
            _ => "◐",
        }
    }
}

/// The picture of what a project sees of a cloud.
pub fn draw(view: &View, project: &str) -> Drawing {
    layout::lay_out(view, project)
}

#[cfg(test)]
mod tests;
