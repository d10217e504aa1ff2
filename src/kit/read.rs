//! From the files of a kit to a checked [`Kit`]: ids, references, scale, conditions. Every fault is reported.

mod engagement;
mod graph;
mod questions;

use super::format::{CapabilityFile, EngagementFile, KitFile, Roles};
use super::{Capability, CapabilityIx, Engagement, EnvironmentIx, Kit, Practice, PracticeIx, Question, QuestionIx};
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span, did_you_mean, has_errors, sort};
use crate::yaml::overlay::{self, Overlaid};
use crate::yaml::record::{At, Id, list};
use graph::{after_their_needs, cycle};
use std::collections::HashMap;
use std::sync::Arc;

/// The largest weight: sums of weights then stay numbers that can be divided.
const HEAVIEST: f64 = 1_000.0;

/// The files of a kit as text.
#[derive(Debug)]
pub struct KitSources {
    /// `kit.yaml`.
    pub kit: Arc<Source>,
    /// The files in `capabilities/`: stem and source, by name.
    pub capabilities: Vec<(String, Arc<Source>)>,
    /// `engagement.yaml`, where there is one.
    pub engagement: Option<Arc<Source>>,
    /// What the owner of a workspace laid over the kit.
    pub overlay: OverlaySources,
}

/// The files laid over a kit: each may hold a part of what the file of the same name holds.
#[derive(Debug, Default)]
pub struct OverlaySources {
    /// `kit.yaml`.
    pub kit: Option<Arc<Source>>,
    /// The files in `capabilities/`: stem and source, by name.
    pub capabilities: Vec<(String, Arc<Source>)>,
    /// `engagement.yaml`.
    pub engagement: Option<Arc<Source>>,
}

impl OverlaySources {
    /// Returns true if nothing is laid over the kit.
    pub fn is_empty(&self) -> bool {
        self.kit.is_none() && self.capabilities.is_empty() && self.engagement.is_none()
    }
}

/// Reads a kit. There is one if there is no error; warnings come either way.
pub fn kit(sources: &KitSources) -> (Option<Kit>, Vec<Diagnostic>) {
    let over = &sources.overlay;
    let Overlaid { value: file, mut diagnostics, source: kit_source } = overlay::read::<KitFile>(&sources.kit, over.kit.as_ref());
    let added = |stem: &str| !sources.capabilities.iter().any(|(other, _)| other == stem);
    let parts = || {
        let own = sources.capabilities.iter().map(|(stem, source)| {
            let above = over.capabilities.iter().find(|(other, _)| other == stem).map(|(_, source)| source);
            (stem.as_str(), source, above)
        });
        let new = over.capabilities.iter().filter(|(stem, _)| added(stem)).map(|(stem, source)| (stem.as_str(), source, None));
        own.chain(new)
    };
    let mut capabilities = Vec::new();
    for ((stem, ..), capability) in parts().zip(read_side_by_side(&parts().collect::<Vec<_>>())) {
        diagnostics.extend(capability.diagnostics);
        if let Some(file) = capability.value {
            capabilities.push((stem, file, capability.source));
        }
    }
    let base = sources.engagement.as_ref().or(over.engagement.as_ref());
    let above = over.engagement.as_ref().filter(|_| sources.engagement.is_some());
    let engagement = base.and_then(|source| {
        let engagement = overlay::read::<EngagementFile>(source, above);
        diagnostics.extend(engagement.diagnostics);
        Some(Engagement { file: engagement.value?, source: engagement.source })
    });
    // A file that could not be read at all makes every reference into it look wrong: say the first thing first.
    let complete = capabilities.len() == parts().count();
    // A part with a fault may be missing from what was read, though it is there: its id is then looked for in the text.
    let all = || parts().flat_map(|(_, source, above)| [Some(source), above]).chain([base, above]).flatten();
    let faulty: Vec<Arc<Source>> = if has_errors(&diagnostics) { all().map(Arc::clone).collect() } else { Vec::new() };
    let Some(mut file) = file else {
        sort(&mut diagnostics);
        return (None, diagnostics);
    };
    if !file.capabilities.is_empty() {
        // A capability of the overlay need not be named again.
        let new = capabilities.iter().filter(|(stem, ..)| added(stem)).map(|(_, capability, _)| At::clone(&capability.id));
        let unnamed: Vec<At<Id>> = new.filter(|id| !file.capabilities.iter().any(|named| named.value == id.value)).collect();
        file.capabilities.extend(unnamed.into_iter().map(|id| At { value: id.value, span: Span::default() }));
    }
    let mut builder = Builder::new(file, &kit_source, diagnostics, complete, faulty);
    builder.check_kit_file();
    builder.order(capabilities);
    builder.index();
    builder.check_capabilities();
    builder.build_practices();
    builder.build_questions();
    builder.build_conditions();
    builder.check_cycles();
    if let Some(engagement) = &engagement {
        builder.check_engagement(&engagement.file, &engagement.source);
    }
    builder.finish(engagement, !over.is_empty())
}

