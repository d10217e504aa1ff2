//! Writing documents beside the edits of people: nothing that a person changed is ever overwritten.
//!
//! `.opsready/base/` holds the bytes last rendered. A document that still has them may be replaced; one that differs was edited
//! and is left as it is; one that is gone was deleted and stays so.

use super::{Error, Workspace, files};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::template::Templates;
use crate::document::{Document, render};
use crate::plan::Plan;
use crate::scoring::Scorecard;
use crate::workspace::Loaded;
use std::path::Path;

/// Where the bytes last rendered are kept.
const BASE: &str = ".opsready/base";

/// Where the names and the time of the last rendering are kept.
const MANIFEST: &str = ".opsready/manifest.json";

/// What happens to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not there yet.
    New,
    /// It is as it should be.
    Unchanged,
    /// It is replaced.
    Updated,
    /// A person edited it and nothing new is to be said: it is left as it is.
    Edited,
    /// A person edited it and there is something new to say: it is left as it is.
    EditedAndStale,
    /// Its owner deleted it: it stays deleted.
    Deleted,
    /// It is no longer rendered and was not edited: it goes.
    Withdrawn,
    /// It is no longer rendered and was edited: it is left as it is.
    Orphaned,
}

impl Fate {
    /// Returns the word that lists show.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Updated => "updated",
            Self::Edited | Self::EditedAndStale => "edited by you, left as it is",
            Self::Deleted => "deleted by you",
            Self::Withdrawn => "withdrawn",
            Self::Orphaned => "no longer rendered, edited by you, left as it is",
        }
    }

    /// Returns true if the file on disk is not what it should be.
    pub fn is_stale(self) -> bool {
        matches!(self, Self::New | Self::Updated | Self::EditedAndStale | Self::Withdrawn)
    }

    /// Returns true if a person's edit keeps the document from being rendered.
    pub fn is_left(self) -> bool {
        matches!(self, Self::Edited | Self::EditedAndStale | Self::Orphaned)
    }
}

/// What rendering does to one document.
#[derive(Clone, Debug)]
pub struct Step {
    /// The path in the workspace, with `/` between its parts.
    pub path: String,
    /// What happens to it.
    pub fate: Fate,
    /// What stands there now; nothing if it is not there.
    pub current: Option<String>,
    /// The new rendering; nothing if it is no longer rendered.
    pub new: Option<String>,
}

impl Workspace {
    /// Renders every document in memory and decides what happens to each.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a template is broken or a file cannot be read.
    pub fn plan_documents(&self, loaded: &Loaded, restore: &[String]) -> Result<Vec<Step>, Error> {
        let documents = self.render(loaded)?;
        let mut steps = Vec::new();
        for document in &documents {
            steps.push(self.step(&document.path, Some(&document.text), restore)?);
        }
        let base = self.path(BASE);
        let known = if base.is_dir() { files::tree(&base)? } else { Vec::new() };
        for path in known {
            let path = slashed(&path);
            if !documents.iter().any(|document| document.path == path) {
                steps.push(self.step(&path, None, restore)?);
            }
        }
        steps.retain(|step| step.new.is_some() || step.current.is_some());
        Ok(steps)
    }

    fn render(&self, loaded: &Loaded) -> Result<Vec<Document>, Error> {
        let card = Scorecard::of(&loaded.kit, &loaded.assessment);
        let plan = Plan::of(&loaded.kit, &card);
        let templates = Templates::new(&self.overrides()?).map_err(template_fault)?;
        render(&loaded.kit, &loaded.assessment, &card, &plan, &templates).map_err(template_fault)
    }

