//! What `opsready decision` and `opsready risk` share: links, names, questions at the terminal, and what is shown of an entry.

use super::discover::editor;
use super::output::{Exit, Output, Refusal};
use crate::assessment::register::Registers;
use crate::assessment::register::write::{Given, new_id};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::workspace::registers::{Register, RegisterFile};
use crate::workspace::{Error, Loaded, Workspace};
use crate::yaml::edit::{Change, Field};
use crate::yaml::record::{At, Date, Id, list};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use std::fmt::Write;

/// How long a title may be, in characters: it is a heading and a cell of tables.
const LONGEST_TITLE: usize = 200;

/// How many entries are named where a name fits several.
const NAMED: usize = 5;

/// Makes the file of what was given.
pub(super) type TextOf<'t> = dyn Fn(&[(&'static str, Given)]) -> anyhow::Result<String> + 't;

/// What an entry belongs to.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Links {
    /// The capability that it belongs to
    #[arg(long, value_name = "ID")]
    capability: Option<String>,
    /// A question whose answer led to it or shows it
    #[arg(long, value_name = "QUESTION[@ENV]")]
    question: Vec<String>,
    /// A practice, and so a gap, that it bears on
    #[arg(long, value_name = "ID")]
    practice: Vec<String>,
    /// A story that carries it out or settles it
    #[arg(long, value_name = "ID")]
    story: Vec<String>,
}

impl Links {
    /// Returns what was given.
    pub(super) fn given(&self) -> Vec<(&'static str, Given)> {
        let mut given = texts(&[("capability", &self.capability)]);
        given.extend(ids(&[("questions", &self.question), ("practices", &self.practice), ("stories", &self.story)]));
        given
    }
}

/// Returns the texts that were given.
pub(super) fn texts(all: &[(&'static str, &Option<String>)]) -> Vec<(&'static str, Given)> {
    all.iter().filter_map(|(key, text)| Some((*key, Given::Text(text.as_ref()?.trim().to_owned())))).collect()
}

/// Returns the lists of ids that were given.
pub(super) fn ids(all: &[(&'static str, &Vec<String>)]) -> Vec<(&'static str, Given)> {
    let given = all.iter().filter(|(_, ids)| !ids.is_empty());
    given.map(|(key, ids)| (*key, Given::Ids(ids.iter().map(|id| id.trim().to_owned()).collect()))).collect()
}

/// How a new entry is made.
#[derive(Debug, clap::Args)]
pub(super) struct Making {
    /// The day on which it came up [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// The words of its id, without a mark behind them [default: those of the title, and four letters that no other branch gives]
    #[arg(long, value_name = "WORDS")]
    slug: Option<String>,
    /// Open the new file in $VISUAL or $EDITOR
    #[arg(long)]
    pub(super) edit: bool,
}

impl Making {
    /// Returns the day on which the matter came up.
    fn day(&self) -> anyhow::Result<Date> {
        self.on.as_deref().map_or_else(|| Ok(super::output::today()), super::answer::date_of)
    }

    /// Returns an id that is not taken for a new entry that says this.
    pub(super) fn id(&self, workspace: &Workspace, register: Register, title: &str, said: &str, word: &str) -> anyhow::Result<String> {
        let day = self.day()?;
        let is_taken = |id: &str| workspace.entry_path(register, id).exists();
        let Some(words) = &self.slug else {
            // What is written and the moment: two branches, and two people, never give the same.
            let moment = super::output::now().timestamp().as_nanosecond();
            let salted = |number: usize| new_id(day, title, word, &format!("{said}{moment} {number}")).0;
            let mut ids = (0..usize::MAX).map(salted);
            return Ok(ids.find(|id| !is_taken(id)).expect("there are more numbers than files"));
        };
        let id = format!("{day}-{words}");
        if !Id::is_valid(&id) || words.is_empty() {
            let help = "words have letters and digits, with `-` between them: `two-people-on-call`".to_owned();
            return Err(Refusal::because(format!("`{words}` cannot be part of an id"), Some(help)));
        }
        if is_taken(&id) {
            let help = format!("change it with `opsready {} set {id} …`, or choose other words", register.noun());
            return Err(Refusal::because(format!("there is an entry `{id}` already"), Some(help)));
        }
        Ok(id)
    }
}

/// Returns a title as one line.
pub(super) fn title(text: &str) -> anyhow::Result<String> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let title = words.join(" ");
    let length = title.chars().count();
    if title.is_empty() {
        return Err(Refusal::because("the title is empty", Some("a title says in a few words what it is about".to_owned())));
    }
    if length > LONGEST_TITLE {
        let help = "say the rest with `--statement`".to_owned();
        return Err(Refusal::because(format!("the title has {length} characters; {LONGEST_TITLE} fit into a table"), Some(help)));
    }
    Ok(title)
}

/// Returns the entry that a name means: an id, or a part that only one id has.
pub(super) fn find<'a>(known: &[&'a str], name: &str, noun: &str) -> anyhow::Result<&'a str> {
    if let Some(id) = known.iter().find(|id| **id == name) {
        return Ok(id);
    }
    // Whole words are meant rather than a part of one: `here` is not in `there`.
    let of_words = |id: &&str| format!("-{id}-").contains(&format!("-{name}-"));
    let is_part = |id: &&str| !name.is_empty() && id.contains(name);
    let mut meant: Vec<&str> = known.iter().copied().filter(of_words).collect();
    if meant.is_empty() {
        meant = known.iter().copied().filter(is_part).collect();
    }
    match meant.as_slice() {
        [id] => Ok(id),
        [] => {
            let parts = known.iter().flat_map(|id| [*id, id.get(11..).unwrap_or_default()]);
            let help = did_you_mean(name, parts).unwrap_or_else(|| format!("`opsready {noun} list` shows what there is"));
            Err(Refusal::because(format!("there is no {noun} `{name}`"), Some(help)))
        }
        several => {
            let more = several.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let help = format!("it is part of {}{more}", list(&several[..several.len().min(NAMED)]));
            Err(Refusal::because(format!("`{name}` fits {} of them; say more of it", several.len()), Some(help)))
        }
    }
}

