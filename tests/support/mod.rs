//! A folder of its own for each test, and the program run in it as a stranger would: with a cleared environment, a fixed
//! date and a fixed width.

#[cfg(unix)]
pub(crate) mod pty;

use snapbox::IntoData;
use snapbox::data::Inline;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The moment at which every test runs: 2026-12-01, noon.
const NOW: &str = "1796126400";

/// The answers file of the small kit's `backup`, as an owner with a hand of their own writes it.
pub(crate) const ODD_ANSWERS: &str = "\
# Answers of the workshop.  Do not reformat!

capability:   'backup'     # odd spacing is ours
answers:

    # agreed with finance
    \"backup-policy@cloud\" : { choose: 'drafted',  note: \"v0.3: a draft\" }   # keep me

    last-restore:
        date: 2026-03-01    # from the log
        by:   [ ops-lead ,  \"Anna Müller\" ]
        note: >-
            folded
            text
# the end
";

/// A temporary folder with a workspace around the small test kit in `acme`.
pub(crate) struct Sandbox {
    _folder: TempDir,
    root: PathBuf,
}

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Run {
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// The exit code.
    pub(crate) code: Option<i32>,
}

/// Every file by path, with its bytes; every folder, with none.
pub(crate) type Tree = BTreeMap<String, Option<Vec<u8>>>;

impl Sandbox {
    /// Returns a folder with nothing but an empty `acme` in it.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::Builder::new().prefix("opsready-test-").tempdir().expect("a temporary folder can be made");
        let root = fs::canonicalize(folder.path()).expect("the temporary folder is there");
        fs::create_dir(root.join("acme")).expect("a folder can be made");
        Self { _folder: folder, root }
    }

    /// Returns a folder with a workspace in `acme`, without any answer.
    pub(crate) fn workspace() -> Self {
        let sandbox = Self::empty();
        copy(&small_kit(), &sandbox.path("kit"));
        sandbox.write(
            "opsready.yaml",
            "schema: opsready/assessment/v1\nid: acme\ncustomer: Acme Logistics\nkit: {id: small, version: 1.2.0}\nenvironments: [on-premises, cloud]\ntarget_environment: cloud\n",
        );
        sandbox
    }

    /// Returns a workspace in which the capability `backup` has these answers.
    pub(crate) fn with_answers(answers: &str) -> Self {
        let sandbox = Self::workspace();
        sandbox.write("answers/backup.yaml", answers);
        sandbox
    }

    /// Returns the path of something in the workspace.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join("acme").join(relative)
    }

    /// Returns the folder around the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file of the workspace.
    pub(crate) fn write(&self, relative: &str, text: &str) {
        self.write_bytes(relative, text.as_bytes());
    }

    /// Writes a file of the workspace that need not be text.
    pub(crate) fn write_bytes(&self, relative: &str, bytes: &[u8]) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    /// Replaces text in a file of the workspace; the text must be there.
    pub(crate) fn replace(&self, relative: &str, old: &str, new: &str) {
        let text = self.read(relative);
        assert!(text.contains(old), "`{relative}` holds no `{old}`");
        self.write(relative, &text.replacen(old, new, 1));
    }

    /// Reads a file of the workspace.
    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).expect("the file is there")
    }

    /// Returns the command for a run in the workspace, ready to start.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsready"));
        command.args(arguments).current_dir(self.path(""));
        clean(&mut command);
        command
    }

    /// Runs the program in the workspace.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.finish(self.command(arguments))
    }

    /// Runs the program in another folder, given relative to the one around the workspace.
    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.current_dir(self.root.join(folder));
        self.finish(command)
    }

    /// Runs a command and returns what it gave, with the temporary folder as `[ROOT]`.
    pub(crate) fn finish(&self, mut command: Command) -> Run {
        let output: Output = command.output().expect("the program starts");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("the program writes UTF-8");
            let text = text.replace(&self.root.display().to_string(), "[ROOT]");
            if cfg!(windows) { text.replace('\\', "/") } else { text }
        };
        Run { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }

    /// Returns everything in the folder, except the lock, which says nothing.
    pub(crate) fn tree(&self) -> Tree {
        let mut tree = tree(&self.root);
        tree.retain(|path, _| !path.ends_with(".opsready") && !path.ends_with(".opsready/lock"));
        tree
    }

    /// Runs the program, which must refuse: it says why on standard error alone, exits with `code`, and changes nothing.
    #[track_caller]
    pub(crate) fn refuses(&self, arguments: &[&str], code: i32, expected: Inline) {
        let before = self.tree();
        let run = self.run(arguments);
        same(&before, &self.tree());
        assert_eq!((run.code, run.stdout.as_str()), (Some(code), ""), "{}", run.stderr);
        shows(&run.stderr, expected);
    }

    /// Runs `answer`, which must refuse too while a file is wrong, and change nothing.
    #[track_caller]
    pub(crate) fn takes_no_answer(&self) {
        let before = self.tree();
        let run = self.run(&["answer", "backup-context", "--text", "x"]);
        same(&before, &self.tree());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    }
}

