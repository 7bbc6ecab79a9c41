//! Secrets planted everywhere they can be typed leave the page nowhere.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::share;
use crate::browser::Browser;

/// Each stands nowhere else, so that it can be looked for.
const PLANTED: [(&str, &str); 9] = [
    (
        "user data of a command",
        "aws ec2 run-instances --image-id ami-1 --user-data 'echo PLANTED0kQz'",
    ),
    (
        "user data of a query",
        "Action=RunInstances&ImageId=ami-1&UserData=UExBTlRFRDFrUXo%3D",
    ),
    (
        "a signature",
        "Action=DescribeVpcs&AWSAccessKeyId=PLANTED2kQz&Signature=PLANTED2kQz",
    ),
    (
        "headers",
        "POST / HTTP/1.1\nHost: ec2.amazonaws.com\nX-Amz-Security-Token: PLANTED3kQz\nAuthorization: AWS4-HMAC-SHA256 Credential=PLANTED3kQz\n\nAction=DescribeVpcs",
    ),
    (
        "the environment",
        "AWS_SECRET_ACCESS_KEY=PLANTED4kQz aws ec2 describe-vpcs",
    ),
    (
        "a tag",
        "aws ec2 create-tags --resources i-1 --tags Key=password,Value=PLANTED5kQz",
    ),
    (
        "JSON",
        "aws ec2 run-instances --cli-input-json '{\"ImageId\": \"ami-1\", \"UserData\": \"PLANTED6kQz\"}'",
    ),
    (
        "a text that cannot be read",
        "run it with password: PLANTED7kQz",
    ),
    (
        "a nested address",
        "https://example.org/?to=Action%3DRunInstances%26UserData%3DPLANTED8kQz",
    ),
];

/// Gathers everything that leaves: what is copied, stored, and fetched.
const WATCH: &str = r"(() => {
    window.left = [];
    navigator.clipboard.writeText = text => { window.left.push(text); return Promise.resolve(); };
    for (const name of ['fetch', 'sendBeacon']) {
        const of = name === 'fetch' ? window : navigator;
        of[name] = (...what) => { window.left.push(JSON.stringify(what)); return Promise.reject(new Error('nothing leaves')); };
    }
    return 1;
})()";

pub async fn stay(browser: &Browser) -> Result<()> {
    browser.js(WATCH).await?;
    let before = browser.requests().await?;
    for (what, text) in PLANTED {
        browser.paste(text).await?;
        browser.js_later("setTimeout(() => done(1), 0)").await?;
        // Sent, where it can be, so that it is part of the history as well.
        browser.js("(() => { const send = document.querySelector('.send .main'); if (!send.disabled) send.click(); return 1; })()").await?;
        let link = share::link(browser).await?;
        unpacked(browser, &link)
            .await
            .with_context(|| what.to_owned())?;
        let script = "(() => { document.querySelector('header button[aria-haspopup]').click(); return 1; })()";
        browser.js(script).await?;
        browser
            .until(
                "the dialog",
                "document.querySelectorAll('dialog .copy button').length === 3",
            )
            .await?;
        let shown = browser.text("dialog").await?;
        ensure!(
            shown.contains("before anything is shared") && !shown.contains("kQz"),
            "{what}: the dialog shows what was taken out and not what it was: {shown}"
        );
        browser.js("[...document.querySelectorAll('dialog .copy button')].map(button => button.click())").await?;
        browser.js("[...document.querySelectorAll('.title .copy button')].map(button => button.click())").await?;
        browser
            .js("(() => { document.querySelector('dialog').close(); return 1; })()")
            .await?;
    }
    // A text that cannot be read is not kept; the page waits for a pause in typing.
    browser.paste(PLANTED[0].1).await?;
    browser
        .until(
            "the session is kept",
            "sessionStorage.getItem('stacklens.session')?.includes('REPLACED')",
        )
        .await?;
    let left = browser
        .js("JSON.stringify([window.left, { ...sessionStorage }, { ...localStorage }, location.href, history.state])")
        .await?;
    let left = left.as_str().context("what left")?;
    let copies = browser.js("window.left.length").await?;
    ensure!(copies.as_u64() >= Some(9 * 3), "{copies} texts were copied");
    for secret in ["kQz", "UExBTlRFRD"] {
        ensure!(
            !left.contains(secret),
            "{secret} left the page: {}",
            around(left, secret)
        );
    }
    let links = browser
        .js("window.left.flatMap(text => text.match(/#\\/\\?s=1\\.[\\w-]+/g) ?? [])")
        .await?;
    for link in links.as_array().context("links")? {
        unpacked(browser, link.as_str().unwrap_or_default()).await?;
    }
    ensure!(browser.requests().await? == before, "something was fetched");
    Ok(())
}

/// Unfolds a link with the browser's own means and looks through it.
async fn unpacked(browser: &Browser, link: &str) -> Result<()> {
    let packed = link
        .split_once("s=1.")
        .map(|(_, packed)| packed)
        .context("a link of version 1")?;
    let body = format!(
        "const bytes = Uint8Array.from(atob({}.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0)); \
         done(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text());",
        json!(packed)
    );
    let text = browser.js_later(&body).await?;
    let text = text.as_str().unwrap_or_default();
    let session: Value = serde_json::from_str(text).with_context(|| text.to_owned())?;
    ensure!(
        session["text"].is_string(),
        "the link holds a session: {text}"
    );
    for secret in ["kQz", "UExBTlRFRD"] {
        ensure!(
            !text.contains(secret),
            "{secret} is in the link: {}",
            around(text, secret)
        );
    }
    Ok(())
}

fn around<'t>(text: &'t str, secret: &str) -> &'t str {
    let at = text.find(secret).unwrap_or_default();
    text.get(at.saturating_sub(80)..(at + 40).min(text.len()))
        .unwrap_or_default()
}
