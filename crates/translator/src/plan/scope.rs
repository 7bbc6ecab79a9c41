//! Names and the slots behind them, while a rule is linked.

use std::collections::HashMap;

use rules::{Let, ViewRule};

/// A block, a call or a view under way: names that it adds.
#[derive(Default)]
pub struct Frame<'r> {
    /// Names with their slots.
    pub names: HashMap<String, u32>,
    /// A view: nothing outside of it is seen but the action's calls and the context.
    pub view: Option<ViewFrame<'r>>,
}

/// What a view adds to its frame.
pub struct ViewFrame<'r> {
    /// The view and those it uses.
    pub views: Vec<&'r ViewRule>,
    /// Slots of its lets that were needed so far.
    pub lets: Vec<u32>,
}

impl<'r> ViewFrame<'r> {
    /// A let of the view or of a view that it uses.
    pub fn find_let(&self, name: &str) -> Option<&'r Let> {
        self.views
            .iter()
            .flat_map(|view| &view.lets)
            .find(|l| l.name == name)
    }

    /// A call of the view or of a view that it uses.
    pub fn find_call(&self, name: &str) -> Option<&'r rules::CallRule> {
        self.views
            .iter()
            .flat_map(|view| &view.calls)
            .find(|c| c.name == name)
    }
}
