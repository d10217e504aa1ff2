//! What the README tells to type works, line by line.

mod support;

use std::fs;
use std::path::Path;
use support::Sandbox;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README can be read")
}

/// Returns the lines of the shell blocks, without comments.
fn commands(markdown: &str) -> Vec<String> {
    let mut in_block = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        match line.trim() {
            "```sh" => in_block = true,
            "```" => in_block = false,
            command if in_block => found.push(command.split("   #").next().unwrap_or_default().trim().to_owned()),
            _ => {}
        }
    }
    found
}

/// Takes a command apart at its spaces, quotations kept together.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("there is always a word").push(c),
        }
    }
    words
}

#[test]
fn every_command_of_the_readme_works() {
    let sandbox = Sandbox::empty();
    let mut folder = "acme".to_owned();
    let mut ran = 0;
    for command in commands(&readme()) {
        let words = words(&command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let arguments = match words.as_slice() {
            ["opsready", arguments @ ..] | ["cargo", "run", "--release", "--", arguments @ ..] => arguments.to_vec(),
            ["cd", into] => {
                folder = format!("{folder}/{into}");
                continue;
            }
            ["cargo" | "git" | ".ci/run", ..] => continue,
            other => panic!("the README tells to type {other:?}, and this test does not know it"),
        };
        let run = sandbox.run_in(&folder, &arguments);
        assert_eq!(run.code, Some(0), "{command}\n{}{}", run.stdout, run.stderr);
        ran += 1;
    }
    assert!(ran >= 8, "{ran} commands ran");
}

#[test]
fn the_readme_names_every_command() {
    let sandbox = Sandbox::empty();
    let help = sandbox.run(&["--help"]);
    let listed = help.stdout.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> = listed.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        assert!(readme().contains(&format!("| `{name}")), "the README does not name `{name}`");
    }
}
