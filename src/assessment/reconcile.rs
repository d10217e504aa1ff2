//! Several people, one answer: who said what, where they agree, and the agreed answer that keeps every other voice.
//!
//! What one respondent said stands apart from what is agreed. [`reconcile`] holds them against each other, [`settle`] makes the entry
//! of the agreed answer. Not to know and to put off are voices, and no disagreement; that something does not apply is an answer.
//! Nothing here decides who is right.

use super::change::STATE_KEYS;
use super::format::{Evidence, Minority, Reason};
use super::visibility::{Standing, Visibility};
use super::{Answer, Assessment, Instance, Response, State};
use crate::kit::format::QuestionType;
use crate::kit::{Kit, QuestionIx};
use crate::words;
use crate::yaml::edit::{Change, Field};
use crate::yaml::record::{Date, Id, Texts};

/// Somebody who answered on their own.
#[derive(Clone, Debug)]
pub struct Respondent {
    /// The role or person, as the folder is named.
    pub id: Id,
    /// What they said.
    pub assessment: Assessment,
}

/// What one respondent said to one asking.
#[derive(Clone, Copy, Debug)]
pub struct Voice<'a> {
    /// Who said it.
    pub by: &'a str,
    /// What they said.
    pub answer: &'a Answer,
    /// True if it comes from a branch that was merged, not from the answers of a respondent. Nobody may be named then.
    pub is_merged: bool,
}

impl<'a> Voice<'a> {
    /// Returns who stands behind the voice: the respondent, and whom their answer names besides.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Some(self.by.to_owned()).filter(|by| !by.is_empty()).into_iter().collect();
        add_all(&mut names, &self.answer.by);
        names
    }

    /// Returns whose voice it is, as documents say it.
    pub fn title(&self, kit: &'a Kit) -> &'a str {
        if self.by.is_empty() { "nobody named" } else { kit.role_title(self.by) }
    }

    /// Returns what was said beyond the answer, with what stands inside its state.
    pub fn note(&self) -> Option<String> {
        whole_note(self.answer)
    }
}

/// Respondents who said the same.
#[derive(Clone, Debug)]
pub struct Side<'a> {
    /// What they said.
    pub response: &'a Response,
    /// Who, by name.
    pub voices: Vec<Voice<'a>>,
}

words! {
    /// How the voices to an asking stand.
    pub enum Verdict {
        /// All who answered said the same, and they are at least two.
        Agree = "agree",
        /// They said different things.
        Differ = "differ",
        /// One alone answered.
        Single = "single",
        /// There is an agreed answer, and it tells of everything that was said.
        Settled = "settled",
        /// Nobody answered.
        Open = "open",
    }
}

/// How far the answers are apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// The lowest and the highest rung of a ladder: places among its options.
    Rungs(usize, usize),
    /// The smallest and the largest number, in the unit of the question.
    Numbers(f64, f64),
    /// The earliest and the latest date.
    Dates(Date, Date),
}

/// One asking with everything that was said to it.
#[derive(Clone, Debug)]
pub struct Asking<'a> {
    /// The asking.
    pub instance: Instance,
    /// How it stands, given what is agreed.
    pub standing: Standing,
    /// What is agreed, or stands in its place.
    pub entry: Option<&'a Answer>,
    /// What was answered, in the order of the options, numbers or dates; what does not apply comes last.
    pub sides: Vec<Side<'a>>,
    /// Who did not know, put it off, or left a note alone.
    pub others: Vec<Voice<'a>>,
    /// How the voices stand.
    pub verdict: Verdict,
    /// How far the answers are apart; nothing if they have no order or are one.
    pub spread: Option<Spread>,
}

