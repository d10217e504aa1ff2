//! The arithmetic of the design, written a second time and held against the first.
//!
//! The oracle in this file follows section 4 of the design word by word, over small structs of its own, and shares nothing with
//! the library: it is slow, naive and easy to check by reading. Random kits and assessments are rendered as YAML, read and scored
//! by the library, and every number of the scorecard is compared. The examples at the end were computed by hand.

use opsready::assessment::Assessment;
use opsready::assessment::read::{AssessmentSources, assessment};
use opsready::diagnostic::{Source, has_errors};
use opsready::exchange::scorecard;
use opsready::kit::Kit;
use opsready::kit::condition::{self, Truth};
use opsready::kit::read::{KitSources, OverlaySources, kit};
use opsready::plan::Plan;
use opsready::scoring::Scorecard;
use opsready::yaml::edit::{Change, Field, change};
use opsready::yaml::{Node, Value as Yaml, parse};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

// ---------------------------------------------------------------------------------------------------------------------------
// The model: a kit and an assessment as the oracle sees them. Everything is an index; an id is a letter and the index.
// ---------------------------------------------------------------------------------------------------------------------------

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Single,
    Ladder,
    Multi,
    YesNo,
    Number,
    Text,
    Date,
}

/// A condition; an atom is a question (nothing: the one that holds the condition) and a choice.
#[derive(Clone, Debug)]
enum Expr {
    Default,
    Atom(Option<usize>, usize),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
}

#[derive(Clone, Debug)]
struct Choice {
    credits: Vec<(usize, f64)>,
    as_list: bool,
    informative: bool,
    none: bool,
    from: f64,
}

#[derive(Clone, Debug)]
struct Question {
    capability: usize,
    kind: Kind,
    environments: Option<BTreeSet<usize>>,
    choices: Vec<Choice>,
    when: Option<Expr>,
    if_hidden: bool,
    informative: bool,
    rules: Vec<(Expr, &'static str)>,
}

#[derive(Clone, Debug)]
struct Practice {
    capability: usize,
    level: i64,
    risk: &'static str,
    weight: Option<f64>,
    effort: &'static str,
    environments: Option<BTreeSet<usize>>,
    requires: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Capability {
    group: Option<usize>,
    in_scope: bool,
    target: Option<i64>,
    importance: Option<f64>,
}

#[derive(Clone, Debug)]
enum Said {
    /// An entry that holds a note only.
    Nothing,
    Choices {
        chosen: BTreeSet<usize>,
        not_applicable: BTreeSet<usize>,
    },
    Number(f64),
    Text,
    Date,
    DontKnow,
    NotApplicable,
    Parked,
}

#[derive(Clone, Debug)]
struct Answer {
    said: Said,
    evidence: bool,
}

/// A question, and the environment in which it is asked on its own.
type Asking = (usize, Option<usize>);

#[derive(Clone, Debug)]
struct Model {
    base: i64,
    top: i64,
    environments: usize,
    groups: usize,
    default_target: i64,
    capabilities: Vec<Capability>,
    practices: Vec<Practice>,
    questions: Vec<Question>,
    scope: BTreeSet<usize>,
    kit_target: usize,
    target: usize,
    evidence_from_level: Option<i64>,
    answers: BTreeMap<Asking, Answer>,
}

fn environment_id(index: usize) -> String {
    format!("e{index}")
}

/// Capabilities are named so that their order in the kit is not that of their names.
fn capability_id(index: usize) -> String {
    format!("{}{index}", ["z", "y", "x"][index])
}

fn choice_id(kind: Kind, index: usize) -> String {
    match kind {
        Kind::YesNo => ["yes", "no"][index].to_owned(),
        _ => format!("o{index}"),
    }
}

fn key(asking: Asking) -> String {
    asking.1.map_or_else(|| format!("q{}", asking.0), |environment| format!("q{}@e{environment}", asking.0))
}

// ---------------------------------------------------------------------------------------------------------------------------
// The oracle: section 4 of the design, once more.
// ---------------------------------------------------------------------------------------------------------------------------

/// What the design calls equal.
const EPSILON: f64 = 1e-9;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Range {
    low: f64,
    high: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Answered,
    Unanswered,
    DontKnow,
    NotApplicable,
    Parked,
}

impl State {
    fn is_open(self) -> bool {
        matches!(self, Self::Unanswered | Self::DontKnow | Self::Parked)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Unanswered => "unanswered",
            Self::DontKnow => "dont-know",
            Self::NotApplicable => "not-applicable",
            Self::Parked => "parked",
        }
    }
}

/// What a hidden question counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hidden {
    Open,
    NotApplicable,
    Missing,
}

/// What an atom says in a risk rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said3 {
    Yes,
    No,
    Neutral,
}

/// The operator under which an expression stands.
#[derive(Clone, Copy)]
enum Under {
    And,
    Or,
    Nothing,
}

impl Model {
    fn is_asked(&self, question: usize) -> bool {
        self.capabilities[self.questions[question].capability].in_scope
    }

    /// The askings of a question in the environments in scope.
    fn askings(&self, question: usize) -> Vec<Asking> {
        match &self.questions[question].environments {
            None => vec![(question, None)],
            Some(asked) => asked.intersection(&self.scope).map(|environment| (question, Some(*environment))).collect(),
        }
    }

    /// The askings of a question that a condition means which is evaluated in an environment, or once for all.
    fn named_askings(&self, question: usize, evaluated_in: Option<usize>) -> Vec<Asking> {
        let all = self.askings(question);
        match evaluated_in {
            // Asked once: its answer holds in all. Asked in each: the one of this environment, if it is asked there.
            Some(here) => all.into_iter().filter(|(_, environment)| environment.is_none_or(|environment| environment == here)).collect(),
            None => all,
        }
    }

    fn answer(&self, asking: Asking) -> Option<&Answer> {
        self.answers.get(&asking).filter(|_| self.is_asked(asking.0))
    }

    fn state(&self, asking: Asking) -> State {
        if !self.is_asked(asking.0) {
            // A capability that is out of scope is not assessed: there is nothing to answer in it.
            return State::NotApplicable;
        }
        match self.answer(asking).map(|answer| &answer.said) {
            None | Some(Said::Nothing) => State::Unanswered,
            Some(Said::Choices { chosen, not_applicable }) if chosen.is_empty() && not_applicable.is_empty() => State::Unanswered,
            Some(Said::Choices { .. } | Said::Number(_) | Said::Text | Said::Date) => State::Answered,
            Some(Said::DontKnow) => State::DontKnow,
            Some(Said::NotApplicable) => State::NotApplicable,
            Some(Said::Parked) => State::Parked,
        }
    }

    /// True if a choice is chosen, or the number falls into the band, whether or not the question is visible.
    fn chose(&self, asking: Asking, choice: usize) -> bool {
        match self.answer(asking).map(|answer| &answer.said) {
            Some(Said::Choices { chosen, not_applicable }) => chosen.contains(&choice) && !not_applicable.contains(&choice),
            Some(Said::Number(number)) => {
                // The band with the highest `from` not above the number.
                let bands = self.questions[asking.0].choices.iter().enumerate().filter(|(_, band)| band.from <= *number);
                bands.max_by(|a, b| a.1.from.total_cmp(&b.1.from)).is_some_and(|(index, _)| index == choice)
            }
            _ => false,
        }
    }

    fn is_visible(&self, asking: Asking) -> bool {
        self.questions[asking.0].when.as_ref().is_none_or(|when| self.holds(when, asking))
    }

    /// Whether a `when` holds. A choice that does not apply is not chosen.
    fn holds(&self, expr: &Expr, owner: Asking) -> bool {
        match expr {
            Expr::Default => true,
            Expr::Atom(question, choice) => {
                let named = self.named_askings(question.unwrap_or(owner.0), owner.1);
                named.iter().any(|asking| self.is_visible(*asking) && self.chose(*asking, *choice))
            }
            Expr::Not(inner) => !self.holds(inner, owner),
            Expr::And(parts) => parts.iter().all(|part| self.holds(part, owner)),
            Expr::Or(parts) => parts.iter().any(|part| self.holds(part, owner)),
        }
    }

    /// What a question counts as whose `when` is false.
    fn hidden(&self, asking: Asking) -> Hidden {
        let question = &self.questions[asking.0];
        let mut atoms = BTreeSet::new();
        question.when.as_ref().expect("a hidden question has a condition").questions(&mut atoms);
        let (mut open, mut not_applicable) = (false, false);
        for named in atoms {
            for asking in self.named_askings(named, asking.1) {
                if self.is_visible(asking) || !self.is_asked(named) {
                    open |= self.state(asking).is_open();
                    not_applicable |= self.state(asking) == State::NotApplicable;
                } else {
                    open |= self.hidden(asking) == Hidden::Open;
                    not_applicable |= self.hidden(asking) == Hidden::NotApplicable;
                }
            }
        }
        if open {
            Hidden::Open
        } else if not_applicable || question.if_hidden {
            Hidden::NotApplicable
        } else {
            Hidden::Missing
        }
    }

    /// What a choice credits a practice.
    fn choice_credit(&self, question: usize, choice: usize, practice: usize) -> f64 {
        let question = &self.questions[question];
        let own = |choice: &Choice| {
            let credit = choice.credits.iter().find(|(credited, _)| *credited == practice).map_or(0.0, |(_, credit)| *credit);
            if question.informative || choice.informative { 0.0 } else { credit }
        };
        if question.kind == Kind::Ladder {
            question.choices[..=choice].iter().map(own).fold(0.0, f64::max)
        } else {
            own(&question.choices[choice])
        }
    }

    fn credits(&self, question: usize, practice: usize) -> bool {
        (0..self.questions[question].choices.len()).any(|choice| self.choice_credit(question, choice, practice) > 0.0)
    }

    /// The value of a link; nothing if it is left out.
    fn link(&self, asking: Asking, practice: usize) -> Option<Range> {
        let (open, zero) = (Range { low: 0.0, high: 1.0 }, Range { low: 0.0, high: 0.0 });
        if !self.is_visible(asking) {
            return match self.hidden(asking) {
                Hidden::Open => Some(open),
                Hidden::NotApplicable => None,
                Hidden::Missing => Some(zero),
            };
        }
        let state = self.state(asking);
        if state.is_open() {
            return Some(open);
        }
        if state == State::NotApplicable {
            return None;
        }
        let question = &self.questions[asking.0];
        let credit = |choice: usize| self.choice_credit(asking.0, choice, practice);
        let value = if question.kind == Kind::Multi {
            let applies = |choice: usize| match self.answer(asking).map(|answer| &answer.said) {
                Some(Said::Choices { not_applicable, .. }) => !not_applicable.contains(&choice),
                _ => true,
            };
            let applicable: f64 = (0..question.choices.len()).filter(|choice| applies(*choice)).map(credit).sum();
            if applicable == 0.0 {
                return None;
            }
            let chosen: f64 = (0..question.choices.len()).filter(|choice| self.chose(asking, *choice)).map(credit).sum();
            f64::min(1.0, chosen / f64::min(1.0, applicable))
        } else {
            (0..question.choices.len()).find(|choice| self.chose(asking, *choice)).map_or(0.0, credit)
        };
        Some(Range { low: value, high: value })
    }

    fn applies(&self, practice: usize, environment: usize) -> bool {
        self.practices[practice].environments.as_ref().is_none_or(|environments| environments.contains(&environment))
    }

