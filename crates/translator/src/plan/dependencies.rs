//! Which calls a value needs, found once from the linked tree; the order of calls follows from this alone.

use super::{BlockPlan, CallPlan, Ex, PiecePlan, Plan, RequestPlan, SlotDef, Tree};

/// Computes needs of calls, refusals and `already`; reports names that need themselves.
pub fn settle(plan: &mut Plan) -> Result<(), String> {
    let steady = steady(plan)?;
    super::steady::keep(plan, &steady);
    let mut needs = Needs::new(plan, false);
    let mut calls = Vec::new();
    for call in &needs.plan.calls {
        let mut when = needs.exs(call.loops.iter().map(|(_, list)| list))?;
        when |= needs.exs(call.when.iter())?;
        let mut all = when | needs.request(&call.request)?;
        for push in &call.push {
            all |= needs.exs(push.send.iter())?;
        }
        all |= call.follows.map_or(0, |index| 1 << index);
        calls.push((when, all, needs.slot(call.slot)?));
    }
    let mut refusals = Vec::new();
    for refusal in &needs.plan.refuse {
        let when = needs.ex(&refusal.when)?;
        let message = needs.pieces(refusal.message.iter().flatten())?;
        refusals.push((when, message));
    }
    let already = match &needs.plan.already {
        Some(already) => {
            let mut all = needs.ex(&already.when)?;
            for (_, tree) in &already.using {
                all |= needs.tree(tree)?;
            }
            all
        }
        None => 0,
    };
    for (call, (when, all, gives)) in plan.calls.iter_mut().zip(calls) {
        (call.when_needs, call.needs, call.gives_needs) = (when, all, gives);
    }
    for (refusal, (when, message)) in plan.refuse.iter_mut().zip(refusals) {
        (refusal.needs, refusal.message_needs) = (when, message);
    }
    if let Some(plan) = &mut plan.already {
        plan.needs = already;
    }
    order(plan)
}

/// Marks the reads that have to wait for a change.
fn order(plan: &mut Plan) -> Result<(), String> {
    let changes = bits(&plan.calls, |call| !call.read);
    let mut waits = bits(&plan.calls, |call| {
        !call.read || call.follows.is_some() || (call.from_view && changes != 0)
    });
    loop {
        let next = waits | bits(&plan.calls, |call| call.needs & waits != 0);
        if next == waits {
            break;
        }
        waits = next;
    }
    for (index, call) in plan.calls.iter_mut().enumerate() {
        call.after_change = call.read && waits >> index & 1 == 1;
        if call.needs >> index & 1 == 1 {
            return Err(format!("the call '{}' needs its own result", call.name));
        }
    }
    Ok(())
}

fn bits(calls: &[CallPlan], test: impl Fn(&CallPlan) -> bool) -> u64 {
    calls
        .iter()
        .enumerate()
        .filter(|(_, call)| test(call))
        .fold(0, |set, (index, _)| set | 1 << index)
}

/// Which slots hold the same value throughout an evaluation: nothing that a loop, a view or a reply sets is read for them.
fn steady(plan: &Plan) -> Result<Vec<bool>, String> {
    let mut needs = Needs::new(plan, true);
    (0..plan.slots.len() as u32)
        .map(|slot| Ok(needs.slot(slot)? & VARIES == 0))
        .collect()
}

/// Stands beside the calls, of which there are at most 60.
const VARIES: u64 = 1 << 63;

struct Needs<'p> {
    plan: &'p Plan,
    /// Whether to look for what varies instead of for what calls give.
    varying: bool,
    known: Vec<Option<u64>>,
    open: Vec<bool>,
}

impl<'p> Needs<'p> {
    fn new(plan: &'p Plan, varying: bool) -> Self {
        Self {
            plan,
            varying,
            known: vec![None; plan.slots.len()],
            open: vec![false; plan.slots.len()],
        }
    }

