//! Merging: whatever a person does to a document, and whatever is rendered next, nothing that the person wrote is lost.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

use opsready::diagnostic::Source;
use opsready::document::merge::{Merged, ORPHANED, first_side, is_same, merge, unresolved};
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};
use std::fmt::Write;

const BASE: &str = "\
# Backup

Level 2 of 3.

## Findings

- No policy
- No tests

| Gap | In place |
| --- | ---: |
| Policy | 0 % |
| Tests | 50 % |

## Gaps

### Policy

Nobody can show one.

### Tests

<!-- keep tests: what you write here stays -->

<!-- end tests -->

Done twice.
";

#[track_caller]
fn merged(base: &str, yours: &str, new: &str) -> Merged {
    merge(base, &Source::new("docs/x.md", yours), new).expect("the regions are whole")
}

#[track_caller]
fn cleanly(base: &str, yours: &str, new: &str) -> String {
    let merged = merged(base, yours, new);
    assert_eq!(merged.conflicts, Vec::<usize>::new(), "{}", merged.text);
    merged.text
}

#[test]
fn both_changes_stand_where_they_touch_different_lines() {
    // Each line is followed by one that the other side changed.
    let yours = BASE
        .replace("Nobody can show one.", "Nobody can show one, says the auditor.")
        .replace("- No policy\n", "- No policy (see minutes)\n");
    let new = BASE.replace("- No tests", "- Few tests").replace("| Policy | 0 % |", "| Policy | 10 % |");
    let text = cleanly(BASE, &yours, &new);
    assert!(text.contains("- No policy (see minutes)\n- Few tests\n"), "{text}");
    assert!(text.contains("says the auditor") && text.contains("| Policy | 10 % |\n| Tests"), "{text}");
    assert_eq!(cleanly(&new, &text, &new), text);
}

#[test]
fn both_additions_stand_at_the_same_place() {
    let yours = BASE.replace("- No tests\n", "- No tests\n- No owner (ours)\n");
    let new = BASE.replace("- No tests\n", "- No tests\n- No offsite copy\n");
    let text = cleanly(BASE, &yours, &new);
    assert!(text.contains("- No tests\n- No owner (ours)\n- No offsite copy\n"), "{text}");
    // Cut short after the document was written and before the record was: the same again.
    assert_eq!(cleanly(BASE, &text, &new), text);
}

#[test]
fn a_paragraph_does_not_run_into_what_is_rendered_behind_it() {
    let yours = format!("{BASE}\nOur own last word.\n");
    let new = format!("{BASE}\n- one more\n");
    let text = cleanly(BASE, &yours, &new);
    assert!(text.ends_with("Our own last word.\n\n- one more\n"), "{text}");
}

