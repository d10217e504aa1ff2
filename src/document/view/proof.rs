//! The views of what an assessor is asked for: applicability, evidence, acceptance.

use super::make::Maker;
use super::{CapabilityLink, EvidenceView, Header, LeftOut};
use crate::assessment::format::Reason;
use crate::assessment::{Instance, Response, State};
use crate::document::set::{Others, SET, Subject};
use crate::kit::CapabilityIx;
use crate::kit::format::Risk;
use crate::scoring::link::link;
use crate::scoring::wording::{percent, resolved};
use crate::yaml::record::Date;
use jiff::ToSpan;
use serde::Serialize;

/// How many pieces of evidence are asked for by name in each capability.
const ASK_FIRST: usize = 2;

/// The view of the applicability statement.
#[derive(Debug, Serialize)]
pub struct ApplicabilityView {
    /// What the document shows of itself.
    pub header: Header,
    /// The capabilities out of scope.
    pub left_out: Vec<LeftOut>,
    /// Questions that are set aside though there is something to ask about.
    pub deviations: Vec<DeviationView>,
    /// Questions with nothing to ask about.
    pub nothing_to_ask: Vec<DeviationView>,
    /// Statements of checklists that do not apply.
    pub statements: Vec<StatementsView>,
    /// The phase of the migration that the assessment names.
    pub phase: Option<String>,
    /// Targets lower than that phase needs.
    pub lower_targets: Vec<LowerTarget>,
}

/// A question that does not apply.
#[derive(Debug, Serialize)]
pub struct DeviationView {
    /// The question.
    pub ask: String,
    /// How files name it.
    pub key: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The capability.
    pub capability: CapabilityLink,
    /// The kind of reason.
    pub reason: String,
    /// The reason in words.
    pub note: Option<String>,
    /// The practices that are not asked for.
    pub practices: Vec<String>,
}

/// Statements of one checklist that do not apply.
#[derive(Debug, Serialize)]
pub struct StatementsView {
    /// The question.
    pub ask: String,
    /// How files name it.
    pub key: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The capability.
    pub capability: CapabilityLink,
    /// The statements.
    pub statements: Vec<String>,
    /// What was said beyond the answer.
    pub note: Option<String>,
}

/// A target that is lower than the phase of the migration needs.
#[derive(Debug, Serialize)]
pub struct LowerTarget {
    /// The capability.
    pub capability: CapabilityLink,
    /// The level that the phase needs, with its name.
    pub needed: String,
    /// The level wanted, with its name.
    pub target: String,
    /// Why.
    pub rationale: Option<String>,
}

/// The view of the evidence index.
#[derive(Debug, Serialize)]
pub struct EvidenceIndexView {
    /// What the document shows of itself.
    pub header: Header,
    /// How many answers there are.
    pub answered: usize,
    /// How many of them have evidence.
    pub with_evidence: usize,
    /// Their share: "16 %".
    pub share: String,
    /// The level from which on a practice without evidence counts half at most, with its name.
    pub policy_from: Option<String>,
    /// How many practices the policy took from.
    pub capped: usize,
    /// True if some evidence is more than a year older than the latest answer.
    pub has_old: bool,
    /// What was given, by capability.
    pub capabilities: Vec<EvidenceOfCapability>,
    /// What is still to be shown, by capability.
    pub missing: Vec<MissingEvidence>,
}

/// The evidence of a capability.
#[derive(Debug, Serialize)]
pub struct EvidenceOfCapability {
    /// The capability.
    pub capability: CapabilityLink,
    /// The evidence, in the order of the questions.
    pub items: Vec<EvidenceItem>,
}

/// A piece of evidence with the answer that it shows.
#[derive(Debug, Serialize)]
pub struct EvidenceItem {
    /// What it is, where, and when it was collected.
    pub evidence: EvidenceView,
    /// The question.
    pub ask: String,
    /// How files name it.
    pub key: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// Who gave the answer.
    pub by: Vec<String>,
    /// True if it is more than a year older than the latest answer.
    pub is_old: bool,
}

