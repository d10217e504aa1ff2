//! The views of the runbooks of a capability, and of the playbook over all of them.

use super::make::Maker;
use super::place::{Headings, Place};
use super::{Header, RunbookView};
use crate::kit::CapabilityIx;
use crate::kit::format::{Risk, Runbook};
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
    /// What starts a runbook, the riskiest first.
    pub triggers: Vec<TriggerRow>,
    /// The roles that escalations name.
    pub calls: Vec<CallRow>,
    /// Whom each runbook calls, and when.
    pub escalations: Vec<EscalationRow>,
}

/// Something that happens, and what to do then.
#[derive(Debug, Serialize)]
pub struct TriggerRow {
    /// What happens.
    pub trigger: String,
    /// The runbook.
    pub runbook: Place,
    /// The title of the capability.
    pub capability: String,
    /// The highest risk among the practices that the runbook serves; nothing if it names none.
    pub risk: Option<String>,
}

/// A role that is called.
#[derive(Debug, Serialize)]
pub struct CallRow {
    /// The title of the role.
    pub role: String,
    /// Who holds it, as far as participants are named.
    pub names: Vec<String>,
    /// The runbooks whose escalation names it.
    pub runbooks: Vec<Place>,
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
        let mut by_risk: Vec<(Option<Risk>, &(CapabilityIx, &Runbook, Place))> = all.iter().map(|one| (self.risk_of(one.1), one)).collect();
        by_risk.sort_by_key(|(risk, _)| std::cmp::Reverse(*risk));
        let triggers = by_risk.into_iter().flat_map(|(risk, (ix, runbook, place))| {
            let row = move |trigger: String| TriggerRow {
                trigger,
                runbook: place.clone(),
                capability: self.capability_title(*ix),
                risk: risk.map(|risk| risk.word().to_owned()),
            };
            runbook.triggers.strings().into_iter().map(row)
        });
        let escalations = all.iter().filter(|(_, runbook, _)| !runbook.escalation.0.is_empty()).map(|(ix, runbook, place)| EscalationRow {
            runbook: place.clone(),
            capability: self.capability_title(*ix),
            escalation: runbook.escalation.strings(),
        });
        let call = |role: &str, title: &str| CallRow {
            role: title.to_owned(),
            names: self.names_of(role),
            runbooks: (all.iter())
                .filter(|(_, runbook, _)| runbook.escalation.strings().iter().any(|text| calls(text, role, title)))
                .map(|(_, _, place)| place.clone())
                .collect(),
        };
        let roles = self.kit.file.roles.iter();
        Some(PlaybookView {
            header: self.header(None),
            runbooks: all.len(),
            triggers: triggers.collect(),
            calls: roles.map(|role| call(role.id.as_str(), &role.title)).filter(|call| !call.runbooks.is_empty()).collect(),
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

    fn risk_of(&self, runbook: &Runbook) -> Option<Risk> {
        runbook.practices.iter().filter_map(|id| self.kit.find_practice(id.as_str())).map(|ix| self.kit.practice(ix).risk).max()
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
