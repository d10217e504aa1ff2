//! Copies of the documents: what each target reads, what stays out of them, and what is refused.

#![expect(clippy::needless_raw_string_hashes, reason = "snapbox writes snapshots with hashes")]

mod support;

use opsready::exchange::publish::Format;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::json;
use snapbox::str;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use support::{Run, Sandbox, same, shows};

/// A document with everything that people write, and the marks of the program.
const PAGE: &str = r#"# Backup: *notes* & more

Acme Logistics · as of 2026-10-02

<!-- keep state: what you write here stays -->

Ours, edited by hand. See [the gaps](gap-register.md#what-is-missing-next), [us](#what--why) and [the answers](../answers/backup.yaml).

<!-- end state -->

> [!WARNING]
> Do not restore **in place**.

## What & why

1. First, with `code | bar`
   - nested &lt;b&gt;
   - [x](javascript:alert(1))

     more of it
2. Second\
   broken

| Key | Value |
| --- | ---: |
| a \| b | one<br>two |
| `c \| d` | [list][data] |

```sh
# not a heading <!-- keep x: -->
aws s3 ls
```

```mermaid
graph TD; A-->B
```

<!-- a remark
over two lines -->

## Über uns: 2.0

A note[^1] and ~~old~~ text. ![A picture](picture.png)

[^1]: The note.

[data]: data/gaps.csv
"#;

const GAPS: &str =
    "# Gap register\n\n## What is missing -- next\n\n- [back](backup/../notes.md#über-uns-20)\n- [start](README.md)\n- [all](.)\n";

/// Returns a workspace with documents that people wrote.
fn written() -> Sandbox {
    let sandbox = Sandbox::workspace();
    sandbox.replace("opsready.yaml", "customer: Acme Logistics", "customer: Acme Logistics\nclassification: confidential");
    sandbox.write("docs/README.md", "# Acme Logistics: operational readiness\n\n- [Notes](notes.md)\n- [Readiness](backup/readiness.md)\n");
    sandbox.write("docs/notes.md", PAGE);
    sandbox.write("docs/gap-register.md", GAPS);
    sandbox.write("docs/backup/readiness.md", "# Backup and Restore: discovery and analysis\n\nNothing yet.\n");
    sandbox.write("docs/data/gaps.csv", "id\n");
    sandbox.write_bytes("docs/picture.png", b"\x89PNG");
    sandbox
}

/// Publishes into `../out`, which must work, and returns what is there.
#[track_caller]
fn published(sandbox: &Sandbox, format: &str, audience: &str) -> BTreeMap<String, String> {
    let run = sandbox.run(&["render", "--format", format, "--out", "../out", "--audience", audience]);
    works(&run);
    files(&sandbox.root().join("out"))
}

#[track_caller]
fn works(run: &Run) {
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(root).expect("it is under the root").to_string_lossy().replace('\\', "/");
                found.insert(name, String::from_utf8_lossy(&fs::read(&path).expect("it can be read")).into_owned());
            }
        }
    }
    found
}

fn is(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|of_file| of_file == extension)
}

fn pages(files: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    let is_page = |path: &str| (is(path, "md") && !path.ends_with("SUMMARY.md")) || is(path, "xml");
    files.iter().filter(move |(path, _)| is_page(path))
}

fn words() -> impl Iterator<Item = &'static str> {
    Format::ALL.iter().map(|format| format.word())
}

const MARKDOWN: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_GFM);

// What each target reads

