//! What follows a session: recap, actions, calendar; written once, edited, written again.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use snapbox::str;
use std::collections::BTreeMap;
use std::path::Path;
use support::{Run, Sandbox, copy, shows};

const ANSWERS: &str = "\
capability: backup
answers:
  backup-policy@cloud: {choose: none, note: \"Nobody, honestly.\", by: [ops-lead], answered_on: 2026-11-19}
  last-restore: {dont_know: {owner: ops-lead, due: 2026-12-04}, answered_on: 2026-11-20}
  backup-scope: {choose: [databases], by: [service-owner], answered_on: 2026-11-20}
";

fn answered() -> Sandbox {
    let sandbox = Sandbox::with_answers(ANSWERS);
    sandbox.replace("opsready.yaml", "environments:", "classification: confidential\nenvironments:");
    sandbox
}

#[track_caller]
fn works(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let run = sandbox.run(arguments);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    run
}

// A calendar, read by other means than it was written

/// The entries of a calendar: property to value, unescaped.
type Events = Vec<BTreeMap<String, String>>;

/// Reads a calendar as RFC 5545 has it, and holds each line against its limits.
#[track_caller]
fn events(ics: &str) -> Events {
    assert!(ics.ends_with("\r\n") && !ics.replace("\r\n", "").contains(['\r', '\n']), "every line ends with CRLF");
    let mut lines: Vec<String> = Vec::new();
    for line in ics.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        match line.strip_prefix(' ') {
            Some(more) => lines.last_mut().expect("a line goes on").push_str(more),
            None => lines.push(line.to_owned()),
        }
    }
    let mut lines = lines.into_iter();
    assert_eq!(lines.next().as_deref(), Some("BEGIN:VCALENDAR"));
    let (mut events, mut open): (Events, Option<BTreeMap<String, String>>) = (Vec::new(), None);
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no property: {line}"));
        match (name, value) {
            ("BEGIN", "VEVENT") => open = Some(BTreeMap::new()),
            ("END", "VEVENT") => events.push(open.take().expect("it began")),
            ("END", "VCALENDAR") => return events,
            _ => {
                if let Some(event) = &mut open {
                    assert_eq!(event.insert(name.to_owned(), unescaped(value)), None, "{name} twice");
                }
            }
        }
    }
    panic!("the calendar does not end");
}

fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut characters = value.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(c @ ('\\' | ';' | ',')) => text.push(c),
                other => panic!("\\{other:?} in {value}"),
            },
            ';' | ',' => panic!("{c} stands for itself in {value}"),
            c => text.push(c),
        }
    }
    text
}

#[track_caller]
fn calendar(sandbox: &Sandbox, day: &str) -> Events {
    events(&sandbox.read(&format!("followup/{day}/followup.ics")))
}

fn of(events: &Events, name: &str) -> Vec<String> {
    events.iter().map(|event| event.get(name).cloned().unwrap_or_default()).collect()
}

// What it writes

