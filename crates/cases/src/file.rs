//! The case file.

use serde::Deserialize;
use serde_json::Value;

use crate::yaml;

/// One case: a request, what goes before it, and what is expected of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Path below `tests/cases`: `volume/create-from-snapshot.yaml`.
    #[serde(skip)]
    pub path: String,
    /// The file's text.
    #[serde(skip)]
    pub text: String,
    /// What the case shows, in a few words.
    pub title: String,
    /// More about it, for a reader of the gallery.
    #[serde(default)]
    pub about: Option<String>,
    /// Its place in the gallery, if it is an example too.
    #[serde(default)]
    pub example: Option<Example>,
    /// What is done on a fresh cloud first.
    #[serde(default)]
    pub given: Vec<Given>,
    /// The request, in any dialect; `${name.path}` stands for a value of an earlier answer.
    pub request: String,
    /// Name of the project that asks; default: `demo`.
    #[serde(default)]
    pub project: Option<String>,
    /// What losses do; default: `warn`.
    #[serde(default)]
    pub fidelity: Option<Fidelity>,
    /// Whether a real cloud can do it too; default: it can.
    #[serde(default)]
    pub real: Option<Real>,
    /// What is expected, written by a simulation and reviewed by a person.
    #[serde(default)]
    pub expect: Option<Value>,
}

/// That only the simulated cloud can do a case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Real {
    /// Why a real cloud cannot.
    pub no: String,
}

/// A place in the gallery.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What the reader wants to do: `Launch instances`.
    pub task: String,
    /// Order within the task.
    #[serde(default)]
    pub order: u32,
}

/// A step before the request: one of `request`, `openstack`, `wait`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Name of the answer, for `${name.path}`.
    #[serde(default)]
    pub name: Option<String>,
    /// An EC2 request, in any dialect.
    #[serde(default)]
    pub request: Option<String>,
    /// A call made natively, as by Horizon or Terraform.
    #[serde(default)]
    pub openstack: Option<Native>,
    /// Seconds that pass.
    #[serde(default)]
    pub wait: Option<u32>,
    /// Name of the project that asks, where it is another than the case's.
    #[serde(default)]
    pub project: Option<String>,
}

/// A call made natively.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Native {
    /// HTTP method.
    pub method: openstack_wire::Method,
    /// Service type.
    pub service: String,
    /// Path, with its query.
    pub path: String,
    /// Microversion.
    #[serde(default)]
    pub microversion: Option<String>,
    /// JSON body.
    #[serde(default)]
    pub body: Option<Value>,
}

/// What losses do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fidelity {
    /// Refuse the request.
    Strict,
    /// Go on, and say so.
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

impl Case {
    /// Reads a case file.
    ///
    /// ```
    /// let text = "title: List volumes\nrequest: Action=DescribeVolumes\n";
    /// let case = cases::Case::read("volume/list.yaml", text).unwrap();
    /// assert_eq!(case.title, "List volumes");
    /// assert!(case.expect.is_none());
    /// ```
    ///
    /// # Errors
    /// A sentence with path, line and column.
    pub fn read(path: &str, text: &str) -> Result<Self, String> {
        let case: Case =
            serde_saphyr::from_str(text).map_err(|error| format!("{path}: {error}"))?;
        for (index, step) in case.given.iter().enumerate() {
            let kinds = [
                step.request.is_some(),
                step.openstack.is_some(),
                step.wait.is_some(),
            ];
            if kinds.into_iter().filter(|one| *one).count() != 1 {
                return Err(format!(
                    "{path}: step {} of 'given' needs one of request, openstack, wait",
                    index + 1
                ));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            ..case
        })
    }

    /// The request with its references replaced, as the simulated cloud's ids make it.
    pub fn resolved_request(&self) -> &str {
        let resolved = self
            .expect
            .as_ref()
            .and_then(|expect| expect.get("request"));
        resolved.and_then(Value::as_str).unwrap_or(&self.request)
    }

    /// The file with other expectations; what a person wrote stays as it is.
    pub fn with_expectation(&self, expect: &Value) -> String {
        let end = if self.text.starts_with("expect:") {
            Some(0)
        } else {
            self.text.find("\nexpect:").map(|at| at + 1)
        };
        let mut out = end
            .and_then(|end| self.text.get(..end))
            .unwrap_or(&self.text)
            .to_owned();
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        yaml::entry(&mut out, 0, "expect", expect);
        out
    }
}
