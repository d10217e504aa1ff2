//! `opsready status`.

use super::output::{Exit, Output};
use crate::assessment::format::AskAgain;
use crate::assessment::participation::{Participation, Silent, participation, silent};
use crate::assessment::{Assessment, Instance, Response, State};
use crate::diagnostic::render::tame;
use crate::kit::Kit;
use crate::scoring::wording::{count, percent};
use crate::scoring::{Coverage, Scorecard};
use crate::workspace::{Loaded, Workspace};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Show only these capabilities
    #[arg(value_name = "CAPABILITY")]
    capabilities: Vec<String>,
    /// List the questions that are not answered, too
    #[arg(long)]
    open: bool,
    /// Show who has answered on their own, and who is still missing
    #[arg(long, conflicts_with_all = ["capabilities", "open"])]
    respondents: bool,
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let (workspace, loaded) = global.load(output)?;
    if arguments.respondents {
        return who_answered(&workspace, &loaded, output);
    }
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    for id in &arguments.capabilities {
        super::kit::capability(kit, id)?;
    }
    let mut card = Scorecard::of(kit, assessment);
    if !arguments.capabilities.is_empty() {
        card.capabilities.retain(|one| arguments.capabilities.iter().any(|id| id == kit.capability_id(one.capability)));
    }
    if output.is_json() {
        output.json(&as_json(kit, assessment, &card))?;
        return Ok(Exit::Done);
    }
    let text = as_text(kit, assessment, &card, arguments.open, output.width());
    output.text(&text)?;
    Ok(Exit::Done)
}

/// Shows who has answered on their own, and who is still missing.
fn who_answered(workspace: &Workspace, loaded: &Loaded, output: &mut Output) -> anyhow::Result<Exit> {
    let (kit, assessment) = (&loaded.kit, &loaded.assessment);
    let (answered, warnings) = workspace.responses(loaded)?;
    output.diagnostics(&warnings);
    let missing = silent(kit, assessment, &answered);
    let answered = participation(kit, assessment, &answered);
    if output.is_json() {
        let respondents: Vec<_> = (answered.iter())
            .map(|one| {
                json!({"id": one.id, "title": kit.role_title(&one.id), "role": one.is_role, "asked": one.asked, "answered": one.answered,
                       "dont_know": one.not_known, "parked": one.parked, "missing": one.missing, "beyond": one.beyond,
                       "last_answer": one.latest.map(|date| date.to_string())})
            })
            .collect();
        let missing: Vec<_> = (missing.iter())
            .map(|one| {
                json!({"role": one.role, "title": kit.role_title(&one.role), "name": one.name, "asked": one.asked,
                       "participant": one.takes_part})
            })
            .collect();
        let json = json!({"schema": "opsready/respondents/v1", "assessment": assessment.file.id.as_str(), "respondents": respondents,
                          "still_missing": missing});
        return output.json(&json).map(|()| Exit::Done);
    }
    output.text(&respondents_text(kit, assessment, &answered, &missing, output.width()))?;
    Ok(Exit::Done)
}

fn respondents_text(kit: &Kit, assessment: &Assessment, answered: &[Participation], missing: &[Silent], width: usize) -> String {
    let mut text = format!("{}, {} {}\n", assessment.file.customer, kit.file.title, kit.file.version);
    if answered.is_empty() {
        text.push_str("Nobody has answered on their own yet: `opsready answer QUESTION --respondent ID …` records what one person says.\n");
    } else {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(width).unwrap_or(100));
        table.set_header(["Respondent", "Asked", "Answered", "Unknown", "Parked", "Missing", "Last answer"]);
        for one in answered {
            let mut row = vec![tame(kit.role_title(&one.id))];
            row.extend([one.asked, one.answered, one.not_known, one.parked, one.missing].map(|count| count.to_string()));
            row.push(one.latest.map_or_else(|| "–".to_owned(), |date| date.to_string()));
            table.add_row(row);
        }
        for column in 1..6 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let _ = writeln!(text, "{table}");
        for one in answered.iter().filter(|one| one.beyond > 0) {
            let _ =
                writeln!(text, "{}: {} to questions that do not name the role", tame(kit.role_title(&one.id)), count(one.beyond, "answer"));
        }
    }
    if missing.is_empty() {
        text.push_str("\nEverybody who takes part or is asked has answered something.\n");
    } else {
        text.push_str("\nStill missing:\n");
        for one in missing {
            let name = one.name.as_ref().map(|name| format!(", {}", tame(name))).unwrap_or_default();
            let asked = if one.asked == 0 { "no question names the role".to_owned() } else { count(one.asked, "question") };
            let _ = writeln!(text, "  {}{name} ({asked})", tame(kit.role_title(&one.role)));
        }
    }
    text
}

