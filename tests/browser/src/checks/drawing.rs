//! The drawing of the cloud: it follows what is sent, leads to ids and requests, and is used by key.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::browser::Browser;

pub async fn follows(browser: &Browser) -> Result<()> {
    let servers = browser.count(".picture .server").await?;
    ensure!(
        servers == 1,
        "the first cloud has one server, not {servers}"
    );
    let place = "JSON.stringify([...document.querySelectorAll('.picture .router, .picture .external')].map(one => one.querySelector('rect').getAttribute('y')).slice(0, 2))";
    let before = browser.js(place).await?;
    browser.example(super::task::LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    browser.press_with(Key::Control, Key::Enter).await?;
    browser
        .until(
            "a new server is drawn",
            "document.querySelector('.picture .server.new')",
        )
        .await?;
    browser.says(".drawing .news", "new").await?;
    ensure!(
        browser.js(place).await? == before,
        "what stood above stays where it was"
    );
    browser
        .until("the server comes up", "[...document.querySelectorAll('.picture .server .sign')].every(sign => sign.textContent === '●')")
        .await?;

    // Everything that is drawn is in the list too.
    let drawn = browser.js("[...document.querySelectorAll('.picture .server')].map(one => one.getAttribute('aria-label').match(/^server ([^,]*)/)[1]).sort().join()").await?;
    let listed = browser.js("[...[...document.querySelectorAll('.shelf')].find(shelf => shelf.caption.textContent.startsWith('Servers')).querySelectorAll('tbody th')].map(one => one.textContent).sort().join()").await?;
    ensure!(drawn == listed, "drawn: {drawn}; listed: {listed}");

    browser.click("#cloud .bar button").await?;
    browser
        .until(
            "the cloud is as new",
            "document.querySelectorAll('.picture .server').length === 1",
        )
        .await
}

pub async fn by_key(browser: &Browser) -> Result<()> {
    let stops = browser.count(".picture [tabindex='0']").await?;
    ensure!(
        stops == 1,
        "the tab key stops once in the drawing, not {stops} times"
    );
    browser
        .js("document.querySelector('.picture [tabindex=\"0\"]').focus()")
        .await?;
    let mut seen = Vec::new();
    for _ in 0..browser.count(".picture .thing").await? {
        let label = browser
            .js("document.activeElement.getAttribute('aria-label')")
            .await?;
        let label = label.as_str().context("a thing has a label")?.to_owned();
        seen.push(label.clone());
        if label.starts_with("server ") {
            break;
        }
        browser.press(Key::Down).await?;
        let next = json!(label);
        browser
            .until(
                "the arrow key goes on",
                &format!("document.activeElement.getAttribute('aria-label') !== {next}"),
            )
            .await?;
    }
    ensure!(
        seen.last()
            .is_some_and(|label| label.starts_with("server first")),
        "{seen:?}"
    );
    browser.press(Key::Enter).await?;
    browser.says(".details", "EC2 instance").await?;
    let text = browser.text(".details").await?;
    ensure!(text.contains("i-") && text.contains("OpenStack"), "{text}");
    browser.click(".details .describe").await?;
    browser
        .until("the request is in the input", "document.getElementById('request').value.startsWith('aws ec2 describe-instances --instance-ids i-')")
        .await?;
    browser.says("#answer .code", "<instanceId>i-").await?;
    // What was typed before is not lost.
    browser.paste("Action=DescribeVpcs").await?;
    browser.says("#answer h2", "DescribeVpcs").await?;
    browser.click(".details .describe").await?;
    browser.says("#answer h2", "DescribeInstances").await?;
    browser.js("[...document.querySelectorAll('header button')].find(button => button.innerText === 'Back to my text').click()").await?;
    browser
        .until(
            "the text is back",
            "document.getElementById('request').value === 'Action=DescribeVpcs'",
        )
        .await
}
