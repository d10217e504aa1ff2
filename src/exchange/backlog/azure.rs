//! The backlog as CSV for the import of Azure DevOps Boards.
//!
//! # Source
//!
//! Microsoft, "Bulk import or update work items using CSV files" (Azure Boards): work item type and title must be there; an empty id makes
//! a work item, a filled one updates it, both in one file; `Title 1` and `Title 2` put children below their parent; several tags are
//! parted by semicolons; new work items begin as New, so there is no state; up to 1000 rows. Description and acceptance criteria are HTML.

use super::{Exporter, Issue, LABEL, TO_CLOSE, criteria, rank, table};
use crate::assessment::Plain;
use crate::words;
use std::fmt::Write;

/// How many rows the importer takes at once.
pub const MOST_ROWS: usize = 1000;

words! {
    /// A process of Azure DevOps, which decides what a story is called.
    pub enum Process {
        /// User stories with story points.
        Agile = "agile",
        /// Product backlog items with an effort.
        Scrum = "scrum",
        /// Issues with an effort.
        Basic = "basic",
        /// Requirements with a size.
        Cmmi = "cmmi",
    }
}

impl Process {
    /// Returns the work item type of a story, and the field of its size.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Agile => ("User Story", "Story Points"),
            Self::Scrum => ("Product Backlog Item", "Effort"),
            Self::Basic => ("Issue", "Effort"),
            Self::Cmmi => ("Requirement", "Size"),
        }
    }

    /// Returns true if its stories have acceptance criteria; in others they stand in the description.
    fn has_criteria(self) -> bool {
        matches!(self, Self::Agile | Self::Scrum)
    }
}

/// Returns issues as CSV, each epic followed by its stories.
pub fn csv(exporter: &Exporter<'_>, issues: &[Issue<'_>], process: Process) -> String {
    let (kind, size) = process.names();
    let mut header = vec!["ID", "Work Item Type", "Title 1", "Title 2", "Description"];
    header.extend(process.has_criteria().then_some("Acceptance Criteria"));
    header.extend(["Tags", size, "Priority"]);
    let rows = issues.iter().map(|issue| {
        let [title, description, criteria, tags, points, priority] = fields(exporter, issue);
        let (kind, titles) = match issue.story {
            Some(_) => (kind, [String::new(), title]),
            None => ("Epic", [title, String::new()]),
        };
        let mut row = vec![issue.id.clone().unwrap_or_default(), kind.to_owned()];
        row.extend(titles);
        if process.has_criteria() {
            row.extend([description, criteria]);
        } else if criteria.is_empty() {
            row.push(description);
        } else {
            row.push(format!("{description}<p><b>Acceptance criteria</b></p>{criteria}"));
        }
        row.extend([tags, points, priority]);
        row
    });
    let header = header.into_iter().map(str::to_owned).collect();
    table(std::iter::once(header).chain(rows))
}

/// Returns what Azure DevOps gets of an issue: title, description, acceptance criteria, tags, size and priority.
pub(super) fn fields(exporter: &Exporter<'_>, issue: &Issue<'_>) -> [String; 6] {
    let story = issue.story;
    let mut tags = vec![LABEL.to_owned(), exporter.kit.capability_id(issue.capability).to_owned()];
    tags.extend(story.and_then(|story| exporter.wave_label(story)).map(|label| label.replace("wave:", "")));
    tags.extend(story.and_then(|story| exporter.proposal(story)).map(|_| TO_CLOSE.to_owned()));
    tags.push(issue.external.clone());
    [
        issue.title.clone(),
        description(exporter, issue),
        story.map(|story| list(&criteria(story))).unwrap_or_default(),
        tags.join("; "),
        story.and_then(|story| story.wording.points).map(|points| Plain(points).to_string()).unwrap_or_default(),
        story.map_or("2", |story| ["1", "2", "3"][rank(story.risk)]).to_owned(),
    ]
}

fn description(exporter: &Exporter<'_>, issue: &Issue<'_>) -> String {
    let mut html = String::new();
    let mut paragraph = |text: &str| {
        if !text.is_empty() {
            let _ = write!(html, "<p>{text}</p>");
        }
    };
    match issue.story {
        None => {
            let (purpose, outcomes) = exporter.epic_lines(issue.capability);
            paragraph(&escaped(&purpose));
            html.push_str(&list(&outcomes));
        }
        Some(story) => {
            if let Some(why) = exporter.proposal(story) {
                paragraph(&format!("<b>Proposed to close.</b> {}", escaped(&why)));
            }
            paragraph(&escaped(&super::one_line(&story.wording.sentence().unwrap_or_default())));
            let practices: Vec<String> = exporter.practices(story).into_iter().map(|(title, id)| format!("{title} ({id})")).collect();
            if !practices.is_empty() {
                paragraph("<b>Brings about</b>");
                html.push_str(&list(&practices));
            }
        }
    }
    let _ = write!(html, "<p>{}</p>", escaped(&issue.external));
    html
}

fn list(lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let items: Vec<String> = lines.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
    format!("<ul>{}</ul>", items.concat())
}

/// Returns text as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
