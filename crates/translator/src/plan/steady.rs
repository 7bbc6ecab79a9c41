//! Names that need not be computed again for each item of a block.
//!
//! A block forgets what was named for its last item. What names the same for all of them is kept: a list made of all
//! replies would otherwise be made, and indexed, once for each item.

use super::{Plan, SlotDef, Tree};

/// Takes the slots that hold the same value throughout an evaluation out of what blocks forget.
pub fn keep(plan: &mut Plan, steady: &[bool]) {
    keep_in(&mut plan.answer, steady);
    for slot in &mut plan.slots {
        if let SlotDef::Let(tree) = slot {
            keep_in(tree, steady);
        }
    }
    for body in plan
        .calls
        .iter_mut()
        .filter_map(|call| call.request.body.as_mut())
    {
        keep_in(body, steady);
    }
}

fn keep_in(tree: &mut Tree, steady: &[bool]) {
    match tree {
        Tree::Ex(..) | Tree::Constant(..) => {}
        Tree::Object(members) => members
            .iter_mut()
            .for_each(|(_, tree)| keep_in(tree, steady)),
        Tree::List(entries) => entries.iter_mut().for_each(|tree| keep_in(tree, steady)),
        Tree::Block(block) => {
            block
                .lets
                .retain(|slot| steady.get(*slot as usize) != Some(&true));
            keep_in(&mut block.item, steady);
        }
    }
}
