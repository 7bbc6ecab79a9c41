//! The pages to read: documentation, course, live view.

use anyhow::{Result, ensure};

use crate::browser::Browser;

async fn go(browser: &Browser, fragment: &str) -> Result<()> {
    browser
        .js(&format!("[location.hash = {fragment:?}, 1]"))
        .await?;
    Ok(())
}

/// Follows a link or presses a button wherever it stands on the page.
async fn press(browser: &Browser, selector: &str) -> Result<()> {
    browser
        .js(&format!(
            "[document.querySelector({selector:?}).click(), 1]"
        ))
        .await?;
    Ok(())
}

/// The list of actions leads to an action, its parts have addresses, and an action without a rule says so.
pub async fn documents(browser: &Browser) -> Result<()> {
    browser.open_afresh().await?;
    go(browser, "#/action").await?;
    browser
        .until(
            "the list is there",
            "document.querySelectorAll('#document tbody tr').length > 40",
        )
        .await?;
    press(browser, "#document a[href='#/action/CreateVolume']").await?;
    browser
        .until(
            "the document is there",
            "document.querySelector('#document h2')?.textContent === 'CreateVolume'",
        )
        .await?;
    browser.says("#document", "volume.size").await?;
    browser.says("#document", "iops-per-volume").await?;
    go(browser, "#/action/CreateVolume/gap-iops-per-volume").await?;
    browser
        .until(
            "the gap is looked at",
            "document.activeElement.id === 'gap-iops-per-volume'",
        )
        .await?;
    go(browser, "#/action/AcceptVpcPeeringConnection").await?;
    browser
        .until(
            "it says that there is none",
            "document.querySelector('#document').textContent.includes('There is no rule')",
        )
        .await?;
    // "Try it" leads to the playground with the request in it.
    go(browser, "#/action/DescribeRegions").await?;
    browser
        .until(
            "an example can be tried",
            "!!document.querySelector('#document a[href^=\"#/?text=\"]')",
        )
        .await?;
    press(browser, "#document a[href^='#/?text=']").await?;
    browser
        .until(
            "the request is in the playground",
            "/regions/i.test(document.getElementById('request')?.value ?? '')",
        )
        .await?;
    browser.says("#answer h2", "DescribeRegions").await
}

/// A lesson asks, takes a wrong guess, shows what happens, and leads to the playground.
pub async fn course(browser: &Browser) -> Result<()> {
    browser.open_afresh().await?;
    go(browser, "#/learn").await?;
    browser
        .until(
            "the lessons are there",
            "document.querySelectorAll('.lessons li').length >= 8",
        )
        .await?;
    browser.says("#course", "The trap").await?;
    press(browser, ".lessons li:nth-child(6) a").await?;
    browser
        .until(
            "the lesson is there",
            "document.querySelectorAll('.quiz').length >= 2",
        )
        .await?;
    ensure!(
        browser.count(".happened").await? == 0,
        "the outcome shows before anybody guessed"
    );
    press(browser, ".quiz .option").await?;
    browser.until("the guess is judged", "!!document.querySelector('.quiz .option.wrong') && !!document.querySelector('.quiz .option.right')").await?;
    browser
        .until(
            "the calls are shown",
            "/volumes/.test(document.querySelector('.happened')?.textContent ?? '')",
        )
        .await?;
    press(browser, ".quiz a.go").await?;
    browser
        .until(
            "the request is in the playground",
            "/create-volume/.test(document.getElementById('request')?.value ?? '')",
        )
        .await?;
    browser.no_complaints().await
}

/// A request that reaches the gateway shows up by itself; a page without a gateway says what to start.
pub async fn live(browser: &Browser) -> Result<()> {
    browser.open_afresh().await?;
    go(browser, "#/live").await?;
    if std::env::var_os("STACKLENS_URL").is_none() {
        return browser.until("it says what to start", "document.querySelector('#live [role=status]').textContent.includes('stacklens serve')").await;
    }
    browser
        .until(
            "it is connected",
            "document.querySelector('#live [role=status]')?.textContent.startsWith('Connected')",
        )
        .await?;
    browser
        .js_later("await fetch('./', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Action=DescribeVpcs&Version=2016-11-15' }); done(1);")
        .await?;
    // Nobody signed it, so it is refused, and that is told.
    browser.until("the request is told", "/AuthFailure|MissingAuthenticationToken/.test(document.querySelector('#live tbody tr')?.textContent ?? '')").await
}
