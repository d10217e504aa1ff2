//! What `opsready check` found, for people and for the pipelines of others.
//!
//! A [`Report`] holds every check with what breaks it; each module below writes it in one format. Paths in a report for a program are
//! relative to the root of the repository, with `/` between their parts.

pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod text;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::fingerprint::Fnv;
use crate::scoring::wording::count;
use crate::words;
use crate::yaml::record::Date;
use std::collections::BTreeMap;
use std::path::{Component, Path};

words! {
    /// What a check is about.
    pub enum Area {
        /// The kit.
        Kit = "kit",
        /// What the customer wrote: the assessment, answers, plan and registers.
        Answers = "answers",
        /// What was rendered.
        Documents = "documents",
        /// What a pipeline demands.
        Policy = "policy",
    }
}

impl Area {
    /// Returns the name as a heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Kit => "Kit",
            Self::Answers => "Answers",
            Self::Documents => "Documents",
            Self::Policy => "Policy",
        }
    }
}

words! {
    /// How a check went.
    pub enum State {
        /// It holds.
        Passed = "passed",
        /// It does not.
        Failed = "failed",
        /// Nobody knows, since what it needs is wrong.
        NotRun = "not-run",
    }
}

/// Something that a check found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What is wrong, where, and what to do.
    pub diagnostic: Diagnostic,
    /// What it is about, where that says more than its place: it stays the same while numbers and lines change.
    pub subject: Option<String>,
}

impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, subject: None }
    }
}

/// One check.
#[derive(Clone, Debug)]
pub struct Check {
    /// The name, which never changes.
    pub id: &'static str,
    /// What it is about.
    pub area: Area,
    /// What holds where it passes, in a sentence without a full stop.
    pub title: &'static str,
    /// How it went.
    pub state: State,
    /// What is so, with the numbers.
    pub finding: String,
    /// What it found. A check that passed may have warnings.
    pub findings: Vec<Finding>,
}

impl Check {
    /// Returns true if it found an error.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.diagnostic.is_error())
    }
}

/// What a document would become.
#[derive(Clone, Debug)]
pub struct Drift {
    /// The document, as a path in the workspace.
    pub path: String,
    /// What would happen to it.
    pub fate: &'static str,
    /// The unified difference.
    pub difference: String,
}

/// Everything that was checked.
#[derive(Clone, Debug)]
pub struct Report {
    /// The id and version of the kit, where it could be read.
    pub kit: Option<(String, String)>,
    /// The day against which days were held.
    pub today: Date,
    /// The checks, in the order of their areas.
    pub checks: Vec<Check>,
    /// The documents that are stale.
    pub drift: Vec<Drift>,
    /// What is worth knowing and breaks nothing.
    pub notes: Vec<String>,
    /// The exit code that it means.
    pub exit: u8,
    /// How paths are told.
    pub paths: Paths,
}

/// From paths as the user would type them to those from the root of the repository.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// The folder of the workspace as it was typed.
    pub workspace: String,
    /// The workspace as seen from the root of the repository; empty if it is that root.
    pub below: String,
}

impl Paths {
    /// Returns the path of a file from the root of the repository.
    pub fn of(&self, typed: &str) -> String {
        let path = Path::new(typed);
        let path = if self.workspace.is_empty() { path } else { path.strip_prefix(&self.workspace).unwrap_or(path) };
        self.below(path)
    }

    /// Returns the same for a path in the workspace.
    fn below(&self, path: &Path) -> String {
        let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
        let parts: Vec<String> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let path = parts.join("/");
        if self.below.is_empty() { path } else { format!("{}/{path}", self.below) }
    }
}

/// A finding with everything that the formats for programs need.
struct Row<'r> {
    check: &'r Check,
    code: Code,
    severity: Severity,
    message: String,
    help: Option<&'r str>,
    /// The file, from the root of the repository.
    file: String,
    /// Line, column, and those behind the last character; nothing where no place in the file is meant.
    region: Option<Region>,
    /// Stays the same while lines move.
    fingerprint: String,
}

/// A stretch of a file, counted from 1, its end behind its last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Region {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

impl Report {
    /// Returns how many checks are in a state.
    pub fn count(&self, state: State) -> usize {
        self.checks.iter().filter(|check| check.state == state).count()
    }

    /// Returns the summary: "12 checks: 10 passed, 2 failed".
    pub fn summary(&self) -> String {
        let counted = [(State::Passed, "passed"), (State::Failed, "failed"), (State::NotRun, "not run")];
        let parts = counted.into_iter().map(|(state, word)| (self.count(state), word)).filter(|(number, _)| *number > 0);
        let parts: Vec<String> = parts.map(|(number, word)| format!("{number} {word}")).collect();
        let warnings = self.findings().filter(|(_, finding)| !finding.diagnostic.is_error()).count();
        let warnings = if warnings > 0 { format!("; {}", count(warnings, "warning")) } else { String::new() };
        format!("{}: {}{warnings}", count(self.checks.len(), "check"), parts.join(", "))
    }

    /// Goes through all findings with their checks.
    fn findings(&self) -> impl Iterator<Item = (&Check, &Finding)> {
        self.checks.iter().flat_map(|check| check.findings.iter().map(move |finding| (check, finding)))
    }

    /// Returns the findings as the formats for programs have them.
    fn rows(&self) -> Vec<Row<'_>> {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        for (check, finding) in self.findings() {
            let mut row = self.row(check, finding);
            let time = times.entry(row.fingerprint.clone()).or_default();
            *time += 1;
            row.fingerprint = format!("{}:{time}", row.fingerprint);
            rows.push(row);
        }
        rows
    }

    fn row<'r>(&self, check: &'r Check, finding: &'r Finding) -> Row<'r> {
        let diagnostic = &finding.diagnostic;
        let place = diagnostic.location.as_ref();
        // Who shows findings beside files wants a file: a finding about the whole is shown at the head of the assessment.
        let file = place.map_or_else(|| self.paths.below(Path::new("opsready.yaml")), |place| self.paths.of(&place.source.path));
        let region = place.map(|place| {
            let (line, column) = place.line_column();
            let (end_line, end_column) = place.source.line_column(place.span.end);
            Region { line, column, end_line, end_column }
        });
        let subject = finding.subject.clone().unwrap_or_else(|| {
            let written = place.map(|place| place.source.written(place.span)).unwrap_or_default();
            format!("{} {written}", without_numbers(&diagnostic.message))
        });
        Row {
            check,
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: sentence(&diagnostic.message),
            help: diagnostic.help.as_deref(),
            fingerprint: fingerprint(&[diagnostic.code.as_str(), &file, &subject]),
            file,
            region,
        }
    }
}

/// Returns a message as a sentence of its own, for readers who see it without the rest.
fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}", characters.as_str())
}

/// Returns text with a mark in the place of each number.
fn without_numbers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_ascii_digit() {
            plain.push(c);
        } else if !plain.ends_with('#') {
            plain.push('#');
        }
    }
    plain
}

/// Returns 16 hexadecimal digits that stand for some texts on every machine and in every version.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Fnv::default();
    hash.add(parts.iter().flat_map(|part| part.bytes().chain([0])));
    hash.digits()
}

/// The name of the check that documents are what is rendered.
pub const FRESH: &str = "documents-fresh";
