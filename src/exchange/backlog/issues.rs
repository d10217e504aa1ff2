//! The backlog as issues of GitHub and GitLab: one JSON object a line, in the order of the backlog.

use super::{Exporter, Issue, criteria, one_line};
use crate::document::escape::{code, inline, prose};
use serde_json::json;

/// The name of the format of a line.
pub const SCHEMA: &str = "opsready/backlog-issue/v1";

/// Returns issues as JSON lines.
pub fn lines(exporter: &Exporter<'_>, issues: &[Issue<'_>]) -> String {
    let line = |issue: &Issue<'_>| {
        let value = json!({
            "schema": SCHEMA,
            "external_id": issue.external,
            "action": issue.action,
            "number": issue.id,
            "title": issue.title,
            "body": body(exporter, issue),
            "labels": exporter.labels(issue),
            "points": issue.story.and_then(|story| story.wording.points),
        });
        format!("{value}\n")
    };
    issues.iter().map(line).collect()
}

/// Returns the text of an issue: Markdown whose last line, which nobody sees, has the external id.
///
/// No line begins with anything that a person wrote, so that GitLab finds no quick action in it.
pub fn body(exporter: &Exporter<'_>, issue: &Issue<'_>) -> String {
    let Some(story) = issue.story else { return String::new() };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(exporter.proposal(story).map(|why| format!("> **Proposed to close.** {}", prose(&why))));
    parts.extend(story.wording.sentence().map(|sentence| prose(&sentence)));
    let list = |lines: Vec<String>| lines.join("\n");
    let criteria: Vec<String> = criteria(story).iter().map(|line| format!("- [ ] {}", prose(line))).collect();
    if !criteria.is_empty() {
        parts.push(format!("### Acceptance criteria\n\n{}", list(criteria)));
    }
    let practices: Vec<String> = exporter.practices(story).iter().map(|(title, id)| format!("- {} {}", prose(title), code(id))).collect();
    if !practices.is_empty() {
        parts.push(format!("### Brings about\n\n{}", list(practices)));
    }
    parts.push(format!("*{}*", exporter.facts(story).iter().map(|fact| inline(&one_line(fact))).collect::<Vec<_>>().join(" · ")));
    parts.push(marker(&issue.external));
    parts.join("\n\n")
}

/// Returns the line that carries the external id.
pub fn marker(external: &str) -> String {
    // The characters of an id cannot end a comment.
    format!("<!-- {external} -->")
}
