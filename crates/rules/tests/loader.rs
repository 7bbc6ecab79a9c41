//! What a rule's author is told: place, message, mend. Each case is a file and its first problem.

use proptest::prelude::*;
use rules::{FaultRow, FilterTarget, Key, Meaning, NoteState, Piece, Rules, Tree, Undo, Value};

/// Path, text, and what is said about it; no saying means that the file is fine.
type Case = (&'static str, &'static str, &'static str);

#[test]
fn mistakes_are_told_with_line_column_and_mend() {
    let cases: &[Case] = &[
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nanswer: {}\n",
            "",
        ),
        (
            "a/DeleteVolume.yaml",
            "",
            "1:1: the file is empty (begin with action:, view:, table: or gap:)",
        ),
        (
            "a/DeleteVolume.yaml",
            "- action: X\n",
            "1:1: an action is written as keys with values",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolum\n",
            "1:9: the file is named 'DeleteVolume' and holds 'DeleteVolum'",
        ),
        (
            "a/DeleteVolume.yaml",
            "about: x\n",
            "1:1: an action needs the key 'action'",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\naction: x\n",
            "2:1: the key 'action' stands here a second time",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nansver: {}\n",
            "2:1: an action has no key 'ansver' (did you mean 'answer'?)",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: &x DeleteVolume\n",
            "1:12: anchors are not used in rules",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nlet: { x: !a b }\n",
            "2:14: tags are not used in rules",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nlet: { x: *a }\n",
            "2:11: this is not YAML",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\n---\naction: x\n",
            "2:1: a rule file holds one document",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nlet: { ? [a] : b }\n",
            "2:10: a key is a text",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nabout: a: b\n",
            "2:9: this is not YAML",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nlet:\n  x: a == 1\n",
            "3:11: a number cannot stand here (numbers stand in backticks: `1`)",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nlet: { x: \"a.\\\"b\\\" == 1\" }\n",
            "2:23: a number cannot stand here",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nlet:\n  x: |\n    [a,\n     b == 1]\n",
            "5:11: a number cannot stand here",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nlet: { x: }\n",
            "2:9: a value is missing here",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nlet: { 1x: a }\n",
            "2:8: '1x' is no name",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls: { c: { request: GET compute servers } }\n",
            "2:36: a path begins with a slash",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls: { c: { request: FETCH compute /servers } }\n",
            "2:24: 'FETCH' is no method",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls: { c: { request: GET compute } }\n",
            "2:24: a request line has a method, a service type and a path",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls:\n  c: { request: 'GET compute /servers/{uuid(a' }\n",
            "3:39: this { is not closed",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls:\n  c: { request: GET compute /servers?x=1 }\n",
            "3:37: a path holds no query",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls:\n  c: { request: GET compute /servers, for: ids }\n",
            "3:44: 'for' is written 'name in list'",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls:\n  c: { request: GET compute /servers, for: \"a in x, a in y\" }\n",
            "3:53: the name 'a' is taken",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls:\n  c: { request: GET compute /servers, until: x }\n",
            "3:39: 'until' needs an end",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls:\n  c: { request: GET compute /servers, until: x, within: soon }\n",
            "3:57: 'soon' is no duration",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls:\n  c: { request: GET compute /servers, faults: { 40: fine } }\n",
            "3:49: '40' is no HTTP error status",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\ncalls:\n  c: { request: GET compute /servers, faults: { 409 *x*: fine } }\n",
            "3:49: '*x*' is no type of error",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nrefuse: { when: a }\n",
            "2:9: refuse is a list",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nrefuse: [ { when: a } ]\n",
            "2:11: a refusal needs the key 'error'",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\npaging: { over: \"a[]\", by: [ id ] }\n",
            "2:18: paging goes over a plain name",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nparameters: { A: { lossy: x, ignored: y } }\n",
            "2:39: a parameter has one state",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nparameters: { A: {} }\n",
            "2:18: the note names no state",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nanswer: { A: { item: a, view: B } }\n",
            "2:25: a block has an item or a view, not both",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nanswer: { A: { group: x in y, item: a } }\n",
            "2:14: a group needs the key 'by'",
        ),
        (
            "a/DeleteVolume.yaml",
            "action: DeleteVolume\nanswer: { A: { each: x in y, of: z, item: a } }\n",
            "2:30: 'of' stands beside 'view' only",
        ),
        (
            "a/V.view.yaml",
            "view: V\nof: a-b\nfields: {}\n",
            "2:5: 'a-b' is no name",
        ),
        (
            "a/t.table.yaml",
            "table: t\nrows: {}\n",
            "1:1: the table has no rows",
        ),
        (
            "gaps/g.yaml",
            "gap: g\ntitle: t\nservices: []\nwhat: w\ntoday: t\nwould-need: n\nupstream: []\naffects: [x]\n",
            "8:10: what a gap affects is computed",
        ),
        ("a/x.txt", "a: b\n", "1:1: a rule file ends in .yaml"),
    ];
    for (path, text, said) in cases {
        let (_, problems) = Rules::load([(*path, *text)]);
        let first = problems
            .first()
            .map(|problem| problem.to_string().replacen(&format!("{path}:"), "", 1))
            .unwrap_or_default();
        assert!(
            first.starts_with(said) && first.is_empty() == said.is_empty(),
            "{text}\nsaid: {first}\nmeant: {said}"
        );
    }
}

#[test]
fn everything_a_call_can_say_is_read() {
    let text = r#"
action: RunInstances
defaults: { MinCount: 1 }
calls:
  port:
    for: n in numbers(MaxCount), nic in f(a, [b, c])
    when: "!x"
    request: "PUT network /v2.0/ports/{uuid(nic.id)}/tags/{mark('a}', 'b')}"
    microversion: 2.90
    query: { a: [ "'x'", y ], "router:external": true }
    push: { status: { filter: "tag:*", as: "upper(value)", many: true } }
    body: { port: { os-stop: null, "*": merged, empty: {}, n: 1.5 } }
    gives: { id: reply.port.id }
    pages: ports[].port
    until: port.ok
    fails: port.bad
    within: 2 min
    follows: other
    reads: true
    hide: [ private_key ]
    undo: { for: rule in port, request: "DELETE network /v2.0/ports/{rule.id}" }
    faults:
      409: IncorrectState
      409 Other: nothing
      409 Other "*text*": { error: Code, message: "no {x}", gap: g }
      404 "*text*": fine
      400: not-found
"#;
    let (rules, problems) = Rules::load([("instance/RunInstances.yaml", text)]);
    assert_eq!(problems, []);
    let action = &rules.actions["RunInstances"];
    let call = &action.calls[0];
    assert_eq!(action.defaults[0].1, Value::from(1));
    assert_eq!(
        call.loops
            .iter()
            .map(|each| (each.name.as_str(), each.list.text.as_str()))
            .collect::<Vec<_>>(),
        [("n", "numbers(MaxCount)"), ("nic", "f(a, [b, c])")]
    );
    assert_eq!(
        (call.request.method.as_str(), call.request.service.as_str()),
        ("PUT", "network")
    );
    let pieces: Vec<String> = call
        .request
        .path
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Expression(expression) => {
                format!("<{}@{}>", expression.text, expression.at.column)
            }
        })
        .collect();
    assert_eq!(
        pieces,
        [
            "/v2.0/ports/",
            "<uuid(nic.id)@40>",
            "/tags/",
            "<mark('a}', 'b')@60>"
        ]
    );
    assert_eq!(call.request.microversion.as_deref(), Some("2.90"));
    assert_eq!(call.within, Some(120));
    assert!(call.reads && call.is_read() && call.push[0].many);
    let Some(Tree::Object(body, _)) = &call.request.body else {
        panic!("no body")
    };
    let Tree::Object(port, _) = &body[0].1 else {
        panic!("no port")
    };
    assert!(
        matches!(&port[0], (Key::Name(name), Tree::Constant(Value::Null, _)) if name == "os-stop")
    );
    assert!(matches!(&port[1], (Key::Merge, Tree::Expression(_))));
    assert!(matches!(&port[2].1, Tree::Object(members, _) if members.is_empty()));
    assert!(matches!(&port[3].1, Tree::Constant(number, _) if number.as_f64() == Some(1.5)));
    let Some(Undo::Request { loops, .. }) = &call.undo else {
        panic!("no undo")
    };
    assert_eq!(loops.len(), 1);
    let order: Vec<(Option<u16>, Option<&str>, bool)> = call
        .faults
        .iter()
        .map(|row: &FaultRow| (row.status, row.kind.as_deref(), row.pattern.is_some()))
        .collect();
    assert_eq!(
        order,
        [
            (Some(409), Some("Other"), true),
            (Some(404), None, true),
            (Some(409), Some("Other"), false),
            (Some(409), None, false),
            (Some(400), None, false),
        ]
    );
    assert!(
        matches!(&call.faults[0].meaning, Meaning::Error { code, message: Some(_), gap: Some(_) } if code == "Code")
    );
    assert_eq!(call.faults[1].meaning, Meaning::Fine);
    assert_eq!(call.faults[2].meaning, Meaning::Nothing);
    assert_eq!(call.faults[4].meaning, Meaning::NotFound);
}

#[test]
fn a_gap_without_a_sentence_is_told_by_its_title() {
    let (rules, problems) = Rules::load([
        (
            "gaps/g.yaml",
            "gap: g\ntitle: No such thing\nservices: [nova]\nwhat: w\ntoday: t\nwould-need: n\nupstream: []\n",
        ),
        (
            "a/RunInstances.yaml",
            "action: RunInstances\nparameters: { A: { gap: g }, B: { gap: g, reason: Own words }, C: { lossy: Less, gap: g } }\nfilters: { f: { gap: g }, h: State.Name }\n",
        ),
        (
            "actions.yaml",
            "families: [ { family: F, verdict: gap, gap: g, actions: [ AcceptAddressTransfer ] } ]\n",
        ),
    ]);
    assert_eq!(problems, []);
    let action = &rules.actions["RunInstances"];
    let notes: Vec<_> = action
        .parameters
        .iter()
        .map(|note| (note.state, note.reason.as_str()))
        .collect();
    assert_eq!(
        notes,
        [
            (NoteState::Gap, "No such thing"),
            (NoteState::Gap, "Own words"),
            (NoteState::Lossy, "Less")
        ]
    );
    assert!(
        matches!(&action.filters[0].target, FilterTarget::Note { reason, .. } if reason == "No such thing")
    );
    assert!(
        matches!(&action.filters[1].target, FilterTarget::Path(path) if path.text == "State.Name")
    );
    assert_eq!(
        rules.further["AcceptAddressTransfer"].reason,
        "No such thing"
    );
}

#[test]
fn an_object_with_a_member_of_a_blocks_name_stays_an_object() {
    let (rules, problems) = Rules::load([(
        "a/RunInstances.yaml",
        "action: RunInstances\nlet:\n  a: { when: x, name: y }\n  b: { view: x, other: y }\n  c: { each: x in y, item: x }\n",
    )]);
    assert_eq!(problems, []);
    let lets = &rules.actions["RunInstances"].lets;
    assert!(matches!(lets[0].value, Tree::Object(..)));
    assert!(matches!(lets[1].value, Tree::Object(..)));
    assert!(matches!(lets[2].value, Tree::Block(..)));
}

#[test]
fn size_and_depth_are_bounded() {
    for text in [
        "a: ".to_owned() + &"[".repeat(300) + &"]".repeat(300),
        "action: ".to_owned() + &"x".repeat(300 * 1024),
        "- ".repeat(300) + "x",
        "{".repeat(100_000),
        "[x,".repeat(60_000),
    ] {
        let (_, problems) = Rules::load([("a/RunInstances.yaml", text)]);
        assert!(!problems.is_empty());
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_loader_panic(text in ".{0,400}") {
        for path in ["a/A.yaml", "a/A.view.yaml", "a/a.table.yaml", "kinds.table.yaml", "faults.table.yaml", "actions.yaml", "gaps/a.yaml"] {
            let (rules, _) = Rules::load([(path, text.as_str())]);
            rules::lint(&rules);
        }
    }

    #[test]
    fn no_rule_like_text_makes_the_loader_panic(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "action: DescribeInstances\n", "calls:\n", "  c: { request: GET compute /servers/{uuid(InstanceIds[0])} }\n",
                "let:\n", "  a: b\n", "  b: a\n", "  x: \"a && c\"\n", "answer:\n", "  Reservations: [ { each: r in c, view: V } ]\n",
                "  Reservations: { group: r in c, by: r, item: { Instances: group } }\n", "view: V\n", "of: v\n", "fields:\n",
                "filters: { instance-id: \"Reservations[].x\" }\n", "paging: { over: a, by: [ id ] }\n", "table: t\n", "rows:\n",
                "  a: { b: c }\n", "refuse:\n", "  - { when: \"!c\", error: E, message: \"{a}\" }\n", "already: { when: c, use: { a: c } }\n",
                "  d: { request: POST compute /servers, body: { a: d.b }, for: \"i in a, j in i\", gives: d }\n", "parameters:\n",
                "  Filters: { gap: g }\n", "{", "}", "\n", ": ", "\"", "'", "- ", "\t", "&a ", "*a ", "!t ", "#", "|\n", "é",
            ]),
            0..24,
        )
    ) {
        let text = parts.concat();
        for path in ["a/DescribeInstances.yaml", "a/V.view.yaml", "a/t.table.yaml"] {
            let view = "view: V\nof: v\nlet: { a: v.id }\nfields: { Instances: [ { each: i in v, view: V } ] }\n";
            let (rules, _) = Rules::load([(path, text.as_str()), ("b/V.view.yaml", view)]);
            rules::lint(&rules);
        }
    }
}