#[test]
fn a_page_for_github() {
    let sandbox = written();
    shows(
        &published(&sandbox, "github", "internal")["notes.md"],
        str![[r#"
# Backup: *notes* & more

> [!IMPORTANT]
> Classification: confidential.

Acme Logistics · as of 2026-10-02

Ours, edited by hand. See [the gaps](gap-register.md#what-is-missing-next), [us](#what--why) and the answers.

> [!WARNING]
> Do not restore **in place**.

## What & why

1. First, with `code | bar`
   - nested &lt;b&gt;
   - x

     more of it
2. Second\
   broken

| Key | Value |
| --- | ---: |
| a \| b | one<br>two |
| `c \| d` | [list](data/gaps.csv) |

```sh
# not a heading <!-- keep x: -->
aws s3 ls
```

```mermaid
graph TD; A-->B
```

## Über uns: 2.0

A note[^1] and ~~old~~ text. ![A picture](picture.png)

[^1]: The note.

"#]],
    );
}

#[test]
fn a_page_for_gitlab() {
    let sandbox = written();
    let files = published(&sandbox, "gitlab", "internal");
    let notes = &files["notes.md"];
    assert!(notes.contains("[[_TOC_]]\n\n## What & why"), "{notes}");
    assert!(notes.contains("[the gaps](gap-register.md#what-is-missing-next), [us](#what-why)"), "{notes}");
    assert!(notes.contains("> [!WARNING]\n> Do not restore"), "{notes}");
}

#[test]
fn a_page_for_mkdocs() {
    let sandbox = written();
    let files = published(&sandbox, "mkdocs", "internal");
    shows(
        &files["docs/notes.md"],
        str![[r#"
---
title: "Backup: notes & more"
---

# Backup: *notes* &amp; more

!!! warning "Classification"

    Classification: confidential.

Acme Logistics · as of 2026-10-02

Ours, edited by hand. See [the gaps](gap-register.md#what-is-missing-next), [us](#what-why) and the answers.

!!! warning "Warning"

    Do not restore **in place**.

## What &amp; why

1.  First, with `code | bar`
    -   nested &lt;b&gt;

    -   x

        more of it
2.  Second  
    broken

| Key | Value |
| --- | ---: |
| a \| b | one<br>two |
| `c | d` | [list](data/gaps.csv) |

```sh
# not a heading <!-- keep x: -->
aws s3 ls
```

```mermaid
graph TD; A-->B
```

## Über uns: 2.0

A note[^1] and <del>old</del> text. ![A picture](picture.png)

[^1]: The note.

"#]],
    );
    shows(
        &files["mkdocs.yml"],
        str![[r#"
site_name: "Acme Logistics: operational readiness"
theme:
  name: material    # it draws the charts: pip install mkdocs-material
  font: false
plugins: [search]
nav:
  - "Acme Logistics: operational readiness": "index.md"
  - "Backup and Restore":
      - "Discovery and analysis": "backup/readiness.md"
  - "Gap register": "gap-register.md"
  - "Backup: notes & more": "notes.md"
markdown_extensions:
  - admonition
  - footnotes
  - sane_lists
  - tables
  - toc:
      slugify: !!python/name:markdown.extensions.toc.slugify_unicode
      toc_depth: 3
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
validation:
  links:
    anchors: warn
    not_found: warn

"#]],
    );
}

#[test]
fn a_page_for_mdbook() {
    let sandbox = written();
    let files = published(&sandbox, "mdbook", "internal");
    shows(
        &files["src/SUMMARY.md"],
        str![[r#"
# Summary

[Acme Logistics: operational readiness](index.md)

- [Backup and Restore]()
  - [Discovery and analysis](backup/readiness.md)
- [Gap register](gap-register.md)
- [Backup: notes & more](notes.md)

"#]],
    );
    shows(
        &files["book.toml"],
        str![[r#"
[book]
title = "Acme Logistics: operational readiness"
src = "src"

[build]
use-default-preprocessors = false

# Draws the charts; without it their source stands there: cargo install mdbook-mermaid && mdbook-mermaid install
# [preprocessor.mermaid]
# command = "mdbook-mermaid"

[output.html]
no-section-label = true

"#]],
    );
    let notes = &files["src/notes.md"];
    assert!(notes.contains("## Über uns: 2.0 {#über-uns-20}\n"), "{notes}");
    assert!(notes.contains("> **Warning:**\n> Do not restore"), "{notes}");
    assert!(files["src/gap-register.md"].contains("- [start](index.md)\n- [all](index.md)"), "{files:?}");
}

#[test]
fn a_page_for_confluence() {
    let sandbox = written();
    let files = published(&sandbox, "confluence", "internal");
    shows(
        &files["notes.xml"],
        str![[r#"
<ac:structured-macro ac:name="info"><ac:rich-text-body><p><strong>Classification: confidential.</strong></p></ac:rich-text-body></ac:structured-macro>
<p>Acme Logistics · as of 2026-10-02</p>
<p>Ours, edited by hand. See <ac:link ac:anchor="what-is-missing-next"><ri:page ri:content-title="Gap register"/><ac:link-body>the gaps</ac:link-body></ac:link>, <ac:link ac:anchor="what--why"><ac:link-body>us</ac:link-body></ac:link> and the answers.</p>
<ac:structured-macro ac:name="warning"><ac:rich-text-body><p>Do not restore <strong>in place</strong>.</p>
</ac:rich-text-body></ac:structured-macro>
<h2><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">what--why</ac:parameter></ac:structured-macro>What &amp; why</h2>
<ol>
<li>First, with <code>code | bar</code><ul>
<li><p>nested &lt;b&gt;</p>
</li>
<li><p>x</p>
<p>more of it</p>
</li>
</ul>
</li>
<li>Second<br/>broken</li>
</ol>
<table><tbody>
<tr><th>Key</th><th style="text-align: right;">Value</th></tr>
<tr><td>a | b</td><td style="text-align: right;">one<br/>two</td></tr>
<tr><td><code>c | d</code></td><td style="text-align: right;"><ac:link><ri:attachment ri:filename="gaps.csv"/><ac:link-body>list</ac:link-body></ac:link></td></tr>
</tbody></table>
<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">bash</ac:parameter><ac:plain-text-body><![CDATA[# not a heading <!-- keep x: -->
aws s3 ls]]></ac:plain-text-body></ac:structured-macro>
<ac:structured-macro ac:name="code"><ac:parameter ac:name="title">Chart (Mermaid)</ac:parameter><ac:parameter ac:name="collapse">true</ac:parameter><ac:plain-text-body><![CDATA[graph TD; A-->B]]></ac:plain-text-body></ac:structured-macro>
<h2><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">über-uns-20</ac:parameter></ac:structured-macro>Über uns: 2.0</h2>
<p>A note<sup>1</sup> and <span style="text-decoration: line-through;">old</span> text. <ac:image ac:alt="A picture"><ri:attachment ri:filename="picture.png"/></ac:image></p>
<p><sup>1</sup></p><p>The note.</p>

"#]],
    );
    shows(
        &files["pages.json"],
        str![[r#"
{
  "schema": "opsready/confluence/v1",
  "pages": [
    {
      "title": "Acme Logistics: operational readiness",
      "file": "README.xml",
      "parent": null,
      "representation": "storage",
      "attachments": []
    },
    {
      "title": "Backup and Restore: discovery and analysis",
      "file": "backup/readiness.xml",
      "parent": "Acme Logistics: operational readiness",
      "representation": "storage",
      "attachments": []
    },
    {
      "title": "Gap register",
      "file": "gap-register.xml",
      "parent": "Acme Logistics: operational readiness",
      "representation": "storage",
      "attachments": []
    },
    {
      "title": "Backup: notes & more",
      "file": "notes.xml",
      "parent": "Acme Logistics: operational readiness",
      "representation": "storage",
      "attachments": [
        "data/gaps.csv",
        "picture.png"
      ]
    }
  ]
}

"#]],
    );
}

#[test]
fn a_plain_page() {
    let sandbox = written();
    let run = sandbox.run(&["render", "--format", "plain", "--out", "../out"]);
    works(&run);
    shows(
        &run.stderr,
        str![[r#"
1 chart left out, since plain text has none; the tables beside them are there

"#]],
    );
    shows(
        &files(&sandbox.root().join("out"))["notes.md"],
        str![[r#"
# Backup: *notes* & more

> **Classification: confidential.**

Acme Logistics · as of 2026-10-02

Ours, edited by hand. See [the gaps](gap-register.md#what-is-missing-next), [us](#what-why) and the answers.

> **Warning:**
> Do not restore **in place**.

Contents:

- [What & why](#what-why)
- [Über uns: 2.0](#über-uns-2.0)

## What & why

1. First, with `code | bar`
   - nested \<b\>
   - x

     more of it
2. Second\
   broken

| Key | Value |
| --- | ---: |
| a \| b | one; two |
| `c \| d` | [list](data/gaps.csv) |

```sh
# not a heading <!-- keep x: -->
aws s3 ls
```

## Über uns: 2.0

A note[^1] and ~~old~~ text. ![A picture](picture.png)

[^1]: The note.

"#]],
    );
}

#[test]
fn no_page_has_a_marker_and_every_page_has_its_classification() {
    for format in words() {
        let sandbox = written();
        let files = published(&sandbox, format, "internal");
        assert_eq!(pages(&files).count(), 4, "{format}: {:?}", files.keys());
        for (path, text) in pages(&files) {
            let code = text.replace("# not a heading <!-- keep x: -->", "");
            assert!(!code.contains("<!--"), "{format}: {path}: {text}");
            assert!(text.contains("Classification: confidential."), "{format}: {path}: {text}");
        }
    }
}

#[test]
fn publishing_leaves_the_workspace_as_it_is() {
    let sandbox = written();
    let before = sandbox.tree();
    for format in words() {
        works(&sandbox.run(&["render", "--format", format, "--out", "../out", "--dry-run"]));
        assert!(!sandbox.root().join("out").exists(), "a dry run wrote something");
        works(&sandbox.run(&["render", "--format", format, "--out", &format!("../{format}")]));
        let mut after = sandbox.tree();
        after.retain(|path, _| path.starts_with("acme"));
        same(&before, &after);
    }
}

/// Returns the anchors of a page by the rules of its target.
fn anchors(markdown: &str, format: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(markdown, MARKDOWN) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => heading.iter_mut().for_each(|heading| heading.push_str(&text)),
            Event::End(TagEnd::Heading(_)) => {
                let text = heading.take().expect("a heading that ends has begun").to_lowercase();
                let kept: String = text.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect();
                let mut anchor = kept.replace(' ', "-");
                while format == "gitlab" && anchor.contains("--") {
                    anchor = anchor.replace("--", "-");
                }
                let alike = (1..).map(|number| format!("{anchor}-{number}"));
                let own = std::iter::once(anchor.clone()).chain(alike).find(|anchor| !found.contains(anchor));
                found.extend(own);
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_link_of_every_document_leads_somewhere() {
    let sandbox = Sandbox::empty();
    works(&sandbox.run_in(".", &["demo", "demo"]));
    for format in ["github", "gitlab", "mdbook"] {
        let out = format!("out-{format}");
        works(&sandbox.run_in(".", &["-C", "demo", "render", "--format", format, "--out", &out]));
        let files = files(&sandbox.root().join(&out));
        let mut count = 0;
        for (path, text) in files.iter().filter(|(path, _)| is(path, "md")) {
            for event in Parser::new_ext(text, MARKDOWN) {
                let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
                if dest_url.contains(':') || dest_url.is_empty() {
                    continue;
                }
                let (to, anchor) = dest_url.split_once('#').map_or((&*dest_url, None), |(to, anchor)| (to, Some(anchor)));
                let folder = Path::new(path).parent().expect("it is in a folder");
                let to = if to.is_empty() { path.clone() } else { plain(&folder.join(to)) };
                let target = files.get(&to).unwrap_or_else(|| panic!("{format}: {path} links to {dest_url}"));
                let leads = anchor.is_none_or(|anchor| anchors(target, format).contains(anchor));
                assert!(leads, "{format}: {path} links to {dest_url}: {:?}", anchors(target, format));
                count += 1;
            }
        }
        assert!(count > 100, "{format}: only {count} links were looked at");
    }
}

fn plain(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part.as_os_str().to_string_lossy().as_ref() {
            ".." => drop(parts.pop()),
            part => parts.push(part.to_owned()),
        }
    }
    parts.join("/")
}

// What is refused

#[test]
fn a_conflict_that_is_not_resolved_is_not_published() {
    let sandbox = written();
    sandbox.write("docs/notes.md", "# Notes\n\n<<<<<<< yours\na\n=======\nb\n>>>>>>> new\n");
    sandbox.write("docs/other.md", "# Other\n\nx\n\n<!-- open\n\nmore\n");
    let before = sandbox.tree();
    let run = sandbox.run(&["render", "--format", "github", "--out", "../out"]);
    same(&before, &sandbox.tree());
    run.gives(str![[r#"
docs/notes.md:3: a conflict that is not resolved
docs/other.md:5: a comment that is not closed hides everything behind it
--- standard error
2 findings; mend the documents and publish again; nothing was written
--- exit 1

"#]]);
}

#[test]
fn a_folder_with_something_else_in_it_is_refused() {
    let sandbox = written();
    fs::create_dir(sandbox.root().join("out")).expect("a folder can be made");
    fs::write(sandbox.root().join("out/thesis.md"), "mine").expect("a file can be written");
    sandbox.refuses(
        &["render", "--format", "github", "--out", "../out"],
        2,
        str![[r#"
error: `../out` holds what no publication wrote: `thesis.md`; choose a folder of its own

"#]],
    );
    sandbox.refuses(
        &["render", "--format", "github", "--out", "docs/copy"],
        2,
        str![[r#"
error: `docs/copy` belongs to the workspace; choose a folder of its own

"#]],
    );
    sandbox.refuses(
        &["render", "--format", "github", "--out", ".."],
        2,
        str![[r#"
error: `..` belongs to the workspace; choose a folder of its own

"#]],
    );
    sandbox.refuses(
        &["render", "--format", "github"],
        2,
        str![[r#"
error: the following required arguments were not provided:
  --out <DIR>

Usage: opsready render --format <FORMAT> --out <DIR>

For more information, try '--help'.

"#]],
    );
}

#[test]
fn an_earlier_publication_is_brought_up_to_date() {
    let sandbox = written();
    published(&sandbox, "mkdocs", "internal");
    fs::create_dir_all(sandbox.root().join("out/site")).expect("a folder can be made");
    fs::write(sandbox.root().join("out/site/index.html"), "built").expect("a file can be written");
    let before = sandbox.tree();
    works(&sandbox.run(&["render", "--format", "mkdocs", "--out", "../out"]));
    same(&before, &sandbox.tree());
    fs::remove_file(sandbox.path("docs/backup/readiness.md")).expect("it is there");
    let files = published(&sandbox, "mkdocs", "internal");
    assert!(!files.contains_key("docs/backup/readiness.md"), "{:?}", files.keys());
    assert!(!sandbox.root().join("out/docs/backup").exists(), "an empty folder is left");
    assert!(!files["docs/index.md"].contains("](backup/readiness.md)"), "a link to nothing: {}", files["docs/index.md"]);
    assert!(files.contains_key("site/index.html"));
}

#[test]
fn what_somebody_edited_in_a_publication_is_not_overwritten() {
    let sandbox = written();
    published(&sandbox, "mkdocs", "internal");
    fs::write(sandbox.root().join("out/mkdocs.yml"), "site_name: ours\n").expect("a file can be written");
    sandbox.refuses(&["render", "--format", "mkdocs", "--out", "../out"], 2, str![[r#"
error: `../out` has files that somebody edited since they were published: `mkdocs.yml`; take the edits to `docs/` or to a file beside the folder, and delete them

"#]]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_documents_brings_nothing_in() {
    let sandbox = written();
    std::os::unix::fs::symlink("/etc/hostname", sandbox.path("docs/host.md")).expect("a link can be made");
    sandbox.refuses(
        &["render", "--format", "github", "--out", "../out"],
        2,
        str![[r#"
error: `docs/host.md` is a link; a publication has only files that are there

"#]],
    );
}

// Copies for others

/// Returns a workspace in which everything that could leak is said.
fn talkative() -> Sandbox {
    let sandbox = Sandbox::workspace();
    sandbox.write(
        "opsready.yaml",
        "schema: opsready/assessment/v1\nid: acme-2026\ncustomer: Acme Logistics\nclassification: confidential\nscope: The servers of Acme in Blue Heron, 10.20.30.40.\nkit: {id: small, version: 1.2.0}\nenvironments: [on-premises, cloud]\ntarget_environment: cloud\nparticipants: [{role: ops-lead, name: Anna Müller}]\ndocuments: {redact: [Blue Heron]}\ncapabilities:\n  backup: {importance: 5, rationale: Anna Müller of Blue Heron wants it.}\n",
    );
    sandbox.write(
        "answers/backup.yaml",
        "capability: backup\nanswers:\n  backup-policy@cloud: {choose: none, note: Anna said that the tapes are in her garage., by: [ops-lead, Ben Okafor], evidence: [{title: Policy of Blue Heron, link: 'https://wiki.acme.com/policy', collected: 2026-03-01}]}\n  backup-scope: {dont_know: {owner: Ben Okafor, due: 2026-12-15, note: Ask him in the canteen after three}}\n  backup-context: {text: 'arn:aws:iam::210987654321:role/backup, mail to ops@acme.com'}\n  backup-policy@on-premises: {choose: agreed, minority: [{by: [Cleo Dahl], choose: none, note: Nobody ever told us about it.}]}\n  last-restore: {date: 2026-02-01, answered_on: 2026-03-01}\n",
    );
    sandbox.write(
        "plan/backup.yaml",
        "capability: backup\nowner: Dora Finch\nnote: She keeps the keys of the vault in her attic.\npractices:\n  backup-policy-agreed: {owner: Dora Finch, due: 2027-01-15, status: in-progress, note: Waits for the attic to be cleared out}\n",
    );
    sandbox
}

const NAMES: &[&str] = &[
    "Anna",
    "Müller",
    "Okafor",
    "Dahl",
    "Finch",
    "attic",
    "garage",
    "canteen",
    "told us",
    "wiki.acme.com",
    "Blue Heron",
    "210987654321",
    "ops@acme",
    "10.20.30.40",
];

#[test]
fn a_copy_for_the_customer_names_nobody_and_quotes_nothing() {
    for format in words() {
        let sandbox = talkative();
        works(&sandbox.run(&["render"]));
        sandbox.replace("docs/README.md", "# Acme", "# Edited by Anna: Acme");
        let files = published(&sandbox, format, "customer");
        for (path, text) in &files {
            let leaked: Vec<&&str> = NAMES.iter().filter(|name| text.contains(**name)).collect();
            assert!(leaked.is_empty(), "{format}: {path}: {leaked:?}: {text}");
        }
        let all: String = files.values().cloned().collect();
        assert!(all.contains("Acme Logistics") && all.contains("Operations lead") && all.contains("(redacted)"), "{format}: {all}");
        assert!(all.contains("Classification: confidential. Copy without names"), "{format}");
    }
}

#[test]
fn a_copy_for_the_public_does_not_name_the_customer() {
    for format in words() {
        let sandbox = talkative();
        let files = published(&sandbox, format, "public");
        for (path, text) in &files {
            let leaked: Vec<&&str> = NAMES.iter().chain(&["Acme", "acme", "confidential"]).filter(|name| text.contains(**name)).collect();
            assert!(leaked.is_empty(), "{format}: {path}: {leaked:?}: {text}");
        }
    }
}

#[test]
fn a_copy_for_others_has_the_scores_of_the_whole_assessment() {
    let sandbox = talkative();
    sandbox.replace("opsready.yaml", "documents:", "policy: {evidence_from_level: 1}\ndocuments:");
    works(&sandbox.run(&["render"]));
    let ours = sandbox.read("docs/gap-register.md");
    let rows = |text: &str| text.lines().filter(|line| line.starts_with("| ")).map(str::to_owned).collect::<Vec<_>>();
    let theirs = &published(&sandbox, "github", "public")["gap-register.md"];
    assert_eq!(rows(&ours).len(), rows(theirs).len());
    assert!(rows(&ours).len() > 2, "{ours}");
    let coverage = |text: &str| text.lines().find(|line| line.contains("questions are resolved")).map(str::to_owned);
    assert!(coverage(&sandbox.read("docs/README.md")).is_some());
    assert_eq!(coverage(&sandbox.read("docs/README.md")), coverage(&files(&sandbox.root().join("out"))["README.md"]));
}

#[test]
fn what_a_kit_or_a_template_brings_back_is_found() {
    let sandbox = talkative();
    sandbox.write(
        "overlay/capabilities/backup.yaml",
        "design:\n  practices:\n    - {id: backup-complete, statement: \"As in blue  heron, ask *ben* OKAFOR in account 210987654321\"}\n",
    );
    sandbox.write("overlay/templates/header.md", "Prepared for the board of M&uuml;ller, M%C3%BCller, AKIAQWERTYUIOPASDFGH\n");
    let before = sandbox.tree();
    let run = sandbox.run(&["render", "--format", "github", "--out", "../out", "--audience", "customer"]);
    same(&before, &sandbox.tree());
    run.gives(str![[r#"
README.md:6: the name of a person: Müller
README.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
acceptance.md:6: the name of a person: Müller
acceptance.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
actions.md:6: the name of a person: Müller
actions.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
backlog.md:6: the name of a person: Müller
backlog.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
backup/backlog.md:6: the name of a person: Müller
backup/backlog.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
backup/design.md:6: the name of a person: Müller
backup/design.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
backup/design.md:26: a word that `documents: redact` names: blue heron
backup/design.md:26: the name of a person: ben OKAFOR
backup/design.md:26: an AWS account id: 210987654321
backup/minutes.md:6: the name of a person: Müller
backup/minutes.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
backup/readiness.md:6: the name of a person: Müller
backup/readiness.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
board.md:6: the name of a person: Müller
board.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
data/gaps.csv:3: a word that `documents: redact` names: blue heron
data/gaps.csv:3: the name of a person: ben OKAFOR
data/gaps.csv:3: an AWS account id: 210987654321
evidence.md:6: the name of a person: Müller
evidence.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
executive-summary.md:6: the name of a person: Müller
executive-summary.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
gap-register.md:6: the name of a person: Müller
gap-register.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
open-questions.md:6: the name of a person: Müller
open-questions.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
out-brief.md:6: the name of a person: Müller
out-brief.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
patching/design.md:6: the name of a person: Müller
patching/design.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
patching/minutes.md:6: the name of a person: Müller
patching/minutes.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
patching/readiness.md:6: the name of a person: Müller
patching/readiness.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
readiness-report.md:6: the name of a person: Müller
readiness-report.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
roadmap.md:6: the name of a person: Müller
roadmap.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
workshop/facilitator-guide.md:6: the name of a person: Müller
workshop/facilitator-guide.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
workshop/pre-questionnaire/ops-lead.md:6: the name of a person: Müller
workshop/pre-questionnaire/ops-lead.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
workshop/stakeholders.md:6: the name of a person: Müller
workshop/stakeholders.md:6: a key that opens an account: AKIAQWERTYUIOPASDFGH
--- standard error
50 findings; the copy for `customer` was not written; take them out of the kit, the templates or the documents
--- exit 1

"#]]);
    let run = sandbox.run(&["render", "--format", "confluence", "--out", "../out", "--audience", "public", "--json"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let found: serde_json::Value = serde_json::from_str(&run.stdout).expect("it is JSON");
    assert!(found["faults"].as_array().is_some_and(|faults| !faults.is_empty()), "{found}");
}

// Hostile text

const HOSTILE: &[&str] = &[
    "a | b || c",
    "an odd ` tick | and a bar",
    "```\nfence\n```",
    "</details><script>alert(1)</script>",
    "<!-- keep x: what you write here stays --> and <!-- end x -->",
    "`<!-- keep x: -->` in code",
    "-->",
    "]]> and <![CDATA[",
    "<<<<<<< yours\na\n=======\nb\n>>>>>>> new",
    "# heading",
    "- item\n- [ ] task",
    "1. x",
    "---",
    "===",
    "!!! note",
    "::include{file=/etc/passwd}",
    "{{#include /etc/passwd}} {{ 7*7 }} {% raw %}",
    "[[_TOC_]] [x](javascript:alert(1)) ![i](x)",
    "[^1]\n\n[^1]: note",
    "[!NOTE]\ntext",
    "\u{1b}[31mred\u{1b}[0m \u{7}\u{0}",
    "\u{202e}turned\u{202c} \u{2066}isolated\u{2069}",
    "&lt;b&gt; &amp; &#60; R&D",
    "=cmd()|' /C calc'!A0",
    "no",
    "1e3",
    "~",
    "$x$ and $$y$$",
    "trailing backslash \\",
    "~~struck~~ *e* **s** __u__ snake_case",
    "C:\\temp\\x_y_z #tag {: .class }",
];

/// Returns a workspace in which text stands wherever a person can write some.
fn filled(of: &dyn Fn(&str) -> String) -> Sandbox {
    let sandbox = Sandbox::workspace();
    let assessment = json!({
        "schema": "opsready/assessment/v1",
        "id": "acme",
        "customer": of("customer"),
        "classification": of("classification"),
        "scope": of("scope"),
        "kit": {"id": "small", "version": "1.2.0"},
        "environments": ["on-premises", "cloud"],
        "target_environment": "cloud",
        "capabilities": {
            "backup": {"target": 2, "importance": 5, "rationale": of("rationale")},
            "patching": {"in_scope": false, "reason": "other", "note": of("left out")},
        },
        "participants": [{"role": "ops-lead", "name": of("participant")}],
    });
    let answers = json!({
        "capability": "backup",
        "answers": {
            "backup-policy@cloud": {
                "choose": "none",
                "note": of("alarming note"),
                "by": [of("by")],
                "evidence": [{"title": of("evidence with link"), "link": "https://example.com/x", "collected": "2026-03-01"}, {"title": of("evidence")}],
                "minority": [{"by": of("minority by"), "text": of("minority text"), "note": of("minority note")}],
            },
            "backup-policy@on-premises": {"choose": "agreed", "note": of("note")},
            "restore-tested@on-premises": {"not_applicable": {"reason": "other", "note": of("not applicable")}},
            "backup-scope": {"dont_know": {"owner": of("owner"), "due": "2026-12-15", "note": of("not known")}},
            "backup-context": {"text": of("text")},
            "last-restore": {"parked": {"note": of("parked")}},
        },
    });
    sandbox.write("opsready.yaml", &assessment.to_string());
    sandbox.write("answers/backup.yaml", &answers.to_string());
    sandbox
}

/// Returns the skeleton of a Markdown page: its blocks, with the cells of each row.
fn skeleton(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let markdown = markdown.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(markdown, |(_, rest)| rest);
    for event in Parser::new_ext(markdown, MARKDOWN) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => found.push(format!("{level}")),
            Event::Start(Tag::Table(columns)) => found.push(format!("table of {}", columns.len())),
            Event::Start(Tag::TableCell) => found.push("cell".to_owned()),
            Event::End(TagEnd::TableRow) => found.push("row".to_owned()),
            Event::Start(Tag::BlockQuote(kind)) => found.push(format!("quote {kind:?}")),
            Event::Start(Tag::CodeBlock(_)) => found.push("code".to_owned()),
            Event::Start(Tag::HtmlBlock) => found.push("html".to_owned()),
            Event::Start(Tag::List(_)) => found.push("list".to_owned()),
            Event::Start(Tag::Item) => found.push("item".to_owned()),
            Event::Start(Tag::FootnoteDefinition(_)) => found.push("footnote".to_owned()),
            Event::Rule => found.push("rule".to_owned()),
            Event::InlineHtml(html) if !html.starts_with("<br") => found.push(format!("html {html}")),
            _ => {}
        }
    }
    found
}

/// Returns the elements of a page for Confluence, which must be well-formed; paragraphs and breaks depend on the length of texts, code on their backticks.
fn elements(xml: &str) -> Result<Vec<String>, String> {
    let text = format!("<page xmlns:ac=\"a\" xmlns:ri=\"r\">{xml}</page>");
    let mut reader = quick_xml::Reader::from_str(&text);
    reader.config_mut().check_end_names = true;
    let mut found = Vec::new();
    loop {
        match reader.read_event().map_err(|error| format!("{error} at {}", reader.buffer_position()))? {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    attribute.map_err(|error| error.to_string())?;
                }
                let name = tag.name().as_ref().to_owned();
                if !["p", "br", "code"].contains(&name.as_str()) {
                    found.push(name);
                }
            }
            quick_xml::events::Event::GeneralRef(name) => {
                let name: &str = &name;
                if !["lt", "gt", "amp", "quot", "#39"].contains(&name) {
                    return Err(format!("the entity {name}"));
                }
            }
            quick_xml::events::Event::Comment(_) | quick_xml::events::Event::PI(_) | quick_xml::events::Event::DocType(_) => {
                return Err("markup that nobody wrote".to_owned());
            }
            quick_xml::events::Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn shape(path: &str, text: &str) -> Vec<String> {
    if is(path, "xml") { elements(text).unwrap_or_else(|error| vec![error]) } else { skeleton(text) }
}

/// Publishes in every format and returns the pages by format and path.
fn everywhere(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for format in words() {
        let out = format!("../{format}");
        works(&sandbox.run(&["render", "--format", format, "--out", &out]));
        let files = files(&sandbox.path(&out));
        all.extend(pages(&files).map(|(path, text)| (format!("{format}/{path}"), text.clone())));
    }
    all
}

#[test]
fn no_text_of_a_person_changes_the_structure_of_a_published_page() {
    let harmless = filled(&|place| place.to_owned());
    works(&harmless.run(&["render"]));
    let reference: BTreeMap<String, Vec<String>> =
        everywhere(&harmless).into_iter().map(|(path, text)| (path.clone(), shape(&path, &text))).collect();
    assert_eq!(reference.len(), 6 * 20);
    let mut faults = Vec::new();
    let long = "x".repeat(10_000);
    for text in HOSTILE.iter().copied().chain([long.as_str()]) {
        let sandbox = filled(&|_| text.to_owned());
        works(&sandbox.run(&["render"]));
        for (path, page) in everywhere(&sandbox) {
            let found = shape(&path, &page);
            let expected = &reference[&path];
            if found != *expected {
                let at = found.iter().zip(expected).position(|(a, b)| a != b).unwrap_or(found.len().min(expected.len()));
                faults.push(format!("{:.60}: {path}: {:?} for {:?}", text.escape_debug().to_string(), found.get(at), expected.get(at)));
            }
            if page.chars().any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
                faults.push(format!("{:.60}: {path}: a control character", text.escape_debug().to_string()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_a_person_wrote_can_be_read_in_every_published_format() {
    let texts = [
        "a | b || c",
        "</details> <b>",
        "# heading",
        "{{#include x}} {% raw %}",
        "R&D &lt; *e* _u_",
        "=cmd()",
        "no",
        "1e3",
        "a\\|b C:\\temp",
        "<!-- keep x: -->",
        "漢字 🚀",
        "$5 and US$6",
    ];
    let mut lost = Vec::new();
    for text in texts {
        let sandbox = filled(&|place| format!("{text} «{place}»"));
        works(&sandbox.run(&["render"]));
        let pages = everywhere(&sandbox);
        for format in words() {
            let (_, page) =
                pages.iter().find(|(path, _)| path.starts_with(format) && path.contains("backup/readiness")).expect("it is published");
            let plain = if format == "confluence" { text_of_xml(page) } else { text_of(page) };
            for place in ["alarming note", "evidence with link", "note", "by", "not applicable", "owner", "text", "rationale"] {
                if !plain.contains(&format!("{text} «{place}»")) {
                    lost.push(format!("{format}: `{text}` in {place}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

fn text_of(markdown: &str) -> String {
    let word = |event: Event<'_>| match event {
        Event::Text(text) | Event::Code(text) => text.to_string(),
        Event::SoftBreak | Event::HardBreak => " ".to_owned(),
        _ => String::new(),
    };
    Parser::new_ext(markdown, MARKDOWN).map(word).collect()
}

fn text_of_xml(xml: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for c in xml.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[test]
fn nothing_that_a_person_wrote_reaches_the_terminal_as_a_command() {
    let hostile = "a\u{1b}[31mred\u{1b}[0m \u{7}\u{202e}turned | =cmd() `x` <b>";
    let sandbox = filled(&|_| hostile.to_owned());
    for arguments in [
        &["status"][..],
        &["status", "--open"],
        &["status", "--respondents"],
        &["score"],
        &["explain", "backup"],
        &["explain", "backup-policy"],
        &["explain", "overall"],
        &["reconcile"],
        &["prioritise", "--list"],
        &["kit", "show", "backup"],
        &["render"],
        &["render", "--format", "plain", "--out", "../out"],
    ] {
        let run = sandbox.run(arguments);
        assert!(run.code.is_some_and(|code| code < 2), "{arguments:?}: {}", run.stderr);
        let is_wild = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!run.stdout.contains(is_wild) && !run.stderr.contains(is_wild), "{arguments:?}: {:?}{:?}", run.stdout, run.stderr);
    }
}

#[test]
fn nothing_that_a_person_wrote_is_a_formula_in_a_spreadsheet() {
    for text in ["=cmd()|' /C calc'!A0", "+1", "@SUM(A1)"] {
        let sandbox = filled(&|_| text.to_owned());
        let run = sandbox.run(&["worksheet", "export", "backup", "--format", "csv", "--respondent", "ops-lead"]);
        works(&run);
        let fields = fields(&run.stdout);
        let formulas: Vec<&String> = fields.iter().filter(|field| field.starts_with(['=', '+', '@'])).collect();
        assert!(formulas.is_empty(), "{formulas:?}");
        assert!(fields.contains(&format!("'{text}")), "{fields:?}");
    }
}

/// Returns the cells of a CSV file.
fn fields(csv: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut is_quoted = false;
    for c in csv.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' | '\n' if !is_quoted => found.push(String::new()),
            c => found.last_mut().expect("there is always one").push(c),
        }
    }
    found
}

#[test]
fn who_is_named_only_in_the_registers_is_found_all_the_same() {
    let sandbox = talkative();
    let statement = "The copies of the Northgate vault leave the building before the audit of spring.";
    let decision = format!(
        "id: 2026-01-01-a\ntitle: Copies leave\nstatus: approved\nstatement: {statement}\nowner: Ines Valdez\ndecided_on: 2026-01-01\n"
    );
    sandbox.write("decisions/2026-01-01-a.yaml", &decision);
    works(&sandbox.run(&["render", "--format", "plain", "--out", "../clean", "--audience", "customer"]));
    let clean = files(&sandbox.path("../clean"));
    assert!(pages(&clean).all(|(_, text)| !text.contains("Valdez") && !text.contains("Northgate")));
    sandbox.write("overlay/templates/header.md", &format!("Prepared with Valdez. {statement}\n"));
    let run = sandbox.run(&["render", "--format", "plain", "--out", "../out", "--audience", "customer"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(run.stdout.contains("README.md:5: the name of a person: Valdez\n"), "{}", run.stdout);
    assert!(run.stdout.contains("README.md:5: a decision: The copies of the Northgate vault"), "{}", run.stdout);
}
