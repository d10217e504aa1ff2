//! `opsready worksheet`.

use super::answer::of_respondent;
use super::output::{Exit, Output, Refusal, today};
use crate::assessment::Assessment;
use crate::assessment::visibility::Visibility;
use crate::diagnostic::{Diagnostic, did_you_mean, render, sort};
use crate::exchange::worksheet::read::{self, Import};
use crate::exchange::worksheet::{Selection, Sheet, Worksheet, csv, markdown, xlsx};
use crate::kit::Kit;
use crate::scoring::wording::count;
use crate::workspace::{Error, Loaded, Workspace, files};
use crate::yaml::record::{Id, list};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write questions into a file that people fill in without the tool
    #[command(after_help = "Examples:
  opsready worksheet export --format md --role cloud-platform-lead -o platform.md
  opsready worksheet export tag-management --open --format xlsx -o tags.xlsx")]
    Export(Export),
    /// Read filled worksheets back
    #[command(after_help = "What is empty in a worksheet changes nothing, and no answer is ever removed.

Examples:
  opsready worksheet import platform.md --dry-run
  opsready worksheet import tags.xlsx --respondent finance-lead
  opsready worksheet import tags.xlsx --agreed")]
    Import(ImportArguments),
}

#[derive(Debug, clap::Args)]
struct Export {
    /// Only the questions of these capabilities
    #[arg(value_name = "CAPABILITY")]
    capabilities: Vec<String>,
    /// Only the questions for this role
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Who answers; what they said before is filled in [default: the role]
    #[arg(long, value_name = "ID")]
    respondent: Option<String>,
    /// Only the questions that are asked in this environment
    #[arg(long, value_name = "ENV")]
    environment: Option<String>,
    /// Only the questions that are not answered, parked, not known, or asked otherwise by a newer kit
    #[arg(long)]
    open: bool,
    /// The format [default: that of FILE, else md]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write into FILE, which must not be there yet
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Format {
    /// Markdown, for a pull request or a wiki
    Md,
    /// CSV, for any spreadsheet
    Csv,
    /// A workbook with drop-downs, for Excel and the like; needs `-o`
    Xlsx,
}

#[derive(Debug, clap::Args)]
struct ImportArguments {
    /// The filled worksheets
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Who answered [default: as the file says]
    #[arg(long, value_name = "ID")]
    respondent: Option<String>,
    /// Write nothing; show what would change
    #[arg(long)]
    dry_run: bool,
    /// Record it as agreed, in answers/
    #[arg(long)]
    agreed: bool,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::Export(arguments) => export(arguments, global, output),
        Command::Import(arguments) => import(arguments, global, output),
    }
}

fn export(arguments: &Export, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let of_file = arguments.file.as_deref().and_then(Path::extension).and_then(|extension| extension.to_str());
    let format = arguments.format.or(match of_file {
        Some("csv") => Some(Format::Csv),
        Some("xlsx") => Some(Format::Xlsx),
        _ => None,
    });
    let format = format.unwrap_or(Format::Md);
    if format == Format::Xlsx && arguments.file.is_none() {
        return Err(Refusal::because("a workbook is no text to print", Some("write it into a file with `-o FILE.xlsx`".to_owned())));
    }
    let agreed = global.workspace()?;
    let of_one = of_respondent(agreed.clone(), arguments.respondent.as_deref())?;
    let workspace = if of_one.answers_folder().is_dir() { of_one } else { agreed };
    let loaded = workspace.load()?;
    output.diagnostics(&loaded.warnings);
    let selection = selection(arguments, &loaded.kit)?;
    let worksheet = Worksheet::of(&loaded.kit, &loaded.assessment, &selection);
    let questions = worksheet.items().count();
    if questions == 0 {
        output.note("no question is asked that this would take; nothing was written");
        return Ok(Exit::No);
    }
    let bytes = match format {
        Format::Md => markdown::write(&worksheet).into_bytes(),
        Format::Csv => csv::write(&worksheet).into_bytes(),
        Format::Xlsx => xlsx::write(&worksheet)?,
    };
    let Some(file) = &arguments.file else {
        output.file(&String::from_utf8(bytes)?)?;
        return Ok(Exit::Done);
    };
    if files::read_bytes(file)?.is_some_and(|there| there != bytes) {
        let help = "somebody may have answered in it: name another file, or remove this one first".to_owned();
        return Err(Refusal::because(format!("`{}` is there already", file.display()), Some(help)));
    }
    files::write(file, &bytes)?;
    let by = if worksheet.respondent.is_empty() { String::new() } else { format!(", for {}", worksheet.respondent) };
    output.line(format!("{}: {}{by}", file.display(), count(questions, "question")))?;
    Ok(Exit::Done)
}

