//! Templates: those of the program, and those with which a kit overrides them.

use super::escape;
use crate::diagnostic::did_you_mean;
use crate::yaml::record::list;
use minijinja::value::{Kwargs, Serde};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value};
use serde::Serialize;
use std::collections::BTreeMap;
use std::error::Error;

/// The templates of the program: name and text.
const BUILT_IN: &[(&str, &str)] = &[
    ("header.md", include_str!("../../templates/header.md")),
    ("index.md", include_str!("../../templates/index.md")),
    ("executive-summary.md", include_str!("../../templates/executive-summary.md")),
    ("readiness-report.md", include_str!("../../templates/readiness-report.md")),
    ("out-brief.md", include_str!("../../templates/out-brief.md")),
    ("acceptance.md", include_str!("../../templates/acceptance.md")),
    ("open-questions.md", include_str!("../../templates/open-questions.md")),
    ("actions.md", include_str!("../../templates/actions.md")),
    ("applicability.md", include_str!("../../templates/applicability.md")),
    ("evidence.md", include_str!("../../templates/evidence.md")),
    ("roadmap.md", include_str!("../../templates/roadmap.md")),
    ("board.md", include_str!("../../templates/board.md")),
    ("gap-register.md", include_str!("../../templates/gap-register.md")),
    ("backlog.md", include_str!("../../templates/backlog.md")),
    ("stories.md", include_str!("../../templates/stories.md")),
    ("engagement.md", include_str!("../../templates/engagement.md")),
    ("workshops.md", include_str!("../../templates/workshops.md")),
    ("readiness.md", include_str!("../../templates/readiness.md")),
    ("design.md", include_str!("../../templates/design.md")),
    ("runbooks.md", include_str!("../../templates/runbooks.md")),
    ("playbook.md", include_str!("../../templates/playbook.md")),
    ("raci.md", include_str!("../../templates/raci.md")),
    ("decisions.md", include_str!("../../templates/decisions.md")),
    ("progress.md", include_str!("../../templates/progress.md")),
    ("raid.md", include_str!("../../templates/raid.md")),
    ("tools.md", include_str!("../../templates/tools.md")),
    ("workshop-stakeholders.md", include_str!("../../templates/workshop-stakeholders.md")),
    ("workshop-invitation.md", include_str!("../../templates/workshop-invitation.md")),
    ("workshop-pre-questionnaire.md", include_str!("../../templates/workshop-pre-questionnaire.md")),
    ("workshop-facilitator-guide.md", include_str!("../../templates/workshop-facilitator-guide.md")),
    ("workshop-session-minutes.md", include_str!("../../templates/workshop-session-minutes.md")),
    ("workshop-minutes.md", include_str!("../../templates/workshop-minutes.md")),
    ("workshop-parts.md", include_str!("../../templates/workshop-parts.md")),
    ("followup-recap.md", include_str!("../../templates/followup-recap.md")),
    ("followup-actions.md", include_str!("../../templates/followup-actions.md")),
    ("followup-calendar.md", include_str!("../../templates/followup-calendar.md")),
    ("followup-date.md", include_str!("../../templates/followup-date.md")),
    ("followup-entry.md", include_str!("../../templates/followup-entry.md")),
    ("chart-levels.md", include_str!("../../templates/chart-levels.md")),
    ("chart-weights.md", include_str!("../../templates/chart-weights.md")),
    ("chart-waves.md", include_str!("../../templates/chart-waves.md")),
    ("chart-roadmap.md", include_str!("../../templates/chart-roadmap.md")),
    ("chart-dates.md", include_str!("../../templates/chart-dates.md")),
    ("chart-raci.md", include_str!("../../templates/chart-raci.md")),
];

/// The name under which a template of a kit extends the one that it overrides: `opsready/readiness.md`.
const PREFIX: &str = "opsready/";

/// How many steps a template may take. The longest document of the kits that come with the program takes less than a fiftieth of it.
const FUEL: u64 = 5_000_000;

/// How deep templates may call each other: an include counts ten, a macro four.
const DEEPEST: usize = 120;

/// How large a document may be, in bytes.
const LARGEST: usize = 16 * 1024 * 1024;

