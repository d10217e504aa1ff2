//! A newer kit brought into a copy that its owner has edited: three versions of each file made one, by id and by field.
//!
//! [`bring_in`] takes the kit as it was copied in (the base), as the owner made it (yours), and the newer one (theirs). Ids that the
//! newer kit renamed (`formerly`) are renamed first in the other two, so that what belongs together meets. [`mapping`] says what
//! became of questions, choices, practices and capabilities, and which answers are to be asked for again.

pub mod mapping;
mod merge;
pub mod names;

pub use merge::{Clash, Conflict, Own, OwnChange};

use crate::diagnostic::Diagnostic;
use merge::{Doc, merge};
use names::{Fates, Kind, Name, capability_of, is_yaml, names};
use std::collections::{BTreeMap, BTreeSet};

/// The files of a kit: path with `/`, relative to the kit, and bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What comes of a newer kit.
#[derive(Debug, Default)]
pub struct BroughtIn {
    /// The files of the kit as they are to be.
    pub files: Files,
    /// What both sides touched.
    pub conflicts: Vec<Conflict>,
    /// What the customer changed and keeps.
    pub own: Vec<OwnChange>,
    /// What became of the ids.
    pub fates: Fates,
}

/// Returns a place in a file in words: "question `tag-schema`, `ask`".
pub fn in_words(path: &[String]) -> String {
    /// A list, and what one of its items is called.
    const ITEMS: &[(&str, &str)] = &[
        ("questions", "question"),
        ("choices", "choice"),
        ("bands", "band"),
        ("practices", "practice"),
        ("decisions", "decision"),
        ("raci", "activity"),
        ("runbooks", "runbook"),
        ("kpis", "KPI"),
        ("tools", "tool"),
        ("stories", "story"),
        ("roles", "role"),
        ("groups", "group"),
        ("waves", "wave"),
        ("phases", "phase"),
        ("frameworks", "framework"),
        ("environments", "environment"),
        ("scale", "level"),
        ("sessions", "session"),
        ("objectives", "objective"),
        ("terms", "term"),
        ("references", "reference"),
        ("options", "option"),
        ("capabilities", "capability"),
    ];
    let mut words = Vec::new();
    let mut rest = path;
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        match (ITEMS.iter().find(|(list, _)| list == first), others.first()) {
            (Some((_, one)), Some(id)) => {
                words.push(format!("{one} `{id}`"));
                rest = &others[1..];
            }
            _ if matches!(first.as_str(), "discovery" | "design") && !others.is_empty() => {}
            _ => words.push(format!("`{first}`")),
        }
    }
    if words.is_empty() { "the whole file".to_owned() } else { words.join(", ") }
}

/// A file of the kit that is merged by its entries.
fn is_merged(path: &str) -> bool {
    is_yaml(path) && (!path.contains('/') || path.starts_with("capabilities/") || path.starts_with("sops/"))
}

/// Brings a newer kit in. Without a base, every difference is taken as the customer's: it stays, and is listed.
///
/// # Errors
///
/// Returns every fault of the files that keeps them from being brought together.
pub fn bring_in(base: Option<&Files>, yours: &Files, theirs: &Files) -> Result<BroughtIn, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let mut docs = |files: &Files| -> BTreeMap<String, Doc> {
        let mut docs = BTreeMap::new();
        for (path, bytes) in files.iter().filter(|(path, _)| is_merged(path)) {
            let shown = format!("kit/{path}");
            let read = crate::yaml::decode(&shown, bytes).map_err(|fault| vec![*fault]);
            match read.and_then(|source| Doc::read(&shown, &source.text)) {
                Ok(doc) => drop(docs.insert(path.clone(), doc)),
                Err(found) => faults.extend(found),
            }
        }
        docs
    };
    let (base_docs, your_docs, their_docs) = (base.map(&mut docs), docs(yours), docs(theirs));
    if !faults.is_empty() {
        return Err(faults);
    }
    let all = |docs: &BTreeMap<String, Doc>| -> Vec<Name> {
        docs.iter().flat_map(|(path, doc)| names(path, &doc.source.text, &doc.root)).collect()
    };
    let mut old_names = all(&your_docs);
    old_names.extend(base_docs.iter().flat_map(all));
    let fates = Fates::of(&old_names, &all(&their_docs));
    let (base_docs, your_docs) = (base_docs.map(|docs| renamed(docs, &fates)).transpose()?, renamed(your_docs, &fates)?);
    let mut bringing = Bringing { split: fates.split(), out: BroughtIn { fates, ..BroughtIn::default() }, faults };
    let moved =
        |files: &Files, fates: &Fates| -> Files { files.iter().map(|(path, bytes)| (new_path(path, fates), bytes.clone())).collect() };
    let base_files = base.map(|files| moved(files, &bringing.out.fates));
    let your_files = moved(yours, &bringing.out.fates);
    let paths: BTreeSet<&String> = your_files.keys().chain(theirs.keys()).chain(base_files.iter().flat_map(Files::keys)).collect();
    for path in paths {
        if is_merged(path)
            && let (Some(y), Some(t)) = (your_docs.get(path), their_docs.get(path))
        {
            let b = base_docs.as_ref().and_then(|docs| docs.get(path));
            bringing.merge(path, b, (y, &your_files[path]), (t, &theirs[path]));
        } else {
            let b = base_files.as_ref().and_then(|files| files.get(path));
            bringing.whole(path, b, your_files.get(path), theirs.get(path));
        }
    }
    if bringing.faults.is_empty() { Ok(bringing.out) } else { Err(bringing.faults) }
}

