//! Reading and changing the registers: a file for each decision, risk, assumption, issue and dependency.

use super::{DECISIONS, Error, RISKS, Workspace, files, sources_in};
use crate::assessment::register::{RegisterSources, Registers, registers};
use crate::diagnostic::{Diagnostic, Source, has_errors};
use crate::kit::Kit;
use std::path::PathBuf;
use std::sync::Arc;

/// A register of the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// What was decided.
    Decisions,
    /// Risks, assumptions, issues and dependencies.
    Risks,
}

impl Register {
    /// Returns the name of its folder.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Decisions => DECISIONS,
            Self::Risks => RISKS,
        }
    }

    /// Returns the command that changes its entries.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Decisions => "decision",
            Self::Risks => "risk",
        }
    }
}

/// A file of a register as it is to be.
#[derive(Clone, Debug)]
pub struct RegisterFile {
    /// Where it belongs.
    pub register: Register,
    /// The id of the entry, which is the name of the file.
    pub id: String,
    /// Its text.
    pub text: String,
    /// True if it must not be there yet.
    pub is_new: bool,
}

impl Workspace {
    /// Returns the path of an entry.
    pub fn entry_path(&self, register: Register, id: &str) -> PathBuf {
        let other = self.path(register.folder()).join(format!("{id}.yml"));
        if other.is_file() { other } else { self.path(register.folder()).join(format!("{id}.yaml")) }
    }

    /// Reads the text of an entry, without the mark that some editors put at its start.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when it cannot be read.
    pub fn entry_text(&self, register: Register, id: &str) -> Result<String, Error> {
        Ok(files::read_source(&self.entry_path(register, id))?.text.clone())
    }

    /// Reads the registers as if some files held what they are to hold. Returns them with what their owner should know about those files.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Files`] with every fault, when there is an error among them.
    pub fn registers_with(&self, kit: &Kit, changed: &[RegisterFile]) -> Result<(Registers, Vec<Diagnostic>), Error> {
        let mut unreadable = Vec::new();
        let mut sources = RegisterSources {
            decisions: sources_in(&self.path(DECISIONS), &mut unreadable)?,
            risks: sources_in(&self.path(RISKS), &mut unreadable)?,
            backlog: sources_in(&self.path(super::BACKLOG), &mut unreadable)?,
        };
        let mut shown = Vec::new();
        for file in changed {
            // What is not there yet cannot be opened at the place of a fault.
            let mark = if file.is_new { " (not written)" } else { "" };
            let source = Source::new(format!("{}{mark}", self.entry_path(file.register, &file.id).display()), file.text.as_str());
            shown.push(source.path.clone());
            let of_register = match file.register {
                Register::Decisions => &mut sources.decisions,
                Register::Risks => &mut sources.risks,
            };
            put(of_register, &file.id, source);
        }
        let (registers, mut found) = registers(kit, &sources);
        found.extend(unreadable);
        if has_errors(&found) {
            return Err(Error::Files(found.into_iter().filter(Diagnostic::is_error).collect()));
        }
        found.retain(|diagnostic| diagnostic.location.as_ref().is_some_and(|location| shown.contains(&location.source.path)));
        Ok((registers, found))
    }

    /// Writes files of the registers. The caller holds the lock, and has read the registers with them.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a file cannot be written, or is new and there already.
    pub fn put_entries(&self, changed: &[RegisterFile]) -> Result<(), Error> {
        for file in changed {
            let path = self.entry_path(file.register, &file.id);
            if file.is_new && path.exists() {
                return Err(Error::Unusable(format!("`{}` is there already", path.display())));
            }
            files::write(&path, &[super::answers::mark_of(&path)?, file.text.as_bytes()].concat())?;
        }
        Ok(())
    }
}

fn put(sources: &mut Vec<(String, Arc<Source>)>, id: &str, source: Arc<Source>) {
    match sources.iter_mut().find(|(stem, _)| stem == id) {
        Some((_, known)) => *known = source,
        None => sources.push((id.to_owned(), source)),
    }
    sources.sort_by(|a, b| a.0.cmp(&b.0));
}
