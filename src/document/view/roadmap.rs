//! The views of the plan: the roadmap and the capability board.

use super::make::Maker;
use super::{CapabilityLink, Header, Place, PracticeLink};
use crate::assessment::Plain;
use crate::assessment::planning::Wave;
use crate::assessment::planning::format::ActionStatus;
use crate::document::escape::excerpt;
use crate::kit::format::Dimension;
use crate::kit::{CapabilityIx, PracticeIx};
use crate::plan::board::{Cell, Heat, cells, groups};
use crate::plan::path::{critical_path, quick_wins};
use crate::plan::projection::{Projection, projections};
use crate::scoring::Between;
use crate::scoring::gap::Gap;
use crate::scoring::wording::count;
use crate::yaml::record::Date;
use serde::Serialize;

/// How many quick wins stand on the roadmap.
const QUICK: usize = 8;

/// How many decisions and measures a wave names.
const NAMED: usize = 5;

/// How many bars a wave has in the chart beside its own; the table has all.
const BARS: usize = 6;

/// How long the label of a bar may be, in characters.
const LABEL: usize = 40;

/// The view of the roadmap.
#[derive(Debug, Serialize)]
pub struct RoadmapView {
    /// What the document shows of itself.
    pub header: Header,
    /// How many gaps are to be closed: "1 gap".
    pub work: String,
    /// How many of them stand in a wave.
    pub planned: usize,
    /// How many fit into no wave.
    pub beyond: usize,
    /// How many gaps depend on open questions.
    pub unclear: usize,
    /// How many gaps that are to be closed have no owner.
    pub unowned: usize,
    /// How many are past their day.
    pub overdue: usize,
    /// True if somebody has taken on work, or given it a day.
    pub is_owned: bool,
    /// The waves in which there is something to do, in order.
    pub waves: Vec<RoadmapWave>,
    /// What comes of the waves, a row for each capability.
    pub outcomes: Vec<OutcomeRow>,
    /// The mean of all capabilities, now and after each wave.
    pub overall: Vec<String>,
    /// The titles of the columns of the outcome behind "Now".
    pub columns: Vec<String>,
    /// Capabilities below their target after the last wave, and why.
    pub short: Vec<ShortRow>,
    /// The chain of gaps that is the most work.
    pub path: Vec<RoadmapAction>,
    /// Days of work that wait for nothing.
    pub quick: Vec<RoadmapAction>,
    /// How many more.
    pub quick_more: usize,
    /// Gaps whose risk was accepted.
    pub accepted: Vec<AcceptedRow>,
    /// Gaps whose acceptance has ended.
    pub ended: Vec<AcceptedRow>,
    /// Gaps that stand in no wave.
    pub outside: Vec<RoadmapAction>,
    /// True where there are days to draw.
    pub has_gantt: bool,
    /// True where the order of the waves is drawn instead.
    pub has_wave_chart: bool,
}

/// A wave with its work.
#[derive(Debug, Serialize)]
pub struct RoadmapWave {
    /// The title.
    pub title: String,
    /// The title up to its first colon.
    pub short: String,
    /// From when to when.
    pub days: Option<String>,
    /// The first day.
    pub start: Option<String>,
    /// The last day.
    pub finish: Option<String>,
    /// True if the last day is past.
    pub is_over: bool,
    /// What is better after it.
    pub goal: Option<String>,
    /// What must hold before it begins.
    pub entry: Vec<String>,
    /// What must hold before it counts as done.
    pub exit: Vec<String>,
    /// How many actions: "1 action".
    pub count: String,
    /// How many of them close a high risk.
    pub high: usize,
    /// The points they take, of how many.
    pub points: String,
    /// The overall score after it.
    pub overall: String,
    /// The actions, in the order of the gaps.
    pub actions: Vec<RoadmapAction>,
    /// What reaches a higher level in it.
    pub rises: Vec<RiseRow>,
    /// Decisions that nobody has begun and its work waits for.
    pub decisions: Vec<WaveDecision>,
    /// How many more.
    pub decisions_more: usize,
    /// What shows that it worked.
    pub measures: Vec<MeasureRow>,
    /// What is drawn in it beside the wave itself.
    pub bars: Vec<BarView>,
}

