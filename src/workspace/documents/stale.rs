//! What is stale: documents that are not what rendering would make of them, with the difference.

use super::{BASE, DocumentPlan, Fate, Step};
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span};
use crate::scoring::wording::count;
use crate::workspace::Workspace;
use similar::{ChangeTag, TextDiff};

impl Step {
    /// Returns the unified difference between what stands there and what should; nothing if it is as it should be, or nothing can be
    /// done with it.
    pub fn difference(&self) -> Option<String> {
        if !self.fate.is_stale() || self.fate == Fate::Refused {
            return None;
        }
        let (current, new) = self.sides();
        let difference = TextDiff::from_lines(current.as_str(), &new);
        let header = (format!("{} (as it stands)", self.path), format!("{} (as rendered)", self.path));
        Some(difference.unified_diff().context_radius(2).header(&header.0, &header.1).to_string())
    }

    /// Returns what stands there and what should, with the line ends of Unix.
    fn sides(&self) -> (String, String) {
        let text = |side: &Option<String>| side.as_deref().unwrap_or_default().replace("\r\n", "\n");
        (text(&self.current), text(&self.text))
    }

    /// Returns how many lines differ.
    fn lines_that_differ(&self) -> usize {
        let (current, new) = self.sides();
        let difference = TextDiff::from_lines(current.as_str(), &new);
        let of = |tag: ChangeTag| difference.iter_all_changes().filter(|change| change.tag() == tag).count();
        of(ChangeTag::Delete).max(of(ChangeTag::Insert))
    }

    /// Returns the first line of what stands there that should be another.
    fn first_difference(&self) -> Span {
        let current = self.current.as_deref().unwrap_or_default();
        let new = self.text.as_deref().unwrap_or_default();
        let mut start = 0;
        for (line, wanted) in current.split_inclusive('\n').zip(new.split_inclusive('\n')) {
            if line.trim_end() != wanted.trim_end() {
                return Span::new(start, start + line.trim_end().len());
            }
            start += line.len();
        }
        Span::new(start.min(current.len()), start.min(current.len()))
    }
}

impl Workspace {
    /// Returns true if documents were rendered here before.
    fn has_rendered(&self) -> bool {
        self.path(BASE).is_dir()
    }

    /// Returns an error for every document that is stale, with what would happen to it: one for all of them, without any, where nothing
    /// was ever rendered.
    pub fn stale<'p>(&self, plan: &'p DocumentPlan) -> Vec<(Diagnostic, Option<&'p Step>)> {
        let stale: Vec<&Step> = plan.steps.iter().filter(|step| step.fate.is_stale() && step.fate != Fate::Refused).collect();
        if !stale.is_empty() && !self.has_rendered() && stale.iter().all(|step| step.fate == Fate::Create) {
            let message = format!("no document has been rendered yet; there is content for {}", count(stale.len(), "document"));
            return vec![(Diagnostic::placeless(Code::StaleDocument, message).help("`opsready render` writes them"), None)];
        }
        stale.into_iter().map(|step| (self.staleness(step), Some(step))).collect()
    }

    fn staleness(&self, step: &Step) -> Diagnostic {
        let path = self.path(&step.path).display().to_string();
        let differ = || {
            let lines = step.lines_that_differ();
            format!("{} {}", count(lines, "line"), if lines == 1 { "differs" } else { "differ" })
        };
        let (message, help) = match step.fate {
            Fate::Create => ("this document is not there yet".to_owned(), "`opsready render` writes it".to_owned()),
            Fate::Withdraw => ("there is no content for this document any more".to_owned(), "`opsready render` takes it away".to_owned()),
            Fate::Conflict => (
                format!("this document is stale, and lines that you edited have something new to say: {}", differ()),
                "`opsready render` puts both between markers; keep your lines, the rendered ones or both, and render again".to_owned(),
            ),
            Fate::Merge => (
                format!("this document is stale: {}", differ()),
                "`opsready render` writes what is new and keeps what you edited".to_owned(),
            ),
            Fate::NoRecord => (
                format!("this document is not what is rendered, and nobody knows what was rendered last: {}", differ()),
                format!("`opsready render --reset {}` takes the rendering, and keeps what stands there in .opsready/backup", step.path),
            ),
            _ => (format!("this document is stale: {}", differ()), "`opsready render` writes it".to_owned()),
        };
        let source = Source::new(path, step.current.as_deref().unwrap_or_default());
        Diagnostic::error(Code::StaleDocument, Location::new(&source, step.first_difference()), message).help(help)
    }
}
