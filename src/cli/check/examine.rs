//! Runs the checks, each on what could be read, so that one wrong file hides nothing.

use crate::cli::output::Exit;
use crate::diagnostic::{Code, Diagnostic, has_errors, sort};
use crate::exchange::report::{Area, Check, Drift, FRESH, Finding, Paths, Report, State};
use crate::kit::{Kit, lint};
use crate::plan::Plan;
use crate::plan::policy::{self, Flags};
use crate::scoring::Scorecard;
use crate::scoring::wording::count;
use crate::workspace::{ASSESSMENT_FILE, DECISIONS, Error, Loaded, OVERLAY, PLAN, RESPONSES, RISKS, Workspace, files};
use crate::yaml::record::Date;
use std::path::Path;

/// What is to be checked.
pub(super) struct Wanted {
    /// The areas, in their order.
    pub(super) areas: Vec<Area>,
    /// True if warnings fail, too.
    pub(super) is_strict: bool,
    /// The day against which days are held.
    pub(super) today: Date,
    /// How paths are told.
    pub(super) paths: Paths,
}

/// The checks of the files that people write: name, folder or file, and what holds where they pass.
const WRITTEN: [(&str, &str, &str); 6] = [
    ("assessment", ASSESSMENT_FILE, "opsready.yaml is valid"),
    ("answers", "answers", "The answers are valid"),
    ("responses", RESPONSES, "What single respondents said is valid"),
    ("plan", PLAN, "The plan is valid"),
    ("decisions", DECISIONS, "The decisions are valid"),
    ("risks", RISKS, "The RAID log is valid"),
];

/// What could be read of a workspace, and what is wrong in it.
struct Read {
    kit: Option<Kit>,
    loaded: Option<Loaded>,
    /// Of the kit.
    of_kit: Vec<Diagnostic>,
    /// Of everything else.
    of_rest: Vec<Diagnostic>,
}

impl Read {
    fn kit(&self) -> Option<&Kit> {
        self.kit.as_ref().or(self.loaded.as_ref().map(|loaded| &loaded.kit))
    }
}

/// Reads the flags of the policy, with the kit and what is in scope.
type ReadFlags<'f> = dyn Fn(&Kit, &dyn Fn(&str) -> bool) -> anyhow::Result<Flags> + 'f;

/// Checks a workspace.
pub(super) fn examine(workspace: &Workspace, wanted: Wanted, flags: &ReadFlags<'_>) -> anyhow::Result<(Report, Exit)> {
    let wants = |area: Area| wanted.areas.contains(&area);
    let needs_answers = [Area::Answers, Area::Documents, Area::Policy].into_iter().any(wants);
    let mut read = read(workspace, needs_answers)?;
    let behind = match &read.loaded {
        Some(loaded) => Behind::of(workspace, loaded, &wanted, flags)?,
        None => Behind::unseen(&wanted.areas),
    };
    read.of_rest.extend(behind.of_plan);
    let mut checks = kit_checks(&read, wanted.is_strict);
    if needs_answers {
        checks.extend(written_checks(workspace, &mut read, wanted.is_strict)?);
    }
    // What stops all the rest is told, whether it was asked for or not.
    checks.retain(|check| wants(check.area) || check.has_errors());
    checks.extend(behind.checks);
    let exit = exit(&checks);
    let kit = read.kit().map(|kit| (kit.file.id.value.0.clone(), kit.file.version.0.clone()));
    let (drift, notes) = (behind.drift, behind.notes);
    Ok((Report { kit, today: wanted.today, checks, drift, notes, exit: exit as u8, paths: wanted.paths }, exit))
}

/// What stands behind kit and answers: it can be looked at once they are right.
#[derive(Default)]
struct Behind {
    checks: Vec<Check>,
    drift: Vec<Drift>,
    notes: Vec<String>,
    /// What is wrong in the plan.
    of_plan: Vec<Diagnostic>,
}