/// The work that closes a gap.
#[derive(Debug, Serialize)]
pub struct RoadmapAction {
    /// The practice.
    pub practice: PracticeLink,
    /// The capability.
    pub capability: CapabilityLink,
    /// Where it is missing, where that is not the target environment.
    pub elsewhere: Option<String>,
    /// The risk while it is missing.
    pub risk: String,
    /// How much work it is.
    pub effort: String,
    /// The wave, up to the colon of its title.
    pub wave: Option<String>,
    /// Who closes it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<String>,
    /// True if that day is past.
    pub is_overdue: bool,
    /// How far the work is.
    pub status: Option<String>,
    /// How the work goes.
    pub momentum: Option<String>,
    /// The gaps that come before it.
    pub needs: Vec<String>,
    /// True if somebody named its wave.
    pub is_pinned: bool,
    /// True if others wait for it longest.
    pub is_critical: bool,
}

/// What comes of the waves for a capability.
#[derive(Debug, Serialize)]
pub struct OutcomeRow {
    /// The capability.
    pub capability: CapabilityLink,
    /// The level wanted.
    pub target: i64,
    /// Level and score, now and after each wave.
    pub cells: Vec<OutcomeCell>,
}

/// Where a capability stands after a wave.
#[derive(Debug, Serialize)]
pub struct OutcomeCell {
    /// The level; nothing where nothing applies.
    pub level: Option<i64>,
    /// The score, one digit behind the point.
    pub score: String,
    /// True if the level is higher than before.
    pub is_higher: bool,
    /// True if the level wanted is attained.
    pub is_at_target: bool,
}

/// A capability that stays below its target.
#[derive(Debug, Serialize)]
pub struct ShortRow {
    /// The capability.
    pub capability: CapabilityLink,
    /// What keeps it there: "3 gaps depend on open questions".
    pub why: Vec<String>,
}

/// What reaches a higher level.
#[derive(Debug, Serialize)]
pub struct RiseRow {
    /// The capability.
    pub capability: CapabilityLink,
    /// The level before.
    pub from: i64,
    /// The level after.
    pub to: i64,
}

/// A decision that the work of a wave waits for.
#[derive(Debug, Serialize)]
pub struct WaveDecision {
    /// The title.
    pub title: String,
    /// The capability.
    pub capability: CapabilityLink,
}

/// A measure with its threshold.
#[derive(Debug, Serialize)]
pub struct MeasureRow {
    /// The title.
    pub title: String,
    /// The value wanted, with its unit.
    pub target: String,
    /// The capability.
    pub capability: CapabilityLink,
}

/// A gap that is lived with.
#[derive(Debug, Serialize)]
pub struct AcceptedRow {
    /// The gap.
    pub action: RoadmapAction,
    /// The entry of the RAID log; nothing in a copy that does not show it.
    pub risk: Option<Place>,
    /// Who accepted it.
    pub approver: String,
    /// The last day on which that holds.
    pub expires: String,
    /// More about it.
    pub note: Option<String>,
}

/// A bar or a day in the chart.
#[derive(Debug, Serialize)]
pub struct BarView {
    /// What it says.
    pub label: String,
    /// The words that Mermaid colours it by, each with a comma behind it.
    pub tags: String,
    /// The first day.
    pub start: String,
    /// The last day; nothing if it is a day and no bar.
    pub finish: Option<String>,
}

/// The view of the capability board.
#[derive(Debug, Serialize)]
pub struct BoardView {
    /// What the document shows of itself.
    pub header: Header,
    /// The groups with their cells.
    pub groups: Vec<BoardGroup>,
    /// The numbers of the columns, for the head of the table.
    pub columns: Vec<usize>,
    /// How many capabilities stand how.
    pub counts: Vec<HeatCount>,
    /// True while nobody has said how the work goes.
    pub is_unplanned: bool,
}

