//! The ids in the files of a kit: which are defined where, which are named where, and what became of them.

use crate::diagnostic::Span;
use crate::yaml::layout::word;
use crate::yaml::{Node, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What an id is the id of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A kit.
    Kit,
    /// A capability.
    Capability,
    /// A question.
    Question,
    /// A choice or band of a question.
    Choice,
    /// A practice.
    Practice,
    /// A user story.
    Story,
    /// A design decision of a capability.
    Decision,
    /// A runbook of a capability.
    Runbook,
    /// A KPI of a capability.
    Kpi,
    /// A tool of a capability.
    Tool,
    /// A role.
    Role,
    /// A group of capabilities.
    Group,
    /// A wave of the roadmap.
    Wave,
    /// A phase of the migration.
    Phase,
    /// A standard.
    Framework,
    /// An environment.
    Environment,
}

impl Kind {
    /// Returns the word that messages use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kit => "kit",
            Self::Capability => "capability",
            Self::Question => "question",
            Self::Choice => "choice",
            Self::Practice => "practice",
            Self::Story => "story",
            Self::Decision => "decision",
            Self::Runbook => "runbook",
            Self::Kpi => "KPI",
            Self::Tool => "tool",
            Self::Role => "role",
            Self::Group => "group",
            Self::Wave => "wave",
            Self::Phase => "phase",
            Self::Framework => "framework",
            Self::Environment => "environment",
        }
    }
}

/// An id in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// What it is the id of.
    pub kind: Kind,
    /// Within what it is unique: the question of a choice, the capability of a decision; empty where that is the kit.
    pub scope: String,
    /// The id.
    pub id: String,
    /// Its place, quotes included.
    pub span: Span,
    /// The earlier ids, where it is defined here; nothing where it is only named.
    pub formerly: Option<Vec<String>>,
}

/// Returns the value of a key.
pub fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Map(map) = &node.value else { return None };
    map.iter().find(|(name, _)| name.text == key).map(|(_, value)| value)
}

/// Returns the items of a list at a key.
pub fn items<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    match get(node, key).map(|list| &list.value) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// Finds the ids of a file.
pub struct Finder<'t> {
    text: &'t str,
    found: Vec<Name>,
}

impl<'t> Finder<'t> {
    /// Returns a finder for a text.
    pub fn new(text: &'t str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Returns a scalar as it stands for an id.
    fn id(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => self.text.get(node.span.range()).map(str::to_owned),
            _ => None,
        }
    }

    /// Notes an id that is named.
    pub fn name(&mut self, kind: Kind, scope: &str, node: &Node) {
        if let Some(id) = self.id(node) {
            self.found.push(Name { kind, scope: scope.to_owned(), id, span: node.span, formerly: None });
        }
    }

    /// Notes the id, or each id of the list, at a key.
    pub fn named(&mut self, kind: Kind, node: &Node, key: &str) {
        let Some(value) = get(node, key) else { return };
        match &value.value {
            Value::List(items) => items.iter().for_each(|item| self.name(kind, "", item)),
            _ => self.name(kind, "", value),
        }
    }

    /// Notes the keys of a mapping.
    pub fn keys(&mut self, kind: Kind, node: Option<&Node>) {
        if let Some(Value::Map(map)) = node.map(|node| &node.value) {
            let names = map.iter().map(|(key, _)| (key.text.clone(), key.span));
            self.found.extend(names.map(|(id, span)| Name { kind, scope: String::new(), id, span, formerly: None }));
        }
    }

    /// Notes an id that is defined, and returns it.
    fn define(&mut self, kind: Kind, scope: &str, node: &Node) -> Option<String> {
        let value = get(node, "id")?;
        let id = self.id(value)?;
        let formerly = items(node, "formerly").iter().filter_map(|item| self.id(item)).collect();
        self.found.push(Name { kind, scope: scope.to_owned(), id: id.clone(), span: value.span, formerly: Some(formerly) });
        Some(id)
    }

    fn define_all(&mut self, kind: Kind, scope: &str, node: &Node, key: &str) {
        for item in items(node, key) {
            self.define(kind, scope, item);
        }
    }

    /// Notes the questions and choices of a condition.
    fn condition(&mut self, own: &str, node: &Node) {
        let written = self.text.get(node.span.range()).unwrap_or_default();
        let is_part = |c: char| crate::yaml::record::Id::is_part(c) || c == ':';
        let mut at = 0;
        while let Some(start) = written[at..].find(is_part).map(|start| at + start) {
            let end = written[start..].find(|c| !is_part(c)).map_or(written.len(), |end| start + end);
            let atom = &written[start..end];
            let place = |from: usize, to: usize| Span::new(node.span.start + from, node.span.start + to);
            let mut add = |kind, scope: &str, id: &str, span| {
                self.found.push(Name { kind, scope: scope.to_owned(), id: id.to_owned(), span, formerly: None });
            };
            match atom.split_once(':') {
                Some((question, choice)) => {
                    add(Kind::Question, "", question, place(start, start + question.len()));
                    add(Kind::Choice, question, choice, place(end - choice.len(), end));
                }
                None if atom == "default" => {}
                None => add(Kind::Choice, own, atom, place(start, end)),
            }
            at = end;
        }
    }