#[test]
fn the_same_line_changed_twice_is_a_conflict() {
    let yours = BASE.replace("Level 2 of 3.", "Level 2 of 3, they say.");
    let new = BASE.replace("Level 2 of 3.", "Level 3 of 3.");
    let merged = merged(BASE, &yours, &new);
    assert_eq!(merged.conflicts, [3]);
    assert_eq!(unresolved(&merged.text), [3]);
    let head = merged.text.split_inclusive('\n').take(8).collect::<String>();
    assert_data_eq!(
        head,
        str![[r#"
# Backup

<<<<<<< yours
Level 2 of 3, they say.
=======
Level 3 of 3.
>>>>>>> rendered


"#]]
    );
}

#[test]
fn a_table_that_an_editor_aligned_is_no_edit() {
    let yours = BASE.replace(
        "| Gap | In place |\n| --- | ---: |\n| Policy | 0 % |\n| Tests | 50 % |",
        "| Gap    | In place |\n| :----- | -------: |\n| Policy |      0 % |\n| Tests  |     50 % |",
    );
    let yours = yours.replace(":-----", "------");
    assert!(is_same(BASE, &yours));
    let new = BASE.replace("| Policy | 0 % |", "| Policy | 100 % |");
    let text = cleanly(BASE, &yours, &new);
    assert!(text.contains("| Gap    | In place |\n| ------ | -------: |\n| Policy | 100 % |\n| Tests  |     50 % |\n"), "{text}");
}

#[test]
fn emphasis_that_a_formatter_marks_otherwise_is_no_edit() {
    let base = "# T\n\n*One policy, `snake_case` and all.*\n\n- a\n";
    let yours = base.replace("*One", "_One").replace("all.*", "all._");
    assert!(is_same(base, &yours));
    assert!(!is_same(base, &base.replace("snake_case", "snake*case")));
    let text = cleanly(base, &yours, &base.replace("- a\n", "- a\n- b\n"));
    assert_eq!(text, yours.replace("- a\n", "- a\n- b\n"));
    assert_eq!(cleanly(base, &yours, "# T\n\n*Two policies.*\n\n- a\n"), "# T\n\n*Two policies.*\n\n- a\n");
}

#[test]
fn line_ends_stay_as_the_editor_left_them() {
    let yours = BASE.replace("Done twice.", "Done twice, by us.").replace('\n', "\r\n");
    let new = BASE.replace("Level 2 of 3.", "Level 3 of 3.").replace("- No policy\n", "- No policy\n- No plan\n");
    let text = cleanly(BASE, &yours, &new);
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
    assert!(text.contains("- No policy\r\n- No plan\r\n") && text.contains("by us."), "{text:?}");
    // Nor does a missing end of the last line hurt.
    let yours = format!("{BASE}Last word");
    assert!(cleanly(BASE, &yours, &new).ends_with("Done twice.\nLast word"));
}

#[test]
fn what_stands_in_a_region_stays_whatever_is_rendered_there() {
    let ours = "\n\n| a | b |\n\nText of ours\nDone twice.\n\n";
    let yours = BASE.replace("stays -->\n\n<!-- end", &format!("stays -->{ours}<!-- end"));
    let new = BASE.replace("stays -->\n\n<!-- end", "stays -->\n\nA better sample.\n\n<!-- end").replace("Done twice.", "Done thrice.");
    let text = cleanly(BASE, &yours, &new);
    assert!(text.contains(&format!("stays -->{ours}<!-- end tests -->\n\nDone thrice.\n")), "{text}");
    assert!(!text.contains("A better sample."), "{text}");
}

#[test]
fn a_region_that_its_owner_deleted_stays_deleted() {
    let region = "<!-- keep tests: what you write here stays -->\n\n<!-- end tests -->\n\n";
    let yours = BASE.replace(region, "");
    let new = BASE.replace("stays -->\n\n<!-- end", "stays -->\n\nA better sample.\n\n<!-- end");
    assert_eq!(cleanly(BASE, &yours, &new), yours);
}

#[test]
fn text_of_a_section_that_is_gone_moves_to_the_end() {
    let yours = BASE
        .replace("Nobody can show one.\n", "Nobody can show one.\n\nThe board wants one by May.\nReally.\n\n#### Our plan\n\n- write it\n")
        .replace("Level 2 of 3.", "Level 2 of 3 (draft)");
    let new = BASE.replace("### Policy\n\nNobody can show one.\n\n", "");
    let merged = merged(BASE, &yours, &new);
    assert!(merged.conflicts.is_empty());
    assert_eq!(merged.orphaned, ["Gaps › Policy", "Gaps › Policy"]);
    let end = merged.text.split("Done twice.\n").nth(1).expect("the last section is there").to_owned();
    assert_data_eq!(
        end,
        str![[r#"

## Orphaned notes

You wrote this in sections that are no longer rendered. Move it to where it belongs, or delete it.

### From: Gaps › Policy

The board wants one by May.
Really.

### From: Gaps › Policy

#### Our plan

- write it


"#]]
    );
    assert!(!merged.text.contains("### Policy") && merged.text.contains("(draft)"));
    assert_eq!(cleanly(&new, &merged.text, &new), merged.text);
    // Another section goes: its notes join those that are there.
    let later = new.replace("### Tests\n\n<!-- keep tests: what you write here stays -->\n\n<!-- end tests -->\n\nDone twice.\n", "");
    let edited = merged.text.replace("stays -->\n\n<!-- end", "stays -->\n\nTested in March.\n\n<!-- end");
    let text = cleanly(&new, &edited, &later);
    assert_eq!(text.matches(ORPHANED).count(), 1, "{text}");
    assert!(text.ends_with("### From: Gaps › Tests\n\nTested in March.\n"), "{text}");
}

#[test]
fn an_unedited_section_goes_without_a_trace() {
    let yours = BASE.replace("Level 2 of 3.", "Level 2 of 3 (draft)");
    let new = BASE.replace("### Policy\n\nNobody can show one.\n\n", "");
    let text = cleanly(BASE, &yours, &new);
    assert!(!text.contains(ORPHANED) && !text.contains("Nobody"), "{text}");
}

#[test]
fn markers_that_are_no_pair_are_refused_with_their_line() {
    let begin = "<!-- keep tests: what you write here stays -->";
    let end = "<!-- end tests -->";
    let line_and_message = |yours: String| {
        let found = merge(BASE, &Source::new("docs/x.md", yours), BASE).expect_err("the regions are not whole");
        found
            .into_iter()
            .map(|diagnostic| (diagnostic.location.expect("it has a place").line_column().0, diagnostic.message))
            .collect::<Vec<_>>()
    };
    let no_end = (23, "the region `tests` has no end".to_owned());
    assert_eq!(line_and_message(BASE.replace(&format!("{end}\n"), "")), [no_end]);
    let no_begin = (24, "the region `tests` ends here and begins nowhere".to_owned());
    assert_eq!(line_and_message(BASE.replace(&format!("{begin}\n"), "")), [no_begin]);
    let twice = (29, "the region `tests` is there twice".to_owned());
    assert_eq!(line_and_message(format!("{BASE}\n{begin}\nmine\n{end}\n")), [twice]);
    let doubled = (24, "the region `tests` is there twice".to_owned());
    assert_eq!(line_and_message(BASE.replace(begin, &format!("{begin}\n{begin}"))), [doubled]);
    // A mark that nothing rendered is text like any other.
    let own = BASE.replace("- No policy", "<!-- keep mine: x -->\n- No policy");
    assert_eq!(cleanly(BASE, &own, BASE), own);
}

#[test]
fn only_whole_conflicts_count() {
    assert_eq!(unresolved("a\n=======\nb\n>>>>>>> rendered\n"), Vec::<usize>::new());
    assert_eq!(unresolved("<<<<<<< yours\na\n"), Vec::<usize>::new());
    assert_eq!(unresolved("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> main\n"), [1]);
    assert_eq!(unresolved("x\r\n<<<<<<< yours\r\na\r\n=======\r\n>>>>>>> rendered\r\n"), [2]);
}

#[test]
fn of_a_conflict_that_git_left_the_first_side_is_taken() {
    let text = "a\n<<<<<<< HEAD\nb\n||||||| base\nx\n=======\nc\n>>>>>>> theirs\nd\n";
    assert_eq!(first_side(text), "a\nb\nd\n");
    let setext = "Title\n=======\n\ntext\n";
    assert_eq!(first_side(setext), setext);
}

// Properties

/// A document: sections of a few lines, some with a region, as `render` makes them.
fn document() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        4 => "[a-d]{1,2}".prop_map(|word| format!("{word}\n")),
        2 => "[a-d]".prop_map(|word| format!("- {word}\n")),
        2 => "[a-d]".prop_map(|word| format!("| {word} | 1 |\n")),
        3 => Just("\n".to_owned()),
    ];
    let section = (0..6_usize, prop::bool::ANY, prop::collection::vec(line, 0..6), prop::bool::weighted(0.3), 2..4_usize);
    prop::collection::vec(section, 0..6).prop_map(|sections| {
        let mut text = "# Title\n\n".to_owned();
        let mut seen = std::collections::BTreeSet::new();
        for (name, _, lines, has_region, level) in sections {
            if !seen.insert(name) {
                continue;
            }
            let _ = write!(text, "{} Section {name}\n\n{}", "#".repeat(level), lines.concat());
            if has_region {
                let _ = write!(text, "\n<!-- keep r{name}: x -->\n\n<!-- end r{name} -->\n");
            }
            text.push('\n');
        }
        text
    })
}

/// What a person does to a document.
#[derive(Clone, Debug)]
enum Edit {
    Insert(prop::sample::Index, Vec<String>),
    Replace(prop::sample::Index, String),
    Delete(prop::sample::Index),
    Swap(prop::sample::Index),
    Append(String),
}

fn edit() -> impl Strategy<Value = Edit> {
    let own = || {
        prop_oneof![
            5 => "[a-z ]{3,9}".prop_map(|words| format!("human {words}")),
            1 => "[a-z]{3,9}".prop_map(|words| format!("## human {words}")),
            1 => "[a-z]{3,9}".prop_map(|words| format!("| human {words} | x |")),
            1 => Just("```".to_owned()),
            1 => Just(String::new()),
        ]
    };
    let at = any::<prop::sample::Index>;
    prop_oneof![
        4 => (at(), prop::collection::vec(own(), 1..4)).prop_map(|(at, lines)| Edit::Insert(at, lines)),
        3 => (at(), own()).prop_map(|(at, line)| Edit::Replace(at, line)),
        2 => at().prop_map(Edit::Delete),
        1 => at().prop_map(Edit::Swap),
        1 => own().prop_map(Edit::Append),
    ]
}

/// Makes the edits; the marks of regions are left alone, since what happens to them is tested above.
fn edited(text: &str, edits: &[Edit]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_mark = |line: &str| line.starts_with("<!--");
    for edit in edits {
        match edit {
            Edit::Insert(at, own) => {
                let at = at.index(lines.len() + 1);
                lines.splice(at..at, own.clone());
            }
            Edit::Replace(at, own) if !is_mark(&lines[at.index(lines.len())]) => {
                let at = at.index(lines.len());
                lines[at].clone_from(own);
            }
            Edit::Delete(at) if lines.len() > 1 && !is_mark(&lines[at.index(lines.len())]) => drop(lines.remove(at.index(lines.len()))),
            Edit::Swap(at) if lines.len() > 1 => {
                let at = at.index(lines.len() - 1);
                if !is_mark(&lines[at]) && !is_mark(&lines[at + 1]) {
                    lines.swap(at, at + 1);
                }
            }
            Edit::Append(own) => {
                if let Some(last) = lines.last_mut().filter(|last| !is_mark(last)) {
                    last.push_str(own);
                }
            }
            _ => {}
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn every_line_of_a_person_survives(base in document(), new in document(), edits in prop::collection::vec(edit(), 0..6), windows: bool) {
        let plain = edited(&base, &edits);
        let yours = if windows { plain.replace('\n', "\r\n") } else { plain.clone() };
        let merged = merged(&base, &yours, &new);
        let there: Vec<&str> = merged.text.lines().map(str::trim_end).collect();
        for line in plain.lines().filter(|line| !base.lines().any(|old| old == *line)) {
            prop_assert!(there.contains(&line.trim_end()), "lost {line:?}:\n{}", merged.text);
        }
        prop_assert_eq!(unresolved(&merged.text), &*merged.conflicts);
        // A second time changes nothing.
        if !merged.conflicts.is_empty() {
            return Ok(());
        }
        let again = self::merged(&new, &merged.text, &new);
        prop_assert_eq!(&again.text, &merged.text);
        prop_assert!(again.orphaned.is_empty());
    }

    #[test]
    fn without_an_edit_it_is_the_rendering(base in document(), new in document()) {
        prop_assert_eq!(cleanly(&base, &base, &new), new);
    }

    #[test]
    fn without_news_it_is_the_edit(base in document(), edits in prop::collection::vec(edit(), 0..6)) {
        let yours = edited(&base, &edits);
        prop_assert_eq!(cleanly(&base, &yours, &base), yours);
    }

    #[test]
    fn a_crash_between_the_document_and_its_record_is_mended(base in document(), new in document(), edits in prop::collection::vec(edit(), 0..4)) {
        let yours = edited(&base, &edits);
        let first = merged(&base, &yours, &new);
        if !first.conflicts.is_empty() {
            return Ok(());
        }
        let again = merged(&base, &first.text, &new);
        for line in yours.lines().filter(|line| !base.lines().any(|old| old == *line)) {
            prop_assert!(again.text.lines().any(|there| there == line), "lost {line:?}:\n{}", again.text);
        }
    }
}
