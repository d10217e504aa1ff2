//! Two days held against each other.

use super::carry::{Left, Mapping, Said};
use super::gaps::{self, GapChange};
use super::movement::{Cause, Movement};
use super::{Frozen, KitIdentity, Results, ScoreResult};
use crate::assessment::{Answer, Assessment, Instance, Response};
use crate::kit::{Kit, PracticeIx, QuestionIx};
use crate::scoring::Scorecard;
use crate::scoring::wording::stated;
use std::collections::{BTreeMap, BTreeSet};

/// The earlier of two states.
#[derive(Clone, Copy, Debug)]
pub struct Then<'c> {
    /// The scores as they were.
    pub results: &'c Results,
    /// What they were made of.
    pub frozen: &'c Frozen,
    /// The identity of the kit.
    pub kit: &'c KitIdentity,
}

/// The later of two states.
#[derive(Clone, Copy, Debug)]
pub struct Now<'c> {
    /// The scores.
    pub results: &'c Results,
    /// The kit.
    pub kit: &'c Kit,
    /// The assessment.
    pub assessment: &'c Assessment,
    /// The identity of the kit.
    pub identity: &'c KitIdentity,
}

/// Why something is only there now, or was only there then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It was there, and is.
    Stayed,
    /// It is there now, for this reason.
    Joined(Cause),
    /// It was there, and is not, for this reason.
    Left(Cause),
}

/// A capability then and now.
#[derive(Clone, Debug)]
pub struct CapabilityChange {
    /// The id, of now where there is one.
    pub id: String,
    /// The title.
    pub title: String,
    /// Whether it was there, and is.
    pub presence: Presence,
    /// The level wanted then.
    pub target_then: Option<i64>,
    /// The level wanted now.
    pub target_now: Option<i64>,
    /// The scores by environment, the target environment first.
    pub environments: Vec<StandingChange>,
}

impl CapabilityChange {
    /// Returns what moved in one of its environments, in words; nothing if nothing did.
    pub fn words(&self, of: &StandingChange) -> Option<String> {
        let why = match self.presence {
            Presence::Joined(cause) => Some(format!("there now {}", cause.because())),
            Presence::Left(cause) => Some(format!("no longer there {}", cause.because())),
            Presence::Stayed if of.then.is_none() || of.now.is_none() => None,
            Presence::Stayed if !of.was_assessed && of.is_assessed => Some("assessed for the first time".to_owned()),
            Presence::Stayed => None,
        };
        if let Some(why) = why {
            return Some(format!("{}: {why}.", self.title));
        }
        let is_seen = of.score.tenths().is_some_and(|tenths| tenths != [0; 3]);
        if !is_seen && of.level.then == of.level.now {
            return None;
        }
        let level = match (of.level.then, of.level.now) {
            (Some(then), Some(now)) if (now - then).abs() > 0.5 => {
                let causes = of.level.causes();
                let why: Vec<&str> = causes.iter().map(|cause| cause.because()).collect();
                let why = if causes == of.score.causes() { String::new() } else { format!(" {}", why.join(" and ")) };
                format!("; level {then} to {now}{why}")
            }
            _ => String::new(),
        };
        Some(format!("{}: {}{level}.", self.title, of.score.words()))
    }
}

/// A score in one environment then and now.
#[derive(Clone, Debug)]
pub struct StandingChange {
    /// The id of the environment.
    pub environment: String,
    /// The score then; nothing where the environment or the capability was out of scope.
    pub then: Option<ScoreResult>,
    /// The score now.
    pub now: Option<ScoreResult>,
    /// True if a question was resolved then: before that a score says nothing.
    pub was_assessed: bool,
    /// True if a question is resolved now.
    pub is_assessed: bool,
    /// How the score moved.
    pub score: Movement,
    /// How the level moved.
    pub level: Movement,
    /// What of the movement by answers comes from questions that were open then: found out, not improved.
    pub found_out: Option<f64>,
}

