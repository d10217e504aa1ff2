//! The workshop pack: who is needed, how they are asked, what they can answer alone, what the facilitator has at hand, and the minutes.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use support::{Sandbox, copy, shows};

const ANSWERS: &str = "\
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    by: [ops-lead]
  backup-policy@cloud:
    choose: none
    by: [ops-lead]
    minority:
      - {by: service-owner, choose: drafted, note: There is a page of 2021.}
  backup-context:
    dont_know: {owner: service-owner, due: 2026-12-15, note: Asks the vendor.}
  last-restore:
    parked: {note: After the migration}
";

/// The sessions of an engagement around the small kit.
const ENGAGEMENT: &str = "\
mission: Ready.
sessions:
  - id: kick-off
    title: Kick-off
    minutes: 30
    purpose: Everybody knows why.
    required: [service-owner]
    optional: [ops-lead]
    outputs: [A calendar]
    agenda:
      - {minutes: 10, topic: Why}
      - {minutes: 20, topic: When}
  - id: current-state
    title: Current state
    for_each: capability
    minutes: 60
    purpose: The questions are answered.
    inputs: [The questions]
    agenda:
      - {minutes: 10, topic: Words}
      - {dimension: process, topic: How it is done}
capabilities:
  backup:
    required: [service-owner]
    bring: [The last restore]
    settle: [Who tests]
";

fn rendered(answers: &str) -> Sandbox {
    let sandbox = Sandbox::with_answers(answers);
    works(&sandbox);
    sandbox
}

fn with_sessions() -> Sandbox {
    let sandbox = Sandbox::with_answers(ANSWERS);
    sandbox.write("kit/engagement.yaml", ENGAGEMENT);
    works(&sandbox);
    sandbox
}

