//! The backlog of a workspace, key by key: `backlog/<capability>.yaml` and `backlog/trackers.yaml`.

use crate::assessment::format::format_name;
use crate::diagnostic::Code;
use crate::yaml::Node;
use crate::yaml::record::{At, Entries, FromNode, Id, Reader, Texts};
use crate::{record, words};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::borrow::Cow;

format_name!(
    /// The name of the format of a backlog.
    BacklogFormat,
    "opsready/backlog/v1"
);

format_name!(
    /// The name of the format of the file that knows what trackers call the stories.
    TrackersFormat,
    "opsready/trackers/v1"
);

words! {
    /// How far a story is.
    pub enum StoryState {
        /// Nobody has begun.
        Open = "open",
        /// Somebody works on it.
        InProgress = "in-progress",
        /// It is done.
        Done = "done",
        /// It will not be done.
        Dropped = "dropped",
    }
}

impl StoryState {
    /// Returns the state as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in progress",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// Returns true while there is work left in it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::InProgress)
    }
}

record! {
    /// `backlog/<capability>.yaml`: the stories of a capability. They were copied from the kit once, and are the customer's.
    pub struct BacklogFile {
        /// The format: `opsready/backlog/v1`.
        #[schemars(default)]
        pub schema: Option<At<BacklogFormat>>,
        /// The capability; the file has the same name.
        pub capability: At<Id>,
        /// The stories by id. One of your own has an id that the kit does not use.
        #[schemars(default)]
        pub stories: Entries<StoryEntry>,
    }
}

record! {
    /// A story.
    pub struct StoryEntry {
        /// The title. Absent: the id.
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
        /// The practices it brings about. It is to be closed once all of them are in place.
        #[schemars(default)]
        pub practices: Vec<At<Id>>,
        /// How far it is. Absent: `open`.
        #[schemars(default)]
        pub state: Option<At<StoryState>>,
        /// Why it was dropped.
        #[schemars(default)]
        pub reason: Option<String>,
        /// What tells the words of the kit, as they were copied, from later ones. Written by `backlog pull`; leave it as it is.
        #[schemars(default)]
        pub pulled: Option<String>,
    }
}

impl StoryEntry {
    /// Returns how far it is.
    pub fn state(&self) -> StoryState {
        self.state.as_ref().map_or(StoryState::Open, |state| state.value)
    }
}

words! {
    /// A program in which teams keep their work.
    pub enum Tracker {
        /// Jira Cloud.
        Jira = "jira",
        /// Azure DevOps Boards.
        AzureDevops = "azure-devops",
        /// Issues of GitHub.
        Github = "github",
        /// Issues of GitLab.
        Gitlab = "gitlab",
    }
}

impl Tracker {
    /// Returns the name as people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Jira => "Jira",
            Self::AzureDevops => "Azure DevOps",
            Self::Github => "GitHub",
            Self::Gitlab => "GitLab",
        }
    }
}

record! {
    /// `backlog/trackers.yaml`: what trackers call the stories, so that a second export updates them. `backlog link` and `backlog export`
    /// write it.
    pub struct TrackersFile {
        /// The format: `opsready/trackers/v1`.
        #[schemars(default)]
        pub schema: Option<At<TrackersFormat>>,
        /// Jira, by story, or `epic:` and the capability.
        #[schemars(default)]
        pub jira: Entries<TrackerLink>,
        /// Azure DevOps, by story, or `epic:` and the capability.
        #[schemars(default)]
        pub azure_devops as "azure-devops": Entries<TrackerLink>,
        /// GitHub, by story.
        #[schemars(default)]
        pub github: Entries<TrackerLink>,
        /// GitLab, by story.
        #[schemars(default)]
        pub gitlab: Entries<TrackerLink>,
    }
}

impl TrackersFile {
    /// Returns the links of a tracker.
    pub fn of(&self, tracker: Tracker) -> &Entries<TrackerLink> {
        match tracker {
            Tracker::Jira => &self.jira,
            Tracker::AzureDevops => &self.azure_devops,
            Tracker::Github => &self.github,
            Tracker::Gitlab => &self.gitlab,
        }
    }
}

record! {
    /// What a tracker calls a story or an epic.
    pub struct TrackerLink {
        /// The key or number, such as `ACME-12`. Absent: it was exported, and nobody has read the key back yet.
        #[schemars(default)]
        pub id: Option<At<String>>,
        /// Where it is.
        #[schemars(default)]
        pub url: Option<String>,
        /// What tells the text that was exported last from another.
        #[schemars(default)]
        pub hash: Option<String>,
        /// The label of the wave that was exported last.
        #[schemars(default)]
        pub wave: Option<String>,
    }
}
