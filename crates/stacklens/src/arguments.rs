//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use openstack_wire::render::Style;

use crate::{driver, embedded};

/// See any EC2 request as the OpenStack calls that fulfil it.
#[derive(Debug, Parser)]
#[command(name = "stacklens", version, about, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the page and an EC2 endpoint on one port.
    Serve(Serve),
    /// Show what becomes of one EC2 request.
    ///
    /// Exit status: 0 when EC2's answer is a success, 1 when it is an error, 2 when the request cannot be read.
    Translate(Translate),
    /// Write a request in another dialect.
    ///
    /// Exit status: 0 when it is written, 2 when the request cannot be read.
    Convert(Convert),
    /// Say whether two requests are the same, and what differs.
    ///
    /// Lists are compared without their order where EC2 does not mind it. Exit status: 0 when they are the same, 1 when they
    /// differ, 2 when one cannot be read.
    Compare(Compare),
    /// Say what an OpenStack cloud has and lacks for the rules, and which EC2 actions that affects.
    ///
    /// It changes nothing. Exit status: 0 when nothing is missing, 1 when something is, 2 when the cloud cannot be looked at.
    Doctor(Doctor),
    /// Tell stories of requests to any EC2 endpoint, and report what works: by story, action and parameter.
    ///
    /// Everything that a run makes is taken away again, also after Ctrl-C.
    /// Exit status: 0 when every story passed or does not apply, 1 when one failed, 2 when nothing could be run.
    Conformance(Box<crate::conformance::Conformance>),
    /// Print the variables that point the aws and openstack commands at a running server.
    ///
    /// Use it as: eval "$(stacklens openrc)"
    Openrc(Openrc),
    /// Say what is wrong with rule files, where, and how to mend it.
    ///
    /// Exit status: 0 without errors, 1 with errors, 2 when a file cannot be read.
    Lint(RuleFiles),
    /// Run every case that edited rule files concern, and show what comes out differently.
    ///
    /// Exit status: 0 when nothing changes, 1 when something does, 2 when the rules have errors.
    Review(RuleFiles),
}

/// Rule files on disk, in place of those in the program.
#[derive(Clone, Debug, Args)]
pub struct RuleFiles {
    /// Files, or folders of them; without any, the folder crates/rules/ec2.
    pub files: Vec<PathBuf>,
}

/// Options of `serve`.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Address to listen on.
    #[arg(long, env = "STACKLENS_HOST", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Port to listen on; 0 takes a free one.
    #[arg(long, env = "STACKLENS_PORT", default_value_t = 8788)]
    pub port: u16,
    /// Use a real cloud of clouds.yaml instead of the embedded one; `envvars` is the one of the OS_* variables.
    ///
    /// Its credential needs the role service or admin: with it the gateway asks Keystone to verify signatures. With
    /// --service-os-cloud any entry will do, as it then only says where the cloud is.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["access_key", "secret_key"])]
    pub os_cloud: Option<String>,
    /// Take the credential that verifies signatures from this entry of clouds.yaml [env: STACKLENS_SERVICE_CLOUD].
    #[arg(long, value_name = "NAME", requires = "os_cloud")]
    pub service_os_cloud: Option<String>,
    /// Options that `openrc` shares.
    #[command(flatten)]
    pub credentials: Credentials,
    /// What parameters do that OpenStack can fulfil only in part.
    #[arg(long, env = "STACKLENS_FIDELITY", value_enum, default_value_t)]
    pub fidelity: Fidelity,
    /// Flavor for a RunInstances without InstanceType; EC2's own default has the same name.
    #[arg(long, env = "STACKLENS_INSTANCE_TYPE", value_name = "FLAVOR", default_value = translator::DEFAULT_INSTANCE_TYPE)]
    pub default_instance_type: String,
    /// Network for elastic IPs and gateways, by its id, where the cloud has several external ones.
    #[arg(long, env = "STACKLENS_EXTERNAL_NETWORK", value_name = "ID")]
    pub external_network: Option<String>,
    /// Seconds after which a request is answered in any case; taking changes back may need a few more.
    ///
    /// The usual EC2 clients listen for 60.
    #[arg(long, env = "STACKLENS_DEADLINE", value_name = "SECONDS", default_value_t = driver::REQUEST.as_secs(), value_parser = clap::value_parser!(u64).range(1..))]
    pub deadline: u64,
    /// Who may watch the requests that pass, on the page's live view.
    #[arg(long, env = "STACKLENS_LIVE", value_enum, default_value_t)]
    pub live: Watching,
    /// Which log lines to write, as in `info,stacklens=debug`.
    #[arg(long, env = "STACKLENS_LOG", default_value = "info")]
    pub log: String,
    /// How log lines look.
    #[arg(long, value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// The credential of the embedded cloud.
#[derive(Clone, Debug, Args)]
pub struct Credentials {
    /// Region name [default: RegionOne, or the real cloud's].
    #[arg(long, env = "STACKLENS_REGION", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub region: Option<String>,
    /// Access key of the embedded cloud.
    #[arg(long, env = "STACKLENS_ACCESS_KEY", default_value = embedded::DEMO, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub access_key: String,
    /// Secret of the access key.
    #[arg(long, env = "STACKLENS_SECRET_KEY", hide_env_values = true, default_value = embedded::DEMO, value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub secret_key: String,
}

impl Credentials {
    /// The region of the embedded cloud.
    pub fn region_name(&self) -> &str {
        self.region.as_deref().unwrap_or(embedded::REGION)
    }
}

