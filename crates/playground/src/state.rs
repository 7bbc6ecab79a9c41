//! The state of the page and what changes it. Time comes in with each action.

use std::collections::BTreeMap;
use std::rc::Rc;

use ingest::Dialect;
use yew::functional::Reducible;

use crate::desk::{BenchRef, Desk};
use crate::highlight::Lit;
use crate::keep::{Kept, Pin, Second, Typed};
use crate::part::Part;
use crate::pins;
use crate::session::{Session, View};
use crate::stage::CloudStage;
use crate::stand_ins::Wish;

pub use crate::action::Action;
use openstack_wire::render::Style;

/// Everything the page draws from.
#[derive(Clone)]
pub struct State {
    /// Rules and cloud.
    pub session: Rc<Session>,
    /// Whether the cloud is there.
    pub cloud: CloudStage,
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
    /// The text that an example or a link took the place of.
    pub replaced: Option<Rc<str>>,
    /// The cloud that went with it, if a link brought its own.
    pub before: Option<Rc<Session>>,
    /// Calls opened or closed by hand, by number.
    pub opened: Rc<BTreeMap<u32, bool>>,
    /// The part that a narrow screen shows.
    pub part: Part,
    /// The text beside it.
    pub second: Option<Rc<Second>>,
    /// The answer is written as the AWS CLI prints it.
    pub printed: bool,
    /// The dialect that the request is shown in beside its own.
    pub other: Option<Dialect>,
    /// When the text was read, by the clock of the session.
    pub at: i64,
    /// How far the session's clock is from the world's: a link brings its own time. Milliseconds.
    pub skew: i64,
    /// A request that was sent when the session was kept, and is to be sent again once there is a cloud: when.
    pub due: Option<i64>,
    /// The session is what the address says.
    pub addressed: bool,
    /// What a person should know before anything else.
    pub warning: Option<Rc<str>>,
    /// The rule beside the result.
    pub desk: Desk,
}

impl State {
    /// The page with a text in its input.
    pub fn new(session: Session, text: &str, now: i64) -> Self {
        let view = session.preview(text, None, now, None);
        let desk = Desk {
            bench: session.bench().map(BenchRef),
            ..Desk::default()
        };
        Self {
            cloud: if session.has_cloud() {
                CloudStage::Here
            } else {
                CloudStage::Coming
            },
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
            before: None,
            second: None,
            printed: false,
            other: None,
            at: now,
            skew: 0,
            due: None,
            addressed: false,
            warning: None,
            desk,
        }
    }

    /// The page with a session that was kept; the session is that of [`Session::waiting_for`], with or without a cloud.
    pub fn of(session: Session, kept: &Kept, now: i64) -> Self {
        let mut state = Self::new(session, "", now);
        if !kept.edited.is_empty() {
            state.desk.bring(&kept.edited);
            state.use_edits();
            if state.session.is_edited() {
                state.session = Rc::new(state.session.again(kept));
            }
        }
        state.take(kept, now);
        state
    }

    /// The session as it is to be kept, with its secrets still in it.
    pub fn kept(&self) -> Kept {
        let action = self.view.result.as_ref().map(|result| &*result.action);
        Kept {
            text: self.view.text.to_string(),
            dialect: self.chosen,
            style: Some(self.form).filter(|form| *form != Style::Http),
            focus: self.steady.as_deref().map(str::to_owned),
            printed: self.printed,
            other: self.other,
            opened: BTreeMap::clone(&self.opened),
            part: self.part,
            started: self.session.started(),
            at: self.at,
            sent: self.session.log().to_vec(),
            shown: self.sent && !self.session.log().is_empty(),
            replies: self.session.replies().to_vec(),
            wish: self.session.wish(),
            second: self.second.as_deref().cloned(),
            pin: action.and_then(|action| {
                let version = pins::version(action)?.to_owned();
                let action = action.to_owned();
                Some(Pin { action, version })
            }),
            edited: BTreeMap::clone(&self.desk.edits),
            public: self.desk.originals(),
        }
    }

    /// The session's own time.
    pub fn time(&self, now: i64) -> i64 {
        now.saturating_add(self.skew)
    }

    /// Takes over what was kept, on a session that has its cloud's history already.
    fn take(&mut self, kept: &Kept, now: i64) {
        self.skew = match kept.at {
            0 => 0,
            at => at.saturating_sub(now),
        };
        self.chosen = kept.dialect;
        self.form = kept.style.unwrap_or(self.form);
        self.opened = Rc::new(kept.opened.clone());
        self.part = kept.part;
        self.second = kept.second.clone().map(Rc::new);
        self.printed = kept.printed;
        self.other = kept.other;
        let session = self.session.with_replies(kept.replies.clone());
        self.session = Rc::new(session.wishing(kept.wish));
        self.read(&kept.text, self.time(now));
        self.steady = kept.focus.as_deref().map(Into::into);
        self.reveal += u32::from(kept.focus.is_some());
        self.due = kept.sent.last().filter(|_| kept.shown).map(|sent| sent.at);
        self.settle();
        self.warning = kept.pin.as_ref().and_then(|pin| {
            let version = pins::version(&pin.action)?;
            let old = &pin.version;
            (version != old).then(|| {
                format!("This link was made with another version of the rule for {} ({old}, now {version}). What you see is today's result.", pin.action).into()
            })
        });
        if let Some(unknown) = self.unknown_edits() {
            self.warning = Some(unknown.into());
        }
    }

