//! The templates with which the kit, and what is laid over it, override those of the program.
//!
//! Templates are read here and nowhere else: what includes another names it, and never opens a file.

use super::documents::slashed;
use super::{Error, OVERLAY, Workspace, files};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::template::Templates;
use crate::fingerprint::Fnv;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Where the built-in texts of ejected templates are kept, as they were.
const TAKEN: &str = ".opsready/templates";

/// Where the versions of ejected templates are kept.
const RECORD: &str = ".opsready/templates.json";

/// Where a template comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The program.
    BuiltIn,
    /// `kit/templates/`.
    Kit,
    /// `overlay/templates/`.
    Overlay,
}

impl Origin {
    /// Returns the words that lists show.
    pub fn word(self) -> &'static str {
        match self {
            Self::BuiltIn => "built in",
            Self::Kit => "kit",
            Self::Overlay => "overlay",
        }
    }
}

/// A template as it is in force.
#[derive(Clone, Debug)]
pub struct Template {
    /// The name.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The path in the workspace; nothing for one of the program.
    pub path: Option<String>,
    /// Its text.
    pub text: String,
    /// The built-in text of when it was taken.
    pub taken: Option<Taken>,
}

/// A built-in template as it was when somebody took it.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The version of the program.
    pub version: String,
    /// The text.
    pub text: String,
}

impl Template {
    /// Returns true if the built-in text has changed since this one was taken.
    pub fn is_outdated(&self) -> bool {
        match (&self.taken, Templates::built_in(&self.name)) {
            (Some(taken), Some(now)) => taken.text != now,
            _ => false,
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Record {
    /// By name.
    templates: BTreeMap<String, Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    version: String,
    hash: String,
}

/// Returns every template of the program.
pub fn built_in() -> Vec<Template> {
    let template = |name: &'static str| Template {
        name: name.to_owned(),
        origin: Origin::BuiltIn,
        path: None,
        text: Templates::built_in(name).unwrap_or_default().to_owned(),
        taken: None,
    };
    Templates::names().map(template).collect()
}

impl Workspace {
    /// Returns every template, with those of the workspace in the place of those that they override.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when one cannot be read, or lies elsewhere.
    pub fn templates(&self) -> Result<Vec<Template>, Error> {
        let mut templates = built_in();
        let record = self.record();
        for (origin, folder) in [(Origin::Kit, "kit/templates".to_owned()), (Origin::Overlay, format!("{OVERLAY}/templates"))] {
            for (name, text) in self.templates_in(&folder)? {
                let path = Some(format!("{folder}/{name}"));
                let taken = if origin == Origin::Overlay { self.taken(&name, &record)? } else { None };
                let template = Template { name: name.clone(), origin, path, text, taken };
                match templates.iter_mut().find(|known| known.name == name) {
                    Some(known) => *known = template,
                    None => templates.push(template),
                }
            }
        }
        Ok(templates)
    }

    /// Returns the templates that override those of the program: name and text.
    pub(super) fn overrides(&self) -> Result<Vec<(String, String)>, Error> {
        let own = self.templates()?.into_iter().filter(|template| template.origin != Origin::BuiltIn);
        let mut own: Vec<(String, String)> = own.map(|template| (template.name, template.text)).collect();
        own.sort();
        Ok(own)
    }

    fn templates_in(&self, folder: &str) -> Result<Vec<(String, String)>, Error> {
        let path = self.path(folder);
        if !path.is_dir() {
            return Ok(Vec::new());
        }
        self.stays_inside(&path, folder)?;
        let mut found = Vec::new();
        for relative in files::tree(&path)? {
            if relative.extension().is_some_and(|extension| extension == "md") {
                let file = path.join(&relative);
                self.stays_inside(&file, folder)?;
                found.push((slashed(&relative), files::read_source(&file)?.text.clone()));
            }
        }
        Ok(found)
    }

    /// Refuses a template that a link brings in from elsewhere: whoever writes templates would read any file with it.
    fn stays_inside(&self, path: &Path, folder: &str) -> Result<(), Error> {
        let real = |path: &Path| fs::canonicalize(path).ok();
        let (Some(root), Some(target)) = (real(&self.path(".")), real(path)) else { return Ok(()) };
        if target.starts_with(root.join(folder)) {
            return Ok(());
        }
        let message = format!("`{}` is a link that leads out of `{folder}`", path.display());
        Err(Diagnostic::placeless(Code::BadTemplate, message).help("copy the file to where the link is").into())
    }

    fn record(&self) -> Record {
        let bytes = files::read_bytes(&self.path(RECORD)).ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    fn taken(&self, name: &str, record: &Record) -> Result<Option<Taken>, Error> {
        let Some(entry) = record.templates.get(name) else { return Ok(None) };
        let Some(bytes) = files::read_bytes(&self.path(TAKEN).join(name))? else { return Ok(None) };
        // A text that somebody changed is not what was taken.
        if hash(&bytes) != entry.hash {
            return Ok(None);
        }
        Ok(String::from_utf8(bytes).ok().map(|text| Taken { version: entry.version.clone(), text }))
    }

    /// Copies a built-in template into the overlay, where it belongs to the customer, and remembers what it was. Returns its path.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Unusable`] when there is no such template, or one of the customer's own already.
    pub fn eject_template(&self, name: &str) -> Result<String, Error> {
        let Some(text) = Templates::built_in(name) else {
            return Err(Error::Unusable(format!("there is no built-in template `{name}`")));
        };
        let relative = format!("{OVERLAY}/templates/{name}");
        let path = self.path(&relative);
        if path.exists() {
            return Err(Error::Unusable(format!("`{}` is there already", path.display())));
        }
        let _lock = self.lock()?;
        let mut record = self.record();
        record.templates.insert(name.to_owned(), Entry { version: env!("CARGO_PKG_VERSION").to_owned(), hash: hash(text.as_bytes()) });
        let mut json = serde_json::to_string_pretty(&record).expect("the record has only text keys");
        json.push('\n');
        files::write(&self.path(TAKEN).join(name), text.as_bytes())?;
        files::write(&self.path(RECORD), json.as_bytes())?;
        files::write(&path, text.as_bytes())?;
        Ok(relative)
    }
}

/// Returns what tells a text from another: the 64 bits of FNV-1a, line ends of git apart. It guards against accidents, not against malice.
pub(super) fn hash(bytes: &[u8]) -> String {
    let mut hash = Fnv::default();
    hash.add_lines(bytes);
    hash.digits()
}
