//! The views of the backlog: its index, and the stories of a capability.

use super::make::Maker;
use super::place::{Headings, Place};
use super::{Header, PracticeLink};
use crate::assessment::Plain;
use crate::assessment::backlog::format::{StoryState, Tracker};
use crate::kit::CapabilityIx;
use crate::plan::backlog::{Progress, Standing, Story, of_capability, points};
use crate::scoring::wording::percent_between;
use serde::Serialize;

/// The view of the backlog.
#[derive(Debug, Serialize)]
pub struct BacklogView {
    /// What the document shows of itself.
    pub header: Header,
    /// True if stories were taken over; all are proposals of the kit otherwise.
    pub is_taken: bool,
    /// How many stories are open.
    pub open_count: usize,
    /// Their points, together.
    pub points: String,
    /// How many of them the kit proposes beside what was taken over.
    pub proposed_count: usize,
    /// How many stories are done.
    pub done_count: usize,
    /// How many were dropped.
    pub dropped_count: usize,
    /// The waves that have an open story, in narrow columns.
    pub waves: Vec<String>,
    /// True if an open story is in no wave.
    pub has_waveless: bool,
    /// The epics that have a story.
    pub epics: Vec<BacklogEpic>,
    /// Stories that are open while everything they bring about is in place.
    pub to_close: Vec<StoryLine>,
    /// Stories that are done while something is missing.
    pub came_back: Vec<StoryLine>,
}

/// The stories of a capability, in numbers.
#[derive(Debug, Serialize)]
pub struct BacklogEpic {
    /// The title of the capability.
    pub title: String,
    /// Its id, which is also its folder.
    pub id: String,
    /// How many stories are open.
    pub open: usize,
    /// How many they are in each wave, with their points in brackets, in the order of the waves; the last is outside of them.
    pub waves: Vec<Option<String>>,
    /// Their points, together: a number.
    pub points: String,
    /// How many stories are done.
    pub done: usize,
}

/// A story in a list.
#[derive(Debug, Serialize)]
pub struct StoryLine {
    /// The title.
    pub title: String,
    /// The id.
    pub id: String,
    /// Where it is told.
    pub path: String,
    /// The title of the capability.
    pub capability: String,
    /// The practices that are short, each with how much of it is in place.
    pub missing: Vec<StoryPractice>,
}

/// The view of the stories of a capability.
#[derive(Debug, Serialize)]
pub struct StoriesView {
    /// What the document shows of itself.
    pub header: Header,
    /// The title of the capability.
    pub title: String,
    /// Its id, which is also its folder.
    pub id: String,
    /// How many stories are open.
    pub open_count: usize,
    /// Their points, together.
    pub points: String,
    /// How many of them the kit proposes beside what was taken over.
    pub proposed_count: usize,
    /// True if stories of this capability were taken over.
    pub is_taken: bool,
    /// The open stories by wave, then what is done, then what was dropped.
    pub groups: Vec<StoryGroup>,
}

/// Stories under a heading.
#[derive(Debug, Serialize)]
pub struct StoryGroup {
    /// The heading.
    pub title: String,
    /// The points of its stories, together; empty where none has a size.
    pub points: String,
    /// The stories.
    pub stories: Vec<StoryCard>,
}

/// A story.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a remark that a template may make or not")]
pub struct StoryCard {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// Who wants what and why.
    pub sentence: Option<String>,
    /// How to see that it is done.
    pub acceptance: Vec<String>,
    /// The practices that it brings about.
    pub practices: Vec<StoryPractice>,
    /// Its size: "3 points".
    pub points: Option<String>,
    /// How far it is, in words.
    pub state: String,
    /// True if everything it brings about is in place, and it is open.
    pub is_to_close: bool,
    /// True if it is done, and something is missing.
    pub came_back: bool,
    /// True if the target no longer asks for anything that it brings about.
    pub is_beyond: bool,
    /// True if the kit does not have it.
    pub is_own: bool,
    /// Why it was dropped.
    pub reason: Option<String>,
    /// What trackers call it, with its address there.
    pub trackers: Vec<Place>,
    /// What trackers call it where nobody knows the address.
    pub known_as: Vec<String>,
}