/// What is still to be shown of a capability.
#[derive(Debug, Serialize)]
pub struct MissingEvidence {
    /// The capability.
    pub capability: CapabilityLink,
    /// Answers for which the kit asks for evidence.
    pub asked_for: usize,
    /// How many of them have none.
    pub missing: usize,
    /// How many of these show a practice of high risk.
    pub high: usize,
    /// What to ask for first.
    pub first: Vec<String>,
}

/// An answer without the evidence that the kit asks for.
pub(super) struct Claim {
    /// The asking.
    pub(super) instance: Instance,
    /// True if it shows a practice of high risk that the target asks for.
    pub(super) is_high: bool,
    /// What rests on it.
    weight: f64,
}

/// The view of the acceptance sheet.
#[derive(Debug, Serialize)]
pub struct AcceptanceView {
    /// What the document shows of itself.
    pub header: Header,
    /// The documents that are handed over.
    pub documents: Vec<HandedOver>,
    /// What each phase of the engagement leaves behind.
    pub phases: Vec<PhaseCriteria>,
    /// True if a phase names criteria.
    pub has_criteria: bool,
    /// How much is resolved.
    pub coverage: String,
    /// How many questions are open.
    pub open: usize,
}

/// A kind of document that is handed over.
#[derive(Debug, Serialize)]
pub struct HandedOver {
    /// The title.
    pub title: String,
    /// Where it is, or where the index lists them, from this document.
    pub path: String,
    /// Of what there is one each: "capability"; nothing where there is one in all.
    pub of_each: Option<String>,
    /// The question that it answers.
    pub answers: String,
    /// How many there are.
    pub number: usize,
}

/// What a phase of the engagement leaves behind, and what must hold before it ends.
#[derive(Debug, Serialize)]
pub struct PhaseCriteria {
    /// The title.
    pub title: String,
    /// What it leaves behind.
    pub deliverables: Vec<String>,
    /// What must hold.
    pub criteria: Vec<String>,
}

