//! The views of what is handed over and presented: readiness report and out-brief.

use super::make::Maker;
use super::{
    Alarm, CapabilityRow, DatedAction, DecisionView, Difference, FoundationView, GapView, Header, LeftOut, OverallRow, Place, PracticeLink,
    RadarView, RaidCount, Standing, StepView, Strength, ThemesView, WaitingDecision, WaveRow,
};
use crate::assessment::State;
use crate::document::escape::excerpt;
use crate::kit::format::{Effort, Risk};
use crate::kit::{CapabilityIx, PracticeIx};
use crate::plan::projection::projections;
use crate::scoring::CapabilityCard;
use crate::scoring::gap::Gap;
use crate::scoring::risk::QuestionRisk;
use crate::scoring::wording::{resolved, said};
use serde::Serialize;

/// How many gaps, practices or capabilities a line names.
const NAMED: usize = 2;

/// How many dates the next steps name.
const NEXT_DATES: usize = 5;

/// How many dates a slide names.
const DATES_ON_A_SLIDE: usize = 3;

/// How many gaps a slide holds.
const ON_A_SLIDE: usize = 5;

/// How much of a quotation a slide holds, in characters.
const QUOTE: usize = 220;

/// The view of the readiness report.
#[derive(Debug, Serialize)]
pub struct ReportView {
    /// What the document shows of itself.
    pub header: Header,
    /// The result in a sentence or two.
    pub headline: String,
    /// Why the customer wants it: the capabilities of the highest importance, with the reason.
    pub drivers: Vec<Driver>,
    /// The phase of the migration that the assessment names.
    pub phase: Option<String>,
    /// How many capabilities are in scope: "10 capabilities".
    pub in_scope: String,
    /// The capabilities out of scope.
    pub left_out: Vec<LeftOut>,
    /// Answers that count for nothing, since what they are about is out of scope.
    pub ignored: usize,
    /// How the assessment was done.
    pub method: MethodView,
    /// The capabilities.
    pub results: Vec<ResultRow>,
    /// The mean by environment.
    pub overall: Vec<OverallRow>,
    /// The mean by group of capabilities; empty where the kit has no groups.
    pub groups: Vec<GroupRow>,
    /// The levels as a chart.
    pub radar: Option<RadarView>,
    /// What to build on, by capability.
    pub strengths: Vec<StrengthRow>,
    /// The findings, by capability.
    pub findings: Vec<FindingView>,
    /// The titles of capabilities in scope that are not assessed yet.
    pub not_assessed: Vec<String>,
    /// What goes through all of them.
    pub themes: ThemesView,
    /// The chain of gaps that is the most work.
    pub path: Vec<StepView>,
    /// The capabilities below target on which others build.
    pub foundations: Vec<FoundationView>,
    /// The waves.
    pub waves: Vec<WaveResult>,
    /// Confirmed gaps that fit into no wave.
    pub beyond: usize,
    /// How many questions are open.
    pub open: usize,
    /// How many deviations there are.
    pub deviations: usize,
    /// The decisions that wait for somebody.
    pub waiting: Vec<WaitingDecision>,
    /// What the RAID log holds; nothing where nothing is open.
    pub raid: Option<RaidCount>,
    /// The next dates that somebody agreed to.
    pub dates: Vec<DatedAction>,
    /// True if the waves are drawn as a chart.
    pub has_wave_chart: bool,
    /// The first wave; nothing where no action has a place in one.
    pub first_wave: Option<String>,
}

/// A capability of the highest importance.
#[derive(Debug, Serialize)]
pub struct Driver {
    /// The title.
    pub capability: String,
    /// The id.
    pub capability_id: String,
    /// Why it matters.
    pub rationale: String,
}

