//! Kit and assessment to [`Scorecard`]: one engine, every number of which can be recomputed by hand.
//!
//! [`link`] says what one answer tells of one practice, [`risk`] what an answer risks, [`gap`] what is missing, [`explain`] how a
//! number came about, [`prospect`] what an open question can still change, [`wording`] puts numbers in words. Nothing here reads a
//! clock, a file or an environment variable, and nothing rounds.
//!
//! # Source
//!
//! The score of a capability is that of an OWASP SAMM 2 practice, generalised from three levels to any scale; the level
//! attained uses the rating of ISO/IEC 33020 (largely above 50 %, fully above 85 %). The rest is our own choice, made so that
//! a reader can check it with a pencil.

pub mod explain;
pub mod feedback;
pub mod gap;
pub mod link;
pub mod prospect;
pub mod risk;
pub mod wording;

use crate::assessment::visibility::Visibility;
use crate::assessment::{Assessment, Instance, State};
use crate::kit::{CapabilityIx, EnvironmentIx, Kit, PracticeIx};
use gap::Gap;
use link::Link;
use risk::{QuestionRisk, RiskCounts};
use std::collections::BTreeMap;

/// Differences below this are taken as equal when numbers are compared.
const SAME: f64 = 1e-9;

/// A level is largely in place above this mean credit (ISO/IEC 33020).
pub const LARGELY: f64 = 0.50;

/// A level is fully in place above this mean credit (ISO/IEC 33020).
pub const FULLY: f64 = 0.85;

/// What a practice without evidence counts at most where the policy asks for evidence.
pub const WITHOUT_EVIDENCE: f64 = 0.5;

/// Returns true if `a` is greater than `b` by more than a rounding error.
pub fn exceeds(a: f64, b: f64) -> bool {
    a - b >= SAME
}

/// A number that lies between two others, since not all is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Between {
    /// The least it can be.
    pub low: f64,
    /// The most it can be.
    pub high: f64,
}

impl Between {
    /// Nothing is known: 0 to 1.
    pub const OPEN: Self = Self { low: 0.0, high: 1.0 };

    /// Returns a number that is known.
    pub fn exactly(value: f64) -> Self {
        Self { low: value, high: value }
    }

    /// Returns the mean weighted by the second of each pair; nothing without parts.
    pub fn mean(parts: impl IntoIterator<Item = (Self, f64)>) -> Option<Self> {
        let (mut low, mut high, mut total) = (0.0, 0.0, 0.0);
        for (part, weight) in parts {
            low += part.low * weight;
            high += part.high * weight;
            total += weight;
        }
        (total > 0.0).then(|| Self { low: low / total, high: high / total })
    }

    /// Returns true if low and high differ by more than a rounding error.
    pub fn is_open(self) -> bool {
        exceeds(self.high, self.low)
    }

    /// Returns true if low and high differ where one digit behind the point is shown.
    pub fn is_seen_open(self) -> bool {
        self.is_open() && format!("{:.1}", self.low) != format!("{:.1}", self.high)
    }
}

/// A practice in one environment.
#[derive(Clone, Debug)]
pub struct PracticeScore {
    /// What its questions tell, in their order; those left out are not among them.
    pub links: Vec<Link>,
    /// How much of it is in place; nothing if it does not apply.
    pub credit: Option<Between>,
    /// The credit before the policy on evidence took from it; nothing if it took nothing.
    pub capped_from: Option<f64>,
}

/// A capability in one environment.
#[derive(Clone, Debug)]
pub struct CapabilityScore {
    /// The weighted mean credit of the practices at each level that has an applicable one.
    pub level_means: BTreeMap<i64, Between>,
    /// The score on the kit's scale; nothing if no practice applies.
    pub score: Option<Between>,
    /// The level attained; nothing if no practice applies.
    pub level: Option<i64>,
    /// The level attained if everything open turns out well.
    pub level_high: Option<i64>,
    /// The practices that keep the next level from being attained.
    pub held_by: Vec<PracticeIx>,
}

/// How much is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Askings that are visible.
    pub visible: usize,
    /// Askings that are answered.
    pub answered: usize,
    /// Askings that do not apply.
    pub not_applicable: usize,
    /// Askings that nobody could answer.
    pub dont_know: usize,
    /// Askings that were put off.
    pub parked: usize,
    /// Askings that nobody answered.
    pub unanswered: usize,
    /// Answers with evidence.
    pub with_evidence: usize,
}

