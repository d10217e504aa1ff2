//! The views of what is not settled: open questions and actions.

use super::make::Maker;
use super::{CapabilityLink, DocumentLink, Header, OpenQuestion, WaitingDecision};
use crate::assessment::planning::format::ActionStatus;
use crate::assessment::reconcile::{response_of, whole_note};
use crate::assessment::{Answer, Instance, Response, State};
use crate::document::escape::excerpt;
use crate::kit::CapabilityIx;
use crate::scoring::CapabilityCard;
use crate::scoring::prospect::Prospects;
use crate::scoring::wording::{count, resolved, stated};
use serde::Serialize;

/// How long the label of an action in a chart may be, in characters.
const LABEL: usize = 48;

/// From how many dates on a chart says more than the table.
const DATES_WORTH_A_CHART: usize = 3;

/// How much of the reason for a question a register shows, in characters.
const WHY: usize = 160;

/// How many dates a recap names.
const DATES: usize = 6;

/// The view of the open questions.
#[derive(Debug, Serialize)]
pub struct OpenQuestionsView {
    /// What the document shows of itself.
    pub header: Header,
    /// How many questions are open.
    pub open: usize,
    /// How many of them are not answered.
    pub unasked: usize,
    /// The capabilities with something open, of which something is known.
    pub capabilities: Vec<OpenCapability>,
    /// The capabilities of which nothing is known yet.
    pub waiting: Vec<WaitingCapability>,
    /// What nobody knew, the soonest first.
    pub not_known: Vec<OpenRow>,
    /// What was put off.
    pub parked: Vec<OpenRow>,
    /// What nobody was asked or said anything to, in capabilities of which something is known.
    pub unanswered: Vec<OpenRow>,
    /// What two branches answered differently before they were merged.
    pub conflicts: Vec<ConflictRow>,
    /// What was answered differently.
    pub disagreed: Vec<DisagreedRow>,
}

/// A question whose answers came together in a merge.
#[derive(Debug, Serialize)]
pub struct ConflictRow {
    /// The question.
    pub ask: String,
    /// How files name it.
    pub key: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The capability's title.
    pub capability: String,
    /// The capability's id.
    pub capability_id: String,
    /// The answers.
    pub versions: Vec<OtherVoice>,
}

/// How much is open in a capability.
#[derive(Debug, Serialize)]
pub struct OpenCapability {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// How many questions nobody could answer.
    pub not_known: usize,
    /// How many were put off.
    pub parked: usize,
    /// How many are not answered.
    pub unanswered: usize,
    /// How many were answered differently.
    pub disagreed: usize,
    /// The score in the target environment, or the range it lies in.
    pub score: String,
    /// The level in the target environment, with the one it could become.
    pub level: String,
}

/// A capability of which nothing is known yet.
#[derive(Debug, Serialize)]
pub struct WaitingCapability {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// How many questions it has: "1 question".
    pub questions: String,
}

/// An open question with what hangs on it.
#[derive(Debug, Serialize)]
pub struct OpenRow {
    /// The question.
    pub question: OpenQuestion,
    /// Why it is asked, the first sentences.
    pub why: Option<String>,
    /// What hangs on the answer: what the best one adds to the score and the worst one takes from the upper end of its range, "0.12" if
    /// both are equal, else "+0.12, −0.10"; nothing where the answer does not count.
    pub at_stake: Option<String>,
}

/// A question that was answered differently.
#[derive(Debug, Serialize)]
pub struct DisagreedRow {
    /// The question.
    pub ask: String,
    /// How files name it.
    pub key: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The capability's title.
    pub capability: String,
    /// The capability's id.
    pub capability_id: String,
    /// The answer that counts.
    pub answer: String,
    /// Who gave it.
    pub by: Vec<String>,
    /// What others said.
    pub others: Vec<OtherVoice>,
}

/// An answer that does not count.
#[derive(Debug, Serialize)]
pub struct OtherVoice {
    /// Who gave it.
    pub by: Vec<String>,
    /// The answer.
    pub answer: Option<String>,
    /// What they said.
    pub note: Option<String>,
    /// What it would do to the score: "+0.12", or "0"; nothing where it cannot be told.
    pub effect: Option<String>,
}

/// The view of the actions.
#[derive(Debug, Serialize)]
pub struct ActionsView {
    /// What the document shows of itself.
    pub header: Header,
    /// How many actions there are: "1 action".
    pub total: String,
    /// How many of them have a date.
    pub dated: usize,
    /// The actions by owner.
    pub owners: Vec<OwnerActions>,
    /// True where the dates are drawn as a chart.
    pub has_date_chart: bool,
    /// What is mailed out.
    pub recap: RecapView,
}

