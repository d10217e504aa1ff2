//! What follows a session: a recap to send, the actions, and a calendar.
//!
//! The words of a day and of an entry are templates of their own, since the documents and the calendar file say the same.

use super::template::{TemplateError, Templates};
use super::view::{FollowupDay, Maker, OwnedAction};
use crate::yaml::record::Date;
use minijinja::value::{Serde, merge_maps};
use minijinja::{Value, context};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde::Serialize;

/// What follows a session.
#[derive(Debug)]
pub struct Followup {
    /// The date of the session.
    pub meeting: Date,
    /// The texts: name of the file and Markdown.
    pub texts: Vec<(&'static str, String)>,
    /// The days on which something follows.
    pub days: Vec<FollowupDay>,
    /// Every action.
    pub actions: Vec<OwnedAction>,
    /// What a calendar shows: the days, then the actions with a date.
    pub entries: Vec<Entry>,
}

/// Something that a calendar shows on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What tells it from every other entry, whenever the calendar is made.
    pub id: String,
    /// The day.
    pub date: Date,
    /// What happens, in a few words.
    pub title: String,
    /// More about it.
    pub text: String,
}

/// Makes everything that follows a session. Nothing if the calendar ends before the last day.
///
/// # Errors
///
/// Returns [`TemplateError`] when a template is broken or asks for something that its view does not have.
pub fn followup(maker: &Maker<'_>, templates: &Templates, meeting: Date, any_day: bool) -> Result<Option<Followup>, TemplateError> {
    let Some(mut days) = maker.followup_days(meeting, any_day) else { return Ok(None) };
    let words = |name: &str, view: &Value| templates.render_value(name, view.clone()).map(|text| plain(&text));
    for at in 0..days.len() {
        let view = Value::from(Serde(maker.followup_date(meeting, &days, at)));
        let (title, text) = words("followup-date.md", &view)?;
        days[at].title = title;
        days[at].text = text;
    }
    let rendered = |name: &str, view: &dyn ErasedView| {
        let navigation: [(); 0] = [];
        templates.render_value(name, merge_maps([context! { navigation }, view.value()]))
    };
    let texts = vec![
        ("recap.md", rendered("followup-recap.md", &maker.followup_recap(meeting, days.clone()))?),
        ("actions.md", rendered("followup-actions.md", &maker.followup_action_list(meeting))?),
        ("calendar.md", rendered("followup-calendar.md", &maker.followup_calendar(meeting, days.clone()))?),
    ];
    let customer = &maker.assessment.file.customer.value;
    let mut entries = Vec::new();
    for day in &days {
        let Some(date) = Date::parse(&day.date) else { continue };
        let title = format!("{customer}: {}", day.title);
        entries.push(Entry { id: format!("{meeting}-day-{}", day.day), date, title, text: day.text.clone() });
    }
    for one in maker.followup_actions(meeting) {
        let Some(date) = one.action.due.as_deref().and_then(Date::parse) else { continue };
        let id = one.action.id.clone();
        let (title, text) = words("followup-entry.md", &Value::from(Serde(maker.followup_entry(one))))?;
        entries.push(Entry { id, date, title, text });
    }
    Ok(Some(Followup { meeting, texts, days, actions: maker.followup_actions(meeting), entries }))
}

/// A view, whatever its type.
trait ErasedView {
    /// Returns the view as templates read it.
    fn value(&self) -> Value;
}

impl<T: Serialize> ErasedView for T {
    fn value(&self) -> Value {
        Value::from(Serde(self))
    }
}

/// Returns Markdown as plain text: its first heading, and what stands below it, a line for each paragraph and item.
fn plain(markdown: &str) -> (String, String) {
    let (mut title, mut text) = (String::new(), String::new());
    let mut in_title = false;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Heading { .. }) if title.is_empty() => in_title = true,
            Event::End(TagEnd::Heading(_)) if in_title => in_title = false,
            Event::Start(Tag::Item) => text.push_str("- "),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) if !text.ends_with('\n') => text.push('\n'),
            Event::Text(words) | Event::Code(words) => if in_title { &mut title } else { &mut text }.push_str(&words),
            Event::SoftBreak | Event::HardBreak => if in_title { &mut title } else { &mut text }.push(' '),
            _ => {}
        }
    }
    (title.trim().to_owned(), text.trim().to_owned())
}
