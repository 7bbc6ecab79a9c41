//! The last events, bounded in number and in size.

use std::collections::VecDeque;

use super::Event;

/// Most events.
const EVENTS: usize = 500;
/// Most bytes of all traces together.
const BYTES: usize = 32 << 20;
/// Most bytes of one trace: a larger one would push all others out.
const LARGEST: usize = 8 << 20;

/// The last events.
#[derive(Default)]
pub struct Ring {
    kept: VecDeque<Kept>,
    given: u64,
    bytes: usize,
}

struct Kept {
    id: u64,
    /// The event as JSON.
    event: String,
    /// The event with its trace as JSON.
    whole: Option<String>,
}

impl Ring {
    /// The number of the next event.
    pub fn next_id(&mut self) -> u64 {
        self.given += 1;
        self.given
    }

    /// Keeps an event; gives it as one server-sent event.
    pub fn push(&mut self, mut event: Event, whole: Option<String>) -> String {
        let whole = whole.filter(|whole| whole.len() <= LARGEST);
        event.traced = whole.is_some();
        let kept = Kept {
            id: event.id,
            event: serde_json::to_string(&event).unwrap_or_default(),
            whole,
        };
        self.bytes += kept.whole.as_ref().map_or(0, String::len);
        let told = message(kept.id, &kept.event);
        self.kept.push_back(kept);
        while self.kept.len() > EVENTS {
            if let Some(old) = self.kept.pop_front() {
                self.bytes -= old.whole.map_or(0, |whole| whole.len());
            }
        }
        // The oldest traces go first; their events stay.
        let mut position = 0;
        while self.bytes > BYTES
            && let Some(old) = self.kept.get_mut(position)
        {
            self.bytes -= old.whole.take().map_or(0, |whole| whole.len());
            position += 1;
        }
        told
    }

    /// An event with its trace.
    pub fn whole(&self, id: u64) -> Option<String> {
        let kept = self.kept.iter().find(|kept| kept.id == id)?;
        Some(kept.whole.clone().unwrap_or_else(|| kept.event.clone()))
    }

    /// The events after one, each as a server-sent event.
    pub fn after(&self, id: u64) -> Vec<String> {
        self.kept
            .iter()
            .filter(|kept| kept.id > id)
            .map(|kept| message(kept.id, &kept.event))
            .collect()
    }
}

/// A server-sent event; JSON has no line ends of its own.
fn message(id: u64, event: &str) -> String {
    format!("event: request\nid: {id}\ndata: {event}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(ring: &mut Ring, whole: Option<String>) -> u64 {
        let event = Event {
            id: ring.next_id(),
            ..Event::default()
        };
        let id = event.id;
        ring.push(event, whole);
        id
    }

    #[test]
    fn old_events_leave() {
        let mut ring = Ring::default();
        for _ in 0..EVENTS + 3 {
            push(&mut ring, None);
        }
        assert_eq!(ring.after(0).len(), EVENTS);
        assert_eq!(ring.whole(3), None);
        assert!(ring.whole(4).is_some());
        assert_eq!(ring.after(EVENTS as u64 + 2).len(), 1);
    }

    #[test]
    fn traces_are_bounded_by_their_size() {
        let mut ring = Ring::default();
        let large = push(&mut ring, Some("x".repeat(LARGEST + 1)));
        assert!(
            ring.whole(large)
                .is_some_and(|json| json.contains(r#""traced":false"#))
        );
        let ids: Vec<u64> = (0..6)
            .map(|_| push(&mut ring, Some("x".repeat(LARGEST))))
            .collect();
        let traced: Vec<bool> = ids
            .iter()
            .map(|id| ring.whole(*id).is_some_and(|json| json.starts_with('x')))
            .collect();
        assert_eq!(traced, [false, false, true, true, true, true]);
        assert!(ring.bytes <= BYTES);
    }
}
