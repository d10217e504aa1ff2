//! `opsready render --format`: copies of the documents for others.

use super::output::{Exit, Output};
use crate::diagnostic::render::tame;
use crate::document::audience::{Audience, Redaction};
use crate::exchange::publish::{Fault, Format, Request, publish};
use crate::scoring::wording::count;
use crate::workspace::publish::deliver;
use clap::builder::PossibleValuesParser;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Publishing")]
pub(super) struct Publication {
    /// Write a copy of the documents as they stand to --out: github, gitlab, mkdocs, mdbook, confluence or plain
    #[arg(long, value_name = "FORMAT", requires = "out", hide_possible_values = true,
          value_parser = PossibleValuesParser::new(Format::ALL.iter().map(|format| format.word())))]
    format: Option<String>,
    /// The folder for the copy; it holds nothing else
    #[arg(long, value_name = "DIR", requires = "format")]
    out: Option<PathBuf>,
    /// For whom the copy is: internal has everything; customer and public are rendered anew, without names, notes, evidence links and what you wrote into the documents
    #[arg(long, value_name = "WHO", requires = "format", hide_possible_values = true,
          value_parser = PossibleValuesParser::new(Audience::ALL.iter().map(|audience| audience.word())))]
    audience: Option<String>,
}

impl Publication {
    /// Returns true if a copy is wanted, and not the documents themselves.
    pub(super) fn is_wanted(&self) -> bool {
        self.format.is_some()
    }
}

pub(super) fn run(arguments: &Publication, is_dry: bool, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    let (Some(format), Some(out)) = (arguments.format.as_deref().and_then(Format::from_word), &arguments.out) else {
        return Ok(Exit::Wrong);
    };
    let audience = arguments.audience.as_deref().and_then(Audience::from_word).unwrap_or(Audience::Internal);
    let workspace = global.workspace()?;
    // Also what is decided and watched names people, and must be known to be found.
    let loaded = workspace.load_whole()?;
    output.diagnostics(&loaded.warnings);
    let redaction = Redaction::new(&loaded.kit, &loaded.assessment, &workspace.respondents()?, audience);
    let documents = match audience {
        Audience::Internal => workspace.documents_as_they_stand()?,
        Audience::Customer | Audience::Public => workspace.documents_for(&loaded, &redaction)?,
    };
    let redacted = redaction.apply(&loaded.kit, &loaded.assessment);
    let attachments: Vec<String> = documents.attachments.iter().map(|(path, _)| path.clone()).collect();
    let request = Request {
        kit: &loaded.kit,
        format,
        audience,
        customer: &redacted.file.customer.value,
        classification: redacted.file.classification.as_deref(),
        documents: &documents.pages,
        attachments: &attachments,
    };
    let publication = match publish(&request) {
        Ok(publication) => publication,
        Err(faults) => return refuse(&faults, "docs/", "mend the documents and publish again; nothing was written", output),
    };
    let mut files: Vec<(String, Vec<u8>)> = publication.files.into_iter().map(|file| (file.path, file.text.into_bytes())).collect();
    for (from, to) in publication.attachments {
        files.extend(documents.attachments.iter().find(|(path, _)| *path == from).map(|(_, bytes)| (to, bytes.clone())));
    }
    files.sort();
    let leaks = leaks(&redaction, &files);
    if !leaks.is_empty() {
        let help = format!("the copy for `{audience}` was not written; take them out of the kit, the templates or the documents");
        return refuse(&leaks, "", &help, output);
    }
    let delivery = workspace.plan_delivery(out, format, &files)?;
    if !is_dry {
        deliver(out, &delivery, format.word(), audience.word())?;
    }
    if output.is_json() {
        let written: Vec<&String> = delivery.written.iter().map(|(path, _)| path).collect();
        output.json(&json!({
            "schema": "opsready/publish/v1",
            "format": format,
            "audience": audience,
            "written": written,
            "unchanged": delivery.unchanged,
            "removed": delivery.removed,
        }))?;
    } else {
        let lists = [
            ("written", delivery.written.iter().map(|(path, _)| path).collect::<Vec<_>>()),
            ("unchanged", delivery.unchanged.iter().collect()),
            ("removed", delivery.removed.iter().collect()),
        ];
        for (word, paths) in lists {
            for path in paths {
                output.line(format!("{:<60} {word}", tame(&out.join(path).display().to_string())))?;
            }
        }
    }
    if audience != Audience::Internal {
        output.note("rendered anew for this copy: what people wrote into the documents, regions to keep included, is not in it");
    }
    for note in &publication.notes {
        output.note(note);
    }
    Ok(Exit::Done)
}

/// Reads everything that is about to be written once more.
fn leaks(redaction: &Redaction, files: &[(String, Vec<u8>)]) -> Vec<Fault> {
    let of_file = |(path, bytes): &(String, Vec<u8>)| {
        let text = String::from_utf8_lossy(bytes);
        let in_path = redaction.leaks(path).into_iter().map(|leak| (0, leak));
        let in_text = redaction.leaks(&text).into_iter().map(|leak| (leak.line, leak));
        in_path
            .chain(in_text)
            .map(|(line, leak)| Fault {
                path: path.clone(),
                line,
                what: format!("{}: {}", leak.what, crate::document::escape::excerpt(&leak.found, 80)),
            })
            .collect::<Vec<_>>()
    };
    files.iter().flat_map(of_file).collect()
}

/// Names what keeps the copy from being written.
fn refuse(faults: &[Fault], folder: &str, help: &str, output: &mut Output) -> anyhow::Result<Exit> {
    if output.is_json() {
        let list: Vec<_> =
            faults.iter().map(|fault| json!({"file": format!("{folder}{}", fault.path), "line": fault.line, "what": fault.what})).collect();
        output.json(&json!({"schema": "opsready/publish/v1", "faults": list}))?;
    } else {
        for fault in faults {
            output.line(tame(&format!("{folder}{}:{}: {}", fault.path, fault.line, fault.what)))?;
        }
    }
    output.note(&format!("{}; {help}", count(faults.len(), "finding")));
    Ok(Exit::No)
}
