//! What the program does with broken input: it says what is wrong and where, exits with the documented code, and leaves
//! every file as it was.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use std::fmt::Write;
use std::fs::{self, File};
use support::{ODD_ANSWERS, Run, Sandbox, same, shows, small_kit};

const SMALL_ANSWERS: &str = "capability: backup\nanswers:\n  backup-scope:\n    choose: [databases]\n";

/// Returns a workspace with these answers to `backup`, in which `score` must refuse as shown and `answer` must refuse too.
#[track_caller]
fn answers_refused(answers: &str, expected: snapbox::data::Inline) {
    let sandbox = Sandbox::with_answers(answers);
    sandbox.refuses(&["score"], 2, expected);
    sandbox.takes_no_answer();
}

/// Changes the kit's `backup.yaml` so that `kit lint` must refuse as shown, and `score` and `answer` must refuse too.
#[track_caller]
fn capability_refused(old: &str, new: &str, expected: snapbox::data::Inline) {
    let sandbox = Sandbox::workspace();
    sandbox.replace("kit/capabilities/backup.yaml", old, new);
    let before = sandbox.tree();
    let run = sandbox.run(&["kit", "lint"]);
    same(&before, &sandbox.tree());
    run.gives(expected);
    assert_eq!(sandbox.run(&["score"]).code, Some(2));
    sandbox.takes_no_answer();
}

/// Checks that `score` names this fault at this place before any other, and that nothing is changed.
#[track_caller]
fn answers_refused_at(answers: &str, fault: &str, place: &str) {
    let sandbox = Sandbox::with_answers(answers);
    let before = sandbox.tree();
    let run = sandbox.run(&["score"]);
    same(&before, &sandbox.tree());
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    let mut lines = run.stderr.lines();
    assert_eq!(lines.next(), Some(fault), "{}", run.stderr);
    let shown = lines.next().unwrap_or_default().trim().trim_start_matches("--> ");
    assert!(shown.starts_with(place), "{shown} is not {place}: {}", run.stderr);
    sandbox.takes_no_answer();
}

