//! What somebody does to an answer, and the keys of its entry that change with it.

use super::format::Reason;
use super::{Answer, Response};
use crate::yaml::edit::{Change, Field};
use crate::yaml::record::Date;

/// The keys that hold the state of an answer; setting one removes the others.
pub const STATE_KEYS: &[&str] = &["choose", "not_applicable_choices", "number", "text", "date", "not_applicable", "dont_know", "parked"];

/// Something done to an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// These choices, by id.
    Choose(Vec<String>),
    /// This number.
    Number(f64),
    /// This text.
    Text(String),
    /// This date.
    Date(Date),
    /// There is nothing to answer.
    NotApplicable(Reason, Option<String>),
    /// Nobody knows: who finds out, by when, and more about it.
    DontKnow(Option<String>, Option<Date>, Option<String>),
    /// Put off, with what for.
    Park(Option<String>),
    /// What was said beyond the answer; nothing takes it away.
    Note(Option<String>),
    /// Something more that shows that the answer is true: title and link.
    Evidence(Option<String>, Option<String>),
    /// Who said it, by role.
    By(Vec<String>),
}

impl Deed {
    /// Returns the changes of the entry. What was said while the question could not be answered stays as the note of its answer.
    pub fn changes(&self, before: Option<&Answer>, today: Date) -> Vec<(&'static str, Change)> {
        let mut changes = Vec::new();
        let mut state = |key: &'static str, field: Field| {
            let keeps = |other: &str| other == key || (key == "choose" && other == "not_applicable_choices");
            changes.extend(STATE_KEYS.iter().filter(|other| !keeps(other)).map(|other| (*other, Change::Remove)));
            changes.push((key, Change::Set(field)));
        };
        let mut has_own_note = false;
        match self {
            Self::Choose(ids) if ids.len() == 1 => state("choose", Field::Text(ids[0].clone())),
            Self::Choose(ids) => state("choose", Field::List(ids.clone())),
            Self::Number(number) => state("number", Field::Number(*number)),
            Self::Text(text) => state("text", Field::Text(text.clone())),
            Self::Date(date) => state("date", Field::Text(date.to_string())),
            Self::NotApplicable(reason, note) => {
                has_own_note = true;
                state("not_applicable", map([("reason", Some(reason.word().to_owned())), ("note", note.clone())]));
            }
            Self::DontKnow(owner, due, note) => {
                has_own_note = true;
                let due = due.map(|due| due.to_string());
                state("dont_know", map([("owner", owner.clone()), ("due", due), ("note", note.clone())]));
            }
            Self::Park(note) => {
                has_own_note = true;
                state("parked", map([("note", note.clone())]));
            }
            Self::Note(note) => {
                changes.push(("note", note.as_ref().map_or(Change::Remove, |note| Change::Set(Field::Text(note.clone())))));
                return dated(changes, today);
            }
            Self::Evidence(title, link) => {
                let fields = [("title", title.clone()), ("link", link.clone()), ("collected", Some(today.to_string()))];
                let Field::Map(entry) = map(fields) else { return changes };
                changes.push(("evidence", Change::Append(entry)));
                return dated(changes, today);
            }
            Self::By(roles) => {
                let change = if roles.is_empty() { Change::Remove } else { Change::Set(Field::List(roles.clone())) };
                changes.push(("by", change));
                return dated(changes, today);
            }
        }
        let said = match before.map(|before| &before.response) {
            Some(Response::DontKnow { note, .. } | Response::NotApplicable { note, .. } | Response::Parked { note }) => note.clone(),
            _ => None,
        };
        if let Some(said) = said.filter(|_| !has_own_note && before.is_some_and(|before| before.note.is_none())) {
            changes.push(("note", Change::Set(Field::Text(said))));
        }
        dated(changes, today)
    }
}

fn dated(mut changes: Vec<(&'static str, Change)>, today: Date) -> Vec<(&'static str, Change)> {
    changes.push(("answered_on", Change::Set(Field::Text(today.to_string()))));
    changes
}

fn map<const COUNT: usize>(fields: [(&str, Option<String>); COUNT]) -> Field {
    Field::Map(fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Field::Text(value?)))).collect())
}
