//! What people said, carried over to a newer kit: no answer is ever dropped.
//!
//! Ids that changed are changed in the files, in place. An answer whose question is asked otherwise stays, counts, and is marked to be
//! asked again. An answer that nothing asks for any more moves to `orphans` in its file. Links from other files to what is gone become
//! comments where they stand. Comments, order and quoting of the rest stay.

use super::format::OrphanedBy;
use crate::diagnostic::Span;
use crate::kit::format::QuestionType;
use crate::kit::upgrade::mapping::{Because, Successors};
use crate::kit::upgrade::names::{edited, get, items, renamed};
use crate::kit::{Kit, QuestionIx};
use crate::yaml::edit::EditError;
use crate::yaml::layout::{Style, line_start, style, word};
use crate::yaml::transfer::{Taken, copy, entries, place, put, rename, set, strike, take};
use crate::yaml::{Node, Value, parse};
use std::collections::{BTreeMap, BTreeSet};

/// The files of a folder: stem and text, its line ends `\n`.
pub type Texts = BTreeMap<String, String>;

/// A file that cannot be changed in place.
#[derive(Debug)]
pub struct Stuck {
    /// Its stem.
    pub stem: String,
    /// The entry.
    pub entry: String,
    /// Why not.
    pub why: EditError,
}

/// What became of answers.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// How many answers there were.
    pub answers: usize,
    /// Those with another key: of before, of now.
    pub renamed: Vec<(String, String)>,
    /// Those to be asked for again.
    pub ask_again: Vec<(String, Because)>,
    /// Those that nothing asks for any more, by key.
    pub orphaned: Vec<(String, OrphanedBy)>,
}

/// What is done with one answer.
struct Decision {
    /// The places it goes to: capability, key, changes of ids within it, whether it is asked for again.
    to: Vec<Destination>,
    /// Why a copy, or all of it, becomes an orphan.
    orphan: Option<OrphanedBy>,
}

struct Destination {
    capability: String,
    key: String,
    question: QuestionIx,
    /// The new ids of choices; nothing for one that is gone.
    lost_choices: bool,
    because: Option<Because>,
}

/// Carries the answers of one folder over to a newer kit.
///
/// # Errors
///
/// Returns [`Stuck`] when a file cannot be changed without touching the rest of it.
pub fn answers(successors: &Successors<'_>, version: &str, target: &str, folder: &Texts) -> Result<(Texts, Carried), Stuck> {
    let mut carrier = Carrier { successors, version, target, texts: BTreeMap::new(), carried: Carried::default() };
    for (stem, text) in folder {
        carrier.file(stem, text, folder);
    }
    let mut claimed: BTreeSet<(String, String)> = BTreeSet::new();
    for (stem, key, value) in carrier.in_order(folder) {
        carrier.entry(&stem, &key, &value, &mut claimed).map_err(|why| Stuck { stem: stem.clone(), entry: key.clone(), why })?;
    }
    carrier.mark_gone();
    let place = |kit: &Kit, key: &str| kit.find_question(split(key).0).map_or(usize::MAX, |ix| ix.0);
    carrier.carried.ask_again.sort_by_key(|(key, _)| place(successors.new, key));
    carrier.carried.orphaned.sort_by_key(|(key, _)| place(successors.old, key));
    Ok((carrier.texts, carrier.carried))
}

struct Carrier<'c> {
    successors: &'c Successors<'c>,
    version: &'c str,
    /// The environment in which gaps are closed: its answer is taken where one is wanted.
    target: &'c str,
    texts: Texts,
    carried: Carried,
}

