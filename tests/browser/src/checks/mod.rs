//! What is checked, by name.

mod accessible;
mod answers;
mod budgets;
mod drawing;
mod links;
mod reach;
mod reading;
mod rule;
mod secrets;
mod share;
mod stages;
mod task;

use anyhow::{Result, bail};

use crate::browser::Browser;

/// Every check, in the order they run.
pub const NAMES: [&str; 39] = [
    "first-view",
    "before-the-program",
    "main-task",
    "remembers",
    "errors-show-the-mend",
    "every-example",
    "dialect-override",
    "from-another-cloud",
    "links-by-mouse",
    "links-by-key",
    "four-forms",
    "what-if",
    "two-forms-of-the-answer",
    "other-dialects",
    "two-requests",
    "keyboard-only",
    "widths",
    "names-and-landmarks",
    "accessible",
    "pages-have-addresses",
    "shared-and-opened",
    "frozen-links",
    "documents",
    "course",
    "live",
    "secrets-stay",
    "drawing-follows",
    "drawing-by-key",
    "rule-beside-the-result",
    "rule-edited",
    "rule-as-a-patch",
    "rule-shared",
    "rule-key-press",
    "key-press",
    "thousand-instances",
    "before-the-cloud",
    "without-the-cloud",
    "any-host",
    "nothing-fetched-later",
];

/// Runs one check on a page just opened.
pub async fn run(name: &str, browser: &Browser) -> Result<()> {
    match name {
        "first-view" => budgets::first_view(browser).await,
        "before-the-program" => budgets::before_the_program(browser).await,
        "main-task" => task::main_task(browser).await,
        "remembers" => task::remembers(browser).await,
        "errors-show-the-mend" => task::errors_show_the_mend(browser).await,
        "every-example" => task::every_example(browser).await,
        "dialect-override" => task::dialect_override(browser).await,
        "from-another-cloud" => task::from_another_cloud(browser).await,
        "links-by-mouse" => links::by_mouse(browser).await,
        "links-by-key" => links::by_key(browser).await,
        "four-forms" => links::four_forms(browser).await,
        "what-if" => answers::what_if(browser).await,
        "two-forms-of-the-answer" => answers::two_forms_of_the_answer(browser).await,
        "other-dialects" => answers::other_dialects(browser).await,
        "two-requests" => answers::two_requests(browser).await,
        "keyboard-only" => reach::keyboard_only(browser).await,
        "widths" => reach::widths(browser).await,
        "names-and-landmarks" => reach::names_and_landmarks(browser).await,
        "accessible" => accessible::no_violations(browser).await,
        "pages-have-addresses" => share::pages_have_addresses(browser).await,
        "shared-and-opened" => share::shared_and_opened(browser).await,
        "frozen-links" => share::frozen_links(browser).await,
        "documents" => reading::documents(browser).await,
        "course" => reading::course(browser).await,
        "live" => reading::live(browser).await,
        "secrets-stay" => secrets::stay(browser).await,
        "drawing-follows" => drawing::follows(browser).await,
        "drawing-by-key" => drawing::by_key(browser).await,
        "rule-beside-the-result" => rule::beside_the_result(browser).await,
        "rule-edited" => rule::edited(browser).await,
        "rule-as-a-patch" => rule::patch(browser).await,
        "rule-shared" => rule::shared(browser).await,
        "rule-key-press" => rule::typing(browser).await,
        "key-press" => budgets::key_press(browser).await,
        "thousand-instances" => budgets::thousand_instances(browser).await,
        "before-the-cloud" => stages::before_the_cloud(browser).await,
        "without-the-cloud" => stages::without_the_cloud(browser).await,
        "any-host" => stages::any_host(browser).await,
        "nothing-fetched-later" => stages::nothing_fetched_later(browser).await,
        other => bail!("there is no check \"{other}\""),
    }
}
