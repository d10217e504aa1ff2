//! `opsready backlog`.

mod export;
mod link;
mod list;
mod pull;

use super::output::{Exit, Output, Refusal};
use crate::assessment::backlog::format::Tracker;
use crate::diagnostic::did_you_mean;
use crate::kit::{CapabilityIx, Kit};
use crate::plan::Plan;
use crate::plan::backlog::{Story, stories};
use crate::scoring::Scorecard;
use crate::workspace::Loaded;
use crate::yaml::record::list as words;

#[derive(Debug, clap::Args)]
#[command(after_help = "The loop, from the first plan to the years after it:
  1. `backlog pull` takes the stories of the kit for the gaps into backlog/, where they are yours:
     change their words and points, add your own, drop one with a reason.
  2. `backlog export` brings them to the tracker of the team; `backlog link` remembers what they
     are called there.
  3. As practices come into place, answer again. `backlog pull` then proposes what to close, says
     what came back although it was done, and adds stories for new gaps. Nothing that you wrote
     is overwritten.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show the stories: epic, wave, points, state and what stands of their practices
    #[command(after_help = "The states proposed (of the kit, not taken over), to-close and came-back are told from the answers;
the others stand in backlog/.

Examples:
  opsready backlog list
  opsready backlog list --capability backup --wave wave-1
  opsready backlog list --state to-close")]
    List(list::Arguments),
    /// Take the stories for the gaps over into backlog/, and compare those that are there with the answers
    #[command(after_help = "A story that is there is never overwritten. Where the kit says something else than when it was
taken over, that is said: --take uses the new words, --keep stays with yours.

Examples:
  opsready backlog pull --dry-run
  opsready backlog pull
  opsready backlog pull --close --reopen
  opsready backlog pull --take agree-policy")]
    Pull(pull::Arguments),
    /// Write the stories for a tracker
    #[command(after_help = "jira            CSV for the importer of Jira Cloud: map the columns by their names.
azure-devops    CSV for Boards > Queries > Import Work Items.
github, gitlab  JSON lines, and a script for `sh` that makes and updates issues with `gh` or
                `glab`. It never overwrites what somebody edited there, and finds what it made
                before. A label stands for the epic.
markdown        a page to read.

Only stories that were taken over are exported. What backlog/trackers.yaml knows is updated, the
rest is created. A CSV import overwrites title and description: rows without a change are left out
of the file, unless you say --all. Whatever is done, dropped or in place is proposed to be closed;
no export closes anything.

Examples:
  opsready backlog export --format jira --plan
  opsready backlog export --format jira -o jira.csv
  opsready backlog export --format azure-devops --process scrum -o boards.csv
  opsready backlog export --format github -o tracker/ && sh tracker/github.sh")]
    Export(export::Arguments),
    /// Remember what a tracker calls a story
    #[command(after_help = "STORY is the id of a story, or `epic:` and a capability. --from reads what the tracker exported: CSV
with the column of the key and any column that holds the external id (`opsready:…`), be it
External ID, labels, tags or description; or JSON. What is linked already is not linked anew.

Examples:
  opsready backlog link agree-policy --tracker jira --id ACME-12
  opsready backlog link epic:backup --tracker jira --id ACME-3
  opsready backlog link --tracker jira --from Jira-export.csv --dry-run")]
    Link(link::Arguments),
    /// Say what is to be done with an issue; for the script of `backlog export`
    #[command(hide = true)]
    Step(link::StepArguments),
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::List(arguments) => list::run(arguments, global, output),
        Command::Pull(arguments) => pull::run(arguments, global, output),
        Command::Export(arguments) => export::run(arguments, global, output),
        Command::Link(arguments) => link::run(arguments, global, output),
        Command::Step(arguments) => link::step(arguments, global, output),
    }
}

/// Which stories are meant.
#[derive(Debug, clap::Args)]
struct Which {
    /// Only the stories of this capability
    #[arg(long, value_name = "ID")]
    capability: Option<String>,
    /// Only the stories of this wave; `none` for those outside the waves
    #[arg(long, value_name = "ID")]
    wave: Option<String>,
}

impl Which {
    /// Returns the stories that are meant.
    ///
    /// # Errors
    ///
    /// Returns a refusal where the kit has no such capability or wave.
    fn of<'s>(&self, loaded: &Loaded, all: &'s [Story]) -> anyhow::Result<Vec<&'s Story>> {
        let capability = self.capability.as_deref().map(|id| super::kit::capability(&loaded.kit, id)).transpose()?;
        let wave = self.wave.as_deref().map(|id| wave(loaded, id)).transpose()?;
        let is_meant = |story: &&Story| capability.is_none_or(|ix| story.capability == ix) && wave.is_none_or(|wave| story.wave == wave);
        Ok(all.iter().filter(is_meant).collect())
    }
}

fn wave(loaded: &Loaded, id: &str) -> anyhow::Result<Option<usize>> {
    let waves = &loaded.assessment.waves;
    if id == "none" {
        return Ok(None);
    }
    waves.iter().position(|wave| wave.id == id).map(Some).ok_or_else(|| {
        let known: Vec<&str> = waves.iter().map(|wave| wave.id.as_str()).collect();
        let help = did_you_mean(id, known.iter().copied()).unwrap_or_else(|| format!("there are {}", words(&known)));
        Refusal::because(format!("the roadmap has no wave `{id}`"), Some(help))
    })
}

/// Returns every story of a workspace.
fn all(loaded: &Loaded) -> Vec<Story> {
    let card = Scorecard::of(&loaded.kit, &loaded.assessment);
    stories(&loaded.kit, &loaded.assessment, &card, &Plan::of(&loaded.kit, &loaded.assessment, &card))
}

/// Returns what is short of the practices of a story, as a sentence says it: "tagging of backups stands at 50 %".
fn shortfall(kit: &Kit, story: &Story) -> String {
    let of_one = |brought: &crate::plan::backlog::Brought| {
        let title = &kit.practice_file(brought.practice).title;
        let credit = brought.place.map(|(_, credit)| crate::scoring::wording::percent_between(credit)).unwrap_or_default();
        format!("\"{title}\" stands at {credit}")
    };
    story.missing().map(of_one).collect::<Vec<_>>().join(", ")
}

/// Returns what trackers call a story, for people.
fn known_as(loaded: &Loaded, key: &str) -> Vec<String> {
    let backlog = &loaded.assessment.registers.backlog;
    let id = |tracker: &Tracker| Some(format!("{} {}", tracker.title(), backlog.link(*tracker, key)?.id.as_ref()?));
    Tracker::ALL.iter().filter_map(id).collect()
}

fn capability_title(kit: &Kit, ix: CapabilityIx) -> &str {
    &kit.capability(ix).file.title.value
}
