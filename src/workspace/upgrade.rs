//! A newer kit brought into a workspace: planned in memory, held against everything that the workspace has, then written so that
//! a run that is cut short is finished by the next one, or has done nothing.
//!
//! The order: a milestone; every new file into `.opsready/upgrade/`; `journal.json` beside them, with which the upgrade is
//! decided; then file by file to its place; then the journal goes. While there is a journal, nothing else reads the workspace.

use super::create::Origin;
use super::templates::hash;
use super::{
    ASSESSMENT_FILE, BACKLOG, DECISIONS, Error, Loaded, OVERLAY, PLAN, RESPONSES, RISKS, Workspace, files, overlay_sources, read_kit,
};
use crate::assessment::carry::{self, Carried, Lost, Stuck, Texts};
use crate::assessment::read::{AssessmentSources, assessment};
use crate::assessment::register::{self, RegisterSources};
use crate::assessment::{Assessment, planning};
use crate::diagnostic::{Code, Diagnostic, Location, Source, has_errors, sort};
use crate::kit::read::{KitSources, OverlaySources};
use crate::kit::upgrade::mapping::{Mapping, Successors, mapping};
use crate::kit::upgrade::names::{Fates, Kind, Name, capability_of, get, is_yaml, names};
use crate::kit::upgrade::{BroughtIn, Conflict, Files, OwnChange, bring_in};
use crate::kit::{self, Kit};
use crate::plan::progress::History;
use crate::yaml::record::{Date, Id};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder with the kit as it was copied in, at `init` or at the last upgrade.
pub const BASE: &str = ".opsready/kit";

/// The folder in which an upgrade is made ready.
const STAGE: &str = ".opsready/upgrade";

/// The file that decides an upgrade.
const JOURNAL: &str = ".opsready/upgrade/journal.json";

/// How the kit is known from which the customer's copy was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// It was recorded.
    Recorded,
    /// Somebody named it.
    Named,
    /// The copy is what the program ships in that version.
    Shipped,
    /// It is not known: every difference is taken as the customer's.
    Unknown,
}

/// What an overlay or a template of the customer has to do with what changed.
#[derive(Clone, Debug)]
pub struct OverlayNote {
    /// The file in the workspace.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The place.
    at: Location,
    /// What the id is the id of.
    pub kind: Kind,
    /// The id.
    pub id: String,
    /// What became of it.
    pub fate: OverlayFate,
}

/// What became of something that an overlay names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverlayFate {
    /// It has another id, or several stand in its place.
    Renamed(Vec<String>),
    /// It is gone.
    Gone,
    /// It says something else than what was laid over.
    Changed,
}

/// An upgrade as it would be done.
#[derive(Debug)]
pub struct Upgrade {
    /// The kit's title.
    pub title: String,
    /// The id and version in the workspace.
    pub from: (String, String),
    /// The id and version that come.
    pub to: (String, String),
    /// How the kit is known from which the copy was made.
    pub base: Base,
    /// What became of questions, choices, practices and capabilities, as the workspace has them with its overlay.
    pub mapping: Mapping,
    /// What both sides touched in the kit.
    pub conflicts: Vec<Conflict>,
    /// What the customer changed in the kit and keeps.
    pub own: Vec<OwnChange>,
    /// Where the overlay names what changed.
    pub overlay: Vec<OverlayNote>,
    /// The customer's templates that override built-in ones which have changed since.
    pub templates: Vec<String>,
    /// What became of the agreed answers.
    pub answers: Carried,
    /// What became of the answers of each respondent.
    pub responses: Vec<(Id, Carried)>,
    /// What other files named that is gone: file, key and id.
    pub lost: Vec<(String, Lost)>,
    /// Capabilities that are gone and have answers.
    pub gone: Vec<String>,
    /// The workspace as it was.
    before: Loaded,
    /// Files to write: path in the workspace, and bytes.
    writes: Vec<(String, Vec<u8>)>,
    /// Files to delete: path in the workspace.
    deletes: Vec<String>,
}

impl Upgrade {
    /// Returns true if the workspace has this kit already.
    pub fn is_nothing(&self) -> bool {
        self.writes.is_empty() && self.deletes.is_empty()
    }

    /// Returns the files that would change outside of the program's own folder.
    pub fn changed_files(&self) -> usize {
        let own = |path: &&str| !path.starts_with(".opsready/");
        self.writes.iter().map(|(path, _)| path.as_str()).chain(self.deletes.iter().map(String::as_str)).filter(own).count()
    }
}

/// What an upgrade writes, as a file that decides it.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    /// The version that comes.
    to: String,
    write: Vec<JournalEntry>,
    delete: Vec<JournalEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct JournalEntry {
    path: String,
    /// What the file held before, so that nothing is overwritten that somebody wrote meanwhile.
    before: Option<String>,
}

