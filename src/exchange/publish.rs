//! Copies of the documents to publish: for repositories, site generators, Confluence, and as plain Markdown.
//!
//! Text comes in as people left it and goes out as the target reads it: without the markers of the program, links and anchors by the rules of
//! the target, and the classification on every page. The words stay as they are.

mod confluence;
mod markdown;
mod mkdocs;
mod page;
mod site;

use crate::document::audience::Audience;
use crate::document::escape::tame;
use crate::document::set::{SET, Shelf, Subject};
use crate::kit::Kit;
use crate::words;
use page::Page;

words! {
    /// What reads the copy.
    pub enum Format {
        /// GitHub, in a repository or wiki.
        Github = "github",
        /// GitLab, in a repository or wiki.
        Gitlab = "gitlab",
        /// `MkDocs`: a project with `mkdocs.yml`.
        Mkdocs = "mkdocs",
        /// mdBook: a book with `book.toml`.
        Mdbook = "mdbook",
        /// Confluence: one page each in its storage format.
        Confluence = "confluence",
        /// An editor or pandoc: Markdown without HTML and charts.
        Plain = "plain",
    }
}

/// A file of the documents: its path below `docs/`, with `/` between its parts, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path.
    pub path: String,
    /// The text.
    pub text: String,
}

/// What keeps a document from being published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path below `docs/`.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// What is to be published.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The kit, which gives the order of reading.
    pub kit: &'a Kit,
    /// What reads the copy.
    pub format: Format,
    /// For whom it is.
    pub audience: Audience,
    /// The customer, as the copy names it.
    pub customer: &'a str,
    /// How secret it is.
    pub classification: Option<&'a str>,
    /// The documents.
    pub documents: &'a [File],
    /// The paths of what lies beside them and is published as it is.
    pub attachments: &'a [String],
}

/// A copy.
#[derive(Clone, Debug, Default)]
pub struct Publication {
    /// What is written: path in the publication, and text.
    pub files: Vec<File>,
    /// Where attachments go: path below `docs/`, and path in the publication.
    pub attachments: Vec<(String, String)>,
    /// What the owner should know.
    pub notes: Vec<String>,
}

/// Makes a copy of the documents.
///
/// # Errors
///
/// Returns what keeps documents from being published: conflicts that nobody has resolved, and comments that nobody closed.
pub fn publish(request: &Request<'_>) -> Result<Publication, Vec<Fault>> {
    let faults: Vec<Fault> = request.documents.iter().flat_map(faults_of).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let book = Book::of(request);
    let mut publication = Publication::default();
    let mut charts = 0;
    for page in &book.pages {
        let text = match request.format {
            Format::Mkdocs => mkdocs::page(&book, page),
            Format::Confluence => confluence::page(&book, page),
            Format::Github | Format::Gitlab | Format::Mdbook | Format::Plain => markdown::page(&book, page, &mut charts),
        };
        publication.files.push(File { path: page.target.clone(), text });
    }
    publication.files.extend(site::files(&book));
    publication.attachments = request.attachments.iter().map(|path| (path.clone(), book.target_of_attachment(path))).collect();
    if charts > 0 {
        publication.notes.push(format!(
            "{} left out, since plain text has none; the tables beside them are there",
            crate::scoring::wording::count(charts, "chart")
        ));
    }
    Ok(publication)
}

/// Finds what keeps a document from being published.
fn faults_of(document: &File) -> Vec<Fault> {
    let fault = |line: usize, what: &str| Fault { path: document.path.clone(), line, what: what.to_owned() };
    let mut faults = Vec::new();
    let mut opened: Option<usize> = None;
    for (index, line) in document.text.lines().enumerate() {
        if line.starts_with("<<<<<<< ") {
            opened = Some(index + 1);
        } else if line.starts_with(">>>>>>> ")
            && let Some(opened) = opened.take()
        {
            faults.push(fault(opened, "a conflict that is not resolved"));
        }
    }
    faults.extend(page::open_comment(&document.text).map(|line| fault(line, "a comment that is not closed hides everything behind it")));
    faults
}

/// All pages with what they share.
#[derive(Debug)]
struct Book<'a> {
    request: &'a Request<'a>,
    title: String,
    /// In the order of reading.
    pages: Vec<Page<'a>>,
}

impl<'a> Book<'a> {
    fn of(request: &'a Request<'a>) -> Self {
        let mut documents: Vec<&File> = request.documents.iter().collect();
        documents.sort_by_cached_key(|document| (rank(request.kit, &document.path), document.path.clone()));
        let mut pages: Vec<Page<'a>> = documents.into_iter().map(|document| Page::of(document, request)).collect();
        page::make_titles_unique(&mut pages);
        let title = format!("{}: operational readiness", request.customer);
        Self { request, title, pages }
    }

    fn is(&self, format: Format) -> bool {
        self.request.format == format
    }

    /// Returns what stands below the title of every page.
    fn banner(&self) -> Option<String> {
        let one_line = |text: &str| tame(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let classification = self.request.classification.map(|word| format!("Classification: {}.", one_line(word)));
        let audience = match self.request.audience {
            Audience::Internal => None,
            Audience::Customer => Some("Copy without names, notes and links to evidence."),
            Audience::Public => Some("Copy without names, notes, evidence and the words of the organisation."),
        };
        let parts: Vec<&str> = classification.as_deref().into_iter().chain(audience).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn target_of_attachment(&self, path: &str) -> String {
        match self.request.format {
            Format::Mkdocs => format!("docs/{path}"),
            Format::Mdbook => format!("src/{path}"),
            // Where a page has a folder, the file lies beside it: attachments belong to pages.
            _ => path.to_owned(),
        }
    }

    /// Returns the title of a folder: that of the capability whose documents it holds.
    fn folder_title(&self, folder: &str) -> String {
        let capability = self.request.kit.find_capability(folder);
        capability.map_or_else(|| folder.replace(['-', '_'], " "), |ix| self.request.kit.capability(ix).file.title.value.clone())
    }
}

/// Returns the place of a document in the order of reading: by shelf, then by capability, then by kind.
fn rank(kit: &Kit, path: &str) -> [usize; 3] {
    const LAST: usize = usize::MAX;
    if path == page::INDEX {
        return [0, 0, 0];
    }
    let shelf_of = |shelf: Shelf| Shelf::ALL.iter().position(|one| *one == shelf).unwrap_or(LAST - 1) + 1;
    let capabilities = shelf_of(Shelf::Capabilities);
    let folder = path.split_once('/').and_then(|(folder, _)| kit.find_capability(folder)).map(|ix| ix.0);
    let is_here = |subject: Subject| matches!(subject, Subject::Capability(_)) == folder.is_some();
    let file = if folder.is_some() { path.split_once('/').map_or(path, |(_, file)| file) } else { path };
    let kind = SET.iter().position(|kind| is_here(kind.subject) && kind.file == file);
    match (folder, kind) {
        (Some(folder), kind) => [capabilities, folder, kind.unwrap_or(LAST)],
        (None, Some(kind)) => [shelf_of(SET[kind].shelf), 0, kind],
        (None, None) => [LAST, LAST, LAST],
    }
}
