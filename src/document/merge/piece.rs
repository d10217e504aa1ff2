//! A document taken apart: lines, regions that belong to the customer, sections.

use crate::diagnostic::{Code, Diagnostic, Location, Source, Span};
use std::ops::Range;
use std::sync::Arc;

/// What no line of a text begins with: the mark of a region among the keys.
const REGION: char = '\u{0}';

/// A line, or a region with its marks, which counts as one.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    /// What is compared: the line without what an editor changes on its own, or the name of the region.
    pub(super) key: String,
    /// What is written, with its line end.
    pub(super) text: &'a str,
}

impl Piece<'_> {
    /// Returns the name of the region; nothing for a line.
    pub(super) fn region(&self) -> Option<&str> {
        self.key.strip_prefix(REGION)
    }

    /// Returns true for a line on which nothing stands.
    pub(super) fn is_blank(&self) -> bool {
        self.key.is_empty()
    }

    /// Returns its lines without their ends, those of a region without its marks.
    pub(super) fn lines(&self) -> Vec<&str> {
        self.content().unwrap_or_else(|| vec![self.text.trim_end_matches(['\r', '\n'])])
    }

    /// Returns the lines between the marks of a region; nothing for a line.
    pub(super) fn content(&self) -> Option<Vec<&str>> {
        self.region()?;
        let lines: Vec<&str> = self.text.lines().collect();
        let inner = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
        let first = inner.iter().position(|line| !line.trim().is_empty()).unwrap_or(inner.len());
        let last = inner.iter().rposition(|line| !line.trim().is_empty()).map_or(first, |last| last + 1);
        Some(inner[first..last].to_vec())
    }
}

/// A region with its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    name: String,
    /// From the first byte of the first mark to the line end of the second.
    range: Range<usize>,
}

/// A mark of a region.
#[derive(Clone, Debug)]
struct Mark<'a> {
    name: &'a str,
    is_end: bool,
    line: Range<usize>,
}

fn mark(line: &str) -> Option<(&str, bool)> {
    let inner = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let (word, rest) = inner.split_once(' ')?;
    let name = rest.trim_start().split([':', ' ']).next().filter(|name| !name.is_empty())?;
    match word {
        "keep" => Some((name, false)),
        "end" => Some((name, true)),
        _ => None,
    }
}

fn marks(text: &str) -> Vec<Mark<'_>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        found.extend(mark(line).map(|(name, is_end)| Mark { name, is_end, line: range }));
    }
    found
}

/// Returns the names of the regions that a text has, in its order.
pub(super) fn names(text: &str) -> Vec<&str> {
    marks(text).iter().filter(|mark| !mark.is_end).map(|mark| mark.name).collect()
}

/// Finds the regions of a text, with a diagnostic for each whose marks are not a pair. `known` tells which names are regions;
/// the marks of others are lines like any other.
pub(super) fn regions(source: &Arc<Source>, known: &[&str]) -> Result<Vec<Region>, Vec<Diagnostic>> {
    let mut regions: Vec<Region> = Vec::new();
    let mut faults = Vec::new();
    let mut open: Option<Mark<'_>> = None;
    let place = |mark: &Mark<'_>| {
        let written = source.text[mark.line.clone()].trim_end().len();
        Location::new(source, Span::new(mark.line.start, mark.line.start + written))
    };
    let fault = |mark: &Mark<'_>, message: String, help: String| Diagnostic::error(Code::RegionMarkers, place(mark), message).help(help);
    let lacks_end = |mark: &Mark<'_>| {
        let help = format!("write `<!-- end {} -->` below the last line of your text", mark.name);
        fault(mark, format!("the region `{}` has no end", mark.name), help)
    };
    for mark in marks(&source.text).into_iter().filter(|mark| known.contains(&mark.name)) {
        let is_twice = regions.iter().any(|region| region.name == mark.name);
        let twice = |mark: &Mark<'_>| {
            let help = "move your text into one of the two, and delete the other with its markers".to_owned();
            fault(mark, format!("the region `{}` is there twice", mark.name), help)
        };
        match (mark.is_end, open.take()) {
            (false, Some(before)) if before.name == mark.name => {
                faults.push(twice(&mark));
                open = Some(mark);
            }
            (false, before) => {
                faults.extend(before.as_ref().map(lacks_end));
                if is_twice {
                    faults.push(twice(&mark));
                }
                open = Some(mark);
            }
            (true, Some(before)) if before.name == mark.name => {
                if !is_twice {
                    regions.push(Region { name: mark.name.to_owned(), range: before.line.start..mark.line.end });
                }
            }
            (true, before) => {
                faults.extend(before.as_ref().map(lacks_end));
                let help = format!(
                    "write `<!-- keep {0}: what you write here stays -->` above the first line of your text, or delete this line",
                    mark.name
                );
                faults.push(fault(&mark, format!("the region `{}` ends here and begins nowhere", mark.name), help));
            }
        }
    }
    faults.extend(open.as_ref().map(lacks_end));
    if faults.is_empty() { Ok(regions) } else { Err(faults) }
}

