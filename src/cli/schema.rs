//! `opsready schema`.

use super::output::{Exit, Output, Refusal};
use crate::diagnostic::did_you_mean;
use crate::exchange::manual::markdown;
use crate::exchange::schema::{SchemaName, text};
use crate::yaml::record::list;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// kit, capability, engagement, assessment, answers, plan, decision, risk, backlog or trackers
    name: String,
    /// Print the keys as a page to read
    #[arg(long)]
    markdown: bool,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> anyhow::Result<Exit> {
    let Some(name) = SchemaName::from_word(&arguments.name) else {
        let words: Vec<&str> = SchemaName::ALL.iter().map(|name| name.word()).collect();
        let help = did_you_mean(&arguments.name, words.iter().copied()).unwrap_or_else(|| format!("there are {}", list(&words)));
        return Err(Refusal::because(format!("there is no schema `{}`", arguments.name), Some(help)));
    };
    output.text(&if arguments.markdown { markdown(name) } else { text(name) })?;
    Ok(Exit::Done)
}
