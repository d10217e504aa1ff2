//! The view of who answers for what, by activity and by role.

use super::make::Maker;
use super::place::Headings;
use super::{ActivityView, Header, RaciFlowView};
use crate::kit::CapabilityIx;
use crate::kit::format::Activity;
use serde::Serialize;
use std::collections::BTreeSet;

/// The headings before the first capability, as the template has them.
const FIRST_HEADINGS: [&str; 4] = ["Who answers for what", "The roles", "What to settle", "By activity"];

/// The view of the responsibility matrix.
#[derive(Debug, Serialize)]
pub struct RaciView {
    /// What the document shows of itself.
    pub header: Header,
    /// Every role of the kit, and those that only the matrix names.
    pub roles: Vec<RoleRow>,
    /// True if anybody at all is known to have taken part.
    pub has_participants: bool,
    /// The activities of each capability in scope that has some.
    pub capabilities: Vec<RaciCapability>,
    /// How many activities there are.
    pub activities: usize,
    /// True if charts are drawn.
    pub has_charts: bool,
    /// What each role with duties has to do.
    pub by_role: Vec<RoleDuties>,
    /// Activities that nobody is named to carry out.
    pub nobody_does: Vec<Duty>,
    /// Activities that name a role twice, in parts that exclude each other.
    pub doubled: Vec<DoubledRole>,
    /// Activities that stand in several capabilities with different accountable roles.
    pub contradictions: Vec<Contradiction>,
    /// Roles that answer for more than twice what a role answers for on average.
    pub loaded: Vec<LoadedRole>,
    /// Roles with duties of their own that took no part in the assessment.
    pub absent: Vec<AbsentRole>,
}

/// A role of the catalogue.
#[derive(Debug, Serialize)]
pub struct RoleRow {
    /// The title.
    pub title: String,
    /// What it is.
    pub description: Option<String>,
    /// Who holds it, as far as participants are named.
    pub names: Vec<String>,
    /// True if it took part in the assessment.
    pub took_part: bool,
    /// For how many activities it answers.
    pub accountable: usize,
    /// How many it carries out.
    pub responsible: usize,
    /// In how many it is heard.
    pub consulted: usize,
    /// Of how many it is told.
    pub informed: usize,
}

/// The activities of a capability.
#[derive(Debug, Serialize)]
pub struct RaciCapability {
    /// The id, which is also its folder.
    pub id: String,
    /// The title.
    pub title: String,
    /// The activities in the order of the kit.
    pub activities: Vec<ActivityView>,
    /// Who answers for what and who does it, as a chart.
    pub raci_flow: Option<RaciFlowView>,
}

/// What a role has to do.
#[derive(Debug, Serialize)]
pub struct RoleDuties {
    /// The title of the role.
    pub title: String,
    /// Its duties in each capability.
    pub capabilities: Vec<RoleInCapability>,
}

/// The duties of a role in a capability.
#[derive(Debug, Serialize)]
pub struct RoleInCapability {
    /// The id of the capability.
    pub id: String,
    /// The title of the capability.
    pub title: String,
    /// What it answers for.
    pub accountable: Vec<String>,
    /// What it carries out.
    pub responsible: Vec<String>,
    /// In what it is heard before.
    pub consulted: Vec<String>,
    /// Of what it is told afterwards.
    pub informed: Vec<String>,
}

/// An activity with its capability.
#[derive(Clone, Debug, Serialize)]
pub struct Duty {
    /// The activity.
    pub activity: String,
    /// The title of the capability.
    pub capability: String,
}

/// A role that an activity names twice.
#[derive(Debug, Serialize)]
pub struct DoubledRole {
    /// The activity.
    pub duty: Duty,
    /// The title of the role.
    pub role: String,
    /// The parts that it has: "accountable and informed".
    pub parts: String,
}

/// An activity for which several roles answer.
#[derive(Debug, Serialize)]
pub struct Contradiction {
    /// The activity.
    pub activity: String,
    /// Who answers for it where: "Security lead (Patch management)".
    pub accountable: Vec<String>,
}

