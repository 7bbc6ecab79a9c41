//! Who can use the page: without a mouse, on a narrow screen, with large text, with a screen reader, without our colours.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::task::LAUNCH;
use crate::browser::Browser;

pub async fn keyboard_only(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    browser.js("document.activeElement.blur()").await?;
    browser.press(Key::Tab).await?;
    ensure!(
        browser.js("document.activeElement.className").await? == json!("skip"),
        "the first stop skips to the request"
    );
    browser.press(Key::Enter).await?;
    ensure!(
        browser.js("document.activeElement.id").await? == json!("request"),
        "it leads to the request"
    );
    let text = browser.js("document.activeElement.value").await?;
    browser.press(Key::Tab).await?;
    ensure!(
        browser.js("document.activeElement.id").await? != json!("request"),
        "Tab leaves the input"
    );
    ensure!(
        browser
            .js("document.getElementById('request').value")
            .await?
            == text,
        "Tab writes nothing"
    );
    // Everything that can be clicked can be reached.
    let unreachable = browser
        .js("[...document.querySelectorAll('button, select, textarea, input, summary, a[href]')].filter(element => element.tabIndex < 0).length")
        .await?;
    ensure!(
        unreachable == json!(0),
        "{unreachable} controls cannot be reached by Tab"
    );
    browser.press_with(Key::Control, Key::Enter).await?;
    browser.says(".notice", "Sent").await
}

/// Nothing is wider than the screen, nothing readable is cut off.
pub async fn widths(browser: &Browser) -> Result<()> {
    let shots = std::env::var_os("STACKLENS_SHOTS").map(std::path::PathBuf::from);
    browser.example(LAUNCH).await?;
    for (width, height) in [(1440, 900), (1024, 768), (720, 450), (390, 844), (320, 640)] {
        for scheme in ["light", "dark"] {
            browser.size(width, height).await?;
            browser
                .cdp(
                    "Emulation.setEmulatedMedia",
                    json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
                )
                .await?;
            let across = browser.js("document.documentElement.scrollWidth").await?;
            ensure!(
                across
                    .as_u64()
                    .is_some_and(|across| across <= u64::from(width)),
                "at {width} px the page is {across} px wide"
            );
            let wide = browser
                .js("[...document.querySelectorAll('main *')].filter(element => !element.closest('.code, .unseen, .diagnostics pre') && element.getBoundingClientRect().right > innerWidth + 1).map(element => element.className || element.tagName).slice(0, 3)")
                .await?;
            ensure!(wide == json!([]), "at {width} px these stick out: {wide}");
            if let Some(folder) = &shots {
                std::fs::create_dir_all(folder)?;
                browser
                    .driver
                    .screenshot(&folder.join(format!("{width}-{scheme}.png")))
                    .await?;
            }
        }
    }
    // Text at 200 %, by the reader's own font size.
    browser.size(1280, 800).await?;
    browser.js("(() => { const style = document.documentElement.style; style.setProperty('font-size', '200%'); return 1; })()").await?;
    let across = browser.js("document.documentElement.scrollWidth").await?;
    ensure!(
        across.as_u64().is_some_and(|across| across <= 1280),
        "with text at 200 % the page is {across} px wide"
    );
    // The layer lies exactly under the text.
    for width in [1440, 390] {
        browser.size(width, 800).await?;
        browser.js("(() => { document.documentElement.style.removeProperty('font-size'); return 1; })()").await?;
        let apart = browser
            .js("(() => { const a = document.querySelector('.layer').getBoundingClientRect(), b = document.getElementById('request').getBoundingClientRect(), area = document.getElementById('request'); \
                 return [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height, area.scrollHeight - area.clientHeight]; })()")
            .await?;
        let apart: Vec<f64> = serde_json::from_value(apart)?;
        ensure!(
            apart.iter().all(|by| by.abs() < 1.0),
            "at {width} px layer and text are apart: {apart:?}"
        );
    }
    browser
        .cdp(
            "Emulation.setEmulatedMedia",
            json!({ "features": [{ "name": "forced-colors", "value": "active" }] }),
        )
        .await?;
    let seen = browser
        .js("getComputedStyle(document.getElementById('request')).color")
        .await?;
    let ground = browser
        .js("getComputedStyle(document.body).backgroundColor")
        .await?;
    ensure!(
        seen != ground && seen != json!("rgba(0, 0, 0, 0)"),
        "with forced colours the input is {seen} on {ground}"
    );
    Ok(())
}

pub async fn names_and_landmarks(browser: &Browser) -> Result<()> {
    browser.example(LAUNCH).await?;
    for (what, selector, count) in [
        ("one h1", "h1", 1),
        ("one main", "main", 1),
        ("a header", "header", 1),
        ("a footer", "footer", 1),
    ] {
        ensure!(browser.count(selector).await? == count, "{what}");
    }
    let tree = browser
        .cdp("Accessibility.getFullAXTree", json!({}))
        .await?;
    let nodes = tree["nodes"].as_array().context("an accessibility tree")?;
    let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
    let controls = [
        "button", "textbox", "combobox", "radio", "link", "table", "region", "group", "list",
    ];
    for node in nodes.iter().filter(|node| node["ignored"] == json!(false)) {
        let role = text(&node["role"]);
        let named = controls.contains(&role.as_str())
            && !["list", "group", "table"].contains(&role.as_str());
        ensure!(
            !named || !text(&node["name"]).trim().is_empty(),
            "a {role} has no name: {node}"
        );
    }
    let duplicates = browser.js("(() => { const ids = [...document.querySelectorAll('[id]')].map(element => element.id); return ids.filter((id, index) => ids.indexOf(id) !== index); })()").await?;
    ensure!(duplicates == json!([]), "ids stand twice: {duplicates}");
    let small = browser
        .js("[...document.querySelectorAll('button, select, summary')].filter(element => element.offsetParent && !element.classList.contains('linkish') && element.getBoundingClientRect().height < 24).map(element => element.textContent)")
        .await?;
    ensure!(small == json!([]), "targets below 24 px: {small}");
    // Contrast of all text, in both themes.
    for scheme in ["light", "dark"] {
        browser
            .cdp(
                "Emulation.setEmulatedMedia",
                json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
            )
            .await?;
        browser.press_with(Key::Alt, "]").await?;
        // Colours fade in.
        browser.js_later("setTimeout(() => done(1), 200)").await?;
        let pale = browser.js(CONTRAST).await?;
        ensure!(pale == json!([]), "{scheme}: contrast below 4.5: {pale}");
    }
    Ok(())
}

/// Texts whose contrast with what lies behind them is below 4.5.
const CONTRAST: &str = r"(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const paint = colours => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const light = rgb => { const [r, g, b] = rgb.map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const pale = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('.unseen, [hidden], select, textarea, :disabled, .skip')) continue;
        const behind = [];
        for (let up = element; up; up = up.parentElement) behind.unshift(getComputedStyle(up).backgroundColor);
        const ground = paint(behind), ink = paint([...behind, getComputedStyle(element).color]);
        const [a, b] = [light(ground), light(ink)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) pale.add((element.className || element.tagName) + ' ' + ratio.toFixed(2));
    }
    return [...pale].slice(0, 8);
})()";
