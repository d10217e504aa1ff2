//! The examples are what the program makes, byte for byte: every file of `opsready demo`, and the documents of an engagement over
//! all ten capabilities.
//!
//! `SNAPSHOTS=overwrite cargo test --test golden` writes them anew; read the difference before you commit it.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::Sandbox;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// Compares a folder with an example, or writes the example anew.
fn is_example(name: &str, made: &BTreeMap<String, String>) {
    let example = example(name);
    if std::env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite") {
        let _ = fs::remove_dir_all(&example);
        for (name, text) in made {
            let path = example.join(name);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
    }
    let lies_there = files(&example);
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&lies_there), names(made), "missing or left over");
    for (file, text) in made {
        assert!(lies_there[file] == *text, "examples/{name}/{file} is old: SNAPSHOTS=overwrite cargo test --test golden");
    }
}

/// Returns the files under a folder, without the lock, which says nothing.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
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

#[test]
fn the_first_example_is_what_the_demo_makes() {
    let sandbox = Sandbox::empty();
    let run = sandbox.run(&["demo", "demo"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    is_example("wyvernfold-logistics", &files(&sandbox.path("demo")));
}

#[test]
fn the_second_example_is_its_answers_rendered_with_the_kit_that_ships() {
    let sandbox = Sandbox::empty();
    // The kit and all starter files come from the program; what the engagement found comes from the example.
    let run = sandbox.run(&[
        "init",
        "w",
        "--kit",
        "aws-cloud-operations",
        "--customer",
        "Lindwater Utilities",
        "--classification",
        "confidential",
        "--no-input",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let own = files(&example("lindwater-utilities"));
    let is_found =
        |name: &str| name == "opsready.yaml" || ["answers/", "decisions/", "risks/"].iter().any(|folder| name.starts_with(folder));
    for (name, text) in own.iter().filter(|(name, _)| is_found(name)) {
        sandbox.write(&format!("w/{name}"), text);
    }
    let run = sandbox.run(&["-C", "w", "render"]);
    assert_eq!((run.code, run.stderr.contains("warning")), (Some(0), false), "{}", run.stderr);
    is_example("lindwater-utilities", &files(&sandbox.path("w")));
}
