//! Gaps to waves: the work that closes them, in order and within capacity.

pub mod path;
pub mod progress;
pub mod proposal;
pub mod session;

use crate::kit::{Kit, PracticeIx};
use crate::scoring::Scorecard;
use crate::scoring::gap::Gap;
use std::collections::BTreeMap;

/// Which gap is closed in which wave.
#[derive(Debug, Default)]
pub struct Plan {
    waves: BTreeMap<PracticeIx, usize>,
}

impl Plan {
    /// Places the confirmed gaps of a scorecard into the waves of the kit, in their order.
    ///
    /// Each goes into the first wave with room that is not before what it requires; one that is larger than every capacity takes
    /// an empty wave alone. What fits nowhere, or requires what fits nowhere, stays outside the waves.
    ///
    /// # Units
    ///
    /// An action of effort S takes 1 point of a wave's capacity, M 3, L 8.
    pub fn of(kit: &Kit, card: &Scorecard) -> Self {
        let mut placer = Placer {
            kit,
            gaps: card.gaps.iter().filter(|gap| gap.is_confirmed()).map(|gap| (gap.practice, gap)).collect(),
            room: kit.file.waves.iter().map(|wave| wave.capacity.value).collect(),
            is_empty: vec![true; kit.file.waves.len()],
            placed: BTreeMap::new(),
        };
        for gap in card.gaps.iter().filter(|gap| gap.is_confirmed()) {
            placer.place(gap.practice);
        }
        Self { waves: placer.placed.into_iter().filter_map(|(practice, wave)| Some((practice, wave?))).collect() }
    }

    /// Returns the wave that closes a gap, counted from 0; nothing outside the waves.
    pub fn wave(&self, practice: PracticeIx) -> Option<usize> {
        self.waves.get(&practice).copied()
    }
}

struct Placer<'p> {
    kit: &'p Kit,
    gaps: BTreeMap<PracticeIx, &'p Gap>,
    room: Vec<f64>,
    is_empty: Vec<bool>,
    placed: BTreeMap<PracticeIx, Option<usize>>,
}

impl Placer<'_> {
    /// Places a practice after what it requires. `requires` has no circles, and a kit cannot chain more than its practices.
    fn place(&mut self, practice: PracticeIx) {
        let mut open = vec![practice];
        while let Some(&next) = open.last() {
            if self.placed.contains_key(&next) {
                open.pop();
                continue;
            }
            let requires = self.required_gaps(next);
            let waiting: Vec<PracticeIx> = requires.iter().copied().filter(|required| !self.placed.contains_key(required)).collect();
            if waiting.is_empty() {
                let wave = self.first_wave(next, &requires);
                self.placed.insert(next, wave);
                open.pop();
            } else {
                open.extend(waiting);
            }
        }
    }

    /// Returns the confirmed gaps that a practice requires, directly or through practices that are in place.
    fn required_gaps(&self, practice: PracticeIx) -> Vec<PracticeIx> {
        let mut found = Vec::new();
        let mut open = self.kit.practice(practice).requires.clone();
        let mut seen = vec![false; self.kit.practices.len()];
        while let Some(next) = open.pop() {
            if std::mem::replace(&mut seen[next.0], true) {
                continue;
            }
            if self.gaps.contains_key(&next) {
                found.push(next);
            } else {
                open.extend(&self.kit.practice(next).requires);
            }
        }
        found
    }

    fn first_wave(&mut self, practice: PracticeIx, requires: &[PracticeIx]) -> Option<usize> {
        let mut from = 0;
        for required in requires {
            from = from.max(self.placed.get(required).copied().flatten()?);
        }
        let points = self.kit.practice(practice).effort.points();
        let fits_nowhere = self.kit.file.waves.iter().all(|wave| points > wave.capacity.value);
        let wave = (from..self.room.len()).find(|wave| if fits_nowhere { self.is_empty[*wave] } else { points <= self.room[*wave] })?;
        self.room[wave] = if fits_nowhere { 0.0 } else { self.room[wave] - points };
        self.is_empty[wave] = false;
        Some(wave)
    }
}