impl<'a> Asking<'a> {
    /// Returns the agreed answer; nothing while none is agreed.
    pub fn agreed(&self) -> Option<&'a Answer> {
        self.entry.filter(|answer| counts(&answer.response))
    }

    /// Returns true if a merge brought different answers together, and nobody has decided between them.
    pub fn is_in_conflict(&self) -> bool {
        self.entry.is_some_and(|entry| !entry.conflict.is_empty())
    }

    /// Returns true if it is asked, given what is agreed.
    pub fn is_asked(&self) -> bool {
        self.standing == Standing::Visible
    }

    /// Returns true if there is an agreed answer that does not tell of everything that was said.
    pub fn is_contested(&self) -> bool {
        self.agreed().is_some() && self.verdict != Verdict::Settled
    }

    /// Returns true if the facilitator must decide: the voices differ among themselves or from the agreed answer.
    pub fn is_to_decide(&self) -> bool {
        self.is_asked() && (self.is_in_conflict() || self.verdict == Verdict::Differ || (self.is_contested() && !self.confirms()))
    }

    /// Returns what may become the agreed answer without a decision: what at least `voices` respondents said and none contradicts,
    /// where nothing else is agreed.
    pub fn to_take(&self, voices: usize) -> Option<&Side<'a>> {
        let side = self.sides.first().filter(|side| side.voices.len() >= voices)?;
        let is_free = !self.is_in_conflict() && (self.agreed().is_none() || self.confirms());
        (self.is_asked() && is_free && matches!(self.verdict, Verdict::Agree | Verdict::Single)).then_some(side)
    }

    /// Returns true if everybody says what is agreed.
    fn confirms(&self) -> bool {
        self.agreed().is_some_and(|agreed| self.sides.iter().all(|side| is_same(side.response, &agreed.response)))
    }

    /// Goes through the voices that answered, side by side.
    pub fn voices(&self) -> impl Iterator<Item = &Voice<'a>> {
        self.sides.iter().flat_map(|side| &side.voices)
    }

    /// Returns the side with a response.
    pub fn side(&self, response: &Response) -> Option<&Side<'a>> {
        self.sides.iter().find(|side| is_same(side.response, response))
    }
}

/// Returns every asking in scope that is asked or was answered, in the order of the kit. The order of the respondents does not matter.
pub fn reconcile<'a>(kit: &Kit, agreed: &'a Assessment, respondents: &'a [Respondent]) -> Vec<Asking<'a>> {
    let visibility = Visibility::of(kit, agreed);
    let mut respondents: Vec<&Respondent> = respondents.iter().collect();
    respondents.sort_by(|a, b| a.id.cmp(&b.id));
    let mut found = Vec::new();
    for capability in agreed.capabilities_in_scope(kit) {
        for question in kit.questions_of(capability) {
            for instance in agreed.instances(kit, question) {
                let voice =
                    |one: &&'a Respondent| Some(Voice { by: one.id.as_str(), answer: one.assessment.answer(instance)?, is_merged: false });
                let of_merge = agreed.answer(instance).into_iter().flat_map(|answer| &answer.conflict).map(version);
                let voices = respondents.iter().filter_map(voice).chain(of_merge);
                let voices: Vec<Voice<'a>> = voices.filter(|voice| says_something(voice.answer)).collect();
                let standing = visibility.standing(instance);
                if standing == Standing::Visible || !voices.is_empty() {
                    found.push(asking(kit, instance, standing, agreed.answer(instance), voices));
                }
            }
        }
    }
    found
}

/// Returns the voice of an answer that a merge brought.
fn version(answer: &Answer) -> Voice<'_> {
    Voice { by: answer.by.first().map(String::as_str).unwrap_or_default(), answer, is_merged: true }
}

