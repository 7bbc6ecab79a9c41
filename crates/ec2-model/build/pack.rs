//! The facts as columns of fixed-size little-endian records, and one string pool; laid out to compress well.
//!
//! The pool holds names of shapes, names of actions, names of members, enum values and filters, one after the other: shape 7
//! is named by string 7, and so on. Names of members are ordered without regard to case, so that `instanceId` follows
//! `InstanceId`: a wire name is stored as the distance from the member's name, nearly always 1.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::facts::{Facts, Member, Shape};

pub struct Packed {
    pub pool: String,
    pub table: Vec<u8>,
    pub layout: String,
}

const KINDS: [&str; 11] = [
    "structure",
    "list",
    "map",
    "string",
    "integer",
    "long",
    "float",
    "double",
    "boolean",
    "timestamp",
    "blob",
];

/// A bit of a shape's kind; the flags after it are of members.
const SENSITIVE: u8 = 0x10;
const REQUIRED: u8 = 1;
const TOKEN: u8 = 2;
/// The query name is in the side table.
const QUERY_ASIDE: u8 = 4;
/// The wire name is the query name: requests only.
const REQUEST_ONLY: u8 = 8;
/// Records that share one entry of a column of offsets.
const STRIDE: usize = 32;

#[derive(Default)]
struct Table {
    bytes: Vec<u8>,
    layout: String,
}

impl Table {
    fn bytes(&mut self, name: &str, column: &[u8]) {
        let (start, length) = (self.bytes.len(), column.len());
        let value = format!("Column {{ start: {start}, length: {length} }}");
        self.constant(name, "Column", value);
        self.bytes.extend_from_slice(column);
    }

    fn numbers(&mut self, name: &str, column: &[usize]) {
        let bytes: Vec<u8> = column
            .iter()
            .flat_map(|number| narrow(*number).to_le_bytes())
            .collect();
        self.bytes(name, &bytes);
    }

    /// Lengths of consecutive things, and where every [`STRIDE`]th starts.
    fn lengths(&mut self, lengths: &str, starts: &str, column: impl Iterator<Item = usize>) {
        let (mut at, mut offset) = (0, 0_u32);
        let (mut short, mut offsets) = (Vec::new(), Vec::new());
        for length in column {
            if at % STRIDE == 0 {
                offsets.extend_from_slice(&offset.to_le_bytes());
            }
            let length = u8::try_from(length).expect("lengths fit a byte");
            short.push(length);
            offset += u32::from(length);
            at += 1;
        }
        self.bytes(lengths, &short);
        self.bytes(starts, &offsets);
    }

    fn constant(&mut self, name: &str, kind: &str, value: impl std::fmt::Display) {
        writeln!(self.layout, "pub(crate) const {name}: {kind} = {value};")
            .expect("writing to text");
    }
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).expect("numbers fit 16 bits")
}

/// Strings and shapes by number.
struct Numbers<'a> {
    shapes: BTreeMap<&'a str, usize>,
    names: BTreeMap<String, usize>,
}

