//! `opsready backlog link`, and what the script of an export asks.

use super::super::Global;
use super::super::output::{Exit, Output, Refusal};
use crate::assessment::backlog::format::Tracker;
use crate::diagnostic::{did_you_mean, render, sort};
use crate::exchange::backlog::Exporter;
use crate::exchange::backlog::read::{self, Reading};
use crate::workspace::backlog::Linked;
use crate::workspace::{Loaded, Workspace, files};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(super) struct Arguments {
    /// The story, or `epic:` and a capability
    #[arg(value_name = "STORY")]
    story: Option<String>,
    /// Which tracker: jira, azure-devops, github or gitlab
    #[arg(long, value_name = "TRACKER", value_parser = tracker)]
    tracker: Tracker,
    /// What it is called there, such as ACME-12
    #[arg(long, value_name = "ID", group = "what", requires = "story")]
    id: Option<String>,
    /// Where it is
    #[arg(long, value_name = "URL", requires = "id")]
    url: Option<String>,
    /// Read the keys from a file that the tracker exported
    #[arg(long, value_name = "FILE", group = "what")]
    from: Option<PathBuf>,
    /// Write nothing; show what would be linked
    #[arg(long)]
    dry_run: bool,
    /// What tells the text that was exported from others; the script of an export says it
    #[arg(long, value_name = "HASH", requires = "story", hide = true)]
    hash: Option<String>,
    /// The label of the wave that was exported; the script of an export says it
    #[arg(long, value_name = "LABEL", requires = "story", hide = true)]
    wave: Option<String>,
    /// Say only what is new or wrong
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct StepArguments {
    /// The story
    #[arg(value_name = "STORY")]
    story: String,
    /// Which tracker
    #[arg(long, value_name = "TRACKER", value_parser = tracker)]
    tracker: Tracker,
    /// What tells the text that is to be there from others
    #[arg(long, value_name = "HASH")]
    hash: String,
    /// The issue as the tracker has it, JSON
    #[arg(long, value_name = "FILE")]
    issue: Option<PathBuf>,
}

fn tracker(word: &str) -> Result<Tracker, String> {
    Tracker::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Tracker::ALL.iter().map(|tracker| tracker.word()).collect();
        format!("one of {}", words.join(", "))
    })
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let lock = if arguments.dry_run { None } else { Some(workspace.lock()?) };
    let loaded = workspace.load_whole()?;
    let key = arguments.story.as_deref().map(|story| key(&loaded, story)).transpose()?;
    let exit = match (&arguments.id, &arguments.from, key) {
        (Some(id), _, Some(key)) => one(arguments, &workspace, &loaded, &key, id, output)?,
        (_, Some(file), key) => from(arguments, &workspace, &loaded, key.as_deref(), file, output)?,
        _ => return Err(Refusal::because("name a story with `--id`, or a file with `--from`", None)),
    };
    drop(lock);
    Ok(exit)
}

/// Returns the key of a story or epic, named by its id or by its external id.
fn key(loaded: &Loaded, story: &str) -> anyhow::Result<String> {
    let own = format!("opsready:{}:", loaded.assessment.file.id.value);
    let key = story.strip_prefix(&own).unwrap_or(story);
    if read::is_known(&loaded.kit, &loaded.assessment, key) {
        return Ok(key.to_owned());
    }
    if let Some((of, _)) = story.strip_prefix("opsready:").and_then(|rest| rest.split_once(':')) {
        let help = format!("this workspace holds `{}`", loaded.assessment.file.id.value);
        return Err(Refusal::because(format!("`{story}` belongs to the assessment `{of}`, or is gone from its backlog"), Some(help)));
    }
    let known = loaded.assessment.registers.backlog.stories().map(|(_, id, _)| id.value.as_str());
    let help =
        did_you_mean(key, known).unwrap_or_else(|| "`opsready backlog pull` takes stories over; `backlog list` shows them".to_owned());
    Err(Refusal::because(format!("no story of the backlog has the id `{key}`"), Some(help)))
}

fn one(arguments: &Arguments, workspace: &Workspace, loaded: &Loaded, key: &str, id: &str, output: &mut Output) -> anyhow::Result<Exit> {
    let tracker = arguments.tracker;
    let id = id.trim();
    if id.is_empty() {
        return Err(Refusal::because("the id is empty", None));
    }
    let links = loaded.assessment.registers.backlog.trackers.as_ref().map(|trackers| trackers.of(tracker));
    let holder =
        links.into_iter().flatten().find(|(other, link)| other.value != key && link.id.as_ref().is_some_and(|other| other.value == id));
    if let Some((holder, _)) = holder {
        return Err(Refusal::because(
            format!("`{id}` belongs to `{holder}` already"),
            Some("each story has an id of its own in the tracker".to_owned()),
        ));
    }
    let before = loaded.assessment.registers.backlog.link(tracker, key);
    let was = before.and_then(|link| link.id.as_ref()).map(|id| id.value.clone()).filter(|was| was != id);
    if !arguments.dry_run {
        let linked = Linked {
            key: key.to_owned(),
            id: Some(id.to_owned()),
            url: arguments.url.clone(),
            hash: arguments.hash.clone(),
            wave: arguments.wave.clone(),
        };
        workspace.record_links(tracker, &[linked])?;
    }
    if output.is_json() {
        output.json(&json!({"schema": "opsready/backlog-link/v1", "dry_run": arguments.dry_run, "tracker": tracker, "linked": [{"key": key, "id": id}]}))?;
    } else if !arguments.quiet {
        let was = was.map(|was| format!(" (was {was})")).unwrap_or_default();
        output.line(format!("linked {key}: {} {id}{was}", tracker.title()))?;
    }
    Ok(Exit::Done)
}

