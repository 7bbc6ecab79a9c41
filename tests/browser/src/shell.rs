//! Writes `www/shell.html`: the page with its first example, as plain HTML that stands there before the program.

use anyhow::{Context, Result};

use crate::browser::Browser;
use crate::host;

/// Takes the drawn page over into the file. Style attributes are left out, for the content security policy forbids them.
const TAKE: &str = r"(() => {
    const copy = document.getElementById('app').cloneNode(true);
    const area = document.getElementById('request');
    copy.querySelector('#request').textContent = area.value;
    copy.querySelectorAll('[style]').forEach(element => element.removeAttribute('style'));
    const selects = document.querySelectorAll('#app select');
    copy.querySelectorAll('select').forEach((select, place) => {
        const chosen = selects[place].selectedIndex;
        [...select.options].forEach((option, index) => option.toggleAttribute('selected', index === chosen));
    });
    copy.querySelectorAll('input[type=radio]').forEach((radio, index) => radio.toggleAttribute('checked', index === 0));
    copy.querySelectorAll('[role=status]').forEach(status => { status.textContent = ''; });
    return copy.innerHTML;
})()";

/// Renews the file from the page as it is drawn now.
pub async fn write(browser: &Browser) -> Result<()> {
    browser.open_afresh().await?;
    let shell = browser.js(TAKE).await?;
    let shell = shell.as_str().context("the page is drawn")?;
    let file = host::root().join("www/shell.html");
    std::fs::write(&file, format!("{shell}\n"))?;
    println!(
        "{}: {} bytes; now: cargo xtask bundle",
        file.display(),
        shell.len()
    );
    Ok(())
}
