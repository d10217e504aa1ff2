//! The sessions of an engagement: in which order capabilities are taken, and how the minutes of an agenda are given out.

use crate::assessment::Assessment;
use crate::kit::format::{Dimension, ForEach, Priority, Session};
use crate::kit::{CapabilityIx, Kit};

/// A session that is held: once, or on one capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// Its place among the sessions of the engagement.
    pub session: usize,
    /// The capability it is on.
    pub capability: Option<CapabilityIx>,
}

/// Returns the phase of the migration that counts: the one that the assessment names, else the first of the kit.
pub fn phase(kit: &Kit, assessment: &Assessment) -> Option<usize> {
    assessment.phase.or_else(|| Some(0).filter(|_| !kit.file.phases.is_empty()))
}

/// Returns what matters in a phase of the migration, where the engagement says so.
pub fn priority(kit: &Kit, phase: usize) -> Option<&Priority> {
    let id = &kit.file.phases.get(phase)?.id.value;
    kit.engagement.as_ref()?.file.priorities.iter().find(|priority| priority.phase.value == *id)
}

/// Returns the capabilities in scope in the order in which they are taken: the customer's importance decides, then what the phase
/// of the migration takes first, then the order of the kit.
pub fn sequence(kit: &Kit, assessment: &Assessment) -> Vec<CapabilityIx> {
    let first = phase(kit, assessment).and_then(|phase| priority(kit, phase)).map(|priority| priority.first.as_slice()).unwrap_or_default();
    let place = |ix: CapabilityIx| first.iter().position(|id| id.as_str() == kit.capability_id(ix)).unwrap_or(first.len());
    let mut order: Vec<CapabilityIx> = assessment.capabilities_in_scope(kit).collect();
    order.sort_by(|a, b| {
        let importance = |ix: &CapabilityIx| assessment.scope(*ix).importance;
        importance(b).total_cmp(&importance(a)).then(place(*a).cmp(&place(*b))).then(a.cmp(b))
    });
    order
}

/// Returns every session that is held: kind by kind, those for each capability in the order in which capabilities are taken.
pub fn sittings(kit: &Kit, assessment: &Assessment) -> Vec<Sitting> {
    let sessions = kit.engagement.as_ref().map(|engagement| engagement.file.sessions.as_slice()).unwrap_or_default();
    let order = sequence(kit, assessment);
    let mut held = Vec::new();
    for (session, file) in sessions.iter().enumerate() {
        match file.for_each {
            None => held.push(Sitting { session, capability: None }),
            Some(ForEach::Capability) => held.extend(order.iter().map(|ix| Sitting { session, capability: Some(*ix) })),
        }
    }
    held
}

/// Returns how long a session lasts, in minutes.
pub fn minutes(kit: &Kit, session: &Session, capability: Option<CapabilityIx>) -> f64 {
    let preparation = capability.and_then(|ix| kit.engagement.as_ref()?.file.capabilities.get(kit.capability_id(ix)));
    let own = preparation.and_then(|preparation| preparation.minutes.get(session.id.as_str()));
    own.map_or(session.minutes.value, |minutes| minutes.value)
}

/// Returns how often the questions of a capability on one dimension are asked in an assessment.
pub fn askings(kit: &Kit, assessment: &Assessment, capability: CapabilityIx, dimension: Dimension) -> usize {
    let of_dimension = kit.questions_of(capability).filter(|ix| kit.question_file(*ix).dimension == Some(dimension));
    of_dimension.map(|ix| assessment.instances(kit, ix).len()).sum()
}

/// Returns the minutes of each item of an agenda, which sum up to the length of the session.
///
/// What the fixed items leave is shared by the others: by the number of askings where an item asks the questions of a dimension,
/// evenly where it does not. Shares are rounded to five minutes where there is time for that; what is left over goes to the
/// last of them. An item without a question to ask takes none.
pub fn agenda(kit: &Kit, assessment: &Assessment, sitting: Sitting) -> Vec<u32> {
    let Some(engagement) = &kit.engagement else { return Vec::new() };
    let session = &engagement.file.sessions[sitting.session];
    let fixed: f64 = session.agenda.iter().filter_map(|item| item.minutes.as_ref()).map(|minutes| minutes.value).sum();
    let left = minutes(kit, session, sitting.capability) - fixed;
    let share = |item: &crate::kit::format::AgendaItem| match (item.dimension, sitting.capability) {
        (Some(dimension), Some(capability)) => askings(kit, assessment, capability, dimension) as f64,
        _ => 1.0,
    };
    let mut open: Vec<usize> = (0..session.agenda.len()).filter(|at| session.agenda[*at].minutes.is_none()).collect();
    let all: f64 = open.iter().map(|at| share(&session.agenda[*at])).sum();
    if all > 0.0 {
        open.retain(|at| share(&session.agenda[*at]) > 0.0);
    }
    let mut given: Vec<f64> = session.agenda.iter().map(|item| item.minutes.as_ref().map_or(0.0, |minutes| minutes.value)).collect();
    let step = if left >= 10.0 * open.len() as f64 { 5.0 } else { 1.0 };
    let mut rest = left;
    for (nth, at) in open.iter().enumerate() {
        let still_open = (open.len() - nth - 1) as f64;
        let wanted = if all > 0.0 { left * share(&session.agenda[*at]) / all } else { left / open.len() as f64 };
        let most = (rest - step * still_open).max(step);
        let own = if still_open == 0.0 { rest } else { ((wanted / step).round() * step).clamp(step, most) };
        given[*at] = own;
        rest -= own;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole minutes above 0, at most those of a session")]
    let whole = given.into_iter().map(|minutes| minutes as u32).collect();
    whole
}
