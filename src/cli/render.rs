//! `opsready render`.

mod watch;

use super::output::{Exit, Output, Refusal, now};
use crate::diagnostic::render as diagnostics;
use crate::diagnostic::{Code, did_you_mean};
use crate::document::set::{Kind, Subject};
use crate::exchange::package::PACKAGE;
use crate::scoring::wording::count;
use crate::workspace::documents::{DocumentPlan, Fate, Step};
use crate::workspace::revision::RevisionError;
use crate::workspace::{Loaded, Workspace};
use crate::yaml::record::list;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Arguments {
    /// Write nothing; print the difference, and exit with 1 if a document is stale or a link leads nowhere
    #[arg(long, conflicts_with_all = ["dry_run", "reset", "format"])]
    check: bool,
    /// Write nothing; list what would happen to each document
    #[arg(long)]
    dry_run: bool,
    /// List the documents that there can be, and those that there is content for
    #[arg(long, conflicts_with_all = ["check", "dry_run", "reset", "watch", "format"])]
    list: bool,
    /// Only these: kinds of documents as `--list` names them, capabilities or single files
    #[arg(long, value_name = "ID", value_delimiter = ',', conflicts_with = "format")]
    only: Vec<String>,
    /// Render a document anew that you edited or deleted; what you wrote is kept in `.opsready/backup`
    #[arg(long, value_name = "FILE", alias = "restore", conflicts_with = "format")]
    reset: Vec<PathBuf>,
    /// After a git merge: make one of each document that both branches rendered, with what people wrote in either
    #[arg(long, conflicts_with_all = ["check", "dry_run", "list", "watch", "format"])]
    resolve: bool,
    /// Render again whenever answers, kit or templates change, until interrupted
    #[arg(long, conflicts_with_all = ["check", "dry_run", "reset", "format"])]
    watch: bool,
    #[command(flatten)]
    publication: super::publish::Publication,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    if arguments.publication.is_wanted() {
        return super::publish::run(&arguments.publication, arguments.dry_run, global, output);
    }
    let workspace = global.workspace()?;
    if arguments.list {
        let loaded = workspace.load_whole()?;
        output.diagnostics(&loaded.warnings);
        return kinds(&workspace.plan_documents(&loaded, &[])?, output);
    }
    if arguments.watch { watch::run(arguments, &workspace, output) } else { once(arguments, &workspace, output) }
}

/// Makes one of documents in which git left a merge, and tells which.
fn resolve(plan: &DocumentPlan, workspace: &Workspace, output: &mut Output) -> anyhow::Result<()> {
    let settled = match workspace.settle_documents(plan) {
        Ok(settled) => settled,
        Err(RevisionError::Files(error)) => return Err(error.into()),
        Err(error @ RevisionError::Machine(_)) => return Err(error.into()),
        Err(error) => {
            let help = "resolve the documents by hand, or begin the merge again".to_owned();
            return Err(Refusal::because(error.to_string(), Some(help)));
        }
    };
    for path in &settled.settled {
        output.note(&format!("{path}: made one of both branches"));
    }
    for path in &settled.left {
        output.note(&format!("{path}: people wrote at the same place in both branches"));
    }
    if let Some(folder) = settled.kept.first().and_then(|path| path.parent()) {
        output.note(&format!("what git had left is kept in `{}`", folder.display()));
    }
    if settled.settled.is_empty() && settled.left.is_empty() {
        output.note("no document holds an unfinished merge");
    }
    Ok(())
}

/// Renders one time.
fn once(arguments: &Arguments, workspace: &Workspace, output: &mut Output) -> anyhow::Result<Exit> {
    let writes = !arguments.check && !arguments.dry_run;
    let lock = if writes { Some(workspace.lock()?) } else { None };
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let anew: Vec<String> = arguments.reset.iter().map(|path| below(workspace, path)).collect();
    let mut plan = workspace.plan_documents(&loaded, &anew)?;
    if arguments.resolve {
        resolve(&plan, workspace, output)?;
        plan = workspace.plan_documents(&loaded, &anew)?;
    }
    if let Some(unknown) = anew.iter().find(|path| !plan.has(path)) {
        let known: Vec<&str> = plan.steps.iter().map(|step| step.path.as_str()).collect();
        let help =
            did_you_mean(unknown, known).unwrap_or_else(|| "name it as `render --dry-run` does, such as `docs/README.md`".to_owned());
        return Err(Refusal::because(format!("there is no document `{unknown}`"), Some(help)));
    }
    choose(&mut plan, arguments, &loaded)?;
    output.diagnostics(&plan.warnings);
    let is_refused = !plan.faults.is_empty();
    let mut kept = Vec::new();
    if writes && !is_refused {
        kept = workspace.write_documents(&loaded, &plan.steps, &now().timestamp().to_string())?;
    }
    drop(lock);
    if arguments.check {
        plan.faults.extend(workspace.dangling_links(&plan)?);
    }
    show(arguments, workspace, &plan, output)?;
    for path in kept {
        output.note(&format!("what stood there is kept in {}", path.display()));
    }
    Ok(verdict(arguments, workspace, &plan, output))
}

