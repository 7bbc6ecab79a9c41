//! Writing XML: elements and text into one `String`.

/// Writes elements in order; the caller closes what it opens.
///
/// ```
/// let mut xml = ec2_wire::xml::Writer::new();
/// xml.start("item");
/// xml.element("name", "a < b");
/// xml.empty("tagSet");
/// xml.end("item");
/// assert_eq!(xml.finish(), "<item><name>a &lt; b</name><tagSet/></item>");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Writer {
    out: String,
}

impl Writer {
    /// An empty text.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty text with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
        }
    }

    /// The XML declaration that EC2 puts first.
    pub fn declaration(&mut self) {
        self.out
            .push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    /// `<name>`; the name is written as it is.
    #[inline]
    pub fn start(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    /// `<name xmlns="namespace">`.
    pub fn start_in(&mut self, name: &str, namespace: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(" xmlns=\"");
        escape_into(&mut self.out, namespace);
        self.out.push_str("\">");
    }

    /// `</name>`.
    #[inline]
    pub fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// `<name/>`.
    #[inline]
    pub fn empty(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str("/>");
    }

    /// Text, escaped.
    #[inline]
    pub fn text(&mut self, text: &str) {
        escape_into(&mut self.out, text);
    }

    /// `<name>text</name>`, the text escaped; answers where it stands, in bytes of the output.
    #[inline]
    pub fn element(&mut self, name: &str, text: &str) -> std::ops::Range<usize> {
        self.start(name);
        let start = self.len();
        self.text(text);
        let end = self.len();
        self.end(name);
        start..end
    }

    /// Anything that has a plain text form free of markup: numbers, booleans.
    pub fn plain(&mut self, value: impl std::fmt::Display) {
        use std::fmt::Write;
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// Bytes written so far.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether nothing is written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The text as far as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.out
    }

    /// The text.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    pub(crate) fn out(&mut self) -> &mut String {
        &mut self.out
    }
}

/// Escapes text for element content and attribute values.
///
/// Characters that XML 1.0 forbids become U+FFFD; a carriage return, which readers would turn into a line feed, becomes a reference.
///
/// ```
/// assert_eq!(ec2_wire::xml::escape("a & b\u{0}"), "a &amp; b\u{FFFD}");
/// ```
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(&mut out, text);
    out
}

/// Bytes that may have to be written otherwise.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        special[control] = true;
        control += 1;
    }
    special[b'&' as usize] = true;
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    special[b'"' as usize] = true;
    special[0xEF] = true;
    special
};

pub(crate) fn escape_into(out: &mut String, text: &str) {
    if !text.bytes().any(|byte| SPECIAL[usize::from(byte)]) {
        out.push_str(text);
        return;
    }
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate() {
        // The last test is for U+FFFE and U+FFFF, EF BF BE and EF BF BF in UTF-8.
        let (replacement, length) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' => ("&quot;", 1),
            b'\r' => ("&#13;", 1),
            b'\t' | b'\n' => continue,
            0..0x20 => ("\u{FFFD}", 1),
            0xEF if matches!(
                text.as_bytes().get(at + 1..at + 3),
                Some([0xBF, 0xBE | 0xBF])
            ) =>
            {
                ("\u{FFFD}", 3)
            }
            _ => continue,
        };
        out.push_str(text.get(clean..at).unwrap_or_default());
        out.push_str(replacement);
        clean = at + length;
    }
    out.push_str(text.get(clean..).unwrap_or_default());
}
