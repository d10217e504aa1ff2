//! `capabilities/<id>.yaml`, key by key.

use crate::diagnostic::Code;
use crate::yaml::Node;
use crate::yaml::record::{At, Entries, Fields, FromNode, Id, Reader, Texts};
use crate::{record, words};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

record! {
    /// A capability file: what to ask, and what good looks like.
    pub struct CapabilityFile {
        /// The id; the file has the same name.
        pub id: At<Id>,
        /// The title.
        pub title: At<String>,
        /// The group it stands under.
        #[schemars(default)]
        pub group: Option<At<Id>>,
        /// What the capability is for.
        #[schemars(default)]
        pub purpose: Option<At<String>>,
        /// What is true when the capability works.
        #[schemars(default)]
        pub outcomes: Vec<At<String>>,
        /// The words of the trade that the texts use.
        #[schemars(default)]
        pub terms: Vec<Term>,
        /// The capabilities this one builds on.
        #[schemars(default)]
        pub depends_on: Vec<At<Id>>,
        /// The questions.
        #[schemars(default)]
        pub discovery: Option<Discovery>,
        /// The practices and what belongs to their design.
        #[schemars(default)]
        pub design: Option<Design>,
        /// User stories that bring the practices about.
        #[schemars(default)]
        pub stories: Vec<Story>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// A word and its meaning.
    pub struct Term {
        /// The word.
        pub term: String,
        /// Its meaning, with hard limits where they matter.
        pub meaning: String,
    }
}

record! {
    /// The discovery part of a capability.
    pub struct Discovery {
        /// The questions in their order.
        #[schemars(default)]
        pub questions: Vec<Question>,
    }
}

words! {
    /// What a question or practice is about.
    pub enum Dimension {
        /// Who does it.
        People = "people",
        /// How it is done.
        Process = "process",
        /// With what.
        Tools = "tools",
    }
}

words! {
    /// How a question is answered.
    pub enum QuestionType {
        /// One choice.
        Single = "single",
        /// One choice; each also has the credits of those before it.
        Ladder = "ladder",
        /// A checklist of statements.
        Multi = "multi",
        /// The choices `yes` and `no`.
        YesNo = "yes-no",
        /// A number that falls into a band.
        Number = "number",
        /// Text; credits nothing.
        Text = "text",
        /// A date; credits nothing.
        Date = "date",
    }
}

words! {
    /// What a question that cannot be asked counts as.
    pub enum IfHidden {
        /// There is nothing to ask about: the practices it would credit are left out.
        NotApplicable = "not-applicable",
    }
}

record! {
    /// One question.
    pub struct Question {
        /// The id, unique in the kit.
        pub id: At<Id>,
        /// The question as it is asked.
        pub ask: At<String>,
        /// Why we ask, and what good looks like.
        #[schemars(default)]
        pub why: Option<At<String>>,
        /// What it is about.
        #[schemars(default)]
        pub dimension: Option<Dimension>,
        /// The roles to ask.
        #[schemars(default)]
        pub roles: Vec<At<Id>>,
        /// Asked once in each of these that is in scope; absent: asked once for all.
        #[schemars(default)]
        pub environments: Option<At<Vec<At<Id>>>>,
        /// How it is answered.
        pub kind as "type": At<QuestionType>,
        /// What to ask for as evidence.
        #[schemars(default)]
        pub evidence: Option<At<String>>,
        /// The condition under which it is asked.
        #[schemars(default)]
        pub when: Option<At<String>>,
        /// What it counts as while `when` rules it out.
        #[schemars(default)]
        pub if_hidden: Option<At<IfHidden>>,
        /// True for inventory: it credits nothing.
        #[schemars(default)]
        pub informative: Option<bool>,
        /// The possible answers.
        #[schemars(default)]
        pub choices: Vec<Choice>,
        /// The unit of a number.
        #[schemars(default)]
        pub unit: Option<String>,
        /// The smallest number.
        #[schemars(default)]
        pub min: Option<At<f64>>,
        /// The largest number.
        #[schemars(default)]
        pub max: Option<At<f64>>,
        /// Ranges of a number, ascending; the first starts at `min`.
        #[schemars(default)]
        pub bands: Vec<Band>,
        /// Which risk an answer means, first match first.
        #[schemars(default)]
        pub risk_rules: Vec<RiskRule>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// One possible answer.
    pub struct Choice {
        /// The id, unique in its question.
        pub id: At<Id>,
        /// A sentence that can be observed.
        #[schemars(default)]
        pub label: Option<At<String>>,
        /// How much of which practice is in place with this answer.
        #[schemars(default)]
        pub credits: Credits,
        /// True for "none of these": excludes the other choices at the prompt.
        #[schemars(default)]
        pub none: Option<bool>,
        /// True for inventory: it credits nothing.
        #[schemars(default)]
        pub informative: Option<bool>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// One range of a number.
    pub struct Band {
        /// The id, unique in its question.
        pub id: At<Id>,
        /// The smallest number in it.
        pub from: At<f64>,
        /// What the band means.
        #[schemars(default)]
        pub label: Option<At<String>>,
        /// How much of which practice is in place with such a number.
        #[schemars(default)]
        pub credits: Credits,
        /// True for inventory: it credits nothing.
        #[schemars(default)]
        pub informative: Option<bool>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

/// How much of which practice: a mapping from practice to a number above 0 and up to 1, or a list of practices worth 1 each.
#[derive(Clone, Debug, Default)]
pub struct Credits(pub Vec<(At<Id>, At<f64>)>);

impl FromNode for Credits {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        use crate::yaml::Value;
        match &node.value {
            Value::List(_) => {
                let practices = Vec::<At<Id>>::from_node(node, reader)?;
                Some(Self(practices.into_iter().map(|id| (id.clone(), At { value: 1.0, span: id.span })).collect()))
            }
            Value::Null => Some(Self::default()),
            Value::Map(_) => {
                let entries = Entries::<At<f64>>::from_node(node, reader)?;
                let mut credits = Vec::new();
                for (key, value) in entries.0 {
                    if value.value <= 0.0 || value.value > 1.0 {
                        reader.error(Code::BadNumber, value.span, "a credit is above 0 and at most 1");
                    } else {
                        credits.push((At { value: Id(key.value), span: key.span }, value));
                    }
                }
                Some(Self(credits))
            }
            _ => reader.wrong_type(node, "a mapping from practice to credit, or a list of practices,"),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl JsonSchema for Credits {
    fn schema_name() -> Cow<'static, str> {
        "Credits".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": "How much of which practice is in place: a mapping from practice to a number above 0 and up to 1, or a list of practices worth 1 each.",
            "anyOf": [
                {"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}},
                {"type": "array", "items": {"type": "string"}}
            ]
        })
    }
}

words! {
    /// The risk that a rule gives.
    pub enum RuleRisk {
        /// High risk.
        High = "high",
        /// Medium risk.
        Medium = "medium",
        /// No risk.
        None = "none",
    }
}

/// One rule of `risk_rules`: a condition and the risk it means.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RiskRule {
    /// The condition, over the choices of this question or `question:choice` of another; `default` always holds.
    pub condition: At<String>,
    /// The risk if it holds and none before it did.
    pub risk: At<RuleRisk>,
}

impl FromNode for RiskRule {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let mut fields = Fields::new(node, reader)?;
        // `when` is what a question calls its condition, so it is understood here too.
        let when = fields.take::<Option<At<String>>>("when", reader).flatten();
        let condition = if when.is_some() { when } else { fields.take("condition", reader) };
        let risk = fields.take("risk", reader);
        fields.finish(&["condition", "risk"], reader);
        Some(Self { condition: condition?, risk: risk? })
    }
}

record! {
    /// The design part of a capability.
    pub struct Design {
        /// The target design in a nutshell, Markdown.
        #[schemars(default)]
        pub summary: Option<At<String>>,
        /// The practices.
        #[schemars(default)]
        pub practices: Vec<Practice>,
        /// The design decisions to take.
        #[schemars(default)]
        pub decisions: Vec<Decision>,
        /// A readiness state to adopt and edit, Markdown.
        #[schemars(default)]
        pub sample_state: Option<At<String>>,
        /// Who does what.
        #[schemars(default)]
        pub raci: Vec<Activity>,
        /// Procedures for operation.
        #[schemars(default)]
        pub runbooks: Vec<Runbook>,
        /// What to measure.
        #[schemars(default)]
        pub kpis: Vec<Kpi>,
        /// The tools and services that the practices need.
        #[schemars(default)]
        pub tools: Vec<Tool>,
    }
}

words! {
    /// The risk if a practice is missing.
    pub enum Risk {
        /// Low: an inconvenience.
        Low = "low",
        /// Medium: cost, delay or an audit finding.
        Medium = "medium",
        /// High: outage, loss of data or a breach.
        High = "high",
    }
}

impl Risk {
    /// Returns what the risk counts in a priority: 3, 2 or 1.
    pub fn factor(self) -> f64 {
        match self {
            Self::High => 3.0,
            Self::Medium => 2.0,
            Self::Low => 1.0,
        }
    }
}

words! {
    /// How much work a practice is.
    pub enum Effort {
        /// Days.
        S = "S",
        /// Weeks.
        M = "M",
        /// Months.
        L = "L",
    }
}

impl Effort {
    /// Returns the effort as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::S => "days",
            Self::M => "weeks",
            Self::L => "months",
        }
    }