/// The mean over capabilities in one environment then and now.
#[derive(Clone, Debug)]
pub struct OverallChange {
    /// The id of the environment.
    pub environment: String,
    /// How it moved.
    pub score: Movement,
    /// What of the movement by answers comes from questions that were open then.
    pub found_out: Option<f64>,
}

/// An answer then and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerChange {
    /// The asking as files name it.
    pub key: String,
    /// The question.
    pub ask: String,
    /// The capability.
    pub capability: String,
    /// What was said then.
    pub then: Option<String>,
    /// What is said now.
    pub now: Option<String>,
}

/// What became of the answers.
#[derive(Clone, Debug, Default)]
pub struct AnswerChanges {
    /// Given since: open then.
    pub given: Vec<AnswerChange>,
    /// Given then and now, and different.
    pub changed: Vec<AnswerChange>,
    /// Open now.
    pub lost: Vec<AnswerChange>,
}

/// Something of a kit that became something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Became {
    /// What it is: `capability`, `question`, `practice` or `environment`.
    pub what: &'static str,
    /// The id then; nothing if it is new.
    pub then: Option<String>,
    /// The ids now: none if it is gone, several if it was taken apart.
    pub now: Vec<String>,
    /// The title, or the question.
    pub title: String,
    /// What is different, where the id is the same.
    pub difference: Option<String>,
}

/// What is in scope that was not, or the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeChange {
    /// What changed, as people say it: "target", "importance".
    pub what: &'static str,
    /// The title of the capability or environment, where one is meant.
    pub subject: Option<String>,
    /// What it was.
    pub then: String,
    /// What it is.
    pub now: String,
}

/// Two states held against each other.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// True if the kit has the same content.
    pub is_same_kit: bool,
    /// What changed in the kit.
    pub kit: Vec<Became>,
    /// Answers of then for which the kit of now has no place.
    pub left: Vec<Left>,
    /// What changed in the scope.
    pub scope: Vec<ScopeChange>,
    /// The mean over capabilities by environment, the target environment first.
    pub overall: Vec<OverallChange>,
    /// The capabilities: those of now in their order, then those that are gone.
    pub capabilities: Vec<CapabilityChange>,
    /// The gaps: those of now in their order, then those that are gone.
    pub gaps: Vec<GapChange>,
    /// The answers.
    pub answers: AnswerChanges,
}

/// The four stages of a comparison, and the one between the last two in which only what was open then is answered.
struct Stages<'c> {
    then: Results,
    kit: Results,
    scope: Results,
    found_out: Results,
    now: &'c Results,
}

impl Comparison {
    /// Holds two states against each other.
    pub fn of(then: Then<'_>, now: Now<'_>) -> Self {
        let mapping = Mapping::new(&then.frozen.kit, now.kit);
        let (carried, left) = mapping.carry(&then.frozen.said);
        let before = carried.under(now.kit);
        let rescoped = Said { file: now.assessment.file.clone(), answers: carried.answers }.under(now.kit);
        let answers = answers(now.kit, &rescoped, now.assessment);
        let mut informed = rescoped.clone();
        let given: BTreeSet<&str> = answers.given.iter().map(|answer| answer.key.as_str()).collect();
        let is_given = |instance: &Instance| given.contains(instance.key(now.kit).as_str());
        informed.answers.extend(now.assessment.answers.iter().filter(|(instance, _)| is_given(instance)).map(|(at, of)| (*at, of.clone())));
        let score = |assessment: &Assessment| Results::of(now.kit, assessment, &Scorecard::of(now.kit, assessment));
        let stages = Stages {
            then: renamed(then.results, &mapping),
            kit: score(&before),
            scope: score(&rescoped),
            found_out: score(&informed),
            now: now.results,
        };
        let titles = Titles { then: &then.frozen.kit, now: now.kit };
        let is_same_kit = then.kit.digest == now.identity.digest;
        Self {
            is_same_kit,
            kit: if is_same_kit { Vec::new() } else { kit_changes(&then.frozen.kit, now.kit, &mapping) },
            left,
            scope: scope_changes(now.kit, &before, now.assessment),
            overall: stages.overall(),
            capabilities: stages.capabilities(&titles),
            gaps: gaps::changes(&stages.all(), &|id| titles.practice(id), &|id| titles.capability(id)),
            answers,
        }
    }

