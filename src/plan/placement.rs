//! Which gap goes into which wave.

use super::Fault;
use crate::assessment::Assessment;
use crate::assessment::planning::Wave;
use crate::kit::{Kit, PracticeIx};
use crate::scoring::gap::Gap;
use crate::yaml::record::Date;
use std::collections::BTreeMap;

/// Where gaps stand.
pub(super) struct Placement {
    /// The wave of each gap that has one, counted from 0.
    pub(super) waves: BTreeMap<PracticeIx, usize>,
    /// The gaps that each gap requires.
    pub(super) requires: BTreeMap<PracticeIx, Vec<PracticeIx>>,
    /// Which pins cannot be kept, and what is too much for a wave.
    pub(super) faults: Vec<Fault>,
}

/// Places gaps, given in their order, into the waves of an assessment. Returns where each stands, and which pins cannot be kept.
///
/// A pin whose requirement is pinned to a later wave is dropped and told. All others are kept, and what they require comes no later
/// than they do, even where the wave has no room left: that is told, too. Capacity is never exceeded by what nobody pinned.
///
/// # Source
///
/// Our own choice. Greedy list scheduling in the order of priority, with precedence and deadlines: a reader can do it by hand.
pub(super) fn place(kit: &Kit, assessment: &Assessment, gaps: &[&Gap], on: Option<Date>) -> Placement {
    let waves = &assessment.waves;
    let is_over = |wave: &Wave| on.is_some_and(|day| wave.is_over(day));
    let mut placer = Placer {
        kit,
        waves,
        first_open: waves.iter().position(|wave| !is_over(wave)).unwrap_or(waves.len()),
        requires: BTreeMap::new(),
        pins: BTreeMap::new(),
        latest: BTreeMap::new(),
        room: waves.iter().map(|wave| wave.capacity).collect(),
        is_empty: vec![true; waves.len()],
        placed: BTreeMap::new(),
        faults: Vec::new(),
    };
    let is_gap = in_kit(kit, gaps);
    for gap in gaps {
        placer.requires.insert(gap.practice, required(kit, &is_gap, gap.practice));
    }
    let pin = |gap: &&&Gap| Some((gap.practice, assessment.planning.practice(gap.practice)?.wave.as_ref()?.value));
    placer.pins = gaps.iter().filter_map(|gap| pin(&gap)).collect();
    placer.drop_impossible(gaps);
    placer.bound();
    placer.put_pinned(gaps);
    // What somebody waits for takes its room before what nobody waits for.
    for gap in gaps.iter().filter(|gap| placer.latest.contains_key(&gap.practice)).collect::<Vec<_>>() {
        placer.put(gap.practice);
    }
    for gap in gaps {
        placer.put(gap.practice);
    }
    placer.tell_overfull();
    Placement {
        waves: placer.placed.into_iter().filter_map(|(practice, wave)| Some((practice, wave?))).collect(),
        requires: placer.requires,
        faults: placer.faults,
    }
}

fn in_kit(kit: &Kit, gaps: &[&Gap]) -> Vec<bool> {
    let mut is_gap = vec![false; kit.practices.len()];
    for gap in gaps {
        is_gap[gap.practice.0] = true;
    }
    is_gap
}

/// Returns the gaps that a practice requires, directly or through practices that are no work.
fn required(kit: &Kit, is_gap: &[bool], practice: PracticeIx) -> Vec<PracticeIx> {
    let mut found = Vec::new();
    let mut open = kit.practice(practice).requires.clone();
    let mut seen = vec![false; kit.practices.len()];
    while let Some(next) = open.pop() {
        if std::mem::replace(&mut seen[next.0], true) {
            continue;
        }
        if is_gap[next.0] {
            found.push(next);
        } else {
            open.extend(&kit.practice(next).requires);
        }
    }
    found.sort_unstable();
    found
}

struct Placer<'p> {
    kit: &'p Kit,
    waves: &'p [Wave],
    /// The first wave whose last day is not past.
    first_open: usize,
    /// The gaps that each gap requires.
    requires: BTreeMap<PracticeIx, Vec<PracticeIx>>,
    /// The waves that somebody named.
    pins: BTreeMap<PracticeIx, usize>,
    /// The last wave of a gap that a pinned one requires.
    latest: BTreeMap<PracticeIx, usize>,
    room: Vec<f64>,
    is_empty: Vec<bool>,
    placed: BTreeMap<PracticeIx, Option<usize>>,
    faults: Vec<Fault>,
}

