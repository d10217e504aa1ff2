//! `opsready prioritise`.

mod walk;

use super::output::{Exit, Output, Refusal};
use crate::assessment::format::CapabilityScope;
use crate::assessment::{Assessment, Plain};
use crate::kit::{CapabilityIx, Kit};
use crate::plan::proposal::Proposal;
use crate::plan::session::phase;
use crate::scoring::Scorecard;
use crate::workspace::Loaded;
use crate::yaml::edit::{Change, Field};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Value, json};
use std::fmt::Write;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  opsready prioritise
  opsready prioritise tag-management --importance 5 --target 3 --rationale \"Cost allocation is due in Q2\"
  opsready prioritise --list")]
pub(super) struct Arguments {
    /// The capability [default: ask for each in scope]
    capability: Option<String>,
    /// How much it matters, 1 to 5
    #[arg(long, value_name = "1-5", allow_negative_numbers = true)]
    importance: Option<f64>,
    /// The level wanted, by number or name
    #[arg(long, value_name = "LEVEL", allow_hyphen_values = true)]
    target: Option<String>,
    /// Why; an empty text takes it out
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    rationale: Option<String>,
    /// Show importance, target, level and what is proposed
    #[arg(long, conflicts_with_all = ["importance", "target", "rationale"])]
    list: bool,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let has_values = arguments.importance.is_some() || arguments.target.is_some() || arguments.rationale.is_some();
    if has_values {
        return put(arguments, global, output);
    }
    let (workspace, loaded) = global.load(output)?;
    let meant = meant(&loaded, arguments.capability.as_deref())?;
    if arguments.list {
        return list(&loaded, &meant, output);
    }
    if output.is_json() || !global.may_ask() {
        return Err(would_ask(&loaded, &meant));
    }
    walk::run(&workspace, loaded, &meant, output)
}

/// Returns the capabilities that a command is for: the one named, or all in scope.
fn meant(loaded: &Loaded, named: Option<&str>) -> anyhow::Result<Vec<CapabilityIx>> {
    match named {
        Some(id) => Ok(vec![super::kit::capability(&loaded.kit, id)?]),
        None => Ok(loaded.assessment.capabilities_in_scope(&loaded.kit).collect()),
    }
}

/// Says that there is no terminal, and what would be asked.
fn would_ask(loaded: &Loaded, meant: &[CapabilityIx]) -> anyhow::Error {
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let card = Scorecard::of(kit, assessment);
    let mut help = String::from(
        "write `opsready prioritise CAPABILITY --importance N --target LEVEL --rationale TEXT`, or run it at a terminal; it would ask for",
    );
    for capability in meant {
        let (scope, proposal) = (assessment.scope(*capability), Proposal::of(kit, assessment, &card, *capability));
        let _ = write!(
            help,
            "\n    {}: importance {} (proposed {}), target {} (proposed {}), {}",
            kit.capability_id(*capability),
            Plain(scope.importance),
            Plain(proposal.importance),
            scope.target,
            proposal.target,
            if scope.rationale.is_some() { "rationale" } else { "rationale (none yet)" }
        );
    }
    Refusal::because("the questions need a terminal", Some(help))
}

/// Sets what the options say.
fn put(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let Some(id) = &arguments.capability else {
        let help = "write `opsready prioritise CAPABILITY …`; `opsready prioritise --list` shows them".to_owned();
        return Err(Refusal::because("`--importance`, `--target` and `--rationale` are for one capability", Some(help)));
    };
    let workspace = global.workspace()?;
    let lock = workspace.lock()?;
    let loaded = workspace.load()?;
    output.diagnostics(&loaded.warnings);
    let kit = &loaded.kit;
    let capability = super::kit::capability(kit, id)?;
    let mut changes = Vec::new();
    if let Some(target) = &arguments.target {
        changes.push(target_change(level(kit, target)?));
    }
    if let Some(importance) = arguments.importance {
        changes.push(importance_change(weight(importance)?));
    }
    if let Some(text) = &arguments.rationale {
        changes.push(rationale_change(text));
    }
    let new = workspace.put_scope(&loaded, id, &changes)?;
    drop(lock);
    let (before, after) = (loaded.assessment.scope(capability), new.scope(capability));
    if !after.in_scope {
        output.note(&format!("`{id}` is kept and ignored: it is out of scope"));
    }
    if output.is_json() {
        return output.json(&as_json(kit, &new, &Scorecard::of(kit, &new), capability)).map(|()| Exit::Done);
    }
    let was = |old: String, new: String| if old == new { new } else { format!("{new} (was {old})") };
    output.line(format!(
        "{id}: importance {}, target {}, in {}",
        was(Plain(before.importance).to_string(), Plain(after.importance).to_string()),
        was(before.target.to_string(), after.target.to_string()),
        workspace.path(crate::workspace::ASSESSMENT_FILE).display()
    ))?;
    Ok(Exit::Done)
}

fn target_change(level: i64) -> (&'static str, Change) {
    ("target", Change::Set(Field::Number(level as f64)))
}

fn importance_change(importance: f64) -> (&'static str, Change) {
    ("importance", Change::Set(Field::Number(importance)))
}

fn rationale_change(text: &str) -> (&'static str, Change) {
    let is_empty = text.trim().is_empty();
    ("rationale", if is_empty { Change::Remove } else { Change::Set(Field::Text(text.to_owned())) })
}

