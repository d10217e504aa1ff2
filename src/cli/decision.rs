//! `opsready decision`.

use super::output::{Exit, Output, Refusal};
use super::register::{self, Links, Making, TextOf, dated, ids, texts};
use crate::assessment::register::Registers;
use crate::assessment::register::format::{DecisionFile, DecisionStatus};
use crate::assessment::register::write::{DECISION_KEYS, Given, entry};
use crate::diagnostic::render::tame;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::kit::format::Decision;
use crate::scoring::wording::count;
use crate::workspace::registers::{Register, RegisterFile};
use crate::workspace::{Loaded, Workspace};
use crate::yaml::edit::{Change, Field, top};
use crate::yaml::record::{Date, list};
use serde_json::{Value, json};
use std::fmt::Write;

/// The keys that every decision has.
const NEEDED: &[&str] = &["schema", "id", "title", "status"];

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write down a decision, or one that is to be taken
    New(Box<New>),
    /// List decisions
    List(List),
    /// Show a decision with all that belongs to it
    Show {
        /// The id, or a part that no other decision has
        id: String,
    },
    /// Change a decision, or move it on: draft, under-review, approved, under-revision, superseded
    Set(Box<Set>),
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The new file is in decisions/, and its path is printed. With --decides it begins with the context and the options of the kit.

