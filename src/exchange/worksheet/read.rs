//! From a filled worksheet to what changes in an assessment, with every row that cannot be read named at its place.

use super::value::{self, Unclear, even, folded, kept};
use super::{Filled, LARGEST_CELL, Row, Said, Sheet, csv, has_choices, hint, markdown, units, xlsx};
use crate::assessment::change::STATE_KEYS;
use crate::assessment::format::Reason;
use crate::assessment::{Assessment, Instance, Plain, Response, State};
use crate::diagnostic::{Code, Diagnostic, Location, Source, Span, did_you_mean};
use crate::document::escape::excerpt;
use crate::kit::format::QuestionType;
use crate::kit::{AnswerOption, Kit, Question};
use crate::yaml::edit::{Change, Field};
use crate::yaml::record::{Date, list};
use std::collections::BTreeMap;
use std::path::Path;

/// Takes a filled worksheet apart. Its format is told from what is in it, and from its name where that leaves a doubt.
///
/// # Errors
///
/// Returns why nothing in it can be read.
pub fn sheet(kit: &Kit, path: &str, bytes: &[u8]) -> Result<Sheet, Box<Diagnostic>> {
    if xlsx::is_workbook(bytes) {
        return xlsx::read(path, bytes);
    }
    let text = decode(bytes);
    let source = Source::new(path, text);
    let is_markdown = Path::new(path).extension().is_some_and(|extension| extension == "md" || extension == "markdown");
    let as_markdown = || markdown::read(kit, &source);
    let as_table = || csv::read(&source);
    let found = if is_markdown { as_markdown().or_else(as_table) } else { as_table().or_else(as_markdown) };
    found.ok_or_else(|| {
        let place = Location::new(&source, Span::default());
        let diagnostic = Diagnostic::error(Code::MissingKey, place, "this is no worksheet: there is no key of a question in it");
        Box::new(diagnostic.help("a table has the headings `key` and `answer`, Markdown has headings such as `### question@environment`"))
    })
}

/// Returns the text of a file as an editor or a spreadsheet saved it: UTF-8, UTF-16 with its mark, or else Windows-1252.
pub(in crate::exchange) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// What a worksheet does to an assessment.
#[derive(Debug, Default)]
pub struct Import {
    /// The answers that are new or other than before.
    pub entries: Vec<Entry>,
    /// The questions that are answered as before.
    pub unchanged: usize,
    /// The rows that are refused.
    pub faults: Vec<Diagnostic>,
}

