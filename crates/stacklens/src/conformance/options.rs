//! Options of `conformance`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

/// Options of `conformance`.
#[derive(Clone, Debug, Args)]
pub struct Conformance {
    /// Address of the EC2 endpoint.
    #[arg(
        long,
        env = "AWS_ENDPOINT_URL_EC2",
        value_name = "URL",
        required_unless_present = "list"
    )]
    pub endpoint: Option<reqwest::Url>,
    /// Access key.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", value_name = "KEY", required_unless_present = "list", value_parser = NonEmptyStringValueParser::new())]
    pub access: Option<String>,
    /// Secret of the access key.
    #[arg(
        long,
        env = "AWS_SECRET_ACCESS_KEY",
        hide_env_values = true,
        value_name = "SECRET",
        required_unless_present = "list"
    )]
    pub secret: Option<String>,
    /// Session token, if the credential is temporary.
    #[arg(
        long,
        env = "AWS_SESSION_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub session_token: Option<String>,
    /// Region to sign for.
    #[arg(long, env = "AWS_DEFAULT_REGION", default_value = "us-east-1")]
    pub region: String,
    /// Access key of another project or account; without it, the stories of two do not judge.
    #[arg(
        long,
        env = "STACKLENS_OTHER_ACCESS",
        value_name = "KEY",
        requires = "other_secret"
    )]
    pub other_access: Option<String>,
    /// Secret of the other access key.
    #[arg(
        long,
        env = "STACKLENS_OTHER_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        requires = "other_access"
    )]
    pub other_secret: Option<String>,
    /// Only this story; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub scenario: Vec<String>,
    /// Read the stories from a folder instead of those that are built in; its `setup` is read too, if it has one.
    #[arg(long, value_name = "DIR")]
    pub scenarios: Option<PathBuf>,
    /// A value that stories need, instead of asking for one: `image=ami-0123`, `small_type=t3.nano`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub need: Vec<(String, String)>,
    /// Stories that run at the same time.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub parallel: u16,
    /// How the report is written.
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Write the report to a file instead of standard output; the tables are then printed all the same.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Send the requests by another client: a program that reads a request a line and writes a reply a line.
    #[arg(long, value_name = "COMMAND")]
    pub through: Option<String>,
    /// Name the stories, and end.
    #[arg(long)]
    pub list: bool,
    /// Take away what earlier runs left behind, and end.
    #[arg(long)]
    pub clean: bool,
    /// Accept any certificate.
    #[arg(long)]
    pub insecure: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Tables for people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// JUnit XML, for the machines that run jobs.
    Junit,
}
