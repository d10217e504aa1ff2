//! JSON Schemas, generated from the types that read the files.

use crate::assessment::backlog::format::{BacklogFile, TrackersFile};
use crate::assessment::format::{AnswersFile, AssessmentFile};
use crate::assessment::planning::format::PlanFile;
use crate::assessment::register::format::{DecisionFile, RiskFile};
use crate::kit::format::{CapabilityFile, EngagementFile, KitFile};
use crate::words;

words! {
    /// A file format that has a schema.
    pub enum SchemaName {
        /// `kit.yaml`.
        Kit = "kit",
        /// `capabilities/<id>.yaml`.
        Capability = "capability",
        /// `engagement.yaml`.
        Engagement = "engagement",
        /// `opsready.yaml`.
        Assessment = "assessment",
        /// `answers/<capability>.yaml`.
        Answers = "answers",
        /// `plan/<capability>.yaml`.
        Plan = "plan",
        /// `decisions/<date>-<slug>.yaml`.
        Decision = "decision",
        /// `risks/<date>-<slug>.yaml`.
        Risk = "risk",
        /// `backlog/<capability>.yaml`.
        Backlog = "backlog",
        /// `backlog/trackers.yaml`.
        Trackers = "trackers",
    }
}

impl SchemaName {
    /// Returns where such a file stands: in a kit, or in a workspace.
    pub fn path(self) -> &'static str {
        match self {
            Self::Kit => "kit.yaml",
            Self::Capability => "capabilities/<id>.yaml",
            Self::Engagement => "engagement.yaml",
            Self::Assessment => "opsready.yaml",
            Self::Answers => "answers/<capability>.yaml",
            Self::Plan => "plan/<capability>.yaml",
            Self::Decision => "decisions/<date>-<slug>.yaml",
            Self::Risk => "risks/<date>-<slug>.yaml",
            Self::Backlog => "backlog/<capability>.yaml",
            Self::Trackers => "backlog/trackers.yaml",
        }
    }

    /// Returns the name of the file that holds the schema.
    pub fn file_name(self) -> String {
        format!("{self}.schema.json")
    }
}

/// Returns the schema of a file format as JSON text with a final newline.
pub fn text(name: SchemaName) -> String {
    let schema = match name {
        SchemaName::Kit => schemars::schema_for!(KitFile),
        SchemaName::Capability => schemars::schema_for!(CapabilityFile),
        SchemaName::Engagement => schemars::schema_for!(EngagementFile),
        SchemaName::Assessment => schemars::schema_for!(AssessmentFile),
        SchemaName::Answers => schemars::schema_for!(AnswersFile),
        SchemaName::Plan => schemars::schema_for!(PlanFile),
        SchemaName::Decision => schemars::schema_for!(DecisionFile),
        SchemaName::Risk => schemars::schema_for!(RiskFile),
        SchemaName::Backlog => schemars::schema_for!(BacklogFile),
        SchemaName::Trackers => schemars::schema_for!(TrackersFile),
    };
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema has only text keys");
    text.push('\n');
    text
}
