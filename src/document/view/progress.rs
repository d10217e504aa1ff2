//! The view of the progress report, and what other documents say of the last milestone.

use super::make::Maker;
use super::{Header, Place};
use crate::assessment::State;
use crate::kit::CapabilityIx;
use crate::plan::progress::due::{self, Dated, Duty};
use crate::plan::progress::gaps::{Fate, GapChange};
use crate::plan::progress::movement::{Cause, Movement, signed};
use crate::plan::progress::{CapabilityResult, Milestone, Results, ScoreResult};
use crate::scoring::wording::{count, percent};
use crate::scoring::{Between, exceeds};
use crate::yaml::record::Date;
use serde::Serialize;

/// How many milestones the table of the trend has beside now.
const TREND: usize = 8;

/// How many dates to come are named.
const COMING: usize = 5;

/// The signs of a sparkline, the lowest first.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The last milestone, as another document names it.
#[derive(Debug, Serialize)]
pub struct SinceView {
    /// The name.
    pub name: String,
    /// The day on which it was saved.
    pub day: String,
    /// The mean score in the target environment then; nothing if there was none.
    pub overall: Option<String>,
}

/// The view of the progress report.
#[derive(Debug, Serialize)]
pub struct ProgressView {
    /// What the document shows of itself.
    pub header: Header,
    /// The last milestone.
    pub then: MilestoneView,
    /// The day as of which everything is judged.
    pub day: String,
    /// What moved, in a sentence or two.
    pub headline: String,
    /// True if nothing moved at all.
    pub is_unchanged: bool,
    /// The scores by environment, the target environment first; of the others those in which something moved.
    pub standings: Vec<ProgressStanding>,
    /// The titles of environments in which nothing moved.
    pub still: Vec<String>,
    /// What changed in the kit.
    pub kit: ProgressKit,
    /// What changed in the scope.
    pub scope: Vec<ProgressScope>,
    /// How many gaps had each fate.
    pub counts: GapCounts,
    /// The gaps by fate, without those that are unchanged.
    pub gaps: Vec<GapGroup>,
    /// How many answers were given since.
    pub given: usize,
    /// How many answers changed.
    pub changed: usize,
    /// Answers that are open again.
    pub lost: Vec<ProgressAnswer>,
    /// How many questions were open then: "13 of 80".
    pub open_then: String,
    /// How many questions are open now.
    pub open_now: String,
    /// What is overdue.
    pub overdue: Vec<DatedView>,
    /// Evidence that is too old.
    pub stale: Vec<StaleView>,
    /// How old evidence may be: "365 days".
    pub evidence_age: String,
    /// The next dates.
    pub coming: Vec<DatedView>,
    /// The next review; nothing where none is agreed.
    pub next_review: Option<DatedView>,
    /// The levels by milestone.
    pub trend: TrendView,
}

/// A milestone.
#[derive(Debug, Serialize)]
pub struct MilestoneView {
    /// The name.
    pub name: String,
    /// The day on which it was saved.
    pub day: String,
    /// The kit: id and version.
    pub kit: String,
    /// What was said of it.
    pub note: Option<String>,
}

/// The scores of one environment then and now.
#[derive(Debug, Serialize)]
pub struct ProgressStanding {
    /// The title of the environment.
    pub environment: String,
    /// True for the target environment.
    pub is_target: bool,
    /// The capabilities.
    pub rows: Vec<ProgressRow>,
    /// The mean.
    pub overall: ProgressRow,
    /// What moved by capability, in words.
    pub words: Vec<String>,
    /// What of the movement by answers was found out, with its sign; nothing where it is nothing.
    pub found_out: Option<String>,
}

/// A score then and now.
#[derive(Debug, Serialize)]
pub struct ProgressRow {
    /// The title of the capability.
    pub title: String,
    /// The id of a capability in scope, for a link to its document.
    pub id: Option<String>,
    /// The level: "1", "1 → 2".
    pub level: String,
    /// The level wanted: "3", "2 → 3".
    pub target: String,
    /// The score then, with its range.
    pub then: String,
    /// The score now, with its range.
    pub now: String,
    /// What the kit did, with its sign; empty where it did nothing.
    pub kit: String,
    /// What the scope did.
    pub scope: String,
    /// What answers did.
    pub answers: String,
}

