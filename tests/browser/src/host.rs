//! A host for `www/dist`: enough of HTTP for one browser.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// Serves the bundle on a free port of this machine; the address.
pub fn serve() -> Result<String> {
    host("/", true)
}

/// Serves the bundle as a host does that knows nothing of it: below a folder, and nothing compressed.
pub fn serve_plainly() -> Result<String> {
    host("/some/folder/", false)
}

fn host(below: &'static str, compressed: bool) -> Result<String> {
    let dist = root().join("www/dist");
    ensure!(
        dist.join("index.html").is_file(),
        "there is no page in {}; make it: cargo xtask bundle",
        dist.display()
    );
    let listener = TcpListener::bind("127.0.0.1:0").context("finding a free port")?;
    let address = format!("http://{}/", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let dist = dist.clone();
            // A browser that goes away in the middle is no failure.
            std::thread::spawn(move || drop(answer(stream, &dist, below, compressed)));
        }
    });
    Ok(address)
}

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .to_owned()
}

fn answer(mut stream: TcpStream, dist: &Path, below: &str, compressed: bool) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().context("an empty request")??;
    let mut brotli = false;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        brotli |= compressed && line.starts_with("accept-encoding:") && line.contains("br");
    }
    let path = request
        .split(' ')
        .nth(1)
        .unwrap_or("/")
        .split(['?', '#'])
        .next()
        .unwrap_or("/");
    let name = match path.strip_prefix(below) {
        Some("") => "index.html",
        Some(name) => name,
        None => "..",
    };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let plain = !name.contains("..") && dist.join(name).is_file();
    if !plain {
        stream.write_all(
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        )?;
        return Ok(());
    }
    let (file, encoding) = if brotli {
        (format!("{name}.br"), "Content-Encoding: br\r\n")
    } else {
        (name.to_owned(), "")
    };
    let content = std::fs::read(dist.join(file))?;
    let length = content.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{encoding}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&content)?;
    Ok(())
}
