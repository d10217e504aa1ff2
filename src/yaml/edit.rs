//! Changes to one entry of a YAML file that leave the rest as its owner wrote it: comments, order, quoting, line ends.
//!
//! Every change is checked before it is handed back: the new text is read again, and must hold what was asked for and
//! everything else unchanged. A change that cannot be made so is refused, and the file stays as it is.

use super::{Node, Value, parse};
use crate::diagnostic::Source;
use std::str::FromStr;
use yaml_edit::{Document, Mapping, ScalarValue, Sequence};

/// A value to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// Text; several lines become a block.
    Text(String),
    /// A number.
    Number(f64),
    /// A list of texts.
    List(Vec<String>),
    /// A list of texts, each on a line of its own.
    Lines(Vec<String>),
    /// A mapping.
    Map(Vec<(String, Field)>),
    /// A list of mappings.
    Maps(Vec<Vec<(String, Field)>>),
}

/// What happens to one key of the entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The key gets this value.
    Set(Field),
    /// The mapping is appended to the list at the key.
    Append(Vec<(String, Field)>),
    /// The text is appended to the list at the key, which is made if it is not there.
    Push(String),
    /// The key goes.
    Remove,
}

/// Why a change was refused.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The text cannot be taken apart.
    #[error("the file cannot be changed in place: {0}")]
    Unreadable(String),
    /// The new text would not hold what was asked for, or would lose something.
    #[error("the change cannot be made without touching the rest of the file; make it by hand")]
    Unsafe,
}

/// Changes keys of the entry `section.key`, which is made if it is not there. The first key that is set leads the entry: what it says
/// comes first, what was said beside it keeps its place behind.
///
/// # Errors
///
/// Returns [`EditError`] when the change cannot be made safely; the text is then as it was.
pub fn change(text: &str, section: &str, key: &str, changes: &[(&str, Change)]) -> Result<String, EditError> {
    let first = changes.iter().find(|(_, change)| matches!(change, Change::Set(_))).map(|(name, _)| *name);
    put(text, section, key, changes, first)
}

/// Changes keys of the entry `section.key`, which is made if it is not there. A new key goes behind those that are there.
///
/// # Errors
///
/// Returns [`EditError`] when the change cannot be made safely; the text is then as it was.
pub fn amend(text: &str, section: &str, key: &str, changes: &[(&str, Change)]) -> Result<String, EditError> {
    put(text, section, key, changes, None)
}

fn put(text: &str, section: &str, key: &str, changes: &[(&str, Change)], first: Option<&str>) -> Result<String, EditError> {
    edit(text, section, key, |entries| {
        if entries.get_mapping(key).is_none() {
            entries.set(key, Mapping::new_pending_block());
        }
        let entry = entries.get_mapping(key).ok_or(EditError::Unsafe)?;
        let leads = first.filter(|name| !entry.is_empty() && !entry.contains_key(*name));
        for (name, change) in changes {
            match change {
                Change::Remove => drop(entry.remove(*name)),
                Change::Set(field) => set(&entry, name, field)?,
                Change::Append(map) => append(&entry, name, map)?,
                Change::Push(text) => push(&entry, name, text)?,
            }
        }
        if let Some(name) = leads {
            entry.reorder_fields([name]);
        }
        Ok(())
    })
    .and_then(|new| if holds(&new, section, key, changes) { Ok(new) } else { Err(EditError::Unsafe) })
}

/// Changes keys at the top of a file. A new key goes where `order` has it: behind the nearest of those before it that is there.
///
/// # Errors
///
/// Returns [`EditError`] when the change cannot be made safely, or would cost a comment; the text is then as it was.
pub fn top(text: &str, changes: &[(&str, Change)], order: &[&str]) -> Result<String, EditError> {
    let before = tree(text)?;
    let mut new = text.to_owned();
    for (name, change) in changes {
        new = changed_at_top(&new, name, change, order)?;
    }
    let mut new = if text.contains("\r\n") { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new };
    if !new.ends_with('\n') {
        new.push_str(if text.contains("\r\n") { "\r\n" } else { "\n" });
    }
    let after = tree(&new)?;
    let is_changed = |key: &str| changes.iter().any(|(name, _)| *name == key);
    if same_beside(&before, &after, is_changed) && keeps_comments(text, &before, &new, changes) && changes_hold(&after, changes) {
        Ok(new)
    } else {
        Err(EditError::Unsafe)
    }
}