/// What changed in the kit.
#[derive(Debug, Serialize)]
pub struct ProgressKit {
    /// True if it has the same content.
    pub is_same: bool,
    /// The kit of then.
    pub then: String,
    /// The kit of now.
    pub now: String,
    /// What changed, counted.
    pub words: Vec<String>,
    /// What changed, one by one.
    pub changes: Vec<KitChangeView>,
    /// Answers of then for which there is no place.
    pub left: Vec<LeftAnswer>,
    /// The version of the program that saved the milestone, if scores differ although the kit is the same.
    pub program: Option<String>,
}

/// Something of a kit that became something else.
#[derive(Debug, Serialize)]
pub struct KitChangeView {
    /// What it is.
    pub what: String,
    /// The title, or the question.
    pub title: String,
    /// The id then; nothing if it is new.
    pub then: Option<String>,
    /// The ids now.
    pub now: Vec<String>,
    /// What happened to it.
    pub change: String,
}

/// An answer of then for which the kit of now has no place.
#[derive(Debug, Serialize)]
pub struct LeftAnswer {
    /// The asking as files name it.
    pub key: String,
    /// Why it is left out.
    pub reason: String,
}

/// What changed in the scope.
#[derive(Debug, Serialize)]
pub struct ProgressScope {
    /// What changed.
    pub what: String,
    /// Of what.
    pub subject: Option<String>,
    /// What it was.
    pub then: String,
    /// What it is.
    pub now: String,
}

/// How many gaps had each fate.
#[derive(Debug, Serialize)]
pub struct GapCounts {
    /// Closed.
    pub closed: usize,
    /// More is in place, and not all.
    pub partly_closed: usize,
    /// As then.
    pub unchanged: usize,
    /// There since answers changed.
    pub new: usize,
    /// Worse.
    pub regressed: usize,
    /// Brought or taken by the kit or the scope.
    pub apart: usize,
}

/// The gaps with one fate.
#[derive(Debug, Serialize)]
pub struct GapGroup {
    /// The heading.
    pub title: String,
    /// True if the kit or the scope did it, so that nobody got better or worse.
    pub is_apart: bool,
    /// The gaps.
    pub gaps: Vec<ProgressGap>,
}

/// A gap then and now.
#[derive(Debug, Serialize)]
pub struct ProgressGap {
    /// The practice, with the place of its design where there is one.
    pub practice: Place,
    /// True if the place can be linked to.
    pub is_known: bool,
    /// The title of the capability.
    pub capability: String,
    /// The risk.
    pub risk: String,
    /// How much was in place.
    pub then: String,
    /// How much is in place.
    pub now: String,
    /// True if it was closed then.
    pub is_reopened: bool,
}

/// An answer that is open again.
#[derive(Debug, Serialize)]
pub struct ProgressAnswer {
    /// The question.
    pub ask: String,
    /// The asking as files name it.
    pub key: String,
}

/// Something with a date.
#[derive(Debug, Serialize)]
pub struct DatedView {
    /// By when.
    pub due: String,
    /// What is to be done.
    pub deed: String,
    /// With what.
    pub title: String,
    /// The title of the capability.
    pub capability: Option<String>,
    /// Who does it.
    pub owner: Option<String>,
}

/// Evidence that is too old.
#[derive(Debug, Serialize)]
pub struct StaleView {
    /// The question.
    pub ask: String,
    /// The title of the capability.
    pub capability: String,
    /// What the evidence is.
    pub title: String,
    /// When it was collected.
    pub collected: String,
    /// How old it is, in days.
    pub days: i64,
}

/// The levels by milestone.
#[derive(Debug, Serialize)]
pub struct TrendView {
    /// The milestones, the earliest first.
    pub milestones: Vec<MilestoneView>,
    /// How many earlier ones are not shown.
    pub earlier: usize,
    /// The capabilities.
    pub rows: Vec<TrendRow>,
    /// The mean score.
    pub overall: TrendRow,
    /// The mean score as a chart; nothing without charts, or with fewer than three points.
    pub chart: Option<TrendChart>,
}

/// A line of the trend.
#[derive(Debug, Serialize)]
pub struct TrendRow {
    /// The title.
    pub title: String,
    /// The level, or the score, at each milestone.
    pub then: Vec<String>,
    /// The level, or the score, now.
    pub now: String,
    /// The level wanted now.
    pub target: String,
    /// All of them as block characters.
    pub spark: String,
}

