//! Writes the documentation of actions: one as Markdown on the screen, or all as pieces of HTML into a folder.
//!
//! `cargo run -p documentation --example document CreateVolume`
//! `cargo run -p documentation --example document -- --html FOLDER`

use std::path::Path;
use std::{env, fs, process};

use documentation::{document, html, index, markdown, page};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rules::Rules;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["--html", folder] => all(Path::new(folder)),
        [action] => one(action),
        _ => Err("name an action, or --html and a folder".into()),
    };
    if let Err(message) = done {
        eprintln!("{message}");
        process::exit(2);
    }
}

fn one(action: &str) -> Result<(), String> {
    let document = document(Rules::built_in(), action)
        .ok_or_else(|| format!("there is no rule for '{action}'"))?;
    let blocks = page(&document, &|section| format!("#{section}"), &|_| None);
    print!("{}", markdown(&blocks));
    Ok(())
}

fn all(folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    for name in Rules::built_in().actions.keys() {
        let Some(document) = document(Rules::built_in(), name) else {
            continue;
        };
        // The part after the `#` of the page's address says what it shows.
        let section = |section: &str| format!("#/action/{name}/{section}");
        let blocks = page(&document, &section, &playground);
        fs::write(folder.join(format!("{name}.html")), html(&blocks)).map_err(failed)?;
    }
    let blocks = index(Rules::built_in(), &|name| format!("#/action/{name}"));
    fs::write(folder.join("index.html"), html(&blocks)).map_err(failed)?;
    Ok(())
}

/// Address of the playground with a request in its input. One that names ids of a recorded cloud finds nothing there.
fn playground(request: &str) -> Option<String> {
    let names_things = request
        .split(|character: char| !character.is_ascii_hexdigit())
        .any(|run| run.len() >= 32);
    let address = || format!("#/?text={}", utf8_percent_encode(request, NON_ALPHANUMERIC));
    (!names_things).then(address)
}
