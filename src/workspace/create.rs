//! Making a workspace: the kit copied in, the starter files, and nothing overwritten.

use super::{ASSESSMENT_FILE, Error, Workspace, files, read_kit, shipped};
use crate::diagnostic::has_errors;
use crate::exchange::schema::{SchemaName, text};
use crate::kit::Kit;
use crate::kit::format::CapabilityFile;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Where a kit comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// Compiled in.
    Shipped(shipped::Shipped),
    /// A folder.
    Folder(PathBuf),
}

impl Origin {
    /// Finds a kit by the id of a shipped one, or by the path of a folder.
    pub fn find(name: &str) -> Option<Self> {
        let is_path = name.contains(['/', '\\']) || name == "." || name == "..";
        let shipped = if is_path { None } else { shipped::find(name) };
        shipped.map(Self::Shipped).or_else(|| Some(Self::Folder(PathBuf::from(name))).filter(|_| is_path || Path::new(name).is_dir()))
    }

    /// Reads the kit.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Files`] when the kit has errors.
    pub fn read(&self) -> Result<Kit, Error> {
        let (kit, diagnostics) = match self {
            Self::Shipped(kit) => kit.read(),
            Self::Folder(folder) => read_kit(folder)?,
        };
        kit.filter(|_| !has_errors(&diagnostics)).ok_or(Error::Files(diagnostics))
    }

    /// Returns the files of the kit that a workspace gets a copy of: path relative to it, and bytes.
    pub(super) fn files(&self) -> Result<Vec<(PathBuf, Vec<u8>)>, Error> {
        match self {
            Self::Shipped(kit) => Ok(kit.files().into_iter().map(|(path, bytes)| (path.to_owned(), bytes.to_owned())).collect()),
            Self::Folder(folder) => {
                let mut found = Vec::new();
                for path in files::tree(folder)? {
                    let is_hidden = path.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
                    if !is_hidden && !path.starts_with("samples") {
                        let bytes = files::read_bytes(&folder.join(&path))?.unwrap_or_default();
                        found.push((path, bytes));
                    }
                }
                Ok(found)
            }
        }
    }
}

/// What a new workspace is for.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The id of the assessment.
    pub id: String,
    /// The customer.
    pub customer: String,
    /// How secret the documents are.
    pub classification: Option<String>,
    /// How the organisation operates.
    pub mode: Option<String>,
    /// The ids of the environments in scope; all if there are none.
    pub environments: Vec<String>,
}

/// Refuses a folder that is a workspace, is inside one, or holds something that would be overwritten.
///
/// # Errors
///
/// Returns [`Error::Unusable`] with the reason.
pub fn check_folder(folder: &Path) -> Result<(), Error> {
    let shown = folder.display();
    if folder.is_file() {
        return Err(Error::Unusable(format!("`{shown}` is a file; name a folder")));
    }
    if folder.join(ASSESSMENT_FILE).exists() {
        return Err(Error::Unusable(format!("`{shown}` is a workspace already; nothing was changed")));
    }
    let absolute = resolved(folder);
    let outer = absolute.ancestors().skip(1).find(|above| above.join(ASSESSMENT_FILE).exists());
    if let Some(outer) = outer {
        let outer = outer.file_name().map_or_else(|| outer.display().to_string(), |name| name.to_string_lossy().into_owned());
        return Err(Error::Unusable(format!("`{shown}` is inside the workspace `{outer}`; make the new one beside it")));
    }
    for name in ["kit", "answers", "schemas", ".opsready"] {
        if folder.join(name).exists() {
            return Err(Error::Unusable(format!("`{shown}` holds `{name}` already; name a new folder, or move it away")));
        }
    }
    Ok(())
}

