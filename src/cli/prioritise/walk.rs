//! The questions at a terminal: importance, target and rationale of one capability after the other.

use super::super::ask::{Farewell, line, wrapped};
use super::super::output::{Exit, Output, Refusal};
use super::{importance_change, level, own, rationale_change, reasons, target_change, weight};
use crate::assessment::Plain;
use crate::diagnostic::render::tame;
use crate::kit::{CapabilityIx, Kit};
use crate::plan::proposal::Proposal;
use crate::scoring::Scorecard;
use crate::workspace::{Loaded, Workspace};
use crate::yaml::edit::Change;

/// What is asked of each capability, in this order.
const PARTS: &[Part] = &[Part::Importance, Part::Target, Part::Rationale];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Importance,
    Target,
    Rationale,
}

/// What the user says to one question.
enum Word {
    Keep,
    Put((&'static str, Change)),
    Back,
    Skip,
    Quit,
}

pub(super) fn run(workspace: &Workspace, loaded: Loaded, meant: &[CapabilityIx], output: &mut Output) -> anyhow::Result<Exit> {
    let farewell = Farewell::on_interrupt("Stopped. What was answered is on disk; `opsready prioritise` goes on.")?;
    output.note(&wrapped("Enter takes what stands in brackets; b goes back, s skips the capability, q quits.", output.width()));
    let mut loaded = loaded;
    let mut changed: Vec<CapabilityIx> = Vec::new();
    let mut shown = None;
    let mut step = 0;
    while let Some(&capability) = meant.get(step / PARTS.len()) {
        let part = PARTS[step % PARTS.len()];
        if shown != Some(capability) {
            let heading = heading(&loaded, capability, step / PARTS.len() + 1, meant.len());
            output.note(&wrapped(&heading, output.width()));
            shown = Some(capability);
        }
        match ask(&loaded, capability, part, output)? {
            Word::Keep => step += 1,
            Word::Put(change) => {
                let id = loaded.kit.capability_id(capability).to_owned();
                loaded = farewell.undisturbed(|| -> anyhow::Result<Loaded> {
                    let _lock = workspace.lock()?;
                    let now = workspace.load()?;
                    let assessment = workspace.put_scope(&now, &id, &[change])?;
                    Ok(Loaded { assessment, ..now })
                })?;
                if !changed.contains(&capability) {
                    changed.push(capability);
                }
                step += 1;
            }
            Word::Back if step == 0 => output.note("  This is the first question."),
            Word::Back => step -= 1,
            Word::Skip => step = (step / PARTS.len() + 1) * PARTS.len(),
            Word::Quit => break,
        }
    }
    let path = workspace.path(crate::workspace::ASSESSMENT_FILE);
    match changed.len() {
        0 => output.line("Nothing was changed.")?,
        1 => output.line(format!("1 capability changed in {}.", path.display()))?,
        several => output.line(format!("{several} capabilities changed in {}.", path.display()))?,
    }
    Ok(Exit::Done)
}

fn heading(loaded: &Loaded, capability: CapabilityIx, nth: usize, of: usize) -> String {
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let file = &kit.capability(capability).file;
    let proposal = Proposal::of(kit, assessment, &Scorecard::of(kit, assessment), capability);
    let purpose = file.purpose.as_ref().map(|purpose| format!("\n  {}", first_sentence(&purpose.value))).unwrap_or_default();
    let text = format!("\n{nth} of {of}: {}{purpose}\n{}", file.title.value, reasons(kit, assessment, &proposal));
    tame(text.trim_end())
}

/// Returns the first sentence of a text on one line.
fn first_sentence(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.find(". ").map_or(line.clone(), |end| line[..=end].to_owned())
}

fn ask(loaded: &Loaded, capability: CapabilityIx, part: Part, output: &mut Output) -> anyhow::Result<Word> {
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let own = own(kit, assessment, capability);
    let proposal = Proposal::of(kit, assessment, &Scorecard::of(kit, assessment), capability);
    let scope = assessment.scope(capability);
    let (prompt, is_set) = match part {
        Part::Importance => {
            let is_set = own.is_some_and(|own| own.importance.is_some());
            let importance = if is_set { scope.importance } else { proposal.importance };
            (format!("  Importance, 1 to 5 [{}]:", Plain(importance)), is_set)
        }
        Part::Target => {
            // A phase that the assessment names has set the level, too.
            let is_set = own.is_some_and(|own| own.target.is_some()) || (assessment.phase.is_some() && proposal.needed.is_some());
            let target = if is_set { scope.target } else { proposal.target };
            let proposed = if target == proposal.target { String::new() } else { format!(", proposed {}", proposal.target) };
            (format!("  Target, level {} to {}{proposed} [{target}]:", kit.base(), kit.top()), is_set)
        }
        Part::Rationale => match scope.rationale.as_deref().map(first_sentence) {
            Some(rationale) => (format!("  Why (- takes it out) [{}]:", tame(&rationale)), true),
            None => ("  Why []:".to_owned(), true),
        },
    };
    loop {
        let Some(answer) = line(&prompt, output)? else { return Ok(Word::Quit) };
        match answer.as_str() {
            "b" => return Ok(Word::Back),
            "s" => return Ok(Word::Skip),
            "q" => return Ok(Word::Quit),
            "" if is_set => return Ok(Word::Keep),
            "" if part == Part::Importance => return Ok(Word::Put(importance_change(proposal.importance))),
            "" => return Ok(Word::Put(target_change(proposal.target))),
            text => match read(kit, part, text) {
                Ok(change) => return Ok(Word::Put(change)),
                Err(error) => output.note(&format!("  {}", refused(&error))),
            },
        }
    }
}

fn read(kit: &Kit, part: Part, text: &str) -> anyhow::Result<(&'static str, Change)> {
    match part {
        Part::Importance => match text.parse() {
            Ok(importance) => Ok(importance_change(weight(importance)?)),
            Err(_) => anyhow::bail!("importance is a number from 1 to 5, not `{text}`"),
        },
        Part::Target => level(kit, text).map(target_change),
        Part::Rationale => Ok(rationale_change(if text == "-" { "" } else { text })),
    }
}

/// Returns why something was refused, with what would help.
fn refused(error: &anyhow::Error) -> String {
    let help = error.downcast_ref::<Refusal>().and_then(|refusal| refusal.help.as_ref());
    tame(&help.map_or_else(|| error.to_string(), |help| format!("{error}; {help}")))
}
