//! YAML with positions: text to a tree of nodes, and every fault that keeps text from being one.
//!
//! The tree keeps what its owner wrote: a number has its text, a key has its place. Anchors and aliases are refused, since
//! these files do without them and a few bytes of them can fill the memory. What a node *means* is read by [`record`].

pub mod edit;
pub mod layout;
pub mod merge;
pub mod overlay;
pub mod record;
pub mod transfer;

use crate::diagnostic::{Code, Diagnostic, Location, Source, Span};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use std::fmt;
use std::sync::Arc;

/// The largest file that is read, in bytes. The largest shipped file has a hundredth of it.
pub const LARGEST_FILE_BYTES: usize = 8 * 1024 * 1024;

/// The deepest nesting that is read. The formats need eight levels.
const DEEPEST: usize = 48;

/// One value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The place of the value; of a block mapping or list, its start.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A plain number; its text is in the source at the node's span.
    Number(f64),
    /// Text, plain or quoted or as a block.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order of the file, duplicates included.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping and where it stands.
#[derive(Clone, Debug)]
pub struct Key {
    /// The place of the key.
    pub span: Span,
    /// The key.
    pub text: String,
}

impl Value {
    /// Returns what a value is, for a message: "a list", "text".
    pub fn what(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

fn span_of(location: serde_saphyr::Location) -> Span {
    let span = location.span();
    let start = span.byte_offset().unwrap_or(0);
    let end = start + span.byte_len().unwrap_or(0);
    Span::new(usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0))
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        Ok(Self { span: span_of(spanned.referenced), value: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let key = Key { span: span_of(key.referenced), text: key.value };
            map.push((key, entries.next_value()?));
        }
        Ok(Value::Map(map))
    }
}

/// Turns the bytes of a file into its source.
///
/// # Errors
///
/// Returns a diagnostic when the file is too large or not UTF-8. A byte order mark is left out and is no fault.
pub fn decode(path: &str, bytes: &[u8]) -> Result<Arc<Source>, Box<Diagnostic>> {
    if bytes.len() > LARGEST_FILE_BYTES {
        return Err(Box::new(too_large(path, bytes.len() as u64)));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(path, text)),
        Err(error) => {
            let at = error.valid_up_to();
            let source = Source::new(path, String::from_utf8_lossy(bytes));
            let what = if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") { "UTF-16" } else { "Latin-1 or Windows-1252" };
            let place = Location::new(&source, Span::new(at, at + 1));
            let diagnostic = Diagnostic::error(Code::NotUtf8, place, format!("the byte 0x{:02x} is not UTF-8", bytes[at]));
            Err(Box::new(diagnostic.help(format!("save the file as UTF-8; it looks like {what}"))))
        }
    }
}

/// Returns the diagnostic for a file that is too large to be read.
pub fn too_large(path: &str, bytes: u64) -> Diagnostic {
    let megabytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
    Diagnostic::error(
        Code::FileTooLarge,
        Location::new(&Source::new(path, ""), Span::default()),
        format!("the file has {} MiB; at most {} MiB are read", megabytes(bytes), megabytes(LARGEST_FILE_BYTES as u64)),
    )
    .help("a file of text has a hundredth of that; keep large material elsewhere and link to it")
}

/// Parses the text of a source into a tree.
///
/// # Errors
///
/// Returns diagnostics when the text is not one YAML document within the limits. Duplicate keys are reported by
/// [`record`], all of them; here only those that its mapping cannot tell apart.
pub fn parse(source: &Arc<Source>) -> Result<Node, Vec<Diagnostic>> {
    if let Some(diagnostic) = conflict_markers(source) {
        return Err(vec![diagnostic]);
    }
    let node = match read(&source.text, DuplicateKeyPolicy::Error) {
        Ok(node) => node,
        Err(first) => match read(&source.text, DuplicateKeyPolicy::LastWins) {
            Ok(node) if has_duplicates(&node) => node,
            _ => return Err(vec![explain(source, &first)]),
        },
    };
    if matches!(node.value, Value::Null) {
        let start = Location::new(source, Span::default());
        return Err(vec![Diagnostic::error(Code::EmptyFile, start, "the file is empty").help("fill it in or delete it")]);
    }
    Ok(node)
}

fn read(text: &str, duplicate_keys: DuplicateKeyPolicy) -> Result<Node, serde_saphyr::Error> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        duplicate_keys: duplicate_keys,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        reject_unsupported_tags: true,
        with_snippet: false,
        budget: serde_saphyr::budget! { max_aliases: 0, max_anchors: 0, max_depth: DEEPEST, flow_nesting_limit: DEEPEST, max_nodes: 500_000 },
    };
    serde_saphyr::from_str_with_options::<Node>(text, options)
}