impl Carrier<'_> {
    fn kit(&self) -> &Kit {
        self.successors.new
    }

    /// Takes a file over under the name that its capability has now.
    fn file(&mut self, stem: &str, text: &str, folder: &Texts) {
        let now = self.stem_of(stem, folder);
        let root = parse(&crate::diagnostic::Source::new(stem, text)).ok();
        let span = root.as_ref().and_then(|root| place(root, &["capability"]));
        let text = match span {
            Some(span) if now != stem => edited(text, vec![(span, renamed(text, span, stem, &now))]),
            _ => text.to_owned(),
        };
        self.texts.insert(now, text);
    }

    /// Returns the name that a file has now: it moves with its capability, unless another file has that name already.
    fn stem_of(&self, stem: &str, folder: &Texts) -> String {
        match self.successors.capability(stem).as_slice() {
            [one] if !folder.contains_key(one) => one.clone(),
            _ => stem.to_owned(),
        }
    }

    /// Returns every answer: the file it is in now, its key, and what it holds. What may become one answer with others comes in the order
    /// in which it is taken.
    fn in_order(&self, folder: &Texts) -> Vec<(String, String, Node)> {
        let mut all = Vec::new();
        for stem in folder.keys() {
            let now = self.stem_of(stem, folder);
            let found = self.texts.get(&now).and_then(|text| entries(text, "answers").ok()).unwrap_or_default();
            all.extend(found.into_iter().map(|(key, node)| (now.clone(), key, node)));
        }
        // An answer that keeps its key goes before one that takes it; that of the target environment before others.
        let rank = |key: &str| {
            let (id, environment) = split(key);
            (self.successors.new.find_question(id).is_none(), environment.is_some_and(|environment| environment != self.target))
        };
        all.sort_by_key(|(_, key, _)| rank(key));
        all
    }

    fn entry(&mut self, stem: &str, key: &str, value: &Node, claimed: &mut BTreeSet<(String, String)>) -> Result<(), EditError> {
        let is_answer = !matches!(&value.value, Value::Null);
        self.carried.answers += usize::from(is_answer);
        let mut decision = self.decide(key, value);
        // What another answer stands for already is not overwritten.
        let before = decision.to.len();
        decision.to.retain(|to| !claimed.contains(&(to.capability.clone(), to.key.clone())));
        if decision.to.len() < before && decision.orphan.is_none() {
            decision.orphan = Some(OrphanedBy::QuestionMerged);
        }
        for to in &decision.to {
            claimed.insert((to.capability.clone(), to.key.clone()));
        }
        let is_one = decision.to.len() == 1;
        if let [only] = decision.to.as_slice()
            && only.capability == stem
            && (decision.orphan.is_none() || only.key == key)
        {
            // It stays where it is.
            if let Some(why) = decision.orphan {
                let entry = copy(&self.texts[stem], "answers", key)?.alone();
                self.orphan(stem, key, &entry, why)?;
            }
            if only.key != key {
                let text = rename(&self.texts[stem], "answers", key, &only.key)?;
                self.texts.insert(stem.to_owned(), text);
            }
        } else {
            let (text, entry) = take(&self.texts[stem], "answers", key)?;
            self.texts.insert(stem.to_owned(), text);
            for (index, to) in decision.to.iter().enumerate() {
                let text = self.texts.get(&to.capability).cloned().unwrap_or_else(|| {
                    format!("# yaml-language-server: $schema=../schemas/answers.schema.json\ncapability: {}\nanswers:\n", to.capability)
                });
                let has_comments = index == 0 && decision.orphan.is_none();
                let entry = if has_comments { entry.clone() } else { entry.alone() };
                self.texts.insert(to.capability.clone(), put(&text, "answers", &to.key, &entry)?);
            }
            if let Some(why) = decision.orphan.or(decision.to.is_empty().then_some(OrphanedBy::QuestionRemoved)) {
                self.orphan(stem, key, &entry, why)?;
            }
        }
        for to in &decision.to {
            self.settle(to, key, is_answer)?;
            if is_one && to.key != key {
                self.carried.renamed.push((key.to_owned(), to.key.clone()));
            }
        }
        Ok(())
    }

    /// Puts an entry among the orphans of its file.
    fn orphan(&mut self, stem: &str, key: &str, entry: &Taken, why: OrphanedBy) -> Result<(), EditError> {
        let text = &self.texts[stem];
        let known = entries(text, "orphans")?;
        let mut name = key.to_owned();
        let mut count = 1;
        while known.iter().any(|(other, _)| *other == name) {
            count += 1;
            name = format!("{key}~{count}");
        }
        let text = put(text, "orphans", &name, entry)?;
        let text = set(&text, "orphans", &name, &[("why", why.word().to_owned()), ("since", self.version.to_owned())])?;
        self.texts.insert(stem.to_owned(), text);
        self.carried.orphaned.push((name, why));
        Ok(())
    }

    /// Changes the ids within an answer that has its place, and marks it if it is to be asked for again.
    fn settle(&mut self, to: &Destination, old_key: &str, is_answer: bool) -> Result<(), EditError> {
        if !is_answer {
            return Ok(());
        }
        let mut text = self.texts[&to.capability].clone();
        if to.lost_choices {
            for list in ["choose", "not_applicable_choices"] {
                let value = entries(&text, "answers")?.into_iter().find(|(key, _)| *key == to.key).map(|(_, node)| node);
                let Some(value) = value.as_ref().and_then(|node| get(node, list)) else { continue };
                let said = texts_of(&text, value);
                let kept: Vec<String> =
                    said.iter().filter(|id| self.choice(split(old_key).0, id, to.question).is_some()).cloned().collect();
                if kept.len() < said.len() {
                    let change = if kept.is_empty() {
                        crate::yaml::edit::Change::Remove
                    } else {
                        crate::yaml::edit::Change::Set(crate::yaml::edit::Field::List(kept))
                    };
                    text = crate::yaml::edit::amend(&text, "answers", &to.key, &[(list, change)])?;
                }
            }
        }
        let node = entries(&text, "answers")?.into_iter().find(|(key, _)| *key == to.key).map(|(_, node)| node);
        let edits = node.map(|node| self.ids_within(&text, &node, split(old_key).0, to.question)).unwrap_or_default();
        text = edited(&text, edits);
        if let Some(because) = to.because {
            let mark = format!("{{since: {}, because: {because}}}", self.version);
            text = set(&text, "answers", &to.key, &[("ask_again", mark)])?;
            self.carried.ask_again.push((to.key.clone(), because));
        }
        self.texts.insert(to.capability.clone(), text);
        Ok(())
    }

    /// Returns the changes of choices and roles within an answer.
    fn ids_within(&self, text: &str, node: &Node, question: &str, new: QuestionIx) -> Vec<(Span, String)> {
        let mut edits = Vec::new();
        let mut rename_all = |value: Option<&Node>, now: &dyn Fn(&str) -> Option<String>| {
            let Some(value) = value else { return };
            let single = std::slice::from_ref(value);
            for item in if let Value::List(items) = &value.value { items.as_slice() } else { single } {
                let Some(id) = text_of(text, item) else { continue };
                if let Some(now) = now(&id).filter(|now| *now != id) {
                    edits.push((item.span, renamed(text, item.span, &id, &now)));
                }
            }
        };
        let choice = |id: &str| self.choice(question, id, new);
        let role = |id: &str| <[String; 1]>::try_from(self.successors.role(id)).ok().map(|[one]| one);
        for entry in std::iter::once(node).chain(items(node, "minority")) {
            for list in ["choose", "not_applicable_choices"] {
                rename_all(get(entry, list), &choice);
            }
            rename_all(get(entry, "by"), &role);
            rename_all(get(entry, "dont_know").and_then(|unknown| get(unknown, "owner")), &role);
        }
        edits
    }

    /// Returns what a choice is now; nothing if it is gone, or nobody can tell which of several it is.
    fn choice(&self, question: &str, id: &str, new: QuestionIx) -> Option<String> {
        <[String; 1]>::try_from(self.successors.choice(question, id, new)).ok().map(|[one]| one)
    }

    fn decide(&self, key: &str, value: &Node) -> Decision {
        let (id, environment) = split(key);
        let questions: Vec<QuestionIx> = self.successors.question(id).iter().filter_map(|id| self.kit().find_question(id)).collect();
        let environments = environment.map(|environment| self.successors.environment(environment));
        let was_once = environment.is_none();
        let mut to = Vec::new();
        let mut reason = None;
        for question in &questions {
            let capability = self.kit().capability_id(self.kit().question(*question).capability).to_owned();
            let name = &self.kit().question(*question).id;
            let keys: Vec<String> = match (&self.kit().question(*question).environments, &environments) {
                (None, _) => vec![name.clone()],
                (Some(asked_in), named) => asked_in
                    .iter()
                    .map(|ix| self.kit().environment_id(*ix))
                    .filter(|id| named.as_ref().is_none_or(|named| named.iter().any(|one| one == id)))
                    .map(|id| format!("{name}@{id}"))
                    .collect(),
            };
            let is_moved = was_once != self.kit().question(*question).environments.is_none() || keys.len() > 1;
            if keys.is_empty() {
                reason = reason.or(Some(OrphanedBy::EnvironmentsChanged));
            }
            match self.fits(id, value, *question) {
                Fit::Not(why) => reason = reason.or(Some(why)),
                fit => {
                    for key in keys {
                        let because = self.because(id, *question, questions.len() > 1, is_moved, value);
                        let lost_choices = matches!(fit, Fit::Partly);
                        let because = if lost_choices { because.or(Some(Because::Choices)) } else { because };
                        to.push(Destination { capability: capability.clone(), key, question: *question, lost_choices, because });
                    }
                }
            }
        }
        let is_whole = to.len() == 1 && questions.len() == 1;
        let orphan = if questions.is_empty() {
            Some(OrphanedBy::QuestionRemoved)
        } else if questions.len() > 1 {
            Some(OrphanedBy::QuestionSplit)
        } else if is_whole && to[0].lost_choices {
            Some(OrphanedBy::ChoiceRemoved)
        } else if is_whole {
            None
        } else {
            reason.or(Some(OrphanedBy::EnvironmentsChanged))
        };
        let is_empty = matches!(&value.value, Value::Null);
        // A key that waits for its answer says nothing that a copy would keep.
        let orphan = orphan.filter(|_| !is_empty || to.is_empty());
        Decision { to, orphan }
    }

    /// Returns why an answer in its new place is to be asked for again.
    fn because(&self, old: &str, new: QuestionIx, is_split: bool, is_moved: bool, value: &Node) -> Option<Because> {
        let says = ["choose", "not_applicable_choices", "number", "text", "date", "not_applicable"];
        let is_said = says.iter().any(|word| match get(value, word).map(|node| &node.value) {
            None | Some(Value::Null) => false,
            Some(Value::List(items)) => !items.is_empty(),
            Some(_) => true,
        });
        if !is_said {
            // What is open is asked in any case.
            return None;
        }
        if is_split {
            return Some(Because::Split);
        }
        if is_moved {
            return Some(Because::Environments);
        }
        let names = |ids: Vec<String>| ids.len() == 1;
        let others = (0..self.successors.old.questions.len()).map(|ix| &self.successors.old.questions[ix].id).filter(|id| *id != old);
        let is_merged = others
            .filter(|id| names(self.successors.question(id)))
            .any(|id| self.successors.question(id).first() == Some(&self.kit().question(new).id));
        let before = self.successors.old.find_question(old)?;
        if is_merged && self.kit().question(new).id != old {
            return Some(Because::Merged);
        }
        self.successors.asks_again(before, new)
    }

    /// Returns whether an answer can be given to a question.
    fn fits(&self, old: &str, value: &Node, new: QuestionIx) -> Fit {
        let file = self.kit().question_file(new);
        let kind = file.kind.value;
        let has = |key: &str| get(value, key).is_some_and(|node| !matches!(node.value, Value::Null));
        let wanted = match kind {
            QuestionType::Number => "number",
            QuestionType::Text => "text",
            QuestionType::Date => "date",
            _ => "choose",
        };
        let is_other = ["number", "text", "date", "choose"].iter().any(|key| *key != wanted && has(key));
        if is_other || (has("not_applicable_choices") && kind != QuestionType::Multi) {
            return Fit::Not(OrphanedBy::TypeChanged);
        }
        if let Some(Value::Number(number)) = get(value, "number").map(|node| &node.value) {
            let is_within =
                file.min.as_ref().is_none_or(|min| *number >= min.value) && file.max.as_ref().is_none_or(|max| *number <= max.value);
            return if is_within { Fit::Whole } else { Fit::Not(OrphanedBy::OutOfRange) };
        }
        let said = |key: &str| get(value, key).map(words_of).unwrap_or_default();
        let (chosen, left_out) = (said("choose"), said("not_applicable_choices"));
        let is_kept = |id: &String| self.choice(old, id, new).is_some();
        let kept = chosen.iter().filter(|id| is_kept(id)).count();
        if kept > 1 && kind != QuestionType::Multi {
            return Fit::Not(OrphanedBy::TypeChanged);
        }
        if kept == chosen.len() && left_out.iter().all(is_kept) {
            return Fit::Whole;
        }
        // Of a checklist what is left still says something.
        if kind == QuestionType::Multi && kept > 0 { Fit::Partly } else { Fit::Not(OrphanedBy::ChoiceRemoved) }
    }

    /// Tells the files of capabilities that are gone from those whose name is a slip.
    fn mark_gone(&mut self) {
        for (stem, text) in &mut self.texts {
            let is_gone = self.successors.new.find_capability(stem).is_none();
            let has_orphans =
                entries(text, "orphans").is_ok_and(|orphans| !orphans.is_empty()) || text.lines().any(|line| line.starts_with("orphans:"));
            if is_gone && !has_orphans && self.successors.old.find_capability(stem).is_some() && !text.trim_start().starts_with('{') {
                if !text.ends_with('\n') {
                    text.push('\n');
                }
                text.push_str("orphans: {}   # the capability is gone from the kit\n");
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Fit {
    Whole,
    Partly,
    Not(OrphanedBy),
}

/// Takes `question@environment` apart.
fn split(key: &str) -> (&str, Option<&str>) {
    key.split_once('@').map_or((key, None), |(id, environment)| (id, Some(environment)))
}

fn text_of(text: &str, node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(said) => Some(said.clone()),
        Value::Bool(_) | Value::Number(_) => text.get(node.span.range()).map(str::to_owned),
        _ => None,
    }
}

fn texts_of(text: &str, node: &Node) -> Vec<String> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| text_of(text, item)).collect(),
        _ => text_of(text, node).into_iter().collect(),
    }
}

