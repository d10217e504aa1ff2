//! `opsready diff`.

use super::milestone::{align_right, between, range, table};
use super::output::{Exit, Output, Refusal, today};
use crate::assessment::format::Age;
use crate::diagnostic::did_you_mean;
use crate::exchange::diff::{self, Agenda, Side};
use crate::kit::Kit;
use crate::plan::progress::compare::{CapabilityChange, Comparison, StandingChange};
use crate::plan::progress::due::{self, Dated, Duty, Stale};
use crate::plan::progress::gaps::{Fate, GapChange};
use crate::plan::progress::movement::{Cause, Movement, signed};
use crate::plan::progress::{Results, ScoreResult};
use crate::scoring::wording::{count, percent};
use crate::workspace::Workspace;
use crate::workspace::revision::RevisionError;
use crate::workspace::state::{Origin, State};
use crate::yaml::record::{Date, list};
use std::fmt::Write;

/// How many lines a list on the terminal has.
const SHOWN: usize = 12;

/// What forces a name to be a revision.
const GIT: &str = "git:";

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A and B are milestones, revisions of git (a tag, a branch, HEAD~3), or `.` for the files as they stand. A name that is
both is the milestone; `git:NAME` is the revision.

Three causes are told apart: the kit changed, the scope changed, answers changed. The old answers are scored under the
newer kit (what the kit did), then in the newer scope (what the scope did), then come the answers of now.

Examples:
  opsready diff
  opsready diff baseline
  opsready diff baseline 2027-q1 --json
  opsready diff git:main . --exit-code"
)]
pub(super) struct Arguments {
    /// The earlier state [default: the last milestone]
    #[arg(value_name = "A")]
    then: Option<String>,
    /// The later state
    #[arg(value_name = "B", default_value = ".", hide_default_value = false)]
    now: String,
    /// Exit with 1 if something got worse because answers changed
    #[arg(long)]
    exit_code: bool,
    /// How old evidence may be on the day of B: days, months or years, such as 365d, 12m, 1y [default: the policy of B, else 365d]
    #[arg(long, value_name = "AGE", value_parser = age)]
    max_evidence_age: Option<Age>,
}

fn age(text: &str) -> Result<Age, String> {
    Age::parse(text).ok_or_else(|| Age::HELP.to_owned())
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    let then = match &arguments.then {
        Some(name) => state(name, &workspace)?,
        None => last(&workspace)?,
    };
    let now = state(&arguments.now, &workspace)?;
    output.diagnostics(&then.warnings);
    output.diagnostics(&now.warnings);
    let comparison = Comparison::of(then.then(), now.now());
    let dated = due::dated(&now.frozen.kit, &now.assessment, &now.results.gaps);
    let (overdue, coming): (Vec<Dated>, Vec<Dated>) = dated.into_iter().partition(|one| one.due < now.day);
    let evidence_age = arguments.max_evidence_age.unwrap_or_else(|| due::evidence_age(&now.assessment));
    let stale = due::stale(&now.frozen.kit, &now.assessment, now.day, evidence_age);
    if output.is_json() {
        let agenda = Agenda { overdue: &overdue, stale: &stale, evidence_age, next: coming.iter().find(|one| is_review(one)) };
        output.json(&diff::json(side(&then), side(&now), &comparison, agenda))?;
    } else {
        let width = output.width();
        let shown = Shown { then: &then, now: &now, comparison: &comparison, width };
        let mut text = shown.head();
        text.push_str(&shown.standings());
        text.push_str(&shown.gaps());
        text.push_str(&shown.answers());
        text.push_str(&agenda(&overdue, &coming, &stale, evidence_age, now.day, width));
        output.text(&text)?;
    }
    Ok(if arguments.exit_code && comparison.is_regressed() { Exit::No } else { Exit::Done })
}

fn is_review(one: &Dated) -> bool {
    matches!(one.duty, Duty::Decision | Duty::Review | Duty::Acceptance)
}

fn side(state: &State) -> Side<'_> {
    Side {
        name: &state.name,
        origin: state.origin.word(),
        commit: state.commit.as_deref(),
        day: state.day,
        note: state.note.as_deref(),
        kit: &state.identity,
        results: &state.results,
    }
}

/// Returns the last milestone.
fn last(workspace: &Workspace) -> anyhow::Result<State> {
    let (milestones, _) = workspace.milestones()?;
    match milestones.last() {
        Some(last) => Ok(workspace.state_of_milestone(&last.milestone.name)?),
        None => Err(Refusal::because(
            "there is no milestone to compare with",
            Some("`opsready milestone save NAME` freezes today; `opsready diff HEAD~3` compares with a revision of git".to_owned()),
        )),
    }
}

