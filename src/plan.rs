//! Gaps to waves: the work that closes them, in order and within capacity, and what comes of it.
//!
//! `placement` decides which gap is closed in which wave, [`projection`] what the scores then are, [`path`] which work waits for which.
//! Pins and acceptances come from the files in `plan/`; whether an acceptance still holds is asked with a day, never of a clock.

pub mod backlog;
pub mod board;
pub mod path;
mod placement;
pub mod policy;
pub mod progress;
pub mod projection;
pub mod proposal;
pub mod session;

use crate::assessment::planning::place;
use crate::assessment::{Assessment, Plain};
use crate::diagnostic::{Code, Diagnostic, Location, Span, sort};
use crate::kit::{Kit, PracticeIx};
use crate::scoring::Scorecard;
use crate::scoring::gap::Gap;
use crate::yaml::record::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Which gap is closed in which wave, and which is lived with.
#[derive(Debug, Default)]
pub struct Plan {
    waves: BTreeMap<PracticeIx, usize>,
    accepted: BTreeSet<PracticeIx>,
    requires: BTreeMap<PracticeIx, Vec<PracticeIx>>,
    faults: Vec<Fault>,
}

/// Why a wave that somebody named for a gap cannot be kept, or cannot hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What the gap requires is named for a later wave. The wave of the gap is not kept.
    BeforeRequired {
        /// The gap.
        gap: PracticeIx,
        /// What it requires.
        required: PracticeIx,
    },
    /// The wave holds more than its capacity. The gaps stay in it.
    Overfull {
        /// The wave.
        wave: usize,
        /// The last gap that somebody named for it.
        gap: PracticeIx,
    },
}

impl Plan {
    /// Places the confirmed gaps of a scorecard into the waves of the roadmap, as of the day of the latest answer.
    pub fn of(kit: &Kit, assessment: &Assessment, card: &Scorecard) -> Self {
        Self::as_of(kit, assessment, card, assessment.latest(kit, None))
    }

    /// Places the confirmed gaps of a scorecard into the waves of the roadmap, in their order.
    ///
    /// A gap that was named for a wave stands there. A wave whose last day is past takes no other. Each other one goes into the first wave with room that is not before what it
    /// requires, and not after what requires it; one that is larger than every capacity takes an empty wave alone. What fits
    /// nowhere, or requires what fits nowhere, stays outside the waves, and so does a gap whose risk was accepted, until the
    /// acceptance ends. `on` is the day on which that is judged; without it every acceptance holds.
    ///
    /// # Units
    ///
    /// An action of effort S takes 1 point of a wave's capacity, M 3, L 8.
    pub fn as_of(kit: &Kit, assessment: &Assessment, card: &Scorecard, on: Option<Date>) -> Self {
        let is_accepted = |gap: &&Gap| assessment.planning.acceptance(gap.practice, on).is_some();
        let accepted = card.gaps.iter().filter(is_accepted).map(|gap| gap.practice).collect();
        let gaps: Vec<&Gap> = card.gaps.iter().filter(|gap| gap.is_confirmed() && !is_accepted(gap)).collect();
        let placement::Placement { waves, requires, faults } = placement::place(kit, assessment, &gaps, on);
        Self { waves, accepted, requires, faults }
    }

    /// Returns the wave that closes a gap, counted from 0; nothing outside the waves.
    pub fn wave(&self, practice: PracticeIx) -> Option<usize> {
        self.waves.get(&practice).copied()
    }

    /// Returns true if the risk of a gap was accepted, so that nobody works on it.
    pub fn is_accepted(&self, practice: PracticeIx) -> bool {
        self.accepted.contains(&practice)
    }

    /// Returns true if a gap is work: it is confirmed, and its risk was not accepted.
    pub fn is_work(&self, gap: &Gap) -> bool {
        gap.is_confirmed() && !self.is_accepted(gap.practice)
    }

    /// Returns the gaps that one requires, directly or through practices that are no work.
    pub fn required(&self, practice: PracticeIx) -> &[PracticeIx] {
        self.requires.get(&practice).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the gaps of a wave in the order of the scorecard.
    pub fn gaps_of<'c>(&self, card: &'c Scorecard, wave: usize) -> impl Iterator<Item = &'c Gap> {
        card.gaps.iter().filter(move |gap| self.wave(gap.practice) == Some(wave))
    }

    /// Returns the points of work in a wave.
    pub fn load(&self, kit: &Kit, card: &Scorecard, wave: usize) -> f64 {
        self.gaps_of(card, wave).fold(0.0, |points, gap| points + kit.practice(gap.practice).effort.points())
    }

    /// Returns why waves that somebody named cannot be kept.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Returns what its owner must know of the plan: a wave before what it requires is an error, too much for a wave a warning.
    pub fn diagnostics(&self, kit: &Kit, assessment: &Assessment) -> Vec<Diagnostic> {
        let title = |wave: usize| assessment.waves[wave].short_title().to_owned();
        let at = |gap: &PracticeIx| {
            let planned = assessment.planning.practice(*gap);
            planned.and_then(place).unwrap_or_else(|| Location::new(&assessment.source, Span::default()))
        };
        let pin = |gap: &PracticeIx| assessment.planning.practice(*gap).and_then(|planned| planned.wave.as_ref()).map(|wave| wave.value);
        let told = |fault: &Fault| match fault {
            Fault::BeforeRequired { gap, required } => {
                let (of, needs) = (&kit.practice(*gap).id, &kit.practice(*required).id);
                let waves = pin(gap).zip(pin(required));
                let (own, its) = waves.map(|(own, its)| (title(own), title(its))).unwrap_or_default();
                let message = format!("`{of}` cannot be closed in {own}: it requires `{needs}`, which is planned for {its}");
                let help = format!("move `{of}` to {its} or later, or `{needs}` to {own}; `opsready plan set` does it");
                Diagnostic::error(Code::ImpossiblePin, at(gap), message).help(help)
            }
            Fault::Overfull { wave, gap } => {
                let load: f64 = self.waves.iter().filter(|(_, of)| *of == wave).map(|(ix, _)| kit.practice(*ix).effort.points()).sum();
                let capacity = assessment.waves[*wave].capacity;
                let message = format!("{} holds {} points of work and has room for {}", title(*wave), Plain(load), Plain(capacity));
                let help = "name a later wave for some of it, or give the wave more capacity in `opsready.yaml`";
                Diagnostic::warning(Code::ImpossiblePin, at(gap), message).help(help)
            }
        };
        let mut found: Vec<Diagnostic> = self.faults.iter().map(told).collect();
        sort(&mut found);
        found
    }
}
