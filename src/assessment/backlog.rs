//! The stories that the customer has taken over, and what trackers call them: the files in `backlog/`, checked against the kit.
//!
//! Nothing of it is scored. Which story closes which gap is the matter of the plan.

pub mod format;

use super::Kit;
use super::read::Checker;
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span};
use crate::fingerprint::Fnv;
use crate::yaml::record::{At, Id, list, read};
use format::{BacklogFile, StoryEntry, Tracker, TrackerLink, TrackersFile};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name of the file in `backlog/` that knows what trackers call the stories, without its ending.
pub const TRACKERS: &str = "trackers";

/// The files of a backlog, by capability.
#[derive(Clone, Debug, Default)]
pub struct Backlog {
    /// The stories, capability by capability.
    pub files: Vec<BacklogFile>,
    /// What trackers call them.
    pub trackers: Option<TrackersFile>,
}

impl Backlog {
    /// Goes through the stories with the capability of their file.
    pub fn stories(&self) -> impl Iterator<Item = (&At<Id>, &At<String>, &StoryEntry)> {
        self.files.iter().flat_map(|file| file.stories.iter().map(|(id, story)| (&file.capability, id, story)))
    }

    /// Returns what a tracker calls a story or epic.
    pub fn link(&self, tracker: Tracker, key: &str) -> Option<&TrackerLink> {
        self.trackers.as_ref()?.of(tracker).get(key)
    }
}

/// Returns the key of a capability in the links of a tracker.
pub fn epic_key(capability: &str) -> String {
    format!("epic:{capability}")
}

/// Returns what tells a text from another by its words: how lines end and wrap is no difference.
pub fn fingerprint<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hash = Fnv::default();
    for text in texts {
        for word in text.split_whitespace() {
            hash.add(word.bytes().chain([b' ']));
        }
        // Texts beside each other are not one text.
        hash.add([0]);
    }
    hash.digits()
}

/// Reads the backlog. What could be read is returned either way.
pub fn backlog(kit: &Kit, sources: &[(String, Arc<Source>)], diagnostics: &mut Vec<Diagnostic>) -> Backlog {
    let mut backlog = Backlog::default();
    let mut seen: BTreeMap<String, Location> = BTreeMap::new();
    for (stem, source) in sources.iter().filter(|(stem, _)| stem != TRACKERS) {
        let (file, found) = read::<BacklogFile>(source);
        diagnostics.extend(found);
        if let Some(file) = file {
            Stories { checker: Checker { kit, source, diagnostics }, seen: &mut seen }.file(stem, &file);
            backlog.files.push(file);
        }
    }
    for (_, source) in sources.iter().filter(|(stem, _)| stem == TRACKERS) {
        let (file, found) = read::<TrackersFile>(source);
        diagnostics.extend(found);
        if let Some(file) = file {
            links(kit, source, &file, &backlog, diagnostics);
            backlog.trackers = Some(file);
        }
    }
    let place = |file: &BacklogFile| kit.find_capability(file.capability.as_str());
    backlog.files.sort_by_key(place);
    backlog
}

/// Reads what is wrong in the backlog on its own, for when there is no kit to hold it against.
pub fn faults(sources: &[(String, Arc<Source>)]) -> Vec<Diagnostic> {
    let of_one = |(stem, source): &(String, Arc<Source>)| {
        if stem == TRACKERS { read::<TrackersFile>(source).1 } else { read::<BacklogFile>(source).1 }
    };
    sources.iter().flat_map(of_one).collect()
}

/// Checks the stories of a file.
struct Stories<'c> {
    checker: Checker<'c>,
    /// The stories of all files so far.
    seen: &'c mut BTreeMap<String, Location>,
}

