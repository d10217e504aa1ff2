//! What became of the questions, choices, practices and capabilities of one kit in a newer one, and which answers no longer say what
//! was asked.

use super::super::format;
use super::super::{Kit, QuestionIx};
use crate::kit::format::QuestionType;
use crate::words;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// Why an answer is to be asked for again.
    pub enum Because {
        /// The question is put in other words.
        Reworded = "reworded",
        /// Its choices are others, or say something else.
        Choices = "choices",
        /// It is answered in another way.
        Type = "type",
        /// Its number is counted in another unit.
        Unit = "unit",
        /// It was one part of the question that was answered.
        Split = "split",
        /// It was one of several questions that are one now.
        Merged = "merged",
        /// It is asked in other environments.
        Environments = "environments",
    }
}

impl Because {
    /// Returns the reason in words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Reworded => "the question is put in other words",
            Self::Choices => "its choices have changed",
            Self::Type => "it is answered in another way",
            Self::Unit => "it is counted in another unit",
            Self::Split => "it was split off a wider question",
            Self::Merged => "it takes the place of several questions",
            Self::Environments => "it is asked in other environments",
        }
    }
}

/// What became of the ids of one kind.
#[derive(Clone, Debug, Default)]
struct Ids {
    /// The ids of the new kit.
    new: BTreeSet<String>,
    /// By earlier id: the new ones that name it.
    formerly: BTreeMap<String, Vec<String>>,
    /// By an id that was earlier still: the old one that names it.
    before: BTreeMap<String, String>,
}

impl Ids {
    fn of<'i>(
        old: impl IntoIterator<Item = (&'i str, &'i [crate::yaml::record::Id])>,
        new: impl IntoIterator<Item = (&'i str, &'i [crate::yaml::record::Id])>,
    ) -> Self {
        let mut ids = Self::default();
        for (id, formerly) in new {
            ids.new.insert(id.to_owned());
            for earlier in formerly {
                ids.formerly.entry(earlier.0.clone()).or_default().push(id.to_owned());
            }
        }
        for (id, formerly) in old {
            ids.before.extend(formerly.iter().map(|earlier| (earlier.0.clone(), id.to_owned())));
        }
        ids
    }

    /// Returns what an id is now: itself, its new name, several where it was split, none where it is gone.
    fn now(&self, id: &str) -> Vec<String> {
        let mut id = id;
        // A chain of names is as long as there are names.
        for _ in 0..=self.before.len() {
            if self.new.contains(id) {
                return vec![id.to_owned()];
            }
            if let Some(now) = self.formerly.get(id) {
                return now.clone();
            }
            let Some(later) = self.before.get(id) else { break };
            id = later;
        }
        Vec::new()
    }
}

/// Tells what became of the ids of a kit.
#[derive(Clone, Debug)]
pub struct Successors<'k> {
    /// The kit of before.
    pub old: &'k Kit,
    /// The kit of now.
    pub new: &'k Kit,
    capabilities: Ids,
    questions: Ids,
    practices: Ids,
    stories: Ids,
    environments: Ids,
    roles: Ids,
    phases: Ids,
    waves: Ids,
}

