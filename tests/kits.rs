//! The shipped kits hold: they load without a word, satisfy their schemas, and have what a consultant needs.

use opsready::exchange::manual::markdown;
use opsready::exchange::schema::{SchemaName, text};
use opsready::kit::format::Dimension;
use opsready::kit::{Kit, lint};
use opsready::workspace::{create::Origin, shipped};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn kits() -> Vec<Kit> {
    let kits: Vec<Kit> = shipped::all().into_iter().map(|kit| Origin::Shipped(kit).read().expect("a shipped kit loads")).collect();
    assert!(!kits.is_empty(), "a kit ships");
    kits
}

fn folder(kit: &Kit) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kits").join(kit.file.id.as_str())
}

#[test]
fn every_kit_lints_clean() {
    for kit in kits() {
        let shown = opsready::diagnostic::render::lines(&lint::lint(&kit));
        assert!(shown.is_empty(), "{shown}");
    }
}

#[test]
fn the_schemas_beside_the_kits_are_those_of_the_types() {
    let shipped: BTreeMap<&str, &str> = shipped::schemas().into_iter().collect();
    for name in SchemaName::ALL {
        let file = name.file_name();
        let lies_there = shipped.get(file.as_str()).unwrap_or_else(|| panic!("kits/schemas/{file} is missing"));
        assert!(
            *lies_there == text(*name),
            "kits/schemas/{file} is old: write it anew with `opsready schema {name} > kits/schemas/{file}`"
        );
    }
    assert_eq!(shipped.len(), SchemaName::ALL.len(), "kits/schemas holds nothing else");
}

#[test]
fn kits_and_samples_satisfy_their_schemas() {
    let schema = |name: SchemaName| {
        let value = serde_json::from_str(&text(name)).expect("a schema is JSON");
        jsonschema::validator_for(&value).expect("a schema is a schema")
    };
    let (of_kit, of_capability) = (schema(SchemaName::Kit), schema(SchemaName::Capability));
    let (of_assessment, of_answers) = (schema(SchemaName::Assessment), schema(SchemaName::Answers));
    let (of_decision, of_risk) = (schema(SchemaName::Decision), schema(SchemaName::Risk));
    let mut checked = 0;
    for kit in kits() {
        let folder = folder(&kit);
        let yaml_in = |name: &str| {
            let files = fs::read_dir(folder.join(name)).expect("the folder is there");
            files.map(|entry| entry.expect("the entry can be read").path()).collect::<Vec<_>>()
        };
        let mut files = vec![(folder.join("kit.yaml"), &of_kit), (folder.join("samples/opsready.yaml"), &of_assessment)];
        files.extend(yaml_in("capabilities").into_iter().map(|path| (path, &of_capability)));
        files.extend(yaml_in("samples/answers").into_iter().map(|path| (path, &of_answers)));
        files.extend(yaml_in("samples/decisions").into_iter().map(|path| (path, &of_decision)));
        files.extend(yaml_in("samples/risks").into_iter().map(|path| (path, &of_risk)));
        for (path, schema) in files {
            let text = fs::read_to_string(&path).expect("the file can be read");
            let value: serde_json::Value = serde_saphyr::from_str(&text).expect("the file is YAML");
            let faults: Vec<String> = schema.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
            assert!(faults.is_empty(), "{}:\n{}", path.display(), faults.join("\n"));
            checked += 1;
        }
    }
    assert!(checked >= 8, "{checked} files were checked");
}

#[test]
fn a_misspelt_key_does_not_satisfy_the_schema() {
    let schema = serde_json::from_str(&text(SchemaName::Kit)).expect("a schema is JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema is a schema");
    let kit = serde_json::json!({"id": "x", "title": "X", "version": "1.0.0", "titel": 1,
        "scale": [{"level": 0, "name": "a"}, {"level": 1, "name": "b"}], "environments": [{"id": "e", "title": "E"}]});
    assert!(!schema.is_valid(&kit));
}