/// Returns the state that a name means.
fn state(name: &str, workspace: &Workspace) -> anyhow::Result<State> {
    if name == "." {
        return Ok(workspace.state_now(today())?);
    }
    let milestones = workspace.milestone_names()?;
    if milestones.iter().any(|known| known == name) {
        return Ok(workspace.state_of_milestone(name)?);
    }
    let revision = name.strip_prefix(GIT);
    workspace.state_of_revision(revision.unwrap_or(name)).map_err(|error| refusal(error, name, revision.is_some(), &milestones))
}

/// Returns what to tell whoever named something that cannot be read.
fn refusal(error: RevisionError, name: &str, is_forced: bool, milestones: &[String]) -> anyhow::Error {
    let known: Vec<&str> = milestones.iter().map(String::as_str).collect();
    let milestone = || {
        did_you_mean(name, known.iter().copied()).unwrap_or_else(|| match known.len() {
            0 => "there is no milestone yet: `opsready milestone save NAME` makes one".to_owned(),
            1..=12 => format!("the milestones are {}", list(&known)),
            _ => "`opsready milestone list` shows the milestones".to_owned(),
        })
    };
    match error {
        RevisionError::Files(error) => error.into(),
        RevisionError::NoGit if is_forced => {
            Refusal::because(error.to_string(), Some("install git, or compare with a milestone".to_owned()))
        }
        RevisionError::NoGit => {
            let message = format!("`{name}` is no milestone, and no revision can be read: {error}");
            Refusal::because(message, Some(milestone()))
        }
        RevisionError::NoRepository(_) if is_forced => {
            Refusal::because(error.to_string(), Some("run `git init` there, or compare with a milestone".to_owned()))
        }
        RevisionError::NoRepository(said) => {
            let message = format!("`{name}` is no milestone, and there is no repository to look for a revision in: {said}");
            Refusal::because(message, Some(milestone()))
        }
        RevisionError::Unknown(revision) if is_forced => {
            Refusal::because(format!("there is no revision `{revision}`"), Some("`git log` and `git tag` show what there is".to_owned()))
        }
        RevisionError::Unknown(_) => Refusal::because(format!("`{name}` is neither a milestone nor a revision"), Some(milestone())),
        RevisionError::NoWorkspace(_) => Refusal::because(
            format!("{error}: it has no `opsready.yaml` in this folder"),
            Some("name a later revision, from when the workspace was committed".to_owned()),
        ),
        RevisionError::NoMerge | RevisionError::Failed(_) | RevisionError::Machine(_) => error.into(),
    }
}

struct Shown<'s> {
    then: &'s State,
    now: &'s State,
    comparison: &'s Comparison,
    width: usize,
}

/// Returns a state as a line names it: "baseline (milestone, 2026-11-29)".
fn named(state: &State) -> String {
    match state.origin {
        Origin::Milestone => format!("{} (milestone, {})", state.name, state.day),
        Origin::Revision => {
            let short: String = state.commit.iter().flat_map(|commit| commit.chars()).take(8).collect();
            format!("{} (revision {short}, {})", state.name, state.day)
        }
        Origin::WorkTree => format!("the files as they stand ({})", state.day),
    }
}

