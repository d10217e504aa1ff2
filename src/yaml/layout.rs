//! Where the entries of a mapping or list stand in a text, with the comments above them: what is moved or replaced as a whole.
//!
//! A block collection is cut into whole lines, a flow collection (`{…}`, `[…]`) into its entries. A text that cannot be cut so is left
//! whole: the caller gets nothing and takes the collection as one value.

use super::{Node, Value};
use crate::diagnostic::Span;
use std::ops::Range;

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One entry a line, indented.
    Block,
    /// Between braces or brackets.
    Flow,
}

/// One entry of a collection.
#[derive(Clone, Debug)]
pub struct Part<'d> {
    /// The key, or what tells an item from the others.
    pub name: String,
    /// Comments and blank lines above it, whole lines; empty in flow style.
    pub lead: &'d str,
    /// Its own text from the key or dash on: in block style to the end of its last line, comments that are indented deeper included.
    pub body: &'d str,
    /// Where the body begins.
    pub start: usize,
    /// The column of the key or dash, from 0.
    pub column: usize,
    /// The place of the key; of an item, its start.
    pub key: Span,
    /// The value.
    pub node: &'d Node,
    /// The region in which the entries of its value stand.
    pub inside: Range<usize>,
}

/// The entries of a collection.
#[derive(Clone, Debug)]
pub struct Parts<'d> {
    /// The entries in their order.
    pub parts: Vec<Part<'d>>,
    /// What follows the last entry: comments and blank lines.
    pub tail: &'d str,
    /// How it is written.
    pub style: Style,
    /// True for a list.
    pub is_list: bool,
    /// True if the first entry stands behind the dash of an item.
    pub is_behind_dash: bool,
}

impl<'d> Parts<'d> {
    /// Returns the entry with a name.
    pub fn get(&self, name: &str) -> Option<&Part<'d>> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// Returns the names in their order.
    pub fn names(&self) -> Vec<&str> {
        self.parts.iter().map(|part| part.name.as_str()).collect()
    }
}

/// The keys that tell the items of a list apart, the first that an item has.
const IDENTITIES: &[&str] = &["id", "activity", "term", "topic", "url", "phase", "condition", "when", "command", "title", "level"];

/// Returns what tells an item of a list from the others; nothing if it cannot be told.
pub fn identity(text: &str, node: &Node) -> Option<String> {
    let scalar = |node: &Node| match &node.value {
        Value::Text(word) => Some(word.clone()),
        Value::Number(_) | Value::Bool(_) => text.get(node.span.range()).map(str::to_owned),
        _ => None,
    };
    match &node.value {
        Value::Map(entries) => {
            let named = |name: &&str| entries.iter().find(|(key, _)| key.text == **name).map(|(_, value)| value);
            IDENTITIES.iter().find_map(named).and_then(scalar)
        }
        // Words are told apart by what they say; prose is one value, since a sentence that was changed has no name.
        _ => scalar(node).filter(|word| super::record::Id::is_valid(&word.replacen('@', "-", 1))),
    }
}

/// Returns how a collection is written; nothing for a scalar.
pub fn style(text: &str, node: &Node) -> Option<Style> {
    let at = text.as_bytes().get(node.span.start).copied();
    match &node.value {
        Value::Map(_) => Some(if at == Some(b'{') { Style::Flow } else { Style::Block }),
        // A list that is not indented below its key is said to start where its first item does.
        Value::List(items) => {
            let is_first = items.first().is_some_and(|first| first.span.start == node.span.start);
            Some(if at == Some(b'[') && !is_first { Style::Flow } else { Style::Block })
        }
        _ => None,
    }
}

