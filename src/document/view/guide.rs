//! The view of what a facilitator has at hand in the room.

use super::engagement::duration;
use super::minutes::Dispute;
use super::{AgendaRow, Header, Maker, OpenQuestion};
use crate::assessment::State;
use crate::kit::format::QuestionType;
use crate::kit::{AnswerOption, CapabilityIx, PracticeIx, QuestionIx};
use crate::plan::session::{self, Sitting};
use crate::scoring::exceeds;
use crate::scoring::wording::stated;
use serde::Serialize;

/// How many questions of a capability are shown with what to listen for.
const MOST: usize = 4;

/// With fewer rungs there is nothing to listen for.
const FEWEST_RUNGS: usize = 3;

/// The view of the facilitator guide.
#[derive(Debug, Serialize)]
pub struct GuideView {
    /// What every document shows.
    pub header: Header,
    /// Rules that hold for each session.
    pub ways_of_working: Vec<String>,
    /// True if there is a document on the sessions.
    pub has_sessions: bool,
    /// The capabilities, in the order in which they are taken.
    pub capabilities: Vec<GuideCapability>,
}

/// What to know of a capability before it is discussed.
#[derive(Debug, Serialize)]
pub struct GuideCapability {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// The session that asks its questions.
    pub session: Option<String>,
    /// How long that lasts.
    pub length: Option<String>,
    /// How its time is given out.
    pub agenda: Vec<AgendaRow>,
    /// Something that is true when the capability works: a way to open.
    pub opener: Option<String>,
    /// The questions on which most hangs.
    pub questions: Vec<GuideQuestion>,
    /// How many questions it has in scope.
    pub question_count: usize,
    /// Questions that decide whether others are asked.
    pub gates: Vec<Gate>,
    /// Questions for which nobody is in the room by the list of participants.
    pub without_role: Vec<WithoutRole>,
    /// Questions that ask for a share, which is worth nothing without what it leaves out.
    pub shares: Vec<String>,
    /// Questions that nobody could answer, or that were put off.
    pub open: Vec<OpenQuestion>,
    /// How many askings nobody has answered.
    pub unanswered: usize,
    /// True if nothing is answered.
    pub is_untouched: bool,
    /// Answers that not everybody agreed with.
    pub disputes: Vec<Dispute>,
}

/// A question with what to listen for.
#[derive(Debug, Serialize)]
pub struct GuideQuestion {
    /// The question.
    pub ask: String,
    /// Whom to ask.
    pub who: Vec<String>,
    /// Why it is asked, and what good looks like.
    pub why: Option<String>,
    /// What to ask for.
    pub evidence: Option<String>,
    /// The answers, the lowest first.
    pub rungs: Vec<Rung>,
    /// What was said so far, by environment.
    pub so_far: Vec<String>,
}

/// An answer to listen for.
#[derive(Debug, Serialize)]
pub struct Rung {
    /// The answer.
    pub label: String,
    /// The highest level of which it shows a practice in full; nothing where it shows none.
    pub level: Option<String>,
}

/// A question that decides whether others are asked.
#[derive(Debug, Serialize)]
pub struct Gate {
    /// The question.
    pub ask: String,
    /// How many questions depend on it.
    pub count: usize,
}

/// A question for which nobody is in the room.
#[derive(Debug, Serialize)]
pub struct WithoutRole {
    /// The question.
    pub ask: String,
    /// Whom it asks.
    pub who: Vec<String>,
}

