//! Two days held against each other as JSON, schema `opsready/diff/v1`.
//!
//! Numbers are unrounded; what does not apply is `null`. `parts` add up to `total`.

use crate::assessment::State;
use crate::assessment::format::Age;
use crate::plan::progress::compare::{AnswerChange, Comparison, Presence, StandingChange};
use crate::plan::progress::due::{Dated, Stale};
use crate::plan::progress::gaps::{Fate, GapChange};
use crate::plan::progress::movement::{Cause, Movement};
use crate::plan::progress::{KitIdentity, Results, ScoreResult};
use crate::yaml::record::Date;
use serde_json::{Map, Value, json};

/// The name of the format.
pub const SCHEMA: &str = "opsready/diff/v1";

/// One of the two states, as the data name it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'d> {
    /// What the user called it.
    pub name: &'d str,
    /// `milestone`, `revision` or `work-tree`.
    pub origin: &'d str,
    /// The commit of a revision.
    pub commit: Option<&'d str>,
    /// The day.
    pub day: Date,
    /// What was said of it.
    pub note: Option<&'d str>,
    /// The kit.
    pub kit: &'d KitIdentity,
    /// The scores.
    pub results: &'d Results,
}

/// What the later day asks for.
#[derive(Clone, Copy, Debug)]
pub struct Agenda<'d> {
    /// What is overdue.
    pub overdue: &'d [Dated],
    /// Evidence that is older than evidence may be.
    pub stale: &'d [Stale],
    /// How old evidence may be.
    pub evidence_age: Age,
    /// The next date that is not past.
    pub next: Option<&'d Dated>,
}

/// Returns a comparison as JSON.
pub fn json(then: Side<'_>, now: Side<'_>, comparison: &Comparison, agenda: Agenda<'_>) -> Value {
    let gaps: Map<String, Value> = Fate::ALL
        .iter()
        .map(|fate| {
            let of_fate = comparison.gaps.iter().filter(|gap| gap.fate == *fate);
            (fate.word().to_owned(), of_fate.map(gap).collect())
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "then": side(then),
        "now": side(now),
        "regressed": comparison.is_regressed(),
        "kit": {
            "is_same": comparison.is_same_kit,
            "changes": comparison.kit.iter().map(|one| json!({
                "what": one.what, "then": one.then, "now": one.now, "title": one.title, "difference": one.difference,
            })).collect::<Vec<_>>(),
            "answers_without_place": comparison.left.iter().map(|left| json!({"key": left.key, "reason": left.reason})).collect::<Vec<_>>(),
        },
        "scope": comparison.scope.iter().map(|one| json!({
            "what": one.what, "subject": one.subject, "then": one.then, "now": one.now,
        })).collect::<Vec<_>>(),
        "overall": (comparison.overall.iter())
            .map(|one| {
                let mut value = movement(&one.score);
                value["of_which_found_out"] = json!(one.found_out);
                (one.environment.clone(), value)
            })
            .collect::<Map<String, Value>>(),
        "capabilities": comparison.capabilities.iter().map(|one| json!({
            "id": one.id,
            "title": one.title,
            "presence": presence(one.presence),
            "target": {"then": one.target_then, "now": one.target_now},
            "environments": one.environments.iter().map(|one| (one.environment.clone(), standing(one))).collect::<Map<String, Value>>(),
        })).collect::<Vec<_>>(),
        "gaps": gaps,
        "answers": {
            "given": comparison.answers.given.iter().map(answer).collect::<Vec<_>>(),
            "changed": comparison.answers.changed.iter().map(answer).collect::<Vec<_>>(),
            "lost": comparison.answers.lost.iter().map(answer).collect::<Vec<_>>(),
        },
        "overdue": agenda.overdue.iter().map(dated).collect::<Vec<_>>(),
        "max_evidence_age": agenda.evidence_age.to_string(),
        "stale_evidence": agenda.stale.iter().map(|one| json!({
            "question": one.key, "ask": one.ask, "capability": one.capability, "evidence": one.title,
            "collected": one.collected.to_string(), "days": one.days,
        })).collect::<Vec<_>>(),
        "next_review": agenda.next.map(dated),
    })
}

fn side(side: Side<'_>) -> Value {
    let results = side.results;
    let open: Map<String, Value> = [State::Unanswered, State::DontKnow, State::Parked]
        .into_iter()
        .map(|state| (state.word().to_owned(), json!(results.count(state))))
        .collect();
    json!({
        "name": side.name,
        "origin": side.origin,
        "commit": side.commit,
        "day": side.day.to_string(),
        "note": side.note,
        "kit": {
            "id": side.kit.id, "title": side.kit.title, "version": side.kit.version,
            "overlay": side.kit.is_overlaid, "digest": side.kit.digest,
        },
        "target_environment": results.target_environment,
        "coverage": results.coverage,
        "evidence_coverage": results.evidence_coverage,
        "questions": results.visible(),
        "open_questions": open,
    })
}

fn presence(presence: Presence) -> Value {
    let (word, cause) = match presence {
        Presence::Stayed => ("stayed", None),
        Presence::Joined(cause) => ("joined", Some(cause)),
        Presence::Left(cause) => ("left", Some(cause)),
    };
    json!({"word": word, "cause": cause.map(Cause::word)})
}

fn movement(movement: &Movement) -> Value {
    let parts = movement.parts.map(|_| {
        let part = |cause: Cause| (cause.word().to_owned(), json!(movement.part(cause)));
        Cause::ALL.into_iter().map(part).collect::<Map<String, Value>>()
    });
    json!({"then": movement.then, "now": movement.now, "total": movement.total(), "parts": parts})
}

fn standing(one: &StandingChange) -> Value {
    let range = |score: Option<ScoreResult>| score.map(|score| json!({"low": score.low, "high": score.high}));
    let level_high = |score: Option<ScoreResult>| score.and_then(|score| score.level_high);
    let mut score = movement(&one.score);
    score["range"] = json!({"then": range(one.then), "now": range(one.now)});
    score["of_which_found_out"] = json!(one.found_out);
    let mut level = movement(&one.level);
    level["high"] = json!({"then": level_high(one.then), "now": level_high(one.now)});
    json!({
        "assessed": {"then": one.was_assessed, "now": one.is_assessed},
        "level": level,
        "score": score,
        "words": one.score.words(),
    })
}

fn gap(gap: &GapChange) -> Value {
    json!({
        "practice": gap.practice,
        "title": gap.title,
        "capability": gap.capability,
        "environment": gap.environment,
        "level": gap.level,
        "risk": gap.risk,
        "credit": {"then": gap.then, "now": gap.now},
        "reopened": gap.is_reopened,
        "confirmed": gap.is_confirmed,
    })
}

fn answer(answer: &AnswerChange) -> Value {
    json!({"question": answer.key, "ask": answer.ask, "capability": answer.capability, "then": answer.then, "now": answer.now})
}

fn dated(one: &Dated) -> Value {
    json!({
        "what": one.duty.word(), "id": one.id, "title": one.title, "capability": one.capability, "owner": one.owner,
        "due": one.due.to_string(),
    })
}
