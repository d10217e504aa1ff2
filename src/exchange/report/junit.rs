//! The report as `JUnit` XML, which every CI server shows: a suite for each area, a case for each check.

use super::text::tabled;
use super::{Area, Check, Finding, Report, State};
use std::fmt::Write;

/// Returns the report as XML.
///
/// It holds no time: the same files give the same bytes.
///
/// # Source
///
/// The schema of the xUnit plugin of Jenkins, `junit-10.xsd`; GitLab and Azure DevOps read the same elements.
pub fn junit(report: &Report) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let failed = report.count(State::Failed);
    let _ = writeln!(text, "<testsuites name=\"opsready check\" tests=\"{}\" failures=\"{failed}\" errors=\"0\">", report.checks.len());
    for area in Area::ALL {
        let checks: Vec<&Check> = report.checks.iter().filter(|check| check.area == *area).collect();
        if checks.is_empty() {
            continue;
        }
        let of = |state: State| checks.iter().filter(|check| check.state == state).count();
        let _ = writeln!(
            text,
            "  <testsuite name=\"{area}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">",
            checks.len(),
            of(State::Failed),
            of(State::NotRun)
        );
        for check in checks {
            text.push_str(&case(report, check));
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(report: &Report, check: &Check) -> String {
    let head = format!("    <testcase classname=\"opsready.{}\" name=\"{}: {}\"", check.area, check.id, escaped(check.title));
    let list: String = check.findings.iter().map(|finding| line(report, finding)).collect();
    let drift = || report.drift.iter().filter(|_| check.id == super::FRESH).map(|drift| drift.difference.as_str()).collect::<String>();
    match check.state {
        State::Passed if list.is_empty() => format!("{head}/>\n"),
        State::Passed => format!("{head}>\n      <system-out>{}</system-out>\n    </testcase>\n", escaped(&list)),
        State::NotRun => format!("{head}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", attribute(&check.finding)),
        State::Failed => {
            let body = format!("{list}{}", drift());
            let message = attribute(&check.finding);
            format!("{head}>\n      <failure type=\"{}\" message=\"{message}\">{}</failure>\n    </testcase>\n", check.id, escaped(&body))
        }
    }
}

fn line(report: &Report, finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let place = diagnostic.location.as_ref().map(|location| {
        let (line, column) = location.line_column();
        format!("{}:{line}:{column}: ", report.paths.of(&location.source.path))
    });
    let word = if diagnostic.is_error() { "error" } else { "warning" };
    let help = diagnostic.help.as_ref().map(|help| format!("\n  = help: {help}")).unwrap_or_default();
    format!("{}{word}[{}]: {}{help}\n", place.unwrap_or_default(), diagnostic.code, diagnostic.message)
}

/// Returns text for an element. XML 1.0 has no control characters, not even escaped ones.
fn escaped(text: &str) -> String {
    let text = tabled(text);
    let allowed = text.chars().map(|c| if matches!(c, '\u{fffe}' | '\u{ffff}') { '\u{fffd}' } else { c });
    let mut escaped = String::with_capacity(text.len());
    for c in allowed {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Returns text for an attribute, in which a reader would make spaces of line ends.
fn attribute(text: &str) -> String {
    escaped(text).replace('\n', "&#10;").replace('\t', "&#9;")
}
