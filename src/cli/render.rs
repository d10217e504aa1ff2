//! `opsready render`.

use super::output::{Exit, Output, Refusal, now};
use crate::workspace::documents::{Fate, Step};
use serde_json::json;
use similar::TextDiff;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write nothing; print the difference, and exit with 1 if a document is stale
    #[arg(long, conflicts_with_all = ["dry_run", "restore"])]
    check: bool,
    /// Write nothing; list what would happen
    #[arg(long)]
    dry_run: bool,
    /// Render a document anew that you edited or deleted; what you wrote in it is lost
    #[arg(long, value_name = "DOCUMENT")]
    restore: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let writes = !arguments.check && !arguments.dry_run;
    let lock = if writes { Some(workspace.lock()?) } else { None };
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let steps = workspace.plan_documents(&loaded, &arguments.restore)?;
    if let Some(unknown) = arguments.restore.iter().find(|name| !steps.iter().any(|step| step.path == **name && step.new.is_some())) {
        let help = "name it as `render --dry-run` does, such as `docs/README.md`".to_owned();
        return Err(Refusal::because(format!("there is no document `{unknown}`"), Some(help)));
    }
    if writes {
        workspace.write_documents(&loaded, &steps, &now().timestamp().to_string())?;
    }
    drop(lock);
    if output.is_json() {
        let list: Vec<_> =
            steps.iter().map(|step| json!({"document": step.path, "fate": fate_word(step.fate), "stale": step.fate.is_stale()})).collect();
        output.json(&json!({"schema": "opsready/render/v1", "documents": list}))?;
    } else if arguments.check {
        output.text(&differences(&steps))?;
    } else {
        for step in &steps {
            output.line(format!("{:<50} {}", workspace.path(&step.path).display(), step.fate.word()))?;
        }
    }
    Ok(verdict(&steps, arguments, output))
}

fn verdict(steps: &[Step], arguments: &Arguments, output: &mut Output) -> Exit {
    if arguments.check {
        let stale: Vec<&Step> = steps.iter().filter(|step| step.fate.is_stale()).collect();
        if stale.is_empty() {
            return Exit::Done;
        }
        let verb = if stale.len() == 1 { "document is" } else { "documents are" };
        output.note(&format!("{} {verb} stale; `opsready render` writes them", stale.len()));
        return Exit::No;
    }
    let left: Vec<&str> = steps.iter().filter(|step| step.fate.is_left()).map(|step| step.path.as_str()).collect();
    if left.is_empty() || arguments.dry_run {
        return Exit::Done;
    }
    output.note(&format!(
        "left as they are, since you edited them: {}\n  = help: move your text elsewhere and run `opsready render --restore DOCUMENT` to take the new rendering",
        left.join(", ")
    ));
    Exit::No
}

fn fate_word(fate: Fate) -> &'static str {
    match fate {
        Fate::New => "new",
        Fate::Unchanged => "unchanged",
        Fate::Updated => "updated",
        Fate::Edited | Fate::EditedAndStale => "edited",
        Fate::Deleted => "deleted",
        Fate::Withdrawn => "withdrawn",
        Fate::Orphaned => "orphaned",
    }
}

/// Returns the unified differences between what stands there and what should.
fn differences(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps.iter().filter(|step| step.fate.is_stale()) {
        let current = step.current.as_deref().unwrap_or_default().replace("\r\n", "\n");
        let new = step.new.as_deref().unwrap_or_default();
        let difference = TextDiff::from_lines(current.as_str(), new);
        let header = (format!("{} (as it stands)", step.path), format!("{} (as rendered)", step.path));
        text.push_str(&difference.unified_diff().context_radius(2).header(&header.0, &header.1).to_string());
    }
    text
}
