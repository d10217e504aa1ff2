//! Worksheets: questions in a file, for people without the tool, who answer in it and send it back.
//!
//! [`markdown`], [`csv`] and [`xlsx`] write a [`Worksheet`] and take a filled one apart into [`Row`]s of plain text; [`read`] makes
//! of these what changes in an assessment. A worksheet only ever adds and changes: what is empty in it says nothing.

pub mod csv;
pub mod markdown;
pub mod read;
pub mod value;
pub mod xlsx;

use crate::assessment::format::Evidence;
use crate::assessment::visibility::Visibility;
use crate::assessment::{Answer, Assessment, Instance, Plain, Response, State};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::kit::format::QuestionType;
use crate::kit::{AnswerOption, CapabilityIx, EnvironmentIx, Kit, QuestionIx};
use crate::scoring::wording::said;
use std::borrow::Cow;

/// The most characters of a text that go into one cell, counted as spreadsheets do (in UTF-16); a cell holds 32 767.
pub const LARGEST_CELL: usize = 32_000;

/// Which questions go into a worksheet, and who answers.
#[derive(Debug, Default)]
pub struct Selection<'a> {
    /// The capabilities; none named: all in scope.
    pub capabilities: Vec<CapabilityIx>,
    /// Only questions for this role.
    pub role: Option<&'a str>,
    /// Only questions that are asked in this environment, on their own or once for all.
    pub environment: Option<EnvironmentIx>,
    /// Only questions that are still to be asked: open, or asked otherwise by a newer kit.
    pub is_open_only: bool,
    /// Who answers; empty if that is left to the file.
    pub respondent: &'a str,
}

/// Questions to answer in a file.
#[derive(Debug)]
pub struct Worksheet<'k> {
    /// The customer.
    pub customer: &'k str,
    /// The kit, by title and version.
    pub kit: String,
    /// Who answers; empty if they write it themselves.
    pub respondent: &'k str,
    /// The capabilities that have a question in it.
    pub sections: Vec<Section<'k>>,
}

/// The questions of one capability.
#[derive(Debug)]
pub struct Section<'k> {
    /// The title.
    pub title: &'k str,
    /// What the capability is for.
    pub purpose: Option<&'k str>,
    /// The questions.
    pub items: Vec<Item<'k>>,
}

/// One question with what is known of its answer.
#[derive(Debug)]
pub struct Item<'k> {
    /// How files name it.
    pub key: String,
    /// The capability's id.
    pub capability: &'k str,
    /// The environment's title; nothing if it is asked once for all.
    pub environment: Option<&'k str>,
    /// The question.
    pub ask: &'k str,
    /// Why it is asked.
    pub why: Option<Cow<'k, str>>,
    /// What shows that an answer is true.
    pub evidence: Option<&'k str>,
    /// How it is answered.
    pub kind: QuestionType,
    /// What to write, in words.
    pub hint: String,
    /// The question's id.
    pub question: &'k str,
    /// The choices; none where words are wanted.
    pub choices: &'k [AnswerOption],
    /// What is filled in.
    pub filled: Filled,
}

/// What stands in the fields of one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    /// The state; nothing without an entry.
    pub state: Option<State>,
    /// The choices made, as places.
    pub chosen: Vec<usize>,
    /// The number, text or date.
    pub words: String,
    /// The statements that do not apply, as places.
    pub left_out: Vec<usize>,
    /// Why the question does not apply: `reason: note`.
    pub reason: String,
    /// Who finds it out.
    pub owner: String,
    /// By when.
    pub due: String,
    /// What was said beyond the answer.
    pub note: String,
    /// What shows that it is true, one line each.
    pub evidence: Vec<String>,
}

impl<'k> Worksheet<'k> {
    /// Returns the worksheet of the visible questions that are selected, with the answers of the assessment filled in.
    pub fn of(kit: &'k Kit, assessment: &'k Assessment, selection: &Selection<'k>) -> Self {
        let visibility = Visibility::of(kit, assessment);
        let is_meant = |capability: &CapabilityIx| selection.capabilities.is_empty() || selection.capabilities.contains(capability);
        let sections = (assessment.capabilities_in_scope(kit).filter(is_meant)).map(|capability| {
            let askings = kit.questions_of(capability).flat_map(|question| assessment.instances(kit, question));
            let items = askings.filter(|instance| visibility.is_visible(*instance) && selection.takes(kit, assessment, *instance));
            let file = &kit.capability(capability).file;
            Section {
                title: &file.title,
                purpose: file.purpose.as_ref().map(|purpose| purpose.as_str()),
                items: items.map(|instance| Item::of(kit, assessment, instance)).collect(),
            }
        });
        Self {
            customer: &assessment.file.customer,
            kit: format!("{} {}", kit.file.title, kit.file.version),
            respondent: selection.respondent,
            sections: sections.filter(|section| !section.items.is_empty()).collect(),
        }
    }

