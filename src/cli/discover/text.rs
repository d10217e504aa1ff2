//! What discovery says, on the screen and line by line: the parts of a question, of an answer, of what an answer did.

use super::session::{Saved, Session};
use crate::assessment::{Instance, Plain, Response, State};
use crate::diagnostic::render::tame;
use crate::document::escape::reflowed;
use crate::kit::format::QuestionType;
use crate::scoring::wording::{count, percent, said};
use std::fmt::Write;

/// How a line looks. Nothing is told by this alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    /// As text.
    #[default]
    Plain,
    /// Stands out.
    Strong,
    /// Steps back.
    Faint,
    /// Is chosen.
    Chosen,
    /// Wants attention.
    Alarm,
}

/// A line of a screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) look: Look,
}

impl Line {
    pub(super) fn new(text: impl Into<String>, look: Look) -> Self {
        Self { text: text.into(), look }
    }
}

/// Returns how text is wrapped: between words, so that dates, ids and commands stay whole.
pub(super) fn unhyphenated<'o>(width: usize) -> textwrap::Options<'o> {
    textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// Wraps text to a width, each line after the first indented to stand under its text.
pub(super) fn wrapped(first: &str, text: &str, width: usize, look: Look) -> Vec<Line> {
    let indent = " ".repeat(unicode_width::UnicodeWidthStr::width(first).min(width / 2));
    let options = unhyphenated(width.max(10)).initial_indent(first).subsequent_indent(&indent);
    let mut lines = Vec::new();
    for (index, paragraph) in tame(text).lines().enumerate() {
        let start = if index == 0 { first } else { &indent };
        let of_paragraph = options.clone().initial_indent(start);
        lines.extend(textwrap::wrap(paragraph.trim_end(), of_paragraph).into_iter().map(|line| Line::new(line.trim_end(), look)));
    }
    if lines.is_empty() {
        lines.push(Line::new(first.trim_end(), look));
    }
    lines
}

/// Returns where one is: "Tag management 5 of 14, 62 % of the workshop".
pub(super) fn position(session: &Session) -> String {
    let progress = session.journey.progress(session.kit(), session.assessment(), &session.visibility);
    let title = session.journey.current().map(|instance| {
        let capability = session.kit().question(instance.question).capability;
        session.kit().capability(capability).file.title.value.clone()
    });
    let share = if progress.visible == 0 { 1.0 } else { progress.resolved as f64 / progress.visible as f64 };
    let of_all = format!("{} of the workshop", percent(share));
    title.map_or_else(|| of_all.clone(), |title| format!("{title} {} of {}, {of_all}", progress.number, progress.of))
}

/// Returns the environment in which a question is asked.
pub(super) fn environment(session: &Session, instance: Instance) -> String {
    instance.environment.map_or_else(|| "Whole organisation".to_owned(), |ix| session.kit().environment_title(ix).to_owned())
}

/// Returns how a question is answered.
pub(super) fn how_to_answer(session: &Session, instance: Instance) -> String {
    let file = session.kit().question_file(instance.question);
    let unit = file.unit.as_deref().map(|unit| format!(" in {unit}")).unwrap_or_default();
    let limits = match (file.min.as_ref(), file.max.as_ref()) {
        (Some(min), Some(max)) => format!(", {} to {}", Plain(min.value), Plain(max.value)),
        (Some(min), None) => format!(", {} or more", Plain(min.value)),
        (None, Some(max)) => format!(", {} at most", Plain(max.value)),
        (None, None) => String::new(),
    };
    match session.kit().question(instance.question).kind {
        QuestionType::Single | QuestionType::YesNo => "One of these:".to_owned(),
        QuestionType::Ladder => "The last of these that holds; each holds only with those before it:".to_owned(),
        QuestionType::Multi => "All that hold:".to_owned(),
        QuestionType::Number => format!("A number{unit}{limits}"),
        QuestionType::Text => "A text".to_owned(),
        QuestionType::Date => "A date, as 2026-11-20".to_owned(),
    }
}

/// Returns the answer that is there, and what stands beside it.
pub(super) fn standing_answer(session: &Session, instance: Instance) -> Vec<String> {
    let Some(answer) = session.assessment().answer(instance) else { return elsewhere(session, instance) };
    let role = |id: &String| session.kit().role_title(id).to_owned();
    let mut lines = vec![match &answer.response {
        // What is chosen is marked among the choices.
        Response::Choices { chosen, .. } if !chosen.is_empty() => String::new(),
        Response::Unanswered => "Not answered".to_owned(),
        Response::DontKnow { owner, due, note } => {
            let owner = owner.as_ref().map(|owner| format!(", {} finds out", role(owner))).unwrap_or_default();
            let due = due.map(|due| format!(" by {due}")).unwrap_or_default();
            let note = note.as_ref().map(|note| format!(": {}", reflowed(note))).unwrap_or_default();
            format!("Nobody knows{owner}{due}{note}")
        }
        Response::NotApplicable { reason, note } => {
            let note = note.as_ref().map(|note| format!(": {}", reflowed(note))).unwrap_or_default();
            format!("Does not apply, {}{note}", reason.title())
        }
        Response::Parked { note } => format!("Parked{}", note.as_ref().map(|note| format!(": {}", reflowed(note))).unwrap_or_default()),
        response => format!("Answered: {}", said(session.kit(), instance, response)),
    }];
    lines.retain(|line| !line.is_empty());
    if let Some(again) = &answer.ask_again {
        lines.insert(0, format!("Asked again since {}: {}. What stands here was said before.", again.since, again.because.title()));
    }
    lines.extend(answer.note.as_ref().map(|note| format!("Note: {}", reflowed(note))));
    let evidence = answer.evidence.iter().filter_map(|one| one.title.clone().or_else(|| one.link.clone()));
    let evidence: Vec<String> = evidence.collect();
    if !evidence.is_empty() {
        lines.push(format!("Evidence: {}", evidence.join("; ")));
    }
    if !answer.by.is_empty() {
        lines.push(format!("Said by: {}", answer.by.iter().map(role).collect::<Vec<_>>().join(", ")));
    }
    lines
}

/// Returns what was answered to the same question in other environments, while it has no answer here.
fn elsewhere(session: &Session, instance: Instance) -> Vec<String> {
    let others = session.assessment().instances(session.kit(), instance.question).into_iter().filter(|other| *other != instance);
    let said_there = |other: Instance| {
        let answer = session.assessment().answer(other)?;
        let words = said(session.kit(), other, &answer.response);
        let words = if words.is_empty() { answer.response.state().title().to_owned() } else { words };
        Some(format!("{}: {words}", environment(session, other)))
    };
    others.filter_map(said_there).collect()
}

/// Returns one mark for the state of an asking, with a word beside it where there is room.
pub(super) fn mark(state: State) -> &'static str {
    match state {
        State::Answered => "x",
        State::Unanswered => " ",
        State::DontKnow => "?",
        State::NotApplicable => "-",
        State::Parked => "p",
    }
}

