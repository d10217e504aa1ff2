//! `opsready reconcile`.

mod show;
mod walk;

use super::output::{Exit, Output, Refusal};
use crate::assessment::reconcile::{Asking, Respondent, Settlement, Side, reconcile, settle};
use crate::assessment::{Instance, Response};
use crate::diagnostic::did_you_mean;
use crate::kit::{Kit, QuestionIx};
use crate::scoring::wording::{count, stated};
use crate::workspace::{Loaded, Workspace};
use crate::yaml::record::list;
use serde_json::json;
use std::collections::BTreeSet;

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("decision").conflicts_with_all(["take_agreed", "take_single", "interactive"]))]
#[command(after_help = "Examples:
  opsready reconcile tag-management
  opsready reconcile --take-agreed
  opsready reconcile tag-schema@aws --choose drafted --reason \"Finance showed the draft\"
  opsready reconcile tag-schema@aws --take 2 --reason \"Agreed on the phone\"
  opsready reconcile --interactive")]
pub(super) struct Arguments {
    /// Only these capabilities or questions; for a decision the question, with @ENVIRONMENT where it is asked in each
    #[arg(value_name = "CAPABILITY|QUESTION[@ENV]")]
    names: Vec<String>,
    /// Take over what all who answered agree on, where they are at least two; an agreed answer that differs stays
    #[arg(long)]
    take_agreed: bool,
    /// Take over what one alone answered, too
    #[arg(long)]
    take_single: bool,
    /// Walk through what differs, one question after the other
    #[arg(long, conflicts_with_all = ["take_agreed", "take_single"])]
    interactive: bool,
    /// Decide for this choice; several for a checklist
    #[arg(long, value_name = "ID", value_delimiter = ',', group = "decision")]
    choose: Option<Vec<String>>,
    /// Decide for this number
    #[arg(long, value_name = "N", group = "decision", allow_negative_numbers = true)]
    number: Option<f64>,
    /// Decide for this text
    #[arg(long, value_name = "T", group = "decision", allow_hyphen_values = true)]
    text: Option<String>,
    /// Decide for this date, as 2026-11-20
    #[arg(long, value_name = "DATE", group = "decision")]
    date: Option<String>,
    /// Decide that it does not apply: out-of-scope, business-priority, architecture-constraint or other
    #[arg(long, value_name = "REASON", group = "decision")]
    not_applicable: Option<String>,
    /// Statements of a checklist that do not apply
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "choose")]
    not_applicable_choices: Vec<String>,
    /// Decide for the answer with this number, as `opsready reconcile QUESTION` lists them
    #[arg(long, value_name = "NUMBER", group = "decision")]
    take: Option<usize>,
    /// Why it is decided so; it becomes the note
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reason: Option<String>,
    /// Who stands behind the decision [default: those who said so]
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    by: Vec<String>,
}

impl Arguments {
    fn is_decision(&self) -> bool {
        let texts = [&self.text, &self.date, &self.not_applicable];
        self.choose.is_some() || self.number.is_some() || self.take.is_some() || texts.iter().any(|text| text.is_some())
    }
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    if arguments.is_decision() {
        return decide(arguments, &workspace, output);
    }
    if arguments.reason.is_some() || !arguments.by.is_empty() {
        let help = "write it with `--take`, `--choose`, `--number`, `--text`, `--date` or `--not-applicable`".to_owned();
        return Err(Refusal::because("`--reason` and `--by` belong to a decision", Some(help)));
    }
    if arguments.interactive {
        return walk::run(arguments, global, &workspace, output);
    }
    if arguments.take_agreed || arguments.take_single {
        return take(arguments, &workspace, output);
    }
    let (loaded, respondents) = load(&workspace, output)?;
    let meant = meant(&loaded.kit, &arguments.names)?;
    let askings = askings(&loaded, &respondents, &meant);
    if output.is_json() {
        output.json(&show::json(&loaded, &respondents, &askings))?;
    } else {
        let text = show::text(&loaded, &respondents, &askings);
        output.text(&text)?;
    }
    Ok(Exit::Done)
}