impl Placer<'_> {
    fn points(&self, practice: PracticeIx) -> f64 {
        self.kit.practice(practice).effort.points()
    }

    /// Returns everything that a gap requires, directly or through other gaps, the nearest first. `requires` has no circles.
    fn all_required(&self, practice: PracticeIx) -> Vec<PracticeIx> {
        let mut found: Vec<PracticeIx> = Vec::new();
        let mut next = 0;
        found.extend(self.requires.get(&practice).into_iter().flatten());
        while let Some(&one) = found.get(next) {
            let further: Vec<PracticeIx> = self.requires.get(&one).into_iter().flatten().copied().collect();
            for other in further {
                if !found.contains(&other) {
                    found.push(other);
                }
            }
            next += 1;
        }
        found
    }

    /// Drops pins before something that is pinned later.
    fn drop_impossible(&mut self, gaps: &[&Gap]) {
        for gap in gaps {
            let Some(wave) = self.pins.get(&gap.practice).copied() else { continue };
            let later = |required: &PracticeIx| self.pins.get(required).is_some_and(|of| *of > wave);
            if let Some(required) = self.all_required(gap.practice).into_iter().find(later) {
                self.faults.push(Fault::BeforeRequired { gap: gap.practice, required });
            }
        }
        for fault in &self.faults {
            if let Fault::BeforeRequired { gap, .. } = fault {
                self.pins.remove(gap);
            }
        }
    }

    /// Finds the last wave of everything that a pinned gap requires.
    fn bound(&mut self) {
        for (pinned, wave) in self.pins.clone() {
            for required in self.all_required(pinned).into_iter().filter(|required| !self.pins.contains_key(required)) {
                let latest = self.latest.entry(required).or_insert(wave);
                *latest = wave.min(*latest);
            }
        }
    }

    fn put_pinned(&mut self, gaps: &[&Gap]) {
        for gap in gaps {
            if let Some(wave) = self.pins.get(&gap.practice).copied() {
                self.take(gap.practice, wave);
            }
        }
    }

    /// Places a gap after what it requires.
    fn put(&mut self, practice: PracticeIx) {
        let mut open = vec![practice];
        while let Some(&next) = open.last() {
            if self.placed.contains_key(&next) {
                open.pop();
                continue;
            }
            let requires = self.requires.get(&next).cloned().unwrap_or_default();
            let waiting: Vec<PracticeIx> = requires.iter().copied().filter(|required| !self.placed.contains_key(required)).collect();
            if waiting.is_empty() {
                match self.first_wave(next, &requires) {
                    Some(wave) => self.take(next, wave),
                    None => drop(self.placed.insert(next, None)),
                }
                open.pop();
            } else {
                open.extend(waiting);
            }
        }
    }

    fn fits_nowhere(&self, practice: PracticeIx) -> bool {
        self.waves.iter().all(|wave| self.points(practice) > wave.capacity)
    }

    fn first_wave(&self, practice: PracticeIx, requires: &[PracticeIx]) -> Option<usize> {
        let mut from = self.first_open;
        for required in requires {
            from = from.max(self.placed.get(required).copied().flatten()?);
        }
        let latest = self.latest.get(&practice).copied();
        let until = latest.unwrap_or_else(|| self.room.len().saturating_sub(1));
        let has_room =
            |wave: &usize| if self.fits_nowhere(practice) { self.is_empty[*wave] } else { self.points(practice) <= self.room[*wave] };
        // What a pinned gap requires stands before it, room or not.
        (from..=until).take_while(|wave| *wave < self.room.len()).find(has_room).or(latest)
    }

    fn take(&mut self, practice: PracticeIx, wave: usize) {
        let is_alone = self.is_empty[wave] && self.fits_nowhere(practice);
        self.room[wave] = if is_alone { 0.0 } else { self.room[wave] - self.points(practice) };
        self.is_empty[wave] = false;
        self.placed.insert(practice, Some(wave));
    }

    /// Tells of waves that hold too much, at the last gap that somebody named for them.
    fn tell_overfull(&mut self) {
        for wave in (0..self.room.len()).filter(|wave| self.room[*wave] < -1e-9) {
            let named = self.pins.iter().filter(|(_, of)| **of >= wave).map(|(gap, of)| (*of, *gap));
            if let Some((_, gap)) = named.min_by_key(|(of, gap)| (*of, std::cmp::Reverse(*gap))) {
                self.faults.push(Fault::Overfull { wave, gap });
            }
        }
    }
}
