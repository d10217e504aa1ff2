//! The scorecard as CSV: one line for each capability and environment.
//!
//! # Source
//!
//! RFC 4180, with `\n` at the ends of lines. A text that a spreadsheet would run as a formula gets an apostrophe in front.

use crate::assessment::Assessment;
use crate::kit::Kit;
use crate::scoring::Scorecard;
use std::borrow::Cow;

const HEADER: &str = "capability,title,environment,score,low,high,level,level_high,target,importance,coverage,risk_high,risk_medium,risk_low,gaps_confirmed,gaps_to_clarify\n";

/// Returns the scorecard as CSV. Numbers are unrounded; what does not apply is empty.
pub fn scorecard(kit: &Kit, assessment: &Assessment, card: &Scorecard) -> String {
    let mut text = HEADER.to_owned();
    for one in &card.capabilities {
        let scope = assessment.scope(one.capability);
        for (environment, score) in &one.environments {
            let (coverage, risks) = one.in_environment(*environment);
            let gaps = || {
                card.gaps.iter().filter(|gap| kit.practice(gap.practice).capability == one.capability && gap.environment == *environment)
            };
            let fields = [
                cell(kit.capability_id(one.capability)),
                cell(&kit.capability(one.capability).file.title),
                cell(kit.environment_id(*environment)),
                number(score.score.map(|score| score.low)),
                number(score.score.map(|score| score.low)),
                number(score.score.map(|score| score.high)),
                score.level.map(|level| level.to_string()).unwrap_or_default(),
                score.level_high.map(|level| level.to_string()).unwrap_or_default(),
                scope.target.to_string(),
                number(Some(scope.importance)),
                number(coverage.share()),
                risks.high.to_string(),
                risks.medium.to_string(),
                risks.low.to_string(),
                gaps().filter(|gap| gap.is_confirmed()).count().to_string(),
                gaps().filter(|gap| !gap.is_confirmed()).count().to_string(),
            ];
            text.push_str(&fields.join(","));
            text.push('\n');
        }
    }
    text
}

fn number(number: Option<f64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// Returns a text as one CSV field.
pub fn cell(text: &str) -> String {
    let guarded = guard(text);
    if guarded.contains([',', '"', '\n', '\r']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded.into_owned() }
}

/// Returns true if a spreadsheet would run a text as a formula, once the apostrophes in front of it are gone.
fn starts_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Returns a text with an apostrophe in front of what a spreadsheet would run as a formula.
pub fn guard(text: &str) -> Cow<'_, str> {
    if starts_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Returns a text without the apostrophe that [`guard`] put there.
pub fn unguard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| starts_formula(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{cell, guard, unguard};

    #[test]
    fn a_field_survives_separators_and_starts_no_formula() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a, \"b\"\nc"), "\"a, \"\"b\"\"\nc\"");
        assert_eq!(cell("=cmd()"), "'=cmd()");
    }

    #[test]
    fn the_guard_comes_off_as_it_went_on() {
        for text in ["plain", "=cmd()", "'=cmd()", "''@x", "'quoted'", "-1", ""] {
            assert_eq!(unguard(&guard(text)), text);
        }
    }
}
