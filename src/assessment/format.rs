//! The files of a workspace, key by key: `opsready.yaml` and `answers/<capability>.yaml`.

use crate::diagnostic::Code;
use crate::kit::format::Version;
use crate::kit::upgrade::mapping::Because;
use crate::yaml::record::{At, Date, Entries, FromNode, Id, Reader, Texts};
use crate::yaml::{Node, Value};
use crate::{record, words};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;
use std::fmt;

record! {
    /// `opsready.yaml`: whose assessment this is, and what it covers.
    pub struct AssessmentFile {
        /// The format: `opsready/assessment/v1`.
        #[schemars(default)]
        pub schema: Option<At<FormatName>>,
        /// The id of the assessment.
        pub id: At<Id>,
        /// The customer, as documents name it.
        pub customer: At<String>,
        /// How secret the documents are, such as `confidential`.
        #[schemars(default)]
        pub classification: Option<String>,
        /// What is assessed, in a sentence or two.
        #[schemars(default)]
        pub scope: Option<String>,
        /// The kit, whose copy is in `kit/`.
        pub kit: KitReference,
        /// How the organisation operates, such as `hybrid`.
        #[schemars(default)]
        pub mode: Option<String>,
        /// The phase of the migration the organisation is in, of those of the kit. Its target levels hold where none is named here.
        #[schemars(default)]
        pub phase: Option<At<Id>>,
        /// The environments in scope. Absent: all of the kit.
        #[schemars(default)]
        pub environments: Option<At<Vec<At<Id>>>>,
        /// The environment in which gaps are closed. Absent: that of the kit.
        #[schemars(default)]
        pub target_environment: Option<At<Id>>,
        /// Target, importance and scope by capability; those not named are in scope.
        #[schemars(default)]
        pub capabilities: Entries<CapabilityScope>,
        /// The waves of the roadmap: changes to those of the kit by id, and others behind them.
        #[schemars(default)]
        pub waves: Vec<WaveChange>,
        /// Rules of this assessment.
        #[schemars(default)]
        pub policy: Option<Policy>,
        /// Who takes part, by role.
        #[schemars(default)]
        pub participants: Vec<Participant>,
        /// What holds for the documents.
        #[schemars(default)]
        pub documents: Option<DocumentRules>,
    }
}

/// Defines the name of a file format: a type that reads nothing else.
macro_rules! format_name {
    ($(#[$meta:meta])* $type:ident, $name:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $type;

        impl $type {
            /// The one name there is.
            pub const NAME: &str = $name;
        }

        impl FromNode for $type {
            fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let text = String::from_node(node, reader)?;
                if text == Self::NAME {
                    return Some(Self);
                }
                reader.error(Code::UnknownWord, node.span, format!("`{text}` is not a format that this version reads")).help =
                    Some(format!("it reads `{}`; a newer file needs a newer opsready", Self::NAME));
                None
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                schemars::json_schema!({"const": Self::NAME})
            }
        }
    };
}
pub(super) use format_name;

format_name!(
    /// The name of the format of `opsready.yaml`.
    FormatName,
    "opsready/assessment/v1"
);

record! {
    /// Which kit an assessment uses.
    pub struct KitReference {
        /// The id of the kit.
        pub id: At<Id>,
        /// The version of the kit.
        pub version: At<Version>,
    }
}

words! {
    /// Why something is out of scope or does not apply.
    pub enum Reason {
        /// It is not part of what is assessed.
        OutOfScope = "out-of-scope",
        /// The business has other priorities.
        BusinessPriority = "business-priority",
        /// The architecture does not allow it.
        ArchitectureConstraint = "architecture-constraint",
        /// Something else, told in the note.
        Other = "other",
    }
}

impl Reason {
    /// Returns the reason as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::OutOfScope => "out of scope",
            Self::BusinessPriority => "business priority",
            Self::ArchitectureConstraint => "architecture constraint",
            Self::Other => "other",
        }
    }

    /// Returns true if there is something to ask about, and somebody chose to leave it: that is looked at again.
    pub fn is_deviation(self) -> bool {
        self != Self::OutOfScope
    }
}

