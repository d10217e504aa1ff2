//! The view of what a role can answer alone before the session.

use super::Header;
use super::Maker;
use super::workshop::{CapabilityCount, names};
use crate::kit::format::{QuestionType, Role};
use crate::kit::{CapabilityIx, QuestionIx};
use serde::Serialize;

/// How many questions a role is asked before a session: what fits into half an hour.
const MOST: usize = 12;

/// The view of a pre-questionnaire.
#[derive(Debug, Serialize)]
pub struct QuestionnaireView {
    /// What every document shows; without a date.
    pub header: Header,
    /// The id of the role.
    pub role: String,
    /// The title of the role.
    pub title: String,
    /// How many questions are here.
    pub chosen: usize,
    /// How many questions in scope name the role.
    pub all: usize,
    /// True if there are more that could be answered alone.
    pub is_cut: bool,
    /// The questions by capability, in the order of the kit.
    pub groups: Vec<QuestionGroup>,
    /// The activities for which the kit proposes the role as accountable.
    pub parts: Vec<PartView>,
    /// The anchor of its duties in the responsibility matrix; nothing if it has none.
    pub raci_anchor: Option<String>,
}

/// The questions on a capability.
#[derive(Debug, Serialize)]
pub struct QuestionGroup {
    /// The capability.
    pub capability: String,
    /// The questions.
    pub questions: Vec<AskedView>,
}

/// A question as it is put to a role.
#[derive(Debug, Serialize)]
pub struct AskedView {
    /// The id.
    pub id: String,
    /// The question.
    pub ask: String,
    /// Why it is asked, and what good looks like.
    pub why: Option<String>,
    /// What to have at hand.
    pub evidence: Option<String>,
    /// True if several statements may be ticked.
    pub is_checklist: bool,
    /// The statements to choose from; none where a number, a date or words are asked for.
    pub options: Vec<String>,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Where it is asked: the titles of environments, or nothing where it is asked once for all.
    pub places: Vec<String>,
}

/// Activities for which a role is proposed as accountable.
#[derive(Debug, Serialize)]
pub struct PartView {
    /// In which capability.
    pub capability: CapabilityCount,
    /// The activities.
    pub activities: Vec<String>,
}