    /// Returns true if something got worse because answers changed: a gap, or the level of a capability, also above its target.
    pub fn is_regressed(&self) -> bool {
        let mut levels = self.capabilities.iter().flat_map(|one| &one.environments).map(|of| of.level.part(Cause::Answers));
        self.count(gaps::Fate::Regressed) > 0 || levels.any(|part| part.is_some_and(|part| part < -0.5))
    }

    /// Returns what changed in the kit, counted: "6 new questions", "1 practice gone".
    pub fn kit_words(&self) -> Vec<String> {
        let mut found = Vec::new();
        for what in ["capability", "environment", "question", "practice"] {
            let of = |is: &dyn Fn(&Became) -> bool| self.kit.iter().filter(|one| one.what == what && is(one)).count();
            let of_kind = [
                (of(&|one| one.then.is_none()), "new"),
                (of(&|one| one.now.is_empty()), "gone"),
                (of(&|one| one.difference.is_none() && one.then.is_some() && one.now.len() == 1), "renamed"),
                (of(&|one| one.now.len() > 1), "split"),
                (of(&|one| one.difference.is_some()), "changed"),
            ];
            let noun = |number: usize| match (what, number) {
                (_, 1) => what.to_owned(),
                ("capability", _) => "capabilities".to_owned(),
                _ => format!("{what}s"),
            };
            let words = |(number, word): (usize, &str)| match word {
                "gone" => format!("{number} {} gone", noun(number)),
                _ => format!("{number} {word} {}", noun(number)),
            };
            found.extend(of_kind.into_iter().filter(|(number, _)| *number > 0).map(words));
        }
        found
    }

    /// Returns how many gaps had a fate.
    pub fn count(&self, fate: gaps::Fate) -> usize {
        self.gaps.iter().filter(|gap| gap.fate == fate).count()
    }
}

/// Returns results with the ids that they have in a newer kit; what that does not know keeps its own.
fn renamed(results: &Results, mapping: &Mapping<'_>) -> Results {
    let mut results = results.clone();
    let environment = |id: &str| mapping.environment(id).unwrap_or(id).to_owned();
    let practice = |id: &str| mapping.practice(id).unwrap_or(id).to_owned();
    let capability = |id: &str| mapping.capability(id).unwrap_or(id).to_owned();
    results.target_environment = environment(&results.target_environment);
    results.overall = results.overall.into_iter().map(|(id, score)| (environment(&id), score)).collect();
    for one in &mut results.capabilities {
        one.id = capability(&one.id);
        one.environments = std::mem::take(&mut one.environments).into_iter().map(|(id, score)| (environment(&id), score)).collect();
        for of in &mut one.practices {
            of.id = practice(&of.id);
            of.environments = std::mem::take(&mut of.environments).into_iter().map(|(id, credit)| (environment(&id), credit)).collect();
        }
        for question in &mut one.questions {
            question.environment = question.environment.as_deref().map(environment);
        }
    }
    for gap in &mut results.gaps {
        gap.practice = practice(&gap.practice);
        gap.capability = capability(&gap.capability);
        gap.environment = environment(&gap.environment);
    }
    results
}

/// Where titles come from: the kit of now, else that of then.
struct Titles<'k> {
    then: &'k Kit,
    now: &'k Kit,
}

