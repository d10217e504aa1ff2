//! A note in the user's own editor. What was typed is on disk until it is taken, whatever the editor does.

use crate::workspace::{Workspace, files};
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::Command;

/// Editors with a window of their own, which return at once unless they are told to wait.
const WINDOWED: &[&str] = &["code", "code-insiders", "codium", "cursor", "windsurf", "zed", "subl", "atom", "mate", "gedit", "kate"];

/// Lets the user write a note in `$VISUAL` or `$EDITOR`. Returns the note, or why there is none.
pub(super) fn edit(workspace: &Workspace, before: &str) -> Result<String, String> {
    let path = workspace.path(format!(".opsready/note-{}.md", std::process::id()));
    let failed = |error: &dyn std::fmt::Display| format!("the editor could not be used: {error}");
    files::write(&path, format!("{before}\n").as_bytes()).map_err(|error| failed(&error))?;
    let command = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).unwrap_or_else(|_| fallback().to_owned());
    start(&command, &path)?;
    let mut text = read(&path).map_err(|error| failed(&error))?;
    if text.trim() == before.trim() {
        // A window that came back at once, or nothing to say: only the user knows which.
        let mut terminal = io::stderr();
        let _ = write!(terminal, "The note is as it was. If your editor still has it open, save it there, then press Enter. ");
        let _ = terminal.flush();
        let _ = io::stdin().lock().read_line(&mut String::new());
        text = read(&path).map_err(|error| failed(&error))?;
    }
    let _ = files::delete(&path);
    Ok(text.trim_end().to_owned())
}

fn read(path: &Path) -> io::Result<String> {
    let bytes = std::fs::read(path)?;
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn fallback() -> &'static str {
    if cfg!(windows) { "notepad" } else { "vi" }
}

/// Lets the user change a file in `$VISUAL` or `$EDITOR`. Returns why the editor did not end well.
pub(in crate::cli) fn open(path: &Path) -> Result<(), String> {
    let command = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR")).unwrap_or_else(|_| fallback().to_owned());
    start(&command, path)
}

fn start(command: &str, path: &Path) -> Result<(), String> {
    let words = shell_words::split(command).map_err(|error| format!("`{command}` cannot be read as a command: {error}"))?;
    let Some((program, arguments)) = words.split_first() else { return Err("$EDITOR is empty".to_owned()) };
    let name = Path::new(program).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let has_wait = arguments.iter().any(|argument| ["-w", "--wait", "-b", "--block"].contains(&argument.as_str()));
    let mut editor = Command::new(program);
    editor.args(arguments);
    if WINDOWED.contains(&name.as_str()) && !has_wait {
        editor.arg(if name == "kate" { "--block" } else { "--wait" });
    }
    let status = editor.arg(path).status().map_err(|error| format!("`{program}` does not start: {error}; set $VISUAL or $EDITOR"))?;
    if status.success() { Ok(()) } else { Err(format!("`{program}` ended with an error; the note is as it was")) }
}
