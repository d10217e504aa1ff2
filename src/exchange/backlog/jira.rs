//! The backlog as CSV for the importer of Jira Cloud.
//!
//! # Source
//!
//! Atlassian, "Keep work parent-child relationships during CSV import to Jira Cloud" (2024): the columns issue type, issue key, issue id,
//! summary and parent; epics above their stories; the parent of a story is the issue id of its epic in the same file. "Importing data from
//! CSV": several values of a field stand in several columns of one name; a row whose issue key is there updates that issue; headings
//! without punctuation.

use super::{Exporter, Issue, LABEL, TO_CLOSE, criteria, rank, table};
use crate::assessment::Plain;
use std::collections::BTreeMap;

/// The headings.
const HEADER: [&str; 15] = [
    "Issue Type",
    "Issue key",
    "Issue ID",
    "Parent",
    "Summary",
    "Description",
    "Components",
    "Labels",
    "Labels",
    "Labels",
    "Labels",
    "Labels",
    "Story Points",
    "Priority",
    "External ID",
];

/// Returns issues as CSV. Epics come first, and their ids in this file count from 1.
pub fn csv(exporter: &Exporter<'_>, issues: &[Issue<'_>]) -> String {
    let mut epics: Vec<&Issue<'_>> = issues.iter().filter(|issue| issue.story.is_none()).collect();
    let places: BTreeMap<_, _> = epics.iter().enumerate().map(|(index, epic)| (epic.capability, index + 1)).collect();
    epics.extend(issues.iter().filter(|issue| issue.story.is_some()));
    let rows = epics.into_iter().enumerate().map(|(index, issue)| {
        let parent = issue.story.and_then(|_| places.get(&issue.capability)).map(ToString::to_string).unwrap_or_default();
        let [kind, summary, description, component, labels @ .., points, priority] = fields(exporter, issue);
        let mut row = vec![kind, issue.id.clone().unwrap_or_default(), (index + 1).to_string(), parent, summary, description, component];
        row.extend(labels);
        row.extend([points, priority, issue.external.clone()]);
        row
    });
    table(std::iter::once(HEADER.map(str::to_owned).to_vec()).chain(rows))
}

/// Returns what Jira gets of an issue, its id and place in the file apart.
pub(super) fn fields(exporter: &Exporter<'_>, issue: &Issue<'_>) -> [String; 11] {
    let capability = exporter.kit.capability_id(issue.capability).to_owned();
    let component = super::one_line(&exporter.kit.capability(issue.capability).file.title);
    let story = issue.story;
    let wave = story.and_then(|story| exporter.wave_label(story)).map(|label| label.replace("wave:", ""));
    let to_close = story.and_then(|story| exporter.proposal(story)).map(|_| TO_CLOSE.to_owned());
    [
        if story.is_some() { "Story" } else { "Epic" }.to_owned(),
        issue.title.clone(),
        description(exporter, issue),
        component,
        LABEL.to_owned(),
        issue.external.clone(),
        capability,
        wave.unwrap_or_default(),
        to_close.unwrap_or_default(),
        story.and_then(|story| story.wording.points).map(|points| Plain(points).to_string()).unwrap_or_default(),
        story.map(|story| ["High", "Medium", "Low"][rank(story.risk)]).unwrap_or_default().to_owned(),
    ]
}

/// Returns the text of an issue in the markup of Jira.
fn description(exporter: &Exporter<'_>, issue: &Issue<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let list = |lines: Vec<String>| lines.iter().map(|line| format!("* {line}")).collect::<Vec<_>>().join("\n");
    match issue.story {
        None => {
            let (purpose, outcomes) = exporter.epic_lines(issue.capability);
            parts.push(wiki(&purpose));
            parts.push(list(outcomes.iter().map(|line| wiki(line)).collect()));
        }
        Some(story) => {
            parts.extend(exporter.proposal(story).map(|why| format!("*Proposed to close.* {}", wiki(&why))));
            parts.extend(story.wording.sentence().map(|sentence| wiki(&super::one_line(&sentence))));
            let criteria: Vec<String> = criteria(story).iter().map(|line| wiki(line)).collect();
            if !criteria.is_empty() {
                parts.push(format!("h3. Acceptance criteria\n{}", list(criteria)));
            }
            let practices: Vec<String> =
                exporter.practices(story).iter().map(|(title, id)| format!("{} ({})", wiki(title), wiki(id))).collect();
            if !practices.is_empty() {
                parts.push(format!("h3. Brings about\n{}", list(practices)));
            }
        }
    }
    parts.push(wiki(&issue.external));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// Returns text in which Jira reads no macro, link or image.
fn wiki(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_mark = match c {
            '{' | '[' | '|' | '\\' => true,
            '!' => chars.peek().is_some_and(|next| !next.is_whitespace()),
            _ => false,
        };
        escaped.push_str(if is_mark { "\\" } else { "" });
        escaped.push(c);
    }
    escaped
}