/// Finds what the arguments name in the kit.
fn selection<'a>(arguments: &'a Export, kit: &Kit) -> anyhow::Result<Selection<'a>> {
    let mut capabilities = Vec::new();
    for id in &arguments.capabilities {
        capabilities.push(super::kit::capability(kit, id)?);
    }
    let environments: Vec<&str> = kit.environment_indices().map(|ix| kit.environment_id(ix)).collect();
    let environment = match &arguments.environment {
        Some(id) => Some(kit.find_environment(id).ok_or_else(|| unknown("environment", id, &environments))?),
        None => None,
    };
    let mut roles: Vec<&str> = kit.file.roles.iter().map(|role| role.id.as_str()).collect();
    let questions = kit.capability_indices().flat_map(|capability| kit.questions_of(capability));
    roles.extend(questions.flat_map(|question| &kit.question_file(question).roles).map(|role| role.as_str()));
    if let Some(role) = arguments.role.as_deref().filter(|role| !roles.contains(role)) {
        return Err(unknown("role", role, &roles));
    }
    let respondent = arguments.respondent.as_deref().or(arguments.role.as_deref()).unwrap_or_default();
    Ok(Selection { capabilities, role: arguments.role.as_deref(), environment, is_open_only: arguments.open, respondent })
}

fn unknown(what: &str, id: &str, known: &[&str]) -> anyhow::Error {
    let help = did_you_mean(id, known.iter().copied()).unwrap_or_else(|| format!("there are {}", list(known)));
    Refusal::because(format!("the kit has no {what} `{id}`"), Some(help))
}

/// What became of one file.
struct Outcome {
    file: String,
    respondent: Option<String>,
    folder: PathBuf,
    import: Import,
    /// How many questions are asked now that were not asked before.
    follow_up: usize,
}

fn import(arguments: &ImportArguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    // A name that cannot be is refused before anything is read.
    of_respondent(workspace.clone(), arguments.respondent.as_deref())?;
    let kit = workspace.load()?.kit;
    let (mut outcomes, mut unreadable) = (Vec::new(), Vec::new());
    for file in &arguments.files {
        let shown = file.display().to_string();
        match sheet_of(&kit, file)? {
            Ok(sheet) => match import_one(arguments, &workspace, &shown, sheet) {
                Ok(outcome) => outcomes.push(outcome),
                // What was imported before stays so, and is shown.
                Err(error) => {
                    show(&outcomes, &unreadable, arguments.dry_run, output)?;
                    return Err(error);
                }
            },
            Err(diagnostic) => unreadable.push(diagnostic),
        }
    }
    show(&outcomes, &unreadable, arguments.dry_run, output)?;
    let is_refused = outcomes.iter().any(|outcome| !outcome.import.faults.is_empty());
    Ok(match (outcomes.is_empty(), is_refused || !unreadable.is_empty()) {
        (true, _) => Exit::Wrong,
        (false, true) => Exit::No,
        (false, false) => Exit::Done,
    })
}

fn sheet_of(kit: &Kit, file: &Path) -> anyhow::Result<Result<Sheet, Diagnostic>> {
    let Some(bytes) = files::read_bytes(file)? else {
        return Err(Refusal::because(format!("there is no file `{}`", file.display()), None));
    };
    let shown = file.display().to_string();
    if bytes.len() > LARGEST_WORKSHEET_BYTES {
        return Ok(Err(crate::yaml::too_large(&shown, bytes.len() as u64)));
    }
    Ok(read::sheet(kit, &shown, &bytes).map_err(|diagnostic| *diagnostic))
}

/// The largest worksheet that is read.
const LARGEST_WORKSHEET_BYTES: usize = crate::yaml::LARGEST_FILE_BYTES;

