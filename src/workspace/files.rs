//! Reading and writing files: whole, with limits, and with the deed and the path in every error.

use super::Error;
use crate::diagnostic::{Diagnostic, Source};
use crate::yaml;
use std::fmt;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was tried with a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Reading.
    Read,
    /// Writing.
    Write,
    /// Making a folder.
    Make,
    /// Deleting.
    Delete,
    /// Locking.
    Lock,
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Make => "make the folder",
            Self::Delete => "delete",
            Self::Lock => "lock",
        })
    }
}

fn machine(deed: Deed, path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    move |source| Error::Machine { deed, path: path.to_owned(), source }
}

/// Reads a file into a source.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it cannot be read and [`Error::Files`] when it is too large or not UTF-8.
pub fn read_source(path: &Path) -> Result<Arc<Source>, Error> {
    let shown = path.display().to_string();
    let file = fs::File::open(path).map_err(machine(Deed::Read, path))?;
    let size = file.metadata().map_err(machine(Deed::Read, path))?.len();
    if size > yaml::LARGEST_FILE_BYTES as u64 {
        return Err(yaml::too_large(&shown, size).into());
    }
    let mut bytes = Vec::new();
    // A pipe or device tells no size, so the limit holds while reading too.
    file.take(yaml::LARGEST_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(machine(Deed::Read, path))?;
    Ok(yaml::decode(&shown, &bytes)?)
}

/// Reads the bytes of a file; nothing if it is not there.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it is there and cannot be read.
pub fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Machine { deed: Deed::Read, path: path.to_owned(), source }),
    }
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// There is no such file.
    Missing,
    /// Text in UTF-8.
    Text(String),
    /// Something else.
    Bytes,
}

/// Reads a file that may hold anything.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it is there and cannot be read.
pub fn read_content(path: &Path) -> Result<Content, Error> {
    let text = |bytes| String::from_utf8(bytes).map_or(Content::Bytes, Content::Text);
    Ok(read_bytes(path)?.map_or(Content::Missing, text))
}

/// Returns the YAML files of a folder by name: stem and path. A folder that is not there has none.
///
/// # Errors
///
/// Returns [`Error::Machine`] when the folder cannot be read.
pub fn yaml_files(folder: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(machine(Deed::Read, folder)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(machine(Deed::Read, folder))?.path();
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if is_yaml && !stem.starts_with('.') && !path.is_dir() {
            regular(&path)?;
            files.push((stem.to_owned(), path.clone()));
        }
    }
    files.sort();
    Ok(files)
}

/// Refuses what is there and no file, such as a pipe: whoever opens one may wait for ever.
///
/// # Errors
///
/// Returns [`Error::Unusable`] with the path.
pub fn regular(path: &Path) -> Result<(), Error> {
    if path.exists() && !path.is_file() {
        return Err(Error::Unusable(format!("`{}` is no file that can be read: take it out of the folder", path.display())));
    }
    Ok(())
}

/// Makes a folder and those above it.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it cannot be made.
pub fn make_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(machine(Deed::Make, path))
}

/// Writes a file whole: to a temporary file beside it, synced, then renamed. A link keeps pointing where it does, and the
/// permissions of an existing file stay.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it cannot be written; the file is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    sync_folder(&put(path, bytes)?);
    Ok(())
}

/// Writes a file as [`write()`] does, and what is no file, such as `/dev/stderr`, as it comes.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it cannot be written.
pub fn write_anywhere(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    // A pipe or a device must not be replaced by a file.
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => fs::write(path, bytes).map_err(machine(Deed::Write, path)),
        _ => write(path, bytes),
    }
}

/// Writes a file as [`write()`] does, and returns its folder, which is to be given to [`sync_folder`]: many files of one folder
/// need that once.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it cannot be written; the file is then as it was.
pub fn put(path: &Path, bytes: &[u8]) -> Result<PathBuf, Error> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder)?;
    let existing = fs::metadata(&target).ok().map(|metadata| metadata.permissions());
    if existing.as_ref().is_some_and(fs::Permissions::readonly) {
        let refused = io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only");
        return Err(machine(Deed::Write, path)(refused));
    }
    let mut file = temporary_in(folder).map_err(machine(Deed::Write, path))?;
    let written = file.as_file_mut().write_all(bytes).and_then(|()| match existing {
        Some(permissions) => file.as_file().set_permissions(permissions),
        None => Ok(()),
    });
    written.and_then(|()| file.as_file().sync_all()).map_err(machine(Deed::Write, path))?;
    file.persist(&target).map_err(|error| machine(Deed::Write, path)(error.error))?;
    Ok(folder.to_owned())
}

/// Writes a file that must not be there yet, whole. Returns false if there is one, which then stays as it is.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder)?;
    let mut file = temporary_in(folder).map_err(machine(Deed::Write, path))?;
    file.as_file_mut().write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(machine(Deed::Write, path))?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            sync_folder(folder);
            Ok(true)
        }
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(machine(Deed::Write, path)(error.error)),
    }
}

fn temporary_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".opsready-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Makes a rename last through a power cut, where the system can.
pub fn sync_folder(folder: &Path) {
    if cfg!(unix)
        && let Ok(folder) = fs::File::open(folder)
    {
        let _ = folder.sync_all();
    }
}

/// Deletes a file; one that is not there is no fault.
///
/// # Errors
///
/// Returns [`Error::Machine`] when it cannot be deleted.
pub fn delete(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(machine(Deed::Delete, path)(error)),
        _ => Ok(()),
    }
}

/// Returns every file under a folder, relative to it, by name. Links to folders are not followed.
///
/// # Errors
///
/// Returns [`Error::Machine`] when a folder cannot be read.
pub fn tree(root: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).map_err(machine(Deed::Read, &folder))? {
            let entry = entry.map_err(machine(Deed::Read, &folder))?;
            let kind = entry.file_type().map_err(machine(Deed::Read, &folder))?;
            if kind.is_dir() {
                open.push(entry.path());
            } else if let Ok(relative) = entry.path().strip_prefix(root) {
                found.push(relative.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Returns a diagnostic as an error of this layer.
pub fn fault(diagnostic: Diagnostic) -> Error {
    Error::Files(vec![diagnostic])
}
