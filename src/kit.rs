//! A kit: what good looks like. Read from its files, checked as a whole, and from then on true.
//!
//! [`format`](mod@format) holds the files key by key, [`read`](mod@read) makes a [`Kit`] of them, [`lint`] looks for what is poor in it,
//! [`condition`] is the grammar of `when` and `risk_rules`. Ids become indices here: a [`PracticeIx`] always has its practice.

pub mod condition;
pub mod format;
pub mod lint;
pub mod read;
pub mod starter;
pub mod upgrade;

use crate::diagnostic::{Location, Source, Span};
use condition::Condition;
use format::{CapabilityFile, Effort, EngagementFile, IfHidden, KitFile, QuestionType, Risk, RuleRisk};
use std::ops::Range;
use std::sync::Arc;

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);
    )*};
}

index! {
    /// A capability of a kit.
    CapabilityIx
    /// A question of a kit.
    QuestionIx
    /// A practice of a kit.
    PracticeIx
    /// An environment of a kit.
    EnvironmentIx
}

/// A checked kit.
#[derive(Debug)]
pub struct Kit {
    /// `kit.yaml`.
    pub file: KitFile,
    /// The source of `kit.yaml`.
    pub source: Arc<Source>,
    /// True if the owner of the workspace laid files over the kit.
    pub is_overlaid: bool,
    /// The consulting work around the assessment, where the kit describes it.
    pub engagement: Option<Engagement>,
    /// The capabilities in their order.
    pub capabilities: Vec<Capability>,
    /// The questions of all capabilities, in order.
    pub questions: Vec<Question>,
    /// The practices of all capabilities, in order.
    pub practices: Vec<Practice>,
    /// The questions in an order in which each comes after those that its `when` names.
    pub asking_order: Vec<QuestionIx>,
    /// The environment in which gaps are closed.
    pub target_environment: EnvironmentIx,
    /// The level wanted where an assessment names none.
    pub default_target: i64,
}

/// The consulting work around the assessment.
#[derive(Debug)]
pub struct Engagement {
    /// `engagement.yaml`.
    pub file: EngagementFile,
    /// Its source.
    pub source: Arc<Source>,
}

/// A capability of a checked kit.
#[derive(Debug)]
pub struct Capability {
    /// Its file.
    pub file: CapabilityFile,
    /// The source of its file.
    pub source: Arc<Source>,
    /// Its questions.
    pub questions: Range<usize>,
    /// Its practices.
    pub practices: Range<usize>,
}

/// A question of a checked kit.
#[derive(Debug)]
pub struct Question {
    /// The capability it belongs to.
    pub capability: CapabilityIx,
    /// Its place among the questions of its capability.
    pub position: usize,
    /// The id.
    pub id: String,
    /// Where it is asked, each on its own; nothing if it is asked once for all.
    pub environments: Option<Vec<EnvironmentIx>>,
    /// How it is answered.
    pub kind: QuestionType,
    /// Its choices or bands.
    pub options: Vec<AnswerOption>,
    /// When it is asked.
    pub when: Option<Condition<Atom>>,
    /// The questions that `when` names, each once.
    pub named: Vec<QuestionIx>,
    /// What it counts as while it is hidden.
    pub if_hidden: Option<IfHidden>,
    /// Its own rules of risk.
    pub risk_rules: Vec<(Condition<Atom>, RuleRisk)>,
    /// The practices it credits, each once.
    pub credits: Vec<PracticeIx>,
}

/// A choice or a band.
#[derive(Debug)]
pub struct AnswerOption {
    /// The id.
    pub id: String,
    /// The label; the id where none is given.
    pub label: String,
    /// What it credits; of a ladder, with what the rungs below credit.
    pub credits: Vec<(PracticeIx, f64)>,
    /// The smallest number of a band.
    pub from: Option<f64>,
    /// True for "none of these".
    pub is_none: bool,
}

impl AnswerOption {
    /// Returns how much of a practice this answer credits, 0 to 1.
    pub fn credit(&self, practice: PracticeIx) -> f64 {
        self.credits.iter().find(|(credited, _)| *credited == practice).map_or(0.0, |(_, credit)| *credit)
    }
}

/// A choice of a question, in a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Atom {
    /// The question.
    pub question: QuestionIx,
    /// The place of the choice among its options.
    pub option: usize,
}

/// A practice of a checked kit.
#[derive(Debug)]
pub struct Practice {
    /// The capability it belongs to.
    pub capability: CapabilityIx,
    /// Its place among the practices of its capability.
    pub position: usize,
    /// The id.
    pub id: String,
    /// The level from which on it is expected.
    pub level: i64,
    /// The risk if it is missing.
    pub risk: Risk,
    /// How much it counts among the practices of its level.
    pub weight: f64,
    /// How much work it is.
    pub effort: Effort,
    /// Where it applies; nothing if everywhere.
    pub environments: Option<Vec<EnvironmentIx>>,
    /// The practices that must be in place first.
    pub requires: Vec<PracticeIx>,
    /// The questions that credit it, in order.
    pub asked_by: Vec<QuestionIx>,
}

impl Practice {
    /// Returns true if the practice applies in an environment.
    pub fn applies_in(&self, environment: EnvironmentIx) -> bool {
        self.environments.as_ref().is_none_or(|environments| environments.contains(&environment))
    }
}

