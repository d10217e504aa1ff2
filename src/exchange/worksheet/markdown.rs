//! Worksheets as Markdown: readable and fillable in a pull request.
//!
//! Each question has a heading with its key. What is written freely stands in fences, where nothing is Markdown; the rest is lists.
//! A filled worksheet is read as Markdown, so that other bullets, wrapped lines and escaped brackets mean the same.

use super::value::{choice, even, folded, kept};
use super::{Item, Place, Row, Said, Sheet, Worksheet};
use crate::assessment::State;
use crate::diagnostic::{Code, Location, Source, Span};
use crate::document::escape::{inline, prose};
use crate::kit::format::QuestionType;
use crate::kit::{AnswerOption, Kit};
use crate::yaml::record::Id;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

/// How each state is offered.
const STATES: [(State, &str); 3] = [
    (State::DontKnow, "Nobody knows yet"),
    (State::NotApplicable, "This question does not apply"),
    (State::Parked, "Put this question off"),
];

/// Returns a worksheet as Markdown.
pub fn write(worksheet: &Worksheet<'_>) -> String {
    let mut text = format!("# Questions for {}\n\n{}\n\n", inline(worksheet.customer), inline(&worksheet.kit));
    text.push_str(HOW_TO);
    text.push('\n');
    named("", "Answered by", &inline(worksheet.respondent), &mut text);
    for section in &worksheet.sections {
        let _ = write!(text, "\n## {}\n", inline(section.title));
        if let Some(purpose) = section.purpose {
            let _ = write!(text, "\n{}\n", prose(purpose));
        }
        for item in &section.items {
            question(item, &mut text);
        }
    }
    text
}

const HOW_TO: &str = "\
How to fill this:

1. Write your role or name behind *Answered by*, unless it is there.
2. Tick an answer: make `[ ]` to `[x]`. Where words are wanted, write them behind *Answer*, or between the lines with the backticks.
3. What nobody knows, what does not apply, and what has to wait: tick it, and write who finds it out, by when, or why.
4. Write into *Note* what should be remembered, and into *Evidence* what shows that the answer is true: a title and a link.
5. What you leave empty changes nothing. Leave the headings with the keys as they are, and send the file back.
";

fn question(item: &Item<'_>, text: &mut String) {
    let filled = &item.filled;
    let place = item.environment.map(|environment| format!(" ({})", inline(environment))).unwrap_or_default();
    let _ = write!(text, "\n### `{}`\n\n**{}**{place}\n", item.key, prose(item.ask));
    if let Some(why) = &item.why {
        let _ = write!(text, "\nWhy: {}\n", prose(why));
    }
    if let Some(evidence) = item.evidence {
        let _ = write!(text, "\nEvidence to show: {}\n", prose(evidence));
    }
    let _ = write!(text, "\n{}\n\n", inline(&item.hint));
    let tick = |is_ticked: bool| if is_ticked { 'x' } else { ' ' };
    for (place, choice) in item.choices.iter().enumerate() {
        let _ = writeln!(text, "- [{}] {} `{}`", tick(filled.chosen.contains(&place)), prose(&choice.label), choice.id);
    }
    match item.kind {
        QuestionType::Text => {
            text.push_str("Answer:\n\n");
            fence(&filled.words, text);
        }
        QuestionType::Number | QuestionType::Date => {
            named("- ", "Answer", &inline(&filled.words), text);
        }
        QuestionType::Multi => {
            let ids: Vec<String> = filled.left_out.iter().map(|place| format!("`{}`", item.choices[*place].id)).collect();
            named("- ", "Statements that do not apply", &ids.join(", "), text);
        }
        _ => {}
    }
    text.push_str("\nNote:\n\n");
    fence(&filled.note, text);
    text.push_str("\n- Evidence:\n");
    for line in &filled.evidence {
        let _ = writeln!(text, "  - {}", evidence(line));
    }
    for (state, wording) in STATES {
        let _ = writeln!(text, "- [{}] {wording}", tick(filled.state == Some(state)));
        match state {
            State::DontKnow => {
                named("  - ", "Owner", &inline(&filled.owner), text);
                named("  - ", "Due", &inline(&filled.due), text);
            }
            State::NotApplicable => {
                named("  - ", "Reason", &inline(&filled.reason), text);
            }
            _ => {}
        }
    }
}

