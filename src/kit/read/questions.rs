//! Questions: their content by type, what their answers credit, and their conditions.

use super::super::condition::{self, Condition, Written};
use super::super::format::{Credits, Question as QuestionFile, QuestionType};
use super::super::{AnswerOption, Atom, CapabilityIx, PracticeIx, Question, QuestionIx};
use super::{Builder, duplicate_ids};
use crate::diagnostic::{Code, Location, Source, Span, did_you_mean};
use crate::yaml::record::{At, list};
use std::sync::Arc;

impl Builder<'_> {
    pub(super) fn build_questions(&mut self) {
        for capability in 0..self.capabilities.len() {
            let source = Arc::clone(&self.capabilities[capability].source);
            let questions = self.capabilities[capability].file.discovery.as_ref().map(|d| d.questions.clone()).unwrap_or_default();
            for (position, file) in questions.iter().enumerate() {
                self.roles_known(&file.roles, &source);
                self.check_content(file, &source);
                let options = self.options(file, &source);
                let ix = QuestionIx(self.questions.len());
                let mut credits: Vec<PracticeIx> = options.iter().flat_map(|option| option.credits.iter().map(|credit| credit.0)).collect();
                credits.sort_unstable();
                credits.dedup();
                for practice in &credits {
                    if let Some(practice) = self.practices.get_mut(practice.0) {
                        practice.asked_by.push(ix);
                    }
                }
                let question = Question {
                    capability: CapabilityIx(capability),
                    position,
                    id: file.id.value.0.clone(),
                    environments: self.environments(file.environments.as_ref(), &source),
                    kind: file.kind.value,
                    options,
                    when: None,
                    named: Vec::new(),
                    if_hidden: file.if_hidden.as_ref().map(|word| word.value),
                    risk_rules: Vec::new(),
                    credits,
                };
                self.questions.push(question);
            }
        }
    }

    /// Checks that a question has what its type needs, and nothing else.
    fn check_content(&mut self, file: &QuestionFile, source: &Arc<Source>) {
        let at = Location::new(source, file.id.span);
        let kind = file.kind.value;
        let has_choices = matches!(kind, QuestionType::Single | QuestionType::Ladder | QuestionType::Multi | QuestionType::YesNo);
        duplicate_ids("choice", file.choices.iter().map(|x| &x.id), source, &mut self.diagnostics);
        duplicate_ids("band", file.bands.iter().map(|x| &x.id), source, &mut self.diagnostics);
        if has_choices && file.choices.is_empty() && kind != QuestionType::YesNo {
            self.error(Code::BadQuestion, at.clone(), format!("a question of type `{kind}` needs choices"));
        }
        if !has_choices && !file.choices.is_empty() {
            self.error(Code::BadQuestion, at.clone(), format!("a question of type `{kind}` has no choices")).help = Some(
                if kind == QuestionType::Number { "a number has `bands`" } else { "take `choices` out, or change the type" }.to_owned(),
            );
        }
        if kind != QuestionType::Number && !file.bands.is_empty() {
            self.error(Code::BadQuestion, at.clone(), format!("only a number has bands, and this question is of type `{kind}`"));
        }
        if kind == QuestionType::YesNo && !file.choices.is_empty() {
            let mut ids: Vec<&str> = file.choices.iter().map(|choice| choice.id.as_str()).collect();
            ids.sort_unstable();
            if ids != ["no", "yes"] {
                self.error(Code::BadQuestion, at.clone(), "a question of type `yes-no` has the choices `yes` and `no`");
            }
        }
        for choice in file.choices.iter().filter(|choice| choice.none == Some(true) && kind != QuestionType::Multi) {
            let at = Location::new(source, choice.id.span);
            self.error(Code::BadQuestion, at, "only a checklist (`multi`) has a choice that means none of these");
        }
        self.check_bands(file, source);
        if file.if_hidden.is_some() && file.when.is_none() {
            self.error(Code::BadQuestion, at, "`if_hidden` needs a `when`");
        }
    }

    fn check_bands(&mut self, file: &QuestionFile, source: &Arc<Source>) {
        for pair in file.bands.windows(2) {
            if pair[1].from.value <= pair[0].from.value {
                let at = Location::new(source, pair[1].from.span);
                self.error(Code::BandsDoNotCover, at, format!("`{}` does not start above `{}`", pair[1].id.value, pair[0].id.value)).help =
                    Some("bands ascend, each starts above the one before".to_owned());
            }
        }
        if let (Some(min), Some(max)) = (&file.min, &file.max)
            && min.value >= max.value
        {
            self.error(Code::BadNumber, Location::new(source, max.span), "`max` is not above `min`");
        }
        let Some(first) = file.bands.first() else { return };
        match &file.min {
            Some(min) if first.from.value > min.value => {
                let at = Location::new(source, first.from.span);
                let message = format!("numbers from {} up to {} fall into no band", min.value, first.from.value);
                self.error(Code::BandsDoNotCover, at, message).help = Some("start the first band at `min`".to_owned());
            }
            Some(_) => {}
            None => {
                self.error(Code::BandsDoNotCover, Location::new(source, file.id.span), "bands need a `min` to start from");
            }
        }
        let beyond = file.max.as_ref().and_then(|max| file.bands.iter().find(|band| band.from.value > max.value));
        if let Some(band) = beyond {
            let at = Location::new(source, band.from.span);
            self.error(Code::BandsDoNotCover, at, format!("the band `{}` starts above `max`", band.id.value));
        }
    }

    fn options(&mut self, file: &QuestionFile, source: &Arc<Source>) -> Vec<AnswerOption> {
        let informative = file.informative == Some(true);
        let mut options = Vec::new();
        let mut below: Vec<(PracticeIx, f64)> = Vec::new();
        for choice in &file.choices {
            let silent = informative || choice.informative == Some(true);
            let mut credits = self.credits(&choice.credits, silent, source);
            if file.kind.value == QuestionType::Ladder {
                for (practice, credit) in &credits {
                    match below.iter_mut().find(|(known, _)| known == practice) {
                        Some(known) => known.1 = known.1.max(*credit),
                        None => below.push((*practice, *credit)),
                    }
                }
                credits.clone_from(&below);
            }
            let label = choice.label.as_ref().map_or_else(|| choice.id.value.0.clone(), |label| label.value.clone());
            let is_none = choice.none == Some(true);
            options.push(AnswerOption { id: choice.id.value.0.clone(), label, credits, from: None, is_none });
        }
        if file.kind.value == QuestionType::YesNo && options.is_empty() {
            for (id, label) in [("yes", "Yes"), ("no", "No")] {
                options.push(AnswerOption { id: id.to_owned(), label: label.to_owned(), credits: Vec::new(), from: None, is_none: false });
            }
        }
        for band in &file.bands {
            let silent = informative || band.informative == Some(true);
            let credits = self.credits(&band.credits, silent, source);
            let label = band.label.as_ref().map_or_else(|| band.id.value.0.clone(), |label| label.value.clone());
            options.push(AnswerOption { id: band.id.value.0.clone(), label, credits, from: Some(band.from.value), is_none: false });
        }
        options
    }

    fn credits(&mut self, credits: &Credits, silent: bool, source: &Arc<Source>) -> Vec<(PracticeIx, f64)> {
        let mut known = Vec::new();
        for (id, credit) in &credits.0 {
            let Some(practice) = self.practice_known(id, source) else { continue };
            if !silent {
                known.push((practice, credit.value));
            }
        }
        known
    }

    pub(super) fn build_conditions(&mut self) {
        for index in 0..self.questions.len() {
            let ix = QuestionIx(index);
            let capability = &self.capabilities[self.questions[index].capability.0];
            let source = Arc::clone(&capability.source);
            let file = capability.file.discovery.as_ref().expect("it has a question").questions[self.questions[index].position].clone();
            if let Some(when) = &file.when {
                self.questions[index].when = self.condition(ix, when, &source);
                let mut named = Vec::new();
                if let Some(condition) = &self.questions[index].when {
                    condition.for_each(&mut |atom: &Atom| named.push(atom.question));
                }
                named.sort_unstable();
                named.dedup();
                self.questions[index].named = named;
            }
            let mut rules = Vec::new();
            for rule in &file.risk_rules {
                if let Some(condition) = self.condition(ix, &rule.condition, &source) {
                    rules.push((condition, rule.risk.value));
                }
            }
            self.questions[index].risk_rules = rules;
        }
    }

    /// Parses an expression and resolves its atoms.
    fn condition(&mut self, owner: QuestionIx, text: &At<String>, source: &Arc<Source>) -> Option<Condition<Atom>> {
        let place = |span: Span| inside(source, text, span);
        match condition::parse(text) {
            Ok(condition) => condition.try_map(&mut |atom: &Written| self.atom(owner, atom, &place)),
            Err(error) => {
                let at = place(error.span);
                self.error(Code::BadCondition, at, error.message).help = error.help.map(str::to_owned);
                None
            }
        }
    }

    fn atom(&mut self, owner: QuestionIx, atom: &Written, place: &impl Fn(Span) -> Location) -> Option<Atom> {
        let question = match &atom.question {
            None => owner,
            Some(id) => {
                if let Some(question) = self.question_ids.get(id) {
                    *question
                } else {
                    if self.complete {
                        let known = super::sorted(self.question_ids.keys());
                        self.unknown("question", id, place(Span::new(atom.span.start, atom.span.start + id.len())), known);
                    }
                    return None;
                }
            }
        };
        let options = &self.questions.get(question.0)?.options;
        if let Some(option) = options.iter().position(|option| option.id == atom.choice) {
            return Some(Atom { question, option });
        }
        let known: Vec<String> = options.iter().map(|option| option.id.clone()).collect();
        let start = atom.span.end - atom.choice.len();
        let id = self.questions[question.0].id.clone();
        let at = place(Span::new(start, atom.span.end));
        let help = did_you_mean(&atom.choice, known.iter().map(String::as_str)).unwrap_or_else(|| {
            if atom.question.is_none() && self.question_ids.contains_key(&atom.choice) {
                format!("`{0}` is a question: write `{0}:choice`", atom.choice)
            } else {
                format!("it has {}", list(&known))
            }
        });
        self.error(Code::UnknownReference, at, format!("the question `{id}` has no choice `{}`", atom.choice)).help = Some(help);
        None
    }
}

/// Returns the place of a part of a scalar; the whole scalar where escapes or folding move its characters.
fn inside(source: &Arc<Source>, text: &At<String>, part: Span) -> Location {
    let written = source.written(text.span);
    let Some(start) = written.find(&text.value) else {
        return Location::new(source, text.span);
    };
    let start = text.span.start + start;
    Location::new(source, Span::new(start + part.start, start + part.end))
}