/// Returns what an answer did: to the score, to a gap, to other questions.
pub(super) fn outcome(session: &Session, saved: &Saved) -> Vec<String> {
    let kit = session.kit();
    let question = kit.question(saved.instance.question);
    let capability = &kit.capability(question.capability).file.title;
    let target = session.assessment().scope(question.capability).target;
    let feedback = &saved.feedback;
    let state = session.assessment().state(saved.instance).title();
    let mut lines = Vec::new();
    let mut first = format!("Saved {}: {state}.", saved.instance.key(kit));
    if let (Some((before, after)), Some((old, new))) = (feedback.score, feedback.level) {
        let place = kit.environment_title(feedback.environment);
        let score = if (before - after).abs() < 0.005 { format!("{after:.2} as before") } else { format!("{before:.2} to {after:.2}") };
        let level = if old == new { format!("level {new}") } else { format!("level {old} to {new}") };
        let _ = write!(first, " {capability}, {place}: score {score}, {level} of {target}.");
    }
    lines.push(first);
    for ix in &feedback.closed {
        lines.push(format!("In place: {}.", kit.practice_file(*ix).title.value));
    }
    if let Some(ix) = feedback.gap {
        let file = kit.practice_file(ix);
        let statement = file.statement.as_ref().map(|text| format!(" {}", text.value.split_whitespace().collect::<Vec<_>>().join(" ")));
        lines.push(format!("Gap: {} (risk {}).{}", file.title.value, kit.practice(ix).risk, statement.unwrap_or_default()));
    }
    let keys = |instances: &[Instance]| instances.iter().map(|instance| instance.key(kit)).collect::<Vec<_>>().join(", ");
    let effect = &saved.effect;
    if !effect.set_aside.is_empty() {
        let answers = count(effect.set_aside.len(), "answer");
        lines.push(format!("Set aside, kept for when they are asked again: {answers} ({}).", keys(&effect.set_aside)));
    }
    if !effect.restored.is_empty() {
        lines.push(format!("Asked again, with the answer they had: {}.", keys(&effect.restored)));
    }
    let others = |instances: &[Instance], what: &str| format!("{what}: {}.", count(instances.len(), "question"));
    if !effect.added.is_empty() {
        lines.push(others(&effect.added, "Asked now as well"));
    }
    if !effect.dropped.is_empty() {
        lines.push(others(&effect.dropped, "No longer asked"));
    }
    lines
}

