//! `opsready answer`.

use super::output::{Exit, Output, Refusal};
use crate::assessment::change::STATE_KEYS;
use crate::assessment::format::Reason;
use crate::assessment::visibility::Visibility;
use crate::assessment::{Assessment, Instance, Response, State};
use crate::diagnostic::did_you_mean;
use crate::kit::{EnvironmentIx, Kit, QuestionIx};
use crate::scoring::Scorecard;
use crate::workspace::{Loaded, Workspace};
use crate::yaml::edit::{Change, Field};
use crate::yaml::record::{Date, Id, list};

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("state").required(true))]
#[command(after_help = "Examples:
  opsready answer tag-schema@aws --choose drafted --note \"with finance since May\" --by cloud-platform-lead
  opsready answer tag-coverage@aws --number 62.5 --evidence https://wiki.example/coverage
  opsready answer tag-owner --dont-know --owner finops-analyst --due 2026-12-01")]
pub(super) struct Arguments {
    /// The question; with @ENVIRONMENT where it is asked in each
    #[arg(value_name = "QUESTION[@ENV]")]
    question: String,
    /// The choice; several for a checklist
    #[arg(long, value_name = "ID", value_delimiter = ',', group = "state")]
    choose: Option<Vec<String>>,
    /// The number
    #[arg(long, value_name = "N", group = "state", allow_negative_numbers = true)]
    number: Option<f64>,
    /// The text
    #[arg(long, value_name = "T", group = "state", allow_hyphen_values = true)]
    text: Option<String>,
    /// The date, as 2026-11-20
    #[arg(long, value_name = "DATE", group = "state")]
    date: Option<String>,
    /// The question does not apply: out-of-scope, business-priority, architecture-constraint or other
    #[arg(long, value_name = "REASON", group = "state")]
    not_applicable: Option<String>,
    /// Nobody knows; `--owner` finds out by `--due`
    #[arg(long, group = "state")]
    dont_know: bool,
    /// Put it off
    #[arg(long, group = "state")]
    park: bool,
    /// Take the answer out of the file
    #[arg(long, group = "state", conflicts_with_all = ["note", "evidence", "by"])]
    clear: bool,
    /// Statements of a checklist that do not apply
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    not_applicable_choices: Option<Vec<String>>,
    /// What was said beyond the answer
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<String>,
    /// A link to what shows that the answer is true; it is added to those that are there
    #[arg(long, value_name = "LINK")]
    evidence: Vec<String>,
    /// Who said it
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    by: Vec<String>,
    /// Record it as what this respondent said, in responses/, until it is agreed
    #[arg(long, value_name = "ID")]
    respondent: Option<String>,
    /// Who finds it out
    #[arg(long, value_name = "ROLE")]
    owner: Option<String>,
    /// By when, as 2026-12-01
    #[arg(long, value_name = "DATE")]
    due: Option<String>,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = of_respondent(global.workspace()?, arguments.respondent.as_deref())?;
    // Refuse what makes no sense before anything is read.
    state(arguments, None)?;
    // From here on nobody else writes, so that what is read is what is changed.
    let lock = workspace.lock()?;
    let loaded = workspace.load()?;
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let instance = instance(kit, assessment, &arguments.question)?;
    let before = assessment.kept_state(instance, kit);
    let new = if arguments.clear {
        if assessment.answer(instance).is_none() && !assessment.ignored.contains_key(&instance.key(kit)) {
            output.note(&format!("`{}` has no answer; nothing was changed", instance.key(kit)));
            return Ok(Exit::Done);
        }
        workspace.clear_answer(&loaded, instance)?
    } else {
        let note = note(arguments, assessment.answer(instance).map(|answer| &answer.response));
        let state = state(arguments, note.as_deref())?;
        workspace.put_answer(&loaded, instance, &changes(arguments, state, note))?
    };
    drop(lock);
    confirm(&workspace, &loaded, &new, instance, before, output)
}

/// Returns the workspace with the answers that are meant: the agreed ones, or those of a respondent.
pub(super) fn of_respondent(workspace: Workspace, respondent: Option<&str>) -> anyhow::Result<Workspace> {
    match respondent {
        None => Ok(workspace),
        Some(name) if Id::is_valid(name) => Ok(workspace.of_respondent(&Id(name.to_owned()))),
        Some(name) => Err(Refusal::because(
            format!("`{name}` cannot name a respondent"),
            Some("a respondent is a role or a short name: letters, digits, `-`, `_` and `.`".to_owned()),
        )),
    }
}

