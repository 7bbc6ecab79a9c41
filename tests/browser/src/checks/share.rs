//! Addresses: pages, links to a session, and links that must open for ever.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::task::LAUNCH;
use crate::browser::Browser;
use crate::host;

/// Everything that a session looks like, as text.
const SEEN: &str = r"(() => ({
    request: document.getElementById('request').value,
    dialect: document.getElementById('dialect').value,
    sentence: document.querySelector('#ledger-sentence')?.innerText,
    ledger: document.querySelector('#ledger tbody')?.innerText,
    style: [...document.querySelectorAll('.choice input')].findIndex(input => input.checked),
    calls: document.querySelector('#calls .rounds')?.innerText,
    answer: document.querySelector('#answer .code')?.innerText,
    focus: document.querySelector('.linked').innerText,
    part: document.querySelector('main').dataset.part,
    // What is on its way comes up meanwhile. Marks of the last request belong to who sent it.
    cloud: document.querySelector('#cloud').innerText.replaceAll('BUILD', 'ACTIVE').replaceAll('◐', '●')
        .replace(/^(new|changed)\n/gm, '').replace(/^By the last request: .*\n+/gm, ''),
}))()";

pub async fn pages_have_addresses(browser: &Browser) -> Result<()> {
    browser.paste("aws ec2 describe-vpcs").await?;
    go(browser, "#/no/such/page").await?;
    browser.says("main", "There is no such page").await?;
    browser.says("main", "Playground").await?;
    ensure!(
        browser.js("document.title").await? == json!("Not found: Stacklens"),
        "the window says where one is"
    );
    browser.driver.back().await?;
    browser
        .until(
            "the text is still there",
            "document.getElementById('request')?.value === 'aws ec2 describe-vpcs'",
        )
        .await?;
    go(
        browser,
        "#/?text=Action=DescribeSubnets%26MaxResults=5&calls=curl&part=answer",
    )
    .await?;
    browser.says("#answer h2", "DescribeSubnets").await?;
    browser.says("#calls", "curl -sS").await?;
    // The text that stood there is a click away; and an address that is no longer true goes.
    browser
        .driver
        .find(By::XPath("//button[text()='Back to my text']"))
        .await?
        .click()
        .await?;
    browser
        .until(
            "the text is back",
            "document.getElementById('request').value === 'aws ec2 describe-vpcs' && location.hash === '#/'",
        )
        .await?;
    go(browser, "#/?s=1.damaged").await?;
    browser.says(".warning", "damaged").await?;
    go(browser, "#/?s=9.AAAA").await?;
    browser.says(".warning", "newer page").await
}

pub async fn shared_and_opened(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    browser.click(".send .main").await?;
    browser.says(".notice", "RunInstances changed").await?;
    browser
        .until(
            "the instance is up",
            "!document.querySelector('#cloud').innerText.includes('without a network')",
        )
        .await?;
    browser.paste("aws ec2 describe-instances").await?;
    browser.says("#answer h2", "DescribeInstances").await?;
    browser.click(".choice label:nth-of-type(2) input").await?;
    browser.press_with(Key::Alt, "[").await?;
    browser
        .until(
            "something is looked at",
            "document.querySelector('#answer .focus')",
        )
        .await?;
    let link = link(browser).await?;
    let seen = browser.js(SEEN).await?;

    // Another tab has nothing of this one.
    browser.driver.goto("about:blank").await?;
    browser.driver.goto(&browser.address).await?;
    browser.js("[sessionStorage.clear()]").await?;
    browser.driver.goto("about:blank").await?;
    browser.driver.goto(&link).await?;
    browser.ready().await?;
    browser.says("#answer h2", "DescribeInstances").await?;
    let there = browser.js(SEEN).await?;
    for (name, value) in seen.as_object().context("what is seen")? {
        ensure!(
            there[name] == *value,
            "{name} came back as {} and was {value}",
            there[name]
        );
    }
    // The same link again, in the page that is open and was changed meanwhile.
    browser.paste("Action=DescribeVpcs").await?;
    browser.says("#answer h2", "DescribeVpcs").await?;
    browser
        .until("the address is not stale", "location.hash === '#/'")
        .await?;
    let hash = link
        .split_once('#')
        .map(|(_, hash)| hash)
        .context("a fragment")?;
    go(browser, &format!("#{hash}")).await?;
    browser.says("#answer h2", "DescribeInstances").await?;
    ensure!(
        browser
            .js("document.getElementById('request').value")
            .await?
            == seen["request"],
        "a link opens a second time"
    );
    Ok(())
}

/// Every link that was ever given out opens and says what it said.
pub async fn frozen_links(browser: &Browser) -> Result<()> {
    let file = host::root().join("tests/browser/frozen-links.json");
    let links: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
    let links = links.as_array().context("a list of links")?;
    ensure!(links.len() >= 6, "there are {} frozen links", links.len());
    for link in links {
        let text = |name: &str| link[name].as_str().unwrap_or_default();
        go(browser, text("link")).await?;
        browser
            .until(
                text("about"),
                &format!(
                    "document.getElementById('request').value === {}",
                    link["request"]
                ),
            )
            .await?;
        browser.says("#answer h2", text("action")).await?;
        let rows = browser.count("#ledger tbody tr").await?;
        ensure!(
            json!(rows) == link["ledger"],
            "{}: {rows} rows in the ledger",
            text("about")
        );
        let status = browser.text("#answer .status").await?;
        ensure!(
            json!(status) == link["status"],
            "{}: status {status}",
            text("about")
        );
    }
    Ok(())
}

/// The link of the share dialog.
pub async fn link(browser: &Browser) -> Result<String> {
    browser
        .driver
        .find(By::XPath("//header//button[text()='Share']"))
        .await?
        .click()
        .await?;
    browser
        .until("the link", "document.getElementById('share-link')?.value")
        .await?;
    let link = browser
        .js("document.getElementById('share-link').value")
        .await?;
    browser.press(Key::Escape).await?;
    browser
        .until(
            "Escape closes the dialog",
            "!document.querySelector('dialog').open",
        )
        .await?;
    link.as_str().map(str::to_owned).context("a link")
}

async fn go(browser: &Browser, fragment: &str) -> Result<()> {
    browser
        .js(&format!(
            "(() => {{ location.hash = {}; return 1; }})()",
            json!(fragment)
        ))
        .await
        .map(drop)
}