/// Returns the words of a node whose text is not at hand: numbers as they are shown.
fn words_of(node: &Node) -> Vec<String> {
    let word = |node: &Node| match &node.value {
        Value::Text(said) => Some(said.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    match &node.value {
        Value::List(items) => items.iter().filter_map(word).collect(),
        _ => word(node).into_iter().collect(),
    }
}

/// Returns what stands at a path.
fn at<'n>(root: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(root, |node, name| get(node, name))
}

/// Something of another file that is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// The key at which it was named.
    pub key: String,
    /// What was named.
    pub id: String,
}

/// Changes the ids in a file of a workspace; what names something that is gone becomes a comment.
struct Rewriter<'r> {
    successors: &'r Successors<'r>,
    version: &'r str,
    text: String,
    lost: Vec<Lost>,
}

impl Rewriter<'_> {
    fn root(&self) -> Result<Node, EditError> {
        let source = crate::diagnostic::Source::new("", self.text.as_str());
        parse(&source).map_err(|_| EditError::Unsafe)
    }

    /// Changes the scalar at a path to what it is now.
    fn scalar(&mut self, path: &[&str], now: &dyn Fn(&str) -> Vec<String>) -> Result<Option<String>, EditError> {
        let root = self.root()?;
        let mut node = &root;
        for name in path {
            match get(node, name) {
                Some(value) => node = value,
                None => return Ok(None),
            }
        }
        let Some(id) = text_of(&self.text, node) else { return Ok(None) };
        match now(&id).as_slice() {
            [] => {
                self.strike(path, &id)?;
                return Ok(None);
            }
            [first, ..] if *first != id => self.text = edited(&self.text, vec![(node.span, renamed(&self.text, node.span, &id, first))]),
            _ => {}
        }
        Ok(Some(id))
    }

    /// Changes the items of a list at a path to what they are now; one may become several.
    fn list(&mut self, path: &[&str], now: &dyn Fn(&str) -> Vec<String>) -> Result<(), EditError> {
        let root = self.root()?;
        let Some(node) = at(&root, path) else { return Ok(()) };
        let Value::List(all) = &node.value else { return Ok(()) };
        let is_block = style(&self.text, node) != Some(Style::Flow);
        let (mut edits, mut gone) = (Vec::new(), Vec::new());
        let named: Vec<String> = all.iter().filter_map(|item| text_of(&self.text, item)).collect();
        for item in all {
            let Some(id) = text_of(&self.text, item) else { continue };
            let after = now(&id);
            match after.as_slice() {
                [] => gone.push(id),
                [one] if *one == id => {}
                [one] if !named.contains(one) => edits.push((item.span, renamed(&self.text, item.span, &id, one))),
                several => {
                    let before = &self.text[line_start(&self.text, item.span.start)..item.span.start];
                    let glue = if is_block { format!("\n{before}") } else { ", ".to_owned() };
                    let new: Vec<String> = several.iter().filter(|id| !named.contains(id)).map(|id| word(id)).collect();
                    if new.is_empty() { gone.push(id) } else { edits.push((item.span, new.join(&glue))) }
                }
            }
        }
        self.text = edited(&self.text, edits);
        for id in gone {
            let place: Vec<&str> = path.iter().copied().chain([id.as_str()]).collect();
            self.strike(&place, &id)?;
        }
        Ok(())
    }

    fn strike(&mut self, path: &[&str], id: &str) -> Result<(), EditError> {
        let why = format!("gone from the kit with {}", self.version);
        if let Some(text) = strike(&self.text, path, &why)? {
            self.text = text;
            self.lost.push(Lost { key: path.first().unwrap_or(&"").to_string(), id: id.to_owned() });
            return Ok(());
        }
        Err(EditError::Unsafe)
    }

    /// Changes the keys of the mapping at a key.
    fn keys(&mut self, section: &str, now: &dyn Fn(&str) -> Vec<String>) -> Result<(), EditError> {
        for (id, _) in entries(&self.text, section)? {
            let after = now(&id);
            let is_there = |text: &str, name: &String| entries(text, section).is_ok_and(|all| all.iter().any(|(key, _)| key == name));
            match after.as_slice() {
                [one] if *one == id => {}
                [one] if !is_there(&self.text, one) => self.text = rename(&self.text, section, &id, one)?,
                several => {
                    let entry = copy(&self.text, section, &id)?.alone();
                    for new in several {
                        if !is_there(&self.text, new) {
                            self.text = put(&self.text, section, new, &entry)?;
                        }
                    }
                    self.strike(&[section, &id], &id)?;
                }
            }
        }
        Ok(())
    }
}

