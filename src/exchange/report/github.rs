//! The report as workflow commands of GitHub Actions, which show it beside the changed lines.

use super::{Report, fingerprint, text};
use crate::diagnostic::Severity;
use std::fmt::Write;

/// Returns a workflow command for each finding, and behind them the report for people.
///
/// What people wrote cannot give commands: those of findings are escaped, and the rest stands where none is taken.
///
/// # Source
///
/// Commands and their escaping: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands> and
/// `@actions/core`.
pub fn github(report: &Report, width: usize) -> String {
    let mut commands = String::new();
    for row in report.rows() {
        let word = if row.severity == Severity::Error { "error" } else { "warning" };
        let mut place = format!("file={}", property(&row.file));
        if let Some(region) = row.region {
            let _ = write!(place, ",line={},col={}", region.line, region.column);
            if region.end_line == region.line && region.end_column > region.column {
                let _ = write!(place, ",endColumn={}", region.end_column);
            }
        }
        let title = property(&format!("opsready: {}", row.check.id));
        let help = row.help.map(|help| format!("\n{help}")).unwrap_or_default();
        let _ = writeln!(commands, "::{word} {place},title={title}::{}", data(&format!("{}{help}", row.message)));
    }
    let people = text::text(report, width);
    // Nobody can write a text that holds its own fingerprint.
    let token = fingerprint(&[&people]);
    format!("{commands}::stop-commands::{token}\n{people}::{token}::\n")
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\r') { '\u{fffd}' } else { c }).collect();
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
