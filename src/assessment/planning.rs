//! What is planned: the files in `plan/`, and the waves of the roadmap, checked against the kit.
//!
//! Nothing of it changes a score. Whether an acceptance has ended is asked with a day, never of a clock.

pub mod format;

use super::format::WaveChange;
use super::read::Checker;
use super::{Assessment, Kit};
use crate::diagnostic::{Code, Diagnostic, Location, Source, did_you_mean, sort};
use crate::kit::{CapabilityIx, PracticeIx};
use crate::yaml::record::{At, Date, Id, list, read};
use format::{Acceptance, ActionStatus, Momentum, PlanFile, PracticePlan, Stage};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A wave of the roadmap, as the kit has it and the assessment changes it.
///
/// # Units
///
/// Capacity is counted in points of effort: S 1, M 3, L 8.
#[derive(Clone, Debug, PartialEq)]
pub struct Wave {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// How many points fit.
    pub capacity: f64,
    /// The day on which it begins.
    pub start: Option<Date>,
    /// The day on which it ends.
    pub finish: Option<Date>,
    /// What is better after it.
    pub goal: Option<String>,
    /// What must hold before it begins.
    pub entry: Vec<String>,
    /// What must hold before it counts as done.
    pub exit: Vec<String>,
}

impl Wave {
    /// Returns true if its last day is past.
    pub fn is_over(&self, on: Date) -> bool {
        self.finish.is_some_and(|finish| finish < on)
    }

    /// Returns the title up to its first colon, for a narrow column.
    pub fn short_title(&self) -> &str {
        self.title.split(':').next().unwrap_or_default()
    }
}

/// What is planned for one gap.
#[derive(Clone, Debug)]
pub struct PlannedPractice {
    /// The file.
    pub source: Arc<Source>,
    /// The id of the practice, and its place in the file.
    pub id: At<String>,
    /// The wave in which it is closed, counted from 0.
    pub wave: Option<At<usize>>,
    /// Who closes it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<At<Date>>,
    /// How far the work is.
    pub status: Option<ActionStatus>,
    /// How the work goes.
    pub momentum: Option<Momentum>,
    /// Who accepted to live with it.
    pub accepted: Option<At<Acceptance>>,
    /// More about it.
    pub note: Option<String>,
}

impl PlannedPractice {
    /// Returns the acceptance that holds on a day; one without a day to hold it against holds.
    pub fn acceptance(&self, on: Option<Date>) -> Option<&Acceptance> {
        let accepted = self.accepted.as_ref().map(|accepted| &accepted.value)?;
        on.is_none_or(|day| day <= accepted.expires.value).then_some(accepted)
    }

    /// Returns the acceptance that has ended on a day.
    pub fn expired(&self, on: Date) -> Option<&At<Acceptance>> {
        self.accepted.as_ref().filter(|accepted| on > accepted.value.expires.value)
    }

    /// Returns true if the day has come by which it was to be closed, and nobody says that it is done.
    pub fn is_overdue(&self, on: Date) -> bool {
        self.status != Some(ActionStatus::Done) && self.due.as_ref().is_some_and(|due| due.value < on)
    }
}

/// What is planned for one capability.
#[derive(Clone, Debug)]
pub struct PlannedCapability {
    /// The file.
    pub source: Arc<Source>,
    /// How far the work is as a whole.
    pub status: Option<Stage>,
    /// How the work goes as a whole.
    pub momentum: Option<Momentum>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// More about it.
    pub note: Option<String>,
}

/// The files in `plan/`, checked.
#[derive(Clone, Debug, Default)]
pub struct Planning {
    /// By capability.
    pub capabilities: BTreeMap<CapabilityIx, PlannedCapability>,
    /// By practice.
    pub practices: BTreeMap<PracticeIx, PlannedPractice>,
}

impl Planning {
    /// Returns what is planned for a gap.
    pub fn practice(&self, practice: PracticeIx) -> Option<&PlannedPractice> {
        self.practices.get(&practice)
    }