/// Says what changed, and what it did to the capability.
pub(super) fn confirm(
    workspace: &Workspace,
    loaded: &Loaded,
    new: &Assessment,
    instance: Instance,
    before: State,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    let kit = &loaded.kit;
    let capability = kit.question(instance.question).capability;
    let after = new.kept_state(instance, kit);
    let path = workspace.answers_path(kit.capability_id(capability));
    let is_ignored = new.ignored.contains_key(&instance.key(kit));
    if !is_ignored && new.answer(instance).is_some() && !Visibility::of(kit, new).is_visible(instance) {
        output.note(&format!(
            "`{}` is kept, and does not count while the question is not asked: `opsready explain question:{}` says why",
            instance.key(kit),
            kit.question(instance.question).id
        ));
    }
    if is_ignored {
        output.note(&format!("`{}` is kept and ignored: it is out of scope", instance.key(kit)));
    }
    let environment = instance.environment.unwrap_or(new.target_environment);
    let (old_card, new_card) = (Scorecard::of(kit, &loaded.assessment), Scorecard::of(kit, new));
    let score = |card: &Scorecard| score_in(card, capability, environment);
    if output.is_json() {
        return output
            .json(&serde_json::json!({
                "question": kit.question(instance.question).id,
                "environment": instance.environment.map(|environment| kit.environment_id(environment)),
                "state": after,
                "before": before,
                "score": score(&new_card).map(|(score, _)| score),
                "level": score(&new_card).map(|(_, level)| level),
                "file": path.display().to_string(),
            }))
            .map(|()| Exit::Done);
    }
    let was = if before == after { String::new() } else { format!(" (was {})", before.title()) };
    output.line(format!("{}: {}{was}, in {}", instance.key(kit), after.title(), path.display()))?;
    if let (Some((old, _)), Some((new, level))) = (score(&old_card), score(&new_card)) {
        let title = &kit.capability(capability).file.title;
        let change = if (old - new).abs() < 0.005 { format!("{new:.2}, as before") } else { format!("{old:.2} -> {new:.2}") };
        output.line(format!("{title}, {}: score {change}; level {level}", kit.environment_title(environment)))?;
    }
    Ok(Exit::Done)
}

fn score_in(card: &Scorecard, capability: crate::kit::CapabilityIx, environment: EnvironmentIx) -> Option<(f64, i64)> {
    let score = card.card(capability)?.score_in(environment)?;
    Some((score.score?.low, score.level?))
}

/// Finds the asking that the user means.
pub(super) fn instance(kit: &Kit, assessment: &Assessment, text: &str) -> anyhow::Result<Instance> {
    let (id, environment) = match text.split_once('@') {
        Some((id, environment)) => (id, Some(environment)),
        None => (text, None),
    };
    let Some(question) = kit.find_question(id) else {
        let help = did_you_mean(id, kit.questions.iter().map(|question| question.id.as_str()))
            .unwrap_or_else(|| "`opsready kit show CAPABILITY` lists the questions".to_owned());
        return Err(Refusal::because(format!("the kit has no question `{id}`"), Some(help)));
    };
    let Some(asked_in) = &kit.question(question).environments else {
        return match environment {
            None => Ok(Instance { question, environment: None }),
            Some(_) => {
                Err(Refusal::because(format!("the question `{id}` is asked once, for all environments"), Some(format!("write `{id}`"))))
            }
        };
    };
    let in_scope = assessment.instances(kit, question);
    match (environment, in_scope.as_slice()) {
        (None, [only]) => Ok(*only),
        (None, _) => Err(Refusal::because(
            format!("the question `{id}` is asked in each environment"),
            Some(format!("write {}", keys(kit, question, asked_in))),
        )),
        (Some(name), _) => {
            let found = kit.find_environment(name).filter(|environment| asked_in.contains(environment));
            let refusal = || {
                Refusal::because(
                    format!("the question `{id}` is not asked for `{name}`"),
                    Some(format!("write {}", keys(kit, question, asked_in))),
                )
            };
            found.map(|environment| Instance { question, environment: Some(environment) }).ok_or_else(refusal)
        }
    }
}

fn keys(kit: &Kit, question: QuestionIx, environments: &[EnvironmentIx]) -> String {
    let keys: Vec<String> =
        environments.iter().map(|environment| format!("`{}`", Instance { question, environment: Some(*environment) }.key(kit))).collect();
    keys.join(" or ")
}

/// Returns the note of the new answer: the one given, or what was said when the question could not be answered, which would
/// otherwise go with the state that it stood in.
fn note(arguments: &Arguments, before: Option<&Response>) -> Option<String> {
    let said = match before {
        Some(Response::DontKnow { note, .. } | Response::NotApplicable { note, .. } | Response::Parked { note }) => note.clone(),
        _ => None,
    };
    arguments.note.clone().or(said)
}

