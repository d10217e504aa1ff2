//! Entries that move from one place of a file to another, or to another file, with their text and the comments above them.
//!
//! As in [`edit`](super::edit), every change is read again before it is handed back: it must hold what was asked for, and everything
//! else unchanged.

use super::edit::{EditError, same};
use super::layout::{Part, Parts, Style, content_end, indented, inline, line_start, moved, parts, word};
use super::{Key, Node, Value, parse};
use crate::diagnostic::{Source, Span};
use std::fmt::Write;

/// An entry that was taken out of a section.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Comments and blank lines above it.
    lead: String,
    /// Its text behind the key, as a block.
    rest: String,
    /// The column at which its key stood.
    column: usize,
    /// Its value as it stands between braces.
    flow: String,
    /// What it holds.
    value: Value,
}

impl Taken {
    /// Returns what the entry holds.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the entry without the comments above it, for a second place.
    #[must_use]
    pub fn alone(&self) -> Self {
        Self { lead: String::new(), ..self.clone() }
    }
}

fn tree(text: &str) -> Result<Node, EditError> {
    parse(&Source::new("", text)).map_err(|found| {
        let message = found.first().map_or_else(String::new, |diagnostic| diagnostic.message.clone());
        EditError::Unreadable(message)
    })
}

fn root_parts<'d>(text: &'d str, root: &'d Node) -> Result<Parts<'d>, EditError> {
    parts(text, root, 0..text.len()).ok_or_else(|| EditError::Unreadable("its keys do not stand one a line".to_owned()))
}

fn inner<'d>(text: &'d str, part: &Part<'d>) -> Result<Parts<'d>, EditError> {
    let inside = match super::layout::style(text, part.node) {
        Some(Style::Flow) => part.node.span.start..content_end(text, part.node, part.key.end).unwrap_or(part.node.span.end),
        _ => part.inside.clone(),
    };
    parts(text, part.node, inside).ok_or_else(|| EditError::Unreadable(format!("the entries of `{}` do not stand one a line", part.name)))
}

/// Returns the entries of a section: keys and values in their order.
///
/// # Errors
///
/// Returns [`EditError`] when the text cannot be read.
pub fn entries(text: &str, section: &str) -> Result<Vec<(String, Node)>, EditError> {
    let root = tree(text)?;
    Ok(section_of(&root, section))
}

fn section_of(root: &Node, section: &str) -> Vec<(String, Node)> {
    let Value::Map(map) = &root.value else { return Vec::new() };
    match map.iter().find(|(key, _)| key.text == section).map(|(_, value)| &value.value) {
        Some(Value::Map(entries)) => entries.iter().map(|(key, value)| (key.text.clone(), value.clone())).collect(),
        _ => Vec::new(),
    }
}

/// Hands a new text back if a section holds what is expected, and the rest what it held.
fn checked(before: &Node, new: String, section: &str, expected: &[(String, Value)]) -> Result<String, EditError> {
    let after = tree(&new)?;
    let found = section_of(&after, section);
    let is_expected = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| a.0 == b.0 && same(&a.1.value, &b.1));
    let others = |root: &Node| match &root.value {
        Value::Map(map) => map.iter().filter(|(key, _)| key.text != section).cloned().collect::<Vec<(Key, Node)>>(),
        _ => Vec::new(),
    };
    let (old, now) = (others(before), others(&after));
    let is_rest = old.len() == now.len() && old.iter().zip(&now).all(|(a, b)| a.0.text == b.0.text && same(&a.1.value, &b.1.value));
    if is_expected && is_rest { Ok(new) } else { Err(EditError::Unsafe) }
}

fn held(root: &Node, section: &str) -> Vec<(String, Value)> {
    section_of(root, section).into_iter().map(|(key, node)| (key, node.value)).collect()
}

/// Returns a copy of the entry `section.key`, with the comments above it.
///
/// # Errors
///
/// Returns [`EditError`] when it is not there, or cannot be cut out.
pub fn copy(text: &str, section: &str, key: &str) -> Result<Taken, EditError> {
    let root = tree(text)?;
    let outer = root_parts(text, &root)?;
    let parts = inner(text, outer.get(section).ok_or(EditError::Unsafe)?)?;
    Ok(taken(text, &parts, parts.get(key).ok_or(EditError::Unsafe)?))
}

fn taken(text: &str, parts: &Parts<'_>, part: &Part<'_>) -> Taken {
    let flow = inline(text, part.node);
    let (rest, column) = match parts.style {
        Style::Block => (part.body[part.key.end - part.start..].to_owned(), part.column),
        Style::Flow => (format!(": {flow}\n"), 0),
    };
    let rest = if rest.ends_with('\n') { rest } else { format!("{rest}\n") };
    Taken { lead: part.lead.to_owned(), rest, column, flow, value: part.node.value.clone() }
}

