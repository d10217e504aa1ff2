//! The charts: each beside the table with its figures, drawn from text that stays text, and gone where nobody wants them.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use snapbox::str;
use std::path::Path;
use support::{Sandbox, copy, shows};

/// Returns a copy of the example in which ten capabilities are answered.
fn example() -> Sandbox {
    let sandbox = Sandbox::empty();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lindwater-utilities"), &sandbox.path(""));
    for stale in ["docs", ".opsready"] {
        std::fs::remove_dir_all(sandbox.path(stale)).expect("the example is rendered");
    }
    sandbox
}

#[track_caller]
fn rendered(sandbox: &Sandbox) {
    let run = sandbox.run(&["render"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

/// Returns the charts of a document.
fn charts(text: &str) -> Vec<String> {
    text.split("```mermaid\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

/// Returns the documents of the workspace that could have charts.
fn documents(sandbox: &Sandbox) -> Vec<String> {
    let mut open = vec![sandbox.path("docs")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(std::fs::read_to_string(path).expect("a document is text"));
            }
        }
    }
    found
}

/// Returns the cells of the first table row that begins with a title, without links.
fn row<'t>(text: &'t str, title: &str) -> Vec<&'t str> {
    let line = text.lines().find(|line| line.starts_with(&format!("| [{title}]"))).expect("the table has the row");
    line.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn the_radar_has_the_levels_of_the_table_beside_it() {
    let sandbox = example();
    rendered(&sandbox);
    let summary = sandbox.read("docs/readiness-report.md");
    let radar = &charts(&summary)[0];
    shows(
        radar,
        str![[r##"
---
config:
  radar: {width: 440, height: 205, marginTop: 26, marginRight: 240, marginBottom: 24, marginLeft: 220, curveTension: 0}
  themeVariables:
    cScale0: "#1f6feb"
    cScale1: "#bf8700"
    cScale2: "#bf3989"
    radar: {curveOpacity: 0.12, curveStrokeWidth: 3, axisLabelFontSize: 13}
---
radar-beta
  accTitle: Levels and targets by capability
  accDescr: The level attained and the target of each capability. The table above has the same figures.
  axis c0["Operational capabilities and RACI"]
  axis c1["Account and user management"]
  axis c2["Tag management"]
  axis c3["Configuration management"]
  axis c4["Event and incident management"]
  axis c5["Availability and continuity"]
  axis c6["Change management"]
  axis c7["AMI management"]
  axis c8["Patch management"]
  axis c9["License management"]
  curve e1["AWS"]{2, 2, 2, 2, 1, 1, 2, 2, 2, 1}
  curve e0["On premises"]{2, 2, 2, 2, 3, 3, 3, 1, 2, 1}
  curve target["Target"]{3, 3, 3, 3, 3, 3, 3, 2, 3, 3}
  min 0
  max 4
  ticks 4
  graticule polygon

"##]],
    );
    // The third axis is the third capability: its figures are those of its row.
    let cells = row(&summary, "Tag management");
    let digit = |cell: &str| cell.chars().next().expect("a cell begins with the level");
    let figures = [cells[3], cells[2], cells[1]].map(digit);
    let drawn: Vec<char> = radar
        .lines()
        .filter_map(|line| line.trim().strip_prefix("curve ")?.split_once('{')?.1.split(", ").nth(2)?.chars().next())
        .collect();
    assert_eq!(drawn, figures, "{cells:?}");
}

#[test]
fn the_quadrant_stands_below_the_table_with_its_figures() {
    let sandbox = example();
    rendered(&sandbox);
    let register = sandbox.read("docs/gap-register.md");
    let quadrant = &charts(&register)[0];
    let points: Vec<&str> = quadrant.lines().filter(|line| line.contains(']')).collect();
    assert_eq!(points.len(), 10, "{quadrant}");
    let (table, _) = register.split_once("```mermaid").expect("there is a chart");
    for point in &points {
        let title = point.trim().trim_start_matches('"').split('"').next().expect("a point has a title");
        assert_eq!(row(table, title).len(), 7);
    }
    // What is drawn apart does not change sides: change management has 5 of 9 gaps with a high risk, AMI management 1 of 3.
    let height = |title: &str| -> f64 {
        let point = points.iter().find(|point| point.contains(title)).expect("it is drawn");
        point.trim_end_matches(']').rsplit(", ").next().and_then(|y| y.parse().ok()).expect("a point has a place")
    };
    assert!(height("Change management") > 0.5 && height("AMI management") < 0.5);
}

#[test]
fn a_flow_of_responsibilities_has_every_activity_of_the_table() {
    let sandbox = example();
    rendered(&sandbox);
    let matrix = sandbox.read("docs/raci.md");
    let (_, section) = matrix.split_once("### Tag management").expect("there is the section");
    let activities = section.split("```").next().expect("the table comes first").lines().filter(|line| line.starts_with("| ")).count() - 2;
    let flow = &charts(section)[0];
    assert_eq!(flow.lines().filter(|line| line.trim_start().starts_with('t') && line.contains("[\"")).count(), activities, "{flow}");
    assert_eq!(flow.matches("subgraph ").count(), flow.lines().filter(|line| line.trim() == "end").count());
}

#[test]
fn the_dates_are_those_of_the_tables() {
    let sandbox = example();
    // A title that is after the structure of the chart.
    let decision = "decisions/2026-10-05-three-weeks-are-not-enough.yaml";
    sandbox.replace(
        decision,
        "title: Hypercare ends by criteria, not by date",
        "title: 'a :crit, 2026-01-01, 9d; section x %% ``` end #1;'",
    );
    rendered(&sandbox);
    let actions = sandbox.read("docs/actions.md");
    let all = charts(&actions);
    let chart = &all[0];
    let date = |line: &str| line.split(" :milestone, ").nth(1).and_then(|rest| rest.strip_suffix(", 0d")).map(str::to_owned);
    let mut drawn: Vec<String> = chart.lines().filter_map(date).collect();
    let in_table = |line: &str| line.strip_prefix("| 20").map(|rest| format!("20{}", &rest[..8]));
    let mut listed: Vec<String> = actions.lines().filter_map(in_table).collect();
    drawn.sort();
    listed.sort();
    assert!(drawn.len() > 10, "{chart}");
    assert_eq!(drawn, listed);
    let tasks = || chart.lines().filter(|line| line.contains(":milestone"));
    assert!(tasks().all(|task| task.matches(':').count() == 1), "a title begins no data: {chart}");
    assert!(!chart.contains("%%") && !chart.contains("9d;"), "{chart}");
    assert!(chart.contains("  todayMarker off\n"), "a picture does not change with the day");
}

#[test]
fn every_chart_says_what_it_shows_to_those_who_cannot_see_it() {
    let sandbox = example();
    rendered(&sandbox);
    let all: Vec<String> = documents(&sandbox).iter().flat_map(|text| charts(text)).collect();
    assert!(all.len() > 10, "{}", all.len());
    for chart in all {
        assert!(chart.contains("accTitle: ") && chart.contains("accDescr: "), "{chart}");
    }
}

#[test]
fn charts_can_be_switched_off_and_the_tables_stay() {
    let sandbox = example();
    rendered(&sandbox);
    let with = sandbox.read("docs/readiness-report.md");
    let settings = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{settings}documents: {{charts: none}}\n"));
    rendered(&sandbox);
    assert!(documents(&sandbox).iter().all(|text| !text.contains("```mermaid")));
    let without = sandbox.read("docs/readiness-report.md");
    let tables = |text: &str| text.lines().filter(|line| line.starts_with('|')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(tables(&with), tables(&without));
    sandbox.write("opsready.yaml", &format!("{settings}documents: {{charts: mermaid}}\n"));
    rendered(&sandbox);
    assert_eq!(sandbox.read("docs/readiness-report.md"), with, "mermaid is what holds where nothing is said");
}

#[test]
fn an_unknown_kind_of_chart_is_refused() {
    let sandbox = Sandbox::workspace();
    let settings = sandbox.read("opsready.yaml");
    sandbox.write("opsready.yaml", &format!("{settings}documents: {{charts: mermaids}}\n"));
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[unknown-word]: `mermaids` is not a word that this key knows
 --> opsready.yaml:7:21
  |
7 | documents: {charts: mermaids}
  |                     ^^^^^^^^
  |
  = help: did you mean `mermaid`?
1 error to mend; nothing was changed

"#]],
    );
    sandbox.write("opsready.yaml", &format!("{settings}documents: {{chart: none}}\n"));
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[unknown-key]: unknown key `chart`
 --> opsready.yaml:7:13
  |
7 | documents: {chart: none}
  |             ^^^^^
  |
  = help: did you mean `charts`?
1 error to mend; nothing was changed

"#]],
    );
}

#[test]
fn a_workspace_without_answers_has_no_chart_of_results() {
    let sandbox = Sandbox::workspace();
    rendered(&sandbox);
    assert!(documents(&sandbox).iter().all(|text| !text.contains("```mermaid")));
}

#[test]
fn hostile_titles_do_not_break_out_of_a_chart() {
    let sandbox = example();
    let hostile = "end \\\"]; ``` %%{init: {}}%% # \\u202e<b>|x|";
    for id in ["tag-management", "patch-management"] {
        let path = format!("kit/capabilities/{id}.yaml");
        let text = sandbox.read(&path);
        let title = text.lines().find(|line| line.starts_with("title: ")).expect("a capability has a title").to_owned();
        sandbox.replace(&path, &title, &format!("title: \"{id} {hostile}\""));
    }
    rendered(&sandbox);
    let radar = &charts(&sandbox.read("docs/readiness-report.md"))[0];
    let axis = radar.lines().find(|line| line.contains("tag-management")).expect("the axis is drawn");
    shows(axis, str![[r#"  axis c2["tag-management #101;nd #34;#93;#59; #96;#96;#96; #37;#37;#123;init#58; …"]"#]]);
}
