//! Links between documents: none to a document that is not there, none that leads nowhere.

use super::Document;
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Returns the anchor that viewers give to a heading: lower case, punctuation gone, spaces as hyphens.
pub fn anchor(heading: &str) -> String {
    let lower = heading.to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Returns how Markdown is read here: as GitHub reads it.
fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM
}

/// A link within a text.
struct Found {
    range: Range<usize>,
    address: String,
}

fn links(text: &str) -> Vec<Found> {
    let parser = Parser::new_ext(text, options()).into_offset_iter();
    let link = |(event, range): (Event<'_>, Range<usize>)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(Found { range, address: dest_url.into_string() }),
        _ => None,
    };
    parser.filter_map(link).collect()
}

/// Returns the file that an address in a document leads to, from the workspace, and the anchor in it; nothing for an address
/// outside the workspace.
fn target(document: &str, address: &str) -> Option<(String, Option<String>)> {
    let is_elsewhere = address.starts_with(['/', '\\']) || address.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if is_elsewhere || address.is_empty() {
        return None;
    }
    let (file, anchor) = address.split_once('#').map_or((address, None), |(file, anchor)| (file, Some(decoded(anchor))));
    let file = decoded(file.split('?').next().unwrap_or_default());
    if file.is_empty() {
        return Some((document.to_owned(), anchor));
    }
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), anchor))
}

/// Returns an address with its `%20` and the like as the characters that they stand for.
fn decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok()).and_then(|code| u8::from_str_radix(code, 16).ok());
        let decoded = code.filter(|_| *first == b'%');
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| address.to_owned())
}

/// Makes plain text of links to documents that are not there.
pub fn unlink(documents: &mut [Document], is_absent: impl Fn(&str) -> bool) {
    let leads_nowhere = |path: &str, address: &str| target(path, address).is_some_and(|(file, _)| is_absent(&file));
    for document in documents {
        // Most documents link only to what is there, and need not be parsed to see that.
        let mut addresses = document.text.split("](").skip(1).filter_map(|rest| rest.split([')', '\n', ' ']).next());
        if !addresses.any(|address| leads_nowhere(&document.path, address)) {
            continue;
        }
        for link in links(&document.text).into_iter().rev() {
            let written = &document.text[link.range.clone()];
            let words = written.strip_prefix('[').and_then(|rest| Some(&rest[..rest.rfind("](")?]));
            if let Some(words) = words.map(str::to_owned).filter(|_| leads_nowhere(&document.path, &link.address)) {
                document.text.replace_range(link.range, &words);
            }
        }
    }
}

/// Returns the anchors of a document: its headings as GitHub numbers them, and what HTML in it names.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, options()) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let own = anchor(&heading.take().unwrap_or_default());
                let before = times.entry(own.clone()).or_default();
                found.insert(if *before == 0 { own } else { format!("{own}-{before}") });
                *before += 1;
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                for name in ["id=\"", "name=\""] {
                    found.extend(html.split(name).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
                }
            }
            _ => {}
        }
    }
    found
}

/// Finds the links in documents that lead to no file of the workspace, or to no heading of a document. `exists` is asked for
/// paths that are no documents.
pub fn dangling(documents: &[Arc<Source>], paths: &[String], exists: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut faults = Vec::new();
    for (source, path) in documents.iter().zip(paths) {
        for link in links(&source.text) {
            let Some((file, wanted)) = target(path, &link.address) else { continue };
            let at = paths.iter().position(|other| *other == file);
            let message = match (at, wanted) {
                (None, _) if exists(&file) => continue,
                (None, _) => format!("the link `{}` leads to no file: there is no `{file}`", link.address),
                (Some(_), None) => continue,
                (Some(at), Some(wanted)) => {
                    let anchors = known.entry(&paths[at]).or_insert_with(|| anchors(&documents[at].text));
                    if wanted.is_empty() || anchors.contains(&wanted) {
                        continue;
                    }
                    format!("the link `{}` leads to no heading of `{file}`", link.address)
                }
            };
            let location = Location::new(source, Span::new(link.range.start, link.range.end));
            let help = "correct the link, or take it away";
            faults.push(Diagnostic::error(Code::DanglingLink, location, message).help(help));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_where_a_browser_would_go() {
        let to = |address: &str| target("docs/backup/design.md", address);
        let file = |path: &str| Some((path.to_owned(), None));
        assert_eq!(to("../raci.md"), file("docs/raci.md"));
        assert_eq!(to("./a%20b.md?x=1"), file("docs/backup/a b.md"));
        assert_eq!(to("#what-it-is"), Some(("docs/backup/design.md".to_owned(), Some("what-it-is".to_owned()))));
        assert_eq!(to("../../../outside.md"), None);
        assert_eq!(to("https://a.example/x"), None);
        assert_eq!(to("mailto:a@b.example"), None);
        assert_eq!(to("//a.example/x"), None);
    }

    #[test]
    fn a_link_to_what_is_not_there_becomes_its_words() {
        let text = "See [the \\[whole\\] register](gap-register.md#x) and [what `is`](README.md), not `[code](gap-register.md)`.\n";
        let mut documents = [Document { kind: "x", path: "docs/x.md".to_owned(), text: text.to_owned() }];
        unlink(&mut documents, |path| path == "docs/gap-register.md");
        assert_eq!(documents[0].text, "See the \\[whole\\] register and [what `is`](README.md), not `[code](gap-register.md)`.\n");
    }
}
