//! What the scores are once the gaps of a wave are closed.

use super::Plan;
use crate::assessment::Assessment;
use crate::kit::{CapabilityIx, EnvironmentIx, Kit, PracticeIx};
use crate::scoring::{Between, CapabilityScore, Scorecard, score};

/// Where everything stands after a wave.
#[derive(Debug)]
pub struct Projection {
    /// The capabilities in scope, in order.
    pub capabilities: Vec<(CapabilityIx, CapabilityScore)>,
    /// The mean over them weighted by importance; nothing where none has a score.
    pub overall: Option<Between>,
}

/// Returns how the capabilities stand in the target environment now, and after each wave of the roadmap.
///
/// A gap that is closed counts as fully in place from its wave on; everything else stays as it is, so a score never falls. What
/// is open stays open: the low figure is what is certain once the work is done.
///
/// # Source
///
/// Our own choice, on the arithmetic of the score itself: OWASP SAMM asks for projected answers in each phase of a roadmap, and
/// closing a gap is that.
pub fn projections(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan) -> Vec<Projection> {
    let environment = assessment.target_environment;
    let now = std::iter::once(None);
    now.chain((0..assessment.waves.len()).map(Some)).map(|wave| after(kit, assessment, card, plan, environment, wave)).collect()
}

fn after(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan, environment: EnvironmentIx, wave: Option<usize>) -> Projection {
    let is_closed = |practice: PracticeIx| {
        let is_due = wave.is_some_and(|wave| plan.wave(practice).is_some_and(|of| of <= wave));
        is_due && card.gaps.iter().any(|gap| gap.practice == practice && gap.environment == environment)
    };
    let of = |ix: CapabilityIx| {
        let credit = |practice: PracticeIx| {
            let credit = card.credit(practice, environment)?;
            Some((practice, if is_closed(practice) { Between { low: 1.0, high: 1.0 } } else { credit }))
        };
        let credits: Vec<(PracticeIx, Between)> = kit.practices_of(ix).filter_map(credit).collect();
        (ix, score(kit, &credits))
    };
    let capabilities: Vec<(CapabilityIx, CapabilityScore)> = card.capabilities.iter().map(|one| of(one.capability)).collect();
    let scores = capabilities.iter().filter_map(|(ix, one)| Some((one.score?, assessment.scope(*ix).importance)));
    Projection { overall: Between::mean(scores), capabilities }
}
