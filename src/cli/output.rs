//! Where text goes: data to standard output, the rest to standard error; exit codes.

use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::{snippets, tame};
use anstream::{AutoStream, ColorChoice};
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Write};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The answer is no: a check or threshold failed, a document was left as it is.
    No = 1,
    /// Wrong usage or wrong files.
    Wrong = 2,
    /// The machine failed.
    Machine = 3,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The program will not do what it was asked, and says what would help.
#[derive(Debug)]
pub struct Refusal {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Refusal {
    /// Returns a refusal as an error.
    pub fn because(message: impl Into<String>, help: Option<String>) -> anyhow::Error {
        Self { message: message.into(), help }.into()
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// Standard output and standard error.
pub struct Output {
    data: BufWriter<AutoStream<io::Stdout>>,
    notes: AutoStream<io::Stderr>,
    json: bool,
    colour: bool,
}

impl Output {
    /// Returns the streams of the process.
    pub fn new(colour: clap::ColorChoice, json: bool) -> Self {
        let choice = match colour {
            clap::ColorChoice::Auto => ColorChoice::Auto,
            clap::ColorChoice::Always => ColorChoice::AlwaysAnsi,
            clap::ColorChoice::Never => ColorChoice::Never,
        };
        let notes = AutoStream::new(io::stderr(), choice);
        let colour = notes.current_choice() != ColorChoice::Never;
        Self { data: BufWriter::new(AutoStream::new(io::stdout(), choice)), notes, json, colour }
    }

    /// Returns true if data is wanted as JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Returns true if colour is wanted on standard error.
    pub fn has_colour(&self) -> bool {
        self.colour
    }

    /// Returns the width of the terminal in columns; 100 where there is none.
    pub fn width(&self) -> usize {
        let of_terminal = || io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        let of_environment = || std::env::var("COLUMNS").ok()?.parse().ok();
        of_environment().or_else(|| of_terminal().map(|size| usize::from(size.0.0))).unwrap_or(100).clamp(40, 200)
    }

    /// Writes a line of data: text of people cannot write to the terminal with it.
    ///
    /// # Errors
    ///
    /// Returns the error of the stream, which is a closed pipe when the reader has seen enough.
    pub fn line(&mut self, text: impl Display) -> anyhow::Result<()> {
        Ok(writeln!(self.data, "{}", tabled(&text.to_string()))?)
    }

    /// Writes lines of data: text of people cannot write to the terminal with them.
    ///
    /// # Errors
    ///
    /// Returns the error of the stream.
    pub fn text(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.data.write_all(tabled(text).as_bytes())?)
    }

    /// Writes a file that somebody wants on standard output, as it is.
    ///
    /// # Errors
    ///
    /// Returns the error of the stream.
    pub fn file(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.data.write_all(text.as_bytes())?)
    }

    /// Writes JSON data.
    ///
    /// # Errors
    ///
    /// Returns the error of the stream.
    pub fn json(&mut self, value: &serde_json::Value) -> anyhow::Result<()> {
        serde_json::to_writer_pretty(&mut self.data, value)?;
        Ok(writeln!(self.data)?)
    }

    /// Sends everything on its way.
    ///
    /// # Errors
    ///
    /// Returns the error of the stream.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.data.flush()?)
    }

    /// Tells the user something beside the data.
    pub fn note(&mut self, text: &str) {
        self.coloured(&tabled(text));
    }

    fn coloured(&mut self, text: &str) {
        let _ = self.data.flush();
        let _ = writeln!(self.notes, "{text}");
    }

    /// Tells the user what went wrong and what would help.
    pub fn error(&mut self, message: &str, help: Option<&str>) {
        let help = help.map(|help| format!("\n  = help: {help}")).unwrap_or_default();
        let (bold, reset) = if self.colour { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
        self.coloured(&format!("{bold}error{reset}: {}{}", tame(message), tame(&help)));
    }

    /// Shows diagnostics.
    pub fn diagnostics(&mut self, diagnostics: &[Diagnostic]) {
        if !diagnostics.is_empty() {
            let width = self.width();
            let text = snippets(diagnostics, width, self.colour);
            self.coloured(text.trim_end());
        }
    }
}

/// Returns text for the terminal, tabs kept.
fn tabled(text: &str) -> String {
    text.split('\t').map(tame).collect::<Vec<_>>().join("\t")
}

/// Returns today's date: that of `SOURCE_DATE_EPOCH` where it is set, so that runs can be repeated.
pub fn today() -> crate::yaml::record::Date {
    crate::yaml::record::Date(now().date())
}

/// Returns the present moment, or that of `SOURCE_DATE_EPOCH`.
pub fn now() -> jiff::Zoned {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let fixed = epoch.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    fixed.map_or_else(jiff::Zoned::now, |moment| moment.to_zoned(jiff::tz::TimeZone::UTC))
}
