//! Copies in the Markdown of GitHub, GitLab, mdBook, and of an editor.
//!
//! What people wrote is not written anew: only the places that the target reads otherwise are replaced.

use super::page::{Heading, MARKDOWN, Page, encoded, is_break, without_comments, without_tags};
use super::{Book, Format};
use crate::document::escape::inline;
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd};
use std::ops::Range;

/// What stands instead of a part of the text.
type Edit = (Range<usize>, String);

/// Returns a page as the target reads it.
pub(super) fn page(book: &Book<'_>, page: &Page<'_>, charts: &mut usize) -> String {
    let text = page.text;
    let is_plain = book.is(Format::Plain);
    let mut edits: Vec<Edit> = Vec::new();
    let mut links: Vec<Open> = Vec::new();
    let (mut top, mut first_section, mut heading) = (None, None, 0);
    let parser = Parser::new_ext(text, MARKDOWN);
    let definitions: Vec<Range<usize>> = parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    edits.extend(definitions.into_iter().map(|span| (whole_lines(text, span), String::new())));
    for (event, range) in parser.into_offset_iter() {
        if let Some(link) = links.last_mut()
            && !matches!(event, Event::End(TagEnd::Link | TagEnd::Image))
        {
            link.end = Some(link.end.map_or(range.end, |end| end.max(range.end)));
        }
        match event {
            Event::Start(Tag::HtmlBlock) => edits.extend(html_block(text, range, is_plain)),
            Event::InlineHtml(html) if html.starts_with("<!--") => edits.push((range, String::new())),
            Event::InlineHtml(html) if is_plain => {
                edits.push((range.clone(), if is_break(&html) { joint(&text[..range.start]) } else { String::new() }));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, .. } | Tag::Image { link_type, dest_url, title, .. }) => {
                links.push(Open { link_type, address: dest_url.to_string(), title: title.to_string(), end: None });
            }
            Event::End(end @ (TagEnd::Link | TagEnd::Image)) => {
                let Some(link) = links.pop() else { continue };
                edits.extend(link.edits(book, page, range.clone(), end == TagEnd::Image));
                if let Some(outer) = links.last_mut() {
                    outer.end = Some(outer.end.map_or(range.end, |end| end.max(range.end)));
                }
            }
            Event::Start(Tag::BlockQuote(Some(kind))) if is_plain || book.is(Format::Mdbook) => edits.extend(alert(text, range, kind)),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_plain && is_chart(&info) => {
                *charts += 1;
                edits.push((whole_lines(text, range), String::new()));
            }
            Event::Text(shown) if is_plain && text[range.clone()].starts_with('&') && ["<", ">", "&"].contains(&&*shown) => {
                edits.push((range, format!("\\{shown}")));
            }
            Event::End(TagEnd::Heading(level)) => {
                if level == HeadingLevel::H1 && top.is_none() {
                    top = Some(range.end);
                }
                if let Some(found) = page.headings.get(heading) {
                    edits.extend(anchored(book, text, range, found));
                }
                heading += 1;
            }
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) if first_section.is_none() => first_section = Some(range.start),
            _ => {}
        }
    }
    if let Some(banner) = banner(book) {
        edits.push(match top {
            Some(top) => (top..top, format!("\n{banner}\n")),
            None => (0..0, format!("{banner}\n\n")),
        });
    }
    if let (Some(at), Some(contents)) = (first_section, contents(book, page)) {
        edits.push((at..at, format!("{contents}\n\n")));
    }
    applied(text, edits)
}

/// Returns the edit that names the anchor of a heading where mdBook would make another: it leaves capital letters beyond ASCII as they are.
fn anchored(book: &Book<'_>, text: &str, range: Range<usize>, heading: &Heading) -> Option<Edit> {
    let line = text[range.clone()].trim_end();
    let is_other = book.is(Format::Mdbook) && heading.text.chars().any(|c| c.is_uppercase() && !c.is_ascii());
    let end = range.start + line.len();
    (is_other && !line.contains('\n') && !line.ends_with('#')).then(|| (end..end, format!(" {{#{}}}", heading.target)))
}

/// Returns what stands below the title: how secret the copy is, and what is not in it.
fn banner(book: &Book<'_>) -> Option<String> {
    let banner = inline(&book.banner()?);
    Some(match book.request.format {
        Format::Github | Format::Gitlab => format!("> [!IMPORTANT]\n> {banner}"),
        _ => format!("> **{banner}**"),
    })
}