/// Returns the path of a file after capabilities were renamed.
fn new_path(path: &str, fates: &Fates) -> String {
    let new = capability_of(path).and_then(|id| fates.new_id(Kind::Capability, "", id));
    new.map_or_else(|| path.to_owned(), |new| format!("capabilities/{new}.yaml"))
}

/// Renames what the newer kit renamed.
fn renamed(docs: BTreeMap<String, Doc>, fates: &Fates) -> Result<BTreeMap<String, Doc>, Vec<Diagnostic>> {
    let new = docs.into_iter().map(|(path, doc)| {
        let text = fates.applied(&doc.source.text, &names(&path, &doc.source.text, &doc.root));
        let doc = if text == doc.source.text { doc } else { Doc::read(&doc.source.path, &text)? };
        Ok((new_path(&path, fates), doc))
    });
    new.collect()
}

struct Bringing {
    split: BTreeSet<String>,
    out: BroughtIn,
    faults: Vec<Diagnostic>,
}

impl Bringing {
    fn merge(&mut self, path: &str, base: Option<&Doc>, (y, your_bytes): (&Doc, &[u8]), (t, their_bytes): (&Doc, &[u8])) {
        let plain = |bytes: &[u8]| bytes.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
        let crlf = your_bytes.windows(2).any(|pair| pair == b"\r\n");
        if base.is_some_and(|base| base.source.text == y.source.text) && !crlf {
            // Nothing of it is the customer's own.
            self.out.files.insert(path.to_owned(), their_bytes.to_vec());
            return;
        }
        if plain(your_bytes) == plain(their_bytes) {
            self.out.files.insert(path.to_owned(), your_bytes.to_vec());
            return;
        }
        match merge(path, base, y, t, &self.split) {
            Ok(merged) => {
                let text = if crlf { merged.text.replace('\n', "\r\n") } else { merged.text };
                let mark: &[u8] = if your_bytes.starts_with(b"\xef\xbb\xbf") { b"\xef\xbb\xbf" } else { b"" };
                self.out.files.insert(path.to_owned(), [mark, text.as_bytes()].concat());
                self.out.conflicts.extend(merged.conflicts);
                self.out.own.extend(merged.own);
            }
            Err(fault) => self.faults.push(*fault),
        }
    }

    /// Takes a file as a whole.
    fn whole(&mut self, path: &str, base: Option<&Vec<u8>>, yours: Option<&Vec<u8>>, theirs: Option<&Vec<u8>>) {
        let plain = |bytes: &Vec<u8>| bytes.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
        let (b, y, t) = (base.map(plain), yours.map(plain), theirs.map(plain));
        let mut note = |clash| {
            let shown = |is_there: bool, text: &str| is_there.then(|| text.to_owned());
            self.out.conflicts.push(Conflict {
                file: path.to_owned(),
                path: Vec::new(),
                clash,
                yours: shown(yours.is_some(), "your file"),
                theirs: shown(theirs.is_some(), "the new file"),
            });
        };
        let keep = if y == b && b.is_some() {
            theirs
        } else if y == t || t == b {
            yours
        } else {
            match (&b, &y, &t) {
                (_, Some(_), Some(_)) => note(Clash::BothChanged),
                (Some(_), Some(_), None) => note(Clash::GoneUpstream),
                (Some(_), None, Some(_)) => note(Clash::TakenOut),
                _ => {}
            }
            if y.is_none() && b.is_none() { theirs } else { yours }
        };
        if let Some(bytes) = keep {
            self.out.files.insert(path.to_owned(), bytes.clone());
        }
        let own = match (b.is_some(), y.is_some()) {
            (_, true) if y == b || y == t => None,
            (true, true) => Some(Own::Edited),
            (false, true) => Some(Own::Added),
            (true, false) => Some(Own::Removed),
            (false, false) => None,
        };
        let change = own.map(|own| OwnChange { file: path.to_owned(), path: Vec::new(), own });
        self.out.own.extend(change.filter(|_| base.is_some() || theirs.is_none()));
    }
}
