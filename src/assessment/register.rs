//! What was decided, and what is watched: the files in `decisions/` and `risks/`, checked against the kit and each other.
//!
//! Nothing of it is scored. Dates are held against those of the assessment, never against a clock.

pub mod format;
pub mod write;

use super::backlog::{self, Backlog};
use super::read::Checker;
use super::{Assessment, Kit};
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span, did_you_mean, sort};
use crate::kit::CapabilityIx;
use crate::yaml::record::{At, Date, Id, list, read};
use format::{DecisionFile, RiskFile, RiskKind};
use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

/// The files of the registers as text: stem and source, by name.
#[derive(Debug, Default)]
pub struct RegisterSources {
    /// The files in `decisions/`.
    pub decisions: Vec<(String, Arc<Source>)>,
    /// The files in `risks/`.
    pub risks: Vec<(String, Arc<Source>)>,
    /// The files in `backlog/`.
    pub backlog: Vec<(String, Arc<Source>)>,
}

/// The registers of an assessment, by id, which begins with a date.
#[derive(Clone, Debug, Default)]
pub struct Registers {
    /// What was decided, or is to be.
    pub decisions: Vec<DecisionFile>,
    /// Risks, assumptions, issues and dependencies.
    pub risks: Vec<RiskFile>,
    /// The stories that the customer took over.
    pub backlog: Backlog,
    /// The day of the last milestone.
    pub frozen_on: Option<Date>,
    /// The files of both.
    pub sources: Vec<Arc<Source>>,
}

impl Registers {
    /// Returns a place in the file of an entry, which is found by its folder and its id.
    pub fn place(&self, folder: &str, id: &str, span: Span) -> Option<Location> {
        let is_meant = |source: &&Arc<Source>| {
            let path = Path::new(&source.path);
            let is = |part: Option<&OsStr>, wanted: &str| part.is_some_and(|part| part == wanted);
            is(path.file_stem(), id) && is(path.parent().and_then(Path::file_name), folder)
        };
        self.sources.iter().find(is_meant).map(|source| Location::new(source, span))
    }

    /// Returns the decision that takes a design decision of the kit: one that holds, else the latest on the way.
    pub fn taking(&self, capability: &str, decision: &str) -> Option<&DecisionFile> {
        let is_meant = |file: &&DecisionFile| {
            let names = |id: &Option<At<Id>>, wanted: &str| id.as_ref().is_some_and(|id| id.as_str() == wanted);
            names(&file.capability, capability) && names(&file.decides, decision) && file.status.value != format::DecisionStatus::Superseded
        };
        let meant = || self.decisions.iter().filter(is_meant);
        meant().rfind(|file| file.status.value.holds()).or_else(|| meant().next_back())
    }

    /// Returns true if the decisions that one stands in the place of lead back to it.
    fn leads_back(&self, decision: &DecisionFile, first: &str) -> bool {
        let (mut open, mut seen) = (vec![first], Vec::new());
        while let Some(id) = open.pop() {
            if id == decision.id.as_str() {
                return true;
            }
            if !seen.contains(&id) {
                seen.push(id);
                let earlier = self.decisions.iter().filter(|other| other.id.as_str() == id);
                open.extend(earlier.flat_map(|other| &other.supersedes).map(|id| id.as_str()));
            }
        }
        false
    }

    /// Returns the day as of which reviews and due dates are judged: the latest that the answers, the registers or
    /// the milestones name as past.
    pub fn as_of(&self, kit: &Kit, assessment: &Assessment) -> Option<Date> {
        let decided = self.decisions.iter().filter_map(|file| file.decided_on.as_ref()).map(|date| date.value);
        let ids = self.decisions.iter().map(|file| &file.id).chain(self.risks.iter().map(|file| &file.id));
        let raised = ids.filter_map(|id| raised_on(id.as_str()));
        decided.chain(raised).chain(assessment.latest(kit, None)).chain(self.frozen_on).max()
    }
}

/// Returns the day with which an id begins.
pub fn raised_on(id: &str) -> Option<Date> {
    id.get(..10).and_then(Date::parse)
}

