//! Decisions and the RAID log from the command line: made, listed, shown, moved on; and merged by git.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use std::process::Command;
use support::{Run, Sandbox, shows};

/// A design with two decisions, and a practice to which entries can be tied.
const DESIGN: &str = r#"design:
  decisions:
    - id: where-copies-live
      title: Where copies live
      context: >-
        One place is no place: whoever has the keys of the house has the copies too, and a fire takes what it finds. The insurer asks for
        two.
      options:
        - {title: Same room, consequence: "Cheap; burns with the rest."}
        - title: Other house
      recommendation: The second.
    - {id: how-often, title: How often a restore is tested}
"#;

fn decided() -> Sandbox {
    let sandbox = Sandbox::with_answers(
        "capability: backup\nanswers:\n  backup-policy@cloud: {choose: agreed, answered_on: 2026-04-01}\n  restore-tested@cloud: {choose: 'yes'}\n",
    );
    sandbox.replace("kit/capabilities/backup.yaml", "design:\n", DESIGN);
    sandbox
}

/// Returns the id of the entry that a run wrote.
#[track_caller]
fn written(run: &Run) -> String {
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let path = run.stdout.trim();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".yaml").unwrap_or_else(|| panic!("no path: {path}")).to_owned()
}

#[track_caller]
fn works(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let run = sandbox.run(arguments);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    run
}

// New entries

