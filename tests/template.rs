//! Templates of one's own: taking them over, comparing them, and what they may not do.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes snapshots with hashes")]

mod support;

use snapbox::str;
use std::fs;
use support::{Run, Sandbox, same, shows};

#[track_caller]
fn works(run: &Run) {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

const OWN: &str = "overlay/templates/header.md";

#[test]
fn the_list_names_where_each_template_comes_from() {
    let sandbox = Sandbox::workspace();
    sandbox.write("kit/templates/index.md", "# Ours\n{% include \"logo.md\" %}\n");
    sandbox.write("kit/templates/logo.md", "Logo\n");
    sandbox.write(
        "overlay/templates/readiness.md",
        "{% extends \"opsready/readiness.md\" %}\n{% block title %}\nX\n{% endblock %}\n{% block open %}{% endblock %}\n",
    );
    let run = sandbox.run(&["template", "list"]);
    works(&run);
    let own: Vec<&str> = run.stdout.lines().filter(|line| !line.ends_with("built in")).collect();
    shows(
        &own.join("\n"),
        str![[r#"
index.md                       kit       overrides all of it
readiness.md                   overlay   overrides title, open
logo.md                        kit       its own, included by others
"#]],
    );
    assert!(run.stdout.lines().any(|line| line.starts_with("design.md ") && line.ends_with("built in")), "{}", run.stdout);
    let list = sandbox.run(&["template", "list", "--json"]).json();
    assert_eq!(list["templates"][0]["name"], "header.md");
    assert_eq!(list["templates"][0]["outdated"], false);
    // Without a workspace there are those of the program.
    let run = sandbox.run_in(".", &["template", "list"]);
    works(&run);
    assert!(run.stdout.lines().all(|line| line.ends_with("built in")), "{}", run.stdout);
}

#[test]
fn a_template_is_shown_as_it_is_in_force() {
    let sandbox = Sandbox::workspace();
    sandbox.write(OWN, "Ours\n");
    assert_eq!(sandbox.run(&["template", "show", "header.md"]).stdout, "Ours\n");
    let built_in = sandbox.run(&["template", "show", "opsready/header.md"]);
    assert!(built_in.stdout.contains("{{ header.customer }}"), "{}", built_in.stdout);
    sandbox.refuses(
        &["template", "show", "headr.md"],
        2,
        str![[r#"
error: there is no template `headr.md`
  = help: did you mean `header.md`?

"#]],
    );
}

#[test]
fn an_ejected_template_renders_the_same_documents() {
    let sandbox = Sandbox::workspace();
    works(&sandbox.run(&["render"]));
    let before = sandbox.read("docs/backup/readiness.md");
    sandbox.run(&["template", "eject", "readiness.md"]).gives(str![[r#"
overlay/templates/readiness.md
--- standard error
it is yours now: strike what you leave as it is, since a block alone is enough
  = help: `{% extends "opsready/readiness.md" %}`, then the blocks that you change; `opsready template diff` shows what changes in the built-in one

"#]]);
    works(&sandbox.run(&["render", "--check"]));
    assert_eq!(sandbox.read("docs/backup/readiness.md"), before);
    sandbox.refuses(
        &["template", "eject", "readiness.md"],
        2,
        str![[r#"
error: `overlay/templates/readiness.md` is there already

"#]],
    );
    sandbox.refuses(
        &["template", "eject", "readines.md"],
        2,
        str![[r#"
error: there is no template `readines.md`
  = help: did you mean `readiness.md`?

"#]],
    );
}

/// Returns what tells a text from another, as the record keeps it.
fn hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

#[test]
fn diff_shows_what_you_changed_and_what_changed_since_you_took_it() {
    let sandbox = Sandbox::workspace();
    sandbox.run(&["template", "diff"]).gives(str![[r#"
--- standard error
no template is overridden here; `opsready template eject NAME` takes one

"#]]);
    works(&sandbox.run(&["template", "eject", "header.md"]));
    let now = sandbox.read(OWN);
    sandbox.write(OWN, &format!("Prepared for you.\n\n{now}"));
    sandbox.run(&["template", "diff", "header.md"]).gives(str![[r#"
overlay/templates/header.md: what you changed
--- header.md (built in, 0.1.0, as taken)
+++ overlay/templates/header.md
@@ -1,2 +1,4 @@
+Prepared for you.
+
 {{ header.customer }} · {{ header.kit_title }} {{ header.kit_version }}{% if header.date %} · as of {{ header.date }}{% endif %}{% if header.classification %} · **{{ header.classification }}**{% endif %}
 
overlay/templates/header.md: nothing has changed in the built-in one since you took it

"#]]);
    // An earlier version of the program had another text.
    let old = "{{ header.customer }}\n";
    sandbox.write(".opsready/templates/header.md", old);
    sandbox.write(
        ".opsready/templates.json",
        &format!("{{\"templates\": {{\"header.md\": {{\"version\": \"0.0.9\", \"hash\": \"{}\"}}}}}}", hash(old)),
    );
    sandbox.write(OWN, "{{ header.customer }}!\n");
    sandbox.run(&["template", "diff"]).gives(str![[r#"
overlay/templates/header.md: what you changed
--- header.md (built in, 0.0.9, as taken)
+++ overlay/templates/header.md
@@ -1 +1 @@
-{{ header.customer }}
+{{ header.customer }}!
overlay/templates/header.md: what changed in the built-in one since you took it
--- header.md (built in, 0.0.9, as taken)
+++ header.md (built in, 0.1.0)
@@ -1 +1,7 @@
-{{ header.customer }}
+{{ header.customer }} · {{ header.kit_title }} {{ header.kit_version }}{% if header.date %} · as of {{ header.date }}{% endif %}{% if header.classification %} · **{{ header.classification }}**{% endif %}
+
+{% if navigation %}
+
+{% for one in navigation %}{{ one.title|link(one.path) }}{% if not loop.last %} · {% endif %}{% endfor %}
+
+{% endif %}

"#]]);
    let list = sandbox.run(&["template", "list"]);
    assert!(list.stdout.contains("overrides all of it; the built-in one has changed since"), "{}", list.stdout);
    // A text that somebody changed is not what was taken.
    sandbox.write(".opsready/templates/header.md", "x\n");
    assert!(!sandbox.run(&["template", "list"]).stdout.contains("has changed"));
}

#[test]
fn diff_names_the_blocks_of_a_template_that_extends_another() {
    let sandbox = Sandbox::workspace();
    sandbox.write("overlay/templates/readiness.md", "{% extends \"opsready/readiness.md\" %}\n{% block title %}\nX\n{% endblock %}\n");
    sandbox.run(&["template", "diff"]).gives(str![[r#"
overlay/templates/readiness.md: takes the built-in one and overrides title

"#]]);
}

// What a template may not do

/// Renders, which must be refused with a message and change nothing.
#[track_caller]
fn refused(sandbox: &Sandbox, message: &str) {
    let before = sandbox.tree();
    let run = sandbox.run(&["render"]);
    same(&before, &sandbox.tree());
    assert_eq!((run.code, run.stderr.lines().next()), (Some(2), Some(message)), "{}", run.stderr);
}

#[test]
fn a_template_that_does_not_come_to_an_end_is_stopped() {
    let sandbox = Sandbox::workspace();
    sandbox.write(OWN, "x\n{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}\n");
    refused(&sandbox, "error[bad-template]: the template `header.md`, line 2: it takes more than 5000000 steps; does a loop not end?");
}

#[test]
fn a_template_that_calls_itself_is_stopped() {
    let sandbox = Sandbox::workspace();
    sandbox.write(OWN, "x\n{% macro a(n) %}{{ a(n) }}{% endmacro %}\n{{ a(1) }}\n");
    refused(&sandbox, "error[bad-template]: the template `header.md`, line 2: invalid operation: recursion limit exceeded");
    sandbox.write(OWN, "x\n{% include \"header.md\" %}\n");
    refused(&sandbox, "error[bad-template]: the template `header.md`, line 2: invalid operation: recursion limit exceeded");
}

#[test]
fn a_document_without_end_is_stopped() {
    let sandbox = Sandbox::workspace();
    sandbox.write(OWN, &format!("x\n{{% for a in range(1000) %}}{}{{% endfor %}}\n", "words and words ".repeat(2000)));
    refused(&sandbox, "error[bad-template]: the template `index.md`: the document grows larger than 16 MiB");
}

#[test]
fn a_template_reads_no_file() {
    let sandbox = Sandbox::workspace();
    for name in ["../../opsready.yaml", "/etc/hostname", "opsready.yaml", "../kit.yaml"] {
        sandbox.write(OWN, &format!("{{% include \"{name}\" %}}\n"));
        let before = sandbox.tree();
        let run = sandbox.run(&["render"]);
        same(&before, &sandbox.tree());
        assert_eq!(run.code, Some(2), "{}", run.stdout);
        assert!(run.stderr.contains(&format!("tried to include non-existing template '{name}'")), "{}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_templates_is_refused() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::workspace();
    fs::write(sandbox.root().join("secret.md"), "secret").expect("a file can be written");
    fs::create_dir_all(sandbox.path("overlay/templates")).expect("a folder can be made");
    symlink("../../../secret.md", sandbox.path(OWN)).expect("a link can be made");
    sandbox.refuses(
        &["render"],
        2,
        str![[r#"
error[bad-template]: `overlay/templates/header.md` is a link that leads out of `overlay/templates`
 = help: copy the file to where the link is
1 error to mend; nothing was changed

"#]],
    );
    // Within the folder a link is as good as a file.
    fs::remove_file(sandbox.path(OWN)).expect("it is there");
    sandbox.write("overlay/templates/brand.md", "Ours\n");
    symlink("brand.md", sandbox.path(OWN)).expect("a link can be made");
    works(&sandbox.run(&["template", "list"]));
    // The whole folder may not lie elsewhere either.
    fs::remove_dir_all(sandbox.path("overlay/templates")).expect("it is there");
    fs::create_dir(sandbox.root().join("elsewhere")).expect("a folder can be made");
    symlink(sandbox.root().join("elsewhere"), sandbox.path("overlay/templates")).expect("a link can be made");
    let run = sandbox.run(&["template", "list"]);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    assert!(run.stderr.contains("is a link that leads out of `overlay/templates`"), "{}", run.stderr);
}