/// Writes a field on a line of its own; one that waits for its value ends without a space.
fn named(mark: &str, name: &str, value: &str, text: &mut String) {
    let space = if value.is_empty() { "" } else { " " };
    let _ = writeln!(text, "{mark}{name}:{space}{value}");
}

/// Writes free text between fences that nothing in it can close.
fn fence(filled: &str, text: &mut String) {
    let filled = filled.replace("\r\n", "\n").replace('\r', "\n");
    let longest = filled.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let _ = write!(text, "{fence}text\n{}\n{fence}\n", filled.trim_end());
}

/// Returns a line of evidence with its link as one.
fn evidence(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let is_link = (word.starts_with("https://") || word.starts_with("http://")) && !word.contains(['<', '>', '\\']);
        if is_link && word.chars().all(|c| !c.is_control() && !c.is_whitespace()) { format!("<{word}>") } else { inline(word) }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Takes a file of text apart, if it has a heading with the key of a question.
pub fn read(kit: &Kit, source: &Arc<Source>) -> Option<Sheet> {
    let text = parseable(&source.text);
    let source = Source::new(source.path.clone(), text);
    let mut reader = Reader { kit, source: &source, sheet: Sheet::default(), row: None, field: None, has_key: false, evidence: None };
    for block in blocks(&source.text) {
        reader.block(block);
    }
    reader.finish();
    reader.has_key.then_some(reader.sheet)
}

/// Returns the text with plain spaces and bullets, character for character, so that it is parsed as it looks.
fn parseable(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut is_margin = true;
    for c in text.chars() {
        let c = match c {
            '\u{a0}' | '\u{202f}' | '\u{2007}' => ' ',
            '•' | '◦' | '▪' if is_margin => '-',
            c => c,
        };
        is_margin = c == '\n' || (is_margin && matches!(c, ' ' | '\t' | '>'));
        plain.push(c);
    }
    plain
}

/// What a worksheet is made of.
struct Block {
    kind: Kind,
    /// The text, links and code put back as they were typed.
    text: String,
    /// The pieces of code in it.
    code: Vec<Piece>,
    /// Whether its box is ticked, if it has one.
    task: Option<bool>,
    /// In how many lists it is.
    depth: usize,
    span: Span,
}

/// A piece of code in a block.
struct Piece {
    text: String,
    /// How many bytes of the block come from where it begins up to the end.
    from_end: usize,
}

impl Block {
    /// Returns what stands before a piece of code, and what behind it.
    fn around(&self, code: &Piece) -> (&str, &str) {
        let begin = self.text.len() - code.from_end;
        (&self.text[..begin], &self.text[begin + code.text.len() + 2..])
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Heading,
    Item,
    Paragraph,
    Fence,
}

/// Takes Markdown apart into headings, list items, paragraphs and fences, one after the other.
fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    let mut in_item = false;
    let mut link: Option<(String, usize)> = None;
    let mut depth = 0;
    let start = |kind: Kind, depth: usize, range: &Range<usize>| Block {
        kind,
        text: String::new(),
        code: Vec::new(),
        task: None,
        depth,
        span: Span::new(range.start, range.end),
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TASKLISTS).into_offset_iter() {
        match &event {
            Event::Start(Tag::Item) => {
                found.extend(open.take());
                in_item = true;
                open = Some(start(Kind::Item, depth, &range));
            }
            // The first paragraph of an item is the item.
            Event::Start(Tag::Paragraph) if in_item => in_item = false,
            Event::Start(Tag::Paragraph | Tag::HtmlBlock) => {
                found.extend(open.take());
                open = Some(start(Kind::Paragraph, depth, &range));
            }
            Event::Start(Tag::Heading { .. }) => {
                found.extend(open.take());
                open = Some(start(Kind::Heading, depth, &range));
            }
            Event::Start(Tag::CodeBlock(_)) => {
                found.extend(open.take());
                in_item = false;
                open = Some(start(Kind::Fence, depth, &range));
            }
            Event::Start(Tag::List(_))
            | Event::End(TagEnd::Item | TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock) => {
                found.extend(open.take());
                in_item = false;
            }
            _ => {}
        }
        match &event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => depth -= 1,
            _ => {}
        }
        let Some(block) = &mut open else { continue };
        match event {
            Event::TaskListMarker(is_ticked) => block.task = Some(is_ticked),
            Event::Text(piece) | Event::InlineHtml(piece) | Event::Html(piece) => block.text.push_str(&piece),
            Event::Code(code) => {
                // Until the block is whole, its place counts from the beginning.
                block.code.push(Piece { text: code.to_string(), from_end: block.text.len() });
                let _ = write!(block.text, "`{code}`");
            }
            Event::SoftBreak | Event::HardBreak => block.text.push('\n'),
            Event::Start(Tag::Emphasis) | Event::End(TagEnd::Emphasis) => block.text.push('*'),
            Event::Start(Tag::Strong) | Event::End(TagEnd::Strong) => block.text.push_str("**"),
            Event::Start(Tag::Link { dest_url, link_type, .. } | Tag::Image { dest_url, link_type, .. }) => {
                let is_plain = matches!(link_type, LinkType::Autolink | LinkType::Email);
                link = (!is_plain).then(|| (dest_url.into_string(), block.text.len()));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((url, from)) = link.take()
                    && block.text[from..] != *url
                {
                    let _ = write!(block.text, " {url}");
                }
            }
            _ => {}
        }
    }
    found.extend(open);
    for block in &mut found {
        let length = block.text.len();
        block.code.iter_mut().for_each(|code| code.from_end = length - code.from_end);
    }
    found
}