    /// Returns who closes a gap: its own owner, else that of the capability.
    pub fn owner(&self, kit: &Kit, practice: PracticeIx) -> Option<&str> {
        let own = self.practice(practice).and_then(|planned| planned.owner.as_deref());
        own.or_else(|| self.capabilities.get(&kit.practice(practice).capability)?.owner.as_deref())
    }

    /// Returns the acceptance of a gap that holds on a day.
    pub fn acceptance(&self, practice: PracticeIx, on: Option<Date>) -> Option<&Acceptance> {
        self.practice(practice).and_then(|planned| planned.acceptance(on))
    }

    /// Returns how the work on a capability goes: as said of the whole, else the worst momentum among its actions that are not done.
    pub fn momentum(&self, kit: &Kit, capability: CapabilityIx) -> Option<Momentum> {
        let said = self.capabilities.get(&capability).and_then(|planned| planned.momentum);
        let of_actions = || {
            let open = kit.practices_of(capability).filter_map(|ix| self.practice(ix)).filter(|one| one.status != Some(ActionStatus::Done));
            open.filter_map(|planned| planned.momentum).max()
        };
        said.or_else(of_actions)
    }
}

/// Reads the files in `plan/`. `risks` are the ids of the RAID log, where they are known. What could be read is returned either way.
pub fn planning(
    kit: &Kit,
    assessment: &Assessment,
    sources: &[(String, Arc<Source>)],
    risks: Option<&[&str]>,
) -> (Planning, Vec<Diagnostic>) {
    let mut planning = Planning::default();
    let mut diagnostics = Vec::new();
    for (stem, source) in sources {
        let (file, found) = read::<PlanFile>(source);
        diagnostics.extend(found);
        if let Some(file) = file {
            let checker = Checker { kit, source, diagnostics: &mut diagnostics };
            Planner { checker, assessment, risks }.file(stem, file, &mut planning);
        }
    }
    sort(&mut diagnostics);
    (planning, diagnostics)
}

/// Reads what is wrong in the files on their own, for when there is no kit to hold them against.
pub fn faults(sources: &[(String, Arc<Source>)]) -> Vec<Diagnostic> {
    sources.iter().flat_map(|(_, source)| read::<PlanFile>(source).1).collect()
}

struct Planner<'c> {
    checker: Checker<'c>,
    assessment: &'c Assessment,
    risks: Option<&'c [&'c str]>,
}

