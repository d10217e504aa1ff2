//! Diagnostics as text: a snippet of the source with the place marked, or one line each.

use super::{Diagnostic, Severity, Source};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt::Write;

/// How much of a long line a snippet may show, in bytes on either side of the place.
const LONGEST_LINE: usize = 400;

/// Returns diagnostics as text with source snippets, in the given order, a blank line between them.
///
/// # Units
///
/// `width` is in columns; colours are escape sequences and only there when `colour` is true.
pub fn snippets(diagnostics: &[Diagnostic], width: usize, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(width.max(40));
    let mut text = String::new();
    for diagnostic in diagnostics {
        let _ = writeln!(text, "{}\n", one(diagnostic, &renderer));
    }
    text
}

fn one(diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(tame(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut group = title.elements(diagnostic.location.iter().map(|location| {
        let (text, line, range) = window(&location.source, location.span.range());
        Snippet::source(text).line_start(line).path(tame(&location.source.path)).annotation(AnnotationKind::Primary.span(range))
    }));
    if let Some((location, what)) = &diagnostic.related {
        let (text, line, range) = window(&location.source, location.span.range());
        group = group.element(
            Snippet::source(text)
                .line_start(line)
                .path(tame(&location.source.path))
                .annotation(AnnotationKind::Context.span(range).label(tame(what))),
        );
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(tame(help)));
    }
    let text = renderer.render(&[group]);
    // Without a place there is nothing for the bar to stand beside.
    if diagnostic.location.is_some() { text } else { text.lines().filter(|line| line.trim() != "|").collect::<Vec<_>>().join("\n") }
}

/// Returns the lines of a place (never a whole file), the number of the first, and the range within them.
fn window(source: &Source, range: std::ops::Range<usize>) -> (String, usize, std::ops::Range<usize>) {
    let text = source.text.as_str();
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(range.start);
    let (line, line_start) = source.line_of(start);
    let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    let line_end = if text[..line_end].ends_with('\r') { line_end - 1 } else { line_end };
    let from = floor(line_start.max(start.saturating_sub(LONGEST_LINE)));
    let to = floor(line_end.min(start + LONGEST_LINE)).max(start.min(line_end));
    let end = floor(range.end).clamp(start, to.max(start));
    let (start, end) = (start.min(to).max(from), end.min(to).max(from));
    (text[from..to].to_owned(), line, start - from..end - from)
}

/// Returns diagnostics one a line: `file:line:column: severity[code]: message (help)`.
pub fn lines(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        if let Some(location) = &diagnostic.location {
            let (line, column) = location.line_column();
            let _ = write!(text, "{}:{line}:{column}: ", tame(&location.source.path));
        }
        let word = severity_word(diagnostic.severity);
        let _ = write!(text, "{word}[{}]: {}", diagnostic.code, tame(&diagnostic.message));
        if let Some(help) = &diagnostic.help {
            let _ = write!(text, " ({})", tame(help));
        }
        text.push('\n');
    }
    text
}

/// Returns diagnostics as JSON values: `file`, `line`, `column`, `severity`, `code`, `message`, `help`.
pub fn json(diagnostics: &[Diagnostic]) -> Vec<serde_json::Value> {
    let one = |diagnostic: &Diagnostic| {
        let place = diagnostic.location.as_ref().map(|location| (location.source.path.clone(), location.line_column()));
        serde_json::json!({
            "file": place.as_ref().map(|(path, _)| path),
            "line": place.as_ref().map(|(_, (line, _))| line),
            "column": place.as_ref().map(|(_, (_, column))| column),
            "severity": severity_word(diagnostic.severity),
            "code": diagnostic.code.as_str(),
            "message": diagnostic.message,
            "help": diagnostic.help,
        })
    };
    diagnostics.iter().map(one).collect()
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Replaces control characters and those that turn the direction of the text around them, so that a hostile file cannot write to the
/// terminal, nor show something else than it holds.
pub fn tame(text: &str) -> String {
    let is_hostile = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if is_hostile(c) { '\u{fffd}' } else { c }).collect()
}