record! {
    /// What an assessment says of one capability.
    pub struct CapabilityScope {
        /// False if the capability is left out. Absent: true.
        #[schemars(default)]
        pub in_scope: Option<bool>,
        /// Why it is left out.
        #[schemars(default)]
        pub reason: Option<Reason>,
        /// More about why it is left out.
        #[schemars(default)]
        pub note: Option<String>,
        /// The level wanted. Absent: the kit's default.
        #[schemars(default)]
        pub target: Option<At<i64>>,
        /// How much it matters, 1 to 5. Absent: 3.
        #[schemars(default)]
        pub importance: Option<At<f64>>,
        /// Why this target and this importance.
        #[schemars(default)]
        pub rationale: Option<String>,
    }
}

record! {
    /// What an assessment says of a wave of the roadmap. What is not named stays as the kit has it.
    pub struct WaveChange {
        /// The id: that of a wave of the kit, or a new one.
        pub id: At<Id>,
        /// The title. A new wave has one.
        #[schemars(default)]
        pub title: Option<String>,
        /// How many points fit (an action of effort S has 1, M 3, L 8). A new wave has it.
        #[schemars(default)]
        pub capacity: Option<At<f64>>,
        /// The day on which it begins.
        #[schemars(default)]
        pub start: Option<At<Date>>,
        /// The day on which it ends.
        #[schemars(default)]
        pub finish: Option<At<Date>>,
        /// What is better after it, in a sentence.
        #[schemars(default)]
        pub goal: Option<String>,
        /// What must hold before it begins. Named here, it stands in the place of what the kit asks for.
        #[schemars(default)]
        pub entry: Option<Texts>,
        /// What must hold before it counts as done. Named here, it stands in the place of what the kit asks for.
        #[schemars(default)]
        pub exit: Option<Texts>,
        /// True if there is no such wave here.
        #[schemars(default)]
        pub remove: Option<bool>,
    }
}

record! {
    /// Rules of an assessment. `opsready check` holds it against all of them but the first, which takes part in the arithmetic.
    pub struct Policy {
        /// From this level on a practice without evidence counts at most half.
        #[schemars(default)]
        pub evidence_from_level: Option<At<i64>>,
        /// The level that capabilities must attain in the target environment: one number for all, or a mapping from capability to
        /// level, in which `default` is for those not named.
        #[schemars(default)]
        pub min_level: Option<MinLevel>,
        /// How many questions may stand at high risk.
        #[schemars(default)]
        pub max_high_risks: Option<At<i64>>,
        /// How many gaps up to the targets may be confirmed.
        #[schemars(default)]
        pub max_gaps: Option<At<i64>>,
        /// True if every confirmed gap, everything that nobody knows and every open entry of the RAID log must have an owner.
        #[schemars(default)]
        pub no_unowned: Option<At<bool>>,
        /// How old evidence may be: days, months or years, such as `365d`, `12m` or `1y`. Evidence without a date is too old.
        #[schemars(default)]
        pub max_evidence_age: Option<At<Age>>,
        /// True if a risk that was accepted until a day in the past breaks the policy.
        #[schemars(default)]
        pub no_expired_acceptance: Option<At<bool>>,
        /// True if nothing may be overdue: what nobody knows, actions, the RAID log, reviews of decisions.
        #[schemars(default)]
        pub no_overdue: Option<At<bool>>,
        /// The percentage of questions that must be answered or not applicable.
        #[schemars(default)]
        pub min_coverage: Option<At<f64>>,
    }
}

/// The level that capabilities must attain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MinLevel {
    /// For those that are not named.
    pub all: Option<At<i64>>,
    /// By capability.
    pub capabilities: Entries<At<i64>>,
}

/// The key under which a mapping of levels holds that of all capabilities that it does not name.
const DEFAULT: &str = "default";

impl FromNode for MinLevel {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            let all = At::from_node(node, reader)?;
            return Some(Self { all: Some(all), capabilities: Entries::default() });
        }
        let mut capabilities = Entries::<At<i64>>::from_node(node, reader)?;
        let all = capabilities.get(DEFAULT).cloned();
        capabilities.0.retain(|(id, _)| id.value != DEFAULT);
        Some(Self { all, capabilities })
    }
}

