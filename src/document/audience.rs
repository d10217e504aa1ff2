//! Copies for others: what an audience must not see is taken out of the model before anything is rendered.
//!
//! [`Redaction::apply`] makes an assessment without names, notes, evidence and the customer's own words; scores are those of the whole
//! one, since what is not shown still counts. [`Redaction::leaks`] reads what is about to be written once more. It knows everything that was taken out,
//! so a template, a kit or a form of addressing that brings it back is found.

mod find;

pub use find::Leak;

use crate::assessment::format::{AssessmentFile, DocumentRules, Evidence, KitReference, Participant};
use crate::assessment::planning::format::Acceptance;
use crate::assessment::planning::{PlannedCapability, PlannedPractice, Planning, Wave};
use crate::assessment::register::Registers;
use crate::assessment::{Answer, Assessment, Response, Scope};
use crate::diagnostic::Source;
use crate::kit::Kit;
use crate::words;
use crate::yaml::record::{At, Entries, Id};
use find::{Finder, Wide};
use std::collections::BTreeSet;

words! {
    /// For whom a copy of the documents is.
    pub enum Audience {
        /// Those who work on the assessment: everything.
        Internal = "internal",
        /// The customer at large: no names, notes, quotes or evidence links.
        Customer = "customer",
        /// Anybody: no name of the customer either, and nothing in its own words.
        Public = "public",
    }
}

/// What stands where something was taken out.
const REDACTED: &str = "(redacted)";

/// How long a text must be to be told from others by its words alone, in characters.
const TELLING: usize = 20;

/// Takes out of an assessment what an audience must not see, and finds it where it still is.
#[derive(Debug)]
pub struct Redaction {
    audience: Audience,
    finder: Finder,
}

impl Redaction {
    /// Returns the redaction for an audience. `respondents` are the names under which people answered on their own.
    pub fn new(kit: &Kit, assessment: &Assessment, respondents: &[Id], audience: Audience) -> Self {
        let mut finder = Finder::default();
        if audience == Audience::Internal {
            return Self { audience, finder };
        }
        finder.looks_for_addresses = true;
        let known = words_of(kit);
        for name in names(kit, assessment, respondents) {
            finder.add(&name, "the name of a person", Wide::No);
            for part in parts(&name).into_iter().filter(|part| !known.contains(&part.to_lowercase())) {
                finder.add(&part, "the name of a person", Wide::No);
            }
        }
        for term in assessment.file.documents.iter().flat_map(|rules| &rules.redact) {
            finder.add(term, "a word that `documents: redact` names", Wide::Yes);
        }
        if audience == Audience::Public {
            finder.add(&assessment.file.customer.value, "the customer", Wide::Yes);
            finder.add(&assessment.file.id.value.0, "the id of the assessment", Wide::Yes);
            for part in parts(&assessment.file.customer.value).into_iter().filter(|part| !known.contains(&part.to_lowercase())) {
                finder.add(&part, "the customer", Wide::Yes);
            }
        }
        let of_kit = Finder::plain(&kit_text(kit));
        for (text, what) in own_words(assessment, audience) {
            let plain = Finder::plain(text);
            if plain.chars().count() >= TELLING && !of_kit.contains(&plain) {
                finder.add(text, what, Wide::Yes);
            }
        }
        Self { audience, finder }
    }

    /// Finds what must not be in a text that is about to be written.
    pub fn leaks(&self, text: &str) -> Vec<Leak> {
        self.finder.leaks(text)
    }

    /// Returns an assessment without what the audience must not see.
    ///
    /// Nothing is taken over unnamed: whoever adds a field decides here who sees it.
    pub fn apply(&self, kit: &Kit, assessment: &Assessment) -> Assessment {
        if self.audience == Audience::Internal {
            return assessment.clone();
        }
        let Assessment {
            file,
            source,
            environments,
            target_environment,
            phase,
            scopes,
            answers,
            ignored,
            waves,
            planning,
            orphans: _,
            registers: _,
        } = assessment.clone();
        Assessment {
            file: self.file(file),
            // The text of the file has everything; only its name may be needed.
            source: Source::new(source.path.clone(), ""),
            environments,
            target_environment,
            phase,
            scopes: scopes.into_iter().map(|scope| self.scope(scope)).collect(),
            answers: answers.into_iter().map(|(instance, answer)| (instance, self.answer(kit, answer))).collect(),
            ignored,
            orphans: Vec::new(),
            waves: waves.into_iter().enumerate().map(|(place, wave)| self.wave(kit, place, wave)).collect(),
            planning: self.planning(kit, planning),
            // Decisions, risks and the stories of the backlog are in the customer's own words throughout.
            registers: Registers::default(),
        }
    }

