//! The scorecard as JSON, schema `opsready/scorecard/v1`.
//!
//! Numbers are unrounded; what does not apply is `null`.

use crate::assessment::Assessment;
use crate::kit::Kit;
use crate::plan::Plan;
use crate::scoring::risk::RiskCounts;
use crate::scoring::{CapabilityCard, Overall, Scorecard};
use serde_json::{Map, Value, json};

/// The name of the format.
pub const SCHEMA: &str = "opsready/scorecard/v1";

/// Returns the scorecard as JSON.
pub fn json(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan) -> Value {
    let per_environment = |scores: &[(crate::kit::EnvironmentIx, Option<Overall>)]| -> Map<String, Value> {
        scores.iter().map(|(environment, overall)| (kit.environment_id(*environment).to_owned(), overall_json(overall.as_ref()))).collect()
    };
    let groups: Map<String, Value> = (kit.file.groups.iter())
        .zip(&card.groups)
        .map(|(group, scores)| (group.id.as_str().to_owned(), Value::Object(per_environment(scores))))
        .collect();
    json!({
        "schema": SCHEMA,
        "kit": kit_identity(kit),
        "assessment": assessment.file.id.as_str(),
        "target_environment": kit.environment_id(assessment.target_environment),
        "overall": per_environment(&card.overall),
        "groups": groups,
        "coverage": card.coverage.share(),
        "evidence_coverage": card.coverage.evidence_share(),
        "risks": risks(&card.risks),
        "capabilities": card.capabilities.iter().map(|one| capability(kit, assessment, card, one)).collect::<Vec<_>>(),
        "gaps": card.gaps.iter().map(|gap| {
            let practice = kit.practice(gap.practice);
            json!({
                "practice": practice.id,
                "capability": kit.capability_id(practice.capability),
                "environment": kit.environment_id(gap.environment),
                "level": practice.level,
                "credit": gap.credit.low,
                "high": gap.credit.high,
                "confirmed": gap.is_confirmed(),
                "risk": practice.risk,
                "priority": gap.priority,
                "effort": practice.effort,
                "wave": plan.wave(gap.practice),
            })
        }).collect::<Vec<_>>(),
        "ignored_answers": assessment.ignored.keys().collect::<Vec<_>>(),
    })
}

/// Returns what the scores rest on; `overlay` is there where the owner of the workspace laid files over the kit.
fn kit_identity(kit: &Kit) -> Value {
    let mut identity = json!({"id": kit.file.id.as_str(), "version": kit.file.version.0.as_str()});
    if kit.is_overlaid {
        identity["overlay"] = Value::Bool(true);
    }
    identity
}

fn overall_json(overall: Option<&Overall>) -> Value {
    json!({
        "score": overall.map(|overall| overall.score.low),
        "low": overall.map(|overall| overall.score.low),
        "high": overall.map(|overall| overall.score.high),
        "min": overall.map(|overall| overall.min),
        "max": overall.map(|overall| overall.max),
    })
}

fn risks(counts: &RiskCounts) -> Value {
    json!({
        "high": counts.high,
        "medium": counts.medium,
        "low": counts.low,
        "none": counts.none,
        "unanswered": counts.unanswered,
        "not_applicable": counts.not_applicable,
    })
}

fn capability(kit: &Kit, assessment: &Assessment, card: &Scorecard, one: &CapabilityCard) -> Value {
    let scope = assessment.scope(one.capability);
    let environments: Map<String, Value> = (one.environments.iter())
        .map(|(environment, score)| {
            let means: Map<String, Value> = score.level_means.iter().map(|(level, mean)| (level.to_string(), json!(mean.low))).collect();
            let means_high: Map<String, Value> =
                score.level_means.iter().map(|(level, mean)| (level.to_string(), json!(mean.high))).collect();
            let held_by: Vec<&str> = score.held_by.iter().map(|practice| kit.practice(*practice).id.as_str()).collect();
            let value = json!({
                "score": score.score.map(|score| score.low),
                "low": score.score.map(|score| score.low),
                "high": score.score.map(|score| score.high),
                "level": score.level,
                "level_high": score.level_high,
                "held_by": held_by,
                "level_means": means,
                "level_means_high": means_high,
            });
            (kit.environment_id(*environment).to_owned(), value)
        })
        .collect();
    let practices: Vec<Value> = (kit.practices_of(one.capability))
        .map(|ix| {
            let environments: Map<String, Value> = (card.practices[ix.0].iter())
                .map(|(environment, score)| {
                    let value = json!({"credit": score.credit.map(|credit| credit.low), "high": score.credit.map(|credit| credit.high)});
                    (kit.environment_id(*environment).to_owned(), value)
                })
                .collect();
            json!({"id": kit.practice(ix).id, "level": kit.practice(ix).level, "environments": environments})
        })
        .collect();
    let questions: Vec<Value> = (one.questions.iter())
        .map(|question| {
            json!({
                "id": kit.question(question.instance.question).id,
                "environment": question.instance.environment.map(|environment| kit.environment_id(environment)),
                "state": question.state,
                "risk": question.risk,
            })
        })
        .collect();
    json!({
        "id": kit.capability_id(one.capability),
        "target": scope.target,
        "importance": scope.importance,
        "coverage": one.coverage.share(),
        "environments": environments,
        "practices": practices,
        "questions": questions,
    })
}
