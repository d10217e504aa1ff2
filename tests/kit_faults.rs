//! The faults that `kit lint` finds: the smallest kit that has each, and what its owner reads.

mod support;

use snapbox::data::Inline;
use snapbox::str;
use support::{Sandbox, shows};

const KIT: &str = "id: k
title: K
version: 1.0.0
scale: [{level: 0, name: Absent}, {level: 1, name: Reactive}, {level: 2, name: Documented}]
environments: [{id: cloud, title: Cloud}]
roles: [{id: lead, title: Lead}]
";

const CAPABILITY: &str = "id: c
title: C
discovery:
  questions:
    - {id: q, ask: Is it?, type: ladder, choices: [{id: a}, {id: b, credits: [p]}, {id: d, credits: [r]}]}
design:
  practices:
    - {id: p, title: P, level: 1, references: [{title: T, url: \"https://a.example/p\"}]}
    - {id: r, title: R, level: 2, references: [{title: T, url: \"https://a.example/r\"}]}
stories:
  - {id: s, practices: [p, r]}
";

/// Lints the small kit above with one part of it replaced.
#[track_caller]
fn lint(replace: (&str, &str), expected: Inline) {
    let (old, new) = replace;
    assert!(KIT.contains(old) || CAPABILITY.contains(old), "`{old}` is in the kit");
    let sandbox = Sandbox::empty();
    sandbox.write("k/kit.yaml", &KIT.replacen(old, new, 1));
    sandbox.write("k/capabilities/c.yaml", &CAPABILITY.replacen(old, new, 1));
    let run = sandbox.run(&["kit", "lint", "k", "--short"]);
    shows(&format!("{}exit {}\n", run.stdout, run.code.expect("it ended by itself")), expected);
}

#[test]
fn the_kit_of_these_tests_is_clean() {
    lint(
        ("id: k", "id: k"),
        str![[r"
exit 0

"]],
    );
}

#[test]
fn an_id_with_a_space_is_refused() {
    lint(
        ("{id: q,", "{id: \"q 1\","),
        str![[r"
k/capabilities/c.yaml:5:12: error[bad-id]: `q 1` cannot be an id (an id has letters, digits, `-`, `_` and `.`, and starts with a letter or digit)
exit 2

"]],
    );
}

#[test]
fn a_version_of_two_numbers_is_refused() {
    lint(
        ("version: 1.0.0", "version: 1.0"),
        str![[r"
k/kit.yaml:3:10: error[bad-version]: `1.0` is not a semantic version (write three numbers, such as 1.0.0)
exit 2

"]],
    );
}

#[test]
fn a_scale_with_a_hole_is_refused() {
    lint(
        ("{level: 2, name: Documented}", "{level: 3, name: Documented}"),
        str![[r"
k/kit.yaml:4:71: error[bad-kit]: level 3 follows level 1 (levels go up by one, lowest first)
exit 2

"]],
    );
}

#[test]
fn a_scale_of_one_level_is_refused() {
    lint(
        (", {level: 1, name: Reactive}, {level: 2, name: Documented}]", "]"),
        str![[r"
k/kit.yaml:4:8: error[bad-kit]: a scale needs at least two levels (the first level is the base: nothing is in place)
exit 2

"]],
    );
}

#[test]
fn a_question_without_choices_is_refused() {
    lint(
        ("choices: [{id: a}, {id: b, credits: [p]}, {id: d, credits: [r]}]", "choices: []"),
        str![[r"
k/capabilities/c.yaml:5:12: error[bad-question]: a question of type `ladder` needs choices
exit 2

"]],
    );
}

#[test]
fn a_number_with_choices_is_refused() {
    lint(
        ("type: ladder", "type: number"),
        str![[r"
k/capabilities/c.yaml:5:12: error[bad-question]: a question of type `number` has no choices (a number has `bands`)
exit 2

"]],
    );
}

#[test]
fn bands_with_a_hole_at_the_lower_end_are_refused() {
    lint(
        (
            "type: ladder, choices: [{id: a}, {id: b, credits: [p]}, {id: d, credits: [r]}]",
            "type: number, min: 0, max: 9, bands: [{id: a, from: 1, credits: [p]}, {id: b, from: 5, credits: [p, r]}]",
        ),
        str![[r"
k/capabilities/c.yaml:5:80: error[bands-do-not-cover]: numbers from 0 up to 1 fall into no band (start the first band at `min`)
exit 2

"]],
    );
}

#[test]
fn bands_that_do_not_ascend_or_start_above_the_end_are_refused() {
    lint(
        (
            "type: ladder, choices: [{id: a}, {id: b, credits: [p]}, {id: d, credits: [r]}]",
            "type: number, min: 0, max: 9, bands: [{id: a, from: 0}, {id: b, from: 5, credits: [p]}, {id: d, from: 5}, {id: e, from: 10, credits: [r]}]",
        ),
        str![[r"
k/capabilities/c.yaml:5:130: error[bands-do-not-cover]: `d` does not start above `b` (bands ascend, each starts above the one before)
k/capabilities/c.yaml:5:148: error[bands-do-not-cover]: the band `e` starts above `max`
exit 2

"]],
    );
}

#[test]
fn a_practice_that_requires_one_of_a_higher_level_is_refused() {
    lint(
        ("title: P, level: 1,", "title: P, level: 1, requires: [r],"),
        str![[r"
k/capabilities/c.yaml:8:46: error[requires-higher-level]: `r` is expected from level 2 on, this practice from level 1 on (a practice cannot require one of a higher level: it would never be in the target)
exit 2

"]],
    );
}

#[test]
fn practices_that_require_each_other_are_refused() {
    lint(
        ("title: R, level: 2,", "title: R, level: 2, requires: [r],"),
        str![[r"
k/capabilities/c.yaml:9:12: error[cycle]: the practice `r` requires itself (one of them must come first)
exit 2

"]],
    );
}

#[test]
fn a_practice_at_the_base_of_the_scale_is_refused() {
    lint(
        ("title: P, level: 1,", "title: P, level: 0,"),
        str![[r"
k/capabilities/c.yaml:8:32: error[unknown-reference]: level 0 is not on the scale from 1 to 2 (a practice is expected from a level above the base on)
exit 2

"]],
    );
}

#[test]
fn an_activity_with_two_accountable_roles_is_refused() {
    lint(
        ("design:\n", "design:\n  raci: [{activity: Do it, accountable: [lead, lead]}, {activity: Do that}]\n"),
        str![[r"
k/capabilities/c.yaml:7:21: error[bad-kit]: this activity has 2 accountable roles (name exactly one)
k/capabilities/c.yaml:7:67: error[bad-kit]: this activity has 0 accountable roles (name exactly one)
exit 2

"]],
    );
}

#[test]
fn a_ladder_that_falls_is_told() {
    lint(
        ("{id: d, credits: [r]}", "{id: d, credits: {p: 0.5, r: 1}}"),
        str![[r"
k/capabilities/c.yaml:5:105: warning[ladder-falls]: `d` credits `p` with 0.5, and a rung below it with 1 (a ladder's choice also has the credits of those before it: leave this one out, or make the question `single`)
exit 0

"]],
    );
}

#[test]
fn a_choice_that_changes_nothing_is_told() {
    lint(
        ("{id: d, credits: [r]}", "{id: x}, {id: d, credits: [r]}"),
        str![[r"
k/capabilities/c.yaml:5:89: warning[choice-without-effect]: the choice `x` changes nothing (credit a practice with it, or mark it `informative: true`)
exit 0

"]],
    );
}

#[test]
fn a_question_that_changes_nothing_is_told() {
    lint(
        ("  questions:\n", "  questions:\n    - {id: n, ask: And?, type: yes-no}\n"),
        str![[r"
k/capabilities/c.yaml:5:12: warning[choice-without-effect]: no answer to `n` changes anything (let a choice credit a practice, or mark the question `informative: true`)
exit 0

"]],
    );
}

#[test]
fn a_practice_that_no_answer_credits_is_told() {
    lint(
        (", {id: d, credits: [r]}", ""),
        str![[r"
k/capabilities/c.yaml:9:12: warning[practice-never-credited]: no answer credits the practice `r` (name it in the `credits` of a choice)
exit 0

"]],
    );
}

#[test]
fn a_practice_that_no_answer_credits_in_full_is_told() {
    lint(
        ("{id: d, credits: [r]}", "{id: d, credits: {r: 0.5}}"),
        str![[r"
k/capabilities/c.yaml:5:12: warning[practice-never-credited]: no answer to `q` credits the practice `r` in full: 0.5 at most
exit 0

"]],
    );
}

#[test]
fn a_level_without_practice_is_told() {
    lint(
        ("{level: 2, name: Documented}]", "{level: 2, name: Documented}, {level: 3, name: Enforced}]"),
        str![[r"
k/capabilities/c.yaml:1:5: warning[level-without-practice]: no practice is expected at level 3 (a level without practice is attained together with the one below it)
exit 0

"]],
    );
}

#[test]
fn a_practice_without_story_is_told() {
    lint(
        ("practices: [p, r]", "practices: [p]"),
        str![[r"
k/capabilities/c.yaml:9:12: warning[practice-without-story]: no story brings about the practice `r`
exit 0

"]],
    );
}

#[test]
fn a_practice_without_reference_is_told() {
    lint(
        (", references: [{title: T, url: \"https://a.example/r\"}]", ""),
        str![[r"
k/capabilities/c.yaml:9:12: warning[practice-without-reference]: the practice `r` cites no page
exit 0

"]],
    );
}

#[test]
fn a_link_that_is_none_is_told() {
    lint(
        ("https://a.example/r", "a.example/r"),
        str![[r"
k/capabilities/c.yaml:9:64: warning[bad-link]: `a.example/r` is no web address (write it with https://)
exit 0

"]],
    );
}

#[test]
fn markdown_that_would_break_a_document_is_told() {
    lint(
        ("title: P, level: 1,", "title: P, level: 1, guidance: \"# Do this\\n\\nSet <name> and [look](there).\","),
        str![[r"
k/capabilities/c.yaml:8:45: warning[bad-markdown]: this Markdown holds HTML, which not every viewer shows (use Markdown, and backticks around `<placeholders>`)
k/capabilities/c.yaml:8:45: warning[bad-markdown]: this Markdown holds a heading, which would break the outline of the document (use bold text)
k/capabilities/c.yaml:8:45: warning[bad-markdown]: this Markdown holds a link that is no web address (write the whole address)
exit 0

"]],
    );
}

#[test]
fn an_empty_text_is_told() {
    lint(
        ("title: R,", "title: \" \","),
        str![[r"
k/capabilities/c.yaml:9:22: warning[empty-text]: this text is empty (fill it in, or leave the key out)
exit 0

"]],
    );
}

#[test]
fn an_unknown_group_role_framework_and_environment_are_refused_at_once() {
    lint(
        ("design:\n", "group: g\ndesign:\n  raci: [{activity: Do it, accountable: laed}]\n"),
        str![[r"
k/capabilities/c.yaml:6:8: error[unknown-reference]: the group `g` is not defined in this kit (this kit has no group)
k/capabilities/c.yaml:8:41: error[unknown-reference]: the role `laed` is not defined in this kit (did you mean `lead`?)
exit 2

"]],
    );
}

#[test]
fn a_template_that_is_broken_is_refused_with_name_and_line() {
    let sandbox = Sandbox::workspace();
    sandbox.write("kit/templates/index.md", "# {{ header.customer }}\n\n{{ headr }}\n");
    let before = sandbox.tree();
    sandbox.refuses(
        &["render"],
        2,
        str![[r"
error[bad-template]: the template `index.md`, line 3: undefined value: `headr` is undefined
 = help: templates of the kit are in `kit/templates`, yours in `overlay/templates`; `opsready template list` names those that there are
1 error to mend; nothing was changed

"]],
    );
    support::same(&before, &sandbox.tree());
}
