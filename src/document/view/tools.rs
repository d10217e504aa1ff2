//! The view of the tools: what is there, as heard, beside what is wanted.

use super::make::Maker;
use super::place::{Headings, Place};
use super::{Header, ReferenceView};
use crate::assessment::{Instance, State};
use crate::document::escape::excerpt;
use crate::kit::format::{Approach, Deployment, Dimension, QuestionType, Tool};
use crate::kit::{CapabilityIx, PracticeIx, QuestionIx};
use crate::scoring::wording::said;
use serde::Serialize;

/// How much of an answer the map shows, in characters.
const EXCERPT: usize = 220;

/// The view of the tool and service map.
#[derive(Debug, Serialize)]
pub struct ToolsView {
    /// What the document shows of itself.
    pub header: Header,
    /// How many tools are wanted.
    pub count: usize,
    /// The tools of each capability in scope that has some.
    pub capabilities: Vec<ToolCapability>,
}

/// The tools of a capability.
#[derive(Debug, Serialize)]
pub struct ToolCapability {
    /// The id, which is also its folder.
    pub id: String,
    /// The title.
    pub title: String,
    /// The tools that its design wants, in the order of the kit.
    pub tools: Vec<ToolView>,
    /// What was heard about tools that none of them names.
    pub also_heard: Vec<ToolQuestion>,
}

/// A question about tools, with what was heard in each environment.
#[derive(Debug, Serialize)]
pub struct ToolQuestion {
    /// The question.
    pub ask: String,
    /// True if the answers are figures, which say nothing without their question.
    pub is_figure: bool,
    /// The answers.
    pub answers: Vec<ToolAnswer>,
}

/// A tool that is wanted.
#[derive(Debug, Serialize)]
pub struct ToolView {
    /// What it is there to do.
    pub title: String,
    /// The id.
    pub id: String,
    /// The tool or service wanted.
    pub target: String,
    /// Where it stands, in words.
    pub deployment: Option<String>,
    /// How one comes by it, in words.
    pub approach: Option<String>,
    /// What it works with.
    pub platforms: Vec<String>,
    /// Its limits.
    pub limits: Option<String>,
    /// How it is kept in order.
    pub upkeep: Option<String>,
    /// What becomes of what does this today.
    pub migration: Option<String>,
    /// The title of the role that owns it.
    pub owner: Option<String>,
    /// What does this today, as heard.
    pub today: Vec<ToolQuestion>,
    /// The practices that need it.
    pub practices: Vec<Place>,
    /// True if only practices beyond the target need it.
    pub is_beyond_target: bool,
    /// Pages to read.
    pub references: Vec<ReferenceView>,
}

/// What was heard about a tool.
#[derive(Debug, Serialize)]
pub struct ToolAnswer {
    /// The title of the environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The answer in words, or the state of the question where there is none.
    pub answer: String,
}

