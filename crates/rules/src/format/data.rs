//! Forms of tables, gaps, kinds, faults and the list of further actions.

use super::{Form, Takes, may, must};

/// `ec2/<resource>/<name>.table.yaml`
pub static TABLE: Form = Form {
    name: "a table",
    keys: &[
        must("table", Takes::Text, "Name of the table."),
        may(
            "about",
            Takes::Text,
            "Where the words come from, for the reader.",
        ),
        must(
            "rows",
            Takes::Rows,
            "Value by key; with two keys: nested, * as second key is any.",
        ),
        may("else", Takes::Constants, "Value for every other key."),
    ],
};

/// `ec2/gaps/<gap>.yaml`
pub static GAP: Form = Form {
    name: "a gap",
    keys: &[
        must("gap", Takes::Text, "Its id, and the name of its file."),
        must("title", Takes::Text, "One line."),
        must(
            "services",
            Takes::Texts,
            "OpenStack projects that would have to change.",
        ),
        must("what", Takes::Text, "What EC2 does and OpenStack does not."),
        must("today", Takes::Text, "What to do today."),
        must("would-need", Takes::Text, "What would have to be built."),
        must(
            "upstream",
            Takes::Texts,
            "Bugs, blueprints and specs; empty: none known.",
        ),
        may(
            "affects",
            Takes::Text,
            "Always 'computed': the linter finds the actions and parameters.",
        ),
    ],
};

/// `ec2/kinds.table.yaml`
pub static KINDS: Form = Form {
    name: "the kinds of id",
    keys: &[
        must("table", Takes::Text, "kinds"),
        may("about", Takes::Text, "Notes for the reader."),
        may(
            "microversions",
            Takes::Constants,
            "Default microversion by service type.",
        ),
        must(
            "rows",
            Takes::Named(&KIND),
            "One row per prefix of an EC2 id.",
        ),
    ],
};

/// A row of `ec2/kinds.table.yaml`.
pub static KIND: Form = Form {
    name: "a kind of id",
    keys: &[
        must(
            "resource-type",
            Takes::Text,
            "EC2 resource type, as in tag specifications and filters.",
        ),
        must("service", Takes::Text, "Service type of the catalogue."),
        must(
            "path",
            Takes::Text,
            "Path of one such resource, without its id.",
        ),
        must(
            "not-found",
            Takes::Text,
            "EC2 code for an id that names nothing.",
        ),
        may(
            "missing",
            Takes::Text,
            "What is said of an id that names nothing, with {id} in it; else: The … ID '{id}' does not exist.",
        ),
        must(
            "malformed",
            Takes::Text,
            "EC2 code for a text that is no such id.",
        ),
        may("collection", Takes::Text, "Collection in Neutron."),
        may(
            "tags-in",
            Takes::Text,
            "Where tags live: metadata, properties or tags.",
        ),
        may(
            "tag-prefix",
            Takes::Text,
            "Prefix of stored tag keys, where two kinds share one resource.",
        ),
    ],
};

/// `ec2/faults.table.yaml`
pub static FAULTS: Form = Form {
    name: "the table of faults",
    keys: &[
        must("table", Takes::Text, "faults"),
        may("about", Takes::Text, "Notes for the reader."),
        must(
            "rows",
            Takes::Many(&FAULT),
            "What unlisted HTTP errors mean.",
        ),
    ],
};

/// A row of `ec2/faults.table.yaml`.
pub static FAULT: Form = Form {
    name: "a fault",
    keys: &[
        may(
            "service",
            Takes::Text,
            "Service type, where the row is not for all.",
        ),
        may("status", Takes::Constants, "HTTP status; default: any."),
        may("type", Takes::Text, "Neutron's error type."),
        may(
            "message",
            Takes::Text,
            "Pattern on OpenStack's message; * is any text.",
        ),
        must(
            "error",
            Takes::Text,
            "EC2 code, or not-found: the code of the kind that the path names.",
        ),
        may(
            "says",
            Takes::Template,
            "What the client is told; default: OpenStack's own message.",
        ),
        may("gap", Takes::Text, "The gap that explains it."),
    ],
};

/// `ec2/actions.yaml`
pub static ACTIONS: Form = Form {
    name: "the list of further actions",
    keys: &[must(
        "families",
        Takes::Many(&FAMILY),
        "EC2 actions without a rule, by family.",
    )],
};

/// An entry of `ec2/actions.yaml`.
pub static FAMILY: Form = Form {
    name: "a family of actions",
    keys: &[
        must("family", Takes::Text, "What the actions have in common."),
        must("verdict", Takes::Text, "What is known of a mapping."),
        may("reason", Takes::Text, "Why, in a sentence."),
        may("gap", Takes::Text, "The gap that explains it."),
        must("actions", Takes::Texts, "EC2 actions."),
    ],
};
