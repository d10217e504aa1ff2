//! Writing documents beside the edits of people: nothing that a person wrote is ever lost.
//!
//! `.opsready/base/` holds the bytes last rendered. What a person made of a document since then is merged with the new
//! rendering; a document that is gone was deleted and stays so until it is asked for.

mod stale;

use super::files::{self, Content};
use super::{Error, Workspace};
use crate::assessment::Assessment;
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span};
use crate::document::merge::{Merged, faults_of_regions, first_side, is_same, merge, unresolved, with_regions};
use crate::document::set::Kind;
use crate::document::share::share_out;
use crate::document::template::Templates;
use crate::document::{Document, links, render};
use crate::exchange::package::{self, PACKAGE};
use crate::kit::Kit;
use crate::plan::Plan;
use crate::plan::progress::Progress;
use crate::scoring::Scorecard;
use crate::workspace::Loaded;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the bytes last rendered are kept.
pub(super) const BASE: &str = ".opsready/base";

/// Where a document is kept that its owner let be rendered anew.
const BACKUP: &str = ".opsready/backup";

/// Where the names and the time of the last rendering are kept.
const MANIFEST: &str = ".opsready/manifest.json";

/// How many documents are written at once.
const WRITERS: usize = 8;

/// The mark that some editors put at the start of a file.
const BOM: char = '\u{feff}';

/// What happens to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not there yet.
    Create,
    /// Nobody edited it: it is replaced.
    Update,
    /// A person edited it: what is new is merged with that.
    Merge,
    /// A person edited lines that have something new to say: both stand there, between markers.
    Conflict,
    /// It is as it should be.
    Unchanged,
    /// A person edited it, and nothing new is to be said.
    Edited,
    /// Its owner deleted it: it stays deleted.
    Deleted,
    /// It is no longer rendered and was not edited: it goes.
    Withdraw,
    /// It is no longer rendered and was edited: it is left as it is.
    Orphan,
    /// It is there and differs, and nobody knows what was rendered last: it is left as it is.
    NoRecord,
    /// Its owner wants it rendered anew.
    Reset,
    /// It holds an unfinished merge, or markers that are no pair: nothing can be done with it.
    Refused,
}

impl Fate {
    /// Every fate.
    pub const ALL: &[Self] = &[
        Self::Create,
        Self::Update,
        Self::Merge,
        Self::Conflict,
        Self::Unchanged,
        Self::Edited,
        Self::Deleted,
        Self::Withdraw,
        Self::Orphan,
        Self::NoRecord,
        Self::Reset,
        Self::Refused,
    ];

    /// Returns the word by which data name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Merge => "merge",
            Self::Conflict => "conflict",
            Self::Unchanged => "unchanged",
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Withdraw => "withdraw",
            Self::Orphan => "orphan",
            Self::NoRecord => "no-record",
            Self::Reset => "reset",
            Self::Refused => "refused",
        }
    }

    /// Returns true if the file on disk is not what it should be.
    pub fn is_stale(self) -> bool {
        !matches!(self, Self::Unchanged | Self::Edited | Self::Deleted | Self::Orphan)
    }

    /// Returns true if the document is written.
    pub fn is_written(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Merge | Self::Conflict | Self::Reset)
    }
}

/// What rendering does to one document.
#[derive(Clone, Debug)]
pub struct Step {
    /// The id of its kind; nothing if it is no longer rendered.
    pub kind: Option<&'static str>,
    /// The path in the workspace, with `/` between its parts.
    pub path: String,
    /// What happens to it.
    pub fate: Fate,
    /// What stands there now; nothing if it is not there.
    pub current: Option<String>,
    /// What it is to hold; nothing if it is no longer rendered.
    pub text: Option<String>,
    /// The new rendering, with which the next one is compared.
    pub(super) rendering: Option<String>,
    /// The lines on which conflicts begin, counted from 1.
    pub conflicts: Vec<usize>,
    /// The sections whose text lost its place.
    pub orphaned: Vec<String>,
}

/// What rendering does, and what stands in its way.
#[derive(Clone, Debug, Default)]
pub struct DocumentPlan {
    /// What happens to each document, in the order of reading.
    pub steps: Vec<Step>,
    /// Documents in which a merge is unfinished or markers are no pair.
    pub faults: Vec<Diagnostic>,
    /// What its owner should know of the roadmap.
    pub warnings: Vec<Diagnostic>,
}

impl DocumentPlan {
    /// Returns true if the document with a path is to be rendered.
    pub fn has(&self, path: &str) -> bool {
        self.steps.iter().any(|step| step.path == path && step.rendering.is_some())
    }
}