    /// Notes what a capability file holds.
    pub fn capability(mut self, root: &Node, stem: &str) -> Vec<Name> {
        // A file that is laid over another need not say whose it is.
        let capability = self.define(Kind::Capability, "", root).unwrap_or_else(|| stem.to_owned());
        self.named(Kind::Group, root, "group");
        self.named(Kind::Capability, root, "depends_on");
        for question in get(root, "discovery").map(|discovery| items(discovery, "questions")).unwrap_or_default() {
            let id = self.define(Kind::Question, "", question).unwrap_or_default();
            self.named(Kind::Role, question, "roles");
            self.named(Kind::Environment, question, "environments");
            if let Some(when) = get(question, "when") {
                self.condition(&id, when);
            }
            for rule in items(question, "risk_rules") {
                for key in ["condition", "when"] {
                    if let Some(condition) = get(rule, key) {
                        self.condition(&id, condition);
                    }
                }
            }
            for option in items(question, "choices").iter().chain(items(question, "bands")) {
                self.define(Kind::Choice, &id, option);
                match get(option, "credits").map(|credits| &credits.value) {
                    Some(Value::List(practices)) => practices.iter().for_each(|practice| self.name(Kind::Practice, "", practice)),
                    _ => self.keys(Kind::Practice, get(option, "credits")),
                }
            }
        }
        if let Some(design) = get(root, "design") {
            self.design(design, &capability);
        }
        for story in items(root, "stories") {
            self.define(Kind::Story, "", story);
            self.named(Kind::Practice, story, "practices");
        }
        self.found
    }

    fn design(&mut self, design: &Node, capability: &str) {
        for practice in items(design, "practices") {
            self.define(Kind::Practice, "", practice);
            self.named(Kind::Environment, practice, "environments");
            self.named(Kind::Practice, practice, "requires");
            self.keys(Kind::Framework, get(practice, "maps"));
        }
        self.define_all(Kind::Decision, capability, design, "decisions");
        self.define_all(Kind::Kpi, capability, design, "kpis");
        for activity in items(design, "raci") {
            for key in ["accountable", "responsible", "consulted", "informed"] {
                self.named(Kind::Role, activity, key);
            }
        }
        for runbook in items(design, "runbooks") {
            self.define(Kind::Runbook, capability, runbook);
            self.named(Kind::Practice, runbook, "practices");
        }
        for tool in items(design, "tools") {
            self.define(Kind::Tool, capability, tool);
            self.named(Kind::Role, tool, "owner");
            self.named(Kind::Question, tool, "questions");
            self.named(Kind::Practice, tool, "practices");
        }
    }

    /// Notes what `kit.yaml` holds.
    pub fn kit(mut self, root: &Node) -> Vec<Name> {
        self.define(Kind::Kit, "", root);
        self.named(Kind::Environment, root, "target_environment");
        let lists = [
            (Kind::Environment, "environments"),
            (Kind::Role, "roles"),
            (Kind::Group, "groups"),
            (Kind::Wave, "waves"),
            (Kind::Phase, "phases"),
            (Kind::Framework, "frameworks"),
        ];
        for (kind, key) in lists {
            self.define_all(kind, "", root, key);
        }
        for phase in items(root, "phases") {
            self.keys(Kind::Capability, get(phase, "targets"));
        }
        self.named(Kind::Capability, root, "capabilities");
        self.found
    }

    /// Notes what `engagement.yaml` holds.
    pub fn engagement(mut self, root: &Node) -> Vec<Name> {
        for objective in items(root, "objectives") {
            self.named(Kind::Capability, objective, "capabilities");
        }
        for phase in items(root, "phases") {
            self.named(Kind::Role, phase, "participants");
        }
        let of_capabilities = get(root, "capabilities");
        self.keys(Kind::Capability, of_capabilities);
        let preparations = match of_capabilities.map(|node| &node.value) {
            Some(Value::Map(map)) => map.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        };
        for people in items(root, "sessions").iter().chain(preparations) {
            self.named(Kind::Role, people, "required");
            self.named(Kind::Role, people, "optional");
        }
        for priority in items(root, "priorities") {
            self.named(Kind::Phase, priority, "phase");
            self.named(Kind::Capability, priority, "first");
        }
        self.found
    }

    /// Returns what was noted.
    pub fn found(self) -> Vec<Name> {
        self.found
    }
}