impl Maker<'_> {
    /// Returns the view of the tool and service map; nothing if the kit names no tool.
    pub fn tools(&self) -> Option<ToolsView> {
        let capabilities: Vec<ToolCapability> = (self.assessment.capabilities_in_scope(self.kit))
            .map(|ix| self.tools_of(ix))
            .filter(|capability| !capability.tools.is_empty())
            .collect();
        let count = capabilities.iter().map(|capability| capability.tools.len()).sum();
        (count > 0).then(|| ToolsView { header: self.header(None), count, capabilities })
    }

    /// Returns the anchor of a capability in the tool and service map; nothing if it has no tool.
    pub(super) fn tools_anchor(&self, wanted: CapabilityIx) -> Option<String> {
        let mut headings = Headings::of(&["Tool and service map"]);
        let has_tools = |ix: &CapabilityIx| self.kit.capability(*ix).file.design.as_ref().is_some_and(|design| !design.tools.is_empty());
        let in_scope = self.assessment.capabilities_in_scope(self.kit).filter(has_tools);
        in_scope.map(|ix| (ix, headings.anchor(&self.capability_title(ix)))).find(|(ix, _)| *ix == wanted).map(|(_, anchor)| anchor)
    }

    fn tools_of(&self, ix: CapabilityIx) -> ToolCapability {
        let tools = || self.kit.capability(ix).file.design.iter().flat_map(|design| &design.tools);
        let is_named = |instance: &Instance| {
            let id = self.kit.question(instance.question).id.as_str();
            tools().flat_map(|tool| &tool.questions).any(|named| named.as_str() == id)
        };
        let is_of_tools = |instance: &Instance| self.kit.question_file(instance.question).dimension == Some(Dimension::Tools);
        let is_heard =
            |instance: &Instance| is_of_tools(instance) && !is_named(instance) && self.assessment.state(*instance) == State::Answered;
        let also_heard = self.by_question(self.visible(ix).into_iter().filter(is_heard));
        ToolCapability {
            id: self.kit.capability_id(ix).to_owned(),
            title: self.capability_title(ix),
            tools: tools().map(|tool| self.tool(tool)).collect(),
            also_heard,
        }
    }

    /// Returns the askings of a capability that are visible, in the order of the kit.
    fn visible(&self, ix: CapabilityIx) -> Vec<Instance> {
        self.card.card(ix).into_iter().flat_map(|card| &card.questions).map(|question| question.instance).collect()
    }

    fn tool(&self, tool: &Tool) -> ToolView {
        let needed: Vec<_> = tool.practices.iter().filter_map(|id| self.kit.find_practice(id.as_str())).collect();
        let is_beyond = |ix: &PracticeIx| {
            let practice = self.kit.practice(*ix);
            practice.level > self.assessment.scope(practice.capability).target
        };
        let today = tool.questions.iter().filter_map(|id| self.kit.find_question(id.as_str())).flat_map(|question| {
            let visible = self.visible(self.kit.question(question).capability);
            visible.into_iter().filter(move |instance| instance.question == question)
        });
        ToolView {
            title: tool.title.clone(),
            id: tool.id.value.0.clone(),
            target: tool.target.clone(),
            deployment: tool.deployment.map(|deployment| self.deployment(deployment)),
            approach: tool.approach.map(|approach| approach_words(approach).to_owned()),
            platforms: tool.platforms.strings(),
            limits: tool.limits.clone(),
            upkeep: tool.upkeep.clone(),
            migration: tool.migration.clone(),
            owner: tool.owner.as_ref().map(|role| self.kit.role_title(role.as_str()).to_owned()),
            today: self.by_question(today),
            is_beyond_target: !needed.is_empty() && needed.iter().all(is_beyond),
            practices: self.practice_places(&tool.practices),
            references: tool.references.iter().map(|one| ReferenceView { title: one.title.clone(), url: one.url.value.clone() }).collect(),
        }
    }

    /// Brings the askings of a question together.
    fn by_question(&self, instances: impl Iterator<Item = Instance>) -> Vec<ToolQuestion> {
        let mut found: Vec<(QuestionIx, ToolQuestion)> = Vec::new();
        for instance in instances {
            let ix = instance.question;
            let is_figure = self.kit.question(ix).kind == QuestionType::Number;
            let new = || ToolQuestion { ask: self.kit.question_file(ix).ask.value.clone(), is_figure, answers: Vec::new() };
            if found.last().is_none_or(|(last, _)| *last != ix) {
                found.push((ix, new()));
            }
            if let Some((_, question)) = found.last_mut() {
                question.answers.push(self.tool_answer(instance));
            }
        }
        found.into_iter().map(|(_, question)| question).collect()
    }

    fn tool_answer(&self, instance: Instance) -> ToolAnswer {
        let answer = match (self.assessment.state(instance), self.assessment.answer(instance)) {
            (State::Answered, Some(answer)) => excerpt(said(self.kit, instance, &answer.response).trim().trim_end_matches('.'), EXCERPT),
            (State::DontKnow, _) => "not known yet".to_owned(),
            (state, _) => state.title().to_owned(),
        };
        ToolAnswer { environment: self.environment_of(instance), answer }
    }

    fn deployment(&self, deployment: Deployment) -> String {
        let target = self.kit.environment_title(self.assessment.target_environment);
        match deployment {
            Deployment::Isolated => "in each account or site on its own".to_owned(),
            Deployment::Central => format!("once for all of {target}"),
            Deployment::Extended => format!("what serves the present environment is extended to {target}"),
        }
    }
}

fn approach_words(approach: Approach) -> &'static str {
    match approach {
        Approach::Native => "a service of the provider",
        Approach::Marketplace => "bought from a third party",
        Approach::OpenSource => "open source",
        Approach::Own => "built by yourselves",
    }
}