/// A capability file: its stem, its source, and what is laid over it.
type Part<'s> = (&'s str, &'s Arc<Source>, Option<&'s Arc<Source>>);

/// Reads capability files on as many threads as there are processors: taking YAML apart is most of the work of any command.
fn read_side_by_side(parts: &[Part<'_>]) -> Vec<Overlaid<CapabilityFile>> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(parts.len());
    let read = |(_, source, above): &Part<'_>| overlay::read::<CapabilityFile>(source, *above);
    if threads < 2 {
        return parts.iter().map(read).collect();
    }
    // Every thread takes each nth file, so that large neighbours do not meet in one.
    let mut by_thread: Vec<std::vec::IntoIter<Overlaid<CapabilityFile>>> = std::thread::scope(|scope| {
        let start = |first: usize| scope.spawn(move || parts.iter().skip(first).step_by(threads).map(read).collect::<Vec<_>>().into_iter());
        let handles: Vec<_> = (0..threads).map(start).collect();
        handles.into_iter().map(|handle| handle.join().expect("reading does not panic")).collect()
    });
    (0..parts.len()).filter_map(|place| by_thread[place % threads].next()).collect()
}

struct Builder<'s> {
    file: KitFile,
    source: &'s Arc<Source>,
    diagnostics: Vec<Diagnostic>,
    complete: bool,
    faulty: Vec<Arc<Source>>,
    capabilities: Vec<Capability>,
    questions: Vec<Question>,
    practices: Vec<Practice>,
    question_ids: HashMap<String, QuestionIx>,
    practice_ids: HashMap<String, PracticeIx>,
}

impl<'s> Builder<'s> {
    fn new(file: KitFile, source: &'s Arc<Source>, diagnostics: Vec<Diagnostic>, complete: bool, faulty: Vec<Arc<Source>>) -> Self {
        Self {
            file,
            source,
            diagnostics,
            complete,
            faulty,
            capabilities: Vec::new(),
            questions: Vec::new(),
            practices: Vec::new(),
            question_ids: HashMap::new(),
            practice_ids: HashMap::new(),
        }
    }

