//! Three texts of one file made one: by entry and by field, never by line.
//!
//! What only the new kit changed is its text; what only the customer changed stays byte for byte; where both changed the same field
//! the customer's stays, and the field is reported. The new text is read again before it is handed back: it must hold exactly what
//! was decided.

use crate::diagnostic::{Code, Diagnostic, Location, Source, Span};
use crate::yaml::edit::same;
use crate::yaml::layout::{self, Part, Parts, Style, indented, inline, moved, parts, word};
use crate::yaml::{Key, Node, Value, parse};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// A file and what it holds.
#[derive(Clone, Debug)]
pub(super) struct Doc {
    /// The text, its line ends `\n`.
    pub(super) source: Arc<Source>,
    /// What it holds.
    pub(super) root: Node,
}

impl Doc {
    /// Reads a text.
    pub(super) fn read(path: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let source = Source::new(path, text.replace("\r\n", "\n"));
        parse(&source).map(|root| Self { source, root })
    }

    fn text(&self) -> &str {
        &self.source.text
    }

    fn whole(&self) -> Side<'_> {
        Side { text: self.text(), node: &self.root, inside: 0..self.text().len() }
    }
}

/// How the customer's entry differs from the one that was copied in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// The customer changed it.
    Edited,
    /// The customer added it.
    Added,
    /// The customer took it out.
    Removed,
}

/// Why something is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Both changed the field: the customer's stays.
    BothChanged,
    /// The new kit no longer has what the customer changed: it stays.
    GoneUpstream,
    /// The new kit has something else in the place of what the customer changed: that comes.
    Replaced,
    /// The new kit changed what the customer took out: it stays out.
    TakenOut,
}

/// Something that both sides touched.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The file, relative to the kit.
    pub file: String,
    /// Where in it: keys and ids from the outside in.
    pub path: Vec<String>,
    /// What kind of conflict it is.
    pub clash: Clash,
    /// The customer's value.
    pub yours: Option<String>,
    /// The new kit's value.
    pub theirs: Option<String>,
}

/// Something that the customer changed.
#[derive(Clone, Debug)]
pub struct OwnChange {
    /// The file, relative to the kit.
    pub file: String,
    /// Where in it: keys and ids from the outside in.
    pub path: Vec<String>,
    /// How.
    pub own: Own,
}

/// What came of three texts.
#[derive(Debug)]
pub(super) struct Merged {
    /// The text.
    pub(super) text: String,
    /// What both touched.
    pub(super) conflicts: Vec<Conflict>,
    /// What the customer changed.
    pub(super) own: Vec<OwnChange>,
}

/// A collection in its text.
#[derive(Clone)]
struct Side<'d> {
    text: &'d str,
    node: &'d Node,
    inside: Range<usize>,
}

impl<'d> Side<'d> {
    fn parts(&self) -> Option<Parts<'d>> {
        parts(self.text, self.node, self.inside.clone())
    }
}

/// One entry of one side.
#[derive(Clone, Copy)]
struct Entry<'d, 'p> {
    text: &'d str,
    part: &'p Part<'d>,
    style: Style,
    is_list: bool,
}

impl<'d> Entry<'d, '_> {
    fn value(&self) -> &'d Value {
        &self.part.node.value
    }

    fn side(&self) -> Side<'d> {
        Side { text: self.text, node: self.part.node, inside: self.part.inside.clone() }
    }

    /// Returns true if two entries are written in the same way, comments above them included.
    fn is_written_as(&self, other: &Entry<'_, '_>) -> bool {
        // Blank lines belong to what stands above as much as to this.
        let comments = |lead: &str| lead.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let is_led = comments(self.part.lead) == comments(other.part.lead);
        is_led && self.part.column == other.part.column && self.part.body.trim_end() == other.part.body.trim_end()
    }

    /// Returns the entry as a block, its first line without indentation.
    fn as_block(&self) -> String {
        match self.style {
            Style::Block => ended(self.part.body),
            Style::Flow if self.is_list => format!("- {}\n", inline(self.text, self.part.node)),
            Style::Flow => format!("{}: {}\n", word(&self.part.name), inline(self.text, self.part.node)),
        }
    }

    /// Returns the entry as it stands between braces.
    fn as_flow(&self) -> String {
        if self.style == Style::Flow && !self.part.body.contains('\n') {
            return self.part.body.to_owned();
        }
        if self.is_list {
            inline(self.text, self.part.node)
        } else {
            format!("{}: {}", word(&self.part.name), inline(self.text, self.part.node))
        }
    }
}

fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// An entry of the new text, with what it holds.
struct Piece {
    name: String,
    /// The comments above it.
    lead: String,
    /// The entry: a block, or as it stands between braces.
    body: String,
    value: Value,
}

/// Makes one text of three. Nothing as the base: how the customer's text came about is not known.
///
/// # Errors
///
/// Returns a diagnostic when the text cannot be put together from its parts.
pub(super) fn merge(
    file: &str,
    base: Option<&Doc>,
    yours: &Doc,
    theirs: &Doc,
    replaced: &BTreeSet<String>,
) -> Result<Merged, Box<Diagnostic>> {
    let mut merger = Merger { file, replaced, conflicts: Vec::new(), own: Vec::new(), path: Vec::new() };
    let base = base.map(Doc::whole);
    let (text, value) = merger.collection(base.as_ref(), &yours.whole(), &theirs.whole());
    let is_as_decided = parse(&Source::new(file, text.as_str())).is_ok_and(|node| same(&node.value, &value));
    if is_as_decided {
        return Ok(Merged { text, conflicts: merger.conflicts, own: merger.own });
    }
    let at = Location::new(&yours.source, Span::default());
    let diagnostic = Diagnostic::error(Code::YamlSyntax, at, "the new version of this file cannot be brought into yours entry by entry");
    Err(Box::new(
        diagnostic.help("write lists and mappings of this file one entry a line, as the kit has them, then run the command again"),
    ))
}

struct Merger<'m> {
    file: &'m str,
    /// The ids that the new kit has something else for.
    replaced: &'m BTreeSet<String>,
    conflicts: Vec<Conflict>,
    own: Vec<OwnChange>,
    path: Vec<String>,
}

