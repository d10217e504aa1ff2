//! The example is what the program makes: every file of `opsready demo`, byte for byte.
//!
//! `SNAPSHOTS=overwrite cargo test --test golden` writes the example anew; read the difference before you commit it.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::Sandbox;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/wyvernfold-logistics")
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
fn the_example_is_what_the_demo_makes() {
    let sandbox = Sandbox::empty();
    let run = sandbox.run(&["demo", "demo"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let made = files(&sandbox.path("demo"));
    if std::env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite") {
        let _ = fs::remove_dir_all(example());
        for (name, text) in &made {
            let path = example().join(name);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder can be made");
            fs::write(path, text).expect("the file can be written");
        }
    }
    let lies_there = files(&example());
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&lies_there), names(&made), "missing or left over");
    for (name, text) in &made {
        assert!(lies_there[name] == *text, "examples/wyvernfold-logistics/{name} is old: SNAPSHOTS=overwrite cargo test --test golden");
    }
}
