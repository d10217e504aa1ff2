//! An assessment: one customer's answers to one kit, and what is in scope.
//!
//! [`format`](mod@format) holds the files key by key, [`read`](mod@read) checks them against the kit, [`visibility`] decides which questions are
//! asked, [`reconcile`] makes one answer of several, [`participation`] tells who has answered,
//! [`register`] holds decisions and risks, [`planning`] who closes what and when, [`backlog`] the stories that the customer took over;
//! [`merge`] makes two branches one. The five states of an answer never mean
//! the same thing; nothing here scores them.

pub mod backlog;
pub mod carry;
pub mod change;
pub mod format;
pub mod journey;
pub mod merge;
pub mod participation;
pub mod planning;
pub mod read;
pub mod reconcile;
pub mod register;
pub mod visibility;

use crate::diagnostic::{Location, Source};
use crate::kit::{CapabilityIx, EnvironmentIx, Kit, QuestionIx};
use crate::words;
use crate::yaml::record::Date;
use format::{AssessmentFile, Reason};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One asking of a question: in one environment, or once for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instance {
    /// The question.
    pub question: QuestionIx,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<EnvironmentIx>,
}

impl Instance {
    /// Returns how files name it: `question` or `question@environment`.
    pub fn key(self, kit: &Kit) -> String {
        let id = &kit.question(self.question).id;
        self.environment.map_or_else(|| id.clone(), |environment| format!("{id}@{}", kit.environment_id(environment)))
    }
}

words! {
    /// The state of an asking.
    pub enum State {
        /// Somebody answered.
        Answered = "answered",
        /// Nobody was asked, or nobody said anything.
        Unanswered = "unanswered",
        /// Nobody knew; somebody finds out.
        DontKnow = "dont-know",
        /// There is nothing to answer.
        NotApplicable = "not-applicable",
        /// Put off.
        Parked = "parked",
    }
}

impl State {
    /// Returns true if the truth is still open: unanswered, not known or parked.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Unanswered | Self::DontKnow | Self::Parked)
    }

    /// Returns the state as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Unanswered => "not answered",
            Self::DontKnow => "not known",
            Self::NotApplicable => "not applicable",
            Self::Parked => "parked",
        }
    }
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// Nothing: there is an entry with a note only.
    Unanswered,
    /// The options chosen, and those of a checklist that do not apply.
    Choices {
        /// Places among the options of the question, ascending.
        chosen: Vec<usize>,
        /// Places among the options of the question, ascending.
        not_applicable: Vec<usize>,
    },
    /// A number and the band it falls into.
    Number(f64, Option<usize>),
    /// Text.
    Text(String),
    /// A date.
    Date(Date),
    /// Nobody knew.
    DontKnow {
        /// Who finds it out.
        owner: Option<String>,
        /// By when.
        due: Option<Date>,
        /// More about it.
        note: Option<String>,
    },
    /// There is nothing to answer.
    NotApplicable {
        /// The kind of reason.
        reason: Reason,
        /// The reason in words.
        note: Option<String>,
    },
    /// Put off.
    Parked {
        /// Until when, or for what.
        note: Option<String>,
    },
}

impl Response {
    /// Returns the state.
    pub fn state(&self) -> State {
        match self {
            Self::Unanswered => State::Unanswered,
            Self::Choices { .. } | Self::Number(..) | Self::Text(_) | Self::Date(_) => State::Answered,
            Self::DontKnow { .. } => State::DontKnow,
            Self::NotApplicable { .. } => State::NotApplicable,
            Self::Parked { .. } => State::Parked,
        }
    }

    /// Returns true if an option is chosen, or the number falls into it.
    pub fn has_chosen(&self, option: usize) -> bool {
        match self {
            Self::Choices { chosen, not_applicable } => chosen.contains(&option) && !not_applicable.contains(&option),
            Self::Number(_, band) => *band == Some(option),
            _ => false,
        }
    }

    /// Returns true if an option of a checklist does not apply.
    pub fn does_not_apply(&self, option: usize) -> bool {
        matches!(self, Self::Choices { not_applicable, .. } if not_applicable.contains(&option))
    }
}

/// An answer with what was said and shown beside it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it says.
    pub response: Response,
    /// What was said beyond the answer.
    pub note: Option<String>,
    /// What shows that it is true.
    pub evidence: Vec<format::Evidence>,
    /// Who said it.
    pub by: Vec<String>,
    /// When it was said.
    pub answered_on: Option<Date>,
    /// Other answers that were not agreed.
    pub minority: Vec<format::Minority>,
    /// Since which version of the kit it is to be asked for again, and why. It counts until there is a new one.
    pub ask_again: Option<format::AskAgain>,
    /// Where it stands; nothing for an answer that was not read from a file.
    pub at: Option<Location>,
    /// Answers between which a merge could not decide; the response is then nothing.
    pub conflict: Vec<Answer>,
}

