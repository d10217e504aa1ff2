//! Why a score moved: the kit changed, the scope changed, or answers changed.
//!
//! The way from then to now is walked in three steps, each of which changes one thing, and scored after each:
//!
//! | | kit | scope | answers | |
//! | --- | --- | --- | --- | --- |
//! | S0 | then | then | then | the frozen scorecard, never calculated anew |
//! | S1 | now | then | then | old answers under the newer kit: S1 - S0 is what the kit did |
//! | S2 | now | now | then | S2 - S1 is what the scope did: environments, capabilities, targets, importance, policy |
//! | S3 | now | now | now | S3 - S2 is what answers did |
//!
//! The parts add up to S3 - S0 whatever the order of the steps. This order gives each part its plain meaning: what the kit did is
//! told of the answers that were there when it came, and what answers did is told in the kit and scope in which they are judged today.
//!
//! # Source
//!
//! Our own choice, after the bridge with which finance explains a difference between two years: one cause changed at a time.

use crate::scoring::exceeds;

/// The causes of a movement, in the order of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Another version of the kit, or changes to it.
    Kit,
    /// Environments, capabilities, targets, importance or policy.
    Scope,
    /// What was answered.
    Answers,
}

impl Cause {
    /// Every cause, in the order of the steps.
    pub const ALL: [Self; 3] = [Self::Kit, Self::Scope, Self::Answers];

    /// Returns the word by which data name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kit => "kit",
            Self::Scope => "scope",
            Self::Answers => "answers",
        }
    }

    /// Returns the cause as a clause: "because the kit changed".
    pub fn because(self) -> &'static str {
        match self {
            Self::Kit => "because the kit changed",
            Self::Scope => "because the scope changed",
            Self::Answers => "because answers changed",
        }
    }
}

/// A number then and now, and what each cause did to it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Movement {
    /// The number then; nothing where there was none.
    pub then: Option<f64>,
    /// The number now; nothing where there is none.
    pub now: Option<f64>,
    /// What the kit, the scope and answers did, in this order; nothing unless there is a number then and now.
    pub parts: Option<[f64; 3]>,
}

impl Movement {
    /// Returns the movement over the four stages S0 to S3. A stage without a number stands still, so that the next one with a number
    /// has the whole of the step.
    pub fn of(stages: [Option<f64>; 4]) -> Self {
        let [then, kit, scope, now] = stages;
        let parts = then.zip(now).map(|(then, now)| {
            let kit = kit.unwrap_or(then);
            let scope = scope.unwrap_or(kit);
            [kit - then, scope - kit, now - scope]
        });
        Self { then, now, parts }
    }

    /// Returns how far it moved; nothing unless there is a number then and now.
    pub fn total(&self) -> Option<f64> {
        Some(self.now? - self.then?)
    }

    /// Returns what a cause did.
    pub fn part(&self, cause: Cause) -> Option<f64> {
        self.parts.map(|parts| parts[cause as usize])
    }

    /// Returns the causes that did something, the last step first.
    pub fn causes(&self) -> Vec<Cause> {
        let did = |cause: &Cause| self.part(*cause).is_some_and(|part| exceeds(part.abs(), 0.0));
        Cause::ALL.into_iter().rev().filter(did).collect()
    }

    /// Returns true if a cause did something, also where others undid it.
    pub fn is_moved(&self) -> bool {
        !self.causes().is_empty()
    }

    /// Returns the parts in tenths, rounded so that they add up to the difference of the two numbers as they are shown with one digit:
    /// each is cut off, and the tenths that are left go to those that lost most.
    pub fn tenths(&self) -> Option<[i64; 3]> {
        let (then, now, parts) = (tenths(self.then?), tenths(self.now?), self.parts?);
        let cut = parts.map(|part| (part * 10.0 + 1e-6).floor());
        #[expect(clippy::cast_possible_truncation, reason = "scores have two digits")]
        let mut shown = cut.map(|tenths| tenths as i64);
        let mut order: Vec<usize> = (0..3).collect();
        // A cause that did nothing is given nothing, unless there is no other.
        let lost = |at: &usize| if exceeds(parts[*at].abs(), 0.0) { parts[*at] * 10.0 - cut[*at] } else { -1.0 };
        order.sort_by(|a, b| lost(b).total_cmp(&lost(a)));
        let mut missing = now - then - shown.iter().sum::<i64>();
        for at in order.iter().cycle().take(12) {
            if missing > 0 {
                shown[*at] += 1;
                missing -= 1;
            }
        }
        for at in order.iter().rev().filter(|at| exceeds(parts[**at].abs(), 0.0)).cycle().take(12) {
            if missing < 0 {
                shown[*at] -= 1;
                missing += 1;
            }
        }
        Some(shown)
    }

    /// Returns the whole in words: "up 1.3: 0.9 because answers changed, 0.4 because the kit changed".
    pub fn words(&self) -> String {
        let Some(parts) = self.tenths() else {
            return match (self.then, self.now) {
                (None, Some(_)) => "no score then".to_owned(),
                (Some(_), None) => "no score now".to_owned(),
                _ => "no score".to_owned(),
            };
        };
        let total: i64 = parts.iter().sum();
        let moved: Vec<(Cause, i64)> =
            Cause::ALL.into_iter().rev().zip(parts.into_iter().rev()).filter(|(_, tenths)| *tenths != 0).collect();
        let whole = match total {
            0 => "the same".to_owned(),
            up if up > 0 => format!("up {}", decimal(up)),
            down => format!("down {}", decimal(-down)),
        };
        match moved.as_slice() {
            [] if self.is_moved() => "the same to one digit".to_owned(),
            [] => "no change".to_owned(),
            [(cause, _)] => format!("{whole} {}", cause.because()),
            several => {
                let parts: Vec<String> = several.iter().map(|(cause, tenths)| format!("{} {}", signed(*tenths), cause.because())).collect();
                format!("{whole}: {}", parts.join(", "))
            }
        }
    }
}

/// Returns a number as it is shown with one digit, in tenths.
fn tenths(number: f64) -> i64 {
    format!("{number:.1}").replace('.', "").parse().unwrap_or_default()
}

/// Returns tenths as a number: "0.4".
fn decimal(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// Returns tenths as a number with its sign: "+0.4", "0.0".
pub fn signed(tenths: i64) -> String {
    if tenths > 0 { format!("+{}", decimal(tenths)) } else { decimal(tenths) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_adds_up() {
        let movement = Movement::of([Some(1.04), Some(1.08), Some(1.12), Some(1.16)]);
        assert_eq!(movement.tenths().map(|parts| parts.iter().sum::<i64>()), Some(2));
        let movement = Movement::of([Some(1.0), Some(1.4), Some(1.4), Some(2.3)]);
        assert_eq!(movement.words(), "up 1.3: +0.9 because answers changed, +0.4 because the kit changed");
    }

    #[test]
    fn a_stage_without_a_score_leaves_its_step_to_the_next() {
        assert_eq!(Movement::of([Some(1.0), None, Some(2.0), Some(2.5)]).parts, Some([0.0, 1.0, 0.5]));
        assert_eq!(Movement::of([None, Some(1.0), Some(1.0), Some(1.0)]).parts, None);
    }
}
