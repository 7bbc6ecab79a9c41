//! Texts of the page without what only their authors read.

/// A script without comments that have lines of their own, and without indentation.
pub fn script(text: &str) -> String {
    lines(text, |line| {
        ["//", "/*", "*"].iter().any(|sign| line.starts_with(sign))
    })
}

/// A style sheet without comments and indentation.
pub fn style(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    lines(&out, |_| false)
}

fn lines(text: &str, left_out: impl Fn(&str) -> bool) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !left_out(line))
        .flat_map(|line| [line, "\n"])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_authors_read_goes() {
        assert_eq!(
            script("/**\n * Why.\n */\nf(a) {\n    // Why.\n    return `${a} // b`;\n}\n"),
            "f(a) {\nreturn `${a} // b`;\n}\n"
        );
        assert_eq!(style("a {\n  /* why */\n  b: c;\n}\n"), "a {\nb: c;\n}\n");
    }
}