pub fn pack(facts: &Facts<'_>) -> Packed {
    let mut table = Table::default();
    let mut shapes: Vec<(&str, &Shape<'_>)> = facts
        .shapes
        .iter()
        .map(|(name, shape)| (*name, shape))
        .collect();
    // Structures, lists, enums, the rest: each has its own columns. The empty structure stays first.
    let rank = |shape: &Shape<'_>| match shape.kind {
        "structure" => 0,
        "list" => 1,
        _ if !shape.values.is_empty() => 2,
        _ => 3,
    };
    shapes.sort_by_key(|(name, shape)| (rank(shape), *name));
    let first = |wanted: usize| shapes.partition_point(|(_, shape)| rank(shape) < wanted);
    let groups = [first(1), first(2), first(3)];
    for (name, number) in ["FIRST_LIST", "FIRST_ENUM", "FIRST_PLAIN"]
        .into_iter()
        .zip(groups)
    {
        table.constant(name, "u16", number);
    }

    let mut pool: Vec<String> = shapes.iter().map(|(name, _)| (*name).to_owned()).collect();
    table.constant("FIRST_ACTION", "u16", pool.len());
    pool.extend(facts.actions.iter().map(|action| action.name.to_owned()));
    let mut numbers = Numbers {
        shapes: shapes
            .iter()
            .enumerate()
            .map(|(number, (name, _))| (*name, number))
            .collect(),
        names: BTreeMap::new(),
    };
    for (_, name) in member_names(facts) {
        numbers.names.insert(name.clone(), pool.len());
        pool.push(name);
    }
    table.constant("FIRST_VALUE", "u16", pool.len());
    pool.extend(
        shapes
            .iter()
            .flat_map(|(_, shape)| &shape.values)
            .map(|value| (*value).to_owned()),
    );
    table.constant("FIRST_FILTER", "u16", pool.len());
    pool.extend(
        facts
            .actions
            .iter()
            .flat_map(|action| &action.filters)
            .map(|filter| (*filter).to_owned()),
    );
    narrow(pool.len());

    table.lengths("LENGTHS", "OFFSETS", pool.iter().map(String::len));
    let kind = |shape: &Shape<'_>| {
        let kind = KINDS
            .iter()
            .position(|kind| *kind == shape.kind)
            .expect("a known kind");
        kind as u8 | if shape.sensitive { SENSITIVE } else { 0 }
    };
    table.bytes(
        "SHAPE_KINDS",
        &shapes
            .iter()
            .map(|(_, shape)| kind(shape))
            .collect::<Vec<u8>>(),
    );
    pack_members(&mut table, &shapes, &numbers);
    let items: Vec<_> = shapes.iter().filter_map(|(_, shape)| shape.item).collect();
    assert_eq!(items.len(), groups[1] - groups[0], "every list has items");
    table.numbers(
        "ITEM_SHAPES",
        &items
            .iter()
            .map(|(item, _)| numbers.shapes[item])
            .collect::<Vec<_>>(),
    );
    table.numbers(
        "ITEM_NAMES",
        &items
            .iter()
            .map(|(_, element)| numbers.names[*element])
            .collect::<Vec<_>>(),
    );
    let enums = shapes.get(groups[1]..groups[2]).unwrap_or_default();
    table.numbers(
        "VALUE_STARTS",
        &starts(enums.iter().map(|(_, shape)| shape.values.len())),
    );
    pack_actions(&mut table, facts, &numbers);

    table.constant("SOURCE", "&str", format!("{:?}", facts.source));
    for (name, value) in [
        ("SENSITIVE", SENSITIVE),
        ("REQUIRED", REQUIRED),
        ("TOKEN", TOKEN),
        ("QUERY_ASIDE", QUERY_ASIDE),
        ("REQUEST_ONLY", REQUEST_ONLY),
    ] {
        table.constant(name, "u8", value);
    }
    table.constant("STRIDE", "usize", STRIDE);
    Packed {
        pool: pool.concat(),
        table: table.bytes,
        layout: table.layout,
    }
}

