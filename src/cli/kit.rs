//! `opsready kit`.

mod upgrade;

use super::output::{Exit, Output, Refusal};
use crate::diagnostic::render as diagnostics;
use crate::diagnostic::{Diagnostic, did_you_mean, has_errors, sort};
use crate::kit::{CapabilityIx, Kit, PracticeIx, QuestionIx, lint, starter};
use crate::scoring::wording::count;
use crate::workspace::create::Origin;
use crate::workspace::{files, read_kit, shipped};
use serde_json::json;
use std::fmt::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the kits that come with the program
    List,
    /// Show a kit, a capability, a question or a practice
    Show {
        /// The id; without one the whole kit
        id: Option<String>,
        /// The kit: an id or a folder [default: that of the workspace]
        #[arg(long, value_name = "ID|PATH")]
        kit: Option<String>,
    },
    /// Check kits: errors keep a kit from being used, warnings do not
    Lint {
        /// Folders, or ids of kits that come with the program [default: the kit of the workspace]
        #[arg(value_name = "PATH|ID")]
        kits: Vec<String>,
        /// Exit with 1 on warnings too
        #[arg(long)]
        strict: bool,
        /// Print one line for each finding
        #[arg(long)]
        short: bool,
    },
    /// Start a kit of your own: a small one, with comments
    New {
        /// The folder to make; its name becomes the id
        dir: PathBuf,
        /// The title [default: from the folder's name]
        #[arg(long)]
        title: Option<String>,
    },
    /// Bring a newer kit into the workspace: your changes stay, and no answer is lost
    Upgrade(upgrade::Arguments),
    /// Tell whether there is a newer kit, and what it would bring
    Outdated(upgrade::OutdatedArguments),
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::List => kit_list(output),
        Command::Show { id, kit } => show(id.as_deref(), kit.as_deref(), global, output),
        Command::Lint { kits, strict, short } => kit_lint(kits, *strict, *short, global, output),
        Command::New { dir, title } => new(dir, title.as_deref(), output),
        Command::Upgrade(arguments) => upgrade::run(arguments, global, output),
        Command::Outdated(arguments) => upgrade::outdated(arguments, global, output),
    }
}

/// Finds a capability or says which there are.
pub(super) fn capability(kit: &Kit, id: &str) -> anyhow::Result<CapabilityIx> {
    kit.find_capability(id).ok_or_else(|| {
        let known: Vec<&str> = kit.capabilities.iter().map(|capability| capability.file.id.as_str()).collect();
        let help = did_you_mean(id, known.iter().copied()).unwrap_or_else(|| format!("there are {}", crate::yaml::record::list(&known)));
        Refusal::because(format!("the kit has no capability `{id}`"), Some(help))
    })
}

fn kit_list(output: &mut Output) -> anyhow::Result<Exit> {
    let mut all = Vec::new();
    for shipped in shipped::all() {
        let (kit, found) = shipped.read();
        all.push(kit.ok_or(crate::workspace::Error::Files(found))?);
    }
    if output.is_json() {
        let kits: Vec<_> = all.iter().map(|kit| json!({"id": kit.file.id.as_str(), "title": kit.file.title.value, "version": kit.file.version.0, "capabilities": kit.capabilities.len(), "questions": kit.questions.len(), "practices": kit.practices.len()})).collect();
        output.json(&json!(kits))?;
        return Ok(Exit::Done);
    }
    for kit in &all {
        let counts =
            format!("{} capabilities, {} questions, {} practices", kit.capabilities.len(), kit.questions.len(), kit.practices.len());
        output.line(format!("{} {}  {} ({counts})", kit.file.id, kit.file.version, kit.file.title))?;
    }
    Ok(Exit::Done)
}

