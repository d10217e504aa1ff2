//! The kits that come with the program, compiled in.

use super::{ASSESSMENT_FILE, Error};
use crate::assessment::format::AssessmentFile;
use crate::diagnostic::{Diagnostic, Source};
use crate::kit::Kit;
use crate::kit::read::{KitSources, OverlaySources};
use crate::{kit, yaml};
use include_dir::{Dir, DirEntry, File, include_dir};
use std::path::Path;
use std::sync::Arc;

static KITS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/kits");

/// A kit that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    dir: &'static Dir<'static>,
}

/// Returns the kits that come with the program, by id.
pub fn all() -> Vec<Shipped> {
    let mut kits: Vec<Shipped> =
        KITS.dirs().filter(|dir| dir.get_file(dir.path().join("kit.yaml")).is_some()).map(|dir| Shipped { dir }).collect();
    kits.sort_by_key(Shipped::id);
    kits
}

/// Returns the kit with an id.
pub fn find(id: &str) -> Option<Shipped> {
    all().into_iter().find(|kit| kit.id() == id)
}

/// Returns the JSON Schemas that lie beside the kits: name and text.
pub fn schemas() -> Vec<(&'static str, &'static str)> {
    let Some(folder) = KITS.get_dir("schemas") else { return Vec::new() };
    let mut schemas: Vec<_> = folder.files().filter_map(|file| Some((file.path().file_name()?.to_str()?, file.contents_utf8()?))).collect();
    schemas.sort_unstable();
    schemas
}

impl Shipped {
    /// Returns the id.
    pub fn id(&self) -> &'static str {
        self.dir.path().file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Reads the kit.
    pub fn read(&self) -> (Option<Kit>, Vec<Diagnostic>) {
        let source = |file: &File<'static>| {
            let shown = format!("kits/{}", file.path().display());
            yaml::decode(&shown, file.contents()).unwrap_or_else(|_| Source::new(shown, ""))
        };
        let empty = || Source::new("kit.yaml", "");
        let kit_file = self.dir.get_file(self.dir.path().join("kit.yaml")).map_or_else(empty, source);
        let mut capabilities: Vec<(String, Arc<Source>)> = (self.dir.get_dir(self.dir.path().join("capabilities")))
            .into_iter()
            .flat_map(Dir::files)
            .filter(|file| file.path().extension().is_some_and(|extension| extension == "yaml"))
            .filter_map(|file| Some((file.path().file_stem()?.to_str()?.to_owned(), source(file))))
            .collect();
        capabilities.sort_by(|a, b| a.0.cmp(&b.0));
        let engagement = self.dir.get_file(self.dir.path().join("engagement.yaml")).map(source);
        kit::read::kit(&KitSources { kit: kit_file, capabilities, engagement, overlay: OverlaySources::default() })
    }

    /// Returns the files of the kit: path relative to it, and bytes. `samples/` is left out.
    pub fn files(&self) -> Vec<(&'static Path, &'static [u8])> {
        let mut found = self.under(self.dir);
        found.retain(|(path, _)| !path.starts_with("samples"));
        found
    }

    /// Returns the files of the kit's sample engagement, relative to `samples/`.
    pub fn samples(&self) -> Vec<(&'static Path, &'static [u8])> {
        let under = self.under(self.dir).into_iter();
        under.filter_map(|(path, bytes)| Some((path.strip_prefix("samples").ok()?, bytes))).collect()
    }

    /// Reads `opsready.yaml` of the kit's sample engagement.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] when the kit has no sample, or a broken one.
    pub fn sample(&self) -> Result<AssessmentFile, Error> {
        let samples = self.samples();
        let bytes = samples.iter().find(|(path, _)| *path == Path::new(ASSESSMENT_FILE)).map(|(_, bytes)| *bytes);
        let bytes = bytes.ok_or_else(|| Error::Unusable(format!("the kit `{}` has no sample", self.id())))?;
        let (file, found) = yaml::record::read(&yaml::decode(ASSESSMENT_FILE, bytes)?);
        file.ok_or(Error::Files(found))
    }

    fn under(self, dir: &'static Dir<'static>) -> Vec<(&'static Path, &'static [u8])> {
        let mut found = Vec::new();
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(dir) => found.extend(self.under(dir)),
                DirEntry::File(file) => {
                    if let Ok(relative) = file.path().strip_prefix(self.dir.path()) {
                        found.push((relative, file.contents()));
                    }
                }
            }
        }
        found.sort();
        found
    }
}
