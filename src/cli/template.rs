//! `opsready template`.

use super::output::{Exit, Output, Refusal};
use crate::diagnostic::did_you_mean;
use crate::document::template::{Templates, blocks};
use crate::workspace::Error;
use crate::workspace::templates::{Origin, Template, built_in};
use serde_json::json;
use similar::TextDiff;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the templates: where each comes from, and what overrides it
    List,
    /// Print a template as it is in force; `opsready/NAME` prints the built-in one
    Show {
        /// The name, as `template list` shows it
        name: String,
    },
    /// Copy a built-in template into `overlay/templates/`, where it is yours
    Eject {
        /// The name, as `template list` shows it
        name: String,
    },
    /// Show what you changed in your templates, and what changed in the built-in ones since
    Diff {
        /// Only this one
        name: Option<String>,
    },
}

pub(super) fn run(arguments: &Arguments, global: &super::Global, output: &mut Output) -> anyhow::Result<Exit> {
    match &arguments.command {
        Command::List => list(&templates(global)?, output),
        Command::Show { name } => show(name, &templates(global)?, output),
        Command::Eject { name } => {
            if Templates::built_in(name).is_none() {
                return Err(unknown(name, &built_in()));
            }
            let workspace = global.workspace()?;
            let path = workspace.eject_template(name)?;
            output.line(workspace.path(&path).display())?;
            output.note("it is yours now: strike what you leave as it is, since a block alone is enough");
            output.note(&format!("  = help: `{{% extends \"opsready/{name}\" %}}`, then the blocks that you change; `opsready template diff` shows what changes in the built-in one"));
            Ok(Exit::Done)
        }
        Command::Diff { name } => diff(name.as_deref(), &global.workspace()?.templates()?, output),
    }
}

/// Returns the templates in force: those of the workspace, or without one those of the program.
fn templates(global: &super::Global) -> Result<Vec<Template>, Error> {
    match global.workspace() {
        Ok(workspace) => workspace.templates(),
        Err(Error::NoWorkspace(_)) => Ok(built_in()),
        Err(error) => Err(error),
    }
}

fn unknown(name: &str, templates: &[Template]) -> anyhow::Error {
    let help = did_you_mean(name, templates.iter().map(|template| template.name.as_str()));
    Refusal::because(
        format!("there is no template `{name}`"),
        Some(help.unwrap_or_else(|| "`opsready template list` shows them".to_owned())),
    )
}

/// Returns true if a template takes the built-in one and changes blocks of it.
fn extends(template: &Template) -> bool {
    template.text.contains("extends") && template.text.contains(&format!("opsready/{}", template.name))
}

/// Returns what a template of the workspace overrides.
fn overrides(template: &Template) -> String {
    if template.origin == Origin::BuiltIn {
        return String::new();
    }
    if Templates::built_in(&template.name).is_none() {
        return "its own, included by others".to_owned();
    }
    let names: Vec<String> = blocks(&template.text).into_iter().map(|(name, _)| name).collect();
    let what = if extends(template) { format!("overrides {}", names.join(", ")) } else { "overrides all of it".to_owned() };
    if template.is_outdated() { format!("{what}; the built-in one has changed since") } else { what }
}

fn list(templates: &[Template], output: &mut Output) -> anyhow::Result<Exit> {
    if output.is_json() {
        let row = |template: &Template| {
            json!({
                "name": template.name,
                "origin": template.origin.word(),
                "path": template.path,
                "blocks": blocks(&template.text).into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
                "outdated": template.is_outdated(),
            })
        };
        output.json(&json!({"schema": "opsready/templates/v1", "templates": templates.iter().map(row).collect::<Vec<_>>()}))?;
        return Ok(Exit::Done);
    }
    let width = templates.iter().map(|template| template.name.len()).max().unwrap_or(0);
    for template in templates {
        let line = format!("{:<width$}  {:<8}  {}", template.name, template.origin.word(), overrides(template));
        output.line(line.trim_end())?;
    }
    Ok(Exit::Done)
}

fn show(name: &str, templates: &[Template], output: &mut Output) -> anyhow::Result<Exit> {
    let of_program = name.strip_prefix("opsready/").and_then(Templates::built_in);
    let text = of_program.or_else(|| templates.iter().find(|template| template.name == name).map(|template| template.text.as_str()));
    let Some(text) = text else { return Err(unknown(name, templates)) };
    output.text(&crate::diagnostic::render::tame(text))?;
    Ok(Exit::Done)
}

fn diff(name: Option<&str>, templates: &[Template], output: &mut Output) -> anyhow::Result<Exit> {
    if let Some(name) = name
        && !templates.iter().any(|template| template.name == name)
    {
        return Err(unknown(name, templates));
    }
    let own = templates.iter().filter(|template| template.origin != Origin::BuiltIn && name.is_none_or(|name| template.name == name));
    let mut count = 0;
    for template in own {
        let Some(now) = Templates::built_in(&template.name) else { continue };
        count += 1;
        let path = template.path.as_deref().unwrap_or_default();
        let (base, since) = match &template.taken {
            Some(taken) => (taken.text.as_str(), format!("{} (built in, {}, as taken)", template.name, taken.version)),
            None => (now, format!("{} (built in)", template.name)),
        };
        if extends(template) {
            let names: Vec<String> = blocks(&template.text).into_iter().map(|(name, _)| name).collect();
            output.line(format!("{path}: takes the built-in one and overrides {}", names.join(", ")))?;
        } else {
            output.line(format!("{path}: what you changed"))?;
            output.text(&unified(base, &template.text, &since, path))?;
        }
        match &template.taken {
            Some(taken) if taken.text == now => {
                output.line(format!("{path}: nothing has changed in the built-in one since you took it"))?;
            }
            Some(_) => {
                output.line(format!("{path}: what changed in the built-in one since you took it"))?;
                output.text(&unified(base, now, &since, &format!("{} (built in, {})", template.name, env!("CARGO_PKG_VERSION"))))?;
            }
            None => {}
        }
    }
    if count == 0 {
        output.note("no template is overridden here; `opsready template eject NAME` takes one");
    }
    Ok(Exit::Done)
}

fn unified(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    let (old, new) = (old.replace("\r\n", "\n"), new.replace("\r\n", "\n"));
    if old == new {
        return "(nothing)\n".to_owned();
    }
    TextDiff::from_lines(old.as_str(), new.as_str()).unified_diff().context_radius(2).header(old_name, new_name).to_string()
}
