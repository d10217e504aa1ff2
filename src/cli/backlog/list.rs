//! `opsready backlog list`.

use super::super::Global;
use super::super::output::{Exit, Output};
use super::{Which, all, capability_title, known_as, shortfall};
use crate::assessment::Plain;
use crate::assessment::backlog::format::{StoryState, Tracker};
use crate::plan::backlog::{Progress, Story, points};
use crate::scoring::wording::{count, percent_between};
use crate::workspace::Loaded;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::{Map, Value, json};

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Chosen {
    /// Of the kit, not taken over
    Proposed,
    /// Nobody has begun
    Open,
    /// Somebody works on it
    InProgress,
    /// It is done
    Done,
    /// It will not be done
    Dropped,
    /// Everything it brings about is in place
    ToClose,
    /// It is done, and something is missing
    CameBack,
}

impl Chosen {
    fn holds(self, story: &Story) -> bool {
        let is = |state: StoryState| story.progress == Progress::Kept(state);
        match self {
            Self::Proposed => story.progress == Progress::Proposed,
            Self::Open => is(StoryState::Open),
            Self::InProgress => is(StoryState::InProgress),
            Self::Done => is(StoryState::Done),
            Self::Dropped => is(StoryState::Dropped),
            Self::ToClose => story.is_to_close(),
            Self::CameBack => story.came_back(),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Only stories in this state
    #[arg(long, value_name = "STATE")]
    state: Option<Chosen>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> anyhow::Result<Exit> {
    let loaded = global.workspace()?.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let all = all(&loaded);
    let mut meant = arguments.which.of(&loaded, &all)?;
    meant.retain(|story| arguments.state.is_none_or(|state| state.holds(story)));
    if output.is_json() {
        return output.json(&as_json(&loaded, &meant)).map(|()| Exit::Done);
    }
    if meant.is_empty() {
        let why = if all.is_empty() {
            "There is no story: no gap is confirmed for which the kit has one, and backlog/ holds none."
        } else {
            "No story is like that."
        };
        output.line(why)?;
        return Ok(Exit::Done);
    }
    let mut epics: Vec<Vec<&Story>> = Vec::new();
    for story in meant {
        match epics.last_mut() {
            Some(epic) if epic[0].capability == story.capability => epic.push(story),
            _ => epics.push(vec![story]),
        }
    }
    for epic in &epics {
        let points = points(epic.iter().copied().filter(|story| story.is_open()));
        let kit = &loaded.kit;
        let open = epic.iter().filter(|story| story.is_open()).count();
        output.line(format!(
            "{} ({}): {} open, {} points",
            capability_title(kit, epic[0].capability),
            kit.capability_id(epic[0].capability),
            count(open, "story").replace("storys", "stories"),
            Plain(points)
        ))?;
        output.text(&table(&loaded, epic, output.width()))?;
        for story in epic {
            if let Some(remark) = remark(&loaded, story) {
                output.line(remark)?;
            }
        }
        output.line("")?;
    }
    let proposed = epics.iter().flatten().filter(|story| story.progress == Progress::Proposed).count();
    if proposed > 0 {
        let are = if proposed == 1 { "1 story is" } else { &format!("{proposed} stories are") };
        output.note(&format!("{are} proposed; `opsready backlog pull` takes over what is proposed"));
    }
    Ok(Exit::Done)
}

/// Returns what its owner must know of a story beside the table.
pub(super) fn remark(loaded: &Loaded, story: &Story) -> Option<String> {
    if story.is_to_close() {
        return Some(format!("to close: {}: everything it brings about is in place", story.id));
    }
    if story.came_back() {
        return Some(format!("came back: {}: done, but {}", story.id, shortfall(&loaded.kit, story)));
    }
    None
}

fn table(loaded: &Loaded, stories: &[&Story], width: usize) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(100));
    table.set_header(["Story", "Wave", "Points", "State", "Brings about", "Tracker"]);
    for story in stories {
        let wave = story.wave.and_then(|wave| loaded.assessment.waves.get(wave)).map_or("–", |wave| wave.short_title());
        let brings: Vec<String> = (story.practices.iter())
            .map(|brought| {
                let id = &loaded.kit.practice(brought.practice).id;
                brought.place.map_or_else(
                    || id.clone(),
                    |(_, credit)| {
                        // A number stays beside its sign when the column is narrow.
                        format!("{id} {}", percent_between(credit).replace(' ', "\u{a0}"))
                    },
                )
            })
            .collect();
        let known = known_as(loaded, &story.id);
        table.add_row([
            if story.title() == story.id { story.id.clone() } else { format!("{}\n{}", story.title(), story.id) },
            wave.to_owned(),
            story.wording.points.map(|points| Plain(points).to_string()).unwrap_or_default(),
            story.progress.title().to_owned(),
            if brings.is_empty() { "–".to_owned() } else { brings.join("\n") },
            if known.is_empty() { "–".to_owned() } else { known.join("\n") },
        ]);
    }
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}\n")
}

fn as_json(loaded: &Loaded, stories: &[&Story]) -> Value {
    let kit = &loaded.kit;
    let one = |story: &&Story| {
        let practices: Vec<Value> = (story.practices.iter())
            .map(|brought| {
                let place = brought.place;
                json!({
                    "id": kit.practice(brought.practice).id,
                    "environment": place.map(|(environment, _)| kit.environment_id(environment)),
                    "credit": place.map(|(_, credit)| credit.low),
                    "high": place.map(|(_, credit)| credit.high),
                    "wanted": brought.is_wanted,
                })
            })
            .collect();
        let backlog = &loaded.assessment.registers.backlog;
        let trackers: Map<String, Value> = (Tracker::ALL.iter())
            .filter_map(|tracker| {
                let link = backlog.link(*tracker, &story.id)?;
                let id = link.id.as_ref()?;
                Some((tracker.word().to_owned(), json!({"id": id.value, "url": link.url})))
            })
            .collect();
        json!({
            "id": story.id,
            "external_id": format!("opsready:{}:{}", loaded.assessment.file.id.value, story.id),
            "epic": kit.capability_id(story.capability),
            "title": story.title(),
            "story": story.wording.sentence(),
            "acceptance": story.wording.acceptance,
            "points": story.wording.points,
            "wave": story.wave.and_then(|wave| loaded.assessment.waves.get(wave)).map(|wave| wave.id.as_str()),
            "state": story.progress.word(),
            "reason": story.reason,
            "own": story.is_own,
            "to_close": story.is_to_close(),
            "came_back": story.came_back(),
            "kit_differs": story.news,
            "practices": practices,
            "trackers": trackers,
        })
    };
    json!({
        "schema": "opsready/backlog-list/v1",
        "assessment": loaded.assessment.file.id.as_str(),
        "stories": stories.iter().map(one).collect::<Vec<_>>(),
    })
}