impl Titles<'_> {
    fn capability(&self, id: &str) -> String {
        let of = |kit: &Kit| kit.find_capability(id).map(|ix| kit.capability(ix).file.title.value.clone());
        of(self.now).or_else(|| of(self.then)).unwrap_or_else(|| id.to_owned())
    }

    fn practice(&self, id: &str) -> String {
        let of = |kit: &Kit| kit.find_practice(id).map(|ix| kit.practice_file(ix).title.value.clone());
        of(self.now).or_else(|| of(self.then)).unwrap_or_else(|| id.to_owned())
    }
}

impl Stages<'_> {
    fn all(&self) -> [&Results; 4] {
        [&self.then, &self.kit, &self.scope, self.now]
    }

    /// Returns the environments of then and now, the target environment of now first.
    fn environments(&self) -> Vec<String> {
        let target = &self.now.target_environment;
        let ids: BTreeSet<&String> = self.now.overall.keys().chain(self.then.overall.keys()).collect();
        let mut ids: Vec<String> = ids.into_iter().cloned().collect();
        ids.sort_by_key(|id| id != target);
        ids
    }

    fn overall(&self) -> Vec<OverallChange> {
        let change = |environment: String| {
            let low = |results: &Results| results.overall.get(&environment).and_then(|overall| overall.low);
            let score = Movement::of(self.all().map(low));
            let found_out = score.parts.and_then(|_| Some(low(&self.found_out)? - low(&self.scope)?));
            OverallChange { score, found_out, environment: environment.clone() }
        };
        self.environments().into_iter().map(change).collect()
    }

    fn capabilities(&self, titles: &Titles<'_>) -> Vec<CapabilityChange> {
        let mut seen = BTreeSet::new();
        let ids = self.now.capabilities.iter().chain(&self.then.capabilities).map(|one| &one.id);
        let change = |id: &String| {
            let at = self.all().map(|results| results.capability(id));
            let presence = match at.map(|one| one.is_some()) {
                [true, _, _, true] => Presence::Stayed,
                [false, true, _, _] => Presence::Joined(Cause::Kit),
                [false, false, ..] => Presence::Joined(Cause::Scope),
                [true, true, ..] => Presence::Left(Cause::Scope),
                [true, false, ..] => Presence::Left(Cause::Kit),
            };
            CapabilityChange {
                id: id.clone(),
                title: titles.capability(id),
                presence,
                target_then: at[0].map(|one| one.target),
                target_now: at[3].map(|one| one.target),
                environments: self.environments().into_iter().filter_map(|environment| self.standing(id, environment)).collect(),
            }
        };
        ids.filter(|id| seen.insert((*id).clone())).map(change).collect()
    }

    fn standing(&self, capability: &str, environment: String) -> Option<StandingChange> {
        let at = |results: &Results| results.capability(capability)?.environments.get(&environment).copied();
        let is_assessed = |results: &Results| results.capability(capability).is_some_and(|one| one.is_assessed(&environment));
        let (then, now) = (at(&self.then), at(self.now));
        if then.is_none() && now.is_none() {
            return None;
        }
        let low = |results: &Results| at(results).and_then(|score| score.low);
        let level = |results: &Results| at(results).and_then(|score| score.level).map(|level| level as f64);
        let score = Movement::of(self.all().map(low));
        Some(StandingChange {
            then,
            now,
            was_assessed: is_assessed(&self.then),
            is_assessed: is_assessed(self.now),
            level: Movement::of(self.all().map(level)),
            found_out: score.parts.and_then(|_| Some(low(&self.found_out)? - low(&self.scope)?)),
            score,
            environment,
        })
    }
}