/// A text file with what its text alone does not say.
#[derive(Clone, Debug)]
struct TextFile {
    path: String,
    text: String,
    has_mark: bool,
    has_crlf: bool,
}

const MARK: &[u8] = b"\xef\xbb\xbf";

impl TextFile {
    fn bytes(&self, text: &str) -> Vec<u8> {
        let text = if self.has_crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        [if self.has_mark { MARK } else { b"" }, text.as_bytes()].concat()
    }
}

/// Everything in a workspace that names ids of its kit.
#[derive(Debug, Default)]
struct Holdings {
    assessment: Option<TextFile>,
    answers: BTreeMap<String, TextFile>,
    responses: BTreeMap<Id, BTreeMap<String, TextFile>>,
    plans: BTreeMap<String, TextFile>,
    decisions: BTreeMap<String, TextFile>,
    risks: BTreeMap<String, TextFile>,
    backlog: BTreeMap<String, TextFile>,
}

fn texts(files: &BTreeMap<String, TextFile>) -> Texts {
    files.iter().map(|(stem, file)| (stem.clone(), file.text.clone())).collect()
}

/// The same with new texts.
#[derive(Debug, Default)]
struct NewTexts {
    assessment: String,
    answers: Texts,
    responses: BTreeMap<Id, Texts>,
    plans: Texts,
    decisions: Texts,
    risks: Texts,
    backlog: Texts,
}

impl Workspace {
    /// Plans an upgrade. Nothing is written. Unless the kit is the same, the caller shows the plan and gives it to
    /// [`upgrade`](Self::upgrade), under the lock.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Files`] with every fault when the result would not hold, [`Error::Unusable`] when the kit is another or an
    /// older one.
    pub fn plan_upgrade(&self, origin: &Origin, base: Option<&Path>) -> Result<Upgrade, Error> {
        self.refuse_unfinished()?;
        let their_kit = origin.read()?;
        let theirs = as_files(origin.files()?);
        let folder = self.path("kit");
        let own_kit = match read_kit(&folder)? {
            (Some(kit), _) => kit,
            (None, found) => return Err(Error::Files(found)),
        };
        let yours = as_files(Origin::Folder(folder).files()?);
        let (kind, base) = self.base(base, &own_kit)?;
        let from = base.as_ref().and_then(version_of).unwrap_or_else(|| own_kit.file.version.0.clone());
        refuse_other(&own_kit, &their_kit, &from)?;
        let before = self.loaded_before(&yours, own_kit)?;
        let own_kit = read_files(&yours, None).0.ok_or_else(|| Error::Unusable("the kit changed while it was read".to_owned()))?;
        let (from, to) = ((own_kit.file.id.0.clone(), from), (their_kit.file.id.0.clone(), their_kit.file.version.0.clone()));
        let held = self.holdings()?;
        self.refuse_unsettled(&held)?;
        let is_same = |a: &Files, b: &Files| {
            a.len() == b.len() && a.iter().all(|(path, bytes)| b.get(path).is_some_and(|other| plain(bytes) == plain(other)))
        };
        let named = before.assessment.file.kit.version.0.clone();
        if base.as_ref().is_some_and(|base| is_same(base, &theirs)) && named == to.1 {
            return Ok(Self::nothing(before, from, to, kind, &theirs));
        }
        let brought = bring_in(base.as_ref(), &yours, &theirs).map_err(Error::Files)?;
        let mut faults = Vec::new();
        let overlay = self.overlay(&mut faults)?;
        let (new_plain, of_kit) = read_as(&brought.files, None, AS_IT_WOULD_BE);
        let (new_kit, found) = read_as(&brought.files, Some(overlay), AS_IT_WOULD_BE);
        // With the overlay the same faults show again.
        faults.extend(if new_plain.is_none() { of_kit } else { found });
        let mut notes = self.overlay_notes(&yours, &brought)?;
        let (Some(new_kit), Some(new_plain)) = (new_kit, new_plain) else {
            faults.retain(Diagnostic::is_error);
            faults.extend(notes.iter().filter(|note| note.fate != OverlayFate::Changed).map(note_as_fault));
            sort(&mut faults);
            return Err(Error::Files(faults));
        };
        let upstream = mapping(&Successors::of(&own_kit, &new_plain));
        notes.extend(self.overlay_changed(&upstream)?);
        let successors = Successors::of(&before.kit, &new_kit);
        let (new, report) = carried(&successors, &before, &held)?;
        let mapping = mapping(&successors);
        self.hold(&new_kit, &new, &held)?;
        let mut planned = Planned::default();
        planned.kit(&yours, &brought.files);
        self.plan_base(&theirs, &mut planned)?;
        planned.texts(&held, &new);
        let gone: Vec<String> = (before.kit.capabilities.iter().map(|one| one.file.id.value.0.clone()))
            .filter(|id| successors.capability(id).is_empty() && held.answers.contains_key(id))
            .collect();
        let templates = self.templates()?.into_iter().filter(super::templates::Template::is_outdated);
        Ok(Upgrade {
            title: new_kit.file.title.value.clone(),
            from,
            to,
            base: kind,
            mapping,
            conflicts: brought.conflicts,
            own: brought.own,
            overlay: notes,
            templates: templates.filter_map(|template| template.path).collect(),
            answers: report.answers,
            responses: report.responses,
            lost: report.lost,
            gone,
            before,
            writes: planned.writes,
            deletes: planned.deletes,
        })
    }

