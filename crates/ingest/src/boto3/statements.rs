//! Lines of a program, as far as they lead to the call.

use super::expressions::depth;
use super::{Reader, Thing, Unknown};
use crate::cursor::{DEEPEST, shown};
use crate::diagnostic::Flaw;

impl Reader<'_, '_> {
    /// Reads up to the end or to a second call; gives the first flaw.
    pub(super) fn statements(&mut self) -> Option<Flaw> {
        let mut first = None;
        self.prompt();
        while self.more.is_none() {
            self.open = 0;
            self.blanks();
            match self.cursor.peek() {
                None => break,
                Some('\n') => {
                    self.line_end();
                    continue;
                }
                Some(';') => {
                    self.cursor.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let start = self.cursor.at;
            if let Err(flaw) = self.statement() {
                first.get_or_insert(flaw);
                self.cursor.at = self.cursor.at.max(start);
                self.leave_line();
            }
            if self.cursor.at == start {
                self.cursor.take();
            }
        }
        first
    }

    fn statement(&mut self) -> Result<(), Flaw> {
        let word = self.next_name();
        match word {
            "import" | "from" | "def" | "class" | "except" | "global" | "nonlocal" | "pass"
            | "break" | "continue" => {
                self.leave_line();
                return Ok(());
            }
            "try" | "else" | "finally" => {
                self.cursor.at += word.len();
                self.blanks();
                self.cursor.takes(":");
                return Ok(());
            }
            "async" => {
                self.cursor.at += word.len();
                return Ok(());
            }
            "if" | "elif" | "while" | "return" | "assert" | "del" | "raise" | "with" => {
                self.cursor.at += word.len();
                self.blanks();
                if !matches!(self.cursor.peek(), None | Some('\n')) {
                    self.headed()?;
                }
                return Ok(());
            }
            "for" => {
                self.cursor.at += word.len();
                self.targets();
                return self.headed();
            }
            _ => {}
        }
        if self.cursor.peek() == Some('@') {
            self.leave_line();
            return Ok(());
        }
        self.assigned()
    }

    /// The targets of a loop, and `in`.
    fn targets(&mut self) {
        loop {
            self.blanks();
            let name = self.next_name();
            self.cursor.at += name.len();
            if name == "in" {
                return;
            }
            if name.is_empty()
                && !(self.cursor.takes(",") || self.cursor.takes("(") || self.cursor.takes(")"))
            {
                return;
            }
        }
    }

    /// `expression:`, `expression as name:`
    fn headed(&mut self) -> Result<(), Flaw> {
        let thing = self.expression(0)?;
        self.blanks();
        if self.next_name() == "as" {
            self.cursor.at += 2;
            self.blanks();
            let name = self.next_name();
            self.cursor.at += name.len();
            self.bind(name, thing);
            self.blanks();
        }
        self.cursor.takes(":");
        Ok(())
    }

    /// `expression`, `name = expression`
    fn assigned(&mut self) -> Result<(), Flaw> {
        let mut names: Vec<String> = Vec::new();
        let mut several = false;
        loop {
            let thing = match self.expression(0) {
                Ok(thing) => thing,
                Err(flaw) => {
                    for name in names {
                        let unknown = Unknown::new(
                            flaw.span.clone(),
                            flaw.message.clone(),
                            flaw.mend.clone(),
                        );
                        self.bind(&name, Thing::Unknown(unknown));
                    }
                    return Err(flaw);
                }
            };
            self.blanks();
            if let (Thing::Name(name, _), Some(':')) = (&thing, self.cursor.peek()) {
                // A type behind the name says nothing of the value.
                self.cursor.at += 1;
                self.expression(0)?;
                self.blanks();
                if self.cursor.takes("=") {
                    names.push(name.clone());
                    continue;
                }
                return Ok(());
            }
            if self.cursor.takes("=") {
                match thing {
                    Thing::Name(name, _) => names.push(name),
                    _ => several = true,
                }
                continue;
            }
            if self.cursor.takes(",") {
                several = true;
                self.blanks();
                if matches!(self.cursor.peek(), None | Some('\n' | '=' | ';')) {
                    self.cursor.takes("=");
                }
                names.clear();
                if matches!(self.cursor.peek(), None | Some('\n' | ';')) {
                    return Ok(());
                }
                continue;
            }
            let thing = match thing {
                Thing::Name(name, span) => match self.scope.get(&name) {
                    Some(bound) if matches!(bound, Thing::Client { .. } | Thing::Asks(_)) => {
                        bound.clone()
                    }
                    _ => match self.resolved(Thing::Name(name, span)) {
                        Ok(node) => Thing::Value(node),
                        Err(unknown) => Thing::Unknown(unknown),
                    },
                },
                other => other,
            };
            for name in names.iter().filter(|_| !several) {
                self.bind(name, thing.clone());
            }
            return match self.cursor.peek() {
                None | Some('\n' | ';' | ':') => {
                    self.cursor.takes(":");
                    Ok(())
                }
                Some(c) => Err(self.cursor.here(
                    format!("The statement is complete, but {} follows.", shown(c)),
                    "Put it on a line of its own, or write the operator that is missing.",
                )),
            };
        }
    }

    fn bind(&mut self, name: &str, thing: Thing) {
        let thing = match thing {
            Thing::Value(node) if depth(&node) > DEEPEST / 2 => Thing::Unknown(Unknown::new(
                node.span,
                "The value is nested too deeply; no EC2 request is.",
                "Check the brackets.",
            )),
            thing => thing,
        };
        self.scope.insert(name.to_owned(), thing);
    }
}
