//! The conditions of `when` and `risk_rules`: one small grammar, which is that of AWS custom lenses.
//!
//! ```text
//! condition = or ;
//! or        = and, { "||", and } ;
//! and       = not, { "&&", not } ;
//! not       = "!", not | "(", or, ")" | "default" | atom ;
//! atom      = choice | question, ":", choice ;
//! ```
//!
//! `&&` binds tighter than `||`. An atom without a question means a choice of the question that holds the condition.

use crate::diagnostic::Span;
use crate::yaml::record::Id;

/// Deeper parentheses and longer chains of `!` are refused, so that hostile text cannot exhaust the stack.
const DEEPEST: usize = 64;

/// The longest condition that is read, in bytes.
const LONGEST: usize = 4_000;

/// A parsed condition over atoms of type `A`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition<A> {
    /// Always true.
    Default,
    /// True if the atom is.
    Atom(A),
    /// True if the inner one is not.
    Not(Box<Condition<A>>),
    /// True if all are.
    And(Vec<Condition<A>>),
    /// True if one is.
    Or(Vec<Condition<A>>),
}

/// An atom as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The question, where one is named.
    pub question: Option<String>,
    /// The choice or band.
    pub choice: String,
    /// The place within the expression.
    pub span: Span,
}

/// Why an expression is not a condition, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// The place within the expression.
    pub span: Span,
    /// What to do.
    pub help: Option<&'static str>,
}

/// What an atom contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// The choice is chosen.
    True,
    /// It is not.
    False,
    /// It does not apply: neutral to its operator.
    Neutral,
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl<A> Condition<A> {
    /// Returns whether the condition holds.
    ///
    /// A neutral atom (a choice that does not apply) is true under `&&` and false under `||`; so is its negation. Alone it is
    /// false.
    pub fn holds(&self, truth: &mut impl FnMut(&A) -> Truth) -> bool {
        self.truth(truth) == Truth::True
    }

    fn truth(&self, truth: &mut impl FnMut(&A) -> Truth) -> Truth {
        match self {
            Self::Default => Truth::True,
            Self::Atom(atom) => truth(atom),
            Self::Not(inner) => match inner.truth(truth) {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Neutral => Truth::Neutral,
            },
            Self::And(parts) => parts.iter().all(|part| part.truth(truth) != Truth::False).into(),
            Self::Or(parts) => parts.iter().any(|part| part.truth(truth) == Truth::True).into(),
        }
    }

    /// Calls a function with every atom, from left to right.
    pub fn for_each(&self, visit: &mut impl FnMut(&A)) {
        match self {
            Self::Default => {}
            Self::Atom(atom) => visit(atom),
            Self::Not(inner) => inner.for_each(visit),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.for_each(visit)),
        }
    }

    /// Returns the condition with every atom replaced, or nothing if one of them has no replacement.
    pub fn try_map<B>(&self, replace: &mut impl FnMut(&A) -> Option<B>) -> Option<Condition<B>> {
        let mut all = |parts: &[Self]| {
            // Go through all of them even after a failure, so that every fault is found.
            let mapped: Vec<_> = parts.iter().map(|part| part.try_map(replace)).collect();
            mapped.into_iter().collect::<Option<Vec<_>>>()
        };
        Some(match self {
            Self::Default => Condition::Default,
            Self::And(parts) => Condition::And(all(parts)?),
            Self::Or(parts) => Condition::Or(all(parts)?),
            Self::Atom(atom) => Condition::Atom(replace(atom)?),
            Self::Not(inner) => Condition::Not(Box::new(inner.try_map(replace)?)),
        })
    }
}

/// Parses an expression.
///
/// # Errors
///
/// Returns what is wrong and where in the expression.
///
/// # Examples
///
/// ```
/// use opsready::kit::condition::{Truth, parse};
///
/// let condition = parse("tag-schema:drafted || published && !default").unwrap();
/// assert!(condition.holds(&mut |atom| (atom.choice == "drafted").into()));
/// assert_eq!(parse("a && ").unwrap_err().span.start, 5);
/// ```
pub fn parse(text: &str) -> Result<Condition<Written>, SyntaxError> {
    if text.len() > LONGEST {
        return Err(error(format!("the condition is longer than {LONGEST} bytes"), Span::new(0, 1), None));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, next: 0, end: text.len() };
    let condition = parser.or(0)?;
    match parser.peek() {
        None => Ok(condition),
        Some((Token::Close, span)) => Err(error("this parenthesis was never opened", span, None)),
        Some((Token::Atom(_) | Token::Not | Token::Open, span)) => {
            Err(error("an operator is missing before this", span, Some("join two atoms by `&&` or `||`")))
        }
        Some((_, span)) => Err(error("this cannot stand here", span, None)),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Or,
    And,
    Not,
    Open,
    Close,
    Atom(Written),
}

fn error(message: impl Into<String>, span: Span, help: Option<&'static str>) -> SyntaxError {
    SyntaxError { message: message.into(), span, help }
}

fn tokens(text: &str) -> Result<Vec<(Token, Span)>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '!' if !rest.starts_with("!=") => (Token::Not, 1),
            _ if rest.starts_with("&&") => (Token::And, 2),
            _ if rest.starts_with("||") => (Token::Or, 2),
            _ if c.is_ascii_alphanumeric() => {
                let length = rest.find(|c| !Id::is_part(c) && c != ':').unwrap_or(rest.len());
                (Token::Atom(atom(&rest[..length], at)?), length)
            }
            _ => {
                let help = match c {
                    '&' => Some("write `&&`"),
                    '|' => Some("write `||`"),
                    '=' | '!' => Some("write `question:choice`, and `!question:choice` for the opposite"),
                    _ => Some("a condition has `question:choice`, `&&`, `||`, `!`, parentheses and `default`"),
                };
                return Err(error(format!("`{c}` has no meaning here"), Span::new(at, at + c.len_utf8()), help));
            }
        };
        tokens.push((token, Span::new(at, at + length)));
        at += length;
    }
    Ok(tokens)
}