fn changed_at_top(text: &str, name: &str, change: &Change, order: &[&str]) -> Result<String, EditError> {
    let applied = |text: &str| {
        let document = Document::from_str(text).map_err(|error| EditError::Unreadable(error.to_string()))?;
        let root = document.as_mapping().ok_or_else(|| EditError::Unreadable("it is no mapping".to_owned()))?;
        match change {
            Change::Remove => drop(root.remove(name)),
            Change::Set(field) => set(&root, name, field)?,
            Change::Append(map) => append(&root, name, map)?,
            Change::Push(text) => push(&root, name, text)?,
        }
        Ok(document.to_string())
    };
    let Value::Map(keys) = tree(text)?.value else { return Err(EditError::Unreadable("it is no mapping".to_owned())) };
    let is_there = |wanted: &str| keys.iter().position(|(key, _)| key.text == wanted);
    let earlier = order.iter().position(|key| *key == name).map_or(&[][..], |place| &order[..place]);
    let anchor = earlier.iter().rev().find_map(|key| is_there(key));
    let is_block = keys.iter().all(|(key, _)| key.span.start == 0 || text[..key.span.start].ends_with('\n'));
    let (None, Some(anchor), true) = (is_there(name), anchor, is_block && !matches!(change, Change::Remove)) else {
        return applied(text);
    };
    // A new key is made on its own and put behind its anchor, so that no comment moves.
    let alone = applied("x: x\n")?;
    let entry = alone.split_once('\n').map(|(_, entry)| entry).unwrap_or_default();
    let at = end_at_top(text, keys[anchor].0.span.start, keys.get(anchor + 1).map_or(text.len(), |(key, _)| key.span.start));
    let gap = if text[..at].ends_with('\n') { "" } else { "\n" };
    Ok(format!("{}{gap}{entry}{}", &text[..at], &text[at..]))
}

/// Returns the end of the last line of what stands at a key at the top: blank lines and comments that lead the next key are behind it.
fn end_at_top(text: &str, start: usize, next: usize) -> usize {
    let mut at = start;
    let mut end = start;
    for line in text[start..next].split_inclusive('\n') {
        at += line.len();
        if !line.trim().is_empty() && !line.starts_with('#') {
            end = at;
        }
    }
    end
}

/// Returns true if two mappings hold the same, apart from keys that were to change, wherever these stand.
fn same_beside(before: &Node, after: &Node, is_changed: impl Fn(&str) -> bool) -> bool {
    let (Value::Map(before), Value::Map(after)) = (&before.value, &after.value) else { return false };
    let kept = |map: &[(super::Key, Node)]| map.iter().filter(|(key, _)| !is_changed(&key.text)).cloned().collect::<Vec<_>>();
    same(&Value::Map(kept(before)), &Value::Map(kept(after)))
}

/// Returns true if every comment that stands on a line of its own is still there, but for those within what was to go. What looks like one
/// within a text that was to change is none.
fn keeps_comments(text: &str, before: &Node, new: &str, changes: &[(&str, Change)]) -> bool {
    let Value::Map(map) = &before.value else { return false };
    let mut text = text.to_owned();
    let mut texts: Vec<&str> = Vec::new();
    for (at, (key, value)) in map.iter().enumerate().rev() {
        match (changes.iter().find(|(name, _)| *name == key.text), &value.value) {
            (Some((_, Change::Remove)), _) => {
                let next = map.get(at + 1).map_or(text.len(), |(next, _)| next.span.start.min(text.len()));
                let end = end_at_top(&text, key.span.start, next);
                text.replace_range(key.span.start..end, "");
            }
            (Some(_), Value::Text(old)) => texts.push(old),
            _ => {}
        }
    }
    let comments =
        |text: &str| -> Vec<String> { text.lines().map(str::trim).filter(|line| line.starts_with('#')).map(str::to_owned).collect() };
    let mut left = comments(new);
    comments(&text).into_iter().filter(|comment| !texts.iter().any(|text| text.contains(comment.as_str()))).all(|comment| {
        let found = left.iter().position(|other| *other == comment);
        found.map(|at| left.swap_remove(at)).is_some()
    })
}

/// Removes the entry `section.key`.
///
/// # Errors
///
/// Returns [`EditError`] when the change cannot be made safely; the text is then as it was.
pub fn remove(text: &str, section: &str, key: &str) -> Result<String, EditError> {
    edit(text, section, key, |entries| {
        entries.remove(key);
        Ok(())
    })
    .and_then(|new| if entry(&tree(&new)?, section, key).is_none() { Ok(new) } else { Err(EditError::Unsafe) })
}

