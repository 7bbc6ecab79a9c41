//! The table of functions that linter and reference read, and the functions that the translator has, are the same.

use rules::Rules;
use rules::functions::{FUNCTIONS, Function, JMESPATH};
use translator::Engine;

/// What the translator says of a call with so many arguments.
fn linked(function: &Function, count: usize) -> Vec<String> {
    let arguments: Vec<&str> = (0..count)
        .map(|index| match function.arguments.get(index) {
            Some(name) if name.starts_with('&') => "&VolumeId",
            _ => "VolumeId",
        })
        .collect();
    let call = format!("{}({})", function.name, arguments.join(", "));
    let rule = format!("action: DeleteVolume\nrefuse: [ {{ when: \"{call}\", error: E }} ]\n");
    let (rules, problems) = Rules::load([("volume/DeleteVolume.yaml", rule)]);
    assert_eq!(problems, []);
    Engine::new(rules).link_all()
}

#[test]
fn every_function_of_the_table_is_there_with_its_arity() {
    for function in FUNCTIONS.iter().chain(JMESPATH) {
        let (least, most) = function.arity();
        assert_eq!(
            linked(function, least),
            Vec::<String>::new(),
            "{}",
            function.name
        );
        assert_eq!(
            linked(function, most.unwrap_or(least + 3)),
            Vec::<String>::new(),
            "{}",
            function.name
        );
        if let Some(most) = most {
            assert!(
                !linked(function, most + 1).is_empty(),
                "{} takes more than {most}",
                function.name
            );
        }
    }
}

#[test]
fn every_built_in_rule_links() {
    assert_eq!(
        Engine::new(Rules::built_in().clone()).link_all(),
        Vec::<String>::new()
    );
}
