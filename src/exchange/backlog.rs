//! The backlog for the trackers of teams: what is created, updated or proposed to be closed there, and in which words.
//!
//! Stories have an external id, `opsready:<assessment>:<story>`, which travels with them: as a column, a label and the last line of the
//! text. What a tracker calls them is in `backlog/trackers.yaml`, so that a second export updates and never duplicates.

pub mod azure;
pub mod issues;
pub mod jira;
pub mod markdown;
pub mod read;
pub mod script;

use crate::assessment::backlog::format::{StoryState, Tracker};
use crate::assessment::backlog::{epic_key, fingerprint};
use crate::assessment::{Assessment, Plain};
use crate::document::escape::tame;
use crate::kit::format::Risk;
use crate::kit::{CapabilityIx, Kit};
use crate::plan::backlog::{Progress, Story};
use crate::words;

/// The label that every exported issue has.
pub const LABEL: &str = "opsready";

/// The label of what is proposed to be closed.
pub const TO_CLOSE: &str = "to-close";

/// The longest title that every tracker takes, in characters.
const LONGEST_TITLE: usize = 250;

words! {
    /// What an export means for a story in the tracker.
    pub enum Action {
        /// There is none yet.
        Create = "create",
        /// It says something else now.
        Update = "update",
        /// It is there, and proposed to be closed.
        Close = "close",
        /// It is there as it should be.
        Keep = "keep",
    }
}

/// A story or an epic as a tracker gets it.
#[derive(Clone, Debug)]
pub struct Issue<'b> {
    /// Its key in `backlog/trackers.yaml`.
    pub key: String,
    /// The id that travels with it.
    pub external: String,
    /// The capability.
    pub capability: CapabilityIx,
    /// The story; nothing for an epic.
    pub story: Option<&'b Story>,
    /// The title, on one line.
    pub title: String,
    /// What the tracker calls it.
    pub id: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// What becomes of it.
    pub action: Action,
    /// What tells what is exported from what was.
    pub hash: String,
    /// The label of the wave that was exported last.
    pub wave_before: Option<String>,
    /// True if it was exported before, and nobody read back what the tracker calls it.
    pub is_unread: bool,
}

/// Everything that makes an issue of a story.
#[derive(Clone, Copy)]
pub struct Exporter<'e> {
    /// The kit.
    pub kit: &'e Kit,
    /// The assessment.
    pub assessment: &'e Assessment,
    /// For which tracker.
    pub tracker: Tracker,
}