impl Behind {
    /// Says that nothing can be seen.
    fn unseen(areas: &[Area]) -> Self {
        let areas = [Area::Documents, Area::Policy].into_iter().filter(|area| areas.contains(area));
        Self { checks: areas.map(|area| not_run(area, "kit and answers are to be mended first")).collect(), ..Self::default() }
    }

    fn of(workspace: &Workspace, loaded: &Loaded, wanted: &Wanted, flags: &ReadFlags<'_>) -> anyhow::Result<Self> {
        let (kit, assessment) = (&loaded.kit, &loaded.assessment);
        let flags = flags(kit, &|id| kit.find_capability(id).is_some_and(|ix| assessment.scope(ix).in_scope))?;
        let card = Scorecard::of(kit, assessment);
        let roadmap = Plan::of(kit, assessment, &card);
        let mut behind = Self { of_plan: roadmap.diagnostics(kit, assessment), ..Self::default() };
        if card.coverage.answered + card.coverage.not_applicable == 0 {
            behind.notes.push("no question is answered yet".to_owned());
        }
        if wanted.areas.contains(&Area::Documents) {
            if has_errors(&behind.of_plan) {
                behind.checks.push(not_run(Area::Documents, "the plan is to be mended first"));
            } else {
                let (checks, drift) = document_checks(workspace, loaded, &card, &roadmap)?;
                behind.checks.extend(checks);
                behind.drift = drift;
            }
        }
        if wanted.areas.contains(&Area::Policy) {
            let held = policy::hold(kit, assessment, &card, &flags, wanted.today);
            let off = policy::switched_off(assessment, &flags);
            if held.is_empty() && off.is_empty() {
                let note = "no policy is set: write it under `policy:` in opsready.yaml, or use flags such as `--min-level 2`";
                behind.notes.push(note.to_owned());
            }
            let said = |rule| format!("`{rule}` is asked for in opsready.yaml, and switched off by `--{rule}=false`");
            behind.notes.extend(off.into_iter().map(said));
            behind.checks.extend(held.into_iter().map(policy_check));
        }
        Ok(behind)
    }
}

/// Reads as much as can be read.
fn read(workspace: &Workspace, needs_answers: bool) -> Result<Read, Error> {
    let whole = if needs_answers { workspace.load_whole().map(Some) } else { Ok(None) };
    match whole {
        Ok(Some(mut loaded)) => {
            let (of_kit, of_rest) = std::mem::take(&mut loaded.warnings).into_iter().partition(|one| is_of_kit(workspace, one));
            Ok(Read { kit: None, loaded: Some(loaded), of_kit, of_rest })
        }
        Ok(None) => {
            let (kit, of_kit) = kit(workspace)?;
            Ok(Read { kit, loaded: None, of_kit, of_rest: Vec::new() })
        }
        Err(Error::Files(found)) => {
            let (kit, of_kit) = kit(workspace)?;
            let of_rest = found.into_iter().filter(|one| !of_kit.contains(one) && !is_of_kit(workspace, one)).collect();
            Ok(Read { kit, loaded: None, of_kit, of_rest })
        }
        Err(error) => Err(error),
    }
}

fn kit(workspace: &Workspace) -> Result<(Option<Kit>, Vec<Diagnostic>), Error> {
    match workspace.read_kit() {
        Err(Error::Files(found)) => Ok((None, found)),
        other => other,
    }
}

fn is_of_kit(workspace: &Workspace, diagnostic: &Diagnostic) -> bool {
    ["kit", OVERLAY].into_iter().any(|folder| is_in(workspace, diagnostic, folder))
}

/// Returns true if a diagnostic is of a file or folder of the workspace: it is there, or speaks of it.
fn is_in(workspace: &Workspace, diagnostic: &Diagnostic, name: &str) -> bool {
    let path = workspace.path(name);
    match &diagnostic.location {
        Some(location) => Path::new(&location.source.path).starts_with(&path),
        None => diagnostic.message.contains(&format!("`{}", path.display())),
    }
}