    /// The askings that are linked to a practice in an environment.
    fn linked(&self, practice: usize, environment: usize) -> Vec<Asking> {
        if !self.applies(practice, environment) {
            return Vec::new();
        }
        let questions = (0..self.questions.len()).filter(|question| self.is_asked(*question) && self.credits(*question, practice));
        questions
            .flat_map(|question| self.askings(question))
            .filter(|(_, asked_in)| asked_in.is_none_or(|asked_in| asked_in == environment))
            .collect()
    }

    /// The credit of a practice; nothing if it is not applicable.
    fn credit(&self, practice: usize, environment: usize) -> Option<Range> {
        let mut links = Vec::new();
        let mut is_shown = false;
        for asking in self.linked(practice, environment) {
            if let Some(link) = self.link(asking, practice) {
                links.push(link);
                let is_answer = self.is_visible(asking) && self.state(asking) == State::Answered;
                is_shown |= is_answer && self.answer(asking).is_some_and(|answer| answer.evidence);
            }
        }
        if links.is_empty() {
            return None;
        }
        let count = links.len() as f64;
        let low = links.iter().map(|link| link.low).sum::<f64>() / count;
        let high = links.iter().map(|link| link.high).sum::<f64>() / count;
        let is_capped = self.evidence_from_level.is_some_and(|level| self.practices[practice].level >= level) && !is_shown;
        Some(Range { low: if is_capped { low.min(0.5) } else { low }, high })
    }

    fn practices_of(&self, capability: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.practices.len()).filter(move |practice| self.practices[*practice].capability == capability)
    }

    /// M(l) by level, for the levels that have an applicable practice.
    fn level_means(&self, capability: usize, environment: usize) -> BTreeMap<i64, Range> {
        let mut means = BTreeMap::new();
        for level in self.base + 1..=self.top {
            let (mut low, mut high, mut weights) = (0.0, 0.0, 0.0);
            for practice in self.practices_of(capability).filter(|practice| self.practices[*practice].level == level) {
                if let Some(credit) = self.credit(practice, environment) {
                    let weight = self.practices[practice].weight.unwrap_or(1.0);
                    low += weight * credit.low;
                    high += weight * credit.high;
                    weights += weight;
                }
            }
            if weights > 0.0 {
                means.insert(level, Range { low: low / weights, high: high / weights });
            }
        }
        means
    }

    fn score(&self, capability: usize, environment: usize) -> Option<Range> {
        let means = self.level_means(capability, environment);
        if means.is_empty() {
            return None;
        }
        let span = (self.top - self.base) as f64;
        let of = |sum: f64| self.base as f64 + span * (sum / means.len() as f64);
        Some(Range { low: of(means.values().map(|mean| mean.low).sum()), high: of(means.values().map(|mean| mean.high).sum()) })
    }

    fn attained(&self, means: &BTreeMap<i64, f64>) -> Option<i64> {
        if means.is_empty() {
            return None;
        }
        let mut attained = self.base;
        for level in self.base + 1..=self.top {
            let lower_are_full = means.range(..level).all(|(_, mean)| mean - 0.85 >= EPSILON);
            let is_large = means.get(&level).is_none_or(|mean| mean - 0.50 >= EPSILON);
            if lower_are_full && is_large {
                attained = level;
            } else {
                break;
            }
        }
        Some(attained)
    }

    fn importance(&self, capability: usize) -> f64 {
        self.capabilities[capability].importance.unwrap_or(3.0)
    }

    fn in_scope(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.capabilities.len()).filter(|capability| self.capabilities[*capability].in_scope)
    }

    /// The mean over capabilities, as the scorecard has it.
    fn overall(&self, environment: usize, belongs: impl Fn(&Capability) -> bool) -> Value {
        let scores: Vec<(f64, Range)> = (self.in_scope())
            .filter(|capability| belongs(&self.capabilities[*capability]))
            .filter_map(|capability| Some((self.importance(capability), self.score(capability, environment)?)))
            .collect();
        if scores.is_empty() {
            return json!({"score": null, "low": null, "high": null, "min": null, "max": null});
        }
        let weights: f64 = scores.iter().map(|(weight, _)| weight).sum();
        let low = scores.iter().map(|(weight, score)| weight * score.low).sum::<f64>() / weights;
        let high = scores.iter().map(|(weight, score)| weight * score.high).sum::<f64>() / weights;
        let min = scores.iter().map(|(_, score)| score.low).fold(f64::INFINITY, f64::min);
        let max = scores.iter().map(|(_, score)| score.low).fold(f64::NEG_INFINITY, f64::max);
        json!({"score": low, "low": low, "high": high, "min": min, "max": max})
    }

    /// The visible askings of a capability, in order.
    fn visible_of(&self, capability: usize) -> Vec<Asking> {
        let questions = (0..self.questions.len()).filter(|question| self.questions[*question].capability == capability);
        questions.flat_map(|question| self.askings(question)).filter(|asking| self.is_visible(*asking)).collect()
    }

    fn coverage(&self, askings: &[Asking]) -> Value {
        let resolved = askings.iter().filter(|asking| !self.state(**asking).is_open()).count();
        share(resolved, askings.len())
    }

    fn evidence_coverage(&self, askings: &[Asking]) -> Value {
        let answers: Vec<&Answer> =
            askings.iter().filter(|asking| self.state(**asking) == State::Answered).filter_map(|asking| self.answer(*asking)).collect();
        share(answers.iter().filter(|answer| answer.evidence).count(), answers.len())
    }

    /// The risk of a visible asking.
    fn risk(&self, asking: Asking) -> &'static str {
        let state = self.state(asking);
        if state == State::NotApplicable {
            return "not-applicable";
        }
        if state.is_open() {
            return "unanswered";
        }
        let question = &self.questions[asking.0];
        if !question.rules.is_empty() {
            let first = question.rules.iter().find(|(rule, _)| self.rule_holds(rule, asking, Under::Nothing));
            return first.map_or("high", |(_, risk)| risk);
        }
        let environments = asking.1.map_or_else(|| self.scope.clone(), |environment| BTreeSet::from([environment]));
        let lacking = (0..self.practices.len()).filter(|practice| {
            let is_linked = environments.iter().any(|environment| self.linked(*practice, *environment).contains(&asking));
            is_linked && self.link(asking, *practice).is_some_and(|link| 1.0 - link.low >= EPSILON)
        });
        lacking.map(|practice| self.practices[practice].risk).max_by_key(|risk| factor(risk)).unwrap_or("none")
    }

    /// Whether a risk rule holds, where a choice that does not apply is the neutral element of its operator.
    fn rule_holds(&self, expr: &Expr, owner: Asking, under: Under) -> bool {
        if let Some(says) = self.neutral_or(expr, owner) {
            return match (says, under) {
                (Said3::Yes, _) | (Said3::Neutral, Under::And) => true,
                (Said3::No, _) | (Said3::Neutral, Under::Or | Under::Nothing) => false,
            };
        }
        match expr {
            Expr::Not(inner) => !self.rule_holds(inner, owner, under),
            Expr::And(parts) => parts.iter().all(|part| self.rule_holds(part, owner, Under::And)),
            Expr::Or(parts) => parts.iter().any(|part| self.rule_holds(part, owner, Under::Or)),
            Expr::Default | Expr::Atom(..) => unreachable!("an atom always says something"),
        }
    }

    /// What an atom says, or a chain of negations before one. The negation of what does not apply does not apply either.
    fn neutral_or(&self, expr: &Expr, owner: Asking) -> Option<Said3> {
        match expr {
            Expr::Default => Some(Said3::Yes),
            Expr::Atom(question, choice) => {
                let named: Vec<Asking> = self
                    .named_askings(question.unwrap_or(owner.0), owner.1)
                    .into_iter()
                    .filter(|asking| self.is_visible(*asking))
                    .collect();
                let is_neutral = |asking: &Asking| match self.answer(*asking).map(|answer| &answer.said) {
                    Some(Said::Choices { not_applicable, .. }) => not_applicable.contains(choice),
                    _ => false,
                };
                Some(if named.iter().any(|asking| self.chose(*asking, *choice)) {
                    Said3::Yes
                } else if named.iter().any(is_neutral) {
                    Said3::Neutral
                } else {
                    Said3::No
                })
            }
            Expr::Not(inner) => self.neutral_or(inner, owner).map(|says| match says {
                Said3::Yes => Said3::No,
                Said3::No => Said3::Yes,
                Said3::Neutral => Said3::Neutral,
            }),
            Expr::And(_) | Expr::Or(_) => None,
        }
    }

    fn target(&self, capability: usize) -> i64 {
        self.capabilities[capability].target.unwrap_or(self.default_target)
    }

    /// The gap of a practice: its environment and its credit there.
    fn gap(&self, practice: usize) -> Option<(usize, Range)> {
        let capability = self.practices[practice].capability;
        if !self.capabilities[capability].in_scope || self.practices[practice].level > self.target(capability) {
            return None;
        }
        let lacks = |credit: &Range| 1.0 - credit.low >= EPSILON;
        if !self.linked(practice, self.target).is_empty() {
            return self.credit(practice, self.target).filter(lacks).map(|credit| (self.target, credit));
        }
        let mut lowest: Option<(usize, Range)> = None;
        for environment in &self.scope {
            if let Some(credit) = self.credit(practice, *environment)
                && lowest.is_none_or(|(_, found)| found.low - credit.low >= EPSILON)
            {
                lowest = Some((*environment, credit));
            }
        }
        lowest.filter(|(_, credit)| lacks(credit))
    }

    fn priority(&self, practice: usize) -> Option<f64> {
        let (_, credit) = self.gap(practice)?;
        let own = &self.practices[practice];
        let risk = f64::from(factor(own.risk));
        Some(risk * self.importance(own.capability) * own.weight.unwrap_or(1.0) * (1.0 - credit.low))
    }

    /// The highest priority among a practice and what requires it, directly or through others.
    fn lifted(&self, practice: usize) -> f64 {
        let requiring = (0..self.practices.len()).filter(|other| self.practices[*other].requires.contains(&practice));
        requiring.map(|other| self.lifted(other)).fold(self.priority(practice).unwrap_or(0.0), f64::max)
    }

    fn gaps(&self) -> Vec<Value> {
        let mut gaps: Vec<usize> = (0..self.practices.len()).filter(|practice| self.gap(*practice).is_some()).collect();
        // Differences under 1e-9 are none.
        let order = |practice: usize| ((-self.lifted(practice) / EPSILON).round(), self.practices[practice].level, practice);
        gaps.sort_by(|a, b| order(*a).partial_cmp(&order(*b)).expect("priorities are numbers"));
        gaps.into_iter()
            .map(|index| {
                let (environment, credit) = self.gap(index).expect("it is a gap");
                let practice = &self.practices[index];
                json!({
                    "practice": format!("p{index}"),
                    "capability": capability_id(practice.capability),
                    "environment": environment_id(environment),
                    "level": practice.level,
                    "credit": credit.low,
                    "high": credit.high,
                    "confirmed": 1.0 - credit.high >= EPSILON,
                    "risk": practice.risk,
                    "priority": self.priority(index),
                    "effort": practice.effort,
                })
            })
            .collect()
    }

    fn capability_card(&self, capability: usize) -> Value {
        let visible = self.visible_of(capability);
        let environments: Map<String, Value> = (self.scope.iter())
            .map(|environment| {
                let score = self.score(capability, *environment);
                let means = self.level_means(capability, *environment);
                let low: BTreeMap<i64, f64> = means.iter().map(|(level, mean)| (*level, mean.low)).collect();
                let high: BTreeMap<i64, f64> = means.iter().map(|(level, mean)| (*level, mean.high)).collect();
                let by_level = |means: &BTreeMap<i64, f64>| -> Map<String, Value> {
                    means.iter().map(|(level, mean)| (level.to_string(), json!(mean))).collect()
                };
                let value = json!({
                    "score": score.map(|score| score.low),
                    "low": score.map(|score| score.low),
                    "high": score.map(|score| score.high),
                    "level": self.attained(&low),
                    "level_high": self.attained(&high),
                    "level_means": by_level(&low),
                    "level_means_high": by_level(&high),
                });
                (environment_id(*environment), value)
            })
            .collect();
        let practices: Vec<Value> = (self.practices_of(capability))
            .map(|practice| {
                let environments: Map<String, Value> = (self.scope.iter())
                    .map(|environment| {
                        let credit = self.credit(practice, *environment);
                        let value = json!({"credit": credit.map(|credit| credit.low), "high": credit.map(|credit| credit.high)});
                        (environment_id(*environment), value)
                    })
                    .collect();
                json!({"id": format!("p{practice}"), "level": self.practices[practice].level, "environments": environments})
            })
            .collect();
        let questions: Vec<Value> = (visible.iter())
            .map(|asking| {
                json!({
                    "id": format!("q{}", asking.0),
                    "environment": asking.1.map(environment_id),
                    "state": self.state(*asking).word(),
                    "risk": self.risk(*asking),
                })
            })
            .collect();
        json!({
            "id": capability_id(capability),
            "target": self.target(capability),
            "coverage": self.coverage(&visible),
            "environments": environments,
            "practices": practices,
            "questions": questions,
        })
    }

    /// The scorecard that the design demands.
    fn scorecard(&self) -> Value {
        let visible: Vec<Asking> = self.in_scope().flat_map(|capability| self.visible_of(capability)).collect();
        let count = |risk: &str| visible.iter().filter(|asking| self.risk(**asking) == risk).count();
        let in_each = |of: &dyn Fn(usize) -> Value| -> Map<String, Value> {
            self.scope.iter().map(|environment| (environment_id(*environment), of(*environment))).collect()
        };
        let groups: Map<String, Value> = (0..self.groups)
            .map(|group| {
                (format!("g{group}"), Value::Object(in_each(&|environment| self.overall(environment, |one| one.group == Some(group)))))
            })
            .collect();
        json!({
            "target_environment": environment_id(self.target),
            "overall": in_each(&|environment| self.overall(environment, |_| true)),
            "groups": groups,
            "coverage": self.coverage(&visible),
            "evidence_coverage": self.evidence_coverage(&visible),
            "risks": {
                "high": count("high"),
                "medium": count("medium"),
                "low": count("low"),
                "none": count("none"),
                "unanswered": count("unanswered"),
                "not_applicable": count("not-applicable"),
            },
            "capabilities": self.in_scope().map(|capability| self.capability_card(capability)).collect::<Vec<_>>(),
            "gaps": self.gaps(),
        })
    }

    /// The keys of answers that are out of scope.
    fn ignored(&self) -> BTreeSet<String> {
        let is_out = |asking: &Asking| !self.is_asked(asking.0) || asking.1.is_some_and(|environment| !self.scope.contains(&environment));
        self.answers.keys().filter(|asking| is_out(asking)).map(|asking| key(*asking)).collect()
    }

    /// True if the `when` of no question names this one.
    fn is_unnamed(&self, question: usize) -> bool {
        let mut named = BTreeSet::new();
        self.questions.iter().filter_map(|question| question.when.as_ref()).for_each(|when| when.questions(&mut named));
        !named.contains(&question)
    }
}