    /// Goes through the questions.
    pub fn items(&self) -> impl Iterator<Item = &Item<'k>> {
        self.sections.iter().flat_map(|section| &section.items)
    }
}

impl Selection<'_> {
    fn takes(&self, kit: &Kit, assessment: &Assessment, instance: Instance) -> bool {
        let is_for_role = |role: &str| kit.question_file(instance.question).roles.iter().any(|of_question| of_question.as_str() == role);
        let is_there = |environment: EnvironmentIx| instance.environment.is_none_or(|asked_in| asked_in == environment);
        self.role.is_none_or(is_for_role) && self.environment.is_none_or(is_there) && (!self.is_open_only || assessment.is_to_ask(instance))
    }
}

impl<'k> Item<'k> {
    fn of(kit: &'k Kit, assessment: &Assessment, instance: Instance) -> Self {
        let (question, file) = (kit.question(instance.question), kit.question_file(instance.question));
        Self {
            key: instance.key(kit),
            capability: kit.capability_id(question.capability),
            environment: instance.environment.map(|environment| kit.environment_title(environment)),
            ask: &file.ask,
            why: why(kit, assessment, instance),
            evidence: file.evidence.as_ref().map(|evidence| evidence.as_str()),
            kind: question.kind,
            hint: hint(kit, instance.question),
            question: &question.id,
            choices: if has_choices(question.kind) { &question.options } else { &[] },
            filled: Filled::of(assessment.answer(instance)),
        }
    }

    /// Returns how the cell of a choice names it: by its label, or by its id where the label would be read as something else.
    pub fn shown(&self, option: usize) -> &'k str {
        let AnswerOption { id, label, .. } = &self.choices[option];
        let reads_back = value::choice(self.choices, label) == Some(option) && !label.contains(['\n', '\r']);
        if reads_back && value::state(label).is_none() && units(label) <= LARGEST_CELL { label } else { id }
    }
}

/// Returns why a question is asked; of one that is asked again, with what was said before.
fn why<'k>(kit: &'k Kit, assessment: &Assessment, instance: Instance) -> Option<Cow<'k, str>> {
    let why = kit.question_file(instance.question).why.as_ref().map(|why| why.as_str());
    let again = assessment.answer(instance).and_then(|answer| Some((answer.ask_again.as_ref()?, answer)));
    let Some((again, answer)) = again else { return why.map(Cow::Borrowed) };
    let words = said(kit, instance, &answer.response);
    let before = if words.is_empty() { answer.response.state().title().to_owned() } else { words };
    let before = before.trim_end_matches('.');
    Some(Cow::Owned(
        format!("Asked again, since {}. Before: {before}. {}", again.because.title(), why.unwrap_or_default()).trim_end().to_owned(),
    ))
}

/// Returns true if a type of question is answered by its choices.
fn has_choices(kind: QuestionType) -> bool {
    !matches!(kind, QuestionType::Number | QuestionType::Text | QuestionType::Date)
}

/// Returns what to write, in words.
fn hint(kit: &Kit, question: QuestionIx) -> String {
    let file = kit.question_file(question);
    let limits = match (&file.min, &file.max) {
        (Some(min), Some(max)) => format!(" from {} to {}", Plain(min.value), Plain(max.value)),
        (Some(min), None) => format!(", {} or more", Plain(min.value)),
        (None, Some(max)) => format!(", {} or less", Plain(max.value)),
        (None, None) => String::new(),
    };
    match kit.question(question).kind {
        QuestionType::Number => format!("A number{limits}{}.", file.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default()),
        QuestionType::Text => "In your own words.".to_owned(),
        QuestionType::Date => "A date, such as 2026-11-20.".to_owned(),
        QuestionType::Multi => "All that hold.".to_owned(),
        QuestionType::Single | QuestionType::Ladder | QuestionType::YesNo => "One of them.".to_owned(),
    }
}