fn asking<'a>(kit: &Kit, instance: Instance, standing: Standing, entry: Option<&'a Answer>, voices: Vec<Voice<'a>>) -> Asking<'a> {
    let mut sides: Vec<Side<'a>> = Vec::new();
    let mut others = Vec::new();
    for voice in voices {
        if !counts(&voice.answer.response) {
            others.push(voice);
        } else if let Some(side) = sides.iter_mut().find(|side| is_same(side.response, &voice.answer.response)) {
            side.voices.push(voice);
        } else {
            sides.push(Side { response: &voice.answer.response, voices: vec![voice] });
        }
    }
    sides.sort_by(|a, b| in_order(a.response, b.response));
    let is_recorded = |agreed: &Answer| {
        let mut all = sides.iter().flat_map(|side| &side.voices);
        all.all(|voice| tells_of(kit, instance.question, agreed, voice))
    };
    let count: usize = sides.iter().map(|side| side.voices.len()).sum();
    let verdict = match (entry.filter(|answer| counts(&answer.response)), sides.len(), count) {
        (Some(agreed), _, _) if is_recorded(agreed) => Verdict::Settled,
        (_, 0, _) => Verdict::Open,
        (_, _, 1) => Verdict::Single,
        (_, 1, _) => Verdict::Agree,
        _ => Verdict::Differ,
    };
    let spread = spread(kit, instance.question, &sides);
    Asking { instance, standing, entry, sides, others, verdict, spread }
}

/// Returns true if a response is an answer: somebody knew, or it does not apply.
pub fn counts(response: &Response) -> bool {
    matches!(response.state(), State::Answered | State::NotApplicable)
}

fn says_something(answer: &Answer) -> bool {
    answer.response != Response::Unanswered || answer.note.is_some() || !answer.evidence.is_empty()
}

/// Returns true if two responses say the same; notes beside them do not matter.
pub fn is_same(a: &Response, b: &Response) -> bool {
    match (a, b) {
        (Response::Number(a, _), Response::Number(b, _)) => a.total_cmp(b).is_eq(),
        (Response::Text(a), Response::Text(b)) => a.trim() == b.trim(),
        (Response::NotApplicable { reason: a, .. }, Response::NotApplicable { reason: b, .. }) => a == b,
        (a, b) => a == b,
    }
}

/// Orders answers as a reader wants them: from low to high, and what does not apply behind.
fn in_order(a: &Response, b: &Response) -> std::cmp::Ordering {
    match (a, b) {
        (Response::NotApplicable { reason: a, .. }, Response::NotApplicable { reason: b, .. }) => a.cmp(b),
        (Response::NotApplicable { .. }, _) => std::cmp::Ordering::Greater,
        (_, Response::NotApplicable { .. }) => std::cmp::Ordering::Less,
        (
            Response::Choices { chosen: a, not_applicable: left_out_of_a },
            Response::Choices { chosen: b, not_applicable: left_out_of_b },
        ) => a.cmp(b).then_with(|| left_out_of_a.cmp(left_out_of_b)),
        (Response::Number(a, _), Response::Number(b, _)) => a.total_cmp(b),
        (Response::Text(a), Response::Text(b)) => a.trim().cmp(b.trim()),
        (Response::Date(a), Response::Date(b)) => a.cmp(b),
        _ => std::cmp::Ordering::Equal,
    }
}

/// Returns true if an agreed answer tells of what somebody said: as the minority where it names them, else as the answer itself.
fn tells_of(kit: &Kit, question: QuestionIx, agreed: &Answer, voice: &Voice<'_>) -> bool {
    let mut named = agreed.minority.iter().filter(|one| one.by.0.iter().any(|by| by.value == voice.by)).peekable();
    if named.peek().is_none() {
        return is_same(&agreed.response, &voice.answer.response);
    }
    named.any(|one| response_of(kit, question, one).is_some_and(|response| is_same(&response, &voice.answer.response)))
}