    /// Returns the plan of a workspace that has the kit already. A base that was not recorded is.
    fn nothing(before: Loaded, from: (String, String), to: (String, String), base: Base, theirs: &Files) -> Upgrade {
        let mapping = mapping(&Successors::of(&before.kit, &before.kit));
        let base_files = || theirs.iter().map(|(path, bytes)| (format!("{BASE}/{path}"), bytes.clone()));
        Upgrade {
            title: before.kit.file.title.value.clone(),
            from,
            to,
            base,
            mapping,
            conflicts: Vec::new(),
            own: Vec::new(),
            overlay: Vec::new(),
            templates: Vec::new(),
            answers: Carried::default(),
            responses: Vec::new(),
            lost: Vec::new(),
            gone: Vec::new(),
            before,
            writes: if base == Base::Recorded { Vec::new() } else { base_files().collect() },
            deletes: Vec::new(),
        }
    }

    /// Does what was planned. The caller holds the lock. Returns the milestone that was saved before, where there is one.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a file cannot be written. What was begun is then finished by the next run, or has done nothing.
    pub fn upgrade(&self, planned: &Upgrade, today: Date) -> Result<Option<PathBuf>, Error> {
        let is_only_base = planned.changed_files() == 0;
        let milestone = if is_only_base { None } else { Some(self.save_milestone_before(planned, today)?) };
        let stage = self.path(STAGE);
        if stage.is_dir() {
            // What was made ready without being decided.
            std::fs::remove_dir_all(&stage).map_err(|source| Error::Machine { deed: files::Deed::Delete, path: stage.clone(), source })?;
        }
        let before = |path: &str| -> Result<Option<String>, Error> { Ok(files::read_bytes(&self.path(path))?.map(|bytes| hash(&bytes))) };
        let mut journal = Journal { to: planned.to.1.clone(), write: Vec::new(), delete: Vec::new() };
        for (index, (path, bytes)) in planned.writes.iter().enumerate() {
            files::put(&stage.join(index.to_string()), bytes)?;
            journal.write.push(JournalEntry { path: path.clone(), before: before(path)? });
        }
        for path in &planned.deletes {
            journal.delete.push(JournalEntry { path: path.clone(), before: before(path)? });
        }
        let text = serde_json::to_string_pretty(&journal).expect("the journal is text");
        files::write(&self.path(JOURNAL), text.as_bytes())?;
        self.finish_upgrade()?;
        Ok(milestone)
    }

    /// Saves the state before an upgrade under a name of its own, before anything else is written. Returns where.
    fn save_milestone_before(&self, planned: &Upgrade, today: Date) -> Result<PathBuf, Error> {
        let name = self.milestone_name(planned);
        let note = format!("The state before the kit {} {} took the place of {}.", planned.to.0, planned.to.1, planned.from.1);
        // With the plan and what lies over the kit, where these can be read.
        let whole = self.load_whole();
        self.save_milestone(whole.as_ref().unwrap_or(&planned.before), &name, Some(&note), today)
    }

    /// Returns the name of the milestone before an upgrade, which no other has.
    pub fn milestone_name(&self, planned: &Upgrade) -> String {
        /// How much of the kit's id is in it, so that the name of the file is not too long.
        const OF_ID: usize = 50;
        let id: String = planned.to.0.chars().take(OF_ID).collect();
        let version: String = planned.to.1.chars().filter(|c| Id::is_part(*c)).take(OF_ID / 2).collect();
        let name = format!("before-{id}-{version}");
        let is_free = |name: &String| !self.milestone_path(name).exists();
        let numbered = (2..).map(|count| format!("{name}-{count}"));
        std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or(name)
    }

