//! The way through the questions: where one is, where one can go, and what an answer changes about both. It knows no terminal.

use super::visibility::Visibility;
use super::{Assessment, Instance};
use crate::kit::format::{Dimension, Risk};
use crate::kit::{CapabilityIx, EnvironmentIx, Kit};
use crate::words;

/// Which questions are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these capabilities; all in scope if there are none.
    pub capabilities: Vec<CapabilityIx>,
    /// Only this dimension.
    pub dimension: Option<Dimension>,
    /// Only what this role is to be asked.
    pub role: Option<String>,
    /// Only this environment, and what is asked once for all.
    pub environment: Option<EnvironmentIx>,
    /// Only what was still to be asked when the journey began: open, or asked otherwise by a newer kit.
    pub only_open: bool,
}

words! {
    /// In which order questions are asked.
    pub enum Order {
        /// As the kit has them.
        Kit = "kit",
        /// The capabilities that matter most first.
        Importance = "importance",
        /// The core path first: questions on practices of high risk that the targets ask for.
        Core = "core",
    }
}

/// What an answer did to the other questions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Questions that are asked no longer, though they have an answer: it is kept and does not count.
    pub set_aside: Vec<Instance>,
    /// Questions that are asked no longer and had no answer.
    pub dropped: Vec<Instance>,
    /// Questions that are asked again, with the answer they had.
    pub restored: Vec<Instance>,
    /// Questions that are asked now.
    pub added: Vec<Instance>,
}

/// How far one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The place among the visible questions of the capability, from 1.
    pub number: usize,
    /// The visible questions of the capability on this journey.
    pub of: usize,
    /// The visible questions of the whole journey that are resolved: answered or not applicable, and not asked again.
    pub resolved: usize,
    /// The visible questions of the whole journey.
    pub visible: usize,
}

/// A journey: its stops in order, hidden ones included, and where one is.
#[derive(Clone, Debug)]
pub struct Journey {
    stops: Vec<Instance>,
    /// The stop one is at; the number of stops at the end.
    at: usize,
}

impl Journey {
    /// Returns the journey through what a filter leaves, at its first open question; at its first one if none is open.
    pub fn new(kit: &Kit, assessment: &Assessment, visibility: &Visibility, filter: &Filter, order: Order) -> Self {
        let mut capabilities: Vec<CapabilityIx> = assessment.capabilities_in_scope(kit).collect();
        if !filter.capabilities.is_empty() {
            capabilities.retain(|ix| filter.capabilities.contains(ix));
        }
        if order == Order::Importance {
            capabilities.sort_by(|a, b| assessment.scope(*b).importance.total_cmp(&assessment.scope(*a).importance).then(a.cmp(b)));
        }
        let mut stops: Vec<Instance> = capabilities
            .iter()
            .flat_map(|ix| kit.questions_of(*ix))
            .filter(|ix| filter.asks(kit, *ix))
            .flat_map(|ix| assessment.instances(kit, ix))
            .filter(|instance| filter.environment.is_none() || instance.environment.is_none() || instance.environment == filter.environment)
            .filter(|instance| !filter.only_open || assessment.is_to_ask(*instance))
            .collect();
        if order == Order::Core {
            stops.sort_by_key(|instance| !is_core(kit, assessment, *instance));
        }
        let mut journey = Self { stops, at: 0 };
        let open = |instance: &Instance| visibility.is_visible(*instance) && assessment.is_to_ask(*instance);
        let first = journey.stops.iter().position(open).or_else(|| journey.visible_from(0, visibility));
        journey.at = first.unwrap_or(journey.stops.len());
        journey
    }

    /// Returns the question one is at; nothing at the end.
    pub fn current(&self) -> Option<Instance> {
        self.stops.get(self.at).copied()
    }

    /// Goes to the next visible question, or to the end.
    pub fn forward(&mut self, visibility: &Visibility) {
        self.at = self.visible_from(self.at + 1, visibility).unwrap_or(self.stops.len());
    }

