//! The views of one capability: readiness and design.

use super::make::Maker;
use super::{
    ActivityView, CommandView, CurrentState, DesignView, Difference, DimensionState, KpiView, LevelDesign, NeededPractice,
    NotApplicableView, PracticeView, ReadinessView, ReferenceView, RunbookView, StoryView, TermView,
};
use crate::assessment::{Instance, Plain, Response, State};
use crate::kit::format::{Activity, Dimension, Roles, Runbook, Story};
use crate::kit::{CapabilityIx, EnvironmentIx, PracticeIx};
use crate::scoring::wording::{percent, percent_between, resolved};
use crate::scoring::{QuestionScore, exceeds};

impl Maker<'_> {
    /// Returns the view of the readiness document of a capability.
    pub fn readiness(&self, ix: CapabilityIx) -> ReadinessView {
        let file = &self.kit.capability(ix).file;
        let scope = self.assessment.scope(ix);
        let card = self.card.card(ix);
        let coverage = card.map(|card| card.coverage).unwrap_or_default();
        let (decisions, risks) = self.bearing_on_capability(ix);
        ReadinessView {
            header: self.header(Some(ix)),
            id: file.id.value.0.clone(),
            title: file.title.value.clone(),
            purpose: file.purpose.as_ref().map(|text| text.value.clone()),
            outcomes: file.outcomes.iter().map(|text| text.value.clone()).collect(),
            target: self.level(scope.target),
            rationale: scope.rationale.clone(),
            importance: Plain(scope.importance).to_string(),
            standings: self.standings(ix),
            coverage: resolved(&coverage),
            evidence: match coverage.evidence_share() {
                Some(share) => format!("{} of {} answers have evidence ({})", coverage.with_evidence, coverage.answered, percent(share)),
                None => "there is no answer yet".to_owned(),
            },
            current: self.current(ix),
            strengths: self.in_place(ix).map(|practice| self.strength(practice)).collect(),
            differences: self.differences(ix),
            gaps: self.gaps(true, Some(ix)),
            to_clarify: self.gaps(false, Some(ix)),
            open: self.open_questions(Some(ix)),
            decisions,
            risks,
            not_applicable: self.not_applicable(ix),
            ignored: self.ignored(ix),
        }
    }

    pub(super) fn questions(&self, ix: CapabilityIx) -> &[QuestionScore] {
        self.card.card(ix).map(|card| card.questions.as_slice()).unwrap_or_default()
    }

    /// Returns the answers by environment and dimension: the target environment first, what is asked once last.
    fn current(&self, ix: CapabilityIx) -> Vec<CurrentState> {
        let mut places: Vec<Option<EnvironmentIx>> = self.assessment.environments.iter().copied().map(Some).collect();
        places.sort_by_key(|place| *place != Some(self.assessment.target_environment));
        places.push(None);
        let dimensions = [Some(Dimension::People), Some(Dimension::Process), Some(Dimension::Tools), None];
        let state = |place: Option<EnvironmentIx>| {
            let title = place.map_or("Whole organisation", |environment| self.kit.environment_title(environment)).to_owned();
            let of = |dimension: Option<Dimension>| {
                let answers = (self.questions(ix).iter())
                    .filter(|question| question.state == State::Answered && question.instance.environment == place)
                    .filter(|question| self.kit.question_file(question.instance.question).dimension == dimension)
                    .filter_map(|question| Some(self.answer(question.instance, self.assessment.answer(question.instance)?, question.risk)))
                    .collect::<Vec<_>>();
                let title = match dimension {
                    Some(Dimension::People) => "People",
                    Some(Dimension::Process) => "Process",
                    Some(Dimension::Tools) => "Tools",
                    None => "General",
                };
                DimensionState { title: title.to_owned(), answers }
            };
            let dimensions: Vec<DimensionState> = dimensions.into_iter().map(of).filter(|state| !state.answers.is_empty()).collect();
            CurrentState { title, dimensions }
        };
        places.into_iter().map(state).filter(|state| !state.dimensions.is_empty()).collect()
    }

    /// Goes through the practices that are in place in the target environment.
    pub(super) fn in_place(&self, ix: CapabilityIx) -> impl Iterator<Item = PracticeIx> {
        let target = self.assessment.target_environment;
        self.kit
            .practices_of(ix)
            .filter(move |practice| self.card.credit(*practice, target).is_some_and(|credit| !exceeds(1.0, credit.low)))
    }

    /// Returns the practices of which at least half more is in place elsewhere than in the target environment.
    pub(super) fn differences(&self, ix: CapabilityIx) -> Vec<Difference> {
        let target = self.assessment.target_environment;
        let mut found = Vec::new();
        for practice in self.kit.practices_of(ix) {
            let Some(here) = self.card.credit(practice, target) else { continue };
            for environment in self.assessment.environments.iter().filter(|environment| **environment != target) {
                let Some(there) = self.card.credit(practice, *environment) else { continue };
                // What works there is more than half in place, and much more than here.
                if there.low - here.high >= 0.5 - 1e-9 && there.low > 0.5 + 1e-9 {
                    found.push(Difference {
                        title: self.title(practice),
                        works_in: self.kit.environment_title(*environment).to_owned(),
                        there: percent_between(there),
                        here: percent_between(here),
                    });
                }
            }
        }
        found
    }

    fn not_applicable(&self, ix: CapabilityIx) -> Vec<NotApplicableView> {
        let view = |instance: Instance| {
            let Some(Response::NotApplicable { reason, note }) = self.assessment.answer(instance).map(|answer| &answer.response) else {
                return None;
            };
            let own_note = || self.assessment.answer(instance).and_then(|answer| answer.note.clone());
            Some(NotApplicableView {
                ask: self.kit.question_file(instance.question).ask.value.clone(),
                environment: self.environment_of(instance),
                reason: reason.title().to_owned(),
                note: note.clone().or_else(own_note),
            })
        };
        self.questions(ix).iter().filter_map(|question| view(question.instance)).collect()
    }

    fn ignored(&self, ix: CapabilityIx) -> Vec<String> {
        let is_here = |key: &&String| {
            let id = key.split('@').next().unwrap_or_default();
            self.kit.find_question(id).is_some_and(|question| self.kit.question(question).capability == ix)
        };
        self.assessment.ignored.keys().filter(is_here).cloned().collect()
    }

    /// Returns the view of the design document of a capability.
    pub fn design(&self, ix: CapabilityIx) -> DesignView {
        let file = &self.kit.capability(ix).file;
        let design = file.design.as_ref();
        let scope = self.assessment.scope(ix);
        let levels = (self.kit.file.scale.iter())
            .map(|level| level.level.value)
            .filter(|level| *level <= scope.target)
            .map(|level| LevelDesign {
                level: self.level(level),
                practices: self.kit.practices_of(ix).filter(|p| self.kit.practice(*p).level == level).map(|p| self.practice(p)).collect(),
            })
            .filter(|level| !level.practices.is_empty());
        let beyond = self.kit.practices_of(ix).filter(|practice| self.kit.practice(*practice).level > scope.target);
        DesignView {
            header: self.header(Some(ix)),
            id: file.id.value.0.clone(),
            title: file.title.value.clone(),
            summary: design.and_then(|design| design.summary.as_ref()).map(|text| text.value.clone()),
            target: self.level(scope.target),
            rationale: scope.rationale.clone(),
            sample_state: design.and_then(|design| design.sample_state.as_ref()).map(|text| text.value.clone()),
            levels: levels.collect(),
            beyond: beyond.map(|practice| self.practice(practice)).collect(),
            decisions: design.into_iter().flat_map(|design| &design.decisions).map(|decision| self.decision(ix, decision)).collect(),
            raci: design.into_iter().flat_map(|design| &design.raci).map(|activity| self.activity(activity)).collect(),
            accountable: self.accountable_roles(ix),
            raci_anchor: self.raci_anchor(ix),
            runbooks: self.runbook_views(ix),
            kpis: design.into_iter().flat_map(|design| &design.kpis).map(kpi).collect(),
            stories: file.stories.iter().filter_map(|story| self.story(story)).collect(),
            terms: file.terms.iter().map(|term| TermView { term: term.term.clone(), meaning: term.meaning.clone() }).collect(),
            depends_on: (file.depends_on.iter())
                .filter_map(|id| self.kit.find_capability(id.as_str()))
                .map(|capability| self.capability_link(capability))
                .collect(),
            standings: self.standings(ix),
            tools_anchor: self.tools_anchor(ix),
        }
    }

    fn practice(&self, ix: PracticeIx) -> PracticeView {
        let practice = self.kit.practice(ix);
        let file = self.kit.practice_file(ix);
        let today = |environment: &EnvironmentIx| {
            // Of which nothing is known yet, nothing is said.
            let credit = self.card.credit(ix, *environment).filter(|credit| exceeds(credit.low, 0.0) || exceeds(1.0, credit.high))?;
            Some(format!("{} {}", self.kit.environment_title(*environment), percent_between(credit)))
        };
        let framework = |id: &str| {
            let known = self.kit.file.frameworks.iter().find(|framework| framework.id.as_str() == id);
            known.map_or_else(|| id.to_owned(), |framework| framework.title.clone())
        };
        PracticeView {
            title: file.title.value.clone(),
            id: practice.id.clone(),
            statement: file.statement.as_ref().map(|text| text.value.clone()),
            rationale: file.rationale.as_ref().map(|text| text.value.clone()),
            risk: practice.risk.word().to_owned(),
            effort: practice.effort.title().to_owned(),
            today: self.assessment.environments.iter().filter_map(today).collect(),
            requires: practice.requires.iter().map(|required| self.needed(ix, *required)).collect(),
            guidance: file.guidance.as_ref().map(|text| text.value.clone()),
            references: file.references.iter().map(|one| ReferenceView { title: one.title.clone(), url: one.url.value.clone() }).collect(),
            maps: (file.maps.iter())
                .map(|(id, clauses)| {
                    let clauses: Vec<&str> = clauses.iter().map(|clause| clause.value.as_str()).collect();
                    format!("{} {}", framework(&id.value), clauses.join(", "))
                })
                .collect(),
            commands: (file.evidence_commands.iter())
                .map(|one| CommandView {
                    command: one.command.value.clone(),
                    proves: without_stop(one.proves.as_ref()),
                    refutes: without_stop(one.refutes.as_ref()),
                })
                .collect(),
        }
    }

    /// Returns a practice that another one needs first, with its place as seen from the design of that one.
    fn needed(&self, by: PracticeIx, ix: PracticeIx) -> NeededPractice {
        let capability = self.kit.practice(ix).capability;
        let path = match self.practice_link(ix).anchor {
            Some(anchor) if capability == self.kit.practice(by).capability => Some(format!("#{anchor}")),
            _ if self.assessment.scope(capability).in_scope => Some(format!("../{}", self.practice_place(ix).path)),
            _ => None,
        };
        NeededPractice { title: self.title(ix), path }
    }

    fn roles(&self, roles: &Roles) -> Vec<String> {
        roles.0.iter().map(|role| self.kit.role_title(role.as_str()).to_owned()).collect()
    }

    pub(super) fn activity(&self, activity: &Activity) -> ActivityView {
        ActivityView {
            activity: activity.activity.value.clone(),
            accountable: self.roles(&activity.accountable).join(", "),
            responsible: self.roles(&activity.responsible),
            consulted: self.roles(&activity.consulted),
            informed: self.roles(&activity.informed),
        }
    }

    pub(super) fn runbook(&self, runbook: &Runbook, anchor: String) -> RunbookView {
        RunbookView {
            id: runbook.id.value.0.clone(),
            anchor,
            is_beyond_target: self.is_beyond_target(runbook),
            title: runbook.title.clone(),
            scope: runbook.scope.clone(),
            triggers: runbook.triggers.strings(),
            preconditions: runbook.preconditions.strings(),
            steps: runbook.steps.strings(),
            verification: runbook.verification.strings(),
            rollback: runbook.rollback.strings(),
            escalation: runbook.escalation.strings(),
            practices: self.served_by(runbook).map(|ix| self.practice_link(ix)).collect(),
        }
    }

    fn served_by(&self, runbook: &Runbook) -> impl Iterator<Item = PracticeIx> {
        runbook.practices.iter().filter_map(|id| self.kit.find_practice(id.as_str()))
    }

    /// Returns true if a runbook serves practices, and all of them are beyond the target.
    pub(super) fn is_beyond_target(&self, runbook: &Runbook) -> bool {
        let is_beyond = |ix: PracticeIx| {
            let practice = self.kit.practice(ix);
            practice.level > self.assessment.scope(practice.capability).target
        };
        self.served_by(runbook).next().is_some() && self.served_by(runbook).all(is_beyond)
    }

    /// Returns a story if it closes a gap.
    fn story(&self, story: &Story) -> Option<StoryView> {
        let practices: Vec<PracticeIx> = story.practices.iter().filter_map(|id| self.kit.find_practice(id.as_str())).collect();
        let open: Vec<PracticeIx> = practices.into_iter().filter(|ix| self.card.gaps.iter().any(|gap| gap.practice == *ix)).collect();
        if open.is_empty() {
            return None;
        }
        let parts = [("As a ", &story.as_a), (", I want ", &story.i_want), (" so that ", &story.so_that)];
        let sentence: String = parts.iter().filter_map(|(lead, part)| part.as_ref().map(|part| format!("{lead}{}", part.trim()))).collect();
        let sentence = if sentence.starts_with("As a ")
            && story.as_a.as_ref().is_some_and(|who| who.to_lowercase().starts_with(['a', 'e', 'i', 'o', 'u']))
        {
            sentence.replacen("As a ", "As an ", 1)
        } else {
            sentence.trim_start_matches([',', ' ']).to_owned()
        };
        Some(StoryView {
            title: story.title.clone().unwrap_or_else(|| story.id.value.0.clone()),
            sentence: if sentence.is_empty() { None } else { Some(format!("{}.", sentence.trim_end_matches('.'))) },
            points: story.points.as_ref().map(|points| Plain(points.value).to_string()).unwrap_or_default(),
            acceptance: story.acceptance.strings(),
            practices: open.iter().map(|ix| self.title(*ix)).collect(),
        })
    }
}

/// Returns a text without its full stop, for a place where more follows.
fn without_stop(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().trim_end_matches('.').to_owned())
}

fn kpi(kpi: &crate::kit::format::Kpi) -> KpiView {
    KpiView {
        title: kpi.title.clone(),
        unit: kpi.unit.clone().unwrap_or_default(),
        target: kpi.target.clone().unwrap_or_default(),
        warn: kpi.warn.clone().unwrap_or_default(),
        source: kpi.source.clone().unwrap_or_default(),
    }
}