impl Merger<'_> {
    fn clash(&mut self, name: &str, clash: Clash, yours: Option<&Entry<'_, '_>>, theirs: Option<&Entry<'_, '_>>) {
        let shown = |entry: Option<&Entry<'_, '_>>| entry.map(|entry| shown(entry.text, entry.part.node));
        let conflict = Conflict { file: self.file.to_owned(), path: self.at(name), clash, yours: shown(yours), theirs: shown(theirs) };
        self.conflicts.push(conflict);
    }

    fn own(&mut self, name: &str, own: Own) {
        let change = OwnChange { file: self.file.to_owned(), path: self.at(name), own };
        self.own.push(change);
    }

    fn at(&self, name: &str) -> Vec<String> {
        self.path.iter().cloned().chain([name.to_owned()]).collect()
    }

    /// Returns the new text of a region that holds a collection, or of the flow collection itself; and what it holds.
    fn collection(&mut self, base: Option<&Side<'_>>, yours: &Side<'_>, theirs: &Side<'_>) -> (String, Value) {
        let (Some(y), Some(t)) = (yours.parts(), theirs.parts()) else {
            return (yours.text[yours.inside.clone()].to_owned(), yours.node.value.clone());
        };
        let b = base.and_then(Side::parts);
        let pieces = self.pieces(base, b.as_ref(), (yours, &y), (theirs, &t));
        let value = if y.is_list {
            Value::List(pieces.iter().map(|piece| node(piece.value.clone())).collect())
        } else {
            let key = |piece: &Piece| Key { span: Span::default(), text: piece.name.clone() };
            Value::Map(pieces.iter().map(|piece| (key(piece), node(piece.value.clone()))).collect())
        };
        let text = match y.style {
            Style::Flow => spliced(yours, &y, &pieces),
            Style::Block => stacked(&y, &pieces),
        };
        (text, value)
    }

    fn pieces(
        &mut self,
        base: Option<&Side<'_>>,
        b: Option<&Parts<'_>>,
        (yours, y): (&Side<'_>, &Parts<'_>),
        (theirs, t): (&Side<'_>, &Parts<'_>),
    ) -> Vec<Piece> {
        let base_text = base.map_or("", |base| base.text);
        let of = |text, parts: &Parts<'_>, part| Entry { text, part, style: parts.style, is_list: parts.is_list };
        let mut pieces = Vec::new();
        let none = Vec::new();
        let base_names = b.map_or(none, Parts::names);
        for name in order(&base_names, &y.names(), &t.names()) {
            let base_entry = b.and_then(|b| Some(of_base(base_text, b, b.get(&name)?)));
            let own = y.get(&name).map(|part| of(yours.text, y, part));
            let new = t.get(&name).map(|part| of(theirs.text, t, part));
            let column = y.parts.first().map_or(0, |part| part.column);
            match (base_entry, own, new) {
                (base_entry, Some(own), Some(new)) => {
                    self.path.push(name.clone());
                    let piece = self.entry(&name, base_entry, own, new, (y.style, column));
                    self.path.pop();
                    pieces.push(piece);
                }
                (Some(before), Some(own), None) => {
                    if same(before.value(), own.value()) {
                        continue;
                    }
                    if self.replaced.contains(&name) {
                        self.clash(&name, Clash::Replaced, Some(&own), None);
                        continue;
                    }
                    self.clash(&name, Clash::GoneUpstream, Some(&own), None);
                    pieces.push(kept(&name, &own));
                }
                (None, Some(own), None) => {
                    self.own(&name, Own::Added);
                    pieces.push(kept(&name, &own));
                }
                (Some(before), None, Some(new)) => {
                    if !same(before.value(), new.value()) {
                        self.clash(&name, Clash::TakenOut, None, Some(&new));
                    }
                    self.own(&name, Own::Removed);
                }
                (None, None, Some(new)) => pieces.push(taken(&name, &new, y.style, column)),
                (_, None, None) => {}
            }
        }
        pieces
    }

    /// Decides on an entry that both sides have.
    fn entry(
        &mut self,
        name: &str,
        base: Option<Entry<'_, '_>>,
        own: Entry<'_, '_>,
        new: Entry<'_, '_>,
        (style, column): (Style, usize),
    ) -> Piece {
        if let Some(base) = &base
            && own.is_written_as(base)
        {
            return taken(name, &new, style, column);
        }
        let is_same = same(own.value(), new.value());
        if is_same && own.is_written_as(&new) {
            return kept(name, &own);
        }
        let is_new_as_before = base.is_some_and(|base| same(base.value(), new.value()));
        if is_new_as_before && base.is_some_and(|base| new.is_written_as(&base)) {
            self.note_own(base, &own);
            return kept(name, &own);
        }
        if let (Some(y), Some(t)) = (own.side().parts(), new.side().parts())
            && y.is_list == t.is_list
            && !y.parts.is_empty()
            && !t.parts.is_empty()
        {
            let of_base = base.map(|base| base.side());
            let (inside, value) = self.collection(of_base.as_ref(), &own.side(), &new.side());
            let is_empty = matches!(&value, Value::List(items) if items.is_empty()) || matches!(&value, Value::Map(map) if map.is_empty());
            if !is_empty || y.style == Style::Flow {
                let head = &own.text[own.part.start..own.part.inside.start.max(own.part.start)];
                let end = own.part.start + own.part.body.len();
                let behind = &own.text[own.part.inside.end.min(end)..end];
                return Piece { name: name.to_owned(), lead: own.part.lead.to_owned(), body: format!("{head}{inside}{behind}"), value };
            }
        }
        if is_same {
            return kept(name, &own);
        }
        if is_new_as_before {
            self.note_own(base, &own);
            return kept(name, &own);
        }
        if base.is_some_and(|base| same(base.value(), own.value())) {
            return replaced(name, &own, &new, style, column);
        }
        let last = self.path.pop();
        // The version of a kit is that of what was brought in, whatever the customer made of it.
        if self.path.is_empty() && self.file == "kit.yaml" && matches!(name, "version" | "id" | "formerly") {
            self.path.extend(last);
            return replaced(name, &own, &new, style, column);
        }
        self.clash(name, Clash::BothChanged, Some(&own), Some(&new));
        self.path.extend(last);
        kept(name, &own)
    }

    /// Notes what the customer changed in an entry that the new kit leaves as it was: the ids in it, or the entry itself.
    fn note_own(&mut self, base: Option<Entry<'_, '_>>, own: &Entry<'_, '_>) {
        let Some(base) = base else { return };
        let sides = (base.side(), own.side());
        match (sides.0.parts(), sides.1.parts()) {
            (Some(b), Some(y)) if b.is_list == y.is_list => {
                let entry = |text, parts: &Parts<'_>, name: &str| -> Option<Value> { parts.get(name).map(|part| value_of(text, part)) };
                for name in order(&b.names(), &y.names(), &b.names()) {
                    match (entry(sides.0.text, &b, &name), entry(sides.1.text, &y, &name)) {
                        (Some(before), Some(after)) if same(&before, &after) => {}
                        (Some(_), Some(_)) => {
                            let (Some(before), Some(after)) = (b.get(&name), y.get(&name)) else { continue };
                            let of = |text, parts: &Parts<'_>, part| (text, parts.style, parts.is_list, part);
                            let (bt, bs, bl, bp) = of(sides.0.text, &b, before);
                            let (yt, ys, yl, yp) = of(sides.1.text, &y, after);
                            self.path.push(name.clone());
                            let base = Entry { text: bt, part: bp, style: bs, is_list: bl };
                            self.note_own(Some(base), &Entry { text: yt, part: yp, style: ys, is_list: yl });
                            self.path.pop();
                        }
                        (None, _) => self.own(&name, Own::Added),
                        (_, None) => self.own(&name, Own::Removed),
                    }
                }
            }
            _ => {
                let change = OwnChange { file: self.file.to_owned(), path: self.path.clone(), own: Own::Edited };
                self.own.push(change);
            }
        }
    }
}

