//! The views of minutes: what is known before a session, and room for what comes of it.

use super::{AnswerView, Header, Maker, OpenQuestion, SessionView};
use crate::assessment::{Instance, Response, State};
use crate::kit::CapabilityIx;
use crate::kit::format::Session;
use crate::plan::session::Sitting;
use crate::yaml::record::{At, Id};
use serde::Serialize;

/// The view of the minutes on a capability.
#[derive(Debug, Serialize)]
pub struct CapabilityMinutesView {
    /// What every document shows.
    pub header: Header,
    /// The id of the capability.
    pub id: String,
    /// The title of the capability.
    pub title: String,
    /// The sessions on it, in order; one without a title where the kit names none.
    pub sessions: Vec<MinutesSession>,
    /// The roles that must be in each of them.
    pub required: Vec<String>,
    /// The roles that should be in each of them.
    pub optional: Vec<String>,
    /// What must be settled.
    pub settle: Vec<String>,
    /// Questions that nobody could answer, or that were put off.
    pub open: Vec<OpenQuestion>,
    /// How many askings nobody has answered.
    pub unanswered: usize,
    /// Answers that not everybody agreed with.
    pub disputes: Vec<Dispute>,
    /// How many gaps are confirmed.
    pub gaps: usize,
    /// The titles of the design decisions that nobody has taken yet.
    pub decisions: Vec<String>,
}

/// A session of which minutes are kept.
#[derive(Debug, Serialize)]
pub struct MinutesSession {
    /// The name of its regions.
    pub id: String,
    /// The title.
    pub title: String,
    /// How long it lasts; nothing where the kit does not say.
    pub length: Option<String>,
    /// What it settles.
    pub purpose: Option<String>,
    /// The roles that must be there, those of the capability included.
    pub required: Vec<String>,
    /// The roles that should be there.
    pub optional: Vec<String>,
    /// What it leaves behind.
    pub outputs: Vec<String>,
}

/// An answer that not everybody agreed with.
#[derive(Debug, Serialize)]
pub struct Dispute {
    /// The title of the capability.
    pub capability: String,
    /// The id of the capability.
    pub capability_id: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The answer, with those who disagreed.
    pub answer: AnswerView,
}

/// The view of the minutes of a session that is held once.
#[derive(Debug, Serialize)]
pub struct SessionMinutesView {
    /// What every document shows.
    pub header: Header,
    /// The session.
    pub session: SessionView,
    /// What people in the session took on to find out.
    pub owed: Vec<OpenQuestion>,
    /// Where people in the session disagree with what was recorded.
    pub disputes: Vec<Dispute>,
}

