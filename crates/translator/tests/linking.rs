//! Every built-in rule can be run: names, functions and views are all there.

#[test]
fn every_built_in_rule_links() {
    let engine = translator::Engine::new(rules::Rules::built_in().clone());
    let problems = engine.link_all();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
