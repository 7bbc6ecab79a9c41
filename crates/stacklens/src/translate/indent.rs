//! An XML document with one element a line.

/// Indents a document as our own writer makes it: no comments, no mixed content.
pub fn xml(document: &str) -> String {
    let mut out = String::with_capacity(document.len() * 2);
    let mut depth = 0_usize;
    let mut rest = document;
    let mut open_text = false;
    while let Some(start) = rest.find('<') {
        let text = rest[..start].trim_matches(['\n', '\r', ' ']);
        let is_leaf = open_text;
        if !text.is_empty() {
            out.push_str(text);
        }
        let Some(end) = rest[start..].find('>').map(|end| start + end + 1) else {
            break;
        };
        let tag = &rest[start..end];
        rest = &rest[end..];
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
            if !is_leaf {
                new_line(&mut out, depth);
            }
            out.push_str(tag);
            open_text = false;
        } else {
            new_line(&mut out, depth);
            out.push_str(tag);
            let closed = tag.ends_with("/>") || tag.starts_with("<?") || tag.starts_with("<!");
            depth += usize::from(!closed);
            open_text = !closed;
        }
    }
    out.push_str(rest.trim());
    out.push('\n');
    out
}

fn new_line(out: &mut String, depth: usize) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_stay_on_one_line() {
        let document = "<?xml version=\"1.0\"?>\n<R xmlns=\"x\"><a>1 &lt; 2</a><s><item><b/></item></s><c></c></R>";
        let expected = "<?xml version=\"1.0\"?>\n<R xmlns=\"x\">\n  <a>1 &lt; 2</a>\n  <s>\n    <item>\n      <b/>\n    </item>\n  </s>\n  <c></c>\n</R>\n";
        assert_eq!(xml(document), expected);
    }

    #[test]
    fn what_is_no_document_is_shown_as_it_is() {
        for text in ["", "plain", "<a", "</a></b>", "<a>x"] {
            assert!(
                xml(text).contains(text.trim_start_matches("</a>").trim()),
                "{text}"
            );
        }
    }
}