impl<'e> Exporter<'e> {
    /// Returns what is exported of stories: those that were taken over, in their order, each epic before its stories where the tracker has
    /// epics. What is over and was never in the tracker is left out.
    pub fn issues(&self, stories: &[&'e Story]) -> Vec<Issue<'e>> {
        let mut found: Vec<Issue<'e>> = Vec::new();
        let mut epic = None;
        for story in stories.iter().filter(|story| story.progress != Progress::Proposed) {
            let Some(issue) = self.story(story) else { continue };
            if self.has_epics() && epic != Some(story.capability) {
                found.push(self.epic(story.capability));
                epic = Some(story.capability);
            }
            found.push(issue);
        }
        found
    }

    /// Returns true if the tracker has epics of its own; in others a label stands for them.
    pub fn has_epics(&self) -> bool {
        matches!(self.tracker, Tracker::Jira | Tracker::AzureDevops)
    }

    /// Returns the id that travels with a story or epic.
    pub fn external(&self, key: &str) -> String {
        format!("opsready:{}:{key}", self.assessment.file.id.value)
    }

    fn story(&self, story: &'e Story) -> Option<Issue<'e>> {
        let is_over = self.proposal(story).is_some();
        let mut issue = self.issue(story.id.clone(), story.capability, Some(story), story.title());
        issue.hash = self.hash(&issue);
        issue.action = match (&issue.id, is_over) {
            (None, true) => return None,
            (None, false) => Action::Create,
            (Some(_), _) if self.hash_before(&issue.key) == Some(issue.hash.as_str()) => Action::Keep,
            (Some(_), true) => Action::Close,
            (Some(_), false) => Action::Update,
        };
        Some(issue)
    }

    fn epic(&self, capability: CapabilityIx) -> Issue<'e> {
        let key = epic_key(self.kit.capability_id(capability));
        let mut issue = self.issue(key, capability, None, &self.kit.capability(capability).file.title);
        issue.hash = self.hash(&issue);
        issue.action = match &issue.id {
            None => Action::Create,
            Some(_) if self.hash_before(&issue.key) == Some(issue.hash.as_str()) => Action::Keep,
            Some(_) => Action::Update,
        };
        issue
    }

    fn issue(&self, key: String, capability: CapabilityIx, story: Option<&'e Story>, title: &str) -> Issue<'e> {
        let link = self.assessment.registers.backlog.link(self.tracker, &key);
        Issue {
            external: self.external(&key),
            capability,
            story,
            title: cut(&one_line(title)),
            id: link.and_then(|link| link.id.as_ref()).map(|id| id.value.clone()),
            url: link.and_then(|link| link.url.clone()),
            action: Action::Keep,
            hash: String::new(),
            wave_before: link.and_then(|link| link.wave.clone()),
            is_unread: link.is_some_and(|link| link.id.is_none()),
            key,
        }
    }

    fn hash_before(&self, key: &str) -> Option<&str> {
        self.assessment.registers.backlog.link(self.tracker, key)?.hash.as_deref()
    }

    /// Returns what tells an issue from an older one. On GitHub and GitLab that is title and text, which can be read back from there.
    fn hash(&self, issue: &Issue<'_>) -> String {
        match self.tracker {
            Tracker::Github | Tracker::Gitlab => issue_fingerprint(&issue.title, &issues::body(self, issue)),
            Tracker::Jira => fingerprint(jira::fields(self, issue).iter().map(String::as_str)),
            Tracker::AzureDevops => fingerprint(azure::fields(self, issue).iter().map(String::as_str)),
        }
    }

    /// Returns why a story is proposed to be closed; nothing while there is work left.
    pub fn proposal(&self, story: &Story) -> Option<String> {
        match story.progress {
            Progress::Kept(StoryState::Done) => Some("The story is done.".to_owned()),
            Progress::Kept(StoryState::Dropped) => {
                let reason = story.reason.as_deref().map(one_line).filter(|reason| !reason.is_empty());
                Some(reason.map_or_else(
                    || "The story was dropped.".to_owned(),
                    |reason| format!("The story was dropped: {}.", reason.trim_end_matches('.')),
                ))
            }
            _ if story.is_to_close() => Some("Everything that it brings about is in place.".to_owned()),
            _ => None,
        }
    }

    /// Returns the label of the wave of a story.
    pub fn wave_label(&self, story: &Story) -> Option<String> {
        Some(format!("wave:{}", self.assessment.waves.get(story.wave?)?.id))
    }

    /// Returns the labels of an issue: those that never change, the capability, the wave, and whether it is to be closed.
    pub fn labels(&self, issue: &Issue<'_>) -> Vec<String> {
        let mut labels = vec![LABEL.to_owned(), format!("capability:{}", self.kit.capability_id(issue.capability))];
        if let Some(story) = issue.story {
            labels.extend(self.wave_label(story));
            labels.extend(self.proposal(story).map(|_| TO_CLOSE.to_owned()));
        }
        labels
    }

    /// Returns the facts of a story in a line: capability, wave, size.
    pub fn facts(&self, story: &Story) -> Vec<String> {
        let mut facts = vec![self.kit.capability(story.capability).file.title.value.clone()];
        facts.extend(story.wave.and_then(|wave| self.assessment.waves.get(wave)).map(|wave| wave.title.clone()));
        facts.extend(story.wording.points.map(points));
        facts.iter().map(|fact| one_line(fact)).collect()
    }

    /// Returns the practices of a story: title and id.
    pub fn practices(&self, story: &Story) -> Vec<(String, String)> {
        let of_one = |id: &String| {
            let practice = self.kit.find_practice(id)?;
            Some((one_line(&self.kit.practice_file(practice).title), id.clone()))
        };
        story.wording.practices.iter().filter_map(of_one).collect()
    }

    /// Returns what an epic is about: the purpose of the capability, and what it brings.
    pub fn epic_lines(&self, capability: CapabilityIx) -> (String, Vec<String>) {
        let file = &self.kit.capability(capability).file;
        let purpose = file.purpose.as_ref().map(|text| one_line(text)).unwrap_or_default();
        (purpose, file.outcomes.iter().map(|text| one_line(text)).collect())
    }
}

/// Returns the size of a story in words.
pub fn points(points: f64) -> String {
    if (points - 1.0).abs() < f64::EPSILON { "1 point".to_owned() } else { format!("{} points", Plain(points)) }
}

/// Returns what tells an issue of GitHub or GitLab from another.
pub fn issue_fingerprint(title: &str, body: &str) -> String {
    fingerprint([title, body])
}

/// Returns a text on one line, without what a terminal would obey.
pub fn one_line(text: &str) -> String {
    tame(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the lines of a text that its writer meant, each on one line.
fn criteria(story: &Story) -> Vec<String> {
    story.wording.acceptance.iter().map(|text| one_line(text)).filter(|text| !text.is_empty()).collect()
}

fn cut(title: &str) -> String {
    if title.chars().count() <= LONGEST_TITLE {
        return title.to_owned();
    }
    let head: String = title.chars().take(LONGEST_TITLE - 2).collect();
    format!("{} …", head.trim_end())
}

/// Returns the rank of a risk, 0 for the worst.
fn rank(risk: Option<Risk>) -> usize {
    match risk {
        Some(Risk::High) => 0,
        Some(Risk::Medium) | None => 1,
        Some(Risk::Low) => 2,
    }
}

/// Returns rows as CSV: RFC 4180, with the line ends that it asks for and without a byte order mark, which importers take for a part of the first heading.
fn table(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|field| super::csv::cell(field)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}
