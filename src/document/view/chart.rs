//! The charts, each beside the table with its figures: what is drawn is there to be seen at a glance, never to be read from alone.

use super::Maker;
use crate::assessment::format::Charts;
use crate::document::escape::excerpt;
use crate::kit::format::{Activity, Risk};
use crate::kit::{CapabilityIx, EnvironmentIx};
use crate::scoring::gap::Gap;
use crate::scoring::wording::percent;
use serde::Serialize;

/// With fewer axes a radar is a line.
const FEWEST_AXES: usize = 3;

/// The work of a quadrant ends at a multiple of this, so that its scale seldom moves.
const WORK_STEP: f64 = 20.0;

/// How long a title beside a point or an axis may be, in characters; the table has the whole of it.
const LABEL: usize = 36;

/// How many points a quadrant shows at most.
const MOST_POINTS: usize = 15;

/// The levels of the capabilities, as a radar.
#[derive(Debug, Serialize)]
pub struct RadarView {
    /// The axes, one for each capability that is drawn.
    pub axes: Vec<AxisView>,
    /// The curves, the target environment first and the target last.
    pub curves: Vec<CurveView>,
    /// The lowest level of the scale.
    pub min: i64,
    /// The highest level of the scale.
    pub max: i64,
    /// How many rings there are.
    pub ticks: i64,
    /// The titles of capabilities that have no level yet and are not drawn.
    pub left_out: Vec<String>,
    /// The titles of environments that are not drawn, since capabilities have no level there.
    pub environments_left_out: Vec<String>,
}

/// An axis of a radar.
#[derive(Debug, Serialize)]
pub struct AxisView {
    /// The name in the chart.
    pub id: String,
    /// The title of the capability.
    pub title: String,
}

/// A curve of a radar.
#[derive(Debug, Serialize)]
pub struct CurveView {
    /// The name in the chart.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The level on each axis.
    pub values: Vec<i64>,
}

/// How much is missing in a capability.
#[derive(Debug, Serialize)]
pub struct WeightRow {
    /// The id of the capability.
    pub capability_id: String,
    /// The title of the capability.
    pub capability: String,
    /// Confirmed gaps.
    pub gaps: usize,
    /// Those with a high risk.
    pub high: usize,
    /// Those with a medium risk.
    pub medium: usize,
    /// Those with a low risk.
    pub low: usize,
    /// The share of those with a high risk.
    pub share: String,
    /// The work that closes them, in points of the waves.
    pub points: String,
}

/// Risk and work of the capabilities, as a quadrant.
#[derive(Debug, Serialize)]
pub struct QuadrantView {
    /// The points.
    pub points: Vec<PointView>,
    /// The work at the right edge, in points of the waves.
    pub most_work: String,
}

/// A point of a quadrant.
#[derive(Debug, Serialize)]
pub struct PointView {
    /// The title of the capability.
    pub title: String,
    /// How far to the right, 0 to 1.
    pub x: String,
    /// How far up, 0 to 1.
    pub y: String,
}

/// Who answers for the activities of a capability and who does them, as a flow.
#[derive(Debug, Serialize)]
pub struct RaciFlowView {
    /// The roles that answer, each with its activities.
    pub accountable: Vec<AccountableView>,
    /// The roles that do something.
    pub responsible: Vec<NodeView>,
    /// Who does what: from an activity to a role.
    pub edges: Vec<EdgeView>,
}

/// A role that answers for activities.
#[derive(Debug, Serialize)]
pub struct AccountableView {
    /// The name in the chart.
    pub id: String,
    /// The title of the role.
    pub title: String,
    /// Its activities.
    pub activities: Vec<NodeView>,
}

/// Something in a flow.
#[derive(Debug, Serialize)]
pub struct NodeView {
    /// The name in the chart.
    pub id: String,
    /// What stands in it.
    pub title: String,
}

/// An arrow in a flow.
#[derive(Debug, Serialize)]
pub struct EdgeView {
    /// The name of its beginning.
    pub from: String,
    /// The name of its end.
    pub to: String,
}

