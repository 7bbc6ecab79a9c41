//! Forms of actions and views.

use super::{Form, Takes, may, must};

/// `ec2/<resource>/<Action>.yaml`
pub static ACTION: Form = Form {
    name: "an action",
    keys: &[
        must("action", Takes::Text, "Name of the EC2 action."),
        may(
            "about",
            Takes::Text,
            "Why the mapping is as it is, for the reader.",
        ),
        may(
            "defaults",
            Takes::Constants,
            "Values of parameters that the client left out.",
        ),
        may(
            "let",
            Takes::Trees,
            "Names for values, evaluated when read.",
        ),
        may(
            "calls",
            Takes::Named(&CALL),
            "OpenStack calls; each name stands for what the call gives.",
        ),
        may(
            "already",
            Takes::One(&ALREADY),
            "When an earlier request has done it: change nothing, answer what it made.",
        ),
        may(
            "refuse",
            Takes::Many(&REFUSAL),
            "Reasons to say no; the first that holds wins, and nothing is changed.",
        ),
        may(
            "paging",
            Takes::One(&PAGING),
            "The list that MaxResults counts, and its order.",
        ),
        may("answer", Takes::Trees, "Members of the EC2 answer."),
        may(
            "filters",
            Takes::Filters,
            "EC2 filters beside those of the views.",
        ),
        may(
            "parameters",
            Takes::Named(&NOTE),
            "Parameters that are not plainly mapped, each with its reason.",
        ),
    ],
};

/// `ec2/<resource>/<Shape>.view.yaml`
pub static VIEW: Form = Form {
    name: "a view",
    keys: &[
        must(
            "view",
            Takes::Text,
            "Name of the view: the EC2 shape, where there is one.",
        ),
        must(
            "of",
            Takes::Text,
            "Name of the OpenStack resource inside the view.",
        ),
        may(
            "about",
            Takes::Text,
            "Why the mapping is as it is, for the reader.",
        ),
        may(
            "uses",
            Takes::Texts,
            "Views whose calls and let are taken over.",
        ),
        may(
            "calls",
            Takes::Named(&CALL),
            "Reads that the view joins; added to those of the action.",
        ),
        may(
            "let",
            Takes::Trees,
            "Names for values, evaluated when read.",
        ),
        must("fields", Takes::Trees, "Members of the EC2 shape."),
        may(
            "filters",
            Takes::Filters,
            "EC2 filters, each with a path in the EC2 shape.",
        ),
    ],
};

/// A call.
pub static CALL: Form = Form {
    name: "a call",
    keys: &[
        may(
            "for",
            Takes::Loops,
            "One call per item; the name stands for the list of what they gave, nulls dropped.",
        ),
        may(
            "when",
            Takes::Expression,
            "Issue only if true; otherwise the name is null.",
        ),
        must(
            "request",
            Takes::Template,
            "Method, service type and path; each {expression} is one path segment.",
        ),
        may(
            "microversion",
            Takes::Text,
            "Microversion, where it is not the default of the service.",
        ),
        may(
            "query",
            Takes::Trees,
            "Query; a list repeats the key, null leaves it out.",
        ),
        may(
            "push",
            Takes::Named(&PUSH),
            "Query keys that can apply an EC2 filter too.",
        ),
        may("body", Takes::Tree, "Body, as it is sent."),
        may(
            "pages",
            Takes::Expression,
            "The list in the reply whose pages are joined; the name stands for all of them.",
        ),
        may(
            "gives",
            Takes::Tree,
            "What the name stands for, over reply; default: the reply.",
        ),
        may("reads", Takes::Flag, "A POST that changes nothing."),
        may(
            "follows",
            Takes::Text,
            "The change that this read must see.",
        ),
        may("until", Takes::Expression, "Ask again until true."),
        may("fails", Takes::Expression, "Give up asking when true."),
        may(
            "within",
            Takes::Seconds,
            "Give up asking after so long: 60 s.",
        ),
        may(
            "undo",
            Takes::Undo,
            "How the change is taken back if a later one fails, or none.",
        ),
        may(
            "faults",
            Takes::Faults,
            "What an HTTP error means; the most specific row wins.",
        ),
        may(
            "hide",
            Takes::Texts,
            "Members of the reply that no trace may show.",
        ),
    ],
};

