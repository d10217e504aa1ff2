//! `init` at a real terminal: it asks what is missing, and an interrupt leaves nothing behind.
#![cfg(unix)]

mod support;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use support::Sandbox;

/// How long a screen may take to show what a test waits for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program in a terminal of 24 lines and 80 columns.
struct Terminal {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Terminal {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let pty = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).expect("a terminal opens");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_opsready"));
        command.args(arguments);
        command.cwd(folder);
        command.env_clear();
        command.env("TERM", "xterm");
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
        Self { child, keys, output, screen: vt100::Parser::new(24, 80, 0), _master: pty.master }
    }

    fn shows(&mut self, text: &str) {
        while !self.screen.screen().contents().contains(text) {
            let Ok(bytes) = self.output.recv_timeout(PATIENCE) else {
                panic!("`{text}` never came:\n{}", self.screen.screen().contents());
            };
            self.screen.process(&bytes);
        }
    }

    fn types(&mut self, text: &str) {
        self.keys.write_all(text.as_bytes()).expect("the terminal takes keys");
        self.keys.flush().expect("the terminal takes keys");
    }

    /// Waits for the end and returns true if it was a good one.
    fn ends_well(&mut self) -> bool {
        self.child.wait().expect("the program ends").success()
    }
}

#[test]
fn init_asks_what_is_missing() {
    let sandbox = Sandbox::empty();
    let mut terminal = Terminal::start(&sandbox.path(""), &["init", "new"]);
    terminal.shows("Customer [new]:");
    terminal.types("Acme Logistics\r");
    terminal.shows("Environments in scope [on-premises, aws]:");
    terminal.types("cloud\r");
    terminal.shows("there is no environment `cloud`; there are `on-premises`, `aws`");
    terminal.types("aws\r");
    terminal.shows("Classification of the documents [confidential]:");
    terminal.types("\r");
    terminal.shows("Made the workspace `new`");
    assert!(terminal.ends_well());
    assert!(!terminal.screen.screen().hide_cursor());
    let written = sandbox.read("new/opsready.yaml");
    assert!(written.contains("customer: \"Acme Logistics\"") && written.contains("environments: [aws]"), "{written}");
}

#[test]
fn an_interrupt_leaves_no_workspace_and_a_visible_cursor() {
    let sandbox = Sandbox::empty();
    let mut terminal = Terminal::start(&sandbox.path(""), &["init", "new"]);
    terminal.shows("Customer [new]:");
    terminal.types("Acm\x03");
    assert!(!terminal.ends_well());
    assert!(!terminal.screen.screen().hide_cursor());
    assert!(!sandbox.path("new").exists());
}

#[test]
fn nothing_is_asked_with_no_input() {
    let sandbox = Sandbox::empty();
    let mut terminal = Terminal::start(&sandbox.path(""), &["init", "new", "--no-input"]);
    terminal.shows("write `--kit ID`; there are `aws-cloud-operations`");
    assert!(!terminal.ends_well());
}