/// An answer to something that the kit no longer asks: kept, and ignored.
#[derive(Clone, Debug)]
pub struct Orphan {
    /// The capability in whose file it stands, which the kit need not have any more.
    pub capability: String,
    /// What it answered: `question` or `question@environment`.
    pub key: String,
    /// Why the kit no longer asks for it.
    pub why: format::OrphanedBy,
    /// The version of the kit that no longer did.
    pub since: String,
}

/// What an assessment holds for one capability.
#[derive(Clone, Debug)]
pub struct Scope {
    /// True if it is assessed.
    pub in_scope: bool,
    /// The level wanted.
    pub target: i64,
    /// How much it matters, 1 to 5.
    pub importance: f64,
    /// Why this target and this importance.
    pub rationale: Option<String>,
    /// Why it is left out.
    pub reason: Option<Reason>,
    /// More about why it is left out.
    pub note: Option<String>,
}

/// A checked assessment.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// `opsready.yaml`.
    pub file: AssessmentFile,
    /// The source of `opsready.yaml`.
    pub source: Arc<Source>,
    /// The environments in scope, in the order of the kit.
    pub environments: Vec<EnvironmentIx>,
    /// The environment in which gaps are closed.
    pub target_environment: EnvironmentIx,
    /// The place of the phase the organisation is in, among those of the kit.
    pub phase: Option<usize>,
    /// What holds for each capability of the kit.
    pub scopes: Vec<Scope>,
    /// The answers in scope.
    pub answers: BTreeMap<Instance, Answer>,
    /// Answers for environments or capabilities out of scope, by key: kept, and ignored.
    pub ignored: BTreeMap<String, State>,
    /// Answers to what the kit no longer asks: kept, and ignored.
    pub orphans: Vec<Orphan>,
    /// The waves of the roadmap, in order.
    pub waves: Vec<planning::Wave>,
    /// What is planned for the gaps.
    pub planning: planning::Planning,
    /// What was decided and what is watched. Only documents show it, so nothing else reads it.
    pub registers: register::Registers,
}

impl Assessment {
    /// Returns what holds for a capability.
    pub fn scope(&self, capability: CapabilityIx) -> &Scope {
        &self.scopes[capability.0]
    }

    /// Returns the askings of a question in the environments in scope.
    pub fn instances(&self, kit: &Kit, question: QuestionIx) -> Vec<Instance> {
        match &kit.question(question).environments {
            None => vec![Instance { question, environment: None }],
            Some(asked_in) => {
                let in_scope = self.environments.iter().filter(|environment| asked_in.contains(environment));
                in_scope.map(|environment| Instance { question, environment: Some(*environment) }).collect()
            }
        }
    }

    /// Returns the answer to an asking.
    pub fn answer(&self, instance: Instance) -> Option<&Answer> {
        self.answers.get(&instance)
    }

    /// Returns the state of an asking.
    pub fn state(&self, instance: Instance) -> State {
        self.answer(instance).map_or(State::Unanswered, |answer| answer.response.state())
    }

    /// Returns true if a question is still to be asked: its answer is open, or a newer kit asks it otherwise.
    pub fn is_to_ask(&self, instance: Instance) -> bool {
        self.state(instance).is_open() || self.answer(instance).is_some_and(|answer| answer.ask_again.is_some())
    }

    /// Returns the state of an asking as its file has it, counted or ignored.
    pub fn kept_state(&self, instance: Instance, kit: &Kit) -> State {
        self.ignored.get(&instance.key(kit)).copied().unwrap_or_else(|| self.state(instance))
    }

    /// Goes through the capabilities in scope.
    pub fn capabilities_in_scope<'a>(&'a self, kit: &'a Kit) -> impl Iterator<Item = CapabilityIx> + 'a {
        kit.capability_indices().filter(|capability| self.scope(*capability).in_scope)
    }

    /// Returns the day of the latest answer or evidence, of one capability or of all: what documents give as their date.
    pub fn latest(&self, kit: &Kit, capability: Option<CapabilityIx>) -> Option<Date> {
        let is_meant = |instance: &Instance| capability.is_none_or(|ix| kit.question(instance.question).capability == ix);
        let answers = self.answers.iter().filter(|(instance, _)| is_meant(instance)).map(|(_, answer)| answer);
        answers.flat_map(|answer| answer.evidence.iter().map(|evidence| evidence.collected).chain([answer.answered_on])).flatten().max()
    }
}

/// Text shown for a number: without a trailing `.0`.
pub struct Plain(pub f64);

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