impl Shown<'_> {
    fn kit(&self) -> &Kit {
        &self.now.frozen.kit
    }

    fn head(&self) -> String {
        let comparison = self.comparison;
        let mut text = format!("Then: {}\nNow:  {}\n", named(self.then), named(self.now));
        let (then, now) = (&self.then.identity, &self.now.identity);
        if comparison.is_same_kit {
            let _ = writeln!(text, "Kit:  {}, the same", now.name());
        } else if then.name() == now.name() {
            let _ = writeln!(text, "Kit:  {}, with other content: {}", now.name(), self.kit_words());
        } else {
            let _ = writeln!(text, "Kit:  {} then, {} now: {}", then.name(), now.name(), self.kit_words());
        }
        if !comparison.left.is_empty() {
            let keys: Vec<&str> = comparison.left.iter().map(|left| left.key.as_str()).collect();
            let _ = writeln!(text, "      {} of then left out of the comparison: {}", count(keys.len(), "answer"), some(&keys));
        }
        if comparison.scope.is_empty() {
            text.push_str("Scope: the same\n");
        }
        for one in &comparison.scope {
            let subject = one.subject.as_ref().map(|subject| format!(" of {subject}")).unwrap_or_default();
            let line = match one.what {
                "environment" | "capability" => format!("{} is {}", one.subject.as_deref().unwrap_or_default(), one.now),
                what => format!("{what}{subject}: {} then, {} now", one.then, one.now),
            };
            let _ = writeln!(text, "Scope: {line}");
        }
        text.push('\n');
        text
    }

    fn kit_words(&self) -> String {
        let words = self.comparison.kit_words();
        if words.is_empty() { "no question or practice is another".to_owned() } else { words.join(", ") }
    }

    fn standings(&self) -> String {
        let mut text = String::new();
        for overall in &self.comparison.overall {
            let environment = &overall.environment;
            let is_target = *environment == self.now.results.target_environment;
            let rows: Vec<(&CapabilityChange, &StandingChange)> = (self.comparison.capabilities.iter())
                .filter_map(|one| Some((one, one.environments.iter().find(|of| of.environment == *environment)?)))
                .collect();
            let has_moved = rows.iter().any(|(one, of)| of.then.is_none() || of.now.is_none() || one.words(of).is_some());
            let title = self.kit().find_environment(environment).map(|ix| self.kit().environment_title(ix).to_owned());
            let title = title.unwrap_or_else(|| environment.clone());
            let is_gone = !self.now.results.overall.contains_key(environment);
            if is_gone {
                let _ = writeln!(text, "{title}: out of scope now.\n");
                continue;
            }
            if !is_target && !has_moved {
                let _ = writeln!(text, "{title}: nothing moved.\n");
                continue;
            }
            let _ = writeln!(text, "{title}{}", if is_target { " (target)" } else { "" });
            let mut table = table(self.width);
            table.set_header(["Capability", "Level", "Target", "Score then", "Score now", "Kit", "Scope", "Answers"]);
            for (one, of) in &rows {
                let parts = parts(&of.score);
                table.add_row([
                    one.title.clone(),
                    level(of),
                    then_now(one.target_then.map(|level| level.to_string()), one.target_now.map(|level| level.to_string())),
                    score(of.then, of.was_assessed),
                    score(of.now, of.is_assessed),
                    parts[0].clone(),
                    parts[1].clone(),
                    parts[2].clone(),
                ]);
            }
            let whole = |results: &Results| {
                results.overall.get(environment).and_then(|of| of.low).map_or_else(|| "–".to_owned(), |low| format!("{low:.1}"))
            };
            let parts = parts(&overall.score);
            let now = whole(&self.now.results);
            let then = overall.score.then.map_or_else(|| "–".to_owned(), |low| format!("{low:.1}"));
            table.add_row([
                "Overall".to_owned(),
                String::new(),
                String::new(),
                then,
                now,
                parts[0].clone(),
                parts[1].clone(),
                parts[2].clone(),
            ]);
            align_right(&mut table, 1..8);
            let _ = writeln!(text, "{table}");
            for (one, of) in &rows {
                if let Some(line) = one.words(of) {
                    let _ = writeln!(text, "{line}");
                }
            }
            if let Some(found) = overall.found_out.filter(|found| found.abs() >= 0.05) {
                let _ = writeln!(text, "Of the overall movement by answers, {found:+.1} was found out: it answers what was open then.");
            }
            text.push('\n');
        }
        text
    }

    fn gaps(&self) -> String {
        let comparison = self.comparison;
        let number = |fate: Fate| comparison.count(fate);
        let mut text = format!(
            "Gaps: {} closed, {} partly closed, {} unchanged, {} new, {} regressed.\n",
            number(Fate::Closed),
            number(Fate::PartlyClosed),
            number(Fate::Unchanged),
            number(Fate::New),
            number(Fate::Regressed),
        );
        let apart = [Fate::Came(Cause::Kit), Fate::Came(Cause::Scope), Fate::Gone(Cause::Kit), Fate::Gone(Cause::Scope)];
        let apart: Vec<String> = apart
            .into_iter()
            .filter(|fate| number(*fate) > 0)
            .map(|fate| format!("{} {}", number(fate), fate.title().to_lowercase()))
            .collect();
        if !apart.is_empty() {
            let _ = writeln!(text, "Apart from that: {}.", apart.join(", "));
        }
        let shown: Vec<&GapChange> = (Fate::ALL.iter())
            .filter(|fate| **fate != Fate::Unchanged)
            .flat_map(|fate| comparison.gaps.iter().filter(|gap| gap.fate == *fate).take(SHOWN))
            .collect();
        if !shown.is_empty() {
            let mut table = table(self.width);
            table.set_header(["", "Gap", "Capability", "Risk", "In place then", "Now"]);
            for gap in shown {
                let fate = if gap.is_reopened { "Regressed: open again".to_owned() } else { gap.fate.title().to_owned() };
                let share = |credit: Option<f64>| credit.map_or_else(|| "–".to_owned(), percent);
                table.add_row([
                    fate,
                    format!("{} ({})", gap.title, gap.practice),
                    gap.capability_title.clone(),
                    gap.risk.clone(),
                    share(gap.then),
                    share(gap.now),
                ]);
            }
            align_right(&mut table, 4..6);
            let _ = writeln!(text, "{table}");
        }
        for fate in Fate::ALL.iter().filter(|fate| **fate != Fate::Unchanged && number(**fate) > SHOWN) {
            let _ = writeln!(text, "{} more {}; `--json` has all.", number(*fate) - SHOWN, fate.title().to_lowercase());
        }
        text.push('\n');
        text
    }

    fn answers(&self) -> String {
        let answers = &self.comparison.answers;
        let open = |results: &Results| {
            use crate::assessment::State;
            [State::Unanswered, State::DontKnow, State::Parked].iter().map(|state| results.count(*state)).sum::<usize>()
        };
        let mut text = format!(
            "Answers: {} given, {} changed, {} lost. Open questions: {} of {} then, {} of {} now.\n",
            answers.given.len(),
            answers.changed.len(),
            answers.lost.len(),
            open(&self.then.results),
            self.then.results.visible(),
            open(&self.now.results),
            self.now.results.visible(),
        );
        if !answers.lost.is_empty() {
            let keys: Vec<&str> = answers.lost.iter().map(|answer| answer.key.as_str()).collect();
            let _ = writeln!(text, "Lost: {}.", some(&keys));
        }
        text.push('\n');
        text
    }
}