impl Run {
    /// Compares everything that the run gave with a transcript: standard output, standard error, exit code.
    #[track_caller]
    pub(crate) fn gives(&self, expected: Inline) {
        let mut text = self.stdout.clone();
        if !self.stderr.is_empty() {
            text.push_str("--- standard error\n");
            text.push_str(&self.stderr);
        }
        if self.code != Some(0) {
            text.push_str(&self.code.map_or_else(|| "--- killed\n".to_owned(), |code| format!("--- exit {code}\n")));
        }
        shows(&text, expected);
    }

    /// Returns standard output as JSON, after a run that must have worked.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        serde_json::from_str(&self.stdout).expect("standard output is JSON")
    }
}

/// Compares text with a snapshot, letter by letter.
#[track_caller]
pub(crate) fn shows(actual: &str, expected: Inline) {
    snapbox::assert_data_eq!(actual.to_owned(), expected.raw());
}

/// Compares two trees and names the paths that differ.
#[track_caller]
pub(crate) fn same(before: &Tree, after: &Tree) {
    let differ = |path: &&String| before.get(*path) != after.get(*path);
    let changed: Vec<&String> = before.keys().chain(after.keys()).filter(differ).collect();
    assert!(changed.is_empty(), "changed: {changed:?}");
}

/// Returns the folder of the small test kit.
pub(crate) fn small_kit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kits/small")
}

/// Gives a command the environment in which every run is the same.
pub(crate) fn clean(command: &mut Command) {
    command.env_clear().stdin(Stdio::null());
    command.env("SOURCE_DATE_EPOCH", NOW).env("COLUMNS", "100").env("NO_COLOR", "1");
    if let Some(system) = std::env::var_os("SystemRoot") {
        // Windows starts no program without it.
        command.env("SystemRoot", system);
    }
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

fn tree(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let name = path.strip_prefix(root).expect("it is under the root").to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                tree.insert(name, None);
                open.push(path);
            } else {
                tree.insert(name, Some(fs::read(&path).expect("the file can be read")));
            }
        }
    }
    tree
}

/// Names everything above once: each test file uses its share, and none of it is dead.
const _: () = {
    let _ = (ODD_ANSWERS, Sandbox::empty, Sandbox::workspace, Sandbox::with_answers, Sandbox::path, Sandbox::root);
    let _ = (Sandbox::write, Sandbox::write_bytes, Sandbox::replace, Sandbox::read, Sandbox::command, Sandbox::run);
    let _ = (Sandbox::run_in, Sandbox::finish, Sandbox::tree, Sandbox::refuses, Sandbox::takes_no_answer);
    let _ = (Run::gives, Run::json, shows, same, small_kit, clean, copy);
};
