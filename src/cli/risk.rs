//! `opsready risk`.

use super::output::{Exit, Output, Refusal};
use super::register::{self, Links, Making, TextOf, dated, ids, texts};
use crate::assessment::register::Registers;
use crate::assessment::register::format::{Degree, RiskFile, RiskKind, RiskPlan, RiskStatus};
use crate::assessment::register::write::{Given, RISK_KEYS, entry};
use crate::diagnostic::did_you_mean;
use crate::diagnostic::render::tame;
use crate::workspace::registers::{Register, RegisterFile};
use crate::workspace::{Loaded, Workspace};
use crate::yaml::edit::{Change, top};
use crate::yaml::record::{At, Date, list};
use serde_json::{Value, json};

/// The keys that every entry has.
const NEEDED: &[&str] = &["schema", "id", "kind", "title", "status"];

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write down a risk, assumption, issue or dependency
    New(Box<New>),
    /// List risks, assumptions, issues and dependencies
    List(List),
    /// Show an entry with all that belongs to it
    Show {
        /// The id, or a part that no other entry has
        id: String,
    },
    /// Change an entry, or move it on: open, in-progress, monitor, closed
    Set(Box<Set>),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "The new file is in risks/, and its path is printed.

Examples:
  opsready risk new \"Two people carry the nights\" --likelihood high --severity high --owner operations-manager --due 2026-12-01
  opsready risk new \"Rehearsal lies in the freeze\" --kind issue --severity medium --owner migration-lead
  opsready risk new \"The meters keep ten days\" --kind assumption --impact \"Readings are lost\" --question backup-scope@aws")]
struct New {
    /// The title, in a few words
    title: Option<String>,
    #[command(flatten)]
    facts: Facts,
    #[command(flatten)]
    links: Links,
    #[command(flatten)]
    making: Making,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Texts replace what is there, lists grow; `--clear KEY` takes a key out. Comments and everything else in the file stay.

Examples:
  opsready risk set two-people --plan in-progress --mitigation \"A third person from January\" --status in-progress
  opsready risk set k3f7 --kind issue
  opsready risk set k3f7 --status closed"
)]
struct Set {
    /// The id, or a part that no other entry has
    id: String,
    /// The title
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    title: Option<String>,
    #[command(flatten)]
    facts: Facts,
    #[command(flatten)]
    links: Links,
    /// Take these keys out
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    clear: Vec<String>,
}

/// What an entry says.
#[derive(Debug, Default, clap::Args)]
struct Facts {
    /// What it is: risk, assumption, issue or dependency [default of a new one: risk]
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// What is being done with it: open, in-progress, monitor or closed [default of a new one: open]
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// What may happen, is taken to be true, has happened, or must be delivered
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    statement: Option<String>,
    /// Where it comes from
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    cause: Option<String>,
    /// What it does to the business, or what follows if it does not hold
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    impact: Option<String>,
    /// How likely a risk is: low, medium or high
    #[arg(long, value_name = "DEGREE")]
    likelihood: Option<String>,
    /// How bad a risk or issue is: low, medium or high
    #[arg(long, value_name = "DEGREE")]
    severity: Option<String>,
    /// How far the plan against a risk or issue is: none, in-progress or under-control
    #[arg(long, value_name = "PLAN")]
    plan: Option<String>,
    /// What is done about it
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    mitigation: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "ROLE")]
    owner: Option<String>,
    /// The day by which it is settled
    #[arg(long, value_name = "DATE")]
    due: Option<String>,
    /// The day by which it is looked at again
    #[arg(long, value_name = "DATE")]
    review_on: Option<String>,
    /// A decision that belongs to it: its id, or a part that no other has
    #[arg(long, value_name = "ID")]
    decision: Vec<String>,
}