#[track_caller]
fn works(run: &Run) {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

// Kits that are not there.

#[test]
fn a_workspace_without_its_kit_says_what_is_missing() {
    let sandbox = Sandbox::workspace();
    fs::remove_dir_all(sandbox.path("kit")).expect("the kit can be deleted");
    sandbox.refuses(
        &["status"],
        2,
        str![[r#"
error[missing-file]: the workspace has no kit: `kit` is missing
 = help: copy the kit's folder there, or make a new workspace with `opsready init`
1 error to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
}

#[test]
fn a_kit_that_does_not_exist_makes_no_workspace() {
    let sandbox = Sandbox::empty();
    sandbox.refuses(
        &["init", "new", "--no-input", "--kit", "aws-clod-operations"],
        2,
        str![[r#"
error: there is no kit `aws-clod-operations`
  = help: did you mean `aws-cloud-operations`?

"#]],
    );
    sandbox.refuses(
        &["init", "new", "--no-input", "--kit", "zzz"],
        2,
        str![[r#"
error: there is no kit `zzz`
  = help: there are `aws-cloud-operations`; write a path such as `./zzz` for a folder

"#]],
    );
    sandbox.refuses(
        &["init", "new", "--no-input", "--kit", "./nowhere"],
        2,
        str![[r#"
error[missing-file]: the kit `./nowhere` does not exist
 = help: `opsready kit list` shows the kits that come with the program; `opsready kit new` starts one
1 error to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["init", "new", "--no-input"],
        2,
        str![[r#"
error: a kit is needed
  = help: write `--kit ID`; there are `aws-cloud-operations`

"#]],
    );
    sandbox.refuses(
        &["init", "new", "--no-input", "--kit", ""],
        2,
        str![[r#"
error: there is no kit ``
  = help: there are `aws-cloud-operations`; write a path such as `./` for a folder

"#]],
    );
}

#[test]
fn a_kit_folder_without_its_kit_file_is_refused() {
    let sandbox = Sandbox::workspace();
    fs::remove_file(sandbox.path("kit/kit.yaml")).expect("the file can be deleted");
    sandbox.refuses(
        &["kit", "lint"],
        2,
        str![[r#"
error[missing-file]: the kit `kit` has no `kit.yaml`
 = help: `opsready kit list` shows the kits that come with the program; `opsready kit new` starts one
1 error to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[missing-file]: the kit `kit` has no `kit.yaml`
 = help: `opsready kit list` shows the kits that come with the program; `opsready kit new` starts one
1 error to mend; nothing was changed

"#]],
    );
    let before = sandbox.tree();
    let run = sandbox.run_in("", &["init", "new", "--no-input", "--kit", "./acme/kit"]);
    same(&before, &sandbox.tree());
    run.gives(str![[r#"
--- standard error
error[missing-file]: the kit `./acme/kit` has no `kit.yaml`
 = help: `opsready kit list` shows the kits that come with the program; `opsready kit new` starts one
1 error to mend; nothing was changed
--- exit 2

"#]]);
    sandbox.takes_no_answer();
}

#[test]
fn where_there_is_no_workspace_the_program_says_how_to_make_one() {
    let sandbox = Sandbox::empty();
    sandbox.refuses(
        &["status"],
        2,
        str![[r#"
error: there is no workspace in `.` or above it
  = help: make one with `opsready init DIR --kit ID`, or name it with `-C DIR`

"#]],
    );
}

#[test]
fn a_folder_that_is_named_is_not_searched_upwards_and_the_message_says_so() {
    let sandbox = Sandbox::workspace();
    let run = sandbox.run(&["-C", "nowhere", "status"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("error: ") && run.stderr.contains("`nowhere`") && !run.stderr.contains("above"), "{}", run.stderr);
}

// Files that are no YAML.

#[test]
fn an_empty_kit_file_is_refused() {
    let sandbox = Sandbox::workspace();
    sandbox.write("kit/kit.yaml", "");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[empty-file]: the file is empty
 --> kit/kit.yaml:1:1
  |
1 |
  | ^
  |
  = help: fill it in or delete it
1 error to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
}

#[test]
fn an_empty_answers_file_is_refused() {
    answers_refused(
        "",
        str![[r#"
error[empty-file]: the file is empty
 --> answers/backup.yaml:1:1
  |
1 |
  | ^
  |
  = help: fill it in or delete it
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "# only a comment\n\n",
        str![[r#"
error[empty-file]: the file is empty
 --> answers/backup.yaml:1:1
  |
1 | # only a comment
  | ^
  |
  = help: fill it in or delete it
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn an_empty_assessment_file_is_refused() {
    let sandbox = Sandbox::workspace();
    sandbox.write("opsready.yaml", "");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[empty-file]: the file is empty
 --> opsready.yaml:1:1
  |
1 |
  | ^
  |
  = help: fill it in or delete it
1 error to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
}

#[test]
fn a_tab_in_the_indentation_is_shown() {
    answers_refused(
        "capability: backup\nanswers:\n  backup-scope:\n\tchoose: [databases]\n",
        str![[r#"
error[tab-indentation]: a tab indents this line
 --> answers/backup.yaml:4:1
  |
4 |     choose: [databases]
  | ^^^^
  |
  = help: YAML is indented by spaces: use two for each level
1 error to mend; nothing was changed

"#]],
    );
    let fault = "error[tab-indentation]: a tab indents this line";
    answers_refused_at("capability: backup\nanswers:\n\tbackup-scope:\n\t\tchoose: [databases]\n", fault, "answers/backup.yaml:3:1");
}

#[test]
fn text_that_is_no_yaml_is_shown_where_it_breaks() {
    answers_refused(
        "capability: backup\nanswers:\n  backup-context:\n    text: Note: this breaks\n",
        str![[r#"
error[yaml-syntax]: this is not YAML: mapping values are not allowed in this context
 --> answers/backup.yaml:4:15
  |
4 |     text: Note: this breaks
  |               ^
  |
  = help: text that holds `: ` needs quotes
1 error to mend; nothing was changed

"#]],
    );
    let fault = "error[yaml-syntax]: this is not YAML: unclosed bracket '['";
    answers_refused_at("capability: backup\nanswers:\n  backup-scope:\n    choose: [databases, files\n", fault, "answers/backup.yaml:4:13");
    let fault = "error[yaml-syntax]: a quotation is not closed before this";
    answers_refused_at("capability: backup\nanswers:\n  backup-context:\n    text: \"never closed\n", fault, "answers/backup.yaml:5:1");
}

#[test]
fn two_documents_in_one_file_are_refused_in_plain_words() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n---\nmore: true\n");
    let run = sandbox.run(&["score"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("= help: keep one document a file: remove the line `---`"), "{}", run.stderr);
    assert!(!run.stderr.contains("from_str"), "{}", run.stderr);
}

#[test]
fn latin_1_bytes_are_refused_at_their_place() {
    let sandbox = Sandbox::workspace();
    sandbox.write_bytes("answers/backup.yaml", b"capability: backup\nanswers:\n  backup-context:\n    text: M\xfcller\n");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[not-utf8]: the byte 0xfc is not UTF-8
 --> answers/backup.yaml:4:12
  |
4 |     text: M�ller
  |            ^
  |
  = help: save the file as UTF-8; it looks like Latin-1 or Windows-1252
1 error to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
}

#[test]
fn latin_1_bytes_in_a_kit_are_refused_at_their_place() {
    let sandbox = Sandbox::workspace();
    let bytes = sandbox.read("kit/kit.yaml").replace("Small Operations", "Stra\u{1}e").into_bytes();
    sandbox.write_bytes("kit/kit.yaml", &bytes.iter().map(|byte| if *byte == 1 { 0xdf } else { *byte }).collect::<Vec<_>>());
    sandbox.refuses(
        &["kit", "lint"],
        2,
        str![[r#"
error[not-utf8]: the byte 0xdf is not UTF-8
 --> kit/kit.yaml:3:12
  |
3 | title: Stra�e
  |            ^
  |
  = help: save the file as UTF-8; it looks like Latin-1 or Windows-1252
1 kit: 1 error, 0 warnings

"#]],
    );
    sandbox.takes_no_answer();
}

#[test]
fn utf_16_is_named() {
    let sandbox = Sandbox::workspace();
    let mut bytes = vec![0xff, 0xfe];
    SMALL_ANSWERS.encode_utf16().for_each(|unit| bytes.extend(unit.to_le_bytes()));
    sandbox.write_bytes("answers/backup.yaml", &bytes);
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[not-utf8]: the byte 0xff is not UTF-8
 --> answers/backup.yaml:1:1
  |
1 | ��c␀a␀p␀a␀b␀i␀l␀i␀t␀y␀:␀ ␀b␀a␀c␀k␀u␀p␀
  | ^
  |
  = help: save the file as UTF-8; it looks like UTF-16
1 error to mend; nothing was changed

"#]],
    );
}

// Line ends and marks that are no fault.

#[test]
fn a_byte_order_mark_is_accepted_and_kept() {
    let sandbox = Sandbox::with_answers(&format!("\u{feff}{SMALL_ANSWERS}"));
    sandbox.write("kit/kit.yaml", &format!("\u{feff}{}", sandbox.read("kit/kit.yaml")));
    sandbox.write("opsready.yaml", &format!("\u{feff}{}", sandbox.read("opsready.yaml")));
    works(&sandbox.run(&["score"]));
    works(&sandbox.run(&["answer", "backup-context", "--text", "hello"]));
    let text = sandbox.read("answers/backup.yaml");
    assert!(text.starts_with(&format!("\u{feff}{SMALL_ANSWERS}")), "{text:?}");
    assert_eq!(text.matches('\u{feff}').count(), 1, "{text:?}");
    assert!(text.contains("text: hello"), "{text:?}");
}

#[test]
fn windows_line_ends_are_accepted_and_kept_everywhere() {
    let sandbox = Sandbox::with_answers(&ODD_ANSWERS.replace('\n', "\r\n"));
    sandbox.write("kit/kit.yaml", &sandbox.read("kit/kit.yaml").replace('\n', "\r\n"));
    sandbox.write("kit/capabilities/backup.yaml", &sandbox.read("kit/capabilities/backup.yaml").replace('\n', "\r\n"));
    sandbox.write("opsready.yaml", &sandbox.read("opsready.yaml").replace('\n', "\r\n"));
    works(&sandbox.run(&["score"]));
    for arguments in [
        &["answer", "backup-context", "--text", "first\nsecond", "--note", "one\n\ntwo"][..],
        &["answer", "backup-scope", "--choose", "files,mail", "--evidence", "https://x.example/a", "--by", "ops-lead"],
        &["answer", "backup-policy@cloud", "--choose", "agreed"],
        &["answer", "last-restore", "--clear"],
    ] {
        works(&sandbox.run(arguments));
        let text = sandbox.read("answers/backup.yaml");
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{arguments:?}: {text:?}");
        assert_eq!(text.matches('\r').count(), text.matches("\r\n").count(), "{arguments:?}: {text:?}");
    }
    works(&sandbox.run(&["status"]));
}

// Keys.

#[test]
fn a_key_that_is_there_twice_is_shown_with_both_places() {
    answers_refused(
        "capability: backup\nanswers:\n  backup-scope:\n    choose: [databases]\n  backup-context:\n    text: a\n  backup-scope:\n    choose: [files]\n",
        str![[r#"
error[duplicate-key]: the key `backup-scope` is there twice
 --> answers/backup.yaml:7:3
  |
7 |   backup-scope:
  |   ^^^^^^^^^^^^
  |
 ::: answers/backup.yaml:3:3
  |
3 |   backup-scope:
  |   ------------ first here
  |
  = help: keep one of the two
1 error to mend; nothing was changed

"#]],
    );
    capability_refused(
        "title: Backup and Restore",
        "title: Backup\ntitle: Restore",
        str![[r#"
--- standard error
error[duplicate-key]: the key `title` is there twice
 --> kit/capabilities/backup.yaml:3:1
  |
3 | title: Restore
  | ^^^^^
  |
 ::: kit/capabilities/backup.yaml:2:1
  |
2 | title: Backup
  | ----- first here
  |
  = help: keep one of the two
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
}

#[test]
fn a_misspelt_key_is_suggested() {
    answers_refused(
        "capability: backup\nanswers:\n  backup-scope:\n    chose: [databases]\n",
        str![[r#"
error[unknown-key]: unknown key `chose`
 --> answers/backup.yaml:4:5
  |
4 |     chose: [databases]
  |     ^^^^^
  |
  = help: did you mean `choose`?
1 error to mend; nothing was changed

"#]],
    );
    capability_refused(
        "    - id: backup-policy\n      ask:",
        "    - id: backup-policy\n      aks:",
        str![[r#"
--- standard error
error[missing-key]: the key `ask` is missing
 --> kit/capabilities/backup.yaml:6:7
  |
6 |     - id: backup-policy
  |       ^

error[unknown-key]: unknown key `aks`
 --> kit/capabilities/backup.yaml:7:7
  |
7 |       aks: Is there a policy for backups?
  |       ^^^
  |
  = help: did you mean `ask`?
1 kit: 2 errors, 0 warnings
--- exit 2

"#]],
    );
    let sandbox = Sandbox::workspace();
    sandbox.replace("kit/kit.yaml", "title: Small Operations", "tittle: Small Operations");
    sandbox.replace("opsready.yaml", "customer:", "costumer:");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[missing-key]: the key `title` is missing
 --> kit/kit.yaml:2:1
  |
2 | id: small
  | ^

error[unknown-key]: unknown key `tittle`
 --> kit/kit.yaml:3:1
  |
3 | tittle: Small Operations
  | ^^^^^^
  |
  = help: did you mean `title`?

error[missing-key]: the key `customer` is missing
 --> opsready.yaml:1:1
  |
1 | schema: opsready/assessment/v1
  | ^

error[unknown-key]: unknown key `costumer`
 --> opsready.yaml:3:1
  |
3 | costumer: Acme Logistics
  | ^^^^^^^^
  |
  = help: did you mean `customer`?
4 errors to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
}

// Hostile files.

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = String::from("capability: backup\na0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        writeln!(bomb, "a{level}: &a{level} [{}]", [below.as_str(); 9].join(", ")).expect("text grows");
    }
    answers_refused(
        &bomb,
        str![[r#"
error[alias-not-allowed]: anchors and aliases (`&` and `*`) are not used in these files
 --> answers/backup.yaml:2:9
  |
2 | a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]
  |         ^
  |
  = help: write the value out; text that starts with `&` or `*` needs quotes
1 error to mend; nothing was changed

"#]],
    );
    capability_refused(
        "purpose: What",
        "purpose: &what What",
        str![[r#"
--- standard error
error[alias-not-allowed]: anchors and aliases (`&` and `*`) are not used in these files
 --> kit/capabilities/backup.yaml:3:16
  |
3 | purpose: &what What is lost comes back in time.
  |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write the value out; text that starts with `&` or `*` needs quotes
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
}

#[test]
fn ten_thousand_levels_of_nesting_are_refused() {
    let depth = 10_000;
    let fault = "error[nested-too-deep]: nesting is deeper than 48 levels";
    let blocks: Vec<String> = (1..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let blocks = blocks.concat();
    for (answers, place) in [
        (format!("answers: {}x{}\n", "{a: ".repeat(depth), "}".repeat(depth)), "2:"),
        (format!("answers:\n  {}x\n", "- ".repeat(depth)), "3:"),
        (format!("answers:\n{blocks}"), "50:"),
    ] {
        answers_refused_at(&format!("capability: backup\n{answers}"), fault, &format!("answers/backup.yaml:{place}"));
    }
    answers_refused(
        &format!("capability: backup\nanswers:\n{blocks}"),
        str![[r#"
error[nested-too-deep]: nesting is deeper than 48 levels
  --> answers/backup.yaml:50:49
   |
50 | ...                   a:
   |                       ^
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn ten_thousand_open_brackets_are_refused_where_they_are() {
    let fault = "error[nested-too-deep]: nesting is deeper than 48 levels";
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    answers_refused_at(&format!("capability: backup\nanswers: {open}{close}\n"), fault, "answers/backup.yaml:2:");
    answers_refused_at(&format!("capability: backup\nanswers: {open}\n"), fault, "answers/backup.yaml:2:");
}

#[test]
fn ten_thousand_levels_of_nesting_in_a_kit_are_refused() {
    let sandbox = Sandbox::workspace();
    let deep = format!("purpose: {}x{}\n", "{a: ".repeat(10_000), "}".repeat(10_000));
    sandbox.replace("kit/capabilities/backup.yaml", "purpose: What is lost comes back in time.\n", &deep);
    let run = sandbox.run(&["kit", "lint"]);
    assert_eq!(run.code, Some(2));
    let start = "error[nested-too-deep]: nesting is deeper than 48 levels\n --> kit/capabilities/backup.yaml:3:";
    assert!(run.stderr.starts_with(start), "{}", run.stderr);
    sandbox.takes_no_answer();
}

#[test]
fn a_condition_with_ten_thousand_parentheses_is_refused() {
    let when = |text: String| format!("when: '{text}'\n");
    let old = "when: restore-tested:yes\n";
    capability_refused(
        old,
        &when("(".repeat(10_000)),
        str![[r#"
--- standard error
error[bad-condition]: the condition is longer than 4000 bytes
  --> kit/capabilities/backup.yaml:29:14
   |
29 |       when: '(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((...
   |              ^
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    capability_refused(
        old,
        &when(format!("{}restore-tested:yes", "!".repeat(3_000))),
        str![[r#"
--- standard error
error[bad-condition]: the condition is nested deeper than 64 levels
  --> kit/capabilities/backup.yaml:29:79
   |
29 |       when: '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!...
   |                                                                               ^
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
}

#[test]
fn a_file_of_fifty_megabytes_is_refused() {
    let large = |sandbox: &Sandbox, path: &str| {
        let file = File::options().write(true).open(sandbox.path(path)).expect("the file opens");
        file.set_len(50 * 1024 * 1024).expect("the file grows");
    };
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    large(&sandbox, "answers/backup.yaml");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[file-too-large]: the file has 50 MiB; at most 8 MiB are read
 --> answers/backup.yaml:1:1
  |
1 |
  | ^
  |
  = help: a file of text has a hundredth of that; keep large material elsewhere and link to it
1 error to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
    let sandbox = Sandbox::workspace();
    large(&sandbox, "kit/kit.yaml");
    sandbox.refuses(
        &["kit", "lint"],
        2,
        str![[r#"
error[file-too-large]: the file has 50 MiB; at most 8 MiB are read
 --> kit/kit.yaml:1:1
  |
1 |
  | ^
  |
  = help: a file of text has a hundredth of that; keep large material elsewhere and link to it
1 kit: 1 error, 0 warnings

"#]],
    );
    let before = sandbox.tree();
    let run = sandbox.run_in("", &["init", "new", "--no-input", "--kit", "./acme/kit"]);
    same(&before, &sandbox.tree());
    run.gives(str![[r#"
--- standard error
error[file-too-large]: the file has 50 MiB; at most 8 MiB are read
 --> ./acme/kit/kit.yaml:1:1
  |
1 |
  | ^
  |
  = help: a file of text has a hundredth of that; keep large material elsewhere and link to it
1 error to mend; nothing was changed
--- exit 2

"#]]);
    let sandbox = Sandbox::workspace();
    large(&sandbox, "opsready.yaml");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[file-too-large]: the file has 50 MiB; at most 8 MiB are read
 --> opsready.yaml:1:1
  |
1 |
  | ^
  |
  = help: a file of text has a hundredth of that; keep large material elsewhere and link to it
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  \"a\\e[31mb\\a\":\n    text: x\n");
    let run = sandbox.run(&["score"]);
    assert_eq!(run.code, Some(2));
    assert!(!run.stderr.contains(['\u{1b}', '\u{7}']), "{:?}", run.stderr);
    let run = sandbox.run(&["answer", "a\u{1b}[31mb", "--text", "x"]);
    assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
}

// References and types.

#[test]
fn an_id_that_is_used_twice_is_shown_with_both_places() {
    capability_refused(
        "    - id: restore-tested\n      ask: Was",
        "    - id: backup-policy\n      ask: Was",
        str![[r#"
--- standard error
error[duplicate-id]: the question `backup-policy` is there twice
  --> kit/capabilities/backup.yaml:18:11
   |
18 |     - id: backup-policy
   |           ^^^^^^^^^^^^^
   |
  ::: kit/capabilities/backup.yaml:6:11
   |
 6 |     - id: backup-policy
   |           ------------- first here
   |
   = help: ids are unique within their kit

error[unknown-reference]: the question `restore-tested` is not defined in this kit
  --> kit/capabilities/backup.yaml:29:13
   |
29 |       when: restore-tested:yes
   |             ^^^^^^^^^^^^^^
   |
   = help: did you mean `restore-share`?
1 kit: 2 errors, 0 warnings
--- exit 2

"#]],
    );
    let sandbox = Sandbox::workspace();
    sandbox.replace("kit/capabilities/patching.yaml", "    - id: patch-report\n", "    - id: backup-scope\n");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[duplicate-id]: the question `backup-scope` is there twice
  --> kit/capabilities/patching.yaml:14:11
   |
14 |     - id: backup-scope
   |           ^^^^^^^^^^^^
   |
  ::: kit/capabilities/backup.yaml:38:11
   |
38 |     - id: backup-scope
   |           ------------ first here
   |
   = help: ids are unique within their kit
1 error to mend; nothing was changed

"#]],
    );
    capability_refused(
        "{id: files, label: Files,",
        "{id: databases, label: Files,",
        str![[r#"
--- standard error
error[duplicate-id]: the choice `databases` is there twice
  --> kit/capabilities/backup.yaml:43:16
   |
43 |         - {id: databases, label: Files, credits: {backup-complete: 0.25}}
   |                ^^^^^^^^^
   |
  ::: kit/capabilities/backup.yaml:42:16
   |
42 |         - {id: databases, label: Databases, credits: {backup-complete: 0.5}}
   |                --------- first here
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
}

#[test]
fn unknown_questions_and_choices_are_shown_with_what_there_is() {
    answers_refused(
        "capability: backup\nanswers:\n  backup-scop:\n    choose: [databases]\n",
        str![[r#"
error[unknown-reference]: the kit has no question `backup-scop`
 --> answers/backup.yaml:3:3
  |
3 |   backup-scop:
  |   ^^^^^^^^^^^
  |
  = help: did you mean `backup-scope`?
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  zzz:\n    choose: [databases]\n",
        str![[r#"
error[unknown-reference]: the kit has no question `zzz`
 --> answers/backup.yaml:3:3
  |
3 |   zzz:
  |   ^^^
  |
  = help: there are `backup-policy`, `restore-tested`, `restore-share`, `backup-scope`, `backup-context`, `last-restore`
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  backup-scope:\n    choose: [database, disks]\n",
        str![[r#"
error[unknown-reference]: the question `backup-scope` has no choice `database`
 --> answers/backup.yaml:4:14
  |
4 |     choose: [database, disks]
  |              ^^^^^^^^
  |
  = help: did you mean `databases`?

error[unknown-reference]: the question `backup-scope` has no choice `disks`
 --> answers/backup.yaml:4:24
  |
4 |     choose: [database, disks]
  |                        ^^^^^
  |
  = help: it has `databases`, `files`, `mail`, `nothing`
2 errors to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  backup-policy:\n    choose: drafted\n",
        str![[r#"
error[unknown-reference]: the question `backup-policy` is asked in each environment
 --> answers/backup.yaml:3:3
  |
3 |   backup-policy:
  |   ^^^^^^^^^^^^^
  |
  = help: write `backup-policy@on-premises` or `backup-policy@cloud`
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  backup-policy@clod:\n    choose: drafted\n",
        str![[r#"
error[unknown-reference]: the question `backup-policy` is not asked for `clod`
 --> answers/backup.yaml:3:3
  |
3 |   backup-policy@clod:
  |   ^^^^^^^^^^^^^^^^^^
  |
  = help: write `backup-policy@on-premises` or `backup-policy@cloud`
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  backup-scope@cloud:\n    choose: [files]\n",
        str![[r#"
error[unknown-reference]: the question `backup-scope` is asked once, not for `cloud`
 --> answers/backup.yaml:3:3
  |
3 |   backup-scope@cloud:
  |   ^^^^^^^^^^^^^^^^^^
  |
  = help: write `backup-scope`
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  patch-report:\n    choose: yes\n",
        str![[r#"
error[unknown-reference]: the question `patch-report` belongs to `patching`
 --> answers/backup.yaml:3:3
  |
3 |   patch-report:
  |   ^^^^^^^^^^^^
  |
  = help: move it to answers/patching.yaml
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn an_answers_file_for_an_unknown_capability_is_refused() {
    let sandbox = Sandbox::workspace();
    sandbox.write("answers/bakcup.yaml", "capability: bakcup\nanswers:\n");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[unknown-reference]: the kit has no capability `bakcup`
 --> answers/bakcup.yaml:1:13
  |
1 | capability: bakcup
  |             ^^^^^^
  |
  = help: did you mean `backup`?
1 error to mend; nothing was changed

"#]],
    );
    let sandbox = Sandbox::workspace();
    sandbox.write("answers/patching.yaml", "capability: backup\nanswers:\n");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[file-name-differs]: the file is named `patching` and holds answers for `backup`
 --> answers/patching.yaml:1:13
  |
1 | capability: backup
  |             ^^^^^^
  |
  = help: rename the file, or move the answers
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn a_number_where_a_list_belongs_and_a_list_where_a_number_belongs_are_shown() {
    capability_refused(
        "roles: [ops-lead]",
        "roles: 7",
        str![[r#"
--- standard error
error[wrong-type]: a list belongs here, not a number
  --> kit/capabilities/backup.yaml:10:14
   |
10 |       roles: 7
   |              ^
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    capability_refused(
        "min: 0",
        "min: [0]",
        str![[r#"
--- standard error
error[wrong-type]: a number belongs here, not a list
  --> kit/capabilities/backup.yaml:32:12
   |
32 |       min: [0]
   |            ^
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  restore-share@cloud:\n    number: [90]\n",
        str![[r#"
error[wrong-type]: a number belongs here, not a list
 --> answers/backup.yaml:4:13
  |
4 |     number: [90]
  |             ^
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers: 7\n",
        str![[r#"
error[wrong-type]: a mapping belongs here, not a number
 --> answers/backup.yaml:2:10
  |
2 | answers: 7
  |          ^
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  backup-scope:\n    choose: {databases: true}\n",
        str![[r#"
error[wrong-type]: text or a list of texts belongs here, not a mapping
 --> answers/backup.yaml:4:13
  |
4 |     choose: {databases: true}
  |             ^
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "- capability: backup\n",
        str![[r#"
error[wrong-type]: a mapping belongs here, not a list
 --> answers/backup.yaml:1:1
  |
1 | - capability: backup
  | ^
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn an_answer_of_the_wrong_kind_is_refused() {
    answers_refused(
        "capability: backup\nanswers:\n  backup-scope:\n    number: 7\n",
        str![[r#"
error[bad-answer]: the question `backup-scope` is of type `multi`, not answered by `number`
 --> answers/backup.yaml:3:3
  |
3 |   backup-scope:
  |   ^^^^^^^^^^^^
  |
  = help: write `choose:`
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  backup-policy@cloud:\n    choose: [none, agreed]\n",
        str![[r#"
error[bad-answer]: a question of type `ladder` has one answer, and this is 2
 --> answers/backup.yaml:4:13
  |
4 |     choose: [none, agreed]
  |             ^
  |
  = help: keep one choice
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  restore-share@cloud:\n    number: 101\n",
        str![[r#"
error[bad-number]: the answer is a number from 0 to 100 (percent), not 101
 --> answers/backup.yaml:4:13
  |
4 |     number: 101
  |             ^^^
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  backup-context:\n    text: x\n    parked: {}\n",
        str![[r#"
error[bad-answer]: this answer holds `text`, `parked` at once
 --> answers/backup.yaml:3:3
  |
3 |   backup-context:
  |   ^^^^^^^^^^^^^^
  |
  = help: keep one of them
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn the_markers_of_an_unfinished_merge_are_shown() {
    answers_refused(
        "capability: backup\nanswers:\n  backup-scope:\n<<<<<<< HEAD\n    choose: [databases]\n=======\n    choose: [files]\n>>>>>>> finance\n",
        str![[r#"
error[conflict-markers]: the file holds an unfinished merge
 --> answers/backup.yaml:4:1
  |
4 | <<<<<<< HEAD
  | ^^^^^^^
  |
 ::: answers/backup.yaml:8:1
  |
8 | >>>>>>> finance
  | ------- the conflict ends here
  |
  = help: keep the answers that hold, remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`, then run the command again
1 error to mend; nothing was changed

"#]],
    );
    let sandbox = Sandbox::workspace();
    sandbox.replace("kit/kit.yaml", "version: 1.2.0\n", "<<<<<<< HEAD\nversion: 1.2.0\n=======\nversion: 1.3.0\n>>>>>>> theirs\n");
    sandbox.refuses(
        &["kit", "lint"],
        2,
        str![[r#"
error[conflict-markers]: the file holds an unfinished merge
 --> kit/kit.yaml:4:1
  |
4 | <<<<<<< HEAD
  | ^^^^^^^
  |
 ::: kit/kit.yaml:8:1
  |
8 | >>>>>>> theirs
  | ------- the conflict ends here
  |
  = help: keep the answers that hold, remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`, then run the command again
1 kit: 1 error, 0 warnings

"#]],
    );
}

#[test]
fn what_is_no_number_is_refused_as_one() {
    for (word, file) in [("NaN", ".nan"), ("inf", ".inf"), ("-inf", "-.inf")] {
        let sandbox = Sandbox::with_answers(&format!("capability: backup\nanswers:\n  restore-share@cloud:\n    number: {file}\n"));
        let before = sandbox.tree();
        let run = sandbox.run(&["score"]);
        same(&before, &sandbox.tree());
        assert_eq!(run.code, Some(2), "{file}");
        assert!(run.stderr.contains("error[bad-number]: a finite number belongs here"), "{file}: {}", run.stderr);
        let sandbox = Sandbox::workspace();
        for number in [word, file] {
            let before = sandbox.tree();
            let run = sandbox.run(&["answer", "restore-share@cloud", "--number", number]);
            same(&before, &sandbox.tree());
            assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{number}: {}", run.stderr);
        }
    }
    answers_refused(
        "capability: backup\nanswers:\n  restore-share@cloud:\n    number: NaN\n",
        str![[r#"
error[wrong-type]: a number belongs here, not text
 --> answers/backup.yaml:4:13
  |
4 |     number: NaN
  |             ^^^
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  restore-share@cloud:\n    number: .inf\n",
        str![[r#"
error[bad-number]: a finite number belongs here
 --> answers/backup.yaml:4:13
  |
4 |     number: .inf
  |             ^^^^
1 error to mend; nothing was changed

"#]],
    );
    Sandbox::workspace().refuses(
        &["answer", "restore-share@cloud", "--number", "NaN"],
        2,
        str![[r#"
error: the answer is a finite number

"#]],
    );
    Sandbox::workspace().refuses(
        &["answer", "restore-share@cloud", "--number", "ninety"],
        2,
        str![[r#"
error: invalid value 'ninety' for '--number <N>': invalid float literal

For more information, try '--help'.

"#]],
    );
    capability_refused(
        "max: 100",
        "max: .inf",
        str![[r#"
--- standard error
error[bad-number]: a finite number belongs here
  --> kit/capabilities/backup.yaml:33:12
   |
33 |       max: .inf
   |            ^^^^
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    answers_refused(
        "capability: backup\nanswers:\n  last-restore:\n    date: 2026-02-30\n",
        str![[r#"
error[bad-date]: `2026-02-30` is not a date that exists
 --> answers/backup.yaml:4:11
  |
4 |     date: 2026-02-30
  |           ^^^^^^^^^^
  |
  = help: write it as 2026-11-20
1 error to mend; nothing was changed

"#]],
    );
    answers_refused(
        "capability: backup\nanswers:\n  last-restore:\n    dont_know: {due: 2026-13-01}\n",
        str![[r#"
error[bad-date]: `2026-13-01` is not a date that exists
 --> answers/backup.yaml:4:22
  |
4 |     dont_know: {due: 2026-13-01}
  |                      ^^^^^^^^^^
  |
  = help: write it as 2026-11-20
1 error to mend; nothing was changed

"#]],
    );
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    sandbox.refuses(
        &["answer", "last-restore", "--date", "2026-02-30"],
        2,
        str![[r#"
error: `2026-02-30` is not a date that exists
  = help: write it as 2026-11-20

"#]],
    );
    sandbox.refuses(
        &["answer", "last-restore", "--date", "tomorrow"],
        2,
        str![[r#"
error: `tomorrow` is not a date that exists
  = help: write it as 2026-11-20

"#]],
    );
    sandbox.refuses(
        &["answer", "last-restore", "--dont-know", "--due", "2026-02-30"],
        2,
        str![[r#"
error: `2026-02-30` is not a date that exists
  = help: write it as 2026-11-20

"#]],
    );
}

// Conditions.

#[test]
fn a_bad_condition_is_shown_with_the_caret_in_the_expression() {
    let old = "when: backup-policy:drafted || backup-policy:agreed";
    capability_refused(
        old,
        "when: backup-policy:drafted & backup-policy:agreed",
        str![[r#"
--- standard error
error[bad-condition]: `&` has no meaning here
  --> kit/capabilities/backup.yaml:21:35
   |
21 |       when: backup-policy:drafted & backup-policy:agreed
   |                                   ^
   |
   = help: write `&&`
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    capability_refused(
        old,
        "when: \"(backup-policy:drafted || backup-policy:agreed\"",
        str![[r#"
--- standard error
error[bad-condition]: this parenthesis is never closed
  --> kit/capabilities/backup.yaml:21:14
   |
21 |       when: "(backup-policy:drafted || backup-policy:agreed"
   |              ^
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    capability_refused(
        old,
        "when: backup-policy:drafted || backup-polcy:agreed",
        str![[r#"
--- standard error
error[unknown-reference]: the question `backup-polcy` is not defined in this kit
  --> kit/capabilities/backup.yaml:21:38
   |
21 |       when: backup-policy:drafted || backup-polcy:agreed
   |                                      ^^^^^^^^^^^^
   |
   = help: did you mean `backup-policy`?
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    capability_refused(
        old,
        "when: 'backup-policy:drafted || backup-policy:agred'   # why",
        str![[r#"
--- standard error
error[unknown-reference]: the question `backup-policy` has no choice `agred`
  --> kit/capabilities/backup.yaml:21:53
   |
21 |       when: 'backup-policy:drafted || backup-policy:agred'   # why
   |                                                     ^^^^^
   |
   = help: did you mean `agreed`?
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    capability_refused(
        old,
        "when: backup-policy",
        str![[r#"
--- standard error
error[unknown-reference]: the question `restore-tested` has no choice `backup-policy`
  --> kit/capabilities/backup.yaml:21:13
   |
21 |       when: backup-policy
   |             ^^^^^^^^^^^^^
   |
   = help: `backup-policy` is a question: write `backup-policy:choice`
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    capability_refused(
        old,
        "when: backup-policy = drafted",
        str![[r#"
--- standard error
error[bad-condition]: `=` has no meaning here
  --> kit/capabilities/backup.yaml:21:27
   |
21 |       when: backup-policy = drafted
   |                           ^
   |
   = help: write `question:choice`, and `!question:choice` for the opposite
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
}

#[test]
fn conditions_that_wait_for_each_other_are_refused() {
    capability_refused(
        "      environments: [on-premises, cloud]\n      type: ladder",
        "      environments: [on-premises, cloud]\n      when: restore-tested:yes\n      type: ladder",
        str![[r#"
--- standard error
error[cycle]: the conditions of `backup-policy`, `restore-tested` wait for each other
  --> kit/capabilities/backup.yaml:12:13
   |
12 |       when: restore-tested:yes
   |             ^^^^^^^^^^^^^^^^^^
   |
   = help: one of them must be asked without the others
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
    capability_refused(
        "when: restore-tested:yes",
        "when: restore-share:good",
        str![[r#"
--- standard error
error[cycle]: the condition of `restore-share` waits for its own answer
  --> kit/capabilities/backup.yaml:29:13
   |
29 |       when: restore-share:good
   |             ^^^^^^^^^^^^^^^^^^
   |
   = help: one of them must be asked without the others
1 kit: 1 error, 0 warnings
--- exit 2

"#]],
    );
}

// Several faults at once.

#[test]
fn faults_in_several_files_are_told_in_one_run_and_sorted_by_place() {
    let sandbox =
        Sandbox::with_answers("capability: backup\nanswers:\n  backup-scop:\n    choose: [files]\n  last-restore:\n    date: 2026-02-30\n");
    sandbox.write("answers/patching.yaml", "capability: patching\nanswers:\n  patch-report:\n    choose: maybe\n");
    sandbox.replace("opsready.yaml", "[on-premises, cloud]", "[on-premise, cloud]");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[unknown-reference]: the kit has no question `backup-scop`
 --> answers/backup.yaml:3:3
  |
3 |   backup-scop:
  |   ^^^^^^^^^^^
  |
  = help: did you mean `backup-scope`?

error[bad-date]: `2026-02-30` is not a date that exists
 --> answers/backup.yaml:6:11
  |
6 |     date: 2026-02-30
  |           ^^^^^^^^^^
  |
  = help: write it as 2026-11-20

error[unknown-reference]: the question `patch-report` has no choice `maybe`
 --> answers/patching.yaml:4:13
  |
4 |     choose: maybe
  |             ^^^^^
  |
  = help: it has `yes`, `no`

error[unknown-reference]: the kit has no environment `on-premise`
 --> opsready.yaml:5:16
  |
5 | environments: [on-premise, cloud]
  |                ^^^^^^^^^^
  |
  = help: did you mean `on-premises`?
4 errors to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
}

#[test]
fn faults_of_a_kit_do_not_hide_those_of_the_workspace() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-scope:\n    chose: [files]\n");
    sandbox.replace("opsready.yaml", "customer: Acme Logistics\n", "");
    sandbox.replace("kit/kit.yaml", "default_target: 2", "default_target: 9");
    sandbox.replace("kit/capabilities/patching.yaml", "level: 1", "level: 7");
    sandbox.replace("kit/capabilities/backup.yaml", "type: multi", "type: mutli");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[unknown-key]: unknown key `chose`
 --> answers/backup.yaml:4:5
  |
4 |     chose: [files]
  |     ^^^^^
  |
  = help: did you mean `choose`?

error[unknown-word]: `mutli` is not a word that this key knows
  --> kit/capabilities/backup.yaml:40:13
   |
40 |       type: mutli
   |             ^^^^^
   |
   = help: did you mean `multi`?

error[unknown-reference]: level 7 is not on the scale from 1 to 2
  --> kit/capabilities/patching.yaml:24:14
   |
24 |       level: 7
   |              ^
   |
   = help: a practice is expected from a level above the base on

error[unknown-reference]: level 9 is not on the scale from 0 to 2
  --> kit/kit.yaml:14:17
   |
14 | default_target: 9
   |                 ^
   |
   = help: the scale is in kit.yaml

error[missing-key]: the key `customer` is missing
 --> opsready.yaml:1:1
  |
1 | schema: opsready/assessment/v1
  | ^
5 errors to mend; nothing was changed

"#]],
    );
    sandbox.takes_no_answer();
}

#[test]
fn a_file_that_cannot_be_decoded_does_not_hide_the_faults_of_others() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-scop: {choose: [files]}\n");
    sandbox.write_bytes("answers/patching.yaml", b"capability: patching # \xfc\n");
    let run = sandbox.run(&["score"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("error[not-utf8]") && run.stderr.contains("`backup-scop`"), "{}", run.stderr);
    let sandbox = Sandbox::workspace();
    sandbox.write_bytes("opsready.yaml", b"id: acme\ncustomer: M\xfcller\nkit: {id: small, version: 1.2.0}\n");
    sandbox.replace("kit/kit.yaml", "default_target: 2", "default_target: 9");
    sandbox.write("answers/backup.yaml", "capability: backup\nanswers:\n  backup-scope: {chose: [files]}\n");
    let run = sandbox.run(&["score"]);
    assert_eq!(run.code, Some(2));
    for fault in ["error[not-utf8]", "level 9 is not on the scale", "unknown key `chose`"] {
        assert!(run.stderr.contains(fault), "{fault} in {}", run.stderr);
    }
}

#[test]
fn two_files_with_answers_to_one_capability_are_refused() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-context: {text: a}\n");
    sandbox.write("answers/backup.yml", "capability: backup\nanswers:\n  backup-context: {text: b}\n");
    assert_eq!(sandbox.run(&["score"]).code, Some(2));
    sandbox.takes_no_answer();
}

#[test]
fn faults_come_as_json_where_json_is_wanted() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-scop:\n    choose: [files]\n");
    let run = sandbox.run(&["kit", "lint", "--json"]);
    assert_eq!(run.json()["errors"], 0);
    let run = sandbox.run(&["score", "--json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    let line = run.stderr.lines().find(|line| line.starts_with('{')).expect("a line holds JSON");
    let found: serde_json::Value = serde_json::from_str(line).expect("the line is JSON");
    let first = &found["diagnostics"][0];
    assert_eq!((&first["code"], &first["line"], &first["column"]), (&"unknown-reference".into(), &3.into(), &3.into()));
}

// Folders.

#[cfg(unix)]
#[test]
fn a_file_where_a_folder_is_needed_stops_init_and_nothing_is_made() {
    let sandbox = Sandbox::empty();
    sandbox.write("taken", "mine\n");
    let kit = small_kit().display().to_string();
    sandbox.refuses(
        &["init", "taken", "--no-input", "--kit", &kit],
        2,
        str![[r#"
error: `taken` is a file; name a folder

"#]],
    );
    let before = sandbox.tree();
    let run = sandbox.run(&["init", "taken/new", "--no-input", "--kit", &kit]);
    same(&before, &sandbox.tree());
    run.gives(str![[r#"
--- standard error
error: cannot make the folder `taken/new/kit/capabilities`: Not a directory (os error 20)
--- exit 3

"#]]);
}

#[cfg(unix)]
#[test]
fn a_file_where_the_answers_belong_stops_answer_and_stays() {
    let sandbox = Sandbox::workspace();
    sandbox.write("answers", "mine\n");
    let before = sandbox.tree();
    let run = sandbox.run(&["answer", "backup-context", "--text", "x"]);
    same(&before, &sandbox.tree());
    run.gives(str![[r#"
--- standard error
error: cannot read `answers`: Not a directory (os error 20)
--- exit 3

"#]]);
}

#[cfg(unix)]
#[test]
fn a_file_where_the_lock_belongs_stops_answer() {
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    sandbox.write(".opsready", "mine\n");
    let run = sandbox.run(&["answer", "backup-context", "--text", "x"]);
    assert_eq!(sandbox.read("answers/backup.yaml"), SMALL_ANSWERS);
    assert_eq!(sandbox.read(".opsready"), "mine\n");
    run.gives(str![[r#"
--- standard error
error: cannot make the folder `.opsready`: File exists (os error 17)
--- exit 3

"#]]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_keeps_its_answers() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    let folder = sandbox.path("answers");
    let mode = |bits| fs::set_permissions(&folder, fs::Permissions::from_mode(bits)).expect("permissions can be set");
    mode(0o555);
    // The superuser writes wherever it likes; then there is nothing to see here.
    let writable = File::create(folder.join("probe")).is_ok();
    if !writable {
        let before = sandbox.tree();
        let run = sandbox.run(&["answer", "backup-context", "--text", "x"]);
        same(&before, &sandbox.tree());
        assert_eq!(run.code, Some(3), "{}", run.stderr);
        assert!(run.stderr.starts_with("error: cannot write `answers/backup.yaml`: Permission denied"), "{}", run.stderr);
    }
    mode(0o755);
}

#[cfg(unix)]
#[test]
fn an_answers_file_that_is_read_only_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    fs::set_permissions(sandbox.path("answers/backup.yaml"), fs::Permissions::from_mode(0o444)).expect("permissions can be set");
    sandbox.refuses(
        &["answer", "backup-context", "--text", "x"],
        3,
        str![[r#"
error: cannot write `answers/backup.yaml`: the file is read-only

"#]],
    );
}

/// Runs the program in a shell that lets no file grow beyond a block, as a full disk would.
#[cfg(unix)]
fn on_a_full_disk(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_opsready")]);
    command.args(arguments).current_dir(sandbox.path(""));
    support::clean(&mut command);
    sandbox.finish(command)
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_answers_and_no_rest() {
    let sandbox = Sandbox::with_answers(&format!("{}{SMALL_ANSWERS}", "# a long story\n".repeat(200)));
    let before = sandbox.tree();
    let run = on_a_full_disk(&sandbox, &["answer", "backup-context", "--text", "x"]);
    same(&before, &sandbox.tree());
    run.gives(str![[r#"
--- standard error
error: cannot write `answers/backup.yaml`: File too large (os error 27)
--- exit 3

"#]]);
    works(&sandbox.run(&["answer", "backup-context", "--text", "x"]));
}

#[cfg(unix)]
#[test]
fn a_full_disk_during_init_leaves_nothing_that_stops_the_next_attempt() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    let run = on_a_full_disk(&sandbox, &["init", "new", "--no-input", "--kit", &kit]);
    assert_eq!(run.code, Some(3), "{}", run.stderr);
    assert!(run.stderr.starts_with("error: cannot write `new/kit/"), "{}", run.stderr);
    let left: Vec<String> = sandbox.tree().into_keys().filter(|path| path.contains(".tmp") || path.contains("opsready.yaml")).collect();
    assert!(left.is_empty(), "{left:?}");
    works(&sandbox.run(&["init", "new", "--no-input", "--kit", &kit]));
}

#[test]
fn a_workspace_inside_a_workspace_is_refused() {
    let sandbox = Sandbox::workspace();
    let kit = small_kit().display().to_string();
    sandbox.refuses(
        &["init", "inner", "--no-input", "--kit", &kit],
        2,
        str![[r#"
error: `inner` is inside the workspace `acme`; make the new one beside it

"#]],
    );
    let before = sandbox.tree();
    let run = sandbox.run_in("acme/kit", &["init", "inner", "--no-input", "--kit", &kit]);
    same(&before, &sandbox.tree());
    run.gives(str![[r#"
--- standard error
error: `inner` is inside the workspace `acme`; make the new one beside it
--- exit 2

"#]]);
}

#[test]
fn a_workspace_beside_this_one_can_be_made_from_within() {
    let sandbox = Sandbox::workspace();
    let kit = small_kit().display().to_string();
    works(&sandbox.run(&["init", "../beside", "--no-input", "--kit", &kit]));
    works(&sandbox.run(&["-C", "../beside", "status"]));
}

#[test]
fn init_leaves_an_existing_workspace_alone() {
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    let kit = small_kit().display().to_string();
    sandbox.refuses(
        &["init", ".", "--no-input", "--kit", &kit],
        2,
        str![[r#"
error: `.` is a workspace already; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["init", "../acme", "--no-input", "--kit", &kit],
        2,
        str![[r#"
error: `../acme` is a workspace already; nothing was changed

"#]],
    );
}

#[test]
fn init_leaves_a_folder_alone_that_holds_answers_of_somebody_else() {
    let sandbox = Sandbox::empty();
    sandbox.write("answers/mine.yaml", "mine\n");
    let kit = small_kit().display().to_string();
    sandbox.refuses(
        &["init", ".", "--no-input", "--kit", &kit],
        2,
        str![[r#"
error: `.` holds `answers` already; name a new folder, or move it away

"#]],
    );
}

#[test]
fn a_path_with_spaces_and_umlauts_works_end_to_end() {
    let sandbox = Sandbox::empty();
    let kit = small_kit().display().to_string();
    let folder = "Betrieb für Müller & Söhne";
    sandbox.run(&["init", folder, "--no-input", "--kit", &kit]).gives(str![[r#"
Made the workspace `Betrieb für Müller & Söhne` with the kit small 1.2.0 (2 capabilities, 8 questions).

Next:
  cd 'Betrieb für Müller & Söhne'
  opsready kit show       # the capabilities and their questions
  opsready discover       # asks them one by one, at a terminal
  opsready status         # what is answered and what is open
  opsready merge-driver --install   # in each clone: git merges answers by question

"#]]);
    sandbox.run(&["-C", folder, "answer", "backup-context", "--text", "Grüße"]).gives(str![[r#"
backup-context: answered (was not answered), in Betrieb für Müller & Söhne/answers/backup.yaml
Backup and Restore, Cloud: score 0.00, as before; level 0

"#]]);
    works(&sandbox.run(&["-C", folder, "status"]));
    works(&sandbox.run(&["-C", folder, "score", "--json"]));
    works(&sandbox.run(&["-C", folder, "kit", "lint"]));
    assert!(sandbox.read(&format!("{folder}/answers/backup.yaml")).contains("Grüße"));
    sandbox.write(&format!("{folder}/answers/patching.yaml"), "capability: patching\nanswers:\n  x: {}\n");
    sandbox.refuses(
        &["-C", folder, "score"],
        2,
        str![[r#"
error[unknown-reference]: the kit has no question `x`
 --> Betrieb für Müller & Söhne/answers/patching.yaml:3:3
  |
3 |   x: {}
  |   ^
  |
  = help: there are `patch-window`, `patch-report`
1 error to mend; nothing was changed

"#]],
    );
}

// Several at once.

#[test]
fn answers_of_two_people_at_once_are_all_kept() {
    let sandbox = Sandbox::workspace();
    let questions: Vec<String> = (0..31).map(|n| format!("    - {{id: q{n}, ask: Which?, type: text}}\n")).collect();
    let questions = questions.concat();
    sandbox.write("kit/capabilities/many.yaml", &format!("id: many\ntitle: Many\ndiscovery:\n  questions:\n{questions}"));
    sandbox.replace("kit/kit.yaml", "capabilities: [backup, patching]", "capabilities: [backup, patching, many]");
    let comments = "# ours\ncapability: many   # odd\n# before\nanswers:\n  # inside\n  q30: { text: 'early' }   # kept\n";
    sandbox.write("answers/many.yaml", comments);
    std::thread::scope(|scope| {
        for person in 0..2 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                for n in 0..15 {
                    let question = format!("q{}", 2 * n + person);
                    works(&sandbox.run(&["answer", &question, "--text", &format!("said {question}")]));
                }
            });
        }
    });
    let text = sandbox.read("answers/many.yaml");
    assert!(text.starts_with(comments), "{text}");
    for n in 0..30 {
        assert_eq!(text.matches(&format!("text: said q{n}\n")).count(), 1, "q{n} in\n{text}");
    }
    let status = sandbox.run(&["status", "many", "--json"]).json();
    assert_eq!(status["capabilities"][0]["answered"], 31, "{status}");
    let left: Vec<String> = sandbox.tree().into_keys().filter(|path| path.contains(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
}

// Wrong usage.

#[test]
fn wrong_usage_is_explained_and_exits_with_2() {
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    sandbox.refuses(&["answer", "backup-context"], 2, str![[r#"
error: the following required arguments were not provided:
  <--choose <ID>|--number <N>|--text <T>|--date <DATE>|--not-applicable <REASON>|--dont-know|--park|--clear>

Usage: opsready answer <--choose <ID>|--number <N>|--text <T>|--date <DATE>|--not-applicable <REASON>|--dont-know|--park|--clear> <QUESTION[@ENV]>

For more information, try '--help'.

"#]]);
    sandbox.refuses(&["answer", "backup-context", "--text", "x", "--park"], 2, str![[r#"
error: the argument '--text <T>' cannot be used with '--park'

Usage: opsready answer <--choose <ID>|--number <N>|--text <T>|--date <DATE>|--not-applicable <REASON>|--dont-know|--park|--clear> <QUESTION[@ENV]>

For more information, try '--help'.

"#]]);
    sandbox.refuses(
        &["anwser", "backup-context", "--park"],
        2,
        str![[r#"
error: unrecognized subcommand 'anwser'

  tip: a similar subcommand exists: 'answer'

Usage: opsready [OPTIONS] <COMMAND>

For more information, try '--help'.

"#]],
    );
    sandbox.refuses(&["answer", "backup-context", "--clear", "--note", "x"], 2, str![[r#"
error: the argument '--clear' cannot be used with '--note <TEXT>'

Usage: opsready answer <--choose <ID>|--number <N>|--text <T>|--date <DATE>|--not-applicable <REASON>|--dont-know|--park|--clear> <QUESTION[@ENV]>

For more information, try '--help'.

"#]]);
    sandbox.refuses(
        &["score", "--csv", "--json"],
        2,
        str![[r#"
error: the argument '--csv' cannot be used with '--json'

Usage: opsready score --csv

For more information, try '--help'.

"#]],
    );
    sandbox.refuses(
        &["score", "--fail-under", "two"],
        2,
        str![[r#"
error: invalid value 'two' for '--fail-under <N>': invalid digit found in string

For more information, try '--help'.

"#]],
    );
}

#[test]
fn an_answer_that_does_not_fit_its_question_changes_nothing() {
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    sandbox.refuses(
        &["answer", "backup-scop", "--choose", "files"],
        2,
        str![[r#"
error: the kit has no question `backup-scop`
  = help: did you mean `backup-scope`?

"#]],
    );
    sandbox.refuses(
        &["answer", "backup-scope", "--choose", "disks"],
        2,
        str![[r#"
error[unknown-reference]: the question `backup-scope` has no choice `disks`
 --> answers/backup.yaml:4:13
  |
4 |     choose: disks
  |             ^^^^^
  |
  = help: it has `databases`, `files`, `mail`, `nothing`
1 error to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["answer", "backup-scope", "--text", "all"],
        2,
        str![[r#"
error[bad-answer]: the question `backup-scope` is of type `multi`, not answered by `text`
 --> answers/backup.yaml:3:3
  |
3 |   backup-scope:
  |   ^^^^^^^^^^^^
  |
  = help: write `choose:`
1 error to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["answer", "backup-policy@cloud", "--choose", "none,agreed"],
        2,
        str![[r#"
error[bad-answer]: a question of type `ladder` has one answer, and this is 2
 --> answers/backup.yaml:6:13
  |
6 |     choose: [none, agreed]
  |             ^
  |
  = help: keep one choice
1 error to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["answer", "backup-policy@mars", "--choose", "none"],
        2,
        str![[r#"
error: the question `backup-policy` is not asked for `mars`
  = help: write `backup-policy@on-premises` or `backup-policy@cloud`

"#]],
    );
    sandbox.refuses(
        &["answer", "backup-scope@cloud", "--choose", "files"],
        2,
        str![[r#"
error: the question `backup-scope` is asked once, for all environments
  = help: write `backup-scope`

"#]],
    );
    sandbox.refuses(
        &["answer", "backup-scope", "--not-applicable", "boring"],
        2,
        str![[r#"
error: `boring` is not a reason
  = help: one of `out-of-scope`, `business-priority`, `architecture-constraint`, `other`

"#]],
    );
    sandbox.refuses(
        &["answer", "backup-policy@cloud", "--choose", "none", "--not-applicable-choices", "agreed"],
        2,
        str![[r#"
error[bad-answer]: only a checklist (`multi`) has statements that do not apply
 --> answers/backup.yaml:7:29
  |
7 |     not_applicable_choices: [agreed]
  |                             ^
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn an_owner_and_a_due_date_belong_to_what_nobody_knows() {
    let sandbox = Sandbox::with_answers(SMALL_ANSWERS);
    let before = sandbox.tree();
    for option in [["--owner", "ops-lead"], ["--due", "2026-12-24"]] {
        let run = sandbox.run(&[&["answer", "backup-context", "--text", "x"][..], &option].concat());
        assert_eq!(run.code, Some(2), "{option:?}: {}{}", run.stdout, run.stderr);
        same(&before, &sandbox.tree());
    }
}

#[test]
fn an_empty_answer_does_not_take_the_old_one_away() {
    let sandbox =
        Sandbox::with_answers("capability: backup\nanswers:\n  backup-scope:\n    choose: [databases]\n  backup-context:\n    text: old\n");
    let before = sandbox.tree();
    for arguments in [
        ["answer", "backup-scope", "--choose", ""],
        ["answer", "backup-scope", "--choose", ","],
        ["answer", "backup-context", "--text", " "],
    ] {
        let run = sandbox.run(&arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}{}", run.stdout, run.stderr);
        same(&before, &sandbox.tree());
    }
}

#[test]
fn a_change_of_kit_is_told() {
    let sandbox = Sandbox::workspace();
    sandbox.replace("kit/kit.yaml", "id: small", "id: other");
    sandbox.refuses(
        &["score"],
        2,
        str![[r#"
error[kit-differs]: the workspace is for the kit `small`, and `kit/` holds `other`
 --> opsready.yaml:4:11
  |
4 | kit: {id: small, version: 1.2.0}
  |           ^^^^^
1 error to mend; nothing was changed

"#]],
    );
    let sandbox = Sandbox::workspace();
    sandbox.replace("kit/kit.yaml", "version: 1.2.0", "version: 1.3.0");
    let run = sandbox.run(&["score"]);
    assert_eq!(run.code, Some(0));
    shows(
        &run.stderr,
        str![[r#"
warning[kit-differs]: the workspace was made with version 1.2.0 of the kit, and `kit/` holds 1.3.0
 --> opsready.yaml:4:27
  |
4 | kit: {id: small, version: 1.2.0}
  |                           ^^^^^
  |
  = help: write the version of `kit/` here once you have checked the answers

"#]],
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_refused_and_nobody_waits_for_it() {
    for (path, command) in [("answers/backup.yaml", "score"), ("plan/backup.yaml", "score"), ("milestones/a.json", "render")] {
        let sandbox = Sandbox::workspace();
        let pipe = sandbox.path(path);
        fs::create_dir_all(pipe.parent().expect("it is in a folder")).expect("the folder can be made");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
        assert!(made.success());
        let run = sandbox.run(&[command]);
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("`{path}` is no file that can be read")), "{}", run.stderr);
    }
}
