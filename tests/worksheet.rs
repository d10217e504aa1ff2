//! Worksheets: what people without the tool get, what they send back however it was mangled on the way, and what comes of it.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]
#![expect(clippy::too_many_lines, reason = "a snapshot is as long as what people see")]

mod support;

use calamine::Reader;
use opsready::assessment::Assessment;
use opsready::assessment::read::{AssessmentSources, assessment};
use opsready::diagnostic::Source;
use opsready::exchange::worksheet::read::{Import, import, sheet};
use opsready::exchange::worksheet::{Filled, Selection, Worksheet, csv, markdown, xlsx};
use opsready::kit::Kit;
use opsready::workspace::read_kit;
use opsready::yaml::record::Date;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use snapbox::data::Inline;
use snapbox::str;
use std::fmt::Write;
use std::io::{Cursor, Read};
use std::process::{Command, Stdio};
use support::{ODD_ANSWERS, Run, Sandbox, same, shows, small_kit};

const ANSWERS: &str = "\
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    evidence: [{title: Policy, link: \"https://wiki.example/backup_policy\", collected: 2026-10-02}]
    by: [ops-lead]
  backup-policy@cloud:
    choose: drafted
    note: |
      With finance since May.
      See `policy` | draft 3.
  restore-tested@on-premises:
    choose: \"yes\"
  restore-tested@cloud:
    dont_know: {owner: service-owner, due: 2026-12-15}
  backup-scope:
    choose: [databases, files]
    not_applicable_choices: [mail]
  last-restore:
    parked: {note: After the migration}
";

const PATCHING: &str = "\
capability: patching
answers:
  patch-window@on-premises:
    not_applicable: {reason: out-of-scope, note: Nothing is left there.}
";

/// Text that breaks files which do not expect it.
const HOSTILE: &str = "=cmd|' /C calc'!A0\n| a | `b` | ``` <script>alert(1)</script> &amp; ]]>\n### `backup-scope`\n- [x] None of these `nothing`\nOwner: nobody\n\t\"quoted\"; 'single', _x0041_ \\ end";

/// Returns a workspace with answers in every state.
fn answered() -> Sandbox {
    let sandbox = Sandbox::with_answers(ANSWERS);
    sandbox.write("answers/patching.yaml", PATCHING);
    sandbox
}

