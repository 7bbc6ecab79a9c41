//! Every claim of the course is what the translation shows on the page's own cloud.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use playground::examples::{self, Ids};
use playground::lessons::{Concept, Lesson, Question, Step};
use playground::session::{Session, Translated};
use playground::stand_ins::Wish;
use serde::de::DeserializeOwned;
use translator::Engine;

const NOW: i64 = 1_795_000_000_000;
/// The fewest that make a course.
const FEWEST: usize = 8;

#[expect(
    clippy::disallowed_methods,
    reason = "a test reads the files that it checks"
)]
fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/learn");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .map(|path| {
            let name = path
                .file_stem()
                .expect("it has a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("it can be read"))
        })
        .collect();
    files.sort();
    files
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> T {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn lessons() -> Vec<(String, Lesson)> {
    let files = files().into_iter().filter(|(name, _)| name != "concepts");
    files
        .map(|(name, text)| (name.clone(), read(&name, &text)))
        .collect()
}

struct Page {
    session: Session,
    ids: Ids,
}

impl Page {
    fn open() -> Self {
        let session = Session::new(Rc::new(Engine::new(rules::Rules::built_in().clone())), NOW);
        let ids = Ids::read(&session.ask(examples::calls(), NOW));
        Self { session, ids }
    }

    fn translate(&self, what: &str, request: &str) -> Translated {
        let text = self.ids.fill(request);
        let session = self.session.wishing(Wish::AS_GIVEN);
        let view = session.preview(&text, None, NOW + 1_000, None);
        assert!(
            !view.reading.has_errors(),
            "{what}: {:?}",
            view.reading.diagnostics
        );
        view.result
            .unwrap_or_else(|| panic!("{what}: not a request: {text}"))
    }
}

fn check(what: &str, question: &Question, result: &Translated) {
    let calls: Vec<String> = result
        .calls
        .iter()
        .map(|call| {
            format!(
                "{} {} {}{}",
                call.call.method,
                call.call.service,
                call.call.path,
                query(&call.call.query)
            )
        })
        .collect();
    let mut rest = calls.iter();
    for wanted in &question.shows.calls {
        assert!(
            rest.any(|call| call.starts_with(wanted)),
            "{what}: {wanted} is not in order in {calls:#?}"
        );
    }
    for (name, state) in &question.shows.states {
        let row = result.ledger.iter().find(|row| row.key == *name);
        let row = row.unwrap_or_else(|| panic!("{what}: no parameter {name}"));
        let known = serde_json::to_value(row.state).expect("a state is a word");
        assert_eq!(known, state.as_str(), "{what}: {name}");
    }
    let answer = result
        .answer
        .as_ref()
        .unwrap_or_else(|| panic!("{what}: no answer"));
    let code = answer
        .answer
        .error
        .as_ref()
        .map(|error| error.code.as_str());
    assert_eq!(
        code,
        question.shows.error.as_deref(),
        "{what}: {}",
        answer.answer.xml
    );
    for (pointer, text) in &question.shows.answer {
        let leaf = answer
            .answer
            .leaves
            .iter()
            .find(|leaf| leaf.pointer == *pointer);
        let leaf = leaf.unwrap_or_else(|| panic!("{what}: nothing at {pointer}"));
        assert_eq!(
            &answer.answer.xml[leaf.span.start..leaf.span.end],
            text,
            "{what}: {pointer}"
        );
    }
}

fn query(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

#[test]
fn every_question_has_the_answer_that_it_says() {
    let page = Page::open();
    for (name, lesson) in lessons() {
        for step in &lesson.steps {
            match step {
                Step::Question(question) => {
                    let what = format!("{name}: {}", question.ask);
                    assert!(
                        question.options.contains(&question.answer),
                        "{what}: the answer is not among the options"
                    );
                    assert!(question.options.len() > 1, "{what}: nothing to choose");
                    check(&what, question, &page.translate(&what, &question.request));
                }
                Step::Task { task, begin } => {
                    let what = format!("{name}: {task}");
                    page.translate(&what, begin);
                }
                Step::Text { text } => assert!(!text.trim().is_empty(), "{name}"),
            }
        }
    }
}

#[test]
fn the_course_is_whole() {
    let lessons = lessons();
    assert!(lessons.len() >= FEWEST, "{} lessons", lessons.len());
    for (name, lesson) in &lessons {
        let asks = lesson
            .steps
            .iter()
            .any(|step| matches!(step, Step::Question(_)));
        let tries = lesson
            .steps
            .iter()
            .any(|step| matches!(step, Step::Task { .. }));
        assert!(asks && tries, "{name}: a lesson asks and lets try");
    }
}

#[test]
fn the_map_names_what_there_is() {
    let (_, text) = files()
        .into_iter()
        .find(|(name, _)| name == "concepts")
        .expect("there is a map");
    let concepts: Vec<Concept> = read("concepts", &text);
    let rules = rules::Rules::built_in();
    let mut seen = BTreeSet::new();
    for concept in &concepts {
        assert!(seen.insert(&concept.ec2), "{} twice", concept.ec2);
        assert!(
            rules.actions.contains_key(&concept.rule),
            "{}: no rule {}",
            concept.ec2,
            concept.rule
        );
        if let Some(id) = &concept.id {
            let prefix = id.trim_end_matches('-');
            assert!(
                rules.kinds.contains_key(prefix),
                "{}: no kind {id}",
                concept.ec2
            );
        }
    }
}
