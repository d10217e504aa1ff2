//! Two branches of a workspace made one: answers by question, everything else by key.
//!
//! What both branches changed and what cannot both hold is never decided here. Two answers to one question become one entry with both
//! of them as its `conflict`, which counts as not answered until somebody settles it with [`reconcile`](super::reconcile).

use super::change::STATE_KEYS;
use crate::words;
use crate::yaml::merge::{Merged, Rule, Statement, merge};

words! {
    /// What a file of a workspace holds.
    pub enum Kind {
        /// Answers: `answers/<capability>.yaml`, `responses/<respondent>/<capability>.yaml`.
        Answers = "answers",
        /// Anything else in YAML.
        Other = "other",
    }
}

impl Kind {
    /// Returns what a file holds, by its path in the repository.
    pub fn of(path: &str) -> Self {
        let folders: Vec<&str> = path.split(['/', '\\']).rev().skip(1).take(2).collect();
        match folders.as_slice() {
            ["answers", ..] | [_, "responses", ..] => Self::Answers,
            _ => Self::Other,
        }
    }

    /// Returns what a file holds whose path is not known, by its text.
    pub fn of_text(text: &str) -> Self {
        let has = |key: &str| text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':')));
        if has("capability") && has("answers") { Self::Answers } else { Self::Other }
    }
}

/// What is one answer: its state, and what goes with it.
const ANSWER: Statement = Statement {
    keys: STATE_KEYS,
    said: &["note", "by", "answered_on"],
    open: &["not_applicable", "dont_know", "parked"],
    conflict: "conflict",
};

/// Merges two versions of a file; without a base both branches made it.
///
/// Returns nothing where one of them is not what the file should be, which only a merge of its lines can bring together.
pub fn files(kind: Kind, base: Option<&str>, ours: &str, theirs: &str, marker: usize) -> Option<Merged> {
    let rules = match kind {
        Kind::Answers => of_answers,
        Kind::Other => of_other,
    };
    merge(base, ours, theirs, rules, marker)
}

fn of_answers(path: &[String]) -> Rule {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["answers", _] => Rule::Statement(&ANSWER),
        // What a newer kit no longer asks says the same, and counts nowhere.
        ["answers" | "orphans", _, "note"] | ["answers" | "orphans", _, "dont_know" | "not_applicable" | "parked", "note"] => Rule::Joined,
        ["answers" | "orphans", _, "evidence" | "by" | "minority"] => Rule::Set,
        ["answers" | "orphans", _, "answered_on"] => Rule::Latest,
        _ => Rule::Plain,
    }
}

fn of_other(path: &[String]) -> Rule {
    if path.last().is_some_and(|key| key == "note") { Rule::Joined } else { Rule::Plain }
}
