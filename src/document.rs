//! Scores to Markdown: views, templates, escaping.
//!
//! A template chooses words and layout and never calculates: it sees the views of [`view`], in which every number is text and
//! every list is in its final order. Every value is escaped for its place by [`escape`]. The same inputs give the same bytes:
//! no clock, user name or path is among them.

pub mod escape;
pub mod template;
pub mod view;

use crate::assessment::Assessment;
use crate::kit::{CapabilityIx, Kit};
use crate::plan::Plan;
use crate::scoring::Scorecard;
use template::{TemplateError, Templates};

/// The kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// Where to start reading.
    Index,
    /// What the sponsor reads.
    ExecutiveSummary,
    /// What is missing, over all capabilities.
    GapRegister,
    /// What the engagement is for, and which capability comes first.
    Engagement,
    /// The sessions: who, how long, with which agenda.
    Workshops,
    /// Discovery and analysis of one capability.
    Readiness(CapabilityIx),
    /// The design of one capability.
    Design(CapabilityIx),
}

impl DocumentKind {
    /// Returns the documents of an assessment, in the order of reading.
    pub fn all(kit: &Kit, assessment: &Assessment) -> Vec<Self> {
        let mut all = vec![Self::Index, Self::ExecutiveSummary, Self::GapRegister];
        if let Some(engagement) = &kit.engagement {
            all.push(Self::Engagement);
            all.extend(Some(Self::Workshops).filter(|_| !engagement.file.sessions.is_empty()));
        }
        all.extend(assessment.capabilities_in_scope(kit).flat_map(|ix| [Self::Readiness(ix), Self::Design(ix)]));
        all
    }

    /// Returns the path in the workspace, with `/` between its parts.
    pub fn path(self, kit: &Kit) -> String {
        match self {
            Self::Index => "docs/README.md".to_owned(),
            Self::ExecutiveSummary => "docs/executive-summary.md".to_owned(),
            Self::GapRegister => "docs/gap-register.md".to_owned(),
            Self::Engagement => "docs/engagement.md".to_owned(),
            Self::Workshops => "docs/workshops.md".to_owned(),
            Self::Readiness(ix) => format!("docs/{}/readiness.md", kit.capability_id(ix)),
            Self::Design(ix) => format!("docs/{}/design.md", kit.capability_id(ix)),
        }
    }

    /// Returns the name of its template.
    pub fn template(self) -> &'static str {
        match self {
            Self::Index => "index.md",
            Self::ExecutiveSummary => "executive-summary.md",
            Self::GapRegister => "gap-register.md",
            Self::Engagement => "engagement.md",
            Self::Workshops => "workshops.md",
            Self::Readiness(_) => "readiness.md",
            Self::Design(_) => "design.md",
        }
    }
}

/// A rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The path in the workspace, with `/` between its parts.
    pub path: String,
    /// The Markdown.
    pub text: String,
}

/// Renders every document of an assessment.
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
    let one = |kind: DocumentKind| {
        let name = kind.template();
        let text = match kind {
            DocumentKind::Index => templates.render(name, &maker.index()),
            DocumentKind::ExecutiveSummary => templates.render(name, &maker.executive_summary()),
            DocumentKind::GapRegister => templates.render(name, &maker.gap_register()),
            DocumentKind::Engagement => templates.render(name, &maker.engagement()),
            DocumentKind::Workshops => templates.render(name, &maker.workshops()),
            DocumentKind::Readiness(ix) => templates.render(name, &maker.readiness(ix)),
            DocumentKind::Design(ix) => templates.render(name, &maker.design(ix)),
        };
        text.map(|text| Document { path: kind.path(kit), text })
    };
    DocumentKind::all(kit, assessment).into_iter().map(one).collect()
}
