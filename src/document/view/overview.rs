//! The views over all capabilities: index, executive summary, gap register.

use super::make::Maker;
use super::{
    Alarm, CapabilityRow, CapabilityShare, DocumentLink, DocumentRow, ExecutiveSummaryView, GapRegisterView, IndexView, LeftOut,
    OverallRow, ShelfView, Strength, WaitingDecision, WaveRow,
};
use crate::document::escape::excerpt;
use crate::document::set::{Attachment, INDEX, Kind, Others, Place, SET, Shelf, Subject};
use crate::kit::format::Risk;
use crate::kit::{CapabilityIx, EnvironmentIx, PracticeIx};
use crate::scoring::wording::{count, percent, resolved, said};
use crate::scoring::{CapabilityCard, exceeds};
use std::fmt::Write;

/// How many gaps, questions and practices a summary names.
const SUMMARY_GAPS: usize = 5;
const SUMMARY_OTHERS: usize = 3;

/// How much of a note a summary shows, in characters.
const EXCERPT: usize = 330;

/// How much of it two pages have room for.
const SUMMARY_EXCERPT: usize = 220;

/// How many decisions a sponsor is asked for at once.
const MOST_DECISIONS: usize = 3;

impl Maker<'_> {
    /// Returns the view of the index of these documents.
    pub fn index(&self, others: &Others<'_>) -> IndexView {
        IndexView {
            shelves: self.shelves(others),
            header: self.header(None),
            capabilities: self.capability_rows().into_iter().map(|row| with_documents(row, others.documents)).collect(),
            left_out: self.left_out(),
            has_meanings: self.kit.file.scale.iter().any(|level| level.meaning.is_some()),
            scale: self.kit.file.scale.iter().map(|level| self.level(level.level.value)).collect(),
            coverage: resolved(&self.card.coverage),
            participants: (self.assessment.file.participants.iter())
                .map(|one| {
                    let role = self.kit.role_title(one.role.as_str());
                    one.name.as_ref().map_or_else(|| role.to_owned(), |name| format!("{role} ({name})"))
                })
                .collect(),
        }
    }

    /// Returns the capabilities that are out of scope, with the reason.
    pub(super) fn left_out(&self) -> Vec<LeftOut> {
        let left_out = |ix: CapabilityIx| {
            let scope = self.assessment.scope(ix);
            LeftOut {
                title: self.capability_title(ix),
                reason: scope.reason.map_or("no reason given", |reason| reason.title()).to_owned(),
                note: scope.note.clone(),
            }
        };
        self.kit.capability_indices().filter(|ix| !self.assessment.scope(*ix).in_scope).map(left_out).collect()
    }

    /// Returns what there is to read, in the order of reading.
    fn shelves(&self, others: &Others<'_>) -> Vec<ShelfView> {
        let row = |kind: &Kind| {
            let first = others.documents.iter().find(|document| document.kind == kind.id)?;
            let part = |id: &str, title: &str| {
                let path = kind.path(Some(id));
                let is_there = others.documents.iter().any(|document| document.path == path);
                is_there.then(|| DocumentLink { title: title.to_owned(), path: from_index(&path).to_owned() })
            };
            let parts = match kind.subject {
                Subject::Role(_) => self.kit.file.roles.iter().filter_map(|role| part(role.id.as_str(), &role.title)).collect(),
                Subject::Session(_) => self.kit.sessions().iter().filter_map(|one| part(one.id.as_str(), &one.title)).collect(),
                Subject::Assessment(_) | Subject::Documents(_) | Subject::Capability(_) => Vec::new(),
            };
            let path = matches!(kind.subject, Subject::Assessment(_) | Subject::Documents(_)).then(|| from_index(&first.path).to_owned());
            Some(DocumentRow {
                title: kind.title.to_owned(),
                path,
                parts,
                readers: kind.readers.to_owned(),
                answers: kind.answers.to_owned(),
            })
        };
        let of_one = |shelf: &Shelf| ShelfView {
            title: shelf.title().to_owned(),
            documents: SET.iter().filter(|kind| kind.shelf == *shelf).filter_map(row).collect(),
        };
        let attached = |one: &Attachment| DocumentRow {
            title: one.title.to_owned(),
            path: Some(from_index(one.path).to_owned()),
            parts: Vec::new(),
            readers: one.readers.to_owned(),
            answers: one.answers.to_owned(),
        };
        let data = ShelfView { title: "Data".to_owned(), documents: others.attachments.iter().map(attached).collect() };
        Shelf::ALL.iter().map(of_one).chain([data]).filter(|shelf| !shelf.documents.is_empty()).collect()
    }

    /// Returns the view of the gap register.
    pub fn gap_register(&self) -> GapRegisterView {
        let is_silent = |id: &str| {
            let ix = self.kit.find_capability(id);
            ix.and_then(|ix| self.card.card(ix)).is_some_and(super::open::is_silent)
        };
        let to_clarify = self.gaps(false, None);
        let to_clarify_count = to_clarify.len();
        let (silent, to_clarify): (Vec<_>, Vec<_>) = to_clarify.into_iter().partition(|gap| is_silent(&gap.capability_id));
        let waiting = (self.card.capabilities.iter())
            .map(|card| {
                let id = self.kit.capability_id(card.capability);
                let number = silent.iter().filter(|gap| gap.capability_id == id).count();
                CapabilityShare { title: self.capability_title(card.capability), share: number.to_string() }
            })
            .filter(|one| one.share != "0");
        GapRegisterView {
            waiting: waiting.collect(),
            to_clarify_count,
            header: self.header(None),
            confirmed: self.gaps(true, None),
            to_clarify,
            weights: self.weights(),
            quadrant: self.quadrant(),
        }
    }

    /// Returns the view of the executive summary.
    pub fn executive_summary(&self) -> ExecutiveSummaryView {
        let owned: Vec<_> = self.open_questions(None).into_iter().filter(|question| question.is_owned).collect();
        let alarms = self.alarms().into_iter().map(|alarm| Alarm { note: excerpt(&alarm.note, SUMMARY_EXCERPT), ..alarm });
        let in_a_sentence = |decision: super::DecisionView| super::DecisionView {
            recommendation: decision.recommendation.as_deref().map(first_sentence),
            ..decision
        };
        let (waiting, waiting_more, decisions) = self.decisions_needed();
        let coverage = &self.card.coverage;
        ExecutiveSummaryView {
            header: self.header(None),
            headline: self.headline(),
            is_untouched: self.is_untouched(),
            overall: self.overall_rows(),
            since: self.since_milestone(),
            capabilities: self.capability_rows(),
            alarms: alarms.collect(),
            gap_count: self.card.gaps.iter().filter(|gap| gap.is_confirmed()).count(),
            gaps: self.heaviest_gaps(SUMMARY_GAPS),
            strengths: self.top_strengths(),
            decisions: decisions.into_iter().map(in_a_sentence).collect(),
            waiting,
            waiting_more,
            raid: self.raid_count(),
            owned_count: owned.len(),
            next_due: owned.into_iter().filter_map(|question| question.due).min(),
            open_count: coverage.unanswered + coverage.dont_know + coverage.parked,
            waves: self.wave_results(),
            beyond: self.beyond(),
            confidence: self.confidence(),
            base: self.level_text(self.kit.base()),
            top: self.level_text(self.kit.top()),
        }
    }

    /// Returns how many confirmed gaps fit into no wave, where there are waves.
    pub(super) fn beyond(&self) -> usize {
        if self.assessment.waves.is_empty() {
            return 0;
        }
        self.card.gaps.iter().filter(|gap| self.plan.is_work(gap) && self.plan.wave(gap.practice).is_none()).count()
    }

    /// Returns the answers that cannot wait: alarming ones for the target environment that come with an explanation, those of the
    /// most important capability first, and among them those with most evidence, then those that bear on most.
    pub(super) fn alarms(&self) -> Vec<Alarm> {
        self.alarms_on(|_| true)
    }

    /// Returns the same of some capabilities.
    pub(super) fn alarms_on(&self, is_meant: impl Fn(CapabilityIx) -> bool) -> Vec<Alarm> {
        let target = self.assessment.target_environment;
        let mut found: Vec<([f64; 3], Alarm)> = Vec::new();
        for question in self.card.capabilities.iter().filter(|card| is_meant(card.capability)).flat_map(|card| &card.questions) {
            let instance = question.instance;
            let is_here = instance.environment.is_none_or(|environment| environment == target);
            let Some(answer) = self.assessment.answer(instance).filter(|_| is_here && self.is_alarming(instance, question.risk)) else {
                continue;
            };
            let Some(note) = &answer.note else { continue };
            let of_kit = self.kit.question(instance.question);
            let at_stake: f64 = of_kit.credits.iter().map(|ix| self.kit.practice(*ix)).map(|one| one.risk.factor() * one.weight).sum();
            let alarm = Alarm {
                ask: self.kit.question_file(instance.question).ask.value.clone(),
                answer: said(self.kit, instance, &answer.response).trim().trim_end_matches('.').to_owned(),
                note: excerpt(note, EXCERPT),
                environment: self.environment_of(instance),
                capability: self.capability_title(of_kit.capability),
                capability_id: self.kit.capability_id(of_kit.capability).to_owned(),
                by: answer.by.iter().map(|id| self.kit.role_title(id).to_owned()).collect(),
            };
            let backed = answer.evidence.len() as f64;
            found.push(([self.assessment.scope(of_kit.capability).importance, backed, at_stake], alarm));
        }
        found.sort_by(|a, b| (0..3).map(|at| b.0[at].total_cmp(&a.0[at])).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal));
        found.into_iter().take(SUMMARY_OTHERS).map(|(_, alarm)| alarm).collect()
    }

    pub(super) fn headline(&self) -> String {
        let (standing, missing) = self.headline_parts();
        missing.map_or(standing.clone(), |missing| format!("{standing} {missing}"))
    }

    /// Returns where the whole stands, and what is missing up to the targets; nothing of the latter while nothing is assessed.
    pub(super) fn headline_parts(&self) -> (String, Option<String>) {
        if self.is_untouched() {
            return ("No question has been answered yet; there is no result.".to_owned(), None);
        }
        let target = self.assessment.target_environment;
        let place = self.kit.environment_title(target);
        let rows: Vec<(CapabilityIx, i64, i64)> = (self.assessed(target))
            .filter_map(|card| Some((card.capability, card.score_in(target)?.level?, self.assessment.scope(card.capability).target)))
            .collect();
        let below: Vec<&(CapabilityIx, i64, i64)> = rows.iter().filter(|(_, level, target)| level < target).collect();
        let mut text = match (rows.len(), below.len()) {
            (0, _) => return (format!("No capability is assessed for {place} yet."), None),
            (1, 0) => format!("For {place}, the one capability that is assessed is at target."),
            (all, 0) => format!("For {place}, all {all} capabilities are at target."),
            (1, _) => format!("For {place}, the one capability that is assessed is below its target."),
            (all, below) if all == below => format!("For {place}, none of the {} has reached its target.", capabilities(all)),
            (all, below) => {
                format!("For {place}, {below} of {} {} below target.", capabilities(all), if below == 1 { "is" } else { "are" })
            }
        };
        let low = |ix: CapabilityIx| self.card.card(ix).and_then(|card| card.score_in(target)?.score).map_or(0.0, |score| score.low);
        // Of those equally many levels away the one with the lowest score; of equals the first.
        let furthest = below.iter().rev().max_by(|a, b| (a.2 - a.1).cmp(&(b.2 - b.1)).then(low(b.0).total_cmp(&low(a.0))));
        if let Some((ix, level, target)) = furthest {
            let _ = write!(text, " The furthest away is {}: level {level} against a target of {target}.", self.capability_title(*ix));
        }
        let waiting = self.waiting(target);
        if waiting > 0 {
            let _ = write!(text, " {} {} still to be assessed.", capabilities(waiting), if waiting == 1 { "is" } else { "are" });
        }
        let confirmed = self.card.gaps.iter().filter(|gap| gap.is_confirmed());
        let high = confirmed.clone().filter(|gap| self.kit.practice(gap.practice).risk == Risk::High).count();
        let missing = match confirmed.count() {
            0 => "No gap is confirmed.".to_owned(),
            1 => "Up to the targets, one practice is missing or in place only in part.".to_owned(),
            all => format!(
                "Up to the targets, {all} practices are missing or in place only in part; {high} of them {} a high risk.",
                if high == 1 { "carries" } else { "carry" }
            ),
        };
        (text, Some(missing))
    }

    /// Returns true while no question is answered.
    pub(super) fn is_untouched(&self) -> bool {
        self.card.coverage.answered + self.card.coverage.not_applicable == 0
    }

    /// Goes through the capabilities that are assessed in an environment.
    pub(super) fn assessed(&self, environment: EnvironmentIx) -> impl Iterator<Item = &CapabilityCard> + Clone {
        self.card.capabilities.iter().filter(move |card| card.is_assessed(environment))
    }

    /// Returns how many capabilities have practices in an environment and no resolved question about them.
    fn waiting(&self, environment: EnvironmentIx) -> usize {
        let scored = self.card.capabilities.iter().filter(|card| card.score_in(environment).is_some_and(|score| score.score.is_some()));
        scored.filter(|card| !card.is_assessed(environment)).count()
    }

    pub(super) fn overall_rows(&self) -> Vec<OverallRow> {
        let row = |(environment, overall): &(EnvironmentIx, Option<crate::scoring::Overall>)| {
            let overall = overall.as_ref()?;
            let scores = self.assessed(*environment).filter_map(|card| Some((card.score_in(*environment)?.score?.low, card.capability)));
            scores.clone().next()?;
            let named = |found: Option<(f64, CapabilityIx)>| {
                found.map(|(score, ix)| format!("{} ({score:.1})", self.capability_title(ix))).unwrap_or_default()
            };
            Some(OverallRow {
                environment: self.kit.environment_title(*environment).to_owned(),
                score: format!("{:.1}", overall.score.low),
                range: overall.score.is_seen_open().then(|| format!("{:.1} to {:.1}", overall.score.low, overall.score.high)),
                lowest: named(scores.clone().min_by(|a, b| a.0.total_cmp(&b.0))),
                highest: named(scores.max_by(|a, b| a.0.total_cmp(&b.0))),
                waiting: self.waiting(*environment),
            })
        };
        self.card.overall.iter().filter_map(row).collect()
    }

    /// Returns the practices to build on: in place in the target environment, what is worth most first, one from each capability
    /// before a second from any.
    pub(super) fn top_strengths(&self) -> Vec<Strength> {
        let target = self.assessment.target_environment;
        let worth = |ix: PracticeIx| {
            let practice = self.kit.practice(ix);
            practice.risk.factor() * self.assessment.scope(practice.capability).importance * practice.weight
        };
        let mut found: Vec<PracticeIx> = (0..self.kit.practices.len())
            .map(PracticeIx)
            .filter(|ix| self.assessment.scope(self.kit.practice(*ix).capability).in_scope)
            .filter(|ix| self.card.credit(*ix, target).is_some_and(|credit| !exceeds(1.0, credit.low)))
            .collect();
        found.sort_by(|a, b| {
            let level = |ix: PracticeIx| self.kit.practice(ix).level;
            level(*b).cmp(&level(*a)).then(worth(*b).total_cmp(&worth(*a))).then(a.cmp(b))
        });
        let mut taken: Vec<PracticeIx> = Vec::new();
        for round in 0..SUMMARY_OTHERS {
            for ix in &found {
                let same = |other: &&PracticeIx| self.kit.practice(**other).capability == self.kit.practice(*ix).capability;
                if taken.len() < SUMMARY_OTHERS && !taken.contains(ix) && taken.iter().filter(same).count() <= round {
                    taken.push(*ix);
                }
            }
        }
        taken.into_iter().map(|ix| self.strength(ix)).collect()
    }

    pub(super) fn strength(&self, ix: PracticeIx) -> Strength {
        let in_place = |environment: &&EnvironmentIx| self.card.credit(ix, **environment).is_some_and(|credit| !exceeds(1.0, credit.low));
        Strength {
            title: self.title(ix),
            statement: self.kit.practice_file(ix).statement.as_ref().map(|text| text.value.clone()),
            capability: self.capability_title(self.kit.practice(ix).capability),
            environments: self.assessment.environments.iter().filter(in_place).map(|e| self.kit.environment_title(*e).to_owned()).collect(),
        }
    }

    /// Returns the decisions that are needed: those that wait for somebody, how many more of them there are, and to fill up those that
    /// nobody has begun.
    pub(super) fn decisions_needed(&self) -> (Vec<WaitingDecision>, usize, Vec<super::DecisionView>) {
        let mut waiting = self.waiting_decisions();
        let more = waiting.len().saturating_sub(MOST_DECISIONS);
        waiting.truncate(MOST_DECISIONS);
        let decisions = self.first_decisions().into_iter().take(MOST_DECISIONS - waiting.len()).collect();
        (waiting, more, decisions)
    }

    /// Returns the first decision of each of the capabilities that are furthest below target, weighed by importance.
    fn first_decisions(&self) -> Vec<super::DecisionView> {
        let target = self.assessment.target_environment;
        let mut far: Vec<(f64, CapabilityIx)> = (self.assessed(target))
            .filter_map(|card| {
                let wanted = self.assessment.scope(card.capability);
                let missing = wanted.target as f64 - card.score_in(target)?.score?.low;
                (missing > 0.0).then_some((missing * wanted.importance, card.capability))
            })
            .collect();
        far.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        far.iter()
            .filter_map(|(_, ix)| {
                let decisions = &self.kit.capability(*ix).file.design.as_ref()?.decisions;
                // What somebody has begun stands in the decision log.
                decisions.iter().map(|one| self.decision(*ix, one)).find(|one| one.taken.is_none())
            })
            .take(SUMMARY_OTHERS)
            .collect()
    }

    /// Returns the waves in which there is something to do, each with its place among all of them.
    pub(super) fn wave_rows(&self) -> Vec<(usize, WaveRow)> {
        let row = |(index, wave): (usize, &crate::assessment::planning::Wave)| {
            let actions: Vec<PracticeIx> =
                self.card.gaps.iter().map(|gap| gap.practice).filter(|practice| self.plan.wave(*practice) == Some(index)).collect();
            let points = self.plan.load(self.kit, self.card, index);
            (index, WaveRow { title: wave.title.clone(), actions: actions.len(), points: format!("{points} of {}", wave.capacity) })
        };
        self.assessment.waves.iter().enumerate().map(row).filter(|(_, wave)| wave.actions > 0).collect()
    }

    fn confidence(&self) -> String {
        let coverage = &self.card.coverage;
        let mut text = format!("{}. ", resolved(&self.card.coverage));
        match coverage.evidence_share() {
            Some(share) => {
                let _ = write!(
                    text,
                    "{} of {} answers can be checked against evidence ({}). ",
                    coverage.with_evidence,
                    coverage.answered,
                    percent(share)
                );
            }
            None => text.push_str("There is no answer that evidence could support yet. "),
        }
        match self.card.gaps.iter().filter(|gap| !gap.is_confirmed()).count() {
            0 => text.push_str("No gap depends on an open question."),
            open => drop(write!(
                text,
                "{} depend{} on questions that are still open.",
                count(open, "possible gap"),
                if open == 1 { "s" } else { "" }
            )),
        }
        text
    }
}

