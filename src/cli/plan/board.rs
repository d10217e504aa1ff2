//! `opsready plan board`.

use super::super::output::{Exit, Output};
use crate::diagnostic::render::tame;
use crate::exchange::roadmap;
use crate::kit::Kit;
use crate::plan::Plan;
use crate::plan::board::{Cell, Heat, cells, groups};
use crate::scoring::Scorecard;
use comfy_table::{Color, ContentArrangement, Table, presets};
use std::fmt::Write;

/// How wide a cell is, in columns, with its frame.
const WIDTH: usize = 26;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The colour of a cell is that of the worst thing said of it: at target or released, on its way, not begun, behind (slower than
expected, or overdue), stuck (blocked, or others wait for it). The words in the cell say the same.

Examples:
  opsready plan board
  opsready plan board --json
  opsready -C ../acme plan board --on 2027-03-01"
)]
pub(super) struct Arguments {
    /// Judge dates and acceptances on this day [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

pub(super) fn run(arguments: &Arguments, global: &crate::cli::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let (_, loaded) = global.load(output)?;
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let on = super::day(arguments.on.as_deref())?;
    let card = Scorecard::of(kit, assessment);
    let plan = Plan::as_of(kit, assessment, &card, Some(on));
    let found = cells(kit, assessment, &card, &plan, Some(on));
    if output.is_json() {
        return output.json(&roadmap::board(kit, &found, Some(on))).map(|()| Exit::Done);
    }
    if found.is_empty() {
        output.note("no capability is in scope");
        return Ok(Exit::Done);
    }
    // Whether colours are wanted is decided by the stream alone.
    crossterm::style::force_color_output(true);
    output.file(&text(kit, &found, output.width()))?;
    Ok(Exit::Done)
}

/// Returns the board: a row of cells for each group. Colours are always there; the stream takes them out where none are wanted.
fn text(kit: &Kit, cells: &[Cell], width: usize) -> String {
    let mut text = String::new();
    for (title, of_group) in groups(kit, cells) {
        if let Some(title) = title {
            let _ = writeln!(text, "{}", tame(&title));
        }
        let columns = (width / WIDTH).clamp(1, of_group.len().max(1));
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL).set_content_arrangement(ContentArrangement::Disabled).enforce_styling();
        for row in of_group.chunks(columns) {
            table.add_row(row.iter().map(|cell| comfy_table::Cell::new(words(kit, cell)).bg(colour(cell.heat)).fg(Color::Black)));
        }
        let _ = writeln!(text, "{table}");
    }
    let counts: Vec<String> = (Heat::ALL.iter())
        .filter_map(|heat| {
            let of_heat = cells.iter().filter(|cell| cell.heat == *heat).count();
            (of_heat > 0).then(|| format!("{of_heat} {}", heat.word()))
        })
        .collect();
    let _ = writeln!(text, "{}: {}.", counted(cells.len()), counts.join(", "));
    text
}

/// Returns what stands in a cell, line by line, none wider than the cell.
fn words(kit: &Kit, cell: &Cell) -> String {
    let room = WIDTH - 4;
    let title = tame(&kit.capability(cell.capability).file.title);
    let mut lines: Vec<String> = textwrap::wrap(&title, room).into_iter().map(std::borrow::Cow::into_owned).collect();
    let level = cell.level.map_or_else(|| "not assessed".to_owned(), |level| format!("level {level} of {}", cell.target));
    lines.push(level);
    lines.push(cell.stage.map_or_else(|| "no status".to_owned(), |stage| stage.title().to_owned()));
    if let Some(momentum) = cell.momentum {
        lines.extend(
            textwrap::wrap(&format!("{} {}", momentum.sign(), momentum.title()), room).into_iter().map(std::borrow::Cow::into_owned),
        );
    }
    let counts =
        [(cell.open, "open"), (cell.overdue, "overdue"), (cell.blocked, "blocked"), (cell.unowned, "unowned"), (cell.accepted, "accepted")];
    let told: Vec<String> = counts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
    lines.extend(textwrap::wrap(&told.join(", "), room).into_iter().map(std::borrow::Cow::into_owned));
    lines.push(cell.heat.word().to_uppercase());
    lines.retain(|line| !line.is_empty());
    let wide = |line: &String| format!("{line}{}", " ".repeat(room.saturating_sub(unicode_width::UnicodeWidthStr::width(line.as_str()))));
    lines.iter().map(wide).collect::<Vec<_>>().join("\n")
}

fn counted(number: usize) -> String {
    if number == 1 { "1 capability".to_owned() } else { format!("{number} capabilities") }
}

fn colour(heat: Heat) -> Color {
    match heat {
        Heat::Unknown => Color::Grey,
        Heat::Good => Color::Green,
        Heat::Moving => Color::Cyan,
        Heat::Idle => Color::White,
        Heat::Slow => Color::Yellow,
        Heat::Stuck => Color::Red,
    }
}
