//! A request as JSON.

use ec2_wire::Ec2Request;
use serde_json::{Map, Value};

/// The action, then the parameters by the model's names, then by their keys those that the model does not know.
pub(super) fn write(request: &Ec2Request) -> String {
    let mut object = Map::new();
    object.insert("Action".to_owned(), request.action.clone().into());
    if let Some(version) = request
        .version
        .as_ref()
        .filter(|version| *version != ec2_model::VERSION)
    {
        object.insert("Version".to_owned(), version.clone().into());
    }
    if let Value::Object(parameters) = &request.parameters {
        object.extend(parameters.clone());
    }
    for leaf in request.leaves.iter().filter(|leaf| leaf.pointer.is_none()) {
        object
            .entry(leaf.key.clone())
            .or_insert_with(|| leaf.text.clone().into());
    }
    serde_json::to_string_pretty(&Value::Object(object)).unwrap_or_default()
}
