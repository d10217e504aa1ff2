//! `opsready followup`.

use super::output::{Exit, Output, Refusal};
use crate::diagnostic::render as diagnostics;
use crate::document::followup::Followup;
use crate::scoring::wording::count;
use crate::workspace::Workspace;
use crate::workspace::documents::{DocumentPlan, Fate, Step};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Writes to followup/DATE/: recap.md to send the day after, actions.md, calendar.md and followup.ics with the days +1 (recap),
+3 (prioritisation meeting), +7 (improvement plan begins), +90 and +180 (reviews) and an entry for each action with a date. What you
change in the texts stays when you run it again; importing the calendar again updates what is there.

Examples:
  opsready followup
  opsready followup --meeting 2026-11-20 --dry-run
  opsready followup --out ../to-send"
)]
pub(super) struct Arguments {
    /// The day of the workshop or read-out [default: the day of the latest answer]
    #[arg(long, value_name = "DATE")]
    meeting: Option<String>,
    /// Write the files to DIR; nothing that is there and differs is touched
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leave a date where it falls, on a weekend too
    #[arg(long)]
    any_day: bool,
    /// Write nothing; list what would happen to each file
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let meeting = arguments.meeting.as_deref().map(super::answer::date_of).transpose()?;
    let workspace = global.workspace()?;
    let lock = if arguments.dry_run { None } else { Some(workspace.lock()?) };
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let is_silent = loaded.assessment.answers.values().all(|answer| answer.answered_on.is_none());
    if meeting.is_none() && is_silent {
        let help = "name it: `opsready followup --meeting DATE`".to_owned();
        return Err(Refusal::because("no answer has a date, so the day of the session is not known", Some(help)));
    }
    let Some(followup) = workspace.followup(&loaded, meeting, super::output::today(), arguments.any_day)? else {
        return Err(Refusal::because("the calendar ends before half a year after that day", Some("name an earlier day".to_owned())));
    };
    let out = arguments.out.as_deref();
    let plan = workspace.plan_followup(&loaded, &followup, out)?;
    if !arguments.dry_run && plan.faults.is_empty() {
        workspace.write_followup(&plan.steps, out)?;
    }
    drop(lock);
    let shown = |step: &Step| {
        if out.is_some() { step.path.clone() } else { workspace.path(&step.path).display().to_string() }
    };
    if output.is_json() {
        output.json(&as_json(&followup, &plan, shown))?;
        return Ok(exit(arguments, &plan));
    }
    if plan.faults.is_empty() || arguments.dry_run {
        let widest = plan.steps.iter().map(|step| shown(step).chars().count()).max().unwrap_or(0).min(70);
        for step in &plan.steps {
            output.line(format!("{:<widest$}  {}", shown(step), fate(step)))?;
        }
    }
    tell(arguments, &workspace, &followup, &plan, output);
    Ok(exit(arguments, &plan))
}

fn exit(arguments: &Arguments, plan: &DocumentPlan) -> Exit {
    let is_left = plan.steps.iter().any(|step| matches!(step.fate, Fate::Conflict | Fate::NoRecord));
    if !plan.faults.is_empty() || is_left && !arguments.dry_run { Exit::No } else { Exit::Done }
}

/// Returns what the list says of a file.
fn fate(step: &Step) -> String {
    match step.fate {
        Fate::Edited => "unchanged, edited by you".to_owned(),
        Fate::NoRecord => "differs from what was made: left as it is".to_owned(),
        Fate::Conflict => {
            let lines: Vec<String> = step.conflicts.iter().map(usize::to_string).collect();
            format!("conflict, {} {}", if lines.len() == 1 { "line" } else { "lines" }, lines.join(", "))
        }
        Fate::Refused => "refused, see below".to_owned(),
        fate => fate.word().to_owned(),
    }
}

/// Says what is to be done.
fn tell(arguments: &Arguments, workspace: &Workspace, followup: &Followup, plan: &DocumentPlan, output: &mut Output) {
    for day in followup.days.iter().filter(|day| day.moved_from.is_some()) {
        let (from, weekday) = (day.moved_from.as_deref().unwrap_or_default(), day.moved_from_weekday.as_deref().unwrap_or_default());
        output.note(&format!("+{}: {from} is a {weekday}; it is {}, {} instead", day.day, day.weekday, day.date));
    }
    if !plan.faults.is_empty() {
        output.diagnostics(&plan.faults);
        output.note(&format!("{} to mend; nothing was written", count(plan.faults.len(), "place")));
        return;
    }
    if plan.steps.iter().any(|step| step.fate == Fate::Conflict) {
        output.note("  = help: keep your lines, the new ones or both, delete the marker lines, and run it again");
    }
    if let Some(step) = plan.steps.iter().find(|step| step.fate == Fate::NoRecord) {
        let path = if arguments.out.is_some() { step.path.clone() } else { workspace.path(&step.path).display().to_string() };
        output.note(&format!("  = help: delete or move `{path}` to have it made anew, or write to another folder with `--out DIR`"));
    }
    if !arguments.dry_run && exit(arguments, plan) == Exit::Done {
        let due = followup.days.first().map(|day| format!("{}, {}", day.weekday, day.date)).unwrap_or_default();
        output.note(&format!("Next: read recap.md and send it by {due}, with actions.md and followup.ics"));
    }
}

fn as_json(followup: &Followup, plan: &DocumentPlan, shown: impl Fn(&Step) -> String) -> Value {
    let days: Vec<Value> = (followup.days.iter())
        .map(|day| json!({"day": day.day, "date": day.date, "moved_from": day.moved_from, "title": day.title, "text": day.text}))
        .collect();
    let actions: Vec<Value> = (followup.actions.iter())
        .map(|one| {
            let action = &one.action;
            json!({"id": action.id, "who": one.who, "deed": action.deed, "subject": action.subject, "due": action.due,
                   "overdue": action.is_overdue, "environment": action.environment,
                   "capability": action.capability.as_ref().map(|capability| &capability.id)})
        })
        .collect();
    let files: Vec<Value> =
        (plan.steps.iter()).map(|step| json!({"file": shown(step), "fate": step.fate.word(), "conflicts": step.conflicts})).collect();
    let texts: serde_json::Map<String, Value> = followup.texts.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
    json!({"schema": "opsready/followup/v1", "meeting": followup.meeting.to_string(), "days": days, "actions": actions, "texts": texts,
           "files": files, "diagnostics": diagnostics::json(&plan.faults)})
}
