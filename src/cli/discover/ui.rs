//! The screen of a discovery as a state machine: a key changes what is shown, and `frame` says what that is. It draws nothing.

use super::buffer::Buffer;
use super::input;
use super::session::{Saved, Session, said};
use super::text::{self, COMMANDS, Line, Look, wrapped};
use crate::assessment::change::Deed;
use crate::assessment::format::Reason;
use crate::assessment::{Instance, Plain, Response};
use crate::kit::format::QuestionType;
use crate::scoring::wording::{count, said as in_words};
use crate::workspace::Error;
use unicode_width::UnicodeWidthStr;

/// A key, or several at once from a paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Control(char),
    Paste(String),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

/// What happens after a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The screen is drawn again.
    Show,
    /// The user stops.
    Quit,
    /// The user interrupts.
    Interrupt,
    /// The note is written in an editor.
    Edit,
}

/// What is on the screen.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) lines: Vec<Line>,
    /// Column and row of the cursor, where text is typed.
    pub(super) cursor: Option<(u16, u16)>,
}

/// What a text that is typed is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Answer,
    Park,
    DontKnow,
    NotApplicable,
    Note,
    Evidence,
    Who,
    Jump,
}

#[derive(Debug)]
enum Mode {
    Question,
    Field { purpose: Purpose, buffer: Buffer },
    Page { lines: Vec<(String, String)>, top: usize },
    Review { selected: usize },
    Clear,
}

/// How much of a question is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Detail {
    /// Everything.
    All,
    /// The question and why it is asked.
    Why,
    /// The question alone.
    Question,
}

/// The screen of a discovery.
pub(super) struct Ui {
    pub(super) session: Session,
    mode: Mode,
    /// The choice the pointer is at.
    selected: Option<usize>,
    message: Vec<Line>,
}

impl Ui {
    pub(super) fn new(session: Session) -> Self {
        let mut ui = Self { session, mode: Mode::Question, selected: None, message: Vec::new() };
        ui.arrive();
        ui
    }

    /// Puts the pointer on the answer that is there.
    fn arrive(&mut self) {
        self.mode = Mode::Question;
        self.selected = self.session.journey.current().and_then(|instance| match self.session.assessment().answer(instance)?.response {
            Response::Choices { ref chosen, .. } => chosen.first().copied(),
            _ => None,
        });
    }

    fn say(&mut self, text: impl Into<String>, look: Look) {
        self.message = vec![Line::new(text, look)];
    }

