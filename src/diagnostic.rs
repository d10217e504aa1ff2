//! Faults in a user's files: code, severity, place, message, help.
//!
//! A diagnostic is a value, not an error: readers collect all of them and go on, so that one bad file does not hide ten
//! others. Nothing here prints; [`render`] turns diagnostics into text, and only the command line shows it.

pub mod render;

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// One file as it was read: the path that messages show, and the text that places point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The path as the user would type it.
    pub path: String,
    /// The whole text, without a byte order mark.
    pub text: String,
    /// A file laid over this one: places behind the text of this one are in it.
    over: Option<Arc<Source>>,
    /// Where each line starts, once somebody asked for a line.
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// Returns a source for a path and its text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into(), over: None, lines: OnceLock::new() })
    }

    /// Returns a source with another laid over it: a place in the other counts from one byte behind the end of this one.
    pub fn overlaid(base: &Self, over: &Arc<Self>) -> Arc<Self> {
        Arc::new(Self { path: base.path.clone(), text: base.text.clone(), over: Some(Arc::clone(over)), lines: OnceLock::new() })
    }

    /// Returns the file that a place is in, and the place in it.
    fn resolve(self: &Arc<Self>, span: Span) -> (Arc<Self>, Span) {
        let behind = self.text.len() + 1;
        match &self.over {
            Some(over) if span.start >= behind => (Arc::clone(over), Span::new(span.start - behind, span.end - behind)),
            _ => (Arc::clone(self), span),
        }
    }

    /// Returns the text at a place; nothing if there is none.
    pub fn written(self: &Arc<Self>, span: Span) -> String {
        let (source, span) = self.resolve(span);
        source.text.get(span.range()).unwrap_or_default().to_owned()
    }

    /// Returns the texts of the file and of what is laid over it.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.text.as_str()).chain(self.over.iter().map(|over| over.text.as_str()))
    }

    /// Returns the line and column of a byte offset, both counted from 1, the column in characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let (line, start) = self.line_of(offset);
        (line, self.text[start..offset].chars().count() + 1)
    }

    /// Returns the line that holds a byte offset, counted from 1, and the offset of its first byte.
    pub fn line_of(&self, offset: usize) -> (usize, usize) {
        let ends = || self.text.match_indices('\n').map(|(newline, _)| newline + 1);
        let starts = self.lines.get_or_init(|| std::iter::once(0).chain(ends()).collect());
        let line = starts.partition_point(|start| *start <= offset);
        (line, starts[line - 1])
    }
}

/// A range of bytes in a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// Returns the span from `start` up to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Returns the span as a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub source: Arc<Source>,
    /// Where in it.
    pub span: Span,
}

impl Location {
    /// Returns the place of `span` in `source`.
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        let (source, span) = source.resolve(span);
        Self { source, span }
    }

    /// Returns the line and column of the first byte, counted from 1.
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.span.start)
    }
}

/// How bad a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be used.
    Error,
    /// The file can be used; its owner should know.
    Warning,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal,)*) => {
        /// The kind of a fault: a lower-case phrase that names it and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])* $name,)* }

        impl Code {
            /// Every code, in the order of this list.
            pub const ALL: &[Code] = &[$(Code::$name,)*];

            /// Returns the phrase.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// Returns what is wrong, in a sentence: the documentation of the code.
            pub fn meaning(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc),*).trim(),)* }
            }
        }
    };
}

