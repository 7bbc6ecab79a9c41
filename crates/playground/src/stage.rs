//! Whether there is a cloud to answer; it is part of the page's second program, which comes after the first.

use std::rc::Rc;

use translator::Engine;

use crate::arrival::Arrived;
use crate::desk::BenchRef;
use crate::state::State;

/// What is known of the cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudStage {
    /// On its way.
    Coming,
    /// It answers.
    Here,
    /// It could not be loaded.
    Missing,
}

impl CloudStage {
    /// What to say where its replies would be; nothing once it is here.
    pub fn about(self) -> &'static str {
        match self {
            Self::Coming => "The in-browser cloud is on its way; its replies follow.",
            Self::Here => "",
            Self::Missing => {
                "The in-browser cloud could not be loaded, so nobody replies. Reload the page to try again."
            }
        }
    }
}

/// The second program, or that it does not come, as an action carries it; compares by identity.
#[derive(Clone)]
pub struct Program(pub Arrived);

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "here" } else { "missing" })
    }
}

impl State {
    /// Goes on with a cloud: what was sent is sent again, and what is shown is asked of it.
    pub(crate) fn arrived(&mut self, program: &Program, now: i64) {
        let Some(host) = program.0.clone() else {
            self.cloud = CloudStage::Missing;
            return;
        };
        let waited = self.session.clone();
        // What came first were the rules of some actions.
        if let Some(rules) = host.rules() {
            let engine = Rc::new(Engine::new(rules));
            self.session = Rc::new(self.session.with_engine(engine.clone()));
            let before = self.before.take();
            self.before = before.map(|before| Rc::new(before.with_engine(engine)));
        }
        // What was sent with edited rules is sent with them again, so they come first.
        self.desk.bench = host.bench().map(BenchRef);
        self.use_edits();
        self.session = Rc::new(self.session.attach(host.clone()));
        self.warning = self.unknown_edits().map(Into::into).or(self.warning.take());
        self.before = self
            .before
            .take()
            .map(|before| Rc::new(before.attach(host)));
        self.cloud = CloudStage::Here;
        self.cloud_version += 1;
        // Examples name things of the cloud.
        let text = waited
            .examples()
            .iter()
            .position(|example| **example == *self.view.text)
            .and_then(|index| self.session.examples().get(index))
            .map_or(self.view.text.clone(), |example| example.as_str().into());
        let (notice, hover) = (self.notice.take(), self.hover.take());
        let addressed = self.addressed;
        self.read(&text, self.time(now));
        (self.notice, self.hover) = (notice, hover);
        self.settle();
        self.addressed = addressed;
    }
}
