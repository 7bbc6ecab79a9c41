//! `cargo xtask bundle`: the page as files that any web server can hand out.
//!
//! Two programs are compiled for `wasm32-unknown-unknown`, bound to JavaScript, and written to `www/dist` beside the
//! static files of `www`: `page`, which reads, links and draws, and `workshop`, which the page fetches after it. Names of everything but `index.html` carry a hash of the content, so they may be cached for ever; each file lies there
//! compressed as well (`.br`, `.gz`).

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::budget::{FIRST_VIEW, GOAL, SECOND, SECOND_PROGRAM};
use crate::{lighter, texts, wasm};

/// Where `shell.html` goes in `index.html`.
const SHELL: &str = "<!-- shell -->";
/// Hexadecimal digits of the hash in a name.
const DIGITS: usize = 12;

/// Builds the page into `www/dist`. Without `release` the program is compiled fast and large, for development.
pub fn bundle(release: bool) -> Result<()> {
    let begun = Instant::now();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .context("the xtask lies two folders below the workspace")?;
    let profile = if release { "wasm" } else { "dev" };
    let compiled = wasm::compile(&["playground", "workshop-module"], profile)?;
    let [page, workshop] = compiled.as_slice() else {
        bail!("cargo built {} programs, not two", compiled.len());
    };
    let mut files = BTreeMap::new();
    let mut names = BTreeMap::new();
    // A program is started by its own script: one request less, and no inline script.
    let workshop = bind(workshop, "workshop")?;
    add(&mut files, &mut names, "workshop.wasm", workshop.wasm);
    let start = format!(
        "{}\nexport const ready = __wbg_init({{ module_or_path: new URL(\"{}\", import.meta.url) }});\n",
        lighter::script(&workshop.script),
        names["workshop.wasm"]
    );
    add(&mut files, &mut names, "workshop.js", start.into_bytes());
    let page = bind(page, "page")?;
    add(&mut files, &mut names, "page.wasm", page.wasm);
    let start = format!(
        "{}\n__wbg_init({{ module_or_path: new URL(\"{}\", import.meta.url) }})\n    \
         .then(() => import(\"./{}\").then(second => second.ready.then(() => attach(second))).catch(alone));\n",
        lighter::script(&page.script),
        names["page.wasm"],
        names["workshop.js"]
    );
    add(&mut files, &mut names, "page.js", start.into_bytes());
    let www = root.join("www");
    let mut index = None;
    let mut shell = None;
    for entry in fs::read_dir(&www).with_context(|| format!("reading {}", www.display()))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if !path.is_file() || name.starts_with('.') {
            continue;
        }
        let content = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        match name.as_str() {
            "index.html" => {
                index = Some(String::from_utf8(content).context("index.html is UTF-8")?)
            }
            // The page as it looks before the program arrives; part of index.html.
            "shell.html" => {
                shell = Some(String::from_utf8(content).context("shell.html is UTF-8")?)
            }
            _ if name.ends_with(".css") => {
                let text = String::from_utf8(content).context("style sheets are UTF-8")?;
                let text = lighter::style(&text);
                add(&mut files, &mut names, &name, text.into_bytes());
            }
            _ => add(&mut files, &mut names, &name, content),
        }
    }
    let texts = texts::all(root)?;
    let folder = format!("texts-{}", hash(texts.values().map(Vec::as_slice)));
    for (name, content) in texts {
        files.insert(format!("{folder}/{name}"), content);
    }
    names.insert("texts".into(), folder);
    let index = index.context("www/index.html is missing")?;
    let shell = shell.context("www/shell.html is missing")?;
    let index = with_names(&index, &names)?.replace(SHELL, shell.trim_end());
    files.insert("index.html".into(), index.into_bytes());

    let dist = www.join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("emptying {}", dist.display()))?;
    }
    fs::create_dir_all(&dist).with_context(|| format!("making {}", dist.display()))?;
    let (mut first, mut second) = (0, 0);
    let (mut read_later, mut later) = (0, 0);
    for (name, content) in &files {
        let small = brotli(content, release)?;
        let bytes = small.len() as u64;
        // Texts in folders are fetched when somebody reads them.
        if name.contains('/') {
            read_later += 1;
            later += bytes;
        } else {
            *(if name.starts_with(SECOND) {
                &mut second
            } else {
                &mut first
            }) += bytes;
            println!("  {:>9} {bytes:>9} br  {name}", content.len());
        }
        let path = dist.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&dist))?;
        fs::write(&path, content)?;
        fs::write(dist.join(format!("{name}.br")), small)?;
        fs::write(dist.join(format!("{name}.gz")), gzip(content, release)?)?;
    }
    println!("            {later:>9} br  {read_later} texts, each fetched when it is read");
    println!(
        "  {} files in {:.1} s: {}\n  first view: {first} bytes with brotli, the goal is {GOAL}; second program: {second}",
        files.len() - read_later,
        begun.elapsed().as_secs_f32(),
        dist.display()
    );
    if release && (first > FIRST_VIEW || second > SECOND_PROGRAM) {
        // The gate is the test step `bundle`; a page that is too heavy can still be looked at.
        println!("  over the gates of {FIRST_VIEW} and {SECOND_PROGRAM} bytes");
    }
    Ok(())
}

