//! What the page costs: bytes, requests, time to the first translation, time from key press to all panes.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::task::LAUNCH;
use crate::browser::Browser;
use crate::budget::{FIRST_VIEW, GOAL, REQUESTS, SECOND, SECOND_PROGRAM};

/// Milliseconds from navigation to the first translation.
const FIRST: Time = Time {
    goal: 1_000.0,
    gate: 4_000.0,
};
/// Milliseconds from key press to all panes: 95th percentile, for the examples and for 8 kB.
const PRESS: Time = Time {
    goal: 16.0,
    gate: 80.0,
};
const PRESS_LARGE: Time = Time {
    goal: 50.0,
    gate: 300.0,
};
/// Milliseconds from the request to an answer with a thousand instances on the screen.
const THOUSAND: Time = Time {
    goal: 150.0,
    gate: 1_000.0,
};

/// A time that the page should keep on a machine of its own, and one that it must keep on any: a test machine is shared,
/// and what takes one moment there takes several times as long the next.
struct Time {
    goal: f64,
    gate: f64,
}

impl Time {
    fn keep(&self, what: &str, taken: f64) -> Result<()> {
        let Self { goal, gate } = self;
        if taken > *goal {
            println!("        {what}: {taken:.1} ms is over the goal of {goal} ms");
        }
        ensure!(
            taken <= *gate,
            "{what}: {taken:.1} ms; it must keep {gate} ms"
        );
        Ok(())
    }
}

pub async fn first_view(browser: &Browser) -> Result<()> {
    // Cached files would weigh nothing, and hashed ones are cached for ever.
    for (command, parameters) in [
        ("Network.enable", serde_json::json!({})),
        ("Network.clearBrowserCache", serde_json::json!({})),
        (
            "Network.setCacheDisabled",
            serde_json::json!({ "cacheDisabled": true }),
        ),
    ] {
        browser.cdp(command, parameters).await?;
    }
    browser.driver.goto("about:blank").await?;
    browser.driver.goto(&browser.address).await?;
    browser.ready().await?;
    let weigh = |second: bool| {
        let (sign, mark) = (if second { "" } else { "!" }, SECOND);
        format!(
            "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')].filter(entry => {sign}entry.name.includes('/{mark}')).reduce((sum, entry) => sum + entry.transferSize, 0)"
        )
    };
    let bytes = number(&browser.js(&weigh(false)).await?)?;
    let second = number(&browser.js(&weigh(true)).await?)?;
    let requests = browser.requests().await?;
    let mark = |name: &str| format!("performance.getEntriesByName('{name}')[0]?.startTime ?? -1");
    let keys = number(&browser.js(&mark("answers-keys")).await?)?;
    let first = number(&browser.js(&mark("first-translation")).await?)?;
    println!(
        "        first view {bytes:.0} bytes of {FIRST_VIEW} at most, the goal is {GOAL}, second program {second:.0} of {SECOND_PROGRAM}; {requests} requests; answers keys after {keys:.0} ms, first translation after {first:.0} ms"
    );
    ensure!(
        bytes > 100_000.0 && second > 10_000.0,
        "only {bytes} and {second} bytes came over the wire: a cache answered, so nothing was measured"
    );
    // The wire adds the heads of the replies to what the files weigh.
    let heads = 300.0 * requests as f64;
    ensure!(
        bytes <= FIRST_VIEW as f64 + heads,
        "{bytes} bytes; the first view must keep {FIRST_VIEW}"
    );
    ensure!(
        second <= SECOND_PROGRAM as f64 + heads,
        "{second} bytes; the second program must keep {SECOND_PROGRAM}"
    );
    ensure!(
        requests <= REQUESTS,
        "{requests} requests; the budget is {REQUESTS}"
    );
    ensure!(
        first > 0.0,
        "the page does not say when it first translated"
    );
    FIRST.keep("first translation", first)?;
    let elsewhere = browser.js("performance.getEntriesByType('resource').filter(entry => !entry.name.startsWith(location.origin)).length").await?;
    ensure!(
        elsewhere == serde_json::json!(0),
        "{elsewhere} requests went elsewhere"
    );
    Ok(())
}

