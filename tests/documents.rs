//! The documents: rendered the same everywhere, safe beside the edits of people, sound whatever an answer holds, and never
//! empty. What a reader sees is judged from the parsed Markdown, not from the templates.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use serde_json::json;
use snapbox::str;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use support::{Run, Sandbox, copy, same, shows, small_kit};

/// Answers of the small kit in all five states.
const ANSWERS: &str = "\
capability: backup
answers:
  backup-policy@on-premises:
    choose: agreed
    evidence: [{title: Policy, link: \"https://wiki.example/policy\", collected: 2026-03-02}]
    by: [ops-lead]
  backup-policy@cloud:
    choose: none
    note: |
      Nobody in the room had seen one.
      \"We thought you had it.\"
    minority:
      - {by: service-owner, choose: drafted, note: There is a page of 2021.}
  restore-tested@on-premises:
    not_applicable: {reason: out-of-scope, note: The last server goes in May.}
  backup-scope:
    choose: [databases, files]
    not_applicable_choices: [mail]
  backup-context:
    dont_know: {owner: service-owner, due: 2026-12-15, note: Asks the vendor.}
  last-restore:
    parked: {note: After the migration}
";

const PATCHING: &str = "\
capability: patching
answers:
  patch-window@on-premises:
    choose: calendar
  patch-window@cloud:
    choose: team
";

const DOCUMENTS: [&str; 24] = [
    "docs/README.md",
    "docs/readiness-report.md",
    "docs/executive-summary.md",
    "docs/out-brief.md",
    "docs/acceptance.md",
    "docs/roadmap.md",
    "docs/board.md",
    "docs/gap-register.md",
    "docs/open-questions.md",
    "docs/actions.md",
    "docs/applicability.md",
    "docs/evidence.md",
    "docs/workshop/stakeholders.md",
    "docs/workshop/pre-questionnaire/ops-lead.md",
    "docs/workshop/facilitator-guide.md",
    "docs/backup/readiness.md",
    "docs/patching/readiness.md",
    "docs/backlog.md",
    "docs/backup/backlog.md",
    "docs/backup/design.md",
    "docs/patching/backlog.md",
    "docs/patching/design.md",
    "docs/backup/minutes.md",
    "docs/patching/minutes.md",
];

/// The files beside them.
const DATA: [&str; 2] = ["docs/data/gaps.csv", "docs/data/scorecard.json"];

/// The first document that an answer of `backup` changes.
const READINESS: &str = "docs/backup/readiness.md";

/// The other document that says what is open.
const OPEN: &str = "docs/open-questions.md";

fn answered() -> Sandbox {
    let sandbox = Sandbox::with_answers(ANSWERS);
    sandbox.write("answers/patching.yaml", PATCHING);
    sandbox
}

/// Returns a workspace whose documents are written.
fn rendered() -> Sandbox {
    let sandbox = answered();
    works(&sandbox.run(&["render"]));
    sandbox
}

/// Changes an answer, so that documents of `backup` have something new to say.
fn learn_more(sandbox: &Sandbox) {
    sandbox.replace("answers/backup.yaml", "note: After the migration", "note: Before the audit");
}

#[track_caller]
fn works(run: &Run) {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

/// Returns the documents by path below the workspace.
fn documents(workspace: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![workspace.join("docs")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.strip_prefix(workspace).expect("it is in the workspace").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).expect("a document is text"));
            }
        }
    }
    found
}

/// Returns what `render` said of each document.
fn fates(run: &Run) -> BTreeMap<String, String> {
    let fate = |line: &str| {
        let (path, fate) = line.split_once(' ').expect("a line has a path and a fate");
        (path.replace('\\', "/").trim_start_matches("./").to_owned(), fate.trim().to_owned())
    };
    run.stdout.lines().map(fate).collect()
}

#[track_caller]
fn all_are(run: &Run, word: &str) {
    works(run);
    let fates = fates(run);
    assert_eq!(fates.len(), DOCUMENTS.len() + DATA.len(), "{}", run.stdout);
    assert!(fates.values().all(|fate| fate == word), "{}", run.stdout);
}

// Reading Markdown as a viewer does

/// What a reader meets in a document.
#[derive(Debug, Default)]
struct Outline {
    /// Headings with their level and words.
    headings: Vec<(usize, String)>,
    /// Each table: the cells of its rows, the header first.
    tables: Vec<Vec<Vec<String>>>,
    /// Every block that is no paragraph, in order.
    blocks: Vec<String>,
    /// What is HTML.
    html: Vec<String>,
    /// Where links and images lead.
    links: Vec<String>,
    /// Everything that can be read.
    text: String,
    /// Headings below which nothing stands.
    hollow: Vec<String>,
}

fn level(level: HeadingLevel) -> usize {
    level as usize
}

impl Outline {
    fn of(markdown: &str) -> Self {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_GFM;
        let mut outline = Self::default();
        let mut heading: Option<(usize, String)> = None;
        let mut cell: Option<String> = None;
        // A heading waits here for the first content below it.
        let mut waiting: Vec<(usize, String)> = Vec::new();
        for event in Parser::new_ext(markdown, options) {
            let words = match &event {
                Event::Text(text) | Event::Code(text) => text.to_string(),
                Event::SoftBreak | Event::HardBreak => " ".to_owned(),
                Event::Html(html) | Event::InlineHtml(html) => {
                    outline.html.push(html.to_string());
                    " ".to_owned()
                }
                _ => String::new(),
            };
            outline.text.push_str(&words);
            if let Some((_, heading)) = &mut heading {
                heading.push_str(&words);
            } else if !words.trim().is_empty() {
                waiting.clear();
            }
            if let Some(cell) = &mut cell {
                cell.push_str(&words);
            }
            match event {
                Event::Start(Tag::Heading { level: found, .. }) => {
                    outline.blocks.push(format!("h{}", level(found)));
                    heading = Some((level(found), String::new()));
                }
                Event::End(TagEnd::Heading(_)) => {
                    let found = heading.take().expect("a heading that ends has begun");
                    let is_over = |open: &(usize, String)| open.0 >= found.0;
                    outline.hollow.extend(waiting.extract_if(.., |open| is_over(open)).map(|(_, heading)| heading));
                    waiting.push(found.clone());
                    outline.headings.push(found);
                }
                Event::Start(Tag::Table(columns)) => {
                    outline.blocks.push(format!("table of {}", columns.len()));
                    outline.tables.push(Vec::new());
                }
                Event::Start(Tag::TableHead | Tag::TableRow) => {
                    outline.blocks.push("row".to_owned());
                    outline.tables.last_mut().expect("a row is in a table").push(Vec::new());
                }
                Event::Start(Tag::TableCell) => cell = Some(String::new()),
                Event::End(TagEnd::TableCell) => {
                    let row = outline.tables.last_mut().and_then(|table| table.last_mut()).expect("a cell is in a row");
                    row.extend(cell.take());
                }
                Event::Start(Tag::Link { dest_url, link_type, .. } | Tag::Image { dest_url, link_type, .. }) => {
                    let prefix = if link_type == LinkType::Email { "mailto:" } else { "" };
                    outline.links.push(format!("{prefix}{dest_url}"));
                }
                Event::Start(Tag::List(_)) => outline.blocks.push("list".to_owned()),
                Event::Start(Tag::Item) => outline.blocks.push("item".to_owned()),
                Event::Start(Tag::BlockQuote(kind)) => outline.blocks.push(format!("quote {kind:?}")),
                Event::Start(Tag::CodeBlock(_)) => outline.blocks.push("code".to_owned()),
                Event::Start(Tag::HtmlBlock) => outline.blocks.push("html".to_owned()),
                Event::Start(Tag::FootnoteDefinition(_)) => outline.blocks.push("footnote".to_owned()),
                Event::Start(Tag::Strikethrough) => outline.blocks.push("strikethrough".to_owned()),
                Event::TaskListMarker(_) => outline.blocks.push("task".to_owned()),
                Event::Rule => outline.blocks.push("rule".to_owned()),
                _ => {}
            }
        }
        outline.hollow.extend(waiting.into_iter().map(|(_, heading)| heading));
        outline
    }

    /// Returns the anchors of the headings, as GitHub makes them.
    fn anchors(&self) -> BTreeSet<String> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let anchor = |heading: &String| {
            let kept = heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>();
            let slug = kept.replace(' ', "-");
            let times = seen.entry(slug.clone()).or_default();
            *times += 1;
            if *times == 1 { slug } else { format!("{slug}-{}", *times - 1) }
        };
        self.headings.iter().map(|(_, heading)| heading).map(anchor).collect()
    }
}

/// Returns the scheme of an address as a browser reads it, in lower case; nothing if it is relative.
fn scheme(address: &str) -> Option<String> {
    let plain: String = address.trim_start_matches(|c| c <= ' ').chars().filter(|c| !"\t\r\n".contains(*c)).collect();
    if plain.starts_with("//") || plain.starts_with("\\\\") {
        return Some("//".to_owned());
    }
    let (scheme, _) = plain.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && !scheme.contains(|c: char| "/?#".contains(c));
    is_scheme.then(|| scheme.to_lowercase())
}

/// Returns how many cells each row of the tables has. A parser drops what is too much, so this counts bars.
fn ragged_rows(markdown: &str) -> Vec<String> {
    let cells = |line: &str| {
        let bytes = line.as_bytes();
        (0..bytes.len()).filter(|at| bytes[*at] == b'|' && (*at == 0 || bytes[at - 1] != b'\\')).count()
    };
    let mut wanted = None;
    let mut ragged = Vec::new();
    for line in markdown.lines() {
        if !line.starts_with('|') {
            wanted = None;
            continue;
        }
        let found = cells(line);
        if *wanted.get_or_insert(found) != found || !line.ends_with('|') {
            ragged.push(line.to_owned());
        }
    }
    ragged
}

/// Returns true for HTML that templates write: breaks in cells, and the marks around text of the customer's own.
fn is_ours(html: &str) -> bool {
    let html = html.trim();
    html == "<br>" || html.starts_with("<!-- keep ") || html.starts_with("<!-- end ")
}

