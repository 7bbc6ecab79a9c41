//! The page in two programs: what it does while the second one is on its way, without it, and from any folder.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::host;

/// A request whose first call needs no reply.
const REQUEST: &str = "Action=DescribeVolumes&Version=2016-11-15";

/// While the second program is on its way a typed request shows its reading, its ledger and its first calls; the replies
/// follow in place.
pub async fn before_the_cloud(browser: &Browser) -> Result<()> {
    fresh(browser).await?;
    // The first program comes at once, the second one not before it is let through.
    browser
        .cdp(
            "Fetch.enable",
            json!({ "patterns": [{ "urlPattern": "*workshop-*", "requestStage": "Request" }] }),
        )
        .await?;
    let outcome = early(browser).await;
    // Requests that were held back go on.
    browser.cdp("Fetch.disable", json!({})).await?;
    outcome?;
    browser.ready().await?;
    browser
        .says("#answer .code", "DescribeVolumesResponse")
        .await?;
    ensure!(
        browser
            .js("document.getElementById('request').value")
            .await?
            == json!(REQUEST),
        "the text stays as it was typed"
    );
    ensure!(
        browser.js("document.activeElement.id").await? == json!("request"),
        "the focus stays in the request"
    );
    let shift = browser.js("window.watched.shift").await?;
    ensure!(
        shift.as_f64().is_some_and(|shift| shift <= 0.1),
        "the page moved by {shift} when the replies came"
    );
    Ok(())
}

async fn early(browser: &Browser) -> Result<()> {
    browser.driver.goto(&browser.address).await?;
    answers_keys(browser).await?;
    ensure!(
        browser.count("html[data-ready]").await? == 0,
        "the page calls itself whole without its cloud"
    );
    // What stood in the document stays until somebody does something.
    browser
        .says("#answer .code", "RunInstancesResponse")
        .await?;
    browser.paste(REQUEST).await?;
    browser.says("#answer", "on its way").await?;
    browser.says("#ledger", "parameters").await?;
    browser.says("#calls", "/volumes/detail").await?;
    browser.says("#cloud", "on its way").await?;
    ensure!(
        browser
            .js("document.querySelector('.send .main').disabled")
            .await?
            == json!(true),
        "nothing can be sent yet"
    );
    // What moved because another request took the example's place is not the replies' doing.
    browser.js("window.watched.shift = 0").await?;
    Ok(())
}

/// Without the second program the page says so, and still reads and shows calls.
pub async fn without_the_cloud(browser: &Browser) -> Result<()> {
    fresh(browser).await?;
    browser.cdp("Network.enable", json!({})).await?;
    let block = |urls: &'static [&'static str]| {
        browser.cdp("Network.setBlockedURLs", json!({ "urls": urls }))
    };
    block(&["*workshop-*"]).await?;
    let outcome = alone(browser).await;
    block(&[]).await?;
    // The browser itself complains of what it was not allowed to fetch.
    browser.js("window.watched.complaints.length = 0").await?;
    outcome
}

async fn alone(browser: &Browser) -> Result<()> {
    browser.driver.goto(&browser.address).await?;
    browser.ready().await?;
    browser.says("#answer", "could not be loaded").await?;
    browser.says("#cloud", "could not be loaded").await?;
    for (text, ledger, call) in [
        (REQUEST, "0 parameters", "/volumes/detail"),
        (
            "aws ec2 describe-vpcs --filters Name=is-default,Values=true",
            "parameters",
            "/v2.0/routers",
        ),
    ] {
        browser.paste(text).await?;
        browser.says("#calls .call", call).await?;
        browser.says("#calls", "up to the first reply").await?;
        let told = browser.text("#ledger").await?;
        ensure!(
            told.contains(ledger) || ledger == "0 parameters",
            "{text}: {told}"
        );
    }
    // An action without a rule is named, and not called unknown for want of its description.
    browser
        .paste("Action=CreateVpcPeeringConnection&VpcId=vpc-1")
        .await?;
    browser
        .says("#ledger", "comes with the in-browser cloud")
        .await
}

/// The page works from a folder of any host that hands out files as they are.
pub async fn any_host(browser: &Browser) -> Result<()> {
    let address = format!("{}some/folder/", host::serve_plainly()?);
    browser.driver.goto(&address).await?;
    browser.ready().await?;
    browser.paste(REQUEST).await?;
    browser
        .says("#answer .code", "DescribeVolumesResponse")
        .await?;
    let outside = browser
        .js(&format!(
            "performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith({}))",
            json!(address)
        ))
        .await?;
    ensure!(
        outside == json!([]),
        "fetched from outside the folder: {outside}"
    );
    browser.no_complaints().await
}

/// Nothing is fetched once the page is whole, whatever is done on it.
pub async fn nothing_fetched_later(browser: &Browser) -> Result<()> {
    let before = browser.requests().await?;
    let titles = browser
        .js("[...document.querySelectorAll('#examples optgroup option')].map(option => option.text)")
        .await?;
    let titles: Vec<String> = serde_json::from_value(titles)?;
    for title in &titles {
        browser.example(title).await?;
    }
    browser.click(".send .main").await?;
    browser.says(".notice", "Sent").await?;
    browser
        .paste("Action=CreateVpcPeeringConnection&VpcId=vpc-1")
        .await?;
    browser
        .says("#answer h2", "CreateVpcPeeringConnection")
        .await?;
    let after = browser.requests().await?;
    ensure!(
        before == after,
        "{} files were fetched after the page was whole",
        after - before
    );
    Ok(())
}

/// Waits until the first program would answer a key.
async fn answers_keys(browser: &Browser) -> Result<()> {
    browser
        .until(
            "the first program is there",
            "performance.getEntriesByName('answers-keys').length",
        )
        .await
}

/// Leaves the page with nothing remembered and nothing cached.
async fn fresh(browser: &Browser) -> Result<()> {
    // The page keeps its session a moment after it was drawn; cleared before that, it would come back.
    browser
        .until("the session is kept", "sessionStorage.length")
        .await?;
    let cleared: Value = browser
        .js("[sessionStorage.clear(), localStorage.clear()].length")
        .await?;
    cleared.as_u64().context("storage to clear")?;
    browser.cdp("Network.enable", json!({})).await?;
    browser.cdp("Network.clearBrowserCache", json!({})).await?;
    browser.driver.goto("about:blank").await?;
    Ok(())
}