/// Returns what a minority said; nothing if it holds a note alone, or a choice that its question does not have.
pub fn response_of(kit: &Kit, question: QuestionIx, minority: &Minority) -> Option<Response> {
    let of_kit = kit.question(question);
    let places = |texts: &Option<Texts>| -> Option<Vec<usize>> {
        let mut places: Vec<usize> = texts.iter().flat_map(Texts::strings).map(|id| of_kit.option(&id)).collect::<Option<_>>()?;
        places.sort_unstable();
        places.dedup();
        Some(places)
    };
    if let Some(given) = &minority.not_applicable {
        return Some(Response::NotApplicable { reason: given.reason, note: given.note.clone() });
    }
    if let Some(number) = minority.number {
        return Some(Response::Number(number, of_kit.band(number)));
    }
    if let Some(date) = minority.date {
        return Some(Response::Date(date));
    }
    if let Some(text) = &minority.text {
        return Some(Response::Text(text.clone()));
    }
    let (chosen, not_applicable) = (places(&minority.choose)?, places(&minority.not_applicable_choices)?);
    (!chosen.is_empty() || !not_applicable.is_empty()).then_some(Response::Choices { chosen, not_applicable })
}

fn spread(kit: &Kit, question: QuestionIx, sides: &[Side<'_>]) -> Option<Spread> {
    let mut ordered = sides.iter().map(|side| side.response).filter(|response| response.state() == State::Answered);
    let first = ordered.next()?;
    match (first, ordered.next_back()?) {
        (Response::Number(low, _), Response::Number(high, _)) => Some(Spread::Numbers(*low, *high)),
        (Response::Date(low), Response::Date(high)) => Some(Spread::Dates(*low, *high)),
        (Response::Choices { chosen: low, .. }, Response::Choices { chosen: high, .. })
            if kit.question(question).kind == QuestionType::Ladder =>
        {
            Some(Spread::Rungs(*low.first()?, *high.last()?))
        }
        _ => None,
    }
}

/// What makes an answer the agreed one.
#[derive(Clone, Debug)]
pub struct Settlement<'s> {
    /// The agreed answer.
    pub response: &'s Response,
    /// Why, in the words of the facilitator; nothing where all agree.
    pub reason: Option<&'s str>,
    /// Who stands behind it; empty for those who said so.
    pub by: &'s [String],
    /// When it was agreed.
    pub on: Date,
}

