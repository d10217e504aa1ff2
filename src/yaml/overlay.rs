//! A file laid over another: what it names replaces or extends what lies below, and everything keeps its place.
//!
//! Mappings are merged key by key. Lists whose entries all have an `id` are merged by it: an entry with a known id changes that
//! entry, a new id comes last, `remove: true` takes the entry out. Everything else is replaced.

use super::record::{FromNode, Reader};
use super::{Key, Node, Value, parse};
use crate::diagnostic::{Code, Diagnostic, Source, Span, did_you_mean};
use std::sync::Arc;

/// What was read from one file, or from two of which one lies over the other.
#[derive(Debug)]
pub struct Overlaid<T> {
    /// The value, if it can be told.
    pub value: Option<T>,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// The source that the places in the value point into.
    pub source: Arc<Source>,
}

/// Reads a file, with another laid over it if there is one.
pub fn read<T: FromNode>(base: &Arc<Source>, over: Option<&Arc<Source>>) -> Overlaid<T> {
    let Some(over) = over else {
        let (value, diagnostics) = super::record::read(base);
        return Overlaid { value, diagnostics, source: Arc::clone(base) };
    };
    let source = Source::overlaid(base, over);
    let (below, above) = match (parse(base), parse(over)) {
        (Ok(below), Ok(above)) => (below, above),
        (below, above) => {
            let diagnostics = [below.err(), above.err()].into_iter().flatten().flatten().collect();
            return Overlaid { value: None, diagnostics, source };
        }
    };
    let mut reader = Reader::new(&source);
    let node = merge(below, shifted(above, base.text.len() + 1), &mut reader);
    let value = T::from_node(&node, &mut reader);
    Overlaid { value, diagnostics: reader.diagnostics, source }
}

/// Moves every place in a node behind the text that it is laid over.
fn shifted(node: Node, by: usize) -> Node {
    let moved = |span: Span| Span::new(span.start + by, span.end + by);
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(|item| shifted(item, by)).collect()),
        Value::Map(entries) => Value::Map(
            (entries.into_iter()).map(|(key, value)| (Key { span: moved(key.span), text: key.text }, shifted(value, by))).collect(),
        ),
        plain => plain,
    };
    Node { span: moved(node.span), value }
}

fn merge(below: Node, above: Node, reader: &mut Reader<'_>) -> Node {
    match (below.value, above.value) {
        (Value::Map(below_entries), Value::Map(entries)) => {
            Node { span: below.span, value: Value::Map(merge_entries(below_entries, entries, reader)) }
        }
        (Value::List(below_items), Value::List(items)) if have_ids(&below_items) && have_ids(&items) => {
            Node { span: below.span, value: Value::List(merge_items(below_items, items, reader)) }
        }
        (_, value) => Node { span: above.span, value },
    }
}

fn merge_entries(mut below: Vec<(Key, Node)>, above: Vec<(Key, Node)>, reader: &mut Reader<'_>) -> Vec<(Key, Node)> {
    let mut seen: Vec<String> = Vec::new();
    for (key, value) in above {
        let is_second = seen.contains(&key.text);
        seen.push(key.text.clone());
        match below.iter().position(|(other, _)| other.text == key.text).filter(|_| !is_second) {
            Some(at) => {
                let (_, old) = below.remove(at);
                below.insert(at, (key, merge(old, value, reader)));
            }
            // A key that the overlay has twice stays there twice, and is refused as in any file.
            None => below.push((key, value)),
        }
    }
    below
}

fn merge_items(mut below: Vec<Node>, above: Vec<Node>, reader: &mut Reader<'_>) -> Vec<Node> {
    let mut seen: Vec<String> = Vec::new();
    for item in above {
        let id = id_of(&item).unwrap_or_default().to_owned();
        if seen.contains(&id) {
            let help = "bring what they change together in one entry";
            reader.error(Code::DuplicateId, item.span, format!("the overlay has an entry for `{id}` twice")).help = Some(help.to_owned());
            continue;
        }
        let at = below.iter().position(|other| id_of(other) == Some(id.as_str()));
        seen.push(id.clone());
        match (at, removes(&item)) {
            (Some(at), Some(_)) => drop(below.remove(at)),
            (Some(at), None) => {
                let old = below.remove(at);
                below.insert(at, merge(old, item, reader));
            }
            (None, Some(span)) => {
                let help = did_you_mean(&id, below.iter().filter_map(id_of)).unwrap_or_else(|| "take this entry out".to_owned());
                reader.error(Code::UnknownReference, span, format!("there is no `{id}` to remove")).help = Some(help);
            }
            (None, None) => below.push(item),
        }
    }
    below
}

fn have_ids(items: &[Node]) -> bool {
    items.iter().all(|item| id_of(item).is_some())
}

fn id_of(node: &Node) -> Option<&str> {
    match field(node, "id")?.value {
        Value::Text(ref text) => Some(text),
        _ => None,
    }
}

/// Returns the place of `remove: true`.
fn removes(node: &Node) -> Option<Span> {
    field(node, "remove").filter(|value| matches!(value.value, Value::Bool(true))).map(|_| node.span)
}

fn field<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value)
}
