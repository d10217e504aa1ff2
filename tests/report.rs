//! What is handed over, and what is left to do: report, out-brief, actions, open questions, applicability, evidence, acceptance.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use std::collections::BTreeSet;
use std::path::Path;
use support::{Sandbox, copy, shows};

/// Answers of the small kit in all five states, with a disagreement.
const BACKUP: &str = "\
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    evidence: [{title: Policy, link: \"https://wiki.example/policy\", collected: 2025-03-02}]
    by: [ops-lead]
    answered_on: 2026-11-02
  backup-policy@cloud:
    choose: none
    note: |
      Nobody in the room had seen one. \"We thought you had it.\"
    by: [ops-lead]
    answered_on: 2026-11-03
    minority:
      - {by: service-owner, choose: drafted, note: There is a page of 2021.}
  restore-tested@on-premises:
    not_applicable: {reason: business-priority, note: \"The last server goes in May. Accepted by the board.\"}
  backup-scope:
    choose: [databases, files]
    not_applicable_choices: [mail]
    by: [service-owner]
  backup-context:
    dont_know: {owner: service-owner, due: 2026-12-15, note: Asks the vendor.}
";

const PATCHING: &str = "\
capability: patching
answers:
  patch-window@on-premises: {choose: calendar}
  patch-window@cloud: {parked: {note: After the migration}}
";

/// The documents of this file.
const OURS: [&str; 7] = ["readiness-report", "out-brief", "acceptance", "open-questions", "actions", "applicability", "evidence"];

fn answered() -> Sandbox {
    let sandbox = Sandbox::with_answers(BACKUP);
    sandbox.write("answers/patching.yaml", PATCHING);
    sandbox
}

/// Renders, and returns a document by its id.
#[track_caller]
fn rendered(sandbox: &Sandbox, id: &str) -> String {
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    sandbox.read(&format!("docs/{id}.md"))
}

/// Returns the part of a document below a heading, up to the next one of the same level.
#[track_caller]
fn section<'d>(document: &'d str, heading: &str) -> &'d str {
    let from = document.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("there is no `{heading}` in:\n{document}"));
    let rest = &document[from + 1..];
    rest[3..].find("\n## ").map_or(rest, |to| &rest[..to + 3])
}

/// Returns the large example, in a folder of its own.
fn example() -> Sandbox {
    let sandbox = Sandbox::empty();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lindwater-utilities"), &sandbox.path(""));
    sandbox
}

#[test]
fn what_waits_in_the_registers_stands_in_what_is_handed_over() {
    let sandbox = example();
    let actions = rendered(&sandbox, "actions");
    let summary = sandbox.read("docs/executive-summary.md");
    let (report, gaps) = (sandbox.read("docs/readiness-report.md"), sandbox.read("docs/gap-register.md"));
    let decision = "](decisions.md#hypercare-ends-by-criteria-not-by-date)";
    assert!(section(&summary, "Decisions we need").contains(&format!("{decision}**: Executive sponsor, by 2026-11-26.")), "{summary}");
    assert!(section(&report, "What is not settled").contains(decision), "{report}");
    assert!(section(&gaps, "What closes each gap").contains(decision), "{gaps}");
    assert!(actions.contains("| 2026-11-26 | Decide: Hypercare ends by criteria, not by date |"), "{actions}");
    let issue = "](raid.md#seventeen-servers-of-wave-2-without-patches)";
    for document in [&summary, &report, &gaps, &actions] {
        assert!(document.contains(issue), "{document}");
    }
    assert!(actions.contains("| 2026-10-30, **overdue** | Agree on a plan: Seventeen servers of wave 2 without patches |"), "{actions}");
    // What is begun is no longer among what nobody has begun.
    assert!(!report.contains("To decide first: Which operating model applies on AWS"), "{report}");
}

