//! The workspace on a day: as a milestone froze it, as a revision of git has it, as it stands.

use super::revision::{Revision, RevisionError, errors};
use super::{BACKLOG, DECISIONS, Error, PLAN, RISKS, Workspace};
use crate::assessment::planning;
use crate::assessment::read::AssessmentSources;
use crate::assessment::register::{self, RegisterSources};
use crate::assessment::{self, Assessment};
use crate::diagnostic::{Diagnostic, Source, has_errors};
use crate::kit;
use crate::plan::progress::carry::Said;
use crate::plan::progress::compare::{Now, Then};
use crate::plan::progress::{Frozen, KitIdentity, Results};
use crate::scoring::Scorecard;
use crate::yaml::record::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a state comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A milestone.
    Milestone,
    /// A revision of git.
    Revision,
    /// The files as they stand.
    WorkTree,
}

impl Origin {
    /// Returns the word by which data name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Milestone => "milestone",
            Self::Revision => "revision",
            Self::WorkTree => "work-tree",
        }
    }
}

/// The workspace on a day.
#[derive(Debug)]
pub struct State {
    /// What the user called it.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The commit of a revision.
    pub commit: Option<String>,
    /// The day.
    pub day: Date,
    /// What was said of it.
    pub note: Option<String>,
    /// The identity of the kit.
    pub identity: KitIdentity,
    /// The scores.
    pub results: Results,
    /// The kit, and what the files said.
    pub frozen: Frozen,
    /// The assessment with its registers.
    pub assessment: Assessment,
    /// What its owner should know.
    pub warnings: Vec<Diagnostic>,
}

impl State {
    /// Returns it as the earlier state of a comparison.
    pub fn then(&self) -> Then<'_> {
        Then { results: &self.results, frozen: &self.frozen, kit: &self.identity }
    }

    /// Returns it as the later state of a comparison.
    pub fn now(&self) -> Now<'_> {
        Now { results: &self.results, kit: &self.frozen.kit, assessment: &self.assessment, identity: &self.identity }
    }
}

impl Workspace {
    /// Returns the workspace as it stands.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when its files are wrong or cannot be read.
    pub fn state_now(&self, today: Date) -> Result<State, Error> {
        let loaded = self.load_whole()?;
        let said = Said::read(&self.kept_texts()?, &|path| self.path(path).display().to_string()).map_err(Error::Files)?;
        let (kit, assessment) = (loaded.kit, loaded.assessment);
        Ok(State {
            name: ".".to_owned(),
            origin: Origin::WorkTree,
            commit: None,
            day: today,
            note: None,
            identity: KitIdentity::of(&kit),
            results: Results::of(&kit, &assessment, &Scorecard::of(&kit, &assessment)),
            frozen: Frozen { kit, said },
            assessment,
            warnings: loaded.warnings,
        })
    }

    /// Returns the workspace as a milestone froze it.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the milestone cannot be read.
    pub fn state_of_milestone(&self, name: &str) -> Result<State, Error> {
        let (file, warnings) = self.milestone(name)?;
        let frozen = file.open().map_err(Error::Files)?;
        let assessment = frozen.said.under(&frozen.kit);
        let sources = |folder: &str| sources_of(&file.files, folder, &file.source.path);
        let registers = RegisterSources { decisions: sources(DECISIONS), risks: sources(RISKS), backlog: sources(BACKLOG) };
        let (registers, _) = register::registers(&frozen.kit, &registers);
        let (planning, _) = planning::planning(&frozen.kit, &assessment, &sources(PLAN), None);
        let milestone = file.milestone;
        Ok(State {
            name: milestone.name,
            origin: Origin::Milestone,
            commit: None,
            day: milestone.saved_on,
            note: milestone.note,
            identity: milestone.kit,
            results: milestone.results,
            assessment: Assessment { planning, registers, ..assessment },
            frozen,
            warnings,
        })
    }

    /// Returns the workspace as a revision of git has it.
    ///
    /// # Errors
    ///
    /// Returns [`RevisionError`] when the revision cannot be read or its files are wrong.
    pub fn state_of_revision(&self, name: &str) -> Result<State, RevisionError> {
        let revision = self.revision(name)?;
        let (kit, found) = kit::read::kit(&revision.kit()?);
        let kit = kit.ok_or_else(|| errors(found))?;
        let sources = AssessmentSources { assessment: revision.assessment(), answers: revision.sources_in("answers") };
        let (assessment, found) = assessment::read::assessment(&kit, &sources);
        let assessment = assessment.ok_or_else(|| errors(found))?;
        let registers = RegisterSources {
            decisions: revision.sources_in(DECISIONS),
            risks: revision.sources_in(RISKS),
            backlog: revision.sources_in(BACKLOG),
        };
        let (registers, mut found) = register::registers(&kit, &registers);
        let (planning, of_plan) = planning::planning(&kit, &assessment, &revision.sources_in(PLAN), None);
        found.extend(of_plan);
        if has_errors(&found) {
            return Err(errors(found).into());
        }
        let said = Said::read(&revision.texts(), &|path| format!("{name}:{path}")).map_err(Error::Files)?;
        let assessment = Assessment { planning, registers, ..assessment };
        let Revision { name, commit, day, .. } = revision;
        Ok(State {
            name,
            origin: Origin::Revision,
            commit: Some(commit),
            day,
            note: None,
            identity: KitIdentity::of(&kit),
            results: Results::of(&kit, &assessment, &Scorecard::of(&kit, &assessment)),
            frozen: Frozen { kit, said },
            assessment,
            warnings: Vec::new(),
        })
    }
}

/// Returns the files of a folder among those that a milestone keeps.
fn sources_of(files: &BTreeMap<String, String>, folder: &str, shown: &str) -> Vec<(String, Arc<Source>)> {
    let name = |path: &str| path.strip_prefix(folder)?.strip_prefix('/')?.rsplit_once('.').map(|(stem, _)| stem.to_owned());
    let found = files.iter().filter_map(|(path, text)| Some((name(path)?, Source::new(format!("{shown}: {path}"), text))));
    found.collect()
}