/// The actions of one owner.
#[derive(Debug, Serialize)]
pub struct OwnerActions {
    /// The owner; nothing where nobody is named.
    pub owner: Option<String>,
    /// The actions, those with a date first, the soonest first.
    pub actions: Vec<ActionView>,
}

/// Something to do.
#[derive(Debug, Serialize)]
pub struct ActionView {
    /// What tells it from every other action: the key of its question, the id of its entry in a register, or of its practice.
    pub id: String,
    /// What to do: "Find out".
    pub deed: String,
    /// About what.
    pub subject: String,
    /// The same, as much of it as a chart has room for.
    pub label: String,
    /// How files name the question it comes from; nothing where it comes from several.
    pub key: Option<String>,
    /// The document it comes from, where it comes from several questions.
    pub source: Option<DocumentLink>,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The capability; nothing if it belongs to none.
    pub capability: Option<CapabilityLink>,
    /// By when.
    pub due: Option<String>,
    /// True if a day that a register names is past.
    pub is_overdue: bool,
}

/// What is mailed out after the sessions.
#[derive(Debug, Serialize)]
pub struct RecapView {
    /// The day of the first answer.
    pub from: Option<String>,
    /// The day of the last one.
    pub to: Option<String>,
    /// How many capabilities were spoken about: "1 capability".
    pub capabilities: String,
    /// How much is resolved.
    pub coverage: String,
    /// The result in a sentence or two.
    pub headline: String,
    /// The next dates, the soonest first.
    pub dates: Vec<DatedAction>,
    /// How many questions were answered differently.
    pub disagreed: usize,
    /// The decisions that wait for somebody.
    pub waiting: Vec<WaitingDecision>,
    /// How many more.
    pub waiting_more: usize,
    /// The titles of decisions that nobody has begun.
    pub decisions: Vec<String>,
}

/// Something to do with a date that somebody agreed to.
#[derive(Debug, Serialize)]
pub struct DatedAction {
    /// The date.
    pub due: String,
    /// True if it is past.
    pub is_overdue: bool,
    /// Who; nothing where nobody is named.
    pub who: Option<String>,
    /// What to do: "Find out".
    pub deed: String,
    /// About what.
    pub subject: String,
    /// Where; nothing if it is asked once for all.
    pub environment: Option<String>,
}

/// Returns a difference of scores with its sign, two digits behind the point; nothing if it would read as 0.
fn signed(difference: f64) -> Option<String> {
    let text = format!("{:.2}", difference.abs());
    let sign = if difference < 0.0 { "−" } else { "+" };
    (text != "0.00").then(|| format!("{sign}{text}"))
}

