//! The backlog: which story closes which gap, in which wave, and what the answers say about those that the customer took over.
//!
//! A story of the kit is proposed while a confirmed gap is among its practices. Once it is taken over, its words and its state are the
//! customer's; here they are only held against the scorecard.

use super::Plan;
use crate::assessment::Assessment;
use crate::assessment::backlog::fingerprint;
use crate::assessment::backlog::format::{StoryEntry, StoryState};
use crate::kit::format::{self, Risk};
use crate::kit::{CapabilityIx, EnvironmentIx, Kit, PracticeIx};
use crate::scoring::gap::place;
use crate::scoring::{Between, Scorecard, exceeds};

/// What a story says: the words of the kit, or those that the customer made of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wording {
    /// The title; empty where there is none.
    pub title: String,
    /// As a …
    pub as_a: String,
    /// … I want …
    pub i_want: String,
    /// … so that …
    pub so_that: String,
    /// How to see that it is done.
    pub acceptance: Vec<String>,
    /// Its size.
    pub points: Option<f64>,
    /// The ids of the practices that it brings about.
    pub practices: Vec<String>,
}

impl Wording {
    /// Returns the words of the kit.
    pub fn of_kit(story: &format::Story) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            title: text(&story.title),
            as_a: text(&story.as_a),
            i_want: text(&story.i_want),
            so_that: text(&story.so_that),
            acceptance: story.acceptance.strings(),
            points: story.points.as_ref().map(|points| points.value),
            practices: story.practices.iter().map(|id| id.value.0.clone()).collect(),
        }
    }

    fn of_entry(entry: &StoryEntry) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            title: text(&entry.title),
            as_a: text(&entry.as_a),
            i_want: text(&entry.i_want),
            so_that: text(&entry.so_that),
            acceptance: entry.acceptance.strings(),
            points: entry.points.as_ref().map(|points| points.value),
            practices: entry.practices.iter().map(|id| id.value.0.clone()).collect(),
        }
    }

    /// Returns the words by the key under which they stand in a file; of a list, all in one.
    fn keyed(&self) -> [(&'static str, String); 7] {
        [
            ("title", self.title.clone()),
            ("as_a", self.as_a.clone()),
            ("i_want", self.i_want.clone()),
            ("so_that", self.so_that.clone()),
            ("acceptance", self.acceptance.join("\n- ")),
            ("points", self.points.map(|points| points.to_string()).unwrap_or_default()),
            ("practices", self.practices.join(", ")),
        ]
    }

    /// Returns what tells these words from others.
    pub fn fingerprint(&self) -> String {
        let keyed = self.keyed();
        fingerprint(keyed.iter().map(|(_, text)| text.as_str()))
    }

    /// Returns the keys under which other words differ.
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        let one = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let pairs = self.keyed().into_iter().zip(other.keyed());
        pairs.filter(|(own, other)| one(&own.1) != one(&other.1)).map(|(own, _)| own.0).collect()
    }

    /// Returns who wants what and why, as a sentence with its full stop; nothing where nobody said.
    pub fn sentence(&self) -> Option<String> {
        let parts = [("As a ", &self.as_a), (", I want ", &self.i_want), (" so that ", &self.so_that)];
        let parts = parts.iter().filter(|(_, part)| !part.trim().is_empty()).map(|(lead, part)| format!("{lead}{}", part.trim()));
        let sentence: String = parts.collect();
        let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
        let has_vowel = self.as_a.trim().to_lowercase().starts_with(['a', 'e', 'i', 'o', 'u']);
        let sentence = match sentence.strip_prefix("As a ") {
            Some(rest) if has_vowel => format!("As an {rest}"),
            _ => sentence.trim_start_matches([',', ' ']).to_owned(),
        };
        (!sentence.is_empty()).then(|| format!("{}.", sentence.trim_end_matches('.')))
    }
}

/// How far a story is, for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The kit has it, and nobody took it over.
    Proposed,
    /// It is in the backlog.
    Kept(StoryState),
}

impl Progress {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Kept(state) => state.word(),
        }
    }

    /// Returns it as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Kept(state) => state.title(),
        }
    }
}

