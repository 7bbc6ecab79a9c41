//! A server for one test.
#![allow(dead_code, reason = "each test uses what it needs")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use ec2_wire::signature::{Request, Signer};

/// Runs the program with an input, to its end.
pub fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stacklens"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // The program may end before it has read its input.
    let _ = child
        .stdin
        .take()
        .expect("its input")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// A running server; stopped when dropped.
pub struct Server {
    /// Its process.
    pub child: Child,
    /// Host and port.
    pub address: String,
}

impl Server {
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    pub fn start_with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stacklens"))
            .args(["serve", "--port", "0", "--log", "error"])
            .args(arguments)
            // A developer's shell may know a cloud.
            .env_remove("STACKLENS_SERVICE_CLOUD")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut first = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        out.read_line(&mut first).expect("its first line");
        let address = first
            .split("listens on ")
            .nth(1)
            .and_then(|rest| rest.split(',').next())
            .expect("an address")
            .to_owned();
        // The rest must be read, or a full pipe would stop the server.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Self { child, address }
    }

    /// Sends bytes and reads the answer to its end.
    pub fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a timeout");
        // A server that refuses a large body may close before it has read all of it.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Answer::parse(&bytes)
    }

    pub fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Answer {
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n",
            body.len()
        );
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            head.push_str(&format!("host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        self.raw(&[head.as_bytes(), b"\r\n", body].concat())
    }

    pub fn get(&self, target: &str, headers: &[(&str, &str)]) -> Answer {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.send("GET", target, &headers, b"")
    }

    /// Tells it to stop, as a service manager does.
    #[cfg(unix)]
    pub fn tell_to_stop(&self) {
        let told = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(told.success());
    }

    /// A signed EC2 request by POST.
    pub fn ec2(&self, access_key: &str, secret: &str, body: &str) -> Answer {
        let mut headers = vec![
            ("host".to_owned(), self.address.clone()),
            (
                "content-type".to_owned(),
                "application/x-www-form-urlencoded; charset=utf-8".to_owned(),
            ),
        ];
        let request = Request {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
            body: body.as_bytes(),
        };
        let signed = Signer::ec2(access_key, secret, "RegionOne").headers(&request, now());
        headers.extend(signed);
        self.send("POST", "/", &headers, body.as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("a clock after 1970");
    i64::try_from(since.as_millis()).expect("a clock before the year 292 million")
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|status| status.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Self {
            status: status.unwrap_or_else(|| panic!("no answer: {text:?}")),
            headers: headers.collect(),
            body: body.to_owned(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// The EC2 error code; the document must carry the request id of the header.
    pub fn ec2_error(&self) -> String {
        let (error, request_id) =
            ec2_wire::decode_error(&self.body).unwrap_or_else(|e| panic!("{e:?}: {self:?}"));
        assert_eq!(request_id, self.header("x-amzn-requestid"));
        assert_eq!(request_id.len(), 36);
        assert_eq!(self.header("content-type"), "text/xml;charset=UTF-8");
        assert!(!error.message.is_empty());
        error.code
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

/// A `clouds.yaml` for the cloud of another server, gone at the end of the test.
pub struct CloudsFile(std::path::PathBuf);

impl CloudsFile {
    /// `member`, `service` and `elsewhere`, which has no such region.
    pub fn of(cloud: &Server, name: &str) -> Self {
        let entry = |user: &str, beside: &str| {
            format!(
                "{{auth: {{auth_url: 'http://{}/openstack/identity', username: {user}, password: {user}, project_name: {user}}}{beside}}}",
                cloud.address
            )
        };
        let text = format!(
            "clouds:\n  member: {}\n  service: {}\n  elsewhere: {}\n",
            entry("demo", ", region_name: RegionOne"),
            entry("admin", ""),
            entry("admin", ", region_name: Mars"),
        );
        let path =
            std::env::temp_dir().join(format!("stacklens-{name}-{}.yaml", std::process::id()));
        std::fs::write(&path, text).expect("a file");
        Self(path)
    }

    /// The variables by which the program finds it; `service` names the service cloud, if it is not empty.
    pub fn variables<'a>(&'a self, service: &'a str) -> [(&'static str, &'a str); 2] {
        [
            ("OS_CLIENT_CONFIG_FILE", self.0.to_str().expect("a path")),
            ("STACKLENS_SERVICE_CLOUD", service),
        ]
    }
}

impl Drop for CloudsFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
