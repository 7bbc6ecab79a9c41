//! The main task: type a request, read what becomes of it, send it, and find it again.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::Browser;

/// The example that launches an instance.
pub const LAUNCH: &str = "Launch a tagged instance";

pub async fn main_task(browser: &Browser) -> Result<()> {
    let requests = browser.requests().await?;
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    let sentence = browser.text("#ledger-sentence").await?;
    ensure!(sentence.contains("mapped"), "the ledger says: {sentence}");
    ensure!(
        browser.count("#ledger tbody tr").await? > 3,
        "the ledger has a row for every parameter"
    );
    ensure!(
        browser.count("#calls .call.change").await? > 0,
        "a launch changes the cloud"
    );
    browser.says("#answer .code", "<instanceId>i-").await?;

    // A preview must leave the cloud as it is, however often a key is pressed.
    let before = browser.text("#cloud").await?;
    browser
        .driver
        .find(By::Id("request"))
        .await?
        .send_keys("   ")
        .await?;
    browser
        .until(
            "the preview follows",
            "document.getElementById('request').value.endsWith('   ')",
        )
        .await?;
    ensure!(
        browser.text("#cloud").await? == before,
        "typing changed the cloud"
    );

    browser.press_with(Key::Control, Key::Enter).await?;
    browser
        .says(".notice", "changed the in-browser cloud")
        .await?;
    ensure!(
        browser.text("#cloud").await? != before,
        "sending did not change the cloud"
    );
    let id = instance_id(browser).await?;

    browser.paste("aws ec2 describe-instances").await?;
    browser
        .says("#answer .code", &id)
        .await
        .context("the instance that was launched is described")?;
    ensure!(
        browser.requests().await? == requests,
        "the page fetched something after it was loaded"
    );
    Ok(())
}

/// The instance id that stands in the answer.
async fn instance_id(browser: &Browser) -> Result<String> {
    let id = browser.js("document.querySelector('#answer .code').innerText.match(/<instanceId>(i-[0-9a-f]+)</)?.[1]").await?;
    id.as_str()
        .map(str::to_owned)
        .context("the answer has an instance id")
}

pub async fn remembers(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    browser.click(".send .main").await?;
    browser
        .says(".notice", "changed the in-browser cloud")
        .await?;
    let id = instance_id(browser).await?;
    browser
        .paste(&format!("Action=DescribeInstances&InstanceId.1={id}"))
        .await?;
    browser.says("#answer .code", &id).await?;

    browser
        .until(
            "the session is kept",
            &format!("sessionStorage.getItem('stacklens.session')?.includes('{id}')"),
        )
        .await?;
    browser.driver.refresh().await?;
    browser.ready().await?;
    browser
        .says("#answer .code", &id)
        .await
        .context("the cloud outlives a reload of the tab")?;

    browser
        .driver
        .goto(format!("{}#/?safe", browser.address))
        .await?;
    browser.driver.refresh().await?;
    browser.ready().await?;
    browser
        .paste(&format!("Action=DescribeInstances&InstanceId.1={id}"))
        .await?;
    browser
        .says("#answer", "InvalidInstanceID.NotFound")
        .await
        .context("a safe start is a clean start")?;
    Ok(())
}

pub async fn errors_show_the_mend(browser: &Browser) -> Result<()> {
    browser
        .paste("aws ec2 describe-instances --instance-idz i-1")
        .await?;
    browser
        .until("a remark", "document.querySelector('.diagnostics li')")
        .await?;
    let remark = browser.text(".diagnostics li").await?;
    ensure!(
        remark.contains("1:28"),
        "the remark names line and column: {remark}"
    );
    ensure!(
        remark.contains("--instance-ids"),
        "the remark tells the mend: {remark}"
    );
    let carets = browser
        .js("document.querySelector('.diagnostics pre').textContent")
        .await?;
    ensure!(
        carets.as_str().is_some_and(|carets| carets.contains("^^^")),
        "carets stand under the place"
    );
    ensure!(
        browser
            .js("document.querySelector('.send .main').disabled")
            .await?
            == Value::Bool(true),
        "an erroneous request cannot be sent"
    );
    browser.click(".diagnostics .linkish").await?;
    let caret = browser
        .js("document.getElementById('request').selectionStart")
        .await?;
    ensure!(
        caret == json!(27),
        "the remark leads to its place, not to {caret}"
    );

    browser
        .paste("Action=DescribeInstances&InstanceId.1=i-00000000000000000000000000000000")
        .await?;
    browser
        .says("#answer", "InvalidInstanceID.NotFound")
        .await?;
    browser.paste("").await?;
    browser.says("#answer", "Paste an EC2 request").await?;
    // Something hostile is only text.
    browser
        .paste("Action=<script>alert(1)</script>&\u{202e}\u{0}=%zz&&&===")
        .await?;
    browser
        .paste(&"Action=DescribeInstances&Filter.1.Name=".repeat(20_000))
        .await?;
    browser
        .until("the page lives", "document.getElementById('fault').hidden")
        .await?;
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await
}