/// Takes the entry `section.key` out, with the comments above it.
///
/// # Errors
///
/// Returns [`EditError`] when it is not there, or cannot be cut out.
pub fn take(text: &str, section: &str, key: &str) -> Result<(String, Taken), EditError> {
    let root = tree(text)?;
    let outer = root_parts(text, &root)?;
    let parts = inner(text, outer.get(section).ok_or(EditError::Unsafe)?)?;
    let at = parts.parts.iter().position(|part| part.name == key).ok_or(EditError::Unsafe)?;
    let entry = taken(text, &parts, &parts.parts[at]);
    let new = without(text, &parts, at);
    let mut expected = held(&root, section);
    expected.retain(|(name, _)| name != key);
    Ok((checked(&root, new, section, &expected)?, entry))
}

/// Returns a text without one entry.
fn without(text: &str, parts: &Parts<'_>, at: usize) -> String {
    let part = &parts.parts[at];
    let end = part.start + part.body.len();
    let cut = match parts.style {
        Style::Block => line_start(text, part.start) - part.lead.len()..end,
        Style::Flow if at > 0 => {
            let before = &parts.parts[at - 1];
            before.start + before.body.len()..end
        }
        Style::Flow => part.start..parts.parts.get(1).map_or(end, |next| next.start),
    };
    format!("{}{}", &text[..cut.start], &text[cut.end..])
}

/// Puts an entry at the end of a section, which is made if it is not there.
///
/// # Errors
///
/// Returns [`EditError`] when it cannot be put there safely.
pub fn put(text: &str, section: &str, key: &str, entry: &Taken) -> Result<String, EditError> {
    let root = tree(text)?;
    let outer = root_parts(text, &root)?;
    let block = |column: usize| {
        let lead: String = entry.lead.split_inclusive('\n').map(|line| moved(line, entry.column, column)).collect();
        format!("{lead}{}{}{}", " ".repeat(column), word(key), indented(&entry.rest, entry.column, column))
    };
    let ended = |text: &str| if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let flow = format!("{}: {}", word(key), entry.flow);
    let new = match (outer.get(section), outer.style) {
        (None, Style::Block) => format!("{}{section}:\n{}", ended(text), block(2)),
        (None, Style::Flow) => {
            let end = outer.parts.last().map(|part| part.start + part.body.len()).ok_or(EditError::Unsafe)?;
            format!("{}, {}: {{{flow}}}{}", &text[..end], word(section), &text[end..])
        }
        (Some(part), _) => match &part.node.value {
            Value::Null => {
                let end = part.start + part.body.len();
                format!("{}{}{}", ended(&text[..end]), block(2), &text[end..])
            }
            Value::Map(map) if map.is_empty() && outer.style == Style::Block => {
                let end = content_end(text, part.node, part.key.end).ok_or(EditError::Unsafe)?;
                let before = text[..part.node.span.start].trim_end_matches(' ');
                // What stands behind the braces on their line stays on it.
                let line = super::layout::line_end(text, end);
                format!("{before}{}{}{}", ended(&text[end..line]), block(2), &text[line..])
            }
            Value::Map(_) => {
                let parts = inner(text, part)?;
                match (parts.parts.last(), parts.style) {
                    (Some(last), Style::Block) => {
                        let end = last.start + last.body.len();
                        format!("{}{}{}", ended(&text[..end]), block(parts.parts[0].column), &text[end..])
                    }
                    (Some(last), Style::Flow) => {
                        let end = last.start + last.body.len();
                        format!("{}, {flow}{}", &text[..end], &text[end..])
                    }
                    (None, _) => {
                        let open = part.node.span.start + 1;
                        format!("{}{flow}{}", &text[..open], &text[open..])
                    }
                }
            }
            _ => return Err(EditError::Unsafe),
        },
    };
    let mut expected = held(&root, section);
    expected.push((key.to_owned(), entry.value.clone()));
    checked(&root, new, section, &expected)
}

/// Sets keys of the entry `section.key` to values that stand between braces, behind what is there; a key that is there goes first.
///
/// # Errors
///
/// Returns [`EditError`] when the entry is not there, or cannot be changed safely.
pub fn set(text: &str, section: &str, key: &str, fields: &[(&str, String)]) -> Result<String, EditError> {
    let mut text = text.to_owned();
    for (name, value) in fields {
        text = set_one(&text, section, key, name, value)?;
    }
    Ok(text)
}