/// Reads a box that is none for Markdown: `[ x ]`, `\[x\]`, `☑`.
fn untick(block: &mut Block) {
    if block.kind != Kind::Item || block.task.is_some() {
        return;
    }
    let text = block.text.trim_start();
    let boxed = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(mark, rest)| (mark.trim().to_owned(), rest));
    let (is_ticked, rest) = match boxed {
        Some((mark, rest)) if matches!(mark.as_str(), "x" | "X" | "✓" | "✔" | "✗" | "✘" | "*") => (true, rest),
        Some((mark, rest)) if mark.is_empty() => (false, rest),
        _ => match text.chars().next() {
            Some(c @ ('☑' | '☒' | '✓' | '✔' | '✅')) => (true, &text[c.len_utf8()..]),
            Some(c @ ('☐' | '⬜')) => (false, &text[c.len_utf8()..]),
            _ => return,
        },
    };
    block.task = Some(is_ticked);
    block.text = rest.trim_start().to_owned();
}

/// A place where somebody writes.
#[derive(Clone, Copy, PartialEq)]
enum Field {
    Respondent,
    Answer,
    LeftOut,
    Reason,
    Owner,
    Due,
    Note,
    Evidence,
}

/// Takes a text apart that begins with the name of a field and a colon.
fn field(text: &str) -> Option<(Field, String)> {
    let (head, rest) = text.split_once(':')?;
    let is_marked = head.trim_start().starts_with('*');
    let field = match folded(head).trim_matches(['*', '_', ' ']) {
        "answered by" => Field::Respondent,
        "answer" => Field::Answer,
        "statements that do not apply" => Field::LeftOut,
        "reason" => Field::Reason,
        "owner" => Field::Owner,
        "due" => Field::Due,
        "note" | "notes" => Field::Note,
        "evidence" => Field::Evidence,
        _ => return None,
    };
    let rest = if is_marked { rest.trim_start_matches('*') } else { rest };
    Some((field, rest.trim().to_owned()))
}

