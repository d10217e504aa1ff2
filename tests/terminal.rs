//! `init` at a real terminal: it asks what is missing, and an interrupt leaves nothing behind.
#![cfg(unix)]

mod support;

use support::Sandbox;
use support::pty::Terminal;

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
    assert!(terminal.has_cursor());
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
    assert!(terminal.has_cursor());
    assert!(!sandbox.path("new").exists());
}

#[test]
fn nothing_is_asked_with_no_input() {
    let sandbox = Sandbox::empty();
    let mut terminal = Terminal::start(&sandbox.path(""), &["init", "new", "--no-input"]);
    terminal.shows("write `--kit ID`; there are `aws-cloud-operations`");
    assert!(!terminal.ends_well());
}
