//! Milestones as JSON, schema `opsready/milestone/v1`: a scorecard as it was, and what it was made of.
//!
//! The scorecard never changes, whatever becomes of the kit. Beside it stand the texts of the files and the [`model`] of the kit, so
//! that the same answers can be scored again under another one. A milestone is written by the program alone; its seal tells if
//! somebody changed it.

pub mod model;

use super::scorecard;
use crate::assessment::Assessment;
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span};
use crate::fingerprint::Fnv;
use crate::kit::Kit;
use crate::plan::Plan;
use crate::plan::progress::carry::Said;
use crate::plan::progress::{Frozen, KitIdentity, Milestone, Results};
use crate::scoring::Scorecard;
use crate::yaml;
use crate::yaml::record::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name of the format.
pub const SCHEMA: &str = "opsready/milestone/v1";

/// How the name of the format begins, whatever its version.
const FAMILY: &str = "opsready/milestone/";

/// What a milestone says beside what the workspace holds.
#[derive(Clone, Copy, Debug)]
pub struct Label<'l> {
    /// The name.
    pub name: &'l str,
    /// What is said of it.
    pub note: Option<&'l str>,
    /// The day on which it is saved.
    pub saved_on: Date,
    /// Its place among the milestones of the workspace, from 1.
    pub sequence: u64,
}

/// Returns a milestone as JSON text with a final newline. `files` are the texts that it was made of, by path in the workspace.
pub fn text(label: Label<'_>, kit: &Kit, assessment: &Assessment, files: &BTreeMap<String, String>) -> String {
    let card = Scorecard::of(kit, assessment);
    let identity = KitIdentity::of(kit);
    let mut value = json!({
        "schema": SCHEMA,
        "name": label.name,
        "saved_on": label.saved_on.to_string(),
        "sequence": label.sequence,
        "note": label.note,
        "program": env!("CARGO_PKG_VERSION"),
        "kit": {
            "id": identity.id,
            "title": identity.title,
            "version": identity.version,
            "overlay": identity.is_overlaid,
            "digest": identity.digest,
        },
        "scorecard": scorecard::json(kit, assessment, &card, &Plan::of(kit, assessment, &card)),
        "files": files,
        "model": model::json(kit),
    });
    // Numbers are sealed as they are read.
    let read_back: Value = serde_json::from_str(&value.to_string()).expect("it was just written");
    value["seal"] = Value::String(seal(&read_back));
    let mut text = String::new();
    lay_out(&value, 0, &mut text);
    text.push('\n');
    text
}

