//! How a number came about: every term of it, so that a reader can recompute it by hand.

use super::link::{self, Basis, Link};
use super::wording::{coverage_terms, digits, said};
use super::{Between, CapabilityScore, FULLY, LARGELY, Scorecard, WITHOUT_EVIDENCE, exceeds};
use crate::assessment::visibility::{Hidden, Standing};
use crate::assessment::{Assessment, Instance, Plain, Response, State};
use crate::kit::format::QuestionType;
use crate::kit::{CapabilityIx, EnvironmentIx, Kit, PracticeIx, QuestionIx};
use std::fmt::Write;

/// What can be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The mean over capabilities.
    Overall,
    /// A capability.
    Capability(CapabilityIx),
    /// A practice.
    Practice(PracticeIx),
    /// A question.
    Question(QuestionIx),
}

/// Returns the explanation of a subject as text.
pub fn explain(kit: &Kit, assessment: &Assessment, card: &Scorecard, subject: Subject) -> String {
    let explainer = Explainer { kit, assessment, card };
    match subject {
        Subject::Overall => explainer.overall(),
        Subject::Capability(ix) => explainer.capability(ix),
        Subject::Practice(ix) => explainer.practice(ix),
        Subject::Question(ix) => explainer.question(ix),
    }
}

fn range(value: Between) -> String {
    if value.is_open() { format!("{} to {}", digits(value.low), digits(value.high)) } else { digits(value.low) }
}

struct Explainer<'e> {
    kit: &'e Kit,
    assessment: &'e Assessment,
    card: &'e Scorecard,
}