fn share(part: usize, whole: usize) -> Value {
    if whole == 0 { Value::Null } else { json!(part as f64 / whole as f64) }
}

fn factor(risk: &str) -> u8 {
    match risk {
        "high" => 3,
        "medium" => 2,
        "low" => 1,
        other => unreachable!("`{other}` is not a risk"),
    }
}

impl Expr {
    /// Collects the questions that an expression names.
    fn questions(&self, found: &mut BTreeSet<usize>) {
        match self {
            Self::Default => {}
            Self::Atom(question, _) => found.extend(question),
            Self::Not(inner) => inner.questions(found),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.questions(found)),
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------------
// The generator: a tape of numbers becomes a model. Zero is always the plainest choice, so that shrinking makes small kits.
// ---------------------------------------------------------------------------------------------------------------------------

struct Tape<'t> {
    numbers: &'t [u16],
    next: usize,
}

impl Tape<'_> {
    fn below(&mut self, limit: usize) -> usize {
        let number = self.numbers.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        usize::from(number) % limit
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Some of the numbers below a limit, at least one.
    fn some_of(&mut self, limit: usize) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = (0..limit).filter(|_| self.chance(60)).collect();
        if found.is_empty() {
            found.insert(self.below(limit));
        }
        found
    }

    fn level(&mut self, lowest: i64, highest: i64) -> i64 {
        lowest + int(self.below(usize::try_from(highest - lowest).expect("a scale goes up") + 1))
    }

    fn expr(&mut self, atoms: &[(Option<usize>, usize)], depth: usize) -> Expr {
        match self.below(if depth == 0 { 8 } else { 16 }) {
            8..=9 => Expr::Not(Box::new(self.expr(atoms, depth - 1))),
            10..=12 => Expr::And((0..2 + self.below(2)).map(|_| self.expr(atoms, depth - 1)).collect()),
            13..=15 => Expr::Or((0..2 + self.below(2)).map(|_| self.expr(atoms, depth - 1)).collect()),
            7 if self.chance(30) => Expr::Default,
            _ => {
                let (question, choice) = self.pick(atoms);
                Expr::Atom(question, choice)
            }
        }
    }
}

fn int(number: usize) -> i64 {
    i64::try_from(number).expect("it is small")
}

const CREDITS: [f64; 12] = [1.0, 0.5, 0.25, 0.75, 1.0, 0.3, 0.7, 0.1, 0.2, 0.6, 0.9, 0.85];
const WEIGHTS: [Option<f64>; 6] = [None, Some(1.0), Some(2.0), Some(0.5), Some(3.0), Some(1.5)];
const IMPORTANCES: [Option<f64>; 7] = [None, Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(5.0), Some(2.5)];
const KINDS: [Kind; 10] =
    [Kind::Single, Kind::Ladder, Kind::Multi, Kind::Ladder, Kind::Multi, Kind::YesNo, Kind::Number, Kind::Number, Kind::Text, Kind::Date];

fn model(numbers: &[u16]) -> Model {
    let mut tape = Tape { numbers, next: 0 };
    let base = int(tape.below(2));
    let top = base + 1 + int(tape.below(4));
    let environments = 2 + tape.below(2);
    let groups = tape.below(3);
    let default_target = tape.level(base, top);
    let mut capabilities: Vec<Capability> = (0..=tape.below(3))
        .map(|_| Capability {
            group: (groups > 0 && tape.chance(70)).then(|| tape.below(groups)),
            in_scope: !tape.chance(12),
            target: tape.chance(60).then(|| tape.level(base, top)),
            importance: tape.pick(&IMPORTANCES),
        })
        .collect();
    if tape.chance(90) {
        capabilities[0].in_scope = true;
    }
    let practices = practices(&mut tape, &capabilities, (base, top), environments);
    let questions = questions(&mut tape, &practices, capabilities.len(), environments);
    let scope = if tape.chance(70) { (0..environments).collect() } else { tape.some_of(environments) };
    let in_scope: Vec<usize> = scope.iter().copied().collect();
    let target = tape.pick(&in_scope);
    let kit_target = if tape.chance(50) { target } else { tape.below(environments) };
    let evidence_from_level = tape.chance(40).then(|| tape.level(base, top));
    let mut model = Model {
        base,
        top,
        environments,
        groups,
        default_target,
        capabilities,
        practices,
        questions,
        scope,
        kit_target,
        target,
        evidence_from_level,
        answers: BTreeMap::new(),
    };
    for index in 0..model.questions.len() {
        let places: Vec<Option<usize>> = match &model.questions[index].environments {
            None => vec![None],
            Some(asked) => asked.iter().map(|environment| Some(*environment)).collect(),
        };
        for place in places {
            if let Some(answer) = answer(&mut tape, &model.questions[index]) {
                model.answers.insert((index, place), answer);
            }
        }
    }
    model
}

fn practices(tape: &mut Tape<'_>, capabilities: &[Capability], (base, top): (i64, i64), environments: usize) -> Vec<Practice> {
    let mut practices = Vec::new();
    for capability in 0..capabilities.len() {
        for _ in 0..(if tape.chance(5) { 0 } else { 1 + tape.below(5) }) {
            practices.push(Practice {
                capability,
                level: tape.level(base + 1, top),
                risk: tape.pick(&["medium", "high", "low"]),
                weight: tape.pick(&WEIGHTS),
                effort: tape.pick(&["S", "M", "L"]),
                environments: tape.chance(20).then(|| tape.some_of(environments)),
                requires: Vec::new(),
            });
        }
    }
    // A practice requires only what comes before it by level, then by chance: no circles, none of a higher level.
    let ranks: Vec<(i64, usize, usize)> =
        practices.iter().enumerate().map(|(index, practice)| (practice.level, tape.below(8), index)).collect();
    for index in 0..practices.len() {
        for other in 0..practices.len() {
            if ranks[other] < ranks[index] && tape.chance(18) {
                practices[index].requires.push(other);
            }
        }
    }
    practices
}

fn questions(tape: &mut Tape<'_>, practices: &[Practice], capabilities: usize, environments: usize) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for capability in 0..capabilities {
        for _ in 0..(if tape.chance(5) { 0 } else { 1 + tape.below(4) }) {
            questions.push(question(tape, practices, capability, environments));
        }
    }
    // A question names only what comes before it by chance, in any capability: no circles, and not always backwards.
    let ranks: Vec<(usize, usize)> = (0..questions.len()).map(|index| (tape.below(6), index)).collect();
    for index in 0..questions.len() {
        let choices = |other: usize| (0..questions[other].choices.len()).map(move |choice| (Some(other), choice));
        let before: Vec<_> = (0..questions.len()).filter(|other| ranks[*other] < ranks[index]).flat_map(choices).collect();
        let own: Vec<_> = (0..questions[index].choices.len()).map(|choice| (None, choice)).collect();
        let everything: Vec<_> = own.iter().copied().chain((0..questions.len()).flat_map(choices)).collect();
        if !before.is_empty() && tape.chance(45) {
            questions[index].when = Some(tape.expr(&before, 2));
            questions[index].if_hidden = tape.chance(35);
        }
        if !own.is_empty() && tape.chance(30) {
            let atoms = if tape.chance(30) { &everything } else { &own };
            let mut rules: Vec<_> = (0..=tape.below(3)).map(|_| (tape.expr(atoms, 2), tape.pick(&["none", "medium", "high"]))).collect();
            if tape.chance(40) {
                rules.push((Expr::Default, tape.pick(&["high", "medium", "none"])));
            }
            questions[index].rules = rules;
        }
    }
    questions
}