/// What the answers say about the practices of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// One of them is missing, wholly or in part.
    Missing,
    /// One of them may be missing: a question is open.
    Unclear,
    /// All of them are in place.
    InPlace,
    /// None of them is wanted: the target is below them, they do not apply, or there are none.
    Nothing,
}

/// A practice of a story.
#[derive(Clone, Copy, Debug)]
pub struct Brought {
    /// The practice.
    pub practice: PracticeIx,
    /// Where it is judged, and how much of it is in place there; nothing where it does not apply or is out of scope.
    pub place: Option<(EnvironmentIx, Between)>,
    /// True if it is expected at the target or below, and nobody accepted the risk of living without it.
    pub is_wanted: bool,
}

impl Brought {
    /// Returns true if it is wanted and not known to be in place in full.
    pub fn is_short(&self) -> bool {
        self.is_wanted && self.place.is_some_and(|(_, credit)| exceeds(1.0, credit.low))
    }
}

/// A story of the backlog.
#[derive(Clone, Debug)]
pub struct Story {
    /// The id.
    pub id: String,
    /// The capability, which is its epic.
    pub capability: CapabilityIx,
    /// What it says.
    pub wording: Wording,
    /// How far it is.
    pub progress: Progress,
    /// Why it was dropped.
    pub reason: Option<String>,
    /// Its practices.
    pub practices: Vec<Brought>,
    /// What the answers say about them.
    pub standing: Standing,
    /// The earliest wave of the gaps that it closes, counted from 0; nothing outside the waves.
    pub wave: Option<usize>,
    /// The worst risk among the practices that are missing.
    pub risk: Option<Risk>,
    /// True if the kit does not have it.
    pub is_own: bool,
    /// The keys under which the kit says something else since it was taken over.
    pub news: Vec<&'static str>,
    /// What tells the words of the kit from others; nothing if the kit does not have it.
    pub kit_fingerprint: Option<String>,
}

impl Story {
    /// Returns the title; the id where there is none.
    pub fn title(&self) -> &str {
        if self.wording.title.trim().is_empty() { &self.id } else { self.wording.title.trim() }
    }

    /// Returns true if there is work left in it, and all of its practices are in place.
    pub fn is_to_close(&self) -> bool {
        matches!(self.progress, Progress::Kept(state) if state.is_open()) && self.standing == Standing::InPlace
    }

    /// Returns true if it is done, and one of its practices is missing or not known to be in place.
    pub fn came_back(&self) -> bool {
        self.progress == Progress::Kept(StoryState::Done) && matches!(self.standing, Standing::Missing | Standing::Unclear)
    }

    /// Returns true while there is work left in it.
    pub fn is_open(&self) -> bool {
        match self.progress {
            Progress::Proposed => true,
            Progress::Kept(state) => state.is_open(),
        }
    }

    /// Returns the practices that are short.
    pub fn missing(&self) -> impl Iterator<Item = &Brought> {
        self.practices.iter().filter(|brought| brought.is_short())
    }
}

/// Returns the points of stories, together; one without a size counts as nothing.
pub fn points<'s>(stories: impl IntoIterator<Item = &'s Story>) -> f64 {
    // The sum of nothing is -0 otherwise.
    stories.into_iter().filter_map(|story| story.wording.points).fold(0.0, |sum, points| sum + points)
}

/// Returns every story of the backlog: what the customer took over, and what the kit proposes beside it. Capability by capability, the
/// earliest wave first; stories without a wave come last.
pub fn stories(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan) -> Vec<Story> {
    kit.capability_indices().flat_map(|capability| of_capability(kit, assessment, card, plan, capability)).collect()
}

