//! Finds names, words and addresses in a text, however they are escaped.
//!
//! Texts are compared without what markup adds: backslashes, entities, percent signs, emphasis, line ends and the marks of quotations.

use std::collections::HashMap;
use std::ops::Range;

/// Whether something is found in letters of any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wide {
    /// In any case.
    Yes,
    /// As it is written; names of several words in any case.
    No,
}

/// Something that must not be in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The line, counted from 1.
    pub line: usize,
    /// What it is.
    pub what: String,
    /// The text itself.
    pub found: String,
}

/// A character as a reader sees it, and where it begins in the text.
type Seen = (char, usize);

/// Returns the end of what begins at a place.
type Finds = fn(&[Seen], usize) -> Option<usize>;

#[derive(Debug)]
struct Term {
    chars: Vec<char>,
    what: &'static str,
    any_case: bool,
}

/// Knows what to look for.
#[derive(Debug, Default)]
pub(super) struct Finder {
    /// By the first character, in lower case.
    terms: HashMap<char, Vec<Term>>,
    /// True if e-mail addresses, account ids, addresses of machines and names of resources are looked for.
    pub(super) looks_for_addresses: bool,
}

impl Finder {
    /// Looks for a text from now on.
    pub(super) fn add(&mut self, text: &str, what: &'static str, wide: Wide) {
        let chars: Vec<char> = seen(text, true).into_iter().map(|(c, _)| c).collect();
        let start = chars.iter().position(|c| *c != ' ');
        let end = chars.iter().rposition(|c| *c != ' ');
        let (Some(start), Some(end)) = (start, end) else { return };
        let chars = chars[start..=end].to_vec();
        let any_case = wide == Wide::Yes || chars.contains(&' ');
        let terms = self.terms.entry(lower(chars[0])).or_default();
        if !terms.iter().any(|term| term.chars == chars) {
            terms.push(Term { chars, what, any_case });
            // The longest is named, should several be found at one place.
            terms.sort_by_key(|term| std::cmp::Reverse(term.chars.len()));
        }
    }

    /// Returns a text as it is compared.
    pub(super) fn plain(text: &str) -> String {
        seen(text, true).into_iter().map(|(c, _)| lower(c)).collect::<String>().trim().to_owned()
    }

    /// Finds what must not be in a text that was written for readers.
    pub(super) fn leaks(&self, text: &str) -> Vec<Leak> {
        let seen = seen(text, true);
        let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let leak = |(range, what): (Range<usize>, &str)| Leak {
            line: starts.partition_point(|start| *start <= seen[range.start].1),
            what: what.to_owned(),
            found: seen[range].iter().map(|(c, _)| *c).collect(),
        };
        self.found(&seen).into_iter().map(leak).collect()
    }

    /// Returns a text as somebody wrote it, with something else in the place of what was found.
    pub(super) fn without(&self, text: &str, instead: &str) -> String {
        let seen = seen(text, false);
        let mut kept = String::with_capacity(text.len());
        let mut from = 0;
        for (range, _) in self.found(&seen) {
            let start = seen[range.start].1;
            let end = seen.get(range.end).map_or(text.len(), |(_, at)| *at);
            if start < from {
                continue;
            }
            kept.push_str(&text[from..start]);
            kept.push_str(instead);
            from = end;
        }
        kept.push_str(&text[from..]);
        kept
    }