fn of_base<'d, 'p>(text: &'d str, parts: &Parts<'d>, part: &'p Part<'d>) -> Entry<'d, 'p> {
    Entry { text, part, style: parts.style, is_list: parts.is_list }
}

fn value_of(_: &str, part: &Part<'_>) -> Value {
    part.node.value.clone()
}

fn node(value: Value) -> Node {
    Node { span: Span::default(), value }
}

/// Returns the customer's entry as it stands.
fn kept(name: &str, own: &Entry<'_, '_>) -> Piece {
    let body = if own.style == Style::Block { ended(own.part.body) } else { own.part.body.to_owned() };
    Piece { name: name.to_owned(), lead: own.part.lead.to_owned(), body, value: own.value().clone() }
}

/// Returns the new kit's entry, written as the collection that it comes into.
fn taken(name: &str, new: &Entry<'_, '_>, style: Style, column: usize) -> Piece {
    let (lead, body) = match style {
        Style::Flow => (String::new(), new.as_flow()),
        Style::Block => {
            let from = if new.style == Style::Block { new.part.column } else { column };
            let lead = new.part.lead.split_inclusive('\n').map(|line| moved(line, from, column)).collect();
            (lead, indented(&new.as_block(), from, column))
        }
    };
    Piece { name: name.to_owned(), lead, body, value: new.value().clone() }
}