/// The mean score as a chart.
#[derive(Debug, Serialize)]
pub struct TrendChart {
    /// What stands below each point.
    pub labels: Vec<String>,
    /// The score at each point.
    pub values: Vec<String>,
    /// The lowest level of the scale.
    pub min: i64,
    /// The highest level of the scale.
    pub max: i64,
}

/// What stands where there is no number.
const NONE: &str = "–";

impl Maker<'_> {
    /// Returns the last milestone, with the mean of then.
    pub(super) fn since_milestone(&self) -> Option<SinceView> {
        let progress = self.progress?;
        let last = progress.since();
        let target = self.kit.environment_id(self.assessment.target_environment);
        let overall = progress.comparison.overall.iter().find(|overall| overall.environment == target);
        let then = overall.and_then(|overall| overall.score.then);
        Some(SinceView { name: last.name.clone(), day: last.saved_on.to_string(), overall: then.map(|score| format!("{score:.1}")) })
    }

    /// Returns how the level of a capability moved in the target environment since the last milestone.
    pub(super) fn since(&self, ix: CapabilityIx) -> Option<String> {
        let progress = self.progress?;
        let id = self.kit.capability_id(ix);
        let target = self.kit.environment_id(self.assessment.target_environment);
        let change = progress.comparison.capabilities.iter().find(|change| change.id == id)?;
        let of = change.environments.iter().find(|of| of.environment == target)?;
        let was = of.then.filter(|_| of.was_assessed).and_then(|score| score.level);
        let is = of.now.filter(|_| of.is_assessed).and_then(|score| score.level);
        Some(match (was, is) {
            (Some(was), Some(is)) if is > was => format!("↑ from {was}"),
            (Some(was), Some(is)) if is < was => format!("↓ from {was}"),
            (Some(was), Some(_)) => format!("→ still {was}"),
            (Some(was), None) => format!("was {was}"),
            (None, Some(_)) => "new".to_owned(),
            (None, None) => NONE.to_owned(),
        })
    }

    /// Returns the view of the progress report; nothing without a milestone.
    pub fn progress(&self) -> Option<ProgressView> {
        let progress = self.progress?;
        let comparison = &progress.comparison;
        let last = progress.since();
        let day = self.assessment.registers.as_of(self.kit, self.assessment).unwrap_or(last.saved_on);
        let target = self.kit.environment_id(self.assessment.target_environment);
        let mut standings = Vec::new();
        let mut still = Vec::new();
        for overall in comparison.overall.iter().filter(|overall| progress.results.overall.contains_key(&overall.environment)) {
            let standing = self.progress_standing(&overall.environment);
            let has_moved = !standing.words.is_empty() || overall.environment == target;
            if has_moved {
                standings.push(standing);
            } else {
                still.push(standing.environment);
            }
        }
        let dated = due::dated(self.kit, self.assessment, &progress.results.gaps);
        let (overdue, coming): (Vec<Dated>, Vec<Dated>) = dated.into_iter().partition(|one| one.due < day);
        let next_review = coming.iter().find(|one| matches!(one.duty, Duty::Decision | Duty::Review | Duty::Acceptance));
        let stale = due::stale(self.kit, self.assessment, day, due::evidence_age(self.assessment));
        let answers = &comparison.answers;
        let is_unchanged = standings.iter().all(|standing| standing.words.is_empty())
            && comparison.is_same_kit
            && comparison.scope.is_empty()
            && answers.given.is_empty()
            && answers.changed.is_empty()
            && answers.lost.is_empty()
            && comparison.count(Fate::Unchanged) == comparison.gaps.len();
        Some(ProgressView {
            header: Header { date: Some(day.to_string()), ..self.header(None) },
            then: milestone(last),
            day: day.to_string(),
            headline: self.progress_headline(is_unchanged),
            is_unchanged,
            standings,
            still,
            kit: self.progress_kit(),
            scope: (comparison.scope.iter())
                .map(|one| ProgressScope {
                    what: one.what.to_owned(),
                    subject: one.subject.clone(),
                    then: one.then.clone(),
                    now: one.now.clone(),
                })
                .collect(),
            counts: GapCounts {
                closed: comparison.count(Fate::Closed),
                partly_closed: comparison.count(Fate::PartlyClosed),
                unchanged: comparison.count(Fate::Unchanged),
                new: comparison.count(Fate::New),
                regressed: comparison.count(Fate::Regressed),
                apart: comparison.gaps.iter().filter(|gap| is_apart(gap.fate)).count(),
            },
            gaps: self.gap_groups(),
            given: answers.given.len(),
            changed: answers.changed.len(),
            lost: answers.lost.iter().map(|one| ProgressAnswer { ask: one.ask.clone(), key: one.key.clone() }).collect(),
            open_then: open(&last.results),
            open_now: open(&progress.results),
            overdue: overdue.iter().map(|one| self.dated(one)).collect(),
            stale: (stale.iter())
                .map(|one| StaleView {
                    ask: one.ask.clone(),
                    capability: self.capability_of(&one.capability),
                    title: one.title.clone(),
                    collected: one.collected.to_string(),
                    days: one.days,
                })
                .collect(),
            evidence_age: due::evidence_age(self.assessment).to_string(),
            coming: coming.iter().take(COMING).map(|one| self.dated(one)).collect(),
            next_review: next_review.map(|one| self.dated(one)),
            trend: self.trend(day),
        })
    }

    fn capability_of(&self, id: &str) -> String {
        self.kit.find_capability(id).map_or_else(|| id.to_owned(), |ix| self.capability_title(ix))
    }

    fn environment_named(&self, id: &str) -> String {
        self.kit.find_environment(id).map_or_else(|| id.to_owned(), |ix| self.kit.environment_title(ix).to_owned())
    }

    fn dated(&self, one: &Dated) -> DatedView {
        DatedView {
            due: one.due.to_string(),
            deed: one.duty.title().to_owned(),
            title: one.title.clone(),
            capability: one.capability.as_deref().map(|id| self.capability_of(id)),
            owner: one.owner.clone(),
        }
    }

    fn progress_headline(&self, is_unchanged: bool) -> String {
        let Some(progress) = self.progress else { return String::new() };
        let comparison = &progress.comparison;
        let since = format!("{} ({})", progress.since().name, progress.since().saved_on);
        if is_unchanged {
            return format!("Nothing has moved since the milestone {since}.");
        }
        let mut sentences = Vec::new();
        let target = self.kit.environment_id(self.assessment.target_environment);
        if let Some(overall) = comparison.overall.iter().find(|overall| overall.environment == target) {
            let place = self.environment_named(target);
            sentences.push(match (overall.score.then, overall.score.now) {
                (Some(then), Some(now)) if overall.score.tenths() == Some([0; 3]) && format!("{then:.1}") == format!("{now:.1}") => {
                    format!("The mean score in {place} is {now:.1}, as it was at {since}.")
                }
                (Some(then), Some(now)) => {
                    format!("Since {since} the mean score in {place} went from {then:.1} to {now:.1}: {}.", overall.score.words())
                }
                (None, Some(now)) => format!("The mean score in {place} is {now:.1}; there was none at {since}."),
                _ => format!("There is no score in {place} to compare with {since}."),
            });
        }
        let closed = comparison.count(Fate::Closed);
        let regressed = comparison.count(Fate::Regressed);
        let gaps = match (closed, regressed) {
            (0, 0) => "No gap was closed, and none regressed.".to_owned(),
            (closed, 0) => format!("{} closed, none regressed.", was(closed)),
            (0, regressed) => format!("No gap was closed, {regressed} regressed."),
            (closed, regressed) => format!("{} closed, {regressed} regressed.", was(closed)),
        };
        sentences.push(gaps);
        sentences.join(" ")
    }

    fn progress_standing(&self, environment: &str) -> ProgressStanding {
        let empty = || ProgressRow {
            title: "Overall".to_owned(),
            id: None,
            level: String::new(),
            target: String::new(),
            then: NONE.to_owned(),
            now: NONE.to_owned(),
            kit: String::new(),
            scope: String::new(),
            answers: String::new(),
        };
        let mut standing = ProgressStanding {
            environment: self.environment_named(environment),
            is_target: environment == self.kit.environment_id(self.assessment.target_environment),
            rows: Vec::new(),
            overall: empty(),
            words: Vec::new(),
            found_out: None,
        };
        let Some(progress) = self.progress else { return standing };
        for change in &progress.comparison.capabilities {
            let Some(of) = change.environments.iter().find(|of| of.environment == environment) else { continue };
            let [kit, scope, answers] = parts(&of.score);
            standing.rows.push(ProgressRow {
                title: change.title.clone(),
                id: change.target_now.map(|_| change.id.clone()),
                level: then_now(level(of.then, of.was_assessed), level(of.now, of.is_assessed)),
                target: then_now(change.target_then.map(|level| level.to_string()), change.target_now.map(|level| level.to_string())),
                then: score(of.then, of.was_assessed),
                now: score(of.now, of.is_assessed),
                kit,
                scope,
                answers,
            });
            standing.words.extend(change.words(of));
        }
        if let Some(overall) = progress.comparison.overall.iter().find(|overall| overall.environment == environment) {
            let [kit, scope, answers] = parts(&overall.score);
            let number = |score: Option<f64>| score.map_or_else(|| NONE.to_owned(), |score| format!("{score:.1}"));
            standing.overall =
                ProgressRow { then: number(overall.score.then), now: number(overall.score.now), kit, scope, answers, ..empty() };
            standing.found_out = overall.found_out.filter(|found| found.abs() >= 0.05).map(|found| format!("{found:+.1}"));
        }
        standing
    }

    fn progress_kit(&self) -> ProgressKit {
        let Some(progress) = self.progress else {
            return ProgressKit {
                is_same: true,
                then: String::new(),
                now: String::new(),
                words: Vec::new(),
                changes: Vec::new(),
                left: Vec::new(),
                program: None,
            };
        };
        let comparison = &progress.comparison;
        let last = progress.since();
        let changes = comparison.kit.iter().map(|one| KitChangeView {
            what: one.what.to_owned(),
            title: one.title.clone(),
            then: one.then.clone(),
            now: one.now.clone(),
            change: match (&one.difference, &one.then, one.now.len()) {
                (Some(difference), ..) => difference.clone(),
                (None, None, _) => "new".to_owned(),
                (None, Some(_), 0) => "gone".to_owned(),
                (None, Some(_), 1) => "renamed".to_owned(),
                (None, Some(_), _) => "taken apart".to_owned(),
            },
        });
        let counts_otherwise = comparison.overall.iter().any(|one| one.score.part(Cause::Kit).is_some_and(|part| exceeds(part.abs(), 0.0)));
        ProgressKit {
            is_same: comparison.is_same_kit,
            then: last.kit.name(),
            now: progress.kit.name(),
            words: comparison.kit_words(),
            changes: changes.collect(),
            left: comparison.left.iter().map(|left| LeftAnswer { key: left.key.clone(), reason: left.reason.clone() }).collect(),
            program: (comparison.is_same_kit && counts_otherwise).then(|| last.program.clone()),
        }
    }

    fn gap_groups(&self) -> Vec<GapGroup> {
        let Some(progress) = self.progress else { return Vec::new() };
        let gap = |gap: &GapChange| {
            let ix = self.kit.find_practice(&gap.practice);
            let unknown = || Place { title: gap.title.clone(), path: String::new() };
            let share = |credit: Option<f64>| credit.map_or_else(|| NONE.to_owned(), percent);
            ProgressGap {
                is_known: ix.is_some_and(|ix| self.assessment.scope(self.kit.practice(ix).capability).in_scope),
                practice: ix.map_or_else(unknown, |ix| self.practice_place(ix)),
                capability: gap.capability_title.clone(),
                risk: gap.risk.clone(),
                then: share(gap.then),
                now: share(gap.now),
                is_reopened: gap.is_reopened,
            }
        };
        let group = |fate: &Fate| GapGroup {
            title: fate.title().to_owned(),
            is_apart: is_apart(*fate),
            gaps: progress.comparison.gaps.iter().filter(|one| one.fate == *fate).map(gap).collect(),
        };
        Fate::ALL.iter().filter(|fate| **fate != Fate::Unchanged).map(group).filter(|group| !group.gaps.is_empty()).collect()
    }

    fn trend(&self, day: Date) -> TrendView {
        let empty = |title: &str| TrendRow {
            title: title.to_owned(),
            then: Vec::new(),
            now: String::new(),
            target: String::new(),
            spark: String::new(),
        };
        let mut view = TrendView { milestones: Vec::new(), earlier: 0, rows: Vec::new(), overall: empty("Overall"), chart: None };
        let Some(progress) = self.progress else { return view };
        view.earlier = progress.milestones.len().saturating_sub(TREND);
        let shown = &progress.milestones[view.earlier..];
        view.milestones = shown.iter().map(milestone).collect();
        let target = self.kit.environment_id(self.assessment.target_environment);
        for ix in self.assessment.capabilities_in_scope(self.kit) {
            let formerly = &self.kit.capability(ix).file.formerly;
            let id = self.kit.capability_id(ix);
            let is_meant = |one: &&CapabilityResult| one.id == id || formerly.iter().any(|old| old.as_str() == one.id);
            let of = |results: &Results| {
                let one = results.capabilities.iter().find(is_meant)?;
                one.environments.get(target).filter(|_| one.is_assessed(target))?.level
            };
            let levels: Vec<Option<i64>> = shown.iter().map(|milestone| of(&milestone.results)).chain([of(&progress.results)]).collect();
            let words: Vec<String> = levels.iter().map(|level| level.map_or_else(|| NONE.to_owned(), |level| level.to_string())).collect();
            let spark = levels.iter().map(|level| self.block(level.map(|level| level as f64))).collect();
            view.rows.push(trend_row(self.capability_title(ix), words, self.assessment.scope(ix).target.to_string(), spark));
        }
        let mean = |results: &Results| results.overall.get(target).and_then(|overall| overall.low);
        let scores: Vec<Option<f64>> = shown.iter().map(|milestone| mean(&milestone.results)).chain([mean(&progress.results)]).collect();
        let words: Vec<String> = scores.iter().map(|score| score.map_or_else(|| NONE.to_owned(), |score| format!("{score:.1}"))).collect();
        let spark = scores.iter().map(|score| self.block(*score)).collect();
        let labels = shown.iter().map(|milestone| milestone.name.clone()).chain([format!("now ({day})")]);
        let points: Vec<(String, f64)> = labels.zip(&scores).filter_map(|(label, score)| Some((label, (*score)?))).collect();
        view.overall = trend_row("Overall, mean score".to_owned(), words, String::new(), spark);
        if self.has_charts() && points.len() > 2 {
            view.chart = Some(TrendChart {
                labels: points.iter().map(|(label, _)| label.clone()).collect(),
                values: points.iter().map(|(_, score)| format!("{score:.1}")).collect(),
                min: self.kit.base(),
                max: self.kit.top(),
            });
        }
        view
    }

    /// Returns the block character for a level or score.
    fn block(&self, number: Option<f64>) -> char {
        let Some(number) = number else { return '·' };
        let (base, top) = (self.kit.base() as f64, self.kit.top() as f64);
        let share = ((number - base) / (top - base)).clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 7")]
        let at = (share * (BLOCKS.len() - 1) as f64).round() as usize;
        BLOCKS[at]
    }
}