/// How the assessment was done.
#[derive(Debug, Serialize)]
pub struct MethodView {
    /// The day of the first answer.
    pub from: Option<String>,
    /// The day of the last one.
    pub to: Option<String>,
    /// The roles that gave answers, with how many: "Change manager (12)".
    pub roles: Vec<String>,
    /// The titles of roles named as participants that gave none.
    pub silent: Vec<String>,
    /// How much is resolved.
    pub coverage: String,
    /// How many questions are answered.
    pub answered: usize,
    /// How many answers have evidence.
    pub with_evidence: usize,
    /// How many answers come from one role alone.
    pub single: usize,
    /// How many questions nobody could answer.
    pub not_known: usize,
    /// How many were put off.
    pub parked: usize,
    /// How many are not answered.
    pub unanswered: usize,
    /// The lowest level of the scale.
    pub base: String,
    /// The highest level of the scale.
    pub top: String,
}

/// The result of a capability.
#[derive(Debug, Serialize)]
pub struct ResultRow {
    /// Where it stands, the target included.
    pub capability: CapabilityRow,
    /// The score in the target environment, or the range it lies in.
    pub score: String,
    /// The answers with evidence, of how many: "4 of 30".
    pub evidence: String,
}

/// The mean of a group of capabilities.
#[derive(Debug, Serialize)]
pub struct GroupRow {
    /// The title.
    pub title: String,
    /// The mean score by environment in scope; a dash where none applies.
    pub scores: Vec<String>,
    /// The titles of the capabilities.
    pub capabilities: Vec<String>,
}

/// What to build on in a capability.
#[derive(Debug, Serialize)]
pub struct StrengthRow {
    /// The title.
    pub capability: String,
    /// The id.
    pub capability_id: String,
    /// Practices in place in the target environment, those of the highest level first.
    pub in_place: Vec<String>,
    /// How many more.
    pub in_place_more: usize,
    /// Practices that work elsewhere.
    pub elsewhere: Vec<Difference>,
    /// How many more.
    pub elsewhere_more: usize,
}

/// What was found of a capability.
#[derive(Debug, Serialize)]
pub struct FindingView {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// Where it stands in the target environment.
    pub standing: Standing,
    /// Where it stands elsewhere.
    pub elsewhere: Vec<Standing>,
    /// The level wanted, with its name.
    pub target: String,
    /// Why this target and importance; nothing where that stands among the reasons for the whole.
    pub rationale: Option<String>,
    /// How much is in place by discipline: "people 40 %".
    pub disciplines: Vec<String>,
    /// The answer that weighs most.
    pub alarm: Option<Alarm>,
    /// How many gaps are confirmed.
    pub gap_count: usize,
    /// How many of them carry a high risk.
    pub high_count: usize,
    /// The gaps that weigh most.
    pub gaps: Vec<GapView>,
    /// Gaps of days of work that need nothing else first.
    pub quick: Vec<PracticeLink>,
    /// The title of the first decision of the design that nobody has begun.
    pub decision: Option<String>,
    /// The decisions that were written down.
    pub decisions: Vec<Place>,
    /// The open entries of the RAID log.
    pub risks: Vec<Place>,
    /// How many questions are open.
    pub open: usize,
}

/// A wave and what it brings.
#[derive(Debug, Serialize)]
pub struct WaveResult {
    /// The wave.
    pub wave: WaveRow,
    /// From when to when.
    pub days: Option<String>,
    /// The overall score after it, one digit behind the point.
    pub after: String,
    /// How many gaps of high risk it closes.
    pub high: usize,
    /// The titles of the capabilities with most actions in it.
    pub capabilities: Vec<String>,
    /// In how many more capabilities it has actions.
    pub more: usize,
}