#[test]
fn ids_are_kebab_case() {
    let is_kebab = |id: &str| {
        !id.starts_with('-') && !id.ends_with('-') && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    for kit in kits() {
        let options = kit.questions.iter().flat_map(|question| &question.options).map(|option| option.id.as_str());
        let ids =
            kit.questions.iter().map(|question| question.id.as_str()).chain(kit.practices.iter().map(|practice| practice.id.as_str()));
        let wrong: Vec<&str> = ids.chain(options).filter(|id| !is_kebab(id)).collect();
        assert!(wrong.is_empty(), "{}", wrong.join(", "));
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is for whoever writes a kit: cargo test --test kits -- --nocapture")]
fn capabilities_of_the_aws_kit_have_what_a_consultant_needs() {
    println!("{:<28} questions people process tools when | practices by level | decisions raci runbooks kpis stories commands maps", "");
    let kit = kits().into_iter().find(|kit| kit.file.id.as_str() == "aws-cloud-operations").expect("the kit ships");
    for capability in kit.capability_indices() {
        let file = &kit.capability(capability).file;
        let design = file.design.as_ref().expect("it has a design");
        let id = file.id.as_str();
        let questions = kit.questions_of(capability).count();
        let practices = kit.practices_of(capability).count();
        let of = |dimension: Dimension| {
            kit.questions_of(capability).filter(|question| kit.question_file(*question).dimension == Some(dimension)).count()
        };
        let conditional = kit.questions_of(capability).filter(|question| kit.question(*question).when.is_some()).count();
        let by_level: Vec<usize> = (kit.base() + 1..=kit.top())
            .map(|level| kit.practices_of(capability).filter(|practice| kit.practice(*practice).level == level).count())
            .collect();
        println!(
            "{id:<28} {questions:>9} {:>6} {:>7} {:>5} {conditional:>4} | {practices:>4} {by_level:?} | {:>9} {:>4} {:>8} {:>4} {:>7} {:>8} {:>4}",
            of(Dimension::People),
            of(Dimension::Process),
            of(Dimension::Tools),
            design.decisions.len(),
            design.raci.len(),
            design.runbooks.len(),
            design.kpis.len(),
            file.stories.len(),
            design.practices.iter().map(|practice| practice.evidence_commands.len()).sum::<usize>(),
            design.practices.iter().filter(|practice| !practice.maps.is_empty()).count(),
        );
        assert!((12..=18).contains(&questions), "{id}: {questions} questions");
        assert!(conditional >= 2, "{id}: {conditional} questions are skipped where they make no sense");
        let has_kpis =
            design.kpis.iter().all(|kpi| kpi.unit.is_some() && kpi.target.is_some() && kpi.warn.is_some() && kpi.source.is_some());
        assert!(has_kpis, "{id}: a KPI has unit, target, warning threshold and source");
        let stories = &file.stories;
        assert!(stories.iter().all(|story| story.acceptance.0.len() >= 2 && story.points.is_some() && !story.practices.is_empty()), "{id}");
        for runbook in &design.runbooks {
            let parts = [&runbook.triggers, &runbook.preconditions, &runbook.steps, &runbook.verification, &runbook.rollback];
            assert!(
                runbook.scope.is_some() && !runbook.escalation.0.is_empty() && parts.iter().all(|part| !part.0.is_empty()),
                "{id}: {}",
                runbook.id.value
            );
        }
        for tool in &design.tools {
            let parts = [&tool.upkeep, &tool.migration];
            assert!(
                parts.iter().all(|part| part.is_some()) && tool.owner.is_some() && tool.deployment.is_some(),
                "{id}: {}",
                tool.id.value
            );
            assert!(!tool.practices.is_empty() && !tool.questions.is_empty() && !tool.references.is_empty(), "{id}: {}", tool.id.value);
        }
        assert!((2..=5).contains(&design.tools.len()), "{id}: {} tools", design.tools.len());
        assert!(design.runbooks.iter().all(|runbook| runbook.kind.is_some()), "{id}: a runbook says what makes people take it up");
        assert!((10..=16).contains(&practices), "{id}: {practices} practices");
        assert!(design.decisions.len() >= 3 && design.raci.len() >= 5 && design.kpis.len() >= 3, "{id}");
        assert!((2..=4).contains(&design.runbooks.len()) && (6..=10).contains(&file.stories.len()), "{id}");
        assert!(design.summary.is_some() && design.sample_state.is_some() && file.purpose.is_some(), "{id}");
        for dimension in Dimension::ALL {
            let count = of(*dimension);
            assert!(count >= 2, "{id}: {count} questions about {dimension}");
        }
        for level in kit.base() + 1..=kit.top() {
            assert!(kit.practices_of(capability).any(|practice| kit.practice(practice).level == level), "{id}: level {level}");
        }
        for question in kit.questions_of(capability) {
            let file = kit.question_file(question);
            assert!(file.why.is_some() && !file.roles.is_empty() && file.evidence.is_some(), "{id}: {}", file.id.value);
        }
        for practice in kit.practices_of(capability) {
            let file = kit.practice_file(practice);
            assert!(file.statement.is_some() && file.rationale.is_some() && file.guidance.is_some(), "{id}: {}", file.id.value);
        }
    }
}

#[test]
fn no_text_stands_twice() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for kit in kits() {
        for (index, question) in kit.questions.iter().enumerate() {
            let why = kit.question_file(opsready::kit::QuestionIx(index)).why.as_ref();
            let text = why.map(|why| why.value.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default();
            if let Some(first) = seen.insert(text, question.id.clone()) {
                panic!("`{first}` and `{}` give the same reason", question.id);
            }
        }
    }
}

#[test]
fn links_go_to_the_pages_of_vendors_and_standards() {
    let hosts = [
        "docs.aws.amazon.com",
        "aws.amazon.com",
        "repost.aws",
        "learn.microsoft.com",
        "eur-lex.europa.eu",
        "www.cisa.gov",
        "nvd.nist.gov",
        "endoflife.date",
        "csrc.nist.gov",
        "registry.terraform.io",
        "github.com",
        "www.hashicorp.com",
        "www.oracle.com",
        "dora.dev",
    ];
    for kit in kits() {
        let of_practices = (0..kit.practices.len()).flat_map(|index| &kit.practice_file(opsready::kit::PracticeIx(index)).references);
        let tools = kit.capabilities.iter().flat_map(|capability| &capability.file.design).flat_map(|design| &design.tools);
        for reference in of_practices.chain(tools.flat_map(|tool| &tool.references)) {
            let host = reference.url.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
            assert!(hosts.contains(&host), "{}", reference.url.value);
        }
    }
}

#[test]
fn the_manual_of_the_keys_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kits/README.md");
    let page = fs::read_to_string(&path).expect("the page is there").replace("\r\n", "\n");
    let marker = page.lines().find(|line| line.starts_with("<!-- keys:")).expect("the page has a place for the keys");
    let (head, _) = page.split_once(marker).expect("the marker is in the page");
    let keys: Vec<String> = [SchemaName::Kit, SchemaName::Capability, SchemaName::Engagement].map(markdown).into();
    let whole = format!("{head}{marker}\n\n{}", keys.join("\n"));
    if std::env::var("SNAPSHOTS").is_ok_and(|what| what == "overwrite") {
        fs::write(&path, &whole).expect("the page can be written");
    } else {
        assert!(page == whole, "kits/README.md is old: SNAPSHOTS=overwrite cargo test --test kits");
    }
    let dead: Vec<&str> =
        whole.split("](#").skip(1).filter_map(|rest| rest.split(')').next()).filter(|anchor| !has_heading(&whole, anchor)).collect();
    assert!(dead.is_empty(), "no heading for {}", dead.join(", "));
}

fn has_heading(page: &str, anchor: &str) -> bool {
    let headings = page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings.into_iter().any(|heading| heading.to_lowercase().replace(' ', "-") == anchor)
}

#[test]
fn the_overlay_of_the_manual_works() {
    let page = include_str!("../kits/README.md").replace("\r\n", "\n");
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the page has an example");
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let workspace = folder.path().join("w");
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_opsready"));
        command.args(arguments).output().expect("the program starts")
    };
    let shown = workspace.display().to_string();
    assert!(run(&["init", &shown, "--kit", "aws-cloud-operations", "--no-input"]).status.success());
    fs::create_dir_all(workspace.join("overlay/capabilities")).expect("the folder can be made");
    fs::write(workspace.join("overlay/capabilities/tag-management.yaml"), example).expect("the file can be written");
    let lint = run(&["-C", &shown, "kit", "lint", "--strict", "--short"]);
    let said = String::from_utf8_lossy(&lint.stdout).into_owned();
    assert!(lint.status.success(), "{said}");
}
