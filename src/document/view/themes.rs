//! What goes through all capabilities: disciplines, prerequisites, disagreement, evidence, and what waits for what.

use super::make::Maker;
use super::{CapabilityLink, PracticeLink};
use crate::assessment::State;
use crate::kit::format::Dimension;
use crate::kit::{CapabilityIx, PracticeIx};
use crate::plan::path::{critical_path, keystones};
use crate::scoring::exceeds;
use crate::scoring::wording::percent;
use serde::Serialize;

/// How many practices, roles or capabilities a theme names.
const NAMED: usize = 3;

/// What goes through all capabilities.
#[derive(Debug, Serialize)]
pub struct ThemesView {
    /// The disciplines, the strongest first; empty where the practices name none.
    pub disciplines: Vec<DisciplineRow>,
    /// The weakest discipline; nothing where the two weakest are alike.
    pub weakest: Option<WeakestView>,
    /// The gaps that most others need first.
    pub keystones: Vec<KeystoneView>,
    /// How many practices work elsewhere and hardly in the target environment.
    pub to_carry_over: usize,
    /// The capability in which there are more of them than in any other.
    pub carry_over_most: Option<CapabilityShare>,
    /// How many questions were answered differently.
    pub disagreed: usize,
    /// The capabilities in which that happened.
    pub disagreed_in: Vec<String>,
    /// The capability of which the smallest share of answers has evidence; nothing where several have.
    pub least_shown: Option<CapabilityShare>,
    /// The roles that most open questions wait for.
    pub waited_for: Vec<RoleShare>,
}

/// One discipline over all capabilities, in the target environment and up to the targets.
#[derive(Debug, Serialize)]
pub struct DisciplineRow {
    /// The discipline: "People".
    pub title: String,
    /// How many practices are asked for.
    pub practices: usize,
    /// How many of them are in place.
    pub in_place: usize,
    /// How much of them is in place on average.
    pub mean: String,
    /// In how many capabilities it is the weakest discipline.
    pub weakest_in: usize,
}

/// The weakest discipline.
#[derive(Debug, Serialize)]
pub struct WeakestView {
    /// The discipline, in lower case: "tools".
    pub title: String,
    /// How much is in place on average.
    pub mean: String,
    /// The strongest discipline, in lower case.
    pub strongest: String,
    /// How much of that is in place on average.
    pub strongest_mean: String,
    /// In how many capabilities it is the weakest.
    pub capabilities: usize,
    /// Of how many.
    pub of: usize,
}

/// A gap that others need first.
#[derive(Debug, Serialize)]
pub struct KeystoneView {
    /// The practice.
    pub practice: PracticeLink,
    /// The capability.
    pub capability: CapabilityLink,
    /// How many other gaps need it, directly or through others.
    pub needed_by: usize,
}

/// A capability with a number.
#[derive(Debug, Serialize)]
pub struct CapabilityShare {
    /// The title.
    pub title: String,
    /// The number.
    pub share: String,
}

/// A role with a number of questions.
#[derive(Debug, Serialize)]
pub struct RoleShare {
    /// The title.
    pub role: String,
    /// How many.
    pub questions: usize,
}

/// A step of the critical path.
#[derive(Debug, Serialize)]
pub struct StepView {
    /// The practice.
    pub practice: PracticeLink,
    /// The capability.
    pub capability: CapabilityLink,
    /// How much work it is.
    pub effort: String,
    /// The wave that closes it.
    pub wave: Option<String>,
}

/// A capability below its target on which others build.
#[derive(Debug, Serialize)]
pub struct FoundationView {
    /// The capability.
    pub capability: CapabilityLink,
    /// The level attained, with its name.
    pub level: String,
    /// The level wanted, with its name.
    pub target: String,
    /// The titles of the capabilities that build on it.
    pub needed_by: Vec<String>,
}

/// Returns the title of a discipline.
fn discipline(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::People => "People",
        Dimension::Process => "Process",
        Dimension::Tools => "Tools",
    }
}

const DISCIPLINES: [Dimension; 3] = [Dimension::People, Dimension::Process, Dimension::Tools];

/// How much of some practices is in place.
#[derive(Clone, Copy, Default)]
struct Tally {
    practices: usize,
    in_place: usize,
    sum: f64,
}

