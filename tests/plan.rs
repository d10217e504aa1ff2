//! The plan: waves, pins, accepted risks, what comes of them; `plan set`, `plan show` and `plan board`.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use serde_json::Value;
use snapbox::str;
use std::fmt::Write;
use support::{Run, Sandbox, shows};

/// Answers that make a confirmed gap of every practice of `backup`.
const BACKUP: &str = "\
capability: backup
answers:
  backup-policy@cloud: {choose: none}
  restore-tested@cloud: {choose: \"no\"}
  restore-share@cloud: {number: 10}
  backup-scope: {choose: nothing, answered_on: 2026-11-20}
";

/// The same of `patching`.
const PATCHING: &str = "\
capability: patching
answers:
  patch-window@cloud: {choose: nobody}
  patch-report: {choose: \"no\"}
";

const RISK: &str = "\
schema: opsready/risk/v1
id: 2026-11-20-no-restores
kind: risk
title: Restores are not tested
status: monitor
";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_answers(BACKUP);
    sandbox.write("answers/patching.yaml", PATCHING);
    sandbox.write("risks/2026-11-20-no-restores.yaml", RISK);
    sandbox
}

fn with_plan(entries: &str) -> Sandbox {
    let sandbox = sandbox();
    sandbox.write("plan/backup.yaml", &format!("capability: backup\npractices:\n{entries}"));
    sandbox
}

/// Returns what a run says beside its data, and its exit code.
fn told(run: &Run) -> String {
    format!("{}exit {}\n", run.stderr, run.code.expect("it ended by itself"))
}

/// Returns the wave of each gap of `score --json`.
fn waves(sandbox: &Sandbox) -> Vec<(String, Option<u64>)> {
    let run = sandbox.run(&["score", "--json"]);
    let card: Value = serde_json::from_str(&run.stdout).expect("the scorecard is JSON");
    let gaps = card["gaps"].as_array().expect("there are gaps");
    gaps.iter().map(|gap| (gap["practice"].as_str().expect("it has an id").to_owned(), gap["wave"].as_u64())).collect()
}

fn wave_of(sandbox: &Sandbox, practice: &str) -> Option<u64> {
    waves(sandbox).into_iter().find(|(id, _)| id == practice).expect("it is a gap").1
}

#[test]
fn everything_that_is_wrong_in_a_plan_is_told_at_once() {
    let sandbox = sandbox();
    sandbox.write(
        "plan/backup.yaml",
        "\
schema: opsready/plan/v2
capability: backup
status: developement
practices:
  backup-policy-agred: {wave: now}
  patch-window: {owner: ops-lead}
  backup-complete: {wave: nwo, due: 2026-02-30, status: finished, momentum: fast, colour: red}
  restores-tested:
    accepted: {risk: 2026-11-20-no-restore, approver: ops-lead}
",
    );
    sandbox.write("plan/patchin.yaml", "capability: patching\n");
    shows(
        &told(&sandbox.run(&["render"])),
        str![[r#"
error[unknown-word]: `opsready/plan/v2` is not a format that this version reads
 --> plan/backup.yaml:1:9
  |
1 | schema: opsready/plan/v2
  |         ^^^^^^^^^^^^^^^^
  |
  = help: it reads `opsready/plan/v1`; a newer file needs a newer opsready

error[unknown-word]: `developement` is not a word that this key knows
 --> plan/backup.yaml:3:9
  |
3 | status: developement
  |         ^^^^^^^^^^^^
  |
  = help: did you mean `development`?

error[bad-date]: `2026-02-30` is not a date that exists
 --> plan/backup.yaml:7:37
  |
7 |   backup-complete: {wave: nwo, due: 2026-02-30, status: finished, momentum: fast, colour: red}
  |                                     ^^^^^^^^^^
  |
  = help: write it as 2026-11-20

error[unknown-word]: `finished` is not a word that this key knows
 --> plan/backup.yaml:7:57
  |
7 |   backup-complete: {wave: nwo, due: 2026-02-30, status: finished, momentum: fast, colour: red}
  |                                                         ^^^^^^^^
  |
  = help: one of `open`, `in-progress`, `blocked`, `done`

error[unknown-word]: `fast` is not a word that this key knows
 --> plan/backup.yaml:7:77
  |
7 |   backup-complete: {wave: nwo, due: 2026-02-30, status: finished, momentum: fast, colour: red}
  |                                                                             ^^^^
  |
  = help: one of `not-started`, `moving-quickly`, `expected-pace`, `slower-than-expected`, `impacting-critical-path`

error[unknown-key]: unknown key `colour`
 --> plan/backup.yaml:7:83
  |
7 |   backup-complete: {wave: nwo, due: 2026-02-30, status: finished, momentum: fast, colour: red}
  |                                                                                   ^^^^^^
  |
  = help: the keys here are `wave`, `owner`, `due`, `status`, `momentum`, `accepted`, `note`

error[missing-key]: the key `expires` is missing
 --> plan/backup.yaml:9:15
  |
9 |     accepted: {risk: 2026-11-20-no-restore, approver: ops-lead}
  |               ^

error[file-name-differs]: the file is named `patchin` and holds the plan of `patching`
 --> plan/patchin.yaml:1:13
  |
1 | capability: patching
  |             ^^^^^^^^
  |
  = help: rename the file, or move what is in it
8 errors to mend; nothing was changed
exit 2

"#]],
    );
    // A score does not read what only documents show, and stops at the same places otherwise.
    assert_eq!(sandbox.run(&["score"]).code, Some(2));
}

#[test]
fn waves_of_ones_own_are_checked() {
    let sandbox = sandbox();
    let head = sandbox.read("opsready.yaml");
    sandbox.write(
        "opsready.yaml",
        &format!(
            "{head}\
waves:
  - {{id: now, capacity: 0, start: 2027-03-01, finish: 2027-02-01}}
  - {{id: later, start: 2027-01-01}}
  - {{id: now, title: Again}}
  - {{id: latr, remove: true}}
  - {{id: much-later, title: Much later}}
"
        ),
    );
    shows(
        &told(&sandbox.run(&["score"])),
        str![[r#"
error[bad-number]: the capacity of a wave is above 0
 --> opsready.yaml:8:25
  |
8 |   - {id: now, capacity: 0, start: 2027-03-01, finish: 2027-02-01}
  |                         ^

error[bad-date]: the wave ends on 2027-02-01, before it begins on 2027-03-01
 --> opsready.yaml:8:55
  |
8 |   - {id: now, capacity: 0, start: 2027-03-01, finish: 2027-02-01}
  |                                                       ^^^^^^^^^^

warning[bad-date]: `later` begins before `now`, which comes first
 --> opsready.yaml:9:24
  |
9 |   - {id: later, start: 2027-01-01}
  |                        ^^^^^^^^^^
  |
  = help: waves are worked off in their order

error[duplicate-id]: the wave `now` stands here twice
  --> opsready.yaml:10:10
   |
10 |   - {id: now, title: Again}
   |          ^^^
   |
   = help: bring what they say together in one entry

error[unknown-reference]: the kit has no wave `latr`
  --> opsready.yaml:11:10
   |
11 |   - {id: latr, remove: true}
   |          ^^^^
   |
   = help: did you mean `later`?

error[unknown-reference]: the kit has no wave `much-later`
  --> opsready.yaml:12:10
   |
12 |   - {id: much-later, title: Much later}
   |          ^^^^^^^^^^
   |
   = help: a new wave needs `capacity`
5 errors to mend; nothing was changed
exit 2

"#]],
    );
}

#[test]
fn a_pin_wins_over_the_order_and_takes_what_it_requires_with_it() {
    let unpinned = sandbox();
    // Work for weeks finds no room behind work for months.
    assert_eq!((wave_of(&unpinned, "restores-tested"), wave_of(&unpinned, "backup-complete")), (None, Some(1)));
    let sandbox = with_plan("  restores-tested: {wave: now}\n");
    assert_eq!((wave_of(&sandbox, "restores-tested"), wave_of(&sandbox, "backup-policy-agreed")), (Some(0), Some(0)));
    // The room is taken, so what came first by its priority waits.
    assert_eq!(wave_of(&sandbox, "patch-window"), None);
    let sandbox = with_plan("  backup-policy-agreed: {wave: later}\n  restores-tested: {wave: later}\n");
    assert_eq!((wave_of(&sandbox, "restores-tested"), wave_of(&sandbox, "backup-complete")), (Some(1), None));
}

#[test]
fn a_pin_before_what_it_requires_is_an_error_of_the_plan_and_none_of_the_score() {
    let sandbox = with_plan("  backup-policy-agreed: {wave: later}\n  restores-tested:\n    wave: now\n");
    shows(
        &told(&sandbox.run(&["render"])),
        str![[r#"
error[impossible-pin]: `restores-tested` cannot be closed in Now: it requires `backup-policy-agreed`, which is planned for Later
 --> plan/backup.yaml:5:11
  |
5 |     wave: now
  |           ^^^
  |
  = help: move `restores-tested` to Later or later, or `backup-policy-agreed` to Now; `opsready plan set` does it
1 error to mend; nothing was changed
exit 2

"#]],
    );
    assert!(!sandbox.path("docs").exists(), "nothing was written");
    let run = sandbox.run(&["score", "--json"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("warning[impossible-pin]"), "{}", run.stderr);
}

#[test]
fn a_wave_that_holds_too_much_is_told_and_kept() {
    let sandbox = with_plan("  restores-tested: {wave: now}\n  backup-complete: {wave: now}\n");
    let Run { code, stderr, .. } = sandbox.run(&["render"]);
    assert_eq!(code, Some(0));
    shows(
        &stderr,
        str![[r#"
warning[impossible-pin]: Now holds 12 points of work and has room for 4
 --> plan/backup.yaml:3:27
  |
3 |   restores-tested: {wave: now}
  |                           ^^^
  |
  = help: name a later wave for some of it, or give the wave more capacity in `opsready.yaml`

"#]],
    );
    assert_eq!(wave_of(&sandbox, "backup-complete"), Some(0));
    // What nobody named goes where there is room.
    assert_eq!(wave_of(&sandbox, "patch-window"), Some(1));
}

#[test]
fn a_wave_that_is_over_takes_nothing_new() {
    let sandbox = sandbox();
    let head = sandbox.read("opsready.yaml");
    // The latest answer is of 2026-11-20.
    let with = |finish: &str| sandbox.write("opsready.yaml", &format!("{head}waves: [{{id: now, finish: {finish}}}]\n"));
    with("2026-11-20");
    assert_eq!(wave_of(&sandbox, "backup-policy-agreed"), Some(0));
    with("2026-11-19");
    assert_eq!(wave_of(&sandbox, "backup-policy-agreed"), Some(1));
    // What somebody named for it stays, and is told to be late.
    sandbox.write("plan/backup.yaml", "capability: backup\npractices: {backup-policy-agreed: {wave: now}}\n");
    assert_eq!(wave_of(&sandbox, "backup-policy-agreed"), Some(0));
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    assert!(sandbox.read("docs/roadmap.md").contains("**This wave is over**"));
}

#[test]
fn an_accepted_risk_takes_no_place_in_a_wave_until_it_ends() {
    let accepted = |expires: &str| {
        format!("  restores-tested:\n    accepted: {{risk: 2026-11-20-no-restores, approver: service-owner, expires: {expires}}}\n")
    };
    // The latest answer is of 2026-11-20.
    let accepted = |expires: &str| accepted(expires).replace("    accepted", "    wave: now\n    accepted");
    assert_eq!(wave_of(&with_plan(&accepted("2026-11-20")), "restores-tested"), None);
    assert_eq!(wave_of(&with_plan(&accepted("2026-11-19")), "restores-tested"), Some(0));
}

/// Runs the program and expects it to succeed.
#[track_caller]
fn works(run: &Run) -> &str {
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    &run.stdout
}

#[test]
fn set_writes_what_was_said_and_nothing_else() {
    let sandbox = sandbox();
    let run = sandbox.run(&["plan", "set", "restores-tested", "--wave", "now", "--owner", "ops-lead", "--due", "2027-01-31"]);
    shows(
        works(&run),
        str![[r#"
restores-tested: Now, Operations lead, by 2027-01-31

"#]],
    );
    shows(
        &run.stderr,
        str![[r#"
in `plan/backup.yaml`; `opsready render` brings it into the documents

"#]],
    );
    shows(
        &sandbox.read("plan/backup.yaml"),
        str![[r#"
# yaml-language-server: $schema=../schemas/plan.schema.json
schema: opsready/plan/v1
capability: backup
practices:
  restores-tested:
    wave: now
    owner: ops-lead
    due: 2027-01-31

"#]],
    );
    let run = sandbox.run(&["plan", "set", "backup", "backup-complete", "--owner", "service-owner", "--momentum", "moving-quickly"]);
    shows(
        works(&run),
        str![[r#"
backup: moving quickly, Service owner
backup-complete: Later, Service owner, moving quickly

"#]],
    );
    works(&sandbox.run(&["plan", "set", "backup", "--status", "design"]));
    shows(
        &sandbox.read("plan/backup.yaml"),
        str![[r#"
# yaml-language-server: $schema=../schemas/plan.schema.json
schema: opsready/plan/v1
capability: backup
status: design
momentum: moving-quickly
owner: service-owner
practices:
  restores-tested:
    wave: now
    owner: ops-lead
    due: 2027-01-31
  backup-complete:
    owner: service-owner
    momentum: moving-quickly

"#]],
    );
    // The same once more changes no byte.
    let before = sandbox.tree();
    let run = sandbox.run(&["plan", "set", "backup", "--status", "design"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), "nothing changed\n"));
    support::same(&before, &sandbox.tree());
}

#[test]
fn set_leaves_comments_order_and_line_ends_as_their_owner_wrote_them() {
    let odd = "# ours\r\ncapability:  'backup'\r\n\r\npractices:\r\n  # first\r\n  \"restores-tested\" : {wave: now}   # pinned\r\n\r\n  backup-complete:\r\n    note: |\r\n      two\r\n      lines\r\n# end\r\n";
    let sandbox = sandbox();
    sandbox.write("plan/backup.yaml", odd);
    works(&sandbox.run(&["plan", "set", "backup-complete", "--status", "in-progress"]));
    works(&sandbox.run(&["plan", "set", "backup-complete", "--clear", "status"]));
    assert_eq!(sandbox.read("plan/backup.yaml"), odd);
}

#[test]
fn what_cannot_be_set_is_refused_with_advice_and_nothing_is_written() {
    let sandbox = with_plan("  backup-policy-agreed: {wave: later}\n");
    let before = sandbox.tree();
    let mut told = String::new();
    for arguments in [
        &["restores-tested", "--wave", "now"][..],
        &["restores-tested"],
        &["restore-tested", "--wave", "now"],
        &["restores-tested", "--wave", "nwo"],
        &["restores-tested", "--due", "2027-02-29"],
        &["restores-tested", "--status", "design"],
        &["backup", "--status", "done"],
        &["backup", "--wave", "now"],
        &["restores-tested", "--momentum", "fast"],
        &["restores-tested", "--owner", " "],
        &["restores-tested", "--clear", "wav"],
        &["backup", "--clear", "wave"],
        &["restores-tested", "--owner", "ops-lead", "--clear", "owner"],
        &["restores-tested", "--accept", "2026-11-20-no-restores"],
        &["restores-tested", "--accept", "2026-11-20-no-restore", "--approver", "ops-lead", "--expires", "2027-06-30"],
        &["restores-tested", "--accept", "2026-11-20-no-restores", "--approver", "ops-lead", "--expires", "2026-11-30"],
    ] {
        let run = sandbox.run(&[&["plan", "set"], arguments].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        let _ = writeln!(told, "$ plan set {}\n{}", arguments.join(" "), run.stderr);
    }
    support::same(&before, &sandbox.tree());
    shows(
        &told,
        str![[r#"
$ plan set restores-tested --wave now
error[impossible-pin]: `restores-tested` cannot be closed in Now: it requires `backup-policy-agreed`, which is planned for Later
 --> plan/backup.yaml:5:11
  |
5 |     wave: now
  |           ^^^
  |
  = help: move `restores-tested` to Later or later, or `backup-policy-agreed` to Now; `opsready plan set` does it
1 error to mend; nothing was changed

$ plan set restores-tested
error: there is nothing to set
  = help: name `--wave`, `--owner`, `--due`, `--status`, `--momentum`, `--accept`, `--note` or `--clear`

$ plan set restore-tested --wave now
error: the kit has no practice or capability `restore-tested`
  = help: did you mean `restores-tested`?

$ plan set restores-tested --wave nwo
error: the roadmap has no wave `nwo`
  = help: did you mean `now`?

$ plan set restores-tested --due 2027-02-29
error: `2027-02-29` is not a date that exists
  = help: write it as 2026-11-20

$ plan set restores-tested --status design
error: `design` is not the status of a practice
  = help: there are `open`, `in-progress`, `blocked`, `done`

$ plan set backup --status done
error: `done` is not the status of a capability
  = help: did you mean `none`?

$ plan set backup --wave now
error: `--wave` is for a practice, and `backup` is a capability
  = help: `opsready plan show` lists its gaps

$ plan set restores-tested --momentum fast
error: `fast` is not a momentum
  = help: there are `not-started`, `moving-quickly`, `expected-pace`, `slower-than-expected`, `impacting-critical-path`

$ plan set restores-tested --owner  
error: `--owner` names nobody
  = help: take it out with `--clear owner`

$ plan set restores-tested --clear wav
error: `--clear` knows no key `wav` here
  = help: did you mean `wave`?

$ plan set backup --clear wave
error: `--clear` knows no key `wave` here
  = help: there are `owner`, `status`, `momentum`, `note`

$ plan set restores-tested --owner ops-lead --clear owner
error: `owner` is set and cleared at once
  = help: leave one of them out

$ plan set restores-tested --accept 2026-11-20-no-restores
error: the following required arguments were not provided:
  --approver <ROLE>
  --expires <DATE>

Usage: opsready plan set --accept <RISK> --approver <ROLE> --expires <DATE> <ID>...

For more information, try '--help'.

$ plan set restores-tested --accept 2026-11-20-no-restore --approver ops-lead --expires 2027-06-30
error[unknown-reference]: the RAID log has no entry `2026-11-20-no-restore`
 --> plan/backup.yaml:6:13
  |
6 |       risk: 2026-11-20-no-restore
  |             ^^^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `2026-11-20-no-restores`?
1 error to mend; nothing was changed

$ plan set restores-tested --accept 2026-11-20-no-restores --approver ops-lead --expires 2026-11-30
error: the acceptance would have ended on 2026-11-30
  = help: name the last day on which it holds


"#]],
    );
}

#[test]
fn show_has_the_waves_what_comes_of_them_and_what_waits() {
    let sandbox = sandbox();
    works(&sandbox.run(&["plan", "set", "restores-tested", "--wave", "now", "--due", "2026-11-25", "--status", "blocked"]));
    let accept = ["--accept", "2026-11-20-no-restores", "--approver", "service-owner", "--expires", "2026-12-31"];
    works(&sandbox.run(&[&["plan", "set", "patch-window"][..], &accept].concat()));
    sandbox.replace("answers/patching.yaml", "patch-report: {choose: \"no\"}", "patch-report: {dont_know: {}}");
    shows(
        works(&sandbox.run(&["plan", "show"])),
        str![[r#"
Now: 4 of 4 points
┌──────────────────────┬────────┬────────┬────────┬────────────────────┬─────────┐
│ Gap                  ┆ Risk   ┆ Effort ┆ Owner  ┆ By                 ┆ Status  │
╞══════════════════════╪════════╪════════╪════════╪════════════════════╪═════════╡
│ backup-policy-agreed ┆ high   ┆ days   ┆ nobody ┆ –                  ┆ –       │
│ restores-tested      ┆ medium ┆ weeks  ┆ nobody ┆ 2026-11-25 overdue ┆ blocked │
└──────────────────────┴────────┴────────┴────────┴────────────────────┴─────────┘

Later: 8 of 8 points
┌─────────────────┬──────┬────────┬────────┬────┬────────┐
│ Gap             ┆ Risk ┆ Effort ┆ Owner  ┆ By ┆ Status │
╞═════════════════╪══════╪════════╪════════╪════╪════════╡
│ backup-complete ┆ high ┆ months ┆ nobody ┆ –  ┆ –      │
└─────────────────┴──────┴────────┴────────┴────┴────────┘

Accepted
┌──────────────┬────────┬────────┬────────┬──────────────────┬─────────────────────────────────────┐
│ Gap          ┆ Risk   ┆ Effort ┆ Owner  ┆ By               ┆ Status                              │
╞══════════════╪════════╪════════╪════════╪══════════════════╪═════════════════════════════════════╡
│ patch-window ┆ medium ┆ days   ┆ nobody ┆ until 2026-12-31 ┆ 2026-11-20-no-restores, by Service  │
│              ┆        ┆        ┆        ┆                  ┆ owner                               │
└──────────────┴────────┴────────┴────────┴──────────────────┴─────────────────────────────────────┘

1 gap depends on open questions and takes no place in a wave yet.

What comes of it in Cloud
┌───────────────┬────────┬─────────┬───────────┬─────────────┐
│ Level (score) ┆ Target ┆ Now     ┆ After Now ┆ After Later │
╞═══════════════╪════════╪═════════╪═══════════╪═════════════╡
│ backup        ┆ 2      ┆ 0 (0.0) ┆ 0 (1.5)   ┆ 2 (2.0)     │
│ patching      ┆ 2      ┆ 0 (0.0) ┆ 0 (0.0)   ┆ 0 (0.0)     │
│ overall       ┆        ┆ (0.0)   ┆ (0.8)     ┆ (1.0)       │
└───────────────┴────────┴─────────┴───────────┴─────────────┘

Quick wins: backup-policy-agreed.

"#]],
    );
    // On the day after its last one the acceptance counts no more.
    let later = sandbox.run(&["plan", "show", "patch-window", "--on", "2027-01-01"]);
    shows(
        works(&later),
        str![[r#"
Now: 4 of 4 points
Nothing to close.

Later: 8 of 8 points
Nothing to close.

Outside the waves
┌──────────────┬────────┬────────┬────────┬────┬─────────────────────────────┐
│ Gap          ┆ Risk   ┆ Effort ┆ Owner  ┆ By ┆ Status                      │
╞══════════════╪════════╪════════╪════════╪════╪═════════════════════════════╡
│ patch-window ┆ medium ┆ days   ┆ nobody ┆ –  ┆ acceptance ended 2026-12-31 │
└──────────────┴────────┴────────┴────────┴────┴─────────────────────────────┘


"#]],
    );
    let run = sandbox.run(&["plan", "show", "--json"]);
    let value: Value = serde_json::from_str(works(&run)).expect("it is JSON");
    assert_eq!(value["schema"], "opsready/roadmap/v1");
    let action = value["actions"].as_array().expect("there are actions").iter().find(|one| one["practice"] == "restores-tested");
    let action = action.expect("it is among them");
    assert_eq!((&action["overdue"], &action["pinned"], &action["wave"]), (&true.into(), &true.into(), &0.into()));
    let projection = value["projection"].as_array().expect("there are projections");
    assert_eq!(projection.len(), 3);
    let score = |at: usize| projection[at]["capabilities"]["backup"]["score"].as_f64().expect("it has a score");
    assert!(score(0) < score(1) && score(1) <= score(2));
}

#[test]
fn show_and_board_have_something_to_say_where_there_is_nothing() {
    let sandbox = Sandbox::workspace();
    shows(
        works(&sandbox.run(&["plan", "show"])),
        str![[r#"
Now: 0 of 4 points
Nothing to close.

Later: 0 of 8 points
Nothing to close.

5 gaps depend on open questions and take no place in a wave yet.

What comes of it in Cloud
┌───────────────┬────────┬───────┬───────────┬─────────────┐
│ Level (score) ┆ Target ┆ Now   ┆ After Now ┆ After Later │
╞═══════════════╪════════╪═══════╪═══════════╪═════════════╡
│ backup        ┆ 2      ┆ –     ┆ –         ┆ –           │
│ patching      ┆ 2      ┆ –     ┆ –         ┆ –           │
│ overall       ┆        ┆ (0.0) ┆ (0.0)     ┆ (0.0)       │
└───────────────┴────────┴───────┴───────────┴─────────────┘


"#]],
    );
    shows(
        works(&sandbox.run(&["plan", "board"])),
        str![[r#"
┌────────────────────────┬────────────────────────┐
│ Backup and Restore     ┆ Patching               │
│ not assessed           ┆ not assessed           │
│ no status              ┆ no status              │
│ NOT ASSESSED           ┆ NOT ASSESSED           │
└────────────────────────┴────────────────────────┘
2 capabilities: 2 not assessed.

"#]],
    );
    // A kit without waves, as a lens is, has gaps and no roadmap.
    let sandbox = self::sandbox();
    sandbox.replace("kit/kit.yaml", "waves:\n  - {id: now, title: Now, capacity: 4}\n  - {id: later, title: Later, capacity: 8}\n", "");
    shows(
        works(&sandbox.run(&["plan", "show", "patching"])),
        str![[r#"
Outside the waves
┌────────────────────────┬────────┬────────┬────────┬────┬────────┐
│ Gap                    ┆ Risk   ┆ Effort ┆ Owner  ┆ By ┆ Status │
╞════════════════════════╪════════╪════════╪════════╪════╪════════╡
│ patch-window           ┆ medium ┆ days   ┆ nobody ┆ –  ┆ –      │
│ patch-report-published ┆ low    ┆ days   ┆ nobody ┆ –  ┆ –      │
└────────────────────────┴────────┴────────┴────────┴────┴────────┘


"#]],
    );
    works(&sandbox.run(&["render"]));
    assert!(sandbox.read("docs/roadmap.md").contains("to be closed in Cloud"));
}

#[test]
fn the_board_shows_the_worst_that_is_said_of_each() {
    let sandbox = sandbox();
    works(&sandbox.run(&[
        "plan",
        "set",
        "backup",
        "--status",
        "development",
        "--momentum",
        "impacting-critical-path",
        "--owner",
        "ops-lead",
    ]));
    works(&sandbox.run(&["plan", "set", "patch-window", "--due", "2026-11-01", "--momentum", "expected-pace"]));
    shows(
        works(&sandbox.run(&["plan", "board"])),
        str![[r#"
┌────────────────────────┬────────────────────────┐
│ Backup and Restore     ┆ Patching               │
│ level 0 of 2           ┆ level 0 of 2           │
│ development            ┆ no status              │
│ ! impacting the        ┆ → expected pace        │
│ critical path          ┆ 2 open, 1 overdue, 2   │
│ 3 open                 ┆ unowned                │
│ STUCK                  ┆ BEHIND                 │
└────────────────────────┴────────────────────────┘
2 capabilities: 1 behind, 1 stuck.

"#]],
    );
    let run = sandbox.run(&["plan", "board", "--json"]);
    let value: Value = serde_json::from_str(works(&run)).expect("it is JSON");
    let heat: Vec<&str> =
        value["capabilities"].as_array().expect("there are cells").iter().filter_map(|cell| cell["heat"].as_str()).collect();
    assert_eq!((&value["schema"], heat), (&"opsready/board/v1".into(), vec!["stuck", "behind"]));
    // The colours are there for who wants them, and the words always.
    let run = sandbox.run(&["plan", "board", "--color", "always"]);
    assert!(works(&run).contains("\u{1b}[48;5;9m") && run.stdout.contains("STUCK"), "{:?}", run.stdout);
    works(&sandbox.run(&["render"]));
    shows(
        &sandbox.read("docs/board.md"),
        str![[r#"
# Capability board

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-20

[Overview](README.md)

🟨 1 behind · 🟥 1 stuck

The square shows the worst thing that is said of a capability: blocked or holding others up before slow or overdue, that before not begun. The [roadmap](roadmap.md) has the work behind it.

## At a glance

| Group | 1 | 2 |
| --- | --- | --- |
| **All** | 🟥 **[Backup and Restore](backup/readiness.md)**<br>stuck, level 0 of 2<br>development; ! impacting the critical path<br>3 open | 🟨 **[Patching](patching/readiness.md)**<br>behind, level 0 of 2<br>no status; → expected pace<br>2 open, 1 overdue |

## In figures

| Capability | Stands | Status | Momentum | Owner | Level | Open | Said to be done | Overdue | Blocked | No owner | Accepted |
| --- | --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| [Backup and Restore](backup/readiness.md) | stuck | development | impacting the critical path | Operations lead | 0 of 2 | 3 | 0 | 0 | 0 | 0 | 0 |
| [Patching](patching/readiness.md) | behind | not said | expected pace | nobody | 0 of 2 | 2 | 0 | 1 | 0 | 2 | 0 |

Status is how far the work is: not begun, design, development, implemented, validated, released. What is said to be done closes its gap only when an answer says so.

"#]],
    );
}

#[test]
fn the_roadmap_says_who_does_what_when_and_where_it_leads() {
    let sandbox = sandbox();
    sandbox.write(
        "opsready.yaml",
        &(sandbox.read("opsready.yaml")
            + "waves:\n  - {id: now, title: \"Now: before the move\", start: 2027-01-04, finish: 2027-02-26, goal: Copies can be restored., entry: The move has a date., exit: [A restore was timed.]}\n  - {id: later, capacity: 12}\n"),
    );
    works(&sandbox.run(&["plan", "set", "restores-tested", "--wave", "now", "--owner", "ops-lead", "--due", "2027-01-29"]));
    let accept = ["--accept", "2026-11-20-no-restores", "--approver", "service-owner", "--expires", "2026-12-31"];
    works(&sandbox.run(&[&["plan", "set", "patch-window"][..], &accept].concat()));
    works(&sandbox.run(&["render"]));
    shows(
        &sandbox.read("docs/roadmap.md"),
        str![[r#"
# Roadmap

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-20

[Overview](README.md)

4 gaps are to be closed in Cloud: 4 stand in 2 waves. 1 is lived with for now. **3 have no owner.**

A gap comes into the first wave that has room for it, after what it needs first, the highest priority before the others. A wave that was named by hand stays. The [gap register](gap-register.md) has priorities and what closes each gap, the [board](board.md) how the work goes.

## At a glance

| Wave | When | Actions | High risk | Points | Overall score after it |
| --- | --- | ---: | ---: | ---: | ---: |
| Now: before the move | 2027-01-04 to 2027-02-26 | 2 | 1 | 4 of 4 | 0.8 |
| Later | to be agreed | 2 | 1 | 9 of 12 | 1.5 |

Points are effort against the capacity of the wave: days of work count 1, weeks 3, months 8. The overall score is 0.0 now.

```mermaid
---
config:
  gantt: {leftPadding: 110}
---
gantt
  accTitle: The waves with their days
  accDescr: Each wave as a bar, with its part of the critical path and what has a day, as in the tables.
  dateFormat YYYY-MM-DD
  axisFormat %b %Y
  todayMarker off
  inclusiveEndDates
  section Now
  2 actions :2027-01-04, 2027-02-26
  Restores are tested :milestone,2027-01-29, 0d
```

## What comes of it

Level and score of each capability in Cloud once the gaps of a wave are closed and an answer says so. **Bold** is where the level rises; open questions are counted as if nothing came of them.

| Capability | Target | Now | After Now | After Later |
| --- | ---: | ---: | ---: | ---: |
| [Backup and Restore](backup/readiness.md) | 2 | 0 (0.0) | 0 (1.5) | **2** (2.0) |
| [Patching](patching/readiness.md) | 2 | 0 (0.0) | 0 (0.0) | 0 (1.0) |
| Overall | – | 0.0 | 0.8 | 1.5 |

Below their target after the last wave:

- Patching: 1 gap is accepted.

## Now: before the move

Copies can be restored.

2 actions, 4 of 4 points, 2027-01-04 to 2027-02-26.

**It begins when**

- The move has a date.

| Action | Capability | Effort | Risk | Owner | By | Status | Needs first |
| --- | --- | --- | --- | --- | --- | --- | --- |
| [An agreed policy](backup/design.md#an-agreed-policy) | Backup and Restore | days | high | **nobody** | to be agreed | open | nothing |
| [Restores are tested](backup/design.md#restores-are-tested) (wave named by hand) | Backup and Restore | weeks | medium | Operations lead | 2027-01-29 | open | An agreed policy |

**It is done when**

- A restore was timed.

## Later

2 actions, 9 of 12 points.

Rises: Backup and Restore from 0 to 2.

| Action | Capability | Effort | Risk | Owner | By | Status | Needs first |
| --- | --- | --- | --- | --- | --- | --- | --- |
| [Everything that matters is backed up](backup/design.md#everything-that-matters-is-backed-up) | Backup and Restore | months | high | **nobody** | to be agreed | open | nothing |
| [A published report](patching/design.md#a-published-report) | Patching | days | low | **nobody** | to be agreed | open | nothing |

## Quick wins

Days of work each, with nothing needed first:

- [An agreed policy](backup/design.md#an-agreed-policy) (Backup and Restore, high risk, Now)
- [A published report](patching/design.md#a-published-report) (Patching, low risk, Later)

## Lived with

Somebody with the authority to do so accepted the risk. Nobody works on these until the day on which the acceptance ends.

| Gap | Capability | Risk | Accepted by | Until | Why |
| --- | --- | --- | --- | --- | --- |
| [An agreed window for patches](patching/design.md#an-agreed-window-for-patches) | Patching | [Restores are not tested](raid.md#restores-are-not-tested) | Service owner | 2026-12-31 | see the RAID log |

"#]],
    );
    let actions = sandbox.read("docs/actions.md");
    assert!(actions.contains("| 2027-01-29 | Close the gap: "), "{actions}");
    let gaps = sandbox.read("docs/gap-register.md");
    assert!(gaps.contains("Planned: Operations lead, by 2027-01-29."), "{gaps}");
    assert!(gaps.contains("Planned: the risk is accepted until 2026-12-31 by Service owner."), "{gaps}");
}
