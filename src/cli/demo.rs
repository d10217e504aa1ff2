//! `opsready demo`.

use super::output::{Exit, Output, Refusal, now};
use super::score::table;
use crate::assessment::visibility::Visibility;
use crate::document::set::{Kind, Shelf};
use crate::scoring::Scorecard;
use crate::workspace::create::{Origin, create_sample};
use crate::workspace::{Workspace, shipped};
use std::path::PathBuf;

/// The kit whose sample the demo shows.
const KIT: &str = "aws-cloud-operations";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder to make
    #[arg(default_value = "opsready-demo")]
    dir: PathBuf,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> anyhow::Result<Exit> {
    let dir = &arguments.dir;
    let shipped = shipped::find(KIT).ok_or_else(|| Refusal::because("this program was built without the kit of the demo", None))?;
    let workspace = match Workspace::at(dir) {
        Ok(workspace) => {
            let (sample, there) = (shipped.sample()?.id.value, workspace.id()?);
            if there.as_ref() != Some(&sample) {
                let message = format!("`{}` is a workspace of your own, and not the demo; nothing was changed", dir.display());
                return Err(Refusal::because(message, Some("name another folder: `opsready demo DIR`".to_owned())));
            }
            output.note(&format!("`{}` is there already; nothing in it was reset", dir.display()));
            workspace
        }
        Err(_) => create_sample(dir, &Origin::Shipped(shipped))?,
    };
    let lock = workspace.lock()?;
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let steps = workspace.plan_documents(&loaded, &[])?.steps;
    workspace.write_documents(&loaded, &steps, &now().timestamp().to_string())?;
    drop(lock);
    let card = Scorecard::of(&loaded.kit, &loaded.assessment);
    output.line(format!("{}: {} {}\n", loaded.assessment.file.customer, loaded.kit.file.title, loaded.kit.file.version))?;
    let width = output.width();
    output.text(&table(&loaded.kit, &loaded.assessment, &card, width))?;
    let documents: Vec<&str> = steps.iter().filter(|step| step.text.is_some()).map(|step| step.path.as_str()).collect();
    let results = |path: &&str| Kind::all().any(|kind| kind.shelf == Shelf::Results && kind.path(None) == **path);
    let shown = documents.iter().copied().filter(results).collect::<Vec<_>>();
    output.line(format!("\n{} documents, among them:", documents.len()))?;
    for path in &shown {
        output.line(format!("  {}", workspace.path(path).display()))?;
    }
    let shown = dir.display();
    output.line("\nLook at next:")?;
    output.line(format!("  {}   what the sponsor reads", workspace.path("docs/executive-summary.md").display()))?;
    output.line(format!("  opsready -C {shown} status                      what is open, and who finds it out"))?;
    output.line(format!("  opsready -C {shown} explain tag-management      every term of a score"))?;
    if let Some(example) = example(&loaded.kit, &loaded.assessment) {
        output.line(format!("  opsready -C {shown} {example}"))?;
    }
    output.line(format!("  opsready -C {shown} render --check              what that changed in the documents"))?;
    Ok(Exit::Done)
}

/// Returns a command that answers an open question, so that there is something to try.
fn example(kit: &crate::kit::Kit, assessment: &crate::assessment::Assessment) -> Option<String> {
    let visibility = Visibility::of(kit, assessment);
    let instances = (0..kit.questions.len()).flat_map(|index| assessment.instances(kit, crate::kit::QuestionIx(index)));
    let open = instances.filter(|instance| visibility.is_visible(*instance) && assessment.answer(*instance).is_none());
    let with_choice = open.filter_map(|instance| {
        let question = kit.question(instance.question);
        let last = question.options.iter().rfind(|option| option.from.is_none())?;
        Some(format!("answer {} --choose {}", instance.key(kit), last.id))
    });
    with_choice.min_by_key(String::len)
}
