//! The files of a kit, key by key. The docs of a field are the docs of its key, in the schema and in the manual.
//!
//! These types say what may stand in a file. What the parts mean together (references, conditions, credits) is held by
//! [`Kit`](super::Kit), which is made from them and checked.

mod capability;
mod engagement;

pub use capability::*;
pub use engagement::*;

use crate::diagnostic::Code;
use crate::record;
use crate::yaml::record::{At, Entries, FromNode, Id, Reader, Texts};
use crate::yaml::{Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

record! {
    /// `kit.yaml`: what the kit is, and what its capabilities share.
    pub struct KitFile {
        /// The id of the kit; it never changes.
        pub id: At<Id>,
        /// The title that documents show.
        pub title: At<String>,
        /// The semantic version of the kit's content.
        pub version: At<Version>,
        /// What the kit assesses, in a few sentences.
        #[schemars(default)]
        pub description: Option<String>,
        /// Who publishes the kit.
        #[schemars(default)]
        pub publisher: Option<String>,
        /// The levels of maturity, lowest first. The first is the base: nothing is in place.
        pub scale: At<Vec<ScaleLevel>>,
        /// The environments in which questions are asked.
        pub environments: At<Vec<Environment>>,
        /// The environment in which gaps are closed. Absent: the last one.
        #[schemars(default)]
        pub target_environment: Option<At<Id>>,
        /// The level wanted where an assessment names none. Absent: the middle of the scale.
        #[schemars(default)]
        pub default_target: Option<At<i64>>,
        /// The roles that are asked, that answer, and that the RACI names.
        #[schemars(default)]
        pub roles: Vec<Role>,
        /// Headings over capabilities.
        #[schemars(default)]
        pub groups: Vec<Group>,
        /// The waves of the roadmap, in order.
        #[schemars(default)]
        pub waves: Vec<Wave>,
        /// Target levels by phase of the migration.
        #[schemars(default)]
        pub phases: Vec<Phase>,
        /// The standards that `maps` names.
        #[schemars(default)]
        pub frameworks: Vec<Framework>,
        /// The capabilities in their order. Absent: every file in `capabilities/`, by name.
        #[schemars(default)]
        pub capabilities: Vec<At<Id>>,
        /// Earlier ids of the kit.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// One level of the scale.
    pub struct ScaleLevel {
        /// The number of the level; each is one more than the one before.
        pub level: At<i64>,
        /// The name of the level, one word if possible.
        pub name: String,
        /// What can be observed at this level.
        #[schemars(default)]
        pub meaning: Option<String>,
    }
}

record! {
    /// An environment in which questions are asked.
    pub struct Environment {
        /// The id, used behind `@` in answers.
        pub id: At<Id>,
        /// The title.
        pub title: String,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// A role: asked, answering, accountable.
    pub struct Role {
        /// The id.
        pub id: At<Id>,
        /// The title.
        pub title: String,
        /// What the role answers for.
        #[schemars(default)]
        pub description: Option<String>,
        /// The team that holds it.
        #[schemars(default)]
        pub team: Option<String>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// A heading over capabilities.
    pub struct Group {
        /// The id.
        pub id: At<Id>,
        /// The title.
        pub title: String,
        /// What the group is about.
        #[schemars(default)]
        pub description: Option<String>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// A wave of the roadmap.
    pub struct Wave {
        /// The id.
        pub id: At<Id>,
        /// The title.
        pub title: String,
        /// How many points fit (an action of effort S has 1, M 3, L 8).
        pub capacity: At<f64>,
        /// What is better after it, in a sentence.
        #[schemars(default)]
        pub goal: Option<String>,
        /// What must hold before it begins.
        #[schemars(default)]
        pub entry: Texts,
        /// What must hold before it counts as done.
        #[schemars(default)]
        pub exit: Texts,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// A phase of the migration and the levels it needs.
    pub struct Phase {
        /// The id.
        pub id: At<Id>,
        /// The title.
        pub title: String,
        /// The level wanted by the end of the phase, by capability.
        #[schemars(default)]
        pub targets: Entries<At<i64>>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

/// A standard that practices map to: an id, or an id with its title and address.
#[derive(Clone, Debug)]
pub struct Framework {
    /// The id, used as a key in `maps`.
    pub id: At<Id>,
    /// The title; the id where none is given.
    pub title: String,
    /// Where to read it.
    pub url: Option<At<String>>,
}

record! {
    /// A standard with its title and address.
    pub struct FrameworkEntry {
        /// The id, used as a key in `maps`.
        pub id: At<Id>,
        /// The title.
        #[schemars(default)]
        pub title: Option<String>,
        /// The version or year.
        #[schemars(default)]
        pub version: Option<String>,
        /// Where to read it.
        #[schemars(default)]
        pub url: Option<At<String>>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

impl FromNode for Framework {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            let id: At<Id> = At::from_node(node, reader)?;
            return Some(Self { title: id.value.0.clone(), id, url: None });
        }
        let entry = FrameworkEntry::from_node(node, reader)?;
        let title = entry.title.unwrap_or_else(|| entry.id.value.0.clone());
        let title = entry.version.map_or_else(|| title.clone(), |version| format!("{title} {version}"));
        Some(Self { id: entry.id, title, url: entry.url })
    }
}

impl JsonSchema for Framework {
    fn schema_name() -> Cow<'static, str> {
        "Framework".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let id = generator.subschema_for::<Id>();
        let entry = generator.subschema_for::<FrameworkEntry>();
        schemars::json_schema!({"anyOf": [id, entry]})
    }
}

/// A semantic version, such as `1.0.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(pub String);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromNode for Version {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::from_node(node, reader)?;
        let core = text.split(['-', '+']).next().unwrap_or_default();
        let is_number = |part: &str| !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit());
        if core.split('.').count() == 3 && core.split('.').all(is_number) {
            return Some(Self(text));
        }
        reader.error(Code::BadVersion, node.span, format!("`{text}` is not a semantic version")).help =
            Some("write three numbers, such as 1.0.0".to_owned());
        None
    }
}

impl JsonSchema for Version {
    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+([-+].*)?$"})
    }
}
