//! Scores to Markdown: views, templates, escaping.
//!
//! A template chooses words and layout and never calculates: it sees the views of [`view`], in which every number is text and
//! every list is in its final order. Every value is escaped for its place by [`escape`]. The same inputs give the same bytes:
//! no clock, user name or path is among them. [`set`] names every document that there can be.

pub mod audience;
pub mod escape;
pub mod followup;
pub mod links;
pub mod merge;
pub mod set;
pub mod share;
pub mod template;
pub mod view;

use crate::assessment::Assessment;
use crate::kit::Kit;
use crate::plan::Plan;
use crate::plan::progress::Progress;
use crate::scoring::Scorecard;
use minijinja::value::{Serde, merge_maps};
use minijinja::{Value, context};
use set::{Attachment, Kind, Others, Place};
use share::{cores, share_out};
use template::{TemplateError, Templates};

/// A rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What kind of document it is: the id of its [`set::Kind`].
    pub kind: &'static str,
    /// The path in the workspace, with `/` between its parts.
    pub path: String,
    /// The Markdown.
    pub text: String,
}

/// Renders every document that an assessment has content for, the index first, then in the order of reading. The index names
/// the attachments, too.
///
/// # Errors
///
/// Returns [`TemplateError`] when a template is broken or asks for something that its view does not have.
pub fn render(
    kit: &Kit,
    assessment: &Assessment,
    card: &Scorecard,
    plan: &Plan,
    progress: Option<&Progress>,
    templates: &Templates,
    attachments: &[Attachment],
) -> Result<Vec<Document>, TemplateError> {
    let maker = view::Maker { kit, assessment, card, plan, progress };
    let place = |kind: &Kind, path: &str| Place { kind: kind.id, path: path.to_owned() };
    let kinds: Vec<&Kind> = Kind::all().filter(|kind| !kind.is_on_others()).collect();
    let alone = Others { documents: &[], attachments };
    let mut views: Vec<(&Kind, String, Value)> = Vec::new();
    for (kind, found) in kinds.iter().zip(share_out(&kinds, cores(), |kind| kind.views(&maker, &alone))) {
        views.extend(found.into_iter().map(|(path, view)| (*kind, path, view)));
    }
    let mut places: Vec<Place> = views.iter().map(|(kind, path, _)| place(kind, path)).collect();
    // The index is the first and comes last: it lists the other lists, too.
    let on_others: Vec<&Kind> = Kind::all().filter(|kind| kind.is_on_others()).collect();
    for kind in on_others.into_iter().rev() {
        for (path, view) in kind.views(&maker, &Others { documents: &places, attachments }) {
            places.push(place(kind, &path));
            views.push((kind, path, view));
        }
    }
    views.sort_by_key(|(kind, _, _)| Kind::all().position(|other| other.id == kind.id));
    let rendered = share_out(&views, cores(), |(kind, path, view)| {
        let navigation = Value::from(Serde(view::navigation(kind, path, &places)));
        let context = merge_maps([context! { navigation }, view.clone()]);
        Ok(Document { kind: kind.id, path: path.clone(), text: templates.render_value(kind.template, context)? })
    });
    rendered.into_iter().collect()
}
