//! Registers and operation: who answers for what, runbooks, playbook, decisions, RAID log, tools; and the files behind them.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use support::{Run, Sandbox, shows};

/// What the small kit lacks: activities, runbooks, decisions and tools of `backup`.
const DESIGN: &str = r#"design:
  raci:
    - {activity: Agree the policy, accountable: service-owner, responsible: ops-lead, consulted: [archivist]}
    - {activity: Restore a file, accountable: ops-lead, responsible: [], informed: [ops-lead, service-owner]}
  runbooks:
    - id: restore-a-file
      title: Restore a file
      kind: request
      scope: One file of one owner.
      triggers: [Somebody lost a file., A restore test is due.]
      preconditions: [The owner agrees.]
      steps: [Find the copy., "Run `restore --to <folder>`."]
      verification: [The owner opens the file.]
      rollback: [Delete what was restored.]
      escalation: "After one hour: the operations lead. Never the service owner's deputy."
      practices: [restores-tested]
    - id: failed-backup
      title: Repair a failed backup
      kind: fault
      triggers: [A job failed.]
      steps: [Read the log.]
      escalation: [Ops lead at once., Service owner on the second day.]
      practices: [backup-complete]
  decisions:
    - id: where-copies-live
      title: Where copies live
      context: One place is no place.
      options: [{title: Same room, consequence: Cheap.}, {title: Other house}]
      recommendation: The second.
    - {id: how-often, title: How often a restore is tested}
  tools:
    - id: vault
      title: Keep copies
      target: A vault with a `lock`
      deployment: central
      approach: native
      platforms: [Databases, Files]
      limits: Ten copies.
      upkeep: The vendor patches it.
      migration: Tapes end with the last restore.
      owner: ops-lead
      questions: [restore-share, backup-policy]
      practices: [backup-complete]
      references: [{title: Vault, url: "https://example.com/vault"}]
"#;

const DECISION: &str = "\
schema: opsready/decision/v1
id: 2026-03-02-copies-elsewhere
title: Copies live in another house
status: approved
statement: Copies are kept in the savings bank.
context: One | place is no place.
options: [{title: Same room}, {title: Bank, consequence: A walk.}]
rationale: It has a safe.
consequences: [Somebody walks.]
capability: backup
decides: where-copies-live
owner: ops-lead
approver: service-owner
decided_on: 2026-03-05
review_on: 2026-03-20
questions: [backup-policy@cloud]
practices: [backup-complete]
stories: [agree-policy]
supersedes: [2025-01-01-copies-here]
";

const RISK: &str = "\
schema: opsready/risk/v1
id: 2026-03-03-one-walker
kind: risk
title: One person walks
status: open
statement: Only one person knows the way to the bank.
cause: Nobody else was asked.
impact: No copies in August.
likelihood: medium
severity: high
owner: ops-lead
due: 2026-03-10
capability: backup
questions: [backup-scope]
practices: [restores-tested]
decisions: [2026-03-02-copies-elsewhere]
";

/// Returns a workspace whose kit has everything that these documents show.
fn operated() -> Sandbox {
    let answers = "\
capability: backup
answers:
  backup-policy@cloud: {choose: agreed, by: [ops-lead], answered_on: 2026-04-01}
  backup-policy@on-premises: {dont_know: {owner: ops-lead}}
  restore-tested@cloud: {choose: 'yes', answered_on: 2026-04-01}
  restore-share@cloud: {number: 97}
";
    let sandbox = Sandbox::with_answers(answers);
    sandbox.replace("kit/capabilities/backup.yaml", "design:\n", DESIGN);
    sandbox.replace("kit/kit.yaml", "  - {id: service-owner,", "  - {id: archivist, title: Archivist}\n  - {id: service-owner,");
    sandbox
}

/// Returns the same workspace with registers.
fn registered() -> Sandbox {
    let sandbox = operated();
    sandbox.write("decisions/2026-03-02-copies-elsewhere.yaml", DECISION);
    sandbox.write(
        "decisions/2025-01-01-copies-here.yaml",
        "id: 2025-01-01-copies-here\ntitle: Copies live here\nstatus: superseded\nreview_on: 2025-06-01\n",
    );
    sandbox.write("risks/2026-03-03-one-walker.yaml", RISK);
    sandbox.write(
        "risks/2026-03-04-the-bank-stays.yaml",
        "id: 2026-03-04-the-bank-stays\nkind: assumption\ntitle: The bank stays\nstatus: monitor\nimpact: Copies move again.\nreview_on: 2026-12-01\n",
    );
    sandbox
}

