//! Rules are edited live, so any slip in any of them must be told, never panic or hang.

use proptest::prelude::*;
use rules::{Rules, lint};

fn mutated(text: &str, from: usize, length: usize, put: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let from = from % (characters.len() + 1);
    let to = (from + length).min(characters.len());
    characters[..from]
        .iter()
        .chain(&put.chars().collect::<Vec<_>>())
        .chain(&characters[to..])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_slip_in_a_built_in_rule_is_survived(
        file in 0usize..10_000,
        from in 0usize..100_000,
        length in 0usize..20,
        put in prop::sample::select(vec![
            "", " ", "\n", ":", "'", "\"", "{", "}", "[", "]", "(", ")", "@", "&", "!", "`", "|", ",", "-", "é", "\t",
            "InstanceId", "server", "null", "`1`", "[]", "[?a]", ".*", "a: b", "each: x in y", "view: Instance", "of: x",
        ]),
    ) {
        let files = Rules::built_in_files();
        prop_assume!(!files.is_empty());
        let chosen = file % files.len();
        let changed = files.iter().enumerate().map(|(index, (path, text))| {
            let text = if index == chosen { mutated(text, from, length, put) } else { (*text).to_owned() };
            ((*path).to_owned(), text)
        });
        let (rules, mut problems) = Rules::load(changed);
        problems.extend(lint(&rules));
        for problem in problems {
            let text = &rules.files[&*problem.at.file];
            prop_assert!(problem.at.line >= 1 && problem.at.line as usize <= text.lines().count() + 1, "{}", problem);
            prop_assert!(problem.at.column >= 1);
        }
    }
}