/// Writes JSON with a line for each entry, down to single capabilities and files: half the bytes of one with a line for each value.
fn lay_out(value: &Value, depth: usize, text: &mut String) {
    /// How deep entries have lines of their own.
    const DEEPEST: usize = 3;
    let entries: Vec<(Option<&String>, &Value)> = match value {
        Value::Object(map) if depth < DEEPEST && !map.is_empty() => map.iter().map(|(key, value)| (Some(key), value)).collect(),
        Value::Array(list) if depth < DEEPEST && !list.is_empty() => list.iter().map(|value| (None, value)).collect(),
        _ => {
            text.push_str(&value.to_string());
            return;
        }
    };
    let (open, close) = if value.is_object() { ('{', '}') } else { ('[', ']') };
    text.push(open);
    for (at, (key, value)) in entries.into_iter().enumerate() {
        text.push_str(if at == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        if let Some(key) = key {
            text.push_str(&Value::from(key.as_str()).to_string());
            text.push_str(": ");
        }
        lay_out(value, depth + 1, text);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(close);
}

/// Returns what tells if a milestone was changed: layout apart, everything but the seal itself counts.
fn seal(value: &Value) -> String {
    let mut value = value.clone();
    if let Some(map) = value.as_object_mut() {
        map.shift_remove("seal");
    }
    let mut hash = Fnv::default();
    hash.add_lines(value.to_string().as_bytes());
    hash.digits()
}

/// A milestone as its file has it.
#[derive(Clone, Debug)]
pub struct MilestoneFile {
    /// What it froze.
    pub milestone: Milestone,
    /// The texts that it was made of, by path in the workspace.
    pub files: BTreeMap<String, String>,
    /// What scores need of its kit.
    pub model: Value,
    /// The file.
    pub source: Arc<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[expect(dead_code, reason = "it was looked at before")]
    schema: String,
    name: String,
    saved_on: String,
    sequence: u64,
    note: Option<String>,
    program: String,
    kit: WrittenKit,
    scorecard: Results,
    files: BTreeMap<String, String>,
    model: Value,
    seal: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKit {
    id: String,
    title: String,
    version: String,
    overlay: bool,
    digest: String,
}

/// Reads a milestone from the file with the name `stem`. There is one if there is no error; a warning tells if it was changed.
pub fn read(stem: &str, source: &Arc<Source>) -> (Option<MilestoneFile>, Vec<Diagnostic>) {
    let restore = format!("take it back from version control: `git checkout -- {}`; nobody edits a milestone", source.path);
    if let Some(found) = yaml::conflict_markers(source) {
        let help = "two branches saved a milestone of this name: keep one side, and save the other under a name of its own";
        return (None, vec![found.help(help)]);
    }
    if source.text.trim().is_empty() {
        let start = Location::new(source, Span::default());
        return (None, vec![Diagnostic::error(Code::EmptyFile, start, "the file is empty").help(restore)]);
    }
    let value: Value = match serde_json::from_str(&source.text) {
        Ok(value) => value,
        Err(error) => {
            let what =
                if error.is_eof() { "the file ends in the middle".to_owned() } else { format!("this is not JSON: {}", said(&error)) };
            return (None, vec![Diagnostic::error(Code::BadMilestone, place(source, &error), what).help(restore)]);
        }
    };
    if let Some(found) = other_format(source, &value) {
        return (None, vec![found]);
    }
    let written: Written = match serde_json::from_str(&source.text) {
        Ok(written) => written,
        Err(error) => {
            let message = format!("this is no milestone as the program writes it: {}", said(&error));
            return (None, vec![Diagnostic::error(Code::BadMilestone, place(source, &error), message).help(restore)]);
        }
    };
    if written.name != stem {
        let at = Location::new(source, key(source, "name"));
        let message = format!("the file is named `{stem}` and holds the milestone `{}`", written.name);
        return (None, vec![Diagnostic::error(Code::FileNameDiffers, at, message).help("give the file the name of the milestone")]);
    }
    let Some(saved_on) = Date::parse(&written.saved_on) else {
        let at = Location::new(source, key(source, "saved_on"));
        let message = format!("`{}` is not a date that exists", written.saved_on);
        return (None, vec![Diagnostic::error(Code::BadDate, at, message).help(restore)]);
    };
    let mut diagnostics = Vec::new();
    if written.seal.as_deref() != Some(&seal(&value)) {
        let at = Location::new(source, key(source, "seal"));
        let message = format!("the milestone `{stem}` was changed after it was saved");
        diagnostics.push(Diagnostic::warning(Code::MilestoneChanged, at, message).help(restore));
    }
    let kit = KitIdentity {
        id: written.kit.id,
        title: written.kit.title,
        version: written.kit.version,
        is_overlaid: written.kit.overlay,
        digest: written.kit.digest,
    };
    let milestone = Milestone {
        name: written.name,
        saved_on,
        sequence: written.sequence,
        note: written.note.filter(|note| !note.trim().is_empty()),
        program: written.program,
        kit,
        results: written.scorecard,
    };
    (Some(MilestoneFile { milestone, files: written.files, model: written.model, source: Arc::clone(source) }), diagnostics)
}

/// Returns what is wrong if the file says that it is something else.
fn other_format(source: &Arc<Source>, value: &Value) -> Option<Diagnostic> {
    let start = Location::new(source, Span::default());
    let Some(map) = value.as_object() else {
        return Some(Diagnostic::error(Code::BadMilestone, start, "this is no milestone: an object belongs here"));
    };
    match map.get("schema").and_then(Value::as_str) {
        Some(SCHEMA) => None,
        Some(other) => {
            let at = Location::new(source, key(source, "schema"));
            let help = if other.starts_with(FAMILY) {
                format!("it reads `{SCHEMA}`; a newer file needs a newer opsready")
            } else {
                format!("a milestone has the format `{SCHEMA}`; move other files out of `milestones/`")
            };
            Some(Diagnostic::error(Code::UnknownWord, at, format!("`{other}` is not a format that this version reads")).help(help))
        }
        None => {
            let help = format!("a milestone has the format `{SCHEMA}`; move other files out of `milestones/`");
            Some(Diagnostic::error(Code::MissingKey, start, "the key `schema` is missing").help(help))
        }
    }
}

/// Returns the place of a key of the file: the first that is written so.
fn key(source: &Arc<Source>, name: &str) -> Span {
    let written = format!("\"{name}\"");
    source.text.find(&written).map_or(Span::default(), |start| Span::new(start, start + written.len()))
}

/// Returns the place that an error of JSON names, whose line and column count from 1 and the column in bytes.
fn place(source: &Arc<Source>, error: &serde_json::Error) -> Location {
    let start: usize = source.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut at = (start + error.column().saturating_sub(1)).min(source.text.len().saturating_sub(1));
    while !source.text.is_char_boundary(at) {
        at -= 1;
    }
    let end = source.text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
    Location::new(source, Span::new(at, end))
}

/// Returns what an error of JSON says, without its place.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

impl MilestoneFile {
    /// Returns true if both froze the same: files and kit.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.files == other.files && self.milestone.kit == other.milestone.kit
    }

    /// Returns the kit and the assessment of that time.
    ///
    /// # Errors
    ///
    /// Returns what is wrong; with a milestone that nobody changed, nothing.
    pub fn open(&self) -> Result<Frozen, Vec<Diagnostic>> {
        let at = |what: &str| format!("{}: {what}", self.source.path);
        let kit = model::kit(&self.model, &at("model"))?;
        let said = Said::read(&self.files, &at)?;
        Ok(Frozen { kit, said })
    }
}
