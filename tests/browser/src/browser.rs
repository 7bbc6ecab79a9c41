//! Chromium under the hand of its driver, with the few gestures the checks need.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// How long to wait for something to appear.
const PATIENCE: Duration = Duration::from_secs(10);
/// Runs in every document before the page: keeps what the page complains of, and what moves by itself.
const WATCH: &str = r"
    window.watched = { complaints: [], shift: 0 };
    const complain = text => window.watched.complaints.push(String(text));
    const error = console.error;
    console.error = (...args) => { complain(args.join(' ')); error.apply(console, args); };
    addEventListener('error', event => complain(event.message));
    addEventListener('unhandledrejection', event => complain(event.reason));
    document.addEventListener('securitypolicyviolation', event => complain('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.watched.shift += entry.value; })
        .observe({ type: 'layout-shift', buffered: true });
";

/// One browser with one page.
pub struct Browser {
    pub driver: WebDriver,
    pub address: String,
    server: Child,
    profile: PathBuf,
}

impl Browser {
    /// Starts chromedriver on a free port, and a browser without a history.
    pub async fn start(address: &str) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context(
                "starting chromedriver; on Debian: apt-get install chromium chromium-driver",
            )?;
        let profile = std::env::temp_dir().join(format!("stacklens-browser-{port}"));
        let mut capabilities = DesiredCapabilities::chrome();
        let data = format!("--user-data-dir={}", profile.display());
        for argument in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1440,900",
            &data,
        ] {
            capabilities.add_arg(argument)?;
        }
        let begun = Instant::now();
        let driver = loop {
            match WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities.clone()).await {
                Ok(driver) => break driver,
                Err(error) if begun.elapsed() > PATIENCE => {
                    return Err(error).context("chromedriver does not answer");
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        let browser = Self {
            driver,
            address: address.to_owned(),
            server,
            profile,
        };
        browser
            .cdp(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": WATCH }),
            )
            .await?;
        Ok(browser)
    }

    /// Ends the browser and its driver.
    pub async fn quit(mut self) -> Result<()> {
        self.driver.quit().await?;
        self.server.kill()?;
        self.server.wait()?;
        // The profile is the system's to clean up if this fails.
        let _ = std::fs::remove_dir_all(&self.profile);
        Ok(())
    }

    /// A command of the DevTools protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Result<Value> {
        self.driver
            .cdp()
            .send_raw(command, parameters)
            .await
            .with_context(|| command.to_owned())
    }

    /// The page with nothing remembered, at desktop size, once the program has taken over.
    pub async fn open_afresh(&self) -> Result<()> {
        self.size(1440, 900).await?;
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": [] }))
            .await?;
        // A safe start brings nothing back that it could keep again.
        self.driver.goto("about:blank").await?;
        self.driver.goto(format!("{}#/?safe", self.address)).await?;
        self.js("[sessionStorage.clear(), localStorage.clear()]")
            .await?;
        self.driver.goto("about:blank").await?;
        self.driver.goto(&self.address).await?;
        self.ready().await
    }

    /// Waits for the program.
    pub async fn ready(&self) -> Result<()> {
        self.until(
            "the program starts",
            "document.documentElement.dataset.ready === 'yes'",
        )
        .await
    }

    /// Viewport in CSS pixels.
    pub async fn size(&self, width: u32, height: u32) -> Result<()> {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await
            .map(drop)
    }

    /// The value of an expression.
    pub async fn js(&self, expression: &str) -> Result<Value> {
        let found = self
            .driver
            .execute(format!("return ({expression})"), vec![])
            .await;
        Ok(found.with_context(|| expression.to_owned())?.json().clone())
    }

    /// The value that an asynchronous function body hands to `done`.
    pub async fn js_later(&self, body: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1]; (async () => {{ {body} }})().catch(error => done('error: ' + error))"
        );
        Ok(self
            .driver
            .execute_async(script, vec![])
            .await?
            .json()
            .clone())
    }

    /// Waits until an expression is true.
    pub async fn until(&self, what: &str, expression: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            if self.js(&format!("!!({expression})")).await? == Value::Bool(true) {
                return Ok(());
            }
            if begun.elapsed() > PATIENCE {
                bail!(
                    "waited in vain: {what}; the page says: {}",
                    self.text("main")
                        .await
                        .unwrap_or_default()
                        .chars()
                        .take(600)
                        .collect::<String>()
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The text of the first element of a selector.
    pub async fn text(&self, selector: &str) -> Result<String> {
        let found = self
            .js(&format!(
                "document.querySelector({})?.innerText",
                json!(selector)
            ))
            .await?;
        found
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("there is no {selector}"))
    }

    /// The number of elements of a selector.
    pub async fn count(&self, selector: &str) -> Result<u64> {
        let found = self
            .js(&format!(
                "document.querySelectorAll({}).length",
                json!(selector)
            ))
            .await?;
        found.as_u64().context("a count")
    }

    /// Waits until a text stands in an element.
    pub async fn says(&self, selector: &str, text: &str) -> Result<()> {
        let expression = format!(
            "document.querySelector({})?.innerText.includes({})",
            json!(selector),
            json!(text)
        );
        self.until(&format!("\"{text}\" in {selector}"), &expression)
            .await
    }

    /// Clicks the first element of a selector.
    pub async fn click(&self, selector: &str) -> Result<()> {
        self.driver
            .find(By::Css(selector))
            .await
            .with_context(|| selector.to_owned())?
            .click()
            .await?;
        Ok(())
    }

    /// Puts the mouse on the first element of a selector.
    pub async fn point(&self, selector: &str) -> Result<()> {
        let element = self
            .driver
            .find(By::Css(selector))
            .await
            .with_context(|| selector.to_owned())?;
        element.scroll_into_view().await?;
        self.driver
            .action_chain()
            .move_to_element_center(&element)
            .perform()
            .await?;
        Ok(())
    }

    /// Presses keys where the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) -> Result<()> {
        self.driver.action_chain().send_keys(keys).perform().await?;
        Ok(())
    }

    /// Presses a key while another one is held.
    pub async fn press_with(&self, held: Key, key: impl Into<TypingData>) -> Result<()> {
        self.driver
            .action_chain()
            .key_down(held.clone())
            .send_keys(key)
            .key_up(held)
            .perform()
            .await?;
        Ok(())
    }

    /// Replaces the text of the input as a paste would.
    pub async fn paste(&self, text: &str) -> Result<()> {
        let script = format!(
            "(() => {{ const area = document.getElementById('request'); area.focus(); area.value = {}; area.dispatchEvent(new InputEvent('input', {{ bubbles: true }})); }})()",
            json!(text)
        );
        self.js(&script).await.map(drop)
    }

    /// Chooses an example by its title.
    pub async fn example(&self, title: &str) -> Result<()> {
        let script = format!(
            "(() => {{ const menu = document.getElementById('examples'); const option = [...menu.options].find(option => option.text === {}); \
             if (!option) return false; menu.value = option.value; menu.dispatchEvent(new Event('change', {{ bubbles: true }})); return true; }})()",
            json!(title)
        );
        ensure!(
            self.js(&script).await? == Value::Bool(true),
            "there is no example \"{title}\""
        );
        Ok(())
    }

    /// Fails if the page complained, was refused something by its policy, or broke.
    pub async fn no_complaints(&self) -> Result<()> {
        let complaints = self.js("window.watched.complaints").await?;
        ensure!(
            complaints == json!([]),
            "the console is not empty: {complaints}"
        );
        Ok(())
    }

    /// Number of files fetched so far.
    pub async fn requests(&self) -> Result<u64> {
        self.js("performance.getEntriesByType('resource').length + 1")
            .await?
            .as_u64()
            .context("a count")
    }
}
