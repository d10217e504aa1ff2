//! What one answer did: to the score of its capability, to the level, to the gaps.

use super::{Scorecard, exceeds};
use crate::assessment::Instance;
use crate::kit::{EnvironmentIx, Kit, PracticeIx};

/// What an answer did to the score of its capability in one environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// The environment it is told for.
    pub environment: EnvironmentIx,
    /// The score before and after; nothing where none applies.
    pub score: Option<(f64, f64)>,
    /// The level before and after; nothing where none applies.
    pub level: Option<(i64, i64)>,
    /// The practices that this answer brought fully in place.
    pub closed: Vec<PracticeIx>,
    /// The gap with the highest priority among the practices that the question tells of.
    pub gap: Option<PracticeIx>,
}

/// Compares the scores before and after an answer.
pub fn feedback(kit: &Kit, before: &Scorecard, after: &Scorecard, instance: Instance, target: EnvironmentIx) -> Feedback {
    let environment = instance.environment.unwrap_or(target);
    let question = kit.question(instance.question);
    let of = |card: &Scorecard| {
        let score = card.card(question.capability)?.score_in(environment)?;
        Some((score.score?.low, score.level?))
    };
    let both = of(before).zip(of(after));
    let is_whole = |card: &Scorecard, ix: PracticeIx| {
        card.practice(ix, environment).and_then(|practice| practice.credit).is_some_and(|credit| !exceeds(1.0, credit.low))
    };
    let closed = question.credits.iter().copied().filter(|ix| is_whole(after, *ix) && !is_whole(before, *ix));
    let gaps = after.gaps.iter().filter(|gap| gap.environment == environment && question.credits.contains(&gap.practice));
    Feedback {
        environment,
        score: both.map(|(before, after)| (before.0, after.0)),
        level: both.map(|(before, after)| (before.1, after.1)),
        closed: closed.collect(),
        gap: gaps.max_by(|a, b| a.priority.total_cmp(&b.priority)).map(|gap| gap.practice),
    }
}
