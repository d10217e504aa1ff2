//! From the files of a workspace to a checked [`Assessment`].

use super::format::{AnswerEntry, AnswersFile, AssessmentFile, Evidence};
use super::planning::{self, Planning};
use super::register::Registers;
use super::{Answer, Assessment, Instance, Response, Scope};
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span, did_you_mean, has_errors, sort};
use crate::kit::format::QuestionType;
use crate::kit::{CapabilityIx, EnvironmentIx, Kit, QuestionIx};
use crate::yaml::record::{At, Texts, list, read};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of an assessment as text.
#[derive(Debug)]
pub struct AssessmentSources {
    /// `opsready.yaml`.
    pub assessment: Arc<Source>,
    /// The files in `answers/`: stem and source, by name.
    pub answers: Vec<(String, Arc<Source>)>,
}

/// Reads an assessment. There is one if there is no error; warnings come either way.
pub fn assessment(kit: &Kit, sources: &AssessmentSources) -> (Option<Assessment>, Vec<Diagnostic>) {
    let (file, mut diagnostics) = read::<AssessmentFile>(&sources.assessment);
    let assessment = file.map(|file| frame(kit, file, &sources.assessment, &mut diagnostics));
    let Some(mut assessment) = assessment else {
        // Say what is wrong in the answers too; only their scope is not known.
        for (_, source) in &sources.answers {
            diagnostics.extend(read::<AnswersFile>(source).1);
        }
        sort(&mut diagnostics);
        return (None, diagnostics);
    };
    for (stem, source) in &sources.answers {
        let (file, found) = read::<AnswersFile>(source);
        diagnostics.extend(found);
        if let Some(file) = file {
            Checker { kit, source, diagnostics: &mut diagnostics }.file(stem, file, &mut assessment);
        }
    }
    sort(&mut diagnostics);
    (Some(assessment).filter(|_| !has_errors(&diagnostics)), diagnostics)
}

/// Makes an assessment of what files say under a kit that need not be theirs: what the kit does not know is left out.
pub fn leniently(kit: &Kit, file: AssessmentFile, answers: &[AnswersFile]) -> Assessment {
    let source = Source::new("", "");
    let mut faults = Vec::new();
    let mut assessment = frame(kit, file, &source, &mut faults);
    if assessment.environments.is_empty() {
        assessment.environments = kit.environment_indices().collect();
    }
    for file in answers {
        let checker = &mut Checker { kit, source: &source, diagnostics: &mut faults };
        checker.file(file.capability.as_str(), file.clone(), &mut assessment);
    }
    assessment
}

/// Reads `opsready.yaml` alone: the assessment without its answers.
fn frame(kit: &Kit, file: AssessmentFile, source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Assessment {
    let mut checker = Checker { kit, source, diagnostics };
    checker.kit_reference(&file);
    let environments = checker.environments(&file);
    let target_environment = file
        .target_environment
        .as_ref()
        .and_then(|id| checker.environment(id.as_str(), id.span))
        .or_else(|| Some(kit.target_environment).filter(|target| environments.contains(target)))
        .or_else(|| environments.last().copied())
        .unwrap_or(kit.target_environment);
    if !environments.contains(&target_environment)
        && let Some(id) = &file.target_environment
    {
        checker.error(Code::OutOfScope, id.span, format!("the target environment `{id}` is out of scope")).help =
            Some("add it to `environments`".to_owned());
    }
    let phase = checker.phase(&file);
    let scopes = checker.scopes(&file, phase);
    checker.policy(&file, &scopes);
    for participant in &file.participants {
        checker.role(participant.role.as_str(), participant.role.span);
    }
    let waves = planning::waves(&file.waves, &mut checker);
    Assessment {
        source: Arc::clone(source),
        environments,
        target_environment,
        phase,
        scopes,
        answers: BTreeMap::new(),
        ignored: BTreeMap::new(),
        orphans: Vec::new(),
        waves,
        planning: Planning::default(),
        registers: Registers::default(),
        file,
    }
}

/// Returns true if evidence says what it is or where: an empty entry shows nothing.
fn is_something(evidence: &Evidence) -> bool {
    [&evidence.title, &evidence.link].into_iter().flatten().any(|text| !text.trim().is_empty())
}

/// Checks a file against the kit.
pub(super) struct Checker<'c> {
    pub(super) kit: &'c Kit,
    pub(super) source: &'c Arc<Source>,
    pub(super) diagnostics: &'c mut Vec<Diagnostic>,
}

