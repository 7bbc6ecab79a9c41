//! Every case run to its end and written down, line by line.
//!
//! `cargo xtask test parity` compares what this gives natively with what it gives as wasm. Both must be the same bytes: a
//! difference would mean that something depends on the machine, on chance, or on an order that nobody fixed.
#![deny(missing_docs)]

use cases::{Case, Recording, Simulated};
use rules::Rules;
use serde_json::{Value, json};
use translator::Engine;
use wasm_bindgen::prelude::wasm_bindgen;

/// Two lines of JSON for each case: played back with the replies of its file, and run on a fresh simulated cloud.
#[wasm_bindgen]
pub fn report() -> String {
    let (table, names) = ec2_model::all();
    ec2_model::use_facts(table, names);
    // The page carries the rules packed, the program reads their files.
    let engine = Engine::new(if cfg!(target_arch = "wasm32") {
        packed_rules::rules()
    } else {
        Rules::built_in().clone()
    });
    let mut out = String::new();
    for (path, text) in cases::files() {
        let case = Case::read(path, text);
        let run = |how: &dyn Fn(&Case) -> Result<Recording, String>| match &case {
            Ok(case) => how(case),
            Err(why) => Err(why.clone()),
        };
        for (way, recording) in [
            ("replay", run(&|case| case.replay(&engine))),
            (
                "simulated",
                run(&|case| case.record(&engine, &mut Simulated::new())),
            ),
        ] {
            let line = json!({ "case": path, "way": way, "outcome": outcome(recording) });
            out.push_str(&line.to_string());
            out.push('\n');
        }
    }
    out
}

fn outcome(recording: Result<Recording, String>) -> Value {
    match recording {
        Ok(found) => {
            json!({ "request": found.request, "trace": found.trace, "expect": found.expect })
        }
        Err(why) => json!({ "error": why }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Vec<Value> {
        report()
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    #[test]
    fn every_case_is_written_down_twice_and_always_the_same() {
        let first = report();
        assert_eq!(first.lines().count(), 2 * cases::files().len());
        assert_eq!(first, report());
        for line in lines() {
            assert!(line["outcome"]["trace"].is_object(), "{line}");
        }
    }

    #[test]
    fn no_parameter_of_any_case_vanishes() {
        for line in lines() {
            let request = line["outcome"]["request"].as_str().expect("a request");
            let leaves = ingest::read(request, None).request.expect("sound").leaves;
            let rows = line["outcome"]["trace"]["ledger"].as_array().expect("rows");
            assert_eq!(rows.len(), leaves.len(), "{line}");
        }
    }
}