fn import_one(arguments: &ImportArguments, workspace: &Workspace, file: &str, sheet: Sheet) -> anyhow::Result<Outcome> {
    let named = sheet.respondent.as_ref().map(|said| said.text.trim().to_owned());
    let respondent = arguments.respondent.clone().or(named);
    let workspace = match &respondent {
        _ if arguments.agreed => workspace.clone(),
        Some(name) if Id::is_valid(name) => workspace.of_respondent(&Id(name.clone())),
        Some(name) => {
            let help = "a respondent is a role or a short name of letters, digits, `-`, `_` and `.`: write `--respondent ID`".to_owned();
            return Err(Refusal::because(format!("`{file}` is by `{name}`, which cannot name a respondent"), Some(help)));
        }
        None => {
            let help = "write `--respondent ID`, or `--agreed` if the answers are agreed".to_owned();
            return Err(Refusal::because(format!("`{file}` does not say who answered"), Some(help)));
        }
    };
    // From here on nobody else writes, so that what is read is what is changed.
    let lock = if arguments.dry_run { None } else { Some(workspace.lock()?) };
    let loaded = workspace.load()?;
    let mut import = read::import(&loaded.kit, &loaded.assessment, sheet, respondent.as_deref(), today());
    let mut after = None;
    if !arguments.dry_run {
        let mut written = Vec::new();
        for entry in std::mem::take(&mut import.entries) {
            match workspace.put_answer(&loaded, entry.instance, &entry.changes) {
                Ok(assessment) => {
                    after = Some(assessment);
                    written.push(entry);
                }
                Err(Error::Files(found)) => import.faults.extend(found),
                Err(Error::Unusable(message)) => {
                    let message = format!("`{}`: {message}", entry.key);
                    import.faults.push(Diagnostic::placeless(crate::diagnostic::Code::BadAnswer, message));
                }
                Err(error) => return Err(error.into()),
            }
        }
        import.entries = written;
    }
    drop(lock);
    sort(&mut import.faults);
    let follow_up = after.map_or(0, |after| follow_up(&loaded, &after));
    Ok(Outcome { file: file.to_owned(), respondent, folder: workspace.answers_folder(), import, follow_up })
}

/// Returns how many open questions are asked after an import that were not asked before it.
fn follow_up(before: &Loaded, after: &Assessment) -> usize {
    let kit = &before.kit;
    let (was, is) = (Visibility::of(kit, &before.assessment), Visibility::of(kit, after));
    let askings = kit.asking_order.iter().flat_map(|question| after.instances(kit, *question));
    askings.filter(|instance| is.is_visible(*instance) && !was.is_visible(*instance) && after.state(*instance).is_open()).count()
}

fn show(outcomes: &[Outcome], unreadable: &[Diagnostic], is_dry: bool, output: &mut Output) -> anyhow::Result<()> {
    let faults: Vec<Diagnostic> = outcomes.iter().flat_map(|outcome| &outcome.import.faults).chain(unreadable).cloned().collect();
    if output.is_json() {
        let files: Vec<_> = outcomes.iter().map(as_json).collect();
        return output.json(&json!({
            "schema": "opsready/worksheet-import/v1", "dry_run": is_dry, "files": files, "unreadable": render::json(unreadable),
        }));
    }
    for outcome in outcomes {
        let import = &outcome.import;
        for entry in &import.entries {
            let beside = entry.beside.iter().flat_map(|word| ["; ", word]).collect::<String>();
            output.line(match &entry.before {
                None => format!("added    {}: {}{beside}", entry.key, entry.after),
                Some(before) if *before == entry.after => format!("changed  {}: {before}, as before{beside}", entry.key),
                Some(before) => format!("changed  {}: {before} -> {}{beside}", entry.key, entry.after),
            })?;
        }
        let added = import.entries.iter().filter(|entry| entry.before.is_none()).count();
        let refused = if import.faults.is_empty() { String::new() } else { format!(", {} refused", import.faults.len()) };
        let place = if is_dry { "nothing was written".to_owned() } else { format!("in {}", outcome.folder.display()) };
        let (changed, unchanged) = (import.entries.len() - added, import.unchanged);
        output.line(format!("{}: {added} added, {changed} changed, {unchanged} unchanged{refused}; {place}", outcome.file))?;
    }
    output.diagnostics(&faults);
    for outcome in outcomes.iter().filter(|outcome| outcome.follow_up > 0) {
        let more = if outcome.follow_up == 1 { "question is" } else { "questions are" };
        let by = outcome.respondent.as_ref().map(|respondent| format!(" --respondent {respondent}")).unwrap_or_default();
        output.note(&format!("{} more {more} asked now: `opsready worksheet export --open{by}`", outcome.follow_up));
    }
    Ok(())
}

fn as_json(outcome: &Outcome) -> serde_json::Value {
    let import = &outcome.import;
    let entries: Vec<_> = (import.entries.iter())
        .map(|entry| json!({"key": entry.key, "before": entry.before, "after": entry.after, "beside": entry.beside}))
        .collect();
    json!({
        "file": outcome.file, "respondent": outcome.respondent, "folder": outcome.folder.display().to_string(),
        "entries": entries, "unchanged": import.unchanged, "follow_up": outcome.follow_up, "refused": render::json(&import.faults),
    })
}
