//! Rendering again and again, as the inputs change.

use super::super::output::{Exit, Output};
use super::{Arguments, once};
use crate::workspace::{Workspace, files};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How often the inputs are looked at. Looking works on every file system, network drives and containers included, where the
/// system's own notices do not.
const PAUSE: Duration = Duration::from_millis(300);

/// What documents are made of.
const INPUTS: &[&str] = &["opsready.yaml", "answers", "kit", "overlay", "decisions", "risks", "plan", "services"];

/// What is known of each input: size and time of the last change.
type Fingerprint = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Renders until the program is interrupted.
pub(super) fn run(arguments: &Arguments, workspace: &Workspace, output: &mut Output) -> anyhow::Result<Exit> {
    let mut seen: Option<Fingerprint> = None;
    loop {
        let found = fingerprint(workspace);
        if seen.as_ref() != Some(&found) {
            match once(arguments, workspace, output) {
                Ok(_) => {}
                // Somebody is in the middle of a change; the next one may mend it.
                Err(error) => drop(super::super::report(&error, output)),
            }
            output.note("watching; Ctrl-C ends it");
            output.flush()?;
            seen = Some(found);
        }
        std::thread::sleep(PAUSE);
    }
}

fn fingerprint(workspace: &Workspace) -> Fingerprint {
    let mut found = Fingerprint::new();
    for input in INPUTS {
        let path = workspace.path(input);
        let within = if path.is_dir() { files::tree(&path).unwrap_or_default() } else { vec![PathBuf::new()] };
        for file in within {
            let file = if file.as_os_str().is_empty() { path.clone() } else { path.join(file) };
            if let Ok(metadata) = std::fs::metadata(&file) {
                found.insert(file, (metadata.len(), metadata.modified().ok()));
            }
        }
    }
    found
}
