//! Three versions of a YAML file made one, entry by entry: what one side changed is taken from it letter by letter.
//!
//! Lines do not matter, keys do: two sides that change different keys never disagree. Comments, order and quoting stay as they are on
//! our side, and come from theirs with what is taken from there. What cannot be taken apart is refused, and the result is read again
//! and must hold what it was made to hold.

mod part;

use super::{Key, Node, Value, edit, parse};
use crate::diagnostic::{Source, Span};
use part::{Frame, Part, Parts, is_trivia, shift};
use std::fmt::Write;

/// How two changes of one value are brought together.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// A mapping by key; a list by the `id` or `role` of its items, or as a set where both sides only added to it.
    Plain,
    /// A list whose items are kept, taken out and added one by one, by what they say.
    Set,
    /// Text to which both added: one below the other.
    Joined,
    /// The later of two dates.
    Latest,
    /// A mapping that says one thing.
    Statement(&'static Statement),
}

/// A mapping in which some keys together say one thing. Where both sides say something else, both versions are kept side by side.
#[derive(Debug)]
pub struct Statement {
    /// The keys that say it.
    pub keys: &'static [&'static str],
    /// The keys that go with what is said: by whom, when, and what beside it.
    pub said: &'static [&'static str],
    /// Those of the keys whose mappings are the same statement as long as nothing in them differs but their text `note`.
    pub open: &'static [&'static str],
    /// The key of the list that keeps versions side by side.
    pub conflict: &'static str,
}

/// Returns the rule for a value, by the keys that lead to it.
pub type Rules = fn(&[String]) -> Rule;

/// The keys that lead to a value.
pub type Path = Vec<String>;

/// One of the two sides of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The branch that something is merged into.
    Ours,
    /// The branch that is merged.
    Theirs,
}

/// What a merge did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The new text.
    pub text: String,
    /// What was taken from their side.
    pub taken: Vec<Path>,
    /// What was made of both sides.
    pub joined: Vec<Path>,
    /// The statements of which both versions were kept side by side.
    pub differ: Vec<Path>,
    /// What one side deleted and the other changed, with the side that deleted it: it is kept.
    pub kept: Vec<(Path, Side)>,
    /// Where both versions stand between markers.
    pub marked: Vec<Path>,
}

/// Merges two changes of a file. Without a base both sides made the file.
///
/// Returns nothing where a text cannot be taken apart; it then has to be merged line by line. `marker` is the length of the markers
/// around what is not a statement and was changed on both sides.
pub fn merge(base: Option<&str>, ours: &str, theirs: &str, rules: Rules, marker: usize) -> Option<Merged> {
    let whole = |text: &str| Some(Merged { text: text.to_owned(), ..Merged::default() });
    let is_windows = ours.contains("\r\n");
    let [base, ours_in_lines, theirs_in_lines] = [base, Some(ours), Some(theirs)].map(|text| text.map(in_lines));
    let (new_ours, new_theirs) = (ours_in_lines?, theirs_in_lines?);
    if new_ours == new_theirs || base.as_ref() == Some(&new_theirs) {
        return whole(ours);
    }
    if base.as_ref() == Some(&new_ours) {
        return whole(theirs);
    }
    let base = base.filter(|text| !is_trivia(text));
    let base_node = match &base {
        Some(text) => Some(node_of(text)?),
        None => None,
    };
    let (ours_node, theirs_node) = (node_of(&new_ours)?, node_of(&new_theirs)?);
    let base_parts = match (&base, &base_node) {
        (Some(text), Some(node)) => Some(Parts::of_file(text, node)?),
        _ => None,
    };
    let (ours_parts, theirs_parts) = (Parts::of_file(&new_ours, &ours_node)?, Parts::of_file(&new_theirs, &theirs_node)?);
    let run = |marker: Option<usize>| {
        let mut merger = Merger { rules, marker, merged: Merged::default(), path: Vec::new() };
        let pieces = merger.map(base_parts.as_ref(), &ours_parts, &theirs_parts)?;
        let piece = compose(&ours_parts, &theirs_parts, pieces, None);
        Some((Merged { text: piece.text, ..merger.merged }, piece.value))
    };
    let (checked, wanted) = run(None)?;
    let found = node_of(&checked.text)?;
    if !edit::same(&found.value, &wanted) {
        return None;
    }
    let mut merged = if checked.marked.is_empty() { checked } else { run(Some(marker))?.0 };
    if is_windows {
        merged.text = merged.text.replace('\n', "\r\n");
    }
    for paths in [&mut merged.taken, &mut merged.joined, &mut merged.differ, &mut merged.marked] {
        paths.dedup();
    }
    Some(merged)
}