    fn fail(&mut self, error: &Error) {
        self.say(format!("Not saved: {}", said(error)), Look::Alarm);
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Next {
        if key == Key::Control('c') {
            return Next::Interrupt;
        }
        match std::mem::replace(&mut self.mode, Mode::Question) {
            Mode::Question => self.key_at_question(key),
            Mode::Field { purpose, buffer } => self.key_in_field(purpose, buffer, key),
            Mode::Page { lines, top } => {
                match key {
                    Key::Down | Key::PageDown | Key::Char(' ') => {
                        self.mode = Mode::Page { top: (top + 1).min(lines.len().saturating_sub(1)), lines }
                    }
                    Key::Up | Key::PageUp => self.mode = Mode::Page { top: top.saturating_sub(1), lines },
                    _ => {}
                }
                Next::Show
            }
            Mode::Review { selected } => self.key_in_review(selected, &key),
            Mode::Clear => {
                if key == Key::Char('y') {
                    match self.session.clear() {
                        Ok(Some(saved)) => self.tell(&saved),
                        Ok(None) => {}
                        Err(error) => self.fail(&error),
                    }
                    self.arrive();
                } else {
                    self.say("The answer stays.", Look::Faint);
                }
                Next::Show
            }
        }
    }

    fn key_at_question(&mut self, key: Key) -> Next {
        self.message.clear();
        let Some(instance) = self.session.journey.current() else { return self.key_at_end(key) };
        let question = self.session.kit().question(instance.question);
        let (kind, options) = (question.kind, question.options.len());
        let is_typed = matches!(kind, QuestionType::Number | QuestionType::Text | QuestionType::Date);
        match key {
            Key::Up if !is_typed => self.selected = Some(self.selected.map_or(options - 1, |at| at.saturating_sub(1))),
            Key::Down if !is_typed => self.selected = Some(self.selected.map_or(0, |at| (at + 1).min(options - 1))),
            Key::Enter if is_typed => self.field(Purpose::Answer, &self.typed_before(instance)),
            Key::Char(c) if is_typed && (c.is_ascii_digit() || c == '-') => self.field(Purpose::Answer, &c.to_string()),
            Key::Char(' ') if kind == QuestionType::Multi => match self.selected {
                Some(at) => self.toggle(instance, at),
                None => self.say("Move to a statement first, or press its number.", Look::Alarm),
            },
            Key::Enter if kind == QuestionType::Multi => self.confirm(instance),
            Key::Enter => match self.selected {
                Some(at) => self.choose(instance, at),
                None => self.say("Press a number, or move to a choice first; `s` skips the question.", Look::Alarm),
            },
            Key::Char(c) if !is_typed && c.is_ascii_digit() => {
                let at = c.to_digit(10).map_or(0, |digit| if digit == 0 { 9 } else { digit as usize - 1 });
                if at >= options {
                    self.say(format!("There are {}.", count(options, "choice")), Look::Alarm);
                } else if kind == QuestionType::Multi {
                    self.toggle(instance, at);
                } else {
                    self.choose(instance, at);
                }
            }
            Key::Paste(text) => {
                let before = self.session.assessment().answer(instance).and_then(|answer| answer.note.clone()).unwrap_or_default();
                let joined = if before.is_empty() { text } else { format!("{}\n{text}", before.trim_end()) };
                self.field(Purpose::Note, &joined.replace("\r\n", "\n").replace('\r', "\n"));
                self.say("What was pasted is a note now; Esc saves it.", Look::Faint);
            }
            key => return self.command(&key, Some(instance)),
        }
        Next::Show
    }

    fn key_at_end(&mut self, key: Key) -> Next {
        self.command(&key, None)
    }

    fn command(&mut self, key: &Key, instance: Option<Instance>) -> Next {
        let Some(c) = (match key {
            Key::Char(c) => Some(*c),
            Key::Left => Some('b'),
            Key::Right | Key::Tab => Some('s'),
            _ => None,
        }) else {
            return Next::Show;
        };
        let note = || instance.and_then(|instance| self.session.assessment().answer(instance)?.note.clone()).unwrap_or_default();
        match (c, instance) {
            ('b', _) => {
                if self.session.journey.back(&self.session.visibility) {
                    self.arrive();
                } else {
                    self.say("This is the first question.", Look::Faint);
                }
            }
            ('q', _) => return Next::Quit,
            ('?' | 'h', _) => {
                let mut lines: Vec<String> =
                    COMMANDS.iter().map(|(key, name, does)| format!("{key}  {}: {does}", name.replace('-', " "))).collect();
                lines.push("1 to 9, 0: chooses, or ticks a statement; 0 is the tenth".to_owned());
                lines.push("arrows, Enter, Space: move, choose, tick".to_owned());
                lines.push("Ctrl-C: stops at once; everything up to the last answer is saved".to_owned());
                self.mode = Mode::Page { lines: lines.into_iter().map(|line| (line, String::new())).collect(), top: 0 };
            }
            ('r', _) => {
                let here = self.session.journey.visible(&self.session.visibility).position(|other| Some(other) == instance);
                self.mode = Mode::Review { selected: here.unwrap_or(0) };
            }
            ('j', _) => self.field(Purpose::Jump, ""),
            ('o', _) => {
                let Session { journey, loaded, visibility, .. } = &mut self.session;
                if journey.next_open(&loaded.assessment, visibility) {
                    self.arrive();
                } else {
                    self.say("No question is open.", Look::Faint);
                }
            }
            ('s' | 'f', Some(_)) => self.forward(),
            ('p', Some(_)) => self.field(Purpose::Park, ""),
            ('d', Some(_)) => self.field(Purpose::DontKnow, ""),
            ('x', Some(_)) => self.field(Purpose::NotApplicable, ""),
            ('n', Some(_)) => self.field(Purpose::Note, &note()),
            ('e', Some(_)) => self.field(Purpose::Evidence, ""),
            ('w', Some(instance)) => {
                let by = self.session.assessment().answer(instance).map(|answer| answer.by.join(", ")).unwrap_or_default();
                self.field(Purpose::Who, &by);
            }
            ('c', Some(instance)) if self.session.assessment().answer(instance).is_some() => self.mode = Mode::Clear,
            ('c', Some(_)) => self.say("There is no answer to take away.", Look::Faint),
            ('g', Some(instance)) => {
                let lines = text::design(&self.session, instance);
                if lines.is_empty() {
                    self.say("No practice rests on this question.", Look::Faint);
                } else {
                    self.mode = Mode::Page { lines, top: 0 };
                }
            }
            (c, _) => self.say(format!("`{c}` is no command here; ? shows them."), Look::Alarm),
        }
        Next::Show
    }

    fn field(&mut self, purpose: Purpose, text: &str) {
        self.mode = Mode::Field { purpose, buffer: Buffer::new(text.trim_end()) };
    }

    fn typed_before(&self, instance: Instance) -> String {
        match self.session.assessment().answer(instance).map(|answer| &answer.response) {
            Some(Response::Number(number, _)) => Plain(*number).to_string(),
            Some(Response::Text(text)) => text.clone(),
            Some(Response::Date(date)) => date.to_string(),
            _ => String::new(),
        }
    }

    fn key_in_field(&mut self, purpose: Purpose, mut buffer: Buffer, key: Key) -> Next {
        let is_note = purpose == Purpose::Note;
        match key {
            Key::Enter if !is_note => return self.submit(purpose, buffer),
            Key::Esc | Key::Control('d') if is_note => return self.submit(purpose, buffer),
            Key::Esc => {
                self.say("Nothing was changed.", Look::Faint);
                return Next::Show;
            }
            Key::Control('e') if is_note => {
                self.mode = Mode::Field { purpose, buffer };
                return Next::Edit;
            }
            Key::Enter => buffer.insert("\n"),
            Key::Paste(text) if is_note => buffer.insert(&text.replace("\r\n", "\n").replace('\r', "\n")),
            Key::Paste(text) => buffer.insert(&text.trim().lines().map(str::trim).collect::<Vec<_>>().join(" / ")),
            Key::Char(c) => buffer.insert(&c.to_string()),
            Key::Backspace => buffer.backspace(),
            Key::Delete => buffer.delete(),
            Key::Left => buffer.left(),
            Key::Right => buffer.right(),
            Key::Home => buffer.home(),
            Key::End => buffer.end(),
            Key::Up => buffer.up(),
            Key::Down => buffer.down(),
            Key::Control('u') => buffer = Buffer::default(),
            _ => {}
        }
        self.mode = Mode::Field { purpose, buffer };
        Next::Show
    }

    /// Takes what was typed. What does not fit stays in the field.
    fn submit(&mut self, purpose: Purpose, buffer: Buffer) -> Next {
        self.message.clear();
        let typed = buffer.text();
        let typed = typed.trim();
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let Some(instance) = self.session.journey.current().filter(|_| purpose != Purpose::Jump) else {
            match input::target(&self.session, typed) {
                Ok(to) => {
                    self.session.journey.jump(to, &self.session.visibility);
                    self.arrive();
                }
                Err(reason) => self.refuse(purpose, buffer, reason),
            }
            return Next::Show;
        };
        let kind = self.session.kit().question(instance.question).kind;
        let deed = match purpose {
            Purpose::Answer => input::typed_answer(kind, typed),
            Purpose::Park => Ok(Deed::Park(some(typed))),
            Purpose::DontKnow => input::owner_and_due(&self.session, typed).map(|(owner, due)| Deed::DontKnow(owner, due, None)),
            Purpose::NotApplicable => input::reason(typed).map(|(reason, note)| Deed::NotApplicable(reason, note)),
            Purpose::Note => Ok(Deed::Note(some(typed))),
            Purpose::Evidence => input::evidence(typed),
            Purpose::Who => input::roles(&self.session, typed).map(Deed::By),
            Purpose::Jump => return Next::Show,
        };
        let deed = match deed {
            Ok(deed) => deed,
            Err(reason) => {
                self.refuse(purpose, buffer, reason);
                return Next::Show;
            }
        };
        let goes_on = matches!(purpose, Purpose::Answer | Purpose::Park | Purpose::DontKnow | Purpose::NotApplicable);
        match self.session.apply(&deed) {
            Ok(Some(saved)) => {
                self.tell(&saved);
                if goes_on && self.session.journey.current() == Some(saved.instance) {
                    self.session.journey.forward(&self.session.visibility);
                }
                self.arrive();
            }
            Ok(None) => {}
            Err(error) => self.refuse(purpose, buffer, format!("Not saved: {}", said(&error))),
        }
        Next::Show
    }

    fn refuse(&mut self, purpose: Purpose, buffer: Buffer, reason: String) {
        self.say(reason, Look::Alarm);
        self.mode = Mode::Field { purpose, buffer };
    }

    fn key_in_review(&mut self, selected: usize, key: &Key) -> Next {
        let visible: Vec<Instance> = self.session.journey.visible(&self.session.visibility).collect();
        let last = visible.len().saturating_sub(1);
        let selected = match key {
            Key::Up => selected.saturating_sub(1),
            Key::Down => (selected + 1).min(last),
            Key::PageUp => selected.saturating_sub(10),
            Key::PageDown | Key::Char(' ') => (selected + 10).min(last),
            Key::Home => 0,
            Key::End => last,
            Key::Char('o') => {
                let open = |at: &usize| self.session.assessment().is_to_ask(visible[*at]);
                (selected + 1..visible.len()).chain(0..=selected.min(last)).find(open).unwrap_or(selected)
            }
            Key::Enter => {
                if let Some(instance) = visible.get(selected) {
                    self.session.journey.jump(*instance, &self.session.visibility);
                }
                self.arrive();
                return Next::Show;
            }
            _ => return Next::Show,
        };
        self.mode = Mode::Review { selected };
        Next::Show
    }

    fn forward(&mut self) {
        self.session.journey.forward(&self.session.visibility);
        self.arrive();
    }

    /// Goes on from a checklist. One that is asked again is thereby answered as it stands.
    fn confirm(&mut self, instance: Instance) {
        let Some(answer) = self.session.assessment().answer(instance).filter(|answer| answer.ask_again.is_some()) else {
            return self.forward();
        };
        let Response::Choices { chosen, .. } = &answer.response else { return self.forward() };
        let options = &self.session.kit().question(instance.question).options;
        let ids = chosen.iter().map(|at| options[*at].id.clone()).collect();
        match self.session.apply(&Deed::Choose(ids)) {
            Ok(saved) => {
                if let Some(saved) = &saved {
                    self.tell(saved);
                }
                self.forward();
            }
            Err(error) => self.fail(&error),
        }
    }

    fn choose(&mut self, instance: Instance, at: usize) {
        let id = self.session.kit().question(instance.question).options[at].id.clone();
        match self.session.apply(&Deed::Choose(vec![id])) {
            Ok(Some(saved)) => {
                self.tell(&saved);
                if self.session.journey.current() == Some(instance) {
                    self.session.journey.forward(&self.session.visibility);
                }
                self.arrive();
            }
            Ok(None) => {}
            Err(error) => self.fail(&error),
        }
    }

    /// Ticks a statement, or takes the tick away; "none of these" goes with no other.
    fn toggle(&mut self, instance: Instance, at: usize) {
        let options = &self.session.kit().question(instance.question).options;
        let mut chosen: Vec<usize> = match self.session.assessment().answer(instance).map(|answer| &answer.response) {
            Some(Response::Choices { chosen, .. }) => chosen.clone(),
            _ => Vec::new(),
        };
        if let Some(place) = chosen.iter().position(|other| *other == at) {
            chosen.remove(place);
        } else {
            chosen.retain(|other| !options[at].is_none && !options[*other].is_none);
            chosen.push(at);
            chosen.sort_unstable();
        }
        let ids = chosen.iter().map(|option| options[*option].id.clone()).collect();
        match self.session.apply(&Deed::Choose(ids)) {
            Ok(Some(saved)) => self.tell(&saved),
            Ok(None) => {}
            Err(error) => self.fail(&error),
        }
        self.selected = Some(at);
    }

    fn tell(&mut self, saved: &Saved) {
        let outcome = text::outcome(&self.session, saved);
        self.message =
            outcome.into_iter().enumerate().map(|(at, line)| Line::new(line, if at == 0 { Look::Strong } else { Look::Plain })).collect();
    }

    /// Returns the note that is being typed, for the editor.
    pub(super) fn note(&self) -> String {
        match &self.mode {
            Mode::Field { buffer, .. } => buffer.text(),
            _ => String::new(),
        }
    }

    /// Takes the note that an editor wrote; nothing if it was not to be had.
    pub(super) fn edited(&mut self, note: Result<String, String>) {
        match note {
            Ok(text) => {
                let _ = self.submit(Purpose::Note, Buffer::new(&text));
            }
            Err(reason) => {
                let buffer = Buffer::new(&self.note());
                self.refuse(Purpose::Note, buffer, reason);
            }
        }
    }

    /// Returns what is on a screen of this size.
    pub(super) fn frame(&self, width: usize, height: usize) -> Frame {
        let (width, height) = (width.clamp(20, 120), height.max(8));
        let head = self.head(width);
        let (foot, cursor_in_foot) = self.foot(width, height);
        let room = height.saturating_sub(head.len() + foot.len()).max(1);
        let (body, focus) = self.body(width, room);
        let mut lines = head;
        let above = lines.len();
        if body.len() <= room {
            lines.extend(body);
            lines.resize(above + room, Line::default());
        } else {
            // What has the focus stays in sight; a mark says that there is more.
            let top = focus.map_or(0, |(first, last)| last.saturating_sub(room.saturating_sub(2)).min(first)).min(body.len() - room);
            let mut shown: Vec<Line> = body[top..top + room].to_vec();
            if top > 0 {
                shown[0] = Line::new("  ^ more above", Look::Faint);
            }
            if top + room < body.len() {
                shown[room - 1] = Line::new("  v more below", Look::Faint);
            }
            lines.extend(shown);
        }
        let foot_starts = lines.len();
        lines.extend(foot);
        let cursor = cursor_in_foot
            .map(|(column, row)| (u16::try_from(column).unwrap_or(u16::MAX), u16::try_from(foot_starts + row).unwrap_or(u16::MAX)));
        Frame { lines, cursor }
    }

    fn head(&self, width: usize) -> Vec<Line> {
        let position = text::position(&self.session);
        let place = self.session.journey.current().map(|instance| text::environment(&self.session, instance)).unwrap_or_default();
        let gap = width.saturating_sub(position.width() + place.width());
        let mut lines = if gap >= 2 {
            vec![Line::new(format!("{position}{}{place}", " ".repeat(gap)), Look::Strong)]
        } else {
            let mut lines = wrapped("", &position, width, Look::Strong);
            lines.extend(wrapped("", &place, width, Look::Strong));
            lines
        };
        lines.push(Line::new("-".repeat(width), Look::Faint));
        lines
    }

    /// Returns the lines of the body, and the first and last line of what has the focus.
    fn body(&self, width: usize, room: usize) -> (Vec<Line>, Option<(usize, usize)>) {
        match &self.mode {
            Mode::Page { lines, top } => {
                let mut shown = Vec::new();
                for (title, text) in lines.iter().skip(*top) {
                    let look = if text.is_empty() { Look::Plain } else { Look::Strong };
                    shown.extend(wrapped("", title, width, look));
                    if !text.is_empty() {
                        shown.extend(wrapped("   ", text, width, Look::Plain));
                    }
                }
                (shown, None)
            }
            Mode::Review { selected } => self.review(*selected, width),
            _ => match self.session.journey.current() {
                Some(instance) => {
                    // Where there is little room the choices come before the reasons, which `g` shows too.
                    let fits = |(lines, _): &(Vec<Line>, Option<(usize, usize)>)| lines.len() <= room;
                    let all = self.question(instance, width, Detail::All);
                    let shorter = || Some(self.question(instance, width, Detail::Why)).filter(fits);
                    let shortest = || Some(self.question(instance, width, Detail::Question)).filter(fits);
                    if fits(&all) { all } else { shorter().or_else(shortest).unwrap_or(all) }
                }
                None => (self.end(width), None),
            },
        }
    }

    fn question(&self, instance: Instance, width: usize, detail: Detail) -> (Vec<Line>, Option<(usize, usize)>) {
        let kit = self.session.kit();
        let file = kit.question_file(instance.question);
        let mut lines = wrapped("", &file.ask, width, Look::Strong);
        if detail != Detail::Question && (file.why.is_some() || !file.roles.is_empty() || file.evidence.is_some()) {
            lines.push(Line::default());
        }
        if let Some(why) = file.why.as_ref().filter(|_| detail != Detail::Question) {
            let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
            lines.extend(wrapped("", &why, width, Look::Plain));
        }
        let roles: Vec<&str> = file.roles.iter().map(|role| kit.role_title(role.as_str())).collect();
        let mut ask = if roles.is_empty() { String::new() } else { format!("Ask: {}.", roles.join(", ")) };
        if let Some(evidence) = &file.evidence {
            ask = format!("{ask} Evidence: {}.", evidence.trim_end_matches('.'));
        }
        if !ask.is_empty() && detail == Detail::All {
            lines.extend(wrapped("", ask.trim(), width, Look::Faint));
        }
        lines.push(Line::default());
        lines.extend(wrapped("", &text::how_to_answer(&self.session, instance), width, Look::Faint));
        let question = kit.question(instance.question);
        let answer = self.session.assessment().answer(instance);
        let chosen =
            |at: usize| matches!(answer.map(|answer| &answer.response), Some(Response::Choices { chosen, .. }) if chosen.contains(&at));
        let mut focus = None;
        if question.options.first().is_some_and(|option| option.from.is_none()) {
            for (at, option) in question.options.iter().enumerate() {
                let pointer = if self.selected == Some(at) { '>' } else { ' ' };
                let (open, close) = if question.kind == QuestionType::Multi { ('[', ']') } else { ('(', ')') };
                let tick = if chosen(at) { 'x' } else { ' ' };
                let first = format!("{pointer} {open}{tick}{close} {:>2}  ", at + 1);
                let look = if chosen(at) { Look::Chosen } else { Look::Plain };
                let start = lines.len();
                lines.extend(wrapped(&first, &option.label, width, look));
                if self.selected == Some(at) {
                    focus = Some((start, lines.len() - 1));
                }
            }
        }
        let standing = text::standing_answer(&self.session, instance);
        if !standing.is_empty() {
            lines.push(Line::default());
            for one in standing {
                lines.extend(wrapped("", &one, width, Look::Chosen));
            }
        }
        (lines, focus)
    }

    fn review(&self, selected: usize, width: usize) -> (Vec<Line>, Option<(usize, usize)>) {
        let kit = self.session.kit();
        let mut lines = Vec::new();
        let mut focus = None;
        let mut last = None;
        for (at, instance) in self.session.journey.visible(&self.session.visibility).enumerate() {
            let capability = kit.question(instance.question).capability;
            if last.replace(capability) != Some(capability) {
                lines.extend(wrapped("", &kit.capability(capability).file.title, width, Look::Strong));
            }
            let state = self.session.assessment().state(instance);
            let answer =
                self.session.assessment().answer(instance).map(|answer| in_words(kit, instance, &answer.response)).unwrap_or_default();
            let said = if answer.is_empty() { state.title().to_owned() } else { answer };
            let pointer = if at == selected { '>' } else { ' ' };
            let text = format!("{}: {}", instance.key(kit), said.split_whitespace().collect::<Vec<_>>().join(" "));
            let start = lines.len();
            let all = wrapped(&format!("{pointer} [{}] ", text::mark(state)), &text, width, Look::Plain);
            // One line each, so that many fit; the one that is chosen in full.
            lines.extend(if at == selected { all } else { all.into_iter().take(1).collect() });
            if at == selected {
                focus = Some((start, lines.len() - 1));
            }
        }
        (lines, focus)
    }

    fn end(&self, width: usize) -> Vec<Line> {
        let (resolved, visible) = self.session.tally();
        let open = visible - resolved;
        let text = if visible == 0 {
            "There is nothing to ask: no question of the kit is left by what you asked for.".to_owned()
        } else if open == 0 {
            format!("That was all: {} resolved.", count(visible, "question"))
        } else {
            format!(
                "That was the last question. {resolved} of {visible} are resolved; {} still open: `o` goes there.",
                if open == 1 { "1 is".to_owned() } else { format!("{open} are") }
            )
        };
        let mut lines = wrapped("", &text, width, Look::Strong);
        lines.push(Line::default());
        lines.extend(wrapped(
            "",
            "`r` reviews the answers, `b` goes back, `q` stops. Then `opsready score` and `opsready render`.",
            width,
            Look::Plain,
        ));
        lines
    }

    /// Returns the lines at the bottom, and where the cursor is in them.
    fn foot(&self, width: usize, height: usize) -> (Vec<Line>, Option<(usize, usize)>) {
        let mut lines = vec![Line::new("-".repeat(width), Look::Faint)];
        let mut message: Vec<Line> = self.message.iter().flat_map(|line| wrapped("", &line.text, width, line.look)).collect();
        let most = (height / 4).max(2);
        if message.len() > most {
            message.truncate(most);
            if let Some(last) = message.last_mut() {
                last.text.push_str(" …");
            }
        }
        lines.extend(message);
        match &self.mode {
            Mode::Field { purpose, buffer } => {
                lines.extend(self.label(*purpose).into_iter().flat_map(|line| wrapped("", &line, width, Look::Faint)));
                let (rows, (row, column)) = buffer.rows(width.saturating_sub(2));
                let room = (height / 2).max(2);
                let top = (row + 1).saturating_sub(room);
                let first = lines.len();
                lines.extend(rows.iter().skip(top).take(room).map(|row| Line::new(format!("> {row}"), Look::Plain)));
                let cursor = (column + 2, first + row - top);
                return (lines, Some(cursor));
            }
            Mode::Page { .. } => lines.push(Line::new("Any key goes back; arrows scroll.", Look::Faint)),
            Mode::Review { .. } => {
                lines.extend(wrapped("", "Enter goes to the question, o to the next open one, any other key back.", width, Look::Faint));
            }
            Mode::Clear => lines.extend(wrapped("", "Take this answer away? y does, any other key keeps it.", width, Look::Alarm)),
            Mode::Question => {
                let names = match self.session.journey.current() {
                    None => "brojq",
                    Some(_) if width < 60 => "bsnq",
                    Some(_) => "bspdxnegq",
                };
                let shown: Vec<String> = COMMANDS
                    .iter()
                    .filter(|(key, ..)| names.contains(*key))
                    .map(|(key, name, _)| format!("{key} {}", name.replace('-', " ")))
                    .chain(Some("? all keys".to_owned()))
                    .collect();
                lines.extend(wrapped("", &shown.join("   "), width, Look::Faint));
            }
        }
        (lines, None)
    }

    fn label(&self, purpose: Purpose) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        match purpose {
            Purpose::Answer => one("Your answer. Enter saves, Esc leaves it."),
            Purpose::Park => one("Parked: until when, or what for? Enter saves, Esc leaves it."),
            Purpose::DontKnow => {
                one("Who finds out, and by when? A role and a date, such as `security-lead, 2026-12-01`; either may be left out.")
            }
            Purpose::NotApplicable => {
                let reasons: Vec<String> =
                    Reason::ALL.iter().enumerate().map(|(at, reason)| format!("{} {}", at + 1, reason.title())).collect();
                vec![format!("Why does it not apply? {}. A number, then a note: `1 no servers left`.", reasons.join(", "))]
            }
            Purpose::Note => one("Note, as many lines as you like. Esc saves, Ctrl-E opens your editor, Ctrl-U empties it."),
            Purpose::Evidence => one("Evidence: a title, a link, or a title and then a link. Enter adds it, Esc leaves it."),
            Purpose::Who => {
                let roles: Vec<&str> = self.session.kit().file.roles.iter().map(|role| role.id.as_str()).collect();
                vec!["Who said it? Roles, separated by commas; the beginning of a name is enough.".to_owned(), roles.join(", ")]
            }
            Purpose::Jump => one("Where to? A part of a question's or capability's name. Enter goes there, Esc stays."),
        }
    }
}
