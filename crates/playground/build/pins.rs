//! Versions of the rules, by which a link tells whether a rule has changed since.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

/// A file of the rules: what it is called by others, and its text.
struct File {
    name: String,
    text: String,
}

/// The version of each action's rule as Rust source.
pub fn source(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut actions = BTreeMap::new();
    let mut others = Vec::new();
    collect(folder, &mut actions, &mut others)?;
    let mut code = format!("static PINS: [(&str, &str); {}] = [\n", actions.len());
    for (action, text) in &actions {
        let mut used = BTreeSet::new();
        close(text, &others, &mut used);
        let whole = used
            .into_iter()
            .filter_map(|index| others.get(index).map(|file| file.text.as_str()))
            .fold(hash(0xcbf2_9ce4_8422_2325, text), hash);
        code.push_str(&format!(
            "    ({action:?}, \"{:08x}\"),\n",
            whole as u32 ^ (whole >> 32) as u32
        ));
    }
    code.push_str("];\n");
    Ok(code)
}

fn collect(
    folder: &Path,
    actions: &mut BTreeMap<String, String>,
    others: &mut Vec<File>,
) -> Result<(), Box<dyn Error>> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, actions, others)?;
            continue;
        }
        let file = entry.file_name().to_string_lossy().into_owned();
        let Some(stem) = file.strip_suffix(".yaml") else {
            continue;
        };
        let text = fs::read_to_string(&path)?;
        if let Some(name) = stem
            .strip_suffix(".view")
            .or_else(|| stem.strip_suffix(".table"))
        {
            others.push(File {
                name: name.to_owned(),
                text,
            });
        } else if text.starts_with("action:") || text.contains("\naction:") {
            actions.insert(stem.to_owned(), text);
        }
    }
    Ok(())
}

/// Adds the views and tables that a text names, and those that they name.
fn close(text: &str, others: &[File], used: &mut BTreeSet<usize>) {
    for (index, file) in others.iter().enumerate() {
        if !used.contains(&index) && names(text, &file.name) {
            used.insert(index);
            close(&file.text, others, used);
        }
    }
}

/// Whether a text has a name as a word of its own behind `view:`, or in quotes.
fn names(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let after = text.get(at + name.len()..).unwrap_or_default();
        let ends = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        ends && (before.ends_with("view: ") || before.ends_with('\''))
    })
}

/// FNV-1a, which needs no library and is the same everywhere.
fn hash(start: u64, text: &str) -> u64 {
    text.bytes().fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