/// Options of `translate`.
#[derive(Clone, Debug, Args)]
pub struct Translate {
    /// The request: an `aws ec2` or curl command, a boto3 call, JSON, an EC2 Query text or URL, or raw HTTP. Without it, or as `-`, standard input.
    ///
    /// Several words are one command: stacklens translate aws ec2 describe-vpcs
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub request: Vec<String>,
    /// Read the request as this dialect instead of finding out.
    #[arg(long, value_enum)]
    pub dialect: Option<Dialect>,
    /// How to print the translation.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// What parameters do that OpenStack can fulfil only in part.
    #[arg(long, value_enum, default_value_t)]
    pub fidelity: Fidelity,
    /// When to colour the text.
    #[arg(long, value_enum, default_value_t)]
    pub color: Color,
}

/// Options of `convert`.
#[derive(Clone, Debug, Args)]
pub struct Convert {
    /// The request, in any dialect. Without it, or as `-`, standard input.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub request: Vec<String>,
    /// The dialect to write.
    #[arg(long, value_enum, default_value_t = Dialect::Query)]
    pub to: Dialect,
    /// In a command line, put all parameters behind --cli-input-json.
    #[arg(long)]
    pub input_json: bool,
    /// Read the request as this dialect instead of finding out.
    #[arg(long, value_enum)]
    pub dialect: Option<Dialect>,
    /// Read many: each line of standard input is a JSON string, each line of the output a JSON object.
    #[arg(long, conflicts_with = "request")]
    pub batch: bool,
    /// When to colour the remarks.
    #[arg(long, value_enum, default_value_t)]
    pub color: Color,
}

/// Options of `compare`.
#[derive(Clone, Debug, Args)]
pub struct Compare {
    /// One request: a file, `-` for standard input, or the text itself.
    pub first: String,
    /// The other request.
    pub second: String,
    /// How to print what differs.
    #[arg(long, value_enum, default_value_t)]
    pub format: CompareFormat,
    /// When to colour the remarks.
    #[arg(long, value_enum, default_value_t)]
    pub color: Color,
}

/// How a comparison is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CompareFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Options of `doctor`.
#[derive(Clone, Debug, Args)]
pub struct Doctor {
    /// The cloud: an entry of clouds.yaml, or `envvars` [default: OS_CLOUD, or the OS_* variables].
    #[arg(long, value_name = "NAME")]
    pub os_cloud: Option<String>,
    /// The entry whose credential verifies signatures, as for `serve` [env: STACKLENS_SERVICE_CLOUD].
    #[arg(long, value_name = "NAME")]
    pub service_os_cloud: Option<String>,
    /// Region name [default: the cloud's].
    #[arg(long, env = "STACKLENS_REGION", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub region: Option<String>,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Options of `openrc`.
#[derive(Clone, Debug, Args)]
pub struct Openrc {
    /// Address of the server.
    #[arg(long, default_value = "http://127.0.0.1:8788")]
    pub url: String,
    /// The credential that the server was given.
    #[command(flatten)]
    pub credentials: Credentials,
}

/// A way to write a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// EC2 Query parameters: `Action=DescribeVpcs&VpcId.1=vpc-1`
    Query,
    /// A URL with such parameters.
    Url,
    /// A raw HTTP request.
    Http,
    /// An `aws ec2` command line.
    Cli,
    /// A boto3 call in Python: `ec2.describe_vpcs(VpcIds=['vpc-1'])`
    Boto3,
    /// A curl command line.
    Curl,
    /// JSON: `{"Action": "DescribeVpcs"}`, parameters alone, or a CloudTrail event.
    Json,
}

impl From<Dialect> for ingest::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Query => Self::Query,
            Dialect::Url => Self::Url,
            Dialect::Http => Self::Http,
            Dialect::Cli => Self::Cli,
            Dialect::Boto3 => Self::Boto3,
            Dialect::Curl => Self::Curl,
            Dialect::Json => Self::Json,
        }
    }
}

/// What losses do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Fidelity {
    /// Refuse the request.
    Strict,
    /// Go on, and say so.
    #[default]
    Warn,
    /// Go on.
    BestEffort,
}

impl From<Fidelity> for translator::Fidelity {
    fn from(fidelity: Fidelity) -> Self {
        match fidelity {
            Fidelity::Strict => Self::Strict,
            Fidelity::Warn => Self::Warn,
            Fidelity::BestEffort => Self::BestEffort,
        }
    }
}

/// Who may watch requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Watching {
    /// This machine, if the server listens to no other; else nobody.
    #[default]
    Auto,
    /// Whoever reaches the page.
    On,
    /// Nobody.
    Off,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// How a translation is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// The OpenStack calls as a script of raw HTTP requests.
    Http,
    /// The OpenStack calls as a shell script with curl.
    Curl,
    /// The OpenStack calls as a shell script with the openstack command.
    Openstack,
    /// The OpenStack calls as a Python script with openstacksdk.
    Sdk,
}

impl Format {
    /// The rendering of the calls, if only they are printed.
    pub fn style(self) -> Option<Style> {
        match self {
            Self::Text | Self::Json => None,
            Self::Http => Some(Style::Http),
            Self::Curl => Some(Style::Curl),
            Self::Openstack => Some(Style::Cli),
            Self::Sdk => Some(Style::Sdk),
        }
    }
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_whole_aws_command_is_one_request() {
        let arguments = Arguments::parse_from([
            "stacklens",
            "translate",
            "--format",
            "json",
            "aws",
            "ec2",
            "describe-vpcs",
            "--vpc-ids",
            "vpc-1",
        ]);
        let Command::Translate(options) = arguments.command else {
            panic!("translate")
        };
        assert_eq!(
            options.request,
            ["aws", "ec2", "describe-vpcs", "--vpc-ids", "vpc-1"]
        );
        assert_eq!(options.format, Format::Json);
    }
}
