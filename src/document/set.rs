//! The documents that there can be: one row each, in the order of reading.

use super::view::Maker;
use crate::kit::{CapabilityIx, Kit};
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

/// Where a document stands in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// What was found, for those who decide.
    Results,
    /// Lists that are kept and checked off.
    Registers,
    /// What people do from day to day.
    Operation,
    /// The sessions.
    Workshops,
    /// One document for each capability.
    Capabilities,
}

impl Shelf {
    /// Every shelf, in the order of the index.
    pub const ALL: &[Self] = &[Self::Results, Self::Capabilities, Self::Registers, Self::Operation, Self::Workshops];

    /// Returns the heading of the index.
    pub fn title(self) -> &'static str {
        match self {
            Self::Results => "Results",
            Self::Registers => "Registers",
            Self::Operation => "Operation",
            Self::Workshops => "Workshops",
            Self::Capabilities => "For each capability",
        }
    }
}

/// Of what there is one document.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// Of the whole assessment. The view is nothing where there is no content.
    Assessment(fn(&Maker<'_>) -> Option<Value>),
    /// Of each capability in scope.
    Capability(fn(&Maker<'_>, CapabilityIx) -> Option<Value>),
}

/// A kind of document.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The name by which `render --only` and `--list` know it.
    pub id: &'static str,
    /// The title in the index.
    pub title: &'static str,
    /// Who reads it.
    pub readers: &'static str,
    /// The question that it answers.
    pub answers: &'static str,
    /// Where it stands in the index.
    pub shelf: Shelf,
    /// The path below `docs/`, or below the folder of the capability.
    pub file: &'static str,
    /// The name of its template.
    pub template: &'static str,
    /// Of what there is one, and what it shows.
    pub subject: Subject,
}

/// The document with which reading starts. It lists all others, so it is rendered last.
pub const INDEX: Kind = Kind {
    id: "index",
    title: "Overview",
    readers: "everyone",
    answers: "What is there to read?",
    shelf: Shelf::Results,
    file: "README.md",
    template: "index.md",
    subject: Subject::Assessment(|_| None),
};

/// Every other document.
pub const SET: &[Kind] = &[
    Kind {
        id: "executive-summary",
        title: "Executive summary",
        readers: "sponsor, management",
        answers: "Where do we stand, what matters first, what must be decided?",
        shelf: Shelf::Results,
        file: "executive-summary.md",
        template: "executive-summary.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.executive_summary()))),
    },
    Kind {
        id: "gap-register",
        title: "Gap register",
        readers: "programme, risk, audit",
        answers: "What is missing, how much does it matter, in which order is it closed?",
        shelf: Shelf::Registers,
        file: "gap-register.md",
        template: "gap-register.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.gap_register()))),
    },
    Kind {
        id: "raci",
        title: "Who answers for what",
        readers: "everyone with a role",
        answers: "What am I accountable for, what am I asked for, where is nobody?",
        shelf: Shelf::Registers,
        file: "raci.md",
        template: "raci.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.raci()?))),
    },
    Kind {
        id: "decisions",
        title: "Decision log",
        readers: "sponsor, architects, owners",
        answers: "What was decided, why, and what is still to be decided?",
        shelf: Shelf::Registers,
        file: "decisions.md",
        template: "decisions.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.decisions()?))),
    },
    Kind {
        id: "raid",
        title: "RAID log",
        readers: "programme, risk, sponsor",
        answers: "Which risks, assumptions, issues and dependencies are there, and who has a plan?",
        shelf: Shelf::Registers,
        file: "raid.md",
        template: "raid.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.raid()?))),
    },
    Kind {
        id: "tools",
        title: "Tool and service map",
        readers: "platform and operations teams, purchasing",
        answers: "Which tool does what today, which one is wanted, what becomes of the old one?",
        shelf: Shelf::Registers,
        file: "tools.md",
        template: "tools.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.tools()?))),
    },
    Kind {
        id: "playbook",
        title: "Playbook",
        readers: "operations, on call",
        answers: "Something happened: which runbook, and whom do I call?",
        shelf: Shelf::Operation,
        file: "playbook.md",
        template: "playbook.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.playbook()?))),
    },
    Kind {
        id: "engagement",
        title: "Engagement",
        readers: "everyone at the kick-off",
        answers: "What is this for, what do we get, which capability comes first?",
        shelf: Shelf::Workshops,
        file: "engagement.md",
        template: "engagement.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.engagement()?))),
    },
    Kind {
        id: "workshops",
        title: "Workshops",
        readers: "facilitators, participants",
        answers: "Which sessions, with whom, how long, on what agenda?",
        shelf: Shelf::Workshops,
        file: "workshops.md",
        template: "workshops.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.workshops()?))),
    },
    Kind {
        id: "readiness",
        title: "Readiness",
        readers: "owners, workshop participants",
        answers: "What did we hear, and what follows from it?",
        shelf: Shelf::Capabilities,
        file: "readiness.md",
        template: "readiness.md",
        subject: Subject::Capability(|maker, ix| Some(value(&maker.readiness(ix)))),
    },
    Kind {
        id: "design",
        title: "Design",
        readers: "platform and operations teams",
        answers: "What will it look like, and how do we get there?",
        shelf: Shelf::Capabilities,
        file: "design.md",
        template: "design.md",
        subject: Subject::Capability(|maker, ix| Some(value(&maker.design(ix)))),
    },
    Kind {
        id: "runbooks",
        title: "Runbooks",
        readers: "operations, on call",
        answers: "How is it done, step by step, and how do we go back?",
        shelf: Shelf::Capabilities,
        file: "runbooks.md",
        template: "runbooks.md",
        subject: Subject::Capability(|maker, ix| Some(value(&maker.runbooks(ix)?))),
    },
];

/// Returns a view as templates read it.
fn value(view: &impl Serialize) -> Value {
    Value::from(Serde(view))
}

impl Kind {
    /// Returns the kind with an id.
    pub fn find(id: &str) -> Option<&'static Self> {
        std::iter::once(&INDEX).chain(SET).find(|kind| kind.id == id)
    }

    /// Returns the path in the workspace, with `/` between its parts; `folder` is the id of the capability.
    pub fn path(&self, folder: Option<&str>) -> String {
        match folder {
            Some(folder) => format!("docs/{folder}/{}", self.file),
            None => format!("docs/{}", self.file),
        }
    }

    /// Returns the paths and views of the documents of this kind that there is content for.
    pub(super) fn views(&self, maker: &Maker<'_>) -> Vec<(String, Value)> {
        match self.subject {
            Subject::Assessment(view) => view(maker).map(|view| (self.path(None), view)).into_iter().collect(),
            Subject::Capability(view) => {
                let of_one = |ix: CapabilityIx| Some((self.path(Some(folder(maker.kit, ix))), view(maker, ix)?));
                maker.assessment.capabilities_in_scope(maker.kit).filter_map(of_one).collect()
            }
        }
    }
}

/// Returns the folder of a capability's documents.
fn folder(kit: &Kit, ix: CapabilityIx) -> &str {
    kit.capability_id(ix)
}
