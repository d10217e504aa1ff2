//! Several people, one answer: what they say apart is held against each other, agreed, and never lost.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use opsready::assessment::read::{AssessmentSources, assessment};
use opsready::assessment::reconcile::{Asking, Respondent, Settlement, Verdict, counts, is_same, reconcile, response_of, settle};
use opsready::assessment::{Answer, Assessment};
use opsready::diagnostic::Source;
use opsready::kit::Kit;
use opsready::kit::read::{KitSources, OverlaySources, kit};
use opsready::yaml::edit::change;
use opsready::yaml::record::{Date, Id};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::json;
use snapbox::str;
use std::fmt::Write as _;
use std::sync::LazyLock;
use support::{Sandbox, same, shows, small_kit};

const OPS: &str = "\
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    note: Since 2019.
    evidence: [{title: Policy, link: \"https://wiki.example/policy\"}]
    answered_on: 2026-11-03
  backup-policy@cloud:
    choose: drafted
    note: |
      v0.3, with finance.
      Nobody has signed it.
    answered_on: 2026-11-03
  restore-tested@on-premises: {choose: \"yes\", answered_on: 2026-11-03}
  backup-scope:
    choose: [databases, files]
    answered_on: 2026-11-03
  backup-context: {text: The robot is from 2011., answered_on: 2026-11-03}
";

const OWNER: &str = "\
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    evidence: [{title: Policy, link: \"https://wiki.example/policy\"}, {title: Minutes}]
    by: [auditor]
    answered_on: 2026-11-05
  backup-policy@cloud:
    dont_know: {owner: ops-lead, note: Ask the night shift.}
  restore-tested@on-premises: {choose: \"yes\", answered_on: 2026-11-05}
  backup-scope:
    choose: [databases, files]
    not_applicable_choices: [mail]
    answered_on: 2026-11-05
  last-restore: {parked: {note: After the migration}}
";

const ANNA: &str = "\
capability: backup
answers:
  backup-policy@cloud:
    choose: none
    note: \"Nobody told us: ever.\"
    answered_on: 2026-11-04
  backup-scope:
    not_applicable: {reason: out-of-scope, note: We have none.}
    answered_on: 2026-11-04
";

/// Returns a workspace in which three people have answered on their own.
fn three() -> Sandbox {
    let sandbox = Sandbox::workspace();
    sandbox.write("responses/ops-lead/backup.yaml", OPS);
    sandbox.write("responses/service-owner/backup.yaml", OWNER);
    sandbox.write("responses/anna/backup.yaml", ANNA);
    sandbox
}

#[track_caller]
fn verdict(sandbox: &Sandbox, key: &str) -> String {
    let list = sandbox.run(&["reconcile", "--json"]).json();
    let question = list["questions"].as_array().and_then(|all| all.iter().find(|one| one["key"] == key)).cloned();
    question.unwrap_or_else(|| panic!("{key} is not listed"))["verdict"].as_str().expect("a verdict is a word").to_owned()
}

#[test]
fn everything_is_listed_with_who_said_what() {
    let sandbox = three();
    let before = sandbox.tree();
    sandbox.run(&["reconcile"]).gives(str![[r#"
Respondents: anna, Operations lead, Service owner

All who answered agree (1)
  backup-policy@on-premises  Is there a policy for backups?
    1. agreed: Agreed, with an owner (2 voices)
       Operations lead: Since 2019.
       Service owner with auditor

To decide (2)
  backup-policy@cloud  Is there a policy for backups?
    from none to drafted, 1 rung apart
    1. none: Nobody can show one (1 voice)
       anna: Nobody told us: ever.
    2. drafted: Written down (1 voice)
       Operations lead: v0.3, with finance.
         Nobody has signed it.
       Service owner (not known): Ask the night shift.
  backup-scope  What is backed up?
    1. databases,files: Databases; Files (1 voice)
       Operations lead
    2. databases,files: Databases; Files; without what does not apply: Mail (1 voice)
       Service owner
    3. It does not apply: out of scope (1 voice)
       anna: We have none.

One alone answered (1)
  backup-context  What else should we know?
    1. The robot is from 2011 (1 voice)
       Operations lead

Answered, and not asked as things stand (1)
  restore-tested@on-premises  Was a restore tested in the last year?
    It is asked once the questions that it hangs on are agreed so.
    1. yes: Yes (2 voices)
       Operations lead
       Service owner

Nobody knew yet (1)
  last-restore  When was the last restore?
       Service owner (parked): After the migration

Open: 3 questions to which nobody said anything.

Next: `opsready reconcile --take-agreed` takes over what all agree on.

"#]]);
    same(&before, &sandbox.tree());
}

#[test]
fn the_list_can_be_narrowed_and_read_by_programs() {
    let sandbox = three();
    let before = sandbox.tree();
    sandbox.run(&["reconcile", "backup-scope", "--json"]).gives(str![[r#"
{
  "schema": "opsready/reconciliation/v1",
  "assessment": "acme",
  "respondents": [
    "anna",
    "ops-lead",
    "service-owner"
  ],
  "questions": [
    {
      "key": "backup-scope",
      "question": "backup-scope",
      "environment": null,
      "capability": "backup",
      "verdict": "differ",
      "asked": true,
      "contested": false,
      "conflict": false,
      "spread": null,
      "agreed": null,
      "responses": [
        {
          "choose": [
            "databases",
            "files"
          ],
          "label": "Databases; Files",
          "count": 1,
          "voices": [
            {
              "by": "ops-lead",
              "merged": false,
              "with": [],
              "state": "answered",
              "note": null,
              "answered_on": "2026-11-03"
            }
          ]
        },
        {
          "choose": [
            "databases",
            "files"
          ],
          "not_applicable_choices": [
            "mail"
          ],
          "label": "Databases; Files; without what does not apply: Mail",
          "count": 1,
          "voices": [
            {
              "by": "service-owner",
              "merged": false,
              "with": [],
              "state": "answered",
              "note": null,
              "answered_on": "2026-11-05"
            }
          ]
        },
        {
          "not_applicable": "out-of-scope",
          "label": "It does not apply: out of scope",
          "count": 1,
          "voices": [
            {
              "by": "anna",
              "merged": false,
              "with": [],
              "state": "not-applicable",
              "note": "We have none.",
              "answered_on": "2026-11-04"
            }
          ]
        }
      ],
      "without_answer": []
    }
  ],
  "ignored": []
}

"#]]);
    sandbox.run(&["reconcile", "backup-policy@cloud", "patching"]).gives(str![[r#"
Respondents: anna, Operations lead, Service owner

To decide (1)
  backup-policy@cloud  Is there a policy for backups?
    from none to drafted, 1 rung apart
    1. none: Nobody can show one (1 voice)
       anna: Nobody told us: ever.
    2. drafted: Written down (1 voice)
       Operations lead: v0.3, with finance.
         Nobody has signed it.
       Service owner (not known): Ask the night shift.

Open: 3 questions to which nobody said anything.

Next: `opsready reconcile --interactive` goes through what is to decide.

"#]]);
    same(&before, &sandbox.tree());
}

#[test]
fn before_anybody_answered_it_says_how() {
    Sandbox::workspace().run(&["reconcile"]).gives(str![[r#"
Nobody has answered on their own yet: `opsready answer QUESTION --respondent ID …` records what one person says.

Open: 8 questions to which nobody said anything.

"#]]);
    Sandbox::workspace().run(&["status", "--respondents"]).gives(str![[r#"
Acme Logistics, Small Operations 1.2.0
Nobody has answered on their own yet: `opsready answer QUESTION --respondent ID …` records what one person says.

Still missing:
  Operations lead (2 questions)

"#]]);
}

#[test]
fn numbers_and_dates_have_a_spread() {
    let sandbox = Sandbox::with_answers(
        "capability: backup\nanswers:\n  backup-policy@cloud: {choose: agreed}\n  restore-tested@cloud: {choose: \"yes\"}\n",
    );
    for (who, share, date) in [("a", "62.5", "2026-03-01"), ("b", "99", "2025-12-31"), ("c", "62.5", "2026-05-01")] {
        let text = format!("capability: backup\nanswers:\n  restore-share@cloud: {{number: {share}}}\n  last-restore: {{date: {date}}}\n");
        sandbox.write(&format!("responses/{who}/backup.yaml"), &text);
    }
    sandbox.run(&["reconcile", "restore-share", "last-restore"]).gives(str![[r#"
Respondents: a, b, c

To decide (2)
  restore-share@cloud  What share of restores came back in time?
    from 62.5 to 99, 36.5 apart
    1. 62.5 % (2 voices)
       a
       c
    2. 99 % (1 voice)
       b
  last-restore  When was the last restore?
    from 2025-12-31 to 2026-05-01
    1. 2025-12-31 (1 voice)
       b
    2. 2026-03-01 (1 voice)
       a
    3. 2026-05-01 (1 voice)
       c

Next: `opsready reconcile --interactive` goes through what is to decide.

"#]]);
    let list = sandbox.run(&["reconcile", "restore-share", "last-restore", "--json"]).json();
    assert_eq!(list["questions"][0]["spread"], json!({"lowest": 62.5, "highest": 99.0}));
    assert_eq!(list["questions"][1]["spread"], json!({"lowest": "2025-12-31", "highest": "2026-05-01"}));
}

#[test]
fn what_all_agree_on_is_taken_over_with_what_hangs_on_it() {
    let sandbox = three();
    sandbox.write(
        "answers/backup.yaml",
        "# ours\ncapability: backup\nanswers:\n  # the workshop was short\n  backup-policy@on-premises:\n    parked: {note: Ask Ann}\n",
    );
    sandbox.run(&["reconcile", "--take-agreed"]).gives(str![[r#"
backup-policy@on-premises: Agreed, with an owner (Operations lead, Service owner, auditor)
restore-tested@on-premises: Yes (Operations lead, Service owner)
Took over 2 answers that all agree on.

"#]]);
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r##"
# ours
capability: backup
answers:
  # the workshop was short
  backup-policy@on-premises:
    choose: agreed
    note: |-
      Ask Ann

      Operations lead: Since 2019.
    evidence:
      - {title: Policy, link: "https://wiki.example/policy"}
      - {title: Minutes}
    by: [ops-lead, service-owner, auditor]
    answered_on: 2026-11-05
  restore-tested@on-premises:
    choose: "yes"
    by: [ops-lead, service-owner]
    answered_on: 2026-11-05

"##]],
    );
    let before = sandbox.tree();
    sandbox.run(&["reconcile", "--take-agreed", "--json"]).gives(str![[r#"
{
  "schema": "opsready/reconciled/v1",
  "taken": [],
  "left": []
}

"#]]);
    same(&before, &sandbox.tree());
    assert_eq!(verdict(&sandbox, "backup-policy@on-premises"), "settled");
    assert_eq!(verdict(&sandbox, "restore-tested@on-premises"), "settled");
}

#[test]
fn one_voice_is_taken_only_when_that_is_wanted() {
    let sandbox = three();
    sandbox.run(&["reconcile", "--take-single", "backup-context", "backup-policy"]).gives(str![[r#"
backup-policy@on-premises: Agreed, with an owner (Operations lead, Service owner, auditor)
backup-context: The robot is from 2011 (Operations lead)
Took over 2 answers that nobody contradicts.

"#]]);
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r##"
# yaml-language-server: $schema=../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    note: "Operations lead: Since 2019."
    evidence:
      - {title: Policy, link: "https://wiki.example/policy"}
      - {title: Minutes}
    by: [ops-lead, service-owner, auditor]
    answered_on: 2026-11-05
  backup-context:
    text: The robot is from 2011.
    by: [ops-lead]
    answered_on: 2026-11-03

"##]],
    );
}

#[test]
fn an_agreed_answer_that_differs_is_left_and_listed() {
    let sandbox = three();
    let agreed = "capability: backup\nanswers:\n  backup-policy@on-premises: {choose: drafted, by: [security-lead]}\n  backup-context: {text: The robot is from 2011.}\n";
    sandbox.write("answers/backup.yaml", agreed);
    sandbox.run(&["reconcile", "--take-agreed"]).gives(str![[r#"
restore-tested@on-premises: Yes (Operations lead, Service owner)
Took over 1 answer that all agree on.

Left as agreed, though somebody said something else:
  backup-policy@on-premises  Is there a policy for backups?
    agreed so far: drafted: Written down (security-lead)
    1. agreed: Agreed, with an owner (2 voices)
       Operations lead: Since 2019.
       Service owner with auditor

"#]]);
    assert!(sandbox.read("answers/backup.yaml").starts_with(agreed), "{}", sandbox.read("answers/backup.yaml"));
    assert_eq!(verdict(&sandbox, "backup-context"), "settled", "what one says and the agreed answer holds is settled");
}

#[test]
fn a_decision_keeps_every_other_voice() {
    let sandbox = three();
    sandbox.run(&["reconcile", "backup-policy@cloud", "--choose", "drafted", "--reason", "Finance showed v0.3 on Friday."]).gives(str![[
        r#"
Agreed: Written down
  by Operations lead
  not by anna, who said: Nobody can show one
backup-policy@cloud: answered (was not answered), in answers/backup.yaml
Backup and Restore, Cloud: score 0.00 -> 0.25; level 0

"#
    ]]);
    sandbox
        .run(&[
            "reconcile",
            "backup-scope",
            "--choose",
            "databases,files",
            "--reason",
            "Mail moves next year.",
            "--by",
            "ops-lead,security-lead",
        ])
        .gives(str![[r#"
Agreed: Databases; Files
  by Operations lead, security-lead
  not by Service owner, who said: Databases; Files; without what does not apply: Mail
  not by anna, who said: It does not apply: out of scope
backup-scope: answered (was not answered), in answers/backup.yaml
Backup and Restore, Cloud: score 0.25 -> 0.62; level 1

"#]]);
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r##"
# yaml-language-server: $schema=../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@cloud:
    choose: drafted
    note: |-
      Finance showed v0.3 on Friday.

      Operations lead: v0.3, with finance.
      Nobody has signed it.
    by: [ops-lead]
    answered_on: 2026-12-01
    minority:
      - {by: [anna], choose: none, note: "Nobody told us: ever."}
  backup-scope:
    choose: [databases, files]
    note: Mail moves next year.
    by: [ops-lead, security-lead]
    answered_on: 2026-12-01
    minority:
      - {by: [service-owner], choose: [databases, files], not_applicable_choices: [mail]}
      - {by: [anna], not_applicable: {reason: out-of-scope}, note: We have none.}

"##]],
    );
    assert_eq!(verdict(&sandbox, "backup-policy@cloud"), "settled");
    assert_eq!(verdict(&sandbox, "backup-scope"), "settled");
    let scorecard = sandbox.run(&["score", "--json"]);
    assert_eq!(scorecard.code, Some(0), "{}", scorecard.stderr);
}

#[test]
fn the_documents_show_the_minority() {
    let sandbox = three();
    sandbox.run(&["reconcile", "backup-policy@cloud", "--choose", "drafted", "--reason", "Finance showed v0.3 on Friday."]);
    sandbox.run(&["reconcile", "backup-scope", "--choose", "databases,files", "--reason", "Mail moves next year."]);
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    let document = sandbox.read("docs/backup/readiness.md");
    let part = |ask: &str| {
        let part = document.split("\n- **").find(|part| part.starts_with(ask)).unwrap_or_else(|| panic!("{document}"));
        part.split("\n\n#").next().unwrap_or_default().trim_end().to_owned() + "\n"
    };
    shows(
        &part("Is there a policy for backups?"),
        str![[r#"
Is there a policy for backups?** Written down

  > Finance showed v0.3 on Friday.
  >
  > Operations lead: v0.3, with finance.\
  > Nobody has signed it.

  Not agreed by anna, who chose: Nobody can show one. “Nobody told us: ever.”

  Said by Operations lead.

"#]],
    );
    shows(
        &part("What is backed up?"),
        str![[r#"
What is backed up?**
  - Databases
  - Files

  > Mail moves next year.

  Not agreed by Service owner, who chose: Databases; Files; without what does not apply: Mail.

  Not agreed by anna, who chose: It does not apply: out of scope. “We have none.”

  Said by Operations lead.

"#]],
    );
}

#[test]
fn numbers_texts_dates_and_what_does_not_apply_are_decided_too() {
    let sandbox = Sandbox::with_answers(
        "capability: backup\nanswers:\n  backup-policy@cloud: {choose: agreed}\n  restore-tested@cloud: {choose: \"yes\"}\n",
    );
    for (who, share, text, date) in [("a", "62.5", "x", "2026-03-01"), ("b", "99", "y", "2025-12-31")] {
        let text = format!(
            "capability: backup\nanswers:\n  restore-share@cloud: {{number: {share}}}\n  backup-context: {{text: {text}}}\n  last-restore: {{date: {date}}}\n"
        );
        sandbox.write(&format!("responses/{who}/backup.yaml"), &text);
    }
    for decision in [
        &["restore-share@cloud", "--number", "80"][..],
        &["backup-context", "--text", "y"],
        &["last-restore", "--date", "2026-03-01"],
        &["backup-policy@on-premises", "--not-applicable", "out-of-scope"],
    ] {
        let run = sandbox.run(&[&["reconcile", "--reason", "We looked."], decision].concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
capability: backup
answers:
  backup-policy@cloud: {choose: agreed}
  restore-tested@cloud: {choose: "yes"}
  restore-share@cloud:
    number: 80
    note: We looked.
    answered_on: 2026-12-01
    minority:
      - {by: [a], number: 62.5}
      - {by: [b], number: 99}
  backup-context:
    text: "y"
    note: We looked.
    by: [b]
    answered_on: 2026-12-01
    minority:
      - {by: [a], text: x}
  last-restore:
    date: 2026-03-01
    note: We looked.
    by: [a]
    answered_on: 2026-12-01
    minority:
      - {by: [b], date: 2025-12-31}
  backup-policy@on-premises:
    not_applicable:
      reason: out-of-scope
      note: We looked.
    answered_on: 2026-12-01

"#]],
    );
}

#[test]
fn who_changes_their_mind_opens_the_question_again() {
    let sandbox = three();
    let decide = |choice: &str, reason: &str| {
        let run = sandbox.run(&["reconcile", "backup-policy@cloud", "--choose", choice, "--reason", reason]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    };
    decide("drafted", "Finance showed v0.3.");
    // The minority comes round: the record still has them against it.
    sandbox.run(&["answer", "backup-policy@cloud", "--choose", "drafted", "--respondent", "anna", "--note", "I have seen it now."]);
    assert_eq!(verdict(&sandbox, "backup-policy@cloud"), "agree");
    sandbox.run(&["reconcile", "--take-agreed", "backup-policy@cloud"]).gives(str![[r#"
backup-policy@cloud: Written down (Operations lead, anna)
Took over 1 answer that all agree on.

"#]]);
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
# yaml-language-server: $schema=../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@cloud:
    choose: drafted
    note: |-
      Finance showed v0.3.

      Operations lead: v0.3, with finance.
      Nobody has signed it.

      anna: I have seen it now.
    by: [ops-lead, anna]
    answered_on: 2026-12-01

"#]],
    );
    // The majority leaves: whoever stays keeps what was agreed as a minority.
    sandbox.run(&["answer", "backup-policy@cloud", "--choose", "agreed", "--respondent", "ops-lead", "--note", "Signed today."]);
    assert_eq!(verdict(&sandbox, "backup-policy@cloud"), "differ");
    decide("agreed", "The signature is there.");
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
# yaml-language-server: $schema=../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@cloud:
    choose: agreed
    note: |-
      The signature is there.

      Operations lead: Signed today.
    by: [ops-lead]
    answered_on: 2026-12-01
    minority:
      - {by: [anna], choose: drafted, note: I have seen it now.}

"#]],
    );
}

#[test]
fn what_cannot_be_decided_is_refused() {
    let sandbox = three();
    sandbox.refuses(
        &["reconcile", "backup-policy@cloud", "--choose", "none"],
        2,
        str![[r#"
error: a decision needs its reason
  = help: write `--reason TEXT`: it is what the minority reads

"#]],
    );
    sandbox.refuses(
        &["reconcile", "--choose", "none", "--reason", "x"],
        2,
        str![[r#"
error: a decision is for one question
  = help: write `opsready reconcile QUESTION[@ENV] …`

"#]],
    );
    sandbox.refuses(
        &["reconcile", "backup-policy", "--choose", "none", "--reason", "x"],
        2,
        str![[r#"
error: the question `backup-policy` is asked in each environment
  = help: write `backup-policy@on-premises` or `backup-policy@cloud`

"#]],
    );
    sandbox.refuses(
        &["reconcile", "backup-policy@cloud", "--choose", "nones", "--reason", "x"],
        2,
        str![[r#"
error: the question `backup-policy` has no choice `nones`
  = help: did you mean `none`?

"#]],
    );
    sandbox.refuses(&["reconcile", "backup-policy@cloud", "--choose", "none", "--reason", "x", "--by", "ops-lead"], 2, str![[r#"
error: `ops-lead` said something else: Written down
  = help: leave `ops-lead` out of `--by` to keep that as the minority, or record what changed with `opsready answer backup-policy@cloud --respondent ops-lead …`

"#]]);
    sandbox.refuses(
        &["reconcile", "restore-tested@cloud", "--choose", "yes", "--reason", "x"],
        2,
        str![[r#"
error: `restore-tested@cloud` is not asked, and nobody answered it
  = help: `opsready explain question:restore-tested` says why

"#]],
    );
    sandbox.refuses(
        &["reconcile", "last-restore", "--text", "x", "--reason", "x"],
        2,
        str![[r#"
error[bad-answer]: the question `last-restore` is of type `date`, not answered by `text`
 --> answers/backup.yaml:4:3
  |
4 |   last-restore:
  |   ^^^^^^^^^^^^
  |
  = help: write `date:`
1 error to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["reconcile", "backup-polcy"],
        2,
        str![[r#"
error: the kit has no capability and no question `backup-polcy`
  = help: did you mean `backup-policy`?

"#]],
    );
    sandbox.refuses(
        &["reconcile", "--by", "anna"],
        2,
        str![[r#"
error: `--reason` and `--by` belong to a decision
  = help: write it with `--take`, `--choose`, `--number`, `--text`, `--date` or `--not-applicable`

"#]],
    );
    sandbox.refuses(
        &["reconcile", "--interactive"],
        2,
        str![[r#"
error: `--interactive` needs a terminal
  = help: write `opsready reconcile QUESTION[@ENV] --choose ID --reason TEXT` for each; `opsready reconcile` lists them

"#]],
    );
    sandbox.refuses(
        &["reconcile", "backup", "--choose", "none", "--take-agreed", "--reason", "x"],
        2,
        str![[r#"
error: the argument '--choose <ID>' cannot be used with '--take-agreed'

Usage: opsready reconcile --choose <ID> --reason <TEXT> <CAPABILITY|QUESTION[@ENV]>...

For more information, try '--help'.

"#]],
    );
}

#[test]
fn what_is_wrong_in_any_response_is_said_at_once() {
    let sandbox = three();
    sandbox.replace("responses/anna/backup.yaml", "choose: none", "choose: nones");
    sandbox.replace("responses/ops-lead/backup.yaml", "choose: agreed", "number: 1");
    sandbox.refuses(
        &["reconcile", "--take-agreed"],
        2,
        str![[r#"
error[unknown-reference]: the question `backup-policy` has no choice `nones`
 --> responses/anna/backup.yaml:4:13
  |
4 |     choose: nones
  |             ^^^^^
  |
  = help: did you mean `none`?

error[bad-answer]: the question `backup-policy` is of type `ladder`, not answered by `number`
 --> responses/ops-lead/backup.yaml:3:3
  |
3 |   backup-policy@on-premises:
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write `choose:`
2 errors to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["status", "--respondents"],
        2,
        str![[r#"
error[unknown-reference]: the question `backup-policy` has no choice `nones`
 --> responses/anna/backup.yaml:4:13
  |
4 |     choose: nones
  |             ^^^^^
  |
  = help: did you mean `none`?

error[bad-answer]: the question `backup-policy` is of type `ladder`, not answered by `number`
 --> responses/ops-lead/backup.yaml:3:3
  |
3 |   backup-policy@on-premises:
  |   ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write `choose:`
2 errors to mend; nothing was changed

"#]],
    );
}

#[test]
fn answers_out_of_scope_are_kept_and_named() {
    let sandbox = three();
    sandbox.replace("opsready.yaml", "environments: [on-premises, cloud]", "environments: [cloud]");
    let run = sandbox.run(&["reconcile", "backup-policy"]);
    assert!(
        run.stdout.contains(
            "\nKept and ignored, since out of scope: backup-policy@on-premises (Operations lead), restore-tested@on-premises (Operations lead), backup-policy@on-premises (Service owner)"
        ),
        "{}",
        run.stdout
    );
}

#[test]
fn a_hostile_note_cannot_write_to_the_terminal() {
    let sandbox = three();
    sandbox.replace("responses/anna/backup.yaml", "Nobody told us: ever.", "a\\e[31mred\\a");
    let run = sandbox.run(&["reconcile", "backup-policy@cloud"]);
    assert!(!run.stdout.contains('\u{1b}') && run.stdout.contains("a\u{fffd}[31mred\u{fffd}"), "{}", run.stdout);
}

#[test]
fn status_tells_who_answered_and_who_is_missing() {
    let sandbox = three();
    sandbox.replace(
        "opsready.yaml",
        "target_environment: cloud\n",
        "target_environment: cloud\nparticipants: [{role: auditor}, {role: ops-lead}, {role: security-lead, name: Kim}]\n",
    );
    sandbox.replace(
        "kit/capabilities/backup.yaml",
        "ask: What is backed up?",
        "ask: What is backed up?\n      roles: [ops-lead, security-lead, night-shift]",
    );
    sandbox.replace(
        "kit/capabilities/backup.yaml",
        "ask: When was the last restore?",
        "ask: When was the last restore?\n      roles: [ops-lead]",
    );
    sandbox.replace(
        "kit/kit.yaml",
        "roles:\n",
        "roles:\n  - {id: night-shift, title: Night shift}\n  - {id: security-lead, title: Security lead}\n",
    );
    sandbox.run(&["status", "--respondents"]).gives(str![[r#"
Acme Logistics, Small Operations 1.2.0
┌─────────────────┬───────┬──────────┬─────────┬────────┬─────────┬─────────────┐
│ Respondent      ┆ Asked ┆ Answered ┆ Unknown ┆ Parked ┆ Missing ┆ Last answer │
╞═════════════════╪═══════╪══════════╪═════════╪════════╪═════════╪═════════════╡
│ anna            ┆     2 ┆        2 ┆       0 ┆      0 ┆       0 ┆ 2026-11-04  │
│ Operations lead ┆     4 ┆        5 ┆       0 ┆      0 ┆       1 ┆ 2026-11-03  │
│ Service owner   ┆     0 ┆        3 ┆       1 ┆      1 ┆       0 ┆ 2026-11-05  │
└─────────────────┴───────┴──────────┴─────────┴────────┴─────────┴─────────────┘
Operations lead: 2 answers to questions that do not name the role
Service owner: 5 answers to questions that do not name the role

Still missing:
  Night shift (1 question)
  Security lead, Kim (1 question)

"#]]);
    sandbox.run(&["status", "--respondents", "--json"]).gives(str![[r#"
{
  "schema": "opsready/respondents/v1",
  "assessment": "acme",
  "respondents": [
    {
      "id": "anna",
      "title": "anna",
      "role": false,
      "asked": 2,
      "answered": 2,
      "dont_know": 0,
      "parked": 0,
      "missing": 0,
      "beyond": 0,
      "last_answer": "2026-11-04"
    },
    {
      "id": "ops-lead",
      "title": "Operations lead",
      "role": true,
      "asked": 4,
      "answered": 5,
      "dont_know": 0,
      "parked": 0,
      "missing": 1,
      "beyond": 2,
      "last_answer": "2026-11-03"
    },
    {
      "id": "service-owner",
      "title": "Service owner",
      "role": true,
      "asked": 0,
      "answered": 3,
      "dont_know": 1,
      "parked": 1,
      "missing": 0,
      "beyond": 5,
      "last_answer": "2026-11-05"
    }
  ],
  "still_missing": [
    {
      "role": "night-shift",
      "title": "Night shift",
      "name": null,
      "asked": 1,
      "participant": false
    },
    {
      "role": "security-lead",
      "title": "Security lead",
      "name": "Kim",
      "asked": 1,
      "participant": true
    }
  ]
}

"#]]);
    // Who stands behind an agreed answer is not missing.
    let run = sandbox.run(&["answer", "backup-scope", "--choose", "files", "--by", "security-lead,night-shift"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(sandbox.run(&["status", "--respondents"]).stdout.ends_with("Everybody who takes part or is asked has answered something.\n"));
}

#[cfg(unix)]
mod terminal {
    use super::support::pty::Terminal;
    use super::{Sandbox, shows, str, three, verdict};

    /// Starts the program in a terminal with room for everything.
    fn terminal(sandbox: &Sandbox, arguments: &[&str]) -> Terminal {
        Terminal::sized(&sandbox.path(""), arguments, (48, 100), &[("TERM", "xterm")])
    }

    #[test]
    fn what_differs_is_decided_one_by_one() {
        let sandbox = three();
        let mut terminal = terminal(&sandbox, &["reconcile", "--interactive"]);
        terminal.shows("2 questions to decide");
        terminal.shows("Which holds? 1 to 2, s skips, q quits:");
        assert!(
            terminal.contents().contains("1. none: Nobody can show one (1 voice)\n       anna: Nobody told us: ever."),
            "{}",
            terminal.contents()
        );
        terminal.types("3\r");
        terminal.shows("write a number from 1 to 2, `s` or `q`");
        terminal.types("2\r");
        terminal.shows("Why?");
        terminal.types("\r");
        terminal.shows("a decision needs its reason: it is what the minority reads");
        terminal.types("Finance showed v0.3.\r");
        terminal.shows("not by anna, who said: Nobody can show one");
        // The decision is on disk before the next question is asked.
        terminal.shows("1 question to decide");
        terminal.shows("Which holds? 1 to 3, s skips, q quits:");
        assert_eq!(verdict(&sandbox, "backup-policy@cloud"), "settled");
        terminal.types("s\r");
        terminal.shows("1 question decided.");
        assert_eq!(terminal.ends(), 0);
        shows(
            &sandbox.read("answers/backup.yaml"),
            str![[r##"
# yaml-language-server: $schema=../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@cloud:
    choose: drafted
    note: |-
      Finance showed v0.3.

      Operations lead: v0.3, with finance.
      Nobody has signed it.
    by: [ops-lead]
    answered_on: 2026-12-01
    minority:
      - {by: [anna], choose: none, note: "Nobody told us: ever."}

"##]],
        );
    }

    #[test]
    fn an_interrupt_keeps_what_was_decided() {
        let sandbox = three();
        let mut terminal = terminal(&sandbox, &["reconcile", "--interactive"]);
        terminal.shows("Which holds? 1 to 2, s skips, q quits:");
        terminal.types("1\r");
        terminal.shows("Why?");
        terminal.types("So it is.\r");
        terminal.shows("1 question to decide");
        terminal.shows("Which holds? 1 to 3, s skips, q quits:");
        terminal.types("2\x03");
        terminal.shows("Stopped. What was decided is on disk; `opsready reconcile --interactive` goes on.");
        assert_eq!(terminal.ends(), 130);
        assert_eq!(verdict(&sandbox, "backup-policy@cloud"), "settled");
        assert_eq!(verdict(&sandbox, "backup-scope"), "differ");
    }

    #[test]
    fn an_answer_written_meanwhile_is_shown_before_anything_is_decided() {
        let sandbox = three();
        let mut terminal = terminal(&sandbox, &["reconcile", "--interactive", "backup-policy@cloud"]);
        terminal.shows("Which holds? 1 to 2, s skips, q quits:");
        sandbox.run(&["answer", "backup-policy@cloud", "--choose", "agreed", "--respondent", "service-owner"]);
        terminal.types("1\rSo it is.\r");
        terminal.shows("somebody wrote an answer meanwhile: here it is again");
        terminal.shows("Which holds? 1 to 3, s skips, q quits:");
        terminal.types("q\r");
        terminal.shows("0 questions decided.");
        assert_eq!(terminal.ends(), 0);
        assert!(!sandbox.path("answers").exists());
    }

    #[test]
    fn what_is_agreed_can_be_kept_against_what_is_said() {
        let sandbox = three();
        sandbox.write(
            "answers/backup.yaml",
            "capability: backup\nanswers:\n  backup-policy@cloud: {choose: agreed, by: [security-lead], note: It is signed.}\n",
        );
        let mut terminal = terminal(&sandbox, &["reconcile", "--interactive", "backup-policy@cloud"]);
        terminal.shows("3. Agreed, with an owner (as agreed so far)");
        terminal.shows("Which holds? 1 to 3, s skips, q quits:");
        terminal.types("3\rThe signature counts.\r");
        terminal.shows("1 question decided.");
        assert_eq!(terminal.ends(), 0);
        shows(
            &sandbox.read("answers/backup.yaml"),
            str![[r#"
capability: backup
answers:
  backup-policy@cloud: {choose: agreed, by: [security-lead], note: "The signature counts.\n\nIt is signed.", answered_on: 2026-12-01, minority: [{by: [anna], choose: none, note: "Nobody told us: ever."}, {by: [ops-lead], choose: drafted, note: "v0.3, with finance.\nNobody has signed it."}]}

"#]],
        );
    }
}

// The laws of the pure part.

static SMALL: LazyLock<Kit> = LazyLock::new(|| {
    let read = |name: &str| {
        let path = small_kit().join(name);
        Source::new(name, std::fs::read_to_string(path).expect("the kit can be read"))
    };
    let capabilities = ["backup", "patching"].map(|id| (id.to_owned(), read(&format!("capabilities/{id}.yaml")))).to_vec();
    let sources = KitSources { kit: read("kit.yaml"), capabilities, engagement: None, overlay: OverlaySources::default() };
    let (kit, found) = kit(&sources);
    kit.unwrap_or_else(|| panic!("{found:?}"))
});

const FRAME: &str = "id: a\ncustomer: A\nkit: {id: small, version: 1.2.0}\n";

/// Reads an assessment from the texts of its files, in the order given.
fn read(kit: &Kit, files: &[(&str, String)]) -> Assessment {
    let answers = files.iter().map(|(id, text)| ((*id).to_owned(), Source::new(*id, text.as_str()))).collect();
    let (read, found) = assessment(kit, &AssessmentSources { assessment: Source::new("opsready.yaml", FRAME), answers });
    read.unwrap_or_else(|| panic!("{found:?}\n{files:?}"))
}

/// What may be said to each asking.
const POSSIBLE: &[(&str, &str, &[&str])] = &[
    ("backup", "backup-policy@on-premises", &["choose: none", "choose: drafted", "choose: agreed"]),
    ("backup", "backup-policy@cloud", &["choose: none", "choose: drafted", "choose: agreed"]),
    ("backup", "restore-tested@cloud", &["choose: \"yes\"", "choose: \"no\""]),
    ("backup", "restore-share@cloud", &["number: 0.1", "number: 80", "number: 99.5"]),
    (
        "backup",
        "backup-scope",
        &["choose: files", "choose: [databases, files]", "choose: files, not_applicable_choices: [mail]", "not_applicable_choices: [mail]"],
    ),
    ("backup", "backup-context", &["text: x", "text: \" y: #\""]),
    ("backup", "last-restore", &["date: 2026-03-01", "date: 2025-12-31"]),
    ("patching", "patch-window@cloud", &["choose: nobody", "choose: team"]),
    ("patching", "patch-report", &["choose: \"yes\"", "choose: \"no\""]),
];

/// What may be said to every asking.
const ALWAYS: &[&str] = &[
    "not_applicable: {reason: other}",
    "not_applicable: {reason: out-of-scope, note: none here}",
    "dont_know: {note: ask Bo}",
    "parked: {}",
];

/// What one person says: to each asking nothing, or one of what is possible, with or without a note.
type Said = Vec<Option<(usize, bool)>>;

fn said() -> impl Strategy<Value = Said> {
    let one = prop_oneof![2 => Just(None), 5 => (0_usize..8, any::<bool>()).prop_map(Some)];
    prop::collection::vec(one, POSSIBLE.len())
}

/// Returns the files of what one person says.
fn files(who: &str, said: &Said) -> Vec<(&'static str, String)> {
    let mut texts =
        vec![("backup", "capability: backup\nanswers:\n".to_owned()), ("patching", "capability: patching\nanswers:\n".to_owned())];
    for ((capability, key, own), said) in POSSIBLE.iter().zip(said) {
        let Some((choice, has_note)) = said else { continue };
        let all: Vec<&str> = own.iter().chain(ALWAYS).copied().collect();
        let text = &mut texts.iter_mut().find(|(id, _)| id == capability).expect("the capability has a file").1;
        let note = if *has_note { format!(", note: \"{who} of {key}:\\nwell\", evidence: [{{title: {who}}}]") } else { String::new() };
        let signed = match (who, choice % 3) {
            ("agreed", 1) => ", by: [ann, zoe]",
            ("agreed", 2) => ", by: [zoe], minority: [{by: [ann], note: No.}, {by: [zed, ann], note: Hm.}]",
            _ => "",
        };
        let _ = writeln!(text, "  {key}: {{{}{note}{signed}}}", all[choice % all.len()]);
    }
    texts
}

fn respondents(kit: &Kit, all: &[(&str, Said)]) -> Vec<Respondent> {
    all.iter().map(|(who, said)| Respondent { id: Id((*who).to_owned()), assessment: read(kit, &files(who, said)) }).collect()
}

/// Returns everything that a reconciliation says.
fn summary(askings: &[Asking<'_>]) -> String {
    format!("{askings:#?}")
}

fn on() -> Date {
    Date::parse("2026-12-01").expect("the day exists")
}

/// Returns true if an answer tells what somebody said, with their note: as the answer, or as the minority.
fn tells(kit: &Kit, asking: &Asking<'_>, answer: &Answer, who: &str, theirs: &Answer) -> bool {
    let note_is_in = |note: Option<&str>| theirs.note.as_deref().is_none_or(|said| note.is_some_and(|note| note.contains(said.trim())));
    let inner = match &answer.response {
        opsready::assessment::Response::NotApplicable { note, .. } => note.as_deref(),
        _ => None,
    };
    let agreed = is_same(&answer.response, &theirs.response)
        && answer.by.iter().any(|by| by == who)
        && (note_is_in(answer.note.as_deref()) || note_is_in(inner))
        && theirs.evidence.iter().all(|one| answer.evidence.iter().any(|other| other.title == one.title));
    let as_minority = answer.minority.iter().any(|one| {
        let response = response_of(kit, asking.instance.question, one);
        response.is_some_and(|response| is_same(&response, &theirs.response))
            && one.by.strings().iter().any(|by| by == who)
            && note_is_in(one.note.as_deref())
    });
    agreed || as_minority
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// Neither the order of the respondents nor that of their files matters.
    #[test]
    fn the_order_of_respondents_and_files_does_not_matter(a in said(), b in said(), c in said(), agreed in said(), turn in 0_usize..3) {
        let kit = &*SMALL;
        let all = [("ann", a), ("bo", b), ("cy", c)];
        let agreed_files = files("agreed", &agreed);
        let first = respondents(kit, &all);
        let wanted = read(kit, &agreed_files);
        let mut turned = all.to_vec();
        turned.rotate_left(turn);
        turned.reverse();
        let backwards = |files: Vec<(&'static str, String)>| files.into_iter().rev().collect::<Vec<_>>();
        let second: Vec<Respondent> = turned
            .iter()
            .map(|(who, said)| Respondent { id: Id((*who).to_owned()), assessment: read(kit, &backwards(files(who, said))) })
            .collect();
        let again = read(kit, &backwards(agreed_files));
        prop_assert_eq!(summary(&reconcile(kit, &wanted, &first)), summary(&reconcile(kit, &again, &second)));
    }

    /// Every response is listed, once, and the verdict is that of its words.
    #[test]
    fn every_response_is_listed(a in said(), b in said(), agreed in said()) {
        let kit = &*SMALL;
        let all = respondents(kit, &[("ann", a), ("bo", b)]);
        let agreed = read(kit, &files("agreed", &agreed));
        let askings = reconcile(kit, &agreed, &all);
        for one in &all {
            for (instance, answer) in &one.assessment.answers {
                let asking = askings.iter().find(|asking| asking.instance == *instance).expect("what was answered is listed");
                let mut heard = asking.voices().chain(&asking.others).filter(|voice| voice.by == one.id.as_str());
                prop_assert!(heard.next().is_some_and(|voice| voice.answer.response == answer.response) && heard.next().is_none());
            }
        }
        for asking in &askings {
            let voices = asking.voices().count();
            match asking.verdict {
                Verdict::Agree => prop_assert!(voices > 1 && asking.sides.len() == 1),
                Verdict::Differ => prop_assert!(asking.sides.len() > 1),
                Verdict::Single => prop_assert_eq!(voices, 1),
                Verdict::Open => prop_assert!(voices == 0 && asking.agreed().is_none()),
                Verdict::Settled => prop_assert!(asking.voices().all(|voice| is_same(&voice.answer.response, &asking.agreed().expect("it is settled").response))),
            }
        }
    }

    /// Whatever is decided, and whatever was agreed before: nothing that anybody said is lost, and the question is settled.
    #[test]
    fn nothing_that_anybody_said_is_lost(a in said(), b in said(), c in said(), before in said(), pick in 0_usize..4) {
        let kit = &*SMALL;
        let all = respondents(kit, &[("ann", a), ("bo", b), ("cy", c)]);
        let before = files("agreed", &before);
        let mut texts = before.clone();
        let agreed = read(kit, &before);
        let askings = reconcile(kit, &agreed, &all);
        for asking in askings.iter().filter(|asking| !asking.sides.is_empty()) {
            let side = &asking.sides[pick % asking.sides.len()];
            let settlement = Settlement { response: side.response, reason: Some("So it is."), by: &[], on: on() };
            let changes = settle(kit, asking, &settlement);
            let capability = kit.capability_id(kit.question(asking.instance.question).capability);
            let text = &mut texts.iter_mut().find(|(id, _)| *id == capability).expect("the capability has a file").1;
            *text = change(text, "answers", &asking.instance.key(kit), &changes)
                .map_err(|error| TestCaseError::fail(format!("{error}\n{text}\n{changes:?}")))?;
        }
        let after = read(kit, &texts);
        for asking in reconcile(kit, &after, &all).iter().filter(|asking| !asking.sides.is_empty()) {
            prop_assert_eq!(asking.verdict, Verdict::Settled, "{:?}", asking);
            let answer = asking.agreed().expect("it is settled");
            for voice in asking.voices() {
                prop_assert!(tells(kit, asking, answer, voice.by, voice.answer), "{} is lost\n{:?}", voice.by, texts);
            }
            // What was agreed before by nobody in particular is not lost either.
            if let Some(old) = agreed.answer(asking.instance).filter(|old| counts(&old.response)) {
                let is_kept = is_same(&old.response, &answer.response)
                    || answer.minority.iter().any(|one| {
                        response_of(kit, asking.instance.question, one).is_some_and(|response| is_same(&response, &old.response))
                    });
                prop_assert!(is_kept, "{:?}", texts);
                let has_zed = |answer: &Answer| answer.minority.iter().any(|one| one.by.strings().contains(&"zed".to_owned()));
                prop_assert!(!has_zed(old) || has_zed(answer), "{:?}", texts);
            }
        }
    }

    /// To decide the same again changes nothing.
    #[test]
    fn a_decision_twice_is_a_decision_once(a in said(), b in said(), pick in 0_usize..4) {
        let kit = &*SMALL;
        let all = respondents(kit, &[("ann", a), ("bo", b)]);
        let decide = |texts: &[(&'static str, String)]| {
            let agreed = read(kit, texts);
            let mut new = texts.to_vec();
            for asking in reconcile(kit, &agreed, &all).iter().filter(|asking| !asking.sides.is_empty()) {
                let settlement =
                    Settlement { response: asking.sides[pick % asking.sides.len()].response, reason: Some("So it is."), by: &[], on: on() };
                let capability = kit.capability_id(kit.question(asking.instance.question).capability);
                let text = &mut new.iter_mut().find(|(id, _)| *id == capability).expect("the capability has a file").1;
                *text = change(text, "answers", &asking.instance.key(kit), &settle(kit, asking, &settlement)).expect("the change is safe");
            }
            new
        };
        let empty = vec![("backup", "capability: backup\nanswers:\n".to_owned()), ("patching", "capability: patching\nanswers:\n".to_owned())];
        let once = decide(&empty);
        prop_assert_eq!(decide(&once), once);
    }
}
