//! The report for the widget *Code Quality* of GitLab merge requests: a list in the format of Code Climate.

use super::Report;
use crate::diagnostic::Severity;
use serde_json::{Value, json};

/// Returns the report as JSON.
///
/// # Source
///
/// <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>
pub fn gitlab(report: &Report) -> Value {
    let rows = report.rows();
    let issue = rows.iter().map(|row| {
        let help = row.help.map(|help| format!(" ({help})")).unwrap_or_default();
        json!({
            "description": format!("{}{help}", row.message),
            "check_name": row.code.as_str(),
            "fingerprint": row.fingerprint,
            "severity": if row.severity == Severity::Error { "major" } else { "minor" },
            "location": {"path": row.file, "lines": {"begin": row.region.map_or(1, |region| region.line)}},
        })
    });
    Value::Array(issue.collect())
}