    fn is_public(&self) -> bool {
        self.audience == Audience::Public
    }

    /// Returns text in the customer's own words: without what was found in it, and not at all for the public.
    fn own(&self, text: Option<String>) -> Option<String> {
        text.filter(|_| !self.is_public()).map(|text| self.finder.without(&text, REDACTED))
    }

    fn file(&self, file: AssessmentFile) -> AssessmentFile {
        let AssessmentFile {
            schema,
            id,
            customer,
            classification,
            scope,
            kit: KitReference { id: kit_id, version },
            mode,
            phase,
            environments,
            target_environment,
            capabilities: _,
            waves: _,
            policy,
            participants,
            documents,
        } = file;
        let nobody = |one: Participant| {
            let Participant { role, name: _ } = one;
            Participant { role, name: None }
        };
        let is_public = self.is_public();
        AssessmentFile {
            schema,
            id: if is_public { At { value: Id("assessment".to_owned()), span: id.span } } else { id },
            customer: if is_public { At { value: "The organisation".to_owned(), span: customer.span } } else { customer },
            classification: if is_public { Some("public".to_owned()) } else { classification },
            scope: self.own(scope),
            kit: KitReference { id: kit_id, version },
            mode: self.own(mode),
            phase,
            environments,
            target_environment,
            // What they say is in the scopes, checked.
            capabilities: Entries::default(),
            // The checked ones are in the assessment.
            waves: Vec::new(),
            policy,
            participants: if is_public { Vec::new() } else { participants.into_iter().map(nobody).collect() },
            documents: documents.map(|DocumentRules { charts, redact: _ }| DocumentRules { charts, redact: Vec::new() }),
        }
    }

    fn wave(&self, kit: &Kit, place: usize, wave: Wave) -> Wave {
        let Wave { id, title, capacity, start, finish, goal, entry, exit } = wave;
        let of_kit = kit.file.waves.iter().find(|known| known.id.as_str() == id);
        // What the kit says is nobody's secret.
        let own = |text: String, known: Option<&str>| if known == Some(text.as_str()) { Some(text) } else { self.own(Some(text)) };
        let all = |texts: Vec<String>, known: Vec<String>| {
            texts.into_iter().filter_map(|text| if known.contains(&text) { Some(text) } else { self.own(Some(text)) }).collect()
        };
        Wave {
            id,
            title: own(title, of_kit.map(|known| known.title.as_str())).unwrap_or_else(|| format!("Wave {}", place + 1)),
            capacity,
            start,
            finish,
            goal: goal.and_then(|goal| own(goal, of_kit.and_then(|known| known.goal.as_deref()))),
            entry: all(entry, of_kit.map(|known| known.entry.strings()).unwrap_or_default()),
            exit: all(exit, of_kit.map(|known| known.exit.strings()).unwrap_or_default()),
        }
    }

    fn planning(&self, kit: &Kit, planning: Planning) -> Planning {
        let Planning { capabilities, practices } = planning;
        let is_public = self.is_public();
        let owner = |owner: Option<String>| owner.filter(|owner| !is_public && is_role(kit, owner));
        let capability = |one: PlannedCapability| {
            let PlannedCapability { source, status, momentum, owner: who, note: _ } = one;
            let momentum = momentum.filter(|_| !is_public);
            PlannedCapability { source, status, momentum, owner: owner(who), note: None }
        };
        let acceptance = |one: At<Acceptance>| {
            let Acceptance { risk, approver, expires, note: _ } = one.value;
            let approver = At { value: owner(Some(approver.value)).unwrap_or_else(|| "not shown".to_owned()), span: approver.span };
            // The id of an entry of the RAID log is in the customer's words.
            let risk = At { value: Id("not-shown".to_owned()), span: risk.span };
            At { value: Acceptance { risk, approver, expires, note: None }, span: one.span }
        };
        let practice = |one: PlannedPractice| {
            let PlannedPractice { source, id, wave, owner: who, due, status, momentum, accepted, note: _ } = one;
            PlannedPractice {
                source,
                id,
                wave,
                owner: owner(who),
                due: due.filter(|_| !is_public),
                status: status.filter(|_| !is_public),
                momentum: momentum.filter(|_| !is_public),
                accepted: accepted.map(acceptance),
                note: None,
            }
        };
        Planning {
            capabilities: capabilities.into_iter().map(|(ix, one)| (ix, capability(one))).collect(),
            practices: practices.into_iter().map(|(ix, one)| (ix, practice(one))).collect(),
        }
    }