/// Returns what must change in the entry of an asking so that it holds the agreed answer, and tells of every other voice.
///
/// The reason comes first in the note, then what was noted so far, then what those said who agree, each under their name. Evidence is
/// united. Whoever said something else is kept as the minority, an earlier agreed answer that others gave too.
pub fn settle(kit: &Kit, asking: &Asking<'_>, settlement: &Settlement<'_>) -> Vec<(&'static str, Change)> {
    let before = asking.agreed();
    let is_kept = before.is_some_and(|before| is_same(&before.response, settlement.response));
    let agreeing = asking.side(settlement.response).map(|side| side.voices.as_slice()).unwrap_or_default();
    let note = joined_note(kit, asking.entry.filter(|_| before.is_none() || is_kept), agreeing, settlement.reason);
    let fields = response_fields(kit, asking.instance.question, settlement.response, note.as_deref());
    let is_set = |key: &&&str| fields.iter().any(|(name, _)| name == *key);
    let mut changes: Vec<(&'static str, Change)> = STATE_KEYS.iter().filter(|key| !is_set(key)).map(|key| (*key, Change::Remove)).collect();
    changes.extend(fields.into_iter().map(|(name, field)| (name, Change::Set(field))));
    match note {
        _ if settlement.response.state() == State::NotApplicable => changes.push(("note", Change::Remove)),
        Some(note) if asking.entry.and_then(|entry| entry.note.as_ref()) == Some(&note) => {}
        Some(note) => changes.push(("note", Change::Set(Field::Text(note)))),
        None => changes.push(("note", Change::Remove)),
    }
    let mut shown: Vec<&Evidence> = asking.entry.iter().flat_map(|entry| &entry.evidence).collect();
    for evidence in agreeing.iter().flat_map(|voice| &voice.answer.evidence) {
        if !shown.iter().any(|other| is_same_evidence(other, evidence)) {
            shown.push(evidence);
            changes.push(("evidence", Change::Append(evidence_fields(evidence))));
        }
    }
    let by = stand_behind(asking, before.filter(|_| is_kept), agreeing, settlement.by);
    changes.push(("by", if by.is_empty() { Change::Remove } else { Change::Set(Field::List(by.clone())) }));
    changes.push(("answered_on", Change::Set(Field::Text(settlement.on.to_string()))));
    changes.extend(minority_changes(kit, asking, settlement.response, &by));
    if asking.is_in_conflict() {
        changes.push(("conflict", Change::Remove));
    }
    changes
}

/// Returns what must change besides in an entry that holds a conflict, when somebody answers the question anew: the conflict is settled,
/// and what was said otherwise is kept as the minority. A note among them takes the place of the one given. Nothing where the changes do not answer it, or settle it themselves.
pub fn settle_along(kit: &Kit, question: QuestionIx, entry: &Answer, changes: &[(&str, Change)]) -> Vec<(&'static str, Change)> {
    let plain = |field: &Field| match field {
        Field::List(items) if items.len() == 1 => Field::Text(items[0].clone()),
        other => other.clone(),
    };
    let set = |(name, change): &(&str, Change)| match change {
        Change::Set(field) if STATE_KEYS.contains(name) => Some(((*name).to_owned(), plain(field))),
        _ => None,
    };
    let new: Fields = changes.iter().filter_map(set).collect();
    if entry.conflict.is_empty() || new.is_empty() || changes.iter().any(|(name, _)| *name == "conflict") {
        return Vec::new();
    }
    let given = changes.iter().find_map(|(name, change)| match change {
        Change::Set(Field::Text(note)) if *name == "note" => Some(note.clone()),
        _ => None,
    });
    let mut along = Vec::new();
    let mut notes: Vec<String> = given.into_iter().collect();
    for answer in &entry.conflict {
        let own = response_fields(kit, question, &answer.response, None);
        let own: Fields = own.into_iter().map(|(key, field)| (key.to_owned(), field)).collect();
        let note = whole_note(answer);
        if own == new {
            // Who said the same is right; what they noted stays with it.
            notes.extend(note.filter(|note| !notes.contains(note)));
        } else if !own.is_empty() || note.is_some() {
            along.push(("minority", Change::Append(voice_fields(kit, question, &answer.by, &answer.response, note.as_deref()))));
        }
    }
    if !notes.is_empty() {
        along.push(("note", Change::Set(Field::Text(notes.iter().map(|note| note.trim()).collect::<Vec<_>>().join("\n\n")))));
    }
    along.push(("conflict", Change::Remove));
    along
}

/// Returns who stands behind the agreed answer: those named, else those who said so, now or before.
fn stand_behind(asking: &Asking<'_>, before: Option<&Answer>, agreeing: &[Voice<'_>], named: &[String]) -> Vec<String> {
    if !named.is_empty() {
        return named.to_vec();
    }
    let is_agreeing = |name: &String| agreeing.iter().any(|voice| voice.by == name);
    let spoke = |name: &String| asking.voices().any(|voice| voice.by == name);
    let mut by: Vec<String> =
        before.iter().flat_map(|before| &before.by).filter(|name| is_agreeing(name) || !spoke(name)).cloned().collect();
    for voice in agreeing {
        add_all(&mut by, &voice.names());
    }
    by
}

