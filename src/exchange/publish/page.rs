//! A page: its title, its headings with their anchors, and where its links lead.

use super::{Book, File, Format, Request};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;
use std::ops::Range;

/// The document with which reading starts.
pub(super) const INDEX: &str = "README.md";

/// The Markdown that people write in documents: that of GitHub.
pub(super) const MARKDOWN: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_GFM);

/// A heading.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) level: usize,
    pub(super) text: String,
    /// How links in the documents name it.
    pub(super) source: String,
    /// How links in the copy name it.
    pub(super) target: String,
}

/// A document with what the others need to know of it.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) source: &'a str,
    pub(super) text: &'a str,
    pub(super) target: String,
    pub(super) title: String,
    pub(super) headings: Vec<Heading>,
}

/// Where a link leads in the copy.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination<'p> {
    /// Where it led.
    Unchanged,
    /// To a page, and a heading of it.
    Page(&'p str, Option<String>),
    /// To a file beside the pages.
    File(String),
    /// Nowhere: what it led to is not published, or not to be offered.
    Nowhere,
}

impl<'a> Page<'a> {
    pub(super) fn of(document: &'a File, request: &Request<'_>) -> Self {
        let format = request.format;
        let headings = headings(&document.text, format);
        let title = headings.iter().find(|heading| heading.level == 1).map_or_else(|| stem(&document.path), |heading| heading.text.clone());
        Self { source: &document.path, text: &document.text, target: target(&document.path, format), title, headings }
    }

    /// Returns the folder, without the last `/`; nothing for one that lies at the top.
    pub(super) fn folder(&self) -> Option<&'a str> {
        self.source.rsplit_once('/').map(|(folder, _)| folder)
    }
}

fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name).replace(['-', '_'], " ")
}

/// Returns the path of a page in the publication.
fn target(path: &str, format: Format) -> String {
    let renamed = || match path.strip_suffix(INDEX) {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("{folder}index.md"),
        _ => path.to_owned(),
    };
    match format {
        Format::Github | Format::Gitlab | Format::Plain => path.to_owned(),
        Format::Mkdocs => format!("docs/{}", renamed()),
        Format::Mdbook => format!("src/{}", renamed()),
        Format::Confluence => format!("{}.xml", path.strip_suffix(".md").unwrap_or(path)),
    }
}

/// Gives each page a title of its own, as a space of Confluence wants it.
pub(super) fn make_titles_unique(pages: &mut [Page<'_>]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for page in pages.iter() {
        *seen.entry(page.title.to_lowercase()).or_default() += 1;
    }
    for page in pages.iter_mut().filter(|page| seen.get(&page.title.to_lowercase()).is_some_and(|times| *times > 1)) {
        page.title = format!("{} ({})", page.title, page.source.strip_suffix(".md").unwrap_or(page.source));
    }
}

/// Reads the headings of a document.
fn headings(text: &str, format: Format) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let (mut sources, mut targets) = (Slugs::new(Format::Github), Slugs::new(format));
    for event in Parser::new_ext(text, MARKDOWN) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => open = Some((depth(level), String::new())),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, text)) = open.take() {
                    let text = text.trim().to_owned();
                    found.push(Heading { level, source: sources.of(&text), target: targets.of(&text), text });
                }
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some((_, text)) = &mut open {
                    text.push_str(&part);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, text)) = &mut open {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
    found
}

pub(super) fn depth(level: HeadingLevel) -> usize {
    level as usize
}

/// Makes the anchors of a page, each its own.
struct Slugs {
    format: Format,
    seen: BTreeMap<String, usize>,
}

impl Slugs {
    fn new(format: Format) -> Self {
        Self { format, seen: BTreeMap::new() }
    }

    fn of(&mut self, heading: &str) -> String {
        let slug = slug(heading, self.format);
        let joint = if self.format == Format::Mkdocs { '_' } else { '-' };
        let times = self.seen.get(&slug).copied().unwrap_or_default();
        let mut number = times;
        let mut own = if times == 0 { slug.clone() } else { format!("{slug}{joint}{number}") };
        // One that another heading has by its own words is taken.
        while times > 0 && self.seen.contains_key(&own) {
            number += 1;
            own = format!("{slug}{joint}{number}");
        }
        self.seen.insert(slug.clone(), number + 1);
        if own != slug {
            self.seen.insert(own.clone(), 1);
        }
        own
    }
}