/// A row of the board.
#[derive(Debug, Serialize)]
pub struct BoardGroup {
    /// The title.
    pub title: String,
    /// The cells.
    pub cells: Vec<BoardCell>,
    /// How many columns stay empty behind them.
    pub empty: Vec<usize>,
}

/// A cell of the board.
#[derive(Debug, Serialize)]
pub struct BoardCell {
    /// The capability.
    pub capability: CapabilityLink,
    /// The coloured square.
    pub square: &'static str,
    /// The same in words.
    pub heat: &'static str,
    /// The level; nothing while nothing is answered.
    pub level: Option<i64>,
    /// The level wanted.
    pub target: i64,
    /// How far the work is.
    pub status: Option<String>,
    /// How the work goes.
    pub momentum: Option<String>,
    /// A sign for it.
    pub sign: Option<&'static str>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Gaps that are to be closed.
    pub open: usize,
    /// Those that are said to be done, and not shown to be.
    pub done: usize,
    /// Those past their day.
    pub overdue: usize,
    /// Those with something in their way.
    pub blocked: usize,
    /// Those without an owner.
    pub unowned: usize,
    /// Gaps whose risk was accepted.
    pub accepted: usize,
    /// What of that is worth a word in a narrow cell.
    pub told: String,
}

/// How many capabilities stand in one way.
#[derive(Debug, Serialize)]
pub struct HeatCount {
    /// The coloured square.
    pub square: &'static str,
    /// The words.
    pub heat: &'static str,
    /// How many.
    pub count: usize,
}

/// What the parts of the roadmap are made of.
struct Outlook {
    path: Vec<PracticeIx>,
    projected: Vec<Projection>,
    on: Option<Date>,
}

/// Returns from when to when a wave goes.
pub(super) fn days(wave: &Wave) -> Option<String> {
    match (wave.start, wave.finish) {
        (Some(start), Some(finish)) => Some(format!("{start} to {finish}")),
        (Some(start), None) => Some(format!("from {start}")),
        (None, Some(finish)) => Some(format!("until {finish}")),
        (None, None) => None,
    }
}

/// Returns a score, one digit behind the point.
pub(super) fn mean(score: Option<Between>) -> String {
    score.map_or_else(|| "–".to_owned(), |score| format!("{:.1}", score.low))
}

/// Returns the square that stands for a heat: colour for whoever sees it, never without the word.
fn square(heat: Heat) -> &'static str {
    match heat {
        Heat::Unknown => "⬜",
        Heat::Good => "🟩",
        Heat::Moving => "🟦",
        Heat::Idle => "⬛",
        Heat::Slow => "🟨",
        Heat::Stuck => "🟥",
    }
}

