//! A mapping or list taken apart into pieces of text that can be moved: each entry with the comments above it.

use super::super::{Key, Node, Value};
use crate::diagnostic::Span;
use std::ops::Range;

/// One entry of a mapping or item of a list, where it stands.
#[derive(Clone, Debug)]
pub(super) struct Part<'s> {
    /// The text of the file.
    pub(super) text: &'s str,
    /// The comments and blank lines above it.
    pub(super) lead: &'s str,
    /// The key; of an item nothing, or what it is known by.
    pub(super) key: &'s str,
    /// The key as it is written, with its quotes; of an item nothing.
    pub(super) written_key: &'s str,
    /// Its lines, or its text between commas.
    pub(super) range: Range<usize>,
    /// The value.
    pub(super) node: &'s Node,
    /// The column of the key or dash.
    pub(super) indent: usize,
    /// True if it stands between commas.
    pub(super) is_flow: bool,
}

/// What stands around the parts of a mapping or list.
#[derive(Clone, Debug)]
pub(super) enum Frame {
    /// Lines: what stands above the first, which is the line of the key.
    Block(String),
    /// Brackets: what stands before them, behind them, and true if there is a space within.
    Flow(String, String, bool),
}

/// A mapping or list taken apart.
#[derive(Clone, Debug)]
pub(super) struct Parts<'s> {
    pub(super) frame: Frame,
    /// The column of the parts; nothing if there are none, or they stand between commas.
    pub(super) indent: Option<usize>,
    pub(super) each: Vec<Part<'s>>,
    /// The comments and blank lines below the last part.
    pub(super) tail: &'s str,
}

impl<'s> Part<'s> {
    /// Returns its text with the line of its key at the left edge, to be held against that of another.
    pub(super) fn flat(&self) -> String {
        shift(&self.text[self.range.clone()], self.indent, 0)
    }

    /// Returns the comment behind its value, where that is one word or line.
    pub(super) fn remark(&self) -> Option<&'s str> {
        let span = self.node.span;
        let is_scalar = matches!(self.node.value, Value::Text(_) | Value::Number(_) | Value::Bool(_)) && span.start < span.end;
        let behind = self.text.get(span.end..self.range.end).filter(|_| is_scalar && !self.is_flow)?.trim();
        // The text of a block can hold a `#`, too.
        let is_block = self.text[self.range.clone()].lines().count() > 1;
        (behind.starts_with('#') && !is_block).then_some(behind)
    }

    /// Returns its text as it can be moved.
    pub(super) fn movable(&self) -> String {
        let raw = &self.text[self.range.clone()];
        if !self.is_flow || self.written_key.is_empty() {
            return raw.to_owned();
        }
        let behind = raw.get(self.written_key.len()..).unwrap_or_default().trim_start();
        let value = behind.strip_prefix(':').unwrap_or(behind).trim();
        if value.is_empty() { format!("{}:", self.written_key) } else { format!("{}: {value}", self.written_key) }
    }
}

impl<'s> Parts<'s> {
    /// Takes a whole file apart; nothing if it is no mapping that can be.
    pub(super) fn of_file(text: &'s str, root: &'s Node) -> Option<Self> {
        let Value::Map(entries) = &root.value else { return None };
        if entries.is_empty() || text[root.span.start..].starts_with('{') {
            let whole = Part { text, lead: "", key: "", written_key: "", range: 0..text.len(), node: root, indent: 0, is_flow: false };
            return Self::of(&whole);
        }
        Self::lines_of_map(text, String::new(), 0..text.len(), entries)
    }

    /// Takes the value of a part apart; nothing if it is neither mapping nor list nor nothing, or written in a way that cannot be.
    pub(super) fn of(part: &Part<'s>) -> Option<Self> {
        let (text, range) = (part.text, part.range.clone());
        let start = part.node.span.start;
        let opens = |bracket: char| text.get(start..).is_some_and(|rest| rest.starts_with(bracket));
        match &part.node.value {
            Value::Null if part.is_flow => {
                Some(Self { frame: Frame::Block(format!("{}:\n", part.written_key)), indent: None, each: Vec::new(), tail: "" })
            }
            Value::Null => {
                let (head, tail) = first_line(text, range)?;
                let is_bare = head.split(" #").next().unwrap_or_default().trim_end().ends_with(':');
                (is_bare && is_trivia(tail)).then(|| Self { frame: Frame::Block(head.to_owned()), indent: None, each: Vec::new(), tail })
            }
            Value::Map(entries) if opens('{') => {
                let keyed = entries.iter().map(|(key, node)| (Some(key), node)).collect();
                Self::between_commas(part, keyed)
            }
            Value::List(items) if opens('[') => Self::between_commas(part, items.iter().map(|node| (None, node)).collect()),
            Value::Map(entries) if !part.is_flow => {
                let (head, region) = first_line(text, range.clone())?;
                Self::lines_of_map(text, head.to_owned(), range.end - region.len()..range.end, entries)
            }
            Value::List(items) if !part.is_flow => {
                let (head, region) = first_line(text, range.clone())?;
                Self::lines_of_list(text, head.to_owned(), range.end - region.len()..range.end, items)
            }
            _ => None,
        }
    }

