//! The keys of the file formats as Markdown, from the same schemas that editors use.

use super::schema::{SchemaName, text};
use crate::document::escape::cell;
use serde_json::{Map, Value};
use std::fmt::Write;

/// Returns every key of a file format, a table for the file and one for each part of it.
pub fn markdown(name: SchemaName) -> String {
    let schema: Value = serde_json::from_str(&text(name)).expect("a schema is JSON");
    let parts = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut manual = Manual { parts, seen: Vec::new(), text: String::new() };
    let _ = writeln!(manual.text, "### `{}`\n\n{}\n", name.path(), described(&schema));
    manual.table(&schema, "");
    let mut next = 0;
    while let Some((part, path)) = manual.seen.get(next).cloned() {
        next += 1;
        let of_part = manual.parts.get(&part).cloned().unwrap_or_default();
        let _ = writeln!(manual.text, "\n#### {part}\n\n{} Stands in `{path}`.\n", described(&of_part));
        manual.table(&of_part, &path);
    }
    manual.text
}

fn described(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ")
}

struct Manual {
    parts: Map<String, Value>,
    /// The parts with keys of their own, with the path at which each is first named, in the order in which they are.
    seen: Vec<(String, String)>,
    text: String,
}

impl Manual {
    fn table(&mut self, schema: &Value, path: &str) {
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        self.text.push_str("| Key | Value | Meaning |\n| --- | --- | --- |\n");
        for (key, value) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let kind = self.kind(value, &here);
            let must = if required.contains(&key.as_str()) { ", must be there" } else { "" };
            let _ = writeln!(self.text, "| `{key}` | {kind}{must} | {} |", cell(&described(value)).replace("\\`", "`"));
        }
    }

    /// Returns what may stand at a key, in words.
    fn kind(&mut self, schema: &Value, path: &str) -> String {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.named(reference.rsplit('/').next().unwrap_or_default(), path);
        }
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            let words: Vec<String> = words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
            return words.join(", ");
        }
        if let Some(word) = schema.get("const") {
            return format!("`{}`", word.as_str().unwrap_or_default());
        }
        if let Some(several) = schema.get("anyOf").and_then(Value::as_array) {
            let is_null = |one: &&Value| one.get("type").and_then(Value::as_str) == Some("null");
            let mut kinds: Vec<String> = several.iter().filter(|one| !is_null(one)).map(|one| self.kind(one, path)).collect();
            kinds.dedup();
            return kinds.join(" or ");
        }
        let kinds = match schema.get("type") {
            Some(Value::String(kind)) => vec![kind.as_str()],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
            _ => Vec::new(),
        };
        match kinds.first().copied() {
            Some("array") => format!("list: {}", schema.get("items").map_or_else(|| "anything".to_owned(), |items| self.kind(items, path))),
            Some("object") => match schema.get("additionalProperties").filter(|value| value.is_object()) {
                Some(value) => format!("mapping: id to {}", self.kind(value, &format!("{path}.<id>"))),
                None => "mapping".to_owned(),
            },
            Some("integer") => "whole number".to_owned(),
            Some("number") => "number".to_owned(),
            Some("boolean") => "`true` or `false`".to_owned(),
            Some("string") => "text".to_owned(),
            _ => "anything".to_owned(),
        }
    }

    /// Returns the name of a part: a link where it has keys of its own, else what it is.
    fn named(&mut self, name: &str, path: &str) -> String {
        let part = self.parts.get(name).cloned().unwrap_or_default();
        if part.get("properties").is_some() {
            if !self.seen.iter().any(|(seen, _)| seen == name) {
                self.seen.push((name.to_owned(), path.to_owned()));
            }
            return format!("[{name}](#{})", name.to_lowercase());
        }
        match name {
            "Id" => "id".to_owned(),
            _ if part.get("anyOf").is_none() && part.get("type").and_then(Value::as_str) == Some("string") => name.to_lowercase(),
            _ => self.kind(&part, path),
        }
    }
}
