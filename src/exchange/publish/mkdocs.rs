//! Copies in the Markdown of `MkDocs`.
//!
//! Python-Markdown reads Markdown by rules of its own: four spaces where others take two, fewer characters that a backslash protects, no
//! strikethrough, no alerts. So the text is written anew, block by block.

use super::Book;
use super::markdown::{alert_word, is_chart};
use super::page::{MARKDOWN, Page, depth, is_break, without_comments};
use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::fmt::Write;

/// Returns a page as `MkDocs` reads it.
pub(super) fn page(book: &Book<'_>, page: &Page<'_>) -> String {
    let mut writer = Writer { book, page, events: Parser::new_ext(page.text, MARKDOWN) };
    let mut blocks = writer.blocks();
    if let Some(banner) = book.banner() {
        let at = usize::from(blocks.first().is_some_and(|block| block.text.starts_with("# ")));
        blocks
            .insert(at, Block { kind: Kind::Other, text: format!("{}\n\n    {}", titled("warning", "Classification"), escaped(&banner)) });
    }
    let title = crate::document::escape::yaml(&page.title);
    format!("---\ntitle: {title}\n---\n\n{}\n", joined(&blocks, false))
}

fn titled(kind: &str, title: &str) -> String {
    format!("!!! {kind} \"{title}\"")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Paragraph,
    List,
    Other,
}

/// A block without the margin of what it stands in.
#[derive(Debug)]
struct Block {
    kind: Kind,
    text: String,
}

/// Returns blocks one below the other; those of a tight list item stand close.
fn joined(blocks: &[Block], is_tight: bool) -> String {
    let mut text = String::new();
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            text.push_str(if is_tight && block.kind == Kind::List && blocks[index - 1].kind == Kind::Paragraph { "\n" } else { "\n\n" });
        }
        text.push_str(&block.text);
    }
    text
}

/// Returns lines with a margin; an empty one has none.
fn indented(text: &str, margin: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("{margin}{line}") }).collect();
    lines.join("\n")
}

struct Writer<'w> {
    book: &'w Book<'w>,
    page: &'w Page<'w>,
    events: Parser<'w>,
}

