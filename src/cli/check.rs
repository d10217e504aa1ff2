//! `opsready check`.

mod examine;

use super::output::{Exit, Output, Refusal, today};
use crate::assessment::format::Age;
use crate::diagnostic::did_you_mean;
use crate::exchange::report::{Area, Paths, Report, github, gitlab, json, junit, sarif, text};
use crate::kit::Kit;
use crate::plan::policy::Flags;
use crate::workspace::{Workspace, files};
use crate::yaml::record::{Date, list};
use examine::Wanted;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Checks everything in one run, and writes nothing into the workspace:
  kit        the kit is valid, and what `kit lint` has to say
  answers    opsready.yaml, answers, responses, plan, decisions and risks are valid
  documents  `render` would change nothing, no merge is unfinished, no link leads nowhere
  policy     what stands under `policy:` in opsready.yaml holds

A flag of the policy wins over its key there, stricter or not. `--min-level` may stand several
times; one that names a capability wins over one for all.

`--format` may stand several times, each with a file of its own. What has no file goes to standard
output; if nothing does, the text for people goes there. Reports name files from the root of the
git repository, or from `--base`.

Exit codes: 0 all holds; 1 a policy is broken, a document is stale, a merge is unfinished, or there
is a warning with `--strict`; 2 wrong files or wrong usage; 3 the machine failed. Of 1 and 2 the
graver is told, and everything is reported.

Examples:
  opsready check
  opsready check --min-level 2 --min-level patch-management=3 --max-high-risks 0
  opsready check --only kit,answers
  opsready check --format github --format sarif=opsready.sarif
  opsready check --format junit -o opsready-junit.xml")]
pub(super) struct Arguments {
    /// Report as text, json, sarif (2.1.0), junit, github (workflow commands) or gitlab (code quality)
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = Place::parse)]
    format: Vec<Place>,
    /// Write the report into FILE
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Check only these: kit, answers, documents, policy
    #[arg(long, value_name = "AREA", value_delimiter = ',', value_parser = area, conflicts_with = "skip")]
    only: Vec<Area>,
    /// Check all but these
    #[arg(long, value_name = "AREA", value_delimiter = ',', value_parser = area)]
    skip: Vec<Area>,
    /// Let warnings fail, too
    #[arg(long)]
    strict: bool,
    /// Name files from DIR, which holds the workspace [default: the root of the git repository]
    #[arg(long, value_name = "DIR")]
    base: Option<PathBuf>,
    /// Hold days against DATE [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
    #[command(flatten)]
    policy: Policy,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Policy")]
struct Policy {
    /// The level that CAP, or every capability, must attain in the target environment
    #[arg(long, value_name = "[CAP=]N", value_parser = Level::parse, allow_negative_numbers = true)]
    min_level: Vec<Level>,
    /// How many questions may stand at high risk
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    max_high_risks: Option<i64>,
    /// How many gaps up to the targets may be confirmed
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    max_gaps: Option<i64>,
    /// Every confirmed gap, don't-know and open entry of the RAID log must have an owner
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    no_unowned: Option<bool>,
    /// How old evidence may be: days, months or years, such as 365d, 12m, 1y
    #[arg(long, value_name = "AGE", value_parser = age)]
    max_evidence_age: Option<Age>,
    /// No accepted risk may be past its day
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    no_expired_acceptance: Option<bool>,
    /// Nothing may be past the day by which it is due
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    no_overdue: Option<bool>,
    /// The percentage of questions that must be answered or not applicable
    #[arg(long, value_name = "PERCENT", value_parser = share)]
    min_coverage: Option<f64>,
}

/// A format, and the file for it.
#[derive(Clone, Debug)]
struct Place {
    format: Format,
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Format {
    Text,
    Json,
    Sarif,
    Junit,
    Github,
    Gitlab,
}

impl Format {
    const NAMES: [(&str, Self); 6] = [
        ("text", Self::Text),
        ("json", Self::Json),
        ("sarif", Self::Sarif),
        ("junit", Self::Junit),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
    ];
}

impl Place {
    fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let found = Format::NAMES.into_iter().find(|(known, _)| *known == name);
        let Some((_, format)) = found else { return Err(unknown(name, &Format::NAMES.map(|(name, _)| name))) };
        match file {
            Some("") => Err(format!("`{name}=` lacks the name of a file")),
            file => Ok(Self { format, file: file.map(PathBuf::from) }),
        }
    }
}

/// A level, of one capability or of all.
#[derive(Clone, Debug)]
struct Level {
    capability: Option<String>,
    level: i64,
}

impl Level {
    fn parse(text: &str) -> Result<Self, String> {
        let (capability, level) = text.split_once('=').map_or((None, text), |(capability, level)| (Some(capability.to_owned()), level));
        let level = level.parse().map_err(|_| format!("`{level}` is no level; write `2` or `patch-management=3`"))?;
        Ok(Self { capability, level })
    }
}

fn unknown(word: &str, known: &[&str]) -> String {
    did_you_mean(word, known.iter().copied()).unwrap_or_else(|| format!("there are {}", list(known)))
}

fn area(text: &str) -> Result<Area, String> {
    Area::from_word(text).ok_or_else(|| unknown(text, &Area::ALL.iter().map(|area| area.word()).collect::<Vec<_>>()))
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write a date that exists, as 2026-11-20".to_owned())
}