    /// Returns what the effort takes of a wave's capacity: 1, 3 or 8 points.
    pub fn points(self) -> f64 {
        match self {
            Self::S => 1.0,
            Self::M => 3.0,
            Self::L => 8.0,
        }
    }
}

record! {
    /// One best practice.
    pub struct Practice {
        /// The id, unique in the kit.
        pub id: At<Id>,
        /// The title: a state, not an order.
        pub title: At<String>,
        /// One sentence that can be held true or false.
        #[schemars(default)]
        pub statement: Option<At<String>>,
        /// Why: the consequence if it is missing.
        #[schemars(default)]
        pub rationale: Option<At<String>>,
        /// What it is about.
        #[schemars(default)]
        pub dimension: Option<Dimension>,
        /// The level from which on it is expected.
        pub level: At<i64>,
        /// The risk if it is missing. Absent: medium.
        #[schemars(default)]
        pub risk: Option<Risk>,
        /// How much it counts among the practices of its level. Absent: 1.
        #[schemars(default)]
        pub weight: Option<At<f64>>,
        /// How much work it is. Absent: M.
        #[schemars(default)]
        pub effort: Option<Effort>,
        /// Where it applies; absent: everywhere.
        #[schemars(default)]
        pub environments: Option<At<Vec<At<Id>>>>,
        /// Practices that must be in place first, none of a higher level.
        #[schemars(default)]
        pub requires: Vec<At<Id>>,
        /// The design, Markdown: what a team does, with services, settings and figures.
        #[schemars(default)]
        pub guidance: Option<At<String>>,
        /// Pages to read.
        #[schemars(default)]
        pub references: Vec<Reference>,
        /// Where standards ask for it: by framework, the clauses.
        #[schemars(default)]
        pub maps: Entries<Vec<At<String>>>,
        /// Commands whose output proves or refutes it; data only, nothing runs them.
        #[schemars(default)]
        pub evidence_commands: Vec<EvidenceCommand>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// A page to read.
    pub struct Reference {
        /// Its title.
        pub title: String,
        /// Its address.
        pub url: At<String>,
    }
}

record! {
    /// A command and what of its output proves or refutes a practice.
    pub struct EvidenceCommand {
        /// The command.
        pub command: At<String>,
        /// What of its output proves the practice.
        #[schemars(default)]
        pub proves: Option<String>,
        /// What of its output refutes the practice.
        #[schemars(default)]
        pub refutes: Option<String>,
    }
}

record! {
    /// A design decision to take.
    pub struct Decision {
        /// The id, unique in its capability.
        pub id: At<Id>,
        /// The title.
        pub title: String,
        /// Why there is a choice.
        #[schemars(default)]
        pub context: Option<String>,
        /// The options.
        #[schemars(default)]
        pub options: Vec<DecisionOption>,
        /// Which one to take, and when another.
        #[schemars(default)]
        pub recommendation: Option<String>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// One option of a decision.
    pub struct DecisionOption {
        /// The title.
        pub title: String,
        /// What it costs and what it gives.
        #[schemars(default)]
        pub consequence: Option<String>,
    }
}

record! {
    /// One activity of the RACI.
    pub struct Activity {
        /// The activity.
        pub activity: At<String>,
        /// The one role that answers for it.
        pub accountable: Roles,
        /// The roles that do it.
        #[schemars(default)]
        pub responsible: Roles,
        /// The roles that are heard before.
        #[schemars(default)]
        pub consulted: Roles,
        /// The roles that are told afterwards.
        #[schemars(default)]
        pub informed: Roles,
    }
}

/// One role or a list of roles.
#[derive(Clone, Debug, Default)]
pub struct Roles(pub Vec<At<Id>>);

impl FromNode for Roles {
    fn from_node(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        use crate::yaml::Value;
        match node.value {
            Value::List(_) | Value::Null => Vec::from_node(node, reader).map(Self),
            _ => At::from_node(node, reader).map(|role| Self(vec![role])),
        }
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl JsonSchema for Roles {
    fn schema_name() -> Cow<'static, str> {
        "Roles".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let id = generator.subschema_for::<Id>();
        schemars::json_schema!({"anyOf": [id, {"type": "array", "items": id}]})
    }
}

words! {
    /// What makes people take up a runbook.
    pub enum RunbookKind {
        /// Something is wrong, or is about to be.
        Fault = "fault",
        /// Somebody asks for it.
        Request = "request",
        /// It is due, by date or by plan.
        Planned = "planned",
    }
}

record! {
    /// A procedure for operation.
    pub struct Runbook {
        /// The id, unique in its capability.
        pub id: At<Id>,
        /// The title.
        pub title: String,
        /// What makes people take it up: where the playbook lists it.
        #[schemars(default)]
        pub kind: Option<RunbookKind>,
        /// What it covers.
        #[schemars(default)]
        pub scope: Option<String>,
        /// What starts it.
        #[schemars(default)]
        pub triggers: Texts,
        /// What must be true before.
        #[schemars(default)]
        pub preconditions: Texts,
        /// The steps.
        #[schemars(default)]
        pub steps: Texts,
        /// How success is seen.
        #[schemars(default)]
        pub verification: Texts,
        /// How to go back.
        #[schemars(default)]
        pub rollback: Texts,
        /// Whom to call, and when.
        #[schemars(default)]
        pub escalation: Texts,
        /// The practices it serves.
        #[schemars(default)]
        pub practices: Vec<At<Id>>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// Something to measure.
    pub struct Kpi {
        /// The id, unique in its capability.
        pub id: At<Id>,
        /// The title.
        pub title: String,
        /// The unit.
        #[schemars(default)]
        pub unit: Option<String>,
        /// The value wanted.
        #[schemars(default)]
        pub target: Option<String>,
        /// The value from which on somebody acts.
        #[schemars(default)]
        pub warn: Option<String>,
        /// Where the number comes from.
        #[schemars(default)]
        pub source: Option<String>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

words! {
    /// Where a tool stands.
    pub enum Deployment {
        /// In each account or site on its own.
        Isolated = "isolated",
        /// Once, for all accounts of the target environment.
        Central = "central",
        /// What serves the present environment is extended to the target.
        Extended = "extended",
    }
}

words! {
    /// How one comes by a tool.
    pub enum Approach {
        /// It is a service of the target environment's provider.
        Native = "native",
        /// It is bought from a third party.
        Marketplace = "marketplace",
        /// It is open source.
        OpenSource = "open-source",
        /// One builds it.
        Own = "own",
    }
}

record! {
    /// A tool or service that practices need, as it is wanted.
    pub struct Tool {
        /// The id, unique in its capability.
        pub id: At<Id>,
        /// What the tool is there to do: "Find untagged resources".
        pub title: String,
        /// The tool or service wanted.
        pub target: String,
        /// Where it stands.
        #[schemars(default)]
        pub deployment: Option<Deployment>,
        /// How one comes by it.
        #[schemars(default)]
        pub approach: Option<Approach>,
        /// What it works with: operating systems, services, sites.
        #[schemars(default)]
        pub platforms: Texts,
        /// Its limits and how far it scales, with figures.
        #[schemars(default)]
        pub limits: Option<String>,
        /// How the tool itself is patched, configured and kept under control.
        #[schemars(default)]
        pub upkeep: Option<String>,
        /// What becomes of what does this today.
        #[schemars(default)]
        pub migration: Option<String>,
        /// The role that owns the tool.
        #[schemars(default)]
        pub owner: Option<At<Id>>,
        /// The questions whose answers tell what does this today.
        #[schemars(default)]
        pub questions: Vec<At<Id>>,
        /// The practices that need it.
        #[schemars(default)]
        pub practices: Vec<At<Id>>,
        /// Pages to read.
        #[schemars(default)]
        pub references: Vec<Reference>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}

record! {
    /// A user story.
    pub struct Story {
        /// The id, unique in the kit.
        pub id: At<Id>,
        /// The title.
        #[schemars(default)]
        pub title: Option<String>,
        /// As a …
        #[schemars(default)]
        pub as_a: Option<String>,
        /// … I want …
        #[schemars(default)]
        pub i_want: Option<String>,
        /// … so that …
        #[schemars(default)]
        pub so_that: Option<String>,
        /// How to see that it is done.
        #[schemars(default)]
        pub acceptance: Texts,
        /// Its size in points.
        #[schemars(default)]
        pub points: Option<At<f64>>,
        /// The practices it brings about.
        #[schemars(default)]
        pub practices: Vec<At<Id>>,
        /// Earlier ids.
        #[schemars(default)]
        pub formerly: Vec<Id>,
    }
}
