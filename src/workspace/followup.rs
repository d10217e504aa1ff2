//! Writing what follows a session: texts that people edit before they send them, and a calendar that stays as it is made.

use super::documents::{DocumentPlan, Fate, Step, template_fault};
use super::files::{self, Content};
use super::{Error, Loaded, Workspace};
use crate::document::Document;
use crate::document::followup::{Followup, followup};
use crate::document::template::Templates;
use crate::document::view::Maker;
use crate::exchange::calendar::{Frame, calendar};
use crate::scoring::Scorecard;
use crate::yaml::record::Date;
use std::path::{Path, PathBuf};

/// The folder of a workspace that holds what follows each session.
pub const FOLLOWUP: &str = "followup";

/// Where the texts are kept as they were made.
const BASE: &str = ".opsready/followup";

/// The name of the calendar.
const CALENDAR: &str = "followup.ics";

impl Workspace {
    /// Makes everything that follows a session; nothing if the calendar ends before its last day. Without `meeting` the session was on the
    /// day of the latest answer, or on `today` while there is none.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a template is broken or the plan cannot be.
    pub fn followup(&self, loaded: &Loaded, meeting: Option<Date>, today: Date, any_day: bool) -> Result<Option<Followup>, Error> {
        let (kit, assessment) = (&loaded.kit, &loaded.assessment);
        let card = Scorecard::of(kit, assessment);
        let (plan, _) = loaded.roadmap(&card)?;
        let maker = Maker { kit, assessment, card: &card, plan: &plan, progress: None };
        let templates = Templates::new(&self.overrides()?).map_err(template_fault)?;
        let meeting = meeting.or_else(|| maker.latest_answer()).unwrap_or(today);
        followup(&maker, &templates, meeting, any_day).map_err(template_fault)
    }

    /// Returns the calendar of what follows a session: entries that earlier calendars have keep their ids and count on.
    fn calendar(&self, loaded: &Loaded, followup: &Followup, out: Option<&Path>) -> Result<String, Error> {
        let assessment = &loaded.assessment;
        let folder = self.path(FOLLOWUP);
        let mut paths: Vec<PathBuf> = if folder.is_dir() { files::tree(&folder)? } else { Vec::new() };
        paths.retain(|path| path.ends_with(CALENDAR));
        let mut paths: Vec<PathBuf> = paths.into_iter().map(|path| folder.join(path)).collect();
        paths.extend(out.map(|out| out.join(CALENDAR)));
        let mut earlier = Vec::new();
        for path in paths {
            if let Content::Text(text) = files::read_content(&path)? {
                earlier.push(text);
            }
        }
        let frame = Frame {
            assessment: assessment.file.id.as_str(),
            name: &format!("{}, operational readiness", assessment.file.customer.value),
            classification: assessment.file.classification.as_deref(),
            as_of: assessment.registers.as_of(&loaded.kit, assessment).unwrap_or(followup.meeting),
        };
        Ok(calendar(frame, &followup.entries, &earlier))
    }

    /// Decides what happens to the files of a follow-up: `out` is a folder elsewhere, in which nothing that differs is touched; without it
    /// they go into the workspace, and what a person wrote there is merged with what is new.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when a file cannot be read.
    pub fn plan_followup(&self, loaded: &Loaded, followup: &Followup, out: Option<&Path>) -> Result<DocumentPlan, Error> {
        let mut plan = DocumentPlan::default();
        let folder = out.map_or_else(|| format!("{FOLLOWUP}/{}", followup.meeting), |out| out.display().to_string());
        for (name, text) in &followup.texts {
            let path = format!("{folder}/{name}");
            if let Some(out) = out {
                plan.steps.push(beside(path, &out.join(name), text, &Content::Missing)?);
                continue;
            }
            // Whoever deleted it and asks again wants it.
            let is_gone = !self.path(&path).exists();
            self.plan_rendered(Document { kind: "followup", path, text: text.clone() }, BASE, is_gone, &mut plan)?;
        }
        let text = self.calendar(loaded, followup, out)?;
        let path = format!("{folder}/{CALENDAR}");
        let (target, known) = match out {
            Some(out) => (out.join(CALENDAR), Content::Missing),
            None => (self.path(&path), files::read_content(&self.path(BASE).join(&path))?),
        };
        plan.steps.push(beside(path, &target, &text, &known)?);
        Ok(plan)
    }

    /// Writes the files of a follow-up. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when a file cannot be written; each file is whole, old or new.
    pub fn write_followup(&self, steps: &[Step], out: Option<&Path>) -> Result<(), Error> {
        for step in steps {
            let Some(out) = out else {
                self.write_document(step, BASE)?;
                continue;
            };
            let name = step.path.rsplit_once('/').map_or(step.path.as_str(), |(_, name)| name);
            if let (true, Some(text)) = (step.fate.is_written(), &step.text) {
                files::write(&out.join(name), text.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Decides what happens to a file that is never merged: one that is not as it was made stays as it is. Line ends that git changed are no
/// difference.
fn beside(path: String, target: &Path, text: &str, known: &Content) -> Result<Step, Error> {
    let plain = |text: &str| text.replace('\r', "");
    let current = files::read_content(target)?;
    let fate = match (&current, known) {
        (Content::Missing, _) => Fate::Create,
        (Content::Text(current), _) if plain(current) == plain(text) => Fate::Unchanged,
        (Content::Text(current), Content::Text(known)) if plain(current) == plain(known) => Fate::Update,
        _ => Fate::NoRecord,
    };
    let current = if let Content::Text(text) = current { Some(text) } else { None };
    Ok(Step::plain(path, fate, text.to_owned(), current))
}