/// Changes the ids in `opsready.yaml`, and the kit that it names. Returns the text and what of it became a comment.
///
/// # Errors
///
/// Returns [`EditError`] when it cannot be changed in place.
pub fn assessment(successors: &Successors<'_>, text: &str) -> Result<(String, Vec<Lost>), EditError> {
    let new = &successors.new.file;
    let version = new.version.0.as_str();
    let mut file = Rewriter { successors, version, text: text.to_owned(), lost: Vec::new() };
    file.scalar(&["kit", "id"], &|_| vec![new.id.value.0.clone()])?;
    file.scalar(&["kit", "version"], &|_| vec![version.to_owned()])?;
    file.scalar(&["phase"], &|id| successors.phase(id))?;
    file.scalar(&["target_environment"], &|id| successors.environment(id))?;
    file.list(&["environments"], &|id| successors.environment(id))?;
    let is_empty = |node: &Node| matches!(&node.value, Value::List(items) if items.is_empty()) || matches!(node.value, Value::Null);
    if get(&file.root()?, "environments").is_some_and(is_empty) {
        file.strike(&["environments"], "environments")?;
    }
    file.keys("capabilities", &|id| successors.capability(id))?;
    file.waves()?;
    file.roles(&["participants"], "role")?;
    Ok((file.text, file.lost))
}

