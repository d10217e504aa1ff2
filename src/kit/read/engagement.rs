//! Checks `engagement.yaml` against the kit it belongs to.

use super::graph::cycle;
use super::{Builder, duplicate_ids};
use crate::diagnostic::{Code, Location, Source, Span};
use crate::kit::format::{AgendaItem, EngagementFile, Point, Session};
use crate::yaml::record::{At, Id, list};
use std::sync::Arc;

impl Builder<'_> {
    pub(super) fn check_engagement(&mut self, file: &EngagementFile, source: &Arc<Source>) {
        for (what, ids) in [
            ("objective", file.objectives.iter().map(|one| &one.id).collect::<Vec<_>>()),
            ("phase", file.phases.iter().map(|one| &one.id).collect()),
            ("session", file.sessions.iter().map(|one| &one.id).collect()),
        ] {
            duplicate_ids(what, ids.into_iter(), source, &mut self.diagnostics);
        }
        for id in file.objectives.iter().flat_map(|objective| &objective.capabilities) {
            self.capability_known(id.as_str(), Location::new(source, id.span));
        }
        let phases: Vec<&At<Id>> = file.phases.iter().map(|phase| &phase.id).collect();
        for phase in &file.phases {
            for points in [&phase.entry, &phase.deliverables, &phase.exit] {
                duplicate_ids("point", points.iter().map(|Point { id, .. }| id), source, &mut self.diagnostics);
            }
            self.among("phase", &phase.after, &phases, source);
            self.roles_known(&phase.participants, source);
            if let Some(days) = phase.working_days.as_ref().filter(|days| days.value <= 0.0) {
                self.error(Code::BadNumber, Location::new(source, days.span), "a phase takes more than 0 working days");
            }
        }
        self.waits("phases", &phases, &file.phases.iter().map(|phase| phase.after.as_slice()).collect::<Vec<_>>(), source);
        let sessions: Vec<&At<Id>> = file.sessions.iter().map(|session| &session.id).collect();
        for session in &file.sessions {
            self.among("phase", session.phase.as_slice(), &phases, source);
            self.among("session", &session.after, &sessions, source);
            self.roles_known(&session.required, source);
            self.roles_known(&session.optional, source);
            self.agenda_fits(session, &session.minutes, source);
        }
        self.waits("sessions", &sessions, &file.sessions.iter().map(|session| session.after.as_slice()).collect::<Vec<_>>(), source);
        for (capability, preparation) in &file.capabilities {
            self.capability_known(&capability.value, Location::new(source, capability.span));
            self.roles_known(&preparation.required, source);
            self.roles_known(&preparation.optional, source);
            for (id, minutes) in &preparation.minutes {
                match file.sessions.iter().find(|session| session.id.as_str() == id.value) {
                    Some(session) if session.for_each.is_some() => self.agenda_fits(session, minutes, source),
                    Some(_) => {
                        let message = format!("the session `{}` is held once, not for each capability", id.value);
                        self.error(Code::BadKit, Location::new(source, id.span), message).help =
                            Some("give the session `for_each: capability`, or leave its length here out".to_owned());
                    }
                    None => {
                        let known = sessions.iter().map(|id| id.as_str().to_owned()).collect();
                        self.unknown("session", &id.value, Location::new(source, id.span), known);
                    }
                }
            }
        }
        let known: Vec<At<Id>> = self.file.phases.iter().map(|phase| phase.id.clone()).collect();
        let known: Vec<&At<Id>> = known.iter().collect();
        duplicate_ids("priority of the phase", file.priorities.iter().map(|one| &one.phase), source, &mut self.diagnostics);
        for priority in &file.priorities {
            self.among("phase of the migration", std::slice::from_ref(&priority.phase), &known, source);
            for id in &priority.first {
                self.capability_known(id.as_str(), Location::new(source, id.span));
            }
        }
    }

    fn among(&mut self, what: &str, ids: &[At<Id>], known: &[&At<Id>], source: &Arc<Source>) {
        for id in ids {
            if !known.iter().any(|other| other.value == id.value) {
                let known = known.iter().map(|id| id.as_str().to_owned()).collect();
                self.unknown(what, id.as_str(), Location::new(source, id.span), known);
            }
        }
    }

    /// Reports a circle among things that come after each other.
    fn waits(&mut self, what: &str, ids: &[&At<Id>], after: &[&[At<Id>]], source: &Arc<Source>) {
        let place = |id: &At<Id>| ids.iter().position(|other| other.value == id.value);
        let edges: Vec<Vec<usize>> = after.iter().map(|before| before.iter().filter_map(place).collect()).collect();
        if let Some(cycle) = cycle(&edges) {
            let names: Vec<&str> = cycle.iter().map(|index| ids[*index].as_str()).collect();
            let message = match names.as_slice() {
                [one] => format!("`{one}` comes after itself"),
                several => format!("the {what} {} come after each other", list(several)),
            };
            self.error(Code::Cycle, Location::new(source, ids[cycle[0]].span), message).help =
                Some("one of them must come first".to_owned());
        }
    }

    /// Checks that the items of an agenda fill the session: the fixed ones, and at least one minute for each of the others.
    fn agenda_fits(&mut self, session: &Session, length: &At<i64>, source: &Arc<Source>) {
        let mut error = |span: Span, message: String, help: &str| {
            self.error(Code::AgendaDoesNotFit, Location::new(source, span), message).help = Some(help.to_owned());
        };
        if length.value <= 0 {
            error(length.span, "a session lasts more than 0 minutes".to_owned(), "write it as 90");
            return;
        }
        if session.agenda.is_empty() {
            return;
        }
        for item in &session.agenda {
            if let Some(minutes) = item.minutes.as_ref().filter(|minutes| minutes.value <= 0) {
                error(minutes.span, "an item takes more than 0 minutes".to_owned(), "leave it out to share what is left");
            }
            if item.dimension.is_some() && session.for_each.is_none() {
                let message = "the questions of a capability cannot be asked in a session that is for none".to_owned();
                error(item.topic.span, message, "give the session `for_each: capability`");
            }
        }
        let taken: i64 = session.agenda.iter().filter_map(|item| item.minutes.as_ref()).map(|minutes| minutes.value).sum();
        let open = session.agenda.iter().filter(|item: &&AgendaItem| item.minutes.is_none()).count();
        let (left, id) = (length.value - taken, &session.id);
        if open == 0 && left != 0 {
            let message = format!("the agenda of `{id}` takes {taken} minutes of {}", length.value);
            error(length.span, message, "let the items sum up to the length, or leave the minutes of one out");
        } else if left < i64::try_from(open).unwrap_or(i64::MAX) {
            let message = format!("the agenda of `{id}` takes {taken} minutes of {} and leaves too little for the rest", length.value);
            error(length.span, message, "make the session longer, or its items shorter");
        }
    }
}