/// Title, input and a worked example stand in the HTML; the program takes them over without moving anything.
pub async fn before_the_program(browser: &Browser) -> Result<()> {
    let shift = number(&browser.js("window.watched.shift").await?)?;
    println!("        layout shift {shift:.3}");
    ensure!(
        shift <= 0.02,
        "the page moved by {shift} when the program took over"
    );
    // A stale example would be taken for a person's own text.
    let chosen = browser
        .js("document.getElementById('examples').selectedIndex")
        .await?;
    ensure!(
        chosen == serde_json::json!(1),
        "the example in www/shell.html is not the first one; renew it: cargo run -p browser-tests -- --write-shell"
    );
    browser
        .cdp(
            "Emulation.setScriptExecutionDisabled",
            serde_json::json!({ "value": true }),
        )
        .await?;
    let looked = plain(browser).await;
    browser
        .cdp(
            "Emulation.setScriptExecutionDisabled",
            serde_json::json!({ "value": false }),
        )
        .await?;
    looked
}

async fn plain(browser: &Browser) -> Result<()> {
    browser.driver.refresh().await?;
    let source = browser.driver.source().await?;
    for (what, text) in [
        ("the title", "Stacklens"),
        ("the input", "<textarea"),
        ("a ledger", "parameters: "),
        ("an answer", "RunInstancesResponse"),
    ] {
        ensure!(source.contains(text), "{what} does not stand in the HTML");
    }
    ensure!(
        !source.contains("data-ready"),
        "the program ran although scripts were off"
    );
    ensure!(
        !source.contains("style="),
        "the HTML has style attributes, which the policy forbids"
    );
    Ok(())
}

/// Rounds of which the best counts: a machine that does other things as well is slow at times, and never fast by chance.
const ROUNDS: usize = 3;

pub async fn key_press(browser: &Browser) -> Result<()> {
    let titles = browser
        .js("[...document.querySelectorAll('#examples optgroup option')].map(option => option.text)")
        .await?;
    let titles: Vec<String> = serde_json::from_value(titles)?;
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let mut times = Vec::new();
        for title in &titles {
            browser.example(title).await?;
            times.extend(presses(browser, 12).await?);
        }
        let (median, high) = (share(&mut times, 0.5), share(&mut times, 0.95));
        println!(
            "        key press to all panes, {} examples, {} presses: p50 {median:.1} ms, p95 {high:.1} ms",
            titles.len(),
            times.len()
        );
        best = best.min(high);
    }

    let filters: String = (1..=110)
        .map(|n| {
            format!(
                "&Filter.{n}.Name=tag:team-{n}&Filter.{n}.Value.1=platform-{n}-{}",
                "x".repeat(20)
            )
        })
        .collect();
    let request = format!("Action=DescribeInstances&Version=2016-11-15{filters}");
    browser.paste(&request).await?;
    browser.says("#answer h2", "DescribeInstances").await?;
    let mut best_large = f64::MAX;
    for _ in 0..ROUNDS {
        let mut times = presses(browser, 30).await?;
        let (median, high) = (share(&mut times, 0.5), share(&mut times, 0.95));
        println!(
            "        with {} bytes: p50 {median:.1} ms, p95 {high:.1} ms",
            request.len()
        );
        best_large = best_large.min(high);
    }

    PRESS.keep("p95 of a key press", best)?;
    PRESS_LARGE.keep("p95 of a key press at 8 kB", best_large)
}

/// The time that this share of presses keeps.
fn share(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let last = times.len().saturating_sub(1);
    let at = ((times.len() as f64 * share) as usize).min(last);
    times.get(at).copied().unwrap_or(f64::MAX)
}

