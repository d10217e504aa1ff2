//! What a tracker calls the stories, read from what it exported: CSV of Jira or Azure DevOps, JSON of GitHub or GitLab.
//!
//! The external id is looked for in every field of a row, since nobody knows under which heading a customer's Jira has it.

use super::issue_fingerprint;
use crate::assessment::Assessment;
use crate::assessment::backlog::format::Tracker;
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span, did_you_mean};
use crate::exchange::worksheet::csv::cells;
use crate::exchange::worksheet::read::decode;
use crate::kit::Kit;
use crate::yaml::record::{Id, list};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a file of a tracker says about the stories.
#[derive(Debug, Default)]
pub struct Reading {
    /// The links that it gives, by key: what the tracker calls it, and where it is.
    pub links: BTreeMap<String, (String, Option<String>)>,
    /// The keys that are linked in the same way already.
    pub unchanged: usize,
    /// The rows without an external id of this assessment.
    pub others: usize,
    /// The rows that are refused.
    pub faults: Vec<Diagnostic>,
}

/// An issue of a tracker, as far as it matters here.
struct Row {
    id: String,
    url: Option<String>,
    /// The external ids in it, each once: assessment and key.
    externals: Vec<(String, String)>,
    place: Option<Location>,
}

/// Reads what a tracker exported.
///
/// # Errors
///
/// Returns why nothing in the file can be read.
pub fn links(kit: &Kit, assessment: &Assessment, tracker: Tracker, path: &str, bytes: &[u8]) -> Result<Reading, Box<Diagnostic>> {
    let source = Source::new(path, decode(bytes));
    let rows = if source.text.trim_start().starts_with(['[', '{']) || source.text.trim().is_empty() {
        json_rows(&source)?
    } else {
        table_rows(&source, tracker)?
    };
    let mut reading = Reading::default();
    let own = assessment.file.id.as_str();
    for row in rows {
        let keys: Vec<&String> = row.externals.iter().filter(|(of, _)| of == own).map(|(_, key)| key).collect();
        let fault = |code: Code, message: String| match &row.place {
            Some(place) => Diagnostic::error(code, place.clone(), message),
            None => Diagnostic::placeless(code, message),
        };
        match keys.as_slice() {
            [] => reading.others += 1,
            [key] => match judged(kit, assessment, tracker, &reading, key, &row) {
                Ok(true) => {
                    reading.links.insert((*key).clone(), (row.id, row.url));
                }
                Ok(false) => reading.unchanged += 1,
                Err((code, message, help)) => reading.faults.push(fault(code, message).help(help)),
            },
            several => {
                let message = format!("`{}` has the ids of {}", row.id, list(several));
                reading.faults.push(fault(Code::DuplicateId, message).help("leave one of them in it"));
            }
        }
    }
    Ok(reading)
}

type Refused = (Code, String, String);