    /// Sends what is due once there is a cloud.
    pub fn settle(&mut self) {
        if self.session.has_cloud()
            && let Some(at) = self.due.take()
        {
            self.send(at);
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

    pub(crate) fn read(&mut self, text: &str, now: i64) {
        self.view = Rc::new(
            self.session
                .preview(text, self.chosen, now, Some(&self.view)),
        );
        self.sent = false;
        self.notice = None;
        self.hover = None;
        self.at = now;
        self.addressed = false;
    }

    /// Takes a text that nobody typed; what somebody did type can be brought back.
    fn put(&mut self, text: &str, now: i64) {
        if self.is_own() {
            self.replaced = Some(self.view.text.clone());
        }
        self.chosen = None;
        self.steady = None;
        self.session = Rc::new(self.session.wishing(Wish::default()));
        self.read(text, now);
    }

    fn send(&mut self, now: i64) {
        if self.cloud != CloudStage::Here {
            self.notice = Some(format!("Not sent. {}", self.cloud.about()).into());
            return;
        }
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
        self.at = now;
        self.addressed = false;
        self.cloud_version += u32::from(changes);
    }

    /// Whether the text is a person's own, not an example's.
    fn is_own(&self) -> bool {
        !self.view.text.trim().is_empty()
            && !self
                .session
                .examples()
                .iter()
                .any(|example| **example == *self.view.text)
    }

    /// Reads the same text with other replies; what is looked at stays.
    fn answer(&mut self, replies: Vec<Typed>, now: i64) {
        self.session = Rc::new(self.session.with_replies(replies));
        let text = self.view.text.clone();
        self.read(&text, self.time(now));
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
                next.before = None;
                next.read(&text, self.time(now));
            }
            Action::Read(dialect, now) => {
                next.chosen = dialect;
                next.read(&self.view.text, self.time(now));
            }
            Action::Example(index, now) => {
                let Some(text) = self.session.examples().get(index) else {
                    return self;
                };
                next.put(text, self.time(now));
            }
            Action::Put(text, now) => next.put(&text, self.time(now)),
            Action::Restore(now) => {
                if let Some(text) = next.replaced.take() {
                    next.steady = None;
                    if let Some(session) = next.before.take() {
                        next.session = session;
                        next.skew = 0;
                        next.cloud_version += 1;
                    }
                    if let Some(edits) = next.desk.before.take() {
                        next.desk.bring(&edits);
                        next.use_edits();
                    }
                    next.warning = None;
                    next.read(&text, next.time(now));
                }
            }
            Action::Send(now) => next.send(self.time(now)),
            Action::Reset(now) => {
                next.skew = 0;
                let replies = self.session.replies().to_vec();
                next.session = Rc::new(self.session.reset(now).with_replies(replies));
                next.read(&self.view.text, now);
                next.cloud_version += 1;
                next.notice = Some("The in-browser cloud is as new.".into());
            }
            Action::Refresh(now) => {
                let (notice, addressed) = (next.notice.take(), next.addressed);
                next.read(&self.view.text, self.time(now));
                next.notice = notice;
                next.addressed = addressed;
            }
            Action::Hover(place) => next.hover = place.map(Into::into),
            Action::Pin(place) => {
                next.hover = None;
                next.steady = place.map(Into::into);
            }
            Action::Step(by) => next.step(by),
            Action::Open(kept, now) => {
                if self.is_own() && *self.view.text != *kept.text {
                    next.replaced = Some(self.view.text.clone());
                    next.before = Some(self.session.clone());
                }
                // An address that says only a text is about the cloud that is here.
                if kept.started != 0 {
                    if *next.desk.edits != kept.edited {
                        next.desk.before = Some(next.desk.edits.clone());
                        next.desk.bring(&kept.edited);
                        next.use_edits();
                    }
                    next.session = Rc::new(next.session.again(&kept));
                    next.cloud_version += 1;
                }
                next.take(&kept, now);
                next.addressed = true;
            }
            Action::Warn(sentence) => next.warning = sentence.map(Into::into),
            Action::Answer(typed, now) => {
                let mut replies = self.session.replies().to_vec();
                replies.retain(|known| (&known.call, known.nth) != (&typed.call, typed.nth));
                replies.push(typed);
                next.answer(replies, now);
            }
            Action::Unanswer(call, now) => {
                let mut replies = self.session.replies().to_vec();
                match call {
                    Some(call) => {
                        replies.retain(|known| (&known.call, known.nth) != (&call.0, call.1))
                    }
                    None => replies.clear(),
                }
                next.answer(replies, now);
            }
            Action::Wish(wish, now) => {
                next.session = Rc::new(self.session.wishing(wish));
                next.read(&self.view.text, self.time(now));
            }
            Action::Print(printed) => next.printed = printed,
            Action::Also(dialect) => next.other = Some(dialect),
            Action::Beside(second) => {
                next.second = second.map(Rc::new);
                next.addressed = false;
            }
            Action::Arrived(_, _) if self.cloud != CloudStage::Coming => return self,
            Action::Arrived(program, now) => next.arrived(&program, now),
            Action::Write(form) => next.form = form,
            Action::Unfold(calls) => Rc::make_mut(&mut next.opened).extend(calls),
            Action::Recorded(id, text, trace) => {
                next.view = Rc::new(self.session.recorded(&text, *trace, Some(&self.view)));
                next.chosen = None;
                next.steady = None;
                next.hover = None;
                next.sent = false;
                let notice = format!(
                    "Request {id} as the gateway answered it. Edit the text to translate it here."
                );
                next.notice = Some(notice.into());
            }
            Action::Tell(text) => next.notice = Some(text.into()),
            Action::Show(part) => {
                next.part = part;
                next.desk.open |= part == Part::Rule;
            }
            Action::Desk(action, now) => next.at_desk(action, now),
        }
        Rc::new(next)
    }
}
