//! Branches of a workspace merge in git: by question, by key, without losing what anybody said.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use opsready::assessment::merge::{Kind, files};
use opsready::diagnostic::Source;
use opsready::yaml::{self, Node, Value};
use proptest::prelude::*;
use snapbox::str;
use std::path::Path;
use std::process::Command;
use support::{ODD_ANSWERS, Run, Sandbox, clean, shows};

/// A repository with the workspace of a sandbox in it.
struct Repository {
    sandbox: Sandbox,
}

/// Answers to two questions, a few lines apart.
const ANSWERS: &str = "\
capability: backup
answers:
  backup-policy@cloud:
    choose: drafted
    note: with finance
    by: [ops-lead]
    answered_on: 2026-11-01
  backup-scope:
    choose: [databases, files]
";

impl Repository {
    /// Returns a repository whose first commit has these answers, with the driver told to git.
    fn with(answers: &str) -> Self {
        let repository = Self::plain(answers);
        let run = repository.opsready(&["merge-driver", "--install"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        repository.commit("driver");
        repository
    }

    /// Returns a repository in which git knows no driver.
    fn plain(answers: &str) -> Self {
        let repository = Self { sandbox: Sandbox::workspace() };
        repository.sandbox.write(".gitignore", "/.opsready/lock\n");
        if !answers.is_empty() {
            repository.sandbox.write("answers/backup.yaml", answers);
        }
        repository.git(&["init", "--quiet", "--initial-branch=main", "."]);
        repository.git(&["config", "user.name", "Tester"]);
        repository.git(&["config", "user.email", "tester@example.com"]);
        repository.commit("first");
        repository
    }

    fn environment(&self, command: &mut Command) {
        let own = Path::new(env!("CARGO_BIN_EXE_opsready")).parent().expect("it is in a folder").to_owned();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&path))).expect("folders make a path");
        command.env("PATH", path).env("HOME", self.sandbox.root());
        command.env("GIT_CONFIG_GLOBAL", if cfg!(windows) { "NUL" } else { "/dev/null" }).env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_DATE"), "2026-12-01T12:00:00Z");
        }
        command.env("GIT_EDITOR", "true").env("GIT_MERGE_AUTOEDIT", "no");
    }

    /// Runs git in the workspace.
    fn try_git(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(self.sandbox.path(""));
        clean(&mut command);
        self.environment(&mut command);
        self.sandbox.finish(command)
    }

    /// Runs git, which must work.
    #[track_caller]
    fn git(&self, arguments: &[&str]) -> Run {
        let run = self.try_git(arguments);
        assert_eq!(run.code, Some(0), "git {arguments:?}: {}{}", run.stdout, run.stderr);
        run
    }

    fn opsready(&self, arguments: &[&str]) -> Run {
        let mut command = self.sandbox.command(arguments);
        self.environment(&mut command);
        self.sandbox.finish(command)
    }

    fn commit(&self, subject: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
    }

    /// Makes a branch from `main` in which a file has this text.
    fn branch(&self, name: &str, file: &str, text: &str) {
        self.git(&["checkout", "--quiet", "-b", name, "main"]);
        self.sandbox.write(file, text);
        self.commit(name);
    }

    /// Makes the branches `ours` and `theirs` in which the answers are these, and merges the second into the first.
    #[track_caller]
    fn merge(&self, ours: &str, theirs: &str) -> Run {
        self.branch("ours", "answers/backup.yaml", ours);
        self.branch("theirs", "answers/backup.yaml", theirs);
        self.git(&["checkout", "--quiet", "ours"]);
        self.try_git(&["merge", "--quiet", "theirs"])
    }

    fn answers(&self) -> String {
        self.sandbox.read("answers/backup.yaml")
    }
}

/// Replaces text that must be there.
#[track_caller]
fn with(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "{text} holds no {old}");
    text.replacen(old, new, 1)
}

/// Merges without git; the texts must be ones that can be taken apart.
#[track_caller]
fn merged(base: &str, ours: &str, theirs: &str) -> String {
    files(Kind::Answers, Some(base), ours, theirs, 7).expect("they can be merged").text
}

#[test]
fn different_capabilities_merge_without_a_driver() {
    let repository = Repository::plain("");
    repository.branch("ours", "answers/backup.yaml", ANSWERS);
    repository.branch("theirs", "answers/patching.yaml", "capability: patching\nanswers:\n");
    repository.git(&["checkout", "--quiet", "ours"]);
    repository.git(&["merge", "--quiet", "theirs"]);
    assert_eq!(repository.answers(), ANSWERS);
    assert!(repository.sandbox.path("answers/patching.yaml").is_file());
}

