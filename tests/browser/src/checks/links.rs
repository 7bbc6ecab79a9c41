//! The linked highlight, by mouse and by keys, and the four forms of a call.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use super::task::LAUNCH;
use crate::browser::Browser;

pub async fn by_mouse(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    browser
        .point("#ledger tbody tr:first-child th button")
        .await?;
    browser
        .until(
            "the text of the request lights",
            "document.querySelector('.layer .lit.focus')",
        )
        .await?;
    browser
        .until(
            "the field of a call lights",
            "document.querySelector('#calls .code .lit')",
        )
        .await?;

    browser.point("#answer .code .spot[data-spot]").await?;
    browser
        .until(
            "the element of the answer is looked at",
            "document.querySelector('#answer .code .focus')",
        )
        .await?;

    // An element made of a reply lights the reply's field.
    let linked = browser
        .js("(() => { const pane = document.querySelector('#answer .code'); \
             const line = [...pane.querySelectorAll('.line')].find(line => line.textContent.includes('<instanceId>')); \
             line.querySelector('.spot').dispatchEvent(new MouseEvent('mouseover', { bubbles: true })); return true; })()")
        .await?;
    ensure!(linked == json!(true));
    browser
        .until(
            "the field of a reply lights",
            "document.querySelector('#calls .call.lit')",
        )
        .await?;

    // The layer is under the textarea; the mouse finds it through.
    let place = "(() => { const box = document.querySelector('.layer .value').getClientRects()[0]; return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]; })()";
    let place = browser.js(place).await?;
    let at = |index: usize| place[index].as_i64().unwrap_or_default();
    browser
        .driver
        .action_chain()
        .move_to(at(0), at(1))
        .perform()
        .await?;
    browser
        .until(
            "pointing at the text lights its row",
            "document.querySelector('#ledger tr.focus')",
        )
        .await?;
    Ok(())
}

pub async fn by_key(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    let focus = "document.querySelector('.linked').textContent";
    browser.press_with(Key::Alt, "]").await?;
    browser
        .until(
            "the first mapping",
            "document.querySelector('#ledger tr:first-child.focus')",
        )
        .await?;
    let first = browser.js(focus).await?;
    browser.press_with(Key::Alt, "]").await?;
    browser
        .until("the second mapping", &format!("{focus} !== {first}"))
        .await?;
    browser.press_with(Key::Alt, "[").await?;
    browser
        .until("back again", &format!("{focus} === {first}"))
        .await?;
    browser.press_with(Key::Alt, "[").await?;
    browser
        .until(
            "around the end to the answer",
            "document.querySelector('#answer .code .focus')",
        )
        .await?;
    browser.until("and it is said aloud", "document.querySelector('body > div > [role=status], [role=status].unseen').textContent.includes('in the answer')").await?;
    browser.press(Key::Escape).await?;
    browser
        .until("let go", "!document.querySelector('.focus')")
        .await?;
    browser.click(".strip button:nth-of-type(2)").await?;
    browser
        .until(
            "the button does the same",
            "document.querySelector('#ledger tr.focus')",
        )
        .await?;

    // The caret lights what it stands in.
    browser
        .js("document.getElementById('request').focus()")
        .await?;
    browser
        .js("document.getElementById('request').setSelectionRange(0, 0)")
        .await?;
    let target = "document.querySelector('.layer .value').textContent";
    browser.js(&format!("(() => {{ const area = document.getElementById('request'); const at = area.value.indexOf({target}); area.setSelectionRange(at, at); }})()")).await?;
    browser.press(Key::Right).await?;
    browser
        .until(
            "the caret's value lights",
            "document.querySelector('.layer .value.focus')",
        )
        .await
}

pub async fn four_forms(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    for (form, sign) in [
        (2, "curl -sS"),
        (3, "openstack "),
        (4, "conn."),
        (1, "HTTP/1.1"),
    ] {
        browser
            .click(&format!(".choice label:nth-of-type({form}) input"))
            .await?;
        browser.says("#calls", sign).await?;
        browser.js("(() => { document.querySelector('#ledger tbody tr:first-child th').dispatchEvent(new MouseEvent('mouseover', { bubbles: true })); return true; })()").await?;
        browser
            .until(
                &format!("values light up in form {form}"),
                "document.querySelector('#calls .code.sent .lit')",
            )
            .await?;
        browser.js("(() => { document.querySelector('#ledger tbody').dispatchEvent(new MouseEvent('mouseout', { bubbles: true, relatedTarget: document.body })); return true; })()").await?;
    }
    Ok(())
}