/// Makes a check of what it found: it fails on an error, and on a warning where that is wanted.
fn check(area: Area, id: &'static str, title: &'static str, good: String, found: Vec<Diagnostic>, is_strict: bool) -> Check {
    let errors = found.iter().filter(|one| one.is_error()).count();
    let warnings = found.len() - errors;
    let counts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| count(number, word))
        .collect();
    let has_failed = errors > 0 || is_strict && warnings > 0;
    let finding = if counts.is_empty() { good } else { counts.join(", ") };
    let state = if has_failed { State::Failed } else { State::Passed };
    Check { id, area, title, state, finding, findings: found.into_iter().map(Finding::from).collect() }
}

fn kit_checks(read: &Read, is_strict: bool) -> Vec<Check> {
    let name = read.kit().map(|kit| format!("{} {}", kit.file.id, kit.file.version)).unwrap_or_default();
    let valid = check(Area::Kit, "kit-valid", "The kit is valid", name, read.of_kit.clone(), is_strict);
    let title = "The kit is well made";
    let lint = match read.kit() {
        Some(kit) => check(Area::Kit, "kit-lint", title, "nothing to find fault with".to_owned(), lint::lint(kit), is_strict),
        None => waits(Area::Kit, "kit-lint", title, "the kit is to be mended first"),
    };
    vec![valid, lint]
}

fn waits(area: Area, id: &'static str, title: &'static str, why: &str) -> Check {
    Check { id, area, title, state: State::NotRun, finding: why.to_owned(), findings: Vec::new() }
}

/// Returns the check that stands for an area which cannot be looked at.
fn not_run(area: Area, why: &str) -> Check {
    let (id, title) = if area == Area::Documents { (FRESH, DOCUMENTS[0].1) } else { ("policy", "The policy is kept") };
    waits(area, id, title, why)
}

fn written_checks(workspace: &Workspace, read: &mut Read, is_strict: bool) -> Result<Vec<Check>, Error> {
    let mut found = std::mem::take(&mut read.of_rest);
    let mut respondents = String::new();
    if let Some(kit) = read.kit() {
        match workspace.responses_to(kit) {
            Ok((known, warnings)) => {
                respondents = match known.len() {
                    0 => "none".to_owned(),
                    number => count(number, "respondent"),
                };
                found.extend(warnings);
            }
            Err(Error::Files(faults)) => found.extend(faults.into_iter().filter(|one| is_in(workspace, one, RESPONSES))),
            Err(error) => return Err(error),
        }
    }
    sort(&mut found);
    let mut checks = Vec::new();
    // What belongs nowhere else belongs to the assessment, which comes first and is therefore told apart last.
    for (id, name, title) in WRITTEN.iter().rev() {
        let (own, rest) = found.into_iter().partition(|one| *id == "assessment" || is_in(workspace, one, name));
        found = rest;
        let good = match *id {
            "assessment" => read.loaded.as_ref().map_or_else(|| "nothing wrong in it".to_owned(), scope),
            "responses" => respondents.clone(),
            _ => match files::yaml_files(&workspace.path(name))?.len() {
                0 => "none".to_owned(),
                number => count(number, "file"),
            },
        };
        checks.push(check(Area::Answers, id, title, good, own, is_strict));
    }
    checks.reverse();
    let is_wrong = checks.first().is_some_and(Check::has_errors);
    for (place, one) in checks.iter_mut().enumerate() {
        // Without what it is held against a file was read for its form alone.
        let lacks = match read.kit() {
            None => Some("the kit is to be mended first"),
            Some(_) if is_wrong && place > 0 => Some("opsready.yaml is to be mended first"),
            Some(_) => None,
        };
        if let Some(why) = lacks.filter(|_| one.state == State::Passed) {
            (one.state, one.finding) = (State::NotRun, why.to_owned());
        }
    }
    Ok(checks)
}

