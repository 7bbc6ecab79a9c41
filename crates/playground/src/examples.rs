//! Requests by task, in the dialects that people paste: the cases of `tests/cases/gallery`. Ids are filled in from the
//! cloud of the page, so that each example works on what is there.

use openstack_wire::{Call, Method, Reply};
use serde_json::Value;

/// One example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Heading that it stands under.
    pub task: &'static str,
    /// What it does.
    pub title: &'static str,
    /// The text, with `{ami}` and the like for the id of a thing in the cloud.
    pub request: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/examples.rs"));

/// What is sent to a fresh cloud, so that there is something to look at, in order.
pub const FURNITURE: [&str; 7] = [
    "Action=ImportKeyPair&KeyName=demo&PublicKeyMaterial=c3NoLWVkMjU1MTkgQUFBQUMzTnphQzFsWkRJMU5URTVBQUFBSUs3M2tGTDBZcWNYMXo5b09hNzFpSEc5aEpqVHpuNk1lN1BsT0FLcUhYUUEgZGVtbw%3D%3D",
    "Action=CreateVpc&CidrBlock=10.9.0.0/16&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=demo",
    "Action=CreateSubnet&VpcId={vpc}&CidrBlock=10.9.1.0/24",
    "aws ec2 run-instances --image-id {ami} --instance-type m1.small --key-name demo --tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=first}]'",
    "aws ec2 create-volume --availability-zone nova --size 4 --tag-specifications 'ResourceType=volume,Tags=[{Key=Name,Value=data}]'",
    "Action=AllocateAddress&Domain=vpc",
    "Action=CreateSnapshot&VolumeId={vol}&Description=of%20data",
];

/// What the furniture's own things are called; they go before others.
const OWN: &str = "demo";

/// Where the id for a placeholder is found: the furniture's own thing, else the first of a list.
struct Source {
    name: &'static str,
    service: &'static str,
    path: &'static str,
    list: &'static str,
}

const SOURCES: [Source; 6] = [
    Source {
        name: "ami",
        service: "image",
        path: "/v2/images",
        list: "images",
    },
    Source {
        name: "i",
        service: "compute",
        path: "/servers/detail",
        list: "servers",
    },
    Source {
        name: "vol",
        service: "block-storage",
        path: "/volumes/detail",
        list: "volumes",
    },
    Source {
        name: "sg",
        service: "network",
        path: "/v2.0/security-groups",
        list: "security_groups",
    },
    Source {
        name: "vpc",
        service: "network",
        path: "/v2.0/routers",
        list: "routers",
    },
    Source {
        name: "subnet",
        service: "network",
        path: "/v2.0/subnets",
        list: "subnets",
    },
];

/// The calls whose replies [`Ids::read`] wants, in order.
pub fn calls() -> Vec<Call> {
    SOURCES
        .iter()
        .map(|source| Call::new(Method::Get, source.service, source.path))
        .collect()
}

/// Ids of things in the cloud, by placeholder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids(Vec<(&'static str, String)>);

impl Ids {
    /// From the replies to [`calls`].
    pub fn read(replies: &[Reply]) -> Self {
        let first = |(source, reply): (&Source, &Reply)| {
            let body: Value = serde_json::from_str(&reply.body).ok()?;
            let things = body.get(source.list)?.as_array()?;
            let own = things
                .iter()
                .find(|thing| thing.get("name").and_then(Value::as_str) == Some(OWN));
            let id = own
                .or(things.first())?
                .get("id")?
                .as_str()?
                .replace('-', "");
            Some((source.name, format!("{}-{id}", source.name)))
        };
        Self(SOURCES.iter().zip(replies).filter_map(first).collect())
    }

    /// A text with its placeholders filled; an id that nothing has where the cloud holds no such thing.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for source in &SOURCES {
            let placeholder = format!("{{{}}}", source.name);
            if filled.contains(&placeholder) {
                let known = self
                    .0
                    .iter()
                    .find(|(name, _)| *name == source.name)
                    .map(|(_, id)| id.clone());
                let id = known.unwrap_or_else(|| format!("{}-{}", source.name, "0".repeat(32)));
                filled = filled.replace(&placeholder, &id);
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_unique_and_tasks_stand_together() {
        let mut titles: Vec<_> = ALL.iter().map(|example| example.title).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), ALL.len());
        let mut tasks: Vec<_> = ALL.iter().map(|example| example.task).collect();
        tasks.dedup();
        let stretches = tasks.len();
        tasks.sort_unstable();
        tasks.dedup();
        assert_eq!(stretches, tasks.len());
    }

    #[test]
    fn every_dialect_is_shown_and_read_without_a_remark() {
        let mut dialects = Vec::new();
        for example in &ALL {
            let reading = ingest::read(&Ids::default().fill(example.request), None);
            assert_eq!(reading.diagnostics, [], "{}", example.title);
            dialects.push(reading.dialect);
        }
        assert!(
            ingest::Dialect::ALL
                .iter()
                .all(|dialect| dialects.contains(dialect))
        );
    }

    #[test]
    fn placeholders_are_filled_from_the_cloud() {
        let reply = |body: &str| Reply {
            status: 200,
            headers: vec![],
            body: body.into(),
        };
        let ids = Ids::read(&[
            reply(r#"{"images":[{"id":"7b1c2d3e-4f5a-46b7-a8c9-d0e1f2a3b4c5"}]}"#),
            reply("{}"),
            reply("{}"),
            reply("{}"),
            reply(r#"{"routers":[{"id":"aa","name":"router1"},{"id":"bb","name":"demo"}]}"#),
        ]);
        assert_eq!(ids.fill("{vpc}"), "vpc-bb");
        assert_eq!(
            ids.fill("x {ami} {Key=a} {i}"),
            "x ami-7b1c2d3e4f5a46b7a8c9d0e1f2a3b4c5 {Key=a} i-00000000000000000000000000000000"
        );
    }
}