impl Workspace {
    /// Renders every document in memory and decides what happens to each. `anew` names those that their owner edited or deleted
    /// and wants as they are rendered.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a template is broken, a file cannot be read, or the plan asks for what cannot be.
    pub fn plan_documents(&self, loaded: &Loaded, anew: &[String]) -> Result<DocumentPlan, Error> {
        let card = Scorecard::of(&loaded.kit, &loaded.assessment);
        let (roadmap, warnings) = loaded.roadmap(&card)?;
        Ok(DocumentPlan { warnings, ..self.plan_scored(loaded, &card, &roadmap, anew)? })
    }

    /// Does the same with scores and roadmap at hand, whose warnings their owner has.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a template is broken or a file cannot be read.
    pub fn plan_scored(&self, loaded: &Loaded, card: &Scorecard, roadmap: &Plan, anew: &[String]) -> Result<DocumentPlan, Error> {
        let mut documents = self.render(&loaded.kit, &loaded.assessment, card, roadmap, loaded.progress(card).as_ref())?;
        let rendered: BTreeSet<String> = documents.iter().map(|document| document.path.clone()).collect();
        // No link leads to a document that there is no content for, or that its owner deleted.
        let possible = Kind::all().flat_map(|kind| kind.paths(&loaded.kit)).chain(PACKAGE.iter().map(|file| file.path.to_owned()));
        let is_deleted = |path: &String| !anew.contains(path) && !self.path(path).exists() && self.path(BASE).join(path).exists();
        let absent: BTreeSet<String> = possible.filter(|path| !rendered.contains(path) || is_deleted(path)).collect();
        links::unlink(&mut documents, |path| absent.contains(path));
        let mut plan = DocumentPlan::default();
        for document in documents {
            let is_wanted = anew.contains(&document.path);
            self.plan_rendered(document, BASE, is_wanted, &mut plan)?;
        }
        let base = self.path(BASE);
        for path in if base.is_dir() { files::tree(&base)? } else { Vec::new() } {
            let path = slashed(&path);
            if !rendered.contains(&path) {
                plan.steps.push(self.plan_withdrawn(path)?);
            }
        }
        Ok(plan)
    }

    /// Renders every document and the data beside them, with the templates of the workspace. `card` has the scores of the whole
    /// assessment, also where some of it is not to be shown.
    pub(super) fn render(
        &self,
        kit: &Kit,
        assessment: &Assessment,
        card: &Scorecard,
        plan: &Plan,
        progress: Option<&Progress>,
    ) -> Result<Vec<Document>, Error> {
        let templates = Templates::new(&self.overrides()?).map_err(template_fault)?;
        let mut documents = render(kit, assessment, card, plan, progress, &templates, PACKAGE).map_err(template_fault)?;
        for document in &documents {
            let source = Source::new(&document.path, &document.text);
            if let Some(fault) = faults_of_regions(&source).first() {
                let message = format!("the templates of `{}` write a region twice or half: {}", document.path, fault.message);
                return Err(Diagnostic::placeless(Code::BadTemplate, message).help("give each `keep(\"…\")` a name of its own").into());
            }
        }
        documents.extend(package::documents(kit, assessment, card, plan));
        Ok(documents)
    }

    /// Decides what happens to a document of which the bytes last rendered are kept in `base`.
    pub(super) fn plan_rendered(&self, document: Document, base: &str, is_wanted: bool, plan: &mut DocumentPlan) -> Result<(), Error> {
        let new = document.text;
        let base = match files::read_content(&self.path(base).join(&document.path))? {
            Content::Text(text) => Content::Text(first_side(&text).into_owned()),
            other => other,
        };
        let mut step =
            Step { kind: Some(document.kind), text: Some(new.clone()), rendering: Some(new.clone()), ..Step::gone(document.path) };
        step.fate = match files::read_content(&self.path(&step.path))? {
            Content::Missing if base == Content::Missing || is_wanted => Fate::Create,
            Content::Missing => Fate::Deleted,
            Content::Bytes if is_wanted => Fate::Reset,
            Content::Bytes => {
                let message = format!("`{}` is not UTF-8, so nothing can be merged with it", self.path(&step.path).display());
                let help = format!("save it as UTF-8, or take the new rendering with `opsready render --reset {}`", step.path);
                plan.faults.push(Diagnostic::placeless(Code::NotUtf8, message).help(help));
                Fate::Refused
            }
            Content::Text(current) => {
                let written = current.trim_start_matches(BOM);
                let yours = match &base {
                    // Layout means nothing in JSON, and cannot be merged line by line.
                    Content::Text(base) if is_same_json(&step.path, base, written) => base,
                    // Nobody resolves by hand what two branches calculated.
                    Content::Text(base) if is_data(&step.path) && !unresolved(written).is_empty() => base,
                    _ => written,
                };
                let yours = Source::new(self.path(&step.path).display().to_string(), yours);
                let mark = if current.starts_with(BOM) { BOM.to_string() } else { String::new() };
                let (fate, merged) = beside(&base, &yours, &new, is_wanted, &mut plan.faults);
                let text = mark + &merged.text;
                (step.conflicts, step.orphaned) = (merged.conflicts, merged.orphaned);
                // Rendering anew what is as it was rendered changes nothing.
                let is_as_rendered = fate == Fate::Reset && text == current;
                step.text = Some(text);
                step.current = Some(current);
                if is_as_rendered { Fate::Unchanged } else { fate }
            }
        };
        plan.steps.push(step);
        Ok(())
    }

