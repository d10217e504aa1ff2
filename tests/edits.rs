//! Workspaces in which people edit documents while answers change: scenarios of users, arbitrary edits, and processes that are
//! killed.

mod support;

use opsready::workspace::Workspace;
use opsready::workspace::documents::Fate;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use support::{Run, Sandbox, copy, same};

#[track_caller]
fn works(run: &Run) {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

/// Returns a copy of the ten-capability example as `w`.
fn example() -> Sandbox {
    let sandbox = Sandbox::empty();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lindwater-utilities"), &sandbox.root().join("w"));
    sandbox
}

/// Returns the Markdown below a folder by path.
fn markdown(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.join("docs")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(root).expect("it is below").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).expect("it is text"));
            }
        }
    }
    found
}

/// Returns the lines that only one of two texts has.
fn differing<'t>(before: &'t str, after: &'t str) -> Vec<&'t str> {
    let lines = |text: &'t str| text.lines().collect::<BTreeSet<&str>>();
    lines(before).symmetric_difference(&lines(after)).copied().collect()
}

// Scenarios

#[test]
fn sponsor_and_colleague_edit_and_two_answers_change() {
    let sandbox = example();
    let (summary, readiness) = ("w/docs/executive-summary.md", "w/docs/tag-management/readiness.md");
    let read = |path: &str| fs::read_to_string(sandbox.root().join(path)).expect("it is there");
    let write = |path: &str, text: String| fs::write(sandbox.root().join(path), text).expect("it can be written");
    // The sponsor changes prose of a finding; the colleague pastes back a section from a word processor, with its line ends,
    // its quotes and its spaces at the ends of lines.
    let old = read(summary);
    let finding = old.lines().find(|line| line.starts_with("- **An on-call rota with a deputy")).expect("the finding is there");
    let praised = "- **An on-call rota with a deputy**: six people, from January, says the board.";
    write(summary, old.replace(finding, praised));
    let old = read(readiness);
    let heading = old.lines().find(|line| line.starts_with("## Findings")).expect("the section is there");
    let pasted =
        "“As agreed with Ms Okoro”: tags of the old estate stay as they are until June 2027.  \n\u{a0}The rest follows – step by step.";
    write(readiness, old.replace(heading, &format!("{heading}\n\n{pasted}")).replace('\n', "\r\n"));

    works(&sandbox.run_in("w", &["answer", "mandatory-tag-keys@aws", "--choose", "owner,application"]));
    works(&sandbox.run_in("w", &["answer", "tag-coverage@aws", "--number", "93"]));
    let planned = sandbox.run_in("w", &["render", "--dry-run"]);
    works(&planned);
    let says =
        |run: &Run, path: &str| run.stdout.lines().find(|line| line.starts_with(path)).map(|line| line[path.len()..].trim().to_owned());
    assert_eq!(says(&planned, "docs/tag-management/readiness.md").as_deref(), Some("merge"));
    assert_eq!(says(&planned, "docs/executive-summary.md").as_deref(), Some("merge"));
    assert_eq!(says(&planned, "docs/gap-register.md").as_deref(), Some("update"));
    assert_eq!(says(&planned, "docs/license-management/design.md").as_deref(), Some("unchanged"));

    works(&sandbox.run_in("w", &["render"]));
    assert!(read(summary).contains(praised));
    let text = read(readiness);
    assert!(text.contains(&pasted.replace('\n', "\r\n")), "{text}");
    assert!(text.contains("93") && !text.contains("63.7"), "the answer is new");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    works(&sandbox.run_in("w", &["render", "--check"]));
}