fn question(tape: &mut Tape<'_>, practices: &[Practice], capability: usize, environments: usize) -> Question {
    let kind = tape.pick(&KINDS);
    let count = match kind {
        Kind::Single | Kind::Ladder | Kind::Multi => 1 + tape.below(4),
        Kind::YesNo => 2,
        Kind::Number => tape.below(4),
        Kind::Text | Kind::Date => 0,
    };
    let own: Vec<usize> = (0..practices.len()).filter(|practice| practices[*practice].capability == capability).collect();
    let all: Vec<usize> = (0..practices.len()).collect();
    let froms = [tape.pick(&[0.0, -5.0]), tape.pick(&[10.0, 25.0]), tape.pick(&[50.0, 80.0]), 95.0];
    let choices = (0..count)
        .map(|index| {
            let from = if tape.chance(8) || own.is_empty() { &all } else { &own };
            let as_list = tape.chance(15);
            let credited: BTreeSet<usize> =
                if from.is_empty() { BTreeSet::new() } else { (0..tape.below(4)).map(|_| tape.pick(from)).collect() };
            let credits = credited.into_iter().map(|practice| (practice, if as_list { 1.0 } else { tape.pick(&CREDITS) })).collect();
            let informative = tape.chance(8);
            Choice { credits, as_list, informative, none: kind == Kind::Multi && index + 1 == count && tape.chance(20), from: froms[index] }
        })
        .collect();
    Question {
        capability,
        kind,
        environments: tape.chance(55).then(|| tape.some_of(environments)),
        choices,
        when: None,
        if_hidden: false,
        informative: tape.chance(6),
        rules: Vec::new(),
    }
}

fn answer(tape: &mut Tape<'_>, question: &Question) -> Option<Answer> {
    let evidence = tape.chance(35);
    let said = match tape.below(100) {
        0..=14 => return None,
        15..=19 => Said::Nothing,
        20..=28 => Said::DontKnow,
        29..=40 => Said::NotApplicable,
        41..=47 => Said::Parked,
        _ => match question.kind {
            Kind::Text => Said::Text,
            Kind::Date => Said::Date,
            Kind::Number => Said::Number(tape.pick(&[0.0, 9.999, 10.0, 25.0, 24.5, 50.0, 79.0, 80.0, 94.9, 95.0, 100.0])),
            Kind::Multi => {
                let count = question.choices.len();
                let chosen = (0..count).filter(|_| tape.chance(50)).collect();
                let is_partial = tape.chance(40);
                let not_applicable = (0..count).filter(|_| is_partial && tape.chance(45)).collect();
                Said::Choices { chosen, not_applicable }
            }
            Kind::Single | Kind::Ladder | Kind::YesNo => {
                Said::Choices { chosen: BTreeSet::from([tape.below(question.choices.len())]), not_applicable: BTreeSet::new() }
            }
        },
    };
    Some(Answer { said, evidence })
}

// ---------------------------------------------------------------------------------------------------------------------------
// From a model to YAML, and through the library.
// ---------------------------------------------------------------------------------------------------------------------------

struct Files {
    kit: String,
    capabilities: Vec<(String, String)>,
    assessment: String,
    answers: Vec<(String, String)>,
}

impl Files {
    fn of(model: &Model) -> Self {
        let each = |of: &dyn Fn(usize) -> String| (0..model.capabilities.len()).map(|index| (capability_id(index), of(index))).collect();
        let mut files = Self {
            kit: model.kit_yaml(),
            capabilities: each(&|index| model.capability_yaml(index)),
            assessment: model.assessment_yaml(),
            answers: each(&|index| model.answers_yaml(index, false)),
        };
        files.capabilities.sort();
        files.answers.sort();
        files
    }

    fn text(&self) -> String {
        let mut text = format!("# kit.yaml\n{}# opsready.yaml\n{}", self.kit, self.assessment);
        for (folder, files) in [("capabilities", &self.capabilities), ("answers", &self.answers)] {
            for (stem, content) in files {
                put(&mut text, format_args!("# {folder}/{stem}.yaml\n{content}"));
            }
        }
        text
    }

    fn read(&self) -> Result<(Kit, Assessment), String> {
        let sources = |folder: &str, files: &[(String, String)]| {
            files.iter().map(|(stem, text)| (stem.clone(), Source::new(format!("{folder}/{stem}.yaml"), text.as_str()))).collect()
        };
        let kit_sources = KitSources {
            kit: Source::new("kit.yaml", self.kit.as_str()),
            capabilities: sources("capabilities", &self.capabilities),
            engagement: None,
            overlay: OverlaySources::default(),
        };
        let (kit, found) = kit(&kit_sources);
        let kit = kit.filter(|_| !has_errors(&found)).ok_or_else(|| format!("{}\n{found:#?}", self.text()))?;
        let sources = AssessmentSources {
            assessment: Source::new("opsready.yaml", self.assessment.as_str()),
            answers: sources("answers", &self.answers),
        };
        let (assessment, found) = assessment(&kit, &sources);
        let assessment = assessment.filter(|_| !has_errors(&found)).ok_or_else(|| format!("{}\n{found:#?}", self.text()))?;
        Ok((kit, assessment))
    }

    fn scorecard(&self) -> Result<Value, String> {
        let (kit, assessment) = self.read()?;
        let card = Scorecard::of(&kit, &assessment);
        let plan = Plan::of(&kit, &assessment, &card);
        Ok(scorecard::json(&kit, &assessment, &card, &plan))
    }
}

fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a string takes everything");
}

fn ids(letter: char, indices: impl IntoIterator<Item = usize>) -> String {
    let ids: Vec<String> = indices.into_iter().map(|index| format!("{letter}{index}")).collect();
    format!("[{}]", ids.join(", "))
}

impl Model {
    fn kit_yaml(&self) -> String {
        let scale: Vec<String> = (self.base..=self.top).map(|level| format!("{{level: {level}, name: L{level}}}")).collect();
        let environments: Vec<String> = (0..self.environments).map(|index| format!("{{id: e{index}, title: E{index}}}")).collect();
        let groups: Vec<String> = (0..self.groups).map(|index| format!("{{id: g{index}, title: G{index}}}")).collect();
        let capabilities: Vec<String> = (0..self.capabilities.len()).map(capability_id).collect();
        format!(
            "id: random\ntitle: Random\nversion: 1.0.0\nscale: [{}]\nenvironments: [{}]\ntarget_environment: e{}\ndefault_target: {}\ngroups: [{}]\ncapabilities: [{}]\n",
            scale.join(", "),
            environments.join(", "),
            self.kit_target,
            self.default_target,
            groups.join(", "),
            capabilities.join(", "),
        )
    }

    fn capability_yaml(&self, capability: usize) -> String {
        let id = capability_id(capability);
        let mut text = format!("id: {id}\ntitle: Capability {id}\n");
        if let Some(group) = self.capabilities[capability].group {
            put(&mut text, format_args!("group: g{group}\n"));
        }
        text.push_str("discovery:\n  questions:\n");
        for (index, question) in self.questions.iter().enumerate().filter(|(_, question)| question.capability == capability) {
            text.push_str(&self.question_yaml(index, question));
        }
        text.push_str("design:\n  practices:\n");
        for (index, practice) in self.practices.iter().enumerate().filter(|(_, practice)| practice.capability == capability) {
            let mut fields = vec![format!("id: p{index}, title: P{index}, level: {}", practice.level)];
            fields.push(format!("risk: {}, effort: {}", practice.risk, practice.effort));
            fields.extend(practice.weight.map(|weight| format!("weight: {weight}")));
            fields.extend(practice.environments.clone().map(|environments| format!("environments: {}", ids('e', environments))));
            if !practice.requires.is_empty() {
                fields.push(format!("requires: {}", ids('p', practice.requires.clone())));
            }
            put(&mut text, format_args!("    - {{{}}}\n", fields.join(", ")));
        }
        text
    }

    fn question_yaml(&self, index: usize, question: &Question) -> String {
        let kind = match question.kind {
            Kind::Single => "single",
            Kind::Ladder => "ladder",
            Kind::Multi => "multi",
            Kind::YesNo => "yes-no",
            Kind::Number => "number",
            Kind::Text => "text",
            Kind::Date => "date",
        };
        let mut text = format!("    - id: q{index}\n      ask: Question {index}?\n      type: {kind}\n");
        let mut line = |line: String| put(&mut text, format_args!("      {line}\n"));
        if let Some(environments) = &question.environments {
            line(format!("environments: {}", ids('e', environments.iter().copied())));
        }
        if let Some(when) = &question.when {
            line(format!("when: \"{}\"", self.condition(when)));
        }
        if question.if_hidden {
            line("if_hidden: not-applicable".to_owned());
        }
        if question.informative {
            line("informative: true".to_owned());
        }
        if question.kind == Kind::Number {
            line("min: 0".to_owned());
            line("max: 100".to_owned());
        }
        if !question.choices.is_empty() {
            line(if question.kind == Kind::Number { "bands:".to_owned() } else { "choices:".to_owned() });
        }
        for (index, choice) in question.choices.iter().enumerate() {
            let mut fields = vec![format!("id: {}", choice_id(question.kind, index))];
            if question.kind == Kind::Number {
                fields.push(format!("from: {}", choice.from));
            }
            if choice.as_list {
                fields.push(format!("credits: {}", ids('p', choice.credits.iter().map(|credit| credit.0))));
            } else if !choice.credits.is_empty() {
                let credits: Vec<String> = choice.credits.iter().map(|(practice, credit)| format!("p{practice}: {credit}")).collect();
                fields.push(format!("credits: {{{}}}", credits.join(", ")));
            }
            fields.extend(choice.none.then(|| "none: true".to_owned()));
            fields.extend(choice.informative.then(|| "informative: true".to_owned()));
            line(format!("  - {{{}}}", fields.join(", ")));
        }
        if !question.rules.is_empty() {
            line("risk_rules:".to_owned());
        }
        for (condition, risk) in &question.rules {
            line(format!("  - {{condition: \"{}\", risk: {risk}}}", self.condition_in(condition, index)));
        }
        text
    }

    fn condition(&self, expr: &Expr) -> String {
        self.condition_in(expr, usize::MAX)
    }

    /// Prints a condition; every operator gets its parentheses, which leaves no doubt.
    fn condition_in(&self, expr: &Expr, owner: usize) -> String {
        let join = |parts: &[Expr], operator: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.condition_in(part, owner)).collect();
            format!("({})", parts.join(operator))
        };
        match expr {
            Expr::Default => "default".to_owned(),
            Expr::Atom(Some(question), choice) => format!("q{question}:{}", choice_id(self.questions[*question].kind, *choice)),
            Expr::Atom(None, choice) => choice_id(self.questions[owner].kind, *choice),
            Expr::Not(inner) => format!("!{}", self.condition_in(inner, owner)),
            Expr::And(parts) => join(parts, " && "),
            Expr::Or(parts) => join(parts, " || "),
        }
    }

    fn assessment_yaml(&self) -> String {
        let mut text = "schema: opsready/assessment/v1\nid: random\ncustomer: Nobody\nkit: {id: random, version: 1.0.0}\n".to_owned();
        if self.scope.len() < self.environments || self.target == 0 {
            put(&mut text, format_args!("environments: {}\n", ids('e', self.scope.iter().rev().copied())));
        }
        if self.kit_target != self.target {
            put(&mut text, format_args!("target_environment: e{}\n", self.target));
        }
        if let Some(level) = self.evidence_from_level {
            put(&mut text, format_args!("policy: {{evidence_from_level: {level}}}\n"));
        }
        text.push_str("capabilities:\n");
        for (index, capability) in self.capabilities.iter().enumerate() {
            let mut fields = Vec::new();
            fields.extend((!capability.in_scope).then(|| "in_scope: false, reason: out-of-scope".to_owned()));
            fields.extend(capability.target.map(|target| format!("target: {target}")));
            fields.extend(capability.importance.map(|importance| format!("importance: {importance}")));
            if !fields.is_empty() {
                put(&mut text, format_args!("  {}: {{{}}}\n", capability_id(index), fields.join(", ")));
            }
        }
        text
    }

    fn answers_yaml(&self, capability: usize, backwards: bool) -> String {
        let mut entries: Vec<String> = Vec::new();
        for (asking, answer) in self.answers.iter().filter(|(asking, _)| self.questions[asking.0].capability == capability) {
            let question = &self.questions[asking.0];
            let options = |indices: &BTreeSet<usize>| {
                let ids: Vec<String> = indices.iter().map(|index| choice_id(question.kind, *index)).collect();
                if question.kind == Kind::Multi { format!("[{}]", ids.join(", ")) } else { ids.join("") }
            };
            let mut fields = vec![match &answer.said {
                Said::Nothing if question.kind == Kind::Multi => "choose: []".to_owned(),
                Said::Nothing => "note: We talked about it.".to_owned(),
                Said::Choices { chosen, not_applicable } if not_applicable.is_empty() => format!("choose: {}", options(chosen)),
                Said::Choices { chosen, not_applicable } => {
                    format!("choose: {}, not_applicable_choices: {}", options(chosen), options(not_applicable))
                }
                Said::Number(number) => format!("number: {number}"),
                Said::Text => "text: Something".to_owned(),
                Said::Date => "date: 2026-11-20".to_owned(),
                Said::DontKnow => "dont_know: {owner: somebody}".to_owned(),
                Said::NotApplicable => "not_applicable: {reason: other, note: None here}".to_owned(),
                Said::Parked => "parked: {note: Later}".to_owned(),
            }];
            fields.extend(answer.evidence.then(|| "evidence: [{title: A page}]".to_owned()));
            entries.push(format!("  {}: {{{}}}\n", key(*asking), fields.join(", ")));
        }
        if backwards {
            entries.reverse();
        }
        format!("capability: {}\nanswers:\n{}", capability_id(capability), entries.concat())
    }

    fn library(&self) -> Result<Value, TestCaseError> {
        Files::of(self).scorecard().map_err(TestCaseError::fail)
    }
}

