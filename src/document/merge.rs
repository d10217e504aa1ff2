//! Merging three texts of a document: the one last rendered, the one that stands there, and the one rendered now.
//!
//! Nothing that a person wrote is lost: it is in the merged text, in a conflict within it, or below [`ORPHANED`]. Lines are
//! compared without what editors change on their own; regions that belong to the customer count as one line that nobody else
//! changes.

mod piece;

use crate::diagnostic::{Diagnostic, Source};
use piece::{Piece, Region, Section};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// The heading below which the text of sections stands that are no longer rendered.
pub const ORPHANED: &str = "Orphaned notes";

/// What stands above, between and below the two sides of a conflict.
const MARKERS: [&str; 3] = ["<<<<<<< yours", "=======", ">>>>>>> rendered"];

/// A merged document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The text, with the line ends of the one that stood there.
    pub text: String,
    /// The lines on which conflicts begin, counted from 1.
    pub conflicts: Vec<usize>,
    /// The sections whose text went below [`ORPHANED`], as a reader names them.
    pub orphaned: Vec<String>,
}

/// Merges what a person made of a document with its new rendering.
///
/// # Errors
///
/// Returns a diagnostic for each region in `yours` whose markers are not a pair.
pub fn merge(base: &str, yours: &Arc<Source>, new: &str) -> Result<Merged, Vec<Diagnostic>> {
    let known: Vec<&str> = piece::names(base).into_iter().chain(piece::names(new)).collect();
    let regions = piece::regions(yours, &known)?;
    let rendered = |text: &str| piece::regions(&Source::new("", text), &known).unwrap_or_default();
    let base = piece::pieces(base, &rendered(base));
    let new = piece::pieces(new, &rendered(new));
    let own = piece::pieces(&yours.text, &regions);
    let (edited, orphans) = set_aside(&base, &own, &new);
    let mut writer = Writer::new(&yours.text, &own);
    weave(&base, &edited, &new, &mut writer);
    writer.orphans(&orphans);
    let merged = Merged { orphaned: orphans.into_iter().map(|orphan| orphan.origin).collect(), ..writer.done() };
    if keeps_all(&merged.text, &base, &own, &new) { Ok(merged) } else { Ok(apart(&own, &new, &yours.text)) }
}

/// Returns the lines on which unresolved conflicts begin, counted from 1: those written here, and those that git left behind.
pub fn unresolved(text: &str) -> Vec<usize> {
    let [above, between, below] = ["<<<<<<< ", MARKERS[1], ">>>>>>> "];
    let mut found = Vec::new();
    let mut begins = None;
    let mut is_parted = false;
    for (index, line) in text.lines().enumerate() {
        match line.trim_end() {
            line if line.starts_with(above) => (begins, is_parted) = (Some(index + 1), false),
            line if line == between => is_parted = begins.is_some(),
            line if line.starts_with(below) && is_parted => found.extend(begins.take()),
            _ => {}
        }
    }
    found
}

/// Returns a text with the first side of each conflict that git left behind in it.
///
/// Two branches that both rendered also conflict in what they rendered last, which nobody wants to resolve by hand. Either side
/// will do: what the other one rendered stands in the document already, and is the same in the new rendering.
pub fn first_side(text: &str) -> Cow<'_, str> {
    if unresolved(text).is_empty() {
        return Cow::Borrowed(text);
    }
    let mut is_first = true;
    let is_kept = |line: &&str| {
        let is_marker =
            line.starts_with("<<<<<<< ") || line.starts_with("||||||| ") || line.starts_with(">>>>>>> ") || line.trim_end() == MARKERS[1];
        if line.starts_with("||||||| ") || line.trim_end() == MARKERS[1] {
            is_first = false;
        } else if line.starts_with(">>>>>>> ") {
            is_first = true;
        }
        is_first && !is_marker
    };
    Cow::Owned(text.split_inclusive('\n').filter(is_kept).collect())
}

/// Returns true if two texts differ at most in what editors change on their own.
pub fn is_same(a: &str, b: &str) -> bool {
    a == b || a.lines().map(piece::key).eq(b.lines().map(piece::key))
}

