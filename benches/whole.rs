//! Whole processes and their core, on the sample engagement: `cargo bench --bench whole`.
//!
//! `score` is held against `read_and_parse`: the same files, only read and YAML-parsed with the same library.

use divan::{Bencher, black_box};
use opsready::assessment::change::Deed;
use opsready::scoring::Scorecard;
use opsready::scoring::feedback::feedback;
use opsready::workspace::create::{Origin, create_sample};
use opsready::workspace::{Workspace, files, shipped};
use opsready::yaml::record::Date;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// Returns the sample engagement, rendered once.
fn sample() -> &'static Path {
    static SAMPLE: OnceLock<TempDir> = OnceLock::new();
    let folder = SAMPLE.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let kit = shipped::find("aws-cloud-operations").expect("the kit is shipped");
        create_sample(&folder.path().join("sample"), &Origin::Shipped(kit)).expect("the sample can be made");
        run(&folder.path().join("sample"), &["render"]);
        folder
    });
    Box::leak(folder.path().join("sample").into_boxed_path())
}

fn run(workspace: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opsready"));
    let status = command.current_dir(workspace).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.expect("the program starts").success());
}

fn input_files() -> Vec<PathBuf> {
    let root = sample();
    let mut found = vec![root.join("opsready.yaml"), root.join("kit/kit.yaml"), root.join("kit/engagement.yaml")];
    for folder in ["kit/capabilities", "answers"] {
        found.extend(files::yaml_files(&root.join(folder)).expect("the folder can be read").into_iter().map(|(_, path)| path));
    }
    found
}

#[divan::bench]
fn process_version(bencher: Bencher) {
    let root = sample();
    bencher.bench_local(|| run(root, &["--version"]));
}

#[divan::bench]
fn process_score_json(bencher: Bencher) {
    let root = sample();
    bencher.bench_local(|| run(root, &["score", "--json"]));
}

#[divan::bench]
fn process_render(bencher: Bencher) {
    let root = sample();
    bencher.bench_local(|| run(root, &["render"]));
}

#[divan::bench]
fn process_render_from_nothing(bencher: Bencher) {
    let root = sample();
    let clear = || {
        for folder in ["docs", ".opsready"] {
            std::fs::remove_dir_all(root.join(folder)).expect("the folder can be deleted");
        }
    };
    bencher.with_inputs(clear).bench_local_values(|()| run(root, &["render"]));
}

/// Returns the example that has all ten capabilities, rendered once.
fn ten_capabilities() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lindwater-utilities");
        for path in files::tree(&example).expect("the example is there") {
            let bytes = files::read_bytes(&example.join(&path)).expect("the file can be read").expect("the file is there");
            files::write(&folder.path().join(path), &bytes).expect("the file can be written");
        }
        run(folder.path(), &["render"]);
        folder
    });
    folder.path()
}

/// The whole set for ten capabilities, where nothing is new: under 150 ms.
#[divan::bench]
fn process_render_ten_capabilities(bencher: Bencher) {
    let root = ten_capabilities();
    bencher.bench_local(|| run(root, &["render"]));
}

/// The same, where every document was deleted with its record and is written and synced again.
#[divan::bench]
fn process_render_ten_capabilities_from_nothing(bencher: Bencher) {
    let root = ten_capabilities();
    let clear = || {
        for folder in ["docs", ".opsready"] {
            std::fs::remove_dir_all(root.join(folder)).expect("the folder can be deleted");
        }
    };
    bencher.with_inputs(clear).bench_local_values(|()| run(root, &["render"]));
}

/// The same, where every document was edited, one answer is new, and everything is merged.
#[divan::bench]
fn process_render_ten_capabilities_edited(bencher: Bencher) {
    let root = ten_capabilities();
    let documents: Vec<PathBuf> =
        files::tree(&root.join("docs")).expect("it is there").into_iter().map(|path| root.join("docs").join(path)).collect();
    let answers = root.join("answers/tag-management.yaml");
    let mut turn = 0;
    let edit = || {
        turn += 1;
        for path in documents.iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
            let text = std::fs::read_to_string(path).expect("it is text");
            std::fs::write(path, text.replacen("\n\n", &format!("\n\nOurs {turn}.\n\n"), 1)).expect("it can be written");
        }
        let text = std::fs::read_to_string(&answers).expect("it is text");
        let (old, new) = if turn % 2 == 0 { ("number: 63.7", "number: 93") } else { ("number: 93", "number: 63.7") };
        std::fs::write(&answers, text.replace(old, new)).expect("it can be written");
    };
    bencher.with_inputs(edit).bench_local_values(|()| run(root, &["render"]));
}

/// Only reading and YAML-parsing the files that `score` needs.
#[divan::bench]
fn read_and_parse(bencher: Bencher) {
    let inputs = input_files();
    bencher.bench_local(|| {
        for path in &inputs {
            let text = std::fs::read_to_string(path).expect("the file can be read");
            black_box(serde_saphyr::from_str::<serde_json::Value>(&text).expect("the file is YAML"));
        }
    });
}

/// Reading, parsing, checking and scoring.
#[divan::bench]
fn score(bencher: Bencher) {
    let workspace = Workspace::at(sample()).expect("the sample is a workspace");
    bencher.bench_local(|| {
        let loaded = workspace.load().expect("the sample is right");
        black_box(Scorecard::of(&loaded.kit, &loaded.assessment));
    });
}

/// What discovery does between a key and the next screen: the answer is written and synced, everything is scored again.
#[divan::bench]
fn answer_written_and_scored(bencher: Bencher) {
    let workspace = Workspace::at(sample()).expect("the sample is a workspace");
    let loaded = workspace.load().expect("the sample is right");
    let question = loaded.kit.find_question("tag-schema").expect("the question is in the kit");
    let instance = loaded.assessment.instances(&loaded.kit, question)[0];
    let before = Scorecard::of(&loaded.kit, &loaded.assessment);
    let today = Date::parse("2026-11-20").expect("it is a date");
    let choices: Vec<String> = loaded.kit.question(question).options.iter().map(|option| option.id.clone()).collect();
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        let deed = Deed::Choose(vec![choices[turn % choices.len()].clone()]);
        let lock = workspace.lock().expect("the lock can be had");
        let new = workspace.put_answer(&loaded, instance, &deed.changes(None, today)).expect("the answer fits");
        drop(lock);
        let after = Scorecard::of(&loaded.kit, &new);
        black_box(feedback(&loaded.kit, &before, &after, instance, new.target_environment));
    });
}