    /// Finishes an upgrade that was cut short, if there is one. Returns the version that it brought.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Unusable`] when somebody has changed one of its files since, [`Error::Machine`] when one cannot be written.
    pub fn finish_upgrade(&self) -> Result<Option<String>, Error> {
        let Some(bytes) = files::read_bytes(&self.path(JOURNAL))? else {
            // What was made ready before anything was decided, or outlived its upgrade.
            let _ = std::fs::remove_dir_all(self.path(STAGE));
            return Ok(None);
        };
        let unreadable = |error| Error::Unusable(format!("`{JOURNAL}` cannot be read ({error}): restore the workspace with git"));
        let journal: Journal = serde_json::from_slice(&bytes).map_err(unreadable)?;
        let mut new = Vec::new();
        for (index, entry) in journal.write.iter().enumerate() {
            let staged = self.path(STAGE).join(index.to_string());
            let bytes = files::read_bytes(&staged)?
                .ok_or_else(|| Error::Unusable(format!("`{}` is missing: restore the workspace with git", staged.display())))?;
            let now = files::read_bytes(&self.path(&entry.path))?.map(|bytes| hash(&bytes));
            if now != entry.before && now != Some(hash(&bytes)) {
                return Err(self.changed_meanwhile(&entry.path));
            }
            new.push((entry, bytes));
        }
        for entry in &journal.delete {
            let now = files::read_bytes(&self.path(&entry.path))?.map(|bytes| hash(&bytes));
            if now.is_some() && now != entry.before {
                return Err(self.changed_meanwhile(&entry.path));
            }
        }
        for (entry, bytes) in new {
            let path = self.path(&entry.path);
            if files::read_bytes(&path)?.is_none_or(|now| now != bytes) {
                files::write(&path, &bytes)?;
            }
        }
        for entry in &journal.delete {
            let path = self.path(&entry.path);
            files::delete(&path)?;
            for above in path.ancestors().skip(1).take_while(|above| *above != self.path("kit") && *above != self.path(BASE)).take(1) {
                // Only a folder that is empty goes.
                let _ = std::fs::remove_dir(above);
            }
        }
        files::delete(&self.path(JOURNAL))?;
        let _ = std::fs::remove_dir_all(self.path(STAGE));
        Ok(Some(journal.to))
    }

    /// Refuses answers between which a merge of branches could not decide: they would be carried over undecided.
    fn refuse_unsettled(&self, held: &Holdings) -> Result<(), Error> {
        let mut found = Vec::new();
        for file in held.answers.values().chain(held.responses.values().flat_map(BTreeMap::values)) {
            for (key, node) in crate::yaml::transfer::entries(&file.text, "answers").unwrap_or_default() {
                if let Some(conflict) = get(&node, "conflict") {
                    let source = Source::new(self.path(&file.path).display().to_string(), file.text.as_str());
                    let at = Location::new(&source, conflict.span);
                    let message = format!("the answers to `{key}` are not settled since a merge");
                    found.push(
                        Diagnostic::error(Code::BadAnswer, at, message)
                            .help("settle it with `opsready reconcile`, then run the command again"),
                    );
                }
            }
        }
        if found.is_empty() { Ok(()) } else { Err(Error::Files(found)) }
    }

    fn changed_meanwhile(&self, path: &str) -> Error {
        let path = self.path(path);
        Error::Unusable(format!(
            "an upgrade of the kit was cut short, and `{}` was changed since: put your change aside, restore the file with git, then run `opsready kit upgrade` again",
            path.display()
        ))
    }

    /// Refuses a workspace in which an upgrade was cut short: half of it may be new.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Unusable`] with what to do.
    pub(super) fn refuse_unfinished(&self) -> Result<(), Error> {
        if self.path(JOURNAL).is_file() {
            let message = "an upgrade of the kit was cut short: run `opsready kit upgrade`, which finishes it";
            return Err(Error::Unusable(message.to_owned()));
        }
        Ok(())
    }

    /// Returns the kit from which the customer's copy was made, and how it is known.
    fn base(&self, named: Option<&Path>, own: &Kit) -> Result<(Base, Option<Files>), Error> {
        if let Some(folder) = named {
            if !folder.join("kit.yaml").is_file() {
                return Err(Error::Unusable(format!("`{}` is no kit: it has no `kit.yaml`", folder.display())));
            }
            return Ok((Base::Named, Some(as_files(Origin::Folder(folder.to_owned()).files()?))));
        }
        let recorded = self.path(BASE);
        if recorded.join("kit.yaml").is_file() {
            return Ok((Base::Recorded, Some(as_files(Origin::Folder(recorded).files()?))));
        }
        if let Some(shipped) = super::shipped::find(own.file.id.as_str()) {
            let files = as_files(Origin::Shipped(shipped).files()?);
            if version_of(&files).as_deref() == Some(own.file.version.0.as_str()) {
                // The program still has what was copied in; what differs is the customer's.
                return Ok((Base::Shipped, Some(files)));
            }
        }
        Ok((Base::Unknown, None))
    }

