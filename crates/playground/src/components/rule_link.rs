//! A place in a rule file, as a button that opens the rule there.

use yew::prelude::*;

/// Opens the rule at a line of a file.
#[derive(Clone, PartialEq)]
pub struct OpenRule(pub Callback<(String, u32)>);

#[derive(Properties, PartialEq)]
pub struct Props {
    pub file: AttrValue,
    /// 0 is the whole file.
    #[prop_or_default]
    pub line: u32,
    /// What is on the button; without it, file and line.
    #[prop_or_default]
    pub caption: Option<AttrValue>,
}

#[component]
pub fn RuleLink(props: &Props) -> Html {
    let caption = props
        .caption
        .clone()
        .unwrap_or_else(|| format!("{}:{}", props.file, props.line).into());
    let Some(OpenRule(open)) = use_context::<OpenRule>() else {
        return html! { <code class="rule">{ caption }</code> };
    };
    let (file, line) = (props.file.to_string(), props.line);
    let onclick = open.reform(move |_: MouseEvent| (file.clone(), line));
    html! { <button type="button" class="linkish mono rule" title="Show the rule" {onclick}>{ caption }</button> }
}