/// Returns a diagnostic for each region of a text whose markers are not a pair.
pub fn faults_of_regions(source: &Arc<Source>) -> Vec<Diagnostic> {
    let text = source.text.clone();
    piece::regions(source, &piece::names(&text)).err().unwrap_or_default()
}

// What has lost its place

/// Text of a section that is no longer rendered.
#[derive(Clone, Debug)]
struct Orphan {
    /// The headings above it.
    origin: String,
    /// Its lines, without their ends.
    lines: Vec<String>,
}

/// Takes out of a text what a person wrote in sections and regions that are no longer rendered.
fn set_aside<'a>(base: &[Piece<'a>], own: &[Piece<'a>], new: &[Piece<'a>]) -> (Vec<Piece<'a>>, Vec<Orphan>) {
    let of_base = piece::sections(base);
    let rendered: BTreeSet<Vec<String>> = piece::sections(new).into_iter().map(|section| section.path).collect();
    let before: BTreeMap<&[String], &Section> = of_base.iter().map(|section| (section.path.as_slice(), section)).collect();
    let is_gone = |path: &[String]| before.contains_key(path) && !rendered.contains(path);
    let new_regions: BTreeSet<&str> = new.iter().filter_map(Piece::region).collect();
    let base_regions: BTreeMap<&str, &Piece<'_>> = base.iter().filter_map(|piece| Some((piece.region()?, piece))).collect();
    // What a person wrote into a region that is gone.
    let from_region = |piece: &Piece<'_>| {
        let name = piece.region()?;
        let content = piece.content()?;
        let is_changed = base_regions.get(name).is_some_and(|before| before.content().as_ref() != Some(&content));
        (is_changed && !new_regions.contains(name) && !content.is_empty())
            .then(|| content.into_iter().map(str::to_owned).collect::<Vec<String>>())
    };
    let mut edited: Vec<Piece<'a>> = Vec::new();
    let mut orphans: Vec<Orphan> = Vec::new();
    let sections = piece::sections(own);
    let mut at = 0;
    // What stands before a section and in none: the beginning, and what follows a second title.
    let mut origin = String::new();
    for section in &sections {
        copy(&own[at..section.range.start], &origin, &from_region, &mut edited, &mut orphans);
        at = section.range.end;
        origin = piece::shown(&section.path);
        let is_within = (1..section.path.len()).any(|depth| is_gone(&section.path[..depth]));
        if is_gone(&section.path) {
            let before = before[section.path.as_slice()];
            let lines = added(&base[before.body()], &own[section.body()], &from_region);
            edited.push(own[section.range.start].clone());
            edited.extend_from_slice(&base[before.body()]);
            if !lines.is_empty() {
                orphans.push(Orphan { origin: origin.clone(), lines });
            }
        } else if is_within && !before.contains_key(section.path.as_slice()) {
            let lines = own[section.range.clone()].iter().flat_map(Piece::lines).map(str::to_owned).collect();
            orphans.push(Orphan { origin: piece::shown(&section.path[..section.path.len() - 1]), lines });
        } else {
            copy(&own[section.range.clone()], &origin, &from_region, &mut edited, &mut orphans);
        }
    }
    copy(&own[at..], &origin, &from_region, &mut edited, &mut orphans);
    (edited, orphans)
}

