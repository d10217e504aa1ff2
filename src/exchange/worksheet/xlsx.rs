//! Worksheets as workbooks (XLSX): drop-downs for the choices, the keys in a hidden column, everything else in plain sight.
//!
//! Every cell that takes an answer is text, so that no program makes a number or a date of what somebody types; those that other
//! programs write as numbers and dates are read all the same. The date of creation is fixed: the same input gives the same bytes.

use super::csv::{Column, even_lines, table};
use super::value::{folded, state_word};
use super::{Item, Place, Said, Sheet, Worksheet, cut};
use crate::assessment::State;
use crate::diagnostic::{Code, Diagnostic};
use crate::exchange::csv::guard;
use crate::kit::format::QuestionType;
use calamine::{DataRef, Reader, Xlsx};
use rust_xlsxwriter as xlsx;
use std::collections::BTreeMap;
use std::io::Cursor;
use xlsx::{DataValidation, DataValidationErrorStyle, ExcelDateTime, Format, FormatAlign, Formula, ProtectionOptions, Workbook, XlsxError};

/// The sheet with the questions.
pub const QUESTIONS: &str = "Questions";

/// The sheet that tells how to fill the first one.
pub const HOW_TO: &str = "How to fill this";

/// The sheet with the choices of each question.
pub const CHOICES: &str = "Choices";

/// The states that a drop-down offers below the choices.
const STATES: [State; 3] = [State::DontKnow, State::NotApplicable, State::Parked];

/// A column of the first sheet: what it holds, and its width in characters.
enum Cell {
    Of(Column, f64),
    Why,
    Show,
}

const COLUMNS: &[Cell] = &[
    Cell::Of(Column::Key, 24.0),
    Cell::Of(Column::Capability, 18.0),
    Cell::Of(Column::Environment, 14.0),
    Cell::Of(Column::Question, 44.0),
    Cell::Why,
    Cell::Show,
    Cell::Of(Column::Choices, 44.0),
    Cell::Of(Column::Answer, 32.0),
    Cell::Of(Column::LeftOut, 20.0),
    Cell::Of(Column::Reason, 24.0),
    Cell::Of(Column::Owner, 18.0),
    Cell::Of(Column::Due, 12.0),
    Cell::Of(Column::Note, 40.0),
    Cell::Of(Column::Evidence, 40.0),
];

impl Cell {
    fn title(&self) -> &'static str {
        match self {
            Self::Of(column, _) => column.title(),
            Self::Why => "why we ask",
            Self::Show => "evidence to show",
        }
    }

    fn width(&self) -> f64 {
        if let Self::Of(_, width) = self { *width } else { 32.0 }
    }

    /// Returns true if people write in it.
    fn is_open(&self) -> bool {
        use Column::{Answer, Due, Evidence, LeftOut, Note, Owner, Reason};
        matches!(self, Self::Of(Answer | LeftOut | Reason | Owner | Due | Note | Evidence, _))
    }

    fn text(&self, section: &str, item: &Item<'_>) -> String {
        let filled = &item.filled;
        let shown = |places: &[usize]| places.iter().map(|place| item.shown(*place)).collect::<Vec<_>>().join("\n");
        match self {
            Self::Why => even_lines(item.why.as_deref().unwrap_or_default()),
            Self::Show => even_lines(item.evidence.unwrap_or_default()),
            Self::Of(column, _) => match column {
                Column::Key => item.key.clone(),
                Column::Capability => section.to_owned(),
                Column::Environment => item.environment.unwrap_or_default().to_owned(),
                Column::Question => even_lines(item.ask),
                Column::Choices if item.choices.is_empty() => item.hint.clone(),
                Column::Choices => {
                    let numbered = item.choices.iter().enumerate();
                    numbered.map(|(place, choice)| format!("{}: {}", place + 1, even_lines(&choice.label))).collect::<Vec<_>>().join("\n")
                }
                Column::Answer => match filled.state {
                    Some(state) if STATES.contains(&state) => state_word(state).to_owned(),
                    _ if item.choices.is_empty() => filled.words.clone(),
                    _ => shown(&filled.chosen),
                },
                Column::LeftOut => shown(&filled.left_out),
                Column::Reason => filled.reason.clone(),
                Column::Owner => filled.owner.clone(),
                Column::Due => filled.due.clone(),
                Column::Note => filled.note.clone(),
                Column::Evidence => filled.evidence.join("\n"),
                Column::Respondent => String::new(),
            },
        }
    }
}

