//! Reading what is to be published, and writing it into a folder that holds nothing else.

use super::documents::slashed;
use super::templates::hash;
use super::{Error, Loaded, OVERLAY, RESPONSES, Workspace, files};
use crate::document::audience::Redaction;
use crate::exchange::publish::{File, Format};
use crate::plan::progress::Progress;
use crate::scoring::Scorecard;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The file by which a publication knows what it wrote.
const MANIFEST: &str = ".opsready-publication.json";

/// Documents, and what lies beside them.
#[derive(Debug, Default)]
pub struct Documents {
    /// The documents.
    pub pages: Vec<File>,
    /// Everything else: path below `docs/`, and bytes.
    pub attachments: Vec<(String, Vec<u8>)>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    schema: String,
    format: String,
    audience: String,
    /// What was written, by path, with what tells it from another text.
    files: BTreeMap<String, String>,
}

/// What publishing does to the folder.
#[derive(Debug, Default)]
pub struct Delivery {
    /// What is written: path in the folder, and bytes.
    pub written: Vec<(String, Vec<u8>)>,
    /// What is there already, letter by letter.
    pub unchanged: Vec<String>,
    /// What is no longer published, and goes.
    pub removed: Vec<String>,
}

impl Workspace {
    /// Reads the documents as they stand, with everything that people wrote in them and beside them.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when there are none, when one is a link or cannot be read.
    pub fn documents_as_they_stand(&self) -> Result<Documents, Error> {
        let folder = self.path("docs");
        let mut found = Documents::default();
        for relative in if folder.is_dir() { files::tree(&folder)? } else { Vec::new() } {
            let path = slashed(&relative);
            if path.split('/').any(|part| part.starts_with('.')) {
                continue;
            }
            let file = folder.join(&relative);
            if file.is_symlink() {
                return Err(Error::Unusable(format!("`{}` is a link; a publication has only files that are there", file.display())));
            }
            if is_page(&path) {
                found.pages.push(File { path, text: files::read_source(&file)?.text.replace("\r\n", "\n") });
            } else if let Some(bytes) = files::read_bytes(&file)? {
                found.attachments.push((path, bytes));
            }
        }
        if found.pages.is_empty() {
            return Err(Error::Unusable(format!("there are no documents in `{}` yet; `opsready render` writes them", folder.display())));
        }
        Ok(found)
    }

    /// Renders the documents anew for an audience: nothing that was written into the documents is in them. Scores are those of
    /// the whole assessment.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a template is broken.
    pub fn documents_for(&self, loaded: &Loaded, redaction: &Redaction) -> Result<Documents, Error> {
        let card = Scorecard::of(&loaded.kit, &loaded.assessment);
        let (roadmap, _) = loaded.roadmap(&card)?;
        let redacted = redaction.apply(&loaded.kit, &loaded.assessment);
        // What moved is told of the whole assessment, as scores are.
        let progress = loaded.progress(&card).map(Progress::without_notes);
        let mut found = Documents::default();
        for document in self.render(&loaded.kit, &redacted, &card, &roadmap, progress.as_ref())? {
            let path = document.path.strip_prefix("docs/").unwrap_or(&document.path).to_owned();
            if is_page(&path) {
                found.pages.push(File { path, text: document.text });
            } else {
                found.attachments.push((path, document.text.into_bytes()));
            }
        }
        Ok(found)
    }

    /// Decides what publishing does to a folder.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Unusable`] when the folder belongs to the workspace or holds what no publication wrote.
    pub fn plan_delivery(&self, out: &Path, format: Format, files: &[(String, Vec<u8>)]) -> Result<Delivery, Error> {
        self.check_is_elsewhere(out)?;
        let manifest = read_manifest(out);
        let there = published(out, format)?;
        let known = |path: &String| manifest.as_ref().and_then(|manifest| manifest.files.get(path));
        let foreign: Vec<&str> = there.iter().filter(|path| known(path).is_none()).map(String::as_str).collect();
        if !foreign.is_empty() {
            return Err(Error::Unusable(format!(
                "`{}` holds what no publication wrote: {}; choose a folder of its own",
                out.display(),
                shortened(&foreign)
            )));
        }
        let mut delivery = Delivery::default();
        let mut edited: Vec<&str> = Vec::new();
        for path in &there {
            let bytes = files::read_bytes(&out.join(path))?.unwrap_or_default();
            match files.iter().find(|(new, _)| new == path) {
                Some((_, new)) if *new == bytes => delivery.unchanged.push(path.clone()),
                _ if known(path) != Some(&hash(&bytes)) => edited.push(path),
                None => delivery.removed.push(path.clone()),
                Some(_) => {}
            }
        }
        if !edited.is_empty() {
            return Err(Error::Unusable(format!(
                "`{}` has files that somebody edited since they were published: {}; take the edits to `docs/` or to a file beside the folder, and delete them",
                out.display(),
                shortened(&edited)
            )));
        }
        delivery.written = files.iter().filter(|(path, _)| !delivery.unchanged.contains(path)).cloned().collect();
        Ok(delivery)
    }