struct Reader<'r> {
    kit: &'r Kit,
    source: &'r Arc<Source>,
    sheet: Sheet,
    row: Option<Row>,
    field: Option<Field>,
    has_key: bool,
    /// In how many lists the field for evidence is, while it is open.
    evidence: Option<usize>,
}

impl Reader<'_> {
    fn place(&self, span: Span) -> Place {
        // The first line of a block says where it is.
        let end = self.source.text[span.range()].find('\n').map_or(span.end, |newline| span.start + newline);
        Place::Text(Location::new(self.source, Span::new(span.start, end)))
    }

    fn finish(&mut self) {
        self.sheet.rows.extend(self.row.take());
        self.field = None;
    }

    fn block(&mut self, mut block: Block) {
        if matches!(block.kind, Kind::Item | Kind::Paragraph) && self.evidence.is_some_and(|depth| block.depth > depth) {
            // Below evidence stands evidence, whatever it looks like.
            return self.write(&block.text, block.span);
        }
        self.evidence = None;
        untick(&mut block);
        match block.kind {
            Kind::Heading => self.heading(&block),
            Kind::Fence => self.fence(&block),
            Kind::Item if block.task.is_some() => self.task(&block),
            Kind::Item | Kind::Paragraph => self.line(&block),
        }
    }

    /// Text between fences; where one fence is gone, what is between them now was never meant to be one text.
    fn fence(&mut self, block: &Block) {
        let raw = &self.source.text[block.span.range()];
        let mark = raw.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let length = |line: &str| mark.map_or(0, |mark| line.trim_start().chars().take_while(|c| *c == mark).count());
        let opened = length(raw);
        let is_closed = raw.trim_end().lines().skip(1).last().is_some_and(|line| length(line) >= opened);
        if mark.is_some() && (!is_closed || block.text.lines().any(|line| length(line) >= opened)) {
            let fault = self
                .place(block.span)
                .fault(Code::BadMarkdown, "these backticks open a text that nothing closes: neither it nor a question in it is read");
            self.sheet.faults.push(fault.help("write the same backticks on a line of their own behind the text"));
            return;
        }
        self.write(&block.text, block.span);
    }

    /// A heading with a key begins a question; any other ends one.
    fn heading(&mut self, block: &Block) {
        self.finish();
        let candidates = block.code.iter().map(|code| code.text.as_str()).chain([block.text.as_str()]);
        let is_key = |text: &&str| {
            let text = even(text);
            let id = text.split('@').next().unwrap_or_default();
            Id::is_valid(id) && (self.kit.questions.iter().any(|question| question.id.eq_ignore_ascii_case(id)) || text.contains('@'))
        };
        let key = candidates.clone().find(is_key).or_else(|| candidates.clone().next().filter(|_| !block.code.is_empty()));
        if let Some(key) = key {
            self.has_key |= is_key(&key);
            self.row = Some(Row::new(Said { text: key.to_owned(), place: self.place(block.span) }));
        }
    }

    fn options(&self) -> &[AnswerOption] {
        let id = self.row.as_ref().map(|row| even(&row.key.text)).unwrap_or_default();
        let id = id.split('@').next().unwrap_or_default();
        let question = self.kit.questions.iter().find(|question| question.id.eq_ignore_ascii_case(id));
        question.map_or(&[], |question| &question.options)
    }

    /// Returns the code that names a choice: behind the label of that choice, or else the last that is an id.
    fn coded<'b>(&self, block: &'b Block) -> Option<&'b Piece> {
        let option = |code: &Piece| self.options().iter().find(|option| option.id == even(&code.text));
        let bare = |text: &str| folded(&text.replace('`', ""));
        let is_behind = |code: &&Piece| option(code).is_some_and(|option| bare(block.around(code).0) == bare(&option.label));
        block.code.iter().find(is_behind).or_else(|| block.code.iter().rfind(|code| option(code).is_some()))
    }

    fn task(&mut self, block: &Block) {
        let is_ticked = block.task == Some(true);
        let by_code = self.coded(block);
        let text = folded(&block.text);
        let state = STATES.iter().find(|(_, wording)| text.starts_with(&wording.to_lowercase()));
        if let (Some((state, wording)), None) = (state, by_code) {
            self.field = None;
            let place = self.place(block.span);
            if let (Some(row), true) = (&mut self.row, is_ticked) {
                row.states.push((*state, place));
            }
            let more = even(&block.text).get(wording.len()..).unwrap_or_default().trim_matches([':', '.', ' ', '-']).to_owned();
            if is_ticked && !more.is_empty() {
                self.field = Some(Field::Note);
                self.write(&more, block.span);
                self.field = None;
            }
            return;
        }
        let named = by_code.is_some() || choice(self.options(), &block.text).is_some();
        if !named && self.field == Some(Field::Note) {
            // A list of boxes within a note is part of the note.
            let mark = if is_ticked { "- [x] " } else { "- [ ] " };
            return self.write(&format!("{mark}{}", block.text), block.span);
        }
        if !is_ticked {
            return;
        }
        let place = self.place(block.span);
        let Some(row) = &mut self.row else {
            let fault = place.fault(Code::BadAnswer, "this box is ticked outside of a question");
            self.sheet.faults.push(fault.help("it belongs below a heading with the key of a question"));
            return;
        };
        row.answer.push(Said { text: by_code.map_or(&block.text, |code| &code.text).clone(), place });
        let more = by_code.map(|code| kept(block.around(code).1)).unwrap_or_default();
        if !more.is_empty() {
            self.field = Some(Field::Note);
            self.write(&more, block.span);
        }
        self.field = None;
    }

    fn line(&mut self, block: &Block) {
        let is_item = block.kind == Kind::Item;
        let of_paragraph = [Field::Respondent, Field::Answer, Field::Note];
        let inside = matches!(self.field, Some(Field::Note | Field::Answer)) && !is_item;
        match field(&block.text) {
            Some((field, rest)) if (is_item || of_paragraph.contains(&field)) && !(inside && self.field == Some(field)) => {
                self.field = Some(field);
                self.evidence = (field == Field::Evidence).then_some(block.depth);
                self.write(&rest, block.span);
                if !matches!(field, Field::Answer | Field::Note | Field::Evidence) {
                    self.field = None;
                }
            }
            _ if is_item && self.field == Some(Field::Evidence) => self.write(&block.text, block.span),
            _ if is_item => self.write(&format!("- {}", block.text), block.span),
            _ => self.write(&block.text, block.span),
        }
    }

    /// Adds text to the field that is open; where none is, it is text of the worksheet.
    fn write(&mut self, text: &str, span: Span) {
        let Some(field) = self.field else { return };
        let place = self.place(span);
        let Some(said) = Said::at(text, place) else { return };
        if field == Field::Respondent {
            self.sheet.respondent.get_or_insert(said);
            return;
        }
        let Some(row) = &mut self.row else { return };
        let slot = match field {
            Field::Answer => {
                match row.answer.first_mut() {
                    Some(before) => join(before, &said.text),
                    None => row.answer.push(said),
                }
                return;
            }
            Field::LeftOut => &mut row.left_out,
            Field::Reason => &mut row.reason,
            Field::Owner => &mut row.owner,
            Field::Due => &mut row.due,
            Field::Note => &mut row.note,
            Field::Evidence | Field::Respondent => &mut row.evidence,
        };
        match slot {
            Some(before) => join(before, &said.text),
            None => *slot = Some(said),
        }
    }
}

fn join(before: &mut Said, text: &str) {
    before.text = format!("{}\n{text}", before.text.trim_end());
}