/// Returns the customer's entry with the new kit's value: what the customer wrote around it stays, where both stand on one line.
fn replaced(name: &str, own: &Entry<'_, '_>, new: &Entry<'_, '_>, style: Style, column: usize) -> Piece {
    let piece = Piece { lead: own.part.lead.to_owned(), ..taken(name, new, style, column) };
    let (Some(before), Some(after)) = (span_of(own), span_of(new)) else { return piece };
    let (old, value) = (&own.text[before.clone()], &new.text[after]);
    if old.contains('\n') || value.contains('\n') || own.style != new.style {
        return piece;
    }
    let at = before.start - own.part.start;
    let body = format!("{}{value}{}", &own.part.body[..at], &own.part.body[at + old.len()..]);
    Piece { body: if style == Style::Block { ended(&body) } else { body }, ..piece }
}

/// Returns the place of a value that stands behind its key, on the same line or in quotes.
fn span_of(entry: &Entry<'_, '_>) -> Option<Range<usize>> {
    let node = entry.part.node;
    let end = layout::content_end(entry.text, node, entry.part.key.end)?;
    let is_block = layout::style(entry.text, node) == Some(Style::Block) || end > entry.part.start + entry.part.body.len();
    let header = entry.text.get(entry.part.key.end..node.span.start)?;
    let is_plain =
        !is_block && !header.contains(['|', '>', '\n']) && node.span.start >= entry.part.start && !matches!(node.value, Value::Null);
    is_plain.then_some(node.span.start..end)
}

/// Puts the entries of a block below each other.
fn stacked(yours: &Parts<'_>, pieces: &[Piece]) -> String {
    let column = yours.parts.first().map_or(0, |part| part.column);
    let mut text = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index == 0 && yours.is_behind_dash {
            text.push_str(&piece.body);
            text.push_str(piece.lead.trim_start_matches('\n'));
        } else {
            let indentation = " ".repeat(column);
            // The first entry of a file stands at its top.
            let lead = if index == 0 && text.is_empty() { piece.lead.as_str() } else { &piece.lead };
            text.push_str(lead);
            text.push_str(&indentation);
            text.push_str(&piece.body);
        }
    }
    text.push_str(yours.tail);
    text
}

/// Puts the entries between the braces that are there.
fn spliced(side: &Side<'_>, yours: &Parts<'_>, pieces: &[Piece]) -> String {
    let end = side.inside.end;
    let (open, close) = (&side.text[side.node.span.start..=side.node.span.start], &side.text[end - 1..end]);
    let is_in_order = {
        let kept: Vec<&str> = pieces.iter().map(|piece| piece.name.as_str()).filter(|name| yours.get(name).is_some()).collect();
        let before: Vec<&str> = yours.names().into_iter().filter(|name| kept.contains(name)).collect();
        kept == before
    };
    if !is_in_order || yours.parts.is_empty() {
        let all: Vec<&str> = pieces.iter().map(|piece| piece.body.as_str()).collect();
        return format!("{open}{}{close}", all.join(", "));
    }
    let behind = |part: &Part<'_>| part.start + part.body.len();
    let mut text = side.text[side.node.span.start..yours.parts[0].start].to_owned();
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            let place = yours.parts.iter().position(|part| part.name == piece.name).filter(|place| *place > 0);
            let gap = place.map(|place| &side.text[behind(&yours.parts[place - 1])..yours.parts[place].start]);
            text.push_str(gap.unwrap_or(", "));
        }
        text.push_str(&piece.body);
    }
    let last = yours.parts.last().map_or(end - 1, behind);
    text.push_str(&side.text[last..end]);
    text
}