/// Returns what stands behind a question: why it is asked, and what the design asks for where it looks.
pub(super) fn design(session: &Session, instance: Instance) -> Vec<(String, String)> {
    let kit = session.kit();
    let question = kit.question(instance.question);
    let environment = instance.environment.unwrap_or(session.assessment().target_environment);
    let credits = question.credits.iter();
    let practice = |ix: &crate::kit::PracticeIx| {
        let (practice, file) = (kit.practice(*ix), kit.practice_file(*ix));
        let credit = session.card.practice(*ix, environment).and_then(|score| score.credit);
        let credit = credit.map(|credit| format!(", {} in place", crate::scoring::wording::percent_between(credit))).unwrap_or_default();
        let title = format!("{} (level {}, risk {}{credit})", file.title.value, practice.level, practice.risk);
        let text = [&file.statement, &file.rationale].into_iter().flatten().map(|text| text.value.clone()).collect::<Vec<_>>().join(" ");
        (title, text)
    };
    let file = kit.question_file(instance.question);
    let mut parts: Vec<(String, String)> = file.why.iter().map(|why| ("Why we ask".to_owned(), why.value.clone())).collect();
    let roles: Vec<&str> = file.roles.iter().map(|role| kit.role_title(role.as_str())).collect();
    if !roles.is_empty() {
        parts.push(("Whom to ask".to_owned(), roles.join(", ")));
    }
    parts.extend(file.evidence.iter().map(|evidence| ("Evidence to ask for".to_owned(), evidence.value.clone())));
    parts.extend(credits.map(practice));
    // What was wrapped in its file is wrapped anew.
    parts.into_iter().map(|(title, text)| (title, text.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
}

/// The commands, which are the same for every kind of question: key, name, what it does.
pub(super) const COMMANDS: &[(char, &str, &str)] = &[
    ('b', "back", "the question before"),
    ('s', "skip", "go on and leave this one as it is"),
    ('p', "park", "put it off, with what for"),
    ('d', "dont-know", "nobody knows: who finds out, by when"),
    ('x', "not-applicable", "it does not apply, with the reason"),
    ('n', "note", "what was said beyond the answer"),
    ('e', "evidence", "what shows that it is true: a title, a link, or both"),
    ('w', "who", "who said it, by role"),
    ('c', "clear", "take the answer away"),
    ('g', "design", "why we ask, whom, and what good looks like: the practices behind the question"),
    ('r', "review", "every question with its answer, to go to any of them"),
    ('j', "jump", "go to a question or capability by name"),
    ('o', "open", "the next question that is open"),
    ('q', "quit", "stop; everything is saved"),
];
