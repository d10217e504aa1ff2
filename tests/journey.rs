//! The journey through the questions as a law: wherever one goes and whatever is answered, one stands at a question that is
//! asked, nothing is skipped, and what an answer hid comes back with it.

mod support;

use opsready::assessment::journey::{Filter, Journey, Order};
use opsready::assessment::read::{AssessmentSources, assessment};
use opsready::assessment::visibility::Visibility;
use opsready::assessment::{Assessment, Instance};
use opsready::diagnostic::Source;
use opsready::kit::Kit;
use opsready::workspace::read_kit;
use proptest::prelude::*;
use std::fmt::Write;
use support::small_kit;

fn kit() -> Kit {
    read_kit(&small_kit()).expect("the kit can be read").0.expect("the kit is right")
}

/// Every asking of the small kit, with an answer that fits it.
const ASKINGS: [(&str, &[&str]); 11] = [
    ("backup-policy@on-premises", &["choose: none", "choose: drafted", "choose: agreed", "parked: {}"]),
    ("backup-policy@cloud", &["choose: none", "choose: drafted", "choose: agreed", "not_applicable: {reason: other}"]),
    ("restore-tested@on-premises", &["choose: \"yes\"", "choose: \"no\"", "dont_know: {}"]),
    ("restore-tested@cloud", &["choose: \"yes\"", "choose: \"no\""]),
    ("restore-share@cloud", &["number: 50", "number: 99"]),
    ("backup-scope", &["choose: [databases]", "choose: [databases, files, mail]"]),
    ("backup-context", &["text: x"]),
    ("last-restore", &["date: 2026-03-01"]),
    ("patch-window@on-premises", &["choose: team"]),
    ("patch-window@cloud", &["choose: calendar"]),
    ("patch-report", &["choose: \"yes\"", "choose: \"no\""]),
];

/// Which of its answers each asking has; nothing if it has none.
type Answers = [Option<usize>; 11];

fn read(kit: &Kit, answers: &Answers) -> Assessment {
    let mut files = [String::from("capability: backup\nanswers:\n"), String::from("capability: patching\nanswers:\n")];
    for ((key, ways), answer) in ASKINGS.iter().zip(answers) {
        if let Some(way) = answer {
            let file = &mut files[usize::from(key.starts_with("patch"))];
            let _ = writeln!(file, "  {key}: {{{}}}", ways[way % ways.len()]);
        }
    }
    let [backup, patching] = files;
    let frame = "id: a\ncustomer: A\nkit: {id: small, version: 1.2.0}\nenvironments: [on-premises, cloud]\n";
    let sources = AssessmentSources {
        assessment: Source::new("opsready.yaml", frame),
        answers: vec![
            ("backup".to_owned(), Source::new("answers/backup.yaml", backup)),
            ("patching".to_owned(), Source::new("answers/patching.yaml", patching)),
        ],
    };
    let (read, found) = assessment(kit, &sources);
    read.unwrap_or_else(|| panic!("{}", opsready::diagnostic::render::lines(&found)))
}

fn answers() -> impl Strategy<Value = Answers> {
    proptest::array::uniform11(proptest::option::of(0_usize..4))
}

#[derive(Clone, Debug)]
enum Move {
    Forward,
    Back,
    Open,
    Jump(usize),
    Answer(usize, Option<usize>),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        3 => Just(Move::Forward),
        2 => Just(Move::Back),
        1 => Just(Move::Open),
        1 => (0_usize..11).prop_map(Move::Jump),
        4 => (0_usize..11, proptest::option::of(0_usize..4)).prop_map(|(at, way)| Move::Answer(at, way)),
    ];
    proptest::collection::vec(one, 0..40)
}

