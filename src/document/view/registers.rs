//! The views of the decision log and of the RAID log.

use super::make::Maker;
use super::place::{Headings, Place};
use super::{ActionView, DecisionView, DocumentLink, Header, OptionView};
use crate::assessment::register::format::{DecisionFile, DecisionStatus, Degree, RiskFile, RiskKind, RiskPlan, RiskStatus};
use crate::kit::CapabilityIx;
use crate::scoring::wording::count;
use crate::yaml::record::{At, Date, Id};
use serde::Serialize;
use std::collections::BTreeMap;

/// The view of the decision log.
#[derive(Debug, Serialize)]
pub struct DecisionsView {
    /// What the document shows of itself.
    pub header: Header,
    /// The day as of which reviews are judged; nothing if no date is known.
    pub as_of: Option<String>,
    /// Every decision that was written down, by date.
    pub recorded: Vec<DecisionRecord>,
    /// The same decisions in full: those that hold, those on the way, those that no longer hold.
    pub groups: Vec<DecisionGroup>,
    /// The decisions that the designs ask for and that nobody has begun, by capability.
    pub to_take: Vec<DecisionsToTake>,
    /// How many those are.
    pub to_take_count: usize,
}

/// Decisions that stand alike.
#[derive(Debug, Serialize)]
pub struct DecisionGroup {
    /// The heading.
    pub title: String,
    /// The decisions.
    pub decisions: Vec<DecisionRecord>,
}

/// A decision that was written down.
#[derive(Debug, Serialize)]
pub struct DecisionRecord {
    /// The id, which is also the name of its file.
    pub id: String,
    /// The anchor of its heading.
    pub anchor: String,
    /// The title.
    pub title: String,
    /// How far it is, in words.
    pub status: String,
    /// True if it holds.
    pub holds: bool,
    /// What was decided, or is proposed.
    pub statement: Option<String>,
    /// Why there was something to decide.
    pub context: Option<String>,
    /// The options.
    pub options: Vec<OptionView>,
    /// Why this option.
    pub rationale: Option<String>,
    /// What follows from it.
    pub consequences: Vec<String>,
    /// The title of its capability.
    pub capability: Option<String>,
    /// The title of the design decision of the kit that it takes.
    pub decides: Option<Place>,
    /// Who keeps it.
    pub owner: Option<String>,
    /// Who approves it.
    pub approver: Option<String>,
    /// When it was approved.
    pub decided_on: Option<String>,
    /// When it is looked at again.
    pub review_on: Option<String>,
    /// True if that day is past.
    pub is_review_due: bool,
    /// The questions whose answers led to it.
    pub questions: Vec<Place>,
    /// The practices that it bears on.
    pub practices: Vec<Place>,
    /// The stories that carry it out.
    pub stories: Vec<Place>,
    /// The decisions in whose place it stands.
    pub supersedes: Vec<Place>,
    /// The decisions that stand in its place.
    pub superseded_by: Vec<Place>,
    /// The entries of the RAID log that name it.
    pub risks: Vec<Place>,
}

/// The decisions that a design asks for.
#[derive(Debug, Serialize)]
pub struct DecisionsToTake {
    /// The title of the capability.
    pub capability: String,
    /// Its id.
    pub capability_id: String,
    /// The decisions in the order of the kit.
    pub decisions: Vec<DecisionView>,
}

/// A decision that waits for somebody: a proposal, or one that is to be looked at again.
#[derive(Debug, Serialize)]
pub struct WaitingDecision {
    /// The title.
    pub title: String,
    /// Where the decision log tells of it.
    pub path: String,
    /// True if it holds, and is to be looked at again.
    pub holds: bool,
    /// What is proposed, or was decided.
    pub statement: Option<String>,
    /// Who approves it, or keeps it.
    pub who: Option<String>,
    /// By when.
    pub by: Option<String>,
    /// True if that day is past.
    pub is_overdue: bool,
}

/// What the RAID log holds, in numbers.
#[derive(Debug, Serialize)]
pub struct RaidCount {
    /// What is not closed: "4 risks, 2 issues and 1 dependency".
    pub open: String,
    /// Risks and issues that are not closed.
    pub with_plan: usize,
    /// Those of them for which no plan is agreed.
    pub unplanned: Vec<Place>,
    /// What is overdue.
    pub overdue: Vec<Place>,
}