/// Finds everything in a document that should never be there, whatever the answers.
fn faults_of(path: &str, markdown: &str) -> Vec<String> {
    let outline = Outline::of(markdown);
    let mut faults = Vec::new();
    let mut fault = |what: &str, where_: &str| faults.push(format!("{path}: {what}: {where_}"));
    outline.hollow.iter().for_each(|heading| fault("an empty section", heading));
    outline.html.iter().filter(|html| !is_ours(html)).for_each(|html| fault("HTML", html));
    for table in &outline.tables {
        let header = table[0].join(" | ");
        if table.len() < 2 {
            fault("a table without rows", &header);
        }
        // The guidance of a kit may hold a form, whose cells the reader fills.
        let is_filled_by_us = !path.ends_with("/design.md");
        let says_nothing = |row: &Vec<String>| row[1..].iter().all(|cell| ["", "0", "–"].contains(&cell.trim()));
        if is_filled_by_us && table.len() > 1 && table[1..].iter().all(says_nothing) {
            fault("a table with nothing in it", &header);
        }
        for row in table {
            if row.iter().all(|cell| cell.trim().is_empty()) {
                fault("an empty row", &header);
            }
            row.iter().filter(|cell| ["None", "undefined"].contains(&cell.trim())).for_each(|cell| fault("an empty word", cell));
        }
    }
    // A row that is parted from its table would be read as a paragraph.
    let in_tables: usize = outline.tables.iter().map(|table| table.len() + 1).sum();
    let rows = markdown.split("\n```").step_by(2).flat_map(str::lines).filter(|line| line.trim_start().starts_with('|')).count();
    if rows != in_tables {
        fault("rows outside of a table", &format!("{rows} rows, of which {in_tables} are in tables"));
    }
    for row in ragged_rows(markdown) {
        fault("a row with other columns than its header", &row);
    }
    for word in ["undefined", "NaN", "Some(", "inf "] {
        if outline.text.contains(word) {
            fault("a word of a machine", word);
        }
    }
    // A label cut off from what it announces, or a sentence whose words are missing.
    for hole in [": .", " .\n", "()", ". .", ", ,", ": ;", "** **", "; ;", ": None", "**  ", ".  "] {
        if markdown.contains(hole) {
            let line = markdown.split(hole).next().and_then(|before| before.lines().last()).unwrap_or_default();
            fault("a hole in a sentence", &format!("{line}{hole}"));
        }
    }
    let lines: Vec<&str> = markdown.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        if *line != line.trim_end() {
            fault("white space at the end of a line", line);
        }
        if line.is_empty() && lines.get(index + 1).is_none_or(|next| next.is_empty()) {
            fault("two blank lines in a row", &index.to_string());
        }
        let next = lines[index + 1..].iter().map(|line| line.trim_start()).find(|line| !line.is_empty()).unwrap_or_default();
        let goes_on = lines.get(index + 1).is_some_and(|next| next.trim_start().starts_with(char::is_alphanumeric));
        let announces = next.starts_with(['-', '|', '>', '`']) || next.starts_with("1. ");
        let is_label = line.ends_with(':') && !line.starts_with(['>', ' ']);
        if is_label && !goes_on && !announces {
            fault("a colon with nothing behind it", line);
        }
    }
    if !markdown.ends_with('\n') || markdown.starts_with('\n') {
        fault("the ends", "not one line end at the end");
    }
    faults
}

/// Returns true if a character turns the direction of the text around it.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Finds links that lead nowhere.
fn broken_links(workspace: &Path) -> Vec<String> {
    let documents = documents(workspace);
    let outlines: BTreeMap<&String, Outline> = documents.iter().map(|(path, text)| (path, Outline::of(text))).collect();
    let mut broken = Vec::new();
    for (path, outline) in &outlines {
        for link in &outline.links {
            match scheme(link).as_deref() {
                Some("http" | "https" | "mailto") => continue,
                Some(_) => broken.push(format!("{path}: {link}")),
                None => {}
            }
            let (file, anchor) = link.split_once('#').map_or((link.as_str(), None), |(file, anchor)| (file, Some(anchor)));
            let mut place: Vec<&str> = path.split('/').collect();
            if !file.is_empty() {
                place.pop();
            }
            for part in file.split('/').filter(|part| !part.is_empty()) {
                if part == ".." {
                    place.pop();
                } else {
                    place.push(part);
                }
            }
            let target = outlines.get(&place.join("/"));
            let leads = match (target, anchor) {
                (Some(target), Some(anchor)) => target.anchors().contains(anchor),
                (Some(_), None) => true,
                (None, _) => anchor.is_none() && workspace.join(place.join("/")).exists(),
            };
            if !leads {
                broken.push(format!("{path}: {link}"));
            }
        }
    }
    broken
}