#[track_caller]
fn works(sandbox: &Sandbox) {
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

fn example() -> Sandbox {
    let sandbox = Sandbox::empty();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lindwater-utilities"), &sandbox.path(""));
    for stale in ["docs", ".opsready"] {
        fs::remove_dir_all(sandbox.path(stale)).expect("the example is rendered");
    }
    sandbox
}

/// Returns the names in a folder.
fn names(sandbox: &Sandbox, folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(sandbox.path(folder)).expect("the folder is there");
    entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn stakeholders_are_the_roles_that_are_needed_and_why() {
    let sandbox = with_sessions();
    shows(
        &sandbox.read("docs/workshop/stakeholders.md"),
        str![[r#"
# Acme Logistics: stakeholders

Acme Logistics · Small Operations 1.2.0

[Overview](../README.md)

Each role needs a person and a deputy before the first invitation goes out. One person may hold several roles; a role that nobody holds is
a finding of its own.

## Who is needed, and for how long

| Role | Sessions | Time | Questions | Asked first | Accountable for |
| --- | ---: | ---: | ---: | ---: | ---: |
| Operations lead | – | – | [1](pre-questionnaire/ops-lead.md) | 1 | – |
| Service owner | 2 | 1 h 30 min | – | – | – |

Sessions and time are those in which the role must be; the [workshops](../workshops.md) have the whole list. Questions are those that name the role, asked first those that name it before any other; a
linked number leads to its pre-questionnaire. The last column counts the activities for which the kit proposes the role as accountable.

## Who holds which role

<!-- keep names: what you write here stays -->

| Role | Who | Deputy |
| --- | --- | --- |
| Operations lead | … | … |
| Service owner | … | … |

<!-- end names -->

## Why each of them

### Operations lead

- Should be in: Kick-off.
- Is asked 1 question, before anybody else.

### Service owner

- Must be in every session on Backup and Restore.
- Must be in: Kick-off.

"#]],
    );
}

#[test]
fn an_invitation_can_be_pasted() {
    let sandbox = with_sessions();
    shows(
        &sandbox.read("docs/workshop/invitation.md"),
        str![[r#"
# Acme Logistics: invitations

Acme Logistics · Small Operations 1.2.0

[Overview](../README.md)

A mail for each kind of session, to be copied from its subject to the sentence on deputies. Send it five working days ahead to the people whom
[stakeholders](stakeholders.md#who-holds-which-role) names. What you write between the marks stays when the documents are rendered again.

## Kick-off

**Subject:** Operational readiness: Kick-off

You are invited to the session “Kick-off”, part of the operational readiness assessment of Acme Logistics. It takes 30 min. When it ends, this holds: Everybody knows why.

<!-- keep kick-off-when: what you write here stays -->

Date and time: …

Place or link: …

<!-- end kick-off-when -->

Agenda:

- 0:00, 10 minutes: Why
- 0:10, 20 minutes: When

We leave with:

- A calendar

Must come: Service owner. Should come: Operations lead.

If you cannot come, send a deputy who may speak for you, and tell us who it is.

## Current state

<!-- keep current-state-when: what you write here stays -->

- Backup and Restore: date, time, place …
- Patching: date, time, place …

<!-- end current-state-when -->

**Subject:** Operational readiness: Current state, (capability)

You are invited to the session “Current state” on (capability), part of the operational readiness assessment of Acme Logistics. It takes 1 h. When it ends, this holds: The questions are answered.

Agenda:

- Words
- How it is done

On the table, so please read or bring it:

- The questions

The questions for your role are attached. Answer those that you can answer alone and bring the rest as they are: what nobody knows is a
result, too.

If you cannot come, send a deputy who may speak for you, and tell us who it is.

The mail for each capability differs in this:

| Capability | Length | Must come | Should come | Bring |
| --- | --- | --- | --- | --- |
| Backup and Restore | 1 h | Service owner | – | The last restore |
| Patching | 1 h | whom the questions name | – | – |

Attach the questionnaire of each role from the [stakeholders](stakeholders.md#who-is-needed-and-for-how-long).

"#]],
    );
}

#[test]
fn a_questionnaire_has_what_a_role_can_answer_alone() {
    let sandbox = with_sessions();
    shows(
        &sandbox.read("docs/workshop/pre-questionnaire/ops-lead.md"),
        str![[r#"
# Operations lead: questions before the session

Acme Logistics · Small Operations 1.2.0

[Overview](../../README.md)

1 question that you can answer alone before we meet.

Answer with what is done today, not with what is planned. What you do not know is worth as much: say who might. Write between the marks, or
have all your questions in a file with drop-downs, whose answers can be read back:
`opsready worksheet export --role ops-lead -o ops-lead.xlsx`.

## Backup and Restore

### Is there a policy for backups?

Without a policy nobody knows what is safe.

Have at hand, as it is: the policy's page

Tick the one statement that fits best in each column.

<!-- keep backup-policy: what you write here stays -->

| Statement | On premises | Cloud |
| --- | :---: | :---: |
| Nobody can show one | ☐ | ☐ |
| Written down | ☐ | ☐ |
| Agreed, with an owner | ☐ | ☐ |

- I do not know; ask: …
- Note: …

<!-- end backup-policy -->

"#]],
    );
}

#[test]
fn a_guide_shows_what_to_listen_for_and_what_is_open() {
    let sandbox = with_sessions();
    let guide = sandbox.read("docs/workshop/facilitator-guide.md");
    let (_, backup) = guide.split_once("## Backup and Restore").expect("the capability is there");
    let (backup, _) = backup.split_once("## Patching").expect("the next one follows");
    shows(
        backup,
        str![[r#"


What is lost comes back in time.

**Time: 1 h** (Current state)

| From | Minutes | What happens |
| ---: | ---: | --- |
| 0:00 | 10 | Words |
| 0:10 | 50 | How it is done (2 answers) |

**Is there a policy for backups?** Ask: Operations lead.

Without a policy nobody knows what is safe.

- Nobody can show one
- Written down
- Agreed, with an owner *(level 1 Basic)*

Ask to see: the policy's page.

Recorded so far:

- On premises: Agreed, with an owner
- Cloud: Nobody can show one

This is 1 of 6 questions. Where this session goes wrong:

- “Is there a policy for backups?” is for Operations lead, not on the list of this session. Ask before.
- A share says nothing without what it leaves out. Ask for that at “What share of restores came back in time?”

2 answers are missing, see [readiness](../backup/readiness.md#open-questions).

Still open or disputed:

- What else should we know? Not known; Service owner finds out by 2026-12-15.
- When was the last restore? Parked.
- Is there a policy for backups? (Cloud) Disputed by Service owner.


"#]],
    );
}

#[test]
fn minutes_begin_with_what_is_known() {
    let sandbox = with_sessions();
    shows(
        &sandbox.read("docs/backup/minutes.md"),
        str![[r#"
# Backup and Restore: minutes

Acme Logistics · Small Operations 1.2.0

[Overview](../README.md) · [Readiness](readiness.md) · [Design](design.md) · [Stories](backlog.md)

## What is on the table

2 answers are missing, see [readiness](readiness.md#open-questions).
The answers show 2 gaps, see [readiness](readiness.md#gaps).

To be settled:

- Who tests

Not known or parked:

| Question | Where | Who | By |
| --- | --- | --- | --- |
| What else should we know? | all | Service owner | 2026-12-15 |
| When was the last restore? | all | no owner yet | no date |

Disputed:

- **Is there a policy for backups?** (Cloud) Recorded with Operations lead: Nobody can show one
  - Service owner: Written down. “There is a page of 2021.”

## Current state

The questions are answered.

**Who was there**

<!-- keep current-state-attendance: what you write here stays -->

Date and place: …

| Role | Needed | Who was there |
| --- | --- | --- |
| Service owner | must | … |

<!-- end current-state-attendance -->

**Decided**

<!-- keep current-state-decisions: what you write here stays -->

- Decision, by which role, why …

<!-- end current-state-decisions -->

**Parked**

<!-- keep current-state-parked: what you write here stays -->

- What, for which session …

<!-- end current-state-parked -->

**To do**

<!-- keep current-state-actions: what you write here stays -->

- [ ] What, which role, by when …

<!-- end current-state-actions -->

"#]],
    );
    shows(
        &sandbox.read("docs/workshop/minutes/kick-off.md"),
        str![[r#"
# Kick-off: minutes

Acme Logistics · Small Operations 1.2.0

[Overview](../../README.md)

Everybody knows why.

30 min; the agenda is in the [workshops](../../workshops.md).

It leaves behind:

- A calendar

## The session

**Who was there**

<!-- keep session-attendance: what you write here stays -->

Date and place: …

| Role | Needed | Who was there |
| --- | --- | --- |
| Service owner | must | … |
| Operations lead | should | … |

<!-- end session-attendance -->

**Decided**

<!-- keep session-decisions: what you write here stays -->

- Decision, by which role, why …

<!-- end session-decisions -->

**Parked**

<!-- keep session-parked: what you write here stays -->

- What, for which session …

<!-- end session-parked -->

**To do**

<!-- keep session-actions: what you write here stays -->

- [ ] What, which role, by when …

<!-- end session-actions -->

## Open questions that its people took on

| Question | Capability | Where | Who | By |
| --- | --- | --- | --- | --- |
| What else should we know? | [Backup and Restore](../../backup/minutes.md) | all | Service owner | 2026-12-15 |

## Answers that its people dispute

| Question | Where | Recorded with | Otherwise | What was said |
| --- | --- | --- | --- | --- |
| Is there a policy for backups? | Cloud | Operations lead | Service owner | [Backup and Restore](../../backup/minutes.md) |

"#]],
    );
    assert_eq!(names(&sandbox, "docs/workshop/minutes"), BTreeSet::from(["kick-off.md".to_owned()]));
}

#[test]
fn without_sessions_there_is_nobody_to_invite_and_still_something_to_ask() {
    let sandbox = rendered("capability: backup\nanswers:\n");
    assert_eq!(
        names(&sandbox, "docs/workshop"),
        BTreeSet::from(["facilitator-guide.md", "pre-questionnaire", "stakeholders.md"].map(str::to_owned))
    );
    let guide = sandbox.read("docs/workshop/facilitator-guide.md");
    assert_eq!(guide.matches("Nothing is answered yet.").count(), 2, "{guide}");
    let minutes = sandbox.read("docs/patching/minutes.md");
    assert!(minutes.contains("## The session") && minutes.contains("<!-- keep session-actions"), "{minutes}");
}

#[test]
fn an_answer_leaves_every_questionnaire_and_invitation_as_it_was() {
    let sandbox = example();
    works(&sandbox);
    let paths: Vec<String> = names(&sandbox, "docs/workshop/pre-questionnaire")
        .into_iter()
        .map(|name| format!("docs/workshop/pre-questionnaire/{name}"))
        .collect();
    let all = || paths.iter().map(String::as_str).chain(["docs/workshop/invitation.md", "docs/workshop/stakeholders.md"]);
    let before: Vec<String> = all().map(|path| sandbox.read(path)).collect();
    assert!(before.len() > 20);
    assert_eq!(sandbox.run(&["answer", "tag-schema@aws", "--choose", "none"]).code, Some(0));
    works(&sandbox);
    let after: Vec<String> = all().map(|path| sandbox.read(path)).collect();
    assert!(before == after, "somebody is filling them in");
}

#[test]
fn a_questionnaire_fits_into_half_an_hour_and_asks_nothing_that_depends_on_an_answer() {
    let sandbox = example();
    works(&sandbox);
    let kit: Vec<String> =
        names(&sandbox, "kit/capabilities").iter().map(|name| sandbox.read(&format!("kit/capabilities/{name}"))).collect();
    let question = |id: &str| {
        let start = format!("    - id: {id}\n");
        let text = kit.iter().find_map(|text| text.split_once(&start)).expect("the question is in the kit").1;
        text.split("\n    - id: ").next().unwrap_or_default().to_owned()
    };
    for name in names(&sandbox, "docs/workshop/pre-questionnaire") {
        let text = sandbox.read(&format!("docs/workshop/pre-questionnaire/{name}"));
        let role = name.trim_end_matches(".md");
        let asked: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("<!-- keep ")?.split(':').next()).filter(|region| *region != "part").collect();
        assert!((1..=12).contains(&asked.len()), "{name}: {}", asked.len());
        assert!(text.contains(&format!("opsready worksheet export --role {role} ")), "{name}");
        for id in asked {
            let question = question(id);
            assert!(!question.contains("\n      when: "), "{name}: {id} depends on an answer");
            let roles = question.lines().find(|line| line.trim_start().starts_with("roles: ")).expect("it names roles");
            assert!(roles.contains(role), "{name}: {id} is for others: {roles}");
        }
    }
}

#[test]
fn the_index_leads_to_every_questionnaire_and_all_minutes() {
    let sandbox = example();
    works(&sandbox);
    let index = sandbox.read("docs/README.md");
    for folder in ["workshop/pre-questionnaire", "workshop/minutes"] {
        for name in names(&sandbox, &format!("docs/{folder}")) {
            assert!(index.contains(&format!("({folder}/{name})")), "{name}");
        }
    }
    assert!(index.contains("(tag-management/minutes.md)"));
}

#[test]
fn a_kit_overrides_what_two_kinds_of_minutes_share() {
    let sandbox = with_sessions();
    sandbox.write(
        "kit/templates/workshop-session-minutes.md",
        "{% extends \"opsready/workshop-session-minutes.md\" %}\n{% block title %}\n# Protokoll\n{% endblock %}\n",
    );
    works(&sandbox);
    assert!(sandbox.read("docs/workshop/minutes/kick-off.md").starts_with("# Protokoll\n"));
}
