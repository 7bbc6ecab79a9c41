//! The texts of the page that are fetched when somebody reads them: the documentation of every action, made from the
//! rules, and the course, made from `www/learn`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{process, workspace};

/// Longest that writing the documentation may take.
const LIMIT: Duration = Duration::from_secs(120);

/// Name and content of every text.
pub fn all(root: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut texts = documents()?;
    let course = course(&root.join("www/learn"))?;
    texts.insert("course.json".into(), serde_json::to_vec(&course)?);
    Ok(texts)
}

fn documents() -> Result<BTreeMap<String, Vec<u8>>> {
    let program = workspace::executable("example", "document")?;
    let folder = program.with_file_name("documents");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("emptying {}", folder.display()))?;
    }
    process::run(Command::new(&program).arg("--html").arg(&folder), LIMIT)?;
    let mut documents = BTreeMap::new();
    for path in files(&folder)? {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        documents.insert(name, read(&path)?.into_bytes());
    }
    ensure!(
        !documents.is_empty(),
        "there is no documentation in {}",
        folder.display()
    );
    Ok(documents)
}

/// The lessons in the order of their files, and the map of concepts.
fn course(folder: &Path) -> Result<Value> {
    let mut lessons = Vec::new();
    let mut concepts = Value::Null;
    for path in files(folder)? {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let text = read(&path)?;
        let mut content: Value =
            serde_saphyr::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
        if stem == "concepts" {
            concepts = content;
            continue;
        }
        let (_, name) = stem
            .split_once('-')
            .with_context(|| format!("{} has no number", path.display()))?;
        content["name"] = name.into();
        // What a test compares is of no use to a reader.
        for step in content["steps"].as_array_mut().into_iter().flatten() {
            step.as_object_mut().and_then(|step| step.remove("shows"));
        }
        lessons.push(content);
    }
    Ok(json!({ "lessons": lessons, "concepts": concepts }))
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_course_has_its_lessons_in_order_and_without_what_tests_compare() {
        let course = course(&workspace::root().join("www/learn")).unwrap();
        let lessons = course["lessons"].as_array().unwrap();
        assert_eq!(lessons[0]["name"], "one-request-several-calls");
        assert!(!course.to_string().contains("\"shows\""));
        assert!(course["concepts"].as_array().unwrap().len() > 10);
    }
}