Examples:
  opsready decision new \"Tags are checked in the pipeline\" --decides where-tags-are-enforced --owner cloud-platform-lead
  opsready decision new \"Backups leave the account\" --capability availability-continuity --question backup-protection@aws
  opsready decision new \"One list of keys\" --status approved --statement \"The list of finance holds.\" --decided-on 2026-11-20"
)]
struct New {
    /// The title, in a few words [default with --decides: that of the kit]
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
A decision that holds moves those that it supersedes out of force.

Examples:
  opsready decision set copies-out-of-reach --status approved --decided-on 2026-11-30
  opsready decision set k3f7 --practice separate-encrypted-backups --review-on 2027-04-30
  opsready decision set k3f7 --clear review_on"
)]
struct Set {
    /// The id, or a part that no other decision has
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

/// What a decision says.
#[derive(Debug, Default, clap::Args)]
struct Facts {
    /// How far it is: draft, under-review, approved, under-revision or superseded [default of a new one: draft]
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// What was decided, or is proposed, in a sentence
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    statement: Option<String>,
    /// Why there is something to decide
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    context: Option<String>,
    /// Why this option
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    rationale: Option<String>,
    /// What follows from it; once for each
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    consequence: Vec<String>,
    /// The design decision of the kit that it takes
    #[arg(long, value_name = "KIT-DECISION")]
    decides: Option<String>,
    /// Who carries it out and keeps it
    #[arg(long, value_name = "ROLE")]
    owner: Option<String>,
    /// Who approves it
    #[arg(long, value_name = "ROLE")]
    approver: Option<String>,
    /// The day on which it was approved
    #[arg(long, value_name = "DATE")]
    decided_on: Option<String>,
    /// The day by which it is looked at again, or is to be decided
    #[arg(long, value_name = "DATE")]
    review_on: Option<String>,
    /// A decision in whose place it stands: its id, or a part that no other has
    #[arg(long, value_name = "ID")]
    supersedes: Vec<String>,
}

impl Facts {
    fn given(&self) -> Vec<(&'static str, Given)> {
        let mut given = texts(&[
            ("status", &self.status),
            ("statement", &self.statement),
            ("context", &self.context),
            ("rationale", &self.rationale),
            ("decides", &self.decides),
            ("owner", &self.owner),
            ("approver", &self.approver),
            ("decided_on", &self.decided_on),
            ("review_on", &self.review_on),
        ]);
        if !self.consequence.is_empty() {
            given.push(("consequences", Given::Texts(self.consequence.iter().map(|text| text.trim().to_owned()).collect())));
        }
        given.extend(ids(&[("supersedes", &self.supersedes)]));
        given
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  opsready decision list --open
  opsready decision list --status under-review --capability patch-management
  opsready decision list --overdue --json")]
struct List {
    /// Only those with this status
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<String>,
    /// Only those of this capability
    #[arg(long, value_name = "ID")]
    capability: Option<String>,
    /// Only those that somebody still works on: draft, under-review, under-revision
    #[arg(long)]
    open: bool,
    /// Only those whose review or decision is due before today
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
    let mut title = arguments.title.clone();
    if title.is_none() && arguments.facts.decides.is_none() {
        if !global.may_ask() {
            let help = "write `opsready decision new TITLE`, or `--decides ID` for a design decision of the kit".to_owned();
            return Err(Refusal::because("a title is needed", Some(help)));
        }
        title = asked(&workspace.load_whole()?, &mut given)?;
    }
    let lock = workspace.lock()?;
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let mut found = Vec::new();
    whole_ids(&loaded.assessment.registers, &mut given);
    if let Some((capability, decision)) = of_kit(&loaded, &given, &mut found)? {
        if let Some(taking) = loaded.assessment.registers.taking(&capability, decision.id.as_str()) {
            output.note(&format!("`{}` takes this decision already: {}", taking.id, taking.status.value.title()));
        }
        title.get_or_insert_with(|| decision.title.clone());
        prefill(&mut given, &capability, decision);
    } else if !found.is_empty() {
        // It is told of already, with a better word than that it has no capability.
        given.retain(|(key, _)| *key != "decides");
        title.get_or_insert_with(|| "decision".to_owned());
    }
    let title = register::title(title.as_deref().unwrap_or_default())?;
    if !given.iter().any(|(key, _)| *key == "status") {
        given.push(("status", Given::Text(DecisionStatus::Draft.word().to_owned())));
    }
    given.push(("title", Given::Text(title.clone())));
    let said = entry("decision", DECISION_KEYS, &given);
    let id = arguments.making.id(&workspace, Register::Decisions, &title, &said, "decision")?;
    given.push(("id", Given::Text(id.clone())));
    let text_of = |given: &[(&'static str, Given)]| Ok(entry("decision", DECISION_KEYS, given));
    let what = What { id: &id, given: &given, text_of: &text_of, faults: found, before: None };
    let (changed, registers) = written(&workspace, &loaded, what, output)?;
    drop(lock);
    if output.is_json() {
        output.json(&as_json(&workspace, &loaded, &registers, |file| changed.contains(&file.id.value.0)))?;
        return Ok(Exit::Done);
    }
    output.line(workspace.entry_path(Register::Decisions, &id).display())?;
    next(&registers, &id, output);
    if arguments.making.edit {
        return register::edit(&workspace, Register::Decisions, &id, output);
    }
    Ok(Exit::Done)
}

/// Asks for what makes a decision readable. Returns the title.
fn asked(loaded: &Loaded, given: &mut Vec<(&'static str, Given)>) -> anyhow::Result<Option<String>> {
    let title = register::ask("Title", true)?;
    let is_given = |given: &[(&'static str, Given)], key: &str| given.iter().any(|(name, _)| *name == key);
    if !is_given(given, "capability")
        && let Some(capability) = register::ask_capability(loaded)?
    {
        given.push(("capability", Given::Text(capability)));
    }
    for (key, prompt) in [
        ("statement", "What is proposed, in a sentence (may be empty)"),
        ("owner", "Owner, a role or a name (may be empty)"),
        ("approver", "Approver, a role or a name (may be empty)"),
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
    for (_, value) in given.iter_mut().filter(|(key, _)| *key == "supersedes") {
        let Given::Ids(ids) = value else { continue };
        for id in ids.iter_mut() {
            if let Ok(whole) = register::find(&known, id, "decision") {
                *id = whole.to_owned();
            }
        }
    }
}

/// Returns the design decision of the kit that is to be taken, with its capability; what cannot be found is a fault.
fn of_kit<'l>(
    loaded: &'l Loaded,
    given: &[(&'static str, Given)],
    found: &mut Vec<Diagnostic>,
) -> anyhow::Result<Option<(String, &'l Decision)>> {
    let of = |wanted: &str| {
        given.iter().find_map(|(key, value)| if let Given::Text(text) = value { (*key == wanted).then_some(text) } else { None })
    };
    let Some(id) = of("decides") else { return Ok(None) };
    let named = of("capability");
    let kit = &loaded.kit;
    let all = || {
        kit.capability_indices().flat_map(|ix| {
            let design = kit.capability(ix).file.design.iter();
            design.flat_map(|design| &design.decisions).map(move |decision| (kit.capability_id(ix), decision))
        })
    };
    let meant: Vec<(&str, &Decision)> =
        all().filter(|(of, decision)| decision.id.as_str() == id && named.is_none_or(|named| named == of)).collect();
    match meant.as_slice() {
        [(capability, decision)] => Ok(Some(((*capability).to_owned(), decision))),
        // A capability that is named tells what its design has.
        [] if named.is_some() => Ok(None),
        [] => {
            let help = did_you_mean(id, all().map(|(_, decision)| decision.id.as_str()))
                .unwrap_or_else(|| "docs/decisions.md and the designs show which decisions are to be taken".to_owned());
            found.push(Diagnostic::placeless(Code::UnknownReference, format!("no design of the kit has a decision `{id}`")).help(help));
            Ok(None)
        }
        several => {
            let capabilities: Vec<&str> = several.iter().map(|(capability, _)| *capability).collect();
            let help = format!("name the capability: `--capability` with one of {}", list(&capabilities));
            Err(Refusal::because(format!("several designs have a decision `{id}`"), Some(help)))
        }
    }
}

/// Begins with what the kit says of a decision, where nothing else was given.
fn prefill(given: &mut Vec<(&'static str, Given)>, capability: &str, decision: &Decision) {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut of_kit = vec![("capability", Given::Text(capability.to_owned()))];
    of_kit.extend(decision.context.as_deref().map(|text| ("context", Given::Text(text.trim().to_owned()))));
    if !decision.options.is_empty() {
        let option = |option: &crate::kit::format::DecisionOption| (one_line(&option.title), option.consequence.as_deref().map(one_line));
        of_kit.push(("options", Given::Options(decision.options.iter().map(option).collect())));
    }
    // What the kit recommends is a proposal until somebody says why it holds here.
    of_kit.extend(decision.recommendation.as_deref().map(|text| ("rationale", Given::Text(text.trim().to_owned()))));
    for (key, value) in of_kit {
        if !given.iter().any(|(name, _)| *name == key) {
            given.push((key, value));
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
    register::check_cleared(&arguments.clear, DECISION_KEYS, NEEDED, "decision")?;
    if given.is_empty() && arguments.clear.is_empty() {
        let help = "`opsready decision set --help` lists what can be changed".to_owned();
        return Err(Refusal::because("nothing is to be changed", Some(help)));
    }
    let lock = workspace.lock()?;
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let registers = &loaded.assessment.registers;
    let before = found(registers, &arguments.id)?.clone();
    let id = before.id.value.0.clone();
    whole_ids(registers, &mut given);
    let held = |key: &str| match key {
        "consequences" => before.consequences.strings(),
        "questions" => register::keys(&before.questions),
        "practices" => register::plain(&before.practices),
        "stories" => register::plain(&before.stories),
        _ => register::plain(&before.supersedes),
    };
    let was = Some(before.status.value);
    let text_of = |given: &[(&'static str, Given)]| changed(&workspace, &id, &register::changes(given, &arguments.clear, held));
    let before = Some((&before, arguments.facts.decided_on.is_some()));
    let what = What { id: &id, given: &given, text_of: &text_of, faults: Vec::new(), before };
    let (changed, registers) = written(&workspace, &loaded, what, output)?;
    drop(lock);
    if output.is_json() {
        output.json(&as_json(&workspace, &loaded, &registers, |file| changed.contains(&file.id.value.0)))?;
        return Ok(Exit::Done);
    }
    let after = found(&registers, &id)?;
    let was = was.filter(|was| *was != after.status.value).map(|was| format!(" (was {})", was.title())).unwrap_or_default();
    output.line(format!("{id}: {}{was}, in {}", after.status.value.title(), workspace.entry_path(Register::Decisions, &id).display()))?;
    next(&registers, &id, output);
    Ok(Exit::Done)
}

/// Returns the text of a decision with changes.
fn changed(workspace: &Workspace, id: &str, changes: &[(String, Change)]) -> anyhow::Result<String> {
    let text = workspace.entry_text(Register::Decisions, id)?;
    let changes: Vec<(&str, Change)> = changes.iter().map(|(key, change)| (key.as_str(), change.clone())).collect();
    let path = workspace.entry_path(Register::Decisions, id);
    top(&text, &changes, DECISION_KEYS).map_err(|error| Refusal::because(format!("{}: {error}", path.display()), None))
}

/// What is to be written of a decision.
struct What<'w> {
    /// The id.
    id: &'w str,
    /// What was given.
    given: &'w [(&'static str, Given)],
    /// Makes the file of what was given.
    text_of: &'w TextOf<'w>,
    /// What is wrong with it already.
    faults: Vec<Diagnostic>,
    /// The decision as it stands, with true if the day of its approval is given anew; nothing for a new one.
    before: Option<(&'w DecisionFile, bool)>,
}

/// Checks a decision as it is to be, moves on those that it supersedes, and writes all of them. Returns the ids of what was written and
/// the registers as they then are.
fn written(workspace: &Workspace, loaded: &Loaded, what: What<'_>, output: &mut Output) -> anyhow::Result<(Vec<String>, Registers)> {
    let What { id, given, text_of, faults, before } = what;
    let is_new = before.is_none();
    let mut files = vec![RegisterFile { register: Register::Decisions, id: id.to_owned(), text: text_of(given)?, is_new }];
    let good =
        |key: &str, word: &str| (key == "status" && DecisionStatus::from_word(word).is_none()).then_some(DecisionStatus::Draft.word());
    let mended = register::mended(given, good).map(|given| text_of(&given)).transpose()?;
    let (registers, _) = register::checked(workspace, loaded, &files, mended, faults)?;
    let after = found(&registers, id)?;
    if let Some(refusal) = refused(&registers, before, after) {
        return Err(refusal.into());
    }
    let mut notes = Vec::new();
    for other in &registers.decisions {
        let is_superseded = after.supersedes.iter().any(|id| id.value == other.id.value);
        let status = match other.status.value {
            DecisionStatus::Superseded => continue,
            _ if !is_superseded => continue,
            _ if after.status.value.holds() => DecisionStatus::Superseded,
            DecisionStatus::Approved if after.status.value != DecisionStatus::Superseded => DecisionStatus::UnderRevision,
            _ => continue,
        };
        let text = changed(workspace, other.id.as_str(), &[("status".to_owned(), Change::Set(Field::Text(status.word().to_owned())))])?;
        notes.push(match status {
            DecisionStatus::Superseded => format!("`{}` is superseded by it, and no longer holds", other.id),
            _ => format!("`{}` holds until this one is approved, and is now {}", other.id, status.title()),
        });
        files.push(RegisterFile { register: Register::Decisions, id: other.id.value.0.clone(), text, is_new: false });
    }
    let (registers, warnings) = register::checked(workspace, loaded, &files, None, Vec::new())?;
    workspace.put_entries(&files)?;
    output.diagnostics(&warnings);
    for note in notes {
        output.note(&note);
    }
    Ok((files.into_iter().map(|file| file.id).collect(), registers))
}

/// Says why a decision cannot be what it is to be, and what is missing; nothing if it can.
fn refused(registers: &Registers, before: Option<(&DecisionFile, bool)>, after: &DecisionFile) -> Option<Refusal> {
    use DecisionStatus::{Approved, Draft, Superseded, UnderReview, UnderRevision};
    let id = after.id.as_str();
    let refusal = |message: String, help: String| Some(Refusal { message, help: Some(help) });
    let status = after.status.value;
    let was = before.map(|(file, _)| file.status.value);
    let in_its_place = || registers.decisions.iter().filter(|other| other.supersedes.iter().any(|named| named.value == after.id.value));
    let is_moved = was != Some(status);
    match (was, status) {
        (_, Superseded) if is_moved => {
            let mut others = in_its_place();
            if others.clone().any(|other| other.status.value.holds()) {
                return None;
            }
            return match others.next() {
                Some(other) => refusal(
                    format!("`{}` is to stand in its place, and does not hold yet", other.id),
                    format!(
                        "this one holds until then: `opsready decision set {} --status approved --decided-on DATE` moves both",
                        other.id
                    ),
                ),
                None => refusal(
                    "no decision stands in its place".to_owned(),
                    format!("name it there: `opsready decision set OTHER --supersedes {id}`, or `decision new TITLE --supersedes {id}`"),
                ),
            };
        }
        (Some(Superseded), _) if is_moved => {
            if let Some(other) = in_its_place().find(|other| !matches!(other.status.value, Draft | UnderReview)) {
                let help = format!("write down a new one: `opsready decision new TITLE --supersedes {}`", other.id);
                return refusal(format!("`{}` stands in its place", other.id), help);
            }
        }
        (Some(Approved | UnderRevision), Draft | UnderReview) => {
            let help = format!(
                "while it is being changed it is `under-revision`; another one in its place is `opsready decision new TITLE --supersedes {id}`"
            );
            return refusal(format!("it holds, and cannot go back to {}", status.title()), help);
        }
        (None | Some(Draft | UnderReview), UnderRevision) => {
            let help = "one that is not approved yet is `draft` or `under-review`".to_owned();
            return refusal("only a decision that holds can be under revision".to_owned(), help);
        }
        _ => {}
    }
    if !status.holds() {
        return None;
    }
    let mut missing = Vec::new();
    if after.statement.is_none() {
        missing.push("`--statement TEXT`, what was decided");
    }
    if after.decided_on.is_none() {
        missing.push("`--decided-on DATE`, when");
    } else if was == Some(UnderRevision) && status == Approved && before.is_some_and(|(_, is_dated)| !is_dated) {
        missing.push("`--decided-on DATE`, when it was approved again");
    }
    if missing.is_empty() {
        return None;
    }
    refusal("a decision that holds says what was decided, and when".to_owned(), format!("add {}", missing.join("; ")))
}

/// Says what comes next.
fn next(registers: &Registers, id: &str, output: &mut Output) {
    let Ok(file) = found(registers, id) else { return };
    let known: Vec<&str> = registers.decisions.iter().map(|file| file.id.as_str()).collect();
    let names = register::names(&known);
    let name = known.iter().position(|other| *other == id).map_or(id, |at| names[at].as_str());
    let statement = if file.statement.is_none() { " --statement TEXT" } else { "" };
    output.note(&match file.status.value {
        DecisionStatus::Draft if file.approver.is_none() => {
            format!("Next: opsready decision set {name} --approver ROLE --status under-review")
        }
        DecisionStatus::Draft => format!("Next: opsready decision set {name} --status under-review"),
        DecisionStatus::UnderReview => format!("Next: opsready decision set {name} --status approved{statement} --decided-on DATE"),
        DecisionStatus::UnderRevision => format!("Next: opsready decision set {name} --status approved --decided-on DATE"),
        DecisionStatus::Approved | DecisionStatus::Superseded => "Next: opsready render".to_owned(),
    });
}

fn found<'r>(registers: &'r Registers, name: &str) -> anyhow::Result<&'r DecisionFile> {
    let known: Vec<&str> = registers.decisions.iter().map(|file| file.id.as_str()).collect();
    let id = register::find(&known, name, "decision")?;
    Ok(registers.decisions.iter().find(|file| file.id.as_str() == id).expect("the id is one of them"))
}

/// Returns true if somebody still works on it.
fn is_open(file: &DecisionFile) -> bool {
    !matches!(file.status.value, DecisionStatus::Approved | DecisionStatus::Superseded)
}

/// Returns true if its day is past.
fn is_overdue(file: &DecisionFile, today: Date) -> bool {
    file.status.value != DecisionStatus::Superseded && file.review_on.as_ref().is_some_and(|date| date.value < today)
}

fn list_all(arguments: &List, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let mut wanted = Vec::new();
    for word in &arguments.status {
        wanted.push(DecisionStatus::from_word(word).ok_or_else(|| {
            let words: Vec<&str> = DecisionStatus::ALL.iter().map(|status| status.word()).collect();
            let help = did_you_mean(word, words.iter().copied()).unwrap_or_else(|| format!("one of {}", list(&words)));
            Refusal::because(format!("a decision is never `{word}`"), Some(help))
        })?);
    }
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    if let Some(id) = &arguments.capability {
        super::kit::capability(&loaded.kit, id)?;
    }
    let today = super::output::today();
    let is_wanted = |file: &DecisionFile| {
        (wanted.is_empty() || wanted.contains(&file.status.value))
            && arguments.capability.as_ref().is_none_or(|id| file.capability.as_ref().is_some_and(|of| of.as_str() == id))
            && (!arguments.open || is_open(file))
            && (!arguments.overdue || is_overdue(file, today))
    };
    let registers = &loaded.assessment.registers;
    if output.is_json() {
        return output.json(&as_json(&workspace, &loaded, registers, is_wanted)).map(|()| Exit::Done);
    }
    let known: Vec<&str> = registers.decisions.iter().map(|file| file.id.as_str()).collect();
    let shown: Vec<(&DecisionFile, String)> =
        registers.decisions.iter().zip(register::names(&known)).filter(|(file, _)| is_wanted(file)).collect();
    if shown.is_empty() {
        let what = if registers.decisions.is_empty() {
            "No decision is written down yet: `opsready decision new TITLE` begins one.".to_owned()
        } else {
            format!("None of {} fits.", count(registers.decisions.len(), "decision"))
        };
        return output.line(what).map(|()| Exit::Done);
    }
    let mut table = register::table(output.width(), &["Name", "Decision", "Status", "Who", "By"]);
    for (file, name) in &shown {
        let waits = matches!(file.status.value, DecisionStatus::UnderReview);
        let who = if waits { file.approver.as_ref().or(file.owner.as_ref()) } else { file.owner.as_ref().or(file.approver.as_ref()) };
        table.add_row([
            name.clone(),
            tame(&file.title),
            file.status.value.title().to_owned(),
            who.map_or_else(|| "nobody".to_owned(), |who| tame(loaded.kit.role_title(who))),
            dated(file.review_on.as_ref(), is_overdue(file, today)),
        ]);
    }
    output.line(&table)?;
    output.line(format!(
        "{} of {}. `opsready decision show NAME` has the whole.",
        shown.len(),
        count(registers.decisions.len(), "decision")
    ))?;
    Ok(Exit::Done)
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

fn as_text(workspace: &Workspace, loaded: &Loaded, file: &DecisionFile, width: usize) -> String {
    let registers = &loaded.assessment.registers;
    let role = |who: &crate::yaml::record::At<String>| loaded.kit.role_title(who).to_owned();
    let mut text = format!("{}\n{}, {}", file.title, file.id, file.status.value.title());
    if let Some(date) = &file.decided_on {
        let _ = write!(text, ", decided on {}", date.value);
    }
    if let Some(date) = &file.review_on {
        let past = if is_overdue(file, super::output::today()) { " (past)" } else { "" };
        let _ = write!(text, ", to be looked at by {}{past}", date.value);
    }
    let _ = writeln!(text, "\nin {}", workspace.entry_path(Register::Decisions, file.id.as_str()).display());
    let said = if file.status.value.holds() { "Decided" } else { "Proposed" };
    register::paragraph(&mut text, said, file.statement.as_ref().map(|text| text.as_str()), width);
    register::paragraph(&mut text, "Context", file.context.as_deref(), width);
    let options: Vec<String> = (file.options.iter())
        .map(|option| option.consequence.as_ref().map_or_else(|| option.title.clone(), |text| format!("{}: {}", option.title, text.trim())))
        .collect();
    register::paragraph(&mut text, "Options", Some(options.join("\n").as_str()).filter(|text| !text.is_empty()), width);
    register::paragraph(&mut text, "Why", file.rationale.as_deref(), width);
    let consequences = file.consequences.strings().join("\n");
    register::paragraph(&mut text, "What follows", Some(consequences.as_str()).filter(|text| !text.is_empty()), width);
    register::paragraph(&mut text, "Owner", file.owner.as_ref().map(role).as_deref(), width);
    register::paragraph(&mut text, "Approver", file.approver.as_ref().map(role).as_deref(), width);
    if let Some(ix) = file.capability.as_ref().and_then(|id| loaded.kit.find_capability(id.as_str())) {
        register::paragraph(&mut text, "Capability", Some(&loaded.kit.capability(ix).file.title), width);
    }
    let [questions, practices, stories] = register::titled(loaded, &file.questions, &file.practices, &file.stories);
    register::links(&mut text, "Questions", questions, width);
    register::links(&mut text, "Practices", practices, width);
    register::links(&mut text, "Stories", stories, width);
    let titled = |other: &DecisionFile| (other.id.value.0.clone(), other.title.value.clone());
    let others = registers.decisions.iter();
    let earlier = others.clone().filter(|other| file.supersedes.iter().any(|id| id.value == other.id.value));
    let later = others.filter(|other| other.supersedes.iter().any(|id| id.value == file.id.value));
    register::links(&mut text, "In the place of", earlier.map(titled).collect(), width);
    register::links(&mut text, "In its place", later.map(titled).collect(), width);
    let risks = registers.risks.iter().filter(|risk| risk.decisions.iter().any(|id| id.value == file.id.value));
    register::links(&mut text, "In the RAID log", risks.map(|risk| (risk.id.value.0.clone(), risk.title.value.clone())).collect(), width);
    text
}

fn as_json(workspace: &Workspace, loaded: &Loaded, registers: &Registers, is_wanted: impl Fn(&DecisionFile) -> bool) -> Value {
    let today = super::output::today();
    let role = |who: &crate::yaml::record::At<String>| loaded.kit.role_title(who).to_owned();
    let date = |date: Option<&crate::yaml::record::At<Date>>| date.map(|date| date.value.to_string());
    let entry = |file: &DecisionFile| {
        let names = |other: &&DecisionFile| other.supersedes.iter().any(|id| id.value == file.id.value);
        let risks = registers.risks.iter().filter(|risk| risk.decisions.iter().any(|id| id.value == file.id.value));
        json!({
            "id": file.id.as_str(),
            "file": workspace.entry_path(Register::Decisions, file.id.as_str()).display().to_string(),
            "title": file.title.value,
            "status": file.status.value,
            "open": is_open(file),
            "overdue": is_overdue(file, today),
            "statement": file.statement.as_ref().map(|text| &text.value),
            "context": file.context,
            "options": file.options.iter().map(|one| json!({"title": one.title, "consequence": one.consequence})).collect::<Vec<_>>(),
            "rationale": file.rationale,
            "consequences": file.consequences.strings(),
            "capability": file.capability.as_ref().map(|id| id.as_str()),
            "decides": file.decides.as_ref().map(|id| id.as_str()),
            "owner": file.owner.as_ref().map(|who| &who.value),
            "owner_title": file.owner.as_ref().map(role),
            "approver": file.approver.as_ref().map(|who| &who.value),
            "approver_title": file.approver.as_ref().map(role),
            "decided_on": date(file.decided_on.as_ref()),
            "review_on": date(file.review_on.as_ref()),
            "questions": register::keys(&file.questions),
            "practices": register::plain(&file.practices),
            "stories": register::plain(&file.stories),
            "supersedes": register::plain(&file.supersedes),
            "superseded_by": registers.decisions.iter().filter(names).map(|other| other.id.as_str()).collect::<Vec<_>>(),
            "risks": risks.map(|risk| risk.id.as_str()).collect::<Vec<_>>(),
        })
    };
    let entries: Vec<Value> = registers.decisions.iter().filter(|file| is_wanted(file)).map(entry).collect();
    json!({"schema": "opsready/decisions/v1", "as_of": today.to_string(), "decisions": entries})
}