/// Returns text with the line ends of Unix, the last line ended.
fn in_lines(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn node_of(text: &str) -> Option<Node> {
    parse(&Source::new("", text)).ok()
}

/// A piece of the new text.
#[derive(Clone, Debug)]
struct Piece {
    lead: String,
    key: String,
    text: String,
    /// The column at which it stands.
    indent: usize,
    is_flow: bool,
    value: Value,
}

/// The pieces of a mapping or list, and the comments below them.
struct Pieces {
    each: Vec<Piece>,
    tail: String,
    is_list: bool,
}

struct Merger {
    rules: Rules,
    /// The length of markers; nothing while ours stands for what is between them.
    marker: Option<usize>,
    merged: Merged,
    path: Path,
}

impl Piece {
    fn of(part: &Part<'_>) -> Self {
        Self {
            lead: part.lead.to_owned(),
            key: part.key.to_owned(),
            text: part.movable(),
            indent: part.indent,
            is_flow: part.is_flow,
            value: part.node.value.clone(),
        }
    }

    /// Returns its lines at a column, an item with its dash.
    fn lines(&self, indent: usize, is_item: bool) -> String {
        if !self.is_flow {
            return shift(&self.text, self.indent, indent);
        }
        let dash = if is_item { "- " } else { "" };
        let mut text = String::new();
        for (index, line) in self.text.lines().enumerate() {
            let more = if index == 0 { 0 } else { 2 };
            text.push_str(&" ".repeat(if line.is_empty() { 0 } else { indent + more }));
            text.push_str(if index == 0 { dash } else { "" });
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

fn is_same(a: &Value, b: &Value) -> bool {
    edit::same(&canonical(a), &canonical(b))
}

/// Returns true if an entry says what it said, and no comment on it is new.
fn is_unchanged(was: &Part<'_>, part: &Part<'_>) -> bool {
    let of = |part: &Part<'_>| format!("{}{}", part.lead, &part.text[part.range.clone()]);
    let old = of(was);
    let old: Vec<&str> = old.lines().map(str::trim).collect();
    is_same(&was.node.value, &part.node.value) && of(part).lines().filter(|line| line.contains('#')).all(|line| old.contains(&line.trim()))
}

/// Returns a value in which the order of keys does not matter, a list of one is its item, and what is empty is not there.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Map(entries) => {
            let mut entries: Vec<(Key, Node)> = entries
                .iter()
                .map(|(key, node)| (plain_key(&key.text), plain_node(canonical(&node.value))))
                .filter(|(_, node)| !matches!(node.value, Value::Null))
                .collect();
            entries.sort_by(|a, b| a.0.text.cmp(&b.0.text));
            Value::Map(entries)
        }
        Value::List(items) => match items.as_slice() {
            [] => Value::Null,
            [one] => canonical(&one.value),
            _ => Value::List(items.iter().map(|item| plain_node(canonical(&item.value))).collect()),
        },
        other => other.clone(),
    }
}

fn plain_key(text: &str) -> Key {
    Key { span: Span::default(), text: text.to_owned() }
}

fn plain_node(value: Value) -> Node {
    Node { span: Span::default(), value }
}

impl Merger {
    /// Merges mappings by key, or lists whose items have one.
    fn map(&mut self, base: Option<&Parts<'_>>, ours: &Parts<'_>, theirs: &Parts<'_>) -> Option<Pieces> {
        if ours.has_duplicates() || theirs.has_duplicates() || base.is_some_and(Parts::has_duplicates) {
            return None;
        }
        let is_list = ours.each.iter().chain(&theirs.each).any(|part| part.written_key.is_empty());
        let before = |key: &str| base.and_then(|base| base.get(key));
        let mut pieces: Vec<Piece> = Vec::new();
        for part in &ours.each {
            self.path.push(part.key.to_owned());
            let piece = match (before(part.key), theirs.get(part.key)) {
                (was, Some(other)) => Some(self.both(was, part, other)),
                (None, None) => Some(Piece::of(part)),
                (Some(was), None) if is_unchanged(was, part) => {
                    self.merged.taken.push(self.path.clone());
                    None
                }
                (Some(_), None) => {
                    self.merged.kept.push((self.path.clone(), Side::Theirs));
                    Some(Piece::of(part))
                }
            };
            pieces.extend(piece);
            self.path.pop();
        }
        for (index, part) in theirs.each.iter().enumerate().filter(|(_, part)| ours.get(part.key).is_none()) {
            let was = before(part.key);
            if was.is_some_and(|was| is_unchanged(was, part)) {
                continue;
            }
            self.path.push(part.key.to_owned());
            match was {
                Some(_) => self.merged.kept.push((self.path.clone(), Side::Ours)),
                None => self.merged.taken.push(self.path.clone()),
            }
            self.path.pop();
            let place = place_of(&pieces, theirs, index);
            pieces.insert(place, Piece::of(part));
        }
        let indent = ours.indent.or(theirs.indent).unwrap_or_default();
        let tail = trivia(base.map(|base| (base.tail, base.indent)), (ours.tail, ours.indent), (theirs.tail, theirs.indent), indent);
        Some(Pieces { each: pieces, tail, is_list })
    }

    /// Merges an entry that both sides have.
    fn both(&mut self, base: Option<&Part<'_>>, ours: &Part<'_>, theirs: &Part<'_>) -> Piece {
        let (flat_base, flat_ours, flat_theirs) = (base.map(Part::flat), ours.flat(), theirs.flat());
        let mut piece = if flat_ours == flat_theirs || flat_base.as_ref() == Some(&flat_theirs) {
            Piece::of(ours)
        } else if flat_base.as_ref() == Some(&flat_ours) {
            self.take(theirs)
        } else {
            self.changed(base, ours, theirs)
        };
        let lead = |part: &Part<'_>| Some(part.indent);
        piece.lead = trivia(base.map(|base| (base.lead, lead(base))), (ours.lead, lead(ours)), (theirs.lead, lead(theirs)), piece.indent);
        // A remark behind a value that went stands above the new one.
        for part in [ours, theirs] {
            let Some(remark) = part.remark().filter(|remark| !piece.text.contains(remark)) else { continue };
            if base.and_then(Part::remark) != Some(remark) {
                let _ = writeln!(piece.lead, "{}{remark}", " ".repeat(piece.indent));
            }
        }
        piece
    }

    fn take(&mut self, theirs: &Part<'_>) -> Piece {
        self.merged.taken.push(self.path.clone());
        Piece::of(theirs)
    }

    /// Merges an entry whose text both sides changed.
    fn changed(&mut self, base: Option<&Part<'_>>, ours: &Part<'_>, theirs: &Part<'_>) -> Piece {
        let rule = (self.rules)(&self.path);
        let (was, now, then) = (base.map(|base| &base.node.value), &ours.node.value, &theirs.node.value);
        let of_map = |part: &Part<'_>| matches!(part.node.value, Value::Map(_) | Value::Null);
        let is_map = of_map(ours) && of_map(theirs) && !(matches!(now, Value::Null) && matches!(then, Value::Null));
        if let (true, Some(mine), Some(other)) = (is_map, Parts::of(ours), Parts::of(theirs)) {
            let was = base.filter(|base| of_map(base)).and_then(Parts::of);
            let (depth, merged) = (self.path.len(), self.merged.clone());
            let pieces = match rule {
                Rule::Statement(statement) => self.statement(statement, was.as_ref(), mine.clone(), other.clone()),
                _ => self.map(was.as_ref(), &mine, &other),
            };
            if let Some(pieces) = pieces {
                return compose(&mine, &other, pieces, Some(ours));
            }
            // It cannot be taken apart further: what was begun is no part of what was done.
            self.path.truncate(depth);
            self.merged = merged;
        }
        if is_same(now, then) || was.is_some_and(|was| is_same(was, then)) {
            return Piece::of(ours);
        }
        if was.is_some_and(|was| is_same(was, now)) {
            return self.take(theirs);
        }
        let joined = match rule {
            Rule::Joined => joined(ours, theirs),
            Rule::Latest => latest(ours, theirs),
            Rule::Set => set(base, ours, theirs),
            Rule::Plain | Rule::Statement(_) => self.list(base, ours, theirs),
        };
        if let Some(piece) = joined {
            self.merged.joined.push(self.path.clone());
            return piece;
        }
        self.marked(ours, theirs)
    }

    /// Keeps what neither rule nor reason can decide: both between markers.
    fn marked(&mut self, ours: &Part<'_>, theirs: &Part<'_>) -> Piece {
        self.merged.marked.push(self.path.clone());
        let piece = Piece::of(ours);
        let Some(length) = self.marker else { return piece };
        let is_item = ours.written_key.is_empty();
        let (mine, other) = (piece.lines(ours.indent, is_item), Piece::of(theirs).lines(ours.indent, is_item));
        let [open, middle, close] = ["<", "=", ">"].map(|sign| sign.repeat(length));
        Piece { text: format!("{open} ours\n{mine}{middle}\n{other}{close} theirs\n"), is_flow: false, ..piece }
    }

    /// Merges lists by the id of their items, or as sets where nothing was taken out.
    fn list(&mut self, base: Option<&Part<'_>>, ours: &Part<'_>, theirs: &Part<'_>) -> Option<Piece> {
        let is_list = |part: &Part<'_>| matches!(part.node.value, Value::List(_));
        if !is_list(ours) || !is_list(theirs) {
            return None;
        }
        let (mine, other) = (Parts::of(ours)?, Parts::of(theirs)?);
        let was = base.filter(|base| is_list(base)).and_then(Parts::of);
        let keyed = [Some(&mine), Some(&other), was.as_ref()].map(|parts| parts.map(by_id));
        if let [Some(Some(mine)), Some(Some(other)), was] = keyed
            && was.as_ref().is_none_or(Option::is_some)
        {
            let pieces = self.map(was.flatten().as_ref(), &mine, &other)?;
            return Some(compose(&mine, &other, pieces, Some(ours)));
        }
        let stays = |item: &Part<'_>| [&mine, &other].iter().all(|side| holds(&side.each, item));
        if !was.as_ref().is_none_or(|was| was.each.iter().all(stays)) {
            return None;
        }
        let was = was.map(|was| was.each).unwrap_or_default();
        let pieces = Pieces { each: set_of(&was, &mine.each, &other.each), tail: mine.tail.to_owned(), is_list: true };
        Some(compose(&mine, &other, pieces, Some(ours)))
    }

    /// Merges a mapping that says one thing.
    fn statement<'s>(
        &mut self,
        statement: &Statement,
        base: Option<&Parts<'s>>,
        mut ours: Parts<'s>,
        mut theirs: Parts<'s>,
    ) -> Option<Pieces> {
        let says = |part: &Part<'_>| statement.says(part.key);
        let said = |parts: &Parts<'_>| statement_of(parts.each.iter().filter(|part| says(part)));
        let (was, now, then) = (base.map(said), said(&ours), said(&theirs));
        let is_nothing = |value: &Value| matches!(value, Value::Map(entries) if entries.is_empty());
        let is_was = |value: &Value| was.as_ref().map_or_else(|| is_nothing(value), |was| edit::same(was, value));
        let taken = if edit::same(&now, &then) || is_was(&then) {
            Side::Ours
        } else if is_was(&now) {
            self.merged.taken.push(self.path.clone());
            Side::Theirs
        } else if is_nothing(&then) {
            self.merged.kept.push((self.path.clone(), Side::Theirs));
            Side::Ours
        } else if is_nothing(&now) {
            self.merged.kept.push((self.path.clone(), Side::Ours));
            Side::Theirs
        } else if is_one(statement, base, &ours, &theirs) {
            return self.map(base, &ours, &theirs);
        } else {
            return self.versions(statement, base, &ours, &theirs);
        };
        let (from, into) = if taken == Side::Ours { (&ours, &mut theirs) } else { (&theirs, &mut ours) };
        let place = into.each.iter().position(says).unwrap_or_default();
        // A key that both have is merged as any other, so that the remarks on it stay.
        into.each.retain(|part| !says(part) || from.get(part.key).is_some());
        let more: Vec<Part<'_>> = from.each.iter().filter(|part| says(part) && into.get(part.key).is_none()).cloned().collect();
        let place = place.min(into.each.len());
        into.each.splice(place..place, more);
        self.map(base, &ours, &theirs)
    }

    /// Keeps both versions of a statement side by side.
    fn versions<'s>(&mut self, statement: &Statement, base: Option<&Parts<'s>>, ours: &Parts<'s>, theirs: &Parts<'s>) -> Option<Pieces> {
        self.merged.differ.push(self.path.clone());
        self.merged.differ.push(self.path.clone());
        let keeps = |parts: &Parts<'_>| parts.get(statement.conflict).is_some();
        let column = ours.indent.or(theirs.indent).unwrap_or(4);
        let of_side = |parts: &Parts<'_>| statement.versions(parts, column + 2);
        let was = match base {
            Some(base) => of_side(base)?,
            None => Vec::new(),
        };
        let (mine, other) = (of_side(ours)?, of_side(theirs)?);
        let has = |versions: &[Piece], one: &Piece| versions.iter().any(|version| is_same(&version.value, &one.value));
        let of_ours = mine.iter().filter(|one| !has(&was, one) || has(&other, one));
        let of_theirs = other.iter().filter(|one| !has(&was, one) && !has(&mine, one));
        let mut versions: Vec<Piece> = of_ours.chain(of_theirs).cloned().collect();
        if versions.len() < 2 {
            versions.clone_from(&mine);
            versions.extend(other.iter().filter(|one| !has(&mine, one)).cloned());
        }
        let rest = |parts: &Parts<'s>, keeps_said: bool| {
            let mut rest = parts.clone();
            rest.each.retain(|part| !statement.says(part.key) && (keeps_said || !statement.said.contains(&part.key)));
            rest
        };
        let base = base.map(|base| rest(base, keeps(ours) && keeps(theirs)));
        let mut pieces = self.map(base.as_ref(), &rest(ours, keeps(ours)), &rest(theirs, keeps(theirs)))?;
        let mut text = format!("{}{}:\n", " ".repeat(column), statement.conflict);
        for version in &versions {
            text.push_str(&shift(&version.lead, version.indent, column + 2));
            text.push_str(&version.lines(column + 2, true));
        }
        let value = Value::List(versions.into_iter().map(|version| plain_node(version.value)).collect());
        let piece = Piece { lead: String::new(), key: statement.conflict.to_owned(), text, indent: column, is_flow: false, value };
        pieces.each.insert(0, piece);
        pieces.is_list = false;
        Some(pieces)
    }
}