/// One answer that a worksheet adds or changes.
#[derive(Debug)]
pub struct Entry {
    /// The asking.
    pub instance: Instance,
    /// How files name it.
    pub key: String,
    /// What was there, in words; nothing if nothing was.
    pub before: Option<String>,
    /// What is there now, in words.
    pub after: String,
    /// What else is new: `note`, `evidence`.
    pub beside: Vec<&'static str>,
    /// The changes of the entry in its file.
    pub changes: Vec<(&'static str, Change)>,
}

/// Returns what a sheet adds to an assessment and changes in it. `by` is who answered, where that is known.
pub fn import(kit: &Kit, assessment: &Assessment, sheet: Sheet, by: Option<&str>, today: Date) -> Import {
    let mut import = Import { faults: sheet.faults, ..Import::default() };
    let mut seen: BTreeMap<Instance, Row> = BTreeMap::new();
    for row in sheet.rows {
        if row.is_blank() {
            continue;
        }
        let instance = match instance(kit, assessment, &row.key) {
            Ok(instance) => instance,
            Err(fault) => {
                import.faults.push(*fault);
                continue;
            }
        };
        if let Some(first) = seen.get(&instance) {
            if !is_same_row(first, &row) {
                let message = format!("`{}` is answered in {} too, and differently", instance.key(kit), first.key.place.words());
                import.faults.push(row.key.place.fault(Code::DuplicateKey, message).help("keep one of the two; the first is taken"));
            }
            continue;
        }
        let reader = RowReader { kit, assessment, instance, filled: Filled::of(assessment.answer(instance)), is_cut: sheet.is_cut };
        match reader.entry(&row, by, today) {
            Ok(Some(entry)) => import.entries.push(entry),
            Ok(None) => import.unchanged += 1,
            Err(faults) => import.faults.extend(faults),
        }
        seen.insert(instance, row);
    }
    import
}

fn is_same_row(a: &Row, b: &Row) -> bool {
    let fields = |row: &Row| {
        let single = [&row.left_out, &row.reason, &row.owner, &row.due, &row.note, &row.evidence];
        let texts = row.answer.iter().map(Some).chain(single.into_iter().map(Option::as_ref));
        let texts: Vec<Option<String>> = texts.map(|said| said.map(|said| even(&said.text))).collect();
        (texts, row.states.iter().map(|(state, _)| *state).collect::<Vec<_>>())
    };
    fields(a) == fields(b)
}

/// Finds the asking that a key names.
fn instance(kit: &Kit, assessment: &Assessment, key: &Said) -> Result<Instance, Box<Diagnostic>> {
    let text = even(&key.text);
    let text = text.trim_matches(['`', '\'', '"']);
    let (id, environment) = text.split_once('@').map_or((text, None), |(id, environment)| (id.trim(), Some(environment.trim())));
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let fault = |code: Code, message: String, help: String| Err(Box::new(key.place.fault(code, message).help(help)));
    let by_case = || kit.questions.iter().find(|question| same(&question.id, id)).and_then(|question| kit.find_question(&question.id));
    let Some(question) = kit.find_question(id).or_else(by_case) else {
        let help = did_you_mean(id, kit.questions.iter().map(|question| question.id.as_str()))
            .unwrap_or_else(|| "copy the key from the worksheet as it was sent".to_owned());
        return fault(Code::UnknownReference, format!("the kit has no question `{id}`"), help);
    };
    let name = &kit.question(question).id;
    let capability = kit.question(question).capability;
    if !assessment.scope(capability).in_scope {
        let message = format!("`{name}` belongs to `{}`, which is out of scope", kit.capability_id(capability));
        return fault(Code::OutOfScope, message, "take the row out, or the capability into scope".to_owned());
    }
    let Some(asked_in) = &kit.question(question).environments else {
        return match environment {
            None => Ok(Instance { question, environment: None }),
            Some(_) => fault(
                Code::UnknownReference,
                format!("the question `{name}` is asked once, for all environments"),
                format!("write `{name}`"),
            ),
        };
    };
    let is_it = |ix: &crate::kit::EnvironmentIx| environment.is_some_and(|environment| same(kit.environment_id(*ix), environment));
    match asked_in.iter().find(|ix| is_it(ix)) {
        Some(ix) if assessment.environments.contains(ix) => Ok(Instance { question, environment: Some(*ix) }),
        Some(ix) => {
            let message = format!("the environment `{}` is out of scope", kit.environment_id(*ix));
            fault(Code::OutOfScope, message, "take the row out, or the environment into scope".to_owned())
        }
        None => {
            let keys: Vec<String> = asked_in.iter().map(|ix| Instance { question, environment: Some(*ix) }.key(kit)).collect();
            let message = match environment {
                Some(environment) => format!("the question `{name}` is not asked for `{environment}`"),
                None => format!("the question `{name}` is asked in each environment"),
            };
            fault(Code::UnknownReference, message, format!("write {}", list(&keys)))
        }
    }
}

struct RowReader<'r> {
    kit: &'r Kit,
    assessment: &'r Assessment,
    instance: Instance,
    /// What is on record, as a worksheet shows it.
    filled: Filled,
    is_cut: bool,
}

