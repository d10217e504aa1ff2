//! `opsready kit upgrade` and `opsready kit outdated`.

use crate::assessment::carry::Carried;
use crate::cli::Global;
use crate::cli::output::{Exit, Output, Refusal, today};
use crate::kit::upgrade::mapping::Changes;
use crate::kit::upgrade::{Clash, Own, in_words};
use crate::scoring::wording::count;
use crate::workspace::create::Origin;
use crate::workspace::upgrade::{Base, OverlayFate, OverlayNote, Upgrade};
use crate::workspace::{Workspace, shipped};
use crate::yaml::record::list;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "What only the new kit changed is taken over; what you changed in kit/ stays, byte for byte; where both changed the same
field yours stays and is listed. Answers follow their questions; what nothing asks for any more is kept under `orphans`.

Examples:
  opsready kit upgrade --dry-run
  opsready kit upgrade
  opsready kit upgrade ../kits/aws-cloud-operations"
)]
pub(super) struct Arguments {
    /// The kit: an id of one that comes with the program, or a folder [default: the one that the workspace has]
    #[arg(value_name = "ID|PATH")]
    kit: Option<String>,
    /// Write nothing; show what would change
    #[arg(long)]
    dry_run: bool,
    /// The kit as it was copied in, where the workspace does not have it recorded
    #[arg(long, value_name = "PATH")]
    base: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  opsready kit outdated
  opsready kit outdated --exit-code   # exits with 1 if there is a newer kit")]
pub(super) struct OutdatedArguments {
    /// The kit: an id of one that comes with the program, or a folder [default: the one that the workspace has]
    #[arg(value_name = "ID|PATH")]
    kit: Option<String>,
    /// Exit with 1 if there is a newer kit
    #[arg(long)]
    exit_code: bool,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let _lock = if arguments.dry_run { None } else { Some(workspace.lock()?) };
    if !arguments.dry_run
        && let Some(version) = workspace.finish_upgrade()?
    {
        if output.is_json() {
            output.json(&json!({"schema": "opsready/kit-upgrade/v1", "state": "finished", "to": {"version": version}}))?;
        } else {
            output.line(format!("The upgrade to {version} that was cut short is finished now."))?;
        }
        return Ok(Exit::Done);
    }
    let planned = plan(&workspace, arguments.kit.as_deref(), arguments.base.as_deref())?;
    let is_nothing = planned.changed_files() == 0;
    let milestone = if arguments.dry_run || planned.is_nothing() { None } else { workspace.upgrade(&planned, today())? };
    let state = match (is_nothing, arguments.dry_run) {
        (true, _) => "nothing",
        (false, true) => "planned",
        (false, false) => "done",
    };
    if output.is_json() {
        let mut json = as_json(&planned, state);
        json["milestone"] = json!(milestone.map(|path| path.display().to_string()));
        return output.json(&json).map(|()| Exit::Done);
    }
    if is_nothing {
        let recorded =
            if planned.is_nothing() || arguments.dry_run { "" } else { "; it is recorded as what your changes are held against" };
        output.line(format!("{} {} is what the workspace has already: nothing to do{recorded}.", planned.to.0, planned.to.1))?;
        return Ok(Exit::Done);
    }
    output.text(&as_text(&planned))?;
    if let Some(milestone) = milestone {
        output.line(format!("\nThe state of before is saved in {}.", milestone.display()))?;
    }
    let files = count(planned.changed_files(), "file");
    if arguments.dry_run {
        output.line(format!("\n{files} would change; nothing was written."))?;
    } else {
        output
            .line(format!("\n{files} changed. Next: `git diff` shows them, {}`opsready render` writes the documents.", next(&planned)))?;
    }
    Ok(Exit::Done)
}

fn next(planned: &Upgrade) -> &'static str {
    let is_to_ask =
        !planned.answers.ask_again.is_empty() || !planned.mapping.questions.new.is_empty() || !planned.answers.orphaned.is_empty();
    if is_to_ask { "`opsready discover --open` asks what is new and what is asked otherwise, " } else { "" }
}