impl Rewriter<'_> {
    /// Changes the waves that `opsready.yaml` changes or adds.
    fn waves(&mut self) -> Result<(), EditError> {
        let root = self.root()?;
        let mut edits = Vec::new();
        let mut gone = Vec::new();
        for item in items(&root, "waves") {
            let Some((id, node)) = get(item, "id").and_then(|node| Some((text_of(&self.text, node)?, node))) else { continue };
            if !self.successors.old.file.waves.iter().any(|wave| wave.id.as_str() == id) {
                // It is the customer's own.
                continue;
            }
            match self.successors.wave(&id).as_slice() {
                [] if get(item, "title").is_some() && get(item, "capacity").is_some() => {}
                [] => gone.push(id),
                [first, ..] if *first != id => edits.push((node.span, renamed(&self.text, node.span, &id, first))),
                _ => {}
            }
        }
        self.text = edited(&self.text, edits);
        for id in gone {
            self.strike(&["waves", &id], &id)?;
        }
        Ok(())
    }

    /// Changes a role, or the role of each item of a list.
    fn roles(&mut self, path: &[&str], key: &str) -> Result<(), EditError> {
        let root = self.root()?;
        let mut edits = Vec::new();
        let holders: Vec<&Node> = match path {
            [] => vec![&root],
            [list, ..] => items(&root, list).iter().collect(),
        };
        for node in holders.into_iter().filter_map(|holder| get(holder, key)) {
            let Some(id) = text_of(&self.text, node) else { continue };
            if let [one] = self.successors.role(&id).as_slice()
                && *one != id
            {
                edits.push((node.span, renamed(&self.text, node.span, &id, one)));
            }
        }
        self.text = edited(&self.text, edits);
        Ok(())
    }
}

