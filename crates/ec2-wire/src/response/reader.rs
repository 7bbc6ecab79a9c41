//! XML as a flat stream of what EC2's documents are made of: elements and text.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Byte offset in the document.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

impl std::fmt::Display for Malformed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "byte {}: {}", self.at, self.message)
    }
}

impl std::error::Error for Malformed {}

/// One piece of a document.
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    Start(String),
    End,
    Text(Cow<'a, str>),
    Done,
}

/// Reads pieces; an empty element is a start and an end. Names are without namespace prefix.
pub(crate) struct Pieces<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
}

/// No document of EC2 is deeper.
const MAX_DEPTH: usize = 128;

impl<'a> Pieces<'a> {
    pub(crate) fn new(xml: &'a str) -> Self {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, depth: 0 }
    }

    pub(crate) fn fail(&self, message: impl Into<String>) -> Malformed {
        Malformed {
            at: usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX),
            message: message.into(),
        }
    }

    pub(crate) fn next(&mut self) -> Result<Piece<'a>, Malformed> {
        loop {
            let event = self
                .reader
                .read_event()
                .map_err(|error| self.fail(error.to_string()))?;
            match event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(
                            self.fail(format!("elements are nested deeper than {MAX_DEPTH}"))
                        );
                    }
                    return Ok(Piece::Start(start.local_name().as_ref().to_owned()));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Piece::End);
                }
                Event::Text(text) => return Ok(Piece::Text(text.xml10_content())),
                Event::CData(data) => return Ok(Piece::Text(data.xml10_content())),
                Event::GeneralRef(reference) => {
                    if let Some(c) = reference
                        .resolve_char_ref()
                        .map_err(|error| self.fail(error.to_string()))?
                    {
                        return Ok(Piece::Text(c.to_string().into()));
                    }
                    let known = quick_xml::escape::resolve_predefined_entity(&reference);
                    let text = known.ok_or_else(|| {
                        self.fail(format!("the entity &{}; is not defined", &*reference))
                    })?;
                    return Ok(Piece::Text(text.into()));
                }
                Event::Eof if self.depth > 0 => {
                    return Err(self.fail("the document ends inside an element"));
                }
                Event::Eof => return Ok(Piece::Done),
                Event::DocType(_) => return Err(self.fail("a document type is not allowed")),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::Empty(_) => {}
            }
        }
    }

    /// Reads up to the end of the element just started and answers its own text, that of its children left out.
    pub(crate) fn own_text(&mut self) -> Result<String, Malformed> {
        let mut text = String::new();
        let mut inside = 0_usize;
        loop {
            match self.next()? {
                Piece::Start(_) => inside += 1,
                Piece::End if inside == 0 => return Ok(text),
                Piece::End => inside -= 1,
                Piece::Text(piece) if inside == 0 => text.push_str(&piece),
                Piece::Text(_) => {}
                Piece::Done => return Err(self.fail("the document ends inside an element")),
            }
        }
    }
}