impl Statement {
    fn says(&self, key: &str) -> bool {
        key == self.conflict || self.keys.contains(&key)
    }

    /// Returns the versions that a mapping holds: those that stand side by side, or the one that it says, with a dash at a column.
    fn versions(&self, parts: &Parts<'_>, column: usize) -> Option<Vec<Piece>> {
        if let Some(conflict) = parts.get(self.conflict) {
            return Some(Parts::of(conflict)?.each.iter().map(Piece::of).collect());
        }
        let own: Vec<&Part<'_>> = parts.each.iter().filter(|part| self.says(part.key) || self.said.contains(&part.key)).collect();
        if !own.iter().any(|part| self.says(part.key)) {
            return Some(Vec::new());
        }
        let mut lead = String::new();
        let mut text = String::new();
        for (index, part) in own.iter().enumerate() {
            let above = shift(part.lead, part.indent, if index == 0 { column } else { column + 2 });
            if index == 0 { &mut lead } else { &mut text }.push_str(without_blank_lines(&above));
            text.push_str(&Piece::of(part).lines(column + 2, false));
        }
        // The dash takes the place of two spaces.
        text.replace_range(column..column + 2, "- ");
        let entries = own.iter().map(|part| (plain_key(part.key), part.node.clone())).collect();
        Some(vec![Piece { lead, key: String::new(), text, indent: column, is_flow: false, value: Value::Map(entries) }])
    }
}

