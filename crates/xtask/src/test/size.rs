//! What the first view of the page costs.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::budget::{FIRST_VIEW, GOAL, REQUESTS, SECOND, SECOND_PROGRAM};

/// Counts the files of the bundle, each of which is one request at most. What lies in folders is not fetched with the page.
///
/// # Errors
/// When the bundle is over budget or a compressed file is missing.
pub fn check(dist: &Path) -> Result<()> {
    let (mut first, mut second, mut requests) = (0, 0, 0);
    for entry in std::fs::read_dir(dist).with_context(|| format!("reading {}", dist.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Folders hold texts that are fetched when somebody reads them.
        if entry.path().is_dir() || name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        requests += 1;
        let small = format!("{}.br", entry.path().display());
        let bytes = std::fs::metadata(&small)
            .with_context(|| format!("{small} is missing"))?
            .len();
        *(if name.starts_with(SECOND) {
            &mut second
        } else {
            &mut first
        }) += bytes;
    }
    println!(
        "first view: {first} bytes with brotli of {FIRST_VIEW} at most, the goal is {GOAL}; second program: {second} of {SECOND_PROGRAM}; {requests} requests of {REQUESTS} at most"
    );
    ensure!(requests > 0, "there is no page in {}", dist.display());
    ensure!(
        first <= FIRST_VIEW,
        "the first view weighs {first} bytes with brotli and must keep {FIRST_VIEW}; see what grew it, and whether it can come with the second program"
    );
    ensure!(
        second <= SECOND_PROGRAM,
        "the second program weighs {second} bytes with brotli and must keep {SECOND_PROGRAM}; see what grew it"
    );
    ensure!(
        requests <= REQUESTS,
        "the page takes {requests} requests; the budget is {REQUESTS}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, files: &[(&str, usize)]) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("stacklens-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (file, size) in files {
            std::fs::write(folder.join(file), vec![0; *size]).unwrap();
        }
        folder
    }

    #[test]
    fn only_the_compressed_size_counts() {
        let sound = folder(
            "sound",
            &[
                ("a.js", 900_000),
                ("a.js.br", FIRST_VIEW as usize),
                ("a.js.gz", 500_000),
                ("workshop-a.js", 900_000),
                ("workshop-a.js.br", SECOND_PROGRAM as usize),
            ],
        );
        let large = folder(
            "large",
            &[("a.js", 1), ("a.js.br", FIRST_VIEW as usize + 1)],
        );
        let heavy = folder(
            "heavy",
            &[
                ("workshop-a.wasm", 1),
                ("workshop-a.wasm.br", SECOND_PROGRAM as usize + 1),
            ],
        );
        let bare = folder("bare", &[("a.js", 1)]);
        let outcomes =
            [&sound, &large, &bare, &heavy].map(|folder| check(folder).map_err(|e| e.to_string()));
        for folder in [sound, large, bare, heavy] {
            std::fs::remove_dir_all(folder).unwrap();
        }
        assert_eq!(outcomes[0], Ok(()));
        assert!(
            outcomes[1]
                .as_ref()
                .unwrap_err()
                .contains(&format!("{} bytes", FIRST_VIEW + 1))
        );
        assert!(outcomes[2].as_ref().unwrap_err().contains("missing"));
        assert!(outcomes[3].as_ref().unwrap_err().contains("second program"));
    }

    #[test]
    fn many_files_are_many_requests() {
        let names: Vec<String> = (0..9).map(|n| format!("{n}.js")).collect();
        let compressed: Vec<String> = names.iter().map(|name| format!("{name}.br")).collect();
        let files: Vec<(&str, usize)> = names
            .iter()
            .chain(&compressed)
            .map(|name| (name.as_str(), 1))
            .collect();
        let many = folder("many", &files);
        let outcome = check(&many);
        std::fs::remove_dir_all(many).unwrap();
        assert!(outcome.unwrap_err().to_string().contains("9 requests"));
    }
}