fn trend_row(title: String, mut words: Vec<String>, target: String, spark: String) -> TrendRow {
    let now = words.pop().unwrap_or_default();
    TrendRow { title, then: words, now, target, spark }
}

fn was(closed: usize) -> String {
    if closed == 1 { "1 gap was".to_owned() } else { format!("{closed} gaps were") }
}

fn is_apart(fate: Fate) -> bool {
    matches!(fate, Fate::Came(_) | Fate::Gone(_))
}

fn milestone(milestone: &Milestone) -> MilestoneView {
    MilestoneView {
        name: milestone.name.clone(),
        day: milestone.saved_on.to_string(),
        kit: milestone.kit.name(),
        note: milestone.note.clone(),
    }
}

fn open(results: &Results) -> String {
    let open: usize = [State::Unanswered, State::DontKnow, State::Parked].iter().map(|state| results.count(*state)).sum();
    format!("{open} of {}", count(results.visible(), "question"))
}

fn parts(movement: &Movement) -> [String; 3] {
    let shown = |tenths: i64| if tenths == 0 { String::new() } else { signed(tenths) };
    movement.tenths().map(|parts| parts.map(shown)).unwrap_or_default()
}

fn level(score: Option<ScoreResult>, is_assessed: bool) -> Option<String> {
    score.filter(|_| is_assessed).and_then(|score| score.level).map(|level| level.to_string())
}

fn then_now(then: Option<String>, now: Option<String>) -> String {
    match (then, now) {
        (Some(then), Some(now)) if then == now => now,
        (None, None) => NONE.to_owned(),
        (then, now) => format!("{} → {}", then.as_deref().unwrap_or(NONE), now.as_deref().unwrap_or(NONE)),
    }
}

fn score(score: Option<ScoreResult>, is_assessed: bool) -> String {
    let between = score.and_then(|score| Some(Between { low: score.low?, high: score.high? }));
    match between {
        None => NONE.to_owned(),
        Some(_) if !is_assessed => "not assessed".to_owned(),
        Some(score) if score.is_seen_open() => format!("{:.1} to {:.1}", score.low, score.high),
        Some(score) => format!("{:.1}", score.low),
    }
}