/// Returns the anchor that a target gives to a heading.
///
/// # Source
///
/// GitHub and mdBook: lower case, everything gone but letters, digits, `-` and `_`, spaces as hyphens. GitLab: the same, with
/// one hyphen where there are several. `MkDocs`: `slugify_unicode` of Python-Markdown, which the `mkdocs.yml` written here names; hyphens and spaces
/// in a row are one hyphen. Plain: pandoc's `auto_identifiers`, which keeps full stops and begins with a letter. Confluence: an anchor macro that is written here.
fn slug(heading: &str, format: Format) -> String {
    let lower = heading.trim().to_lowercase();
    let is_kept = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || (format == Format::Plain && c == '.');
    let kept: String = lower.chars().filter(|c| is_kept(*c) || c.is_whitespace()).collect();
    let hyphened: String = kept.chars().map(|c| if c.is_whitespace() { '-' } else { c }).collect();
    match format {
        Format::Github | Format::Mdbook | Format::Confluence => hyphened,
        Format::Gitlab => single(&hyphened),
        Format::Mkdocs => single(&kept.trim().replace(char::is_whitespace, "-")),
        Format::Plain => {
            let words = kept.split_whitespace().collect::<Vec<_>>().join("-");
            let from_letter = words.trim_start_matches(|c: char| !c.is_alphabetic());
            if from_letter.is_empty() { "section".to_owned() } else { from_letter.to_owned() }
        }
    }
}

/// Returns a text with one hyphen where there are several.
fn single(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '-' || !kept.ends_with('-') {
            kept.push(c);
        }
    }
    kept
}

impl Book<'_> {
    /// Returns where a link on a page leads.
    pub(super) fn destination(&self, page: &Page<'_>, address: &str) -> Destination<'_> {
        if let Some((scheme, _)) = address.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
            let is_offered = ["http", "https", "mailto"].contains(&scheme.to_lowercase().as_str());
            return if is_offered { Destination::Unchanged } else { Destination::Nowhere };
        }
        if address.starts_with(['/', '\\']) {
            return Destination::Nowhere;
        }
        let (path, anchor) = address.split_once('#').map_or((address, None), |(path, anchor)| (path, Some(anchor)));
        let path = decoded(path);
        let path = path.split('?').next().unwrap_or_default();
        let Some(path) = (if path.is_empty() { Some(page.source.to_owned()) } else { joined(page.folder(), path) }) else {
            return Destination::Nowhere;
        };
        let in_folder = if path.is_empty() { INDEX.to_owned() } else { format!("{path}/{INDEX}") };
        if let Some(found) = self.pages.iter().find(|other| other.source == path || other.source == in_folder) {
            let anchor = anchor.filter(|anchor| !anchor.is_empty()).map(decoded);
            let own = |anchor: String| {
                let heading = found.headings.iter().find(|heading| heading.source == anchor);
                heading.map_or(anchor, |heading| heading.target.clone())
            };
            return Destination::Page(&found.target, anchor.map(own));
        }
        if self.request.attachments.contains(&path) {
            return Destination::File(self.target_of_attachment(&path));
        }
        Destination::Nowhere
    }

    /// Returns the address of a link from one page to something in the publication; nothing where it leads nowhere.
    pub(super) fn address(&self, page: &Page<'_>, address: &str) -> Option<String> {
        match self.destination(page, address) {
            Destination::Unchanged => Some(address.to_owned()),
            Destination::Nowhere => None,
            Destination::File(path) => Some(encoded(&relative(&page.target, &path))),
            Destination::Page(target, anchor) => {
                let path = if target == page.target { String::new() } else { encoded(&relative(&page.target, target)) };
                let anchor = anchor.map(|anchor| format!("#{}", encoded(&anchor))).unwrap_or_default();
                let address = format!("{path}{anchor}");
                Some(if address.is_empty() { encoded(&relative(&page.target, target)) } else { address })
            }
        }
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Returns a path seen from a folder, without `.` and `..`; nothing if it leads out of the documents.
fn joined(folder: Option<&str>, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.into_iter().flat_map(|folder| folder.split('/')).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns a path as a file sees it.
pub(super) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let (from, name) = (&from[..from.len() - 1], &to[..]);
    let shared = from.iter().zip(&name[..name.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - shared);
    format!("{up}{}", name[shared..].join("/"))
}

/// Returns an address without percent signs.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        plain.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8(plain).unwrap_or_else(|_| text.to_owned())
}

/// Returns an address with percent signs for what Markdown or a browser would read.
pub(super) fn encoded(text: &str) -> String {
    use std::fmt::Write;
    let mut address = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || " %()<>[]\\\"'`|#?*".contains(c) {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(address, "%{byte:02X}");
            }
        } else {
            address.push(c);
        }
    }
    address
}

