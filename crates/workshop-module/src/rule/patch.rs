//! The edit as a patch: who asks for it, and what may not be in it.

use workshop::{Letter, Patch, Workshop};

use super::html;

/// The fields of the letter. Their ids are what the first program reads.
pub const FORM: &str = "<div class=\"form\">\
<label><span>What is different, in a line</span><input type=\"text\" id=\"patch-subject\" placeholder=\"Refuse volumes without a zone\"></label>\
<label><span>Why</span><textarea rows=\"3\" id=\"patch-body\"></textarea></label>\
<label><span>Your name</span><input type=\"text\" autocomplete=\"name\" id=\"patch-name\"></label>\
<label><span>Your mail address</span><input type=\"email\" autocomplete=\"email\" id=\"patch-address\"></label>\
<label class=\"check\"><input type=\"checkbox\" id=\"patch-cases\" checked><span>With the cases as they come out now, so that the tests pass</span></label>\
</div><div class=\"bar\"><button type=\"button\" data-do=\"patch\">Make the patch</button></div>";

/// Makes the patch, unless something in it looks like a secret.
///
/// # Errors
/// A sentence that says what to mend.
pub fn make(workshop: &mut Workshop, letter: &str) -> Result<Patch, String> {
    let letter: Letter = serde_json::from_str(letter)
        .map_err(|error| format!("The letter did not arrive whole: {error}."))?;
    let words = [&letter.subject, &letter.body, &letter.name, &letter.address];
    for text in words {
        if let Some(found) = scrub::scrub(text, &[]).replaced.first() {
            return Err(format!(
                "The letter holds what looks like a secret ({}). A patch is public: take it out first.",
                found.kind.name()
            ));
        }
    }
    for (path, text) in workshop.edits() {
        let found = scrub::scrub_rule(text, workshop.original(path).unwrap_or_default());
        if let Some(one) = found.replaced.first() {
            let before = found.text.get(..one.span.start).unwrap_or_default();
            return Err(format!(
                "Line {} of {path} holds what looks like a secret ({}). A patch is public: take it out first.",
                before.matches('\n').count() + 1,
                one.kind.name()
            ));
        }
    }
    workshop.patch(&letter)
}

/// What came of it.
pub fn html(made: &Result<Patch, String>) -> String {
    match made {
        Err(why) => format!("<p class=\"failure\">{}</p>", html::text(why)),
        Ok(patch) => format!(
            "<div class=\"bar\"><button type=\"button\" class=\"main\" data-do=\"download\">Download</button></div>\
             <p>{}. In a copy of the project: <code>git am {}</code></p>\
             <pre class=\"patch\" tabindex=\"0\" role=\"region\" aria-label=\"The patch\">{}</pre>",
            html::count(patch.files.len(), "file", "files"),
            html::text(&patch.file),
            html::text(&patch.text)
        ),
    }
}

#[cfg(test)]
mod tests {
    use rules::Rules;

    use super::*;

    fn workshop(with: &str) -> Workshop {
        let files = Rules::built_in_files().iter().copied();
        let mut workshop = Workshop::new(files, []);
        let path = "volume/DeleteVolume.yaml";
        let text = format!("{with}\n{}", workshop.text(path).unwrap());
        assert!(workshop.edit(path, &text).usable);
        workshop
    }

    #[test]
    fn a_patch_without_secrets_is_made_and_one_with_them_is_not() {
        let letter =
            r#"{"name":"A","address":"a@example.org","date":"","subject":"Say it","body":"So."}"#;
        let letter = |body: &str| {
            letter
                .replace("So.", body)
                .replace("\"body\"", "\"rules_only\":true,\"body\"")
        };
        let made = make(&mut workshop("# A remark."), &letter("So.")).unwrap();
        assert!(made.text.contains("+# A remark."));
        assert!(html(&Ok(made)).contains("git am 0001-say-it.patch"));
        let why = make(&mut workshop("# password: PLANTED1kQz"), &letter("So.")).unwrap_err();
        assert!(
            why.starts_with("Line 1 of volume/DeleteVolume.yaml") && !why.contains("PLANTED"),
            "{why}"
        );
        let why = make(&mut workshop("# A remark."), &letter("token: PLANTED2kQz")).unwrap_err();
        assert!(why.starts_with("The letter holds"), "{why}");
    }

    #[test]
    fn what_the_rules_say_themselves_is_no_secret() {
        for (path, text) in Rules::built_in_files() {
            let found = scrub::scrub_rule(&format!("# A remark.\n{text}"), text);
            assert!(found.replaced.is_empty(), "{path}: {:?}", found.replaced);
        }
    }
}
