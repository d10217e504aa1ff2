//! What scores need of a kit, as JSON: its questions and practices without guidance, references and whatever else only documents
//! show. It is a kit of its own, so that frozen answers can be scored when the kit that they were given to is long gone.

use crate::diagnostic::{Diagnostic, Source};
use crate::kit::format::{Band, CapabilityFile, Choice, Credits, Practice, Question};
use crate::kit::read::{KitSources, OverlaySources};
use crate::kit::{Kit, read};
use crate::yaml::record::{At, Id};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// Returns the model of a kit: `kit`, and `capabilities` in their order, each as its file would have it.
pub fn json(kit: &Kit) -> Value {
    let file = &kit.file;
    let head = json!({
        "id": file.id.as_str(),
        "title": file.title.value,
        "version": file.version.value.0,
        "scale": file.scale.value.iter().map(|level| json!({"level": level.level.value, "name": level.name})).collect::<Vec<_>>(),
        "environments": (file.environments.value.iter())
            .map(|one| with_formerly(json!({"id": one.id.as_str(), "title": one.title}), &one.formerly))
            .collect::<Vec<_>>(),
        "target_environment": kit.environment_id(kit.target_environment),
        "default_target": kit.default_target,
        "roles": file.roles.iter().map(|role| json!({"id": role.id.as_str(), "title": role.title})).collect::<Vec<_>>(),
        "groups": file.groups.iter().map(|group| json!({"id": group.id.as_str(), "title": group.title})).collect::<Vec<_>>(),
        "waves": (file.waves.iter())
            .map(|wave| json!({"id": wave.id.as_str(), "title": wave.title, "capacity": wave.capacity.value}))
            .collect::<Vec<_>>(),
        "phases": (file.phases.iter())
            .map(|phase| {
                let targets: Map<String, Value> = phase.targets.iter().map(|(id, level)| (id.value.clone(), json!(level.value))).collect();
                with_formerly(json!({"id": phase.id.as_str(), "title": phase.title, "targets": targets}), &phase.formerly)
            })
            .collect::<Vec<_>>(),
        "capabilities": kit.capability_indices().map(|ix| kit.capability_id(ix)).collect::<Vec<_>>(),
    });
    let capabilities: Vec<Value> = kit.capabilities.iter().map(|capability| of_capability(&capability.file)).collect();
    json!({"kit": with_formerly(head, &file.formerly), "capabilities": capabilities})
}

fn of_capability(file: &CapabilityFile) -> Value {
    let mut value = json!({"id": file.id.as_str(), "title": file.title.value});
    put(&mut value, "group", file.group.as_ref().map(|group| json!(group.as_str())));
    let questions: Vec<Value> = file.discovery.iter().flat_map(|part| &part.questions).map(question).collect();
    let practices: Vec<Value> = file.design.iter().flat_map(|part| &part.practices).map(practice).collect();
    put(&mut value, "discovery", (!questions.is_empty()).then(|| json!({"questions": questions})));
    put(&mut value, "design", (!practices.is_empty()).then(|| json!({"practices": practices})));
    with_formerly(value, &file.formerly)
}

fn question(file: &Question) -> Value {
    let mut value = json!({"id": file.id.as_str(), "ask": file.ask.value, "type": file.kind.value.word()});
    put(&mut value, "environments", file.environments.as_ref().map(|list| ids(&list.value)));
    put(&mut value, "when", file.when.as_ref().map(|when| json!(when.value)));
    put(&mut value, "if_hidden", file.if_hidden.as_ref().map(|word| json!(word.value.word())));
    put(&mut value, "informative", file.informative.map(Value::Bool));
    put(&mut value, "choices", (!file.choices.is_empty()).then(|| file.choices.iter().map(choice).collect()));
    put(&mut value, "unit", file.unit.as_ref().map(|unit| json!(unit)));
    put(&mut value, "min", file.min.as_ref().map(|min| json!(min.value)));
    put(&mut value, "max", file.max.as_ref().map(|max| json!(max.value)));
    put(&mut value, "bands", (!file.bands.is_empty()).then(|| file.bands.iter().map(band).collect()));
    let rules = file.risk_rules.iter().map(|rule| json!({"condition": rule.condition.value, "risk": rule.risk.value.word()}));
    put(&mut value, "risk_rules", (!file.risk_rules.is_empty()).then(|| rules.collect()));
    with_formerly(value, &file.formerly)
}

fn choice(file: &Choice) -> Value {
    let mut value = json!({"id": file.id.as_str()});
    put(&mut value, "label", file.label.as_ref().map(|label| json!(label.value)));
    put(&mut value, "credits", credits(&file.credits));
    put(&mut value, "none", file.none.map(Value::Bool));
    put(&mut value, "informative", file.informative.map(Value::Bool));
    with_formerly(value, &file.formerly)
}

fn band(file: &Band) -> Value {
    let mut value = json!({"id": file.id.as_str(), "from": file.from.value});
    put(&mut value, "label", file.label.as_ref().map(|label| json!(label.value)));
    put(&mut value, "credits", credits(&file.credits));
    put(&mut value, "informative", file.informative.map(Value::Bool));
    with_formerly(value, &file.formerly)
}

fn credits(credits: &Credits) -> Option<Value> {
    let map: Map<String, Value> = credits.0.iter().map(|(id, credit)| (id.value.0.clone(), json!(credit.value))).collect();
    (!map.is_empty()).then_some(Value::Object(map))
}

fn practice(file: &Practice) -> Value {
    let mut value = json!({"id": file.id.as_str(), "title": file.title.value, "level": file.level.value});
    put(&mut value, "risk", file.risk.map(|risk| json!(risk.word())));
    put(&mut value, "weight", file.weight.as_ref().map(|weight| json!(weight.value)));
    put(&mut value, "effort", file.effort.map(|effort| json!(effort.word())));
    put(&mut value, "environments", file.environments.as_ref().map(|list| ids(&list.value)));
    put(&mut value, "requires", (!file.requires.is_empty()).then(|| ids(&file.requires)));
    with_formerly(value, &file.formerly)
}

fn ids(list: &[At<Id>]) -> Value {
    list.iter().map(|id| id.as_str()).collect()
}

fn put(value: &mut Value, key: &str, part: Option<Value>) {
    if let Some(part) = part {
        value[key] = part;
    }
}

fn with_formerly(mut value: Value, formerly: &[Id]) -> Value {
    put(&mut value, "formerly", (!formerly.is_empty()).then(|| formerly.iter().map(Id::as_str).collect()));
    value
}

/// Reads a kit back from its model. `path` is the file that holds it.
///
/// # Errors
///
/// Returns what is wrong with it; of a model that nobody edited, nothing.
pub fn kit(model: &Value, path: &str) -> Result<Kit, Vec<Diagnostic>> {
    let source = |part: &Value| Source::new(path, yaml_safe(&serde_json::to_string_pretty(part).unwrap_or_default()));
    let capabilities = model.get("capabilities").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let stem = |part: &Value| part.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let sources = KitSources {
        kit: source(model.get("kit").unwrap_or(&Value::Null)),
        capabilities: capabilities.iter().map(|part| (stem(part), source(part))).collect(),
        engagement: None,
        overlay: OverlaySources::default(),
    };
    let (kit, found) = read::kit(&sources);
    kit.ok_or_else(|| found.into_iter().filter(Diagnostic::is_error).collect())
}

/// Writes out the characters that JSON takes as they are and YAML does not: they stand in texts only.
fn yaml_safe(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            _ => text.push(c),
        }
    }
    text
}
