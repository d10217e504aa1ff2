//! The views of whom the sessions need and how they are asked to come.

use super::Maker;
use super::engagement::{duration, texts};
use super::{AgendaRow, Header};
use crate::kit::CapabilityIx;
use crate::kit::format::{EngagementFile, ForEach, Role, Session};
use crate::plan::session::{self, Sitting};
use crate::yaml::record::{At, Id};
use serde::Serialize;

/// The view of the stakeholders.
#[derive(Debug, Serialize)]
pub struct StakeholdersView {
    /// What every document shows; without a date.
    pub header: Header,
    /// The roles that are needed, in the order of the kit.
    pub roles: Vec<Stakeholder>,
    /// True if the kit has sessions.
    pub has_sessions: bool,
}

/// A role that the assessment needs.
#[derive(Debug, Serialize)]
pub struct Stakeholder {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// What the role does.
    pub description: Option<String>,
    /// Who holds it, where `opsready.yaml` says so.
    pub names: Vec<String>,
    /// How many sessions the role must be in.
    pub sessions: usize,
    /// How long these take together; nothing where there are none.
    pub time: Option<String>,
    /// The sessions that the role must be in.
    pub must: Vec<String>,
    /// The sessions that the role should be in.
    pub may: Vec<String>,
    /// The capabilities on which it must be in every session.
    pub must_on: Vec<String>,
    /// The capabilities on which it should be in every session.
    pub may_on: Vec<String>,
    /// How many questions in scope name the role.
    pub questions: usize,
    /// How many of them name it first.
    pub first: usize,
    /// Where the activities are for which the kit proposes it as accountable.
    pub accountable: Vec<CapabilityCount>,
    /// How many activities that are.
    pub accountable_count: usize,
    /// The anchor of its duties in the responsibility matrix; nothing if it has none.
    pub raci_anchor: Option<String>,
    /// True if there is a questionnaire for it.
    pub has_questionnaire: bool,
}

/// How many there are of something in a capability.
#[derive(Debug, Serialize)]
pub struct CapabilityCount {
    /// The id of the capability.
    pub id: String,
    /// The title of the capability.
    pub title: String,
    /// How many.
    pub count: usize,
}

/// The view of the invitations.
#[derive(Debug, Serialize)]
pub struct InvitationView {
    /// What every document shows; without a date.
    pub header: Header,
    /// A mail for each kind of session.
    pub sessions: Vec<InvitationSession>,
}

/// The mail for a kind of session.
#[derive(Debug, Serialize)]
pub struct InvitationSession {
    /// The id of the session.
    pub id: String,
    /// The title.
    pub title: String,
    /// True if it is held for each capability.
    pub is_repeated: bool,
    /// True if it asks the questions of a capability.
    pub asks: bool,
    /// How long it lasts; nothing where capabilities differ.
    pub length: Option<String>,
    /// What it settles.
    pub purpose: Option<String>,
    /// What it leaves behind.
    pub outputs: Vec<String>,
    /// What lies on the table.
    pub inputs: Vec<String>,
    /// What happens in it.
    pub agenda: Vec<AgendaRow>,
    /// The roles that must be there, whatever the capability.
    pub required: Vec<String>,
    /// The roles that should be there, whatever the capability.
    pub optional: Vec<String>,
    /// What is particular to a capability, where the session is held for each.
    pub rows: Vec<InvitationRow>,
}

/// What is particular to the mail on a capability.
#[derive(Debug, Serialize)]
pub struct InvitationRow {
    /// The title of the capability.
    pub capability: String,
    /// How long the session lasts.
    pub length: String,
    /// The roles that must be there.
    pub required: Vec<String>,
    /// The roles that should be there.
    pub optional: Vec<String>,
    /// What people bring.
    pub bring: Vec<String>,
}

pub(super) fn names(ids: &[At<Id>], role: &Role) -> bool {
    ids.iter().any(|id| id.value == role.id.value)
}

