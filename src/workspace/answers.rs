//! Writing one answer, or what is said of one capability: the entry changes, the rest of its file stays as its owner wrote it.

use super::{ASSESSMENT_FILE, Error, Loaded, Workspace, files};
use crate::assessment::Assessment;
use crate::assessment::Instance;
use crate::assessment::change::STATE_KEYS;
use crate::assessment::read::{AssessmentSources, assessment};
use crate::assessment::reconcile::settle_along;
use crate::diagnostic::{Source, has_errors};
use crate::yaml::edit::{self, Change, EditError};
use std::path::Path;
use std::sync::Arc;

impl Workspace {
    /// Changes the answer to an asking. An answer to a question in conflict settles it. The caller holds the lock. Returns the assessment as it then is.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the new answer does not fit its question or cannot be written; the file is then as it was.
    pub fn put_answer(&self, loaded: &Loaded, instance: Instance, changes: &[(&str, Change)]) -> Result<Assessment, Error> {
        let entry = loaded.assessment.answer(instance);
        let along = entry.map(|entry| settle_along(&loaded.kit, instance.question, entry, changes)).unwrap_or_default();
        let is_replaced = |name: &str| name == "note" && along.iter().any(|(other, _)| *other == name);
        let changes: Vec<(&str, Change)> = changes.iter().filter(|(name, _)| !is_replaced(name)).chain(&along).cloned().collect();
        let is_said = changes.iter().any(|(key, change)| STATE_KEYS.contains(key) && matches!(change, Change::Set(_)));
        self.edit_answers(loaded, instance, |text, key| {
            // What is said anew need not be asked for again.
            let settled = (is_said && text.contains("ask_again")).then_some(("ask_again", Change::Remove));
            let changes: Vec<(&str, Change)> = changes.iter().cloned().chain(settled).collect();
            edit::change(text, "answers", key, &changes)
        })
    }

    /// Removes the answer to an asking. The caller holds the lock. Returns the assessment as it then is.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the file cannot be changed; it is then as it was.
    pub fn clear_answer(&self, loaded: &Loaded, instance: Instance) -> Result<Assessment, Error> {
        self.edit_answers(loaded, instance, |text, key| edit::remove(text, "answers", key))
    }

    /// Changes what `opsready.yaml` says of a capability. The caller holds the lock. Returns the assessment as it then is.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the new values do not fit the kit or cannot be written; the file is then as it was.
    pub fn put_scope(&self, loaded: &Loaded, capability: &str, changes: &[(&str, Change)]) -> Result<Assessment, Error> {
        let path = self.path(ASSESSMENT_FILE);
        let source = files::read_source(&path)?;
        let new = edit::amend(&source.text, "capabilities", capability, changes)
            .map_err(|error| Error::Unusable(format!("{}: {error}", path.display())))?;
        let mut unreadable = Vec::new();
        let answers = super::sources_in(&self.answers_folder(), &mut unreadable)?;
        let sources = AssessmentSources { assessment: Source::new(path.display().to_string(), new.as_str()), answers };
        let assessment = checked(loaded, &sources)?;
        files::write(&path, &[mark_of(&path)?, new.as_bytes()].concat())?;
        Ok(assessment)
    }

    fn edit_answers(
        &self,
        loaded: &Loaded,
        instance: Instance,
        change: impl FnOnce(&str, &str) -> Result<String, EditError>,
    ) -> Result<Assessment, Error> {
        let kit = &loaded.kit;
        let capability = kit.capability_id(kit.question(instance.question).capability);
        let path = self.answers_path(capability);
        let text = if files::read_bytes(&path)?.is_some() {
            files::read_source(&path)?.text.clone()
        } else {
            let up = if self.respondent.is_some() { "../.." } else { ".." };
            format!("# yaml-language-server: $schema={up}/schemas/answers.schema.json\ncapability: {capability}\nanswers:\n")
        };
        let new = change(&text, &instance.key(kit)).map_err(|error| Error::Unusable(format!("{}: {error}", path.display())))?;
        let assessment = self.read_with(loaded, capability, &path, &new)?;
        files::write(&path, &[mark_of(&path)?, new.as_bytes()].concat())?;
        Ok(assessment)
    }

    /// Reads the assessment as if the answers to a capability were `text`.
    fn read_with(&self, loaded: &Loaded, capability: &str, path: &Path, text: &str) -> Result<Assessment, Error> {
        let mut unreadable = Vec::new();
        let mut answers = super::sources_in(&self.answers_folder(), &mut unreadable)?;
        answers.retain(|(stem, _)| stem != capability);
        answers.push((capability.to_owned(), Source::new(path.display().to_string(), text)));
        answers.sort_by(|a, b| a.0.cmp(&b.0));
        let sources =
            AssessmentSources { assessment: files::read_source(&self.path(ASSESSMENT_FILE)).map(|source| Arc::clone(&source))?, answers };
        checked(loaded, &sources)
    }
}

/// Reads an assessment, which must hold.
fn checked(loaded: &Loaded, sources: &AssessmentSources) -> Result<Assessment, Error> {
    let (assessment, diagnostics) = assessment(&loaded.kit, sources);
    match assessment {
        Some(assessment) if !has_errors(&diagnostics) => Ok(assessment),
        _ => Err(Error::Files(diagnostics.into_iter().filter(crate::diagnostic::Diagnostic::is_error).collect())),
    }
}

/// Returns the byte order mark with which a file begins, so that it keeps it.
pub(super) fn mark_of(path: &Path) -> Result<&'static [u8], Error> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let has_mark = files::read_bytes(path)?.is_some_and(|bytes| bytes.starts_with(MARK));
    Ok(if has_mark { MARK } else { b"" })
}