impl Stories<'_> {
    fn file(&mut self, stem: &str, file: &BacklogFile) {
        let kit = self.checker.kit;
        if file.capability.as_str() != stem {
            let message = format!("the file is named `{stem}` and holds the stories of `{}`", file.capability);
            let help = "rename the file, or change the capability".to_owned();
            self.checker.error(Code::FileNameDiffers, file.capability.span, message).help = Some(help);
        }
        if kit.find_capability(file.capability.as_str()).is_none() {
            let known = kit.capability_indices().map(|ix| kit.capability_id(ix));
            self.checker.unknown("capability", file.capability.as_str(), file.capability.span, known);
        }
        for (id, story) in &file.stories {
            self.id(id, file.capability.as_str());
            self.story(id, story);
        }
    }

    fn id(&mut self, id: &At<String>, capability: &str) {
        if !Id::is_valid(id) {
            let help = "an id has letters, digits, `-`, `_` and `.`, and starts with a letter or digit".to_owned();
            self.checker.error(Code::BadId, id.span, format!("`{id}` cannot be an id")).help = Some(help);
        }
        let here = Location::new(self.checker.source, id.span);
        if let Some(first) = self.seen.get(&id.value) {
            let first = first.clone();
            let diagnostic = self.checker.error(Code::DuplicateId, id.span, format!("the story `{id}` is there twice"));
            diagnostic.related = Some((first, "first here".to_owned()));
            diagnostic.help = Some("give one of them an id of its own".to_owned());
        }
        self.seen.entry(id.value.clone()).or_insert(here);
        let kit = self.checker.kit;
        let owner = kit.capabilities.iter().find(|one| one.file.stories.iter().any(|story| story.id.as_str() == id.value));
        if let Some(owner) = owner.map(|one| one.file.id.as_str()).filter(|owner| *owner != capability) {
            let message = format!("`{id}` is a story of `{owner}` in the kit");
            let help = format!("move it to backlog/{owner}.yaml, or give it an id of its own");
            self.checker.warning(Code::DuplicateId, id.span, message).help = Some(help);
        }
    }

    fn story(&mut self, id: &At<String>, story: &StoryEntry) {
        let kit = self.checker.kit;
        for practice in story.practices.iter().filter(|id| kit.find_practice(id.as_str()).is_none()) {
            self.checker.unknown("practice", practice.as_str(), practice.span, kit.practices.iter().map(|practice| practice.id.as_str()));
        }
        if let Some(points) = story.points.as_ref().filter(|points| points.value < 0.0) {
            self.checker.error(Code::BadNumber, points.span, "a story cannot be smaller than nothing").help =
                Some("write the points as 0 or more, or leave them out".to_owned());
        }
        let gives_reason = story.reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        if let Some(state) = story.state.as_ref().filter(|state| state.value == format::StoryState::Dropped && !gives_reason) {
            self.checker.warning(Code::MissingKey, state.span, format!("nobody can tell why `{id}` was dropped")).help =
                Some("add `reason`".to_owned());
        }
    }
}

/// Checks what trackers call the stories.
fn links(kit: &Kit, source: &Arc<Source>, file: &TrackersFile, backlog: &Backlog, diagnostics: &mut Vec<Diagnostic>) {
    let mut checker = Checker { kit, source, diagnostics };
    for tracker in Tracker::ALL {
        let mut ids: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
        for (key, link) in file.of(*tracker) {
            let is_known = match key.strip_prefix("epic:") {
                Some(capability) => kit.find_capability(capability).is_some(),
                None => backlog.stories().any(|(_, id, _)| id.value == key.value),
            };
            if !is_known {
                let message = format!("no story of the backlog has the id `{key}`");
                let help = format!("remove the entry if nobody needs the link to {} any more", tracker.title());
                checker.warning(Code::UnknownReference, key.span, message).help = Some(help);
            }
            let Some(id) = &link.id else { continue };
            if let Some((first, span)) = ids.get(id.value.as_str()) {
                let (location, first) = (Location::new(source, *span), (*first).to_owned());
                let message = format!("`{id}` belongs to {} already", list(&[first]));
                let diagnostic = checker.error(Code::DuplicateId, id.span, message);
                diagnostic.related = Some((location, "here".to_owned()));
                diagnostic.help = Some("one of the two has another id in the tracker".to_owned());
            }
            ids.entry(&id.value).or_insert((&key.value, id.span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn wrapping_is_no_difference_and_words_are() {
        let own = fingerprint(["a b", "c"]);
        assert_eq!(own, fingerprint(["a\r\n  b ", "c\n"]));
        for other in [["a b c", ""], ["ab", "c"], ["a", "b c"], ["a B", "c"]] {
            assert_ne!(own, fingerprint(other), "{other:?}");
        }
    }
}