impl Coverage {
    /// Returns the share of visible askings that are resolved, 0 to 1; nothing if none is visible.
    pub fn share(&self) -> Option<f64> {
        (self.visible > 0).then(|| (self.answered + self.not_applicable) as f64 / self.visible as f64)
    }

    /// Returns the share of answers with evidence, 0 to 1; nothing without answers.
    pub fn evidence_share(&self) -> Option<f64> {
        (self.answered > 0).then(|| self.with_evidence as f64 / self.answered as f64)
    }

    fn count(&mut self, state: State, has_evidence: bool) {
        self.visible += 1;
        match state {
            State::Answered => self.answered += 1,
            State::Unanswered => self.unanswered += 1,
            State::DontKnow => self.dont_know += 1,
            State::NotApplicable => self.not_applicable += 1,
            State::Parked => self.parked += 1,
        }
        self.with_evidence += usize::from(has_evidence);
    }

    fn add(&mut self, other: &Self) {
        self.visible += other.visible;
        self.answered += other.answered;
        self.not_applicable += other.not_applicable;
        self.dont_know += other.dont_know;
        self.parked += other.parked;
        self.unanswered += other.unanswered;
        self.with_evidence += other.with_evidence;
    }
}

/// A visible asking with its state and risk.
#[derive(Clone, Copy, Debug)]
pub struct QuestionScore {
    /// The asking.
    pub instance: Instance,
    /// Its state.
    pub state: State,
    /// True if it is answered and has evidence.
    pub has_evidence: bool,
    /// What its answer risks.
    pub risk: QuestionRisk,
}

/// The scores of a capability in scope.
#[derive(Clone, Debug)]
pub struct CapabilityCard {
    /// The capability.
    pub capability: CapabilityIx,
    /// The scores by environment in scope, in order.
    pub environments: Vec<(EnvironmentIx, CapabilityScore)>,
    /// The visible askings, in order.
    pub questions: Vec<QuestionScore>,
    /// How much is answered.
    pub coverage: Coverage,
}

impl CapabilityCard {
    /// Returns true if a question that counts in an environment is resolved: before that a score of 0 says nothing.
    pub fn is_assessed(&self, environment: EnvironmentIx) -> bool {
        let (coverage, _) = self.in_environment(environment);
        coverage.answered + coverage.not_applicable > 0
    }

    /// Returns the score in an environment in scope.
    pub fn score_in(&self, environment: EnvironmentIx) -> Option<&CapabilityScore> {
        self.environments.iter().find(|(scored, _)| *scored == environment).map(|(_, score)| score)
    }

    /// Returns how much is answered of what counts in an environment, and at which risk it stands.
    pub fn in_environment(&self, environment: EnvironmentIx) -> (Coverage, RiskCounts) {
        let mut coverage = Coverage::default();
        let mut risks = RiskCounts::default();
        for question in self.questions.iter().filter(|question| question.instance.environment.is_none_or(|asked| asked == environment)) {
            coverage.count(question.state, question.has_evidence);
            risks.count(question.risk);
        }
        (coverage, risks)
    }
}

/// The mean over capabilities, with the lowest and the highest beside it.
#[derive(Clone, Copy, Debug)]
pub struct Overall {
    /// The mean weighted by importance.
    pub score: Between,
    /// The lowest score of a capability.
    pub min: f64,
    /// The highest score of a capability.
    pub max: f64,
}

/// The result of scoring.
#[derive(Debug)]
pub struct Scorecard {
    /// Which questions are asked.
    pub visibility: Visibility,
    /// The capabilities in scope, in order.
    pub capabilities: Vec<CapabilityCard>,
    /// Every practice of the kit in every environment in scope.
    pub practices: Vec<Vec<(EnvironmentIx, PracticeScore)>>,
    /// The mean in each environment in scope; nothing where no capability has a score.
    pub overall: Vec<(EnvironmentIx, Option<Overall>)>,
    /// The mean of each group of the kit in each environment.
    pub groups: Vec<Vec<(EnvironmentIx, Option<Overall>)>>,
    /// How much is answered.
    pub coverage: Coverage,
    /// How many questions stand at which risk.
    pub risks: RiskCounts,
    /// What is missing, in its order.
    pub gaps: Vec<Gap>,
}

