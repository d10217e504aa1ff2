//! The documents that there can be: one row each, in the order of reading.

use super::view::Maker;
use crate::kit::format::{Role, Session};
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
    /// Of the whole assessment, on the other documents that there are: it is rendered after them.
    Documents(fn(&Maker<'_>, &Others<'_>) -> Option<Value>),
    /// Of each role of the kit.
    Role(fn(&Maker<'_>, &Role) -> Option<Value>),
    /// Of each session that is held once.
    Session(fn(&Maker<'_>, &Session) -> Option<Value>),
}

/// A document that there is, before it is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What kind of document it is: the id of its [`Kind`].
    pub kind: &'static str,
    /// The path in the workspace, with `/` between its parts.
    pub path: String,
}

/// What there is beside a document that tells of the others.
#[derive(Clone, Copy, Debug)]
pub struct Others<'d> {
    /// The other documents.
    pub documents: &'d [Place],
    /// The files beside them.
    pub attachments: &'d [Attachment],
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
    /// The path below `docs/`, or below the folder of the capability; `<id>` stands for the role or session.
    pub file: &'static str,
    /// The name of its template.
    pub template: &'static str,
    /// Of what there is one, and what it shows.
    pub subject: Subject,
}

/// A file beside the documents, made of the same content for spreadsheets and programs.
#[derive(Clone, Copy, Debug)]
pub struct Attachment {
    /// The name by which `render --only` and `--list` know it.
    pub id: &'static str,
    /// The title in the index.
    pub title: &'static str,
    /// Who reads it.
    pub readers: &'static str,
    /// What it holds.
    pub answers: &'static str,
    /// The path in the workspace, with `/` between its parts.
    pub path: &'static str,
}

/// The document with which reading starts.
pub const INDEX: Kind = Kind {
    id: "index",
    title: "Overview",
    readers: "everyone",
    answers: "What is there to read?",
    shelf: Shelf::Results,
    file: "README.md",
    template: "index.md",
    subject: Subject::Documents(|maker, others| Some(value(&maker.index(others)))),
};

/// Every other document.
pub const SET: &[Kind] = &[
    Kind {
        id: "readiness-report",
        title: "Readiness report",
        readers: "customer, sponsor, owners",
        answers: "What was assessed, how, what did we find, and what comes next?",
        shelf: Shelf::Results,
        file: "readiness-report.md",
        template: "readiness-report.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.report()?))),
    },
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
        id: "progress",
        title: "Progress report",
        readers: "sponsor, management, owners",
        answers: "What moved since the last milestone, and why?",
        shelf: Shelf::Results,
        file: "progress.md",
        template: "progress.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.progress()?))),
    },
    Kind {
        id: "out-brief",
        title: "Out-brief",
        readers: "sponsor, participants",
        answers: "What do we present in half an hour?",
        shelf: Shelf::Results,
        file: "out-brief.md",
        template: "out-brief.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.out_brief()?))),
    },
    Kind {
        id: "acceptance",
        title: "Acceptance sheet",
        readers: "sponsor, consultant",
        answers: "What is handed over, and who accepts it?",
        shelf: Shelf::Results,
        file: "acceptance.md",
        template: "acceptance.md",
        subject: Subject::Documents(|maker, others| Some(value(&maker.acceptance(others)?))),
    },
    Kind {
        id: "roadmap",
        title: "Roadmap",
        readers: "sponsor, programme, owners",
        answers: "What is closed when, by whom, and where do we then stand?",
        shelf: Shelf::Results,
        file: "roadmap.md",
        template: "roadmap.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.roadmap()?))),
    },
    Kind {
        id: "board",
        title: "Capability board",
        readers: "sponsor, programme, owners",
        answers: "How far is the work on each capability, and where is it stuck?",
        shelf: Shelf::Results,
        file: "board.md",
        template: "board.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.board()?))),
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
        id: "backlog",
        title: "Backlog",
        readers: "product owners, team leads, programme",
        answers: "Which stories close the gaps, how much work are they, what can be closed, what came back?",
        shelf: Shelf::Registers,
        file: "backlog.md",
        template: "backlog.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.backlog()?))),
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
        id: "open-questions",
        title: "Open questions",
        readers: "owners, facilitators",
        answers: "What do we not know yet, who can tell, and what hangs on it?",
        shelf: Shelf::Registers,
        file: "open-questions.md",
        template: "open-questions.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.open_register()?))),
    },
    Kind {
        id: "actions",
        title: "Actions",
        readers: "everyone who took part",
        answers: "Who does what next, by when?",
        shelf: Shelf::Registers,
        file: "actions.md",
        template: "actions.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.actions()?))),
    },
    Kind {
        id: "applicability",
        title: "Applicability statement",
        readers: "risk, audit",
        answers: "What was left out, and why?",
        shelf: Shelf::Registers,
        file: "applicability.md",
        template: "applicability.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.applicability()?))),
    },
    Kind {
        id: "evidence",
        title: "Evidence index",
        readers: "risk, audit, owners",
        answers: "What shows that the answers are true, and what is still to be shown?",
        shelf: Shelf::Registers,
        file: "evidence.md",
        template: "evidence.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.evidence_index()?))),
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
        id: "stakeholders",
        title: "Stakeholders",
        readers: "sponsor, facilitators",
        answers: "Which roles are needed, why, and for how many hours?",
        shelf: Shelf::Workshops,
        file: "workshop/stakeholders.md",
        template: "workshop-stakeholders.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.stakeholders()?))),
    },
    Kind {
        id: "invitation",
        title: "Invitations",
        readers: "whoever sends them",
        answers: "What do people read before they come?",
        shelf: Shelf::Workshops,
        file: "workshop/invitation.md",
        template: "workshop-invitation.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.invitation()?))),
    },
    Kind {
        id: "pre-questionnaire",
        title: "Pre-questionnaire",
        readers: "the role, before the session",
        answers: "What can I answer alone?",
        shelf: Shelf::Workshops,
        file: "workshop/pre-questionnaire/<id>.md",
        template: "workshop-pre-questionnaire.md",
        subject: Subject::Role(|maker, role| Some(value(&maker.pre_questionnaire(role)?))),
    },
    Kind {
        id: "facilitator-guide",
        title: "Facilitator guide",
        readers: "facilitators",
        answers: "How to open, what to ask, what to listen for, what is still open?",
        shelf: Shelf::Workshops,
        file: "workshop/facilitator-guide.md",
        template: "workshop-facilitator-guide.md",
        subject: Subject::Assessment(|maker| Some(value(&maker.facilitator_guide()?))),
    },
    Kind {
        id: "minutes",
        title: "Session minutes",
        readers: "participants",
        answers: "Who was there, what was decided, who does what by when?",
        shelf: Shelf::Workshops,
        file: "workshop/minutes/<id>.md",
        template: "workshop-session-minutes.md",
        subject: Subject::Session(|maker, session| Some(value(&maker.session_minutes(session)?))),
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
    Kind {
        id: "stories",
        title: "Stories",
        readers: "the team that does the work",
        answers: "What is to be done, how do we see that it is done, what is it for?",
        shelf: Shelf::Capabilities,
        file: "backlog.md",
        template: "stories.md",
        subject: Subject::Capability(|maker, ix| Some(value(&maker.stories(ix)?))),
    },
    Kind {
        id: "capability-minutes",
        title: "Minutes",
        readers: "workshop participants",
        answers: "What was open or disputed, what was decided, who does what by when?",
        shelf: Shelf::Capabilities,
        file: "minutes.md",
        template: "workshop-minutes.md",
        subject: Subject::Capability(|maker, ix| Some(value(&maker.capability_minutes(ix)?))),
    },
];

/// What stands for the role or session in [`Kind::file`].
const ID: &str = "<id>";

/// Returns a view as templates read it.
fn value(view: &impl Serialize) -> Value {
    Value::from(Serde(view))
}

impl Kind {
    /// Returns every kind, the index first.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        std::iter::once(&INDEX).chain(SET)
    }

    /// Returns the kind with an id.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().find(|kind| kind.id == id)
    }

    /// Returns the path in the workspace, with `/` between its parts; `of` is the id of the capability, role or session.
    pub fn path(&self, of: Option<&str>) -> String {
        match of {
            Some(id) if self.file.contains(ID) => format!("docs/{}", self.file.replace(ID, id)),
            Some(folder) => format!("docs/{folder}/{}", self.file),
            None => format!("docs/{}", self.file),
        }
    }

    /// Returns true if it tells of the other documents, so that these must be there before.
    pub fn is_on_others(&self) -> bool {
        matches!(self.subject, Subject::Documents(_))
    }

    /// Returns the paths of all documents of this kind that a kit could have.
    pub fn paths(&self, kit: &Kit) -> Vec<String> {
        match self.subject {
            Subject::Assessment(_) | Subject::Documents(_) => vec![self.path(None)],
            Subject::Capability(_) => kit.capability_indices().map(|ix| self.path(Some(folder(kit, ix)))).collect(),
            Subject::Role(_) => kit.file.roles.iter().map(|role| self.path(Some(role.id.as_str()))).collect(),
            Subject::Session(_) => kit.sessions().iter().map(|session| self.path(Some(session.id.as_str()))).collect(),
        }
    }

    /// Returns the paths and views of the documents of this kind that there is content for.
    pub(super) fn views(&self, maker: &Maker<'_>, others: &Others<'_>) -> Vec<(String, Value)> {
        match self.subject {
            Subject::Assessment(view) => view(maker).map(|view| (self.path(None), view)).into_iter().collect(),
            Subject::Documents(view) => view(maker, others).map(|view| (self.path(None), view)).into_iter().collect(),
            Subject::Capability(view) => {
                let of_one = |ix: CapabilityIx| Some((self.path(Some(folder(maker.kit, ix))), view(maker, ix)?));
                maker.assessment.capabilities_in_scope(maker.kit).filter_map(of_one).collect()
            }
            Subject::Role(view) => {
                let of_one = |role: &Role| Some((self.path(Some(role.id.as_str())), view(maker, role)?));
                maker.kit.file.roles.iter().filter_map(of_one).collect()
            }
            Subject::Session(view) => {
                let of_one = |session: &Session| Some((self.path(Some(session.id.as_str())), view(maker, session)?));
                maker.kit.sessions().iter().filter_map(of_one).collect()
            }
        }
    }
}

/// Returns the folder of a capability's documents.
fn folder(kit: &Kit, ix: CapabilityIx) -> &str {
    kit.capability_id(ix)
}
