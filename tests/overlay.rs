//! What the owner of a workspace lays over its kit: changed, added, taken out, and every fault at its own place.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use support::{Sandbox, same};

/// An overlay that changes a question and a practice, adds one of each, and takes one out.
const BACKUP: &str = "\
discovery:
  questions:
    - id: backup-policy
      ask: Is there a policy for backups, signed by the works council?
    - id: tape-vault
      ask: Are tapes kept outside?
      dimension: process
      type: yes-no
      choices:
        - {id: \"no\", label: They stay}
        - {id: \"yes\", label: A courier fetches them, credits: [tapes-outside]}
    - {id: backup-context, remove: true}
design:
  practices:
    - id: restores-tested
      risk: high
      weight: 3
    - id: tapes-outside
      title: Tapes outside
      statement: Tapes leave the building each week.
      level: 2
      references: [{title: Ours, url: \"https://wiki.example/tapes\"}]
stories:
  - {id: fetch-tapes, title: Fetch tapes, practices: [tapes-outside]}
";

#[test]
fn an_overlay_changes_adds_and_takes_out() {
    let sandbox = Sandbox::workspace();
    let before = sandbox.run(&["kit", "show", "backup"]).stdout;
    assert!(before.contains("backup-context") && !before.contains("tape-vault"), "{before}");
    sandbox.write("overlay/capabilities/backup.yaml", BACKUP);
    sandbox.run(&["kit", "lint", "--short"]).gives(str![[r#"
--- standard error
1 kit: 0 errors, 0 warnings

"#]]);
    let after = sandbox.run(&["kit", "show", "backup"]).stdout;
    assert!(!after.contains("backup-context") && after.contains("tape-vault"), "{after}");
    sandbox.run(&["kit", "show", "practice:restores-tested"]).gives(str![[r#"
restores-tested: Restores are tested

Level 2, risk high, weight 3, effort M

A restore is tested at least once a year.

Requires: backup-policy-agreed

Asked by: restore-tested, restore-share
Restore: https://example.com/restore

"#]]);
    assert_eq!(sandbox.run(&["answer", "tape-vault", "--choose", "yes"]).code, Some(0));
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    let design = sandbox.read("docs/backup/design.md");
    assert!(
        design.contains("Small Operations 1.2.0 with own changes") && design.contains("Tapes leave the building each week."),
        "{design}"
    );
    let card = sandbox.run(&["score", "--json"]).json();
    assert_eq!(card["kit"]["overlay"], true);
}

#[test]
fn without_an_overlay_nothing_is_said_of_one() {
    let sandbox = Sandbox::workspace();
    let card = sandbox.run(&["score", "--json"]).json();
    assert_eq!(card["kit"], serde_json::json!({"id": "small", "version": "1.2.0"}));
    std::fs::create_dir(sandbox.path("overlay")).expect("a folder can be made");
    let again = sandbox.run(&["score", "--json"]).json();
    assert_eq!(card, again, "an empty overlay is none");
}

#[test]
fn a_capability_of_ones_own_needs_no_other_file() {
    let sandbox = Sandbox::workspace();
    sandbox.write(
        "overlay/capabilities/printing.yaml",
        "id: printing\ntitle: Printing\ndiscovery:\n  questions:\n    - {id: toner, ask: Who buys toner?, type: single, choices: [{id: nobody}, {id: somebody, credits: [toner-bought]}]}\ndesign:\n  practices:\n    - {id: toner-bought, title: Toner is bought, level: 1}\n",
    );
    let card = sandbox.run(&["score", "--json"]).json();
    let ids: Vec<&str> = card["capabilities"].as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(ids, ["backup", "patching", "printing"]);
}

#[test]
fn the_order_and_the_waves_can_be_ones_own() {
    let sandbox = Sandbox::workspace();
    sandbox.write("overlay/kit.yaml", "capabilities: [patching, backup]\nwaves:\n  - {id: now, capacity: 2}\n  - {id: later, remove: true}\n  - {id: next-year, title: Next year, capacity: 40}\n");
    let card = sandbox.run(&["score", "--json"]).json();
    assert_eq!(card["capabilities"][0]["id"], "patching");
    let run = sandbox.run(&["kit", "lint", "--short"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
}

#[test]
fn a_template_of_the_overlay_stands_before_that_of_the_kit() {
    let sandbox = Sandbox::workspace();
    sandbox.write("kit/templates/header.md", "of the kit\n");
    sandbox.write("overlay/templates/header.md", "of the overlay\n");
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    assert!(sandbox.read("docs/README.md").contains("of the overlay"));
}

#[test]
fn faults_are_shown_where_they_stand() {
    let sandbox = Sandbox::workspace();
    sandbox.write(
        "overlay/capabilities/backup.yaml",
        "discovery:\n  questions:\n    - id: backup-policy\n      rolls: [ops-lead]\n    - id: tape-vault\n      ask: Are tapes kept outside?\n    - {id: backup-contxt, remove: true}\ndesign:\n  practices:\n    - id: restores-tested\n      level: 9\n      level: 2\n    - id: restores-tested\n      level: lots\n",
    );
    sandbox.write(
        "kit/capabilities/patching.yaml",
        &sandbox.read("kit/capabilities/patching.yaml").replace("title: Patching", "titel: Patching"),
    );
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[missing-key]: the key `title` is missing
 --> kit/capabilities/patching.yaml:1:1
  |
1 | id: patching
  | ^

error[unknown-key]: unknown key `titel`
 --> kit/capabilities/patching.yaml:2:1
  |
2 | titel: Patching
  | ^^^^^
  |
  = help: did you mean `title`?

error[unknown-key]: unknown key `rolls`
 --> overlay/capabilities/backup.yaml:4:7
  |
4 |       rolls: [ops-lead]
  |       ^^^^^
  |
  = help: did you mean `roles`?

error[missing-key]: the key `type` is missing
 --> overlay/capabilities/backup.yaml:5:7
  |
5 |     - id: tape-vault
  |       ^

error[unknown-reference]: there is no `backup-contxt` to remove
 --> overlay/capabilities/backup.yaml:7:7
  |
7 |     - {id: backup-contxt, remove: true}
  |       ^
  |
  = help: did you mean `backup-context`?

error[unknown-reference]: level 9 is not on the scale from 1 to 2
  --> overlay/capabilities/backup.yaml:11:14
   |
11 |       level: 9
   |              ^
   |
   = help: a practice is expected from a level above the base on

error[duplicate-key]: the key `level` is there twice
  --> overlay/capabilities/backup.yaml:12:7
   |
12 |       level: 2
   |       ^^^^^
   |
  ::: overlay/capabilities/backup.yaml:11:7
   |
11 |       level: 9
   |       ----- first here
   |
   = help: keep one of the two

error[duplicate-id]: the overlay has an entry for `restores-tested` twice
  --> overlay/capabilities/backup.yaml:13:7
   |
13 |     - id: restores-tested
   |       ^
   |
   = help: bring what they change together in one entry
8 errors to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
}

#[test]
fn what_is_wrong_together_points_into_the_right_file() {
    let sandbox = Sandbox::workspace();
    sandbox.write("overlay/capabilities/patching.yaml", "depends_on: [backups]\n");
    sandbox.write("overlay/kit.yaml", "default_target: 7\n");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[unknown-reference]: the capability `backups` is not defined in this kit
 --> overlay/capabilities/patching.yaml:1:14
  |
1 | depends_on: [backups]
  |              ^^^^^^^
  |
  = help: did you mean `backup`?

error[unknown-reference]: level 7 is not on the scale from 0 to 2
 --> overlay/kit.yaml:1:17
  |
1 | default_target: 7
  |                 ^
  |
  = help: the scale is in kit.yaml
2 errors to mend; nothing was changed

"#]],
    );
}

#[test]
fn an_overlay_that_is_no_yaml_is_refused() {
    let sandbox = Sandbox::workspace();
    sandbox.write("overlay/capabilities/backup.yaml", "design:\n  practices: [\n");
    sandbox.write_bytes("overlay/kit.yaml", b"title: \xff\n");
    sandbox.write("overlay/engagement.yaml", "");
    let run = sandbox.run(&["kit", "lint", "--short"]);
    assert_eq!(run.code, Some(2));
    run.gives(str![[r#"
overlay/capabilities/backup.yaml:2:14: error[yaml-syntax]: this is not YAML: unclosed bracket '['
overlay/engagement.yaml:1:1: error[empty-file]: the file is empty (fill it in or delete it)
overlay/kit.yaml:1:8: error[not-utf8]: the byte 0xff is not UTF-8 (save the file as UTF-8; it looks like Latin-1 or Windows-1252)
--- standard error
1 kit: 3 errors, 0 warnings
--- exit 2

"#]]);
}

#[test]
fn a_file_that_nothing_reads_is_named() {
    let sandbox = Sandbox::workspace();
    sandbox.write("overlay/capabilites/backup.yaml", BACKUP);
    sandbox.write("overlay/backup.yaml", BACKUP);
    sandbox.write("overlay/README.md", "# Ours\n");
    sandbox.run(&["kit", "lint", "--short"]).gives(str![[r#"
warning[unused-file]: nothing reads `overlay/backup.yaml` (an overlay has kit.yaml, engagement.yaml, capabilities/<id>.yaml and templates/<name>.md)
warning[unused-file]: nothing reads `overlay/capabilites/backup.yaml` (an overlay has kit.yaml, engagement.yaml, capabilities/<id>.yaml and templates/<name>.md)
--- standard error
1 kit: 0 errors, 2 warnings

"#]]);
}

#[test]
fn an_answer_to_a_question_that_was_taken_out_is_named_and_kept() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-context: {text: Ask Anna}\n");
    sandbox.write("overlay/capabilities/backup.yaml", BACKUP);
    let before = sandbox.tree();
    sandbox.run(&["score"]).gives(str![[r#"
--- standard error
error[unknown-reference]: the kit has no question `backup-context`
 --> answers/backup.yaml:3:3
  |
3 |   backup-context: {text: Ask Anna}
  |   ^^^^^^^^^^^^^^
  |
  = help: did you mean `backup-scope`?
1 error to mend; nothing was changed
--- exit 2

"#]]);
    same(&before, &sandbox.tree());
}

#[test]
fn a_kit_and_its_overlay_read_the_same_with_any_line_ends() {
    let plain = Sandbox::workspace();
    plain.write("overlay/capabilities/backup.yaml", BACKUP);
    let windows = Sandbox::workspace();
    windows.write("overlay/capabilities/backup.yaml", &format!("\u{feff}{}", BACKUP.replace('\n', "\r\n")));
    let text = windows.read("kit/capabilities/backup.yaml").replace('\n', "\r\n");
    windows.write("kit/capabilities/backup.yaml", &text);
    assert_eq!(plain.run(&["score", "--json"]).stdout, windows.run(&["score", "--json"]).stdout);
}
