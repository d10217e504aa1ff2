//! Discovery line by line: numbered choices, typed input, nothing moved and nothing told by colour. For screen readers, for
//! terminals that can do no more, and for whoever likes it better.

use super::input;
use super::session::{Session, said};
use super::text::{self, COMMANDS};
use crate::assessment::change::Deed;
use crate::assessment::format::Reason;
use crate::assessment::{Instance, Response};
use crate::cli::output::Exit;
use crate::diagnostic::render::tame;
use crate::kit::format::QuestionType;
use crate::scoring::wording::said as in_words;
use std::io::{self, BufRead, Write};

/// Where lines come from and go to.
pub(super) struct Console<'c> {
    pub(super) input: &'c mut dyn BufRead,
    pub(super) output: &'c mut dyn Write,
    pub(super) width: usize,
}

impl Console<'_> {
    fn say(&mut self, text: &str) -> io::Result<()> {
        for paragraph in tame(text).lines() {
            for line in textwrap::wrap(paragraph, text::unhyphenated(self.width.max(20))) {
                writeln!(self.output, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }

    /// Asks and returns the line; nothing at the end of the input.
    fn ask(&mut self, prompt: &str) -> io::Result<Option<String>> {
        write!(self.output, "{prompt}")?;
        self.output.flush()?;
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            writeln!(self.output)?;
            return Ok(None);
        }
        Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
    }
}

/// What a line asked for.
enum Step {
    /// The same question again.
    Again,
    /// The question one is at now.
    Show,
    Quit,
}

/// Asks the questions of a discovery until the user stops.
///
/// # Errors
///
/// Returns the error of the terminal.
pub(super) fn run(session: &mut Session, console: &mut Console<'_>) -> io::Result<Exit> {
    console.say("Type the number of a choice, or a command; ? lists the commands.")?;
    let mut shows = true;
    loop {
        session.remember();
        let current = session.journey.current();
        if shows {
            match current {
                Some(instance) => show(session, instance, console)?,
                None => end(session, console)?,
            }
        }
        let Some(line) = console.ask("> ")? else { return Ok(Exit::Done) };
        match step(session, current, line.trim(), console)? {
            Step::Again => shows = false,
            Step::Show => shows = true,
            Step::Quit => return Ok(Exit::Done),
        }
    }
}

fn show(session: &Session, instance: Instance, console: &mut Console<'_>) -> io::Result<()> {
    let kit = session.kit();
    let file = kit.question_file(instance.question);
    console.say("")?;
    writeln!(console.output)?;
    console.say(&format!("{}. {}.", text::position(session), text::environment(session, instance)))?;
    console.say(&format!("Question {}: {}", instance.key(kit), file.ask.value))?;
    if let Some(why) = &file.why {
        console.say(&format!("Why: {}", why.split_whitespace().collect::<Vec<_>>().join(" ")))?;
    }
    let roles: Vec<&str> = file.roles.iter().map(|role| kit.role_title(role.as_str())).collect();
    if !roles.is_empty() {
        console.say(&format!("Ask: {}", roles.join(", ")))?;
    }
    if let Some(evidence) = &file.evidence {
        console.say(&format!("Evidence: {}", evidence.value))?;
    }
    console.say(&text::how_to_answer(session, instance))?;
    let question = kit.question(instance.question);
    let chosen = |at: usize| {
        let answer = session.assessment().answer(instance).map(|answer| &answer.response);
        matches!(answer, Some(Response::Choices { chosen, .. }) if chosen.contains(&at))
    };
    if question.options.first().is_some_and(|option| option.from.is_none()) {
        for (at, option) in question.options.iter().enumerate() {
            console.say(&format!("{}: {}{}", at + 1, option.label, if chosen(at) { " (chosen)" } else { "" }))?;
        }
    }
    for one in text::standing_answer(session, instance) {
        console.say(&one)?;
    }
    Ok(())
}

fn end(session: &Session, console: &mut Console<'_>) -> io::Result<()> {
    let (resolved, visible) = session.tally();
    writeln!(console.output)?;
    if visible == 0 {
        return console.say("There is nothing to ask: no question of the kit is left by what you asked for. q quits.");
    }
    console.say(&format!(
        "That was the last question. {resolved} of {visible} are resolved. r reviews, o goes to an open one, b back, q quits."
    ))
}

/// Takes a line apart into a command and what follows it. A line that begins with `=` is an answer whatever it says.
fn command(line: &str) -> Option<(char, &str)> {
    let line = line.strip_prefix('/').unwrap_or(line);
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let word = word.to_lowercase();
    if word == "?" || word == "h" || word == "help" {
        return Some(('?', rest));
    }
    let found = COMMANDS.iter().find(|(key, name, _)| *name == word || (word.chars().count() == 1 && word.starts_with(*key)));
    found.map(|(key, ..)| (*key, rest.trim()))
}

fn step(session: &mut Session, current: Option<Instance>, line: &str, console: &mut Console<'_>) -> io::Result<Step> {
    if let Some(answer) = line.strip_prefix('=')
        && let Some(instance) = current
    {
        return answered(session, instance, answer.trim(), console);
    }
    match (command(line), current) {
        (Some((key, rest)), _) => obey(session, current, key, rest, console),
        (None, Some(_)) if line.is_empty() => {
            console.say("Type the number of a choice, s to skip, or ? for the commands.")?;
            Ok(Step::Again)
        }
        (None, Some(instance)) => answered(session, instance, line, console),
        (None, None) => {
            console.say("This is the end; r reviews, b goes back, q quits.")?;
            Ok(Step::Again)
        }
    }
}

fn answered(session: &mut Session, instance: Instance, line: &str, console: &mut Console<'_>) -> io::Result<Step> {
    let kind = session.kit().question(instance.question).kind;
    let deed = match kind {
        QuestionType::Number | QuestionType::Text | QuestionType::Date => input::typed_answer(kind, line),
        _ => input::typed_choices(session, instance, line).map(Deed::Choose),
    };
    match deed {
        Ok(deed) => save(session, &deed, true, console),
        Err(reason) => {
            console.say(&reason)?;
            Ok(Step::Again)
        }
    }
}

fn save(session: &mut Session, deed: &Deed, goes_on: bool, console: &mut Console<'_>) -> io::Result<Step> {
    match session.apply(deed) {
        Ok(Some(saved)) => {
            if let Deed::Choose(_) | Deed::Number(_) | Deed::Text(_) | Deed::Date(_) = deed
                && let Some(answer) = session.assessment().answer(saved.instance)
            {
                console.say(&format!("Chosen: {}", in_words(session.kit(), saved.instance, &answer.response)))?;
            }
            for line in text::outcome(session, &saved) {
                console.say(&line)?;
            }
            if goes_on && session.journey.current() == Some(saved.instance) {
                session.journey.forward(&session.visibility);
            }
            Ok(if goes_on { Step::Show } else { Step::Again })
        }
        Ok(None) => Ok(Step::Again),
        Err(error) => {
            console.say(&format!("Not saved: {}", said(&error)))?;
            Ok(Step::Again)
        }
    }
}

fn obey(session: &mut Session, current: Option<Instance>, key: char, rest: &str, console: &mut Console<'_>) -> io::Result<Step> {
    match (key, current) {
        ('q', _) => return Ok(Step::Quit),
        ('?', _) => {
            for (key, name, does) in COMMANDS {
                console.say(&format!("{key} or {name}: {does}"))?;
            }
            console.say("= before a text makes it an answer, even where it looks like a command.")?;
        }
        ('b', _) => {
            if session.journey.back(&session.visibility) {
                return Ok(Step::Show);
            }
            console.say("This is the first question.")?;
        }
        ('o', _) => {
            if session.journey.next_open(&session.loaded.assessment, &session.visibility) {
                return Ok(Step::Show);
            }
            console.say("No question is open.")?;
        }
        ('r', _) => review(session, console)?,
        ('j', _) => {
            let Some(text) = given(rest, "Where to? ", console)? else { return Ok(Step::Quit) };
            match input::target(session, &text) {
                Ok(to) => {
                    session.journey.jump(to, &session.visibility);
                    return Ok(Step::Show);
                }
                Err(reason) => console.say(&reason)?,
            }
        }
        (_, None) => console.say("There is no question here.")?,
        ('s', Some(_)) => {
            session.journey.forward(&session.visibility);
            return Ok(Step::Show);
        }
        ('g', Some(instance)) => {
            for (title, text) in text::design(session, instance) {
                console.say(&title)?;
                console.say(&text)?;
            }
        }
        ('c', Some(_)) => match session.clear() {
            Ok(Some(saved)) => {
                for line in text::outcome(session, &saved) {
                    console.say(&line)?;
                }
            }
            Ok(None) => console.say("There is no answer to take away.")?,
            Err(error) => console.say(&format!("Not saved: {}", said(&error)))?,
        },
        (key, Some(_)) => return asked(session, key, rest, console),
    }
    Ok(Step::Again)
}

/// Asks for what a command needs, and does it.
fn asked(session: &mut Session, key: char, rest: &str, console: &mut Console<'_>) -> io::Result<Step> {
    let some = |text: String| Some(text).filter(|text| !text.trim().is_empty());
    let reasons: Vec<String> = Reason::ALL.iter().enumerate().map(|(at, reason)| format!("{} {}", at + 1, reason.title())).collect();
    let prompt = match key {
        'p' => "Until when, or what for? ".to_owned(),
        'd' => "Who finds out, and by when? ".to_owned(),
        'x' => format!("Why does it not apply? {}; then a note. ", reasons.join(", ")),
        'e' => "A title, a link, or both: ".to_owned(),
        'w' => "Who said it, by role? ".to_owned(),
        _ => "Note; an empty line ends it.\n".to_owned(),
    };
    if key == 'n' {
        return note(session, rest, &prompt, console);
    }
    let Some(text) = given(rest, &prompt, console)? else { return Ok(Step::Quit) };
    let deed = match key {
        'p' => Ok(Deed::Park(some(text))),
        'd' => input::owner_and_due(session, &text).map(|(owner, due)| Deed::DontKnow(owner, due, None)),
        'x' => input::reason(&text).map(|(reason, note)| Deed::NotApplicable(reason, note)),
        'e' => input::evidence(&text),
        _ => input::roles(session, &text).map(Deed::By),
    };
    match deed {
        Ok(deed) => save(session, &deed, matches!(key, 'p' | 'd' | 'x'), console),
        Err(reason) => {
            console.say(&reason)?;
            Ok(Step::Again)
        }
    }
}

fn note(session: &mut Session, rest: &str, prompt: &str, console: &mut Console<'_>) -> io::Result<Step> {
    let mut lines: Vec<String> = Vec::new();
    if rest.is_empty() {
        let mut prompt = prompt;
        while let Some(line) = console.ask(prompt)?.filter(|line| !line.trim().is_empty()) {
            lines.push(line);
            prompt = "";
        }
    } else {
        lines.push(rest.to_owned());
    }
    let text = lines.join("\n");
    if text.is_empty() {
        console.say("Nothing was changed.")?;
        return Ok(Step::Again);
    }
    save(session, &Deed::Note(Some(text)), false, console)
}

/// Returns what stands behind a command, or asks for it; nothing at the end of the input.
fn given(rest: &str, prompt: &str, console: &mut Console<'_>) -> io::Result<Option<String>> {
    if rest.is_empty() { console.ask(prompt) } else { Ok(Some(rest.to_owned())) }
}

fn review(session: &Session, console: &mut Console<'_>) -> io::Result<()> {
    let kit = session.kit();
    for (capability, instances) in session.overview() {
        console.say(&kit.capabilities[capability].file.title.value)?;
        for instance in instances {
            let answer = session.assessment().answer(instance).map(|answer| in_words(kit, instance, &answer.response)).unwrap_or_default();
            let state = session.assessment().state(instance).title();
            let said = if answer.is_empty() { state.to_owned() } else { format!("{state}: {answer}") };
            console.say(&format!("  {}: {said}", instance.key(kit)))?;
        }
    }
    console.say("j and a name goes to a question.")
}