#[test]
fn the_report_of_a_small_assessment() {
    shows(
        &rendered(&answered(), "readiness-report"),
        str![[r#"
# Readiness report

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-03

[Overview](README.md)

## Document control

<!-- keep document-control: what you write here stays -->

| Version | Status | Authors (roles) | Reviewed by (roles) | Approved by (role, date) | What is new |
| --- | --- | --- | --- | --- | --- |
| 0.1 | draft | | | | first version |

<!-- end document-control -->

## In short

**For Cloud, the one capability that is assessed is below its target. The furthest away is Backup and Restore: level 0 against a target of 2. 1 capability is still to be assessed. Up to the targets, 2 practices are missing or in place only in part; 1 of them carries a high risk.**

The [executive summary](executive-summary.md) has the same result on two pages, with the answers that cannot wait, the gaps that weigh most and the
decisions that are needed. This report says how it came about and what follows for each capability.

## Why this was done

<!-- keep engagement-context: what you write here stays -->

*Business drivers, stage of adoption, and who will operate: your own teams, a partner, or the provider.*

<!-- end engagement-context -->

## Scope

2 capabilities are in scope, listed under [results](#results-at-a-glance). The current state was asked about in each environment: On premises, Cloud. The targets are those for **Cloud**.

## How it was done

Answers were recorded from 2026-11-02 to 2026-11-03.
They come from these roles, with the number of answers each: Operations lead (2), Service owner (1).

**Questions and practices.** Each capability has questions about people, process and tools. An answer says how much of one or more practices is in
place, from nothing to all of it; what is in place is the mean of the answers that tell of it. Environments are answered apart and never averaged.

**Levels.** The scale goes from 0 Absent to 2 Managed. A level is attained when its practices are largely in place (above 50 %) and those of every
lower level fully (above 85 %), the rating of ISO/IEC 33020. The score behind the level is the mean over the levels of what is in place.

**Open questions** count as nothing in the score and as everything at the upper end of its range. What does not apply is left out of both.

**Gaps** are practices that the target asks for and that are not, or not fully, in place. Their priority is risk × importance × weight × the share that is
missing. [The scale](README.md#the-scale) says what can be observed at each level.

What limits the result:

- 5 of 9 questions are resolved (55 %). Still open: 1 not known, 1 put off, 2 not answered.
- 1 of 4 answers can be checked against [evidence](evidence.md). The others are what participants said.
- 3 answers come from one role alone.
- Not assessed yet for Cloud: Patching.

## Results at a glance

| Capability | Target | On premises | Cloud | Score in Cloud | Importance | Gaps | Resolved | Evidence |
| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
| [Backup and Restore](backup/readiness.md) | 2 Managed | 2 Managed | 0 Absent | 0.5 | 3 | 2 | 66 % | 1 of 3 |
| [Patching](patching/readiness.md) | 2 Managed | 2 Managed | not assessed | – | 3 | 0 | 33 % | 0 of 1 |

- On premises: 2.0 on average; lowest Backup and Restore (2.0), highest Patching (2.0).
- Cloud: 0.2 on average, with what is open 0.2 to 1.2; what is not assessed yet counts as 0.

## Strengths to reuse

| Capability | In place in Cloud | Works elsewhere, to be carried over |
| --- | --- | --- |
| [Backup and Restore](backup/readiness.md#findings) | Everything that matters is backed up | An agreed policy |

## Findings by capability

### Backup and Restore

**Cloud: level 0 Absent; 2 levels below target 2 Managed.** On premises: 2 Managed.

What stands out: *Is there a policy for backups?* Nobody can show one.

- **[An agreed policy](backup/design.md#an-agreed-policy)** (high risk, days)
- **[Restores are tested](backup/design.md#restores-are-tested)** (medium risk, weeks)

2 gaps in all, 1 of high risk; 2 questions open. Days of work, with nothing needed first: [An agreed policy](backup/design.md#an-agreed-policy). More: [readiness](backup/readiness.md), [design](backup/design.md).

## What goes through all capabilities

- **Practice does not move with the servers.** 1 practice works elsewhere and is missing or weak in Cloud, in Backup and Restore.
- **People do not see the same thing.** 1 question was answered differently, in Backup and Restore. The [open questions](open-questions.md#answered-differently) have both sides.
- **What is said is not always shown.** 1 of 4 answers have evidence; the smallest share is that of Patching (0 of 1 answers).

## Critical path and dependencies

The longest chain of work, each step after the one above it:

1. [An agreed policy](backup/design.md#an-agreed-policy) (Backup and Restore, days, Now)
1. [Restores are tested](backup/design.md#restores-are-tested) (Backup and Restore, weeks, Now)

A delay of one of these steps delays the last one.

Below their target, with the number of capabilities that build on them: [Backup and Restore](backup/readiness.md) (1).

## Roadmap

| Wave | Actions | Points | High risks closed | Score after it | Most work in |
| --- | ---: | ---: | ---: | ---: | --- |
| Now | 2 | 4 of 4 | 1 | 1.0 | Backup and Restore |

Points are effort against the capacity of the wave: days of work count 1, weeks 3, months 8. The [roadmap](roadmap.md) has every action, and where each capability then stands.

## What is not settled

- 4 questions are open: the [register](open-questions.md) has who can answer, by when, and what it does to the score.
- 1 deviation was recorded: the [applicability statement](applicability.md) has the reason for each.

## Next steps

| By | Who | What |
| --- | --- | --- |
| 2026-12-15 | Service owner | Find out: What else should we know? |

The [actions](actions.md) have the rest. The next piece of work is *Now*; it begins once its actions are funded or refused one by one.

<!-- keep next-steps: what you write here stays -->

*Who does what next, by when: to be agreed when the report is handed over.*

<!-- end next-steps -->

"#]],
    );
}

#[test]
fn the_open_questions_of_a_small_assessment() {
    shows(
        &rendered(&answered(), "open-questions"),
        str![[r#"
# Open questions

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-03

[Overview](README.md)

4 questions are open: 1 not known, 1 put off, 2 not answered. A score counts an open question as nothing, and the upper end of its range as everything.
*At stake* is what the best answer adds to the score of its capability, and the worst takes from the upper end of the range. What only takes stock is not counted.

## By capability

| Capability | Not known | Put off | Not answered | Answered differently | Score in Cloud | Level |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
| [Backup and Restore](backup/readiness.md) | 1 | 0 | 1 | 1 | 0.5 | 0 Absent |
| [Patching](patching/readiness.md) | 0 | 1 | 1 | 0 | – | not assessed |

## Not known

| Question | Where | Why it matters | Who can answer | By | At stake |
| --- | --- | --- | --- | --- | ---: |
| What else should we know? [Backup and Restore](backup/readiness.md#open-questions), `backup-context` | all | *Asks the vendor.* | Service owner | 2026-12-15 | not counted |

## Put off

| Question | Where | Why it matters | Who can answer | At stake |
| --- | --- | --- | --- | ---: |
| Who decides when systems are patched? [Patching](patching/readiness.md#open-questions), `patch-window@cloud` | Cloud | *After the migration* | nobody named | 1.00 |

## Not answered

| Question | Where | Why it matters | Who can answer | At stake |
| --- | --- | --- | --- | ---: |
| When was the last restore? [Backup and Restore](backup/readiness.md#open-questions), `last-restore` | all |  | nobody named | not counted |
| Is there a report of missing patches? [Patching](patching/readiness.md#open-questions), `patch-report` | all |  | nobody named | 1.00 |

## Answered differently

The first answer counts. Behind each other one stands what the score of the capability would do if that one were right.

- **Is there a policy for backups?** ([Backup and Restore](backup/readiness.md#current-state), Cloud, `backup-policy@cloud`)

  Operations lead: Nobody can show one.

  Service owner: Written down (+0.25).

  > There is a page of 2021.

"#]],
    );
}

#[test]
fn the_actions_of_a_small_assessment() {
    shows(
        &rendered(&answered(), "actions"),
        str![[r#"
# Actions

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-03

[Overview](README.md)

6 actions, 1 with a date that was agreed. An action stands here until its answer is recorded, its decision taken or its entry in the RAID log closed. Work that closes gaps stands here once somebody took it on; all of it is in the [roadmap](roadmap.md).
Where no owner was named, a question stands with the first role that it is meant for, and has no date yet.

## By owner

### Operations lead

| By | Action | Where | Capability | From |
| --- | --- | --- | --- | --- |
| to be agreed | Agree on one answer: Is there a policy for backups? | Cloud | [Backup and Restore](backup/readiness.md) | `backup-policy@cloud` |

### Service owner

| By | Action | Where | Capability | From |
| --- | --- | --- | --- | --- |
| 2026-12-15 | Find out: What else should we know? | all | [Backup and Restore](backup/readiness.md) | `backup-context` |

### Nobody named

| By | Action | Where | Capability | From |
| --- | --- | --- | --- | --- |
| to be agreed | Review the deviation: Was a restore tested in the last year? | On premises | [Backup and Restore](backup/readiness.md) | `restore-tested@on-premises` |
| to be agreed | Answer: When was the last restore? | all | [Backup and Restore](backup/readiness.md) | `last-restore` |
| to be agreed | Take up again: Who decides when systems are patched? | Cloud | [Patching](patching/readiness.md) | `patch-window@cloud` |
| to be agreed | Answer: Is there a report of missing patches? | all | [Patching](patching/readiness.md) | `patch-report` |

## Recap to send

*To copy into a mail to everyone who took part.*

**Subject: Acme Logistics, operational readiness: what we heard and what comes next**

Thank you for your time between 2026-11-02 and 2026-11-03. We spoke about 2 capabilities. 5 of 9 questions are resolved (55 %).

For Cloud, the one capability that is assessed is below its target. The furthest away is Backup and Restore: level 0 against a target of 2. 1 capability is still to be assessed. Up to the targets, 2 practices are missing or in place only in part; 1 of them carries a high risk.

The next dates that you agreed to:

- 2026-12-15, Service owner: find out: What else should we know?

1 question was answered differently. Both sides are recorded; please settle it among you and tell us.

Please read what we wrote down on your capability and correct what is wrong. What you leave as it is goes into the report.

"#]],
    );
}

#[test]
fn the_applicability_statement_of_a_small_assessment() {
    let sandbox = answered();
    let scope = "target_environment: cloud\ncapabilities:\n  patching: {in_scope: false, reason: other, note: Next year}\n";
    sandbox.replace("opsready.yaml", "target_environment: cloud\n", scope);
    shows(
        &rendered(&sandbox, "applicability"),
        str![[r#"
# Applicability statement

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-03

[Overview](README.md)

What the assessment leaves out, with the reason that was given. What is left out counts neither for nor against the score. Where the justification does
not say who approved it and when it is looked at again, write that into the last column.

## Capabilities out of scope

| Capability | Reason | Justification | Approved by, until |
| --- | --- | --- | --- |
| Patching | other | Next year | |

## Deviations

There is something to ask about here, and somebody chose to leave it. Each is looked at again.

| Question | Where | Reason | Justification | Practices concerned | Approved by, until |
| --- | --- | --- | --- | --- | --- |
| Was a restore tested in the last year? [Backup and Restore](backup/readiness.md#not-applicable), `restore-tested@on-premises` | On premises | business priority | The last server goes in May. Accepted by the board. | Restores are tested | |

## Statements that do not apply

| Question | Where | Left out | Note |
| --- | --- | --- | --- |
| What is backed up? [Backup and Restore](backup/readiness.md#current-state), `backup-scope` | all | Mail |  |

"#]],
    );
}

#[test]
fn the_evidence_index_of_a_small_assessment() {
    shows(
        &rendered(&answered(), "evidence"),
        str![[r#"
# Evidence index

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-03

[Overview](README.md)

1 of 4 answers have evidence (25 %).

## What was shown

The last column is for whoever looks at it: role, date, and until when it holds. What is more than a year older than the latest answer is marked.

### Backup and Restore

| Evidence | Collected | Shows the answer to | Where | Said by | Verified by, valid until |
| --- | --- | --- | --- | --- | --- |
| [Policy](https://wiki.example/policy) | 2025-03-02, **over a year old** | Is there a policy for backups? `backup-policy@on-premises` | On premises | Operations lead | |

## Still to be shown

Answers that ask for evidence and have none. *High risk* counts those on which a practice of high risk rests.

| Capability | Asked for | Missing | High risk | Bring first |
| --- | ---: | ---: | ---: | --- |
| [Backup and Restore](backup/readiness.md#current-state) | 2 | 1 | 0 | nothing in particular |

"#]],
    );
}

#[test]
fn the_out_brief_of_a_small_assessment() {
    shows(
        &rendered(&answered(), "out-brief"),
        str![[r##"
# Out-brief

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-03

[Overview](README.md)

**For Cloud, the one capability that is assessed is below its target. The furthest away is Backup and Restore: level 0 against a target of 2. 1 capability is still to be assessed. Up to the targets, 2 practices are missing or in place only in part; 1 of them carries a high risk.**

> Thirty minutes, seven of them for the decisions. A line across the page begins a new slide; quoted lines such as this one are notes for the speaker.

---

## Why we are here

- The question: can Cloud be operated as the business needs it, and what is missing?

> Two minutes. Let the sponsor say it in their own words.

---

## What we did

- 2 capabilities, for On premises and Cloud, from 2026-11-02 to 2026-11-03
- 2 roles gave answers
- 5 of 9 questions are resolved (55 %); 1 of 4 answers have evidence

> One minute. Thank those who brought evidence. Say that what is open counts as nothing in the score.

---

## What we heard

- “Nobody in the room had seen one. "We thought you had it."” (Operations lead, on: *Is there a policy for backups?*)
- “There is a page of 2021.” (Service owner, not agreed by all, on: *Is there a policy for backups?*)

> Three minutes. Read two of them aloud, and ask whoever said it before you show it.

---

## Where we stand

| Capability | Target | On premises | Cloud | Gaps |
| --- | --- | --- | --- | ---: |
| Backup and Restore | 2 Managed | 2 Managed | 0 Absent, 2 levels below target | 2 |
| Patching | 2 Managed | 2 Managed | not assessed | 0 |

> Four minutes. Start with what is at target. A level says what can be observed; it is no grade.

---

## What to build on

- **Everything that matters is backed up** (Backup and Restore)
- 1 practice works elsewhere and could be carried over to Cloud

> Two minutes. Name the people who run these.

---

## What is missing first

| Gap | If it stays | Risk | Effort |
| --- | --- | --- | --- |
| **An agreed policy**, Backup and Restore |  | high | days |
| **Restores are tested**, Backup and Restore |  | medium | weeks |

> Four minutes. Ask after each one who would be called tonight.

---

## What holds the rest up

- The longest chain of work: An agreed policy → Restores are tested
- 1 question was answered differently

> Two minutes. Delay in the chain delays its end; the rest can run beside it.

---

## What we propose

| Wave | Actions | High risks closed | Score after it | Most work in |
| --- | ---: | ---: | ---: | --- |
| Now | 2 | 1 | 1.0 | Backup and Restore |

> Three minutes. The capacity of a wave is an assumption that the room may change.

---

## What comes next

- **Tomorrow.** The [recap](actions.md#recap-to-send) goes out, and everyone corrects what is wrong
- **Within a week.** Each of the 4 open questions has an owner and a date, and what was answered differently is settled
- **By 2026-12-15.** Service owner: find out: What else should we know?
- **Within 90 days.** The first actions are funded and under way (Now), and what has changed is answered again

> Two minutes. Close with one sentence from each owner: what they do first.

"##]],
    );
}

#[test]
fn before_the_first_answer_there_is_nothing_to_hand_over() {
    let sandbox = Sandbox::workspace();
    rendered(&sandbox, "README");
    for id in OURS {
        assert!(!sandbox.path(&format!("docs/{id}.md")).exists(), "`{id}` says nothing yet");
    }
    sandbox.write("answers/patching.yaml", "capability: patching\nanswers:\n  patch-report: {dont_know: {owner: ops-lead}}\n");
    // Somebody has to find something out, though there is no result yet.
    assert!(rendered(&sandbox, "actions").contains("### Operations lead"));
    assert!(sandbox.read("docs/open-questions.md").contains("`patch-report`"));
    assert!(!sandbox.path("docs/readiness-report.md").exists());
}

#[test]
fn where_all_is_settled_no_register_of_open_questions_is_left() {
    let sandbox = Sandbox::workspace();
    sandbox.write(
        "answers/patching.yaml",
        "capability: patching\nanswers:\n  patch-window@on-premises: {choose: calendar}\n  patch-window@cloud: {choose: calendar}\n  patch-report: {choose: \"yes\"}\n",
    );
    sandbox.replace(
        "opsready.yaml",
        "target_environment: cloud\n",
        "target_environment: cloud\ncapabilities:\n  backup: {in_scope: false, reason: out-of-scope}\n",
    );
    let report = rendered(&sandbox, "readiness-report");
    assert!(report.contains("No question is open."), "{report}");
    assert!(!sandbox.path("docs/open-questions.md").exists());
    assert!(!sandbox.path("docs/actions.md").exists());
    assert!(rendered(&sandbox, "acceptance").contains("No question is open at handover."));
}

#[test]
fn the_effect_of_an_answer_is_what_the_answer_then_does() {
    let sandbox = answered();
    let score = |sandbox: &Sandbox| {
        let card = sandbox.run(&["score", "--json"]).json();
        card["capabilities"][1]["environments"]["cloud"]["low"].as_f64().expect("patching has a score")
    };
    let row = rendered(&sandbox, "open-questions").lines().find(|line| line.contains("`patch-window@cloud`")).map(str::to_owned);
    let row = row.expect("the question was put off");
    let before = score(&sandbox);
    let run = sandbox.run(&["answer", "patch-window@cloud", "--choose", "calendar"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let gained = format!("| {:.2} |", score(&sandbox) - before);
    assert!(gained != "| 0.00 |" && row.contains(&gained), "{gained} is not in {row}");
}

#[test]
fn an_answer_leaves_the_rows_of_other_questions_as_they_are() {
    let sandbox = example();
    let before: BTreeSet<String> = OURS.iter().flat_map(|id| rows_of_questions(&rendered(&sandbox, id))).collect();
    let run = sandbox.run(&["answer", "recovery-quotas@aws", "--dont-know", "--owner", "migration-lead", "--due", "2027-01-15"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = sandbox.run(&["answer", "single-points@aws", "--clear"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let after: BTreeSet<String> = OURS.iter().flat_map(|id| rows_of_questions(&rendered(&sandbox, id))).collect();
    let is_meant = |row: &&String| row.contains("`recovery-quotas@aws`") || row.contains("`single-points@aws`");
    let changed: Vec<&String> = before.symmetric_difference(&after).filter(|row| !is_meant(row)).collect();
    assert!(changed.is_empty(), "{changed:#?}");
    assert!(before.difference(&after).count() > 0 && before.len() > 100, "there are {} rows", before.len());
}

/// Returns the rows of tables that name a question.
fn rows_of_questions(document: &str) -> Vec<String> {
    document.lines().filter(|line| line.starts_with('|') && line.contains('`')).map(str::to_owned).collect()
}

#[test]
fn every_owner_finds_what_they_took_on() {
    let sandbox = example();
    let actions = rendered(&sandbox, "actions");
    for (owner, key, due) in [
        ("Cloud platform engineer", "`recovery-quotas@aws`", "2026-11-20"),
        ("Identity administrator", "`aged-machine-keys@on-premises`", "2026-12-04"),
        ("Continuity manager", "`recovery-test-rights@aws`", "2026-12-11"),
    ] {
        let own = actions.split("\n### ").find(|part| part.starts_with(owner)).expect("the owner has a heading");
        let row = own.lines().find(|line| line.contains(key)).expect("the question is among their actions");
        assert!(row.starts_with(&format!("| {due} | Find out")), "{row}");
    }
    let recap = section(&actions, "Recap to send");
    assert!(
        recap.contains("- 2026-11-13, Operations engineer:") && !recap.contains("]("),
        "a mail has no links into a repository:\n{recap}"
    );
}

#[test]
fn the_report_can_be_read_in_a_sitting_and_repeats_no_register() {
    let sandbox = example();
    let report = rendered(&sandbox, "readiness-report");
    let prose = report.split("```").step_by(2).collect::<String>();
    let words = prose.split("](").flat_map(|part| part.split(')').skip(usize::from(!part.is_empty()))).collect::<Vec<_>>().join(" ");
    let words = words.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    assert!(words < 3600, "{words} words");
    let findings = section(&report, "Findings by capability");
    assert_eq!(findings.matches("\n### ").count(), 10);
    assert_eq!(findings.matches("/design.md)").count(), 10, "each leads to its design");
    assert!(!report.contains("`recovery-quotas@aws`"), "single questions are in the registers");
}

#[test]
fn the_out_brief_takes_half_an_hour() {
    let sandbox = example();
    let brief = rendered(&sandbox, "out-brief");
    let minutes = |line: &str| {
        let word = line.strip_prefix("> ")?.split_once(" minute")?.0;
        ["One", "Two", "Three", "Four", "Five", "Six", "Seven"].iter().position(|number| *number == word).map(|place| place + 1)
    };
    let slides: Vec<&str> = brief.split("\n---\n").collect();
    assert_eq!(slides.len(), 11);
    assert!(slides[1..].iter().all(|slide| slide.lines().find_map(minutes).is_some()), "each slide has its time");
    assert_eq!(brief.lines().filter_map(minutes).sum::<usize>(), 30);
    // What was heard is what somebody said, word for word.
    let said = "I signed for 25 tickets a week and three weeks, and I got 62 and seven.";
    assert!(brief.contains(said) && sandbox.read("answers/operational-capabilities.yaml").contains("I signed for 25 tickets a week"));
}

#[test]
fn what_is_accepted_is_what_there_is() {
    let sandbox = answered();
    let sheet = rendered(&sandbox, "acceptance");
    let listed: BTreeSet<&str> =
        section(&sheet, "What is handed over").split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let listed: BTreeSet<&str> = listed.into_iter().filter(|path| !path.starts_with("README.md") && !path.contains('/')).collect();
    let run = sandbox.run(&["render", "--dry-run"]);
    let there: BTreeSet<&str> = (run.stdout.lines().filter_map(|line| line.split_whitespace().next()))
        .filter_map(|path| path.strip_prefix("docs/"))
        .filter(|path| !path.contains('/') && path.rsplit('.').next() == Some("md") && !["README.md", "acceptance.md"].contains(path))
        .collect();
    assert_eq!(listed, there);
    assert!(listed.contains("readiness-report.md"));
}

#[test]
fn evidence_that_is_over_a_year_older_than_the_answers_is_marked() {
    let sandbox = answered();
    assert!(rendered(&sandbox, "evidence").contains("2025-03-02, **over a year old**"));
    sandbox.replace("answers/backup.yaml", "2025-03-02", "2025-11-03");
    let fresh = rendered(&sandbox, "evidence");
    assert!(fresh.contains("| 2025-11-03 |") && !fresh.contains("over a year"), "a year to the day is not older:\n{fresh}");
}

#[test]
fn where_nobody_takes_part_by_role_the_report_says_nothing_of_roles() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-scope: {choose: [databases]}\n");
    let report = rendered(&sandbox, "readiness-report");
    let method = section(&report, "How it was done");
    assert!(!method.contains("roles, with") && !method.contains("recorded"), "{method}");
}