/// Returns the note of the agreed answer; nothing if nobody noted anything.
fn joined_note(kit: &Kit, before: Option<&Answer>, agreeing: &[Voice<'_>], reason: Option<&str>) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let before = before.and_then(whole_note);
    if let Some(reason) = reason.map(str::trim).filter(|reason| before.as_ref().is_none_or(|before| !before.contains(reason))) {
        parts.push(reason.to_owned());
    }
    let mut attributed: Vec<(Vec<&str>, String)> = Vec::new();
    for voice in agreeing {
        let Some(note) = voice.note().map(|note| note.trim().to_owned()) else { continue };
        match attributed.iter_mut().find(|(_, other)| *other == note) {
            Some((names, _)) => names.push(voice.title(kit)),
            None => attributed.push((vec![voice.title(kit)], note)),
        }
    }
    let attributed = attributed.into_iter().map(|(names, note)| match names.as_slice() {
        // Nothing tells who said it.
        ["nobody named"] => note,
        names => format!("{}: {note}", names.join(", ")),
    });
    let attributed: Vec<String> = attributed.collect();
    let is_new = |part: &String| before.as_ref().is_none_or(|before| !before.contains(part.as_str()));
    let added: Vec<String> = attributed.into_iter().filter(is_new).collect();
    if parts.is_empty() && added.is_empty() {
        return before;
    }
    parts.extend(before.map(|before| before.trim().to_owned()));
    parts.extend(added);
    Some(parts.join("\n\n"))
}

/// Returns what was said beyond an answer: inside its state and beside it.
pub fn whole_note(answer: &Answer) -> Option<String> {
    let inside = match &answer.response {
        Response::DontKnow { note, .. } | Response::NotApplicable { note, .. } | Response::Parked { note } => note.as_ref(),
        _ => None,
    };
    let parts: Vec<&str> = [inside, answer.note.as_ref()].into_iter().flatten().map(String::as_str).collect();
    match parts.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()).filter(|note| !note.trim().is_empty()),
        several => Some(several.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n"))
            .filter(|note| !note.is_empty()),
    }
}

/// Returns the keys and values that say a response in a file.
fn response_fields(kit: &Kit, question: QuestionIx, response: &Response, note: Option<&str>) -> Vec<(&'static str, Field)> {
    let ids = |places: &[usize]| -> Vec<String> {
        places.iter().filter_map(|place| Some(kit.question(question).options.get(*place)?.id.clone())).collect()
    };
    match response {
        Response::Choices { chosen, not_applicable } => {
            let mut fields = Vec::new();
            match ids(chosen).as_slice() {
                [] => {}
                [one] => fields.push(("choose", Field::Text(one.clone()))),
                several => fields.push(("choose", Field::List(several.to_vec()))),
            }
            if !not_applicable.is_empty() {
                fields.push(("not_applicable_choices", Field::List(ids(not_applicable))));
            }
            fields
        }
        Response::Number(number, _) => vec![("number", Field::Number(*number))],
        Response::Text(text) => vec![("text", Field::Text(text.clone()))],
        Response::Date(date) => vec![("date", Field::Text(date.to_string()))],
        Response::NotApplicable { reason, .. } => vec![("not_applicable", not_applicable(*reason, note))],
        Response::Unanswered | Response::DontKnow { .. } | Response::Parked { .. } => Vec::new(),
    }
}

fn not_applicable(reason: Reason, note: Option<&str>) -> Field {
    let mut fields = vec![("reason".to_owned(), Field::Text(reason.word().to_owned()))];
    fields.extend(note.map(|note| ("note".to_owned(), Field::Text(note.to_owned()))));
    Field::Map(fields)
}

type Fields = Vec<(String, Field)>;

