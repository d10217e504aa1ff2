//! The backlog as a shell script that brings issues of GitHub or GitLab up to date, with `gh` or `glab`.
//!
//! The script only holds the stories and the calls. What is to be done with an issue is asked of `opsready backlog step` when it runs, so
//! that a script that is run twice, or was cut short, never makes an issue twice. Every text is a word between single quotes.
//!
//! # Source
//!
//! POSIX.1-2017, shell command language 2.2.2: between single quotes every character stands for itself. `gh api` and `glab api`: a
//! `--raw-field` is taken as it is, a `--field` that begins with `@` is read from a file. Lists come from the REST interfaces and not from the
//! search, whose index lags behind what was just created.

use super::{Exporter, Issue, TO_CLOSE, issues};
use crate::assessment::backlog::format::Tracker;
use crate::document::escape::tame;
use std::fmt::Write;

/// How a script begins; the name of the tracker follows.
const FIRST_LINES: &str = "#!/bin/sh\n# opsready backlog export: issues on ";

const GITHUB: &str = r#"tracker=github
all='repos/{owner}/{repo}/issues'
one() { printf 'repos/{owner}/{repo}/issues/%s' "$1"; }
list() { gh api --paginate "$all?state=all&labels=opsready&per_page=100"; }
get() { gh api "$(one "$1")"; }
make() { # TITLE FILE LABEL...
  title=$1 file=$2
  shift 2
  for label do
    set -- "$@" --raw-field "labels[]=$label"
    shift
  done
  gh api --method POST "$all" --raw-field "title=$title" --field "body=@$file" "$@"
}
edit() { gh api --method PATCH "$(one "$1")" --raw-field "title=$2" --field "body=@$3" >/dev/null; }
note() { gh api --method POST "$(one "$1")/comments" --field "body=@$2" >/dev/null; }
label() { gh api --method POST "$(one "$1")/labels" --raw-field "labels[]=$2" >/dev/null; }
# A label that somebody took off is no fault.
unlabel() { gh api --method DELETE "$(one "$1")/labels/$2" >/dev/null 2>&1 || :; }
shut() { gh api --method PATCH "$(one "$1")" --raw-field state=closed >/dev/null; }
"#;

const GITLAB: &str = r#"tracker=gitlab
all='projects/:fullpath/issues'
one() { printf 'projects/:fullpath/issues/%s' "$1"; }
list() { glab api --paginate "$all?scope=all&labels=opsready&per_page=100"; }
get() { glab api "$(one "$1")"; }
make() { # TITLE FILE LABEL...
  title=$1 file=$2
  shift 2
  labels=
  for label do
    labels=$labels${labels:+,}$label
  done
  glab api --method POST "$all" --raw-field "title=$title" --field "description=@$file" --raw-field "labels=$labels"
}
edit() { glab api --method PUT "$(one "$1")" --raw-field "title=$2" --field "description=@$3" >/dev/null; }
note() { glab api --method POST "$(one "$1")/notes" --field "body=@$2" >/dev/null; }
label() { glab api --method PUT "$(one "$1")" --raw-field "add_labels=$2" >/dev/null; }
unlabel() { glab api --method PUT "$(one "$1")" --raw-field "remove_labels=$2" >/dev/null; }
shut() { glab api --method PUT "$(one "$1")" --raw-field state_event=close >/dev/null; }
"#;

const HEAD: &str = r#"
set -eu
opsready=${OPSREADY:-opsready}
case $#:${1-} in
  0:) close=no ;;
  1:--close) close=yes ;;
  *)
    printf 'usage: sh %s [--close]\n' "$0" >&2
    exit 2
    ;;
esac
"#;

const BODY: &str = r#"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM

# Issues that were made and not recorded, because something came between, are found by the id in their text.
list >"$scratch/all"
# One that belongs to no story any more, or is there twice, is named and left alone.
"$opsready" backlog link --tracker "$tracker" --from "$scratch/all" --quiet || [ $? -eq 1 ]