codes! {
    /// Bytes that are not UTF-8.
    NotUtf8 = "not-utf8",
    /// A file larger than any kit or answers file is.
    FileTooLarge = "file-too-large",
    /// A file without content.
    EmptyFile = "empty-file",
    /// Text that is no YAML.
    YamlSyntax = "yaml-syntax",
    /// A tab where YAML wants spaces.
    TabIndentation = "tab-indentation",
    /// Markers that git left behind in an unfinished merge.
    ConflictMarkers = "conflict-markers",
    /// Answers between which a merge could not decide.
    UnsettledConflict = "unsettled-conflict",
    /// Markers of a region of a document that are no pair.
    RegionMarkers = "region-markers",
    /// Anchors and aliases, which these files do without.
    AliasNotAllowed = "alias-not-allowed",
    /// Nesting deeper than any of these files needs.
    NestedTooDeep = "nested-too-deep",
    /// A key used twice in one mapping.
    DuplicateKey = "duplicate-key",
    /// A key that the format does not know.
    UnknownKey = "unknown-key",
    /// A key that must be there.
    MissingKey = "missing-key",
    /// A list where text belongs, and the like.
    WrongType = "wrong-type",
    /// A word that is not among those allowed.
    UnknownWord = "unknown-word",
    /// A number outside its limits, or not a number at all.
    BadNumber = "bad-number",
    /// A date that does not exist.
    BadDate = "bad-date",
    /// An id outside `[A-Za-z0-9][A-Za-z0-9._-]*`.
    BadId = "bad-id",
    /// A version that is not semantic.
    BadVersion = "bad-version",
    /// An id used twice.
    DuplicateId = "duplicate-id",
    /// A reference to something that is not there.
    UnknownReference = "unknown-reference",
    /// A file or folder that must be there.
    MissingFile = "missing-file",
    /// A file whose name differs from the id in it.
    FileNameDiffers = "file-name-differs",
    /// A condition that does not follow the grammar.
    BadCondition = "bad-condition",
    /// Things that require each other in a circle.
    Cycle = "cycle",
    /// A wave for a gap that what it requires, or its capacity, does not allow.
    ImpossiblePin = "impossible-pin",
    /// A question whose type and content do not fit.
    BadQuestion = "bad-question",
    /// A ladder on which a higher rung earns less.
    LadderFalls = "ladder-falls",
    /// Bands that do not cover the range of their question.
    BandsDoNotCover = "bands-do-not-cover",
    /// A choice that changes nothing.
    ChoiceWithoutEffect = "choice-without-effect",
    /// A practice that no answer credits.
    PracticeNeverCredited = "practice-never-credited",
    /// A level of the scale at which nothing is expected.
    LevelWithoutPractice = "level-without-practice",
    /// A practice that requires one of a higher level.
    RequiresHigherLevel = "requires-higher-level",
    /// A practice without a user story.
    PracticeWithoutStory = "practice-without-story",
    /// A practice without a reference.
    PracticeWithoutReference = "practice-without-reference",
    /// A link that is not well formed.
    BadLink = "bad-link",
    /// Markdown that would break the document around it.
    BadMarkdown = "bad-markdown",
    /// A link in a document that leads nowhere.
    DanglingLink = "dangling-link",
    /// Text that is there but says nothing.
    EmptyText = "empty-text",
    /// A scale, environment list or the like that cannot work.
    BadKit = "bad-kit",
    /// An answer that holds two things that exclude each other, or nothing.
    BadAnswer = "bad-answer",
    /// An answer for an environment that is out of scope.
    OutOfScope = "out-of-scope",
    /// A file that nothing reads.
    UnusedFile = "unused-file",
    /// A session whose agenda does not fill it.
    AgendaDoesNotFit = "agenda-does-not-fit",
    /// A template that does not parse, or asks for something that is not there.
    BadTemplate = "bad-template",
    /// A kit whose version is not the one that the workspace names.
    KitDiffers = "kit-differs",
    /// A milestone that is not as the program writes it.
    BadMilestone = "bad-milestone",
    /// A milestone that somebody changed after it was saved.
    MilestoneChanged = "milestone-changed",
    /// A document that is not what the answers, the kit and the templates make of it.
    StaleDocument = "stale-document",
    /// A capability that attains less than the policy asks for.
    LevelBelowPolicy = "level-below-policy",
    /// A question at high risk, where the policy allows fewer of them.
    TooManyHighRisks = "too-many-high-risks",
    /// A confirmed gap, where the policy allows fewer of them.
    TooManyGaps = "too-many-gaps",
    /// A gap, an open question or an entry of the RAID log that nobody owns.
    NoOwner = "no-owner",
    /// Evidence that is older than the policy allows, or has no date.
    OldEvidence = "old-evidence",
    /// A risk that was accepted until a day in the past.
    ExpiredAcceptance = "expired-acceptance",
    /// Something that was to be done by a day in the past.
    Overdue = "overdue",
    /// Fewer questions resolved than the policy asks for.
    CoverageBelowPolicy = "coverage-below-policy",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A fault in a user's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of fault it is.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: one lower-case sentence, the user's own words in backticks.
    pub message: String,
    /// Where it is; absent where a whole folder is meant.
    pub location: Option<Location>,
    /// A second place that the message speaks of, with what is there.
    pub related: Option<(Location, String)>,
    /// What to do next.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Returns an error at a place.
    pub fn error(code: Code, location: Location, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), location: Some(location), related: None, help: None }
    }

    /// Returns a warning at a place.
    pub fn warning(code: Code, location: Location, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, location, message) }
    }

    /// Returns an error that has no place in any file.
    pub fn placeless(code: Code, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), location: None, related: None, help: None }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do next, if there is something to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn related(mut self, location: Location, what: impl Into<String>) -> Self {
        self.related = Some((location, what.into()));
        self
    }

    /// Returns true for an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts diagnostics by file, place and code, and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)));
    diagnostics.dedup();
}

fn key(diagnostic: &Diagnostic) -> (&str, usize, Code, &str) {
    let (path, start) = match &diagnostic.location {
        Some(location) => (location.source.path.as_str(), location.span.start),
        None => ("", 0),
    };
    (path, start, diagnostic.code, &diagnostic.message)
}

/// Returns true if one of the diagnostics is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

/// Returns "did you mean `x`?" for the candidate nearest to a word, if one is near enough to be meant.
///
/// # Source
///
/// One slip of the keys, or a Jaro-Winkler similarity of at least 0.8, our own threshold: two slips in a word of six.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .map(|(similarity, candidate)| {
            let is_one_slip = strsim::osa_distance(word, candidate) == 1 && word.len() > 1;
            (if is_one_slip { similarity.max(0.95) } else { similarity }, candidate)
        })
        .filter(|(similarity, candidate)| *similarity >= 0.8 && *candidate != word)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let source = Source::new("a.yaml", "id: ä\nüß: x\n");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(source.text.find('x').expect("there is an x")), (2, 5));
    }

    #[test]
    fn a_slip_of_the_pen_is_suggested_and_another_word_is_not() {
        assert_eq!(did_you_mean("titel", ["title", "id"]).as_deref(), Some("did you mean `title`?"));
        assert_eq!(did_you_mean("colour", ["title", "id"]), None);
    }
}