/// Returns the names of what may stand in the new collection, in its order: that of the side that changed it, the customer's if both did;
/// what one side added stands behind what it follows there.
pub(super) fn order(base: &[&str], yours: &[&str], theirs: &[&str]) -> Vec<String> {
    let common = |names: &[&str], other: &[&str], third: &[&str]| -> Vec<String> {
        names.iter().filter(|name| other.contains(name) && third.contains(name)).map(|name| (*name).to_owned()).collect()
    };
    let is_yours_as_before = base.is_empty() || common(yours, base, theirs) == common(base, yours, theirs);
    // Without a base nobody can tell who reordered: the customer's order stays.
    let (lead, follow) = if is_yours_as_before && !base.is_empty() { (theirs, yours) } else { (yours, theirs) };
    let mut names: Vec<String> = lead.iter().map(|name| (*name).to_owned()).collect();
    // What one side added comes first: it stands by what stays, not by what the other side took out.
    let is_added = |name: &str| !base.contains(&name);
    for adds in [true, false] {
        for (index, name) in follow.iter().enumerate() {
            if is_added(name) != adds || names.iter().any(|known| known == name) {
                continue;
            }
            let place = |name: &&str| names.iter().position(|known| known == name);
            // It stays with what it stood behind, or where that is gone, before what it stood before.
            let direct = index.checked_sub(1).and_then(|before| place(&follow[before])).map(|place| place + 1);
            let next = || follow[index + 1..].first().and_then(place);
            let above = || follow[..index].iter().rev().find_map(place).map(|place| place + 1);
            let at = direct.or_else(next).or_else(above).unwrap_or(0);
            names.insert(at, (*name).to_owned());
        }
    }
    names
}

/// Returns a value as messages show it.
pub(super) fn shown(text: &str, node: &Node) -> String {
    match &node.value {
        Value::Text(said) => said.trim().to_owned(),
        _ => inline(text, node),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(base: &str, yours: &str, theirs: &str) -> (String, Vec<String>) {
        let doc = |text| Doc::read("x.yaml", text).expect("it is YAML");
        let merged = merge("x.yaml", Some(&doc(base)), &doc(yours), &doc(theirs), &BTreeSet::new()).expect("it can be merged");
        (merged.text, merged.conflicts.iter().map(|conflict| conflict.path.join("/")).collect())
    }

    const BASE: &str = "# head\nid: x\nqs:\n  - id: a\n    ask: A?\n    why: |\n      Because.\n\n  # second\n  - {id: b, ask: B?, n: 1}\n  - id: c\n    ask: C?\n\ntail: 1\n";

    #[test]
    fn what_only_one_side_changed_is_that_side_s_text() {
        let yours = BASE.replace("ask: A?", "ask: 'Mine?'   # by us");
        let theirs = BASE.replace("B?", "B, new?").replace("tail: 1", "tail: 2");
        let expected = yours.replace("B?", "B, new?").replace("tail: 1", "tail: 2");
        // A text with a comma needs its quotes in the new kit, too.
        let theirs = theirs.replace("B, new?", "\"B, new?\"");
        let expected = expected.replace("B, new?", "\"B, new?\"");
        assert_eq!(merged(BASE, &yours, &theirs), (expected, vec![]));
    }

    #[test]
    fn fields_of_one_entry_come_together_and_the_same_field_is_a_conflict() {
        let yours = BASE.replace("B?", "mine").replace("      Because.\n", "      Because.\n      And more.   # text\n");
        let theirs = BASE.replace("n: 1", "n: 2").replace("B?", "theirs").replace("ask: A?", "ask: A2?");
        let expected = yours.replace("n: 1", "n: 2").replace("ask: A?", "ask: A2?");
        assert_eq!(merged(BASE, &yours, &theirs), (expected, vec!["qs/b/ask".to_owned()]));
    }

    #[test]
    fn entries_come_go_and_move() {
        let yours = BASE.replace("  - id: c\n", "  # ours\n  - id: own\n    ask: Own?\n  - id: c\n");
        let theirs = "# head\nid: x\nqs:\n  - id: c\n    ask: C?\n\n  - id: new\n    ask: New?\n\n  - id: a\n    ask: A?\n    why: |\n      Because.\n\ntail: 1\n";
        let (text, conflicts) = merged(BASE, &yours, theirs);
        assert!(conflicts.is_empty());
        let expected = "# head\nid: x\nqs:\n  # ours\n  - id: own\n    ask: Own?\n  - id: c\n    ask: C?\n\n  - id: new\n    ask: New?\n\n  - id: a\n    ask: A?\n    why: |\n      Because.\n\ntail: 1\n";
        assert_eq!(text, expected);
    }
}