impl Checker<'_> {
    pub(super) fn error(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(code, Location::new(self.source, span), message));
        self.diagnostics.last_mut().expect("one was just pushed")
    }

    pub(super) fn warning(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::warning(code, Location::new(self.source, span), message));
        self.diagnostics.last_mut().expect("one was just pushed")
    }

    pub(super) fn unknown<'k>(&mut self, what: &str, id: &str, span: Span, known: impl IntoIterator<Item = &'k str>) {
        let known: Vec<&str> = known.into_iter().collect();
        let help = did_you_mean(id, known.iter().copied()).unwrap_or_else(|| match known.len() {
            0 => format!("the kit has no {what}"),
            1..=12 => format!("there are {}", list(&known)),
            count => format!("the kit has {count}; `opsready kit show` lists them"),
        });
        self.error(Code::UnknownReference, span, format!("the kit has no {what} `{id}`")).help = Some(help);
    }

    fn kit_reference(&mut self, file: &AssessmentFile) {
        let kit = &self.kit.file;
        if file.kit.id.value != kit.id.value {
            let message = format!("the workspace is for the kit `{}`, and `kit/` holds `{}`", file.kit.id, kit.id);
            self.error(Code::KitDiffers, file.kit.id.span, message);
        } else if file.kit.version.value != kit.version.value {
            let message = format!("the workspace was made with version {} of the kit, and `kit/` holds {}", file.kit.version, kit.version);
            self.warning(Code::KitDiffers, file.kit.version.span, message).help =
                Some("write the version of `kit/` here once you have checked the answers".to_owned());
        }
    }

    pub(super) fn environment(&mut self, id: &str, span: Span) -> Option<EnvironmentIx> {
        let found = self.kit.find_environment(id);
        if found.is_none() {
            self.unknown("environment", id, span, self.kit.environment_indices().map(|ix| self.kit.environment_id(ix)));
        }
        found
    }

    fn environments(&mut self, file: &AssessmentFile) -> Vec<EnvironmentIx> {
        let Some(named) = &file.environments else { return self.kit.environment_indices().collect() };
        let mut found: Vec<_> = named.value.iter().filter_map(|id| self.environment(id.as_str(), id.span)).collect();
        if named.value.is_empty() {
            self.error(Code::OutOfScope, named.span, "no environment is in scope").help =
                Some("leave the key out where all are meant".to_owned());
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Checks the rules that `check` holds the assessment against.
    fn policy(&mut self, file: &AssessmentFile, scopes: &[Scope]) {
        let Some(policy) = &file.policy else { return };
        let (base, top) = (self.kit.base(), self.kit.top());
        if let Some(level) = policy.evidence_from_level.as_ref().filter(|level| level.value <= base || level.value > top) {
            let message = format!("no practice is expected from level {} on: the kit's scale goes from {base} to {top}", level.value);
            self.warning(Code::BadNumber, level.span, message);
        }
        if let Some(wanted) = &policy.min_level {
            for level in wanted.all.iter().chain(wanted.capabilities.iter().map(|(_, level)| level)) {
                self.level(level);
            }
            for (id, _) in &wanted.capabilities {
                match self.kit.find_capability(&id.value) {
                    None => {
                        let known = self.kit.capability_indices().map(|ix| self.kit.capability_id(ix));
                        self.unknown("capability", &id.value, id.span, known);
                    }
                    Some(ix) if !scopes[ix.0].in_scope => {
                        let message = format!("`{}` is out of scope, so no level can be asked of it", id.value);
                        self.error(Code::OutOfScope, id.span, message).help =
                            Some("leave it out of the policy, or bring it into scope".to_owned());
                    }
                    Some(_) => {}
                }
            }
        }
        for most in [&policy.max_high_risks, &policy.max_gaps].into_iter().flatten().filter(|most| most.value < 0) {
            self.error(Code::BadNumber, most.span, format!("there are never fewer than 0, so {} cannot be kept", most.value));
        }
        if let Some(share) = policy.min_coverage.as_ref().filter(|share| !(0.0..=100.0).contains(&share.value)) {
            self.error(Code::BadNumber, share.span, format!("a percentage goes from 0 to 100, and this is {}", share.value));
        }
    }

    fn level(&mut self, level: &At<i64>) {
        let (base, top) = (self.kit.base(), self.kit.top());
        if level.value < base || level.value > top {
            self.error(
                Code::BadNumber,
                level.span,
                format!("level {} is not on the kit's scale, which goes from {base} to {top}", level.value),
            );
        }
    }

    pub(super) fn role(&mut self, role: &str, span: Span) {
        let roles = &self.kit.file.roles;
        if !roles.is_empty() && !roles.iter().any(|known| known.id.as_str() == role) {
            // Respondents may be people, so only a slip of the pen is worth a word.
            if let Some(help) = did_you_mean(role, roles.iter().map(|role| role.id.as_str())) {
                self.warning(Code::UnknownReference, span, format!("the kit has no role `{role}`")).help = Some(help);
            }
        }
    }

    /// Returns the place of the phase that the assessment names among those of the kit.
    fn phase(&mut self, file: &AssessmentFile) -> Option<usize> {
        let named = file.phase.as_ref()?;
        let found = self.kit.file.phases.iter().position(|phase| phase.id.value == named.value);
        if found.is_none() {
            self.unknown("phase", named.as_str(), named.span, self.kit.file.phases.iter().map(|phase| phase.id.as_str()));
        }
        found
    }

    fn scopes(&mut self, file: &AssessmentFile, phase: Option<usize>) -> Vec<Scope> {
        let default = Scope { in_scope: true, target: self.kit.default_target, importance: 3.0, rationale: None, reason: None, note: None };
        let mut scopes = vec![default; self.kit.capabilities.len()];
        if let Some(phase) = phase.and_then(|phase| self.kit.file.phases.get(phase)) {
            for (scope, capability) in scopes.iter_mut().zip(&self.kit.capabilities) {
                scope.target = phase.targets.get(capability.file.id.as_str()).map_or(scope.target, |level| level.value);
            }
        }
        for (id, given) in &file.capabilities {
            let Some(capability) = self.kit.find_capability(&id.value) else {
                self.unknown("capability", &id.value, id.span, self.kit.capability_indices().map(|ix| self.kit.capability_id(ix)));
                continue;
            };
            if let Some(target) = &given.target {
                self.level(target);
            }
            if let Some(importance) = &given.importance
                && !(1.0..=5.0).contains(&importance.value)
            {
                self.error(Code::BadNumber, importance.span, "importance goes from 1 to 5");
            }
            let scope = &mut scopes[capability.0];
            scope.in_scope = given.in_scope.unwrap_or(true);
            scope.target = given.target.as_ref().map_or(scope.target, |target| target.value);
            scope.importance = given.importance.as_ref().map_or(scope.importance, |importance| importance.value);
            scope.rationale.clone_from(&given.rationale);
            scope.reason = given.reason;
            scope.note.clone_from(&given.note);
        }
        scopes
    }

    fn file(&mut self, stem: &str, file: AnswersFile, assessment: &mut Assessment) {
        let orphans = file.orphans.iter().flatten().map(|(key, entry)| super::Orphan {
            capability: file.capability.value.0.clone(),
            key: key.value.clone(),
            why: entry.why,
            since: entry.since.0.clone(),
        });
        assessment.orphans.extend(orphans);
        let Some(capability) = self.kit.find_capability(file.capability.as_str()) else {
            if file.answers.is_empty() && file.orphans.is_some() {
                // An upgrade of the kit left it so: what was said stays.
                let message = format!("the kit has no capability `{}` any more; its answers are kept and ignored", file.capability);
                self.warning(Code::KitDiffers, file.capability.span, message).help =
                    Some("move the file away once nobody needs it".to_owned());
                return;
            }
            let known = self.kit.capability_indices().map(|ix| self.kit.capability_id(ix));
            self.unknown("capability", file.capability.as_str(), file.capability.span, known);
            return;
        };
        if file.capability.as_str() != stem {
            let message = format!("the file is named `{stem}` and holds answers for `{}`", file.capability);
            self.error(Code::FileNameDiffers, file.capability.span, message).help = Some("rename the file, or move the answers".to_owned());
            return;
        }
        let mut outside: Vec<At<String>> = Vec::new();
        for (key, entry) in file.answers.0 {
            let Some(instance) = self.instance(&key, capability) else { continue };
            // A key without a value is a question that waits for its answer.
            let Some(entry) = entry else { continue };
            let question = instance.question;
            let answer = self.answer(question, entry, key.span);
            let versions = answer.as_ref().map_or(0, |answer| answer.conflict.len());
            if versions > 0 {
                self.warning(
                    Code::UnsettledConflict,
                    key.span,
                    format!("{versions} answers to `{}` came together in a merge, and none of them counts", key.value),
                )
                .help = Some(match self.respondent() {
                    Some(id) => format!("`opsready answer {} --respondent {id} …` says which holds", key.value),
                    None => format!("`opsready reconcile {}` shows them; `--take NUMBER --reason TEXT` settles it", key.value),
                });
            }
            let in_scope = instance.environment.is_none_or(|environment| assessment.environments.contains(&environment));
            if !in_scope {
                outside.push(key.clone());
            }
            if !in_scope || !assessment.scope(capability).in_scope {
                let state = answer.map_or(super::State::Unanswered, |answer| answer.response.state());
                assessment.ignored.insert(key.value, state);
            } else if let Some(answer) = answer {
                assessment.answers.insert(instance, answer);
            }
        }
        // One word for each file: an environment that left the scope takes many answers with it.
        if let Some(first) = outside.first() {
            let message = match outside.len() {
                1 => format!("`{}` is kept and ignored: its environment is out of scope", first.value),
                2 => format!("`{}` and one more answer are kept and ignored: their environment is out of scope", first.value),
                count => {
                    format!("`{}` and {} more answers are kept and ignored: their environment is out of scope", first.value, count - 1)
                }
            };
            self.warning(Code::OutOfScope, first.span, message);
        }
    }

    /// Returns whose answers the file holds, if they are one respondent's.
    fn respondent(&self) -> Option<String> {
        let folders: Vec<&str> = self.source.path.split(['/', '\\']).rev().skip(1).take(2).collect();
        matches!(folders.as_slice(), [_, "responses"]).then(|| folders[0].to_owned())
    }

    /// Resolves `question` or `question@environment`.
    fn instance(&mut self, key: &At<String>, capability: CapabilityIx) -> Option<Instance> {
        let (id, environment) = match key.value.split_once('@') {
            Some((id, environment)) => (id, Some(environment)),
            None => (key.value.as_str(), None),
        };
        let Some(question) = self.kit.find_question(id) else {
            let known: Vec<&str> = self.kit.questions_of(capability).map(|ix| self.kit.question(ix).id.as_str()).collect();
            self.unknown("question", id, key.span, known);
            return None;
        };
        let owner = self.kit.question(question).capability;
        if owner != capability {
            let owner = self.kit.capability_id(owner);
            let message = format!("the question `{id}` belongs to `{owner}`");
            self.error(Code::UnknownReference, key.span, message).help = Some(format!("move it to answers/{owner}.yaml"));
            return None;
        }
        let asked_in = self.kit.question(question).environments.clone();
        match (asked_in, environment) {
            (None, None) => Some(Instance { question, environment: None }),
            (None, Some(environment)) => {
                let message = format!("the question `{id}` is asked once, not for `{environment}`");
                self.error(Code::UnknownReference, key.span, message).help = Some(format!("write `{id}`"));
                None
            }
            (Some(asked_in), environment) => {
                let found = environment.and_then(|environment| self.kit.find_environment(environment)).filter(|ix| asked_in.contains(ix));
                if let Some(environment) = found {
                    return Some(Instance { question, environment: Some(environment) });
                }
                let keys: Vec<String> = asked_in.iter().map(|ix| format!("{id}@{}", self.kit.environment_id(*ix))).collect();
                let message = match environment {
                    None => format!("the question `{id}` is asked in each environment"),
                    Some(environment) => format!("the question `{id}` is not asked for `{environment}`"),
                };
                self.error(Code::UnknownReference, key.span, message).help =
                    Some(format!("write {}", keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" or ")));
                None
            }
        }
    }

    fn answer(&mut self, question: QuestionIx, entry: AnswerEntry, key: Span) -> Option<Answer> {
        for by in &entry.by.0 {
            self.role(by, by.span);
        }
        let response = self.response(question, &entry, key)?;
        let conflict: Vec<Answer> = entry.conflict.into_iter().filter_map(|version| self.answer(question, version.into(), key)).collect();
        Some(Answer {
            response,
            note: entry.note.filter(|note| !note.trim().is_empty()),
            evidence: entry.evidence.into_iter().filter(is_something).collect(),
            by: entry.by.strings(),
            answered_on: entry.answered_on,
            minority: entry.minority,
            ask_again: entry.ask_again,
            at: Some(Location::new(self.source, key)),
            conflict,
        })
    }

    fn response(&mut self, question: QuestionIx, entry: &AnswerEntry, key: Span) -> Option<Response> {
        let choose = entry.choose.as_ref().filter(|choose| !choose.value.0.is_empty());
        let left_out = entry.not_applicable_choices.as_ref().filter(|choices| !choices.value.0.is_empty());
        let given: Vec<&str> = [
            ("choose", entry.choose.is_some() || left_out.is_some()),
            ("number", entry.number.is_some()),
            ("text", entry.text.is_some()),
            ("date", entry.date.is_some()),
            ("not_applicable", entry.not_applicable.is_some()),
            ("dont_know", entry.dont_know.is_some()),
            ("parked", entry.parked.is_some()),
            ("conflict", !entry.conflict.is_empty()),
        ]
        .into_iter()
        .filter_map(|(name, is_there)| is_there.then_some(name))
        .collect();
        if given.len() > 1 {
            self.error(Code::BadAnswer, key, format!("this answer holds {} at once", list(&given))).help =
                Some("keep one of them".to_owned());
            return None;
        }
        if let Some(not_applicable) = &entry.not_applicable {
            let given = &not_applicable.value;
            return Some(Response::NotApplicable { reason: given.reason, note: given.note.clone() });
        }
        if let Some(dont_know) = &entry.dont_know {
            let given = &dont_know.value;
            if let Some(owner) = &given.owner {
                self.role(owner, owner.span);
            }
            return Some(Response::DontKnow {
                owner: given.owner.as_ref().map(|owner| owner.value.clone()),
                due: given.due,
                note: given.note.clone(),
            });
        }
        if let Some(parked) = &entry.parked {
            return Some(Response::Parked { note: parked.value.note.clone() });
        }
        if given.is_empty() || given == ["conflict"] || (given == ["choose"] && choose.is_none() && left_out.is_none()) {
            return Some(Response::Unanswered);
        }
        self.given(question, entry, choose, left_out, given[0], key)
    }

    /// Reads an answer that says something, which must fit the type of its question.
    fn given(
        &mut self,
        question: QuestionIx,
        entry: &AnswerEntry,
        choose: Option<&At<Texts>>,
        left_out: Option<&At<Texts>>,
        word: &str,
        key: Span,
    ) -> Option<Response> {
        let kind = self.kit.question(question).kind;
        let wanted = match kind {
            QuestionType::Number => "number",
            QuestionType::Text => "text",
            QuestionType::Date => "date",
            _ => "choose",
        };
        if word != wanted {
            let message = format!("the question `{}` is of type `{kind}`, not answered by `{word}`", self.kit.question(question).id);
            self.error(Code::BadAnswer, key, message).help = Some(format!("write `{wanted}:`"));
            return None;
        }
        if let Some(number) = &entry.number {
            return self.number(question, number);
        }
        if let Some(text) = &entry.text {
            return Some(if text.trim().is_empty() { Response::Unanswered } else { Response::Text(text.value.clone()) });
        }
        if let Some(date) = &entry.date {
            return Some(Response::Date(date.value));
        }
        let chosen = choose.map_or(Some(Vec::new()), |choose| self.options(question, choose));
        let not_applicable = left_out.map_or(Some(Vec::new()), |left_out| self.options(question, left_out));
        let (chosen, not_applicable) = (chosen?, not_applicable?);
        if kind != QuestionType::Multi {
            if let Some(left_out) = left_out {
                self.error(Code::BadAnswer, left_out.span, "only a checklist (`multi`) has statements that do not apply");
                return None;
            }
            if chosen.len() > 1 {
                let span = choose.map_or(key, |choose| choose.span);
                self.error(Code::BadAnswer, span, format!("a question of type `{kind}` has one answer, and this is {}", chosen.len()))
                    .help = Some("keep one choice".to_owned());
                return None;
            }
        }
        if let Some(both) = chosen.iter().find(|option| not_applicable.contains(option)) {
            let id = self.kit.question(question).options[*both].id.clone();
            let span = left_out.map_or(key, |left_out| left_out.span);
            self.warning(Code::BadAnswer, span, format!("`{id}` is chosen and does not apply; it counts as not applicable"));
        }
        Some(Response::Choices { chosen, not_applicable })
    }

    fn number(&mut self, question: QuestionIx, number: &At<f64>) -> Option<Response> {
        let file = self.kit.question_file(question);
        let (min, max) = (file.min.as_ref().map(|min| min.value), file.max.as_ref().map(|max| max.value));
        if min.is_some_and(|min| number.value < min) || max.is_some_and(|max| number.value > max) {
            let limits = match (min, max) {
                (Some(min), Some(max)) => format!("from {min} to {max}"),
                (Some(min), None) => format!("{min} or more"),
                (_, max) => format!("{} or less", max.unwrap_or_default()),
            };
            let unit = file.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
            self.error(Code::BadNumber, number.span, format!("the answer is a number {limits}{unit}, not {}", number.value));
            return None;
        }
        Some(Response::Number(number.value, self.kit.question(question).band(number.value)))
    }

    fn options(&mut self, question: QuestionIx, texts: &At<Texts>) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        let mut complete = true;
        for id in &texts.value.0 {
            if let Some(option) = self.kit.question(question).option(id) {
                found.push(option);
            } else {
                complete = false;
                let question = self.kit.question(question);
                let known: Vec<&str> = question.options.iter().map(|option| option.id.as_str()).collect();
                let help = did_you_mean(id, known.iter().copied()).unwrap_or_else(|| format!("it has {}", list(&known)));
                let message = format!("the question `{}` has no choice `{}`", question.id, id.value);
                self.error(Code::UnknownReference, id.span, message).help = Some(help);
            }
        }
        found.sort_unstable();
        found.dedup();
        complete.then_some(found)
    }
}