impl Writer<'_> {
    /// Reads blocks up to the end of what they stand in.
    fn blocks(&mut self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut line = String::new();
        while let Some(event) = self.events.next() {
            let is_inline = match &event {
                Event::End(_) => break,
                Event::Start(tag) => is_inline(tag),
                Event::Rule | Event::Html(_) => false,
                _ => true,
            };
            if is_inline {
                self.inline(event, &mut line, Place::Text);
                continue;
            }
            flush(&mut line, &mut blocks);
            let block = match event {
                Event::Start(tag) => self.block(tag),
                Event::Rule => Some((Kind::Other, "---".to_owned())),
                _ => None,
            };
            blocks.extend(block.map(|(kind, text)| Block { kind, text }));
        }
        flush(&mut line, &mut blocks);
        blocks
    }

    fn block(&mut self, tag: Tag<'_>) -> Option<(Kind, String)> {
        Some(match tag {
            Tag::Paragraph => (Kind::Paragraph, guarded(&self.line(Place::Text))),
            Tag::Heading { level, .. } => {
                let text = self.line(Place::Heading);
                (Kind::Other, format!("{} {}", "#".repeat(depth(level)), text.replace('\n', " ").trim()))
            }
            Tag::BlockQuote(kind) => {
                let text = joined(&self.blocks(), false);
                if let Some(kind) = kind {
                    (Kind::Other, format!("{}\n\n{}", titled(admonition(kind), alert_word(kind)), indented(&text, "    ")))
                } else {
                    let lines: Vec<String> = text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
                    (Kind::Other, lines.join("\n"))
                }
            }
            Tag::CodeBlock(kind) => (Kind::Other, self.code(&kind)),
            Tag::List(start) => (Kind::List, self.list(start)),
            Tag::Table(alignments) => (Kind::Other, self.table(&alignments)),
            Tag::HtmlBlock => {
                let mut html = String::new();
                for event in self.events.by_ref() {
                    match event {
                        Event::Html(part) | Event::Text(part) => html.push_str(&part),
                        Event::End(_) => break,
                        _ => {}
                    }
                }
                let kept = without_comments(&html);
                if kept.trim().is_empty() {
                    return None;
                }
                (Kind::Other, kept.trim().to_owned())
            }
            Tag::FootnoteDefinition(name) => {
                let text = joined(&self.blocks(), false);
                let rest = indented(&text, "    ");
                (Kind::Other, format!("[^{name}]: {}", rest.trim_start()))
            }
            _ => {
                let text = joined(&self.blocks(), false);
                if text.is_empty() {
                    return None;
                }
                (Kind::Other, text)
            }
        })
    }

    fn list(&mut self, start: Option<u64>) -> String {
        let mut number = start.unwrap_or(1);
        let mut items: Vec<(String, bool)> = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => {
                    let blocks = self.blocks();
                    // A tight item has its text without a paragraph; here both have one, and several make it loose.
                    let is_loose = blocks.iter().skip(1).any(|block| block.kind != Kind::List);
                    let text = joined(&blocks, !is_loose);
                    let mark = if start.is_some() { format!("{number}.") } else { "-".to_owned() };
                    number += 1;
                    let body = indented(&text, "    ");
                    items.push((format!("{mark:<3} {}", body.trim_start()).trim_end().to_owned(), is_loose));
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        let is_loose = items.iter().any(|(_, is_loose)| *is_loose);
        let texts: Vec<String> = items.into_iter().map(|(text, _)| text).collect();
        texts.join(if is_loose { "\n\n" } else { "\n" })
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>) -> String {
        let mut code = String::new();
        for event in self.events.by_ref() {
            match event {
                Event::Text(part) => code.push_str(&part),
                Event::End(_) => break,
                _ => {}
            }
        }
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default().to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let info: String = info.chars().filter(|c| c.is_alphanumeric() || "+-_#.".contains(*c)).collect();
        format!("{fence}{info}\n{}\n{fence}", code.trim_end_matches('\n'))
    }

    fn table(&mut self, alignments: &[Alignment]) -> String {
        let mut text = String::new();
        let mut cells: Vec<String> = Vec::new();
        let mut is_head = true;
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableCell) => cells.push(self.line(Place::Cell).replace('\n', " ").trim().to_owned()),
                Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                    let _ = writeln!(text, "| {} |", cells.join(" | "));
                    if std::mem::take(&mut is_head) {
                        let bars = alignments.iter().map(|alignment| match alignment {
                            Alignment::None => "---",
                            Alignment::Left => ":---",
                            Alignment::Center => ":---:",
                            Alignment::Right => "---:",
                        });
                        let _ = writeln!(text, "| {} |", bars.collect::<Vec<_>>().join(" | "));
                    }
                    cells.clear();
                }
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        text.trim_end().to_owned()
    }

    /// Reads text up to the end of what it stands in.
    fn line(&mut self, place: Place) -> String {
        let mut line = String::new();
        while let Some(event) = self.events.next() {
            if matches!(event, Event::End(_)) {
                break;
            }
            self.inline(event, &mut line, place);
        }
        line
    }

    fn inline(&mut self, event: Event<'_>, line: &mut String, place: Place) {
        match event {
            Event::Text(text) => {
                let text = escaped(&text);
                line.push_str(&if place == Place::Cell { text.replace('|', "\\|") } else { text });
            }
            Event::Code(code) => line.push_str(&code_span(&code)),
            Event::SoftBreak => line.push('\n'),
            Event::HardBreak => line.push_str(if place == Place::Text { "  \n" } else { "<br>" }),
            Event::InlineHtml(html) | Event::Html(html) => {
                if is_break(&html) {
                    line.push_str("<br>");
                } else if !html.starts_with("<!--") {
                    line.push_str(&html);
                }
            }
            Event::FootnoteReference(name) => drop(write!(line, "[^{name}]")),
            Event::TaskListMarker(done) => line.push_str(if done { "☑ " } else { "☐ " }),
            Event::Start(tag) => {
                let text = self.line(place);
                match tag {
                    Tag::Emphasis => drop(write!(line, "*{text}*")),
                    Tag::Strong => drop(write!(line, "**{text}**")),
                    Tag::Strikethrough => drop(write!(line, "<del>{text}</del>")),
                    Tag::Link { dest_url, title, link_type, .. } => {
                        use pulldown_cmark::LinkType::{Autolink, Email};
                        let to =
                            if link_type == Email { Some(format!("mailto:{dest_url}")) } else { self.book.address(self.page, &dest_url) };
                        match to {
                            Some(to) if link_type == Autolink || link_type == Email => {
                                let _ = write!(line, "<{}>", to.trim_start_matches("mailto:"));
                            }
                            Some(to) => drop(write!(line, "[{text}]({}{})", address(&to), title_of(&title))),
                            None => line.push_str(&text),
                        }
                    }
                    Tag::Image { dest_url, title, .. } => match self.book.address(self.page, &dest_url) {
                        Some(to) => drop(write!(line, "![{text}]({}{})", address(&to), title_of(&title))),
                        None => line.push_str(&text),
                    },
                    _ => line.push_str(&text),
                }
            }
            _ => {}
        }
    }
}