fn atom(text: &str, at: usize) -> Result<Written, SyntaxError> {
    let span = Span::new(at, at + text.len());
    let (question, choice) = match text.split_once(':') {
        Some((question, choice)) => (Some(question.to_owned()), choice),
        None => (None, text),
    };
    if choice.contains(':') {
        return Err(error(format!("`{text}` holds more than one `:`"), span, Some("write `question:choice`")));
    }
    if !Id::is_valid(choice) {
        return Err(error(format!("`{text}` names no choice"), span, Some("write `question:choice`")));
    }
    Ok(Written { question, choice: choice.to_owned(), span })
}

struct Parser<'t> {
    tokens: &'t [(Token, Span)],
    next: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<(Token, Span)> {
        self.tokens.get(self.next).cloned()
    }

    fn eat(&mut self, token: &Token) -> bool {
        let found = self.tokens.get(self.next).is_some_and(|(next, _)| next == token);
        self.next += usize::from(found);
        found
    }

    fn or(&mut self, depth: usize) -> Result<Condition<Written>, SyntaxError> {
        let mut parts = vec![self.and(depth)?];
        while self.eat(&Token::Or) {
            parts.push(self.and(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Or(parts) })
    }

    fn and(&mut self, depth: usize) -> Result<Condition<Written>, SyntaxError> {
        let mut parts = vec![self.not(depth)?];
        while self.eat(&Token::And) {
            parts.push(self.not(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::And(parts) })
    }

    fn not(&mut self, depth: usize) -> Result<Condition<Written>, SyntaxError> {
        let Some((token, span)) = self.peek() else {
            let message = if self.tokens.is_empty() { "the condition is empty" } else { "the condition ends where an atom is expected" };
            return Err(error(message, Span::new(self.end, self.end), Some("write `question:choice`")));
        };
        if depth > DEEPEST {
            return Err(error(format!("the condition is nested deeper than {DEEPEST} levels"), span, None));
        }
        self.next += 1;
        match token {
            Token::Not => Ok(Condition::Not(Box::new(self.not(depth + 1)?))),
            Token::Open => {
                let inner = self.or(depth + 1)?;
                if self.eat(&Token::Close) { Ok(inner) } else { Err(error("this parenthesis is never closed", span, None)) }
            }
            Token::Atom(Written { question: None, choice, .. }) if choice == "default" => Ok(Condition::Default),
            Token::Atom(atom) => Ok(Condition::Atom(atom)),
            Token::And | Token::Or | Token::Close => Err(error("an atom is expected before this", span, Some("write `question:choice`"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, chosen: &[&str], not_applicable: &[&str]) -> bool {
        let truth = |atom: &Written| {
            if not_applicable.contains(&atom.choice.as_str()) { Truth::Neutral } else { chosen.contains(&atom.choice.as_str()).into() }
        };
        parse(text).expect("the condition is well formed").holds(&mut { truth })
    }

    #[test]
    fn and_binds_tighter_than_or() {
        assert!(holds("a && b || c", &["c"], &[]));
        assert!(!holds("a && (b || c)", &["c"], &[]));
        assert!(holds("((a || b) && c) || (!a && c)", &["c"], &[]));
    }

    #[test]
    fn a_choice_that_does_not_apply_is_neutral_to_its_operator() {
        assert!(holds("a && b", &["a"], &["b"]));
        assert!(holds("a && b", &[], &["a", "b"]));
        assert!(!holds("a || b", &[], &["a", "b"]));
        assert!(!holds("(!a) || (!b)", &["a"], &["b"]));
        assert!(!holds("b", &[], &["b"]));
        assert!(!holds("!b", &[], &["b"]));
    }

    #[test]
    fn errors_point_into_the_expression() {
        let shown = |text: &str| {
            let error = parse(text).expect_err("the condition is broken");
            format!("{}..{} {}", error.span.start, error.span.end, error.message)
        };
        assert_eq!(shown("a & b"), "2..3 `&` has no meaning here");
        assert_eq!(shown("a b"), "2..3 an operator is missing before this");
        assert_eq!(shown("(a || b"), "0..1 this parenthesis is never closed");
        assert_eq!(shown("a)"), "1..2 this parenthesis was never opened");
        assert_eq!(shown(""), "0..0 the condition is empty");
        assert_eq!(shown("q:a:b"), "0..5 `q:a:b` holds more than one `:`");
        assert_eq!(shown("a && || b"), "5..7 an atom is expected before this");
        assert_eq!(shown("q:"), "0..2 `q:` names no choice");
        assert!(shown(&"(".repeat(3_000)).contains("nested deeper than 64 levels"));
        assert!(shown(&"!".repeat(3_000)).contains("nested deeper than 64 levels"));
        assert!(shown(&"a||".repeat(3_000)).contains("longer than 4000 bytes"));
    }
}