fn as_text(kit: &Kit, assessment: &Assessment, card: &Scorecard, open: bool, width: usize) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(100));
    table.set_header(["Capability", "Asked", "Answered", "N/A", "Unknown", "Parked", "Open", "Done", "Evidence"]);
    for one in &card.capabilities {
        let coverage = &one.coverage;
        table.add_row(row(&kit.capability(one.capability).file.title, coverage));
    }
    for column in 1..9 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = format!("{}, {} {}\n{table}\n", assessment.file.customer, kit.file.title, kit.file.version);
    let listed = |state: State| instances(card, state);
    let conflicts = conflicts(card, assessment);
    if !conflicts.is_empty() {
        let _ = writeln!(text, "\nIn conflict since a merge ({}); `opsready reconcile` shows and settles them:", conflicts.len());
        for instance in &conflicts {
            let _ = writeln!(text, "  {}", instance.key(kit));
        }
    }
    section(&mut text, "To find out", &listed(State::DontKnow), kit, assessment);
    section(&mut text, "Parked", &listed(State::Parked), kit, assessment);
    if open {
        section(&mut text, "Not answered", &listed(State::Unanswered), kit, assessment);
    }
    again(&mut text, kit, assessment, card);
    if !assessment.ignored.is_empty() {
        let _ =
            writeln!(text, "\nKept and ignored, since out of scope: {}", assessment.ignored.keys().cloned().collect::<Vec<_>>().join(", "));
    }
    if !assessment.orphans.is_empty() {
        text.push_str("\nKept, though the kit no longer asks for it (`orphans` in the files of the answers):\n");
    }
    for orphan in &assessment.orphans {
        let _ = writeln!(text, "  {} in answers/{}.yaml: {} ({})", orphan.key, orphan.capability, orphan.why.title(), orphan.since);
    }
    let by: Vec<String> = respondents(assessment).iter().map(|(who, count)| format!("{} ({count})", kit.role_title(who))).collect();
    if !by.is_empty() {
        let _ = writeln!(text, "\nAnswers by: {}", by.join(", "));
    }
    let next = listed(State::Unanswered).into_iter().find(|instance| !conflicts.contains(instance));
    if let Some(next) = next {
        let question = kit.question(next.question);
        let _ = writeln!(text, "\nNext: {}\n  {}", kit.question_file(next.question).ask.value, next.key(kit));
        let ids: Vec<&str> = question.options.iter().filter(|option| option.from.is_none()).map(|option| option.id.as_str()).collect();
        let how = match question.kind.word() {
            kind @ ("number" | "text" | "date") => format!("--{kind} {}", kind.to_uppercase()),
            "multi" => format!("--choose ID[,ID]   # {}", ids.join(", ")),
            _ => format!("--choose ID   # {}", ids.join(", ")),
        };
        let _ = writeln!(text, "  opsready answer {} {how}", next.key(kit));
    } else if !conflicts.is_empty() {
        text.push_str("\nNext: `opsready reconcile --interactive` goes through what is in conflict.\n");
    } else if card.coverage.visible > 0 {
        text.push_str("\nEvery question has an answer or a state. Next: `opsready score`, `opsready render`.\n");
    }
    text
}

/// Returns the answers that a newer kit asks for again, with why.
fn asked_again(card: &Scorecard, assessment: &Assessment) -> Vec<(Instance, AskAgain)> {
    let all = card.capabilities.iter().flat_map(|one| &one.questions).map(|question| question.instance);
    all.filter_map(|instance| Some((instance, assessment.answer(instance)?.ask_again.clone()?))).collect()
}

fn again(text: &mut String, kit: &Kit, assessment: &Assessment, card: &Scorecard) {
    let again = asked_again(card, assessment);
    if again.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nTo ask again ({}; `opsready discover --open` does), the answer of before counts:", again.len());
    for (instance, why) in again {
        let _ = writeln!(text, "  {}  {} ({})", instance.key(kit), why.because.title(), why.since);
    }
}

