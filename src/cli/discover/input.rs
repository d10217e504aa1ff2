//! What the user typed, and what it means; the same on the screen and line by line.

use super::session::Session;
use crate::assessment::Instance;
use crate::assessment::change::Deed;
use crate::assessment::format::Reason;
use crate::diagnostic::did_you_mean;
use crate::kit::format::QuestionType;
use crate::yaml::record::{Date, list};

/// Reads a typed answer to a question that is answered by typing.
pub(super) fn typed_answer(kind: QuestionType, text: &str) -> Result<Deed, String> {
    let text = text.trim();
    match kind {
        QuestionType::Number => number(text).map(Deed::Number).ok_or_else(|| format!("`{text}` is not a number")),
        QuestionType::Date => Date::parse(text).map(Deed::Date).ok_or_else(|| format!("`{text}` is not a date; write it as 2026-11-20")),
        _ if text.is_empty() => Err("the text is empty; `c` takes an answer away".to_owned()),
        _ => Ok(Deed::Text(text.to_owned())),
    }
}

/// Reads a number as people write it: with a point or one comma, with a unit or a percent sign behind it.
fn number(text: &str) -> Option<f64> {
    let text = text.trim_end_matches('%').trim();
    let text = if text.matches(',').count() == 1 && !text.contains('.') { text.replace(',', ".") } else { text.to_owned() };
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Reads the numbers of choices: "2", "1 3", "1,3". Returns their ids.
pub(super) fn typed_choices(session: &Session, instance: Instance, text: &str) -> Result<Vec<String>, String> {
    let question = session.kit().question(instance.question);
    let mut chosen: Vec<String> = Vec::new();
    for word in text.split([',', ' ', ';']).filter(|word| !word.is_empty()) {
        let by_number = word.parse::<usize>().ok().and_then(|number| question.options.get(number.checked_sub(1)?));
        let option = by_number.or_else(|| question.options.iter().find(|option| option.id == word));
        let Some(option) = option else {
            return Err(format!("`{word}` is no choice; they are 1 to {}", question.options.len()));
        };
        if !chosen.contains(&option.id) {
            chosen.push(option.id.clone());
        }
    }
    if question.kind != QuestionType::Multi && chosen.len() > 1 {
        return Err("choose one".to_owned());
    }
    let none = |id: &String| question.options.iter().any(|option| option.id == *id && option.is_none);
    if chosen.len() > 1 && chosen.iter().any(none) {
        return Err("\u{201c}none of these\u{201d} goes with no other".to_owned());
    }
    Ok(chosen)
}

/// Reads who finds something out: a role by id, by title, or by the beginning of either.
pub(super) fn role(session: &Session, text: &str) -> Result<String, String> {
    let text = text.trim();
    let roles = &session.kit().file.roles;
    let lower = text.to_lowercase();
    let is = |candidate: &str| candidate.to_lowercase() == lower;
    if let Some(role) = roles.iter().find(|role| is(role.id.as_str()) || is(&role.title)) {
        return Ok(role.id.as_str().to_owned());
    }
    let begins = |candidate: &str| candidate.to_lowercase().starts_with(&lower);
    let found: Vec<&str> =
        roles.iter().filter(|role| begins(role.id.as_str()) || begins(&role.title)).map(|role| role.id.as_str()).collect();
    match found.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] if roles.is_empty() => Ok(text.to_owned()),
        [] => {
            let help = did_you_mean(text, roles.iter().map(|role| role.id.as_str()));
            Err(help.map_or_else(|| format!("there is no role `{text}`"), |help| format!("there is no role `{text}`; {help}")))
        }
        several => Err(format!("`{text}` may be {}", list(several))),
    }
}

/// Reads roles, separated by commas.
pub(super) fn roles(session: &Session, text: &str) -> Result<Vec<String>, String> {
    text.split([',', ';']).map(str::trim).filter(|word| !word.is_empty()).map(|word| role(session, word)).collect()
}

/// Reads "who, by when": a role and a date, each of which may be left out.
pub(super) fn owner_and_due(session: &Session, text: &str) -> Result<(Option<String>, Option<Date>), String> {
    let (mut owner, mut due) = (None, None);
    for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let part = part.trim_start_matches("by ").trim();
        if part.starts_with(|c: char| c.is_ascii_digit()) {
            due = Some(Date::parse(part).ok_or_else(|| format!("`{part}` is not a date; write it as 2026-11-20"))?);
        } else {
            owner = Some(role(session, part)?);
        }
    }
    Ok((owner, due))
}

/// Reads "reason: note", the reason by number or word.
pub(super) fn reason(text: &str) -> Result<(Reason, Option<String>), String> {
    let text = text.trim();
    let (word, note) = text.split_once([':', ' ']).unwrap_or((text, ""));
    let by_number = word.parse::<usize>().ok().and_then(|number| Reason::ALL.get(number.checked_sub(1)?).copied());
    let found = by_number.or_else(|| Reason::from_word(word)).or_else(|| {
        let mut begins = Reason::ALL.iter().filter(|reason| !word.is_empty() && reason.word().starts_with(&word.to_lowercase()));
        begins.next().copied().filter(|_| begins.next().is_none())
    });
    let note = note.trim_start_matches(':').trim();
    let Some(reason) = found else {
        let words: Vec<&str> = Reason::ALL.iter().map(|reason| reason.word()).collect();
        return Err(format!("begin with a reason: {}", list(&words)));
    };
    Ok((reason, Some(note.to_owned()).filter(|note| !note.is_empty())))
}

/// Reads evidence: a title, a link, or a title with a link behind it.
pub(super) fn evidence(text: &str) -> Result<Deed, String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (title, link) = match text.rsplit_once(' ') {
        Some((title, link)) if link.contains("://") => (title.to_owned(), Some(link.to_owned())),
        _ if text.contains("://") => (String::new(), Some(text.clone())),
        _ => (text.clone(), None),
    };
    let title = Some(title).filter(|title| !title.is_empty());
    if title.is_none() && link.is_none() { Err("nothing was typed".to_owned()) } else { Ok(Deed::Evidence(title, link)) }
}

/// Finds the question that is meant: by key, by id, by the name of a capability, or by a part of any of them.
pub(super) fn target(session: &Session, text: &str) -> Result<Instance, String> {
    let text = text.trim().to_lowercase();
    let kit = session.kit();
    let visible: Vec<Instance> = session.journey.visible(&session.visibility).collect();
    let key = |instance: &Instance| instance.key(kit).to_lowercase();
    let capability = |instance: &Instance| &kit.capability(kit.question(instance.question).capability).file;
    let ways: [&dyn Fn(&Instance) -> bool; 4] = [
        &|instance| key(instance) == text || kit.question(instance.question).id.to_lowercase() == text,
        &|instance| capability(instance).id.as_str().to_lowercase() == text || capability(instance).title.to_lowercase() == text,
        &|instance| key(instance).contains(&text) || capability(instance).title.to_lowercase().contains(&text),
        &|instance| kit.question_file(instance.question).ask.to_lowercase().contains(&text),
    ];
    let found = ways.iter().find_map(|way| visible.iter().copied().find(|instance| way(instance)));
    if text.is_empty() {
        return Err("type a part of a question or capability".to_owned());
    }
    found.ok_or_else(|| {
        let known: Vec<String> = visible.iter().map(|instance| instance.key(kit)).collect();
        let help = did_you_mean(&text, known.iter().map(String::as_str)).map(|help| format!("; {help}")).unwrap_or_default();
        format!("no question that is asked has `{text}` in its name{help}")
    })
}