impl<'k> Successors<'k> {
    /// Holds one kit against another.
    pub fn of(old: &'k Kit, new: &'k Kit) -> Self {
        let capabilities = |kit: &'k Kit| kit.capabilities.iter().map(|one| (one.file.id.as_str(), one.file.formerly.as_slice()));
        let questions = |kit: &'k Kit| {
            let files = (0..kit.questions.len()).map(|ix| kit.question_file(QuestionIx(ix)));
            files.map(|file| (file.id.as_str(), file.formerly.as_slice()))
        };
        let practices = |kit: &'k Kit| {
            let files = (0..kit.practices.len()).map(|ix| kit.practice_file(super::super::PracticeIx(ix)));
            files.map(|file| (file.id.as_str(), file.formerly.as_slice()))
        };
        let stories = |kit: &'k Kit| {
            let files = kit.capabilities.iter().flat_map(|one| &one.file.stories);
            files.map(|file| (file.id.as_str(), file.formerly.as_slice()))
        };
        macro_rules! of_kit_file {
            ($list:ident) => {{
                let all = |kit: &'k Kit| kit.file.$list.iter().map(|one| (one.id.as_str(), one.formerly.as_slice()));
                Ids::of(all(old), all(new))
            }};
        }
        Self {
            old,
            new,
            capabilities: Ids::of(capabilities(old), capabilities(new)),
            questions: Ids::of(questions(old), questions(new)),
            practices: Ids::of(practices(old), practices(new)),
            stories: Ids::of(stories(old), stories(new)),
            environments: of_kit_file!(environments),
            roles: of_kit_file!(roles),
            phases: of_kit_file!(phases),
            waves: of_kit_file!(waves),
        }
    }

    /// Returns what a capability is now.
    pub fn capability(&self, id: &str) -> Vec<String> {
        self.capabilities.now(id)
    }

    /// Returns what a question is now.
    pub fn question(&self, id: &str) -> Vec<String> {
        self.questions.now(id)
    }

    /// Returns what a practice is now.
    pub fn practice(&self, id: &str) -> Vec<String> {
        self.practices.now(id)
    }

    /// Returns what a story is now.
    pub fn story(&self, id: &str) -> Vec<String> {
        self.stories.now(id)
    }

    /// Returns what an environment is now.
    pub fn environment(&self, id: &str) -> Vec<String> {
        self.environments.now(id)
    }

    /// Returns what a role is now; itself, if it is none of the kit's.
    pub fn role(&self, id: &str) -> Vec<String> {
        let now = self.roles.now(id);
        if now.is_empty() { vec![id.to_owned()] } else { now }
    }

    /// Returns what a phase of the migration is now.
    pub fn phase(&self, id: &str) -> Vec<String> {
        self.phases.now(id)
    }

    /// Returns what a wave of the roadmap is now.
    pub fn wave(&self, id: &str) -> Vec<String> {
        self.waves.now(id)
    }

    /// Returns what a design decision of a capability is now.
    pub fn decision(&self, capability: &str, id: &str) -> Vec<String> {
        fn all<'k>(kit: &'k Kit, id: &str) -> Vec<(&'k str, &'k [crate::yaml::record::Id])> {
            let design = kit.find_capability(id).and_then(|ix| kit.capability(ix).file.design.as_ref());
            design.iter().flat_map(|design| &design.decisions).map(|one| (one.id.as_str(), one.formerly.as_slice())).collect()
        }
        let new = self.capability(capability);
        Ids::of(all(self.old, capability), new.iter().flat_map(|id| all(self.new, id))).now(id)
    }

    /// Returns what a choice of a question is now, in a question that stands in its place.
    pub fn choice(&self, old: &str, choice: &str, new: QuestionIx) -> Vec<String> {
        let old = self.old.find_question(old).map(|ix| options(self.old, ix)).unwrap_or_default();
        Ids::of(old, options(self.new, new)).now(choice)
    }

    /// Returns why an answer to a question of before does not say what a question of now asks; nothing if it does.
    ///
    /// # Source
    ///
    /// Our own choice: what was said still holds where only credits, bands, conditions, reasons or the people to ask have changed; the
    /// score follows the new kit, and nobody needs to be asked.
    pub fn asks_again(&self, old: QuestionIx, new: QuestionIx) -> Option<Because> {
        let (before, after) = (self.old.question_file(old), self.new.question_file(new));
        let kind = |question: &format::Question| question.kind.value;
        if kind(before) != kind(after) {
            return Some(Because::Type);
        }
        if plain(&before.ask) != plain(&after.ask) {
            return Some(Because::Reworded);
        }
        if kind(before) == QuestionType::Number {
            return (before.unit != after.unit).then_some(Because::Unit);
        }
        let label = |choice: &format::Choice| choice.label.as_ref().map_or_else(|| choice.id.value.0.clone(), |label| plain(label));
        let said_before = before.choices.iter().map(|choice| (self.choice(&before.id.value.0, choice.id.as_str(), new), label(choice)));
        let said_now = after.choices.iter().map(|choice| (vec![choice.id.value.0.clone()], label(choice)));
        let (mut said_before, mut said_now): (Vec<_>, Vec<_>) = (said_before.collect(), said_now.collect());
        if kind(before) != QuestionType::Ladder {
            // Only on a ladder does the order say something.
            said_before.sort();
            said_now.sort();
        }
        (said_before != said_now).then_some(Because::Choices)
    }
}

fn options(kit: &Kit, question: QuestionIx) -> Vec<(&str, &[crate::yaml::record::Id])> {
    let file = kit.question_file(question);
    let choices = file.choices.iter().map(|one| (one.id.as_str(), one.formerly.as_slice()));
    choices.chain(file.bands.iter().map(|one| (one.id.as_str(), one.formerly.as_slice()))).collect()
}

/// Returns text as it is read: how its lines are broken says nothing.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What became of everything of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    /// How many are as they were.
    pub kept: usize,
    /// Those that say something else, with what of them.
    pub reworded: Vec<Reworded>,
    /// Those with another id.
    pub renamed: Vec<Renamed>,
    /// Those in whose place there are several.
    pub split: Vec<Split>,
    /// Those that are gone.
    pub removed: Vec<String>,
    /// Those that were not there.
    pub new: Vec<String>,
}

