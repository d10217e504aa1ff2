//! The command line: arguments, dispatch, and everything that talks to a person. The only layer that knows a terminal or a
//! clock.

mod answer;
mod ask;
mod backlog;
mod check;
mod decision;
mod demo;
mod diff;
mod discover;
mod explain;
mod followup;
mod init;
mod kit;
mod merge_driver;
mod milestone;
pub mod output;
mod plan;
mod prioritise;
mod publish;
mod reconcile;
mod register;
mod render;
mod risk;
mod scaffold;
mod schema;
mod score;
mod status;
mod template;
mod worksheet;

use crate::diagnostic::render as diagnostics;
use crate::scoring::wording::count;
use crate::workspace::{Error, Loaded, Workspace};
use clap::{ColorChoice, Parser, Subcommand};
use output::{Exit, Output, Refusal};
use std::io;
use std::path::PathBuf;

/// Operational readiness assessment: discover, score, design, document
#[derive(Debug, Parser)]
#[command(name = "opsready", version, max_term_width = 100, subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "Start with `opsready demo`, then `opsready init DIR --kit aws-cloud-operations`.

Exit codes: 0 done; 1 the answer is no (a check or threshold failed, a document is stale, a merge conflicts);
2 wrong usage or wrong files; 3 the machine failed; 130 interrupted.")]
pub struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// Use the workspace in DIR [default: found from here upwards]
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    directory: Option<PathBuf>,
    /// Print data as JSON
    #[arg(long, global = true)]
    json: bool,
    /// Ask nothing; stop where an answer is missing
    #[arg(long, global = true)]
    no_input: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a sample engagement, scored and rendered, to look around in
    Demo(demo::Arguments),
    /// Make a workspace for a customer
    Init(init::Arguments),
    /// Ask the questions, one by one; goes on where it stopped
    Discover(discover::Arguments),
    /// Record one answer
    Answer(answer::Arguments),
    /// Say how much capabilities matter and which level they are to reach
    Prioritise(prioritise::Arguments),
    /// Make one answer of what several people said
    Reconcile(reconcile::Arguments),
    /// Write down what was decided, or is to be, and move it on
    Decision(decision::Arguments),
    /// Write down risks, assumptions, issues and dependencies, and move them on
    Risk(risk::Arguments),
    /// Show what is answered, open, parked and unknown
    Status(status::Arguments),
    /// Show levels, targets, gaps, ranges and coverage
    Score(score::Arguments),
    /// Show how a number came about
    Explain(explain::Arguments),
    /// Plan the work that closes gaps, and see what comes of it
    Plan(plan::Arguments),
    /// Write the documents
    Render(render::Arguments),
    /// Hold kit, answers, documents and policy against their rules, for a pipeline
    Check(check::Arguments),
    /// Write what follows a session: recap to send, actions, calendar
    Followup(followup::Arguments),
    /// Write what a repository needs: checks on each change, owners, a form for changes
    Scaffold(scaffold::Arguments),
    /// Merge files of a workspace for git: answers by question, the rest by key
    MergeDriver(merge_driver::Arguments),
    /// List, show, take over and compare the templates of the documents
    Template(template::Arguments),
    /// Turn gaps into stories: take them over, bring them to a tracker, close them
    Backlog(backlog::Arguments),
    /// Let people answer in a file, and read it back
    Worksheet(worksheet::Arguments),
    /// Freeze the scores and answers of today, and look at those of earlier days
    Milestone(milestone::Arguments),
    /// Show what moved between two days, and why
    Diff(diff::Arguments),
    /// List, show, check and start kits
    Kit(kit::Arguments),
    /// Print the JSON Schema of a file format
    Schema(schema::Arguments),
}

/// Runs the program and returns its exit code.
pub fn main() -> Exit {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Wrong } else { Exit::Done };
            return if error.print().is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) { Exit::Machine } else { exit };
        }
    };
    let mut output = Output::new(arguments.global.color, arguments.global.json);
    let result = run(&arguments, &mut output);
    match result.and_then(|exit| output.flush().map(|()| exit)) {
        Ok(exit) => exit,
        Err(error) => report(&error, &mut output),
    }
}