impl RowReader<'_> {
    fn question(&self) -> &Question {
        self.kit.question(self.instance.question)
    }

    fn options(&self) -> &[AnswerOption] {
        if has_choices(self.question().kind) { &self.question().options } else { &[] }
    }

    fn recorded(&self) -> Option<&Response> {
        self.assessment.answer(self.instance).map(|answer| &answer.response)
    }

    /// Returns true if a cell says what is on record: spaces and quotes aside, and though a spreadsheet cut it off.
    fn is_same(&self, said: &str, on_record: &str) -> bool {
        let (said, whole) = (even(said), even(on_record));
        let is_cut = || self.is_cut && units(on_record) > LARGEST_CELL && units(&said) > LARGEST_CELL / 2 && whole.starts_with(&said);
        said == whole || is_cut()
    }

    /// Returns what a field says that is not on record yet.
    fn news<'s>(&self, said: Option<&'s Said>, on_record: &str, faults: &mut Vec<Diagnostic>) -> Option<&'s Said> {
        let said = said.filter(|said| !self.is_same(&said.text, on_record))?;
        if self.is_cut && units(on_record) > LARGEST_CELL {
            let message = "the text on record is longer than a cell holds, so this would lose its end";
            faults.push(
                said.place.fault(Code::BadAnswer, message).help("change it in the file of the answers, or with a Markdown worksheet"),
            );
            return None;
        }
        Some(said)
    }

    fn entry(&self, row: &Row, by: Option<&str>, today: Date) -> Result<Option<Entry>, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let value = self.value(row, &mut faults);
        let response = if faults.is_empty() { self.response(row, value, &mut faults) } else { None };
        let note = self.news(row.note.as_ref(), &self.filled.note, &mut faults).map(|said| kept(&said.text));
        let evidence = self.evidence(row, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let before = self.recorded();
        // An answer that was asked for again is news, even if it is the same.
        let is_again = self.assessment.answer(self.instance).is_some_and(|answer| answer.ask_again.is_some());
        let is_new_response =
            response.as_ref().is_some_and(|response| is_again || !before.is_some_and(|before| self.is_same_response(before, response)));
        if !is_new_response && note.is_none() && evidence.is_empty() {
            return Ok(None);
        }
        let response = response.filter(|_| is_new_response).or_else(|| before.cloned()).unwrap_or(Response::Unanswered);
        let mut beside = Vec::new();
        beside.extend(note.as_ref().map(|_| "note"));
        beside.extend((!evidence.is_empty()).then_some("evidence"));
        let said_before = before.filter(|before| before.state() != State::Unanswered).map(|before| self.words(before));
        let after = self.words(&response);
        let changes = self.changes(response, note, evidence, by, today);
        Ok(Some(Entry { instance: self.instance, key: self.instance.key(self.kit), before: said_before, after, beside, changes }))
    }

    /// Reads what stands in the place of the answer.
    fn value(&self, row: &Row, faults: &mut Vec<Diagnostic>) -> Option<Given> {
        let first = row.answer.first()?;
        let kind = self.question().kind;
        if self.options().is_empty() {
            return self.words_given(first, kind, faults);
        }
        let mut chosen: Vec<usize> = Vec::new();
        for said in &row.answer {
            if row.answer.len() == 1
                && (value::is_state_word(&said.text) || value::choice(self.options(), &said.text).is_none())
                && let Some(state) = value::state(&said.text)
            {
                return Some(Given::State(state));
            }
            let found = if kind == QuestionType::Multi {
                value::choices(self.options(), &said.text)
            } else {
                value::choice(self.options(), &said.text).map(|option| vec![option]).ok_or_else(|| even(&said.text))
            };
            match found {
                Ok(found) => chosen.extend(found),
                Err(text) => faults.push(self.no_choice(said, &text)),
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        if kind != QuestionType::Multi && chosen.len() > 1 {
            // The box of what was chosen before stays ticked where somebody only ticks another one.
            let ids: Vec<&str> = chosen.iter().map(|place| self.options()[*place].id.as_str()).collect();
            let said = row.answer.last().unwrap_or(first);
            let message = format!("this question has one answer, and {} are chosen", list(&ids));
            faults.push(said.place.fault(Code::BadAnswer, message).help("leave one of them"));
        }
        let none = chosen.iter().find(|place| self.options()[**place].is_none);
        if let (Some(none), true) = (none, chosen.len() > 1) {
            let id = &self.options()[*none].id;
            faults.push(
                first.place.fault(Code::BadAnswer, format!("`{id}` excludes the others, and both are chosen")).help("leave one of them"),
            );
        }
        Some(Given::Value(Response::Choices { chosen, not_applicable: Vec::new() }))
    }

    fn no_choice(&self, said: &Said, text: &str) -> Diagnostic {
        let text = excerpt(text, 80);
        let ids: Vec<&str> = self.options().iter().map(|option| option.id.as_str()).collect();
        let help = did_you_mean(&text, ids.iter().copied()).unwrap_or_else(|| format!("it has {}", list(&ids)));
        said.place.fault(Code::UnknownReference, format!("the question `{}` has no choice `{text}`", self.question().id)).help(help)
    }

    fn words_given(&self, said: &Said, kind: QuestionType, faults: &mut Vec<Diagnostic>) -> Option<Given> {
        if self.filled.state == Some(State::Answered) && self.is_same(&said.text, &self.filled.words) {
            return self.recorded().cloned().map(Given::Value);
        }
        if let Some(state) = value::state(&said.text) {
            return Some(Given::State(state));
        }
        let text = excerpt(&even(&said.text), 60);
        match kind {
            QuestionType::Number => self.number(said, &text, faults).map(Given::Value),
            QuestionType::Date => date(said, faults).map(|date| Given::Value(Response::Date(date))),
            _ => {
                self.news(Some(said), &self.filled.words, faults)?;
                Some(Given::Value(Response::Text(kept(&said.text))))
            }
        }
    }

    fn number(&self, said: &Said, text: &str, faults: &mut Vec<Diagnostic>) -> Option<Response> {
        let file = self.kit.question_file(self.instance.question);
        let fits = |number: f64| {
            file.min.as_ref().is_none_or(|min| number >= min.value) && file.max.as_ref().is_none_or(|max| number <= max.value)
        };
        let wanted = hint(self.kit, self.instance.question);
        match value::number(&said.text, file.unit.as_deref(), fits) {
            Ok(number) if fits(number) => Some(Response::Number(number, self.question().band(number))),
            Ok(number) => {
                faults.push(
                    said.place.fault(Code::BadNumber, format!("{} is outside the limits", Plain(number))).help(wanted.to_lowercase()),
                );
                None
            }
            Err(Unclear::Ambiguous) => {
                let fault = said.place.fault(Code::BadNumber, format!("`{text}` can be read in two ways"));
                faults.push(fault.help("write the number without a mark between the thousands, and the decimals behind a point"));
                None
            }
            Err(Unclear::Not) => {
                faults.push(said.place.fault(Code::BadNumber, format!("`{text}` is not a number")).help(wanted.to_lowercase()));
                None
            }
        }
    }

    /// Brings together what a row says of the state. What is left of the state on record gives way to what is new.
    fn response(&self, row: &Row, given: Option<Given>, faults: &mut Vec<Diagnostic>) -> Option<Response> {
        let left_out = self.left_out(row, faults);
        let (value, named) = match given {
            Some(Given::Value(value)) => (Some(value), None),
            Some(Given::State(state)) => (None, Some(state)),
            None => (None, None),
        };
        let value = self.with_left_out(value, left_out);
        let mut states: Vec<State> = row.states.iter().map(|(state, _)| *state).chain(named).collect();
        states.extend((row.owner.is_some() || row.due.is_some()).then_some(State::DontKnow));
        states.extend(row.reason.is_some().then_some(State::NotApplicable));
        states.extend(value.is_some().then_some(State::Answered));
        states.sort_unstable();
        states.dedup();
        let is_left = |state: State| {
            let untouched = |said: &Option<Said>, on_record: &str| said.as_ref().is_none_or(|said| self.is_same(&said.text, on_record));
            state != State::Answered
                && self.filled.state == Some(state)
                && named != Some(state)
                && untouched(&row.owner, &self.filled.owner)
                && untouched(&row.due, &self.filled.due)
                && untouched(&row.reason, &self.filled.reason)
        };
        if states.len() > 1 {
            states.retain(|state| !is_left(*state));
        }
        if states.len() > 1 {
            let titles: Vec<&str> = states.iter().map(|state| state.title()).collect();
            let message = format!("this says {} at once", titles.join(" and "));
            faults.push(row.key.place.fault(Code::BadAnswer, message).help("leave one of them, and empty what belongs to the others"));
            return None;
        }
        match states.first()? {
            State::DontKnow => self.dont_know(row, faults),
            State::NotApplicable => Some(self.not_applicable(row)),
            State::Parked => Some(Response::Parked { note: None }),
            _ => value,
        }
    }

    fn dont_know(&self, row: &Row, faults: &mut Vec<Diagnostic>) -> Option<Response> {
        let (owner_before, due_before) = match self.recorded() {
            Some(Response::DontKnow { owner, due, .. }) => (owner.clone(), *due),
            _ => (None, None),
        };
        let said = row.owner.as_ref().filter(|said| !self.is_same(&said.text, &self.filled.owner));
        // A mark in the place of the owner says that nobody knows, and no more.
        let is_name = |text: &String| value::state(text).is_none() && !matches!(folded(text).as_str(), "x" | "yes");
        let owner = said.map(|said| even(&said.text)).filter(is_name).or(owner_before);
        let due = match row.due.as_ref().filter(|said| !self.is_same(&said.text, &self.filled.due)) {
            Some(said) => Some(date(said, faults)?),
            None => due_before,
        };
        Some(Response::DontKnow { owner, due, note: None })
    }

    fn not_applicable(&self, row: &Row) -> Response {
        let news = row.reason.as_ref().filter(|said| !self.is_same(&said.text, &self.filled.reason));
        match (news, self.recorded()) {
            (None, Some(before @ Response::NotApplicable { .. })) => before.clone(),
            (Some(said), _) => {
                let (reason, note) = value::reason(&said.text);
                Response::NotApplicable { reason, note }
            }
            (None, _) => Response::NotApplicable { reason: Reason::Other, note: None },
        }
    }

    /// Reads the statements that do not apply; nothing if the row says nothing of them.
    fn left_out(&self, row: &Row, faults: &mut Vec<Diagnostic>) -> Option<Vec<usize>> {
        let said = row.left_out.as_ref()?;
        if self.question().kind != QuestionType::Multi {
            faults.push(said.place.fault(Code::BadAnswer, "only a checklist has statements that do not apply"));
            return None;
        }
        match value::choices(self.options(), &said.text.replace('`', "")) {
            Ok(found) => Some(found),
            Err(text) => {
                faults.push(self.no_choice(said, &text));
                None
            }
        }
    }

    fn with_left_out(&self, value: Option<Response>, left_out: Option<Vec<usize>>) -> Option<Response> {
        let (chosen_before, left_before) = match self.recorded() {
            Some(Response::Choices { chosen, not_applicable }) => (chosen.clone(), not_applicable.clone()),
            _ => (Vec::new(), Vec::new()),
        };
        match (value, left_out) {
            (Some(Response::Choices { chosen, .. }), left_out) => {
                let is_named = left_out.is_some();
                let mut not_applicable = left_out.unwrap_or(left_before);
                // What is chosen now applies, unless the row itself says otherwise.
                not_applicable.retain(|place| is_named || chosen_before.contains(place) || !chosen.contains(place));
                Some(Response::Choices { chosen, not_applicable })
            }
            (None, Some(not_applicable)) if self.filled.state.is_none_or(|state| matches!(state, State::Answered | State::Unanswered)) => {
                Some(Response::Choices { chosen: chosen_before, not_applicable })
            }
            (None, Some(not_applicable)) => Some(Response::Choices { chosen: Vec::new(), not_applicable }),
            (value, _) => value,
        }
    }

    fn is_same_response(&self, before: &Response, now: &Response) -> bool {
        match (before, now) {
            (Response::DontKnow { owner, due, .. }, Response::DontKnow { owner: owner_now, due: due_now, .. }) => {
                owner == owner_now && due == due_now
            }
            (Response::Parked { .. }, Response::Parked { .. }) => true,
            (Response::Text(before), Response::Text(now)) => self.is_same(now, before),
            (before, now) => before == now,
        }
    }

    /// Reads the lines of evidence that are not on record.
    fn evidence(&self, row: &Row, faults: &mut Vec<Diagnostic>) -> Vec<Vec<(String, Field)>> {
        let on_record = self.filled.evidence.join("\n");
        let Some(said) = row.evidence.as_ref().filter(|said| !self.is_same(&said.text, &on_record)) else { return Vec::new() };
        if self.news(Some(said), &on_record, faults).is_none() {
            return Vec::new();
        }
        let is_known = |line: &&str| self.filled.evidence.iter().any(|known| even(known) == even(line));
        let text = kept(&said.text);
        text.lines().filter(|line| !even(line).is_empty()).filter(|line| !is_known(line)).filter_map(evidence).collect()
    }

    /// Returns the changes of the entry that make it say this.
    fn changes(
        &self,
        response: Response,
        note: Option<String>,
        evidence: Vec<Vec<(String, Field)>>,
        by: Option<&str>,
        today: Date,
    ) -> Vec<(&'static str, Change)> {
        let before = self.recorded();
        let mut changes = Vec::new();
        let is_same_state = before.is_some_and(|before| before.state() == response.state());
        // What was said while the question could not be answered stays, wherever the note now stands.
        let mut said = note.clone().unwrap_or_else(|| self.filled.note.clone());
        if let (Some(Response::NotApplicable { note: Some(reason), .. }), false) = (before, is_same_state) {
            said = [said.as_str(), reason.trim()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
        }
        let moves_note = note.is_some() || !is_same_state;
        let inside = matches!(response, Response::DontKnow { .. } | Response::Parked { .. });
        let inner = if moves_note {
            Some(said.clone()).filter(|said| !said.is_empty())
        } else {
            match before {
                Some(Response::DontKnow { note, .. } | Response::Parked { note }) => note.clone(),
                _ => None,
            }
        };
        let fields = self.fields(&response, inner.filter(|_| inside));
        changes.extend(STATE_KEYS.iter().filter(|key| !fields.iter().any(|(set, _)| set == *key)).map(|key| (*key, Change::Remove)));
        changes.extend(fields.into_iter().map(|(key, field)| (key, Change::Set(field))));
        if moves_note {
            changes.push(("note", if inside || said.is_empty() { Change::Remove } else { Change::Set(Field::Text(said)) }));
        }
        changes.extend(evidence.into_iter().map(|fields| ("evidence", Change::Append(fields))));
        changes.extend(by.map(|by| ("by", Change::Set(Field::List(vec![by.to_owned()])))));
        changes.push(("answered_on", Change::Set(Field::Text(today.to_string()))));
        changes
    }

    /// Returns the keys that hold a response.
    fn fields(&self, response: &Response, inner: Option<String>) -> Vec<(&'static str, Field)> {
        let text = |name: &str, text: &str| (name.to_owned(), Field::Text(text.to_owned()));
        let ids = |places: &[usize]| places.iter().map(|place| self.options()[*place].id.clone()).collect::<Vec<_>>();
        match response {
            Response::Unanswered => Vec::new(),
            Response::Choices { chosen, not_applicable } => {
                let chosen = ids(chosen);
                let mut fields = Vec::new();
                match chosen.as_slice() {
                    [] => {}
                    [one] => fields.push(("choose", Field::Text(one.clone()))),
                    _ => fields.push(("choose", Field::List(chosen))),
                }
                fields.extend((!not_applicable.is_empty()).then(|| ("not_applicable_choices", Field::List(ids(not_applicable)))));
                fields
            }
            Response::Number(number, _) => vec![("number", Field::Number(*number))],
            Response::Text(answer) => vec![("text", Field::Text(answer.clone()))],
            Response::Date(date) => vec![("date", Field::Text(date.to_string()))],
            Response::DontKnow { owner, due, .. } => {
                let mut map: Vec<_> = owner.iter().map(|owner| text("owner", owner)).collect();
                map.extend(due.iter().map(|due| text("due", &due.to_string())));
                map.extend(inner.iter().map(|note| text("note", note)));
                vec![("dont_know", Field::Map(map))]
            }
            Response::NotApplicable { reason, note } => {
                let mut map = vec![text("reason", reason.word())];
                map.extend(note.iter().map(|note| text("note", note)));
                vec![("not_applicable", Field::Map(map))]
            }
            Response::Parked { .. } => vec![("parked", Field::Map(inner.iter().map(|note| text("note", note)).collect()))],
        }
    }

    /// Returns a response in a few words.
    fn words(&self, response: &Response) -> String {
        let ids = |places: &[usize]| places.iter().map(|place| self.options()[*place].id.as_str()).collect::<Vec<_>>().join(", ");
        match response {
            Response::Choices { chosen, not_applicable } if not_applicable.is_empty() => ids(chosen),
            Response::Choices { chosen, not_applicable } => {
                let chosen = if chosen.is_empty() { String::new() } else { format!("{}; ", ids(chosen)) };
                format!("{chosen}{} does not apply", ids(not_applicable))
            }
            Response::Number(number, _) => Plain(*number).to_string(),
            Response::Text(text) => format!("\"{}\"", excerpt(text, 60)),
            Response::Date(date) => date.to_string(),
            Response::DontKnow { owner, due, .. } => {
                let more: Vec<String> = owner.iter().cloned().chain(due.map(|due| due.to_string())).collect();
                if more.is_empty() { "not known".to_owned() } else { format!("not known ({})", more.join(", ")) }
            }
            Response::NotApplicable { reason, .. } => format!("not applicable ({})", reason.title()),
            other => other.state().title().to_owned(),
        }
    }
}

/// What stands in the place of an answer.
enum Given {
    Value(Response),
    State(State),
}

fn date(said: &Said, faults: &mut Vec<Diagnostic>) -> Option<Date> {
    let text = excerpt(&even(&said.text), 40);
    match value::date(&said.text) {
        Ok(date) => Some(date),
        Err(Unclear::Ambiguous) => {
            faults.push(said.place.fault(Code::BadDate, format!("`{text}` can be read in two ways")).help("write it as 2026-11-20"));
            None
        }
        Err(Unclear::Not) => {
            faults.push(said.place.fault(Code::BadDate, format!("`{text}` is not a date that exists")).help("write it as 2026-11-20"));
            None
        }
    }
}

/// Reads a line of evidence: a title, a link, and when it was collected in brackets; each may be missing.
fn evidence(line: &str) -> Option<Vec<(String, Field)>> {
    let said = even(line.trim().trim_start_matches("- "));
    let dated =
        line.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).and_then(|(rest, day)| Some((rest.trim(), value::date(day).ok()?)));
    let (rest, collected) = dated.map_or((said.as_str(), None), |(rest, date)| (rest, Some(date)));
    let is_link = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    let address = rest.split(' ').map(|word| word.trim_matches(['<', '>', '(', ')', ','])).find(is_link);
    let title = address.map_or_else(|| rest.to_owned(), |address| rest.replacen(address, " ", 1));
    let title = even(title.trim_matches([' ', ':', '<', '>', '(', ')', '-', ',', '|']));
    let text = |name: &str, text: String| (name.to_owned(), Field::Text(text));
    let mut fields = Vec::new();
    fields.extend((!title.is_empty()).then(|| text("title", title)));
    fields.extend(address.map(|address| text("link", address.to_owned())));
    if fields.is_empty() {
        return None;
    }
    fields.extend(collected.map(|date| text("collected", date.to_string())));
    Some(fields)
}
