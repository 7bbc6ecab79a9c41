//! Finding a cloud by its name in the files of the OpenStack clients: `clouds.yaml`, `secure.yaml`, `clouds-public.yaml`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::config::Config;
use super::environment;

/// What the files are found by. Paths and variables are arguments, so that tests need no home of their own.
pub struct Places<'a> {
    /// The value of a variable of the environment.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Folders that are searched, in their order.
    pub folders: Vec<PathBuf>,
}

impl<'a> Places<'a> {
    /// Where openstacksdk looks: here, in the user's configuration, in the system's.
    pub fn usual(variable: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let home = variable("HOME").map(PathBuf::from);
        let config = variable("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(home.as_ref()?.join(".config")));
        let mut folders = vec![PathBuf::from(".")];
        folders.extend(config.map(|folder| folder.join("openstack")));
        folders.extend(home.map(|folder| folder.join(".config/openstack")));
        folders.push("/etc/xdg/openstack".into());
        folders.push("/etc/openstack".into());
        let mut unique: Vec<PathBuf> = Vec::new();
        for folder in folders {
            if !unique.contains(&folder) {
                unique.push(folder);
            }
        }
        Self {
            variable,
            folders: unique,
        }
    }

    /// The first file of a kind: the one that a variable names, else the first in the folders.
    fn file(&self, stem: &str, variable: &str) -> Option<PathBuf> {
        let named = (self.variable)(variable).map(PathBuf::from);
        named
            .into_iter()
            .chain(self.folders.iter().flat_map(|folder| {
                ["yaml", "yml", "json"].map(|suffix| folder.join(format!("{stem}.{suffix}")))
            }))
            .find(|path| path.is_file())
    }

    /// Finds a cloud.
    pub fn find(&self, name: &str) -> anyhow::Result<Config> {
        let from_environment = environment::entry(self.variable);
        // A file may name a cloud so; the variables then lose, as they do for the OpenStack clients.
        let Some(path) = self.file("clouds", "OS_CLIENT_CONFIG_FILE") else {
            if name == environment::NAME {
                return Config::read(name, &from_environment);
            }
            bail!(self.nothing_found(name));
        };
        let mut all = read(&path)?;
        let secure = self
            .file("secure", "OS_CLIENT_SECURE_FILE")
            .or_else(|| Some(path.with_file_name("secure.yaml")).filter(|path| path.is_file()));
        if let Some(secure) = secure {
            merge(&mut all, read(&secure)?);
        }
        let place = || format!("in {}", path.display());
        let known = all
            .get("clouds")
            .and_then(Value::as_object)
            .context("there is no mapping `clouds`")
            .with_context(place)?;
        let Some(entry) = known.get(name) else {
            if name == environment::NAME {
                return Config::read(name, &from_environment);
            }
            let names: Vec<&str> = known.keys().map(String::as_str).collect();
            return Err(anyhow::anyhow!(
                "no cloud is named {name:?}; there are: {}",
                names.join(", ")
            ))
            .with_context(place);
        };
        let mut entry = self.with_profile(entry.clone()).with_context(place)?;
        // The OpenStack clients take it for every cloud whose entry names no file of its own.
        if let (Some(members), Some(authority)) =
            (entry.as_object_mut(), (self.variable)("OS_CACERT"))
        {
            members.entry("cacert").or_insert_with(|| authority.into());
        }
        Config::read(name, &entry).with_context(place)
    }

    /// Lays an entry over the profile that it names.
    fn with_profile(&self, mut entry: Value) -> anyhow::Result<Value> {
        let Some(profile) = ["profile", "cloud"]
            .iter()
            .find_map(|key| entry.get(key)?.as_str())
        else {
            return Ok(entry);
        };
        let file = self.file("clouds-public", "");
        let public = match &file {
            Some(path) => read(path)?,
            None => Value::Null,
        };
        if let Some(base) = public
            .get("public-clouds")
            .and_then(|clouds| clouds.get(profile))
        {
            let mut whole = base.clone();
            merge(&mut whole, entry);
            return Ok(whole);
        }
        // The profiles that come with openstacksdk are not at hand; an entry that says everything itself needs none.
        if entry.pointer("/auth/auth_url").is_none() {
            bail!(
                "the profile {profile:?} is in no clouds-public.yaml; write its auth.auth_url (and region_name) into the entry itself"
            );
        }
        if let Some(members) = entry.as_object_mut() {
            members.remove("profile");
            members.remove("cloud");
        }
        Ok(entry)
    }

    fn nothing_found(&self, name: &str) -> String {
        let folders: Vec<String> = self
            .folders
            .iter()
            .map(|folder| folder.display().to_string())
            .collect();
        let named = (self.variable)("OS_CLIENT_CONFIG_FILE")
            .map(|path| format!("{path} (OS_CLIENT_CONFIG_FILE) and "))
            .unwrap_or_default();
        format!(
            "there is no clouds.yaml, so no cloud {name:?}; looked for {named}clouds.yaml in {}. \
             Put the file there, name it in OS_CLIENT_CONFIG_FILE, or write --os-cloud {} to use the OS_* variables of an openrc file",
            folders.join(", "),
            environment::NAME
        )
    }
}

fn read(path: &Path) -> anyhow::Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_saphyr::from_str(&text)
        .map_err(|error| anyhow::anyhow!("{} is no sound YAML: {error}", path.display()))
}

