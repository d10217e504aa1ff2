//! `opsready followup`.
use super::output::{Exit, Output};
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}
pub(super) fn run(_: &Arguments, _: &super::Global, _: &mut Output) -> anyhow::Result<Exit> { Ok(Exit::Done) }
