//! `opsready merge-driver`: what git runs to merge a file of a workspace, and how a clone is told to.
//!
//! A conflict that is written as data is no failure: the file is whole, both answers are in it, and git goes on. What is left between
//! markers is one, and git stops.

use super::output::{Exit, Output, Refusal};
use crate::assessment::merge::{self, Kind};
use crate::scoring::wording::count;
use crate::workspace::create::add_merge_attributes;
use crate::workspace::{Workspace, files};
use crate::yaml;
use crate::yaml::merge::{Merged, Path as Keys, Side};
use anyhow::Context;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many names a line has room for.
const NAMED: usize = 8;

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(after_help = "\
Git runs it for the files that `.gitattributes` names, once a clone is told so with `--install`. Two branches that changed different \
questions, fields or keys merge without a conflict. Different answers to one question are both kept as its `conflict`, which counts as \
not answered: git goes on, `opsready status` lists it, and `opsready reconcile` settles it. Anything else that both changed stands \
between markers, and git stops.

Without `--install` git merges line by line. So does the merge button of GitHub and GitLab, which knows no drivers: where it reports a \
conflict, merge the target branch into yours in a clone that has one, and push.

Examples:
  opsready merge-driver --install
  opsready merge-driver --check
  opsready merge-driver base.yaml ours.yaml theirs.yaml answers/tag-management.yaml")]
pub(super) struct Arguments {
    /// The common ancestor, %O of git; an empty file where there is none
    #[arg(required_unless_present_any = ["install", "check"], conflicts_with_all = ["install", "check"])]
    base: Option<PathBuf>,
    /// Our version, %A of git; the result is written there
    #[arg(required_unless_present_any = ["install", "check"])]
    ours: Option<PathBuf>,
    /// Their version, %B of git
    #[arg(required_unless_present_any = ["install", "check"])]
    theirs: Option<PathBuf>,
    /// The path of the file in the repository, %P of git
    path: Option<String>,
    /// The length of markers, %L of git
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..))]
    marker_size: u8,
    /// Say nothing of what was merged
    #[arg(long)]
    quiet: bool,
    /// Tell git in this clone to merge with opsready
    #[arg(long, conflicts_with = "check")]
    install: bool,
    /// With --install: in all repositories of this user
    #[arg(long, requires = "install")]
    global: bool,
    /// Tell whether git in this clone merges with opsready
    #[arg(long)]
    check: bool,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    if arguments.install {
        return install(arguments, global, output);
    }
    if arguments.check {
        return check(global, output);
    }
    let (Some(base), Some(ours), Some(theirs)) = (&arguments.base, &arguments.ours, &arguments.theirs) else {
        return Err(Refusal::because("three versions are needed", None));
    };
    let versions = [base, ours, theirs].map(PathBuf::as_path);
    let shown = arguments.path.clone().unwrap_or_else(|| ours.display().to_string());
    match merged(versions, arguments.path.as_deref(), usize::from(arguments.marker_size))? {
        Ok((bytes, merged)) => {
            files::write(ours, &bytes)?;
            if !arguments.quiet {
                tell(&shown, &merged, output);
            }
            Ok(if merged.marked.is_empty() { Exit::Done } else { Exit::No })
        }
        Err(why) => {
            if !arguments.quiet {
                output.note(&format!("{shown}: merged line by line, since {why}"));
            }
            by_line(versions, arguments.marker_size)
        }
    }
}

/// Reads a version, which must be there: a slip in a name is no empty file.
fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Merges three files. Returns the new bytes of ours and what was done, or why it cannot be.
fn merged([base, ours, theirs]: [&Path; 3], path: Option<&str>, marker: usize) -> anyhow::Result<Result<(Vec<u8>, Merged), String>> {
    let (base, ours, theirs) = (bytes(base)?, bytes(ours)?, bytes(theirs)?);
    let mut texts = Vec::new();
    for (side, bytes) in [("the common ancestor", &base), ("our version", &ours), ("their version", &theirs)] {
        let is_nothing = bytes.iter().all(u8::is_ascii_whitespace);
        let readable = yaml::decode("", bytes)
            .map_err(|diagnostic| vec![*diagnostic])
            .and_then(|source| if is_nothing { Ok(source) } else { yaml::parse(&source).map(|_| source) });
        match readable {
            Ok(source) => texts.push(source.text.clone()),
            Err(found) => {
                let why = found.first().map(|diagnostic| diagnostic.message.clone()).unwrap_or_default();
                return Ok(Err(format!("{side} cannot be read: {why}")));
            }
        }
    }
    let [old, mine, other] = [&texts[0], &texts[1], &texts[2]];
    let kind = path.map_or_else(|| Kind::of_text(mine), Kind::of);
    let is_old = !old.trim().is_empty();
    let Some(merged) = merge::files(kind, is_old.then_some(old.as_str()), mine, other, marker) else {
        return Ok(Err("it is not written in a way that can be taken apart".to_owned()));
    };
    let mark: &[u8] = if ours.starts_with(b"\xef\xbb\xbf") { b"\xef\xbb\xbf" } else { b"" };
    // What is as it was on one side stays so to the byte.
    let bytes = match &merged.text {
        text if text == mine => ours,
        text if text == other && base == ours => theirs,
        text => [mark, text.as_bytes()].concat(),
    };
    Ok(Ok((bytes, merged)))
}