#[test]
fn a_decision_of_the_kit_begins_with_what_the_kit_says() {
    let sandbox = decided();
    let run =
        sandbox.run(&["decision", "new", "--decides", "where-copies-live", "--owner", "ops-lead", "--question", "backup-policy@cloud"]);
    run.gives(str![[r#"
decisions/2026-12-01-where-copies-live-x6db.yaml
--- standard error
Next: opsready decision set x6db --approver ROLE --status under-review

"#]]);
    shows(
        &sandbox.read(&format!("decisions/{}.yaml", written(&run))),
        str![[r#"
# yaml-language-server: $schema=../schemas/decision.schema.json
schema: opsready/decision/v1
id: 2026-12-01-where-copies-live-x6db
title: Where copies live
status: draft
context: >-
  One place is no place: whoever has the keys of the house has the copies too, and a fire takes what it finds. The
  insurer asks for two.
options:
  - title: Same room
    consequence: Cheap; burns with the rest.
  - title: Other house
rationale: The second.
capability: backup
decides: where-copies-live
owner: ops-lead
questions: [backup-policy@cloud]

"#]],
    );
    // A second one for the same decision is possible, and said.
    let again = sandbox.run(&["decision", "new", "Elsewhere", "--decides", "where-copies-live"]);
    assert!(again.stderr.contains("takes this decision already: draft"), "{}", again.stderr);
    let risk = sandbox.run(&[
        "risk",
        "new",
        "One person walks",
        "--likelihood",
        "medium",
        "--severity",
        "high",
        "--owner",
        "ops-lead",
        "--due",
        "2026-12-10",
        "--practice",
        "backup-policy-agreed",
        "--decision",
        "elsewhere",
    ]);
    shows(
        &sandbox.read(&format!("risks/{}.yaml", written(&risk))),
        str![[r#"
# yaml-language-server: $schema=../schemas/risk.schema.json
schema: opsready/risk/v1
id: 2026-12-01-one-person-walks-fq47
kind: risk
title: One person walks
status: open
likelihood: medium
severity: high
owner: ops-lead
due: 2026-12-10
practices: [backup-policy-agreed]
decisions: [2026-12-01-elsewhere-6b62]

"#]],
    );
    let check = sandbox.run(&["render"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""), "{}", check.stdout);
}

#[test]
fn every_fault_of_a_new_entry_is_told_at_once_and_nothing_is_written() {
    let sandbox = decided();
    sandbox.refuses(
        &[
            "decision",
            "new",
            "Copies",
            "--decides",
            "where-copy-lives",
            "--practice",
            "backup-polcy",
            "--practice",
            "a b",
            "--question",
            "backup-policy@clod",
            "--story",
            "nothing-near",
            "--supersedes",
            "nothing",
            "--review-on",
            "2026-02-29",
            "--status",
            "aproved",
            "--on",
            "2026-11-30",
        ],
        2,
        str![[r#"
error[unknown-reference]: no design of the kit has a decision `where-copy-lives`
 = help: did you mean `where-copies-live`?

error[unknown-word]: `aproved` is not a word that this key knows
 --> decisions/2026-11-30-copies-p8nj.yaml (not written):5:9
  |
5 | status: aproved
  |         ^^^^^^^
  |
  = help: did you mean `approved`?

error[bad-date]: `2026-02-29` is not a date that exists
 --> decisions/2026-11-30-copies-p8nj.yaml (not written):6:12
  |
6 | review_on: "2026-02-29"
  |            ^^^^^^^^^^^^
  |
  = help: write it as 2026-11-20

error[unknown-reference]: the kit has no environment `clod`
 --> decisions/2026-11-30-copies-p8nj.yaml (not written):7:13
  |
7 | questions: [backup-policy@clod]
  |             ^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `cloud`?

error[unknown-reference]: the kit has no practice `backup-polcy`
 --> decisions/2026-11-30-copies-p8nj.yaml (not written):8:13
  |
8 | practices: [backup-polcy]
  |             ^^^^^^^^^^^^
  |
  = help: did you mean `backup-policy-agreed`?

error[bad-id]: `a b` cannot be an id
 --> decisions/2026-11-30-copies-p8nj.yaml (not written):8:27
  |
8 | practices: [backup-polcy, a b]
  |                           ^^^
  |
  = help: an id has letters, digits, `-`, `_` and `.`, and starts with a letter or digit

error[unknown-reference]: the kit has no story `nothing-near`
 --> decisions/2026-11-30-copies-p8nj.yaml (not written):9:11
  |
9 | stories: [nothing-near]
  |           ^^^^^^^^^^^^
  |
  = help: there are `agree-policy`, `test-restores`, `patch-together`

error[unknown-reference]: there is no decision `nothing`
  --> decisions/2026-11-30-copies-p8nj.yaml (not written):10:14
   |
10 | supersedes: [nothing]
   |              ^^^^^^^
   |
   = help: a decision is named by its file in `decisions/`, without `.yaml`
8 errors to mend; nothing was changed

"#]],
    );
}

#[test]
fn every_fault_of_a_new_entry_in_the_raid_log_is_told_at_once() {
    let sandbox = decided();
    sandbox.refuses(
        &["risk", "new", "X", "--kind", "assumption", "--likelihood", "hihg", "--cause", "c", "--capability", "bakup", "--due", "soon"],
        2,
        str![[r#"
error[unknown-key]: an assumption has no `cause`
 --> risks/2026-12-01-x-5964.yaml (not written):7:8
  |
7 | cause: c
  |        ^
  |
  = help: only a risk or an issue has one

error[unknown-word]: `hihg` is not a word that this key knows
 --> risks/2026-12-01-x-5964.yaml (not written):8:13
  |
8 | likelihood: hihg
  |             ^^^^
  |
  = help: did you mean `high`?

error[unknown-key]: an assumption has no `likelihood`
 --> risks/2026-12-01-x-5964.yaml (not written):8:13
  |
8 | likelihood: low
  |             ^^^
  |
  = help: only a risk has one

error[bad-date]: `soon` is not a date that exists
 --> risks/2026-12-01-x-5964.yaml (not written):9:6
  |
9 | due: soon
  |      ^^^^
  |
  = help: write it as 2026-11-20

error[unknown-reference]: the kit has no capability `bakup`
  --> risks/2026-12-01-x-5964.yaml (not written):10:13
   |
10 | capability: bakup
   |             ^^^^^
   |
   = help: did you mean `backup`?
5 errors to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["risk", "new", "X", "--kind", "assumption", "--likelihood", "high", "--cause", "c"],
        2,
        str![[r#"
error[unknown-key]: an assumption has no `cause`
 --> risks/2026-12-01-x-vs42.yaml (not written):7:8
  |
7 | cause: c
  |        ^
  |
  = help: only a risk or an issue has one

error[unknown-key]: an assumption has no `likelihood`
 --> risks/2026-12-01-x-vs42.yaml (not written):8:13
  |
8 | likelihood: high
  |             ^^^^
  |
  = help: only a risk has one
2 errors to mend; nothing was changed

"#]],
    );
}

#[test]
fn what_cannot_be_an_entry_is_refused() {
    let sandbox = decided();
    sandbox.refuses(
        &["decision", "new"],
        2,
        str![[r#"
error: a title is needed
  = help: write `opsready decision new TITLE`, or `--decides ID` for a design decision of the kit

"#]],
    );
    sandbox.refuses(
        &["decision", "new", "  \u{7}\n"],
        2,
        str![[r#"
error: the title is empty
  = help: a title says in a few words what it is about

"#]],
    );
    sandbox.refuses(
        &["risk", "new", &"x".repeat(10_240)],
        2,
        str![[r#"
error: the title has 10240 characters; 200 fit into a table
  = help: say the rest with `--statement`

"#]],
    );
    sandbox.refuses(
        &["risk", "new", "X", "--owner", " "],
        2,
        str![[r#"
error: `owner` is empty
  = help: leave it out; `set … --clear owner` takes out what is there

"#]],
    );
    sandbox.refuses(
        &["risk", "new", "X", "--slug", "../x"],
        2,
        str![[r#"
error: `../x` cannot be part of an id
  = help: words have letters and digits, with `-` between them: `two-people-on-call`

"#]],
    );
    sandbox.refuses(
        &["risk", "new", "X", "--edit"],
        2,
        str![[r#"
error: `--edit` needs a terminal
  = help: leave `--edit` out, and open the file that is printed

"#]],
    );
    sandbox.refuses(
        &["decision", "new", "X", "--on", "2026-02-30"],
        2,
        str![[r#"
error: `2026-02-30` is not a date that exists
  = help: write it as 2026-11-20

"#]],
    );
}

#[test]
fn hostile_titles_make_plain_ids_and_come_back_as_they_were() {
    let sandbox = decided();
    let long = "Wort ".repeat(38);
    let titles = [
        ("../../../etc/passwd", "2026-12-01-etc-passwd-"),
        ("C:\\Users\\x: # no", "2026-12-01-c-users-x-no-"),
        ("no", "2026-12-01-no-"),
        ("null", "2026-12-01-null-"),
        ("~", "2026-12-01-decision-"),
        ("- [x]: {y}", "2026-12-01-x-y-"),
        ("He said \"it's on\", & left", "2026-12-01-he-said-its-on-left-"),
        ("🔥🔥🔥", "2026-12-01-decision-"),
        ("バックアップの保管場所", "2026-12-01-decision-"),
        ("\u{202e}txet desrever\u{202c} קבלה", "2026-12-01-txet-desrever-"),
        ("Größe über alles: Łódź", "2026-12-01-groesse-ueber-alles-lodz-"),
        ("1e3", "2026-12-01-1e3-"),
        ("2026-11-20", "2026-12-01-2026-11-20-"),
        ("{{ header.customer }} | <b>", "2026-12-01-header-customer-b-"),
        (long.trim(), "2026-12-01-wort-wort-wort-wort-wort-wort-wort-wort-"),
    ];
    for (title, start) in titles {
        let run = sandbox.run(&["decision", "new", "--statement", title, "--consequence", title, &format!("--owner={title}"), "--", title]);
        let id = written(&run);
        assert!(id.starts_with(start) && id.len() == start.len() + 4, "{title}: {id}");
        assert!(sandbox.path(&format!("decisions/{id}.yaml")).is_file(), "{id}");
        let shown = works(&sandbox, &["decision", "show", &id, "--json"]).json();
        let entry = &shown["decisions"][0];
        assert_eq!((entry["title"].as_str(), entry["statement"].as_str()), (Some(title), Some(title)));
        assert_eq!((entry["consequences"][0].as_str(), entry["owner"].as_str()), (Some(title), Some(title)));
        assert_eq!(entry["id"], id.as_str());
    }
    for arguments in [&["decision", "list"][..], &["render"], &["render", "--check"]] {
        works(&sandbox, arguments);
    }
    // Text of several lines, with what YAML would take for its own, and a long one.
    for text in [
        "one\n\n  two: {\n# three",
        " leading",
        "tab\there",
        "a\u{1b}[31mb",
        &"long words ".repeat(40),
        "trailing\n\nlines",
        "\u{feff}x\u{2028}y",
    ] {
        let id = written(&sandbox.run(&["risk", "new", "Text", "--impact", text, "--mitigation", text]));
        let entry = works(&sandbox, &["risk", "show", &id, "--json"]).json();
        assert_eq!(entry["risks"][0]["impact"].as_str(), Some(text.trim()), "{}", sandbox.read(&format!("risks/{id}.yaml")));
        assert!(!works(&sandbox, &["risk", "show", &id]).stdout.contains('\u{1b}'));
    }
}

#[test]
fn words_of_ones_own_make_an_id_and_are_never_given_twice() {
    let sandbox = decided();
    let first = sandbox.run(&["risk", "new", "Two people carry the nights", "--slug", "two-people", "--on", "2024-02-29"]);
    assert_eq!(written(&first), "2024-02-29-two-people");
    sandbox.refuses(
        &["risk", "new", "Other", "--slug", "two-people", "--on", "2024-02-29"],
        2,
        str![[r#"
error: there is an entry `2024-02-29-two-people` already
  = help: change it with `opsready risk set 2024-02-29-two-people …`, or choose other words

"#]],
    );
    let twice: Vec<String> = (0..2).map(|_| written(&sandbox.run(&["decision", "new", "Same words"]))).collect();
    assert_ne!(twice[0], twice[1]);
}

// Listing and showing

/// Writes three decisions and two entries of the RAID log.
fn fill(sandbox: &Sandbox) {
    for (title, slug, more) in [
        (
            "Copies live in the savings bank, since it has a safe",
            "copies-elsewhere",
            &["--status", "under-review", "--approver", "service-owner", "--review-on", "2026-11-20"][..],
        ),
        (
            "Restores are tested",
            "restores-tested-monthly",
            &["--status", "approved", "--statement", "Monthly.", "--decided-on", "2026-11-02", "--capability", "backup"],
        ),
        ("Nobody walks alone", "nobody-walks-alone", &[]),
    ] {
        works(sandbox, &[&["decision", "new", title, "--slug", slug, "--on", "2026-11-01"], more].concat());
    }
    works(sandbox, &["risk", "new", "One person walks", "--slug", "one-walker", "--due", "2026-11-30", "--owner", "ops-lead"]);
    works(sandbox, &["risk", "new", "The bank stays", "--slug", "bank-stays", "--kind", "assumption", "--status", "closed"]);
}

#[test]
fn lists_fit_the_terminal_and_name_what_waits() {
    let sandbox = decided();
    sandbox.run(&["decision", "list"]).gives(str![[r#"
No decision is written down yet: `opsready decision new TITLE` begins one.

"#]]);
    sandbox.run(&["risk", "list"]).gives(str![[r#"
Nothing is written down yet: `opsready risk new TITLE` begins it.

"#]]);
    fill(&sandbox);
    let narrow = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        command.env("COLUMNS", "80");
        let run = sandbox.finish(command);
        assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
        run
    };
    narrow(&["decision", "list"]).gives(str![[r#"
┌───────────┬─────────────────┬──────────────┬───────────────┬─────────────────┐
│ Name      ┆ Decision        ┆ Status       ┆ Who           ┆ By              │
╞═══════════╪═════════════════╪══════════════╪═══════════════╪═════════════════╡
│ elsewhere ┆ Copies live in  ┆ under review ┆ Service owner ┆ 2026-11-20 past │
│           ┆ the savings     ┆              ┆               ┆                 │
│           ┆ bank, since it  ┆              ┆               ┆                 │
│           ┆ has a safe      ┆              ┆               ┆                 │
│ alone     ┆ Nobody walks    ┆ draft        ┆ nobody        ┆ –               │
│           ┆ alone           ┆              ┆               ┆                 │
│ monthly   ┆ Restores are    ┆ approved     ┆ nobody        ┆ –               │
│           ┆ tested          ┆              ┆               ┆                 │
└───────────┴─────────────────┴──────────────┴───────────────┴─────────────────┘
3 of 3 decisions. `opsready decision show NAME` has the whole.

"#]]);
    narrow(&["risk", "list"]).gives(str![[r#"
┌────────┬────────────┬────────────┬───────────┬──────────────────┬────────────┐
│ Name   ┆ Kind       ┆ What       ┆ Status    ┆ Who              ┆ By         │
╞════════╪════════════╪════════════╪═══════════╪══════════════════╪════════════╡
│ stays  ┆ assumption ┆ The bank   ┆ closed    ┆ nobody           ┆ –          │
│        ┆            ┆ stays      ┆           ┆                  ┆            │
│ walker ┆ risk       ┆ One person ┆ open, red ┆ Operations lead  ┆ 2026-11-30 │
│        ┆            ┆ walks      ┆           ┆                  ┆ past       │
└────────┴────────────┴────────────┴───────────┴──────────────────┴────────────┘
2 of 2 entries. `opsready risk show NAME` has the whole.

"#]]);
    narrow(&["decision", "list", "--open", "--overdue"]).gives(str![[r#"
┌───────────┬─────────────────┬──────────────┬───────────────┬─────────────────┐
│ Name      ┆ Decision        ┆ Status       ┆ Who           ┆ By              │
╞═══════════╪═════════════════╪══════════════╪═══════════════╪═════════════════╡
│ elsewhere ┆ Copies live in  ┆ under review ┆ Service owner ┆ 2026-11-20 past │
│           ┆ the savings     ┆              ┆               ┆                 │
│           ┆ bank, since it  ┆              ┆               ┆                 │
│           ┆ has a safe      ┆              ┆               ┆                 │
└───────────┴─────────────────┴──────────────┴───────────────┴─────────────────┘
1 of 3 decisions. `opsready decision show NAME` has the whole.

"#]]);
    narrow(&["decision", "list", "--status", "superseded"]).gives(str![[r#"
None of 3 decisions fits.

"#]]);
}

#[test]
fn lists_are_narrowed_and_names_are_found() {
    let sandbox = decided();
    fill(&sandbox);
    let ids = |arguments: &[&str], key: &str| -> Vec<String> {
        let json = works(&sandbox, arguments).json();
        let entries = json[key].as_array().expect("a list").clone();
        entries.iter().map(|entry| entry["id"].as_str().expect("an id")[11..].to_owned()).collect()
    };
    assert_eq!(ids(&["decision", "list", "--capability", "backup", "--json"], "decisions"), ["restores-tested-monthly"]);
    assert_eq!(
        ids(&["decision", "list", "--status", "draft,approved", "--json"], "decisions"),
        ["nobody-walks-alone", "restores-tested-monthly"]
    );
    assert_eq!(ids(&["risk", "list", "--open", "--json"], "risks"), ["one-walker"]);
    assert_eq!(ids(&["risk", "list", "--overdue", "--json"], "risks"), ["one-walker"]);
    assert_eq!(ids(&["risk", "list", "--kind", "assumption,issue", "--json"], "risks"), ["bank-stays"]);
    sandbox.run(&["decision", "show", "elsewhere"]).gives(str![[r#"
Copies live in the savings bank, since it has a safe
2026-11-01-copies-elsewhere, under review, to be looked at by 2026-11-20 (past)
in decisions/2026-11-01-copies-elsewhere.yaml

Approver
  Service owner
--- standard error
Next: opsready decision set elsewhere --status approved --statement TEXT --decided-on DATE

"#]]);
    sandbox.refuses(
        &["decision", "list", "--status", "aproved"],
        2,
        str![[r#"
error: a decision is never `aproved`
  = help: did you mean `approved`?

"#]],
    );
    sandbox.refuses(
        &["decision", "show", "walk-alone"],
        2,
        str![[r#"
error: there is no decision `walk-alone`
  = help: `opsready decision list` shows what there is

"#]],
    );
    sandbox.refuses(
        &["decision", "show", "restored"],
        2,
        str![[r#"
error: there is no decision `restored`
  = help: did you mean `restores-tested-monthly`?

"#]],
    );
    sandbox.refuses(
        &["decision", "show", "2026-11-01"],
        2,
        str![[r#"
error: `2026-11-01` fits 3 of them; say more of it
  = help: it is part of `2026-11-01-copies-elsewhere`, `2026-11-01-nobody-walks-alone`, `2026-11-01-restores-tested-monthly`

"#]],
    );
    sandbox.refuses(
        &["risk", "show", ""],
        2,
        str![[r#"
error: there is no risk ``
  = help: `opsready risk list` shows what there is

"#]],
    );
}

// Changing

const OWN: &str = "\
# Ours.  Do not reformat!
id:   2026-11-01-copies     # odd spacing is ours
title: 'Copies: elsewhere'

# agreed with the bank
status: \"draft\"   # keep 1
context: >-
  folded
  text
owner:  ops-lead # keep 2
practices:
  # the first
  - backup-policy-agreed # keep 3
# the end
";

#[test]
fn a_change_keeps_comments_order_and_quoting() {
    let sandbox = decided();
    sandbox.write("decisions/2026-11-01-copies.yml", &format!("\u{feff}{}", OWN.replace('\n', "\r\n")));
    let set = ["decision", "set", "copies", "--status", "approved", "--statement", "yes", "--decided-on", "2026-11-20"];
    sandbox
        .run(&[&set[..], &["--practice", "backup-policy-agreed", "--practice", "restores-tested", "--approver", "Anna: no"]].concat())
        .gives(str![[r#"
2026-11-01-copies: approved (was draft), in decisions/2026-11-01-copies.yml
--- standard error
Next: opsready render

"#]]);
    let text = sandbox.read("decisions/2026-11-01-copies.yml");
    assert!(text.starts_with('\u{feff}') && !text.replace("\r\n", "").contains('\n'), "{text:?}");
    shows(
        &text.trim_start_matches('\u{feff}').replace('\r', ""),
        str![[r##"
# Ours.  Do not reformat!
id:   2026-11-01-copies     # odd spacing is ours
title: 'Copies: elsewhere'

# agreed with the bank
status: approved   # keep 1
statement: "yes"
context: >-
  folded
  text
owner:  ops-lead # keep 2
approver: "Anna: no"
decided_on: 2026-11-20
practices:
  # the first
  - backup-policy-agreed # keep 3
  - restores-tested
# the end

"##]],
    );
    // Once more changes nothing.
    works(&sandbox, &[&set[..], &["--practice", "backup-policy-agreed"]].concat());
    assert_eq!(sandbox.read("decisions/2026-11-01-copies.yml"), text);
    works(&sandbox, &["decision", "set", "copies", "--clear", "approver,practices"]);
    assert!(!sandbox.read("decisions/2026-11-01-copies.yml").contains("practices"), "the list goes with the comments in it");
}

#[test]
fn decisions_move_only_where_it_makes_sense() {
    let sandbox = decided();
    works(
        &sandbox,
        &["decision", "new", "Copies here", "--slug", "here", "--statement", "Here.", "--status", "approved", "--decided-on", "2026-01-01"],
    );
    sandbox.refuses(
        &["decision", "new", "X", "--status", "approved"],
        2,
        str![[r#"
error: a decision that holds says what was decided, and when
  = help: add `--statement TEXT`, what was decided; `--decided-on DATE`, when

"#]],
    );
    sandbox.refuses(
        &["decision", "new", "X", "--status", "under-revision"],
        2,
        str![[r#"
error: only a decision that holds can be under revision
  = help: one that is not approved yet is `draft` or `under-review`

"#]],
    );
    sandbox.refuses(&["decision", "set", "here", "--status", "draft"], 2, str![[r#"
error: it holds, and cannot go back to draft
  = help: while it is being changed it is `under-revision`; another one in its place is `opsready decision new TITLE --supersedes 2026-12-01-here`

"#]]);
    sandbox.refuses(
        &["decision", "set", "here", "--status", "superseded"],
        2,
        str![[r#"
error: no decision stands in its place
  = help: name it there: `opsready decision set OTHER --supersedes 2026-12-01-here`, or `decision new TITLE --supersedes 2026-12-01-here`

"#]],
    );
    sandbox.refuses(
        &["decision", "set", "here", "--clear", "statement"],
        2,
        str![[r#"
error: a decision that holds says what was decided, and when
  = help: add `--statement TEXT`, what was decided

"#]],
    );
    sandbox.refuses(
        &["decision", "set", "here", "--clear", "status"],
        2,
        str![[r#"
error: a decision must have `status`
  = help: give it another value instead

"#]],
    );
    sandbox.refuses(
        &["decision", "set", "here", "--clear", "ownr"],
        2,
        str![[r#"
error: a decision has no key `ownr`
  = help: did you mean `owner`?

"#]],
    );
    sandbox.refuses(
        &["decision", "set", "here"],
        2,
        str![[r#"
error: nothing is to be changed
  = help: `opsready decision set --help` lists what can be changed

"#]],
    );
    sandbox.refuses(
        &["decision", "set", "here", "--supersedes", "here"],
        2,
        str![[r#"
error[cycle]: a decision cannot stand in its own place
 --> decisions/2026-12-01-here.yaml:8:14
  |
8 | supersedes: [2026-12-01-here]
  |              ^^^^^^^^^^^^^^^
  |
  = help: name the one that no longer holds, in one of them
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn a_decision_in_the_place_of_another_moves_both() {
    let sandbox = decided();
    works(
        &sandbox,
        &["decision", "new", "Copies here", "--slug", "here", "--statement", "Here.", "--status", "approved", "--decided-on", "2026-01-01"],
    );
    // A proposal in its place: the old one holds until the new one does.
    sandbox.run(&["decision", "new", "Copies there", "--slug", "there", "--supersedes", "here"]).gives(str![[r#"
decisions/2026-12-01-there.yaml
--- standard error
`2026-12-01-here` holds until this one is approved, and is now under revision
Next: opsready decision set there --approver ROLE --status under-review

"#]]);
    sandbox.refuses(
        &["decision", "set", "here", "--status", "superseded"],
        2,
        str![[r#"
error: `2026-12-01-there` is to stand in its place, and does not hold yet
  = help: this one holds until then: `opsready decision set 2026-12-01-there --status approved --decided-on DATE` moves both

"#]],
    );
    sandbox.refuses(
        &["decision", "set", "here", "--status", "approved"],
        2,
        str![[r#"
error: a decision that holds says what was decided, and when
  = help: add `--decided-on DATE`, when it was approved again

"#]],
    );
    sandbox.run(&["decision", "set", "there", "--status", "under-review"]).gives(str![[r#"
2026-12-01-there: under review (was draft), in decisions/2026-12-01-there.yaml
--- standard error
Next: opsready decision set there --status approved --statement TEXT --decided-on DATE

"#]]);
    sandbox.refuses(
        &["decision", "set", "there", "--status", "approved"],
        2,
        str![[r#"
error: a decision that holds says what was decided, and when
  = help: add `--statement TEXT`, what was decided; `--decided-on DATE`, when

"#]],
    );
    sandbox.run(&["decision", "set", "there", "--status", "approved", "--statement", "There.", "--decided-on", "2026-02-01"]).gives(str![
        [r#"
2026-12-01-there: approved (was under review), in decisions/2026-12-01-there.yaml
--- standard error
`2026-12-01-here` is superseded by it, and no longer holds
Next: opsready render

"#]
    ]);
    sandbox.refuses(
        &["decision", "set", "here", "--status", "approved", "--decided-on", "2026-03-01"],
        2,
        str![[r#"
error: `2026-12-01-there` stands in its place
  = help: write down a new one: `opsready decision new TITLE --supersedes 2026-12-01-there`

"#]],
    );
    let states = works(&sandbox, &["decision", "list", "--json"]).json();
    let of = |at: usize| (states["decisions"][at]["status"].as_str(), states["decisions"][at]["superseded_by"].to_string());
    assert_eq!(of(0), (Some("superseded"), "[\"2026-12-01-there\"]".to_owned()));
    assert_eq!(of(1), (Some("approved"), "[]".to_owned()));
}

#[test]
fn entries_of_the_raid_log_move_only_where_it_makes_sense() {
    let sandbox = decided();
    works(&sandbox, &["risk", "new", "One walks", "--slug", "one", "--likelihood", "high"]);
    sandbox.refuses(
        &["risk", "set", "one", "--status", "monitor", "--plan", "in-progress"],
        2,
        str![[r#"
error: a risk that is watched says more
  = help: add `--owner ROLE`, who watches it; `--review-on DATE`, when it is looked at again; `--mitigation TEXT`, what is done about it

"#]],
    );
    sandbox.refuses(
        &["risk", "set", "one", "--status", "in-progress"],
        2,
        str![[r#"
error: a risk that is in progress says more
  = help: add `--owner ROLE`, who works on it

"#]],
    );
    sandbox.refuses(
        &["risk", "set", "one", "--kind", "dependency"],
        2,
        str![[r#"
error[unknown-key]: a dependency has no `likelihood`
 --> risks/2026-12-01-one.yaml:7:13
  |
7 | likelihood: high
  |             ^^^^
  |
  = help: only a risk has one
1 error to mend; nothing was changed

"#]],
    );
    sandbox.run(&["risk", "set", "one", "--kind", "issue", "--owner", "ops-lead", "--status", "in-progress"]).gives(str![[r#"
2026-12-01-one: in progress (was open), in risks/2026-12-01-one.yaml
--- standard error
`likelihood` is taken out: what has happened is neither likely nor unlikely
Next: opsready risk set 2026-12-01-one --plan in-progress --mitigation TEXT --due DATE

"#]]);
    sandbox.run(&["risk", "set", "one", "--plan", "under-control", "--mitigation", "Two walk.", "--due", "2026-12-24"]).gives(str![[r#"
2026-12-01-one: in progress, in risks/2026-12-01-one.yaml
--- standard error
Next: opsready risk set 2026-12-01-one --status closed, once it is over

"#]]);
    sandbox.run(&["risk", "set", "one", "--status", "closed"]).gives(str![[r#"
2026-12-01-one: closed (was in progress), in risks/2026-12-01-one.yaml
--- standard error
Next: opsready render

"#]]);
    shows(
        &sandbox.read("risks/2026-12-01-one.yaml"),
        str![[r#"
# yaml-language-server: $schema=../schemas/risk.schema.json
schema: opsready/risk/v1
id: 2026-12-01-one
kind: issue
title: One walks
status: closed
plan: under-control
mitigation: Two walk.
owner: ops-lead
due: 2026-12-24

"#]],
    );
    // It comes back.
    works(&sandbox, &["risk", "set", "one", "--status", "open"]);
}

#[test]
fn nothing_is_changed_while_another_entry_is_wrong() {
    let sandbox = decided();
    works(&sandbox, &["risk", "new", "One walks", "--slug", "one"]);
    sandbox.write("decisions/2026-01-01-x.yaml", "id: 2026-01-01-x\ntitle: X\nstatus: dreft\n");
    sandbox.refuses(
        &["risk", "set", "one", "--owner", "ops-lead"],
        2,
        str![[r#"
error[unknown-word]: `dreft` is not a word that this key knows
 --> decisions/2026-01-01-x.yaml:3:9
  |
3 | status: dreft
  |         ^^^^^
  |
  = help: did you mean `draft`?
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn explain_and_the_readiness_document_name_what_bears_on_it() {
    let sandbox = decided();
    works(&sandbox, &["decision", "new", "Copies there", "--slug", "there", "--practice", "backup-policy-agreed"]);
    works(&sandbox, &["risk", "new", "One walks", "--slug", "one", "--question", "backup-policy@cloud"]);
    let tail = |id: &str| works(&sandbox, &["explain", id]).stdout.split("\nIn the registers:\n").nth(1).unwrap_or_default().to_owned();
    assert_eq!(tail("practice:backup-policy-agreed"), "  decision, draft: Copies there (2026-12-01-there)\n");
    assert_eq!(tail("question:backup-policy"), "  risk, open: One walks (2026-12-01-one)\n");
    assert_eq!(tail("overall"), "");
    works(&sandbox, &["render"]);
    let text = sandbox.read("docs/backup/readiness.md");
    let section = text.split("## Decisions and risks\n").nth(1).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(
        section.lines().take(3).collect::<Vec<_>>(),
        ["", "- Decision: [Copies there](../decisions.md#copies-there)", "- RAID log: [One walks](../raid.md#one-walks)"]
    );
}

// At a terminal

#[cfg(unix)]
#[test]
fn at_a_terminal_it_asks_for_what_is_missing() {
    let sandbox = decided();
    let mut terminal = support::pty::Terminal::start(&sandbox.path(""), &["decision", "new"]);
    terminal.shows("Title");
    terminal.types("Copies walk\r");
    terminal.shows("Capability");
    terminal.types("\u{1b}[B\r");
    terminal.shows("What is proposed");
    terminal.types("\r");
    terminal.shows("Owner");
    terminal.types("ops-lead\r");
    terminal.shows("Approver");
    terminal.types("\r");
    assert_eq!(terminal.ends(), 0);
    let entry = works(&sandbox, &["decision", "list", "--json"]).json();
    let entry = &entry["decisions"][0];
    assert_eq!((entry["title"].as_str(), entry["owner"].as_str()), (Some("Copies walk"), Some("ops-lead")));
    assert!(entry["capability"].as_str().is_some() && entry["statement"].is_null(), "{entry}");
}

#[cfg(unix)]
#[test]
fn the_new_file_opens_in_an_editor_and_is_checked_behind_it() {
    let sandbox = decided();
    let arguments = ["risk", "new", "One walks", "--slug", "one", "--edit"];
    let editor = |line: &str| format!("/bin/sh -c 'echo \"{line}\" >> \"$1\"' editor");
    let mut terminal = support::pty::Terminal::sized(
        &sandbox.path(""),
        &arguments,
        (24, 80),
        &[("TERM", "xterm"), ("EDITOR", &editor("owner: ops-lead"))],
    );
    assert_eq!(terminal.ends(), 0);
    assert!(sandbox.read("risks/2026-12-01-one.yaml").ends_with("\nowner: ops-lead\n"));
    let arguments = ["risk", "new", "Two walk", "--slug", "two", "--edit"];
    let mut terminal =
        support::pty::Terminal::sized(&sandbox.path(""), &arguments, (24, 80), &[("TERM", "xterm"), ("EDITOR", &editor("ownr: x"))]);
    terminal.shows("unknown key");
    assert_eq!(terminal.ends(), 2);
}

// Two branches

struct Repository<'s>(&'s Sandbox);

impl Repository<'_> {
    fn git(&self, arguments: &[&str]) -> bool {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]);
        command.args(arguments).current_dir(self.0.path("")).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.output().expect("git runs").status.success()
    }

    #[track_caller]
    fn commit(&self, message: &str) {
        assert!(self.git(&["add", "--all"]) && self.git(&["commit", "--quiet", "--message", message]), "{message}");
    }
}

#[test]
fn two_branches_that_add_entries_on_the_same_day_merge_without_conflict() {
    let sandbox = decided();
    let repository = Repository(&sandbox);
    assert!(repository.git(&["init", "--quiet"]));
    repository.commit("start");
    let entries = |branch: &str| {
        for title in ["Same title on both", "バックアップ", &format!("Only on {branch}")] {
            works(&sandbox, &["decision", "new", title, "--statement", &format!("As {branch} sees it.")]);
            works(&sandbox, &["risk", "new", title, "--impact", &format!("As {branch} sees it.")]);
        }
    };
    for branch in ["one", "two"] {
        assert!(repository.git(&["checkout", "--quiet", "-b", branch, "main"]));
        entries(branch);
        repository.commit(branch);
    }
    // A third person writes down the same words a moment later.
    assert!(repository.git(&["checkout", "--quiet", "-b", "three", "main"]));
    let mut later = sandbox.command(&["decision", "new", "Same title on both", "--statement", "As one sees it."]);
    later.env("SOURCE_DATE_EPOCH", "1796126401");
    assert_eq!(sandbox.finish(later).code, Some(0));
    repository.commit("three");
    assert!(repository.git(&["checkout", "--quiet", "main"]));
    for branch in ["one", "two", "three"] {
        assert!(repository.git(&["merge", "--quiet", "--no-edit", branch]), "{branch}");
    }
    let count = |noun: &str, key: &str| works(&sandbox, &[noun, "list", "--json"]).json()[key].as_array().expect("a list").len();
    assert_eq!((count("decision", "decisions"), count("risk", "risks")), (7, 6));
    works(&sandbox, &["render"]);
}

#[test]
fn several_hundred_entries_stay_readable_and_the_same() {
    let sandbox = decided();
    for number in 0..400 {
        let id = format!("2026-{:02}-{:02}-matter-{number}", number % 12 + 1, number % 28 + 1);
        let status = ["draft", "under-review", "approved", "superseded"][number % 4];
        sandbox.write(
            &format!("decisions/{id}.yaml"),
            &format!("id: {id}\ntitle: Matter\nstatus: {status}\nstatement: S.\ndecided_on: 2026-01-01\n"),
        );
        let kind = ["risk", "issue", "assumption", "dependency"][number % 4];
        sandbox.write(&format!("risks/{id}.yaml"), &format!("id: {id}\nkind: {kind}\ntitle: Matter\nstatus: open\n"));
    }
    works(&sandbox, &["render"]);
    let before = (sandbox.read("docs/decisions.md"), sandbox.read("docs/raid.md"));
    let run = works(&sandbox, &["render", "--check"]);
    assert_eq!(run.stdout, "");
    assert_eq!((sandbox.read("docs/decisions.md"), sandbox.read("docs/raid.md")), before);
    assert_eq!(before.0.matches("\n| [Matter](#matter").count(), 400);
    let names: std::collections::BTreeSet<String> = works(&sandbox, &["risk", "list"])
        .stdout
        .lines()
        .filter_map(|line| line.split('┆').next().map(str::to_owned))
        .filter(|cell| cell.contains("matter") || cell.trim_matches(['│', ' ']).parse::<u32>().is_ok())
        .collect();
    assert_eq!(names.len(), 400);
}