impl JsonSchema for MinLevel {
    fn schema_name() -> Cow<'static, str> {
        "MinLevel".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"anyOf": [{"type": "integer"}, {"type": "object", "additionalProperties": {"type": "integer"}}]})
    }
}

/// A stretch of time: days, which are exact, or months and years of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    number: i32,
    unit: AgeUnit,
}

words! {
    /// What an age is counted in.
    pub enum AgeUnit {
        /// Days.
        Day = "d",
        /// Months.
        Month = "m",
        /// Years.
        Year = "y",
    }
}

impl Age {
    /// How an age is written.
    pub const HELP: &str = "write days as `365d`, months as `12m`, years as `1y`";

    /// Returns the age that a text such as `365d`, `12m` or `1y` names.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let is_whole = (1..=5).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|number| is_whole && *number > 0)?;
        Some(Self { number, unit: AgeUnit::from_word(unit)? })
    }

    /// Returns the day that is just this old on another; nothing before the calendar begins.
    ///
    /// A month before the last day of a month is the last day of the month before it, if that is shorter.
    pub fn before(self, day: Date) -> Option<Date> {
        let span = jiff::Span::new();
        let span = match self.unit {
            AgeUnit::Day => span.try_days(self.number),
            AgeUnit::Month => span.try_months(self.number),
            AgeUnit::Year => span.try_years(self.number),
        };
        day.0.checked_sub(span.ok()?).ok().map(Date)
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            AgeUnit::Day => "day",
            AgeUnit::Month => "month",
            AgeUnit::Year => "year",
        };
        write!(f, "{} {unit}{}", self.number, if self.number == 1 { "" } else { "s" })
    }
}

impl FromNode for Age {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::from_node(node, reader)?;
        let age = Self::parse(&text);
        if age.is_none() {
            reader.error(Code::BadNumber, node.span, format!("`{text}` is no age")).help = Some(Self::HELP.to_owned());
        }
        age
    }
}

impl JsonSchema for Age {
    fn schema_name() -> Cow<'static, str> {
        "Age".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "string", "pattern": "^0*[1-9][0-9]*[dmy]$"})
    }
}

words! {
    /// How charts are drawn.
    pub enum Charts {
        /// Not at all: the tables beside them say the same.
        None = "none",
        /// As Mermaid, which GitHub and GitLab draw.
        Mermaid = "mermaid",
    }
}

record! {
    /// What holds for the documents.
    pub struct DocumentRules {
        /// How charts are drawn beside their tables. Absent: mermaid.
        #[schemars(default)]
        pub charts: Option<Charts>,
        /// Words that no copy for others may show, such as code names, systems and places. `render --audience` leaves them out.
        #[schemars(default)]
        pub redact: Vec<String>,
    }
}

record! {
    /// Somebody who takes part.
    pub struct Participant {
        /// The role.
        pub role: At<Id>,
        /// The name; leave it out where documents must not show names.
        #[schemars(default)]
        pub name: Option<String>,
    }
}

record! {
    /// `answers/<capability>.yaml`: what is known of a capability.
    pub struct AnswersFile {
        /// The capability.
        pub capability: At<Id>,
        /// Answers by `question`, or `question@environment` where it is asked in each.
        #[schemars(default)]
        pub answers: Entries<Option<AnswerEntry>>,
        /// Answers to what the kit asks no longer, by what they answered: kept by `kit upgrade`, and ignored by the score.
        #[schemars(default)]
        pub orphans: Option<Entries<OrphanedEntry>>,
    }
}

