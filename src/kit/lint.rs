//! What is poor in a kit that can be used: everything that needs no enumeration of answers.
//!
//! [`read`](super::read) refuses what would make the arithmetic wrong; this looks at a kit that passed it. All findings are
//! warnings.

use super::format::QuestionType;
use super::{CapabilityIx, Kit, PracticeIx, Question, QuestionIx};
use crate::diagnostic::{Code, Diagnostic, Location, Span, sort};
use crate::yaml::record::{At, Id, list};
use pulldown_cmark::{Event, Options, Parser, Tag};
use std::collections::{HashMap, HashSet};

/// Returns the findings, sorted by place.
pub fn lint(kit: &Kit) -> Vec<Diagnostic> {
    let mut linter = Linter { kit, findings: Vec::new() };
    for capability in kit.capability_indices() {
        linter.levels(capability);
        linter.texts(capability);
        for question in kit.questions_of(capability) {
            linter.question(question);
        }
        for practice in kit.practices_of(capability) {
            linter.practice(practice);
        }
    }
    linter.earlier_ids();
    sort(&mut linter.findings);
    linter.findings
}

/// Something with an id and earlier ones.
struct Named<'k> {
    kind: &'static str,
    /// Within what the id is unique; empty where that is the kit.
    scope: &'k str,
    id: At<Id>,
    formerly: &'k [Id],
    capability: CapabilityIx,
}

struct Linter<'k> {
    kit: &'k Kit,
    findings: Vec<Diagnostic>,
}