    fn scope(&self, scope: Scope) -> Scope {
        let Scope { in_scope, target, importance, rationale, reason, note } = scope;
        Scope { in_scope, target, importance, rationale: self.own(rationale), reason, note: self.own(note) }
    }

    fn answer(&self, kit: &Kit, answer: Answer) -> Answer {
        let Answer { response, note: _, evidence, by, answered_on, minority: _, ask_again, conflict: _, at: _ } = answer;
        let is_public = self.is_public();
        let of_roles = |by: Vec<String>| by.into_iter().filter(|who| is_role(kit, who)).collect();
        let shown = |one: Evidence| {
            let Evidence { title, link: _, collected } = one;
            // That there is evidence, and of when, is part of the result.
            Evidence { title: Some(self.own(title).unwrap_or_else(|| "not shown".to_owned())), link: None, collected }
        };
        Answer {
            response: self.response(kit, response),
            note: None,
            evidence: evidence.into_iter().map(shown).collect(),
            by: if is_public { Vec::new() } else { of_roles(by) },
            answered_on,
            minority: Vec::new(),
            ask_again,
            at: None,
            conflict: Vec::new(),
        }
    }

    fn response(&self, kit: &Kit, response: Response) -> Response {
        match response {
            Response::Text(text) => Response::Text(self.own(Some(text)).unwrap_or_else(|| REDACTED.to_owned())),
            Response::DontKnow { owner, due, note: _ } => {
                let owner = owner.filter(|owner| !self.is_public() && is_role(kit, owner));
                Response::DontKnow { owner, due, note: None }
            }
            // Why something does not apply is a finding, and not what somebody said in the room.
            Response::NotApplicable { reason, note } => Response::NotApplicable { reason, note: self.own(note) },
            Response::Parked { note: _ } => Response::Parked { note: None },
            Response::Unanswered => Response::Unanswered,
            Response::Choices { chosen, not_applicable } => Response::Choices { chosen, not_applicable },
            Response::Number(number, band) => Response::Number(number, band),
            Response::Date(date) => Response::Date(date),
        }
    }
}

/// Returns true if somebody is named by a role of the kit.
fn is_role(kit: &Kit, who: &str) -> bool {
    kit.file.roles.iter().any(|role| role.id.value.0 == who || role.title == who)
}

/// Goes through the answers, and those between which a merge could not decide.
fn with_versions(assessment: &Assessment) -> impl Iterator<Item = &Answer> {
    assessment.answers.values().flat_map(|answer| std::iter::once(answer).chain(&answer.conflict))
}

/// Returns the names of people in an assessment.
fn names(kit: &Kit, assessment: &Assessment, respondents: &[Id]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = assessment.file.participants.iter().filter_map(|one| one.name.clone()).collect();
    found.extend(respondents.iter().map(|id| id.0.clone()));
    for answer in with_versions(assessment) {
        found.extend(answer.by.iter().cloned());
        found.extend(answer.minority.iter().flat_map(|one| one.by.strings()));
        if let Response::DontKnow { owner: Some(owner), .. } = &answer.response {
            found.insert(owner.clone());
        }
    }
    let Registers { decisions, risks, backlog: _, frozen_on: _, sources: _ } = &assessment.registers;
    let of_registers =
        decisions.iter().flat_map(|one| one.owner.iter().chain(&one.approver)).chain(risks.iter().flat_map(|one| &one.owner));
    found.extend(of_registers.map(|who| who.value.clone()));
    let Planning { capabilities, practices } = &assessment.planning;
    found.extend(capabilities.values().filter_map(|one| one.owner.clone()));
    found.extend(practices.values().filter_map(|one| one.owner.clone()));
    let accepted = practices.values().filter_map(|one| one.accepted.as_ref());
    found.extend(accepted.map(|accepted| accepted.value.approver.value.clone()));
    found.retain(|name| !is_role(kit, name));
    found
}