/// How far a design decision of the kit is.
#[derive(Debug, Serialize)]
pub struct TakenView {
    /// The title of the decision that takes it.
    pub title: String,
    /// The anchor in the decision log.
    pub anchor: String,
    /// How far it is, in words.
    pub status: String,
    /// True if it holds.
    pub holds: bool,
    /// What was decided, or is proposed.
    pub statement: Option<String>,
}

/// The view of the RAID log.
#[derive(Debug, Serialize)]
pub struct RaidView {
    /// What the document shows of itself.
    pub header: Header,
    /// The day as of which due dates are judged; nothing if no date is known.
    pub as_of: Option<String>,
    /// What it holds, in numbers; nothing where everything is closed.
    pub count: Option<RaidCount>,
    /// Risks, issues, assumptions and dependencies that are not closed, those of a kind together.
    pub kinds: Vec<RaidKind>,
    /// What is closed.
    pub closed: Vec<RaidEntry>,
}

/// The entries of a kind.
#[derive(Debug, Serialize)]
pub struct RaidKind {
    /// The word of the kind: `risk`, `issue`, `assumption` or `dependency`.
    pub kind: String,
    /// The heading.
    pub title: String,
    /// True if entries of this kind have a plan, and so a light.
    pub has_plan: bool,
    /// True if entries of this kind may have a likelihood.
    pub has_likelihood: bool,
    /// The entries: red before amber before green, then by date.
    pub entries: Vec<RaidEntry>,
}

/// A risk, assumption, issue or dependency.
#[derive(Debug, Serialize)]
pub struct RaidEntry {
    /// The id, which is also the name of its file.
    pub id: String,
    /// The anchor of its heading; nothing for what is closed.
    pub anchor: Option<String>,
    /// The word of its kind.
    pub kind: String,
    /// The title.
    pub title: String,
    /// How far it is, in words.
    pub status: String,
    /// The light with its meaning: "red: no agreed plan". Nothing for an assumption or dependency.
    pub rag: Option<String>,
    /// What it is.
    pub statement: Option<String>,
    /// Where it comes from.
    pub cause: Option<String>,
    /// What it does.
    pub impact: Option<String>,
    /// How likely it is.
    pub likelihood: Option<String>,
    /// How bad it is.
    pub severity: Option<String>,
    /// What is done about it.
    pub mitigation: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// When it was raised.
    pub raised_on: String,
    /// By when it is settled.
    pub due: Option<String>,
    /// True if that day is past.
    pub is_overdue: bool,
    /// When it is looked at again.
    pub review_on: Option<String>,
    /// True if that day is past.
    pub is_review_due: bool,
    /// The title of its capability.
    pub capability: Option<String>,
    /// The questions whose answers show it.
    pub questions: Vec<Place>,
    /// The practices that it bears on.
    pub practices: Vec<Place>,
    /// The stories that settle it.
    pub stories: Vec<Place>,
    /// The decisions that belong to it.
    pub decisions: Vec<Place>,
}

/// The kinds in the order of the document, with their headings.
const KINDS: [(RiskKind, &str); 4] =
    [(RiskKind::Risk, "Risks"), (RiskKind::Issue, "Issues"), (RiskKind::Assumption, "Assumptions"), (RiskKind::Dependency, "Dependencies")];