fn has_duplicates(node: &Node) -> bool {
    match &node.value {
        Value::List(items) => items.iter().any(has_duplicates),
        Value::Map(entries) => {
            let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.text.as_str()).collect();
            keys.sort_unstable();
            keys.windows(2).any(|pair| pair[0] == pair[1]) || entries.iter().any(|(_, value)| has_duplicates(value))
        }
        _ => false,
    }
}

/// Finds what git leaves in a file whose merge was not finished.
pub fn conflict_markers(source: &Arc<Source>) -> Option<Diagnostic> {
    let at = |marker: &str| {
        if source.text.starts_with(marker) { Some(0) } else { source.text.find(&format!("\n{marker}")).map(|at| at + 1) }
    };
    let start = at("<<<<<<< ")?;
    let end = at(">>>>>>> ")?;
    let diagnostic =
        Diagnostic::error(Code::ConflictMarkers, Location::new(source, Span::new(start, start + 7)), "the file holds an unfinished merge")
            .related(Location::new(source, Span::new(end, end + 7)), "the conflict ends here")
            .help("keep the answers that hold, remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`, then run the command again");
    Some(diagnostic)
}

/// Returns the place of a line and column, both counted from 1, the column in characters.
fn by_line(text: &str, line: u64, column: u64) -> Span {
    let number = |number: u64| usize::try_from(number).unwrap_or(1).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(number(line)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let within: usize = rest.chars().take(number(column)).map(char::len_utf8).sum();
    Span::new(start + within, start + within)
}

fn explain(source: &Arc<Source>, error: &serde_saphyr::Error) -> Diagnostic {
    let end = Span::new(source.text.len(), source.text.len());
    let place = error.location().map_or(end, |location| match location.span().byte_offset() {
        Some(_) => span_of(location),
        None => by_line(&source.text, location.line(), location.column()),
    });
    let location = Location::new(source, place);
    if let Some(tab) = tab_in_indentation(&source.text, place.start) {
        let location = Location::new(source, Span::new(tab, tab + 1));
        return Diagnostic::error(Code::TabIndentation, location, "a tab indents this line")
            .help("YAML is indented by spaces: use two for each level");
    }
    let text = error.without_snippet().to_string();
    let text = text.split(" at line ").next().unwrap_or(&text).trim_end_matches(['.', ':']).to_owned();
    let lower = text.to_lowercase();
    let first = source.text.get(place.start..).and_then(|rest| rest.chars().next());
    if lower.contains("alias") || lower.contains("anchor") {
        return Diagnostic::error(Code::AliasNotAllowed, location, "anchors and aliases (`&` and `*`) are not used in these files")
            .help("write the value out; text that starts with `&` or `*` needs quotes");
    }
    if lower.contains("depth") || lower.contains("nesting") || lower.contains("recursion") {
        return Diagnostic::error(Code::NestedTooDeep, location, format!("nesting is deeper than {DEEPEST} levels"));
    }
    if lower.contains("duplicate") {
        return Diagnostic::error(Code::DuplicateKey, location, "this key is there twice").help("keep one of the two");
    }
    if lower.contains("documents") {
        return Diagnostic::error(Code::YamlSyntax, location, "the file holds a second document")
            .help("keep one document a file: remove the line `---`");
    }
    if lower.contains("quoted scalar") {
        return Diagnostic::error(Code::YamlSyntax, location, "a quotation is not closed before this")
            .help("look for a `\"` or `'` that opens a text and is missing at its end");
    }
    let diagnostic = Diagnostic::error(Code::YamlSyntax, location, format!("this is not YAML: {}", lower_first(&text)));
    match first {
        Some('!') => diagnostic.help("text that starts with `!` is a YAML tag: put it in quotes"),
        Some('@' | '`' | '%') => diagnostic.help("text that starts with this character needs quotes"),
        _ => diagnostic.maybe_help(quote_hint(&source.text, place.start)),
    }
}

/// Returns a hint when the line holds `: ` twice, the most frequent slip in hand-written text.
fn quote_hint(text: &str, at: usize) -> Option<String> {
    let at = at.min(text.len());
    let before = text.get(..at)?;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..)?.lines().next()?;
    (line.matches(": ").count() > 1 && !line.contains('{')).then(|| "text that holds `: ` needs quotes".to_owned())
}

/// Returns the first tab that indents a line at or before the line after `near`.
fn tab_in_indentation(text: &str, near: usize) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indentation].find('\t').filter(|_| !line.trim().is_empty()) {
            return Some(start + tab);
        }
        if start > near {
            return None;
        }
        start += line.len();
    }
    None
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