fn show(id: Option<&str>, kit: Option<&str>, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let kit = match kit {
        Some(name) => super::init::find(name)?.read()?,
        // `kit show aws-cloud-operations` outside a workspace means that kit.
        None => match (global.workspace(), id.and_then(shipped::find)) {
            (Err(_), Some(shipped)) => return print(&text_of_kit(&Origin::Shipped(shipped).read()?), output),
            (workspace, _) => {
                let (kit, found) = workspace?.read_kit()?;
                kit.ok_or(crate::workspace::Error::Files(found))?
            }
        },
    };
    let text = match id {
        None => text_of_kit(&kit),
        Some(id) if id == kit.file.id.as_str() => text_of_kit(&kit),
        Some(id) => {
            let name = id.split_once(':').map_or(id, |(_, name)| name);
            let capability = kit.find_capability(name).filter(|_| !id.contains(':') || id.starts_with("capability:"));
            let question = kit.find_question(name).filter(|_| !id.contains(':') || id.starts_with("question:"));
            let practice = kit.find_practice(name).filter(|_| !id.contains(':') || id.starts_with("practice:"));
            let mut texts: Vec<String> = capability.map(|ix| text_of_capability(&kit, ix)).into_iter().collect();
            texts.extend(question.map(|ix| text_of_question(&kit, ix)));
            texts.extend(practice.map(|ix| text_of_practice(&kit, ix)));
            if texts.is_empty() {
                let known = kit.capabilities.iter().map(|capability| capability.file.id.as_str());
                let known = known.chain(kit.questions.iter().map(|question| question.id.as_str()));
                let known = known.chain(kit.practices.iter().map(|practice| practice.id.as_str()));
                let help = did_you_mean(name, known).unwrap_or_else(|| "`opsready kit show` lists the capabilities".to_owned());
                return Err(Refusal::because(format!("the kit has no capability, question or practice `{id}`"), Some(help)));
            }
            texts.join("\n")
        }
    };
    print(&text, output)
}

fn print(text: &str, output: &mut Output) -> anyhow::Result<Exit> {
    output.text(text)?;
    Ok(Exit::Done)
}

fn text_of_kit(kit: &Kit) -> String {
    let mut text = format!("{} {}: {}\n", kit.file.id, kit.file.version, kit.file.title);
    if let Some(description) = &kit.file.description {
        let _ = writeln!(text, "\n{}", description.trim());
    }
    text.push_str("\nScale:\n");
    for level in &kit.file.scale.value {
        let meaning = level.meaning.as_ref().map(|meaning| format!(": {meaning}")).unwrap_or_default();
        let _ = writeln!(text, "  {} {}{meaning}", level.level.value, level.name);
    }
    let environments: Vec<&str> = kit.environment_indices().map(|ix| kit.environment_id(ix)).collect();
    let _ =
        writeln!(text, "\nEnvironments: {}; gaps are closed in {}", environments.join(", "), kit.environment_id(kit.target_environment));
    text.push_str("\nCapabilities:\n");
    for capability in &kit.capabilities {
        let _ = writeln!(
            text,
            "  {}  {} ({} questions, {} practices)",
            capability.file.id,
            capability.file.title,
            capability.questions.len(),
            capability.practices.len()
        );
    }
    text
}

fn text_of_capability(kit: &Kit, ix: CapabilityIx) -> String {
    let capability = kit.capability(ix);
    let mut text = format!("{}: {}\n", capability.file.id, capability.file.title);
    if let Some(purpose) = &capability.file.purpose {
        let _ = writeln!(text, "\n{}", purpose.trim());
    }
    text.push_str("\nQuestions:\n");
    for question in kit.questions_of(ix) {
        let asked = &kit.question(question).environments;
        let place = asked.as_ref().map(|all| all.iter().map(|e| kit.environment_id(*e)).collect::<Vec<_>>().join(", "));
        let _ = writeln!(
            text,
            "  {}  {}{}",
            kit.question(question).id,
            kit.question_file(question).ask.value,
            place.map(|place| format!(" [{place}]")).unwrap_or_default()
        );
    }
    text.push_str("\nPractices:\n");
    for practice in kit.practices_of(ix) {
        let one = kit.practice(practice);
        let _ = writeln!(text, "  {}  level {}, risk {}: {}", one.id, one.level, one.risk, kit.practice_file(practice).title);
    }
    text
}

fn text_of_question(kit: &Kit, ix: QuestionIx) -> String {
    let (question, file) = (kit.question(ix), kit.question_file(ix));
    let mut text = format!("{}: {}\n", question.id, file.ask);
    if let Some(why) = &file.why {
        let _ = writeln!(text, "\n{}", why.trim());
    }
    let _ = writeln!(text, "\nType: {}", question.kind);
    match &question.environments {
        Some(environments) => {
            let ids: Vec<&str> = environments.iter().map(|e| kit.environment_id(*e)).collect();
            let _ = writeln!(text, "Asked in each of: {}", ids.join(", "));
        }
        None => text.push_str("Asked once\n"),
    }
    let roles: Vec<&str> = file.roles.iter().map(|role| kit.role_title(role.as_str())).collect();
    if !roles.is_empty() {
        let _ = writeln!(text, "Ask: {}", roles.join(", "));
    }
    if let Some(evidence) = &file.evidence {
        let _ = writeln!(text, "Evidence: {evidence}");
    }
    if let Some(when) = &file.when {
        let _ = writeln!(text, "Asked when: {when}");
    }
    if !question.options.is_empty() {
        text.push_str(if question.kind.word() == "number" { "\nBands:\n" } else { "\nChoices:\n" });
    }
    for option in &question.options {
        let from = option.from.map(|from| format!(" from {from}")).unwrap_or_default();
        let label = if option.label == option.id { String::new() } else { format!("  {}", option.label) };
        let _ = writeln!(text, "  {}{from}{label}", option.id);
        let credits: Vec<String> =
            option.credits.iter().map(|(practice, credit)| format!("{} {credit}", kit.practice(*practice).id)).collect();
        if !credits.is_empty() {
            let _ = writeln!(text, "      credits {}", credits.join(", "));
        }
    }
    text
}