fn age(text: &str) -> Result<Age, String> {
    Age::parse(text).ok_or_else(|| Age::HELP.to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.trim_end_matches('%').parse().ok().filter(|share| (0.0..=100.0).contains(share));
    share.ok_or_else(|| "a percentage goes from 0 to 100".to_owned())
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let places = places(arguments, output.is_json())?;
    let workspace = global.workspace()?;
    let paths = paths(&workspace, arguments.base.as_deref())?;
    let is_wanted = |area: &Area| if arguments.only.is_empty() { !arguments.skip.contains(area) } else { arguments.only.contains(area) };
    let wanted = Wanted {
        areas: Area::ALL.iter().copied().filter(is_wanted).collect(),
        is_strict: arguments.strict,
        today: arguments.today.unwrap_or_else(today),
        paths,
    };
    let (report, exit) = examine::examine(&workspace, wanted, &|kit, is_in_scope| flags(&arguments.policy, kit, is_in_scope))?;
    let (files, shown): (Vec<&Place>, Vec<&Place>) = places.iter().partition(|place| place.file.is_some());
    // A file that cannot be written hides nothing from whoever looks on.
    for place in shown {
        output.file(&formatted(&report, place.format, output.width()))?;
    }
    for (place, file) in files.into_iter().filter_map(|place| Some((place, place.file.as_ref()?))) {
        files::write_anywhere(file, formatted(&report, place.format, output.width()).as_bytes())?;
    }
    Ok(exit)
}

fn formatted(report: &Report, format: Format, width: usize) -> String {
    let pretty = |value: serde_json::Value| format!("{value:#}\n");
    match format {
        Format::Text => text::text(report, width),
        Format::Json => pretty(json::json(report)),
        Format::Sarif => pretty(sarif::sarif(report)),
        Format::Junit => junit::junit(report),
        Format::Github => github::github(report, width),
        Format::Gitlab => pretty(gitlab::gitlab(report)),
    }
}

/// Decides which format goes where.
fn places(arguments: &Arguments, is_json: bool) -> anyhow::Result<Vec<Place>> {
    let mut places = arguments.format.clone();
    if let Some(file) = &arguments.file {
        if places.is_empty() {
            places.push(Place { format: if is_json { Format::Json } else { Format::Text }, file: None });
        }
        let mut without: Vec<&mut Place> = places.iter_mut().filter(|place| place.file.is_none()).collect();
        let [one] = without.as_mut_slice() else {
            let help = "give each format its own: `--format sarif=check.sarif --format junit=check.xml`".to_owned();
            return Err(Refusal::because("`-o` is for one format", Some(help)));
        };
        one.file = Some(file.clone());
    }
    if is_json && !places.iter().any(|place| place.format == Format::Json) {
        places.push(Place { format: Format::Json, file: None });
    }
    match places.iter().filter(|place| place.file.is_none()).count() {
        0 => places.push(Place { format: Format::Text, file: None }),
        1 => {}
        _ => {
            let help = "give all but one a file: `--format github --format sarif=check.sarif`".to_owned();
            return Err(Refusal::because("only one report can go to standard output", Some(help)));
        }
    }
    Ok(places)
}

/// Finds out where the workspace is in its repository.
fn paths(workspace: &Workspace, base: Option<&Path>) -> anyhow::Result<Paths> {
    let typed = workspace.root();
    let root = if typed.as_os_str().is_empty() { Path::new(".") } else { typed };
    let workspace_typed = typed.to_string_lossy().into_owned();
    let seen = |below: &Path| {
        let parts: Vec<String> = below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        Paths { workspace: workspace_typed.clone(), below: parts.join("/") }
    };
    let root = root.canonicalize();
    if let Some(base) = base {
        let below = root.ok().and_then(|root| Some(root.strip_prefix(base.canonicalize().ok()?).ok()?.to_owned()));
        let Some(below) = below else {
            let message = format!("the workspace is not in the folder `{}`", base.display());
            return Err(Refusal::because(message, Some("`--base` names a folder above the workspace".to_owned())));
        };
        return Ok(seen(&below));
    }
    let Ok(root) = root else { return Ok(seen(Path::new(""))) };
    let repository = root.ancestors().find(|folder| folder.join(".git").exists());
    Ok(seen(repository.and_then(|repository| root.strip_prefix(repository).ok()).unwrap_or(Path::new(""))))
}

/// Reads the flags against the kit.
fn flags(policy: &Policy, kit: &Kit, is_in_scope: &dyn Fn(&str) -> bool) -> anyhow::Result<Flags> {
    let mut min_level = Vec::new();
    for Level { capability, level } in &policy.min_level {
        let (base, top) = (kit.base(), kit.top());
        if !(base..=top).contains(level) {
            let message = format!("level {level} is not on the kit's scale, which goes from {base} to {top}");
            return Err(Refusal::because(message, None));
        }
        let capability = match capability {
            None => None,
            Some(id) => {
                let found = super::kit::capability(kit, id)?;
                if !is_in_scope(id) {
                    let message = format!("`{id}` is out of scope, so no level can be asked of it");
                    return Err(Refusal::because(message, Some("leave it out, or bring it into scope".to_owned())));
                }
                Some(found)
            }
        };
        min_level.push((capability, *level));
    }
    Ok(Flags {
        min_level,
        max_high_risks: policy.max_high_risks,
        max_gaps: policy.max_gaps,
        no_unowned: policy.no_unowned,
        max_evidence_age: policy.max_evidence_age,
        no_expired_acceptance: policy.no_expired_acceptance,
        no_overdue: policy.no_overdue,
        min_coverage: policy.min_coverage,
    })
}