    fn slot(&mut self, slot: u32) -> Result<u64, String> {
        let index = slot as usize;
        if let Some(Some(known)) = self.known.get(index) {
            return Ok(*known);
        }
        if std::mem::replace(&mut self.open[index], true) {
            return Err("a name needs itself to be computed".to_owned());
        }
        let plan = self.plan;
        let needs = match plan.slots.get(index) {
            None | Some(SlotDef::Bound) if self.varying => VARIES,
            None | Some(SlotDef::Bound) => 0,
            Some(SlotDef::Let(tree)) => self.tree(tree)?,
            // What a call gives is computed once.
            Some(SlotDef::Call(call)) if self.varying => 1 << *call,
            Some(SlotDef::Call(call)) => {
                let gives = plan.calls.get(*call).and_then(|c| c.gives.as_ref());
                // What a call gives may name the call itself only through `reply`, so its own slot is not open here.
                1 << *call | gives.map_or(Ok(0), |tree| self.tree(tree))?
            }
        };
        self.open[index] = false;
        self.known[index] = Some(needs);
        Ok(needs)
    }

    fn request(&mut self, request: &'p RequestPlan) -> Result<u64, String> {
        let mut needs = self.pieces(&request.path)?;
        for (_, tree) in &request.query {
            needs |= self.tree(tree)?;
        }
        Ok(needs
            | request
                .body
                .as_ref()
                .map_or(Ok(0), |body| self.tree(body))?)
    }

    fn pieces(&mut self, pieces: impl IntoIterator<Item = &'p PiecePlan>) -> Result<u64, String> {
        let mut needs = 0;
        for piece in pieces {
            if let PiecePlan::Ex(ex) = piece {
                needs |= self.ex(ex)?;
            }
        }
        Ok(needs)
    }

    fn exs(&mut self, exs: impl IntoIterator<Item = &'p Ex>) -> Result<u64, String> {
        exs.into_iter()
            .try_fold(0, |needs, ex| Ok(needs | self.ex(ex)?))
    }

    fn ex(&mut self, ex: &'p Ex) -> Result<u64, String> {
        match ex {
            Ex::Current | Ex::Request | Ex::Parameter(_) | Ex::Context | Ex::Literal(_) => Ok(0),
            Ex::Slot(slot) => self.slot(*slot),
            Ex::Member(a, _)
            | Ex::Index(a, _)
            | Ex::Slice(a, ..)
            | Ex::Flatten(a)
            | Ex::Values(a)
            | Ex::Not(a)
            | Ex::Reference(a) => self.ex(a),
            Ex::Then(a, b)
            | Ex::Project(a, b)
            | Ex::Compare(_, a, b)
            | Ex::And(a, b)
            | Ex::Or(a, b) => Ok(self.ex(a)? | self.ex(b)?),
            Ex::Filter(a, b, c) => Ok(self.ex(a)? | self.ex(b)? | self.ex(c)?),
            Ex::List(items, _) | Ex::Call(_, items) => self.exs(items),
            Ex::Object(members, _) => self.exs(members.iter().map(|(_, ex)| ex)),
        }
    }

    fn tree(&mut self, tree: &'p Tree) -> Result<u64, String> {
        match tree {
            Tree::Ex(ex, _) => self.ex(ex),
            Tree::Constant(..) => Ok(0),
            Tree::Object(members) => members
                .iter()
                .try_fold(0, |needs, (_, tree)| Ok(needs | self.tree(tree)?)),
            Tree::List(entries) => entries
                .iter()
                .try_fold(0, |needs, tree| Ok(needs | self.tree(tree)?)),
            Tree::Block(block) => self.block(block),
        }
    }

    fn block(&mut self, block: &'p BlockPlan) -> Result<u64, String> {
        let mut needs =
            self.exs(block.when.iter())? | self.exs(block.each.iter().map(|(_, list)| list))?;
        if let Some(group) = &block.group {
            needs |= self.ex(&group.list)? | self.exs(&group.by)?;
        }
        if let Some((_, of)) = &block.of {
            needs |= self.ex(of)?;
        }
        Ok(needs | self.tree(&block.item)?)
    }
}
