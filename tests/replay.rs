//! An engagement replayed: discovery, a first wave, a newer kit, a second look. The third example is what comes of it, byte for byte,
//! and `REPLAY.md` in it is what was typed and what came back.
//!
//! `SNAPSHOTS=overwrite cargo test --test replay` writes it anew; read the difference before you commit it.

mod support;

use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use support::Sandbox;

/// The folder of the example.
const EXAMPLE: &str = "examples/tidewater-clinics";

/// An engagement as it goes on.
struct Replay {
    sandbox: Sandbox,
    /// The moment at which everything happens, in seconds.
    moment: String,
    /// What is told of it.
    story: String,
}

impl Replay {
    fn new() -> Self {
        let sandbox = Sandbox::empty();
        for version in ["1.0", "1.1"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/kits/clinic-{version}"));
            copy(&from, &sandbox.root().join(format!("house-kit-{version}")));
        }
        Self { sandbox, moment: String::new(), story: String::new() }
    }

    /// Begins a new day with a heading.
    fn day(&mut self, date: &str, heading: &str) {
        let date: Date = date.parse().expect("it is a date");
        let noon = date.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("it is a moment");
        self.moment = noon.timestamp().as_second().to_string();
        write!(self.story, "\n## {date}: {heading}\n").expect("a string takes everything");
    }

    fn say(&mut self, text: &str) {
        write!(self.story, "\n{text}\n").expect("a string takes everything");
    }

    fn run(&self, arguments: &[&str], code: i32) -> (String, String) {
        let mut command = self.sandbox.command(arguments);
        let folder = self.sandbox.root().join("tidewater");
        command.current_dir(if folder.is_dir() { folder } else { self.sandbox.root().to_owned() });
        command.env("SOURCE_DATE_EPOCH", &self.moment).env("COLUMNS", "110");
        let run = self.sandbox.finish(command);
        assert_eq!(run.code, Some(code), "{arguments:?}\n{}{}", run.stdout, run.stderr);
        (run.stdout, run.stderr)
    }

    /// Runs a command that is not told of.
    fn quietly(&self, arguments: &[&str]) {
        self.run(arguments, 0);
    }

    /// Runs a command and tells what came back.
    fn shown(&mut self, arguments: &[&str]) {
        self.shown_with(arguments, 0);
    }

    fn shown_with(&mut self, arguments: &[&str], code: i32) {
        let quoted = |word: &&str| if word.contains(' ') { format!("\"{word}\"") } else { (*word).to_owned() };
        let line = arguments.iter().map(quoted).collect::<Vec<_>>().join(" ");
        let (data, rest) = self.run(arguments, code);
        let told = [data.trim_end(), rest.trim_end()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        let exit = if code == 0 { String::new() } else { format!("\n[exit {code}]") };
        write!(self.story, "\n```console\n$ opsready {line}\n{told}{exit}\n```\n").expect("a string takes everything");
    }

    /// Records answers, one a line: the key, what is chosen, and who said it.
    fn answers(&self, answers: &[&[&str]]) {
        for answer in answers {
            self.quietly(&[&["answer"], *answer].concat());
        }
    }

    fn replace(&self, file: &str, old: &str, new: &str) {
        let path = self.sandbox.root().join("tidewater").join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(old), "`{file}` holds no `{old}`");
        fs::write(path, text.replacen(old, new, 1)).expect("the file can be written");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).expect("a file can be copied") }
    }
}

/// Returns the files under a folder, without the lock, which says nothing.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).expect("it is under the folder").to_string_lossy().replace('\\', "/");
                let text = fs::read_to_string(&path).expect("the file is text").replace("\r\n", "\n");
                if name != ".opsready/lock" {
                    found.insert(name, text);
                }
            }
        }
    }
    found
}

