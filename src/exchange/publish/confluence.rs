//! Copies in the storage format of Confluence.
//!
//! # Source
//!
//! Atlassian, *Confluence Storage Format* (Data Center 9.1): XHTML with macros in the namespaces `ac` and `ri`. Links between pages go by
//! title; anchors are macros that are written where something links to; the bodies of code are CDATA.

use super::Book;
use super::markdown::is_chart;
use super::page::{Destination, MARKDOWN, Page, depth, is_break, without_tags};
use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};
use std::collections::HashMap;
use std::fmt::Write;

/// Returns a page in the storage format.
pub(super) fn page(book: &Book<'_>, page: &Page<'_>) -> String {
    let mut writer = Writer {
        book,
        page,
        out: String::new(),
        heading: 0,
        alignments: Vec::new(),
        column: 0,
        is_head: false,
        notes: HashMap::new(),
        held: Vec::new(),
    };
    if let Some(banner) = book.banner() {
        let _ = writeln!(writer.out, "{}<p><strong>{}</strong></p>{END_PANEL}", panel("info"), xml(&banner));
    }
    for event in Parser::new_ext(page.text, MARKDOWN) {
        writer.event(event);
    }
    let mut text = writer.out;
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

const END_PANEL: &str = "</ac:rich-text-body></ac:structured-macro>";

fn panel(name: &str) -> String {
    format!("<ac:structured-macro ac:name=\"{name}\"><ac:rich-text-body>")
}

struct Writer<'w> {
    book: &'w Book<'w>,
    page: &'w Page<'w>,
    out: String,
    /// How many headings have begun.
    heading: usize,
    alignments: Vec<Alignment>,
    column: usize,
    /// True in the first row of a table.
    is_head: bool,
    /// The numbers of footnotes.
    notes: HashMap<String, usize>,
    /// What waits for the end of what it stands in.
    held: Vec<Held>,
}

