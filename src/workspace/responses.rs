//! What single respondents said: a folder for each, in the format of the agreed answers.

use super::{ASSESSMENT_FILE, Error, Loaded, Workspace, files, sources_in};
use crate::assessment::read::{AssessmentSources, assessment};
use crate::assessment::reconcile::Respondent;
use crate::diagnostic::{Diagnostic, has_errors, sort};
use crate::kit::Kit;

impl Workspace {
    /// Reads what every respondent said, by name, and what its owner should know of the files.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Files`] with the problems of all of them when there is an error among them.
    pub fn responses(&self, loaded: &Loaded) -> Result<(Vec<Respondent>, Vec<Diagnostic>), Error> {
        self.responses_to(&loaded.kit)
    }

    /// Reads the same with the kit alone, for when the agreed answers cannot be read.
    ///
    /// # Errors
    ///
    /// As [`Workspace::responses`].
    pub fn responses_to(&self, kit: &Kit) -> Result<(Vec<Respondent>, Vec<Diagnostic>), Error> {
        let frame = files::read_source(&self.path(ASSESSMENT_FILE))?;
        let mut respondents = Vec::new();
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for id in self.respondents()? {
            let answers = sources_in(&self.of_respondent(&id).answers_folder(), &mut diagnostics)?;
            let (read, found) = assessment(kit, &AssessmentSources { assessment: frame.clone(), answers });
            // What is to be said of `opsready.yaml` was said when it was read first.
            let is_its_own = |one: &Diagnostic| one.location.as_ref().is_none_or(|place| place.source.path != frame.path);
            diagnostics.extend(found.into_iter().filter(is_its_own));
            respondents.extend(read.map(|assessment| Respondent { id, assessment }));
        }
        sort(&mut diagnostics);
        if has_errors(&diagnostics) { Err(Error::Files(diagnostics)) } else { Ok((respondents, diagnostics)) }
    }
}
