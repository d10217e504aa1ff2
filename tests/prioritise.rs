//! Importance, target and rationale of capabilities: set by options, listed, and asked for at a terminal.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use opsready::diagnostic::Source;
use opsready::yaml::edit::{Change, Field, amend};
use opsready::yaml::{Node, Value as Yaml, parse};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use snapbox::str;
use support::{Sandbox, shows};

/// An `opsready.yaml` as an owner with a hand of their own writes it.
const ODD: &str = "\
# The frame.  Do not reformat!
schema: opsready/assessment/v1
id:   acme          # odd spacing is ours
customer: 'Acme Logistics'
kit: {id: small, version: 1.2.0}
environments: [on-premises, cloud]
target_environment: cloud
capabilities:

  # agreed with the board
  backup:    # keep 1
    # keep 2
    target: 1   # keep 3
    rationale: >-
      folded
      text

  patching: { importance: 2 }   # keep 4
# keep 5
participants: [{role: ops-lead}]
";

const PHASES: &str = "\
phases:
  - {id: plan, title: Plan, targets: {backup: 1}}
  - {id: move, title: Move, targets: {backup: 2, patching: 1}}
";

const ENGAGEMENT: &str = "\
mission: |
  Nothing moves before it can be operated.
phases:
  - {id: look, title: Look, purpose: Find out., working_days: 1}
priorities:
  - {phase: move, first: [patching, backup], now: [Patch], gate: [It is patched]}
";

/// Returns a workspace with answers to `backup`: level 1 in the cloud.
fn answered() -> Sandbox {
    Sandbox::with_answers(
        "capability: backup\nanswers:\n  backup-policy@cloud: {choose: agreed}\n  restore-tested@cloud: {choose: \"no\"}\n  backup-scope: {choose: [databases, files]}\n",
    )
}

/// Returns the same with phases of a migration, the second of which holds.
fn migrating() -> Sandbox {
    let sandbox = answered();
    sandbox.replace("kit/kit.yaml", "capabilities: [", &format!("{PHASES}capabilities: ["));
    sandbox.write("kit/engagement.yaml", ENGAGEMENT);
    sandbox.replace("opsready.yaml", "environments:", "phase: move\nenvironments:");
    sandbox
}

