//! The facts as fixed-size little-endian columns of string and record numbers, and one string pool.
//!
//! Strings are ordered without regard to case, so that `instanceId` follows `InstanceId`: the wire name of a member is stored
//! as the distance from its name, nearly always 1, which compresses to next to nothing.

use std::collections::BTreeMap;
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
const SENSITIVE: u8 = 0x10;
const REQUIRED: u8 = 1;
const TOKEN: u8 = 2;
/// The query name is in the side table.
const QUERY_ASIDE: u8 = 4;
/// The wire name is the query name: requests only.
const REQUEST_ONLY: u8 = 8;
/// The wire name is the XML name: responses only.
const RESPONSE_ONLY: u8 = 16;
/// Strings per entry of the offset column.
const STRIDE: usize = 16;

struct Table {
    bytes: Vec<u8>,
    layout: String,
}

impl Table {
    fn bytes(&mut self, name: &str, column: &[u8]) {
        let (start, length) = (self.bytes.len(), column.len());
        writeln!(
            self.layout,
            "pub(crate) const {name}: Column = Column {{ start: {start}, length: {length} }};"
        )
        .expect("writing to text");
        self.bytes.extend_from_slice(column);
    }

    fn numbers(&mut self, name: &str, column: &[usize]) {
        let narrow = |number: &usize| {
            u16::try_from(*number)
                .expect("numbers fit 16 bits")
                .to_le_bytes()
        };
        let bytes: Vec<u8> = column.iter().flat_map(narrow).collect();
        self.bytes(name, &bytes);
    }
}

pub fn pack(facts: &Facts<'_>) -> Packed {
    let strings = collect(facts);
    let id = |text: &str| {
        strings
            .binary_search_by(|known| order(known, text))
            .expect("every string is collected")
    };
    let shape_numbers: BTreeMap<&str, usize> = facts
        .shapes
        .keys()
        .enumerate()
        .map(|(number, name)| (*name, number))
        .collect();

    let mut table = Table {
        bytes: Vec::new(),
        layout: String::new(),
    };
    let pool: String = strings.concat();
    let lengths: Vec<u8> = strings
        .iter()
        .map(|text| u8::try_from(text.len()).expect("strings are short"))
        .collect();
    let mut offset = 0_u32;
    let mut offsets = Vec::new();
    for (at, text) in strings.iter().enumerate() {
        if at % STRIDE == 0 {
            offsets.extend_from_slice(&offset.to_le_bytes());
        }
        offset += u32::try_from(text.len()).expect("strings are short");
    }
    table.bytes("LENGTHS", &lengths);
    table.bytes("OFFSETS", &offsets);

    let (mut names, mut kinds, mut starts, mut counts) = (vec![], vec![], vec![], vec![]);
    let (mut member_names, mut member_shapes, mut member_flags, mut member_wires) =
        (vec![], vec![], vec![], vec![]);
    let (mut aside_members, mut aside_names, mut values) = (vec![], vec![], vec![]);
    for (name, shape) in &facts.shapes {
        names.push(id(name));
        let kind = KINDS
            .iter()
            .position(|kind| *kind == shape.kind)
            .expect("a known kind");
        kinds.push(kind as u8 | if shape.sensitive { SENSITIVE } else { 0 });
        if let Some((item, element)) = shape.item {
            starts.push(shape_numbers[item]);
            counts.push(id(element));
        } else if shape.kind == "structure" {
            starts.push(member_names.len());
            counts.push(shape.members.len());
        } else {
            starts.push(values.len());
            counts.push(shape.values.len());
        }
        values.extend(shape.values.iter().map(|value| id(value)));
        for member in &shape.members {
            let (mut flags, wire, query) = wires(shape, member);
            flags |=
                if member.required { REQUIRED } else { 0 } | if member.token { TOKEN } else { 0 };
            if let Some(query) = query {
                flags |= QUERY_ASIDE;
                aside_members.push(member_names.len());
                aside_names.push(id(&query));
            }
            let own = id(member.name);
            member_names.push(own);
            member_shapes.push(shape_numbers[member.shape]);
            member_flags.push(flags);
            // Wraps at 16 bits; the reader adds with wrapping too.
            member_wires.push((id(&wire) + 0x1_0000 - own) & 0xFFFF);
        }
    }
    table.numbers("SHAPE_NAMES", &names);
    table.bytes("SHAPE_KINDS", &kinds);
    table.numbers("SHAPE_STARTS", &starts);
    table.numbers("SHAPE_COUNTS", &counts);
    table.numbers("MEMBER_NAMES", &member_names);
    table.numbers("MEMBER_SHAPES", &member_shapes);
    table.bytes("MEMBER_FLAGS", &member_flags);
    table.numbers("MEMBER_WIRES", &member_wires);
    table.numbers("ASIDE_MEMBERS", &aside_members);
    table.numbers("ASIDE_NAMES", &aside_names);
    table.numbers("ENUM_VALUES", &values);
    actions(facts, &mut table, &id, &shape_numbers);

    let mut layout = table.layout;
    writeln!(
        layout,
        "pub(crate) const SOURCE: &str = {:?};",
        facts.source
    )
    .expect("writing to text");
    for (name, value) in [
        ("SENSITIVE", SENSITIVE),
        ("REQUIRED", REQUIRED),
        ("TOKEN", TOKEN),
        ("QUERY_ASIDE", QUERY_ASIDE),
        ("REQUEST_ONLY", REQUEST_ONLY),
        ("RESPONSE_ONLY", RESPONSE_ONLY),
    ] {
        writeln!(layout, "pub(crate) const {name}: u8 = {value};").expect("writing to text");
    }
    writeln!(layout, "pub(crate) const STRIDE: usize = {STRIDE};").expect("writing to text");
    Packed {
        pool,
        table: table.bytes,
        layout,
    }
}

