//! `opsready backlog export`.

use super::super::Global;
use super::super::output::{Exit, Output, Refusal};
use super::{Which, all};
use crate::assessment::backlog::format::Tracker;
use crate::exchange::backlog::azure::{self, MOST_ROWS, Process};
use crate::exchange::backlog::{Action, Exporter, Issue, issues, jira, markdown, script};
use crate::plan::backlog::{Progress, Story};
use crate::scoring::wording::count;
use crate::workspace::backlog::Linked;
use crate::workspace::{Loaded, Workspace, files};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Format {
    /// CSV for Jira Cloud
    Jira,
    /// CSV for Azure DevOps Boards
    AzureDevops,
    /// JSON lines and a script for `gh`
    Github,
    /// JSON lines and a script for `glab`
    Gitlab,
    /// A page to read
    Markdown,
}

impl Format {
    fn tracker(self) -> Option<Tracker> {
        match self {
            Self::Jira => Some(Tracker::Jira),
            Self::AzureDevops => Some(Tracker::AzureDevops),
            Self::Github => Some(Tracker::Github),
            Self::Gitlab => Some(Tracker::Gitlab),
            Self::Markdown => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum ProcessName {
    /// User stories and story points
    Agile,
    /// Product backlog items and effort
    Scrum,
    /// Issues and effort
    Basic,
    /// Requirements and size
    Cmmi,
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// For which tracker
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// Write into FILE, or into a file in the folder DIR
    #[arg(short = 'o', long = "output", value_name = "FILE|DIR")]
    file: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
    /// Show what becomes of each story; write nothing
    #[arg(long)]
    plan: bool,
    /// Export what has not changed since the last export, too
    #[arg(long)]
    all: bool,
    /// The process of the project in Azure DevOps
    #[arg(long, value_name = "PROCESS", default_value = "agile")]
    process: ProcessName,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let is_written = arguments.file.is_some() && !arguments.plan;
    let lock = if is_written { Some(workspace.lock()?) } else { None };
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let all = all(&loaded);
    let stories = arguments.which.of(&loaded, &all)?;
    let Some(tracker) = arguments.format.tracker() else {
        let exporter = Exporter { kit: &loaded.kit, assessment: &loaded.assessment, tracker: Tracker::Github };
        return page(arguments, &exporter, &stories, output);
    };
    let exporter = Exporter { kit: &loaded.kit, assessment: &loaded.assessment, tracker };
    if loaded.assessment.registers.backlog.stories().next().is_none() {
        let help = "`opsready backlog pull` takes the stories for the gaps over from the kit".to_owned();
        return Err(Refusal::because("there is no story in backlog/ to export", Some(help)));
    }
    let issues = exporter.issues(&stories);
    if arguments.plan {
        return plan(&exporter, &issues, output).map(|()| Exit::Done);
    }
    let written = chosen(&issues, arguments.all || !exporter.has_epics());
    let texts = texts(arguments, &exporter, &written);
    match &arguments.file {
        None => output.file(&texts[0].1)?,
        Some(file) => {
            for (path, text) in targets(file, &texts) {
                write(&path, text)?;
                output.line(format!("{}: {}", path.display(), summary(&written)))?;
            }
            if exporter.has_epics() {
                record(&workspace, tracker, &written)?;
            }
        }
    }
    drop(lock);
    advise(arguments, &loaded, &stories, &issues, &written, output);
    Ok(Exit::Done)
}

/// Returns what is written: an epic stays where one of its stories does.
fn chosen<'b>(issues: &[Issue<'b>], takes_all: bool) -> Vec<Issue<'b>> {
    let is_changed = |issue: &Issue<'_>| takes_all || issue.action != Action::Keep;
    let has_story =
        |epic: &Issue<'_>| issues.iter().any(|other| other.story.is_some() && other.capability == epic.capability && is_changed(other));
    issues.iter().filter(|issue| is_changed(issue) || (issue.story.is_none() && has_story(issue))).cloned().collect()
}

/// Returns the files of a format: ending and text, the first for standard output.
fn texts(arguments: &Arguments, exporter: &Exporter<'_>, written: &[Issue<'_>]) -> Vec<(&'static str, String)> {
    match arguments.format {
        Format::Jira => vec![("jira.csv", jira::csv(exporter, written))],
        Format::AzureDevops => {
            let process = match arguments.process {
                ProcessName::Agile => Process::Agile,
                ProcessName::Scrum => Process::Scrum,
                ProcessName::Basic => Process::Basic,
                ProcessName::Cmmi => Process::Cmmi,
            };
            vec![("azure-devops.csv", azure::csv(exporter, written, process))]
        }
        Format::Github => vec![("github.jsonl", issues::lines(exporter, written)), ("github.sh", script::sh(exporter, written))],
        Format::Gitlab => vec![("gitlab.jsonl", issues::lines(exporter, written)), ("gitlab.sh", script::sh(exporter, written))],
        Format::Markdown => Vec::new(),
    }
}