// ---------------------------------------------------------------------------------------------------------------------------
// Comparing scorecards.
// ---------------------------------------------------------------------------------------------------------------------------

/// Objects whose keys are names of the kit: they hold what is expected and nothing else.
const NAMED: [&str; 5] = ["environments", "overall", "groups", "level_means", "level_means_high"];

/// Collects where `found` is not what is `wanted`. Records may hold more than is wanted.
fn differences(wanted: &Value, found: &Value, path: &str, all: &mut Vec<String>) {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            let last = path.rsplit('.').next().unwrap_or_default();
            if NAMED.contains(&last) && !found.keys().all(|key| wanted.contains_key(key)) {
                all.push(format!("{path}: wanted only {:?}, found {:?}", wanted.keys(), found.keys()));
            }
            for (key, value) in wanted {
                differences(value, found.get(key).unwrap_or(&Value::Null), &format!("{path}.{key}"), all);
                if !found.contains_key(key) {
                    all.push(format!("{path}.{key}: is not there"));
                }
            }
        }
        (Value::Array(wanted), Value::Array(found)) => {
            if wanted.len() != found.len() {
                all.push(format!("{path}: wanted {} entries, found {}: {wanted:?} and {found:?}", wanted.len(), found.len()));
            }
            for (index, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                differences(wanted, found, &format!("{path}.{index}"), all);
            }
        }
        (Value::Number(wanted), Value::Number(found)) => {
            let (wanted, found) = (wanted.as_f64().unwrap_or(f64::NAN), found.as_f64().unwrap_or(f64::INFINITY));
            if (wanted - found).abs() > EPSILON || wanted.is_nan() {
                all.push(format!("{path}: wanted {wanted}, found {found}"));
            }
        }
        _ if wanted == found => {}
        _ => all.push(format!("{path}: wanted {wanted}, found {found}")),
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

/// Goes through the scores of a scorecard: a name, the low value and the high one.
fn scores(card: &Value) -> Vec<(String, Option<f64>, Option<f64>)> {
    let mut all = Vec::new();
    let mut take = |name: String, value: &Value, low: &str, high: &str| all.push((name, number(&value[low]), number(&value[high])));
    for (environment, value) in card["overall"].as_object().expect("the overall scores are there") {
        take(format!("overall {environment}"), value, "low", "high");
        take(format!("overall {environment} min"), value, "min", "max");
    }
    for capability in card["capabilities"].as_array().expect("capabilities are there") {
        for (environment, value) in capability["environments"].as_object().expect("environments are there") {
            take(format!("{} {environment}", capability["id"]), value, "low", "high");
            take(format!("{} {environment} level", capability["id"]), value, "level", "level_high");
        }
        for practice in capability["practices"].as_array().expect("practices are there") {
            for (environment, value) in practice["environments"].as_object().expect("environments are there") {
                take(format!("{} {environment}", practice["id"]), value, "credit", "high");
            }
        }
    }
    all
}

/// Returns what is lower after than before, or no longer there.
fn fallen(before: &Value, after: &Value) -> Vec<String> {
    let is_lower = |before: Option<f64>, after: Option<f64>| match (before, after) {
        (Some(before), Some(after)) => before - after > EPSILON,
        (before, after) => before.is_some() != after.is_some(),
    };
    let (before, after) = (scores(before), scores(after));
    assert_eq!(before.len(), after.len());
    let pairs = before.iter().zip(&after).filter(|(before, after)| is_lower(before.1, after.1) || is_lower(before.2, after.2));
    pairs.map(|(before, after)| format!("{before:?} became {after:?}")).collect()
}

/// Returns what is out of its bounds.
fn unbounded(model: &Model, card: &Value) -> Vec<String> {
    let (base, top) = (model.base as f64, model.top as f64);
    let mut all = Vec::new();
    for (name, low, high) in scores(card) {
        let (from, to) = if name.starts_with("\"p") { (0.0, 1.0) } else { (base, top) };
        if let (Some(low), Some(high)) = (low, high)
            && !(from - EPSILON <= low && low <= high + EPSILON && high <= to + EPSILON)
        {
            all.push(format!("{name}: {low} to {high} is not within {from} to {to}"));
        }
    }
    for gap in card["gaps"].as_array().expect("gaps are there") {
        if !number(&gap["priority"]).is_some_and(|priority| priority > 0.0 && priority <= 3.0 * 5.0 * 3.0) {
            all.push(format!("{gap}"));
        }
    }
    all
}

// ---------------------------------------------------------------------------------------------------------------------------
// Running: the same cases on every machine.
// ---------------------------------------------------------------------------------------------------------------------------

fn check<S: Strategy>(cases: u32, strategy: &S, law: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 4_000, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    match runner.run(strategy, law) {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("aborted: {reason}"),
    }
}

fn tapes() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 200..1_600)
}

fn none_of(what: &str, found: &[String], model: &Model) -> Result<(), TestCaseError> {
    if found.is_empty() {
        return Ok(());
    }
    Err(TestCaseError::fail(format!("{what}:\n{}\n{}", found.join("\n"), Files::of(model).text())))
}

#[test]
fn every_number_is_that_of_the_design() {
    // A generator that never reaches a rule proves nothing about it.
    let reached = [const { Cell::new(0usize) }; 9];
    check(500, &tapes(), |numbers| {
        let model = model(&numbers);
        let (wanted, found) = (model.scorecard(), model.library()?);
        let mut all = Vec::new();
        differences(&wanted, &found, "", &mut all);
        let ignored: BTreeSet<String> =
            found["ignored_answers"].as_array().into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned)).collect();
        if ignored != model.ignored() {
            all.push(format!("ignored: wanted {:?}, found {ignored:?}", model.ignored()));
        }
        all.extend(unbounded(&model, &found));
        for (index, count) in model.reached().into_iter().enumerate() {
            reached[index].set(reached[index].get() + count);
        }
        none_of("the library differs from the design", &all, &model)
    });
    let reached: Vec<usize> = reached.iter().map(Cell::get).collect();
    assert!(reached.iter().all(|count| *count >= 10), "the generator is too tame: {reached:?}");
}

impl Model {
    /// Counts what a model exercises.
    fn reached(&self) -> [usize; 9] {
        let asked = (0..self.questions.len()).filter(|question| self.is_asked(*question));
        let askings: Vec<Asking> = asked.flat_map(|question| self.askings(question)).collect();
        let hidden: Vec<Hidden> = askings.iter().filter(|asking| !self.is_visible(**asking)).map(|asking| self.hidden(*asking)).collect();
        let gaps: Vec<usize> = (0..self.practices.len()).filter(|practice| self.gap(*practice).is_some()).collect();
        let visible = || askings.iter().filter(|asking| self.is_visible(**asking));
        let has_left_out = |asking: &&Asking| matches!(self.answer(**asking).map(|answer| &answer.said), Some(Said::Choices { not_applicable, .. }) if !not_applicable.is_empty());
        [
            hidden.iter().filter(|outcome| **outcome == Hidden::Open).count(),
            hidden.iter().filter(|outcome| **outcome == Hidden::NotApplicable).count(),
            hidden.iter().filter(|outcome| **outcome == Hidden::Missing).count(),
            visible().filter(has_left_out).count(),
            visible().filter(|asking| has_left_out(asking) && !self.questions[asking.0].rules.is_empty()).count(),
            gaps.iter().filter(|practice| self.gap(**practice).is_some_and(|(environment, _)| environment != self.target)).count(),
            gaps.iter().filter(|practice| self.priority(**practice).is_some_and(|own| self.lifted(**practice) > own)).count(),
            gaps.iter().filter(|practice| self.gap(**practice).is_some_and(|(_, credit)| credit.high >= 1.0)).count(),
            usize::from(self.evidence_from_level.is_some()),
        ]
    }
}

#[test]
fn the_order_of_files_and_answers_does_not_matter() {
    check(60, &tapes(), |numbers| {
        let model = model(&numbers);
        let mut files = Files::of(&model);
        let sorted = |mut card: Value| {
            if let Some(Value::Array(keys)) = card.get_mut("ignored_answers") {
                keys.sort_by_key(ToString::to_string);
            }
            card
        };
        let before = sorted(files.scorecard().map_err(TestCaseError::fail)?);
        files.answers = (0..model.capabilities.len()).map(|index| (capability_id(index), model.answers_yaml(index, true))).collect();
        files.capabilities.reverse();
        let after = sorted(files.scorecard().map_err(TestCaseError::fail)?);
        prop_assert_eq!(before, after, "{}", files.text());
        Ok(())
    });
}

#[test]
fn a_better_rung_of_a_ladder_lowers_nothing() {
    let tried = Cell::new(0);
    check(120, &tapes(), |numbers| {
        let mut model = model(&numbers);
        let ladders = |question: &usize| model.questions[*question].kind == Kind::Ladder && model.is_unnamed(*question);
        let ladders: Vec<Asking> = (0..model.questions.len()).filter(ladders).flat_map(|question| model.askings(question)).collect();
        let Some(asking) = ladders.first().copied() else { return Ok(()) };
        let mut before: Option<Value> = None;
        for rung in 0..model.questions[asking.0].choices.len() {
            let said = Said::Choices { chosen: BTreeSet::from([rung]), not_applicable: BTreeSet::new() };
            let evidence = model.answers.get(&asking).is_some_and(|answer| answer.evidence);
            model.answers.insert(asking, Answer { said, evidence });
            let after = model.library()?;
            if let Some(before) = before {
                none_of(&format!("rung {rung} of {}", key(asking)), &fallen(&before, &after), &model)?;
                tried.set(tried.get() + 1);
            }
            before = Some(after);
        }
        Ok(())
    });
    assert!(tried.get() > 50, "only {} rungs were tried", tried.get());
}

