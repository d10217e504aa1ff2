//! The report as SARIF 2.1.0, which GitHub code scanning and editors show.

use super::{Area, Report, Row};
use crate::diagnostic::{Code, Severity};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The base of all paths: the root of the repository, as code scanning calls it.
const ROOT: &str = "%SRCROOT%";

/// Returns the report as JSON.
///
/// # Source
///
/// OASIS Static Analysis Results Interchange Format 2.1.0; what GitHub reads of it:
/// <https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning>.
pub fn sarif(report: &Report) -> Value {
    let rows = report.rows();
    let mut rules: BTreeMap<&'static str, Rule<'_>> = BTreeMap::new();
    for row in &rows {
        let new = Rule { code: row.code, area: row.check.area, severity: row.severity, help: row.help };
        let rule = rules.entry(row.code.as_str()).or_insert(new);
        rule.severity = rule.severity.min(row.severity);
        rule.help = rule.help.or(row.help);
    }
    let places: Vec<&str> = rules.keys().copied().collect();
    let results: Vec<Value> = rows.iter().map(|row| result(row, places.iter().position(|id| *id == row.code.as_str()))).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "opsready",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(descriptor).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": format!("opsready/{}", if report.paths.below.is_empty() { String::new() } else { format!("{}/", report.paths.below) })},
            "invocations": [{"executionSuccessful": true, "exitCode": report.exit}],
            "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A kind of finding.
struct Rule<'r> {
    code: Code,
    area: Area,
    /// The gravest of its findings.
    severity: Severity,
    /// What helps with the first of its findings.
    help: Option<&'r str>,
}

fn descriptor(rule: &Rule<'_>) -> Value {
    let meaning = rule.code.meaning();
    let of_area = match rule.area {
        Area::Kit => "`opsready kit lint` shows the place in the kit.",
        Area::Answers => "`opsready check --only answers` shows the place; the schemas in `schemas/` let an editor find it while you type.",
        Area::Documents => {
            "`opsready render --check` shows what differs; `opsready render` writes the documents and keeps what people edited."
        }
        Area::Policy => {
            "The rules stand under `policy:` in `opsready.yaml`; `opsready check --only policy` holds the assessment against them."
        }
    };
    let help = rule.help.map_or_else(
        || of_area.to_owned(),
        |help| format!("{}{} {of_area}", super::sentence(help), if help.ends_with('?') { "" } else { "." }),
    );
    json!({
        "id": rule.code.as_str(),
        "name": pascal(rule.code.as_str()),
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": meaning},
        "help": {"text": plain(&help), "markdown": plain(&help)},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": [rule.area.word()]},
    })
}

fn result(row: &Row<'_>, rule: Option<usize>) -> Value {
    let mut place = Map::new();
    place.insert("artifactLocation".to_owned(), json!({"uri": uri(&row.file), "uriBaseId": ROOT}));
    let region = row.region.map_or_else(
        || json!({"startLine": 1}),
        |region| {
            json!({
                "startLine": region.line,
                "startColumn": region.column,
                "endLine": region.end_line,
                "endColumn": if region.end_line == region.line { region.end_column.max(region.column) } else { region.end_column },
            })
        },
    );
    place.insert("region".to_owned(), region);
    let help = row.help.map(|help| format!("\n{help}")).unwrap_or_default();
    let mut result = json!({
        "ruleId": row.code.as_str(),
        "level": level(row.severity),
        "message": {"text": plain(&format!("{}{help}", row.message))},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"opsready/v1": row.fingerprint, "primaryLocationLineHash": row.fingerprint},
        "properties": {"check": row.check.id},
    });
    if let Some(rule) = rule {
        result["ruleIndex"] = json!(rule);
    }
    result
}

/// Returns text as a message that holds no placeholder and no link: `{0}` and `[words](address)` would be both.
fn plain(text: &str) -> String {
    super::text::tabled(text).replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Returns the name of a rule as viewers show it: `StaleDocument`.
fn pascal(code: &str) -> String {
    code.split('-').map(super::sentence).collect()
}

/// Returns a path as a relative reference: what cannot stand in one is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    // A first part with a colon would be taken for a scheme.
    if path.split('/').next().is_some_and(|first| first.contains(':')) {
        uri.push_str("./");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