    /// Takes a value apart as a list of its own: one text is a list of one.
    pub(super) fn of_list(part: &Part<'s>) -> Option<Self> {
        let (Value::Text(_) | Value::Number(_) | Value::Bool(_)) = &part.node.value else { return Self::of(part) };
        let (span, range) = (part.node.span, part.range.clone());
        let (before, behind) = (part.text.get(range.start..span.start)?, part.text.get(span.end..range.end)?);
        let is_one_line = !part.text.get(span.range())?.contains('\n') && is_trivia(behind);
        let item = Part { lead: "", key: "", written_key: "", range: span.range(), is_flow: true, ..part.clone() };
        let frame = Frame::Flow(before.to_owned(), behind.to_owned(), false);
        (is_one_line && span.start < span.end).then(|| Self { frame, indent: None, each: vec![item], tail: "" })
    }

    fn lines_of_map(text: &'s str, head: String, region: Range<usize>, entries: &'s [(Key, Node)]) -> Option<Self> {
        let starts = entries.iter().map(|(key, node)| {
            let start = line_start(text, key.span.start);
            let indent = &text[start..key.span.start];
            indent.bytes().all(|byte| byte == b' ').then_some((start, indent.len(), key.text.as_str(), Some(key.span), node))
        });
        Self::lines(text, head, region, starts.collect::<Option<_>>()?)
    }

    fn lines_of_list(text: &'s str, head: String, region: Range<usize>, items: &'s [Node]) -> Option<Self> {
        let starts = items.iter().map(|node| {
            let start = line_start(text, node.span.start);
            let before = text.get(start..node.span.start)?;
            let indent = before.len() - before.trim_start_matches(' ').len();
            let is_dashed = before[indent..].strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.trim().is_empty());
            is_dashed.then_some((start, indent, "", None, node))
        });
        Self::lines(text, head, region, starts.collect::<Option<_>>()?)
    }

    fn lines(text: &'s str, head: String, region: Range<usize>, starts: Vec<Start<'s>>) -> Option<Self> {
        let indent = starts.first()?.1;
        let mut lead = text.get(region.start..starts.first()?.0)?;
        if starts.iter().any(|start| start.1 != indent) || !is_trivia(without_mark(lead, region.start)) {
            return None;
        }
        let mut parts = Vec::new();
        for (index, (start, _, key, span, node)) in starts.iter().enumerate() {
            let next = starts.get(index + 1).map_or(region.end, |next| next.0);
            let raw = text.get(*start..next)?;
            let end = start + end_of_content(raw, indent);
            let written_key = span.map_or("", |span: Span| &text[span.range()]);
            parts.push(Part { text, lead, key, written_key, range: *start..end, node, indent, is_flow: false });
            lead = &text[end..next];
        }
        Some(Self { frame: Frame::Block(head), indent: Some(indent), each: parts, tail: lead })
    }

    fn between_commas(part: &Part<'s>, entries: Vec<(Option<&'s Key>, &'s Node)>) -> Option<Self> {
        let text = part.text;
        let open = part.node.span.start;
        let (ranges, end) = between_brackets(text, open)?;
        if ranges.len() != entries.len() || end > part.range.end {
            return None;
        }
        let is_padded = text[open + 1..].starts_with(' ') && !ranges.is_empty();
        let frame = Frame::Flow(text.get(part.range.start..open)?.to_owned(), text[end..part.range.end].to_owned(), is_padded);
        let of = |(range, (key, node)): (Range<usize>, (Option<&'s Key>, &'s Node))| {
            let written_key = key.map_or("", |key| &text[key.span.range()]);
            let is_there = key.is_none_or(|key| key.span.start == range.start && key.span.end <= range.end && !written_key.is_empty());
            is_there.then(|| Part {
                text,
                lead: "",
                key: key.map_or("", |key| key.text.as_str()),
                written_key,
                range,
                node,
                indent: part.indent,
                is_flow: true,
            })
        };
        let parts = ranges.into_iter().zip(entries).map(of).collect::<Option<Vec<_>>>()?;
        Some(Self { frame, indent: None, each: parts, tail: "" })
    }

    /// Returns the part with a key.
    pub(super) fn get(&self, key: &str) -> Option<&Part<'s>> {
        self.each.iter().find(|part| part.key == key)
    }

    /// Returns true if a key is there twice.
    pub(super) fn has_duplicates(&self) -> bool {
        self.each.iter().enumerate().any(|(index, part)| self.each[..index].iter().any(|other| other.key == part.key))
    }
}