fn filters(kit: &Kit) -> Vec<(Filter, Order)> {
    let role = Filter { role: Some("ops-lead".to_owned()), ..Filter::default() };
    let open = Filter { only_open: true, ..Filter::default() };
    let cloud = Filter { environment: kit.find_environment("cloud"), ..Filter::default() };
    let one = Filter { capabilities: kit.find_capability("patching").into_iter().collect(), ..Filter::default() };
    let all = [Filter::default(), role, open, cloud, one];
    all.into_iter().flat_map(|filter| Order::ALL.iter().map(move |order| (filter.clone(), *order))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn one_stands_at_a_question_that_is_asked(start in answers(), moves in moves(), which in 0_usize..15) {
        let kit = kit();
        let (filter, order) = filters(&kit)[which].clone();
        let mut given = start;
        let mut known = read(&kit, &given);
        let mut visibility = Visibility::of(&kit, &known);
        let mut journey = Journey::new(&kit, &known, &visibility, &filter, order);
        for step in moves {
            let before = journey.current();
            match step {
                Move::Forward => journey.forward(&visibility),
                Move::Back => {
                    if journey.back(&visibility) {
                        let back = journey.current();
                        let mut again = journey.clone();
                        again.forward(&visibility);
                        prop_assert_eq!(again.current(), before, "forward undoes back");
                        prop_assert_ne!(back, before);
                    } else {
                        prop_assert_eq!(journey.current(), before);
                    }
                }
                Move::Open => {
                    if journey.next_open(&known, &visibility) {
                        let here = journey.current().expect("an open question is one");
                        prop_assert!(known.state(here).is_open());
                    } else {
                        let mut all = journey.visible(&visibility);
                        prop_assert!(all.all(|instance| !known.state(instance).is_open()));
                    }
                }
                Move::Jump(at) => {
                    let to = instance(&kit, &known, ASKINGS[at].0);
                    let can = journey.visible(&visibility).any(|other| other == to);
                    prop_assert_eq!(journey.jump(to, &visibility), can);
                    prop_assert_eq!(journey.current(), if can { Some(to) } else { before });
                }
                Move::Answer(at, way) => {
                    given[at] = way;
                    let new = read(&kit, &given);
                    let seen = Visibility::of(&kit, &new);
                    let effect = journey.update((&known, &visibility), (&new, &seen));
                    for gone in effect.set_aside.iter().chain(&effect.dropped) {
                        prop_assert!(visibility.is_visible(*gone) && !seen.is_visible(*gone));
                    }
                    for come in effect.restored.iter().chain(&effect.added) {
                        prop_assert!(!visibility.is_visible(*come) && seen.is_visible(*come));
                    }
                    prop_assert!(effect.set_aside.iter().chain(&effect.restored).all(|instance| new.answer(*instance).is_some()));
                    (known, visibility) = (new, seen);
                }
            }
            if let Some(here) = journey.current() {
                prop_assert!(visibility.is_visible(here), "{}", here.key(&kit));
            }
            let progress = journey.progress(&kit, &known, &visibility);
            prop_assert!(progress.number <= progress.of && progress.of <= progress.visible && progress.resolved <= progress.visible);
            prop_assert!(journey.current().is_none() || progress.number > 0);
        }
    }

    #[test]
    fn going_forward_meets_every_visible_question_once(start in answers(), which in 0_usize..15) {
        let kit = kit();
        let (filter, order) = filters(&kit)[which].clone();
        let known = read(&kit, &start);
        let visibility = Visibility::of(&kit, &known);
        let mut journey = Journey::new(&kit, &known, &visibility, &filter, order);
        let all: Vec<Instance> = journey.visible(&visibility).collect();
        while journey.back(&visibility) {}
        let mut met = Vec::new();
        while let Some(here) = journey.current() {
            met.push(here);
            journey.forward(&visibility);
        }
        prop_assert_eq!(met, all);
    }

    #[test]
    fn what_a_change_hides_comes_back_when_it_is_undone(start in answers(), at in 0_usize..11, way in proptest::option::of(0_usize..4)) {
        let kit = kit();
        let mut changed = start;
        changed[at] = way;
        let (old, new) = (read(&kit, &start), read(&kit, &changed));
        let (old_seen, new_seen) = (Visibility::of(&kit, &old), Visibility::of(&kit, &new));
        let mut journey = Journey::new(&kit, &old, &old_seen, &Filter::default(), Order::Kit);
        let away = journey.update((&old, &old_seen), (&new, &new_seen));
        let back = journey.update((&new, &new_seen), (&old, &old_seen));
        let own = instance(&kit, &old, ASKINGS[at].0);
        let others = |list: &[Instance]| list.iter().copied().filter(|instance| *instance != own).collect::<Vec<_>>();
        prop_assert_eq!(others(&away.set_aside), others(&back.restored));
        prop_assert_eq!(others(&away.dropped), others(&back.added));
    }
}

fn instance(kit: &Kit, assessment: &Assessment, key: &str) -> Instance {
    let id = key.split('@').next().expect("a key has an id");
    let question = kit.find_question(id).expect("the question is in the kit");
    let all = assessment.instances(kit, question);
    all.into_iter().find(|instance| instance.key(kit) == key).expect("it is asked")
}

#[test]
fn the_core_path_comes_first() {
    let kit = kit();
    let known = read(&kit, &[None; 11]);
    let visibility = Visibility::of(&kit, &known);
    let journey = Journey::new(&kit, &known, &visibility, &Filter::default(), Order::Core);
    let keys: Vec<String> = journey.visible(&visibility).map(|instance| instance.key(&kit)).collect();
    let place = |key: &str| keys.iter().position(|other| other == key).expect("it is asked");
    assert!(place("backup-scope") < place("backup-context"), "{keys:?}");
    assert!(place("backup-policy@cloud") < place("last-restore"), "{keys:?}");
}