fn scope(loaded: &Loaded) -> String {
    let in_scope = loaded.assessment.capabilities_in_scope(&loaded.kit).count();
    format!("{in_scope} of {} capabilities in scope", loaded.kit.capabilities.len())
}

/// The checks of documents: name, and what holds where they pass.
const DOCUMENTS: [(&str, &str); 3] = [
    (FRESH, "Every document is what would be rendered"),
    ("documents-merged", "No merge of a document is unfinished"),
    ("documents-linked", "No link in a document leads nowhere"),
];

fn document_checks(workspace: &Workspace, loaded: &Loaded, card: &Scorecard, roadmap: &Plan) -> Result<(Vec<Check>, Vec<Drift>), Error> {
    let of = |place: usize, good: String, found: Vec<Diagnostic>| {
        check(Area::Documents, DOCUMENTS[place].0, DOCUMENTS[place].1, good, found, false)
    };
    let plan = match workspace.plan_scored(loaded, card, roadmap, &[]) {
        Ok(plan) => plan,
        Err(Error::Files(found)) => {
            let wait =
                |place: usize| waits(Area::Documents, DOCUMENTS[place].0, DOCUMENTS[place].1, "the templates are to be mended first");
            return Ok((vec![of(0, String::new(), found), wait(1), wait(2)], Vec::new()));
        }
        Err(error) => return Err(error),
    };
    let (mut stale, mut drift) = (Vec::new(), Vec::new());
    for (diagnostic, step) in workspace.stale(&plan) {
        stale.push(diagnostic);
        let drifted = step.and_then(|step| Some((step, step.difference()?)));
        drift.extend(drifted.map(|(step, difference)| Drift { path: step.path.clone(), fate: step.fate.word(), difference }));
    }
    let all = plan.steps.len();
    let links = workspace.dangling_links(&plan)?;
    let finding = match (stale.as_slice(), drift.len()) {
        ([], _) => format!("{} up to date", count(all, "document")),
        (_, 0) => format!("none of {} rendered yet", count(all, "document")),
        (_, old) => format!("{old} of {} {} stale", count(all, "document"), if old == 1 { "is" } else { "are" }),
    };
    let fresh = Check { finding, ..of(0, String::new(), stale) };
    let finding = match links.len() {
        0 => "no link leads nowhere".to_owned(),
        1 => "1 link leads nowhere".to_owned(),
        number => format!("{number} links lead nowhere"),
    };
    let linked = Check { finding, ..of(2, String::new(), links) };
    let finding = match plan.faults.len() {
        0 => "no merge is unfinished".to_owned(),
        number => format!("{} to mend before anything is written", count(number, "place")),
    };
    let merged = Check { finding, ..of(1, String::new(), plan.faults) };
    Ok((vec![fresh, merged, linked], drift))
}

fn policy_check(held: policy::Held) -> Check {
    let breach = |breach: policy::Breach| Finding { diagnostic: breach.diagnostic, subject: Some(breach.subject) };
    Check {
        id: held.rule.word(),
        area: Area::Policy,
        title: held.rule.title(),
        state: if held.breaches.is_empty() { State::Passed } else { State::Failed },
        finding: held.flag.map_or(held.finding.clone(), |flag| format!("{} ({flag})", held.finding)),
        findings: held.breaches.into_iter().map(breach).collect(),
    }
}

/// Returns how the program ends: wrong files are graver than an answer that is no.
fn exit(checks: &[Check]) -> Exit {
    let is_wrong = |check: &Check| match check.area {
        Area::Kit | Area::Answers => check.has_errors(),
        Area::Documents | Area::Policy => check.findings.iter().any(|finding| finding.diagnostic.code == Code::BadTemplate),
    };
    if checks.iter().any(is_wrong) {
        Exit::Wrong
    } else if checks.iter().any(|check| check.state == State::Failed) {
        Exit::No
    } else {
        Exit::Done
    }
}
