//! Time as an argument: the formats of the services, and what is due when.

use std::collections::BTreeMap;

use moment::Moment;
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970, UTC.
pub(crate) type Millis = i64;

fn stamp(at: Millis) -> String {
    Moment::from_milliseconds(at)
        .unwrap_or(Moment::EPOCH)
        .date_time()
}

/// `2026-11-22T10:00:00Z`, as Nova, Neutron and Glance write it.
pub(crate) fn zulu(at: Millis) -> String {
    format!("{}Z", stamp(at))
}

/// `2026-11-22T10:00:00.000000`, as Cinder writes it.
pub(crate) fn micros(at: Millis) -> String {
    format!("{}.{:03}000", stamp(at), at.rem_euclid(1000))
}

/// `2026-11-22T10:00:00.000000Z`, as Keystone writes it.
pub(crate) fn zulu_micros(at: Millis) -> String {
    format!("{}Z", micros(at))
}

/// Reads an ISO 8601 time, with or without a zone (UTC is meant then), or a plain date.
pub(crate) fn parse(text: &str) -> Option<Millis> {
    Moment::read(text.trim()).map(Moment::milliseconds)
}

/// Something that happens by itself when its time has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Event {
    /// Ports and volumes of a new server are made.
    ServerResources(String),
    /// A new server starts to run.
    ServerBuilt(String),
    /// The task named second, of the server named first, is over.
    ServerTask(String, String),
    /// A server that is being deleted disappears.
    ServerGone(String),
    /// A deleted server is forgotten.
    ServerPurged(String),
    /// A volume passes from one status to another, if it still has the first.
    Volume(String, String, String),
    /// A volume that is being deleted disappears.
    VolumeGone(String),
    /// An attachment completes: server, volume.
    VolumeAttached(String, String),
    /// A detachment completes: server, volume.
    VolumeDetached(String, String),
    /// A snapshot passes from one status to another.
    Snapshot(String, String, String),
    /// A snapshot that is being deleted disappears.
    SnapshotGone(String),
    /// An image has its data: id, status it must have, size in bytes.
    ImageActive(String, String, u64),
    /// An image takes another status: id, status it must have, new status.
    ImageStatus(String, String, String),
}

/// What is due when, in order of time and then of asking.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<(Millis, Event)>", into = "Vec<(Millis, Event)>")]
pub(crate) struct Agenda {
    due: BTreeMap<(Millis, u64), Event>,
    asked: u64,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: Millis, event: Event) {
        self.asked += 1;
        self.due.insert((at, self.asked), event);
    }

    /// Takes out the earliest event that is due at `now`, with its time.
    pub(crate) fn pop(&mut self, now: Millis) -> Option<(Millis, Event)> {
        let entry = self.due.first_entry()?;
        if entry.key().0 > now {
            return None;
        }
        let ((at, _), event) = entry.remove_entry();
        Some((at, event))
    }
}

impl From<Vec<(Millis, Event)>> for Agenda {
    fn from(list: Vec<(Millis, Event)>) -> Self {
        let mut agenda = Self::default();
        for (at, event) in list {
            agenda.add(at, event);
        }
        agenda
    }
}

impl From<Agenda> for Vec<(Millis, Event)> {
    fn from(agenda: Agenda) -> Self {
        agenda
            .due
            .into_iter()
            .map(|((at, _), event)| (at, event))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_each_service_writes_them() {
        let at = 1_795_341_600_123;
        assert_eq!(zulu(at), "2026-11-22T10:00:00Z");
        assert_eq!(micros(at), "2026-11-22T10:00:00.123000");
        assert_eq!(zulu_micros(at), "2026-11-22T10:00:00.123000Z");
    }

    #[test]
    fn times_are_read_in_every_form_clients_send() {
        for text in [
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:00",
            "2026-11-22T11:00:00+01:00",
            "2026-11-22 10:00:00",
        ] {
            assert_eq!(parse(text), Some(1_795_341_600_000), "{text}");
        }
        assert_eq!(parse("yesterday"), None);
    }

    #[test]
    fn the_agenda_gives_events_in_order_and_not_before_their_time() {
        let mut agenda = Agenda::default();
        agenda.add(20, Event::VolumeGone("b".into()));
        agenda.add(10, Event::VolumeGone("a".into()));
        assert_eq!(agenda.pop(5), None);
        assert_eq!(agenda.pop(30), Some((10, Event::VolumeGone("a".into()))));
        assert_eq!(agenda.pop(30), Some((20, Event::VolumeGone("b".into()))));
        assert_eq!(agenda.pop(30), None);
    }
}