    fn plan_withdrawn(&self, path: String) -> Result<Step, Error> {
        let base = files::read_content(&self.path(BASE).join(&path))?;
        let current = files::read_content(&self.path(&path))?;
        let is_unedited = match (&current, &base) {
            // Where two branches rendered, git left both sides in the record.
            (Content::Text(current), Content::Text(base)) => is_same(current.trim_start_matches(BOM), &first_side(base)),
            (current, _) => *current == Content::Missing,
        };
        let fate = if is_unedited { Fate::Withdraw } else { Fate::Orphan };
        let current = if let Content::Text(text) = current { Some(text) } else { None };
        Ok(Step { fate, current, ..Step::gone(path) })
    }

    /// Writes what was planned. The caller holds the lock. `time` goes into the manifest and nowhere else. Returns where the
    /// documents were kept that are rendered anew.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when a file cannot be written; each file is whole, old or new.
    pub fn write_documents(&self, loaded: &Loaded, steps: &[Step], time: &str) -> Result<Vec<PathBuf>, Error> {
        let mut kept = Vec::new();
        for step in steps.iter().filter(|step| step.fate == Fate::Reset) {
            kept.extend(self.back_up(&step.path)?);
        }
        for step in steps.iter().filter(|step| step.fate == Fate::Withdraw) {
            for path in [self.path(&step.path), self.path(BASE).join(&step.path)] {
                files::delete(&path)?;
                // The folder goes with its last document.
                let _ = path.parent().map(std::fs::remove_dir);
            }
        }
        // Most of the time goes into waiting for the disk, which several files can do at once.
        let mut folders = BTreeSet::new();
        for written in share_out(steps, WRITERS, |step| self.write_document(step, BASE)) {
            folders.extend(written?);
        }
        share_out(&folders.into_iter().collect::<Vec<_>>(), WRITERS, |folder| files::sync_folder(folder));
        let is_changed = steps.iter().any(|step| step.fate.is_written() || step.fate == Fate::Withdraw);
        if is_changed || !self.path(MANIFEST).is_file() {
            self.write_manifest(loaded, time)?;
        }
        Ok(kept)
    }

    /// Writes a document and its record, which is kept in `base`. Returns the folders that were written to.
    pub(super) fn write_document(&self, step: &Step, base: &str) -> Result<Vec<PathBuf>, Error> {
        let (path, base) = (self.path(&step.path), self.path(base).join(&step.path));
        let (Some(text), Some(rendering)) = (&step.text, &step.rendering) else { return Ok(Vec::new()) };
        let mut folders = Vec::new();
        // The document first: should this be cut short, it is merged once more with the same, which changes nothing.
        if step.fate.is_written() {
            folders.push(files::put(&path, text.as_bytes())?);
        }
        let is_recorded = || files::read_bytes(&base).map(|bytes| bytes.is_some_and(|bytes| bytes == rendering.as_bytes()));
        let is_settled = step.fate.is_written() || matches!(step.fate, Fate::Unchanged | Fate::Edited);
        if is_settled && !is_recorded()? {
            folders.push(files::put(&base, rendering.as_bytes())?);
        }
        Ok(folders)
    }