fn agenda(overdue: &[Dated], coming: &[Dated], stale: &[Stale], age: Age, day: Date, width: usize) -> String {
    let mut text = String::new();
    if overdue.is_empty() {
        let _ = writeln!(text, "Nothing is overdue on {day}.");
    } else {
        let _ = writeln!(text, "Overdue on {day}: {}", overdue.len());
        let mut table = table(width);
        table.set_header(["Due", "What", "", "Who"]);
        for one in overdue.iter().take(SHOWN) {
            let who = one.owner.clone().unwrap_or_else(|| "nobody".to_owned());
            table.add_row([one.due.to_string(), one.duty.title().to_owned(), one.title.clone(), who]);
        }
        let _ = writeln!(text, "{table}");
        if overdue.len() > SHOWN {
            let _ = writeln!(text, "{} more; `--json` has all.", overdue.len() - SHOWN);
        }
    }
    if stale.is_empty() {
        let _ = writeln!(text, "No evidence is older than {age}.");
    } else {
        let _ = writeln!(text, "Evidence older than {age}: {}", count(stale.len(), "answer"));
        let mut table = table(width);
        table.set_header(["Collected", "Question", "Evidence"]);
        for one in stale.iter().take(SHOWN) {
            table.add_row([one.collected.to_string(), one.key.clone(), one.title.clone()]);
        }
        let _ = writeln!(text, "{table}");
        if stale.len() > SHOWN {
            let _ = writeln!(text, "{} more; `--json` has all.", stale.len() - SHOWN);
        }
    }
    if let Some(next) = coming.iter().find(|one| is_review(one)) {
        let _ = writeln!(text, "Next review: {}, {} ({}).", next.due, next.title, next.id);
    }
    text
}

/// Returns what each cause did; nothing where it did nothing.
fn parts(movement: &Movement) -> [String; 3] {
    let shown = |tenths: i64| if tenths == 0 { String::new() } else { signed(tenths) };
    movement.tenths().map_or_else(|| std::array::from_fn(|_| "–".to_owned()), |parts| parts.map(shown))
}

fn level(of: &StandingChange) -> String {
    let shown = |score: Option<ScoreResult>, is_assessed: bool| {
        score.filter(|_| is_assessed).and_then(|score| score.level).map(|level| level.to_string())
    };
    then_now(shown(of.then, of.was_assessed), shown(of.now, of.is_assessed))
}

fn then_now(then: Option<String>, now: Option<String>) -> String {
    match (then, now) {
        (Some(then), Some(now)) if then == now => now,
        (None, None) => "–".to_owned(),
        (then, now) => format!("{} → {}", then.as_deref().unwrap_or("–"), now.as_deref().unwrap_or("–")),
    }
}

fn score(score: Option<ScoreResult>, is_assessed: bool) -> String {
    match score.as_ref().and_then(between) {
        Some(_) if !is_assessed => "open".to_owned(),
        Some(score) => range(score),
        None => "–".to_owned(),
    }
}

/// Returns the first few of a list in backticks.
fn some(words: &[&str]) -> String {
    let more = words.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    list(&words[..words.len().min(SHOWN)]) + &more
}
