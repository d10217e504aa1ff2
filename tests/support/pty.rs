//! The program in a real pseudo-terminal, and the screen that its user sees.

use super::NOW;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a screen may take to show what a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program in a terminal.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    master: Box<dyn MasterPty + Send>,
    /// Everything that the program wrote, escape sequences included.
    pub(crate) raw: Vec<u8>,
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    /// Starts the program in a terminal of 24 lines and 80 columns.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::sized(folder, arguments, (24, 80), &[("TERM", "xterm")])
    }

    /// Starts the program in a terminal of so many rows and columns, with this environment.
    pub(crate) fn sized(folder: &Path, arguments: &[&str], (rows, cols): (u16, u16), environment: &[(&str, &str)]) -> Self {
        let pty = native_pty_system().openpty(size(rows, cols)).expect("a terminal opens");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_opsready"));
        command.args(arguments);
        command.cwd(folder);
        command.env_clear();
        command.env("SOURCE_DATE_EPOCH", NOW);
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pty.slave.spawn_command(command).expect("the program starts");
        let mut reader = pty.master.try_clone_reader().expect("the terminal can be read");
        let keys = pty.master.take_writer().expect("the terminal can be written");
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 || send.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keys, output, screen: vt100::Parser::new(rows, cols, 0), master: pty.master, raw: Vec::new() }
    }

    /// Waits until a text is on the screen.
    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) {
        while !(self.screen.screen().contents().contains(text) && self.is_whole()) {
            let Ok(bytes) = self.output.recv_timeout(PATIENCE) else {
                panic!("`{text}` never came:\n{}", self.screen.screen().contents());
            };
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    /// Waits until a text is gone from the screen.
    #[track_caller]
    pub(crate) fn hides(&mut self, text: &str) {
        while self.screen.screen().contents().contains(text) || !self.is_whole() {
            let Ok(bytes) = self.output.recv_timeout(PATIENCE) else {
                panic!("`{text}` never went:\n{}", self.screen.screen().contents());
            };
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    /// Waits until so many lines begin with a text.
    #[track_caller]
    pub(crate) fn shows_lines(&mut self, start: &str, count: usize) {
        let lines = |terminal: &Self| terminal.screen.screen().contents().lines().filter(|line| line.starts_with(start)).count();
        while lines(self) < count {
            let Ok(bytes) = self.output.recv_timeout(PATIENCE) else {
                panic!("{count} lines with `{start}` never came:\n{}", self.screen.screen().contents());
            };
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
    }

    /// Returns true if no frame is drawn in part.
    fn is_whole(&self) -> bool {
        let count = |mark: &[u8]| self.raw.windows(mark.len()).filter(|window| *window == mark).count();
        count(b"\x1b[?2026h") == count(b"\x1b[?2026l")
    }

    /// Returns the screen as it is now, without blanks at the ends of lines.
    pub(crate) fn contents(&self) -> String {
        let text = self.screen.screen().contents();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n"
    }

    pub(crate) fn types(&mut self, text: &str) {
        self.keys.write_all(text.as_bytes()).expect("the terminal takes keys");
        self.keys.flush().expect("the terminal takes keys");
    }

    /// Makes the terminal larger or smaller.
    pub(crate) fn resize(&mut self, rows: u16, cols: u16) {
        self.master.resize(size(rows, cols)).expect("the terminal changes its size");
        self.screen.screen_mut().set_size(rows, cols);
    }

    /// Returns true if the cursor is to be seen.
    pub(crate) fn has_cursor(&self) -> bool {
        !self.screen.screen().hide_cursor()
    }

    /// Returns the id of the process.
    pub(crate) fn process(&self) -> u32 {
        self.child.process_id().expect("the process has an id")
    }

    /// Kills the program without warning.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits for the end; returns the exit code. Everything that was written is then on the screen.
    pub(crate) fn ends(&mut self) -> u32 {
        let status = self.child.wait().expect("the program ends");
        // What was written before the end is still on its way.
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.screen.process(&bytes);
            self.raw.extend(bytes);
        }
        status.exit_code()
    }

    /// Waits for the end and returns true if it was a good one.
    pub(crate) fn ends_well(&mut self) -> bool {
        self.ends() == 0
    }
}

/// Names everything above once: each test file uses its share, and none of it is dead.
const _: () = {
    let _ = (
        Terminal::start,
        Terminal::sized,
        Terminal::shows,
        Terminal::shows_lines,
        Terminal::hides,
        Terminal::contents,
        Terminal::types,
        Terminal::resize,
    );
    let _ = (Terminal::has_cursor, Terminal::process, Terminal::kill, Terminal::ends, Terminal::ends_well);
};