#[test]
fn options_set_what_they_say_and_nothing_else() {
    let sandbox = Sandbox::workspace();
    sandbox.write("opsready.yaml", ODD);
    sandbox.run(&["prioritise", "backup", "--importance", "5", "--target", "managed"]).gives(str![[r#"
backup: importance 5 (was 3), target 2 (was 1), in opsready.yaml

"#]]);
    sandbox.run(&["prioritise", "patching", "--target", "1", "--rationale", "The auditor: \"when?\""]).gives(str![[r#"
patching: importance 2, target 1 (was 2), in opsready.yaml

"#]]);
    shows(
        &sandbox.read("opsready.yaml"),
        str![[r##"
# The frame.  Do not reformat!
schema: opsready/assessment/v1
id:   acme          # odd spacing is ours
customer: 'Acme Logistics'
kit: {id: small, version: 1.2.0}
environments: [on-premises, cloud]
target_environment: cloud
capabilities:

  # agreed with the board
  backup:    # keep 1
    # keep 2
    target: 2   # keep 3
    rationale: >-
      folded
      text
    importance: 5

  patching: { importance: 2, target: 1, rationale: "The auditor: \"when?\"" }   # keep 4
# keep 5
participants: [{role: ops-lead}]

"##]],
    );
    sandbox.run(&["prioritise", "backup", "--rationale", ""]).gives(str![[r#"
backup: importance 5, target 2, in opsready.yaml

"#]]);
    assert!(!sandbox.read("opsready.yaml").contains("folded"));
}

#[test]
fn a_capability_that_is_not_named_gets_its_entry() {
    let sandbox = Sandbox::workspace();
    let before = sandbox.read("opsready.yaml");
    sandbox.run(&["prioritise", "patching", "--importance", "4.5", "--json"]).gives(str![[r#"
{
  "id": "patching",
  "in_scope": true,
  "importance": 4.5,
  "target": 2,
  "rationale": null,
  "set": {
    "importance": true,
    "target": false
  },
  "level": null,
  "needed": null,
  "place": null,
  "proposal": {
    "importance": 3.0,
    "target": 2
  }
}

"#]]);
    assert_eq!(sandbox.read("opsready.yaml"), format!("{before}capabilities:\n  patching:\n    importance: 4.5\n"));
    assert_eq!(sandbox.run(&["score", "--json"]).code, Some(0));
}

#[test]
fn the_list_shows_what_is_set_and_what_is_proposed() {
    let sandbox = migrating();
    sandbox.run(&["prioritise", "--list"]).gives(str![[r#"
┌────────────────────┬────────────┬────────┬───────┬──────┬──────────┐
│ Capability         ┆ Importance ┆ Target ┆ Level ┆ Move ┆ Proposal │
╞════════════════════╪════════════╪════════╪═══════╪══════╪══════════╡
│ Backup and Restore ┆          3 ┆      2 ┆     1 ┆    2 ┆        2 │
│ Patching           ┆          3 ┆      1 ┆     – ┆    1 ┆        2 │
└────────────────────┴────────────┴────────┴───────┴──────┴──────────┘
Level and proposal are for Cloud. Move is the phase of the migration, with the level that it needs.

"#]]);
    sandbox.run(&["prioritise", "backup", "--list", "--json"]).gives(str![[r#"
{
  "schema": "opsready/priorities/v1",
  "phase": "move",
  "capabilities": [
    {
      "id": "backup",
      "in_scope": true,
      "importance": 3.0,
      "target": 2,
      "rationale": null,
      "set": {
        "importance": false,
        "target": false
      },
      "level": 1,
      "needed": 2,
      "place": 2,
      "proposal": {
        "importance": 3.0,
        "target": 2
      }
    }
  ]
}

"#]]);
    answered().run(&["prioritise", "--list"]).gives(str![[r#"
┌────────────────────┬────────────┬────────┬───────┬──────────┐
│ Capability         ┆ Importance ┆ Target ┆ Level ┆ Proposal │
╞════════════════════╪════════════╪════════╪═══════╪══════════╡
│ Backup and Restore ┆          3 ┆      2 ┆     1 ┆        2 │
│ Patching           ┆          3 ┆      2 ┆     – ┆        2 │
└────────────────────┴────────────┴────────┴───────┴──────────┘
Level and proposal are for Cloud.

"#]]);
}

#[test]
fn the_proposal_stays_on_the_scale() {
    let sandbox = answered();
    sandbox.replace("answers/backup.yaml", "\"no\"}", "\"yes\"}\n  restore-share@cloud: {number: 99}");
    sandbox.replace("answers/backup.yaml", "[databases, files]", "[databases, files, mail]");
    sandbox.write("answers/patching.yaml", "capability: patching\nanswers:\n  patch-window@cloud: {parked: {}}\n");
    let list = sandbox.run(&["prioritise", "--list", "--json"]).json();
    let of = |nth: usize| (list["capabilities"][nth]["level"].clone(), list["capabilities"][nth]["proposal"]["target"].clone());
    assert_eq!(of(0), (json!(2), json!(2)), "at the top");
    assert_eq!(of(1), (Value::Null, json!(2)), "while nothing is answered, the kit's default");
}

#[test]
fn what_cannot_be_is_refused() {
    let sandbox = Sandbox::workspace();
    sandbox.refuses(
        &["prioritise", "backup", "--importance", "6"],
        2,
        str![[r#"
error: importance goes from 1 to 5, not 6

"#]],
    );
    sandbox.refuses(
        &["prioritise", "backup", "--target", "3"],
        2,
        str![[r#"
error: `3` is not a level of the kit's scale
  = help: there are 0 (Absent), 1 (Basic), 2 (Managed)

"#]],
    );
    sandbox.refuses(
        &["prioritise", "backups", "--target", "1"],
        2,
        str![[r#"
error: the kit has no capability `backups`
  = help: did you mean `backup`?

"#]],
    );
    sandbox.refuses(
        &["prioritise", "--importance", "1"],
        2,
        str![[r#"
error: `--importance`, `--target` and `--rationale` are for one capability
  = help: write `opsready prioritise CAPABILITY …`; `opsready prioritise --list` shows them

"#]],
    );
    sandbox.refuses(
        &["prioritise", "backup", "--importance", "NaN"],
        2,
        str![[r#"
error: importance goes from 1 to 5, not NaN

"#]],
    );
    sandbox.refuses(
        &["prioritise", "--list", "--importance", "1"],
        2,
        str![[r#"
error: the argument '--list' cannot be used with '--importance <1-5>'

Usage: opsready prioritise --list [CAPABILITY]

For more information, try '--help'.

"#]],
    );
}

#[test]
fn without_a_terminal_it_says_what_it_would_ask() {
    migrating().refuses(
        &["prioritise", "--no-input"],
        2,
        str![[r#"
error: the questions need a terminal
  = help: write `opsready prioritise CAPABILITY --importance N --target LEVEL --rationale TEXT`, or run it at a terminal; it would ask for
    backup: importance 3 (proposed 3), target 2 (proposed 2), rationale (none yet)
    patching: importance 3 (proposed 3), target 1 (proposed 2), rationale (none yet)

"#]],
    );
    migrating().refuses(
        &["prioritise", "backup"],
        2,
        str![[r#"
error: the questions need a terminal
  = help: write `opsready prioritise CAPABILITY --importance N --target LEVEL --rationale TEXT`, or run it at a terminal; it would ask for
    backup: importance 3 (proposed 3), target 2 (proposed 2), rationale (none yet)

"#]],
    );
}

#[test]
fn what_is_out_of_scope_is_kept_and_said_to_be() {
    let sandbox = Sandbox::workspace();
    let frame = sandbox.read("opsready.yaml") + "capabilities:\n  backup: {in_scope: false, reason: out-of-scope}\n";
    sandbox.write("opsready.yaml", &frame);
    sandbox.run(&["prioritise", "backup", "--importance", "1"]).gives(str![[r#"
backup: importance 1 (was 3), target 2, in opsready.yaml
--- standard error
`backup` is kept and ignored: it is out of scope

"#]]);
    sandbox.run(&["prioritise", "--list"]).gives(str![[r#"
┌────────────┬────────────┬────────┬───────┬──────────┐
│ Capability ┆ Importance ┆ Target ┆ Level ┆ Proposal │
╞════════════╪════════════╪════════╪═══════╪══════════╡
│ Patching   ┆          3 ┆      2 ┆     – ┆        2 │
└────────────┴────────────┴────────┴───────┴──────────┘
Level and proposal are for Cloud.

"#]]);
}

#[cfg(unix)]
mod terminal {
    use super::support::pty::Terminal;
    use super::{ODD, Sandbox, answered, migrating, shows, str};

    /// Starts the program in a terminal with room for everything.
    fn terminal(sandbox: &Sandbox, arguments: &[&str]) -> Terminal {
        Terminal::sized(&sandbox.path(""), arguments, (48, 100), &[("TERM", "xterm")])
    }

    #[test]
    fn every_capability_is_asked_and_every_answer_is_on_disk_before_the_next_question() {
        let sandbox = answered();
        let mut terminal = terminal(&sandbox, &["prioritise"]);
        terminal.shows("Importance, 1 to 5 [3]:");
        assert!(
            terminal.contents().contains("1 of 2: Backup and Restore\n  What is lost comes back in time.\n"),
            "{}",
            terminal.contents()
        );
        assert!(terminal.contents().contains("Cloud: level 1, Basic: Somebody does it"), "{}", terminal.contents());
        terminal.types("6\r");
        terminal.shows("importance goes from 1 to 5, not 6");
        terminal.types("5\r");
        terminal.shows("Target, level 0 to 2 [2]:");
        assert!(sandbox.read("opsready.yaml").ends_with("capabilities:\n  backup:\n    importance: 5\n"));
        terminal.types("much\r");
        terminal.shows("`much` is not a level of the kit's scale; there are 0 (Absent), 1 (Basic), 2 (Managed)");
        terminal.types("\r");
        terminal.shows("Why []:");
        assert!(sandbox.read("opsready.yaml").ends_with("    target: 2\n"), "{}", sandbox.read("opsready.yaml"));
        terminal.types("Nobody restores: ask \"Ann\"\r");
        terminal.shows("2 of 2: Patching");
        terminal.shows("Cloud: nothing is answered yet");
        terminal.types("s\r");
        terminal.shows("1 capability changed in opsready.yaml.");
        assert_eq!(terminal.ends(), 0);
        shows(
            &sandbox.read("opsready.yaml"),
            str![[r#"
schema: opsready/assessment/v1
id: acme
customer: Acme Logistics
kit: {id: small, version: 1.2.0}
environments: [on-premises, cloud]
target_environment: cloud
capabilities:
  backup:
    importance: 5
    target: 2
    rationale: "Nobody restores: ask \"Ann\""

"#]],
        );
    }

    #[test]
    fn enter_keeps_what_is_there_and_b_goes_back() {
        let sandbox = Sandbox::workspace();
        sandbox.write("opsready.yaml", ODD);
        let mut terminal = terminal(&sandbox, &["prioritise"]);
        terminal.shows("Importance, 1 to 5 [3]:");
        terminal.types("b\r");
        terminal.shows("This is the first question.");
        terminal.types("4\r");
        terminal.shows("Target, level 0 to 2, proposed 2 [1]:");
        terminal.types("b\r");
        terminal.shows("Importance, 1 to 5 [4]:");
        terminal.types("\r\r");
        terminal.shows("Why (- takes it out) [folded text]:");
        terminal.types("\r");
        terminal.shows("2 of 2: Patching");
        terminal.shows("Importance, 1 to 5 [2]:");
        terminal.types("q\r");
        terminal.shows("1 capability changed in opsready.yaml.");
        assert_eq!(terminal.ends(), 0);
        let wanted = ODD.replace("      text\n", "      text\n    importance: 4\n");
        assert_eq!(sandbox.read("opsready.yaml"), wanted);
    }

    #[test]
    fn the_phase_of_the_migration_is_told_and_its_level_stays() {
        let sandbox = migrating();
        let before = sandbox.read("opsready.yaml");
        let mut terminal = terminal(&sandbox, &["prioritise", "patching"]);
        terminal.shows("Move needs level 1, Basic: Somebody does it");
        terminal.shows("Move takes it in place 1 of 2");
        terminal.types("\r");
        terminal.shows("Target, level 0 to 2, proposed 2 [1]:");
        terminal.types("\r");
        terminal.shows("Why []:");
        terminal.types("-\r");
        assert_eq!(terminal.ends(), 0);
        assert_eq!(sandbox.read("opsready.yaml"), format!("{before}capabilities:\n  patching:\n    importance: 3\n"));
    }

    #[test]
    fn an_interrupt_says_how_to_go_on() {
        let sandbox = answered();
        let mut terminal = terminal(&sandbox, &["prioritise"]);
        terminal.shows("Importance, 1 to 5 [3]:");
        terminal.types("5\r");
        terminal.shows("Target, level 0 to 2 [2]:");
        terminal.types("1\x03");
        terminal.shows("Stopped. What was answered is on disk; `opsready prioritise` goes on.");
        assert_eq!(terminal.ends(), 130);
        assert!(sandbox.read("opsready.yaml").ends_with("capabilities:\n  backup:\n    importance: 5\n"));
    }

    #[test]
    fn the_end_of_the_input_ends_it() {
        let sandbox = answered();
        let before = sandbox.read("opsready.yaml");
        let mut terminal = terminal(&sandbox, &["prioritise"]);
        terminal.shows("Importance, 1 to 5 [3]:");
        terminal.types("\x04");
        terminal.shows("Nothing was changed.");
        assert_eq!((terminal.ends(), sandbox.read("opsready.yaml")), (0, before));
    }
}

/// What a file holds, wherever it stands in it.
fn plain(node: &Node) -> Value {
    match &node.value {
        Yaml::Null => Value::Null,
        Yaml::Bool(value) => json!(value),
        Yaml::Number(value) => json!(value),
        Yaml::Text(value) => json!(value),
        Yaml::List(items) => items.iter().map(plain).collect(),
        Yaml::Map(entries) => Value::Object(entries.iter().map(|(key, value)| (key.text.clone(), plain(value))).collect()),
    }
}

/// Returns what a file holds without one capability, and what it says of that.
fn split(text: &str, capability: &str) -> Result<(Value, Value), TestCaseError> {
    let node = parse(&Source::new("opsready.yaml", text)).map_err(|found| TestCaseError::fail(format!("{found:?}\n{text}")))?;
    let mut root = plain(&node);
    let entries = root["capabilities"].as_object_mut().map(std::mem::take).unwrap_or_default();
    let own = entries.get(capability).cloned().unwrap_or(Value::Null);
    let others: serde_json::Map<String, Value> = entries.into_iter().filter(|(name, _)| name != capability).collect();
    root["capabilities"] = Value::Object(others);
    Ok((root, own))
}

/// Shapes of `opsready.yaml`.
const SHAPES: [&str; 6] = [
    ODD,
    "id: a\n",
    "id: a\ncapabilities: {}   # keep 1\npolicy: {evidence_from_level: 2}\n",
    "id: a\ncapabilities:\n  # keep 1\n\n# keep 2\npolicy: {evidence_from_level: 2}\n",
    "{\"id\": \"a\", \"capabilities\": {\"backup\": {\"target\": 1}, \"patching\": {}}}\n",
    "capabilities:\n    patching:\n        importance: 2\n        # keep 1\n    backup:\nid: a",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// Whatever is set of one capability, everything else in the file stays, comments and all.
    #[test]
    fn setting_one_capability_keeps_everything_else(
        shape in prop::sample::select(SHAPES.to_vec()),
        capability in prop::sample::select(vec!["backup", "patching", "new.one"]),
        importance in prop::option::of(1_u8..6),
        target in prop::option::of(0_u8..5),
        rationale in prop_oneof![Just("two\nlines".to_owned()), Just("a: b # c".to_owned()), "[ -~]{1,16}"],
        crlf in any::<bool>(),
    ) {
        let before = if crlf { shape.replace('\n', "\r\n") } else { shape.to_owned() };
        let mut changes = vec![("rationale", Change::Set(Field::Text(rationale.clone())))];
        changes.extend(target.map(|target| ("target", Change::Set(Field::Number(f64::from(target))))));
        changes.extend(importance.map(|importance| ("importance", Change::Set(Field::Number(f64::from(importance))))));
        let after = amend(&before, "capabilities", capability, &changes)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{before}")))?;
        let ((old_rest, old), (new_rest, new)) = (split(&before, capability)?, split(&after, capability)?);
        prop_assert_eq!(old_rest, new_rest, "{}", after);
        prop_assert_eq!(&new["rationale"], &json!(rationale));
        for (key, value) in [("target", target), ("importance", importance)] {
            let wanted = value.map_or_else(|| old[key].clone(), |value| json!(f64::from(value)));
            prop_assert_eq!(&new[key], &wanted, "{}", after);
        }
        let order = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
        prop_assert!(order(&new).starts_with(&order(&old)), "new keys go behind\n{}", after);
        for mark in (1..=5).map(|mark| format!("# keep {mark}")).filter(|mark| before.contains(mark)) {
            prop_assert!(after.contains(&mark), "{} is gone\n{}", mark, after);
        }
    }
}