/// Plans the upgrade to the kit that is meant.
fn plan(workspace: &Workspace, named: Option<&str>, base: Option<&std::path::Path>) -> anyhow::Result<Upgrade> {
    let origin = match named {
        Some(name) => crate::cli::init::find(name)?,
        None => shipped_for(workspace)?,
    };
    Ok(workspace.plan_upgrade(&origin, base)?)
}

/// Finds the kit of the program that goes on with the one in the workspace.
fn shipped_for(workspace: &Workspace) -> anyhow::Result<Origin> {
    let kit = crate::workspace::read_kit(&workspace.path("kit"))?;
    let kit = kit.0.ok_or(crate::workspace::Error::Files(kit.1))?;
    let id = kit.file.id.as_str();
    let goes_on = |one: &shipped::Shipped| one.read().0.is_some_and(|kit| kit.file.formerly.iter().any(|earlier| earlier.as_str() == id));
    let found = shipped::find(id).or_else(|| shipped::all().into_iter().find(goes_on));
    found.map(Origin::Shipped).ok_or_else(|| {
        Refusal::because(
            format!("no kit `{id}` comes with the program"),
            Some("name the folder of the newer kit: `opsready kit upgrade PATH`".to_owned()),
        )
    })
}

pub(super) fn outdated(arguments: &OutdatedArguments, global: &Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let planned = plan(&workspace, arguments.kit.as_deref(), None)?;
    let is_outdated = planned.changed_files() > 0;
    let exit = if is_outdated && arguments.exit_code { Exit::No } else { Exit::Done };
    if output.is_json() {
        let json = as_json(&planned, if is_outdated { "outdated" } else { "current" });
        return output.json(&json).map(|()| exit);
    }
    if !is_outdated {
        let mut text = format!("{} {} is current.\n", planned.to.0, planned.to.1);
        reviews(&mut text, &planned);
        output.text(&text)?;
        return Ok(exit);
    }
    let mut text = format!("{} {} is here; the workspace has {}.\n", planned.to.0, planned.to.1, planned.from.1);
    for (title, changes) in kinds(&planned) {
        let _ = writeln!(text, "  {title}: {}", in_numbers(changes));
    }
    let _ = writeln!(text, "  Answers: {}", answers_in_numbers(&planned));
    reviews(&mut text, &planned);
    text.push_str("\n`opsready kit upgrade --dry-run` shows all of it.\n");
    output.text(&text)?;
    Ok(exit)
}

