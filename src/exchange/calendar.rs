//! A calendar file: RFC 5545, what Outlook, Google Calendar and Apple Calendar import.
//!
//! Written here and not by a library: the one that is kept up, `icalendar`, brings a second library for dates and one for random ids, and
//! puts the clock into every entry. What is needed of the format is the escaping and the folding below.
//!
//! Everything is an all-day event that blocks nobody's time. A to-do (`VTODO`) would say more of an action, but Outlook and Google Calendar
//! leave it out without a word.

use crate::document::followup::Entry;
use crate::yaml::record::Date;
use jiff::ToSpan;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How long a line may be, in octets, its end apart (RFC 5545, 3.1).
const LONGEST_LINE: usize = 75;

/// What a calendar is about.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'f> {
    /// The id of the assessment, which is part of the id of each entry.
    pub assessment: &'f str,
    /// The name that calendars show.
    pub name: &'f str,
    /// How secret it is.
    pub classification: Option<&'f str>,
    /// The day as of which the data are: the stamp of each entry, so that the same data give the same bytes.
    pub as_of: Date,
}

/// Returns a calendar with the entries. `earlier` are the texts of calendars that were made before, the oldest first: an entry that differs
/// from what it was has the next sequence number, so that a calendar takes it over the one it knows.
pub fn calendar(frame: Frame<'_>, entries: &[Entry], earlier: &[String]) -> String {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for text in earlier {
        read_into(text, &mut known);
    }
    let mut text = String::new();
    line(&mut text, "BEGIN:VCALENDAR");
    line(&mut text, "VERSION:2.0");
    line(&mut text, "PRODID:-//opsready//follow-up//EN");
    line(&mut text, "CALSCALE:GREGORIAN");
    line(&mut text, "METHOD:PUBLISH");
    line(&mut text, &format!("X-WR-CALNAME:{}", escaped(frame.name)));
    for entry in entries {
        event(&mut text, frame, entry, &known);
    }
    line(&mut text, "END:VCALENDAR");
    text
}

fn event(text: &mut String, frame: Frame<'_>, entry: &Entry, known: &BTreeMap<String, Known>) {
    let day = |date: jiff::civil::Date| format!("{:04}{:02}{:02}", date.year(), date.month(), date.day());
    let uid = format!("{}-{}@opsready", part(frame.assessment), part(&entry.id));
    let mut content = Vec::new();
    content.push(format!("DTSTART;VALUE=DATE:{}", day(entry.date.0)));
    // The end of an all-day event is the day after; the last day of all has none, and lasts a day without.
    content.extend(entry.date.0.checked_add(1.day()).ok().map(|next| format!("DTEND;VALUE=DATE:{}", day(next))));
    content.push(format!("SUMMARY:{}", escaped(&entry.title)));
    let secret = frame.classification.map(|word| format!("{word}\n\n")).unwrap_or_default();
    let description = format!("{secret}{}", entry.text);
    if !description.trim().is_empty() {
        content.push(format!("DESCRIPTION:{}", escaped(description.trim())));
    }
    if frame.classification.is_some_and(|word| !word.eq_ignore_ascii_case("public")) {
        content.push("CLASS:CONFIDENTIAL".to_owned());
    }
    content.push("TRANSP:TRANSPARENT".to_owned());
    let sequence = match known.get(&uid) {
        None => 0,
        Some(known) if known.content == content => known.sequence,
        Some(known) => known.sequence + 1,
    };
    line(text, "BEGIN:VEVENT");
    line(text, &format!("UID:{uid}"));
    line(text, &format!("DTSTAMP:{}T000000Z", day(frame.as_of.0)));
    line(text, &format!("SEQUENCE:{sequence}"));
    for one in content {
        line(text, &one);
    }
    line(text, "END:VEVENT");
}

/// An entry as a calendar has it.
struct Known {
    sequence: u64,
    content: Vec<String>,
}

/// Reads the entries of a calendar of ours.
fn read_into(text: &str, known: &mut BTreeMap<String, Known>) {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "");
    for event in unfolded.split("BEGIN:VEVENT\n").skip(1) {
        let (mut uid, mut sequence, mut content) = (None, 0, Vec::new());
        for line in event.lines().take_while(|line| *line != "END:VEVENT") {
            match line.split_once(':') {
                Some(("UID", value)) => uid = Some(value.to_owned()),
                Some(("SEQUENCE", value)) => sequence = value.parse().unwrap_or(0),
                Some(("DTSTAMP", _)) => {}
                _ => content.push(line.to_owned()),
            }
        }
        if let Some(uid) = uid {
            known.insert(uid, Known { sequence, content });
        }
    }
}

/// Returns text as a part of an id.
fn part(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '-' }).collect()
}

/// Escapes text (RFC 5545, 3.3.11). Control characters, which no text may hold, are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => drop(write!(escaped, "\\{c}")),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push(' '),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes a content line, folded between characters so that no part is longer than 75 octets (RFC 5545, 3.1).
fn line(text: &mut String, content: &str) {
    let mut octets = 0;
    for c in content.chars() {
        if octets + c.len_utf8() > LONGEST_LINE {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(c);
        octets += c.len_utf8();
    }
    text.push_str("\r\n");
}