/// Returns the ids in a file of a kit, by its path in the kit; none of a file of another kind.
pub fn names(path: &str, text: &str, root: &Node) -> Vec<Name> {
    let finder = Finder::new(text);
    match (path, capability_of(path)) {
        ("kit.yaml", _) => finder.kit(root),
        ("engagement.yaml", _) => finder.engagement(root),
        (_, Some(stem)) => finder.capability(root, stem),
        _ => Vec::new(),
    }
}

/// Returns true if a path is that of a YAML file.
pub fn is_yaml(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

/// Returns the capability that a file of a kit holds, by its path.
pub fn capability_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix("capabilities/")?;
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).filter(|stem| !stem.contains('/'))
}

/// What became of the ids of one kit in another.
#[derive(Clone, Debug, Default)]
pub struct Fates {
    /// By kind, scope and old id: the new ids.
    renamed: BTreeMap<(Kind, String, String), Vec<String>>,
}

impl Fates {
    /// Holds the ids of an old kit against those of a new one.
    pub fn of(old: &[Name], new: &[Name]) -> Self {
        let mut renamed: BTreeMap<(Kind, String, String), Vec<String>> = BTreeMap::new();
        let defined = |names: &'_ [Name]| -> BTreeSet<(Kind, String, String)> {
            let all = names.iter().filter(|name| name.formerly.is_some());
            all.map(|name| (name.kind, name.scope.clone(), name.id.clone())).collect()
        };
        let (is_old, is_new) = (defined(old), defined(new));
        let mut add = |kind: Kind, scope: &str, from: &str, to: &str| {
            let targets = renamed.entry((kind, scope.to_owned(), from.to_owned())).or_default();
            if !targets.iter().any(|known| known == to) {
                targets.push(to.to_owned());
            }
        };
        // What contains others comes first, since the old scope of a choice is the old id of its question.
        let mut scopes: BTreeMap<(Kind, String), Vec<String>> = BTreeMap::new();
        for name in new {
            let Some(formerly) = &name.formerly else { continue };
            let container = match name.kind {
                Kind::Choice => Kind::Question,
                Kind::Decision | Kind::Runbook | Kind::Kpi | Kind::Tool => Kind::Capability,
                _ => {
                    let earlier = formerly.iter().filter(|id| !is_new.contains(&(name.kind, String::new(), (*id).clone())));
                    for id in earlier {
                        add(name.kind, "", id, &name.id);
                        scopes.entry((name.kind, name.id.clone())).or_default().push(id.clone());
                    }
                    continue;
                }
            };
            let of_container = scopes.get(&(container, name.scope.clone())).into_iter().flatten().map(String::as_str);
            for scope in of_container.chain([name.scope.as_str()]) {
                for id in formerly.iter().filter(|id| !is_new.contains(&(name.kind, name.scope.clone(), (*id).clone()))) {
                    add(name.kind, scope, id, &name.id);
                }
            }
        }
        // A rename onto an id that the old kit has, too, is none: both are there.
        renamed.retain(|(kind, scope, _), targets| targets.len() > 1 || !is_old.contains(&(*kind, scope.clone(), targets[0].clone())));
        Self { renamed }
    }

    /// Returns the new id of what was renamed, and not split.
    pub fn new_id(&self, kind: Kind, scope: &str, id: &str) -> Option<&str> {
        match self.renamed.get(&(kind, scope.to_owned(), id.to_owned())).map(Vec::as_slice) {
            Some([one]) => Some(one),
            _ => None,
        }
    }

    /// Returns the new ids of what was renamed or split.
    pub fn successors(&self, kind: Kind, scope: &str, id: &str) -> Vec<String> {
        self.renamed.get(&(kind, scope.to_owned(), id.to_owned())).cloned().unwrap_or_default()
    }

    /// Returns the ids that several new ones stand in the place of.
    pub fn split(&self) -> BTreeSet<String> {
        self.renamed.iter().filter(|(_, new)| new.len() > 1).map(|((.., old), _)| old.clone()).collect()
    }

    /// Returns a text with the new ids in the place of the old ones.
    pub fn applied(&self, text: &str, names: &[Name]) -> String {
        let edits = names.iter().filter_map(|name| {
            let new = self.new_id(name.kind, &name.scope, &name.id)?;
            Some((name.span, renamed(text, name.span, &name.id, new)))
        });
        edited(text, edits.collect())
    }
}

/// Returns an id as it is written in the place of another: quotes stay.
pub fn renamed(text: &str, span: Span, old: &str, new: &str) -> String {
    let written = text.get(span.range()).unwrap_or_default();
    if written == old { word(new) } else { written.replacen(old, new, 1) }
}

/// Returns a text with other text in some places.
pub fn edited(text: &str, mut edits: Vec<(Span, String)>) -> String {
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    edits.dedup_by_key(|(span, _)| span.start);
    let mut new = text.to_owned();
    for (span, replacement) in edits {
        new.replace_range(span.range(), &replacement);
    }
    new
}
