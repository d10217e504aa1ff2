//! `opsready init`.

use super::output::{Exit, Output, Refusal};
use crate::diagnostic::did_you_mean;
use crate::kit::Kit;
use crate::workspace::create::{Frame, Origin, check_folder, create};
use crate::workspace::shipped;
use crate::yaml::record::{Id, list};
use anyhow::Context;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder to make
    dir: PathBuf,
    /// The id of a kit that comes with the program, or the folder of another
    #[arg(long, value_name = "ID|PATH")]
    kit: Option<String>,
    /// The customer, as documents name it [default: the folder's name]
    #[arg(long, value_name = "NAME")]
    customer: Option<String>,
    /// The id of the assessment [default: the folder's name as an id]
    #[arg(long)]
    id: Option<String>,
    /// The environments in scope [default: all of the kit]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    environments: Vec<String>,
    /// How secret the documents are, such as confidential
    #[arg(long, value_name = "WORD")]
    classification: Option<String>,
    /// How the organisation operates, such as hybrid
    #[arg(long, value_name = "WORD")]
    mode: Option<String>,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    check_folder(&arguments.dir)?;
    let ask = global.may_ask();
    let origin = match &arguments.kit {
        Some(name) => find(name)?,
        None if ask => ask_kit()?,
        None => return Err(Refusal::because("a kit is needed", Some(format!("write `--kit ID`; there are {}", shipped_ids())))),
    };
    let kit = origin.read()?;
    check_environments(&arguments.environments, &kit)?;
    let folder_name = folder_name(&arguments.dir);
    let customer = match &arguments.customer {
        Some(customer) => customer.clone(),
        None if ask => ask_text("Customer", &folder_name)?,
        None => folder_name.clone(),
    };
    if customer.trim().is_empty() {
        return Err(Refusal::because("the customer has no name", Some("write `--customer NAME`".to_owned())));
    }
    let environments = if arguments.environments.is_empty() && ask { ask_environments(&kit)? } else { arguments.environments.clone() };
    let classification = match &arguments.classification {
        Some(word) => Some(word.clone()),
        None if ask => Some(ask_text("Classification of the documents", "confidential")?),
        None => None,
    };
    let id = match &arguments.id {
        Some(id) if Id::is_valid(id) => id.clone(),
        Some(id) => {
            let help = "an id has letters, digits, `-`, `_` and `.`, and starts with a letter or digit".to_owned();
            return Err(Refusal::because(format!("`{id}` cannot be an id"), Some(help)));
        }
        None => slug(&folder_name),
    };
    let frame = Frame { id, customer, classification, mode: arguments.mode.clone(), environments };
    let (workspace, kept) = create(&arguments.dir, &origin, &kit, &frame)?;
    for name in kept {
        let fate = if name == ".gitattributes" { "keeps what it has; what git merges by question is added" } else { "is left as it was" };
        output.note(&format!("`{}` was there and {fate}", workspace.path(name).display()));
    }
    let shown = arguments.dir.display();
    output.line(format!(
        "Made the workspace `{shown}` with the kit {} {} ({} capabilities, {} questions).",
        kit.file.id,
        kit.file.version,
        kit.capabilities.len(),
        kit.questions.len()
    ))?;
    output.line("\nNext:")?;
    output.line(format!("  cd {}", quoted_for_shell(&arguments.dir)))?;
    output.line("  opsready kit show       # the capabilities and their questions")?;
    output.line("  opsready discover       # asks them one by one, at a terminal")?;
    output.line("  opsready status         # what is answered and what is open")?;
    output.line("  opsready merge-driver --install   # in each clone: git merges answers by question")?;
    Ok(Exit::Done)
}

fn shipped_ids() -> String {
    list(&shipped::all().iter().map(|kit| kit.id().to_owned()).collect::<Vec<_>>())
}

/// Finds a kit by id or path.
pub(super) fn find(name: &str) -> anyhow::Result<Origin> {
    Origin::find(name).ok_or_else(|| {
        let known: Vec<&str> = shipped::all().iter().map(shipped::Shipped::id).collect();
        let help = did_you_mean(name, known)
            .unwrap_or_else(|| format!("there are {}; write a path such as `./{name}` for a folder", shipped_ids()));
        Refusal::because(format!("there is no kit `{name}`"), Some(help))
    })
}

fn check_environments(named: &[String], kit: &Kit) -> anyhow::Result<()> {
    let known: Vec<&str> = kit.environment_indices().map(|ix| kit.environment_id(ix)).collect();
    match named.iter().find(|id| !known.contains(&id.as_str())) {
        None => Ok(()),
        Some(id) => {
            let help = did_you_mean(id, known.iter().copied()).unwrap_or_else(|| format!("there are {}", list(&known)));
            Err(Refusal::because(format!("the kit has no environment `{id}`"), Some(help)))
        }
    }
}

/// Returns the name of the folder that a path means, also for `.` and `..`.
fn folder_name(dir: &Path) -> String {
    let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let mut parts: Vec<std::ffi::OsString> = Vec::new();
    for part in absolute.components() {
        match part {
            std::path::Component::ParentDir => drop(parts.pop()),
            std::path::Component::Normal(name) => parts.push(name.to_owned()),
            _ => {}
        }
    }
    parts.last().map_or_else(|| "workspace".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Returns a name as an id.
fn slug(name: &str) -> String {
    let mut lower = name.to_lowercase();
    for (letter, spelt) in [
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("ø", "o"),
        ("å", "a"),
        ("é", "e"),
        ("è", "e"),
        ("ç", "c"),
        ("ñ", "n"),
    ] {
        lower = lower.replace(letter, spelt);
    }
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "assessment".to_owned() } else { words.join("-") }
}

fn quoted_for_shell(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '~'));
    if is_plain { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

fn ask_text(prompt: &str, default: &str) -> anyhow::Result<String> {
    let asked = dialoguer::Input::<String>::new().with_prompt(prompt).default(default.to_owned()).interact_text();
    asked.map_err(stopped).context("no answer")
}

fn ask_kit() -> anyhow::Result<Origin> {
    let kits = shipped::all();
    let names: Vec<String> = kits.iter().map(|kit| kit.id().to_owned()).collect();
    let chosen = if kits.len() == 1 {
        0
    } else {
        dialoguer::Select::new().with_prompt("Kit").items(&names).default(0).interact().map_err(stopped)?
    };
    Ok(Origin::Shipped(kits[chosen]))
}

fn ask_environments(kit: &Kit) -> anyhow::Result<Vec<String>> {
    let ids: Vec<String> = kit.environment_indices().map(|ix| kit.environment_id(ix).to_owned()).collect();
    if ids.len() < 2 {
        return Ok(ids);
    }
    loop {
        let text = ask_text("Environments in scope", &ids.join(", "))?;
        let chosen: Vec<String> = text.split([',', ' ']).map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect();
        match chosen.iter().find(|id| !ids.contains(id)) {
            None if !chosen.is_empty() => return Ok(chosen),
            None => {}
            #[expect(clippy::print_stderr, reason = "the answer to a question belongs beside the question")]
            Some(unknown) => eprintln!("there is no environment `{unknown}`; there are {}", list(&ids)),
        }
    }
}

pub(super) fn stopped(error: dialoguer::Error) -> std::io::Error {
    let dialoguer::Error::IO(error) = error;
    error
}
