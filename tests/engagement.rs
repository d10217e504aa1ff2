//! The consulting work around an assessment: `engagement.yaml`, its two documents, and the phase of the migration.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use proptest::prelude::*;
use snapbox::data::Inline;
use snapbox::str;
use support::{Sandbox, shows};

const PHASES: &str = "\
phases:
  - {id: plan, title: Plan, targets: {backup: 1, patching: 1}}
  - {id: move, title: Move, targets: {backup: 2}}
";

const ENGAGEMENT: &str = "\
mission: |
  Nothing is *moved* before it can be operated.
objectives:
  - id: ready
    title: Ready to move
    statement: What moves is protected.
    reviews: [Which copies exist, Who restores]
    outcome: A plan | with a pipe.
    capabilities: [backup, patching]
ways_of_working: [Questions go out first]
phases:
  - id: look
    title: Look
    purpose: Find out.
    working_days: 2.5
    participants: [ops-lead]
    entry: [{id: sponsor, title: A sponsor is named}]
    deliverables: [{id: report, title: A report}]
    exit: [{id: agreed, title: The report is agreed}]
  - {id: plan-it, title: Plan it, after: [look], working_days: 1}
sessions:
  - id: start
    title: Start
    phase: look
    minutes: 30
    required: [ops-lead]
    optional: [service-owner]
    agenda: [{minutes: 10, topic: Why}, {topic: What}]
  - id: now
    title: Now
    phase: look
    for_each: capability
    minutes: 60
    purpose: What is done today.
    after: [start]
    inputs: [The pre-read]
    outputs: [Answers]
    agenda:
      - {minutes: 5, topic: Terms}
      - {dimension: people, topic: People}
      - {dimension: process, topic: Process}
      - {dimension: tools, topic: Tools}
  - {id: end, title: End, minutes: 45, required: [service-owner], after: [now]}
capabilities:
  backup:
    required: [ops-lead]
    optional: [service-owner]
    minutes: {now: 90}
    bring: [The last restore]
    settle: [Who restores]
priorities:
  - phase: plan
    first: [patching, backup]
    now: [Look]
    later: [Buy]
    gate: [Owners are named]
  - {phase: move, first: [backup]}
";

/// Returns a workspace whose kit has phases and an engagement, with one part of it replaced.
fn workspace(replace: (&str, &str)) -> Sandbox {
    let (old, new) = replace;
    assert!(ENGAGEMENT.contains(old), "`{old}` is in the engagement");
    let sandbox = Sandbox::workspace();
    let kit = sandbox.read("kit/kit.yaml");
    sandbox.write("kit/kit.yaml", &format!("{kit}{PHASES}"));
    sandbox.write("kit/engagement.yaml", &ENGAGEMENT.replacen(old, new, 1));
    sandbox
}

fn whole() -> Sandbox {
    workspace(("mission", "mission"))
}

#[track_caller]
fn lint(replace: (&str, &str), expected: Inline) {
    let run = workspace(replace).run(&["kit", "lint", "kit", "--short"]);
    shows(&format!("{}exit {}\n", run.stdout, run.code.expect("it ended by itself")), expected);
}