/// Where text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    Heading,
    Cell,
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. } | Tag::Superscript | Tag::Subscript
    )
}

fn flush(line: &mut String, blocks: &mut Vec<Block>) {
    let text = std::mem::take(line);
    if !text.trim().is_empty() {
        blocks.push(Block { kind: Kind::Paragraph, text: guarded(&text) });
    }
}

fn admonition(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "danger",
    }
}

/// Returns text in which Python-Markdown reads nothing.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let chars: Vec<char> = text.chars().collect();
    for (index, c) in chars.iter().enumerate() {
        let is_letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
        match c {
            '\\' | '`' | '*' | '[' | ']' | '#' | '{' | '}' => {
                escaped.push('\\');
                escaped.push(*c);
            }
            '_' if !(is_letter(index.checked_sub(1)) && is_letter(Some(index + 1))) => escaped.push_str("\\_"),
            '!' if chars.get(index + 1) == Some(&'[') => escaped.push_str("\\!"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            c => escaped.push(*c),
        }
    }
    escaped
}

/// Returns a paragraph no line of which begins a block.
fn guarded(text: &str) -> String {
    let line = |line: &str| {
        // Two spaces at the end are a break that is meant.
        let line = line.trim_start();
        let first = line.split_whitespace().next().unwrap_or_default();
        let digits = first.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number = digits.len() < first.len() && digits.starts_with('.');
        let is_mark = !first.is_empty() && first.chars().all(|c| "-+=:~".contains(c));
        let is_other = ["!!!", "???", "===", "---", ":::", "~~~"].iter().any(|mark| line.starts_with(mark)) || line.starts_with('|');
        if is_number {
            let at = first.len() - digits.len();
            return format!("{}\\{}", &line[..at], &line[at..]);
        }
        match line.chars().next() {
            Some(c) if is_mark || is_other => format!("&#{};{}", u32::from(c), &line[c.len_utf8()..]),
            _ => line.to_owned(),
        }
    };
    text.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}

fn code_span(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if code.starts_with('`') || code.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{code}{space}{fence}")
}

/// Returns an address as it stands between brackets.
fn address(to: &str) -> String {
    let mut written = String::with_capacity(to.len());
    for c in to.chars() {
        match c {
            ' ' => written.push_str("%20"),
            '(' => written.push_str("%28"),
            ')' => written.push_str("%29"),
            '<' => written.push_str("%3C"),
            '>' => written.push_str("%3E"),
            '|' => written.push_str("%7C"),
            '`' => written.push_str("%60"),
            '"' => written.push_str("%22"),
            '*' => written.push_str("%2A"),
            '\\' => written.push_str("%5C"),
            c => written.push(c),
        }
    }
    written
}

fn title_of(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!(" \"{}\"", title.replace('"', "'").replace('\n', " ")) }
}

/// Returns true if a text has a chart.
pub(super) fn has_chart(text: &str) -> bool {
    Parser::new_ext(text, MARKDOWN)
        .any(|event| matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_chart(&info)))
}