/// Takes pieces over as they stand, with a note of what stood in a region that is gone.
fn copy<'a>(
    pieces: &[Piece<'a>],
    origin: &str,
    from_region: &impl Fn(&Piece<'_>) -> Option<Vec<String>>,
    edited: &mut Vec<Piece<'a>>,
    orphans: &mut Vec<Orphan>,
) {
    for piece in pieces {
        orphans.extend(from_region(piece).map(|lines| Orphan { origin: origin.to_owned(), lines }));
        edited.push(piece.clone());
    }
}

/// Returns the lines that a person added to a body, a blank line where others stood between them.
fn added(base: &[Piece<'_>], own: &[Piece<'_>], from_region: &impl Fn(&Piece<'_>) -> Option<Vec<String>>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &keys(base), &keys(own)) {
        let range = op.new_range();
        let mut found: Vec<String> = if matches!(op, DiffOp::Equal { .. }) {
            own[range].iter().filter_map(from_region).flatten().collect()
        } else {
            own[range].iter().flat_map(Piece::lines).map(str::to_owned).collect()
        };
        let first = found.iter().position(|line| !line.trim().is_empty()).unwrap_or(found.len());
        found.drain(..first);
        found.truncate(found.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1));
        if !found.is_empty() && !lines.is_empty() {
            lines.push(String::new());
        }
        lines.append(&mut found);
    }
    lines
}

fn keys<'p>(pieces: &'p [Piece<'_>]) -> Vec<&'p str> {
    pieces.iter().map(|piece| piece.key.as_str()).collect()
}

// Weaving

/// A change of one side: lines of the base, and what stands in their place.
#[derive(Clone, Debug)]
struct Change {
    base: Range<usize>,
    side: Range<usize>,
}

impl Change {
    /// Returns true if two changes of different sides cannot both be made.
    fn meets(&self, other: &Range<usize>) -> bool {
        let (a, b) = (&self.base, other);
        match (a.is_empty(), b.is_empty()) {
            (true, true) => a.start == b.start,
            (true, false) => b.start < a.start && a.start < b.end,
            (false, true) => a.start < b.start && b.start < a.end,
            (false, false) => a.start < b.end && b.start < a.end,
        }
    }
}

fn changes(base: &[Piece<'_>], side: &[Piece<'_>]) -> Vec<Change> {
    let ops = capture_diff_slices(Algorithm::Patience, &keys(base), &keys(side));
    let same = ops.iter().filter(|op| matches!(op, DiffOp::Equal { .. })).map(|op| (op.old_range(), op.new_range()));
    let end = (base.len()..base.len(), side.len()..side.len());
    let mut found = Vec::new();
    let (mut at_base, mut at_side) = (0, 0);
    for (in_base, in_side) in same.chain([end]) {
        if in_base.start > at_base || in_side.start > at_side {
            found.push(Change { base: at_base..in_base.start, side: at_side..in_side.start });
        }
        (at_base, at_side) = (in_base.end, in_side.end);
    }
    found
}

/// Writes the base with the changes of both sides.
fn weave<'a>(base: &[Piece<'a>], own: &[Piece<'a>], new: &[Piece<'a>], writer: &mut Writer<'a>) {
    let (of_own, of_new) = (changes(base, own), changes(base, new));
    let (mut z, mut i, mut j) = (0, 0, 0);
    // Where the lines of the base that are still to come stand on the side of the person.
    let mut a = 0;
    while i < of_own.len() || j < of_new.len() {
        let first = match (of_own.get(i), of_new.get(j)) {
            (Some(own), Some(new)) if order(&own.base) <= order(&new.base) => own.base.clone(),
            (Some(own), None) => own.base.clone(),
            (_, Some(new)) => new.base.clone(),
            (None, None) => break,
        };
        let (from_i, from_j) = (i, j);
        let mut range = first;
        loop {
            let before = (i, j);
            while of_own.get(i).is_some_and(|change| change.meets(&range) || change.base == range) {
                range = range.start.min(of_own[i].base.start)..range.end.max(of_own[i].base.end);
                i += 1;
            }
            while of_new.get(j).is_some_and(|change| change.meets(&range) || change.base == range) {
                range = range.start.min(of_new[j].base.start)..range.end.max(of_new[j].base.end);
                j += 1;
            }
            if (i, j) == before {
                break;
            }
        }
        // The lines before, which neither side changed.
        let same = range.start - z;
        writer.own(&own[a..a + same]);
        let mine = side(&of_own[from_i..i], &range, a + same);
        let theirs = side(&of_new[from_j..j], &range, start_of(&of_new[..from_j], range.start));
        let (mine_pieces, theirs_pieces) = (&own[mine.clone()], &new[theirs]);
        match (i > from_i, j > from_j) {
            (true, false) => writer.own(mine_pieces),
            (false, _) => writer.new_pieces(theirs_pieces),
            (true, true) => both(&base[range.clone()], mine_pieces, theirs_pieces, writer),
        }
        a = mine.end;
        z = range.end;
    }
    writer.own(&own[a..]);
}

