//! Replies typed by hand and taken from samples, the answer in both forms, and the request beside others.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::task::LAUNCH;
use crate::browser::Browser;

pub async fn what_if(browser: &Browser) -> Result<()> {
    browser.paste("Action=AllocateAddress&Domain=vpc").await?;
    browser.says("#answer h2", "AllocateAddress").await?;
    browser.says("#answer .status", "200").await?;
    let whole = browser.text("#answer .code").await?;

    // A sample of the rule's own errors.
    let menu = "document.querySelector('#calls .call.change select')";
    browser
        .js(&format!("(() => {{ {menu}.focus(); return 1; }})()"))
        .await?;
    browser
        .until("samples are there", &format!("{menu}.options.length > 8"))
        .await?;
    let chosen = browser
        .js(&format!(
            "(() => {{ const menu = {menu}; const option = [...menu.options].find(option => option.text.includes('AddressLimitExceeded')); \
             if (!option) return null; menu.value = option.value; menu.dispatchEvent(new Event('change', {{ bubbles: true }})); return option.text; }})()"
        ))
        .await?;
    ensure!(chosen.is_string(), "the quota error is among the samples");
    browser.says("#answer", "AddressLimitExceeded").await?;
    browser
        .says("#calls .standing-in", "1 reply stands in")
        .await?;

    // Every sample of every service comes to an answer of EC2's.
    let count = browser
        .js(&format!("{menu}.options.length"))
        .await?
        .as_u64()
        .context("a count")?;
    for index in 0..count - 1 {
        browser
            .js(&format!(
                "(() => {{ const menu = {menu}; menu.value = '{index}'; menu.dispatchEvent(new Event('change', {{ bubbles: true }})); return 1; }})()"
            ))
            .await?;
        browser
            .until("an answer", "document.querySelector('#answer .status')")
            .await?;
    }

    // By hand: what is typed is what the answer follows, and a mistake is pointed at.
    let body = "document.querySelector('#calls .typed textarea')";
    fill(
        browser,
        body,
        r#"{"floatingip": {"id": "3f0c0d2e-1111-4222-8333-444455556666", "floating_ip_address": "203.0.113.77"}}"#,
    )
    .await?;
    fill(
        browser,
        "document.querySelector('#calls .typed input')",
        "201",
    )
    .await?;
    browser.says("#answer .code", "203.0.113.77").await?;
    fill(browser, body, "{\n  \"floatingip\": nothing\n}").await?;
    browser.says("#calls .typed", "Not JSON 2:").await?;

    browser.click("#calls .standing-in button").await?;
    browser.says("#answer .status", "200").await?;
    ensure!(
        browser.text("#answer .code").await? == whole,
        "the cloud's own reply gives the answer it gave before"
    );
    Ok(())
}

pub async fn two_forms_of_the_answer(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    browser.says("#answer h2", "RunInstances").await?;
    let id = browser
        .js("document.querySelector('#answer .code').innerText.match(/<instanceId>\\s*(i-[0-9a-f]+)/)?.[1]")
        .await?;
    let id = id.as_str().context("an instance id")?.to_owned();
    browser
        .click("#answer .choice label:nth-of-type(2) input")
        .await?;
    browser
        .says("#answer .code", &format!("\"InstanceId\": \"{id}\""))
        .await?;
    let text = browser
        .js("[...document.querySelectorAll('#answer .code .line')].map(line => line.textContent).join('\\n')")
        .await?;
    let answer: Value = serde_json::from_str(text.as_str().unwrap_or_default())
        .context("what the AWS CLI prints is JSON")?;
    ensure!(
        answer["Instances"][0]["InstanceId"] == json!(id)
            && answer["Instances"][0]["LaunchTime"]
                .as_str()
                .is_some_and(|time| time.ends_with("+00:00")),
        "members have boto3's names and the command's moments: {answer}"
    );
    // The highlight knows both forms.
    let spot = "[...document.querySelectorAll('#answer .code .line')].find(line => line.textContent.includes('\"InstanceId\"')).querySelector('.spot')";
    browser
        .js(&format!("(() => {{ {spot}.dispatchEvent(new MouseEvent('mouseover', {{ bubbles: true }})); return 1; }})()"))
        .await?;
    browser
        .until(
            "the reply that it came from lights up",
            "document.querySelector('#answer .code .focus') && document.querySelector('#calls .call.lit')",
        )
        .await?;
    browser
        .paste("Action=DescribeInstances&InstanceId.1=i-00000000000000000000000000000000")
        .await?;
    browser
        .says("#answer .code", "An error occurred (InvalidInstanceID.NotFound) when calling the DescribeInstances operation")
        .await
}