/// Where an entry starts: its line, its column, key, place of the key, value.
type Start<'s> = (usize, usize, &'s str, Option<Span>, &'s Node);

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn first_line(text: &str, range: Range<usize>) -> Option<(&str, &str)> {
    let text = text.get(range)?;
    Some(text.split_at(text.find('\n').map_or(text.len(), |newline| newline + 1)))
}

/// Returns what stands above the first key of a file without the mark that starts a document.
fn without_mark(lead: &str, start: usize) -> &str {
    match lead.find("---") {
        Some(at) if start == 0 && is_trivia(&lead[..at]) => lead[at + 3..].trim_start_matches(' '),
        _ => lead,
    }
}

/// Returns true if a text holds nothing but comments and blank lines.
pub(super) fn is_trivia(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

/// Returns where the lines of an entry end: what follows are blank lines, and comments that do not stand within it.
fn end_of_content(raw: &str, indent: usize) -> usize {
    let keeps_blank_lines = raw.lines().any(|line| {
        let line = line.split(" #").next().unwrap_or_default().trim_end();
        line.ends_with('+') && line.trim_end_matches('+').trim_end_matches(|c: char| c.is_ascii_digit()).ends_with(['|', '>'])
    });
    let mut end = raw.len();
    for line in raw.split_inclusive('\n').rev() {
        let is_blank = line.trim().is_empty();
        let is_outside = line.trim_start().starts_with('#') && line.len() - line.trim_start().len() <= indent;
        if !(is_outside || (is_blank && !keeps_blank_lines)) {
            break;
        }
        end -= line.len();
    }
    end
}

/// Returns the places of what stands between the commas of a bracket, and the one behind it; nothing if comments stand there, too.
fn between_brackets(text: &str, open: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let mut ranges = Vec::new();
    let mut start = open + 1;
    let mut depth = 0_usize;
    let mut before = ' ';
    let mut chars = text[open..].char_indices().map(|(at, c)| (open + at, c)).peekable();
    let mut put = |from: usize, to: usize| {
        let inner = &text[from..to];
        let lead = inner.len() - inner.trim_start().len();
        let trimmed = inner.trim();
        if !trimmed.is_empty() {
            ranges.push(from + lead..from + lead + trimmed.len());
        }
    };
    while let Some((at, c)) = chars.next() {
        let opens_word = matches!(before, ' ' | '\n' | '\t' | '{' | '[' | ',' | ':');
        match c {
            '"' if opens_word => {
                while let Some((_, inner)) = chars.next() {
                    match inner {
                        '\\' => drop(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '\'' if opens_word => {
                while let Some((_, inner)) = chars.next() {
                    if inner == '\'' && chars.next_if(|(_, next)| *next == '\'').is_none() {
                        break;
                    }
                }
            }
            '#' if opens_word => return None,
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth -= 1;
                if depth == 0 {
                    put(start, at);
                    return Some((ranges, at + 1));
                }
            }
            ',' if depth == 1 => {
                put(start, at);
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// Moves lines from one column to another. The markers of a conflict stay at the left edge.
pub(super) fn shift(text: &str, from: usize, to: usize) -> String {
    if from == to {
        return text.to_owned();
    }
    let is_marker = |line: &str| ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker));
    let moved = text.split_inclusive('\n').map(|line| {
        if line.trim().is_empty() || is_marker(line) {
            line.to_owned()
        } else if to > from {
            format!("{}{line}", " ".repeat(to - from))
        } else {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            line[spaces.min(from - to)..].to_owned()
        }
    });
    moved.collect()
}