impl Maker<'_> {
    /// Returns the askings of a capability, or of all, that are shown.
    fn askings(&self, capability: Option<CapabilityIx>) -> impl Iterator<Item = Instance> {
        let cards = self.card.capabilities.iter().filter(move |card| capability.is_none_or(|ix| card.capability == ix));
        cards.flat_map(|card| &card.questions).map(|question| question.instance)
    }

    /// Returns the questions that nobody could answer, then those that were put off.
    pub(super) fn taken_on(&self, capability: Option<CapabilityIx>) -> Vec<OpenQuestion> {
        let is_in = |state: State| self.askings(capability).filter(move |instance| self.assessment.state(*instance) == state);
        is_in(State::DontKnow).chain(is_in(State::Parked)).map(|instance| self.open_question(instance)).collect()
    }

    /// Returns the answers that not everybody agreed with.
    pub(super) fn disputes(&self, capability: Option<CapabilityIx>) -> Vec<Dispute> {
        self.askings(capability).filter_map(|instance| self.dispute(instance)).collect()
    }

    fn dispute(&self, instance: Instance) -> Option<Dispute> {
        let answer = self.assessment.answer(instance).filter(|answer| !answer.minority.is_empty())?;
        let ix = self.kit.question(instance.question).capability;
        let risk = self.card.card(ix)?.questions.iter().find(|question| question.instance == instance)?.risk;
        Some(Dispute {
            capability: self.capability_title(ix),
            capability_id: self.kit.capability_id(ix).to_owned(),
            environment: self.environment_of(instance),
            answer: self.answer(instance, answer, risk),
        })
    }

    /// Returns the view of the minutes on a capability; nothing where there is nothing to hold a session on.
    pub fn capability_minutes(&self, ix: CapabilityIx) -> Option<CapabilityMinutesView> {
        let file = &self.kit.capability(ix).file;
        if self.kit.questions_of(ix).next().is_none() && self.kit.practices_of(ix).next().is_none() {
            return None;
        }
        let preparation = self.preparation(ix);
        let own = |ids: fn(&crate::kit::format::Preparation) -> &[At<Id>]| preparation.map(ids).unwrap_or_default();
        let (required, optional) = (own(|one| &one.required), own(|one| &one.optional));
        let engagement = self.kit.engagement.as_ref().map(|engagement| &engagement.file);
        let repeated = self.kit.sessions().iter().enumerate().filter(|(_, session)| session.for_each.is_some());
        let mut sessions: Vec<MinutesSession> = (repeated.zip(std::iter::repeat(engagement)))
            .filter_map(|((at, session), file)| {
                let view = self.session(file?, Sitting { session: at, capability: Some(ix) });
                let with = |own: &[At<Id>], general: Vec<String>, not: &[String]| {
                    let mut titles = self.role_titles(own);
                    titles.extend(general);
                    titles.retain(|title| !not.contains(title));
                    let mut seen = Vec::new();
                    titles.retain(|title| {
                        !seen.contains(title) && {
                            seen.push(title.clone());
                            true
                        }
                    });
                    titles
                };
                let required = with(required, view.required, &[]);
                let optional = with(optional, view.optional, &required);
                Some(MinutesSession {
                    id: session.id.value.0.clone(),
                    title: view.title,
                    length: Some(view.length),
                    purpose: view.purpose,
                    required,
                    optional,
                    outputs: view.outputs,
                })
            })
            .collect();
        if sessions.is_empty() {
            sessions.push(MinutesSession {
                id: "session".to_owned(),
                title: "The session".to_owned(),
                length: None,
                purpose: None,
                required: self.role_titles(required),
                optional: self.role_titles(optional),
                outputs: Vec::new(),
            });
        }
        Some(CapabilityMinutesView {
            header: self.header(Some(ix)),
            id: file.id.value.0.clone(),
            title: file.title.value.clone(),
            sessions,
            required: self.role_titles(required),
            optional: self.role_titles(optional),
            settle: preparation.map(|one| super::engagement::texts(&one.settle)).unwrap_or_default(),
            open: self.taken_on(Some(ix)),
            unanswered: self.card.card(ix).map_or(0, |card| card.coverage.unanswered),
            disputes: self.disputes(Some(ix)),
            gaps: self.gaps(true, Some(ix)).len(),
            decisions: (file.design.iter().flat_map(|design| &design.decisions))
                .filter(|decision| !self.taken(ix, decision.id.as_str()).is_some_and(|taken| taken.holds))
                .map(|decision| decision.title.clone())
                .collect(),
        })
    }

    /// Returns the view of the minutes of a session; nothing for one that is held for each capability.
    pub fn session_minutes(&self, session: &Session) -> Option<SessionMinutesView> {
        if session.for_each.is_some() {
            return None;
        }
        let file = &self.kit.engagement.as_ref()?.file;
        let at = file.sessions.iter().position(|other| other.id.value == session.id.value)?;
        let is_there = |id: &str| session.required.iter().chain(&session.optional).any(|role| role.as_str() == id);
        let is_owed = |instance: &Instance| matches!(self.assessment.answer(*instance).map(|answer| &answer.response), Some(Response::DontKnow { owner: Some(owner), .. }) if is_there(owner));
        let mut owed: Vec<OpenQuestion> = self.askings(None).filter(is_owed).map(|instance| self.open_question(instance)).collect();
        owed.sort_by(|a, b| a.due.is_none().cmp(&b.due.is_none()).then(a.due.cmp(&b.due)));
        let disagrees = |instance: &Instance| {
            let minority = self.assessment.answer(*instance).map(|answer| answer.minority.as_slice()).unwrap_or_default();
            minority.iter().flat_map(|one| &one.by.0).any(|by| is_there(&by.value))
        };
        Some(SessionMinutesView {
            header: self.undated_header(),
            session: self.session(file, Sitting { session: at, capability: None }),
            owed,
            disputes: self.askings(None).filter(disagrees).filter_map(|instance| self.dispute(instance)).collect(),
        })
    }
}
