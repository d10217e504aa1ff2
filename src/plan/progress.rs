//! How an assessment moves from one day to the next: results by id, which outlive the kit that they were made with, and what
//! became of them.
//!
//! [`carry`] holds old answers against a newer kit, [`movement`] tells the three causes of a movement apart, [`gaps`] what became of
//! each gap, [`due`] what is overdue or stale. Dates are arguments; nothing here reads a clock.

pub mod carry;
pub mod compare;
pub mod due;
pub mod gaps;
pub mod movement;

use crate::assessment::{Assessment, State};
use crate::fingerprint::Fnv;
use crate::kit::{CapabilityIx, EnvironmentIx, Kit};
use crate::scoring::{Between, Scorecard, exceeds};
use crate::yaml::record::Date;
use carry::Said;
use compare::{Comparison, Now, Then};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Which kit results rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitIdentity {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// The version.
    pub version: String,
    /// True if the owner of the workspace had laid files over it.
    pub is_overlaid: bool,
    /// What tells its content from any other.
    pub digest: String,
}

impl KitIdentity {
    /// Returns the identity of a kit.
    pub fn of(kit: &Kit) -> Self {
        Self {
            id: kit.file.id.value.0.clone(),
            title: kit.file.title.value.clone(),
            version: kit.file.version.value.0.clone(),
            is_overlaid: kit.is_overlaid,
            digest: digest(kit),
        }
    }

    /// Returns the kit as people name it: id and version.
    pub fn name(&self) -> String {
        format!("{} {}{}", self.id, self.version, if self.is_overlaid { " with own changes" } else { "" })
    }
}

/// Returns what tells the content of a kit from any other: 64 bits of FNV-1a over its files and what is laid over them, in the order
/// of the kit. Line ends of git make no difference.
pub fn digest(kit: &Kit) -> String {
    let engagement = kit.engagement.iter().map(|engagement| ("", &engagement.source));
    let capabilities = kit.capabilities.iter().map(|capability| (capability.file.id.as_str(), &capability.source));
    let sources = std::iter::once(("", &kit.source)).chain(engagement).chain(capabilities);
    let mut hash = Fnv::default();
    for (name, source) in sources {
        hash.add_lines(name.as_bytes());
        for text in source.texts() {
            hash.add([0]);
            hash.add_lines(text.as_bytes());
        }
        hash.add([1]);
    }
    hash.digits()
}

/// Scores by id, as `opsready/scorecard/v1` has them: they hold whatever becomes of the kit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Results {
    /// The environment in which gaps are closed.
    pub target_environment: String,
    /// The mean over capabilities, by environment in scope.
    pub overall: BTreeMap<String, OverallResult>,
    /// The share of visible askings that are resolved, 0 to 1.
    pub coverage: Option<f64>,
    /// The share of answers with evidence, 0 to 1.
    pub evidence_coverage: Option<f64>,
    /// The capabilities in scope, in order.
    pub capabilities: Vec<CapabilityResult>,
    /// The gaps, in their order.
    pub gaps: Vec<GapResult>,
}

/// The mean over capabilities in one environment.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct OverallResult {
    /// The least it can be.
    pub low: Option<f64>,
    /// The most it can be.
    pub high: Option<f64>,
}

/// What was found of a capability.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct CapabilityResult {
    /// The id.
    pub id: String,
    /// The level wanted.
    pub target: i64,
    /// How much it matters, 1 to 5.
    pub importance: f64,
    /// The share of visible askings that are resolved, 0 to 1.
    pub coverage: Option<f64>,
    /// The scores by environment in scope.
    pub environments: BTreeMap<String, ScoreResult>,
    /// The practices.
    pub practices: Vec<PracticeResult>,
    /// The visible askings.
    pub questions: Vec<QuestionResult>,
}

/// A score and the level attained; all is nothing if no practice applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct ScoreResult {
    /// The least the score can be: the score.
    pub low: Option<f64>,
    /// The most the score can be.
    pub high: Option<f64>,
    /// The level attained.
    pub level: Option<i64>,
    /// The level attained if everything open turns out well.
    pub level_high: Option<i64>,
}

/// How much of a practice was in place.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PracticeResult {
    /// The id.
    pub id: String,
    /// The level from which on it is expected.
    pub level: i64,
    /// The credit by environment in scope.
    pub environments: BTreeMap<String, CreditResult>,
}

