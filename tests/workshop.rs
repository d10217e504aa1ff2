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
    shows(&sandbox.read("docs/workshop/stakeholders.md"), str![[r#""#]]);
}

#[test]
fn an_invitation_can_be_pasted() {
    let sandbox = with_sessions();
    shows(&sandbox.read("docs/workshop/invitation.md"), str![[r#""#]]);
}

#[test]
fn a_questionnaire_has_what_a_role_can_answer_alone() {
    let sandbox = with_sessions();
    shows(&sandbox.read("docs/workshop/pre-questionnaire/ops-lead.md"), str![[r#""#]]);
}

#[test]
fn a_guide_shows_what_to_listen_for_and_what_is_open() {
    let sandbox = with_sessions();
    let guide = sandbox.read("docs/workshop/facilitator-guide.md");
    let (_, backup) = guide.split_once("## Backup and Restore").expect("the capability is there");
    let (backup, _) = backup.split_once("## Patching").expect("the next one follows");
    shows(backup, str![[r#""#]]);
}

#[test]
fn minutes_begin_with_what_is_known() {
    let sandbox = with_sessions();
    shows(&sandbox.read("docs/backup/minutes.md"), str![[r#""#]]);
    shows(&sandbox.read("docs/workshop/minutes/kick-off.md"), str![[r#""#]]);
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
