//! The built-in stories are sound, and the schemas are made from the types.
//! `BLESS=1 cargo test -p conformance --test suite` writes the schemas.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use conformance::{Step, Suite};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

fn suite() -> Suite {
    Suite::built_in().unwrap_or_else(|why| panic!("{why}"))
}

fn steps(suite: &Suite) -> Vec<(&str, &Step)> {
    let all = suite.scenarios.iter().flat_map(|scenario| {
        scenario
            .steps
            .iter()
            .map(|step| (scenario.name.as_str(), step))
    });
    all.flat_map(|(name, step)| {
        let inner = step.together.iter().map(move |one| (name, one));
        std::iter::once((name, step)).chain(inner)
    })
    .collect()
}

#[test]
fn every_story_is_read_and_says_what_it_is_about() {
    let suite = suite();
    assert!(suite.scenarios.len() >= 20, "{}", suite.scenarios.len());
    for scenario in &suite.scenarios {
        assert!(!scenario.title.ends_with('.'), "{}", scenario.name);
        assert!(scenario.about.is_some(), "{}: about", scenario.name);
        assert!(!scenario.steps.is_empty(), "{}", scenario.name);
    }
}

#[test]
fn what_is_made_can_be_found_by_its_name() {
    let suite = suite();
    for (name, step) in steps(&suite) {
        let Some(action) = &step.action else { continue };
        let Some(undo) = suite.undo.get(action) else {
            continue;
        };
        // Every run of what it makes must be found again after it was killed.
        let named = |value: &serde_json::Value| value.to_string().contains("${name}");
        let refused = step.error.is_some() && step.up_to.is_none();
        let nameless = undo.mark.is_none() && undo.leftovers.is_none();
        if refused || nameless {
            continue;
        }
        assert!(
            !step.unmarked,
            "{name}: {action} makes what --clean cannot find"
        );
        match &undo.mark {
            Some(mark) => {
                let own = step.with.get(mark);
                assert!(own.is_none_or(named), "{name}: {action} without ${{name}}");
            }
            None => assert!(
                named(&serde_json::Value::Object(step.with.clone())),
                "{name}: {action} without ${{name}}"
            ),
        }
    }
}

#[test]
fn undo_and_needs_ask_for_what_ec2_has() {
    let suite = suite();
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for (made_by, undo) in &suite.undo {
        asked.extend([made_by.as_str(), undo.action.as_str()]);
        asked.extend(undo.after.iter().map(|settle| settle.action.as_str()));
        asked.extend(undo.leftovers.iter().map(|found| found.action.as_str()));
    }
    for need in suite.needs.values() {
        asked.extend(need.tries.iter().map(|one| one.action.as_str()));
    }
    for action in asked {
        assert!(ec2_model::action(action).is_some(), "{action}");
    }
}

#[test]
fn mistakes_are_named_with_their_place() {
    let (needs, undo) = Suite::built_in_setup();
    for (text, told) in [
        (
            "title: t\nsteps: [ { do: DescribeFoo } ]",
            "step 1: EC2 has no action 'DescribeFoo'",
        ),
        (
            "title: t\nsteps: [ { do: DescribeVpcs, with: { VpcId: x } } ]",
            "DescribeVpcs has no parameter VpcId",
        ),
        (
            "title: t\nneeds: [ gold ]\nsteps: [ { do: DescribeVpcs } ]",
            "setup/needs.yaml has no 'gold'",
        ),
        (
            "title: t\nsteps: [ { with: { VpcIds: [ x ] } } ]",
            "it needs 'do' or 'together'",
        ),
        (
            "title: t\nsteps: [ { do: DescribeVpcs, as: other } ]",
            "'as: other' needs",
        ),
        (
            "title: t\nsteps: [ { do: AllocateAddress, up_to: 3 } ]",
            "'up_to' needs the 'error'",
        ),
        (
            "title: t\nsteps: [ { do: DescribeVpcs, expect: { Vpcs: [ ] }, shows: [ VpcIds ] } ]",
            "DescribeVpcs was not sent with VpcIds",
        ),
        (
            "title: t\nsteps: [ { do: DescribeVpcs, with: { VpcIds: [ x ] }, shows: [ VpcIds ] } ]",
            "'shows' needs something",
        ),
        (
            "title: t\nsteps: [ { do: DescribeVpcs, expects: { } } ]",
            "expects",
        ),
    ] {
        let error = Suite::read([("story", text)], needs, undo).unwrap_err();
        assert!(
            error.starts_with("story.yaml: ") && error.contains(told),
            "{error}"
        );
    }
}

#[test]
fn schemas_are_current() {
    for (file, text) in conformance::schemas() {
        let path = folder().join("setup").join(file);
        if env::var_os("BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == text,
            "{} is not what would be generated; BLESS=1 cargo test -p conformance --test suite",
            path.display()
        );
    }
}