/// Returns the words of a name by which somebody would be known: capitalised, and not too short.
fn parts(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'');
    words.filter(|word| word.chars().count() >= 3 && word.starts_with(char::is_uppercase)).map(str::to_owned).collect()
}

/// Returns what people wrote that an audience must not see.
fn own_words(assessment: &Assessment, audience: Audience) -> Vec<(&str, &'static str)> {
    let mut found: Vec<(&str, &'static str)> = Vec::new();
    let is_public = audience == Audience::Public;
    for answer in with_versions(assessment) {
        found.extend(answer.note.iter().map(|note| (note.as_str(), "a note")));
        found.extend(answer.evidence.iter().filter_map(|one| one.link.as_deref()).map(|link| (link, "a link to evidence")));
        found.extend(answer.minority.iter().filter_map(|one| one.note.as_deref()).map(|note| (note, "what somebody said")));
        match &answer.response {
            Response::DontKnow { note: Some(note), .. } | Response::Parked { note: Some(note) } => found.push((note, "a note")),
            Response::NotApplicable { note: Some(note), .. } if is_public => found.push((note, "a note")),
            Response::Text(text) if is_public => found.push((text, "an answer in the customer's words")),
            _ => {}
        }
        if is_public {
            found.extend(answer.evidence.iter().filter_map(|one| one.title.as_deref()).map(|title| (title, "evidence")));
        }
    }
    let Registers { decisions, risks, backlog, frozen_on: _, sources: _ } = &assessment.registers;
    for (_, _, story) in backlog.stories() {
        let said = [&story.title, &story.as_a, &story.i_want, &story.so_that, &story.reason].into_iter().flatten();
        found.extend(said.chain(story.acceptance.0.iter().map(|text| &text.value)).map(|text| (text.as_str(), "a story")));
    }
    for one in decisions {
        let said = [Some(&one.title), one.statement.as_ref()].into_iter().flatten().map(|text| &text.value);
        let texts = said.chain(&one.context).chain(&one.rationale).chain(one.consequences.0.iter().map(|text| &text.value));
        found.extend(texts.map(|text| (text.as_str(), "a decision")));
    }
    for one in risks {
        let said = [Some(&one.title), one.statement.as_ref(), one.cause.as_ref()].into_iter().flatten().map(|text| &text.value);
        found.extend(said.chain(&one.impact).chain(&one.mitigation).map(|text| (text.as_str(), "an entry of the RAID log")));
    }
    let Planning { capabilities, practices } = &assessment.planning;
    let notes = capabilities.values().filter_map(|one| one.note.as_deref());
    let notes = notes.chain(practices.values().filter_map(|one| one.note.as_deref()));
    let accepted = practices.values().filter_map(|one| one.accepted.as_ref()?.value.note.as_deref());
    found.extend(notes.chain(accepted).map(|note| (note, "a note of the plan")));
    if is_public {
        found.extend(assessment.file.scope.as_deref().map(|scope| (scope, "the scope")));
        for scope in &assessment.scopes {
            found.extend(scope.rationale.as_deref().map(|text| (text, "the rationale of a target")));
            found.extend(scope.note.as_deref().map(|text| (text, "why a capability is left out")));
        }
    }
    found
}

/// Returns the text of a kit as its author wrote it, without what the owner of the workspace laid over it.
fn kit_text(kit: &Kit) -> String {
    let mut text = kit.source.text.clone();
    for source in kit.capabilities.iter().map(|one| &one.source).chain(kit.engagement.iter().map(|one| &one.source)) {
        text.push('\n');
        text.push_str(&source.text);
    }
    text
}

/// Returns the words of a kit in lower case. Who bears one of them as a name cannot be told from the word.
fn words_of(kit: &Kit) -> BTreeSet<String> {
    let text = kit_text(kit);
    text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'').map(str::to_lowercase).collect()
}