fn discovery(replay: &mut Replay) {
    replay.day("2026-03-19", "discovery");
    replay.say(
        "Tidewater runs two clinics and two server rooms. The patient records move to AWS on 6 July. The group has a house kit of its own: backup and patching, \
         as its operations handbook wants them.",
    );
    replay.shown(&[
        "init",
        "tidewater",
        "--kit",
        "house-kit-1.0",
        "--customer",
        "Tidewater Clinics",
        "--classification",
        "internal",
        "--no-input",
    ]);
    replay.say("A morning with five people, and thirteen answers. One nobody knew.");
    replay.answers(&[
        &[
            "backup-answerable",
            "--choose",
            "person",
            "--by",
            "head-of-it",
            "--note",
            "Everybody rings Jo. Jo has been on leave twice this year.",
        ],
        &["backup-coverage@on-premises", "--number", "91", "--by", "platform-lead"],
        &["backup-coverage@aws", "--number", "84", "--by", "platform-lead"],
        &["restore-tests@on-premises", "--choose", "once", "--by", "clinical-systems-lead"],
        &["restore-tests@aws", "--choose", "never", "--by", "clinical-systems-lead"],
        &["backup-copies@aws", "--choose", "same", "--by", "platform-lead"],
        &["tapes-outside@on-premises", "--choose", "yes", "--by", "platform-lead", "--note", "The courier takes them on Fridays."],
        &["patch-policy", "--choose", "habit", "--by", "information-security-officer"],
        &["patch-compliance@on-premises", "--number", "71", "--by", "platform-lead"],
        &["patch-compliance@aws", "--number", "78", "--by", "platform-lead"],
        &["windows-and-restarts@on-premises", "--choose", "windows", "--by", "clinical-systems-lead"],
        &["windows-and-restarts@aws", "--choose", "none", "--by", "clinical-systems-lead"],
        &["emergency-patches", "--dont-know", "--owner", "platform-lead", "--due", "2026-04-15"],
    ]);
    replay.quietly(&[
        "prioritise",
        "backup-recovery",
        "--importance",
        "5",
        "--target",
        "3",
        "--rationale",
        "The patient records move on 6 July",
    ]);
    replay.shown(&["milestone", "save", "2026-03-discovery", "--note", "What five people said before anything was done"]);
}

fn plan(replay: &mut Replay) {
    replay.day("2026-03-26", "the plan");
    replay.say(
        "The prioritisation meeting gives the waves of the kit dates and a little more room. The locked vault has to wait for a contract, so the head of IT accepts the risk \
         until the end of August.",
    );
    let path = replay.sandbox.root().join("tidewater/opsready.yaml");
    let text = fs::read_to_string(&path).expect("the file is there");
    let waves = "waves:\n  - {id: safe, capacity: 12, start: 2026-03-30, finish: 2026-07-03}\n  - {id: steady, capacity: 20, start: 2026-07-13, finish: 2026-12-18}\n";
    fs::write(&path, format!("{text}{waves}")).expect("the file can be written");
    replay.quietly(&[
        "risk",
        "new",
        "Copies can be deleted by whoever owns the account",
        "--slug",
        "copies-can-be-deleted",
        "--kind",
        "risk",
        "--likelihood",
        "low",
        "--severity",
        "high",
        "--cause",
        "The copies lie in the account of the systems until the contract for the second one is signed.",
        "--impact",
        "Whoever takes over the account can delete the systems with their backups.",
        "--capability",
        "backup-recovery",
        "--practice",
        "copies-locked",
        "--owner",
        "information-security-officer",
    ]);
    replay.shown(&[
        "plan",
        "set",
        "copies-locked",
        "--accept",
        "2026-03-26-copies-can-be-deleted",
        "--approver",
        "head-of-it",
        "--expires",
        "2026-08-31",
    ]);
    replay.shown(&["plan", "set", "backups-complete", "copies-apart", "--wave", "safe", "--owner", "platform-lead", "--due", "2026-06-12"]);
    replay.quietly(&["plan", "set", "backups-owned", "--owner", "head-of-it", "--due", "2026-04-10"]);
    replay.quietly(&["plan", "set", "restores-tested", "restores-timed", "--owner", "clinical-systems-lead", "--due", "2026-06-26"]);
    replay.quietly(&["plan", "set", "deadlines-agreed", "--owner", "information-security-officer", "--due", "2026-05-29"]);
    replay.quietly(&["plan", "set", "patched-in-time", "--owner", "platform-lead", "--due", "2026-10-30"]);
    replay.quietly(&[
        "decision",
        "new",
        "Clinics stop the clock",
        "--slug",
        "clinics-stop-the-clock",
        "--capability",
        "backup-recovery",
        "--practice",
        "restores-timed",
        "--statement",
        "A restore ends when a clinician of the ward has opened ten records, and not before.",
        "--context",
        "IT counts a server as restored when it answers. The wards wait for their records.",
        "--owner",
        "clinical-systems-lead",
        "--approver",
        "head-of-it",
        "--status",
        "approved",
        "--decided-on",
        "2026-03-26",
    ]);
    replay.shown(&["plan", "show"]);
    replay.quietly(&["backlog", "pull"]);
}