/// The view of the out-brief.
#[derive(Debug, Serialize)]
pub struct OutBriefView {
    /// What the document shows of itself.
    pub header: Header,
    /// The result in a sentence or two.
    pub headline: String,
    /// Why the customer wants it.
    pub drivers: Vec<Driver>,
    /// The phase of the migration that the assessment names.
    pub phase: Option<String>,
    /// How the assessment was done.
    pub method: MethodView,
    /// How many capabilities are in scope: "10 capabilities".
    pub capabilities: String,
    /// The titles of those left out.
    pub left_out: Vec<String>,
    /// What people said.
    pub quotes: Vec<QuoteView>,
    /// The capabilities, as a heat map.
    pub heat: Vec<CapabilityRow>,
    /// What to build on.
    pub strengths: Vec<Strength>,
    /// The gaps that weigh most.
    pub gaps: Vec<GapView>,
    /// How many gaps are confirmed.
    pub gap_count: usize,
    /// What goes through all capabilities.
    pub themes: ThemesView,
    /// The chain of gaps that is the most work.
    pub path: Vec<StepView>,
    /// The waves.
    pub waves: Vec<WaveResult>,
    /// The first wave that is not over.
    pub next_wave: Option<WaveRow>,
    /// Confirmed gaps that fit into no wave.
    pub beyond: usize,
    /// The decisions that wait for somebody.
    pub waiting: Vec<WaitingDecision>,
    /// How many more.
    pub waiting_more: usize,
    /// Decisions that nobody has begun.
    pub decisions: Vec<DecisionView>,
    /// The next dates that somebody agreed to.
    pub dates: Vec<DatedAction>,
    /// How many questions are open.
    pub open: usize,
    /// How many questions were answered differently.
    pub disagreed: usize,
}

/// What somebody said.
#[derive(Debug, Serialize)]
pub struct QuoteView {
    /// The words.
    pub text: String,
    /// Who said them.
    pub by: Vec<String>,
    /// The capability's title.
    pub capability: String,
    /// The question they answer.
    pub ask: String,
    /// True if others agreed on another answer.
    pub is_minority: bool,
}

