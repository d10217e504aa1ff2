//! `opsready milestone`.

use super::output::{Exit, Output, Refusal, today};
use crate::diagnostic::did_you_mean;
use crate::exchange::milestone::MilestoneFile;
use crate::plan::progress::{KitIdentity, Milestone, Results, ScoreResult};
use crate::scoring::Between;
use crate::scoring::wording::{count, percent};
use crate::workspace::Workspace;
use crate::yaml::record::list;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::json;
use std::fmt::Write;

/// Up to how many characters the name of a milestone is not broken in a list.
const WHOLE_NAME: usize = 36;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Freeze scores, answers, plan and registers as they are now
    #[command(after_help = "A milestone is `milestones/NAME.json`; commit it. Nothing changes it any more, also not a newer kit.

Examples:
  opsready milestone save baseline --note \"After the three workshops\"
  opsready milestone save 2027-q1")]
    Save {
        /// The name: letters, digits, `-`, `_` and `.`
        name: String,
        /// What is worth knowing of it in a year
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// List the milestones, the earliest first
    List,
    /// Show what a milestone froze
    #[command(after_help = "Examples:
  opsready milestone show baseline
  opsready milestone show baseline --json")]
    Show {
        /// The name, as `milestone list` shows it
        name: String,
    },
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::Save { name, note } => save(name, note.as_deref(), global, output),
        Command::List => show_list(&global.workspace()?, output),
        Command::Show { name } => show(name, &global.workspace()?, output),
    }
}

fn save(name: &str, note: Option<&str>, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let _lock = workspace.lock()?;
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let (before, _) = workspace.milestones()?;
    let path = workspace.save_milestone(&loaded, name, note.filter(|note| !note.trim().is_empty()), today())?;
    let (saved, _) = workspace.milestone(name)?;
    let last = before.last().filter(|last| last.says_the_same(&saved));
    let milestone = &saved.milestone;
    if output.is_json() {
        output.json(&json!({
            "schema": "opsready/milestone-saved/v1",
            "name": milestone.name,
            "path": path.display().to_string(),
            "saved_on": milestone.saved_on.to_string(),
            "kit": kit_json(&milestone.kit),
            "unchanged_since": last.map(|last| &last.milestone.name),
        }))?;
    } else {
        output.line(path.display())?;
    }
    output.note(&sentence(milestone));
    if let Some(last) = last {
        output.note(&format!("nothing has changed since the milestone `{}` of {}", last.milestone.name, last.milestone.saved_on));
    }
    output.note("  = help: commit it; `opsready diff` shows later what became of it");
    Ok(Exit::Done)
}

/// Returns what a milestone froze, in a sentence.
fn sentence(milestone: &Milestone) -> String {
    let results = &milestone.results;
    let overall = results.overall.get(&results.target_environment).and_then(|overall| overall.low);
    let overall =
        overall.map_or_else(|| "no score yet".to_owned(), |score| format!("overall {score:.1} in {}", results.target_environment));
    let confirmed = results.gaps.iter().filter(|gap| gap.is_confirmed()).count();
    format!(
        "frozen: {}, {}, {overall}, {} of questions resolved",
        count_of(results.capabilities.len(), "capability", "capabilities"),
        count(confirmed, "confirmed gap"),
        results.coverage.map_or_else(|| "none".to_owned(), percent),
    )
}

fn count_of(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

pub(super) fn kit_json(kit: &KitIdentity) -> serde_json::Value {
    json!({"id": kit.id, "title": kit.title, "version": kit.version, "overlay": kit.is_overlaid, "digest": kit.digest})
}

fn show_list(workspace: &Workspace, output: &mut Output) -> anyhow::Result<Exit> {
    let (found, warnings) = workspace.milestones()?;
    output.diagnostics(&warnings);
    let milestones: Vec<&Milestone> = found.iter().map(|file| &file.milestone).collect();
    if output.is_json() {
        let entry = |milestone: &&Milestone| {
            let results = &milestone.results;
            let overall = results.overall.get(&results.target_environment);
            json!({
                "name": milestone.name,
                "saved_on": milestone.saved_on.to_string(),
                "note": milestone.note,
                "program": milestone.program,
                "kit": kit_json(&milestone.kit),
                "target_environment": results.target_environment,
                "overall": {"score": overall.and_then(|of| of.low), "low": overall.and_then(|of| of.low), "high": overall.and_then(|of| of.high)},
                "coverage": results.coverage,
                "gaps": results.gaps.len(),
                "confirmed_gaps": results.gaps.iter().filter(|gap| gap.is_confirmed()).count(),
            })
        };
        output.json(&json!({"schema": "opsready/milestones/v1", "milestones": milestones.iter().map(entry).collect::<Vec<_>>()}))?;
        return Ok(Exit::Done);
    }
    if milestones.is_empty() {
        output.note("there is no milestone yet");
        output.note("  = help: `opsready milestone save NAME` freezes the scores and answers of today");
        return Ok(Exit::Done);
    }
    let mut table = table(output.width());
    table.set_header(["Milestone", "Saved on", "Kit", "Overall", "Resolved", "Gaps", "Note"]);
    let is_one_kit = milestones.iter().all(|milestone| milestone.kit.id == milestones[0].kit.id && !milestone.kit.is_overlaid);
    for milestone in &milestones {
        let results = &milestone.results;
        let overall = results.overall.get(&results.target_environment).and_then(|of| Some(Between { low: of.low?, high: of.high? }));
        table.add_row([
            milestone.name.clone(),
            milestone.saved_on.to_string(),
            if is_one_kit { milestone.kit.version.clone() } else { milestone.kit.name() },
            overall.map_or_else(|| "–".to_owned(), range),
            results.coverage.map_or_else(|| "–".to_owned(), percent),
            results.gaps.len().to_string(),
            milestone.note.clone().unwrap_or_default(),
        ]);
    }
    // A name is typed again, so it stays in one piece where there is room for it.
    let is_short = milestones.iter().all(|milestone| milestone.name.chars().count() <= WHOLE_NAME);
    if let Some(names) = table.column_mut(0).filter(|_| is_short) {
        names.set_constraint(ColumnConstraint::ContentWidth);
    }
    output.text(&format!("{table}\n"))?;
    Ok(Exit::Done)
}

/// Returns a score, with its range where it has one.
pub(super) fn range(score: Between) -> String {
    if score.is_seen_open() { format!("{:.1}–{:.1}", score.low, score.high) } else { format!("{:.1}", score.low) }
}

pub(super) fn table(width: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(100));
    table
}