/// Something that says something else.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reworded {
    /// The id; of a choice, `question:choice`.
    pub id: String,
    /// The keys that changed.
    pub what: Vec<&'static str>,
}

/// Something with another id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Renamed {
    /// The id of before.
    pub from: String,
    /// The id of now.
    pub to: String,
}

/// Something in whose place there are several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Split {
    /// The id of before.
    pub from: String,
    /// The ids of now.
    pub to: Vec<String>,
}

impl Changes {
    /// Returns true if everything is as it was.
    pub fn is_nothing(&self) -> bool {
        self.reworded.is_empty() && self.renamed.is_empty() && self.split.is_empty() && self.removed.is_empty() && self.new.is_empty()
    }
}

/// What became of a kit.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Mapping {
    /// Of its capabilities.
    pub capabilities: Changes,
    /// Of its questions.
    pub questions: Changes,
    /// Of the choices of questions that are still there; those of new, split and removed ones go with them.
    pub choices: Changes,
    /// Of its practices.
    pub practices: Changes,
}

/// Says what became of a kit.
pub fn mapping(successors: &Successors<'_>) -> Mapping {
    let (old, new) = (successors.old, successors.new);
    let mut mapping = Mapping::default();
    let ids = |kit: &Kit| kit.capabilities.iter().map(|one| one.file.id.value.0.clone()).collect::<Vec<_>>();
    mapping.capabilities = changes(
        &ids(old),
        &ids(new),
        |id| successors.capability(id),
        |before, after| {
            let file = |kit: &'_ Kit, id: &str| kit.find_capability(id).map(|ix| kit.capability(ix).file.clone());
            let (Some(before), Some(after)) = (file(old, before), file(new, after)) else { return Vec::new() };
            let purpose = |file: &format::CapabilityFile| file.purpose.as_ref().map(|text| plain(text));
            let outcomes = |file: &format::CapabilityFile| file.outcomes.iter().map(|text| plain(text)).collect::<Vec<_>>();
            which([
                ("title", plain(&before.title) != plain(&after.title)),
                ("purpose", purpose(&before) != purpose(&after)),
                ("outcomes", outcomes(&before) != outcomes(&after)),
            ])
        },
    );
    let ids = |kit: &Kit| kit.questions.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    mapping.questions = changes(
        &ids(old),
        &ids(new),
        |id| successors.question(id),
        |before, after| {
            let (Some(before), Some(after)) = (old.find_question(before), new.find_question(after)) else { return Vec::new() };
            question_changes(successors, before, after)
        },
    );
    for (at, question) in old.questions.iter().enumerate() {
        let [after] = successors.question(&question.id).try_into().unwrap_or_default();
        let Some(after) = new.find_question(&after) else { continue };
        let of_question = choice_changes(successors, QuestionIx(at), after);
        mapping.choices.kept += of_question.kept;
        mapping.choices.reworded.extend(of_question.reworded);
        mapping.choices.renamed.extend(of_question.renamed);
        mapping.choices.split.extend(of_question.split);
        mapping.choices.removed.extend(of_question.removed);
        mapping.choices.new.extend(of_question.new);
    }
    let ids = |kit: &Kit| kit.practices.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    mapping.practices = changes(
        &ids(old),
        &ids(new),
        |id| successors.practice(id),
        |before, after| {
            let file = |kit: &'_ Kit, id: &str| kit.find_practice(id).map(|ix| kit.practice_file(ix).clone());
            let (Some(before), Some(after)) = (file(old, before), file(new, after)) else { return Vec::new() };
            practice_changes(&before, &after)
        },
    );
    mapping
}