/// A template is broken, or asks for something that its view does not have.
#[derive(Debug, thiserror::Error)]
#[error("the template `{name}`{}: {reason}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct TemplateError {
    /// The template.
    pub name: String,
    /// The line, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl TemplateError {
    fn new(template: &str, error: &minijinja::Error) -> Self {
        // The innermost error knows the place; the outer ones only that they included it.
        let mut innermost = error;
        while let Some(source) = innermost.source().and_then(|source| source.downcast_ref::<minijinja::Error>()) {
            innermost = source;
        }
        let reason = match innermost.detail() {
            _ if innermost.kind() == ErrorKind::OutOfFuel => format!("it takes more than {FUEL} steps; does a loop not end?"),
            _ if innermost.kind() == ErrorKind::WriteFailure => format!("the document grows larger than {} MiB", LARGEST / 1024 / 1024),
            Some(detail) => format!("{}: {detail}", innermost.kind()),
            None => innermost.kind().to_string(),
        };
        Self { name: innermost.name().unwrap_or(template).to_owned(), line: innermost.line(), reason }
    }
}

/// A set of templates, ready to render.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Returns the built-in templates under those of a kit: name and text.
    ///
    /// # Errors
    ///
    /// Returns [`TemplateError`] when a template does not parse, or has the name of none that is rendered.
    pub fn new(overrides: &[(String, String)]) -> Result<Self, TemplateError> {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for (name, text) in BUILT_IN {
            texts.insert((*name).to_owned(), (*text).to_owned());
            texts.insert(format!("{PREFIX}{name}"), (*text).to_owned());
        }
        check_names(overrides)?;
        texts.extend(overrides.iter().cloned());
        let mut environment = Environment::new();
        let syntax = minijinja::syntax::SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
        environment.set_syntax(syntax.map_err(|error| TemplateError::new("", &error))?);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(DEEPEST);
        environment.set_auto_escape_callback(|_| AutoEscape::Custom("markdown".into()));
        environment.set_formatter(write_value);
        environment.add_filter("cell", |value: &Value| safe(escape::cell(&text_of(value))));
        environment.add_filter("prose", |value: &Value| safe(escape::prose(&text_of(value))));
        environment.add_filter("prose_cell", |value: &Value| safe(escape::prose_cell(&text_of(value))));
        environment.add_filter("quote", |value: &Value, indent: Option<usize>| safe(escape::quote(&text_of(value), indent.unwrap_or(0))));
        environment.add_filter("code", |value: &Value| safe(escape::code(&text_of(value))));
        environment.add_filter("mermaid", |value: &Value| safe(escape::mermaid(&text_of(value))));
        environment.add_filter("link", |value: &Value, url: &str| safe(escape::link(&text_of(value), url)));
        environment.add_filter("markdown", |value: &Value, options: Kwargs| {
            let indent: usize = options.get::<Option<usize>>("indent")?.unwrap_or(0);
            options.assert_all_used()?;
            let newline = format!("\n{}", " ".repeat(indent));
            Ok::<_, minijinja::Error>(safe(escape::block(&text_of(value)).replace('\n', &newline)))
        });
        environment.add_function("keep", |name: &str, content: Option<Value>| {
            escape::keep(name, &content.as_ref().map(text_of).unwrap_or_default())
                .map(safe)
                .ok_or_else(|| minijinja::Error::new(ErrorKind::InvalidOperation, format!("`{name}` cannot name a region")))
        });
        for (name, text) in texts {
            environment.add_template_owned(name.clone(), text).map_err(|error| TemplateError::new(&name, &error))?;
        }
        Ok(Self { environment })
    }

    /// Returns the names of the templates that a kit may override.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Returns the text of a built-in template.
    pub fn built_in(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// Renders a template with its view.
    ///
    /// # Errors
    ///
    /// Returns [`TemplateError`] with template and line.
    pub fn render(&self, name: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        self.render_value(name, Value::from(Serde(view)))
    }

    /// Renders a template with a view that is a value of templates already.
    ///
    /// # Errors
    ///
    /// Returns [`TemplateError`] with template and line.
    pub fn render_value(&self, name: &str, view: Value) -> Result<String, TemplateError> {
        let failed = |error: minijinja::Error| TemplateError::new(name, &error);
        let template = self.environment.get_template(name).map_err(failed)?;
        let mut bounded = Bounded::default();
        template.render_captured_to(view, &mut bounded).map_err(failed)?;
        Ok(tidy(&String::from_utf8_lossy(&bounded.bytes)))
    }
}