/// Changes the ids in a file of `decisions/` or `risks/`. Returns the text and what of it became a comment.
///
/// # Errors
///
/// Returns [`EditError`] when it cannot be changed in place.
pub fn register(successors: &Successors<'_>, text: &str) -> Result<(String, Vec<Lost>), EditError> {
    let version = successors.new.file.version.0.as_str();
    let mut file = Rewriter { successors, version, text: text.to_owned(), lost: Vec::new() };
    let capability = get(&file.root()?, "capability").and_then(|node| text_of(text, node));
    if let Some(capability) = &capability {
        file.scalar(&["decides"], &|id| successors.decision(capability, id))?;
    }
    file.scalar(&["capability"], &|id| successors.capability(id))?;
    file.list(&["questions"], &|key| {
        let (id, environment) = split(key);
        let ids = successors.question(id);
        match environment {
            None => ids,
            Some(environment) => {
                let environments = successors.environment(environment);
                ids.iter().flat_map(|id| environments.iter().map(move |environment| format!("{id}@{environment}"))).collect()
            }
        }
    })?;
    file.list(&["practices"], &|id| successors.practice(id))?;
    file.list(&["stories"], &|id| successors.story(id))?;
    for key in ["owner", "approver"] {
        file.roles(&[], key)?;
    }
    Ok((file.text, file.lost))
}