/// How much of a practice was in place in an environment; nothing if it does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct CreditResult {
    /// The least it can be, 0 to 1.
    pub credit: Option<f64>,
    /// The most it can be, 0 to 1.
    pub high: Option<f64>,
}

/// The state of a visible asking.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct QuestionResult {
    /// The id.
    pub id: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The word of the state.
    pub state: String,
}

/// A gap.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct GapResult {
    /// The practice.
    pub practice: String,
    /// Its capability.
    pub capability: String,
    /// Where it is missing.
    pub environment: String,
    /// The level from which on it is expected.
    pub level: i64,
    /// How much of it is in place, 0 to 1.
    pub credit: f64,
    /// How much of it is in place if everything open turns out well, 0 to 1.
    pub high: f64,
    /// The word of the risk.
    pub risk: String,
    /// Risk x importance x weight x what is missing.
    pub priority: f64,
}

impl GapResult {
    /// Returns true if it is a gap whatever the open questions bring.
    pub fn is_confirmed(&self) -> bool {
        exceeds(1.0, self.high)
    }
}

impl Results {
    /// Returns the results of a scorecard.
    pub fn of(kit: &Kit, assessment: &Assessment, card: &Scorecard) -> Self {
        let environment = |ix: EnvironmentIx| kit.environment_id(ix).to_owned();
        let overall = card.overall.iter().map(|(ix, overall)| {
            let score = overall.map(|overall| overall.score);
            (environment(*ix), OverallResult { low: score.map(|score| score.low), high: score.map(|score| score.high) })
        });
        let gaps = card.gaps.iter().map(|gap| {
            let practice = kit.practice(gap.practice);
            GapResult {
                practice: practice.id.clone(),
                capability: kit.capability_id(practice.capability).to_owned(),
                environment: environment(gap.environment),
                level: practice.level,
                credit: gap.credit.low,
                high: gap.credit.high,
                risk: practice.risk.word().to_owned(),
                priority: gap.priority,
            }
        });
        Self {
            target_environment: environment(assessment.target_environment),
            overall: overall.collect(),
            coverage: card.coverage.share(),
            evidence_coverage: card.coverage.evidence_share(),
            capabilities: card.capabilities.iter().map(|one| capability(kit, assessment, card, one.capability)).collect(),
            gaps: gaps.collect(),
        }
    }

    /// Returns what was found of a capability in scope.
    pub fn capability(&self, id: &str) -> Option<&CapabilityResult> {
        self.capabilities.iter().find(|capability| capability.id == id)
    }

    /// Returns the credit of a practice in an environment; nothing if it does not apply there.
    pub fn credit(&self, practice: &str, environment: &str) -> Option<Between> {
        let practices = self.capabilities.iter().flat_map(|capability| &capability.practices);
        let found = practices.into_iter().find(|other| other.id == practice)?.environments.get(environment)?;
        Some(Between { low: found.credit?, high: found.high? })
    }

    /// Returns how many askings are in a state.
    pub fn count(&self, state: State) -> usize {
        self.capabilities.iter().flat_map(|capability| &capability.questions).filter(|question| question.state == state.word()).count()
    }

    /// Returns how many askings are visible.
    pub fn visible(&self) -> usize {
        self.capabilities.iter().map(|capability| capability.questions.len()).sum()
    }
}

impl CapabilityResult {
    /// Returns true if a question that counts in an environment is resolved: before that a score of 0 says nothing.
    pub fn is_assessed(&self, environment: &str) -> bool {
        let is_resolved = |state: &str| [State::Answered, State::NotApplicable].iter().any(|of| of.word() == state);
        let counts = |question: &&QuestionResult| question.environment.as_deref().is_none_or(|asked| asked == environment);
        self.questions.iter().filter(counts).any(|question| is_resolved(&question.state))
    }
}

