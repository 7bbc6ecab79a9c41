//! What the names in an expression mean, and what its author is told when it does not compile.

use rules::{At, Comparator, Expression, Node};

fn name(name: &str) -> Node {
    Node::Name(name.into())
}

fn of(left: Node, member: &str) -> Node {
    Node::Member(Box::new(left), member.into())
}

fn own(member: &str) -> Node {
    of(Node::Current, member)
}

fn text(text: &str) -> Node {
    Node::Literal(text.into())
}

#[test]
fn names_of_the_scope_and_members_of_values_are_told_apart() {
    let boxed = |node: Node| Box::new(node);
    for (written, tree) in [
        ("InstanceId", name("InstanceId")),
        ("@", Node::Current),
        ("@.InstanceId", own("InstanceId")),
        ("server.id", of(name("server"), "id")),
        ("server.flavor.id", of(of(name("server"), "flavor"), "id")),
        (
            "server.\"OS-EXT-AZ:zone\"",
            of(name("server"), "OS-EXT-AZ:zone"),
        ),
        (
            "ports[0].id",
            of(Node::Index(boxed(name("ports")), 0), "id"),
        ),
        ("a.b[-1]", Node::Index(boxed(of(name("a"), "b")), -1)),
        (
            "'x' == name",
            Node::Compare(Comparator::Equal, boxed(text("x")), boxed(name("name"))),
        ),
        (
            "find(ports, 'id', x)",
            Node::Call("find".into(), vec![name("ports"), text("id"), name("x")]),
        ),
        (
            "ports[].id",
            Node::Project(boxed(Node::Flatten(boxed(name("ports")))), boxed(own("id"))),
        ),
        (
            "ports[*].id",
            Node::Project(boxed(name("ports")), boxed(own("id"))),
        ),
        (
            "tags.*",
            Node::Project(
                boxed(Node::Values(boxed(name("tags")))),
                boxed(Node::Current),
            ),
        ),
        (
            "deleted[?status == 'DELETED'].id",
            Node::Filter(
                boxed(name("deleted")),
                boxed(Node::Compare(
                    Comparator::Equal,
                    boxed(own("status")),
                    boxed(text("DELETED")),
                )),
                boxed(own("id")),
            ),
        ),
        (
            "nics[1:3]",
            Node::Project(
                boxed(Node::Slice(boxed(name("nics")), Some(1), Some(3), 1)),
                boxed(Node::Current),
            ),
        ),
        ("ids | [0]", Node::Index(boxed(name("ids")), 0)),
        ("[a, b]", Node::List(vec![name("a"), name("b")])),
        ("{x: a}", Node::Object(vec![("x".into(), name("a"))])),
        (
            "server.{x: a}",
            Node::Then(
                boxed(name("server")),
                boxed(Node::Object(vec![("x".into(), own("a"))])),
            ),
        ),
        (
            "list | length(@)",
            Node::Then(
                boxed(name("list")),
                boxed(Node::Call("length".into(), vec![Node::Current])),
            ),
        ),
        (
            "sort_by(nics, &not_null(index, other))",
            Node::Call(
                "sort_by".into(),
                vec![
                    name("nics"),
                    Node::Reference(boxed(Node::Call(
                        "not_null".into(),
                        vec![own("index"), own("other")],
                    ))),
                ],
            ),
        ),
        ("!a && b || c", {
            let and = Node::And(boxed(Node::Not(boxed(name("a")))), boxed(name("b")));
            Node::Or(boxed(and), boxed(name("c")))
        }),
        (
            "`{\"a\": [1, 2.5, null]}`",
            Node::Literal(serde_json::json!({"a": [1, 2.5, null]})),
        ),
        (
            "`9007199254740993`",
            Node::Literal(9_007_199_254_740_993_i64.into()),
        ),
    ] {
        let compiled = Expression::parse(written, At::default())
            .unwrap_or_else(|problem| panic!("{written}: {problem}"));
        assert_eq!(compiled.root, tree, "{written}");
    }
}

#[test]
fn over_a_value_plain_names_are_members() {
    for (written, tree) in [
        ("servers", own("servers")),
        (
            "keypairs[].keypair",
            Node::Project(
                Box::new(Node::Flatten(Box::new(own("keypairs")))),
                Box::new(own("keypair")),
            ),
        ),
        ("State.Name", of(own("State"), "Name")),
    ] {
        assert_eq!(
            Expression::parse_over_value(written, At::default())
                .unwrap()
                .root,
            tree,
            "{written}"
        );
    }
}

#[test]
fn a_mistake_is_told_with_its_column_and_its_mend() {
    for (written, column, message, mend) in [
        (
            "server.OS-EXT-STS:vm_state",
            10,
            "'-' cannot stand here",
            "are quoted: server.\"OS-EXT-STS:vm_state\"",
        ),
        ("server.os:x", 10, "':' cannot stand here", "are quoted"),
        (
            "length(a) > 1",
            13,
            "a number cannot stand here",
            "numbers stand in backticks: `1`",
        ),
        ("a = 'b'", 3, "'=' compares nothing", "write =="),
        ("a == `foo`", 6, "backticks hold JSON", "single quotes"),
        ("a + b", 3, "'+' cannot stand here", "no arithmetic"),
        ("find(a, 'id", 9, "' is not closed", ""),
        ("find(a,", 8, "ends too early", ""),
        ("a b", 3, "should end before 'b'", "single quotes"),
        ("", 1, "an expression is expected", "\"''\""),
        ("a[::0]", 6, "step", ""),
        ("é", 1, "cannot stand here", "ASCII"),
    ] {
        let at = At {
            file: "x.yaml".into(),
            line: 1,
            column: 1,
        };
        let problem = Expression::parse(written, at).expect_err(written);
        assert!(problem.message.contains(message), "{written}: {problem}");
        assert!(
            problem.mend.clone().unwrap_or_default().contains(mend),
            "{written}: {problem}"
        );
        assert_eq!(problem.at.column, column, "{written}: {problem}");
    }
}

#[test]
fn what_would_overflow_the_parser_is_refused_before_it_runs() {
    for written in [
        "(".repeat(4000),
        "!".repeat(4000),
        "&".repeat(4000),
        "a.".repeat(2000) + "a",
        "[*]".repeat(1000),
        "x".repeat(5000),
    ] {
        assert!(Expression::parse(&written, At::default()).is_err());
    }
    let deep = "(".repeat(31) + "a" + &")".repeat(31);
    assert_eq!(
        Expression::parse(&deep, At::default()).unwrap().root,
        name("a")
    );
}