/// Carries the plans over: entries follow their practices, also into the plan of another capability.
///
/// # Errors
///
/// Returns [`Stuck`] when a file cannot be changed in place.
pub fn plans(successors: &Successors<'_>, folder: &Texts) -> Result<(Texts, Vec<(String, Lost)>), Stuck> {
    let version = successors.new.file.version.0.as_str();
    let mut texts = Texts::new();
    let mut lost = Vec::new();
    let stuck = |stem: &str, entry: &str| {
        let (stem, entry) = (stem.to_owned(), entry.to_owned());
        move |why| Stuck { stem, entry, why }
    };
    for (stem, text) in folder {
        let mut file = Rewriter { successors, version, text: text.clone(), lost: Vec::new() };
        file.plan().map_err(stuck(stem, "practices"))?;
        let now = match successors.capability(stem).as_slice() {
            [one, ..] if !folder.contains_key(one) && !texts.contains_key(one) => one.clone(),
            _ => stem.clone(),
        };
        if now != *stem {
            file.scalar(&["capability"], &|_| vec![now.clone()]).map_err(stuck(stem, "capability"))?;
        }
        lost.extend(file.lost.into_iter().map(|one| (now.clone(), one)));
        texts.insert(now, file.text);
    }
    let stems: Vec<String> = texts.keys().cloned().collect();
    for stem in stems {
        for (id, _) in entries(&texts[&stem], "practices").unwrap_or_default() {
            let Some(ix) = successors.new.find_practice(&id) else { continue };
            let owner = successors.new.capability_id(successors.new.practice(ix).capability).to_owned();
            if owner == stem {
                continue;
            }
            let (text, entry) = take(&texts[&stem], "practices", &id).map_err(stuck(&stem, &id))?;
            texts.insert(stem.clone(), text);
            let target = texts.get(&owner).cloned().unwrap_or_else(|| format!("capability: {owner}\npractices:\n"));
            if entries(&target, "practices").is_ok_and(|known| known.iter().any(|(key, _)| *key == id)) {
                continue;
            }
            texts.insert(owner, put(&target, "practices", &id, &entry).map_err(stuck(&stem, &id))?);
        }
    }
    Ok((texts, lost))
}