fn from(
    arguments: &Arguments,
    workspace: &Workspace,
    loaded: &Loaded,
    only: Option<&str>,
    file: &Path,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    let tracker = arguments.tracker;
    let Some(bytes) = files::read_bytes(file)? else {
        return Err(Refusal::because(format!("there is no file `{}`", file.display()), None));
    };
    let shown = file.display().to_string();
    if bytes.len() > crate::yaml::LARGEST_FILE_BYTES {
        return Err(crate::workspace::Error::from(crate::yaml::too_large(&shown, bytes.len() as u64)).into());
    }
    let mut reading = read::links(&loaded.kit, &loaded.assessment, tracker, &shown, &bytes).map_err(crate::workspace::Error::from)?;
    reading.links.retain(|key, _| only.is_none_or(|only| key == only));
    if let Some(only) = only.filter(|only| !reading.links.contains_key(*only) && reading.unchanged == 0) {
        output.diagnostics(&reading.faults);
        return Err(Refusal::because(format!("`{shown}` says nothing of `{only}`"), None));
    }
    let links: Vec<Linked> = (reading.links.iter())
        .map(|(key, (id, url))| Linked {
            key: key.clone(),
            id: Some(id.clone()),
            url: url.clone(),
            hash: arguments.hash.clone(),
            wave: arguments.wave.clone(),
        })
        .collect();
    if !arguments.dry_run {
        workspace.record_links(tracker, &links)?;
    }
    sort(&mut reading.faults);
    show(arguments, &links, &reading, &shown, output)?;
    Ok(if reading.faults.is_empty() { Exit::Done } else { Exit::No })
}

fn show(arguments: &Arguments, links: &[Linked], reading: &Reading, file: &str, output: &mut Output) -> anyhow::Result<()> {
    let tracker = arguments.tracker;
    if output.is_json() {
        let linked: Vec<_> = links.iter().map(|link| json!({"key": link.key, "id": link.id, "url": link.url})).collect();
        return output.json(&json!({
            "schema": "opsready/backlog-link/v1", "dry_run": arguments.dry_run, "tracker": tracker, "linked": linked,
            "unchanged": reading.unchanged, "others": reading.others, "refused": render::json(&reading.faults),
        }));
    }
    for link in links {
        output.line(format!("linked {}: {} {}", link.key, tracker.title(), link.id.as_deref().unwrap_or_default()))?;
    }
    if !arguments.quiet && arguments.story.is_none() {
        let refused = if reading.faults.is_empty() { String::new() } else { format!(", {} refused", reading.faults.len()) };
        let others = if reading.others == 0 { String::new() } else { format!(", {} without an id of this assessment", reading.others) };
        let dry = if arguments.dry_run { "; nothing was written" } else { "" };
        output.line(format!("{file}: {} linked, {} unchanged{others}{refused}{dry}", links.len(), reading.unchanged))?;
    }
    output.diagnostics(&reading.faults);
    Ok(())
}

/// Says what is to be done with an issue, in a word and with its number:
///
/// - `create -`: there is none.
/// - `keep 12`: it has the text already.
/// - `look 12`: hand the issue over, to see whether somebody edited it.
/// - `update 12`: it has the text that was exported last.
/// - `record 12`: it has the new text already.
/// - `comment 12`: somebody edited it.
pub(super) fn step(arguments: &StepArguments, global: &Global, output: &mut Output) -> anyhow::Result<Exit> {
    let loaded = global.workspace()?.load_whole()?;
    let key = key(&loaded, &arguments.story)?;
    let stories = super::all(&loaded);
    let exporter = Exporter { kit: &loaded.kit, assessment: &loaded.assessment, tracker: arguments.tracker };
    let issues = exporter.issues(&stories.iter().filter(|story| story.id == key).collect::<Vec<_>>());
    if issues.iter().any(|issue| issue.hash != arguments.hash) {
        let help = format!("export it again: `opsready backlog export --format {} -o FILE`", arguments.tracker);
        return Err(Refusal::because(format!("the backlog says something else of `{key}` than this script"), Some(help)));
    }
    let link = loaded.assessment.registers.backlog.link(arguments.tracker, &key);
    let Some((link, id)) = link.and_then(|link| Some((link, link.id.as_ref()?))) else {
        return output.line("create -").map(|()| Exit::Done);
    };
    let word = match &arguments.issue {
        _ if link.hash.as_deref() == Some(arguments.hash.as_str()) => "keep",
        None => "look",
        Some(file) => {
            let bytes = files::read_bytes(file)?.unwrap_or_default();
            let Some(there) = read::fingerprint_of(&bytes) else {
                return Err(Refusal::because(format!("`{}` holds no issue with a title", file.display()), None));
            };
            if there == arguments.hash {
                "record"
            } else if link.hash.as_ref() == Some(&there) {
                "update"
            } else {
                "comment"
            }
        }
    };
    output.line(format!("{word} {id}")).map(|()| Exit::Done)
}
