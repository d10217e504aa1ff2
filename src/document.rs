//! Scores to Markdown: views, templates, escaping.
//!
//! A template chooses words and layout and never calculates: it sees the views of [`view`], in which every number is text and
//! every list is in its final order. Every value is escaped for its place by [`escape`]. The same inputs give the same bytes:
//! no clock, user name or path is among them. [`set`] names every document that there can be.

pub mod audience;
pub mod escape;
pub mod links;
pub mod merge;
pub mod set;
pub mod template;
pub mod view;

use crate::assessment::Assessment;
use crate::kit::Kit;
use crate::plan::Plan;
use crate::scoring::Scorecard;
use set::{Attachment, Kind, Others};
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
    templates: &Templates,
    attachments: &[Attachment],
) -> Result<Vec<Document>, TemplateError> {
    let maker = view::Maker { kit, assessment, card, plan };
    let render = |kind: &Kind, others: &Others<'_>| {
        let views = kind.views(&maker, others).into_iter();
        let document = |(path, view)| Ok(Document { kind: kind.id, path, text: templates.render_value(kind.template, view)? });
        views.map(document).collect::<Result<Vec<Document>, TemplateError>>()
    };
    let mut documents = Vec::new();
    for kind in Kind::all().filter(|kind| !kind.is_on_others()) {
        documents.extend(render(kind, &Others { documents: &[], attachments })?);
    }
    // The index is the first and comes last: it lists the other lists, too.
    let on_others: Vec<&Kind> = Kind::all().filter(|kind| kind.is_on_others()).collect();
    for kind in on_others.into_iter().rev() {
        let list = render(kind, &Others { documents: &documents, attachments })?;
        documents.extend(list);
    }
    let place = |document: &Document| Kind::all().position(|kind| kind.id == document.kind);
    documents.sort_by_key(place);
    Ok(documents)
}