/// Checks every document of a workspace.
#[track_caller]
fn sound(workspace: &Path) {
    let documents = documents(workspace);
    assert!(documents.len() >= 3, "there are documents");
    let mut faults: Vec<String> = documents.iter().flat_map(|(path, text)| faults_of(path, text)).collect();
    faults.extend(broken_links(workspace).into_iter().map(|link| format!("a link that leads nowhere: {link}")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

// Rendering

#[test]
fn render_writes_every_document_that_it_lists() {
    let sandbox = answered();
    let run = sandbox.run(&["render"]);
    all_are(&run, "create");
    let written: BTreeSet<String> = documents(&sandbox.path("")).into_keys().collect();
    assert_eq!(written, DOCUMENTS.iter().map(|path| (*path).to_owned()).collect());
    assert_eq!(fates(&run).into_keys().filter(|path| !DATA.contains(&path.as_str())).collect::<BTreeSet<_>>(), written);
    sound(&sandbox.path(""));
}

#[test]
fn a_second_render_changes_no_byte() {
    let sandbox = rendered();
    let before = sandbox.tree();
    let mut command = sandbox.command(&["render"]);
    command.env("SOURCE_DATE_EPOCH", "1800000000");
    all_are(&sandbox.finish(command), "unchanged");
    same(&before, &sandbox.tree());
}

#[test]
fn a_dry_run_and_a_check_write_nothing() {
    let sandbox = answered();
    let before = sandbox.tree();
    all_are(&sandbox.run(&["render", "--dry-run"]), "create");
    same(&before, &sandbox.tree());
    assert_eq!(sandbox.run(&["render", "--check"]).code, Some(1));
    same(&before, &sandbox.tree());

    let sandbox = rendered();
    learn_more(&sandbox);
    let before = sandbox.tree();
    let run = sandbox.run(&["render", "--dry-run"]);
    works(&run);
    assert_eq!(fates(&run)[READINESS], "update");
    same(&before, &sandbox.tree());
    assert_eq!(sandbox.run(&["render", "--check"]).code, Some(1));
    same(&before, &sandbox.tree());
}

#[test]
fn check_shows_what_changed_until_it_is_rendered() {
    let sandbox = rendered();
    sandbox.run(&["render", "--check"]).gives(str![""]);
    learn_more(&sandbox);
    sandbox.run(&["render", "--check"]).gives(str![[r#"
--- docs/open-questions.md (as it stands)
+++ docs/open-questions.md (as rendered)
@@ -25,5 +25,5 @@
 | Question | Where | Why it matters | Who can answer | At stake |
 | --- | --- | --- | --- | ---: |
-| When was the last restore? [Backup and Restore](backup/readiness.md#open-questions), `last-restore` | all | *After the migration* | nobody named | not counted |
+| When was the last restore? [Backup and Restore](backup/readiness.md#open-questions), `last-restore` | all | *Before the audit* | nobody named | not counted |
 
 ## Not answered
--- docs/backup/readiness.md (as it stands)
+++ docs/backup/readiness.md (as rendered)
@@ -84,5 +84,5 @@
 | --- | --- | --- | --- | --- | --- |
 | What else should we know? | all | not known | Service owner | 2026-12-15 | Asks the vendor. |
-| When was the last restore? | all | parked |  | – | After the migration |
+| When was the last restore? | all | parked |  | – | Before the audit |
 
 ## Not applicable
--- standard error
2 documents are stale; `opsready render` writes them
--- exit 1

"#]]);
    works(&sandbox.run(&["render"]));
    sandbox.run(&["render", "--check"]).gives(str![""]);
}

#[test]
fn a_new_answer_updates_the_documents_that_show_it_and_no_other() {
    let sandbox = rendered();
    let before = documents(&sandbox.path(""));
    learn_more(&sandbox);
    let run = sandbox.run(&["render"]);
    works(&run);
    let after = documents(&sandbox.path(""));
    let changed: Vec<&String> = after.keys().filter(|path| before.get(*path) != after.get(*path)).collect();
    assert_eq!(changed, [READINESS, OPEN]);
    assert!(after[READINESS].contains("Before the audit"));
    let updated: Vec<String> = fates(&run).into_iter().filter(|(_, fate)| fate == "update").map(|(path, _)| path).collect();
    assert_eq!(updated, [READINESS, OPEN]);
}

#[test]
fn documents_are_the_same_bytes_on_every_machine() {
    let reference = documents(&rendered().path(""));
    let settings: [&[(&str, &str)]; 5] = [
        &[("TZ", "Pacific/Kiritimati"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "de_DE.UTF-8")],
        &[("TZ", "America/Los_Angeles"), ("LANG", "C"), ("LC_ALL", "C")],
        &[("HOME", "/nonexistent"), ("USER", "zaphod"), ("LOGNAME", "zaphod"), ("USERNAME", "zaphod"), ("HOSTNAME", "heartofgold")],
        &[("SOURCE_DATE_EPOCH", "0"), ("COLUMNS", "40"), ("NO_COLOR", "")],
        &[("SOURCE_DATE_EPOCH", "4102444800"), ("CLICOLOR_FORCE", "1"), ("TERM", "xterm-256color")],
    ];
    for setting in settings {
        let sandbox = answered();
        let mut command = sandbox.command(&["render"]);
        command.envs(setting.iter().copied());
        works(&sandbox.finish(command));
        assert_eq!(documents(&sandbox.path("")), reference, "{setting:?}");
    }
}

#[test]
fn documents_are_the_same_bytes_in_every_folder() {
    let reference = documents(&rendered().path(""));
    let sandbox = answered();
    let elsewhere = sandbox.root().join("Über uns/Kunde Nr. 1 (größer)");
    copy(&sandbox.path(""), &elsewhere);
    let shown = elsewhere.display().to_string();
    works(&sandbox.run_in(".", &["-C", &shown, "render"]));
    assert_eq!(documents(&elsewhere), reference);
    works(&sandbox.run_in("Über uns", &["-C", "Kunde Nr. 1 (größer)", "render", "--check"]));
    works(&sandbox.run_in("Über uns/Kunde Nr. 1 (größer)/answers", &["-C", "..", "render", "--check"]));
}

#[test]
fn no_document_tells_a_path_a_user_or_a_time() {
    let sandbox = answered();
    let mut command = sandbox.command(&["render"]);
    command.envs([
        ("USER", "zaphod"),
        ("LOGNAME", "zaphod"),
        ("USERNAME", "zaphod"),
        ("HOME", "/home/zaphod"),
        ("HOSTNAME", "heartofgold"),
    ]);
    works(&sandbox.finish(command));
    let root = sandbox.root().display().to_string();
    let mut with_time = Vec::new();
    for (path, bytes) in sandbox.tree() {
        let Some(bytes) = bytes else { continue };
        let text = String::from_utf8(bytes).expect("every file is text");
        for secret in [root.as_str(), "zaphod", "heartofgold"] {
            assert!(!text.contains(secret), "{path} tells {secret}");
        }
        if text.contains("2026-12-01") || text.contains("1796126400") {
            with_time.push(path);
        }
    }
    assert_eq!(with_time, ["acme/.opsready/manifest.json"]);
    let manifest: serde_json::Value = serde_json::from_str(&sandbox.read(".opsready/manifest.json")).expect("the manifest is JSON");
    assert_eq!(manifest["generated"], "2026-12-01T12:00:00Z");
    let mut documents: Vec<&str> = DOCUMENTS.into_iter().chain(DATA).collect();
    documents.sort_unstable();
    assert_eq!(manifest["documents"], json!(documents));
}

// Edits of people

/// Edits a document as a person does, and returns what it holds then.
fn edit(sandbox: &Sandbox, path: &str) -> String {
    let edited = format!("{}\nWe agreed on this with finance.\n", sandbox.read(path));
    sandbox.write(path, &edited);
    edited
}

#[test]
fn an_edited_document_stays_when_there_is_nothing_new() {
    let sandbox = rendered();
    let edited = edit(&sandbox, READINESS);
    let before = sandbox.tree();
    let run = sandbox.run(&["render"]);
    works(&run);
    assert_eq!(fates(&run)[READINESS], "unchanged, edited by you");
    assert_eq!(sandbox.read(READINESS), edited);
    same(&before, &sandbox.tree());
    works(&sandbox.run(&["render", "--check"]));
}

#[test]
fn an_edited_document_takes_what_is_new_and_keeps_the_edit() {
    let sandbox = rendered();
    edit(&sandbox, READINESS);
    learn_more(&sandbox);
    let check = sandbox.run(&["render", "--check"]);
    assert_eq!(check.code, Some(1));
    assert!(check.stdout.contains("+| When was the last restore? | all | parked |  | – | Before the audit |"), "{}", check.stdout);
    assert!(!check.stdout.contains("We agreed on this"), "{}", check.stdout);
    let planned = sandbox.run(&["render", "--dry-run"]);
    works(&planned);
    assert_eq!(fates(&planned)[READINESS], "merge");
    let run = sandbox.run(&["render"]);
    works(&run);
    assert_eq!(fates(&run)[READINESS], "merge");
    let text = sandbox.read(READINESS);
    assert!(text.contains("Before the audit") && text.ends_with("We agreed on this with finance.\n"), "{text}");
    let before = sandbox.tree();
    works(&sandbox.run(&["render"]));
    same(&before, &sandbox.tree());
    works(&sandbox.run(&["render", "--check"]));
}

#[test]
fn an_edit_taken_back_leaves_the_rendering() {
    let sandbox = rendered();
    let original = sandbox.read(READINESS);
    edit(&sandbox, READINESS);
    sandbox.write(READINESS, &original);
    learn_more(&sandbox);
    let run = sandbox.run(&["render"]);
    works(&run);
    assert_eq!(fates(&run)[READINESS], "update");
    assert!(sandbox.read(READINESS).contains("Before the audit"));
}

#[test]
fn a_line_that_both_changed_stops_rendering_until_somebody_chose() {
    let sandbox = rendered();
    sandbox.replace(READINESS, "| – | After the migration |", "| – | After the migration, in June |");
    let line = 1 + sandbox.read(READINESS).lines().position(|line| line.contains("in June")).expect("the line is there");
    learn_more(&sandbox);
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert_eq!(fates(&run)[READINESS], format!("conflict, line {line}"));
    let told = format!(
        "docs/backup/readiness.md:{line}: changed by you and by what was rendered\n  = help: keep your lines, the rendered ones or both, delete the marker lines, and render again\n"
    );
    assert_eq!(run.stderr, told);
    let lines: Vec<String> = sandbox.read(READINESS).lines().skip(line - 1).take(5).map(str::to_owned).collect();
    assert_eq!(
        lines,
        [
            "<<<<<<< yours",
            "| When was the last restore? | all | parked |  | – | After the migration, in June |",
            "=======",
            "| When was the last restore? | all | parked |  | – | Before the audit |",
            ">>>>>>> rendered",
        ]
    );
    let place = format!("docs/backup/readiness.md:{line}:1");
    // Until then nothing at all is written, whatever else is new.
    sandbox.replace("answers/patching.yaml", "choose: calendar", "choose: team");
    let before = sandbox.tree();
    for arguments in [&["render"][..], &["render", "--dry-run"], &["render", "--check"], &["render", "--only", "gap-register"]] {
        let run = sandbox.run(arguments);
        assert_eq!(run.code, Some(1), "{arguments:?} {}", run.stdout);
        assert!(run.stderr.contains(&place), "{arguments:?} {}", run.stderr);
        assert!(run.stderr.contains("error[conflict-markers]: a merge is unfinished here"), "{arguments:?} {}", run.stderr);
        same(&before, &sandbox.tree());
    }
    // Yours, and the next rendering keeps it.
    let chosen = sandbox.read(READINESS).replace("<<<<<<< yours\n", "");
    let (head, tail) = chosen.split_once("=======\n").expect("the marker is there");
    let (_, tail) = tail.split_once(">>>>>>> rendered\n").expect("the marker is there");
    sandbox.write(READINESS, &format!("{head}{tail}"));
    let run = sandbox.run(&["render"]);
    works(&run);
    assert!(sandbox.read(READINESS).contains("After the migration, in June"));
    works(&sandbox.run(&["render", "--check"]));
}

#[test]
fn text_of_a_gap_that_is_closed_moves_to_the_end() {
    let sandbox = rendered();
    let design = "docs/patching/design.md";
    let text = sandbox.read(design);
    let heading = text.lines().find(|line| line.starts_with("#### ")).expect("a practice has a heading").to_owned();
    sandbox.replace(design, &heading, &format!("{heading}\n\nOur patch window is the second Tuesday."));
    // The target goes below that practice.
    let assessment = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{assessment}capabilities:\n  patching: {{target: 0}}\n"));
    let run = sandbox.run(&["render"]);
    works(&run);
    assert!(fates(&run)[design].starts_with("merge; your text of Practices › "), "{}", fates(&run)[design]);
    let text = sandbox.read(design);
    assert!(!text.contains(&heading), "{text}");
    let (_, orphaned) = text.split_once("\n## Orphaned notes\n").expect("the notes are there");
    assert!(orphaned.ends_with("Our patch window is the second Tuesday.\n"), "{orphaned}");
    works(&sandbox.run(&["render", "--check"]));
}

#[test]
fn a_region_keeps_what_stands_in_it_and_markers_that_are_no_pair_are_refused() {
    let sandbox = rendered();
    let design = "docs/backup/design.md";
    let text = sandbox.read(design);
    for section in text.split("\n## ") {
        assert!(section.contains("\n<!-- keep ") && section.contains("\n<!-- end "), "{section}");
    }
    let begin = "<!-- keep practices: what you write here stays -->\n";
    sandbox.replace(design, begin, &format!("{begin}| Ours | |\n| --- | --- |\n| a | b |\n"));
    sandbox.replace("answers/backup.yaml", "choose: [databases, files]", "choose: [databases]");
    works(&sandbox.run(&["render"]));
    let text = sandbox.read(design);
    assert!(
        text.contains("Cloud 66 %") && text.contains(&format!("{begin}| Ours | |\n| --- | --- |\n| a | b |\n\n<!-- end practices -->")),
        "{text}"
    );

    let line = text.lines().position(|line| line == "<!-- end practices -->").expect("the marker is there");
    sandbox.replace(design, "<!-- end practices -->\n", "");
    let before = sandbox.tree();
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("error[region-markers]: the region `practices` has no end"), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("docs/backup/design.md:{}:1", line - 4)), "{}", run.stderr);
    same(&before, &sandbox.tree());
}

#[test]
fn a_deleted_document_stays_deleted_until_it_is_asked_for() {
    let sandbox = rendered();
    let original = sandbox.read("docs/gap-register.md");
    fs::remove_file(sandbox.path("docs/gap-register.md")).expect("the document is there");
    sandbox.replace("answers/backup.yaml", "choose: [databases, files]", "choose: [databases]");
    for _ in 0..2 {
        let run = sandbox.run(&["render"]);
        works(&run);
        assert_eq!(fates(&run)["docs/gap-register.md"], "deleted by you");
        assert!(!sandbox.path("docs/gap-register.md").exists());
        works(&sandbox.run(&["render", "--check"]));
    }
    let run = sandbox.run(&["render", "--reset", "docs/gap-register.md"]);
    works(&run);
    assert_ne!(sandbox.read("docs/gap-register.md"), original, "it is the new rendering");
    all_are(&sandbox.run(&["render"]), "unchanged");
}

#[test]
fn reset_takes_the_new_rendering_of_one_document_and_keeps_what_stood_there() {
    let sandbox = rendered();
    let original = sandbox.read(READINESS);
    let mine = edit(&sandbox, READINESS);
    let other = edit(&sandbox, "docs/README.md");
    learn_more(&sandbox);
    let run = sandbox.run(&["render", "--reset", READINESS]);
    works(&run);
    assert_eq!(fates(&run)[READINESS], "reset");
    assert_eq!(run.stderr, "what stood there is kept in .opsready/backup/docs/backup/readiness.md\n");
    assert_eq!(sandbox.read(READINESS), original.replace("After the migration", "Before the audit"));
    assert_eq!(sandbox.read("docs/README.md"), other);
    assert_eq!(sandbox.read(".opsready/backup/docs/backup/readiness.md"), mine);
    // A second time it is kept beside the first.
    let mine = edit(&sandbox, READINESS);
    let shown = sandbox.path(READINESS).display().to_string();
    works(&sandbox.run(&["render", "--reset", &shown]));
    assert_eq!(sandbox.read(".opsready/backup/docs/backup/readiness.md.2"), mine);
    assert_eq!(sandbox.read(".opsready/backup/.gitignore"), "*\n");
    let run = sandbox.run(&["render", "--reset", READINESS]);
    assert_eq!((fates(&run)[READINESS].as_str(), run.stderr.as_str()), ("unchanged", ""));
}

#[test]
fn reset_of_an_unknown_document_is_refused() {
    let sandbox = rendered();
    sandbox.refuses(
        &["render", "--reset", "docs/gap-registr.md"],
        2,
        str![[r#"
error: there is no document `docs/gap-registr.md`
  = help: did you mean `docs/gap-register.md`?

"#]],
    );
}

#[test]
fn reset_and_dry_run_together_write_nothing() {
    let sandbox = rendered();
    edit(&sandbox, READINESS);
    learn_more(&sandbox);
    let before = sandbox.tree();
    let run = sandbox.run(&["render", "--dry-run", "--reset", READINESS]);
    works(&run);
    assert_eq!(fates(&run)[READINESS], "reset");
    same(&before, &sandbox.tree());
}

#[test]
fn a_link_of_a_person_that_leads_nowhere_fails_the_check() {
    let sandbox = rendered();
    let text = sandbox.read("docs/gap-register.md");
    let own =
        "See [minutes](../minutes/may.md), [design](backup/design.md#practices), [top](#gap-registr) and [ours](https://wiki.example/x).\n";
    sandbox.write("docs/gap-register.md", &format!("{text}\n{own}"));
    let run = sandbox.run(&["render", "--check"]);
    let line = text.lines().count() + 2;
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    let diagnostics = run.stderr.replace(&format!("gap-register.md:{line}"), "gap-register.md:LINE").replace(&format!("{line} |"), "NN |");
    let told: Vec<&str> =
        diagnostics.lines().filter(|line| line.contains("error[") || line.contains("-->") || line.contains("to mend")).collect();
    assert_eq!(
        told,
        [
            "error[dangling-link]: the link `../minutes/may.md` leads to no file: there is no `minutes/may.md`",
            "  --> docs/gap-register.md:LINE:5",
            "error[dangling-link]: the link `#gap-registr` leads to no heading of `docs/gap-register.md`",
            "  --> docs/gap-register.md:LINE:73",
            "2 places to mend",
        ],
        "{}",
        run.stderr
    );
    sandbox.write("minutes/may.md", "# May\n");
    sandbox.replace("docs/gap-register.md", "(#gap-registr)", "(#gap-register)");
    works(&sandbox.run(&["render", "--check"]));
}

#[test]
fn no_link_leads_to_a_document_that_its_owner_deleted() {
    let sandbox = rendered();
    let before = documents(&sandbox.path(""));
    assert!(before["docs/README.md"].contains("](gap-register.md)") && before[READINESS].contains("](../gap-register.md)"));
    fs::remove_file(sandbox.path("docs/gap-register.md")).expect("the document is there");
    works(&sandbox.run(&["render"]));
    let after = documents(&sandbox.path(""));
    assert!(after.values().all(|text| !text.contains("gap-register.md)")), "{}", after["docs/README.md"]);
    assert!(after["docs/README.md"].contains("| Gap register | programme"), "{}", after["docs/README.md"]);
    works(&sandbox.run(&["render", "--check"]));
    works(&sandbox.run(&["render", "--reset", "docs/gap-register.md"]));
    assert_eq!(documents(&sandbox.path("")), before);
}

#[test]
fn only_some_documents_are_rendered_where_they_are_named() {
    let sandbox = answered();
    let run = sandbox.run(&["render", "--only", "readiness,docs/README.md"]);
    works(&run);
    let written: Vec<String> = documents(&sandbox.path("")).into_keys().collect();
    assert_eq!(written, ["docs/README.md", "docs/backup/readiness.md", "docs/patching/readiness.md"]);
    assert_eq!(fates(&run).len(), 3);
    works(&sandbox.run(&["render", "--only", "patching"]));
    assert!(sandbox.path("docs/patching/design.md").exists() && !sandbox.path("docs/backup/design.md").exists());
    sandbox.refuses(
        &["render", "--only", "readyness"],
        2,
        str![[r#"
error: there is no document, kind of document or capability `readyness`
  = help: did you mean `readiness`?

"#]],
    );
}

#[test]
fn the_list_names_every_kind_and_says_where_there_is_nothing_to_say() {
    let sandbox = answered();
    let before = sandbox.tree();
    let run = sandbox.run(&["render", "--list"]);
    works(&run);
    let line = |id: &str| {
        let line = run.stdout.lines().find(|line| line.split(' ').next() == Some(id)).unwrap_or_else(|| panic!("{id}: {}", run.stdout));
        line.split("  ").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(line("index"), ["index", "docs/README.md", "Overview"]);
    assert_eq!(line("readiness"), ["readiness", "docs/CAPABILITY/readiness.md", "Readiness, 2 documents"]);
    assert_eq!(line("gaps-csv"), ["gaps-csv", "docs/data/gaps.csv", "Gaps as CSV"]);
    assert_eq!(line("workshops"), ["workshops", "docs/workshops.md", "no content yet"]);
    same(&before, &sandbox.tree());
    let json: serde_json::Value = serde_json::from_str(&sandbox.run(&["render", "--list", "--json"]).stdout).expect("it is JSON");
    let kinds = json["kinds"].as_array().expect("it is a list");
    assert_eq!(kinds.len(), run.stdout.lines().count());
    let readiness = kinds.iter().find(|kind| kind["id"] == "readiness").expect("it is listed");
    assert_eq!(readiness["documents"], json!(["docs/backup/readiness.md", "docs/patching/readiness.md"]));
}

#[test]
fn rendering_as_json_tells_what_became_of_each_document() {
    let sandbox = rendered();
    sandbox.replace(READINESS, "| – | After the migration |", "| – | In June |");
    edit(&sandbox, "docs/README.md");
    learn_more(&sandbox);
    let run = sandbox.run(&["render", "--json"]);
    assert_eq!(run.code, Some(1));
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    let of = |path: &str| {
        json["documents"].as_array().expect("it is a list").iter().find(|one| one["document"] == path).expect("it is there").clone()
    };
    let line = 1 + sandbox.read(READINESS).lines().position(|line| line == "<<<<<<< yours").expect("the marker is there");
    assert_eq!(of(READINESS), json!({"document": READINESS, "fate": "conflict", "stale": true, "conflicts": [line]}));
    assert_eq!(of("docs/README.md"), json!({"document": "docs/README.md", "fate": "edited", "stale": false}));
    let run = sandbox.run(&["render", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert_eq!((run.code, &json["diagnostics"][0]["line"]), (Some(1), &json!(line)));
}

#[test]
fn the_mark_at_the_start_of_a_file_stays() {
    let sandbox = rendered();
    sandbox.write(READINESS, &format!("\u{feff}{}", sandbox.read(READINESS).replace('\n', "\r\n")));
    all_are(&sandbox.run(&["render"]), "unchanged");
    learn_more(&sandbox);
    works(&sandbox.run(&["render"]));
    let text = sandbox.read(READINESS);
    assert!(text.starts_with("\u{feff}# Backup") && text.contains("Before the audit |\r\n"), "{text:?}");
    works(&sandbox.run(&["render", "--check"]));
}

#[test]
fn the_data_beside_the_documents_start_no_formula() {
    let sandbox = answered();
    sandbox.replace("kit/capabilities/backup.yaml", "title: An agreed policy", "title: =cmd()|'x'!A1, \"agreed\"");
    works(&sandbox.run(&["render"]));
    let csv = sandbox.read("docs/data/gaps.csv");
    assert!(csv.contains("backup-policy-agreed,\"'=cmd()|'x'!A1, \"\"agreed\"\"\",backup,"), "{csv}");
    let columns = csv.lines().next().map(|line| line.split(',').count());
    assert_eq!(columns, Some(23));
    let scorecard: serde_json::Value = serde_json::from_str(&sandbox.read("docs/data/scorecard.json")).expect("it is JSON");
    assert_eq!(scorecard["schema"], "opsready/scorecard/v1");
}

#[test]
fn data_that_a_formatter_laid_out_anew_are_no_edit() {
    let sandbox = rendered();
    let path = "docs/data/scorecard.json";
    let compact = serde_json::from_str::<serde_json::Value>(&sandbox.read(path)).expect("it is JSON").to_string();
    sandbox.write(path, &compact);
    all_are(&sandbox.run(&["render"]), "unchanged");
    assert_eq!(sandbox.read(path), compact);
    sandbox.replace("answers/patching.yaml", "choose: calendar", "choose: team");
    let run = sandbox.run(&["render"]);
    works(&run);
    assert_eq!(fates(&run)[path], "update");
    works(&sandbox.run(&["render", "--check"]));
}

#[test]
fn line_ends_that_git_changed_are_no_edit() {
    let sandbox = rendered();
    for path in DOCUMENTS {
        let crlf = sandbox.read(path).replace('\n', "\r\n");
        sandbox.write(path, &crlf);
    }
    all_are(&sandbox.run(&["render"]), "unchanged");
    works(&sandbox.run(&["render", "--check"]));
    learn_more(&sandbox);
    let run = sandbox.run(&["render", "--check"]);
    assert_eq!(run.code, Some(1));
    let changes = run.stdout.lines().filter(|line| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---"));
    assert_eq!(changes.count(), 4, "the line ends are no difference: {}", run.stdout);
    let run = sandbox.run(&["render"]);
    works(&run);
    assert_eq!(fates(&run)[READINESS], "update");
    assert!(sandbox.read(READINESS).contains("Before the audit"));
}

#[test]
fn documents_of_a_capability_that_goes_out_of_scope_are_withdrawn_unless_edited() {
    let sandbox = rendered();
    let edited = edit(&sandbox, "docs/patching/design.md");
    let scope = "capabilities:\n  patching: {in_scope: false, reason: business-priority, note: Next year.}\n";
    let assessment = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{assessment}{scope}"));
    let run = sandbox.run(&["render"]);
    works(&run);
    assert_eq!(fates(&run)["docs/patching/readiness.md"], "withdraw");
    assert_eq!(fates(&run)["docs/patching/design.md"], "no longer rendered, edited by you, left as it is");
    assert!(!sandbox.path("docs/patching/readiness.md").exists());
    assert_eq!(sandbox.read("docs/patching/design.md"), edited);
    let index = sandbox.read("docs/README.md");
    assert!(index.contains("- Patching: business priority. Next year."), "{index}");

    // Back in scope, what was withdrawn returns, and what was edited is still left.
    sandbox.write("opsready.yaml", &assessment);
    let run = sandbox.run(&["render"]);
    works(&run);
    assert_eq!(fates(&run)["docs/patching/readiness.md"], "create");
    assert_eq!(sandbox.read("docs/patching/design.md"), edited);
}

#[test]
fn a_withdrawn_document_leaves_no_empty_folder() {
    let sandbox = rendered();
    let assessment = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{assessment}capabilities:\n  patching: {{in_scope: false}}\n"));
    let run = sandbox.run(&["render"]);
    works(&run);
    assert!(!sandbox.path("docs/patching/design.md").exists());
    assert!(!sandbox.path("docs/patching").exists(), "an empty folder is left");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_a_fault_of_the_machine() {
    let sandbox = answered();
    sandbox.write("docs", "notes\n");
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(3), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("docs") && run.stderr.starts_with("error: "), "{}", run.stderr);
    assert_eq!(sandbox.read("docs"), "notes\n");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_not_taken_for_deleted_documents() {
    let sandbox = rendered();
    fs::remove_dir_all(sandbox.path("docs")).expect("the documents are there");
    sandbox.write("docs", "notes\n");
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(3), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("docs") && run.stderr.starts_with("error: "), "{}", run.stderr);
    assert_eq!(sandbox.read("docs"), "notes\n");
}

#[test]
fn without_the_record_of_the_last_rendering_nothing_that_differs_is_overwritten() {
    let sandbox = rendered();
    let edited = edit(&sandbox, "docs/gap-register.md");
    let stale = sandbox.read(READINESS);
    learn_more(&sandbox);
    fs::remove_dir_all(sandbox.path(".opsready")).expect("the record is there");
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(sandbox.read("docs/gap-register.md"), edited);
    assert_eq!(sandbox.read(READINESS), stale, "nobody knows whether a person wrote this");
    assert_eq!(fates(&run)["docs/README.md"], "unchanged");
    // What is as it should be is on record again.
    sandbox.replace("opsready.yaml", "customer: Acme Logistics", "customer: Acme Freight");
    let run = sandbox.run(&["render"]);
    assert_eq!(fates(&run)["docs/README.md"], "update", "{}", run.stdout);
    assert_eq!(fates(&run)[READINESS], "differs, and no record of what was rendered: left as it is");
    assert!(run.stderr.contains("`opsready render --reset docs/"), "{}", run.stderr);
}

#[test]
fn a_document_that_a_person_wrote_before_the_first_render_stays() {
    let sandbox = answered();
    sandbox.write("docs/executive-summary.md", "# Mine\n");
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert_eq!(sandbox.read("docs/executive-summary.md"), "# Mine\n");
}

#[test]
fn a_document_that_is_no_text_stays_as_it_is() {
    let sandbox = rendered();
    sandbox.write_bytes(READINESS, b"\xff\xfe\x00bytes");
    learn_more(&sandbox);
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
    assert_eq!(fs::read(sandbox.path(READINESS)).expect("it is there"), b"\xff\xfe\x00bytes");
}

// Hostile text

/// Text that is after the structure of a document.
const HOSTILE: &[&str] = &[
    "a | b || c",
    "`paired` and `two | bars`",
    "an odd ` tick | and a bar",
    "``double`` and ```triple",
    "```\nfence\n```",
    "`a\\|b` a\\|b \\` | x",
    "one ` line | x\nthen ` another | y",
    "first ` odd.\nsecond | bar.\nthird ` odd | bar",
    "</details>",
    "<details><summary>x</summary>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- comment",
    "<https://example.com/auto> <a@example.com>",
    "`<b>` and <b>",
    "# heading",
    "####### seven\n# one",
    "- item\n- [ ] task\n* star\n+ plus",
    "1. x\n2) y\n3. z",
    "1986. A great year",
    "---",
    "***",
    "___",
    "- - -",
    "| --- |",
    "a | b\n--- | ---\n1 | 2",
    "| a |\n| --- |\n| 1 |",
    "abc\n:-:",
    "abc.\n:-:\ndef",
    "abc.\n|-|",
    "[x](javascript:alert(1))",
    "![i](x)",
    "[x]: https://example.com 'title'",
    "[^1]\n\n[^1]: note",
    "[!NOTE]\ntext",
    "[!WARNING]",
    "{{ 7*7 }}",
    "{% raw %}",
    "{# comment #} {% endraw %} {% block title %}x{% endblock %}",
    "\u{1b}[31mred\u{1b}[0m \u{7}\u{8}\u{0}",
    "\u{202e}turned\u{202c} \u{2066}isolated\u{2069}",
    "\u{200f}mark \u{200b}zero \u{feff}bom",
    "&lt;b&gt; &amp; &#60; &copy; & R&D",
    "=cmd()|' /C calc'!A0",
    "   leading and trailing   ",
    "one\r\ntwo\r\n\r\nthree\rfour",
    "trailing backslash \\",
    "line.\\\nnext\\",
    "title\n===",
    "title.\n===",
    "title.\n---",
    "title.\n-",
    "title.\n=",
    "a\ttab\n\tindented\n    four spaces",
    "emoji 🚀👩‍💻🇩🇪",
    "漢字かな交じり文。한국어",
    "~~struck~~ ~one~ *e* **s** _u_ __uu__ snake_case *open **both",
    ":::note\ntext\n:::",
    "> quote\n>> deeper",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\u{1}javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "/\\evil.example",
    "https://example.com/a b?(c)|d`e\"f\\g<h>i",
    "https://example.com/) [x](javascript:alert(2)",
    "http://example.com\n\n# heading",
    "](javascript:alert(1)) [",
    "\u{85}next\u{2028}line\u{2029}para # x",
    "\u{b}vertical\u{c}feed",
    "-",
    "+",
    "#",
    ">",
    "|",
    "\\",
    "`",
    "*",
    "=",
    "<",
    "&",
    "\"",
    "'",
    "1.",
    "1)",
    "“”",
];

/// Returns all hostile text, with what is too long to be written down.
fn hostile() -> Vec<String> {
    let mut all: Vec<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    all.push("x".repeat(10_000));
    all.push("word | `tick ".repeat(800));
    all.push(format!("a{}", "\n\n".repeat(50)));
    all
}

/// Returns a workspace in which text stands wherever a person can write some; `of` gives it for the name of the place.
fn filled(of: &dyn Fn(&str) -> String) -> Sandbox {
    let sandbox = Sandbox::workspace();
    let assessment = json!({
        "schema": "opsready/assessment/v1",
        "id": "acme",
        "customer": of("customer"),
        "classification": of("classification"),
        "scope": of("scope"),
        "mode": of("mode"),
        "kit": {"id": "small", "version": "1.2.0"},
        "environments": ["on-premises", "cloud"],
        "target_environment": "cloud",
        "capabilities": {
            "backup": {"target": 2, "importance": 5, "rationale": of("rationale")},
            "patching": {"in_scope": false, "reason": "other", "note": of("left out")},
        },
        "participants": [{"role": "ops-lead", "name": of("participant")}],
        "waves": [{
            "id": "now",
            "title": of("wave"),
            "start": "2027-01-04",
            "finish": "2027-02-26",
            "goal": of("goal"),
            "entry": [of("entry")],
            "exit": [of("exit")],
        }],
    });
    let plan = json!({
        "capability": "backup",
        "status": "design",
        "owner": of("owner"),
        "note": of("note of the plan"),
        "practices": {
            "backup-policy-agreed": {"wave": "now", "owner": of("owner"), "due": "2027-01-15", "status": "blocked", "note": of("note of the gap")},
            "backup-complete": {
                "accepted": {"risk": "2026-01-01-b", "approver": of("approver"), "expires": "2027-06-30", "note": of("acceptance")},
            },
        },
    });
    let answers = json!({
        "capability": "backup",
        "answers": {
            "backup-policy@cloud": {
                "choose": "none",
                "note": of("alarming note"),
                "by": [of("by")],
                "evidence": [
                    {"title": of("evidence with link"), "link": of("link"), "collected": "2026-03-01"},
                    {"title": of("evidence")},
                    {"link": of("link alone")},
                ],
                "minority": [{"by": of("minority by"), "text": of("minority text"), "note": of("minority note")}],
            },
            "backup-policy@on-premises": {"choose": "agreed", "note": of("note")},
            "restore-tested@on-premises": {"not_applicable": {"reason": "other", "note": of("not applicable")}},
            "backup-scope": {"dont_know": {"owner": of("owner"), "due": "2026-12-15", "note": of("not known")}},
            "backup-context": {"text": of("text")},
            "last-restore": {"parked": {"note": of("parked")}},
        },
    });
    let decision = json!({
        "id": "2026-01-01-a",
        "title": of("decision"),
        "status": "approved",
        "statement": of("statement"),
        "context": of("context of the decision"),
        "options": [{"title": of("option"), "consequence": of("consequence of an option")}],
        "rationale": of("rationale of the decision"),
        "consequences": [of("consequence")],
        "owner": of("owner of the decision"),
        "decided_on": "2026-01-01",
    });
    let risk = json!({
        "id": "2026-01-01-b",
        "kind": "risk",
        "title": of("risk"),
        "status": "open",
        "statement": of("statement of the risk"),
        "cause": of("cause of the risk"),
        "impact": of("impact of the risk"),
        "mitigation": of("mitigation"),
        // The same as that of the question: where all texts are one, so are all owners.
        "owner": of("owner"),
    });
    sandbox.write("plan/backup.yaml", &plan.to_string());
    sandbox.write("decisions/2026-01-01-a.yaml", &decision.to_string());
    sandbox.write("risks/2026-01-01-b.yaml", &risk.to_string());
    sandbox.write("opsready.yaml", &assessment.to_string());
    sandbox.write("answers/backup.yaml", &answers.to_string());
    sandbox
}

#[test]
fn no_text_of_a_person_changes_the_structure_of_a_document() {
    let harmless = filled(&|place| place.to_owned());
    works(&harmless.run(&["render"]));
    let reference: BTreeMap<String, Outline> =
        documents(&harmless.path("")).into_iter().map(|(path, text)| (path, Outline::of(&text))).collect();
    assert_eq!(reference.len(), 22);
    let mut faults = Vec::new();
    for text in hostile() {
        let shown: String = text.escape_debug().take(60).collect();
        let sandbox = filled(&|_| text.clone());
        let run = sandbox.run(&["render"]);
        if run.code != Some(0) {
            faults.push(format!("{shown}: exit {:?}: {}", run.code, run.stderr.lines().next().unwrap_or_default()));
            continue;
        }
        for (path, markdown) in documents(&sandbox.path("")) {
            let outline = Outline::of(&markdown);
            let expected = &reference[&path];
            if outline.blocks != expected.blocks {
                let at = outline.blocks.iter().zip(&expected.blocks).position(|(a, b)| a != b).unwrap_or_default();
                faults.push(format!("{shown}: {path}: {:?} for {:?}", &outline.blocks[at], &expected.blocks[at]));
            }
            let shape =
                |outline: &Outline| outline.tables.iter().map(|table| table.iter().map(Vec::len).collect::<Vec<_>>()).collect::<Vec<_>>();
            if shape(&outline) != shape(expected) || !ragged_rows(&markdown).is_empty() {
                faults.push(format!("{shown}: {path}: a table has other columns"));
            }
            for html in outline.html.iter().filter(|html| !is_ours(html)) {
                faults.push(format!("{shown}: {path}: HTML {html}"));
            }
            for link in &outline.links {
                if !matches!(scheme(link).as_deref(), None | Some("http" | "https" | "mailto")) {
                    faults.push(format!("{shown}: {path}: a link to {link}"));
                }
            }
            if markdown.chars().any(|c| c.is_control() && !"\n\t".contains(c)) || outline.text.chars().any(turns) {
                faults.push(format!("{shown}: {path}: a control character"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_link_whose_scheme_is_spelt_with_entities_is_no_link() {
    for address in ["javascript&colon;alert(1)", "javascript&#58;alert(1)", "javascript&#x3A;alert(1)", "&Tab;javascript&colon;alert(1)"] {
        let sandbox = filled(&|place| if place.starts_with("link") { address.to_owned() } else { place.to_owned() });
        works(&sandbox.run(&["render"]));
        let links = Outline::of(&sandbox.read(READINESS)).links;
        let unsafe_links: Vec<&String> =
            links.iter().filter(|link| scheme(link).is_some_and(|scheme| !scheme.starts_with("http"))).collect();
        assert!(unsafe_links.is_empty(), "the link `{address}` leads to {unsafe_links:?}");
    }
}

#[test]
fn a_link_does_not_turn_the_text_around_it() {
    let sandbox =
        filled(&|place| if place.starts_with("link") { "https://a.example/\u{202e}fdp.exe".to_owned() } else { place.to_owned() });
    works(&sandbox.run(&["render"]));
    let readiness = sandbox.read(READINESS);
    assert!(!readiness.chars().any(turns), "{}", readiness.escape_debug());
}

#[test]
fn a_link_keeps_its_address() {
    let addresses = [
        ("https://wiki.example/a?b=1&c=2#d", "https://wiki.example/a?b=1&c=2#d"),
        ("https://wiki.example/a_b_c*d*", "https://wiki.example/a_b_c*d*"),
        ("https://wiki.example/a?x=1&copy=2&lt;3", "https://wiki.example/a?x=1&copy=2&lt;3"),
        ("mailto:ops@example.com", "mailto:ops@example.com"),
        ("../evidence/Größe 1 (neu).pdf", "../evidence/Größe%201%20%28neu%29.pdf"),
    ];
    for (address, expected) in addresses {
        let sandbox = filled(&|place| if place.starts_with("link") { address.to_owned() } else { place.to_owned() });
        works(&sandbox.run(&["render"]));
        let links = Outline::of(&sandbox.read(READINESS)).links;
        assert!(links.iter().any(|link| link == expected), "`{address}` became {links:?}");
    }
}

#[test]
fn what_a_person_wrote_can_be_read_again() {
    let places = [
        ("docs/README.md", ["customer", "classification", "scope", "left out", "participant"].as_slice()),
        ("docs/executive-summary.md", &["customer", "alarming note"]),
        ("docs/actions.md", &["owner"]),
        (
            READINESS,
            &[
                "customer",
                "rationale",
                "alarming note",
                "evidence with link",
                "evidence",
                "minority by",
                "minority text",
                "minority note",
                "note",
                "by",
                "not applicable",
                "owner",
                "not known",
                "text",
                "parked",
            ],
        ),
        ("docs/backup/design.md", &["customer", "rationale"]),
    ];
    let texts = [
        "a | b || c",
        "an odd ` tick | and a bar",
        "</details> <script>",
        "# heading",
        "- item",
        "1. x",
        "--- | ---",
        "[x](javascript:alert(1)) ![i](x)",
        "{{ 7*7 }} {% raw %}",
        "&lt;b&gt; &amp; R&D",
        "=cmd()",
        "a\\|b C:\\temp \\",
        "*e* _u_ ~~s~~ snake_case __init__",
        "漢字 🚀",
        "costs < 5 > 3",
    ];
    let mut lost = Vec::new();
    for text in texts {
        // The brackets tell the places apart.
        let sandbox =
            filled(&|place| if place.starts_with("link") { "https://example.com/x".to_owned() } else { format!("{text} «{place}»") });
        works(&sandbox.run(&["render"]));
        let documents = documents(&sandbox.path(""));
        for (path, places) in places {
            let plain = Outline::of(&documents[path]).text;
            for place in places {
                if !plain.contains(&format!("{text} «{place}»")) {
                    lost.push(format!("{path}: `{text}` in {place}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn the_line_breaks_that_somebody_meant_are_kept() {
    let sandbox = filled(&|place| format!("First of {place}.\nSecond.\n\n- third\nwrapped"));
    works(&sandbox.run(&["render"]));
    let readiness = sandbox.read(READINESS);
    assert!(readiness.contains("  > First of note.\\\n  > Second.\n  >\n  > \\- third wrapped\n"), "{readiness}");
    assert!(readiness.contains("| First of parked.<br>Second.<br>\\- third wrapped |"), "{readiness}");
}

#[test]
fn a_line_that_only_wrapped_before_a_number_or_a_mark_goes_on() {
    let sandbox = filled(&|place| format!("Support for {place} runs to\n2029. Ticket\n#4711 says\n*nothing* of it at\n-5 degrees"));
    works(&sandbox.run(&["render"]));
    let readiness = sandbox.read(READINESS);
    let plain = Outline::of(&readiness).text;
    assert!(plain.contains("Support for note runs to 2029. Ticket #4711 says *nothing* of it at -5 degrees"), "{plain}");
    let quoted = readiness.lines().find(|line| line.starts_with("  > Support for note")).expect("the note is quoted");
    assert!(quoted.ends_with("degrees"), "the note is broken where its writer only wrapped it: {quoted}");
    assert!(!readiness.contains("runs to<br>"), "{readiness}");
}

#[test]
fn a_line_that_was_full_when_its_sentence_ended_goes_on() {
    let long = "The review took seventeen days, twelve of them to agree whose certificate it was.";
    let sandbox = filled(&|place| format!("{long}\nSince April a test invoice runs for {place}.\nShort.\nMeant."));
    works(&sandbox.run(&["render"]));
    let readiness = sandbox.read(READINESS);
    let expected = format!("  > {long} Since April a test invoice runs for note.\\\n  > Short.\\\n  > Meant.");
    assert!(readiness.contains(&expected), "{readiness}");
}

#[test]
fn what_a_person_put_between_backticks_is_code_wherever_it_is_quoted() {
    let sandbox = filled(&|place| if place.starts_with("link") { "x".to_owned() } else { format!("the tag `Site` of {place}") });
    works(&sandbox.run(&["render"]));
    let readiness = sandbox.read(READINESS);
    for place in ["note", "alarming note", "minority note", "minority text", "not applicable", "not known", "parked", "text"] {
        assert!(readiness.contains(&format!("the tag `Site` of {place}")), "{place}: {readiness}");
    }
}

#[test]
fn a_gap_is_seen_only_in_answers_that_were_given() {
    let sandbox = rendered();
    let readiness = sandbox.read(READINESS);
    let (_, gaps) = readiness.split_once("## Gaps").expect("there are gaps");
    let (gaps, _) = gaps.split_once("## Open questions").expect("open questions follow");
    assert!(gaps.contains("Is there a policy for backups?"), "{gaps}");
    // Nobody was asked for the cloud: without a policy the question is hidden.
    assert!(!gaps.contains("Was a restore tested in the last year?") || gaps.contains("not asked"), "{gaps}");
}

#[test]
fn what_a_capability_builds_on_is_a_paragraph_of_its_own() {
    for rationale in ["", ", rationale: It is the law."] {
        let sandbox = answered();
        let assessment = sandbox.read("opsready.yaml");
        sandbox.write("opsready.yaml", &format!("{assessment}capabilities:\n  patching: {{target: 2{rationale}}}\n"));
        works(&sandbox.run(&["render"]));
        let design = sandbox.read("docs/patching/design.md");
        assert!(design.contains("\n\nBuilds on: [Backup and Restore](../backup/design.md).\n"), "{design}");
    }
}

// The demo

#[test]
fn the_documents_of_the_demo_are_sound() {
    let sandbox = Sandbox::empty();
    works(&sandbox.run(&["demo", "demo"]));
    let workspace = sandbox.path("demo");
    assert_eq!(documents(&workspace).len(), 61);
    sound(&workspace);
}

#[test]
fn what_proves_and_what_refutes_a_practice_are_sentences_of_their_own() {
    let sandbox = Sandbox::empty();
    works(&sandbox.run(&["demo", "demo"]));
    for (path, text) in documents(&sandbox.path("demo")) {
        let glued = text.lines().find(|line| line.match_indices(" Missing: ").any(|(at, _)| !line[..at].ends_with('.')));
        assert_eq!(glued, None, "{path}");
    }
}

#[test]
fn the_demo_can_be_rendered_again_without_a_change() {
    let sandbox = Sandbox::empty();
    works(&sandbox.run(&["demo", "demo"]));
    let before = sandbox.tree();
    works(&sandbox.run(&["-C", "demo", "render"]));
    works(&sandbox.run(&["-C", "demo", "render", "--check"]));
    same(&before, &sandbox.tree());
}

// Little or nothing to say

#[test]
fn documents_without_any_answer_are_sound() {
    let kit = small_kit().display().to_string();
    for kit in [kit.as_str(), "aws-cloud-operations"] {
        let sandbox = Sandbox::empty();
        works(&sandbox.run(&["init", "x", "--no-input", "--kit", kit]));
        works(&sandbox.run(&["-C", "x", "render"]));
        sound(&sandbox.path("x"));
    }
}

#[test]
fn a_summary_without_any_answer_claims_no_result() {
    let sandbox = Sandbox::workspace();
    works(&sandbox.run(&["render"]));
    let summary = sandbox.read("docs/executive-summary.md");
    for claim in ["has reached its target", "furthest away", "below target", "No gap is confirmed"] {
        assert!(!summary.contains(claim), "nobody was asked yet, and the summary says `{claim}`: {summary}");
    }
}

#[test]
fn documents_with_all_but_one_capability_out_of_scope_are_sound() {
    let sandbox = answered();
    let assessment = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{assessment}capabilities:\n  backup: {{in_scope: false, note: Not ours.}}\n"));
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
    let index = sandbox.read("docs/README.md");
    assert!(index.contains("- Backup and Restore: no reason given. Not ours."), "{index}");
}

#[test]
fn documents_with_everything_out_of_scope_are_sound() {
    let sandbox = answered();
    let assessment = sandbox.read("opsready.yaml");
    let scope = "capabilities:\n  backup: {in_scope: false}\n  patching: {in_scope: false, reason: other}\n";
    sandbox.write("opsready.yaml", &format!("{assessment}{scope}"));
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
}

#[test]
fn documents_with_one_environment_are_sound() {
    let sandbox = answered();
    sandbox.replace("opsready.yaml", "environments: [on-premises, cloud]", "environments: [cloud]");
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
    let readiness = sandbox.read(READINESS);
    assert!(!readiness.contains("On premises"), "{readiness}");
    assert!(readiness.contains("`backup-policy@on-premises`"), "what is kept and not counted is named: {readiness}");
}

#[test]
fn documents_where_every_target_is_reached_are_sound() {
    let sandbox = Sandbox::with_answers(
        "capability: backup
answers:
  backup-policy@on-premises: {choose: agreed}
  backup-policy@cloud: {choose: agreed}
  restore-tested@on-premises: {choose: \"yes\"}
  restore-tested@cloud: {choose: \"yes\"}
  restore-share@cloud: {number: 99}
  backup-scope: {choose: [databases, files, mail]}
  backup-context: {text: All is well.}
  last-restore: {date: 2026-03-01}
",
    );
    sandbox.write(
        "answers/patching.yaml",
        "capability: patching
answers:
  patch-window@on-premises: {choose: calendar}
  patch-window@cloud: {choose: calendar}
  patch-report: {choose: \"yes\"}
",
    );
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
    let summary = sandbox.read("docs/executive-summary.md");
    assert!(summary.contains("all 2 capabilities are at target. No gap is confirmed."), "{summary}");
    assert!(sandbox.read("docs/gap-register.md").contains("No gap is confirmed."));
    assert!(sandbox.read(READINESS).contains("Every question has an answer."));
}

/// Returns a workspace around a kit with nothing in it that could be left out.
fn minimal(capabilities: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::empty();
    let ids: Vec<&str> = capabilities.iter().map(|(id, _)| *id).collect();
    sandbox.write(
        "kit/kit.yaml",
        &format!(
            "id: tiny
title: Tiny
version: 1.0.0
scale: [{{level: 0, name: Absent}}, {{level: 1, name: There}}]
environments: [{{id: all, title: Everywhere}}]
capabilities: [{}]
",
            ids.join(", ")
        ),
    );
    for (id, text) in capabilities {
        sandbox.write(&format!("kit/capabilities/{id}.yaml"), text);
    }
    sandbox.write("opsready.yaml", "id: acme\ncustomer: Acme\nkit: {id: tiny, version: 1.0.0}\n");
    sandbox
}

#[test]
fn documents_of_a_kit_without_anything_optional_are_sound() {
    let sandbox = minimal(&[(
        "logs",
        "id: logs
title: Logs
discovery:
  questions:
    - {id: logs-kept, ask: Are logs kept?, type: yes-no, choices: [{id: \"yes\", label: \"Yes\", credits: [logs-kept]}, {id: \"no\", label: \"No\"}]}
design:
  practices: [{id: logs-kept, title: Logs are kept, level: 1}]
",
    )]);
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
    for answer in ["no", "yes"] {
        works(&sandbox.run(&["answer", "logs-kept", "--choose", answer]));
        works(&sandbox.run(&["render"]));
        sound(&sandbox.path(""));
    }
    sandbox.write("answers/logs.yaml", "capability: logs\nanswers:\n  logs-kept: {not_applicable: {reason: other}}\n");
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
    sandbox.write("answers/logs.yaml", "capability: logs\nanswers:\n  logs-kept: {dont_know: {}}\n");
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
}

#[test]
fn a_capability_without_practices_or_questions_has_sound_documents() {
    let sandbox = minimal(&[
        ("logs", "id: logs\ntitle: Logs\n"),
        ("talk", "id: talk\ntitle: Talk\ndiscovery:\n  questions: [{id: talk-what, ask: What else?, type: text}]\n"),
        ("later", "id: later\ntitle: Later\ndesign:\n  practices: [{id: later-on, title: Later on, level: 1}]\n"),
    ]);
    let assessment = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{assessment}capabilities:\n  later: {{target: 0}}\n"));
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
    works(&sandbox.run(&["answer", "talk-what", "--text", "Nothing."]));
    works(&sandbox.run(&["render"]));
    sound(&sandbox.path(""));
}

/// Returns a rendered workspace around one capability with practices of these titles, all of them gaps.
fn titled(titles: [&str; 3]) -> Sandbox {
    let [first, second, third] = titles.map(|title| json!(title));
    let sandbox = minimal(&[(
        "logs",
        &format!(
            "id: logs
title: Logs
discovery:
  questions:
    - id: logs-q
      ask: Are logs kept?
      type: yes-no
      choices: [{{id: \"yes\", label: \"Yes\", credits: [logs-a, logs-b, logs-c]}}, {{id: \"no\", label: \"No\"}}]
design:
  practices:
    - {{id: logs-a, title: {first}, level: 1}}
    - {{id: logs-b, title: {second}, level: 1}}
    - {{id: logs-c, title: {third}, level: 1}}
"
        ),
    )]);
    works(&sandbox.run(&["answer", "logs-q", "--choose", "no"]));
    works(&sandbox.run(&["render"]));
    sandbox
}

/// Returns where the gap register leads to in the design.
fn links_to_design(sandbox: &Sandbox) -> Vec<String> {
    let register = Outline::of(&sandbox.read("docs/gap-register.md"));
    register.links.into_iter().filter(|link| link.contains("design.md#")).collect()
}

#[test]
fn a_link_to_a_practice_leads_to_its_heading_whatever_its_title() {
    let sandbox = titled(["Logs: kept & `stored` (R&D) – 90 %", "Long-term __init__ snake_case *x*", "Größe, 漢字 & \"Ζ\" / ½"]);
    assert_eq!(links_to_design(&sandbox).len(), 3);
    assert_eq!(broken_links(&sandbox.path("")), Vec::<String>::new());
}

#[test]
fn a_link_to_a_practice_leads_to_its_own_heading_where_two_are_alike() {
    let sandbox = titled(["Practices", "Logs are kept", "Logs are kept"]);
    // The section `Practices` comes before the practice of that name.
    let mut links = links_to_design(&sandbox);
    links.sort();
    assert_eq!(links, ["logs/design.md#logs-are-kept", "logs/design.md#logs-are-kept-1", "logs/design.md#practices-1"]);
}

// Templates

const TEMPLATE: &str = "kit/templates/readiness.md";

#[test]
fn a_kit_overrides_one_block() {
    let sandbox = rendered();
    let before = documents(&sandbox.path(""));
    sandbox.write(
        TEMPLATE,
        "{% extends \"opsready/readiness.md\" %}\n{% block title %}\n{{ super() }}\n*Draft of {{ header.customer }} for {{ id }}*\n{% endblock %}\n",
    );
    works(&sandbox.run(&["render"]));
    let after = documents(&sandbox.path(""));
    for (path, text) in &after {
        if path.ends_with("/readiness.md") {
            let id = path.split('/').nth(1).expect("it is in a folder");
            let line = format!("*Draft of Acme Logistics for {id}*");
            assert_eq!(text.lines().nth(2), Some(line.as_str()), "{text}");
            assert_eq!(text.replacen(&format!("{line}\n\n"), "", 1), before[path], "the rest is as it was");
        } else {
            assert_eq!(text, &before[path], "{path}");
        }
    }
    assert_eq!(broken_links(&sandbox.path("")), Vec::<String>::new());
}

#[test]
fn a_kit_overrides_a_whole_template() {
    let sandbox = rendered();
    let before = documents(&sandbox.path(""));
    sandbox.write(
        TEMPLATE,
        "# {{ title }} of {{ header.customer }}\n\n{% for gap in gaps %}\n- {{ gap.practice.title }}\n{% else %}\nNo gaps.\n{% endfor %}\n",
    );
    sandbox.replace("opsready.yaml", "customer: Acme Logistics", "customer: \"A | *B* <b>\"");
    works(&sandbox.run(&["render"]));
    shows(
        &sandbox.read(READINESS),
        str![[r#"
# Backup and Restore of A \| \*B\* &lt;b&gt;

- An agreed policy
- Restores are tested

"#]],
    );
    assert_ne!(sandbox.read("docs/gap-register.md"), before["docs/gap-register.md"], "the customer stands there too");
}

#[test]
fn a_kit_overrides_the_header_of_every_document() {
    let sandbox = rendered();
    sandbox.write("kit/templates/header.md", "Prepared for {{ header.customer }}\n");
    works(&sandbox.run(&["render"]));
    for (path, text) in documents(&sandbox.path("")) {
        assert_eq!(text.matches("Prepared for Acme Logistics").count(), 1, "{path}: {text}");
        assert!(!text.contains("Small Operations 1.2.0"), "{path}");
    }
    assert_eq!(broken_links(&sandbox.path("")), Vec::<String>::new());
}

#[test]
fn a_template_may_include_one_of_its_own() {
    let sandbox = rendered();
    sandbox.write("kit/templates/logo.md", "![Acme](logo.svg)\n");
    sandbox.write("kit/templates/header.md", "{% include \"logo.md\" %}\n");
    let run = sandbox.run(&["render"]);
    works(&run);
    assert_eq!(run.stderr, "");
    assert!(sandbox.read(READINESS).contains("![Acme](logo.svg)"));
}

#[test]
fn a_template_that_does_not_parse_is_refused_with_its_line() {
    let sandbox = rendered();
    sandbox.write(TEMPLATE, "# {{ title }}\n\n{% if gaps %}\nx\n{% endfor %}\n");
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[bad-template]: the template `readiness.md`, line 5: syntax error: unknown statement endfor
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]],
    );
    sandbox.refuses(
        &["render", "--check"],
        2,
        str![[r#"
error[bad-template]: the template `readiness.md`, line 5: syntax error: unknown statement endfor
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn a_template_that_asks_for_an_unknown_field_is_refused_with_its_line() {
    let sandbox = rendered();
    sandbox.write(TEMPLATE, "# {{ title }}\n\n{{ header.custmer }}\n");
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[bad-template]: the template `readiness.md`, line 3: undefined value: `header.custmer` is undefined
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]],
    );
    // In the header that all include, the header is named.
    fs::remove_file(sandbox.path(TEMPLATE)).expect("the template is there");
    sandbox.write("kit/templates/header.md", "{{ header.customer }}\n{{ header.nope }}\n");
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[bad-template]: the template `header.md`, line 2: undefined value: `header.nope` is undefined
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn a_template_that_extends_or_includes_what_is_not_there_is_refused() {
    let sandbox = rendered();
    sandbox.write(TEMPLATE, "{% extends \"opsready/readines.md\" %}\n");
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[bad-template]: the template `readiness.md`, line 1: template not found: template "opsready/readines.md" does not exist
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]],
    );
    sandbox.write(TEMPLATE, "# x\n{% include \"heder.md\" %}\n");
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[bad-template]: the template `readiness.md`, line 2: template not found: tried to include non-existing template 'heder.md'
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn a_template_that_goes_round_in_a_circle_is_refused() {
    let sandbox = rendered();
    sandbox.write(TEMPLATE, "{% extends \"readiness.md\" %}\n");
    sandbox.refuses(&["render"], 2, str![[r#"
error[bad-template]: the template `readiness.md`, line 1: invalid operation: cycle in template inheritance. "readiness.md" was referenced more than once
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]]);
    sandbox.write(TEMPLATE, "{% include \"readiness.md\" %}\n");
    let before = sandbox.tree();
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    same(&before, &sandbox.tree());
}

#[test]
fn a_template_that_prints_a_whole_list_is_refused() {
    let sandbox = rendered();
    sandbox.write(TEMPLATE, "# x\n{{ gaps }}\n");
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[bad-template]: the template `readiness.md`, line 2: invalid operation: sequence cannot be printed; choose a field of it
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn a_template_that_is_not_utf8_is_refused() {
    let sandbox = rendered();
    sandbox.write_bytes(TEMPLATE, b"# \xff\n");
    let before = sandbox.tree();
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("kit/templates/readiness.md"), "{}", run.stderr);
    same(&before, &sandbox.tree());
}

#[test]
fn a_template_of_an_unknown_name_is_reported() {
    let sandbox = rendered();
    sandbox.write("kit/templates/readines.md", "# x\n");
    let run = sandbox.run(&["render"]);
    assert!(run.stderr.contains("readines.md"), "nothing says that this template is never used: {:?}", run.stderr);
    assert!(run.stderr.contains("did you mean `readiness.md`?"), "{}", run.stderr);
}

#[test]
fn a_block_of_an_unknown_name_is_reported() {
    let sandbox = rendered();
    sandbox.write(TEMPLATE, "{% extends \"opsready/readiness.md\" %}\n{% block titel %}\nx\n{% endblock %}\n");
    let run = sandbox.run(&["render"]);
    assert!(run.stderr.contains("titel"), "nothing says that this block is never shown: {:?}", run.stderr);
}

#[test]
fn text_of_an_answer_is_never_a_template() {
    let sandbox = filled(&|place| format!("{{{{ 60000 + 7654 }}}}{{% if true %}}{place}{{% endif %}}"));
    works(&sandbox.run(&["render"]));
    for (path, text) in documents(&sandbox.path("")) {
        assert!(!text.contains("67654"), "{path}: {text}");
        assert!(text.contains("{{ 60000 "), "{path}");
    }
}

// What a reader sees

#[test]
fn a_readiness_document_tells_what_was_said_in_every_state() {
    let sandbox = rendered();
    shows(
        &sandbox.read(READINESS),
        str![[r##"
# Backup and Restore: discovery and analysis

Acme Logistics · Small Operations 1.2.0 · as of 2026-03-02

[Overview](../README.md) · [Design](design.md) · [Stories](backlog.md) · [Minutes](minutes.md)

What is lost comes back in time.

## Result

| Environment | Level | Score | Range | Target | Distance |
| --- | --- | ---: | ---: | --- | --- |
| **On premises** | 2 Managed | 2.0 | – | – | – |
| **Cloud** | 0 Absent | 0.5 | – | 2 Managed | 2 levels below target |

Importance 3 of 5.

Level 2 Managed means: It is agreed and repeated

4 of 6 questions are resolved (66 %); 1 of 3 answers have evidence (33 %). The details of each answer are in `answers/backup.yaml`, the terms of each number in `opsready explain backup`.

## Findings

Cloud stays at level 0 Absent until more of this is in place:

- [An agreed policy](design.md#an-agreed-policy)

Fully in place (Cloud):

- **Everything that matters is backed up**

What works elsewhere and could be carried over:

| Practice | Works in | There | Cloud |
| --- | --- | ---: | ---: |
| An agreed policy | On premises | 100 % | 0 % |

## Current state

### Cloud

#### Process

- **Is there a policy for backups?** Nobody can show one (**high risk**)

  > Nobody in the room had seen one.\
  > "We thought you had it."

  Not agreed by Service owner, who chose: Written down. “There is a page of 2021.”

### On premises

#### Process

- **Is there a policy for backups?** Agreed, with an owner

  Said by Operations lead. Evidence: [Policy](https://wiki.example/policy) (2026-03-02)

### Whole organisation

#### General

- **What is backed up?**
  - Databases
  - Files
  - Does not apply: Mail

## Gaps

| Gap | Where | Level | In place | Risk | Effort | Wave |
| --- | --- | ---: | ---: | --- | --- | --- |
| [An agreed policy](design.md#an-agreed-policy) | Cloud | 1 | 0 % | high | days | Now |
| [Restores are tested](design.md#restores-are-tested) | Cloud | 2 | 0 % | medium | weeks | Now |

The [gap register](../gap-register.md) has them beside those of all capabilities.

- **An agreed policy.**
  - Is there a policy for backups? Nobody can show one
- **Restores are tested.**

## Open questions

| Question | Where | State | Who | By | Note |
| --- | --- | --- | --- | --- | --- |
| What else should we know? | all | not known | Service owner | 2026-12-15 | Asks the vendor. |
| When was the last restore? | all | parked |  | – | After the migration |

## Not applicable

| Question | Where | Reason | Note |
| --- | --- | --- | --- |
| Was a restore tested in the last year? | On premises | out of scope | The last server goes in May. |

"##]],
    );
}

#[test]
fn a_summary_judges_no_capability_that_nobody_was_asked_about() {
    let sandbox = Sandbox::workspace();
    works(&sandbox.run(&["answer", "backup-policy@cloud", "--choose", "none"]));
    works(&sandbox.run(&["render"]));
    let summary = sandbox.read("docs/executive-summary.md");
    assert!(summary.contains("The furthest away is Backup and Restore"), "{summary}");
    assert!(summary.contains("1 capability is still to be assessed."), "{summary}");
    assert!(summary.contains("what is not assessed yet counts as 0."), "{summary}");
    assert!(!summary.contains("highest Patching") && !summary.contains("lowest Patching") && !summary.contains(",  |"), "{summary}");
}
