//! What a publication has beside its pages: navigation and settings.

use super::mkdocs::has_chart;
use super::page::{Destination, MARKDOWN, Page, relative};
use super::{Book, File, Format};
use crate::document::escape::yaml;
use pulldown_cmark::{Event, Parser, Tag};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write;

/// A step of the navigation.
enum Step<'b, 'a> {
    Page(&'b Page<'a>, String),
    Folder(String, Vec<(&'b Page<'a>, String)>),
}

/// Returns the files beside the pages.
pub(super) fn files(book: &Book<'_>) -> Vec<File> {
    let file = |path: &str, text: String| File { path: path.to_owned(), text };
    match book.request.format {
        Format::Github | Format::Gitlab | Format::Plain => Vec::new(),
        Format::Mkdocs => vec![file("mkdocs.yml", mkdocs(book))],
        Format::Mdbook => vec![file("book.toml", book_toml(book)), file("src/SUMMARY.md", summary(book))],
        Format::Confluence => vec![file("pages.json", pages(book))],
    }
}

/// Returns the pages in the order of reading, those of a folder together.
fn steps<'b, 'a>(book: &'b Book<'a>) -> Vec<Step<'b, 'a>> {
    let mut steps: Vec<Step<'b, 'a>> = Vec::new();
    let mut open: Option<&str> = None;
    for page in &book.pages {
        let folder = page.folder();
        match folder {
            None => steps.push(Step::Page(page, page.title.clone())),
            Some(folder) => {
                let title = book.folder_title(folder);
                let own = page.title.strip_prefix(&format!("{title}: ")).map_or_else(|| page.title.clone(), capitalised);
                match steps.last_mut() {
                    Some(Step::Folder(_, pages)) if open == Some(folder) => pages.push((page, own)),
                    _ => steps.push(Step::Folder(title, vec![(page, own)])),
                }
            }
        }
        open = folder;
    }
    steps
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn mkdocs(book: &Book<'_>) -> String {
    let below = |page: &Page<'_>| yaml(page.target.strip_prefix("docs/").unwrap_or(&page.target));
    let mut text = format!("site_name: {}\n", yaml(&book.title));
    let has_charts = book.pages.iter().any(|page| has_chart(page.text));
    if has_charts {
        text.push_str("theme:\n  name: material    # it draws the charts: pip install mkdocs-material\n  font: false\n");
    } else {
        text.push_str("theme:\n  name: mkdocs\n  highlightjs: false\n");
    }
    text.push_str("plugins: [search]\nnav:\n");
    for step in steps(book) {
        match step {
            Step::Page(page, title) => drop(writeln!(text, "  - {}: {}", yaml(&title), below(page))),
            Step::Folder(title, pages) => {
                let _ = writeln!(text, "  - {}:", yaml(&title));
                for (page, title) in pages {
                    let _ = writeln!(text, "      - {}: {}", yaml(&title), below(page));
                }
            }
        }
    }
    text.push_str("markdown_extensions:\n  - admonition\n  - footnotes\n  - sane_lists\n  - tables\n  - toc:\n      slugify: !!python/name:markdown.extensions.toc.slugify_unicode\n      toc_depth: 3\n");
    if has_charts {
        text.push_str("  - pymdownx.superfences:\n      custom_fences:\n        - name: mermaid\n          class: mermaid\n          format: !!python/name:pymdownx.superfences.fence_code_format\n");
    } else {
        text.push_str("  - fenced_code\n");
    }
    text.push_str("validation:\n  links:\n    anchors: warn\n    not_found: warn\n");
    text
}

fn book_toml(book: &Book<'_>) -> String {
    let mut text = format!("[book]\ntitle = {}\nsrc = \"src\"\n", yaml(&book.title));
    // Text from answers is no instruction to include files.
    text.push_str("\n[build]\nuse-default-preprocessors = false\n");
    if book.pages.iter().any(|page| has_chart(page.text)) {
        text.push_str("\n# Draws the charts; without it their source stands there: cargo install mdbook-mermaid && mdbook-mermaid install\n# [preprocessor.mermaid]\n# command = \"mdbook-mermaid\"\n");
    }
    text.push_str("\n[output.html]\nno-section-label = true\n");
    text
}

fn summary(book: &Book<'_>) -> String {
    let link = |page: &Page<'_>, title: &str| {
        let address = super::page::encoded(&relative("src/SUMMARY.md", &page.target));
        format!("[{}]({address})", crate::document::escape::inline(title))
    };
    let mut text = "# Summary\n\n".to_owned();
    for (index, step) in steps(book).into_iter().enumerate() {
        match step {
            // A chapter without a number comes first.
            Step::Page(page, title) if index == 0 => drop(write!(text, "{}\n\n", link(page, &title))),
            Step::Page(page, title) => drop(writeln!(text, "- {}", link(page, &title))),
            Step::Folder(title, pages) => {
                let _ = writeln!(text, "- [{}]()", crate::document::escape::inline(&title));
                for (page, title) in pages {
                    let _ = writeln!(text, "  - {}", link(page, &title));
                }
            }
        }
    }
    text
}

/// Returns the files that a page links to or shows.
fn attachments(book: &Book<'_>, page: &Page<'_>) -> BTreeSet<String> {
    let file = |event: Event<'_>| {
        let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else { return None };
        match book.destination(page, &dest_url) {
            Destination::File(path) => Some(path),
            _ => None,
        }
    };
    Parser::new_ext(page.text, MARKDOWN).filter_map(file).collect()
}

/// Returns what a program needs that makes the pages: title, parent, file, and what is attached; parents first.
fn pages(book: &Book<'_>) -> String {
    let root = book.pages.first().map(|page| page.title.clone());
    let list: Vec<_> = book
        .pages
        .iter()
        .enumerate()
        .map(|(index, page)| {
            let parent = if index == 0 { None } else { root.clone() };
            json!({
                "title": page.title,
                "file": page.target,
                "parent": parent,
                "representation": "storage",
                "attachments": attachments(book, page),
            })
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&json!({"schema": "opsready/confluence/v1", "pages": list})).unwrap_or_default();
    text.push('\n');
    text
}
