//! Laws of the roadmap: what is required comes before, capacity holds, a pin holds or is told, and scores only rise.

use opsready::assessment::Assessment;
use opsready::assessment::planning::planning;
use opsready::assessment::read::{AssessmentSources, assessment};
use opsready::diagnostic::{Source, has_errors};
use opsready::kit::read::{KitSources, OverlaySources, kit};
use opsready::kit::{Kit, PracticeIx};
use opsready::plan::projection::projections;
use opsready::plan::{Fault, Plan};
use opsready::scoring::Scorecard;
use opsready::yaml::record::Date;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A practice with one question of its own.
#[derive(Clone, Debug)]
struct Practice {
    capability: usize,
    level: i64,
    effort: &'static str,
    risk: &'static str,
    /// What it requires, as places among those before it.
    requires: Vec<prop::sample::Index>,
    /// How much of it is in place; nothing while the question is open.
    credit: Option<&'static str>,
    /// The wave somebody named, as a place among all.
    pin: Option<prop::sample::Index>,
    is_accepted: bool,
}

#[derive(Clone, Debug)]
struct Model {
    practices: Vec<Practice>,
    capacities: Vec<u32>,
    importance: Vec<u32>,
}

fn practice() -> impl Strategy<Value = Practice> {
    (
        0..3_usize,
        1..4_i64,
        prop::sample::select(vec!["S", "M", "L"]),
        prop::sample::select(vec!["low", "medium", "high"]),
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        prop::sample::select(vec![Some("none"), Some("none"), Some("half"), Some("all"), None]),
        prop::option::weighted(0.3, any::<prop::sample::Index>()),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(capability, level, effort, risk, requires, credit, pin, is_accepted)| Practice {
            capability,
            level,
            effort,
            risk,
            requires,
            credit,
            pin,
            is_accepted,
        })
}

fn model() -> impl Strategy<Value = Model> {
    (prop::collection::vec(practice(), 1..16), prop::collection::vec(1..14_u32, 0..5), prop::collection::vec(1..6_u32, 3)).prop_map(
        |(mut practices, capacities, importance)| {
            // A practice requires none of a higher level.
            practices.sort_by_key(|practice| practice.level);
            Model { practices, capacities, importance }
        },
    )
}

impl Model {
    fn read(&self, has_pins: bool) -> (Kit, Assessment) {
        let waves: Vec<String> =
            (self.capacities.iter().enumerate()).map(|(at, points)| format!("{{id: w{at}, title: W{at}, capacity: {points}}}")).collect();
        let kit_yaml = format!(
            "id: random\ntitle: Random\nversion: 1.0.0\nscale: [{{level: 0, name: A}}, {{level: 1, name: B}}, {{level: 2, name: C}}, {{level: 3, name: D}}]\n\
             environments: [{{id: cloud, title: Cloud}}]\ntarget_environment: cloud\ndefault_target: 3\nwaves: [{}]\n",
            waves.join(", ")
        );
        let mut capabilities = Vec::new();
        let mut answers = Vec::new();
        let mut plans = Vec::new();
        for capability in 0..3 {
            let own = || self.practices.iter().enumerate().filter(|(_, practice)| practice.capability == capability);
            let mut questions = String::new();
            let mut practices = String::new();
            let mut said = format!("capability: c{capability}\nanswers:\n");
            let mut planned = format!("capability: c{capability}\npractices:\n");
            for (at, practice) in own() {
                let _ = writeln!(
                    questions,
                    "    - {{id: q{at}, ask: Q, type: single, choices: [{{id: none, label: N}}, {{id: half, label: H, credits: {{p{at}: 0.5}}}}, {{id: all, label: A, credits: {{p{at}: 1}}}}]}}"
                );
                let requires: BTreeSet<usize> =
                    if at == 0 { BTreeSet::new() } else { practice.requires.iter().map(|index| index.index(at)).collect() };
                let requires: Vec<String> = requires.into_iter().map(|other| format!("p{other}")).collect();
                let _ = writeln!(
                    practices,
                    "    - {{id: p{at}, title: P{at}, level: {}, effort: {}, risk: {}, requires: [{}]}}",
                    practice.level,
                    practice.effort,
                    practice.risk,
                    requires.join(", ")
                );
                if let Some(credit) = practice.credit {
                    let _ = writeln!(said, "  q{at}: {{choose: {credit}, answered_on: 2026-11-20}}");
                }
                let _ = writeln!(planned, "  p{at}:");
                if let Some(pin) = practice.pin.filter(|_| has_pins && !self.capacities.is_empty()) {
                    let _ = writeln!(planned, "    wave: w{}", pin.index(self.capacities.len()));
                }
                if practice.is_accepted {
                    planned.push_str("    accepted: {risk: r, approver: boss, expires: 2026-12-31}\n");
                }
            }
            if questions.is_empty() {
                continue;
            }
            let file =
                format!("id: c{capability}\ntitle: C{capability}\ndiscovery:\n  questions:\n{questions}design:\n  practices:\n{practices}");
            capabilities.push((format!("c{capability}"), Source::new(format!("capabilities/c{capability}.yaml"), file.as_str())));
            answers.push((format!("c{capability}"), Source::new(format!("answers/c{capability}.yaml"), said.as_str())));
            plans.push((format!("c{capability}"), Source::new(format!("plan/c{capability}.yaml"), planned.as_str())));
        }
        let scope: Vec<String> = (capabilities.iter())
            .map(|(id, _)| format!("{id}: {{importance: {}}}", self.importance[id[1..].parse::<usize>().expect("it is a number")]))
            .collect();
        let sources = KitSources {
            kit: Source::new("kit.yaml", kit_yaml.as_str()),
            capabilities,
            engagement: None,
            overlay: OverlaySources::default(),
        };
        let (kit, found) = kit(&sources);
        let kit = kit.unwrap_or_else(|| panic!("{found:#?}"));
        let head = format!("id: a\ncustomer: A\nkit: {{id: random, version: 1.0.0}}\ncapabilities: {{{}}}\n", scope.join(", "));
        let (assessment, found) = assessment(&kit, &AssessmentSources { assessment: Source::new("opsready.yaml", head.as_str()), answers });
        let assessment = assessment.unwrap_or_else(|| panic!("{found:#?}"));
        let (planning, found) = planning(&kit, &assessment, &plans, Some(&["r"]));
        assert!(!has_errors(&found), "{found:#?}");
        (kit, Assessment { planning, ..assessment })
    }
}