/// Returns the path of a document below the workspace: as it is typed if it is named from there, else from where the user is.
fn below(workspace: &Workspace, path: &Path) -> String {
    let typed = path.to_string_lossy().replace('\\', "/");
    let from_here = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let root = Some(workspace.root()).filter(|root| !root.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let within = folder.canonicalize().ok()?.strip_prefix(root.canonicalize().ok()?).ok()?.join(path.file_name()?);
        Some(within.to_string_lossy().replace('\\', "/"))
    };
    let is_named_from_workspace = !path.is_absolute() && typed.trim_start_matches("./").starts_with("docs/");
    let found = if is_named_from_workspace { None } else { from_here() };
    found.unwrap_or(typed).trim_start_matches("./").to_owned()
}

/// Leaves out what was not asked for.
fn choose(plan: &mut DocumentPlan, arguments: &Arguments, loaded: &Loaded) -> anyhow::Result<()> {
    if arguments.only.is_empty() {
        return Ok(());
    }
    let capabilities: Vec<&str> = loaded.kit.capability_indices().map(|ix| loaded.kit.capability_id(ix)).collect();
    let kinds: Vec<&str> = ids().collect();
    for wanted in &arguments.only {
        let is_path = plan.steps.iter().any(|step| step.path == *wanted);
        if !is_path && !kinds.contains(&wanted.as_str()) && !capabilities.contains(&wanted.as_str()) {
            let paths: Vec<&str> = plan.steps.iter().map(|step| step.path.as_str()).collect();
            let near = did_you_mean(wanted, kinds.iter().chain(&capabilities).chain(&paths).copied());
            let help = near.unwrap_or_else(|| format!("kinds of documents are {}", list(&kinds)));
            return Err(Refusal::because(format!("there is no document, kind of document or capability `{wanted}`"), Some(help)));
        }
    }
    let is_wanted = |step: &Step| {
        arguments.only.iter().any(|wanted| {
            step.kind == Some(wanted)
                || step.path == *wanted
                || step.path.starts_with(&format!("docs/{wanted}/")) && capabilities.contains(&wanted.as_str())
        })
    };
    plan.steps.retain(is_wanted);
    Ok(())
}

/// Returns the ids of all kinds of documents.
fn ids() -> impl Iterator<Item = &'static str> {
    Kind::all().map(|kind| kind.id).chain(PACKAGE.iter().map(|file| file.id))
}

/// Lists the kinds of documents.
fn kinds(plan: &DocumentPlan, output: &mut Output) -> anyhow::Result<Exit> {
    let of_kind = |id: &str| plan.steps.iter().filter(|step| step.kind == Some(id)).map(|step| step.path.clone()).collect::<Vec<_>>();
    let kinds = Kind::all().map(|kind| {
        let pattern = match kind.subject {
            Subject::Assessment(_) | Subject::Documents(_) => kind.path(None),
            Subject::Capability(_) => kind.path(Some("CAPABILITY")),
            Subject::Role(_) => kind.path(Some("ROLE")),
            Subject::Session(_) => kind.path(Some("SESSION")),
        };
        (kind.id, kind.title, kind.readers, kind.answers, pattern)
    });
    let attached = PACKAGE.iter().map(|file| (file.id, file.title, file.readers, file.answers, file.path.to_owned()));
    let all: Vec<_> = kinds.chain(attached).collect();
    if output.is_json() {
        let list: Vec<_> = all
            .iter()
            .map(|(id, title, readers, answers, _)| {
                json!({"id": id, "title": title, "readers": readers, "answers": answers, "documents": of_kind(id)})
            })
            .collect();
        output.json(&json!({"schema": "opsready/document-kinds/v1", "kinds": list}))?;
        return Ok(Exit::Done);
    }
    let widest = all.iter().map(|(id, ..)| id.len()).max().unwrap_or(0);
    let widest_path = all.iter().map(|(.., path)| path.len()).max().unwrap_or(0);
    for (id, title, _, _, path) in &all {
        let files = of_kind(id);
        let what = match files.len() {
            0 => "no content yet".to_owned(),
            1 => (*title).to_owned(),
            some => format!("{title}, {}", count(some, "document")),
        };
        output.line(format!("{id:<widest$}  {path:<widest_path$}  {what}"))?;
    }
    Ok(Exit::Done)
}

