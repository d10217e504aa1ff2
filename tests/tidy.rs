//! The house is in order: arrows point one way, the core is pure, every code has a test, the changelog is true.

use opsready::diagnostic::Code;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, each using only those before it.
const LAYERS: &[&str] =
    &["fingerprint", "diagnostic", "yaml", "kit", "assessment", "scoring", "plan", "document", "exchange", "workspace", "cli"];

/// The layers that touch neither files nor clock nor environment nor terminal.
const PURE: &[&str] = &["fingerprint", "diagnostic", "yaml", "kit", "assessment", "scoring", "plan", "document", "exchange"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_under(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(files_under(&path, extension));
        } else if path.extension().is_some_and(|of_file| of_file == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Returns the layer of a source file and its text without the tests in it.
fn sources() -> Vec<(String, PathBuf, String)> {
    let of_layer = |path: PathBuf| {
        let relative = path.strip_prefix(root().join("src")).expect("it is under src").to_owned();
        let first = relative.components().next().expect("it has a name").as_os_str().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("the file can be read");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        (first.trim_end_matches(".rs").to_owned(), relative, text)
    };
    let all = files_under(&root().join("src"), "rs").into_iter().map(of_layer);
    all.filter(|(layer, _, _)| !matches!(layer.as_str(), "lib" | "main")).collect()
}

/// Returns the layers that a text names behind `crate::`, also in a list such as `use crate::{kit, yaml}`.
fn named_layers(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        if text[..at].ends_with('$') {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            Some(list) => named.extend(list.split('}').next().unwrap_or_default().split(',').map(|part| word(part.trim()))),
            None => named.push(word(rest)),
        }
    }
    named
}

#[test]
fn arrows_point_one_way() {
    let place = |layer: &str| LAYERS.iter().position(|known| *known == layer);
    let mut wrong = Vec::new();
    for (layer, path, text) in sources() {
        let own = place(&layer).unwrap_or_else(|| panic!("`{}` belongs to no layer: add it to LAYERS", path.display()));
        for named in named_layers(&text) {
            if place(&named).is_some_and(|other| other > own) {
                wrong.push(format!("{} uses {named}, which is below it", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_arrow_that_points_up_would_be_seen() {
    assert_eq!(named_layers("use crate::cli::output;\nuse crate::{kit, yaml::record};\n$crate::yaml"), ["cli", "kit", "yaml"]);
}

#[test]
fn the_core_touches_nothing_of_the_world() {
    let forbidden = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::time",
        "SystemTime",
        "Instant::now",
        "Zoned::now",
        "std::io",
        "println!",
        "eprintln!",
    ];
    let mut wrong = Vec::new();
    for (layer, path, text) in sources() {
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        // A cursor over bytes in memory touches nothing, nor does what is written to memory.
        let code = ["std::io::Cursor", "std::io::Write", "std::io::Result", "std::io::ErrorKind::FileTooLarge"]
            .iter()
            .fold(code, |code, harmless| code.replace(harmless, ""));
        for word in forbidden.iter().filter(|word| PURE.contains(&layer.as_str()) && code.contains(**word)) {
            wrong.push(format!("{} uses {word}", path.display()));
        }
        for word in ["std::net", "TcpStream", "UdpSocket"].iter().filter(|word| code.contains(**word)) {
            wrong.push(format!("{} uses {word}: no command opens a socket", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_test_that_shows_its_message() {
    let tests: String =
        files_under(&root().join("tests"), "rs").iter().map(|path| fs::read_to_string(path).expect("the file can be read")).collect();
    let missing: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).filter(|code| !tests.contains(&format!("[{code}]"))).collect();
    assert!(missing.is_empty(), "no test shows a message with these codes: {}", missing.join(", "));
}

#[test]
fn codes_are_phrases_that_name_the_fault() {
    for code in Code::ALL {
        assert!(code.as_str().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{code}");
    }
}

#[test]
fn the_changelog_names_the_current_version_or_what_is_unreleased() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).expect("the changelog can be read");
    assert!(changelog.contains("## Unreleased") || changelog.contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn every_dependency_has_its_reason_beside_it() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest can be read");
    let in_dependencies = manifest
        .lines()
        .skip_while(|line| !line.starts_with("[dependencies]"))
        .take_while(|line| !line.starts_with("[profile") && !line.starts_with("[[bench"));
    let without: Vec<&str> = in_dependencies
        .filter(|line| line.contains('=') && line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter(|line| line.contains("version") || line.contains("= \""))
        .take_while(|line| !line.starts_with("name"))
        .filter(|line| !line.contains("# "))
        .collect();
    assert!(without.is_empty(), "{}", without.join("\n"));
}
