//! Old answers held against a newer kit, for a comparison alone: ids follow `formerly`, and what the newer kit has no place for is
//! left out and named. Nothing is written; bringing a workspace to a newer kit is the work of an upgrade.

use crate::assessment::format::{AnswerEntry, AnswersFile, AssessmentFile};
use crate::assessment::{Assessment, read};
use crate::diagnostic::{Diagnostic, Source};
use crate::kit::format::QuestionType;
use crate::kit::{EnvironmentIx, Kit, QuestionIx};
use crate::yaml;
use crate::yaml::record::{At, Entries, Id, Texts};
use std::collections::{BTreeMap, BTreeSet};

/// The path of the file that says whose assessment it is.
pub const ASSESSMENT: &str = "opsready.yaml";

/// What the files of an assessment say, before any kit.
#[derive(Clone, Debug)]
pub struct Said {
    /// `opsready.yaml`.
    pub file: AssessmentFile,
    /// The files in `answers/`.
    pub answers: Vec<AnswersFile>,
}

impl Said {
    /// Reads the texts of files, by path in the workspace. `shown` gives the path that a message names. Nothing if `opsready.yaml`
    /// cannot be read.
    ///
    /// # Errors
    ///
    /// Returns what is wrong in the files.
    pub fn read(files: &BTreeMap<String, String>, shown: &dyn Fn(&str) -> String) -> Result<Self, Vec<Diagnostic>> {
        let (mut file, mut answers, mut diagnostics) = (None, Vec::new(), Vec::new());
        for (path, text) in files {
            let source = || Source::new(shown(path), text);
            if path == ASSESSMENT {
                let (read, found) = yaml::record::read::<AssessmentFile>(&source());
                file = read;
                diagnostics.extend(found);
            } else if path.strip_prefix("answers/").is_some_and(|name| !name.contains('/')) {
                let (read, found) = yaml::record::read::<AnswersFile>(&source());
                answers.extend(read);
                diagnostics.extend(found);
            }
        }
        if file.is_none() && diagnostics.is_empty() {
            diagnostics.extend(yaml::record::read::<AssessmentFile>(&Source::new(shown(ASSESSMENT), "")).1);
        }
        match file {
            Some(file) if diagnostics.is_empty() => Ok(Self { file, answers }),
            _ => Err(diagnostics),
        }
    }

    /// Returns the assessment that these files are under a kit; what the kit does not know is left out.
    pub fn under(&self, kit: &Kit) -> Assessment {
        read::leniently(kit, self.file.clone(), &self.answers)
    }
}

/// An answer that a newer kit has no place for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The asking as its file names it: `question` or `question@environment`.
    pub key: String,
    /// Why it is left out.
    pub reason: String,
}

/// Which ids of one kit are which of another.
#[derive(Clone, Copy, Debug)]
pub struct Mapping<'k> {
    from: &'k Kit,
    to: &'k Kit,
}

/// An answer as its file has it.
type Entry = (At<String>, Option<AnswerEntry>);

/// An item of a kit: its id, and those that it had before.
type Named<'k> = (&'k str, &'k [Id]);

/// Returns the ids among `known` that `id` has become: itself; else those that had it before; else, if the other kit is the older
/// one, the earlier ids of the item that are still known there.
fn become_of<'k>(id: &str, own: &[Id], known: impl Iterator<Item = Named<'k>> + Clone) -> Vec<&'k str> {
    if let Some((same, _)) = known.clone().find(|(other, _)| *other == id) {
        return vec![same];
    }
    let renamed: Vec<&str> =
        known.clone().filter(|(_, formerly)| formerly.iter().any(|old| old.as_str() == id)).map(|(id, _)| id).collect();
    if !renamed.is_empty() {
        return renamed;
    }
    known.filter(|(other, _)| own.iter().any(|old| old.as_str() == *other)).map(|(id, _)| id).take(1).collect()
}

impl<'k> Mapping<'k> {
    /// Returns the mapping from one kit to another.
    pub fn new(from: &'k Kit, to: &'k Kit) -> Self {
        Self { from, to }
    }

