//! Which questions are asked: the one decision that prompt, progress, score and documents share.

use super::{Assessment, Instance, State};
use crate::kit::condition::{Condition, Truth};
use crate::kit::format::IfHidden;
use crate::kit::{Atom, EnvironmentIx, Kit, QuestionIx};
use std::collections::HashMap;

/// How an asking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is asked.
    Visible,
    /// It is not asked, since its `when` is false.
    Hidden(Hidden),
}

/// What a hidden asking counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// A question named in its `when` is open, so it may yet be asked: anything from nothing to all.
    Open,
    /// There is nothing to ask about: left out.
    NotApplicable,
    /// What cannot be asked because its basis is missing is missing too.
    Missing,
}

/// The standing of every asking in an assessment.
#[derive(Clone, Debug)]
pub struct Visibility {
    standings: HashMap<Instance, Standing>,
}

impl Visibility {
    /// Decides for every asking in scope.
    ///
    /// A question of a capability out of scope is never asked, and counts as not applicable to those that name it.
    pub fn of(kit: &Kit, assessment: &Assessment) -> Self {
        let mut visibility = Self { standings: HashMap::with_capacity(kit.questions.len() * 2) };
        visibility.decide_all(kit, assessment, &kit.asking_order);
        visibility
    }

    /// Decides for the askings of some questions, each of which comes after those that its `when` names: anew, where an answer that
    /// they depend on has changed.
    pub fn decide_all(&mut self, kit: &Kit, assessment: &Assessment, questions: &[QuestionIx]) {
        for &question in questions {
            let in_scope = assessment.scope(kit.question(question).capability).in_scope;
            for instance in assessment.instances(kit, question) {
                let standing = if in_scope { self.decide(kit, assessment, instance) } else { Standing::Hidden(Hidden::NotApplicable) };
                self.standings.insert(instance, standing);
            }
        }
    }

    fn decide(&self, kit: &Kit, assessment: &Assessment, instance: Instance) -> Standing {
        let question = kit.question(instance.question);
        let Some(when) = &question.when else { return Standing::Visible };
        if self.holds(kit, assessment, when, instance.environment, false) {
            return Standing::Visible;
        }
        let mut hidden = if question.if_hidden == Some(IfHidden::NotApplicable) { Hidden::NotApplicable } else { Hidden::Missing };
        for named in &question.named {
            for related in Self::related(kit, assessment, *named, instance.environment) {
                match self.standing(related) {
                    Standing::Hidden(Hidden::Open) => return Standing::Hidden(Hidden::Open),
                    Standing::Hidden(Hidden::NotApplicable) => hidden = Hidden::NotApplicable,
                    Standing::Hidden(Hidden::Missing) => {}
                    Standing::Visible => match assessment.state(related) {
                        state if state.is_open() => return Standing::Hidden(Hidden::Open),
                        State::NotApplicable => hidden = Hidden::NotApplicable,
                        _ => {}
                    },
                }
            }
        }
        Standing::Hidden(hidden)
    }

    /// Returns whether a condition holds where its question is asked. `neutral` makes choices that do not apply neutral to their
    /// operator, as rules of risk want it.
    pub fn holds(
        &self,
        kit: &Kit,
        assessment: &Assessment,
        condition: &Condition<Atom>,
        environment: Option<EnvironmentIx>,
        neutral: bool,
    ) -> bool {
        condition.holds(&mut |atom: &Atom| {
            let mut truth = Truth::False;
            for related in Self::related(kit, assessment, atom.question, environment) {
                let Some(answer) = assessment.answer(related).filter(|_| self.is_visible(related)) else { continue };
                if answer.response.has_chosen(atom.option) {
                    return Truth::True;
                }
                if neutral && answer.response.does_not_apply(atom.option) {
                    truth = Truth::Neutral;
                }
            }
            truth
        })
    }

    /// Returns the askings that a condition means when it names a question.
    fn related(kit: &Kit, assessment: &Assessment, named: QuestionIx, environment: Option<EnvironmentIx>) -> Vec<Instance> {
        let mut instances = assessment.instances(kit, named);
        if environment.is_some() {
            instances.retain(|instance| instance.environment.is_none() || instance.environment == environment);
        }
        instances
    }

    /// Returns the standing of an asking.
    pub fn standing(&self, instance: Instance) -> Standing {
        self.standings.get(&instance).copied().unwrap_or(Standing::Hidden(Hidden::NotApplicable))
    }

    /// Returns true if an asking is asked.
    pub fn is_visible(&self, instance: Instance) -> bool {
        self.standing(instance) == Standing::Visible
    }
}