#[test]
fn the_engagement_of_these_tests_is_clean() {
    lint(
        ("mission", "mission"),
        str![[r#"
exit 0

"#]],
    );
}

#[test]
fn ids_that_nothing_has_are_named_with_their_place() {
    lint(
        ("capabilities: [backup, patching]", "capabilities: [backups, patching]"),
        str![[r#"
kit/engagement.yaml:9:20: error[unknown-reference]: the capability `backups` is not defined in this kit (did you mean `backup`?)
exit 2

"#]],
    );
    lint(
        ("after: [look]", "after: [looks]"),
        str![[r#"
kit/engagement.yaml:20:43: error[unknown-reference]: the phase `looks` is not defined in this kit (did you mean `look`?)
exit 2

"#]],
    );
    lint(
        (
            "required: [ops-lead]\n    optional: [service-owner]\n    agenda",
            "required: [op-lead]\n    optional: [service-owner]\n    agenda",
        ),
        str![[r#"
kit/engagement.yaml:26:16: error[unknown-reference]: the role `op-lead` is not defined in this kit (did you mean `ops-lead`?)
exit 2

"#]],
    );
    lint(
        ("minutes: {now: 90}", "minutes: {later: 90}"),
        str![[r#"
kit/engagement.yaml:48:15: error[unknown-reference]: the session `later` is not defined in this kit (there are `start`, `now`, `end`)
exit 2

"#]],
    );
    lint(
        ("  backup:\n", "  back-up:\n"),
        str![[r#"
kit/engagement.yaml:45:3: error[unknown-reference]: the capability `back-up` is not defined in this kit (did you mean `backup`?)
exit 2

"#]],
    );
    lint(
        ("- phase: plan\n", "- phase: plant\n"),
        str![[r#"
kit/engagement.yaml:52:12: error[unknown-reference]: the phase of the migration `plant` is not defined in this kit (did you mean `plan`?)
exit 2

"#]],
    );
    lint(
        ("for_each: capability", "for_each: question"),
        str![[r#"
kit/engagement.yaml:32:15: error[unknown-word]: `question` is not a word that this key knows (one of `capability`)
exit 2

"#]],
    );
}

#[test]
fn an_id_that_is_there_twice_is_refused() {
    lint(
        ("id: end,", "id: now,"),
        str![[r#"
kit/engagement.yaml:43:10: error[duplicate-id]: the session `now` is there twice
exit 2

"#]],
    );
    lint(
        ("exit: [{id: agreed, title: The report is agreed}]", "exit: [{id: agreed, title: A}, {id: agreed, title: B}]"),
        str![[r#"
kit/engagement.yaml:19:41: error[duplicate-id]: the point `agreed` is there twice
exit 2

"#]],
    );
    lint(
        ("- {phase: move,", "- {phase: plan,"),
        str![[r#"
kit/engagement.yaml:57:13: error[duplicate-id]: the priority of the phase `plan` is there twice
exit 2

"#]],
    );
}

#[test]
fn what_comes_after_itself_is_refused() {
    lint(
        ("    minutes: 30\n", "    minutes: 30\n    after: [end]\n"),
        str![[r#"
kit/engagement.yaml:22:9: error[cycle]: the sessions `start`, `end`, `now` come after each other (one of them must come first)
exit 2

"#]],
    );
    lint(
        ("    working_days: 2.5\n", "    working_days: 2.5\n    after: [look]\n"),
        str![[r#"
kit/engagement.yaml:12:9: error[cycle]: `look` comes after itself (one of them must come first)
exit 2

"#]],
    );
}

#[test]
fn an_agenda_that_does_not_fill_its_session_is_refused() {
    lint(
        ("{topic: What}", "{minutes: 15, topic: What}"),
        str![[r#"
kit/engagement.yaml:25:14: error[agenda-does-not-fit]: the agenda of `start` takes 25 minutes of 30 (let the items sum up to the length, or leave the minutes of one out)
exit 2

"#]],
    );
    lint(
        ("{minutes: 10, topic: Why}", "{minutes: 30, topic: Why}"),
        str![[r#"
kit/engagement.yaml:25:14: error[agenda-does-not-fit]: the agenda of `start` takes 30 minutes of 30 and leaves too little for the rest (make the session longer, or its items shorter)
exit 2

"#]],
    );
    lint(
        ("minutes: {now: 90}", "minutes: {now: 7}"),
        str![[r#"
kit/engagement.yaml:48:20: error[agenda-does-not-fit]: the agenda of `now` takes 5 minutes of 7 and leaves too little for the rest (make the session longer, or its items shorter)
exit 2

"#]],
    );
    lint(
        ("    minutes: 30\n", "    minutes: 0\n"),
        str![[r#"
kit/engagement.yaml:25:14: error[agenda-does-not-fit]: a session lasts more than 0 minutes (write it as 90)
exit 2

"#]],
    );
    lint(
        ("{minutes: 10, topic: Why}", "{minutes: 2.5, topic: Why}"),
        str![[r#"
kit/engagement.yaml:28:24: error[bad-number]: a whole number belongs here
exit 2

"#]],
    );
    lint(
        ("{topic: What}", "{topic: What, dimension: people}"),
        str![[r#"
kit/engagement.yaml:28:49: error[agenda-does-not-fit]: the questions of a capability cannot be asked in a session that is for none (give the session `for_each: capability`)
exit 2

"#]],
    );
}

#[test]
fn a_length_for_a_session_that_is_held_once_is_refused() {
    lint(
        ("minutes: {now: 90}", "minutes: {start: 90}"),
        str![[r#"
kit/engagement.yaml:48:15: error[bad-kit]: the session `start` is held once, not for each capability (give the session `for_each: capability`, or leave its length here out)
exit 2

"#]],
    );
    lint(
        ("working_days: 1}", "working_days: 0}"),
        str![[r#"
kit/engagement.yaml:20:64: error[bad-number]: a phase takes more than 0 working days
exit 2

"#]],
    );
}

#[test]
fn the_engagement_is_a_document() {
    let sandbox = whole();
    sandbox.replace(
        "opsready.yaml",
        "target_environment: cloud\n",
        "target_environment: cloud\nphase: move\ncapabilities: {patching: {importance: 5}}\n",
    );
    sandbox.write("answers/backup.yaml", "capability: backup\nanswers:\n  backup-policy@cloud: {choose: agreed}\n");
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    shows(
        &sandbox.read("docs/engagement.md"),
        str![[r#"
# Acme Logistics: the engagement

Acme Logistics · Small Operations 1.2.0

[Overview](README.md)

Nothing is *moved* before it can be operated.

## Objectives

### Ready to move

What moves is protected.

What is reviewed:

- Which copies exist
- Who restores

**At the end you have:** A plan \| with a pipe.

Answered in: [Backup and Restore](backup/readiness.md), [Patching](patching/readiness.md).

## What to take first

The organisation is in the phase **Move**.
Your own importance decides, then what the phase takes first.

| # | Capability | Importance | Needed by the end of the phase | Cloud today | Distance |
| ---: | --- | ---: | --- | --- | --- |
| 1 | [Patching](patching/readiness.md) | 5 | – | not assessed | – |
| 2 | [Backup and Restore](backup/readiness.md) | 3 | 2 Managed | 0 Absent | 2 levels to go |

Taken before what they build on, so ask for these first steps early:

- Patching builds on Backup and Restore.

## Target levels by phase of the migration

| Capability | Plan | Move | Your target |
| --- | ---: | ---: | ---: |
| Backup and Restore | 1 | 2 | 2 |
| Patching | 1 | – | 2 |

The levels are those of the scale in the [overview](README.md#the-scale). A target in `opsready.yaml` replaces the one of the phase.

## How the work goes

3.5 working days in all.

### 1. Look

Find out.

2.5 working days; Operations lead.

Begins when:

- A sponsor is named

Leaves behind:

- A report

Ends when:

- The report is agreed

### 2. Plan it

1 working day.

The sessions, with participants and agendas, are in [workshops](workshops.md).

"#]],
    );
}

#[test]
fn the_sessions_are_a_document_that_answers_do_not_change() {
    let sandbox = whole();
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    let before = sandbox.read("docs/workshops.md");
    shows(
        &before,
        str![[r#"
# Acme Logistics: workshops

Acme Logistics · Small Operations 1.2.0

[Overview](README.md)

4 sessions, 3 h 45 min in all.

| # | Session | Held | Length | Phase | After |
| ---: | --- | --- | --- | --- | --- |
| 1 | Start | once | 30 min | Look | – |
| 2 | Now | for each of 2 capabilities | 1 h to 1 h 30 min | Look | Start |
| 3 | End | once | 45 min |  | Now |

To prepare them: who is needed and for how long is in [stakeholders](workshop/stakeholders.md), the mails are in
[invitations](workshop/invitation.md), and what to ask is in the [facilitator guide](workshop/facilitator-guide.md).

How sessions are held:

- Questions go out first

## The sessions

### Start

30 min. Must be there: Operations lead. Should be there: Service owner.

| From | Minutes | What happens |
| ---: | ---: | --- |
| 0:00 | 10 | Why |
| 0:10 | 20 | What |

### Now

What is done today.

Once for each capability, 1 h to 1 h 30 min. Must be there: those of the capability, below.

On the table:

- The pre-read

Agenda, with its times below by capability:

1. Terms
2. People
3. Process
4. Tools

Leaves behind:

- Answers

### End

45 min. Must be there: Service owner.

## By capability

In the order in which the capabilities are taken; why in this order is told in the [engagement](engagement.md#what-to-take-first).

### 1. Patching

**Now**, 1 h

| From | Minutes | What happens |
| ---: | ---: | --- |
| 0:00 | 5 | Terms |
| 0:05 | 20 | People |
| 0:25 | 20 | Process |
| 0:45 | 15 | Tools |

The questions and what is known so far: [readiness](patching/readiness.md); the target: [design](patching/design.md).

### 2. Backup and Restore

Must be there: Operations lead. Should be there: Service owner.

Bring:

- The last restore

Settled when you leave:

- Who restores

**Now**, 1 h 30 min

| From | Minutes | What happens |
| ---: | ---: | --- |
| 0:00 | 5 | Terms |
| 0:05 | 85 | Process (2 answers) |

The questions and what is known so far: [readiness](backup/readiness.md); the target: [design](backup/design.md).

"#]],
    );
    sandbox.write(
        "answers/backup.yaml",
        "capability: backup\nanswers:\n  backup-policy@cloud: {choose: agreed, evidence: [{title: P, collected: 2026-03-02}]}\n",
    );
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    assert_eq!(sandbox.read("docs/workshops.md"), before);
}

#[test]
fn a_kit_without_engagement_has_neither_document() {
    let sandbox = Sandbox::workspace();
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    assert!(!sandbox.path("docs/engagement.md").exists() && !sandbox.path("docs/workshops.md").exists());
    assert!(!sandbox.read("docs/README.md").contains("ngagement"));
}

#[test]
fn sessions_may_be_left_out() {
    let sandbox = workspace(("mission", "mission"));
    let short = ENGAGEMENT.split("sessions:").next().expect("there is text before it").to_owned();
    sandbox.write("kit/engagement.yaml", &short);
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    assert!(!sandbox.path("docs/workshops.md").exists());
    let text = sandbox.read("docs/engagement.md");
    assert!(text.contains("Questions go out first") && !text.contains("workshops.md"), "{text}");
}

/// The targets by capability, as the scorecard gives them.
fn targets(sandbox: &Sandbox) -> Vec<i64> {
    let card = sandbox.run(&["score", "--json"]).json();
    let capabilities = card["capabilities"].as_array().expect("it is a list");
    capabilities.iter().map(|capability| capability["target"].as_i64().expect("it is a level")).collect()
}

#[test]
fn the_phase_of_the_migration_gives_the_targets_that_nobody_named() {
    let sandbox = whole();
    assert_eq!(targets(&sandbox), [2, 2], "the default of the kit");
    let plain = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{plain}phase: plan\n"));
    assert_eq!(targets(&sandbox), [1, 1], "those of the phase");
    sandbox.write("opsready.yaml", &format!("{plain}phase: plan\ncapabilities: {{patching: {{target: 2}}}}\n"));
    assert_eq!(targets(&sandbox), [1, 2], "one's own comes first");
    sandbox.write("opsready.yaml", &format!("{plain}phase: move\n"));
    assert_eq!(targets(&sandbox), [2, 2], "a phase that names no level leaves the default");
    sandbox.write("opsready.yaml", &format!("{plain}phase: mov\n"));
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[unknown-reference]: the kit has no phase `mov`
 --> opsready.yaml:7:8
  |
7 | phase: mov
  |        ^^^
  |
  = help: did you mean `move`?
1 error to mend; nothing was changed

"#]],
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever the length, the rows of an agenda follow each other without a hole and fill the session.
    #[test]
    fn an_agenda_fills_its_session(length in 8_u32..600, fixed in 1_u32..5) {
        let sandbox = workspace(("minutes: {now: 90}", &format!("minutes: {{now: {length}}}")));
        sandbox.replace("kit/engagement.yaml", "{minutes: 5, topic: Terms}", &format!("{{minutes: {fixed}, topic: Terms}}"));
        prop_assert_eq!(sandbox.run(&["render"]).code, Some(0));
        let text = sandbox.read("docs/workshops.md");
        let own = text.split("### 2. Backup").nth(1).expect("the capability has its part");
        let mut at = 0;
        let mut rows = 0;
        for row in own.lines().filter(|line| line.starts_with("| ") && !line.contains("---") && !line.contains("Minutes")) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            prop_assert_eq!(cells[1], format!("{}:{:02}", at / 60, at % 60));
            let minutes: u32 = cells[2].parse().expect("it is a number");
            prop_assert!(minutes > 0);
            at += minutes;
            rows += 1;
        }
        prop_assert_eq!((rows, at), (2, length), "the two other dimensions have no question");
    }
}
