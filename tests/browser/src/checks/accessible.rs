//! What axe-core finds: nothing, on every page, in both themes, wide and narrow.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::task::LAUNCH;
use crate::browser::Browser;
use crate::host;

/// Every page, with what it looks like in each state worth looking at.
const PAGES: &[(&str, &[State])] = &[
    (
        "#/",
        &[
            State {
                name: "a launch",
                script: "",
            },
            State {
                name: "a mistake",
                script: "(() => { const area = document.getElementById('request'); area.value = 'aws ec2 describe-instances --instance-idz i-1'; area.dispatchEvent(new InputEvent('input', { bubbles: true })); })()",
            },
            State {
                name: "a reply typed by hand and a second request",
                script: "(() => { document.querySelector('#forms button.more').click(); [...document.querySelectorAll('#calls .bar button')].find(button => button.textContent === 'Edit').click(); })()",
            },
            State {
                name: "a rule",
                script: "document.getElementById('show-rule').click(), [...document.querySelectorAll('.parts button')].pop().click()",
            },
            State {
                name: "a rule under edit",
                script: "document.getElementById('show-rule').click(), [...document.querySelectorAll('.parts button')].pop().click(), setTimeout(() => document.querySelector('#rule .edit').click(), 50), setTimeout(() => { const area = document.getElementById('rule-editor'); area.value = area.value.replace('action: RunInstances', 'action: RunInstances\\nabot: x'); area.dispatchEvent(new InputEvent('input', { bubbles: true })); }, 200)",
            },
            State {
                name: "an edit that changes cases",
                script: "document.getElementById('show-rule').click(), [...document.querySelectorAll('.parts button')].pop().click(), setTimeout(() => document.querySelector('#rule .edit').click(), 50), setTimeout(() => { const area = document.getElementById('rule-editor'); area.value = area.value.replace('user_data: UserData', \"user_data: 'eA=='\"); area.dispatchEvent(new InputEvent('input', { bubbles: true })); }, 200)",
            },
            State {
                name: "the help",
                script: "[...document.querySelectorAll('.top button')].find(button => button.textContent === 'Help').click()",
            },
            State {
                name: "nothing pasted",
                script: "(() => { const area = document.getElementById('request'); area.value = ''; area.dispatchEvent(new InputEvent('input', { bubbles: true })); })()",
            },
            State {
                name: "the share dialog",
                script: "[...document.querySelectorAll('.top button')].find(button => button.textContent === 'Share').click()",
            },
        ],
    ),
    (
        "#/action",
        &[State {
            name: "all actions",
            script: "",
        }],
    ),
    (
        "#/action/RunInstances",
        &[State {
            name: "an action",
            script: "",
        }],
    ),
    (
        "#/learn",
        &[State {
            name: "the course",
            script: "",
        }],
    ),
    (
        "#/learn/what-gets-lost",
        &[State {
            name: "a lesson with a guess",
            script: "document.querySelector('.quiz .option').click()",
        }],
    ),
    (
        "#/live",
        &[State {
            name: "the live view",
            script: "",
        }],
    ),
    (
        "#/no/such/page",
        &[State {
            name: "an unknown page",
            script: "",
        }],
    ),
];

struct State {
    name: &'static str,
    script: &'static str,
}

/// Rules of axe-core's best practices that the page does not follow, each for a reason.
const LEFT_OUT: [&str; 1] = [
    // It joins the texts of a thing in the drawing without spaces, so it does not find them in the label, which has them.
    "label-content-name-mismatch",
];

pub async fn no_violations(browser: &Browser) -> Result<()> {
    let file = host::root().join("tests/browser/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&file).with_context(|| {
        format!(
            "{} is missing; install it: npm ci --prefix tests/browser",
            file.display()
        )
    })?;
    let shots = std::env::var_os("STACKLENS_SHOTS").map(std::path::PathBuf::from);
    if let Some(folder) = &shots {
        std::fs::create_dir_all(folder)?;
    }
    for (page, states) in PAGES {
        for state in *states {
            browser.open_afresh().await?;
            browser
                .js(&format!(
                    "(() => {{ location.hash = {}; return 1; }})()",
                    json!(page)
                ))
                .await?;
            if *page == "#/" {
                browser.example(LAUNCH).await?;
            }
            browser
                .until(
                    "its texts are there",
                    "!document.querySelector('main .empty[role=status]')",
                )
                .await?;
            if !state.script.is_empty() {
                browser.js(&format!("[{}, 1]", state.script)).await?;
                if state.name.contains("edit") {
                    browser
                        .until("the edit is checked", "/^(They run|Changes \\d+ of \\d+ cases\\.)/.test(document.querySelector('.rule-cases .sentence')?.innerText ?? '')")
                        .await?;
                }
            }
            // Evaluated by the driver, which the page's policy does not bind.
            browser
                .cdp("Runtime.evaluate", json!({ "expression": axe }))
                .await?;
            for (width, height) in [(1440, 900), (390, 844)] {
                for theme in ["light", "dark"] {
                    browser.size(width, height).await?;
                    let scheme = json!({ "features": [
                        { "name": "prefers-color-scheme", "value": theme },
                        { "name": "prefers-reduced-motion", "value": "reduce" },
                    ] });
                    browser.cdp("Emulation.setEmulatedMedia", scheme).await?;
                    if let Some(folder) = &shots {
                        let file = format!("{}-{width}-{theme}.png", state.name.replace(' ', "-"));
                        browser.driver.screenshot(&folder.join(file)).await?;
                    }
                    let found = violations(browser).await?;
                    ensure!(
                        found.is_empty(),
                        "{page}, {}, {theme}, {width} px: {}",
                        state.name,
                        found.join("; ")
                    );
                }
            }
        }
    }
    Ok(())
}

/// Runs axe-core in the page; rule and places of each violation.
async fn violations(browser: &Browser) -> Result<Vec<String>> {
    let found = browser
        .js_later("const found = await axe.run(document, { resultTypes: ['violations'] }); done(found.violations.map(one => ({ id: one.id, help: one.help, nodes: one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)) })));")
        .await?;
    let found = found
        .as_array()
        .with_context(|| format!("axe-core says: {found}"))?;
    Ok(found
        .iter()
        .filter(|one| !LEFT_OUT.iter().any(|rule| one["id"] == json!(rule)))
        .map(|one| {
            format!(
                "{}: {} {}",
                text(&one["id"]),
                text(&one["help"]),
                one["nodes"]
            )
        })
        .collect())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