/// Returns what an agreed answer keeps of those who said something else.
fn minority_changes(kit: &Kit, asking: &Asking<'_>, response: &Response, by: &[String]) -> Vec<(&'static str, Change)> {
    let question = asking.instance.question;
    let has_spoken = |name: &str| asking.voices().any(|voice| voice.by == name);
    let kept: Vec<Fields> = asking.entry.iter().flat_map(|entry| &entry.minority).map(minority_fields).collect();
    let mut new: Vec<Fields> = Vec::new();
    let mut keep = |fields: Fields| {
        if !new.contains(&fields) {
            new.push(fields);
        }
    };
    // Who has spoken since, or has come round, no longer stands with what the minority said before.
    for one in asking.entry.iter().flat_map(|entry| &entry.minority) {
        let names = one.by.strings();
        let left: Vec<String> = names.iter().filter(|name| !has_spoken(name) && !by.contains(name)).cloned().collect();
        if names.is_empty() || !left.is_empty() {
            keep(with_names(minority_fields(one), &left));
        }
    }
    if let Some(before) = asking.agreed().filter(|before| !is_same(&before.response, response)) {
        let left: Vec<String> = before.by.iter().filter(|name| !has_spoken(name) && !by.contains(name)).cloned().collect();
        if before.by.is_empty() || !left.is_empty() {
            keep(voice_fields(kit, question, &left, &before.response, whole_note(before).as_deref()));
        }
    }
    for side in asking.sides.iter().filter(|side| !is_same(side.response, response)) {
        for voice in &side.voices {
            keep(voice_fields(kit, question, &voice.names(), side.response, voice.note().as_deref()));
        }
    }
    // What a merge brought stands nowhere else.
    for voice in asking.others.iter().filter(|voice| voice.is_merged && voice.note().is_some()) {
        keep(voice_fields(kit, question, &voice.names(), &voice.answer.response, voice.note().as_deref()));
    }
    for one in asking.voices().flat_map(|voice| &voice.answer.minority) {
        keep(minority_fields(one));
    }
    if new == kept {
        return Vec::new();
    }
    match new.strip_prefix(kept.as_slice()) {
        Some(added) if !kept.is_empty() => added.iter().map(|fields| ("minority", Change::Append(fields.clone()))).collect(),
        _ if new.is_empty() => vec![("minority", Change::Remove)],
        _ => vec![("minority", Change::Set(Field::Maps(new)))],
    }
}

fn with_names(mut fields: Fields, names: &[String]) -> Fields {
    fields.retain(|(name, _)| name != "by");
    if !names.is_empty() {
        fields.insert(0, ("by".to_owned(), Field::List(names.to_vec())));
    }
    fields
}

fn voice_fields(kit: &Kit, question: QuestionIx, names: &[String], response: &Response, note: Option<&str>) -> Fields {
    let own = response_fields(kit, question, response, None);
    let mut fields: Fields = own.into_iter().map(|(name, field)| (name.to_owned(), field)).collect();
    fields.extend(note.map(|note| ("note".to_owned(), Field::Text(note.trim().to_owned()))));
    with_names(fields, names)
}

fn minority_fields(minority: &Minority) -> Fields {
    let mut fields = Fields::new();
    let choices = |texts: &Texts| match texts.strings().as_slice() {
        [one] => Field::Text(one.clone()),
        several => Field::List(several.to_vec()),
    };
    let mut put = |name: &str, field: Option<Field>| fields.extend(field.map(|field| (name.to_owned(), field)));
    put("choose", minority.choose.as_ref().map(choices));
    put("not_applicable_choices", minority.not_applicable_choices.as_ref().map(|texts| Field::List(texts.strings())));
    put("number", minority.number.map(Field::Number));
    put("text", minority.text.clone().map(Field::Text));
    put("date", minority.date.map(|date| Field::Text(date.to_string())));
    put("not_applicable", minority.not_applicable.as_ref().map(|given| not_applicable(given.reason, given.note.as_deref())));
    put("note", minority.note.clone().map(Field::Text));
    with_names(fields, &minority.by.strings())
}

fn is_same_evidence(a: &Evidence, b: &Evidence) -> bool {
    a.title == b.title && a.link == b.link && a.collected == b.collected
}

fn evidence_fields(evidence: &Evidence) -> Fields {
    let mut fields = Fields::new();
    let mut put = |name: &str, text: Option<String>| fields.extend(text.map(|text| (name.to_owned(), Field::Text(text))));
    put("title", evidence.title.clone());
    put("link", evidence.link.clone());
    put("collected", evidence.collected.map(|date| date.to_string()));
    fields
}

fn add_all(names: &mut Vec<String>, more: &[String]) {
    for name in more {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
}
