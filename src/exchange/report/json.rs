//! The report as JSON, `opsready/check/v1`.

use super::{Report, State};
use crate::diagnostic::Severity;
use serde_json::{Value, json};

/// Returns the report as JSON.
pub fn json(report: &Report) -> Value {
    let checks: Vec<Value> = (report.checks.iter())
        .map(|check| {
            json!({
                "id": check.id,
                "area": check.area,
                "title": check.title,
                "state": check.state,
                "finding": check.finding,
                "errors": check.findings.iter().filter(|finding| finding.diagnostic.is_error()).count(),
                "warnings": check.findings.iter().filter(|finding| !finding.diagnostic.is_error()).count(),
            })
        })
        .collect();
    let rows = report.rows();
    let diagnostics = rows.iter().zip(report.findings()).map(|(row, (_, finding))| {
        json!({
            "check": row.check.id,
            "file": row.file,
            "line": row.region.map(|region| region.line),
            "column": row.region.map(|region| region.column),
            "severity": if row.severity == Severity::Error { "error" } else { "warning" },
            "code": row.code.as_str(),
            "message": finding.diagnostic.message,
            "help": row.help,
            "fingerprint": row.fingerprint,
        })
    });
    let documents = report
        .drift
        .iter()
        .map(|drift| json!({"document": report.paths.below(drift.path.as_ref()), "fate": drift.fate, "difference": drift.difference}));
    json!({
        "schema": "opsready/check/v1",
        "kit": report.kit.as_ref().map(|(id, version)| json!({"id": id, "version": version})),
        "today": report.today.to_string(),
        "exit": report.exit,
        "passed": report.count(State::Passed),
        "failed": report.count(State::Failed),
        "not_run": report.count(State::NotRun),
        "checks": checks,
        "diagnostics": diagnostics.collect::<Vec<_>>(),
        "stale_documents": documents.collect::<Vec<_>>(),
        "notes": report.notes,
    })
}
