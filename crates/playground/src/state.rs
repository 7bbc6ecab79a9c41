//! The state of the page and what changes it. Time comes in with each action.

use std::collections::BTreeMap;
use std::rc::Rc;

use ingest::Dialect;
use yew::functional::Reducible;

use crate::highlight::Lit;
use crate::part::Part;
use crate::session::{Session, View};
use openstack_wire::render::Style;

/// Everything the page draws from.
#[derive(Clone)]
pub struct State {
    /// Rules and cloud.
    pub session: Rc<Session>,
    /// The input, its reading and the translation.
    pub view: Rc<View>,
    /// Dialect chosen by hand.
    pub chosen: Option<Dialect>,
    /// How calls are written.
    pub form: Style,
    /// The place under the mouse.
    pub hover: Option<Rc<str>>,
    /// The place under the caret, clicked, or reached by next and previous.
    pub steady: Option<Rc<str>>,
    /// Counts the jumps, so that panes bring the lit place into view.
    pub reveal: u32,
    /// Counts the changes of the cloud.
    pub cloud_version: u32,
    /// The view shows a request that was sent, not a preview.
    pub sent: bool,
    /// What happened last, in a sentence.
    pub notice: Option<Rc<str>>,
    /// The text that an example took the place of.
    pub replaced: Option<Rc<str>>,
    /// Calls opened or closed by hand, by number.
    pub opened: Rc<BTreeMap<u32, bool>>,
    /// The part that a narrow screen shows.
    pub part: Part,
}

/// What a person or the clock does. `now` is milliseconds since the epoch.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The input holds this text now.
    Type(String, i64),
    /// Read it as this dialect; `None` finds it.
    Read(Option<Dialect>, i64),
    /// Put an example into the input.
    Example(usize, i64),
    /// Bring back the text that an example replaced.
    Restore(i64),
    /// Send the request to the cloud that remembers.
    Send(i64),
    /// Begin again with the seeded cloud.
    Reset(i64),
    /// Run the preview again, for what time changes.
    Refresh(i64),
    /// Look at a place in passing.
    Hover(Option<String>),
    /// Look at a place until told otherwise.
    Pin(Option<String>),
    /// Look at the next (`1`) or previous (`-1`) mapping.
    Step(isize),
    /// Write calls in this form.
    Write(Style),
    /// Open or close calls, by number.
    Open(Vec<(u32, bool)>),
    /// Show this part on a narrow screen.
    Show(Part),
}

impl State {
    /// The page with a text in its input.
    pub fn new(session: Session, text: &str, now: i64) -> Self {
        let view = session.preview(text, None, now, None);
        Self {
            session: Rc::new(session),
            view: Rc::new(view),
            chosen: None,
            form: Style::Http,
            hover: None,
            steady: None,
            reveal: 0,
            cloud_version: 0,
            sent: false,
            notice: None,
            replaced: None,
            opened: Rc::default(),
            part: Part::Request,
        }
    }

    /// The place looked at.
    pub fn focus(&self) -> Option<&Rc<str>> {
        self.hover.as_ref().or(self.steady.as_ref())
    }

    /// What lights up with it.
    pub fn lit(&self) -> Lit {
        match (self.focus(), &self.view.result) {
            (Some(focus), Some(result)) => result.lit(focus),
            _ => Lit::default(),
        }
    }

    fn read(&mut self, text: &str, now: i64) {
        self.view = Rc::new(
            self.session
                .preview(text, self.chosen, now, Some(&self.view)),
        );
        self.sent = false;
        self.notice = None;
        self.hover = None;
    }

    fn send(&mut self, now: i64) {
        if !self.view.can_be_sent() {
            self.notice = Some(
                "Not sent: the request has errors. The remarks under it say where and what to do."
                    .into(),
            );
            return;
        }
        let text = self.view.text.clone();
        let (session, view) = self.session.send(&text, self.chosen, now, Some(&self.view));
        let error = view
            .result
            .as_ref()
            .and_then(|result| result.answer.as_ref()?.answer.error.as_ref());
        let action = view.result.as_ref().map_or("", |result| &result.action);
        let changes = view.result.as_ref().is_some_and(|result| result.changes());
        self.notice = Some(match error {
            Some(error) => format!("Sent: {action} was answered with {}.", error.code).into(),
            None if changes => format!("Sent: {action} changed the in-browser cloud.").into(),
            None => format!("Sent: {action} read the in-browser cloud and changed nothing.").into(),
        });
        self.session = Rc::new(session);
        self.view = Rc::new(view);
        self.sent = true;
        self.cloud_version += u32::from(changes);
    }

    fn step(&mut self, by: isize) {
        let stops = self
            .view
            .result
            .as_ref()
            .map(|result| result.stops())
            .unwrap_or_default();
        let here = self
            .steady
            .as_ref()
            .and_then(|key| stops.iter().position(|stop| **stop == **key));
        let next = match here {
            Some(at) => at
                .checked_add_signed(by)
                .map_or(stops.len().saturating_sub(1), |at| {
                    if at < stops.len() { at } else { 0 }
                }),
            None if by < 0 => stops.len().saturating_sub(1),
            None => 0,
        };
        self.hover = None;
        self.steady = stops.get(next).map(|stop| stop.as_str().into());
        self.reveal += 1;
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let same = |now: &Option<Rc<str>>, next: &Option<String>| now.as_deref() == next.as_deref();
        // Moving the mouse inside one place must not draw anything.
        match &action {
            Action::Hover(place) if same(&self.hover, place) => return self,
            Action::Pin(place) if same(&self.steady, place) && self.hover.is_none() => return self,
            Action::Type(text, _) if **text == *self.view.text => return self,
            _ => {}
        }
        let mut next = State::clone(&self);
        match action {
            Action::Type(text, now) => {
                next.replaced = None;
                next.read(&text, now);
            }
            Action::Read(dialect, now) => {
                next.chosen = dialect;
                next.read(&self.view.text, now);
            }
            Action::Example(index, now) => {
                let Some(text) = self.session.examples().get(index) else {
                    return self;
                };
                if !self
                    .session
                    .examples()
                    .iter()
                    .any(|example| **example == *self.view.text)
                    && !self.view.text.trim().is_empty()
                {
                    next.replaced = Some(self.view.text.clone());
                }
                next.chosen = None;
                next.steady = None;
                next.read(text, now);
            }
            Action::Restore(now) => {
                if let Some(text) = next.replaced.take() {
                    next.steady = None;
                    next.read(&text, now);
                }
            }
            Action::Send(now) => next.send(now),
            Action::Reset(now) => {
                next.session = Rc::new(self.session.reset(now));
                next.read(&self.view.text, now);
                next.cloud_version += 1;
                next.notice = Some("The in-browser cloud is as new.".into());
            }
            Action::Refresh(now) => {
                let notice = next.notice.take();
                next.read(&self.view.text, now);
                next.notice = notice;
            }
            Action::Hover(place) => next.hover = place.map(Into::into),
            Action::Pin(place) => {
                next.hover = None;
                next.steady = place.map(Into::into);
            }
            Action::Step(by) => next.step(by),
            Action::Write(form) => next.form = form,
            Action::Open(calls) => Rc::make_mut(&mut next.opened).extend(calls),
            Action::Show(part) => next.part = part,
        }
        Rc::new(next)
    }
}
