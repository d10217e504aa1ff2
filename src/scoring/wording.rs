//! Numbers and answers in words, the same on the terminal and in documents.

use super::{Between, Coverage};
use crate::assessment::{Instance, Plain, Response};
use crate::kit::Kit;

/// Returns a number with up to four digits behind the point.
pub fn digits(number: f64) -> String {
    let text = format!("{number:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Returns a share as whole percent, rounded down, so that 100 % always means that nothing is missing.
pub fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0 + 1e-9).floor())
}

/// Returns a share that lies between two others.
pub fn percent_between(share: Between) -> String {
    if share.is_open() { format!("{} to {}", percent(share.low).trim_end_matches(" %"), percent(share.high)) } else { percent(share.low) }
}

/// Returns a number with its noun: "1 level", "2 levels".
pub fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// Returns how a coverage came about.
pub fn coverage_terms(coverage: &Coverage) -> String {
    format!(
        "({} answered + {} not applicable) / {} visible = {}",
        coverage.answered,
        coverage.not_applicable,
        coverage.visible,
        coverage.share().map_or_else(|| "none".to_owned(), digits)
    )
}

/// Returns how much is resolved, as the beginning of a sentence.
pub fn resolved(coverage: &Coverage) -> String {
    match coverage.share() {
        Some(share) => {
            format!("{} of {} questions are resolved ({})", coverage.answered + coverage.not_applicable, coverage.visible, percent(share))
        }
        None => "No question is asked".to_owned(),
    }
}

/// Returns what somebody said, in every state of an answer, without a full stop.
pub fn stated(kit: &Kit, instance: Instance, response: &Response) -> String {
    match response {
        Response::NotApplicable { reason, .. } => format!("It does not apply: {}", reason.title()),
        Response::DontKnow { .. } | Response::Parked { .. } | Response::Unanswered => response.state().title().to_owned(),
        Response::Choices { chosen, not_applicable } if !not_applicable.is_empty() => {
            let options = &kit.question(instance.question).options;
            let left_out: Vec<&str> = not_applicable.iter().map(|option| options[*option].label.trim_end_matches('.')).collect();
            let without = format!("without what does not apply: {}", left_out.join("; "));
            if chosen.is_empty() { without } else { format!("{}; {without}", said(kit, instance, response).trim_end_matches('.')) }
        }
        _ => said(kit, instance, response).trim().trim_end_matches('.').to_owned(),
    }
}

/// Returns an answer in the words of its question.
pub fn said(kit: &Kit, instance: Instance, response: &Response) -> String {
    let question = kit.question(instance.question);
    match response {
        Response::Choices { chosen, .. } if chosen.is_empty() => "none of the statements".to_owned(),
        Response::Choices { chosen, .. } => {
            let label = |option: &usize| question.options[*option].label.as_str();
            match chosen.as_slice() {
                [one] => label(one).to_owned(),
                several => several.iter().map(|option| label(option).trim_end_matches('.')).collect::<Vec<_>>().join("; "),
            }
        }
        Response::Number(number, _) => match kit.question_file(instance.question).unit.as_deref() {
            Some("percent") => format!("{} %", Plain(*number)),
            // A unit is written for many: "7 people", "1 (people)".
            Some(unit) if (*number - 1.0).abs() < f64::EPSILON => format!("1 ({unit})"),
            Some(unit) => format!("{} {unit}", Plain(*number)),
            None => Plain(*number).to_string(),
        },
        Response::Text(text) => text.clone(),
        Response::Date(date) => date.to_string(),
        _ => String::new(),
    }
}