impl Planner<'_> {
    fn file(&mut self, stem: &str, file: PlanFile, planning: &mut Planning) {
        let kit = self.checker.kit;
        let Some(capability) = kit.find_capability(file.capability.as_str()) else {
            if file.practices.is_empty() {
                // An upgrade of the kit left it so: what was planned stands in its comments.
                let message = format!("the kit has no capability `{}`; its plan is kept and ignored", file.capability);
                self.checker.warning(Code::UnknownReference, file.capability.span, message);
                return;
            }
            let known = kit.capability_indices().map(|ix| kit.capability_id(ix));
            self.checker.unknown("capability", file.capability.as_str(), file.capability.span, known);
            return;
        };
        if file.capability.as_str() != stem {
            let message = format!("the file is named `{stem}` and holds the plan of `{}`", file.capability);
            self.checker.error(Code::FileNameDiffers, file.capability.span, message).help =
                Some("rename the file, or move what is in it".to_owned());
            return;
        }
        let source = Arc::clone(self.checker.source);
        self.role(file.owner.as_ref());
        for (id, entry) in file.practices.0 {
            // A key without a value is a practice that waits for its plan.
            let (Some(practice), Some(entry)) = (self.practice(&id, capability), entry) else { continue };
            planning.practices.insert(practice, self.entry(id, entry, &source));
        }
        let value = PlannedCapability {
            source,
            status: file.status.map(|status| status.value),
            momentum: file.momentum.map(|momentum| momentum.value),
            owner: file.owner.map(|owner| owner.value),
            note: file.note,
        };
        planning.capabilities.insert(capability, value);
    }

    fn practice(&mut self, id: &At<String>, capability: CapabilityIx) -> Option<PracticeIx> {
        let kit = self.checker.kit;
        let Some(practice) = kit.find_practice(id) else {
            let known: Vec<&str> = kit.practices_of(capability).map(|ix| kit.practice(ix).id.as_str()).collect();
            self.checker.unknown("practice", id, id.span, known);
            return None;
        };
        let owner = kit.practice(practice).capability;
        if owner != capability {
            let owner = kit.capability_id(owner);
            let message = format!("the practice `{}` belongs to `{owner}`", id.value);
            self.checker.error(Code::UnknownReference, id.span, message).help = Some(format!("move the entry to `plan/{owner}.yaml`"));
            return None;
        }
        Some(practice)
    }

    fn entry(&mut self, id: At<String>, entry: PracticePlan, source: &Arc<Source>) -> PlannedPractice {
        self.role(entry.owner.as_ref());
        if let Some(accepted) = &entry.accepted {
            self.role(Some(&accepted.value.approver));
            self.risk(&accepted.value.risk);
        }
        PlannedPractice {
            source: Arc::clone(source),
            wave: entry.wave.as_ref().and_then(|wave| self.wave(wave)),
            id,
            owner: entry.owner.map(|owner| owner.value),
            due: entry.due,
            status: entry.status.map(|status| status.value),
            momentum: entry.momentum.map(|momentum| momentum.value),
            accepted: entry.accepted,
            note: entry.note,
        }
    }

    fn role(&mut self, role: Option<&At<String>>) {
        if let Some(role) = role {
            self.checker.role(role, role.span);
        }
    }

    fn wave(&mut self, id: &At<Id>) -> Option<At<usize>> {
        let waves = &self.assessment.waves;
        let found = waves.iter().position(|wave| wave.id == id.as_str());
        if found.is_none() {
            let known: Vec<&str> = waves.iter().map(|wave| wave.id.as_str()).collect();
            let help = did_you_mean(id.as_str(), known.iter().copied()).unwrap_or_else(|| match known.as_slice() {
                [] => "the roadmap has no waves; add them to `waves` in `opsready.yaml`".to_owned(),
                known => format!("there are {}", list(known)),
            });
            self.checker.error(Code::UnknownReference, id.span, format!("the roadmap has no wave `{id}`")).help = Some(help);
        }
        found.map(|value| At { value, span: id.span })
    }

    fn risk(&mut self, id: &At<Id>) {
        let Some(known) = self.risks.filter(|known| !known.contains(&id.as_str())) else { return };
        let help = did_you_mean(id.as_str(), known.iter().copied());
        let help = help.unwrap_or_else(|| "write the risk down first, in `risks/`; it is named by its file, without `.yaml`".to_owned());
        self.checker.error(Code::UnknownReference, id.span, format!("the RAID log has no entry `{id}`")).help = Some(help);
    }
}

