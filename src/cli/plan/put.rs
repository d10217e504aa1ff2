//! `opsready plan set`.

use super::super::output::{Exit, Output, Refusal};
use super::Subject;
use crate::assessment::Assessment;
use crate::assessment::planning::format::{ActionStatus, Momentum, Stage};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::exchange::roadmap;
use crate::kit::{Kit, PracticeIx};
use crate::plan::{Plan, board};
use crate::scoring::Scorecard;
use crate::workspace::PLAN;
use crate::workspace::plan::PlanChange;
use crate::yaml::edit::{Change, Field};
use crate::yaml::record::{Date, list};
use serde_json::Value;

/// The keys that `--clear` takes out.
const KEYS: &[&str] = &["wave", "owner", "due", "status", "momentum", "accepted", "note"];

/// Those of them that are said of a capability as a whole.
const OF_CAPABILITY: &[&str] = &["owner", "status", "momentum", "note"];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Of a practice the status is open, in-progress, blocked or done; of a capability it is none, design, development, implemented,
validated or released. The momentum is not-started, moving-quickly, expected-pace, slower-than-expected or
impacting-critical-path.

`done` is what those say who did the work. The gap closes when an answer says so.

Examples:
  opsready plan set mandatory-tags-enforced --wave wave-1 --owner cloud-platform-lead --due 2027-02-26
  opsready plan set restore-tests backup-plans --status in-progress --momentum slower-than-expected
  opsready plan set tag-management --status development --owner cloud-platform-lead
  opsready plan set immutable-copies --accept 2026-10-12-no-vault-lock --approver ciso --expires 2027-06-30
  opsready plan set immutable-copies --clear accepted,due"
)]
pub(super) struct Arguments {
    /// Practices, and capabilities; `practice:ID` or `capability:ID` where a name is both
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// The wave in which the gap is closed, whatever the order of priorities says
    #[arg(long, value_name = "WAVE")]
    wave: Option<String>,
    /// The role or person who closes it, or who answers for the capability
    #[arg(long, value_name = "ROLE")]
    owner: Option<String>,
    /// The day by which it is closed
    #[arg(long, value_name = "DATE")]
    due: Option<String>,
    /// How far the work is
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// How the work goes
    #[arg(long, value_name = "MOMENTUM")]
    momentum: Option<String>,
    /// More about it; an empty text takes it out
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<String>,
    /// Accept the risk instead: the id of its entry in `risks/`
    #[arg(long, value_name = "RISK", requires_all = ["approver", "expires"])]
    accept: Option<String>,
    /// The role or person who accepts it
    #[arg(long, value_name = "ROLE", requires = "accept")]
    approver: Option<String>,
    /// The last day on which that holds
    #[arg(long, value_name = "DATE", requires = "accept")]
    expires: Option<String>,
    /// Take keys out: wave, owner, due, status, momentum, accepted, note
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    clear: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, global: &crate::cli::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let lock = workspace.lock()?;
    let loaded = workspace.load()?;
    // What is to be said of the plan is said of the new one.
    let of_plan = |one: &&Diagnostic| one.location.as_ref().is_some_and(|place| place.source.path.contains(PLAN));
    let others: Vec<Diagnostic> = loaded.warnings.iter().filter(|one| !of_plan(one)).cloned().collect();
    output.diagnostics(&others);
    let kit = &loaded.kit;
    let on = super::day(None)?;
    let mut subjects: Vec<Subject> = Vec::new();
    for id in &arguments.ids {
        let subject = super::subject(kit, id)?;
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    let changes: Vec<PlanChange> =
        subjects.iter().map(|subject| change(arguments, kit, &loaded.assessment, *subject, on)).collect::<anyhow::Result<_>>()?;
    let (new, found, written) = workspace.put_plan(&loaded, &changes, on)?;
    drop(lock);
    output.diagnostics(&found);
    let card = Scorecard::of(kit, &new);
    let plan = Plan::as_of(kit, &new, &card, Some(on));
    if output.is_json() {
        return output.json(&as_json(kit, &new, &card, &plan, &subjects, on)).map(|()| Exit::Done);
    }
    for subject in &subjects {
        let line = match subject {
            Subject::Practice(ix) => told(kit, &new, &card, &plan, *ix),
            Subject::Capability(ix) => {
                let planned = new.planning.capabilities.get(ix);
                let mut parts: Vec<String> = Vec::new();
                parts.extend(planned.and_then(|planned| planned.status).map(|status| status.title().to_owned()));
                parts.extend(planned.and_then(|planned| planned.momentum).map(|momentum| momentum.title().to_owned()));
                parts.extend(planned.and_then(|planned| planned.owner.clone()).map(|owner| kit.role_title(&owner).to_owned()));
                let said = if parts.is_empty() { "nothing said".to_owned() } else { parts.join(", ") };
                format!("{}: {said}", kit.capability_id(*ix))
            }
        };
        output.line(line)?;
    }
    let files: Vec<String> = written.iter().map(|path| format!("`{}`", path.display())).collect();
    output.note(&match files.as_slice() {
        [] => "nothing changed".to_owned(),
        files => format!("in {}; `opsready render` brings it into the documents", files.join(", ")),
    });
    Ok(Exit::Done)
}

fn as_json(kit: &Kit, new: &Assessment, card: &Scorecard, plan: &Plan, subjects: &[Subject], on: Date) -> Value {
    let mut roadmap = roadmap::json(kit, new, card, plan, Some(on));
    let practices: Vec<&str> = subjects
        .iter()
        .filter_map(|one| if let Subject::Practice(ix) = one { Some(kit.practice(*ix).id.as_str()) } else { None })
        .collect();
    let is_meant = |action: &Value| action["practice"].as_str().is_some_and(|id| practices.contains(&id));
    let actions: Vec<Value> = roadmap["actions"].as_array_mut().map(std::mem::take).unwrap_or_default();
    let mut cells = board::cells(kit, new, card, plan, Some(on));
    cells.retain(|cell| subjects.contains(&Subject::Capability(cell.capability)));
    serde_json::json!({
        "schema": "opsready/planned/v1",
        "actions": actions.into_iter().filter(is_meant).collect::<Vec<_>>(),
        "capabilities": roadmap::board(kit, &cells, Some(on))["capabilities"],
    })
}

/// Tells what is planned for a gap.
fn told(kit: &Kit, new: &Assessment, card: &Scorecard, plan: &Plan, ix: PracticeIx) -> String {
    let id = &kit.practice(ix).id;
    let planned = new.planning.practice(ix);
    let mut parts: Vec<String> = Vec::new();
    match card.gaps.iter().find(|gap| gap.practice == ix) {
        None => parts.push("no gap up to the target".to_owned()),
        Some(gap) if plan.is_accepted(ix) => {
            let until = new.planning.practice(ix).and_then(|planned| planned.accepted.as_ref()).map(|one| one.value.expires.value);
            parts.push(until.map_or_else(|| "accepted".to_owned(), |until| format!("accepted until {until}")));
            parts.extend((!gap.is_confirmed()).then(|| "to be clarified".to_owned()));
        }
        Some(gap) if !gap.is_confirmed() => parts.push("to be clarified before it is planned".to_owned()),
        Some(_) => parts.push(match plan.wave(ix).and_then(|wave| new.waves.get(wave)) {
            Some(wave) => wave.title.clone(),
            None => "outside the waves".to_owned(),
        }),
    }
    parts.extend(new.planning.owner(kit, ix).map(|owner| kit.role_title(owner).to_owned()));
    parts.extend(planned.and_then(|planned| planned.due.as_ref()).map(|due| format!("by {}", due.value)));
    parts.extend(planned.and_then(|planned| planned.status).map(|status| status.title().to_owned()));
    parts.extend(planned.and_then(|planned| planned.momentum).map(|momentum| momentum.title().to_owned()));
    format!("{id}: {}", parts.join(", "))
}

/// Returns what the options change of a subject.
fn change(arguments: &Arguments, kit: &Kit, assessment: &Assessment, subject: Subject, on: Date) -> anyhow::Result<PlanChange> {
    let mut changes: Vec<(&'static str, Change)> = Vec::new();
    let text = |value: &str| Change::Set(Field::Text(value.to_owned()));
    let is_practice = matches!(subject, Subject::Practice(_));
    if !is_practice {
        let of_gaps = [("--wave", arguments.wave.is_some()), ("--due", arguments.due.is_some()), ("--accept", arguments.accept.is_some())];
        if let Some((option, _)) = of_gaps.iter().find(|(_, is_given)| *is_given) {
            let Subject::Capability(ix) = subject else { unreachable!("it is no practice") };
            let help = "`opsready plan show` lists its gaps".to_owned();
            return Err(Refusal::because(
                format!("`{option}` is for a practice, and `{}` is a capability", kit.capability_id(ix)),
                Some(help),
            ));
        }
    }
    if let Some(wave) = &arguments.wave {
        super::wave(assessment, wave)?;
        changes.push(("wave", text(wave)));
    }
    if let Some(owner) = &arguments.owner {
        changes.push(("owner", text(not_empty("--owner", owner)?)));
    }
    if let Some(due) = &arguments.due {
        changes.push(("due", text(&super::day(Some(due))?.to_string())));
    }
    if let Some(status) = &arguments.status {
        let words: Vec<&str> = if is_practice {
            ActionStatus::ALL.iter().map(|one| one.word()).collect()
        } else {
            Stage::ALL.iter().map(|one| one.word()).collect()
        };
        let what = if is_practice { "the status of a practice" } else { "the status of a capability" };
        changes.push(("status", text(word(status, &words, what)?)));
    }
    if let Some(momentum) = &arguments.momentum {
        let words: Vec<&str> = Momentum::ALL.iter().map(|one| one.word()).collect();
        changes.push(("momentum", text(word(momentum, &words, "a momentum")?)));
    }
    if let Some(note) = &arguments.note {
        changes.push(("note", if note.trim().is_empty() { Change::Remove } else { text(note) }));
    }
    if let (Some(risk), Some(approver), Some(expires)) = (&arguments.accept, &arguments.approver, &arguments.expires) {
        let expires = super::day(Some(expires))?;
        if expires < on {
            let help = "name the last day on which it holds".to_owned();
            return Err(Refusal::because(format!("the acceptance would have ended on {expires}"), Some(help)));
        }
        let fields =
            [("risk", risk.clone()), ("approver", not_empty("--approver", approver)?.to_owned()), ("expires", expires.to_string())];
        let map = fields.into_iter().map(|(key, value)| (key.to_owned(), Field::Text(value))).collect();
        changes.push(("accepted", Change::Set(Field::Map(map))));
    }
    let known = if is_practice { KEYS } else { OF_CAPABILITY };
    for key in &arguments.clear {
        let Some(key) = known.iter().find(|known| *known == key) else {
            let help = did_you_mean(key, known.iter().copied()).unwrap_or_else(|| format!("there are {}", list(known)));
            return Err(Refusal::because(format!("`--clear` knows no key `{key}` here"), Some(help)));
        };
        if changes.iter().any(|(set, _)| set == key) {
            return Err(Refusal::because(format!("`{key}` is set and cleared at once"), Some("leave one of them out".to_owned())));
        }
        changes.push((key, Change::Remove));
    }
    if changes.is_empty() {
        let help = "name `--wave`, `--owner`, `--due`, `--status`, `--momentum`, `--accept`, `--note` or `--clear`".to_owned();
        return Err(Refusal::because("there is nothing to set", Some(help)));
    }
    let (capability, practice) = match subject {
        Subject::Capability(ix) => (ix, None),
        Subject::Practice(ix) => (kit.practice(ix).capability, Some(ix)),
    };
    Ok(PlanChange { capability, practice, changes })
}

fn not_empty<'t>(option: &str, text: &'t str) -> anyhow::Result<&'t str> {
    let help = format!("take it out with `--clear {}`", option.trim_start_matches('-'));
    if text.trim().is_empty() { Err(Refusal::because(format!("`{option}` names nobody"), Some(help))) } else { Ok(text) }
}

fn word<'t>(given: &'t str, words: &[&str], what: &str) -> anyhow::Result<&'t str> {
    if words.contains(&given) {
        return Ok(given);
    }
    let help = did_you_mean(given, words.iter().copied()).unwrap_or_else(|| format!("there are {}", list(words)));
    Err(Refusal::because(format!("`{given}` is not {what}"), Some(help)))
}