    /// Goes to the visible question before. Returns false, and stays, if there is none.
    pub fn back(&mut self, visibility: &Visibility) -> bool {
        let before = self.stops[..self.at.min(self.stops.len())].iter().rposition(|instance| visibility.is_visible(*instance));
        self.at = before.unwrap_or(self.at);
        before.is_some()
    }

    /// Goes to a question. Returns false, and stays, if it is not on the journey or not asked.
    pub fn jump(&mut self, to: Instance, visibility: &Visibility) -> bool {
        let found = self.stops.iter().position(|instance| *instance == to).filter(|_| visibility.is_visible(to));
        self.at = found.unwrap_or(self.at);
        found.is_some()
    }

    /// Goes to the next visible question that is open, from the beginning again if need be. Returns false, and stays, if all are
    /// resolved.
    pub fn next_open(&mut self, assessment: &Assessment, visibility: &Visibility) -> bool {
        let count = self.stops.len();
        let is_open = |at: &usize| {
            let instance = self.stops[*at];
            visibility.is_visible(instance) && assessment.is_to_ask(instance)
        };
        let found = (self.at + 1..count).chain(0..count.min(self.at + 1)).find(is_open);
        self.at = found.unwrap_or(self.at);
        found.is_some()
    }

    /// Returns what a change of the answers did to the questions of the journey, and moves on if the current one is asked no longer.
    pub fn update(&mut self, old: (&Assessment, &Visibility), new: (&Assessment, &Visibility)) -> Effect {
        let mut effect = Effect::default();
        for instance in &self.stops {
            let has_answer = new.0.answer(*instance).is_some();
            match (old.1.is_visible(*instance), new.1.is_visible(*instance)) {
                (true, false) if has_answer => effect.set_aside.push(*instance),
                (true, false) => effect.dropped.push(*instance),
                (false, true) if has_answer => effect.restored.push(*instance),
                (false, true) => effect.added.push(*instance),
                _ => {}
            }
        }
        if self.current().is_some_and(|instance| !new.1.is_visible(instance)) {
            self.forward(new.1);
        }
        effect
    }

    /// Returns the visible questions in order.
    pub fn visible<'j>(&'j self, visibility: &'j Visibility) -> impl Iterator<Item = Instance> + 'j {
        self.stops.iter().copied().filter(|instance| visibility.is_visible(*instance))
    }

    /// Returns how far one is. At the end the number is that of the last question.
    pub fn progress(&self, kit: &Kit, assessment: &Assessment, visibility: &Visibility) -> Progress {
        let capability_of = |instance: Instance| kit.question(instance.question).capability;
        let here = self.current().or_else(|| self.visible(visibility).last());
        let (mut number, mut of, mut resolved, mut visible) = (0, 0, 0, 0);
        for (at, instance) in self.stops.iter().enumerate().filter(|(_, instance)| visibility.is_visible(**instance)) {
            visible += 1;
            resolved += usize::from(!assessment.is_to_ask(*instance));
            if here.is_some_and(|here| capability_of(here) == capability_of(*instance)) {
                of += 1;
                number += usize::from(at <= self.at);
            }
        }
        Progress { number, of, resolved, visible }
    }

    fn visible_from(&self, from: usize, visibility: &Visibility) -> Option<usize> {
        (from..self.stops.len()).find(|at| visibility.is_visible(self.stops[*at]))
    }
}

impl Filter {
    fn asks(&self, kit: &Kit, question: crate::kit::QuestionIx) -> bool {
        let file = kit.question_file(question);
        let is_dimension = self.dimension.is_none() || file.dimension == self.dimension;
        is_dimension && self.role.as_ref().is_none_or(|role| file.roles.iter().any(|other| other.as_str() == role))
    }
}

/// Returns true if a question tells of a practice of high risk that the target of its capability asks for.
fn is_core(kit: &Kit, assessment: &Assessment, instance: Instance) -> bool {
    let question = kit.question(instance.question);
    let target = assessment.scope(question.capability).target;
    let practices = question.credits.iter().map(|ix| kit.practice(*ix));
    practices.filter(|practice| practice.level <= target).any(|practice| practice.risk == Risk::High)
}