fn edit(text: &str, section: &str, key: &str, apply: impl FnOnce(&Mapping) -> Result<(), EditError>) -> Result<String, EditError> {
    let before = tree(text)?;
    let opened = without_empty_braces(text, section);
    // Blank lines behind an entry part it from the next one: they wait until the entry has its new end.
    let behind = end_of_entry(&opened, section, key)?.map(|end| {
        let blank: usize = opened[end..].split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
        end..end + blank
    });
    let blank_lines = behind.clone().map(|behind| opened[behind].to_owned()).unwrap_or_default();
    let opened = behind.map_or(opened.clone(), |behind| format!("{}{}", &opened[..behind.start], &opened[behind.end..]));
    let new = match end_of_empty_section(&opened, section)? {
        Some(at) => {
            // The first entry is made on its own and put below the comments that stand under the heading.
            let alone = apply_to(&format!("{section}:\n"), section, apply)?;
            let entry = alone.split_once('\n').map(|(_, entry)| entry.to_owned()).unwrap_or_default();
            let gap = if opened[..at].ends_with('\n') { "" } else { "\n" };
            format!("{}{gap}{entry}{}", &opened[..at], &opened[at..])
        }
        None => without_empty_braces(&apply_to(&opened, section, apply)?, section),
    };
    let new = match end_of_entry(&new, section, key)? {
        Some(end) if !blank_lines.is_empty() => format!("{}{blank_lines}{}", &new[..end], &new[end..]),
        _ => new,
    };
    let mut new = if text.contains("\r\n") { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new };
    if !new.ends_with('\n') {
        new.push_str(if text.contains("\r\n") { "\r\n" } else { "\n" });
    }
    let after = tree(&new)?;
    if same_but(&before, &after, section, key) { Ok(new) } else { Err(EditError::Unsafe) }
}

fn apply_to(text: &str, section: &str, apply: impl FnOnce(&Mapping) -> Result<(), EditError>) -> Result<String, EditError> {
    let document = Document::from_str(text).map_err(|error| EditError::Unreadable(error.to_string()))?;
    let root = document.as_mapping().ok_or_else(|| EditError::Unreadable("it is no mapping".to_owned()))?;
    if root.get_mapping(section).is_none() {
        root.set(section, Mapping::new_pending_block());
    }
    apply(&root.get_mapping(section).ok_or(EditError::Unsafe)?)?;
    Ok(document.to_string())
}

/// Returns the text with `section: {}` as `section:`, so that what comes next is a block.
fn without_empty_braces(text: &str, section: &str) -> String {
    let is_empty = |line: &str| line.strip_prefix(section).and_then(|rest| rest.strip_prefix(':')).is_some_and(|rest| rest.trim() == "{}");
    let lines = text.split_inclusive('\n').map(|line| {
        let end = line.len() - line.trim_end_matches(['\r', '\n']).len();
        if is_empty(line) { format!("{section}:{}", &line[line.len() - end..]) } else { line.to_owned() }
    });
    lines.collect()
}

/// Returns the end of the last line of an entry that is a block, comments within it included; nothing if it is not there, or if
/// a text in it keeps the blank lines at its end (`|+`).
fn end_of_entry(text: &str, section: &str, key: &str) -> Result<Option<usize>, EditError> {
    let root = tree(text)?;
    let Some(Value::Map(entries)) = get(&root, section).map(|node| &node.value) else { return Ok(None) };
    let Some((name, _)) = entries.iter().find(|(name, _)| name.text == key) else { return Ok(None) };
    let line_start = text[..name.span.start].rfind('\n').map_or(0, |newline| newline + 1);
    let indentation = name.span.start - line_start;
    if !text[line_start..name.span.start].trim().is_empty() || indentation == 0 {
        return Ok(None);
    }
    let mut end = None;
    let mut at = line_start;
    for (index, line) in text[line_start..].split_inclusive('\n').enumerate() {
        let is_inside = index == 0 || line.len() - line.trim_start().len() > indentation;
        if !line.trim().is_empty() {
            if !is_inside {
                break;
            }
            end = Some(at + line.len());
        }
        at += line.len();
    }
    let keeps = end.is_some_and(|end| text[line_start..end].contains("|+") || text[line_start..end].contains(">+"));
    Ok(end.filter(|_| !keeps))
}

