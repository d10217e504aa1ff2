//! The backlog: stories are taken over, edited, closed and reopened; trackers get them once, whatever comes between.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]
#![expect(clippy::too_many_lines, reason = "a snapshot is as long as what people see")]

mod support;

use snapbox::str;
use std::fmt::Write as _;
use support::{Run, Sandbox, shows};

const STORIES: &str = "\
stories:
  - id: agree-policy
    title: Agree the policy
    as_a: operations lead
    i_want: one policy that everybody signed
    so_that: nobody argues at night
    acceptance: [The policy has an owner, \"It says what is kept, where and how long\"]
    points: 3
    practices: [backup-policy-agreed, backup-complete]
  - {id: test-restores, title: Test restores, points: 5, practices: [restores-tested]}
";

const ANSWERS: &str = "\
capability: backup
answers:
  backup-policy@cloud: {choose: drafted}
  restore-tested@cloud: {choose: 'no'}
  backup-scope: {choose: [databases]}
";

/// Returns a workspace with gaps in both capabilities, and a kit whose stories say something.
fn gapped() -> Sandbox {
    let sandbox = Sandbox::with_answers(ANSWERS);
    let kit = sandbox.read("kit/capabilities/backup.yaml");
    let (before, _) = kit.split_once("stories:").expect("the kit has stories");
    sandbox.write("kit/capabilities/backup.yaml", &format!("{before}{STORIES}"));
    sandbox.write(
        "answers/patching.yaml",
        "capability: patching\nanswers:\n  patch-window@cloud: {choose: team}\n  patch-report: {choose: 'no'}\n",
    );
    sandbox
}

/// Returns the same workspace with its stories taken over.
fn pulled() -> Sandbox {
    let sandbox = gapped();
    done(&sandbox, &["backlog", "pull"]);
    sandbox
}

#[track_caller]
fn done(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let run = sandbox.run(arguments);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    run
}

/// Answers so that everything `agree-policy` brings about is in place.
fn agree(sandbox: &Sandbox) {
    done(sandbox, &["answer", "backup-policy@cloud", "--choose", "agreed"]);
    done(sandbox, &["answer", "backup-scope", "--choose", "databases,files,mail"]);
}

#[test]
fn the_kit_proposes_stories_for_what_is_missing() {
    let sandbox = gapped();
    sandbox.run(&["backlog", "list"]).gives(str![[r#"
Backup and Restore (backup): 2 stories open, 8 points
┌──────────────────┬──────┬────────┬──────────┬───────────────────────────┬─────────┐
│ Story            ┆ Wave ┆ Points ┆ State    ┆ Brings about              ┆ Tracker │
╞══════════════════╪══════╪════════╪══════════╪═══════════════════════════╪═════════╡
│ Agree the policy ┆ Now  ┆      3 ┆ proposed ┆ backup-policy-agreed 50 % ┆ –       │
│ agree-policy     ┆      ┆        ┆          ┆ backup-complete 50 %      ┆         │
│ Test restores    ┆ Now  ┆      5 ┆ proposed ┆ restores-tested 0 %       ┆ –       │
│ test-restores    ┆      ┆        ┆          ┆                           ┆         │
└──────────────────┴──────┴────────┴──────────┴───────────────────────────┴─────────┘

Patching (patching): 1 story open, 0 points
┌────────────────┬──────┬────────┬──────────┬────────────────────────────┬─────────┐
│ Story          ┆ Wave ┆ Points ┆ State    ┆ Brings about               ┆ Tracker │
╞════════════════╪══════╪════════╪══════════╪════════════════════════════╪═════════╡
│ Patch together ┆ –    ┆        ┆ proposed ┆ patch-window 50 %          ┆ –       │
│ patch-together ┆      ┆        ┆          ┆ patch-report-published 0 % ┆         │
└────────────────┴──────┴────────┴──────────┴────────────────────────────┴─────────┘

--- standard error
3 stories are proposed; `opsready backlog pull` takes over what is proposed

"#]]);
    let list = sandbox.run(&["backlog", "list", "--json", "--capability", "backup"]).json();
    shows(
        &format!("{:#}\n", list["stories"][0]),
        str![[r#"
{
  "id": "agree-policy",
  "external_id": "opsready:acme:agree-policy",
  "epic": "backup",
  "title": "Agree the policy",
  "story": "As an operations lead, I want one policy that everybody signed so that nobody argues at night.",
  "acceptance": [
    "The policy has an owner",
    "It says what is kept, where and how long"
  ],
  "points": 3.0,
  "wave": "now",
  "state": "proposed",
  "reason": null,
  "own": false,
  "to_close": false,
  "came_back": false,
  "kit_differs": [],
  "practices": [
    {
      "id": "backup-policy-agreed",
      "environment": "cloud",
      "credit": 0.5,
      "high": 0.5,
      "wanted": true
    },
    {
      "id": "backup-complete",
      "environment": "cloud",
      "credit": 0.5,
      "high": 0.5,
      "wanted": true
    }
  ],
  "trackers": {}
}

"#]],
    );
    sandbox.run(&["backlog", "list", "--wave", "later", "--state", "proposed"]).gives(str![[r#"
No story is like that.

"#]]);
}

#[test]
fn without_gaps_or_stories_there_is_nothing_to_do() {
    let sandbox = Sandbox::workspace();
    sandbox.run(&["backlog", "list"]).gives(str![[r#"
There is no story: no gap is confirmed for which the kit has one, and backlog/ holds none.

"#]]);
    sandbox.run(&["backlog", "pull"]).gives(str![[r#"
No gap is confirmed for which the kit has a story, and the backlog holds none.

"#]]);
    assert!(!sandbox.path("backlog").exists(), "an empty pull makes no folder");
    sandbox.run(&["backlog", "export", "--format", "markdown"]).gives(str![[r#"
# Backlog

Acme Logistics

No story is open.

"#]]);
    sandbox.refuses(
        &["backlog", "export", "--format", "jira"],
        2,
        str![[r#"
error: there is no story in backlog/ to export
  = help: `opsready backlog pull` takes the stories for the gaps over from the kit

"#]],
    );
    assert!(!done(&sandbox, &["render", "--dry-run"]).stdout.contains("backlog.md"), "a document needs a story");
    let sandbox = gapped();
    for capability in ["backup", "patching"] {
        let path = format!("kit/capabilities/{capability}.yaml");
        let text = sandbox.read(&path);
        sandbox.write(&path, text.split("stories:").next().expect("there is a part before them"));
    }
    assert_eq!(sandbox.run(&["backlog", "list", "--json"]).json()["stories"], serde_json::json!([]));
}

#[test]
fn stories_are_taken_over_once_and_edits_stay() {
    let sandbox = gapped();
    let before = sandbox.tree();
    sandbox.run(&["backlog", "pull", "--dry-run"]).gives(str![[r#"
added      agree-policy: Agree the policy
added      test-restores: Test restores
added      patch-together: Patch together
3 stories added to backlog, 0 there already; nothing was written

"#]]);
    support::same(&before, &sandbox.tree());
    sandbox.run(&["backlog", "pull"]).gives(str![[r#"
added      agree-policy: Agree the policy
added      test-restores: Test restores
added      patch-together: Patch together
3 stories added to backlog, 0 there already

"#]]);
    shows(
        &sandbox.read("backlog/backup.yaml"),
        str![[r##"
# yaml-language-server: $schema=../schemas/backlog.schema.json
# These stories are yours: change words, points and state, add your own, drop one with a reason.
schema: opsready/backlog/v1
capability: backup
stories:
  agree-policy:
    title: Agree the policy
    as_a: operations lead
    i_want: one policy that everybody signed
    so_that: nobody argues at night
    acceptance:
      - The policy has an owner
      - "It says what is kept, where and how long"
    points: 3
    practices: [backup-policy-agreed, backup-complete]
    state: open
    pulled: e095bba5df078797
  test-restores:
    title: Test restores
    points: 5
    practices: [restores-tested]
    state: open
    pulled: c10d05a67a5e0df2

"##]],
    );
    let edited = sandbox
        .read("backlog/backup.yaml")
        .replace("title: Agree the policy", "title: Sign the policy   # as the board calls it")
        .replace("points: 3", "points: 8")
        + "  # our own\n  tell-the-board: {title: 'Tell the board', practices: [backup-policy-agreed]}\n";
    let edited = edited.replace('\n', "\r\n");
    sandbox.write("backlog/backup.yaml", &edited);
    sandbox.run(&["backlog", "pull"]).gives(str![[r#"
0 stories added to backlog, 4 there already

"#]]);
    assert_eq!(sandbox.read("backlog/backup.yaml"), edited);
    let list = sandbox.run(&["backlog", "list", "--json"]).json();
    let of = |id: &str| list["stories"].as_array().and_then(|all| all.iter().find(|story| story["id"] == id)).expect("the story is there");
    assert_eq!((&of("agree-policy")["title"], &of("agree-policy")["points"]), (&"Sign the policy".into(), &8.0.into()));
    assert_eq!((&of("agree-policy")["own"], &of("tell-the-board")["own"]), (&false.into(), &true.into()));
}

#[test]
fn new_gaps_bring_new_stories_beside_those_that_are_there() {
    let sandbox = gapped();
    sandbox.write(
        "answers/backup.yaml",
        &ANSWERS
            .replace("restore-tested@cloud: {choose: 'no'}", "restore-tested@cloud: {choose: 'yes'}\n  restore-share@cloud: {number: 99}"),
    );
    done(&sandbox, &["backlog", "pull", "--capability", "backup"]);
    assert!(!sandbox.path("backlog/patching.yaml").exists());
    let mut text = sandbox.read("backlog/backup.yaml");
    text.push_str("\n# the end\n");
    sandbox.write("backlog/backup.yaml", &text);
    sandbox.write("answers/backup.yaml", ANSWERS);
    sandbox.run(&["backlog", "pull", "--capability", "backup"]).gives(str![[r#"
added      test-restores: Test restores
1 story added to backlog, 1 there already

"#]]);
    let after = sandbox.read("backlog/backup.yaml");
    assert!(after.contains("  test-restores:\n    title: Test restores\n") && after.contains("# the end"), "{after}");
    assert!(after.starts_with(text.split("\n# the end").next().expect("there is a part before it")), "{after}");
}

#[test]
fn new_words_of_the_kit_are_said_and_never_taken_unasked() {
    let sandbox = pulled();
    sandbox.replace("backlog/backup.yaml", "points: 3", "points: 8");
    assert!(!done(&sandbox, &["backlog", "pull"]).stdout.contains("differs"), "the kit is as it was");
    sandbox.replace("kit/capabilities/backup.yaml", "so_that: nobody argues at night", "so_that: nobody argues at all");
    sandbox.run(&["backlog", "pull"]).gives(str![[r#"
differs    agree-policy: the kit has another so_that, points
0 stories added to backlog, 3 there already
--- standard error
the kit says something else now: `opsready backlog pull --take agree-policy` uses its words, `--keep` stays with yours

"#]]);
    sandbox.refuses(
        &["backlog", "pull", "--take", "agree-polcy"],
        2,
        str![[r#"
error: `--take agree-polcy`: no story of the kit with this id is in the backlog
  = help: did you mean `agree-policy`?

"#]],
    );
    let sandbox_kept = sandbox.read("backlog/backup.yaml");
    sandbox.run(&["backlog", "pull", "--keep", "agree-policy"]).gives(str![[r#"
kept       agree-policy: in your words
0 stories added to backlog, 3 there already

"#]]);
    assert!(!done(&sandbox, &["backlog", "pull"]).stdout.contains("differs"));
    assert!(sandbox.read("backlog/backup.yaml").contains("at night"));
    sandbox.write("backlog/backup.yaml", &sandbox_kept);
    sandbox.run(&["backlog", "pull", "--take", "agree-policy"]).gives(str![[r#"
taken      agree-policy: in the words of the kit
0 stories added to backlog, 3 there already

"#]]);
    let taken = sandbox.read("backlog/backup.yaml");
    assert!(taken.contains("argues at all") && taken.contains("points: 3"), "{taken}");
}

#[test]
fn a_story_is_renamed_in_the_kit_and_stays_the_same() {
    let sandbox = pulled();
    sandbox.replace("kit/capabilities/backup.yaml", "- id: agree-policy\n", "- id: sign-policy\n    formerly: [agree-policy]\n");
    let run = done(&sandbox, &["backlog", "pull"]);
    assert_eq!(run.stdout, "0 stories added to backlog, 3 there already\n");
}

#[test]
fn stories_close_with_their_practices_and_come_back_with_them() {
    let sandbox = pulled();
    agree(&sandbox);
    sandbox.run(&["backlog", "list", "--state", "to-close"]).gives(str![[r#"
Backup and Restore (backup): 1 story open, 3 points
┌──────────────────┬──────┬────────┬───────┬────────────────────────────┬─────────┐
│ Story            ┆ Wave ┆ Points ┆ State ┆ Brings about               ┆ Tracker │
╞══════════════════╪══════╪════════╪═══════╪════════════════════════════╪═════════╡
│ Agree the policy ┆ –    ┆      3 ┆ open  ┆ backup-policy-agreed 100 % ┆ –       │
│ agree-policy     ┆      ┆        ┆       ┆ backup-complete 100 %      ┆         │
└──────────────────┴──────┴────────┴───────┴────────────────────────────┴─────────┘
to close: agree-policy: everything it brings about is in place


"#]]);
    sandbox.run(&["backlog", "pull"]).gives(str![[r#"
to close   agree-policy: everything it brings about is in place
0 stories added to backlog, 3 there already
--- standard error
`opsready backlog pull --close` sets what is to close to done

"#]]);
    assert!(sandbox.read("backlog/backup.yaml").contains("state: open"), "nothing closes unasked");
    sandbox.run(&["backlog", "pull", "--close"]).gives(str![[r#"
closed     agree-policy: everything it brings about is in place
0 stories added to backlog, 3 there already

"#]]);
    assert_eq!(sandbox.run(&["backlog", "list", "--state", "done", "--json"]).json()["stories"][0]["id"], "agree-policy");
    done(&sandbox, &["answer", "backup-policy@cloud", "--choose", "drafted"]);
    sandbox.run(&["backlog", "pull"]).gives(str![[r#"
came back  agree-policy: done, but "An agreed policy" stands at 50 %
0 stories added to backlog, 3 there already
--- standard error
`opsready backlog pull --reopen` sets what came back to open

"#]]);
    sandbox.run(&["backlog", "list", "--state", "came-back"]).gives(str![[r#"
Backup and Restore (backup): 0 stories open, 0 points
┌──────────────────┬──────┬────────┬───────┬───────────────────────────┬─────────┐
│ Story            ┆ Wave ┆ Points ┆ State ┆ Brings about              ┆ Tracker │
╞══════════════════╪══════╪════════╪═══════╪═══════════════════════════╪═════════╡
│ Agree the policy ┆ Now  ┆      3 ┆ done  ┆ backup-policy-agreed 50 % ┆ –       │
│ agree-policy     ┆      ┆        ┆       ┆ backup-complete 100 %     ┆         │
└──────────────────┴──────┴────────┴───────┴───────────────────────────┴─────────┘
came back: agree-policy: done, but "An agreed policy" stands at 50 %


"#]]);
    let run = done(&sandbox, &["render"]);
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    let index = sandbox.read("docs/backlog.md");
    assert!(
        index.contains("## Came back")
            && index
                .contains("[Agree the policy](backup/backlog.md#agree-the-policy) (Backup and Restore): An agreed policy stands at 50 %"),
        "{index}"
    );
    sandbox.run(&["backlog", "pull", "--reopen"]).gives(str![[r#"
reopened   agree-policy: done, but "An agreed policy" stands at 50 %
0 stories added to backlog, 3 there already

"#]]);
    done(&sandbox, &["answer", "backup-policy@cloud", "--clear"]);
    done(&sandbox, &["backlog", "pull", "--close"]);
    assert!(sandbox.read("backlog/backup.yaml").contains("state: open"), "what is not known is not in place");
}

#[test]
fn what_nobody_wants_any_more_is_not_proposed() {
    let sandbox = gapped();
    sandbox.write(
        "opsready.yaml",
        &(sandbox.read("opsready.yaml") + "capabilities: {backup: {target: 1}, patching: {in_scope: false, reason: out-of-scope}}\n"),
    );
    let list = sandbox.run(&["backlog", "list", "--json"]).json();
    let ids: Vec<&str> = list["stories"].as_array().expect("a list").iter().filter_map(|story| story["id"].as_str()).collect();
    assert_eq!(ids, ["agree-policy"]);
}

#[test]
fn what_is_wrong_in_the_files_is_said_at_its_place() {
    let sandbox = pulled();
    sandbox.write(
        "backlog/patching.yaml",
        "capability: patchin\nstories:\n  agree-policy: {practices: [patch-windw], state: finished}\n  'no id': {points: -1}\n  own: {state: dropped}\n  own: {}\n",
    );
    sandbox.write(
        "backlog/trackers.yaml",
        "schema: opsready/trackers/v2\njira:\n  agree-policy: {id: A-1}\n  test-restores: {id: A-1}\n  gone: {id: A-3}\n  epic:nothing: {id: A-4}\n",
    );
    sandbox.refuses(
        &["backlog", "list"],
        2,
        str![[r#"
error[unknown-reference]: the kit has no capability `patchin`
 --> backlog/patching.yaml:1:13
  |
1 | capability: patchin
  |             ^^^^^^^
  |
  = help: did you mean `patching`?

error[file-name-differs]: the file is named `patching` and holds the stories of `patchin`
 --> backlog/patching.yaml:1:13
  |
1 | capability: patchin
  |             ^^^^^^^
  |
  = help: rename the file, or change the capability

error[unknown-word]: `finished` is not a word that this key knows
 --> backlog/patching.yaml:3:51
  |
3 |   agree-policy: {practices: [patch-windw], state: finished}
  |                                                   ^^^^^^^^
  |
  = help: one of `open`, `in-progress`, `done`, `dropped`

error[bad-id]: `no id` cannot be an id
 --> backlog/patching.yaml:4:3
  |
4 |   'no id': {points: -1}
  |   ^^^^^^^
  |
  = help: an id has letters, digits, `-`, `_` and `.`, and starts with a letter or digit

error[bad-number]: a story cannot be smaller than nothing
 --> backlog/patching.yaml:4:21
  |
4 |   'no id': {points: -1}
  |                     ^^
  |
  = help: write the points as 0 or more, or leave them out

warning[missing-key]: nobody can tell why `own` was dropped
 --> backlog/patching.yaml:5:16
  |
5 |   own: {state: dropped}
  |                ^^^^^^^
  |
  = help: add `reason`

error[duplicate-key]: the key `own` is there twice
 --> backlog/patching.yaml:6:3
  |
6 |   own: {}
  |   ^^^
  |
 ::: backlog/patching.yaml:5:3
  |
5 |   own: {state: dropped}
  |   --- first here
  |
  = help: keep one of the two

error[unknown-word]: `opsready/trackers/v2` is not a format that this version reads
 --> backlog/trackers.yaml:1:9
  |
1 | schema: opsready/trackers/v2
  |         ^^^^^^^^^^^^^^^^^^^^
  |
  = help: it reads `opsready/trackers/v1`; a newer file needs a newer opsready
7 errors to mend; nothing was changed

"#]],
    );
    sandbox.write(
        "backlog/patching.yaml",
        "capability: patching\nstories:\n  test-more: {title: More}\n  test-restores: {title: Again, state: dropped}\n",
    );
    sandbox.write(
        "backlog/trackers.yaml",
        "jira:\n  gone: {id: A-3}\n  agree-policy: {id: A-1}\n  test-more: {id: A-1}\n  epic:nothing: {id: A-4}\n",
    );
    sandbox.refuses(
        &["backlog", "pull"],
        2,
        str![[r#"
warning[duplicate-id]: `test-restores` is a story of `backup` in the kit
 --> backlog/patching.yaml:4:3
  |
4 |   test-restores: {title: Again, state: dropped}
  |   ^^^^^^^^^^^^^
  |
  = help: move it to backlog/backup.yaml, or give it an id of its own

error[duplicate-id]: the story `test-restores` is there twice
  --> backlog/patching.yaml:4:3
   |
 4 |   test-restores: {title: Again, state: dropped}
   |   ^^^^^^^^^^^^^
   |
  ::: backlog/backup.yaml:18:3
   |
18 |   test-restores:
   |   ------------- first here
   |
   = help: give one of them an id of its own

warning[missing-key]: nobody can tell why `test-restores` was dropped
 --> backlog/patching.yaml:4:40
  |
4 |   test-restores: {title: Again, state: dropped}
  |                                        ^^^^^^^
  |
  = help: add `reason`

warning[unknown-reference]: no story of the backlog has the id `gone`
 --> backlog/trackers.yaml:2:3
  |
2 |   gone: {id: A-3}
  |   ^^^^
  |
  = help: remove the entry if nobody needs the link to Jira any more

error[duplicate-id]: `A-1` belongs to `agree-policy` already
 --> backlog/trackers.yaml:4:19
  |
4 |   test-more: {id: A-1}
  |                   ^^^
  |
 ::: backlog/trackers.yaml:3:22
  |
3 |   agree-policy: {id: A-1}
  |                      --- here
  |
  = help: one of the two has another id in the tracker

warning[unknown-reference]: no story of the backlog has the id `epic:nothing`
 --> backlog/trackers.yaml:5:3
  |
5 |   epic:nothing: {id: A-4}
  |   ^^^^^^^^^^^^
  |
  = help: remove the entry if nobody needs the link to Jira any more
2 errors to mend; nothing was changed

"#]],
    );
}

#[test]
fn what_is_not_known_is_refused_with_what_there_is() {
    let sandbox = pulled();
    sandbox.refuses(
        &["backlog", "list", "--capability", "backups"],
        2,
        str![[r#"
error: the kit has no capability `backups`
  = help: did you mean `backup`?

"#]],
    );
    sandbox.refuses(
        &["backlog", "list", "--wave", "latr"],
        2,
        str![[r#"
error: the roadmap has no wave `latr`
  = help: did you mean `later`?

"#]],
    );
    sandbox.refuses(
        &["backlog", "link", "agree-polic", "--tracker", "jira", "--id", "A-1"],
        2,
        str![[r#"
error: no story of the backlog has the id `agree-polic`
  = help: did you mean `agree-policy`?

"#]],
    );
    sandbox.refuses(
        &["backlog", "link", "opsready:other:agree-policy", "--tracker", "jira", "--id", "A-1"],
        2,
        str![[r#"
error: `opsready:other:agree-policy` belongs to the assessment `other`, or is gone from its backlog
  = help: this workspace holds `acme`

"#]],
    );
    sandbox.refuses(
        &["backlog", "link", "--tracker", "jira", "--from", "no.csv"],
        2,
        str![[r#"
error: there is no file `no.csv`

"#]],
    );
    assert_eq!(sandbox.run(&["backlog", "list", "--state", "finished"]).code, Some(2));
    assert_eq!(sandbox.run(&["backlog", "export", "--format", "trello"]).code, Some(2));
    sandbox.write("mine.csv", "my,own\ntable,here\n");
    sandbox.refuses(
        &["backlog", "export", "--format", "jira", "-o", "mine.csv"],
        2,
        str![[r#"
error: `mine.csv` is there already and holds something else
  = help: name another file, or remove this one first

"#]],
    );
}

/// Takes CSV apart as RFC 4180 has it.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {
                chars.next();
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(!quoted && row.is_empty() && field.is_empty(), "the last row has its end");
    rows
}

/// Returns rows for people to read: a line for each field that says something.
fn told(text: &str) -> String {
    let rows = rows(text);
    let mut told = String::new();
    for row in &rows[1..] {
        assert_eq!(row.len(), rows[0].len(), "every row has every column");
        for (heading, field) in rows[0].iter().zip(row).filter(|(_, field)| !field.is_empty()) {
            let _ = writeln!(told, "{heading}: {}", field.replace('\n', "\n    "));
        }
        told.push('\n');
    }
    told
}

#[test]
fn jira_gets_epics_above_their_stories() {
    let sandbox = pulled();
    let run = done(&sandbox, &["backlog", "export", "--format", "jira"]);
    assert!(run.stdout.starts_with("Issue Type,Issue key,Issue ID,Parent,Summary,"), "no byte order mark: {}", run.stdout);
    shows(
        &told(&run.stdout),
        str![[r#"
Issue Type: Epic
Issue ID: 1
Summary: Backup and Restore
Description: What is lost comes back in time.
    
    opsready:acme:epic:backup
Components: Backup and Restore
Labels: opsready
Labels: opsready:acme:epic:backup
Labels: backup
External ID: opsready:acme:epic:backup

Issue Type: Epic
Issue ID: 2
Summary: Patching
Description: opsready:acme:epic:patching
Components: Patching
Labels: opsready
Labels: opsready:acme:epic:patching
Labels: patching
External ID: opsready:acme:epic:patching

Issue Type: Story
Issue ID: 3
Parent: 1
Summary: Agree the policy
Description: As an operations lead, I want one policy that everybody signed so that nobody argues at night.
    
    h3. Acceptance criteria
    * The policy has an owner
    * It says what is kept, where and how long
    
    h3. Brings about
    * An agreed policy (backup-policy-agreed)
    * Everything that matters is backed up (backup-complete)
    
    opsready:acme:agree-policy
Components: Backup and Restore
Labels: opsready
Labels: opsready:acme:agree-policy
Labels: backup
Labels: now
Story Points: 3
Priority: High
External ID: opsready:acme:agree-policy

Issue Type: Story
Issue ID: 4
Parent: 1
Summary: Test restores
Description: h3. Brings about
    * Restores are tested (restores-tested)
    
    opsready:acme:test-restores
Components: Backup and Restore
Labels: opsready
Labels: opsready:acme:test-restores
Labels: backup
Labels: now
Story Points: 5
Priority: Medium
External ID: opsready:acme:test-restores

Issue Type: Story
Issue ID: 5
Parent: 2
Summary: Patch together
Description: h3. Brings about
    * An agreed window for patches (patch-window)
    * A published report (patch-report-published)
    
    opsready:acme:patch-together
Components: Patching
Labels: opsready
Labels: opsready:acme:patch-together
Labels: patching
Priority: Medium
External ID: opsready:acme:patch-together


"#]],
    );
}

#[test]
fn azure_devops_gets_a_tree_in_the_words_of_its_process() {
    let sandbox = pulled();
    let run = done(&sandbox, &["backlog", "export", "--format", "azure-devops", "--capability", "backup"]);
    shows(
        &told(&run.stdout),
        str![[r#"
Work Item Type: Epic
Title 1: Backup and Restore
Description: <p>What is lost comes back in time.</p><p>opsready:acme:epic:backup</p>
Tags: opsready; backup; opsready:acme:epic:backup
Priority: 2

Work Item Type: User Story
Title 2: Agree the policy
Description: <p>As an operations lead, I want one policy that everybody signed so that nobody argues at night.</p><p><b>Brings about</b></p><ul><li>An agreed policy (backup-policy-agreed)</li><li>Everything that matters is backed up (backup-complete)</li></ul><p>opsready:acme:agree-policy</p>
Acceptance Criteria: <ul><li>The policy has an owner</li><li>It says what is kept, where and how long</li></ul>
Tags: opsready; backup; now; opsready:acme:agree-policy
Story Points: 3
Priority: 1

Work Item Type: User Story
Title 2: Test restores
Description: <p><b>Brings about</b></p><ul><li>Restores are tested (restores-tested)</li></ul><p>opsready:acme:test-restores</p>
Tags: opsready; backup; now; opsready:acme:test-restores
Story Points: 5
Priority: 2


"#]],
    );
    let of = |process: &str| done(&sandbox, &["backlog", "export", "--format", "azure-devops", "--process", process]).stdout;
    shows(
        &["scrum", "basic", "cmmi"].map(|process| of(process).lines().next().unwrap_or_default().to_owned()).join("\n"),
        str![[r#"
ID,Work Item Type,Title 1,Title 2,Description,Acceptance Criteria,Tags,Effort,Priority
ID,Work Item Type,Title 1,Title 2,Description,Tags,Effort,Priority
ID,Work Item Type,Title 1,Title 2,Description,Tags,Size,Priority
"#]],
    );
    assert!(of("basic").contains("<p><b>Acceptance criteria</b></p><ul><li>The policy has an owner</li>"), "{}", of("basic"));
}

#[test]
fn a_page_and_lines_of_json_tell_the_same() {
    let sandbox = pulled();
    done(&sandbox, &["backlog", "link", "agree-policy", "--tracker", "jira", "--id", "ACME-1", "--url", "https://jira.example/ACME-1"]);
    shows(
        &done(&sandbox, &["backlog", "export", "--format", "markdown", "--capability", "backup"]).stdout,
        str![[r#"
# Backlog

Acme Logistics

| Epic | Stories | Points |
| --- | ---: | ---: |
| Backup and Restore | 2 | 8 |

## Backup and Restore

### Agree the policy

As an operations lead, I want one policy that everybody signed so that nobody argues at night.

- The policy has an owner
- It says what is kept, where and how long

Brings about: An agreed policy `backup-policy-agreed`; Everything that matters is backed up `backup-complete`.

`agree-policy`, open, Now, 3 points, [Jira ACME-1](https://jira.example/ACME-1)

### Test restores

Brings about: Restores are tested `restores-tested`.

`test-restores`, open, Now, 5 points

"#]],
    );
    let lines = done(&sandbox, &["backlog", "export", "--format", "gitlab"]).stdout;
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap_or_default()).expect("a line is JSON");
    assert_eq!(lines.lines().count(), 3);
    shows(
        &format!("{first:#}\n{}\n", first["body"].as_str().unwrap_or_default()),
        str![[r#"
{
  "schema": "opsready/backlog-issue/v1",
  "external_id": "opsready:acme:agree-policy",
  "action": "create",
  "number": null,
  "title": "Agree the policy",
  "body": "As an operations lead, I want one policy that everybody signed so that nobody argues at night.\n\n### Acceptance criteria\n\n- [ ] The policy has an owner\n- [ ] It says what is kept, where and how long\n\n### Brings about\n\n- An agreed policy `backup-policy-agreed`\n- Everything that matters is backed up `backup-complete`\n\n*Backup and Restore · Now · 3 points*\n\n<!-- opsready:acme:agree-policy -->",
  "labels": [
    "opsready",
    "capability:backup",
    "wave:now"
  ],
  "points": 3.0
}
As an operations lead, I want one policy that everybody signed so that nobody argues at night.

### Acceptance criteria

- [ ] The policy has an owner
- [ ] It says what is kept, where and how long

### Brings about

- An agreed policy `backup-policy-agreed`
- Everything that matters is backed up `backup-complete`

*Backup and Restore · Now · 3 points*

<!-- opsready:acme:agree-policy -->

"#]],
    );
}

#[test]
fn a_second_export_updates_and_never_makes_a_story_twice() {
    let sandbox = pulled();
    sandbox.run(&["backlog", "export", "--format", "jira", "--plan"]).gives(str![[r#"
create  epic:backup: Backup and Restore
create  agree-policy: Agree the policy
create  test-restores: Test restores
create  epic:patching: Patching
create  patch-together: Patch together
Jira: 5 to create, 0 to update, 0 to close, 0 unchanged; nothing was written

"#]]);
    sandbox.run(&["backlog", "export", "--format", "jira", "-o", "jira.csv"]).gives(str![[r#"
jira.csv: 5 to create, 0 to update, 0 to close, 0 unchanged
--- standard error
after the import, export the items from Jira and run `opsready backlog link --tracker jira --from EXPORT.csv`, so that the next export updates them

"#]]);
    sandbox.run(&["backlog", "export", "--format", "jira", "-o", "jira.csv"]).gives(str![[r#"
jira.csv: 5 to create, 0 to update, 0 to close, 0 unchanged
--- standard error
5 rows were exported before, and nobody read back what Jira calls them. If the file was imported, run `opsready backlog link --tracker jira --from EXPORT.csv` first: importing this one would make them twice

"#]]);
    // What Jira exports: columns of its own, the labels in several of them, semicolons between fields.
    sandbox.write(
        "back.csv",
        "\u{feff}Summary;Issue key;Labels;Labels\r\n\
         Backup;ACME-1;opsready;opsready:acme:epic:backup\r\n\
         Patching;ACME-2;opsready:acme:epic:patching;\r\n\
         Agree;ACME-3;;opsready:acme:agree-policy\r\n\
         Test;ACME-4;;opsready:acme:test-restores\r\n\
         Other;ACME-9;;\r\n\
         Theirs;ACME-8;;opsready:other:agree-policy\r\n",
    );
    let before = sandbox.tree();
    sandbox.run(&["backlog", "link", "--tracker", "jira", "--from", "back.csv", "--dry-run"]).gives(str![[r#"
linked agree-policy: Jira ACME-3
linked epic:backup: Jira ACME-1
linked epic:patching: Jira ACME-2
linked test-restores: Jira ACME-4
back.csv: 4 linked, 0 unchanged, 2 without an id of this assessment; nothing was written

"#]]);
    support::same(&before, &sandbox.tree());
    sandbox.run(&["backlog", "link", "--tracker", "jira", "--from", "back.csv"]).gives(str![[r#"
linked agree-policy: Jira ACME-3
linked epic:backup: Jira ACME-1
linked epic:patching: Jira ACME-2
linked test-restores: Jira ACME-4
back.csv: 4 linked, 0 unchanged, 2 without an id of this assessment

"#]]);
    let links = sandbox.read("backlog/trackers.yaml");
    shows(
        &links,
        str![[r##"
# yaml-language-server: $schema=../schemas/trackers.schema.json
# What trackers call the stories; `opsready backlog link` and `backlog export` write it. Commit it.
schema: opsready/trackers/v1
jira:
  epic:backup:
    hash: "254689a307d6e635"
    id: ACME-1
  agree-policy:
    hash: f6b87090c9f10e5c
    id: ACME-3
  test-restores:
    hash: "6fab4ac6b9bdf0ae"
    id: ACME-4
  epic:patching:
    hash: d1ab8237500fcf0b
    id: ACME-2
  patch-together:
    hash: d53dbcfc0b8ee94d

"##]],
    );
    sandbox.run(&["backlog", "link", "--tracker", "jira", "--from", "back.csv"]).gives(str![[r#"
back.csv: 0 linked, 4 unchanged, 2 without an id of this assessment

"#]]);
    assert_eq!(sandbox.read("backlog/trackers.yaml"), links, "what is known is not written again");
    sandbox.replace("backlog/backup.yaml", "nobody argues at night", "nobody argues");
    sandbox.run(&["backlog", "export", "--format", "jira", "--plan"]).gives(str![[r#"
keep    epic:backup ACME-1: Backup and Restore
update  agree-policy ACME-3: Agree the policy
keep    test-restores ACME-4: Test restores
keep    epic:patching ACME-2: Patching
create  patch-together: Patch together (exported before, its key was never read back)
Jira: 1 to create, 1 to update, 0 to close, 3 unchanged; nothing was written

"#]]);
    let run = done(&sandbox, &["backlog", "export", "--format", "jira", "-o", "jira.csv"]);
    shows(
        &format!("{}{}", run.stdout, run.stderr),
        str![[r#"
jira.csv: 1 to create, 1 to update, 0 to close, 2 unchanged
1 row was exported before, and nobody read back what Jira calls it. If the file was imported, run `opsready backlog link --tracker jira --from EXPORT.csv` first: importing this one would make it twice
1 row left out, unchanged since the last export; `--all` has them

"#]],
    );
    let keys: Vec<[String; 4]> =
        rows(&sandbox.read("jira.csv")).into_iter().skip(1).map(|row| [0, 1, 3, 14].map(|at| row[at].clone())).collect();
    assert_eq!(
        keys,
        [
            ["Epic", "ACME-1", "", "opsready:acme:epic:backup"],
            ["Epic", "ACME-2", "", "opsready:acme:epic:patching"],
            ["Story", "ACME-3", "1", "opsready:acme:agree-policy"],
            ["Story", "", "2", "opsready:acme:patch-together"],
        ]
    );
    agree(&sandbox);
    sandbox.run(&["backlog", "export", "--format", "jira", "--plan", "--capability", "backup"]).gives(str![[r#"
keep    epic:backup ACME-1: Backup and Restore
keep    test-restores ACME-4: Test restores
close   agree-policy ACME-3: Agree the policy (everything that it brings about is in place)
Jira: 0 to create, 0 to update, 1 to close, 2 unchanged; nothing was written

"#]]);
}

#[test]
fn rows_that_cannot_be_are_named_and_the_rest_is_linked() {
    let sandbox = pulled();
    done(&sandbox, &["backlog", "link", "test-restores", "--tracker", "azure-devops", "--id", "7"]);
    sandbox.write(
        "back.csv",
        "ID,Title,Tags\n\
         7,Test,opsready:acme:test-restores\n\
         8,Test again,opsready:acme:test-restores\n\
         ,No key,opsready:acme:agree-policy\n\
         9,Agree,opsready:acme:agree-policy; opsready\n\
         10,Agree,opsready:acme:agree-policy\n\
         11,Both,opsready:acme:agree-policy; opsready:acme:patch-together\n\
         12,Gone,opsready:acme:agree-polcy\n",
    );
    sandbox.run(&["backlog", "link", "--tracker", "azure-devops", "--from", "back.csv"]).gives(str![[r#"
linked agree-policy: Azure DevOps 9
back.csv: 1 linked, 1 unchanged, 5 refused
--- standard error
error[duplicate-id]: `test-restores` is `7` as well as `8`
 --> back.csv:3:1
  |
3 | 8,Test again,opsready:acme:test-restores
  | ^
  |
  = help: close one of the two in Azure DevOps, and take the id out of it; or name the right one with `opsready backlog link test-restores --tracker azure-devops --id ID`

error[missing-key]: `agree-policy` has no key here
 --> back.csv:4:1
  |
4 | ,No key,opsready:acme:agree-policy
  | ^
  |
  = help: export the column with the key, too

error[duplicate-id]: `agree-policy` is `9` as well as `10`
 --> back.csv:6:1
  |
6 | 10,Agree,opsready:acme:agree-policy
  | ^^
  |
  = help: close one of the two in Azure DevOps, and take the id out of it; or name the right one with `opsready backlog link agree-policy --tracker azure-devops --id ID`

error[duplicate-id]: `11` has the ids of `agree-policy`, `patch-together`
 --> back.csv:7:1
  |
7 | 11,Both,opsready:acme:agree-policy; opsready:acme:patch-together
  | ^^
  |
  = help: leave one of them in it

error[unknown-reference]: no story of the backlog has the id `agree-polcy`
 --> back.csv:8:1
  |
8 | 12,Gone,opsready:acme:agree-polcy
  | ^^
  |
  = help: did you mean `agree-policy`?
--- exit 1

"#]]);
    sandbox.write("none.csv", "Title,Tags\nx,y\n");
    sandbox.refuses(
        &["backlog", "link", "--tracker", "jira", "--from", "none.csv"],
        2,
        str![[r#"
error[missing-key]: there is no column with the keys of Jira
 --> none.csv:1:1
  |
1 | Title,Tags
  | ^
  |
  = help: the first row has the headings, among them `Issue key`, `Key`, `ID` or `Number`
1 error to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["backlog", "link", "patch-together", "--tracker", "azure-devops", "--id", "7"],
        2,
        str![[r#"
error: `7` belongs to `test-restores` already
  = help: each story has an id of its own in the tracker

"#]],
    );
    sandbox.run(&["backlog", "link", "test-restores", "--tracker", "azure-devops", "--id", "8"]).gives(str![[r#"
linked test-restores: Azure DevOps 8 (was 7)

"#]]);
}

#[test]
fn hostile_text_stays_text_in_every_format() {
    let sandbox = pulled();
    let hostile = "'=cmd|x'!A1 \"q\" `b` $(touch pwned) {code} [x|y] !img! <b>&lt; | */";
    sandbox.write(
        "backlog/backup.yaml",
        &format!(
            "capability: backup\nstories:\n  agree-policy:\n    title: |\n      -n {hostile}\n      /close\n    as_a: |\n      {hostile}\n    i_want: |\n      /assign\n      =1+1\n    acceptance: ['=HYPERLINK(\"x\")', \"--> out\"]\n    practices: [backup-complete]\n"
        ),
    );
    for format in ["jira", "azure-devops"] {
        let text = done(&sandbox, &["backlog", "export", "--format", format]).stdout;
        for field in rows(&text).into_iter().flatten() {
            assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{format}: {field}");
        }
    }
    let jira = done(&sandbox, &["backlog", "export", "--format", "jira"]).stdout;
    assert!(jira.contains("\\{code} \\[x\\|y] \\!img!"), "{jira}");
    let azure = done(&sandbox, &["backlog", "export", "--format", "azure-devops"]).stdout;
    let descriptions: String = rows(&azure).iter().map(|row| row[4].clone()).collect();
    assert!(descriptions.contains("&lt;b&gt;&amp;lt;") && !descriptions.contains("<b>&lt;"), "{descriptions}");
    let lines = done(&sandbox, &["backlog", "export", "--format", "gitlab"]).stdout;
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap_or_default()).expect("a line is JSON");
    let body = first["body"].as_str().unwrap_or_default();
    assert!(body.lines().all(|line| !line.trim_start().starts_with('/')), "no quick action: {body}");
    assert!(!first["title"].as_str().unwrap_or_default().contains('\n'));
    done(&sandbox, &["render"]);
    done(&sandbox, &["render", "--check"]);
}

#[test]
fn the_documents_tell_of_the_backlog() {
    let sandbox = gapped();
    done(&sandbox, &["render"]);
    shows(
        &sandbox.read("docs/backlog.md"),
        str![[r#"
# Backlog

Acme Logistics · Small Operations 1.2.0

[Overview](README.md)

3 stories are open, 8 points in all. An epic is a capability. A story stands in the earliest wave of the gaps that it closes; its points are in brackets.

All of them are proposed. `opsready backlog pull` takes them over into `backlog/`, where words, points and state are yours.

## Epics

| Epic | Open | Now | No wave | Points | Done |
| --- | ---: | ---: | ---: | ---: | ---: |
| [Backup and Restore](backup/backlog.md) | 2 | 2 (8) | – | 8 | 0 |
| [Patching](patching/backlog.md) | 1 | – | 1 (0) | 0 | 0 |

## How it goes on

After the migration the same loop keeps the state: answer again when something has changed, `opsready backlog pull` compares, the team
closes what is in place, and what came back or is new goes into the next wave. `opsready backlog export` brings all of it to the tracker.

"#]],
    );
    done(&sandbox, &["backlog", "pull"]);
    done(
        &sandbox,
        &["backlog", "link", "agree-policy", "--tracker", "github", "--id", "12", "--url", "https://github.example/acme/ops/issues/12"],
    );
    done(&sandbox, &["backlog", "link", "test-restores", "--tracker", "jira", "--id", "ACME-4"]);
    sandbox.write(
        "backlog/backup.yaml",
        &(sandbox.read("backlog/backup.yaml").replace("state: open", "state: in-progress")
            + "  own-story: {title: 'Test restores', state: dropped, reason: The | board said no}\n"),
    );
    done(&sandbox, &["render"]);
    shows(
        &sandbox.read("docs/backup/backlog.md"),
        str![[r#"
# Backup and Restore: stories

Acme Logistics · Small Operations 1.2.0

[Overview](../README.md) · [Readiness](readiness.md) · [Design](design.md) · [Minutes](minutes.md)

2 stories are open, 8 points in all. They are kept in `backlog/backup.yaml`: edit them there.

## Now

### Agree the policy

As an operations lead, I want one policy that everybody signed so that nobody argues at night.

- The policy has an owner
- It says what is kept, where and how long

**Brings about** [An agreed policy](design.md#an-agreed-policy) (50 % in place); [Everything that matters is backed up](design.md#everything-that-matters-is-backed-up) (50 % in place).

`agree-policy`, in progress, 3 points, [GitHub 12](https://github.example/acme/ops/issues/12)

### Test restores

**Brings about** [Restores are tested](design.md#restores-are-tested) (0 % in place).

`test-restores`, in progress, 5 points, Jira ACME-4

## Dropped

### Test restores

**Dropped because** The \| board said no

`own-story`, dropped, your own

<!-- keep stories: what you write here stays -->

<!-- end stories -->

"#]],
    );
    agree(&sandbox);
    done(&sandbox, &["render"]);
    let index = sandbox.read("docs/backlog.md");
    assert!(index.contains("## To be closed") && index.contains("- [Agree the policy](backup/backlog.md#agree-the-policy)"), "{index}");
    done(&sandbox, &["render", "--check"]);
}

#[test]
fn decisions_name_stories_of_ones_own() {
    let sandbox = pulled();
    sandbox.write("backlog/backup.yaml", &(sandbox.read("backlog/backup.yaml") + "  own-story: {title: Our own}\n"));
    let decision = "id: 2026-03-02-copies\ntitle: Copies\nstatus: draft\nstories: [own-story, agree-policy]\n";
    sandbox.write("decisions/2026-03-02-copies.yaml", decision);
    done(&sandbox, &["render"]);
    let log = sandbox.read("docs/decisions.md");
    assert!(log.contains("[Our own](backup/backlog.md); [Agree the policy](backup/design.md)"), "{log}");
}

#[test]
fn a_copy_for_others_has_the_stories_of_the_kit_alone() {
    let sandbox = pulled();
    sandbox.replace("backlog/backup.yaml", "nobody argues at night", "Harbour Street sleeps well and long");
    done(&sandbox, &["render"]);
    done(&sandbox, &["render", "--format", "github", "--audience", "public", "--out", "../public"]);
    let page = std::fs::read_to_string(sandbox.root().join("public/backup/backlog.md")).expect("the copy has the stories");
    assert!(!page.contains("Harbour Street") && page.contains("nobody argues at night"), "{page}");
}

#[test]
fn the_files_satisfy_their_schemas() {
    let sandbox = pulled();
    done(&sandbox, &["backlog", "link", "agree-policy", "--tracker", "github", "--id", "12", "--url", "https://github.example/12"]);
    done(&sandbox, &["backlog", "export", "--format", "jira", "-o", "jira.csv"]);
    for (name, file, good, bad) in
        [("backlog", "backlog/backup.yaml", "state: open", "state: opened"), ("trackers", "backlog/trackers.yaml", "url: ", "uri: ")]
    {
        let schema = sandbox.run(&["schema", name]).json();
        let validator = jsonschema::validator_for(&schema).expect("it is a schema");
        let read = |text: &str| serde_saphyr::from_str::<serde_json::Value>(text).expect("the file is YAML");
        let text = sandbox.read(file);
        let faults: Vec<String> = validator.iter_errors(&read(&text)).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty() && text.contains(good), "{file}: {faults:?}");
        assert!(!validator.is_valid(&read(&text.replace(good, bad))), "{name}");
    }
}

#[test]
fn a_story_waits_while_the_risk_of_its_gap_is_accepted() {
    let sandbox = pulled();
    sandbox.write(
        "plan/backup.yaml",
        "capability: backup\npractices:\n  restores-tested: {accepted: {risk: 2026-03-01-no-tests, approver: ops-lead, expires: 2027-06-30}}\n",
    );
    sandbox.write("risks/2026-03-01-no-tests.yaml", "id: 2026-03-01-no-tests\nkind: risk\ntitle: No tests\nstatus: monitor\n");
    let run = sandbox.run(&["backlog", "list", "--json", "--capability", "backup"]);
    let list = run.json();
    let story = list["stories"].as_array().and_then(|all| all.iter().find(|story| story["id"] == "test-restores")).expect("it is kept");
    assert_eq!(
        (&story["wave"], &story["practices"][0]["wanted"], &story["to_close"]),
        (&serde_json::Value::Null, &false.into(), &false.into())
    );
}

#[cfg(unix)]
mod scripts {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;
    use std::process::Command;

    /// A tracker in a folder, and the programs that speak to it.
    struct Stub<'s> {
        sandbox: &'s Sandbox,
        tracker: &'static str,
    }

    impl<'s> Stub<'s> {
        fn new(sandbox: &'s Sandbox, tracker: &'static str) -> Self {
            let stub = include_str!("stubs/tracker.sh");
            for program in ["gh", "glab"] {
                let path = sandbox.root().join("bin").join(program);
                fs::create_dir_all(sandbox.root().join("bin")).expect("a folder can be made");
                fs::write(&path, stub).expect("a file can be written");
                fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a file can be made a program");
            }
            fs::create_dir_all(sandbox.root().join("tracker/issues")).expect("a folder can be made");
            Self { sandbox, tracker }
        }

        fn export(&self) {
            done(self.sandbox, &["backlog", "export", "--format", self.tracker, "-o", "../out"]);
        }

        /// Runs the script as it was exported last.
        fn run(&self, arguments: &[&str], dies: bool) -> Run {
            let mut command = Command::new("/bin/sh");
            command.arg(self.sandbox.root().join(format!("out/{}.sh", self.tracker))).args(arguments).current_dir(self.sandbox.path(""));
            support::clean(&mut command);
            let path = format!("{}:/usr/bin:/bin", self.sandbox.root().join("bin").display());
            command.env("PATH", path).env("OPSREADY", env!("CARGO_BIN_EXE_opsready")).env("STUB", self.sandbox.root().join("tracker"));
            if dies {
                command.env("STUB_DIES", "yes");
            }
            self.sandbox.finish(command)
        }

        #[track_caller]
        fn runs(&self, arguments: &[&str]) -> Run {
            let run = self.run(arguments, false);
            assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
            run
        }

        fn issue(&self, number: u32) -> PathBuf {
            self.sandbox.root().join(format!("tracker/issues/{number}"))
        }

        fn read(&self, number: u32, file: &str) -> String {
            fs::read_to_string(self.issue(number).join(file)).unwrap_or_default()
        }

        fn count(&self) -> usize {
            fs::read_dir(self.sandbox.root().join("tracker/issues")).expect("the folder is there").count()
        }

        /// Returns how the programs were called since this was asked last.
        fn calls(&self) -> String {
            let path = self.sandbox.root().join("tracker/calls");
            let calls = fs::read_to_string(&path).unwrap_or_default();
            fs::write(&path, "").expect("a file can be written");
            let lines = calls.lines().filter(|line| line.starts_with('['));
            lines.flat_map(|line| [line, "\n"]).collect()
        }
    }

    /// Runs a tracker through its life: made, left alone, updated, edited there, closed.
    fn lives(tracker: &'static str) {
        let sandbox = pulled();
        let stub = Stub::new(&sandbox, tracker);
        stub.export();
        let run = stub.runs(&[]);
        assert_eq!(run.stdout.lines().count(), 3, "{}", run.stdout);
        assert_eq!(stub.count(), 3);
        assert_eq!(stub.read(1, "title"), "Agree the policy");
        assert_eq!(stub.read(1, "labels"), "opsready\ncapability:backup\nwave:now\n");
        assert!(stub.read(1, "body").ends_with("<!-- opsready:acme:agree-policy -->"), "{}", stub.read(1, "body"));
        stub.calls();
        // Nothing to do: one list, and nothing is touched; after another export, too.
        for _ in 0..2 {
            assert_eq!(stub.runs(&[]).stdout, "");
            assert_eq!(stub.calls().lines().count(), 1);
            stub.export();
        }
        // The backlog changes: the issue follows.
        sandbox.replace("backlog/backup.yaml", "nobody argues at night", "nobody argues");
        stub.export();
        assert_eq!(stub.runs(&[]).stdout, "update opsready:acme:agree-policy (1)\n");
        assert!(stub.read(1, "body").contains("so that nobody argues."), "{}", stub.read(1, "body"));
        assert_eq!(stub.read(1, "comments"), "");
        // Somebody edits the issue: from then on it keeps its text, and gets one comment for each change.
        let edited = stub.read(1, "body").replace("- [ ] The policy", "- [x] The policy");
        fs::write(stub.issue(1).join("body"), &edited).expect("a file can be written");
        assert_eq!(stub.runs(&[]).stdout, "", "nothing changed in the backlog");
        sandbox.replace("backlog/backup.yaml", "nobody argues", "everybody sleeps");
        stub.export();
        for expected in ["comment opsready:acme:agree-policy (1)\n", ""] {
            assert_eq!(stub.runs(&[]).stdout, expected);
        }
        assert_eq!(stub.read(1, "body"), edited);
        let comments = stub.read(1, "comments");
        assert!(
            comments.contains("so that everybody sleeps.") && comments.matches("Somebody edited this issue").count() == 1,
            "{comments}"
        );
        // Everything is in place: it is proposed to close, and closed only when asked.
        agree(&sandbox);
        stub.export();
        done(&sandbox, &["backlog", "pull"]);
        stub.runs(&[]);
        assert!(stub.read(1, "comments").contains("**Proposed to close.** Everything that it brings about is in place."));
        assert!(stub.read(1, "labels").contains("to-close\n"));
        assert_eq!(stub.read(1, "state"), "open");
        assert_eq!(stub.runs(&["--close"]).stdout, "close opsready:acme:agree-policy (1)\n");
        assert_eq!(stub.read(1, "state"), "closed");
        assert_eq!(stub.count(), 3, "no issue was made twice");
    }

    #[test]
    fn github_lives_with_its_issues() {
        lives("github");
    }

    #[test]
    fn gitlab_lives_with_its_issues() {
        lives("gitlab");
    }

    #[test]
    fn an_issue_that_was_made_and_not_recorded_is_found() {
        for tracker in ["github", "gitlab"] {
            let sandbox = pulled();
            let stub = Stub::new(&sandbox, tracker);
            stub.export();
            let run = stub.run(&[], true);
            assert_eq!((run.code, stub.count()), (Some(7), 1), "{}", run.stderr);
            assert!(!sandbox.path("backlog/trackers.yaml").exists(), "the number is not known yet");
            stub.runs(&[]);
            assert_eq!(stub.count(), 3);
            assert!(
                sandbox.read("backlog/trackers.yaml").contains("agree-policy:\n    id: \"1\"\n"),
                "{}",
                sandbox.read("backlog/trackers.yaml")
            );
            // The file is lost, and comes back from what is there.
            fs::remove_file(sandbox.path("backlog/trackers.yaml")).expect("the file is there");
            stub.runs(&[]);
            assert_eq!(stub.count(), 3);
        }
    }

    #[test]
    fn an_issue_that_is_there_twice_or_belongs_to_nothing_stops_nobody() {
        let sandbox = pulled();
        let stub = Stub::new(&sandbox, "github");
        stub.export();
        stub.runs(&[]);
        for (number, id) in [(4, "gone"), (5, "agree-policy")] {
            fs::create_dir_all(stub.issue(number)).expect("a folder can be made");
            for (file, text) in [
                ("title", "Copied"),
                ("state", "open"),
                ("labels", "opsready\n"),
                ("body", &format!("See opsready:acme:test-restores.\n\n<!-- opsready:acme:{id} -->")),
            ] {
                fs::write(stub.issue(number).join(file), text).expect("a file can be written");
            }
        }
        sandbox.replace("backlog/backup.yaml", "nobody argues at night", "nobody argues");
        stub.export();
        stub.run(&[], false).gives(str![[r#"
update opsready:acme:agree-policy (1)
--- standard error
error[duplicate-id]: `agree-policy` is `1` as well as `5`
 = help: close one of the two in GitHub, and take the id out of it; or name the right one with `opsready backlog link agree-policy --tracker github --id ID`

error[unknown-reference]: no story of the backlog has the id `gone`
 = help: `opsready backlog list` shows the stories

"#]]);
    }

    #[test]
    fn nothing_in_a_text_runs() {
        for tracker in ["github", "gitlab"] {
            let sandbox = gapped();
            sandbox.write(
                "backlog/backup.yaml",
                "capability: backup\nstories:\n  agree-policy:\n    title: \"--web $(touch pwned) `touch pwned` '; touch pwned; ' \\\" \\\\ @file\\n-x\"\n    as_a: \"'$(touch pwned)'\\n`touch pwned`\\nEOF\\n'\"\n    acceptance: [\"@/etc/passwd\", \"$HOME ${IFS} \\\\'; touch pwned #\"]\n    practices: [backup-complete]\n",
            );
            let stub = Stub::new(&sandbox, tracker);
            stub.export();
            stub.runs(&[]);
            assert_eq!(stub.read(1, "title"), "--web $(touch pwned) `touch pwned` '; touch pwned; ' \" \\ @file -x");
            let body = stub.read(1, "body");
            assert!(body.contains("- [ ] @/etc/passwd\n") && body.contains("$HOME"), "{body}");
            assert_eq!(stub.runs(&[]).stdout, "", "what was read back is what was sent");
            let found: Vec<_> = sandbox.tree().into_keys().filter(|path| path.contains("pwned")).collect();
            assert!(found.is_empty(), "{found:?}");
        }
    }

    #[test]
    fn a_script_from_yesterday_stops_instead_of_going_back() {
        let sandbox = pulled();
        let stub = Stub::new(&sandbox, "github");
        stub.export();
        stub.runs(&[]);
        sandbox.replace("backlog/backup.yaml", "nobody argues at night", "nobody argues");
        stub.run(&[], false).gives(str![[r#"
--- standard error
error: the backlog says something else of `agree-policy` than this script
  = help: export it again: `opsready backlog export --format github -o FILE`
--- exit 2

"#]]);
        sandbox.run_in("out", &["backlog", "list"]).gives(str![[r#"
--- standard error
error: there is no workspace in `.` or above it
  = help: make one with `opsready init DIR --kit ID`, or name it with `-C DIR`
--- exit 2

"#]]);
        let run = stub.run(&["--all"], false);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
    }

    #[test]
    fn the_calls_are_those_that_the_programs_know() {
        let sandbox = pulled();
        let stub = Stub::new(&sandbox, "github");
        done(&sandbox, &["backlog", "export", "--format", "github", "--capability", "patching", "-o", "../out"]);
        stub.runs(&[]);
        shows(
            &shorter(&stub.calls()),
            str![[r#"
[gh] <api> <--paginate> <repos/{owner}/{repo}/issues?state=all&labels=opsready&per_page=100>
[gh] <api> <--method> <POST> <repos/{owner}/{repo}/issues> <--raw-field> <title=Patch together> <--field> <body=@[..]/body> <--raw-field> <labels[]=opsready> <--raw-field> <labels[]=capability:patching>

"#]],
        );
        let stub = Stub { tracker: "gitlab", ..stub };
        done(&sandbox, &["backlog", "export", "--format", "gitlab", "--capability", "patching", "-o", "../out"]);
        fs::remove_dir_all(sandbox.root().join("tracker/issues")).expect("the folder is there");
        stub.runs(&[]);
        shows(
            &shorter(&stub.calls()),
            str![[r#"
[glab] <api> <--paginate> <projects/:fullpath/issues?scope=all&labels=opsready&per_page=100>
[glab] <api> <--method> <POST> <projects/:fullpath/issues> <--raw-field> <title=Patch together> <--field> <description=@[..]/body> <--raw-field> <labels=opsready,capability:patching>

"#]],
        );
    }

    /// Returns calls without the name of the temporary folder.
    fn shorter(calls: &str) -> String {
        let word = |word: &str| match word.split_once("=@") {
            Some((key, path)) => format!("{key}=@[..]/{}", path.rsplit('/').next().unwrap_or_default()),
            None => word.to_owned(),
        };
        calls.lines().map(|line| line.split(' ').map(word).collect::<Vec<_>>().join(" ") + "\n").collect()
    }
}
