//! Reading nodes into types, with every fault reported at its place.
//!
//! A type that can be read implements [`FromNode`]; the macros [`record!`](crate::record) and [`words!`](crate::words) write
//! that for structs and enumerations. A fault in one field is reported and the reader goes on with the next, so that one
//! pass over a file finds all of them.

use super::{Node, Value};
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span, did_you_mean};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

/// Collects the faults of one file while it is read.
pub struct Reader<'s> {
    /// The file.
    pub source: &'s Arc<Source>,
    /// What was wrong so far.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'s> Reader<'s> {
    /// Returns a reader for a file.
    pub fn new(source: &'s Arc<Source>) -> Self {
        Self { source, diagnostics: Vec::new() }
    }

    /// Returns a place in the file.
    pub fn at(&self, span: Span) -> Location {
        Location::new(self.source, span)
    }

    /// Reports an error at a place.
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let location = self.at(span);
        self.diagnostics.push(Diagnostic::error(code, location, message));
        self.diagnostics.last_mut().expect("one was just pushed")
    }

    /// Reports a value of the wrong kind.
    pub fn wrong_type<T>(&mut self, node: &Node, wanted: &str) -> Option<T> {
        self.error(Code::WrongType, node.span, format!("{wanted} belongs here, not {}", node.value.what()));
        None
    }

    /// Returns the text of a plain scalar as it was written.
    fn written(&self, span: Span) -> String {
        self.source.written(span)
    }
}

/// A type that can be read from a node.
pub trait FromNode: Sized {
    /// Reads a node, or reports why it cannot and returns nothing.
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;

    /// Returns the value of a key that is not there, or nothing if the key must be there.
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads the whole of a source.
pub fn read<T: FromNode>(source: &Arc<Source>) -> (Option<T>, Vec<Diagnostic>) {
    match super::parse(source) {
        Ok(node) => {
            let mut reader = Reader::new(source);
            let value = T::from_node(&node, &mut reader);
            (value, reader.diagnostics)
        }
        Err(diagnostics) => (None, diagnostics),
    }
}

/// A value and where it stands, for everything that a later rule may complain about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place in its file.
    pub span: Span,
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: std::fmt::Display> std::fmt::Display for At<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: FromNode> FromNode for At<T> {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::from_node(node, reader).map(|value| Self { value, span: node.span })
    }

    fn absent() -> Option<Self> {
        T::absent().map(|value| Self { value, span: Span::default() })
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl FromNode for String {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(reader.written(node.span)),
            _ => reader.wrong_type(node, "text"),
        }
    }
}

impl FromNode for f64 {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::Number(number) if number.is_finite() => Some(number),
            Value::Number(_) => {
                reader.error(Code::BadNumber, node.span, "a finite number belongs here");
                None
            }
            _ => reader.wrong_type(node, "a number"),
        }
    }
}

impl FromNode for i64 {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match f64::from_node(node, reader) {
            #[expect(clippy::cast_possible_truncation, reason = "the number is whole and within 32 bits")]
            Some(number) if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) => Some(number as i64),
            Some(_) => {
                reader.error(Code::BadNumber, node.span, "a whole number belongs here");
                None
            }
            None => None,
        }
    }
}

impl FromNode for bool {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => reader.wrong_type(node, "`true` or `false`"),
        }
    }
}

impl<T: FromNode> FromNode for Option<T> {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(node.value, Value::Null) { Some(None) } else { T::from_node(node, reader).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromNode> FromNode for Vec<T> {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Null => Some(Vec::new()),
            Value::List(items) => Some(items.iter().filter_map(|item| T::from_node(item, reader)).collect()),
            _ => reader.wrong_type(node, "a list"),
        }
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

impl<T: FromNode> FromNode for Box<T> {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::from_node(node, reader).map(Box::new)
    }

    fn absent() -> Option<Self> {
        T::absent().map(Box::new)
    }
}

/// A mapping whose keys are not fixed, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries<T>(pub Vec<(At<String>, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    /// Returns the value of a key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// Goes through keys and values.
    pub fn iter(&self) -> std::slice::Iter<'_, (At<String>, T)> {
        self.0.iter()
    }

    /// Returns true if there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a, T> IntoIterator for &'a Entries<T> {
    type Item = &'a (At<String>, T);
    type IntoIter = std::slice::Iter<'a, (At<String>, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: FromNode> FromNode for Entries<T> {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Null => Some(Self(Vec::new())),
            Value::Map(_) => {
                let fields = Fields::new(node, reader)?;
                let entries = fields.entries.iter().filter_map(|(key, value)| {
                    T::from_node(value, reader).map(|value| (At { value: key.text.clone(), span: key.span }, value))
                });
                Some(Self(entries.collect()))
            }
            _ => reader.wrong_type(node, "a mapping"),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, T>::schema_name()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, T>::json_schema(generator)
    }
}

/// One text or a list of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts(pub Vec<At<String>>);

impl Texts {
    /// Returns the texts.
    pub fn strings(&self) -> Vec<String> {
        self.0.iter().map(|text| text.value.clone()).collect()
    }
}

impl FromNode for Texts {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::List(_) | Value::Null => Vec::from_node(node, reader).map(Self),
            Value::Map(_) => reader.wrong_type(node, "text or a list of texts"),
            _ => At::from_node(node, reader).map(|text| Self(vec![text])),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl JsonSchema for Texts {
    fn schema_name() -> Cow<'static, str> {
        "Texts".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
    }
}

/// An id: letters, digits, `.`, `_` and `-`, the first a letter or digit.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub String);