#[test]
fn neighbouring_questions_and_two_new_ones_at_the_end_merge_and_git_alone_could_not() {
    let ours = with(ANSWERS, "choose: [databases, files]\n", "choose: [mail]\n  last-restore:\n    date: 2026-03-01\n");
    let ours = with(&ours, "drafted\n", "drafted   # v0.3\n");
    let theirs =
        with(ANSWERS, "    answered_on: 2026-11-01\n", "    answered_on: 2026-11-01\n    evidence:\n      - {link: \"https://x\"}\n");
    let theirs = theirs + "  backup-context:\n    text: |\n      One night\n        in March\n";
    let alone = Repository::plain(ANSWERS);
    assert_eq!(alone.merge(&ours, &theirs).code, Some(1), "git merges it alone: the test shows nothing");
    let repository = Repository::with(ANSWERS);
    let run = repository.merge(&ours, &theirs);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    shows(
        &run.stderr,
        str![[r#"
answers/backup.yaml: taken from their side: backup-policy@cloud, backup-context

"#]],
    );
    shows(
        &repository.answers(),
        str![[r#"
capability: backup
answers:
  backup-policy@cloud:
    choose: drafted   # v0.3
    note: with finance
    by: [ops-lead]
    answered_on: 2026-11-01
    evidence:
      - {link: "https://x"}
  backup-scope:
    choose: [mail]
  last-restore:
    date: 2026-03-01
  backup-context:
    text: |
      One night
        in March

"#]],
    );
    assert_eq!(repository.opsready(&["status"]).code, Some(0));
}

#[test]
fn two_branches_that_make_the_same_file_merge() {
    let repository = Repository::with("");
    let head = "capability: backup\nanswers:\n";
    let ours = format!("{head}  backup-context:\n    text: Ours\n");
    let theirs = format!("{head}    last-restore:\n        date: 2026-03-01\n");
    let run = repository.merge(&ours, &theirs);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert_eq!(repository.answers(), format!("{ours}  last-restore:\n      date: 2026-03-01\n"));
}

#[test]
fn the_same_answer_twice_is_one_answer_of_both() {
    let head = "capability: backup\nanswers:\n";
    let ours =
        format!("{head}  backup-policy@cloud:\n    choose: agreed\n    note: I saw it\n    by: [ops-lead]\n    answered_on: 2026-11-02\n");
    let theirs = format!(
        "{head}  backup-policy@cloud:\n    choose: [agreed]\n    note: Signed in May\n    by: service-owner\n    answered_on: 2026-11-05\n"
    );
    let repository = Repository::with(head);
    assert_eq!(repository.merge(&ours, &theirs).code, Some(0));
    shows(
        &repository.answers(),
        str![[r#"
capability: backup
answers:
  backup-policy@cloud:
    choose: agreed
    note: |-
      I saw it

      Signed in May
    by: [ops-lead, service-owner]
    answered_on: 2026-11-05

"#]],
    );
}

/// A repository in which two branches answered one question differently, merged.
fn in_conflict() -> (Repository, Run) {
    let ours = with(ANSWERS, "choose: drafted\n    note: with finance", "choose: agreed\n    note: signed on Monday");
    let ours = with(&ours, "11-01", "11-20");
    let theirs = with(ANSWERS, "choose: drafted", "choose: none");
    let theirs = with(
        &theirs,
        "by: [ops-lead]\n    answered_on: 2026-11-01",
        "by: [service-owner]\n    answered_on: 2026-11-21\n    evidence: [{title: Search, link: \"https://x\"}]",
    );
    let repository = Repository::with(ANSWERS);
    let run = repository.merge(&ours, &theirs);
    (repository, run)
}

#[test]
fn different_answers_are_both_kept_as_data_and_git_goes_on() {
    let (repository, run) = in_conflict();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    shows(
        &run.stderr,
        str![[r#"
answers/backup.yaml: 1 question differs: backup-policy@cloud; both answers are kept and neither counts: settle it with `opsready reconcile`

"#]],
    );
    shows(
        &repository.answers(),
        str![[r#"
capability: backup
answers:
  backup-policy@cloud:
    conflict:
      - choose: agreed
        note: signed on Monday
        by: [ops-lead]
        answered_on: 2026-11-20
      - choose: none
        note: with finance
        by: [service-owner]
        answered_on: 2026-11-21
    evidence: [{title: Search, link: "https://x"}]
  backup-scope:
    choose: [databases, files]

"#]],
    );
    assert_eq!(repository.git(&["status", "--porcelain"]).stdout, "");
}

#[test]
fn a_conflict_counts_as_open_and_is_told_on_every_load() {
    let (repository, _) = in_conflict();
    let card = repository.opsready(&["score", "--json"]).json();
    let capability = &card["capabilities"][0];
    let question = &capability["questions"].as_array().expect("there are questions")[1];
    assert_eq!(
        (&question["id"], &question["environment"], &question["state"]),
        (&"backup-policy".into(), &"cloud".into(), &"unanswered".into())
    );
    let practice = &capability["practices"].as_array().expect("there are practices")[0]["environments"]["cloud"];
    assert_eq!((practice["credit"].as_f64(), practice["high"].as_f64()), (Some(0.0), Some(1.0)));
    let run = repository.opsready(&["status"]);
    shows(
        &run.stderr,
        str![[r#"
warning[unsettled-conflict]: 2 answers to `backup-policy@cloud` came together in a merge, and none of them counts
 --> answers/backup.yaml:3:3
  |
3 |   backup-policy@cloud:
  |   ^^^^^^^^^^^^^^^^^^^
  |
  = help: `opsready reconcile backup-policy@cloud` shows them; `--take NUMBER --reason TEXT` settles it

"#]],
    );
    assert!(
        run.stdout.contains("In conflict since a merge (1); `opsready reconcile` shows and settles them:\n  backup-policy@cloud\n"),
        "{}",
        run.stdout
    );
    assert_eq!(repository.opsready(&["status", "--json"]).json()["conflicts"], serde_json::json!(["backup-policy@cloud"]));
}

#[test]
fn reconcile_settles_a_conflict_and_keeps_the_other_voice() {
    let (repository, _) = in_conflict();
    let list = repository.opsready(&["reconcile", "backup-policy@cloud"]);
    shows(
        &list.stdout,
        str![[r#"
Nobody has answered on their own; what differs came together in a merge of two branches.

To decide (1)
  backup-policy@cloud  Is there a policy for backups?
    A merge brought these together; none counts until one is taken.
    from none to agreed, 2 rungs apart
    1. none: Nobody can show one (1 voice)
       Service owner, 2026-11-21: with finance
    2. agreed: Agreed, with an owner (1 voice)
       Operations lead, 2026-11-20: signed on Monday

Next: `opsready reconcile --interactive` goes through what is to decide.

"#]],
    );
    assert_eq!(repository.opsready(&["reconcile", "--take-agreed"]).text(), "Took over 0 answers that all agree on.\n");
    let run = repository.opsready(&["reconcile", "backup-policy@cloud", "--take", "3", "--reason", "x"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("has no answer number 3"), "{}", run.stderr);
    let run = repository.opsready(&["reconcile", "backup-policy@cloud", "--take", "2", "--reason", "The page was shown"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    shows(
        &repository.answers(),
        str![[r#"
capability: backup
answers:
  backup-policy@cloud:
    choose: agreed
    evidence: [{title: Search, link: "https://x"}]
    note: |-
      The page was shown

      Operations lead: signed on Monday
    by: [ops-lead]
    answered_on: 2026-12-01
    minority:
      - {by: [service-owner], choose: none, note: with finance}
  backup-scope:
    choose: [databases, files]

"#]],
    );
    assert_eq!(repository.opsready(&["status"]).stderr, "");
}

#[test]
fn an_answer_settles_a_conflict_too_and_keeps_what_was_said() {
    let (repository, _) = in_conflict();
    let run = repository.opsready(&["answer", "backup-policy@cloud", "--choose", "agreed", "--by", "ops-lead", "--note", "Yes"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let answers = repository.answers();
    assert!(answers.contains("choose: agreed\n") && answers.contains("    note: |-\n      Yes\n\n      signed on Monday\n"), "{answers}");
    assert!(answers.contains("- {by: [service-owner], choose: none, note: with finance}"), "{answers}");
    assert!(!answers.contains("conflict"), "{answers}");
}

#[test]
fn the_register_of_open_questions_shows_both_answers_and_a_copy_for_others_none() {
    let (repository, _) = in_conflict();
    assert_eq!(repository.opsready(&["render"]).code, Some(0));
    let register = repository.sandbox.read("docs/open-questions.md");
    let (_, section) = register.split_once("## In conflict\n").expect("there is a section");
    let (section, _) = section.split_once("\n## ").expect("another one follows");
    shows(
        section,
        str![[r#"

Two branches of the repository answered these differently, and the merge kept both. Neither counts until `opsready reconcile` settles it. Behind each stands what it would add to the score of the capability.

- **Is there a policy for backups?** ([Backup and Restore](backup/readiness.md#open-questions), Cloud, `backup-policy@cloud`)

  Operations lead: Agreed, with an owner (+0.50).

  > signed on Monday

  Service owner: Nobody can show one (the same score).

  > with finance

"#]],
    );
    assert!(repository.sandbox.read("docs/actions.md").contains("Settle the conflict on: Is there a policy for backups?"));
    let run = repository.opsready(&["render", "--format", "plain", "--audience", "customer", "--out", "../copy"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    let copy = std::fs::read_to_string(repository.sandbox.root().join("copy/open-questions.md")).expect("it is there");
    assert!(!copy.contains("signed on Monday") && !copy.contains("In conflict"), "{copy}");
}

#[test]
fn a_note_here_and_evidence_there_become_one_entry() {
    let ours = with(ANSWERS, "note: with finance", "note: with finance since May");
    let theirs = with(ANSWERS, "by: [ops-lead]", "evidence: [{link: \"https://x\"}]\n    by: [ops-lead, service-owner]");
    let repository = Repository::with(ANSWERS);
    assert_eq!(repository.merge(&ours, &theirs).code, Some(0));
    let wanted = with(&theirs, "note: with finance", "note: with finance since May");
    assert_eq!(repository.answers(), wanted);
}

#[test]
fn lists_merge_by_what_is_in_them() {
    let base = with(ANSWERS, "by: [ops-lead]", "evidence:\n      - {link: a}\n      - {link: b}\n    by: [ops-lead, x]");
    let ours = with(&base, "      - {link: a}\n", "");
    let ours = with(&ours, "[ops-lead, x]", "[ops-lead, x, y]");
    let theirs = with(&base, "      - {link: b}\n", "      - {link: b}\n      - title: c\n        link: c\n");
    let theirs = with(&theirs, "[ops-lead, x]", "[ops-lead]");
    let new = merged(&base, &ours, &theirs);
    assert!(new.contains("evidence:\n      - {link: b}\n      - title: c\n        link: c\n    by: [ops-lead, y]\n"), "{new}");
}

#[test]
fn what_one_side_deleted_and_the_other_changed_stays_and_is_told() {
    let deleted = "capability: backup\nanswers:\n  backup-scope:\n    choose: [databases, files]\n";
    let changed = with(ANSWERS, "drafted", "agreed");
    for (ours, theirs, told) in [
        (deleted, changed.as_str(), "`backup-policy@cloud` was deleted on our side and changed on theirs: it stays"),
        (changed.as_str(), deleted, "`backup-policy@cloud` was deleted on their side and changed on ours: it stays"),
    ] {
        let repository = Repository::with(ANSWERS);
        let run = repository.merge(ours, theirs);
        assert_eq!((run.code, repository.answers()), (Some(0), changed.clone()));
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
    // Deleted here and as it was there: it is gone.
    let other = with(ANSWERS, "[databases, files]", "[mail]");
    assert_eq!(merged(ANSWERS, deleted, &other), with(deleted, "[databases, files]", "[mail]"));
    assert_eq!(merged(ANSWERS, &other, deleted), with(deleted, "[databases, files]", "[mail]"));
}

#[test]
fn comments_and_odd_quoting_stay_to_the_byte() {
    let ours = with(ODD_ANSWERS, "# the end", "    backup-context: {text: x}   # ours\n# the end");
    let theirs = with(ODD_ANSWERS, "2026-03-01    # from the log", "2026-04-01    # from another log");
    let theirs = with(&theirs, "    # agreed with finance\n", "    # agreed with finance\n    # and with legal\n");
    let repository = Repository::with(ODD_ANSWERS);
    assert_eq!(repository.merge(&ours, &theirs).code, Some(0));
    assert_eq!(repository.answers(), with(&theirs, "# the end", "    backup-context: {text: x}   # ours\n# the end"));
    // Two changes within one line.
    let ours = with(ODD_ANSWERS, "'drafted'", "'agreed'");
    let theirs = with(ODD_ANSWERS, "\"v0.3: a draft\"", "\"v0.4\", by: [x]");
    assert_eq!(
        merged(ODD_ANSWERS, &ours, &theirs),
        with(ODD_ANSWERS, "{ choose: 'drafted',  note: \"v0.3: a draft\" }", "{ choose: 'agreed', note: \"v0.4\", by: [x] }")
    );
    // A conflict in one line.
    let new = merged(ODD_ANSWERS, &ours, &with(ODD_ANSWERS, "'drafted'", "none"));
    let wanted = "    \"backup-policy@cloud\" :   # keep me\n      conflict:\n        - choose: 'agreed'\n          note: \"v0.3: a draft\"\n        - choose: none\n          note: \"v0.3: a draft\"\n";
    assert!(new.contains(wanted), "{new}");
}

#[test]
fn comments_of_both_sides_stay_where_both_wrote_some() {
    let ours = with(ANSWERS, "  backup-scope:", "  # ours\n  backup-scope:");
    let theirs = with(ANSWERS, "  backup-scope:", "  # theirs\n  backup-scope:");
    let new = merged(ANSWERS, &ours, &theirs);
    assert!(new.contains("  # ours\n  # theirs\n  backup-scope:"), "{new}");
    let new = merged(ANSWERS, &format!("{ANSWERS}# ours\n"), &format!("{ANSWERS}# theirs\n"));
    assert_eq!(new, format!("{ANSWERS}# ours\n# theirs\n"));
}

#[test]
fn a_remark_behind_a_value_outlives_the_value() {
    let ours = with(ANSWERS, "drafted", "drafted   # ask again");
    let theirs = with(ANSWERS, "drafted", "agreed");
    for (ours, theirs) in [(&ours, &theirs), (&theirs, &ours)] {
        let new = merged(ANSWERS, ours, theirs);
        assert!(new.contains("    # ask again\n    choose: agreed\n"), "{new}");
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_are_those_of_our_side() {
    let repository = Repository::with(ANSWERS);
    let ours = format!("\u{feff}{}", with(ANSWERS, "drafted", "agreed").replace('\n', "\r\n"));
    let theirs = with(ANSWERS, "with finance", "with legal");
    let run = repository.merge(&ours, &theirs);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(repository.answers(), with(&ours, "with finance", "with legal"));
    let run = {
        repository.git(&["checkout", "--quiet", "theirs"]);
        repository.try_git(&["merge", "--quiet", "ours~1"])
    };
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}

#[test]
fn without_the_driver_git_merges_lines_and_check_says_so() {
    let repository = Repository::plain(ANSWERS);
    let run = repository.opsready(&["merge-driver", "--check"]);
    run.gives(str![[r#"
No: git in this clone does not know opsready, and no `.gitattributes` names the files. Run `opsready merge-driver --install`.
--- exit 1

"#]]);
    repository.sandbox.write(".gitattributes", "/answers/*.yaml merge=opsready\n");
    repository.commit("attributes");
    let theirs = with(ANSWERS, "choose: drafted", "choose: none");
    let run = repository.merge(&with(ANSWERS, "choose: drafted", "choose: agreed"), &theirs);
    assert_eq!(run.code, Some(1));
    assert!(repository.answers().contains("<<<<<<< HEAD\n    choose: agreed\n=======\n    choose: none\n>>>>>>> theirs\n"));
    let run = repository.opsready(&["merge-driver", "--check", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!((run.code, &json["installed"], &json["attributes"]), (Some(1), &false.into(), &true.into()));
}

#[test]
fn installing_twice_changes_nothing_and_keeps_what_the_attributes_had() {
    let repository = Repository::plain(ANSWERS);
    repository.sandbox.write(".gitattributes", "*.png binary\r\nanswers/*.yaml merge=ours");
    repository.opsready(&["merge-driver", "--install"]).gives(str![[r#"
Git merges the files of workspaces with opsready in this clone.
`.gitattributes` now names the files; commit it.

"#]]);
    let text = repository.sandbox.read(".gitattributes");
    assert!(text.starts_with("*.png binary\r\nanswers/*.yaml merge=ours\r\n# Merged by question"), "{text}");
    assert!(!text.contains("\n/answers/*.yaml") && text.contains("/plan/*.yaml merge=opsready\r\n"), "{text}");
    repository.opsready(&["merge-driver", "--install"]).gives(str![[r#"
Git merges the files of workspaces with opsready in this clone.

"#]]);
    assert_eq!(repository.sandbox.read(".gitattributes"), text);
    let driver = repository.git(&["config", "--get", "merge.opsready.driver"]).stdout;
    assert!(driver.starts_with("opsready merge-driver --marker-size %L %O %A %B %P;"), "{driver}");
}

#[test]
fn outside_of_a_repository_it_says_what_to_do() {
    let repository = Repository { sandbox: Sandbox::workspace() };
    let run = repository.opsready(&["merge-driver", "--install"]);
    run.gives(str![[r#"
--- standard error
error: the workspace is in no git repository
  = help: run `git init` first, or write `--global` for all repositories of this user
--- exit 2

"#]]);
}

#[test]
fn a_workspace_in_a_folder_of_its_repository_merges_too_with_spaces_in_the_path() {
    let sandbox = Sandbox::empty();
    let repository = Repository { sandbox };
    repository.git(&["init", "--quiet", "--initial-branch=main", "."]);
    repository.git(&["config", "user.name", "Tester"]);
    repository.git(&["config", "user.email", "tester@example.com"]);
    let kit = support::small_kit().display().to_string();
    let run = repository.opsready(&["init", "the customer's work", "--kit", &kit, "--no-input"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = repository.opsready(&["-C", "the customer's work", "merge-driver", "--install"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(repository.opsready(&["-C", "the customer's work", "merge-driver", "--check"]).code, Some(0));
    let file = "the customer's work/answers/backup.yaml";
    repository.sandbox.write(file, ANSWERS);
    repository.commit("first");
    repository.branch("ours", file, &with(ANSWERS, "drafted", "agreed"));
    repository.branch("theirs", file, &with(ANSWERS, "drafted", "none"));
    repository.git(&["checkout", "--quiet", "ours"]);
    repository.git(&["merge", "--quiet", "theirs"]);
    assert!(repository.sandbox.read(file).contains("conflict:\n"), "{}", repository.sandbox.read(file));
}

#[test]
fn init_adds_the_lines_to_attributes_that_are_there() {
    let sandbox = Sandbox::empty();
    sandbox.write(".gitattributes", "*.png binary\n");
    let kit = support::small_kit().display().to_string();
    let run = sandbox.run(&["init", ".", "--kit", &kit, "--no-input"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stderr.contains("`.gitattributes` was there and keeps what it has; what git merges by question is added"),
        "{}",
        run.stderr
    );
    let text = sandbox.read(".gitattributes");
    assert!(text.starts_with("*.png binary\n# Merged") && text.contains("/answers/*.yaml merge=opsready\n"), "{text}");
}

#[test]
fn rebase_and_cherry_pick_go_through() {
    let repository = Repository::with(ANSWERS);
    repository.branch("ours", "answers/backup.yaml", &with(ANSWERS, "with finance", "with legal"));
    let one = with(ANSWERS, "choose: drafted", "choose: agreed");
    repository.branch("theirs", "answers/backup.yaml", &one);
    repository.sandbox.write("answers/backup.yaml", &(one.clone() + "  backup-context:\n    text: x\n"));
    repository.commit("second");
    repository.git(&["rebase", "--quiet", "ours"]);
    let wanted = with(&one, "with finance", "with legal") + "  backup-context:\n    text: x\n";
    assert_eq!(repository.answers(), wanted);
    repository.git(&["checkout", "--quiet", "-b", "picked", "ours"]);
    repository.git(&["cherry-pick", "theirs"]);
    assert_eq!(repository.answers(), with(ANSWERS, "with finance", "with legal") + "  backup-context:\n    text: x\n");
}

#[test]
fn a_file_that_is_no_yaml_is_merged_line_by_line_with_markers() {
    let repository = Repository::with(ANSWERS);
    let run = repository.merge(&with(ANSWERS, "drafted", "agreed"), &with(ANSWERS, "choose: drafted", "choose: [none"));
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("answers/backup.yaml: merged line by line, since their version cannot be read"), "{}", run.stderr);
    let answers = repository.answers();
    assert!(answers.contains("<<<<<<< ours\n    choose: agreed\n=======\n    choose: [none\n>>>>>>> theirs\n"), "{answers}");
}

#[test]
fn bytes_that_are_no_text_are_both_kept() {
    let sandbox = Sandbox::empty();
    sandbox.write("base", "");
    sandbox.write_bytes("ours", b"a: \0\xff\n");
    sandbox.write_bytes("theirs", b"b: \0\xfe");
    let run = sandbox.run(&["merge-driver", "base", "ours", "theirs", "answers/backup.yaml"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let bytes = std::fs::read(sandbox.path("ours")).expect("it is there");
    assert_eq!(bytes, b"<<<<<<< ours\na: \0\xff\n=======\nb: \0\xfe\n>>>>>>> theirs\n");
}

#[test]
fn a_version_that_is_not_there_is_no_empty_one() {
    let sandbox = Sandbox::empty();
    sandbox.write("ours", ANSWERS);
    sandbox.write("theirs", ANSWERS);
    let run = sandbox.run(&["merge-driver", "missing", "ours", "theirs"]);
    assert_eq!((run.code, sandbox.read("ours").as_str()), (Some(3), ANSWERS));
}

#[test]
fn where_the_program_is_gone_git_merges_lines_and_loses_nothing() {
    let repository = Repository::with(ANSWERS);
    let driver = repository.git(&["config", "--get", "merge.opsready.driver"]).stdout;
    repository.git(&["config", "merge.opsready.driver", driver.trim().replacen("opsready", "no-such-program", 1).as_str()]);
    let run = repository.merge(&with(ANSWERS, "drafted", "agreed"), &with(ANSWERS, "drafted", "none"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(repository.answers().contains("<<<<<<< ours\n    choose: agreed\n=======\n    choose: none\n>>>>>>> theirs\n"));
}

#[test]
fn three_voices_meet_in_two_merges() {
    let repository = Repository::with(ANSWERS);
    for (branch, choice) in [("one", "agreed"), ("two", "none"), ("three", "[drafted]\n    note: still")] {
        let text = with(ANSWERS, "choose: drafted\n    note: with finance", &format!("choose: {choice}"));
        repository.branch(branch, "answers/backup.yaml", &text);
    }
    repository.git(&["checkout", "--quiet", "one"]);
    repository.git(&["merge", "--quiet", "two"]);
    repository.git(&["merge", "--quiet", "three"]);
    let answers = repository.answers();
    // The third only changed its note: what it chose is what was there before, so the other two stand.
    assert_eq!((answers.matches("- choose:").count(), answers.contains("note: still")), (2, true), "{answers}");
}

#[test]
fn branches_that_crossed_lose_nothing() {
    let repository = Repository::with(ANSWERS);
    repository.branch("one", "answers/backup.yaml", &with(ANSWERS, "choose: drafted", "choose: agreed"));
    repository.branch("two", "answers/backup.yaml", &with(ANSWERS, "choose: drafted", "choose: none"));
    repository.git(&["checkout", "--quiet", "-b", "cross-one", "one"]);
    repository.git(&["merge", "--quiet", "two"]);
    repository.git(&["checkout", "--quiet", "-b", "cross-two", "two"]);
    repository.git(&["merge", "--quiet", "one"]);
    assert_eq!(repository.opsready(&["reconcile", "backup-policy@cloud", "--choose", "agreed", "--reason", "Shown"]).code, Some(0));
    repository.commit("settled");
    repository.git(&["checkout", "--quiet", "cross-one"]);
    repository.sandbox.write("answers/backup.yaml", &(repository.answers() + "  backup-context:\n    text: x\n"));
    repository.commit("more");
    let run = repository.git(&["merge", "--quiet", "cross-two"]);
    let answers = repository.answers();
    assert!(
        answers.contains("choose: agreed") && answers.contains("choose: none") && answers.contains("text: x"),
        "{answers}{}",
        run.stderr
    );
    assert_eq!(repository.opsready(&["score"]).code, Some(0), "{answers}");
}

#[test]
fn an_octopus_merges_different_questions() {
    let repository = Repository::with("capability: backup\nanswers:\n");
    for (branch, entry) in [
        ("one", "  backup-context:\n    text: x\n"),
        ("two", "  last-restore:\n    date: 2026-03-01\n"),
        ("three", "  backup-scope:\n    choose: [mail]\n"),
    ] {
        repository.branch(branch, "answers/backup.yaml", &format!("capability: backup\nanswers:\n{entry}"));
    }
    repository.git(&["checkout", "--quiet", "one"]);
    let run = repository.try_git(&["merge", "--quiet", "two", "three"]);
    if run.code != Some(0) {
        // The octopus of git knows no driver, and says so; one after the other it goes.
        repository.git(&["reset", "--quiet", "--hard", "one"]);
        repository.git(&["merge", "--quiet", "two"]);
        repository.git(&["merge", "--quiet", "three"]);
    }
    let answers = repository.answers();
    assert!(["text: x", "2026-03-01", "[mail]"].iter().all(|text| answers.contains(text)), "{answers}");
}

#[test]
fn other_files_merge_by_key_and_stand_between_markers_where_they_differ() {
    let base = "\
schema: opsready/plan/v1
capability: backup
practices:
  backup-complete: {wave: first, owner: ops-lead}
  restores-tested:
    status: open
    note: after the move
";
    let ours = with(base, "owner: ops-lead", "owner: service-owner");
    let ours = with(&ours, "status: open", "status: blocked");
    let theirs = with(base, "wave: first", "wave: second");
    let theirs = with(&theirs, "after the move", "before the freeze");
    let repository = Repository::with("");
    repository.sandbox.write("plan/backup.yaml", base);
    repository.commit("plan");
    repository.branch("ours", "plan/backup.yaml", &ours);
    repository.branch("theirs", "plan/backup.yaml", &theirs);
    repository.branch("third", "plan/backup.yaml", &with(base, "status: open", "status: done"));
    repository.git(&["checkout", "--quiet", "ours"]);
    repository.git(&["merge", "--quiet", "theirs"]);
    let wanted = with(&theirs, "owner: ops-lead", "owner: service-owner");
    assert_eq!(repository.sandbox.read("plan/backup.yaml"), with(&wanted, "status: open", "status: blocked"));
    let run = repository.try_git(&["merge", "--quiet", "third"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("`practices.restores-tested.status` was changed on both sides"), "{}", run.stderr);
    let text = repository.sandbox.read("plan/backup.yaml");
    assert!(
        text.contains("<<<<<<< ours\n    status: blocked\n=======\n    status: done\n>>>>>>> theirs\n    note: before the freeze\n"),
        "{text}"
    );
}

#[test]
fn opsready_yaml_merges_by_capability_and_participant() {
    let base = "id: acme\ncustomer: Acme\nenvironments: [on-premises]\ncapabilities:\n  backup: {target: 2, importance: 3}\nparticipants:\n  - {role: ops-lead, name: Ann}\n";
    let ours = with(base, "target: 2", "target: 3");
    let ours = with(&ours, "name: Ann}\n", "name: Ann}\n  - {role: service-owner}\n");
    let ours = with(&ours, "[on-premises]", "[on-premises, cloud]");
    let theirs = with(base, "importance: 3}", "importance: 5}\n  patching: {target: 1}");
    let theirs = with(&theirs, "name: Ann", "name: Anna");
    let new = files(Kind::of("acme/opsready.yaml"), Some(base), &ours, &theirs, 7).expect("they can be merged");
    shows(
        &new.text,
        str![[r#"
id: acme
customer: Acme
environments: [on-premises, cloud]
capabilities:
  backup: {target: 3, importance: 5}
  patching: {target: 1}
participants:
  - {role: ops-lead, name: Anna}
  - {role: service-owner}

"#]],
    );
    assert!(new.marked.is_empty());
}

#[test]
fn a_conflict_in_the_answers_of_one_respondent_is_theirs_to_settle() {
    let sandbox = Sandbox::workspace();
    let file = "responses/anna/backup.yaml";
    sandbox.write(
        file,
        "capability: backup\nanswers:\n  last-restore:\n    conflict:\n      - date: 2026-03-01\n      - dont_know: {note: ask Ben}\n",
    );
    let run = sandbox.run(&["reconcile"]);
    assert!(run.stderr.contains("`opsready answer last-restore --respondent anna …` says which holds"), "{}", run.stderr);
    assert_eq!(sandbox.run(&["answer", "last-restore", "--respondent", "anna", "--date", "2026-03-01"]).code, Some(0));
    shows(
        &sandbox.read(file),
        str![[r#"
capability: backup
answers:
  last-restore:
    date: 2026-03-01
    answered_on: 2026-12-01
    minority:
      - {note: ask Ben}

"#]],
    );
}

#[test]
fn not_to_know_beside_an_answer_waits_for_somebody_to_say_so() {
    let head = "capability: backup\nanswers:\n";
    let ours = format!("{head}  last-restore:\n    dont_know: {{owner: ops-lead}}\n");
    let theirs = format!("{head}  last-restore:\n    parked: {{note: after the move}}\n");
    let new = merged(head, &ours, &theirs);
    let sandbox = Sandbox::with_answers(&new);
    let run = sandbox.run(&["reconcile", "last-restore", "--take", "1", "--reason", "x"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("nobody answered it: `opsready answer last-restore …` records what holds"), "{}", run.stderr);
    assert_eq!(sandbox.run(&["answer", "last-restore", "--dont-know", "--owner", "ops-lead"]).code, Some(0));
    assert_eq!(sandbox.run(&["status"]).stderr, "");
    assert!(sandbox.read("answers/backup.yaml").contains("after the move"), "{}", sandbox.read("answers/backup.yaml"));
}

#[test]
fn what_nobody_knew_is_kept_when_the_answer_beside_it_is_taken() {
    let answers = "capability: backup\nanswers:\n  last-restore:\n    conflict:\n      - {date: 2026-03-01}\n      - {dont_know: {owner: ops-lead}, note: Ben may know, by: [ops-lead]}\n";
    let sandbox = Sandbox::with_answers(answers);
    let run = sandbox.run(&["reconcile", "last-restore", "--take", "1", "--reason", "The log says so"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    shows(
        &sandbox.read("answers/backup.yaml"),
        str![[r#"
capability: backup
answers:
  last-restore:
    date: 2026-03-01
    note: The log says so
    answered_on: 2026-12-01
    minority:
      - {by: [ops-lead], note: Ben may know}

"#]],
    );
}

#[test]
fn an_answer_beside_a_conflict_is_refused() {
    let sandbox = Sandbox::with_answers(
        "capability: backup\nanswers:\n  backup-policy@cloud:\n    choose: agreed\n    conflict:\n      - choose: none\n",
    );
    sandbox.refuses(
        &["status"],
        2,
        str![[r#"
error[bad-answer]: this answer holds `choose`, `conflict` at once
 --> answers/backup.yaml:3:3
  |
3 |   backup-policy@cloud:
  |   ^^^^^^^^^^^^^^^^^^^
  |
  = help: keep one of them
1 error to mend; nothing was changed

"#]],
    );
}

impl Run {
    /// Returns standard output after a run that must have worked.
    #[track_caller]
    fn text(&self) -> &str {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        &self.stdout
    }
}

/// One entry of a random file. Numbers stand for words, so that they are easy to shrink.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    choose: Option<u8>,
    note: Option<u8>,
    by: Vec<u8>,
    evidence: Vec<u8>,
    comment: bool,
    is_flow: bool,
}

/// Questions by number.
type Model = std::collections::BTreeMap<u8, Entry>;

fn text_of(model: &Model, indent: usize) -> String {
    use std::fmt::Write;
    let mut text = "# ours\ncapability: backup\nanswers:\n".to_owned();
    let pad = " ".repeat(indent);
    for (question, entry) in model {
        if entry.comment {
            let _ = writeln!(text, "\n{pad}# about {question}");
        }
        let by: Vec<String> = entry.by.iter().map(|by| format!("p{by}")).collect();
        let evidence: Vec<String> = entry.evidence.iter().map(|one| format!("{{link: \"https://{one}\"}}")).collect();
        let mut fields: Vec<(&str, String)> = Vec::new();
        fields.extend(entry.choose.map(|choose| ("choose", format!("c{choose}"))));
        fields.extend((!by.is_empty()).then(|| ("by", format!("[{}]", by.join(", ")))));
        if entry.is_flow {
            fields.extend(entry.note.map(|note| ("note", format!("'n{note}, it''s }} so'"))));
            fields.extend((!evidence.is_empty()).then(|| ("evidence", format!("[{}]", evidence.join(", ")))));
            let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key}: {value}")).collect();
            let _ = writeln!(text, "{pad}q{question}: {{{}}}   # one line", fields.join(",  "));
            continue;
        }
        let _ = writeln!(text, "{pad}q{question}:");
        fields.extend(entry.note.map(|note| ("note", format!("|\n{pad}{pad}  n{note}, it's }} so\n{pad}{pad}   # no comment"))));
        for (key, value) in fields {
            let _ = writeln!(text, "{pad}{pad}{key}: {value}");
        }
        if !evidence.is_empty() {
            let _ = writeln!(text, "{pad}{pad}evidence:");
            for one in evidence {
                let _ = writeln!(text, "{pad}{pad}- {one}");
            }
        }
    }
    text
}

fn entry() -> impl Strategy<Value = Entry> {
    let some = |most: u8| proptest::option::of(0..most);
    let few = || proptest::collection::btree_set(0..4_u8, 0..3).prop_map(|set| set.into_iter().collect::<Vec<_>>());
    (some(3), some(3), few(), few(), any::<bool>(), any::<bool>()).prop_map(|(choose, note, by, evidence, comment, is_flow)| Entry {
        choose,
        note,
        by,
        evidence,
        comment,
        is_flow,
    })
}

/// What somebody does to one question.
#[derive(Clone, Debug)]
enum Edit {
    Choose(Option<u8>),
    Note(Option<u8>),
    By(Vec<u8>),
    Evidence(Vec<u8>),
    Comment,
    Put(Entry),
    Delete,
}

fn edits() -> impl Strategy<Value = Vec<(u8, Edit)>> {
    let some = || proptest::option::of(3..6_u8);
    let edit = prop_oneof![
        some().prop_map(Edit::Choose),
        some().prop_map(Edit::Note),
        proptest::collection::vec(3..7_u8, 1..2).prop_map(Edit::By),
        proptest::collection::vec(3..7_u8, 1..2).prop_map(Edit::Evidence),
        Just(Edit::Comment),
        entry().prop_map(Edit::Put),
        Just(Edit::Delete),
    ];
    proptest::collection::vec((0..6_u8, edit), 0..6)
}

fn edited(model: &Model, edits: &[(u8, Edit)]) -> Model {
    let mut model = model.clone();
    for (question, edit) in edits {
        if let Edit::Put(entry) = edit {
            model.entry(*question).or_insert_with(|| entry.clone());
            continue;
        }
        if let Edit::Delete = edit {
            model.remove(question);
            continue;
        }
        let Some(entry) = model.get_mut(question) else { continue };
        let add = |to: &mut Vec<u8>, more: &[u8]| {
            let new: Vec<u8> = more.iter().filter(|one| !to.contains(one)).copied().collect();
            to.extend(new);
        };
        match edit {
            Edit::Choose(choose) => entry.choose = *choose,
            Edit::Note(note) => entry.note = *note,
            Edit::By(by) => add(&mut entry.by, by),
            Edit::Evidence(evidence) => add(&mut entry.evidence, evidence),
            Edit::Comment => entry.comment = true,
            Edit::Put(_) | Edit::Delete => {}
        }
    }
    model
}

fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|(name, _)| name.text == key).map(|(_, value)| value)
}

/// Returns every text below a node.
fn texts(node: &Node) -> Vec<String> {
    match &node.value {
        Value::Text(text) => vec![text.clone()],
        Value::List(items) => items.iter().flat_map(texts).collect(),
        Value::Map(entries) => entries.iter().flat_map(|(_, value)| texts(value)).collect(),
        _ => Vec::new(),
    }
}

/// Returns what a tree says, in an order of its own.
fn content(node: &Node) -> String {
    let sorted = |mut parts: Vec<String>| {
        parts.sort();
        parts.join(" ")
    };
    match &node.value {
        Value::Text(text) => sorted(text.split("\n\n").map(|part| format!("{:?}", part.trim())).collect()),
        Value::List(items) if items.len() == 1 => content(&items[0]),
        Value::List(items) => format!("[{}]", sorted(items.iter().map(content).collect())),
        Value::Map(entries) => {
            format!("{{{}}}", sorted(entries.iter().map(|(key, value)| format!("{}:{}", key.text, content(value))).collect()))
        }
        other => format!("{other:?}"),
    }
}

fn node_of(text: &str) -> Result<Node, TestCaseError> {
    yaml::parse(&Source::new("", text)).map_err(|found| TestCaseError::fail(format!("{text}\n{}", found[0].message)))
}

/// Checks that what a side changed is in the result.
fn keeps(result: &str, base: &Model, side: &Model, other: &Model) -> Result<(), TestCaseError> {
    let root = node_of(result)?;
    let answers = get(&root, "answers").expect("there are answers");
    for (question, entry) in side {
        let old = base.get(question);
        if old == Some(entry) && other.get(question) != Some(entry) {
            // The other side has its way.
            continue;
        }
        let found = get(answers, &format!("q{question}"));
        prop_assert!(found.is_some(), "q{} is gone:\n{}", question, result);
        let said = found.map(texts).unwrap_or_default();
        let holds = |wanted: &str| said.iter().any(|text| text.contains(wanted));
        let choice = entry.choose.filter(|_| old.and_then(|old| old.choose) != entry.choose);
        prop_assert!(choice.is_none_or(|choice| said.contains(&format!("c{choice}"))), "q{} lost its choice:\n{}", question, result);
        let note = entry.note.filter(|_| old.and_then(|old| old.note) != entry.note);
        prop_assert!(note.is_none_or(|note| holds(&format!("n{note}, it's }} so"))), "q{} lost its note:\n{}", question, result);
        let is_new = |one: &&u8, of: fn(&Entry) -> &Vec<u8>| !old.is_some_and(|old| of(old).contains(one));
        for one in entry.evidence.iter().filter(|one| is_new(one, |entry| &entry.evidence)) {
            prop_assert!(said.contains(&format!("https://{one}")), "q{} lost its evidence:\n{}", question, result);
        }
        for one in entry.by.iter().filter(|one| is_new(one, |entry| &entry.by)) {
            prop_assert!(said.contains(&format!("p{one}")), "q{} lost who said it:\n{}", question, result);
        }
        prop_assert!(!entry.comment || result.contains(&format!("# about {question}\n")), "q{} lost its comment:\n{}", question, result);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn nothing_that_anybody_said_is_lost(
        base in proptest::collection::btree_map(0..5_u8, entry(), 0..5),
        (ours, theirs) in (edits(), edits()),
        has_base in proptest::bool::weighted(0.9),
        wide in any::<bool>(),
    ) {
        let base = if has_base { base } else { Model::new() };
        let (ours, theirs) = (edited(&base, &ours), edited(&base, &theirs));
        let (mine, other) = (text_of(&ours, 2), text_of(&theirs, if wide { 4 } else { 2 }));
        let old = has_base.then(|| text_of(&base, 2));
        let merge = |ours: &str, theirs: &str| files(Kind::Answers, old.as_deref(), ours, theirs, 7).map(|merged| merged.text);
        let result = merge(&mine, &other);
        prop_assert!(result.is_some(), "refused:\n{}\n{}", mine, other);
        let result = result.unwrap_or_default();
        keeps(&result, &base, &ours, &theirs)?;
        keeps(&result, &base, &theirs, &ours)?;
        let mirrored = merge(&other, &mine).unwrap_or_default();
        prop_assert_eq!(content(&node_of(&result)?), content(&node_of(&mirrored)?), "not the same from both sides:\n{}\n{}", result, mirrored);
        let again = files(Kind::Answers, Some(&mine), &mine, &other, 7).map(|merged| merged.text);
        prop_assert_eq!(again.as_deref(), Some(other.as_str()));
        let twice = files(Kind::Answers, old.as_deref(), &result, &result, 7).map(|merged| merged.text);
        prop_assert_eq!(twice.as_deref(), Some(result.as_str()));
    }

    #[test]
    fn hostile_text_is_merged_whole_or_refused(
        note in "[ -~\n\té€\u{85}\u{2028}]{0,40}", other in "[ -~\n\té€\u{85}\u{2028}]{0,40}",
    ) {
        let quoted = |text: &str| serde_json::to_string(text).expect("text is JSON");
        let file = |note: &str, more: &str| format!("capability: backup\nanswers:\n  a: {{note: {}}}\n{more}", quoted(note));
        let (ours, theirs) = (file(&note, ""), file(&other, "  b: {choose: x}\n"));
        if let Some(merged) = files(Kind::Answers, Some("capability: backup\nanswers:\n"), &ours, &theirs, 7) {
            let root = node_of(&merged.text)?;
            let said = texts(get(get(&root, "answers").expect("there are answers"), "a").expect("there is a question"));
            let holds = |text: &str| said.iter().any(|said| said.contains(text.trim()));
            prop_assert!(holds(&note) && holds(&other), "{}", merged.text);
        }
    }
}