/// Reads what is agreed and what everybody said, and shows the warnings.
fn load(workspace: &Workspace, output: &mut Output) -> anyhow::Result<(Loaded, Vec<Respondent>)> {
    let loaded = workspace.load()?;
    output.diagnostics(&loaded.warnings);
    let (respondents, warnings) = workspace.responses(&loaded)?;
    output.diagnostics(&warnings);
    Ok((loaded, respondents))
}

/// The questions that a command is for; all where nothing is named.
#[derive(Debug)]
struct Meant(Option<Vec<(QuestionIx, Option<String>)>>);

impl Meant {
    fn holds(&self, kit: &Kit, instance: Instance) -> bool {
        let is_it = |(question, key): &(QuestionIx, Option<String>)| {
            *question == instance.question && key.as_ref().is_none_or(|key| *key == instance.key(kit))
        };
        self.0.as_ref().is_none_or(|questions| questions.iter().any(is_it))
    }
}

/// Finds the capabilities and questions that the user names.
fn meant(kit: &Kit, names: &[String]) -> anyhow::Result<Meant> {
    if names.is_empty() {
        return Ok(Meant(None));
    }
    let mut questions = Vec::new();
    for name in names {
        if let Some(capability) = kit.find_capability(name) {
            questions.extend(kit.questions_of(capability).map(|question| (question, None)));
            continue;
        }
        let (id, environment) = name.split_once('@').map_or((name.as_str(), None), |(id, environment)| (id, Some(environment)));
        let Some(question) = kit.find_question(id) else {
            let known = kit.capabilities.iter().map(|capability| capability.file.id.as_str());
            let help = did_you_mean(name, known.clone().chain(kit.questions.iter().map(|question| question.id.as_str())))
                .unwrap_or_else(|| format!("there are the capabilities {}", list(&known.collect::<Vec<_>>())));
            return Err(Refusal::because(format!("the kit has no capability and no question `{name}`"), Some(help)));
        };
        questions.push((question, environment.map(|_| name.clone())));
    }
    Ok(Meant(Some(questions)))
}

fn askings<'a>(loaded: &'a Loaded, respondents: &'a [Respondent], meant: &Meant) -> Vec<Asking<'a>> {
    let mut askings = reconcile(&loaded.kit, &loaded.assessment, respondents);
    askings.retain(|asking| meant.holds(&loaded.kit, asking.instance));
    askings
}

/// Writes what all agree on into the agreed answers.
fn take(arguments: &Arguments, workspace: &Workspace, output: &mut Output) -> anyhow::Result<Exit> {
    let lock = workspace.lock()?;
    let (mut loaded, respondents) = load(workspace, output)?;
    let meant = meant(&loaded.kit, &arguments.names)?;
    let voices = if arguments.take_single { 1 } else { 2 };
    let mut taken: Vec<Instance> = Vec::new();
    // What is taken can bring up questions that hang on it.
    loop {
        let mut latest = None;
        for asking in &askings(&loaded, &respondents, &meant) {
            let Some(side) = asking.to_take(voices).filter(|_| !taken.contains(&asking.instance)) else { continue };
            let on = side.voices.iter().filter_map(|voice| voice.answer.answered_on).max();
            let on = on.unwrap_or_else(super::output::today);
            let settlement = Settlement { response: side.response, reason: None, by: &[], on };
            latest = Some(workspace.put_answer(&loaded, asking.instance, &settle(&loaded.kit, asking, &settlement))?);
            taken.push(asking.instance);
        }
        match latest {
            Some(assessment) => loaded.assessment = assessment,
            None => break,
        }
    }
    drop(lock);
    let kit = &loaded.kit;
    let left = askings(&loaded, &respondents, &meant);
    let left: Vec<&Asking<'_>> = left.iter().filter(|asking| asking.is_asked() && asking.is_contested()).collect();
    if output.is_json() {
        let keys = |instances: &mut dyn Iterator<Item = Instance>| instances.map(|instance| instance.key(kit)).collect::<Vec<_>>();
        let json = json!({"schema": "opsready/reconciled/v1", "taken": keys(&mut taken.iter().copied()),
                          "left": keys(&mut left.iter().map(|asking| asking.instance))});
        return output.json(&json).map(|()| Exit::Done);
    }
    for instance in &taken {
        let answer = loaded.assessment.answer(*instance).expect("it was just written");
        let names: Vec<&str> = answer.by.iter().map(|by| kit.role_title(by)).collect();
        output.line(format!("{}: {} ({})", instance.key(kit), show::tame(&stated(kit, *instance, &answer.response)), names.join(", ")))?;
    }
    let what = if arguments.take_single { "nobody contradicts" } else { "all agree on" };
    output.line(format!("Took over {} that {what}.", count(taken.len(), "answer")))?;
    if !left.is_empty() {
        output.line("\nLeft as agreed, though somebody said something else:")?;
        for asking in left {
            output.text(&show::asking(kit, asking))?;
        }
    }
    Ok(Exit::Done)
}