impl Id {
    /// Returns true if text can be an id.
    pub fn is_valid(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(Self::is_part)
    }

    /// Returns true for a character that may stand in an id.
    pub fn is_part(c: char) -> bool {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromNode for Id {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::from_node(node, reader)?;
        if Self::is_valid(&text) {
            return Some(Self(text));
        }
        reader.error(Code::BadId, node.span, format!("`{text}` cannot be an id")).help =
            Some("an id has letters, digits, `-`, `_` and `.`, and starts with a letter or digit".to_owned());
        None
    }
}

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "description": "Letters, digits, `-`, `_` and `.`."})
    }
}

/// A date that exists, written `2026-11-20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub jiff::civil::Date);

impl Date {
    /// Returns the date that a text names, if it exists.
    pub fn parse(text: &str) -> Option<Self> {
        let parts_fit =
            text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        if parts_fit { text.parse().ok().map(Self) } else { None }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromNode for Date {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::from_node(node, reader)?;
        let date = Self::parse(&text);
        if date.is_none() {
            reader.error(Code::BadDate, node.span, format!("`{text}` is not a date that exists")).help =
                Some("write it as 2026-11-20".to_owned());
        }
        date
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "A date such as 2026-11-20."})
    }
}

/// The entries of one mapping while a record is read from it.
pub struct Fields<'n> {
    entries: Vec<&'n (super::Key, Node)>,
    span: Span,
}

impl<'n> Fields<'n> {
    /// Returns the entries of a mapping, each key once; the others are reported.
    pub fn new(node: &'n Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Map(map) = &node.value else {
            return reader.wrong_type(node, "a mapping");
        };
        let mut entries: Vec<&(super::Key, Node)> = Vec::with_capacity(map.len());
        let mut seen: HashMap<&str, Span> = HashMap::with_capacity(map.len());
        for entry in map {
            if let Some(first) = seen.get(entry.0.text.as_str()) {
                let first = reader.at(*first);
                let diagnostic = reader.error(Code::DuplicateKey, entry.0.span, format!("the key `{}` is there twice", entry.0.text));
                diagnostic.related = Some((first, "first here".to_owned()));
                diagnostic.help = Some("keep one of the two".to_owned());
            } else {
                seen.insert(&entry.0.text, entry.0.span);
                entries.push(entry);
            }
        }
        Some(Self { entries, span: node.span })
    }

    /// Reads the value of a key. The outer nothing is a fault that was reported.
    pub fn take<T: FromNode>(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<T> {
        let Some(index) = self.entries.iter().position(|(key, _)| key.text == name) else {
            let value = T::absent();
            if value.is_none() {
                reader.error(Code::MissingKey, self.span, format!("the key `{name}` is missing"));
            }
            return value;
        };
        let (key, value) = self.entries.remove(index);
        if let (Value::Null, None) = (&value.value, T::absent()) {
            reader.error(Code::MissingKey, key.span, format!("the key `{name}` has no value"));
            return None;
        }
        T::from_node(value, reader)
    }

    /// Reports the keys that nobody took.
    pub fn finish(self, known: &[&str], reader: &mut Reader<'_>) {
        for (key, _) in self.entries {
            let help = if key.text.contains(' ') {
                Some("text that holds a comma or `: ` inside `{…}` needs quotes".to_owned())
            } else {
                did_you_mean(&key.text, known.iter().copied())
            };
            let help = help.unwrap_or_else(|| format!("the keys here are {}", list(known)));
            reader.error(Code::UnknownKey, key.span, format!("unknown key `{}`", key.text)).help = Some(help);
        }
    }
}

/// Returns words in backticks with commas between them.
pub fn list<'a>(words: impl IntoIterator<Item = &'a (impl AsRef<str> + 'a + ?Sized)>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect();
    words.join(", ")
}

/// Defines a struct that can be read from a mapping: unknown, duplicate and missing keys are reported.
///
/// `Option`, `Vec` and the like may be missing; everything else must be there. The docs of a field are the docs of its key.
#[macro_export]
macro_rules! record {
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident $(as $key:literal)?: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub struct $name { $($(#[$field_meta])* $(#[schemars(rename = $key)])? pub $field: $type,)* }

        impl $crate::yaml::record::FromNode for $name {
            fn from_node(node: &$crate::yaml::Node, reader: &mut $crate::yaml::record::Reader<'_>) -> Option<Self> {
                let mut fields = $crate::yaml::record::Fields::new(node, reader)?;
                $(let $field = fields.take::<$type>($crate::record!(@key $field $($key)?), reader);)*
                fields.finish(&[$($crate::record!(@key $field $($key)?)),*], reader);
                Some(Self { $($field: $field?,)* })
            }
        }
    };
}

/// Defines an enumeration that can be read from a word.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the word that files use.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Returns the value that a word names.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl $crate::yaml::record::FromNode for $name {
            fn from_node(node: &$crate::yaml::Node, reader: &mut $crate::yaml::record::Reader<'_>) -> Option<Self> {
                let text = String::from_node(node, reader)?;
                let value = Self::from_word(&text);
                if value.is_none() {
                    $crate::yaml::record::unknown_word(&text, &[$($word),*], node.span, reader);
                }
                value
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"enum": [$($word),*]})
            }
        }
    };
}

/// Reports a word that is not among those allowed.
pub fn unknown_word(word: &str, allowed: &[&str], span: Span, reader: &mut Reader<'_>) {
    let help = did_you_mean(word, allowed.iter().copied()).unwrap_or_else(|| format!("one of {}", list(allowed)));
    reader.error(Code::UnknownWord, span, format!("`{word}` is not a word that this key knows")).help = Some(help);
}
