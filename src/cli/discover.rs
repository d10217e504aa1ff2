//! `opsready discover`: the questionnaire.

mod buffer;
pub(super) mod editor;
mod input;
mod lines;
mod screen;
mod session;
mod text;
mod ui;

use super::output::{Exit, Output, Refusal};
use crate::assessment::journey::{Filter, Order};
use crate::diagnostic::did_you_mean;
use crate::kit::Kit;
use crate::kit::format::Dimension;
use crate::workspace::Loaded;
use crate::yaml::record::list;
use anyhow::Context;
use session::Session;
use std::io::{self, Write};

#[derive(Debug, clap::Args)]
#[command(after_help = "Each answer is on disk before the next question shows. What was stopped goes on where it stopped.

Examples:
  opsready discover tag-management
  opsready discover --role asset-manager --open
  opsready discover --order importance --by operations-manager,security-lead")]
pub(super) struct Arguments {
    /// Only these capabilities
    #[arg(value_name = "CAPABILITY")]
    capabilities: Vec<String>,
    /// Only what this role is to be asked
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Only this dimension: people, process or tools
    #[arg(long, value_name = "DIMENSION")]
    dimension: Option<String>,
    /// Only this environment, and what is asked once for all
    #[arg(long, value_name = "ENV")]
    environment: Option<String>,
    /// Only what is open now, or asked otherwise by a newer kit
    #[arg(long)]
    open: bool,
    /// The order: kit, importance (what matters most first) or core (the core path first)
    #[arg(long, value_name = "ORDER", default_value = "kit")]
    order: String,
    /// Who is in the room: recorded with each answer
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    by: Vec<String>,
    /// Record it as what this respondent said, in responses/, until it is agreed
    #[arg(long, value_name = "ID")]
    respondent: Option<String>,
    /// Plain lines, numbered choices, typed input; also by ACCESSIBLE=1
    #[arg(long)]
    accessible: bool,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = super::answer::of_respondent(global.workspace()?, arguments.respondent.as_deref())?;
    let loaded = workspace.load()?;
    output.diagnostics(&loaded.warnings);
    let filter = filter(arguments, &loaded)?;
    let order =
        Order::from_word(&arguments.order).ok_or_else(|| unknown("order", &arguments.order, Order::ALL.iter().map(|one| one.word())))?;
    let session = Session::begin(workspace, loaded, &filter, order, arguments.by.clone(), name(arguments));
    if !global.may_ask() {
        return Err(missing(&session));
    }
    let resume = session.resume_command();
    let before = session.tally().0;
    let told = resume.clone();
    let last = move || {
        screen::give_back();
        let _ = writeln!(io::stderr(), "\nStopped. Everything up to the last answer is saved. Go on with:\n  {told}");
    };
    super::ask::on_signal(last).context("cannot watch for signals")?;
    let is_set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty() && value != "0" && value != "false");
    let is_dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb") || (cfg!(unix) && std::env::var("TERM").is_err());
    let (exit, after) = if arguments.accessible || is_set("ACCESSIBLE") || is_dumb {
        let mut session = session;
        let (mut input, mut terminal) = (io::stdin().lock(), io::stderr());
        let mut console = lines::Console { input: &mut input, output: &mut terminal, width: output.width() };
        (lines::run(&mut session, &mut console)?, session.tally())
    } else {
        let mut ui = ui::Ui::new(session);
        let exit = screen::run(&mut ui, output.has_colour())?;
        (exit, ui.session.tally())
    };
    let new = after.0.saturating_sub(before);
    let since = if new > 0 { format!(", {new} of them now") } else { String::new() };
    output.note(&format!("{} of {} questions are resolved{since}. Everything is saved. Go on with:\n  {resume}", after.0, after.1));
    Ok(exit)
}

/// Returns what the user typed: it names the journey, and is the command that goes on with it.
fn name(arguments: &Arguments) -> String {
    let mut words: Vec<String> = arguments.capabilities.clone();
    let mut option = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            words.extend([name.to_owned(), value.to_owned()]);
        }
    };
    option("--role", arguments.role.as_deref());
    option("--dimension", arguments.dimension.as_deref());
    option("--environment", arguments.environment.as_deref());
    option("--order", Some(arguments.order.as_str()).filter(|order| *order != "kit"));
    option("--by", Some(arguments.by.join(",")).filter(|by| !by.is_empty()).as_deref());
    option("--respondent", arguments.respondent.as_deref());
    words.extend(arguments.open.then(|| "--open".to_owned()));
    words.extend(arguments.accessible.then(|| "--accessible".to_owned()));
    words.iter().map(|word| shell_words::quote(word).into_owned()).collect::<Vec<_>>().join(" ")
}

fn unknown<'w>(what: &str, word: &str, known: impl Iterator<Item = &'w str>) -> anyhow::Error {
    let known: Vec<&str> = known.collect();
    let help = did_you_mean(word, known.iter().copied()).unwrap_or_else(|| format!("one of {}", list(&known)));
    Refusal::because(format!("there is no {what} `{word}`"), Some(help))
}

fn filter(arguments: &Arguments, loaded: &Loaded) -> anyhow::Result<Filter> {
    let (kit, assessment): (&Kit, _) = (&loaded.kit, &loaded.assessment);
    let mut capabilities = Vec::new();
    for id in &arguments.capabilities {
        let found = super::kit::capability(kit, id)?;
        if !assessment.scope(found).in_scope {
            return Err(Refusal::because(format!("`{id}` is out of scope"), Some("opsready.yaml says so under `capabilities`".to_owned())));
        }
        capabilities.push(found);
    }
    let roles = || kit.file.roles.iter().map(|role| role.id.as_str());
    for role in arguments.role.iter().chain(&arguments.by) {
        if !kit.file.roles.is_empty() && !roles().any(|known| known == role) {
            return Err(unknown("role", role, roles()));
        }
    }
    let dimension = match &arguments.dimension {
        None => None,
        Some(word) => {
            Some(Dimension::from_word(word).ok_or_else(|| unknown("dimension", word, Dimension::ALL.iter().map(|one| one.word())))?)
        }
    };
    let environment = match &arguments.environment {
        None => None,
        Some(id) => {
            let in_scope = |ix| assessment.environments.contains(&ix);
            let known = || assessment.environments.iter().map(|ix| kit.environment_id(*ix));
            Some(kit.find_environment(id).filter(|ix| in_scope(*ix)).ok_or_else(|| unknown("environment in scope", id, known()))?)
        }
    };
    Ok(Filter { capabilities, dimension, role: arguments.role.clone(), environment, only_open: arguments.open })
}

/// Says what would have been asked, and how it is answered without a terminal.
fn missing(session: &Session) -> anyhow::Error {
    /// How many questions are named.
    const NAMED: usize = 5;
    let open: Vec<String> = (session.journey.visible(&session.visibility))
        .filter(|instance| session.assessment().is_to_ask(*instance))
        .map(|instance| instance.key(session.kit()))
        .collect();
    let named = open.iter().take(NAMED).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let more = if open.len() > NAMED { format!(" and {} more", open.len() - NAMED) } else { String::new() };
    let message = if open.is_empty() {
        "discovery needs a terminal; every question is resolved".to_owned()
    } else {
        format!(
            "discovery needs a terminal; {} open: {named}{more}",
            if open.len() == 1 { "1 question is".to_owned() } else { format!("{} questions are", open.len()) }
        )
    };
    let help = "`opsready answer QUESTION --choose CHOICE` records one answer, `answers/<capability>.yaml` takes any; `opsready status --open` lists what is open";
    Refusal::because(message, Some(help.to_owned()))
}