/// Returns a worksheet as the bytes of a workbook.
///
/// # Errors
///
/// Returns the error of the writer, for a worksheet with more questions than a sheet has rows.
pub fn write(worksheet: &Worksheet<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&xlsx::DocProperties::new().set_title("Questions").set_creation_datetime(&made));
    let (mut choices, rows_of_choices) = choices(worksheet)?;
    workbook.push_worksheet(questions(worksheet, &rows_of_choices)?);
    workbook.push_worksheet(how_to(worksheet)?);
    protect(&mut choices);
    workbook.push_worksheet(choices);
    workbook.save_to_buffer()
}

fn heading() -> Format {
    Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_background_color(0x00DD_E6F0)
}

fn fixed() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

fn open() -> Format {
    fixed().set_num_format("@").set_unlocked().set_background_color(0x00FF_FBE6).set_border(xlsx::FormatBorder::Hair)
}

/// Locks what is not to be changed, without a password: whoever wants to may take the lock off.
fn protect(sheet: &mut xlsx::Worksheet) {
    let options = ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&options);
}

/// Returns a text as a cell takes it: not longer than it may be, and nothing in it that runs or that XML cannot hold.
fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    guard(cut(&text)).into_owned()
}

fn row(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn column(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

fn questions(worksheet: &Worksheet<'_>, choices: &Ranges<'_>) -> Result<xlsx::Worksheet, XlsxError> {
    let mut sheet = xlsx::Worksheet::new();
    sheet.set_name(QUESTIONS)?;
    for (place, of_column) in COLUMNS.iter().enumerate() {
        let place = column(place);
        sheet.set_column_width(place, of_column.width())?;
        sheet.write_string_with_format(0, place, of_column.title(), &heading())?;
    }
    sheet.set_column_hidden(0)?;
    sheet.set_freeze_panes(1, 4)?;
    let mut index = 0;
    for section in &worksheet.sections {
        for item in &section.items {
            index += 1;
            for (place, of_column) in COLUMNS.iter().enumerate() {
                let format = if of_column.is_open() { open() } else { fixed() };
                let text = plain(&of_column.text(section.title, item));
                sheet.write_string_with_format(row(index), column(place), text, &format)?;
                if matches!(of_column, Cell::Of(Column::Answer, _)) {
                    let validation = validation(item, choices)?;
                    sheet.add_data_validation(row(index), column(place), row(index), column(place), &validation)?;
                }
            }
        }
    }
    sheet.autofilter(0, 0, row(index), column(COLUMNS.len() - 1))?;
    sheet.ignore_error_range(1, 0, row(index), column(COLUMNS.len() - 1), xlsx::IgnoreError::NumberStoredAsText)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    protect(&mut sheet);
    Ok(sheet)
}

/// Returns what a cell for an answer offers: a drop-down where one choice is wanted, else a hint.
fn validation(item: &Item<'_>, choices: &Ranges<'_>) -> Result<DataValidation, XlsxError> {
    let one = matches!(item.kind, QuestionType::Single | QuestionType::Ladder | QuestionType::YesNo);
    match choices.get(item.question).filter(|_| one) {
        Some((first, last)) => {
            let offered = Formula::new(format!("={CHOICES}!$D${}:$D${}", first + 1, last + 1));
            DataValidation::new()
                .allow_list_formula(offered)
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title("Not in the list")?
                .set_error_message("Take one of the list, or its number.")
        }
        None if item.kind == QuestionType::Multi => {
            DataValidation::new().allow_any_value().set_input_message("Several: their numbers with ; between them, such as 1; 3")
        }
        None => {
            let hint: String = item.hint.chars().take(120).collect();
            DataValidation::new().allow_any_value().set_input_message(hint)
        }
    }
}

/// The first and last row of the choices of each question.
type Ranges<'w> = BTreeMap<&'w str, (usize, usize)>;

/// Returns the sheet of the choices, and for each question its first and last row in it.
fn choices<'w>(worksheet: &Worksheet<'w>) -> Result<(xlsx::Worksheet, Ranges<'w>), XlsxError> {
    let mut sheet = xlsx::Worksheet::new();
    sheet.set_name(CHOICES)?;
    for (place, (title, width)) in [("question", 24.0), ("number", 10.0), ("id", 24.0), ("in the list", 60.0)].into_iter().enumerate() {
        sheet.set_column_width(column(place), width)?;
        sheet.write_string_with_format(0, column(place), title, &heading())?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut rows = BTreeMap::new();
    let mut index = 1;
    for item in worksheet.items() {
        if item.choices.is_empty() || rows.contains_key(item.question) {
            continue;
        }
        let first = index;
        let offered =
            item.choices.iter().enumerate().map(|(place, choice)| ((place + 1).to_string(), choice.id.as_str(), item.shown(place)));
        for (number, id, shown) in offered.chain(STATES.map(|state| (String::new(), "", state_word(state)))) {
            for (place, text) in [item.question, &number, id, shown].into_iter().enumerate() {
                sheet.write_string_with_format(row(index), column(place), plain(text), &fixed())?;
            }
            index += 1;
        }
        rows.insert(item.question, (first, index - 1));
    }
    sheet.ignore_error_range(1, 0, row(index), 3, xlsx::IgnoreError::NumberStoredAsText)?;
    Ok((sheet, rows))
}

const STEPS: &[&str] = &[
    "Write your role or name into the yellow cell above, unless it is there.",
    "Answer in the yellow cells of the sheet Questions. Where there is a list, take one of it; of a checklist write the numbers, such as 1; 3.",
    "What nobody knows: take (don't know) as the answer, and write who finds it out and by when, such as 2026-11-20.",
    "What does not apply: take (not applicable), and write the reason. What has to wait: take (parked).",
    "Write into note what should be remembered, and into evidence what shows that the answer is true: a title and a link, one to a line.",
    "What you leave empty changes nothing. The hidden column says which question a row answers: leave it as it is.",
];

fn how_to(worksheet: &Worksheet<'_>) -> Result<xlsx::Worksheet, XlsxError> {
    let mut sheet = xlsx::Worksheet::new();
    sheet.set_name(HOW_TO)?;
    sheet.set_column_width(0, 16.0)?;
    sheet.set_column_width(1, 100.0)?;
    sheet.write_string_with_format(0, 0, plain("Questions for"), &heading())?;
    sheet.write_string_with_format(0, 1, plain(worksheet.customer), &heading())?;
    sheet.write_string_with_format(1, 0, "Kit", &fixed())?;
    sheet.write_string_with_format(1, 1, plain(&worksheet.kit), &fixed())?;
    sheet.write_string_with_format(2, 0, "Answered by", &fixed())?;
    sheet.write_string_with_format(2, 1, plain(worksheet.respondent), &open())?;
    for (index, step) in STEPS.iter().enumerate() {
        sheet.write_string_with_format(row(index + 4), 0, (index + 1).to_string(), &fixed())?;
        sheet.write_string_with_format(row(index + 4), 1, *step, &fixed())?;
    }
    sheet.ignore_error_range(4, 0, row(STEPS.len() + 4), 0, xlsx::IgnoreError::NumberStoredAsText)?;
    protect(&mut sheet);
    Ok(sheet)
}

/// The most rows and columns that are looked at: more than any worksheet has, and little enough to hold.
const LAST_ROW: u32 = 100_000;
const LAST_COLUMN: u32 = 200;

/// The most that a workbook may hold once it is unpacked.
const LARGEST_UNPACKED_BYTES: u64 = 256 * 1024 * 1024;

/// Returns true if bytes are those of a workbook.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// Takes a workbook apart: every sheet that is a table with the headings `key` and `answer`, and who answered.
///
/// # Errors
///
/// Returns why nothing in it can be read.
pub fn read(path: &str, bytes: &[u8]) -> Result<Sheet, Box<Diagnostic>> {
    let unreadable = |code: Code, message: String| {
        let diagnostic = Diagnostic::placeless(code, format!("{path}: {message}"));
        Box::new(diagnostic.help("open it in Excel or LibreOffice and save it as .xlsx without a password"))
    };
    if unpacked_bytes(bytes) > LARGEST_UNPACKED_BYTES {
        return Err(unreadable(Code::FileTooLarge, "the workbook holds more than any worksheet does".to_owned()));
    }
    let broken = |error: calamine::XlsxError| unreadable(Code::BadAnswer, format!("this is no workbook that can be read ({error})"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let (mut found, mut respondent) = (None::<Sheet>, None);
    for name in workbook.sheet_names() {
        // A sheet that is a chart has no cells.
        let Ok(rows) = cells(&mut workbook, path, &name) else { continue };
        let named = rows.iter().find_map(|row| {
            let is_it = row.first()?.as_ref().is_some_and(|said| folded(&said.text).trim_end_matches(':') == "answered by");
            row.iter().skip(1).flatten().next().filter(|_| is_it).cloned()
        });
        match (table(rows), &mut found) {
            (Some(sheet), Some(found)) => {
                found.rows.extend(sheet.rows);
                found.faults.extend(sheet.faults);
            }
            (Some(sheet), None) => found = Some(sheet),
            (None, _) => respondent = respondent.or(named),
        }
    }
    let mut sheet =
        found.ok_or_else(|| unreadable(Code::MissingKey, "no sheet of the workbook has the headings `key` and `answer`".to_owned()))?;
    sheet.respondent = sheet.respondent.or(respondent);
    Ok(sheet)
}

/// Returns how much the parts of an archive say that they hold.
fn unpacked_bytes(bytes: &[u8]) -> u64 {
    let entries = bytes.windows(28).filter(|window| window.starts_with(b"PK\x01\x02"));
    entries.map(|entry| u64::from(u32::from_le_bytes([entry[24], entry[25], entry[26], entry[27]]))).sum()
}

type Rows = Vec<Vec<Option<Said>>>;

/// Returns the cells of a sheet as text.
fn cells(workbook: &mut Xlsx<Cursor<&[u8]>>, path: &str, name: &str) -> Result<Rows, calamine::XlsxError> {
    let mut rows: BTreeMap<u32, Vec<Option<Said>>> = BTreeMap::new();
    let mut reader = workbook.worksheet_cells_reader(name)?;
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        if row > LAST_ROW || column > LAST_COLUMN {
            continue;
        }
        let is_percent = || {
            let format = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
            format.is_some_and(|format| format.format_code.contains('%') || matches!(format.format_id, Some(9 | 10)))
        };
        let text = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::Int(number) => number.to_string(),
            // A share of 0.625 is shown as 62.5 %, which is what somebody saw when they wrote it.
            DataRef::Float(number) if is_percent() => format!("{}%", (number * 1e8).round() / 1e6),
            DataRef::Float(number) => number.to_string(),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Bool(value) => value.to_string(),
            DataRef::DateTime(moment) => {
                let (year, month, day, ..) = moment.to_ymd_hms_milli();
                format!("{year:04}-{month:02}-{day:02}")
            }
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
            DataRef::Error(error) => error.to_string(),
        };
        let cells = rows.entry(row).or_default();
        let column = column as usize;
        cells.resize(cells.len().max(column + 1), None);
        cells[column] = Said::at(&text, Place::Cell(format!("{path}, {name}!{}{}", letters(column), row + 1)));
    }
    Ok(rows.into_values().collect())
}

/// Returns how spreadsheets name a column.
fn letters(mut column: usize) -> String {
    let mut name = String::new();
    loop {
        let letter = u8::try_from(column % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + letter));
        if column < 26 {
            return name;
        }
        column = column / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        assert_eq!([0, 25, 26, 51, 52, 701, 702].map(letters), ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