fn set_one(text: &str, section: &str, key: &str, name: &str, value: &str) -> Result<String, EditError> {
    let before = tree(text)?;
    let is_there = section_of(&before, section)
        .iter()
        .any(|(of, node)| of == key && matches!(&node.value, Value::Map(map) if map.iter().any(|(known, _)| known.text == name)));
    let cleared = if is_there { super::edit::amend(text, section, key, &[(name, super::edit::Change::Remove)])? } else { text.to_owned() };
    let text = cleared.as_str();
    let root = tree(text)?;
    let outer = root_parts(text, &root)?;
    let entries = inner(text, outer.get(section).ok_or(EditError::Unsafe)?)?;
    let entry = entries.get(key).ok_or(EditError::Unsafe)?;
    let field = format!("{name}: {value}");
    let insert = |at: usize, what: &str| format!("{}{what}{}", &text[..at], &text[at..]);
    let new = match &entry.node.value {
        Value::Null if entry.node.span.start < entry.node.span.end => {
            format!("{}{{{field}}}{}", &text[..entry.node.span.start], &text[entry.node.span.end..])
        }
        Value::Null => match text[entry.key.end..].find(':') {
            Some(colon) => insert(entry.key.end + colon + 1, &format!(" {{{field}}}")),
            None => return Err(EditError::Unsafe),
        },
        Value::Map(map) if map.is_empty() => insert(entry.node.span.start + 1, &field),
        Value::Map(_) => {
            let inside = inner(text, entry)?;
            let (first, last) = (inside.parts.first().ok_or(EditError::Unsafe)?, inside.parts.last().ok_or(EditError::Unsafe)?);
            let end = last.start + last.body.len();
            match inside.style {
                Style::Flow => insert(end, &format!(", {field}")),
                Style::Block => {
                    let gap = if text[..end].ends_with('\n') { "" } else { "\n" };
                    insert(end, &format!("{gap}{}{field}\n", " ".repeat(first.column)))
                }
            }
        }
        _ => return Err(EditError::Unsafe),
    };
    let wanted = tree(&format!("{field}\n"))?;
    let Value::Map(wanted) = wanted.value else { return Err(EditError::Unsafe) };
    let mut expected = held(&before, section);
    for (_, value) in expected.iter_mut().filter(|(of, _)| of == key) {
        let mut map = match value {
            Value::Map(map) => std::mem::take(map),
            _ => Vec::new(),
        };
        map.retain(|(known, _)| known.text != name);
        map.extend(wanted.iter().cloned());
        *value = Value::Map(map);
    }
    checked(&before, new, section, &expected)
}

/// Gives the entry `section.key` another key.
///
/// # Errors
///
/// Returns [`EditError`] when it is not there, or the change is not safe.
pub fn rename(text: &str, section: &str, key: &str, new: &str) -> Result<String, EditError> {
    let root = tree(text)?;
    let outer = root_parts(text, &root)?;
    let entries = inner(text, outer.get(section).ok_or(EditError::Unsafe)?)?;
    let span = entries.get(key).ok_or(EditError::Unsafe)?.key;
    let written = &text[span.range()];
    let is_quoted = written.starts_with(['"', '\'']);
    let shown = if is_quoted { format!("{}{new}{}", &written[..1], &written[..1]) } else { word(new) };
    let changed = format!("{}{shown}{}", &text[..span.start], &text[span.end..]);
    let mut expected = held(&root, section);
    expected.iter_mut().filter(|(name, _)| name == key).for_each(|(name, _)| new.clone_into(name));
    checked(&root, changed, section, &expected)
}

/// Turns what stands at a path into a comment, under a line that says why: keys and items from the outside in. Returns nothing if
/// nothing stands there.
///
/// # Errors
///
/// Returns [`EditError`] when it cannot be cut out.
pub fn strike(text: &str, path: &[&str], why: &str) -> Result<Option<String>, EditError> {
    let root = tree(text)?;
    let mut within = root_parts(text, &root)?;
    // The outermost line that the path goes through, for a comment on what stands between braces.
    let mut line: Option<(usize, usize)> = None;
    let Some((last, above)) = path.split_last() else { return Ok(None) };
    for name in above {
        let Some(part) = within.get(name).cloned() else { return Ok(None) };
        if within.style == Style::Block && !within.is_behind_dash {
            line = Some((line_start(text, part.start), part.column));
        }
        within = inner(text, &part)?;
    }
    let Some(at) = within.parts.iter().position(|part| part.name == *last) else { return Ok(None) };
    let part = &within.parts[at];
    let new = match within.style {
        Style::Block => {
            let (start, indentation) = (line_start(text, part.start), " ".repeat(part.column));
            let mut struck = format!("{indentation}# {why}:\n");
            for body_line in part.body.split_inclusive('\n') {
                let stripped = body_line.strip_prefix(indentation.as_str()).unwrap_or(body_line);
                let _ = write!(struck, "{indentation}# {stripped}");
            }
            let struck = if struck.ends_with('\n') { struck } else { format!("{struck}\n") };
            format!("{}{struck}{}", &text[..start], &text[part.start + part.body.len()..])
        }
        Style::Flow => {
            let cut = without(text, &within, at);
            let (start, column) = line.unwrap_or((0, 0));
            let said = part.body.split_whitespace().collect::<Vec<_>>().join(" ");
            let key = if within.is_list { format!("{} ", above.last().unwrap_or(&"")) } else { String::new() };
            format!("{}{}# {why}: {key}{said}\n{}", &cut[..start], " ".repeat(column), &cut[start..])
        }
    };
    tree(&new)?;
    Ok(Some(new))
}

/// Returns the place of a value at a path.
pub fn place(root: &Node, path: &[&str]) -> Option<Span> {
    let mut node = root;
    for name in path {
        let Value::Map(map) = &node.value else { return None };
        node = map.iter().find(|(key, _)| key.text == *name).map(|(_, value)| value)?;
    }
    Some(node.span)
}