/// What waits for the end of what it stands in.
enum Held {
    /// The text up to there, and what follows at the end.
    Plain { end: String },
    /// A block of code, and its language; its text is collected from here on.
    Code { from: usize, language: String, is_chart: bool },
    /// A block of HTML.
    Html { from: usize },
    /// An image: its words are collected from here on.
    Image { from: usize, address: String },
    /// The first heading, which is the title of the page.
    Title { from: usize },
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(text) => {
                let is_raw = matches!(self.held.last(), Some(Held::Code { .. } | Held::Html { .. } | Held::Image { .. }));
                self.out.push_str(&if is_raw { text.to_string() } else { xml(&text) });
            }
            Event::Code(code) => drop(write!(self.out, "<code>{}</code>", xml(&code))),
            Event::Html(html) => self.out.push_str(&html),
            Event::InlineHtml(html) if is_break(&html) => self.out.push_str("<br/>"),
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br/>"),
            Event::Rule => self.out.push_str("<hr/>\n"),
            Event::TaskListMarker(done) => self.out.push_str(if done { "☑ " } else { "☐ " }),
            Event::FootnoteReference(name) => {
                let number = self.note(&name);
                let _ = write!(self.out, "<sup>{number}</sup>");
            }
            _ => {}
        }
    }

    fn note(&mut self, name: &str) -> usize {
        let next = self.notes.len() + 1;
        *self.notes.entry(name.to_owned()).or_insert(next)
    }

    fn open(&mut self, start: &str, end: &str) {
        self.out.push_str(start);
        self.held.push(Held::Plain { end: end.to_owned() });
    }

    fn start(&mut self, tag: Tag<'_>) {
        let from = self.out.len();
        match tag {
            Tag::Paragraph => self.open("<p>", "</p>\n"),
            Tag::Heading { level, .. } => self.heading(depth(level)),
            Tag::BlockQuote(None) => self.open("<blockquote>", "</blockquote>\n"),
            Tag::BlockQuote(Some(kind)) => {
                let name = match kind {
                    BlockQuoteKind::Note => "info",
                    BlockQuoteKind::Tip => "tip",
                    BlockQuoteKind::Important => "note",
                    BlockQuoteKind::Warning | BlockQuoteKind::Caution => "warning",
                };
                self.open(&panel(name), &format!("{END_PANEL}\n"));
            }
            Tag::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                let language = info.split([' ', ',', '{']).next().unwrap_or_default().to_lowercase();
                self.held.push(Held::Code { from, language, is_chart: is_chart(&info) });
            }
            Tag::HtmlBlock => self.held.push(Held::Html { from }),
            Tag::List(None) => self.open("<ul>\n", "</ul>\n"),
            Tag::List(Some(1)) => self.open("<ol>\n", "</ol>\n"),
            Tag::List(Some(start)) => self.open(&format!("<ol start=\"{start}\">\n"), "</ol>\n"),
            Tag::Item => self.open("<li>", "</li>\n"),
            Tag::FootnoteDefinition(name) => {
                let number = self.note(&name);
                self.open(&format!("<p><sup>{number}</sup></p>"), "");
            }
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.open("<table><tbody>\n", "</tbody></table>\n");
            }
            Tag::TableHead => {
                (self.column, self.is_head) = (0, true);
                self.open("<tr>", "</tr>\n");
            }
            Tag::TableRow => {
                (self.column, self.is_head) = (0, false);
                self.open("<tr>", "</tr>\n");
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => self.open("<em>", "</em>"),
            Tag::Strong => self.open("<strong>", "</strong>"),
            Tag::Strikethrough => self.open("<span style=\"text-decoration: line-through;\">", "</span>"),
            Tag::Link { link_type, dest_url, .. } => self.link(link_type, &dest_url),
            Tag::Image { dest_url, .. } => self.held.push(Held::Image { from, address: dest_url.to_string() }),
            _ => self.open("", ""),
        }
    }

    fn heading(&mut self, level: usize) {
        let index = self.heading;
        self.heading += 1;
        if index == 0 && level == 1 {
            // Confluence shows the title of the page above it.
            self.held.push(Held::Title { from: self.out.len() });
            return;
        }
        let first = self.page.headings.iter().position(|heading| heading.level == 2);
        if first == Some(index) && self.held.is_empty() && self.page.headings.len() > 3 {
            self.out.push_str(
                "<ac:structured-macro ac:name=\"toc\"><ac:parameter ac:name=\"maxLevel\">3</ac:parameter></ac:structured-macro>\n",
            );
        }
        let anchor = self.page.headings.get(index).map(|heading| xml(&heading.target)).unwrap_or_default();
        let start = format!(
            "<h{level}><ac:structured-macro ac:name=\"anchor\"><ac:parameter ac:name=\"\">{anchor}</ac:parameter></ac:structured-macro>"
        );
        self.open(&start, &format!("</h{level}>\n"));
    }

    fn cell(&mut self) {
        let name = if self.is_head { "th" } else { "td" };
        let style = match self.alignments.get(self.column) {
            Some(Alignment::Right) => " style=\"text-align: right;\"",
            Some(Alignment::Center) => " style=\"text-align: center;\"",
            _ => "",
        };
        self.column += 1;
        self.open(&format!("<{name}{style}>"), &format!("</{name}>"));
    }

    fn link(&mut self, link_type: LinkType, address: &str) {
        if link_type == LinkType::Email {
            return self.open(&format!("<a href=\"mailto:{}\">", xml(address)), "</a>");
        }
        let body = "<ac:link-body>";
        let end = "</ac:link-body></ac:link>";
        match self.book.destination(self.page, address) {
            Destination::Unchanged => self.open(&format!("<a href=\"{}\">", xml(address)), "</a>"),
            Destination::Nowhere => self.open("", ""),
            Destination::File(path) => {
                let name = path.rsplit('/').next().unwrap_or_default();
                let start = format!("<ac:link><ri:attachment ri:filename=\"{}\"/>{body}", xml(name));
                self.open(&start, end);
            }
            Destination::Page(target, anchor) => {
                let anchor = anchor.map(|anchor| format!(" ac:anchor=\"{}\"", xml(&anchor))).unwrap_or_default();
                let title = self.book.pages.iter().find(|page| page.target == target).map(|page| xml(&page.title)).unwrap_or_default();
                let page = if target == self.page.target { String::new() } else { format!("<ri:page ri:content-title=\"{title}\"/>") };
                let start = format!("<ac:link{anchor}>{page}{body}");
                self.open(&start, end);
            }
        }
    }

    fn end(&mut self, end: TagEnd) {
        let Some(held) = self.held.pop() else { return };
        match held {
            Held::Plain { end } => self.out.push_str(&end),
            Held::Title { from } => self.out.truncate(from),
            Held::Code { from, language, is_chart } => {
                let code = self.out.split_off(from);
                let title = if is_chart {
                    "<ac:parameter ac:name=\"title\">Chart (Mermaid)</ac:parameter><ac:parameter ac:name=\"collapse\">true</ac:parameter>"
                } else {
                    ""
                };
                let language = of_confluence(&language)
                    .map(|name| format!("<ac:parameter ac:name=\"language\">{name}</ac:parameter>"))
                    .unwrap_or_default();
                let body = cdata(code.trim_end_matches('\n'));
                let _ = writeln!(
                    self.out,
                    "<ac:structured-macro ac:name=\"code\">{language}{title}<ac:plain-text-body>{body}</ac:plain-text-body></ac:structured-macro>"
                );
            }
            Held::Html { from } => {
                let html = self.out.split_off(from);
                let text = without_tags(&html);
                if !text.trim().is_empty() {
                    let _ = writeln!(self.out, "<p>{}</p>", xml(text.trim()));
                }
            }
            Held::Image { from, address } => {
                let words = self.out.split_off(from);
                let alternative = xml(&without_tags(&words));
                match self.book.destination(self.page, &address) {
                    Destination::Unchanged => {
                        let _ = write!(self.out, "<ac:image ac:alt=\"{alternative}\"><ri:url ri:value=\"{}\"/></ac:image>", xml(&address));
                    }
                    Destination::File(path) => {
                        let name = xml(path.rsplit('/').next().unwrap_or_default());
                        let _ = write!(self.out, "<ac:image ac:alt=\"{alternative}\"><ri:attachment ri:filename=\"{name}\"/></ac:image>");
                    }
                    _ => self.out.push_str(&alternative),
                }
            }
        }
        if end == TagEnd::Table {
            self.alignments.clear();
        }
    }
}

/// Returns the name by which Confluence knows a language; nothing for one that it does not colour.
fn of_confluence(language: &str) -> Option<&'static str> {
    Some(match language {
        "sh" | "bash" | "shell" | "console" => "bash",
        "yaml" | "yml" => "yml",
        "json" | "js" | "javascript" => "js",
        "python" | "py" => "py",
        "sql" => "sql",
        "xml" | "html" => "xml",
        "diff" => "diff",
        "powershell" | "ps1" => "powershell",
        "java" => "java",
        _ => return None,
    })
}

/// Returns text as the body of code: nothing in it is read.
fn cdata(text: &str) -> String {
    let text: String = text.chars().filter(|c| is_xml(*c)).collect();
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// Returns true for a character that XML allows.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Returns text for an element or an attribute.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_xml(*c)) {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