/// A group of the decision log: its heading, and which decisions are in it.
type Group = (&'static str, fn(DecisionStatus) -> bool);

/// The groups of the decision log in their order.
const GROUPS: [Group; 3] = [
    ("In force", DecisionStatus::holds),
    ("On the way", |status| matches!(status, DecisionStatus::Draft | DecisionStatus::UnderReview)),
    ("No longer in force", |status| matches!(status, DecisionStatus::Superseded)),
];

impl Maker<'_> {
    /// Returns the view of the decision log; nothing where nothing was decided and the kit asks for nothing.
    pub fn decisions(&self) -> Option<DecisionsView> {
        let as_of = self.assessment.registers.as_of(self.kit, self.assessment);
        let anchors = self.decision_anchors();
        let risk_anchors = self.raid_anchors();
        let files = &self.assessment.registers.decisions;
        let record = |file: &DecisionFile| self.decision_record(file, as_of, &anchors, &risk_anchors);
        let groups = GROUPS.iter().map(|(title, is_in)| DecisionGroup {
            title: (*title).to_owned(),
            decisions: files.iter().filter(|file| is_in(file.status.value)).map(record).collect(),
        });
        let to_take: Vec<DecisionsToTake> = (self.assessment.capabilities_in_scope(self.kit))
            .map(|ix| self.decisions_to_take(ix))
            .filter(|of| !of.decisions.is_empty())
            .collect();
        if files.is_empty() && to_take.is_empty() {
            return None;
        }
        Some(DecisionsView {
            header: self.header(None),
            as_of: as_of.map(|date| date.to_string()),
            recorded: files.iter().map(record).collect(),
            groups: groups.filter(|group| !group.decisions.is_empty()).collect(),
            to_take_count: to_take.iter().map(|of| of.decisions.len()).sum(),
            to_take,
        })
    }

    fn decisions_to_take(&self, ix: CapabilityIx) -> DecisionsToTake {
        let of_kit = self.kit.capability(ix).file.design.iter().flat_map(|design| &design.decisions);
        DecisionsToTake {
            capability: self.capability_title(ix),
            capability_id: self.kit.capability_id(ix).to_owned(),
            decisions: of_kit.map(|decision| self.decision(ix, decision)).filter(|decision| decision.taken.is_none()).collect(),
        }
    }

    /// Returns how far a design decision of the kit is; nothing if nobody has begun.
    pub(super) fn taken(&self, ix: CapabilityIx, decision: &str) -> Option<TakenView> {
        let file = self.assessment.registers.taking(self.kit.capability_id(ix), decision)?;
        Some(TakenView {
            title: file.title.value.clone(),
            anchor: self.decision_anchors().remove(file.id.as_str())?,
            status: file.status.value.title().to_owned(),
            holds: file.status.value.holds(),
            statement: file.statement.as_ref().map(|text| text.value.clone()),
        })
    }

    /// Returns the anchors of the decisions by id, as the template orders the headings.
    fn decision_anchors(&self) -> BTreeMap<&str, String> {
        let files = &self.assessment.registers.decisions;
        let mut headings = Headings::of(&["Decision log", "At a glance"]);
        let mut anchors = BTreeMap::new();
        for (title, is_in) in &GROUPS {
            let group: Vec<&DecisionFile> = files.iter().filter(|file| is_in(file.status.value)).collect();
            if !group.is_empty() {
                headings.anchor(title);
            }
            anchors.extend(group.into_iter().map(|file| (file.id.as_str(), headings.anchor(&file.title))));
        }
        anchors
    }

    fn decision_record(
        &self,
        file: &DecisionFile,
        as_of: Option<Date>,
        anchors: &BTreeMap<&str, String>,
        risk_anchors: &BTreeMap<&str, String>,
    ) -> DecisionRecord {
        let own = |anchor: String, title: &str| Place { title: title.to_owned(), path: format!("#{anchor}") };
        let known = |id: &str| self.assessment.registers.decisions.iter().find(|other| other.id.as_str() == id);
        let place = |other: &DecisionFile| Some(own(anchors.get(other.id.as_str())?.clone(), &other.title));
        let capability = file.capability.as_ref().and_then(|id| self.kit.find_capability(id.as_str()));
        let decides = capability.zip(file.decides.as_ref()).and_then(|(ix, id)| {
            let of_kit =
                self.kit.capability(ix).file.design.iter().flat_map(|design| &design.decisions).find(|one| one.id.value == id.value)?;
            Some(Place { title: of_kit.title.clone(), path: format!("{}/design.md", self.kit.capability_id(ix)) })
        });
        // What no longer holds is not looked at again.
        let review = file.review_on.as_ref().filter(|_| file.status.value != DecisionStatus::Superseded);
        let risks = self.assessment.registers.risks.iter().filter(|risk| risk.decisions.iter().any(|id| id.value == file.id.value));
        DecisionRecord {
            id: file.id.value.0.clone(),
            anchor: anchors.get(file.id.as_str()).cloned().unwrap_or_default(),
            title: file.title.value.clone(),
            status: file.status.value.title().to_owned(),
            holds: file.status.value.holds(),
            statement: file.statement.as_ref().map(|text| text.value.clone()),
            context: file.context.clone(),
            options: (file.options.iter())
                .map(|option| OptionView { title: option.title.clone(), consequence: option.consequence.clone() })
                .collect(),
            rationale: file.rationale.clone(),
            consequences: file.consequences.strings(),
            capability: capability.map(|ix| self.capability_title(ix)),
            decides,
            owner: self.role_or_person(file.owner.as_ref()),
            approver: self.role_or_person(file.approver.as_ref()),
            decided_on: shown(file.decided_on.as_ref()),
            review_on: shown(review),
            is_review_due: is_past(review, as_of),
            questions: self.question_places(&file.questions),
            practices: self.practice_places(&file.practices),
            stories: self.story_places(&file.stories),
            supersedes: file.supersedes.iter().filter_map(|id| place(known(id.as_str())?)).collect(),
            superseded_by: (self.assessment.registers.decisions.iter())
                .filter(|other| !matches!(other.status.value, DecisionStatus::Draft | DecisionStatus::UnderReview))
                .filter(|other| other.supersedes.iter().any(|id| id.value == file.id.value))
                .filter_map(place)
                .collect(),
            risks: risks.map(|risk| raid_place(risk, risk_anchors)).collect(),
        }
    }

    /// Returns the view of the RAID log; nothing if there is no entry.
    pub fn raid(&self) -> Option<RaidView> {
        let files = &self.assessment.registers.risks;
        if files.is_empty() {
            return None;
        }
        let as_of = self.assessment.registers.as_of(self.kit, self.assessment);
        let anchors = self.raid_anchors();
        let kinds = KINDS.iter().map(|(kind, title)| RaidKind {
            kind: kind.word().to_owned(),
            title: (*title).to_owned(),
            has_plan: matches!(kind, RiskKind::Risk | RiskKind::Issue),
            has_likelihood: *kind == RiskKind::Risk,
            entries: self.open_entries(*kind).into_iter().map(|file| self.raid_entry(file, as_of, &anchors)).collect(),
        });
        Some(RaidView {
            header: self.header(None),
            as_of: as_of.map(|date| date.to_string()),
            count: self.raid_count(),
            kinds: kinds.filter(|kind| !kind.entries.is_empty()).collect(),
            closed: files.iter().filter(|file| file.is_closed()).map(|file| self.raid_entry(file, as_of, &anchors)).collect(),
        })
    }

    /// Returns what the RAID log holds, in numbers; nothing where everything is closed.
    pub(super) fn raid_count(&self) -> Option<RaidCount> {
        let as_of = self.assessment.registers.as_of(self.kit, self.assessment);
        let anchors = self.raid_anchors();
        let of_kind: Vec<(RiskKind, Vec<&RiskFile>)> = KINDS.iter().map(|(kind, _)| (*kind, self.open_entries(*kind))).collect();
        let numbers: Vec<String> = (of_kind.iter())
            .filter(|(_, files)| !files.is_empty())
            .map(|(kind, files)| match (kind, files.len()) {
                (RiskKind::Dependency, 2..) => format!("{} dependencies", files.len()),
                (_, number) => count(number, kind.word()),
            })
            .collect();
        let open = match numbers.split_last()? {
            (last, []) => last.clone(),
            (last, others) => format!("{} and {last}", others.join(", ")),
        };
        let files = || of_kind.iter().flat_map(|(_, files)| files).copied();
        let places = |is_in: fn(&RiskFile, Option<Date>) -> bool| {
            files().filter(|file| is_in(file, as_of)).map(|file| raid_place(file, &anchors)).collect::<Vec<_>>()
        };
        Some(RaidCount {
            open,
            with_plan: files().filter(|file| file.plan().is_some()).count(),
            unplanned: places(|file, _| file.plan() == Some(RiskPlan::None)),
            overdue: places(|file, as_of| is_past(file.due.as_ref(), as_of)),
        })
    }

    /// Returns the decisions that wait for somebody, the soonest first: what is under review, and what holds and is due for a review.
    pub(super) fn waiting_decisions(&self) -> Vec<WaitingDecision> {
        let as_of = self.assessment.registers.as_of(self.kit, self.assessment);
        let anchors = self.decision_anchors();
        let waits = |file: &&DecisionFile| match file.status.value {
            DecisionStatus::UnderReview => true,
            status => status.holds() && is_past(file.review_on.as_ref(), as_of),
        };
        let mut waiting: Vec<WaitingDecision> = (self.assessment.registers.decisions.iter().filter(waits))
            .map(|file| WaitingDecision {
                title: file.title.value.clone(),
                path: decision_path(file, &anchors),
                holds: file.status.value.holds(),
                statement: file.statement.as_ref().map(|text| text.value.clone()),
                who: self.role_or_person(file.approver.as_ref().or(file.owner.as_ref())),
                by: shown(file.review_on.as_ref()),
                is_overdue: is_past(file.review_on.as_ref(), as_of),
            })
            .collect();
        waiting.sort_by(|a, b| a.by.is_none().cmp(&b.by.is_none()).then(a.by.cmp(&b.by)));
        waiting
    }

    /// Returns what the registers ask somebody to do, with who it is.
    pub(super) fn register_actions(&self) -> Vec<(Option<String>, ActionView)> {
        let registers = &self.assessment.registers;
        let as_of = registers.as_of(self.kit, self.assessment);
        let (decision_anchors, raid_anchors) = (self.decision_anchors(), self.raid_anchors());
        let action = |deed: &str, place: Place, source: &str, capability: Option<&At<Id>>, due: Option<&At<Date>>| ActionView {
            source: Some(DocumentLink { title: source.to_owned(), path: place.path }),
            due: shown(due),
            is_overdue: is_past(due, as_of),
            ..self.action(capability.and_then(|id| self.kit.find_capability(id.as_str())), deed, place.title)
        };
        let of_decision = |file: &DecisionFile| {
            let (deed, who) = match file.status.value {
                DecisionStatus::Draft => ("Finish the draft", file.owner.as_ref()),
                DecisionStatus::UnderReview => ("Decide", file.approver.as_ref().or(file.owner.as_ref())),
                status if status.holds() && is_past(file.review_on.as_ref(), as_of) => ("Review the decision", file.owner.as_ref()),
                _ => return None,
            };
            let place = Place { title: file.title.value.clone(), path: decision_path(file, &decision_anchors) };
            let action = action(deed, place, "decision log", file.capability.as_ref(), file.review_on.as_ref());
            let action = ActionView { id: file.id.value.0.clone(), ..action };
            Some((self.role_or_person(who), action))
        };
        let of_risk = |file: &RiskFile| {
            let deed = match (file.kind.value, file.plan()) {
                _ if file.is_closed() => return None,
                (_, Some(RiskPlan::None)) => "Agree on a plan",
                (_, Some(RiskPlan::InProgress)) => "Carry out the plan",
                (RiskKind::Assumption, _) if file.status.value != RiskStatus::Monitor => "Check the assumption",
                (RiskKind::Dependency, _) if file.status.value != RiskStatus::Monitor => "Settle the dependency",
                _ => return None,
            };
            let action = action(deed, raid_place(file, &raid_anchors), "RAID log", file.capability.as_ref(), file.due.as_ref());
            let action = ActionView { id: file.id.value.0.clone(), ..action };
            Some((self.role_or_person(file.owner.as_ref()), action))
        };
        registers.decisions.iter().filter_map(of_decision).chain(registers.risks.iter().filter_map(of_risk)).collect()
    }

    /// Returns the decisions that are no longer in anybody's place and the open entries of the RAID log that fit.
    fn register_places(
        &self,
        of_decision: impl Fn(&DecisionFile) -> bool,
        of_risk: impl Fn(&RiskFile) -> bool,
    ) -> (Vec<Place>, Vec<Place>) {
        let registers = &self.assessment.registers;
        let decisions: Vec<&DecisionFile> =
            (registers.decisions.iter()).filter(|file| file.status.value != DecisionStatus::Superseded && of_decision(file)).collect();
        let risks: Vec<&RiskFile> = registers.risks.iter().filter(|file| !file.is_closed() && of_risk(file)).collect();
        let (mut decision_places, mut risk_places) = (Vec::new(), Vec::new());
        if !decisions.is_empty() {
            let anchors = self.decision_anchors();
            decision_places =
                decisions.into_iter().map(|file| Place { title: file.title.value.clone(), path: decision_path(file, &anchors) }).collect();
        }
        if !risks.is_empty() {
            let anchors = self.raid_anchors();
            risk_places = risks.into_iter().map(|file| raid_place(file, &anchors)).collect();
        }
        (decision_places, risk_places)
    }

    /// Returns where an entry of the RAID log is told; nothing if it is not there, or closed.
    pub(super) fn raid_place(&self, id: &str) -> Option<Place> {
        self.register_places(|_| false, |file| file.id.as_str() == id).1.into_iter().next()
    }

    /// Returns the decisions and the entries of the RAID log that bear on a practice.
    pub(super) fn bearing_on(&self, practice: &str) -> (Vec<Place>, Vec<Place>) {
        let names = |ids: &[At<Id>]| ids.iter().any(|id| id.as_str() == practice);
        self.register_places(|file| names(&file.practices), |file| names(&file.practices))
    }

    /// Returns the decisions and the entries of the RAID log that belong to a capability.
    pub(super) fn belonging_to(&self, capability: CapabilityIx) -> (Vec<Place>, Vec<Place>) {
        let wanted = self.kit.capability_id(capability);
        let names = |id: Option<&At<Id>>| id.is_some_and(|id| id.as_str() == wanted);
        self.register_places(|file| names(file.capability.as_ref()), |file| names(file.capability.as_ref()))
    }

    /// Returns the decisions and the entries of the RAID log that belong to a capability, or bear on one of its practices or questions.
    pub(super) fn bearing_on_capability(&self, capability: CapabilityIx) -> (Vec<Place>, Vec<Place>) {
        let wanted = self.kit.capability_id(capability);
        let bears = |of: Option<&At<Id>>, practices: &[At<Id>], questions: &[At<String>]| {
            let has_practice =
                |id: &At<Id>| self.kit.find_practice(id.as_str()).is_some_and(|ix| self.kit.practice(ix).capability == capability);
            let has_question = |key: &At<String>| {
                let id = key.split_once('@').map_or(key.as_str(), |(id, _)| id);
                self.kit.find_question(id).is_some_and(|ix| self.kit.question(ix).capability == capability)
            };
            of.is_some_and(|id| id.as_str() == wanted) || practices.iter().any(has_practice) || questions.iter().any(has_question)
        };
        self.register_places(
            |file| bears(file.capability.as_ref(), &file.practices, &file.questions),
            |file| bears(file.capability.as_ref(), &file.practices, &file.questions),
        )
    }

    /// Returns the entries of a kind that are not closed: red before amber before green, then by date.
    fn open_entries(&self, kind: RiskKind) -> Vec<&RiskFile> {
        let mut open: Vec<&RiskFile> =
            self.assessment.registers.risks.iter().filter(|file| file.kind.value == kind && !file.is_closed()).collect();
        open.sort_by_key(|file| file.plan());
        open
    }

    /// Returns the anchors of the entries that are not closed, as the template orders the headings.
    fn raid_anchors(&self) -> BTreeMap<&str, String> {
        let mut headings = Headings::of(&["Risks, assumptions, issues and dependencies"]);
        let mut anchors = BTreeMap::new();
        for (kind, title) in &KINDS {
            let open = self.open_entries(*kind);
            if !open.is_empty() {
                headings.anchor(title);
            }
            anchors.extend(open.into_iter().map(|file| (file.id.as_str(), headings.anchor(&file.title))));
        }
        anchors
    }

    fn raid_entry(&self, file: &RiskFile, as_of: Option<Date>, anchors: &BTreeMap<&str, String>) -> RaidEntry {
        let decision_anchors = self.decision_anchors();
        let decisions = file.decisions.iter().filter_map(|id| {
            let decision = self.assessment.registers.decisions.iter().find(|decision| decision.id.value == id.value)?;
            let path = format!("decisions.md#{}", decision_anchors.get(id.as_str())?);
            Some(Place { title: decision.title.value.clone(), path })
        });
        let degree = |degree: Option<&At<Degree>>| degree.map(|degree| degree.value.word().to_owned());
        let is_open = !file.is_closed();
        RaidEntry {
            id: file.id.value.0.clone(),
            anchor: anchors.get(file.id.as_str()).cloned(),
            kind: file.kind.value.word().to_owned(),
            title: file.title.value.clone(),
            status: file.status.value.title().to_owned(),
            rag: file.plan().map(|plan| light(plan).to_owned()),
            statement: file.statement.as_ref().map(|text| text.value.clone()),
            cause: file.cause.as_ref().map(|text| text.value.clone()),
            impact: file.impact.clone(),
            likelihood: degree(file.likelihood.as_ref()),
            severity: degree(file.severity.as_ref()),
            mitigation: file.mitigation.clone(),
            owner: self.role_or_person(file.owner.as_ref()),
            raised_on: file.id.as_str().get(..10).unwrap_or_default().to_owned(),
            due: shown(file.due.as_ref()),
            is_overdue: is_open && is_past(file.due.as_ref(), as_of),
            review_on: shown(file.review_on.as_ref()),
            is_review_due: is_open && is_past(file.review_on.as_ref(), as_of),
            capability: (file.capability.as_ref())
                .and_then(|id| self.kit.find_capability(id.as_str()))
                .map(|capability| self.capability_title(capability)),
            questions: self.question_places(&file.questions),
            practices: self.practice_places(&file.practices),
            stories: self.story_places(&file.stories),
            decisions: decisions.collect(),
        }
    }

    fn role_or_person(&self, who: Option<&At<String>>) -> Option<String> {
        who.map(|who| self.kit.role_title(who).to_owned())
    }

    fn question_places(&self, keys: &[At<String>]) -> Vec<Place> {
        let place = |key: &At<String>| {
            let (id, environment) = key.split_once('@').map_or((key.as_str(), None), |(id, environment)| (id, Some(environment)));
            let question = self.kit.find_question(id)?;
            let ask = self.kit.question_file(question).ask.value.clone();
            let title = environment
                .and_then(|id| self.kit.find_environment(id))
                .map_or(ask.clone(), |ix| format!("{ask} ({})", self.kit.environment_title(ix)));
            Some(Place { title, path: format!("{}/readiness.md", self.kit.capability_id(self.kit.question(question).capability)) })
        };
        keys.iter().filter_map(place).collect()
    }

    pub(super) fn practice_places(&self, ids: &[At<Id>]) -> Vec<Place> {
        ids.iter().filter_map(|id| self.kit.find_practice(id.as_str())).map(|ix| self.practice_place(ix)).collect()
    }

    fn story_places(&self, ids: &[At<Id>]) -> Vec<Place> {
        let stories = || self.kit.capabilities.iter().flat_map(|one| one.file.stories.iter().map(move |story| (one, story)));
        let place = |id: &At<Id>| {
            let Some((capability, story)) = stories().find(|(_, story)| story.id.value == id.value) else {
                return self.own_story_place(id.as_str());
            };
            let title = story.title.clone().unwrap_or_else(|| story.id.value.0.clone());
            Some(Place { title, path: format!("{}/design.md", capability.file.id.value) })
        };
        ids.iter().filter_map(place).collect()
    }
}

/// Returns the light of a plan, with its meaning: colour alone says too little.
fn light(plan: RiskPlan) -> &'static str {
    match plan {
        RiskPlan::None => "red: no agreed plan",
        RiskPlan::InProgress => "amber: plan in progress",
        RiskPlan::UnderControl => "green: under control",
    }
}

fn decision_path(file: &DecisionFile, anchors: &BTreeMap<&str, String>) -> String {
    anchors.get(file.id.as_str()).map_or_else(|| "decisions.md".to_owned(), |anchor| format!("decisions.md#{anchor}"))
}

fn raid_place(risk: &RiskFile, anchors: &BTreeMap<&str, String>) -> Place {
    let path = anchors.get(risk.id.as_str()).map_or_else(|| "raid.md".to_owned(), |anchor| format!("raid.md#{anchor}"));
    Place { title: risk.title.value.clone(), path }
}

fn shown(date: Option<&At<Date>>) -> Option<String> {
    date.map(|date| date.value.to_string())
}

fn is_past(date: Option<&At<Date>>, as_of: Option<Date>) -> bool {
    date.zip(as_of).is_some_and(|(date, as_of)| date.value < as_of)
}
