//! What the workspace was in a revision of git. It is read out of the repository by `git` from PATH: nothing is checked out, no file
//! is touched, and nothing is fetched.

use super::milestones::KEPT;
use super::{ASSESSMENT_FILE, Error, OVERLAY, Workspace};
use crate::diagnostic::{Diagnostic, Source, sort};
use crate::kit::read::{KitSources, OverlaySources};
use crate::yaml;
use crate::yaml::record::Date;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

/// Why a revision cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// There is no `git`.
    #[error("`git` is not installed, or not on the PATH")]
    NoGit,
    /// The workspace is in no repository, or in one that git does not trust.
    #[error("the workspace is not in a git repository that can be read: {0}")]
    NoRepository(String),
    /// No revision has this name.
    #[error("there is no revision `{0}`")]
    Unknown(String),
    /// Git is in no merge.
    #[error("git is neither merging nor rebasing here")]
    NoMerge,
    /// The workspace is not in the revision.
    #[error("there is no workspace in the revision `{0}`")]
    NoWorkspace(String),
    /// Git failed.
    #[error("git failed: {0}")]
    Failed(String),
    /// The files of that time are wrong.
    #[error(transparent)]
    Files(#[from] Error),
    /// The machine refused.
    #[error("cannot talk to git")]
    Machine(#[from] io::Error),
}

/// The files of a workspace in a revision.
#[derive(Debug)]
pub struct Revision {
    /// What the user called it.
    pub name: String,
    /// The hash of the commit.
    pub commit: String,
    /// The day of the commit.
    pub day: Date,
    /// The files that are read, by path in the workspace.
    files: BTreeMap<String, Arc<Source>>,
}

/// A blob of a tree.
struct Blob {
    hash: String,
    size: u64,
    path: String,
}

impl Workspace {
    fn git(&self) -> Command {
        let mut command = Command::new("git");
        let root = self.path(".");
        command.arg("-C").arg(if root.as_os_str().is_empty() { Path::new(".") } else { &root });
        // A hook names the repository that it runs for, which need not be that of the workspace.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0");
        command.stdin(Stdio::null());
        command
    }

    /// Runs git and returns what it said: standard output, or the first line of standard error.
    fn ask_git(&self, arguments: &[&str]) -> Result<Result<Vec<u8>, String>, RevisionError> {
        let output = match self.git().args(arguments).output() {
            Ok(output) => output,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(RevisionError::NoGit),
            Err(error) => return Err(error.into()),
        };
        if output.status.success() {
            return Ok(Ok(output.stdout));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let line = said.lines().next().unwrap_or("it said nothing").trim_start_matches("fatal: ").to_owned();
        Ok(Err(line))
    }

    /// Returns the commit that git is merging into this branch, or taking over in a rebase.
    pub(super) fn other_side(&self) -> Result<String, RevisionError> {
        self.ask_git(&["rev-parse", "--show-prefix"])?.map_err(RevisionError::NoRepository)?;
        for name in ["MERGE_HEAD", "REBASE_HEAD"] {
            if let Ok(commit) = self.ask_git(&["rev-parse", "--verify", "--quiet", name])? {
                return Ok(String::from_utf8_lossy(&commit).trim_end().to_owned());
            }
        }
        Err(RevisionError::NoMerge)
    }

    /// Returns the text of a file of the workspace in a commit; nothing if it is not there, or no text.
    pub(super) fn text_at(&self, commit: &str, path: &str) -> Result<Option<String>, RevisionError> {
        let bytes = self.ask_git(&["show", &format!("{commit}:./{path}")])?.ok();
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
    }

    /// Reads the files of the workspace in a revision: a tag, a branch, `HEAD~3`.
    ///
    /// # Errors
    ///
    /// Returns [`RevisionError`] when there is no git, no repository, no such revision, or no workspace in it.
    pub fn revision(&self, name: &str) -> Result<Revision, RevisionError> {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim_end().to_owned();
        let prefix = text(self.ask_git(&["rev-parse", "--show-prefix"])?.map_err(RevisionError::NoRepository)?);
        let wanted = format!("{name}^{{commit}}");
        let asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted];
        let commit = text(self.ask_git(&asked)?.map_err(|_| RevisionError::Unknown(name.to_owned()))?);
        let shown = self.ask_git(&["show", "--no-patch", "--format=%cs", &commit])?.map_err(RevisionError::Failed)?;
        let day = Date::parse(&text(shown)).ok_or_else(|| RevisionError::Failed("it tells no date of the commit".to_owned()))?;
        let tree = format!("{commit}:{}", prefix.trim_end_matches('/'));
        let missing = |_| RevisionError::NoWorkspace(name.to_owned());
        let listed = self.ask_git(&["ls-tree", "-r", "-l", "-z", "--full-tree", &tree])?.map_err(missing)?;
        let blobs: Vec<Blob> = listed.split(|byte| *byte == 0).filter_map(blob).filter(|blob| is_read(&blob.path)).collect();
        if !blobs.iter().any(|blob| blob.path == ASSESSMENT_FILE) {
            return Err(RevisionError::NoWorkspace(name.to_owned()));
        }
        let files = self.read_blobs(name, &blobs)?;
        Ok(Revision { name: name.to_owned(), commit, day, files })
    }

    fn read_blobs(&self, name: &str, blobs: &[Blob]) -> Result<BTreeMap<String, Arc<Source>>, RevisionError> {
        let mut git =
            self.git().args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let read = read_all(name, blobs, &mut git);
        let _ = git.kill();
        let _ = git.wait();
        read
    }
}

fn read_all(name: &str, blobs: &[Blob], git: &mut Child) -> Result<BTreeMap<String, Arc<Source>>, RevisionError> {
    let closed = || RevisionError::Failed("it closed its streams".to_owned());
    let mut input = git.stdin.take().ok_or_else(closed)?;
    let mut output = BufReader::new(git.stdout.take().ok_or_else(closed)?);
    let (mut files, mut faults) = (BTreeMap::new(), Vec::new());
    for blob in blobs {
        let shown = format!("{name}:{}", blob.path);
        if blob.size > yaml::LARGEST_FILE_BYTES as u64 {
            faults.push(yaml::too_large(&shown, blob.size));
            continue;
        }
        match yaml::decode(&shown, &read_blob(blob, &mut input, &mut output)?) {
            Ok(source) => {
                files.insert(blob.path.clone(), source);
            }
            Err(fault) => faults.push(*fault),
        }
    }
    if faults.is_empty() { Ok(files) } else { Err(Error::Files(faults).into()) }
}

/// Asks for one blob and reads it: git answers `<hash> blob <size>`, the bytes, a line end.
fn read_blob(blob: &Blob, input: &mut ChildStdin, output: &mut BufReader<ChildStdout>) -> Result<Vec<u8>, RevisionError> {
    writeln!(input, "{}", blob.hash)?;
    input.flush()?;
    let mut head = String::new();
    output.read_line(&mut head)?;
    let size: Option<usize> = head.split(' ').nth(2).and_then(|size| size.trim().parse().ok());
    let Some(size) = size.filter(|size| *size as u64 == blob.size) else {
        return Err(RevisionError::Failed(format!("`{}` is not in this clone", blob.path)));
    };
    let mut bytes = vec![0; size + 1];
    output.read_exact(&mut bytes)?;
    bytes.truncate(size);
    Ok(bytes)
}

/// Reads a line of `git ls-tree -l`: mode, type, hash and size, a tab, the path. Links and modules are left out.
fn blob(line: &[u8]) -> Option<Blob> {
    let line = std::str::from_utf8(line).ok()?;
    let (head, path) = line.split_once('\t')?;
    let mut parts = head.split_ascii_whitespace();
    let is_file = parts.next()?.starts_with("100") && parts.next()? == "blob";
    let (hash, size) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
    is_file.then(|| Blob { hash, size, path: path.to_owned() })
}

/// Returns true for a file of a workspace that scores and registers are made of.
fn is_read(path: &str) -> bool {
    let is_yaml = |name: &str| !name.starts_with('.') && matches!(name.rsplit_once('.'), Some((_, "yaml" | "yml")));
    match path.split('/').collect::<Vec<_>>().as_slice() {
        [name] => *name == ASSESSMENT_FILE,
        ["kit" | OVERLAY, name] => matches!(*name, "kit.yaml" | "engagement.yaml"),
        ["kit" | OVERLAY, "capabilities", name] => is_yaml(name),
        [folder, name] => KEPT.contains(folder) && is_yaml(name),
        _ => false,
    }
}

impl Revision {
    fn source(&self, path: &str) -> Option<Arc<Source>> {
        self.files.get(path).map(Arc::clone)
    }

    /// Returns the files of a folder: stem and source, by name.
    pub(super) fn sources_in(&self, folder: &str) -> Vec<(String, Arc<Source>)> {
        let name = |path: &str| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
        let found = self.files.iter().filter_map(|(path, source)| Some((name(path)?, Arc::clone(source))));
        let stem = |name: String| name.rsplit_once('.').map(|(stem, _)| stem.to_owned());
        let found = found.filter(|(name, _)| !name.contains('/')).filter_map(|(name, source)| Some((stem(name)?, source)));
        let mut found: Vec<(String, Arc<Source>)> = found.collect();
        found.dedup_by(|a, b| a.0 == b.0);
        found
    }

    /// Returns the files of the kit with what lies over it.
    ///
    /// # Errors
    ///
    /// Returns the diagnostic that says so when there is no kit.
    pub(super) fn kit(&self) -> Result<KitSources, Error> {
        let Some(kit) = self.source("kit/kit.yaml") else {
            let message = format!("the revision `{}` has no `kit/kit.yaml`", self.name);
            return Err(Diagnostic::placeless(crate::diagnostic::Code::MissingFile, message).into());
        };
        let overlay = OverlaySources {
            kit: self.source(&format!("{OVERLAY}/kit.yaml")),
            capabilities: self.sources_in(&format!("{OVERLAY}/capabilities")),
            engagement: self.source(&format!("{OVERLAY}/engagement.yaml")),
        };
        Ok(KitSources { kit, capabilities: self.sources_in("kit/capabilities"), engagement: self.source("kit/engagement.yaml"), overlay })
    }

    /// Returns the source of `opsready.yaml`.
    pub(super) fn assessment(&self) -> Arc<Source> {
        self.source(ASSESSMENT_FILE).expect("a revision is only read if it has one")
    }

    /// Returns the texts that a milestone would keep, by path in the workspace.
    pub(super) fn texts(&self) -> BTreeMap<String, String> {
        let is_kept = |path: &str| path == ASSESSMENT_FILE || path.split_once('/').is_some_and(|(folder, _)| KEPT.contains(&folder));
        let kept = self.files.iter().filter(|(path, _)| is_kept(path));
        kept.map(|(path, source)| (path.clone(), source.text.clone())).collect()
    }
}

/// Sorts diagnostics and keeps the errors.
pub(super) fn errors(mut found: Vec<Diagnostic>) -> Error {
    sort(&mut found);
    Error::Files(found.into_iter().filter(Diagnostic::is_error).collect())
}