    /// Reads the workspace as it is. An overlay that fits only the newer kit already is left out.
    fn loaded_before(&self, yours: &Files, own: Kit) -> Result<Loaded, Error> {
        let (with_overlay, _) = self.read_kit()?;
        if with_overlay.is_some() {
            return self.load_whole();
        }
        drop(own);
        let held = self.holdings()?;
        let (kit, found) = read_files(yours, None);
        let kit = kit.ok_or(Error::Files(found))?;
        let as_is = NewTexts {
            assessment: held.assessment.as_ref().map(|file| file.text.clone()).unwrap_or_default(),
            answers: texts(&held.answers),
            responses: BTreeMap::new(),
            plans: texts(&held.plans),
            decisions: texts(&held.decisions),
            risks: texts(&held.risks),
            backlog: texts(&held.backlog),
        };
        let assessment = self.hold(&kit, &as_is, &held)?;
        Ok(Loaded { kit, assessment, history: History::default(), warnings: Vec::new() })
    }

    /// Reads everything that names ids of the kit.
    fn holdings(&self) -> Result<Holdings, Error> {
        let mut responses = BTreeMap::new();
        for id in self.respondents()? {
            let folder = format!("{RESPONSES}/{id}");
            responses.insert(id, self.text_files(&folder)?);
        }
        Ok(Holdings {
            assessment: Some(self.text_file(ASSESSMENT_FILE)?),
            answers: self.text_files("answers")?,
            responses,
            plans: self.text_files(PLAN)?,
            decisions: self.text_files(DECISIONS)?,
            risks: self.text_files(RISKS)?,
            backlog: self.text_files(BACKLOG)?,
        })
    }

    fn text_file(&self, relative: &str) -> Result<TextFile, Error> {
        let path = self.path(relative);
        let bytes = files::read_bytes(&path)?.unwrap_or_default();
        let source = files::read_source(&path)?;
        Ok(TextFile {
            path: relative.to_owned(),
            text: source.text.replace("\r\n", "\n"),
            has_mark: bytes.starts_with(MARK),
            has_crlf: source.text.contains("\r\n"),
        })
    }

    fn text_files(&self, folder: &str) -> Result<BTreeMap<String, TextFile>, Error> {
        let mut found = BTreeMap::new();
        for (stem, path) in files::yaml_files(&self.path(folder))? {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            found.insert(stem, self.text_file(&format!("{folder}/{name}"))?);
        }
        Ok(found)
    }

    /// Holds new texts against a kit: everything must fit. Returns the assessment.
    fn hold(&self, kit: &Kit, new: &NewTexts, held: &Holdings) -> Result<Assessment, Error> {
        let sources = |folder: &str, texts: &Texts, files: &BTreeMap<String, TextFile>| -> Vec<(String, Arc<Source>)> {
            let shown = |stem: &String| files.get(stem).map_or_else(|| format!("{folder}/{stem}.yaml"), |file| file.path.clone());
            texts
                .iter()
                .map(|(stem, text)| {
                    (stem.clone(), Source::new(format!("{}{AS_IT_WOULD_BE}", self.path(shown(stem)).display()), text.as_str()))
                })
                .collect()
        };
        let frame = Source::new(format!("{}{AS_IT_WOULD_BE}", self.path(ASSESSMENT_FILE).display()), new.assessment.as_str());
        let answers = AssessmentSources { assessment: Arc::clone(&frame), answers: sources("answers", &new.answers, &held.answers) };
        let (read, mut found) = assessment(kit, &answers);
        let none = BTreeMap::new();
        for (id, texts) in &new.responses {
            let files = held.responses.get(id).unwrap_or(&none);
            let answers = sources(&format!("{RESPONSES}/{id}"), texts, files);
            found.extend(assessment(kit, &AssessmentSources { assessment: Arc::clone(&frame), answers }).1);
        }
        let registers = RegisterSources {
            decisions: sources(DECISIONS, &new.decisions, &held.decisions),
            risks: sources(RISKS, &new.risks, &held.risks),
            backlog: sources(BACKLOG, &new.backlog, &held.backlog),
        };
        let (_, of_registers) = register::registers(kit, &registers);
        found.extend(of_registers);
        let risks: Vec<&str> = new.risks.keys().map(String::as_str).collect();
        if let Some(read) = &read {
            found.extend(planning::planning(kit, read, &sources(PLAN, &new.plans, &held.plans), Some(&risks)).1);
        }
        sort(&mut found);
        found.retain(Diagnostic::is_error);
        match read {
            Some(read) if found.is_empty() => Ok(read),
            _ => Err(Error::Files(found)),
        }
    }

    fn overlay(&self, faults: &mut Vec<Diagnostic>) -> Result<OverlaySources, Error> {
        let folder = self.path(OVERLAY);
        if folder.is_dir() { overlay_sources(&folder, faults) } else { Ok(OverlaySources::default()) }
    }