    fn error(&mut self, code: Code, at: Location, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(code, at, message));
        self.diagnostics.last_mut().expect("one was just pushed")
    }

    fn in_kit(&self, span: Span) -> Location {
        Location::new(self.source, span)
    }

    fn check_kit_file(&mut self) {
        self.check_scale();
        let ids = |ids: Vec<&At<Id>>| ids.into_iter().cloned().collect::<Vec<_>>();
        let file = &self.file;
        let lists = [
            ("environment", ids(file.environments.iter().map(|x| &x.id).collect())),
            ("role", ids(file.roles.iter().map(|x| &x.id).collect())),
            ("group", ids(file.groups.iter().map(|x| &x.id).collect())),
            ("wave", ids(file.waves.iter().map(|x| &x.id).collect())),
            ("phase", ids(file.phases.iter().map(|x| &x.id).collect())),
            ("framework", ids(file.frameworks.iter().map(|x| &x.id).collect())),
            ("capability", ids(file.capabilities.iter().collect())),
        ];
        for (what, ids) in &lists {
            duplicate_ids(what, ids.iter(), self.source, &mut self.diagnostics);
        }
        if self.file.environments.is_empty() {
            let at = self.in_kit(self.file.environments.span);
            self.error(Code::BadKit, at, "a kit needs at least one environment");
        }
        if let Some(target) = self.file.target_environment.clone() {
            self.known_in_kit("environment", &target, &lists[0].1.clone());
        }
        for wave in 0..self.file.waves.len() {
            let capacity = self.file.waves[wave].capacity.clone();
            if *capacity <= 0.0 {
                let at = self.in_kit(capacity.span);
                self.error(Code::BadNumber, at, "the capacity of a wave is above 0");
            }
        }
    }

    fn check_scale(&mut self) {
        let levels: Vec<(i64, Span)> = self.file.scale.iter().map(|level| (level.level.value, level.level.span)).collect();
        if levels.len() < 2 {
            let at = self.in_kit(self.file.scale.span);
            self.error(Code::BadKit, at, "a scale needs at least two levels").help =
                Some("the first level is the base: nothing is in place".to_owned());
        }
        for pair in levels.windows(2) {
            if pair[1].0 != pair[0].0 + 1 {
                let at = self.in_kit(pair[1].1);
                self.error(Code::BadKit, at, format!("level {} follows level {}", pair[1].0, pair[0].0)).help =
                    Some("levels go up by one, lowest first".to_owned());
            }
        }
        if let Some(target) = self.file.default_target.clone() {
            self.level_in_scale(&target, self.source.clone(), false);
        }
    }

    fn level_in_scale(&mut self, level: &At<i64>, source: Arc<Source>, above_base: bool) {
        let levels: Vec<i64> = self.file.scale.iter().map(|of_scale| of_scale.level.value).collect();
        let ([base, _, ..], Some(top)) = (levels.as_slice(), levels.last()) else { return };
        let lowest = if above_base { base + 1 } else { *base };
        if level.value < lowest || level.value > *top {
            let at = Location::new(&source, level.span);
            self.error(Code::UnknownReference, at, format!("level {} is not on the scale from {lowest} to {top}", level.value)).help = Some(
                if above_base { "a practice is expected from a level above the base on" } else { "the scale is in kit.yaml" }.to_owned(),
            );
        }
    }

    fn known_in_kit(&mut self, what: &str, id: &At<Id>, known: &[At<Id>]) {
        if !known.iter().any(|other| other.value == id.value) {
            let at = self.in_kit(id.span);
            self.unknown(what, &id.value.0, at, known.iter().map(|id| id.as_str().to_owned()).collect());
        }
    }

    fn unknown(&mut self, what: &str, id: &str, at: Location, known: Vec<String>) {
        let is_written = |source: &Arc<Source>| {
            source
                .texts()
                .any(|text| text.match_indices(id).any(|(start, _)| text[..start].trim_end_matches(['"', '\'']).ends_with("id: ")))
        };
        if self.faulty.iter().any(is_written) {
            return;
        }
        let suggestion = did_you_mean(id, known.iter().map(String::as_str));
        let help = suggestion.unwrap_or_else(|| match known.len() {
            0 => format!("this kit has no {what}"),
            1..=12 => format!("there are {}", list(&known)),
            count => format!("there are {count} others; `kit show` lists them"),
        });
        self.error(Code::UnknownReference, at, format!("the {what} `{id}` is not defined in this kit")).help = Some(help);
    }

    /// Brings the capabilities into the order of `kit.yaml`.
    fn order(&mut self, mut read: Vec<(&str, CapabilityFile, Arc<Source>)>) {
        for (stem, file, source) in &read {
            if file.id.as_str() != *stem {
                let at = Location::new(source, file.id.span);
                self.error(Code::FileNameDiffers, at, format!("the file is named `{stem}` and the id is `{}`", file.id)).help =
                    Some("an id never changes: rename the file".to_owned());
            }
        }
        let wanted = self.file.capabilities.clone();
        if !wanted.is_empty() {
            for id in &wanted {
                if self.complete && !read.iter().any(|(_, file, _)| file.id.value == id.value) {
                    let at = self.in_kit(id.span);
                    let known: Vec<&str> = read.iter().map(|(_, file, _)| file.id.as_str()).collect();
                    let help = did_you_mean(id.as_str(), known)
                        .unwrap_or_else(|| format!("write `capabilities/{id}.yaml` or take it off the list"));
                    self.error(Code::UnknownReference, at, format!("there is no file `capabilities/{id}.yaml`")).help = Some(help);
                }
            }
            for (stem, file, source) in &read {
                if !wanted.iter().any(|id| id.value == file.id.value) {
                    let at = Location::new(source, file.id.span);
                    let diagnostic =
                        Diagnostic::warning(Code::UnknownReference, at, format!("`{stem}` is not among the `capabilities` of kit.yaml"));
                    self.diagnostics.push(diagnostic.help("add it there, or delete the file; until then it is left out"));
                }
            }
            read.retain(|(_, file, _)| wanted.iter().any(|id| id.value == file.id.value));
            read.sort_by_key(|(_, file, _)| wanted.iter().position(|id| id.value == file.id.value));
        }
        if read.is_empty() && self.complete && wanted.is_empty() {
            let at = self.in_kit(Span::default());
            self.error(Code::BadKit, at, "the kit has no capabilities").help = Some("add files to `capabilities/`".to_owned());
        }
        self.capabilities =
            read.into_iter().map(|(_, file, source)| Capability { file, source, questions: 0..0, practices: 0..0 }).collect();
    }

    /// Gives every question and practice its index, so that references can be resolved in any order.
    fn index(&mut self) {
        let mut places: HashMap<(&'static str, String), Location> = HashMap::new();
        let (mut questions, mut practices) = (0, 0);
        for capability in &mut self.capabilities {
            let mut claim = |what: &'static str, id: &At<Id>, diagnostics: &mut Vec<Diagnostic>| {
                let at = Location::new(&capability.source, id.span);
                match places.get(&(what, id.value.0.clone())) {
                    Some(first) => diagnostics.push(
                        Diagnostic::error(Code::DuplicateId, at, format!("the {what} `{}` is there twice", id.value))
                            .related(first.clone(), "first here")
                            .help("ids are unique within their kit"),
                    ),
                    None => drop(places.insert((what, id.value.0.clone()), at)),
                }
            };
            claim("capability", &capability.file.id, &mut self.diagnostics);
            let first = (questions, practices);
            for question in capability.file.discovery.iter().flat_map(|discovery| &discovery.questions) {
                claim("question", &question.id, &mut self.diagnostics);
                self.question_ids.entry(question.id.value.0.clone()).or_insert(QuestionIx(questions));
                questions += 1;
            }
            for practice in capability.file.design.iter().flat_map(|design| &design.practices) {
                claim("practice", &practice.id, &mut self.diagnostics);
                self.practice_ids.entry(practice.id.value.0.clone()).or_insert(PracticeIx(practices));
                practices += 1;
            }
            for story in &capability.file.stories {
                claim("story", &story.id, &mut self.diagnostics);
            }
            capability.questions = first.0..questions;
            capability.practices = first.1..practices;
        }
        for capability in &self.capabilities {
            let design = capability.file.design.as_ref();
            let source = &capability.source;
            duplicate_ids("decision", design.iter().flat_map(|d| &d.decisions).map(|x| &x.id), source, &mut self.diagnostics);
            duplicate_ids("runbook", design.iter().flat_map(|d| &d.runbooks).map(|x| &x.id), source, &mut self.diagnostics);
            duplicate_ids("KPI", design.iter().flat_map(|d| &d.kpis).map(|x| &x.id), source, &mut self.diagnostics);
            duplicate_ids("tool", design.iter().flat_map(|d| &d.tools).map(|x| &x.id), source, &mut self.diagnostics);
        }
    }

    fn check_capabilities(&mut self) {
        for phase in 0..self.file.phases.len() {
            for (id, level) in &self.file.phases[phase].targets.clone() {
                let at = self.in_kit(id.span);
                self.capability_known(&id.value, at);
                self.level_in_scale(level, self.source.clone(), false);
            }
        }
        for index in 0..self.capabilities.len() {
            let capability = &self.capabilities[index];
            let source = Arc::clone(&capability.source);
            let file = capability.file.clone();
            if let Some(group) = &file.group {
                let known: Vec<String> = self.file.groups.iter().map(|group| group.id.as_str().to_owned()).collect();
                if !known.iter().any(|id| id == group.as_str()) {
                    self.unknown("group", group.as_str(), Location::new(&source, group.span), known);
                }
            }
            for id in &file.depends_on {
                self.capability_known(id.as_str(), Location::new(&source, id.span));
            }
            for activity in file.design.iter().flat_map(|design| &design.raci) {
                self.check_activity(activity, &source);
            }
            let tools = || file.design.iter().flat_map(|design| &design.tools);
            for tool in tools() {
                self.check_tool(tool, &source);
            }
            let served = file.design.iter().flat_map(|design| &design.runbooks).flat_map(|runbook| &runbook.practices);
            for practice in
                served.chain(tools().flat_map(|tool| &tool.practices)).chain(file.stories.iter().flat_map(|story| &story.practices))
            {
                self.practice_known(practice, &source);
            }
            let maps = file.design.iter().flat_map(|design| &design.practices).flat_map(|practice| &practice.maps);
            for (framework, _) in maps {
                let known: Vec<String> = self.file.frameworks.iter().map(|framework| framework.id.as_str().to_owned()).collect();
                if !known.is_empty() && !known.contains(&framework.value) {
                    self.unknown("framework", &framework.value, Location::new(&source, framework.span), known);
                }
            }
        }
    }

    fn check_activity(&mut self, activity: &super::format::Activity, source: &Arc<Source>) {
        if activity.accountable.0.len() != 1 {
            let at = Location::new(source, activity.activity.span);
            let roles = activity.accountable.0.len();
            self.error(Code::BadKit, at, format!("this activity has {roles} accountable roles")).help = Some("name exactly one".to_owned());
        }
        for Roles(roles) in [&activity.accountable, &activity.responsible, &activity.consulted, &activity.informed] {
            self.roles_known(roles, source);
        }
    }

    fn check_tool(&mut self, tool: &super::format::Tool, source: &Arc<Source>) {
        self.roles_known(tool.owner.as_slice(), source);
        for id in tool.questions.iter().filter(|_| self.complete).cloned().collect::<Vec<_>>() {
            if !self.question_ids.contains_key(id.as_str()) {
                let known = sorted(self.question_ids.keys());
                self.unknown("question", id.as_str(), Location::new(source, id.span), known);
            }
        }
    }

    fn roles_known(&mut self, roles: &[At<Id>], source: &Arc<Source>) {
        for role in roles {
            if !self.file.roles.is_empty() && !self.file.roles.iter().any(|known| known.id.value == role.value) {
                let known = self.file.roles.iter().map(|role| role.id.as_str().to_owned()).collect();
                self.unknown("role", role.as_str(), Location::new(source, role.span), known);
            }
        }
    }

    fn capability_known(&mut self, id: &str, at: Location) {
        if self.complete && !self.capabilities.iter().any(|capability| capability.file.id.as_str() == id) {
            let known = self.capabilities.iter().map(|capability| capability.file.id.as_str().to_owned()).collect();
            self.unknown("capability", id, at, known);
        }
    }

    fn practice_known(&mut self, id: &At<Id>, source: &Arc<Source>) -> Option<PracticeIx> {
        let found = self.practice_ids.get(id.as_str()).copied();
        if found.is_none() && self.complete {
            let known = sorted(self.practice_ids.keys());
            self.unknown("practice", id.as_str(), Location::new(source, id.span), known);
        }
        found
    }

    fn environments(&mut self, environments: Option<&At<Vec<At<Id>>>>, source: &Arc<Source>) -> Option<Vec<EnvironmentIx>> {
        let environments = environments?;
        let mut found = Vec::new();
        for id in &environments.value {
            if let Some(index) = self.file.environments.iter().position(|known| known.id.value == id.value) {
                found.push(EnvironmentIx(index));
            } else {
                let known = self.file.environments.iter().map(|environment| environment.id.as_str().to_owned()).collect();
                self.unknown("environment", id.as_str(), Location::new(source, id.span), known);
            }
        }
        if environments.value.is_empty() {
            let at = Location::new(source, environments.span);
            self.error(Code::EmptyText, at, "the list of environments is empty").help =
                Some("leave the key out where all are meant".to_owned());
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    fn build_practices(&mut self) {
        for capability in 0..self.capabilities.len() {
            let source = Arc::clone(&self.capabilities[capability].source);
            let practices = self.capabilities[capability].file.design.as_ref().map(|design| design.practices.clone()).unwrap_or_default();
            for (position, file) in practices.iter().enumerate() {
                self.level_in_scale(&file.level, Arc::clone(&source), true);
                let weight = file.weight.as_ref().map_or(1.0, |weight| weight.value);
                if weight <= 0.0 || weight > HEAVIEST {
                    let at = Location::new(&source, file.weight.as_ref().map_or(file.id.span, |weight| weight.span));
                    self.error(Code::BadNumber, at, format!("a weight is above 0 and at most {HEAVIEST}"));
                }
                let requires = file.requires.iter().filter_map(|id| self.practice_known(id, &source)).collect();
                let practice = Practice {
                    capability: CapabilityIx(capability),
                    position,
                    id: file.id.value.0.clone(),
                    level: file.level.value,
                    risk: file.risk.unwrap_or(super::format::Risk::Medium),
                    weight,
                    effort: file.effort.unwrap_or(super::format::Effort::M),
                    environments: self.environments(file.environments.as_ref(), &source),
                    requires,
                    asked_by: Vec::new(),
                };
                self.practices.push(practice);
            }
        }
        self.check_required_levels();
    }

    fn check_required_levels(&mut self) {
        for index in 0..self.practices.len() {
            let practice = &self.practices[index];
            let capability = &self.capabilities[practice.capability.0];
            let file = &capability.file.design.as_ref().expect("it has a practice").practices[practice.position];
            let level = practice.level;
            let source = Arc::clone(&capability.source);
            let required: Vec<(Span, String)> = file.requires.iter().map(|id| (id.span, id.value.0.clone())).collect();
            for (span, id) in required {
                let Some(required) = self.practice_ids.get(&id).and_then(|ix| self.practices.get(ix.0)) else { continue };
                let higher = required.level;
                if higher > level {
                    let at = Location::new(&source, span);
                    let message = format!("`{id}` is expected from level {higher} on, this practice from level {level} on");
                    self.error(Code::RequiresHigherLevel, at, message).help =
                        Some("a practice cannot require one of a higher level: it would never be in the target".to_owned());
                }
            }
        }
    }

    fn check_cycles(&mut self) {
        let when: Vec<Vec<usize>> = self.questions.iter().map(|q| q.named.iter().map(|ix| ix.0).collect()).collect();
        if let Some(cycle) = cycle(&when) {
            let at = self.question_place(cycle[0]);
            let names: Vec<&str> = cycle.iter().map(|index| self.questions[*index].id.as_str()).collect();
            let message = match names.as_slice() {
                [one] => format!("the condition of `{one}` waits for its own answer"),
                several => format!("the conditions of {} wait for each other", list(several)),
            };
            self.error(Code::Cycle, at, message).help = Some("one of them must be asked without the others".to_owned());
        }
        let requires: Vec<Vec<usize>> = self.practices.iter().map(|p| p.requires.iter().map(|ix| ix.0).collect()).collect();
        if let Some(cycle) = cycle(&requires) {
            let practice = &self.practices[cycle[0]];
            let capability = &self.capabilities[practice.capability.0];
            let file = &capability.file.design.as_ref().expect("it has a practice").practices[practice.position];
            let at = Location::new(&capability.source, file.id.span);
            let names: Vec<&str> = cycle.iter().map(|index| self.practices[*index].id.as_str()).collect();
            let message = match names.as_slice() {
                [one] => format!("the practice `{one}` requires itself"),
                several => format!("the practices {} require each other", list(several)),
            };
            self.error(Code::Cycle, at, message).help = Some("one of them must come first".to_owned());
        }
        let by_id = |id: &str| self.capabilities.iter().position(|capability| capability.file.id.as_str() == id);
        let depends: Vec<Vec<usize>> =
            self.capabilities.iter().map(|c| c.file.depends_on.iter().filter_map(|id| by_id(id.as_str())).collect()).collect();
        if let Some(cycle) = cycle(&depends) {
            let capability = &self.capabilities[cycle[0]];
            let at = Location::new(&capability.source, capability.file.id.span);
            let names: Vec<&str> = cycle.iter().map(|index| self.capabilities[*index].file.id.as_str()).collect();
            let message = match names.as_slice() {
                [one] => format!("the capability `{one}` depends on itself"),
                several => format!("the capabilities {} depend on each other", list(several)),
            };
            self.error(Code::Cycle, at, message).help = Some("one of them must come first".to_owned());
        }
    }

    fn question_place(&self, index: usize) -> Location {
        let question = &self.questions[index];
        let capability = &self.capabilities[question.capability.0];
        let file = &capability.file.discovery.as_ref().expect("it has a question").questions[question.position];
        Location::new(&capability.source, file.when.as_ref().map_or(file.id.span, |when| when.span))
    }

    fn finish(mut self, engagement: Option<Engagement>, is_overlaid: bool) -> (Option<Kit>, Vec<Diagnostic>) {
        sort(&mut self.diagnostics);
        if has_errors(&self.diagnostics) {
            return (None, self.diagnostics);
        }
        let target = self.file.target_environment.as_ref();
        let last = self.file.environments.len() - 1;
        let target = target.and_then(|id| self.file.environments.iter().position(|environment| environment.id.value == id.value));
        let levels = &self.file.scale;
        let middle = levels[levels.len() / 2].level.value;
        let named: Vec<Vec<usize>> = self.questions.iter().map(|q| q.named.iter().map(|ix| ix.0).collect()).collect();
        let kit = Kit {
            asking_order: after_their_needs(&named).into_iter().map(QuestionIx).collect(),
            target_environment: EnvironmentIx(target.unwrap_or(last)),
            default_target: self.file.default_target.as_ref().map_or(middle, |target| target.value),
            source: Arc::clone(self.source),
            file: self.file,
            is_overlaid,
            engagement,
            capabilities: self.capabilities,
            questions: self.questions,
            practices: self.practices,
        };
        (Some(kit), self.diagnostics)
    }
}

/// Returns ids in an order that is the same each time.
fn sorted<'i>(ids: impl Iterator<Item = &'i String>) -> Vec<String> {
    let mut ids: Vec<String> = ids.cloned().collect();
    ids.sort_unstable();
    ids
}

fn duplicate_ids<'i>(what: &str, ids: impl Iterator<Item = &'i At<Id>>, source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for id in ids {
        if let Some(first) = seen.get(id.as_str()) {
            diagnostics.push(
                Diagnostic::error(Code::DuplicateId, Location::new(source, id.span), format!("the {what} `{}` is there twice", id.value))
                    .related(Location::new(source, *first), "first here"),
            );
        } else {
            seen.insert(id.as_str(), id.span);
        }
    }
}