impl Question {
    /// Returns true if the question is asked in an environment, on its own or once for all.
    pub fn counts_in(&self, environment: EnvironmentIx) -> bool {
        self.environments.as_ref().is_none_or(|environments| environments.contains(&environment))
    }

    /// Returns the option with an id.
    pub fn option(&self, id: &str) -> Option<usize> {
        self.options.iter().position(|option| option.id == id)
    }

    /// Returns the band a number falls into: the one with the highest `from` not above it.
    pub fn band(&self, number: f64) -> Option<usize> {
        self.options.iter().rposition(|band| band.from.is_some_and(|from| from <= number))
    }
}

impl Kit {
    /// Returns the base of the scale, its first level.
    pub fn base(&self) -> i64 {
        self.file.scale.first().map_or(0, |level| level.level.value)
    }

    /// Returns the top of the scale.
    pub fn top(&self) -> i64 {
        self.file.scale.last().map_or(0, |level| level.level.value)
    }

    /// Returns a capability.
    pub fn capability(&self, ix: CapabilityIx) -> &Capability {
        &self.capabilities[ix.0]
    }

    /// Returns a question.
    pub fn question(&self, ix: QuestionIx) -> &Question {
        &self.questions[ix.0]
    }

    /// Returns a practice.
    pub fn practice(&self, ix: PracticeIx) -> &Practice {
        &self.practices[ix.0]
    }

    /// Returns what the file says of a question.
    pub fn question_file(&self, ix: QuestionIx) -> &format::Question {
        let question = self.question(ix);
        let discovery = self.capability(question.capability).file.discovery.as_ref();
        &discovery.expect("a capability with a question has a discovery part").questions[question.position]
    }

    /// Returns what the file says of a practice.
    pub fn practice_file(&self, ix: PracticeIx) -> &format::Practice {
        let practice = self.practice(ix);
        let design = self.capability(practice.capability).file.design.as_ref();
        &design.expect("a capability with a practice has a design part").practices[practice.position]
    }

    /// Goes through the capabilities.
    pub fn capability_indices(&self) -> impl Iterator<Item = CapabilityIx> + use<> {
        (0..self.capabilities.len()).map(CapabilityIx)
    }

    /// Goes through the questions of a capability.
    pub fn questions_of(&self, ix: CapabilityIx) -> impl Iterator<Item = QuestionIx> + use<> {
        self.capability(ix).questions.clone().map(QuestionIx)
    }

    /// Goes through the practices of a capability.
    pub fn practices_of(&self, ix: CapabilityIx) -> impl Iterator<Item = PracticeIx> + use<> {
        self.capability(ix).practices.clone().map(PracticeIx)
    }

    /// Goes through the environments.
    pub fn environment_indices(&self) -> impl Iterator<Item = EnvironmentIx> + use<> {
        (0..self.file.environments.len()).map(EnvironmentIx)
    }

    /// Returns the id of a capability.
    pub fn capability_id(&self, ix: CapabilityIx) -> &str {
        self.capability(ix).file.id.as_str()
    }

    /// Returns the id of an environment.
    pub fn environment_id(&self, ix: EnvironmentIx) -> &str {
        self.file.environments[ix.0].id.as_str()
    }

    /// Returns the title of an environment.
    pub fn environment_title(&self, ix: EnvironmentIx) -> &str {
        &self.file.environments[ix.0].title
    }

    /// Finds a capability by its id.
    pub fn find_capability(&self, id: &str) -> Option<CapabilityIx> {
        self.capabilities.iter().position(|capability| capability.file.id.as_str() == id).map(CapabilityIx)
    }

    /// Finds a question by its id.
    pub fn find_question(&self, id: &str) -> Option<QuestionIx> {
        self.questions.iter().position(|question| question.id == id).map(QuestionIx)
    }

    /// Finds a practice by its id.
    pub fn find_practice(&self, id: &str) -> Option<PracticeIx> {
        self.practices.iter().position(|practice| practice.id == id).map(PracticeIx)
    }

    /// Finds an environment by its id.
    pub fn find_environment(&self, id: &str) -> Option<EnvironmentIx> {
        self.file.environments.iter().position(|environment| environment.id.as_str() == id).map(EnvironmentIx)
    }

    /// Returns the sessions of the engagement.
    pub fn sessions(&self) -> &[format::Session] {
        self.engagement.as_ref().map(|engagement| engagement.file.sessions.as_slice()).unwrap_or_default()
    }

    /// Returns the activities of a capability, each with who has which part in it.
    pub fn activities(&self, ix: CapabilityIx) -> &[format::Activity] {
        self.capability(ix).file.design.as_ref().map(|design| design.raci.as_slice()).unwrap_or_default()
    }

    /// Returns the title of a role; the id where the kit does not know it.
    pub fn role_title<'a>(&'a self, id: &'a str) -> &'a str {
        self.file.roles.iter().find(|role| role.id.as_str() == id).map_or(id, |role| &role.title)
    }

    /// Returns the name of a level; nothing outside the scale.
    pub fn level_name(&self, level: i64) -> Option<&str> {
        self.file.scale.iter().find(|of_scale| of_scale.level.value == level).map(|of_scale| of_scale.name.as_str())
    }

    /// Returns a place in the file of a capability.
    pub fn at(&self, capability: CapabilityIx, span: Span) -> Location {
        Location::new(&self.capability(capability).source, span)
    }
}