/// Puts what `further` says into `base`, member by member.
fn merge(base: &mut Value, further: Value) {
    match (base, further) {
        (Value::Object(base), Value::Object(further)) => {
            for (key, value) in further {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, further) => *base = further,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files of one test, gone at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn with(name: &str, files: &[(&str, &str)]) -> Self {
            let folder = std::env::temp_dir()
                .join(format!("stacklens-clouds-{name}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&folder);
            for (file, text) in files {
                let path = folder.join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            Self(folder)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    const FIRST: &str = "clouds: {lab: {auth: {auth_url: 'http://first', username: u, project_name: p}, region_name: One}}";
    const SECOND: &str = "clouds: {lab: {auth: {auth_url: 'http://second', username: u, password: p, project_name: p}}}";

    fn find(
        files: &[(&str, &str)],
        variables: &[(&str, &str)],
        cloud: &str,
        test: &str,
    ) -> Result<Config, String> {
        let folder = Folder::with(test, files);
        let variable = |name: &str| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(value.replace("FOLDER", &folder.0.display().to_string()))
        };
        let places = Places {
            variable: &variable,
            folders: vec![folder.0.join("here"), folder.0.join("home")],
        };
        places
            .find(cloud)
            .map_err(|error| format!("{error:#}").replace(&folder.0.display().to_string(), "DIR"))
    }

    #[test]
    fn the_first_file_of_the_search_counts() {
        let both = [("here/clouds.yaml", FIRST), ("home/clouds.yaml", SECOND)];
        assert_eq!(
            find(&both, &[], "lab", "a").unwrap().auth_url,
            "http://first"
        );
        let later = [("here/clouds.yml", SECOND)];
        assert_eq!(
            find(&later, &[], "lab", "b").unwrap().auth_url,
            "http://second"
        );
        let named = [("OS_CLIENT_CONFIG_FILE", "FOLDER/home/clouds.yaml")];
        assert_eq!(
            find(&both, &named, "lab", "c").unwrap().auth_url,
            "http://second"
        );
        let absent = [("OS_CLIENT_CONFIG_FILE", "FOLDER/none.yaml")];
        assert_eq!(
            find(&both, &absent, "lab", "d").unwrap().auth_url,
            "http://first"
        );
    }

    #[test]
    fn secrets_may_stand_in_a_file_of_their_own() {
        let secret = "clouds: {lab: {auth: {password: hidden}}}";
        for (test, files, variables) in [
            ("e", vec![("here/secure.yaml", secret)], vec![]),
            ("f", vec![("home/secure.yml", secret)], vec![]),
            (
                "g",
                vec![("x/s.yaml", secret)],
                vec![("OS_CLIENT_SECURE_FILE", "FOLDER/x/s.yaml")],
            ),
        ] {
            let files: Vec<_> = files
                .into_iter()
                .chain([("here/clouds.yaml", FIRST)])
                .collect();
            let config = find(&files, &variables, "lab", test).unwrap();
            let body = config.log_in().unwrap().body.unwrap().to_string();
            assert!(body.contains("hidden"), "{test}");
        }
    }

    #[test]
    fn a_profile_lies_under_the_entry() {
        let public = "public-clouds: {vendor: {auth: {auth_url: 'http://vendor'}, region_name: V}}";
        let entry = "clouds: {lab: {profile: vendor, region_name: Mine, auth: {username: u, password: p, project_name: p}}}";
        let files = [
            ("here/clouds.yaml", entry),
            ("home/clouds-public.yaml", public),
        ];
        let config = find(&files, &[], "lab", "h").unwrap();
        assert_eq!(
            (config.auth_url.as_str(), config.region.as_deref()),
            ("http://vendor", Some("Mine"))
        );
        assert_eq!(
            find(&files[..1], &[], "lab", "i").unwrap_err(),
            "in DIR/here/clouds.yaml: the profile \"vendor\" is in no clouds-public.yaml; write its auth.auth_url (and region_name) into the entry itself"
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let cases = [
            (
                vec![("here/clouds.yaml", FIRST)],
                "nowhere",
                "in DIR/here/clouds.yaml: no cloud is named \"nowhere\"; there are: lab",
            ),
            (
                vec![("here/clouds.yaml", "cloud: {}")],
                "lab",
                "in DIR/here/clouds.yaml: there is no mapping `clouds`",
            ),
            (
                vec![("here/clouds.yaml", "clouds: [")],
                "lab",
                "DIR/here/clouds.yaml is no sound YAML",
            ),
            (
                vec![],
                "lab",
                "there is no clouds.yaml, so no cloud \"lab\"; looked for clouds.yaml in DIR/here, DIR/home.",
            ),
        ];
        for (position, (files, cloud, expected)) in cases.into_iter().enumerate() {
            let error = find(&files, &[], cloud, &format!("wrong{position}")).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn the_variables_are_a_cloud_of_their_own() {
        let variables = [
            ("OS_AUTH_URL", "http://env"),
            ("OS_USERNAME", "u"),
            ("OS_PASSWORD", "p"),
            ("OS_PROJECT_NAME", "p"),
        ];
        for (test, files) in [("j", vec![]), ("k", vec![("here/clouds.yaml", FIRST)])] {
            assert_eq!(
                find(&files, &variables, "envvars", test).unwrap().auth_url,
                "http://env"
            );
        }
    }
}
