//! The plan: waves, pins, accepted risks, what comes of them; `plan set`, `plan show` and `plan board`.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use serde_json::Value;
use snapbox::str;
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
fn an_accepted_risk_takes_no_place_in_a_wave_until_it_ends() {
    let accepted = |expires: &str| {
        format!("  restores-tested:\n    accepted: {{risk: 2026-11-20-no-restores, approver: service-owner, expires: {expires}}}\n")
    };
    // The latest answer is of 2026-11-20.
    let accepted = |expires: &str| accepted(expires).replace("    accepted", "    wave: now\n    accepted");
    assert_eq!(wave_of(&with_plan(&accepted("2026-11-20")), "restores-tested"), None);
    assert_eq!(wave_of(&with_plan(&accepted("2026-11-19")), "restores-tested"), Some(0));
}