fn without_blank_lines(text: &str) -> &str {
    if text.trim().is_empty() { "" } else { text }
}

/// Returns what a statement says, whatever the order of its keys.
fn statement_of<'a, 's: 'a>(parts: impl Iterator<Item = &'a Part<'s>>) -> Value {
    canonical(&Value::Map(parts.map(|part| (plain_key(part.key), plain_node(part.node.value.clone()))).collect()))
}

/// Returns true if both sides say the same and only tell more of it: by the same open key, with nothing changed on both sides but words.
fn is_one(statement: &Statement, base: Option<&Parts<'_>>, ours: &Parts<'_>, theirs: &Parts<'_>) -> bool {
    let one = |parts: &Parts<'_>| {
        let mut own = parts.each.iter().filter(|part| statement.says(part.key));
        own.next().filter(|_| own.next().is_none()).map(|part| (part.key.to_owned(), part.node.value.clone()))
    };
    let (Some((key, Value::Map(mine))), Some((other_key, Value::Map(other)))) = (one(ours), one(theirs)) else { return false };
    let get = |entries: &[(Key, Node)], key: &str| entries.iter().find(|(name, _)| name.text == key).map(|(_, node)| node.value.clone());
    let was = |name: &str| match base.and_then(|base| base.get(&key)).map(|part| &part.node.value) {
        Some(Value::Map(entries)) => get(entries, name),
        _ => None,
    };
    let agrees = |name: &str, value: &Value| {
        let Some(other) = get(&other, name) else { return true };
        let was = was(name);
        let is_old = |value: &Value| was.as_ref().is_some_and(|was| is_same(was, value));
        name == "note" || is_same(&other, value) || is_old(value) || is_old(&other)
    };
    key == other_key && statement.open.contains(&key.as_str()) && mine.iter().all(|(name, node)| agrees(&name.text, &node.value))
}

