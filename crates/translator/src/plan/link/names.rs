//! What a name stands for: the innermost block or view that has it, then the action.

use rules::At;

use super::Linker;
use crate::plan::{Ex, SlotDef};

impl<'r> Linker<'r> {
    pub(super) fn resolve(&mut self, name: &str, at_name: &At) -> Option<Ex> {
        if name == "context" {
            return Some(Ex::Context);
        }
        for at in (0..self.frames.len()).rev() {
            if let Some(slot) = self.frames.get(at)?.names.get(name) {
                return Some(Ex::Slot(*slot));
            }
            if self.frames.get(at)?.view.is_some() {
                return self.resolve_in_view(at, name);
            }
        }
        self.resolve_in_action(name, at_name)
    }

    pub(super) fn resolve_in_view(&mut self, at: usize, name: &str) -> Option<Ex> {
        let view = self.frames.get(at)?.view.as_ref()?;
        if let Some(found) = view.find_let(name) {
            // The name is known before its value is linked, so that a circle is found later instead of followed here.
            let slot = self.bound();
            let frame = self.frames.get_mut(at)?;
            frame.names.insert(name.to_owned(), slot);
            frame.view.as_mut()?.lets.push(slot);
            let tree = self.within(at + 1, |linker| linker.tree(&found.value, false));
            self.set(slot, SlotDef::Let(tree));
            return Some(Ex::Slot(slot));
        }
        if let Some(&index) = self.call_names.get(name) {
            return self.calls_slot(index);
        }
        let call = view.find_call(name)?;
        let views = view.views.clone();
        let index = self.declare_call(call, true);
        self.fill_call(index, call, Some(views));
        self.calls_slot(index)
    }

    pub(super) fn resolve_in_action(&mut self, name: &str, at: &At) -> Option<Ex> {
        if let Some(found) = self.rule.lets.iter().find(|l| l.name == name) {
            let slot = self.bound();
            self.frames.first_mut()?.names.insert(name.to_owned(), slot);
            let tree = self.within(1, |linker| linker.tree(&found.value, false));
            self.set(slot, SlotDef::Let(tree));
            return Some(Ex::Slot(slot));
        }
        if let Some(&index) = self.call_names.get(name) {
            return self.calls_slot(index);
        }
        if self.input.member(name).is_some() {
            self.reads
                .entry(name.to_owned())
                .or_insert_with(|| at.clone());
            return Some(Ex::Parameter(name.into()));
        }
        None
    }

    pub(super) fn calls_slot(&self, index: usize) -> Option<Ex> {
        let slot = self
            .slots
            .iter()
            .position(|def| matches!(def, SlotDef::Call(call) if *call == index))?;
        Some(Ex::Slot(slot as u32))
    }
}
