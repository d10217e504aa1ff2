//! The texts of the shipped kits are fit to be read to a customer: spelling, reading ease, nothing twice, no placeholder, no
//! service that is closed to new customers unless that is said.

use opsready::diagnostic::Source;
use opsready::yaml::{Node, Value, parse};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use unicase::UniCase;

/// A text of a kit: where it stands, under which key, and the text.
struct Text {
    place: String,
    kit: String,
    file: String,
    key: String,
    words: String,
}

/// Returns every text of the shipped kits, samples included.
fn texts() -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("kits");
    let mut files = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut found = Vec::new();
    for path in files {
        collect(&root, &path, &mut found);
    }
    assert!(found.len() > 4_000, "{} texts were found", found.len());
    found
}

fn collect(root: &Path, path: &PathBuf, found: &mut Vec<Text>) {
    let text = fs::read_to_string(path).expect("the file is text").replace("\r\n", "\n");
    let name = path.strip_prefix(root).expect("it is in the folder").to_string_lossy().replace('\\', "/");
    let kit = name.split('/').next().unwrap_or_default().to_owned();
    let source = Source::new(name.clone(), text);
    let node = parse(&source).expect("the file is YAML");
    let mut open: Vec<(String, &Node)> = vec![(String::new(), &node)];
    while let Some((key, node)) = open.pop() {
        match &node.value {
            Value::Map(entries) => {
                // The title of a page is as its publisher wrote it.
                let is_page = entries.iter().any(|(name, _)| name.text == "url");
                let of = |name: &str| if is_page && name == "title" { "title of a page".to_owned() } else { name.to_owned() };
                open.extend(entries.iter().map(|(name, value)| (of(&name.text), value)));
            }
            Value::List(items) => open.extend(items.iter().map(|item| (key.clone(), item))),
            Value::Text(text) => {
                let (line, _) = source.line_column(node.span.start);
                found.push(Text { place: format!("kits/{name}:{line}"), kit: kit.clone(), file: name.clone(), key, words: text.clone() });
            }
            _ => {}
        }
    }
}

/// Keys whose texts are no prose.
fn is_prose(text: &Text) -> bool {
    !["id", "title of a page", "url", "link", "type", "command", "maps", "well-architected", "iso20000", "nis2", "when", "condition"]
        .contains(&text.key.as_str())
        && text.words.contains(' ')
}

/// Returns the sentences that a reader reads: code is left out, and so are tables, which have none.
fn sentences(markdown: &str) -> Vec<String> {
    let mut blocks: Vec<String> = vec![String::new()];
    let mut in_table = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Table(_) | Tag::CodeBlock(_)) => in_table = true,
            Event::End(TagEnd::Table | TagEnd::CodeBlock) => in_table = false,
            Event::Start(Tag::Paragraph | Tag::Item) => blocks.push(String::new()),
            Event::Text(text) if !in_table => blocks.last_mut().expect("there is one").push_str(&text),
            Event::Code(_) if !in_table => blocks.last_mut().expect("there is one").push_str("code"),
            Event::SoftBreak | Event::HardBreak => blocks.last_mut().expect("there is one").push(' '),
            _ => {}
        }
    }
    let split = |block: &String| {
        let mut sentences = vec![String::new()];
        let words: Vec<&str> = block.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let last = sentences.last_mut().expect("there is one");
            last.push_str(word);
            last.push(' ');
            let ends = word.trim_end_matches(['"', ')', '”']).ends_with(['.', '?', '!', ':', ';']);
            let begins = words.get(at + 1).is_none_or(|next| next.starts_with(|c: char| !c.is_lowercase()) || word.ends_with([':', ';']));
            if ends && begins {
                sentences.push(String::new());
            }
        }
        sentences
    };
    let all = blocks.iter().flat_map(split).map(|sentence| sentence.trim().to_owned());
    all.filter(|sentence| sentence.split(' ').count() > 1).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic() && c != '\'').map(|word| word.trim_matches('\'')).filter(|word| !word.is_empty())
}

/// Counts syllables as groups of vowels, the silent e at the end left out.
fn syllables(word: &str) -> usize {
    let lower = word.to_lowercase();
    let is_vowel = |c: char| "aeiouy".contains(c);
    let groups = lower.split(|c| !is_vowel(c)).filter(|group| !group.is_empty()).count();
    let is_silent = lower.ends_with('e') && !lower.ends_with("le") && groups > 1;
    (groups - usize::from(is_silent)).max(1)
}

#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn nothing_is_misspelt() {
    // Words of the trade that look like a slip of the pen.
    let known = ["ba"];
    let mut faults = Vec::new();
    for text in texts().iter().filter(|text| is_prose(text)) {
        let plain = sentences(&text.words).join(" ");
        for word in words(&plain).filter(|word| word.len() > 2 && !word.chars().skip(1).any(char::is_uppercase)) {
            let is_known = known.contains(&word.to_lowercase().as_str());
            if let Some(better) = typos_dict::WORD.find(&UniCase::new(word)).filter(|_| !is_known) {
                faults.push(format!("{}: `{word}`, better {}", text.place, better.join(" or ")));
            }
        }
    }
    none(faults);
}