    /// Returns the ids that the overlay names, with file and line.
    fn overlay_names(&self) -> Result<Vec<(String, Location, Name)>, Error> {
        let folder = self.path(OVERLAY);
        let mut found = Vec::new();
        for path in if folder.is_dir() { files::tree(&folder)? } else { Vec::new() } {
            let relative = super::documents::slashed(&path);
            if !is_yaml(&relative) {
                continue;
            }
            let source = files::read_source(&folder.join(&path))?;
            let Ok(root) = crate::yaml::parse(&source) else { continue };
            for name in names(&relative, &source.text, &root) {
                found.push((format!("{OVERLAY}/{relative}"), Location::new(&source, name.span), name));
            }
        }
        Ok(found)
    }

    /// Returns where the overlay names what is gone or has another id.
    fn overlay_notes(&self, yours: &Files, brought: &BroughtIn) -> Result<Vec<OverlayNote>, Error> {
        let (before, after) = (defined(yours), defined(&brought.files));
        let mut notes: Vec<OverlayNote> = Vec::new();
        for (file, at, name) in self.overlay_names()? {
            let key = (name.kind, name.scope.clone(), name.id.clone());
            let now = |scope: &str| after.contains(&(name.kind, scope.to_owned(), name.id.clone()));
            let scope_now = scope_now(&brought.fates, &name);
            if !before.contains(&key) || now(&name.scope) || now(&scope_now) {
                continue;
            }
            let new = brought.fates.successors(name.kind, &name.scope, &name.id);
            let fate = if new.is_empty() { OverlayFate::Gone } else { OverlayFate::Renamed(new) };
            if !notes.iter().any(|note| note.file == file && note.kind == name.kind && note.id == name.id) {
                notes.push(OverlayNote { file, line: at.line_column().0, at, kind: name.kind, id: name.id, fate });
            }
        }
        Ok(notes)
    }

    /// Returns where the overlay lies over what says something else now.
    fn overlay_changed(&self, upstream: &Mapping) -> Result<Vec<OverlayNote>, Error> {
        let mut notes = Vec::new();
        for (file, at, name) in self.overlay_names()? {
            let reworded = match name.kind {
                Kind::Question => &upstream.questions.reworded,
                Kind::Practice => &upstream.practices.reworded,
                Kind::Capability => &upstream.capabilities.reworded,
                _ => continue,
            };
            if name.formerly.is_some() && reworded.iter().any(|one| one.id == name.id) {
                notes.push(OverlayNote { file, line: at.line_column().0, at, kind: name.kind, id: name.id, fate: OverlayFate::Changed });
            }
        }
        Ok(notes)
    }

    /// Plans what becomes of the recorded base.
    fn plan_base(&self, theirs: &Files, planned: &mut Planned) -> Result<(), Error> {
        let folder = self.path(BASE);
        for path in if folder.is_dir() { files::tree(&folder)? } else { Vec::new() } {
            let relative = super::documents::slashed(&path);
            if !theirs.contains_key(&relative) {
                planned.deletes.push(format!("{BASE}/{relative}"));
            }
        }
        for (path, bytes) in theirs {
            if files::read_bytes(&folder.join(path))?.is_none_or(|now| now != *bytes) {
                planned.writes.push((format!("{BASE}/{path}"), bytes.clone()));
            }
        }
        Ok(())
    }
}

/// What is to be written and deleted.
#[derive(Debug, Default)]
struct Planned {
    writes: Vec<(String, Vec<u8>)>,
    deletes: Vec<String>,
}

impl Planned {
    fn kit(&mut self, yours: &Files, new: &Files) {
        self.writes.extend(
            new.iter().filter(|(path, bytes)| yours.get(*path) != Some(bytes)).map(|(path, bytes)| (format!("kit/{path}"), bytes.clone())),
        );
        self.deletes.extend(yours.keys().filter(|path| !new.contains_key(*path)).map(|path| format!("kit/{path}")));
    }

    fn texts(&mut self, held: &Holdings, new: &NewTexts) {
        self.folder("answers", &held.answers, &new.answers);
        let none = BTreeMap::new();
        for (id, texts) in &new.responses {
            self.folder(&format!("{RESPONSES}/{id}"), held.responses.get(id).unwrap_or(&none), texts);
        }
        self.folder(PLAN, &held.plans, &new.plans);
        self.folder(DECISIONS, &held.decisions, &new.decisions);
        self.folder(RISKS, &held.risks, &new.risks);
        self.folder(BACKLOG, &held.backlog, &new.backlog);
        if let Some(file) = held.assessment.as_ref().filter(|file| file.text != new.assessment) {
            self.writes.push((file.path.clone(), file.bytes(&new.assessment)));
        }
    }

