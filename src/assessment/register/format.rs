//! The registers of a workspace, key by key: `decisions/<date>-<slug>.yaml` and `risks/<date>-<slug>.yaml`.

use crate::assessment::format::format_name;
use crate::diagnostic::Code;
use crate::kit::format::DecisionOption;
use crate::yaml::Node;
use crate::yaml::record::{At, Date, FromNode, Id, Reader, Texts};
use crate::{record, words};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

format_name!(
    /// The name of the format of a decision.
    DecisionFormat,
    "opsready/decision/v1"
);

format_name!(
    /// The name of the format of a risk, assumption, issue or dependency.
    RiskFormat,
    "opsready/risk/v1"
);

words! {
    /// How far a decision is.
    pub enum DecisionStatus {
        /// Somebody writes it down.
        Draft = "draft",
        /// Those who must agree read it.
        UnderReview = "under-review",
        /// It holds.
        Approved = "approved",
        /// It holds, and is being changed.
        UnderRevision = "under-revision",
        /// Another one holds in its place.
        Superseded = "superseded",
    }
}

impl DecisionStatus {
    /// Returns the status as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::UnderReview => "under review",
            Self::Approved => "approved",
            Self::UnderRevision => "under revision",
            Self::Superseded => "superseded",
        }
    }

    /// Returns true if the decision holds.
    pub fn holds(self) -> bool {
        matches!(self, Self::Approved | Self::UnderRevision)
    }
}

record! {
    /// `decisions/<date>-<slug>.yaml`: something that was decided, or is to be.
    pub struct DecisionFile {
        /// The format: `opsready/decision/v1`.
        #[schemars(default)]
        pub schema: Option<At<DecisionFormat>>,
        /// The id: the day on which the matter came up, and a few words. The file has the same name.
        pub id: At<Id>,
        /// The title.
        pub title: At<String>,
        /// How far it is.
        pub status: At<DecisionStatus>,
        /// What was decided, or is proposed, in a sentence that can be held true or false.
        #[schemars(default)]
        pub statement: Option<At<String>>,
        /// Why there was something to decide.
        #[schemars(default)]
        pub context: Option<String>,
        /// The options, and what each would have meant.
        #[schemars(default)]
        pub options: Vec<DecisionOption>,
        /// Why this option.
        #[schemars(default)]
        pub rationale: Option<String>,
        /// What follows from it.
        #[schemars(default)]
        pub consequences: Texts,
        /// The capability that it belongs to.
        #[schemars(default)]
        pub capability: Option<At<Id>>,
        /// The design decision of that capability, in the kit, that it takes.
        #[schemars(default)]
        pub decides: Option<At<Id>>,
        /// The role or person who carries it out and keeps it.
        #[schemars(default)]
        pub owner: Option<At<String>>,
        /// The role or person who approves it.
        #[schemars(default)]
        pub approver: Option<At<String>>,
        /// The day on which it was approved.
        #[schemars(default)]
        pub decided_on: Option<At<Date>>,
        /// The day by which it is looked at again.
        #[schemars(default)]
        pub review_on: Option<At<Date>>,
        /// The questions whose answers led to it: `question`, or `question@environment`.
        #[schemars(default)]
        pub questions: Vec<At<String>>,
        /// The practices, and so the gaps, that it bears on.
        #[schemars(default)]
        pub practices: Vec<At<Id>>,
        /// The stories that carry it out.
        #[schemars(default)]
        pub stories: Vec<At<Id>>,
        /// The decisions in whose place it stands.
        #[schemars(default)]
        pub supersedes: Vec<At<Id>>,
    }
}

words! {
    /// What an entry of the RAID log is.
    pub enum RiskKind {
        /// Something that may happen and would do harm.
        Risk = "risk",
        /// Something that is taken to be true and was not checked.
        Assumption = "assumption",
        /// Something that has happened and does harm.
        Issue = "issue",
        /// Something that others must do or deliver.
        Dependency = "dependency",
    }
}

