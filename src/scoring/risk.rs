//! The risk that an answer means.

use super::{exceeds, link};
use crate::assessment::visibility::Visibility;
use crate::assessment::{Assessment, Instance, State};
use crate::kit::Kit;
use crate::kit::format::{Risk, RuleRisk};
use crate::words;

words! {
    /// The risk of a question.
    pub enum QuestionRisk {
        /// High.
        High = "high",
        /// Medium.
        Medium = "medium",
        /// Low.
        Low = "low",
        /// None.
        None = "none",
        /// Nothing is known yet.
        Unanswered = "unanswered",
        /// The question does not apply.
        NotApplicable = "not-applicable",
    }
}

impl From<Risk> for QuestionRisk {
    fn from(risk: Risk) -> Self {
        match risk {
            Risk::High => Self::High,
            Risk::Medium => Self::Medium,
            Risk::Low => Self::Low,
        }
    }
}

impl From<RuleRisk> for QuestionRisk {
    fn from(risk: RuleRisk) -> Self {
        match risk {
            RuleRisk::High => Self::High,
            RuleRisk::Medium => Self::Medium,
            RuleRisk::None => Self::None,
        }
    }
}

/// How many questions stand at which risk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RiskCounts {
    /// High.
    pub high: usize,
    /// Medium.
    pub medium: usize,
    /// Low.
    pub low: usize,
    /// None.
    pub none: usize,
    /// Not known yet.
    pub unanswered: usize,
    /// Not applicable.
    pub not_applicable: usize,
}

impl RiskCounts {
    /// Counts one question.
    pub fn count(&mut self, risk: QuestionRisk) {
        *match risk {
            QuestionRisk::High => &mut self.high,
            QuestionRisk::Medium => &mut self.medium,
            QuestionRisk::Low => &mut self.low,
            QuestionRisk::None => &mut self.none,
            QuestionRisk::Unanswered => &mut self.unanswered,
            QuestionRisk::NotApplicable => &mut self.not_applicable,
        } += 1;
    }
}

/// Returns the risk of a visible asking.
///
/// With `risk_rules` the first rule that holds decides, and where none holds the risk is high. Without them it is the worst risk
/// among the practices to which the answer gives less than 1.
///
/// # Source
///
/// The rules are those of AWS custom lenses; the rest is our own choice.
pub fn of(kit: &Kit, assessment: &Assessment, visibility: &Visibility, instance: Instance) -> QuestionRisk {
    match assessment.state(instance) {
        State::NotApplicable => QuestionRisk::NotApplicable,
        state if state.is_open() => QuestionRisk::Unanswered,
        _ if !kit.question(instance.question).risk_rules.is_empty() => by_rule(kit, assessment, visibility, instance),
        _ => by_practice(kit, assessment, visibility, instance),
    }
}

fn by_rule(kit: &Kit, assessment: &Assessment, visibility: &Visibility, instance: Instance) -> QuestionRisk {
    let rules = &kit.question(instance.question).risk_rules;
    let first = rules.iter().find(|(condition, _)| visibility.holds(kit, assessment, condition, instance.environment, true));
    first.map_or(QuestionRisk::High, |(_, risk)| (*risk).into())
}

fn by_practice(kit: &Kit, assessment: &Assessment, visibility: &Visibility, instance: Instance) -> QuestionRisk {
    let question = kit.question(instance.question);
    let missing = question.credits.iter().filter(|practice| {
        let applies = match instance.environment {
            Some(environment) => kit.practice(**practice).applies_in(environment),
            None => assessment.environments.iter().any(|environment| kit.practice(**practice).applies_in(*environment)),
        };
        applies && link::link(kit, assessment, visibility, **practice, instance).is_some_and(|link| exceeds(1.0, link.value.low))
    });
    missing.map(|practice| kit.practice(*practice).risk).max().map_or(QuestionRisk::None, Into::into)
}
