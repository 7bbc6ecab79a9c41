//! What of each part of the rules is packed, in which order.

use super::bytes::{Packed, Packer, Unpacker};
use crate::{
    ActionRule, Already, Block, CallRule, Comparator, Expression, FaultRow, FilterRule,
    FilterTarget, FurtherAction, Gap, Key, Kind, Let, Loop, Meaning, Node, NoteState, Paging,
    ParameterNote, Piece, Push, Refusal, RequestRule, Rules, Table, Text, Tree, Undo, ViewRule,
};

/// The members that are packed; those after the semicolon are left out.
macro_rules! structure {
    ($type:ident { $($member:ident),* $(; $($left:ident),*)? }) => {
        impl Packed for $type {
            fn pack(&self, to: &mut Packer) {
                $(self.$member.pack(to);)*
            }

            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                Some(Self {
                    $($member: Packed::unpack(from)?,)*
                    $($($left: Default::default(),)*)?
                })
            }
        }
    };
}

/// The variants, each with its number.
macro_rules! variants {
    ($type:ident { $($number:literal $variant:ident $(($($part:ident),*))? $({$($member:ident),*})?;)* }) => {
        impl Packed for $type {
            fn pack(&self, to: &mut Packer) {
                match self {
                    $(Self::$variant $(($($part),*))? $({$($member),*})? => {
                        to.byte($number);
                        $($($part.pack(to);)*)?
                        $($($member.pack(to);)*)?
                    })*
                }
            }

            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                Some(match from.byte()? {
                    $($number => {
                        $($(let $part = Packed::unpack(from)?;)*)?
                        $($(let $member = Packed::unpack(from)?;)*)?
                        Self::$variant $(($($part),*))? $({$($member),*})?
                    })*
                    _ => return None,
                })
            }
        }
    };
}

structure!(Rules { actions, views, tables, kinds, faults, microversions, gaps, further; files });
structure!(ActionRule {
    at, action, defaults, calls, lets, refuse, already, paging, answer, parameters, filters, reads;
    about
});
structure!(ViewRule { at, view, of, uses, calls, lets, fields, filters; about });
structure!(Let { at, name, value });
structure!(CallRule {
    at,
    name,
    request,
    push,
    gives,
    pages,
    when,
    loops,
    reads,
    follows,
    until,
    fails,
    within,
    undo,
    faults,
    hide
});
structure!(RequestRule {
    at,
    method,
    service,
    path,
    microversion,
    query,
    body
});
structure!(Loop { name, list });
structure!(FaultRow {
    at,
    service,
    status,
    kind,
    pattern,
    meaning
});
structure!(Refusal {
    at,
    when,
    error,
    message,
    gap
});
structure!(Already { at, when, using });
structure!(Paging { at, over, by });
structure!(ParameterNote {
    at,
    name,
    state,
    reason,
    gap,
    when
});
structure!(FilterRule { at, name, target });
structure!(Push {
    at,
    key,
    filter,
    value,
    many
});
structure!(Text { at, pieces });
structure!(Block {
    at,
    when,
    each,
    group,
    of,
    with,
    lets,
    item,
    view
});
structure!(Expression { at, root; text });
structure!(Table {
    at,
    name,
    rows,
    otherwise
});
structure!(Kind {
    at,
    prefix,
    resource_type,
    service,
    path,
    not_found,
    missing,
    malformed,
    collection,
    tags_in,
    tag_prefix
});
structure!(Gap { at, gap, title, services; what, today, would_need, upstream });
structure!(FurtherAction {
    at,
    action,
    family,
    verdict,
    reason,
    gap
});

variants!(Undo {
    0 None;
    1 Request { loops, request };
});
variants!(Meaning {
    0 Nothing;
    1 Fine;
    2 NotFound;
    3 Error { code, message, gap };
});
variants!(NoteState {
    0 Lossy;
    1 Ignored;
    2 Refused;
    3 Gap;
});
variants!(FilterTarget {
    0 Path(path);
    1 Note { state, reason, gap };
});
variants!(Piece {
    0 Literal(text);
    1 Expression(expression);
});
variants!(Tree {
    0 Expression(expression);
    1 Constant(value, at);
    2 Object(members, at);
    3 List(entries, at);
    4 Block(block);
});
variants!(Key {
    0 Name(name);
    1 Merge;
});
variants!(Node {
    0 Current;
    1 Name(name);
    2 Literal(value);
    3 Member(left, name);
    4 Then(left, right);
    5 Index(left, number);
    6 Slice(left, start, stop, step);
    7 Flatten(left);
    8 Values(left);
    9 Project(left, right);
    10 Filter(left, condition, right);
    11 Compare(comparator, left, right);
    12 And(left, right);
    13 Or(left, right);
    14 Not(left);
    15 List(entries);
    16 Object(entries);
    17 Call(name, arguments);
    18 Reference(expression);
});
variants!(Comparator {
    0 Equal;
    1 NotEqual;
    2 Less;
    3 LessOrEqual;
    4 Greater;
    5 GreaterOrEqual;
});