impl Maker<'_> {
    /// Returns the view of the roadmap; nothing where there is nothing to plan, or nothing is known.
    pub fn roadmap(&self) -> Option<RoadmapView> {
        if self.is_silent() || self.card.gaps.is_empty() {
            return None;
        }
        let outlook = Outlook {
            path: critical_path(self.kit, self.card, self.plan),
            projected: projections(self.kit, self.assessment, self.card, self.plan),
            on: self.assessment.registers.as_of(self.kit, self.assessment),
        };
        let action = |ix: &PracticeIx| {
            let gap = self.card.gaps.iter().find(|gap| gap.practice == *ix)?;
            Some(self.roadmap_action(gap, &outlook))
        };
        let work = || self.card.gaps.iter().filter(|gap| self.plan.is_work(gap));
        let quick = quick_wins(self.kit, self.card, self.plan);
        // A decision is taken before the first wave that waits for it.
        let mut asked: Vec<CapabilityIx> = Vec::new();
        let mut waves: Vec<RoadmapWave> = Vec::new();
        for (index, wave) in self.assessment.waves.iter().enumerate() {
            waves.push(self.roadmap_wave(index, wave, &outlook, &mut asked));
        }
        waves.retain(|wave| !wave.actions.is_empty());
        let has_days = waves.iter().any(|wave| wave.start.is_some() && wave.finish.is_some());
        let outside = work().filter(|gap| self.plan.wave(gap.practice).is_none());
        let of_whom = |is_wanted: &dyn Fn(PracticeIx) -> bool| {
            let found = self.card.gaps.iter().filter(|gap| is_wanted(gap.practice));
            found.filter_map(|gap| self.accepted_row(gap, &outlook)).collect::<Vec<_>>()
        };
        let has_ended = |practice: PracticeIx| {
            let planned = self.assessment.planning.practice(practice);
            !self.plan.is_accepted(practice) && planned.is_some_and(|planned| planned.accepted.is_some())
        };
        Some(RoadmapView {
            header: self.header(None),
            work: count(work().count(), "gap"),
            planned: waves.iter().map(|wave| wave.actions.len()).sum(),
            beyond: self.beyond(),
            unclear: self.card.gaps.iter().filter(|gap| !gap.is_confirmed() && !self.plan.is_accepted(gap.practice)).count(),
            is_owned: !self.assessment.planning.practices.is_empty() || !self.assessment.planning.capabilities.is_empty(),
            unowned: work().filter(|gap| self.assessment.planning.owner(self.kit, gap.practice).is_none()).count(),
            overdue: work().filter(|gap| self.is_past(gap.practice, outlook.on)).count(),
            outcomes: self.outcomes(&outlook),
            overall: outlook.projected.iter().map(|one| mean(one.overall)).collect(),
            columns: self.assessment.waves.iter().map(|wave| wave.short_title().to_owned()).collect(),
            short: self.short(&outlook),
            path: outlook.path.iter().filter_map(action).collect(),
            quick_more: quick.len().saturating_sub(QUICK),
            quick: quick.iter().take(QUICK).filter_map(action).collect(),
            accepted: of_whom(&|practice| self.plan.is_accepted(practice)),
            ended: of_whom(&has_ended),
            outside: if self.assessment.waves.is_empty() {
                Vec::new()
            } else {
                outside.map(|gap| self.roadmap_action(gap, &outlook)).collect()
            },
            has_gantt: self.has_charts() && has_days,
            has_wave_chart: self.has_charts() && !has_days,
            waves,
        })
    }

    /// Returns what somebody planned for a gap, in a few words; nothing where nobody did.
    pub(super) fn planned_words(&self, practice: PracticeIx) -> Option<String> {
        let planned = self.assessment.planning.practice(practice);
        let mut words: Vec<String> = Vec::new();
        if let Some(accepted) = planned.and_then(|planned| planned.accepted.as_ref()).map(|one| &one.value) {
            let approver = self.kit.role_title(&accepted.approver);
            words.push(if self.plan.is_accepted(practice) {
                format!("the risk is accepted until {} by {approver}", accepted.expires.value)
            } else {
                format!("the acceptance of the risk by {approver} ended on {}", accepted.expires.value)
            });
        }
        words.extend(self.assessment.planning.owner(self.kit, practice).map(|owner| self.kit.role_title(owner).to_owned()));
        words.extend(planned.and_then(|planned| planned.due.as_ref()).map(|due| format!("by {}", due.value)));
        words.extend(planned.and_then(|planned| planned.status).map(|status| status.title().to_owned()));
        words.extend(planned.and_then(|planned| planned.momentum).map(|momentum| momentum.title().to_owned()));
        (!words.is_empty()).then(|| words.join(", "))
    }

    fn is_past(&self, practice: PracticeIx, on: Option<Date>) -> bool {
        let planned = self.assessment.planning.practice(practice);
        on.is_some_and(|day| planned.is_some_and(|planned| planned.is_overdue(day)))
    }

    fn roadmap_action(&self, gap: &Gap, outlook: &Outlook) -> RoadmapAction {
        let practice = self.kit.practice(gap.practice);
        let planned = self.assessment.planning.practice(gap.practice);
        RoadmapAction {
            practice: self.practice_link(gap.practice),
            capability: self.capability_link(practice.capability),
            elsewhere: (gap.environment != self.assessment.target_environment)
                .then(|| self.kit.environment_title(gap.environment).to_owned()),
            risk: practice.risk.word().to_owned(),
            effort: practice.effort.title().to_owned(),
            wave: self.plan.wave(gap.practice).and_then(|wave| self.assessment.waves.get(wave)).map(|wave| wave.short_title().to_owned()),
            owner: self.assessment.planning.owner(self.kit, gap.practice).map(|owner| self.kit.role_title(owner).to_owned()),
            due: planned.and_then(|planned| planned.due.as_ref()).map(|due| due.value.to_string()),
            is_overdue: self.is_past(gap.practice, outlook.on),
            status: planned.and_then(|planned| planned.status).map(|status| status.title().to_owned()),
            momentum: planned.and_then(|planned| planned.momentum).map(|momentum| momentum.title().to_owned()),
            needs: self.plan.required(gap.practice).iter().map(|ix| self.title(*ix)).collect(),
            is_pinned: planned.is_some_and(|planned| planned.wave.is_some()),
            is_critical: outlook.path.contains(&gap.practice),
        }
    }

    fn accepted_row(&self, gap: &Gap, outlook: &Outlook) -> Option<AcceptedRow> {
        let accepted = &self.assessment.planning.practice(gap.practice)?.accepted.as_ref()?.value;
        Some(AcceptedRow {
            action: self.roadmap_action(gap, outlook),
            risk: self.raid_place(accepted.risk.as_str()),
            approver: self.kit.role_title(&accepted.approver).to_owned(),
            expires: accepted.expires.value.to_string(),
            note: accepted.note.clone(),
        })
    }

    fn roadmap_wave(&self, index: usize, wave: &Wave, outlook: &Outlook, asked: &mut Vec<CapabilityIx>) -> RoadmapWave {
        let gaps: Vec<&Gap> = self.plan.gaps_of(self.card, index).collect();
        let points = self.plan.load(self.kit, self.card, index);
        let (before, after) = (&outlook.projected[index], &outlook.projected[index + 1]);
        let rises: Vec<(CapabilityIx, i64, i64)> = (before.capabilities.iter().zip(&after.capabilities))
            .filter_map(|((ix, before), (_, after))| Some((*ix, before.level?, after.level?)))
            .filter(|(_, from, to)| to > from)
            .collect();
        let mut touched: Vec<CapabilityIx> = gaps.iter().map(|gap| self.kit.practice(gap.practice).capability).collect();
        touched.sort_unstable();
        touched.dedup();
        touched.retain(|ix| !asked.contains(ix));
        let mut decisions: Vec<WaveDecision> = Vec::new();
        for ix in touched {
            if let Some(decision) = self.not_begun(ix, &gaps) {
                decisions.push(decision);
                asked.push(ix);
            }
        }
        let decisions_more = decisions.len().saturating_sub(NAMED);
        decisions.truncate(NAMED);
        let day = |date: Option<Date>| date.map(|date| date.to_string());
        RoadmapWave {
            title: wave.title.clone(),
            short: wave.short_title().to_owned(),
            days: days(wave),
            start: day(wave.start),
            finish: day(wave.finish),
            is_over: outlook.on.is_some_and(|day| wave.is_over(day)),
            goal: wave.goal.clone(),
            entry: wave.entry.clone(),
            exit: wave.exit.clone(),
            count: count(gaps.len(), "action"),
            high: gaps.iter().filter(|gap| self.kit.practice(gap.practice).risk == crate::kit::format::Risk::High).count(),
            points: format!("{} of {}", Plain(points), Plain(wave.capacity)),
            overall: mean(after.overall),
            actions: gaps.iter().map(|gap| self.roadmap_action(gap, outlook)).collect(),
            measures: rises.iter().filter_map(|(ix, ..)| self.measure(*ix)).take(NAMED).collect(),
            rises: rises.into_iter().map(|(ix, from, to)| RiseRow { capability: self.capability_link(ix), from, to }).collect(),
            decisions,
            decisions_more,
            bars: self.bars(wave, &gaps, outlook),
        }
    }

    /// Returns the design decisions of a capability that nobody has begun, where work of a wave is of people or process and waits for them:
    /// the first of each capability.
    fn not_begun(&self, ix: CapabilityIx, gaps: &[&Gap]) -> Option<WaveDecision> {
        let is_here = |gap: &&&Gap| self.kit.practice(gap.practice).capability == ix;
        let is_decided = |gap: &&Gap| self.kit.practice_file(gap.practice).dimension != Some(Dimension::Tools);
        gaps.iter().filter(is_here).any(is_decided).then_some(())?;
        let id = self.kit.capability_id(ix);
        let decisions = &self.kit.capability(ix).file.design.as_ref()?.decisions;
        let open = decisions.iter().find(|one| self.assessment.registers.taking(id, one.id.as_str()).is_none())?;
        Some(WaveDecision { title: open.title.clone(), capability: self.capability_link(ix) })
    }

    /// Returns the first measure of a capability that has a value wanted.
    fn measure(&self, ix: CapabilityIx) -> Option<MeasureRow> {
        let kpis = &self.kit.capability(ix).file.design.as_ref()?.kpis;
        let kpi = kpis.iter().find(|kpi| kpi.target.is_some())?;
        let wanted = kpi.target.clone()?;
        Some(MeasureRow {
            title: kpi.title.clone(),
            target: kpi.unit.as_ref().map_or(wanted.clone(), |unit| format!("{wanted} ({unit})")),
            capability: self.capability_link(ix),
        })
    }

    /// Returns what is drawn in a wave: the critical path as bars, and what has a day.
    fn bars(&self, wave: &Wave, gaps: &[&Gap], outlook: &Outlook) -> Vec<BarView> {
        let mut bars = Vec::new();
        let label = |practice: PracticeIx| excerpt(&self.title(practice), LABEL);
        let planned = |practice: PracticeIx| self.assessment.planning.practice(practice);
        let tag = |practice: PracticeIx| match planned(practice).and_then(|planned| planned.status) {
            Some(ActionStatus::Done) => "done, ",
            Some(ActionStatus::InProgress) => "active, ",
            _ => "",
        };
        if let (Some(start), Some(finish)) = (wave.start, wave.finish) {
            for gap in gaps.iter().filter(|gap| outlook.path.contains(&gap.practice)) {
                let due = planned(gap.practice).and_then(|planned| planned.due.as_ref()).map(|due| due.value);
                let last = due.filter(|due| *due >= start).unwrap_or(finish);
                let tags = format!("crit, {}", tag(gap.practice));
                bars.push(BarView { label: label(gap.practice), tags, start: start.to_string(), finish: Some(last.to_string()) });
            }
        }
        let is_drawn = |gap: &&&Gap| wave.start.is_some() && wave.finish.is_some() && outlook.path.contains(&gap.practice);
        let mut dated: Vec<(Date, PracticeIx)> = (gaps.iter().filter(|gap| !is_drawn(gap)))
            .filter_map(|gap| Some((planned(gap.practice)?.due.as_ref()?.value, gap.practice)))
            .collect();
        dated.sort();
        for (due, practice) in dated {
            let tags = format!("milestone, {}", tag(practice));
            bars.push(BarView { label: label(practice), tags, start: due.to_string(), finish: None });
        }
        bars.truncate(BARS);
        bars
    }

    fn outcomes(&self, outlook: &Outlook) -> Vec<OutcomeRow> {
        let now = &outlook.projected[0].capabilities;
        let row = |(at, (ix, _)): (usize, &(CapabilityIx, crate::scoring::CapabilityScore))| {
            let is_assessed = self.card.card(*ix).is_some_and(|one| one.is_assessed(self.assessment.target_environment));
            let target = self.assessment.scope(*ix).target;
            let mut before: Option<i64> = None;
            let cells = (outlook.projected.iter())
                .map(|projection| {
                    let score = &projection.capabilities[at].1;
                    let cell = OutcomeCell {
                        level: score.level.filter(|_| is_assessed),
                        score: score.score.map_or_else(|| "–".to_owned(), |score| format!("{:.1}", score.low)),
                        is_higher: before.is_some() && score.level > before,
                        is_at_target: score.level.is_some_and(|level| level >= target),
                    };
                    before = score.level;
                    cell
                })
                .collect();
            OutcomeRow { capability: self.capability_link(*ix), target, cells }
        };
        now.iter().enumerate().map(row).collect()
    }

    /// Returns the capabilities that the roadmap leaves below their target, with the reasons.
    fn short(&self, outlook: &Outlook) -> Vec<ShortRow> {
        let Some(last) = outlook.projected.last() else { return Vec::new() };
        let is_short = |(ix, score): &&(CapabilityIx, crate::scoring::CapabilityScore)| {
            score.level.is_some_and(|level| level < self.assessment.scope(*ix).target)
        };
        let row = |(ix, _): &(CapabilityIx, crate::scoring::CapabilityScore)| {
            let gaps = || self.card.gaps.iter().filter(|gap| self.kit.practice(gap.practice).capability == *ix);
            let unclear = gaps().filter(|gap| !gap.is_confirmed() && !self.plan.is_accepted(gap.practice)).count();
            let accepted = gaps().filter(|gap| self.plan.is_accepted(gap.practice)).count();
            let outside = gaps().filter(|gap| self.plan.is_work(gap) && self.plan.wave(gap.practice).is_none()).count();
            let verb =
                |number: usize, one: &str, several: &str| format!("{} {}", count(number, "gap"), if number == 1 { one } else { several });
            let mut why = Vec::new();
            why.extend((unclear > 0).then(|| verb(unclear, "depends on open questions", "depend on open questions")));
            why.extend((outside > 0).then(|| verb(outside, "fits into no wave", "fit into no wave")));
            why.extend((accepted > 0).then(|| verb(accepted, "is accepted", "are accepted")));
            ShortRow { capability: self.capability_link(*ix), why }
        };
        last.capabilities.iter().filter(is_short).map(row).collect()
    }

    /// Returns the view of the capability board; nothing where nothing is known.
    pub fn board(&self) -> Option<BoardView> {
        if self.is_silent() {
            return None;
        }
        let on = self.assessment.registers.as_of(self.kit, self.assessment);
        let found = cells(self.kit, self.assessment, self.card, self.plan, on);
        let rows = groups(self.kit, &found);
        let columns = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let count_of = |heat: &Heat| HeatCount {
            square: square(*heat),
            heat: heat.word(),
            count: found.iter().filter(|cell| cell.heat == *heat).count(),
        };
        let planning = &self.assessment.planning;
        Some(BoardView {
            header: self.header(None),
            groups: (rows.into_iter())
                .map(|(title, cells)| BoardGroup {
                    title: title.unwrap_or_else(|| "All".to_owned()),
                    empty: (cells.len()..columns).collect(),
                    cells: cells.into_iter().map(|cell| self.board_cell(cell)).collect(),
                })
                .collect(),
            columns: (1..=columns).collect(),
            counts: Heat::ALL.iter().map(count_of).filter(|one| one.count > 0).collect(),
            is_unplanned: planning.capabilities.is_empty() && planning.practices.is_empty(),
        })
    }

    fn board_cell(&self, cell: &Cell) -> BoardCell {
        let counts = [(cell.open, "open"), (cell.overdue, "overdue"), (cell.blocked, "blocked"), (cell.accepted, "accepted")];
        let told: Vec<String> = counts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
        BoardCell {
            capability: self.capability_link(cell.capability),
            square: square(cell.heat),
            heat: cell.heat.word(),
            level: cell.level,
            target: cell.target,
            status: cell.stage.map(|stage| stage.title().to_owned()),
            momentum: cell.momentum.map(|momentum| momentum.title().to_owned()),
            sign: cell.momentum.map(crate::assessment::planning::format::Momentum::sign),
            owner: cell.owner.as_ref().map(|owner| self.kit.role_title(owner).to_owned()),
            open: cell.open,
            done: cell.done,
            overdue: cell.overdue,
            blocked: cell.blocked,
            unowned: cell.unowned,
            accepted: cell.accepted,
            told: if told.is_empty() { "nothing open".to_owned() } else { told.join(", ") },
        }
    }
}
