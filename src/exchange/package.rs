//! The data package: what the documents say, as files that spreadsheets and programs read.
//!
//! # Source
//!
//! RFC 4180 for CSV; the scorecard is that of [`scorecard`].

use super::csv::cell;
use super::scorecard;
use crate::assessment::{Assessment, Response};
use crate::document::Document;
use crate::document::set::Attachment;
use crate::kit::format::Effort;
use crate::kit::{Kit, PracticeIx};
use crate::plan::Plan;
use crate::scoring::Scorecard;
use crate::scoring::gap::Gap;

/// The files of the package.
pub const PACKAGE: &[Attachment] = &[
    Attachment {
        id: "gaps-csv",
        title: "Gaps as CSV",
        readers: "auditors, programme office",
        answers: "The gap register for a spreadsheet",
        path: "docs/data/gaps.csv",
    },
    Attachment {
        id: "scorecard-json",
        title: "Scorecard as JSON",
        readers: "dashboards, scripts",
        answers: "Every level, score and gap, unrounded",
        path: "docs/data/scorecard.json",
    },
];

/// Returns the files of the package.
pub fn documents(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan) -> Vec<Document> {
    let mut scores = serde_json::to_string_pretty(&scorecard::json(kit, assessment, card, plan)).expect("a scorecard has only text keys");
    scores.push('\n');
    let texts = [gaps(kit, assessment, card, plan), scores];
    PACKAGE.iter().zip(texts).map(|(of, text)| Document { kind: of.id, path: of.path.to_owned(), text }).collect()
}

const HEADER: &str = "gap,title,capability,capability_title,environment,level,target,in_place,possible,confirmed,risk,importance,priority,effort,wave,needs_first,waits_for,owner,due,closed_when,status,momentum,accepted_until\n";

/// Returns the gap register as CSV, in its order. Shares and priorities have up to four
/// digits behind the point; what does not apply is empty.
fn gaps(kit: &Kit, assessment: &Assessment, card: &Scorecard, plan: &Plan) -> String {
    let mut text = HEADER.to_owned();
    for gap in &card.gaps {
        let practice = kit.practice(gap.practice);
        let file = kit.practice_file(gap.practice);
        let scope = assessment.scope(practice.capability);
        let wave = plan.wave(gap.practice).and_then(|wave| assessment.waves.get(wave));
        let is_gap = |ix: &&PracticeIx| card.gaps.iter().any(|other| other.practice == **ix);
        let needs: Vec<&str> = practice.requires.iter().filter(is_gap).map(|ix| kit.practice(*ix).id.as_str()).collect();
        let open = Open::of(kit, assessment, card, gap);
        let planned = assessment.planning.practice(gap.practice);
        let owner = assessment.planning.owner(kit, gap.practice);
        let accepted = planned.and_then(|planned| planned.accepted.as_ref()).filter(|_| plan.is_accepted(gap.practice));
        let fields = [
            cell(&practice.id),
            cell(&file.title),
            cell(kit.capability_id(practice.capability)),
            cell(&kit.capability(practice.capability).file.title),
            cell(kit.environment_id(gap.environment)),
            practice.level.to_string(),
            scope.target.to_string(),
            rounded(gap.credit.low),
            rounded(gap.credit.high),
            if gap.is_confirmed() { "yes" } else { "no" }.to_owned(),
            practice.risk.word().to_owned(),
            rounded(scope.importance),
            rounded(gap.priority),
            match practice.effort {
                Effort::S => "S",
                Effort::M => "M",
                Effort::L => "L",
            }
            .to_owned(),
            cell(wave.map(|wave| wave.title.as_str()).unwrap_or_default()),
            cell(&needs.join(" ")),
            cell(&open.questions.join(" ")),
            cell(&owner.map_or_else(|| open.owners.join(" "), str::to_owned)),
            cell(&planned.and_then(|planned| planned.due.as_ref()).map(|due| due.value.to_string()).or(open.due).unwrap_or_default()),
            cell(file.statement.as_ref().map(|statement| statement.value.trim()).unwrap_or_default()),
            planned.and_then(|planned| planned.status).map(|status| status.word().to_owned()).unwrap_or_default(),
            planned.and_then(|planned| planned.momentum).map(|momentum| momentum.word().to_owned()).unwrap_or_default(),
            accepted.map(|accepted| accepted.value.expires.value.to_string()).unwrap_or_default(),
        ];
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    text
}

fn rounded(number: f64) -> String {
    ((number * 10_000.0).round() / 10_000.0).to_string()
}

/// The open questions that keep a gap from being certain.
#[derive(Default)]
struct Open {
    questions: Vec<String>,
    owners: Vec<String>,
    /// The earliest date by which one of them is to be answered.
    due: Option<String>,
}

impl Open {
    fn of(kit: &Kit, assessment: &Assessment, card: &Scorecard, gap: &Gap) -> Self {
        let mut open = Self::default();
        let links = card.practice(gap.practice, gap.environment).map(|score| score.links.as_slice()).unwrap_or_default();
        for link in links.iter().filter(|link| link.value.is_open()) {
            open.questions.push(link.instance.key(kit));
            let Some(Response::DontKnow { owner, due, .. }) = assessment.answer(link.instance).map(|answer| &answer.response) else {
                continue;
            };
            open.owners.extend(owner.clone().filter(|owner| !open.owners.contains(owner)));
            open.due = open.due.into_iter().chain(due.map(|due| due.to_string())).min();
        }
        open
    }
}