    /// Refuses a folder in which the workspace keeps something of its own, and one around the workspace.
    fn check_is_elsewhere(&self, out: &Path) -> Result<(), Error> {
        let (root, target) = (real(&self.path(".")), real(out));
        let own = [
            "docs",
            "kit",
            "answers",
            OVERLAY,
            RESPONSES,
            "plan",
            "decisions",
            "risks",
            "services",
            "milestones",
            "schemas",
            ".opsready",
            ".git",
        ];
        if root.starts_with(&target) || own.iter().any(|name| target.starts_with(root.join(name))) {
            return Err(Error::Unusable(format!("`{}` belongs to the workspace; choose a folder of its own", out.display())));
        }
        if out.exists() && !out.is_dir() {
            return Err(Error::Unusable(format!("`{}` is a file; choose a folder", out.display())));
        }
        Ok(())
    }
}

fn is_page(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "md")
}

/// Writes a publication.
///
/// # Errors
///
/// Returns [`Error::Machine`] when a file cannot be written; each file is whole, old or new.
pub fn deliver(out: &Path, delivery: &Delivery, format: &str, audience: &str) -> Result<(), Error> {
    let mut manifest = read_manifest(out).unwrap_or_default();
    if delivery.written.is_empty() && delivery.removed.is_empty() && manifest.format == format && manifest.audience == audience {
        return Ok(());
    }
    "opsready/publication/v1".clone_into(&mut manifest.schema);
    format.clone_into(&mut manifest.format);
    audience.clone_into(&mut manifest.audience);
    let write = |manifest: &Manifest| {
        let mut text = serde_json::to_string_pretty(manifest).expect("the manifest has only text keys");
        text.push('\n');
        files::write(&out.join(MANIFEST), text.as_bytes())
    };
    for (path, bytes) in &delivery.written {
        manifest.files.insert(path.clone(), hash(bytes));
    }
    // The manifest first: should this be cut short, the folder still knows what is its own.
    write(&manifest)?;
    for (path, bytes) in &delivery.written {
        files::write(&out.join(path), bytes)?;
    }
    for path in &delivery.removed {
        files::delete(&out.join(path))?;
        let _ = out.join(path).parent().filter(|folder| *folder != out).map(fs::remove_dir);
        manifest.files.remove(path);
    }
    write(&manifest)
}

fn read_manifest(out: &Path) -> Option<Manifest> {
    let bytes = files::read_bytes(&out.join(MANIFEST)).ok().flatten()?;
    serde_json::from_slice::<Manifest>(&bytes).ok().filter(|manifest| manifest.schema == "opsready/publication/v1")
}

/// Returns what is in a folder, without the manifest, the folder of git, and what site generators build there.
fn published(out: &Path, format: Format) -> Result<Vec<String>, Error> {
    let built = match format {
        Format::Mkdocs => "site/",
        Format::Mdbook => "book/",
        _ => ".git/",
    };
    let mut found: Vec<String> = if out.is_dir() { files::tree(out)?.iter().map(|path| slashed(path)).collect() } else { Vec::new() };
    found.retain(|path| path != MANIFEST && !path.starts_with(".git/") && path != ".git" && !path.starts_with(built));
    match found.iter().find(|path| out.join(path).is_symlink()) {
        Some(link) => Err(Error::Unusable(format!("`{}` is a link; choose a folder of its own", out.join(link).display()))),
        None => Ok(found),
    }
}

fn shortened(paths: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    let more = paths.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// Returns the path of something that need not be there, without links and `..`.
fn real(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
        if let Ok(target) = fs::canonicalize(&plain) {
            plain = target;
        }
    }
    plain
}