pub(super) fn align_right(table: &mut Table, columns: std::ops::Range<usize>) {
    for index in columns {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Reads a milestone by name, or says which there are.
pub(super) fn find(name: &str, workspace: &Workspace, output: &mut Output) -> anyhow::Result<MilestoneFile> {
    let names = workspace.milestone_names()?;
    if !names.iter().any(|known| known == name) {
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let help = did_you_mean(name, known.iter().copied()).unwrap_or_else(|| match known.len() {
            0 => "there is none yet: `opsready milestone save NAME` freezes the scores and answers of today".to_owned(),
            1..=12 => format!("there are {}", list(&known)),
            _ => "`opsready milestone list` shows them".to_owned(),
        });
        return Err(Refusal::because(format!("there is no milestone `{name}`"), Some(help)));
    }
    let (file, warnings) = workspace.milestone(name)?;
    output.diagnostics(&warnings);
    Ok(file)
}

fn show(name: &str, workspace: &Workspace, output: &mut Output) -> anyhow::Result<Exit> {
    let file = find(name, workspace, output)?;
    if output.is_json() {
        output.json(&serde_json::from_str(&file.source.text)?)?;
        return Ok(Exit::Done);
    }
    let milestone = &file.milestone;
    let results = &milestone.results;
    let frozen = file.open().ok();
    let title = |id: &str| {
        let kit = frozen.as_ref().map(|frozen| &frozen.kit)?;
        kit.find_capability(id).map(|ix| kit.capability(ix).file.title.value.clone())
    };
    let mut text = format!("Milestone {}, saved on {}\n", milestone.name, milestone.saved_on);
    let _ = writeln!(text, "Kit: {} ({})", milestone.kit.name(), milestone.kit.title);
    if let Some(note) = &milestone.note {
        let _ = writeln!(text, "Note: {note}");
    }
    text.push('\n');
    for environment in environments(results) {
        let target = if *environment == results.target_environment { " (target)" } else { "" };
        let name = frozen.as_ref().and_then(|frozen| {
            let ix = frozen.kit.find_environment(environment)?;
            Some(frozen.kit.environment_title(ix).to_owned())
        });
        let _ = writeln!(text, "{}{target}", name.as_deref().unwrap_or(environment));
        let mut table = table(output.width());
        table.set_header(["Capability", "Level", "Target", "Score", "Coverage"]);
        for one in &results.capabilities {
            let score = one.environments.get(environment).copied().unwrap_or_default();
            table.add_row([
                title(&one.id).unwrap_or_else(|| one.id.clone()),
                score.level.map_or_else(|| "–".to_owned(), |level| level.to_string()),
                one.target.to_string(),
                between(&score).map_or_else(|| "–".to_owned(), range),
                one.coverage.map_or_else(|| "–".to_owned(), percent),
            ]);
        }
        align_right(&mut table, 1..5);
        let _ = writeln!(text, "{table}\n");
    }
    let confirmed = results.gaps.iter().filter(|gap| gap.is_confirmed()).count();
    let _ = writeln!(text, "Gaps up to the targets: {confirmed} confirmed, {} to be clarified.", results.gaps.len() - confirmed);
    let _ = writeln!(text, "It keeps the texts of {}.", count(file.files.len(), "file"));
    output.text(&text)?;
    Ok(Exit::Done)
}

/// Returns the environments that results are for, the target environment first.
fn environments(results: &Results) -> Vec<&String> {
    let mut environments: Vec<&String> = results.overall.keys().collect();
    environments.sort_by_key(|environment| (**environment != results.target_environment, (*environment).clone()));
    environments
}

pub(super) fn between(score: &ScoreResult) -> Option<Between> {
    Some(Between { low: score.low?, high: score.high? })
}