/// Returns the waves of the roadmap: those of the kit with the changes of the assessment, and its own behind them.
pub(super) fn waves(changes: &[WaveChange], checker: &mut Checker<'_>) -> Vec<Wave> {
    let of_kit = |wave: &crate::kit::format::Wave| Wave {
        id: wave.id.as_str().to_owned(),
        title: wave.title.clone(),
        capacity: wave.capacity.value,
        start: None,
        finish: None,
        goal: wave.goal.clone(),
        entry: wave.entry.strings(),
        exit: wave.exit.strings(),
    };
    let mut waves: Vec<Wave> = checker.kit.file.waves.iter().map(of_kit).collect();
    let mut seen: Vec<&Id> = Vec::new();
    for change in changes {
        if seen.contains(&&change.id.value) {
            checker.error(Code::DuplicateId, change.id.span, format!("the wave `{}` stands here twice", change.id)).help =
                Some("bring what they say together in one entry".to_owned());
            continue;
        }
        seen.push(&change.id.value);
        if let Some(capacity) = change.capacity.as_ref().filter(|capacity| capacity.value <= 0.0) {
            checker.error(Code::BadNumber, capacity.span, "the capacity of a wave is above 0");
        }
        if let (Some(start), Some(finish)) = (&change.start, &change.finish)
            && finish.value < start.value
        {
            let message = format!("the wave ends on {}, before it begins on {}", finish.value, start.value);
            checker.error(Code::BadDate, finish.span, message);
        }
        match waves.iter().position(|wave| wave.id == change.id.as_str()) {
            Some(at) if change.remove == Some(true) => drop(waves.remove(at)),
            Some(at) => amend(&mut waves[at], change),
            None => waves.extend(new_wave(change, checker)),
        }
    }
    order(changes, &waves, checker);
    waves
}

fn amend(wave: &mut Wave, change: &WaveChange) {
    let day = |date: &Option<At<Date>>| date.as_ref().map(|date| date.value);
    wave.title = change.title.clone().unwrap_or_else(|| wave.title.clone());
    wave.capacity = change.capacity.as_ref().map_or(wave.capacity, |capacity| capacity.value);
    (wave.start, wave.finish) = (day(&change.start), day(&change.finish));
    wave.goal = change.goal.clone().or_else(|| wave.goal.clone());
    if let Some(entry) = &change.entry {
        wave.entry = entry.strings();
    }
    if let Some(exit) = &change.exit {
        wave.exit = exit.strings();
    }
}

fn new_wave(change: &WaveChange, checker: &mut Checker<'_>) -> Option<Wave> {
    let lacks = |is_there: bool, what: &'static str| (!is_there).then_some(what);
    let missing: Vec<&str> =
        [lacks(change.title.is_some(), "title"), lacks(change.capacity.is_some(), "capacity")].into_iter().flatten().collect();
    if change.remove == Some(true) || !missing.is_empty() {
        let known: Vec<&str> = checker.kit.file.waves.iter().map(|wave| wave.id.as_str()).collect();
        let help = did_you_mean(change.id.as_str(), known.iter().copied()).unwrap_or_else(|| match known.as_slice() {
            _ if change.remove != Some(true) => format!("a new wave needs {}", list(&missing)),
            [] => "the kit has none".to_owned(),
            known => format!("there are {}", list(known)),
        });
        let message = format!("the kit has no wave `{}`", change.id);
        checker.error(Code::UnknownReference, change.id.span, message).help = Some(help);
        return None;
    }
    let mut wave = Wave {
        id: change.id.as_str().to_owned(),
        title: String::new(),
        capacity: 0.0,
        start: None,
        finish: None,
        goal: None,
        entry: Vec::new(),
        exit: Vec::new(),
    };
    amend(&mut wave, change);
    Some(wave)
}

/// Says where a wave begins before the one that comes before it.
fn order(changes: &[WaveChange], waves: &[Wave], checker: &mut Checker<'_>) {
    let mut before: Option<&Wave> = None;
    for wave in waves.iter().filter(|wave| wave.start.is_some()) {
        if let Some(earlier) = before.filter(|earlier| wave.start < earlier.start) {
            let place = changes.iter().find(|change| change.id.as_str() == wave.id).and_then(|change| change.start.as_ref());
            if let Some(place) = place {
                let message = format!("`{}` begins before `{}`, which comes first", wave.id, earlier.id);
                checker.warning(Code::BadDate, place.span, message).help = Some("waves are worked off in their order".to_owned());
            }
        }
        before = Some(wave);
    }
}

/// Returns the place of the wave that a plan names for a gap.
pub fn place(planned: &PlannedPractice) -> Option<Location> {
    planned.wave.as_ref().map(|wave| Location::new(&planned.source, wave.span))
}
