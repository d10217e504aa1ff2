//! `opsready plan`.

mod board;
mod put;
mod show;

use super::output::{Exit, Output, Refusal, today};
use crate::assessment::Assessment;
use crate::diagnostic::did_you_mean;
use crate::kit::{CapabilityIx, Kit, PracticeIx};
use crate::yaml::record::{Date, list};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say who closes a gap, in which wave and by when, how it goes, or that its risk is accepted
    Set(put::Arguments),
    /// Show the waves with their work, what comes of them, and what waits
    Show(show::Arguments),
    /// Show every capability as a cell, with how far the work is and how it goes
    Board(board::Arguments),
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::Set(arguments) => put::run(arguments, global, output),
        Command::Show(arguments) => show::run(arguments, global, output),
        Command::Board(arguments) => board::run(arguments, global, output),
    }
}

/// What an id on the command line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    Capability(CapabilityIx),
    Practice(PracticeIx),
}

/// Finds what an id means; where it means two things, its kind must be said.
fn subject(kit: &Kit, id: &str) -> anyhow::Result<Subject> {
    let (kind, name) = id.split_once(':').map_or((None, id), |(kind, name)| (Some(kind), name));
    let capability = kit.find_capability(name).filter(|_| kind.is_none_or(|kind| kind == "capability"));
    let practice = kit.find_practice(name).filter(|_| kind.is_none_or(|kind| kind == "practice"));
    match (capability, practice) {
        (Some(ix), None) => Ok(Subject::Capability(ix)),
        (None, Some(ix)) => Ok(Subject::Practice(ix)),
        (Some(_), Some(_)) => {
            let help = format!("write `capability:{name}` or `practice:{name}`");
            Err(Refusal::because(format!("`{name}` is a capability and a practice"), Some(help)))
        }
        (None, None) => {
            let capabilities = kit.capabilities.iter().map(|capability| capability.file.id.as_str());
            let practices = kit.practices.iter().map(|practice| practice.id.as_str());
            let help = did_you_mean(name, practices.chain(capabilities))
                .unwrap_or_else(|| "`opsready plan show` lists the gaps, `opsready kit show` the capabilities".to_owned());
            Err(Refusal::because(format!("the kit has no practice or capability `{id}`"), Some(help)))
        }
    }
}

/// Finds a wave of the roadmap by its id.
fn wave(assessment: &Assessment, id: &str) -> anyhow::Result<usize> {
    let known: Vec<&str> = assessment.waves.iter().map(|wave| wave.id.as_str()).collect();
    known.iter().position(|known| *known == id).ok_or_else(|| {
        let help = did_you_mean(id, known.iter().copied()).unwrap_or_else(|| match known.as_slice() {
            [] => "add waves to `opsready.yaml`".to_owned(),
            known => format!("there are {}", list(known)),
        });
        Refusal::because(format!("the roadmap has no wave `{id}`"), Some(help))
    })
}

/// Returns the day on which dates are judged: the one that was named, or today.
fn day(named: Option<&str>) -> anyhow::Result<Date> {
    let Some(text) = named else { return Ok(today()) };
    Date::parse(text)
        .ok_or_else(|| Refusal::because(format!("`{text}` is not a date that exists"), Some("write it as 2026-11-20".to_owned())))
}