#[test]
fn a_recap_of_the_example_reads_as_something_to_send() {
    let sandbox = Sandbox::empty();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lindwater-utilities"), &sandbox.path(""));
    sandbox.run(&["followup"]).gives(str![[r#"
followup/2026-10-22/recap.md      create
followup/2026-10-22/actions.md    create
followup/2026-10-22/calendar.md   create
followup/2026-10-22/followup.ics  create
--- standard error
+3: 2026-10-25 is a Sunday; it is Monday, 2026-10-26 instead
Next: read recap.md and send it by Friday, 2026-10-23, with actions.md and followup.ics

"#]]);
    shows(
        &sandbox.read("followup/2026-10-22/recap.md"),
        str![[r#"
# Recap of 2026-10-22

Lindwater Utilities · AWS cloud operations 1.0.0 · as of 2026-11-03 · **confidential**

**Subject:** [confidential] Lindwater Utilities, operational readiness: recap of Thursday 22 October 2026

**Attached:** action list, calendar

Hello everyone,

Thank you for your time on Thursday 22 October 2026. We spoke about License management, for On premises and AWS. 244 of 271 questions are resolved (90 %).

**What we heard**

- License management: “71 of 164, those of waves 1 and 2, typed in by the migration team. What was born on AWS has never been asked what is installed on it, so the first to ask would be a vendor's auditor.” (Operations engineer, Configuration manager)
- License management: “Tried in the sandbox on 27 October: an image tied to a licence of one, for hosts only, was up twice on shared tenancy in four minutes, and five days later nobody had called.” (Cloud platform engineer, Software asset manager)
- License management: “The four SQL Servers on RDS are rented. Three more came along in wave 2, installed beside applications, in no plan and no position: 24 cores of Enterprise Edition.” (Application owner, Software asset manager)

**The result**

1. License management: level 1 Reactive, 2 levels below target.
2. For AWS, 9 of 10 capabilities are below target. The furthest away is License management: level 1 against a target of 3.
3. Up to the targets, 98 practices are missing or in place only in part; 64 of them carry a high risk.

**Decided**

- Bellbuoy and Pierside serve AWS as well (2026-10-20, kept by Incident and problem manager): Pages for AWS go through Bellbuoy with a first and a second person, and every P1 and P2 on AWS is a ticket in Pierside.

**Decisions that we need from you**

- The platform team builds, operations runs (Executive sponsor, by 2026-10-31)
- Hypercare ends by criteria, not by date (Executive sponsor, by 2026-11-26)
- Backups of production go to an account of their own (Security lead, by 2026-11-30)

**Who does what**

- 2026-10-30, Cloud platform lead: agree on a plan: Seventeen servers of wave 2 without patches
- 2026-10-31, IT operations manager: review the decision: The platform team builds, operations runs
- 2026-11-13, Cloud platform lead: find out: For which layers can a record of the last patch cycle be shown? (AWS)
- 2026-11-13, Operations engineer: find out: How much data is protected (TiB), how much changes in a day (percent), and how long did the longest restore take (hours)? (On premises)
- 2026-11-13, Migration lead: agree on a plan: The rehearsal of wave 3 lies in the billing freeze
- 2026-11-16, Security lead: carry out the plan: Two partners keep their access keys
- 2026-11-20, Cloud platform engineer: find out: Do volumes, snapshots, images and recovery points carry the tags of the resource they belong to? (AWS)
- 2026-11-20, Cloud platform engineer: find out: Are service quotas watched against what a failover would need? (AWS)

15 more have a date; 39 have none yet: they are in the attached list. Please tell us by when you can do yours.

10 questions were answered differently. Both sides are recorded; please settle them among you.

**Next dates**

- Monday, 2026-10-26: Prioritisation meeting
- Thursday, 2026-10-29: Improvement plan begins
- Wednesday, 2027-01-20: First review
- Tuesday, 2027-04-20: Second review

Please read what we wrote down on your capability and tell us before the next date what is wrong. What you leave as it is goes into the report.

Thank you, and best regards

"#]],
    );
    shows(
        &sandbox.read("followup/2026-10-22/calendar.md"),
        str![[r#"
# Calendar

Lindwater Utilities · AWS cloud operations 1.0.0 · as of 2026-11-03 · **confidential**

What follows the session of Thursday 22 October 2026. `followup.ics` has the same for a calendar, and an entry for each of the 23 actions with a date; importing it again updates what is there.

| When | Date | What |
| --- | --- | --- |
| +1 day | Friday, 2026-10-23 | **Recap sent.** Send the recap to everyone who took part. Ask for corrections before 2026-10-26. |
| +3 days | Monday, 2026-10-26<br>(from Sunday, 2026-10-25) | **Prioritisation meeting.** With the sponsor and those who own the work: put 98 gaps in order by risk and effort. Agree on an owner and a date for each gap of “Wave 1”, and on who decides what is still open. |
| +7 days | Thursday, 2026-10-29 | **Improvement plan begins.** Every gap that comes first has an owner and a date, and the first action has started. Look at the action list: what has no owner by now will not be done. |
| +90 days | Wednesday, 2027-01-20 | **First review.** Answer again what should have changed and compare with 2026-10-22: gaps closed, actions overdue, decisions still waiting, evidence grown old. Move what slips, and say so to the sponsor. |
| +180 days | Tuesday, 2027-04-20 | **Second review.** Answer again what should have changed since the first review. Present levels and gaps to the sponsor, and agree on what ends here and what becomes part of normal operation. |

A date that falls on a weekend moves to the Monday after it. Public holidays are not known here: move what falls on one.

"#]],
    );
    let events = calendar(&sandbox, "2026-10-22");
    assert_eq!(of(&events, "DTSTART;VALUE=DATE")[..5], ["20261023", "20261026", "20261029", "20270120", "20270420"]);
    assert_eq!(of(&events, "SUMMARY")[1], "Lindwater Utilities: Prioritisation meeting");
    assert_eq!(events.len(), 5 + 23);
    assert!(events.iter().all(|event| event["CLASS"] == "CONFIDENTIAL" && event["DESCRIPTION"].starts_with("confidential\n")));
    let ids: std::collections::BTreeSet<String> = of(&events, "UID").into_iter().collect();
    assert_eq!(ids.len(), events.len());
}

#[test]
fn a_session_on_one_capability_is_about_that() {
    let sandbox = answered();
    works(&sandbox, &["followup"]);
    shows(
        &sandbox.read("followup/2026-11-20/recap.md"),
        str![[r#"
# Recap of 2026-11-20

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-20 · **confidential**

**Subject:** [confidential] Acme Logistics, operational readiness: recap of Friday 20 November 2026

**Attached:** action list, calendar

Hello everyone,

Thank you for your time on Friday 20 November 2026. We spoke about Backup and Restore, for On premises and Cloud. 2 of 8 questions are resolved (25 %).

**What we heard**

- Backup and Restore: “Nobody, honestly.” (Operations lead)

**The result**

1. Backup and Restore: level 0 Absent, 2 levels below target.
2. For Cloud, the one capability that is assessed is below its target. The furthest away is Backup and Restore: level 0 against a target of 2. 1 capability is still to be assessed.
3. Up to the targets, 3 practices are missing or in place only in part; 2 of them carry a high risk.

**Who does what**

- 2026-12-04, Operations lead: find out: When was the last restore?

3 have none yet: they are in the attached list. Please tell us by when you can do yours.

**Next dates**

- Monday, 2026-11-23: Prioritisation meeting
- Friday, 2026-11-27: Improvement plan begins
- Thursday, 2027-02-18: First review
- Wednesday, 2027-05-19: Second review

Please read what we wrote down on your capability and tell us before the next date what is wrong. What you leave as it is goes into the report.

Thank you, and best regards

"#]],
    );
    shows(
        &sandbox.read("followup/2026-11-20/actions.md"),
        str![[r#"
# Actions

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-20 · **confidential**

4 actions as of the session of 2026-11-20. What is done disappears here once its answer is recorded, its decision taken, its entry in the RAID log closed or its gap shown to be closed.

## With a date

| By | Who | Action | Capability | From |
| --- | --- | --- | --- | --- |
| 2026-12-04 | Operations lead | Find out: When was the last restore? | Backup and Restore | `last-restore` |

## To be dated

Who is named here is the first role that the question is meant for, or gave the answer. Agree on a date with them, or name somebody else.

| Who | Action | Capability | From |
| --- | --- | --- | --- |
| Operations lead | Answer: Is there a policy for backups? (On premises) | Backup and Restore | `backup-policy@on-premises` |
| nobody named | Answer: What else should we know? | Backup and Restore | `backup-context` |
| nobody named | Hold the session: 3 questions | Patching | workshops |

"#]],
    );
}

#[test]
fn a_calendar_has_the_days_and_what_is_due() {
    let sandbox = answered();
    works(&sandbox, &["followup"]);
    shows(
        &sandbox.read("followup/2026-11-20/followup.ics").replace('\r', ""),
        str![[r#"
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//opsready//follow-up//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Acme Logistics\, operational readiness
BEGIN:VEVENT
UID:acme-2026-11-20-day-1@opsready
DTSTAMP:20261120T000000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20261123
DTEND;VALUE=DATE:20261124
SUMMARY:Acme Logistics: Recap sent
DESCRIPTION:confidential\n\nSend the recap to everyone who took part. Ask f
 or corrections before 2026-11-27.
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:acme-2026-11-20-day-3@opsready
DTSTAMP:20261120T000000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20261123
DTEND;VALUE=DATE:20261124
SUMMARY:Acme Logistics: Prioritisation meeting
DESCRIPTION:confidential\n\nWith the sponsor and those who own the work: pu
 t 3 gaps in order by risk and effort. Agree on an owner and a date for eac
 h gap of “Now”\, and on who decides what is still open.
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:acme-2026-11-20-day-7@opsready
DTSTAMP:20261120T000000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20261127
DTEND;VALUE=DATE:20261128
SUMMARY:Acme Logistics: Improvement plan begins
DESCRIPTION:confidential\n\nEvery gap that comes first has an owner and a d
 ate\, and the first action has started. Look at the action list: what has 
 no owner by now will not be done.
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:acme-2026-11-20-day-90@opsready
DTSTAMP:20261120T000000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20270218
DTEND;VALUE=DATE:20270219
SUMMARY:Acme Logistics: First review
DESCRIPTION:confidential\n\nAnswer again what should have changed and compa
 re with 2026-11-20: gaps closed\, actions overdue\, decisions still waitin
 g\, evidence grown old. Move what slips\, and say so to the sponsor.
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:acme-2026-11-20-day-180@opsready
DTSTAMP:20261120T000000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20270519
DTEND;VALUE=DATE:20270520
SUMMARY:Acme Logistics: Second review
DESCRIPTION:confidential\n\nAnswer again what should have changed since the
  first review. Present levels and gaps to the sponsor\, and agree on what 
 ends here and what becomes part of normal operation.
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:acme-last-restore@opsready
DTSTAMP:20261120T000000Z
SEQUENCE:0
DTSTART;VALUE=DATE:20261204
DTEND;VALUE=DATE:20261205
SUMMARY:Operations lead: find out: When was the last restore?
DESCRIPTION:confidential\n\nBackup and Restore.\nClosed when the answer is 
 recorded: last-restore.
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR

"#]],
    );
}

#[test]
fn with_nothing_said_or_nothing_to_do_it_says_so() {
    let sandbox = Sandbox::workspace();
    sandbox.refuses(
        &["followup"],
        2,
        str![[r#"
error: no answer has a date, so the day of the session is not known
  = help: name it: `opsready followup --meeting DATE`

"#]],
    );
    works(&sandbox, &["followup", "--meeting", "2026-11-20"]);
    shows(
        &sandbox.read("followup/2026-11-20/recap.md"),
        str![[r#"
# Recap of 2026-11-20

Acme Logistics · Small Operations 1.2.0

**Subject:** Acme Logistics, operational readiness: recap of Friday 20 November 2026

**Attached:** action list, calendar

Hello everyone,

Thank you for your time on Friday 20 November 2026. No answer has been recorded yet, so this is about what comes next.

**Who does what**

2 actions have no date yet and are in the attached list. Please tell us by when you can do yours.

**Next dates**

- Monday, 2026-11-23: Prioritisation meeting
- Friday, 2026-11-27: Improvement plan begins
- Thursday, 2027-02-18: First review
- Wednesday, 2027-05-19: Second review

Thank you, and best regards

"#]],
    );
    let done = Sandbox::with_answers(
        "capability: backup\nanswers:\n  backup-policy@cloud: {choose: agreed, answered_on: 2026-11-20, evidence: [{link: 'https://x.example'}]}\n  backup-policy@on-premises: {choose: agreed, evidence: [{link: 'https://x.example'}]}\n  restore-tested@cloud: {choose: 'yes', evidence: [{link: 'https://x.example'}]}\n  restore-tested@on-premises: {choose: 'yes', evidence: [{link: 'https://x.example'}]}\n  restore-share@cloud: {number: 100, evidence: [{link: 'https://x.example'}]}\n  backup-scope: {choose: [databases, files, mail], evidence: [{link: 'https://x.example'}]}\n  backup-context: {text: x}\n  last-restore: {date: 2026-03-01}\n",
    );
    done.replace("opsready.yaml", "environments:", "capabilities: {patching: {in_scope: false, reason: out-of-scope}}\nenvironments:");
    works(&done, &["followup"]);
    shows(
        &done.read("followup/2026-11-20/recap.md"),
        str![[r#"
# Recap of 2026-11-20

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-20

**Subject:** Acme Logistics, operational readiness: recap of Friday 20 November 2026

**Attached:** action list, calendar

Hello everyone,

Thank you for your time on Friday 20 November 2026. We spoke about Backup and Restore, for On premises and Cloud. 8 of 8 questions are resolved (100 %).

**The result**

1. Backup and Restore: level 2 Managed, at target.
2. For Cloud, the one capability that is assessed is at target.
3. No gap is confirmed.

**Next dates**

- Monday, 2026-11-23: Prioritisation meeting
- Friday, 2026-11-27: Improvement plan begins
- Thursday, 2027-02-18: First review
- Wednesday, 2027-05-19: Second review

Please read what we wrote down on your capability and tell us before the next date what is wrong. What you leave as it is goes into the report.

Thank you, and best regards

"#]],
    );
    shows(
        &done.read("followup/2026-11-20/actions.md"),
        str![[r#"
# Actions

Acme Logistics · Small Operations 1.2.0 · as of 2026-11-20

Nothing is to be done.

"#]],
    );
}

#[test]
fn thirty_actions_stay_a_mail() {
    let sandbox = answered();
    for number in 0..30 {
        let due = format!("2026-12-{:02}", number + 1);
        works(&sandbox, &["risk", "new", &format!("Matter {number}"), "--owner", "ops-lead", "--due", &due]);
    }
    works(&sandbox, &["followup"]);
    let recap = sandbox.read("followup/2026-11-20/recap.md");
    let section = recap.split("**Who does what**").nth(1).and_then(|rest| rest.split("**Next dates**").next()).unwrap_or_default();
    assert_eq!(section.matches("\n- 2026-12-").count(), 8);
    assert!(section.contains("23 more have a date"), "{section}");
    assert_eq!(calendar(&sandbox, "2026-11-20").len(), 5 + 31);
}

#[test]
fn what_is_planned_is_an_action_until_the_answer_shows_it() {
    let sandbox = answered();
    let actions = |sandbox: &Sandbox| -> Vec<String> {
        let json = works(sandbox, &["followup", "--dry-run", "--json"]).json();
        let all = json["actions"].as_array().expect("a list").clone();
        let of_plan = |one: &&serde_json::Value| matches!(one["deed"].as_str(), Some("Close the gap" | "Show that it is done"));
        let text = |value: &serde_json::Value| value.as_str().unwrap_or("nobody").to_owned();
        all.iter().filter(of_plan).map(|one| ["deed", "id", "who", "due"].map(|key| text(&one[key])).join(", ")).collect()
    };
    assert!(actions(&sandbox).is_empty());
    sandbox.write(
        "plan/backup.yaml",
        "capability: backup\nowner: service-owner\npractices:\n  backup-policy-agreed: {due: 2026-12-18}\n  backup-complete: {status: done, due: 2026-12-18}\n",
    );
    let expected = [
        "Close the gap, backup-policy-agreed, Service owner, 2026-12-18",
        "Show that it is done, backup-complete, Service owner, 2026-12-18",
    ];
    assert_eq!(actions(&sandbox), expected);
}

// Dates

#[test]
fn dates_on_a_weekend_move_and_say_so_unless_any_day_will_do() {
    let sandbox = answered();
    // 2024-02-29 exists, and the year ends in between.
    for (meeting, any, expected) in [
        ("2026-11-20", false, ["2026-11-23", "2026-11-23", "2026-11-27", "2027-02-18", "2027-05-19"]),
        ("2026-11-20", true, ["2026-11-21", "2026-11-23", "2026-11-27", "2027-02-18", "2027-05-19"]),
        ("2024-02-28", false, ["2024-02-29", "2024-03-04", "2024-03-06", "2024-05-28", "2024-08-26"]),
        ("2023-12-29", true, ["2023-12-30", "2024-01-01", "2024-01-05", "2024-03-28", "2024-06-26"]),
        ("2025-12-31", false, ["2026-01-01", "2026-01-05", "2026-01-07", "2026-03-31", "2026-06-29"]),
    ] {
        let mut arguments = vec!["followup", "--dry-run", "--json", "--meeting", meeting];
        arguments.extend(any.then_some("--any-day"));
        let json = works(&sandbox, &arguments).json();
        let days = json["days"].as_array().expect("a list");
        let dates: Vec<&str> = days.iter().filter_map(|day| day["date"].as_str()).collect();
        assert_eq!(dates, expected, "{meeting}");
        assert!(!any || days.iter().all(|day| day["moved_from"].is_null()));
    }
    sandbox.run(&["followup", "--meeting", "2026-11-20", "--dry-run"]).gives(str![[r#"
followup/2026-11-20/recap.md      create
followup/2026-11-20/actions.md    create
followup/2026-11-20/calendar.md   create
followup/2026-11-20/followup.ics  create
--- standard error
+1: 2026-11-21 is a Saturday; it is Monday, 2026-11-23 instead

"#]]);
    assert!(!sandbox.path("followup").exists());
    sandbox.refuses(
        &["followup", "--meeting", "2026-02-29"],
        2,
        str![[r#"
error: `2026-02-29` is not a date that exists
  = help: write it as 2026-11-20

"#]],
    );
    sandbox.refuses(
        &["followup", "--meeting", "9999-12-01"],
        2,
        str![[r#"
error: the calendar ends before half a year after that day
  = help: name an earlier day

"#]],
    );
}

// A second run

#[test]
fn a_second_run_keeps_what_was_edited() {
    let sandbox = answered();
    works(&sandbox, &["followup"]);
    let before = sandbox.tree();
    works(&sandbox, &["followup"]).gives(str![[r#"
followup/2026-11-20/recap.md      unchanged
followup/2026-11-20/actions.md    unchanged
followup/2026-11-20/calendar.md   unchanged
followup/2026-11-20/followup.ics  unchanged
--- standard error
+1: 2026-11-21 is a Saturday; it is Monday, 2026-11-23 instead
Next: read recap.md and send it by Monday, 2026-11-23, with actions.md and followup.ics

"#]]);
    support::same(&before, &sandbox.tree());
    sandbox.replace("followup/2026-11-20/recap.md", "Hello everyone,", "Dear Anna, dear all,");
    works(&sandbox, &["answer", "backup-context", "--text", "x"]);
    sandbox.replace("answers/backup.yaml", "2026-12-01", "2026-11-20");
    works(&sandbox, &["followup", "--meeting", "2026-11-20"]).gives(str![[r#"
followup/2026-11-20/recap.md      merge
followup/2026-11-20/actions.md    update
followup/2026-11-20/calendar.md   unchanged
followup/2026-11-20/followup.ics  unchanged
--- standard error
+1: 2026-11-21 is a Saturday; it is Monday, 2026-11-23 instead
Next: read recap.md and send it by Monday, 2026-11-23, with actions.md and followup.ics

"#]]);
    let text = sandbox.read("followup/2026-11-20/recap.md");
    assert!(text.contains("Dear Anna, dear all,"), "{text}");
    // Where both changed the same line, both stay.
    sandbox.replace("followup/2026-11-20/recap.md", "**Attached:** action list, calendar", "**Attached:** nothing");
    sandbox.write(
        "overlay/templates/followup-recap.md",
        "{% extends \"opsready/followup-recap.md\" %}\n{% block address %}\n**Attached:** two files\n{% endblock %}\n",
    );
    let run = sandbox.run(&["followup", "--meeting", "2026-11-20"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    let text = sandbox.read("followup/2026-11-20/recap.md");
    assert!(text.contains("**Attached:** nothing") && text.contains("**Attached:** two files"), "{text}");
    let run = sandbox.run(&["followup", "--meeting", "2026-11-20"]);
    assert!(run.code == Some(1) && run.stderr.contains("[conflict-markers]"), "{}", run.stderr);
    // What is deleted and asked for again comes back.
    std::fs::remove_file(sandbox.path("followup/2026-11-20/recap.md")).expect("it is there");
    works(&sandbox, &["followup", "--meeting", "2026-11-20"]);
    assert!(sandbox.read("followup/2026-11-20/recap.md").contains("two files"));
    // Rendering leaves it alone.
    works(&sandbox, &["render"]);
    assert!(sandbox.path("followup/2026-11-20/recap.md").is_file());
}

#[test]
fn a_folder_elsewhere_is_never_overwritten() {
    let sandbox = answered();
    works(&sandbox, &["followup", "--out", "../send"]).gives(str![[r#"
../send/recap.md      create
../send/actions.md    create
../send/calendar.md   create
../send/followup.ics  create
--- standard error
+1: 2026-11-21 is a Saturday; it is Monday, 2026-11-23 instead
Next: read recap.md and send it by Monday, 2026-11-23, with actions.md and followup.ics

"#]]);
    works(&sandbox, &["followup", "--out", "../send"]);
    std::fs::write(sandbox.root().join("send/recap.md"), "mine\n").expect("it can be written");
    sandbox.run(&["followup", "--out", "../send"]).gives(str![[r#"
../send/recap.md      differs from what was made: left as it is
../send/actions.md    unchanged
../send/calendar.md   unchanged
../send/followup.ics  unchanged
--- standard error
+1: 2026-11-21 is a Saturday; it is Monday, 2026-11-23 instead
  = help: delete or move `../send/recap.md` to have it made anew, or write to another folder with `--out DIR`
--- exit 1

"#]]);
    assert_eq!(std::fs::read_to_string(sandbox.root().join("send/recap.md")).expect("it is there"), "mine\n");
    assert!(!sandbox.path("followup").exists());
}

#[test]
fn a_calendar_imported_again_updates_what_changed_and_nothing_else() {
    let sandbox = answered();
    works(&sandbox, &["risk", "new", "One walks", "--slug", "one", "--owner", "ops-lead", "--due", "2026-12-10", "--on", "2026-11-20"]);
    works(&sandbox, &["followup"]);
    let first = calendar(&sandbox, "2026-11-20");
    works(&sandbox, &["risk", "set", "one", "--due", "2026-12-17"]);
    works(&sandbox, &["followup"]);
    let second = calendar(&sandbox, "2026-11-20");
    assert_eq!(of(&first, "UID").len(), of(&second, "UID").len());
    let by_id = |events: &Events| -> BTreeMap<String, (String, String)> {
        events.iter().map(|event| (event["UID"].clone(), (event["SEQUENCE"].clone(), event["DTSTART;VALUE=DATE"].clone()))).collect()
    };
    let (first, second) = (by_id(&first), by_id(&second));
    for (id, (sequence, date)) in &second {
        let is_moved = id == "acme-2026-11-20-one@opsready";
        assert_eq!(sequence, if is_moved { "1" } else { "0" }, "{id}");
        assert_eq!(*date != first[id].1, is_moved, "{id}");
    }
    // After another session the same action is the same entry, and counts on.
    works(&sandbox, &["followup", "--meeting", "2026-11-26"]);
    let third = by_id(&calendar(&sandbox, "2026-11-26"));
    assert_eq!(third["acme-2026-11-20-one@opsready"], ("1".to_owned(), "20261217".to_owned()));
    assert_eq!(third["acme-2026-11-26-day-1@opsready"].0, "0");
    // Line ends that git changed are no edit.
    let path = "followup/2026-11-26/followup.ics";
    sandbox.write(path, &sandbox.read(path).replace('\r', ""));
    let run = works(&sandbox, &["followup", "--meeting", "2026-11-26"]);
    assert!(run.stdout.lines().all(|line| line.ends_with("unchanged")), "{}", run.stdout);
    // One that somebody changed is left.
    sandbox.write(path, &sandbox.read(path).replace("One walks", "Two walk"));
    let run = sandbox.run(&["followup", "--meeting", "2026-11-26"]);
    assert!(run.code == Some(1) && run.stdout.contains("left as it is"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn the_words_are_templates_like_all_others() {
    let sandbox = answered();
    sandbox.write("overlay/templates/followup-date.md", "# Day {{ one.day }}: *do*\n\nBy {{ one.date }};\nwith `care`.\n\n- one\n- two\n");
    works(&sandbox, &["followup"]);
    let events = calendar(&sandbox, "2026-11-20");
    assert_eq!(events[3]["SUMMARY"], "Acme Logistics: Day 90: do");
    assert_eq!(events[3]["DESCRIPTION"], "confidential\n\nBy 2027-02-18; with care.\n- one\n- two");
    assert!(sandbox.read("followup/2026-11-20/calendar.md").contains("**Day 90: do.**"));
    sandbox.write("overlay/templates/followup-date.md", "# {{ one.dya }}\n");
    sandbox.refuses(
        &["followup"],
        2,
        str![[r#"
error[bad-template]: the template `followup-date.md`, line 1: undefined value: `one.dya` is undefined
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn the_same_data_give_the_same_bytes_whatever_the_clock_says() {
    let sandbox = answered();
    let made = |moment: &str, folder: &str| {
        let mut command = sandbox.command(&["followup", "--out", folder]);
        command.env("SOURCE_DATE_EPOCH", moment);
        assert_eq!(sandbox.finish(command).code, Some(0));
        ["recap.md", "actions.md", "calendar.md", "followup.ics"]
            .map(|name| std::fs::read(sandbox.root().join(folder.trim_start_matches("../")).join(name)).expect("it is there"))
    };
    assert_eq!(made("1796126400", "../a"), made("1900000000", "../b"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people write, a calendar can be read, and says the same.
    #[test]
    fn any_text_goes_through_a_calendar(title in "\\PC{0,120}", text in "[\\PC\n\r\t;,\\\\]{0,300}") {
        use opsready::document::followup::Entry;
        use opsready::exchange::calendar::{Frame, calendar};
        use opsready::yaml::record::Date;
        let day = |text: &str| Date::parse(text).expect("it exists");
        let entry = Entry { id: "a b@c".to_owned(), date: day("2024-02-29"), title: title.clone(), text: text.clone() };
        let frame = Frame { assessment: "acme", name: "Näme, with; all", classification: None, as_of: day("2024-02-29") };
        let ics = calendar(frame, std::slice::from_ref(&entry), &[]);
        let read = events(&ics);
        prop_assert_eq!(read[0]["UID"].as_str(), "acme-a-b-c@opsready");
        prop_assert_eq!(read[0]["DTEND;VALUE=DATE"].as_str(), "20240301");
        prop_assert_eq!(&read[0]["SUMMARY"], &title);
        let plain = text.replace("\r\n", "\n").replace('\r', "").replace('\t', " ");
        let plain = plain.trim();
        prop_assert_eq!(read[0].get("DESCRIPTION").map_or("", String::as_str), plain);
        // Made again with itself as the earlier one, it is the same; with another title it counts on.
        prop_assert_eq!(&calendar(frame, std::slice::from_ref(&entry), std::slice::from_ref(&ics)), &ics);
        let other = calendar(frame, &[Entry { title: format!("{title}!"), ..entry }], &[ics]);
        let other = events(&other);
        prop_assert_eq!(other[0]["SEQUENCE"].as_str(), "1");
    }
}