/// Returns HTML without its comments.
pub(super) fn without_comments(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, behind)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = behind.split_once("-->").map_or("", |(_, rest)| rest);
    }
    kept.push_str(rest);
    kept
}

/// Returns HTML without its tags and comments: what is to be read in it.
pub(super) fn without_tags(html: &str) -> String {
    let mut kept = String::new();
    let mut in_tag = false;
    for c in without_comments(html).chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            c if !in_tag => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// Returns true for a break that somebody wrote as HTML.
pub(super) fn is_break(html: &str) -> bool {
    let name: String = html.chars().filter(|c| !c.is_whitespace()).collect();
    ["<br>", "<br/>"].contains(&name.to_lowercase().as_str())
}

/// Returns the line of a comment that is not closed.
pub(super) fn open_comment(text: &str) -> Option<usize> {
    Parser::new_ext(text, MARKDOWN).into_offset_iter().find_map(|(event, range): (_, Range<usize>)| {
        let Event::Start(Tag::HtmlBlock) = event else { return None };
        let html = &text[range.clone()];
        let opened = html.rfind("<!--")?;
        (!html[opened..].contains("-->")).then(|| text[..range.start + opened].matches('\n').count() + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::{Format, Slugs, relative, without_comments};

    #[test]
    fn anchors_follow_the_rules_of_their_target() {
        let heading = "2. Größe & Lage – v1.2 `x_y`: who?";
        let of = |format| Slugs::new(format).of(heading);
        assert_eq!(of(Format::Github), "2-größe--lage--v12-x_y-who");
        assert_eq!(of(Format::Gitlab), "2-größe-lage-v12-x_y-who");
        assert_eq!(of(Format::Mkdocs), "2-größe-lage-v12-x_y-who");
        assert_eq!(of(Format::Mdbook), of(Format::Github));
        assert_eq!(of(Format::Plain), "größe-lage-v1.2-x_y-who");
    }

    #[test]
    fn headings_that_are_alike_have_anchors_of_their_own() {
        let three = |format| {
            let mut slugs = Slugs::new(format);
            ["Risks", "Risks", "Risks 1", "Risks"].map(|heading| slugs.of(heading))
        };
        assert_eq!(three(Format::Github), ["risks", "risks-1", "risks-1-1", "risks-2"]);
        assert_eq!(three(Format::Mkdocs), ["risks", "risks_1", "risks-1", "risks_2"]);
    }

    #[test]
    fn a_path_is_seen_from_the_folder_of_the_page() {
        assert_eq!(relative("a/b.md", "a/c.md"), "c.md");
        assert_eq!(relative("a/b.md", "c.md"), "../c.md");
        assert_eq!(relative("b.md", "a/c.md"), "a/c.md");
        assert_eq!(relative("a/a.md", "b/a.md"), "../b/a.md");
    }

    #[test]
    fn comments_are_cut_out() {
        assert_eq!(without_comments("a<!-- b -->c<!---->d"), "acd");
    }
}