/// Returns the first sentence of text.
fn first_sentence(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.find(". ").map_or(text.clone(), |at| text[..=at].to_owned())
}

/// Returns the path of a document as the index links to it.
fn from_index(path: &str) -> &str {
    path.strip_prefix("docs/").unwrap_or(path)
}

/// Returns where to go from a document: to the index, and to the others of the same capability.
pub fn navigation(kind: &Kind, path: &str, places: &[Place]) -> Vec<DocumentLink> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let up = "../".repeat(folder.split('/').count() - 1);
    let is_near = |place: &&Place| {
        let is_other = place.path != path;
        let is_beside = matches!(kind.subject, Subject::Capability(_)) && place.path.rsplit_once('/').is_some_and(|(of, _)| of == folder);
        is_other && (place.kind == INDEX.id || is_beside)
    };
    let link = |place: &Place| {
        let title = Kind::find(place.kind)?.title.to_owned();
        let name = place.path.rsplit_once('/').map_or(place.path.as_str(), |(_, name)| name);
        let path = if place.kind == INDEX.id { format!("{up}{name}") } else { name.to_owned() };
        Some(DocumentLink { title, path })
    };
    let mut near: Vec<&Place> = places.iter().filter(is_near).collect();
    near.sort_by_key(|place| Kind::all().position(|kind| kind.id == place.kind));
    near.into_iter().filter_map(link).collect()
}

/// Adds its documents to the row of a capability.
fn with_documents(mut row: CapabilityRow, documents: &[Place]) -> CapabilityRow {
    let folder = format!("docs/{}/", row.id);
    let of_row = documents.iter().filter(|document| document.path.starts_with(&folder));
    let link = |document: &Place| {
        let kind = Kind::find(document.kind).filter(|kind| matches!(kind.subject, Subject::Capability(_)))?;
        Some(DocumentLink { title: kind.title.to_lowercase(), path: from_index(&document.path).to_owned() })
    };
    row.documents = of_row.filter_map(link).collect();
    row
}

pub(super) fn capabilities(number: usize) -> String {
    if number == 1 { "1 capability".to_owned() } else { format!("{number} capabilities") }
}