/// The order of changes: an insertion comes before a change of the line behind it.
fn order(range: &Range<usize>) -> (usize, usize) {
    (range.start, range.end)
}

/// Returns where a line of the base stands on a side, given the changes before it.
fn start_of(before: &[Change], line: usize) -> usize {
    before.last().map_or(line, |last| last.side.end + (line - last.base.end))
}

/// Returns what a side has in the place of a range of the base that begins at `start` of the side.
fn side(changes: &[Change], range: &Range<usize>, start: usize) -> Range<usize> {
    let (mut gone, mut come) = (0, 0);
    for change in changes {
        gone += change.base.len();
        come += change.side.len();
    }
    start..start + range.len() - gone + come
}

/// Writes what both sides put in the place of the same lines.
fn both<'a>(base: &[Piece<'a>], mine: &[Piece<'a>], theirs: &[Piece<'a>], writer: &mut Writer<'a>) {
    let (my_keys, their_keys) = (keys(mine), keys(theirs));
    let holds = |all: &[&str], part: &[&str]| !part.is_empty() && all.windows(part.len()).any(|window| window == part);
    if my_keys == their_keys || holds(&my_keys, &their_keys) {
        writer.own(mine);
    } else if holds(&their_keys, &my_keys) {
        writer.new_pieces(theirs);
    } else if base.is_empty() {
        writer.own(mine);
        writer.part(theirs);
        writer.new_pieces(theirs);
    } else {
        writer.conflict(mine, theirs);
    }
}

// Writing

/// Gathers the merged text.
struct Writer<'a> {
    text: String,
    conflicts: Vec<usize>,
    newline: &'static str,
    /// The regions as they stand.
    regions: BTreeMap<String, &'a str>,
    /// The regions that were written. One that was rendered at another place must not stand at both.
    written: BTreeSet<String>,
    /// The key of the last piece that was written.
    last: String,
}