impl Maker<'_> {
    /// Returns true if documents have charts.
    pub(super) fn has_charts(&self) -> bool {
        let chosen = self.assessment.file.documents.as_ref().and_then(|documents| documents.charts);
        chosen.unwrap_or(Charts::Mermaid) == Charts::Mermaid
    }

    /// Returns the levels as a radar; nothing without charts, or where too few capabilities have a level.
    pub(super) fn radar(&self) -> Option<RadarView> {
        let place = self.assessment.target_environment;
        let has_level = |ix: &CapabilityIx| self.level_in(*ix, place).is_some();
        let all: Vec<CapabilityIx> = self.card.capabilities.iter().map(|card| card.capability).collect();
        let (drawn, left_out): (Vec<CapabilityIx>, Vec<CapabilityIx>) = all.into_iter().partition(has_level);
        if !self.has_charts() || drawn.len() < FEWEST_AXES {
            return None;
        }
        let curve = |environment: EnvironmentIx| {
            let values = drawn.iter().map(|ix| self.level_in(*ix, environment)).collect::<Option<Vec<i64>>>()?;
            Some(CurveView { id: format!("e{}", environment.0), title: self.kit.environment_title(environment).to_owned(), values })
        };
        let others = self.assessment.environments.iter().copied().filter(|environment| *environment != place);
        let mut curves: Vec<CurveView> = Vec::new();
        let mut environments_left_out = Vec::new();
        for environment in [place].into_iter().chain(others) {
            match curve(environment) {
                Some(curve) => curves.push(curve),
                None => environments_left_out.push(self.kit.environment_title(environment).to_owned()),
            }
        }
        let targets = drawn.iter().map(|ix| self.assessment.scope(*ix).target).collect();
        curves.push(CurveView { id: "target".to_owned(), title: "Target".to_owned(), values: targets });
        let (min, max) = (self.kit.base(), self.kit.top());
        Some(RadarView {
            axes: drawn
                .iter()
                .map(|ix| AxisView { id: format!("c{}", ix.0), title: excerpt(&self.capability_title(*ix), LABEL) })
                .collect(),
            curves,
            min,
            max,
            ticks: max - min,
            left_out: left_out.into_iter().map(|ix| self.capability_title(ix)).collect(),
            environments_left_out,
        })
    }

    /// Returns the level that a capability has attained in an environment; nothing where nobody was asked or nothing applies.
    fn level_in(&self, ix: CapabilityIx, environment: EnvironmentIx) -> Option<i64> {
        self.card.card(ix).filter(|card| card.is_assessed(environment))?.score_in(environment)?.level
    }

    /// Returns the confirmed gaps of a capability.
    fn confirmed_of(&self, ix: CapabilityIx) -> impl Iterator<Item = &Gap> {
        self.card.gaps.iter().filter(move |gap| gap.is_confirmed() && self.kit.practice(gap.practice).capability == ix)
    }

    fn work(&self, ix: CapabilityIx) -> f64 {
        self.confirmed_of(ix).map(|gap| self.kit.practice(gap.practice).effort.points()).sum()
    }

    fn gaps_with(&self, ix: CapabilityIx, risk: Risk) -> usize {
        self.confirmed_of(ix).filter(|gap| self.kit.practice(gap.practice).risk == risk).count()
    }

    /// Goes through the capabilities that have confirmed gaps, in the order of the kit.
    fn with_gaps(&self) -> impl Iterator<Item = CapabilityIx> {
        self.card.capabilities.iter().map(|card| card.capability).filter(|ix| self.confirmed_of(*ix).next().is_some())
    }

    /// Returns how much is missing by capability.
    pub(super) fn weights(&self) -> Vec<WeightRow> {
        let row = |ix: CapabilityIx| {
            let (gaps, high) = (self.confirmed_of(ix).count(), self.gaps_with(ix, Risk::High));
            WeightRow {
                capability_id: self.kit.capability_id(ix).to_owned(),
                capability: self.capability_title(ix),
                gaps,
                high,
                medium: self.gaps_with(ix, Risk::Medium),
                low: self.gaps_with(ix, Risk::Low),
                share: percent(high as f64 / gaps as f64),
                points: self.work(ix).to_string(),
            }
        };
        self.with_gaps().map(row).collect()
    }

    /// Returns risk and work as a quadrant; nothing without charts, or where there is nothing to compare or too much to read.
    pub(super) fn quadrant(&self) -> Option<QuadrantView> {
        let shown: Vec<CapabilityIx> = self.with_gaps().collect();
        if !self.has_charts() || shown.len() < FEWEST_AXES || shown.len() > MOST_POINTS {
            return None;
        }
        let largest = shown.iter().map(|ix| self.work(*ix)).fold(0.0, f64::max);
        let most = (largest / WORK_STEP).ceil() * WORK_STEP;
        let share = |ix: CapabilityIx| self.gaps_with(ix, Risk::High) as f64 / self.confirmed_of(ix).count() as f64;
        let placed = apart(shown.iter().map(|ix| (self.work(*ix) / most, share(*ix))).collect());
        let point = |(ix, (x, y)): (&CapabilityIx, &(f64, f64))| PointView {
            title: excerpt(&self.capability_title(*ix), LABEL),
            x: format!("{x:.2}"),
            y: format!("{y:.2}"),
        };
        Some(QuadrantView { points: shown.iter().zip(&placed).map(point).collect(), most_work: most.to_string() })
    }

    /// Returns who answers for activities and who does them as a flow; nothing without charts, or where there is no activity.
    pub(super) fn raci_flow(&self, activities: &[Activity]) -> Option<RaciFlowView> {
        if !self.has_charts() || activities.is_empty() {
            return None;
        }
        let mut flow = RaciFlowView { accountable: Vec::new(), responsible: Vec::new(), edges: Vec::new() };
        for (at, activity) in activities.iter().enumerate() {
            let node = NodeView { id: format!("t{at}"), title: activity.activity.value.clone() };
            for role in &activity.responsible.0 {
                let title = self.kit.role_title(role.as_str());
                let known = flow.responsible.iter().position(|node| node.title == title);
                let to = known.unwrap_or(flow.responsible.len());
                if known.is_none() {
                    flow.responsible.push(NodeView { id: format!("r{to}"), title: title.to_owned() });
                }
                flow.edges.push(EdgeView { from: node.id.clone(), to: format!("r{to}") });
            }
            let titles: Vec<&str> = activity.accountable.0.iter().map(|role| self.kit.role_title(role.as_str())).collect();
            let title = titles.join(", ");
            if let Some(one) = flow.accountable.iter_mut().find(|one| one.title == title) {
                one.activities.push(node);
            } else {
                let id = format!("a{}", flow.accountable.len());
                flow.accountable.push(AccountableView { id, title, activities: vec![node] });
            }
        }
        Some(flow)
    }
}

/// Returns where points are drawn: where they belong, or as much above or below as their words do not cover those of others. Each stays
/// in its own half.
fn apart(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    /// What the words of a point take, to the side and in height.
    const WIDTH: f64 = 0.24;
    const HEIGHT: f64 = 0.042;
    /// How often all pairs are looked at.
    const ROUNDS: usize = 60;
    let is_upper: Vec<bool> = points.iter().map(|(_, y)| *y > 0.5).collect();
    for _ in 0..ROUNDS {
        for one in 0..points.len() {
            for other in one + 1..points.len() {
                let (dx, dy) = (points[one].0 - points[other].0, points[one].1 - points[other].1);
                let lack = HEIGHT - dy.abs();
                if dx.abs() >= WIDTH || lack <= 0.0 {
                    continue;
                }
                let up = if dy >= 0.0 { lack / 2.0 } else { -lack / 2.0 };
                points[one].1 += up;
                points[other].1 -= up;
            }
        }
        for ((x, y), is_upper) in points.iter_mut().zip(&is_upper) {
            *x = x.clamp(0.12, 0.88);
            *y = if *is_upper { y.clamp(0.52, 0.93) } else { y.clamp(0.05, 0.43) };
        }
    }
    points
}
