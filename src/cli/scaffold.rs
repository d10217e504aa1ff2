//! `opsready scaffold`.

use super::output::{Exit, Output};
use crate::exchange::scaffold::{self, Forge};
use crate::workspace::create::repository_files;
use crate::workspace::{Workspace, files};
use serde_json::json;
use std::path::Path;

#[derive(Debug, clap::Args)]
#[command(after_help = "A file that is there already is left as it is, whatever stands in it.

Examples:
  opsready scaffold --dry-run
  opsready scaffold --forge gitlab")]
pub(super) struct Arguments {
    /// Where the repository is kept
    #[arg(long, value_name = "FORGE", default_value = "github")]
    forge: Choice,
    /// Write nothing; list what would be written
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Choice {
    /// GitHub
    Github,
    /// GitLab
    Gitlab,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let (workspace, loaded) = global.load(output)?;
    let (kit, file) = (&loaded.kit, &loaded.assessment.file);
    let forge = match arguments.forge {
        Choice::Github => Forge::Github,
        Choice::Gitlab => Forge::Gitlab,
    };
    let capabilities: Vec<_> = loaded.assessment.capabilities_in_scope(kit).collect();
    let mut planned = scaffold::files(kit, &capabilities, forge);
    planned.extend(repository_files(kit, &file.customer, file.classification.as_deref()));
    let mut list = Vec::new();
    for (name, text) in &planned {
        let path = workspace.path(name);
        // A link that leads nowhere is there, too: writing would follow it.
        let is_there = path.symlink_metadata().is_ok();
        if !is_there && !arguments.dry_run {
            files::write(&path, text.as_bytes())?;
        }
        let (fate, word) = match (is_there, arguments.dry_run) {
            (true, _) => ("kept", "is there, left as it is"),
            (false, true) => ("new", "would be written"),
            (false, false) => ("new", "new"),
        };
        if output.is_json() {
            list.push(json!({"file": name, "fate": fate}));
        } else {
            output.line(format!("{:<50} {word}", path.display()))?;
        }
    }
    if output.is_json() {
        output.json(&json!({"schema": "opsready/scaffold/v1", "files": list}))?;
    } else if !arguments.dry_run {
        output.note("Next: say in the workflow where `opsready` comes from, and put your teams into `CODEOWNERS`.\nIn each clone `opsready merge-driver --install` lets git merge answers by question.");
    }
    if let Some(note) = below_repository(&workspace, forge) {
        output.note(&note);
    }
    Ok(Exit::Done)
}

/// Returns what to do where the workspace is not the root of its repository, since a forge looks for these files only there.
fn below_repository(workspace: &Workspace, forge: Forge) -> Option<String> {
    let root = if workspace.root().as_os_str().is_empty() { Path::new(".") } else { workspace.root() };
    let root = std::fs::canonicalize(root).ok()?;
    let repository = root.ancestors().find(|folder| folder.join(".git").exists())?;
    let below = root.strip_prefix(repository).ok().filter(|below| !below.as_os_str().is_empty())?;
    let name = match forge {
        Forge::Github => "GitHub",
        Forge::Gitlab => "GitLab",
    };
    Some(format!(
        "The workspace is the folder `{}` of its repository. {name} reads these files only at the top: move them there, write\n`opsready -C {0}` for `opsready`, and put `/{0}` before the paths in CODEOWNERS and in the hooks.",
        below.display()
    ))
}
