//! What everybody said, as text and as JSON.

use crate::assessment::reconcile::{Asking, Respondent, Spread, Verdict, Voice};
use crate::assessment::visibility::{Hidden, Standing};
use crate::assessment::{Answer, Instance, Plain, Response};
use crate::diagnostic::render::tame as tamed;
use crate::kit::Kit;
use crate::scoring::wording::{count, stated};
use crate::workspace::Loaded;
use serde_json::{Value, json};
use std::fmt::Write;

/// Returns text that cannot write to the terminal.
pub(super) fn tame(text: &str) -> String {
    tamed(text.trim_end())
}

/// Returns everything as text: what all agree on, what differs, what waits, what is settled and what is open.
pub(super) fn text(loaded: &Loaded, respondents: &[Respondent], askings: &[Asking<'_>]) -> String {
    let kit = &loaded.kit;
    let mut text = String::new();
    if respondents.is_empty() && askings.iter().any(Asking::is_in_conflict) {
        text.push_str("Nobody has answered on their own; what differs came together in a merge of two branches.\n");
    } else if respondents.is_empty() {
        text.push_str("Nobody has answered on their own yet: `opsready answer QUESTION --respondent ID …` records what one person says.\n");
    } else {
        let names: Vec<&str> = respondents.iter().map(|one| kit.role_title(one.id.as_str())).collect();
        let _ = writeln!(text, "Respondents: {}", names.join(", "));
    }
    let asked = |asking: &&Asking<'_>| asking.is_asked();
    let of = |verdict: Verdict| askings.iter().filter(asked).filter(move |asking| asking.verdict == verdict && !asking.is_to_decide());
    section(&mut text, kit, "All who answered agree", of(Verdict::Agree).collect());
    section(&mut text, kit, "To decide", askings.iter().filter(|asking| asking.is_to_decide()).collect());
    section(&mut text, kit, "One alone answered", of(Verdict::Single).collect());
    section(&mut text, kit, "Answered, and not asked as things stand", askings.iter().filter(|asking| !asking.is_asked()).collect());
    let settled: Vec<&Asking<'_>> = of(Verdict::Settled).collect();
    if !settled.is_empty() {
        let _ = writeln!(text, "\nSettled ({})", settled.len());
        for asking in settled {
            let answer = asking.entry.expect("what is settled has an answer");
            let _ = writeln!(
                text,
                "  {}  {}{}",
                asking.instance.key(kit),
                tame(&stated(kit, asking.instance, &answer.response)),
                by(kit, answer)
            );
        }
    }
    let open: Vec<&Asking<'_>> = of(Verdict::Open).collect();
    let with_word: Vec<&Asking<'_>> = open.iter().copied().filter(|asking| !asking.others.is_empty()).collect();
    let silent = open.len() - with_word.len();
    section(&mut text, kit, "Nobody knew yet", with_word);
    if silent > 0 {
        let _ = writeln!(text, "\nOpen: {} to which nobody said anything.", count(silent, "question"));
    }
    ignored(&mut text, kit, respondents);
    next(&mut text, askings);
    text
}

fn section(text: &mut String, kit: &Kit, title: &str, askings: Vec<&Asking<'_>>) {
    if askings.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title} ({})", askings.len());
    for one in askings {
        text.push_str(&asking(kit, one));
    }
}

/// Returns an asking with every voice.
pub(super) fn asking(kit: &Kit, asking: &Asking<'_>) -> String {
    let instance = asking.instance;
    let mut text = format!("  {}  {}\n", instance.key(kit), kit.question_file(instance.question).ask.value.trim());
    match asking.standing {
        Standing::Visible => {}
        Standing::Hidden(Hidden::Open) => text.push_str("    It is asked once the questions that it hangs on are agreed so.\n"),
        Standing::Hidden(_) => text.push_str("    What is agreed rules it out.\n"),
    }
    if let Some(agreed) = asking.agreed() {
        let _ = writeln!(text, "    agreed so far: {}{}", labelled(kit, instance, &agreed.response), by(kit, agreed));
    }
    if asking.is_in_conflict() {
        text.push_str("    A merge brought these together; none counts until one is taken.\n");
    }
    if let Some(spread) = spread(kit, asking) {
        let _ = writeln!(text, "    {spread}");
    }
    for (index, side) in asking.sides.iter().enumerate() {
        let _ = writeln!(text, "    {}. {} ({})", index + 1, labelled(kit, instance, side.response), count(side.voices.len(), "voice"));
        side.voices.iter().for_each(|one| text.push_str(&voice(kit, one, "")));
    }
    for one in &asking.others {
        let state = one.answer.response.state();
        text.push_str(&voice(kit, one, &format!(" ({})", state.title())));
    }
    text
}

fn voice(kit: &Kit, voice: &Voice<'_>, state: &str) -> String {
    let others: Vec<&str> = voice.answer.by.iter().filter(|by| *by != voice.by).map(|by| kit.role_title(by)).collect();
    let others = if others.is_empty() { String::new() } else { format!(" with {}", others.join(", ")) };
    let note = voice.note().map(|note| format!(": {}", tame(&note).replace('\n', "\n         "))).unwrap_or_default();
    let on = voice.answer.answered_on.filter(|_| voice.is_merged).map(|date| format!(", {date}")).unwrap_or_default();
    format!("       {}{others}{on}{state}{note}\n", tame(voice.title(kit)))
}

/// Returns who gave an answer, in brackets behind a space.
fn by(kit: &Kit, answer: &Answer) -> String {
    let names: Vec<&str> = answer.by.iter().map(|by| kit.role_title(by)).collect();
    if names.is_empty() { String::new() } else { format!(" ({})", tame(&names.join(", "))) }
}

