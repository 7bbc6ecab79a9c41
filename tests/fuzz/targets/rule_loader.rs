//! Any text is read as each sort of rule file and linted: no panic, no endless recursion, and every place told lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;

const PATHS: &[&str] = &[
    "instance/DescribeInstances.yaml",
    "instance/Instance.view.yaml",
    "instance/state.table.yaml",
    "gaps/gap.yaml",
    "kinds.table.yaml",
    "faults.table.yaml",
    "actions.yaml",
];

fuzz_target!(|text: &str| {
    let lines = text.lines().count() + 2;
    for path in PATHS {
        let (rules, mut problems) = rules::Rules::load([(*path, text)]);
        problems.extend(rules::lint(&rules));
        for problem in problems {
            assert!(problem.at.line as usize <= lines, "{problem}");
            assert!(!problem.message.is_empty());
        }
    }
});