struct Bound {
    script: String,
    wasm: Vec<u8>,
}

fn bind(wasm: &Path, name: &str) -> Result<Bound> {
    let folder = wasm.with_file_name("bound");
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .generate(&folder)
        .context("binding wasm to JavaScript")?;
    let read = |name: &str| fs::read(folder.join(name)).with_context(|| format!("reading {name}"));
    Ok(Bound {
        script: String::from_utf8(read(&format!("{name}.js"))?)?,
        wasm: read(&format!("{name}_bg.wasm"))?,
    })
}

/// The beginning of a hash of contents.
fn hash<'c>(contents: impl IntoIterator<Item = &'c [u8]>) -> String {
    let mut all = Sha256::new();
    contents.into_iter().for_each(|content| all.update(content));
    let digits = all
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    digits.chars().take(DIGITS).collect()
}

/// Adds a file under a name with a hash.
fn add(
    files: &mut BTreeMap<String, Vec<u8>>,
    names: &mut BTreeMap<String, String>,
    name: &str,
    content: Vec<u8>,
) {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let hashed = format!("{stem}-{}.{ending}", hash([content.as_slice()]));
    names.insert(name.into(), hashed.clone());
    files.insert(hashed, content);
}

/// Puts the hashed names into the page, which writes them as `{{page.js}}`.
fn with_names(index: &str, names: &BTreeMap<String, String>) -> Result<String> {
    let mut out = String::new();
    let mut rest = index;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, tail) = after
            .split_once("}}")
            .context("index.html opens {{ and does not close it")?;
        out.push_str(before);
        out.push_str(
            names.get(name).with_context(|| {
                format!("index.html names {{{{{name}}}}}; there is no www/{name}")
            })?,
        );
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

fn brotli(content: &[u8], best: bool) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: if best { 11 } else { 4 },
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut out, &params)?;
    Ok(out)
}

fn gzip(content: &[u8], best: bool) -> Result<Vec<u8>> {
    let level = if best {
        flate2::Compression::best()
    } else {
        flate2::Compression::fast()
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_a_hash_and_the_page_uses_them() {
        let (mut files, mut names) = (BTreeMap::new(), BTreeMap::new());
        add(&mut files, &mut names, "page.css", b"body {}".to_vec());
        let hashed = names["page.css"].clone();
        assert!(
            hashed.starts_with("page-")
                && hashed.ends_with(".css")
                && hashed.len() == "page-.css".len() + DIGITS
        );
        assert_eq!(files[&hashed], b"body {}");
        assert_eq!(
            with_names("<link href=./{{page.css}}>", &names).unwrap(),
            format!("<link href=./{hashed}>")
        );
        assert!(
            with_names("{{other.css}}", &names)
                .unwrap_err()
                .to_string()
                .contains("other.css")
        );
        assert!(with_names("{{open", &names).is_err());
    }
}