/// Every example is read without an error and comes to an answer.
pub async fn every_example(browser: &Browser) -> Result<()> {
    let titles = browser.js("[...document.querySelectorAll('#examples optgroup option')].map(option => option.text)").await?;
    let titles: Vec<String> = serde_json::from_value(titles)?;
    ensure!(titles.len() >= 12, "there are {} examples", titles.len());
    for title in titles {
        browser.example(&title).await?;
        browser
            .until(&title, "document.querySelector('#answer .status')")
            .await?;
        ensure!(
            browser.count(".diagnostics li.error").await? == 0,
            "\"{title}\": {}",
            browser.text(".diagnostics").await?
        );
        ensure!(
            browser.count("#answer .code .line").await? > 2,
            "\"{title}\" has no answer"
        );
        let fails = browser.count("#answer .status.failed").await? > 0;
        ensure!(
            fails == title.contains("fails"),
            "\"{title}\" answers {}",
            browser
                .text("#answer")
                .await?
                .chars()
                .take(300)
                .collect::<String>()
        );
    }
    Ok(())
}

pub async fn dialect_override(browser: &Browser) -> Result<()> {
    browser
        .paste("Action=DescribeVpcs&Version=2016-11-15")
        .await?;
    browser.says("#dialect", "found: Query string").await?;
    browser.js("(() => { const menu = document.getElementById('dialect'); menu.value = '3'; menu.dispatchEvent(new Event('change', { bubbles: true })); })()").await?;
    browser
        .until(
            "read as a command line it is an error",
            "document.querySelector('.diagnostics li.error')",
        )
        .await?;
    browser
        .says("#answer", "last request that could be read")
        .await?;
    browser.js("(() => { const menu = document.getElementById('dialect'); menu.value = ''; menu.dispatchEvent(new Event('change', { bubbles: true })); })()").await?;
    browser
        .until(
            "found again",
            "!document.querySelector('.diagnostics li.error')",
        )
        .await
}

/// A command from somebody's own shell names what this cloud does not have: its calls show all the same, the page says what
/// stands in, and it can be taken as it is given. What is refused can be left out to see the rest.
pub async fn from_another_cloud(browser: &Browser) -> Result<()> {
    browser
        .paste("aws ec2 attach-volume --volume-id vol-1234567890abcdef0 --instance-id $ID --device /dev/sdf")
        .await?;
    browser
        .says(".stand-ins", "vol-1234567890abcdef0 is data")
        .await?;
    browser.says(".stand-ins", "$ID is first").await?;
    browser.says("#ledger", "vol-1234567890abcdef0").await?;
    browser
        .until(
            "the volume is attached",
            "document.querySelectorAll('#calls .call.change').length > 0",
        )
        .await?;
    browser.click(".stand-ins button").await?;
    browser.says("#answer", "InvalidInstanceID").await?;
    browser.says(".stand-ins", "used as given").await?;
    browser.click(".stand-ins button").await?;
    browser.says(".stand-ins", "$ID is first").await?;

    browser
        .paste("aws ec2 run-instances --image-id ami-0abcdef1234567890 --instance-market-options MarketType=spot")
        .await?;
    browser.says("#answer", "UnsupportedOperation").await?;
    browser
        .says("#calls", "Refused before any OpenStack call")
        .await?;
    browser.click("#calls .stale button").await?;
    browser.says("#calls", "/servers").await?;
    browser
        .says(
            "#calls",
            "As if InstanceMarketOptions.MarketType were not given",
        )
        .await?;
    browser.says("#answer .code", "<instanceId>i-").await?;
    browser.no_complaints().await
}
