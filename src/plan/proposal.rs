//! What to aim at: a target and an importance for each capability, to start the conversation from.

use super::session::{phase, priority};
use crate::assessment::Assessment;
use crate::kit::{CapabilityIx, Kit};
use crate::scoring::Scorecard;

/// The importance of a capability of which nobody has said more.
pub const USUAL_IMPORTANCE: f64 = 3.0;

/// What to aim at for a capability, and what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The capability.
    pub capability: CapabilityIx,
    /// The level attained in the target environment; nothing while nothing is answered.
    pub level: Option<i64>,
    /// The level that the phase of the migration needs.
    pub needed: Option<i64>,
    /// The place at which the phase takes the capability, counted from 1.
    pub place: Option<usize>,
    /// The level proposed: one above the level attained, at most the top; the kit's default while nothing is answered.
    pub target: i64,
    /// The importance proposed, 1 to 5.
    pub importance: f64,
}

impl Proposal {
    /// Returns the proposal for a capability.
    pub fn of(kit: &Kit, assessment: &Assessment, card: &Scorecard, capability: CapabilityIx) -> Self {
        let environment = assessment.target_environment;
        let one = card.card(capability).filter(|one| one.is_assessed(environment));
        let level = one.and_then(|one| one.score_in(environment)).and_then(|score| score.level);
        let id = kit.capability_id(capability);
        let phase = phase(kit, assessment);
        let first = phase.and_then(|phase| priority(kit, phase)).map(|priority| priority.first.as_slice()).unwrap_or_default();
        Self {
            capability,
            level,
            needed: phase.and_then(|phase| kit.file.phases[phase].targets.get(id)).map(|level| level.value),
            place: first.iter().position(|other| other.as_str() == id).map(|place| place + 1),
            target: level.map_or(kit.default_target, |level| (level + 1).min(kit.top())),
            importance: USUAL_IMPORTANCE,
        }
    }
}
