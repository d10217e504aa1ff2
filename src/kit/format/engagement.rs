//! `engagement.yaml`: the consulting work around the assessment.

use super::Dimension;
use crate::yaml::record::{At, Entries, Id};
use crate::{record, words};

record! {
    /// `engagement.yaml`: why the work is done, in which phases and sessions, and which capability comes first.
    pub struct EngagementFile {
        /// What the engagement is for, as Markdown.
        pub mission: At<String>,
        /// What it reaches, each with what is reviewed and what is left behind.
        #[schemars(default)]
        pub objectives: Vec<Objective>,
        /// How sessions are held: rules that hold for each of them.
        #[schemars(default)]
        pub ways_of_working: Vec<At<String>>,
        /// The phases of the consulting work, in order.
        #[schemars(default)]
        pub phases: Vec<EngagementPhase>,
        /// The sessions, in order.
        #[schemars(default)]
        pub sessions: Vec<Session>,
        /// Who must be there and what they bring, by capability.
        #[schemars(default)]
        pub capabilities: Entries<Preparation>,
        /// What is done and what is left for later, by phase of the migration.
        #[schemars(default)]
        pub priorities: Vec<Priority>,
    }
}

record! {
    /// Something that the engagement reaches.
    pub struct Objective {
        /// The id.
        pub id: At<Id>,
        /// The title.
        pub title: At<String>,
        /// Why it matters, in one or two sentences.
        pub statement: At<String>,
        /// What is looked at, a question or a subject each.
        #[schemars(default)]
        pub reviews: Vec<At<String>>,
        /// What the customer has in hand at the end.
        #[schemars(default)]
        pub outcome: Option<At<String>>,
        /// The capabilities in which it is answered.
        #[schemars(default)]
        pub capabilities: Vec<At<Id>>,
    }
}

record! {
    /// A phase of the consulting work.
    pub struct EngagementPhase {
        /// The id.
        pub id: At<Id>,
        /// The title.
        pub title: At<String>,
        /// What it is for.
        #[schemars(default)]
        pub purpose: Option<At<String>>,
        /// The phases that come before it.
        #[schemars(default)]
        pub after: Vec<At<Id>>,
        /// What must hold before it begins.
        #[schemars(default)]
        pub entry: Vec<Point>,
        /// What it leaves behind.
        #[schemars(default)]
        pub deliverables: Vec<Point>,
        /// What must hold before it ends.
        #[schemars(default)]
        pub exit: Vec<Point>,
        /// The roles that take part, the leading one first.
        #[schemars(default)]
        pub participants: Vec<At<Id>>,
        /// How long it takes, in working days.
        #[schemars(default)]
        pub working_days: Option<At<f64>>,
    }
}

record! {
    /// A criterion or deliverable that can be ticked.
    pub struct Point {
        /// The id, unique within its phase.
        pub id: At<Id>,
        /// What must hold, or what is handed over.
        pub title: At<String>,
    }
}

words! {
    /// What a session is repeated for.
    pub enum ForEach {
        /// One session for each capability in scope.
        Capability = "capability",
    }
}

record! {
    /// A session: a workshop, a review, a read-out.
    pub struct Session {
        /// The id.
        pub id: At<Id>,
        /// The title.
        pub title: At<String>,
        /// The phase of the engagement it belongs to.
        #[schemars(default)]
        pub phase: Option<At<Id>>,
        /// What it is repeated for. Absent: it is held once.
        #[schemars(default)]
        pub for_each: Option<ForEach>,
        /// How long it lasts, in minutes.
        pub minutes: At<i64>,
        /// What it settles.
        #[schemars(default)]
        pub purpose: Option<At<String>>,
        /// The roles that must be there; those of the capability come on top.
        #[schemars(default)]
        pub required: Vec<At<Id>>,
        /// The roles that may be there.
        #[schemars(default)]
        pub optional: Vec<At<Id>>,
        /// What must lie on the table when it begins.
        #[schemars(default)]
        pub inputs: Vec<At<String>>,
        /// What it leaves behind.
        #[schemars(default)]
        pub outputs: Vec<At<String>>,
        /// The sessions that come before it.
        #[schemars(default)]
        pub after: Vec<At<Id>>,
        /// What happens in it, in order.
        #[schemars(default)]
        pub agenda: Vec<AgendaItem>,
    }
}

record! {
    /// An item of an agenda: so many minutes, or a share of what the others leave.
    pub struct AgendaItem {
        /// What happens.
        pub topic: At<String>,
        /// How many minutes it takes. Absent: it shares what is left with the others that name none.
        #[schemars(default)]
        pub minutes: Option<At<i64>>,
        /// The questions of this dimension are asked here, and their number decides the item's share of the time.
        #[schemars(default)]
        pub dimension: Option<Dimension>,
    }
}

record! {
    /// What the sessions on one capability need.
    pub struct Preparation {
        /// The roles that must be there.
        #[schemars(default)]
        pub required: Vec<At<Id>>,
        /// The roles that should be there.
        #[schemars(default)]
        pub optional: Vec<At<Id>>,
        /// The length of a session where it differs, in minutes, by session.
        #[schemars(default)]
        pub minutes: Entries<At<i64>>,
        /// What people bring.
        #[schemars(default)]
        pub bring: Vec<At<String>>,
        /// What must be settled when people leave.
        #[schemars(default)]
        pub settle: Vec<At<String>>,
    }
}

record! {
    /// What matters in one phase of the migration.
    pub struct Priority {
        /// The phase, of those in kit.yaml.
        pub phase: At<Id>,
        /// The capabilities to take first, in order.
        #[schemars(default)]
        pub first: Vec<At<Id>>,
        /// What is done now.
        #[schemars(default)]
        pub now: Vec<At<String>>,
        /// What is left for later.
        #[schemars(default)]
        pub later: Vec<At<String>>,
        /// What must hold before the phase ends.
        #[schemars(default)]
        pub gate: Vec<At<String>>,
    }
}