    fn step(&self, path: &str, new: Option<&str>, restore: &[String]) -> Result<Step, Error> {
        let current = files::read_bytes(&self.path(path))?;
        let base = files::read_bytes(&self.path(BASE).join(path))?;
        let is = |bytes: &Option<Vec<u8>>, text: &str| bytes.as_ref().is_some_and(|bytes| same_text(bytes, text.as_bytes()));
        let is_base = match (&current, &base) {
            (Some(current), Some(base)) => same_text(current, base),
            _ => false,
        };
        let wanted = restore.iter().any(|name| name == path);
        let fate = match (new, &current, &base) {
            (None, _, _) if is_base || current.is_none() => Fate::Withdrawn,
            (None, _, _) => Fate::Orphaned,
            (Some(_), None, Some(_)) if !wanted => Fate::Deleted,
            (Some(_), None, _) => Fate::New,
            (Some(new), Some(_), _) if is(&current, new) => Fate::Unchanged,
            (Some(_), Some(_), _) if wanted => Fate::Updated,
            (Some(_), Some(_), Some(_)) if is_base => Fate::Updated,
            (Some(new), Some(_), Some(_)) if is(&base, new) => Fate::Edited,
            (Some(_), Some(_), _) => Fate::EditedAndStale,
        };
        let current = current.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Step { path: path.to_owned(), fate, current, new: new.map(str::to_owned) })
    }

    /// Writes what was planned. The caller holds the lock. `time` goes into the manifest and nowhere else.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when a file cannot be written; each file is whole, old or new.
    pub fn write_documents(&self, loaded: &Loaded, steps: &[Step], time: &str) -> Result<(), Error> {
        let mut changed = false;
        for step in steps {
            let base = self.path(BASE).join(&step.path);
            match (step.fate, &step.new) {
                (Fate::New | Fate::Updated, Some(new)) => {
                    // The document first: should this be cut short, it differs from its base and is taken for edited, never lost.
                    files::write(&self.path(&step.path), new.as_bytes())?;
                    files::write(&base, new.as_bytes())?;
                    changed = true;
                }
                (Fate::Unchanged, Some(new)) => {
                    let is_base = files::read_bytes(&base)?.is_some_and(|bytes| bytes == new.as_bytes());
                    if !is_base {
                        files::write(&base, new.as_bytes())?;
                    }
                }
                (Fate::Withdrawn, _) => {
                    for path in [self.path(&step.path), base] {
                        files::delete(&path)?;
                        // The folder goes with its last document.
                        let _ = path.parent().map(std::fs::remove_dir);
                    }
                    changed = true;
                }
                _ => {}
            }
        }
        if changed || !self.path(MANIFEST).is_file() {
            self.write_manifest(loaded, steps, time)?;
        }
        Ok(())
    }

    fn write_manifest(&self, loaded: &Loaded, steps: &[Step], time: &str) -> Result<(), Error> {
        let mut documents: Vec<&str> = steps.iter().filter(|step| step.new.is_some()).map(|step| step.path.as_str()).collect();
        documents.sort_unstable();
        let manifest = serde_json::json!({
            "schema": "opsready/manifest/v1",
            "generated": time,
            "kit": {"id": loaded.kit.file.id.as_str(), "version": loaded.kit.file.version.0},
            "documents": documents,
        });
        let mut text = serde_json::to_string_pretty(&manifest).expect("the manifest has only text keys");
        text.push('\n');
        files::write(&self.path(MANIFEST), text.as_bytes())
    }
}

/// Returns true if two texts are the same but for their line ends, which git may have changed.
fn same_text(a: &[u8], b: &[u8]) -> bool {
    let plain = |bytes: &[u8]| bytes.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
    a == b || plain(a) == plain(b)
}

pub(super) fn slashed(path: &Path) -> String {
    let parts: Vec<String> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

pub(super) fn template_fault(error: crate::document::template::TemplateError) -> Error {
    let known: Vec<&str> = Templates::names().collect();
    let help = format!("templates of the kit are in `kit/templates`; they override {}", crate::yaml::record::list(&known));
    files::fault(Diagnostic::placeless(Code::BadTemplate, error.to_string()).help(help))
}
