//! What the first view of the page costs.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::budget::{GATE, GOAL, REQUESTS};

/// Counts the files of the bundle, each of which is one request at most. What lies in folders is not fetched with the page.
///
/// # Errors
/// When the bundle is over budget or a compressed file is missing.
pub fn check(dist: &Path) -> Result<()> {
    let (mut bytes, mut requests) = (0, 0);
    for entry in std::fs::read_dir(dist).with_context(|| format!("reading {}", dist.display()))? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        // Folders hold texts that are fetched when somebody reads them.
        if path.is_dir() || name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        requests += 1;
        let small = format!("{name}.br");
        bytes += std::fs::metadata(&small)
            .with_context(|| format!("{small} is missing"))?
            .len();
    }
    println!(
        "first view: {bytes} bytes with brotli of {GATE} at most, the goal is {GOAL}; {requests} requests of {REQUESTS} at most"
    );
    ensure!(requests > 0, "there is no page in {}", dist.display());
    ensure!(
        bytes <= GATE,
        "the page weighs {bytes} bytes with brotli and must keep {GATE}, on its way to {GOAL}; see what grew it"
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
                ("a.js.br", GATE as usize),
                ("a.js.gz", 500_000),
            ],
        );
        let large = folder("large", &[("a.js", 1), ("a.js.br", GATE as usize + 1)]);
        let bare = folder("bare", &[("a.js", 1)]);
        let outcomes =
            [&sound, &large, &bare].map(|folder| check(folder).map_err(|e| e.to_string()));
        for folder in [sound, large, bare] {
            std::fs::remove_dir_all(folder).unwrap();
        }
        assert_eq!(outcomes[0], Ok(()));
        assert!(
            outcomes[1]
                .as_ref()
                .unwrap_err()
                .contains(&format!("{} bytes", GATE + 1))
        );
        assert!(outcomes[2].as_ref().unwrap_err().contains("missing"));
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