/// Reads what the answer says: its key and value.
fn state(arguments: &Arguments, note: Option<&str>) -> anyhow::Result<Option<(&'static str, Field)>> {
    if !arguments.dont_know && (arguments.owner.is_some() || arguments.due.is_some()) {
        return Err(Refusal::because(
            "`--owner` and `--due` belong to what nobody knows",
            Some("write `--dont-know` with them".to_owned()),
        ));
    }
    let is_empty = |texts: &[String]| texts.iter().all(|text| text.trim().is_empty());
    let nothing =
        arguments.choose.as_ref().is_some_and(|choices| is_empty(choices)) || arguments.text.iter().any(|text| text.trim().is_empty());
    if nothing && arguments.not_applicable_choices.is_none() {
        return Err(Refusal::because("the answer is empty", Some("to take an answer out of the file, write `--clear`".to_owned())));
    }
    let note = |name: &str| note.iter().map(|note| (name.to_owned(), Field::Text((*note).to_owned()))).collect::<Vec<_>>();
    if let Some(number) = arguments.number {
        if !number.is_finite() {
            return Err(Refusal::because("the answer is a finite number", None));
        }
        return Ok(Some(("number", Field::Number(number))));
    }
    if let Some(text) = &arguments.text {
        return Ok(Some(("text", Field::Text(text.clone()))));
    }
    if let Some(text) = &arguments.date {
        return Ok(Some(("date", Field::Text(date_of(text)?.to_string()))));
    }
    if let Some(reason) = &arguments.not_applicable {
        let mut fields = vec![("reason".to_owned(), Field::Text(reason_of(reason)?.word().to_owned()))];
        fields.extend(note("note"));
        return Ok(Some(("not_applicable", Field::Map(fields))));
    }
    if arguments.dont_know {
        let mut fields = Vec::new();
        fields.extend(arguments.owner.iter().map(|owner| ("owner".to_owned(), Field::Text(owner.clone()))));
        if let Some(due) = &arguments.due {
            fields.push(("due".to_owned(), Field::Text(date_of(due)?.to_string())));
        }
        fields.extend(note("note"));
        return Ok(Some(("dont_know", Field::Map(fields))));
    }
    if arguments.park {
        return Ok(Some(("parked", Field::Map(note("note")))));
    }
    Ok(arguments.choose.as_ref().map(|choices| {
        let choices: Vec<String> = choices.iter().map(|choice| choice.trim().to_owned()).filter(|choice| !choice.is_empty()).collect();
        ("choose", if choices.len() == 1 { Field::Text(choices[0].clone()) } else { Field::List(choices) })
    }))
}

/// Reads why a question does not apply.
pub(super) fn reason_of(word: &str) -> anyhow::Result<Reason> {
    Reason::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Reason::ALL.iter().map(|reason| reason.word()).collect();
        let help = did_you_mean(word, words.iter().copied()).unwrap_or_else(|| format!("one of {}", list(&words)));
        Refusal::because(format!("`{word}` is not a reason"), Some(help))
    })
}

/// Reads a date.
pub(super) fn date_of(text: &str) -> anyhow::Result<Date> {
    let refusal = || Refusal::because(format!("`{text}` is not a date that exists"), Some("write it as 2026-11-20".to_owned()));
    Date::parse(text).ok_or_else(refusal)
}

fn changes(arguments: &Arguments, state: Option<(&'static str, Field)>, note: Option<String>) -> Vec<(&'static str, Change)> {
    let mut changes = Vec::new();
    let keeps = |key: &str| key == "not_applicable_choices" && arguments.not_applicable_choices.is_some();
    let set = state.as_ref().map(|(key, _)| *key);
    changes.extend(STATE_KEYS.iter().filter(|key| Some(**key) != set && !keeps(key)).map(|key| (*key, Change::Remove)));
    let note_is_inside = matches!(set, Some("not_applicable" | "dont_know" | "parked"));
    changes.extend(state.map(|(key, field)| (key, Change::Set(field))));
    if let Some(choices) = &arguments.not_applicable_choices {
        changes.push(("not_applicable_choices", Change::Set(Field::List(choices.clone()))));
    }
    if let Some(note) = note.filter(|_| !note_is_inside) {
        changes.push(("note", Change::Set(Field::Text(note))));
    }
    for link in &arguments.evidence {
        changes.push(("evidence", Change::Append(vec![("link".to_owned(), Field::Text(link.clone()))])));
    }
    if !arguments.by.is_empty() {
        changes.push(("by", Change::Set(Field::List(arguments.by.clone()))));
    }
    changes.push(("answered_on", Change::Set(Field::Text(super::output::today().to_string()))));
    changes
}
