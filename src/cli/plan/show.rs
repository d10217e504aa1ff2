//! `opsready plan show`.

use super::super::output::{Exit, Output};
use super::Subject;
use crate::assessment::{Assessment, Plain};
use crate::exchange::roadmap;
use crate::kit::Kit;
use crate::plan::Plan;
use crate::plan::path::{critical_path, quick_wins};
use crate::plan::projection::projections;
use crate::scoring::gap::Gap;
use crate::scoring::wording::count;
use crate::scoring::{CapabilityScore, Scorecard};
use crate::yaml::record::Date;
use comfy_table::{ContentArrangement, Table, presets};
use std::fmt::Write;

/// How many quick wins are named.
const NAMED: usize = 5;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  opsready plan show
  opsready plan show tag-management
  opsready plan show --wave wave-1
  opsready plan show --json")]
pub(super) struct Arguments {
    /// Practices or capabilities [default: everything]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Only one wave, by id
    #[arg(long, value_name = "WAVE")]
    wave: Option<String>,
    /// Judge dates and acceptances on this day [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

/// What the parts of the output are made of.
struct Shown<'s> {
    kit: &'s Kit,
    assessment: &'s Assessment,
    card: &'s Scorecard,
    plan: &'s Plan,
    subjects: &'s [Subject],
    on: Date,
    width: usize,
}

pub(super) fn run(arguments: &Arguments, global: &crate::cli::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let (_, loaded) = global.load(output)?;
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let on = super::day(arguments.on.as_deref())?;
    let subjects = arguments.ids.iter().map(|id| super::subject(kit, id)).collect::<anyhow::Result<Vec<_>>>()?;
    let wave = arguments.wave.as_deref().map(|wave| super::wave(assessment, wave)).transpose()?;
    let card = Scorecard::of(kit, assessment);
    let plan = Plan::as_of(kit, assessment, &card, Some(on));
    let found = plan.diagnostics(kit, assessment);
    output.diagnostics(&found);
    let exit = if found.iter().any(crate::diagnostic::Diagnostic::is_error) { Exit::Wrong } else { Exit::Done };
    let shown = Shown { kit, assessment, card: &card, plan: &plan, subjects: &subjects, on, width: output.width() };
    if output.is_json() {
        let mut value = roadmap::json(kit, assessment, &card, &plan, Some(on));
        if let Some(actions) = value["actions"].as_array_mut() {
            let is_meant = |id: &str| {
                kit.find_practice(id).is_some_and(|ix| shown.is_meant(ix) && wave.is_none_or(|wave| plan.wave(ix) == Some(wave)))
            };
            actions.retain(|action| action["practice"].as_str().is_some_and(is_meant));
        }
        output.json(&value)?;
        return Ok(exit);
    }
    output.text(&shown.text(wave))?;
    Ok(exit)
}