/// Returns the entries of a collection that stands in a region of a text; nothing if it is none, or cannot be cut.
pub fn parts<'d>(text: &'d str, node: &'d Node, region: Range<usize>) -> Option<Parts<'d>> {
    let (entries, is_list): (Vec<(String, Span, &Node)>, bool) = match &node.value {
        Value::Map(map) => (map.iter().map(|(key, value)| (key.text.clone(), key.span, value)).collect(), false),
        Value::List(items) => {
            let named = items.iter().map(|item| Some((identity(text, item)?, Span::new(item.span.start, item.span.start), item)));
            (named.collect::<Option<Vec<_>>>()?, true)
        }
        _ => return None,
    };
    let mut names: Vec<&str> = entries.iter().map(|(name, ..)| name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    match style(text, node)? {
        Style::Flow => flow_parts(text, entries, is_list),
        Style::Block => block_parts(text, entries, is_list, region),
    }
}

fn flow_parts<'d>(text: &'d str, entries: Vec<(String, Span, &'d Node)>, is_list: bool) -> Option<Parts<'d>> {
    let mut parts = Vec::new();
    for (name, key, node) in entries {
        let end = content_end(text, node, key.end)?;
        let body = text.get(key.start..end)?;
        parts.push(Part { name, lead: "", body, start: key.start, column: 0, key, node, inside: node.span.start..end });
    }
    Some(Parts { parts, tail: "", style: Style::Flow, is_list, is_behind_dash: false })
}

fn block_parts<'d>(text: &'d str, entries: Vec<(String, Span, &'d Node)>, is_list: bool, region: Range<usize>) -> Option<Parts<'d>> {
    let mut parts: Vec<Part<'d>> = Vec::new();
    let mut above = region.start;
    let mut is_behind_dash = false;
    for (name, key, node) in entries {
        let start = if is_list { dash_before(text, key.start)? } else { key.start };
        let line = line_start(text, start);
        let is_first_in_line = text.get(line..start)?.bytes().all(|byte| byte == b' ') && line >= above;
        if !is_first_in_line {
            if !parts.is_empty() || start != region.start {
                return None;
            }
            is_behind_dash = true;
        }
        let column = start - line;
        let key_end = if is_list { start + 1 } else { key.end };
        let content = content_end(text, node, key_end)?;
        let end = with_deeper_comments(text, line_end(text, content), column).min(region.end);
        let lead = if is_first_in_line { text.get(above..line)? } else { "" };
        let body = text.get(start..end)?;
        let first_inside = match &node.value {
            Value::Map(map) => map.first().map(|(key, _)| key.span.start),
            Value::List(items) => items.first().and_then(|first| dash_before(text, first.span.start)),
            _ => None,
        };
        let inside = match first_inside {
            _ if style(text, node) == Some(Style::Flow) => node.span.start..content,
            // What stands behind the dash begins in the middle of the line.
            Some(first) if line_start(text, first) == line => first..end,
            _ => line_end(text, key_end).min(end)..end,
        };
        parts.push(Part { name, lead, body, start, column, key, node, inside });
        above = end;
    }
    Some(Parts { tail: text.get(above..region.end)?, parts, style: Style::Block, is_list, is_behind_dash })
}

/// Returns the dash of an item that starts at a place.
fn dash_before(text: &str, item: usize) -> Option<usize> {
    let before = text.get(..item)?.trim_end_matches([' ', '\n', '\r']);
    before.ends_with('-').then(|| before.len() - 1)
}

/// Returns the start of the line that a place is in.
pub fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Returns the end of the line that a place is in, its line end included.
pub fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

/// Returns the place behind the lines of comments that follow and are indented deeper than a column.
fn with_deeper_comments(text: &str, from: usize, column: usize) -> usize {
    let (mut end, mut at) = (from, from);
    while at < text.len() {
        let next = line_end(text, at);
        let line = &text[at..next];
        let indentation = line.len() - line.trim_start_matches(' ').len();
        match line.trim() {
            "" => {}
            comment if comment.starts_with('#') && indentation > column => end = next,
            _ => break,
        }
        at = next;
    }
    end
}

/// Returns the place behind the last byte of a value; of nothing, behind its key.
pub fn content_end(text: &str, node: &Node, key_end: usize) -> Option<usize> {
    match &node.value {
        // What is not written is said to stand wherever the next thing does.
        Value::Null if node.span.start == node.span.end => Some(key_end),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(node.span.end.max(key_end)),
        Value::Text(_) => {
            let between = text.get(key_end..node.span.start).unwrap_or_default();
            let header = between.trim_start_matches([':', '-', ' ']);
            if !header.starts_with(['|', '>']) {
                return Some(node.span.end.max(key_end));
            }
            let content = text.get(node.span.range())?;
            let keeps = header.lines().next().is_some_and(|header| header.split('#').next().unwrap_or_default().contains('+'));
            let trimmed = if keeps { content.trim_end_matches([' ', '\r']).trim_end_matches('\n') } else { content.trim_end() };
            // Of a text that keeps the blank lines at its end they are a part.
            let blank = if keeps { content.len() - content.trim_end_matches(' ').len() } else { content.len() - trimmed.len() };
            let end = node.span.start + content.len() - blank;
            Some(if trimmed.is_empty() { key_end + ":".len() } else { end - usize::from(keeps && text[..end].ends_with('\n')) })
        }
        Value::Map(map) if style(text, node) == Some(Style::Block) => {
            map.last().and_then(|(key, value)| content_end(text, value, key.span.end))
        }
        Value::List(items) if style(text, node) == Some(Style::Block) => {
            let last = items.last()?;
            content_end(text, last, dash_before(text, last.span.start).map_or(last.span.start, |dash| dash + 1))
        }
        Value::Map(map) => {
            let last = map.last().map_or(Some(node.span.start + 1), |(key, value)| content_end(text, value, key.span.end))?;
            closing(text, last)
        }
        Value::List(items) => {
            let last = items.last().map_or(Some(node.span.start + 1), |item| content_end(text, item, item.span.start))?;
            closing(text, last)
        }
    }
}

/// Returns the place behind the bracket that closes a flow collection whose last entry ends at a place.
fn closing(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        match rest.chars().next()? {
            ']' | '}' => return Some(at + 1),
            '#' => at = line_end(text, at),
            ',' | ':' | ' ' | '\n' | '\r' | '\t' => at += 1,
            _ => return None,
        }
    }
}

/// Moves the lines of a text behind the first from one column to another.
pub fn indented(text: &str, from: usize, to: usize) -> String {
    if from == to {
        return text.to_owned();
    }
    let moved = text.split_inclusive('\n').enumerate().map(|(index, line)| match index {
        0 => line.to_owned(),
        _ => moved(line, from, to),
    });
    moved.collect()
}

/// Moves a line from one column to another.
pub fn moved(line: &str, from: usize, to: usize) -> String {
    if line.trim().is_empty() {
        return line.to_owned();
    }
    let spaces = line.len() - line.trim_start_matches(' ').len();
    format!("{}{}", " ".repeat((spaces + to).saturating_sub(from)), &line[spaces..])
}

/// Returns a value as it stands between braces: on one line, quoted where it must be.
pub fn inline(text: &str, node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => text.get(node.span.range()).unwrap_or_default().to_owned(),
        Value::Text(said) => {
            let written = text.get(node.span.range()).unwrap_or_default();
            let is_quoted = written.len() > 1 && (written.starts_with('"') || written.starts_with('\'')) && !written.contains('\n');
            let is_plain = written == said && !said.is_empty() && !said.contains(['\n', ',', '[', ']', '{', '}', '#', ':', '"', '\'']);
            if is_quoted || is_plain { written.to_owned() } else { quoted(said) }
        }
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(text, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let entry = |(key, value): &(super::Key, Node)| format!("{}: {}", word(&key.text), inline(text, value));
            format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Returns text in double quotes.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

/// Returns a key or id as it is written: quoted where YAML would take it for something else.
pub fn word(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok() || text.starts_with("0x") || text.starts_with("0o");
    let is_plain = super::record::Id::is_valid(text.replace(['@', '~'], "-").as_str())
        && !is_number
        && !matches!(text.to_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null");
    if is_plain { text.to_owned() } else { quoted(text) }
}
