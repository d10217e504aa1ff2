//! Places in other documents, as links reach them.

use super::make::Maker;
use crate::document::links::anchor;
use crate::kit::PracticeIx;
use serde::Serialize;

/// Something that is told elsewhere.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// What it is called.
    pub title: String,
    /// Where it is told, relative to `docs/`.
    pub path: String,
}

/// The headings of a document, in their order: a viewer numbers those that are alike.
#[derive(Debug, Default)]
pub(super) struct Headings(Vec<String>);

impl Headings {
    /// Returns the headings with which a document begins.
    pub(super) fn of(first: &[&str]) -> Self {
        let mut headings = Self::default();
        for heading in first {
            headings.anchor(heading);
        }
        headings
    }

    /// Adds a heading, and returns its anchor.
    pub(super) fn anchor(&mut self, heading: &str) -> String {
        let own = anchor(heading);
        let alike = self.0.iter().filter(|other| **other == own).count();
        self.0.push(own.clone());
        if alike == 0 { own } else { format!("{own}-{alike}") }
    }
}

impl Maker<'_> {
    /// Returns where a practice is designed.
    pub(super) fn practice_place(&self, ix: PracticeIx) -> Place {
        let folder = self.kit.capability_id(self.kit.practice(ix).capability);
        let link = self.practice_link(ix);
        let path = match link.anchor {
            Some(anchor) => format!("{folder}/design.md#{anchor}"),
            None => format!("{folder}/design.md"),
        };
        Place { title: link.title, path }
    }
}