impl Shown<'_> {
    fn is_meant(&self, practice: crate::kit::PracticeIx) -> bool {
        let capability = Subject::Capability(self.kit.practice(practice).capability);
        self.subjects.is_empty() || self.subjects.contains(&Subject::Practice(practice)) || self.subjects.contains(&capability)
    }

    fn text(&self, only: Option<usize>) -> String {
        let mut text = String::new();
        let gaps = || self.card.gaps.iter().filter(|gap| self.is_meant(gap.practice));
        for (index, wave) in self.assessment.waves.iter().enumerate().filter(|(index, _)| only.is_none_or(|only| only == *index)) {
            let points = self.plan.load(self.kit, self.card, index);
            let own: Vec<&Gap> = gaps().filter(|gap| self.plan.wave(gap.practice) == Some(index)).collect();
            let days = match (wave.start, wave.finish) {
                (Some(start), Some(finish)) => format!(", {start} to {finish}"),
                (Some(start), None) => format!(", from {start}"),
                (None, Some(finish)) => format!(", until {finish}"),
                (None, None) => String::new(),
            };
            let _ = writeln!(text, "{}{days}: {} of {} points", wave.title, Plain(points), Plain(wave.capacity));
            if own.is_empty() {
                text.push_str("Nothing to close.\n\n");
            } else {
                let _ = writeln!(text, "{}\n", self.table(&own));
            }
        }
        if only.is_none() {
            let rest = [
                (
                    "Outside the waves",
                    gaps().filter(|gap| self.plan.is_work(gap) && self.plan.wave(gap.practice).is_none()).collect::<Vec<_>>(),
                ),
                ("Accepted", gaps().filter(|gap| self.plan.is_accepted(gap.practice)).collect()),
            ];
            for (title, found) in rest.iter().filter(|(_, found)| !found.is_empty()) {
                let _ = writeln!(text, "{title}\n{}\n", self.table(found));
            }
            let unclear = gaps().filter(|gap| !gap.is_confirmed() && !self.plan.is_accepted(gap.practice)).count();
            if unclear > 0 {
                let verbs = if unclear == 1 { ("depends", "takes") } else { ("depend", "take") };
                let _ = writeln!(text, "{} {} on open questions and {} no place in a wave yet.\n", count(unclear, "gap"), verbs.0, verbs.1);
            }
            if self.subjects.is_empty() {
                text.push_str(&self.outlook());
            }
        }
        text
    }

    fn table(&self, gaps: &[&Gap]) -> Table {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(self.width).unwrap_or(100));
        table.set_header(["Gap", "Risk", "Effort", "Owner", "By", "Status"]);
        for gap in gaps {
            let practice = self.kit.practice(gap.practice);
            let planned = self.assessment.planning.practice(gap.practice);
            let owner = self.assessment.planning.owner(self.kit, gap.practice);
            let accepted = planned.and_then(|planned| planned.accepted.as_ref()).map(|one| &one.value);
            let due = match accepted.filter(|_| self.plan.is_accepted(gap.practice)) {
                Some(accepted) => format!("until {}", accepted.expires.value),
                None => match planned.and_then(|planned| planned.due.as_ref().map(|due| (planned, due.value))) {
                    Some((planned, due)) if planned.is_overdue(self.on) => format!("{due} overdue"),
                    Some((_, due)) => due.to_string(),
                    None => "–".to_owned(),
                },
            };
            let mut status: Vec<String> = Vec::new();
            status.extend(planned.and_then(|planned| planned.status).map(|status| status.title().to_owned()));
            status.extend(planned.and_then(|planned| planned.momentum).map(|momentum| momentum.title().to_owned()));
            if let Some(ended) = planned.and_then(|planned| planned.expired(self.on)) {
                status.push(format!("acceptance ended {}", ended.value.expires.value));
            } else if let Some(accepted) = accepted {
                status.push(format!("{}, by {}", accepted.risk.value, self.kit.role_title(&accepted.approver)));
            }
            table.add_row([
                practice.id.clone(),
                practice.risk.word().to_owned(),
                practice.effort.title().to_owned(),
                owner.map_or_else(|| "nobody".to_owned(), |owner| self.kit.role_title(owner).to_owned()),
                due,
                if status.is_empty() { "–".to_owned() } else { status.join("; ") },
            ]);
        }
        table
    }

    /// Returns what comes of the waves, what is quick, and what waits for what.
    fn outlook(&self) -> String {
        let mut text = String::new();
        let projected = projections(self.kit, self.assessment, self.card, self.plan);
        if !self.assessment.waves.is_empty() && !self.card.capabilities.is_empty() {
            let mut table = Table::new();
            table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(u16::try_from(self.width).unwrap_or(100));
            let mut header = vec!["Level (score)".to_owned(), "Target".to_owned(), "Now".to_owned()];
            header.extend(self.assessment.waves.iter().map(|wave| format!("After {}", wave.short_title())));
            table.set_header(header);
            for (row, (ix, _)) in projected[0].capabilities.iter().enumerate() {
                let mut cells = vec![self.kit.capability_id(*ix).to_owned(), self.assessment.scope(*ix).target.to_string()];
                let is_assessed = self.card.card(*ix).is_some_and(|one| one.is_assessed(self.assessment.target_environment));
                cells.extend(projected.iter().map(|after| if is_assessed { standing(&after.capabilities[row].1) } else { "–".to_owned() }));
                table.add_row(cells);
            }
            let mut overall = vec!["overall".to_owned(), String::new()];
            overall.extend(projected.iter().map(|after| after.overall.map_or_else(|| "–".to_owned(), |mean| format!("({:.1})", mean.low))));
            table.add_row(overall);
            let _ = writeln!(text, "What comes of it in {}\n{table}\n", self.kit.environment_title(self.assessment.target_environment));
        }
        let named = |found: &[crate::kit::PracticeIx]| found.iter().map(|ix| self.kit.practice(*ix).id.clone()).collect::<Vec<_>>();
        let quick = quick_wins(self.kit, self.card, self.plan);
        if !quick.is_empty() {
            let more = quick.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            let _ = writeln!(text, "Quick wins: {}{more}.", named(&quick[..quick.len().min(NAMED)]).join(", "));
        }
        let path = critical_path(self.kit, self.card, self.plan);
        if !path.is_empty() {
            let _ = writeln!(text, "Critical path: {}.", named(&path).join(" → "));
        }
        text
    }
}

fn standing(score: &CapabilityScore) -> String {
    match (score.level, score.score) {
        (Some(level), Some(score)) => format!("{level} ({:.1})", score.low),
        _ => "–".to_owned(),
    }
}