/// Records what the facilitator decides.
fn decide(arguments: &Arguments, workspace: &Workspace, output: &mut Output) -> anyhow::Result<Exit> {
    let [name] = arguments.names.as_slice() else {
        return Err(Refusal::because("a decision is for one question", Some("write `opsready reconcile QUESTION[@ENV] …`".to_owned())));
    };
    let reason = arguments.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let Some(reason) = reason else {
        let help = "write `--reason TEXT`: it is what the minority reads".to_owned();
        return Err(Refusal::because("a decision needs its reason", Some(help)));
    };
    let lock = workspace.lock()?;
    let (loaded, respondents) = load(workspace, output)?;
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let instance = super::answer::instance(kit, assessment, name)?;
    let all = reconcile(kit, assessment, &respondents);
    let Some(asking) = all.iter().find(|asking| asking.instance == instance) else {
        let help = format!("`opsready explain question:{}` says why", kit.question(instance.question).id);
        return Err(Refusal::because(format!("`{}` is not asked, and nobody answered it", instance.key(kit)), Some(help)));
    };
    let response = match arguments.take {
        Some(number) => taken(kit, asking, number)?,
        None => response(arguments, kit, instance.question)?,
    };
    let otherwise = |voice: &&crate::assessment::reconcile::Voice<'_>| arguments.by.iter().any(|by| by == voice.by);
    let against = asking.sides.iter().filter(|side| asking.side(&response).is_none_or(|own| !std::ptr::eq(*side, own)));
    if let Some(voice) = against.flat_map(|side| &side.voices).filter(|voice| !voice.is_merged).find(otherwise) {
        let said = stated(kit, instance, &voice.answer.response);
        let help = format!(
            "leave `{}` out of `--by` to keep that as the minority, or record what changed with `opsready answer {} --respondent {} …`",
            voice.by,
            instance.key(kit),
            voice.by
        );
        return Err(Refusal::because(format!("`{}` said something else: {said}", voice.by), Some(help)));
    }
    let (before, settlement) = (
        assessment.kept_state(instance, kit),
        Settlement { response: &response, reason: Some(reason), by: &arguments.by, on: super::output::today() },
    );
    let new = workspace.put_answer(&loaded, instance, &settle(kit, asking, &settlement))?;
    drop(lock);
    if !output.is_json() {
        say_decision(kit, &new, instance, output)?;
    }
    super::answer::confirm(workspace, &loaded, &new, instance, before, output)
}

