//! The backlog as one page of Markdown, for a wiki or a mail.

use super::{Exporter, criteria, one_line, points};
use crate::assessment::Plain;
use crate::assessment::backlog::format::Tracker;
use crate::document::escape::{cell, code, inline, link, prose};
use crate::plan::backlog::{Story, points as sum};
use std::fmt::Write;

/// Returns stories as Markdown: a table of epics, then each story with what it takes to be done.
pub fn page(exporter: &Exporter<'_>, stories: &[&Story]) -> String {
    let kit = exporter.kit;
    let mut text = format!("# Backlog\n\n{}\n", inline(&one_line(&exporter.assessment.file.customer)));
    let mut epics: Vec<(usize, Vec<&Story>)> = Vec::new();
    for story in stories {
        match epics.last_mut() {
            Some((capability, of_epic)) if *capability == story.capability.0 => of_epic.push(story),
            _ => epics.push((story.capability.0, vec![story])),
        }
    }
    if epics.is_empty() {
        text.push_str("\nNo story is open.\n");
        return text;
    }
    text.push_str("\n| Epic | Stories | Points |\n| --- | ---: | ---: |\n");
    let title = |capability: usize| kit.capabilities[capability].file.title.value.as_str();
    for (capability, of_epic) in &epics {
        let sum = sum(of_epic.iter().copied());
        let _ = writeln!(text, "| {} | {} | {} |", cell(&one_line(title(*capability))), of_epic.len(), Plain(sum));
    }
    for (capability, of_epic) in &epics {
        let _ = writeln!(text, "\n## {}", inline(&one_line(title(*capability))));
        for story in of_epic {
            story_text(exporter, story, &mut text);
        }
    }
    text
}

fn story_text(exporter: &Exporter<'_>, story: &Story, text: &mut String) {
    let mut part = |part: String| {
        let _ = writeln!(text, "\n{part}");
    };
    part(format!("### {}", prose(&one_line(story.title()))));
    if let Some(why) = exporter.proposal(story) {
        part(format!("**To be closed.** {}", prose(&why)));
    }
    if let Some(sentence) = story.wording.sentence() {
        part(prose(&one_line(&sentence)));
    }
    let list = |lines: Vec<String>| lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n");
    let criteria: Vec<String> = criteria(story).iter().map(|line| prose(line)).collect();
    if !criteria.is_empty() {
        part(list(criteria));
    }
    let practices: Vec<String> = exporter.practices(story).iter().map(|(title, id)| format!("{} {}", prose(title), code(id))).collect();
    if !practices.is_empty() {
        part(format!("Brings about: {}.", practices.join("; ")));
    }
    let mut facts = vec![code(&story.id), story.progress.title().to_owned()];
    facts.extend(story.wave.and_then(|wave| exporter.assessment.waves.get(wave)).map(|wave| inline(&one_line(&wave.title))));
    facts.extend(story.wording.points.map(points));
    for tracker in Tracker::ALL {
        let Some(known) = exporter.assessment.registers.backlog.link(*tracker, &story.id) else { continue };
        let Some(id) = &known.id else { continue };
        let name = format!("{} {}", tracker.title(), one_line(id));
        facts.push(known.url.as_ref().map_or_else(|| inline(&name), |url| link(&name, &one_line(url))));
    }
    part(facts.join(", "));
}
