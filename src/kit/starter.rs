//! A kit to start from: small, commented, and clean under `kit lint`.

/// Returns the files of a starter kit: path and text.
pub fn files(id: &str, title: Option<&str>) -> Vec<(&'static str, String)> {
    let title = title.map_or_else(|| title_of(id), str::to_owned);
    let quoted = serde_json::to_string(&title).expect("text is JSON");
    vec![
        ("kit.yaml", KIT.replace("{id}", id).replace("{title}", &quoted)),
        ("capabilities/on-call.yaml", CAPABILITY.to_owned()),
        ("README.md", README.replace("{id}", id).replace("{title}", &plain_title(&title))),
    ]
}

fn title_of(id: &str) -> String {
    let words = id.replace(['-', '_', '.'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn plain_title(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ").replace(['#', '<', '`'], "")
}

const KIT: &str = r"# yaml-language-server: $schema=schemas/kit.schema.json
# What the capabilities of this kit share. `opsready kit lint` checks all of it.
id: {id}
title: {title}
version: 0.1.0

# The levels of maturity, lowest first. The first is the base: nothing is in place.
scale:
  - {level: 0, name: Absent, meaning: Nobody does it.}
  - {level: 1, name: Reactive, meaning: Somebody does it on request.}
  - {level: 2, name: Documented, meaning: It is written down and done the same way.}

# Where questions are asked. Gaps are closed in the target environment.
environments:
  - {id: on-premises, title: On premises}
  - {id: cloud, title: Cloud}
target_environment: cloud
default_target: 2

# Who is asked, who answers, who is accountable.
roles:
  - {id: operations-manager, title: IT operations manager}
  - {id: operations-engineer, title: Operations engineer}

# The roadmap: an action of effort S takes 1 point of a wave's capacity, M 3, L 8.
waves:
  - {id: first, title: First wave, capacity: 8}

# The capabilities in their order, a file each in capabilities/.
capabilities:
  - on-call
";

const CAPABILITY: &str = r#"# yaml-language-server: $schema=../schemas/capability.schema.json
# One capability: what to ask (discovery) and what good looks like (design). Copy this file to add another, and name it
# in kit.yaml. The file has the name of the id; an id never changes.
id: on-call
title: On-call
purpose: Somebody who can help is reached at any hour, and knows what to do.
outcomes:
  - Every alarm of a critical service reaches a person within its response time.

discovery:
  questions:
    - id: rota
      ask: Who is called when a critical service fails at night?
      why: A name on a rota is the first thing that an incident needs. Good is a rota that everybody can look up.
      dimension: people
      roles: [operations-manager]
      # Asked once in each environment in scope; leave the key out to ask once for all.
      environments: [on-premises, cloud]
      # ladder: each choice also has the credits of those before it. Others: single, multi, yes-no, number, text, date.
      type: ladder
      evidence: the rota of this month
      choices:
        - {id: nobody, label: Nobody can be named}
        - {id: known, label: Colleagues know whom to ring, credits: [somebody-answers]}
        # Text with a comma inside {…} needs quotes.
        - {id: rota, label: "A rota is published, with a deputy for each week", credits: [published-rota]}
    - id: rota-gaps
      ask: In how many of the last twelve weeks was a shift not covered?
      why: A rota with holes is worse than none, since people trust it.
      dimension: process
      roles: [operations-engineer]
      environments: [on-premises, cloud]
      # Asked only where there is a rota: question:choice, with && || ! and parentheses.
      when: rota:rota
      type: number
      unit: weeks
      min: 0
      max: 12
      bands:
        - {id: none, from: 0, label: No week with a hole, credits: [published-rota]}
        - {id: some, from: 1, label: Up to three weeks, credits: {published-rota: 0.5}}
        - {id: many, from: 4, label: Four weeks or more}

design:
  summary: |
    One rota for each group of services, with a deputy, published where the service desk looks first.
  practices:
    - id: somebody-answers
      title: Somebody answers at night
      statement: For every critical service a person can be named who is called when it fails.
      rationale: Without a name the first hour of an incident goes into finding one.
      dimension: people
      level: 1
      risk: high
      effort: S
      guidance: |
        Write one name and one deputy for each critical service on one page. Ring them once to see that the numbers are right.
      references:
        - {title: "Google SRE Book: Being On-Call", url: "https://sre.google/sre-book/being-on-call/"}
    - id: published-rota
      title: A published rota with deputies
      statement: A rota names a person and a deputy for every hour of the next four weeks.
      rationale: A rota that ends next Friday is a list of names.
      dimension: process
      level: 2
      risk: medium
      effort: M
      requires: [somebody-answers]
      guidance: |
        - Plan four weeks ahead, and hand over on a weekday morning.
        - Count the nights with a call; more than two a week is a sign that alarms need work.
      references:
        - {title: "Google SRE Book: Being On-Call", url: "https://sre.google/sre-book/being-on-call/"}
  decisions:
    - id: who-is-on-call
      title: Who is on call
      context: The people who build a service know it best; a central team sleeps worse but costs less.
      options:
        - {title: The team that builds it, consequence: Short incidents and better alarms; each team needs enough people}
        - {title: A central operations team, consequence: Fewer people on call; every service needs a runbook}
      recommendation: The team that builds it, for services that change weekly.
  sample_state: |
    Every critical service has a rota with a deputy, planned four weeks ahead. The service desk looks it up in one place.
  raci:
    - {activity: Plan the rota, accountable: operations-manager, responsible: [operations-engineer]}
  runbooks:
    - id: hand-over
      title: Hand over the rota
      scope: Every Monday morning
      triggers: [The week's shift ends]
      steps: [Tell what is open, Ring the new number once, Note the time in the rota]
      verification: [A test call reaches the new person]
      escalation: The operations manager, if nobody takes the shift within the hour
      practices: [published-rota]
  kpis:
    - {id: weeks-with-holes, title: Weeks with a hole, unit: weeks in twelve, target: "0", warn: 2 or more, source: the rota}

stories:
  - id: publish-the-rota
    title: Publish the rota
    as_a: service desk agent
    i_want: one page that says who is on call
    so_that: I reach help with the first call
    acceptance: [The page shows a person and a deputy for today, It covers the next four weeks]
    points: 3
    practices: [somebody-answers, published-rota]
"#;

const README: &str = "# {title}

A kit for opsready.

```console
opsready kit lint .                 # check it
opsready init ../my-workspace --kit .   # use it
```

`kit.yaml` holds what the capabilities share; `capabilities/` has a file for each. The comments in them say what each key is
for, and an editor that knows YAML schemas completes them.
";