fn holds(parts: &[Part<'_>], one: &Part<'_>) -> bool {
    parts.iter().any(|part| is_same(&part.node.value, &one.node.value))
}

/// Merges lists by what their items say.
fn set(base: Option<&Part<'_>>, ours: &Part<'_>, theirs: &Part<'_>) -> Option<Piece> {
    let (mine, other) = (Parts::of_list(ours)?, Parts::of_list(theirs)?);
    let was = match base {
        Some(base) => Parts::of_list(base)?.each,
        None => Vec::new(),
    };
    let pieces = Pieces { each: set_of(&was, &mine.each, &other.each), tail: mine.tail.to_owned(), is_list: true };
    Some(compose(&mine, &other, pieces, Some(ours)))
}

/// Returns the items of two lists: what one side took out is gone, what one side added is there.
fn set_of(was: &[Part<'_>], ours: &[Part<'_>], theirs: &[Part<'_>]) -> Vec<Piece> {
    let of_ours = ours.iter().filter(|item| holds(theirs, item) || !holds(was, item));
    let of_theirs = theirs.iter().filter(|item| !holds(ours, item) && !holds(was, item));
    of_ours.chain(of_theirs).map(Piece::of).collect()
}

/// Returns the parts of a list with the id or role of each item as its key; nothing if an item has none, or two have the same.
fn by_id<'s>(parts: &Parts<'s>) -> Option<Parts<'s>> {
    let mut keyed = parts.clone();
    for part in &mut keyed.each {
        let Value::Map(entries) = &part.node.value else { return None };
        part.key = ["id", "role"].iter().find_map(|name| {
            entries.iter().find_map(|(key, node)| match &node.value {
                Value::Text(text) if key.text == *name => Some(text.as_str()),
                _ => None,
            })
        })?;
    }
    (!keyed.has_duplicates()).then_some(keyed)
}