pub async fn other_dialects(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    browser.says("#forms .code", "run_instances(").await?;
    let ledger = browser.text("#ledger tbody").await?;
    for (index, sign) in [
        (0, "Action=RunInstances"),
        (1, "https://ec2"),
        (2, "POST / HTTP/1.1"),
        (3, "aws ec2 run-instances"),
        (4, ".run_instances("),
        (5, "curl "),
        (6, "\"ImageId\""),
    ] {
        browser
            .js(&format!("(() => {{ const menu = document.getElementById('other'); menu.value = '{index}'; menu.dispatchEvent(new Event('change', {{ bubbles: true }})); return 1; }})()"))
            .await?;
        browser.says("#forms .code", sign).await?;
    }
    browser
        .point("#ledger tbody tr:first-child th button")
        .await?;
    browser
        .until(
            "the value lights in the other dialect",
            "document.querySelector('#forms .code .lit')",
        )
        .await?;
    // What is written is the same request.
    let json = browser
        .js("[...document.querySelectorAll('#forms .code .line')].map(line => line.textContent).join('\\n')")
        .await?;
    browser.paste(json.as_str().unwrap_or_default()).await?;
    browser.says("#dialect", "found: JSON").await?;
    let rows = |text: &str| text.matches("mapped").count();
    let again = browser.text("#ledger tbody").await?;
    ensure!(
        rows(&again) == rows(&ledger),
        "read again it has {} mapped parameters, not {}",
        rows(&again),
        rows(&ledger)
    );
    Ok(())
}

pub async fn two_requests(browser: &Browser) -> Result<()> {
    browser
        .paste("aws ec2 create-tags --resources i-1 --tags Key=a,Value=1 Key=b,Value=2")
        .await?;
    browser.says("#answer h2", "CreateTags").await?;
    browser.click("#forms button.more").await?;
    browser.says("#compared", "Paste the other request").await?;
    let second = "document.getElementById('second')";
    fill(browser, second, "ec2.create_tags(Resources=['i-1'], Tags=[{'Key': 'b', 'Value': '2'}, {'Key': 'a', 'Value': '1'}])").await?;
    browser.says("#compared", "The same request").await?;
    fill(browser, second, "ec2.create_tags(Resources=['i-1'], Tags=[{'Key': 'b', 'Value': '2'}, {'Key': 'a', 'Value': '9'}])").await?;
    browser.says("#compared", "1 parameter differs").await?;
    browser
        .until(
            "the place in the second text is marked",
            "document.querySelector('.compare .layer .differs')?.textContent.includes('9')",
        )
        .await?;
    browser.point(".differences tbody tr th button").await?;
    browser
        .until(
            "both places light",
            "document.querySelector('.compare .layer .differs.focus') && document.querySelector('.request .layer .lit')",
        )
        .await?;
    fill(browser, second, "Action=DescribeVpcs").await?;
    browser
        .says("#compared", "Two actions: CreateTags and DescribeVpcs")
        .await?;
    fill(browser, second, "aws ec2 nothing").await?;
    browser
        .until("a reason", "document.querySelector('#compared .failure')")
        .await?;
    browser.click(".compare .bar button").await?;
    browser
        .until("put away", "!document.getElementById('second')")
        .await
}

/// Puts a text into a field as typing does.
async fn fill(browser: &Browser, field: &str, text: &str) -> Result<()> {
    let script = format!(
        "(() => {{ const field = {field}; field.value = {}; field.dispatchEvent(new InputEvent('input', {{ bubbles: true }})); return 1; }})()",
        json!(text)
    );
    browser.js(&script).await.map(drop)
}