/// Returns where a folder is or will be: what is there of its path with links and `..` followed, the rest as it is written.
fn resolved(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut path = PathBuf::new();
    for part in absolute.components() {
        match part {
            std::path::Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
        path = std::fs::canonicalize(&path).unwrap_or(path);
    }
    path
}

/// Makes a workspace. Returns it with the files that were there before and were left alone.
///
/// `opsready.yaml` comes last, so that a folder in which this was cut short is no workspace.
///
/// # Errors
///
/// Returns [`Error`] when the folder cannot be used, the kit is wrong, or the machine refuses.
pub fn create(folder: &Path, origin: &Origin, kit: &Kit, frame: &Frame) -> Result<(Workspace, Vec<&'static str>), Error> {
    create_with(folder, origin, kit, frame, &[])
}

/// Makes a workspace as [`create`] does; `own` are files that stand in the place of starter files.
fn create_with(
    folder: &Path,
    origin: &Origin,
    kit: &Kit,
    frame: &Frame,
    own: &[(&Path, &[u8])],
) -> Result<(Workspace, Vec<&'static str>), Error> {
    check_folder(folder)?;
    let of_kit = origin.files()?;
    let into = |folder: &'static str| of_kit.iter().map(move |(path, bytes)| (Path::new(folder).join(path), bytes.clone()));
    // The kit as it was copied in stays known, so that a newer one can be told from what the customer changes.
    let mut planned: Vec<(PathBuf, Vec<u8>)> = into("kit").chain(into(super::upgrade::BASE)).collect();
    let mut plan = |path: PathBuf, text: String| planned.push((path, text.into_bytes()));
    for name in SchemaName::ALL {
        plan(Path::new("schemas").join(name.file_name()), text(*name));
    }
    for capability in &kit.capabilities {
        plan(Path::new("answers").join(format!("{}.yaml", capability.file.id)), answers_file(&capability.file));
    }
    let mut kept = Vec::new();
    for (name, text) in repository_files(kit, &frame.customer, frame.classification.as_deref()) {
        if folder.join(name).exists() {
            kept.push(name);
        } else {
            plan(PathBuf::from(name), text);
        }
    }
    plan(PathBuf::from(ASSESSMENT_FILE), assessment_file(kit, frame));
    for (path, bytes) in own {
        match planned.iter_mut().find(|(planned, _)| planned == path) {
            Some(starter) => starter.1 = bytes.to_vec(),
            // `opsready.yaml` stays the last.
            None => planned.insert(0, (path.to_path_buf(), bytes.to_vec())),
        }
    }
    let was_there = folder.is_dir();
    for (written, (path, bytes)) in planned.iter().enumerate() {
        if let Err(error) = files::write(&folder.join(path), bytes) {
            take_back(folder, was_there, &planned[..=written]);
            return Err(error);
        }
    }
    // Only behind what could fail: this file may be the user's.
    if kept.contains(&".gitattributes") {
        add_merge_attributes(folder)?;
    }
    Ok((Workspace::at(folder)?, kept))
}

/// Returns what every repository around a workspace begins with: name and text.
pub fn repository_files(kit: &Kit, customer: &str, classification: Option<&str>) -> [(&'static str, String); 3] {
    [
        ("README.md", readme(kit, customer, classification)),
        (".gitignore", GITIGNORE.to_owned()),
        (".gitattributes", format!("{GITATTRIBUTES}{}", merge_attributes(""))),
    ]
}

/// Removes what was written before something failed, so that the next attempt finds the folder as it was.
fn take_back(folder: &Path, was_there: bool, written: &[(PathBuf, Vec<u8>)]) {
    for (path, _) in written.iter().rev() {
        let _ = files::delete(&folder.join(path));
        for above in path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
            // Only a folder that is empty goes.
            let _ = std::fs::remove_dir(folder.join(above));
        }
    }
    if !was_there {
        let _ = std::fs::remove_dir(folder);
    }
}

const GITIGNORE: &str = "# The lock that keeps two processes from losing each other's answers.\n/.opsready/lock\n# Where each person's discovery stopped.\n/.opsready/at.json\n*.tmp\n";

const GITATTRIBUTES: &str = "# The same bytes on every machine, so that documents stay comparable.\n* text=auto eol=lf\n*.ics text eol=crlf\n/.opsready/** linguist-generated\n/schemas/** linguist-generated\n";

/// What git merges with the program, where a clone is told so: by question and key, not by line.
const MERGED: &[&str] = &[
    "/opsready.yaml",
    "/answers/*.yaml",
    "/responses/*/*.yaml",
    "/plan/*.yaml",
    "/backlog/*.yaml",
    "/decisions/*.yaml",
    "/risks/*.yaml",
    "/services/*.yaml",
];

/// Returns the lines of `.gitattributes` that are not in a text yet: which files git merges with the program.
fn merge_attributes(text: &str) -> String {
    let is_there = |pattern: &str| {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let of_pattern = |words: &[String]| words.first().is_some_and(|first| first.trim_start_matches('/') == &pattern[1..]);
        text.lines().map(words).any(|words| of_pattern(&words) && words.iter().any(|word| word.contains("merge")))
    };
    let missing: Vec<String> =
        MERGED.iter().filter(|pattern| !is_there(pattern)).map(|pattern| format!("{pattern} merge=opsready\n")).collect();
    if missing.is_empty() {
        return String::new();
    }
    format!(
        "# Merged by question and key, once `opsready merge-driver --install` has run in a clone; by line where it has not.\n{}",
        missing.concat()
    )
}

/// Adds to `.gitattributes` which files git merges with the program; what is there stays. Returns true if something was missing.
///
/// # Errors
///
/// Returns [`Error::Machine`] when the file cannot be read or written.
pub fn add_merge_attributes(folder: &Path) -> Result<bool, Error> {
    let path = folder.join(".gitattributes");
    let mut bytes = files::read_bytes(&path)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let mut missing = merge_attributes(&text);
    if missing.is_empty() {
        return Ok(false);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        missing.insert(0, '\n');
    }
    if text.contains("\r\n") {
        missing = missing.replace('\n', "\r\n");
    }
    bytes.extend_from_slice(missing.as_bytes());
    files::write(&path, &bytes)?;
    Ok(true)
}

/// Returns text as a double-quoted YAML scalar.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

fn assessment_file(kit: &Kit, frame: &Frame) -> String {
    let mut text = String::from("# yaml-language-server: $schema=schemas/assessment.schema.json\n");
    let _ = writeln!(text, "schema: opsready/assessment/v1\nid: {}\ncustomer: {}", frame.id, quoted(&frame.customer));
    match &frame.classification {
        Some(classification) => drop(writeln!(text, "classification: {}", quoted(classification))),
        None => text.push_str("# classification: confidential\n"),
    }
    let _ = writeln!(text, "kit: {{id: {}, version: {}}}   # the copy in kit/", kit.file.id, kit.file.version);
    if let Some(mode) = &frame.mode {
        let _ = writeln!(text, "mode: {}", quoted(mode));
    }
    let phases: Vec<&str> = kit.file.phases.iter().map(|phase| phase.id.as_str()).collect();
    if let Some((first, others)) = phases.split_first() {
        let others = if others.is_empty() { String::new() } else { format!(" or {}", others.join(", ")) };
        let _ = writeln!(text, "# phase: {first}   #{others}: its levels become the targets of capabilities that name none");
    }
    let all: Vec<String> = kit.environment_indices().map(|ix| kit.environment_id(ix).to_owned()).collect();
    let environments = if frame.environments.is_empty() { &all } else { &frame.environments };
    let _ = writeln!(text, "environments: [{}]   # in scope", environments.join(", "));
    let target = kit.environment_id(kit.target_environment);
    let target = if environments.iter().any(|id| id == target) { target } else { environments.last().map_or(target, String::as_str) };
    let _ = writeln!(text, "target_environment: {target}");
    let _ = writeln!(
        text,
        "\n# Capabilities that are not named here are in scope, with target {} and importance 3 (1 to 5).",
        kit.default_target
    );
    text.push_str("capabilities:\n");
    for capability in &kit.capabilities {
        // Where there are phases, a target here would hide theirs.
        let target = if phases.is_empty() { format!("target: {}, ", kit.default_target) } else { String::new() };
        let _ = writeln!(text, "  {}: {{{target}importance: 3}}", capability.file.id);
    }
    text.push_str("\n# policy: {evidence_from_level: 4}   # from this level on a practice without evidence counts at most half\n");
    text.push_str("# participants: [{role: ");
    text.push_str(kit.file.roles.first().map_or("a-role", |role| role.id.as_str()));
    text.push_str("}]\n");
    text
}

fn answers_file(capability: &CapabilityFile) -> String {
    format!(
        "# yaml-language-server: $schema=../schemas/answers.schema.json\n# {}: `opsready kit show {}` lists the questions.\ncapability: {}\nanswers:\n",
        capability.title.value.replace('\n', " "),
        capability.id,
        capability.id
    )
}

fn readme(kit: &Kit, customer: &str, classification: Option<&str>) -> String {
    let customer = crate::document::escape::inline(customer);
    let title = crate::document::escape::inline(&kit.file.title);
    let mut text = format!("# {customer}: {title}\n\n");
    text.push_str(
        "This folder holds an operational readiness assessment. Everything in it is text: keep it in a git repository.\n\n\
         | Where | What | Who changes it |\n\
         | --- | --- | --- |\n\
         | `opsready.yaml` | scope, targets, importance, waves, policy | you |\n\
         | `answers/` | what was said, a file for each capability | you, or `opsready answer` |\n\
         | `responses/` | what single people said, until `opsready reconcile` makes one answer of it | they, or `opsready worksheet import` |\n\
         | `decisions/`, `risks/` | what was decided, and risks, assumptions, issues and dependencies, a file for each | you, or `opsready decision` and `opsready risk` |\n\
         | `plan/` | who closes which gap, when and in which wave, and which risks are accepted | you, or `opsready plan set` |\n\
         | `backlog/` | the stories that close the gaps | you, after `opsready backlog pull` |\n\
         | `milestones/` | scores and answers of a day, frozen | nobody; `opsready milestone save` makes one |\n\
         | `kit/` | the questions and practices; this copy is yours | you |\n\
         | `overlay/` | what you change in the kit, or add to it; make it when you need it | you |\n\
         | `docs/` | the documents | `opsready render` and you: what you write in them stays when they are rendered again |\n\
         | `.opsready/` | the documents as they were last rendered and the kit as it came, with which your edits are merged | `opsready` |\n\
         | `schemas/` | for completion and checks in your editor | nobody |\n\n\
         ```console\n\
         opsready status             # what is answered, open, parked and unknown\n\
         opsready discover           # asks the questions one by one, and goes on where it stopped\n\
         opsready answer QUESTION@ENVIRONMENT --choose CHOICE --note \"what was said\"\n\
         opsready score              # levels, targets, gaps\n\
         opsready explain CAPABILITY # how a number came about\n\
         opsready render             # write the documents\n\
         opsready plan show          # waves, and what comes of them\n\
         opsready milestone save NAME # freeze today; `opsready diff` shows later what moved\n\
         opsready check              # everything that must hold, for a pipeline\n\
         ```\n\n\
         Branches that answer different questions merge without a conflict, in a clone in which `opsready merge-driver --install` has run. Different\n\
         answers to one question are both kept, and count as not answered until `opsready reconcile` settles them.\n\n",
    );
    if let Some(classification) = classification {
        let _ = writeln!(text, "Classification: {}.", crate::document::escape::inline(classification));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Makes a workspace that holds the sample engagement of a shipped kit.
///
/// # Errors
///
/// Returns [`Error`] when the folder cannot be used or the machine refuses.
pub fn create_sample(folder: &Path, origin: &Origin) -> Result<Workspace, Error> {
    let Origin::Shipped(shipped) = origin else {
        return Err(Error::Unusable("only a kit that comes with the program has a sample".to_owned()));
    };
    let kit = origin.read()?;
    let file = shipped.sample()?;
    let frame = Frame {
        id: file.id.value.0.clone(),
        customer: file.customer.value.clone(),
        classification: file.classification.clone(),
        mode: file.mode.clone(),
        environments: Vec::new(),
    };
    create_with(folder, origin, &kit, &frame, &shipped.samples()).map(|(workspace, _)| workspace)
}