impl Rewriter<'_> {
    fn plan(&mut self) -> Result<(), EditError> {
        let successors = self.successors;
        let known = |id: &str| successors.old.find_practice(id).is_some();
        // What is no practice of the old kit either is told when the workspace is read.
        self.keys("practices", &|id| if known(id) { successors.practice(id) } else { vec![id.to_owned()] })?;
        self.roles(&[], "owner")?;
        for (id, _) in entries(&self.text, "practices")? {
            let wave = |wave: &str| {
                let is_of_kit = successors.old.file.waves.iter().any(|known| known.id.as_str() == wave);
                if is_of_kit { successors.wave(wave) } else { vec![wave.to_owned()] }
            };
            self.scalar(&["practices", &id, "wave"], &wave)?;
            self.scalar(&["practices", &id, "owner"], &|role| successors.role(role))?;
            self.scalar(&["practices", &id, "accepted", "approver"], &|role| successors.role(role))?;
        }
        Ok(())
    }
}

/// The sections of the file that knows what trackers call the stories.
const TRACKERS: &[&str] = &["jira", "azure-devops", "github", "gitlab"];

/// Carries the stories that the customer took over: they are the customer's, and stay; what they name has its new name.
///
/// # Errors
///
/// Returns [`Stuck`] when a file cannot be changed in place.
pub fn backlog(successors: &Successors<'_>, folder: &Texts) -> Result<(Texts, Vec<(String, Lost)>), Stuck> {
    let version = successors.new.file.version.0.as_str();
    let mut texts = Texts::new();
    let mut lost = Vec::new();
    for (stem, text) in folder {
        let mut file = Rewriter { successors, version, text: text.clone(), lost: Vec::new() };
        let done = if stem == super::backlog::TRACKERS { file.trackers() } else { file.stories() };
        done.map_err(|why| Stuck { stem: stem.clone(), entry: "stories".to_owned(), why })?;
        let now = match successors.capability(stem).as_slice() {
            [one, ..] if stem != super::backlog::TRACKERS && !folder.contains_key(one) && !texts.contains_key(one) => one.clone(),
            _ => stem.clone(),
        };
        if now != *stem {
            let done = file.scalar(&["capability"], &|_| vec![now.clone()]);
            done.map_err(|why| Stuck { stem: stem.clone(), entry: "capability".to_owned(), why })?;
        }
        lost.extend(file.lost.into_iter().map(|one| (now.clone(), one)));
        texts.insert(now, file.text);
    }
    Ok((texts, lost))
}

impl Rewriter<'_> {
    fn stories(&mut self) -> Result<(), EditError> {
        let successors = self.successors;
        // A story that the kit has no longer, or several of, is one of the customer's own.
        let story = |id: &str| <[String; 1]>::try_from(successors.story(id)).map_or_else(|_| vec![id.to_owned()], Vec::from);
        self.keys("stories", &story)?;
        for (id, _) in entries(&self.text, "stories")? {
            self.list(&["stories", &id, "practices"], &|practice| successors.practice(practice))?;
        }
        Ok(())
    }

    fn trackers(&mut self) -> Result<(), EditError> {
        let successors = self.successors;
        let now = |key: &str| {
            let new = match key.split_once(':') {
                Some((kind, capability)) => successors.capability(capability).into_iter().map(|id| format!("{kind}:{id}")).collect(),
                None => successors.story(key),
            };
            <[String; 1]>::try_from(new).map_or_else(|_| vec![key.to_owned()], Vec::from)
        };
        for section in TRACKERS {
            self.keys(section, &now)?;
        }
        Ok(())
    }
}