impl Maker<'_> {
    /// Returns the questions in scope that name a role.
    pub(super) fn asked_of(&self, role: &Role) -> Vec<QuestionIx> {
        let in_scope = self.assessment.capabilities_in_scope(self.kit).flat_map(|ix| self.kit.questions_of(ix));
        let is_theirs = |ix: &QuestionIx| names(&self.kit.question_file(*ix).roles, role);
        in_scope.filter(is_theirs).filter(|ix| !self.assessment.instances(self.kit, *ix).is_empty()).collect()
    }

    /// Returns what hangs on a question: of the practices up to the target that it tells of, the risk times the weight times how much
    /// it can credit, times the importance of the capability.
    pub(super) fn at_stake(&self, ix: QuestionIx) -> f64 {
        let question = self.kit.question(ix);
        let scope = self.assessment.scope(question.capability);
        let wanted = question.credits.iter().filter(|practice| self.kit.practice(**practice).level <= scope.target);
        let of_one = |practice: &crate::kit::PracticeIx| {
            let most = question.options.iter().map(|option| option.credit(*practice)).fold(0.0, f64::max);
            let practice = self.kit.practice(*practice);
            practice.risk.factor() * practice.weight * most
        };
        wanted.map(of_one).sum::<f64>() * scope.importance
    }

    /// Returns the questions of a role that depend on no answer.
    fn alone(&self, role: &Role) -> impl Iterator<Item = QuestionIx> {
        self.asked_of(role).into_iter().filter(|ix| self.kit.question(*ix).when.is_none())
    }

    /// Returns the questions that a role can answer alone and that matter most, in the order of the kit. No answer changes them.
    ///
    /// Questions that depend on an answer are left for the session. Those that name the role first come first, then those of
    /// capabilities in which it answers for an activity, then those in which it does something, then those on which most hangs.
    fn chosen_for(&self, role: &Role) -> Vec<QuestionIx> {
        let part = |ix: CapabilityIx| {
            let activities = self.kit.activities(ix);
            let is_accountable = activities.iter().any(|activity| names(&activity.accountable.0, role));
            let is_responsible = activities.iter().any(|activity| names(&activity.responsible.0, role));
            if is_accountable { 0 } else { 2 - usize::from(is_responsible) }
        };
        let asked = self.alone(role);
        let rank = |ix: QuestionIx| {
            let is_first = self.kit.question_file(ix).roles.first().is_some_and(|first| first.value == role.id.value);
            ((!is_first, part(self.kit.question(ix).capability)), self.at_stake(ix))
        };
        let mut ranked: Vec<_> = asked.map(|ix| (rank(ix), ix)).collect();
        ranked.sort_by(|(a, one), (b, other)| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(one.cmp(other)));
        let mut chosen: Vec<QuestionIx> = ranked.into_iter().take(MOST).map(|(_, ix)| ix).collect();
        chosen.sort();
        chosen
    }

    /// Returns the view of the questionnaire of a role; nothing where it has nothing to answer alone.
    pub fn pre_questionnaire(&self, role: &Role) -> Option<QuestionnaireView> {
        let chosen = self.chosen_for(role);
        if chosen.is_empty() {
            return None;
        }
        let mut groups: Vec<(CapabilityIx, Vec<AskedView>)> = Vec::new();
        for ix in &chosen {
            let capability = self.kit.question(*ix).capability;
            match groups.last_mut() {
                Some((last, questions)) if *last == capability => questions.push(self.asked_view(*ix)),
                _ => groups.push((capability, vec![self.asked_view(*ix)])),
            }
        }
        let activities = |id: &str| {
            let of_role = self.kit.find_capability(id).into_iter().flat_map(|ix| self.kit.activities(ix));
            let theirs = of_role.filter(|activity| names(&activity.accountable.0, role));
            theirs.map(|activity| activity.activity.value.clone()).collect()
        };
        let part = |capability: CapabilityCount| PartView { activities: activities(&capability.id), capability };
        Some(QuestionnaireView {
            header: self.undated_header(),
            role: role.id.value.0.clone(),
            title: role.title.clone(),
            chosen: chosen.len(),
            all: self.asked_of(role).len(),
            is_cut: self.alone(role).count() > chosen.len(),
            groups: (groups.into_iter())
                .map(|(ix, questions)| QuestionGroup { capability: self.capability_title(ix), questions })
                .collect(),
            parts: self.accountable_in(role).into_iter().map(part).collect(),
            raci_anchor: self.raci_role_anchor(role.id.as_str()),
        })
    }

    fn asked_view(&self, ix: QuestionIx) -> AskedView {
        let question = self.kit.question(ix);
        let file = self.kit.question_file(ix);
        let is_choice = !matches!(question.kind, QuestionType::Number | QuestionType::Text | QuestionType::Date);
        AskedView {
            id: question.id.clone(),
            ask: file.ask.value.clone(),
            why: file.why.as_ref().map(|why| why.value.clone()),
            evidence: file.evidence.as_ref().map(|evidence| evidence.value.clone()),
            is_checklist: question.kind == QuestionType::Multi,
            options: question.options.iter().filter(|_| is_choice).map(|option| option.label.clone()).collect(),
            unit: match (question.kind, file.unit.as_deref()) {
                (QuestionType::Number, Some("percent")) => Some("%".to_owned()),
                (QuestionType::Number, unit) => unit.map(str::to_owned),
                (QuestionType::Date, _) => Some("as a date".to_owned()),
                _ => None,
            },
            places: self.assessment.instances(self.kit, ix).into_iter().filter_map(|instance| self.environment_of(instance)).collect(),
        }
    }
}
