//! The sessions of an engagement: in which order capabilities are taken, and how the minutes of an agenda are given out.

use crate::assessment::Assessment;
use crate::kit::format::{AgendaItem, Dimension, ForEach, Priority, Session};
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
pub fn minutes(kit: &Kit, session: &Session, capability: Option<CapabilityIx>) -> u64 {
    let preparation = capability.and_then(|ix| kit.engagement.as_ref()?.file.capabilities.get(kit.capability_id(ix)));
    let own = preparation.and_then(|preparation| preparation.minutes.get(session.id.as_str()));
    own.map_or(session.minutes.value, |minutes| minutes.value).unsigned_abs()
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
pub fn agenda(kit: &Kit, assessment: &Assessment, sitting: Sitting) -> Vec<u64> {
    let Some(engagement) = &kit.engagement else { return Vec::new() };
    let session = &engagement.file.sessions[sitting.session];
    let fixed = |item: &AgendaItem| item.minutes.as_ref().map(|minutes| minutes.value.unsigned_abs());
    let weight = |item: &AgendaItem| match (item.dimension, sitting.capability) {
        (Some(dimension), Some(capability)) => askings(kit, assessment, capability, dimension) as u64,
        _ => 1,
    };
    let mut given: Vec<u64> = session.agenda.iter().map(|item| fixed(item).unwrap_or(0)).collect();
    let mut open: Vec<(usize, u64)> =
        session.agenda.iter().enumerate().filter(|(_, item)| item.minutes.is_none()).map(|(at, item)| (at, weight(item))).collect();
    if open.iter().any(|(_, weight)| *weight > 0) {
        open.retain(|(_, weight)| *weight > 0);
    } else {
        for (_, weight) in &mut open {
            *weight = 1;
        }
    }
    let left = minutes(kit, session, sitting.capability).saturating_sub(given.iter().sum());
    let all: u64 = open.iter().map(|(_, weight)| weight).sum();
    let step = if left >= 10 * open.len() as u64 { 5 } else { 1 };
    let mut rest = left;
    for (nth, (at, weight)) in open.iter().enumerate() {
        let still_open = (open.len() - nth - 1) as u64;
        let rounded = (2 * left * weight + all * step) / (2 * all * step) * step;
        let most = rest.saturating_sub(step * still_open).max(step);
        let own = if still_open == 0 { rest } else { rounded.clamp(step, most) };
        given[*at] = own;
        rest -= own;
    }
    given
}