/// Returns every gap to be worked on that one requires, directly or through others and through practices that are no work, told
/// anew from the kit.
fn required(kit: &Kit, work: &BTreeSet<PracticeIx>, practice: PracticeIx) -> BTreeSet<PracticeIx> {
    let mut found = BTreeSet::new();
    for before in &kit.practice(practice).requires {
        if work.contains(before) {
            found.insert(*before);
        }
        found.extend(required(kit, work, *before));
    }
    found
}

fn points(kit: &Kit, practice: PracticeIx) -> f64 {
    kit.practice(practice).effort.points()
}

fn day(text: &str) -> Option<Date> {
    Date::parse(text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn what_is_required_comes_before_and_a_pin_holds_or_is_told(model in model()) {
        let (kit, assessment) = model.read(true);
        let card = Scorecard::of(&kit, &assessment);
        let plan = Plan::of(&kit, &assessment, &card);
        let work: BTreeSet<PracticeIx> = card.gaps.iter().filter(|gap| plan.is_work(gap)).map(|gap| gap.practice).collect();
        let dropped: BTreeSet<PracticeIx> =
            plan.faults().iter().filter_map(|fault| if let Fault::BeforeRequired { gap, .. } = fault { Some(*gap) } else { None }).collect();
        for practice in (0..kit.practices.len()).map(PracticeIx) {
            let wave = plan.wave(practice);
            if !work.contains(&practice) {
                prop_assert_eq!(wave, None, "{} is no work", kit.practice(practice).id);
                continue;
            }
            let pin = assessment.planning.practice(practice).and_then(|planned| planned.wave.as_ref()).map(|wave| wave.value);
            if let Some(pin) = pin.filter(|_| !dropped.contains(&practice)) {
                prop_assert_eq!(wave, Some(pin), "{} is pinned", kit.practice(practice).id);
            }
            for before in required(&kit, &work, practice) {
                let its = plan.wave(before);
                let is_before = wave.is_none_or(|wave| its.is_some_and(|its| its <= wave));
                prop_assert!(is_before, "{} in {:?} requires {} in {:?}", kit.practice(practice).id, wave, kit.practice(before).id, its);
            }
            if dropped.contains(&practice) {
                // It is told only where what it requires is pinned to a later wave.
                let later = |before: &PracticeIx| {
                    let of = assessment.planning.practice(*before).and_then(|planned| planned.wave.as_ref()).map(|wave| wave.value);
                    of > pin
                };
                prop_assert!(required(&kit, &work, practice).iter().any(later));
            }
        }
        // A wave is told to be too full exactly where it is.
        for (wave, of) in assessment.waves.iter().enumerate() {
            let own: Vec<PracticeIx> = work.iter().copied().filter(|practice| plan.wave(*practice) == Some(wave)).collect();
            let load: f64 = own.iter().map(|practice| points(&kit, *practice)).sum();
            let largest = assessment.waves.iter().map(|wave| wave.capacity).fold(0.0, f64::max);
            let is_alone = own.len() == 1 && points(&kit, own[0]) > largest;
            let is_told = plan.faults().iter().any(|fault| matches!(fault, Fault::Overfull { wave: told, .. } if *told == wave));
            prop_assert_eq!(is_told, load > of.capacity && !is_alone, "wave {} holds {} of {}", wave, load, of.capacity);
        }
        // What is told has a place in a file.
        for told in plan.diagnostics(&kit, &assessment) {
            let place = told.location.expect("it has a place");
            prop_assert!(place.source.path.starts_with("plan/"), "{}", place.source.path);
        }
    }

    #[test]
    fn capacity_holds_where_nobody_pinned(model in model()) {
        let (kit, assessment) = model.read(false);
        let card = Scorecard::of(&kit, &assessment);
        let plan = Plan::of(&kit, &assessment, &card);
        prop_assert!(plan.faults().is_empty());
        let mut load: BTreeMap<usize, Vec<PracticeIx>> = BTreeMap::new();
        for gap in &card.gaps {
            if let Some(wave) = plan.wave(gap.practice) {
                load.entry(wave).or_default().push(gap.practice);
            }
        }
        let largest = assessment.waves.iter().map(|wave| wave.capacity).fold(0.0, f64::max);
        for (wave, own) in load {
            let sum: f64 = own.iter().map(|practice| points(&kit, *practice)).sum();
            let is_alone = own.len() == 1 && points(&kit, own[0]) > largest;
            prop_assert!(is_alone || sum <= assessment.waves[wave].capacity, "wave {wave} holds {sum}");
        }
        // What is left outside is work that finds no room, or waits for such work.
        let work: BTreeSet<PracticeIx> = card.gaps.iter().filter(|gap| plan.is_work(gap)).map(|gap| gap.practice).collect();
        for outside in work.iter().filter(|practice| plan.wave(**practice).is_none()) {
            let own = points(&kit, *outside);
            let waits = required(&kit, &work, *outside).iter().any(|before| plan.wave(*before).is_none());
            let from = required(&kit, &work, *outside).iter().filter_map(|before| plan.wave(*before)).max().unwrap_or(0);
            let fits = |wave: usize| {
                let there: Vec<PracticeIx> = work.iter().copied().filter(|practice| plan.wave(*practice) == Some(wave)).collect();
                let sum: f64 = there.iter().map(|practice| points(&kit, *practice)).sum();
                if own > largest { there.is_empty() } else { sum + own <= assessment.waves[wave].capacity }
            };
            prop_assert!(waits || !(from..assessment.waves.len()).any(fits), "{} would fit", kit.practice(*outside).id);
        }
    }

    #[test]
    fn projected_scores_rise_with_each_wave_that_closes_something(model in model()) {
        let (kit, assessment) = model.read(true);
        let card = Scorecard::of(&kit, &assessment);
        let plan = Plan::of(&kit, &assessment, &card);
        let projected = projections(&kit, &assessment, &card, &plan);
        prop_assert_eq!(projected.len(), assessment.waves.len() + 1);
        for (at, (ix, score)) in projected[0].capabilities.iter().enumerate() {
            // Before the first wave it is the score itself.
            let now = card.card(*ix).and_then(|one| one.score_in(assessment.target_environment)).expect("it has a score");
            prop_assert_eq!(score.score.map(|score| score.low), now.score.map(|score| score.low));
            prop_assert_eq!(score.level, now.level);
            for wave in 0..assessment.waves.len() {
                let (before, after) = (&projected[wave].capabilities[at].1, &projected[wave + 1].capabilities[at].1);
                let (low, then) = (before.score.expect("it has a score").low, after.score.expect("it has a score").low);
                let closes = plan.gaps_of(&card, wave).any(|gap| kit.practice(gap.practice).capability == *ix);
                prop_assert!(if closes { then > low + 1e-9 } else { (then - low).abs() < 1e-12 }, "{low} to {then} in wave {wave}");
                prop_assert!(after.level >= before.level);
                prop_assert!(after.score.expect("it has a score").high <= 3.0 + 1e-9);
            }
        }
        for pair in projected.windows(2) {
            prop_assert!(pair[1].overall.map(|mean| mean.low) >= pair[0].overall.map(|mean| mean.low - 1e-12));
        }
        // Once everything is closed the score is the best there is.
        let is_all_closed = card.gaps.iter().all(|gap| plan.wave(gap.practice).is_some());
        if is_all_closed {
            for (_, score) in &projected.last().expect("there is now").capabilities {
                prop_assert!((score.score.expect("it has a score").low - 3.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn an_acceptance_that_has_ended_is_as_if_it_never_was(model in model()) {
        let (kit, accepted) = model.read(true);
        let plain = Model { practices: model.practices.iter().cloned().map(|one| Practice { is_accepted: false, ..one }).collect(), ..model };
        let (_, open) = plain.read(true);
        let card = Scorecard::of(&kit, &accepted);
        let ended = Plan::as_of(&kit, &accepted, &card, day("2027-01-01"));
        let never = Plan::as_of(&kit, &open, &card, day("2027-01-01"));
        for gap in &card.gaps {
            prop_assert_eq!(ended.wave(gap.practice), never.wave(gap.practice));
        }
        let holds = Plan::as_of(&kit, &accepted, &card, day("2026-12-31"));
        for gap in &card.gaps {
            let is_accepted = accepted.planning.practice(gap.practice).is_some_and(|planned| planned.accepted.is_some());
            prop_assert_eq!(holds.is_accepted(gap.practice), is_accepted);
            prop_assert!(!is_accepted || holds.wave(gap.practice).is_none());
        }
    }
}
