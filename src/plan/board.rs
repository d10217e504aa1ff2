//! The capability board: every capability as a cell, with how far the work is and how it goes.

use super::Plan;
use crate::assessment::Assessment;
use crate::assessment::planning::format::{ActionStatus, Momentum, Stage};
use crate::kit::{CapabilityIx, Kit};
use crate::scoring::Scorecard;
use crate::yaml::record::Date;

/// How a cell of the board is coloured: what the words in it say at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heat {
    /// Nobody has said anything yet.
    Unknown,
    /// At its target, or released.
    Good,
    /// On its way as expected.
    Moving,
    /// Below its target, and nobody has said that the work has begun.
    Idle,
    /// Slower than expected, or overdue.
    Slow,
    /// Others wait for it, or something is in its way.
    Stuck,
}

impl Heat {
    /// Every heat, in order.
    pub const ALL: &[Self] = &[Self::Unknown, Self::Good, Self::Moving, Self::Idle, Self::Slow, Self::Stuck];

    /// Returns the heat in a word, which stands beside the colour.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "not assessed",
            Self::Good => "at target",
            Self::Moving => "on its way",
            Self::Idle => "not begun",
            Self::Slow => "behind",
            Self::Stuck => "stuck",
        }
    }
}

/// A cell of the board.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The capability.
    pub capability: CapabilityIx,
    /// How far the work is; nothing where nobody has said.
    pub stage: Option<Stage>,
    /// How the work goes; nothing where nobody has said.
    pub momentum: Option<Momentum>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The level attained in the target environment; nothing while nothing is answered.
    pub level: Option<i64>,
    /// The level wanted.
    pub target: i64,
    /// Confirmed gaps that are to be closed.
    pub open: usize,
    /// Those of them that somebody says are done, and that no answer confirms yet.
    pub done: usize,
    /// Those whose day is past.
    pub overdue: usize,
    /// Those with something in their way.
    pub blocked: usize,
    /// Gaps whose risk was accepted.
    pub accepted: usize,
    /// Those of all its gaps that nobody owns.
    pub unowned: usize,
    /// The colour.
    pub heat: Heat,
}

/// Returns the cells of the capabilities in scope, in the order of the kit. `on` is the day on which dates are judged.
pub fn cells(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan, on: Option<Date>) -> Vec<Cell> {
    let of = |one: &crate::scoring::CapabilityCard| cell(kit, assessment, card, plan, one, on);
    card.capabilities.iter().map(of).collect()
}

fn cell(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan, one: &crate::scoring::CapabilityCard, on: Option<Date>) -> Cell {
    let capability = one.capability;
    let planning = &assessment.planning;
    let planned = planning.capabilities.get(&capability);
    let gaps = || card.gaps.iter().filter(|gap| kit.practice(gap.practice).capability == capability);
    let work = || gaps().filter(|gap| plan.is_work(gap));
    let with =
        |status: ActionStatus| work().filter(|gap| planning.practice(gap.practice).is_some_and(|one| one.status == Some(status))).count();
    let is_overdue = |practice| on.is_some_and(|day| planning.practice(practice).is_some_and(|planned| planned.is_overdue(day)));
    let level = one.score_in(assessment.target_environment).filter(|_| one.is_assessed(assessment.target_environment));
    let mut cell = Cell {
        capability,
        stage: planned.and_then(|planned| planned.status),
        momentum: planning.momentum(kit, capability),
        owner: planned.and_then(|planned| planned.owner.clone()),
        level: level.and_then(|score| score.level),
        target: assessment.scope(capability).target,
        open: work().count(),
        done: with(ActionStatus::Done),
        overdue: work().filter(|gap| is_overdue(gap.practice)).count(),
        blocked: with(ActionStatus::Blocked),
        accepted: gaps().filter(|gap| plan.is_accepted(gap.practice)).count(),
        unowned: work().filter(|gap| planning.owner(kit, gap.practice).is_none()).count(),
        heat: Heat::Unknown,
    };
    cell.heat = heat(&cell);
    cell
}

/// Returns the colour of a cell: the worst thing that is said of it decides.
fn heat(cell: &Cell) -> Heat {
    let Some(level) = cell.level else { return Heat::Unknown };
    let is_there = level >= cell.target || cell.stage == Some(Stage::Released);
    match cell.momentum {
        Some(Momentum::ImpactingCriticalPath) => Heat::Stuck,
        _ if cell.blocked > 0 => Heat::Stuck,
        Some(Momentum::SlowerThanExpected) => Heat::Slow,
        _ if cell.overdue > 0 => Heat::Slow,
        _ if is_there => Heat::Good,
        Some(Momentum::MovingQuickly | Momentum::ExpectedPace) => Heat::Moving,
        _ if cell.stage.is_some_and(|stage| stage > Stage::None) => Heat::Moving,
        Some(Momentum::NotStarted) | None => Heat::Idle,
    }
}

/// Returns the cells by group, in the order of the kit: those of no group come last, under a title of their own. Where no cell has a
/// group, there is one without a title.
pub fn groups<'c>(kit: &Kit, cells: &'c [Cell]) -> Vec<(Option<String>, Vec<&'c Cell>)> {
    let place = |cell: &&Cell| {
        let group = kit.capability(cell.capability).file.group.as_ref()?;
        kit.file.groups.iter().position(|known| known.id.value == group.value)
    };
    let mut found: Vec<(Option<String>, Vec<&Cell>)> = (kit.file.groups.iter().enumerate())
        .map(|(at, group)| (Some(group.title.clone()), cells.iter().filter(|cell| place(cell) == Some(at)).collect()))
        .collect();
    found.retain(|(_, cells): &(_, Vec<&Cell>)| !cells.is_empty());
    let others: Vec<&Cell> = cells.iter().filter(|cell| place(cell).is_none()).collect();
    if !others.is_empty() {
        found.push(((!found.is_empty()).then(|| "Others".to_owned()), others));
    }
    found
}