impl Filled {
    /// Returns what an answer fills in.
    pub fn of(answer: Option<&Answer>) -> Self {
        let Some(answer) = answer else { return Self::default() };
        let mut filled = Self { state: Some(answer.response.state()), ..Self::default() };
        let mut inside = None;
        if answer.ask_again.is_some() {
            // What is asked again is answered anew: what was said before stands beside the question.
            filled.state = None;
        }
        match &answer.response {
            _ if answer.ask_again.is_some() => {}
            Response::Unanswered => {}
            Response::Choices { chosen, not_applicable } => {
                filled.chosen.clone_from(chosen);
                filled.left_out.clone_from(not_applicable);
            }
            Response::Number(number, _) => filled.words = Plain(*number).to_string(),
            Response::Text(text) => filled.words.clone_from(text),
            Response::Date(date) => filled.words = date.to_string(),
            Response::DontKnow { owner, due, note } => {
                filled.owner = owner.clone().unwrap_or_default();
                filled.due = due.map(|due| due.to_string()).unwrap_or_default();
                inside = note.as_ref();
            }
            Response::NotApplicable { reason, note } => {
                filled.reason = note.as_ref().map_or_else(|| reason.word().to_owned(), |note| format!("{}: {note}", reason.word()));
            }
            Response::Parked { note } => inside = note.as_ref(),
        }
        let notes: Vec<&str> = [inside, answer.note.as_ref()].into_iter().flatten().map(|note| note.trim()).collect();
        filled.note = notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join("\n\n");
        filled.evidence = answer.evidence.iter().map(evidence_line).collect();
        filled
    }
}

/// Returns evidence as one line: `title: link (collected)`.
fn evidence_line(evidence: &Evidence) -> String {
    let parts = [evidence.title.as_deref(), evidence.link.as_deref()];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let collected = evidence.collected.map(|date| format!(" ({date})")).unwrap_or_default();
    format!("{}{collected}", parts.join(": "))
}

/// Returns the length of a text as spreadsheets count it.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Returns as much of a text as goes into a cell.
fn cut(text: &str) -> &str {
    let mut left = LARGEST_CELL;
    let end = text.char_indices().find(|(_, c)| {
        let is_over = c.len_utf16() > left;
        left = left.saturating_sub(c.len_utf16());
        is_over
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// Where something stands in a filled worksheet.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a file of text.
    Text(Location),
    /// In a workbook: `file, sheet!cell`.
    Cell(String),
}

impl Place {
    /// Returns a fault at the place.
    pub fn fault(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        match self {
            Self::Text(location) => Diagnostic::error(code, location.clone(), message),
            Self::Cell(cell) => Diagnostic::placeless(code, format!("{cell}: {}", message.into())),
        }
    }

    /// Returns the place in words, without the file.
    fn words(&self) -> String {
        match self {
            Self::Text(location) => format!("line {}", location.line_column().0),
            Self::Cell(cell) => cell.rsplit_once(", ").map_or(cell.as_str(), |(_, cell)| cell).to_owned(),
        }
    }
}

/// What somebody wrote, and where.
#[derive(Clone, Debug)]
pub struct Said {
    /// The text, never blank.
    pub text: String,
    /// The place.
    pub place: Place,
}

impl Said {
    /// Returns what stands at a place; nothing if it is blank.
    pub fn at(text: &str, place: Place) -> Option<Self> {
        if value::even(text).is_empty() { None } else { Some(Self { text: text.to_owned(), place }) }
    }
}

/// What a filled worksheet holds of one question, as it was written.
#[derive(Clone, Debug)]
pub struct Row {
    /// The key.
    pub key: Said,
    /// What is in the place of the answer; several where several boxes are ticked.
    pub answer: Vec<Said>,
    /// The states that are ticked.
    pub states: Vec<(State, Place)>,
    /// The statements that do not apply.
    pub left_out: Option<Said>,
    /// Why it does not apply.
    pub reason: Option<Said>,
    /// Who finds it out.
    pub owner: Option<Said>,
    /// By when.
    pub due: Option<Said>,
    /// What was said beyond the answer.
    pub note: Option<Said>,
    /// What shows that it is true.
    pub evidence: Option<Said>,
}

impl Row {
    /// Returns a row in which only the key stands.
    pub fn new(key: Said) -> Self {
        let nothing = || None;
        Self {
            key,
            answer: Vec::new(),
            states: Vec::new(),
            left_out: nothing(),
            reason: nothing(),
            owner: nothing(),
            due: nothing(),
            note: nothing(),
            evidence: nothing(),
        }
    }

    /// Returns true if nobody wrote anything.
    pub fn is_blank(&self) -> bool {
        let fields = [&self.left_out, &self.reason, &self.owner, &self.due, &self.note, &self.evidence];
        self.answer.is_empty() && self.states.is_empty() && fields.into_iter().all(Option::is_none)
    }
}

/// A filled worksheet, as it was written.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Who answered, as the file says it.
    pub respondent: Option<Said>,
    /// The questions.
    pub rows: Vec<Row>,
    /// What could not be read.
    pub faults: Vec<Diagnostic>,
    /// True if spreadsheets had it, which cut off long texts.
    pub is_cut: bool,
}
