//! Words of a POSIX shell.

use super::capture::{Captures, Piece};

/// One word that the shell reads as exactly `text`, ids of variables as `$NAME`.
pub(super) fn word(text: &str, captures: &Captures) -> String {
    pieces(&captures.split(text))
}

/// One word of a variable and a text after it: `"$COMPUTE_URL/servers"`.
pub(super) fn after_variable(variable: &str, text: &str, captures: &Captures) -> String {
    let mut all = vec![Piece::Variable(variable)];
    all.extend(
        captures
            .split(text)
            .into_iter()
            .filter(|piece| *piece != Piece::Text("")),
    );
    pieces(&all)
}

fn pieces(pieces: &[Piece<'_>]) -> String {
    // Where nothing in the text means something inside double quotes, one pair of them reads best.
    let has_variable = pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Variable(_)));
    let plain =
        |text: &str| !text.contains(['$', '`', '"', '\\', '!']) && !text.contains(char::is_control);
    if has_variable
        && pieces
            .iter()
            .all(|piece| !matches!(piece, Piece::Text(text) if !plain(text)))
    {
        let mut out = String::from("\"");
        for (n, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Variable(name) => {
                    let joined = matches!(pieces.get(n + 1), Some(Piece::Text(next)) if next.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '['));
                    out.push_str(&if joined {
                        format!("${{{}}}", name.to_ascii_uppercase())
                    } else {
                        format!("${}", name.to_ascii_uppercase())
                    });
                }
            }
        }
        out.push('"');
        return out;
    }
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(&literal(text)),
            Piece::Variable(name) => out.push_str(&format!("\"${}\"", name.to_ascii_uppercase())),
        }
    }
    out
}

/// One word that the shell reads as exactly `text`. A NUL, which no word can hold, is left out.
pub(super) fn literal(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    // `=` first and `~` would mean something to some shells.
    if !text.is_empty() && text.chars().all(bare) && !text.starts_with('=') {
        return text.to_owned();
    }
    let text = text.replace('\0', "");
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_one_word_and_itself(text in "\\PC*|[ -~\n\t'\"\\\\$`!]*") {
            let quoted = literal(&text);
            prop_assert_eq!(shlex::split(&quoted), Some(vec![text.replace('\0', "")]), "{}", quoted);
        }

        #[test]
        fn text_after_a_variable_is_kept(text in "[ -~]*|\\PC*") {
            let quoted = after_variable("URL", &text, &Captures::default());
            // Without expansion the variable reads as its own name; `${URL}` stands where a letter follows.
            let expected = [format!("$URL{text}"), format!("${{URL}}{text}")];
            let words = shlex::split(&quoted).unwrap_or_default();
            prop_assert!(words.len() == 1 && expected.contains(&words[0]), "{}", quoted);
        }
    }

    #[test]
    fn words_read_well() {
        let cases = [
            ("web-1", "web-1"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("=x", "'=x'"),
            ("~", "'~'"),
            ("k=v", "k=v"),
            ("a\nb", "'a\nb'"),
        ];
        for (text, expected) in cases {
            assert_eq!(literal(text), expected);
        }
        let none = Captures::default();
        assert_eq!(
            after_variable("URL", "/x?a=b&c=d", &none),
            "\"$URL/x?a=b&c=d\""
        );
        assert_eq!(after_variable("URL", "x", &none), "\"${URL}x\"");
        assert_eq!(after_variable("URL", "/$x", &none), "\"$URL\"'/$x'");
    }
}