    /// Returns what was found and where, in order, nothing twice.
    fn found(&self, seen: &[Seen]) -> Vec<(Range<usize>, &'static str)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < seen.len() {
            match self.at(seen, at) {
                Some((end, what)) if end > at => {
                    found.push((at..end, what));
                    at = end;
                }
                _ => at += 1,
            }
        }
        found
    }

    /// Returns what begins at a place: its end, and what it is.
    fn at(&self, seen: &[Seen], at: usize) -> Option<(usize, &'static str)> {
        let secret = key(seen, at).map(|end| (end, "a key that opens an account"));
        let term = || {
            self.terms.get(&lower(seen[at].0)).into_iter().flatten().find_map(|term| {
                let end = at + term.chars.len();
                let here = seen.get(at..end)?;
                let is_same = here.iter().zip(&term.chars).all(|((a, _), b)| a == b || (term.any_case && lower(*a) == lower(*b)));
                (is_same && is_word(seen, at, end)).then_some((end, term.what))
            })
        };
        let address = || {
            let kinds: [(Finds, &str); 4] = [
                (arn, "the name of an AWS resource"),
                (email, "an e-mail address"),
                (account, "an AWS account id"),
                (ip, "the address of a machine"),
            ];
            kinds.into_iter().find_map(|(find, what)| Some((find(seen, at)?, what)))
        };
        secret.or_else(term).or_else(|| self.looks_for_addresses.then(address).flatten())
    }
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Returns a text as a reader sees it: white space as one space each; without escapes and marks where it `is_marked_up`.
fn seen(text: &str, is_marked_up: bool) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::with_capacity(text.len());
    let mut at = 0;
    let mut is_line_start = true;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at + c.len_utf8()..];
        let (shown, length) = match c {
            '\\' if is_marked_up && rest.starts_with(|next: char| next.is_ascii_punctuation()) => (None, 1),
            '&' if is_marked_up => entity(&text[at..]).map_or((Some(c), 1), |(c, length)| (Some(c), length)),
            '%' if is_marked_up => percent(&text[at..]).map_or((Some(c), 1), |(c, length)| (Some(c), length)),
            '*' | '`' if is_marked_up => (None, 1),
            '>' if is_marked_up && is_line_start => (None, 1),
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' => (None, c.len_utf8()),
            c => (Some(c), c.len_utf8()),
        };
        is_line_start = c == '\n' || (is_line_start && (c == ' ' || c == '>'));
        if let Some(shown) = shown {
            let is_space = shown.is_whitespace();
            if !is_space {
                seen.push((shown, at));
            } else if seen.last().is_some_and(|(last, _)| *last != ' ') {
                seen.push((' ', at));
            }
        }
        at += length;
    }
    seen
}

/// Reads an entity: its character and how long it is in the text.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.char_indices().take(12).find(|(_, c)| *c == ';')?.0;
    let name = &text[1..end];
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, end + 1))
}

/// Reads a character of an address: what it stands for and how long it is in the text.
fn percent(text: &str) -> Option<(char, usize)> {
    let byte = |at: usize| {
        let three = text.get(at..at + 3)?.strip_prefix('%')?;
        u8::from_str_radix(three, 16).ok()
    };
    let first = byte(0)?;
    let count = match first {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    let bytes: Vec<u8> = (0..count).map(|at| byte(at * 3)).collect::<Option<_>>()?;
    std::str::from_utf8(&bytes).ok()?.chars().next().map(|c| (c, count * 3))
}

fn is_word(seen: &[Seen], start: usize, end: usize) -> bool {
    let is_letter = |at: Option<usize>| at.and_then(|at| seen.get(at)).is_some_and(|(c, _)| c.is_alphanumeric());
    let begins = !seen[start].0.is_alphanumeric() || !is_letter(start.checked_sub(1));
    let ends = !seen[end - 1].0.is_alphanumeric() || !is_letter(Some(end));
    begins && ends
}

/// Returns the end of the run of characters that begins at a place.
fn run(seen: &[Seen], at: usize, belongs: impl Fn(char) -> bool) -> usize {
    at + seen[at..].iter().take_while(|(c, _)| belongs(*c)).count()
}

fn text_of(seen: &[Seen]) -> String {
    seen.iter().map(|(c, _)| *c).collect()
}

fn before(seen: &[Seen], at: usize) -> char {
    at.checked_sub(1).map_or(' ', |at| seen[at].0)
}

/// Names that are kept for examples, and those under which AWS itself writes to everybody.
const EXAMPLE_DOMAINS: &[&str] = &["example.com", "example.org", "example.net", "aws.com", "amazon.com", "amazonaws.com"];
const EXAMPLE_ENDS: &[&str] = &[".example", ".invalid", ".test", ".localhost", ".example.com", ".example.org", ".example.net"];

fn email(seen: &[Seen], at: usize) -> Option<usize> {
    let is_local = |c: char| c.is_alphanumeric() || ".!#$%&'+/=?^_{}~-".contains(c);
    if !is_local(seen[at].0) || is_local(before(seen, at)) {
        return None;
    }
    let sign = run(seen, at, is_local);
    if seen.get(sign)?.0 != '@' {
        return None;
    }
    let end = run(seen, sign + 1, |c| c.is_alphanumeric() || c == '.' || c == '-');
    let domain = text_of(&seen[sign + 1..end]);
    let domain = domain.trim_end_matches(['.', '-']).to_lowercase();
    let (_, last) = domain.rsplit_once('.')?;
    let is_example = EXAMPLE_DOMAINS.contains(&domain.as_str()) || EXAMPLE_ENDS.iter().any(|end| domain.ends_with(end));
    let is_domain = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    (is_domain && !is_example).then(|| sign + 1 + domain.chars().count())
}

/// Account ids that documentation uses, and those of one digit.
fn is_sample_account(id: &str) -> bool {
    let known = ["123456789012", "012345678901", "111122223333", "444455556666", "777788889999", "123412341234", "111222333444"];
    known.contains(&id) || id.chars().all(|c| id.starts_with(c))
}

fn account(seen: &[Seen], at: usize) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '.';
    if !seen[at].0.is_ascii_digit() || (is_part(before(seen, at)) && before(seen, at) != '.') {
        return None;
    }
    let end = run(seen, at, |c| c.is_ascii_digit() || c == '-');
    let text = text_of(&seen[at..end]);
    let text = text.trim_end_matches('-');
    let end = at + text.len();
    if seen.get(end).is_some_and(|(c, _)| c.is_alphanumeric()) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_shaped = text.len() == 12 && digits.len() == 12 || (text.len() == 14 && text.split('-').all(|part| part.len() == 4));
    (is_shaped && digits.len() == 12 && !is_sample_account(&digits)).then_some(end)
}