/// What a template writes, in memory and not without end.
#[derive(Default)]
struct Bounded {
    bytes: Vec<u8>,
}

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > LARGEST {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Refuses a template that nothing would ever use, and a block that its base does not have: both would be silent otherwise.
fn check_names(overrides: &[(String, String)]) -> Result<(), TemplateError> {
    let refused = |name: &str, line: Option<usize>, reason: String| Err(TemplateError { name: name.to_owned(), line, reason });
    for (name, text) in overrides {
        let is_used = overrides
            .iter()
            .any(|(other, text)| other != name && (text.contains(&format!("\"{name}\"")) || text.contains(&format!("'{name}'"))));
        if !Templates::names().any(|known| known == name) && !is_used {
            let help = did_you_mean(name, Templates::names()).map(|help| format!("; {help}")).unwrap_or_default();
            return refused(name, None, format!("nothing is rendered with this name{help}"));
        }
        let base = BUILT_IN.iter().find(|(base, _)| text.contains(&format!("{PREFIX}{base}")) && text.contains("extends"));
        let Some((base, base_text)) = base else { continue };
        let known: Vec<String> = blocks(base_text).into_iter().map(|(block, _)| block).collect();
        let own = |block: &str| text.matches(&format!("block {block}")).count();
        for (block, line) in blocks(text) {
            if !known.contains(&block) && own(&block) == 1 {
                let help = did_you_mean(&block, known.iter().map(String::as_str));
                let help = help.unwrap_or_else(|| format!("it has {}", list(&known)));
                return refused(name, Some(line), format!("`{PREFIX}{base}` has no block `{block}`; {help}"));
            }
        }
    }
    Ok(())
}

/// Returns the blocks that a template defines, with their lines.
pub fn blocks(text: &str) -> Vec<(String, usize)> {
    let of_line = |(index, line): (usize, &str)| {
        let starts = line.match_indices("{%").map(|(at, _)| line[at + 2..].trim_start_matches(['-', '+', ' ']).to_owned());
        let names = starts.filter_map(|tag| Some(tag.strip_prefix("block ")?.split_whitespace().next()?.trim_end_matches("%}").to_owned()));
        names.map(|name| (name, index + 1)).collect::<Vec<_>>()
    };
    text.lines().enumerate().flat_map(of_line).collect()
}

fn safe(text: String) -> Value {
    Value::from_safe_string(text)
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Writes a value where a template names it: text is escaped, numbers stand as they are, nothing else may be printed.
fn write_value(output: &mut Output<'_>, _: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    use minijinja::value::ValueKind;
    let written = match value.kind() {
        ValueKind::String if value.is_safe() => output.write_str(value.as_str().unwrap_or_default()),
        ValueKind::String => output.write_str(&escape::inline(value.as_str().unwrap_or_default())),
        ValueKind::Number => output.write_str(&value.to_string()),
        ValueKind::Undefined => return Err(minijinja::Error::from(ErrorKind::UndefinedError)),
        kind => {
            let reason = format!("{kind} cannot be printed; choose a field of it");
            return Err(minijinja::Error::new(ErrorKind::InvalidOperation, reason));
        }
    };
    written.map_err(|_| minijinja::Error::from(ErrorKind::WriteFailure))
}

/// Leaves one blank line where there are several, none at the ends of lines, and one line end at the end.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut in_fence = false;
    let mut blank = true;
    for line in text.lines() {
        let line = line.trim_end();
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        }
        if line.is_empty() && blank && !in_fence {
            continue;
        }
        blank = line.is_empty();
        tidied.push_str(line);
        tidied.push('\n');
    }
    tidied.truncate(tidied.trim_end().len());
    tidied.push('\n');
    tidied
}