/// Returns where a part of theirs goes: behind what it stands behind there, and behind what ours has put at that place.
fn place_of(pieces: &[Piece], theirs: &Parts<'_>, index: usize) -> usize {
    let of_key = |key: &str| pieces.iter().position(|piece| piece.key == key);
    let before = theirs.each[..index].iter().rev().find_map(|part| of_key(part.key));
    let mut place = before.map_or(0, |place| place + 1);
    if before.is_none()
        && let Some(next) = theirs.each[index + 1..].iter().find_map(|part| of_key(part.key))
    {
        return next;
    }
    while pieces.get(place).is_some_and(|piece| theirs.get(&piece.key).is_none()) {
        place += 1;
    }
    place
}

/// Comments and blank lines, with the column at which they stand.
type Trivia<'s> = (&'s str, Option<usize>);

/// Merges what stands above an entry or below the last one: comments that both sides wrote stay, all of them.
fn trivia(base: Option<Trivia<'_>>, ours: Trivia<'_>, theirs: Trivia<'_>, indent: usize) -> String {
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let placed = |(text, column): Trivia<'_>| shift(text, column.unwrap_or(indent), indent);
    let was = base.map(|base| lines(base.0)).unwrap_or_default();
    let (mine, other) = (lines(ours.0), lines(theirs.0));
    if mine == other || was == other {
        return placed(ours);
    }
    if was == mine {
        return placed(theirs);
    }
    let mut text = placed(ours);
    for (line, plain) in placed(theirs).split_inclusive('\n').zip(other) {
        if !plain.is_empty() && !mine.contains(&plain) && !was.contains(&plain) {
            text.push_str(line);
        }
    }
    text
}