impl Explainer<'_> {
    fn overall(&self) -> String {
        let mut text = String::from("Overall: the mean score of the capabilities, weighted by importance (1 to 5).\n");
        for (environment, overall) in &self.card.overall {
            let _ = writeln!(text, "\nIn {}:", self.kit.environment_title(*environment));
            let Some(overall) = overall else {
                text.push_str("  no capability has a score here\n");
                continue;
            };
            let (mut top, mut bottom) = (Vec::new(), Vec::new());
            for card in &self.card.capabilities {
                let importance = self.assessment.scope(card.capability).importance;
                let score = card.score_in(*environment).and_then(|score| score.score);
                let id = self.kit.capability_id(card.capability);
                match score {
                    Some(score) => {
                        let _ = writeln!(text, "  {id}: score {}, importance {}", range(score), digits(importance));
                        top.push(format!("{} x {}", digits(score.low), digits(importance)));
                        bottom.push(digits(importance));
                    }
                    None => drop(writeln!(text, "  {id}: no practice applies; left out")),
                }
            }
            let _ = writeln!(text, "  low  = ({}) / ({}) = {}", top.join(" + "), bottom.join(" + "), digits(overall.score.low));
            let _ = writeln!(text, "  high = {} when everything open turns out well", digits(overall.score.high));
            let _ = writeln!(text, "  lowest capability {}, highest {}", digits(overall.min), digits(overall.max));
        }
        let coverage = &self.card.coverage;
        let _ = writeln!(text, "\nCoverage: {}", coverage_terms(coverage));
        let _ = writeln!(
            text,
            "Evidence: {} answers with evidence / {} answers = {}",
            coverage.with_evidence,
            coverage.answered,
            coverage.evidence_share().map_or_else(|| "none".to_owned(), digits)
        );
        text
    }

    fn capability(&self, ix: CapabilityIx) -> String {
        let scope = self.assessment.scope(ix);
        let file = &self.kit.capability(ix).file;
        let mut text = format!("{} ({}): target {}, importance {}\n", file.title, file.id, scope.target, digits(scope.importance));
        let Some(card) = self.card.card(ix) else {
            text.push_str("\nIt is out of scope and has no score.\n");
            return text;
        };
        for (environment, score) in &card.environments {
            self.capability_in(&mut text, ix, *environment, score);
        }
        let _ = writeln!(text, "\nCoverage: {}", coverage_terms(&card.coverage));
        text
    }

    fn capability_in(&self, text: &mut String, ix: CapabilityIx, environment: EnvironmentIx, score: &CapabilityScore) {
        let kit = self.kit;
        let _ = writeln!(text, "\nIn {}:", kit.environment_title(environment));
        let Some(value) = score.score else {
            text.push_str("  no practice applies; there is no score\n");
            return;
        };
        for (level, mean) in &score.level_means {
            let _ = writeln!(text, "  M({level}) = {}: mean credit of the practices at level {level}", range(*mean));
            let (mut top, mut bottom) = (Vec::new(), Vec::new());
            for practice in kit.practices_of(ix).filter(|practice| kit.practice(*practice).level == *level) {
                let one = kit.practice(practice);
                match self.card.credit(practice, environment) {
                    Some(credit) => {
                        let _ = writeln!(text, "      {}: credit {}, weight {}", one.id, range(credit), digits(one.weight));
                        top.push(format!("{} x {}", digits(credit.low), digits(one.weight)));
                        bottom.push(digits(one.weight));
                    }
                    None => drop(writeln!(text, "      {}: does not apply here; left out", one.id)),
                }
            }
            let _ = writeln!(text, "      low = ({}) / ({}) = {}", top.join(" + "), bottom.join(" + "), digits(mean.low));
        }
        let (base, top) = (kit.base(), kit.top());
        let means = |of: fn(&Between) -> f64| score.level_means.values().map(|mean| digits(of(mean))).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "  score = {base} + ({top} - {base}) x mean({}) = {}", means(|mean| mean.low), digits(value.low));
        if value.is_open() {
            let _ = writeln!(text, "  at most {base} + ({top} - {base}) x mean({}) = {}", means(|mean| mean.high), digits(value.high));
        }
        self.level(text, score);
    }

    fn level(&self, text: &mut String, score: &CapabilityScore) {
        let (Some(level), Some(high)) = (score.level, score.level_high) else { return };
        let name = |level: i64| self.kit.level_name(level).map(|name| format!("{level} {name}")).unwrap_or_default();
        let _ = writeln!(text, "  level attained = {}: M above {LARGELY} there, above {FULLY} at every lower level", name(level));
        for (of, mean) in score.level_means.iter().filter(|(of, _)| **of <= level + 1) {
            let rating = match mean.low {
                low if exceeds(low, FULLY) => "fully in place",
                low if exceeds(low, LARGELY) => "largely in place",
                _ => "not largely in place",
            };
            let _ = writeln!(text, "      level {of}: M = {}, {rating}", digits(mean.low));
        }
        if high != level {
            let _ = writeln!(text, "      {} if everything open turns out well", name(high));
        }
        if !score.held_by.is_empty() {
            let held: Vec<&str> = score.held_by.iter().map(|practice| self.kit.practice(*practice).id.as_str()).collect();
            let _ = writeln!(text, "  held down by {}", held.join(", "));
        }
    }

    fn practice(&self, ix: PracticeIx) -> String {
        let kit = self.kit;
        let practice = kit.practice(ix);
        let file = kit.practice_file(ix);
        let scope = self.assessment.scope(practice.capability);
        let mut text = format!(
            "{} ({}), of {}: level {}, risk {}, weight {}, effort {}\n",
            file.title,
            practice.id,
            kit.capability_id(practice.capability),
            practice.level,
            practice.risk,
            digits(practice.weight),
            practice.effort
        );
        for environment in &self.assessment.environments {
            let _ = writeln!(text, "\nIn {}:", kit.environment_title(*environment));
            if !practice.applies_in(*environment) {
                text.push_str("  the practice does not apply here\n");
                continue;
            }
            self.practice_in(&mut text, ix, *environment);
        }
        text.push('\n');
        match self.card.gaps.iter().find(|gap| gap.practice == ix) {
            Some(gap) => {
                let _ = writeln!(
                    text,
                    "Gap in {}: {}. Priority = risk {} x importance {} x weight {} x (1 - {}) = {}",
                    kit.environment_title(gap.environment),
                    if gap.is_confirmed() { "confirmed" } else { "to be clarified, since open questions could close it" },
                    digits(practice.risk.factor()),
                    digits(scope.importance),
                    digits(practice.weight),
                    digits(gap.credit.low),
                    digits(gap.priority)
                );
                if exceeds(gap.order_priority, gap.priority) {
                    let _ = writeln!(text, "It is ordered by {}: a gap that requires it has that priority.", digits(gap.order_priority));
                }
            }
            None if practice.level > scope.target => {
                let _ = writeln!(text, "No gap: level {} is above the target {}.", practice.level, scope.target);
            }
            None => text.push_str("No gap: it is in place where it counts, or does not apply.\n"),
        }
        text
    }

    fn practice_in(&self, text: &mut String, ix: PracticeIx, environment: EnvironmentIx) {
        let Some(score) = self.card.practice(ix, environment) else { return };
        for instance in link::askings(self.kit, ix, environment) {
            let key = instance.key(self.kit);
            match score.links.iter().find(|link| link.instance == instance) {
                Some(link) => drop(writeln!(text, "  {key}: {} ({})", range(link.value), self.basis(link, ix))),
                None => drop(writeln!(text, "  {key}: left out ({})", self.why_left_out(instance))),
            }
        }
        match score.credit {
            None => text.push_str("  no question is left that tells of it: it does not apply here\n"),
            Some(credit) => {
                let lows: Vec<String> = score.links.iter().map(|link| digits(link.value.low)).collect();
                let low = score.capped_from.unwrap_or(credit.low);
                let _ = writeln!(text, "  credit = mean({}) = {}", lows.join(", "), digits(low));
                if score.capped_from.is_some() {
                    let _ =
                        writeln!(text, "  capped at {WITHOUT_EVIDENCE}: the policy asks for evidence at this level, and no answer has any");
                }
                if credit.is_open() {
                    let _ = writeln!(text, "  at most {} when everything open turns out well", digits(credit.high));
                }
            }
        }
    }

    fn basis(&self, link: &Link, practice: PracticeIx) -> String {
        match link.basis {
            Basis::Answered => {
                let answer = self.assessment.answer(link.instance).map(|answer| &answer.response);
                answer.map_or_else(String::new, |response| self.answered(response, link.instance, practice))
            }
            Basis::Open(state) => state.title().to_owned(),
            Basis::HiddenOpen => "not asked yet: a question it depends on is open".to_owned(),
            Basis::HiddenMissing => "not asked: what it builds on is missing".to_owned(),
        }
    }

    fn answered(&self, response: &Response, instance: Instance, practice: PracticeIx) -> String {
        let question = self.kit.question(instance.question);
        match response {
            Response::Choices { .. } if question.kind == QuestionType::Multi => {
                let credits = |wanted: &dyn Fn(usize) -> bool| {
                    let options = (0..question.options.len()).filter(|option| wanted(*option));
                    let credits: Vec<String> = options
                        .map(|option| question.options[option].credit(practice))
                        .filter(|credit| *credit > 0.0)
                        .map(digits)
                        .collect();
                    if credits.is_empty() { "0".to_owned() } else { credits.join(" + ") }
                };
                let chosen = credits(&|option| response.has_chosen(option));
                let all = credits(&|option| !response.does_not_apply(option));
                format!("chosen {chosen}, of {all} that apply: min(1, chosen / min(1, all))")
            }
            Response::Choices { chosen, .. } => {
                let ids: Vec<&str> = chosen.iter().map(|option| question.options[*option].id.as_str()).collect();
                format!("answered `{}`", ids.join("`, `"))
            }
            Response::Number(number, band) => {
                let band = band.map_or("no band", |band| question.options[band].id.as_str());
                format!("answered {}, band `{band}`", Plain(*number))
            }
            _ => "answered".to_owned(),
        }
    }

    fn why_left_out(&self, instance: Instance) -> &'static str {
        match self.card.visibility.standing(instance) {
            Standing::Hidden(Hidden::NotApplicable) => "there is nothing to ask about",
            _ if self.assessment.state(instance) == State::NotApplicable => "not applicable",
            _ => "every choice that would credit it does not apply",
        }
    }

    fn question(&self, ix: QuestionIx) -> String {
        let kit = self.kit;
        let question = kit.question(ix);
        let mut text = format!("{} ({}), of {}\n", kit.question_file(ix).ask.value, question.id, kit.capability_id(question.capability));
        for instance in self.assessment.instances(kit, ix) {
            let _ = writeln!(text, "\n{}:", instance.key(kit));
            match self.card.visibility.standing(instance) {
                Standing::Visible => {}
                Standing::Hidden(hidden) => {
                    let why = match hidden {
                        Hidden::Open => "not asked yet: a question it depends on is open; its credits go from 0 to 1",
                        Hidden::NotApplicable => "not asked: there is nothing to ask about; its credits are left out",
                        Hidden::Missing => "not asked: what it builds on is missing; its credits are 0",
                    };
                    let _ = writeln!(text, "  {why}");
                    if let Some(when) = &kit.question_file(ix).when {
                        let _ = writeln!(text, "  it is asked when {}", when.value);
                    }
                    continue;
                }
            }
            let answer = self.assessment.answer(instance);
            let state = self.assessment.state(instance);
            let said = answer.filter(|_| state == State::Answered).map(|answer| said(kit, instance, &answer.response));
            let _ = writeln!(text, "  {}{}", state.title(), said.map(|said| format!(": {said}")).unwrap_or_default());
            for practice in &question.credits {
                if !self.applies(*practice, instance) {
                    continue;
                }
                let id = &kit.practice(*practice).id;
                match link::link(kit, self.assessment, &self.card.visibility, *practice, instance) {
                    Some(link) => drop(writeln!(text, "  {id}: {} ({})", range(link.value), self.basis(&link, *practice))),
                    None => drop(writeln!(text, "  {id}: left out ({})", self.why_left_out(instance))),
                }
            }
            let risk = super::risk::of(kit, self.assessment, &self.card.visibility, instance);
            let rule = match state {
                State::Answered if question.risk_rules.is_empty() => " (the worst among the practices with less than 1)",
                State::Answered => " (by its own rules)",
                _ => "",
            };
            let _ = writeln!(text, "  risk: {risk}{rule}");
        }
        text
    }

    fn applies(&self, practice: PracticeIx, instance: Instance) -> bool {
        let practice = self.kit.practice(practice);
        match instance.environment {
            Some(environment) => practice.applies_in(environment),
            None => self.assessment.environments.iter().any(|environment| practice.applies_in(*environment)),
        }
    }
}
