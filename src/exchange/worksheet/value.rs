//! What people and spreadsheets make of values: numbers, dates, choices and states, however they are written.

use crate::assessment::State;
use crate::assessment::format::Reason;
use crate::kit::AnswerOption;
use crate::yaml::record::Date;

/// Returns a text as it is compared: spaces, quotes and dashes of one kind, on one line.
pub fn even(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '\u{b4}' => plain.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => plain.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => plain.push('-'),
            '\u{2026}' => plain.push_str("..."),
            c if is_invisible(c) => {}
            c => plain.push(c),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns true for what nobody sees: control characters, marks of no width or of direction, and what stands in their place.
pub fn is_invisible(c: char) -> bool {
    let is_mark =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2069}' | '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{ad}' | '\u{fffd}');
    is_mark || (c.is_control() && !c.is_whitespace())
}

/// Returns a text as it is looked up: [`even`], in lower case.
pub fn folded(text: &str) -> String {
    even(text).to_lowercase()
}

/// Returns a text as it is kept: line ends as `\n`, no control characters, nothing around it.
pub fn kept(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{a0}', " ");
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let text = text.replace(['\u{feff}', '\u{fffd}'], "");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Returns the choice that a text names: by its id, its label, `id = label`, `label id`, or its number from 1.
pub fn choice(options: &[AnswerOption], text: &str) -> Option<usize> {
    let bare = |text: &str| folded(&text.replace('`', "")).trim_matches('"').trim().to_owned();
    let text = bare(text);
    let text = text.as_str();
    let only = |is_it: &dyn Fn(&AnswerOption) -> bool| -> Option<usize> {
        let mut found = options.iter().enumerate().filter(|(_, option)| is_it(option));
        let first = found.next()?;
        found.next().is_none().then_some(first.0)
    };
    let label = |option: &AnswerOption| bare(&option.label);
    let id = |option: &AnswerOption| option.id.to_lowercase();
    (options.iter().position(|option| option.id == text))
        .or_else(|| only(&|option| id(option) == text))
        .or_else(|| only(&|option| label(option) == text))
        .or_else(|| {
            only(&|option| {
                let (id, label) = (id(option), label(option));
                text == format!("{id} = {label}") || text == format!("{label} {id}") || text == format!("{id}: {label}")
            })
        })
        .or_else(|| numbered(options, text))
        .or_else(|| match text {
            "y" | "true" => options.iter().position(|option| option.id == "yes"),
            "n" | "false" => options.iter().position(|option| option.id == "no"),
            _ => None,
        })
}

/// Returns the choice that a number names: `2`, `2.`, `2)`, or `2: label` where the label is that of the second.
fn numbered(options: &[AnswerOption], text: &str) -> Option<usize> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let (number, rest) = text.split_at(text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    let place = number.parse::<usize>().ok()?.checked_sub(1)?;
    let option = options.get(place)?;
    let rest = rest.trim_start_matches([':', '.', ')', '=']).trim();
    let is_alone = digits == number && (rest.is_empty() || rest == "0");
    (is_alone || rest == folded(&option.label.replace('`', ""))).then_some(place)
}

/// Returns the choices that a text names, several with `;`, a comma or a new line between them.
///
/// # Errors
///
/// Returns the part that names none.
pub fn choices(options: &[AnswerOption], text: &str) -> Result<Vec<usize>, String> {
    let mut found = Vec::new();
    for line in text.lines() {
        // A label may hold commas and semicolons itself: the longest run of pieces that names a choice is meant.
        let marks = line.match_indices([',', ';']).map(|(at, _)| at);
        let ends: Vec<usize> = marks.chain([line.len()]).collect();
        let mut from = 0;
        while from < line.len() {
            let later = ends.iter().copied().filter(|end| *end >= from);
            let longest = later.clone().rev().find_map(|end| Some((end, choice(options, &line[from..end])?)));
            let next = later.min().unwrap_or(line.len());
            let end = match longest {
                Some((end, option)) => {
                    found.push(option);
                    end
                }
                None if even(&line[from..next]).is_empty() => next,
                None => return Err(even(&line[from..next])),
            };
            from = end + 1;
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// How a state is written in the place of an answer.
pub fn state_word(state: State) -> &'static str {
    match state {
        State::DontKnow => "(don't know)",
        State::NotApplicable => "(not applicable)",
        State::Parked => "(parked)",
        State::Answered | State::Unanswered => "",
    }
}

/// Returns the state that a text in the place of an answer names.
pub fn state(text: &str) -> Option<State> {
    let text = folded(text);
    match text.trim_matches(|c| matches!(c, '(' | ')' | '.')).replace('-', " ").as_str() {
        "don't know" | "dont know" | "do not know" | "not known" | "unknown" | "nobody knows" | "?" => Some(State::DontKnow),
        "not applicable" | "n/a" | "na" | "n.a" | "does not apply" => Some(State::NotApplicable),
        "parked" | "park" | "put off" | "put it off" => Some(State::Parked),
        _ => None,
    }
}

/// Returns true if a text is a state in brackets, which no choice is.
pub fn is_state_word(text: &str) -> bool {
    let text = folded(text);
    [State::DontKnow, State::NotApplicable, State::Parked].into_iter().any(|state| text == state_word(state))
}

/// Returns the kind of reason that a text begins with, and the rest in words.
pub fn reason(text: &str) -> (Reason, Option<String>) {
    let text = kept(text);
    let named = |head: &str| {
        let head = folded(head);
        Reason::ALL.iter().copied().find(|reason| head == reason.word() || head == reason.title())
    };
    let said = |rest: &str| Some(rest.trim().to_owned()).filter(|rest| !rest.is_empty());
    if let Some(reason) = named(&text) {
        return (reason, None);
    }
    match text.split_once(':').and_then(|(head, rest)| Some((named(head)?, rest))) {
        Some((reason, rest)) => (reason, said(rest)),
        None if state(&text) == Some(State::NotApplicable) || matches!(folded(&text).as_str(), "x" | "yes") => (Reason::Other, None),
        None => (Reason::Other, said(&text)),
    }
}

/// Why a number or a date cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclear {
    /// It is none.
    Not,
    /// It can be read in two ways.
    Ambiguous,
}

/// Returns the number that a text holds, with a decimal point or comma, in groups or not, with its unit or not.
///
/// `fits` tells which numbers the question takes: it decides where `1,234` could be both.
///
/// # Errors
///
/// Returns why it cannot be told.
pub fn number(text: &str, unit: Option<&str>, fits: impl Fn(f64) -> bool) -> Result<f64, Unclear> {
    let text = folded(text);
    let without_unit = unit.and_then(|unit| text.strip_suffix(&folded(unit))).unwrap_or(&text);
    let is_share = unit.is_some_and(|unit| matches!(folded(unit).as_str(), "percent" | "%"));
    let without_unit = if is_share { without_unit.trim_end_matches(['%', ' ']) } else { without_unit };
    let text: String = without_unit.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
    let plain = |text: &str| {
        let is_plain = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
        text.parse::<f64>().ok().filter(|number| is_plain && number.is_finite()).ok_or(Unclear::Not)
    };
    let grouped = |text: &str, mark: char| {
        let mut groups = text.trim_start_matches(['-', '+']).split(mark);
        groups.next().is_some_and(|first| (1..=3).contains(&first.len())) && groups.all(|group| group.len() == 3)
    };
    match (text.rfind(','), text.rfind('.')) {
        (None, _) if text.matches('.').count() < 2 => plain(&text),
        (None, _) => {
            if grouped(&text, '.') {
                plain(&text.replace('.', ""))
            } else {
                Err(Unclear::Not)
            }
        }
        (Some(comma), Some(point)) => {
            let (group, decimal, at) = if comma > point { ('.', ',', comma) } else { (',', '.', point) };
            let is_one = text.matches(decimal).count() == 1 && grouped(&text[..at], group);
            if is_one { plain(&text.replace(group, "").replace(decimal, ".")) } else { Err(Unclear::Not) }
        }
        (Some(_), None) => {
            let (whole, decimal) = (plain(&text.replace(',', "")), plain(&text.replacen(',', ".", 1)));
            match (whole, decimal) {
                _ if text.matches(',').count() > 1 => {
                    if grouped(&text, ',') {
                        whole
                    } else {
                        Err(Unclear::Not)
                    }
                }
                (Ok(whole), Ok(decimal)) if grouped(&text, ',') && !text.trim_start_matches(['-', '+']).starts_with('0') => {
                    match (fits(whole), fits(decimal)) {
                        (true, false) => Ok(whole),
                        (false, true) => Ok(decimal),
                        _ => Err(Unclear::Ambiguous),
                    }
                }
                (_, decimal) => decimal,
            }
        }
    }
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Returns the date that a text names: `2026-11-20`, `20.11.2026`, `20 November 2026`; with slashes only if it can be one alone.
///
/// # Errors
///
/// Returns why it cannot be told.
pub fn date(text: &str) -> Result<Date, Unclear> {
    let text = folded(text);
    // Spreadsheets add a time of day to dates.
    let text = text
        .split_once('t')
        .filter(|(date, _)| date.len() == 10 && date.starts_with(|c: char| c.is_ascii_digit()))
        .map_or(text.as_str(), |(date, _)| date);
    let text = text.split_once(" 00:00").map_or(text, |(date, _)| date).trim();
    let of = |year: &str, month: usize, day: &str| -> Result<Date, Unclear> {
        let is_number = |text: &str, most: usize| text.len() <= most && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || !is_number(year, 4) || !is_number(day, 2) {
            return Err(Unclear::Not);
        }
        Date::parse(&format!("{year}-{month:02}-{day:0>2}")).ok_or(Unclear::Not)
    };
    let month = |text: &str| text.parse::<usize>().map_err(|_| Unclear::Not);
    let named = |text: &str| MONTHS.iter().position(|name| text.starts_with(name)).map(|place| place + 1);
    let words: Vec<&str> = text.split([' ', ',']).map(|word| word.trim_end_matches('.')).filter(|word| !word.is_empty()).collect();
    if let [first, second, year] = words.as_slice() {
        match (named(first), named(second)) {
            (Some(month), None) => return of(year, month, second),
            (None, Some(month)) => return of(year, month, first),
            _ => {}
        }
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for mark in ['.', '-', '/'] {
        let parts: Vec<&str> = compact.split(mark).collect();
        let [first, second, third] = parts.as_slice() else { continue };
        if first.len() == 4 {
            return of(first, month(second)?, third);
        }
        if mark == '.' {
            return of(third, month(second)?, first);
        }
        let (one, two) = (of(third, month(second)?, first), of(third, month(first)?, second));
        return match (one, two) {
            (Ok(one), Ok(two)) if one != two => Err(Unclear::Ambiguous),
            (Ok(date), _) | (_, Ok(date)) => Ok(date),
            _ => Err(Unclear::Not),
        };
    }
    Err(Unclear::Not)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let percent = |number: f64| (0.0..=100.0).contains(&number);
        let any = |_: f64| true;
        assert_eq!(number("62,5", None, percent), Ok(62.5));
        assert_eq!(number("62.5 %", Some("percent"), percent), Ok(62.5));
        assert_eq!(number("62,5\u{a0}percent", Some("percent"), percent), Ok(62.5));
        assert_eq!(number("1.234,5", None, any), Ok(1234.5));
        assert_eq!(number("1,234.5", None, any), Ok(1234.5));
        assert_eq!(number("1\u{202f}234", None, any), Ok(1234.0));
        assert_eq!(number("1.234.567", None, any), Ok(1_234_567.0));
        assert_eq!(number("\u{2212}3", None, any), Ok(-3.0));
        assert_eq!(number("0,125", None, any), Ok(0.125));
        assert_eq!(number("1,234", None, any), Err(Unclear::Ambiguous));
        assert_eq!(number("1,234", None, percent), Ok(1.234));
        for text in ["1,2,3", "1.2.3", "about 5", "5 of 6", "nan", "inf", "1,23.4,5", "50%", "", "-"] {
            assert_eq!(number(text, None, any), Err(Unclear::Not), "{text}");
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let wanted = Date::parse("2026-11-20").ok_or(Unclear::Not);
        let ways =
            ["2026-11-20", "20.11.2026", "20. 11. 2026", "2026/11/20", "20/11/2026", "11/20/2026", "20-11-2026", "2026-11-20 00:00:00"];
        for text in
            ways.into_iter().chain(["2026-11-20T00:00:00", "20 November 2026", "Nov 20, 2026", "20. Nov. 2026", "20\u{2011}11\u{2011}2026"])
        {
            assert_eq!(date(text), wanted, "{text}");
        }
        assert_eq!(date("01/02/2026"), Err(Unclear::Ambiguous));
        assert_eq!(date("1/2/2026"), Err(Unclear::Ambiguous));
        assert_eq!(date("02/02/2026"), Ok(Date::parse("2026-02-02").expect("it exists")));
        for text in ["31.02.2026", "20.11.26", "tomorrow", "46346", "2026-13-01", "", "1.5"] {
            assert_eq!(date(text), Err(Unclear::Not), "{text}");
        }
    }
}
