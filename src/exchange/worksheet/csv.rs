//! Worksheets as CSV, one row for each question; and the rows of a table, wherever it comes from.
//!
//! Written as RFC 4180 with a byte order mark, without which Excel takes UTF-8 for something else, and with the guard against
//! formulas of [`csv`](crate::exchange::csv), which comes off when the file is read.

use super::value::{even, folded, state_word};
use super::{Item, Place, Row, Said, Sheet, Worksheet, cut};
use crate::assessment::State;
use crate::diagnostic::{Code, Location, Source, Span};
use crate::exchange::csv::{cell, unguard};
use std::sync::Arc;

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// How files name the question.
    Key,
    /// The capability.
    Capability,
    /// The environment.
    Environment,
    /// The question.
    Question,
    /// The choices.
    Choices,
    /// The answer.
    Answer,
    /// The statements of a checklist that do not apply.
    LeftOut,
    /// Why the question does not apply.
    Reason,
    /// Who finds the answer out.
    Owner,
    /// By when.
    Due,
    /// What was said beyond the answer.
    Note,
    /// What shows that the answer is true.
    Evidence,
    /// Who answered.
    Respondent,
}

impl Column {
    /// The columns of a CSV file.
    const ALL: &[Self] = &[
        Self::Key,
        Self::Capability,
        Self::Environment,
        Self::Question,
        Self::Choices,
        Self::Answer,
        Self::LeftOut,
        Self::Reason,
        Self::Owner,
        Self::Due,
        Self::Note,
        Self::Evidence,
        Self::Respondent,
    ];

    /// Returns the heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Capability => "capability",
            Self::Environment => "environment",
            Self::Question => "question",
            Self::Choices => "choices",
            Self::Answer => "answer",
            Self::LeftOut => "statements that do not apply",
            Self::Reason => "not applicable reason",
            Self::Owner => "don't know owner",
            Self::Due => "due",
            Self::Note => "note",
            Self::Evidence => "evidence",
            Self::Respondent => "answered by",
        }
    }

    /// Returns the column that a heading names, in whatever case and with whatever behind it in brackets.
    fn titled(text: &str) -> Option<Self> {
        let text = folded(text).replace(['_', '-'], " ");
        let text = text.split('(').next().unwrap_or_default().trim().trim_end_matches(':').trim();
        let other = match text {
            "question key" | "question id" => Some(Self::Key),
            "answers" => Some(Self::Answer),
            "not applicable" | "n/a" | "reason" => Some(Self::Reason),
            "dont know owner" | "owner" => Some(Self::Owner),
            "due date" | "by when" => Some(Self::Due),
            "notes" | "comment" | "comments" => Some(Self::Note),
            "respondent" => Some(Self::Respondent),
            _ => None,
        };
        other.or_else(|| Self::ALL.iter().copied().find(|column| column.title() == text))
    }
}

/// Returns a worksheet as CSV.
pub fn write(worksheet: &Worksheet<'_>) -> String {
    let mut text = "\u{feff}".to_owned();
    let mut line = |fields: Vec<String>| {
        let fields: Vec<String> = fields.iter().map(|field| cell(cut(field))).collect();
        text.push_str(&fields.join(","));
        text.push('\n');
    };
    line(Column::ALL.iter().map(|column| column.title().to_owned()).collect());
    for item in worksheet.items() {
        line(Column::ALL.iter().map(|column| field(worksheet, item, *column)).collect());
    }
    text
}

fn field(worksheet: &Worksheet<'_>, item: &Item<'_>, column: Column) -> String {
    let filled = &item.filled;
    let ids = |places: &[usize]| places.iter().map(|place| item.choices[*place].id.as_str()).collect::<Vec<_>>().join("; ");
    match column {
        Column::Key => item.key.clone(),
        Column::Capability => item.capability.to_owned(),
        Column::Environment => item.environment.unwrap_or_default().to_owned(),
        Column::Question => even_lines(item.ask),
        Column::Choices if item.choices.is_empty() => item.hint.clone(),
        Column::Choices => {
            let of_each = item.choices.iter().map(|choice| format!("{} = {}", choice.id, even_lines(&choice.label)));
            of_each.collect::<Vec<_>>().join("\n")
        }
        Column::Answer => match filled.state {
            Some(state @ (State::DontKnow | State::NotApplicable | State::Parked)) => state_word(state).to_owned(),
            _ if item.choices.is_empty() => filled.words.clone(),
            _ => ids(&filled.chosen),
        },
        Column::LeftOut => ids(&filled.left_out),
        Column::Reason => filled.reason.clone(),
        Column::Owner => filled.owner.clone(),
        Column::Due => filled.due.clone(),
        Column::Note => filled.note.clone(),
        Column::Evidence => filled.evidence.join("\n"),
        Column::Respondent => worksheet.respondent.to_owned(),
    }
}

