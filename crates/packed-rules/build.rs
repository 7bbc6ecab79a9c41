//! Packs the rules, so that the page carries no reader of rule files, and the facts of the actions that have a rule; and
//! of both what the page begins with.

use std::path::PathBuf;
use std::{env, fs, io};

use rules::Rules;

/// The actions that people try first: those of the examples, and what else most requests are. The page translates them
/// before the rest of its program is there, and the others from then on.
const FIRST: [&str; 18] = [
    "AllocateAddress",
    "AttachVolume",
    "AuthorizeSecurityGroupIngress",
    "CreateTags",
    "CreateVpc",
    "DescribeImages",
    "DescribeInstances",
    "DescribeKeyPairs",
    "DescribeSecurityGroups",
    "DescribeSubnets",
    "DescribeVolumes",
    "DescribeVpcs",
    "GetConsoleOutput",
    "ImportKeyPair",
    "RunInstances",
    "StartInstances",
    "StopInstances",
    "TerminateInstances",
];

fn main() -> io::Result<()> {
    // The rules are in this script: when they change, it is built and run again.
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let rules = Rules::built_in();
    let begun = begin(rules);
    for (name, rules) in [("rules", rules), ("first-rules", &begun)] {
        fs::write(folder.join(format!("{name}.packed")), rules.pack())?;
    }
    for (name, rules) in [("", rules), ("first-", &begun)] {
        let actions: Vec<&str> = rules.actions.keys().map(String::as_str).collect();
        let (table, names) = ec2_model::few(&actions);
        fs::write(folder.join(format!("{name}facts.bin")), table)?;
        fs::write(folder.join(format!("{name}names.txt")), names)?;
    }
    Ok(())
}

/// The rules of [`FIRST`], with the views and tables that they name. What is made of replies, and what is said of actions
/// without a rule, comes with the others.
fn begin(all: &Rules) -> Rules {
    let mut first = all.clone();
    first
        .actions
        .retain(|name, _| FIRST.contains(&name.as_str()));
    first.faults.clear();
    first.further.clear();
    for action in first.actions.values_mut() {
        action.calls.iter_mut().for_each(|call| call.faults.clear());
    }
    // Names stand in quotes; one too many does no harm.
    let mut text = format!("{:?}", first.actions);
    loop {
        let named = |name: &String| [format!("\"{name}\""), format!("'{name}'")];
        let held = |text: &str, name: &String| named(name).iter().any(|name| text.contains(name));
        let views = all.views.iter().filter(|(name, _)| held(&text, name));
        let more = views.fold(format!("{:?}", first.actions), |text, (_, view)| {
            format!("{text}{view:?}")
        });
        if more.len() == text.len() {
            first.views.retain(|name, _| held(&text, name));
            first.tables.retain(|name, _| held(&text, name));
            first.gaps.retain(|name, _| held(&text, name));
            return first;
        }
        text = more;
    }
}