/// A practice that a story brings about.
#[derive(Debug, Serialize)]
pub struct StoryPractice {
    /// The practice.
    pub practice: PracticeLink,
    /// Where it is designed, as seen from the folder of the capability.
    pub path: String,
    /// How much of it is in place: "50 %"; nothing where it does not apply.
    pub in_place: Option<String>,
}

impl Maker<'_> {
    /// Returns the view of the backlog; nothing where there is no story.
    pub fn backlog(&self) -> Option<BacklogView> {
        let epics: Vec<(CapabilityIx, Vec<Story>)> = (self.kit.capability_indices())
            .map(|ix| (ix, of_capability(self.kit, self.assessment, self.card, self.plan, ix)))
            .filter(|(ix, stories)| !stories.is_empty() && self.assessment.scope(*ix).in_scope)
            .collect();
        if epics.is_empty() {
            return None;
        }
        let all = || epics.iter().flat_map(|(_, stories)| stories);
        let open = || all().filter(|story| story.is_open());
        let is = |state: StoryState| all().filter(|story| story.progress == Progress::Kept(state)).count();
        let used: Vec<usize> = (0..self.assessment.waves.len()).filter(|wave| open().any(|story| story.wave == Some(*wave))).collect();
        let lines = |is_in: fn(&Story) -> bool| all().filter(|story| is_in(story)).map(|story| self.story_line(story)).collect();
        Some(BacklogView {
            header: self.header(None),
            is_taken: all().any(|story| story.progress != Progress::Proposed),
            open_count: open().count(),
            points: sum(open()),
            proposed_count: all().filter(|story| story.progress == Progress::Proposed).count(),
            done_count: is(StoryState::Done),
            dropped_count: is(StoryState::Dropped),
            waves: used.iter().map(|wave| self.assessment.waves[*wave].short_title().to_owned()).collect(),
            has_waveless: open().any(|story| story.wave.is_none()),
            epics: epics.iter().map(|(ix, stories)| self.epic(*ix, stories, &used)).collect(),
            to_close: lines(Story::is_to_close),
            came_back: lines(Story::came_back),
        })
    }

    fn epic(&self, ix: CapabilityIx, stories: &[Story], used: &[usize]) -> BacklogEpic {
        let open = || stories.iter().filter(|story| story.is_open());
        let cell = |wave: Option<usize>| {
            let of_wave = || open().filter(|story| story.wave == wave);
            (of_wave().count() > 0).then(|| format!("{} ({})", of_wave().count(), Plain(points(of_wave()))))
        };
        BacklogEpic {
            title: self.capability_title(ix),
            id: self.kit.capability_id(ix).to_owned(),
            open: open().count(),
            waves: used.iter().map(|wave| cell(Some(*wave))).chain([cell(None)]).collect(),
            points: Plain(points(open())).to_string(),
            done: stories.iter().filter(|story| story.progress == Progress::Kept(StoryState::Done)).count(),
        }
    }

    fn story_line(&self, story: &Story) -> StoryLine {
        let folder = self.kit.capability_id(story.capability);
        StoryLine {
            title: story.title().to_owned(),
            id: story.id.clone(),
            path: self.story_anchor(story).map_or_else(|| format!("{folder}/backlog.md"), |anchor| format!("{folder}/backlog.md#{anchor}")),
            capability: self.capability_title(story.capability),
            missing: self
                .story_practices(story)
                .into_iter()
                .zip(&story.practices)
                .filter(|(_, brought)| brought.is_short())
                .map(|(view, _)| view)
                .collect(),
        }
    }

    /// Returns the view of the stories of a capability; nothing where there is none.
    pub fn stories(&self, ix: CapabilityIx) -> Option<StoriesView> {
        let stories = of_capability(self.kit, self.assessment, self.card, self.plan, ix);
        if stories.is_empty() {
            return None;
        }
        let open = || stories.iter().filter(|story| story.is_open());
        let proposed = stories.iter().filter(|story| story.progress == Progress::Proposed).count();
        Some(StoriesView {
            header: self.header(Some(ix)),
            title: self.capability_title(ix),
            id: self.kit.capability_id(ix).to_owned(),
            open_count: open().count(),
            points: sum(open()),
            proposed_count: proposed,
            is_taken: proposed < stories.len(),
            groups: (self.groups(&stories).into_iter())
                .map(|(title, stories)| StoryGroup {
                    title,
                    points: sum(stories.iter().copied()),
                    stories: stories.into_iter().map(|story| self.story_card(story)).collect(),
                })
                .collect(),
        })
    }

    /// Returns stories under their headings, in the order of the document.
    fn groups<'s>(&self, stories: &'s [Story]) -> Vec<(String, Vec<&'s Story>)> {
        let mut groups: Vec<(String, Vec<&Story>)> = Vec::new();
        let mut group = |title: &str, is_in: &dyn Fn(&Story) -> bool| {
            let own: Vec<&Story> = stories.iter().filter(|story| is_in(story)).collect();
            if !own.is_empty() {
                groups.push((title.to_owned(), own));
            }
        };
        group("To be closed", &Story::is_to_close);
        group("Came back", &Story::came_back);
        let works = |story: &Story| story.is_open() && !story.is_to_close();
        for (index, wave) in self.assessment.waves.iter().enumerate() {
            group(&wave.title, &|story| works(story) && story.wave == Some(index));
        }
        group("Outside the waves", &|story| works(story) && story.wave.is_none());
        group("Done", &|story| story.progress == Progress::Kept(StoryState::Done) && !story.came_back());
        group("Dropped", &|story| story.progress == Progress::Kept(StoryState::Dropped));
        groups
    }

    /// Returns the anchor of a story in the document of its capability.
    fn story_anchor(&self, story: &Story) -> Option<String> {
        let stories = of_capability(self.kit, self.assessment, self.card, self.plan, story.capability);
        let mut headings = Headings::of(&[&format!("{}: stories", self.capability_title(story.capability))]);
        for (title, group) in self.groups(&stories) {
            headings.anchor(&title);
            for one in group {
                let anchor = headings.anchor(one.title());
                if one.id == story.id {
                    return Some(anchor);
                }
            }
        }
        None
    }

    /// Returns where a story of the backlog that the kit does not have is told.
    pub(super) fn own_story_place(&self, id: &str) -> Option<Place> {
        let (capability, _, entry) = self.assessment.registers.backlog.stories().find(|(_, other, _)| other.value == id)?;
        let title = entry.title.clone().unwrap_or_else(|| id.to_owned());
        Some(Place { title, path: format!("{capability}/backlog.md") })
    }

    fn story_card(&self, story: &Story) -> StoryCard {
        let backlog = &self.assessment.registers.backlog;
        let known = || {
            let link = |tracker: &Tracker| {
                let link = backlog.link(*tracker, &story.id)?;
                Some((format!("{} {}", tracker.title(), link.id.as_ref()?), link.url.clone()))
            };
            Tracker::ALL.iter().filter_map(link)
        };
        StoryCard {
            id: story.id.clone(),
            title: story.title().to_owned(),
            sentence: story.wording.sentence(),
            acceptance: story.wording.acceptance.clone(),
            practices: self.story_practices(story),
            points: story.wording.points.map(size),
            state: story.progress.title().to_owned(),
            is_to_close: story.is_to_close(),
            came_back: story.came_back(),
            is_beyond: story.is_open() && story.standing == Standing::Nothing && !story.practices.is_empty(),
            is_own: story.is_own,
            reason: story.reason.clone(),
            trackers: known().filter_map(|(title, url)| Some(Place { title, path: url? })).collect(),
            known_as: known().filter(|(_, url)| url.is_none()).map(|(title, _)| title).collect(),
        }
    }

    fn story_practices(&self, story: &Story) -> Vec<StoryPractice> {
        let own = format!("{}/", self.kit.capability_id(story.capability));
        let of_one = |brought: &crate::plan::backlog::Brought| {
            let place = self.practice_place(brought.practice);
            StoryPractice {
                practice: self.practice_link(brought.practice),
                path: place.path.strip_prefix(&own).map_or_else(|| format!("../{}", place.path), str::to_owned),
                in_place: brought.place.map(|(_, credit)| percent_between(credit)),
            }
        };
        story.practices.iter().map(of_one).collect()
    }
}

/// Returns the points of stories, together.
fn sum<'s>(stories: impl Iterator<Item = &'s Story>) -> String {
    size(points(stories))
}

fn size(points: f64) -> String {
    if (points - 1.0).abs() < f64::EPSILON { "1 point".to_owned() } else { format!("{} points", Plain(points)) }
}