/// Returns what became of the answers, both under the kit and the scope of now.
fn answers(kit: &Kit, then: &Assessment, now: &Assessment) -> AnswerChanges {
    let mut changes = AnswerChanges::default();
    let instances: BTreeSet<Instance> = then.answers.keys().chain(now.answers.keys()).copied().collect();
    for instance in instances {
        let resolved = |assessment: &Assessment| {
            let is_open = assessment.state(instance).is_open();
            assessment.answer(instance).filter(|_| !is_open).cloned()
        };
        let (before, after) = (resolved(then), resolved(now));
        let words = |answer: &Option<Answer>| answer.as_ref().map(|answer| stated(kit, instance, &answer.response));
        let change = AnswerChange {
            key: instance.key(kit),
            ask: kit.question_file(instance.question).ask.value.clone(),
            capability: kit.capability_id(kit.question(instance.question).capability).to_owned(),
            then: words(&before),
            now: words(&after),
        };
        match (&before, &after) {
            (None, Some(_)) => changes.given.push(change),
            (Some(_), None) => changes.lost.push(change),
            (Some(before), Some(after)) if !says_the_same(&before.response, &after.response) => changes.changed.push(change),
            _ => {}
        }
    }
    changes
}

/// Returns true if two answers say the same, whatever was noted beside them.
fn says_the_same(a: &Response, b: &Response) -> bool {
    match (a, b) {
        (Response::NotApplicable { reason: a, .. }, Response::NotApplicable { reason: b, .. }) => a == b,
        (Response::Text(a), Response::Text(b)) => a.trim() == b.trim(),
        _ => a == b,
    }
}

/// Returns what changed between two kits.
fn kit_changes(then: &Kit, now: &Kit, mapping: &Mapping<'_>) -> Vec<Became> {
    let mut found = Vec::new();
    let mut change = |what, old: Vec<(String, String)>, new: Vec<(String, String)>, became: &dyn Fn(&str) -> Vec<String>| {
        let mut images = BTreeSet::new();
        for (id, title) in old {
            let ids = became(&id);
            images.extend(ids.iter().cloned());
            if ids != [id.clone()] {
                found.push(Became { what, then: Some(id), now: ids, title, difference: None });
            }
        }
        for (id, title) in new.into_iter().filter(|(id, _)| !images.contains(id)) {
            found.push(Became { what, then: None, now: vec![id], title, difference: None });
        }
    };
    let capabilities =
        |kit: &Kit| kit.capabilities.iter().map(|one| (one.file.id.value.0.clone(), one.file.title.value.clone())).collect::<Vec<_>>();
    let one = |id: Option<&str>| id.map(str::to_owned).into_iter().collect::<Vec<_>>();
    change("capability", capabilities(then), capabilities(now), &|id| one(mapping.capability(id)));
    let environments = |kit: &Kit| kit.file.environments.iter().map(|one| (one.id.value.0.clone(), one.title.clone())).collect::<Vec<_>>();
    change("environment", environments(then), environments(now), &|id| one(mapping.environment(id)));
    let questions = |kit: &Kit| {
        let all = (0..kit.questions.len()).map(|ix| kit.question_file(QuestionIx(ix)));
        all.map(|file| (file.id.value.0.clone(), file.ask.value.clone())).collect::<Vec<_>>()
    };
    change("question", questions(then), questions(now), &|id| {
        mapping.question(id).into_iter().map(|ix| now.question(ix).id.clone()).collect()
    });
    let practices = |kit: &Kit| {
        let all = (0..kit.practices.len()).map(|ix| kit.practice_file(PracticeIx(ix)));
        all.map(|file| (file.id.value.0.clone(), file.title.value.clone())).collect::<Vec<_>>()
    };
    change("practice", practices(then), practices(now), &|id| one(mapping.practice(id)));
    found.extend(differences(then, now));
    found
}