fn arn(seen: &[Seen], at: usize) -> Option<usize> {
    if before(seen, at).is_alphanumeric() || text_of(seen.get(at..at + 7)?).to_lowercase() != "arn:aws" {
        return None;
    }
    let end = run(seen, at, |c| !c.is_whitespace() && !"\"'(),;|<>[]".contains(c) || c == '$');
    let text = text_of(&seen[at..end]);
    let text = text.trim_end_matches(['.', ':']);
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [_, _, service, _, account, resource] = parts.as_slice() else { return None };
    let is_open = |part: &str| part.contains(['*', '$', '{', '<']) || part.to_lowercase().contains("example");
    let names_nothing = match *account {
        "aws" => true,
        "" => *service != "s3" || resource.is_empty() || is_open(resource),
        account => is_open(account) || is_sample_account(account) || !account.chars().all(|c| c.is_ascii_digit()),
    };
    (!names_nothing).then(|| at + text.chars().count())
}

fn ip(seen: &[Seen], at: usize) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_hexdigit() || c == '.' || c == ':';
    let previous = before(seen, at);
    if !is_part(seen[at].0) || previous.is_alphanumeric() || is_part(previous) {
        return None;
    }
    let end = run(seen, at, is_part);
    if seen.get(end).is_some_and(|(c, _)| c.is_alphanumeric()) {
        return None;
    }
    let text = text_of(&seen[at..end]);
    let text = text.trim_end_matches(['.', ':']);
    let goes_on = seen.get(at + text.len()).is_some_and(|(c, _)| *c == '/');
    let is_machine = match text.parse::<core::net::IpAddr>() {
        Ok(core::net::IpAddr::V4(address)) => !is_sample_v4(address.octets(), goes_on),
        Ok(core::net::IpAddr::V6(address)) => {
            let segments = address.segments();
            let is_documentation = segments[..2] == [0x2001, 0xdb8];
            let is_network = goes_on && segments[1..].iter().all(|part| *part == 0);
            text.contains(|c: char| c.is_ascii_digit())
                && !is_documentation
                && !is_network
                && !address.is_loopback()
                && !address.is_unspecified()
        }
        Err(_) => false,
    };
    is_machine.then(|| at + text.len())
}

