//! What Neutron keeps: objects by collection, addresses in use, quotas.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::table::{Row, Table};

/// One network resource; `body` holds every attribute of the API, in the order it is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Object {
    pub(crate) id: String,
    pub(crate) project: String,
    pub(crate) body: Map<String, Value>,
}

impl Row for Object {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Object {
    pub(crate) fn text(&self, key: &str) -> &str {
        self.body.get(key).and_then(Value::as_str).unwrap_or("")
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.body.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn list(&self, key: &str) -> &[Value] {
        self.body
            .get(key)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        self.list(key)
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.body.insert(key.to_owned(), value.into());
    }

    /// `(subnet, address)` of each fixed IP of a port.
    pub(crate) fn fixed_ips(&self) -> Vec<(String, String)> {
        fixed(self.list("fixed_ips"))
    }
}

/// `(subnet, address)` of each entry of a `fixed_ips` list.
pub(crate) fn fixed(list: &[Value]) -> Vec<(String, String)> {
    let text = |entry: &Value, key: &str| {
        entry
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    list.iter()
        .map(|entry| (text(entry, "subnet_id"), text(entry, "ip_address")))
        .collect()
}

/// The addresses of a subnet that somebody holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Allocation {
    pub(crate) taken: BTreeSet<IpAddr>,
    pub(crate) last: Option<IpAddr>,
}

/// The network service's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct NetworkState {
    pub(crate) objects: BTreeMap<String, Table<Object>>,
    pub(crate) allocations: BTreeMap<String, Allocation>,
    /// Limits that differ from the defaults: project, then resource.
    pub(crate) quotas: crate::limits::Quotas,
}

impl NetworkState {
    pub(crate) fn table(&mut self, collection: &str) -> &mut Table<Object> {
        self.objects.entry(collection.to_owned()).or_default()
    }

    pub(crate) fn all(&self, collection: &str) -> impl DoubleEndedIterator<Item = &Object> {
        self.objects
            .get(collection)
            .into_iter()
            .flat_map(Table::iter)
    }

    pub(crate) fn get(&self, collection: &str, id: &str) -> Option<&Object> {
        self.objects.get(collection)?.get(id)
    }

    pub(crate) fn get_mut(&mut self, collection: &str, id: &str) -> Option<&mut Object> {
        self.objects.get_mut(collection)?.get_mut(id)
    }

    pub(crate) fn remove(&mut self, collection: &str, id: &str) -> Option<Object> {
        self.objects.get_mut(collection)?.remove(id)
    }

    pub(crate) fn ports_of_device<'a>(
        &'a self,
        device: &'a str,
    ) -> impl Iterator<Item = &'a Object> {
        self.all("ports")
            .filter(move |port| port.text("device_id") == device)
    }
}