/// Reads a level of the kit's scale, by number or name.
fn level(kit: &Kit, text: &str) -> anyhow::Result<i64> {
    let text = text.trim();
    let scale = &kit.file.scale;
    let found = scale.iter().find(|level| level.level.value.to_string() == text || level.name.to_lowercase() == text.to_lowercase());
    found.map(|level| level.level.value).ok_or_else(|| {
        let levels: Vec<String> = scale.iter().map(|level| format!("{} ({})", level.level.value, level.name)).collect();
        Refusal::because(format!("`{text}` is not a level of the kit's scale"), Some(format!("there are {}", levels.join(", "))))
    })
}

/// Returns an importance, which goes from 1 to 5.
fn weight(importance: f64) -> anyhow::Result<f64> {
    let refusal = || Refusal::because(format!("importance goes from 1 to 5, not {}", Plain(importance)), None);
    Some(importance).filter(|importance| (1.0..=5.0).contains(importance)).ok_or_else(refusal)
}

/// Returns what `opsready.yaml` itself says of a capability.
fn own<'a>(kit: &Kit, assessment: &'a Assessment, capability: CapabilityIx) -> Option<&'a CapabilityScope> {
    assessment.file.capabilities.get(kit.capability_id(capability))
}

fn list(loaded: &Loaded, meant: &[CapabilityIx], output: &mut Output) -> anyhow::Result<Exit> {
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let card = Scorecard::of(kit, assessment);
    if output.is_json() {
        let capabilities: Vec<Value> = meant.iter().map(|ix| as_json(kit, assessment, &card, *ix)).collect();
        let phase = phase(kit, assessment).map(|phase| kit.file.phases[phase].id.as_str());
        let json = json!({"schema": "opsready/priorities/v1", "phase": phase, "capabilities": capabilities});
        return output.json(&json).map(|()| Exit::Done);
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(output.width()).unwrap_or(100));
    let phase = phase(kit, assessment).map(|phase| kit.file.phases[phase].title.as_str());
    let mut header = vec!["Capability", "Importance", "Target", "Level"];
    header.extend(phase);
    header.push("Proposal");
    let columns = header.len();
    table.set_header(header);
    for capability in meant {
        let (scope, proposal) = (assessment.scope(*capability), Proposal::of(kit, assessment, &card, *capability));
        let title = &kit.capability(*capability).file.title.value;
        let title = if scope.in_scope { title.clone() } else { format!("{title} (out of scope)") };
        let level = |level: Option<i64>| level.map_or_else(|| "–".to_owned(), |level| level.to_string());
        let mut row = vec![title, Plain(scope.importance).to_string(), scope.target.to_string(), level(proposal.level)];
        row.extend(phase.map(|_| level(proposal.needed)));
        row.push(proposal.target.to_string());
        table.add_row(row);
    }
    for column in 1..columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    output.line(&table)?;
    let mut words = format!("Level and proposal are for {}.", kit.environment_title(assessment.target_environment));
    if let Some(phase) = phase {
        let _ = write!(words, " {phase} is the phase of the migration, with the level that it needs.");
    }
    output.line(words)?;
    Ok(Exit::Done)
}

fn as_json(kit: &Kit, assessment: &Assessment, card: &Scorecard, capability: CapabilityIx) -> Value {
    let (scope, proposal) = (assessment.scope(capability), Proposal::of(kit, assessment, card, capability));
    let own = own(kit, assessment, capability);
    json!({
        "id": kit.capability_id(capability),
        "in_scope": scope.in_scope,
        "importance": scope.importance,
        "target": scope.target,
        "rationale": scope.rationale,
        "set": {"importance": own.is_some_and(|own| own.importance.is_some()), "target": own.is_some_and(|own| own.target.is_some())},
        "level": proposal.level,
        "needed": proposal.needed,
        "place": proposal.place,
        "proposal": {"importance": proposal.importance, "target": proposal.target},
    })
}

/// Returns what speaks for a proposal, in a few lines for the terminal.
fn reasons(kit: &Kit, assessment: &Assessment, proposal: &Proposal) -> String {
    let mut text = String::new();
    let meaning = |level: i64| {
        let of_scale = kit.file.scale.iter().find(|of_scale| of_scale.level.value == level);
        let of_scale = of_scale.map(|of_scale| (of_scale.name.as_str(), of_scale.meaning.as_deref().unwrap_or_default().trim()));
        match of_scale {
            Some((name, "")) => format!("level {level}, {name}"),
            Some((name, meaning)) => format!("level {level}, {name}: {}", meaning.split_whitespace().collect::<Vec<_>>().join(" ")),
            None => format!("level {level}"),
        }
    };
    let environment = kit.environment_title(assessment.target_environment);
    match proposal.level {
        Some(level) => drop(writeln!(text, "  {environment}: {}", meaning(level))),
        None => drop(writeln!(text, "  {environment}: nothing is answered yet")),
    }
    if let Some(phase) = phase(kit, assessment).filter(|_| assessment.phase.is_some()) {
        let title = &kit.file.phases[phase].title;
        match proposal.needed {
            Some(level) => drop(writeln!(text, "  {title} needs {}", meaning(level))),
            None => drop(writeln!(text, "  {title} names no level")),
        }
        if let Some(place) = proposal.place {
            let _ = writeln!(text, "  {title} takes it in place {place} of {}", kit.capabilities.len());
        }
    }
    text
}