record! {
    /// One answer: exactly one of `choose`, `number`, `text`, `date`, `not_applicable`, `dont_know`, `parked` and `conflict`.
    pub struct AnswerEntry {
        /// The id of the choice, or a list of them for a checklist. An empty list is unanswered.
        #[schemars(default)]
        pub choose: Option<At<Texts>>,
        /// Statements of a checklist that do not apply.
        #[schemars(default)]
        pub not_applicable_choices: Option<At<Texts>>,
        /// The number.
        #[schemars(default)]
        pub number: Option<At<f64>>,
        /// The text.
        #[schemars(default)]
        pub text: Option<At<String>>,
        /// The date.
        #[schemars(default)]
        pub date: Option<At<Date>>,
        /// The question does not apply.
        #[schemars(default)]
        pub not_applicable: Option<At<NotApplicable>>,
        /// Nobody in the room knows.
        #[schemars(default)]
        pub dont_know: Option<At<DontKnow>>,
        /// Put off.
        #[schemars(default)]
        pub parked: Option<At<Parked>>,
        /// What was said beyond the answer.
        #[schemars(default)]
        pub note: Option<String>,
        /// What shows that the answer is true.
        #[schemars(default)]
        pub evidence: Vec<Evidence>,
        /// Who said it: roles or people.
        #[schemars(default)]
        pub by: Texts,
        /// When it was said.
        #[schemars(default)]
        pub answered_on: Option<Date>,
        /// Other answers, kept from reconciling several respondents.
        #[schemars(default)]
        pub minority: Vec<Minority>,
        /// Answers between which a merge of two branches could not decide; it counts as unanswered until `opsready reconcile` settles it.
        #[schemars(default)]
        pub conflict: Vec<AnswerVersion>,
        /// A newer kit asks it otherwise: the answer counts until there is a new one, and the question is asked again.
        #[schemars(default)]
        pub ask_again: Option<AskAgain>,
    }
}

record! {
    /// One of the answers between which a merge could not decide.
    pub struct AnswerVersion {
        /// The id of the choice, or a list of them for a checklist.
        #[schemars(default)]
        pub choose: Option<At<Texts>>,
        /// Statements of a checklist that do not apply.
        #[schemars(default)]
        pub not_applicable_choices: Option<At<Texts>>,
        /// The number.
        #[schemars(default)]
        pub number: Option<At<f64>>,
        /// The text.
        #[schemars(default)]
        pub text: Option<At<String>>,
        /// The date.
        #[schemars(default)]
        pub date: Option<At<Date>>,
        /// The question does not apply.
        #[schemars(default)]
        pub not_applicable: Option<At<NotApplicable>>,
        /// Nobody in the room knows.
        #[schemars(default)]
        pub dont_know: Option<At<DontKnow>>,
        /// Put off.
        #[schemars(default)]
        pub parked: Option<At<Parked>>,
        /// What was said beyond the answer.
        #[schemars(default)]
        pub note: Option<String>,
        /// Who said it: roles or people.
        #[schemars(default)]
        pub by: Texts,
        /// When it was said.
        #[schemars(default)]
        pub answered_on: Option<Date>,
    }
}

impl From<AnswerVersion> for AnswerEntry {
    fn from(version: AnswerVersion) -> Self {
        let AnswerVersion { choose, not_applicable_choices, number, text, date, not_applicable, dont_know, parked, note, by, answered_on } =
            version;
        Self {
            choose,
            not_applicable_choices,
            number,
            text,
            date,
            not_applicable,
            dont_know,
            parked,
            note,
            evidence: Vec::new(),
            by,
            answered_on,
            minority: Vec::new(),
            conflict: Vec::new(),
            ask_again: None,
        }
    }
}

record! {
    /// An answer that the kit no longer asks for. It has the keys of an answer, and says why it is kept apart.
    pub struct OrphanedEntry {
        /// Why the kit no longer asks for it.
        pub why: OrphanedBy,
        /// The version of the kit that no longer did.
        pub since: Version,
        /// The id of the choice, or a list of them for a checklist. An empty list is unanswered.
        #[schemars(default)]
        pub choose: Option<At<Texts>>,
        /// Statements of a checklist that do not apply.
        #[schemars(default)]
        pub not_applicable_choices: Option<At<Texts>>,
        /// The number.
        #[schemars(default)]
        pub number: Option<At<f64>>,
        /// The text.
        #[schemars(default)]
        pub text: Option<At<String>>,
        /// The date.
        #[schemars(default)]
        pub date: Option<At<Date>>,
        /// The question does not apply.
        #[schemars(default)]
        pub not_applicable: Option<At<NotApplicable>>,
        /// Nobody in the room knows.
        #[schemars(default)]
        pub dont_know: Option<At<DontKnow>>,
        /// Put off.
        #[schemars(default)]
        pub parked: Option<At<Parked>>,
        /// What was said beyond the answer.
        #[schemars(default)]
        pub note: Option<String>,
        /// What shows that the answer is true.
        #[schemars(default)]
        pub evidence: Vec<Evidence>,
        /// Who said it: roles or people.
        #[schemars(default)]
        pub by: Texts,
        /// When it was said.
        #[schemars(default)]
        pub answered_on: Option<Date>,
        /// Other answers, kept from reconciling several respondents.
        #[schemars(default)]
        pub minority: Vec<Minority>,
        /// Answers between which a merge of two branches could not decide.
        #[schemars(default)]
        pub conflict: Vec<AnswerVersion>,
        /// An earlier kit asked it otherwise already.
        #[schemars(default)]
        pub ask_again: Option<AskAgain>,
    }
}