/// Returns where an entry of a section goes that is there and holds nothing but comments; nothing if it holds something.
fn end_of_empty_section(text: &str, section: &str) -> Result<Option<usize>, EditError> {
    let root = tree(text)?;
    let Value::Map(map) = &root.value else { return Ok(None) };
    let Some((name, _)) = map.iter().find(|(name, value)| name.text == section && matches!(value.value, Value::Null)) else {
        return Ok(None);
    };
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |newline| from + newline + 1);
    if !text[..name.span.start].ends_with('\n') && name.span.start != 0 {
        return Ok(None);
    }
    let mut end = line_end(name.span.start);
    let mut at = end;
    while at < text.len() {
        let next = line_end(at);
        let line = text[at..next].trim();
        if !line.is_empty() && !line.starts_with('#') {
            break;
        }
        // Blank lines at the end stay where they are.
        if line.starts_with('#') {
            end = next;
        }
        at = next;
    }
    Ok(Some(end))
}

fn set(entry: &Mapping, name: &str, field: &Field) -> Result<(), EditError> {
    match field {
        Field::Text(text) => entry.set(name, scalar(text)),
        Field::Number(number) => entry.set(name, ScalarValue::parse(number.to_string())),
        Field::List(items) => {
            let list = Sequence::new_flow();
            for item in items {
                list.push(scalar(item));
            }
            entry.set(name, list);
        }
        Field::Lines(items) => {
            entry.set(name, Sequence::new_pending_block());
            let list = entry.get_sequence(name).ok_or(EditError::Unsafe)?;
            for item in items {
                list.push(scalar(item));
            }
        }
        Field::Map(fields) => {
            if fields.is_empty() {
                entry.set(name, Mapping::new_flow());
                return Ok(());
            }
            entry.set(name, Mapping::new_pending_block());
            let map = entry.get_mapping(name).ok_or(EditError::Unsafe)?;
            for (name, field) in fields {
                set(&map, name, field)?;
            }
        }
        Field::Maps(maps) => {
            entry.remove(name);
            for map in maps {
                append(entry, name, map)?;
            }
        }
    }
    Ok(())
}

fn append(entry: &Mapping, name: &str, fields: &[(String, Field)]) -> Result<(), EditError> {
    if entry.get_sequence(name).is_none_or(|list| list.is_empty()) {
        entry.set(name, Sequence::new_pending_block());
    }
    let list = entry.get_sequence(name).ok_or(EditError::Unsafe)?;
    let map = Mapping::new_flow();
    for (name, field) in fields {
        set(&map, name, field)?;
    }
    list.push(map);
    Ok(())
}

fn push(entry: &Mapping, name: &str, text: &str) -> Result<(), EditError> {
    match entry.get_sequence(name) {
        Some(list) if !list.is_empty() => list.push(scalar(text)),
        // What stands there alone would be lost.
        None if entry.get(name).is_some_and(|node| node.to_string().trim().len() > 1) => return Err(EditError::Unsafe),
        _ => set(entry, name, &Field::List(vec![text.to_owned()]))?,
    }
    Ok(())
}

fn scalar(text: &str) -> ScalarValue {
    if text.contains('\n') {
        return ScalarValue::literal(text);
    }
    // Words and dates stand as they are; whatever YAML could take for something else is quoted.
    let has_date = text.get(..10).and_then(crate::yaml::record::Date::parse).is_some();
    // The id of a register begins with a date, and goes on as no date of any YAML does.
    let is_date = has_date && (text.len() == 10 || text[10..].starts_with('-') && crate::yaml::record::Id::is_valid(text));
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' '))
        && !text.ends_with(' ')
        && !matches!(text.to_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "nan" | "inf");
    if is_word || is_date { ScalarValue::plain(text) } else { ScalarValue::double_quoted(text) }
}

fn tree(text: &str) -> Result<Node, EditError> {
    parse(&Source::new("", text))
        .map_err(|diagnostics| EditError::Unreadable(diagnostics.first().map_or_else(String::new, |diagnostic| diagnostic.message.clone())))
}

fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(map) = &node.value else { return None };
    map.iter().find(|(name, _)| name.text == key).map(|(_, value)| value)
}

fn entry<'n>(root: &'n Node, section: &str, key: &str) -> Option<&'n Node> {
    get(get(root, section)?, key)
}