fn first_wave(replay: &mut Replay) {
    replay.day("2026-06-29", "the first wave is over");
    replay.say("A week before the move the answers are taken again, with evidence. Patching is slower than it should be.");
    replay.answers(&[
        &["backup-answerable", "--choose", "team", "--by", "head-of-it", "--note", "Four people, a deputy each week."],
        &[
            "backup-coverage@aws",
            "--number",
            "98.4",
            "--by",
            "platform-lead",
            "--evidence",
            "https://wiki.tidewater.example/backup/2026-06-28",
        ],
        &[
            "restore-tests@aws",
            "--choose",
            "timed",
            "--by",
            "clinical-systems-lead",
            "--evidence",
            "https://wiki.tidewater.example/drill/2026-06-20",
        ],
        &["backup-copies@aws", "--choose", "apart", "--by", "platform-lead", "--evidence", "https://wiki.tidewater.example/vault"],
        &[
            "patch-policy",
            "--choose",
            "agreed",
            "--by",
            "information-security-officer",
            "--evidence",
            "https://wiki.tidewater.example/deadlines",
        ],
        &["windows-and-restarts@aws", "--choose", "windows", "--by", "clinical-systems-lead"],
        &["emergency-patches", "--choose", "no", "--by", "platform-lead"],
    ]);
    replay.quietly(&[
        "plan",
        "set",
        "backups-owned",
        "backups-complete",
        "copies-apart",
        "restores-tested",
        "restores-timed",
        "deadlines-agreed",
        "--status",
        "done",
    ]);
    replay.quietly(&[
        "plan",
        "set",
        "backup-recovery",
        "--status",
        "implemented",
        "--momentum",
        "moving-quickly",
        "--owner",
        "platform-lead",
    ]);
    replay.quietly(&[
        "plan",
        "set",
        "patching",
        "--status",
        "development",
        "--momentum",
        "slower-than-expected",
        "--owner",
        "platform-lead",
    ]);
    replay.shown(&["milestone", "save", "2026-06-first-wave", "--note", "A week before the patient records move"]);
    replay.shown(&["diff", "2026-03-discovery", "2026-06-first-wave"]);
    replay.quietly(&["backlog", "pull", "--close"]);
    replay.shown(&["plan", "board"]);
}

fn newer_kit(replay: &mut Replay) {
    replay.day("2026-09-14", "a newer kit");
    replay.say(
        "Tidewater has changed a sentence of its copy meanwhile. The handbook has moved on, too: one question is put in other words, one has another name, one became two, one is gone, \
         two are new.",
    );
    replay.replace(
        "kit/capabilities/patching.yaml",
        "why: Without a deadline every patch can wait. Good is a deadline by severity that the clinics agreed to.",
        "why: Without a deadline every patch can wait. Good is a deadline by severity that both clinics signed in May.",
    );
    replay.shown(&["kit", "upgrade", "../house-kit-1.1", "--dry-run"]);
    replay.shown(&["kit", "upgrade", "../house-kit-1.1"]);
    replay.shown(&["status"]);
}