impl Maker<'_> {
    /// Returns the view of the facilitator guide; nothing where there is no question to ask.
    pub fn facilitator_guide(&self) -> Option<GuideView> {
        let order = session::sequence(self.kit, self.assessment);
        let capabilities: Vec<GuideCapability> = order.into_iter().filter_map(|ix| self.guide_of(ix)).collect();
        let file = self.kit.engagement.as_ref().map(|engagement| &engagement.file);
        (!capabilities.is_empty()).then(|| GuideView {
            header: self.header(None),
            ways_of_working: file.map(|file| super::engagement::texts(&file.ways_of_working)).unwrap_or_default(),
            has_sessions: !self.kit.sessions().is_empty(),
            capabilities,
        })
    }

    fn guide_of(&self, ix: CapabilityIx) -> Option<GuideCapability> {
        let questions: Vec<QuestionIx> =
            self.kit.questions_of(ix).filter(|question| !self.assessment.instances(self.kit, *question).is_empty()).collect();
        if questions.is_empty() {
            return None;
        }
        let file = &self.kit.capability(ix).file;
        let asking =
            self.kit.sessions().iter().position(|one| one.for_each.is_some() && one.agenda.iter().any(|item| item.dimension.is_some()));
        let engagement = self.kit.engagement.as_ref().map(|engagement| &engagement.file);
        let session = engagement.zip(asking).map(|(file, at)| (file, Sitting { session: at, capability: Some(ix) }));
        let view = session.map(|(file, sitting)| self.session(file, sitting));
        let ask = |question: QuestionIx| self.kit.question_file(question).ask.value.clone();
        let who = |question: QuestionIx| self.role_titles(&self.kit.question_file(question).roles);
        let gates = questions.iter().filter_map(|question| {
            let count = questions.iter().filter(|other| self.kit.question(**other).named.contains(question)).count();
            (count > 1).then(|| Gate { ask: ask(*question), count })
        });
        let in_room = |question: &&QuestionIx| {
            let roles = &self.kit.question_file(**question).roles;
            self.preparation(ix).is_none_or(|one| {
                let room = || one.required.iter().chain(&one.optional);
                roles.is_empty() || one.required.is_empty() || roles.iter().any(|role| room().any(|there| there.value == role.value))
            })
        };
        let is_share = |question: &&QuestionIx| self.kit.question_file(**question).unit.as_deref() == Some("percent");
        let coverage = self.card.card(ix).map(|card| card.coverage).unwrap_or_default();
        Some(GuideCapability {
            id: file.id.value.0.clone(),
            title: file.title.value.clone(),
            purpose: file.purpose.as_ref().map(|text| text.value.clone()),
            session: view.as_ref().map(|view| view.title.clone()),
            length: session.map(|(file, sitting)| duration(self.minutes(file, sitting))),
            agenda: view.map(|view| view.agenda).unwrap_or_default(),
            opener: file.outcomes.first().map(|text| text.value.trim_end_matches('.').to_owned()),
            questions: self.key_questions(&questions),
            question_count: questions.len(),
            gates: gates.collect(),
            without_role: (questions.iter().filter(|question| !in_room(question)))
                .map(|question| WithoutRole { ask: ask(*question), who: who(*question) })
                .collect(),
            shares: questions.iter().filter(is_share).map(|question| ask(*question)).collect(),
            open: self.taken_on(Some(ix)),
            unanswered: coverage.unanswered,
            is_untouched: coverage.answered + coverage.not_applicable + coverage.dont_know + coverage.parked == 0,
            disputes: self.disputes(Some(ix)),
        })
    }

    /// Returns the questions with several rungs on which most hangs, in the order of the kit: those that everybody is asked first.
    fn key_questions(&self, questions: &[QuestionIx]) -> Vec<GuideQuestion> {
        let has_rungs = |ix: &&QuestionIx| {
            let question = self.kit.question(**ix);
            matches!(question.kind, QuestionType::Ladder | QuestionType::Single) && question.options.len() >= FEWEST_RUNGS
        };
        let mut ranked: Vec<QuestionIx> = questions.iter().filter(has_rungs).copied().collect();
        ranked.sort_by(|a, b| {
            let is_conditional = |ix: QuestionIx| self.kit.question(ix).when.is_some();
            is_conditional(*a).cmp(&is_conditional(*b)).then(self.at_stake(*b).total_cmp(&self.at_stake(*a))).then(a.cmp(b))
        });
        ranked.truncate(MOST);
        ranked.sort();
        ranked.into_iter().map(|ix| self.guide_question(ix)).collect()
    }

    fn guide_question(&self, ix: QuestionIx) -> GuideQuestion {
        let file = self.kit.question_file(ix);
        let question = self.kit.question(ix);
        let rung = |option: &AnswerOption| {
            let shown = |practice: &&PracticeIx| !exceeds(1.0, option.credit(**practice));
            let level = question.credits.iter().filter(shown).map(|practice| self.kit.practice(*practice).level).max();
            Rung { label: option.label.clone(), level: level.map(|level| self.level_text(level)) }
        };
        let so_far = |instance: crate::assessment::Instance| {
            let answer = self.assessment.answer(instance)?;
            let words = match answer.response.state() {
                State::Unanswered => return None,
                _ => stated(self.kit, instance, &answer.response),
            };
            Some(self.environment_of(instance).map_or_else(|| words.clone(), |place| format!("{place}: {words}")))
        };
        GuideQuestion {
            ask: file.ask.value.clone(),
            who: self.role_titles(&file.roles),
            why: file.why.as_ref().map(|text| text.value.clone()),
            evidence: file.evidence.as_ref().map(|text| text.value.trim_end_matches('.').to_owned()),
            rungs: question.options.iter().map(rung).collect(),
            so_far: self.assessment.instances(self.kit, ix).into_iter().filter_map(so_far).collect(),
        }
    }
}