impl Maker<'_> {
    /// Returns what a document shows of itself that is written before anything is answered: answers leave it as it is.
    pub(super) fn undated_header(&self) -> Header {
        let mut header = self.header(None);
        header.date = None;
        header
    }

    /// Returns the view of the stakeholders; nothing where no role is needed.
    pub fn stakeholders(&self) -> Option<StakeholdersView> {
        let roles: Vec<Stakeholder> = self.kit.file.roles.iter().filter_map(|role| self.stakeholder(role)).collect();
        let has_sessions = !self.kit.sessions().is_empty();
        (!roles.is_empty()).then(|| StakeholdersView { header: self.undated_header(), roles, has_sessions })
    }

    fn stakeholder(&self, role: &Role) -> Option<Stakeholder> {
        let file = self.kit.engagement.as_ref().map(|engagement| &engagement.file);
        let sittings = session::sittings(self.kit, self.assessment);
        let must_on = |ix: CapabilityIx| self.preparation(ix).is_some_and(|one| names(&one.required, role));
        let may_on = |ix: CapabilityIx| self.preparation(ix).is_some_and(|one| names(&one.optional, role));
        let sessions = self.kit.sessions();
        let is_there = |sitting: &&Sitting| names(&sessions[sitting.session].required, role) || sitting.capability.is_some_and(must_on);
        let there: Vec<&Sitting> = sittings.iter().filter(is_there).collect();
        let minutes: u64 = file.map_or(0, |file| there.iter().map(|sitting| self.minutes(file, **sitting)).sum());
        let of_role = |is_named: &dyn Fn(&Session) -> bool| {
            let title = |session: &Session| match session.for_each {
                Some(ForEach::Capability) => format!("{} of every capability", session.title.value),
                None => session.title.value.clone(),
            };
            sessions.iter().filter(|session| is_named(session)).map(title).collect::<Vec<_>>()
        };
        let in_scope = || self.assessment.capabilities_in_scope(self.kit);
        let has_repeated = sessions.iter().any(|session| session.for_each.is_some());
        let on = |is_named: &dyn Fn(CapabilityIx) -> bool| {
            in_scope().filter(|ix| has_repeated && is_named(*ix)).map(|ix| self.capability_title(ix)).collect::<Vec<_>>()
        };
        let asked = self.asked_of(role);
        let first =
            asked.iter().filter(|question| self.kit.question_file(**question).roles.first().is_some_and(|id| id.value == role.id.value));
        let accountable = self.accountable_in(role);
        let participants = self.assessment.file.participants.iter().filter(|one| one.role.value == role.id.value);
        let names: Vec<String> = participants.clone().filter_map(|one| one.name.clone()).collect();
        let view = Stakeholder {
            id: role.id.value.0.clone(),
            title: role.title.clone(),
            description: role.description.clone(),
            names,
            sessions: there.len(),
            time: (minutes > 0).then(|| duration(minutes)),
            must: of_role(&|session| self::names(&session.required, role)),
            may: of_role(&|session| self::names(&session.optional, role)),
            must_on: on(&must_on),
            may_on: on(&may_on),
            questions: asked.len(),
            first: first.count(),
            accountable_count: accountable.iter().map(|one| one.count).sum(),
            accountable,
            raci_anchor: self.raci_role_anchor(role.id.as_str()),
            has_questionnaire: self.pre_questionnaire(role).is_some(),
        };
        let is_needed = participants.count() > 0
            || view.questions + view.accountable_count > 0
            || [&view.must, &view.may, &view.must_on, &view.may_on].iter().any(|list| !list.is_empty());
        is_needed.then_some(view)
    }

    pub(super) fn preparation(&self, ix: CapabilityIx) -> Option<&crate::kit::format::Preparation> {
        self.kit.engagement.as_ref()?.file.capabilities.get(self.kit.capability_id(ix))
    }

    /// Returns the capabilities with activities for which the kit proposes a role as accountable.
    pub(super) fn accountable_in(&self, role: &Role) -> Vec<CapabilityCount> {
        let count = |ix: CapabilityIx| CapabilityCount {
            id: self.kit.capability_id(ix).to_owned(),
            title: self.capability_title(ix),
            count: self.kit.activities(ix).iter().filter(|activity| names(&activity.accountable.0, role)).count(),
        };
        self.assessment.capabilities_in_scope(self.kit).map(count).filter(|one| one.count > 0).collect()
    }

    /// Returns the view of the invitations; nothing where the kit has no sessions.
    pub fn invitation(&self) -> Option<InvitationView> {
        let file = &self.kit.engagement.as_ref()?.file;
        if file.sessions.is_empty() {
            return None;
        }
        let sittings = session::sittings(self.kit, self.assessment);
        let mail = |at: usize| self.mail(file, at, &sittings);
        Some(InvitationView { header: self.undated_header(), sessions: (0..file.sessions.len()).filter_map(mail).collect() })
    }

    fn mail(&self, file: &EngagementFile, at: usize, sittings: &[Sitting]) -> Option<InvitationSession> {
        let session = &file.sessions[at];
        let held: Vec<&Sitting> = sittings.iter().filter(|sitting| sitting.session == at).collect();
        if held.is_empty() {
            return None;
        }
        let asks = session.agenda.iter().any(|item| item.dimension.is_some());
        let general = self.session(file, Sitting { session: at, capability: None });
        let lengths: Vec<u64> = held.iter().map(|sitting| self.minutes(file, **sitting)).collect();
        let is_one = lengths.iter().all(|length| *length == lengths[0]);
        let row = |sitting: &&Sitting| {
            let ix = sitting.capability?;
            let own = self.preparation(ix);
            Some(InvitationRow {
                capability: self.capability_title(ix),
                length: duration(self.minutes(file, **sitting)),
                required: own.map(|one| self.role_titles(&one.required)).unwrap_or_default(),
                optional: own.map(|one| self.role_titles(&one.optional)).unwrap_or_default(),
                bring: own.filter(|_| asks).map(|one| texts(&one.bring)).unwrap_or_default(),
            })
        };
        Some(InvitationSession {
            id: session.id.value.0.clone(),
            title: session.title.value.clone(),
            is_repeated: session.for_each.is_some(),
            asks,
            length: is_one.then(|| duration(lengths[0])),
            purpose: general.purpose,
            outputs: general.outputs,
            inputs: general.inputs,
            agenda: general.agenda,
            required: general.required,
            optional: general.optional,
            rows: held.iter().filter_map(row).collect(),
        })
    }
}
