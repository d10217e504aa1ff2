//! What one answer would do to the score of its capability: an open question answered well or badly, an agreed one answered otherwise.
//!
//! Only what the answer touches is scored anew: the questions that depend on it and the practices that these tell of.

use super::{Between, Scorecard, practice, score};
use crate::assessment::visibility::Visibility;
use crate::assessment::{Answer, Assessment, Instance, Response};
use crate::kit::format::QuestionType;
use crate::kit::{EnvironmentIx, Kit, PracticeIx, QuestionIx};

/// What an open question can still do to the score of its capability.
///
/// # Units
///
/// Scores are on the kit's scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prospect {
    /// The environment it is told for: that of the asking, or the target environment where it is asked once for all.
    pub environment: EnvironmentIx,
    /// The score while the question is open.
    pub now: Between,
    /// The score that is certain after the best answer.
    pub best: f64,
    /// The score that can still be reached after the worst answer.
    pub worst: f64,
}

/// Tries answers out.
#[derive(Debug)]
pub struct Prospects<'p> {
    kit: &'p Kit,
    card: &'p Scorecard,
    /// The assessment, with at most one answer changed, and only while it is tried.
    trial: Assessment,
    /// The visibility that belongs to it.
    visibility: Visibility,
}

impl<'p> Prospects<'p> {
    /// Returns the prospects of a scored assessment.
    pub fn new(kit: &'p Kit, assessment: &Assessment, card: &'p Scorecard) -> Self {
        Self { kit, card, trial: assessment.clone(), visibility: card.visibility.clone() }
    }

    /// Returns what an open question can still do; nothing where no answer to it counts, or where the capability has no score.
    ///
    /// Tried are each choice, each band, and of a checklist nothing, each statement and everything, without evidence.
    pub fn of(&mut self, instance: Instance) -> Option<Prospect> {
        let environment = self.environment(instance);
        let now = self.card.card(self.kit.question(instance.question).capability)?.score_in(environment)?.score?;
        let mut prospect: Option<Prospect> = None;
        for response in responses(self.kit, instance.question) {
            let Some(then) = self.with(instance, response) else { continue };
            let found = prospect.get_or_insert(Prospect { environment, now, best: then.low, worst: then.high });
            found.best = found.best.max(then.low);
            found.worst = found.worst.min(then.high);
        }
        prospect
    }

    /// Returns the score that the capability of a question would have with another answer; nothing where it would have none.
    pub fn with(&mut self, instance: Instance, response: Response) -> Option<Between> {
        let followers = self.followers(instance.question);
        let before = self.trial.answers.get(&instance).cloned();
        let answer = match &before {
            Some(before) => Answer { response, ..before.clone() },
            None => bare(response),
        };
        self.trial.answers.insert(instance, answer);
        self.visibility.decide_all(self.kit, &self.trial, &followers);
        let found = self.score(instance, &followers);
        match before {
            Some(before) => drop(self.trial.answers.insert(instance, before)),
            None => drop(self.trial.answers.remove(&instance)),
        }
        self.visibility.decide_all(self.kit, &self.trial, &followers);
        found
    }

    fn environment(&self, instance: Instance) -> EnvironmentIx {
        instance.environment.unwrap_or(self.trial.target_environment)
    }

    /// Returns the questions whose `when` depends on a question, directly or through others, each after those that it names.
    fn followers(&self, question: QuestionIx) -> Vec<QuestionIx> {
        let mut found: Vec<QuestionIx> = Vec::new();
        for &other in &self.kit.asking_order {
            let named = &self.kit.question(other).named;
            if other != question && named.iter().any(|named| *named == question || found.contains(named)) {
                found.push(other);
            }
        }
        found
    }

    /// Scores the capability of a question, with anew only what the question and those that follow it tell of.
    fn score(&self, instance: Instance, followers: &[QuestionIx]) -> Option<Between> {
        let kit = self.kit;
        let environment = self.environment(instance);
        let touches = |ix: PracticeIx| {
            let mut questions = followers.iter().chain([&instance.question]);
            questions.any(|question| kit.question(*question).credits.contains(&ix))
        };
        let credit = |ix: PracticeIx| {
            if touches(ix) {
                practice(kit, &self.trial, &self.visibility, ix, environment).credit
            } else {
                self.card.credit(ix, environment)
            }
        };
        let practices = kit.practices_of(kit.question(instance.question).capability);
        let credits: Vec<(PracticeIx, Between)> = practices.filter_map(|ix| Some((ix, credit(ix)?))).collect();
        score(kit, &credits).score
    }
}

/// Returns an answer with nothing beside it.
fn bare(response: Response) -> Answer {
    Answer {
        response,
        note: None,
        evidence: Vec::new(),
        by: Vec::new(),
        answered_on: None,
        minority: Vec::new(),
        ask_again: None,
        conflict: Vec::new(),
        at: None,
    }
}

/// Returns the answers to try.
fn responses(kit: &Kit, question: QuestionIx) -> Vec<Response> {
    let question = kit.question(question);
    let choice = |chosen: Vec<usize>| Response::Choices { chosen, not_applicable: Vec::new() };
    let each = || (0..question.options.len()).map(|option| choice(vec![option]));
    match question.kind {
        QuestionType::Text | QuestionType::Date => Vec::new(),
        QuestionType::Number => {
            question.options.iter().enumerate().map(|(band, option)| Response::Number(option.from.unwrap_or(0.0), Some(band))).collect()
        }
        QuestionType::Multi => {
            let all = (0..question.options.len()).filter(|option| !question.options[*option].is_none).collect();
            each().chain([choice(Vec::new()), choice(all)]).collect()
        }
        QuestionType::Single | QuestionType::Ladder | QuestionType::YesNo => each().collect(),
    }
}
