//! The files that make a repository out of a workspace: checks on each change, owners of files, a form for changes.
//!
//! Nothing here names an account, a team or an address: what only the customer knows stands as a placeholder.

use crate::kit::{CapabilityIx, Kit};
use crate::words;
use std::collections::BTreeMap;
use std::fmt::Write;

words! {
    /// Where a repository is kept.
    pub enum Forge {
        /// GitHub.
        Github = "github",
        /// GitLab.
        Gitlab = "gitlab",
    }
}

/// Returns the files for a forge: path and text, in order.
pub fn files(kit: &Kit, capabilities: &[CapabilityIx], forge: Forge) -> Vec<(&'static str, String)> {
    let (checks, form) = match forge {
        Forge::Github => {
            ((".github/workflows/opsready.yml", include_str!("../../templates/scaffold/github.yml")), ".github/pull_request_template.md")
        }
        Forge::Gitlab => {
            ((".gitlab-ci.yml", include_str!("../../templates/scaffold/gitlab.yml")), ".gitlab/merge_request_templates/Default.md")
        }
    };
    vec![
        (checks.0, checks.1.to_owned()),
        ("CODEOWNERS", code_owners(kit, capabilities)),
        (".pre-commit-config.yaml", include_str!("../../templates/scaffold/pre-commit.yaml").to_owned()),
        (form, include_str!("../../templates/scaffold/pull-request.md").to_owned()),
    ]
}

/// The beginning of `CODEOWNERS`.
const HEAD: &str = "\
# Who is asked to review a change, by the files that it touches. Behind each path stands the role that the kit proposes: put the account
# or team of your organisation in its place, and take away the `#` before the path. Until then no line has an effect. The last line that
# fits a file decides.

# Everything that no line below names
# *  <who leads the assessment>

# The questions, the practices and the rules
# /kit/  <who leads the assessment>
# /overlay/  <who leads the assessment>
# /opsready.yaml  <who leads the assessment>
";

/// Returns who is asked to look at which change, every line a comment until the customer names somebody.
fn code_owners(kit: &Kit, capabilities: &[CapabilityIx]) -> String {
    let mut text = HEAD.to_owned();
    for ix in capabilities {
        let id = kit.capability_id(*ix);
        let title = one_line(&kit.capability(*ix).file.title.value);
        let owners = owners(kit, *ix);
        let named: Vec<String> = owners.iter().map(|(role, activities)| format!("{role} {activities}")).collect();
        let who = if named.is_empty() {
            "the kit proposes nobody".to_owned()
        } else {
            format!("the kit proposes as accountable, by activities: {}", named.join(", "))
        };
        let placeholder = owners.first().map_or("who answers for it", |(role, _)| role);
        let _ = write!(text, "\n# {title}: {who}\n# /answers/{id}.yaml  <{placeholder}>\n# /docs/{id}/  <{placeholder}>\n");
    }
    text
}

/// Returns the roles that the kit proposes as accountable in a capability, the one with most activities first.
fn owners(kit: &Kit, ix: CapabilityIx) -> Vec<(String, usize)> {
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    for role in kit.activities(ix).iter().flat_map(|activity| &activity.accountable.0) {
        if let Some(at) = kit.file.roles.iter().position(|known| known.id.value == role.value) {
            *found.entry(at).or_default() += 1;
        }
    }
    let mut owners: Vec<(usize, usize)> = found.into_iter().collect();
    owners.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    owners.into_iter().map(|(at, activities)| (one_line(&kit.file.roles[at].title), activities)).collect()
}

/// Returns text on one line, for a comment.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