/// A thousand instances are described in time, few of their lines are drawn, and the end can be scrolled to.
pub async fn thousand_instances(browser: &Browser) -> Result<()> {
    browser
        .paste("Action=CreateVpc&CidrBlock=10.77.0.0/16")
        .await?;
    browser.click(".send .main").await?;
    browser
        .says(".notice", "changed the in-browser cloud")
        .await?;
    let vpc = element(browser, "vpcId").await?;
    browser
        .paste(&format!(
            "Action=CreateSubnet&VpcId={vpc}&CidrBlock=10.77.0.0/20"
        ))
        .await?;
    browser.says("#answer h2", "CreateSubnet").await?;
    browser.click(".send .main").await?;
    browser.says(".notice", "CreateSubnet changed").await?;
    let subnet = element(browser, "subnetId").await?;
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    let image = element(browser, "imageId").await?;
    browser
        .paste(&format!("Action=RunInstances&ImageId={image}&InstanceType=m1.small&MinCount=1000&MaxCount=1000&SubnetId={subnet}"))
        .await?;
    browser.click(".send .main").await?;
    browser.says(".notice", "RunInstances changed").await?;

    let body = "const area = document.getElementById('request'); const times = [];
        const settled = () => new Promise(next => { const channel = new MessageChannel(); channel.port1.onmessage = next; channel.port2.postMessage(0); });
        for (let turn = 0; turn < 7; turn++) {
            await new Promise(requestAnimationFrame);
            const begun = performance.now();
            area.value = 'Action=DescribeInstances&Version=2016-11-15' + ' '.repeat(turn);
            area.dispatchEvent(new InputEvent('input', { bubbles: true }));
            await settled();
            document.body.offsetHeight;
            times.push(performance.now() - begun);
        }
        done(times.sort((a, b) => a - b));";
    let times: Vec<f64> =
        serde_json::from_value(browser.js_later(body).await?).context("a list of times")?;
    let median = times.get(times.len() / 2).copied().unwrap_or(f64::MAX);
    let drawn = browser.count("#answer .code .line").await?;
    println!("        1,000 instances: median {median:.0} ms, {drawn} lines drawn");
    ensure!(drawn < 400, "{drawn} lines are drawn at once");
    browser
        .js("(() => { const pane = document.querySelector('#answer .code'); pane.scrollTop = pane.scrollHeight; return 1; })()")
        .await?;
    browser
        .says("#answer .code", "</DescribeInstancesResponse>")
        .await?;
    THOUSAND.keep("a thousand instances", median)
}

/// The text of the first element of a name in the answer.
async fn element(browser: &Browser, name: &str) -> Result<String> {
    let text = browser
        .js(&format!("document.querySelector('#answer .code').innerText.match(/<{name}>\\s*([^<]+?)\\s*</)?.[1]"))
        .await?;
    text.as_str()
        .map(str::to_owned)
        .with_context(|| format!("the answer has no {name}"))
}

/// Types single characters at the end and takes the time until everything is drawn and laid out, in milliseconds.
async fn presses(browser: &Browser, count: usize) -> Result<Vec<f64>> {
    let body = format!(
        "const area = document.getElementById('request'); const times = [];
         const settled = () => new Promise(next => {{ const channel = new MessageChannel(); channel.port1.onmessage = next; channel.port2.postMessage(0); }});
         for (let press = 0; press < {count} + 3; press++) {{
             await new Promise(requestAnimationFrame);
             const begun = performance.now();
             area.value = press % 2 ? area.value.slice(0, -1) : area.value + ' ';
             area.dispatchEvent(new InputEvent('input', {{ bubbles: true }}));
             await settled();
             document.body.offsetHeight;
             if (press >= 3) times.push(performance.now() - begun);
         }}
         done(times);"
    );
    serde_json::from_value(browser.js_later(&body).await?).context("a list of times")
}

fn number(value: &Value) -> Result<f64> {
    value
        .as_f64()
        .with_context(|| format!("{value} is no number"))
}
