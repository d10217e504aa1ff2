//! Gaps: practices that are expected and not in place, in the order in which they matter.

use super::{Between, Scorecard, exceeds, link};
use crate::assessment::{Assessment, Instance};
use crate::kit::{EnvironmentIx, Kit, PracticeIx};

/// A practice that is expected at or below the target and not in place.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    /// The practice.
    pub practice: PracticeIx,
    /// Where it is missing.
    pub environment: EnvironmentIx,
    /// How much of it is in place there.
    pub credit: Between,
    /// Its own priority: risk x importance x weight x (1 - credit).
    pub priority: f64,
    /// The highest priority among itself and the gaps that require it: what it is ordered by.
    pub order_priority: f64,
}

impl Gap {
    /// Returns true if it is a gap whatever the open questions bring.
    pub fn is_confirmed(&self) -> bool {
        exceeds(1.0, self.credit.high)
    }
}

/// Returns the gaps of an assessment in their order.
///
/// A gap is looked for in the target environment; where no question asks about the practice there, in the environment where its
/// credit is lowest, since what must be carried over is a gap too.
pub fn gaps(kit: &Kit, assessment: &Assessment, card: &Scorecard) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for capability in assessment.capabilities_in_scope(kit) {
        let scope = assessment.scope(capability);
        for ix in kit.practices_of(capability) {
            let practice = kit.practice(ix);
            if practice.level > scope.target {
                continue;
            }
            let Some((environment, credit)) = place(kit, assessment, card, ix) else { continue };
            if !exceeds(1.0, credit.low) {
                continue;
            }
            let priority = practice.risk.factor() * scope.importance * practice.weight * (1.0 - credit.low);
            gaps.push(Gap { practice: ix, environment, credit, priority, order_priority: priority });
        }
    }
    lift(kit, &mut gaps);
    // Equal within a rounding error is not transitive, so priorities are ranked first and the ranks compared.
    gaps.sort_by(|a, b| b.order_priority.total_cmp(&a.order_priority));
    let mut rank = 0;
    let mut ranked: Vec<(usize, Gap)> = Vec::with_capacity(gaps.len());
    for gap in gaps {
        rank += usize::from(ranked.last().is_some_and(|(_, above)| exceeds(above.order_priority, gap.order_priority)));
        ranked.push((rank, gap));
    }
    ranked.sort_by_key(|(rank, gap)| (*rank, kit.practice(gap.practice).level, gap.practice));
    ranked.into_iter().map(|(_, gap)| gap).collect()
}

/// Returns where a practice is held against its target, and its credit there; nothing where it does not apply or is out of scope.
pub fn place(kit: &Kit, assessment: &Assessment, card: &Scorecard, practice: PracticeIx) -> Option<(EnvironmentIx, Between)> {
    let target = assessment.target_environment;
    let in_scope = |instance: &Instance| assessment.scope(kit.question(instance.question).capability).in_scope;
    let is_asked = kit.practice(practice).applies_in(target) && link::askings(kit, practice, target).any(|instance| in_scope(&instance));
    if is_asked {
        return card.credit(practice, target).map(|credit| (target, credit));
    }
    let mut lowest: Option<(EnvironmentIx, Between)> = None;
    for environment in &assessment.environments {
        let Some(credit) = card.credit(practice, *environment) else { continue };
        if lowest.is_none_or(|(_, found)| exceeds(found.low, credit.low)) {
            lowest = Some((*environment, credit));
        }
    }
    lowest
}

/// Gives each gap the highest priority among itself and the gaps that need it, directly or through others.
fn lift(kit: &Kit, gaps: &mut [Gap]) {
    let mut needed = vec![f64::NEG_INFINITY; kit.practices.len()];
    for gap in gaps.iter() {
        let mut open = vec![gap.practice];
        let mut seen = vec![false; kit.practices.len()];
        while let Some(practice) = open.pop() {
            if std::mem::replace(&mut seen[practice.0], true) {
                continue;
            }
            needed[practice.0] = needed[practice.0].max(gap.priority);
            open.extend(&kit.practice(practice).requires);
        }
    }
    for gap in gaps {
        gap.order_priority = gap.order_priority.max(needed[gap.practice.0]);
    }
}