/// Returns an answer as a facilitator needs it: with the id to type, where it has one.
fn labelled(kit: &Kit, instance: Instance, response: &Response) -> String {
    let said = tame(&stated(kit, instance, response)).replace('\n', " ");
    match response {
        Response::Choices { chosen, .. } if !chosen.is_empty() => format!("{}: {said}", ids(kit, instance, chosen).join(",")),
        _ => said,
    }
}

fn ids(kit: &Kit, instance: Instance, places: &[usize]) -> Vec<String> {
    places.iter().map(|place| kit.question(instance.question).options[*place].id.clone()).collect()
}

/// Returns how far the answers are apart, in words.
fn spread(kit: &Kit, asking: &Asking<'_>) -> Option<String> {
    let id = |place: usize| ids(kit, asking.instance, &[place]).concat();
    match asking.spread? {
        Spread::Rungs(low, high) => Some(format!("from {} to {}, {} apart", id(low), id(high), count(high - low, "rung"))),
        Spread::Numbers(low, high) => Some(format!("from {} to {}, {} apart", Plain(low), Plain(high), Plain(rounded(high - low)))),
        Spread::Dates(low, high) => Some(format!("from {low} to {high}")),
    }
}

/// Returns a difference without the noise of binary fractions.
fn rounded(number: f64) -> f64 {
    let scaled = (number * 1e6).round() / 1e6;
    if scaled.is_finite() { scaled } else { number }
}

fn ignored(text: &mut String, kit: &Kit, respondents: &[Respondent]) {
    let keys = respondents.iter().flat_map(|one| one.assessment.ignored.keys().map(move |key| (key, kit.role_title(one.id.as_str()))));
    let keys: Vec<String> = keys.map(|(key, who)| format!("{key} ({who})")).collect();
    if !keys.is_empty() {
        let _ = writeln!(text, "\nKept and ignored, since out of scope: {}", keys.join(", "));
    }
}

fn next(text: &mut String, askings: &[Asking<'_>]) {
    if askings.iter().any(|asking| asking.to_take(2).is_some()) {
        text.push_str("\nNext: `opsready reconcile --take-agreed` takes over what all agree on.\n");
    } else if askings.iter().any(Asking::is_to_decide) {
        text.push_str("\nNext: `opsready reconcile --interactive` goes through what is to decide.\n");
    }
}

/// Returns everything as JSON.
pub(super) fn json(loaded: &Loaded, respondents: &[Respondent], askings: &[Asking<'_>]) -> Value {
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let ignored: Vec<Value> = (respondents.iter())
        .flat_map(|one| one.assessment.ignored.keys().map(move |key| json!({"by": one.id.as_str(), "key": key})))
        .collect();
    json!({
        "schema": "opsready/reconciliation/v1",
        "assessment": assessment.file.id.as_str(),
        "respondents": respondents.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        "questions": askings.iter().map(|asking| asking_json(kit, asking)).collect::<Vec<_>>(),
        "ignored": ignored,
    })
}

fn asking_json(kit: &Kit, asking: &Asking<'_>) -> Value {
    let instance = asking.instance;
    let spread = asking.spread.map(|spread| match spread {
        Spread::Rungs(low, high) => json!({"lowest": ids(kit, instance, &[low])[0], "highest": ids(kit, instance, &[high])[0]}),
        Spread::Numbers(low, high) => json!({"lowest": low, "highest": high}),
        Spread::Dates(low, high) => json!({"lowest": low.to_string(), "highest": high.to_string()}),
    });
    let responses: Vec<Value> = (asking.sides.iter())
        .map(|side| {
            let mut value = response_json(kit, instance, side.response);
            value["count"] = json!(side.voices.len());
            value["voices"] = side.voices.iter().map(voice_json).collect();
            value
        })
        .collect();
    json!({
        "key": instance.key(kit),
        "question": kit.question(instance.question).id,
        "environment": instance.environment.map(|environment| kit.environment_id(environment)),
        "capability": kit.capability_id(kit.question(instance.question).capability),
        "verdict": asking.verdict,
        "asked": asking.is_asked(),
        "contested": asking.is_contested(),
        "conflict": asking.is_in_conflict(),
        "spread": spread,
        "agreed": asking.agreed().map(|answer| {
            let mut value = response_json(kit, instance, &answer.response);
            value["by"] = json!(answer.by);
            value
        }),
        "responses": responses,
        "without_answer": asking.others.iter().map(voice_json).collect::<Vec<_>>(),
    })
}

fn voice_json(voice: &Voice<'_>) -> Value {
    json!({"by": voice.by, "merged": voice.is_merged, "with": voice.answer.by.iter().filter(|by| *by != voice.by).collect::<Vec<_>>(),
           "state": voice.answer.response.state(), "note": voice.note(),
           "answered_on": voice.answer.answered_on.map(|date| date.to_string())})
}

fn response_json(kit: &Kit, instance: Instance, response: &Response) -> Value {
    let label = stated(kit, instance, response);
    match response {
        Response::Choices { chosen, not_applicable } if not_applicable.is_empty() => {
            json!({"choose": ids(kit, instance, chosen), "label": label})
        }
        Response::Choices { chosen, not_applicable } => {
            let left_out = ids(kit, instance, not_applicable);
            json!({"choose": ids(kit, instance, chosen), "not_applicable_choices": left_out, "label": label})
        }
        Response::Number(number, _) => json!({"number": number, "label": label}),
        Response::Text(text) => json!({"text": text, "label": label}),
        Response::Date(date) => json!({"date": date.to_string(), "label": label}),
        Response::NotApplicable { reason, .. } => json!({"not_applicable": reason, "label": label}),
        _ => json!({"label": label}),
    }
}