/// Returns the paths of the files that are written: one file where one was named, else all of them in the folder.
fn targets<'t>(file: &Path, texts: &'t [(&'static str, String)]) -> Vec<(PathBuf, &'t str)> {
    let ending = file.extension().filter(|_| !file.is_dir());
    let fits = |name: &str| ending.is_some() && Path::new(name).extension() == ending;
    match texts.iter().find(|(name, _)| fits(name)) {
        Some((_, text)) => vec![(file.to_owned(), text)],
        None if ending.is_some() => vec![(file.to_owned(), &texts[0].1)],
        None => texts.iter().map(|(name, text)| (file.join(name), text.as_str())).collect(),
    }
}

/// Writes a file; one that is there and was not written by an export stays.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    // Every format begins in its own way; a page, with its title.
    let head = |text: &[u8]| {
        let title = text.windows(2).position(|two| two == b"\n\n").unwrap_or(text.len());
        text[..title.min(40).min(text.len())].to_vec()
    };
    if let Some(there) = files::read_bytes(path)?
        && !there.is_empty()
        && !text.is_empty()
        && head(&there) != head(text.as_bytes())
    {
        let help = "name another file, or remove this one first".to_owned();
        return Err(Refusal::because(format!("`{}` is there already and holds something else", path.display()), Some(help)));
    }
    Ok(files::write(path, text.as_bytes())?)
}

/// Records what was exported, so that the next export knows what has changed since.
fn record(workspace: &Workspace, tracker: Tracker, written: &[Issue<'_>]) -> anyhow::Result<()> {
    let links: Vec<Linked> = (written.iter())
        .filter(|issue| issue.action != Action::Keep)
        .map(|issue| Linked { key: issue.key.clone(), hash: Some(issue.hash.clone()), ..Linked::default() })
        .collect();
    Ok(workspace.record_links(tracker, &links)?)
}

fn summary(issues: &[Issue<'_>]) -> String {
    let of = |action: Action| issues.iter().filter(|issue| issue.action == action).count();
    format!(
        "{} to create, {} to update, {} to close, {} unchanged",
        of(Action::Create),
        of(Action::Update),
        of(Action::Close),
        of(Action::Keep)
    )
}

/// Says what comes next, and what is to be feared.
fn advise(arguments: &Arguments, loaded: &Loaded, stories: &[&Story], issues: &[Issue<'_>], written: &[Issue<'_>], output: &mut Output) {
    let Some(tracker) = arguments.format.tracker() else { return };
    let proposed = stories.iter().filter(|story| story.progress == Progress::Proposed).count();
    if proposed > 0 {
        let are = if proposed == 1 { "1 proposed story was".to_owned() } else { format!("{proposed} proposed stories were") };
        output.note(&format!("{are} not taken over yet, and left out: `opsready backlog pull`"));
    }
    let unread = written.iter().filter(|issue| issue.is_unread && issue.action == Action::Create).count();
    if unread > 0 {
        let text = format!(
            "{} exported before, and nobody read back what {} calls {}. If the file was imported, run `opsready backlog link --tracker {tracker} --from EXPORT.csv` first: importing this one would make {} twice",
            if unread == 1 { "1 row was".to_owned() } else { format!("{unread} rows were") },
            tracker.title(),
            if unread == 1 { "it" } else { "them" },
            if unread == 1 { "it" } else { "them" },
        );
        output.note(&text);
    } else if arguments.file.is_some() && written.iter().any(|issue| issue.action == Action::Create) {
        match tracker {
            Tracker::Jira | Tracker::AzureDevops => output.note(&format!(
                "after the import, export the items from {} and run `opsready backlog link --tracker {tracker} --from EXPORT.csv`, so that the next export updates them",
                tracker.title()
            )),
            Tracker::Github | Tracker::Gitlab => output.note("run the script in the workspace: it records the numbers"),
        }
    }
    if tracker == Tracker::AzureDevops && written.len() > MOST_ROWS {
        output.note(&format!("{} rows: Azure DevOps takes {MOST_ROWS} at once, so export capability by capability", written.len()));
    }
    let kept = issues.len() - written.len();
    if kept > 0 {
        output.note(&format!("{} left out, unchanged since the last export; `--all` has them", count(kept, "row")));
    }
    let _ = loaded;
}

fn plan(exporter: &Exporter<'_>, issues: &[Issue<'_>], output: &mut Output) -> anyhow::Result<()> {
    if output.is_json() {
        let rows: Vec<_> = (issues.iter())
            .map(|issue| {
                json!({
                    "action": issue.action, "key": issue.key, "external_id": issue.external, "id": issue.id, "url": issue.url,
                    "title": issue.title, "exported_before": issue.is_unread || issue.id.is_some(),
                    "why": issue.story.and_then(|story| exporter.proposal(story)),
                })
            })
            .collect();
        return output.json(&json!({"schema": "opsready/backlog-plan/v1", "tracker": exporter.tracker, "issues": rows}));
    }
    for issue in issues {
        let id = issue.id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
        let why = match issue.story.and_then(|story| exporter.proposal(story)) {
            Some(why) => format!(" ({})", why.trim_end_matches('.').to_lowercase()),
            None if issue.is_unread => " (exported before, its key was never read back)".to_owned(),
            None => String::new(),
        };
        output.line(format!("{:<6}  {}{id}: {}{why}", issue.action, issue.key, issue.title))?;
    }
    output.line(format!("{}: {}; nothing was written", exporter.tracker.title(), summary(issues)))
}

fn page(arguments: &Arguments, exporter: &Exporter<'_>, stories: &[&Story], output: &mut Output) -> anyhow::Result<Exit> {
    let open: Vec<&Story> = stories.iter().copied().filter(|story| story.is_open()).collect();
    if arguments.plan {
        return Err(Refusal::because("`--plan` is for trackers; a page is written anew each time", None));
    }
    let text = markdown::page(exporter, &open);
    match &arguments.file {
        None => output.file(&text)?,
        Some(file) => {
            let path = if file.extension().is_some() && !file.is_dir() { file.clone() } else { file.join("backlog.md") };
            write(&path, &text)?;
            output.line(format!("{}: {}", path.display(), count(open.len(), "story").replace("storys", "stories")))?;
        }
    }
    Ok(Exit::Done)
}
