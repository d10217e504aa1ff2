//! The views of the consulting work: what the engagement is for, and its sessions.

use super::make::Maker;
use super::{
    AgendaRow, CapabilityLink, CapabilitySessions, EngagementView, MigrationView, ObjectiveView, OrderRow, PhaseView, SessionView,
    TargetRow, WorkshopsView,
};
use crate::assessment::Plain;
use crate::kit::CapabilityIx;
use crate::kit::format::{EngagementFile, Point, Session};
use crate::plan::session::{self, Sitting};
use crate::scoring::wording::count;
use crate::yaml::record::{At, Id};

pub(super) fn texts(list: &[At<String>]) -> Vec<String> {
    list.iter().map(|text| text.value.clone()).collect()
}

fn titles(points: &[Point]) -> Vec<String> {
    points.iter().map(|point| point.title.value.clone()).collect()
}

/// Returns minutes as people say them: "45 min", "1 h 30 min".
pub(super) fn duration(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

impl Maker<'_> {
    /// Returns the view of what the engagement is for; nothing where the kit does not say.
    pub fn engagement(&self) -> Option<EngagementView> {
        let file = &self.kit.engagement.as_ref()?.file;
        let days: f64 = file.phases.iter().filter_map(|phase| phase.working_days.as_ref()).map(|days| days.value).sum();
        Some(EngagementView {
            header: self.header(None),
            mission: file.mission.value.clone(),
            objectives: file
                .objectives
                .iter()
                .map(|one| ObjectiveView {
                    title: one.title.value.clone(),
                    statement: one.statement.value.clone(),
                    reviews: texts(&one.reviews),
                    outcome: one.outcome.as_ref().map(|text| text.value.clone()),
                    capabilities: self.links(&one.capabilities),
                })
                .collect(),
            phases: (file.phases.iter())
                .map(|phase| PhaseView {
                    title: phase.title.value.clone(),
                    purpose: phase.purpose.as_ref().map(|text| text.value.clone()),
                    days: phase.working_days.as_ref().map(|days| Plain(days.value).to_string()),
                    participants: self.role_titles(&phase.participants),
                    entry: titles(&phase.entry),
                    deliverables: titles(&phase.deliverables),
                    exit: titles(&phase.exit),
                })
                .collect(),
            total_days: Some(days).filter(|days| *days > 0.0).map(|days| Plain(days).to_string()),
            migration: self.migration(),
            migration_phases: self.kit.file.phases.iter().map(|phase| phase.title.clone()).collect(),
            targets: self.targets(),
            order: self.order(),
            ways_of_working: texts(&file.ways_of_working),
            has_sessions: !file.sessions.is_empty(),
        })
    }

    fn links(&self, ids: &[At<Id>]) -> Vec<CapabilityLink> {
        let found = ids.iter().filter_map(|id| self.kit.find_capability(id.as_str()));
        found.map(|ix| self.capability_link(ix)).collect()
    }

    pub(super) fn capability_link(&self, ix: CapabilityIx) -> CapabilityLink {
        CapabilityLink {
            id: self.kit.capability_id(ix).to_owned(),
            title: self.capability_title(ix),
            in_scope: self.assessment.scope(ix).in_scope,
        }
    }

    pub(super) fn role_titles(&self, ids: &[At<Id>]) -> Vec<String> {
        ids.iter().map(|id| self.kit.role_title(id.as_str()).to_owned()).collect()
    }

    fn migration(&self) -> Option<MigrationView> {
        let phase = session::phase(self.kit, self.assessment)?;
        let priority = session::priority(self.kit, phase)?;
        Some(MigrationView {
            phase: self.kit.file.phases[phase].title.clone(),
            is_named: self.assessment.phase.is_some(),
            now: texts(&priority.now),
            later: texts(&priority.later),
            gate: texts(&priority.gate),
        })
    }

    fn targets(&self) -> Vec<TargetRow> {
        let phases = &self.kit.file.phases;
        let cell = |ix: CapabilityIx, phase: &crate::kit::format::Phase| {
            phase.targets.get(self.kit.capability_id(ix)).map_or_else(|| "–".to_owned(), |level| level.value.to_string())
        };
        let row = |ix: CapabilityIx| TargetRow {
            capability: self.capability_link(ix),
            by_phase: phases.iter().map(|phase| cell(ix, phase)).collect(),
            target: self.assessment.scope(ix).target.to_string(),
        };
        self.assessment.capabilities_in_scope(self.kit).map(row).collect()
    }

    /// Returns the capabilities in the order in which they are taken, each with what the phase needs and where it stands.
    fn order(&self) -> Vec<OrderRow> {
        let phase = session::phase(self.kit, self.assessment).map(|phase| &self.kit.file.phases[phase]);
        let order = session::sequence(self.kit, self.assessment);
        let environment = self.assessment.target_environment;
        let row = |(at, ix): (usize, &CapabilityIx)| {
            let needed = phase.and_then(|phase| phase.targets.get(self.kit.capability_id(*ix))).map(|level| level.value);
            let card = self.card.card(*ix).filter(|card| card.is_assessed(environment));
            let level = card.and_then(|card| card.score_in(environment)).and_then(|score| score.level);
            let target = self.assessment.scope(*ix).target;
            let missing = needed.zip(level).map(|(needed, level)| (needed.min(target) - level).max(0));
            let depends_on = &self.kit.capability(*ix).file.depends_on;
            let later = order[at + 1..].iter().filter(|other| depends_on.iter().any(|id| id.as_str() == self.kit.capability_id(**other)));
            OrderRow {
                capability: self.capability_link(*ix),
                importance: Plain(self.assessment.scope(*ix).importance).to_string(),
                needed: needed.map(|level| self.level_text(level)),
                lower_target: Some(target)
                    .filter(|target| needed.is_some_and(|needed| *target < needed))
                    .map(|target| self.level_text(target)),
                stands_at: level.map_or_else(|| "not assessed".to_owned(), |level| self.level_text(level)),
                distance: match missing {
                    None => String::new(),
                    Some(0) => "reached".to_owned(),
                    Some(levels) => format!("{} to go", count(usize::try_from(levels).unwrap_or_default(), "level")),
                },
                builds_on_later: later.map(|other| self.capability_title(*other)).collect(),
            }
        };
        order.iter().enumerate().map(row).collect()
    }

    /// Returns the view of the sessions; nothing where the kit has none.
    pub fn workshops(&self) -> Option<WorkshopsView> {
        let file = &self.kit.engagement.as_ref()?.file;
        if file.sessions.is_empty() {
            return None;
        }
        let sittings = session::sittings(self.kit, self.assessment);
        let length = |sitting: &Sitting| self.minutes(file, *sitting);
        let own = |session: &Session, sitting: &Sitting| {
            let has_share = session.agenda.iter().any(|item| item.dimension.is_some());
            has_share || session::minutes(self.kit, session, sitting.capability) != session.minutes.value.unsigned_abs()
        };
        let capability = |ix: CapabilityIx| {
            let preparation = file.capabilities.get(self.kit.capability_id(ix));
            let on_it = sittings.iter().filter(|sitting| sitting.capability == Some(ix));
            let differing = on_it.filter(|sitting| own(&file.sessions[sitting.session], sitting));
            CapabilitySessions {
                capability: self.capability_link(ix),
                required: preparation.map(|one| self.role_titles(&one.required)).unwrap_or_default(),
                optional: preparation.map(|one| self.role_titles(&one.optional)).unwrap_or_default(),
                bring: preparation.map(|one| texts(&one.bring)).unwrap_or_default(),
                settle: preparation.map(|one| texts(&one.settle)).unwrap_or_default(),
                sessions: differing.map(|sitting| self.session(file, *sitting)).collect(),
            }
        };
        let has_repeated = file.sessions.iter().any(|session| session.for_each.is_some());
        let sequence = if has_repeated { session::sequence(self.kit, self.assessment) } else { Vec::new() };
        let general = |at: usize| {
            let held: Vec<&Sitting> = sittings.iter().filter(|sitting| sitting.session == at).collect();
            let lengths = || held.iter().map(|sitting| length(sitting));
            let mut view = self.session(file, Sitting { session: at, capability: None });
            view.held = held.len();
            view.length = match (lengths().min(), lengths().max()) {
                (Some(least), Some(most)) if least != most => format!("{} to {}", duration(least), duration(most)),
                (Some(one), _) => duration(one),
                _ => view.length,
            };
            view
        };
        let mut header = self.header(None);
        // The sessions are planned before anything is answered: answers leave this document as it is.
        header.date = None;
        Some(WorkshopsView {
            header,
            total: duration(sittings.iter().map(length).sum()),
            count: sittings.len(),
            sessions: (0..file.sessions.len()).map(general).collect(),
            capabilities: sequence.into_iter().map(capability).collect(),
            ways_of_working: texts(&file.ways_of_working),
        })
    }

    pub(super) fn minutes(&self, file: &EngagementFile, sitting: Sitting) -> u64 {
        session::minutes(self.kit, &file.sessions[sitting.session], sitting.capability)
    }

    pub(super) fn session(&self, file: &EngagementFile, sitting: Sitting) -> SessionView {
        let session = &file.sessions[sitting.session];
        let phase = session.phase.as_ref().and_then(|id| file.phases.iter().find(|phase| phase.id.value == id.value));
        let before = session.after.iter().filter_map(|id| file.sessions.iter().find(|other| other.id.value == id.value));
        // Without its capability an agenda that asks questions, or whose length depends on the capability, has no times yet.
        let asks = session.agenda.iter().any(|item| item.dimension.is_some());
        let usual = session::minutes(self.kit, session, None);
        let differs = |ix: CapabilityIx| session.for_each.is_some() && session::minutes(self.kit, session, Some(ix)) != usual;
        let is_open = sitting.capability.is_none() && (asks || self.assessment.capabilities_in_scope(self.kit).any(differs));
        let minutes = if is_open { Vec::new() } else { session::agenda(self.kit, self.assessment, sitting) };
        let mut from: u64 = 0;
        let mut agenda = Vec::new();
        for (at, item) in session.agenda.iter().enumerate() {
            let own = minutes.get(at).copied();
            if own == Some(0) {
                continue;
            }
            let asked = item.dimension.zip(sitting.capability);
            let asked = asked.map(|(dimension, ix)| session::askings(self.kit, self.assessment, ix, dimension)).filter(|asked| *asked > 0);
            agenda.push(AgendaRow {
                from: own.map(|_| format!("{}:{:02}", from / 60, from % 60)),
                minutes: own.map(|minutes| minutes.to_string()),
                topic: item.topic.value.clone(),
                questions: asked.map(|asked| count(asked, "answer")),
            });
            from += own.unwrap_or_default();
        }
        SessionView {
            title: session.title.value.clone(),
            held: 1,
            is_repeated: session.for_each.is_some(),
            length: duration(self.minutes(file, sitting)),
            phase: phase.map(|phase| phase.title.value.clone()),
            after: before.map(|other| other.title.value.clone()).collect(),
            purpose: session.purpose.as_ref().map(|text| text.value.clone()),
            required: self.role_titles(&session.required),
            optional: self.role_titles(&session.optional),
            inputs: texts(&session.inputs),
            outputs: texts(&session.outputs),
            agenda,
        }
    }
}