/// Reads the registers. What could be read is returned either way.
pub fn registers(kit: &Kit, sources: &RegisterSources) -> (Registers, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let backlog = backlog::backlog(kit, &sources.backlog, &mut diagnostics);
    let own: Vec<String> = backlog.stories().map(|(_, id, _)| id.value.clone()).collect();
    let files = sources.decisions.iter().chain(&sources.risks).map(|(_, source)| Arc::clone(source));
    let mut registers = Registers { sources: files.collect(), backlog, ..Registers::default() };
    let stems: Vec<&str> = sources.decisions.iter().map(|(stem, _)| stem.as_str()).collect();
    for (stem, source) in &sources.decisions {
        let (file, found) = read::<DecisionFile>(source);
        diagnostics.extend(found);
        if let Some(file) = file {
            Entry { checker: Checker { kit, source, diagnostics: &mut diagnostics }, stems: &stems, own: &own }.decision(stem, &file);
            registers.decisions.push(file);
        }
    }
    for (stem, source) in &sources.risks {
        let (file, found) = read::<RiskFile>(source);
        diagnostics.extend(found);
        if let Some(file) = file {
            Entry { checker: Checker { kit, source, diagnostics: &mut diagnostics }, stems: &stems, own: &own }.risk(stem, &file);
            registers.risks.push(file);
        }
    }
    for decision in &registers.decisions {
        let source = sources.decisions.iter().find(|(stem, _)| stem == decision.id.as_str()).map(|(_, source)| source);
        for id in decision.supersedes.iter().filter(|id| registers.leads_back(decision, id.as_str())) {
            let Some(source) = source else { continue };
            let message = if id.value == decision.id.value {
                "a decision cannot stand in its own place".to_owned()
            } else {
                format!("`{id}` stands in the place of this decision already")
            };
            let at = Location::new(source, id.span);
            diagnostics.push(Diagnostic::error(Code::Cycle, at, message).help("name the one that no longer holds, in one of them"));
        }
    }
    sort(&mut diagnostics);
    registers.decisions.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
    registers.risks.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
    (registers, diagnostics)
}

/// Reads what is wrong in the registers on their own, for when there is no kit to hold them against.
pub fn faults(sources: &RegisterSources) -> Vec<Diagnostic> {
    let decisions = sources.decisions.iter().flat_map(|(_, source)| read::<DecisionFile>(source).1);
    let risks = sources.risks.iter().flat_map(|(_, source)| read::<RiskFile>(source).1);
    decisions.chain(risks).chain(backlog::faults(&sources.backlog)).collect()
}

/// Checks one entry.
struct Entry<'c> {
    checker: Checker<'c>,
    /// The names of the files in `decisions/`.
    stems: &'c [&'c str],
    /// The stories of the backlog.
    own: &'c [String],
}