# ID TITLE HASH WAVE WAVE-BEFORE WHY-TO-CLOSE BODY LABEL...
story() {
  id=$1 title=$2 hash=$3 wave=$4 before=$5 why=$6 body=$7
  shift 7
  printf '%s\n' "$body" >"$scratch/body"
  step=$("$opsready" backlog step "$id" --tracker "$tracker" --hash "$hash")
  if [ "${step%% *}" = look ]; then
    get "${step#* }" >"$scratch/issue"
    step=$("$opsready" backlog step "$id" --tracker "$tracker" --hash "$hash" --issue "$scratch/issue")
  fi
  number=${step#* }
  case ${step%% *} in
    create)
      if [ -n "$why" ]; then
        return 0
      fi
      make "$title" "$scratch/body" "$@" >"$scratch/issue"
      "$opsready" backlog link "$id" --tracker "$tracker" --from "$scratch/issue" --hash "$hash" --wave "$wave"
      return 0
      ;;
    update)
      edit "$number" "$title" "$scratch/body"
      if [ -n "$why" ]; then
        printf 'Proposed to close. %s\n' "$why" >"$scratch/note"
        note "$number" "$scratch/note"
      fi
      ;;
    comment)
      {
        printf 'The backlog of opsready has changed. Somebody edited this issue, so its text stays as it is. The backlog now says:\n\n'
        printf '**%s**\n\n' "$title"
        cat "$scratch/body"
      } >"$scratch/note"
      note "$number" "$scratch/note"
      ;;
  esac
  case ${step%% *} in
    update | comment | record)
      if [ "$wave" != "$before" ]; then
        if [ -n "$before" ]; then unlabel "$number" "$before"; fi
        if [ -n "$wave" ]; then label "$number" "$wave"; fi
      fi
      if [ -n "$why" ]; then label "$number" to-close; else unlabel "$number" to-close; fi
      "$opsready" backlog link "$id" --tracker "$tracker" --id "$number" --hash "$hash" --wave "$wave" --quiet
      printf '%s %s (%s)\n' "${step%% *}" "$id" "$number"
      ;;
  esac
  if [ -n "$why" ] && [ "$close" = yes ]; then
    shut "$number"
    printf 'close %s (%s)\n' "$id" "$number"
  fi
}
"#;

/// Returns issues as a script for `sh`.
pub fn sh(exporter: &Exporter<'_>, issues: &[Issue<'_>]) -> String {
    let (calls, program, elsewhere) = match exporter.tracker {
        Tracker::Gitlab => (GITLAB, "glab", "run it in a clone of another project for that one"),
        _ => (GITHUB, "gh", "GH_REPO=owner/name is another repository"),
    };
    let title = exporter.tracker.title();
    let assessment = &exporter.assessment.file.id.value;
    let mut text = format!(
        "{FIRST_LINES}{title} for the assessment {assessment}
#
#   sh FILE [--close]
#
# Run it in the workspace, as often as you like. It needs `{program}`, signed in, and opsready: OPSREADY names it where it is not in the
# PATH; {elsewhere}. A story without an issue gets one, with labels; one whose
# words changed is updated. What somebody edited on {title} is never overwritten: it gets a comment with the new words. Numbers are
# recorded in backlog/trackers.yaml, which belongs into git. What is proposed to be closed gets the label {TO_CLOSE} and a comment; only
# --close closes it.
{HEAD}{calls}{BODY}"
    );
    if issues.is_empty() {
        text.push_str("\n# There is no story to bring there.\n");
    }
    for issue in issues {
        let Some(story) = issue.story else { continue };
        let wave = exporter.wave_label(story).unwrap_or_default();
        let why = exporter.proposal(story).unwrap_or_default();
        let labels: Vec<String> = exporter.labels(issue).into_iter().filter(|label| label != TO_CLOSE).collect();
        let body = issues::body(exporter, issue);
        let before = issue.wave_before.clone().unwrap_or_default();
        let words = [&issue.external, &issue.title, &issue.hash, &wave, &before, &why, &body];
        let words: Vec<String> = words.into_iter().chain(&labels).map(|word| quoted(word)).collect();
        let _ = writeln!(text, "\nstory {}", words.join(" "));
    }
    text
}

/// Returns a text as one word of the shell, whatever it holds.
fn quoted(text: &str) -> String {
    format!("'{}'", tame(text).replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_ends_where_its_text_ends() {
        assert_eq!(quoted("it's $(x) `y` \"z\" \\"), "'it'\\''s $(x) `y` \"z\" \\'");
        assert_eq!(quoted("-n\n\0"), "'-n\n\u{fffd}'");
        assert_eq!(quoted(""), "''");
    }
}