fn actions(
    facts: &Facts<'_>,
    table: &mut Table,
    id: &dyn Fn(&str) -> usize,
    shapes: &BTreeMap<&str, usize>,
) {
    let (mut names, mut inputs, mut outputs, mut pages, mut filter_ends) =
        (vec![], vec![], vec![], vec![], vec![]);
    let (mut page_records, mut filters) = (vec![], vec![]);
    for action in &facts.actions {
        names.push(id(action.name));
        inputs.push(shapes[action.input]);
        outputs.push(shapes[action.output]);
        pages.push(page_records.len());
        if let Some([input, output, limit, results @ ..]) = action.page.as_deref() {
            let limit = if *limit == "-" { "" } else { limit };
            page_records.extend([input, output, &limit].map(|key| id(key)));
            page_records.extend(results.iter().map(|key| id(key)));
        }
        filters.extend(action.filters.iter().map(|filter| id(filter)));
        filter_ends.push(filters.len());
    }
    pages.push(page_records.len());
    table.numbers("ACTION_NAMES", &names);
    table.numbers("ACTION_INPUTS", &inputs);
    table.numbers("ACTION_OUTPUTS", &outputs);
    table.numbers("ACTION_PAGES", &pages);
    table.numbers("ACTION_FILTER_ENDS", &filter_ends);
    table.numbers("PAGES", &page_records);
    table.numbers("FILTERS", &filters);
}

/// Flags, the wire name, and the query name where it is neither the wire name nor the member's.
fn wires(shape: &Shape<'_>, member: &Member<'_>) -> (u8, String, Option<String>) {
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
        (false, _) => (RESPONSE_ONLY, xml, None),
        (true, true) => (0, xml, (query != member.name).then_some(query)),
    }
}

fn order(a: &str, b: &str) -> std::cmp::Ordering {
    a.to_ascii_lowercase()
        .cmp(&b.to_ascii_lowercase())
        .then_with(|| a.cmp(b))
}

fn collect(facts: &Facts<'_>) -> Vec<String> {
    let mut strings: Vec<String> = vec![String::new()];
    for (name, shape) in &facts.shapes {
        strings.push((*name).to_owned());
        strings.extend(shape.item.map(|(_, element)| element.to_owned()));
        strings.extend(shape.values.iter().map(|value| (*value).to_owned()));
        for member in &shape.members {
            let (_, wire, query) = wires(shape, member);
            strings.extend([member.name.to_owned(), wire]);
            strings.extend(query);
        }
    }
    for action in &facts.actions {
        strings.push(action.name.to_owned());
        strings.extend(action.filters.iter().map(|filter| (*filter).to_owned()));
        strings.extend(
            action
                .page
                .iter()
                .flatten()
                .filter(|key| **key != "-")
                .map(|key| (*key).to_owned()),
        );
    }
    strings.sort_by(|a, b| order(a, b));
    strings.dedup();
    strings
}
