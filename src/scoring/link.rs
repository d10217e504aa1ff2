//! Links: what the answer to one question tells of one practice.

use super::Between;
use crate::assessment::visibility::{Hidden, Standing, Visibility};
use crate::assessment::{Assessment, Instance, Response, State};
use crate::kit::format::QuestionType;
use crate::kit::{EnvironmentIx, Kit, PracticeIx};

/// Why a link has its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// From the answer.
    Answered,
    /// The question is open.
    Open(State),
    /// The question is hidden, and a question it depends on is open.
    HiddenOpen,
    /// The question is hidden, since its basis is missing.
    HiddenMissing,
}

/// What one asking tells of one practice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// The asking.
    pub instance: Instance,
    /// How much of the practice it shows.
    pub value: Between,
    /// Why.
    pub basis: Basis,
}

/// Returns the links of a practice in an environment, without those that are left out.
pub fn links(kit: &Kit, assessment: &Assessment, visibility: &Visibility, practice: PracticeIx, environment: EnvironmentIx) -> Vec<Link> {
    if !kit.practice(practice).applies_in(environment) {
        return Vec::new();
    }
    askings(kit, practice, environment).filter_map(|instance| link(kit, assessment, visibility, practice, instance)).collect()
}

/// Returns the askings that are linked to a practice in an environment, left out or not.
pub fn askings(kit: &Kit, practice: PracticeIx, environment: EnvironmentIx) -> impl Iterator<Item = Instance> {
    let asked_by = kit.practice(practice).asked_by.iter().copied();
    asked_by.filter(move |question| kit.question(*question).counts_in(environment)).map(move |question| {
        let once = kit.question(question).environments.is_none();
        Instance { question, environment: if once { None } else { Some(environment) } }
    })
}

/// Returns the link between an asking and a practice; nothing if it is left out.
///
/// - Answered: the credit of the choice; of a checklist, `min(1, sum of the chosen credits / min(1, sum of the applicable ones))`.
/// - Open: 0 to 1.
/// - Not applicable, as a whole or in every choice that would credit the practice: left out.
/// - Hidden: see [`Hidden`].
pub fn link(kit: &Kit, assessment: &Assessment, visibility: &Visibility, practice: PracticeIx, instance: Instance) -> Option<Link> {
    let with = |value, basis| Some(Link { instance, value, basis });
    match visibility.standing(instance) {
        Standing::Hidden(Hidden::NotApplicable) => None,
        Standing::Hidden(Hidden::Open) => with(Between::OPEN, Basis::HiddenOpen),
        Standing::Hidden(Hidden::Missing) => with(Between::exactly(0.0), Basis::HiddenMissing),
        Standing::Visible => match assessment.state(instance) {
            State::NotApplicable => None,
            State::Answered => {
                let answer = assessment.answer(instance)?;
                with(Between::exactly(answered(kit, &answer.response, practice, instance)?), Basis::Answered)
            }
            open => with(Between::OPEN, Basis::Open(open)),
        },
    }
}

/// Returns how much of a practice an answer shows, 0 to 1; nothing if every choice that would credit it does not apply.
fn answered(kit: &Kit, response: &Response, practice: PracticeIx, instance: Instance) -> Option<f64> {
    let question = kit.question(instance.question);
    let credit = |option: usize| question.options[option].credit(practice);
    match response {
        Response::Choices { .. } if question.kind == QuestionType::Multi => {
            let applicable = (0..question.options.len()).filter(|option| !response.does_not_apply(*option));
            let all: f64 = applicable.clone().map(credit).sum();
            let chosen: f64 = applicable.filter(|option| response.has_chosen(*option)).map(credit).sum();
            (all > 0.0).then(|| (chosen / all.min(1.0)).min(1.0))
        }
        Response::Choices { chosen, .. } => Some(chosen.first().map_or(0.0, |option| credit(*option))),
        Response::Number(_, band) => Some(band.map_or(0.0, credit)),
        _ => Some(0.0),
    }
}