/// A role that answers for much.
#[derive(Debug, Serialize)]
pub struct LoadedRole {
    /// The title.
    pub title: String,
    /// For how many activities it answers.
    pub accountable: usize,
    /// For how many a role answers on average, of those that answer for any.
    pub average: String,
}

/// A role that nobody was heard for.
#[derive(Debug, Serialize)]
pub struct AbsentRole {
    /// The title.
    pub title: String,
    /// For how many activities it answers.
    pub accountable: usize,
    /// How many it carries out.
    pub responsible: usize,
}

/// For how many activities a role answers.
#[derive(Debug, Serialize)]
pub struct RoleCount {
    /// The title.
    pub title: String,
    /// How many.
    pub count: usize,
}

/// The part of a role in an activity.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Accountable,
    Responsible,
    Consulted,
    Informed,
}

impl Part {
    const ALL: [Self; 4] = [Self::Accountable, Self::Responsible, Self::Consulted, Self::Informed];

    fn roles(self, activity: &Activity) -> impl Iterator<Item = &str> {
        let roles = match self {
            Self::Accountable => &activity.accountable,
            Self::Responsible => &activity.responsible,
            Self::Consulted => &activity.consulted,
            Self::Informed => &activity.informed,
        };
        roles.0.iter().map(|role| role.as_str())
    }

    fn word(self) -> &'static str {
        match self {
            Self::Accountable => "accountable",
            Self::Responsible => "responsible",
            Self::Consulted => "consulted",
            Self::Informed => "informed",
        }
    }
}

