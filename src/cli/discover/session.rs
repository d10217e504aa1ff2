//! A discovery in progress: what is known, where one is, and every answer on disk before the next question.

use crate::assessment::change::Deed;
use crate::assessment::journey::{Effect, Filter, Journey, Order};
use crate::assessment::visibility::Visibility;
use crate::assessment::{Assessment, Instance};
use crate::cli::output::today;
use crate::diagnostic::Diagnostic;
use crate::kit::Kit;
use crate::scoring::Scorecard;
use crate::scoring::feedback::{Feedback, feedback};
use crate::workspace::{Error, Loaded, Workspace};
use std::collections::BTreeMap;

/// What came of an answer.
#[derive(Debug)]
pub(super) struct Saved {
    /// The asking.
    pub(super) instance: Instance,
    /// What it did to the scores.
    pub(super) feedback: Feedback,
    /// What it did to the other questions.
    pub(super) effect: Effect,
}

/// A discovery in progress.
pub(super) struct Session {
    pub(super) workspace: Workspace,
    pub(super) loaded: Loaded,
    pub(super) visibility: Visibility,
    pub(super) card: Scorecard,
    pub(super) journey: Journey,
    /// Who is in the room: recorded with each answer.
    pub(super) by: Vec<String>,
    /// What the user typed, which names the journey: one that is typed again goes on where it stopped.
    name: String,
}

impl Session {
    /// Returns a journey through what a filter leaves, where it stopped the last time.
    pub(super) fn begin(workspace: Workspace, loaded: Loaded, filter: &Filter, order: Order, by: Vec<String>, name: String) -> Self {
        let visibility = Visibility::of(&loaded.kit, &loaded.assessment);
        let card = Scorecard::of(&loaded.kit, &loaded.assessment);
        let mut journey = Journey::new(&loaded.kit, &loaded.assessment, &visibility, filter, order);
        if let Some(stopped_at) = workspace.place(&name).and_then(|key| find(&loaded, &key)) {
            journey.jump(stopped_at, &visibility);
        }
        Self { workspace, loaded, visibility, card, journey, by, name }
    }

    pub(super) fn kit(&self) -> &Kit {
        &self.loaded.kit
    }

    pub(super) fn assessment(&self) -> &Assessment {
        &self.loaded.assessment
    }

    /// Writes what is done to the answer of the current question, and says what came of it.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the answer does not fit or cannot be written; everything is then as it was.
    pub(super) fn apply(&mut self, deed: &Deed) -> Result<Option<Saved>, Error> {
        let Some(instance) = self.journey.current() else { return Ok(None) };
        let before = self.assessment().answer(instance);
        let mut changes = deed.changes(before, today());
        let is_answer = !matches!(deed, Deed::Note(_) | Deed::Evidence(..) | Deed::By(_));
        if is_answer && !self.by.is_empty() {
            changes.extend(Deed::By(self.by.clone()).changes(before, today()).into_iter().filter(|(key, _)| *key == "by"));
        }
        let lock = self.workspace.lock()?;
        let assessment = self.workspace.put_answer(&self.loaded, instance, &changes)?;
        drop(lock);
        Ok(Some(self.take(instance, assessment)))
    }

    /// Takes the answer of the current question out of its file.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the file cannot be changed; everything is then as it was.
    pub(super) fn clear(&mut self) -> Result<Option<Saved>, Error> {
        let Some(instance) = self.journey.current() else { return Ok(None) };
        if self.assessment().answer(instance).is_none() {
            return Ok(None);
        }
        let lock = self.workspace.lock()?;
        let assessment = self.workspace.clear_answer(&self.loaded, instance)?;
        drop(lock);
        Ok(Some(self.take(instance, assessment)))
    }

    /// Goes on with new answers: those of others that were written meanwhile are among them.
    fn take(&mut self, instance: Instance, assessment: Assessment) -> Saved {
        let kit = &self.loaded.kit;
        let visibility = Visibility::of(kit, &assessment);
        let card = Scorecard::of(kit, &assessment);
        let feedback = feedback(kit, &self.card, &card, instance, assessment.target_environment);
        let effect = self.journey.update((&self.loaded.assessment, &self.visibility), (&assessment, &visibility));
        self.loaded.assessment = assessment;
        self.visibility = visibility;
        self.card = card;
        Saved { instance, feedback, effect }
    }

    /// Remembers where one is. That it cannot is no reason to stop.
    pub(super) fn remember(&self) {
        let key = self.journey.current().map(|instance| instance.key(self.kit()));
        let _ = self.workspace.remember_place(&self.name, key.as_deref());
    }

    /// Returns the command that goes on with this journey.
    pub(super) fn resume_command(&self) -> String {
        let directory = self.workspace.root().display().to_string();
        let directory = if directory.is_empty() || directory == "." || directory.split(['/', '\\']).all(|part| part == ".." || part == ".")
        {
            String::new()
        } else {
            format!(" -C {}", shell_words::quote(&directory))
        };
        let name = if self.name.is_empty() { String::new() } else { format!(" {}", self.name) };
        format!("opsready{directory} discover{name}")
    }

    /// Returns how many questions of each answer state are left on the journey, for the last words.
    pub(super) fn tally(&self) -> (usize, usize) {
        let progress = self.journey.progress(self.kit(), self.assessment(), &self.visibility);
        (progress.resolved, progress.visible)
    }

    /// Returns the visible questions by capability, in order.
    pub(super) fn overview(&self) -> BTreeMap<usize, Vec<Instance>> {
        let mut by_capability: BTreeMap<usize, Vec<Instance>> = BTreeMap::new();
        for instance in self.journey.visible(&self.visibility) {
            by_capability.entry(self.kit().question(instance.question).capability.0).or_default().push(instance);
        }
        by_capability
    }
}

fn find(loaded: &Loaded, key: &str) -> Option<Instance> {
    let id = key.split_once('@').map_or(key, |(id, _)| id);
    let question = loaded.kit.find_question(id)?;
    loaded.assessment.instances(&loaded.kit, question).into_iter().find(|instance| instance.key(&loaded.kit) == key)
}

/// Returns an error in one line, for a screen with little room.
pub(super) fn said(error: &Error) -> String {
    let one = |found: &Diagnostic| match &found.help {
        Some(help) => format!("{} ({help})", found.message),
        None => found.message.clone(),
    };
    match error {
        Error::Files(found) => found.iter().map(one).collect::<Vec<_>>().join("; "),
        Error::Machine { source, .. } => format!("{error}: {source}"),
        other => other.to_string(),
    }
}
