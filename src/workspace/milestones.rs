//! Milestones: saving one, and reading those that there are.

use super::files::{self, read_source};
use super::{ASSESSMENT_FILE, BACKLOG, DECISIONS, Error, Loaded, PLAN, RISKS, Workspace};
use crate::diagnostic::{Diagnostic, has_errors, sort};
use crate::exchange::milestone::{self, Label, MilestoneFile};
use crate::kit::Kit;
use crate::plan::progress::{History, KitIdentity};
use crate::yaml::record::{Date, Id};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The folder of a workspace that holds its milestones.
pub const MILESTONES: &str = "milestones";

/// The longest name of a milestone, in bytes, so that it can be the name of a file anywhere.
const LONGEST_NAME: usize = 100;

/// The folders whose YAML files a milestone keeps, beside `opsready.yaml`.
pub(super) const KEPT: &[&str] = &["answers", PLAN, DECISIONS, RISKS, BACKLOG];

/// Returns those of the files from which scores are made.
fn scored(files: &BTreeMap<String, String>) -> Vec<(&String, &String)> {
    files.iter().filter(|(path, _)| *path == ASSESSMENT_FILE || path.starts_with("answers/")).collect()
}

impl Workspace {
    /// Freezes the scorecard, the answers and everything else that the workspace says, as `milestones/<name>.json`. Returns its path.
    /// It takes no lock: a milestone is a new file, and another one of its name is never written over.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Unusable`] when the name cannot be one or is taken, and [`Error`] when a file cannot be read or written.
    pub fn save_milestone(&self, loaded: &Loaded, name: &str, note: Option<&str>, today: Date) -> Result<PathBuf, Error> {
        if !Id::is_valid(name) {
            let advice = "it has letters, digits, `-`, `_` and `.`, and starts with a letter or digit";
            return Err(Error::Unusable(format!("`{name}` cannot be the name of a milestone: {advice}")));
        }
        if name.len() > LONGEST_NAME {
            return Err(Error::Unusable(format!("the name of a milestone has at most {LONGEST_NAME} characters")));
        }
        let path = self.milestone_path(name);
        let taken =
            || Error::Unusable(format!("there is a milestone `{name}` already: choose another name; a milestone is never overwritten"));
        if path.exists() {
            return Err(taken());
        }
        let sequence = self.milestone_names()?.len() as u64 + 1;
        let label = Label { name, note, saved_on: today, sequence };
        let text = milestone::text(label, &loaded.kit, &loaded.assessment, &self.kept_texts()?);
        if files::write_new(&path, text.as_bytes())? { Ok(path) } else { Err(taken()) }
    }

    /// Returns the path of a milestone.
    pub fn milestone_path(&self, name: &str) -> PathBuf {
        self.path(Path::new(MILESTONES).join(format!("{name}.json")))
    }

    /// Returns the names of the files in `milestones/`, in their order.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when the folder cannot be read.
    pub fn milestone_names(&self) -> Result<Vec<String>, Error> {
        let folder = self.path(MILESTONES);
        let mut names = Vec::new();
        for path in if folder.is_dir() { files::tree(&folder)? } else { Vec::new() } {
            let is_hidden = path.to_string_lossy().starts_with('.');
            if path.components().count() == 1
                && !is_hidden
                && path.extension().is_some_and(|extension| extension == "json")
                && let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
            {
                files::regular(&folder.join(&path))?;
                names.push(stem.to_owned());
            }
        }
        Ok(names)
    }

    /// Returns the texts that a milestone keeps, by path in the workspace: what the workspace says, as its files have it.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a file cannot be read.
    pub fn kept_texts(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut texts = BTreeMap::new();
        texts.insert(ASSESSMENT_FILE.to_owned(), read_source(&self.path(ASSESSMENT_FILE))?.text.clone());
        for folder in KEPT {
            for (_, path) in files::yaml_files(&self.path(folder))? {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                texts.insert(format!("{folder}/{name}"), read_source(&path)?.text.clone());
            }
        }
        Ok(texts)
    }

    /// Reads a milestone.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when it cannot be read, [`Error::Files`] when it is no milestone.
    pub fn milestone(&self, name: &str) -> Result<(MilestoneFile, Vec<Diagnostic>), Error> {
        let (file, found) = milestone::read(name, &read_source(&self.milestone_path(name))?);
        match file {
            Some(file) => Ok((file, found)),
            None => Err(Error::Files(found)),
        }
    }

    /// Reads every milestone, the earliest first, and what its owner should know.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Files`] with everything that is wrong in any of them.
    pub fn milestones(&self) -> Result<(Vec<MilestoneFile>, Vec<Diagnostic>), Error> {
        let (mut found, mut diagnostics) = (Vec::new(), Vec::new());
        for name in self.milestone_names()? {
            match self.milestone(&name) {
                Ok((file, warnings)) => {
                    found.push(file);
                    diagnostics.extend(warnings);
                }
                Err(Error::Files(faults)) => diagnostics.extend(faults),
                Err(error) => return Err(error),
            }
        }
        sort(&mut diagnostics);
        if has_errors(&diagnostics) {
            return Err(Error::Files(diagnostics));
        }
        found.sort_by(|a, b| a.milestone.order().cmp(&b.milestone.order()));
        Ok((found, diagnostics))
    }

    /// Reads every milestone of the workspace. What is wrong with one becomes a diagnostic.
    pub(super) fn milestones_or_faults(&self, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<MilestoneFile>, Error> {
        match self.milestones() {
            Ok((files, found)) => {
                diagnostics.extend(found);
                Ok(files)
            }
            Err(Error::Files(found)) => {
                diagnostics.extend(found);
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the history of the workspace: its milestones, and which of them is compared with now. Right after a milestone was saved
    /// nothing has moved since, so the last one counts that says something else than the workspace does.
    pub(super) fn history(&self, files: Vec<MilestoneFile>, kit: &Kit) -> Result<History, Error> {
        let texts = self.kept_texts()?;
        let identity = KitIdentity::of(kit);
        let is_other = |file: &MilestoneFile| scored(&file.files) != scored(&texts) || file.milestone.kit != identity;
        let place = files.iter().rposition(is_other).or_else(|| files.len().checked_sub(1));
        let compared = place.map(|place| files[place].open().map(|frozen| (place, frozen))).transpose().map_err(Error::Files)?;
        Ok(History { milestones: files.into_iter().map(|file| file.milestone).collect(), compared })
    }
}