#[track_caller]
fn works(run: &Run) {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

/// Returns the worksheet of an empty workspace for the operations lead, in a format.
fn exported(sandbox: &Sandbox, format: &str) -> String {
    let run = sandbox.run(&["worksheet", "export", "--format", format, "--respondent", "ops-lead"]);
    works(&run);
    run.stdout
}

/// Imports a file into an empty workspace as what `ops` said.
#[track_caller]
fn imports(name: &str, bytes: &[u8], expected: Inline) -> Sandbox {
    let sandbox = Sandbox::workspace();
    sandbox.write_bytes(name, bytes);
    sandbox.run(&["worksheet", "import", name, "--respondent", "ops"]).gives(expected);
    sandbox
}

// export

#[test]
fn markdown_is_readable_and_has_a_place_for_everything() {
    let run = answered().run(&["worksheet", "export", "--respondent", "ops-lead"]);
    run.gives(str![[r#"
# Questions for Acme Logistics

Small Operations 1.2.0

How to fill this:

1. Write your role or name behind *Answered by*, unless it is there.
2. Tick an answer: make `[ ]` to `[x]`. Where words are wanted, write them behind *Answer*, or between the lines with the backticks.
3. What nobody knows, what does not apply, and what has to wait: tick it, and write who finds it out, by when, or why.
4. Write into *Note* what should be remembered, and into *Evidence* what shows that the answer is true: a title and a link.
5. What you leave empty changes nothing. Leave the headings with the keys as they are, and send the file back.

Answered by: ops-lead

## Backup and Restore

What is lost comes back in time.

### `backup-policy@on-premises`

**Is there a policy for backups?** (On premises)

Why: Without a policy nobody knows what is safe.

Evidence to show: the policy's page

One of them.

- [ ] Nobody can show one `none`
- [ ] Written down `drafted`
- [x] Agreed, with an owner `agreed`

Note:

```text

```

- Evidence:
  - Policy: <https://wiki.example/backup_policy> (2026-10-02)
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [ ] This question does not apply
  - Reason:
- [ ] Put this question off

### `backup-policy@cloud`

**Is there a policy for backups?** (Cloud)

Why: Without a policy nobody knows what is safe.

Evidence to show: the policy's page

One of them.

- [ ] Nobody can show one `none`
- [x] Written down `drafted`
- [ ] Agreed, with an owner `agreed`

Note:

```text
With finance since May.
See `policy` | draft 3.
```

- Evidence:
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [ ] This question does not apply
  - Reason:
- [ ] Put this question off

### `restore-tested@on-premises`

**Was a restore tested in the last year?** (On premises)

One of them.

- [x] Yes `yes`
- [ ] No `no`

Note:

```text

```

- Evidence:
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [ ] This question does not apply
  - Reason:
- [ ] Put this question off

### `restore-tested@cloud`

**Was a restore tested in the last year?** (Cloud)

One of them.

- [ ] Yes `yes`
- [ ] No `no`

Note:

```text

```

- Evidence:
- [x] Nobody knows yet
  - Owner: service-owner
  - Due: 2026-12-15
- [ ] This question does not apply
  - Reason:
- [ ] Put this question off

### `backup-scope`

**What is backed up?**

All that hold.

- [x] Databases `databases`
- [x] Files `files`
- [ ] Mail `mail`
- [ ] None of these `nothing`
- Statements that do not apply: `mail`

Note:

```text

```

- Evidence:
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [ ] This question does not apply
  - Reason:
- [ ] Put this question off

### `backup-context`

**What else should we know?**

In your own words.

Answer:

```text

```

Note:

```text

```

- Evidence:
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [ ] This question does not apply
  - Reason:
- [ ] Put this question off

### `last-restore`

**When was the last restore?**

A date, such as 2026-11-20.

- Answer:

Note:

```text
After the migration
```

- Evidence:
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [ ] This question does not apply
  - Reason:
- [x] Put this question off

## Patching

### `patch-window@on-premises`

**Who decides when systems are patched?** (On premises)

One of them.

- [ ] Nobody `nobody`
- [ ] Each team for itself `team`
- [ ] An agreed calendar `calendar`

Note:

```text

```

- Evidence:
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [x] This question does not apply
  - Reason: out-of-scope: Nothing is left there.
- [ ] Put this question off

### `patch-window@cloud`

**Who decides when systems are patched?** (Cloud)

One of them.

- [ ] Nobody `nobody`
- [ ] Each team for itself `team`
- [ ] An agreed calendar `calendar`

Note:

```text

```

- Evidence:
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [ ] This question does not apply
  - Reason:
- [ ] Put this question off

### `patch-report`

**Is there a report of missing patches?**

One of them.

- [ ] Yes `yes`
- [ ] No `no`

Note:

```text

```

- Evidence:
- [ ] Nobody knows yet
  - Owner:
  - Due:
- [ ] This question does not apply
  - Reason:
- [ ] Put this question off

"#]]);
}

#[test]
fn csv_has_a_row_for_each_question() {
    let run = answered().run(&["worksheet", "export", "--format", "csv", "--role", "ops-lead"]);
    run.gives(str![[r#"
﻿key,capability,environment,question,choices,answer,statements that do not apply,not applicable reason,don't know owner,due,note,evidence,answered by
backup-policy@on-premises,backup,On premises,Is there a policy for backups?,"none = Nobody can show one
drafted = Written down
agreed = Agreed, with an owner",agreed,,,,,,Policy: https://wiki.example/backup_policy (2026-10-02),ops-lead
backup-policy@cloud,backup,Cloud,Is there a policy for backups?,"none = Nobody can show one
drafted = Written down
agreed = Agreed, with an owner",drafted,,,,,"With finance since May.
See `policy` | draft 3.",,ops-lead

"#]]);
    let run = answered().run(&["worksheet", "export", "--format", "csv", "backup", "--environment", "cloud"]);
    run.gives(str![[r#"
﻿key,capability,environment,question,choices,answer,statements that do not apply,not applicable reason,don't know owner,due,note,evidence,answered by
backup-policy@cloud,backup,Cloud,Is there a policy for backups?,"none = Nobody can show one
drafted = Written down
agreed = Agreed, with an owner",drafted,,,,,"With finance since May.
See `policy` | draft 3.",,
restore-tested@cloud,backup,Cloud,Was a restore tested in the last year?,"yes = Yes
no = No",(don't know),,,service-owner,2026-12-15,,,
backup-scope,backup,,What is backed up?,"databases = Databases
files = Files
mail = Mail
nothing = None of these",databases; files,mail,,,,,,
backup-context,backup,,What else should we know?,In your own words.,,,,,,,,
last-restore,backup,,When was the last restore?,"A date, such as 2026-11-20.",(parked),,,,,After the migration,,

"#]]);
}

/// Returns the cells of a workbook as another program reads them.
fn cells(bytes: &[u8]) -> String {
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("it is a workbook");
    let mut text = String::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).expect("the sheet can be read");
        for (row, column, cell) in range.used_cells() {
            let column = char::from(b'A' + u8::try_from(column).expect("there are few columns"));
            let _ = writeln!(text, "{name}!{column}{}: {}", row + 1, cell.to_string().replace('\n', " / "));
        }
    }
    text
}

/// Returns a part of a workbook as XML.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("it is an archive");
    let mut text = String::new();
    archive.by_name(name).expect("the part is there").read_to_string(&mut text).expect("the part is text");
    text
}

#[test]
fn a_workbook_has_drop_downs_hidden_keys_and_a_sheet_that_explains() {
    let sandbox = answered();
    sandbox.run(&["worksheet", "export", "-o", "ops.xlsx", "--role", "ops-lead"]).gives(str![[r#"
ops.xlsx: 2 questions, for ops-lead

"#]]);
    let bytes = std::fs::read(sandbox.path("ops.xlsx")).expect("the workbook is there");
    shows(
        &cells(&bytes),
        str![[r#"
Questions!A1: key
Questions!B1: capability
Questions!C1: environment
Questions!D1: question
Questions!E1: why we ask
Questions!F1: evidence to show
Questions!G1: choices
Questions!H1: answer
Questions!I1: statements that do not apply
Questions!J1: not applicable reason
Questions!K1: don't know owner
Questions!L1: due
Questions!M1: note
Questions!N1: evidence
Questions!A2: backup-policy@on-premises
Questions!B2: Backup and Restore
Questions!C2: On premises
Questions!D2: Is there a policy for backups?
Questions!E2: Without a policy nobody knows what is safe.
Questions!F2: the policy's page
Questions!G2: 1: Nobody can show one / 2: Written down / 3: Agreed, with an owner
Questions!H2: Agreed, with an owner
Questions!N2: Policy: https://wiki.example/backup_policy (2026-10-02)
Questions!A3: backup-policy@cloud
Questions!B3: Backup and Restore
Questions!C3: Cloud
Questions!D3: Is there a policy for backups?
Questions!E3: Without a policy nobody knows what is safe.
Questions!F3: the policy's page
Questions!G3: 1: Nobody can show one / 2: Written down / 3: Agreed, with an owner
Questions!H3: Written down
Questions!M3: With finance since May. / See `policy` | draft 3.
How to fill this!A1: Questions for
How to fill this!B1: Acme Logistics
How to fill this!A2: Kit
How to fill this!B2: Small Operations 1.2.0
How to fill this!A3: Answered by
How to fill this!B3: ops-lead
How to fill this!A5: 1
How to fill this!B5: Write your role or name into the yellow cell above, unless it is there.
How to fill this!A6: 2
How to fill this!B6: Answer in the yellow cells of the sheet Questions. Where there is a list, take one of it; of a checklist write the numbers, such as 1; 3.
How to fill this!A7: 3
How to fill this!B7: What nobody knows: take (don't know) as the answer, and write who finds it out and by when, such as 2026-11-20.
How to fill this!A8: 4
How to fill this!B8: What does not apply: take (not applicable), and write the reason. What has to wait: take (parked).
How to fill this!A9: 5
How to fill this!B9: Write into note what should be remembered, and into evidence what shows that the answer is true: a title and a link, one to a line.
How to fill this!A10: 6
How to fill this!B10: What you leave empty changes nothing. The hidden column says which question a row answers: leave it as it is.
Choices!A1: question
Choices!B1: number
Choices!C1: id
Choices!D1: in the list
Choices!A2: backup-policy
Choices!B2: 1
Choices!C2: none
Choices!D2: Nobody can show one
Choices!A3: backup-policy
Choices!B3: 2
Choices!C3: drafted
Choices!D3: Written down
Choices!A4: backup-policy
Choices!B4: 3
Choices!C4: agreed
Choices!D4: Agreed, with an owner
Choices!A5: backup-policy
Choices!D5: (don't know)
Choices!A6: backup-policy
Choices!D6: (not applicable)
Choices!A7: backup-policy
Choices!D7: (parked)

"#]],
    );
    let questions = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(questions.contains("<formula1>Choices!$D$2:$D$7</formula1>"), "{questions}");
    assert!(questions.contains(r#"<col min="1" max="1" width="24.7109375" hidden="1" customWidth="1"/>"#), "{questions}");
    assert!(questions.contains(r#"<pane xSplit="4" ySplit="1""#) && questions.contains("<sheetProtection"), "{questions}");
    assert!(part(&bytes, "xl/styles.xml").contains("wrapText"), "text is wrapped");
}

#[test]
fn the_same_answers_give_the_same_bytes() {
    let sandbox = answered();
    for format in ["md", "csv", "xlsx"] {
        let (one, two) = (format!("one.{format}"), format!("two.{format}"));
        works(&sandbox.run(&["worksheet", "export", "-o", &one]));
        let mut later = sandbox.command(&["worksheet", "export", "-o", &two]);
        later.env("SOURCE_DATE_EPOCH", "1900000000");
        works(&sandbox.finish(later));
        let read = |name: &str| std::fs::read(sandbox.path(name)).expect("the file is there");
        assert!(read(&one) == read(&two), "{format}");
    }
}

#[test]
fn only_what_is_asked_for_goes_into_a_worksheet() {
    let sandbox = answered();
    let keys = |arguments: &[&str]| {
        let run = sandbox.run(&[&["worksheet", "export"], arguments].concat());
        works(&run);
        run.stdout.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`').map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(keys(&["--role", "ops-lead"]), ["backup-policy@on-premises", "backup-policy@cloud"]);
    assert_eq!(keys(&["--open"]), ["restore-tested@cloud", "backup-context", "last-restore", "patch-window@cloud", "patch-report"]);
    assert_eq!(keys(&["patching", "--environment", "cloud"]), ["patch-window@cloud", "patch-report"]);
}

#[test]
fn what_one_respondent_said_is_filled_in_for_them() {
    let sandbox = answered();
    works(&sandbox.run(&["answer", "patch-report", "--choose", "no", "--respondent", "ops-lead"]));
    let of_one = exported(&sandbox, "csv");
    assert!(of_one.contains("\nno = No\",no,"), "{of_one}");
    // Nobody else has said anything, so they see what is agreed.
    let of_other = sandbox.run(&["worksheet", "export", "--format", "csv", "--respondent", "finance"]).stdout;
    assert!(of_other.contains("agreed = Agreed, with an owner\",agreed,") && of_other.contains(",finance\n"), "{of_other}");
}

#[test]
fn export_refuses_what_it_cannot_do() {
    let sandbox = answered();
    sandbox.refuses(
        &["worksheet", "export", "--format", "xlsx"],
        2,
        str![[r#"
error: a workbook is no text to print
  = help: write it into a file with `-o FILE.xlsx`

"#]],
    );
    sandbox.refuses(
        &["worksheet", "export", "--role", "ops-leed"],
        2,
        str![[r#"
error: the kit has no role `ops-leed`
  = help: did you mean `ops-lead`?

"#]],
    );
    sandbox.refuses(
        &["worksheet", "export", "--environment", "moon"],
        2,
        str![[r#"
error: the kit has no environment `moon`
  = help: there are `on-premises`, `cloud`

"#]],
    );
    sandbox.refuses(
        &["worksheet", "export", "backups"],
        2,
        str![[r#"
error: the kit has no capability `backups`
  = help: did you mean `backup`?

"#]],
    );
    sandbox.refuses(
        &["worksheet", "export", "--respondent", "a/b"],
        2,
        str![[r#"
error: `a/b` cannot name a respondent
  = help: a respondent is a role or a short name: letters, digits, `-`, `_` and `.`

"#]],
    );
    sandbox.refuses(
        &["worksheet", "export", "patching", "--role", "ops-lead"],
        1,
        str![[r#"
no question is asked that this would take; nothing was written

"#]],
    );
    sandbox.write("filled.md", "somebody's answers\n");
    sandbox.refuses(
        &["worksheet", "export", "-o", "filled.md"],
        2,
        str![[r#"
error: `filled.md` is there already
  = help: somebody may have answered in it: name another file, or remove this one first

"#]],
    );
}

// fill and import

#[test]
fn a_filled_markdown_worksheet_is_recorded() {
    let sandbox = Sandbox::workspace();
    let text = exported(&sandbox, "md");
    let text = text
        .replacen("- [ ] Written down `drafted`", "- [x] Written down `drafted`", 1)
        .replacen("Note:\n\n```text\n\n```", "Note:\n\n```text\nDraft 3,\nwith finance\n```", 1)
        .replacen("- Evidence:\n", "- Evidence:\n  - Policy: https://wiki.example/policy (2026-10-02)\n  - on paper\n", 1)
        .replacen("- [ ] Files `files`", "- [x] Files `files`", 1)
        .replacen("- [ ] Databases `databases`", "- [x] Databases `databases`", 1)
        .replacen("- Statements that do not apply:", "- Statements that do not apply: mail", 1)
        .replacen("Answer:\n\n```text\n\n```", "Answer:\n\n```text\nTwo sites.\n```", 1)
        .replacen("- Answer:\n", "- Answer: 2026-03-01\n", 1);
    let (head, tail) = text.split_once("### `patch-window@on-premises`").expect("the question is there");
    let tail = tail.replacen(
        "- [ ] Nobody knows yet\n  - Owner:\n  - Due:\n",
        "- [x] Nobody knows yet\n  - Owner: service-owner\n  - Due: 20.11.2026\n",
        1,
    );
    let (middle, tail) = tail.split_once("### `patch-window@cloud`").expect("the question is there");
    let tail = tail.replacen("  - Reason:\n", "  - Reason: out of scope: no servers\n", 1);
    let (last, tail) = tail.split_once("### `patch-report`").expect("the question is there");
    let tail = tail.replacen("- [ ] Put this question off", "- [x] Put this question off", 1);
    let text = format!("{head}### `patch-window@on-premises`{middle}### `patch-window@cloud`{last}### `patch-report`{tail}");
    sandbox.write("ops.md", &text);
    let before = sandbox.tree();
    sandbox.run(&["worksheet", "import", "ops.md", "--dry-run"]).gives(str![[r#"
added    backup-policy@on-premises: drafted; note; evidence
added    backup-scope: databases, files; mail does not apply
added    backup-context: "Two sites."
added    last-restore: 2026-03-01
added    patch-window@on-premises: not known (service-owner, 2026-11-20)
added    patch-window@cloud: not applicable (out of scope)
added    patch-report: parked
ops.md: 7 added, 0 changed, 0 unchanged; nothing was written

"#]]);
    same(&before, &sandbox.tree());
    sandbox.run(&["worksheet", "import", "ops.md"]).gives(str![[r#"
added    backup-policy@on-premises: drafted; note; evidence
added    backup-scope: databases, files; mail does not apply
added    backup-context: "Two sites."
added    last-restore: 2026-03-01
added    patch-window@on-premises: not known (service-owner, 2026-11-20)
added    patch-window@cloud: not applicable (out of scope)
added    patch-report: parked
ops.md: 7 added, 0 changed, 0 unchanged; in responses/ops-lead
--- standard error
1 more question is asked now: `opsready worksheet export --open --respondent ops-lead`

"#]]);
    shows(
        &sandbox.read("responses/ops-lead/backup.yaml"),
        str![[r##"
# yaml-language-server: $schema=../../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@on-premises:
    choose: drafted
    note: |-
      Draft 3,
      with finance
    evidence:
      - {title: Policy, link: "https://wiki.example/policy", collected: 2026-10-02}
      - {title: on paper}
    by: [ops-lead]
    answered_on: 2026-12-01
  backup-scope:
    choose: [databases, files]
    not_applicable_choices: [mail]
    by: [ops-lead]
    answered_on: 2026-12-01
  backup-context:
    text: Two sites.
    by: [ops-lead]
    answered_on: 2026-12-01
  last-restore:
    date: 2026-03-01
    by: [ops-lead]
    answered_on: 2026-12-01

"##]],
    );
    shows(
        &sandbox.read("responses/ops-lead/patching.yaml"),
        str![[r#"
# yaml-language-server: $schema=../../schemas/answers.schema.json
capability: patching
answers:
  patch-window@on-premises:
    dont_know:
      owner: service-owner
      due: 2026-11-20
    by: [ops-lead]
    answered_on: 2026-12-01
  patch-window@cloud:
    not_applicable:
      reason: out-of-scope
      note: no servers
    by: [ops-lead]
    answered_on: 2026-12-01
  patch-report:
    parked: {}
    by: [ops-lead]
    answered_on: 2026-12-01

"#]],
    );
    sandbox.run(&["worksheet", "import", "ops.md"]).gives(str![[r#"
ops.md: 0 added, 0 changed, 7 unchanged; in responses/ops-lead

"#]]);
    works(&sandbox.run(&["status"]));
}

#[test]
fn agreed_answers_change_in_place_and_comments_stay() {
    let sandbox = Sandbox::with_answers(ODD_ANSWERS);
    works(&sandbox.run(&["worksheet", "export", "--format", "csv", "-o", "a.csv"]));
    sandbox.replace("a.csv", ",drafted,", ",agreed,");
    sandbox.replace("a.csv", "2026-03-01", "2026-11-19");
    sandbox.run(&["worksheet", "import", "a.csv", "--agreed", "--respondent", "ops-lead"]).gives(str![[r#"
changed  backup-policy@cloud: drafted -> agreed
changed  last-restore: 2026-03-01 -> 2026-11-19
a.csv: 0 added, 2 changed, 0 unchanged; in answers

"#]]);
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r##"
# Answers of the workshop.  Do not reformat!

capability:   'backup'     # odd spacing is ours
answers:

    # agreed with finance
    "backup-policy@cloud" : { choose: agreed,  note: "v0.3: a draft",  by: [ops-lead],  answered_on: 2026-12-01 }   # keep me

    last-restore:
        date: 2026-11-19    # from the log
        by:   [ops-lead]
        note: >-
            folded
            text
        answered_on: 2026-12-01
# the end

"##]],
    );
}

#[test]
fn an_answer_takes_the_place_of_what_nobody_knew_and_nothing_said_is_lost() {
    let sandbox = answered();
    works(&sandbox.run(&["worksheet", "export", "--format", "csv", "-o", "a.csv"]));
    sandbox.replace("a.csv", "(don't know)", "no");
    sandbox.replace("a.csv", "(parked)", "2026-11-19");
    sandbox.replace("a.csv", "(not applicable)", "team");
    sandbox.run(&["worksheet", "import", "a.csv", "--agreed"]).gives(str![[r#"
changed  restore-tested@cloud: not known (service-owner, 2026-12-15) -> no
changed  last-restore: parked -> 2026-11-19
changed  patch-window@on-premises: not applicable (out of scope) -> team
a.csv: 0 added, 3 changed, 4 unchanged; in answers

"#]]);
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    evidence: [{title: Policy, link: "https://wiki.example/backup_policy", collected: 2026-10-02}]
    by: [ops-lead]
  backup-policy@cloud:
    choose: drafted
    note: |
      With finance since May.
      See `policy` | draft 3.
  restore-tested@on-premises:
    choose: "yes"
  restore-tested@cloud:
    choose: "no"
    answered_on: 2026-12-01
  backup-scope:
    choose: [databases, files]
    not_applicable_choices: [mail]
  last-restore:
    date: 2026-11-19
    note: After the migration
    answered_on: 2026-12-01

"#]],
    );
    shows(
        &sandbox.read("answers/patching.yaml"),
        str![[r#"
capability: patching
answers:
  patch-window@on-premises:
    choose: team
    note: Nothing is left there.
    answered_on: 2026-12-01

"#]],
    );
}

#[test]
fn an_empty_row_removes_no_answer() {
    let sandbox = answered();
    let blank = Sandbox::workspace();
    for format in ["md", "csv", "xlsx"] {
        let file = format!("blank.{format}");
        works(&blank.run(&["worksheet", "export", "-o", &file]));
        sandbox.write_bytes(&file, &std::fs::read(blank.path(&file)).expect("the file is there"));
        let before = sandbox.tree();
        let run = sandbox.run(&["worksheet", "import", &file, "--agreed"]);
        assert_eq!(run.stdout, format!("{file}: 0 added, 0 changed, 0 unchanged; in answers\n"));
        same(&before, &sandbox.tree());
    }
}

#[test]
fn hostile_text_comes_back_as_it_was() {
    let sandbox = Sandbox::workspace();
    let long = "a very long word ".repeat(4_000);
    works(&sandbox.run(&["answer", "backup-context", "--text", HOSTILE, "--note", &long]));
    works(&sandbox.run(&[
        "answer",
        "backup-policy@cloud",
        "--choose",
        "drafted",
        "--note",
        HOSTILE,
        "--evidence",
        "https://x.example/a_b*c?d=e&f",
    ]));
    works(&sandbox.run(&["answer", "last-restore", "--not-applicable", "other", "--note", &HOSTILE.replace('\n', " ")]));
    works(&sandbox.run(&["answer", "patch-report", "--dont-know", "--owner", "=cmd() | `a` <b>", "--note", "'=x"]));
    for format in ["md", "csv", "xlsx"] {
        let file = format!("x.{format}");
        works(&sandbox.run(&["worksheet", "export", "-o", &file]));
        let before = sandbox.tree();
        let run = sandbox.run(&["worksheet", "import", &file, "--agreed"]);
        assert_eq!((run.code, run.stdout), (Some(0), format!("{file}: 0 added, 0 changed, 4 unchanged; in answers\n")), "{}", run.stderr);
        same(&before, &sandbox.tree());
        // Where nothing is on record yet it arrives whole, except what a cell cannot hold.
        let who = format!("by-{format}");
        works(&sandbox.run(&["worksheet", "import", &file, "--respondent", &who]));
        let answers = sandbox.read(&format!("responses/{who}/backup.yaml"));
        let agreed = sandbox.read("answers/backup.yaml");
        for line in HOSTILE.lines() {
            assert_eq!(answers.matches(line.trim()).count(), agreed.matches(line.trim()).count(), "{format}: {line}\n{answers}");
        }
        assert!(answers.contains("https://x.example/a_b*c?d=e&f"), "{format}: {answers}");
    }
    let text = sandbox.read("x.csv");
    let is_formula = |field: &str| field.trim_start_matches('"').starts_with(['=', '+', '-', '@']);
    assert!(!text.split([',', '\n']).any(|field| is_formula(field) && !field.contains("- [x]")), "{text}");
}

#[test]
fn a_text_longer_than_a_cell_is_not_cut_off() {
    let sandbox = Sandbox::workspace();
    let long = "a very long word ".repeat(4_000);
    works(&sandbox.run(&["answer", "backup-context", "--text", &long]));
    works(&sandbox.run(&["worksheet", "export", "-o", "x.xlsx"]));
    works(&sandbox.run(&["worksheet", "export", "-o", "x.csv"]));
    sandbox.replace("x.csv", "a very long word", "another long word");
    let run = sandbox.run(&["worksheet", "import", "x.csv", "--agreed"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("the text on record is longer than a cell holds"), "{}", run.stderr);
    assert!(sandbox.read("answers/backup.yaml").contains(long.trim()));
}

// refused

#[test]
fn rows_that_cannot_be_read_are_named_and_the_rest_is_imported() {
    let table = "\
key,answer,statements that do not apply,not applicable reason,don't know owner,due,note,evidence
backup-policy@cloud,agreed,,,,,,
backup-policy@on-premises,agred,,,,,,
backup-polcy@cloud,none,,,,,,
backup-context@cloud,text,,,,,,
restore-tested,yes,,,,,,
restore-tested@moon,yes,,,,,,
restore-share@cloud,101,,,,,,
last-restore,01/02/2026,,,,,,
patch-window@cloud,team,,out-of-scope,ops-lead,,,
patch-window@on-premises,,mail,,,,,
patch-report,,,,,31.11.2026,,
backup-scope,databases; nothing,,,,,,
,yes,,,,,,
backup-policy@cloud,none,,,,,,
restore-share@cloud,many,,,,,,
";
    let sandbox = imports(
        "x.csv",
        table.as_bytes(),
        str![[r#"
added    backup-policy@cloud: agreed
x.csv: 1 added, 0 changed, 0 unchanged, 14 refused; in responses/ops
--- standard error
error[unknown-reference]: the question `backup-policy` has no choice `agred`
 --> x.csv:3:27
  |
3 | backup-policy@on-premises,agred,,,,,,
  |                           ^^^^^
  |
  = help: did you mean `agreed`?

error[unknown-reference]: the kit has no question `backup-polcy`
 --> x.csv:4:1
  |
4 | backup-polcy@cloud,none,,,,,,
  | ^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `backup-policy`?

error[unknown-reference]: the question `backup-context` is asked once, for all environments
 --> x.csv:5:1
  |
5 | backup-context@cloud,text,,,,,,
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: write `backup-context`

error[unknown-reference]: the question `restore-tested` is asked in each environment
 --> x.csv:6:1
  |
6 | restore-tested,yes,,,,,,
  | ^^^^^^^^^^^^^^
  |
  = help: write `restore-tested@on-premises`, `restore-tested@cloud`

error[unknown-reference]: the question `restore-tested` is not asked for `moon`
 --> x.csv:7:1
  |
7 | restore-tested@moon,yes,,,,,,
  | ^^^^^^^^^^^^^^^^^^^
  |
  = help: write `restore-tested@on-premises`, `restore-tested@cloud`

error[bad-number]: 101 is outside the limits
 --> x.csv:8:21
  |
8 | restore-share@cloud,101,,,,,,
  |                     ^^^
  |
  = help: a number from 0 to 100 (percent).

error[bad-date]: `01/02/2026` can be read in two ways
 --> x.csv:9:14
  |
9 | last-restore,01/02/2026,,,,,,
  |              ^^^^^^^^^^
  |
  = help: write it as 2026-11-20

error[bad-answer]: this says answered and not known and not applicable at once
  --> x.csv:10:1
   |
10 | patch-window@cloud,team,,out-of-scope,ops-lead,,,
   | ^^^^^^^^^^^^^^^^^^
   |
   = help: leave one of them, and empty what belongs to the others

error[bad-answer]: only a checklist has statements that do not apply
  --> x.csv:11:27
   |
11 | patch-window@on-premises,,mail,,,,,
   |                           ^^^^

error[bad-date]: `31.11.2026` is not a date that exists
  --> x.csv:12:18
   |
12 | patch-report,,,,,31.11.2026,,
   |                  ^^^^^^^^^^
   |
   = help: write it as 2026-11-20

error[bad-answer]: `nothing` excludes the others, and both are chosen
  --> x.csv:13:14
   |
13 | backup-scope,databases; nothing,,,,,,
   |              ^^^^^^^^^^^^^^^^^^
   |
   = help: leave one of them

error[missing-key]: this row has no key, so nobody knows what it answers
  --> x.csv:14:2
   |
14 | ,yes,,,,,,
   |  ^^^
   |
   = help: copy the key from the worksheet as it was sent

error[duplicate-key]: `backup-policy@cloud` is answered in line 2 too, and differently
  --> x.csv:15:1
   |
15 | backup-policy@cloud,none,,,,,,
   | ^^^^^^^^^^^^^^^^^^^
   |
   = help: keep one of the two; the first is taken

error[duplicate-key]: `restore-share@cloud` is answered in line 8 too, and differently
  --> x.csv:16:1
   |
16 | restore-share@cloud,many,,,,,,
   | ^^^^^^^^^^^^^^^^^^^
   |
   = help: keep one of the two; the first is taken
1 more question is asked now: `opsready worksheet export --open --respondent ops`
--- exit 1

"#]],
    );
    shows(
        &sandbox.read("responses/ops/backup.yaml"),
        str![[r#"
# yaml-language-server: $schema=../../schemas/answers.schema.json
capability: backup
answers:
  backup-policy@cloud:
    choose: agreed
    by: [ops]
    answered_on: 2026-12-01

"#]],
    );
}

#[test]
fn boxes_that_cannot_be_are_named_with_their_line() {
    let text = "\
# Questions

- [x] lost

### `backup-policy@cloud`

- [x] Nobody can show one `none`
- [x] Agreed, with an owner `agreed`

### `backup-policy@on-premises`

- [x] Nobody can show one `none`
- [x] Nobody knows yet

### `restore-tested@cloud`

- [x] Perhaps `perhaps`

### `restore-tested@clout`

- [x] Yes `yes`

### `patch-report`

- [x] No `no`
";
    imports(
        "x.md",
        text.as_bytes(),
        str![[r#"
added    patch-report: no
x.md: 1 added, 0 changed, 0 unchanged, 5 refused; in responses/ops
--- standard error
error[bad-answer]: this box is ticked outside of a question
 --> x.md:3:1
  |
3 | - [x] lost
  | ^^^^^^^^^^
  |
  = help: it belongs below a heading with the key of a question

error[bad-answer]: this question has one answer, and `none`, `agreed` are chosen
 --> x.md:8:1
  |
8 | - [x] Agreed, with an owner `agreed`
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: leave one of them

error[bad-answer]: this says answered and not known at once
  --> x.md:10:1
   |
10 | ### `backup-policy@on-premises`
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: leave one of them, and empty what belongs to the others

error[unknown-reference]: the question `restore-tested` has no choice `Perhaps `perhaps``
  --> x.md:17:1
   |
17 | - [x] Perhaps `perhaps`
   | ^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: it has `yes`, `no`

error[unknown-reference]: the question `restore-tested` is not asked for `clout`
  --> x.md:19:1
   |
19 | ### `restore-tested@clout`
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: write `restore-tested@on-premises`, `restore-tested@cloud`
--- exit 1

"#]],
    );
}

#[test]
fn cells_that_cannot_be_read_are_named_in_a_workbook() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let rows = [["key", "answer"], ["last-restore", "01/02/2026"], ["backup-policy@cloud", "perhaps"], ["patch-report", "no"]];
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).expect("the cell is there");
        }
    }
    let bytes = workbook.save_to_buffer().expect("the workbook can be written");
    imports(
        "x.xlsx",
        &bytes,
        str![[r#"
added    patch-report: no
x.xlsx: 1 added, 0 changed, 0 unchanged, 2 refused; in responses/ops
--- standard error
error[bad-date]: x.xlsx, Sheet1!B2: `01/02/2026` can be read in two ways
 = help: write it as 2026-11-20

error[unknown-reference]: x.xlsx, Sheet1!B3: the question `backup-policy` has no choice `perhaps`
 = help: it has `none`, `drafted`, `agreed`
--- exit 1

"#]],
    );
}

#[test]
fn a_text_that_nothing_closes_does_not_swallow_the_rest() {
    let page = "## `patch-report`\n\n- [x] No `no`\n\nNote:\n\n```text\nmine\n\n## `backup-context`\n\nAnswer:\n\n```text\nx\n```\n";
    imports(
        "x.md",
        page.as_bytes(),
        str![[r#"
added    patch-report: no
x.md: 1 added, 0 changed, 0 unchanged, 1 refused; in responses/ops
--- standard error
error[bad-markdown]: these backticks open a text that nothing closes: neither it nor a question in it is read
 --> x.md:7:1
  |
7 | ```text
  | ^^^^^^^
  |
  = help: write the same backticks on a line of their own behind the text
--- exit 1

"#]],
    );
    let page = "## `patch-report`\n\n- [x] No `no`\n\nNote:\n\n```text\nmine\n\n## `backup-context`\n\n- Answer: x\n";
    imports(
        "x.md",
        page.as_bytes(),
        str![[r#"
added    patch-report: no
x.md: 1 added, 0 changed, 0 unchanged, 1 refused; in responses/ops
--- standard error
error[bad-markdown]: these backticks open a text that nothing closes: neither it nor a question in it is read
 --> x.md:7:1
  |
7 | ```text
  | ^^^^^^^
  |
  = help: write the same backticks on a line of their own behind the text
--- exit 1

"#]],
    );
    let table = "key,answer,note\npatch-report,no,\nbackup-context,x,\"mine\nlast-restore,2026-11-20,\n";
    imports(
        "x.csv",
        table.as_bytes(),
        str![[r#"
added    patch-report: no
x.csv: 1 added, 0 changed, 0 unchanged, 1 refused; in responses/ops
--- standard error
error[bad-answer]: this quotation mark opens a text that nothing closes, so its row and the rest are not read
 --> x.csv:3:18
  |
3 | backup-context,x,"mine
  |                  ^
  |
  = help: write another one behind the text; within it, write it twice
--- exit 1

"#]],
    );
}

#[test]
fn what_is_no_worksheet_is_refused_whole() {
    let sandbox = answered();
    sandbox.write("x.csv", "a,b\n1,2\n");
    sandbox.refuses(
        &["worksheet", "import", "x.csv", "--agreed"],
        2,
        str![[r#"
error[missing-key]: this is no worksheet: there is no key of a question in it
 --> x.csv:1:1
  |
1 | a,b
  | ^
  |
  = help: a table has the headings `key` and `answer`, Markdown has headings such as `### question@environment`

"#]],
    );
    sandbox.write("x.md", "# Minutes\n\n- [x] coffee\n");
    sandbox.refuses(
        &["worksheet", "import", "x.md", "--agreed"],
        2,
        str![[r#"
error[missing-key]: this is no worksheet: there is no key of a question in it
 --> x.md:1:1
  |
1 | # Minutes
  | ^
  |
  = help: a table has the headings `key` and `answer`, Markdown has headings such as `### question@environment`

"#]],
    );
    sandbox.write_bytes("x.xlsx", b"PK\x03\x04 and no more");
    let run = sandbox.run(&["worksheet", "import", "x.xlsx", "--agreed"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    assert!(run.stderr.contains("x.xlsx: this is no workbook that can be read"), "{}", run.stderr);
    sandbox.refuses(
        &["worksheet", "import", "missing.csv", "--agreed"],
        2,
        str![[r#"
error: there is no file `missing.csv`

"#]],
    );
    sandbox.write("y.csv", "key,answer\npatch-report,yes\n");
    sandbox.refuses(
        &["worksheet", "import", "y.csv"],
        2,
        str![[r#"
error: `y.csv` does not say who answered
  = help: write `--respondent ID`, or `--agreed` if the answers are agreed

"#]],
    );
    sandbox.write("z.csv", "key,answer,answered by\npatch-report,yes,Anna Müller\n");
    sandbox.refuses(
        &["worksheet", "import", "z.csv"],
        2,
        str![[r#"
error: `z.csv` is by `Anna Müller`, which cannot name a respondent
  = help: a respondent is a role or a short name of letters, digits, `-`, `_` and `.`: write `--respondent ID`

"#]],
    );
}

#[test]
fn several_files_are_imported_each_for_its_respondent() {
    let sandbox = Sandbox::workspace();
    sandbox.write("a.csv", "key,answer,answered by\nbackup-policy@cloud,drafted,ops-lead\n");
    sandbox.write("b.md", "Answered by: service-owner\n\n## `backup-policy@cloud`\n\n- [x] none\n");
    sandbox.write("c.md", "nothing\n");
    sandbox.run(&["worksheet", "import", "a.csv", "b.md", "c.md"]).gives(str![[r#"
added    backup-policy@cloud: drafted
a.csv: 1 added, 0 changed, 0 unchanged; in responses/ops-lead
added    backup-policy@cloud: none
b.md: 1 added, 0 changed, 0 unchanged; in responses/service-owner
--- standard error
error[missing-key]: this is no worksheet: there is no key of a question in it
 --> c.md:1:1
  |
1 | nothing
  | ^
  |
  = help: a table has the headings `key` and `answer`, Markdown has headings such as `### question@environment`
1 more question is asked now: `opsready worksheet export --open --respondent ops-lead`
--- exit 1

"#]]);
    let json = sandbox.run(&["worksheet", "import", "a.csv", "--json"]).json();
    shows(
        &format!("{json:#}\n"),
        str![[r#"
{
  "schema": "opsready/worksheet-import/v1",
  "dry_run": false,
  "files": [
    {
      "file": "a.csv",
      "respondent": "ops-lead",
      "folder": "responses/ops-lead",
      "entries": [],
      "unchanged": 1,
      "follow_up": 0,
      "refused": []
    }
  ],
  "unreadable": []
}

"#]],
    );
}

#[test]
fn rows_by_two_people_are_not_taken_for_one() {
    let sandbox = Sandbox::workspace();
    sandbox.write("a.csv", "key,answer,answered by\npatch-report,yes,ops-lead\nbackup-context,x,service-owner\n");
    sandbox.run(&["worksheet", "import", "a.csv"]).gives(str![[r#"
added    patch-report: yes
a.csv: 1 added, 0 changed, 0 unchanged, 1 refused; in responses/ops-lead
--- standard error
error[bad-answer]: this row is by `service-owner`, and the first by `ops-lead`
 --> a.csv:3:18
  |
3 | backup-context,x,service-owner
  |                  ^^^^^^^^^^^^^
  |
  = help: a worksheet is by one respondent: send one for each
--- exit 1

"#]]);
}

// mangled on the way

/// Imports the same answers, mangled in one way, which must read as if they were not.
#[track_caller]
fn reads_the_same(name: &str, bytes: &[u8]) {
    let sandbox = Sandbox::workspace();
    sandbox.write_bytes(name, bytes);
    let run = sandbox.run(&["worksheet", "import", name, "--respondent", "ops"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let mut answers: Vec<&str> = lines[..lines.len().saturating_sub(1)].to_vec();
    answers.sort_unstable();
    let wanted = [
        "added    backup-context: \"Two sites; \"old\" and new\"",
        "added    backup-policy@cloud: agreed; note",
        "added    backup-scope: databases, files; mail does not apply",
        "added    last-restore: 2026-11-20",
        "added    patch-report: not known (ops-lead, 2026-12-01)",
        "added    restore-share@cloud: 62.5",
    ];
    assert_eq!((answers, run.code), (wanted.to_vec(), Some(0)), "{}", run.stderr);
}

const TABLE: &str = "\
key,question,answer,statements that do not apply,don't know owner,due,note
backup-policy@cloud,Is there a policy?,agreed,,,,with finance
restore-share@cloud,What share?,62.5,,,,
backup-scope,What is backed up?,databases; files,mail,,,
backup-context,What else?,\"Two sites; \"\"old\"\" and new\",,,,
last-restore,When?,2026-11-20,,,,
patch-report,Is there a report?,(don't know),,ops-lead,2026-12-01,
";

/// Returns the table as rows of fields.
fn rows() -> Vec<Vec<String>> {
    let row = |line: &str| {
        line.replace("\"Two sites; \"\"old\"\" and new\"", "Two sites; \"old\" and new").split(',').map(str::to_owned).collect()
    };
    TABLE.lines().map(row).collect()
}

/// Returns rows as CSV with another mark, and everything in quotes.
fn separated(rows: &[Vec<String>], mark: &str) -> String {
    let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
    rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(mark) + "\n").collect()
}

#[test]
fn a_table_that_nobody_mangled() {
    reads_the_same("x.csv", TABLE.as_bytes());
}

#[test]
fn a_byte_order_mark() {
    reads_the_same("x.csv", format!("\u{feff}{TABLE}").as_bytes());
}

#[test]
fn semicolons() {
    reads_the_same("x.csv", separated(&rows(), ";").as_bytes());
    reads_the_same("x.csv", format!("sep=;\n{}", separated(&rows(), ";")).as_bytes());
}

#[test]
fn tabs_and_utf_16() {
    let text = separated(&rows(), "\t");
    reads_the_same("x.txt", text.as_bytes());
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    reads_the_same("x.txt", &wide);
}

#[test]
fn windows_line_ends() {
    reads_the_same("x.csv", TABLE.replace('\n', "\r\n").as_bytes());
    reads_the_same("x.csv", TABLE.replace('\n', "\r").as_bytes());
}

#[test]
fn smart_quotes_and_dashes_in_keys_and_headings() {
    let text = TABLE
        .replace("don't", "don’t")
        .replace("backup-policy@", "backup\u{2011}policy@")
        .replace("2026-11-20", "2026\u{2013}11\u{2013}20");
    reads_the_same("x.csv", text.as_bytes());
}

#[test]
fn windows_1252() {
    let text = TABLE.replace("with finance", "für Müller");
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("it is in Latin-1")).collect();
    let sandbox = Sandbox::workspace();
    sandbox.write_bytes("x.csv", &bytes);
    works(&sandbox.run(&["worksheet", "import", "x.csv", "--respondent", "ops"]));
    assert!(sandbox.read("responses/ops/backup.yaml").contains("für Müller"));
}

#[test]
fn reordered_and_deleted_rows_and_columns_and_others_between_them() {
    let mut mangled = rows();
    let heading = mangled.remove(0);
    mangled.reverse();
    mangled.insert(0, heading);
    for (index, row) in mangled.iter_mut().enumerate() {
        row.reverse();
        row.insert(2, if index == 0 { "Status".to_owned() } else { "open".to_owned() });
        row.push(String::new());
    }
    mangled.insert(3, vec![String::new(); 9]);
    mangled.insert(0, vec!["Sent back on Friday".to_owned()]);
    reads_the_same("x.csv", separated(&mangled, ",").as_bytes());
}

#[test]
fn headings_in_another_case() {
    let text =
        TABLE.replacen("key,question,answer", "KEY,Question ,Answer (see list)", 1).replacen("don't know owner", "Don't Know Owner:", 1);
    reads_the_same("x.csv", text.as_bytes());
}

#[test]
fn non_breaking_spaces() {
    let text = TABLE
        .replace("patch-report,", "\u{a0}patch-report\u{a0},")
        .replace("62.5", "62.5\u{202f}%")
        .replace("databases; files", "databases;\u{a0}files");
    reads_the_same("x.csv", text.as_bytes());
}

#[test]
fn decimal_commas_and_dates_of_other_countries() {
    reads_the_same(
        "x.csv",
        TABLE.replace("62.5", "\"62,5\"").replace("2026-11-20", "20.11.2026").replace("2026-12-01", "1.12.2026").as_bytes(),
    );
    reads_the_same(
        "x.csv",
        TABLE.replace("62.5", "62.5 percent").replace("2026-11-20", "11/20/2026").replace("2026-12-01", "1 Dec 2026").as_bytes(),
    );
}

#[test]
fn choices_by_label_number_and_both() {
    reads_the_same(
        "x.csv",
        TABLE.replace(",agreed,", ",\"Agreed, with an owner\",").replace("databases; files,mail", "\"Databases, Files\",Mail").as_bytes(),
    );
    reads_the_same("x.csv", TABLE.replace(",agreed,", ",3,").replace("databases; files,mail", "1; 2,3.").as_bytes());
    reads_the_same(
        "x.csv",
        TABLE
            .replace(",agreed,", ",\"agreed = Agreed, with an owner\",")
            .replace("databases; files,mail", "\"files,databases\",mail")
            .as_bytes(),
    );
    reads_the_same("x.csv", TABLE.replace(",agreed,", ",AGREED ,").replace("(don't know)", "").as_bytes());
}

#[test]
fn a_guard_against_formulas_comes_off() {
    let sandbox = imports(
        "x.csv",
        b"key,answer,note\nbackup-context,'=1+1,'@home\nrestore-share@cloud,'+62.5,\n",
        str![[r#"
added    backup-context: "=1+1"; note
added    restore-share@cloud: 62.5
x.csv: 2 added, 0 changed, 0 unchanged; in responses/ops

"#]],
    );
    shows(
        &sandbox.read("responses/ops/backup.yaml"),
        str![[r##"
# yaml-language-server: $schema=../../schemas/answers.schema.json
capability: backup
answers:
  backup-context:
    text: "=1+1"
    note: "@home"
    by: [ops]
    answered_on: 2026-12-01
  restore-share@cloud:
    number: 62.5
    by: [ops]
    answered_on: 2026-12-01

"##]],
    );
}

const PAGE: &str = "\
# Questions

## `backup-policy@cloud`

- [ ] Written down `drafted`
- [x] Agreed, with an owner `agreed`

Note:

```text
with finance
```

## `restore-share@cloud`

- Answer: 62.5

## `backup-scope`

- [x] Databases `databases`
- [x] Files `files`
- [ ] Mail `mail`
- Statements that do not apply: `mail`

## `backup-context`

Answer:

```text
Two sites; \"old\" and new
```

## `last-restore`

- Answer: 2026-11-20

## `patch-report`

- [ ] Yes `yes`

- [x] Nobody knows yet
  - Owner: ops-lead
  - Due: 2026-12-01
";

#[test]
fn a_page_that_nobody_mangled() {
    reads_the_same("x.md", PAGE.as_bytes());
}

#[test]
fn a_page_with_byte_order_mark_windows_line_ends_and_another_name() {
    reads_the_same("x.txt", format!("\u{feff}{}", PAGE.replace('\n', "\r\n")).as_bytes());
}

#[test]
fn boxes_ticked_in_other_ways() {
    for (bullet, ticked) in
        [("-", "[X]"), ("*", "[x]"), ("+", "[ x ]"), ("-", "\\[x\\]"), ("•", "[x]"), ("-", "☑"), ("-\u{a0}", "[x]"), ("1.", "[x]")]
    {
        let page = PAGE.replace("- [x]", &format!("{bullet} {ticked}")).replace("- [ ]", &format!("{bullet} [ ]"));
        reads_the_same("x.md", page.as_bytes());
    }
}

#[test]
fn ids_without_backticks_and_choices_by_label_alone() {
    reads_the_same("x.md", PAGE.replace('`', "").replace("text\nwith", "with").replace("text\nTwo", "Two").as_bytes());
    reads_the_same("x.md", PAGE.replace(" `databases`", "").replace(" `agreed`", "").as_bytes());
}

#[test]
fn headings_of_another_kind_and_level() {
    reads_the_same("x.md", PAGE.replace("## `", "##### `").as_bytes());
    reads_the_same("x.md", PAGE.replace("## `last-restore`", "last-restore\n---").as_bytes());
    reads_the_same("x.md", PAGE.replace("## `last-restore`", "## 5. When was it? (`last-restore`) {#last}").as_bytes());
}

#[test]
fn reflowed_lines_and_fields_in_bold() {
    let page = PAGE
        .replace("Agreed, with an owner `agreed`", "Agreed, with\n  an owner\n  `agreed`")
        .replace("Note:", "**Note:**")
        .replace("- Answer: 62.5", "- **Answer:**\n  62,5\u{a0}%")
        .replace("```text\nTwo sites; \"old\" and new\n```", "Two sites; “old”\nand new")
        .replace("  - Owner: ops-lead\n", "  - Owner:\n    ops-lead\n");
    let sandbox = Sandbox::workspace();
    sandbox.write("x.md", &page);
    let run = sandbox.run(&["worksheet", "import", "x.md", "--respondent", "ops"]);
    works(&run);
    run.gives(str![[r#"
added    backup-policy@cloud: agreed; note
added    restore-share@cloud: 62.5
added    backup-scope: databases, files; mail does not apply
added    backup-context: "Two sites; “old” and new"
added    last-restore: 2026-11-20
added    patch-report: not known (ops-lead, 2026-12-01)
x.md: 6 added, 0 changed, 0 unchanged; in responses/ops
--- standard error
1 more question is asked now: `opsready worksheet export --open --respondent ops`

"#]]);
}

#[test]
fn sections_in_another_order_with_text_between_them() {
    let (head, tail) = PAGE.split_once("## `backup-context`").expect("the question is there");
    let (_, sections) = head.split_once("## ").expect("there is a section");
    let page =
        format!("Hello,\n\nhere it is: *all* done.\n\n## `backup-context`{tail}\n## Something else\n\n- [ ] call Anna\n\n## {sections}");
    reads_the_same("x.md", page.as_bytes());
}

#[test]
fn what_is_written_beside_a_choice_is_a_note() {
    let sandbox = imports("x.md", b"## `patch-report`\n\n- [x] Yes `yes` every Monday, since May\n\nNote:\n\nby *mail*, see [wiki](https://wiki.example/a)\n\n- to all\n", str![[r#"
added    patch-report: yes; note
x.md: 1 added, 0 changed, 0 unchanged; in responses/ops

"#]]);
    shows(
        &sandbox.read("responses/ops/patching.yaml"),
        str![[r##"
# yaml-language-server: $schema=../../schemas/answers.schema.json
capability: patching
answers:
  patch-report:
    choose: "yes"
    note: |-
      every Monday, since May
      by *mail*, see wiki https://wiki.example/a
      - to all
    by: [ops]
    answered_on: 2026-12-01

"##]],
    );
}

/// Returns a workbook with the answers of the table, written as other programs write them.
fn mangled_workbook() -> Vec<u8> {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Cover").expect("a name").write_string(0, 0, "Please fill").expect("a cell");
    let sheet = workbook.add_worksheet();
    let date = |year, month, day| ExcelDateTime::from_ymd(year, month, day).expect("the date exists");
    let dated = Format::new().set_num_format("dd/mm/yyyy");
    for (row, cells) in (3..).zip(rows()) {
        for (column, cell) in (1..).zip(cells) {
            match (column, cell.as_str()) {
                (_, "62.5") => sheet.write_number_with_format(row, column, 0.625, &Format::new().set_num_format("0.0%")),
                (_, "2026-11-20") => sheet.write_datetime_with_format(row, column, date(2026, 11, 20), &dated),
                (_, "2026-12-01") => sheet.write_datetime_with_format(row, column, date(2026, 12, 1), &dated),
                (_, "agreed") => sheet.write_number(row, column, 3.0),
                (_, text) => sheet.write_string(row, column, text),
            }
            .expect("the cell can be written");
        }
    }
    // A stray cell at the far end, as an accidental key leaves it.
    sheet.write_string(1_048_575, 16_383, " ").expect("the cell is there");
    workbook.save_to_buffer().expect("the workbook can be written")
}

#[test]
fn a_workbook_with_real_dates_shares_and_numbers() {
    reads_the_same("x.xlsx", &mangled_workbook());
    reads_the_same("x.csv", &mangled_workbook());
}

#[test]
fn a_filled_workbook_comes_back_from_libreoffice() {
    let Some(office) = ["soffice", "libreoffice"].into_iter().find(|name| {
        let found = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.is_ok_and(|status| status.success())
    }) else {
        skipped("LibreOffice is not installed");
        return;
    };
    let sandbox = answered();
    works(&sandbox.run(&["worksheet", "export", "-o", "x.xlsx", "--respondent", "ops-lead"]));
    let profile = format!("-env:UserInstallation=file://{}", sandbox.path("profile").display());
    let convert = |from: &str, to: &str| {
        let mut command = Command::new(office);
        command.args([&profile, "--headless", "--convert-to", to, "--outdir", "back", from]).current_dir(sandbox.path(""));
        let output = command.output().expect("LibreOffice starts");
        assert!(output.status.success(), "{output:?}");
    };
    for (format, file) in [("xlsx", "back/x.xlsx"), ("csv", "back/x.csv")] {
        convert("x.xlsx", format);
        let run = sandbox.run(&["worksheet", "import", file, "--agreed"]);
        assert_eq!((run.code, run.stdout), (Some(0), format!("{file}: 0 added, 0 changed, 7 unchanged; in answers\n")), "{}", run.stderr);
    }
}

#[expect(clippy::print_stderr, reason = "a test that cannot run says so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

// laws

fn kit() -> Kit {
    read_kit(&small_kit()).expect("the kit can be read").0.expect("the kit holds")
}

/// Reads an assessment with these answers; nothing if they do not fit.
fn assessed(kit: &Kit, answers: &Map<String, Value>) -> Option<Assessment> {
    let frame = "id: acme\ncustomer: \"Acme | <b>`Logistics`\"\nkit: {id: small, version: 1.2.0}\n";
    let of = |capability: &str| {
        let is_of = |key: &&String| key.starts_with("patch") == (capability == "patching");
        let answers: Map<String, Value> =
            answers.iter().filter(|(key, _)| is_of(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
        let text = json!({"capability": capability, "answers": answers}).to_string();
        (capability.to_owned(), Source::new(format!("answers/{capability}.yaml"), text))
    };
    let sources = AssessmentSources { assessment: Source::new("opsready.yaml", frame), answers: vec![of("backup"), of("patching")] };
    let (assessment, diagnostics) = assessment(kit, &sources);
    assert!(assessment.is_some(), "{diagnostics:?}");
    assessment
}

/// Text of whatever breaks formats.
fn text() -> impl Strategy<Value = String> {
    let pieces = [
        "word",
        " ",
        "\n",
        "\n\n",
        "\t",
        "=1+1",
        "'",
        "''",
        "\"",
        "@",
        "-",
        "+",
        "|",
        "`",
        "```",
        "````\n",
        "~~~",
        "<script>",
        "&amp;",
        "]]>",
        "\\",
        "\\n",
        "# ",
        "### `backup-scope`\n",
        "- [x] Agreed, with an owner `agreed`\n",
        "- [ ] Nobody knows yet\n",
        "Owner: x\n",
        "Note:",
        "Answer: ",
        "\u{a0}",
        "“",
        "’",
        "…",
        "–",
        ";",
        ",",
        "key,answer",
        "(parked)",
        "n/a",
        "?",
        "62,5",
        "1",
        "yes",
        "_x0041_",
        "é",
        "😀",
        "\u{202e}",
        "\u{7}",
        "\u{1b}[31m",
        "[a](b)",
        "https://x.example/a_b?c=d&e=(f)",
        "*",
        "_",
        "1. ",
        "    code",
        ":",
        "out-of-scope:",
        "---\n",
        "\u{feff}",
        "true",
        "none",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..8).prop_map(|pieces| pieces.concat())
}

/// An answer of whatever kind a question takes.
fn answer(own: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    let reasons = prop::sample::select(vec!["out-of-scope", "business-priority", "architecture-constraint", "other"]);
    let state = prop_oneof![
        4 => own,
        1 => (reasons, prop::option::of(text())).prop_map(|(reason, note)| json!({"not_applicable": {"reason": reason, "note": note}})),
        1 => (prop::option::of(text()), prop::option::of(0..28_u8), prop::option::of(text())).prop_map(|(owner, day, note)| {
            json!({"dont_know": {"owner": owner, "due": day.map(|day| format!("2026-12-{:02}", day + 1)), "note": note}})
        }),
        1 => prop::option::of(text()).prop_map(|note| json!({"parked": {"note": note}})),
        1 => Just(json!({})),
    ];
    let evidence = prop::collection::vec((prop::option::of(text()), prop::option::of(text()), any::<bool>()), 0..3);
    (state, prop::option::of(text()), evidence).prop_map(|(mut answer, note, evidence)| {
        let entry = answer.as_object_mut().expect("it is an entry");
        entry.insert("note".to_owned(), json!(note));
        let evidence = evidence
            .into_iter()
            .map(|(title, link, is_dated)| json!({"title": title, "link": link, "collected": is_dated.then_some("2026-10-02")}));
        entry.insert("evidence".to_owned(), Value::Array(evidence.collect()));
        answer
    })
}

fn one_of(choices: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(choices).prop_map(|choice| json!({"choose": choice}))
}

fn answers() -> impl Strategy<Value = Map<String, Value>> {
    let policy = || answer(one_of(&["none", "drafted", "agreed"]));
    let tested = || answer(one_of(&["yes", "no"]));
    let window = || answer(one_of(&["nobody", "team", "calendar"]));
    let scope =
        (prop::sample::subsequence(vec!["databases", "files", "mail"], 0..3), prop::sample::subsequence(vec!["databases", "mail"], 0..2))
            .prop_map(|(chosen, left_out)| json!({"choose": chosen, "not_applicable_choices": left_out}));
    let share = (0..=1000_u32).prop_map(|tenths| json!({"number": f64::from(tenths) / 10.0}));
    let context = text().prop_map(|text| json!({"text": text}));
    let date = (1..=28_u8).prop_map(|day| json!({"date": format!("2026-02-{day:02}")}));
    let all: Vec<(&str, BoxedStrategy<Value>)> = vec![
        ("backup-policy@on-premises", policy().boxed()),
        ("backup-policy@cloud", policy().boxed()),
        ("restore-tested@on-premises", tested().boxed()),
        ("restore-tested@cloud", tested().boxed()),
        ("restore-share@cloud", answer(share).boxed()),
        ("backup-scope", answer(scope).boxed()),
        ("backup-context", answer(context).boxed()),
        ("last-restore", answer(date).boxed()),
        ("patch-window@on-premises", window().boxed()),
        ("patch-window@cloud", window().boxed()),
        ("patch-report", tested().boxed()),
    ];
    let each: Vec<_> = all.into_iter().map(|(key, answer)| (Just(key.to_owned()), prop::option::weighted(0.8, answer))).collect();
    each.prop_map(|entries| entries.into_iter().filter_map(|(key, answer)| Some((key, answer?))).collect())
}

/// Returns the worksheet of an assessment in each format.
fn written(kit: &Kit, assessment: &Assessment) -> [(&'static str, Vec<u8>); 3] {
    let worksheet = Worksheet::of(kit, assessment, &Selection { respondent: "ops", ..Selection::default() });
    [
        ("x.md", markdown::write(&worksheet).into_bytes()),
        ("x.csv", csv::write(&worksheet).into_bytes()),
        ("x.xlsx", xlsx::write(&worksheet).expect("the workbook can be written")),
    ]
}

fn imported(kit: &Kit, assessment: &Assessment, name: &str, bytes: &[u8]) -> Import {
    let sheet = sheet(kit, name, bytes).expect("the worksheet can be read");
    assert_eq!(sheet.respondent.as_ref().map(|said| said.text.as_str()), Some("ops"), "{name}");
    import(kit, assessment, sheet, Some("ops"), Date::parse("2026-12-01").expect("the date exists"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_assessment_exported_and_imported_unchanged_changes_nothing(answers in answers()) {
        let kit = kit();
        let assessment = assessed(&kit, &answers).expect("the answers fit");
        let worksheet = Worksheet::of(&kit, &assessment, &Selection::default());
        let filled = worksheet.items().filter(|item| {
            let Filled { state, note, evidence, .. } = &item.filled;
            state.is_some_and(|state| state != opsready::assessment::State::Unanswered) || !note.is_empty() || !evidence.is_empty()
        });
        let filled = filled.count();
        for (name, bytes) in written(&kit, &assessment) {
            let import = imported(&kit, &assessment, name, &bytes);
            prop_assert!(import.faults.is_empty() && import.entries.is_empty(), "{name}: {import:#?}\n{}", String::from_utf8_lossy(&bytes));
            prop_assert!(import.unchanged <= filled, "{name}: {} of {filled}", import.unchanged);
        }
    }

    #[test]
    fn every_format_says_the_same_of_new_answers(answers in answers()) {
        let kit = kit();
        let assessment = assessed(&kit, &answers).expect("the answers fit");
        let nothing = assessed(&kit, &Map::new()).expect("no answers fit");
        let said = written(&kit, &assessment).map(|(name, bytes)| {
            let import = imported(&kit, &nothing, name, &bytes);
            assert!(import.faults.is_empty(), "{name}: {:#?}\n{}", import.faults, String::from_utf8_lossy(&bytes));
            import.entries.into_iter().map(|entry| (entry.key, entry.after)).collect::<Vec<_>>()
        });
        let even = |said: &Vec<(String, String)>| said.iter().map(|(key, after)| (key.clone(), opsready::exchange::worksheet::value::even(after))).collect::<Vec<_>>();
        prop_assert_eq!(even(&said[0]), even(&said[1]));
        prop_assert_eq!(even(&said[1]), even(&said[2]));
    }

    #[test]
    fn no_bytes_make_the_reader_fall_over(text in prop::collection::vec(prop::sample::select(vec![
        "key", "answer", ",", ";", "\t", "\n", "\"", "### `backup-policy@cloud`\n", "- [x] ", "`agreed`", "Note:", "```\n", "agreed", "backup-policy@cloud", "> ", "  ", "\u{a0}", "1,2",
        "'", "=", "Owner: ", "* ", "<b>", "[", "](", "\r",
    ]), 0..40), tail in prop::collection::vec(any::<u8>(), 0..8)) {
        let kit = kit();
        let nothing = assessed(&kit, &Map::new()).expect("no answers fit");
        let bytes = [text.concat().into_bytes(), tail].concat();
        for name in ["x.md", "x.csv"] {
            if let Ok(sheet) = sheet(&kit, name, &bytes) {
                import(&kit, &nothing, sheet, None, Date::parse("2026-12-01").expect("the date exists"));
            }
        }
    }
}
