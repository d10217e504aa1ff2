//! Who has answered, and who is still missing.

use super::reconcile::{Respondent, counts};
use super::visibility::Visibility;
use super::{Assessment, Instance, State};
use crate::kit::Kit;
use crate::yaml::record::Date;

/// How far a respondent has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participation {
    /// The respondent.
    pub id: String,
    /// True if it is a role of the kit, which has questions of its own.
    pub is_role: bool,
    /// How many askings are for them: those that name their role, or those they answered where it is no role of the kit.
    pub asked: usize,
    /// How many askings they answered, those that do not apply included.
    pub answered: usize,
    /// How many they did not know.
    pub not_known: usize,
    /// How many they put off.
    pub parked: usize,
    /// How many of those that are for them they have said nothing to.
    pub missing: usize,
    /// How many they spoke to beyond those that are for them.
    pub beyond: usize,
    /// The day of their last answer.
    pub latest: Option<Date>,
}

/// A role that has not answered anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// The role.
    pub role: String,
    /// The name, where the assessment gives one.
    pub name: Option<String>,
    /// How many askings name it.
    pub asked: usize,
    /// True if it takes part by `opsready.yaml`.
    pub takes_part: bool,
}

/// Returns how far each respondent has come, by name.
///
/// What a respondent is asked follows from their own answers, and where they gave none from what is agreed. An agreed answer that names
/// a respondent is theirs, too.
pub fn participation(kit: &Kit, agreed: &Assessment, respondents: &[Respondent]) -> Vec<Participation> {
    let mut found: Vec<Participation> = respondents.iter().map(|respondent| of_one(kit, agreed, respondent)).collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}

fn of_one(kit: &Kit, agreed: &Assessment, respondent: &Respondent) -> Participation {
    let id = respondent.id.as_str();
    let is_role = kit.file.roles.iter().any(|role| role.id.as_str() == id);
    let mut seen = agreed.clone();
    seen.answers.extend(respondent.assessment.answers.iter().map(|(instance, answer)| (*instance, answer.clone())));
    let mut one = Participation {
        id: id.to_owned(),
        is_role,
        asked: 0,
        answered: 0,
        not_known: 0,
        parked: 0,
        missing: 0,
        beyond: 0,
        latest: respondent.assessment.answers.values().filter_map(|answer| answer.answered_on).max(),
    };
    for instance in asked(kit, &seen) {
        let state = match respondent.assessment.state(instance) {
            State::Unanswered if has_signed(agreed, instance, id) => State::Answered,
            state => state,
        };
        let is_theirs = if is_role { names(kit, instance, id) } else { state != State::Unanswered };
        one.asked += usize::from(is_theirs);
        one.beyond += usize::from(!is_theirs && state != State::Unanswered);
        match state {
            State::Answered | State::NotApplicable => one.answered += 1,
            State::DontKnow => one.not_known += 1,
            State::Parked => one.parked += 1,
            State::Unanswered => one.missing += usize::from(is_theirs),
        }
    }
    one
}

/// Returns the roles that take part or are asked by a question in scope and have not answered anything: neither on their own nor in an
/// agreed answer. Roles of the kit come in its order, others behind.
pub fn silent(kit: &Kit, agreed: &Assessment, respondents: &[Respondent]) -> Vec<Silent> {
    let askings = asked(kit, agreed);
    let participants = &agreed.file.participants;
    let mut roles: Vec<&str> = kit.file.roles.iter().map(|role| role.id.as_str()).collect();
    for role in participants.iter().map(|one| one.role.as_str()).chain(askings.iter().flat_map(|asking| roles_of(kit, *asking))) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    let has_answered = |role: &str| {
        let on_their_own = respondents.iter().any(|one| {
            let answers = || one.assessment.answers.values();
            (one.id.as_str() == role && answers().any(|answer| answer.response.state() != State::Unanswered))
                || answers().any(|answer| counts(&answer.response) && answer.by.iter().any(|by| by == role))
        });
        on_their_own || agreed.answers.keys().any(|instance| has_signed(agreed, *instance, role))
    };
    let silent = |role: &str| {
        let participant = participants.iter().find(|one| one.role.as_str() == role);
        let asked = askings.iter().filter(|asking| names(kit, **asking, role)).count();
        let is_wanted = participant.is_some() || asked > 0;
        (is_wanted && !has_answered(role)).then(|| Silent {
            role: role.to_owned(),
            name: participant.and_then(|one| one.name.clone()),
            asked,
            takes_part: participant.is_some(),
        })
    };
    roles.into_iter().filter_map(silent).collect()
}

/// Returns the visible askings in the order of the kit.
fn asked(kit: &Kit, assessment: &Assessment) -> Vec<Instance> {
    let visibility = Visibility::of(kit, assessment);
    let questions = assessment.capabilities_in_scope(kit).flat_map(|capability| kit.questions_of(capability));
    questions.flat_map(|question| assessment.instances(kit, question)).filter(|instance| visibility.is_visible(*instance)).collect()
}

fn roles_of(kit: &Kit, instance: Instance) -> impl Iterator<Item = &str> {
    kit.question_file(instance.question).roles.iter().map(|role| role.as_str())
}

fn names(kit: &Kit, instance: Instance, role: &str) -> bool {
    roles_of(kit, instance).any(|named| named == role)
}

/// Returns true if the agreed answer to an asking names somebody: among those who gave it, in the minority, or in a conflict.
fn has_signed(agreed: &Assessment, instance: Instance, who: &str) -> bool {
    agreed.answer(instance).filter(|answer| counts(&answer.response) || !answer.conflict.is_empty()).is_some_and(|answer| {
        answer.conflict.iter().flat_map(|version| &version.by).any(|by| by == who)
            || answer.by.iter().any(|by| by == who)
            || answer.minority.iter().any(|one| one.by.0.iter().any(|by| by.value == who))
    })
}
