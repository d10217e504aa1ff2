//! Documents in which git left a merge: both branches rendered, and what was calculated twice stands there twice.
//!
//! Nobody resolves that by hand. What each branch holds beyond its own rendering was written by people; it is laid over the rendering
//! of what both branches say together. Only where people wrote at the same place in both is there something to decide.

use super::documents::{BASE, DocumentPlan, Step};
use super::revision::RevisionError;
use super::{Workspace, files};
use crate::diagnostic::Source;
use crate::document::merge::{is_same, merge, unresolved};
use std::path::PathBuf;

/// What became of documents in which git left a merge.
#[derive(Debug, Default)]
pub struct Settled {
    /// Those that were made one, by path.
    pub settled: Vec<String>,
    /// Those in which people must decide, by path.
    pub left: Vec<String>,
    /// Where what stood there is kept.
    pub kept: Vec<PathBuf>,
}

impl Workspace {
    /// Makes one of the documents in which git left a merge. The caller holds the lock, and plans anew afterwards.
    ///
    /// # Errors
    ///
    /// Returns [`RevisionError`] when there is no git, no merge, or a file cannot be read or written.
    pub fn settle_documents(&self, plan: &DocumentPlan) -> Result<Settled, RevisionError> {
        let is_open = |step: &&Step| step.current.as_deref().is_some_and(|text| !unresolved(text).is_empty());
        let open: Vec<&Step> = plan.steps.iter().filter(is_open).collect();
        let mut found = Settled::default();
        if open.is_empty() {
            return Ok(found);
        }
        let theirs = self.other_side()?;
        for step in open {
            let Some(rendering) = &step.rendering else {
                // What neither branch wrote in goes with its rendering.
                if self.is_untouched("HEAD", &step.path)? && self.is_untouched(&theirs, &step.path)? {
                    found.kept.extend(self.back_up(&step.path)?);
                    files::delete(&self.path(&step.path))?;
                    files::delete(&self.path(BASE).join(&step.path))?;
                    found.settled.push(step.path.clone());
                } else {
                    found.left.push(step.path.clone());
                }
                continue;
            };
            let sides = [self.side("HEAD", &step.path, rendering)?, self.side(&theirs, &step.path, rendering)?];
            let whole = match sides {
                [Some(ours), Some(theirs)] if ours == *rendering => Some(theirs),
                [Some(ours), Some(theirs)] if theirs == *rendering => Some(ours),
                [Some(ours), Some(theirs)] => without_conflict(rendering, &ours, &theirs),
                _ => None,
            };
            let Some(whole) = whole else {
                found.left.push(step.path.clone());
                continue;
            };
            found.kept.extend(self.back_up(&step.path)?);
            files::write(&self.path(&step.path), whole.as_bytes())?;
            files::write(&self.path(BASE).join(&step.path), rendering.as_bytes())?;
            found.settled.push(step.path.clone());
        }
        Ok(found)
    }

    /// Returns true if nobody wrote in a document in a branch.
    fn is_untouched(&self, commit: &str, path: &str) -> Result<bool, RevisionError> {
        let Some(document) = self.text_at(commit, path)? else { return Ok(true) };
        Ok(self.text_at(commit, &format!("{BASE}/{path}"))?.is_some_and(|base| is_same(&document, &base)))
    }

    /// Returns the rendering with what people wrote in a branch; nothing where that cannot be told, or is in the way of the rendering.
    fn side(&self, commit: &str, path: &str, rendering: &str) -> Result<Option<String>, RevisionError> {
        let Some(document) = self.text_at(commit, path)? else { return Ok(Some(rendering.to_owned())) };
        let Some(base) = self.text_at(commit, &format!("{BASE}/{path}"))? else { return Ok(None) };
        if is_same(&document, &base) {
            return Ok(Some(rendering.to_owned()));
        }
        Ok(without_conflict(&base, &document, rendering))
    }
}

/// Merges two texts that came of a third one; nothing if both changed the same lines.
fn without_conflict(base: &str, yours: &str, new: &str) -> Option<String> {
    if !unresolved(yours).is_empty() {
        return None;
    }
    let merged = merge(base, &Source::new("", yours), new).ok()?;
    merged.conflicts.is_empty().then_some(merged.text)
}
