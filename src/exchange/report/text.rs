//! The report for people: short enough for the log of a pipeline, every place with its file, line and column.

use super::{Area, Check, Finding, Report, State};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::{snippets, tame};
use crate::scoring::wording::count;
use std::fmt::Write;

/// How many findings of a check are shown, where each has a line.
const MOST_FINDINGS: usize = 12;

/// How many lines of differences are shown.
const MOST_LINES: usize = 200;

/// Returns the report as text.
///
/// # Units
///
/// `width` is in columns.
pub fn text(report: &Report, width: usize) -> String {
    let mut text = String::new();
    for area in Area::ALL {
        let checks: Vec<&Check> = report.checks.iter().filter(|check| check.area == *area).collect();
        if checks.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{}", area.title());
        for check in checks {
            text.push_str(&check_text(check, width));
        }
        if *area == Area::Documents {
            text.push_str(&differences(report));
        }
        text.push_str(if text.ends_with("\n\n") { "" } else { "\n" });
    }
    for note in &report.notes {
        let _ = writeln!(text, "note: {}", tame(note));
    }
    let _ = writeln!(text, "{}", report.summary());
    text
}

fn check_text(check: &Check, width: usize) -> String {
    let word = match check.state {
        State::Passed => "passed",
        State::Failed => "FAILED",
        State::NotRun => "not run",
    };
    let mut text = format!("  {word:<8} {:<22} {}\n", check.id, tame(&check.finding).replace('\n', " "));
    let of_file = matches!(check.area, Area::Kit | Area::Answers);
    let (errors, warnings): (Vec<&Finding>, Vec<&Finding>) = check.findings.iter().partition(|finding| finding.diagnostic.is_error());
    if of_file && !errors.is_empty() {
        // Whoever mends a file wants to see the line.
        let errors: Vec<Diagnostic> = errors.iter().map(|finding| finding.diagnostic.clone()).collect();
        let _ = write!(text, "\n{}\n\n", snippets(&errors, width, false).trim_end());
    } else {
        text.push_str(&lines(&errors));
    }
    text.push_str(&lines(&warnings));
    text
}

/// Returns findings one a line, and what helps below those that it helps with.
fn lines(findings: &[&Finding]) -> String {
    let mut text = String::new();
    let (shown, rest) = findings.split_at(if findings.len() > MOST_FINDINGS { MOST_FINDINGS - 1 } else { findings.len() });
    for (index, finding) in shown.iter().enumerate() {
        let diagnostic = &finding.diagnostic;
        text.push_str("    ");
        if let Some(location) = &diagnostic.location {
            let (line, column) = location.line_column();
            let _ = write!(text, "{}:{line}:{column}: ", tame(&location.source.path));
        }
        let _ = writeln!(
            text,
            "{}[{}]: {}",
            if diagnostic.is_error() { "error" } else { "warning" },
            diagnostic.code,
            flat(&diagnostic.message)
        );
        let help = diagnostic.help.as_deref();
        let next = shown.get(index + 1).and_then(|next| next.diagnostic.help.as_deref());
        if let Some(help) = help.filter(|_| next != help) {
            let _ = writeln!(text, "      = help: {}", flat(help));
        }
    }
    if !rest.is_empty() {
        let _ = writeln!(text, "    … and {} more; every other format has them all", rest.len());
    }
    text
}

fn flat(text: &str) -> String {
    tame(text).replace('\n', " ")
}

/// Returns the differences, as far as they are no longer than a log should be.
fn differences(report: &Report) -> String {
    let all: String = report.drift.iter().map(|drift| drift.difference.as_str()).collect();
    let lines = all.lines().count();
    if lines == 0 {
        return String::new();
    }
    let mut text = String::from("\n");
    for line in all.lines().take(MOST_LINES) {
        let _ = writeln!(text, "{}", tabled(line));
    }
    if lines > MOST_LINES {
        let _ = writeln!(text, "… and {}: `opsready render --check` shows all", count(lines - MOST_LINES, "line"));
    }
    text
}

/// Returns text without what could write to the terminal, tabs kept.
pub(super) fn tabled(text: &str) -> String {
    text.split('\t').map(tame).collect::<Vec<_>>().join("\t")
}