impl Maker<'_> {
    /// Returns the view of the applicability statement; nothing where everything applies.
    pub fn applicability(&self) -> Option<ApplicabilityView> {
        let (mut deviations, mut nothing_to_ask, mut statements) = (Vec::new(), Vec::new(), Vec::new());
        for instance in self.card.capabilities.iter().flat_map(|card| &card.questions).map(|question| question.instance) {
            match self.assessment.answer(instance).map(|answer| &answer.response) {
                Some(Response::NotApplicable { reason, note }) => {
                    let list = if reason.is_deviation() { &mut deviations } else { &mut nothing_to_ask };
                    list.push(self.deviation(instance, *reason, note.clone()));
                }
                Some(Response::Choices { not_applicable, .. }) if !not_applicable.is_empty() => {
                    statements.push(self.statements(instance, not_applicable));
                }
                _ => {}
            }
        }
        let view = ApplicabilityView {
            header: self.header(None),
            left_out: self.left_out(),
            deviations,
            nothing_to_ask,
            statements,
            phase: self.named_phase(),
            lower_targets: self.lower_targets(),
        };
        let is_empty = view.left_out.is_empty()
            && view.deviations.is_empty()
            && view.nothing_to_ask.is_empty()
            && view.statements.is_empty()
            && view.lower_targets.is_empty();
        (!is_empty).then_some(view)
    }

    fn deviation(&self, instance: Instance, reason: Reason, note: Option<String>) -> DeviationView {
        let question = self.open_question(instance);
        DeviationView {
            capability: self.capability_link(self.kit.question(instance.question).capability),
            reason: reason.title().to_owned(),
            note: note.or_else(|| self.assessment.answer(instance).and_then(|answer| answer.note.clone())),
            ask: question.ask,
            key: question.key,
            environment: question.environment,
            practices: question.practices,
        }
    }

    fn statements(&self, instance: Instance, left_out: &[usize]) -> StatementsView {
        let question = self.kit.question(instance.question);
        StatementsView {
            ask: self.kit.question_file(instance.question).ask.value.clone(),
            key: instance.key(self.kit),
            environment: self.environment_of(instance),
            capability: self.capability_link(question.capability),
            statements: left_out.iter().map(|option| question.options[*option].label.trim_end_matches('.').to_owned()).collect(),
            note: self.assessment.answer(instance).and_then(|answer| answer.note.clone()),
        }
    }

    fn lower_targets(&self) -> Vec<LowerTarget> {
        let Some(phase) = self.assessment.phase else { return Vec::new() };
        let lower = |ix: CapabilityIx| {
            let scope = self.assessment.scope(ix);
            let needed = self.kit.file.phases[phase].targets.get(self.kit.capability_id(ix))?.value;
            (scope.target < needed).then(|| LowerTarget {
                capability: self.capability_link(ix),
                needed: self.level_text(needed),
                target: self.level_text(scope.target),
                rationale: scope.rationale.clone(),
            })
        };
        self.assessment.capabilities_in_scope(self.kit).filter_map(lower).collect()
    }

    /// Returns how many deviations there are: questions set aside, and targets lower than the phase needs.
    pub(super) fn deviation_count(&self) -> usize {
        let questions = self.card.capabilities.iter().flat_map(|card| &card.questions);
        let is_deviation = |instance: Instance| {
            let response = self.assessment.answer(instance).map(|answer| &answer.response);
            matches!(response, Some(Response::NotApplicable { reason, .. }) if reason.is_deviation())
        };
        questions.filter(|question| is_deviation(question.instance)).count() + self.lower_targets().len()
    }

    /// Returns the view of the evidence index; nothing while there is no answer.
    pub fn evidence_index(&self) -> Option<EvidenceIndexView> {
        let coverage = &self.card.coverage;
        let share = coverage.evidence_share()?;
        let year_ago = self.assessment.latest(self.kit, None).map(|latest| Date(latest.0.saturating_sub(1.year())));
        let capabilities: Vec<EvidenceOfCapability> = (self.card.capabilities.iter())
            .map(|card| EvidenceOfCapability {
                capability: self.capability_link(card.capability),
                items: card.questions.iter().flat_map(|question| self.evidence_of(question.instance, year_ago)).collect(),
            })
            .filter(|one| !one.items.is_empty())
            .collect();
        let policy = self.assessment.file.policy.as_ref().and_then(|policy| policy.evidence_from_level.as_ref());
        let capped = self
            .card
            .practices
            .iter()
            .flatten()
            .filter(|(environment, score)| *environment == self.assessment.target_environment && score.capped_from.is_some());
        Some(EvidenceIndexView {
            header: self.header(None),
            answered: coverage.answered,
            with_evidence: coverage.with_evidence,
            share: percent(share),
            policy_from: policy.map(|level| self.level_text(level.value)),
            capped: capped.count(),
            has_old: capabilities.iter().flat_map(|one| &one.items).any(|item| item.is_old),
            capabilities,
            missing: self.assessment.capabilities_in_scope(self.kit).filter_map(|ix| self.missing_evidence(ix)).collect(),
        })
    }

    fn evidence_of(&self, instance: Instance, year_ago: Option<Date>) -> Vec<EvidenceItem> {
        let Some(answer) = self.assessment.answer(instance) else { return Vec::new() };
        let item = |evidence: &crate::assessment::format::Evidence| EvidenceItem {
            evidence: EvidenceView {
                title: evidence.title.clone().or_else(|| evidence.link.clone()).unwrap_or_else(|| "evidence".to_owned()),
                link: evidence.link.clone().unwrap_or_default(),
                collected: evidence.collected.map(|date| date.to_string()),
            },
            ask: self.kit.question_file(instance.question).ask.value.clone(),
            key: instance.key(self.kit),
            environment: self.environment_of(instance),
            by: answer.by.iter().map(|id| self.kit.role_title(id).to_owned()).collect(),
            is_old: evidence.collected.zip(year_ago).is_some_and(|(collected, year_ago)| collected < year_ago),
        };
        answer.evidence.iter().map(item).collect()
    }

    /// Returns the answers of a capability without the evidence that the kit asks for, those on which most rests first.
    pub(super) fn unproven(&self, ix: CapabilityIx) -> Vec<Claim> {
        let target = self.assessment.scope(ix).target;
        let mut claims: Vec<Claim> = Vec::new();
        for question in self.questions(ix).iter().filter(|question| question.state == State::Answered && !question.has_evidence) {
            let instance = question.instance;
            if self.kit.question_file(instance.question).evidence.is_none() {
                continue;
            }
            let mut claim = Claim { instance, is_high: false, weight: 0.0 };
            for practice in &self.kit.question(instance.question).credits {
                let Some(link) = link(self.kit, self.assessment, &self.card.visibility, *practice, instance) else { continue };
                let of_kit = self.kit.practice(*practice);
                if of_kit.level <= target {
                    claim.is_high |= of_kit.risk == Risk::High && link.value.low > 0.0;
                    claim.weight += of_kit.risk.factor() * of_kit.weight * link.value.low;
                }
            }
            claims.push(claim);
        }
        claims.sort_by(|a, b| b.is_high.cmp(&a.is_high).then(b.weight.total_cmp(&a.weight)));
        claims
    }

    fn missing_evidence(&self, ix: CapabilityIx) -> Option<MissingEvidence> {
        let claims = self.unproven(ix);
        let is_asked_for = |instance: Instance| self.kit.question_file(instance.question).evidence.is_some();
        let answered = self.questions(ix).iter().filter(|question| question.state == State::Answered);
        let mut first: Vec<String> = Vec::new();
        for claim in claims.iter().filter(|claim| claim.weight > 0.0) {
            let wanted = self.kit.question_file(claim.instance.question).evidence.as_ref().map(|text| capital(&text.value));
            first.extend(wanted.filter(|wanted| first.len() < ASK_FIRST && !first.contains(wanted)));
        }
        (!claims.is_empty()).then(|| MissingEvidence {
            capability: self.capability_link(ix),
            asked_for: answered.filter(|question| is_asked_for(question.instance)).count(),
            missing: claims.len(),
            high: claims.iter().filter(|claim| claim.is_high).count(),
            first,
        })
    }

    /// Returns the view of the acceptance sheet; nothing while no question is answered.
    pub fn acceptance(&self, others: &Others<'_>) -> Option<AcceptanceView> {
        if self.is_untouched() {
            return None;
        }
        let documents = SET.iter().filter_map(|kind| {
            let number = others.documents.iter().filter(|document| document.kind == kind.id).count();
            let (path, of_each) = match kind.subject {
                Subject::Assessment(_) | Subject::Documents(_) => (kind.file, None),
                Subject::Capability(_) => ("README.md#capabilities", Some("capability")),
                Subject::Role(_) => ("README.md#what-to-read", Some("role")),
                Subject::Session(_) => ("README.md#what-to-read", Some("session")),
            };
            (number > 0).then(|| HandedOver {
                title: kind.title.to_owned(),
                path: path.to_owned(),
                of_each: of_each.map(ToOwned::to_owned),
                answers: kind.answers.to_owned(),
                number,
            })
        });
        let phases = self.kit.engagement.iter().flat_map(|engagement| &engagement.file.phases);
        let titles = |points: &[crate::kit::format::Point]| points.iter().map(|point| point.title.value.clone()).collect::<Vec<_>>();
        let phases: Vec<PhaseCriteria> = phases
            .map(|phase| PhaseCriteria {
                title: phase.title.value.clone(),
                deliverables: titles(&phase.deliverables),
                criteria: titles(&phase.exit),
            })
            .collect();
        let coverage = &self.card.coverage;
        Some(AcceptanceView {
            header: self.header(None),
            documents: documents.collect(),
            has_criteria: phases.iter().any(|phase| !phase.criteria.is_empty()),
            phases,
            coverage: resolved(coverage),
            open: coverage.unanswered + coverage.dont_know + coverage.parked,
        })
    }

    /// Returns the phase of the migration that the assessment names.
    pub(super) fn named_phase(&self) -> Option<String> {
        self.assessment.phase.map(|phase| self.kit.file.phases[phase].title.clone())
    }
}

/// Returns text with a capital first letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