/// Says what was decided, and whom the minority keeps.
fn say_decision(kit: &Kit, new: &crate::assessment::Assessment, instance: Instance, output: &mut Output) -> anyhow::Result<()> {
    let Some(answer) = new.answer(instance) else { return Ok(()) };
    let names = |ids: &[String]| ids.iter().map(|id| kit.role_title(id).to_owned()).collect::<Vec<_>>().join(", ");
    output.line(format!("Agreed: {}", show::tame(&stated(kit, instance, &answer.response))))?;
    if answer.by.is_empty() {
        output.note("nobody said so; `--by ROLE` tells who stands behind it");
    } else {
        output.line(format!("  by {}", show::tame(&names(&answer.by))))?;
    }
    for one in &answer.minority {
        let said = crate::assessment::reconcile::response_of(kit, instance.question, one);
        let said = said.map_or_else(|| "something else".to_owned(), |response| stated(kit, instance, &response));
        output.line(show::tame(&format!("  not by {}, who said: {said}", names(&one.by.strings()))))?;
    }
    Ok(())
}

/// Returns the answer with a number, as they are shown.
fn taken(kit: &Kit, asking: &Asking<'_>, number: usize) -> anyhow::Result<Response> {
    let side = number.checked_sub(1).and_then(|place| asking.sides.get(place));
    side.map(|side| side.response.clone()).ok_or_else(|| {
        let key = asking.instance.key(kit);
        let help = match asking.sides.len() {
            0 => format!("nobody answered it: `opsready answer {key} …` records what holds"),
            1 => "there is one, number 1".to_owned(),
            several => format!("there are {several}; `opsready reconcile {key}` lists them"),
        };
        Refusal::because(format!("`{key}` has no answer number {number}"), Some(help))
    })
}

/// Reads what the facilitator decides for.
fn response(arguments: &Arguments, kit: &Kit, question: QuestionIx) -> anyhow::Result<Response> {
    if let Some(number) = arguments.number {
        if !number.is_finite() {
            return Err(Refusal::because("the answer is a finite number", None));
        }
        return Ok(Response::Number(number, kit.question(question).band(number)));
    }
    if let Some(text) = &arguments.text {
        if text.trim().is_empty() {
            return Err(Refusal::because("the answer is empty", None));
        }
        return Ok(Response::Text(text.clone()));
    }
    if let Some(date) = &arguments.date {
        return Ok(Response::Date(super::answer::date_of(date)?));
    }
    if let Some(reason) = &arguments.not_applicable {
        return Ok(Response::NotApplicable { reason: super::answer::reason_of(reason)?, note: None });
    }
    let chosen = options(kit, question, arguments.choose.as_deref().unwrap_or_default())?;
    let not_applicable = options(kit, question, &arguments.not_applicable_choices)?;
    if chosen.is_empty() && not_applicable.is_empty() {
        return Err(Refusal::because("the answer is empty", None));
    }
    Ok(Response::Choices { chosen, not_applicable })
}

fn options(kit: &Kit, question: QuestionIx, ids: &[String]) -> anyhow::Result<Vec<usize>> {
    let question = kit.question(question);
    let mut found = BTreeSet::new();
    for id in ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty()) {
        let known: Vec<&str> = question.options.iter().filter(|option| option.from.is_none()).map(|option| option.id.as_str()).collect();
        let Some(place) = question.option(id).filter(|_| known.contains(&id)) else {
            let help = match known.as_slice() {
                [] => format!("it is of type `{}`", question.kind),
                known => did_you_mean(id, known.iter().copied()).unwrap_or_else(|| format!("it has {}", list(known))),
            };
            return Err(Refusal::because(format!("the question `{}` has no choice `{id}`", question.id), Some(help)));
        };
        found.insert(place);
    }
    Ok(found.into_iter().collect())
}

/// Returns who is on a side, as a list of titles.
fn who(kit: &Kit, side: &Side<'_>) -> String {
    side.voices.iter().map(|voice| voice.title(kit)).collect::<Vec<_>>().join(", ")
}
