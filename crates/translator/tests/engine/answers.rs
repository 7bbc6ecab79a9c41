//! The answer: filters, pages, provenance, and what becomes of every parameter.

use crate::support::{UUID, engine, json, run};
use translator::trace::{LedgerState, Place};
use translator::{Context, Fidelity};

const DESCRIBE: &str = "\
action: DescribeVolumes
calls:
  volumes:
    request: GET block-storage /volumes/detail
    push: { status: { filter: status }, metadata: { filter: 'tag:*', as: 'tag_metadata([{Key: key, Value: value}])' } }
    pages: volumes
let: { chosen: \"if(VolumeIds, where(volumes, 'id', uuid(VolumeIds)), volumes)\" }
refuse:
  - { when: 'except(VolumeIds, ec2_id(`\"vol\"`, volumes[].id))', error: InvalidVolume.NotFound, message: 'No {VolumeIds[0]}' }
paging: { over: chosen, by: [ created_at, id ] }
answer:
  Volumes: [ { each: volume in chosen, view: Volume } ]
";

const VIEW: &str = "\
view: Volume
of: volume
fields:
  VolumeId: ec2_id('vol', volume.id)
  Size: volume.size
  State: volume.status
  CreateTime: volume.created_at
  Tags: tags(volume)
filters:
  volume-id: VolumeId
  size: Size
  status: State
  create-time: CreateTime
  fast-restored: { gap: fast-restore }
  encrypted: { refused: It cannot be seen. }
";

const GAP: &str = "\
gap: fast-restore
title: Cinder has no fast restore
services: [cinder]
what: EC2 has it.
today: Nothing.
would-need: A driver.
upstream: []
affects: computed
";

fn files() -> [(&'static str, &'static str); 3] {
    [
        ("volume/DescribeVolumes.yaml", DESCRIBE),
        ("volume/Volume.view.yaml", VIEW),
        ("volume/gaps/fast-restore.yaml", GAP),
    ]
}

fn volumes(count: usize) -> String {
    let items: Vec<String> = (0..count)
        .map(|n| {
            format!(
                "{{\"id\": \"00000000-0000-4000-8000-{n:012x}\", \"size\": {}, \"status\": \"{}\", \"created_at\": \"2026-01-01T00:00:{:02}.000000\", \"metadata\": {{\"ec2:tag:Name\": \"disk-{n}\"}}}}",
                n % 3 + 1,
                if n % 2 == 0 { "available" } else { "in-use" },
                n % 60,
            )
        })
        .collect();
    format!("{{\"volumes\": [{}]}}", items.join(", "))
}

fn ids(xml: &str) -> Vec<usize> {
    xml.split("<volumeId>")
        .skip(1)
        .filter_map(|rest| usize::from_str_radix(rest.split('<').next()?.get(28..)?, 16).ok())
        .collect()
}

#[test]
fn filters_choose_among_the_finished_items() {
    let engine = engine(&files());
    let cases: &[(&str, &[usize], &str)] = &[
        ("", &[0, 1, 2, 3, 4, 5], ""),
        (
            "&Filter.1.Name=status&Filter.1.Value.1=available",
            &[0, 2, 4],
            "?status=available",
        ),
        (
            "&Filter.1.Name=status&Filter.1.Value.1=avail*",
            &[0, 2, 4],
            "",
        ),
        (
            "&Filter.1.Name=size&Filter.1.Value.1=1&Filter.1.Value.2=2",
            &[0, 1, 3, 4],
            "",
        ),
        (
            "&Filter.1.Name=size&Filter.1.Value.1=1&Filter.2.Name=status&Filter.2.Value.1=in-use",
            &[3],
            "?status=in-use",
        ),
        (
            "&Filter.1.Name=tag:Name&Filter.1.Value.1=disk-3",
            &[3],
            "?metadata={\"ec2:tag:Name\":\"disk-3\"}",
        ),
        (
            "&Filter.1.Name=tag-key&Filter.1.Value.1=Na?e",
            &[0, 1, 2, 3, 4, 5],
            "",
        ),
        (
            "&Filter.1.Name=create-time&Filter.1.Value.1=2026-01-01T00:00:02.000Z",
            &[2],
            "",
        ),
        (
            "&Filter.1.Name=fast-restored&Filter.1.Value.1=true",
            &[],
            "",
        ),
    ];
    for (filters, expected, query) in cases {
        let run = run(
            &engine,
            &format!("Action=DescribeVolumes{filters}"),
            Context::default(),
            |_| json(200, &volumes(6)),
        );
        assert_eq!(
            ids(&run.outcome.xml),
            *expected,
            "{filters}: {}",
            run.outcome.xml
        );
        assert_eq!(
            run.story,
            format!("1 read Get /volumes/detail{query}"),
            "{filters}"
        );
    }
}

#[test]
fn filters_that_nobody_has_are_refused_before_any_call() {
    let engine = engine(&files());
    for (name, said) in [
        ("statu", "did you mean 'status'?"),
        ("encrypted", "cannot be honoured: It cannot be seen."),
    ] {
        let query = format!("Action=DescribeVolumes&Filter.1.Name={name}&Filter.1.Value.1=x");
        let run = run(&engine, &query, Context::default(), |_| json(500, ""));
        let error = run.outcome.error.expect("an error");
        assert_eq!(error.code, "InvalidParameterValue");
        assert!(error.message.contains(said), "{}", error.message);
        assert_eq!(run.story, "");
        assert!(
            run.trace
                .ledger
                .iter()
                .all(|row| row.state == LedgerState::Refused)
        );
    }
}

#[test]
fn pages_follow_one_another_and_end() {
    let engine = engine(&files());
    for filter in ["", "&Filter.1.Name=status&Filter.1.Value.1=available"] {
        let (mut token, mut seen, mut pages) = (String::new(), Vec::new(), 0);
        loop {
            let query = format!("Action=DescribeVolumes&MaxResults=5{filter}{token}");
            let run = run(&engine, &query, Context::default(), |_| {
                json(200, &volumes(23))
            });
            let page = ids(&run.outcome.xml);
            assert!(page.len() <= 5);
            seen.extend(page);
            pages += 1;
            match run
                .outcome
                .xml
                .split("<nextToken>")
                .nth(1)
                .and_then(|rest| rest.split('<').next())
            {
                Some(next) => token = format!("&NextToken={next}"),
                None => break,
            }
        }
        let expected: Vec<usize> = (0..23)
            .filter(|n| filter.is_empty() || n % 2 == 0)
            .collect();
        assert_eq!(seen, expected);
        assert_eq!(pages, expected.len().div_ceil(5));
    }
}

#[test]
fn a_token_of_another_request_is_refused() {
    let engine = engine(&files());
    let first = run(
        &engine,
        "Action=DescribeVolumes&MaxResults=5",
        Context::default(),
        |_| json(200, &volumes(9)),
    );
    let token = first
        .outcome
        .xml
        .split("<nextToken>")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .expect("a token")
        .to_owned();
    for query in [
        format!(
            "Action=DescribeVolumes&MaxResults=5&NextToken={token}&Filter.1.Name=size&Filter.1.Value.1=1"
        ),
        "Action=DescribeVolumes&MaxResults=5&NextToken=nonsense".to_owned(),
    ] {
        let run = run(&engine, &query, Context::default(), |_| {
            json(200, &volumes(9))
        });
        assert_eq!(
            run.outcome.error.expect("an error").code,
            "InvalidNextToken"
        );
    }
}

#[test]
fn pages_of_openstack_are_joined() {
    let engine = engine(&files());
    let run = run(
        &engine,
        "Action=DescribeVolumes",
        Context::default(),
        |call| {
            let marker = call.query.iter().any(|(key, _)| key == "marker");
            let links = if marker {
                ""
            } else {
                ", \"volumes_links\": [{\"rel\": \"next\", \"href\": \"http://x/volumes/detail?marker=m\"}]"
            };
            json(
                200,
                &format!(
                    "{{\"volumes\": [{{\"id\": \"{UUID}\", \"size\": {}}}]{links}}}",
                    if marker { 2 } else { 1 }
                ),
            )
        },
    );
    assert_eq!(
        run.story,
        "1 read Get /volumes/detail\n2 read Get /volumes/detail?marker=m"
    );
    assert!(
        run.outcome.xml.contains("<size>1</size>") && run.outcome.xml.contains("<size>2</size>")
    );
}

#[test]
fn a_page_that_leads_to_itself_ends_in_an_error() {
    let engine = engine(&files());
    let run = run(
        &engine,
        "Action=DescribeVolumes",
        Context::default(),
        |_| {
            json(
                200,
                "{\"volumes\": [], \"volumes_links\": [{\"rel\": \"next\", \"href\": \"http://x/volumes/detail?marker=m\"}]}",
            )
        },
    );
    assert!(run.outcome.error.is_some());
    assert!(run.trace.calls.len() < 5, "{}", run.story);
}

#[test]
fn every_leaf_of_the_answer_knows_where_it_came_from() {
    let engine = engine(&files());
    let run = run(
        &engine,
        "Action=DescribeVolumes",
        Context::default(),
        |_| json(200, &volumes(2)),
    );
    let answer = run.trace.answer.expect("an answer");
    let leaf = answer
        .leaves
        .iter()
        .find(|leaf| leaf.pointer == "/Volumes/1/Size")
        .expect("the size");
    assert_eq!(answer.xml.get(leaf.span.clone()), Some("2"));
    assert_eq!(
        leaf.from,
        [Place::Reply {
            call: 0,
            pointer: "/volumes/1/size".into()
        }]
    );
    assert_eq!(
        (leaf.rule.file.as_str(), leaf.rule.line),
        ("volume/Volume.view.yaml", 5)
    );
    assert!(
        answer.unfilled.contains(&"Volumes[].Iops".to_owned()),
        "{:?}",
        answer.unfilled
    );
    assert!(
        !answer
            .unfilled
            .iter()
            .any(|path| path.starts_with("Volumes[].Tags")),
        "{:?}",
        answer.unfilled
    );
}

#[test]
fn a_parameter_that_no_rule_mentions_is_unknown_and_strict_refuses_it() {
    let engine = engine(&files());
    let query = "Action=DescribeVolumes&Frobnicate=1";
    let warned = run(&engine, query, Context::default(), |_| {
        json(200, &volumes(1))
    });
    assert_eq!(warned.trace.ledger[0].state, LedgerState::Unknown);
    assert!(warned.outcome.error.is_none());
    let strict = Context {
        fidelity: Fidelity::Strict,
        ..Context::default()
    };
    let refused = run(&engine, query, strict, |_| json(500, ""));
    assert_eq!(
        refused.outcome.error.expect("an error").code,
        "UnknownParameter"
    );
}

#[test]
fn unknown_and_untranslated_actions_are_told_apart() {
    let engine = engine(&files());
    for (action, code) in [
        ("Frobnicate", "InvalidAction"),
        ("DescribeVolume", "InvalidAction"),
        ("RunInstances", "UnsupportedOperation"),
    ] {
        let run = run(
            &engine,
            &format!("Action={action}"),
            Context::default(),
            |_| json(500, ""),
        );
        assert_eq!(run.outcome.error.expect("an error").code, code, "{action}");
    }
}

mod hostile {
    use proptest::prelude::*;

    use super::{engine, files, json, run};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        /// Whatever a service answers, the client gets a document.
        #[test]
        fn any_reply_ends_in_an_answer(status in prop_oneof![Just(200_u16), Just(0), 100_u16..600], body in "\\PC{0,80}") {
            let engine = engine(&files());
            let run = run(&engine, "Action=DescribeVolumes&Filter.1.Name=size&Filter.1.Value.1=1", Default::default(), |_| json(status, &body));
            prop_assert!(run.outcome.xml.starts_with("<?xml"));
        }

        /// Whatever shape a reply has, nothing panics.
        #[test]
        fn any_json_of_any_shape_ends_in_an_answer(volumes in prop::collection::vec(
            prop_oneof![Just("null".to_owned()), Just("1".to_owned()), Just("[]".to_owned()), Just("{\"id\": 5, \"size\": \"x\", \"metadata\": [1], \"tags\": {\"a\": 1}}".to_owned()), Just("{\"id\": \"q\", \"created_at\": 7}".to_owned())], 0..6))
        {
            let engine = engine(&files());
            let body = format!("{{\"volumes\": [{}]}}", volumes.join(","));
            let run = run(&engine, "Action=DescribeVolumes&MaxResults=2", Default::default(), |_| json(200, &body));
            prop_assert!(run.outcome.xml.starts_with("<?xml"));
        }
    }
}
