//! Transcripts of the commands on the small kit: what a user types, and everything that they read.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use serde_json::Value;
use snapbox::str;
use std::process::Stdio;
use support::{ODD_ANSWERS, Run, Sandbox, same, shows, small_kit};

const ANSWERS: &str = "\
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    evidence: [{title: Policy, link: \"https://wiki.example/policy\"}]
    by: [ops-lead]
  backup-policy@cloud:
    choose: drafted
    by: [ops-lead, service-owner]
  restore-tested@on-premises:
    choose: \"yes\"
  restore-tested@cloud:
    dont_know: {owner: service-owner, due: 2026-12-15}
  backup-scope:
    choose: [databases, files]
    not_applicable_choices: [mail]
  last-restore:
    parked: {note: After the migration}
";

const PATCHING: &str = "\
capability: patching
answers:
  patch-window@on-premises:
    not_applicable: {reason: out-of-scope, note: Nothing is left there.}
  patch-window@cloud:
    choose: team
";

/// Returns a workspace with answers in every state.
fn answered() -> Sandbox {
    let sandbox = Sandbox::with_answers(ANSWERS);
    sandbox.write("answers/patching.yaml", PATCHING);
    sandbox
}

#[track_caller]
fn works(run: &Run) {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

/// Returns the keys of a JSON object, in their order.
#[track_caller]
fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("it is an object").keys().map(String::as_str).collect()
}

/// Returns the item of a JSON list whose `id` (or `practice`) is this.
#[track_caller]
fn item<'v>(list: &'v Value, key: &str, id: &str) -> &'v Value {
    list.as_array().expect("it is a list").iter().find(|item| item[key] == id).expect("the list holds the item")
}

// init