impl<'a> Writer<'a> {
    fn new(yours: &str, own: &[Piece<'a>]) -> Self {
        let regions = own.iter().filter_map(|piece| Some((piece.region()?.to_owned(), piece.text))).collect();
        let newline = newline_of(yours);
        Self { text: String::new(), conflicts: Vec::new(), newline, regions, written: BTreeSet::new(), last: String::new() }
    }

    /// Writes lines as they stand.
    fn own(&mut self, pieces: &[Piece<'_>]) {
        for piece in pieces {
            if self.is_there(piece) {
                continue;
            }
            self.end_line();
            self.text.push_str(piece.text);
            self.last.clone_from(&piece.key);
        }
    }

    fn is_there(&mut self, piece: &Piece<'_>) -> bool {
        piece.region().is_some_and(|name| !self.written.insert(name.to_owned()))
    }

    /// Writes lines as they are rendered; a region keeps what it holds.
    fn new_pieces(&mut self, pieces: &[Piece<'_>]) {
        for piece in pieces {
            if self.is_there(piece) {
                continue;
            }
            self.end_line();
            match piece.region().and_then(|name| self.regions.get(name)) {
                Some(kept) => self.text.push_str(kept),
                None => self.rendered(piece.text),
            }
            self.last.clone_from(&piece.key);
        }
    }

    fn rendered(&mut self, text: &str) {
        if self.newline == "\n" {
            self.text.push_str(text);
        } else {
            self.text.push_str(&text.replace('\n', self.newline));
        }
    }

    /// Leaves a blank line where the next lines would otherwise become part of the last ones.
    fn part(&mut self, next: &[Piece<'_>]) {
        let Some(first) = next.first() else { return };
        let kind = |key: &str| match key.trim_start().chars().next() {
            Some('|') => 1,
            Some('-' | '*' | '+') => 2,
            _ => 0,
        };
        let is_joined = kind(&first.key) != 0 && kind(&first.key) == kind(&self.last);
        if !self.last.is_empty() && !first.is_blank() && !is_joined {
            self.line("");
        }
    }

    fn conflict(&mut self, mine: &[Piece<'_>], theirs: &[Piece<'_>]) {
        let [above, between, below] = MARKERS;
        self.end_line();
        self.conflicts.push(self.text.matches('\n').count() + 1);
        // Whichever side is taken, the regions come with it.
        let written = self.written.clone();
        self.line(above);
        self.own(mine);
        self.line(between);
        self.written = written;
        self.new_pieces(theirs);
        self.line(below);
    }

    fn line(&mut self, line: &str) {
        self.end_line();
        self.text.push_str(line);
        self.text.push_str(self.newline);
        line.clone_into(&mut self.last);
    }

    /// Ends a last line that has no end.
    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(self.newline);
        }
    }

    fn orphans(&mut self, orphans: &[Orphan]) {
        if orphans.is_empty() {
            return;
        }
        let heading = format!("## {ORPHANED}");
        if !self.text.lines().any(|line| line.trim_end() == heading) {
            self.line("");
            self.line(&heading);
            self.line("");
            self.line("You wrote this in sections that are no longer rendered. Move it to where it belongs, or delete it.");
        }
        for orphan in orphans {
            self.line("");
            self.line(&format!("### From: {}", if orphan.origin.is_empty() { "the beginning" } else { &orphan.origin }));
            self.line("");
            orphan.lines.iter().for_each(|line| self.line(line));
        }
    }

    fn done(self) -> Merged {
        Merged { text: self.text, conflicts: self.conflicts, orphaned: Vec::new() }
    }
}

/// Returns the line end that most lines of a text have.
fn newline_of(text: &str) -> &'static str {
    let (all, windows) = (text.matches('\n').count(), text.matches("\r\n").count());
    if windows * 2 > all { "\r\n" } else { "\n" }
}

// The last look

/// Returns true if everything that a person wrote is in the merged text.
fn keeps_all(merged: &str, base: &[Piece<'_>], own: &[Piece<'_>], new: &[Piece<'_>]) -> bool {
    let lines = |pieces: &[Piece<'_>]| pieces.iter().flat_map(|piece| piece.text.lines()).map(piece::key).collect::<BTreeSet<String>>();
    let was_there = lines(base);
    let is_there: BTreeSet<String> = merged.lines().map(piece::key).collect();
    let has_lines = lines(own).iter().all(|line| line.is_empty() || was_there.contains(line) || is_there.contains(line));
    let rendered: BTreeSet<&str> = new.iter().filter_map(Piece::region).collect();
    let has_regions = own
        .iter()
        .filter(|piece| piece.region().is_some_and(|name| rendered.contains(name)))
        .all(|piece| merged.contains(piece.text.trim_end()));
    has_lines && has_regions
}

/// Returns both texts whole, one above the other, for the case in which weaving would have lost something.
fn apart(own: &[Piece<'_>], new: &[Piece<'_>], yours: &str) -> Merged {
    let mut writer = Writer::new(yours, &[]);
    writer.conflict(own, new);
    writer.done()
}

/// Returns the rendering with what stands in its regions now, for a document that is rendered anew.
///
/// # Errors
///
/// Returns a diagnostic for each region in `yours` whose markers are not a pair.
pub fn with_regions(yours: &Arc<Source>, new: &str) -> Result<String, Vec<Diagnostic>> {
    let known = piece::names(new);
    let own: Vec<Region> = piece::regions(yours, &known)?;
    let own = piece::pieces(&yours.text, &own);
    let rendered = piece::regions(&Source::new("", new), &known).unwrap_or_default();
    let mut writer = Writer::new(&yours.text, &own);
    writer.new_pieces(&piece::pieces(new, &rendered));
    Ok(writer.done().text)
}
