//! What became of each gap.
//!
//! A gap is judged by the same four stages as a score ([`super::movement`]): whether it is among the gaps at S0 to S3, and how much
//! of its practice is in place there. So what the kit or the scope brought or took stands apart from what got better or worse.

use super::Results;
use super::movement::Cause;
use crate::scoring::exceeds;
use std::collections::BTreeSet;

/// What became of a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Less of it is in place than then, or it was closed and is open again.
    Regressed,
    /// It is there since answers changed: its practice did not apply then, or nobody had asked.
    New,
    /// More of it is in place, and not all.
    PartlyClosed,
    /// As much of it is in place as then.
    Unchanged,
    /// It is in place.
    Closed,
    /// It is there because the kit or the scope changed.
    Came(Cause),
    /// It is gone because the kit or the scope changed.
    Gone(Cause),
}

impl Fate {
    /// Every fate, in the order in which people want to know.
    pub const ALL: [Self; 9] = [
        Self::Regressed,
        Self::New,
        Self::PartlyClosed,
        Self::Unchanged,
        Self::Closed,
        Self::Came(Cause::Kit),
        Self::Came(Cause::Scope),
        Self::Gone(Cause::Kit),
        Self::Gone(Cause::Scope),
    ];

    /// Returns the word by which data name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Regressed => "regressed",
            Self::New => "new",
            Self::PartlyClosed => "partly-closed",
            Self::Unchanged => "unchanged",
            Self::Closed => "closed",
            Self::Came(Cause::Kit) => "came-with-kit",
            Self::Came(_) => "came-with-scope",
            Self::Gone(Cause::Kit) => "gone-with-kit",
            Self::Gone(_) => "gone-with-scope",
        }
    }

    /// Returns the fate as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Regressed => "Regressed",
            Self::New => "New",
            Self::PartlyClosed => "Partly closed",
            Self::Unchanged => "Unchanged",
            Self::Closed => "Closed",
            Self::Came(Cause::Kit) => "Came with the kit",
            Self::Came(_) => "Came with the scope",
            Self::Gone(Cause::Kit) => "Gone with the kit",
            Self::Gone(_) => "Gone with the scope",
        }
    }
}

/// A gap then or now, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct GapChange {
    /// The practice.
    pub practice: String,
    /// Its title.
    pub title: String,
    /// Its capability.
    pub capability: String,
    /// The title of its capability.
    pub capability_title: String,
    /// Where it is missing, or was.
    pub environment: String,
    /// The level from which on it is expected.
    pub level: i64,
    /// The word of the risk.
    pub risk: String,
    /// How much was in place then, 0 to 1; nothing if it did not apply or was not in the kit.
    pub then: Option<f64>,
    /// How much is in place now, 0 to 1; nothing if it does not apply or is not in the kit.
    pub now: Option<f64>,
    /// What became of it.
    pub fate: Fate,
    /// True if it was no gap then and is one again.
    pub is_reopened: bool,
    /// True if it is a gap whatever the open questions bring; nothing if it is none now.
    pub is_confirmed: Option<bool>,
}

/// Returns what became of the gaps over the four stages: those of now in their order, then those that are gone. `title` gives the
/// title of a practice, `capability` that of a capability.
pub fn changes(stages: &[&Results; 4], title: &dyn Fn(&str) -> String, capability: &dyn Fn(&str) -> String) -> Vec<GapChange> {
    let mut seen = BTreeSet::new();
    let all = stages[3].gaps.iter().chain(&stages[0].gaps);
    let mut found = Vec::new();
    for gap in all.filter(|gap| seen.insert(gap.practice.clone())) {
        let at = |stage: usize| stages[stage].gaps.iter().find(|other| other.practice == gap.practice);
        let credit = |stage: usize| match at(stage) {
            Some(gap) => Some(gap.credit),
            None => stages[stage].credit(&gap.practice, &gap.environment).map(|credit| credit.low),
        };
        let is_gap = [0, 1, 2, 3].map(|stage| at(stage).is_some());
        let (then, before, now) = (credit(0), credit(2), credit(3));
        let is_worse = before.zip(now).is_some_and(|(before, now)| exceeds(before, now));
        let is_better = before.zip(now).is_some_and(|(before, now)| exceeds(now, before));
        let fate = match is_gap {
            [true, kit, scope, false] => match (kit, scope) {
                (_, true) => Fate::Closed,
                (true, false) => Fate::Gone(Cause::Scope),
                (false, false) => Fate::Gone(Cause::Kit),
            },
            [_, _, _, true] if is_worse => Fate::Regressed,
            [false, true, true, true] => Fate::Came(Cause::Kit),
            [false, _, true, true] => Fate::Came(Cause::Scope),
            [false, _, false, _] => Fate::New,
            [true, ..] if is_better => Fate::PartlyClosed,
            _ => Fate::Unchanged,
        };
        found.push(GapChange {
            practice: gap.practice.clone(),
            title: title(&gap.practice),
            capability: gap.capability.clone(),
            capability_title: capability(&gap.capability),
            environment: gap.environment.clone(),
            level: gap.level,
            risk: gap.risk.clone(),
            then,
            now,
            fate,
            is_reopened: fate == Fate::Regressed && !is_gap[0],
            is_confirmed: at(3).map(super::GapResult::is_confirmed),
        });
    }
    found
}