#[test]
fn one_answer_changes_one_line_of_answers_and_what_depends_on_it() {
    let sandbox = example();
    let root = sandbox.root().join("w");
    let answers = root.join("answers/tag-management.yaml");
    let (yaml, before) = (fs::read_to_string(&answers).expect("it is there"), markdown(&root));
    works(&sandbox.run_in("w", &["answer", "tag-coverage@aws", "--number", "93"]));
    let changed = fs::read_to_string(&answers).expect("it is there");
    let lines = differing(&yaml, &changed);
    assert!(lines.len() <= 4 && lines.iter().all(|line| line.contains("number:") || line.contains("answered_on:")), "{lines:?}");
    works(&sandbox.run_in("w", &["render"]));
    let after = markdown(&root);

    let kit = fs::read_to_string(root.join("kit/capabilities/tag-management.yaml")).expect("it is there");
    let credited: Vec<&str> = ["tag-coverage-measured", "tag-coverage"].into_iter().filter(|id| kit.contains(id)).collect();
    assert!(!credited.is_empty());
    for (path, text) in &after {
        let lines = differing(&before[path], text);
        let is_of_capability = path.starts_with("docs/tag-management/");
        let in_other_capability = path.matches('/').count() == 2 && !is_of_capability;
        // The date of the latest answer stands in every document of the whole.
        let in_other_capability = in_other_capability && !path.starts_with("docs/workshop/");
        assert!(!in_other_capability || lines.is_empty(), "{path}: {lines:#?}");
        if path == "docs/gap-register.md" {
            // The rows and explanations of practices of the capability, and the date.
            let concerns = |line: &&str| line.contains("Tag management") || line.contains("· as of ");
            assert!(!lines.is_empty() && lines.iter().all(concerns), "{lines:#?}");
            let rows = lines.iter().filter(|line| line.starts_with('|')).count();
            assert!(rows <= 8, "{rows} rows: {lines:#?}");
        }
    }
}

#[test]
fn the_read_out_of_the_same_evening_is_whole() {
    let sandbox = example();
    let run = sandbox.run_in("w", &["render", "--list"]);
    works(&run);
    let summary = fs::read_to_string(sandbox.root().join("w/docs/executive-summary.md")).expect("it is there");
    // Two pages of A4 hold so much with tables and charts.
    let summary = summary.split("```").step_by(2).collect::<String>();
    assert!(summary.split_whitespace().filter(|word| *word != "|").count() < 1_450);
    // There is nothing to compare with before the first milestone.
    let empty: Vec<&str> = run.stdout.lines().filter(|line| line.contains("no content yet")).collect();
    assert!(matches!(empty.as_slice(), [line] if line.starts_with("progress ")), "the example shows every document: {}", run.stdout);
}

// Arbitrary edits, arbitrary answers

/// What the room says of the small kit: a choice for each question, or none.
#[derive(Clone, Debug)]
struct Said {
    policy: [Option<usize>; 2],
    tested: [Option<usize>; 2],
    window: [Option<usize>; 2],
    targets: [i64; 2],
}

fn said() -> impl Strategy<Value = Said> {
    let pair = |count: usize| prop::array::uniform2(prop::option::of(0..count));
    (pair(3), pair(2), pair(3), prop::array::uniform2(0..=2_i64)).prop_map(|(policy, tested, window, targets)| Said {
        policy,
        tested,
        window,
        targets,
    })
}

impl Said {
    fn write(&self, sandbox: &Sandbox) {
        type Asked<'a> = (&'a str, &'a [&'a str], [Option<usize>; 2]);
        let answers = |capability: &str, questions: &[Asked<'_>]| {
            let mut text = format!("capability: {capability}\nanswers:\n");
            for (question, choices, said) in questions {
                for (environment, said) in ["on-premises", "cloud"].iter().zip(said) {
                    if let Some(choice) = said {
                        let _ = writeln!(text, "  {question}@{environment}:\n    choose: \"{}\"", choices[*choice]);
                    }
                }
            }
            text
        };
        let policy: &[&str] = &["none", "drafted", "agreed"];
        let backup = answers("backup", &[("backup-policy", policy, self.policy), ("restore-tested", &["yes", "no"], self.tested)]);
        sandbox.write("answers/backup.yaml", &backup);
        sandbox.write("answers/patching.yaml", &answers("patching", &[("patch-window", &["nobody", "team", "calendar"], self.window)]));
        let assessment = format!(
            "schema: opsready/assessment/v1\nid: acme\ncustomer: Acme Logistics\nkit: {{id: small, version: 1.2.0}}\nenvironments: [on-premises, cloud]\ntarget_environment: cloud\ncapabilities:\n  backup: {{target: {}}}\n  patching: {{target: {}}}\n",
            self.targets[0], self.targets[1]
        );
        sandbox.write("opsready.yaml", &assessment);
    }
}