words! {
    /// How likely, or how bad.
    pub enum Degree {
        /// Little.
        Low = "low",
        /// Noticeable.
        Medium = "medium",
        /// Much.
        High = "high",
    }
}

words! {
    /// How far the plan against a risk or issue is.
    pub enum RiskPlan {
        /// Nobody has agreed on one: red.
        None = "none",
        /// It is agreed and under way: amber.
        InProgress = "in-progress",
        /// It works: green.
        UnderControl = "under-control",
    }
}

words! {
    /// What is being done with an entry of the RAID log.
    pub enum RiskStatus {
        /// Nothing yet.
        Open = "open",
        /// Somebody works on it.
        InProgress = "in-progress",
        /// It is watched.
        Monitor = "monitor",
        /// It is over.
        Closed = "closed",
    }
}

impl RiskStatus {
    /// Returns the status as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in progress",
            Self::Monitor => "watched",
            Self::Closed => "closed",
        }
    }
}

record! {
    /// `risks/<date>-<slug>.yaml`: a risk, assumption, issue or dependency.
    pub struct RiskFile {
        /// The format: `opsready/risk/v1`.
        #[schemars(default)]
        pub schema: Option<At<RiskFormat>>,
        /// The id: the day on which it was raised, and a few words. The file has the same name.
        pub id: At<Id>,
        /// What it is.
        pub kind: At<RiskKind>,
        /// The title.
        pub title: At<String>,
        /// What is being done with it.
        pub status: At<RiskStatus>,
        /// What may happen, is taken to be true, has happened, or must be delivered, in a sentence or two.
        #[schemars(default)]
        pub statement: Option<At<String>>,
        /// Where it comes from. Of a risk or issue.
        #[schemars(default)]
        pub cause: Option<At<String>>,
        /// What it does to the business. Of an assumption or dependency: what follows if it does not hold.
        #[schemars(default)]
        pub impact: Option<String>,
        /// How likely it is. Of a risk.
        #[schemars(default)]
        pub likelihood: Option<At<Degree>>,
        /// How bad it is. Of a risk or issue.
        #[schemars(default)]
        pub severity: Option<At<Degree>>,
        /// How far the plan against it is. Of a risk or issue; absent: `none`.
        #[schemars(default)]
        pub plan: Option<At<RiskPlan>>,
        /// What is done about it.
        #[schemars(default)]
        pub mitigation: Option<String>,
        /// The role or person who answers for it.
        #[schemars(default)]
        pub owner: Option<At<String>>,
        /// The day by which it is settled.
        #[schemars(default)]
        pub due: Option<At<Date>>,
        /// The day by which it is looked at again.
        #[schemars(default)]
        pub review_on: Option<At<Date>>,
        /// The capability that it belongs to.
        #[schemars(default)]
        pub capability: Option<At<Id>>,
        /// The questions whose answers show it: `question`, or `question@environment`.
        #[schemars(default)]
        pub questions: Vec<At<String>>,
        /// The practices, and so the gaps, that it bears on.
        #[schemars(default)]
        pub practices: Vec<At<Id>>,
        /// The stories that settle it.
        #[schemars(default)]
        pub stories: Vec<At<Id>>,
        /// The decisions that belong to it.
        #[schemars(default)]
        pub decisions: Vec<At<Id>>,
    }
}

impl RiskFile {
    /// Returns how far the plan is; nothing for what has none, an assumption or a dependency.
    pub fn plan(&self) -> Option<RiskPlan> {
        let has_plan = matches!(self.kind.value, RiskKind::Risk | RiskKind::Issue);
        has_plan.then(|| self.plan.as_ref().map_or(RiskPlan::None, |plan| plan.value))
    }

    /// Returns true if it is over.
    pub fn is_closed(&self) -> bool {
        self.status.value == RiskStatus::Closed
    }
}