/// Returns the table of contents where the target makes none by itself.
fn contents(book: &Book<'_>, page: &Page<'_>) -> Option<String> {
    let sections: Vec<_> = page.headings.iter().filter(|heading| heading.level == 2).collect();
    if sections.len() < 2 {
        return None;
    }
    match book.request.format {
        Format::Gitlab => Some("[[_TOC_]]".to_owned()),
        Format::Plain => {
            let line = |heading: &&Heading| format!("- [{}](#{})", inline(&heading.text), encoded(&heading.target));
            Some(format!("Contents:\n\n{}", sections.iter().map(line).collect::<Vec<_>>().join("\n")))
        }
        _ => None,
    }
}

pub(super) fn is_chart(info: &str) -> bool {
    info.split([' ', ',', '{']).next().is_some_and(|word| word.eq_ignore_ascii_case("mermaid"))
}

/// Returns what stands between two lines that somebody broke, where nothing can break them.
fn joint(before: &str) -> String {
    if before.trim_end().ends_with(['.', '!', '?', ':', ';', ',']) { " ".to_owned() } else { "; ".to_owned() }
}

/// A link that has begun.
#[derive(Debug)]
struct Open {
    link_type: LinkType,
    address: String,
    title: String,
    /// Where its text ends.
    end: Option<usize>,
}

impl Open {
    fn edits(self, book: &Book<'_>, page: &Page<'_>, range: Range<usize>, is_image: bool) -> Vec<Edit> {
        if matches!(self.link_type, LinkType::Autolink | LinkType::Email) {
            return Vec::new();
        }
        let address = book.address(page, &self.address);
        let is_reference = !matches!(self.link_type, LinkType::Inline);
        if address.as_deref() == Some(self.address.as_str()) && !is_reference {
            return Vec::new();
        }
        let begin = range.start + if is_image { 2 } else { 1 };
        let end = self.end.unwrap_or(begin);
        match address {
            Some(address) => {
                let title = if self.title.is_empty() { String::new() } else { format!(" \"{}\"", self.title.replace('"', "\\\"")) };
                let address = if is_reference { address.replace(' ', "%20").replace(['(', ')'], "") } else { address };
                vec![(end..range.end, format!("]({address}{title})"))]
            }
            None => vec![(range.start..begin, String::new()), (end..range.end, String::new())],
        }
    }
}

/// Returns the edit of a block of HTML: its comments go, and its tags where there is to be no HTML.
fn html_block(text: &str, range: Range<usize>, is_plain: bool) -> Option<Edit> {
    let html = &text[range.clone()];
    let kept = if is_plain { without_tags(html) } else { without_comments(html) };
    if kept == html {
        return None;
    }
    if kept.trim().is_empty() {
        return Some((whole_lines(text, range), String::new()));
    }
    Some((range, kept))
}

/// Returns the edit that names the kind of an alert in words.
fn alert(text: &str, range: Range<usize>, kind: BlockQuoteKind) -> Option<Edit> {
    let start = range.start + text[range.clone()].find("[!")?;
    let end = start + text[start..range.end].find(']')? + 1;
    Some((start..end, format!("**{}:**", alert_word(kind))))
}

pub(super) fn alert_word(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    }
}

/// Returns the lines that a block fills, with the blank line behind it.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    if !text[start..range.start].trim().is_empty() {
        // What it stands in has marks on this line: they stay, and the end of the line with them.
        return range.start..range.start + text[range].trim_end().len();
    }
    let mut end = range.end;
    if !text[..end].ends_with('\n') {
        end += text[end..].find('\n').filter(|newline| text[end..end + newline].trim().is_empty()).map_or(0, |newline| newline + 1);
    }
    let is_free = text[..start].is_empty() || text[..start].ends_with("\n\n") || text[..start].ends_with("\r\n\r\n");
    let blank = text[end..].find('\n').filter(|newline| is_free && text[end..end + newline].trim().is_empty());
    start..blank.map_or(end, |newline| end + newline + 1)
}

/// Returns a text with its edits made; one within another is left out.
fn applied(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut result = String::with_capacity(text.len() + 200);
    let mut at = 0;
    for (range, instead) in edits {
        if range.start < at {
            continue;
        }
        result.push_str(&text[at..range.start]);
        result.push_str(&instead);
        at = range.end;
    }
    result.push_str(&text[at..]);
    let end = result.trim_end().len();
    result.truncate(end);
    result.push('\n');
    result
}

#[cfg(test)]
mod tests {
    use super::whole_lines;

    #[test]
    fn what_is_taken_out_leaves_the_marks_around_it() {
        assert_eq!(whole_lines("a\n\n<!-- b -->\n\nc", 3..14), 3..15);
        assert_eq!(whole_lines("a\n<!-- b -->\n\nc", 2..13), 2..13);
        assert_eq!(whole_lines("> <!-- b -->\n> c", 2..13), 2..12);
    }
}