fn run(arguments: &Arguments, output: &mut Output) -> anyhow::Result<Exit> {
    let global = &arguments.global;
    match &arguments.command {
        Command::Demo(arguments) => demo::run(arguments, output),
        Command::Init(arguments) => init::run(arguments, global, output),
        Command::Discover(arguments) => discover::run(arguments, global, output),
        Command::Answer(arguments) => answer::run(arguments, global, output),
        Command::Prioritise(arguments) => prioritise::run(arguments, global, output),
        Command::Reconcile(arguments) => reconcile::run(arguments, global, output),
        Command::Decision(arguments) => decision::run(arguments, global, output),
        Command::Risk(arguments) => risk::run(arguments, global, output),
        Command::Status(arguments) => status::run(arguments, global, output),
        Command::Score(arguments) => score::run(arguments, global, output),
        Command::Explain(arguments) => explain::run(arguments, global, output),
        Command::Plan(arguments) => plan::run(arguments, global, output),
        Command::Render(arguments) => render::run(arguments, global, output),
        Command::Check(arguments) => check::run(arguments, global, output),
        Command::Followup(arguments) => followup::run(arguments, global, output),
        Command::Scaffold(arguments) => scaffold::run(arguments, global, output),
        Command::MergeDriver(arguments) => merge_driver::run(arguments, global, output),
        Command::Template(arguments) => template::run(arguments, global, output),
        Command::Backlog(arguments) => backlog::run(arguments, global, output),
        Command::Worksheet(arguments) => worksheet::run(arguments, global, output),
        Command::Milestone(arguments) => milestone::run(arguments, global, output),
        Command::Diff(arguments) => diff::run(arguments, global, output),
        Command::Kit(arguments) => kit::run(arguments, global, output),
        Command::Schema(arguments) => schema::run(arguments, output),
    }
}

impl Global {
    /// Returns the workspace that the command is for.
    fn workspace(&self) -> Result<Workspace, Error> {
        match &self.directory {
            Some(directory) => Workspace::at(directory),
            None => Workspace::find(std::path::Path::new(".")),
        }
    }

    /// Reads the workspace, and shows its warnings.
    fn load(&self, output: &mut Output) -> anyhow::Result<(Workspace, Loaded)> {
        let workspace = self.workspace()?;
        let loaded = workspace.load()?;
        output.diagnostics(&loaded.warnings);
        Ok((workspace, loaded))
    }

    /// Returns true if questions may be asked at a terminal.
    fn may_ask(&self) -> bool {
        use std::io::IsTerminal;
        !self.no_input && io::stdin().is_terminal() && io::stderr().is_terminal()
    }
}

/// Shows an error and returns the exit code that it means.
fn report(error: &anyhow::Error, output: &mut Output) -> Exit {
    if let Some(Error::Files(found)) = error.downcast_ref::<Error>() {
        if output.is_json() {
            output.note(&serde_json::json!({"diagnostics": diagnostics::json(found)}).to_string());
            return Exit::Wrong;
        }
        output.diagnostics(found);
        let errors = found.iter().filter(|diagnostic| diagnostic.is_error()).count();
        output.note(&format!("{} to mend; nothing was changed", count(errors, "error")));
        return Exit::Wrong;
    }
    if let Some(refusal) = error.downcast_ref::<Refusal>() {
        output.error(&refusal.message, refusal.help.as_deref());
        return Exit::Wrong;
    }
    let is_closed = |error: &(dyn std::error::Error + 'static)| {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    if error.chain().any(is_closed) {
        // Whoever reads the output has seen enough.
        return Exit::Done;
    }
    if error.chain().any(|error| error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::Interrupted)) {
        output.note("interrupted");
        return Exit::Interrupted;
    }
    match error.downcast_ref::<Error>() {
        Some(Error::NoWorkspace(_) | Error::NotAWorkspace(_)) => {
            output.error(&error.to_string(), Some("make one with `opsready init DIR --kit ID`, or name it with `-C DIR`"));
            Exit::Wrong
        }
        Some(Error::Unusable(_)) => {
            output.error(&error.to_string(), None);
            Exit::Wrong
        }
        _ => {
            output.error(&format!("{error:#}"), None);
            Exit::Machine
        }
    }
}