impl Maker<'_> {
    /// Returns the view of the readiness report; nothing while no question is answered.
    pub fn report(&self) -> Option<ReportView> {
        if self.is_untouched() {
            return None;
        }
        let target = self.assessment.target_environment;
        let results: Vec<ResultRow> = self.capability_rows().into_iter().zip(&self.card.capabilities).map(result).collect();
        let waves = self.wave_results();
        let not_assessed = self.card.capabilities.iter().filter(|card| !card.is_assessed(target));
        Some(ReportView {
            header: self.header(None),
            headline: self.headline(),
            drivers: self.drivers(),
            phase: self.named_phase(),
            in_scope: super::overview::capabilities(self.card.capabilities.len()),
            left_out: self.left_out(),
            ignored: self.assessment.ignored.len(),
            method: self.method(),
            results,
            overall: self.overall_rows(),
            groups: self.group_rows(),
            radar: self.radar(),
            strengths: self.strength_rows(),
            findings: self.assessed(target).filter_map(|card| self.finding(card)).collect(),
            not_assessed: not_assessed.map(|card| self.capability_title(card.capability)).collect(),
            themes: self.themes(),
            path: self.critical_path(),
            foundations: self.foundations(),
            first_wave: self.next_wave().map(|wave| wave.title),
            waves,
            beyond: self.beyond(),
            open: self.open_count(),
            deviations: self.deviation_count(),
            waiting: self.waiting_decisions(),
            raid: self.raid_count(),
            dates: self.dated_actions(NEXT_DATES),
            has_wave_chart: self.has_charts(),
        })
    }

    fn open_count(&self) -> usize {
        let coverage = &self.card.coverage;
        coverage.unanswered + coverage.dont_know + coverage.parked
    }

    /// Returns the capabilities of the highest importance that come with a reason.
    fn drivers(&self) -> Vec<Driver> {
        let highest = self.assessment.capabilities_in_scope(self.kit).map(|ix| self.assessment.scope(ix).importance).reduce(f64::max);
        let driver = |ix: CapabilityIx| {
            let scope = self.assessment.scope(ix);
            let rationale = scope.rationale.clone().filter(|_| Some(scope.importance) == highest)?;
            Some(Driver { capability: self.capability_title(ix), capability_id: self.kit.capability_id(ix).to_owned(), rationale })
        };
        self.assessment.capabilities_in_scope(self.kit).filter_map(driver).collect()
    }

    fn method(&self) -> MethodView {
        let (from, to) = self.days();
        let coverage = &self.card.coverage;
        let mut given: Vec<(String, usize)> = self.kit.file.roles.iter().map(|role| (role.title.clone(), 0)).collect();
        let mut single = 0;
        let questions = self.card.capabilities.iter().flat_map(|card| &card.questions);
        for answer in
            questions.filter(|question| !question.state.is_open()).filter_map(|question| self.assessment.answer(question.instance))
        {
            single += usize::from(answer.by.len() == 1);
            for by in &answer.by {
                let title = self.kit.role_title(by);
                match given.iter_mut().find(|(known, _)| known == title) {
                    Some((_, times)) => *times += 1,
                    None => given.push((title.to_owned(), 1)),
                }
            }
        }
        given.retain(|(_, times)| *times > 0);
        let mut silent: Vec<String> =
            self.assessment.file.participants.iter().map(|one| self.kit.role_title(one.role.as_str()).to_owned()).collect();
        silent.retain(|role| !given.iter().any(|(known, _)| known == role));
        silent.dedup();
        let level = |level: i64| self.level_text(level);
        MethodView {
            from,
            to,
            roles: given.into_iter().map(|(role, times)| format!("{role} ({times})")).collect(),
            silent,
            coverage: resolved(coverage),
            answered: coverage.answered,
            with_evidence: coverage.with_evidence,
            single,
            not_known: coverage.dont_know,
            parked: coverage.parked,
            unanswered: coverage.unanswered,
            base: level(self.kit.base()),
            top: level(self.kit.top()),
        }
    }

    fn group_rows(&self) -> Vec<GroupRow> {
        let row = |(group, scores): (&crate::kit::format::Group, &Vec<_>)| {
            let is_in = |card: &&CapabilityCard| {
                self.kit.capability(card.capability).file.group.as_ref().is_some_and(|id| id.value == group.id.value)
            };
            let score = |(environment, overall): &(_, Option<crate::scoring::Overall>)| {
                let is_known = self.assessed(*environment).any(|card| is_in(&card));
                overall.as_ref().filter(|_| is_known).map_or_else(|| "–".to_owned(), |overall| format!("{:.1}", overall.score.low))
            };
            let members = self.card.capabilities.iter().filter(is_in).map(|card| self.capability_title(card.capability));
            GroupRow { title: group.title.clone(), scores: scores.iter().map(score).collect(), capabilities: members.collect() }
        };
        let rows = self.kit.file.groups.iter().zip(&self.card.groups).map(row);
        rows.filter(|row| !row.capabilities.is_empty() && row.scores.iter().any(|score| score != "–")).collect()
    }

    fn strength_rows(&self) -> Vec<StrengthRow> {
        let row = |card: &CapabilityCard| {
            let ix = card.capability;
            let mut in_place: Vec<PracticeIx> = self.in_place(ix).collect();
            in_place.sort_by_key(|practice| std::cmp::Reverse(self.kit.practice(*practice).level));
            let mut elsewhere = self.differences(ix);
            let row = StrengthRow {
                capability: self.capability_title(ix),
                capability_id: self.kit.capability_id(ix).to_owned(),
                in_place_more: in_place.len().saturating_sub(NAMED),
                in_place: in_place.into_iter().take(NAMED).map(|practice| self.title(practice)).collect(),
                elsewhere_more: elsewhere.len().saturating_sub(NAMED),
                elsewhere: {
                    elsewhere.truncate(NAMED);
                    elsewhere
                },
            };
            (!row.in_place.is_empty() || !row.elsewhere.is_empty()).then_some(row)
        };
        self.card.capabilities.iter().filter_map(row).collect()
    }

    fn finding(&self, card: &CapabilityCard) -> Option<FindingView> {
        let ix = card.capability;
        let scope = self.assessment.scope(ix);
        let (mut here, elsewhere): (Vec<Standing>, Vec<Standing>) = self.standings(ix).into_iter().partition(|standing| standing.is_target);
        let of_one = |gap: &&Gap| gap.is_confirmed() && self.kit.practice(gap.practice).capability == ix;
        let gaps: Vec<&Gap> = self.card.gaps.iter().filter(of_one).collect();
        let is_quick = |gap: &&&Gap| {
            let practice = self.kit.practice(gap.practice);
            let is_gap = |ix: &PracticeIx| self.card.gaps.iter().any(|other| other.practice == *ix);
            practice.effort == Effort::S && !practice.requires.iter().any(is_gap)
        };
        let mut heaviest = gaps.clone();
        heaviest.sort_by(|a, b| b.priority.total_cmp(&a.priority));
        let mut to_take = self.kit.capability(ix).file.design.iter().flat_map(|design| &design.decisions);
        let (decisions, risks) = self.belonging_to(ix);
        let is_driver = self.drivers().iter().any(|driver| driver.capability_id == self.kit.capability_id(ix));
        Some(FindingView {
            id: self.kit.capability_id(ix).to_owned(),
            title: self.capability_title(ix),
            standing: here.pop()?,
            elsewhere,
            target: self.level_text(scope.target),
            rationale: scope.rationale.clone().filter(|_| !is_driver),
            disciplines: self.by_discipline(ix),
            alarm: self.heaviest_answer(card),
            gap_count: gaps.len(),
            high_count: gaps.iter().filter(|gap| self.kit.practice(gap.practice).risk == Risk::High).count(),
            quick: gaps.iter().filter(is_quick).take(NAMED).map(|gap| self.practice_link(gap.practice)).collect(),
            gaps: heaviest.into_iter().take(NAMED).map(|gap| self.gap(gap)).collect(),
            decision: to_take.find(|decision| self.taken(ix, decision.id.as_str()).is_none()).map(|decision| decision.title.clone()),
            decisions,
            risks,
            open: card.coverage.unanswered + card.coverage.dont_know + card.coverage.parked,
        })
    }

    /// Returns the alarming answer on which most hangs, for the target environment.
    fn heaviest_answer(&self, card: &CapabilityCard) -> Option<Alarm> {
        let target = self.assessment.target_environment;
        let is_here = |risk: QuestionRisk, instance: crate::assessment::Instance| {
            instance.environment.is_none_or(|environment| environment == target) && self.is_alarming(instance, risk)
        };
        let at_stake = |question: crate::kit::QuestionIx| -> f64 {
            self.kit.question(question).credits.iter().map(|ix| self.kit.practice(*ix)).map(|one| one.risk.factor() * one.weight).sum()
        };
        let found = card.questions.iter().filter(|question| question.state == State::Answered && is_here(question.risk, question.instance));
        let instance = found.map(|question| (at_stake(question.instance.question), question.instance));
        let (_, instance) = instance.reduce(|a, b| if b.0 > a.0 { b } else { a })?;
        let answer = self.assessment.answer(instance)?;
        Some(Alarm {
            ask: self.kit.question_file(instance.question).ask.value.clone(),
            answer: said(self.kit, instance, &answer.response).trim().trim_end_matches('.').to_owned(),
            note: answer.note.as_ref().map(|note| excerpt(note, QUOTE)).unwrap_or_default(),
            environment: self.environment_of(instance),
            capability: self.capability_title(card.capability),
            capability_id: self.kit.capability_id(card.capability).to_owned(),
            by: answer.by.iter().map(|id| self.kit.role_title(id).to_owned()).collect(),
        })
    }

    /// Returns the first wave in which there is something to do and that is not over.
    fn next_wave(&self) -> Option<WaveRow> {
        let on = self.assessment.registers.as_of(self.kit, self.assessment);
        let is_open = |(index, _): &(usize, WaveRow)| !on.is_some_and(|day| self.assessment.waves[*index].is_over(day));
        self.wave_rows().into_iter().find(is_open).map(|(_, wave)| wave)
    }

    pub(super) fn wave_results(&self) -> Vec<WaveResult> {
        let projected = projections(self.kit, self.assessment, self.card, self.plan);
        let of = |(index, wave): (usize, WaveRow)| {
            let actions = || self.plan.gaps_of(self.card, index);
            let mut by_capability: Vec<(CapabilityIx, usize)> = Vec::new();
            for gap in actions() {
                let ix = self.kit.practice(gap.practice).capability;
                match by_capability.iter_mut().find(|(known, _)| *known == ix) {
                    Some((_, times)) => *times += 1,
                    None => by_capability.push((ix, 1)),
                }
            }
            by_capability.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            WaveResult {
                days: super::roadmap::days(&self.assessment.waves[index]),
                after: super::roadmap::mean(projected[index + 1].overall),
                high: actions().filter(|gap| self.kit.practice(gap.practice).risk == Risk::High).count(),
                more: by_capability.len().saturating_sub(NAMED),
                capabilities: by_capability.into_iter().take(NAMED).map(|(ix, _)| self.capability_title(ix)).collect(),
                wave,
            }
        };
        self.wave_rows().into_iter().map(of).collect()
    }

    /// Returns the view of the out-brief; nothing while no question is answered.
    pub fn out_brief(&self) -> Option<OutBriefView> {
        if self.is_untouched() {
            return None;
        }
        let in_scope = self.card.capabilities.len();
        let (waiting, waiting_more, decisions) = self.decisions_needed();
        Some(OutBriefView {
            header: self.header(None),
            headline: self.headline(),
            drivers: self.drivers(),
            phase: self.named_phase(),
            method: self.method(),
            capabilities: super::overview::capabilities(in_scope),
            left_out: self.left_out().into_iter().map(|one| one.title).collect(),
            quotes: self.quotes(),
            heat: self.capability_rows(),
            strengths: self.top_strengths(),
            gaps: self.heaviest_gaps(ON_A_SLIDE),
            gap_count: self.card.gaps.iter().filter(|gap| gap.is_confirmed()).count(),
            themes: self.themes(),
            path: self.critical_path(),
            next_wave: self.next_wave(),
            waves: self.wave_results(),
            beyond: self.beyond(),
            waiting,
            waiting_more,
            decisions,
            dates: self.dated_actions(DATES_ON_A_SLIDE),
            open: self.open_count(),
            disagreed: self.disagreements(None).len(),
        })
    }

    /// Returns what people said: to the answers that cannot wait, and where they did not agree.
    fn quotes(&self) -> Vec<QuoteView> {
        self.quotes_on(|_| true)
    }

    /// Returns the same of some capabilities.
    pub(super) fn quotes_on(&self, is_meant: impl Fn(CapabilityIx) -> bool) -> Vec<QuoteView> {
        let mut quotes: Vec<QuoteView> = (self.alarms_on(&is_meant).into_iter())
            .map(|alarm| QuoteView {
                text: excerpt(&alarm.note, QUOTE),
                by: alarm.by,
                capability: alarm.capability,
                ask: alarm.ask,
                is_minority: false,
            })
            .collect();
        let mut disputed = self.disagreements(None);
        disputed.retain(|instance| is_meant(self.kit.question(instance.question).capability));
        let importance =
            |instance: &crate::assessment::Instance| self.assessment.scope(self.kit.question(instance.question).capability).importance;
        disputed.sort_by(|a, b| importance(b).total_cmp(&importance(a)));
        for instance in disputed {
            let answer = self.assessment.answer(instance);
            let mut voices = answer.into_iter().flat_map(|answer| &answer.minority).map(|one| self.minority(instance, one));
            let Some((voice, note)) = voices.find_map(|voice| voice.note.clone().map(|note| (voice, note))) else { continue };
            quotes.push(QuoteView {
                text: excerpt(&note, QUOTE),
                by: voice.by,
                capability: self.capability_title(self.kit.question(instance.question).capability),
                ask: self.kit.question_file(instance.question).ask.value.clone(),
                is_minority: true,
            });
        }
        quotes.truncate(ON_A_SLIDE);
        quotes
    }
}

fn result((capability, card): (CapabilityRow, &CapabilityCard)) -> ResultRow {
    let here = capability.standings.iter().find(|standing| standing.is_target);
    ResultRow {
        score: here.map(|standing| standing.range.clone().unwrap_or_else(|| standing.score.clone())).unwrap_or_default(),
        evidence: if card.coverage.answered == 0 {
            "–".to_owned()
        } else {
            format!("{} of {}", card.coverage.with_evidence, card.coverage.answered)
        },
        capability,
    }
}
