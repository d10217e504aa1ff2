//! The roadmap and the board as JSON, schemas `opsready/roadmap/v1` and `opsready/board/v1`.
//!
//! Numbers are unrounded; what does not apply is `null`.

use crate::assessment::Assessment;
use crate::kit::{Kit, PracticeIx};
use crate::plan::Plan;
use crate::plan::board::Cell;
use crate::plan::path::{critical_path, quick_wins};
use crate::plan::projection::{Projection, projections};
use crate::scoring::Scorecard;
use crate::scoring::gap::Gap;
use crate::yaml::record::Date;
use serde_json::{Map, Value, json};

/// The name of the format of a roadmap.
pub const ROADMAP: &str = "opsready/roadmap/v1";

/// The name of the format of a board.
pub const BOARD: &str = "opsready/board/v1";

/// Returns the roadmap as JSON. `on` is the day on which dates and acceptances are judged.
pub fn json(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan, on: Option<Date>) -> Value {
    let id = |ix: PracticeIx| kit.practice(ix).id.as_str();
    let path = critical_path(kit, card, plan);
    let quick = quick_wins(kit, card, plan);
    let waves: Vec<Value> = (assessment.waves.iter().enumerate())
        .map(|(index, wave)| {
            let actions: Vec<&Gap> = plan.gaps_of(card, index).collect();
            json!({
                "id": wave.id,
                "title": wave.title,
                "capacity": wave.capacity,
                "points": plan.load(kit, card, index),
                "start": wave.start.map(|day| day.to_string()),
                "finish": wave.finish.map(|day| day.to_string()),
                "goal": wave.goal,
                "entry": wave.entry,
                "exit": wave.exit,
                "actions": actions.iter().map(|gap| id(gap.practice)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let projected = projections(kit, assessment, card, plan);
    let after = |(index, one): (usize, &Projection)| {
        let wave = index.checked_sub(1).and_then(|index| assessment.waves.get(index)).map(|wave| wave.id.as_str());
        projection(kit, wave, one)
    };
    json!({
        "schema": ROADMAP,
        "as_of": on.map(|day| day.to_string()),
        "target_environment": kit.environment_id(assessment.target_environment),
        "waves": waves,
        "actions": card.gaps.iter().map(|gap| action(kit, assessment, plan, gap, on, (&path, &quick))).collect::<Vec<_>>(),
        "critical_path": path.iter().map(|ix| id(*ix)).collect::<Vec<_>>(),
        "quick_wins": quick.iter().map(|ix| id(*ix)).collect::<Vec<_>>(),
        "projection": projected.iter().enumerate().map(after).collect::<Vec<_>>(),
    })
}

fn projection(kit: &Kit, wave: Option<&str>, one: &Projection) -> Value {
    let capabilities: Map<String, Value> = (one.capabilities.iter())
        .map(|(ix, score)| {
            let value = json!({
                "score": score.score.map(|score| score.low),
                "low": score.score.map(|score| score.low),
                "high": score.score.map(|score| score.high),
                "level": score.level,
                "level_high": score.level_high,
            });
            (kit.capability_id(*ix).to_owned(), value)
        })
        .collect();
    json!({
        "after": wave,
        "overall": one.overall.map(|overall| json!({"low": overall.low, "high": overall.high})),
        "capabilities": capabilities,
    })
}

fn action(
    kit: &Kit,
    assessment: &Assessment,
    plan: &Plan,
    gap: &Gap,
    on: Option<Date>,
    (path, quick): (&[PracticeIx], &[PracticeIx]),
) -> Value {
    let practice = kit.practice(gap.practice);
    let planned = assessment.planning.practice(gap.practice);
    let accepted = planned.and_then(|planned| planned.accepted.as_ref()).map(|accepted| {
        let accepted = &accepted.value;
        json!({
            "risk": accepted.risk.as_str(),
            "approver": accepted.approver.value,
            "expires": accepted.expires.value.to_string(),
            "holds": plan.is_accepted(gap.practice),
        })
    });
    json!({
        "practice": practice.id,
        "capability": kit.capability_id(practice.capability),
        "environment": kit.environment_id(gap.environment),
        "confirmed": gap.is_confirmed(),
        "credit": gap.credit.low,
        "risk": practice.risk,
        "priority": gap.priority,
        "effort": practice.effort,
        "points": practice.effort.points(),
        "wave": plan.wave(gap.practice),
        "pinned": planned.is_some_and(|planned| planned.wave.is_some()),
        "owner": assessment.planning.owner(kit, gap.practice),
        "due": planned.and_then(|planned| planned.due.as_ref()).map(|due| due.value.to_string()),
        "overdue": on.is_some_and(|day| planned.is_some_and(|planned| planned.is_overdue(day))),
        "status": planned.and_then(|planned| planned.status),
        "momentum": planned.and_then(|planned| planned.momentum),
        "note": planned.and_then(|planned| planned.note.as_deref()),
        "accepted": accepted,
        "requires": practice.requires.iter().map(|ix| kit.practice(*ix).id.as_str()).collect::<Vec<_>>(),
        "on_critical_path": path.contains(&gap.practice),
        "quick_win": quick.contains(&gap.practice),
    })
}

/// Returns the board as JSON.
pub fn board(kit: &Kit, cells: &[Cell], on: Option<Date>) -> Value {
    let of = |cell: &Cell| {
        json!({
            "capability": kit.capability_id(cell.capability),
            "group": kit.capability(cell.capability).file.group.as_ref().map(|group| group.as_str()),
            "status": cell.stage,
            "momentum": cell.momentum,
            "owner": cell.owner,
            "level": cell.level,
            "target": cell.target,
            "open": cell.open,
            "done": cell.done,
            "overdue": cell.overdue,
            "blocked": cell.blocked,
            "accepted": cell.accepted,
            "unowned": cell.unowned,
            "heat": cell.heat.word(),
        })
    };
    json!({"schema": BOARD, "as_of": on.map(|day| day.to_string()), "capabilities": cells.iter().map(of).collect::<Vec<_>>()})
}