impl Scorecard {
    /// Scores an assessment.
    pub fn of(kit: &Kit, assessment: &Assessment) -> Self {
        let visibility = Visibility::of(kit, assessment);
        let practices: Vec<Vec<(EnvironmentIx, PracticeScore)>> = (0..kit.practices.len())
            .map(|index| {
                let environments = assessment.environments.iter();
                environments.map(|e| (*e, practice(kit, assessment, &visibility, PracticeIx(index), *e))).collect()
            })
            .collect();
        let mut card = Self {
            visibility,
            capabilities: Vec::new(),
            practices,
            overall: Vec::new(),
            groups: Vec::new(),
            coverage: Coverage::default(),
            risks: RiskCounts::default(),
            gaps: Vec::new(),
        };
        card.capabilities = assessment.capabilities_in_scope(kit).map(|ix| card.capability(kit, assessment, ix)).collect();
        for capability in &card.capabilities {
            card.coverage.add(&capability.coverage);
            capability.questions.iter().for_each(|question| card.risks.count(question.risk));
        }
        let environments = assessment.environments.iter();
        card.overall = environments.clone().map(|e| (*e, card.mean(assessment, *e, |_| true))).collect();
        card.groups = (kit.file.groups.iter())
            .map(|group| {
                let is_in = |ix: CapabilityIx| kit.capability(ix).file.group.as_ref().is_some_and(|id| id.value == group.id.value);
                environments.clone().map(|e| (*e, card.mean(assessment, *e, is_in))).collect()
            })
            .collect();
        card.gaps = gap::gaps(kit, assessment, &card);
        card
    }

    /// Returns the score of a practice in an environment in scope.
    pub fn practice(&self, practice: PracticeIx, environment: EnvironmentIx) -> Option<&PracticeScore> {
        self.practices[practice.0].iter().find(|(scored, _)| *scored == environment).map(|(_, score)| score)
    }

    /// Returns the credit of a practice in an environment; nothing if it does not apply there.
    pub fn credit(&self, practice: PracticeIx, environment: EnvironmentIx) -> Option<Between> {
        self.practice(practice, environment).and_then(|score| score.credit)
    }

    /// Returns the card of a capability in scope.
    pub fn card(&self, capability: CapabilityIx) -> Option<&CapabilityCard> {
        self.capabilities.iter().find(|card| card.capability == capability)
    }

    fn capability(&self, kit: &Kit, assessment: &Assessment, ix: CapabilityIx) -> CapabilityCard {
        let mut questions = Vec::new();
        let mut coverage = Coverage::default();
        for question in kit.questions_of(ix) {
            for instance in assessment.instances(kit, question) {
                if !self.visibility.is_visible(instance) {
                    continue;
                }
                let state = assessment.state(instance);
                let is_shown = assessment.answer(instance).is_some_and(|answer| !answer.evidence.is_empty());
                let has_evidence = state == State::Answered && is_shown;
                coverage.count(state, has_evidence);
                questions.push(QuestionScore {
                    instance,
                    state,
                    has_evidence,
                    risk: risk::of(kit, assessment, &self.visibility, instance),
                });
            }
        }
        let environments = assessment.environments.iter().map(|e| (*e, self.capability_in(kit, ix, *e))).collect();
        CapabilityCard { capability: ix, environments, questions, coverage }
    }

    fn capability_in(&self, kit: &Kit, ix: CapabilityIx, environment: EnvironmentIx) -> CapabilityScore {
        let credits: Vec<(PracticeIx, Between)> =
            kit.practices_of(ix).filter_map(|practice| Some((practice, self.credit(practice, environment)?))).collect();
        score(kit, &credits)
    }

    fn mean(&self, assessment: &Assessment, environment: EnvironmentIx, is_in: impl Fn(CapabilityIx) -> bool) -> Option<Overall> {
        let scores: Vec<(Between, f64)> = (self.capabilities.iter())
            .filter(|card| is_in(card.capability))
            .filter_map(|card| {
                let score = card.score_in(environment)?.score?;
                Some((score, assessment.scope(card.capability).importance))
            })
            .collect();
        let lows = scores.iter().map(|(score, _)| score.low);
        Some(Overall {
            score: Between::mean(scores.iter().copied())?,
            min: lows.clone().fold(f64::INFINITY, f64::min),
            max: lows.fold(f64::NEG_INFINITY, f64::max),
        })
    }
}

