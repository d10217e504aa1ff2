//! `opsready backlog pull`.

use super::super::Global;
use super::super::output::{Exit, Output, Refusal};
use super::{all, shortfall};
use crate::assessment::backlog::format::StoryState;
use crate::diagnostic::did_you_mean;
use crate::kit::{CapabilityIx, Kit};
use crate::plan::backlog::{Progress, Story, Wording};
use crate::yaml::record::list;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only the stories of this capability
    #[arg(long, value_name = "ID")]
    capability: Option<String>,
    /// Write nothing; show what would change
    #[arg(long)]
    dry_run: bool,
    /// Set stories whose practices are all in place to done
    #[arg(long)]
    close: bool,
    /// Set stories that are done, and whose practices are not, to open again
    #[arg(long)]
    reopen: bool,
    /// Use the words that the kit now has for this story
    #[arg(long, value_name = "STORY")]
    take: Vec<String>,
    /// Stay with your words for this story, and say no more that the kit has others
    #[arg(long, value_name = "STORY")]
    keep: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, global: &Global, output: &mut Output) -> anyhow::Result<Exit> {
    let workspace = global.workspace()?;
    // From here on nobody else writes, so that what is read is what is changed.
    let lock = if arguments.dry_run { None } else { Some(workspace.lock()?) };
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let kit = &loaded.kit;
    let capability = arguments.capability.as_deref().map(|id| super::super::kit::capability(kit, id)).transpose()?;
    let mut stories = all(&loaded);
    for (ids, flag) in [(&arguments.take, "--take"), (&arguments.keep, "--keep")] {
        for id in ids {
            known(kit, &stories, id, flag)?;
        }
    }
    stories.retain(|story| capability.is_none_or(|ix| story.capability == ix));
    let is_named = |ids: &[String], story: &&Story| ids.contains(&story.id);
    let kept: Vec<&Story> = stories.iter().filter(|story| matches!(story.progress, Progress::Kept(_))).collect();
    let added: Vec<&Story> = stories.iter().filter(|story| story.progress == Progress::Proposed).collect();
    let to_close: Vec<&Story> = kept.iter().copied().filter(|story| story.is_to_close()).collect();
    let back: Vec<&Story> = kept.iter().copied().filter(|story| story.came_back()).collect();
    let taken: Vec<&Story> = kept.iter().copied().filter(|story| is_named(&arguments.take, story)).collect();
    let settled: Vec<&Story> = kept.iter().copied().filter(|story| is_named(&arguments.keep, story)).collect();
    let news: Vec<&Story> = (kept.iter().copied())
        .filter(|story| !story.news.is_empty() && !is_named(&arguments.take, story) && !is_named(&arguments.keep, story))
        .collect();
    if !arguments.dry_run {
        for (_, stories) in by_capability(&added) {
            workspace.add_stories(kit, &stories)?;
        }
        for story in &taken {
            workspace.renew_story(kit, story, wording(kit, &story.id).as_ref())?;
        }
        for story in &settled {
            workspace.renew_story(kit, story, None)?;
        }
        for (is_wanted, of, state) in [(arguments.close, &to_close, StoryState::Done), (arguments.reopen, &back, StoryState::Open)] {
            for (capability, stories) in by_capability(of).into_iter().filter(|_| is_wanted) {
                let states: Vec<(&str, StoryState)> = stories.iter().map(|story| (story.id.as_str(), state)).collect();
                workspace.set_states(kit.capability_id(capability), &states)?;
            }
        }
    }
    drop(lock);
    if output.is_json() {
        let ids = |stories: &[&Story]| stories.iter().map(|story| story.id.clone()).collect::<Vec<_>>();
        return output
            .json(&json!({
                "schema": "opsready/backlog-pull/v1",
                "dry_run": arguments.dry_run,
                "added": ids(&added),
                "to_close": ids(&to_close),
                "closed": if arguments.close { ids(&to_close) } else { Vec::new() },
                "came_back": ids(&back),
                "reopened": if arguments.reopen { ids(&back) } else { Vec::new() },
                "kit_differs": news.iter().map(|story| json!({"story": story.id, "keys": story.news})).collect::<Vec<_>>(),
                "taken": ids(&taken),
                "kept": ids(&settled),
            }))
            .map(|()| Exit::Done);
    }
    for story in &added {
        output.line(format!("added      {}: {}", story.id, story.title()))?;
    }
    for story in &taken {
        output.line(format!("taken      {}: in the words of the kit", story.id))?;
    }
    for story in &settled {
        output.line(format!("kept       {}: in your words", story.id))?;
    }
    for story in &to_close {
        let word = if arguments.close { "closed    " } else { "to close  " };
        output.line(format!("{word} {}: everything it brings about is in place", story.id))?;
    }
    for story in &back {
        let word = if arguments.reopen { "reopened  " } else { "came back " };
        output.line(format!("{word} {}: done, but {}", story.id, shortfall(kit, story)))?;
    }
    for story in &news {
        output.line(format!("differs    {}: the kit has another {}", story.id, story.news.join(", ")))?;
    }
    let there = kept.len();
    let are = |number: usize| if number == 1 { "1 story".to_owned() } else { format!("{number} stories") };
    let dry = if arguments.dry_run { "; nothing was written" } else { "" };
    if added.is_empty() && there == 0 {
        output.line("No gap is confirmed for which the kit has a story, and the backlog holds none.")?;
    } else {
        output.line(format!("{} added to {}, {there} there already{dry}", are(added.len()), workspace.path("backlog").display()))?;
    }
    if !to_close.is_empty() && !arguments.close {
        output.note("`opsready backlog pull --close` sets what is to close to done");
    }
    if !back.is_empty() && !arguments.reopen {
        output.note("`opsready backlog pull --reopen` sets what came back to open");
    }
    if let Some(story) = news.first() {
        output.note(&format!(
            "the kit says something else now: `opsready backlog pull --take {}` uses its words, `--keep` stays with yours",
            story.id
        ));
    }
    Ok(Exit::Done)
}

/// Refuses a story that is not in the backlog, or that the kit does not have.
fn known(kit: &Kit, stories: &[Story], id: &str, flag: &str) -> anyhow::Result<()> {
    let known = || stories.iter().filter(|story| story.progress != Progress::Proposed && !story.is_own);
    if known().any(|story| story.id == id) && wording(kit, id).is_some() {
        return Ok(());
    }
    let ids: Vec<&str> = known().map(|story| story.id.as_str()).collect();
    let help = did_you_mean(id, ids.iter().copied()).unwrap_or_else(|| match ids.as_slice() {
        [] => "nothing was taken over from the kit yet".to_owned(),
        ids => format!("there are {}", list(ids)),
    });
    Err(Refusal::because(format!("`{flag} {id}`: no story of the kit with this id is in the backlog"), Some(help)))
}

/// Returns the words that the kit has for a story, also under an earlier id.
fn wording(kit: &Kit, id: &str) -> Option<Wording> {
    let of_kit = || kit.capabilities.iter().flat_map(|one| &one.file.stories);
    let found = of_kit().find(|story| story.id.as_str() == id);
    found.or_else(|| of_kit().find(|story| story.formerly.iter().any(|former| former.as_str() == id))).map(Wording::of_kit)
}

fn by_capability<'s>(stories: &[&'s Story]) -> BTreeMap<CapabilityIx, Vec<&'s Story>> {
    let mut found: BTreeMap<CapabilityIx, Vec<&Story>> = BTreeMap::new();
    for story in stories {
        found.entry(story.capability).or_default().push(story);
    }
    found
}