fn row(title: &str, coverage: &Coverage) -> Vec<String> {
    vec![
        title.to_owned(),
        coverage.visible.to_string(),
        coverage.answered.to_string(),
        coverage.not_applicable.to_string(),
        coverage.dont_know.to_string(),
        coverage.parked.to_string(),
        coverage.unanswered.to_string(),
        coverage.share().map_or_else(|| "–".to_owned(), percent),
        coverage.evidence_share().map_or_else(|| "–".to_owned(), percent),
    ]
}

fn instances(card: &Scorecard, state: State) -> Vec<Instance> {
    card.capabilities
        .iter()
        .flat_map(|one| &one.questions)
        .filter(|question| question.state == state)
        .map(|question| question.instance)
        .collect()
}

/// Returns the askings whose answers came together in a merge and that nobody has settled.
fn conflicts(card: &Scorecard, assessment: &Assessment) -> Vec<Instance> {
    let is_in_conflict = |instance: &Instance| assessment.answer(*instance).is_some_and(|answer| !answer.conflict.is_empty());
    instances(card, State::Unanswered).into_iter().filter(is_in_conflict).collect()
}

fn section(text: &mut String, title: &str, instances: &[Instance], kit: &Kit, assessment: &Assessment) {
    if instances.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}:");
    for instance in instances {
        let more = match assessment.answer(*instance).map(|answer| &answer.response) {
            Some(Response::DontKnow { owner, due, .. }) => {
                let owner = owner.as_ref().map_or_else(|| "no owner".to_owned(), |owner| kit.role_title(owner).to_owned());
                format!("  {owner}, {}", due.map_or_else(|| "no date".to_owned(), |due| format!("by {due}")))
            }
            Some(Response::Parked { note: Some(note) }) => format!("  {}", note.lines().next().unwrap_or_default()),
            _ => String::new(),
        };
        let _ = writeln!(text, "  {}{more}", instance.key(kit));
    }
}

fn respondents(assessment: &Assessment) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for who in assessment.answers.values().flat_map(|answer| &answer.by) {
        *counts.entry(who.as_str()).or_insert(0) += 1;
    }
    counts
}

fn as_json(kit: &Kit, assessment: &Assessment, card: &Scorecard) -> serde_json::Value {
    let capabilities: Vec<_> = (card.capabilities.iter())
        .map(|one| {
            let coverage = &one.coverage;
            let questions: Vec<_> = (one.questions.iter())
                .map(|question| {
                    let answer = assessment.answer(question.instance);
                    let (owner, due) = match answer.map(|answer| &answer.response) {
                        Some(Response::DontKnow { owner, due, .. }) => (owner.clone(), due.map(|due| due.to_string())),
                        _ => (None, None),
                    };
                    let again = answer.and_then(|answer| answer.ask_again.as_ref());
                    let again = again.map(|again| json!({"since": again.since.0, "because": again.because}));
                    json!({"key": question.instance.key(kit), "state": question.state, "owner": owner, "due": due,
                           "by": answer.map(|answer| answer.by.clone()).unwrap_or_default(), "ask_again": again})
                })
                .collect();
            json!({
                "id": kit.capability_id(one.capability), "visible": coverage.visible, "answered": coverage.answered,
                "not_applicable": coverage.not_applicable, "dont_know": coverage.dont_know, "parked": coverage.parked,
                "unanswered": coverage.unanswered, "coverage": coverage.share(), "evidence_coverage": coverage.evidence_share(),
                "questions": questions,
            })
        })
        .collect();
    let orphans: Vec<_> = (assessment.orphans.iter())
        .map(|one| json!({"key": one.key, "capability": one.capability, "why": one.why, "since": one.since}))
        .collect();
    json!({"schema": "opsready/status/v1", "assessment": assessment.file.id.as_str(), "capabilities": capabilities,
           "ask_again": asked_again(card, assessment).len(), "orphans": orphans,
           "by": respondents(assessment), "conflicts": conflicts(card, assessment).iter().map(|instance| instance.key(kit)).collect::<Vec<_>>(),
           "ignored": assessment.ignored.keys().collect::<Vec<_>>()})
}
