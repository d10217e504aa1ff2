//! `opsready check`: everything that a pipeline wants to know in one run, in the formats that pipelines read.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use opsready::diagnostic::{Code, Source};
use opsready::yaml;
use serde_json::Value;
use snapbox::{file, str};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use support::{Run, Sandbox, same, shows};

const POLICY: &str = "\
policy:
  min_level: {default: 1, backup: 2}
  max_high_risks: 0
  max_gaps: 1
  no_unowned: true
  max_evidence_age: 12m
  no_expired_acceptance: true
  no_overdue: true
  min_coverage: 90
";

/// Returns a workspace in which everything is in place, with its documents.
fn sound() -> Sandbox {
    let sandbox = Sandbox::with_answers(
        "capability: backup
answers:
  backup-policy@on-premises: {choose: agreed}
  backup-policy@cloud:
    choose: agreed
    evidence: [{title: Policy, collected: 2026-10-02}]
  restore-tested@on-premises: {choose: \"yes\"}
  restore-tested@cloud: {choose: \"yes\"}
  restore-share@cloud: {number: 99}
  backup-scope: {choose: [databases, files, mail]}
  backup-context: {text: Nothing}
  last-restore: {date: 2026-10-01}
",
    );
    sandbox.write(
        "answers/patching.yaml",
        "capability: patching\nanswers:\n  patch-window@on-premises: {choose: calendar}\n  patch-window@cloud: {choose: calendar}\n  patch-report: {choose: \"yes\"}\n",
    );
    let file = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{file}{POLICY}"));
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    sandbox
}

/// Returns a workspace in which every rule is broken, one document is stale and another was merged halfway. Its files are right.
fn broken() -> Sandbox {
    let sandbox = Sandbox::with_answers(
        "capability: backup
answers:
  # agreed in the workshop
  backup-policy@cloud:
    choose: drafted
    note: \"]]> <b>&amp; %0A::error::no ] {0} [x](y)\"
    evidence:
      - {title: \"Policy <v0.3> & co\\a\\ufffe, 50 %\", collected: 2025-01-02}
      - {link: \"https://wiki.example/policy\"}
  restore-tested@cloud: {dont_know: {due: 2026-11-01}}
  backup-scope: {choose: [files]}
",
    );
    sandbox.write(
        "plan/backup.yaml",
        "schema: opsready/plan/v1
capability: backup
practices:
  backup-policy-agreed:
    accepted: {risk: 2026-09-01-tapes, approver: ops-lead, expires: 2026-11-30}
  backup-complete: {owner: ops-lead, due: 2026-11-15}
",
    );
    sandbox.write(
        "risks/2026-09-01-tapes.yaml",
        "id: 2026-09-01-tapes\nkind: risk\ntitle: Tapes\nstatus: open\ndue: 2026-11-02\nreview_on: 2027-01-01\n",
    );
    let file = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{file}{POLICY}"));
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    // Nobody edited this one, and it says what was so before.
    for path in ["docs/backup/design.md", ".opsready/base/docs/backup/design.md"] {
        sandbox.replace(path, "One policy, tested by restores.", "One policy.");
    }
    let readiness = sandbox.read("docs/backup/readiness.md");
    sandbox.write("docs/backup/readiness.md", &format!("{readiness}\n<<<<<<< yours\na\n=======\nb\n>>>>>>> rendered\n\n[x](nowhere.md)\n"));
    sandbox
}

/// Returns what `--format json` says, whatever the exit code is.
fn report(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let run = sandbox.run(&[&["check", "--json"], arguments].concat());
    assert_eq!(run.stderr, "", "{}", run.stdout);
    let value: Value = serde_json::from_str(&run.stdout).expect("standard output is JSON");
    assert_eq!(value["exit"], run.code.expect("it ends by itself"));
    value
}

/// Returns the state of a check.
fn state(report: &Value, id: &str) -> String {
    let checks = report["checks"].as_array().expect("there are checks");
    let check = checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no check `{id}`: {report:#}"));
    check["state"].as_str().expect("it has a state").to_owned()
}

/// Returns the findings of a check as lines.
fn findings(report: &Value, id: &str) -> String {
    let all = report["diagnostics"].as_array().expect("there are diagnostics");
    let line = |one: &Value| {
        let place = format!("{}:{}:{}", one["file"].as_str().unwrap_or("-"), one["line"], one["column"]);
        format!(
            "{place}: {}[{}]: {}\n",
            one["severity"].as_str().unwrap_or("-"),
            one["code"].as_str().unwrap_or("-"),
            one["message"].as_str().unwrap_or("-")
        )
    };
    all.iter().filter(|one| one["check"] == id).map(line).collect()
}

/// Returns text in which the number of documents is `[N]`: it grows with the kinds of documents that there are.
fn counted(text: &str) -> String {
    let parts: Vec<&str> = text.split(" documents").collect();
    let without_number = |part: &str| {
        let kept = part.trim_end_matches(|c: char| c.is_ascii_digit());
        if kept.len() < part.len() { format!("{kept}[N]") } else { part.to_owned() }
    };
    let (last, all) = parts.split_last().expect("there is a part");
    let mut counted: String = all.iter().map(|part| without_number(part) + " documents").collect();
    counted.push_str(last);
    counted
}

/// Runs a check and returns what it gave, with `[N]` documents.
fn check(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let run = sandbox.run(&[&["check"], arguments].concat());
    Run { stdout: counted(&run.stdout), ..run }
}

#[test]
fn where_all_holds_it_says_so() {
    check(&sound(), &[]).gives(str![[r#"
Kit
  passed   kit-valid              small 1.2.0
  passed   kit-lint               nothing to find fault with

Answers
  passed   assessment             2 of 2 capabilities in scope
  passed   answers                2 files
  passed   responses              none
  passed   plan                   none
  passed   decisions              none
  passed   risks                  none

Documents
  passed   documents-fresh        [N] documents up to date
  passed   documents-merged       no merge is unfinished
  passed   documents-linked       no link leads nowhere

Policy
  passed   min-level              2 capabilities attain what is asked for
  passed   max-high-risks         0 questions stand at high risk; 0 allowed
  passed   max-gaps               0 gaps are confirmed; 1 allowed
  passed   no-unowned             nothing is open
  passed   max-evidence-age       1 piece of evidence, none older than 12 months
  passed   no-expired-acceptance  no risk of a gap is accepted
  passed   no-overdue             nothing has a day by which it is due
  passed   min-coverage           11 of 11 questions resolved (100 %); 90 % asked for

19 checks: 19 passed

"#]]);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    check(&broken(), &[]).gives(str![[r#"
Kit
  passed   kit-valid              small 1.2.0
  passed   kit-lint               nothing to find fault with

Answers
  passed   assessment             2 of 2 capabilities in scope
  passed   answers                1 file
  passed   responses              none
  passed   plan                   1 file
  passed   decisions              none
  passed   risks                  1 file

Documents
  FAILED   documents-fresh        1 of [N] documents is stale
    docs/backup/design.md:7:1: error[stale-document]: this document is stale: 1 line differs
      = help: `opsready render` writes it
  FAILED   documents-merged       1 place to mend before anything is written
    docs/backup/readiness.md:76:1: error[conflict-markers]: a merge is unfinished here
      = help: choose between your lines and those that were rendered, delete the three marker lines, and render again
  FAILED   documents-linked       1 link leads nowhere
    docs/backup/readiness.md:82:1: error[dangling-link]: the link `nowhere.md` leads to no file: there is no `docs/backup/nowhere.md`
      = help: correct the link, or take it away

--- docs/backup/design.md (as it stands)
+++ docs/backup/design.md (as rendered)
@@ -5,5 +5,5 @@
 [Overview](../README.md) · [Readiness](readiness.md) · [Stories](backlog.md) · [Minutes](minutes.md)
 
-One policy.
+One policy, tested by restores.
 
 Target: **level 2 Managed**. It is agreed and repeated

Policy
  FAILED   min-level              2 of 2 capabilities attain less than is asked for
    opsready.yaml:8:35: error[level-below-policy]: `backup` is at level 0 in cloud, and the policy asks for 2; held by `backup-policy-agreed` (0.5), `backup-complete` (0.25)
    opsready.yaml:8:24: error[level-below-policy]: `patching` is at level 0 in cloud, and the policy asks for 1; nothing of it is answered yet
      = help: `opsready explain CAPABILITY` shows how the level came about
  FAILED   max-high-risks         2 questions stand at high risk; 0 allowed
    answers/backup.yaml:4:3: error[too-many-high-risks]: `backup-policy@cloud` stands at high risk (2 do; 0 allowed): “Written down”
    answers/backup.yaml:11:3: error[too-many-high-risks]: `backup-scope` stands at high risk (2 do; 0 allowed): “Files”
      = help: close the gap behind it, or allow more; `opsready explain QUESTION` shows what it risks
  FAILED   max-gaps               2 gaps are confirmed; 1 allowed
    plan/backup.yaml:6:3: error[too-many-gaps]: `backup-complete` of `backup` is a confirmed gap (of 2; 1 allowed)
    plan/backup.yaml:4:3: error[too-many-gaps]: `backup-policy-agreed` of `backup` is a confirmed gap (of 2; 1 allowed)
      = help: close gaps, or allow more
  FAILED   no-unowned             3 of 4 things open have no owner
    plan/backup.yaml:4:3: error[no-owner]: nobody closes the gap `backup-policy-agreed` of `backup`
      = help: name an owner, of the practice or of the whole capability: `opsready plan set`, or `owner` in `plan/CAPABILITY.yaml`
    answers/backup.yaml:10:3: error[no-owner]: nobody finds out the answer to `restore-tested@cloud`
      = help: name who does, with `owner` under `dont_know`
    risks/2026-09-01-tapes.yaml:1:5: error[no-owner]: nobody owns the risk `2026-09-01-tapes`
      = help: name an `owner` in its file
  FAILED   max-evidence-age       2 of 2 pieces of evidence are older than 12 months or without a date
    answers/backup.yaml:4:3: error[old-evidence]: the evidence “Policy <v0.3> & co�￾, 50 %” for `backup-policy@cloud` was collected on 2025-01-02, 698 days ago; the policy allows 12 months
    answers/backup.yaml:4:3: error[old-evidence]: the evidence “https://wiki.example/policy” for `backup-policy@cloud` has no date, so nobody knows how old it is
      = help: look at it again, and write the day into `collected`
  FAILED   no-expired-acceptance  1 of 1 accepted risk is beyond its day
    plan/backup.yaml:5:69: error[expired-acceptance]: the risk of `backup-policy-agreed` of `backup` was accepted until 2026-11-30, 1 day ago, by “ops-lead”; the gap counts as open
      = help: accept it anew with a later `expires`, or take `accepted` away and close the gap
  FAILED   no-overdue             3 of 4 things with a day are overdue
    plan/backup.yaml:6:43: error[overdue]: closing the gap `backup-complete` of `backup` was due on 2026-11-15, 16 days ago
      = help: close it, or agree on another day with `due` in its plan
    answers/backup.yaml:10:3: error[overdue]: the answer to `restore-tested@cloud` was due on 2026-11-01, 30 days ago
      = help: answer it, or agree on another day
    risks/2026-09-01-tapes.yaml:5:6: error[overdue]: the risk `2026-09-01-tapes` was due on 2026-11-02, 29 days ago
      = help: close it, or agree on another day
  FAILED   min-coverage           2 of 9 questions resolved (22 %); 90 % asked for
    opsready.yaml:15:17: error[coverage-below-policy]: 2 of 9 questions are resolved (22 %), and the policy asks for 90 %; most are open in `backup` (4), `patching` (3)
      = help: `opsready status` shows what is open, `opsready discover` asks it

19 checks: 8 passed, 11 failed
--- exit 1

"#]]);
}

#[test]
fn data_have_every_check_and_every_finding() {
    let mut value = report(&broken(), &[]);
    for document in value["stale_documents"].as_array_mut().expect("there are documents") {
        let difference = document["difference"].as_str().expect("it has one").lines().count();
        assert_eq!(difference, 9);
        document["difference"] = Value::from("…");
    }
    snapbox::assert_data_eq!(counted(&format!("{value:#}\n")), file!["check/broken.json"].raw());
}

#[test]
fn workflow_commands_of_github() {
    broken().run(&["check", "--format", "github", "--only", "policy"]).gives(str![[r#"
::error file=opsready.yaml,line=8,col=35,endColumn=36,title=opsready%3A min-level::`backup` is at level 0 in cloud, and the policy asks for 2; held by `backup-policy-agreed` (0.5), `backup-complete` (0.25)%0A`opsready explain CAPABILITY` shows how the level came about
::error file=opsready.yaml,line=8,col=24,endColumn=25,title=opsready%3A min-level::`patching` is at level 0 in cloud, and the policy asks for 1; nothing of it is answered yet%0A`opsready explain CAPABILITY` shows how the level came about
::error file=answers/backup.yaml,line=4,col=3,endColumn=22,title=opsready%3A max-high-risks::`backup-policy@cloud` stands at high risk (2 do; 0 allowed): “Written down”%0Aclose the gap behind it, or allow more; `opsready explain QUESTION` shows what it risks
::error file=answers/backup.yaml,line=11,col=3,endColumn=15,title=opsready%3A max-high-risks::`backup-scope` stands at high risk (2 do; 0 allowed): “Files”%0Aclose the gap behind it, or allow more; `opsready explain QUESTION` shows what it risks
::error file=plan/backup.yaml,line=6,col=3,endColumn=18,title=opsready%3A max-gaps::`backup-complete` of `backup` is a confirmed gap (of 2; 1 allowed)%0Aclose gaps, or allow more
::error file=plan/backup.yaml,line=4,col=3,endColumn=23,title=opsready%3A max-gaps::`backup-policy-agreed` of `backup` is a confirmed gap (of 2; 1 allowed)%0Aclose gaps, or allow more
::error file=plan/backup.yaml,line=4,col=3,endColumn=23,title=opsready%3A no-unowned::Nobody closes the gap `backup-policy-agreed` of `backup`%0Aname an owner, of the practice or of the whole capability: `opsready plan set`, or `owner` in `plan/CAPABILITY.yaml`
::error file=answers/backup.yaml,line=10,col=3,endColumn=23,title=opsready%3A no-unowned::Nobody finds out the answer to `restore-tested@cloud`%0Aname who does, with `owner` under `dont_know`
::error file=risks/2026-09-01-tapes.yaml,line=1,col=5,endColumn=21,title=opsready%3A no-unowned::Nobody owns the risk `2026-09-01-tapes`%0Aname an `owner` in its file
::error file=answers/backup.yaml,line=4,col=3,endColumn=22,title=opsready%3A max-evidence-age::The evidence “Policy <v0.3> & co�￾, 50 %25” for `backup-policy@cloud` was collected on 2025-01-02, 698 days ago; the policy allows 12 months%0Alook at it again, and write the day into `collected`
::error file=answers/backup.yaml,line=4,col=3,endColumn=22,title=opsready%3A max-evidence-age::The evidence “https://wiki.example/policy” for `backup-policy@cloud` has no date, so nobody knows how old it is%0Alook at it again, and write the day into `collected`
::error file=plan/backup.yaml,line=5,col=69,endColumn=79,title=opsready%3A no-expired-acceptance::The risk of `backup-policy-agreed` of `backup` was accepted until 2026-11-30, 1 day ago, by “ops-lead”; the gap counts as open%0Aaccept it anew with a later `expires`, or take `accepted` away and close the gap
::error file=plan/backup.yaml,line=6,col=43,endColumn=53,title=opsready%3A no-overdue::Closing the gap `backup-complete` of `backup` was due on 2026-11-15, 16 days ago%0Aclose it, or agree on another day with `due` in its plan
::error file=answers/backup.yaml,line=10,col=3,endColumn=23,title=opsready%3A no-overdue::The answer to `restore-tested@cloud` was due on 2026-11-01, 30 days ago%0Aanswer it, or agree on another day
::error file=risks/2026-09-01-tapes.yaml,line=5,col=6,endColumn=16,title=opsready%3A no-overdue::The risk `2026-09-01-tapes` was due on 2026-11-02, 29 days ago%0Aclose it, or agree on another day
::error file=opsready.yaml,line=15,col=17,endColumn=19,title=opsready%3A min-coverage::2 of 9 questions are resolved (22 %25), and the policy asks for 90 %25; most are open in `backup` (4), `patching` (3)%0A`opsready status` shows what is open, `opsready discover` asks it
::stop-commands::981e54b376d1a9db
Policy
  FAILED   min-level              2 of 2 capabilities attain less than is asked for
    opsready.yaml:8:35: error[level-below-policy]: `backup` is at level 0 in cloud, and the policy asks for 2; held by `backup-policy-agreed` (0.5), `backup-complete` (0.25)
    opsready.yaml:8:24: error[level-below-policy]: `patching` is at level 0 in cloud, and the policy asks for 1; nothing of it is answered yet
      = help: `opsready explain CAPABILITY` shows how the level came about
  FAILED   max-high-risks         2 questions stand at high risk; 0 allowed
    answers/backup.yaml:4:3: error[too-many-high-risks]: `backup-policy@cloud` stands at high risk (2 do; 0 allowed): “Written down”
    answers/backup.yaml:11:3: error[too-many-high-risks]: `backup-scope` stands at high risk (2 do; 0 allowed): “Files”
      = help: close the gap behind it, or allow more; `opsready explain QUESTION` shows what it risks
  FAILED   max-gaps               2 gaps are confirmed; 1 allowed
    plan/backup.yaml:6:3: error[too-many-gaps]: `backup-complete` of `backup` is a confirmed gap (of 2; 1 allowed)
    plan/backup.yaml:4:3: error[too-many-gaps]: `backup-policy-agreed` of `backup` is a confirmed gap (of 2; 1 allowed)
      = help: close gaps, or allow more
  FAILED   no-unowned             3 of 4 things open have no owner
    plan/backup.yaml:4:3: error[no-owner]: nobody closes the gap `backup-policy-agreed` of `backup`
      = help: name an owner, of the practice or of the whole capability: `opsready plan set`, or `owner` in `plan/CAPABILITY.yaml`
    answers/backup.yaml:10:3: error[no-owner]: nobody finds out the answer to `restore-tested@cloud`
      = help: name who does, with `owner` under `dont_know`
    risks/2026-09-01-tapes.yaml:1:5: error[no-owner]: nobody owns the risk `2026-09-01-tapes`
      = help: name an `owner` in its file
  FAILED   max-evidence-age       2 of 2 pieces of evidence are older than 12 months or without a date
    answers/backup.yaml:4:3: error[old-evidence]: the evidence “Policy <v0.3> & co�￾, 50 %” for `backup-policy@cloud` was collected on 2025-01-02, 698 days ago; the policy allows 12 months
    answers/backup.yaml:4:3: error[old-evidence]: the evidence “https://wiki.example/policy” for `backup-policy@cloud` has no date, so nobody knows how old it is
      = help: look at it again, and write the day into `collected`
  FAILED   no-expired-acceptance  1 of 1 accepted risk is beyond its day
    plan/backup.yaml:5:69: error[expired-acceptance]: the risk of `backup-policy-agreed` of `backup` was accepted until 2026-11-30, 1 day ago, by “ops-lead”; the gap counts as open
      = help: accept it anew with a later `expires`, or take `accepted` away and close the gap
  FAILED   no-overdue             3 of 4 things with a day are overdue
    plan/backup.yaml:6:43: error[overdue]: closing the gap `backup-complete` of `backup` was due on 2026-11-15, 16 days ago
      = help: close it, or agree on another day with `due` in its plan
    answers/backup.yaml:10:3: error[overdue]: the answer to `restore-tested@cloud` was due on 2026-11-01, 30 days ago
      = help: answer it, or agree on another day
    risks/2026-09-01-tapes.yaml:5:6: error[overdue]: the risk `2026-09-01-tapes` was due on 2026-11-02, 29 days ago
      = help: close it, or agree on another day
  FAILED   min-coverage           2 of 9 questions resolved (22 %); 90 % asked for
    opsready.yaml:15:17: error[coverage-below-policy]: 2 of 9 questions are resolved (22 %), and the policy asks for 90 %; most are open in `backup` (4), `patching` (3)
      = help: `opsready status` shows what is open, `opsready discover` asks it

8 checks: 8 failed
::981e54b376d1a9db::
--- exit 1

"#]]);
}

#[test]
fn sarif_for_code_scanning() {
    let version = format!("\"semanticVersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let sarif = broken().run(&["check", "--format", "sarif"]).stdout.replacen(&version, "\"semanticVersion\": \"[VERSION]\"", 1);
    snapbox::assert_data_eq!(sarif, file!["check/broken.sarif"].raw());
}

#[test]
fn junit_for_every_server() {
    check(&broken(), &["--format", "junit"]).gives(str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="opsready check" tests="19" failures="11" errors="0">
  <testsuite name="kit" tests="2" failures="0" errors="0" skipped="0">
    <testcase classname="opsready.kit" name="kit-valid: The kit is valid"/>
    <testcase classname="opsready.kit" name="kit-lint: The kit is well made"/>
  </testsuite>
  <testsuite name="answers" tests="6" failures="0" errors="0" skipped="0">
    <testcase classname="opsready.answers" name="assessment: opsready.yaml is valid"/>
    <testcase classname="opsready.answers" name="answers: The answers are valid"/>
    <testcase classname="opsready.answers" name="responses: What single respondents said is valid"/>
    <testcase classname="opsready.answers" name="plan: The plan is valid"/>
    <testcase classname="opsready.answers" name="decisions: The decisions are valid"/>
    <testcase classname="opsready.answers" name="risks: The RAID log is valid"/>
  </testsuite>
  <testsuite name="documents" tests="3" failures="3" errors="0" skipped="0">
    <testcase classname="opsready.documents" name="documents-fresh: Every document is what would be rendered">
      <failure type="documents-fresh" message="1 of [N] documents is stale">docs/backup/design.md:7:1: error[stale-document]: this document is stale: 1 line differs
  = help: `opsready render` writes it
--- docs/backup/design.md (as it stands)
+++ docs/backup/design.md (as rendered)
@@ -5,5 +5,5 @@
 [Overview](../README.md) · [Readiness](readiness.md) · [Stories](backlog.md) · [Minutes](minutes.md)
 
-One policy.
+One policy, tested by restores.
 
 Target: **level 2 Managed**. It is agreed and repeated
</failure>
    </testcase>
    <testcase classname="opsready.documents" name="documents-merged: No merge of a document is unfinished">
      <failure type="documents-merged" message="1 place to mend before anything is written">docs/backup/readiness.md:76:1: error[conflict-markers]: a merge is unfinished here
  = help: choose between your lines and those that were rendered, delete the three marker lines, and render again
</failure>
    </testcase>
    <testcase classname="opsready.documents" name="documents-linked: No link in a document leads nowhere">
      <failure type="documents-linked" message="1 link leads nowhere">docs/backup/readiness.md:82:1: error[dangling-link]: the link `nowhere.md` leads to no file: there is no `docs/backup/nowhere.md`
  = help: correct the link, or take it away
</failure>
    </testcase>
  </testsuite>
  <testsuite name="policy" tests="8" failures="8" errors="0" skipped="0">
    <testcase classname="opsready.policy" name="min-level: Capabilities attain the level that is asked for">
      <failure type="min-level" message="2 of 2 capabilities attain less than is asked for">opsready.yaml:8:35: error[level-below-policy]: `backup` is at level 0 in cloud, and the policy asks for 2; held by `backup-policy-agreed` (0.5), `backup-complete` (0.25)
  = help: `opsready explain CAPABILITY` shows how the level came about
opsready.yaml:8:24: error[level-below-policy]: `patching` is at level 0 in cloud, and the policy asks for 1; nothing of it is answered yet
  = help: `opsready explain CAPABILITY` shows how the level came about
</failure>
    </testcase>
    <testcase classname="opsready.policy" name="max-high-risks: No more questions stand at high risk than are allowed">
      <failure type="max-high-risks" message="2 questions stand at high risk; 0 allowed">answers/backup.yaml:4:3: error[too-many-high-risks]: `backup-policy@cloud` stands at high risk (2 do; 0 allowed): “Written down”
  = help: close the gap behind it, or allow more; `opsready explain QUESTION` shows what it risks
answers/backup.yaml:11:3: error[too-many-high-risks]: `backup-scope` stands at high risk (2 do; 0 allowed): “Files”
  = help: close the gap behind it, or allow more; `opsready explain QUESTION` shows what it risks
</failure>
    </testcase>
    <testcase classname="opsready.policy" name="max-gaps: No more gaps are confirmed than are allowed">
      <failure type="max-gaps" message="2 gaps are confirmed; 1 allowed">plan/backup.yaml:6:3: error[too-many-gaps]: `backup-complete` of `backup` is a confirmed gap (of 2; 1 allowed)
  = help: close gaps, or allow more
plan/backup.yaml:4:3: error[too-many-gaps]: `backup-policy-agreed` of `backup` is a confirmed gap (of 2; 1 allowed)
  = help: close gaps, or allow more
</failure>
    </testcase>
    <testcase classname="opsready.policy" name="no-unowned: Everything that is open has an owner">
      <failure type="no-unowned" message="3 of 4 things open have no owner">plan/backup.yaml:4:3: error[no-owner]: nobody closes the gap `backup-policy-agreed` of `backup`
  = help: name an owner, of the practice or of the whole capability: `opsready plan set`, or `owner` in `plan/CAPABILITY.yaml`
answers/backup.yaml:10:3: error[no-owner]: nobody finds out the answer to `restore-tested@cloud`
  = help: name who does, with `owner` under `dont_know`
risks/2026-09-01-tapes.yaml:1:5: error[no-owner]: nobody owns the risk `2026-09-01-tapes`
  = help: name an `owner` in its file
</failure>
    </testcase>
    <testcase classname="opsready.policy" name="max-evidence-age: Evidence is recent">
      <failure type="max-evidence-age" message="2 of 2 pieces of evidence are older than 12 months or without a date">answers/backup.yaml:4:3: error[old-evidence]: the evidence “Policy &lt;v0.3&gt; &amp; co��, 50 %” for `backup-policy@cloud` was collected on 2025-01-02, 698 days ago; the policy allows 12 months
  = help: look at it again, and write the day into `collected`
answers/backup.yaml:4:3: error[old-evidence]: the evidence “https://wiki.example/policy” for `backup-policy@cloud` has no date, so nobody knows how old it is
  = help: look at it again, and write the day into `collected`
</failure>
    </testcase>
    <testcase classname="opsready.policy" name="no-expired-acceptance: No risk is accepted beyond its day">
      <failure type="no-expired-acceptance" message="1 of 1 accepted risk is beyond its day">plan/backup.yaml:5:69: error[expired-acceptance]: the risk of `backup-policy-agreed` of `backup` was accepted until 2026-11-30, 1 day ago, by “ops-lead”; the gap counts as open
  = help: accept it anew with a later `expires`, or take `accepted` away and close the gap
</failure>
    </testcase>
    <testcase classname="opsready.policy" name="no-overdue: Nothing is overdue">
      <failure type="no-overdue" message="3 of 4 things with a day are overdue">plan/backup.yaml:6:43: error[overdue]: closing the gap `backup-complete` of `backup` was due on 2026-11-15, 16 days ago
  = help: close it, or agree on another day with `due` in its plan
answers/backup.yaml:10:3: error[overdue]: the answer to `restore-tested@cloud` was due on 2026-11-01, 30 days ago
  = help: answer it, or agree on another day
risks/2026-09-01-tapes.yaml:5:6: error[overdue]: the risk `2026-09-01-tapes` was due on 2026-11-02, 29 days ago
  = help: close it, or agree on another day
</failure>
    </testcase>
    <testcase classname="opsready.policy" name="min-coverage: Enough questions are resolved">
      <failure type="min-coverage" message="2 of 9 questions resolved (22 %); 90 % asked for">opsready.yaml:15:17: error[coverage-below-policy]: 2 of 9 questions are resolved (22 %), and the policy asks for 90 %; most are open in `backup` (4), `patching` (3)
  = help: `opsready status` shows what is open, `opsready discover` asks it
</failure>
    </testcase>
  </testsuite>
</testsuites>
--- exit 1

"#]]);
}

#[test]
fn code_quality_for_gitlab() {
    broken().run(&["check", "--format", "gitlab", "--only", "documents"]).gives(str![[r#"
[
  {
    "description": "This document is stale: 1 line differs (`opsready render` writes it)",
    "check_name": "stale-document",
    "fingerprint": "2b287ea613db9370:1",
    "severity": "major",
    "location": {
      "path": "docs/backup/design.md",
      "lines": {
        "begin": 7
      }
    }
  },
  {
    "description": "A merge is unfinished here (choose between your lines and those that were rendered, delete the three marker lines, and render again)",
    "check_name": "conflict-markers",
    "fingerprint": "d35636f0652c43c3:1",
    "severity": "major",
    "location": {
      "path": "docs/backup/readiness.md",
      "lines": {
        "begin": 76
      }
    }
  },
  {
    "description": "The link `nowhere.md` leads to no file: there is no `docs/backup/nowhere.md` (correct the link, or take it away)",
    "check_name": "dangling-link",
    "fingerprint": "0a950a522fb1441a:1",
    "severity": "major",
    "location": {
      "path": "docs/backup/readiness.md",
      "lines": {
        "begin": 82
      }
    }
  }
]
--- exit 1

"#]]);
}

#[test]
fn a_new_workspace_is_told_what_is_missing() {
    check(&Sandbox::workspace(), &[]).gives(str![[r#"
Kit
  passed   kit-valid              small 1.2.0
  passed   kit-lint               nothing to find fault with

Answers
  passed   assessment             2 of 2 capabilities in scope
  passed   answers                none
  passed   responses              none
  passed   plan                   none
  passed   decisions              none
  passed   risks                  none

Documents
  FAILED   documents-fresh        none of [N] documents rendered yet
    error[stale-document]: no document has been rendered yet; there is content for [N] documents
      = help: `opsready render` writes them
  passed   documents-merged       no merge is unfinished
  passed   documents-linked       no link leads nowhere

note: no question is answered yet
note: no policy is set: write it under `policy:` in opsready.yaml, or use flags such as `--min-level 2`
11 checks: 10 passed, 1 failed
--- exit 1

"#]]);
}

#[test]
fn the_help_says_what_is_checked_and_how_it_ends() {
    Sandbox::empty().run(&["check", "--help"]).gives(str![[r#"
Hold kit, answers, documents and policy against their rules, for a pipeline

Usage: opsready check [OPTIONS]

Options:
  -C, --directory <DIR>         Use the workspace in DIR [default: found from here upwards]
      --format <FORMAT[=FILE]>  Report as text, json, sarif (2.1.0), junit, github (workflow
                                commands) or gitlab (code quality)
      --json                    Print data as JSON
  -o, --output <FILE>           Write the report into FILE
      --no-input                Ask nothing; stop where an answer is missing
      --only <AREA>             Check only these: kit, answers, documents, policy
      --color <WHEN>            When to use colour [default: auto] [possible values: auto, always,
                                never]
      --skip <AREA>             Check all but these
      --strict                  Let warnings fail, too
      --base <DIR>              Name files from DIR, which holds the workspace [default: the root of
                                the git repository]
      --today <DATE>            Hold days against DATE [default: today]
  -h, --help                    Print help

Policy:
      --min-level <[CAP=]N>             The level that CAP, or every capability, must attain in the
                                        target environment
      --max-high-risks <N>              How many questions may stand at high risk
      --max-gaps <N>                    How many gaps up to the targets may be confirmed
      --no-unowned[=<BOOL>]             Every confirmed gap, don't-know and open entry of the RAID
                                        log must have an owner [possible values: true, false]
      --max-evidence-age <AGE>          How old evidence may be: days, months or years, such as
                                        365d, 12m, 1y
      --no-expired-acceptance[=<BOOL>]  No accepted risk may be past its day [possible values: true,
                                        false]
      --no-overdue[=<BOOL>]             Nothing may be past the day by which it is due [possible
                                        values: true, false]
      --min-coverage <PERCENT>          The percentage of questions that must be answered or not
                                        applicable

Checks everything in one run, and writes nothing into the workspace:
  kit        the kit is valid, and what `kit lint` has to say
  answers    opsready.yaml, answers, responses, plan, decisions and risks are valid
  documents  `render` would change nothing, no merge is unfinished, no link leads nowhere
  policy     what stands under `policy:` in opsready.yaml holds

A flag of the policy wins over its key there, stricter or not. `--min-level` may stand several
times; one that names a capability wins over one for all.

`--format` may stand several times, each with a file of its own. What has no file goes to standard
output; if nothing does, the text for people goes there. Reports name files from the root of the
git repository, or from `--base`.

Exit codes: 0 all holds; 1 a policy is broken, a document is stale, a merge is unfinished, or there
is a warning with `--strict`; 2 wrong files or wrong usage; 3 the machine failed. Of 1 and 2 the
graver is told, and everything is reported.

Examples:
  opsready check
  opsready check --min-level 2 --min-level patch-management=3 --max-high-risks 0
  opsready check --only kit,answers
  opsready check --format github --format sarif=opsready.sarif
  opsready check --format junit -o opsready-junit.xml

"#]]);
}

/// Returns the levels of a capability in the target environment, with the rule that asks for one more than it has.
#[test]
fn a_level_that_is_not_attained_breaks_the_policy() {
    let sandbox = broken();
    let found = |arguments: &[&str]| {
        let report = report(&sandbox, &[&["--only", "policy"], arguments].concat());
        (state(&report, "min-level"), findings(&report, "min-level"))
    };
    shows(
        &found(&[]).1,
        str![[r#"
opsready.yaml:8:35: error[level-below-policy]: `backup` is at level 0 in cloud, and the policy asks for 2; held by `backup-policy-agreed` (0.5), `backup-complete` (0.25)
opsready.yaml:8:24: error[level-below-policy]: `patching` is at level 0 in cloud, and the policy asks for 1; nothing of it is answered yet

"#]],
    );
    assert_eq!(found(&["--min-level", "0"]).0, "passed", "the flag for all wins over every key");
    let (state, text) = found(&["--min-level", "patching=0"]);
    assert!(state == "failed" && text.contains("`backup`") && !text.contains("`patching`"), "{text}");
    let (state, text) = found(&["--min-level", "0", "--min-level", "patching=1"]);
    assert!(state == "failed" && text.contains("`patching`") && !text.contains("`backup`"), "{text}");
    assert_eq!(state_of(&sound(), &["--min-level", "2"], "min-level"), "passed");
}

fn state_of(sandbox: &Sandbox, arguments: &[&str], id: &str) -> String {
    state(&report(sandbox, &[&["--only", "policy"], arguments].concat()), id)
}

#[test]
fn each_rule_holds_and_breaks_at_its_limit() {
    let (broken, sound) = (broken(), sound());
    for (id, kept, not_kept) in [
        ("max-high-risks", "--max-high-risks=2", "--max-high-risks=1"),
        ("max-gaps", "--max-gaps=2", "--max-gaps=1"),
        ("max-evidence-age", "--max-evidence-age=60d", "--max-evidence-age=59d"),
        ("min-coverage", "--min-coverage=100", "--min-coverage=41"),
    ] {
        // The evidence of the sound workspace is 60 days old, and all of its questions are answered.
        let (keeps, breaks) = if id.contains("evidence") {
            (&sound, &sound)
        } else if id.contains("coverage") {
            (&sound, &broken)
        } else {
            (&broken, &broken)
        };
        let (kept, not_kept) = (state_of(keeps, &[kept], id), state_of(breaks, &[not_kept], id));
        assert_eq!((kept.as_str(), not_kept.as_str()), ("passed", "failed"), "{id}");
    }
    for id in ["no-unowned", "no-expired-acceptance", "no-overdue"] {
        assert_eq!((state_of(&sound, &[], id).as_str(), state_of(&broken, &[], id).as_str()), ("passed", "failed"), "{id}");
    }
}

#[test]
fn whatever_is_open_needs_an_owner() {
    let sandbox = broken();
    shows(
        &findings(&report(&sandbox, &[]), "no-unowned"),
        str![[r#"
plan/backup.yaml:4:3: error[no-owner]: nobody closes the gap `backup-policy-agreed` of `backup`
answers/backup.yaml:10:3: error[no-owner]: nobody finds out the answer to `restore-tested@cloud`
risks/2026-09-01-tapes.yaml:1:5: error[no-owner]: nobody owns the risk `2026-09-01-tapes`

"#]],
    );
    sandbox.replace("risks/2026-09-01-tapes.yaml", "status: open", "status: closed");
    sandbox.replace("answers/backup.yaml", "{due: 2026-11-01}", "{owner: ops-lead, due: 2026-11-01}");
    sandbox.replace("plan/backup.yaml", "capability: backup", "capability: backup\nowner: service-owner");
    assert_eq!(state_of(&sandbox, &[], "no-unowned"), "passed");
    // An owner without a name is nobody.
    sandbox.replace("answers/backup.yaml", "{owner: ops-lead,", "{owner: ' ',");
    assert_eq!(state_of(&sandbox, &[], "no-unowned"), "failed");
}

#[test]
fn an_acceptance_counts_until_the_end_of_its_last_day() {
    let sandbox = broken();
    shows(
        &findings(&report(&sandbox, &[]), "no-expired-acceptance"),
        str![[r#"
plan/backup.yaml:5:69: error[expired-acceptance]: the risk of `backup-policy-agreed` of `backup` was accepted until 2026-11-30, 1 day ago, by “ops-lead”; the gap counts as open

"#]],
    );
    assert_eq!(state_of(&sandbox, &["--today", "2026-11-30"], "no-expired-acceptance"), "passed");
    // While the risk is accepted nobody needs to own the gap, and it is none of those that are counted.
    let before = report(&sandbox, &["--only", "policy", "--today", "2026-11-30"]);
    assert!(!findings(&before, "no-unowned").contains("backup-policy-agreed"), "{before:#}");
    assert_eq!(state(&before, "max-gaps"), "passed");
    // What is in place needs no acceptance.
    sandbox.replace("answers/backup.yaml", "choose: drafted", "choose: agreed");
    assert_eq!(state_of(&sandbox, &[], "no-expired-acceptance"), "passed");
}

#[test]
fn what_is_past_its_day_is_overdue() {
    let sandbox = broken();
    sandbox.write(
        "decisions/2026-09-02-tapes-stay.yaml",
        "id: 2026-09-02-tapes-stay\ntitle: Tapes stay\nstatus: approved\nstatement: They stay.\ndecided_on: 2026-09-02\nreview_on: 2026-11-30\n",
    );
    shows(
        &findings(&report(&sandbox, &[]), "no-overdue"),
        str![[r#"
plan/backup.yaml:6:43: error[overdue]: closing the gap `backup-complete` of `backup` was due on 2026-11-15, 16 days ago
answers/backup.yaml:10:3: error[overdue]: the answer to `restore-tested@cloud` was due on 2026-11-01, 30 days ago
risks/2026-09-01-tapes.yaml:5:6: error[overdue]: the risk `2026-09-01-tapes` was due on 2026-11-02, 29 days ago
decisions/2026-09-02-tapes-stay.yaml:6:12: error[overdue]: the review of the decision `2026-09-02-tapes-stay` was due on 2026-11-30, 1 day ago

"#]],
    );
    assert_eq!(state_of(&sandbox, &["--today", "2026-11-01"], "no-overdue"), "passed", "on its day nothing is late");
    let later = findings(&report(&sandbox, &["--today", "2027-01-02"]), "no-overdue");
    assert!(later.contains("the review of the risk `2026-09-01-tapes` was due on 2027-01-01, 1 day ago"), "{later}");
    sandbox.replace("plan/backup.yaml", "due: 2026-11-15", "due: 2026-11-15, status: done");
    assert!(!findings(&report(&sandbox, &[]), "no-overdue").contains("backup-complete"));
}

#[test]
fn evidence_ages_by_days_or_by_the_calendar() {
    let sandbox = broken();
    shows(
        &findings(&report(&sandbox, &[]), "max-evidence-age"),
        str![[r#"
answers/backup.yaml:4:3: error[old-evidence]: the evidence “Policy <v0.3> & co￾, 50 %” for `backup-policy@cloud` was collected on 2025-01-02, 698 days ago; the policy allows 12 months
answers/backup.yaml:4:3: error[old-evidence]: the evidence “https://wiki.example/policy” for `backup-policy@cloud` has no date, so nobody knows how old it is

"#]],
    );
    let sandbox = sound();
    // Collected on 2026-10-02.
    for (age, today, expected) in [
        ("60d", "2026-12-01", "passed"),
        ("60d", "2026-12-02", "failed"),
        ("2m", "2026-12-02", "passed"),
        ("2m", "2026-12-03", "failed"),
        ("1y", "2027-10-02", "passed"),
        ("1y", "2027-10-03", "failed"),
        ("99999y", "2027-10-03", "passed"),
    ] {
        assert_eq!(state_of(&sandbox, &["--max-evidence-age", age, "--today", today], "max-evidence-age"), expected, "{age} on {today}");
    }
}

#[test]
fn a_flag_wins_over_its_key_and_says_so() {
    let sandbox = broken();
    let arguments = [
        "check",
        "--only",
        "policy",
        "--min-level",
        "backup=0",
        "--max-high-risks",
        "7",
        "--max-gaps=0",
        "--no-unowned",
        "--no-overdue=false",
        "--max-evidence-age",
        "3y",
        "--min-coverage",
        "10%",
    ];
    let run = sandbox.run(&arguments);
    let lines: Vec<&str> =
        run.stdout.lines().filter(|line| line.starts_with("  ") && !line.starts_with("    ") || line.starts_with("note")).collect();
    shows(
        &(lines.join("\n") + "\n"),
        str![[r#"
  FAILED   min-level              1 of 2 capabilities attain less than is asked for (set by `--min-level`, in place of 2 of backup in `opsready.yaml`)
  passed   max-high-risks         2 questions stand at high risk; 7 allowed (set by `--max-high-risks`, in place of 0 in `opsready.yaml`)
  FAILED   max-gaps               2 gaps are confirmed; 0 allowed (set by `--max-gaps`, in place of 1 in `opsready.yaml`)
  FAILED   no-unowned             3 of 4 things open have no owner (set by `--no-unowned`)
  FAILED   max-evidence-age       1 of 2 pieces of evidence is older than 3 years or without a date (set by `--max-evidence-age`, in place of 12 months in `opsready.yaml`)
  FAILED   no-expired-acceptance  1 of 1 accepted risk is beyond its day
  passed   min-coverage           2 of 9 questions resolved (22 %); 10 % asked for (set by `--min-coverage`, in place of 90 in `opsready.yaml`)
note: `no-overdue` is asked for in opsready.yaml, and switched off by `--no-overdue=false`

"#]],
    );
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_policy_is_checked_where_it_stands() {
    let sandbox = Sandbox::workspace();
    let file = sandbox.read("opsready.yaml");
    let policy = "\
capabilities: {patching: {in_scope: false, reason: out-of-scope}}
policy:
  min_level: {default: 3, bakup: 1, patching: 1, backup: 1.5}
  max_high_risks: -1
  max_gaps: many
  no_unowned: sometimes
  max_evidence_age: 12w
  no_overdue: true
  min_coverage: 120
  min_levels: 2
";
    sandbox.write("opsready.yaml", &format!("{file}{policy}"));
    sandbox.run(&["check", "--only", "answers"]).gives(str![[r#"
Answers
  FAILED   assessment             5 errors

error[bad-number]: a whole number belongs here
 --> opsready.yaml:9:58
  |
9 |   min_level: {default: 3, bakup: 1, patching: 1, backup: 1.5}
  |                                                          ^^^

error[wrong-type]: a number belongs here, not text
  --> opsready.yaml:11:13
   |
11 |   max_gaps: many
   |             ^^^^

error[wrong-type]: `true` or `false` belongs here, not text
  --> opsready.yaml:12:15
   |
12 |   no_unowned: sometimes
   |               ^^^^^^^^^

error[bad-number]: `12w` is no age
  --> opsready.yaml:13:21
   |
13 |   max_evidence_age: 12w
   |                     ^^^
   |
   = help: write days as `365d`, months as `12m`, years as `1y`

error[unknown-key]: unknown key `min_levels`
  --> opsready.yaml:16:3
   |
16 |   min_levels: 2
   |   ^^^^^^^^^^
   |
   = help: did you mean `min_level`?

  not run  answers                opsready.yaml is to be mended first
  not run  responses              opsready.yaml is to be mended first
  not run  plan                   opsready.yaml is to be mended first
  not run  decisions              opsready.yaml is to be mended first
  not run  risks                  opsready.yaml is to be mended first

6 checks: 1 failed, 5 not run
--- exit 2

"#]]);
}

#[test]
fn a_policy_asks_for_what_there_is() {
    let sandbox = Sandbox::workspace();
    let file = sandbox.read("opsready.yaml");
    let policy = "\
capabilities: {patching: {in_scope: false, reason: out-of-scope}}
policy:
  evidence_from_level: 9
  min_level: {default: 3, bakup: 1, patching: 1, backup: -1}
  max_high_risks: -1
  max_gaps: -2
  min_coverage: 120
";
    sandbox.write("opsready.yaml", &format!("{file}{policy}"));
    sandbox.run(&["check", "--only", "answers"]).gives(str![[r#"
Answers
  FAILED   assessment             7 errors, 1 warning

error[bad-number]: level 3 is not on the kit's scale, which goes from 0 to 2
  --> opsready.yaml:10:24
   |
10 |   min_level: {default: 3, bakup: 1, patching: 1, backup: -1}
   |                        ^

error[unknown-reference]: the kit has no capability `bakup`
  --> opsready.yaml:10:27
   |
10 |   min_level: {default: 3, bakup: 1, patching: 1, backup: -1}
   |                           ^^^^^
   |
   = help: did you mean `backup`?

error[out-of-scope]: `patching` is out of scope, so no level can be asked of it
  --> opsready.yaml:10:37
   |
10 |   min_level: {default: 3, bakup: 1, patching: 1, backup: -1}
   |                                     ^^^^^^^^
   |
   = help: leave it out of the policy, or bring it into scope

error[bad-number]: level -1 is not on the kit's scale, which goes from 0 to 2
  --> opsready.yaml:10:58
   |
10 |   min_level: {default: 3, bakup: 1, patching: 1, backup: -1}
   |                                                          ^^

error[bad-number]: there are never fewer than 0, so -1 cannot be kept
  --> opsready.yaml:11:19
   |
11 |   max_high_risks: -1
   |                   ^^

error[bad-number]: there are never fewer than 0, so -2 cannot be kept
  --> opsready.yaml:12:13
   |
12 |   max_gaps: -2
   |             ^^

error[bad-number]: a percentage goes from 0 to 100, and this is 120
  --> opsready.yaml:13:17
   |
13 |   min_coverage: 120
   |                 ^^^

    opsready.yaml:9:24: warning[bad-number]: no practice is expected from level 9 on: the kit's scale goes from 0 to 2
  not run  answers                opsready.yaml is to be mended first
  not run  responses              opsready.yaml is to be mended first
  not run  plan                   opsready.yaml is to be mended first
  not run  decisions              opsready.yaml is to be mended first
  not run  risks                  opsready.yaml is to be mended first

6 checks: 1 failed, 5 not run; 1 warning
--- exit 2

"#]]);
}

#[test]
fn a_policy_in_yaml_that_its_schema_knows() {
    let sandbox = sound();
    let schema: Value = serde_json::from_str(&sandbox.run(&["schema", "assessment"]).stdout).expect("a schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema is a schema");
    let file: Value = serde_saphyr::from_str(&sandbox.read("opsready.yaml")).expect("the file is YAML");
    assert!(schema.is_valid(&file), "{:?}", schema.iter_errors(&file).map(|fault| fault.to_string()).collect::<Vec<_>>());
    for (key, wrong) in [("max_evidence_age", "12w"), ("max_evidence_age", "0d"), ("min_level", "two"), ("no_overdue", "yes")] {
        let mut file = file.clone();
        file["policy"][key] = Value::from(wrong);
        assert!(!schema.is_valid(&file), "{key}: {wrong}");
    }
}

#[test]
fn wrong_usage_is_refused_before_anything_is_read_or_written() {
    let sandbox = sound();
    let refused = |arguments: &[&str]| {
        let before = sandbox.tree();
        let run = sandbox.run(&[&["check"], arguments].concat());
        same(&before, &sandbox.tree());
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        run.stderr.split_inclusive('\n').take(2).collect::<String>()
    };
    let all: String = [
        &["--format", "xml"][..],
        &["--format", "sarifs=x"],
        &["--format", "sarif="],
        &["--format", "github", "--format", "sarif"],
        &["--format", "github", "--json"],
        &["--format", "github=a", "--format", "sarif=b", "-o", "c"],
        &["--only", "kits"],
        &["--only", "kit", "--skip", "kit"],
        &["--min-level", "high"],
        &["--min-level", "3"],
        &["--min-level", "bakup=1"],
        &["--max-gaps", "-1"],
        &["--max-evidence-age", "1w"],
        &["--min-coverage", "101"],
        &["--today", "2026-02-30"],
        &["--base", "kit"],
    ]
    .into_iter()
    .map(refused)
    .collect();
    shows(
        &all,
        str![[r#"
error: invalid value 'xml' for '--format <FORMAT[=FILE]>': there are `text`, `json`, `sarif`, `junit`, `github`, `gitlab`

error: invalid value 'sarifs=x' for '--format <FORMAT[=FILE]>': did you mean `sarif`?

error: invalid value 'sarif=' for '--format <FORMAT[=FILE]>': `sarif=` lacks the name of a file

error: only one report can go to standard output
  = help: give all but one a file: `--format github --format sarif=check.sarif`
error: only one report can go to standard output
  = help: give all but one a file: `--format github --format sarif=check.sarif`
error: `-o` is for one format
  = help: give each format its own: `--format sarif=check.sarif --format junit=check.xml`
error: invalid value 'kits' for '--only <AREA>': did you mean `kit`?

error: the argument '--only <AREA>' cannot be used with '--skip <AREA>'

error: invalid value 'high' for '--min-level <[CAP=]N>': `high` is no level; write `2` or `patch-management=3`

error: level 3 is not on the kit's scale, which goes from 0 to 2
error: the kit has no capability `bakup`
  = help: did you mean `backup`?
error: unexpected argument '-1' found

error: invalid value '1w' for '--max-evidence-age <AGE>': write days as `365d`, months as `12m`, years as `1y`

error: invalid value '101' for '--min-coverage <PERCENT>': a percentage goes from 0 to 100

error: invalid value '2026-02-30' for '--today <DATE>': write a date that exists, as 2026-11-20

error: the workspace is not in the folder `kit`
  = help: `--base` names a folder above the workspace

"#]],
    );
}

#[test]
fn a_capability_out_of_scope_cannot_be_asked_for_a_level() {
    let sandbox = sound();
    let file = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("capabilities: {{patching: {{in_scope: false, reason: out-of-scope}}}}\n{file}"));
    sandbox.refuses(
        &["check", "--min-level", "patching=1"],
        2,
        str![[r#"
error: `patching` is out of scope, so no level can be asked of it
  = help: leave it out, or bring it into scope

"#]],
    );
}

#[test]
fn wrong_files_are_graver_than_a_broken_policy_and_hide_nothing_that_can_be_seen() {
    let sandbox = broken();
    sandbox.replace("answers/backup.yaml", "choose: [files]", "choose: [filez]");
    sandbox.replace("risks/2026-09-01-tapes.yaml", "kind: risk", "kind: rusk");
    sandbox.write("responses/anna/backup.yaml", "capability: backup\nanswers:\n  last-restore: {date: 2026-02-31}\n");
    sandbox.replace("kit/capabilities/backup.yaml", "title: Everything that matters is backed up", "title: ' '");
    sandbox.run(&["check"]).gives(str![[r#"
Kit
  passed   kit-valid              small 1.2.0
  passed   kit-lint               1 warning
    kit/capabilities/backup.yaml:63:14: warning[empty-text]: this text is empty
      = help: fill it in, or leave the key out

Answers
  passed   assessment             nothing wrong in it
  FAILED   answers                1 error

error[unknown-reference]: the question `backup-scope` has no choice `filez`
  --> answers/backup.yaml:11:27
   |
11 |   backup-scope: {choose: [filez]}
   |                           ^^^^^
   |
   = help: did you mean `files`?

  FAILED   responses              1 error

error[bad-date]: `2026-02-31` is not a date that exists
 --> responses/anna/backup.yaml:3:24
  |
3 |   last-restore: {date: 2026-02-31}
  |                        ^^^^^^^^^^
  |
  = help: write it as 2026-11-20

  passed   plan                   1 file
  passed   decisions              none
  FAILED   risks                  1 error

error[unknown-word]: `rusk` is not a word that this key knows
 --> risks/2026-09-01-tapes.yaml:2:7
  |
2 | kind: rusk
  |       ^^^^
  |
  = help: did you mean `risk`?

Documents
  not run  documents-fresh        kit and answers are to be mended first

Policy
  not run  policy                 kit and answers are to be mended first

10 checks: 5 passed, 3 failed, 2 not run; 1 warning
--- exit 2

"#]]);
}

#[test]
fn a_kit_that_is_wrong_is_told_whatever_was_asked_for() {
    let sandbox = broken();
    sandbox.replace("kit/kit.yaml", "version: 1.2.0", "version: one");
    sandbox.replace("answers/backup.yaml", "choose: drafted", "chose: drafted");
    sandbox.run(&["check", "--only", "policy"]).gives(str![[r#"
Kit
  FAILED   kit-valid              1 error

error[bad-version]: `one` is not a semantic version
 --> kit/kit.yaml:4:10
  |
4 | version: one
  |          ^^^
  |
  = help: write three numbers, such as 1.0.0

Answers
  FAILED   answers                1 error

error[unknown-key]: unknown key `chose`
 --> answers/backup.yaml:5:5
  |
5 |     chose: drafted
  |     ^^^^^
  |
  = help: did you mean `choose`?

Policy
  not run  policy                 kit and answers are to be mended first

3 checks: 2 failed, 1 not run
--- exit 2

"#]]);
}

#[test]
fn both_kinds_of_wrong_are_reported_and_the_graver_ends_the_program() {
    // The plan is wrong, and so is the policy: both can be told, since each can be read.
    let sandbox = broken();
    sandbox.write(
        "plan/backup.yaml",
        "capability: backup\npractices:\n  backup-policy-agreed: {wave: later}\n  restores-tested: {wave: now}\n",
    );
    sandbox.replace("answers/backup.yaml", "{dont_know: {due: 2026-11-01}}", "{choose: \"no\"}");
    let report = report(&sandbox, &[]);
    assert_eq!((state(&report, "plan").as_str(), state(&report, "min-level").as_str()), ("failed", "failed"), "{report:#}");
    assert_eq!((state(&report, "documents-fresh").as_str(), &report["exit"]), ("not-run", &Value::from(2)));
}

#[test]
fn a_broken_template_is_a_wrong_file() {
    let sandbox = sound();
    sandbox.write("overlay/templates/readiness.md", "{% block nothing %}");
    let report = report(&sandbox, &[]);
    assert_eq!((state(&report, "documents-fresh").as_str(), state(&report, "documents-linked").as_str()), ("failed", "not-run"));
    assert_eq!((&report["exit"], state(&report, "min-level").as_str()), (&Value::from(2), "passed"));
}

#[test]
fn warnings_fail_where_that_is_wanted() {
    let sandbox = sound();
    sandbox.replace("kit/capabilities/patching.yaml", "      references: [{title: Report, url: \"https://example.com/report\"}]\n", "");
    let lenient = report(&sandbox, &["--skip", "documents"]);
    assert_eq!((state(&lenient, "kit-lint").as_str(), &lenient["exit"]), ("passed", &Value::from(0)));
    assert!(findings(&lenient, "kit-lint").contains("warning[practice-without-reference]"), "{lenient:#}");
    let strict = report(&sandbox, &["--skip", "documents", "--strict"]);
    assert_eq!((state(&strict, "kit-lint").as_str(), &strict["exit"]), ("failed", &Value::from(1)));
}

#[cfg(unix)]
#[test]
fn a_machine_that_refuses_ends_with_three() {
    let sandbox = sound();
    fs::remove_file(sandbox.path("docs/backup/design.md")).expect("the file is there");
    // A folder in the place of a file cannot be read by anybody, root included.
    fs::create_dir(sandbox.path("docs/backup/design.md")).expect("a folder can be made");
    assert_eq!(sandbox.run(&["check"]).code, Some(3));
    let sandbox = sound();
    let run = sandbox.run(&["check", "--format", "sarif=opsready.yaml/x.sarif"]);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(run.stdout.contains("checks:"), "the text is told all the same: {}", run.stdout);
}

#[test]
fn without_a_workspace_there_is_nothing_to_check() {
    let run = Sandbox::empty().run(&["check"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
}

#[test]
fn areas_are_chosen_or_left_out() {
    let sandbox = broken();
    let ids = |arguments: &[&str]| {
        let report = report(&sandbox, arguments);
        let checks = report["checks"].as_array().expect("there are checks").clone();
        let mut areas: Vec<String> = checks.iter().map(|check| check["area"].as_str().expect("it has an area").to_owned()).collect();
        areas.dedup();
        areas.join(" ")
    };
    assert_eq!(ids(&[]), "kit answers documents policy");
    assert_eq!(ids(&["--only", "policy,kit"]), "kit policy");
    assert_eq!(ids(&["--skip", "documents", "--skip", "policy"]), "kit answers");
    assert_eq!(ids(&["--only", "kit"]), "kit");
}

#[test]
fn several_formats_go_to_their_files_and_one_to_standard_output() {
    let sandbox = broken();
    let run = sandbox.run(&["check", "--format", "github", "--format", "sarif=out/check.sarif", "--format", "junit=check.xml"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.starts_with("::error file="), "{}", run.stdout);
    assert!(sandbox.read("out/check.sarif").contains("\"version\": \"2.1.0\""));
    assert!(sandbox.read("check.xml").contains("<testsuites"));
    let run = sandbox.run(&["check", "--format", "junit", "-o", "again.xml"]);
    assert_eq!(sandbox.read("again.xml"), sandbox.read("check.xml"));
    assert!(run.stdout.ends_with("failed\n"), "people still have something to read: {}", run.stdout);
    let run = sandbox.run(&["check", "--json", "--format", "text=check.txt"]);
    assert!(sandbox.read("check.txt").ends_with("failed\n"));
    assert!(serde_json::from_str::<Value>(&run.stdout).is_ok());
}

#[test]
fn a_stale_document_comes_with_its_difference() {
    let run = broken().run(&["check", "--only", "documents"]);
    let difference = run.stdout.split("--- ").nth(1).expect("there is a difference").split("\n\n3 checks").next().expect("it ends");
    shows(
        &format!("--- {difference}\n"),
        str![[r#"
--- docs/backup/design.md (as it stands)
+++ docs/backup/design.md (as rendered)
@@ -5,5 +5,5 @@
 [Overview](../README.md) · [Readiness](readiness.md) · [Stories](backlog.md) · [Minutes](minutes.md)
 
-One policy.
+One policy, tested by restores.
 
 Target: **level 2 Managed**. It is agreed and repeated

"#]],
    );
}

#[test]
fn a_long_difference_is_cut_in_the_text_and_whole_in_data() {
    let sandbox = sound();
    sandbox.write("answers/backup.yaml", "capability: backup\nanswers:\n");
    let run = sandbox.run(&["check"]);
    assert!(run.stdout.lines().count() < 300, "{}", run.stdout.lines().count());
    assert!(run.stdout.contains("`opsready render --check` shows all"), "{}", run.stdout);
    let whole: String = report(&sandbox, &[])["stale_documents"]
        .as_array()
        .expect("there are documents")
        .iter()
        .map(|one| one["difference"].as_str().expect("it has one"))
        .collect();
    assert_eq!(whole, sandbox.run(&["render", "--check"]).stdout);
}

/// Says when each file was written.
fn times(root: &Path) -> Vec<(PathBuf, SystemTime)> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).expect("it has a time");
        found.push((folder.clone(), modified(&folder)));
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() { open.push(path) } else { found.push((path.clone(), modified(&path))) }
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_is_written_not_even_a_lock() {
    for sandbox in [sound(), broken(), Sandbox::workspace()] {
        let (before, written) = (sandbox.tree(), times(sandbox.root()));
        for format in ["text", "json", "sarif", "junit", "github", "gitlab"] {
            sandbox.run(&["check", "--format", format]);
        }
        same(&before, &sandbox.tree());
        assert_eq!(written, times(sandbox.root()));
    }
}

/// Another user, to whom nothing here belongs, on files that nobody may write.
#[cfg(unix)]
#[test]
fn it_runs_as_another_user_on_files_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let sandbox = broken();
    let expected = sandbox.run(&["check"]);
    let all: Vec<PathBuf> = times(sandbox.root()).into_iter().map(|(path, _)| path).collect();
    let set = |folder: u32, file: u32| {
        for path in &all {
            let mode = if path.is_dir() { folder } else { file };
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("the permissions can be set");
        }
    };
    set(0o555, 0o444);
    let mut command = sandbox.command(&["check"]);
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if is_root {
        // Nobody, where nobody can reach the program; else root, whom permissions do not stop.
        let program = Path::new(env!("CARGO_BIN_EXE_opsready"));
        let is_open = |path: &Path| fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o001 != 0);
        if program.ancestors().chain(sandbox.root().ancestors()).all(is_open) {
            command.uid(65534).gid(65534);
        }
    }
    let run = sandbox.finish(command);
    set(0o755, 0o644);
    assert_eq!((run.code, run.stdout, run.stderr), (expected.code, expected.stdout, expected.stderr));
}

fn files_of(run: &Run) -> Vec<String> {
    let sarif: Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("there are results").clone();
    let uri =
        |result: &Value| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("it has one").to_owned();
    let mut files: Vec<String> = results.iter().map(uri).collect();
    files.sort();
    files.dedup();
    files
}

fn git(folder: &Path, arguments: &[&str]) {
    let output =
        Command::new("git").args(arguments).current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").output().expect("git starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn paths_are_those_of_the_repository() {
    let sandbox = broken();
    let sarif = ["check", "--format", "sarif"];
    let within = files_of(&sandbox.run(&sarif));
    assert_eq!(
        within,
        [
            "answers/backup.yaml",
            "docs/backup/design.md",
            "docs/backup/readiness.md",
            "opsready.yaml",
            "plan/backup.yaml",
            "risks/2026-09-01-tapes.yaml"
        ]
    );
    let below: Vec<String> = within.iter().map(|file| format!("acme/{file}")).collect();
    assert_eq!(files_of(&sandbox.run(&["check", "--format", "sarif", "--base", ".."])), below);
    git(sandbox.root(), &["init", "-q"]);
    assert_eq!(files_of(&sandbox.run(&sarif)), below, "from within");
    assert_eq!(files_of(&sandbox.run_in("acme/answers", &sarif)), below, "from a folder in it");
    assert_eq!(files_of(&sandbox.run_in(".", &["-C", "acme", "check", "--format", "sarif"])), below, "from the root");
    assert_eq!(files_of(&sandbox.run_in(".", &["-C", "./acme/", "check", "--format", "sarif"])), below, "typed in another way");
    let absolute = sandbox.path("").display().to_string();
    assert_eq!(files_of(&sandbox.run_in("/", &["-C", &absolute, "check", "--format", "sarif"])), below, "from elsewhere");
    assert_eq!(files_of(&sandbox.run(&["check", "--format", "sarif", "--base", "."])), within, "the base wins");
    // A work tree of git has a file where a repository has a folder.
    fs::remove_dir_all(sandbox.root().join(".git")).expect("the folder is there");
    fs::write(sandbox.root().join(".git"), "gitdir: elsewhere\n").expect("a file can be written");
    assert_eq!(files_of(&sandbox.run(&sarif)), below);
}

fn schema(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(name)).expect("the schema is there")
}

/// Returns the schema of SARIF 2.1.0 with the one correction of errata 01 without which it is none: two patterns have a bracket too many.
fn sarif_schema() -> jsonschema::Validator {
    let text = schema("sarif-2.1.0.json");
    let (wrong, right) = ("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    assert_eq!(text.matches(wrong).count(), 2);
    let schema: Value = serde_json::from_str(&text.replace(wrong, right)).expect("a schema is JSON");
    jsonschema::validator_for(&schema).expect("a schema is a schema")
}

/// Returns all workspaces of these tests, with what each is checked with.
fn workspaces() -> Vec<(Sandbox, Vec<&'static str>)> {
    let wrong = broken();
    wrong.replace("answers/backup.yaml", "choose: [files]", "choose: [filez]");
    wrong.replace("kit/kit.yaml", "version: 1.2.0", "version: one");
    let hostile = broken();
    // Names of files and ids are chosen by people, too.
    hostile.write("risks/2026-09-02-%20#ü[x] <&>'\".yaml", "id: \"\u{1b}[31m ]]> & \\0\"\nkind: x\n");
    hostile.replace("kit/capabilities/backup.yaml", "title: An agreed policy", "title: \"An agreed\\u0001 ]]> <policy>\"");
    hostile.replace("kit/capabilities/patching.yaml", "https://example.com/report", "]]>\\u0002& {0} [a](b)");
    vec![(sound(), vec![]), (broken(), vec![]), (Sandbox::workspace(), vec!["--min-level", "1"]), (wrong, vec![]), (hostile, vec![])]
}

#[test]
fn sarif_satisfies_its_schema() {
    let schema = sarif_schema();
    let mut results_seen = 0;
    for (sandbox, arguments) in workspaces() {
        let run = sandbox.run(&[&["check", "--format", "sarif"], &arguments[..]].concat());
        let sarif: Value = serde_json::from_str(&run.stdout).expect("it is JSON");
        let faults: Vec<String> = schema.iter_errors(&sarif).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        let log = &sarif["runs"][0];
        let rules = log["tool"]["driver"]["rules"].as_array().expect("there are rules");
        let results = log["results"].as_array().expect("there are results");
        let mut prints: Vec<&Value> = Vec::new();
        for result in results {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("it has a rule")).expect("it is small")];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(rule["help"]["text"].as_str().is_some_and(|help| help.len() > 20), "{rule:#}");
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("there is a file");
            assert!(!uri.starts_with('/') && !uri.contains([' ', '<', '"', '#', '[']) && uri.is_ascii(), "{uri}");
            // What errata 01 asks for beyond the schema.
            assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line >= 1), "{place}");
            prints.push(&result["partialFingerprints"]["opsready/v1"]);
        }
        results_seen += results.len();
        let all = prints.len();
        prints.sort_by_key(ToString::to_string);
        prints.dedup();
        assert_eq!(prints.len(), all, "each finding has a fingerprint of its own");
    }
    assert!(results_seen > 20, "{results_seen} results");
}

#[test]
fn the_schema_of_sarif_refuses_what_is_wrong() {
    let schema = sarif_schema();
    let sarif: Value = serde_json::from_str(&broken().run(&["check", "--format", "sarif"]).stdout).expect("it is JSON");
    for (place, wrong) in [
        ("/version", Value::from("2.0.0")),
        ("/runs/0/tool/driver/name", Value::Null),
        ("/runs/0/results/0/level", Value::from("fatal")),
        ("/runs/0/results/0/message", Value::from("text")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", Value::from(0)),
        ("/runs/0/results/0/partialFingerprints/opsready~1v1", Value::from(1)),
        ("/runs/0/columnKind", Value::from("bytes")),
    ] {
        let mut sarif = sarif.clone();
        *sarif.pointer_mut(place).unwrap_or_else(|| panic!("there is no {place}")) = wrong;
        assert!(!schema.is_valid(&sarif), "{place}");
    }
}

#[test]
fn fingerprints_stay_while_lines_move() {
    let sandbox = broken();
    let prints = || {
        let sarif: Value = serde_json::from_str(&sandbox.run(&["check", "--format", "sarif"]).stdout).expect("it is JSON");
        let results = sarif["runs"][0]["results"].as_array().expect("there are results").clone();
        let mut lines: Vec<u64> = Vec::new();
        let mut prints: Vec<String> = Vec::new();
        for result in &results {
            lines.extend(result.pointer("/locations/0/physicalLocation/region/startLine").and_then(Value::as_u64));
            prints.push(result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("it has one").to_owned());
        }
        prints.sort();
        (lines.iter().sum::<u64>(), prints)
    };
    let (before, own) = prints();
    for file in ["answers/backup.yaml", "opsready.yaml", "plan/backup.yaml", "risks/2026-09-01-tapes.yaml"] {
        let text = sandbox.read(file);
        sandbox.write(file, &format!("# A comment.\n\n{text}"));
    }
    let (after, moved) = prints();
    assert!(after > before, "lines moved");
    assert_eq!(own, moved);
    // Another finding is another.
    sandbox.replace("answers/backup.yaml", "choose: [files]", "choose: [databases]");
    sandbox.replace("risks/2026-09-01-tapes.yaml", "kind: risk", "kind: risk\nowner: ops-lead");
    assert_ne!(own, prints().1);
}

#[test]
fn junit_satisfies_its_schema() {
    let schema = schema("junit-10.xsd");
    let schema = uppsala::parse(&schema).expect("the schema is XML");
    let schema = uppsala::XsdValidator::from_schema(&schema).expect("the schema is one");
    let faults = |xml: &str| {
        let document = uppsala::parse(xml).unwrap_or_else(|error| panic!("not well-formed: {error}\n{xml}"));
        schema.validate(&document).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    for (sandbox, arguments) in workspaces() {
        let xml = sandbox.run(&[&["check", "--format", "junit"], &arguments[..]].concat()).stdout;
        assert_eq!(faults(&xml), Vec::<String>::new(), "{xml}");
        // The counts are those of the elements.
        let count = |what: &str| xml.matches(what).count().to_string();
        let head = xml.lines().nth(1).expect("there is a head");
        assert!(head.contains(&format!("tests=\"{}\"", count("<testcase "))), "{head}");
        assert!(head.contains(&format!("failures=\"{}\"", count("<failure "))), "{head}");
    }
    let xml = broken().run(&["check", "--format", "junit"]).stdout;
    for (right, wrong) in [
        ("<testsuites ", "<testsuites colour=\"red\" "),
        ("<testcase classname=\"opsready.kit\" name=\"kit-lint: The kit is well made\"/>", "<testcase classname=\"opsready.kit\"/>"),
        ("<testsuite name=\"kit\" tests=\"2\"", "<testsuite name=\"kit\""),
        ("<testsuite name=\"kit\" tests=\"2\" failures=\"0\"", "<testsuite name=\"kit\" time=\"soon\" tests=\"2\" failures=\"0\""),
        ("<failure type=", "<fault type="),
        ("  <testsuite name=\"kit\"", "  loose text <testsuite name=\"kit\""),
    ] {
        assert!(xml.contains(right), "{right}\n{xml}");
        let mut mutated = xml.replacen(right, wrong, 1);
        if wrong.starts_with("<fault") {
            mutated = mutated.replacen("</failure>", "</fault>", 1);
        }
        assert!(!faults(&mutated).is_empty(), "`{wrong}` is taken for right");
    }
}

#[test]
fn what_people_wrote_gives_no_command_and_no_mark_up() {
    let sandbox = broken();
    sandbox.write(
        "risks/2026-09-03-x.yaml",
        "id: 2026-09-03-x\nkind: risk\ntitle: x\nstatus: open\nowner: \"::set-env name=x::y\"\nplan: \"a\\n::error::b\"\n",
    );
    let run = sandbox.run(&["check", "--format", "github"]);
    let (commands, people) = run.stdout.split_once("::stop-commands::").expect("people's text is set apart");
    assert!(commands.lines().all(|line| line.starts_with("::error ") || line.starts_with("::warning ")), "{commands}");
    let (token, rest) = people.split_once('\n').expect("there is a token");
    assert!(rest.ends_with(&format!("\n::{token}::\n")) && rest.matches(token).count() == 1);
    let xml = sandbox.run(&["check", "--format", "junit"]).stdout;
    assert!(!xml.chars().any(|c| c.is_control() && c != '\n' || c == '\u{fffe}'), "{xml}");
}

#[test]
fn every_code_of_a_check_is_a_rule_with_a_meaning() {
    for code in Code::ALL {
        let meaning = code.meaning();
        assert!(meaning.ends_with('.') && meaning.starts_with(|c: char| c.is_uppercase()), "{code}: {meaning}");
    }
}

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci").join(name);
    fs::read_to_string(path).expect("the example is there").replace("\r\n", "\n")
}

#[test]
fn the_files_for_pipelines_are_those_that_scaffold_writes() {
    let sandbox = Sandbox::workspace();
    for forge in ["github", "gitlab"] {
        assert_eq!(sandbox.run(&["scaffold", "--forge", forge]).code, Some(0));
    }
    for (name, path) in
        [("github.yml", ".github/workflows/opsready.yml"), ("gitlab.yml", ".gitlab-ci.yml"), ("pre-commit.yaml", ".pre-commit-config.yaml")]
    {
        let text = example(name);
        assert!(text == sandbox.read(path), "examples/ci/{name} is not what `scaffold` writes: copy templates/scaffold/{name}");
        assert!(yaml::parse(&Source::new(name, text.as_str())).is_ok(), "{name}");
        let _: Value = serde_saphyr::from_str(&text).expect("it is YAML");
    }
}

#[test]
fn the_workflow_asks_for_no_more_than_it_needs() {
    let workflow: Value = serde_saphyr::from_str(&example("github.yml")).expect("it is YAML");
    assert_eq!(workflow["permissions"], serde_json::json!({"contents": "read"}));
    let job = &workflow["jobs"]["check"];
    assert_eq!(job["permissions"], serde_json::json!({"contents": "read", "actions": "read", "security-events": "write"}));
    let steps = job["steps"].as_array().expect("there are steps");
    let uses: Vec<&str> = steps.iter().filter_map(|step| step["uses"].as_str()).collect();
    assert!(uses.iter().all(|action| action.split_once("@v").is_some_and(|(_, version)| version.parse::<u32>().is_ok())), "{uses:?}");
    // What is written is what is kept.
    let file = steps.iter().find_map(|step| step["with"]["sarif_file"].as_str()).expect("a report is kept");
    assert!(steps.iter().filter_map(|step| step["run"].as_str()).any(|run| run.contains(&format!("sarif={file}"))), "{file}");
    let job: Value = serde_saphyr::from_str(&example("gitlab.yml")).expect("it is YAML");
    let job = &job["opsready"];
    let script = job["script"][0].as_str().expect("there is a script");
    for (report, format) in [("junit", "junit"), ("codequality", "gitlab")] {
        let file = job["artifacts"]["reports"][report].as_str().expect("a report is kept");
        assert!(script.contains(&format!("--format {format}={file}")), "{script}");
    }
}

#[test]
fn the_policy_of_the_example_is_one() {
    let readme = example("README.md");
    let policy = readme.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the README shows a policy");
    let sandbox = Sandbox::workspace();
    let file = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{file}{}", policy.replace("patch-management", "patching").replace(": 3}", ": 2}")));
    let report = report(&sandbox, &["--only", "answers,policy"]);
    assert_eq!(state(&report, "assessment"), "passed", "{report:#}");
    assert_eq!(report["checks"].as_array().map(Vec::len), Some(13), "six of files, seven of the policy");
}