/// Scores a practice in an environment: the mean of its links there, and the policy on evidence.
fn practice(kit: &Kit, assessment: &Assessment, visibility: &Visibility, ix: PracticeIx, environment: EnvironmentIx) -> PracticeScore {
    let links = link::links(kit, assessment, visibility, ix, environment);
    let mut credit = Between::mean(links.iter().map(|link| (link.value, 1.0)));
    let policy = assessment.file.policy.as_ref().and_then(|policy| policy.evidence_from_level.as_ref());
    let mut capped_from = None;
    if let (Some(credit), Some(from)) = (&mut credit, policy)
        && kit.practice(ix).level >= from.value
        && exceeds(credit.low, WITHOUT_EVIDENCE)
    {
        let has_evidence = |link: &Link| {
            let answer = assessment.answer(link.instance);
            link.basis == link::Basis::Answered && answer.is_some_and(|answer| !answer.evidence.is_empty())
        };
        if !links.iter().any(has_evidence) {
            capped_from = Some(credit.low);
            credit.low = WITHOUT_EVIDENCE;
        }
    }
    PracticeScore { links, credit, capped_from }
}

/// Scores a capability from the credits of its applicable practices.
///
/// # Units
///
/// Credits go from 0 to 1; the score is on the kit's scale, from its base to its top.
pub fn score(kit: &Kit, credits: &[(PracticeIx, Between)]) -> CapabilityScore {
    let mut by_level: BTreeMap<i64, Vec<(Between, f64)>> = BTreeMap::new();
    for (practice, credit) in credits {
        let practice = kit.practice(*practice);
        by_level.entry(practice.level).or_default().push((*credit, practice.weight));
    }
    let level_means: BTreeMap<i64, Between> =
        by_level.into_iter().filter_map(|(level, parts)| Some((level, Between::mean(parts)?))).collect();
    let (base, top) = (kit.base(), kit.top());
    let width = (top - base) as f64;
    let on_scale = |mean: f64| base as f64 + width * mean;
    let score = Between::mean(level_means.values().map(|mean| (*mean, 1.0)))
        .map(|mean| Between { low: on_scale(mean.low), high: on_scale(mean.high) });
    let attained = |mean_of: fn(&Between) -> f64| {
        let mut attained = base;
        let mut all_fully = true;
        for level in base + 1..=top {
            match level_means.get(&level).map(mean_of) {
                _ if !all_fully => break,
                None => attained = level,
                Some(mean) if exceeds(mean, LARGELY) => {
                    attained = level;
                    all_fully = exceeds(mean, FULLY);
                }
                Some(_) => break,
            }
        }
        attained
    };
    let level = score.map(|_| attained(|mean| mean.low));
    let level_high = score.map(|_| attained(|mean| mean.high));
    let held_by = level.map(|level| held_by(kit, credits, &level_means, level)).unwrap_or_default();
    CapabilityScore { level_means, score, level, level_high, held_by }
}

/// Returns the practices that keep the level after `level` from being attained: those not in place at a lower level that is not
/// fully in place, and at the next level if it is not largely in place.
fn held_by(kit: &Kit, credits: &[(PracticeIx, Between)], level_means: &BTreeMap<i64, Between>, level: i64) -> Vec<PracticeIx> {
    let next = level + 1;
    let holds = |of: i64| {
        let mean = level_means.get(&of).map(|mean| mean.low);
        mean.is_some_and(|mean| if of < next { !exceeds(mean, FULLY) } else { of == next && !exceeds(mean, LARGELY) })
    };
    if next > kit.top() {
        return Vec::new();
    }
    let mut held: Vec<PracticeIx> = (credits.iter())
        .filter(|(practice, credit)| holds(kit.practice(*practice).level) && exceeds(1.0, credit.low))
        .map(|(practice, _)| *practice)
        .collect();
    held.sort_by_key(|practice| (kit.practice(*practice).level, *practice));
    held
}