/// The long form of `undo`.
pub static UNDO: Form = Form {
    name: "an undo",
    keys: &[
        may("for", Takes::Loops, "One request per item."),
        must("request", Takes::Template, "Method, service type and path."),
        may(
            "microversion",
            Takes::Text,
            "Microversion, where it is not the default of the service.",
        ),
        may("query", Takes::Trees, "Query."),
        may("body", Takes::Tree, "Body, as it is sent."),
    ],
};

/// An entry of `push`.
pub static PUSH: Form = Form {
    name: "a pushed filter",
    keys: &[
        must("filter", Takes::Text, "EC2 filter, or tag:* for tags."),
        may(
            "as",
            Takes::Expression,
            "What is sent, over value (and key for tag:*); default: the value.",
        ),
        may(
            "many",
            Takes::Flag,
            "Whether the key may be repeated for several values.",
        ),
    ],
};

/// An entry of `refuse`.
pub static REFUSAL: Form = Form {
    name: "a refusal",
    keys: &[
        must("when", Takes::Expression, "Refuse when true."),
        must("error", Takes::Text, "EC2 error code."),
        may("message", Takes::Template, "What the client is told."),
        may("gap", Takes::Text, "The gap that explains it."),
    ],
};

/// `already`.
pub static ALREADY: Form = Form {
    name: "already",
    keys: &[
        must(
            "when",
            Takes::Expression,
            "Whether an earlier request has done it.",
        ),
        must(
            "use",
            Takes::Trees,
            "What the names of calls stand for then.",
        ),
    ],
};

/// `paging`.
pub static PAGING: Form = Form {
    name: "paging",
    keys: &[
        must(
            "over",
            Takes::Expression,
            "Name of the list that MaxResults counts.",
        ),
        must(
            "by",
            Takes::Expressions,
            "Members of an item that give the order.",
        ),
    ],
};

/// An entry of `parameters`, and a filter that cannot be honoured.
pub static NOTE: Form = Form {
    name: "a note",
    keys: &[
        may("lossy", Takes::Text, "Told in part; what is lost."),
        may("ignored", Takes::Text, "Safe to leave out; why."),
        may("refused", Takes::Text, "The request is refused; why."),
        may(
            "gap",
            Takes::Text,
            "The gap that explains it; alone: OpenStack has no such concept.",
        ),
        may(
            "reason",
            Takes::Text,
            "A sentence of its own beside a gap; default: the title of the gap.",
        ),
        may(
            "when",
            Takes::Expression,
            "Only if true, over the request and `item`, the entry of the outermost list that the parameter stands in; otherwise the parameter is mapped.",
        ),
    ],
};

/// A meaning of an HTTP error, long form.
pub static MEANING: Form = Form {
    name: "the meaning of an error",
    keys: &[
        must("error", Takes::Text, "EC2 error code."),
        may(
            "message",
            Takes::Template,
            "What the client is told; default: OpenStack's own message.",
        ),
        may("gap", Takes::Text, "The gap that explains it."),
    ],
};

/// Something that repeats, is left out, or is seen as a view.
pub static BLOCK: Form = Form {
    name: "a block",
    keys: &[
        may("when", Takes::Expression, "Only if true."),
        may("each", Takes::Loops, "One per item."),
        may(
            "group",
            Takes::Loops,
            "One per distinct key, in order of first appearance; inside: key and group.",
        ),
        may("by", Takes::Expressions, "What makes the key of a group."),
        may(
            "of",
            Takes::Expression,
            "The one thing that is seen as the view.",
        ),
        may(
            "with",
            Takes::Trees,
            "Values in place of calls and let of the view.",
        ),
        may("let", Takes::Trees, "Names for values of each item."),
        may("item", Takes::Tree, "What each becomes."),
        may("view", Takes::Text, "The view that each is seen as."),
    ],
};