fn pack_members(table: &mut Table, shapes: &[(&str, &Shape<'_>)], numbers: &Numbers<'_>) {
    let (mut names, mut targets, mut flags, mut wires) = (vec![], vec![], vec![], vec![]);
    let (mut aside_members, mut aside_names) = (vec![], vec![]);
    for (_, shape) in shapes {
        for member in &shape.members {
            let (mut marks, wire, query) = wire_names(shape, member);
            marks |=
                if member.required { REQUIRED } else { 0 } | if member.token { TOKEN } else { 0 };
            if let Some(query) = query {
                marks |= QUERY_ASIDE;
                aside_members.push(names.len());
                aside_names.push(numbers.names[&query]);
            }
            let own = numbers.names[member.name];
            names.push(own);
            targets.push(numbers.shapes[member.shape]);
            flags.push(marks);
            // Wraps at 16 bits; the reader adds with wrapping too.
            wires.push((numbers.names[&wire] + 0x1_0000 - own) & 0xFFFF);
        }
    }
    let structures = shapes.iter().filter(|(_, shape)| shape.kind == "structure");
    table.lengths(
        "MEMBER_COUNTS",
        "MEMBER_STARTS",
        structures.map(|(_, shape)| shape.members.len()),
    );
    table.numbers("MEMBER_NAMES", &names);
    table.numbers("MEMBER_SHAPES", &targets);
    table.bytes("MEMBER_FLAGS", &flags);
    table.numbers("MEMBER_WIRES", &wires);
    table.numbers("ASIDE_MEMBERS", &aside_members);
    table.numbers("ASIDE_NAMES", &aside_names);
}

fn pack_actions(table: &mut Table, facts: &Facts<'_>, numbers: &Numbers<'_>) {
    let shapes = |names: Vec<&str>| {
        names
            .into_iter()
            .map(|name| numbers.shapes[name])
            .collect::<Vec<_>>()
    };
    table.numbers(
        "ACTION_INPUTS",
        &shapes(facts.actions.iter().map(|action| action.input).collect()),
    );
    table.numbers(
        "ACTION_OUTPUTS",
        &shapes(facts.actions.iter().map(|action| action.output).collect()),
    );
    table.numbers(
        "FILTER_STARTS",
        &starts(facts.actions.iter().map(|action| action.filters.len())),
    );
    let pages = || {
        facts
            .actions
            .iter()
            .map(|action| action.page.as_deref().unwrap_or_default())
    };
    table.numbers("PAGE_STARTS", &starts(pages().map(<[&str]>::len)));
    table.numbers(
        "PAGES",
        &pages()
            .flatten()
            .map(|key| numbers.names[page_key(key)])
            .collect::<Vec<_>>(),
    );
}

/// Where each of consecutive things starts, and where the last one ends.
fn starts(lengths: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = vec![0];
    for length in lengths {
        starts.push(starts.last().copied().unwrap_or_default() + length);
    }
    starts
}

/// `-` stands for no key.
fn page_key(key: &str) -> &str {
    if key == "-" { "" } else { key }
}

/// Flags, the wire name, and the query name where it is neither the wire name nor the member's.
fn wire_names(shape: &Shape<'_>, member: &Member<'_>) -> (u8, String, Option<String>) {
    let capital = |text: &String| text[..1].to_ascii_uppercase() + &text[1..];
    let xml = member
        .location
        .clone()
        .unwrap_or_else(|| member.name.to_owned());
    let query = member
        .query
        .map(str::to_owned)
        .or_else(|| member.location.as_ref().map(capital))
        .unwrap_or_else(|| member.name.to_owned());
    match (shape.in_requests, shape.in_responses) {
        (true, false) => (REQUEST_ONLY, query, None),
        (false, _) => (0, xml, None),
        (true, true) => (0, xml, (query != member.name).then_some(query)),
    }
}

/// Every name that a member, its elements or a page has, in the order of the pool.
fn member_names(facts: &Facts<'_>) -> BTreeSet<(String, String)> {
    let mut names = vec![String::new()];
    for shape in facts.shapes.values() {
        names.extend(shape.item.map(|(_, element)| element.to_owned()));
        for member in &shape.members {
            let (_, wire, query) = wire_names(shape, member);
            names.extend([member.name.to_owned(), wire]);
            names.extend(query);
        }
    }
    let keys = facts
        .actions
        .iter()
        .flat_map(|action| action.page.iter().flatten());
    names.extend(keys.map(|key| page_key(key).to_owned()));
    names
        .into_iter()
        .map(|name| (name.to_ascii_lowercase(), name))
        .collect()
}