impl Maker<'_> {
    /// Returns the view of the open questions; nothing where none is open and all agreed, or where nothing is known at all.
    pub fn open_register(&self) -> Option<OpenQuestionsView> {
        if self.is_silent() {
            return None;
        }
        let mut prospects = Prospects::new(self.kit, self.assessment, self.card);
        let mut rows = |state: State| {
            let cards = self.card.capabilities.iter().filter(|card| !is_silent(card));
            let of_state = cards.flat_map(|card| &card.questions).filter(|question| question.state == state);
            let of_state = of_state.filter(|question| !self.is_in_conflict(question.instance));
            of_state.map(|question| self.open_row(question.instance, &mut prospects)).collect::<Vec<_>>()
        };
        let mut not_known = rows(State::DontKnow);
        not_known.sort_by_key(|row| (row.question.due.is_none(), row.question.due.clone()));
        let (parked, unanswered) = (rows(State::Parked), rows(State::Unanswered));
        let disagreed: Vec<DisagreedRow> =
            self.disagreements(None).into_iter().map(|instance| self.disagreed_row(instance, &mut prospects)).collect();
        let all = self.card.capabilities.iter().flat_map(|card| &card.questions).map(|question| question.instance);
        let conflicts: Vec<ConflictRow> =
            all.filter(|instance| self.is_in_conflict(*instance)).map(|instance| self.conflict_row(instance, &mut prospects)).collect();
        let waiting = |card: &CapabilityCard| WaitingCapability {
            id: self.kit.capability_id(card.capability).to_owned(),
            title: self.capability_title(card.capability),
            questions: count(card.questions.len(), "question"),
        };
        let coverage = &self.card.coverage;
        let view = OpenQuestionsView {
            header: self.header(None),
            open: coverage.unanswered + coverage.dont_know + coverage.parked,
            unasked: coverage.unanswered,
            capabilities: self.card.capabilities.iter().filter_map(|card| self.open_capability(card)).collect(),
            waiting: self.card.capabilities.iter().filter(|card| is_silent(card)).map(waiting).collect(),
            not_known,
            parked,
            unanswered,
            conflicts,
            disagreed,
        };
        let is_empty = view.capabilities.is_empty() && view.waiting.is_empty();
        (!is_empty).then_some(view)
    }

    /// Returns true while nobody has said anything to any question.
    pub(super) fn is_silent(&self) -> bool {
        self.card.capabilities.iter().all(is_silent)
    }

    fn open_capability(&self, card: &CapabilityCard) -> Option<OpenCapability> {
        let coverage = &card.coverage;
        let disagreed = self.disagreements(Some(card.capability)).len();
        if is_silent(card) || coverage.dont_know + coverage.parked + coverage.unanswered + disagreed == 0 {
            return None;
        }
        let standing = self.standings(card.capability).into_iter().find(|standing| standing.is_target)?;
        Some(OpenCapability {
            id: self.kit.capability_id(card.capability).to_owned(),
            title: self.capability_title(card.capability),
            not_known: coverage.dont_know,
            parked: coverage.parked,
            unanswered: coverage.unanswered,
            disagreed,
            score: standing.range.unwrap_or(standing.score),
            level: standing.level_high.map_or_else(|| standing.level.clone(), |high| format!("{}, up to {high}", standing.level)),
        })
    }

    /// Returns the askings whose answer not everybody agreed to, of one capability or of all.
    pub(super) fn disagreements(&self, capability: Option<CapabilityIx>) -> Vec<Instance> {
        let cards = self.card.capabilities.iter().filter(|card| capability.is_none_or(|ix| card.capability == ix));
        let is_disputed = |instance: &Instance| self.assessment.answer(*instance).is_some_and(|answer| !answer.minority.is_empty());
        cards.flat_map(|card| &card.questions).map(|question| question.instance).filter(is_disputed).collect()
    }

    fn open_row(&self, instance: Instance, prospects: &mut Prospects<'_>) -> OpenRow {
        let prospect = prospects.of(instance);
        OpenRow {
            question: self.open_question(instance),
            why: self.kit.question_file(instance.question).why.as_ref().map(|why| excerpt(&why.value, WHY)),
            at_stake: prospect.and_then(|prospect| {
                let best = signed((prospect.best - prospect.now.low).max(0.0));
                let worst = signed((prospect.worst - prospect.now.high).min(0.0));
                match (best, worst) {
                    (None, None) => None,
                    (Some(best), Some(worst)) if best.trim_start_matches('+') == worst.trim_start_matches('−') => {
                        Some(best.trim_start_matches('+').to_owned())
                    }
                    (best, worst) => Some(format!("{}, {}", best.as_deref().unwrap_or("0"), worst.as_deref().unwrap_or("0"))),
                }
            }),
        }
    }

    /// Returns true if answers came together in a merge and nobody has decided between them.
    fn is_in_conflict(&self, instance: Instance) -> bool {
        self.assessment.answer(instance).is_some_and(|answer| !answer.conflict.is_empty())
    }

    fn conflict_row(&self, instance: Instance, prospects: &mut Prospects<'_>) -> ConflictRow {
        let capability = self.kit.question(instance.question).capability;
        let environment = instance.environment.unwrap_or(self.assessment.target_environment);
        let now = self.card.card(capability).and_then(|card| card.score_in(environment)?.score);
        let mut version = |answer: &Answer| {
            let then = prospects.with(instance, answer.response.clone());
            OtherVoice {
                by: answer.by.iter().map(|id| self.kit.role_title(id).to_owned()).collect(),
                answer: Some(stated(self.kit, instance, &answer.response)),
                note: whole_note(answer),
                effect: now.zip(then).map(|(now, then)| signed(then.low - now.low).unwrap_or_else(|| "0".to_owned())),
            }
        };
        let versions = self.assessment.answer(instance).into_iter().flat_map(|answer| &answer.conflict).map(&mut version).collect();
        ConflictRow {
            ask: self.kit.question_file(instance.question).ask.value.clone(),
            key: instance.key(self.kit),
            environment: self.environment_of(instance),
            capability: self.capability_title(capability),
            capability_id: self.kit.capability_id(capability).to_owned(),
            versions,
        }
    }

    fn disagreed_row(&self, instance: Instance, prospects: &mut Prospects<'_>) -> DisagreedRow {
        let answer = self.assessment.answer(instance);
        let environment = instance.environment.unwrap_or(self.assessment.target_environment);
        let capability = self.kit.question(instance.question).capability;
        let now = self.card.card(capability).and_then(|card| card.score_in(environment)?.score);
        let mut other = |minority: &crate::assessment::format::Minority| {
            let voice = self.minority(instance, minority);
            let then = response_of(self.kit, instance.question, minority).and_then(|response| prospects.with(instance, response));
            let effect = now.zip(then).map(|(now, then)| signed(then.low - now.low).unwrap_or_else(|| "0".to_owned()));
            OtherVoice { by: voice.by, answer: voice.answer, note: voice.note, effect }
        };
        DisagreedRow {
            ask: self.kit.question_file(instance.question).ask.value.clone(),
            key: instance.key(self.kit),
            environment: self.environment_of(instance),
            capability: self.capability_title(capability),
            capability_id: self.kit.capability_id(capability).to_owned(),
            answer: answer.map(|answer| stated(self.kit, instance, &answer.response)).unwrap_or_default(),
            by: answer.into_iter().flat_map(|answer| &answer.by).map(|id| self.kit.role_title(id).to_owned()).collect(),
            others: answer.into_iter().flat_map(|answer| &answer.minority).map(&mut other).collect(),
        }
    }

    /// Returns what is to be done, with who it is.
    pub(super) fn all_actions(&self) -> Vec<(Option<String>, ActionView)> {
        let mut actions: Vec<(Option<String>, ActionView)> = Vec::new();
        for card in &self.card.capabilities {
            if is_silent(card) {
                let subject = count(card.questions.len(), "question");
                let source = Some(DocumentLink { title: "workshops".to_owned(), path: "workshops.md".to_owned() });
                actions.push((None, ActionView { source, ..self.action(Some(card.capability), "Hold the session", subject) }));
                continue;
            }
            for question in &card.questions {
                actions.extend(self.action_on(question.instance));
            }
            actions.extend(self.evidence_action(card.capability));
        }
        actions.extend(self.register_actions());
        actions.extend(self.planned_actions());
        actions
    }

    /// Returns what is to be done by a day that somebody agreed to, the soonest first.
    pub(super) fn dated_actions(&self, most: usize) -> Vec<DatedAction> {
        let dated = |(who, action): (Option<String>, ActionView)| {
            Some(DatedAction {
                due: action.due?,
                is_overdue: action.is_overdue,
                who,
                deed: action.deed,
                subject: action.subject,
                environment: action.environment,
            })
        };
        let mut dated: Vec<DatedAction> = self.all_actions().into_iter().filter_map(dated).collect();
        dated.sort_by(|a, b| a.due.cmp(&b.due));
        dated.truncate(most);
        dated
    }

    /// Returns the view of the actions; nothing where nothing is known, or nothing is to be done.
    pub fn actions(&self) -> Option<ActionsView> {
        if self.is_silent() {
            return None;
        }
        let actions = self.all_actions();
        let total = actions.len();
        let dated = actions.iter().filter(|(_, action)| action.due.is_some()).count();
        let mut owners: Vec<OwnerActions> = Vec::new();
        for (owner, action) in actions {
            match owners.iter_mut().find(|known| known.owner == owner) {
                Some(known) => known.actions.push(action),
                None => owners.push(OwnerActions { owner, actions: vec![action] }),
            }
        }
        let place = |owner: &OwnerActions| {
            let roles = &self.kit.file.roles;
            let of_kit = owner.owner.as_ref().map(|owner| roles.iter().position(|role| role.title == *owner).unwrap_or(roles.len()));
            (of_kit.is_none(), of_kit, owner.owner.clone())
        };
        owners.sort_by_key(place);
        for owner in &mut owners {
            owner.actions.sort_by_key(|action| (action.due.is_none(), action.due.clone()));
        }
        (total > 0).then(|| ActionsView {
            header: self.header(None),
            total: count(total, "action"),
            dated,
            has_date_chart: self.has_charts() && dated >= DATES_WORTH_A_CHART,
            owners,
            recap: self.recap(),
        })
    }

    pub(super) fn action(&self, capability: Option<CapabilityIx>, deed: &str, subject: String) -> ActionView {
        ActionView {
            id: capability.map_or_else(|| deed.to_lowercase(), |ix| format!("{} {}", deed.to_lowercase(), self.kit.capability_id(ix))),
            deed: deed.to_owned(),
            label: excerpt(&subject, LABEL),
            subject,
            key: None,
            source: None,
            environment: None,
            capability: capability.map(|ix| self.capability_link(ix)),
            due: None,
            is_overdue: false,
        }
    }

    /// Returns the work that somebody took on: gaps with an owner of their own, a day or a status, which are not done.
    fn planned_actions(&self) -> Vec<(Option<String>, ActionView)> {
        let on = self.assessment.registers.as_of(self.kit, self.assessment);
        let mut actions = Vec::new();
        for gap in self.card.gaps.iter().filter(|gap| self.plan.is_work(gap)) {
            let Some(planned) = self.assessment.planning.practice(gap.practice) else { continue };
            let is_taken_on = planned.owner.is_some() || planned.due.is_some() || planned.status.is_some();
            if !is_taken_on {
                continue;
            }
            let deed = if planned.status == Some(ActionStatus::Done) { "Show that it is done" } else { "Close the gap" };
            let place = self.practice_place(gap.practice);
            let action = ActionView {
                id: self.kit.practice(gap.practice).id.clone(),
                source: Some(DocumentLink { title: "design".to_owned(), path: place.path }),
                environment: Some(self.kit.environment_title(gap.environment).to_owned()),
                due: planned.due.as_ref().map(|due| due.value.to_string()),
                is_overdue: on.is_some_and(|day| planned.is_overdue(day)),
                ..self.action(Some(self.kit.practice(gap.practice).capability), deed, place.title)
            };
            let owner = self.assessment.planning.owner(self.kit, gap.practice).map(|owner| self.kit.role_title(owner).to_owned());
            actions.push((owner, action));
        }
        actions
    }

    /// Returns what is to be done about an asking, with its owner.
    fn action_on(&self, instance: Instance) -> Option<(Option<String>, ActionView)> {
        let question = self.open_question(instance);
        let is_disputed = || self.assessment.answer(instance).is_some_and(|answer| !answer.minority.is_empty());
        let deed = match self.assessment.answer(instance).map(|answer| &answer.response) {
            Some(Response::DontKnow { .. }) => "Find out",
            Some(Response::Parked { .. }) => "Take up again",
            Some(Response::Unanswered) if self.is_in_conflict(instance) => "Settle the conflict on",
            None | Some(Response::Unanswered) => "Answer",
            Some(Response::NotApplicable { reason, .. }) if reason.is_deviation() => "Review the deviation",
            _ if is_disputed() => "Agree on one answer",
            _ => return None,
        };
        let action = ActionView {
            id: question.key.clone(),
            key: Some(question.key),
            environment: question.environment,
            due: question.due,
            ..self.action(Some(self.kit.question(instance.question).capability), deed, question.ask)
        };
        Some((question.who.into_iter().next(), action))
    }

    /// Returns what is to be shown for a capability, by whom most of its answers without evidence come from.
    fn evidence_action(&self, capability: CapabilityIx) -> Option<(Option<String>, ActionView)> {
        let claims: Vec<_> = self.unproven(capability).into_iter().filter(|claim| claim.is_high).collect();
        let mut given: Vec<(usize, &str)> = Vec::new();
        for by in claims.iter().filter_map(|claim| self.assessment.answer(claim.instance)).flat_map(|answer| &answer.by) {
            match given.iter_mut().find(|(_, known)| *known == by) {
                Some((times, _)) => *times += 1,
                None => given.push((1, by)),
            }
        }
        let owner = given.iter().rev().max_by_key(|(times, _)| *times).map(|(_, by)| self.kit.role_title(by).to_owned());
        let subject = format!("{} on practices of high risk", count(claims.len(), "answer"));
        let source = DocumentLink { title: "evidence".to_owned(), path: "evidence.md#still-to-be-shown".to_owned() };
        (!claims.is_empty())
            .then(|| (owner, ActionView { source: Some(source), ..self.action(Some(capability), "Bring evidence for", subject) }))
    }

    fn recap(&self) -> RecapView {
        let (from, to) = self.days();
        let (waiting, waiting_more, decisions) = self.decisions_needed();
        let spoken = self.card.capabilities.iter().filter(|card| !is_silent(card)).count();
        RecapView {
            from,
            to,
            capabilities: super::overview::capabilities(spoken),
            coverage: resolved(&self.card.coverage),
            headline: self.headline(),
            dates: self.dated_actions(DATES),
            disagreed: self.disagreements(None).len(),
            waiting,
            waiting_more,
            decisions: decisions.into_iter().map(|decision| decision.title).collect(),
        }
    }

    /// Returns the days of the first and the last answer.
    pub(super) fn days(&self) -> (Option<String>, Option<String>) {
        let days = || self.assessment.answers.values().filter_map(|answer| answer.answered_on);
        (days().min().map(|day| day.to_string()), days().max().map(|day| day.to_string()))
    }
}

/// Returns true while nobody has said anything to the questions of a capability.
pub(super) fn is_silent(card: &CapabilityCard) -> bool {
    card.coverage.unanswered == card.coverage.visible
}