/// Returns the stories of a capability, the earliest wave first; stories without a wave come last.
pub fn of_capability(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan, capability: CapabilityIx) -> Vec<Story> {
    let judge = Judge { kit, assessment, card, plan };
    let backlog = &assessment.registers.backlog;
    let of_kit = &kit.capability(capability).file.stories;
    let files = backlog.files.iter().filter(|file| file.capability.as_str() == kit.capability_id(capability));
    let mut found: Vec<Story> = files.flat_map(|file| file.stories.iter()).map(|(id, entry)| judge.kept(capability, id, entry)).collect();
    let is_taken = |story: &format::Story| {
        let names = |id: &str| backlog.stories().any(|(_, other, _)| other.value == id);
        names(story.id.as_str()) || story.formerly.iter().any(|id| names(id.as_str()))
    };
    if assessment.scope(capability).in_scope {
        let proposed = of_kit.iter().filter(|story| !is_taken(story)).map(|story| judge.proposed(capability, story));
        found.extend(proposed.filter(|story| story.practices.iter().any(|brought| judge.is_work(brought.practice))));
    }
    found.sort_by_key(|story| story.wave.unwrap_or(usize::MAX));
    found
}

struct Judge<'j> {
    kit: &'j Kit,
    assessment: &'j Assessment,
    card: &'j Scorecard,
    plan: &'j Plan,
}

impl Judge<'_> {
    fn is_work(&self, practice: PracticeIx) -> bool {
        self.card.gaps.iter().any(|gap| gap.practice == practice && self.plan.is_work(gap))
    }

    fn kept(&self, capability: CapabilityIx, id: &str, entry: &StoryEntry) -> Story {
        let wording = Wording::of_entry(entry);
        let of_kit = self.kit.capabilities.iter().flat_map(|one| &one.file.stories);
        let of_kit = of_kit.clone().find(|story| story.id.as_str() == id).or_else(|| {
            let mut of_kit = of_kit;
            of_kit.find(|story| story.formerly.iter().any(|former| former.as_str() == id))
        });
        let kit_wording = of_kit.map(Wording::of_kit);
        let kit_fingerprint = kit_wording.as_ref().map(Wording::fingerprint);
        let has_news = entry.pulled.is_some() && entry.pulled != kit_fingerprint;
        let news = kit_wording.as_ref().filter(|_| has_news).map(|of_kit| wording.differs(of_kit)).unwrap_or_default();
        let story = self.judged(id, capability, wording, Progress::Kept(entry.state()));
        Story { reason: entry.reason.clone(), is_own: kit_wording.is_none(), news, kit_fingerprint, ..story }
    }

    fn proposed(&self, capability: CapabilityIx, story: &format::Story) -> Story {
        let wording = Wording::of_kit(story);
        let kit_fingerprint = Some(wording.fingerprint());
        Story { kit_fingerprint, ..self.judged(story.id.as_str(), capability, wording, Progress::Proposed) }
    }

    fn judged(&self, id: &str, capability: CapabilityIx, wording: Wording, progress: Progress) -> Story {
        let practices: Vec<Brought> = (wording.practices.iter())
            .filter_map(|id| self.kit.find_practice(id))
            .map(|practice| {
                let of_kit = self.kit.practice(practice);
                let scope = self.assessment.scope(of_kit.capability);
                let place = place(self.kit, self.assessment, self.card, practice).filter(|_| scope.in_scope);
                let is_wanted = scope.in_scope && of_kit.level <= scope.target && !self.plan.is_accepted(practice);
                Brought { practice, place, is_wanted }
            })
            .collect();
        let mut judged = practices.iter().filter(|brought| brought.is_wanted).filter_map(|brought| brought.place).peekable();
        let standing = if judged.peek().is_none() {
            Standing::Nothing
        } else {
            let worst = judged
                .map(|(_, credit)| credit)
                .fold((false, false), |(missing, open), credit| (missing || exceeds(1.0, credit.high), open || exceeds(1.0, credit.low)));
            match worst {
                (true, _) => Standing::Missing,
                (false, true) => Standing::Unclear,
                (false, false) => Standing::InPlace,
            }
        };
        let short = || practices.iter().filter(|brought| brought.is_short());
        let wave = short().filter_map(|brought| self.plan.wave(brought.practice)).min();
        let risk = short().map(|brought| self.kit.practice(brought.practice).risk).max_by(|a, b| a.factor().total_cmp(&b.factor()));
        Story {
            id: id.to_owned(),
            capability,
            wording,
            progress,
            reason: None,
            standing,
            wave,
            risk,
            practices,
            is_own: false,
            news: Vec::new(),
            kit_fingerprint: None,
        }
    }
}
