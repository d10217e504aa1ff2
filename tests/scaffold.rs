//! What a repository needs around a workspace: written once, never over what is there, and true to the program.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes its snapshots so")]

mod support;

use opsready::diagnostic::Source;
use opsready::yaml;
use snapbox::str;
use support::{Sandbox, shows};

const YAML: [&str; 2] = [".github/workflows/opsready.yml", ".pre-commit-config.yaml"];

#[test]
fn scaffold_writes_what_is_missing_and_says_what_is_there() {
    let sandbox = Sandbox::workspace();
    sandbox.write("README.md", "# Ours\n");
    sandbox.run(&["scaffold"]).gives(str![[r#"
.github/workflows/opsready.yml                     new
CODEOWNERS                                         new
.pre-commit-config.yaml                            new
.github/pull_request_template.md                   new
README.md                                          is there, left as it is
.gitignore                                         new
.gitattributes                                     new
--- standard error
Next: say in the workflow where `opsready` comes from, and put your teams into `CODEOWNERS`.
In each clone `opsready merge-driver --install` lets git merge answers by question.

"#]]);
    assert_eq!(sandbox.read("README.md"), "# Ours\n");
    let before = sandbox.tree();
    sandbox.run(&["scaffold"]).gives(str![[r#"
.github/workflows/opsready.yml                     is there, left as it is
CODEOWNERS                                         is there, left as it is
.pre-commit-config.yaml                            is there, left as it is
.github/pull_request_template.md                   is there, left as it is
README.md                                          is there, left as it is
.gitignore                                         is there, left as it is
.gitattributes                                     is there, left as it is
--- standard error
Next: say in the workflow where `opsready` comes from, and put your teams into `CODEOWNERS`.
In each clone `opsready merge-driver --install` lets git merge answers by question.

"#]]);
    support::same(&before, &sandbox.tree());
}

#[test]
fn a_dry_run_writes_nothing() {
    let sandbox = Sandbox::workspace();
    let before = sandbox.tree();
    sandbox.run(&["scaffold", "--dry-run", "--forge", "gitlab"]).gives(str![[r#"
.gitlab-ci.yml                                     would be written
CODEOWNERS                                         would be written
.pre-commit-config.yaml                            would be written
.gitlab/merge_request_templates/Default.md         would be written
README.md                                          would be written
.gitignore                                         would be written
.gitattributes                                     would be written

"#]]);
    support::same(&before, &sandbox.tree());
}

#[test]
fn a_list_for_programs_names_every_file() {
    let sandbox = Sandbox::workspace();
    let list = sandbox.run(&["scaffold", "--json", "--forge", "gitlab"]).json();
    assert_eq!(list["schema"], "opsready/scaffold/v1");
    let files = list["files"].as_array().expect("there is a list");
    assert!(files.iter().all(|file| file["fate"] == "new"));
    assert!(files.iter().all(|file| sandbox.path(file["file"].as_str().expect("it has a name")).is_file()));
}

/// Returns the commands that a file runs: what stands in it behind `opsready`, comments left out.
fn commands(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let command = |line: &str| {
        let (before, command) = line.split_once("opsready ")?;
        let runs = before.is_empty() || ["run: ", "- ", "entry: "].contains(&before);
        runs.then(|| command.split(' ').map(str::to_owned).collect())
    };
    lines.filter_map(command).collect()
}

#[test]
fn every_check_is_yaml_and_every_command_in_it_works() {
    let sandbox = Sandbox::workspace();
    for forge in ["github", "gitlab"] {
        assert_eq!(sandbox.run(&["scaffold", "--forge", forge]).code, Some(0));
    }
    assert_eq!(sandbox.run(&["render"]).code, Some(0));
    let mut count = 0;
    for path in YAML.into_iter().chain([".gitlab-ci.yml"]) {
        let text = sandbox.read(path);
        let source = Source::new(path, text.clone());
        assert!(yaml::parse(&source).is_ok(), "{path}");
        for command in commands(&text) {
            let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
            let run = sandbox.run(&arguments);
            assert_eq!(run.code, Some(0), "{path}: {arguments:?}: {}{}", run.stdout, run.stderr);
            count += 1;
        }
    }
    assert_eq!(count, 5, "two of GitHub, two of GitLab, one hook");
}

#[test]
fn nothing_in_a_scaffold_leads_out_of_the_repository() {
    let sandbox = Sandbox::workspace();
    for forge in ["github", "gitlab"] {
        assert_eq!(sandbox.run(&["scaffold", "--forge", forge]).code, Some(0));
    }
    for path in YAML.into_iter().chain([".gitlab-ci.yml", "CODEOWNERS"]) {
        for line in sandbox.read(path).lines().filter(|line| !line.starts_with('#')) {
            assert!(!line.contains("http") && !line.contains("curl") && !line.contains("wget"), "{path}: {line}");
        }
    }
}

#[test]
fn owners_are_roles_until_the_customer_names_somebody() {
    let sandbox = Sandbox::workspace();
    let kit = sandbox.read("kit/capabilities/backup.yaml");
    let raci = "  raci:\n    - {activity: Test restores, accountable: ops-lead, responsible: [service-owner]}\n    - {activity: Say what matters, accountable: service-owner}\n    - {activity: Keep the copies, accountable: ops-lead}\n";
    sandbox.write("kit/capabilities/backup.yaml", &kit.replace("stories:", &format!("{raci}stories:")));
    sandbox.replace("kit/capabilities/patching.yaml", "title: Patching", "title: \"Patching\\n* @everybody\"");
    assert_eq!(sandbox.run(&["scaffold"]).code, Some(0));
    let owners = sandbox.read("CODEOWNERS");
    assert!(owners.lines().all(|line| line.is_empty() || line.starts_with('#')), "{owners}");
    let (_, capabilities) = owners.split_once("opsready.yaml  <who leads the assessment>\n").expect("the rules come first");
    shows(
        capabilities,
        str![[r#"

# Backup and Restore: the kit proposes as accountable, by activities: Operations lead 2, Service owner 1
# /answers/backup.yaml  <Operations lead>
# /docs/backup/  <Operations lead>

# Patching * @everybody: the kit proposes nobody
# /answers/patching.yaml  <who answers for it>
# /docs/patching/  <who answers for it>

"#]],
    );
}

#[test]
fn below_the_top_of_a_repository_it_says_what_to_move() {
    let sandbox = Sandbox::workspace();
    std::fs::create_dir(sandbox.root().join(".git")).expect("a folder can be made");
    let run = sandbox.run(&["scaffold", "--dry-run"]);
    shows(
        &run.stderr,
        str![[r#"
The workspace is the folder `acme` of its repository. GitHub reads these files only at the top: move them there, write
`opsready -C acme` for `opsready`, and put `/acme` before the paths in CODEOWNERS and in the hooks.

"#]],
    );
}