/// Says what was merged and what waits.
fn tell(shown: &str, merged: &Merged, output: &mut Output) {
    let name = |keys: &Keys| match keys.as_slice() {
        [section, name, ..] if ["answers", "orphans", "practices", "capabilities"].contains(&section.as_str()) => name.clone(),
        keys => keys.join("."),
    };
    let names = |paths: &mut dyn Iterator<Item = &Keys>| {
        let mut names: Vec<String> = Vec::new();
        for path in paths {
            let name = name(path);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let differ = names(&mut merged.differ.iter());
    let joined = names(&mut merged.joined.iter());
    let is_told = |name: &String| differ.contains(name);
    let taken = names(&mut merged.taken.iter()).into_iter().filter(|name| !joined.contains(name) && !is_told(name)).collect();
    let joined = joined.iter().filter(|name| !is_told(name)).cloned().collect::<Vec<_>>();
    for (what, names) in [("taken from their side", taken), ("made of both sides", joined)] {
        if !names.is_empty() {
            output.note(&format!("{shown}: {what}: {}", some(&names)));
        }
    }
    for (path, deleted_by) in &merged.kept {
        let (one, other) = if *deleted_by == Side::Ours { ("our", "theirs") } else { ("their", "ours") };
        output.note(&format!("{shown}: `{}` was deleted on {one} side and changed on {other}: it stays", name(path)));
    }
    if !differ.is_empty() {
        let verb = if differ.len() == 1 { "differs" } else { "differ" };
        output.note(&format!(
            "{shown}: {} {verb}: {}; both answers are kept and neither counts: settle it with `opsready reconcile`",
            count(differ.len(), "question"),
            some(&differ)
        ));
    }
    for path in &merged.marked {
        output.note(&format!("{shown}: `{}` was changed on both sides: keep one of the two between the markers", path.join(".")));
    }
}

/// Returns the first of many names.
fn some(names: &[String]) -> String {
    match names.len().saturating_sub(NAMED) {
        0 | 1 => names.join(", "),
        more => format!("{} and {more} more", names[..NAMED].join(", ")),
    }
}

/// Merges line by line, as git does without a driver.
fn by_line([base, ours, theirs]: [&Path; 3], marker: u8) -> anyhow::Result<Exit> {
    let mut git = Command::new("git");
    git.arg("merge-file").arg(format!("--marker-size={marker}"));
    for label in ["ours", "base", "theirs"] {
        git.args(["-L", label]);
    }
    if let Ok(status) = git.arg("--").args([ours, base, theirs]).status()
        && let Some(code) = status.code().filter(|code| (0..128).contains(code))
    {
        return Ok(if code == 0 { Exit::Done } else { Exit::No });
    }
    // Git is not there, or calls it binary: both whole, so that neither is lost.
    let (mine, other) = (bytes(ours)?, bytes(theirs)?);
    let line = |sign: &str, label: &str| format!("{}{label}\n", sign.repeat(usize::from(marker))).into_bytes();
    let ended = |bytes: Vec<u8>| if bytes.ends_with(b"\n") || bytes.is_empty() { bytes } else { [bytes, b"\n".to_vec()].concat() };
    files::write(ours, &[line("<", " ours"), ended(mine), line("=", ""), ended(other), line(">", " theirs")].concat())?;
    Ok(Exit::No)
}

/// The command that git runs. Where the program is gone, or too old to know its job, git merges line by line.
fn driver(program: &str, more: &str) -> String {
    format!(
        "{program} merge-driver{more} --marker-size %L %O %A %B %P; done=$?; test $done -le 1 && exit $done; \
         git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
    )
}

/// Returns how a shell finds this program: by its name, or where it is not on the path by the file.
fn program() -> anyhow::Result<String> {
    let name = format!("opsready{}", std::env::consts::EXE_SUFFIX);
    let is_on_path = std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(&name).is_file()));
    if is_on_path {
        return Ok("opsready".to_owned());
    }
    let own = std::env::current_exe().context("cannot tell where this program is")?;
    let own = own.display().to_string();
    let own = if cfg!(windows) { own.replace('\\', "/") } else { own };
    Ok(format!("'{}'", own.replace('\'', "'\\''")))
}

fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder);
    git
}

/// Runs git and returns what it says; nothing if it says no.
fn ask(mut git: Command) -> anyhow::Result<Option<String>> {
    let answer = git.output().context("cannot run git")?;
    Ok(answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).trim().to_owned()))
}

fn folder(workspace: Option<&Workspace>, global: &super::Global) -> PathBuf {
    let root = workspace.map(Workspace::root).or(global.directory.as_deref()).filter(|root| !root.as_os_str().is_empty());
    root.unwrap_or(Path::new(".")).to_owned()
}

/// Tells git to merge with this program.
fn install(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    // For all repositories no workspace is needed.
    let workspace = match global.workspace() {
        Err(_) if arguments.global && global.directory.is_none() => None,
        found => Some(found?),
    };
    let folder = folder(workspace.as_ref(), global);
    if !arguments.global {
        let mut inside = git(&folder);
        inside.args(["rev-parse", "--git-dir"]);
        if ask(inside)?.is_none() {
            let help = "run `git init` first, or write `--global` for all repositories of this user";
            return Err(Refusal::because("the workspace is in no git repository", Some(help.to_owned())));
        }
    }
    let program = program()?;
    let values = [
        ("merge.opsready.name", "opsready: answers by question, the rest by key".to_owned()),
        ("merge.opsready.driver", driver(&program, "")),
        // Where branches met before, git first merges where they met; that is nothing to tell anybody.
        ("merge.opsready.recursive", "opsready-inner".to_owned()),
        ("merge.opsready-inner.name", "opsready, within a merge".to_owned()),
        ("merge.opsready-inner.driver", driver(&program, " --quiet")),
    ];
    for (key, value) in &values {
        let mut set = git(&folder);
        set.arg("config").args(arguments.global.then_some("--global")).args([key, value.as_str()]);
        if ask(set)?.is_none() {
            return Err(anyhow::anyhow!("git did not take the setting `{key}`"));
        }
    }
    let added = match &workspace {
        Some(workspace) => {
            add_merge_attributes(&folder).with_context(|| format!("cannot tell in `{}`", workspace.path(".gitattributes").display()))?
        }
        None => false,
    };
    if output.is_json() {
        let json = json!({"schema": "opsready/merge-driver/v1", "installed": true, "global": arguments.global, "attributes_added": added});
        return output.json(&json).map(|()| Exit::Done);
    }
    let whom = if arguments.global { "in all repositories of this user" } else { "in this clone" };
    output.line(format!("Git merges the files of workspaces with opsready {whom}."))?;
    if let Some(workspace) = workspace.filter(|_| added) {
        output.line(format!("`{}` now names the files; commit it.", workspace.path(".gitattributes").display()))?;
    }
    Ok(Exit::Done)
}

/// Tells whether git merges with this program.
fn check(global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let folder = folder(Some(&workspace), global);
    let mut config = git(&folder);
    config.args(["config", "--get", "merge.opsready.driver"]);
    let driver = ask(config)?.filter(|driver| driver.contains("merge-driver"));
    let mut attributes = git(&folder);
    attributes.args(["check-attr", "merge", "--", "answers/any.yaml"]);
    let is_named = ask(attributes)?.is_some_and(|answer| answer.ends_with("merge: opsready"));
    let is_done = driver.is_some() && is_named;
    if output.is_json() {
        let json = json!({"schema": "opsready/merge-driver/v1", "installed": is_done, "driver": driver, "attributes": is_named});
        output.json(&json)?;
    } else if is_done {
        output.line("Git merges answers by question in this clone.")?;
    } else {
        let what = match (driver.is_some(), is_named) {
            (false, true) => "git in this clone does not know opsready, and merges line by line".to_owned(),
            (true, _) => format!("`{}` does not name the files, so git merges line by line", workspace.path(".gitattributes").display()),
            (false, false) => "git in this clone does not know opsready, and no `.gitattributes` names the files".to_owned(),
        };
        output.line(format!("No: {what}. Run `opsready merge-driver --install`."))?;
    }
    Ok(if is_done { Exit::Done } else { Exit::No })
}