/// Returns true if a row gives a new link, false if it is known.
fn judged(kit: &Kit, assessment: &Assessment, tracker: Tracker, reading: &Reading, key: &str, row: &Row) -> Result<bool, Refused> {
    let backlog = &assessment.registers.backlog;
    if !is_known(kit, assessment, key) {
        let known = backlog.stories().map(|(_, id, _)| id.value.as_str());
        let help = did_you_mean(key, known).unwrap_or_else(|| "`opsready backlog list` shows the stories".to_owned());
        return Err((Code::UnknownReference, format!("no story of the backlog has the id `{key}`"), help));
    }
    if row.id.is_empty() {
        return Err((Code::MissingKey, format!("`{key}` has no key here"), "export the column with the key, too".to_owned()));
    }
    let twice = |first: &str| {
        let message = format!("`{key}` is {} as well as {}", code(first), code(&row.id));
        let help = format!(
            "close one of the two in {}, and take the id out of it; or name the right one with `opsready backlog link {key} --tracker {tracker} --id ID`",
            tracker.title()
        );
        (Code::DuplicateId, message, help)
    };
    if let Some((first, _)) = reading.links.get(key).filter(|(first, _)| *first != row.id) {
        return Err(twice(first));
    }
    match backlog.link(tracker, key).and_then(|link| link.id.as_ref()) {
        Some(known) if known.value == row.id => Ok(false),
        Some(known) => Err(twice(known)),
        None => Ok(!reading.links.contains_key(key)),
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Returns true if the backlog has a story with this key, or the key is that of an epic.
pub fn is_known(kit: &Kit, assessment: &Assessment, key: &str) -> bool {
    match key.strip_prefix("epic:") {
        Some(capability) => kit.find_capability(capability).is_some(),
        None => assessment.registers.backlog.stories().any(|(_, id, _)| id.value == key),
    }
}

/// Returns title and text of an issue as GitHub or GitLab has it, as what tells it from another; nothing if there is none.
pub fn fingerprint_of(bytes: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let title = value.get("title")?.as_str()?;
    Some(issue_fingerprint(title, text_of(&value)))
}

fn text_of(issue: &Value) -> &str {
    issue.get("body").or_else(|| issue.get("description")).and_then(Value::as_str).unwrap_or_default()
}

/// Takes JSON apart: an issue, a list of them, or several of either one after the other, as pages come.
fn json_rows(source: &Arc<Source>) -> Result<Vec<Row>, Box<Diagnostic>> {
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_str(&source.text).into_iter::<Value>() {
        let value = value.map_err(|error| {
            let message = format!("this is no JSON: {error}");
            Box::new(Diagnostic::error(Code::WrongType, Location::new(source, Span::default()), message))
        })?;
        let issues = if let Value::Array(issues) = value { issues } else { vec![value] };
        for issue in issues {
            let number = ["number", "iid"].iter().find_map(|key| issue.get(key));
            let id = number.map(|number| number.as_str().map_or_else(|| number.to_string(), str::to_owned)).unwrap_or_default();
            let url = ["html_url", "web_url", "url"].iter().find_map(|key| issue.get(key)?.as_str()).map(str::to_owned);
            rows.push(Row { id, url, externals: externals(marked(text_of(&issue))), place: None });
        }
    }
    Ok(rows)
}

/// Returns the last comment of an issue, in which its own id stands: what is said of others above it does not count.
fn marked(text: &str) -> &str {
    let comment = text.rfind("<!-- opsready:").map(|start| &text[start..]).unwrap_or_default();
    comment.split_once("-->").map_or(comment, |(own, _)| own)
}

/// Takes a table apart. The mark between fields is the one that shows a column with keys.
fn table_rows(source: &Arc<Source>, tracker: Tracker) -> Result<Vec<Row>, Box<Diagnostic>> {
    let found = [',', ';', '\t'].into_iter().find_map(|mark| {
        let (rows, _) = cells(&source.text, mark);
        let headings: Vec<String> = rows.first()?.iter().map(|(text, _)| folded(text)).collect();
        let known = ["issue key", "work item key", "key", "id", "number", "iid", "issue number"];
        let key = known.iter().find_map(|name| headings.iter().position(|heading| heading == name))?;
        let url = headings.iter().position(|heading| matches!(heading.as_str(), "url" | "link"));
        Some((rows, key, url))
    });
    let Some((rows, key, url)) = found else {
        let message = format!("there is no column with the keys of {}", tracker.title());
        let fault = Diagnostic::error(Code::MissingKey, Location::new(source, Span::default()), message);
        return Err(Box::new(fault.help("the first row has the headings, among them `Issue key`, `Key`, `ID` or `Number`")));
    };
    let row = |row: Vec<(String, Span)>| {
        let text = |at: usize| row.get(at).map(|(text, _)| text.trim().to_owned());
        let mut found: Vec<(String, String)> = row.iter().flat_map(|(text, _)| externals(text)).collect();
        found.sort();
        found.dedup();
        let span = row.first().map_or(Span::default(), |(_, span)| *span);
        Row {
            id: text(key).unwrap_or_default(),
            url: url.and_then(text).filter(|url| !url.is_empty()),
            externals: found,
            place: Some(Location::new(source, span)),
        }
    };
    Ok(rows.into_iter().skip(1).filter(|row| row.iter().any(|(text, _)| !text.trim().is_empty())).map(row).collect())
}

fn folded(heading: &str) -> String {
    heading.trim().trim_start_matches('\u{feff}').to_lowercase().replace(['_', '-'], " ")
}

/// Finds external ids in a text, each once: assessment and key.
fn externals(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (at, mark) in text.match_indices("opsready:") {
        let is_inside = text[..at].chars().next_back().is_some_and(|c| Id::is_part(c) || c == ':');
        let rest = &text[at + mark.len()..];
        let end = rest.find(|c: char| !Id::is_part(c) && c != ':').unwrap_or(rest.len());
        // A stop behind the id ends the sentence that it stands in.
        let Some((assessment, key)) = rest[..end].trim_end_matches(['.', ':']).split_once(':') else { continue };
        let one = (assessment.to_owned(), key.to_owned());
        if !is_inside && !key.is_empty() && !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::externals;

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let one = |key: &str| ("acme".to_owned(), key.to_owned());
        assert_eq!(externals("a\n<!-- opsready:acme:agree-policy -->"), [one("agree-policy")]);
        assert_eq!(externals("opsready; now; opsready:acme:epic:backup"), [one("epic:backup")]);
        assert_eq!(externals("see opsready:acme:a. And opsready:acme:b, opsready:acme:a"), [one("a"), one("b")]);
        assert_eq!(externals("xopsready:acme:a opsready: opsready:acme opsready:acme:"), []);
    }
}