    /// Keeps a document as it stands, beside those that were kept before. Returns where.
    pub(super) fn back_up(&self, path: &str) -> Result<Option<PathBuf>, Error> {
        let Some(bytes) = files::read_bytes(&self.path(path))? else { return Ok(None) };
        let folder = self.path(BACKUP);
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            files::write(&ignore, b"*\n")?;
        }
        let mut kept = folder.join(path);
        let mut number = 1;
        while kept.exists() {
            number += 1;
            kept = folder.join(format!("{path}.{number}"));
        }
        files::write(&kept, &bytes)?;
        Ok(Some(kept))
    }

    /// Writes the names of all documents that were rendered, now or before.
    fn write_manifest(&self, loaded: &Loaded, time: &str) -> Result<(), Error> {
        let documents: Vec<String> = files::tree(&self.path(BASE))?.iter().map(|path| slashed(path)).collect();
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

    /// Finds the links in the documents, as they stand, that lead nowhere.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when a document cannot be read.
    pub fn dangling_links(&self, plan: &DocumentPlan) -> Result<Vec<Diagnostic>, Error> {
        let mut paths = Vec::new();
        let mut sources = Vec::new();
        let is_markdown = |step: &&Step| Path::new(&step.path).extension().is_some_and(|extension| extension == "md");
        for step in plan.steps.iter().filter(is_markdown) {
            if let Content::Text(text) = files::read_content(&self.path(&step.path))? {
                sources.push(Source::new(self.path(&step.path).display().to_string(), text.trim_start_matches(BOM)));
                paths.push(step.path.clone());
            }
        }
        Ok(links::dangling(&sources, &paths, |path| self.path(path).exists()))
    }
}

impl Step {
    /// Returns what happens to a file that is never merged.
    pub(super) fn plain(path: String, fate: Fate, text: String, current: Option<String>) -> Self {
        Self { fate, rendering: Some(text.clone()), text: Some(text), current, ..Self::gone(path) }
    }

    /// Returns what is known of a document that is no longer rendered.
    fn gone(path: String) -> Self {
        Self {
            kind: None,
            path,
            fate: Fate::Withdraw,
            current: None,
            text: None,
            rendering: None,
            conflicts: Vec::new(),
            orphaned: Vec::new(),
        }
    }
}

/// Decides what happens to a document that is there, and what it is to hold.
fn beside(base: &Content, yours: &Arc<Source>, new: &str, is_wanted: bool, faults: &mut Vec<Diagnostic>) -> (Fate, Merged) {
    let plainly = |text: String| Merged { text, ..Merged::default() };
    if is_wanted {
        return (Fate::Reset, plainly(with_regions(yours, new).unwrap_or_else(|_| new.to_owned())));
    }
    if is_same(&yours.text, new) {
        return (Fate::Unchanged, plainly(yours.text.clone()));
    }
    let Content::Text(base) = base else {
        return (Fate::NoRecord, plainly(new.to_owned()));
    };
    match merged(base, yours, new) {
        Ok(merged) => (fate(base, &yours.text, &merged), merged),
        Err(found) => {
            faults.extend(found);
            (Fate::Refused, plainly(new.to_owned()))
        }
    }
}

/// Merges, unless the document holds an unfinished merge.
fn merged(base: &str, yours: &Arc<Source>, new: &str) -> Result<Merged, Vec<Diagnostic>> {
    let open: Vec<usize> = unresolved(&yours.text);
    if open.is_empty() {
        return merge(base, yours, new);
    }
    let starts: Vec<usize> = std::iter::once(0).chain(yours.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let fault = |line: usize| {
        let start = starts[line - 1];
        let end = starts.get(line).map_or(yours.text.len(), |next| next - 1);
        let location = Location::new(yours, Span::new(start, start + yours.text[start..end].trim_end().len()));
        // What `render` leaves is named `yours`; everything else comes of a merge of branches.
        let help = if yours.text[start..end].starts_with("<<<<<<< yours") {
            "choose between your lines and those that were rendered, delete the three marker lines, and render again"
        } else {
            "`opsready render --resolve` makes one of what both branches say; or choose, delete the three marker lines, and render again"
        };
        Diagnostic::error(Code::ConflictMarkers, location, "a merge is unfinished here").help(help)
    };
    Err(open.into_iter().map(fault).collect())
}

/// Returns true for a file of the data package, which is no document.
fn is_data(path: &str) -> bool {
    PACKAGE.iter().any(|file| file.path == path)
}

/// Returns true if two texts of a JSON file have the same content.
fn is_same_json(path: &str, a: &str, b: &str) -> bool {
    let content = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    Path::new(path).extension().is_some_and(|extension| extension == "json") && content(a).is_some_and(|a| content(b) == Some(a))
}

fn fate(base: &str, yours: &str, merged: &Merged) -> Fate {
    if !merged.conflicts.is_empty() {
        Fate::Conflict
    } else if merged.text == yours {
        if is_same(base, yours) { Fate::Unchanged } else { Fate::Edited }
    } else if is_same(base, yours) {
        Fate::Update
    } else {
        Fate::Merge
    }
}

pub(super) fn slashed(path: &Path) -> String {
    let parts: Vec<String> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

pub(super) fn template_fault(error: crate::document::template::TemplateError) -> Error {
    let help =
        "templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are";
    files::fault(Diagnostic::placeless(Code::BadTemplate, error.to_string()).help(help))
}