fn second_look(replay: &mut Replay) {
    replay.day("2026-09-21", "the second look");
    replay.say("The server rooms closed in August, so they leave the scope. Only what is new or changed is asked again, and what has moved since June.");
    replay.replace("opsready.yaml", "environments: [on-premises, aws]", "environments: [aws]");
    replay.answers(&[
        &["backup-answerable", "--choose", "team", "--by", "platform-lead"],
        &[
            "backup-coverage@aws",
            "--number",
            "96.1",
            "--by",
            "platform-lead",
            "--note",
            "Eleven new systems came with the move and carry no tag.",
            "--evidence",
            "https://wiki.tidewater.example/backup/2026-09-20",
        ],
        &[
            "servers-in-deadline@aws",
            "--number",
            "88",
            "--by",
            "platform-lead",
            "--evidence",
            "https://wiki.tidewater.example/patch-report-2026-08",
        ],
        &["ward-windows@aws", "--choose", "windows", "--by", "clinical-systems-lead"],
        &["ward-restarts@aws", "--choose", "announced", "--by", "clinical-systems-lead"],
        &["emergency-patches", "--choose", "yes", "--by", "platform-lead", "--note", "Drill on 8 September: 31 hours."],
        &["recovery-order", "--choose", "listed", "--by", "head-of-it"],
        &["devices-out-of-support", "--dont-know", "--owner", "medical-devices-engineer", "--due", "2026-10-16"],
    ]);
    replay.quietly(&["plan", "set", "recovery-order-agreed", "--owner", "head-of-it", "--due", "2026-11-13"]);
    replay.shown(&["milestone", "save", "2026-09-second-look", "--note", "Ten weeks after the move, under the newer handbook"]);
    replay.shown(&["diff", "2026-06-first-wave", "2026-09-second-look"]);
    replay.shown(&["backlog", "pull"]);
    replay.shown(&["render"]);
    replay.say("The pipeline asks for what the board was promised. It says no: the acceptance of the locked vault has ended.");
    replay.shown_with(&["check", "--min-level", "backup-recovery=2", "--no-expired-acceptance"], 1);
    replay.quietly(&["followup", "--meeting", "2026-09-21"]);
}

#[test]
fn the_third_example_is_an_engagement_over_three_milestones_and_a_newer_kit() {
    let mut replay = Replay::new();
    discovery(&mut replay);
    plan(&mut replay);
    first_wave(&mut replay);
    newer_kit(&mut replay);
    second_look(&mut replay);
    let mut made = files(&replay.sandbox.root().join("tidewater"));
    let head = "# The engagement at Tidewater Clinics, replayed\n\nA fictional group of clinics over six months: three milestones and one newer kit. Everything below was typed and printed; \
                the files around this page are what came of it. Start with the [progress report](docs/progress.md) and the [roadmap](docs/roadmap.md).\n";
    made.insert("REPLAY.md".to_owned(), format!("{head}{}", replay.story));
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
    if std::env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite") {
        let _ = fs::remove_dir_all(&example);
        for (name, text) in &made {
            let path = example.join(name);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
    }
    let lies_there = files(&example);
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&lies_there), names(&made), "missing or left over");
    for (file, text) in &made {
        assert!(lies_there[file] == *text, "{EXAMPLE}/{file} is old: SNAPSHOTS=overwrite cargo test --test replay");
    }
}

#[test]
fn each_milestone_of_the_example_still_says_what_it_said() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
    let mut levels = Vec::new();
    for name in ["2026-03-discovery", "2026-06-first-wave", "before-clinic-operations-1.1.0", "2026-09-second-look"] {
        let text = fs::read_to_string(example.join(format!("milestones/{name}.json"))).expect("the milestone is there");
        let value: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let level = |at: usize| value["scorecard"]["capabilities"][at]["environments"]["aws"]["level"].as_i64();
        levels.push((value["kit"]["version"].as_str().expect("it has a version").to_owned(), level(0), level(1)));
    }
    // Backup rises with the first wave and falls with the coverage; the newer kit changes no frozen score.
    assert_eq!(levels[1].1, levels[2].1);
    assert_eq!((levels[2].0.as_str(), levels[3].0.as_str()), ("1.0.0", "1.1.0"));
    assert!(levels[0].1 < levels[1].1, "{levels:?}");
}
