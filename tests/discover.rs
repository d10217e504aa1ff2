//! Discovery at a real terminal: whole journeys as somebody types them, what is on disk after each key, and what is left when
//! the terminal goes away.
#![cfg(unix)]
#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use std::process::Command;
use support::pty::Terminal;
use support::{Sandbox, shows};

/// The small kit, whose first question is a ladder that decides whether the second is asked.
fn discover(sandbox: &Sandbox, arguments: &[&str]) -> Terminal {
    let arguments: Vec<&str> = ["discover"].iter().chain(arguments).copied().collect();
    Terminal::start(&sandbox.path(""), &arguments)
}

fn answers(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.path("answers/backup.yaml")).unwrap_or_default()
}

#[test]
fn a_key_answers_and_says_what_it_did() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup"]);
    terminal.shows("Backup and Restore 1 of");
    shows(
        &terminal.contents(),
        str![[r#"
Backup and Restore 1 of 5, 0 % of the workshop                       On premises
--------------------------------------------------------------------------------
Is there a policy for backups?

Without a policy nobody knows what is safe.
Ask: Operations lead. Evidence: the policy's page.

The last of these that holds; each holds only with those before it:
  ( )  1  Nobody can show one
  ( )  2  Written down
  ( )  3  Agreed, with an owner










--------------------------------------------------------------------------------
b back   s skip   p park   d dont know   x not applicable   n note   e evidence
g design   q quit   ? all keys

"#]],
    );
    terminal.types("2");
    terminal.shows("Saved backup-policy@on-premises");
    shows(
        &terminal.contents(),
        str![[r#"
Backup and Restore 2 of 6, 16 % of the workshop                            Cloud
--------------------------------------------------------------------------------
Is there a policy for backups?

Without a policy nobody knows what is safe.
Ask: Operations lead. Evidence: the policy's page.

The last of these that holds; each holds only with those before it:
  ( )  1  Nobody can show one
  ( )  2  Written down
  ( )  3  Agreed, with an owner

On premises: Written down





--------------------------------------------------------------------------------
Saved backup-policy@on-premises: answered. Backup and Restore, On premises:
score 0.00 to 0.25, level 0 of 2.
Asked now as well: 1 question.
b back   s skip   p park   d dont know   x not applicable   n note   e evidence
g design   q quit   ? all keys

"#]],
    );
    shows(
        &answers(&sandbox),
        str![[r#"
# yaml-language-server: $schema=../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@on-premises:
    choose: drafted
    answered_on: 2026-12-01

"#]],
    );
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
    assert!(terminal.has_cursor());
}

#[test]
fn screens_fit_any_width() {
    let sandbox = Sandbox::workspace();
    for (rows, cols) in [(24, 40), (24, 80), (30, 140)] {
        let mut terminal =
            Terminal::sized(&sandbox.path(""), &["discover", "patching"], (rows, cols), &[("TERM", "xterm"), ("NO_COLOR", "1")]);
        terminal.shows("Who decides");
        terminal.shows("quit");
        let screen = terminal.contents();
        assert!(screen.lines().all(|line| line.chars().count() <= usize::from(cols)), "{screen}");
        match cols {
            40 => shows(
                &screen,
                str![[r#"
Patching 1 of 3, 0 % of the workshop
On premises
----------------------------------------
Who decides when systems are patched?

One of these:
  ( )  1  Nobody
  ( )  2  Each team for itself
  ( )  3  An agreed calendar












----------------------------------------
b back   s skip   n note   q quit   ?
all keys

"#]],
            ),
            80 => shows(
                &screen,
                str![[r#"
Patching 1 of 3, 0 % of the workshop                                 On premises
--------------------------------------------------------------------------------
Who decides when systems are patched?

One of these:
  ( )  1  Nobody
  ( )  2  Each team for itself
  ( )  3  An agreed calendar













--------------------------------------------------------------------------------
b back   s skip   p park   d dont know   x not applicable   n note   e evidence
g design   q quit   ? all keys

"#]],
            ),
            _ => shows(
                &screen,
                str![[r#"
Patching 1 of 3, 0 % of the workshop                                                                         On premises
------------------------------------------------------------------------------------------------------------------------
Who decides when systems are patched?

One of these:
  ( )  1  Nobody
  ( )  2  Each team for itself
  ( )  3  An agreed calendar




















------------------------------------------------------------------------------------------------------------------------
b back   s skip   p park   d dont know   x not applicable   n note   e evidence   g design   q quit   ? all keys

"#]],
            ),
        }
        terminal.types("q");
        assert_eq!(terminal.ends(), 0);
    }
}

#[test]
fn going_back_and_changing_an_answer_sets_others_aside_and_brings_them_back() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup", "--environment", "cloud"]);
    terminal.shows("Is there a policy for backups?");
    terminal.types("3");
    terminal.shows("Was a restore tested in the last year?");
    terminal.types("1");
    terminal.shows("What share of restores");
    terminal.types("97,5\r");
    terminal.shows("What is backed up?");
    assert!(answers(&sandbox).contains("number: 97.5"), "{}", answers(&sandbox));
    terminal.types("bbb");
    terminal.shows("Is there a policy for backups?");
    terminal.types("1");
    terminal.shows("Set aside, kept for when they are asked again: 2 answers");
    shows(
        &terminal.contents(),
        str![[r#"
Backup and Restore 2 of 4, 25 % of the workshop               Whole organisation
--------------------------------------------------------------------------------
What is backed up?

All that hold:
  [ ]  1  Databases
  [ ]  2  Files
  [ ]  3  Mail
  [ ]  4  None of these







--------------------------------------------------------------------------------
Saved backup-policy@cloud: answered. Backup and Restore, Cloud: score 1.50 to
0.00, level 0 of 2.
Gap: An agreed policy (risk high).
Set aside, kept for when they are asked again: 2 answers (restore-tested@cloud,
restore-share@cloud).
b back   s skip   p park   d dont know   x not applicable   n note   e evidence
g design   q quit   ? all keys

"#]],
    );
    terminal.types("b");
    terminal.shows("Is there a policy for backups?");
    terminal.types("3");
    terminal.shows("Asked again, with the answer they had");
    assert!(answers(&sandbox).contains("number: 97.5"), "{}", answers(&sandbox));
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_checklist_is_ticked_and_none_of_these_goes_with_no_other() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup"]);
    terminal.shows("Is there a policy");
    terminal.types("jbackup-scope\r");
    terminal.shows("What is backed up?");
    terminal.types("12");
    terminal.shows("[x]  2  Files");
    assert!(answers(&sandbox).contains("databases") && answers(&sandbox).contains("files"), "{}", answers(&sandbox));
    terminal.types("4");
    terminal.shows("[x]  4  None of these");
    terminal.hides("[x]  1  Databases");
    assert!(answers(&sandbox).contains("choose: nothing"), "{}", answers(&sandbox));
    terminal.types("3");
    terminal.shows("[x]  3  Mail");
    terminal.hides("[x]  4");
    terminal.types("3");
    terminal.hides("[x]  3");
    terminal.types("\r");
    terminal.shows("What else should we know?");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn what_nobody_knows_what_does_not_apply_and_what_is_put_off_are_three_things() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup"]);
    terminal.shows("Is there a policy");
    terminal.types("d");
    terminal.shows("Who finds out");
    terminal.types("serv, 2026-02-30\r");
    terminal.shows("`2026-02-30` is not a date");
    terminal.types("\x15serv, 2026-12-24\r");
    terminal.shows("not known");
    terminal.types("x");
    terminal.shows("Why does it not apply?");
    terminal.types("1 no servers left there\r");
    terminal.shows("not applicable");
    terminal.types("p");
    terminal.shows("Parked: until when");
    terminal.types("after lunch\r");
    terminal.shows("parked");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
    shows(
        &answers(&sandbox),
        str![[r#"
# yaml-language-server: $schema=../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@on-premises:
    dont_know:
      owner: service-owner
      due: 2026-12-24
    answered_on: 2026-12-01
  backup-policy@cloud:
    not_applicable:
      reason: out-of-scope
      note: no servers left there
    answered_on: 2026-12-01
  backup-scope:
    parked:
      note: after lunch
    answered_on: 2026-12-01

"#]],
    );
}

#[test]
fn a_note_of_many_lines_is_pasted_whole_wherever_it_lands() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup"]);
    terminal.shows("Is there a policy");
    // A paste at the question would press its keys one by one; it becomes a note instead.
    let lines: Vec<String> = (1..=12).map(|line| format!("{line} said: back, quit and 3 are words")).collect();
    terminal.types(&format!("\x1b[200~{}\x1b[201~", lines.join("\r")));
    terminal.shows("What was pasted is a note now");
    terminal.types("\x1b");
    terminal.shows("Saved backup-policy@on-premises: not answered");
    let file = answers(&sandbox);
    assert!(lines.iter().all(|line| file.contains(line.as_str())) && !file.contains("choose"), "{file}");
    terminal.types("n");
    terminal.shows("Note, as many lines");
    terminal.types("\rand 日本語 too\x04");
    terminal.shows("Saved backup-policy@on-premises");
    terminal.hides("Note, as many lines");
    assert!(answers(&sandbox).contains("and 日本語 too"), "{}", answers(&sandbox));
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_note_is_written_in_the_users_editor() {
    let sandbox = Sandbox::workspace();
    sandbox.write("editor.sh", "#!/bin/sh\nprintf 'written\\nelsewhere\\n' > \"$1\"\n");
    let editor = format!("sh {}", shell(&sandbox.path("editor.sh").display().to_string()));
    let environment = [("TERM", "xterm"), ("EDITOR", editor.as_str()), ("PATH", "/usr/bin:/bin")];
    let mut terminal = Terminal::sized(&sandbox.path(""), &["discover", "backup"], (24, 80), &environment);
    terminal.shows("Is there a policy");
    terminal.types("n");
    terminal.shows("Ctrl-E opens your editor");
    terminal.types("\x05");
    terminal.shows("Saved backup-policy@on-premises");
    assert!(answers(&sandbox).contains("written") && answers(&sandbox).contains("elsewhere"), "{}", answers(&sandbox));
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn an_editor_that_comes_back_at_once_loses_nothing() {
    let sandbox = Sandbox::workspace();
    // It returns before anything is written, as a window does; the user saves later.
    sandbox.write("editor.sh", "#!/bin/sh\ncp \"$1\" \"$1.seen\"; echo \"$1\" > opened\n");
    let editor = format!("sh {}", shell(&sandbox.path("editor.sh").display().to_string()));
    let environment = [("TERM", "xterm"), ("VISUAL", editor.as_str()), ("PATH", "/usr/bin:/bin")];
    let mut terminal = Terminal::sized(&sandbox.path(""), &["discover", "backup"], (24, 80), &environment);
    terminal.shows("Is there a policy");
    terminal.types("n");
    terminal.shows("Ctrl-E opens your editor");
    terminal.types("typed before\x05");
    terminal.shows("save it there, then press Enter");
    let opened = sandbox.read("opened").trim().to_owned();
    std::fs::write(sandbox.path(&opened), "typed before\nand saved in the window\n").expect("the note can be written");
    terminal.types("\r");
    terminal.shows("Saved backup-policy@on-premises");
    assert!(answers(&sandbox).contains("and saved in the window"), "{}", answers(&sandbox));
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn an_editor_that_does_not_start_leaves_the_text_in_the_field() {
    let sandbox = Sandbox::workspace();
    let environment = [("TERM", "xterm"), ("EDITOR", "no-such-editor --wait")];
    let mut terminal = Terminal::sized(&sandbox.path(""), &["discover", "backup"], (24, 80), &environment);
    terminal.shows("Is there a policy");
    terminal.types("n");
    terminal.shows("Ctrl-E opens your editor");
    terminal.types("kept\x05");
    terminal.shows("`no-such-editor` does not start");
    terminal.shows("> kept");
    terminal.types("\x1b");
    terminal.shows("Saved backup-policy@on-premises");
    assert!(answers(&sandbox).contains("kept"), "{}", answers(&sandbox));
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

fn shell(path: &str) -> String {
    format!("'{path}'")
}

#[test]
fn an_interrupt_gives_the_terminal_back_and_says_how_to_go_on() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup", "--order", "importance"]);
    terminal.shows("Is there a policy");
    terminal.types("2");
    terminal.shows("Cloud");
    terminal.types("\x03");
    assert_eq!(terminal.ends(), 130);
    assert!(terminal.has_cursor());
    shows(
        &terminal.contents(),
        str![[r#"
1 of 6 questions are resolved, 1 of them now. Everything is saved. Go on with:
  opsready discover backup --order importance

"#]],
    );
    let mut again = discover(&sandbox, &["backup", "--order", "importance"]);
    again.shows("Backup and Restore 2 of");
    again.types("q");
    assert_eq!(again.ends(), 0);
}

#[test]
fn a_signal_gives_the_terminal_back_and_says_how_to_go_on() {
    for signal in ["TERM", "HUP", "INT"] {
        let sandbox = Sandbox::workspace();
        let mut terminal = discover(&sandbox, &["backup"]);
        terminal.shows("Is there a policy");
        terminal.types("2");
        terminal.shows("Saved backup-policy@on-premises");
        let sent = Command::new("kill").args([format!("-{signal}"), terminal.process().to_string()]).status().expect("kill runs");
        assert!(sent.success());
        assert_eq!(terminal.ends(), 130, "{signal}");
        assert!(terminal.has_cursor(), "{signal}");
        let screen = terminal.contents();
        assert!(screen.contains("Go on with:\n  opsready discover backup"), "{signal}: {screen}");
        assert!(answers(&sandbox).contains("choose: drafted"), "{}", answers(&sandbox));
    }
}

#[test]
fn a_terminal_that_is_resized_shows_the_same_question() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup"]);
    terminal.shows("Is there a policy");
    terminal.resize(30, 50);
    terminal.shows("? all keys");
    terminal.types("2");
    terminal.shows("Saved backup-policy@on-premises");
    terminal.resize(40, 140);
    terminal.types("?");
    terminal.shows("s  skip: go on and leave this one as it is");
    terminal.types("\r");
    terminal.shows("Cloud");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn the_review_lists_every_answer_and_goes_to_any() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &[]);
    terminal.shows("Is there a policy");
    terminal.types("2");
    terminal.shows("Cloud");
    terminal.types("r");
    terminal.shows("[x] backup-policy@on-premises");
    shows(
        &terminal.contents(),
        str![[r#"
Backup and Restore 2 of 6, 11 % of the workshop                            Cloud
--------------------------------------------------------------------------------
Backup and Restore
  [x] backup-policy@on-premises: Written down
> [ ] backup-policy@cloud: not answered
  [ ] restore-tested@on-premises: not answered
  [ ] backup-scope: not answered
  [ ] backup-context: not answered
  [ ] last-restore: not answered
Patching
  [ ] patch-window@on-premises: not answered
  [ ] patch-window@cloud: not answered
  [ ] patch-report: not answered









--------------------------------------------------------------------------------
Enter goes to the question, o to the next open one, any other key back.

"#]],
    );
    terminal.types("\x1b[F\r");
    terminal.shows("Is there a report of missing patches?");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn only_what_a_role_is_to_be_asked_is_asked() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["--role", "ops-lead", "--open"]);
    terminal.shows("1 of");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
    sandbox.run(&["discover", "--role", "ops-led"]).gives(str![[r#"
--- standard error
error: there is no role `ops-led`
  = help: did you mean `ops-lead`?
--- exit 2

"#]]);
    sandbox.run(&["discover", "bakup"]).gives(str![[r#"
--- standard error
error: the kit has no capability `bakup`
  = help: did you mean `backup`?
--- exit 2

"#]]);
    sandbox.run(&["discover", "--order", "alphabet"]).gives(str![[r#"
--- standard error
error: there is no order `alphabet`
  = help: one of `kit`, `importance`, `core`
--- exit 2

"#]]);
    sandbox.run(&["discover", "--environment", "mars", "--dimension", "love"]).gives(str![[r#"
--- standard error
error: there is no dimension `love`
  = help: one of `people`, `process`, `tools`
--- exit 2

"#]]);
}

#[test]
fn without_a_terminal_it_says_what_is_missing_and_writes_nothing() {
    let sandbox = Sandbox::workspace();
    sandbox.refuses(&["discover"], 2, str![[r#"
error: discovery needs a terminal; 8 questions are open: `backup-policy@on-premises`, `backup-policy@cloud`, `backup-scope`, `backup-context`, `last-restore` and 3 more
  = help: `opsready answer QUESTION --choose CHOICE` records one answer, `answers/<capability>.yaml` takes any; `opsready status --open` lists what is open

"#]]);
    sandbox.refuses(&["discover", "patching", "--no-input"], 2, str![[r#"
error: discovery needs a terminal; 3 questions are open: `patch-window@on-premises`, `patch-window@cloud`, `patch-report`
  = help: `opsready answer QUESTION --choose CHOICE` records one answer, `answers/<capability>.yaml` takes any; `opsready status --open` lists what is open

"#]]);
}

/// A disk that refuses: the question stays, the reason is told, and nothing typed is lost.
#[test]
fn an_answer_that_cannot_be_written_is_not_taken_for_one() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup"]);
    terminal.shows("Is there a policy");
    // A folder where the file should be.
    std::fs::create_dir_all(sandbox.path("answers/backup.yaml")).expect("a folder can be made");
    terminal.types("2");
    terminal.shows("Not saved:");
    terminal.shows("Backup and Restore 1 of");
    std::fs::remove_dir(sandbox.path("answers/backup.yaml")).expect("the folder can go");
    terminal.types("2");
    terminal.shows("Saved backup-policy@on-premises");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn two_people_at_once_keep_all_their_work() {
    let sandbox = Sandbox::workspace();
    let mut one = discover(&sandbox, &["backup"]);
    let mut other = discover(&sandbox, &["patching"]);
    one.shows("Is there a policy");
    other.shows("Who decides");
    one.types("2");
    other.types("1");
    one.shows("Saved backup-policy@on-premises");
    other.shows("Saved patch-window@on-premises");
    one.types("3");
    other.types("2");
    one.shows("Saved backup-policy@cloud");
    other.shows("Saved patch-window@cloud");
    for terminal in [&mut one, &mut other] {
        terminal.types("q");
        assert_eq!(terminal.ends(), 0);
    }
    let (backup, patching) = (answers(&sandbox), sandbox.read("answers/patching.yaml"));
    assert_eq!((backup.matches("choose").count(), patching.matches("choose").count()), (2, 2), "{backup}{patching}");
}

/// The program is killed between any two keys; whatever was told as saved is there, and every file is whole.
#[test]
fn a_kill_loses_nothing_that_was_saved() {
    for keys in 1..=6 {
        let sandbox = Sandbox::workspace();
        let mut terminal = discover(&sandbox, &["backup"]);
        terminal.shows("Is there a policy");
        // What is seen after each key, for the keys before the last: nobody waits after that one.
        let typed = [
            ("2", "Saved backup-policy@on-premises"),
            ("3", "Saved backup-policy@cloud"),
            ("n", "Note, as many lines"),
            ("half a note", "half a note"),
            ("\x1b", "Saved restore-tested@on-premises"),
            ("b", "Is there a policy"),
        ];
        for (at, (key, seen)) in typed[..keys].iter().enumerate() {
            terminal.types(key);
            if at + 1 < keys {
                terminal.shows(seen);
            }
        }
        terminal.kill();
        let file = answers(&sandbox);
        assert!(file.matches("choose").count() >= (keys - 1).min(2), "{keys}: {file}");
        assert!(keys < 6 || file.contains("half a note"), "{file}");
        let status = sandbox.run(&["status"]);
        assert_eq!(status.code, Some(0), "{}", status.stderr);
        let mut again = discover(&sandbox, &["backup"]);
        again.shows("Backup and Restore");
        again.types("q");
        assert_eq!(again.ends(), 0);
    }
}

/// Keys typed without waiting, and a kill whenever it comes: the files are whole, and the next start goes on.
#[test]
fn a_kill_at_any_moment_leaves_whole_files() {
    let keys = [
        "1",
        "2",
        "3",
        "b",
        "s",
        "n",
        "words \u{65e5}",
        "\x1b",
        "d",
        "serv, 2026-12-24\r",
        "p",
        "later\r",
        "o",
        "c",
        "y",
        "r",
        "\x1b[B",
        "\r",
        "j",
        "scope\r",
        " ",
    ];
    // A plain generator: the same journeys on every machine.
    let mut state: usize = 7;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..30 {
        let sandbox = Sandbox::workspace();
        let mut terminal = discover(&sandbox, &[]);
        terminal.shows("Is there a policy");
        for _ in 0..next(25) {
            terminal.types(keys[next(keys.len())]);
        }
        terminal.kill();
        let status = sandbox.run(&["status", "--json"]);
        assert_eq!(status.code, Some(0), "round {round}: {}", status.stderr);
        let left: Vec<String> = sandbox.tree().into_keys().filter(|path| path.contains("tmp")).collect();
        assert!(left.len() <= 1, "round {round}: {left:?}");
        let again = sandbox.run(&["answer", "patch-report", "--choose", "yes"]);
        assert_eq!(again.code, Some(0), "round {round}: {}", again.stderr);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "the transcript of a whole journey")]
fn line_by_line_nothing_moves_and_nothing_is_told_by_colour() {
    let sandbox = Sandbox::workspace();
    let mut terminal = Terminal::sized(&sandbox.path(""), &["discover", "backup", "--accessible"], (200, 80), &[("TERM", "xterm")]);
    terminal.shows("> ");
    let lines = ["?", "9", "2", "b", "s", "3", "n two words", "j scope", "1,2", "= b is a letter", "d serv, 2026-12-24", "r", "q"];
    for (at, line) in lines.iter().enumerate() {
        terminal.shows_lines(">", at + 1);
        terminal.types(&format!("{line}\r"));
    }
    assert_eq!(terminal.ends(), 0);
    assert!(!terminal.raw.contains(&0x1b), "escape sequences in the accessible mode");
    shows(
        &terminal.contents(),
        str![[r#"
Type the number of a choice, or a command; ? lists the commands.

Backup and Restore 1 of 5, 0 % of the workshop. On premises.
Question backup-policy@on-premises: Is there a policy for backups?
Why: Without a policy nobody knows what is safe.
Ask: Operations lead
Evidence: the policy's page
The last of these that holds; each holds only with those before it:
1: Nobody can show one
2: Written down
3: Agreed, with an owner
> ?
b or back: the question before
s or skip: go on and leave this one as it is
p or park: put it off, with what for
d or dont-know: nobody knows: who finds out, by when
x or not-applicable: it does not apply, with the reason
n or note: what was said beyond the answer
e or evidence: what shows that it is true: a title, a link, or both
w or who: who said it, by role
c or clear: take the answer away
g or design: why we ask, whom, and what good looks like: the practices behind
the question
r or review: every question with its answer, to go to any of them
j or jump: go to a question or capability by name
o or open: the next question that is open
q or quit: stop; everything is saved
= before a text makes it an answer, even where it looks like a command.
> 9
`9` is no choice; they are 1 to 3
> 2
Chosen: Written down
Saved backup-policy@on-premises: answered. Backup and Restore, On premises:
score 0.00 to 0.25, level 0 of 2.
Asked now as well: 1 question.

Backup and Restore 2 of 6, 16 % of the workshop. Cloud.
Question backup-policy@cloud: Is there a policy for backups?
Why: Without a policy nobody knows what is safe.
Ask: Operations lead
Evidence: the policy's page
The last of these that holds; each holds only with those before it:
1: Nobody can show one
2: Written down
3: Agreed, with an owner
On premises: Written down
> b

Backup and Restore 1 of 6, 16 % of the workshop. On premises.
Question backup-policy@on-premises: Is there a policy for backups?
Why: Without a policy nobody knows what is safe.
Ask: Operations lead
Evidence: the policy's page
The last of these that holds; each holds only with those before it:
1: Nobody can show one
2: Written down (chosen)
3: Agreed, with an owner
> s

Backup and Restore 2 of 6, 16 % of the workshop. Cloud.
Question backup-policy@cloud: Is there a policy for backups?
Why: Without a policy nobody knows what is safe.
Ask: Operations lead
Evidence: the policy's page
The last of these that holds; each holds only with those before it:
1: Nobody can show one
2: Written down
3: Agreed, with an owner
On premises: Written down
> 3
Chosen: Agreed, with an owner
Saved backup-policy@cloud: answered. Backup and Restore, Cloud: score 0.00 to
0.50, level 0 of 2.
In place: An agreed policy.
Asked now as well: 1 question.

Backup and Restore 3 of 7, 28 % of the workshop. On premises.
Question restore-tested@on-premises: Was a restore tested in the last year?
One of these:
1: Yes
2: No
> n two words
Saved restore-tested@on-premises: not answered. Backup and Restore, On premises:
score 0.25 as before, level 0 of 2.
> j scope

Backup and Restore 5 of 7, 28 % of the workshop. Whole organisation.
Question backup-scope: What is backed up?
All that hold:
1: Databases
2: Files
3: Mail
4: None of these
> 1,2
Chosen: Databases; Files
Saved backup-scope: answered. Backup and Restore, Cloud: score 0.50 to 0.88,
level 0 to 1 of 2.
Gap: Everything that matters is backed up (risk high).

Backup and Restore 6 of 7, 42 % of the workshop. Whole organisation.
Question backup-context: What else should we know?
A text
> = b is a letter
Chosen: b is a letter
Saved backup-context: answered. Backup and Restore, Cloud: score 0.88 as before,
level 1 of 2.

Backup and Restore 7 of 7, 57 % of the workshop. Whole organisation.
Question last-restore: When was the last restore?
A date, as 2026-11-20
> d serv, 2026-12-24
Saved last-restore: not known. Backup and Restore, Cloud: score 0.88 as before,
level 1 of 2.

That was the last question. 4 of 7 are resolved. r reviews, o goes to an open
one, b back, q quits.
> r
Backup and Restore
  backup-policy@on-premises: answered: Written down
  backup-policy@cloud: answered: Agreed, with an owner
  restore-tested@on-premises: not answered
  restore-tested@cloud: not answered
  backup-scope: answered: Databases; Files
  backup-context: answered: b is a letter
  last-restore: not known
j and a name goes to a question.
> q
4 of 7 questions are resolved, 4 of them now. Everything is saved. Go on with:
  opsready discover backup --accessible

"#]],
    );
}

#[test]
fn a_dumb_terminal_gets_lines() {
    for environment in [[("TERM", "dumb"), ("A", "")], [("TERM", "xterm"), ("ACCESSIBLE", "1")]] {
        let sandbox = Sandbox::workspace();
        let mut terminal = Terminal::sized(&sandbox.path(""), &["discover", "backup"], (60, 80), &environment);
        terminal.shows("Type the number of a choice, or a command; ? lists the commands.");
        terminal.types("2\r");
        terminal.shows("Saved backup-policy@on-premises");
        // The end of the input ends it.
        terminal.types("\x04");
        assert_eq!(terminal.ends(), 0);
        assert!(!terminal.raw.contains(&0x1b));
    }
}

#[test]
fn what_one_respondent_says_is_recorded_apart() {
    let sandbox = Sandbox::workspace();
    let mut terminal = discover(&sandbox, &["backup", "--respondent", "service-owner", "--by", "service-owner"]);
    terminal.shows("Is there a policy");
    terminal.types("2");
    terminal.shows("Saved backup-policy@on-premises");
    terminal.types("q");
    assert_eq!(terminal.ends(), 0);
    assert_eq!(answers(&sandbox), "");
    let said = sandbox.read("responses/service-owner/backup.yaml");
    assert!(said.contains("choose: drafted") && said.contains("service-owner"), "{said}");
}