/// What a person does to a document: a place, and what is written there, or nothing for a line that goes.
type Edit = (prop::sample::Index, Option<String>, bool);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let line = prop_oneof!["ours [a-z ]{2,12}[a-z]", "\\| ours [a-z]{2,8} \\| x \\|", "- ours [a-z]{2,8}", "#{2,4} ours [a-z]{2,8}",];
    prop::collection::vec((any::<prop::sample::Index>(), prop::option::weighted(0.8, line), any::<bool>()), 0..5)
}

/// Makes the edits, and returns the lines that the person wrote.
fn make(path: &Path, edits: &[Edit]) -> Vec<String> {
    let text = fs::read_to_string(path).expect("the document is there");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (at, own, replaces) in edits {
        let at = at.index(lines.len());
        let is_mark = lines[at].starts_with("<!-- ");
        match own {
            Some(own) if *replaces && !is_mark => lines[at].clone_from(own),
            Some(own) => lines.insert(at, own.clone()),
            None if !is_mark && lines.len() > 1 => drop(lines.remove(at)),
            None => {}
        }
    }
    fs::write(path, lines.join("\n") + "\n").expect("the document can be written");
    let old: BTreeSet<&str> = text.lines().collect();
    lines.into_iter().filter(|line| !old.contains(line.as_str())).collect()
}