#[track_caller]
fn rendered(sandbox: &Sandbox) -> Run {
    let run = sandbox.run(&["render"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
    run
}

#[test]
fn the_matrix_shows_activities_roles_and_what_to_settle() {
    let sandbox = operated();
    rendered(&sandbox);
    shows(
        &sandbox.read("docs/raci.md"),
        str![[r##"
# Who answers for what

Acme Logistics · Small Operations 1.2.0 · as of 2026-04-01

[Overview](README.md)

For each activity **one** role is accountable: it answers for the result and decides where opinions differ. Responsible roles do the work,
consulted roles are heard before, informed roles are told afterwards. 2 activities are listed.

## The roles

| Role | What it is | Held by | Accountable | Responsible | Consulted | Informed |
| --- | --- | --- | ---: | ---: | ---: | ---: |
| Operations lead | – | took part, not named | 1 | 1 | 0 | 1 |
| Archivist | – | – | 0 | 0 | 1 | 0 |
| Service owner | – | – | 1 | 0 | 0 | 1 |

The figures count activities.

## What to settle

**Nobody does it.** Somebody answers for these activities, and no role is named to carry them out:

- Restore a file (Backup and Restore)

**Named twice.** Whoever does something need not be asked or told about it. Strike the second part:

- Operations lead is accountable and informed: Restore a file (Backup and Restore)

**Not heard.** These roles have duties, and nobody spoke for them in the assessment. Ask them whether they accept:

- Service owner: accountable for 1, responsible for 0

## By activity

In the charts each activity stands in the box of the role that is accountable for it; an arrow leads to whoever does it.

### Backup and Restore

| Activity | Accountable | Responsible | Consulted | Informed |
| --- | --- | --- | --- | --- |
| Agree the policy | Service owner | Operations lead | Archivist | – |
| Restore a file | Operations lead | – | – | Operations lead, Service owner |

```mermaid
---
config:
  flowchart: {nodeSpacing: 20, rankSpacing: 70, wrappingWidth: 360, subGraphTitleMargin: {top: 4, bottom: 10}}
---
flowchart LR
  accTitle: Backup and Restore, who answers for which activity and who does it
  accDescr: Activities stand in the box of the accountable role. Arrows lead to the responsible roles. The table above has all parts.
  subgraph a0["Service owner"]
    t0["Agree the policy"]
  end
  subgraph a1["Operations lead"]
    t1["Restore a file"]
  end
  r0(["Operations lead"])
  t0 --> r0
```

## By role

### Operations lead

| Capability | I answer for | I do | I am asked about | I am told of |
| --- | --- | --- | --- | --- |
| [Backup and Restore](backup/design.md) | Restore a file | Agree the policy | – | Restore a file |

### Archivist

| Capability | I answer for | I do | I am asked about | I am told of |
| --- | --- | --- | --- | --- |
| [Backup and Restore](backup/design.md) | – | – | Agree the policy | – |

### Service owner

| Capability | I answer for | I do | I am asked about | I am told of |
| --- | --- | --- | --- | --- |
| [Backup and Restore](backup/design.md) | Agree the policy | – | – | Restore a file |

## Keeping it true

Where two roles both claim an activity, or both refuse it, break it down into tasks until one role can answer for each. In an
incident the [playbook](playbook.md) says who is called.

<!-- keep escalation: what you write here stays -->

Disputes about this matrix are decided by: not named yet.

<!-- end escalation -->

Look at the matrix again whenever a team, a tool or a partner changes, and at each assessment.

<!-- keep review: what you write here stays -->

Next review: not planned yet.

<!-- end review -->

"##]],
    );
    let design = sandbox.read("docs/backup/design.md");
    assert!(
        design
            .contains("Service owner for 1, Operations lead for 1. The matrix is in [who answers for what](../raci.md#backup-and-restore)")
    );
    assert!(!sandbox.path("docs/patching/runbooks.md").exists(), "a capability without runbooks has no such document");
}

#[test]
fn a_role_with_far_more_than_the_others_is_named() {
    let sandbox = operated();
    let activity = |number: usize, role: &str| format!("    - {{activity: Act {number}, accountable: {role}, responsible: ops-lead}}\n");
    let many: String = (0..7).map(|number| activity(number, "ops-lead")).chain([activity(7, "archivist")]).collect();
    sandbox.replace("kit/capabilities/backup.yaml", "  raci:\n", &format!("  raci:\n{many}"));
    rendered(&sandbox);
    let matrix = sandbox.read("docs/raci.md");
    assert!(matrix.contains("answers for 3.3 activities on average"), "{matrix}");
    assert!(matrix.contains("- Operations lead: 8 of 10\n"), "{matrix}");
    assert!(!matrix.contains("- Archivist: 1 of 10"), "{matrix}");
}

#[test]
fn one_activity_with_two_accountable_roles_is_a_finding() {
    let sandbox = operated();
    let design = "design:\n  raci: [{activity: restore a FILE, accountable: service-owner, responsible: ops-lead}]\n";
    sandbox.replace("kit/capabilities/patching.yaml", "design:\n", design);
    rendered(&sandbox);
    let matrix = sandbox.read("docs/raci.md");
    assert!(matrix.contains("- Restore a file: Operations lead (Backup and Restore), Service owner (Patching)\n"), "{matrix}");
}

#[test]
fn runbooks_have_a_place_for_their_owner() {
    let sandbox = operated();
    rendered(&sandbox);
    shows(
        &sandbox.read("docs/backup/runbooks.md"),
        str![[r#"
# Backup and Restore: runbooks

Acme Logistics · Small Operations 1.2.0 · as of 2026-04-01

[Overview](../README.md) · [Readiness](readiness.md) · [Design](design.md) · [Minutes](minutes.md)

| Runbook | Starts when |
| --- | --- |
| [Restore a file](#restore-a-file) | Somebody lost a file.<br>A restore test is due. |
| [Repair a failed backup](#repair-a-failed-backup) | A job failed. |

These are drafts to adopt: try each step with the people who will run it, correct it, and write down under the title who owns it and when it
was last rehearsed. The [playbook](../playbook.md) lists the runbooks of all capabilities, the [design](design.md) says what they are for.

## Restore a file

One file of one owner.

<!-- keep runbook-restore-a-file: what you write here stays -->

Owner: not named yet. Last rehearsed: never.

<!-- end runbook-restore-a-file -->

**Starts when**

- Somebody lost a file.
- A restore test is due.

**Before**

- The owner agrees.

**Steps**

1. Find the copy.
2. Run `restore --to <folder>`.

**Done when**

- The owner opens the file.

**Way back**

- Delete what was restored.

**Escalation.** After one hour: the operations lead. Never the service owner's deputy.

Serves: [Restores are tested](design.md#restores-are-tested).

## Repair a failed backup

<!-- keep runbook-failed-backup: what you write here stays -->

Owner: not named yet. Last rehearsed: never.

<!-- end runbook-failed-backup -->

**Starts when**

- A job failed.

**Steps**

1. Read the log.

**Escalation**

- Ops lead at once.
- Service owner on the second day.

Serves: [Everything that matters is backed up](design.md#everything-that-matters-is-backed-up).

"#]],
    );
    let design = sandbox.read("docs/backup/design.md");
    assert!(
        design.contains("| [Restore a file](runbooks.md#restore-a-file) | Somebody lost a file.<br>A restore test is due. |"),
        "{design}"
    );
    assert!(!design.contains("Find the copy"), "the steps stand in one place");
}

#[test]
fn the_playbook_leads_from_what_happens_to_the_runbook() {
    let sandbox = operated();
    sandbox
        .write("opsready.yaml", &(sandbox.read("opsready.yaml") + "participants: [{role: ops-lead, name: Anna}, {role: service-owner}]\n"));
    rendered(&sandbox);
    shows(
        &sandbox.read("docs/playbook.md"),
        str![[r#"
# Playbook

Acme Logistics · Small Operations 1.2.0 · as of 2026-04-01

[Overview](README.md)

Something happened, or is due. Find it in the tables, open the runbook, and call whom it names. 2 runbooks are listed.

## Something is wrong

Where several things happen at once, begin at the top: what belongs to the more important capability comes first.

| When | Runbook | Capability | Importance |
| --- | --- | --- | ---: |
| A job failed. | [Repair a failed backup](backup/runbooks.md#repair-a-failed-backup) | Backup and Restore | 3 |

## Somebody asks

| When | Runbook | Capability |
| --- | --- | --- |
| Somebody lost a file. | [Restore a file](backup/runbooks.md#restore-a-file) | Backup and Restore |
| A restore test is due. | [Restore a file](backup/runbooks.md#restore-a-file) | Backup and Restore |

## How bad it is

<!-- keep severity: what you write here stays -->

Not written yet: an example from your own services for each severity, and the time by which somebody answers.

| Severity | What it looks like here | Answered within | Led by |
| --- | --- | --- | --- |
| 1 | … | … | … |
| 2 | … | … | … |
| 3 | … | … | … |

<!-- end severity -->

## Who is called

| Role | Held by | Runbooks that call it |
| --- | --- | ---: |
| Operations lead | Anna | 2 |
| Service owner | – | 1 |

<!-- keep contacts: what you write here stays -->

Not written yet. Keep a copy that can be read when the network, the chat and the sign-in are down.

| Role | Rota or number | Deputy |
| --- | --- | --- |
| Operations lead | … | … |
| Service owner | … | … |

<!-- end contacts -->

## When to call

| Runbook | Call |
| --- | --- |
| [Restore a file](backup/runbooks.md#restore-a-file) (Backup and Restore) | After one hour: the operations lead. Never the service owner's deputy. |
| [Repair a failed backup](backup/runbooks.md#repair-a-failed-backup) (Backup and Restore) | Ops lead at once.<br>Service owner on the second day. |

Who answers for which activity otherwise stands in [who answers for what](raci.md).

## Who is told, and how

<!-- keep communication: what you write here stays -->

Not written yet:

- Bridge and channel of those who work on it: …
- Users are told by, where, how often: …
- Management is told by, from which severity: …
- Authorities and customers under contract are told by, within: …

<!-- end communication -->

"#]],
    );
}

#[test]
fn the_decision_log_has_what_was_decided_and_what_is_still_to_be() {
    let sandbox = registered();
    rendered(&sandbox);
    shows(
        &sandbox.read("docs/decisions.md"),
        str![[r#"
# Decision log

Acme Logistics · Small Operations 1.2.0 · as of 2026-04-01

[Overview](README.md)

## At a glance

| Decision | Status | Capability | Owner | Decided | Review |
| --- | --- | --- | --- | --- | --- |
| [Copies live here](#copies-live-here) | superseded | all | nobody | – | – |
| [Copies live in another house](#copies-live-in-another-house) | approved | Backup and Restore | Operations lead | 2026-03-05 | 2026-03-20, **due** |

Reviews are judged as of 2026-04-01.

## In force

### Copies live in another house

**Decided:** Copies are kept in the savings bank.

One \| place is no place.

| Option | Consequence |
| --- | --- |
| Same room | – |
| Bank | A walk. |

**Why.** It has a safe.

**What follows**

- Somebody walks.

`2026-03-02-copies-elsewhere`, approved on 2026-03-05 by Service owner, kept by Operations lead, review was due on 2026-03-20.

- Takes the design decision [Where copies live](backup/design.md)
- In the place of: [Copies live here](#copies-live-here)
- Because of the answers to: [Is there a policy for backups? (Cloud)](backup/readiness.md)
- Bears on: [Everything that matters is backed up](backup/design.md#everything-that-matters-is-backed-up)
- Carried out by: [Agree the policy](backup/design.md)
- Risks and more: [One person walks](raid.md#one-person-walks)

## No longer in force

### Copies live here

`2025-01-01-copies-here`, superseded.

- No longer in force since: [Copies live in another house](#copies-live-in-another-house)

## Still to be taken

The designs ask for 1 decision that nobody has begun. What each option brings, and which one is recommended, stands in the design.

**[Backup and Restore](backup/design.md#decisions)**

| Decision | Options |
| --- | --- |
| How often a restore is tested | open |

"#]],
    );
    let design = sandbox.read("docs/backup/design.md");
    let taken = "**Decided:** Copies are kept in the savings bank. See the [decision log](../decisions.md#copies-live-in-another-house) (approved).";
    assert!(design.contains(taken), "{design}");
    let summary = sandbox.read("docs/executive-summary.md");
    assert!(summary.contains("**How often a restore is tested**") && !summary.contains("**Where copies live**"), "{summary}");
}

#[test]
fn without_registers_the_log_lists_what_the_designs_ask_for() {
    let sandbox = operated();
    let run = rendered(&sandbox);
    assert!(!run.stdout.contains("docs/raid.md"), "{}", run.stdout);
    let log = sandbox.read("docs/decisions.md");
    assert!(log.contains("No decision has been written down yet."), "{log}");
    assert!(log.contains("The designs ask for 2 decisions that nobody has begun."), "{log}");
    let bare = Sandbox::workspace();
    let run = rendered(&bare);
    for document in ["raci", "decisions", "raid", "tools", "playbook", "runbooks"] {
        assert!(!run.stdout.contains(document), "the kit has nothing for it: {}", run.stdout);
    }
}

#[test]
fn the_raid_log_shows_lights_in_words_and_what_is_overdue() {
    let sandbox = registered();
    rendered(&sandbox);
    shows(
        &sandbox.read("docs/raid.md"),
        str![[r#"
# Risks, assumptions, issues and dependencies

Acme Logistics · Small Operations 1.2.0 · as of 2026-04-01

[Overview](README.md)

Open: 1 risk and 1 assumption. No plan is agreed for 1 of 1 risks and issues; 1 entry is overdue.

The light tells of the plan, not of the danger: red has no agreed plan, amber has one that is under way, green is under control. What is overdue is judged as of 2026-04-01. Each entry is a file in `risks/`.

## Risks

| Risk | Light | Likelihood | Severity | Owner | Due | Status |
| --- | --- | --- | --- | --- | --- | --- |
| [One person walks](#one-person-walks) | red: no agreed plan | medium | high | Operations lead | 2026-03-10, **overdue** | open |

### One person walks

Only one person knows the way to the bank.

**Cause.** Nobody else was asked.

**Impact.** No copies in August.

**What is done.** Nothing is agreed.

`2026-03-03-one-walker`, Backup and Restore, raised on 2026-03-03.

- Seen in the answers to: [What is backed up?](backup/readiness.md)
- Bears on: [Restores are tested](backup/design.md#restores-are-tested)
- Decisions: [Copies live in another house](decisions.md#copies-live-in-another-house)

## Assumptions

| Assumption | Owner | Due | Status |
| --- | --- | --- | --- |
| [The bank stays](#the-bank-stays) | nobody | – | watched |

### The bank stays

**If not.** Copies move again.

`2026-03-04-the-bank-stays`, raised on 2026-03-04, to be reviewed by 2026-12-01.

"#]],
    );
}

#[test]
fn overdue_is_judged_by_the_dates_of_the_assessment_and_not_by_a_clock() {
    let sandbox = registered();
    sandbox.replace("answers/backup.yaml", "by: [ops-lead], answered_on: 2026-04-01", "by: [ops-lead], answered_on: 2026-03-09");
    sandbox.replace("answers/backup.yaml", ", answered_on: 2026-04-01", "");
    rendered(&sandbox);
    let log = sandbox.read("docs/raid.md");
    assert!(log.contains("judged as of 2026-03-09") && !log.contains("overdue**"), "{log}");
    // Nothing else tells a date: the entries themselves do.
    sandbox.replace("answers/backup.yaml", ", answered_on: 2026-03-09", "");
    rendered(&sandbox);
    assert!(sandbox.read("docs/raid.md").contains("judged as of 2026-03-05"), "the day of the decision is the latest");
}

#[test]
fn what_is_red_comes_before_what_is_amber_and_green() {
    let sandbox = registered();
    for (id, plan) in [("2026-01-01-a", "under-control"), ("2026-01-02-b", "in-progress")] {
        let text = format!("id: {id}\nkind: risk\ntitle: Risk {plan}\nstatus: open\nplan: {plan}\n");
        sandbox.write(&format!("risks/{id}.yaml"), &text);
    }
    rendered(&sandbox);
    let log = sandbox.read("docs/raid.md");
    let place = |text: &str| log.find(text).unwrap_or_else(|| panic!("no {text} in {log}"));
    assert!(place("red: no agreed plan |") < place("amber: plan in progress |"));
    assert!(place("amber: plan in progress |") < place("green: under control |"));
}

#[test]
fn titles_that_are_alike_have_links_of_their_own() {
    let sandbox = registered();
    for id in ["2026-01-01-a", "2026-01-02-b"] {
        sandbox.write(&format!("risks/{id}.yaml"), &format!("id: {id}\nkind: issue\ntitle: Same | title\nstatus: open\n"));
    }
    rendered(&sandbox);
    let log = sandbox.read("docs/raid.md");
    assert!(log.contains("[Same \\| title](#same--title)") && log.contains("[Same \\| title](#same--title-1)"), "{log}");
}

#[test]
fn the_tool_map_holds_what_was_heard_beside_what_is_wanted() {
    let sandbox = operated();
    rendered(&sandbox);
    shows(
        &sandbox.read("docs/tools.md"),
        str![[r#"
# Tool and service map

Acme Logistics · Small Operations 1.2.0 · as of 2026-04-01

[Overview](README.md)

What does each job today, as heard in the workshops, beside the tool that the design wants for it. 1 tool is wanted.
They are those that the designs assume. A tool in use may stay where the column on what becomes of it says so, and on the terms it names.

## Backup and Restore

| Job | Today, as heard | Wanted | What becomes of today's | Owner |
| --- | --- | --- | --- | --- |
| Keep copies | Cloud: 97 % (What share of restores came back in time?)<br>On premises: not known yet<br>Cloud: Agreed, with an owner | A vault with a `lock` | Tapes end with the last restore. | Operations lead |

**A vault with a `lock`**

- Stands: once for all of Cloud; a service of the provider
- Works with: Databases; Files
- Limits: Ten copies.
- Kept in order: The vendor patches it.
- Needed for: [Everything that matters is backed up](backup/design.md#everything-that-matters-is-backed-up)
- Read: [Vault](https://example.com/vault)

"#]],
    );
}

/// Spoils the decisions of a workspace.
fn spoil_decisions(sandbox: &Sandbox) {
    sandbox.write(
        "decisions/2026-03-02-copies-elsewhere.yaml",
        "schema: opsready/decision/v2\nid: 2026-03-02-copies\ntitle: x\nstatus: aproved\nstatment: x\ndecided_on: 2026-02-30\n",
    );
    sandbox.write(
        "decisions/no-date.yaml",
        "id: no-date\ntitle: x\nstatus: approved\ncapability: bakcup\ndecides: x\nowner: ops-laed\nsupersedes: [no-date, 2025-01-01-copies-her]\n",
    );
    sandbox.write(
        "decisions/2026-01-01-y.yaml",
        "id: 2026-01-01-x\ntitle: y\nstatus: draft\ncapability: backup\ndecides: where-copies-liv\nreview_on: 2025-12-31\n",
    );
    sandbox.write("decisions/2026-01-02-z.yaml", "id: 2026-01-02-z\ntitle: z\nstatus: draft\ndecides: how-often\n");
}

#[test]
fn every_fault_in_the_decisions_is_told_at_once_beside_those_in_the_answers() {
    let sandbox = registered();
    spoil_decisions(&sandbox);
    sandbox.replace("risks/2026-03-03-one-walker.yaml", "decisions: [2026-03-02-copies-elsewhere]\n", "");
    sandbox.replace("answers/backup.yaml", "choose: agreed", "choose: agred");
    let run = sandbox.run(&["render"]);
    shows(
        &faults(&run),
        str![[r#"
error[unknown-reference]: the question `backup-policy` has no choice `agred`
--> answers/backup.yaml:3:33
= help: did you mean `agreed`?
error[file-name-differs]: the file is named `2026-01-01-y` and holds `2026-01-01-x`
--> decisions/2026-01-01-y.yaml:1:5
= help: rename the file, or change the id
error[unknown-reference]: the design of `backup` has no decision `where-copies-liv`
--> decisions/2026-01-01-y.yaml:5:10
= help: did you mean `where-copies-live`?
warning[bad-date]: the review of 2025-12-31 comes before the entry itself, 2026-01-01
--> decisions/2026-01-01-y.yaml:6:12
error[missing-key]: `how-often` is a design decision of which capability?
--> decisions/2026-01-02-z.yaml:4:10
= help: name it with `capability`
error[unknown-word]: `opsready/decision/v2` is not a format that this version reads
--> decisions/2026-03-02-copies-elsewhere.yaml:1:9
= help: it reads `opsready/decision/v1`; a newer file needs a newer opsready
error[unknown-word]: `aproved` is not a word that this key knows
--> decisions/2026-03-02-copies-elsewhere.yaml:4:9
= help: did you mean `approved`?
error[unknown-key]: unknown key `statment`
--> decisions/2026-03-02-copies-elsewhere.yaml:5:1
= help: did you mean `statement`?
error[bad-date]: `2026-02-30` is not a date that exists
--> decisions/2026-03-02-copies-elsewhere.yaml:6:13
= help: write it as 2026-11-20
error[bad-id]: `no-date` does not begin with a date and go on with a few words
--> decisions/no-date.yaml:1:5
= help: write it as `2026-11-20-two-or-three-words`
warning[missing-key]: a decision that holds says what was decided, and when
--> decisions/no-date.yaml:3:9
= help: add `statement`, `decided_on`
error[unknown-reference]: the kit has no capability `bakcup`
--> decisions/no-date.yaml:4:13
= help: did you mean `backup`?
warning[unknown-reference]: the kit has no role `ops-laed`
--> decisions/no-date.yaml:6:8
= help: did you mean `ops-lead`?
error[cycle]: a decision cannot stand in its own place
--> decisions/no-date.yaml:7:14
= help: name the one that no longer holds, in one of them
error[unknown-reference]: there is no decision `2025-01-01-copies-her`
--> decisions/no-date.yaml:7:23
= help: did you mean `2025-01-01-copies-here`?

"#]],
    );
}

#[test]
fn every_fault_in_the_risks_is_told_at_once_and_only_by_render() {
    let sandbox = registered();
    sandbox.write(
        "risks/2026-03-03-one-walker.yaml",
        "id: 2026-03-03-one-walker\nkind: assumption\ntitle: x\nstatus: open\nlikelihood: low\nplan: none\nquestions: [backup-scop, backup-policy@clod]\npractices: [restores-testd]\nstories: [test-restore]\ndecisions: [2026-03-02-copies-elsewher]\n",
    );
    let run = sandbox.run(&["render"]);
    shows(
        &faults(&run),
        str![[r#"
error[unknown-key]: an assumption has no `likelihood`
--> risks/2026-03-03-one-walker.yaml:5:13
= help: only a risk has one
error[unknown-key]: an assumption has no `plan`
--> risks/2026-03-03-one-walker.yaml:6:7
= help: only a risk or an issue has one
error[unknown-reference]: the kit has no question `backup-scop`
--> risks/2026-03-03-one-walker.yaml:7:13
= help: did you mean `backup-scope`?
error[unknown-reference]: the kit has no environment `clod`
--> risks/2026-03-03-one-walker.yaml:7:26
= help: did you mean `cloud`?
error[unknown-reference]: the kit has no practice `restores-testd`
--> risks/2026-03-03-one-walker.yaml:8:13
= help: did you mean `restores-tested`?
error[unknown-reference]: the kit has no story `test-restore`
--> risks/2026-03-03-one-walker.yaml:9:11
= help: did you mean `test-restores`?
error[unknown-reference]: there is no decision `2026-03-02-copies-elsewher`
--> risks/2026-03-03-one-walker.yaml:10:13
= help: did you mean `2026-03-02-copies-elsewhere`?

"#]],
    );
    for command in ["status", "score"] {
        let run = sandbox.run(&[command]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{command}");
    }
}

/// Returns the faults that a run refused to go on with: what, where, what to do.
#[track_caller]
fn faults(run: &Run) -> String {
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    let is_told =
        |line: &&str| ["error", "warning"].iter().any(|word| line.starts_with(word)) || line.contains("--> ") || line.contains("= help");
    run.stderr.lines().filter(is_told).map(|line| line.trim_start().to_owned() + "\n").collect()
}

#[test]
fn decisions_that_stand_in_each_others_place_are_refused() {
    let sandbox = registered();
    let file = "decisions/2025-01-01-copies-here.yaml";
    sandbox.write(file, &(sandbox.read(file) + "supersedes: [2026-03-02-copies-elsewhere]\n"));
    let run = sandbox.run(&["render"]);
    shows(
        &faults(&run),
        str![[r#"
error[cycle]: `2026-03-02-copies-elsewhere` stands in the place of this decision already
--> decisions/2025-01-01-copies-here.yaml:5:14
= help: name the one that no longer holds, in one of them
error[cycle]: `2025-01-01-copies-here` stands in the place of this decision already
--> decisions/2026-03-02-copies-elsewhere.yaml:19:14
= help: name the one that no longer holds, in one of them

"#]],
    );
}

#[test]
fn hostile_text_in_the_registers_stays_text() {
    let sandbox = registered();
    let hostile = "a | b `c` </details> --> [x](javascript:y) {{ z }} <!-- end escalation -->";
    for key in ["title", "statement", "context", "rationale", "owner", "approver"] {
        let file = "decisions/2026-03-02-copies-elsewhere.yaml";
        let line = sandbox.read(file).lines().find(|line| line.starts_with(&format!("{key}:"))).expect("the key is there").to_owned();
        sandbox.replace(file, &line, &format!("{key}: '{hostile}'"));
    }
    for key in ["title", "statement", "cause", "impact", "owner"] {
        let file = "risks/2026-03-03-one-walker.yaml";
        let line = sandbox.read(file).lines().find(|line| line.starts_with(&format!("{key}:"))).expect("the key is there").to_owned();
        sandbox.replace(file, &line, &format!("{key}: '{hostile}'"));
    }
    rendered(&sandbox);
    for document in ["docs/decisions.md", "docs/raid.md", "docs/backup/design.md"] {
        let text = sandbox.read(document);
        assert!(!text.contains("</details>") && !text.contains("<!-- end escalation"), "{document}: {text}");
        let mut wanted = None;
        for line in text.lines() {
            let bars = line.replace("\\|", "").matches('|').count();
            if line.starts_with('|') {
                assert_eq!(*wanted.get_or_insert(bars), bars, "{document}: {line}");
            } else {
                wanted = None;
            }
        }
    }
}

#[test]
fn faults_in_the_registers_are_told_beside_those_of_the_kit() {
    let sandbox = registered();
    sandbox.replace("decisions/2026-03-02-copies-elsewhere.yaml", "title:", "titel:");
    sandbox.replace("kit/kit.yaml", "default_target: 2", "default_target: 9");
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("kit.yaml:14") && run.stderr.contains("unknown key `titel`"), "{}", run.stderr);
}

#[test]
fn a_tool_names_roles_questions_and_practices_that_are_there() {
    let sandbox = operated();
    let kit = "kit/capabilities/backup.yaml";
    sandbox.replace(kit, "owner: ops-lead", "owner: ops-laed");
    sandbox.replace(kit, "questions: [restore-share, backup-policy]", "questions: [restore-shar]");
    sandbox.replace(kit, "      practices: [backup-complete]\n      references", "      practices: [backup-complet]\n      references");
    let run = sandbox.run(&["kit", "lint", "--short"]);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    shows(
        &run.stdout,
        str![[r#"
kit/capabilities/backup.yaml:92:14: error[unknown-reference]: the role `ops-laed` is not defined in this kit (did you mean `ops-lead`?)
kit/capabilities/backup.yaml:93:19: error[unknown-reference]: the question `restore-shar` is not defined in this kit (did you mean `restore-share`?)
kit/capabilities/backup.yaml:94:19: error[unknown-reference]: the practice `backup-complet` is not defined in this kit (did you mean `backup-complete`?)

"#]],
    );
}

#[test]
fn a_tool_links_to_the_web_and_has_an_id_of_its_own() {
    let sandbox = operated();
    let kit = "kit/capabilities/backup.yaml";
    sandbox.replace(kit, "https://example.com/vault", "example/vault");
    let run = sandbox.run(&["kit", "lint", "--short"]);
    assert!(run.stdout.contains("[bad-link]") && run.stdout.contains("`example/vault` is no web address"), "{}", run.stdout);
    sandbox.replace(kit, "  tools:\n", "  tools:\n    - {id: vault, title: x, target: y, deployment: centre}\n");
    let run = sandbox.run(&["kit", "lint", "--short"]);
    assert!(run.stdout.contains("did you mean `central`?"), "{}", run.stdout);
    sandbox.replace(kit, ", deployment: centre", "");
    let run = sandbox.run(&["kit", "lint", "--short"]);
    assert!(run.stdout.contains("the tool `vault` is there twice"), "{}", run.stdout);
}

#[test]
fn the_registers_satisfy_their_schemas() {
    let sandbox = registered();
    for (name, file, bad) in [
        ("decision", "decisions/2026-03-02-copies-elsewhere.yaml", "status: aproved"),
        ("risk", "risks/2026-03-03-one-walker.yaml", "status: over"),
    ] {
        let schema = sandbox.run(&["schema", name]).json();
        let validator = jsonschema::validator_for(&schema).expect("it is a schema");
        let text = sandbox.read(file);
        let value: serde_json::Value = serde_saphyr::from_str(&text).expect("the file is YAML");
        let faults: Vec<String> = validator.iter_errors(&value).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{file}: {faults:?}");
        let old = if name == "risk" { "status: open" } else { "status: approved" };
        let value: serde_json::Value = serde_saphyr::from_str(&text.replace(old, bad)).expect("the file is YAML");
        assert!(!validator.is_valid(&value), "{name}");
    }
}
