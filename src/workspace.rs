//! Where files live: the one module that reads and writes them.
//!
//! A [`Workspace`] is the customer's folder. Reading gives diagnostics for everything that is wrong in the files and an
//! [`Error`] for what the machine refuses; writing is whole or not at all, and holds a lock.

mod answers;
pub mod backlog;
pub mod create;
pub mod documents;
pub mod files;
pub mod followup;
pub mod milestones;
mod place;
pub mod plan;
pub mod publish;
pub mod registers;
mod responses;
pub mod settle;
pub mod revision;
pub mod shipped;
pub mod state;
pub mod templates;
pub mod upgrade;

use crate::assessment::Assessment;
use crate::assessment::planning;
use crate::assessment::read::AssessmentSources;
use crate::assessment::register::{self, RegisterSources};
use crate::diagnostic::{Code, Diagnostic, Severity, Source, has_errors, sort};
use crate::kit::Kit;
use crate::kit::read::{KitSources, OverlaySources};
use crate::plan::Plan;
use crate::plan::progress::{History, Progress};
use crate::scoring::Scorecard;
use crate::yaml::record::Id;
use crate::{assessment, kit, yaml};
use files::{Deed, read_source, yaml_files};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The file that makes a folder a workspace.
pub const ASSESSMENT_FILE: &str = "opsready.yaml";

/// The folder of a workspace that holds what single respondents said.
pub const RESPONSES: &str = "responses";

/// The folder of a workspace that holds what was decided.
pub const DECISIONS: &str = "decisions";

/// The folder of a workspace that holds risks, assumptions, issues and dependencies.
pub const RISKS: &str = "risks";

/// The folder of a workspace that holds its stories.
pub const BACKLOG: &str = "backlog";

/// The folder of a workspace that holds what is planned.
pub const PLAN: &str = "plan";

/// The folder of a workspace that lies over its kit.
pub const OVERLAY: &str = "overlay";

/// Why the file layer cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The machine refused.
    #[error("cannot {deed} `{}`", path.display())]
    Machine {
        /// What was tried.
        deed: Deed,
        /// With which file or folder.
        path: PathBuf,
        /// What the machine said.
        source: std::io::Error,
    },
    /// The user's files are wrong.
    #[error("{} problem(s) in the files", .0.len())]
    Files(Vec<Diagnostic>),
    /// There is no workspace in a folder or above it.
    #[error("there is no workspace in `{}` or above it", .0.display())]
    NoWorkspace(PathBuf),
    /// A folder that was named is none.
    #[error("`{}` is no workspace: {}", .0.display(), if .0.is_dir() { "it has no `opsready.yaml`" } else { "there is no such folder" })]
    NotAWorkspace(PathBuf),
    /// The folder cannot be used.
    #[error("{0}")]
    Unusable(String),
}

impl From<Box<Diagnostic>> for Error {
    fn from(diagnostic: Box<Diagnostic>) -> Self {
        Self::Files(vec![*diagnostic])
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Files(vec![diagnostic])
    }
}

/// A customer's folder.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    /// The respondent whose answers are read and written; nothing for those that are agreed.
    respondent: Option<Id>,
}

/// A workspace's kit and assessment, checked.
#[derive(Debug)]
pub struct Loaded {
    /// The kit.
    pub kit: Kit,
    /// The assessment.
    pub assessment: Assessment,
    /// Its milestones. Only documents show them, so nothing else reads them.
    pub history: History,
    /// What its owner should know.
    pub warnings: Vec<Diagnostic>,
}

impl Loaded {
    /// Returns the roadmap of a scorecard, with what its owner should know of it.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Files`] when the plan asks for what cannot be: a gap before what it requires.
    pub fn roadmap(&self, card: &Scorecard) -> Result<(Plan, Vec<Diagnostic>), Error> {
        let plan = Plan::of(&self.kit, &self.assessment, card);
        let found = plan.diagnostics(&self.kit, &self.assessment);
        if has_errors(&found) { Err(Error::Files(found)) } else { Ok((plan, found)) }
    }

    /// Returns how the assessment moved since its last milestone; nothing without one.
    pub fn progress(&self, card: &Scorecard) -> Option<Progress> {
        Progress::of(&self.history, &self.kit, &self.assessment, card)
    }
}

