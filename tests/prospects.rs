//! What one answer would do to a score, and what waits for what: the quick way held against the long one, on the whole example.

use opsready::assessment::{Answer, Assessment, Instance, Response};
use opsready::kit::format::QuestionType;
use opsready::kit::{Kit, PracticeIx};
use opsready::plan::Plan;
use opsready::plan::path::{critical_path, keystones};
use opsready::scoring::prospect::Prospects;
use opsready::scoring::{Between, Scorecard};
use opsready::workspace::{Loaded, Workspace};
use std::collections::BTreeSet;
use std::path::Path;

fn example() -> Loaded {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/lindwater-utilities");
    Workspace::at(&folder).and_then(|workspace| workspace.load()).expect("the example can be read")
}

/// Returns every answer that chooses one thing, and of a checklist nothing and everything.
fn answers(kit: &Kit, instance: Instance) -> Vec<Response> {
    let question = kit.question(instance.question);
    let choose = |chosen: Vec<usize>| Response::Choices { chosen, not_applicable: Vec::new() };
    let mut found: Vec<Response> = Vec::new();
    for (place, option) in question.options.iter().enumerate() {
        found.push(match question.kind {
            QuestionType::Number => Response::Number(option.from.expect("a band begins somewhere"), Some(place)),
            _ => choose(vec![place]),
        });
    }
    if question.kind == QuestionType::Multi {
        found.push(choose(Vec::new()));
        found.push(choose((0..question.options.len()).filter(|place| !question.options[*place].is_none).collect()));
    }
    found
}

/// Scores everything anew with one answer more.
fn long_way(kit: &Kit, assessment: &Assessment, instance: Instance, response: Response) -> Option<Between> {
    let mut changed = assessment.clone();
    let bare = Answer {
        response: response.clone(),
        note: None,
        evidence: Vec::new(),
        by: Vec::new(),
        answered_on: None,
        minority: Vec::new(),
        ask_again: None,
        at: None,
        conflict: Vec::new(),
    };
    changed.answers.entry(instance).and_modify(|answer| answer.response = response).or_insert(bare);
    let environment = instance.environment.unwrap_or(assessment.target_environment);
    Scorecard::of(kit, &changed).card(kit.question(instance.question).capability)?.score_in(environment)?.score
}

#[track_caller]
fn alike(quick: f64, long: f64, what: &str) {
    assert!((quick - long).abs() < 1e-9, "{what}: {quick}, and by the long way {long}");
}

#[test]
fn an_answer_that_is_tried_scores_as_one_that_is_given() {
    let Loaded { kit, assessment, .. } = example();
    let card = Scorecard::of(&kit, &assessment);
    let mut prospects = Prospects::new(&kit, &assessment, &card);
    let open = card.capabilities.iter().flat_map(|one| &one.questions).filter(|question| question.state.is_open());
    let (mut tried, mut moved) = (0, 0);
    for instance in open.map(|question| question.instance) {
        let key = instance.key(&kit);
        let given = answers(&kit, instance);
        let scores: Vec<Between> = given.into_iter().filter_map(|response| long_way(&kit, &assessment, instance, response)).collect();
        let Some(prospect) = prospects.of(instance) else {
            assert!(scores.is_empty(), "`{key}` counts");
            continue;
        };
        tried += 1;
        alike(prospect.best, scores.iter().map(|score| score.low).fold(f64::NEG_INFINITY, f64::max), &format!("best of `{key}`"));
        alike(prospect.worst, scores.iter().map(|score| score.high).fold(f64::INFINITY, f64::min), &format!("worst of `{key}`"));
        assert!(prospect.best >= prospect.now.low && prospect.worst <= prospect.now.high, "`{key}` turns round");
        moved += usize::from(prospect.best > prospect.now.low);
    }
    assert!(tried > 20 && moved > 15, "{tried} questions were tried, {moved} moved a score");
}

