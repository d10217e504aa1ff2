//! The views of the runbooks of a capability, and of the playbook over all of them.

use super::make::Maker;
use super::place::{Headings, Place};
use super::{Header, RunbookView};
use crate::assessment::Plain;
use crate::kit::CapabilityIx;
use crate::kit::format::{Runbook, RunbookKind};
use serde::Serialize;

/// The view of the runbooks of a capability.
#[derive(Debug, Serialize)]
pub struct RunbooksView {
    /// What the document shows of itself.
    pub header: Header,
    /// The title of the capability.
    pub title: String,
    /// The runbooks.
    pub runbooks: Vec<RunbookView>,
}

/// The view of the playbook.
#[derive(Debug, Serialize)]
pub struct PlaybookView {
    /// What the document shows of itself.
    pub header: Header,
    /// How many runbooks there are.
    pub runbooks: usize,
    /// What starts a runbook: what is wrong, what is asked for, what is due.
    pub groups: Vec<TriggerGroup>,
    /// The roles that escalations name.
    pub calls: Vec<CallRow>,
    /// Whom each runbook calls, and when, those of the most important capability first.
    pub escalations: Vec<EscalationRow>,
}

/// What starts runbooks of a kind.
#[derive(Debug, Serialize)]
pub struct TriggerGroup {
    /// The word of the kind: `fault`, `request`, `planned`, or `other` where the kit does not say.
    pub kind: String,
    /// What starts a runbook, those of the most important capability first.
    pub triggers: Vec<TriggerRow>,
}

/// Something that happens, and what to do then.
#[derive(Debug, Serialize)]
pub struct TriggerRow {
    /// What happens.
    pub trigger: String,
    /// The runbook.
    pub runbook: Place,
    /// True if it serves only practices beyond the target.
    pub is_beyond_target: bool,
    /// The title of the capability.
    pub capability: String,
    /// How much the capability matters, 1 to 5.
    pub importance: String,
}

/// A role that is called.
#[derive(Debug, Serialize)]
pub struct CallRow {
    /// The title of the role.
    pub role: String,
    /// Who holds it, as far as participants are named.
    pub names: Vec<String>,
    /// How many runbooks name it in their escalation.
    pub count: usize,
}

/// Whom a runbook calls.
#[derive(Debug, Serialize)]
pub struct EscalationRow {
    /// The runbook.
    pub runbook: Place,
    /// The title of the capability.
    pub capability: String,
    /// Whom it calls, and when.
    pub escalation: Vec<String>,
}

impl Maker<'_> {
    /// Returns the view of the runbooks of a capability; nothing if it has none.
    pub fn runbooks(&self, ix: CapabilityIx) -> Option<RunbooksView> {
        let runbooks = self.runbook_views(ix);
        let view = || RunbooksView { header: self.header(Some(ix)), title: self.capability_title(ix), runbooks };
        self.runbook_files(ix).next().is_some().then(view)
    }

    /// Returns the view of the playbook; nothing if there is no runbook.
    pub fn playbook(&self) -> Option<PlaybookView> {
        let all: Vec<(CapabilityIx, &Runbook, Place)> = (self.assessment.capabilities_in_scope(self.kit))
            .flat_map(|ix| self.runbook_files(ix).zip(self.runbook_anchors(ix)).map(move |(runbook, anchor)| (ix, runbook, anchor)))
            .map(|(ix, runbook, anchor)| {
                let path = format!("{}/runbooks.md#{anchor}", self.kit.capability_id(ix));
                (ix, runbook, Place { title: runbook.title.clone(), path })
            })
            .collect();
        if all.is_empty() {
            return None;
        }
        let importance = |ix: &CapabilityIx| self.assessment.scope(*ix).importance;
        let mut ordered: Vec<&(CapabilityIx, &Runbook, Place)> = all.iter().collect();
        ordered.sort_by(|a, b| importance(&b.0).total_cmp(&importance(&a.0)));
        let kinds = [Some(RunbookKind::Fault), Some(RunbookKind::Request), Some(RunbookKind::Planned), None];
        let group = |kind: Option<RunbookKind>| {
            let of_kind = ordered.iter().filter(|(_, runbook, _)| runbook.kind == kind);
            let rows = of_kind.flat_map(|(ix, runbook, place)| {
                let row = |trigger: String| TriggerRow {
                    trigger,
                    runbook: place.clone(),
                    is_beyond_target: self.is_beyond_target(runbook),
                    capability: self.capability_title(*ix),
                    importance: Plain(importance(ix)).to_string(),
                };
                runbook.triggers.strings().into_iter().map(row).collect::<Vec<_>>()
            });
            TriggerGroup { kind: kind.map_or("other", RunbookKind::word).to_owned(), triggers: rows.collect() }
        };
        let escalations = ordered.iter().filter(|(_, runbook, _)| !runbook.escalation.0.is_empty()).map(|(ix, runbook, place)| {
            EscalationRow { runbook: place.clone(), capability: self.capability_title(*ix), escalation: runbook.escalation.strings() }
        });
        let call = |role: &str, title: &str| {
            let is_called = |runbook: &Runbook| runbook.escalation.strings().iter().any(|text| calls(text, role, title));
            let count = all.iter().filter(|(_, runbook, _)| is_called(runbook)).count();
            CallRow { role: title.to_owned(), names: self.names_of(role), count }
        };
        let roles = self.kit.file.roles.iter();
        Some(PlaybookView {
            header: self.header(None),
            runbooks: all.len(),
            groups: kinds.into_iter().map(group).filter(|group| !group.triggers.is_empty()).collect(),
            calls: roles.map(|role| call(role.id.as_str(), &role.title)).filter(|call| call.count > 0).collect(),
            escalations: escalations.collect(),
        })
    }

    /// Returns the runbooks of a capability, with their anchors.
    pub(super) fn runbook_views(&self, ix: CapabilityIx) -> Vec<RunbookView> {
        self.runbook_files(ix).zip(self.runbook_anchors(ix)).map(|(runbook, anchor)| self.runbook(runbook, anchor)).collect()
    }

    fn runbook_files(&self, ix: CapabilityIx) -> impl Iterator<Item = &Runbook> {
        self.kit.capability(ix).file.design.iter().flat_map(|design| &design.runbooks)
    }

    fn runbook_anchors(&self, ix: CapabilityIx) -> Vec<String> {
        let mut headings = Headings::of(&[&format!("{}: runbooks", self.capability_title(ix))]);
        self.runbook_files(ix).map(|runbook| headings.anchor(&runbook.title)).collect()
    }
}

/// Returns true if a text calls a role by its title or by the words of its id: "the incident manager". The manager of a role is
/// somebody else.
fn calls(text: &str, role: &str, title: &str) -> bool {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let is_named = |name: &str| {
        text.match_indices(name).any(|(at, _)| {
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let behind = &text[at + name.len()..];
            !is_word(text[..at].chars().next_back()) && !is_word(behind.chars().next()) && !behind.starts_with("'s")
        })
    };
    [role.replace(['-', '_', '.'], " ").to_lowercase(), title.to_lowercase()].iter().any(|name| is_named(name))
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn a_role_is_called_by_its_title_or_the_words_of_its_id() {
        let manager = |text: &str| calls(text, "operations-manager", "IT operations manager");
        assert!(manager("After two hours: operations\nmanager."));
        assert!(manager("The IT Operations Manager decides."));
        assert!(!manager("The operations managers of all sites"));
        assert!(!manager("the operations manager's deputy"));
    }
}