/// Returns for each id the shortest end of it, of whole words, that no other id has.
pub(super) fn names(known: &[&str]) -> Vec<String> {
    let name = |id: &&str| {
        let starts: Vec<usize> = id.match_indices('-').map(|(at, _)| at + 1).filter(|at| *at > 10).collect();
        let is_unique = |at: &&usize| known.iter().filter(|other| other.contains(&id[**at..])).count() == 1;
        starts.iter().rev().filter(|at| id.len() - **at > 3).find(is_unique).map_or(*id, |at| &id[*at..]).to_owned()
    };
    known.iter().map(name).collect()
}

/// Returns what is to change in the file of an entry: texts are set, lists grow by what they do not hold yet, keys that are cleared go.
pub(super) fn changes(given: &[(&'static str, Given)], cleared: &[String], held: impl Fn(&str) -> Vec<String>) -> Vec<(String, Change)> {
    let mut changes: Vec<(String, Change)> = cleared.iter().map(|key| (key.clone(), Change::Remove)).collect();
    for (key, value) in given {
        match value {
            Given::Text(text) => changes.push(((*key).to_owned(), Change::Set(Field::Text(text.clone())))),
            Given::Ids(all) | Given::Texts(all) => {
                let held = if cleared.iter().any(|cleared| cleared == key) { Vec::new() } else { held(key) };
                let new = all.iter().filter(|one| !held.contains(one));
                changes.extend(new.map(|one| ((*key).to_owned(), Change::Push(one.clone()))));
            }
            Given::Options(_) => {}
        }
    }
    changes
}

/// Refuses to clear a key that an entry must have, or does not know.
pub(super) fn check_cleared(cleared: &[String], keys: &[&str], needed: &[&str], noun: &str) -> anyhow::Result<()> {
    for key in cleared {
        if needed.contains(&key.as_str()) {
            return Err(Refusal::because(format!("a {noun} must have `{key}`"), Some("give it another value instead".to_owned())));
        }
        if !keys.contains(&key.as_str()) {
            let can_go: Vec<&str> = keys.iter().copied().filter(|key| !needed.contains(key)).collect();
            let help = did_you_mean(key, can_go.iter().copied()).unwrap_or_else(|| format!("these can go: {}", list(&can_go)));
            return Err(Refusal::because(format!("a {noun} has no key `{key}`"), Some(help)));
        }
    }
    Ok(())
}

/// Refuses a text that says nothing.
pub(super) fn check_texts(given: &[(&'static str, Given)]) -> anyhow::Result<()> {
    let is_empty = |value: &Given| match value {
        Given::Text(text) => text.is_empty(),
        Given::Ids(all) | Given::Texts(all) => all.iter().any(String::is_empty),
        Given::Options(_) => false,
    };
    match given.iter().find(|(_, value)| is_empty(value)) {
        None => Ok(()),
        Some((key, _)) => {
            let help = format!("leave it out; `set … --clear {key}` takes out what is there");
            Err(Refusal::because(format!("`{key}` is empty"), Some(help)))
        }
    }
}

/// Returns the registers with what is to be written, or every fault: those that were found before, and those in the files. `mended` is the
/// first file with good values in the place of those that cannot be read, since these would hide that other values name nothing.
pub(super) fn checked(
    workspace: &Workspace,
    loaded: &Loaded,
    files: &[RegisterFile],
    mended: Option<String>,
    mut found: Vec<Diagnostic>,
) -> Result<(Registers, Vec<Diagnostic>), Error> {
    let result = workspace.registers_with(&loaded.kit, files);
    let (Ok(_), true) = (&result, found.is_empty()) else {
        found.extend(faults(result)?);
        if let (Some(text), [first, ..]) = (mended, files) {
            let more = faults(workspace.registers_with(&loaded.kit, &[RegisterFile { text, ..first.clone() }]))?;
            let is_new = |fault: &Diagnostic| !found.iter().any(|known| known.message == fault.message);
            let more: Vec<Diagnostic> = more.into_iter().filter(is_new).collect();
            found.extend(more);
        }
        found.sort_by_key(|fault| fault.location.as_ref().map(|location| location.span.start));
        return Err(Error::Files(found));
    };
    result
}

fn faults<T>(result: Result<T, Error>) -> Result<Vec<Diagnostic>, Error> {
    match result {
        Ok(_) => Ok(Vec::new()),
        Err(Error::Files(found)) => Ok(found),
        Err(error) => Err(error),
    }
}

/// Returns what was given with good values in the place of those that cannot be read; nothing if all can. `word` has a good word for a
/// key that takes only some.
pub(super) fn mended(
    given: &[(&'static str, Given)],
    word: impl Fn(&str, &str) -> Option<&'static str>,
) -> Option<Vec<(&'static str, Given)>> {
    let one = |(key, value): &(&'static str, Given)| {
        let value = match value {
            Given::Text(text) if matches!(*key, "decided_on" | "review_on" | "due") && Date::parse(text).is_none() => {
                Some(Given::Text("9999-12-31".to_owned()))
            }
            Given::Text(text) if matches!(*key, "capability" | "decides") && !Id::is_valid(text) => None,
            Given::Text(text) => Some(Given::Text(word(key, text).map_or_else(|| text.clone(), str::to_owned))),
            Given::Ids(ids) if *key != "questions" => Some(Given::Ids(ids.iter().filter(|id| Id::is_valid(id)).cloned().collect())),
            other => Some(other.clone()),
        };
        value.map(|value| (*key, value))
    };
    let mended: Vec<_> = given.iter().filter_map(one).collect();
    (mended != given).then_some(mended)
}

/// Opens a new file in the user's editor, and says what is wrong with it then.
pub(super) fn edit(workspace: &Workspace, register: Register, id: &str, output: &mut Output) -> anyhow::Result<Exit> {
    output.flush()?;
    if let Err(why) = editor::open(&workspace.entry_path(register, id)) {
        output.error(&why, Some("the file is written; open it by hand"));
        return Ok(Exit::Machine);
    }
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    Ok(Exit::Done)
}

/// Refuses `--edit` where nobody sits at a terminal.
pub(super) fn check_edit(making: &Making, global: &super::Global) -> anyhow::Result<()> {
    if making.edit && (!global.may_ask() || global.json) {
        let help = "leave `--edit` out, and open the file that is printed".to_owned();
        return Err(Refusal::because("`--edit` needs a terminal", Some(help)));
    }
    Ok(())
}

/// Asks for a text; an empty answer is nothing where that may be.
pub(super) fn ask(prompt: &str, is_needed: bool) -> anyhow::Result<Option<String>> {
    let input = dialoguer::Input::<String>::new().with_prompt(prompt).allow_empty(!is_needed);
    let text = input.interact_text().map_err(super::init::stopped)?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// Asks for one of several.
pub(super) fn choose(prompt: &str, items: &[&str]) -> anyhow::Result<usize> {
    Ok(dialoguer::Select::new().with_prompt(prompt).items(items).default(0).interact().map_err(super::init::stopped)?)
}

/// Asks for the capability that an entry belongs to.
pub(super) fn ask_capability(loaded: &Loaded) -> anyhow::Result<Option<String>> {
    let in_scope: Vec<_> = loaded.assessment.capabilities_in_scope(&loaded.kit).collect();
    let titles = in_scope.iter().map(|ix| loaded.kit.capability(*ix).file.title.as_str());
    let items: Vec<&str> = std::iter::once("none, or all").chain(titles).collect();
    let chosen = choose("Capability", &items)?;
    Ok(chosen.checked_sub(1).map(|at| loaded.kit.capability_id(in_scope[at]).to_owned()))
}

/// Returns an empty table for the terminal.
pub(super) fn table(width: usize, header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(100));
    table.set_header(header.iter().copied());
    // A date is never broken.
    if let Some(dates) = table.column_mut(header.len() - 1) {
        dates.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(12)));
    }
    table
}

/// Returns a date that may be missing, for a table.
pub(super) fn dated(date: Option<&At<Date>>, is_past: bool) -> String {
    date.map_or_else(|| "–".to_owned(), |date| format!("{}{}", date.value, if is_past { " past" } else { "" }))
}

/// Adds a paragraph with its name, wrapped.
pub(super) fn paragraph(text: &mut String, name: &str, value: Option<&str>, width: usize) {
    if let Some(value) = value {
        let _ = writeln!(text, "\n{name}");
        for line in value.trim_end().lines() {
            let indented = textwrap::Options::new(width.min(100)).initial_indent("  ").subsequent_indent("  ");
            let _ = writeln!(text, "{}", textwrap::fill(line, indented.word_splitter(textwrap::WordSplitter::NoHyphenation)));
        }
    }
}

/// Adds a line of ids with what they mean.
pub(super) fn links(text: &mut String, name: &str, links: Vec<(String, String)>, width: usize) {
    if links.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{name}");
    for (id, title) in links {
        let options = textwrap::Options::new(width.min(100)).initial_indent("  ").subsequent_indent("    ");
        let _ =
            writeln!(text, "{}", textwrap::fill(&format!("{id}: {title}"), options.word_splitter(textwrap::WordSplitter::NoHyphenation)));
    }
}

/// Returns ids of the kit with their titles.
pub(super) fn titled(loaded: &Loaded, questions: &[At<String>], practices: &[At<Id>], stories: &[At<Id>]) -> [Vec<(String, String)>; 3] {
    let kit = &loaded.kit;
    let asked = |key: &At<String>| {
        let id = key.split_once('@').map_or(key.as_str(), |(id, _)| id);
        let ask = kit.find_question(id).map(|ix| kit.question_file(ix).ask.value.clone());
        (key.value.clone(), ask.unwrap_or_default())
    };
    let practice = |id: &At<Id>| {
        let title = kit.find_practice(id.as_str()).map(|ix| kit.practice_file(ix).title.value.clone());
        (id.value.0.clone(), title.unwrap_or_default())
    };
    let story = |id: &At<Id>| {
        let mut all = kit.capabilities.iter().flat_map(|capability| &capability.file.stories);
        let title = all.find(|story| story.id.value == id.value).and_then(|story| story.title.clone());
        (id.value.0.clone(), title.unwrap_or_default())
    };
    [questions.iter().map(asked).collect(), practices.iter().map(practice).collect(), stories.iter().map(story).collect()]
}

/// Returns ids as plain text.
pub(super) fn plain(ids: &[At<Id>]) -> Vec<String> {
    ids.iter().map(|id| id.value.0.clone()).collect()
}

/// Returns keys of questions as plain text.
pub(super) fn keys(keys: &[At<String>]) -> Vec<String> {
    keys.iter().map(|key| key.value.clone()).collect()
}
