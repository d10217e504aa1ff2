//! `opsready score`.

use super::output::{Exit, Output};
use crate::assessment::Assessment;
use crate::diagnostic::{Diagnostic, Severity};
use crate::exchange::{csv, scorecard};
use crate::kit::{EnvironmentIx, Kit};
use crate::plan::Plan;
use crate::scoring::Scorecard;
use crate::scoring::risk::{QuestionRisk, RiskCounts};
use crate::scoring::wording::percent;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::fmt::Write;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print the scorecard as CSV, a line for each capability and environment
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Exit with 1 if a capability attains less than level N in the target environment
    #[arg(long, value_name = "N")]
    fail_under: Option<i64>,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let (_, loaded) = global.load(output)?;
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let card = Scorecard::of(kit, assessment);
    if output.is_json() {
        let plan = Plan::of(kit, assessment, &card);
        // Where work is planned changes no score, so what is wrong with it stops none.
        let told = plan.diagnostics(kit, assessment).into_iter().map(|one| Diagnostic { severity: Severity::Warning, ..one });
        output.diagnostics(&told.collect::<Vec<_>>());
        output.json(&scorecard::json(kit, assessment, &card, &plan))?;
    } else if arguments.csv {
        output.text(&csv::scorecard(kit, assessment, &card))?;
    } else {
        let text = table(kit, assessment, &card, output.width());
        output.text(&text)?;
    }
    match arguments.fail_under {
        Some(level) => Ok(fail_under(level, kit, assessment, &card, output)),
        None => Ok(Exit::Done),
    }
}

fn fail_under(wanted: i64, kit: &Kit, assessment: &Assessment, card: &Scorecard, output: &mut Output) -> Exit {
    let mut exit = Exit::Done;
    for one in &card.capabilities {
        if let Some(level) = one.score_in(assessment.target_environment).and_then(|score| score.level)
            && level < wanted
        {
            let (id, environment) = (kit.capability_id(one.capability), kit.environment_id(assessment.target_environment));
            output.note(&format!("{id} attains level {level} in {environment}, under {wanted}"));
            exit = Exit::No;
        }
    }
    exit
}

/// Returns the scorecard as a table for each environment, the target environment first.
pub(super) fn table(kit: &Kit, assessment: &Assessment, card: &Scorecard, width: usize) -> String {
    let mut environments = assessment.environments.clone();
    environments.sort_by_key(|environment| (*environment != assessment.target_environment, *environment));
    let mut text = String::new();
    for environment in environments {
        let target = if environment == assessment.target_environment { " (target)" } else { "" };
        let _ = writeln!(text, "{}{target}", kit.environment_title(environment));
        text.push_str(&block(kit, assessment, card, environment, width));
        text.push_str(&overall(card, environment));
        text.push('\n');
    }
    let confirmed = card.gaps.iter().filter(|gap| gap.is_confirmed()).count();
    let unclear = card.gaps.len() - confirmed;
    let _ = writeln!(text, "Gaps up to the targets: {confirmed} confirmed, {unclear} to be clarified.");
    let coverage = &card.coverage;
    let percent = |share: Option<f64>| share.map_or_else(|| "none".to_owned(), percent);
    let _ = writeln!(
        text,
        "Answered: {} of {} questions ({}); with evidence: {} of {} answers ({}).",
        coverage.answered + coverage.not_applicable,
        coverage.visible,
        percent(coverage.share()),
        coverage.with_evidence,
        coverage.answered,
        percent(coverage.evidence_share()),
    );
    text
}

fn block(kit: &Kit, assessment: &Assessment, card: &Scorecard, environment: EnvironmentIx, width: usize) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(100));
    table.set_header(["Capability", "Current", "Target", "Gap", "Range", "Coverage", "Risk"]);
    for one in &card.capabilities {
        let Some(score) = one.score_in(environment) else { continue };
        let target = assessment.scope(one.capability).target;
        let (coverage, risks) = one.in_environment(environment);
        let current = match (score.score, score.level) {
            (Some(score), Some(level)) => format!("{level} ({:.1})", score.low),
            _ => "–".to_owned(),
        };
        let gap = score.level.map_or_else(|| "–".to_owned(), |level| (target - level).max(0).to_string());
        let range = score.score.map_or_else(
            || "–".to_owned(),
            |score| if score.is_seen_open() { format!("{:.1}–{:.1}", score.low, score.high) } else { format!("{:.1}", score.low) },
        );
        table.add_row([
            kit.capability(one.capability).file.title.value.clone(),
            current,
            target.to_string(),
            gap,
            range,
            coverage.share().map_or_else(|| "–".to_owned(), percent),
            risk_words(&risks),
        ]);
    }
    for index in 1..6 {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{table}\n")
}

fn overall(card: &Scorecard, environment: EnvironmentIx) -> String {
    match card.overall.iter().find(|(scored, _)| *scored == environment) {
        Some((_, Some(overall))) => format!(
            "Overall {:.1}{}, weighted by importance; capabilities from {:.1} to {:.1}.\n",
            overall.score.low,
            if overall.score.is_seen_open() { format!(" (up to {:.1})", overall.score.high) } else { String::new() },
            overall.min,
            overall.max
        ),
        _ => "No capability has a score here yet.\n".to_owned(),
    }
}

fn risk_words(risks: &RiskCounts) -> String {
    let words: Vec<String> = [(risks.high, QuestionRisk::High), (risks.medium, QuestionRisk::Medium), (risks.low, QuestionRisk::Low)]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, risk)| format!("{count} {risk}"))
        .collect();
    if words.is_empty() { "–".to_owned() } else { words.join(", ") }
}