/// Returns two texts, one below the other; the longer one where it holds the other.
fn joined(ours: &Part<'_>, theirs: &Part<'_>) -> Option<Piece> {
    let (Value::Text(mine), Value::Text(other)) = (&ours.node.value, &theirs.node.value) else { return None };
    if mine.contains(other.trim()) {
        return Some(Piece::of(ours));
    }
    if other.contains(mine.trim()) {
        return Some(Piece::of(theirs));
    }
    let text = format!("{}\n\n{}", mine.trim(), other.trim());
    let is_plain = text.chars().all(|c| c == '\n' || !c.is_control()) && !text.lines().any(|line| line.ends_with(' '));
    let mut lines = format!("{}{}: ", " ".repeat(ours.indent), ours.written_key);
    if is_plain {
        lines.push_str("|-\n");
        for line in text.lines() {
            let indent = " ".repeat(if line.is_empty() { 0 } else { ours.indent + 2 });
            let _ = writeln!(lines, "{indent}{line}");
        }
    } else {
        lines.push_str(&serde_json::to_string(&text).ok()?);
        lines.push('\n');
    }
    Some(Piece { text: lines, is_flow: false, value: Value::Text(text), ..Piece::of(ours) })
}

/// Returns the later of two dates.
fn latest(ours: &Part<'_>, theirs: &Part<'_>) -> Option<Piece> {
    let date = |part: &Part<'_>| match &part.node.value {
        Value::Text(text) => super::record::Date::parse(text),
        _ => None,
    };
    Some(Piece::of(if date(ours)? >= date(theirs)? { ours } else { theirs }))
}

/// Puts the pieces of a mapping or list together, between what stands around them on our side.
fn compose(ours: &Parts<'_>, theirs: &Parts<'_>, pieces: Pieces, at: Option<&Part<'_>>) -> Piece {
    let Pieces { each: pieces, tail, is_list } = pieces;
    let node = |piece: &Piece| plain_node(piece.value.clone());
    let value = if is_list {
        Value::List(pieces.iter().map(node).collect())
    } else {
        Value::Map(pieces.iter().map(|piece| (plain_key(&piece.key), node(piece))).collect())
    };
    let column = at.map_or(0, |part| part.indent);
    let whole = |text: String, is_flow: bool, value: Value| Piece {
        lead: String::new(),
        key: at.map_or_else(String::new, |part| part.key.to_owned()),
        text,
        indent: column,
        is_flow,
        value,
    };
    let is_flow = pieces.iter().all(|piece| piece.is_flow) && tail.trim().is_empty();
    if let (Frame::Flow(before, behind, is_padded), true) = (&ours.frame, is_flow) {
        let items: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
        let [open, close] = if is_list { ["[", "]"] } else { ["{", "}"] };
        let space = if *is_padded && !pieces.is_empty() { " " } else { "" };
        let text = format!("{before}{open}{space}{}{space}{close}{behind}", items.join(", "));
        return whole(text, at.is_some_and(|part| part.is_flow), value);
    }
    let mut text = match &ours.frame {
        Frame::Block(head) => head.clone(),
        Frame::Flow(before, behind, _) => {
            let comment = behind.trim();
            let comment = if comment.is_empty() { String::new() } else { format!("   {comment}") };
            let head = format!("{}{comment}", before.trim_end());
            if head.is_empty() { head } else { head + "\n" }
        }
    };
    if at.is_some_and(|part| part.is_flow) {
        text.insert_str(0, &" ".repeat(column));
    }
    let wanted = |indent: &usize| at.is_none() || *indent > column || (is_list && *indent == column);
    let inner = ours.indent.or(theirs.indent).filter(wanted).unwrap_or(if at.is_some() { column + 2 } else { 0 });
    for piece in &pieces {
        text.push_str(&shift(&piece.lead, piece.indent, inner));
        text.push_str(&piece.lines(inner, is_list));
    }
    text.push_str(&tail);
    whole(text, false, if pieces.is_empty() { Value::Null } else { value })
}