/// Returns the text of a kit on one line.
pub(super) fn even_lines(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes a file of text apart, if it is a table with the headings `key` and `answer`.
pub fn read(source: &Arc<Source>) -> Option<Sheet> {
    let tables = [',', ';', '\t'].map(|mark| cells(&source.text, mark));
    let found = tables.into_iter().filter_map(|table| {
        let known = heading(table.0.iter().map(|row| row.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>()))?.1.len();
        Some((known, table))
    });
    // The mark that gives most headings is the one that was meant.
    let (_, (mut rows, unclosed)) = found.max_by_key(|(known, _)| *known)?;
    // A row that swallowed the rest of the file says nothing.
    unclosed.and_then(|_| rows.pop());
    let rows: Vec<Vec<Option<Said>>> = rows
        .into_iter()
        .map(|row| row.into_iter().map(|(text, span)| Said::at(&text, Place::Text(Location::new(source, span)))).collect())
        .collect();
    let mut sheet = table(rows)?;
    sheet.faults.extend(unclosed.map(|span| {
        let place = Place::Text(Location::new(source, span));
        let fault =
            place.fault(Code::BadAnswer, "this quotation mark opens a text that nothing closes, so its row and the rest are not read");
        fault.help("write another one behind the text; within it, write it twice")
    }));
    Some(sheet)
}

/// The rows above the headings that are looked at.
const LAST_HEADING: usize = 20;

/// Returns the row of the headings, and for each column that is known its place.
fn heading<'t>(rows: impl Iterator<Item = Vec<&'t str>>) -> Option<(usize, Vec<(Column, usize)>)> {
    for (index, row) in rows.take(LAST_HEADING).enumerate() {
        let mut known: Vec<(Column, usize)> = Vec::new();
        for (place, text) in row.iter().enumerate() {
            if let Some(column) = Column::titled(text)
                && !known.iter().any(|(other, _)| *other == column)
            {
                known.push((column, place));
            }
        }
        let has = |column: Column| known.iter().any(|(other, _)| *other == column);
        if has(Column::Key) && has(Column::Answer) {
            return Some((index, known));
        }
    }
    None
}

/// Takes a table apart, if it has the headings `key` and `answer`.
pub(super) fn table(rows: Vec<Vec<Option<Said>>>) -> Option<Sheet> {
    let texts = rows.iter().map(|row| row.iter().map(|said| said.as_ref().map_or("", |said| said.text.as_str())).collect::<Vec<_>>());
    let (above, columns) = heading(texts)?;
    let mut sheet = Sheet { is_cut: true, ..Sheet::default() };
    for cells in rows.into_iter().skip(above + 1) {
        let at = |column: Column| {
            let place = columns.iter().find(|(other, _)| *other == column).map(|(_, place)| *place)?;
            let said = cells.get(place)?.clone()?;
            Some(Said { text: unguard(&said.text).to_owned(), ..said })
        };
        let mut row = Row::new(at(Column::Key).unwrap_or_else(|| Said { text: String::new(), place: Place::Cell(String::new()) }));
        row.answer = at(Column::Answer).into_iter().collect();
        row.left_out = at(Column::LeftOut);
        row.reason = at(Column::Reason);
        row.owner = at(Column::Owner);
        row.due = at(Column::Due);
        row.note = at(Column::Note);
        row.evidence = at(Column::Evidence);
        let respondent = at(Column::Respondent);
        if even(&row.key.text).is_empty() {
            if let Some(said) =
                [row.answer.first(), row.reason.as_ref(), row.owner.as_ref(), row.note.as_ref()].into_iter().flatten().next()
            {
                let fault = said.place.fault(Code::MissingKey, "this row has no key, so nobody knows what it answers");
                sheet.faults.push(fault.help("copy the key from the worksheet as it was sent"));
            }
            continue;
        }
        match (&sheet.respondent, respondent) {
            (None, Some(respondent)) => sheet.respondent = Some(respondent),
            (Some(first), Some(other)) if folded(&first.text) != folded(&other.text) => {
                let message = format!("this row is by `{}`, and the first by `{}`", even(&other.text), even(&first.text));
                sheet.faults.push(other.place.fault(Code::BadAnswer, message).help("a worksheet is by one respondent: send one for each"));
                continue;
            }
            _ => {}
        }
        sheet.rows.push(row);
    }
    Some(sheet)
}

/// Rows of fields, each with its place; and the place of a quotation mark that nothing closes.
pub(in crate::exchange) type Table = (Vec<Vec<(String, Span)>>, Option<Span>);

/// Takes a text apart at a mark.
pub(in crate::exchange) fn cells(text: &str, mark: char) -> Table {
    let mut rows = vec![Vec::new()];
    let (mut field, mut start, mut quoted) = (String::new(), 0, false);
    let mut was_quoted = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        match c {
            '"' if quoted && next == Some('"') => {
                field.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() && !was_quoted => (quoted, was_quoted) = (true, true),
            c if quoted => field.push(c),
            '\r' if next == Some('\n') => {}
            c if c == mark || c == '\n' || c == '\r' => {
                let row = rows.last_mut().expect("there is always a row");
                row.push((std::mem::take(&mut field), Span::new(start, at)));
                (start, was_quoted) = (at + c.len_utf8(), false);
                if c != mark {
                    rows.push(Vec::new());
                }
            }
            c => field.push(c),
        }
    }
    let row = rows.last_mut().expect("there is always a row");
    row.push((field, Span::new(start, text.len())));
    (rows, quoted.then(|| Span::new(start, start + 1)))
}