#[test]
fn not_applicable_leaves_the_credits_of_other_practices_alone() {
    check(100, &tapes(), |numbers| {
        let mut model = model(&numbers);
        let unnamed = (0..model.questions.len()).filter(|question| model.is_unnamed(*question));
        let Some(asking) = unnamed.flat_map(|question| model.askings(question)).next() else { return Ok(()) };
        let before = model.library()?;
        model.answers.insert(asking, Answer { said: Said::NotApplicable, evidence: false });
        let after = model.library()?;
        let untouched = |name: &str| {
            let practice = name.strip_prefix("\"p").and_then(|rest| rest.split('"').next()).and_then(|index| index.parse().ok());
            practice.is_some_and(|practice| !model.credits(asking.0, practice))
        };
        for (before, after) in scores(&before).into_iter().zip(scores(&after)).filter(|(before, _)| untouched(&before.0)) {
            prop_assert_eq!(&before, &after, "{} became not applicable\n{}", key(asking), Files::of(&model).text());
        }
        Ok(())
    });
}

#[test]
fn evidence_lowers_nothing() {
    check(80, &tapes(), |numbers| {
        let mut model = model(&numbers);
        let before = model.library()?;
        for index in 0..model.answers.len() {
            if index % 2 == numbers.len() % 2 {
                model.answers.values_mut().nth(index).expect("it is there").evidence = true;
            }
        }
        let after = model.library()?;
        none_of("with evidence", &fallen(&before, &after), &model)?;
        prop_assert!(number(&before["evidence_coverage"]) <= number(&after["evidence_coverage"]));
        Ok(())
    });
}

// ---------------------------------------------------------------------------------------------------------------------------
// Conditions and edits.
// ---------------------------------------------------------------------------------------------------------------------------

fn exprs() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![8 => (0..4usize).prop_map(|choice| Expr::Atom(None, choice)), 1 => Just(Expr::Default)];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Expr::Not(Box::new(one))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
            prop::collection::vec(inner, 2..4).prop_map(Expr::Or),
        ]
    })
}

/// Prints an expression with the parentheses that it needs and some that it does not, and with odd spaces.
fn print(expr: &Expr, tape: &mut Tape<'_>, precedence: u8) -> String {
    let space = |tape: &mut Tape<'_>| tape.pick(&["", " ", "  ", "\t", " \n "]);
    let mut join = |parts: &[Expr], operator: &str, own: u8| {
        let printed: Vec<String> = parts.iter().map(|part| print(part, tape, own)).collect();
        let mut text = printed[0].clone();
        for part in &printed[1..] {
            put(&mut text, format_args!("{}{operator}{}{part}", space(tape), space(tape)));
        }
        (text, own)
    };
    let (text, own) = match expr {
        Expr::Default => ("default".to_owned(), 3),
        // One in two atoms names its question.
        Expr::Atom(_, choice) if choice % 2 == 0 => (format!("c{choice}"), 3),
        Expr::Atom(_, choice) => (format!("some-question.1:c{choice}"), 3),
        Expr::Not(inner) => (format!("!{}{}", space(tape), print(inner, tape, 2)), 2),
        Expr::And(parts) => join(parts, "&&", 1),
        Expr::Or(parts) => join(parts, "||", 0),
    };
    if own < precedence || tape.chance(25) { format!("({}{text}{})", space(tape), space(tape)) } else { text }
}

fn truth(expr: &Expr, chosen: usize) -> bool {
    match expr {
        Expr::Default => true,
        Expr::Atom(_, choice) => chosen >> choice & 1 == 1,
        Expr::Not(inner) => !truth(inner, chosen),
        Expr::And(parts) => parts.iter().all(|part| truth(part, chosen)),
        Expr::Or(parts) => parts.iter().any(|part| truth(part, chosen)),
    }
}

#[test]
fn a_printed_condition_parses_to_the_same_truth_table() {
    check(500, &(exprs(), prop::collection::vec(any::<u16>(), 0..120)), |(expr, numbers)| {
        let text = print(&expr, &mut Tape { numbers: &numbers, next: 0 }, 0);
        let parsed = condition::parse(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error:?}")))?;
        for chosen in 0..16usize {
            let found = parsed.holds(&mut |atom| {
                let choice: usize = atom.choice[1..].parse().expect("a choice is a letter and a number");
                Truth::from(chosen >> choice & 1 == 1)
            });
            prop_assert_eq!(truth(&expr, chosen), found, "{} with {:04b}", text, chosen);
        }
        Ok(())
    });
}

#[test]
fn the_parser_of_conditions_survives_any_text() {
    let soup =
        prop::collection::vec(prop::sample::select(vec!["a", "q:b", "&&", "||", "!", "(", ")", "default", " ", ":", "é", "&"]), 0..24);
    let texts = prop_oneof![any::<String>(), soup.prop_map(|parts| parts.concat())];
    check(1_000, &texts, |text| {
        if let Err(error) = condition::parse(&text) {
            let (start, end) = (error.span.start, error.span.end);
            prop_assert!(start <= end && end <= text.len().max(1), "{:?}: {}..{}", text, start, end);
            prop_assert!(text.is_empty() || text.is_char_boundary(start), "{:?}: {} splits a character", text, start);
        }
        Ok(())
    });
}

