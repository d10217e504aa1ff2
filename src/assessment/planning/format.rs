//! `plan/<capability>.yaml`, key by key: who closes which gap, in which wave, by when, and what was accepted instead.

use crate::assessment::format::format_name;
use crate::diagnostic::Code;
use crate::yaml::Node;
use crate::yaml::record::{At, Date, Entries, FromNode, Id, Reader};
use crate::{record, words};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

format_name!(
    /// The name of the format of a plan.
    PlanFormat,
    "opsready/plan/v1"
);

words! {
    /// How far the work on a capability is.
    pub enum Stage {
        /// Nothing has begun.
        None = "none",
        /// The design is being made.
        Design = "design",
        /// It is being built.
        Development = "development",
        /// It is in place.
        Implemented = "implemented",
        /// It was tested in operation, and made better.
        Validated = "validated",
        /// Everybody may use it.
        Released = "released",
    }
}

impl Stage {
    /// Returns the stage as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::None => "not begun",
            Self::Design => "design",
            Self::Development => "development",
            Self::Implemented => "implemented",
            Self::Validated => "validated",
            Self::Released => "released",
        }
    }

    /// Returns its place, 0 to 5.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or(0)
    }
}

words! {
    /// How the work goes.
    pub enum Momentum {
        /// Nothing has begun.
        NotStarted = "not-started",
        /// Faster than expected.
        MovingQuickly = "moving-quickly",
        /// As expected.
        ExpectedPace = "expected-pace",
        /// Slower than expected.
        SlowerThanExpected = "slower-than-expected",
        /// So slow that others wait for it.
        ImpactingCriticalPath = "impacting-critical-path",
    }
}

impl Momentum {
    /// Returns the momentum as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::NotStarted => "not started",
            Self::MovingQuickly => "moving quickly",
            Self::ExpectedPace => "expected pace",
            Self::SlowerThanExpected => "slower than expected",
            Self::ImpactingCriticalPath => "impacting the critical path",
        }
    }

    /// Returns the sign that stands beside the words in a narrow cell.
    pub fn sign(self) -> &'static str {
        match self {
            Self::NotStarted => "·",
            Self::MovingQuickly => "↑",
            Self::ExpectedPace => "→",
            Self::SlowerThanExpected => "↓",
            Self::ImpactingCriticalPath => "!",
        }
    }
}

words! {
    /// How far an action is: the work that closes one gap.
    pub enum ActionStatus {
        /// Nobody works on it.
        Open = "open",
        /// Somebody works on it.
        InProgress = "in-progress",
        /// Something is in its way.
        Blocked = "blocked",
        /// Those who did the work say that it is done. The gap closes when an answer says so.
        Done = "done",
    }
}

impl ActionStatus {
    /// Returns the status as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in progress",
            Self::Blocked => "blocked",
            Self::Done => "done",
        }
    }
}

record! {
    /// `plan/<capability>.yaml`: what is planned for the gaps of a capability.
    pub struct PlanFile {
        /// The format: `opsready/plan/v1`.
        #[schemars(default)]
        pub schema: Option<At<PlanFormat>>,
        /// The capability.
        pub capability: At<Id>,
        /// How far the work on the capability is as a whole.
        #[schemars(default)]
        pub status: Option<At<Stage>>,
        /// How the work on the capability goes as a whole. Absent: the worst momentum among its actions.
        #[schemars(default)]
        pub momentum: Option<At<Momentum>>,
        /// The role or person who answers for the capability. Actions without an owner are theirs.
        #[schemars(default)]
        pub owner: Option<At<String>>,
        /// More about it.
        #[schemars(default)]
        pub note: Option<String>,
        /// What is planned, by the id of the practice that is missing.
        #[schemars(default)]
        pub practices: Entries<Option<PracticePlan>>,
    }
}

record! {
    /// What is planned for one gap.
    pub struct PracticePlan {
        /// The id of the wave in which it is closed, whatever the order of priorities says.
        #[schemars(default)]
        pub wave: Option<At<Id>>,
        /// The role or person who closes it.
        #[schemars(default)]
        pub owner: Option<At<String>>,
        /// The day by which it is closed.
        #[schemars(default)]
        pub due: Option<At<Date>>,
        /// How far the work is.
        #[schemars(default)]
        pub status: Option<At<ActionStatus>>,
        /// How the work goes.
        #[schemars(default)]
        pub momentum: Option<At<Momentum>>,
        /// The risk was accepted instead: the gap takes no place in a wave until the acceptance ends.
        #[schemars(default)]
        pub accepted: Option<At<Acceptance>>,
        /// More about it.
        #[schemars(default)]
        pub note: Option<String>,
    }
}

record! {
    /// Who accepted to live with a gap, and for how long.
    pub struct Acceptance {
        /// The entry of the RAID log that has the risk: the name of its file in `risks/`.
        pub risk: At<Id>,
        /// The role or person who accepted it.
        pub approver: At<String>,
        /// The last day on which the acceptance holds. From the next day on the gap counts as open.
        pub expires: At<Date>,
        /// More about it.
        #[schemars(default)]
        pub note: Option<String>,
    }
}