/// Returns what is different where the id is the same: other words, another level.
fn differences(then: &Kit, now: &Kit) -> Vec<Became> {
    let mut found = Vec::new();
    let same = |what, id: &str, title: &str, difference: String| Became {
        what,
        then: Some(id.to_owned()),
        now: vec![id.to_owned()],
        title: title.to_owned(),
        difference: Some(difference),
    };
    for ix in (0..now.questions.len()).map(QuestionIx) {
        let file = now.question_file(ix);
        let Some(old) = then.find_question(&file.id.value.0) else { continue };
        let before = then.question_file(old);
        if before.ask.value.trim() != file.ask.value.trim() {
            found.push(same("question", &file.id.value.0, &file.ask.value, "reworded".to_owned()));
        }
        let options = |kit: &Kit, ix| -> BTreeMap<String, Vec<(String, String)>> {
            let credits = |option: &crate::kit::AnswerOption| {
                let mut list: Vec<_> = option.credits.iter().map(|(ix, of)| (kit.practice(*ix).id.clone(), of.to_string())).collect();
                list.sort();
                list
            };
            kit.question(ix).options.iter().map(|option| (option.id.clone(), credits(option))).collect()
        };
        if options(then, old) != options(now, ix) {
            found.push(same("question", &file.id.value.0, &file.ask.value, "its choices or what they credit changed".to_owned()));
        }
    }
    for ix in (0..now.practices.len()).map(PracticeIx) {
        let practice = now.practice(ix);
        let Some(old) = then.find_practice(&practice.id).map(|ix| then.practice(ix)) else { continue };
        let title = &now.practice_file(ix).title.value;
        if old.level != practice.level {
            let difference = format!("expected from level {} on, no longer from {}", practice.level, old.level);
            found.push(same("practice", &practice.id, title, difference));
        }
        if (old.weight - practice.weight).abs() > f64::EPSILON {
            found.push(same("practice", &practice.id, title, format!("weight {}, no longer {}", practice.weight, old.weight)));
        }
    }
    found
}

/// Returns what changed in the scope, both under the kit of now.
fn scope_changes(kit: &Kit, then: &Assessment, now: &Assessment) -> Vec<ScopeChange> {
    let mut found = Vec::new();
    let (inside, outside) = ("in scope", "out of scope");
    for ix in kit.environment_indices() {
        let (was, is) = (then.environments.contains(&ix), now.environments.contains(&ix));
        if was != is {
            let word = |is: bool| if is { inside } else { outside }.to_owned();
            found.push(ScopeChange {
                what: "environment",
                subject: Some(kit.environment_title(ix).to_owned()),
                then: word(was),
                now: word(is),
            });
        }
    }
    if then.target_environment != now.target_environment {
        let title = |assessment: &Assessment| kit.environment_title(assessment.target_environment).to_owned();
        found.push(ScopeChange { what: "target environment", subject: None, then: title(then), now: title(now) });
    }
    let phase = |assessment: &Assessment| {
        let title = assessment.phase.and_then(|ix| kit.file.phases.get(ix)).map(|phase| phase.title.clone());
        title.unwrap_or_else(|| "none".to_owned())
    };
    if then.phase != now.phase {
        found.push(ScopeChange { what: "phase", subject: None, then: phase(then), now: phase(now) });
    }
    let policy = |assessment: &Assessment| {
        let level = assessment.file.policy.as_ref().and_then(|policy| policy.evidence_from_level.as_ref());
        level.map_or_else(|| "none".to_owned(), |level| format!("evidence from level {} on", level.value))
    };
    if policy(then) != policy(now) {
        found.push(ScopeChange { what: "policy", subject: None, then: policy(then), now: policy(now) });
    }
    for ix in kit.capability_indices() {
        let (was, is) = (then.scope(ix), now.scope(ix));
        let subject = || Some(kit.capability(ix).file.title.value.clone());
        if was.in_scope != is.in_scope {
            let word = |is: bool| if is { inside } else { outside }.to_owned();
            found.push(ScopeChange { what: "capability", subject: subject(), then: word(was.in_scope), now: word(is.in_scope) });
            continue;
        }
        if !is.in_scope {
            continue;
        }
        if was.target != is.target {
            found.push(ScopeChange { what: "target", subject: subject(), then: was.target.to_string(), now: is.target.to_string() });
        }
        if (was.importance - is.importance).abs() > f64::EPSILON {
            let (then, now) = (was.importance.to_string(), is.importance.to_string());
            found.push(ScopeChange { what: "importance", subject: subject(), then, now });
        }
    }
    found
}