    /// Returns what a capability has become.
    pub fn capability(&self, id: &str) -> Option<&'k str> {
        let own = self.from.find_capability(id).map(|ix| self.from.capability(ix).file.formerly.as_slice()).unwrap_or_default();
        let known = self.to.capabilities.iter().map(|one| (one.file.id.as_str(), one.file.formerly.as_slice()));
        become_of(id, own, known).first().copied()
    }

    /// Returns what an environment has become.
    pub fn environment(&self, id: &str) -> Option<&'k str> {
        let own = self.from.find_environment(id).map(|ix| self.from.file.environments[ix.0].formerly.as_slice()).unwrap_or_default();
        let known = self.to.file.environments.iter().map(|one| (one.id.as_str(), one.formerly.as_slice()));
        become_of(id, own, known).first().copied()
    }

    /// Returns what a practice has become; the first, where it was taken apart.
    pub fn practice(&self, id: &str) -> Option<&'k str> {
        let own = self.from.find_practice(id).map(|ix| self.from.practice_file(ix).formerly.as_slice()).unwrap_or_default();
        let to = self.to;
        let known = (0..to.practices.len()).map(|ix| {
            let file = to.practice_file(crate::kit::PracticeIx(ix));
            (file.id.as_str(), file.formerly.as_slice())
        });
        become_of(id, own, known).first().copied()
    }

    /// Returns what a question has become: several, where it was taken apart.
    pub fn question(&self, id: &str) -> Vec<QuestionIx> {
        let own = self.from.find_question(id).map(|ix| self.from.question_file(ix).formerly.as_slice()).unwrap_or_default();
        let to = self.to;
        let known = (0..to.questions.len()).map(|ix| {
            let file = to.question_file(QuestionIx(ix));
            (file.id.as_str(), file.formerly.as_slice())
        });
        become_of(id, own, known).into_iter().filter_map(|id| to.find_question(id)).collect()
    }

    /// Returns what a choice of a question has become in one of the questions that the question has become.
    fn option(&self, question: &str, id: &str, to: QuestionIx) -> Option<&'k str> {
        let own = self.from.find_question(question).and_then(|ix| {
            let file = self.from.question_file(ix);
            let choice = file.choices.iter().find(|choice| choice.id.as_str() == id).map(|choice| choice.formerly.as_slice());
            choice.or_else(|| file.bands.iter().find(|band| band.id.as_str() == id).map(|band| band.formerly.as_slice()))
        });
        let options = self.to.question(to).options.iter().map(|option| option.id.as_str());
        let file = self.to.question_file(to);
        let formerly = |id: &str| {
            let choice = file.choices.iter().find(|choice| choice.id.as_str() == id);
            choice.map(|choice| choice.formerly.as_slice()).unwrap_or_default()
        };
        become_of(id, own.unwrap_or_default(), options.map(|id| (id, formerly(id)))).first().copied()
    }

    fn phase(&self, id: &str) -> Option<&'k str> {
        let own = self.from.file.phases.iter().find(|phase| phase.id.as_str() == id).map(|phase| phase.formerly.as_slice());
        let known = self.to.file.phases.iter().map(|one| (one.id.as_str(), one.formerly.as_slice()));
        become_of(id, own.unwrap_or_default(), known).first().copied()
    }

    /// Carries what files say from the one kit to the other, and returns what has no place there.
    pub fn carry(&self, said: &Said) -> (Said, Vec<Left>) {
        let mut left = Vec::new();
        let mut carried: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        let mut taken = BTreeSet::new();
        let target = said.under(self.from).target_environment;
        let entries = || said.answers.iter().flat_map(|file| &file.answers.0);
        let is_kept = |key: &str| self.to.find_question(key.split('@').next().unwrap_or_default()).is_some();
        // An id that stayed goes before one that was renamed to it.
        let (kept, renamed): (Vec<_>, Vec<_>) = entries().partition(|(key, _)| is_kept(&key.value));
        for (key, entry) in kept.into_iter().chain(renamed) {
            let Some(entry) = entry else { continue };
            let id = key.value.split('@').next().unwrap_or_default();
            let became = self.question(id);
            if became.is_empty() {
                left.push(Left { key: key.value.clone(), reason: "the kit no longer asks this".to_owned() });
            }
            for question in became {
                match self.entry(id, entry, question) {
                    Ok(entry) => {
                        let keys = self.keys(&key.value, question, target);
                        if keys.is_empty() {
                            left.push(Left { key: key.value.clone(), reason: "it is asked elsewhere now".to_owned() });
                        }
                        let capability = self.to.capability_id(self.to.question(question).capability);
                        for key in keys.into_iter().filter(|key| taken.insert(key.clone())) {
                            let entry = (At { value: key, span: crate::diagnostic::Span::default() }, Some(entry.clone()));
                            carried.entry(capability.to_owned()).or_default().push(entry);
                        }
                    }
                    Err(reason) => left.push(Left { key: key.value.clone(), reason }),
                }
            }
        }
        let at = |value: String| At { value: Id(value), span: crate::diagnostic::Span::default() };
        let answers =
            carried.into_iter().map(|(id, entries)| AnswersFile { capability: at(id), answers: Entries(entries), orphans: None }).collect();
        (Said { file: self.file(&said.file), answers }, left)
    }

    /// Returns the keys of the askings to which an answer goes.
    fn keys(&self, key: &str, question: QuestionIx, target: EnvironmentIx) -> Vec<String> {
        let id = &self.to.question(question).id;
        let environment = key.split_once('@').map(|(_, environment)| environment);
        match (&self.to.question(question).environments, environment) {
            (None, None) => vec![id.clone()],
            // What is now asked once is as it was where gaps are closed.
            (None, Some(environment)) if self.from.find_environment(environment) == Some(target) => vec![id.clone()],
            (None, Some(_)) => Vec::new(),
            // What was asked once held everywhere.
            (Some(asked_in), None) => asked_in.iter().map(|ix| format!("{id}@{}", self.to.environment_id(*ix))).collect(),
            (Some(asked_in), Some(environment)) => {
                let became = self.environment(environment).and_then(|id| self.to.find_environment(id));
                let became = became.filter(|ix| asked_in.contains(ix));
                became.map(|ix| format!("{id}@{}", self.to.environment_id(ix))).into_iter().collect()
            }
        }
    }

    /// Carries one answer, or says why it cannot be.
    fn entry(&self, id: &str, entry: &AnswerEntry, to: QuestionIx) -> Result<AnswerEntry, String> {
        let mut entry = entry.clone();
        let is_list = self.to.question(to).kind == QuestionType::Multi;
        for texts in [&mut entry.choose, &mut entry.not_applicable_choices].into_iter().flatten() {
            let became = |text: &At<String>| Some(At { value: self.option(id, &text.value, to)?.to_owned(), span: text.span });
            let known: Vec<At<String>> = texts.value.0.iter().filter_map(became).collect();
            if known.len() < texts.value.0.len() && (!is_list || known.is_empty()) {
                let gone: Vec<&str> = texts.value.0.iter().filter(|text| became(text).is_none()).map(|text| text.value.as_str()).collect();
                return Err(format!("its choice {} is gone", yaml::record::list(&gone)));
            }
            texts.value = Texts(known);
        }
        let wanted = match self.to.question(to).kind {
            QuestionType::Number => entry.number.is_some(),
            QuestionType::Text => entry.text.is_some(),
            QuestionType::Date => entry.date.is_some(),
            _ => entry.choose.is_some() || entry.not_applicable_choices.is_some(),
        };
        let says_something = [entry.number.is_some(), entry.text.is_some(), entry.date.is_some(), entry.choose.is_some()].contains(&true);
        if says_something && !wanted {
            return Err("it is answered in another way now".to_owned());
        }
        Ok(entry)
    }

    /// Carries what an assessment covers. What it leaves to the kit, it leaves to the other kit.
    fn file(&self, file: &AssessmentFile) -> AssessmentFile {
        let mut file = file.clone();
        let id = |id: &str| Id(id.to_owned());
        let mapped = |of: &At<Id>| Some(At { value: id(self.environment(of.as_str())?), span: of.span });
        if let Some(environments) = &mut file.environments {
            environments.value = environments.value.iter().filter_map(mapped).collect();
        }
        file.environments = file.environments.filter(|environments| !environments.value.is_empty());
        file.target_environment = file.target_environment.as_ref().and_then(mapped);
        file.phase = file.phase.and_then(|of| Some(At { value: id(self.phase(of.as_str())?), span: of.span }));
        let mut taken = BTreeSet::new();
        let scopes = file.capabilities.0.into_iter().filter_map(|(of, scope)| {
            let became = self.capability(&of.value)?.to_owned();
            taken.insert(became.clone()).then_some((At { value: became, span: of.span }, scope))
        });
        file.capabilities = Entries(scopes.collect());
        file
    }
}