/// Returns true if two values hold the same, wherever they stand.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b).is_eq(),
        (Value::Text(a), Value::Text(b)) => a == b,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, &b.value)),
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0.text == b.0.text && same(&a.1.value, &b.1.value))
        }
        _ => false,
    }
}

/// Returns true if two trees differ at most in one entry of one section.
fn same_but(before: &Node, after: &Node, section: &str, key: &str) -> bool {
    let without = |node: &Node| -> Option<Vec<(String, Value)>> {
        let Value::Map(map) = &node.value else { return None };
        let mut kept = Vec::new();
        for (name, value) in map {
            match &value.value {
                Value::Map(entries) if name.text == section => {
                    kept.extend(
                        entries
                            .iter()
                            .filter(|(name, _)| name.text != key)
                            .map(|(name, value)| (format!("/{}", name.text), value.value.clone())),
                    );
                }
                Value::Null if name.text == section => {}
                other => kept.push((name.text.clone(), other.clone())),
            }
        }
        Some(kept)
    };
    let (Some(before), Some(after)) = (without(before), without(after)) else { return false };
    before.len() == after.len() && before.iter().zip(&after).all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1))
}

/// Returns true if a text holds what the changes wanted.
fn holds(text: &str, section: &str, key: &str, changes: &[(&str, Change)]) -> bool {
    let Ok(root) = tree(text) else { return false };
    entry(&root, section, key).is_some_and(|entry| changes_hold(entry, changes))
}

/// Returns true if a mapping holds what the changes wanted.
fn changes_hold(entry: &Node, changes: &[(&str, Change)]) -> bool {
    // What is appended later to the same list stands behind.
    let later = |index: usize, name: &str| {
        changes[index + 1..]
            .iter()
            .filter(|(other, change)| *other == name && matches!(change, Change::Append(_) | Change::Push(_)))
            .count()
    };
    let is_at_end = |value: &Value, from_end: usize, field: &Field| {
        let Value::List(items) = value else { return false };
        items.iter().rev().nth(from_end).is_some_and(|item| is_field(&item.value, field))
    };
    changes.iter().enumerate().all(|(index, (name, change))| match (change, get(entry, name)) {
        (Change::Remove, found) => found.is_none(),
        (Change::Set(field), Some(found)) => is_field(&found.value, field),
        (Change::Append(map), Some(found)) => is_at_end(&found.value, later(index, name), &Field::Map(map.clone())),
        (Change::Push(text), Some(found)) => is_at_end(&found.value, later(index, name), &Field::Text(text.clone())),
        _ => false,
    })
}

