//! Writing what is planned: the entry changes, the rest of its file stays as its owner wrote it.

use super::answers::mark_of;
use super::{Error, Loaded, PLAN, RISKS, Workspace, files, sources_in};
use crate::assessment::Assessment;
use crate::assessment::planning::planning;
use crate::diagnostic::{Diagnostic, Source};
use crate::kit::{CapabilityIx, PracticeIx};
use crate::plan::Plan;
use crate::scoring::Scorecard;
use crate::yaml::edit::{self, Change};
use crate::yaml::record::Date;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;

/// The keys at the top of a plan, in their order.
const KEYS: &[&str] = &["schema", "capability", "status", "momentum", "owner", "note", "practices"];

/// What changes of a plan.
#[derive(Clone, Debug)]
pub struct PlanChange {
    /// The capability.
    pub capability: CapabilityIx,
    /// The practice; nothing if it is said of the capability as a whole.
    pub practice: Option<PracticeIx>,
    /// The keys and their new values.
    pub changes: Vec<(&'static str, Change)>,
}

impl Workspace {
    /// Returns the path of the plan of a capability.
    pub fn plan_path(&self, capability: &str) -> PathBuf {
        let folder = self.path(PLAN);
        let other = folder.join(format!("{capability}.yml"));
        if other.is_file() { other } else { folder.join(format!("{capability}.yaml")) }
    }

    /// Returns the path and the text of the plan of a capability; one that is not there begins with what it is.
    fn plan_text(&self, capability: &str) -> Result<(PathBuf, String), Error> {
        let path = self.plan_path(capability);
        let text = match files::read_bytes(&path)? {
            Some(_) => files::read_source(&path)?.text.clone(),
            None => {
                format!("# yaml-language-server: $schema=../schemas/plan.schema.json\nschema: opsready/plan/v1\ncapability: {capability}\n")
            }
        };
        Ok((path, text))
    }

    /// Changes plans. The caller holds the lock. Returns the assessment as it then is, what its owner should know of it, and the
    /// files that were written. `on` is the day on which acceptances are judged.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a new value does not fit the kit, asks for what cannot be, or cannot be written; every file is then
    /// as it was.
    pub fn put_plan(
        &self,
        loaded: &Loaded,
        changes: &[PlanChange],
        on: Date,
    ) -> Result<(Assessment, Vec<Diagnostic>, Vec<PathBuf>), Error> {
        let kit = &loaded.kit;
        let mut texts: BTreeMap<CapabilityIx, (PathBuf, String)> = BTreeMap::new();
        for change in changes {
            let capability = kit.capability_id(change.capability);
            let (path, text) = match texts.entry(change.capability) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(new) => new.insert(self.plan_text(capability)?),
            };
            let new = match change.practice {
                Some(practice) => edit::amend(text, "practices", &kit.practice(practice).id, &change.changes),
                None => edit::top(text, &change.changes, KEYS),
            };
            *text = new.map_err(|error| Error::Unusable(format!("{}: {error}", path.display())))?;
        }
        let mut unreadable = Vec::new();
        let mut sources = sources_in(&self.path(PLAN), &mut unreadable)?;
        for (capability, (path, text)) in &texts {
            let id = kit.capability_id(*capability);
            sources.retain(|(stem, _)| stem != id);
            sources.push((id.to_owned(), Source::new(path.display().to_string(), text.as_str())));
        }
        sources.sort_by(|a, b| a.0.cmp(&b.0));
        let risks: Vec<String> = files::yaml_files(&self.path(RISKS))?.into_iter().map(|(stem, _)| stem).collect();
        let risks: Vec<&str> = risks.iter().map(String::as_str).collect();
        let (planning, mut found) = planning(kit, &loaded.assessment, &sources, Some(&risks));
        let new = Assessment { planning, ..loaded.assessment.clone() };
        let card = Scorecard::of(kit, &new);
        let before = Plan::as_of(kit, &loaded.assessment, &card, Some(on));
        let after = Plan::as_of(kit, &new, &card, Some(on));
        // What could not be kept before is nobody's fault now.
        let mut told = after.diagnostics(kit, &new);
        told.retain(|one| !one.is_error() || after.faults().iter().any(|fault| !before.faults().contains(fault)));
        found.extend(told);
        if found.iter().any(Diagnostic::is_error) {
            return Err(Error::Files(found.into_iter().filter(Diagnostic::is_error).collect()));
        }
        let mut written = Vec::new();
        for (path, text) in texts.into_values() {
            let bytes = [mark_of(&path)?, text.as_bytes()].concat();
            if files::read_bytes(&path)?.as_deref() != Some(&bytes) {
                files::write(&path, &bytes)?;
                written.push(path);
            }
        }
        Ok((new, found, written))
    }
}