    fn folder(&mut self, folder: &str, held: &BTreeMap<String, TextFile>, new: &Texts) {
        // A new file is written as those beside it are.
        let like = held.values().next().map(|file| (file.has_mark, file.has_crlf)).unwrap_or_default();
        for (stem, text) in new {
            match held.get(stem) {
                Some(file) if file.text == *text => {}
                Some(file) => self.writes.push((file.path.clone(), file.bytes(text))),
                None => {
                    let file = TextFile { path: format!("{folder}/{stem}.yaml"), text: String::new(), has_mark: like.0, has_crlf: like.1 };
                    self.writes.push((file.path.clone(), file.bytes(text)));
                }
            }
        }
        self.deletes.extend(held.iter().filter(|(stem, _)| !new.contains_key(*stem)).map(|(_, file)| file.path.clone()));
    }
}

#[derive(Default)]
struct Report {
    answers: Carried,
    responses: Vec<(Id, Carried)>,
    lost: Vec<(String, Lost)>,
}

/// Carries everything over.
fn carried(successors: &Successors<'_>, before: &Loaded, held: &Holdings) -> Result<(NewTexts, Report), Error> {
    let version = successors.new.file.version.0.as_str();
    let target = before.kit.environment_id(before.assessment.target_environment);
    let stuck = |folder: &str, stuck: Stuck| Error::Unusable(format!("{folder}/{}.yaml: `{}`: {}", stuck.stem, stuck.entry, stuck.why));
    let mut report = Report::default();
    let mut new = NewTexts::default();
    let (answers, of_answers) = carry::answers(successors, version, target, &texts(&held.answers)).map_err(|why| stuck("answers", why))?;
    (new.answers, report.answers) = (answers, of_answers);
    for (id, files) in &held.responses {
        let folder = format!("{RESPONSES}/{id}");
        let (texts, carried) = carry::answers(successors, version, target, &texts(files)).map_err(|why| stuck(&folder, why))?;
        new.responses.insert(id.clone(), texts);
        report.responses.push((id.clone(), carried));
    }
    let (plans, lost) = carry::plans(successors, &texts(&held.plans)).map_err(|why| stuck(PLAN, why))?;
    new.plans = plans;
    report.lost.extend(lost.into_iter().map(|(stem, lost)| (format!("{PLAN}/{stem}.yaml"), lost)));
    let (backlog, lost) = carry::backlog(successors, &texts(&held.backlog)).map_err(|why| stuck(BACKLOG, why))?;
    new.backlog = backlog;
    report.lost.extend(lost.into_iter().map(|(stem, lost)| (format!("{BACKLOG}/{stem}.yaml"), lost)));
    for (files, into) in [(&held.decisions, &mut new.decisions), (&held.risks, &mut new.risks)] {
        for (stem, file) in files {
            let (text, lost) = carry::register(successors, &file.text).map_err(|why| Error::Unusable(format!("{}: {why}", file.path)))?;
            into.insert(stem.clone(), text);
            report.lost.extend(lost.into_iter().map(|lost| (file.path.clone(), lost)));
        }
    }
    let file = held.assessment.as_ref().ok_or_else(|| Error::Unusable(format!("`{ASSESSMENT_FILE}` is missing")))?;
    let (text, lost) = carry::assessment(successors, &file.text).map_err(|why| Error::Unusable(format!("{}: {why}", file.path)))?;
    new.assessment = text;
    report.lost.extend(lost.into_iter().map(|lost| (file.path.clone(), lost)));
    Ok((new, report))
}

fn as_files(files: Vec<(PathBuf, Vec<u8>)>) -> Files {
    files.into_iter().map(|(path, bytes)| (super::documents::slashed(&path), bytes)).collect()
}

fn plain(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != b'\r').collect()
}

/// What stands behind the path of a file that is not written yet.
const AS_IT_WOULD_BE: &str = " (as it would be)";

fn read_files(files: &Files, over: Option<OverlaySources>) -> (Option<Kit>, Vec<Diagnostic>) {
    read_as(files, over, "")
}

/// Reads the files of a kit that are in memory. `note` stands behind their paths.
fn read_as(files: &Files, over: Option<OverlaySources>, note: &str) -> (Option<Kit>, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let mut source = |path: &str| {
        let bytes = files.get(path)?;
        match crate::yaml::decode(&format!("kit/{path}{note}"), bytes) {
            Ok(source) => Some(source),
            Err(fault) => {
                faults.push(*fault);
                None
            }
        }
    };
    let kit = source("kit.yaml");
    let engagement = source("engagement.yaml");
    let stems = files.keys().filter_map(|path| Some((path.as_str(), capability_of(path)?)));
    let capabilities: Vec<(String, Arc<Source>)> = stems.filter_map(|(path, stem)| Some((stem.to_owned(), source(path)?))).collect();
    let kit = kit.unwrap_or_else(|| Source::new("kit/kit.yaml", ""));
    let (kit, found) = kit::read::kit(&KitSources { kit, capabilities, engagement, overlay: over.unwrap_or_default() });
    faults.extend(found);
    sort(&mut faults);
    (kit.filter(|_| !has_errors(&faults)), faults)
}