#[test]
#[expect(clippy::too_many_lines, reason = "the transcript of a whole workspace")]
fn init_makes_a_workspace_and_says_what_comes_next() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    sandbox.run(&["init", "acme-2026", "--no-input", "--kit", &kit]).gives(str![[r#"
Made the workspace `acme-2026` with the kit small 1.2.0 (2 capabilities, 8 questions).

Next:
  cd acme-2026
  opsready kit show       # the capabilities and their questions
  opsready discover       # asks them one by one, at a terminal
  opsready status         # what is answered and what is open
  opsready merge-driver --install   # in each clone: git merges answers by question

"#]]);
    let files: Vec<String> = sandbox.tree().into_iter().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| path).collect();
    shows(
        &(files.join("\n") + "\n"),
        str![[r#"
acme/acme-2026/.gitattributes
acme/acme-2026/.gitignore
acme/acme-2026/.opsready/kit/capabilities/backup.yaml
acme/acme-2026/.opsready/kit/capabilities/patching.yaml
acme/acme-2026/.opsready/kit/kit.yaml
acme/acme-2026/README.md
acme/acme-2026/answers/backup.yaml
acme/acme-2026/answers/patching.yaml
acme/acme-2026/kit/capabilities/backup.yaml
acme/acme-2026/kit/capabilities/patching.yaml
acme/acme-2026/kit/kit.yaml
acme/acme-2026/opsready.yaml
acme/acme-2026/schemas/answers.schema.json
acme/acme-2026/schemas/assessment.schema.json
acme/acme-2026/schemas/backlog.schema.json
acme/acme-2026/schemas/capability.schema.json
acme/acme-2026/schemas/decision.schema.json
acme/acme-2026/schemas/engagement.schema.json
acme/acme-2026/schemas/kit.schema.json
acme/acme-2026/schemas/plan.schema.json
acme/acme-2026/schemas/risk.schema.json
acme/acme-2026/schemas/trackers.schema.json

"#]],
    );
    shows(
        &sandbox.read("acme-2026/opsready.yaml"),
        str![[r##"
# yaml-language-server: $schema=schemas/assessment.schema.json
schema: opsready/assessment/v1
id: acme-2026
customer: "acme-2026"
# classification: confidential
kit: {id: small, version: 1.2.0}   # the copy in kit/
environments: [on-premises, cloud]   # in scope
target_environment: cloud

# Capabilities that are not named here are in scope, with target 2 and importance 3 (1 to 5).
capabilities:
  backup: {target: 2, importance: 3}
  patching: {target: 2, importance: 3}

# policy: {evidence_from_level: 4}   # from this level on a practice without evidence counts at most half
# participants: [{role: ops-lead}]

"##]],
    );
    shows(
        &sandbox.read("acme-2026/answers/backup.yaml"),
        str![[r#"
# yaml-language-server: $schema=../schemas/answers.schema.json
# Backup and Restore: `opsready kit show backup` lists the questions.
capability: backup
answers:

"#]],
    );
    shows(
        &sandbox.read("acme-2026/README.md"),
        str![[r##"
# acme-2026: Small Operations

This folder holds an operational readiness assessment. Everything in it is text: keep it in a git repository.

| Where | What | Who changes it |
| --- | --- | --- |
| `opsready.yaml` | scope, targets, importance, waves, policy | you |
| `answers/` | what was said, a file for each capability | you, or `opsready answer` |
| `responses/` | what single people said, until `opsready reconcile` makes one answer of it | they, or `opsready worksheet import` |
| `decisions/`, `risks/` | what was decided, and risks, assumptions, issues and dependencies, a file for each | you, or `opsready decision` and `opsready risk` |
| `plan/` | who closes which gap, when and in which wave, and which risks are accepted | you, or `opsready plan set` |
| `backlog/` | the stories that close the gaps | you, after `opsready backlog pull` |
| `milestones/` | scores and answers of a day, frozen | nobody; `opsready milestone save` makes one |
| `kit/` | the questions and practices; this copy is yours | you |
| `overlay/` | what you change in the kit, or add to it; make it when you need it | you |
| `docs/` | the documents | `opsready render` and you: what you write in them stays when they are rendered again |
| `.opsready/` | the documents as they were last rendered and the kit as it came, with which your edits are merged | `opsready` |
| `schemas/` | for completion and checks in your editor | nobody |

```console
opsready status             # what is answered, open, parked and unknown
opsready discover           # asks the questions one by one, and goes on where it stopped
opsready answer QUESTION@ENVIRONMENT --choose CHOICE --note "what was said"
opsready score              # levels, targets, gaps
opsready explain CAPABILITY # how a number came about
opsready render             # write the documents
opsready plan show          # waves, and what comes of them
opsready milestone save NAME # freeze today; `opsready diff` shows later what moved
opsready check              # everything that must hold, for a pipeline
```

Branches that answer different questions merge without a conflict, in a clone in which `opsready merge-driver --install` has run. Different
answers to one question are both kept, and count as not answered until `opsready reconcile` settles them.

"##]],
    );
    shows(
        &sandbox.read("acme-2026/.gitignore"),
        str![[r#"
# The lock that keeps two processes from losing each other's answers.
/.opsready/lock
# Where each person's discovery stopped.
/.opsready/at.json
*.tmp

"#]],
    );
    sandbox.run(&["-C", "acme-2026", "status"]).gives(str![[r#"
acme-2026, Small Operations 1.2.0
┌────────────────────┬───────┬──────────┬─────┬─────────┬────────┬──────┬──────┬──────────┐
│ Capability         ┆ Asked ┆ Answered ┆ N/A ┆ Unknown ┆ Parked ┆ Open ┆ Done ┆ Evidence │
╞════════════════════╪═══════╪══════════╪═════╪═════════╪════════╪══════╪══════╪══════════╡
│ Backup and Restore ┆     5 ┆        0 ┆   0 ┆       0 ┆      0 ┆    5 ┆  0 % ┆        – │
│ Patching           ┆     3 ┆        0 ┆   0 ┆       0 ┆      0 ┆    3 ┆  0 % ┆        – │
└────────────────────┴───────┴──────────┴─────┴─────────┴────────┴──────┴──────┴──────────┘

Next: Is there a policy for backups?
  backup-policy@on-premises
  opsready answer backup-policy@on-premises --choose ID   # none, drafted, agreed

"#]]);
}

#[test]
fn init_takes_what_it_is_told() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    let customer = "Müller: \"Söhne\" # 1";
    works(&sandbox.run(&[
        "init",
        "x",
        "--no-input",
        "--kit",
        &kit,
        "--customer",
        customer,
        "--id",
        "mueller.1",
        "--environments",
        "on-premises",
        "--classification",
        "strictly: confidential",
        "--mode",
        "hybrid",
    ]));
    shows(
        &sandbox.read("x/opsready.yaml"),
        str![[r##"
# yaml-language-server: $schema=schemas/assessment.schema.json
schema: opsready/assessment/v1
id: mueller.1
customer: "Müller: \"Söhne\" # 1"
classification: "strictly: confidential"
kit: {id: small, version: 1.2.0}   # the copy in kit/
mode: "hybrid"
environments: [on-premises]   # in scope
target_environment: on-premises

# Capabilities that are not named here are in scope, with target 2 and importance 3 (1 to 5).
capabilities:
  backup: {target: 2, importance: 3}
  patching: {target: 2, importance: 3}

# policy: {evidence_from_level: 4}   # from this level on a practice without evidence counts at most half
# participants: [{role: ops-lead}]

"##]],
    );
    let status = sandbox.run(&["-C", "x", "status"]);
    works(&status);
    assert!(status.stdout.starts_with(customer), "{}", status.stdout);
}

#[test]
fn init_copies_the_kit_byte_by_byte() {
    let sandbox = Sandbox::empty();
    let kit = small_kit();
    works(&sandbox.run(&["init", "x", "--no-input", "--kit", &kit.display().to_string()]));
    for file in ["kit.yaml", "capabilities/backup.yaml", "capabilities/patching.yaml"] {
        let original = std::fs::read_to_string(kit.join(file)).expect("the kit has the file");
        assert_eq!(sandbox.read(&format!("x/kit/{file}")), original);
    }
}

#[test]
fn init_of_the_shipped_kit_gives_a_workspace_that_works() {
    let sandbox = Sandbox::empty();
    works(&sandbox.run(&["init", "x", "--no-input", "--kit", "aws-cloud-operations"]));
    let run = sandbox.run(&["-C", "x", "score", "--json"]);
    assert_eq!(run.json()["kit"]["id"], "aws-cloud-operations");
    assert_eq!(run.stderr, "");
}

#[test]
fn init_keeps_a_readme_that_is_there() {
    let sandbox = Sandbox::empty();
    sandbox.write("README.md", "mine\n");
    let kit = small_kit().display().to_string();
    let run = sandbox.run(&["init", ".", "--no-input", "--kit", &kit]);
    assert_eq!(sandbox.read("README.md"), "mine\n");
    run.gives(str![[r#"
Made the workspace `.` with the kit small 1.2.0 (2 capabilities, 8 questions).

Next:
  cd .
  opsready kit show       # the capabilities and their questions
  opsready discover       # asks them one by one, at a terminal
  opsready status         # what is answered and what is open
  opsready merge-driver --install   # in each clone: git merges answers by question
--- standard error
`README.md` was there and is left as it was

"#]]);
}

#[test]
fn init_refuses_an_environment_and_an_id_that_cannot_be() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    sandbox.refuses(
        &["init", "x", "--no-input", "--kit", &kit, "--environments", "clouds"],
        2,
        str![[r#"
error: the kit has no environment `clouds`
  = help: did you mean `cloud`?

"#]],
    );
    sandbox.refuses(
        &["init", "x", "--no-input", "--kit", &kit, "--id", "a b"],
        2,
        str![[r#"
error: `a b` cannot be an id
  = help: an id has letters, digits, `-`, `_` and `.`, and starts with a letter or digit

"#]],
    );
    sandbox.refuses(
        &["init", "x", "--no-input", "--kit", &kit, "--customer", " "],
        2,
        str![[r#"
error: the customer has no name
  = help: write `--customer NAME`

"#]],
    );
}

// status

#[test]
fn status_shows_every_state() {
    let sandbox = answered();
    sandbox.run(&["status"]).gives(str![[r#"
Acme Logistics, Small Operations 1.2.0
┌────────────────────┬───────┬──────────┬─────┬─────────┬────────┬──────┬──────┬──────────┐
│ Capability         ┆ Asked ┆ Answered ┆ N/A ┆ Unknown ┆ Parked ┆ Open ┆ Done ┆ Evidence │
╞════════════════════╪═══════╪══════════╪═════╪═════════╪════════╪══════╪══════╪══════════╡
│ Backup and Restore ┆     7 ┆        4 ┆   0 ┆       1 ┆      1 ┆    1 ┆ 57 % ┆     25 % │
│ Patching           ┆     3 ┆        1 ┆   1 ┆       0 ┆      0 ┆    1 ┆ 66 % ┆      0 % │
└────────────────────┴───────┴──────────┴─────┴─────────┴────────┴──────┴──────┴──────────┘

To find out:
  restore-tested@cloud  Service owner, by 2026-12-15

Parked:
  last-restore  After the migration

Answers by: Operations lead (2), Service owner (1)

Next: What else should we know?
  backup-context
  opsready answer backup-context --text TEXT

"#]]);
    sandbox.run(&["status", "--open", "backup"]).gives(str![[r#"
Acme Logistics, Small Operations 1.2.0
┌────────────────────┬───────┬──────────┬─────┬─────────┬────────┬──────┬──────┬──────────┐
│ Capability         ┆ Asked ┆ Answered ┆ N/A ┆ Unknown ┆ Parked ┆ Open ┆ Done ┆ Evidence │
╞════════════════════╪═══════╪══════════╪═════╪═════════╪════════╪══════╪══════╪══════════╡
│ Backup and Restore ┆     7 ┆        4 ┆   0 ┆       1 ┆      1 ┆    1 ┆ 57 % ┆     25 % │
└────────────────────┴───────┴──────────┴─────┴─────────┴────────┴──────┴──────┴──────────┘

To find out:
  restore-tested@cloud  Service owner, by 2026-12-15

Parked:
  last-restore  After the migration

Not answered:
  backup-context

Answers by: Operations lead (2), Service owner (1)

Next: What else should we know?
  backup-context
  opsready answer backup-context --text TEXT

"#]]);
}

#[test]
fn status_of_a_workspace_without_answers_names_the_first_question() {
    Sandbox::workspace().run(&["status"]).gives(str![[r#"
Acme Logistics, Small Operations 1.2.0
┌────────────────────┬───────┬──────────┬─────┬─────────┬────────┬──────┬──────┬──────────┐
│ Capability         ┆ Asked ┆ Answered ┆ N/A ┆ Unknown ┆ Parked ┆ Open ┆ Done ┆ Evidence │
╞════════════════════╪═══════╪══════════╪═════╪═════════╪════════╪══════╪══════╪══════════╡
│ Backup and Restore ┆     5 ┆        0 ┆   0 ┆       0 ┆      0 ┆    5 ┆  0 % ┆        – │
│ Patching           ┆     3 ┆        0 ┆   0 ┆       0 ┆      0 ┆    3 ┆  0 % ┆        – │
└────────────────────┴───────┴──────────┴─────┴─────────┴────────┴──────┴──────┴──────────┘

Next: Is there a policy for backups?
  backup-policy@on-premises
  opsready answer backup-policy@on-premises --choose ID   # none, drafted, agreed

"#]]);
}

#[test]
fn status_of_an_unknown_capability_is_refused() {
    answered().refuses(
        &["status", "bakup"],
        2,
        str![[r#"
error: the kit has no capability `bakup`
  = help: did you mean `backup`?

"#]],
    );
}

#[test]
fn status_as_json_tells_the_same() {
    let status = answered().run(&["status", "--json"]).json();
    assert_eq!(status["schema"], "opsready/status/v1");
    let backup = item(&status["capabilities"], "id", "backup");
    let counts = ["visible", "answered", "not_applicable", "dont_know", "parked", "unanswered"].map(|key| backup[key].as_u64());
    assert_eq!(counts, [7, 4, 0, 1, 1, 1].map(Some), "{backup}");
    let unknown = item(&backup["questions"], "key", "restore-tested@cloud");
    assert_eq!(
        (&unknown["state"], &unknown["owner"], &unknown["due"]),
        (&"dont-know".into(), &"service-owner".into(), &"2026-12-15".into())
    );
}

#[test]
fn answers_out_of_scope_are_kept_ignored_and_told() {
    let sandbox = answered();
    sandbox.replace("opsready.yaml", "environments: [on-premises, cloud]", "environments: [cloud]");
    let before = sandbox.tree();
    sandbox.run(&["status"]).gives(str![[r#"
Acme Logistics, Small Operations 1.2.0
┌────────────────────┬───────┬──────────┬─────┬─────────┬────────┬──────┬──────┬──────────┐
│ Capability         ┆ Asked ┆ Answered ┆ N/A ┆ Unknown ┆ Parked ┆ Open ┆ Done ┆ Evidence │
╞════════════════════╪═══════╪══════════╪═════╪═════════╪════════╪══════╪══════╪══════════╡
│ Backup and Restore ┆     5 ┆        2 ┆   0 ┆       1 ┆      1 ┆    1 ┆ 40 % ┆      0 % │
│ Patching           ┆     2 ┆        1 ┆   0 ┆       0 ┆      0 ┆    1 ┆ 50 % ┆      0 % │
└────────────────────┴───────┴──────────┴─────┴─────────┴────────┴──────┴──────┴──────────┘

To find out:
  restore-tested@cloud  Service owner, by 2026-12-15

Parked:
  last-restore  After the migration

Kept and ignored, since out of scope: backup-policy@on-premises, patch-window@on-premises, restore-tested@on-premises

Answers by: Operations lead (1), Service owner (1)

Next: What else should we know?
  backup-context
  opsready answer backup-context --text TEXT
--- standard error
warning[out-of-scope]: `backup-policy@on-premises` and one more answer are kept and ignored: their environment is out of scope
 --> answers/backup.yaml:3:3
  |
3 |   backup-policy@on-premises:
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^

warning[out-of-scope]: `patch-window@on-premises` is kept and ignored: its environment is out of scope
 --> answers/patching.yaml:3:3
  |
3 |   patch-window@on-premises:
  |   ^^^^^^^^^^^^^^^^^^^^^^^^

"#]]);
    same(&before, &sandbox.tree());
}

#[test]
fn an_answer_out_of_scope_is_taken_kept_and_cleared() {
    let sandbox = answered();
    sandbox.replace("opsready.yaml", "environments: [on-premises, cloud]", "environments: [cloud]");
    let run = sandbox.run(&["answer", "backup-policy@on-premises", "--choose", "none"]);
    assert!(sandbox.read("answers/backup.yaml").contains("  backup-policy@on-premises:\n    choose: none\n"));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), "`backup-policy@on-premises` is kept and ignored: it is out of scope\n"));
    assert!(run.stdout.starts_with("backup-policy@on-premises: answered"), "{}", run.stdout);
    works(&sandbox.run(&["answer", "backup-policy@on-premises", "--clear"]));
    assert!(!sandbox.read("answers/backup.yaml").contains("backup-policy@on-premises"));
}

// answer

#[test]
fn what_was_said_is_written_and_told() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    works(&sandbox.run(&["init", "../new", "--no-input", "--kit", &kit]));
    let answer = |arguments: &[&str]| sandbox.run_in("new", &[&["answer"], arguments].concat());
    let policy = "backup-policy@cloud";
    answer(&[policy, "--choose", "drafted", "--note", "v0.3: \"draft\"", "--evidence", "https://wiki.example/p?a=1#b", "--by", "ops-lead"])
        .gives(str![[r#"
backup-policy@cloud: answered (was not answered), in answers/backup.yaml
Backup and Restore, Cloud: score 0.00 -> 0.25; level 0

"#]]);
    answer(&["restore-tested@cloud", "--choose", "yes"]).gives(str![[r#"
restore-tested@cloud: answered (was not answered), in answers/backup.yaml
Backup and Restore, Cloud: score 0.25 -> 0.75; level 0

"#]]);
    answer(&["backup-scope", "--choose", "databases,files", "--not-applicable-choices", "mail"]).gives(str![[r#"
backup-scope: answered (was not answered), in answers/backup.yaml
Backup and Restore, Cloud: score 0.75 -> 1.25; level 1

"#]]);
    answer(&["backup-context", "--text", "first line\n  second: line\n\nlast"]).gives(str![[r#"
backup-context: answered (was not answered), in answers/backup.yaml
Backup and Restore, Cloud: score 1.25, as before; level 1

"#]]);
    answer(&["last-restore", "--date", "2026-03-01"]).gives(str![[r#"
last-restore: answered (was not answered), in answers/backup.yaml
Backup and Restore, Cloud: score 1.25, as before; level 1

"#]]);
    answer(&["backup-policy@on-premises", "--not-applicable", "out-of-scope", "--note", "Nothing is left there."]).gives(str![[r#"
backup-policy@on-premises: not applicable (was not answered), in answers/backup.yaml
Backup and Restore, On premises: score 0.50 -> 2.00; level 2

"#]]);
    shows(
        &sandbox.read("../new/answers/backup.yaml"),
        str![[r##"
# yaml-language-server: $schema=../schemas/answers.schema.json
# Backup and Restore: `opsready kit show backup` lists the questions.
capability: backup
answers:
  backup-policy@cloud:
    choose: drafted
    note: "v0.3: \"draft\""
    evidence:
      - {link: "https://wiki.example/p?a=1#b"}
    by: [ops-lead]
    answered_on: 2026-12-01
  restore-tested@cloud:
    choose: "yes"
    answered_on: 2026-12-01
  backup-scope:
    choose: [databases, files]
    not_applicable_choices: [mail]
    answered_on: 2026-12-01
  backup-context:
    text: |-
      first line
        second: line

      last
    answered_on: 2026-12-01
  last-restore:
    date: 2026-03-01
    answered_on: 2026-12-01
  backup-policy@on-premises:
    not_applicable:
      reason: out-of-scope
      note: Nothing is left there.
    answered_on: 2026-12-01

"##]],
    );
}

#[test]
fn what_was_not_said_is_written_and_told() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    works(&sandbox.run(&["init", "../new", "--no-input", "--kit", &kit]));
    let answer = |arguments: &[&str]| sandbox.run_in("new", &[&["answer"], arguments].concat());
    answer(&["patch-report", "--dont-know", "--owner", "service-owner", "--due", "2026-12-24", "--note", "Ask after\nthe audit."]).gives(
        str![[r#"
patch-report: not known (was not answered), in answers/patching.yaml
Patching, Cloud: score 0.00, as before; level 0

"#]],
    );
    answer(&["patch-window@cloud", "--park", "--note", "After the landing zone"]).gives(str![[r#"
patch-window@cloud: parked (was not answered), in answers/patching.yaml
Patching, Cloud: score 0.00, as before; level 0

"#]]);
    answer(&["patch-window@on-premises", "--park"]).gives(str![[r#"
patch-window@on-premises: parked (was not answered), in answers/patching.yaml
Patching, On premises: score 0.00, as before; level 0

"#]]);
    shows(
        &sandbox.read("../new/answers/patching.yaml"),
        str![[r#"
# yaml-language-server: $schema=../schemas/answers.schema.json
# Patching: `opsready kit show patching` lists the questions.
capability: patching
answers:
  patch-report:
    dont_know:
      owner: service-owner
      due: 2026-12-24
      note: |-
        Ask after
        the audit.
    answered_on: 2026-12-01
  patch-window@cloud:
    parked:
      note: After the landing zone
    answered_on: 2026-12-01
  patch-window@on-premises:
    parked: {}
    answered_on: 2026-12-01

"#]],
    );
    sandbox.run_in("new", &["status"]).gives(str![[r#"
new, Small Operations 1.2.0
┌────────────────────┬───────┬──────────┬─────┬─────────┬────────┬──────┬──────┬──────────┐
│ Capability         ┆ Asked ┆ Answered ┆ N/A ┆ Unknown ┆ Parked ┆ Open ┆ Done ┆ Evidence │
╞════════════════════╪═══════╪══════════╪═════╪═════════╪════════╪══════╪══════╪══════════╡
│ Backup and Restore ┆     5 ┆        0 ┆   0 ┆       0 ┆      0 ┆    5 ┆  0 % ┆        – │
│ Patching           ┆     3 ┆        0 ┆   0 ┆       1 ┆      2 ┆    0 ┆  0 % ┆        – │
└────────────────────┴───────┴──────────┴─────┴─────────┴────────┴──────┴──────┴──────────┘

To find out:
  patch-report  Service owner, by 2026-12-24

Parked:
  patch-window@on-premises
  patch-window@cloud  After the landing zone

Next: Is there a policy for backups?
  backup-policy@on-premises
  opsready answer backup-policy@on-premises --choose ID   # none, drafted, agreed

"#]]);
}

#[test]
fn a_number_is_written_as_a_number() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n");
    for (given, written) in [("62.5", "62.5"), ("95", "95"), ("0", "0"), ("100.0", "100"), ("1e1", "10")] {
        works(&sandbox.run(&["answer", "restore-share@cloud", "--number", given]));
        let text = sandbox.read("answers/backup.yaml");
        assert!(text.contains(&format!("  restore-share@cloud:\n    number: {written}\n")), "{given}: {text}");
    }
}

#[test]
fn a_number_outside_its_limits_is_refused_with_the_limits() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n");
    sandbox.refuses(
        &["answer", "restore-share@cloud", "--number", "101"],
        2,
        str![[r#"
error[bad-number]: the answer is a number from 0 to 100 (percent), not 101
 --> answers/backup.yaml:4:13
  |
4 |     number: 101
  |             ^^^
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn evidence_is_added_to_the_evidence_that_is_there() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-context:\n    text: x\n");
    works(&sandbox.run(&["answer", "backup-context", "--text", "y", "--evidence", "https://a.example"]));
    works(&sandbox.run(&["answer", "backup-context", "--text", "y", "--evidence", "https://b.example"]));
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
capability: backup
answers:
  backup-context:
    text: "y"
    evidence:
      - {link: "https://a.example"}
      - {link: "https://b.example"}
    answered_on: 2026-12-01

"#]],
    );
}

#[test]
fn evidence_is_added_to_a_list_of_its_owner() {
    let sandbox = answered();
    works(&sandbox.run(&["answer", "backup-policy@on-premises", "--choose", "agreed", "--evidence", "https://b.example"]));
    let text = sandbox.read("answers/backup.yaml");
    assert!(text.contains("{title: Policy, link: \"https://wiki.example/policy\"}") && text.contains("https://b.example"), "{text}");
}

#[test]
fn evidence_may_be_given_twice_in_one_command() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-context:\n    text: x\n");
    works(&sandbox.run(&["answer", "backup-context", "--text", "y", "--evidence", "https://a.example", "--evidence", "https://b.example"]));
    let text = sandbox.read("answers/backup.yaml");
    let (a, b) = (text.find("https://a.example"), text.find("https://b.example"));
    assert!(a.is_some() && a < b, "{text}");
}

#[test]
fn a_new_state_takes_the_place_of_the_old_one() {
    let sandbox = Sandbox::with_answers(ANSWERS);
    for (arguments, wanted, gone) in [
        (&["backup-scope", "--choose", "files"][..], "choose: files", "databases"),
        (&["backup-scope", "--dont-know"], "dont_know: {}", "choose: files"),
        (&["backup-scope", "--park"], "parked: {}", "dont_know: {}"),
        (&["backup-scope", "--not-applicable", "other"], "reason: other", "parked: {}"),
        (&["backup-scope", "--choose", "mail,databases"], "choose: [mail, databases]", "reason: other"),
    ] {
        works(&sandbox.run(&[&["answer"], arguments].concat()));
        let text = sandbox.read("answers/backup.yaml");
        assert!(text.contains(wanted) && !text.contains(gone), "{arguments:?}: {text}");
        works(&sandbox.run(&["score"]));
    }
}

#[test]
fn clear_takes_the_answer_out() {
    let sandbox =
        Sandbox::with_answers("capability: backup\nanswers:\n  backup-context:\n    text: x\n  backup-scope:\n    choose: [files]\n");
    sandbox.run(&["answer", "backup-context", "--clear"]).gives(str![[r#"
backup-context: not answered (was answered), in answers/backup.yaml
Backup and Restore, Cloud: score 0.12, as before; level 0

"#]]);
    assert_eq!(sandbox.read("answers/backup.yaml"), "capability: backup\nanswers:\n  backup-scope:\n    choose: [files]\n");
    sandbox.run(&["answer", "backup-context", "--clear"]).gives(str![[r#"
--- standard error
`backup-context` has no answer; nothing was changed

"#]]);
}

#[test]
fn a_file_whose_last_answer_was_cleared_takes_the_next_one_as_a_block() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-scope:\n    choose: [files]\n");
    works(&sandbox.run(&["answer", "backup-scope", "--clear"]));
    works(&sandbox.run(&["answer", "backup-scope", "--choose", "mail"]));
    assert_eq!(
        sandbox.read("answers/backup.yaml"),
        "capability: backup\nanswers:\n  backup-scope:\n    choose: mail\n    answered_on: 2026-12-01\n"
    );
}

#[test]
fn the_rest_of_a_hand_written_file_stays_as_it_is() {
    let sandbox = Sandbox::with_answers(ODD_ANSWERS);
    works(&sandbox.run(&["answer", "backup-context", "--text", "new"]));
    works(&sandbox.run(&["answer", "last-restore", "--date", "2026-04-01"]));
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r##"
# Answers of the workshop.  Do not reformat!

capability:   'backup'     # odd spacing is ours
answers:

    # agreed with finance
    "backup-policy@cloud" : { choose: 'drafted',  note: "v0.3: a draft" }   # keep me

    last-restore:
        date: 2026-04-01    # from the log
        by:   [ ops-lead ,  "Anna Müller" ]
        note: >-
            folded
            text
        answered_on: 2026-12-01
    backup-context:
      text: new
      answered_on: 2026-12-01
# the end

"##]],
    );
    works(&sandbox.run(&["answer", "backup-policy@cloud", "--choose", "agreed", "--note", "signed"]));
    let text = sandbox.read("answers/backup.yaml");
    let line = "    \"backup-policy@cloud\" : { choose: agreed,  note: ";
    assert!(text.contains(line) && text.contains("signed") && text.contains("}   # keep me\n"), "{text}");
    works(&sandbox.run(&["answer", "backup-context", "--clear"]));
    let text = sandbox.read("answers/backup.yaml");
    assert!(!text.contains("backup-context"), "{text}");
    for comment in [
        "# Answers of the workshop.  Do not reformat!\n",
        "     # odd spacing is ours\n",
        "\n    # agreed with finance\n",
        "    # from the log\n",
        "# the end\n",
    ] {
        assert!(text.contains(comment), "{comment} in {text}");
    }
}

#[test]
fn a_comment_under_the_heading_stays_where_it_is() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  # what finance said\n");
    works(&sandbox.run(&["answer", "backup-context", "--text", "x"]));
    assert_eq!(
        sandbox.read("answers/backup.yaml"),
        "capability: backup\nanswers:\n  # what finance said\n  backup-context:\n    text: x\n    answered_on: 2026-12-01\n"
    );
}

#[test]
fn answers_written_as_json_stay_readable() {
    let sandbox = Sandbox::with_answers("{\"capability\": \"backup\", \"answers\": {\"backup-context\": {\"text\": \"x\"}}}\n");
    works(&sandbox.run(&["answer", "backup-scope", "--choose", "files"]));
    let text = sandbox.read("answers/backup.yaml");
    assert!(text.starts_with("{\"capability\": \"backup\", \"answers\": {\"backup-context\": {\"text\": \"x\"}"), "{text}");
    works(&sandbox.run(&["status"]));
}

#[test]
fn text_that_yaml_could_take_for_something_else_comes_back_as_it_was() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n");
    for text in [
        "yes",
        "null",
        "12",
        "1e3",
        "0x1F",
        "~",
        "- a",
        "a: b",
        "a #b",
        "'",
        "\"",
        "\\n",
        "{x}",
        "@x",
        "%",
        " leading",
        "trailing ",
        "tab\there",
        "ä€😀",
        "!x",
        "&a",
        "*a",
        "---",
        "...",
        "a\n",
        "\na",
        "  a\n b\n\n",
    ] {
        works(&sandbox.run(&["answer", "backup-context", &format!("--text={text}"), &format!("--note={text}")]));
        let explained = sandbox.run(&["explain", "question:backup-context"]);
        works(&explained);
        let file = sandbox.read("answers/backup.yaml");
        let read: Value = serde_saphyr::from_str(&file).expect("the file is YAML");
        assert_eq!(read["answers"]["backup-context"]["text"], text, "{file}");
        if !text.trim().is_empty() {
            assert_eq!(read["answers"]["backup-context"]["note"], text, "{file}");
        }
    }
}

#[test]
fn a_question_that_is_not_asked_keeps_its_answer_and_says_so() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-policy@cloud:\n    choose: none\n");
    sandbox.run(&["answer", "restore-tested@cloud", "--choose", "yes"]).gives(str![[r#"
restore-tested@cloud: answered (was not answered), in answers/backup.yaml
Backup and Restore, Cloud: score 0.00, as before; level 0
--- standard error
`restore-tested@cloud` is kept, and does not count while the question is not asked: `opsready explain question:restore-tested` says why

"#]]);
    assert!(sandbox.read("answers/backup.yaml").contains("restore-tested@cloud"));
}

#[test]
fn a_missing_environment_is_asked_for() {
    let sandbox = answered();
    sandbox.refuses(
        &["answer", "backup-policy", "--choose", "drafted"],
        2,
        str![[r#"
error: the question `backup-policy` is asked in each environment
  = help: write `backup-policy@on-premises` or `backup-policy@cloud`

"#]],
    );
    // Where it is asked in one environment alone, there is nothing to ask.
    works(&sandbox.run(&["answer", "restore-share", "--park"]));
    assert!(sandbox.read("answers/backup.yaml").contains("  restore-share@cloud:\n    parked: {}\n"));
}

#[test]
fn an_answer_as_json_tells_before_and_after() {
    let run = answered().run(&["answer", "backup-policy@cloud", "--choose", "agreed", "--json"]);
    let told = run.json();
    assert_eq!(keys(&told), ["question", "environment", "state", "before", "score", "level", "file"]);
    assert_eq!((&told["state"], &told["before"], &told["environment"]), (&"answered".into(), &"answered".into(), &"cloud".into()));
}

// score

#[test]
fn score_shows_a_table_for_each_environment() {
    answered().run(&["score"]).gives(str![[r#"
Cloud (target)
┌────────────────────┬─────────┬────────┬─────┬─────────┬──────────┬──────────┐
│ Capability         ┆ Current ┆ Target ┆ Gap ┆   Range ┆ Coverage ┆ Risk     │
╞════════════════════╪═════════╪════════╪═════╪═════════╪══════════╪══════════╡
│ Backup and Restore ┆ 1 (0.8) ┆      2 ┆   1 ┆ 0.8–1.8 ┆     40 % ┆ 1 high   │
│ Patching           ┆ 0 (0.5) ┆      2 ┆   2 ┆ 0.5–1.5 ┆     50 % ┆ 1 medium │
└────────────────────┴─────────┴────────┴─────┴─────────┴──────────┴──────────┘
Overall 0.6 (up to 1.6), weighted by importance; capabilities from 0.5 to 0.8.

On premises
┌────────────────────┬─────────┬────────┬─────┬───────┬──────────┬──────┐
│ Capability         ┆ Current ┆ Target ┆ Gap ┆ Range ┆ Coverage ┆ Risk │
╞════════════════════╪═════════╪════════╪═════╪═══════╪══════════╪══════╡
│ Backup and Restore ┆ 2 (2.0) ┆      2 ┆   0 ┆   2.0 ┆     60 % ┆ –    │
│ Patching           ┆       – ┆      2 ┆   – ┆     – ┆     50 % ┆ –    │
└────────────────────┴─────────┴────────┴─────┴───────┴──────────┴──────┘
Overall 2.0, weighted by importance; capabilities from 2.0 to 2.0.

Gaps up to the targets: 2 confirmed, 2 to be clarified.
Answered: 6 of 10 questions (60 %); with evidence: 1 of 5 answers (20 %).

"#]]);
}

#[test]
fn score_without_answers_shows_the_whole_range() {
    Sandbox::workspace().run(&["score"]).gives(str![[r#"
Cloud (target)
┌────────────────────┬─────────┬────────┬─────┬─────────┬──────────┬──────┐
│ Capability         ┆ Current ┆ Target ┆ Gap ┆   Range ┆ Coverage ┆ Risk │
╞════════════════════╪═════════╪════════╪═════╪═════════╪══════════╪══════╡
│ Backup and Restore ┆ 0 (0.0) ┆      2 ┆   2 ┆ 0.0–2.0 ┆      0 % ┆ –    │
│ Patching           ┆ 0 (0.0) ┆      2 ┆   2 ┆ 0.0–2.0 ┆      0 % ┆ –    │
└────────────────────┴─────────┴────────┴─────┴─────────┴──────────┴──────┘
Overall 0.0 (up to 2.0), weighted by importance; capabilities from 0.0 to 0.0.

On premises
┌────────────────────┬─────────┬────────┬─────┬─────────┬──────────┬──────┐
│ Capability         ┆ Current ┆ Target ┆ Gap ┆   Range ┆ Coverage ┆ Risk │
╞════════════════════╪═════════╪════════╪═════╪═════════╪══════════╪══════╡
│ Backup and Restore ┆ 0 (0.0) ┆      2 ┆   2 ┆ 0.0–2.0 ┆      0 % ┆ –    │
│ Patching           ┆ 0 (0.0) ┆      2 ┆   2 ┆ 0.0–2.0 ┆      0 % ┆ –    │
└────────────────────┴─────────┴────────┴─────┴─────────┴──────────┴──────┘
Overall 0.0 (up to 2.0), weighted by importance; capabilities from 0.0 to 0.0.

Gaps up to the targets: 0 confirmed, 5 to be clarified.
Answered: 0 of 8 questions (0 %); with evidence: 0 of 0 answers (none).

"#]]);
}

#[test]
fn score_as_csv_has_a_line_for_each_capability_and_environment() {
    answered().run(&["score", "--csv"]).gives(str![[r#"
capability,title,environment,score,low,high,level,level_high,target,importance,coverage,risk_high,risk_medium,risk_low,gaps_confirmed,gaps_to_clarify
backup,Backup and Restore,on-premises,2,2,2,2,2,2,3,0.6,0,0,0,0,0
backup,Backup and Restore,cloud,0.75,0.75,1.75,1,1,2,3,0.4,1,0,0,1,1
patching,Patching,on-premises,,,,,,2,3,0.5,0,0,0,0,0
patching,Patching,cloud,0.5,0.5,1.5,0,0,2,3,0.5,0,1,0,1,1

"#]]);
}

#[test]
fn score_as_json_has_the_keys_that_others_rely_on() {
    let card = answered().run(&["score", "--json"]).json();
    assert_eq!(card["schema"], "opsready/scorecard/v1");
    assert_eq!(card["kit"], serde_json::json!({"id": "small", "version": "1.2.0"}));
    assert_eq!(card["target_environment"], "cloud");
    for key in ["schema", "kit", "target_environment", "overall", "coverage", "evidence_coverage", "risks", "capabilities", "gaps"] {
        assert!(card.get(key).is_some(), "{key}");
    }
    assert_eq!(keys(&card["overall"]), ["on-premises", "cloud"]);
    assert_eq!(keys(&card["overall"]["cloud"]), ["score", "low", "high", "min", "max"]);
    assert_eq!(keys(&card["risks"]), ["high", "medium", "low", "none", "unanswered", "not_applicable"]);
    let backup = item(&card["capabilities"], "id", "backup");
    for key in ["id", "target", "coverage", "environments", "practices", "questions"] {
        assert!(backup.get(key).is_some(), "{key}");
    }
    let cloud = &backup["environments"]["cloud"];
    for key in ["score", "low", "high", "level", "level_high", "held_by", "level_means"] {
        assert!(cloud.get(key).is_some(), "{key}");
    }
    assert_eq!(keys(&cloud["level_means"]), ["1", "2"]);
    let practice = item(&backup["practices"], "id", "backup-policy-agreed");
    assert_eq!(
        practice,
        &serde_json::json!({"id": "backup-policy-agreed", "level": 1, "environments": {"on-premises": {"credit": 1.0, "high": 1.0}, "cloud": {"credit": 0.5, "high": 0.5}}})
    );
    for question in backup["questions"].as_array().expect("a list") {
        assert_eq!(keys(question), ["id", "environment", "state", "risk"]);
    }
    for gap in card["gaps"].as_array().expect("a list") {
        let wanted =
            ["practice", "capability", "environment", "level", "credit", "high", "confirmed", "risk", "priority", "effort", "wave"];
        assert_eq!(keys(gap), wanted);
    }
}

#[test]
fn score_as_json_has_the_numbers_that_the_rules_give() {
    let card = answered().run(&["score", "--json"]).json();
    let close = |value: &Value, wanted: f64| assert!((value.as_f64().expect("a number") - wanted).abs() < 1e-9, "{value} is not {wanted}");
    // Level 1: a policy at 0.5 and a checklist of which databases and files count, since mail does not apply: (0.5 + 1) / 2.
    // Level 2: the restore, which nobody knows about: 0 to 1. Its second link is hidden behind the first, and as open.
    let cloud = &item(&card["capabilities"], "id", "backup")["environments"]["cloud"];
    close(&cloud["level_means"]["1"], 0.75);
    close(&cloud["level_means"]["2"], 0.0);
    close(&cloud["score"], 0.75);
    close(&cloud["low"], 0.75);
    close(&cloud["high"], 1.75);
    assert_eq!((&cloud["level"], &cloud["level_high"]), (&1.into(), &1.into()));
    // The policy keeps level 1 from being full, the restores level 2 from being large.
    assert_eq!(cloud["held_by"], serde_json::json!(["backup-policy-agreed", "restores-tested"]));
    let gaps = card["gaps"].as_array().expect("a list");
    let names: Vec<&str> = gaps.iter().filter_map(|gap| gap["practice"].as_str()).collect();
    // 2 x 3 x 1 x 1 = 6 for the restores, which require the policy (3 x 3 x 0.5 = 4.5) and so lift it to 6, too.
    assert_eq!(names, ["backup-policy-agreed", "restores-tested", "patch-window", "patch-report-published"]);
    let policy = &gaps[0];
    close(&policy["priority"], 4.5);
    assert_eq!((&policy["confirmed"], &policy["wave"]), (&true.into(), &0.into()));
    // What is not confirmed is outside the waves.
    let restores = &gaps[1];
    close(&restores["priority"], 6.0);
    assert_eq!((&restores["confirmed"], &restores["wave"]), (&false.into(), &Value::Null));
    // Resolved: 4 of 7 visible questions of backup, 2 of 3 of patching.
    close(&card["coverage"], 6.0 / 10.0);
    close(&card["evidence_coverage"], 1.0 / 5.0);
    assert_eq!(card["risks"]["not_applicable"], 1);
}

#[test]
fn score_as_json_has_null_for_what_does_not_apply() {
    let sandbox = answered();
    sandbox.write("answers/patching.yaml", "capability: patching\nanswers:\n  patch-window@on-premises:\n    not_applicable: {reason: other}\n  patch-report:\n    not_applicable: {reason: other}\n");
    let card = sandbox.run(&["score", "--json"]).json();
    let patching = item(&card["capabilities"], "id", "patching");
    let here = &patching["environments"]["on-premises"];
    for key in ["score", "low", "high", "level", "level_high"] {
        assert_eq!(here[key], Value::Null, "{key}");
    }
    assert_eq!(here["held_by"], serde_json::json!([]));
    assert_eq!(here["level_means"], serde_json::json!({}));
    let window = item(&patching["practices"], "id", "patch-window");
    assert_eq!(window["environments"]["on-premises"], serde_json::json!({"credit": null, "high": null}));
    let report = item(&patching["questions"], "id", "patch-report");
    assert_eq!(
        report,
        &serde_json::json!({"id": "patch-report", "environment": null, "state": "not-applicable", "risk": "not-applicable"})
    );
    let states: Vec<&str> =
        card["capabilities"][0]["questions"].as_array().expect("a list").iter().filter_map(|question| question["state"].as_str()).collect();
    assert_eq!(states, ["answered", "answered", "answered", "dont-know", "answered", "unanswered", "parked"]);
}

#[test]
fn fail_under_exits_with_1_where_a_level_is_missed() {
    let sandbox = answered();
    let run = sandbox.run(&["score", "--fail-under", "2"]);
    assert_eq!(run.code, Some(1));
    shows(
        &run.stderr,
        str![[r#"
backup attains level 1 in cloud, under 2
patching attains level 0 in cloud, under 2

"#]],
    );
    assert_eq!(sandbox.run(&["score", "--fail-under", "0"]).code, Some(0));
    let run = sandbox.run(&["score", "--json", "--fail-under", "2"]);
    assert_eq!(run.code, Some(1));
    serde_json::from_str::<Value>(&run.stdout).expect("standard output is still JSON");
    assert_eq!(sandbox.run(&["score", "--csv", "--fail-under", "1"]).code, Some(1));
}

// explain

#[test]
fn explain_shows_how_a_number_came_about() {
    let sandbox = answered();
    sandbox.run(&["explain", "backup"]).gives(str![[r#"
Backup and Restore (backup): target 2, importance 3

In On premises:
  M(1) = 1: mean credit of the practices at level 1
      backup-policy-agreed: credit 1, weight 1
      backup-complete: credit 1, weight 1
      low = (1 x 1 + 1 x 1) / (1 + 1) = 1
  M(2) = 1: mean credit of the practices at level 2
      restores-tested: credit 1, weight 1
      low = (1 x 1) / (1) = 1
  score = 0 + (2 - 0) x mean(1, 1) = 2
  level attained = 2 Managed: M above 0.5 there, above 0.85 at every lower level
      level 1: M = 1, fully in place
      level 2: M = 1, fully in place

In Cloud:
  M(1) = 0.75: mean credit of the practices at level 1
      backup-policy-agreed: credit 0.5, weight 1
      backup-complete: credit 1, weight 1
      low = (0.5 x 1 + 1 x 1) / (1 + 1) = 0.75
  M(2) = 0 to 1: mean credit of the practices at level 2
      restores-tested: credit 0 to 1, weight 1
      low = (0 x 1) / (1) = 0
  score = 0 + (2 - 0) x mean(0.75, 0) = 0.75
  at most 0 + (2 - 0) x mean(0.75, 1) = 1.75
  level attained = 1 Basic: M above 0.5 there, above 0.85 at every lower level
      level 1: M = 0.75, largely in place
      level 2: M = 0, not largely in place
  held down by backup-policy-agreed, restores-tested

Coverage: (4 answered + 0 not applicable) / 7 visible = 0.5714

"#]]);
    sandbox.run(&["explain", "restores-tested"]).gives(str![[r#"
Restores are tested (restores-tested), of backup: level 2, risk medium, weight 1, effort M

In On premises:
  restore-tested@on-premises: 1 (answered `yes`)
  credit = mean(1) = 1

In Cloud:
  restore-tested@cloud: 0 to 1 (not known)
  restore-share@cloud: 0 to 1 (not asked yet: a question it depends on is open)
  credit = mean(0, 0) = 0
  at most 1 when everything open turns out well

Gap in Cloud: to be clarified, since open questions could close it. Priority = risk 2 x importance 3 x weight 1 x (1 - 0) = 6

"#]]);
    sandbox.run(&["explain", "restore-tested"]).gives(str![[r#"
Was a restore tested in the last year? (restore-tested), of backup

restore-tested@on-premises:
  answered: Yes
  restores-tested: 1 (answered `yes`)
  risk: none (the worst among the practices with less than 1)

restore-tested@cloud:
  not known
  restores-tested: 0 to 1 (not known)
  risk: unanswered

"#]]);
    sandbox.run(&["explain", "overall"]).gives(str![[r#"
Overall: the mean score of the capabilities, weighted by importance (1 to 5).

In On premises:
  backup: score 2, importance 3
  patching: no practice applies; left out
  low  = (2 x 3) / (3) = 2
  high = 2 when everything open turns out well
  lowest capability 2, highest 2

In Cloud:
  backup: score 0.75 to 1.75, importance 3
  patching: score 0.5 to 1.5, importance 3
  low  = (0.75 x 3 + 0.5 x 3) / (3 + 3) = 0.625
  high = 1.625 when everything open turns out well
  lowest capability 0.5, highest 0.75

Coverage: (5 answered + 1 not applicable) / 10 visible = 0.6
Evidence: 1 answers with evidence / 5 answers = 0.2

"#]]);
}

#[test]
fn explain_of_a_question_that_is_not_asked_says_why() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-policy@cloud:\n    choose: none\n");
    sandbox.run(&["explain", "question:restore-tested"]).gives(str![[r#"
Was a restore tested in the last year? (restore-tested), of backup

restore-tested@on-premises:
  not asked yet: a question it depends on is open; its credits go from 0 to 1
  it is asked when backup-policy:drafted || backup-policy:agreed

restore-tested@cloud:
  not asked: what it builds on is missing; its credits are 0
  it is asked when backup-policy:drafted || backup-policy:agreed

"#]]);
}

#[test]
fn explain_asks_which_one_is_meant() {
    let sandbox = answered();
    sandbox.refuses(
        &["explain", "patch-window"],
        2,
        str![[r#"
error: `patch-window` is several things
  = help: write `practice:patch-window` or `question:patch-window`

"#]],
    );
    sandbox.run(&["explain", "question:patch-window"]).gives(str![[r#"
Who decides when systems are patched? (patch-window), of patching

patch-window@on-premises:
  not applicable
  patch-window: left out (not applicable)
  risk: not-applicable

patch-window@cloud:
  answered: Each team for itself
  patch-window: 0.5 (answered `team`)
  risk: medium (the worst among the practices with less than 1)

"#]]);
    sandbox.run(&["explain", "practice:patch-window"]).gives(str![[r#"
An agreed window for patches (patch-window), of patching: level 1, risk medium, weight 1, effort S

In On premises:
  patch-window@on-premises: left out (not applicable)
  no question is left that tells of it: it does not apply here

In Cloud:
  patch-window@cloud: 0.5 (answered `team`)
  credit = mean(0.5) = 0.5

Gap in Cloud: confirmed. Priority = risk 2 x importance 3 x weight 1 x (1 - 0.5) = 3

"#]]);
    sandbox.refuses(
        &["explain", "patch-windows"],
        2,
        str![[r#"
error: the kit has no capability, practice or question `patch-windows`
  = help: did you mean `patch-window`?

"#]],
    );
    sandbox.refuses(
        &["explain", "practice:backup"],
        2,
        str![[r#"
error: `backup` is no practice
  = help: write `backup`

"#]],
    );
}

// kit

#[test]
fn kit_list_names_the_shipped_kits() {
    let sandbox = Sandbox::empty();
    let run = sandbox.run(&["kit", "list"]);
    works(&run);
    assert!(run.stdout.contains("aws-cloud-operations "), "{}", run.stdout);
    let kits = sandbox.run(&["kit", "list", "--json"]).json();
    assert_eq!(keys(item(&kits, "id", "aws-cloud-operations")), ["id", "title", "version", "capabilities", "questions", "practices"]);
}

#[test]
fn kit_show_shows_each_thing() {
    let sandbox = Sandbox::workspace();
    sandbox.run(&["kit", "show"]).gives(str![[r#"
small 1.2.0: Small Operations

Two capabilities, enough to see every kind of answer.

Scale:
  0 Absent: Nothing is in place
  1 Basic: Somebody does it
  2 Managed: It is agreed and repeated

Environments: on-premises, cloud; gaps are closed in cloud

Capabilities:
  backup  Backup and Restore (6 questions, 3 practices)
  patching  Patching (2 questions, 2 practices)

"#]]);
    sandbox.run(&["kit", "show", "backup"]).gives(str![[r#"
backup: Backup and Restore

What is lost comes back in time.

Questions:
  backup-policy  Is there a policy for backups? [on-premises, cloud]
  restore-tested  Was a restore tested in the last year? [on-premises, cloud]
  restore-share  What share of restores came back in time? [cloud]
  backup-scope  What is backed up?
  backup-context  What else should we know?
  last-restore  When was the last restore?

Practices:
  backup-policy-agreed  level 1, risk high: An agreed policy
  backup-complete  level 1, risk high: Everything that matters is backed up
  restores-tested  level 2, risk medium: Restores are tested

"#]]);
    sandbox.run(&["kit", "show", "backup-policy"]).gives(str![[r#"
backup-policy: Is there a policy for backups?

Without a policy nobody knows what is safe.

Type: ladder
Asked in each of: on-premises, cloud
Ask: Operations lead
Evidence: the policy's page

Choices:
  none  Nobody can show one
  drafted  Written down
      credits backup-policy-agreed 0.5
  agreed  Agreed, with an owner
      credits backup-policy-agreed 1

"#]]);
    sandbox.run(&["kit", "show", "restore-share"]).gives(str![[r#"
restore-share: What share of restores came back in time?

Type: number
Asked in each of: cloud
Asked when: restore-tested:yes

Bands:
  poor from 0
  fair from 80
      credits restores-tested 0.5
  good from 95
      credits restores-tested 1

"#]]);
    sandbox.run(&["kit", "show", "restores-tested"]).gives(str![[r#"
restores-tested: Restores are tested

Level 2, risk medium, weight 1, effort M

A restore is tested at least once a year.

Requires: backup-policy-agreed

Asked by: restore-tested, restore-share
Restore: https://example.com/restore

"#]]);
    sandbox.run(&["kit", "show", "patch-window"]).gives(str![[r#"
patch-window: Who decides when systems are patched?

Type: single
Asked in each of: on-premises, cloud

Choices:
  nobody  Nobody
  team  Each team for itself
      credits patch-window 0.5
  calendar  An agreed calendar
      credits patch-window 1

patch-window: An agreed window for patches

Level 1, risk medium, weight 1, effort S

Asked by: patch-window
Window: https://example.com/window

"#]]);
    assert_eq!(sandbox.run(&["kit", "show", "small"]).stdout, sandbox.run(&["kit", "show"]).stdout);
    sandbox.refuses(
        &["kit", "show", "backup-polcy"],
        2,
        str![[r#"
error: the kit has no capability, question or practice `backup-polcy`
  = help: did you mean `backup-policy`?

"#]],
    );
}

#[test]
fn kit_show_needs_no_workspace_for_a_kit_that_is_named() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    works(&sandbox.run(&["kit", "show", "--kit", &kit, "backup"]));
    works(&sandbox.run(&["kit", "show", "aws-cloud-operations"]));
    sandbox.refuses(
        &["kit", "show"],
        2,
        str![[r#"
error: there is no workspace in `.` or above it
  = help: make one with `opsready init DIR --kit ID`, or name it with `-C DIR`

"#]],
    );
}

#[test]
fn a_new_kit_is_clean_and_can_be_used() {
    let sandbox = Sandbox::empty();
    sandbox.run(&["kit", "new", "my-operations"]).gives(str![[r#"
Made the kit `my-operations` in `my-operations`.

Next:
  opsready kit lint my-operations
  opsready init my-workspace --kit my-operations

"#]]);
    sandbox.run(&["kit", "lint", "my-operations", "--strict"]).gives(str![[r#"
--- standard error
1 kit: 0 errors, 0 warnings

"#]]);
    works(&sandbox.run(&["init", "w", "--no-input", "--kit", "./my-operations"]));
    works(&sandbox.run(&["-C", "w", "answer", "rota@cloud", "--choose", "rota"]));
    works(&sandbox.run(&["-C", "w", "score"]));
    sandbox.refuses(
        &["kit", "new", "my-operations"],
        2,
        str![[r#"
error: `my-operations` is not empty; nothing was changed
  = help: name a new folder

"#]],
    );
    sandbox.refuses(
        &["kit", "new", "my operations"],
        2,
        str![[r#"
error: `my operations` cannot be the id of a kit
  = help: name a folder with letters, digits and `-`, such as `my-operations`

"#]],
    );
}

#[test]
fn the_small_kit_is_clean() {
    let sandbox = Sandbox::workspace();
    sandbox.run(&["kit", "lint", "--strict"]).gives(str![[r#"
--- standard error
1 kit: 0 errors, 0 warnings

"#]]);
}

#[test]
fn a_warning_stops_kit_lint_only_when_it_is_strict() {
    let sandbox = Sandbox::workspace();
    sandbox.replace("kit/capabilities/patching.yaml", "      references: [{title: Window, url: \"https://example.com/window\"}]\n", "");
    sandbox.run(&["kit", "lint"]).gives(str![[r#"
--- standard error
warning[practice-without-reference]: the practice `patch-window` cites no page
  --> kit/capabilities/patching.yaml:22:11
   |
22 |     - id: patch-window
   |           ^^^^^^^^^^^^
1 kit: 0 errors, 1 warning

"#]]);
    assert_eq!(sandbox.run(&["kit", "lint", "--strict"]).code, Some(1));
    sandbox.run(&["kit", "lint", "--short"]).gives(str![[r#"
kit/capabilities/patching.yaml:22:11: warning[practice-without-reference]: the practice `patch-window` cites no page
--- standard error
1 kit: 0 errors, 1 warning

"#]]);
    let found = sandbox.run(&["kit", "lint", "--json"]).json();
    assert_eq!((&found["errors"], &found["warnings"]), (&0.into(), &1.into()));
    assert_eq!(keys(&found["findings"][0]), ["file", "line", "column", "severity", "code", "message", "help"]);
    // What a kit's owner should know does not stop a customer.
    assert_eq!(sandbox.run(&["score"]).code, Some(0));
}

// schema

#[test]
fn every_schema_is_json() {
    let sandbox = Sandbox::empty();
    for name in ["kit", "capability", "assessment", "answers"] {
        let schema = sandbox.run(&["schema", name]).json();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        jsonschema::validator_for(&schema).expect("it is a schema");
    }
    sandbox.refuses(
        &["schema", "kits"],
        2,
        str![[r#"
error: there is no schema `kits`
  = help: did you mean `kit`?

"#]],
    );
}

#[test]
fn the_files_of_a_new_workspace_satisfy_the_schemas() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    works(&sandbox.run(&["init", "x", "--no-input", "--kit", &kit]));
    works(&sandbox.run(&["-C", "x", "answer", "backup-scope", "--choose", "files", "--evidence", "x", "--by", "ops-lead"]));
    for (name, file) in [
        ("kit", "x/kit/kit.yaml"),
        ("capability", "x/kit/capabilities/backup.yaml"),
        ("capability", "x/kit/capabilities/patching.yaml"),
        ("assessment", "x/opsready.yaml"),
        ("answers", "x/answers/backup.yaml"),
    ] {
        let schema: Value = serde_json::from_str(&sandbox.read(&format!("x/schemas/{name}.schema.json"))).expect("a schema is JSON");
        assert_eq!(schema, sandbox.run(&["schema", name]).json(), "{name}");
        let value: Value = serde_saphyr::from_str(&sandbox.read(file)).expect("the file is YAML");
        let validator = jsonschema::validator_for(&schema).expect("it is a schema");
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
    }
}

// Streams, folders, help.

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let sandbox = answered();
    for arguments in [&["schema", "capability"][..], &["kit", "show", "backup"], &["score", "--json"], &["--help"], &["kit", "list"]] {
        let mut child = sandbox.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn head_reads_the_first_line_of_a_schema() {
    let sandbox = Sandbox::empty();
    let mut command = std::process::Command::new("/bin/sh");
    support::clean(&mut command);
    command.args(["-c", "\"$0\" schema kit | head -1", env!("CARGO_BIN_EXE_opsready")]).env("PATH", "/usr/bin:/bin");
    let run = sandbox.finish(command);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code), ("{\n", "", Some(0)));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_failure_of_the_machine() {
    let sandbox = answered();
    let full = std::fs::File::options().write(true).open("/dev/full").expect("there is /dev/full");
    let mut command = sandbox.command(&["score"]);
    let output =
        command.stdout(full).stderr(Stdio::piped()).spawn().expect("the program starts").wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(3));
    shows(
        &String::from_utf8_lossy(&output.stderr),
        str![[r#"
error: No space left on device (os error 28)

"#]],
    );
}

#[test]
fn the_workspace_is_found_from_a_folder_within_it_and_by_name() {
    let sandbox = answered();
    std::fs::create_dir_all(sandbox.path("docs/deep")).expect("folders can be made");
    let here = sandbox.run(&["score"]).stdout;
    assert_eq!(sandbox.run_in("acme/docs/deep", &["score"]).stdout, here);
    assert_eq!(sandbox.run_in("acme/answers", &["score"]).stdout, here);
    assert_eq!(sandbox.run_in("", &["-C", "acme", "score"]).stdout, here);
    assert_eq!(sandbox.run_in("", &["score", "-C", "acme"]).stdout, here);
    assert_eq!(sandbox.run_in("", &["-C", &sandbox.path("").display().to_string(), "score"]).stdout, here);
    sandbox.run_in("acme/docs/deep", &["answer", "backup-context", "--text", "x"]).gives(str![[r#"
backup-context: answered (was not answered), in ../../answers/backup.yaml
Backup and Restore, Cloud: score 0.75, as before; level 1

"#]]);
}

#[test]
fn every_command_has_help() {
    let sandbox = Sandbox::empty();
    let commands: [&[&str]; 15] = [
        &[],
        &["demo"],
        &["init"],
        &["answer"],
        &["status"],
        &["score"],
        &["explain"],
        &["render"],
        &["kit"],
        &["kit", "list"],
        &["kit", "show"],
        &["kit", "lint"],
        &["kit", "new"],
        &["schema"],
        &["help"],
    ];
    for command in commands.iter().filter(|command| **command != ["help"]) {
        let run = sandbox.run(&[command, &["--help"][..]].concat());
        works(&run);
        assert!(run.stdout.contains("Usage: opsready"), "{command:?}: {}", run.stdout);
        assert_eq!(run.stderr, "", "{command:?}");
        let widest = run.stdout.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        assert!(widest <= 160, "{command:?}: {widest} columns");
    }
    works(&sandbox.run(&["help", "answer"]));
}

#[test]
fn help_shows_the_commands() {
    Sandbox::empty().run(&["--help"]).gives(str![[r#"
Operational readiness assessment: discover, score, design, document

Usage: opsready [OPTIONS] <COMMAND>

Commands:
  demo          Make a sample engagement, scored and rendered, to look around in
  init          Make a workspace for a customer
  discover      Ask the questions, one by one; goes on where it stopped
  answer        Record one answer
  prioritise    Say how much capabilities matter and which level they are to reach
  reconcile     Make one answer of what several people said
  decision      Write down what was decided, or is to be, and move it on
  risk          Write down risks, assumptions, issues and dependencies, and move them on
  status        Show what is answered, open, parked and unknown
  score         Show levels, targets, gaps, ranges and coverage
  explain       Show how a number came about
  plan          Plan the work that closes gaps, and see what comes of it
  render        Write the documents
  check         Hold kit, answers, documents and policy against their rules, for a pipeline
  followup      Write what follows a session: recap to send, actions, calendar
  scaffold      Write what a repository needs: checks on each change, owners, a form for changes
  merge-driver  Merge files of a workspace for git: answers by question, the rest by key
  template      List, show, take over and compare the templates of the documents
  backlog       Turn gaps into stories: take them over, bring them to a tracker, close them
  worksheet     Let people answer in a file, and read it back
  milestone     Freeze the scores and answers of today, and look at those of earlier days
  diff          Show what moved between two days, and why
  kit           List, show, check and start kits
  schema        Print the JSON Schema of a file format
  help          Print this message or the help of the given subcommand(s)

Options:
  -C, --directory <DIR>  Use the workspace in DIR [default: found from here upwards]
      --json             Print data as JSON
      --no-input         Ask nothing; stop where an answer is missing
      --color <WHEN>     When to use colour [default: auto] [possible values: auto, always, never]
  -h, --help             Print help
  -V, --version          Print version

Start with `opsready demo`, then `opsready init DIR --kit aws-cloud-operations`.

Exit codes: 0 done; 1 the answer is no (a check or threshold failed, a document is stale, a merge
conflicts);
2 wrong usage or wrong files; 3 the machine failed; 130 interrupted.

"#]]);
}

#[test]
fn help_of_answer_shows_every_state() {
    Sandbox::empty().run(&["answer", "--help"]).gives(str![[r#"
Record one answer

Usage: opsready answer [OPTIONS] <--choose <ID>|--number <N>|--text <T>|--date <DATE>|--not-applicable <REASON>|--dont-know|--park|--clear> <QUESTION[@ENV]>

Arguments:
  <QUESTION[@ENV]>  The question; with @ENVIRONMENT where it is asked in each

Options:
  -C, --directory <DIR>              Use the workspace in DIR [default: found from here upwards]
      --choose <ID>                  The choice; several for a checklist
      --json                         Print data as JSON
      --number <N>                   The number
      --no-input                     Ask nothing; stop where an answer is missing
      --text <T>                     The text
      --color <WHEN>                 When to use colour [default: auto] [possible values: auto,
                                     always, never]
      --date <DATE>                  The date, as 2026-11-20
      --not-applicable <REASON>      The question does not apply: out-of-scope, business-priority,
                                     architecture-constraint or other
      --dont-know                    Nobody knows; `--owner` finds out by `--due`
      --park                         Put it off
      --clear                        Take the answer out of the file
      --not-applicable-choices <ID>  Statements of a checklist that do not apply
      --note <TEXT>                  What was said beyond the answer
      --evidence <LINK>              A link to what shows that the answer is true; it is added to
                                     those that are there
      --by <ROLE>                    Who said it
      --respondent <ID>              Record it as what this respondent said, in responses/, until it
                                     is agreed
      --owner <ROLE>                 Who finds it out
      --due <DATE>                   By when, as 2026-12-01
  -h, --help                         Print help

Examples:
  opsready answer tag-schema@aws --choose drafted --note "with finance since May" --by
  cloud-platform-lead
  opsready answer tag-coverage@aws --number 62.5 --evidence https://wiki.example/coverage
  opsready answer tag-owner --dont-know --owner finops-analyst --due 2026-12-01

"#]]);
}

#[test]
fn the_version_is_that_of_the_package() {
    let run = Sandbox::empty().run(&["--version"]);
    assert_eq!(run.stdout, format!("opsready {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn colour_comes_only_when_it_is_wanted() {
    let sandbox = answered();
    sandbox.write("answers/patching.yaml", "capability: patching\nanswers:\n  x: {}\n");
    assert!(!sandbox.run(&["score"]).stderr.contains('\u{1b}'));
    assert!(sandbox.run(&["score", "--color", "always"]).stderr.contains('\u{1b}'));
    assert!(!sandbox.run(&["score", "--color", "never"]).stderr.contains('\u{1b}'));
}

#[test]
fn the_same_input_gives_the_same_output() {
    let sandbox = answered();
    for arguments in [&["score"][..], &["score", "--json"], &["status"], &["explain", "backup"], &["kit", "show"]] {
        let first = sandbox.run(arguments);
        let second = sandbox.run(arguments);
        assert_eq!((first.stdout, first.stderr), (second.stdout, second.stderr), "{arguments:?}");
    }
}

#[test]
fn what_was_said_while_nobody_knew_stays_as_the_note_of_the_answer() {
    let sandbox = Sandbox::workspace();
    let known = sandbox.run(&["answer", "backup-context", "--dont-know", "--owner", "ops-lead", "--note", "Ask the night shift."]);
    assert_eq!(known.code, Some(0), "{}", known.stderr);
    let answered = sandbox.run(&["answer", "backup-context", "--text", "Two sites."]);
    assert_eq!(answered.code, Some(0), "{}", answered.stderr);
    let file = sandbox.read("answers/backup.yaml");
    assert!(file.contains("Ask the night shift.") && !file.contains("dont_know"), "{file}");
}

#[test]
fn the_demo_leaves_a_workspace_of_somebody_else_alone() {
    let sandbox = Sandbox::workspace();
    let before = sandbox.tree();
    let run = sandbox.run_in(".", &["demo", "acme"]);
    assert_eq!(run.code, Some(2), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("is a workspace of your own, and not the demo"), "{}", run.stderr);
    same(&before, &sandbox.tree());
}

#[test]
fn what_a_respondent_says_stands_apart_until_it_is_agreed() {
    let sandbox = Sandbox::workspace();
    let before = sandbox.run(&["score", "--json"]).stdout;
    sandbox.run(&["answer", "backup-policy@cloud", "--choose", "agreed", "--respondent", "service-owner"]).gives(str![[r#"
backup-policy@cloud: answered (was not answered), in responses/service-owner/backup.yaml
Backup and Restore, Cloud: score 0.00 -> 0.50; level 0

"#]]);
    assert_eq!(sandbox.run(&["score", "--json"]).stdout, before);
    shows(
        &sandbox.read("responses/service-owner/backup.yaml"),
        str![[r#"
# yaml-language-server: $schema=../../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@cloud:
    choose: agreed
    answered_on: 2026-12-01

"#]],
    );
    sandbox.run(&["answer", "backup-policy@cloud", "--choose", "agreed", "--respondent", "../answers"]).gives(str![[r#"
--- standard error
error: `../answers` cannot name a respondent
  = help: a respondent is a role or a short name: letters, digits, `-`, `_` and `.`
--- exit 2

"#]]);
}