const ANSWERS: &str = "\
# keep 1
capability: tags   # keep 2
answers:
  # keep 3
  flow@aws: {choose: 'b', note: \"a: b\"}   # keep 4
  block@aws:
    choose: old   # why
    note: \"quoted: old\"
    evidence:
      - {title: First}

  last:
    text: |
      a

      b
    by: [x, \"no\"]   # keep 5
# keep 6
";

/// Other shapes of the file.
const SHAPES: [&str; 8] = [
    ANSWERS,
    "capability: tags\nanswers:\n",
    "capability: tags\nanswers: {}   # keep 1\n",
    "# keep 1\ncapability: tags\n",
    "{\"capability\": \"tags\", \"answers\": {\"last\": {\"by\": [\"x\"]}, \"flow@aws\": {\"choose\": \"b\"}}}\n",
    "answers:\n    block@aws:\n        choose: b\n        # keep 1\n    last: {}\ncapability: tags",
    "answers:\n  last:\n    note: >-\n      folded\n      text\n  # keep 1\n  'block@aws':\n    note:\n    evidence: []\n\n\ncapability: tags\n",
    "---\ncapability: tags\nanswers:\n  block@aws:\n    evidence:\n    - title: a\n      link: b\n    # keep 1\n    note: plain over\n      two lines\n",
];

/// What a file holds, wherever it stands in it.
fn plain(node: &Node) -> Value {
    match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Number(value) => json!(value),
        Yaml::Text(value) => json!(value),
        Yaml::List(items) => items.iter().map(plain).collect(),
        Yaml::Map(entries) => Value::Object(entries.iter().map(|(key, value)| (key.text.clone(), plain(value))).collect()),
    }
}

fn read_answers(text: &str) -> Result<Map<String, Value>, TestCaseError> {
    let node = parse(&Source::new("answers/tags.yaml", text)).map_err(|found| TestCaseError::fail(format!("{found:?}\n{text}")))?;
    let root = plain(&node);
    prop_assert_eq!(&root["capability"], "tags");
    Ok(root["answers"].as_object().cloned().unwrap_or_default())
}

fn hostile() -> impl Strategy<Value = String> {
    let known = vec![
        "",
        " ",
        "no",
        "yes",
        "1e3",
        "~",
        "null",
        "0x1f",
        "0o7",
        ".5",
        "1_000",
        "-",
        "- a",
        "? b",
        "a: b",
        "a #b",
        "#b",
        "key:",
        "'",
        "\"",
        "\\",
        "\\n",
        " lead",
        "trail ",
        "tab\tin",
        "\ttab",
        "end\t",
        "a\nb",
        "a\n",
        "\na",
        "a\n\n",
        "\n",
        "  a\nb",
        "a\n  b\n c",
        "a \nb",
        "a\r\nb",
        "a\rb",
        "\r",
        "end\r",
        "|",
        ">",
        "|-\n a",
        "%TAG",
        "@a",
        "`a",
        "&a",
        "*a",
        "!a",
        "{a}",
        "[a",
        "a, b",
        "---",
        "...",
        "--- a",
        "a\n---\nb",
        "a\n...\nb",
        "2026-11-20",
        "12:30:45",
        "caf\u{e9}",
        "\u{4f60}\u{597d}",
        "\u{1f600}",
        "\u{85}",
        "a\u{2028}b",
        "\u{a0}a",
        "\u{feff}a",
        "<<",
        "<<<<<<< a\n=======\n>>>>>>> b",
        "=",
        "true",
        "NaN",
        ".inf",
        "a\n# not a comment\nb",
        "# a\nb",
        "a\n\tb",
        "\"a\" b",
        "it's",
        "a\n \nb",
        "a\n\n\n\nb",
    ];
    prop_oneof![
        3 => prop::sample::select(known).prop_map(str::to_owned),
        2 => "[ -~]{0,16}",
        2 => "[a-c :#'\"\\\\\n\t-]{0,14}",
        1 => "[a\u{e9}\u{1f600}\u{2028}\u{85}\r\n ]{0,8}",
    ]
}

#[test]
fn an_edit_keeps_every_other_entry() {
    let keys = prop::sample::select(vec!["flow@aws", "block@aws", "last", "new@aws"]);
    let shapes = prop_oneof![2 => Just(ANSWERS), 3 => prop::sample::select(SHAPES.to_vec())];
    check(600, &(shapes, keys, hostile(), hostile(), any::<bool>(), any::<bool>()), |(shape, key, note, title, crlf, more)| {
        let before_text = if crlf { shape.replace('\n', "\r\n") } else { shape.to_owned() };
        let mut changes = vec![("note", Change::Set(Field::Text(note.clone())))];
        if more {
            changes.push(("choose", Change::Set(Field::List(vec!["a".to_owned(), title.clone()]))));
            changes.push(("evidence", Change::Append(vec![("title".to_owned(), Field::Text(title.clone()))])));
        }
        let after_text = match change(&before_text, "answers", key, &changes) {
            Ok(text) => text,
            Err(error) => return Err(TestCaseError::fail(format!("{key} {note:?} {title:?} more {more}: {error}\n{before_text:?}"))),
        };
        let (mut before, mut after) = (read_answers(&before_text)?, read_answers(&after_text)?);
        before.remove(key);
        let entry = after.remove(key).unwrap_or_default();
        prop_assert_eq!(before, after, "{}", after_text);
        prop_assert_eq!(&entry["note"], &json!(note), "{}", after_text);
        if more {
            prop_assert_eq!(&entry["choose"], &json!(["a", title]));
            let last = entry["evidence"].as_array().and_then(|list| list.last().cloned());
            prop_assert_eq!(last, Some(json!({"title": title})));
        }
        for mark in (1..=6).map(|mark| format!("# keep {mark}")).filter(|mark| before_text.contains(mark)) {
            prop_assert!(after_text.contains(&mark), "{} is gone\n{}", mark, after_text);
        }
        Ok(())
    });
}

// ---------------------------------------------------------------------------------------------------------------------------
// Examples computed by hand.
// ---------------------------------------------------------------------------------------------------------------------------

/// Scores one capability `c` on a scale from 0 to 3, in the environments `site` and `cloud` (the target), wanted level 3.
fn example(practices: &[&str], questions: &[&str], answers: &[&str]) -> Value {
    example_with("", practices, questions, answers)
}

fn example_with(settings: &str, practices: &[&str], questions: &[&str], answers: &[&str]) -> Value {
    let lines =
        |before: &str, lines: &[&str], after: &str| lines.iter().map(|line| [before, line, after, "\n"].concat()).collect::<String>();
    let files = Files {
        kit: "id: k\ntitle: K\nversion: 1.0.0\ndefault_target: 3\n\
              scale: [{level: 0, name: A}, {level: 1, name: B}, {level: 2, name: C}, {level: 3, name: D}]\n\
              environments: [{id: site, title: Site}, {id: cloud, title: Cloud}]\n"
            .to_owned(),
        capabilities: vec![(
            "c".to_owned(),
            format!(
                "id: c\ntitle: C\ndiscovery:\n  questions:\n{}design:\n  practices:\n{}",
                lines("    - {ask: Q?, ", questions, "}"),
                lines("    - {title: P, ", practices, "}"),
            ),
        )],
        assessment: format!("id: a\ncustomer: X\nkit: {{id: k, version: 1.0.0}}\n{settings}"),
        answers: vec![("c".to_owned(), format!("capability: c\nanswers:\n{}", lines("  ", answers, "")))],
    };
    files.scorecard().expect("the example is well formed")
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn assert_number(wanted: impl Into<Option<f64>>, found: &Value) {
    let mut all = Vec::new();
    differences(&json!(wanted.into()), found, "", &mut all);
    assert!(all.is_empty(), "{all:?}");
}

fn cloud(card: &Value) -> &Value {
    &card["capabilities"][0]["environments"]["cloud"]
}

/// Asserts low and high credit of a practice in the cloud; nothing if it is not applicable.
fn assert_credit(card: &Value, practice: usize, wanted: Option<(f64, f64)>) {
    let found = &card["capabilities"][0]["practices"][practice]["environments"]["cloud"];
    assert_number(wanted.map(|wanted| wanted.0), &found["credit"]);
    assert_number(wanted.map(|wanted| wanted.1), &found["high"]);
}

fn gap_order(card: &Value) -> Vec<String> {
    let gaps = card["gaps"].as_array().expect("gaps are there");
    gaps.iter().map(|gap| format!("{}@{}", gap["practice"].as_str().unwrap_or("?"), gap["environment"].as_str().unwrap_or("?"))).collect()
}

/// A question with the answers 1, 0.85, 0.5, 0.25, 0.2, 0.7, 0.8 and 0 for one practice.
fn graded(id: &str, practice: &str) -> String {
    let grades = [("all", "1"), ("most", "0.85"), ("half", "0.5"), ("some", "0.25"), ("c20", "0.2"), ("c70", "0.7"), ("c80", "0.8")];
    let choices: Vec<String> = grades.iter().map(|(id, credit)| format!("{{id: {id}, credits: {{{practice}: {credit}}}}}")).collect();
    format!("id: {id}, type: single, choices: [{{id: nothing}}, {}]", choices.join(", "))
}

#[test]
fn three_levels_from_base_0_give_the_samm_score() {
    let practices =
        ["id: p1, level: 1", "id: p2, level: 1", "id: p3, level: 2", "id: p4, level: 2", "id: p5, level: 3", "id: p6, level: 3"];
    let questions: Vec<String> = (1..=6).map(|index| graded(&format!("q{index}"), &format!("p{index}"))).collect();
    let questions = strs(&questions);
    let answers = [
        "q1: {choose: all}",
        "q2: {choose: half}",
        "q3: {choose: some}",
        "q4: {choose: nothing}",
        "q5: {choose: nothing}",
        "q6: {choose: half}",
    ];
    let card = example(&practices, &questions, &answers);
    // SAMM: the sum of the means of the three levels, (1 + 0.5)/2 + (0.25 + 0)/2 + (0 + 0.5)/2 = 0.75 + 0.125 + 0.25.
    assert_number(1.125, &cloud(&card)["score"]);
    assert_number(1.125, &cloud(&card)["high"]);
    assert_number(0.125, &cloud(&card)["level_means"]["2"]);
    // Level 1 is large (0.75 > 0.50) and not full, so it is attained and level 2 is out of reach.
    assert_number(1.0, &cloud(&card)["level"]);
    assert_number(1.125, &card["overall"]["cloud"]["score"]);
}

#[test]
fn what_nobody_knows_widens_the_range() {
    let (q1, q2) = (graded("q1", "p"), graded("q2", "p"));
    let card = example(&["id: p, level: 1"], &[&q1, &q2], &["q1: {choose: half}", "q2: {dont_know: {owner: x}}"]);
    // (0.5 + 0)/2 to (0.5 + 1)/2; times 3.
    assert_credit(&card, 0, Some((0.25, 0.75)));
    assert_number(0.75, &cloud(&card)["low"]);
    assert_number(2.25, &cloud(&card)["high"]);
    assert_number(0.0, &cloud(&card)["level"]);
    // 0.75 is large, and above level 1 there is nothing to lack only if level 1 is full, which 0.75 is not.
    assert_number(1.0, &cloud(&card)["level_high"]);
    assert_number(0.5, &card["coverage"]);
    // It is a gap whatever the answer: 0.75 < 1. Medium 2 x importance 3 x weight 1 x (1 - 0.25).
    assert_eq!(card["gaps"][0]["confirmed"], true);
    assert_number(4.5, &card["gaps"][0]["priority"]);
}

#[test]
fn what_does_not_apply_leaves_the_denominator() {
    let (q1, q2) = (graded("q1", "p"), graded("q2", "p"));
    let not_applicable = "q2: {not_applicable: {reason: other}}";
    let card = example(&["id: p, level: 1"], &[&q1, &q2], &["q1: {choose: half}", not_applicable]);
    assert_credit(&card, 0, Some((0.5, 0.5)));
    assert_number(1.0, &card["coverage"]);
    let card = example(&["id: p, level: 1"], &[&q2], &[not_applicable]);
    assert_credit(&card, 0, None);
    assert_number(None, &cloud(&card)["score"]);
    assert_number(None, &cloud(&card)["level"]);
    assert_number(None, &card["overall"]["cloud"]["score"]);
    assert!(gap_order(&card).is_empty());
}

#[test]
fn a_hidden_question_counts_by_why_it_is_hidden() {
    let basis = "id: basis, type: yes-no, informative: true";
    let hidden = format!("{}, when: \"basis:yes\"", graded("q", "p"));
    let lenient = format!("{hidden}, if_hidden: not-applicable");
    let credit = |question: &str, answers: &[&str], wanted: Option<(f64, f64)>| {
        assert_credit(&example(&["id: p, level: 1"], &[basis, question], answers), 0, wanted);
    };
    // The basis is missing: so is this. The stale answer of the hidden question does not count.
    credit(&hidden, &["basis: {choose: no}", "q: {choose: all}"], Some((0.0, 0.0)));
    credit(&hidden, &["basis: {choose: \"yes\"}", "q: {choose: all}"], Some((1.0, 1.0)));
    credit(&hidden, &["q: {choose: all}"], Some((0.0, 1.0)));
    credit(&hidden, &["basis: {parked: {note: x}}"], Some((0.0, 1.0)));
    credit(&hidden, &["basis: {not_applicable: {reason: other}}"], None);
    credit(&lenient, &["basis: {choose: no}"], None);
    credit(&lenient, &["basis: {dont_know: {}}"], Some((0.0, 1.0)));
    // A question behind a hidden one counts as what that hiding makes of it.
    let last = graded("last", "p").replace("type:", "when: \"q:all\", type:");
    let chain = |question: &str, answers: &[&str], wanted: Option<(f64, f64)>| {
        let question = question.replace("{p:", "{other:");
        let practices = ["id: p, level: 1", "id: other, level: 1"];
        assert_credit(&example(&practices, &[basis, &question, &last], answers), 0, wanted);
    };
    chain(&hidden, &["basis: {choose: no}"], Some((0.0, 0.0)));
    chain(&hidden, &[], Some((0.0, 1.0)));
    chain(&hidden, &["basis: {not_applicable: {reason: other}}"], None);
    chain(&lenient, &["basis: {choose: no}"], None);
}

#[test]
fn a_number_on_an_edge_falls_into_the_upper_band() {
    let question = "id: q, type: number, min: 0, max: 100, bands: [{id: poor, from: 0}, {id: fair, from: 80, credits: {p: 0.5}}, {id: good, from: 95, credits: [p]}]";
    for (number, credit) in [("0", 0.0), ("79.999", 0.0), ("80", 0.5), ("94.999", 0.5), ("95", 1.0), ("100", 1.0)] {
        let card = example(&["id: p, level: 1"], &[question], &[&format!("q: {{number: {number}}}")]);
        assert_credit(&card, 0, Some((credit, credit)));
    }
}

#[test]
fn a_checklist_is_measured_by_what_applies() {
    let checklist = |credit: f64| {
        let choices: Vec<String> = ["a", "b", "c"].iter().map(|id| format!("{{id: {id}, credits: {{p: {credit}}}}}")).collect();
        format!("id: q, type: multi, choices: [{}, {{id: none, none: true}}]", choices.join(", "))
    };
    let credit = |each: f64, answer: &str, wanted: Option<f64>| {
        let card = example(&["id: p, level: 1"], &[&checklist(each)], &[&format!("q: {{{answer}}}")]);
        assert_credit(&card, 0, wanted.map(|wanted| (wanted, wanted)));
    };
    // Three times 0.25 is 0.75, under 1: what is chosen is measured by that.
    credit(0.25, "choose: [a]", Some(0.25 / 0.75));
    credit(0.25, "choose: [a, b, c]", Some(1.0));
    credit(0.25, "choose: [a], not_applicable_choices: [b]", Some(0.25 / 0.5));
    credit(0.25, "choose: [none]", Some(0.0));
    // Three times 0.5 is over 1: any two are enough, one is half.
    credit(0.5, "choose: [a]", Some(0.5));
    credit(0.5, "choose: [a, c]", Some(1.0));
    credit(0.5, "choose: [a, b, c]", Some(1.0));
    credit(0.5, "choose: [a], not_applicable_choices: [b, c]", Some(1.0));
    // What is chosen and does not apply does not apply.
    credit(0.5, "choose: [a, b], not_applicable_choices: [b]", Some(0.5));
    credit(0.5, "choose: [none], not_applicable_choices: [a, b, c]", None);
    // An empty list is unanswered: 0 to 1.
    let card = example(&["id: p, level: 1"], &[&checklist(0.5)], &["q: {choose: []}"]);
    assert_credit(&card, 0, Some((0.0, 1.0)));
    assert_eq!(card["capabilities"][0]["questions"][0]["state"], "unanswered");
}

/// Returns the level attained where levels have these means, each as the answers to two questions about one practice.
fn level_of(answers: &[(i64, &str, &str)]) -> Value {
    let mut parts = (Vec::new(), Vec::new(), Vec::new());
    for (level, first, second) in answers {
        parts.0.push(format!("id: p{level}, level: {level}"));
        for (letter, answer) in [("a", first), ("b", second)] {
            parts.1.push(graded(&format!("{letter}{level}"), &format!("p{level}")));
            parts.2.push(format!("{letter}{level}: {{choose: {answer}}}"));
        }
    }
    let (practices, questions, answers) = parts;
    example(&strs(&practices), &strs(&questions), &strs(&answers))
}

#[test]
fn a_level_needs_more_than_its_limit() {
    let level = |answers: &[(i64, &str, &str)], wanted: f64| assert_number(wanted, &cloud(&level_of(answers))["level"]);
    // Exactly 0.50, also as (0.2 + 0.8)/2, is not large.
    level(&[(1, "half", "half"), (2, "all", "all"), (3, "all", "all")], 0.0);
    level(&[(1, "c20", "c80"), (2, "all", "all"), (3, "all", "all")], 0.0);
    // (0.25 + 0.8)/2 = 0.525 is large; it is not full, so it carries no further.
    level(&[(1, "some", "c80"), (2, "all", "all"), (3, "all", "all")], 1.0);
    // Exactly 0.85, also as (0.7 + 1)/2, is not full.
    level(&[(1, "most", "most"), (2, "all", "all"), (3, "all", "all")], 1.0);
    level(&[(1, "c70", "all"), (2, "all", "all"), (3, "all", "all")], 1.0);
    // (0.8 + 1)/2 = 0.90 is full.
    level(&[(1, "c80", "all"), (2, "all", "most"), (3, "half", "half")], 2.0);
    level(&[(1, "c80", "all"), (2, "all", "most"), (3, "half", "c70")], 3.0);
    // A higher level does not make up for a lower one.
    level(&[(1, "all", "all"), (2, "half", "half"), (3, "all", "all")], 1.0);
}

#[test]
fn an_empty_level_is_attained_with_the_lower_ones() {
    // Level 2 has no practice. 3 x (1 + 0.2)/2 = 1.8, and level 2 is attained since level 1 is full.
    let card = level_of(&[(1, "all", "all"), (3, "c20", "c20")]);
    assert_number(1.8, &cloud(&card)["score"]);
    assert_number(2.0, &cloud(&card)["level"]);
    assert_eq!(cloud(&card)["level_means"].as_object().map(Map::len), Some(2));
    // 0.8 is large and not full.
    assert_number(1.0, &cloud(&level_of(&[(1, "c80", "c80"), (3, "all", "all")]))["level"]);
    // Nothing above level 1 is expected at all, so nothing holds the top down.
    assert_number(3.0, &cloud(&level_of(&[(1, "all", "all")]))["level"]);
    // Level 1 is empty, level 2 is not large.
    assert_number(1.0, &cloud(&level_of(&[(2, "half", "half")]))["level"]);
}

#[test]
fn a_policy_caps_what_nobody_has_shown() {
    let (q1, q2) = (graded("q1", "p1"), graded("q2", "p2"));
    let practices = ["id: p1, level: 1", "id: p2, level: 2"];
    let score = |answers: &[&str], wanted: (f64, f64)| {
        let card = example_with("policy: {evidence_from_level: 2}\n", &practices, &[&q1, &q2], answers);
        assert_credit(&card, 0, Some((1.0, 1.0)));
        assert_credit(&card, 1, Some(wanted));
        card
    };
    // Level 1 is under the policy's level. 3 x (1 + 0.5)/2 to 3 x (1 + 1)/2.
    let card = score(&["q1: {choose: all}", "q2: {choose: all}"], (0.5, 1.0));
    assert_number(2.25, &cloud(&card)["low"]);
    assert_number(3.0, &cloud(&card)["high"]);
    // The gap is to be shown, not to be closed.
    assert_eq!(card["gaps"][0]["confirmed"], false);
    score(&["q1: {choose: all}", "q2: {choose: all, evidence: [{title: x}]}"], (1.0, 1.0));
    // What is under the cap stays.
    score(&["q1: {choose: all}", "q2: {choose: some}"], (0.25, 0.25));
    // An entry that answers nothing shows nothing.
    score(&["q1: {choose: all}", "q2: {dont_know: {}, evidence: [{title: x}]}"], (0.0, 1.0));
}

#[test]
fn what_is_asked_on_site_only_is_a_gap_there() {
    let on_site = format!("environments: [site], {}", graded("q", "p"));
    let both = format!("environments: [site, cloud], {}", graded("q", "p"));
    let practice = ["id: p, level: 1, risk: high, weight: 2"];
    let settings = "capabilities: {c: {importance: 5}}\n";
    let card = example_with(settings, &practice, &[&on_site], &["q@site: {choose: some}"]);
    assert_eq!(gap_order(&card), ["p@site"]);
    // 3 x 5 x 2 x (1 - 0.25)
    assert_number(22.5, &card["gaps"][0]["priority"]);
    assert_number(None, &cloud(&card)["score"]);
    // Where the target is asked, it alone decides; also when it is not applicable there.
    let card = example_with(settings, &practice, &[&both], &["q@site: {choose: some}", "q@cloud: {choose: all}"]);
    assert!(gap_order(&card).is_empty());
    let card = example_with(settings, &practice, &[&both], &["q@site: {choose: some}", "q@cloud: {not_applicable: {reason: other}}"]);
    assert!(gap_order(&card).is_empty());
    // What is above the target is no gap.
    let card = example_with("capabilities: {c: {target: 0}}\n", &practice, &[&on_site], &["q@site: {choose: some}"]);
    assert!(gap_order(&card).is_empty());
}

#[test]
fn a_gap_comes_before_what_requires_it() {
    // Priorities: base 1 x 3 = 3, middle 3, top 3 x 3 = 9, other 2 x 3 = 6. The top lifts what it requires to 9.
    let practices = [
        "id: other, level: 1",
        "id: top, level: 2, risk: high, requires: [middle]",
        "id: middle, level: 1, risk: low, requires: [base]",
        "id: base, level: 1, risk: low",
    ];
    let questions: Vec<String> = ["other", "top", "middle", "base"].iter().map(|id| graded(&format!("q-{id}"), id)).collect();
    let questions = strs(&questions);
    let nothing = ["q-other: {choose: nothing}", "q-top: {choose: nothing}", "q-middle: {choose: nothing}", "q-base: {choose: nothing}"];
    let card = example(&practices, &questions, &nothing);
    // Equal priority and level: the kit's order, which has the middle first.
    assert_eq!(gap_order(&card), ["middle@cloud", "base@cloud", "top@cloud", "other@cloud"]);
    assert_number(3.0, &card["gaps"][0]["priority"]);
    // The middle is in place and no gap; the top still needs the base through it.
    let card = example(&practices, &questions, &[nothing[0], nothing[1], "q-middle: {choose: all}", nothing[3]]);
    assert_eq!(gap_order(&card), ["base@cloud", "top@cloud", "other@cloud"]);
    // The top is in place: nothing is lifted.
    let card = example(&practices, &questions, &[nothing[0], "q-top: {choose: all}", nothing[2], nothing[3]]);
    assert_eq!(gap_order(&card), ["other@cloud", "middle@cloud", "base@cloud"]);
}

#[test]
fn risk_rules_take_what_does_not_apply_as_neutral() {
    let question = |condition: &str| {
        format!(
            "id: q, type: multi, choices: [{{id: a}}, {{id: b}}], risk_rules: [{{condition: \"{condition}\", risk: none}}, {{condition: default, risk: medium}}]"
        )
    };
    let risk = |condition: &str, answer: &str, wanted: &str| {
        let card = example(&["id: p, level: 1"], &[&question(condition)], &[&format!("q: {{{answer}}}")]);
        assert_eq!(card["capabilities"][0]["questions"][0]["risk"], wanted, "{condition} {answer}");
    };
    risk("a && b", "choose: [a], not_applicable_choices: [b]", "none");
    risk("a || b", "choose: [], not_applicable_choices: [b]", "medium");
    risk("b", "choose: [a], not_applicable_choices: [b]", "medium");
    risk("a && b", "choose: [a]", "medium");
    risk("a && b", "choose: []", "unanswered");
    risk("a && b", "not_applicable: {reason: other}", "not-applicable");
}

// ---------------------------------------------------------------------------------------------------------------------------
// Where the library once differed from the design.
// ---------------------------------------------------------------------------------------------------------------------------

#[test]
fn priorities_that_nearly_agree_can_be_sorted() {
    // 25 gaps whose weights are 5e-11 apart, shuffled: neighbours are equal to each other, the ends are not.
    let practices: Vec<String> =
        (0..25).map(|index| format!("id: p{index}, level: {}, weight: 1.{:012}", 1 + index * 13 % 3, 50 * (index * 19 % 25))).collect();
    let questions: Vec<String> = (0..25).map(|index| graded(&format!("q{index}"), &format!("p{index}"))).collect();
    let answers: Vec<String> = (0..25).map(|index| format!("q{index}: {{choose: nothing}}")).collect();
    let card = example(&strs(&practices), &strs(&questions), &strs(&answers));
    assert_eq!(gap_order(&card).len(), 25);
}

#[test]
fn a_question_out_of_scope_asks_nothing() {
    let mut files = Files {
        kit: "id: k\ntitle: K\nversion: 1.0.0\ndefault_target: 1\nscale: [{level: 0, name: A}, {level: 1, name: B}]\n\
              environments: [{id: site, title: Site}, {id: cloud, title: Cloud}]\n"
            .to_owned(),
        capabilities: vec![
            (
                "c".to_owned(),
                "id: c\ntitle: C\ndiscovery:\n  questions:\n    - {id: q, ask: Q?, type: yes-no, environments: [site], choices: [{id: yes, credits: [p]}, {id: no}]}\n\
                 design:\n  practices:\n    - {id: p, title: P, level: 1}\n"
                    .to_owned(),
            ),
            (
                "d".to_owned(),
                "id: d\ntitle: D\ndiscovery:\n  questions:\n    - {id: r, ask: R?, type: yes-no, environments: [cloud], choices: [{id: yes, credits: [p]}, {id: no}]}\n"
                    .to_owned(),
            ),
        ],
        assessment: "id: a\ncustomer: X\nkit: {id: k, version: 1.0.0}\ncapabilities: {d: {in_scope: false}}\n".to_owned(),
        answers: vec![("c".to_owned(), "capability: c\nanswers:\n  q@site: {choose: no}\n".to_owned())],
    };
    assert_eq!(gap_order(&files.scorecard().expect("the example is well formed")), ["p@site"]);
    // Without the capability that is out of scope, there is the same gap.
    files.capabilities.pop();
    "id: a\ncustomer: X\nkit: {id: k, version: 1.0.0}\n".clone_into(&mut files.assessment);
    assert_eq!(gap_order(&files.scorecard().expect("the example is well formed")), ["p@site"]);
}

#[test]
fn credits_that_agree_within_1e_9_are_a_tie() {
    // On both sides the credit is 0.3; on `site`, first in the kit, it is the sum of 0.1 and 0.2.
    let files = Files {
        kit: "id: k\ntitle: K\nversion: 1.0.0\ndefault_target: 1\nscale: [{level: 0, name: A}, {level: 1, name: B}]\n\
              environments: [{id: site, title: Site}, {id: lab, title: Lab}, {id: cloud, title: Cloud}]\n"
            .to_owned(),
        capabilities: vec![(
            "c".to_owned(),
            "id: c\ntitle: C\ndiscovery:\n  questions:\n\
             \x20   - {id: q, ask: Q?, type: multi, environments: [site], choices: [{id: a, credits: {p: 0.1}}, {id: b, credits: {p: 0.2}}, {id: c, credits: [p]}]}\n\
             \x20   - {id: r, ask: R?, type: single, environments: [lab], choices: [{id: a, credits: {p: 0.3}}, {id: c, credits: [p]}]}\n\
             design:\n  practices:\n    - {id: p, title: P, level: 1}\n"
                .to_owned(),
        )],
        assessment: "id: a\ncustomer: X\nkit: {id: k, version: 1.0.0}\n".to_owned(),
        answers: vec![("c".to_owned(), "capability: c\nanswers:\n  q@site: {choose: [a, b]}\n  r@lab: {choose: a}\n".to_owned())],
    };
    assert_eq!(gap_order(&files.scorecard().expect("the example is well formed")), ["p@site"]);
}