impl Facts {
    fn given(&self) -> Vec<(&'static str, Given)> {
        let mut given = texts(&[
            ("kind", &self.kind),
            ("status", &self.status),
            ("statement", &self.statement),
            ("cause", &self.cause),
            ("impact", &self.impact),
            ("likelihood", &self.likelihood),
            ("severity", &self.severity),
            ("plan", &self.plan),
            ("mitigation", &self.mitigation),
            ("owner", &self.owner),
            ("due", &self.due),
            ("review_on", &self.review_on),
        ]);
        given.extend(ids(&[("decisions", &self.decision)]));
        given
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  opsready risk list --open
  opsready risk list --kind risk,issue --capability patch-management
  opsready risk list --overdue --json")]
struct List {
    /// Only these: risk, assumption, issue, dependency
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    /// Only those with this status
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<String>,
    /// Only those of this capability
    #[arg(long, value_name = "ID")]
    capability: Option<String>,
    /// Only those that are not closed
    #[arg(long)]
    open: bool,
    /// Only those that are not closed and whose date or review is before today
    #[arg(long)]
    overdue: bool,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::New(arguments) => new(arguments, global, output),
        Command::List(arguments) => list_all(arguments, global, output),
        Command::Show { id } => show(id, global, output),
        Command::Set(arguments) => set(arguments, global, output),
    }
}

fn new(arguments: &New, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    register::check_edit(&arguments.making, global)?;
    let mut given = arguments.facts.given();
    given.extend(arguments.links.given());
    register::check_texts(&given)?;
    let title = match &arguments.title {
        Some(title) => title.clone(),
        None if global.may_ask() => asked(&workspace.load_whole()?, &mut given)?,
        None => return Err(Refusal::because("a title is needed", Some("write `opsready risk new TITLE`".to_owned()))),
    };
    let title = register::title(&title)?;
    let lock = workspace.lock()?;
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    whole_ids(&loaded.assessment.registers, &mut given);
    for (key, word) in [("kind", RiskKind::Risk.word()), ("status", RiskStatus::Open.word())] {
        if !given.iter().any(|(name, _)| *name == key) {
            given.push((key, Given::Text(word.to_owned())));
        }
    }
    let word = arguments.facts.kind.as_deref().and_then(RiskKind::from_word).unwrap_or(RiskKind::Risk).word();
    given.push(("title", Given::Text(title.clone())));
    let id = arguments.making.id(&workspace, Register::Risks, &title, &entry("risk", RISK_KEYS, &given), word)?;
    given.push(("id", Given::Text(id.clone())));
    let text_of = |given: &[(&'static str, Given)]| Ok(entry("risk", RISK_KEYS, given));
    let registers = written(&workspace, &loaded, &What { id: &id, given: &given, text_of: &text_of, before: None }, output)?;
    drop(lock);
    if output.is_json() {
        return output.json(&as_json(&workspace, &loaded, &registers, |file| file.id.as_str() == id)).map(|()| Exit::Done);
    }
    output.line(workspace.entry_path(Register::Risks, &id).display())?;
    next(&registers, &id, output);
    if arguments.making.edit {
        return register::edit(&workspace, Register::Risks, &id, output);
    }
    Ok(Exit::Done)
}

/// Asks for what makes an entry readable. Returns the title.
fn asked(loaded: &Loaded, given: &mut Vec<(&'static str, Given)>) -> anyhow::Result<String> {
    let title = register::ask("Title", true)?.unwrap_or_default();
    let is_given = |given: &[(&'static str, Given)], key: &str| given.iter().any(|(name, _)| *name == key);
    let mut kind = given.iter().find_map(|(key, value)| match value {
        Given::Text(word) if *key == "kind" => RiskKind::from_word(word),
        _ => None,
    });
    if !is_given(given, "kind") {
        let words: Vec<&str> = RiskKind::ALL.iter().map(|kind| kind.word()).collect();
        let chosen = RiskKind::ALL[register::choose("Kind", &words)?];
        given.push(("kind", Given::Text(chosen.word().to_owned())));
        kind = Some(chosen);
    }
    let degrees: Vec<&str> = std::iter::once("not said").chain(Degree::ALL.iter().map(|degree| degree.word())).collect();
    let of_harm = matches!(kind, Some(RiskKind::Risk | RiskKind::Issue));
    for (key, prompt, is_asked) in [("likelihood", "How likely", kind == Some(RiskKind::Risk)), ("severity", "How bad", of_harm)] {
        if is_asked
            && !is_given(given, key)
            && let Some(at) = register::choose(prompt, &degrees)?.checked_sub(1)
        {
            given.push((key, Given::Text(Degree::ALL[at].word().to_owned())));
        }
    }
    if !is_given(given, "capability")
        && let Some(capability) = register::ask_capability(loaded)?
    {
        given.push(("capability", Given::Text(capability)));
    }
    for (key, prompt) in [
        ("statement", "What it is, in a sentence (may be empty)"),
        ("owner", "Owner, a role or a name (may be empty)"),
        ("due", "To be settled by, as 2026-12-01 (may be empty)"),
    ] {
        if !is_given(given, key)
            && let Some(text) = register::ask(prompt, false)?
        {
            given.push((key, Given::Text(text)));
        }
    }
    Ok(title)
}

/// Puts whole ids in the place of abbreviated ones; what fits none or several stays and is told of with everything else.
fn whole_ids(registers: &Registers, given: &mut [(&'static str, Given)]) {
    let known: Vec<&str> = registers.decisions.iter().map(|file| file.id.as_str()).collect();
    for (_, value) in given.iter_mut().filter(|(key, _)| *key == "decisions") {
        let Given::Ids(ids) = value else { continue };
        for id in ids.iter_mut() {
            if let Ok(whole) = register::find(&known, id, "decision") {
                *id = whole.to_owned();
            }
        }
    }
}

fn set(arguments: &Set, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let mut given = arguments.facts.given();
    given.extend(arguments.links.given());
    if let Some(title) = &arguments.title {
        given.push(("title", Given::Text(register::title(title)?)));
    }
    register::check_texts(&given)?;
    register::check_cleared(&arguments.clear, RISK_KEYS, NEEDED, "risk")?;
    if given.is_empty() && arguments.clear.is_empty() {
        let help = "`opsready risk set --help` lists what can be changed".to_owned();
        return Err(Refusal::because("nothing is to be changed", Some(help)));
    }
    let lock = workspace.lock()?;
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let registers = &loaded.assessment.registers;
    let before = found(registers, &arguments.id)?.clone();
    let id = before.id.value.0.clone();
    whole_ids(registers, &mut given);
    let mut cleared = arguments.clear.clone();
    let kind = arguments.facts.kind.as_deref().and_then(RiskKind::from_word);
    if kind == Some(RiskKind::Issue) && before.likelihood.is_some() && arguments.facts.likelihood.is_none() {
        // What has happened is no longer likely or unlikely.
        cleared.push("likelihood".to_owned());
    }
    let held = |key: &str| match key {
        "questions" => register::keys(&before.questions),
        "practices" => register::plain(&before.practices),
        "stories" => register::plain(&before.stories),
        _ => register::plain(&before.decisions),
    };
    let path = workspace.entry_path(Register::Risks, &id);
    let text_of = |given: &[(&'static str, Given)]| {
        let changes = register::changes(given, &cleared, held);
        let changes: Vec<(&str, Change)> = changes.iter().map(|(key, change)| (key.as_str(), change.clone())).collect();
        let text = workspace.entry_text(Register::Risks, &id)?;
        top(&text, &changes, RISK_KEYS).map_err(|error| Refusal::because(format!("{}: {error}", path.display()), None))
    };
    let what = What { id: &id, given: &given, text_of: &text_of, before: Some(&before) };
    let registers = written(&workspace, &loaded, &what, output)?;
    if cleared.len() > arguments.clear.len() {
        output.note("`likelihood` is taken out: what has happened is neither likely nor unlikely");
    }
    drop(lock);
    if output.is_json() {
        return output.json(&as_json(&workspace, &loaded, &registers, |file| file.id.as_str() == id)).map(|()| Exit::Done);
    }
    let after = found(&registers, &id)?;
    let was = if before.status.value == after.status.value { String::new() } else { format!(" (was {})", before.status.value.title()) };
    output.line(format!("{id}: {}{was}, in {}", after.status.value.title(), path.display()))?;
    next(&registers, &id, output);
    Ok(Exit::Done)
}

/// What is to be written of an entry.
struct What<'w> {
    /// The id.
    id: &'w str,
    /// What was given.
    given: &'w [(&'static str, Given)],
    /// Makes the file of what was given.
    text_of: &'w TextOf<'w>,
    /// The entry as it stands; nothing for a new one.
    before: Option<&'w RiskFile>,
}

/// Checks an entry as it is to be, and writes it. Returns the registers as they then are.
fn written(workspace: &Workspace, loaded: &Loaded, what: &What<'_>, output: &mut Output) -> anyhow::Result<Registers> {
    let (text_of, is_new) = (what.text_of, what.before.is_none());
    let files = [RegisterFile { register: Register::Risks, id: what.id.to_owned(), text: text_of(what.given)?, is_new }];
    let good = |key: &str, word: &str| match key {
        "kind" => RiskKind::from_word(word).is_none().then_some(RiskKind::Risk.word()),
        "status" => RiskStatus::from_word(word).is_none().then_some(RiskStatus::Open.word()),
        "likelihood" | "severity" => Degree::from_word(word).is_none().then_some(Degree::Low.word()),
        "plan" => RiskPlan::from_word(word).is_none().then_some(RiskPlan::None.word()),
        _ => None,
    };
    let mended = register::mended(what.given, good).map(|given| text_of(&given)).transpose()?;
    let (registers, warnings) = register::checked(workspace, loaded, &files, mended, Vec::new())?;
    if let Some(refusal) = refused(what.before, found(&registers, what.id)?) {
        return Err(refusal.into());
    }
    workspace.put_entries(&files)?;
    output.diagnostics(&warnings);
    Ok(registers)
}

/// Says why an entry cannot be what it is to be, and what is missing; nothing if it can.
fn refused(before: Option<&RiskFile>, after: &RiskFile) -> Option<Refusal> {
    let mut missing: Vec<(&str, &str)> = Vec::new();
    let mut demands = |is_there: bool, flag: &'static str, why: &'static str| {
        if !is_there && !missing.iter().any(|(known, _)| *known == flag) {
            missing.push((flag, why));
        }
    };
    if before.map(|file| file.status.value) != Some(after.status.value) {
        match after.status.value {
            RiskStatus::InProgress => demands(after.owner.is_some(), "--owner ROLE", "who works on it"),
            RiskStatus::Monitor => {
                demands(after.owner.is_some(), "--owner ROLE", "who watches it");
                demands(after.review_on.is_some(), "--review-on DATE", "when it is looked at again");
            }
            RiskStatus::Open | RiskStatus::Closed => {}
        }
    }
    let plan = after.plan.as_ref().map(|plan| plan.value);
    if matches!(plan, Some(RiskPlan::InProgress | RiskPlan::UnderControl)) && before.and_then(RiskFile::plan) != plan {
        demands(after.mitigation.is_some(), "--mitigation TEXT", "what is done about it");
        demands(after.owner.is_some(), "--owner ROLE", "who answers for it");
    }
    if missing.is_empty() {
        return None;
    }
    let flags: Vec<String> = missing.iter().map(|(flag, why)| format!("`{flag}`, {why}")).collect();
    let article = if matches!(after.kind.value, RiskKind::Assumption | RiskKind::Issue) { "an" } else { "a" };
    let state = match after.status.value {
        RiskStatus::Open | RiskStatus::Closed => "with a plan".to_owned(),
        status => format!("that is {}", status.title()),
    };
    let message = format!("{article} {} {state} says more", after.kind.value);
    Some(Refusal { message, help: Some(format!("add {}", flags.join("; "))) })
}

/// Says what comes next.
fn next(registers: &Registers, id: &str, output: &mut Output) {
    let Ok(file) = found(registers, id) else { return };
    let known: Vec<&str> = registers.risks.iter().map(|file| file.id.as_str()).collect();
    let names = register::names(&known);
    let name = known.iter().position(|other| *other == id).map_or(id, |at| names[at].as_str());
    let owner = if file.owner.is_none() { " --owner ROLE" } else { "" };
    let due = if file.due.is_none() { " --due DATE" } else { "" };
    let next = match (file.status.value, file.plan()) {
        (RiskStatus::Closed, _) => "opsready render".to_owned(),
        (_, Some(RiskPlan::None)) => format!("opsready risk set {name} --plan in-progress --mitigation TEXT{owner}{due}"),
        (RiskStatus::Open, _) if !owner.is_empty() || !due.is_empty() => format!("opsready risk set {name}{owner}{due}"),
        _ => format!("opsready risk set {name} --status closed, once it is over"),
    };
    output.note(&format!("Next: {next}"));
}

fn found<'r>(registers: &'r Registers, name: &str) -> anyhow::Result<&'r RiskFile> {
    let known: Vec<&str> = registers.risks.iter().map(|file| file.id.as_str()).collect();
    let id = register::find(&known, name, "risk")?;
    Ok(registers.risks.iter().find(|file| file.id.as_str() == id).expect("the id is one of them"))
}

/// Returns true if its date or its review is past, and it is not closed.
fn is_overdue(file: &RiskFile, today: Date) -> bool {
    let is_past = |date: &Option<At<Date>>| date.as_ref().is_some_and(|date| date.value < today);
    !file.is_closed() && (is_past(&file.due) || is_past(&file.review_on))
}

fn words<T: Copy>(
    given: &[String],
    all: &[T],
    word: impl Fn(T) -> &'static str,
    message: impl Fn(&str) -> String,
) -> anyhow::Result<Vec<T>> {
    let one = |given: &String| {
        all.iter().copied().find(|value| word(*value) == given).ok_or_else(|| {
            let words: Vec<&str> = all.iter().map(|value| word(*value)).collect();
            let help = did_you_mean(given, words.iter().copied()).unwrap_or_else(|| format!("one of {}", list(&words)));
            Refusal::because(message(given), Some(help))
        })
    };
    given.iter().map(one).collect()
}

fn list_all(arguments: &List, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let kinds = words(&arguments.kind, RiskKind::ALL, RiskKind::word, |word| format!("`{word}` is no kind of entry"))?;
    let states = words(&arguments.status, RiskStatus::ALL, RiskStatus::word, |word| format!("an entry is never `{word}`"))?;
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    if let Some(id) = &arguments.capability {
        super::kit::capability(&loaded.kit, id)?;
    }
    let today = super::output::today();
    let is_wanted = |file: &RiskFile| {
        (kinds.is_empty() || kinds.contains(&file.kind.value))
            && (states.is_empty() || states.contains(&file.status.value))
            && arguments.capability.as_ref().is_none_or(|id| file.capability.as_ref().is_some_and(|of| of.as_str() == id))
            && (!arguments.open || !file.is_closed())
            && (!arguments.overdue || is_overdue(file, today))
    };
    let registers = &loaded.assessment.registers;
    if output.is_json() {
        return output.json(&as_json(&workspace, &loaded, registers, is_wanted)).map(|()| Exit::Done);
    }
    let known: Vec<&str> = registers.risks.iter().map(|file| file.id.as_str()).collect();
    let shown: Vec<(&RiskFile, String)> = registers.risks.iter().zip(register::names(&known)).filter(|(file, _)| is_wanted(file)).collect();
    if shown.is_empty() {
        let what = if registers.risks.is_empty() {
            "Nothing is written down yet: `opsready risk new TITLE` begins it.".to_owned()
        } else {
            format!("None of {} fits.", entries(registers.risks.len()))
        };
        return output.line(what).map(|()| Exit::Done);
    }
    let mut table = register::table(output.width(), &["Name", "Kind", "What", "Status", "Who", "By"]);
    for (file, name) in &shown {
        let date = file.due.as_ref().or(file.review_on.as_ref());
        table.add_row([
            name.clone(),
            file.kind.value.word().to_owned(),
            tame(&file.title),
            file.plan()
                .filter(|_| !file.is_closed())
                .map_or_else(|| file.status.value.title().to_owned(), |plan| format!("{}, {}", file.status.value.title(), light(plan))),
            file.owner.as_ref().map_or_else(|| "nobody".to_owned(), |who| tame(loaded.kit.role_title(who))),
            dated(date, is_overdue(file, today)),
        ]);
    }
    output.line(&table)?;
    output.line(format!("{} of {}. `opsready risk show NAME` has the whole.", shown.len(), entries(registers.risks.len())))?;
    Ok(Exit::Done)
}

fn entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}

/// Returns the light of a plan.
fn light(plan: RiskPlan) -> &'static str {
    match plan {
        RiskPlan::None => "red",
        RiskPlan::InProgress => "amber",
        RiskPlan::UnderControl => "green",
    }
}

fn show(name: &str, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let (workspace, loaded) = (global.workspace()?, global.workspace()?.load_whole()?);
    output.diagnostics(&loaded.warnings);
    let registers = &loaded.assessment.registers;
    let file = found(registers, name)?;
    if output.is_json() {
        return output.json(&as_json(&workspace, &loaded, registers, |other| other.id.value == file.id.value)).map(|()| Exit::Done);
    }
    let width = output.width();
    output.text(&as_text(&workspace, &loaded, file, width))?;
    next(registers, file.id.as_str(), output);
    Ok(Exit::Done)
}

fn as_text(workspace: &Workspace, loaded: &Loaded, file: &RiskFile, width: usize) -> String {
    let plan = match file.plan() {
        None => String::new(),
        Some(RiskPlan::None) => ", red: no agreed plan".to_owned(),
        Some(RiskPlan::InProgress) => ", amber: plan in progress".to_owned(),
        Some(RiskPlan::UnderControl) => ", green: under control".to_owned(),
    };
    let path = workspace.entry_path(Register::Risks, file.id.as_str());
    let mut text =
        format!("{}\n{}, {}, {}{plan}\nin {}\n", file.title, file.id, file.kind.value, file.status.value.title(), path.display());
    let today = super::output::today();
    let day = |date: &Option<At<Date>>| {
        let past = |date: &At<Date>| if !file.is_closed() && date.value < today { " (past)" } else { "" };
        date.as_ref().map(|date| format!("{}{}", date.value, past(date)))
    };
    let degree = |degree: &Option<At<Degree>>| degree.as_ref().map(|degree| degree.value.word());
    register::paragraph(&mut text, "Statement", file.statement.as_ref().map(|text| text.as_str()), width);
    register::paragraph(&mut text, "Cause", file.cause.as_ref().map(|text| text.as_str()), width);
    register::paragraph(&mut text, "Impact", file.impact.as_deref(), width);
    register::paragraph(&mut text, "Likelihood", degree(&file.likelihood), width);
    register::paragraph(&mut text, "Severity", degree(&file.severity), width);
    register::paragraph(&mut text, "Mitigation", file.mitigation.as_deref(), width);
    register::paragraph(&mut text, "Owner", file.owner.as_ref().map(|who| loaded.kit.role_title(who)), width);
    register::paragraph(&mut text, "Due", day(&file.due).as_deref(), width);
    register::paragraph(&mut text, "To be looked at by", day(&file.review_on).as_deref(), width);
    if let Some(ix) = file.capability.as_ref().and_then(|id| loaded.kit.find_capability(id.as_str())) {
        register::paragraph(&mut text, "Capability", Some(&loaded.kit.capability(ix).file.title), width);
    }
    let [questions, practices, stories] = register::titled(loaded, &file.questions, &file.practices, &file.stories);
    register::links(&mut text, "Questions", questions, width);
    register::links(&mut text, "Practices", practices, width);
    register::links(&mut text, "Stories", stories, width);
    let decisions = loaded.assessment.registers.decisions.iter().filter(|other| file.decisions.iter().any(|id| id.value == other.id.value));
    register::links(&mut text, "Decisions", decisions.map(|other| (other.id.value.0.clone(), other.title.value.clone())).collect(), width);
    text
}

fn as_json(workspace: &Workspace, loaded: &Loaded, registers: &Registers, is_wanted: impl Fn(&RiskFile) -> bool) -> Value {
    let today = super::output::today();
    let date = |date: &Option<At<Date>>| date.as_ref().map(|date| date.value.to_string());
    let text = |text: &Option<At<String>>| text.as_ref().map(|text| text.value.clone());
    let entry = |file: &RiskFile| {
        json!({
            "id": file.id.as_str(),
            "file": workspace.entry_path(Register::Risks, file.id.as_str()).display().to_string(),
            "kind": file.kind.value,
            "title": file.title.value,
            "status": file.status.value,
            "open": !file.is_closed(),
            "overdue": is_overdue(file, today),
            "statement": text(&file.statement),
            "cause": text(&file.cause),
            "impact": file.impact,
            "likelihood": file.likelihood.as_ref().map(|degree| degree.value),
            "severity": file.severity.as_ref().map(|degree| degree.value),
            "plan": file.plan(),
            "mitigation": file.mitigation,
            "owner": text(&file.owner),
            "owner_title": file.owner.as_ref().map(|who| loaded.kit.role_title(who)),
            "due": date(&file.due),
            "review_on": date(&file.review_on),
            "capability": file.capability.as_ref().map(|id| id.as_str()),
            "questions": register::keys(&file.questions),
            "practices": register::plain(&file.practices),
            "stories": register::plain(&file.stories),
            "decisions": register::plain(&file.decisions),
        })
    };
    let entries: Vec<Value> = registers.risks.iter().filter(|file| is_wanted(file)).map(entry).collect();
    json!({"schema": "opsready/risks/v1", "as_of": today.to_string(), "risks": entries})
}
