//! Scores to Markdown: views, templates, escaping.
//!
//! A template chooses words and layout and never calculates: it sees the views of [`view`], in which every number is text and
//! every list is in its final order. Every value is escaped for its place by [`escape`]. The same inputs give the same bytes:
//! no clock, user name or path is among them. [`set`] names every document that there can be.

pub mod audience;
pub mod escape;
pub mod set;
pub mod template;
pub mod view;

use crate::assessment::Assessment;
use crate::kit::Kit;
use crate::plan::Plan;
use crate::scoring::Scorecard;
use set::{INDEX, SET};
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

/// Renders every document that an assessment has content for, the index first, then in the order of reading.
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
) -> Result<Vec<Document>, TemplateError> {
    let maker = view::Maker { kit, assessment, card, plan };
    let mut documents = Vec::new();
    for kind in SET {
        for (path, view) in kind.views(&maker) {
            let text = templates.render_value(kind.template, view)?;
            documents.push(Document { kind: kind.id, path, text });
        }
    }
    let text = templates.render(INDEX.template, &maker.index(&documents))?;
    documents.insert(0, Document { kind: INDEX.id, path: INDEX.path(None), text });
    Ok(documents)
}
