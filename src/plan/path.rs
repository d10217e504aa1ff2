//! What gaps wait for each other: the chain that takes longest, and the gaps that most others need first.

use super::Plan;
use crate::kit::format::Effort;
use crate::kit::{Kit, PracticeIx};
use crate::scoring::Scorecard;
use std::collections::BTreeSet;

/// Returns the chain of confirmed gaps that is the most work, each after what it needs; nothing where no gap needs another one.
///
/// A practice that is in place is no work, and what it needs is followed through it. Of equal chains the first one counts.
///
/// # Units
///
/// Work is counted in points of effort: S 1, M 3, L 8.
pub fn critical_path(kit: &Kit, card: &Scorecard, plan: &Plan) -> Vec<PracticeIx> {
    let gaps = work(card, plan);
    let mut longest: Vec<Option<(f64, Option<PracticeIx>)>> = vec![None; kit.practices.len()];
    for &gap in &gaps {
        let mut open = vec![gap];
        // `requires` has no circles, so everything below a practice is settled before it is looked at again.
        while let Some(&next) = open.last() {
            let practice = kit.practice(next);
            let waiting: Vec<PracticeIx> = practice.requires.iter().copied().filter(|ix| longest[ix.0].is_none()).collect();
            if !waiting.is_empty() {
                open.extend(waiting);
                continue;
            }
            open.pop();
            let own = if gaps.contains(&next) { practice.effort.points() } else { 0.0 };
            let before = practice.requires.iter().filter_map(|ix| Some((longest[ix.0]?.0, *ix)));
            let before = before.reduce(|a, b| if b.0 > a.0 { b } else { a }).filter(|(work, _)| *work > 0.0);
            longest[next.0] = Some((own + before.map_or(0.0, |(work, _)| work), before.map(|(_, ix)| ix)));
        }
    }
    let ends = gaps.iter().filter_map(|ix| Some((longest[ix.0]?.0, *ix)));
    let Some((_, end)) = ends.reduce(|a, b| if b.0 > a.0 { b } else { a }) else { return Vec::new() };
    let chain = std::iter::successors(Some(end), |ix| longest[ix.0].and_then(|(_, before)| before));
    let mut path: Vec<PracticeIx> = chain.filter(|ix| gaps.contains(ix)).collect();
    path.reverse();
    if path.len() > 1 { path } else { Vec::new() }
}

/// Returns the confirmed gaps that others need first, directly or through other practices, with how many; those that most need come
/// first.
pub fn keystones(kit: &Kit, card: &Scorecard, plan: &Plan) -> Vec<(PracticeIx, usize)> {
    let gaps = work(card, plan);
    let mut needed = vec![0; kit.practices.len()];
    for &gap in &gaps {
        let mut seen = BTreeSet::new();
        let mut open = kit.practice(gap).requires.clone();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                needed[next.0] += 1;
                open.extend(&kit.practice(next).requires);
            }
        }
    }
    let mut found: Vec<(PracticeIx, usize)> = gaps.into_iter().map(|ix| (ix, needed[ix.0])).filter(|(_, count)| *count > 0).collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    found
}

fn work(card: &Scorecard, plan: &Plan) -> BTreeSet<PracticeIx> {
    card.gaps.iter().filter(|gap| plan.is_work(gap)).map(|gap| gap.practice).collect()
}

/// Returns the gaps that are days of work and wait for no other gap, those that weigh most on their own first.
///
/// # Source
///
/// Our own choice: what a sponsor can see within a month, without a programme around it.
pub fn quick_wins(kit: &Kit, card: &Scorecard, plan: &Plan) -> Vec<PracticeIx> {
    let gaps = work(card, plan);
    let waits = |practice: PracticeIx| {
        let mut open = kit.practice(practice).requires.clone();
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if gaps.contains(&next) {
                return true;
            }
            if seen.insert(next) {
                open.extend(&kit.practice(next).requires);
            }
        }
        false
    };
    let is_quick =
        |gap: &&crate::scoring::gap::Gap| plan.is_work(gap) && kit.practice(gap.practice).effort == Effort::S && !waits(gap.practice);
    let mut found: Vec<&crate::scoring::gap::Gap> = card.gaps.iter().filter(is_quick).collect();
    found.sort_by(|a, b| b.priority.total_cmp(&a.priority));
    found.into_iter().map(|gap| gap.practice).collect()
}