#[test]
fn an_answer_that_opens_and_hides_others_counts_with_them() {
    let Loaded { kit, assessment, .. } = example();
    let card = Scorecard::of(&kit, &assessment);
    let mut prospects = Prospects::new(&kit, &assessment, &card);
    let is_named = |instance: &Instance| kit.questions.iter().any(|question| question.named.contains(&instance.question));
    let questions = card.capabilities.iter().flat_map(|one| &one.questions).map(|question| question.instance);
    let gates: Vec<Instance> = questions.filter(is_named).take(6).collect();
    assert!(gates.len() > 2, "the example has questions on which others depend");
    for instance in gates {
        for response in answers(&kit, instance) {
            let what = format!("{response:?} to `{}`", instance.key(&kit));
            let quick = prospects.with(instance, response.clone());
            let long = long_way(&kit, &assessment, instance, response);
            assert_eq!(quick.is_some(), long.is_some(), "{what}");
            if let Some((quick, long)) = quick.zip(long) {
                alike(quick.low, long.low, &what);
                alike(quick.high, long.high, &what);
            }
        }
    }
}

#[test]
fn trying_leaves_nothing_behind() {
    let Loaded { kit, assessment, .. } = example();
    let card = Scorecard::of(&kit, &assessment);
    let mut prospects = Prospects::new(&kit, &assessment, &card);
    let instances: Vec<Instance> = card.capabilities.iter().flat_map(|one| &one.questions).map(|question| question.instance).collect();
    let mut all = || instances.iter().map(|instance| prospects.of(*instance)).collect::<Vec<_>>();
    assert_eq!(all(), all());
}

/// Returns the work of the longest chain that ends with a practice, by following every chain.
fn longest(kit: &Kit, gaps: &BTreeSet<PracticeIx>, end: PracticeIx) -> f64 {
    let practice = kit.practice(end);
    let own = if gaps.contains(&end) { practice.effort.points() } else { 0.0 };
    own + practice.requires.iter().map(|before| longest(kit, gaps, *before)).fold(0.0, f64::max)
}

/// Returns true if a practice needs another one, directly or through others.
fn needs(kit: &Kit, practice: PracticeIx, other: PracticeIx) -> bool {
    kit.practice(practice).requires.iter().any(|before| *before == other || needs(kit, *before, other))
}

#[test]
fn the_critical_path_is_a_chain_and_the_longest_one() {
    let Loaded { kit, assessment, .. } = example();
    let card = Scorecard::of(&kit, &assessment);
    let gaps: BTreeSet<PracticeIx> = card.gaps.iter().filter(|gap| gap.is_confirmed()).map(|gap| gap.practice).collect();
    let path = critical_path(&kit, &card, &Plan::of(&kit, &assessment, &card));
    assert!(path.len() > 1 && path.iter().all(|ix| gaps.contains(ix)));
    assert!(path.windows(2).all(|pair| needs(&kit, pair[1], pair[0])), "each step needs the one before");
    let work: f64 = path.iter().map(|ix| kit.practice(*ix).effort.points()).sum();
    alike(work, gaps.iter().map(|ix| longest(&kit, &gaps, *ix)).fold(0.0, f64::max), "the work");
}

#[test]
fn keystones_are_counted_through_other_practices() {
    let Loaded { kit, assessment, .. } = example();
    let card = Scorecard::of(&kit, &assessment);
    let gaps: BTreeSet<PracticeIx> = card.gaps.iter().filter(|gap| gap.is_confirmed()).map(|gap| gap.practice).collect();
    let found = keystones(&kit, &card, &Plan::of(&kit, &assessment, &card));
    assert!(found.len() > 5 && found.windows(2).all(|pair| pair[0].1 >= pair[1].1));
    for (ix, count) in found {
        assert_eq!(count, gaps.iter().filter(|gap| needs(&kit, **gap, ix)).count(), "{}", kit.practice(ix).id);
    }
}
