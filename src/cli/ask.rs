//! Questions at a terminal, a line at a time. What was answered is on disk before the next question, so Ctrl-C costs nothing.

use super::output::Output;
use anyhow::Context;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Says good-bye on Ctrl-C, between two writes.
pub(super) struct Farewell {
    /// Held while something is written, so that an interrupt waits for it.
    writing: Arc<Mutex<()>>,
}

impl Farewell {
    /// Ends the program with `farewell` on Ctrl-C from here on.
    pub(super) fn on_interrupt(farewell: &str) -> anyhow::Result<Self> {
        let writing = Arc::new(Mutex::new(()));
        let (held_while_writing, farewell) = (Arc::clone(&writing), farewell.to_owned());
        let last = move || {
            // What is being written is written first; the main thread waits for a line that never comes.
            let _held = held_while_writing.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(io::stderr(), "\n{farewell}");
        };
        on_signal(last).context("cannot watch for Ctrl-C")?;
        Ok(Self { writing })
    }

    /// Does something that an interrupt must not cut in two.
    pub(super) fn undisturbed<T>(&self, deed: impl FnOnce() -> T) -> T {
        let _held = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        deed()
    }
}

/// Asks for a line; nothing at the end of the input.
pub(super) fn line(prompt: &str, output: &mut Output) -> anyhow::Result<Option<String>> {
    output.flush()?;
    let mut notes = io::stderr();
    write!(notes, "{prompt} ").and_then(|()| notes.flush()).context("cannot ask")?;
    let mut line = String::new();
    let count = io::stdin().read_line(&mut line).context("cannot read the answer")?;
    if count == 0 {
        let _ = writeln!(notes);
        return Ok(None);
    }
    Ok(Some(line.trim().to_owned()))
}

/// Wraps the lines of a text between words, each continued under its own beginning.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let line = |line: &str| {
        let indent = " ".repeat(line.len() - line.trim_start().len());
        let options = textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::fill(line, options.subsequent_indent(&format!("{indent}  ")))
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Does something last when the program is told to end, then ends it as interrupted.
///
/// # Errors
///
/// Returns the error of the system when it does not tell of signals.
#[cfg(unix)]
pub(super) fn on_signal(last: impl FnOnce() + Send + 'static) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            last();
            end();
        }
    });
    Ok(())
}

#[cfg(unix)]
#[expect(clippy::exit, reason = "a signal ends the program from wherever it is; every file is whole at any moment")]
fn end() {
    std::process::exit(super::output::Exit::Interrupted as i32);
}

#[cfg(not(unix))]
pub(super) fn on_signal(_: impl FnOnce() + Send + 'static) -> io::Result<()> {
    Ok(())
}