fn capability(kit: &Kit, assessment: &Assessment, card: &Scorecard, ix: CapabilityIx) -> CapabilityResult {
    let scope = assessment.scope(ix);
    let one = card.card(ix).expect("a capability in scope has a card");
    let environment = |ix: EnvironmentIx| kit.environment_id(ix).to_owned();
    let environments = one.environments.iter().map(|(of, score)| {
        let (low, high) = (score.score.map(|score| score.low), score.score.map(|score| score.high));
        (environment(*of), ScoreResult { low, high, level: score.level, level_high: score.level_high })
    });
    let practices = kit.practices_of(ix).map(|practice| PracticeResult {
        id: kit.practice(practice).id.clone(),
        level: kit.practice(practice).level,
        environments: (card.practices[practice.0].iter())
            .map(|(of, score)| {
                let credit = CreditResult { credit: score.credit.map(|credit| credit.low), high: score.credit.map(|credit| credit.high) };
                (environment(*of), credit)
            })
            .collect(),
    });
    let questions = one.questions.iter().map(|question| QuestionResult {
        id: kit.question(question.instance.question).id.clone(),
        environment: question.instance.environment.map(environment),
        state: question.state.word().to_owned(),
    });
    CapabilityResult {
        id: kit.capability_id(ix).to_owned(),
        target: scope.target,
        importance: scope.importance,
        coverage: one.coverage.share(),
        environments: environments.collect(),
        practices: practices.collect(),
        questions: questions.collect(),
    }
}

/// A frozen scorecard and what it was made of.
#[derive(Clone, Debug)]
pub struct Milestone {
    /// The name.
    pub name: String,
    /// The day on which it was saved.
    pub saved_on: Date,
    /// Its place among the milestones of a workspace, from 1; it tells those of one day apart.
    pub sequence: u64,
    /// What was said of it.
    pub note: Option<String>,
    /// The version of the program that saved it.
    pub program: String,
    /// The kit.
    pub kit: KitIdentity,
    /// The scores as they were.
    pub results: Results,
}

impl Milestone {
    /// Returns what milestones are ordered by: the day, the sequence, the name.
    pub fn order(&self) -> (Date, u64, &str) {
        (self.saved_on, self.sequence, &self.name)
    }
}

/// A kit with what was said to it at that time.
#[derive(Debug)]
pub struct Frozen {
    /// The kit, or what scores need of it.
    pub kit: Kit,
    /// What the files said.
    pub said: Said,
}

/// The milestones of a workspace.
#[derive(Debug, Default)]
pub struct History {
    /// All of them, the earliest first.
    pub milestones: Vec<Milestone>,
    /// The one that is compared with now, by its place, and what it was made of: the last that says something else than the workspace,
    /// else the last.
    pub compared: Option<(usize, Frozen)>,
}

impl History {
    /// Returns the milestone that is compared with now, with its place and what it was made of.
    pub fn compared(&self) -> Option<(usize, &Milestone, &Frozen)> {
        let (place, frozen) = self.compared.as_ref()?;
        Some((*place, self.milestones.get(*place)?, frozen))
    }

    /// Returns the day of the last milestone.
    pub fn latest(&self) -> Option<Date> {
        self.milestones.iter().map(|milestone| milestone.saved_on).max()
    }
}

/// How an assessment has moved since a milestone.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The milestones, the earliest first; there is one.
    pub milestones: Vec<Milestone>,
    /// The place of the one that is compared with now.
    pub place: usize,
    /// The kit of now.
    pub kit: KitIdentity,
    /// The scores of now.
    pub results: Results,
    /// That milestone against now.
    pub comparison: Comparison,
}

impl Progress {
    /// Holds a milestone against now; nothing without one.
    pub fn of(history: &History, kit: &Kit, assessment: &Assessment, card: &Scorecard) -> Option<Self> {
        let (place, last, frozen) = history.compared()?;
        let results = Results::of(kit, assessment, card);
        let identity = KitIdentity::of(kit);
        let then = Then { results: &last.results, frozen, kit: &last.kit };
        let comparison = Comparison::of(then, Now { results: &results, kit, assessment, identity: &identity });
        Some(Self { milestones: history.milestones.clone(), place, kit: identity, results, comparison })
    }

    /// Returns the milestone that is compared with now.
    pub fn since(&self) -> &Milestone {
        &self.milestones[self.place]
    }

    /// Returns the same without what people said of their milestones.
    #[must_use]
    pub fn without_notes(self) -> Self {
        let milestones = self.milestones.into_iter().map(|milestone| Milestone { note: None, ..milestone });
        Self { milestones: milestones.collect(), ..self }
    }
}