/// Holds the lock of a workspace until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Workspace {
    /// Returns the workspace in a folder.
    ///
    /// # Errors
    ///
    /// Returns [`Error::NotAWorkspace`] when the folder has no `opsready.yaml`.
    pub fn at(root: &Path) -> Result<Self, Error> {
        if root.join(ASSESSMENT_FILE).is_file() {
            Ok(Self { root: root.to_owned(), respondent: None })
        } else {
            Err(Error::NotAWorkspace(root.to_owned()))
        }
    }

    /// Returns the workspace that a folder is in, found upwards.
    ///
    /// # Errors
    ///
    /// Returns [`Error::NoWorkspace`] when there is none.
    pub fn find(from: &Path) -> Result<Self, Error> {
        let start = std::path::absolute(from).map_err(|source| Error::Machine { deed: Deed::Read, path: from.to_owned(), source })?;
        let levels = start.ancestors().count();
        let mut shown = if from == Path::new(".") { PathBuf::new() } else { from.to_owned() };
        for _ in 0..levels {
            if shown.join(ASSESSMENT_FILE).is_file() {
                return Ok(Self { root: shown, respondent: None });
            }
            shown.push("..");
        }
        Err(Error::NoWorkspace(from.to_owned()))
    }

    /// Returns the path of a file in the workspace, as the user would type it.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        if self.root.as_os_str().is_empty() || self.root == Path::new(".") {
            relative.as_ref().to_owned()
        } else {
            self.root.join(relative)
        }
    }

    /// Returns the folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the same workspace with what one respondent said in the place of what is agreed.
    #[must_use]
    pub fn of_respondent(&self, respondent: &Id) -> Self {
        Self { root: self.root.clone(), respondent: Some(respondent.clone()) }
    }

    /// Returns the folder of the answers: those that are agreed, or those of the respondent.
    pub fn answers_folder(&self) -> PathBuf {
        match &self.respondent {
            None => self.path("answers"),
            Some(respondent) => self.path(Path::new(RESPONSES).join(respondent.as_str())),
        }
    }

    /// Returns the respondents who have said something, by name.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when the folder cannot be read, [`Error::Files`] when a folder in it cannot be a respondent's.
    pub fn respondents(&self) -> Result<Vec<Id>, Error> {
        let folder = self.path(RESPONSES);
        let mut found = Vec::new();
        for path in if folder.is_dir() { files::tree(&folder)? } else { Vec::new() } {
            let mut parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let (Some(name), Some(_)) = (parts.next(), parts.next()) else { continue };
            if !Id::is_valid(&name) {
                let message = format!("`{}` is not named like a respondent", folder.join(&name).display());
                let diagnostic = Diagnostic::placeless(Code::BadId, message);
                return Err(diagnostic.help("a respondent's folder has letters, digits, `-`, `_` and `.` in its name").into());
            }
            if !found.contains(&Id(name.clone())) {
                found.push(Id(name));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Returns the path of the answers to a capability.
    pub fn answers_path(&self, capability: &str) -> PathBuf {
        let folder = self.answers_folder();
        let other = folder.join(format!("{capability}.yml"));
        if other.is_file() { other } else { folder.join(format!("{capability}.yaml")) }
    }

    /// Reads the kit and the assessment, without its registers.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Files`] with every problem, sorted by place, when there is an error among them.
    pub fn load(&self) -> Result<Loaded, Error> {
        self.load_with(None, Vec::new())
    }

    /// Reads the kit and the assessment with its registers, which only documents show.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Files`] with every problem, sorted by place, when there is an error among them.
    pub fn load_whole(&self) -> Result<Loaded, Error> {
        let mut diagnostics = Vec::new();
        let decisions = sources_in(&self.path(DECISIONS), &mut diagnostics)?;
        let risks = sources_in(&self.path(RISKS), &mut diagnostics)?;
        let backlog = sources_in(&self.path(BACKLOG), &mut diagnostics)?;
        let milestones = self.milestones_or_faults(&mut diagnostics)?;
        let mut loaded = self.load_with(Some(&RegisterSources { decisions, risks, backlog }), diagnostics)?;
        let history = self.history(milestones, &loaded.kit)?;
        loaded.assessment.registers.frozen_on = history.latest();
        Ok(Loaded { history, ..loaded })
    }

    fn load_with(&self, registers: Option<&RegisterSources>, mut diagnostics: Vec<Diagnostic>) -> Result<Loaded, Error> {
        let risks: Option<Vec<&str>> = registers.map(|registers| registers.risks.iter().map(|(stem, _)| stem.as_str()).collect());
        self.refuse_unfinished()?;
        let none = RegisterSources::default();
        let registers = registers.unwrap_or(&none);
        let folder = self.path("kit");
        if !folder.is_dir() {
            let diagnostic =
                Diagnostic::placeless(Code::MissingFile, format!("the workspace has no kit: `{}` is missing", folder.display()));
            return Err(diagnostic.help("copy the kit's folder there, or make a new workspace with `opsready init`").into());
        }
        let (kit, found) = self.read_kit()?;
        diagnostics.extend(found);
        let answers = sources_in(&self.answers_folder(), &mut diagnostics)?;
        let plans = sources_in(&self.path(PLAN), &mut diagnostics)?;
        let assessment = match read_source(&self.path(ASSESSMENT_FILE)) {
            Ok(assessment) => assessment,
            Err(Error::Files(found)) => {
                // What is wrong in the answers on their own is worth saying too.
                diagnostics.extend(found);
                diagnostics.extend(answers.iter().flat_map(|(_, source)| yaml::record::read::<assessment::format::AnswersFile>(source).1));
                diagnostics.extend(planning::faults(&plans));
                diagnostics.extend(register::faults(registers));
                sort(&mut diagnostics);
                return Err(Error::Files(diagnostics));
            }
            Err(error) => return Err(error),
        };
        let sources = AssessmentSources { assessment, answers };
        let Some(kit) = kit else {
            // The kit is wrong; what is wrong in the assessment on its own is worth saying too.
            diagnostics.extend(yaml::record::read::<assessment::format::AssessmentFile>(&sources.assessment).1);
            for (_, source) in &sources.answers {
                diagnostics.extend(yaml::record::read::<assessment::format::AnswersFile>(source).1);
            }
            diagnostics.extend(planning::faults(&plans));
            diagnostics.extend(register::faults(registers));
            sort(&mut diagnostics);
            return Err(Error::Files(diagnostics));
        };
        let (assessment, found) = assessment::read::assessment(&kit, &sources);
        diagnostics.extend(found);
        let (registers, found) = register::registers(&kit, registers);
        diagnostics.extend(found);
        let assessment = assessment.map(|assessment| {
            let (planning, found) = planning::planning(&kit, &assessment, &plans, risks.as_deref());
            diagnostics.extend(found);
            Assessment { planning, registers, ..assessment }
        });
        if assessment.is_none() {
            // What is wrong in the plan on its own is worth saying too.
            diagnostics.extend(planning::faults(&plans));
        }
        sort(&mut diagnostics);
        match assessment {
            Some(assessment) if !has_errors(&diagnostics) => {
                Ok(Loaded { kit, assessment, history: History::default(), warnings: diagnostics })
            }
            _ => Err(Error::Files(diagnostics)),
        }
    }

    /// Reads the kit with what is laid over it. There is a kit if there is no error.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a file cannot be read at all.
    pub fn read_kit(&self) -> Result<(Option<Kit>, Vec<Diagnostic>), Error> {
        read_overlaid_kit(&self.path("kit"), Some(&self.path(OVERLAY)).filter(|folder| folder.is_dir()))
    }

    /// Reads the id of the assessment alone; nothing if it cannot be told.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when `opsready.yaml` cannot be read.
    pub fn id(&self) -> Result<Option<Id>, Error> {
        let source = read_source(&self.path(ASSESSMENT_FILE))?;
        Ok(yaml::record::read::<assessment::format::AssessmentFile>(&source).0.map(|file| file.id.value))
    }

    /// Waits for the lock of the workspace, so that two processes never lose each other's writes.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when the lock cannot be had.
    pub fn lock(&self) -> Result<Lock, Error> {
        let folder = self.path(".opsready");
        files::make_folder(&folder)?;
        let path = folder.join("lock");
        let failed = |source| Error::Machine { deed: Deed::Lock, path: path.clone(), source };
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(Lock { _file: file })
    }
}

/// Reads a kit's folder. There is a kit if there is no error.
///
/// # Errors
///
/// Returns [`Error`] when a file cannot be read at all.
pub fn read_kit(folder: &Path) -> Result<(Option<Kit>, Vec<Diagnostic>), Error> {
    read_overlaid_kit(folder, None)
}

fn read_overlaid_kit(folder: &Path, over: Option<&PathBuf>) -> Result<(Option<Kit>, Vec<Diagnostic>), Error> {
    let path = folder.join("kit.yaml");
    if !path.is_file() {
        let what = if folder.is_dir() { "has no `kit.yaml`" } else { "does not exist" };
        let diagnostic = Diagnostic::placeless(Code::MissingFile, format!("the kit `{}` {what}", folder.display()));
        return Err(diagnostic.help("`opsready kit list` shows the kits that come with the program; `opsready kit new` starts one").into());
    }
    let mut diagnostics = Vec::new();
    let kit_file = match read_source(&path) {
        Ok(source) => Some(source),
        Err(Error::Files(found)) => {
            diagnostics.extend(found);
            None
        }
        Err(error) => return Err(error),
    };
    let capabilities = sources_in(&folder.join("capabilities"), &mut diagnostics)?;
    // Without a readable kit.yaml the capabilities still tell what is wrong in them.
    let stand_in = || Source::new(path.display().to_string(), "");
    let engagement = optional_source(&folder.join("engagement.yaml"), &mut diagnostics)?;
    let overlay = match over {
        Some(over) => overlay_sources(over, &mut diagnostics)?,
        None => OverlaySources::default(),
    };
    let sources = KitSources { kit: kit_file.clone().unwrap_or_else(stand_in), capabilities, engagement, overlay };
    let (kit, mut found) = kit::read::kit(&sources);
    if kit_file.is_none() {
        found.retain(|diagnostic| diagnostic.code != Code::EmptyFile);
    }
    diagnostics.extend(found);
    sort(&mut diagnostics);
    let kit = kit.filter(|_| !has_errors(&diagnostics));
    Ok((kit, diagnostics))
}

/// Reads what is laid over a kit; a file that nothing would read is named.
fn overlay_sources(folder: &Path, diagnostics: &mut Vec<Diagnostic>) -> Result<OverlaySources, Error> {
    for path in files::tree(folder)? {
        let parts: Vec<String> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let is_read = match parts.as_slice() {
            ["kit.yaml" | "engagement.yaml"] | ["templates", _] => true,
            ["capabilities", _] => is_yaml,
            [name] => !is_yaml || name.starts_with('.'),
            _ => false,
        };
        if !is_read {
            let message = format!("nothing reads `{}`", folder.join(&path).display());
            let help = "an overlay has kit.yaml, engagement.yaml, capabilities/<id>.yaml and templates/<name>.md";
            diagnostics.push(Diagnostic { severity: Severity::Warning, ..Diagnostic::placeless(Code::UnusedFile, message).help(help) });
        }
    }
    Ok(OverlaySources {
        kit: optional_source(&folder.join("kit.yaml"), diagnostics)?,
        capabilities: sources_in(&folder.join("capabilities"), diagnostics)?,
        engagement: optional_source(&folder.join("engagement.yaml"), diagnostics)?,
    })
}

/// Reads a file that need not be there; one that cannot be decoded becomes a diagnostic.
fn optional_source(path: &Path, diagnostics: &mut Vec<Diagnostic>) -> Result<Option<std::sync::Arc<Source>>, Error> {
    if !path.exists() {
        return Ok(None);
    }
    match read_source(path) {
        Ok(source) => Ok(Some(source)),
        Err(Error::Files(found)) => {
            diagnostics.extend(found);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Reads every YAML file of a folder; what cannot be decoded becomes a diagnostic.
fn sources_in(folder: &Path, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<(String, std::sync::Arc<Source>)>, Error> {
    let mut sources: Vec<(String, std::sync::Arc<Source>)> = Vec::new();
    for (stem, path) in yaml_files(folder)? {
        if let Some((_, first)) = sources.iter().find(|(other, _)| *other == stem) {
            let message = format!("`{}` and `{}` are the same file twice", first.path, path.display());
            diagnostics.push(Diagnostic::placeless(Code::DuplicateId, message).help("bring what they hold together in one of them"));
            continue;
        }
        match read_source(&path) {
            Ok(source) => sources.push((stem, source)),
            Err(Error::Files(found)) => diagnostics.extend(found),
            Err(error) => return Err(error),
        }
    }
    Ok(sources)
}