/// Returns what a kit's files define.
fn defined(files: &Files) -> BTreeSet<(Kind, String, String)> {
    let mut found = BTreeSet::new();
    for (path, bytes) in files {
        let Ok(source) = crate::yaml::decode(path, bytes) else { continue };
        if !is_yaml(path) {
            continue;
        }
        let Ok(root) = crate::yaml::parse(&source) else { continue };
        let all = names(path, &source.text, &root).into_iter().filter(|name| name.formerly.is_some());
        found.extend(all.map(|name| (name.kind, name.scope, name.id)));
    }
    found
}

/// Returns the scope of a name after a renaming.
fn scope_now(fates: &Fates, name: &Name) -> String {
    let container = if name.kind == Kind::Choice { Kind::Question } else { Kind::Capability };
    fates.new_id(container, "", &name.scope).map_or_else(|| name.scope.clone(), str::to_owned)
}

/// Returns what is told of an overlay that no longer fits.
fn note_as_fault(note: &OverlayNote) -> Diagnostic {
    let (what, id, at) = (note.kind.word(), &note.id, note.at.clone());
    match &note.fate {
        OverlayFate::Renamed(new) => {
            let message = format!("the {what} `{id}` is {} in the new kit", crate::yaml::record::list(new));
            Diagnostic::error(Code::UnknownReference, at, message).help("write the new id, then run the command again")
        }
        _ => Diagnostic::error(Code::UnknownReference, at, format!("the new kit has no {what} `{id}` any more"))
            .help("take the entry out, then run the command again"),
    }
}

/// Returns the version that the files of a kit name.
fn version_of(files: &Files) -> Option<String> {
    let source = crate::yaml::decode("kit.yaml", files.get("kit.yaml")?).ok()?;
    let root = crate::yaml::parse(&source).ok()?;
    let node = get(&root, "version")?;
    match &node.value {
        crate::yaml::Value::Text(version) => Some(version.clone()),
        _ => None,
    }
}

/// Refuses another kit, and an older one.
fn refuse_other(own: &Kit, new: &Kit, from: &str) -> Result<(), Error> {
    let (own_id, new_id) = (&own.file.id.value, &new.file.id.value);
    if own_id != new_id && !new.file.formerly.contains(own_id) {
        return Err(Error::Unusable(format!(
            "the workspace has the kit `{own_id}`, and this is `{new_id}`: another kit needs a workspace of its own (`opsready init DIR --kit {new_id}`)"
        )));
    }
    let to = new.file.version.0.as_str();
    if compare(to, from) == Ordering::Less {
        return Err(Error::Unusable(format!(
            "the workspace has version {from} of the kit, and this is {to}, which is older: to go back, restore the commit before the upgrade with git; to go on, use a newer opsready"
        )));
    }
    Ok(())
}

/// Compares semantic versions by their rules of precedence; what stands behind `+` says nothing.
///
/// # Source
///
/// Semantic Versioning 2.0.0, item 11.
pub fn compare(a: &str, b: &str) -> Ordering {
    let parts = |version: &str| -> (Vec<u64>, Option<String>) {
        let version = version.split('+').next().unwrap_or_default();
        let (core, pre) = version.split_once('-').map_or((version, None), |(core, pre)| (core, Some(pre.to_owned())));
        (core.split('.').map(|part| part.parse().unwrap_or(0)).collect(), pre)
    };
    let ((a_core, a_pre), (b_core, b_pre)) = (parts(a), parts(b));
    let pre = |a: &str, b: &str| -> Ordering {
        let (mut a, mut b) = (a.split('.'), b.split('.'));
        loop {
            match (a.next(), b.next()) {
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => return Ordering::Less,
                (Some(_), None) => return Ordering::Greater,
                (Some(a), Some(b)) => {
                    let order = match (a.parse::<u64>(), b.parse::<u64>()) {
                        (Ok(a), Ok(b)) => a.cmp(&b),
                        (Ok(_), Err(_)) => Ordering::Less,
                        (Err(_), Ok(_)) => Ordering::Greater,
                        (Err(_), Err(_)) => a.cmp(b),
                    };
                    if order != Ordering::Equal {
                        return order;
                    }
                }
            }
        }
    };
    a_core.cmp(&b_core).then_with(|| match (a_pre, b_pre) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => pre(&a, &b),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_in_the_order_of_their_rules() {
        let sorted =
            ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.2.0", "1.10.0"];
        for pair in sorted.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare("1.0.0+a", "1.0.0+b"), Ordering::Equal);
    }
}