#[test]
fn spelling_is_british() {
    // An organization is also what AWS Organizations makes, so that word proves nothing.
    let american = [
        "organize",
        "organized",
        "authorize",
        "authorized",
        "authorization",
        "behavior",
        "center",
        "centers",
        "centralized",
        "color",
        "defense",
        "favor",
        "fulfill",
        "honor",
        "initialize",
        "labeled",
        "labeling",
        "labor",
        "minimize",
        "modeled",
        "modeling",
        "modernize",
        "mobilize",
        "optimize",
        "optimized",
        "optimization",
        "prioritize",
        "prioritized",
        "recognize",
        "recognized",
        "standardize",
        "standardized",
        "summarize",
        "unauthorized",
        "utilize",
        "virtualization",
        "analyze",
        "analyzed",
        "catalog",
        "catalogs",
        "canceled",
        "customize",
        "finalize",
        "synchronize",
        "serialized",
        "tokenized",
        "randomized",
        "categorize",
        "neighbor",
        "program's",
        "artifact",
        "artifacts",
    ];
    let mut faults = Vec::new();
    for text in texts().iter().filter(|text| is_prose(text)) {
        for sentence in sentences(&text.words) {
            for word in words(&sentence).filter(|word| american.contains(word)) {
                faults.push(format!("{}: `{word}` in: {sentence}", text.place));
            }
        }
    }
    none(faults);
}

#[test]
fn no_placeholder_is_left() {
    let mut faults = Vec::new();
    for text in texts() {
        let words: Vec<&str> = words(&text.words).collect();
        let is_placeholder = |word: &&str| ["TODO", "TBD", "FIXME", "XXX", "lorem", "ipsum", "Lorem", "foo", "foobar"].contains(word);
        let is_cut = text.words.trim_end().ends_with("...") || text.words.contains("etc.");
        if let Some(word) = words.iter().find(|word| is_placeholder(word)) {
            faults.push(format!("{}: `{word}`", text.place));
        } else if text.words.trim().is_empty() || is_cut {
            faults.push(format!("{}: empty or cut short: {}", text.place, text.words));
        }
    }
    none(faults);
}

#[test]
fn no_text_stands_twice() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    // One page may be cited by several practices, one tool output may prove several, and a session names its roles again.
    for text in texts().into_iter().filter(|text| is_prose(text) && text.key != "title" && text.words.len() > 40) {
        let plain = text.words.split_whitespace().collect::<Vec<_>>().join(" ");
        match seen.get(&format!("{} {plain}", text.kit)) {
            Some(first) => faults.push(format!("{} says what {first} says: {plain}", text.place)),
            None => drop(seen.insert(format!("{} {plain}", text.kit), text.place)),
        }
    }
    none(faults);
}

/// Services that take no new customers or are gone, by the names under which they would be recommended.
const CLOSED: &[&str] = &[
    "Systems Manager Change Manager",
    "SSM Change Manager",
    "AWS Change Manager",
    "Systems Manager Incident Manager",
    "SSM Incident Manager",
    "AWS Incident Manager",
    "AWS Audit Manager",
    "CloudTrail Lake",
    "OpsWorks",
];

#[test]
fn a_service_that_is_closed_to_new_customers_is_named_only_to_say_so() {
    let mut faults = Vec::new();
    for text in texts().iter().filter(|text| text.key != "url") {
        let blocks: Vec<&str> = text.words.split("\n\n").collect();
        for block in blocks {
            let plain = block.replace(['`', '*'], "").split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(name) = CLOSED.iter().find(|name| plain.contains(**name))
                && !["closed to new customers", "availability change", "end of life"].iter().any(|said| plain.contains(said))
            {
                faults.push(format!("{}: `{name}` in: {plain}", text.place));
            }
        }
    }
    none(faults);
}

/// Reading ease after Flesch: 206.835 - 1.015 words per sentence - 84.6 syllables per word. Trade texts of this kind lie at 35 to 60.
fn ease(sentences: &[String]) -> (f64, f64) {
    let (mut count, mut parts) = (0_usize, 0_usize);
    for word in sentences.iter().flat_map(|sentence| words(sentence)) {
        count += 1;
        parts += syllables(word);
    }
    let per_sentence = count as f64 / sentences.len().max(1) as f64;
    (206.835 - 1.015 * per_sentence - 84.6 * parts as f64 / count.max(1) as f64, per_sentence)
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is for whoever writes a kit: cargo test --test content -- --nocapture")]
fn texts_are_easy_to_read() {
    let mut by_file: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut faults = Vec::new();
    for text in texts().iter().filter(|text| is_prose(text) && !text.file.contains("samples/")) {
        let read = sentences(&text.words);
        for sentence in &read {
            let count = words(sentence).count();
            if count > 45 {
                faults.push(format!("{}: {count} words in one sentence: {sentence}", text.place));
            }
        }
        by_file.entry(text.file.clone()).or_default().extend(read);
    }
    let mut table = String::new();
    for (file, sentences) in &by_file {
        let (ease, length) = ease(sentences);
        let _ = writeln!(table, "{file:<70} {:>6} sentences {length:>5.1} words each, ease {ease:>5.1}", sentences.len());
        if sentences.len() > 20 && (ease < 45.0 || length > 18.0) {
            faults.push(format!("{file}: reading ease {ease:.1}, {length:.1} words in a sentence"));
        }
    }
    println!("{table}");
    none(faults);
}