impl Maker<'_> {
    /// Returns the view of who answers for what; nothing if the kit names nobody.
    pub fn raci(&self) -> Option<RaciView> {
        let rows = self.all_activities();
        if rows.is_empty() {
            return None;
        }
        let took_part = self.who_took_part();
        let roles = self.raci_roles(&rows);
        let part_of = |role: &str, part: Part| rows.iter().filter(|(_, activity)| part.roles(activity).any(|one| one == role)).count();
        let catalogue: Vec<(&str, RoleRow)> = (roles.iter())
            .map(|role| {
                let row = RoleRow {
                    title: self.kit.role_title(role).to_owned(),
                    description: self.kit.file.roles.iter().find(|one| one.id.as_str() == *role).and_then(|one| one.description.clone()),
                    names: self.names_of(role),
                    took_part: took_part.contains(role),
                    accountable: part_of(role, Part::Accountable),
                    responsible: part_of(role, Part::Responsible),
                    consulted: part_of(role, Part::Consulted),
                    informed: part_of(role, Part::Informed),
                };
                (*role, row)
            })
            .collect();
        let capability = |ix: CapabilityIx| RaciCapability {
            id: self.kit.capability_id(ix).to_owned(),
            title: self.capability_title(ix),
            activities: rows.iter().filter(|(of, _)| *of == ix).map(|(_, activity)| self.activity(activity)).collect(),
            raci_flow: self.kit.capability(ix).file.design.as_ref().and_then(|design| self.raci_flow(&design.raci)),
        };
        let absent = catalogue.iter().filter(|(_, row)| !row.took_part && row.accountable + row.responsible > 0);
        Some(RaciView {
            header: self.header(None),
            has_participants: !took_part.is_empty(),
            capabilities: (self.assessment.capabilities_in_scope(self.kit))
                .map(capability)
                .filter(|one| !one.activities.is_empty())
                .collect(),
            activities: rows.len(),
            has_charts: self.has_charts(),
            by_role: roles.iter().map(|role| self.duties(role, &rows)).filter(|duties| !duties.capabilities.is_empty()).collect(),
            nobody_does: rows.iter().filter(|(_, one)| one.responsible.0.is_empty()).map(|(ix, one)| self.duty(*ix, one)).collect(),
            doubled: self.doubled(&rows),
            contradictions: self.contradictions(&rows),
            loaded: loaded(catalogue.iter().map(|(_, row)| row), rows.len()),
            absent: absent
                .map(|(_, row)| AbsentRole { title: row.title.clone(), accountable: row.accountable, responsible: row.responsible })
                .filter(|_| !took_part.is_empty())
                .collect(),
            roles: catalogue.into_iter().map(|(_, row)| row).collect(),
        })
    }

    /// Returns the anchor of a capability's matrix; nothing if it has none.
    pub(super) fn raci_anchor(&self, wanted: CapabilityIx) -> Option<String> {
        let mut headings = Headings::of(&FIRST_HEADINGS);
        let mut anchors = self.with_activities().map(|ix| (ix, headings.anchor(&self.capability_title(ix))));
        anchors.find(|(ix, _)| *ix == wanted).map(|(_, anchor)| anchor)
    }

    /// Returns the anchor of a role's duties in the matrix; nothing if it has none.
    pub(super) fn raci_role_anchor(&self, wanted: &str) -> Option<String> {
        let mut headings = Headings::of(&FIRST_HEADINGS);
        for ix in self.with_activities() {
            headings.anchor(&self.capability_title(ix));
        }
        headings.anchor("By role");
        let rows = self.all_activities();
        let has_duty =
            |role: &&str| rows.iter().any(|(_, activity)| Part::ALL.iter().any(|part| part.roles(activity).any(|one| one == *role)));
        let roles = self.raci_roles(&rows);
        let mut anchors = roles.into_iter().filter(has_duty).map(|role| (role, headings.anchor(self.kit.role_title(role))));
        anchors.find(|(role, _)| *role == wanted).map(|(_, anchor)| anchor)
    }

    /// Goes through the capabilities in scope that have activities.
    fn with_activities(&self) -> impl Iterator<Item = CapabilityIx> {
        let has_activities =
            |ix: &CapabilityIx| self.kit.capability(*ix).file.design.as_ref().is_some_and(|design| !design.raci.is_empty());
        self.assessment.capabilities_in_scope(self.kit).filter(has_activities)
    }

    /// Returns who answers for the activities of a capability, most first.
    pub(super) fn accountable_roles(&self, ix: CapabilityIx) -> Vec<RoleCount> {
        let mut counts: Vec<RoleCount> = Vec::new();
        for activity in self.kit.capability(ix).file.design.iter().flat_map(|design| &design.raci) {
            for role in Part::Accountable.roles(activity) {
                let title = self.kit.role_title(role);
                match counts.iter_mut().find(|one| one.title == title) {
                    Some(one) => one.count += 1,
                    None => counts.push(RoleCount { title: title.to_owned(), count: 1 }),
                }
            }
        }
        counts.sort_by_key(|one| std::cmp::Reverse(one.count));
        counts
    }

    fn all_activities(&self) -> Vec<(CapabilityIx, &Activity)> {
        let of = |ix: CapabilityIx| {
            self.kit.capability(ix).file.design.iter().flat_map(|design| &design.raci).map(move |activity| (ix, activity))
        };
        self.assessment.capabilities_in_scope(self.kit).flat_map(of).collect()
    }

    /// Returns the roles of the kit in their order, then those that only an activity names.
    fn raci_roles<'r>(&'r self, rows: &[(CapabilityIx, &'r Activity)]) -> Vec<&'r str> {
        let mut roles: Vec<&str> = self.kit.file.roles.iter().map(|role| role.id.as_str()).collect();
        for role in rows.iter().flat_map(|(_, activity)| Part::ALL.into_iter().flat_map(|part| part.roles(activity))) {
            if !roles.contains(&role) {
                roles.push(role);
            }
        }
        roles
    }

    /// Returns the roles that are named as participants or as those who gave an answer.
    fn who_took_part(&self) -> BTreeSet<&str> {
        let participants = self.assessment.file.participants.iter().map(|one| one.role.as_str());
        participants.chain(self.assessment.answers.values().flat_map(|answer| &answer.by).map(String::as_str)).collect()
    }

    /// Returns who holds a role, as far as participants are named.
    pub(super) fn names_of(&self, role: &str) -> Vec<String> {
        self.assessment.file.participants.iter().filter(|one| one.role.as_str() == role).filter_map(|one| one.name.clone()).collect()
    }

    fn duty(&self, ix: CapabilityIx, activity: &Activity) -> Duty {
        Duty { activity: activity.activity.value.clone(), capability: self.capability_title(ix) }
    }

    fn duties(&self, role: &str, rows: &[(CapabilityIx, &Activity)]) -> RoleDuties {
        let in_capability = |ix: CapabilityIx| {
            let named = |part: Part| {
                let own = rows.iter().filter(|(of, activity)| *of == ix && part.roles(activity).any(|one| one == role));
                own.map(|(_, activity)| activity.activity.value.clone()).collect::<Vec<_>>()
            };
            let accountable = named(Part::Accountable);
            RoleInCapability {
                id: self.kit.capability_id(ix).to_owned(),
                title: self.capability_title(ix),
                responsible: named(Part::Responsible),
                consulted: named(Part::Consulted),
                informed: named(Part::Informed),
                accountable,
            }
        };
        let has_duty =
            |one: &RoleInCapability| ![&one.accountable, &one.responsible, &one.consulted, &one.informed].iter().all(|of| of.is_empty());
        let capabilities: Vec<RoleInCapability> =
            self.assessment.capabilities_in_scope(self.kit).map(in_capability).filter(has_duty).collect();
        RoleDuties { title: self.kit.role_title(role).to_owned(), capabilities }
    }

    /// Returns the roles that an activity both asks and makes do it, or both tells and makes answer for it.
    fn doubled(&self, rows: &[(CapabilityIx, &Activity)]) -> Vec<DoubledRole> {
        let mut found = Vec::new();
        let active = [Part::Accountable, Part::Responsible];
        for (ix, activity) in rows {
            let mut roles: Vec<&str> = active.iter().flat_map(|part| part.roles(activity)).collect();
            roles.dedup();
            let mut seen: Vec<&str> = Vec::new();
            for role in roles {
                let has = |part: &Part| part.roles(activity).any(|one| one == role);
                let passive: Vec<&str> =
                    [Part::Consulted, Part::Informed].iter().filter(|part| has(part)).map(|part| part.word()).collect();
                if passive.is_empty() || seen.contains(&role) {
                    continue;
                }
                seen.push(role);
                let own: Vec<&str> = active.iter().filter(|part| has(part)).map(|part| part.word()).collect();
                found.push(DoubledRole {
                    duty: self.duty(*ix, activity),
                    role: self.kit.role_title(role).to_owned(),
                    parts: [own, passive].concat().join(" and "),
                });
            }
        }
        found
    }

    fn contradictions(&self, rows: &[(CapabilityIx, &Activity)]) -> Vec<Contradiction> {
        let same = |a: &Activity, b: &Activity| a.activity.trim().to_lowercase() == b.activity.trim().to_lowercase();
        let mut found = Vec::new();
        for (at, (_, activity)) in rows.iter().enumerate() {
            if rows[..at].iter().any(|(_, before)| same(before, activity)) {
                continue;
            }
            let alike: Vec<&(CapabilityIx, &Activity)> = rows[at..].iter().filter(|(_, other)| same(other, activity)).collect();
            let first = |one: &Activity| Part::Accountable.roles(one).next().unwrap_or_default().to_owned();
            if alike.iter().any(|(_, other)| first(other) != first(activity)) {
                let named = alike.iter().map(|(ix, one)| format!("{} ({})", self.kit.role_title(&first(one)), self.capability_title(*ix)));
                found.push(Contradiction { activity: activity.activity.value.clone(), accountable: named.collect() });
            }
        }
        found
    }
}

/// Returns the roles that answer for more than twice the average of the roles that answer for anything.
fn loaded<'r>(roles: impl Iterator<Item = &'r RoleRow>, activities: usize) -> Vec<LoadedRole> {
    /// An average of fewer roles says nothing.
    const FEWEST: usize = 3;
    let answering: Vec<&RoleRow> = roles.filter(|role| role.accountable > 0).collect();
    let count = answering.len();
    if count < FEWEST {
        return Vec::new();
    }
    let average = format!("{:.1}", activities as f64 / count as f64);
    let heavy = answering.into_iter().filter(|role| role.accountable * count > 2 * activities);
    heavy.map(|role| LoadedRole { title: role.title.clone(), accountable: role.accountable, average: average.clone() }).collect()
}
