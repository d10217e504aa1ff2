//! `opsready explain`.

use super::output::{Exit, Output, Refusal};
use crate::diagnostic::did_you_mean;
use crate::kit::Kit;
use crate::scoring::Scorecard;
use crate::scoring::explain::{Subject, explain};
use crate::workspace::Loaded;
use crate::yaml::record::{At, Id};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of a capability, practice or question, or `overall`; `question:ID` and `practice:ID` where a name is both
    id: String,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let loaded = global.workspace()?.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let subject = subject(&loaded.kit, &arguments.id)?;
    let card = Scorecard::of(&loaded.kit, &loaded.assessment);
    let text = explain(&loaded.kit, &loaded.assessment, &card, subject) + &bearing(&loaded, subject);
    if output.is_json() {
        let lines: Vec<&str> = text.lines().collect();
        output.json(&serde_json::json!({"schema": "opsready/explanation/v1", "id": arguments.id, "lines": lines}))?;
    } else {
        output.text(&text)?;
    }
    Ok(Exit::Done)
}

/// Returns the decisions and the entries of the RAID log that bear on something, a line for each; nothing where none does.
fn bearing(loaded: &Loaded, subject: Subject) -> String {
    let kit = &loaded.kit;
    let bears = |capability: Option<&At<Id>>, practices: &[At<Id>], questions: &[At<String>]| match subject {
        Subject::Capability(ix) => capability.is_some_and(|id| id.as_str() == kit.capability_id(ix)),
        Subject::Practice(ix) => practices.iter().any(|id| id.as_str() == kit.practice(ix).id),
        Subject::Question(ix) => questions.iter().any(|key| key.split_once('@').map_or(key.as_str(), |(id, _)| id) == kit.question(ix).id),
        Subject::Overall => false,
    };
    let registers = &loaded.assessment.registers;
    let decisions = registers.decisions.iter().filter(|file| bears(file.capability.as_ref(), &file.practices, &file.questions));
    let decisions = decisions.map(|file| format!("  decision, {}: {} ({})\n", file.status.value.title(), file.title, file.id));
    let risks = registers.risks.iter().filter(|file| bears(file.capability.as_ref(), &file.practices, &file.questions));
    let risks = risks.map(|file| format!("  {}, {}: {} ({})\n", file.kind.value, file.status.value.title(), file.title, file.id));
    let lines: String = decisions.chain(risks).collect();
    if lines.is_empty() { lines } else { format!("\nIn the registers:\n{lines}") }
}

/// Finds what an id means; where it means several things, its kind must be said.
fn subject(kit: &Kit, id: &str) -> anyhow::Result<Subject> {
    let (kind, name) = match id.split_once(':') {
        Some((kind, name)) => (Some(kind), name),
        None => (None, id),
    };
    // `question@environment` is how answers name it.
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    let wanted = |this: &str| kind.is_none_or(|kind| kind == this);
    let mut found = Vec::new();
    if name == "overall" && wanted("overall") {
        found.push(("overall", Subject::Overall));
    }
    if let Some(ix) = kit.find_capability(name).filter(|_| wanted("capability")) {
        found.push(("capability", Subject::Capability(ix)));
    }
    if let Some(ix) = kit.find_practice(name).filter(|_| wanted("practice")) {
        found.push(("practice", Subject::Practice(ix)));
    }
    if let Some(ix) = kit.find_question(name).filter(|_| wanted("question")) {
        found.push(("question", Subject::Question(ix)));
    }
    match found.as_slice() {
        [(_, subject)] => Ok(*subject),
        [] => {
            let capabilities = kit.capabilities.iter().map(|capability| capability.file.id.as_str());
            let practices = kit.practices.iter().map(|practice| practice.id.as_str());
            let questions = kit.questions.iter().map(|question| question.id.as_str());
            if kind.is_some()
                && let Ok(_) = subject(kit, name)
            {
                return Err(Refusal::because(format!("`{name}` is no {}", kind.unwrap_or_default()), Some(format!("write `{name}`"))));
            }
            let help = did_you_mean(name, capabilities.chain(practices).chain(questions).chain(["overall"]))
                .unwrap_or_else(|| "`opsready kit show` lists what there is".to_owned());
            Err(Refusal::because(format!("the kit has no capability, practice or question `{id}`"), Some(help)))
        }
        several => {
            let names: Vec<String> = several.iter().map(|(kind, _)| format!("`{kind}:{name}`")).collect();
            Err(Refusal::because(format!("`{name}` is several things"), Some(format!("write {}", names.join(" or ")))))
        }
    }
}