/// Takes a text apart, each of its regions as one piece.
pub(super) fn pieces<'a>(text: &'a str, regions: &[Region]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for region in regions {
        lines(&text[at..region.range.start], &mut pieces);
        pieces.push(Piece { key: format!("{REGION}{}", region.name), text: &text[region.range.clone()] });
        at = region.range.end;
    }
    lines(&text[at..], &mut pieces);
    pieces
}

fn lines<'a>(text: &'a str, pieces: &mut Vec<Piece<'a>>) {
    pieces.extend(text.split_inclusive('\n').map(|line| Piece { key: key(line), text: line }));
}

/// Returns a line without what editors and formatters change on their own: white space at its end, the padding of the cells of
/// a table, and which of two signs marks emphasis.
pub(super) fn key(line: &str) -> String {
    // A null character would be read as the mark of a region.
    let line = line.trim_end().trim_start_matches(REGION);
    if !line.trim_start().starts_with('|') {
        return with_stars(line);
    }
    let cells: Vec<String> = cells(line.trim_start()).into_iter().map(plain_cell).collect();
    with_stars(&cells.join("|"))
}

/// Returns a line with stars for the underscores that can mark emphasis: those that do not stand inside a word.
fn with_stars(line: &str) -> String {
    let mut before = ' ';
    let mut chars = line.chars().peekable();
    let mut plain = String::with_capacity(line.len());
    while let Some(c) = chars.next() {
        let is_inside = before.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        plain.push(if c == '_' && !is_inside && before != '\\' { '*' } else { c });
        before = c;
    }
    plain
}

/// Returns a cell without its padding; a line below a header is as long as a formatter makes it.
fn plain_cell(cell: &str) -> String {
    let cell = cell.trim();
    let dashes = cell.trim_start_matches(':').trim_end_matches(':');
    if dashes.is_empty() || dashes.contains(|c| c != '-') {
        return cell.to_owned();
    }
    let colon = |is_there: bool| if is_there { ":" } else { "" };
    format!("{}-{}", colon(cell.starts_with(':')), colon(cell.ends_with(':')))
}

/// Splits a row of a table at its bars.
fn cells(row: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut start = 0;
    let mut is_escaped = false;
    for (at, c) in row.char_indices() {
        if c == '|' && !is_escaped {
            cells.push(&row[start..at]);
            start = at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    cells.push(&row[start..]);
    cells
}

/// A section: a heading and what stands below it, up to the next heading of any level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// The headings above it and its own, without the title of the document.
    pub(super) path: Vec<String>,
    /// The pieces: the heading, then the body.
    pub(super) range: Range<usize>,
}

impl Section {
    /// Returns where the body stands.
    pub(super) fn body(&self) -> Range<usize> {
        self.range.start + 1..self.range.end
    }
}

/// Finds the sections of a document; headings in code are none.
pub(super) fn sections(pieces: &[Piece<'_>]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    for (index, piece) in pieces.iter().enumerate() {
        if piece.region().is_some() {
            continue;
        }
        if let Some((level, title)) = heading(&piece.key, &mut fence) {
            if let Some(last) = sections.last_mut().filter(|last| last.range.end == usize::MAX) {
                last.range.end = index;
            }
            if level == 1 {
                path.clear();
                continue;
            }
            path.retain(|(above, _)| *above < level);
            path.push((level, title));
            let names: Vec<String> = path.iter().map(|(_, title)| title.clone()).collect();
            let times = sections.iter().filter(|other| without_times(&other.path) == names).count();
            let mut names = names;
            if times > 0
                && let Some(last) = names.last_mut()
            {
                *last = format!("{last}{TIMES}{}", times + 1);
            }
            sections.push(Section { path: names, range: index..usize::MAX });
        }
    }
    if let Some(last) = sections.last_mut().filter(|last| last.range.end == usize::MAX) {
        last.range.end = pieces.len();
    }
    sections
}

/// What stands between a heading and how often it was there before.
const TIMES: char = '\u{1}';

fn without_times(path: &[String]) -> Vec<String> {
    path.iter().map(|title| title.split(TIMES).next().unwrap_or_default().to_owned()).collect()
}

/// Returns the headings of a section as a reader sees them.
pub(super) fn shown(path: &[String]) -> String {
    without_times(path).join(" › ")
}

/// Returns level and words of a heading; keeps track of the code that the lines before began.
fn heading(line: &str, fence: &mut Option<(char, usize)>) -> Option<(usize, String)> {
    let start = line.trim_start();
    if let Some(c) = start.chars().next().filter(|c| matches!(c, '`' | '~')) {
        let length = start.chars().take_while(|other| *other == c).count();
        let rest = &start[length..];
        match *fence {
            Some((open, least)) if open == c && length >= least && rest.trim().is_empty() => *fence = None,
            None if length >= 3 && !(c == '`' && rest.contains('`')) => *fence = Some((c, length)),
            _ => {}
        }
        return None;
    }
    if fence.is_some() || line.len() - start.len() > 3 {
        return None;
    }
    let level = start.chars().take_while(|c| *c == '#').count();
    let rest = &start[level..];
    let is_heading = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_heading.then(|| (level, rest.trim().trim_end_matches('#').trim().to_owned()))
}