fn question_changes(successors: &Successors<'_>, before: QuestionIx, after: QuestionIx) -> Vec<&'static str> {
    let (old, new) = (successors.old, successors.new);
    let capability = |kit: &Kit, ix: QuestionIx| kit.capability_id(kit.question(ix).capability).to_owned();
    let moved = successors.capability(&capability(old, before)) != [capability(new, after)];
    let (b, a) = (old.question_file(before), new.question_file(after));
    let text = |text: Option<&crate::yaml::record::At<String>>| text.map(|text| plain(text));
    let choices = choice_changes(successors, before, after);
    let environments = |question: &format::Question, is_old: bool| {
        let named = question.environments.as_ref().map(|named| named.iter().map(|id| id.value.0.clone()).collect::<Vec<_>>());
        named.map(|named| named.into_iter().flat_map(|id| if is_old { successors.environment(&id) } else { vec![id] }).collect::<Vec<_>>())
    };
    which([
        ("question", plain(&b.ask) != plain(&a.ask)),
        ("type", b.kind.value != a.kind.value),
        ("choices", !choices.is_nothing()),
        ("unit", b.unit != a.unit),
        ("environments", environments(b, true) != environments(a, false)),
        ("why", text(b.why.as_ref()) != text(a.why.as_ref())),
        ("evidence", text(b.evidence.as_ref()) != text(a.evidence.as_ref())),
        ("capability", moved),
    ])
}

fn choice_changes(successors: &Successors<'_>, before: QuestionIx, after: QuestionIx) -> Changes {
    let (old, new) = (successors.old.question(before), successors.new.question(after));
    let ids = |question: &super::super::Question| question.options.iter().map(|option| option.id.clone()).collect::<Vec<_>>();
    let mut of_question = changes(
        &ids(old),
        &ids(new),
        |id| successors.choice(&old.id, id, after),
        |id, now| {
            let option =
                |question: &super::super::Question, id: &str| question.option(id).map(|at| (plain(&question.options[at].label), at));
            let (Some((was, b)), Some((is, a))) = (option(old, id), option(new, now)) else { return Vec::new() };
            let credits = |kit: &Kit, option: &super::super::AnswerOption, is_old: bool| {
                let named = option.credits.iter().flat_map(|(practice, credit)| {
                    let id = kit.practice(*practice).id.clone();
                    let ids = if is_old { successors.practice(&id) } else { vec![id] };
                    ids.into_iter().map(|id| (id, credit.to_bits()))
                });
                named.collect::<BTreeSet<_>>()
            };
            which([
                ("label", was != is && !(was == id && is == now)),
                ("credits", credits(successors.old, &old.options[b], true) != credits(successors.new, &new.options[a], false)),
                ("from", old.options[b].from.map(f64::to_bits) != new.options[a].from.map(f64::to_bits)),
            ])
        },
    );
    let named = |id: &String| format!("{}:{id}", new.id);
    of_question.reworded.iter_mut().for_each(|one| one.id = named(&one.id));
    of_question.renamed.iter_mut().for_each(|one| (one.from, one.to) = (format!("{}:{}", old.id, one.from), named(&one.to)));
    of_question.split.iter_mut().for_each(|one| {
        one.from = format!("{}:{}", old.id, one.from);
        one.to = one.to.iter().map(named).collect();
    });
    of_question.removed.iter_mut().for_each(|one| *one = format!("{}:{one}", old.id));
    of_question.new.iter_mut().for_each(|one| *one = named(one));
    of_question
}

fn practice_changes(before: &format::Practice, after: &format::Practice) -> Vec<&'static str> {
    let text = |text: Option<&crate::yaml::record::At<String>>| text.map(|text| plain(text));
    let weight = |practice: &format::Practice| practice.weight.as_ref().map_or(1.0, |weight| weight.value).to_bits();
    which([
        ("title", plain(&before.title) != plain(&after.title)),
        ("statement", text(before.statement.as_ref()) != text(after.statement.as_ref())),
        ("rationale", text(before.rationale.as_ref()) != text(after.rationale.as_ref())),
        ("level", before.level.value != after.level.value),
        ("risk", before.risk != after.risk),
        ("weight", weight(before) != weight(after)),
        ("effort", before.effort != after.effort),
        ("guidance", text(before.guidance.as_ref()) != text(after.guidance.as_ref())),
    ])
}

fn which<const COUNT: usize>(changed: [(&'static str, bool); COUNT]) -> Vec<&'static str> {
    changed.into_iter().filter(|(_, is_changed)| *is_changed).map(|(what, _)| what).collect()
}

/// Holds old ids against new ones.
fn changes(
    old: &[String],
    new: &[String],
    now: impl Fn(&str) -> Vec<String>,
    differs: impl Fn(&str, &str) -> Vec<&'static str>,
) -> Changes {
    let mut changes = Changes::default();
    let mut claimed: BTreeSet<String> = BTreeSet::new();
    for id in old {
        let after = now(id);
        claimed.extend(after.iter().cloned());
        match after.as_slice() {
            [] => changes.removed.push(id.clone()),
            [one] => {
                let what = differs(id, one);
                if one != id {
                    changes.renamed.push(Renamed { from: id.clone(), to: one.clone() });
                } else if what.is_empty() {
                    changes.kept += 1;
                }
                if !what.is_empty() {
                    changes.reworded.push(Reworded { id: one.clone(), what });
                }
            }
            several => changes.split.push(Split { from: id.clone(), to: several.to_vec() }),
        }
    }
    changes.new = new.iter().filter(|id| !claimed.contains(*id)).cloned().collect();
    changes
}