impl Tally {
    fn mean(self) -> Option<f64> {
        (self.practices > 0).then(|| self.sum / self.practices as f64)
    }
}

impl Maker<'_> {
    /// Returns what goes through the capabilities that are assessed.
    pub(super) fn themes(&self) -> ThemesView {
        let target = self.assessment.target_environment;
        let carried: Vec<(CapabilityIx, usize)> =
            self.assessed(target).map(|card| (card.capability, self.differences(card.capability).len())).collect();
        let largest = carried.iter().map(|(_, count)| *count).max().filter(|count| *count > 0);
        let mut most = carried.iter().filter(|(_, count)| Some(*count) == largest);
        // Of several with equally many none has the most.
        let most = most.next().filter(|_| most.next().is_none());
        let mut disagreed_in: Vec<CapabilityIx> =
            self.disagreements(None).iter().map(|instance| self.kit.question(instance.question).capability).collect();
        let disagreed = disagreed_in.len();
        disagreed_in.dedup();
        let (disciplines, weakest) = self.disciplines();
        ThemesView {
            disciplines,
            weakest,
            keystones: (keystones(self.kit, self.card, self.plan).into_iter().filter(|(_, needed_by)| *needed_by > 1).take(NAMED))
                .map(|(ix, needed_by)| KeystoneView {
                    practice: self.practice_link(ix),
                    capability: self.capability_link(self.kit.practice(ix).capability),
                    needed_by,
                })
                .collect(),
            to_carry_over: carried.iter().map(|(_, count)| count).sum(),
            carry_over_most: most.map(|(ix, count)| CapabilityShare { title: self.capability_title(*ix), share: count.to_string() }),
            disagreed,
            disagreed_in: disagreed_in.into_iter().map(|ix| self.capability_title(ix)).collect(),
            least_shown: self.least_shown(),
            waited_for: self.waited_for(),
        }
    }

    /// Returns how much of the practices of one discipline is in place in the target environment, up to the target.
    fn tally(&self, capability: CapabilityIx, dimension: Dimension) -> Tally {
        let mut tally = Tally::default();
        for ix in self.kit.practices_of(capability) {
            let is_meant = self.kit.practice(ix).level <= self.assessment.scope(capability).target
                && self.kit.practice_file(ix).dimension == Some(dimension);
            let Some(credit) = self.card.credit(ix, self.assessment.target_environment).filter(|_| is_meant) else { continue };
            tally.practices += 1;
            tally.in_place += usize::from(!exceeds(1.0, credit.low));
            tally.sum += credit.low;
        }
        tally
    }

    /// Returns how much of each discipline is in place in a capability: "people 40 %".
    pub(super) fn by_discipline(&self, capability: CapabilityIx) -> Vec<String> {
        let of = |dimension: Dimension| {
            let mean = self.tally(capability, dimension).mean()?;
            Some(format!("{} {}", discipline(dimension).to_lowercase(), percent(mean)))
        };
        DISCIPLINES.into_iter().filter_map(of).collect()
    }

    fn disciplines(&self) -> (Vec<DisciplineRow>, Option<WeakestView>) {
        let assessed: Vec<CapabilityIx> = self.assessed(self.assessment.target_environment).map(|card| card.capability).collect();
        let mut all = DISCIPLINES.map(|dimension| (dimension, Tally::default(), 0));
        let mut compared = 0;
        for capability in assessed {
            let tallies = DISCIPLINES.map(|dimension| self.tally(capability, dimension));
            let mut means: Vec<f64> = tallies.iter().filter_map(|tally| tally.mean()).collect();
            means.sort_by(f64::total_cmp);
            compared += usize::from(means.len() > 1);
            // Of several that are equally weak none is the weakest.
            let weakest = means.first().filter(|least| means.get(1).is_some_and(|next| exceeds(*next, **least)));
            for ((_, sum, weakest_in), tally) in all.iter_mut().zip(tallies) {
                sum.practices += tally.practices;
                sum.in_place += tally.in_place;
                sum.sum += tally.sum;
                *weakest_in += usize::from(tally.mean().zip(weakest).is_some_and(|(mean, least)| mean <= *least));
            }
        }
        let mut known: Vec<(Dimension, Tally, usize, f64)> =
            all.into_iter().filter_map(|(dimension, tally, weakest_in)| Some((dimension, tally, weakest_in, tally.mean()?))).collect();
        known.sort_by(|a, b| b.3.total_cmp(&a.3));
        // Of two that are equally weak neither is the weakest.
        let next = known.len().checked_sub(2).map(|next| known[next].3);
        let weakest = match (known.first(), known.last()) {
            (Some(strongest), Some(weakest)) if next.is_some_and(|next| exceeds(next, weakest.3)) => Some(WeakestView {
                title: discipline(weakest.0).to_lowercase(),
                mean: percent(weakest.3),
                strongest: discipline(strongest.0).to_lowercase(),
                strongest_mean: percent(strongest.3),
                capabilities: weakest.2,
                of: compared,
            }),
            _ => None,
        };
        let row = |(dimension, tally, weakest_in, mean): (Dimension, Tally, usize, f64)| DisciplineRow {
            title: discipline(dimension).to_owned(),
            practices: tally.practices,
            in_place: tally.in_place,
            mean: percent(mean),
            weakest_in,
        };
        (known.into_iter().map(row).collect(), weakest)
    }

    /// Returns the capability of which the smallest share of answers has evidence, where it is smaller than that of any other.
    fn least_shown(&self) -> Option<CapabilityShare> {
        let shares = self.card.capabilities.iter().filter_map(|card| Some((card.coverage.evidence_share()?, card)));
        let (least, card) = shares.clone().reduce(|a, b| if b.0 < a.0 { b } else { a })?;
        if shares.clone().count() < 2 || shares.filter(|(share, _)| !exceeds(*share, least)).count() > 1 {
            return None;
        }
        let coverage = &card.coverage;
        let share = format!("{} of {} answers", coverage.with_evidence, coverage.answered);
        Some(CapabilityShare { title: self.capability_title(card.capability), share })
    }

    /// Returns the roles that most open questions wait for: their owner, or the first role to be asked.
    fn waited_for(&self) -> Vec<RoleShare> {
        let open = (self.card.capabilities.iter()).filter(|card| !super::open::is_silent(card)).flat_map(|card| &card.questions);
        let mut found: Vec<RoleShare> = Vec::new();
        for question in open.filter(|question| question.state != State::Answered && question.state.is_open()) {
            let Some(role) = self.open_question(question.instance).who.into_iter().next() else { continue };
            match found.iter_mut().find(|known| known.role == role) {
                Some(known) => known.questions += 1,
                None => found.push(RoleShare { role, questions: 1 }),
            }
        }
        found.sort_by_key(|one| std::cmp::Reverse(one.questions));
        found.retain(|one| one.questions > 1);
        found.truncate(NAMED);
        found
    }

    /// Returns the chain of gaps that is the most work.
    pub(super) fn critical_path(&self) -> Vec<StepView> {
        let step = |ix: PracticeIx| StepView {
            practice: self.practice_link(ix),
            capability: self.capability_link(self.kit.practice(ix).capability),
            effort: self.kit.practice(ix).effort.title().to_owned(),
            wave: self.plan.wave(ix).and_then(|wave| self.assessment.waves.get(wave)).map(|wave| wave.title.clone()),
        };
        critical_path(self.kit, self.card, self.plan).into_iter().map(step).collect()
    }

    /// Returns the capabilities below their target on which others in scope build.
    pub(super) fn foundations(&self) -> Vec<FoundationView> {
        let target = self.assessment.target_environment;
        let builds_on = |other: &CapabilityIx, ix: CapabilityIx| {
            self.kit.capability(*other).file.depends_on.iter().any(|id| id.as_str() == self.kit.capability_id(ix))
        };
        let foundation = |card: &crate::scoring::CapabilityCard| {
            let ix = card.capability;
            let level = card.score_in(target)?.level?;
            let wanted = self.assessment.scope(ix).target;
            let needed_by: Vec<String> = (self.assessment.capabilities_in_scope(self.kit))
                .filter(|other| builds_on(other, ix))
                .map(|other| self.capability_title(other))
                .collect();
            (level < wanted && !needed_by.is_empty()).then(|| FoundationView {
                capability: self.capability_link(ix),
                level: self.level_text(level),
                target: self.level_text(wanted),
                needed_by,
            })
        };
        self.assessed(target).filter_map(foundation).collect()
    }
}