fn text_of_practice(kit: &Kit, ix: PracticeIx) -> String {
    let (practice, file) = (kit.practice(ix), kit.practice_file(ix));
    let mut text = format!("{}: {}\n", practice.id, file.title);
    let _ = writeln!(text, "\nLevel {}, risk {}, weight {}, effort {}", practice.level, practice.risk, practice.weight, practice.effort);
    for part in [&file.statement, &file.rationale, &file.guidance].into_iter().flatten() {
        let _ = writeln!(text, "\n{}", part.trim());
    }
    let requires: Vec<&str> = practice.requires.iter().map(|ix| kit.practice(*ix).id.as_str()).collect();
    if !requires.is_empty() {
        let _ = writeln!(text, "\nRequires: {}", requires.join(", "));
    }
    let asked: Vec<&str> = practice.asked_by.iter().map(|ix| kit.question(*ix).id.as_str()).collect();
    let _ = writeln!(text, "\nAsked by: {}", if asked.is_empty() { "no question".to_owned() } else { asked.join(", ") });
    for reference in &file.references {
        let _ = writeln!(text, "{}: {}", reference.title, reference.url);
    }
    text
}

fn kit_lint(names: &[String], strict: bool, short: bool, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let mut read = Vec::new();
    if names.is_empty() {
        read.push(global.workspace()?.read_kit()?);
    }
    for name in names {
        read.push(match super::init::find(name)? {
            Origin::Shipped(kit) => kit.read(),
            Origin::Folder(folder) => read_kit(&folder)?,
        });
    }
    let kits = read.len();
    let mut found: Vec<Diagnostic> = Vec::new();
    for (kit, of_kit) in read {
        found.extend(of_kit);
        found.extend(kit.iter().flat_map(lint::lint));
    }
    sort(&mut found);
    let errors = found.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = found.len() - errors;
    if output.is_json() {
        output
            .json(&json!({"schema": "opsready/lint/v1", "errors": errors, "warnings": warnings, "findings": diagnostics::json(&found)}))?;
    } else if short {
        output.text(&diagnostics::lines(&found))?;
    } else {
        output.diagnostics(&found);
    }
    output.note(&format!("{}: {}, {}", count(kits, "kit"), count(errors, "error"), count(warnings, "warning")));
    Ok(match (has_errors(&found), strict && warnings > 0) {
        (true, _) => Exit::Wrong,
        (false, true) => Exit::No,
        (false, false) => Exit::Done,
    })
}

fn new(dir: &std::path::Path, title: Option<&str>, output: &mut Output) -> anyhow::Result<Exit> {
    let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !crate::yaml::record::Id::is_valid(&name) {
        let help = "name a folder with letters, digits and `-`, such as `my-operations`".to_owned();
        return Err(Refusal::because(format!("`{name}` cannot be the id of a kit"), Some(help)));
    }
    if dir.join("kit.yaml").exists() || (dir.is_dir() && !files::tree(dir)?.is_empty()) {
        return Err(Refusal::because(
            format!("`{}` is not empty; nothing was changed", dir.display()),
            Some("name a new folder".to_owned()),
        ));
    }
    for (path, text) in starter::files(&name, title) {
        files::write(&dir.join(path), text.as_bytes())?;
    }
    for name in crate::exchange::schema::SchemaName::ALL.iter().take(2) {
        files::write(&dir.join("schemas").join(name.file_name()), crate::exchange::schema::text(*name).as_bytes())?;
    }
    let shown = dir.display();
    output.line(format!(
        "Made the kit `{name}` in `{shown}`.\n\nNext:\n  opsready kit lint {shown}\n  opsready init my-workspace --kit {shown}"
    ))?;
    Ok(Exit::Done)
}
