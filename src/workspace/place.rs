//! Where a discovery stopped, so that the next one goes on there. Each person's own: git does not keep it.

use super::{Error, Workspace, files};
use std::collections::BTreeMap;

/// Where the places are kept.
const PLACES: &str = ".opsready/at.json";

impl Workspace {
    /// Returns the key of the question at which a journey stopped, if it is known.
    pub fn place(&self, journey: &str) -> Option<String> {
        self.places().remove(journey)
    }

    /// Remembers the question at which a journey is; nothing at its end.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Machine`] when it cannot be written.
    pub fn remember_place(&self, journey: &str, key: Option<&str>) -> Result<(), Error> {
        let _lock = self.lock()?;
        let mut places = self.places();
        let before = places.get(journey).cloned();
        match key {
            Some(key) => places.insert(journey.to_owned(), key.to_owned()),
            None => places.remove(journey),
        };
        if before.as_deref() == key {
            return Ok(());
        }
        let mut text = serde_json::to_string_pretty(&places).expect("the places are text");
        text.push('\n');
        files::write(&self.path(PLACES), text.as_bytes())
    }

    /// Reads the places; a file that cannot be read is none.
    fn places(&self) -> BTreeMap<String, String> {
        let bytes = files::read_bytes(&self.path(PLACES)).ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }
}
