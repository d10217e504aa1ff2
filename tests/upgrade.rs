//! A newer kit in a workspace whose copy its owner has edited: their changes stay, and no answer is lost.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use support::{Sandbox, copy, same, shows, small_kit};

/// The kit of before: capability `ops`, two more beside it, 12 questions.
const KIT_1: &str = "\
id: ops-kit
title: Operations
version: 1.0.0
scale:
  - {level: 0, name: Absent}
  - {level: 1, name: Basic}
  - {level: 2, name: Managed}
environments:
  - {id: on-premises, title: On premises}
  - {id: cloud, title: Cloud}
target_environment: cloud
default_target: 2
roles:
  - {id: ops-lead, title: Operations lead}
  - {id: finance, title: Finance}
waves:
  - {id: now, title: Now, capacity: 4}
  - {id: later, title: Later, capacity: 8}
phases:
  - {id: assess, title: Assess, targets: {patching: 1}}
capabilities: [patching, backup, access]
";

const PATCHING_1: &str = "\
# Patching.
id: patching
title: Patching
discovery:
  questions:
    - id: window
      ask: Is there a window for patches?
      why: Without one nobody knows when.
      environments: [on-premises, cloud]
      roles: [ops-lead]
      type: ladder
      choices:
        - {id: none, label: Nobody can name one}
        - {id: team, label: Each team for itself, credits: {window-agreed: 0.5}}
        - {id: calendar, label: An agreed calendar, credits: {window-agreed: 1}}

    - id: report
      ask: Is there a report of missing patches?
      environments: [cloud]
      type: yes-no
      choices:
        - {id: \"yes\", label: \"Yes\", credits: [report-published]}
        - {id: \"no\", label: \"No\"}

    - id: coverage
      ask: What share is patched in time?
      environments: [cloud]
      type: number
      unit: percent
      min: 0
      max: 100
      bands:
        - {id: poor, from: 0}
        - {id: good, from: 95, credits: {report-published: 1}}

    # What is patched.
    - id: layers
      ask: What is patched?
      type: multi
      choices:
        - {id: os, label: Operating systems, credits: {layers-patched: 0.5}}
        - {id: databases, label: Databases, credits: {layers-patched: 0.5}}
        - {id: nothing, label: None of these, none: true}

    - id: who-patches
      ask: Who patches?
      type: text
design:
  practices:
    - id: window-agreed
      title: An agreed window
      level: 1
      risk: high
      references: [{title: Window, url: \"https://example.com/window\"}]
    - id: report-published
      title: A published report
      level: 2
      requires: [window-agreed]
      references: [{title: Report, url: \"https://example.com/report\"}]
    - id: layers-patched
      title: Every layer is patched
      level: 1
      references: [{title: Layers, url: \"https://example.com/layers\"}]
  raci:
    - {activity: Approve the window, accountable: ops-lead, informed: [finance]}
stories:
  - {id: agree-window, title: Agree the window, practices: [window-agreed]}
  - {id: publish-report, title: Publish the report, practices: [report-published, layers-patched]}
";

const BACKUP_1: &str = "\
id: backup
title: Backup
discovery:
  questions:
    - id: policy
      ask: Is there a policy?
      type: single
      choices:
        - {id: none, label: None}
        - {id: drafted, label: A draft, credits: {policy-agreed: 0.5}}
        - {id: agreed, label: Agreed, credits: {policy-agreed: 1}}
    - id: restores
      ask: Are restores of servers and databases tested?
      environments: [on-premises, cloud]
      type: single
      choices:
        - {id: never, label: Never}
        - {id: sometimes, label: Now and then, credits: {restores-tested: 0.5}}
        - {id: monthly, label: Each month, credits: {restores-tested: 1}}
    - id: tapes
      ask: Where are the tapes?
      type: text
    - id: last-restore
      ask: When was the last restore?
      type: date
design:
  practices:
    - {id: policy-agreed, title: An agreed policy, level: 1, references: [{title: P, url: \"https://example.com/p\"}]}
    - {id: restores-tested, title: Restores are tested, level: 2, references: [{title: R, url: \"https://example.com/r\"}]}
  decisions:
    - {id: where-to, title: Where do copies go?, options: [{title: One region}, {title: Two regions}]}
stories:
  - {id: test-restores, title: Test restores, practices: [policy-agreed, restores-tested]}
";

const ACCESS_1: &str = "\
id: access
title: Access
discovery:
  questions:
    - id: leavers
      ask: Do leavers lose access?
      type: yes-no
      choices:
        - {id: \"yes\", label: \"Yes\", credits: [leavers-removed]}
        - {id: \"no\", label: \"No\"}
    - id: fax
      ask: Who has the key of the fax room?
      type: text
    - id: reviews
      ask: How often is access reviewed?
      type: single
      choices:
        - {id: never, label: Never}
        - {id: yearly, label: Each year, credits: {leavers-removed: 1}}
design:
  practices:
    - {id: leavers-removed, title: Leavers lose access, level: 1, references: [{title: L, url: \"https://example.com/l\"}]}
stories:
  - {id: remove-leavers, title: Remove leavers, practices: [leavers-removed]}
";

/// The kits of before and of now in `kits/1` and `kits/2`: 4 questions reworded, 1 split, 2 removed, 6 new.
fn kits(sandbox: &Sandbox) {
    let put = |kit: &str, name: &str, text: &str| {
        let path = sandbox.root().join("kits").join(kit).join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    put("1", "kit.yaml", KIT_1);
    put("1", "capabilities/patching.yaml", PATCHING_1);
    put("1", "capabilities/backup.yaml", BACKUP_1);
    put("1", "capabilities/access.yaml", ACCESS_1);
    put(
        "2",
        "kit.yaml",
        &changed(
            KIT_1,
            &[
                ("version: 1.0.0", "version: 1.1.0"),
                ("{id: finance, title: Finance}", "{id: finops, title: FinOps, formerly: [finance]}"),
                ("{id: later, title: Later,", "{id: wave-2, title: Later, formerly: [later],"),
            ],
        ),
    );
    let patching = changed(
        PATCHING_1,
        &[
            // Reworded, and a choice renamed.
            ("ask: Is there a window for patches?", "ask: Is there one agreed window for patches?"),
            ("{id: team, label: Each team for itself,", "{id: each-team, formerly: [team], label: Each team for itself,"),
            // Reworded by a choice.
            ("label: Operating systems,", "label: Operating systems and firmware,"),
            // A practice renamed.
            ("    - id: window-agreed\n", "    - id: window-in-force\n      formerly: [window-agreed]\n"),
            ("{window-agreed: 0.5}", "{window-in-force: 0.5}"),
            ("{window-agreed: 1}", "{window-in-force: 1}"),
            ("requires: [window-agreed]", "requires: [window-in-force]"),
            ("practices: [window-agreed]", "practices: [window-in-force]"),
            ("informed: [finance]", "informed: [finops]"),
            // New.
            (
                "design:\n",
                "    - {id: emergency, ask: What is done at night?, type: text}\n    - {id: exceptions, ask: Who approves exceptions?, type: text}\n    - {id: freeze, ask: When is nothing patched?, type: text}\ndesign:\n",
            ),
        ],
    );
    put("2", "capabilities/patching.yaml", &patching);
    let backup = changed(
        BACKUP_1,
        &[
            ("ask: Is there a policy?", "ask: Is there a policy that was approved?"),
            // Split.
            (
                &BACKUP_1
                    [BACKUP_1.find("    - id: restores\n").expect("it is there")..BACKUP_1.find("    - id: tapes").expect("it is there")],
                "    - id: restores-of-servers
      formerly: [restores]
      ask: Are restores of servers tested?
      environments: [on-premises, cloud]
      type: single
      choices:
        - {id: never, label: Never}
        - {id: sometimes, label: Now and then, credits: {restores-tested: 0.5}}
        - {id: monthly, label: Each month, credits: {restores-tested: 1}}
    - id: restores-of-databases
      formerly: [restores]
      ask: Are restores of databases tested?
      environments: [on-premises, cloud]
      type: single
      choices:
        - {id: never, label: Never}
        - {id: every-month, formerly: [monthly], label: Each month, credits: {restores-tested: 1}}
",
            ),
            // Removed.
            (
                "    - id: tapes\n      ask: Where are the tapes?\n      type: text\n",
                "    - {id: vault, ask: Who holds the keys of the vault?, type: text}\n",
            ),
        ],
    );
    put("2", "capabilities/backup.yaml", &backup);
    let access = changed(
        ACCESS_1,
        &[
            ("ask: Do leavers lose access?", "ask: Do leavers lose access within a day?"),
            ("    - id: fax\n      ask: Who has the key of the fax room?\n      type: text\n", ""),
            (
                "design:\n",
                "    - {id: joiners, ask: When do joiners get access?, type: text}\n    - {id: movers, ask: What happens when people move?, type: text}\ndesign:\n",
            ),
        ],
    );
    put("2", "capabilities/access.yaml", &access);
}

fn changed(text: &str, changes: &[(&str, &str)]) -> String {
    changes.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "`{old}` is not there");
        text.replacen(old, new, 1)
    })
}

const PATCHING_ANSWERS: &str = "\
# Workshop of 3 November.   Do not reformat!

capability:   'patching'
answers:

    # agreed with finance
    \"window@cloud\" : { choose: 'team',  note: \"v0.3: a draft\", by: [ops-lead, finance], minority: [{by: finance, choose: calendar, note: It was agreed in May.}] }   # keep me

    window@on-premises:
        choose: calendar   # for ten years
        evidence: [{title: Calendar, link: \"https://wiki.example/c\"}]

    layers:
        choose: [ os ]
        note: >-
            folded
            text
    coverage@cloud:
        number: 62.5
    report@cloud:
        dont_know: {owner: finance, due: 2026-12-01}
# the end
";

const BACKUP_ANSWERS: &str = "\
capability: backup
answers:
  policy: {choose: drafted}
  # on site
  restores@on-premises:
    choose: sometimes
    note: Only the ERP.
  restores@cloud:
    choose: monthly
  tapes:
    text: In the cellar   # since 1998
  last-restore:
    date: 2026-03-01
";

const ACCESS_ANSWERS: &str =
    "capability: access\nanswers:\n  leavers:\n    not_applicable: {reason: other, note: Nobody leaves.}\n  reviews: {choose: yearly}\n";

/// A workspace made from the kit of before.
fn made() -> Sandbox {
    let sandbox = Sandbox::empty();
    kits(&sandbox);
    fs::remove_dir(sandbox.path("")).expect("it is empty");
    let run = sandbox.run_in("", &["init", "acme", "--kit", "kits/1", "--customer", "Acme", "--id", "acme"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    sandbox
}

/// The same, its kit edited, and answered.
fn edited() -> Sandbox {
    let sandbox = made();
    sandbox.replace("kit/capabilities/patching.yaml", "why: Without one nobody knows when.", "why: The works council asks.   # us");
    sandbox.replace("kit/capabilities/patching.yaml", "label: Databases,", "label: Databases and caches,");
    sandbox.replace(
        "kit/capabilities/backup.yaml",
        "    - id: last-restore\n",
        "    # ours\n    - {id: works-council, ask: Does the works council agree?, type: text}\n    - id: last-restore\n",
    );
    sandbox.replace("kit/capabilities/access.yaml", "title: Leavers lose access, level: 1", "title: Leavers lose access at once, level: 1");
    sandbox.write("answers/patching.yaml", PATCHING_ANSWERS);
    sandbox.write("answers/backup.yaml", BACKUP_ANSWERS);
    sandbox.write("answers/access.yaml", ACCESS_ANSWERS);
    sandbox.write(
        "responses/finance/patching.yaml",
        "capability: patching\nanswers:\n  window@cloud: {choose: calendar}\n  who-patches: {text: Nobody}\n",
    );
    sandbox.write("decisions/2026-11-03-window.yaml", "id: 2026-11-03-window\ntitle: One window\nstatus: draft\ncapability: patching\nquestions: [window@cloud]\npractices: [window-agreed]   # the one\nstories: [agree-window]\nowner: finance\n");
    sandbox.write("risks/2026-11-04-tapes.yaml", "id: 2026-11-04-tapes\ntitle: Tapes\nkind: risk\nstatus: open\nquestions:\n  - tapes\n  - restores@cloud\npractices: [restores-tested]\n");
    sandbox.write("plan/patching.yaml", "capability: patching\nowner: finance\npractices:\n  # first things first\n  window-agreed: {wave: later, owner: finance, due: 2027-01-31}\n");
    sandbox.replace("opsready.yaml", "# phase: assess", "phase: assess   #");
    sandbox
}

#[test]
#[expect(clippy::too_many_lines, reason = "every file that names something of the kit shows it")]
fn after_six_months_only_what_changed_is_asked_again() {
    let sandbox = edited();
    let before = sandbox.tree();
    let dry = sandbox.run(&["kit", "upgrade", "../kits/2", "--dry-run"]);
    same(&before, &sandbox.tree());
    dry.gives(str![[r#"
Operations: ops-kit 1.0.0 -> ops-kit 1.1.0

Capabilities: 3 kept

Questions: 6 kept, 4 changed, 1 split, 2 removed, 6 new
  changed  window: question, choices
  changed  layers: choices
  changed  policy: question
  changed  leavers: question
  split    restores -> restores-of-servers, restores-of-databases
  removed  tapes
  removed  fax
  new      emergency
  new      exceptions
  new      freeze
  new      vault
  new      joiners
  new      movers

Choices: 15 kept, 1 changed, 1 renamed
  changed  layers:os: label
  renamed  window:team -> window:each-team

Practices: 5 kept, 1 renamed
  renamed  window-agreed -> window-in-force

Answers: 14 (with those of 1 respondent), 9 to be asked again, 3 that nothing asks for any more
  ask      window@cloud: the question is put in other words
  ask      window@on-premises: the question is put in other words
  ask      layers: its choices have changed
  ask      policy: the question is put in other words
  ask      restores-of-servers@cloud: it was split off a wider question
  ask      restores-of-servers@on-premises: it was split off a wider question
  ask      restores-of-databases@cloud: it was split off a wider question
  ask      leavers: the question is put in other words
  orphan   restores@cloud: the question was split
  orphan   restores@on-premises: the question was split
  orphan   tapes: the question is gone
  ask      window@cloud (finance): the question is put in other words

Named elsewhere and gone; each is a comment now where it stood:
  risks/2026-11-04-tapes.yaml: `questions` tapes

Your own changes in kit/ (4), which stay:
  changed   kit/capabilities/access.yaml: practice `leavers-removed`, `title`
  added     kit/capabilities/backup.yaml: question `works-council`
  changed   kit/capabilities/patching.yaml: question `window`, `why`
  changed   kit/capabilities/patching.yaml: question `layers`, choice `databases`, `label`

12 files would change; nothing was written.

"#]]);
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(run.stdout.lines().take(30).collect::<Vec<_>>(), dry.stdout.lines().take(30).collect::<Vec<_>>());
    shows(
        &sandbox.read("answers/patching.yaml"),
        str![[r##"
# Workshop of 3 November.   Do not reformat!

capability:   'patching'
answers:

    # agreed with finance
    "window@cloud" : { choose: 'each-team',  note: "v0.3: a draft", by: [ops-lead, finops], minority: [{by: finops, choose: calendar, note: It was agreed in May.}], ask_again: {since: 1.1.0, because: reworded} }   # keep me

    window@on-premises:
        choose: calendar   # for ten years
        evidence: [{title: Calendar, link: "https://wiki.example/c"}]
        ask_again: {since: 1.1.0, because: reworded}

    layers:
        choose: [ os ]
        note: >-
            folded
            text
        ask_again: {since: 1.1.0, because: choices}
    coverage@cloud:
        number: 62.5
    report@cloud:
        dont_know: {owner: finops, due: 2026-12-01}
# the end

"##]],
    );
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
capability: backup
answers:
  policy: {choose: drafted, ask_again: {since: 1.1.0, because: reworded}}
  last-restore:
    date: 2026-03-01
  restores-of-servers@cloud:
    choose: monthly
    ask_again: {since: 1.1.0, because: split}
  restores-of-databases@cloud:
    choose: every-month
    ask_again: {since: 1.1.0, because: split}
  restores-of-servers@on-premises:
    choose: sometimes
    note: Only the ERP.
    ask_again: {since: 1.1.0, because: split}
orphans:
  restores@cloud:
    choose: monthly
    why: question-split
    since: 1.1.0
  tapes:
    text: In the cellar   # since 1998
    why: question-removed
    since: 1.1.0
  # on site
  restores@on-premises:
    choose: sometimes
    note: Only the ERP.
    why: question-split
    since: 1.1.0

"#]],
    );
    shows(
        &sandbox.read("answers/access.yaml"),
        str![[r#"
capability: access
answers:
  leavers:
    not_applicable: {reason: other, note: Nobody leaves.}
    ask_again: {since: 1.1.0, because: reworded}
  reviews: {choose: yearly}

"#]],
    );
    shows(
        &sandbox.read("responses/finance/patching.yaml"),
        str![[r#"
capability: patching
answers:
  window@cloud: {choose: calendar, ask_again: {since: 1.1.0, because: reworded}}
  who-patches: {text: Nobody}

"#]],
    );
    shows(
        &sandbox.read("decisions/2026-11-03-window.yaml"),
        str![[r#"
id: 2026-11-03-window
title: One window
status: draft
capability: patching
questions: [window@cloud]
practices: [window-in-force]   # the one
stories: [agree-window]
owner: finops

"#]],
    );
    shows(
        &sandbox.read("risks/2026-11-04-tapes.yaml"),
        str![[r#"
id: 2026-11-04-tapes
title: Tapes
kind: risk
status: open
questions:
  # gone from the kit with 1.1.0:
  # - tapes
  - restores-of-servers@cloud
  - restores-of-databases@cloud
practices: [restores-tested]

"#]],
    );
    shows(
        &sandbox.read("plan/patching.yaml"),
        str![[r#"
capability: patching
owner: finops
practices:
  # first things first
  window-in-force: {wave: wave-2, owner: finops, due: 2027-01-31}

"#]],
    );
}

#[test]
fn the_kit_is_the_new_one_with_what_the_customer_changed() {
    let sandbox = edited();
    assert_eq!(sandbox.run(&["kit", "upgrade", "../kits/2"]).code, Some(0));
    assert!(sandbox.read("opsready.yaml").contains("kit: {id: ops-kit, version: 1.1.0}   # the copy in kit/"));
    let new = |name: &str| fs::read_to_string(sandbox.root().join("kits/2").join(name)).expect("the file is there");
    let patching = changed(
        &new("capabilities/patching.yaml"),
        &[
            ("why: Without one nobody knows when.", "why: The works council asks.   # us"),
            ("label: Databases,", "label: Databases and caches,"),
        ],
    );
    assert_eq!(sandbox.read("kit/capabilities/patching.yaml"), patching);
    let backup = changed(
        &new("capabilities/backup.yaml"),
        &[(
            "    - id: last-restore\n",
            "    # ours\n    - {id: works-council, ask: Does the works council agree?, type: text}\n    - id: last-restore\n",
        )],
    );
    assert_eq!(sandbox.read("kit/capabilities/backup.yaml"), backup);
    let access = changed(
        &new("capabilities/access.yaml"),
        &[("title: Leavers lose access, level: 1", "title: Leavers lose access at once, level: 1")],
    );
    assert_eq!(sandbox.read("kit/capabilities/access.yaml"), access);
    assert_eq!(sandbox.read("kit/kit.yaml"), new("kit.yaml"));
    assert_eq!(sandbox.read(".opsready/kit/capabilities/patching.yaml"), new("capabilities/patching.yaml"));
}

#[test]
fn the_state_of_before_is_a_milestone() {
    let sandbox = edited();
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert!(run.stdout.contains("The state of before is saved in milestones/before-ops-kit-1.1.0.json."), "{}", run.stdout);
    let text = sandbox.read("milestones/before-ops-kit-1.1.0.json");
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(json["kit"]["version"].as_str(), Some("1.0.0"), "{text}");
    // What moved since is the kit's doing, not the customer's.
    let diff = sandbox.run(&["diff", "before-ops-kit-1.1.0"]);
    assert!(matches!(diff.code, Some(0 | 1)), "{}", diff.stderr);
}

#[test]
fn stories_that_the_customer_took_over_follow_the_kit() {
    let sandbox = edited();
    sandbox.write(
        "backlog/patching.yaml",
        "capability: patching\nstories:\n  # ours now\n  agree-window: {title: Agree it, practices: [window-agreed]}   # soon\n  own-story:\n    practices:\n      - report-published\n      - window-agreed\n",
    );
    assert_eq!(sandbox.run(&["kit", "upgrade", "../kits/2"]).code, Some(0));
    shows(
        &sandbox.read("backlog/patching.yaml"),
        str![[r#"
capability: patching
stories:
  # ours now
  agree-window: {title: Agree it, practices: [window-in-force]}   # soon
  own-story:
    practices:
      - report-published
      - window-in-force

"#]],
    );
}

#[test]
fn a_second_run_says_that_there_is_nothing_to_do() {
    let sandbox = edited();
    assert_eq!(sandbox.run(&["kit", "upgrade", "../kits/2"]).code, Some(0));
    let after = sandbox.tree();
    sandbox.run(&["kit", "upgrade", "../kits/2"]).gives(str![[r#"
ops-kit 1.1.0 is what the workspace has already: nothing to do.

"#]]);
    same(&after, &sandbox.tree());
    assert_eq!(sandbox.run(&["kit", "lint"]).code, Some(0));
    assert_eq!(sandbox.run(&["render"]).code, Some(0), "the documents can be written");
}

#[test]
fn status_and_worksheets_and_discovery_take_what_is_asked_again() {
    let sandbox = edited();
    sandbox.run(&["kit", "upgrade", "../kits/2"]);
    let status = sandbox.run(&["status"]).stdout;
    let from = status.find("To ask again").expect("it is told");
    let to = status.find("\nAnswers by").expect("it is told");
    shows(
        &status[from..to],
        str![[r#"
To ask again (8; `opsready discover --open` does), the answer of before counts:
  window@on-premises  the question is put in other words (1.1.0)
  window@cloud  the question is put in other words (1.1.0)
  layers  its choices have changed (1.1.0)
  policy  the question is put in other words (1.1.0)
  restores-of-servers@on-premises  it was split off a wider question (1.1.0)
  restores-of-servers@cloud  it was split off a wider question (1.1.0)
  restores-of-databases@cloud  it was split off a wider question (1.1.0)
  leavers  the question is put in other words (1.1.0)

Kept, though the kit no longer asks for it (`orphans` in the files of the answers):
  restores@cloud in answers/backup.yaml: the question was split (1.1.0)
  tapes in answers/backup.yaml: the question is gone (1.1.0)
  restores@on-premises in answers/backup.yaml: the question was split (1.1.0)

"#]],
    );
    let json = sandbox.run(&["status", "--json"]).json();
    assert_eq!((json["ask_again"].as_u64(), json["orphans"].as_array().map(Vec::len)), (Some(8), Some(3)));
    let discover = sandbox.run(&["discover", "--open", "--no-input"]);
    assert!(discover.stderr.contains("`window@cloud`"), "{}", discover.stderr);
    let worksheet = sandbox.run(&["worksheet", "export", "patching", "--open", "-o", "w.md"]);
    assert_eq!(worksheet.code, Some(0), "{}", worksheet.stderr);
    let text = sandbox.read("w.md");
    assert!(text.contains("Asked again, since the question is put in other words. Before: Each team for itself."), "{text}");
    assert!(!text.contains("[x] Each team"), "what is asked again is not filled in: {text}");
    // The same answer, given again, settles it.
    let (above, below) = text.split_at(text.find("### `window@cloud`").expect("it is there"));
    let filled = format!("{above}{}", below.replacen("[ ] Each team for itself", "[x] Each team for itself", 1));
    assert_ne!(filled, text);
    sandbox.write("w.md", &filled);
    let import = sandbox.run(&["worksheet", "import", "w.md", "--agreed"]);
    assert_eq!(import.code, Some(0), "{}", import.stderr);
    assert!(!sandbox.read("answers/patching.yaml").lines().any(|line| line.contains("window@cloud") && line.contains("ask_again")));
    assert_eq!(sandbox.run(&["answer", "window@on-premises", "--choose", "calendar"]).code, Some(0));
    assert_eq!(sandbox.run(&["answer", "layers", "--choose", "os"]).code, Some(0));
    assert!(!sandbox.read("answers/patching.yaml").contains("ask_again"));
    assert_eq!(sandbox.run(&["status", "--json"]).json()["ask_again"].as_u64(), Some(5));
}

#[test]
fn the_score_counts_the_answers_that_were_kept() {
    let sandbox = edited();
    let credit = |sandbox: &Sandbox, practice: &str| {
        let json = sandbox.run(&["score", "--json"]).json();
        let all = json["capabilities"].as_array().expect("a list").clone();
        let practices = all.iter().flat_map(|one| one["practices"].as_array().expect("a list").clone());
        practices.into_iter().find(|one| one["id"] == practice).expect("it is there")["environments"]["cloud"]["credit"].as_f64()
    };
    let before = credit(&sandbox, "window-agreed");
    assert_eq!(before, Some(0.5));
    sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(credit(&sandbox, "window-in-force"), before);
}

#[test]
fn outdated_tells_in_numbers() {
    let sandbox = edited();
    sandbox.run(&["kit", "outdated", "../kits/2"]).gives(str![[r#"
ops-kit 1.1.0 is here; the workspace has 1.0.0.
  Capabilities: 3 kept
  Questions: 6 kept, 4 changed, 1 split, 2 removed, 6 new
  Choices: 15 kept, 1 changed, 1 renamed
  Practices: 5 kept, 1 renamed
  Answers: 14 (with those of 1 respondent), 9 to be asked again, 3 that nothing asks for any more

Your own changes in kit/ (4), which stay:
  changed   kit/capabilities/access.yaml: practice `leavers-removed`, `title`
  added     kit/capabilities/backup.yaml: question `works-council`
  changed   kit/capabilities/patching.yaml: question `window`, `why`
  changed   kit/capabilities/patching.yaml: question `layers`, choice `databases`, `label`

`opsready kit upgrade --dry-run` shows all of it.

"#]]);
    assert_eq!(sandbox.run(&["kit", "outdated", "../kits/2", "--exit-code"]).code, Some(1));
    sandbox.run(&["kit", "outdated", "../kits/1", "--exit-code"]).gives(str![[r#"
ops-kit 1.0.0 is current.

"#]]);
    sandbox.refuses(
        &["kit", "outdated"],
        2,
        str![[r#"
error: no kit `ops-kit` comes with the program
  = help: name the folder of the newer kit: `opsready kit upgrade PATH`

"#]],
    );
}

#[test]
fn a_field_that_both_changed_stays_the_customer_s_and_is_listed() {
    let sandbox = edited();
    sandbox.replace("kit/capabilities/patching.yaml", "ask: Is there a window for patches?", "ask: Is there a window, approved by us?");
    sandbox.replace("kit/capabilities/access.yaml", "ask: Who has the key of the fax room?", "ask: Who has the key of our fax room?");
    sandbox.replace("kit/capabilities/backup.yaml", "- {id: never, label: Never}", "- {id: never, label: Not ever}");
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let from = run.stdout.find("To look at").expect("it is told");
    let to = run.stdout.find("\nYour own changes").expect("it is told");
    shows(
        &run.stdout[from..to],
        str![[r#"
To look at in kit/:
  kit/capabilities/access.yaml: question `fax`
    gone from the new kit, and changed by you; yours stays
  kit/capabilities/backup.yaml: question `restores`
    changed by you, and others stand in its place now; the new ones come
  kit/capabilities/patching.yaml: question `window`, `ask`
    changed by both; yours stays
    yours: Is there a window, approved by us?
    new:   Is there one agreed window for patches?

"#]],
    );
    assert!(sandbox.read("kit/capabilities/patching.yaml").contains("ask: Is there a window, approved by us?"));
    assert!(sandbox.read("kit/capabilities/access.yaml").contains("ask: Who has the key of our fax room?"));
    // What the customer asks as before is not asked again.
    assert!(!run.stdout.contains("ask      window@cloud: the question is put in other words"), "{}", run.stdout);
}

#[test]
fn json_has_the_same() {
    let sandbox = edited();
    sandbox.replace("kit/capabilities/patching.yaml", "ask: Is there a window for patches?", "ask: Mine?");
    let json = sandbox.run(&["kit", "upgrade", "../kits/2", "--dry-run", "--json"]).json();
    assert_eq!(
        (json["schema"].as_str(), json["state"].as_str(), json["base"].as_str()),
        (Some("opsready/kit-upgrade/v1"), Some("planned"), Some("recorded"))
    );
    assert_eq!(json["mapping"]["questions"]["split"][0]["to"], serde_json::json!(["restores-of-servers", "restores-of-databases"]));
    assert_eq!(json["conflicts"][0]["path"], serde_json::json!(["discovery", "questions", "window", "ask"]));
    assert_eq!(
        (json["conflicts"][0]["yours"].as_str(), json["conflicts"][0]["theirs"].as_str()),
        (Some("Mine?"), Some("Is there one agreed window for patches?"))
    );
    assert_eq!(json["answers"]["orphans"].as_array().map(Vec::len), Some(3));
}

#[test]
fn an_older_kit_and_another_kit_are_refused() {
    let sandbox = edited();
    sandbox.run(&["kit", "upgrade", "../kits/2"]);
    sandbox.refuses(&["kit", "upgrade", "../kits/1"], 2, str![[r#"
error: the workspace has version 1.1.0 of the kit, and this is 1.0.0, which is older: to go back, restore the commit before the upgrade with git; to go on, use a newer opsready

"#]]);
    copy(&small_kit(), &sandbox.root().join("kits/small"));
    sandbox.refuses(
        &["kit", "upgrade", "../kits/small"],
        2,
        str![[r#"
error: the workspace has the kit `ops-kit`, and this is `small`: another kit needs a workspace of its own (`opsready init DIR --kit small`)

"#]],
    );
    sandbox.refuses(
        &["kit", "upgrade", "../kits/none"],
        2,
        str![[r#"
error[missing-file]: the kit `../kits/none` does not exist
 = help: `opsready kit list` shows the kits that come with the program; `opsready kit new` starts one
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn a_kit_with_another_id_is_taken_if_it_names_the_old_one() {
    let sandbox = edited();
    let path = sandbox.root().join("kits/2/kit.yaml");
    let text = fs::read_to_string(&path).expect("it is there").replace("id: ops-kit\n", "id: operations\nformerly: [ops-kit]\n");
    fs::write(&path, text).expect("it can be written");
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(sandbox.read("opsready.yaml").contains("kit: {id: operations, version: 1.1.0}"));
    assert_eq!(sandbox.run(&["status"]).code, Some(0));
}

#[test]
fn an_unfinished_merge_is_settled_first() {
    let sandbox = edited();
    sandbox.write(
        "answers/access.yaml",
        "capability: access\nanswers:\n<<<<<<< ours\n  reviews: {choose: yearly}\n=======\n  reviews: {choose: never}\n>>>>>>> theirs\n",
    );
    sandbox.refuses(
        &["kit", "upgrade", "../kits/2"],
        2,
        str![[r#"
error[conflict-markers]: the file holds an unfinished merge
 --> answers/access.yaml:3:1
  |
3 | <<<<<<< ours
  | ^^^^^^^
  |
 ::: answers/access.yaml:7:1
  |
7 | >>>>>>> theirs
  | ------- the conflict ends here
  |
  = help: keep the answers that hold, remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`, then run the command again
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn what_a_merge_left_undecided_is_settled_first() {
    let sandbox = edited();
    sandbox.write(
        "answers/access.yaml",
        "capability: access\nanswers:\n  reviews:\n    conflict: [{choose: yearly, by: [ops-lead]}, {choose: never, by: [finance]}]\n",
    );
    sandbox.refuses(
        &["kit", "upgrade", "../kits/2"],
        2,
        str![[r#"
error[bad-answer]: the answers to `reviews` are not settled since a merge
 --> answers/access.yaml:4:15
  |
4 |     conflict: [{choose: yearly, by: [ops-lead]}, {choose: never, by: [finance]}]
  |               ^
  |
  = help: settle it with `opsready reconcile`, then run the command again
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn what_would_not_hold_is_told_and_nothing_is_written() {
    let sandbox = edited();
    // The customer's own story brings about a practice that is gone from the new kit.
    let path = sandbox.root().join("kits/2/capabilities/patching.yaml");
    let text = fs::read_to_string(&path).expect("it is there");
    let text = changed(
        &text,
        &[
            (
                "    - id: layers-patched\n      title: Every layer is patched\n      level: 1\n      references: [{title: Layers, url: \"https://example.com/layers\"}]\n",
                "",
            ),
            ("credits: {layers-patched: 0.5}}", "credits: {window-in-force: 0.5}}"),
            ("credits: {layers-patched: 0.5}}", "credits: {window-in-force: 0.5}}"),
            ("practices: [report-published, layers-patched]", "practices: [report-published]"),
        ],
    );
    fs::write(&path, text).expect("it can be written");
    sandbox.replace("kit/capabilities/patching.yaml", "stories:\n", "stories:\n  - {id: ours, title: Ours, practices: [layers-patched]}\n");
    sandbox.refuses(
        &["kit", "upgrade", "../kits/2"],
        2,
        str![[r#"
error[unknown-reference]: the practice `layers-patched` is not defined in this kit
  --> kit/capabilities/patching.yaml (as it would be):67:41
   |
67 |   - {id: ours, title: Ours, practices: [layers-patched]}
   |                                         ^^^^^^^^^^^^^^
   |
   = help: there are `leavers-removed`, `policy-agreed`, `report-published`, `restores-tested`, `window-in-force`
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn without_a_record_of_what_was_copied_in_every_difference_is_the_customer_s() {
    let sandbox = edited();
    fs::remove_dir_all(sandbox.path(".opsready/kit")).expect("it can be removed");
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("The kit as it was copied in is not recorded: every difference is taken as yours"), "{}", run.stdout);
    assert!(run.stdout.contains("differs; yours stays"), "{}", run.stdout);
    let patching = sandbox.read("kit/capabilities/patching.yaml");
    assert!(patching.contains("ask: Is there a window for patches?") && patching.contains("id: emergency"), "{patching}");
    assert!(patching.contains("id: each-team"), "renamed all the same: {patching}");
    assert_eq!(sandbox.run(&["kit", "lint"]).code, Some(0));
    assert_eq!(sandbox.run(&["status"]).code, Some(0));
    // From now on it is recorded; and whoever has it names it.
    assert!(sandbox.path(".opsready/kit/kit.yaml").is_file());
    let sandbox = edited();
    fs::remove_dir_all(sandbox.path(".opsready/kit")).expect("it can be removed");
    let run = sandbox.run(&["kit", "upgrade", "../kits/2", "--base", "../kits/1"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(sandbox.read("kit/capabilities/patching.yaml").contains("ask: Is there one agreed window for patches?"));
}

#[test]
fn a_copy_of_the_shipped_kit_is_its_own_base() {
    let sandbox = Sandbox::empty();
    fs::remove_dir(sandbox.path("")).expect("it is empty");
    sandbox.run_in("", &["init", "acme", "--kit", "aws-cloud-operations", "--customer", "Acme"]);
    fs::remove_dir_all(sandbox.path(".opsready/kit")).expect("it can be removed");
    sandbox.run(&["kit", "upgrade"]).gives(str![[r#"
aws-cloud-operations 1.0.0 is what the workspace has already: nothing to do; it is recorded as what your changes are held against.

"#]]);
    assert!(sandbox.path(".opsready/kit/kit.yaml").is_file());
    sandbox.run(&["kit", "upgrade"]).gives(str![[r#"
aws-cloud-operations 1.0.0 is what the workspace has already: nothing to do.

"#]]);
}

#[test]
fn windows_line_ends_stay() {
    let sandbox = edited();
    for file in [
        "kit/capabilities/patching.yaml",
        "kit/capabilities/backup.yaml",
        "answers/patching.yaml",
        "answers/backup.yaml",
        "opsready.yaml",
        "plan/patching.yaml",
        "risks/2026-11-04-tapes.yaml",
    ] {
        let text = sandbox.read(file).replace('\n', "\r\n");
        sandbox.write(file, &format!("\u{feff}{text}"));
    }
    let plain = edited();
    for one in [&sandbox, &plain] {
        let run = one.run(&["kit", "upgrade", "../kits/2"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    for file in [
        "kit/capabilities/patching.yaml",
        "answers/patching.yaml",
        "answers/backup.yaml",
        "opsready.yaml",
        "plan/patching.yaml",
        "risks/2026-11-04-tapes.yaml",
    ] {
        let text = sandbox.read(file);
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{file}: {text:?}");
        assert_eq!(text.strip_prefix('\u{feff}').map(|text| text.replace("\r\n", "\n")), Some(plain.read(file)), "{file}");
    }
}

/// Makes a file read-only, or writable again.
fn read_only(path: &Path, is: bool) {
    let mut permissions = fs::metadata(path).expect("it is there").permissions();
    permissions.set_readonly(is);
    fs::set_permissions(path, permissions).expect("they can be set");
}

#[test]
fn what_was_cut_short_is_finished_by_the_next_run() {
    let (sandbox, whole) = (edited(), edited());
    assert_eq!(whole.run(&["kit", "upgrade", "../kits/2"]).code, Some(0));
    // A file that cannot be written stops the upgrade half-way, as a power cut does.
    let stop = sandbox.path("answers/backup.yaml");
    read_only(&stop, true);
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert_eq!(sandbox.read("answers/backup.yaml"), BACKUP_ANSWERS);
    assert!(sandbox.read("kit/kit.yaml").contains("1.1.0"), "half of it is there");
    // Nothing reads the half.
    sandbox.refuses(
        &["status"],
        2,
        str![[r#"
error: an upgrade of the kit was cut short: run `opsready kit upgrade`, which finishes it

"#]],
    );
    read_only(&stop, false);
    sandbox.run(&["kit", "upgrade", "../kits/2"]).gives(str![[r#"
The upgrade to 1.1.0 that was cut short is finished now.

"#]]);
    same(&whole.tree(), &sandbox.tree());
    assert!(!sandbox.path(".opsready/upgrade").exists());
}

#[cfg(unix)]
#[test]
fn an_upgrade_that_is_killed_is_whole_or_not_there_and_the_next_run_finishes_it() {
    let (start, whole) = (edited(), edited());
    assert_eq!(whole.run(&["kit", "upgrade", "../kits/2"]).code, Some(0));
    // Each run saves the state of before anew, and what a killed process was writing is nobody's.
    let kept = |sandbox: &Sandbox| {
        let mut tree = sandbox.tree();
        let is_empty = |path: &str, bytes: &Option<Vec<u8>>| bytes.is_none() && path.contains("milestones");
        tree.retain(|path, bytes| !path.contains("/milestones/") && !path.contains(".tmp") && !is_empty(path, bytes));
        tree
    };
    let (old, new) = (kept(&start), kept(&whole));
    let mut halves = 0;
    for round in 0..30_u32 {
        let sandbox = edited();
        let mut command = sandbox.command(&["kit", "upgrade", "../kits/2"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let journal = sandbox.path(".opsready/upgrade/journal.json");
        // The journal decides: around it the kills fall, each a little later than the one before.
        while !journal.exists() && child.try_wait().expect("it can be asked").is_none() {
            std::hint::spin_loop();
        }
        for _ in 0..round * 10_000 {
            std::hint::spin_loop();
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let is_half = journal.exists();
        halves += usize::from(is_half);
        if !is_half {
            let found = kept(&sandbox);
            let without_stage = |tree: &support::Tree| {
                let mut tree = tree.clone();
                tree.retain(|path, _| !path.contains(".opsready/upgrade"));
                tree
            };
            let found = without_stage(&found);
            assert!(found == without_stage(&old) || found == without_stage(&new), "round {round}: neither old nor new");
        }
        assert_eq!(sandbox.run(&["kit", "upgrade", "../kits/2"]).code, Some(0));
        same(&new, &kept(&sandbox));
    }
    assert!(halves > 0, "no process was killed in time");
}

#[test]
fn what_was_made_ready_and_not_decided_has_done_nothing() {
    let sandbox = edited();
    sandbox.write(".opsready/upgrade/0", "half a file");
    sandbox.write(".opsready/upgrade/17", "");
    assert_eq!(sandbox.run(&["status"]).code, Some(0));
    assert_eq!(sandbox.run(&["kit", "upgrade", "../kits/2"]).code, Some(0));
    assert!(!sandbox.path(".opsready/upgrade").exists());
}

#[test]
fn an_answer_that_was_written_into_the_half_is_not_overwritten() {
    let sandbox = edited();
    let stop = sandbox.path("answers/backup.yaml");
    read_only(&stop, true);
    assert_eq!(sandbox.run(&["kit", "upgrade", "../kits/2"]).code, Some(3));
    read_only(&stop, false);
    sandbox.replace("answers/backup.yaml", "In the cellar", "In the attic");
    sandbox.refuses(&["kit", "upgrade", "../kits/2"], 2, str![[r#"
error: an upgrade of the kit was cut short, and `answers/backup.yaml` was changed since: put your change aside, restore the file with git, then run `opsready kit upgrade` again

"#]]);
    sandbox.replace("answers/backup.yaml", "In the attic", "In the cellar");
    assert_eq!(sandbox.run(&["kit", "upgrade", "../kits/2"]).code, Some(0));
}

#[test]
fn an_overlay_is_left_alone_and_what_it_names_is_told() {
    let sandbox = edited();
    sandbox.write("overlay/capabilities/patching.yaml", "discovery:\n  questions:\n    - id: layers\n      why: Because of us.\n    - id: own-question\n      ask: Ours?\n      type: text\ndesign:\n  practices:\n    # heavier\n    - {id: window-agreed, weight: 3}\n");
    sandbox.write("overlay/capabilities/access.yaml", "discovery:\n  questions:\n    - {id: fax, remove: true}\n");
    sandbox.refuses(
        &["kit", "upgrade", "../kits/2"],
        2,
        str![[r#"
error[unknown-reference]: there is no `fax` to remove
 --> overlay/capabilities/access.yaml:3:7
  |
3 |     - {id: fax, remove: true}
  |       ^
  |
  = help: take this entry out

error[unknown-reference]: the new kit has no question `fax` any more
 --> overlay/capabilities/access.yaml:3:12
  |
3 |     - {id: fax, remove: true}
  |            ^^^
  |
  = help: take the entry out, then run the command again

error[missing-key]: the key `level` is missing
  --> overlay/capabilities/patching.yaml:11:7
   |
11 |     - {id: window-agreed, weight: 3}
   |       ^

error[missing-key]: the key `title` is missing
  --> overlay/capabilities/patching.yaml:11:7
   |
11 |     - {id: window-agreed, weight: 3}
   |       ^

error[unknown-reference]: the practice `window-agreed` is `window-in-force` in the new kit
  --> overlay/capabilities/patching.yaml:11:12
   |
11 |     - {id: window-agreed, weight: 3}
   |            ^^^^^^^^^^^^^
   |
   = help: write the new id, then run the command again
5 errors to mend; nothing was changed

"#]],
    );
    // It may be made fit for the new kit beforehand, though the old one does not know what it names.
    sandbox.replace("overlay/capabilities/patching.yaml", "window-agreed", "window-in-force");
    fs::remove_file(sandbox.path("overlay/capabilities/access.yaml")).expect("it can be removed");
    let overlay = sandbox.read("overlay/capabilities/patching.yaml");
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(sandbox.read("overlay/capabilities/patching.yaml"), overlay);
    let from = run.stdout.find("Your overlay").expect("it is told");
    shows(
        &run.stdout[from..],
        str![[r#"
Your overlay names what has changed; it is left as it is:
  overlay/capabilities/patching.yaml:3: question `layers` says something else now

The state of before is saved in milestones/before-ops-kit-1.1.0.json.

12 files changed. Next: `git diff` shows them, `opsready discover --open` asks what is new and what is asked otherwise, `opsready render` writes the documents.

"#]],
    );
    assert_eq!(sandbox.run(&["status"]).code, Some(0));
}

#[test]
fn names_are_followed_over_several_versions() {
    for steps in [&["../kits/2", "../kits/3"][..], &["../kits/3"][..]] {
        let sandbox = edited();
        copy(&sandbox.root().join("kits/2"), &sandbox.root().join("kits/3"));
        let edit = |name: &str, changes: &[(&str, &str)]| {
            let path = sandbox.root().join("kits/3").join(name);
            let text = changed(&fs::read_to_string(&path).expect("it is there"), changes);
            fs::write(path, text).expect("it can be written");
        };
        edit("kit.yaml", &[("version: 1.1.0", "version: 2.0.0")]);
        edit(
            "capabilities/patching.yaml",
            &[
                ("    - id: window\n", "    - id: patch-window\n      formerly: [window]\n"),
                ("{id: each-team, formerly: [team],", "{id: every-team, formerly: [each-team, team],"),
                (
                    "    - id: window-in-force\n      formerly: [window-agreed]\n",
                    "    - id: one-window\n      formerly: [window-in-force, window-agreed]\n",
                ),
                ("{window-in-force: 0.5}", "{one-window: 0.5}"),
                ("{window-in-force: 1}", "{one-window: 1}"),
                ("requires: [window-in-force]", "requires: [one-window]"),
                ("practices: [window-in-force]", "practices: [one-window]"),
            ],
        );
        for step in steps {
            let run = sandbox.run(&["kit", "upgrade", step]);
            assert_eq!(run.code, Some(0), "{step}: {}", run.stderr);
        }
        let answers = sandbox.read("answers/patching.yaml");
        assert!(answers.contains("\"patch-window@cloud\" : { choose: 'every-team',"), "{answers}");
        assert!(sandbox.read("plan/patching.yaml").contains("one-window: {wave: wave-2, owner: finops"));
        assert!(sandbox.read("decisions/2026-11-03-window.yaml").contains("practices: [one-window]   # the one"));
        assert_eq!(sandbox.run(&["status"]).code, Some(0));
    }
}

#[test]
fn questions_and_capabilities_move_with_their_answers() {
    let sandbox = edited();
    let kit = |name: &str| sandbox.root().join("kits/2").join(name);
    // `access` is called `identity` now, `backup` is gone, and its last question has moved.
    let access = fs::read_to_string(kit("capabilities/access.yaml")).expect("it is there");
    let moved = changed(
        &access,
        &[
            ("id: access\n", "id: identity\nformerly: [access]\n"),
            ("design:\n", "    - id: last-restore\n      ask: When was the last restore?\n      type: date\ndesign:\n"),
        ],
    );
    fs::write(kit("capabilities/identity.yaml"), moved).expect("it can be written");
    fs::remove_file(kit("capabilities/access.yaml")).expect("it can be removed");
    fs::remove_file(kit("capabilities/backup.yaml")).expect("it can be removed");
    let text = fs::read_to_string(kit("kit.yaml")).expect("it is there").replace("[patching, backup, access]", "[patching, identity]");
    fs::write(kit("kit.yaml"), text).expect("it can be written");
    sandbox.replace("opsready.yaml", "  backup: {importance: 3}", "  backup: {importance: 5, rationale: Auditors ask}   # keep");
    // What the customer asks in a capability that is gone has nowhere to be asked: it is theirs to move.
    let own = "    # ours\n    - {id: works-council, ask: Does the works council agree?, type: text}\n";
    sandbox.replace("kit/capabilities/backup.yaml", own, "");
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(run.code, Some(0), "{}\n{}", run.stdout, run.stderr);
    shows(
        &sandbox.read("answers/identity.yaml"),
        str![[r#"
capability: identity
answers:
  leavers:
    not_applicable: {reason: other, note: Nobody leaves.}
    ask_again: {since: 1.1.0, because: reworded}
  reviews: {choose: yearly}
  last-restore:
    date: 2026-03-01

"#]],
    );
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
capability: backup
answers:
orphans:
  policy: {choose: drafted, why: question-removed, since: 1.1.0}
  restores@cloud:
    choose: monthly
    why: question-removed
    since: 1.1.0
  tapes:
    text: In the cellar   # since 1998
    why: question-removed
    since: 1.1.0
  # on site
  restores@on-premises:
    choose: sometimes
    note: Only the ERP.
    why: question-removed
    since: 1.1.0

"#]],
    );
    assert!(!sandbox.path("answers/access.yaml").exists() && !sandbox.path("kit/capabilities/backup.yaml").exists());
    let frame = sandbox.read("opsready.yaml");
    assert!(
        frame.contains("  # gone from the kit with 1.1.0:\n  # backup: {importance: 5, rationale: Auditors ask}   # keep\n"),
        "{frame}"
    );
    assert!(frame.contains("  identity: {importance: 3}"), "{frame}");
    let status = sandbox.run(&["status"]);
    assert_eq!(status.code, Some(0));
    assert!(status.stderr.contains("the kit has no capability `backup` any more; its answers are kept and ignored"), "{}", status.stderr);
    assert!(status.stdout.contains("restores@cloud in answers/backup.yaml: the question is gone (1.1.0)"), "{}", status.stdout);
    // A name that was never there is still a slip.
    sandbox.write("answers/bakcup.yaml", "capability: bakcup\nanswers:\n");
    assert_eq!(sandbox.run(&["status"]).code, Some(2));
}

#[test]
fn choices_that_are_gone_leave_what_still_holds() {
    let sandbox = edited();
    let path = sandbox.root().join("kits/2/capabilities/patching.yaml");
    let text = fs::read_to_string(&path).expect("it is there");
    let text = changed(
        &text,
        &[
            (
                "        - {id: calendar, label: An agreed calendar, credits: {window-in-force: 1}}\n",
                "        - {id: policy, label: A policy, credits: {window-in-force: 1}}\n",
            ),
            ("        - {id: databases, label: Databases, credits: {layers-patched: 0.5}}\n", ""),
            ("max: 100", "max: 50"),
            ("from: 95", "from: 40"),
        ],
    );
    fs::write(&path, text).expect("it can be written");
    sandbox.replace("kit/capabilities/patching.yaml", "label: Databases and caches,", "label: Databases,");
    sandbox.write("answers/patching.yaml", "capability: patching\nanswers:\n  window@cloud: {choose: calendar, note: Since May}\n  layers: {choose: [os, databases]}   # both\n  coverage@cloud: {number: 62.5}\n");
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    shows(
        &sandbox.read("answers/patching.yaml"),
        str![[r#"
capability: patching
answers:
  layers: {choose: [os], ask_again: {since: 1.1.0, because: choices}}   # both
orphans:
  window@cloud: {choose: calendar, note: Since May, why: choice-removed, since: 1.1.0}
  layers: {choose: [os, databases], why: choice-removed, since: 1.1.0}   # both
  coverage@cloud: {number: 62.5, why: out-of-range, since: 1.1.0}

"#]],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "two whole files show it")]
fn environments_come_and_go() {
    let sandbox = edited();
    let edit = |name: &str, changes: &[(&str, &str)]| {
        let path = sandbox.root().join("kits/2").join(name);
        let text = changed(&fs::read_to_string(&path).expect("it is there"), changes);
        fs::write(path, text).expect("it can be written");
    };
    edit(
        "kit.yaml",
        &[
            ("{id: on-premises, title: On premises}", "{id: edge, title: Edge}"),
            ("{id: cloud, title: Cloud}", "{id: aws, title: AWS, formerly: [cloud]}"),
            ("target_environment: cloud", "target_environment: aws"),
        ],
    );
    edit(
        "capabilities/patching.yaml",
        &[
            ("environments: [on-premises, cloud]", "environments: [edge, aws]"),
            ("environments: [cloud]", "environments: [aws]"),
            ("environments: [cloud]", "environments: [aws]"),
            ("    - id: layers\n", "    - id: layers\n      environments: [edge, aws]\n"),
        ],
    );
    edit(
        "capabilities/backup.yaml",
        &[("environments: [on-premises, cloud]", "environments: [edge, aws]"), ("      environments: [on-premises, cloud]\n", "")],
    );
    let run = sandbox.run(&["kit", "upgrade", "../kits/2"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    shows(
        &sandbox.read("answers/patching.yaml"),
        str![[r##"
# Workshop of 3 November.   Do not reformat!

capability:   'patching'
answers:

    # agreed with finance
    "window@aws" : { choose: 'each-team',  note: "v0.3: a draft", by: [ops-lead, finops], minority: [{by: finops, choose: calendar, note: It was agreed in May.}], ask_again: {since: 1.1.0, because: reworded} }   # keep me
    coverage@aws:
        number: 62.5
    report@aws:
        dont_know: {owner: finops, due: 2026-12-01}
    layers@edge:
        choose: [ os ]
        note: >-
            folded
            text
        ask_again: {since: 1.1.0, because: environments}
    layers@aws:
        choose: [ os ]
        note: >-
            folded
            text
        ask_again: {since: 1.1.0, because: environments}
# the end
orphans:

  layers:
      choose: [ os ]
      note: >-
          folded
          text
      why: environments-changed
      since: 1.1.0

  window@on-premises:
      choose: calendar   # for ten years
      evidence: [{title: Calendar, link: "https://wiki.example/c"}]
      why: environments-changed
      since: 1.1.0

"##]],
    );
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
capability: backup
answers:
  policy: {choose: drafted, ask_again: {since: 1.1.0, because: reworded}}
  last-restore:
    date: 2026-03-01
  restores-of-servers@aws:
    choose: monthly
    ask_again: {since: 1.1.0, because: split}
  restores-of-databases:
    choose: every-month
    ask_again: {since: 1.1.0, because: split}
orphans:
  restores@cloud:
    choose: monthly
    why: question-split
    since: 1.1.0
  tapes:
    text: In the cellar   # since 1998
    why: question-removed
    since: 1.1.0
  # on site
  restores@on-premises:
    choose: sometimes
    note: Only the ERP.
    why: question-split
    since: 1.1.0

"#]],
    );
    let frame = sandbox.read("opsready.yaml");
    shows(
        &frame[frame.find("# gone").unwrap_or(0)..frame.find("\n# Capabilities").expect("it is there")],
        str![[r#"
# gone from the kit with 1.1.0: environments on-premises
environments: [aws]   # in scope
target_environment: aws

"#]],
    );
}

#[test]
fn lint_looks_at_earlier_ids() {
    let sandbox = edited();
    let path = sandbox.root().join("kits/2/capabilities/backup.yaml");
    let text = fs::read_to_string(&path).expect("it is there");
    let text = changed(
        &text,
        &[
            ("    - {id: vault, ask:", "    - {id: vault, formerly: [policy, keys], ask:"),
            ("{id: policy-agreed, title:", "{id: policy-agreed, formerly: [keys], title:"),
            ("{id: drafted, label: A draft,", "{id: drafted, formerly: [none], label: A draft,"),
        ],
    );
    fs::write(&path, text).expect("it can be written");
    let run = sandbox.run(&["kit", "lint", "../kits/2", "--short"]);
    let found: Vec<&str> = run.stdout.lines().filter(|line| line.contains("earlier id")).collect();
    shows(
        &format!("{}\n", found.join("\n")),
        str![[r#"
../kits/2/capabilities/backup.yaml:10:16: warning[duplicate-id]: the choice `drafted` names `none` as an earlier id, which is still there (take it out of `formerly`: answers stay with the id that is there)
../kits/2/capabilities/backup.yaml:29:12: warning[duplicate-id]: the question `vault` names `policy` as an earlier id, which is still there (take it out of `formerly`: answers stay with the id that is there)
../kits/2/capabilities/backup.yaml:35:12: warning[duplicate-id]: `keys` is an earlier id of the question `vault` and of the practice `policy-agreed` (each kind has ids of its own: take it out where it is a slip)

"#]],
    );
}

mod laws {
    //! Whatever both sides do to a kit, and whatever was answered: nothing is lost.

    use opsready::assessment::carry;
    use opsready::assessment::read::{AssessmentSources, assessment};
    use opsready::diagnostic::Source;
    use opsready::kit::Kit;
    use opsready::kit::read::{KitSources, OverlaySources, kit};
    use opsready::kit::upgrade::mapping::Successors;
    use opsready::kit::upgrade::names::capability_of;
    use opsready::kit::upgrade::{Files, bring_in};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write;

    /// A question as a test writes it.
    #[derive(Clone, Debug, PartialEq)]
    struct Asked {
        id: String,
        formerly: Vec<String>,
        ask: String,
        comment: Option<String>,
        is_flow: bool,
        is_multi: bool,
        environments: bool,
        choices: Vec<(String, Vec<String>, String)>,
    }

    type Capabilities = BTreeMap<String, Vec<Asked>>;

    fn written(question: &Asked) -> String {
        let mut text = String::new();
        if let Some(comment) = &question.comment {
            let _ = writeln!(text, "    # {comment}");
        }
        let list = |ids: &[String]| if ids.is_empty() { String::new() } else { format!("formerly: [{}]", ids.join(", ")) };
        let kind = if question.is_multi { "multi" } else { "single" };
        let choice = |(id, formerly, label): &(String, Vec<String>, String)| {
            let formerly = if formerly.is_empty() { String::new() } else { format!("{}, ", list(formerly)) };
            format!("{{id: {id}, {formerly}label: {label}}}")
        };
        if question.is_flow {
            let formerly = if question.formerly.is_empty() { String::new() } else { format!("{}, ", list(&question.formerly)) };
            let environments = if question.environments { "environments: [on-premises, cloud], " } else { "" };
            let choices: Vec<String> = question.choices.iter().map(choice).collect();
            let _ = writeln!(
                text,
                "    - {{id: {}, {formerly}ask: {}, {environments}type: {kind}, choices: [{}]}}",
                question.id,
                question.ask,
                choices.join(", ")
            );
            return text;
        }
        let _ = writeln!(text, "    - id: {}", question.id);
        if !question.formerly.is_empty() {
            let _ = writeln!(text, "      {}", list(&question.formerly));
        }
        let _ = writeln!(text, "      ask: {}", question.ask);
        if question.environments {
            text.push_str("      environments: [on-premises, cloud]\n");
        }
        let _ = writeln!(text, "      type: {kind}\n      choices:");
        for one in &question.choices {
            let _ = writeln!(text, "        - {}", choice(one));
        }
        text.push('\n');
        text
    }

    fn files(version: &str, capabilities: &Capabilities) -> Files {
        let ids: Vec<&str> = capabilities.keys().map(String::as_str).collect();
        let kit = format!(
            "id: k\ntitle: K\nversion: {version}\nscale: [{{level: 0, name: A}}, {{level: 1, name: B}}]\nenvironments:\n  - {{id: on-premises, title: P}}\n  - {{id: cloud, title: C}}\ncapabilities: [{}]\n",
            ids.join(", ")
        );
        let mut files = Files::new();
        files.insert("kit.yaml".to_owned(), kit.into_bytes());
        for (id, questions) in capabilities {
            let text: String = questions.iter().map(written).collect();
            let list = if questions.is_empty() { "[]\n".to_owned() } else { format!("\n{text}") };
            files.insert(
                format!("capabilities/{id}.yaml"),
                format!("# about {id}\nid: {id}\ntitle: T\ndiscovery:\n  questions: {list}stories: []\n")
                    .replace("questions: \n", "questions:\n")
                    .into_bytes(),
            );
        }
        files
    }

    fn read(files: &Files) -> Kit {
        let source = |path: &str| Source::new(path, std::str::from_utf8(&files[path]).expect("it is text"));
        let capabilities = files.keys().filter_map(|path| Some((capability_of(path)?.to_owned(), source(path)))).collect();
        let (kit, found) = kit(&KitSources { kit: source("kit.yaml"), capabilities, engagement: None, overlay: OverlaySources::default() });
        kit.unwrap_or_else(|| {
            panic!("{found:#?}\n{}", files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect::<String>())
        })
    }

    /// What one side does to a question.
    #[derive(Clone, Debug)]
    enum Deed {
        Reword(usize, u8),
        Label(usize, usize, u8),
        Comment(usize, u8),
        Remove(usize),
        Add(usize, u8, bool),
        Move(usize, usize),
        Rename(usize, u8),
        RenameChoice(usize, usize, u8),
        RemoveChoice(usize, usize),
        AddChoice(usize, u8),
        Split(usize, u8),
        ToOther(usize),
        Environments(usize),
        Multi(usize),
        Style(usize),
    }

    fn deed(is_theirs: bool) -> BoxedStrategy<Deed> {
        let at = 0..12usize;
        let mild = prop_oneof![
            (at.clone(), any::<u8>()).prop_map(|(q, n)| Deed::Reword(q, n)),
            (at.clone(), 0..4usize, any::<u8>()).prop_map(|(q, c, n)| Deed::Label(q, c, n)),
            (at.clone(), any::<u8>()).prop_map(|(q, n)| Deed::Comment(q, n)),
            at.clone().prop_map(Deed::Remove),
            (at.clone(), any::<u8>(), any::<bool>()).prop_map(|(q, n, flow)| Deed::Add(q, n, flow)),
            (at.clone(), at.clone()).prop_map(|(q, to)| Deed::Move(q, to)),
            (at.clone(), any::<u8>()).prop_map(|(q, n)| Deed::AddChoice(q, n)),
            at.clone().prop_map(Deed::Style),
        ];
        if !is_theirs {
            return mild.boxed();
        }
        prop_oneof![
            3 => mild,
            1 => (at.clone(), any::<u8>()).prop_map(|(q, n)| Deed::Rename(q, n)),
            1 => (at.clone(), 0..4usize, any::<u8>()).prop_map(|(q, c, n)| Deed::RenameChoice(q, c, n)),
            1 => (at.clone(), 0..4usize).prop_map(|(q, c)| Deed::RemoveChoice(q, c)),
            1 => (at.clone(), any::<u8>()).prop_map(|(q, n)| Deed::Split(q, n)),
            1 => at.clone().prop_map(Deed::ToOther),
            1 => at.clone().prop_map(Deed::Environments),
            1 => at.prop_map(Deed::Multi),
        ]
        .boxed()
    }

    fn done(capabilities: &Capabilities, deeds: &[Deed], side: &str) -> Capabilities {
        let mut new = capabilities.clone();
        for (step, deed) in deeds.iter().enumerate() {
            apply(&mut new, deed, &format!("{side}{step}"));
        }
        new
    }

    fn apply(capabilities: &mut Capabilities, deed: &Deed, mark: &str) {
        let places: Vec<(String, usize)> =
            capabilities.iter().flat_map(|(id, questions)| (0..questions.len()).map(|at| (id.clone(), at))).collect();
        let find = |at: usize| places.get(at % places.len().max(1)).cloned();
        let q = match deed {
            Deed::Reword(q, _)
            | Deed::Label(q, ..)
            | Deed::Comment(q, _)
            | Deed::Remove(q)
            | Deed::Add(q, ..)
            | Deed::Move(q, _)
            | Deed::Rename(q, _)
            | Deed::RenameChoice(q, ..)
            | Deed::RemoveChoice(q, _)
            | Deed::AddChoice(q, _)
            | Deed::Split(q, _)
            | Deed::ToOther(q)
            | Deed::Environments(q)
            | Deed::Multi(q)
            | Deed::Style(q) => *q,
        };
        let Some((capability, at)) = find(q) else { return };
        let questions = capabilities.get_mut(&capability).expect("it is there");
        let choice = |question: &Asked, c: usize| c % question.choices.len();
        match deed {
            Deed::Reword(_, n) => questions[at].ask = format!("Words {n} {mark}?"),
            Deed::Label(_, c, n) => {
                let c = choice(&questions[at], *c);
                questions[at].choices[c].2 = format!("Label {n} {mark}");
            }
            Deed::Comment(_, n) => questions[at].comment = Some(format!("said {n} {mark}")),
            Deed::Remove(_) => drop(questions.remove(at)),
            Deed::Add(_, n, is_flow) => {
                let choices = vec![("x".to_owned(), vec![], "X".to_owned()), ("y1".to_owned(), vec![], "Y".to_owned())];
                questions.insert(
                    at,
                    Asked {
                        id: format!("new-{mark}-{n}"),
                        formerly: vec![],
                        ask: "New?".to_owned(),
                        comment: None,
                        is_flow: *is_flow,
                        is_multi: false,
                        environments: false,
                        choices,
                    },
                );
            }
            Deed::Move(_, to) => {
                let question = questions.remove(at);
                let to = to % (questions.len() + 1);
                questions.insert(to, question);
            }
            Deed::Rename(_, n) => {
                let old = questions[at].id.clone();
                questions[at].id = format!("renamed-{mark}-{n}");
                questions[at].formerly.push(old);
            }
            Deed::RenameChoice(_, c, n) => {
                let c = choice(&questions[at], *c);
                let one = &mut questions[at].choices[c];
                let old = std::mem::replace(&mut one.0, format!("r-{mark}-{n}"));
                one.1.push(old);
            }
            Deed::RemoveChoice(_, c) if questions[at].choices.len() > 2 => {
                let c = choice(&questions[at], *c);
                questions[at].choices.remove(c);
            }
            Deed::RemoveChoice(..) => {}
            Deed::AddChoice(_, n) => questions[at].choices.push((format!("c-{mark}-{n}"), vec![], format!("Added {mark}"))),
            Deed::Split(_, n) => {
                let mut first = questions.remove(at);
                first.formerly.push(first.id.clone());
                let mut second = first.clone();
                first.id = format!("first-{mark}-{n}");
                second.id = format!("second-{mark}-{n}");
                second.choices.truncate(2);
                second.comment = None;
                questions.insert(at, second);
                questions.insert(at, first);
            }
            Deed::ToOther(_) => {
                let question = questions.remove(at);
                let other = if capability == "one" { "two" } else { "one" };
                capabilities.get_mut(other).expect("it is there").push(question);
            }
            Deed::Environments(_) => questions[at].environments = !questions[at].environments,
            Deed::Multi(_) => questions[at].is_multi = !questions[at].is_multi,
            Deed::Style(_) => questions[at].is_flow = !questions[at].is_flow,
        }
    }

    fn base() -> Capabilities {
        let question = |id: &str, n: usize| Asked {
            id: id.to_owned(),
            formerly: vec![],
            ask: format!("Ask {id}?"),
            comment: (n % 3 == 1).then(|| format!("about {id}")),
            is_flow: n % 4 == 3,
            is_multi: n % 2 == 1,
            environments: n.is_multiple_of(3),
            choices: ["none", "some", "all"].iter().map(|one| ((*one).to_owned(), vec![], format!("{one} of it"))).collect(),
        };
        let of = |prefix: &str| (0..4).map(|n| question(&format!("{prefix}-{n}"), n)).collect();
        Capabilities::from([("one".to_owned(), of("a")), ("two".to_owned(), of("b"))])
    }

    /// Returns answers to a kit: each with a note that no other has.
    fn answers(capabilities: &Capabilities, seeds: &[u8]) -> (carry::Texts, Vec<String>) {
        let mut texts = carry::Texts::new();
        let mut notes = Vec::new();
        let mut seeds = seeds.iter().cycle();
        for (id, questions) in capabilities {
            let mut text = format!("capability: {id}\nanswers:\n");
            for question in questions {
                let keys = if question.environments {
                    vec![format!("{}@cloud", question.id), format!("{}@on-premises", question.id)]
                } else {
                    vec![question.id.clone()]
                };
                for key in keys {
                    let seed = usize::from(*seeds.next().expect("there are seeds"));
                    let note = format!("note-{}", notes.len());
                    let one = &question.choices[seed % question.choices.len()].0;
                    let all: Vec<&str> = question.choices.iter().map(|choice| choice.0.as_str()).collect();
                    let said = match seed % 7 {
                        0 => continue,
                        1 => "dont_know: {owner: somebody}".to_owned(),
                        2 => "not_applicable: {reason: other}".to_owned(),
                        3 if question.is_multi => format!("choose: [{}]", all.join(", ")),
                        4 => "parked: {}".to_owned(),
                        _ => format!("choose: {one}"),
                    };
                    if seed % 2 == 0 {
                        let _ = writeln!(text, "  {key}: {{{said}, note: {note}}}   # {note}-beside");
                    } else {
                        let _ = write!(
                            text,
                            "  # {note}-above\n  {key}:\n    {said}\n    note: {note}   # {note}-beside\n    minority: [{{by: x, choose: {one}}}]\n\n"
                        );
                    }
                    notes.push(note);
                }
            }
            texts.insert(id.clone(), text);
        }
        (texts, notes)
    }

    fn text(files: &Files, capability: &str) -> String {
        let path = format!("capabilities/{capability}.yaml");
        files.get(&path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_lost(
            ours in prop::collection::vec(deed(false), 0..6),
            theirs in prop::collection::vec(deed(true), 0..7),
            seeds in prop::collection::vec(any::<u8>(), 16..17),
        ) {
            let base = base();
            let (own, new) = (done(&base, &ours, "o"), done(&base, &theirs, "t"));
            let (base_files, own_files, new_files) = (files("1.0.0", &base), files("1.0.0", &own), files("1.1.0", &new));
            let brought = bring_in(Some(&base_files), &own_files, &new_files).expect("it can be brought in");
            // A question that one side moved to the other capability while the other edited it may be there twice: that is told.
            let twice = {
                let all: Vec<String> = brought.files.iter().filter(|(path, _)| path.starts_with("capabilities/")).flat_map(|(_, bytes)| {
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    text.lines().filter_map(|line| line.trim_start_matches([' ', '-', '{']).strip_prefix("id: ").map(|id| id.split([',', '}']).next().unwrap_or(id).to_owned())).collect::<Vec<_>>()
                }).collect();
                let questions: Vec<&String> = all.iter().filter(|id| id.contains('-')).collect();
                let set: BTreeSet<&&String> = questions.iter().collect();
                set.len() < questions.len() && theirs.iter().any(|deed| matches!(deed, Deed::ToOther(_)))
            };
            prop_assume!(!twice);
            let (old_kit, new_kit) = (read(&own_files), read(&brought.files));
            // What only one side touched is that side's text, byte for byte.
            for (capability, questions) in &base {
                for question in questions {
                    let of = |all: &Capabilities| all[capability].iter().find(|one| one.id == question.id).map(written);
                    let (b, y, t) = (written(question), of(&own), of(&new));
                    let merged = text(&brought.files, capability);
                    match (&y, &t) {
                        (Some(y), Some(t)) if *y == b => prop_assert!(merged.contains(t.trim_end()), "{t}\nis not in\n{merged}"),
                        (Some(y), Some(t)) if *t == b => prop_assert!(merged.contains(y.trim_end()), "{y}\nis not in\n{merged}"),
                        _ => {}
                    }
                }
            }
            // A second time there is nothing to do.
            let again = bring_in(Some(&new_files), &brought.files, &new_files).expect("it can be brought in");
            prop_assert_eq!(&again.files, &brought.files);
            // Every answer is among the answers or the orphans, and what is there can be read.
            let (texts, notes) = answers(&own, &seeds);
            let successors = Successors::of(&old_kit, &new_kit);
            let (carried, _) = carry::answers(&successors, "1.1.0", "cloud", &texts).expect("they can be carried");
            let frame = Source::new("opsready.yaml", "id: a\ncustomer: A\nkit: {id: k, version: 1.1.0}\n");
            let sources = carried.iter().map(|(stem, text)| (stem.clone(), Source::new(format!("{stem}.yaml"), text.as_str()))).collect();
            let (read, found) = assessment(&new_kit, &AssessmentSources { assessment: frame, answers: sources });
            prop_assert!(read.is_some(), "{found:#?}\n{carried:#?}");
            let read = read.expect("it was just seen");
            let whole: String = carried.values().cloned().collect();
            for note in &notes {
                prop_assert!(whole.contains(&format!("note: {note}")), "{note} is gone:\n{whole}");
                prop_assert!(whole.contains(&format!("# {note}-beside")), "the comment beside {note} is gone:\n{whole}");
                prop_assert!(!texts.values().any(|text| text.contains(&format!("# {note}-above"))) || whole.contains(&format!("# {note}-above")), "the comment above {note} is gone:\n{whole}");
            }
            let kept = read.answers.values().filter_map(|answer| answer.note.clone()).collect::<BTreeSet<_>>();
            let orphans = read.orphans.len();
            prop_assert!(kept.len() + orphans >= notes.len(), "{kept:?} {orphans}");
        }
    }
}