/// Returns true for an address of examples, of every machine itself, or of a whole network.
fn is_sample_v4(octets: [u8; 4], goes_on: bool) -> bool {
    match octets {
        [0 | 127 | 255, ..] | [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [169, 254, 169 | 170, _] => true,
        [10, 0, 0, 0] | [172, 16, 0, 0] | [192, 168, 0, 0] => goes_on,
        _ => false,
    }
}

/// Finds what opens an account for whoever reads it. This is looked for whoever the copy is for.
fn key(seen: &[Seen], at: usize) -> Option<usize> {
    let is_key = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let four = text_of(seen.get(at..at + 4)?);
    if four == "----" {
        let line = run(seen, at, |c| c == '-' || c == ' ' || c.is_ascii_uppercase());
        let text = text_of(&seen[at..line]);
        return (text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----")).then_some(line);
    }
    if before(seen, at).is_alphanumeric() || !["AKIA", "ASIA"].contains(&four.as_str()) {
        return None;
    }
    let end = run(seen, at, is_key);
    let is_sample = text_of(&seen[at..end]).ends_with("EXAMPLE");
    let goes_on = seen.get(end).is_some_and(|(c, _)| c.is_alphanumeric());
    (end - at == 20 && !is_sample && !goes_on).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::{Finder, Wide};

    fn found(text: &str) -> Vec<String> {
        let finder = Finder { looks_for_addresses: true, ..Finder::default() };
        finder.leaks(text).into_iter().map(|leak| leak.found).collect()
    }

    #[test]
    fn addresses_are_found_and_those_of_examples_are_not() {
        assert_eq!(found("mail anna.mueller@acme.com."), ["anna.mueller@acme.com"]);
        assert_eq!(found("<anna@sub.acme.co.uk>, ops@example.com, x@lab.example, tag-schema@aws, v@1.2"), ["anna@sub.acme.co.uk"]);
        assert_eq!(found("account 210987654321, 2109-8765-4321, 123456789012, 111111111111"), ["210987654321", "2109-8765-4321"]);
        assert_eq!(found("1234567890123 and 2026-10-02 and x210987654321"), Vec::<String>::new());
        assert_eq!(found("`arn:aws:iam::210987654321:role/ops`."), ["arn:aws:iam::210987654321:role/ops"]);
        assert_eq!(
            found("arn:aws:s3:::acme-logs/x arn:aws:s3:::<bucket> arn:aws:iam::aws:policy/ReadOnlyAccess"),
            ["arn:aws:s3:::acme-logs/x"]
        );
        assert_eq!(found("10.20.30.40, 10.0.0.0/8, 192.0.2.1, 1.2.3, 1.2.3.4.5, 0.0.0.0/0"), ["10.20.30.40"]);
        assert_eq!(found("fd12:3456::1, ::1, 12:30:45, std::fs, 2001:db8::1, a::b"), ["fd12:3456::1"]);
        assert_eq!(found("AKIAIOSFODNN7EXAMPLE AKIAQWERTYUIOPASDFGH"), ["AKIAQWERTYUIOPASDFGH"]);
        assert_eq!(found("-----BEGIN RSA PRIVATE KEY-----"), ["-----BEGIN RSA PRIVATE KEY-----"]);
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let mut finder = Finder::default();
        finder.add("Anna Müller", "a name", Wide::No);
        finder.add("Mark", "a name", Wide::No);
        finder.add("Blue_Heron & Co", "a word", Wide::Yes);
        let found = |text: &str| finder.leaks(text).iter().map(|leak| (leak.line, leak.found.clone())).collect::<Vec<_>>();
        assert_eq!(found("x\n> Anna\n> **Müller**"), [(2, "Anna Müller".to_owned())]);
        assert_eq!(found("ANNA&#32;M%C3%BCller"), [(1, "ANNA Müller".to_owned())]);
        assert_eq!(found("blue\\_heron &amp; co"), [(1, "blue_heron & co".to_owned())]);
        assert_eq!(found("mark it, Marks, Markdown; Mark"), [(1, "Mark".to_owned())]);
    }

    #[test]
    fn what_is_found_is_replaced_and_the_rest_stays() {
        let mut finder = Finder { looks_for_addresses: true, ..Finder::default() };
        finder.add("Anna Müller", "a name", Wide::No);
        assert_eq!(finder.without("Ask *Anna\n  Müller* (a@b.com) & co", "(redacted)"), "Ask *(redacted)* ((redacted)) & co");
    }
}