record! {
    /// Why an answer is to be asked for again.
    pub struct AskAgain {
        /// The version of the kit since which it is.
        pub since: Version,
        /// What changed.
        pub because: Because,
    }
}

words! {
    /// Why the kit no longer asks for an answer.
    pub enum OrphanedBy {
        /// The question is gone.
        QuestionRemoved = "question-removed",
        /// There are several questions in the place of the one that was answered.
        QuestionSplit = "question-split",
        /// One question took the place of several, and has the answer to another of them.
        QuestionMerged = "question-merged",
        /// The choice is gone.
        ChoiceRemoved = "choice-removed",
        /// The question is answered in another way.
        TypeChanged = "type-changed",
        /// The number is outside of the limits.
        OutOfRange = "out-of-range",
        /// The question is asked in other environments.
        EnvironmentsChanged = "environments-changed",
    }
}

impl OrphanedBy {
    /// Returns the reason in words.
    pub fn title(self) -> &'static str {
        match self {
            Self::QuestionRemoved => "the question is gone",
            Self::QuestionSplit => "the question was split",
            Self::QuestionMerged => "the question became one with another",
            Self::ChoiceRemoved => "the choice is gone",
            Self::TypeChanged => "the question is answered in another way",
            Self::OutOfRange => "the number is outside of the limits",
            Self::EnvironmentsChanged => "the question is asked in other environments",
        }
    }
}

record! {
    /// Why a question does not apply.
    pub struct NotApplicable {
        /// The kind of reason.
        pub reason: Reason,
        /// The reason in words.
        #[schemars(default)]
        pub note: Option<String>,
    }
}

record! {
    /// Who finds an answer out, and by when.
    pub struct DontKnow {
        /// The role that finds it out.
        #[schemars(default)]
        pub owner: Option<At<String>>,
        /// By when.
        #[schemars(default)]
        pub due: Option<Date>,
        /// More about it.
        #[schemars(default)]
        pub note: Option<String>,
    }
}

record! {
    /// Why a question was put off.
    pub struct Parked {
        /// Until when, or for what.
        #[schemars(default)]
        pub note: Option<String>,
    }
}

record! {
    /// Something that shows that an answer is true.
    pub struct Evidence {
        /// What it is.
        #[schemars(default)]
        pub title: Option<String>,
        /// Where it is.
        #[schemars(default)]
        pub link: Option<String>,
        /// When it was collected.
        #[schemars(default)]
        pub collected: Option<Date>,
    }
}

record! {
    /// An answer that somebody gave and that was not agreed.
    pub struct Minority {
        /// Who gave it.
        #[schemars(default)]
        pub by: Texts,
        /// Their choice.
        #[schemars(default)]
        pub choose: Option<Texts>,
        /// Statements of a checklist that they said do not apply.
        #[schemars(default)]
        pub not_applicable_choices: Option<Texts>,
        /// Their number.
        #[schemars(default)]
        pub number: Option<f64>,
        /// Their text.
        #[schemars(default)]
        pub text: Option<String>,
        /// Their date.
        #[schemars(default)]
        pub date: Option<Date>,
        /// They said that the question does not apply.
        #[schemars(default)]
        pub not_applicable: Option<NotApplicable>,
        /// What they said.
        #[schemars(default)]
        pub note: Option<String>,
    }
}