fn kinds(planned: &Upgrade) -> [(&'static str, &Changes); 4] {
    let mapping = &planned.mapping;
    [
        ("Capabilities", &mapping.capabilities),
        ("Questions", &mapping.questions),
        ("Choices", &mapping.choices),
        ("Practices", &mapping.practices),
    ]
}

fn in_numbers(changes: &Changes) -> String {
    let counts = [
        (changes.kept, "kept"),
        (changes.reworded.len(), "changed"),
        (changes.renamed.len(), "renamed"),
        (changes.split.len(), "split"),
        (changes.removed.len(), "removed"),
        (changes.new.len(), "new"),
    ];
    let said: Vec<String> = counts
        .iter()
        .enumerate()
        .filter(|(at, (count, _))| *at == 0 || *count > 0)
        .map(|(_, (count, word))| format!("{count} {word}"))
        .collect();
    said.join(", ")
}

fn answers_in_numbers(planned: &Upgrade) -> String {
    let all = || std::iter::once(&planned.answers).chain(planned.responses.iter().map(|(_, carried)| carried));
    let total: usize = all().map(|carried| carried.answers).sum();
    let again: usize = all().map(|carried| carried.ask_again.len()).sum();
    let orphans: usize = all().map(|carried| carried.orphaned.len()).sum();
    let of = if planned.responses.is_empty() {
        String::new()
    } else {
        format!(" (with those of {})", count(planned.responses.len(), "respondent"))
    };
    format!("{total}{of}, {again} to be asked again, {orphans} that nothing asks for any more")
}

/// Returns a value for one line.
fn short(text: &str) -> String {
    /// The most characters that are shown of a value.
    const SHOWN: usize = 100;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN { line } else { format!("{} …", line.chars().take(SHOWN).collect::<String>().trim_end()) }
}

fn as_text(planned: &Upgrade) -> String {
    let mut text = format!("{}: {} {} -> {} {}\n", planned.title, planned.from.0, planned.from.1, planned.to.0, planned.to.1);
    let base = match planned.base {
        Base::Recorded | Base::Named => None,
        Base::Shipped => Some("The kit as it was copied in was not recorded; it is the one that comes with the program."),
        Base::Unknown => Some(
            "The kit as it was copied in is not recorded: every difference is taken as yours, stays, and is listed below.\nIf you have that kit, name it with `--base PATH`.",
        ),
    };
    if let Some(base) = base {
        let _ = writeln!(text, "{base}");
    }
    for (title, changes) in kinds(planned) {
        let _ = writeln!(text, "\n{title}: {}", in_numbers(changes));
        for one in &changes.reworded {
            let _ = writeln!(text, "  changed  {}: {}", one.id, one.what.join(", "));
        }
        for one in &changes.renamed {
            let _ = writeln!(text, "  renamed  {} -> {}", one.from, one.to);
        }
        for one in &changes.split {
            let _ = writeln!(text, "  split    {} -> {}", one.from, one.to.join(", "));
        }
        for one in &changes.removed {
            let _ = writeln!(text, "  removed  {one}");
        }
        for one in &changes.new {
            let _ = writeln!(text, "  new      {one}");
        }
    }
    let _ = writeln!(text, "\nAnswers: {}", answers_in_numbers(planned));
    carried(&mut text, &planned.answers, None);
    for (id, of_one) in &planned.responses {
        carried(&mut text, of_one, Some(id.as_str()));
    }
    for id in &planned.gone {
        let _ = writeln!(text, "  kept     answers/{id}.yaml: the capability is gone, its answers are not");
    }
    if !planned.lost.is_empty() {
        text.push_str("\nNamed elsewhere and gone; each is a comment now where it stood:\n");
        for (file, lost) in &planned.lost {
            let _ = writeln!(text, "  {file}: `{}` {}", lost.key, lost.id);
        }
    }
    if !planned.conflicts.is_empty() {
        text.push_str("\nTo look at in kit/:\n");
    }
    for conflict in &planned.conflicts {
        let said = match conflict.clash {
            Clash::BothChanged if planned.base == Base::Unknown => "differs; yours stays",
            Clash::BothChanged => "changed by both; yours stays",
            Clash::GoneUpstream => "gone from the new kit, and changed by you; yours stays",
            Clash::Replaced => "changed by you, and others stand in its place now; the new ones come",
            Clash::TakenOut => "taken out by you, and changed in the new kit; it stays out",
        };
        let _ = writeln!(text, "  kit/{}: {}\n    {said}", conflict.file, in_words(&conflict.path));
        if let (Some(yours), Some(theirs)) = (&conflict.yours, &conflict.theirs) {
            let _ = writeln!(text, "    yours: {}\n    new:   {}", short(yours), short(theirs));
        }
    }
    reviews(&mut text, planned);
    text
}

fn carried(text: &mut String, carried: &Carried, respondent: Option<&str>) {
    let of = respondent.map(|id| format!(" ({id})")).unwrap_or_default();
    for (key, because) in &carried.ask_again {
        let _ = writeln!(text, "  ask      {key}{of}: {}", because.title());
    }
    for (key, why) in &carried.orphaned {
        let _ = writeln!(text, "  orphan   {key}{of}: {}", why.title());
    }
}

/// Tells of the customer's own changes: what stays, and what is to be looked at.
fn reviews(text: &mut String, planned: &Upgrade) {
    if !planned.own.is_empty() {
        let _ = writeln!(text, "\nYour own changes in kit/ ({}), which stay:", planned.own.len());
        for change in &planned.own {
            let how = match change.own {
                Own::Edited => "changed",
                Own::Added => "added",
                Own::Removed => "taken out",
            };
            let _ = writeln!(text, "  {how:<9} kit/{}: {}", change.file, in_words(&change.path));
        }
    }
    if !planned.overlay.is_empty() {
        text.push_str("\nYour overlay names what has changed; it is left as it is:\n");
        for note in &planned.overlay {
            let _ = writeln!(text, "  {}:{}: {} `{}` {}", note.file, note.line, note.kind.word(), note.id, fate(note));
        }
    }
    if !planned.templates.is_empty() {
        text.push_str("\nTemplates of yours whose built-in one has changed since (`opsready template diff`):\n");
        for template in &planned.templates {
            let _ = writeln!(text, "  {template}");
        }
    }
}

fn fate(note: &OverlayNote) -> String {
    match &note.fate {
        OverlayFate::Renamed(new) => format!("is {} now", list(new)),
        OverlayFate::Gone => "is gone".to_owned(),
        OverlayFate::Changed => "says something else now".to_owned(),
    }
}

fn as_json(planned: &Upgrade, state: &str) -> Value {
    let clash = |clash: Clash| match clash {
        Clash::BothChanged => "both-changed",
        Clash::GoneUpstream => "gone-upstream",
        Clash::Replaced => "replaced",
        Clash::TakenOut => "taken-out",
    };
    let own = |own: Own| match own {
        Own::Edited => "edited",
        Own::Added => "added",
        Own::Removed => "removed",
    };
    let base = match planned.base {
        Base::Recorded => "recorded",
        Base::Named => "named",
        Base::Shipped => "shipped",
        Base::Unknown => "unknown",
    };
    let carried = |carried: &Carried, respondent: Option<&str>| {
        json!({
            "respondent": respondent,
            "answers": carried.answers,
            "renamed": carried.renamed.iter().map(|(from, to)| json!({"from": from, "to": to})).collect::<Vec<_>>(),
            "ask_again": carried.ask_again.iter().map(|(key, because)| json!({"key": key, "because": because})).collect::<Vec<_>>(),
            "orphans": carried.orphaned.iter().map(|(key, why)| json!({"key": key, "why": why})).collect::<Vec<_>>(),
        })
    };
    let responses: Vec<Value> = planned.responses.iter().map(|(id, of_one)| carried(of_one, Some(id.as_str()))).collect();
    let conflicts: Vec<Value> = (planned.conflicts.iter())
        .map(|one| {
            json!({"file": format!("kit/{}", one.file), "path": one.path, "kind": clash(one.clash), "yours": one.yours, "theirs": one.theirs})
        })
        .collect();
    let own: Vec<Value> =
        planned.own.iter().map(|one| json!({"file": format!("kit/{}", one.file), "path": one.path, "kind": own(one.own)})).collect();
    let overlay: Vec<Value> = (planned.overlay.iter())
        .map(|note| {
            let (fate, now) = match &note.fate {
                OverlayFate::Renamed(new) => ("renamed", new.clone()),
                OverlayFate::Gone => ("gone", Vec::new()),
                OverlayFate::Changed => ("changed", vec![note.id.clone()]),
            };
            json!({"file": note.file, "line": note.line, "kind": note.kind.word(), "id": note.id, "fate": fate, "now": now})
        })
        .collect();
    let lost: Vec<Value> = planned.lost.iter().map(|(file, lost)| json!({"file": file, "key": lost.key, "id": lost.id})).collect();
    json!({
        "schema": "opsready/kit-upgrade/v1", "state": state, "base": base,
        "from": {"id": planned.from.0, "version": planned.from.1}, "to": {"id": planned.to.0, "version": planned.to.1},
        "mapping": planned.mapping, "answers": carried(&planned.answers, None), "responses": responses, "gone_capabilities": planned.gone,
        "lost_links": lost, "conflicts": conflicts, "own_changes": own, "overlay": overlay, "outdated_templates": planned.templates,
        "changed_files": planned.changed_files(),
    })
}