fn is_field(value: &Value, field: &Field) -> bool {
    match (value, field) {
        (Value::Text(found), Field::Text(text)) => found == text,
        // A word such as `12` that is written plain reads as a number, which a text field takes as it was written.
        (Value::Number(found), Field::Number(number)) => found.total_cmp(number).is_eq(),
        (Value::List(found), Field::List(items) | Field::Lines(items)) => {
            found.len() == items.len() && found.iter().zip(items).all(|(found, item)| is_field(&found.value, &Field::Text(item.clone())))
        }
        (Value::Map(found), Field::Map(fields)) => {
            found.len() == fields.len()
                && found.iter().zip(fields).all(|(found, field)| found.0.text == field.0 && is_field(&found.1.value, &field.1))
        }
        (Value::List(found), Field::Maps(maps)) => {
            found.len() == maps.len() && found.iter().zip(maps).all(|(found, map)| is_field(&found.value, &Field::Map(map.clone())))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(text: &str) -> String {
        let changes = [
            ("choose", Change::Set(Field::Text("drafted".to_owned()))),
            ("note", Change::Set(Field::Text("first: line\n  second \"line\"\n\nlast".to_owned()))),
            ("evidence", Change::Append(vec![("link".to_owned(), Field::Text("https://x/#a".to_owned()))])),
            ("by", Change::Set(Field::List(vec!["lead".to_owned(), "no".to_owned()]))),
        ];
        change(text, "answers", "tag-schema@aws", &changes).expect("the change is safe")
    }

    #[test]
    fn an_entry_goes_below_the_comments_of_an_empty_list() {
        for text in ["capability: x\nanswers:\n  # what finance said\n", "capability: x\nanswers: {}\n", "capability: x\n"] {
            let comment = if text.contains('#') { "  # what finance said\n" } else { "" };
            let head = format!("capability: x\nanswers:\n{comment}  tag-schema@aws:\n    choose: drafted\n    note: |-\n");
            assert!(answered(text).starts_with(&head), "{}", answered(text));
        }
    }

    #[test]
    fn an_entry_changes_and_those_beside_it_stay() {
        let text = "capability: x\nanswers:\n  # mine\n  a@aws: {choose: 'b'}   # keep\n  tag-schema@aws:\n    choose: old # why\n\n  z:\n    text: |\n      a\n";
        snapbox::assert_data_eq!(
            answered(text),
            snapbox::str![[r#"
capability: x
answers:
  # mine
  a@aws: {choose: 'b'}   # keep
  tag-schema@aws:
    choose: drafted # why
    note: |-
      first: line
        second "line"

      last
    evidence:
      - {link: "https://x/#a"}
    by: [lead, "no"]

  z:
    text: |
      a

"#]]
        );
    }

    #[test]
    fn an_entry_goes_into_json_and_into_wide_indentation() {
        let json = answered("{\"capability\": \"x\", \"answers\": {\"a\": {\"choose\": [\"b\", \"c\"]}}}");
        assert!(
            json.starts_with("{\"capability\": \"x\", \"answers\": {\"a\": {\"choose\": [\"b\", \"c\"]}, \"tag-schema@aws\": {"),
            "{json}"
        );
        let wide = answered("answers:\n    a:\n        choose: b\ncapability: x");
        assert!(
            wide.starts_with("answers:\n    a:\n        choose: b\n    tag-schema@aws:\n") && wide.ends_with("\ncapability: x\n"),
            "{wide}"
        );
    }

    #[test]
    fn line_ends_stay_as_they_are() {
        let new = answered("capability: x\r\nanswers:\r\n  a:\r\n    note: |\r\n      x\r\n      y\r\n");
        assert!(!new.replace("\r\n", "").contains(['\r', '\n']), "{new:?}");
    }

    #[test]
    fn keys_at_the_top_change_and_new_ones_find_their_place() {
        let text = "# mine\nid: x   # keep 1\n# why it waits\nstatus: 'draft'  # keep 2\n\ncontext: >-\n  folded\n  text\n# the people\nowner: \"lead\"   # keep 3\npractices:\n  # first\n  - a # keep 4\n  - b\n# the end\n";
        let set = |text: &str| Change::Set(Field::Text(text.to_owned()));
        let changes = [
            ("status", set("approved")),
            ("statement", set("It is: so")),
            ("decided_on", set("2026-02-28")),
            ("context", set("two\nlines")),
            ("practices", Change::Push("c".to_owned())),
            ("stories", Change::Push("no".to_owned())),
        ];
        let order = ["id", "title", "status", "statement", "context", "owner", "decided_on", "practices", "stories"];
        snapbox::assert_data_eq!(
            top(text, &changes, &order).expect("the change is safe"),
            snapbox::str![[r#"
# mine
id: x   # keep 1
# why it waits
status: approved  # keep 2
statement: "It is: so"

context: |-
  two
  lines
# the people
owner: "lead"   # keep 3
decided_on: 2026-02-28
practices:
  # first
  - a # keep 4
  - b
  - c
stories: ["no"]
# the end

"#]]
        );
        let windows = text.replace('\n', "\r\n");
        let new = top(&windows, &changes, &order).expect("the change is safe");
        assert!(!new.replace("\r\n", "").contains(['\r', '\n']), "{new:?}");
        let json = top("{\"id\": \"x\", \"status\": \"draft\", \"practices\": [\"a\"]}", &changes, &order).expect("the change is safe");
        snapbox::assert_data_eq!(
            json,
            snapbox::str![[r#"
{"id": "x", "status": "approved", "practices": ["a", "c"], "statement": "It is: so", "decided_on": "2026-02-28", "context": "two/nlines", "stories": ["no"]}

"#]]
        );
        let single = top("id: x\nconsequences: one\n", &[("consequences", Change::Push("two".to_owned()))], &order);
        assert!(single.is_err(), "{single:?}");
    }

    #[test]
    fn what_cannot_be_changed_safely_is_refused() {
        let set = [("text", Change::Set(Field::Text("a".to_owned())))];
        assert!(change("- a list\n", "answers", "q", &set).is_err());
        assert!(change("answers: text\n", "answers", "q", &set).is_err());
        assert!(change("answers:\n\tq: {}\n", "answers", "q", &set).is_err());
    }
}