impl Entry<'_> {
    fn decision(&mut self, stem: &str, file: &DecisionFile) {
        self.id(stem, &file.id);
        let capability = self.capability(file.capability.as_ref());
        if let Some(decides) = &file.decides {
            self.decides(decides, file.capability.is_some(), capability);
        }
        self.roles([&file.owner, &file.approver]);
        self.links(&file.questions, &file.practices, &file.stories);
        self.decisions(&file.supersedes);
        if file.status.value.holds() {
            let lacks = |is_there: bool, what: &'static str| (!is_there).then_some(what);
            let missing: Vec<&str> = [lacks(file.statement.is_some(), "statement"), lacks(file.decided_on.is_some(), "decided_on")]
                .into_iter()
                .flatten()
                .collect();
            if !missing.is_empty() {
                let message = "a decision that holds says what was decided, and when";
                self.checker.warning(Code::MissingKey, file.status.span, message).help = Some(format!("add {}", list(&missing)));
            }
        }
        self.review(&file.id, file.review_on.as_ref());
    }

    fn risk(&mut self, stem: &str, file: &RiskFile) {
        self.id(stem, &file.id);
        self.capability(file.capability.as_ref());
        self.roles([&file.owner, &None]);
        self.links(&file.questions, &file.practices, &file.stories);
        self.decisions(&file.decisions);
        self.review(&file.id, file.review_on.as_ref());
        let kind = file.kind.value;
        let not_of_harm = !matches!(kind, RiskKind::Risk | RiskKind::Issue);
        let keys = [
            ("cause", file.cause.as_ref().map(|key| key.span), not_of_harm),
            ("likelihood", file.likelihood.as_ref().map(|key| key.span), kind != RiskKind::Risk),
            ("severity", file.severity.as_ref().map(|key| key.span), not_of_harm),
            ("plan", file.plan.as_ref().map(|key| key.span), not_of_harm),
        ];
        for (key, span) in keys.into_iter().filter(|(_, _, is_foreign)| *is_foreign).filter_map(|(key, span, _)| Some((key, span?))) {
            let article = if matches!(kind, RiskKind::Assumption | RiskKind::Issue) { "an" } else { "a" };
            let help = if key == "likelihood" { "only a risk has one" } else { "only a risk or an issue has one" };
            self.checker.error(Code::UnknownKey, span, format!("{article} {kind} has no `{key}`")).help = Some(help.to_owned());
        }
    }

    fn id(&mut self, stem: &str, id: &At<Id>) {
        if id.as_str() != stem {
            let message = format!("the file is named `{stem}` and holds `{id}`");
            self.checker.error(Code::FileNameDiffers, id.span, message).help = Some("rename the file, or change the id".to_owned());
        }
        let has_words = id.as_str().get(10..).is_some_and(|rest| rest.len() > 1 && rest.starts_with('-'));
        if raised_on(id.as_str()).is_none() || !has_words {
            let message = format!("`{id}` does not begin with a date and go on with a few words");
            self.checker.error(Code::BadId, id.span, message).help = Some("write it as `2026-11-20-two-or-three-words`".to_owned());
        }
    }

    fn review(&mut self, id: &At<Id>, review: Option<&At<Date>>) {
        if let (Some(raised), Some(review)) = (raised_on(id.as_str()), review)
            && review.value < raised
        {
            let message = format!("the review of {} comes before the entry itself, {raised}", review.value);
            self.checker.warning(Code::BadDate, review.span, message);
        }
    }

    fn capability(&mut self, id: Option<&At<Id>>) -> Option<CapabilityIx> {
        let (id, kit) = (id?, self.checker.kit);
        let found = kit.find_capability(id.as_str());
        if found.is_none() {
            self.checker.unknown("capability", id.as_str(), id.span, kit.capability_indices().map(|ix| kit.capability_id(ix)));
        }
        found
    }

    fn decides(&mut self, id: &At<Id>, is_named: bool, capability: Option<CapabilityIx>) {
        let kit = self.checker.kit;
        let Some(capability) = capability else {
            if !is_named {
                let message = format!("`{id}` is a design decision of which capability?");
                self.checker.error(Code::MissingKey, id.span, message).help = Some("name it with `capability`".to_owned());
            }
            return;
        };
        let known: Vec<&str> = (kit.capability(capability).file.design.iter())
            .flat_map(|design| &design.decisions)
            .map(|decision| decision.id.as_str())
            .collect();
        if !known.contains(&id.as_str()) {
            let of = kit.capability_id(capability);
            let help = did_you_mean(id.as_str(), known.iter().copied()).unwrap_or_else(|| match known.as_slice() {
                [] => "leave the key out".to_owned(),
                known => format!("there are {}", list(known)),
            });
            self.checker.error(Code::UnknownReference, id.span, format!("the design of `{of}` has no decision `{id}`")).help = Some(help);
        }
    }

    fn roles(&mut self, roles: [&Option<At<String>>; 2]) {
        for role in roles.into_iter().flatten() {
            self.checker.role(role, role.span);
        }
    }

    fn links(&mut self, questions: &[At<String>], practices: &[At<Id>], stories: &[At<Id>]) {
        let kit = self.checker.kit;
        for key in questions {
            let (id, environment) = key.split_once('@').map_or((key.as_str(), None), |(id, environment)| (id, Some(environment)));
            if kit.find_question(id).is_none() {
                self.checker.unknown("question", id, key.span, kit.questions.iter().map(|question| question.id.as_str()));
            } else if let Some(environment) = environment {
                self.checker.environment(environment, key.span);
            }
        }
        for id in practices.iter().filter(|id| kit.find_practice(id.as_str()).is_none()) {
            self.checker.unknown("practice", id.as_str(), id.span, kit.practices.iter().map(|practice| practice.id.as_str()));
        }
        let of_kit = || kit.capabilities.iter().flat_map(|capability| &capability.file.stories).map(|story| story.id.as_str());
        let own = self.own;
        let known = || of_kit().chain(own.iter().map(String::as_str));
        for id in stories.iter().filter(|id| !known().any(|story| story == id.as_str())) {
            self.checker.unknown("story", id.as_str(), id.span, known());
        }
    }

    fn decisions(&mut self, ids: &[At<Id>]) {
        for id in ids.iter().filter(|id| !self.stems.contains(&id.as_str())) {
            let help = did_you_mean(id.as_str(), self.stems.iter().copied());
            let help = help.unwrap_or_else(|| "a decision is named by its file in `decisions/`, without `.yaml`".to_owned());
            self.checker.error(Code::UnknownReference, id.span, format!("there is no decision `{id}`")).help = Some(help);
        }
    }
}
