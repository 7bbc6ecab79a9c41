//! Blocks that repeat or are left out, and views written into the places that use them.

use std::collections::HashMap;

use rules::Block;

use super::Linker;
use crate::plan::scope::{Frame, ViewFrame};
use crate::plan::{BlockPlan, Ex, GroupPlan, Part, SlotDef, Tree};

impl<'r> Linker<'r> {
    pub(super) fn block(&mut self, block: &'r Block, answer: bool) -> BlockPlan {
        self.depth += 1;
        let linked = self.block_inside(block, answer);
        self.depth -= 1;
        linked
    }

    pub(super) fn block_inside(&mut self, block: &'r Block, answer: bool) -> BlockPlan {
        let when_outside = block.each.is_empty() && block.group.is_none();
        self.frames.push(Frame::default());
        let mut group = None;
        if let Some((each, by)) = &block.group {
            let list = self.expression(&each.list);
            let item = self.bind(&each.name);
            let by = by.iter().map(|by| self.expression(by)).collect();
            let key = self.bind("key");
            let members = self.bind("group");
            group = Some(GroupPlan {
                item,
                list,
                by,
                key,
                group: members,
            });
        }
        let each = self.loops(&block.each);
        let mut lets = Vec::new();
        for found in &block.lets {
            lets.push((self.bind(&found.name), found));
        }
        for (slot, found) in &lets {
            let tree = self.tree(&found.value, false);
            self.set(*slot, SlotDef::Let(tree));
        }
        let when = block.when.as_ref().map(|when| self.expression(when));
        let mut lets: Vec<u32> = lets.into_iter().map(|(slot, _)| slot).collect();
        let mut of = None;
        let repeats = !when_outside;
        let item = match (&block.item, &block.view) {
            (Some(item), _) => self.tree(item, answer),
            (None, Some(view)) => {
                let subject = match &block.of {
                    Some(of) => Some(self.expression(of)),
                    None => each.last().map(|(slot, _)| Ex::Slot(*slot)),
                };
                let (slot, tree, slots) = self.view(block, view);
                lets.extend(slots);
                match subject {
                    Some(subject) => of = Some((slot, subject)),
                    None => self.problem(&block.at, "a view needs `each` or `of`"),
                }
                tree
            }
            (None, None) => {
                self.problem(&block.at, "a block needs `item` or `view`");
                Tree::List(Vec::new())
            }
        };
        self.frames.pop();
        let part = match () {
            () if !answer || !repeats => Part::Plain,
            () if block.view.is_none() && holds_items(&item) => Part::Holder,
            () => Part::Item,
        };
        BlockPlan {
            when,
            each,
            group,
            of,
            lets,
            item,
            part,
        }
    }

    pub(super) fn view(&mut self, block: &'r Block, name: &str) -> (u32, Tree, Vec<u32>) {
        let nothing = (0, Tree::List(Vec::new()), Vec::new());
        let Some(view) = self.rules.views.get(name) else {
            self.problem(&block.at, &format!("there is no view '{name}'"));
            return nothing;
        };
        if self.depth > 24 {
            self.problem(&block.at, &format!("the view '{name}' holds itself"));
            return nothing;
        }
        let mut views = vec![view];
        for used in &view.uses {
            match self.rules.views.get(used) {
                Some(used) => views.push(used),
                None => self.problem(&view.at, &format!("uses: there is no view '{used}'")),
            }
        }
        let mut names = HashMap::new();
        let mut with = Vec::new();
        for found in &block.with {
            let slot = self.bound();
            let tree = self.tree(&found.value, false);
            self.set(slot, SlotDef::Let(tree));
            names.insert(found.name.clone(), slot);
            with.push(slot);
        }
        let subject = self.bound();
        for view in &views {
            names.insert(view.of.clone(), subject);
        }
        self.frames.push(Frame {
            names,
            view: Some(ViewFrame {
                views,
                lets: Vec::new(),
            }),
        });
        let fields = self.tree(&view.fields, false);
        let mut lets = with;
        if let Some(Frame {
            view: Some(frame), ..
        }) = self.frames.pop()
        {
            lets.extend(frame.lets);
        }
        (subject, fields, lets)
    }
}

/// Whether a repeated view stands inside: then the block around it only holds the items that filters choose from.
fn holds_items(tree: &Tree) -> bool {
    match tree {
        Tree::Ex(..) | Tree::Constant(..) => false,
        Tree::Object(members) => members.iter().any(|(_, tree)| holds_items(tree)),
        Tree::List(entries) => entries.iter().any(holds_items),
        Tree::Block(block) => {
            (block.part == Part::Item && block.of.is_some()) || holds_items(&block.item)
        }
    }
}