/// Shows what was done, would be done or is to be done.
fn show(arguments: &Arguments, workspace: &Workspace, plan: &DocumentPlan, output: &mut Output) -> anyhow::Result<()> {
    if output.is_json() {
        let step = |step: &Step| {
            let mut value = json!({"document": step.path, "fate": step.fate.word(), "stale": step.fate.is_stale()});
            if !step.conflicts.is_empty() {
                value["conflicts"] = json!(step.conflicts);
            }
            if !step.orphaned.is_empty() {
                value["orphaned"] = json!(step.orphaned);
            }
            value
        };
        let steps: Vec<_> = plan.steps.iter().map(step).collect();
        let value = json!({"schema": "opsready/render/v1", "documents": steps, "diagnostics": diagnostics::json(&plan.faults)});
        return output.json(&value);
    }
    if arguments.check {
        return output.text(&plan.steps.iter().filter_map(Step::difference).collect::<String>());
    }
    if plan.faults.is_empty() || arguments.dry_run {
        let path = |step: &Step| workspace.path(&step.path).display().to_string();
        let widest = plan.steps.iter().map(|step| path(step).chars().count()).max().unwrap_or(0).min(70);
        for step in &plan.steps {
            output.line(format!("{:<widest$}  {}", path(step), sentence(step)))?;
        }
    }
    Ok(())
}

/// Returns what a list says of a document.
fn sentence(step: &Step) -> String {
    let lines: Vec<String> = step.conflicts.iter().map(usize::to_string).collect();
    let what = match step.fate {
        Fate::Edited => "unchanged, edited by you".to_owned(),
        Fate::Deleted => "deleted by you".to_owned(),
        Fate::Orphan => "no longer rendered, edited by you, left as it is".to_owned(),
        Fate::NoRecord => "differs, and no record of what was rendered: left as it is".to_owned(),
        Fate::Conflict => format!("conflict, {} {}", if lines.len() == 1 { "line" } else { "lines" }, lines.join(", ")),
        Fate::Refused => "refused, see below".to_owned(),
        fate => fate.word().to_owned(),
    };
    match step.orphaned.as_slice() {
        [] => what,
        sections => format!("{what}; your text of {} is below “Orphaned notes”", sections.join(", ")),
    }
}

/// Says what is to be done, and whether all is well.
fn verdict(arguments: &Arguments, workspace: &Workspace, plan: &DocumentPlan, output: &mut Output) -> Exit {
    if !plan.faults.is_empty() {
        if !output.is_json() {
            output.diagnostics(&plan.faults);
        }
        let is_unfinished = plan.faults.iter().any(|fault| fault.code == Code::ConflictMarkers);
        let are = count(plan.faults.len(), "place");
        output.note(&match (arguments.check, is_unfinished) {
            (true, _) => format!("{are} to mend"),
            (false, true) => format!("{are} to mend; nothing was written, since a merge is unfinished"),
            (false, false) => format!("{are} to mend; nothing was written"),
        });
        if !arguments.check {
            return Exit::No;
        }
    }
    let of = |fate: Fate| plan.steps.iter().filter(move |step| step.fate == fate);
    if arguments.check {
        let stale = plan.steps.iter().filter(|step| step.fate.is_stale()).count();
        if stale > 0 {
            let verb = if stale == 1 { "document is" } else { "documents are" };
            output.note(&format!("{stale} {verb} stale; `opsready render` writes them"));
        }
        return if stale == 0 && plan.faults.is_empty() { Exit::Done } else { Exit::No };
    }
    let mut exit = Exit::Done;
    for step in of(Fate::Conflict) {
        for line in &step.conflicts {
            let shown = workspace.path(&step.path);
            let would = if arguments.dry_run { "would be " } else { "" };
            output.note(&format!("{}:{line}: {would}changed by you and by what was rendered", shown.display()));
        }
        exit = Exit::No;
    }
    if exit == Exit::No && !arguments.dry_run {
        output.note("  = help: keep your lines, the rendered ones or both, delete the marker lines, and render again");
    }
    let unknown: Vec<&str> = of(Fate::NoRecord).map(|step| step.path.as_str()).collect();
    if let [first, ..] = unknown.as_slice() {
        let help = format!("`opsready render --reset {first}` takes the rendering and keeps what stands there in .opsready/backup");
        output.note(&format!("left as they are, since `.opsready/base` does not know them: {}\n  = help: {help}", unknown.join(", ")));
        exit = Exit::No;
    }
    if arguments.dry_run { Exit::Done } else { exit }
}
