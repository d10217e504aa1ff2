//! What is overdue or stale on a day.

use super::GapResult;
use crate::assessment::format::Age;
use crate::assessment::planning::format::ActionStatus;
use crate::assessment::register::format::{DecisionStatus, RiskFile};
use crate::assessment::{Assessment, Response};
use crate::kit::Kit;
use crate::yaml::record::Date;

/// How old evidence may be where the policy does not say.
const EVIDENCE_AGE: &str = "365d";

/// Returns how old evidence may be: as the policy of the assessment says, else 365 days.
pub fn evidence_age(assessment: &Assessment) -> Age {
    let policy = assessment.file.policy.as_ref().and_then(|policy| policy.max_evidence_age.as_ref());
    policy.map_or_else(|| Age::parse(EVIDENCE_AGE).expect("it is an age"), |age| age.value)
}

/// What was to happen by a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// Closing a gap.
    Action,
    /// Finding out what nobody knew.
    Question,
    /// Settling an entry of the RAID log.
    Risk,
    /// Looking at a decision again.
    Decision,
    /// Looking at an entry of the RAID log again.
    Review,
    /// Living with a gap, until the acceptance ends.
    Acceptance,
}

impl Duty {
    /// Returns the word by which data name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Question => "question",
            Self::Risk => "risk",
            Self::Decision => "decision",
            Self::Review => "review",
            Self::Acceptance => "acceptance",
        }
    }

    /// Returns it as documents say it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Action => "Close",
            Self::Question => "Find out",
            Self::Risk => "Settle",
            Self::Decision => "Review the decision",
            Self::Review => "Review",
            Self::Acceptance => "Accept again, or close",
        }
    }
}

/// Something with a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// What was to happen.
    pub duty: Duty,
    /// With what: the key of an asking, or the id of an entry.
    pub id: String,
    /// Its title, or the question.
    pub title: String,
    /// The capability that it belongs to.
    pub capability: Option<String>,
    /// Who does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Date,
}

/// Evidence that is older than evidence may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The asking as its file names it.
    pub key: String,
    /// The question.
    pub ask: String,
    /// The capability.
    pub capability: String,
    /// What the evidence is.
    pub title: String,
    /// When it was collected.
    pub collected: Date,
    /// How old it is, in days.
    pub days: i64,
}

/// Returns everything in an assessment that has a date and is not done, the earliest first. What is planned for a practice counts
/// while it is a gap.
pub fn dated(kit: &Kit, assessment: &Assessment, gaps: &[GapResult]) -> Vec<Dated> {
    let mut found = Vec::new();
    for (ix, planned) in &assessment.planning.practices {
        let practice = kit.practice(*ix);
        if !gaps.iter().any(|gap| gap.practice == practice.id) {
            continue;
        }
        let entry = |duty, owner: Option<&str>, due| Dated {
            duty,
            id: practice.id.clone(),
            title: kit.practice_file(*ix).title.value.clone(),
            capability: Some(kit.capability_id(practice.capability).to_owned()),
            owner: owner.map(|owner| kit.role_title(owner).to_owned()),
            due,
        };
        if let Some(accepted) = &planned.accepted {
            found.push(entry(Duty::Acceptance, Some(&accepted.value.approver), accepted.value.expires.value));
        } else if let Some(due) = planned.due.as_ref().filter(|_| planned.status != Some(ActionStatus::Done)) {
            found.push(entry(Duty::Action, assessment.planning.owner(kit, *ix), due.value));
        }
    }
    for (instance, answer) in &assessment.answers {
        if let Response::DontKnow { owner, due: Some(due), .. } = &answer.response {
            let capability = kit.question(instance.question).capability;
            found.push(Dated {
                duty: Duty::Question,
                id: instance.key(kit),
                title: kit.question_file(instance.question).ask.value.clone(),
                capability: Some(kit.capability_id(capability).to_owned()),
                owner: owner.as_deref().map(|owner| kit.role_title(owner).to_owned()),
                due: *due,
            });
        }
    }
    let role = |id: &str| kit.role_title(id).to_owned();
    for file in &assessment.registers.decisions {
        let due = file.review_on.as_ref().filter(|_| file.status.value != DecisionStatus::Superseded);
        found.extend(due.map(|due| Dated {
            duty: Duty::Decision,
            id: file.id.value.0.clone(),
            title: file.title.value.clone(),
            capability: file.capability.as_ref().map(|id| id.value.0.clone()),
            owner: file.owner.as_ref().map(|owner| role(owner)),
            due: due.value,
        }));
    }
    for file in assessment.registers.risks.iter().filter(|file| !file.is_closed()) {
        found.extend(file.due.as_ref().map(|due| of_risk(file, Duty::Risk, due.value, &role)));
        found.extend(file.review_on.as_ref().map(|due| of_risk(file, Duty::Review, due.value, &role)));
    }
    found.sort_by(|a, b| (a.due, a.duty, &a.id).cmp(&(b.due, b.duty, &b.id)));
    found
}

fn of_risk(file: &RiskFile, duty: Duty, due: Date, role: &dyn Fn(&str) -> String) -> Dated {
    Dated {
        duty,
        id: file.id.value.0.clone(),
        title: file.title.value.clone(),
        capability: file.capability.as_ref().map(|id| id.value.0.clone()),
        owner: file.owner.as_ref().map(|owner| role(owner)),
        due,
    }
}

/// Returns the answers whose evidence is all older than it may be on a day, the oldest first, each by its newest evidence. Evidence
/// without a date is left out: nobody can tell its age.
pub fn stale(kit: &Kit, assessment: &Assessment, day: Date, age: Age) -> Vec<Stale> {
    let mut found = Vec::new();
    let Some(oldest) = age.before(day) else { return found };
    for (instance, answer) in &assessment.answers {
        let dated = answer.evidence.iter().filter_map(|evidence| Some((evidence.collected?, evidence)));
        let Some((collected, evidence)) = dated.max_by_key(|(collected, _)| *collected) else { continue };
        if collected < oldest {
            let title = evidence.title.clone().or_else(|| evidence.link.clone()).unwrap_or_default();
            found.push(Stale {
                key: instance.key(kit),
                ask: kit.question_file(instance.question).ask.value.clone(),
                capability: kit.capability_id(kit.question(instance.question).capability).to_owned(),
                title,
                collected,
                days: days_between(collected, day),
            });
        }
    }
    found.sort_by(|a, b| (a.collected, &a.key).cmp(&(b.collected, &b.key)));
    found
}

/// Returns how many days lie between two dates; negative if the second is the earlier one.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.0.until(to.0).map_or(0, |span| span.get_days()))
}
