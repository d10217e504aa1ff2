//! Writing the backlog: one entry changes, the rest of its file stays as its owner wrote it.

use super::answers::mark_of;
use super::{BACKLOG, Error, Workspace, files};
use crate::assessment::backlog::TRACKERS;
use crate::assessment::backlog::format::{StoryState, Tracker};
use crate::kit::Kit;
use crate::plan::backlog::{Story, Wording};
use crate::yaml::edit::{self, Change, EditError, Field};
use std::path::{Path, PathBuf};

/// What is to be recorded of a story or epic in a tracker. What is nothing stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    /// Its key in the file.
    pub key: String,
    /// What the tracker calls it.
    pub id: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// What tells the text that was exported from another.
    pub hash: Option<String>,
    /// The label of its wave; empty where it has none.
    pub wave: Option<String>,
}

impl Workspace {
    /// Returns the path of the stories of a capability.
    pub fn backlog_path(&self, capability: &str) -> PathBuf {
        let folder = self.path(BACKLOG);
        let other = folder.join(format!("{capability}.yml"));
        if other.is_file() { other } else { folder.join(format!("{capability}.yaml")) }
    }

    /// Returns the path of what trackers call the stories.
    pub fn trackers_path(&self) -> PathBuf {
        self.backlog_path(TRACKERS)
    }

    /// Takes over stories of one capability. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the file cannot be changed; it is then as it was.
    pub fn add_stories(&self, kit: &Kit, stories: &[&Story]) -> Result<(), Error> {
        let Some(first) = stories.first() else { return Ok(()) };
        let capability = kit.capability_id(first.capability);
        let head = format!(
            "# yaml-language-server: $schema=../schemas/backlog.schema.json\n# These stories are yours: change words, points and state, add your own, drop one with a reason.\nschema: opsready/backlog/v1\ncapability: {capability}\nstories:\n"
        );
        change(&self.backlog_path(capability), &head, |text| {
            stories.iter().try_fold(text, |text, story| edit::amend(&text, "stories", &story.id, &fields(story)))
        })
    }

    /// Takes over the words that the kit now has for a story, or only the knowledge of them. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the file cannot be changed; it is then as it was.
    pub fn renew_story(&self, kit: &Kit, story: &Story, wording: Option<&Wording>) -> Result<(), Error> {
        let mut changes = wording.map(words).unwrap_or_default();
        changes.extend(story.kit_fingerprint.iter().map(|hash| ("pulled", Change::Set(Field::Text(hash.clone())))));
        let path = self.backlog_path(kit.capability_id(story.capability));
        change(&path, "", |text| edit::amend(&text, "stories", &story.id, &changes))
    }

    /// Sets how far stories of one capability are. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the file cannot be changed; it is then as it was.
    pub fn set_states(&self, capability: &str, states: &[(&str, StoryState)]) -> Result<(), Error> {
        if states.is_empty() {
            return Ok(());
        }
        change(&self.backlog_path(capability), "", |text| {
            states.iter().try_fold(text, |text, (id, state)| {
                edit::amend(&text, "stories", id, &[("state", Change::Set(Field::Text(state.word().to_owned())))])
            })
        })
    }

    /// Records what a tracker calls stories and epics. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the file cannot be changed; it is then as it was.
    pub fn record_links(&self, tracker: Tracker, links: &[Linked]) -> Result<(), Error> {
        if links.is_empty() {
            return Ok(());
        }
        let head = "# yaml-language-server: $schema=../schemas/trackers.schema.json\n# What trackers call the stories; `opsready backlog link` and `backlog export` write it. Commit it.\nschema: opsready/trackers/v1\n";
        change(&self.trackers_path(), head, |text| {
            links.iter().try_fold(text, |text, link| {
                let set = |name, value: &Option<String>| value.as_ref().map(|value| (name, Change::Set(Field::Text(value.clone()))));
                let mut changes: Vec<(&str, Change)> =
                    [set("id", &link.id), set("url", &link.url), set("hash", &link.hash)].into_iter().flatten().collect();
                changes.extend(link.wave.as_ref().map(|wave| match wave.as_str() {
                    "" => ("wave", Change::Remove),
                    wave => ("wave", Change::Set(Field::Text(wave.to_owned()))),
                }));
                edit::amend(&text, tracker.word(), &link.key, &changes)
            })
        })
    }
}

/// Changes a file, which begins with `head` where it is not there yet.
fn change(path: &Path, head: &str, change: impl FnOnce(String) -> Result<String, EditError>) -> Result<(), Error> {
    let before = if files::read_bytes(path)?.is_some() { files::read_source(path)?.text.clone() } else { head.to_owned() };
    let new = change(before).map_err(|error| Error::Unusable(format!("{}: {error}", path.display())))?;
    files::write(path, &[mark_of(path)?, new.as_bytes()].concat())
}

/// Returns a story as a file has it.
fn fields(story: &Story) -> Vec<(&'static str, Change)> {
    let mut changes: Vec<(&str, Change)> =
        words(&story.wording).into_iter().filter(|(_, change)| matches!(change, Change::Set(_))).collect();
    changes.push(("state", Change::Set(Field::Text(StoryState::Open.word().to_owned()))));
    changes.extend(story.kit_fingerprint.iter().map(|hash| ("pulled", Change::Set(Field::Text(hash.clone())))));
    changes
}

/// Returns the words of a story as a file has them; what it does not say is removed.
fn words(wording: &Wording) -> Vec<(&'static str, Change)> {
    let text = |name, text: &str| match text.trim() {
        "" => (name, Change::Remove),
        text => (name, Change::Set(Field::Text(text.to_owned()))),
    };
    let list = |items: &[String], field: fn(Vec<String>) -> Field| {
        if items.is_empty() { Change::Remove } else { Change::Set(field(items.to_vec())) }
    };
    vec![
        text("title", &wording.title),
        text("as_a", &wording.as_a),
        text("i_want", &wording.i_want),
        text("so_that", &wording.so_that),
        ("acceptance", list(&wording.acceptance, Field::Lines)),
        ("points", wording.points.map_or(Change::Remove, |points| Change::Set(Field::Number(points)))),
        ("practices", list(&wording.practices, Field::List)),
    ]
}
