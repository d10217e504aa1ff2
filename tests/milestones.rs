//! Milestones, `diff` and the progress report: what moved between two days, and why.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use opsready::assessment::read::AssessmentSources;
use opsready::assessment::{Assessment, read};
use opsready::diagnostic::Source;
use opsready::exchange::{milestone, scorecard};
use opsready::kit::read::{KitSources, OverlaySources};
use opsready::kit::{Kit, read as kit_read};
use opsready::plan::Plan;
use opsready::plan::progress::carry::Said;
use opsready::plan::progress::compare::{Comparison, Now, Then};
use opsready::plan::progress::gaps::Fate;
use opsready::plan::progress::movement::{Cause, Movement};
use opsready::plan::progress::{Frozen, KitIdentity, Results};
use opsready::scoring::Scorecard;
use proptest::prelude::*;
use serde_json::Value;
use snapbox::str;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use support::{Run, Sandbox, clean, shows, small_kit};

const BACKUP: &str = "\
capability: backup
answers:
  backup-policy@on-premises: {choose: agreed}
  backup-policy@cloud: {choose: drafted, evidence: [{title: The draft, collected: 2025-10-01}]}
  restore-tested@cloud: {choose: \"no\"}
  restore-tested@on-premises: {dont_know: {owner: ops-lead, due: 2026-11-20}}
  backup-scope: {choose: [databases, files], answered_on: 2026-11-18}
";

const PATCHING: &str = "\
capability: patching
answers:
  patch-window@cloud: {choose: nobody}
  patch-window@on-premises: {choose: team}
  patch-report: {choose: \"yes\"}
";

/// Returns a workspace with answers to both capabilities.
fn answered() -> Sandbox {
    let sandbox = Sandbox::with_answers(BACKUP);
    sandbox.write("answers/patching.yaml", PATCHING);
    sandbox
}

/// Returns a workspace with answers and the milestone `baseline`.
fn frozen() -> Sandbox {
    let sandbox = answered();
    works(&sandbox.run(&["milestone", "save", "baseline", "--note", "After the workshops"]));
    sandbox
}

#[track_caller]
fn works(run: &Run) {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

/// Lets half a year pass, and runs the program.
fn later(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = sandbox.command(arguments);
    // 2027-06-01, noon.
    command.env("SOURCE_DATE_EPOCH", "1811851200");
    sandbox.finish(command)
}

/// The next version of the kit: a question and a practice have new ids, one question is gone, one is new with a practice, and more
/// is asked of what is backed up.
fn newer_kit(sandbox: &Sandbox) {
    sandbox.replace("kit/kit.yaml", "version: 1.2.0", "version: 1.3.0");
    sandbox.replace("opsready.yaml", "version: 1.2.0", "version: 1.3.0");
    sandbox.replace(
        "kit/capabilities/patching.yaml",
        "    - id: patch-report\n",
        "    - id: patch-report-monthly\n      formerly: [patch-report]\n",
    );
    sandbox.replace("kit/capabilities/patching.yaml", "credits: [patch-report-published]", "credits: [patch-report-read]");
    sandbox.replace(
        "kit/capabilities/patching.yaml",
        "    - id: patch-report-published\n",
        "    - id: patch-report-read\n      formerly: [patch-report-published]\n",
    );
    sandbox.replace("kit/capabilities/patching.yaml", "[patch-window, patch-report-published]", "[patch-window, patch-report-read]");
}

#[test]
fn saving_freezes_a_day_and_never_writes_over_another() {
    let sandbox = answered();
    sandbox.run(&["milestone", "save", "baseline", "--note", "After the workshops"]).gives(str![[r#"
milestones/baseline.json
--- standard error
frozen: 2 capabilities, 4 confirmed gaps, overall 0.8 in cloud, 70 % of questions resolved
  = help: commit it; `opsready diff` shows later what became of it

"#]]);
    let first = sandbox.read("milestones/baseline.json");
    sandbox.refuses(
        &["milestone", "save", "baseline"],
        2,
        str![[r#"
error: there is a milestone `baseline` already: choose another name; a milestone is never overwritten

"#]],
    );
    assert_eq!(sandbox.read("milestones/baseline.json"), first);
    sandbox.run(&["milestone", "save", "again"]).gives(str![[r#"
milestones/again.json
--- standard error
frozen: 2 capabilities, 4 confirmed gaps, overall 0.8 in cloud, 70 % of questions resolved
nothing has changed since the milestone `baseline` of 2026-12-01
  = help: commit it; `opsready diff` shows later what became of it

"#]]);
    sandbox.run(&["answer", "patch-window@cloud", "--choose", "calendar"]);
    let run = sandbox.run(&["milestone", "save", "better", "--json"]);
    assert_eq!(run.json()["unchanged_since"], Value::Null);
    sandbox.run(&["milestone", "list"]).gives(str![[r#"
┌───────────┬────────────┬───────┬─────────┬──────────┬──────┬─────────────────────┐
│ Milestone ┆ Saved on   ┆ Kit   ┆ Overall ┆ Resolved ┆ Gaps ┆ Note                │
╞═══════════╪════════════╪═══════╪═════════╪══════════╪══════╪═════════════════════╡
│ baseline  ┆ 2026-12-01 ┆ 1.2.0 ┆ 0.8     ┆ 70 %     ┆ 4    ┆ After the workshops │
│ again     ┆ 2026-12-01 ┆ 1.2.0 ┆ 0.8     ┆ 70 %     ┆ 4    ┆                     │
│ better    ┆ 2026-12-01 ┆ 1.2.0 ┆ 1.3     ┆ 70 %     ┆ 3    ┆                     │
└───────────┴────────────┴───────┴─────────┴──────────┴──────┴─────────────────────┘

"#]]);
    sandbox.run(&["milestone", "show", "baseline"]).gives(str![[r#"
Milestone baseline, saved on 2026-12-01
Kit: small 1.2.0 (Small Operations)
Note: After the workshops

Cloud (target)
┌────────────────────┬───────┬────────┬───────┬──────────┐
│ Capability         ┆ Level ┆ Target ┆ Score ┆ Coverage │
╞════════════════════╪═══════╪════════╪═══════╪══════════╡
│ Backup and Restore ┆     1 ┆      2 ┆   0.6 ┆     57 % │
│ Patching           ┆     0 ┆      2 ┆   1.0 ┆    100 % │
└────────────────────┴───────┴────────┴───────┴──────────┘

On premises
┌────────────────────┬───────┬────────┬─────────┬──────────┐
│ Capability         ┆ Level ┆ Target ┆   Score ┆ Coverage │
╞════════════════════╪═══════╪════════╪═════════╪══════════╡
│ Backup and Restore ┆     1 ┆      2 ┆ 0.9–1.9 ┆     57 % │
│ Patching           ┆     0 ┆      2 ┆     1.0 ┆    100 % │
└────────────────────┴───────┴────────┴─────────┴──────────┘

Gaps up to the targets: 4 confirmed, 0 to be clarified.
It keeps the texts of 3 files.

"#]]);
}

#[test]
fn a_milestone_has_a_name_that_can_be_a_file() {
    let sandbox = answered();
    sandbox.refuses(
        &["milestone", "save", "../elsewhere"],
        2,
        str![[r#"
error: `../elsewhere` cannot be the name of a milestone: it has letters, digits, `-`, `_` and `.`, and starts with a letter or digit

"#]],
    );
    sandbox.refuses(
        &["milestone", "save", &"x".repeat(101)],
        2,
        str![[r#"
error: the name of a milestone has at most 100 characters

"#]],
    );
    sandbox.refuses(
        &["milestone", "save", ".."],
        2,
        str![[r#"
error: `..` cannot be the name of a milestone: it has letters, digits, `-`, `_` and `.`, and starts with a letter or digit

"#]],
    );
}

#[test]
fn what_is_frozen_is_the_scorecard_and_the_texts() {
    let sandbox = answered();
    sandbox.write("plan/patching.yaml", "capability: patching\npractices:\n  patch-window: {owner: ops-lead, due: 2026-12-24}\n");
    let scorecard = sandbox.run(&["score", "--json"]).json();
    works(&sandbox.run(&["milestone", "save", "baseline"]));
    let saved = sandbox.run(&["milestone", "show", "baseline", "--json"]).json();
    assert_eq!(saved["schema"], "opsready/milestone/v1");
    assert_eq!(saved["saved_on"], "2026-12-01");
    assert_eq!(saved["scorecard"], scorecard);
    assert_eq!(saved["files"]["answers/backup.yaml"], BACKUP);
    assert_eq!(saved["files"]["plan/patching.yaml"], sandbox.read("plan/patching.yaml"));
    assert_eq!(saved["files"].as_object().map(serde_json::Map::len), Some(4));
}

#[test]
fn without_a_milestone_there_is_advice() {
    let sandbox = answered();
    sandbox.run(&["milestone", "list"]).gives(str![[r#"
--- standard error
there is no milestone yet
  = help: `opsready milestone save NAME` freezes the scores and answers of today

"#]]);
    assert_eq!(sandbox.run(&["milestone", "list", "--json"]).json()["milestones"], serde_json::json!([]));
    sandbox.refuses(
        &["milestone", "show", "baseline"],
        2,
        str![[r#"
error: there is no milestone `baseline`
  = help: there is none yet: `opsready milestone save NAME` freezes the scores and answers of today

"#]],
    );
    sandbox.refuses(
        &["diff"],
        2,
        str![[r#"
error: there is no milestone to compare with
  = help: `opsready milestone save NAME` freezes today; `opsready diff HEAD~3` compares with a revision of git

"#]],
    );
    works(&sandbox.run(&["render"]));
    assert!(!sandbox.path("docs/progress.md").exists(), "there is a progress report without a milestone");
    assert!(!sandbox.read("docs/executive-summary.md").contains("Since"));
}

#[test]
fn a_slip_in_the_name_of_a_milestone_is_seen() {
    let sandbox = frozen();
    sandbox.refuses(
        &["milestone", "show", "basline"],
        2,
        str![[r#"
error: there is no milestone `basline`
  = help: did you mean `baseline`?

"#]],
    );
}

#[test]
fn a_milestone_equal_to_now_says_that_nothing_moved() {
    let sandbox = frozen();
    sandbox.run(&["diff"]).gives(str![[r#"
Then: baseline (milestone, 2026-12-01)
Now:  the files as they stand (2026-12-01)
Kit:  small 1.2.0, the same
Scope: the same

Cloud (target)
┌────────────────────┬───────┬────────┬────────────┬───────────┬─────┬───────┬─────────┐
│ Capability         ┆ Level ┆ Target ┆ Score then ┆ Score now ┆ Kit ┆ Scope ┆ Answers │
╞════════════════════╪═══════╪════════╪════════════╪═══════════╪═════╪═══════╪═════════╡
│ Backup and Restore ┆     1 ┆      2 ┆        0.6 ┆       0.6 ┆     ┆       ┆         │
│ Patching           ┆     0 ┆      2 ┆        1.0 ┆       1.0 ┆     ┆       ┆         │
│ Overall            ┆       ┆        ┆        0.8 ┆       0.8 ┆     ┆       ┆         │
└────────────────────┴───────┴────────┴────────────┴───────────┴─────┴───────┴─────────┘

On premises: nothing moved.

Gaps: 0 closed, 0 partly closed, 4 unchanged, 0 new, 0 regressed.

Answers: 0 given, 0 changed, 0 lost. Open questions: 3 of 10 then, 3 of 10 now.

Overdue on 2026-12-01: 1
┌────────────┬──────────┬────────────────────────────────────────┬─────────────────┐
│ Due        ┆ What     ┆                                        ┆ Who             │
╞════════════╪══════════╪════════════════════════════════════════╪═════════════════╡
│ 2026-11-20 ┆ Find out ┆ Was a restore tested in the last year? ┆ Operations lead │
└────────────┴──────────┴────────────────────────────────────────┴─────────────────┘
Evidence older than 365 days: 1 answer
┌────────────┬─────────────────────┬───────────┐
│ Collected  ┆ Question            ┆ Evidence  │
╞════════════╪═════════════════════╪═══════════╡
│ 2025-10-01 ┆ backup-policy@cloud ┆ The draft │
└────────────┴─────────────────────┴───────────┘

"#]]);
    works(&sandbox.run(&["render"]));
    assert!(sandbox.read("docs/progress.md").contains("**Nothing has moved since the milestone baseline (2026-12-01).**"));
}

#[test]
fn a_workspace_without_answers_has_milestones_too() {
    let sandbox = Sandbox::workspace();
    works(&sandbox.run(&["milestone", "save", "empty"]));
    sandbox.run(&["milestone", "show", "empty"]).gives(str![[r#"
Milestone empty, saved on 2026-12-01
Kit: small 1.2.0 (Small Operations)

Cloud (target)
┌────────────────────┬───────┬────────┬─────────┬──────────┐
│ Capability         ┆ Level ┆ Target ┆   Score ┆ Coverage │
╞════════════════════╪═══════╪════════╪═════════╪══════════╡
│ Backup and Restore ┆     0 ┆      2 ┆ 0.0–2.0 ┆      0 % │
│ Patching           ┆     0 ┆      2 ┆ 0.0–2.0 ┆      0 % │
└────────────────────┴───────┴────────┴─────────┴──────────┘

On premises
┌────────────────────┬───────┬────────┬─────────┬──────────┐
│ Capability         ┆ Level ┆ Target ┆   Score ┆ Coverage │
╞════════════════════╪═══════╪════════╪═════════╪══════════╡
│ Backup and Restore ┆     0 ┆      2 ┆ 0.0–2.0 ┆      0 % │
│ Patching           ┆     0 ┆      2 ┆ 0.0–2.0 ┆      0 % │
└────────────────────┴───────┴────────┴─────────┴──────────┘

Gaps up to the targets: 0 confirmed, 5 to be clarified.
It keeps the texts of 1 file.

"#]]);
    works(&sandbox.run(&["answer", "patch-window@cloud", "--choose", "calendar"]));
    let diff = sandbox.run(&["diff", "--json"]).json();
    let patching = &diff["capabilities"][1]["environments"]["cloud"];
    assert_eq!(patching["assessed"], serde_json::json!({"then": false, "now": true}));
    // All of it was found out: nobody had said anything then.
    assert_eq!(patching["score"]["parts"]["answers"], patching["score"]["of_which_found_out"]);
    works(&sandbox.run(&["render"]));
    works(&sandbox.run(&["render", "--check"]));
}

/// A workspace whose kit, scope and answers all changed since the milestone.
fn all_moved() -> Sandbox {
    let sandbox = frozen();
    newer_kit(&sandbox);
    // The kit: what is backed up is worth something else, and one practice more is expected of patching.
    sandbox.replace(
        "kit/capabilities/backup.yaml",
        "credits: {backup-complete: 0.25}}\n        - {id: mail",
        "credits: {backup-complete: 0.5}}\n        - {id: mail",
    );
    sandbox.replace(
        "kit/capabilities/patching.yaml",
        "design:\n  practices:\n",
        "    - id: patch-owner\n      ask: Who answers for missing patches?\n      type: yes-no\n      choices:\n        - {id: \"yes\", label: Somebody, credits: [patch-owner-named]}\n        - {id: \"no\", label: Nobody}\ndesign:\n  practices:\n    - {id: patch-owner-named, title: An owner of patches, level: 1}\n",
    );
    // The scope: on premises is over, backup matters more, and patching is to reach less.
    sandbox.replace("opsready.yaml", "environments: [on-premises, cloud]", "environments: [cloud]");
    let scope = sandbox.read("opsready.yaml") + "capabilities:\n  backup: {importance: 5}\n  patching: {target: 1}\n";
    sandbox.write("opsready.yaml", &scope);
    // The answers: a policy was agreed, a restore was tested, less is backed up, and somebody answers for patches.
    sandbox.replace("answers/backup.yaml", "{choose: drafted, ", "{choose: agreed, ");
    sandbox.replace("answers/backup.yaml", "[databases, files]", "[databases]");
    sandbox.replace("answers/backup.yaml", "cloud: {choose: \"no\"}", "cloud: {choose: \"yes\"}");
    sandbox.replace("answers/patching.yaml", "patch-report:", "patch-owner: {choose: \"yes\"}\n  patch-report-monthly:");
    sandbox.replace("answers/patching.yaml", "patch-window@cloud: {choose: nobody}", "patch-window@cloud: {choose: calendar}");
    sandbox
}

#[test]
fn the_kit_the_scope_and_the_answers_are_told_apart() {
    let sandbox = all_moved();
    later(&sandbox, &["diff"]).gives(str![[r#"
Then: baseline (milestone, 2026-12-01)
Now:  the files as they stand (2027-06-01)
Kit:  small 1.2.0 then, small 1.3.0 now: 1 new question, 1 renamed question, 1 changed question, 1 new practice, 1 renamed practice
Scope: On premises is out of scope
Scope: importance of Backup and Restore: 3 then, 5 now
Scope: target of Patching: 2 then, 1 now

Cloud (target)
┌────────────────────┬───────┬────────┬────────────┬───────────┬──────┬───────┬─────────┐
│ Capability         ┆ Level ┆ Target ┆ Score then ┆ Score now ┆  Kit ┆ Scope ┆ Answers │
╞════════════════════╪═══════╪════════╪════════════╪═══════════╪══════╪═══════╪═════════╡
│ Backup and Restore ┆     1 ┆      2 ┆        0.6 ┆   1.2–1.8 ┆ +0.1 ┆       ┆    +0.5 │
│ Patching           ┆ 0 → 2 ┆  2 → 1 ┆        1.0 ┆       2.0 ┆      ┆       ┆    +1.0 │
│ Overall            ┆       ┆        ┆        0.8 ┆       1.5 ┆      ┆       ┆    +0.7 │
└────────────────────┴───────┴────────┴────────────┴───────────┴──────┴───────┴─────────┘
Backup and Restore: up 0.6: +0.5 because answers changed, +0.1 because the kit changed.
Patching: up 1.0 because answers changed; level 0 to 2.
Of the overall movement by answers, +0.2 was found out: it answers what was open then.

On premises: out of scope now.

Gaps: 2 closed, 1 partly closed, 0 unchanged, 0 new, 1 regressed.
┌───────────────┬────────────────────────────┬────────────────────┬────────┬───────────────┬───────┐
│               ┆ Gap                        ┆ Capability         ┆ Risk   ┆ In place then ┆   Now │
╞═══════════════╪════════════════════════════╪════════════════════╪════════╪═══════════════╪═══════╡
│ Regressed     ┆ Everything that matters is ┆ Backup and Restore ┆ high   ┆          75 % ┆  50 % │
│               ┆ backed up                  ┆                    ┆        ┆               ┆       │
│               ┆ (backup-complete)          ┆                    ┆        ┆               ┆       │
│ Partly closed ┆ Restores are tested        ┆ Backup and Restore ┆ medium ┆           0 % ┆  50 % │
│               ┆ (restores-tested)          ┆                    ┆        ┆               ┆       │
│ Closed        ┆ An agreed policy           ┆ Backup and Restore ┆ high   ┆          50 % ┆ 100 % │
│               ┆ (backup-policy-agreed)     ┆                    ┆        ┆               ┆       │
│ Closed        ┆ An agreed window for       ┆ Patching           ┆ medium ┆           0 % ┆ 100 % │
│               ┆ patches (patch-window)     ┆                    ┆        ┆               ┆       │
└───────────────┴────────────────────────────┴────────────────────┴────────┴───────────────┴───────┘

Answers: 1 given, 4 changed, 0 lost. Open questions: 3 of 10 then, 3 of 9 now.

Nothing is overdue on 2027-06-01.
Evidence older than 365 days: 1 answer
┌────────────┬─────────────────────┬───────────┐
│ Collected  ┆ Question            ┆ Evidence  │
╞════════════╪═════════════════════╪═══════════╡
│ 2025-10-01 ┆ backup-policy@cloud ┆ The draft │
└────────────┴─────────────────────┴───────────┘
--- standard error
warning[out-of-scope]: `backup-policy@on-premises` and one more answer are kept and ignored: their environment is out of scope
 --> answers/backup.yaml:3:3
  |
3 |   backup-policy@on-premises: {choose: agreed}
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^

warning[out-of-scope]: `patch-window@on-premises` is kept and ignored: its environment is out of scope
 --> answers/patching.yaml:4:3
  |
4 |   patch-window@on-premises: {choose: team}
  |   ^^^^^^^^^^^^^^^^^^^^^^^^

"#]]);
    let diff = later(&sandbox, &["diff", "baseline", ".", "--json"]).json();
    assert_eq!(diff["schema"], "opsready/diff/v1");
    let sums = |movement: &Value| {
        let part = |cause: &str| movement["parts"][cause].as_f64().expect("there is a part");
        let total = movement["total"].as_f64().expect("there is a total");
        assert!((part("kit") + part("scope") + part("answers") - total).abs() < 1e-9, "{movement}");
        [part("kit"), part("scope"), part("answers")].map(|part| format!("{part:.3}"))
    };
    // Backup: databases and files are now all of it (kit), then only databases are (answers), and a policy was agreed (answers).
    let backup = &diff["capabilities"][0]["environments"]["cloud"]["score"];
    assert_eq!(sums(backup), ["0.125", "0.000", "0.500"]);
    let patching = &diff["capabilities"][1]["environments"]["cloud"]["score"];
    assert_eq!(sums(patching), ["0.000", "0.000", "1.000"]);
    // The mean moved with the importance, too.
    assert_ne!(sums(&diff["overall"]["cloud"])[1], "0.000");
    assert_eq!(diff["gaps"]["closed"][0]["practice"], "backup-policy-agreed");
    assert_eq!(diff["gaps"]["regressed"][0]["practice"], "backup-complete");
    assert_eq!(diff["kit"]["answers_without_place"], serde_json::json!([]));
    let run = later(&sandbox, &["diff", "--exit-code"]);
    assert_eq!(run.code, Some(1), "a gap regressed");
    assert_eq!(later(&sandbox, &["diff", "--exit-code", ".", "."]).code, Some(0));
}

#[test]
fn a_frozen_scorecard_is_immune_to_the_kit() {
    let sandbox = frozen();
    let (file, shown) = (sandbox.read("milestones/baseline.json"), sandbox.run(&["milestone", "show", "baseline"]).stdout);
    newer_kit(&sandbox);
    sandbox.replace("kit/capabilities/backup.yaml", "{backup-policy-agreed: 0.5}", "{backup-policy-agreed: 0.9}");
    sandbox.replace("answers/patching.yaml", "patch-report:", "patch-report-monthly:");
    assert_eq!(sandbox.read("milestones/baseline.json"), file);
    assert_eq!(sandbox.run(&["milestone", "show", "baseline"]).stdout, shown);
    let diff = sandbox.run(&["diff", "--json"]).json();
    let saved: Value = serde_json::from_str(&file).expect("it is JSON");
    let then = &diff["capabilities"][0]["environments"]["cloud"]["score"]["then"];
    assert_eq!(*then, saved["scorecard"]["capabilities"][0]["environments"]["cloud"]["score"]);
    // The answers are the same, so the kit moved all of it, and a gap that is smaller for that is no merit.
    let score = &diff["capabilities"][0]["environments"]["cloud"]["score"];
    assert_eq!(score["parts"]["kit"], score["total"]);
    assert_eq!(diff["gaps"]["partly-closed"], serde_json::json!([]));
    assert!(diff["kit"]["changes"].as_array().expect("a list").iter().any(|one| one["now"] == serde_json::json!(["patch-report-monthly"])));
}

#[test]
fn gaps_that_the_target_brings_are_not_called_worse() {
    let sandbox = answered();
    let scope = sandbox.read("opsready.yaml") + "capabilities:\n  backup: {target: 1}\n";
    sandbox.write("opsready.yaml", &scope);
    works(&sandbox.run(&["milestone", "save", "modest"]));
    sandbox.replace("opsready.yaml", "target: 1", "target: 2");
    let diff = sandbox.run(&["diff", "--json", "--exit-code"]).json();
    assert_eq!(diff["gaps"]["came-with-scope"][0]["practice"], "restores-tested");
    assert_eq!((&diff["gaps"]["new"], &diff["gaps"]["regressed"]), (&serde_json::json!([]), &serde_json::json!([])));
    let back = sandbox.run(&["diff", ".", "modest", "--json"]).json();
    assert_eq!(back["gaps"]["gone-with-scope"][0]["practice"], "restores-tested");
}

#[test]
fn a_gap_that_opens_again_regressed_and_a_lost_answer_is_named() {
    let sandbox = answered();
    sandbox.replace("answers/patching.yaml", "choose: nobody", "choose: calendar");
    works(&sandbox.run(&["milestone", "save", "good"]));
    works(&sandbox.run(&["answer", "patch-window@cloud", "--clear"]));
    let diff = sandbox.run(&["diff", "--json"]).json();
    assert_eq!(diff["answers"]["lost"][0]["question"], "patch-window@cloud");
    assert_eq!(diff["gaps"]["regressed"][0]["practice"], "patch-window");
    assert_eq!(diff["gaps"]["regressed"][0]["reopened"], true);
}

#[test]
fn what_is_overdue_or_stale_is_judged_on_the_later_day() {
    let sandbox = frozen();
    sandbox.write(
        "risks/2026-11-01-one-room.yaml",
        "id: 2026-11-01-one-room\nkind: risk\ntitle: One room\nstatus: open\nowner: ops-lead\ndue: 2026-12-10\nreview_on: 2027-09-01\n",
    );
    sandbox.write(
        "plan/patching.yaml",
        "capability: patching\nowner: service-owner\npractices:\n  patch-window: {due: 2027-01-15}\n  patch-report-published: {due: 2027-01-15}\n",
    );
    let words = |diff: &Value| {
        let list = diff["overdue"].as_array().expect("a list").iter();
        list.map(|one| format!("{} {} {}", one["due"], one["what"], one["id"]).replace('"', "")).collect::<Vec<_>>()
    };
    let now = sandbox.run(&["diff", "--json"]).json();
    assert_eq!(words(&now), ["2026-11-20 question restore-tested@on-premises"]);
    assert_eq!(now["stale_evidence"][0]["question"], "backup-policy@cloud");
    let then = later(&sandbox, &["diff", "--json", "--max-evidence-age", "2y"]).json();
    // The report is published, so what was planned for it is done.
    assert_eq!(
        words(&then),
        ["2026-11-20 question restore-tested@on-premises", "2026-12-10 risk 2026-11-01-one-room", "2027-01-15 action patch-window"]
    );
    assert_eq!(then["overdue"][2]["owner"], "Service owner");
    assert_eq!(then["stale_evidence"], serde_json::json!([]));
    sandbox.write("opsready.yaml", &(sandbox.read("opsready.yaml") + "policy: {max_evidence_age: 24m}\n"));
    assert_eq!(sandbox.run(&["diff", "--json"]).json()["stale_evidence"], serde_json::json!([]), "the policy says how old it may be");
    assert_eq!(then["next_review"]["due"], "2027-09-01");
    sandbox.refuses(
        &["diff", "--max-evidence-age", "a year"],
        2,
        str![[r#"
error: invalid value 'a year' for '--max-evidence-age <AGE>': write days as `365d`, months as `12m`, years as `1y`

For more information, try '--help'.

"#]],
    );
}

// Files that somebody broke.

#[test]
fn a_milestone_that_ends_in_the_middle_is_shown_where() {
    let sandbox = frozen();
    let text = sandbox.read("milestones/baseline.json");
    let end = text.find("\"gaps\"").expect("it has gaps");
    sandbox.write("milestones/baseline.json", &text[..end]);
    let run = sandbox.run(&["milestone", "list"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("error[bad-milestone]: the file ends in the middle\n"), "{}", run.stderr);
    assert!(run.stderr.contains("--> milestones/baseline.json:"), "{}", run.stderr);
    assert_eq!(sandbox.run(&["render"]).code, Some(2), "a report with half a milestone would be wrong");
    // What needs no milestone goes on.
    works(&sandbox.run(&["score"]));
}

#[test]
fn every_broken_milestone_is_told_of() {
    let sandbox = frozen();
    let text = sandbox.read("milestones/baseline.json");
    sandbox.write("milestones/a-conflict.json", "{\n<<<<<<< HEAD\n  \"schema\": 1\n=======\n>>>>>>> other\n}\n");
    sandbox.write("milestones/b-empty.json", "");
    sandbox.write("milestones/c-newer.json", "{\n  \"schema\": \"opsready/milestone/v2\"\n}\n");
    sandbox.write("milestones/d-other.json", "{\"schema\": \"opsready/scorecard/v1\"}\n");
    sandbox.write("milestones/e-list.json", "[1]\n");
    sandbox.write("milestones/f-comma.json", "{\n  \"schema\": \"opsready/milestone/v1\",\n}\n");
    sandbox.write("milestones/g-key.json", "{\n  \"schema\": \"opsready/milestone/v1\",\n  \"nmae\": \"g-key\"\n}\n");
    sandbox.write("milestones/h-renamed.json", &text);
    sandbox.write_bytes("milestones/i-bytes.json", b"{\"schema\": \"\xff\"}");
    let date = text
        .replace("\"name\": \"baseline\"", "\"name\": \"j-date\"")
        .replace("\"saved_on\": \"2026-12-01\"", "\"saved_on\": \"2026-02-30\"");
    sandbox.write("milestones/j-date.json", &date);
    sandbox.write("milestones/k-without.json", "{}\n");
    sandbox.refuses(&["milestone", "list"], 2, str![[r#"
error[conflict-markers]: the file holds an unfinished merge
 --> milestones/a-conflict.json:2:1
  |
2 | <<<<<<< HEAD
  | ^^^^^^^
  |
 ::: milestones/a-conflict.json:5:1
  |
5 | >>>>>>> other
  | ------- the conflict ends here
  |
  = help: two branches saved a milestone of this name: keep one side, and save the other under a name of its own

error[empty-file]: the file is empty
 --> milestones/b-empty.json:1:1
  |
1 |
  | ^
  |
  = help: take it back from version control: `git checkout -- milestones/b-empty.json`; nobody edits a milestone

error[unknown-word]: `opsready/milestone/v2` is not a format that this version reads
 --> milestones/c-newer.json:2:3
  |
2 |   "schema": "opsready/milestone/v2"
  |   ^^^^^^^^
  |
  = help: it reads `opsready/milestone/v1`; a newer file needs a newer opsready

error[unknown-word]: `opsready/scorecard/v1` is not a format that this version reads
 --> milestones/d-other.json:1:2
  |
1 | {"schema": "opsready/scorecard/v1"}
  |  ^^^^^^^^
  |
  = help: a milestone has the format `opsready/milestone/v1`; move other files out of `milestones/`

error[bad-milestone]: this is no milestone: an object belongs here
 --> milestones/e-list.json:1:1
  |
1 | [1]
  | ^

error[bad-milestone]: this is not JSON: trailing comma
 --> milestones/f-comma.json:3:1
  |
3 | }
  | ^
  |
  = help: take it back from version control: `git checkout -- milestones/f-comma.json`; nobody edits a milestone

error[bad-milestone]: this is no milestone as the program writes it: unknown field `nmae`, expected one of `schema`, `name`, `saved_on`, `sequence`, `note`, `program`, `kit`, `scorecard`, `files`, `model`, `seal`
 --> milestones/g-key.json:3:8
  |
3 |   "nmae": "g-key"
  |        ^
  |
  = help: take it back from version control: `git checkout -- milestones/g-key.json`; nobody edits a milestone

error[file-name-differs]: the file is named `h-renamed` and holds the milestone `baseline`
 --> milestones/h-renamed.json:3:3
  |
3 |   "name": "baseline",
  |   ^^^^^^
  |
  = help: give the file the name of the milestone

error[not-utf8]: the byte 0xff is not UTF-8
 --> milestones/i-bytes.json:1:13
  |
1 | {"schema": "�"}
  |             ^
  |
  = help: save the file as UTF-8; it looks like Latin-1 or Windows-1252

error[bad-date]: `2026-02-30` is not a date that exists
 --> milestones/j-date.json:4:3
  |
4 |   "saved_on": "2026-02-30",
  |   ^^^^^^^^^^
  |
  = help: take it back from version control: `git checkout -- milestones/j-date.json`; nobody edits a milestone

error[missing-key]: the key `schema` is missing
 --> milestones/k-without.json:1:1
  |
1 | {}
  | ^
  |
  = help: a milestone has the format `opsready/milestone/v1`; move other files out of `milestones/`
11 errors to mend; nothing was changed

"#]]);
}

#[test]
fn a_milestone_that_somebody_changed_is_warned_of() {
    let sandbox = frozen();
    sandbox.replace("milestones/baseline.json", "\"level\":1", "\"level\":2");
    let run = sandbox.run(&["milestone", "list"]);
    works(&run);
    assert!(
        run.stderr.starts_with("warning[milestone-changed]: the milestone `baseline` was changed after it was saved\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_an_editor_or_git_does_to_the_layout_changes_no_milestone() {
    let sandbox = frozen();
    let text = sandbox.read("milestones/baseline.json");
    let value: Value = serde_json::from_str(&text).expect("it is JSON");
    let laid_out = serde_json::to_string_pretty(&value).expect("it can be written");
    for other in [text.replace('\n', "\r\n"), format!("\u{feff}{text}"), laid_out] {
        sandbox.write("milestones/baseline.json", &other);
        let run = sandbox.run(&["diff"]);
        works(&run);
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn a_note_cannot_write_to_the_terminal_or_break_a_document() {
    let sandbox = answered();
    let note = "pipe | and `code` <b>\n# heading\n\x1b[31mred\u{202e} [link](http://x) ``` \u{85}\u{2028}end";
    works(&sandbox.run(&["milestone", "save", "hostile", "--note", note]));
    let saved = sandbox.run(&["milestone", "show", "hostile", "--json"]).json();
    assert_eq!(saved["note"], note);
    let run = sandbox.run(&["milestone", "list"]);
    works(&run);
    assert!(!run.stdout.contains('\x1b') && !run.stdout.contains('\u{202e}'), "{}", run.stdout);
    works(&sandbox.run(&["render"]));
    let report = sandbox.read("docs/progress.md");
    let line = report.lines().find(|line| line.contains("Said of")).expect("the note is there");
    shows(line, str![[r#"Said of `hostile`: pipe \| and \`code\` &lt;b&gt; # heading �\[31mred� \[link\](http://x) \`\`\` end"#]]);
    assert!(!report.contains('\x1b') && !report.lines().any(|line| line == "# heading"));
}

#[test]
fn texts_of_people_come_back_as_they_were() {
    let sandbox = answered();
    // Characters that YAML takes only written out, and JSON as they are.
    let odd = r#""del \x7f, nel \x85, separator \u2028, mark \uFEFF, \"quotes\" and \\""#;
    sandbox.replace("kit/capabilities/backup.yaml", "ask: What else should we know?", &format!("ask: {odd}"));
    sandbox.replace("answers/backup.yaml", "answers:\n", &format!("answers:\n  backup-context: {{text: {odd}}}\n"));
    works(&sandbox.run(&["milestone", "save", "odd"]));
    let diff = sandbox.run(&["diff", "--json"]).json();
    assert_eq!(diff["answers"], serde_json::json!({"given": [], "changed": [], "lost": []}));
    assert_eq!(diff["kit"]["is_same"], true);
}

// Documents.

#[test]
fn the_progress_report_tells_what_moved() {
    let sandbox = all_moved();
    works(&later(&sandbox, &["milestone", "save", "summer"]));
    works(&sandbox.run(&["answer", "backup-scope", "--choose", "databases,files,mail"]));
    works(&sandbox.run(&["answer", "patch-window@cloud", "--choose", "team"]));
    works(&sandbox.run(&["render"]));
    works(&sandbox.run(&["render", "--check"]));
    // Of two milestones the later one is compared, and the trend has both.
    shows(
        &sandbox.read("docs/progress.md"),
        str![[r##"
# Progress report

Acme Logistics · Small Operations 1.3.0 · as of 2027-06-01

[Overview](README.md)

**Since summer (2027-06-01) the mean score in Cloud went from 1.5 to 1.6: up 0.1 because answers changed. 1 gap was closed, 1 regressed.**

## What is compared

| | Then | Now |
| --- | --- | --- |
| State | `summer` | the answers of today |
| As of | 2027-06-01 | 2027-06-01 |
| Kit | small 1.3.0 | the same |
| Open questions | 3 of 9 questions | 3 of 9 questions |

## Levels and scores

The scores of then are those of the milestone, which nothing changes. Three causes are told apart, one step at a time: the answers of then are scored under the
kit of now (*Kit*), then in the scope of now (*Scope*: environments, capabilities, targets, importance), then the answers of now are taken (*Answers*).
The three add up to the difference of the scores.

### Cloud, where gaps are closed

| Capability | Level | Target | Score then | Score now | Kit | Scope | Answers |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| [Backup and Restore](backup/readiness.md) | 1 | 2 | 1.2 to 1.8 | 1.5 to 2.0 |  |  | +0.3 |
| [Patching](patching/readiness.md) | 2 → 1 | 1 | 2.0 | 1.8 |  |  | -0.2 |
| **Overall** |  |  | 1.5 | 1.6 |  |  | +0.1 |

- Backup and Restore: up 0.3 because answers changed.
- Patching: down 0.2 because answers changed; level 2 to 1.

## Gaps

| Closed | Partly closed | Unchanged | New | Regressed | Kit or scope |
| ---: | ---: | ---: | ---: | ---: | ---: |
| 1 | 0 | 1 | 0 | 1 | 0 |

*Regressed*: less is in place than then, or it is open again. *Kit or scope*: there, or gone, only because the kit or the scope is another; nobody got better or worse.

### Regressed

| Gap | Capability | Risk | In place then | In place now |
| --- | --- | --- | ---: | ---: |
| [An agreed window for patches](patching/design.md#an-agreed-window-for-patches), open again | Patching | medium | 100 % | 50 % |

### Closed

| Gap | Capability | Risk | In place then | In place now |
| --- | --- | --- | ---: | ---: |
| [Everything that matters is backed up](backup/design.md#everything-that-matters-is-backed-up) | Backup and Restore | high | 50 % | 100 % |

## Answers

0 given since, 2 changed, 0 open again.

## What the kit changed

The kit is the same, so it moved nothing.

## What the scope changed

The scope is the same.

## Trend

Levels in Cloud, as they were scored on the day.

| Capability | baseline<br>2026-12-01 | summer<br>2027-06-01 | Now<br>2027-06-01 | Target | |
| --- | ---: | ---: | ---: | ---: | --- |
| Backup and Restore | 1 | 1 | 1 | 2 | ▅▅▅ |
| Patching | 0 | 2 | 1 | 1 | ▁█▅ |
| **Overall, mean score** | 0.8 | 1.5 | 1.6 | | ▄▆▇ |

```mermaid
xychart-beta
  accTitle: Mean score by milestone
  accDescr: The mean score in the target environment at each milestone and now. The table above has the same figures.
  x-axis ["baseline", "summer", "now (2027-06-01)"]
  y-axis "Mean score" 0 --> 2
  line [0.8, 1.5, 1.6]
```

## Overdue

Nothing is overdue as of 2027-06-01.

## Evidence to renew

Collected more than 365 days before 2027-06-01, and nothing newer is there.

| Collected | Question | Capability | Evidence |
| --- | --- | --- | --- |
| 2025-10-01 | Is there a policy for backups? | Backup and Restore | The draft |

## What comes next

No date is agreed.

No review is agreed: give a decision or an entry of the RAID log its `review_on`.

Save the next milestone when these are done: `opsready milestone save NAME`.

"##]],
    );
    let first = sandbox.read("docs/progress.md");
    works(&later(&sandbox, &["render"]));
    assert_eq!(sandbox.read("docs/progress.md"), first, "no clock in documents");
}

#[test]
fn the_progress_report_tells_the_causes_apart() {
    let sandbox = all_moved();
    works(&sandbox.run(&["render"]));
    shows(
        &sandbox.read("docs/progress.md"),
        str![[r#"
# Progress report

Acme Logistics · Small Operations 1.3.0 · as of 2026-12-01

[Overview](README.md)

**Since baseline (2026-12-01) the mean score in Cloud went from 0.8 to 1.5: up 0.7 because answers changed. 2 gaps were closed, 1 regressed.**

## What is compared

| | Then | Now |
| --- | --- | --- |
| State | `baseline` | the answers of today |
| As of | 2026-12-01 | 2026-12-01 |
| Kit | small 1.2.0 | small 1.3.0 |
| Open questions | 3 of 10 questions | 3 of 9 questions |

Said of `baseline`: After the workshops

## Levels and scores

The scores of then are those of the milestone, which nothing changes. Three causes are told apart, one step at a time: the answers of then are scored under the
kit of now (*Kit*), then in the scope of now (*Scope*: environments, capabilities, targets, importance), then the answers of now are taken (*Answers*).
The three add up to the difference of the scores.

### Cloud, where gaps are closed

| Capability | Level | Target | Score then | Score now | Kit | Scope | Answers |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| [Backup and Restore](backup/readiness.md) | 1 | 2 | 0.6 | 1.2 to 1.8 | +0.1 |  | +0.5 |
| [Patching](patching/readiness.md) | 0 → 2 | 2 → 1 | 1.0 | 2.0 |  |  | +1.0 |
| **Overall** |  |  | 0.8 | 1.5 |  |  | +0.7 |

- Backup and Restore: up 0.6: +0.5 because answers changed, +0.1 because the kit changed.
- Patching: up 1.0 because answers changed; level 0 to 2.

Of what answers did overall, +0.2 was found out rather than improved: it answers what was open then.

## Gaps

| Closed | Partly closed | Unchanged | New | Regressed | Kit or scope |
| ---: | ---: | ---: | ---: | ---: | ---: |
| 2 | 1 | 0 | 0 | 1 | 0 |

*Regressed*: less is in place than then, or it is open again. *Kit or scope*: there, or gone, only because the kit or the scope is another; nobody got better or worse.

### Regressed

| Gap | Capability | Risk | In place then | In place now |
| --- | --- | --- | ---: | ---: |
| [Everything that matters is backed up](backup/design.md#everything-that-matters-is-backed-up) | Backup and Restore | high | 75 % | 50 % |

### Partly closed

| Gap | Capability | Risk | In place then | In place now |
| --- | --- | --- | ---: | ---: |
| [Restores are tested](backup/design.md#restores-are-tested) | Backup and Restore | medium | 0 % | 50 % |

### Closed

| Gap | Capability | Risk | In place then | In place now |
| --- | --- | --- | ---: | ---: |
| [An agreed policy](backup/design.md#an-agreed-policy) | Backup and Restore | high | 50 % | 100 % |
| [An agreed window for patches](patching/design.md#an-agreed-window-for-patches) | Patching | medium | 0 % | 100 % |

## Answers

1 given since, 4 changed, 0 open again.

## What the kit changed

small 1.2.0 then, small 1.3.0 now: 1 new question, 1 renamed question, 1 changed question, 1 new practice, 1 renamed practice.

| What | | Id then | Id now | Change |
| --- | --- | --- | --- | --- |
| question | Is there a report of missing patches? | `patch-report` | `patch-report-monthly` | renamed |
| question | Who answers for missing patches? | – | `patch-owner` | new |
| practice | A published report | `patch-report-published` | `patch-report-read` | renamed |
| practice | An owner of patches | – | `patch-owner-named` | new |
| question | What is backed up? | `backup-scope` | `backup-scope` | its choices or what they credit changed |

## What the scope changed

| What | | Then | Now |
| --- | --- | --- | --- |
| environment | On premises | in scope | out of scope |
| importance | Backup and Restore | 3 | 5 |
| target | Patching | 2 | 1 |

## Trend

Levels in Cloud, as they were scored on the day.

| Capability | baseline<br>2026-12-01 | Now<br>2026-12-01 | Target | |
| --- | ---: | ---: | ---: | --- |
| Backup and Restore | 1 | 1 | 2 | ▅▅ |
| Patching | 0 | 2 | 1 | ▁█ |
| **Overall, mean score** | 0.8 | 1.5 | | ▄▆ |

## Overdue

Nothing is overdue as of 2026-12-01.

## Evidence to renew

Collected more than 365 days before 2026-12-01, and nothing newer is there.

| Collected | Question | Capability | Evidence |
| --- | --- | --- | --- |
| 2025-10-01 | Is there a policy for backups? | Backup and Restore | The draft |

## What comes next

No date is agreed.

No review is agreed: give a decision or an entry of the RAID log its `review_on`.

Save the next milestone when these are done: `opsready milestone save NAME`.

"#]],
    );
    let summary = sandbox.read("docs/executive-summary.md");
    let table: String = summary.split_inclusive('\n').filter(|line| line.contains("baseline") || line.starts_with("| [")).collect();
    shows(
        &table,
        str![[r#"
| Capability | Target | Cloud | Cloud against target | Since baseline |
| [Backup and Restore](backup/readiness.md) | 2 Managed | 1 Basic | 1 level below target | → still 1 |
| [Patching](patching/readiness.md) | 1 Basic | 2 Managed | at target | ↑ from 0 |
On average, on the [scale](README.md#the-scale) from 0 Absent to 2 Managed, with what is open as a range: Cloud 1.5 to 1.8. At the milestone `baseline` of 2026-12-01 it was 0.8 in Cloud; the [progress report](progress.md) says what moved it.

"#]],
    );
}

#[test]
fn charts_can_be_left_out_of_the_progress_report() {
    let sandbox = frozen();
    works(&sandbox.run(&["milestone", "save", "again"]));
    works(&sandbox.run(&["render"]));
    assert!(sandbox.read("docs/progress.md").contains("xychart-beta"));
    let file = sandbox.read("opsready.yaml") + "documents: {charts: none}\n";
    sandbox.write("opsready.yaml", &file);
    works(&sandbox.run(&["render"]));
    assert!(!sandbox.read("docs/progress.md").contains("mermaid"));
}

#[test]
fn a_copy_for_others_has_no_note_of_a_milestone() {
    let sandbox = frozen();
    works(&sandbox.run(&["render", "--format", "github", "--audience", "customer", "--out", "../copy"]));
    let report = fs::read_to_string(sandbox.root().join("copy/progress.md")).expect("the report is published");
    assert!(report.contains("baseline") && !report.contains("After the workshops"), "{report}");
}

#[test]
fn with_many_milestones_the_trend_has_the_latest() {
    let sandbox = answered();
    for number in 1..=10 {
        works(&sandbox.run(&["milestone", "save", &format!("m{number}")]));
    }
    works(&sandbox.run(&["render"]));
    let report = sandbox.read("docs/progress.md");
    assert!(report.contains("; 2 earlier milestones are left out."), "{report}");
    let head = report.lines().find(|line| line.starts_with("| Capability | m")).expect("there is a trend");
    assert!(head.starts_with("| Capability | m3<br>2026-12-01 |") && head.contains(" m10<br>"), "{head}");
}

// Revisions of git.

/// Runs git in a folder, away from whatever the machine has set up.
#[track_caller]
fn git(folder: &std::path::Path, day: &str, arguments: &[&str]) {
    let mut command = Command::new("git");
    clean(&mut command);
    command.env("PATH", std::env::var_os("PATH").expect("there is a PATH"));
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Test").env(format!("GIT_{who}_EMAIL"), "test@example.com");
        command.env(format!("GIT_{who}_DATE"), format!("{day}T12:00:00Z"));
    }
    let output = command.arg("-C").arg(folder).args(arguments).output().expect("git runs");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Runs the program with git on its PATH.
fn with_git(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = sandbox.command(arguments);
    command.env("PATH", std::env::var_os("PATH").expect("there is a PATH")).env("GIT_CONFIG_GLOBAL", "/dev/null");
    sandbox.finish(command)
}

/// Returns a workspace with three commits: without answers, with a first one, with better ones.
fn repository() -> Sandbox {
    let sandbox = Sandbox::workspace();
    let root = sandbox.path("");
    git(&root, "2026-01-10", &["init", "--quiet", "--initial-branch", "main"]);
    git(&root, "2026-01-10", &["add", "."]);
    git(&root, "2026-01-10", &["commit", "--quiet", "--message", "empty"]);
    sandbox.write("answers/backup.yaml", BACKUP);
    sandbox.write("answers/patching.yaml", PATCHING);
    git(&root, "2026-03-10", &["add", "."]);
    git(&root, "2026-03-10", &["commit", "--quiet", "--message", "answers"]);
    git(&root, "2026-03-10", &["tag", "workshops"]);
    sandbox.replace("answers/patching.yaml", "choose: nobody", "choose: team");
    git(&root, "2026-06-10", &["commit", "--quiet", "--all", "--message", "better"]);
    sandbox
}

#[test]
fn revisions_are_compared_without_touching_the_work_tree() {
    let sandbox = repository();
    sandbox.replace("answers/patching.yaml", "choose: team", "choose: calendar");
    let before = sandbox.tree();
    let diff = with_git(&sandbox, &["diff", "workshops", "main", "--json"]).json();
    support::same(&before, &sandbox.tree());
    assert_eq!((&diff["then"]["day"], &diff["now"]["day"]), (&"2026-03-10".into(), &"2026-06-10".into()));
    assert_eq!(diff["now"]["origin"], "revision");
    assert_eq!(diff["answers"]["changed"][0]["now"], "Each team for itself");
    assert_eq!(diff["gaps"]["partly-closed"][0]["practice"], "patch-window");
    // The work tree is dirty, and that is what `.` means.
    let diff = with_git(&sandbox, &["diff", "HEAD", "--json"]).json();
    assert_eq!(diff["answers"]["changed"][0]["now"], "An agreed calendar");
    assert_eq!(diff["gaps"]["closed"][0]["practice"], "patch-window");
    let diff = with_git(&sandbox, &["diff", "HEAD~2", "workshops", "--json"]).json();
    assert_eq!(diff["answers"]["given"].as_array().map(Vec::len), Some(7));
    let run = with_git(&sandbox, &["diff", "workshops", "main"]);
    let head: Vec<&str> = run.stdout.lines().take(4).map(|line| line.split(" (").next().unwrap_or_default()).collect();
    shows(
        &(head.join("\n") + "\n"),
        str![[r#"
Then: workshops
Now:  main
Kit:  small 1.2.0, the same
Scope: the same

"#]],
    );
}

#[test]
fn a_workspace_in_a_folder_of_a_repository_is_found_there() {
    let sandbox = answered();
    let root = sandbox.root();
    fs::write(root.join("opsready.yaml"), "not ours").expect("a file can be written");
    git(root, "2026-01-10", &["init", "--quiet", "--initial-branch", "main"]);
    git(root, "2026-01-10", &["add", "."]);
    git(root, "2026-01-10", &["commit", "--quiet", "--message", "all"]);
    works(&sandbox.run(&["answer", "patch-window@cloud", "--choose", "calendar"]));
    let diff = with_git(&sandbox, &["diff", "HEAD", "--json"]).json();
    assert_eq!(diff["answers"]["changed"].as_array().map(Vec::len), Some(1));
    let mut command = sandbox.command(&["-C", "acme", "diff", "HEAD", "--json"]);
    command.current_dir(root).env("PATH", std::env::var_os("PATH").expect("there is a PATH"));
    // A hook of another repository says where that one is.
    command.env("GIT_DIR", "/nowhere").env("GIT_INDEX_FILE", "/nowhere/index");
    assert_eq!(sandbox.finish(command).json()["answers"]["changed"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_milestone_goes_before_a_revision_of_its_name() {
    let sandbox = repository();
    works(&sandbox.run(&["milestone", "save", "workshops"]));
    assert_eq!(with_git(&sandbox, &["diff", "workshops", "--json"]).json()["then"]["origin"], "milestone");
    assert_eq!(with_git(&sandbox, &["diff", "git:workshops", "--json"]).json()["then"]["origin"], "revision");
}

#[test]
fn what_is_no_revision_is_refused_with_advice() {
    let sandbox = repository();
    works(&sandbox.run(&["milestone", "save", "baseline"]));
    let refuses = |arguments: &[&str], expected| {
        let run = with_git(&sandbox, arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
        shows(&run.stderr, expected);
    };
    refuses(
        &["diff", "basline"],
        str![[r#"
error: `basline` is neither a milestone nor a revision
  = help: did you mean `baseline`?

"#]],
    );
    refuses(
        &["diff", "git:nothing"],
        str![[r#"
error: there is no revision `nothing`
  = help: `git log` and `git tag` show what there is

"#]],
    );
    refuses(
        &["diff", "git:--help"],
        str![[r#"
error: there is no revision `--help`
  = help: `git log` and `git tag` show what there is

"#]],
    );
    refuses(
        &["diff", "HEAD~9"],
        str![[r#"
error: `HEAD~9` is neither a milestone nor a revision
  = help: the milestones are `baseline`

"#]],
    );
    let root = sandbox.path("");
    sandbox.write("answers/patching.yaml", "capability: patching\nanswers:\n  patch-window@cloud: {choose: everybody}\n");
    git(&root, "2026-07-10", &["commit", "--quiet", "--all", "--message", "broken"]);
    sandbox.write("answers/patching.yaml", PATCHING);
    refuses(
        &["diff", "HEAD"],
        str![[r#"
error[unknown-reference]: the question `patch-window` has no choice `everybody`
 --> HEAD:answers/patching.yaml:3:32
  |
3 |   patch-window@cloud: {choose: everybody}
  |                                ^^^^^^^^^
  |
  = help: it has `nobody`, `team`, `calendar`
1 error to mend; nothing was changed

"#]],
    );
    git(&root, "2026-08-10", &["rm", "--quiet", "--cached", "opsready.yaml"]);
    git(&root, "2026-08-10", &["commit", "--quiet", "--message", "gone"]);
    refuses(
        &["diff", "HEAD"],
        str![[r#"
error: there is no workspace in the revision `HEAD`: it has no `opsready.yaml` in this folder
  = help: name a later revision, from when the workspace was committed

"#]],
    );
}

#[test]
fn without_git_or_a_repository_revisions_are_refused() {
    let sandbox = frozen();
    let run = with_git(&sandbox, &["diff", "HEAD"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.starts_with("error: `HEAD` is no milestone, and there is no repository to look for a revision in: "),
        "{}",
        run.stderr
    );
    let empty = sandbox.root().join("bin");
    fs::create_dir(&empty).expect("a folder can be made");
    for (name, expected) in [
        (
            "HEAD",
            str![[r#"
error: `HEAD` is no milestone, and no revision can be read: `git` is not installed, or not on the PATH
  = help: the milestones are `baseline`

"#]],
        ),
        (
            "git:HEAD",
            str![[r#"
error: `git` is not installed, or not on the PATH
  = help: install git, or compare with a milestone

"#]],
        ),
    ] {
        let mut command = sandbox.command(&["diff", name]);
        command.env("PATH", &empty);
        let run = sandbox.finish(command);
        assert_eq!(run.code, Some(2));
        shows(&run.stderr, expected);
    }
    let mut command = sandbox.command(&["diff"]);
    command.env("PATH", &empty);
    works(&sandbox.finish(command));
}

// Laws.

fn kit(version: &str, change: impl Fn(&str) -> String) -> Kit {
    let source = |name: &str| {
        let text = fs::read_to_string(small_kit().join(name)).expect("the file is there");
        Source::new(name, change(&text).replace("version: 1.2.0", &format!("version: {version}")))
    };
    let capabilities = ["backup", "patching"].map(|id| (id.to_owned(), source(&format!("capabilities/{id}.yaml"))));
    let sources =
        KitSources { kit: source("kit.yaml"), capabilities: capabilities.into(), engagement: None, overlay: OverlaySources::default() };
    let (kit, found) = kit_read::kit(&sources);
    kit.unwrap_or_else(|| panic!("{found:?}"))
}

/// A kit, a scope and answers, each by number.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dice {
    kit: usize,
    scope: usize,
    answers: [usize; 5],
}

fn kit_of(number: usize) -> Kit {
    match number {
        0 => kit("1.2.0", str::to_owned),
        1 => kit("1.3.0", |text| {
            text.replace("{backup-policy-agreed: 0.5}", "{backup-policy-agreed: 0.75}").replace("weight: 1", "weight: 2")
        }),
        2 => kit("1.3.1", |text| {
            let text = text.replace("    - id: patch-report\n", "    - id: patch-list\n      formerly: [patch-report]\n");
            text.replace("patch-report-published", "patch-list-read")
                .replace("    - id: patch-list-read\n", "    - id: patch-list-read\n      formerly: [patch-report-published]\n")
        }),
        _ => kit("2.0.0", |text| {
            text.replace("        - {id: team, label: Each team for itself, credits: {patch-window: 0.5}}\n", "")
                .replace("      level: 1\n      risk: high\n      effort: L", "      level: 2\n      risk: high\n      effort: L")
        }),
    }
}

/// Returns the files of a workspace, with the ids of its kit.
fn files(dice: Dice) -> BTreeMap<String, String> {
    let kit = ["1.2.0", "1.3.0", "1.3.1", "2.0.0"][dice.kit];
    let scope = match dice.scope {
        0 => "",
        1 => "environments: [cloud]\n",
        2 => "capabilities:\n  patching: {in_scope: false}\n",
        3 => "capabilities:\n  backup: {target: 1, importance: 5}\n",
        _ => "policy: {evidence_from_level: 1}\ntarget_environment: on-premises\n",
    };
    let own = |environments: &str| format!("id: acme\ncustomer: Acme\nkit: {{id: small, version: {kit}}}\n{environments}{scope}");
    let choice = |ids: &[&str], number: usize| match ids.get(number) {
        Some(id) => format!("{{choose: {id}}}"),
        None => "{dont_know: {}}".to_owned(),
    };
    let [policy, cover, window, elsewhere, report] = dice.answers;
    let windows: &[&str] = if dice.kit == 3 { &["nobody", "calendar"] } else { &["nobody", "calendar", "team"] };
    let backup = format!(
        "capability: backup\nanswers:\n  backup-policy@cloud: {}\n  backup-scope: {}\n",
        choice(&["none", "drafted", "agreed"], policy),
        choice(&["[databases]", "[databases, mail]", "[databases, files, mail]"], cover),
    );
    let patching = format!(
        "capability: patching\nanswers:\n  patch-window@cloud: {}\n  patch-window@on-premises: {}\n  {}: {}\n",
        choice(windows, window),
        choice(windows, elsewhere),
        if dice.kit == 2 { "patch-list" } else { "patch-report" },
        choice(&["\"yes\"", "\"no\""], report),
    );
    let file = |path: &str, text: String| (path.to_owned(), text);
    BTreeMap::from([file("opsready.yaml", own("")), file("answers/backup.yaml", backup), file("answers/patching.yaml", patching)])
}

struct Made {
    frozen: Frozen,
    assessment: Assessment,
    results: Results,
    identity: KitIdentity,
}

fn made(dice: Dice) -> Made {
    let (kit, files) = (kit_of(dice.kit), files(dice));
    let said = Said::read(&files, &str::to_owned).unwrap_or_else(|found| panic!("{found:?}"));
    let answers = ["backup", "patching"].map(|id| (id.to_owned(), Source::new(id, &files[&format!("answers/{id}.yaml")])));
    let sources = AssessmentSources { assessment: Source::new("opsready.yaml", &files["opsready.yaml"]), answers: answers.into() };
    let (assessment, found) = read::assessment(&kit, &sources);
    let assessment = assessment.unwrap_or_else(|| panic!("{found:?}"));
    let results = Results::of(&kit, &assessment, &Scorecard::of(&kit, &assessment));
    Made { identity: KitIdentity::of(&kit), results, assessment, frozen: Frozen { kit, said } }
}

fn compared(then: &Made, now: &Made) -> Comparison {
    let before = Then { results: &then.results, frozen: &then.frozen, kit: &then.identity };
    Comparison::of(before, Now { results: &now.results, kit: &now.frozen.kit, assessment: &now.assessment, identity: &now.identity })
}

fn movements(comparison: &Comparison) -> Vec<Movement> {
    let standings = comparison.capabilities.iter().flat_map(|one| &one.environments).flat_map(|of| [of.score, of.level]);
    standings.chain(comparison.overall.iter().map(|one| one.score)).collect()
}

fn dice() -> impl Strategy<Value = Dice> {
    (0..4_usize, 0..5_usize, prop::array::uniform5(0..4_usize)).prop_map(|(kit, scope, answers)| Dice { kit, scope, answers })
}

/// Returns true if results are the same, rounding errors of reading apart.
fn is_close(a: &Results, b: &Results) -> bool {
    let rounded = |results: &Results| {
        let mut results = results.clone();
        let round = |number: &mut f64| *number = (*number * 1e9).round() / 1e9;
        for overall in results.overall.values_mut() {
            overall.low.iter_mut().chain(&mut overall.high).for_each(round);
        }
        for one in &mut results.capabilities {
            one.coverage.iter_mut().for_each(round);
            one.environments.values_mut().flat_map(|score| score.low.iter_mut().chain(&mut score.high)).for_each(round);
            let credits = one.practices.iter_mut().flat_map(|practice| practice.environments.values_mut());
            credits.flat_map(|credit| credit.credit.iter_mut().chain(&mut credit.high)).for_each(round);
        }
        results.gaps.iter_mut().flat_map(|gap| [&mut gap.credit, &mut gap.high, &mut gap.priority]).for_each(round);
        results.coverage.iter_mut().chain(&mut results.evidence_coverage).for_each(round);
        results
    };
    rounded(a) == rounded(b)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_three_parts_add_up_to_the_movement(then in dice(), now in dice()) {
        let comparison = compared(&made(then), &made(now));
        for movement in movements(&comparison) {
            if let (Some(then), Some(now)) = (movement.then, movement.now) {
                    let parts: f64 = movement.parts.expect("there are parts").iter().sum();
                    prop_assert!((parts - (now - then)).abs() < 1e-9);
                    let shown = |number: f64| format!("{number:.1}").replace('.', "").parse::<i64>().expect("tenths");
                    let tenths: i64 = movement.tenths().expect("there are tenths").iter().sum();
                    prop_assert_eq!(tenths, shown(now) - shown(then));
            } else {
                prop_assert_eq!(movement.parts, None);
            }
        }
    }

    #[test]
    fn a_cause_that_did_not_change_did_nothing(then in dice(), now in dice(), same in 0..3_usize) {
        let now = match same {
            0 => Dice { kit: then.kit, ..now },
            1 => Dice { scope: then.scope, ..now },
            _ => Dice { answers: then.answers, kit: then.kit, scope: now.scope },
        };
        let cause = [Cause::Kit, Cause::Scope, Cause::Answers][same];
        let comparison = compared(&made(then), &made(now));
        for movement in movements(&comparison) {
            prop_assert!(movement.part(cause).is_none_or(|part| part.abs() < 1e-9), "{cause:?} in {movement:?}");
        }
        let fates = |cause: Cause| comparison.count(Fate::Came(cause)) + comparison.count(Fate::Gone(cause));
        prop_assert!(cause == Cause::Answers || fates(cause) == 0);
        if cause == Cause::Answers {
            prop_assert!(!comparison.is_regressed());
            prop_assert_eq!(comparison.count(Fate::Closed) + comparison.count(Fate::New) + comparison.count(Fate::PartlyClosed), 0);
        }
    }

    #[test]
    fn every_gap_has_one_fate(then in dice(), now in dice()) {
        let (then, now) = (made(then), made(now));
        let comparison = compared(&then, &now);
        let total: usize = Fate::ALL.iter().map(|fate| comparison.count(*fate)).sum();
        prop_assert_eq!(total, comparison.gaps.len());
        for gap in &now.results.gaps {
            prop_assert_eq!(comparison.gaps.iter().filter(|one| one.practice == gap.practice).count(), 1);
        }
        let gone = |fate: Fate| matches!(fate, Fate::Closed | Fate::Gone(_));
        for change in &comparison.gaps {
            prop_assert_eq!(!gone(change.fate), now.results.gaps.iter().any(|gap| gap.practice == change.practice), "{:?}", change);
        }
    }

    #[test]
    fn a_milestone_read_back_scores_as_it_did(dice in dice()) {
        let made = made(dice);
        let label = milestone::Label { name: "x", note: None, saved_on: opsready::yaml::record::Date::parse("2026-12-01").expect("a date"), sequence: 1 };
        let text = milestone::text(label, &made.frozen.kit, &made.assessment, &files(dice));
        let (file, found) = milestone::read("x", &Source::new("milestones/x.json", &text));
        prop_assert!(found.is_empty(), "{:?}", found);
        let file = file.expect("it was read");
        prop_assert!(is_close(&file.milestone.results, &made.results));
        let frozen = file.open().expect("it can be opened");
        let assessment = frozen.said.under(&frozen.kit);
        let card = Scorecard::of(&frozen.kit, &assessment);
        let again = scorecard::json(&frozen.kit, &assessment, &card, &Plan::of(&frozen.kit, &assessment, &card));
        let card = Scorecard::of(&made.frozen.kit, &made.assessment);
        prop_assert_eq!(again, scorecard::json(&made.frozen.kit, &made.assessment, &card, &Plan::of(&made.frozen.kit, &made.assessment, &card)));
    }
}
