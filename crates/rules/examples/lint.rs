//! Prints what is wrong with the rules: `file:line:column: message (mend)`.
//!
//! `cargo run -p rules --example lint [folder]`; without a folder: the rules that come with the program.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use rules::Rules;

fn main() -> io::Result<ExitCode> {
    let files = match env::args_os().nth(1) {
        Some(folder) => {
            let mut files = Vec::new();
            read(Path::new(&folder), Path::new(&folder), &mut files)?;
            files
        }
        None => Rules::built_in_files()
            .iter()
            .map(|(path, text)| ((*path).into(), (*text).into()))
            .collect(),
    };
    let (rules, mut problems) = Rules::load(files);
    problems.extend(rules::lint(&rules));
    for problem in &problems {
        println!("{problem}");
    }
    eprintln!("{} files, {} problems", rules.files.len(), problems.len());
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn read(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