impl Linter<'_> {
    fn warn(&mut self, code: Code, capability: CapabilityIx, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let location = self.kit.at(capability, span);
        self.findings.push(Diagnostic::warning(code, location, message));
        self.findings.last_mut().expect("one was just pushed")
    }

    /// Warns where an earlier id is still in use, or is claimed by things of two kinds.
    fn earlier_ids(&mut self) {
        let kit = self.kit;
        let mut all: Vec<Named<'_>> = Vec::new();
        for ix in kit.capability_indices() {
            let file = &kit.capability(ix).file;
            let mut add = |kind, scope, id: &At<Id>, formerly| all.push(Named { kind, scope, id: id.clone(), formerly, capability: ix });
            add("capability", "", &file.id, file.formerly.as_slice());
            for question in file.discovery.iter().flat_map(|discovery| &discovery.questions) {
                add("question", "", &question.id, &question.formerly);
                let scope = question.id.as_str();
                question.choices.iter().for_each(|one| add("choice", scope, &one.id, &one.formerly));
                question.bands.iter().for_each(|one| add("band", scope, &one.id, &one.formerly));
            }
            let scope = file.id.as_str();
            if let Some(design) = &file.design {
                design.practices.iter().for_each(|one| add("practice", "", &one.id, &one.formerly));
                design.decisions.iter().for_each(|one| add("decision", scope, &one.id, &one.formerly));
                design.runbooks.iter().for_each(|one| add("runbook", scope, &one.id, &one.formerly));
                design.kpis.iter().for_each(|one| add("KPI", scope, &one.id, &one.formerly));
                design.tools.iter().for_each(|one| add("tool", scope, &one.id, &one.formerly));
            }
            file.stories.iter().for_each(|one| add("story", "", &one.id, &one.formerly));
        }
        self.in_kit_file();
        let is_there: HashSet<(&str, &str, &str)> = all.iter().map(|one| (one.kind, one.scope, one.id.as_str())).collect();
        let mut claims: HashMap<&str, &Named<'_>> = HashMap::new();
        for one in &all {
            for earlier in one.formerly {
                if is_there.contains(&(one.kind, one.scope, earlier.as_str())) {
                    let message = format!("the {} `{}` names `{earlier}` as an earlier id, which is still there", one.kind, one.id);
                    self.warn(Code::DuplicateId, one.capability, one.id.span, message).help =
                        Some("take it out of `formerly`: answers stay with the id that is there".to_owned());
                }
                if !matches!(one.kind, "question" | "practice" | "story" | "capability") {
                    continue;
                }
                let first = *claims.entry(earlier.as_str()).or_insert(one);
                if first.kind != one.kind && first.id.value != one.id.value {
                    let message =
                        format!("`{earlier}` is an earlier id of the {} `{}` and of the {} `{}`", first.kind, first.id, one.kind, one.id);
                    self.warn(Code::DuplicateId, one.capability, one.id.span, message).help =
                        Some("each kind has ids of its own: take it out where it is a slip".to_owned());
                }
            }
        }
    }

    /// Warns where an earlier id in `kit.yaml` is still in use.
    fn in_kit_file(&mut self) {
        let file = &self.kit.file;
        let mut found = Vec::new();
        let mut check = |kind: &str, all: Vec<(&At<Id>, &[Id])>| {
            for (id, formerly) in &all {
                for earlier in formerly.iter().filter(|earlier| all.iter().any(|(other, _)| other.value == **earlier)) {
                    let message = format!("the {kind} `{id}` names `{earlier}` as an earlier id, which is still there");
                    let diagnostic = Diagnostic::warning(Code::DuplicateId, Location::new(&self.kit.source, id.span), message);
                    found.push(diagnostic.help("take it out of `formerly`: what names it stays with the id that is there"));
                }
            }
        };
        check("environment", file.environments.iter().map(|one| (&one.id, one.formerly.as_slice())).collect());
        check("role", file.roles.iter().map(|one| (&one.id, one.formerly.as_slice())).collect());
        check("group", file.groups.iter().map(|one| (&one.id, one.formerly.as_slice())).collect());
        check("wave", file.waves.iter().map(|one| (&one.id, one.formerly.as_slice())).collect());
        check("phase", file.phases.iter().map(|one| (&one.id, one.formerly.as_slice())).collect());
        self.findings.extend(found);
    }

    fn levels(&mut self, ix: CapabilityIx) {
        let kit = self.kit;
        // A capability without any practice is a plain questionnaire, such as an imported lens.
        if kit.practices_of(ix).next().is_none() {
            return;
        }
        let missing: Vec<String> = (kit.base() + 1..=kit.top())
            .filter(|level| !kit.practices_of(ix).any(|practice| kit.practice(practice).level == *level))
            .map(|level| level.to_string())
            .collect();
        if !missing.is_empty() {
            let span = kit.capability(ix).file.id.span;
            let message = format!("no practice is expected at level {}", missing.join(", "));
            self.warn(Code::LevelWithoutPractice, ix, span, message).help =
                Some("a level without practice is attained together with the one below it".to_owned());
        }
    }

    fn practice(&mut self, ix: PracticeIx) {
        let kit = self.kit;
        let (practice, file) = (kit.practice(ix), kit.practice_file(ix));
        let capability = practice.capability;
        if file.references.is_empty() {
            self.warn(Code::PracticeWithoutReference, capability, file.id.span, format!("the practice `{}` cites no page", practice.id));
        }
        for reference in &file.references {
            self.link(capability, &reference.url);
        }
        let has_story =
            kit.capabilities.iter().flat_map(|c| &c.file.stories).any(|story| story.practices.iter().any(|id| id.as_str() == practice.id));
        if !has_story {
            self.warn(
                Code::PracticeWithoutStory,
                capability,
                file.id.span,
                format!("no story brings about the practice `{}`", practice.id),
            );
        }
        self.creditable(ix);
        if let Some(guidance) = &file.guidance {
            self.markdown(capability, guidance);
        }
    }

    /// Warns where a practice cannot reach full credit in an environment in which it applies.
    fn creditable(&mut self, ix: PracticeIx) {
        let kit = self.kit;
        let (practice, file) = (kit.practice(ix), kit.practice_file(ix));
        if practice.asked_by.is_empty() {
            self.warn(
                Code::PracticeNeverCredited,
                practice.capability,
                file.id.span,
                format!("no answer credits the practice `{}`", practice.id),
            )
            .help = Some("name it in the `credits` of a choice".to_owned());
            return;
        }
        for question in &practice.asked_by {
            let most = most_credit(kit.question(*question), ix);
            if most < 1.0 - 1e-9 {
                let asked = &kit.question(*question).id;
                let message = format!("no answer to `{asked}` credits the practice `{}` in full: {most} at most", practice.id);
                let span = kit.question_file(*question).id.span;
                let capability = kit.question(*question).capability;
                self.warn(Code::PracticeNeverCredited, capability, span, message);
            }
        }
        let silent: Vec<&str> = (kit.environment_indices())
            .filter(|e| practice.applies_in(*e) && !practice.asked_by.iter().any(|question| kit.question(*question).counts_in(*e)))
            .map(|e| kit.environment_id(e))
            .collect();
        if !silent.is_empty() {
            let message = format!("no question tells of the practice `{}` in {}", practice.id, list(&silent));
            self.warn(Code::PracticeNeverCredited, practice.capability, file.id.span, message).help =
                Some("name the environments in which the practice applies, or ask about it there".to_owned());
        }
    }

    fn question(&mut self, ix: QuestionIx) {
        let kit = self.kit;
        let (question, file) = (kit.question(ix), kit.question_file(ix));
        let credits_something = !question.credits.is_empty();
        let is_silent = file.informative == Some(true) || !question.risk_rules.is_empty();
        if question.kind == QuestionType::Ladder {
            self.ladder(ix);
        }
        if is_silent || matches!(question.kind, QuestionType::Text | QuestionType::Date) {
            return;
        }
        if !credits_something {
            let used = kit.questions.iter().any(|other| other.named.contains(&ix));
            if !used {
                let message = format!("no answer to `{}` changes anything", question.id);
                self.warn(Code::ChoiceWithoutEffect, question.capability, file.id.span, message).help =
                    Some("let a choice credit a practice, or mark the question `informative: true`".to_owned());
            }
            return;
        }
        let worst = question.options.iter().position(|option| option.credits.is_empty());
        for (index, option) in question.options.iter().enumerate() {
            let is_marked = file.choices.get(index).is_some_and(|choice| choice.informative == Some(true));
            let below =
                if question.kind == QuestionType::Ladder && index > 0 { question.options[index - 1].credits.as_slice() } else { &[] };
            let changes = option.credits.len() != below.len()
                || option.credits.iter().any(|(practice, credit)| !below.contains(&(*practice, *credit)));
            if !changes && Some(index) != worst && !is_marked && !option.is_none && file.choices.get(index).is_some() {
                let span = file.choices[index].id.span;
                let message = format!("the choice `{}` changes nothing", option.id);
                self.warn(Code::ChoiceWithoutEffect, question.capability, span, message).help =
                    Some("credit a practice with it, or mark it `informative: true`".to_owned());
            }
        }
    }

    /// Warns where a rung names less than a rung below it.
    fn ladder(&mut self, ix: QuestionIx) {
        let (question, file) = (self.kit.question(ix), self.kit.question_file(ix));
        for (index, choice) in file.choices.iter().enumerate().skip(1) {
            for (id, credit) in &choice.credits.0 {
                let below = file.choices[..index].iter().flat_map(|lower| &lower.credits.0).filter(|(other, _)| other.value == id.value);
                let most = below.map(|(_, credit)| credit.value).fold(0.0, f64::max);
                if credit.value < most {
                    let message =
                        format!("`{}` credits `{}` with {}, and a rung below it with {most}", choice.id.value, id.value, credit.value);
                    self.warn(Code::LadderFalls, question.capability, credit.span, message).help = Some(
                        "a ladder's choice also has the credits of those before it: leave this one out, or make the question `single`"
                            .to_owned(),
                    );
                }
            }
        }
    }

    fn texts(&mut self, ix: CapabilityIx) {
        let file = &self.kit.capability(ix).file;
        let mut texts: Vec<&At<String>> = vec![&file.title];
        texts.extend(&file.purpose);
        texts.extend(
            file.discovery
                .iter()
                .flat_map(|discovery| &discovery.questions)
                .flat_map(|question| [Some(&question.ask), question.why.as_ref()])
                .flatten(),
        );
        if let Some(design) = &file.design {
            texts.extend(&design.summary);
            texts.extend(&design.sample_state);
            texts.extend(
                design
                    .practices
                    .iter()
                    .flat_map(|practice| [Some(&practice.title), practice.statement.as_ref(), practice.guidance.as_ref()])
                    .flatten(),
            );
        }
        for text in texts {
            if text.trim().is_empty() {
                self.warn(Code::EmptyText, ix, text.span, "this text is empty").help = Some("fill it in, or leave the key out".to_owned());
            }
        }
        for reference in file.design.iter().flat_map(|design| &design.tools).flat_map(|tool| &tool.references) {
            self.link(ix, &reference.url);
        }
        if let Some(design) = &file.design {
            for text in [&design.summary, &design.sample_state].into_iter().flatten() {
                self.markdown(ix, text);
            }
        }
    }

    /// Warns about Markdown that would break the document around it.
    fn markdown(&mut self, capability: CapabilityIx, text: &At<String>) {
        let mut found: HashSet<&'static str> = HashSet::new();
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Heading { .. }) => {
                    found.insert("a heading, which would break the outline of the document: use bold text");
                }
                Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) | Event::Html(_) => {
                    found.insert("HTML, which not every viewer shows: use Markdown, and backticks around `<placeholders>`");
                }
                Event::Start(Tag::Link { dest_url, .. }) if !is_web(&dest_url) => {
                    found.insert("a link that is no web address");
                }
                _ => {}
            }
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable();
        for what in found {
            let (what, help) = what.split_once(": ").unwrap_or((what, "write the whole address"));
            self.warn(Code::BadMarkdown, capability, text.span, format!("this Markdown holds {what}")).help = Some(help.to_owned());
        }
    }

    fn link(&mut self, capability: CapabilityIx, url: &At<String>) {
        if !is_web(url) {
            self.warn(Code::BadLink, capability, url.span, format!("`{}` is no web address", url.value)).help =
                Some("write it with https://".to_owned());
        }
    }
}

fn is_web(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| host.split('/').next().is_some_and(|name| name.contains('.')) && !url.contains(char::is_whitespace))
}

/// Returns the most that an answer to a question can credit a practice with.
fn most_credit(question: &Question, practice: PracticeIx) -> f64 {
    let credits = question.options.iter().map(|option| option.credit(practice));
    if question.kind == QuestionType::Multi {
        // The sum is held against itself where it is less than 1, so that a full checklist is always full credit.
        return if credits.sum::<f64>() > 0.0 { 1.0 } else { 0.0 };
    }
    credits.fold(0.0, f64::max)
}