/// Renders in this process; returns what became of each document.
fn render(sandbox: &Sandbox) -> BTreeMap<String, Fate> {
    let workspace = Workspace::at(&sandbox.path("")).expect("it is a workspace");
    let loaded = workspace.load().expect("the files are right");
    let plan = workspace.plan_documents(&loaded, &[]).expect("it can be rendered");
    assert!(plan.faults.is_empty(), "{:?}", plan.faults);
    workspace.write_documents(&loaded, &plan.steps, "then").expect("it can be written");
    plan.steps.into_iter().map(|step| (step.path, step.fate)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn whatever_people_write_and_the_room_says_every_line_of_a_person_is_there(
        first in said(), second in said(), edits in prop::collection::vec(edits(), 6), which in any::<prop::sample::Index>()
    ) {
        let sandbox = Sandbox::workspace();
        first.write(&sandbox);
        render(&sandbox);
        let documents: Vec<PathBuf> = markdown(&sandbox.path("")).into_keys().map(|path| sandbox.path(&path)).collect();
        let shift = which.index(documents.len());
        let mut written = BTreeMap::new();
        for (index, edits) in edits.iter().enumerate() {
            let path = &documents[(index + shift) % documents.len()];
            written.entry(path.clone()).or_insert_with(|| make(path, edits));
        }
        second.write(&sandbox);
        let fates = render(&sandbox);
        // A document without content goes, unless a person wrote in it.
        for (path, lines) in written.iter().filter(|(path, lines)| path.exists() || !lines.is_empty()) {
            let text = fs::read_to_string(path).expect("it is there");
            for line in lines {
                prop_assert!(text.lines().any(|there| there == line), "lost {line:?} of {}:\n{text}", path.display());
            }
        }
        if fates.values().all(|fate| *fate != Fate::Conflict) {
            let before = sandbox.tree();
            let fates = render(&sandbox);
            prop_assert!(fates.values().all(|fate| matches!(fate, Fate::Unchanged | Fate::Edited | Fate::Orphan)), "{fates:?}");
            same(&before, &sandbox.tree());
        }
    }
}

// Processes that are killed

#[cfg(unix)]
#[test]
fn a_document_is_whole_whenever_rendering_is_killed() {
    let start = Sandbox::workspace();
    let said =
        |window: usize| Said { policy: [Some(2), Some(0)], tested: [None, None], window: [Some(window), Some(window)], targets: [2, 2] };
    said(0).write(&start);
    render(&start);
    let own = "We patch on the second Tuesday.";
    let design = "docs/patching/design.md";
    start.write(design, &format!("{}\n{own}\n", start.read(design)));
    said(2).write(&start);
    let (old, new) = (markdown(&start.path("")), {
        let sandbox = Sandbox::empty();
        copy(&start.path(""), &sandbox.path(""));
        render(&sandbox);
        markdown(&sandbox.path(""))
    });
    assert_ne!(old, new);
    let mut killed = 0;
    for round in 0..40_u32 {
        let sandbox = Sandbox::empty();
        copy(&start.path(""), &sandbox.path(""));
        let mut child = sandbox.command(&["render"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        // Somewhere between the start and the end, which a machine reaches sooner or later.
        for _ in 0..round * 25_000 {
            std::hint::spin_loop();
        }
        child.kill().expect("it can be killed");
        killed += usize::from(child.wait().expect("it ends").code().is_none());
        for (path, text) in markdown(&sandbox.path("")) {
            assert!(text == old[&path] || text == new[&path], "{path} is neither old nor new:\n{text}");
        }
        render(&sandbox);
        assert_eq!(markdown(&sandbox.path("")), new, "the next rendering finishes what was begun");
    }
    assert!(killed > 0, "no process was killed in time");
}

// Watching

#[test]
fn watching_renders_again_when_an_answer_changes() {
    let sandbox = Sandbox::workspace();
    let said = |window: usize| Said { policy: [None, None], tested: [None, None], window: [Some(window), Some(window)], targets: [2, 2] };
    said(0).write(&sandbox);
    let mut child = sandbox.command(&["render", "--watch"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it has an output")).lines().map(|line| line.expect("it is text"));
    let mut until = |wanted: &str| {
        let found = lines.find(|line| line.starts_with("docs/patching/readiness.md") && line.ends_with(wanted));
        assert!(found.is_some(), "the program ended before it said {wanted}");
    };
    until("create");
    said(2).write(&sandbox);
    until("update");
    assert!(sandbox.read("docs/patching/readiness.md").contains("An agreed calendar"));
    // What is wrong is told, and the next change mends it.
    sandbox.write("answers/patching.yaml", "capability: patching\nanswers:\n  patch-window@cloud:\n    choose: never\n");
    said(1).write(&sandbox);
    until("update");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

// A brand and a method of one's own

#[test]
fn my_header_my_weights_and_my_questions_live_beside_the_kit() {
    let sandbox = Sandbox::with_answers("capability: backup\nanswers:\n  backup-policy@cloud:\n    choose: drafted\n");
    works(&sandbox.run(&["render"]));
    let score = |sandbox: &Sandbox| {
        let json: serde_json::Value = serde_json::from_str(&sandbox.run(&["score", "--json"]).stdout).expect("it is JSON");
        json["capabilities"][0]["environments"]["cloud"]["score"].as_f64().expect("it is a number")
    };
    let before = score(&sandbox);
    works(&sandbox.run(&["template", "eject", "header.md"]));
    sandbox.write("overlay/templates/header.md", "**Ashcombe Partners** for {{ header.customer }}\n");
    let question = |id: &str| {
        format!(
            "    - id: {id}\n      ask: What about {id}?\n      type: yes-no\n      choices:\n        - {{id: \"yes\", label: \"Yes\", credits: [backup-policy-agreed]}}\n        - {{id: \"no\", label: \"No\"}}\n"
        )
    };
    let overlay = format!(
        "id: backup\ndiscovery:\n  questions:\n{}{}{}design:\n  practices:\n    - id: backup-policy-agreed\n      weight: 5\n",
        question("own-a"),
        question("own-b"),
        question("own-c")
    );
    sandbox.write("overlay/capabilities/backup.yaml", &overlay);
    works(&sandbox.run(&["answer", "own-a", "--choose", "yes"]));
    let run = sandbox.run(&["render"]);
    works(&run);
    for (path, text) in markdown(&sandbox.path("")) {
        assert!(text.contains("\n**Ashcombe Partners** for Acme Logistics\n"), "{path}");
    }
    assert!(sandbox.read("docs/backup/readiness.md").contains("What about own-a?"));
    assert!(score(&sandbox) > before, "{} after {before}", score(&sandbox));
    works(&sandbox.run(&["kit", "lint", "kit"]));
    // What changed in the built-in one since it was taken, and what was changed in it here, can be seen at any time.
    let difference = sandbox.run(&["template", "diff"]);
    works(&difference);
    assert!(difference.stdout.contains("+**Ashcombe Partners** for {{ header.customer }}"), "{}", difference.stdout);
    works(&sandbox.run(&["render", "--check"]));
}

// Two branches

#[test]
fn two_branches_that_both_rendered_merge_in_git() {
    let sandbox = Sandbox::workspace();
    let said = |policy: usize, window: usize| Said {
        policy: [Some(policy), Some(policy)],
        tested: [Some(0), None],
        window: [Some(window), Some(window)],
        targets: [2, 2],
    };
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]);
        command.args(arguments).current_dir(sandbox.path("")).env("GIT_CONFIG_GLOBAL", "").env("GIT_CONFIG_NOSYSTEM", "1");
        command.output().expect("git runs").status.success()
    };
    let design = "docs/patching/design.md";
    let commit = |message: &str| assert!(git(&["add", "--all"]) && git(&["commit", "--quiet", "--message", message]), "{message}");
    said(0, 0).write(&sandbox);
    render(&sandbox);
    assert!(git(&["init", "--quiet"]));
    commit("start");
    for (branch, policy, window, heading) in [("one", 2, 0, "## Practices"), ("two", 0, 2, "## Stories that close the gaps")] {
        assert!(git(&["checkout", "--quiet", "-b", branch, "main"]));
        sandbox.replace(design, heading, &format!("{heading}\n\nA note of branch {branch}."));
        said(policy, window).write(&sandbox);
        render(&sandbox);
        commit(branch);
    }
    // The totals differ on both sides, so git cannot merge all of what was rendered.
    assert!(!git(&["merge", "--quiet", "one"]));
    said(2, 2).write(&sandbox);
    let is_open = |text: &str| text.lines().any(|line| line.starts_with("<<<<<<< "));
    assert!(markdown(&sandbox.path(".opsready/base")).values().any(|text| is_open(text)), "the record has conflicts, too");
    for (path, text) in markdown(&sandbox.path("")).iter().filter(|(_, text)| is_open(text)) {
        let mut lines = Vec::new();
        let mut is_ours = true;
        for line in text.lines() {
            match line.split(' ').next() {
                Some("<<<<<<<") => {}
                Some("=======") => is_ours = false,
                Some(">>>>>>>") => is_ours = true,
                _ if is_ours => lines.push(line),
                _ => {}
            }
        }
        sandbox.write(path, &(lines.join("\n") + "\n"));
    }
    let run = sandbox.run(&["render"]);
    works(&run);
    works(&sandbox.run(&["render", "--check"]));
    let text = sandbox.read(design);
    assert!(text.contains("\nA note of branch one.\n") && text.contains("\nA note of branch two.\n"), "{text}");
    // But for the notes it is what would be rendered from nothing.
    let fresh = Sandbox::workspace();
    said(2, 2).write(&fresh);
    render(&fresh);
    let without_notes = |text: &str| text.replace("\n\nA note of branch one.", "").replace("\n\nA note of branch two.", "");
    for (path, text) in markdown(&fresh.path("")) {
        assert_eq!(without_notes(&sandbox.read(&path)), text, "{path}");
    }
    assert_eq!(sandbox.read("docs/data/scorecard.json"), fresh.read("docs/data/scorecard.json"));
}

#[test]
fn what_two_branches_rendered_is_made_one_with_the_notes_of_both() {
    let sandbox = Sandbox::workspace();
    let said = |policy: usize, window: usize| Said {
        policy: [Some(policy), Some(policy)],
        tested: [Some(0), None],
        window: [Some(window), Some(window)],
        targets: [2, 2],
    };
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]);
        command.args(arguments).current_dir(sandbox.path("")).env("GIT_CONFIG_GLOBAL", "").env("GIT_CONFIG_NOSYSTEM", "1");
        command.output().expect("git runs").status.success()
    };
    let design = "docs/patching/design.md";
    let commit = |message: &str| assert!(git(&["add", "--all"]) && git(&["commit", "--quiet", "--message", message]), "{message}");
    said(0, 0).write(&sandbox);
    render(&sandbox);
    assert!(git(&["init", "--quiet"]));
    commit("start");
    for (branch, policy, window, heading) in [("one", 2, 0, "## Practices"), ("two", 0, 2, "## Stories that close the gaps")] {
        assert!(git(&["checkout", "--quiet", "-b", branch, "main"]));
        sandbox.replace(design, heading, &format!("{heading}\n\nA note of branch {branch}."));
        // What people write where both branches calculate, apart from each other and at the same place.
        let apart = if branch == "one" { "# Gap register" } else { "## To be clarified" };
        sandbox.replace("docs/gap-register.md", apart, &format!("{apart}\n\nA remark of branch {branch}."));
        sandbox.replace("docs/actions.md", "# Actions\n", &format!("# Actions of branch {branch}\n"));
        said(policy, window).write(&sandbox);
        render(&sandbox);
        commit(branch);
    }
    // The totals differ on both sides, so git cannot merge all of what was rendered.
    assert!(!git(&["merge", "--quiet", "one"]));
    said(2, 2).write(&sandbox);
    // Without being asked to, nothing is written over what git left.
    let before = sandbox.tree();
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("`opsready render --resolve` makes one of what both branches say"), "{}", run.stderr);
    same(&before, &sandbox.tree());
    let run = sandbox.run(&["render", "--resolve"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("docs/actions.md: people wrote at the same place in both branches"), "{}", run.stderr);
    let register = sandbox.read("docs/gap-register.md");
    assert!(register.contains("\nA remark of branch one.\n") && register.contains("\nA remark of branch two.\n"), "{register}");
    // Somebody decides what nobody can decide for them, and the rest is whole already.
    works(&sandbox.run(&["render", "--reset", "docs/actions.md"]));
    assert!(run.stderr.contains("docs/README.md: made one of both branches"), "{}", run.stderr);
    assert!(sandbox.path(".opsready/backup/docs/README.md").exists(), "what git left is kept");
    assert!(git(&["add", "--all"]) && git(&["commit", "--quiet", "--message", "merged"]));
    works(&sandbox.run(&["render", "--check"]));
    let text = sandbox.read(design);
    assert!(text.contains("\nA note of branch one.\n") && text.contains("\nA note of branch two.\n"), "{text}");
    // But for the notes it is what would be rendered from nothing.
    let fresh = Sandbox::workspace();
    said(2, 2).write(&fresh);
    render(&fresh);
    let without_notes = |text: &str| text.replace("\n\nA note of branch one.", "").replace("\n\nA note of branch two.", "");
    let without_notes =
        |text: &str| without_notes(text).replace("\n\nA remark of branch one.", "").replace("\n\nA remark of branch two.", "");
    for (path, text) in markdown(&fresh.path("")) {
        assert_eq!(without_notes(&sandbox.read(&path)), text, "{path}");
    }
    assert_eq!(sandbox.read("docs/data/scorecard.json"), fresh.read("docs/data/scorecard.json"));
}
