//! What a template may read: a public contract. Numbers are text, lists are in their final order, nothing is to be calculated.

mod backlog;
mod capability;
mod chart;
mod engagement;
mod followup;
mod guide;
mod make;
mod minutes;
mod open;
mod overview;
mod place;
mod progress;
mod proof;
mod questionnaire;
mod raci;
mod registers;
mod report;
mod roadmap;
mod runbooks;
mod themes;
mod tools;
mod workshop;

pub use backlog::{BacklogEpic, BacklogView, StoriesView, StoryCard, StoryGroup, StoryLine, StoryPractice};
pub use chart::{AccountableView, AxisView, CurveView, EdgeView, NodeView, PointView, QuadrantView, RaciFlowView, RadarView, WeightRow};
pub use followup::*;
pub use guide::{Gate, GuideCapability, GuideQuestion, GuideView, Rung, WithoutRole};
pub use make::Maker;
pub use minutes::{CapabilityMinutesView, Dispute, MinutesSession, SessionMinutesView};
pub use open::*;
pub use overview::navigation;
pub use place::Place;
pub use progress::*;
pub use proof::*;
pub use questionnaire::{AskedView, PartView, QuestionGroup, QuestionnaireView};
pub use raci::{
    AbsentRole, Contradiction, DoubledRole, Duty, LoadedRole, RaciCapability, RaciView, RoleCount, RoleDuties, RoleInCapability, RoleRow,
};
pub use registers::{
    DecisionGroup, DecisionRecord, DecisionsToTake, DecisionsView, RaidCount, RaidEntry, RaidKind, RaidView, TakenView, WaitingDecision,
};
pub use report::*;
pub use roadmap::*;
pub use runbooks::{CallRow, EscalationRow, PlaybookView, RunbooksView, TriggerGroup, TriggerRow};
pub use themes::*;
pub use tools::{ToolAnswer, ToolCapability, ToolQuestion, ToolView, ToolsView};
pub use workshop::{CapabilityCount, InvitationRow, InvitationSession, InvitationView, Stakeholder, StakeholdersView};

use serde::Serialize;

/// What every document shows of itself.
#[derive(Debug, Serialize)]
pub struct Header {
    /// The customer.
    pub customer: String,
    /// How secret the document is.
    pub classification: Option<String>,
    /// What is assessed.
    pub scope: Option<String>,
    /// How the organisation operates.
    pub mode: Option<String>,
    /// The id of the assessment.
    pub assessment: String,
    /// The day of the latest answer or evidence.
    pub date: Option<String>,
    /// The id of the kit.
    pub kit_id: String,
    /// The title of the kit.
    pub kit_title: String,
    /// The version of the kit.
    pub kit_version: String,
    /// The titles of the environments in scope.
    pub environments: Vec<String>,
    /// The title of the target environment.
    pub target_environment: String,
}

/// A level of the scale.
#[derive(Debug, Serialize)]
pub struct Level {
    /// The number.
    pub number: i64,
    /// The name.
    pub name: String,
    /// What can be observed.
    pub meaning: Option<String>,
}

/// Where a capability stands in an environment.
#[derive(Debug, Serialize)]
pub struct Standing {
    /// The title of the environment.
    pub environment: String,
    /// True in the target environment.
    pub is_target: bool,
    /// True if there is a score.
    pub has_score: bool,
    /// The level attained, with its name: "1 Reactive".
    pub level: String,
    /// The level if everything open turns out well; nothing where it is the same.
    pub level_high: Option<String>,
    /// The score, one digit behind the point.
    pub score: String,
    /// The range of the score; nothing where all is known.
    pub range: Option<String>,
    /// True if the level wanted is attained.
    pub is_at_target: bool,
    /// The distance to the target in words: "2 levels below target".
    pub distance: String,
    /// The practices that hold the level down.
    pub held_by: Vec<PracticeLink>,
}

/// A practice by title, with the place of its design.
#[derive(Clone, Debug, Serialize)]
pub struct PracticeLink {
    /// The title.
    pub title: String,
    /// The id.
    pub id: String,
    /// The anchor of its heading in the design document; nothing where the document has none for it.
    pub anchor: Option<String>,
}

/// A capability in a table.
#[derive(Debug, Serialize)]
pub struct CapabilityRow {
    /// The id, which is also its folder.
    pub id: String,
    /// The title.
    pub title: String,
    /// The group it stands under.
    pub group: Option<String>,
    /// The level wanted, with its name.
    pub target: String,
    /// How much it matters.
    pub importance: String,
    /// Where it stands, a cell for each environment in scope.
    pub standings: Vec<Standing>,
    /// The share of questions that are resolved.
    pub coverage: String,
    /// Confirmed gaps.
    pub gaps: usize,
    /// How the level in the target environment moved since the last milestone: "↑ from 1"; nothing without a milestone.
    pub since: Option<String>,
    /// The documents of the capability; only the index lists them.
    pub documents: Vec<DocumentLink>,
}

/// The mean in an environment.
#[derive(Debug, Serialize)]
pub struct OverallRow {
    /// The title of the environment.
    pub environment: String,
    /// The mean score.
    pub score: String,
    /// The range of the mean; nothing where all is known.
    pub range: Option<String>,
    /// The capability with the lowest score, and the score.
    pub lowest: String,
    /// The capability with the highest score, and the score.
    pub highest: String,
    /// How many capabilities count as 0 in the mean since nobody was asked yet.
    pub waiting: usize,
}

/// A capability that is left out.
#[derive(Debug, Serialize)]
pub struct LeftOut {
    /// The title.
    pub title: String,
    /// Why.
    pub reason: String,
    /// More about it.
    pub note: Option<String>,
}

/// A gap.
#[derive(Debug, Serialize)]
pub struct GapView {
    /// The practice.
    pub practice: PracticeLink,
    /// The capability's title.
    pub capability: String,
    /// The capability's id.
    pub capability_id: String,
    /// What should be true.
    pub statement: Option<String>,
    /// What happens without it.
    pub rationale: Option<String>,
    /// Where it is missing.
    pub environment: String,
    /// True where that is not the target environment: it must be carried over.
    pub is_elsewhere: bool,
    /// The level from which on it is expected.
    pub level: i64,
    /// How much of it is in place: "50 %", or "0 to 50 %".
    pub in_place: String,
    /// The risk if it is missing.
    pub risk: String,
    /// How much work it is.
    pub effort: String,
    /// The priority, one digit behind the point.
    pub priority: String,
    /// The wave that closes it.
    pub wave: Option<String>,
    /// The wave in a narrow column: its title up to the first colon.
    pub wave_short: Option<String>,
    /// What is planned for it in a few words: who, by when, how far.
    pub planned: Option<String>,
    /// Gaps that must be closed before.
    pub requires: Vec<String>,
    /// The answers that show it, the first few.
    pub seen_in: Vec<SeenIn>,
    /// How many more answers show it.
    pub seen_more: usize,
    /// The open questions that keep it from being certain.
    pub waits_for: Vec<OpenQuestion>,
    /// The decisions that bear on it.
    pub decisions: Vec<Place>,
    /// The entries of the RAID log that bear on it.
    pub risks: Vec<Place>,
}

/// An answer that shows a gap.
#[derive(Debug, Serialize)]
pub struct SeenIn {
    /// The question.
    pub ask: String,
    /// The answer in words.
    pub answer: String,
}

/// A question without an answer.
#[derive(Debug, Serialize)]
pub struct OpenQuestion {
    /// The question.
    pub ask: String,
    /// How files name it.
    pub key: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The capability's title.
    pub capability: String,
    /// The capability's id.
    pub capability_id: String,
    /// The state in words.
    pub state: String,
    /// Who finds it out, or who should be asked.
    pub who: Vec<String>,
    /// True if somebody took it on.
    pub is_owned: bool,
    /// By when.
    pub due: Option<String>,
    /// What was said about it.
    pub note: Option<String>,
    /// The practices it tells of.
    pub practices: Vec<String>,
}

/// An answer.
#[derive(Debug, Serialize)]
pub struct AnswerView {
    /// The question.
    pub ask: String,
    /// How files name it.
    pub key: String,
    /// The answer in words, several for a checklist.
    pub answers: Vec<String>,
    /// Statements of a checklist that do not apply.
    pub left_out: Vec<String>,
    /// What was said beyond it.
    pub note: Option<String>,
    /// Who said it.
    pub by: Vec<String>,
    /// When.
    pub on: Option<String>,
    /// What shows that it is true.
    pub evidence: Vec<EvidenceView>,
    /// Those who said something else.
    pub minority: Vec<MinorityView>,
    /// True if it means a high risk and shows nothing of what the target asks for.
    pub is_alarming: bool,
}

/// Something that shows that an answer is true.
#[derive(Debug, Serialize)]
pub struct EvidenceView {
    /// What it is.
    pub title: String,
    /// Where it is; empty where nobody said.
    pub link: String,
    /// When it was collected.
    pub collected: Option<String>,
}

/// An answer that was not agreed.
#[derive(Debug, Serialize)]
pub struct MinorityView {
    /// Who gave it.
    pub by: Vec<String>,
    /// What they answered.
    pub answer: Option<String>,
    /// What they said.
    pub note: Option<String>,
}

/// A question that does not apply.
#[derive(Debug, Serialize)]
pub struct NotApplicableView {
    /// The question.
    pub ask: String,
    /// The environment; nothing if it is asked once for all.
    pub environment: Option<String>,
    /// The kind of reason.
    pub reason: String,
    /// The reason in words.
    pub note: Option<String>,
}

/// The current state in one environment, or of the whole organisation.
#[derive(Debug, Serialize)]
pub struct CurrentState {
    /// The title.
    pub title: String,
    /// The dimensions that have an answer.
    pub dimensions: Vec<DimensionState>,
}

/// The answers of one dimension.
#[derive(Debug, Serialize)]
pub struct DimensionState {
    /// The title.
    pub title: String,
    /// The answers.
    pub answers: Vec<AnswerView>,
}

/// A practice that is in place.
#[derive(Debug, Serialize)]
pub struct Strength {
    /// The title.
    pub title: String,
    /// What is true.
    pub statement: Option<String>,
    /// The capability's title.
    pub capability: String,
    /// Where it is in place.
    pub environments: Vec<String>,
}

/// A practice that works in one environment and not in the target.
#[derive(Debug, Serialize)]
pub struct Difference {
    /// The title.
    pub title: String,
    /// Where it works.
    pub works_in: String,
    /// How much of it is in place there.
    pub there: String,
    /// How much of it is in place in the target environment.
    pub here: String,
}

/// The view of the index.
#[derive(Debug, Serialize)]
pub struct IndexView {
    /// What the document shows of itself.
    pub header: Header,
    /// The capabilities in scope.
    pub capabilities: Vec<CapabilityRow>,
    /// The capabilities left out.
    pub left_out: Vec<LeftOut>,
    /// The scale.
    pub scale: Vec<Level>,
    /// True if the scale says what its levels mean.
    pub has_meanings: bool,
    /// The share of questions that are resolved.
    pub coverage: String,
    /// Who took part: role, and name where one is given.
    pub participants: Vec<String>,
    /// What there is to read.
    pub shelves: Vec<ShelfView>,
}

/// Documents that belong together.
#[derive(Debug, Serialize)]
pub struct ShelfView {
    /// The heading.
    pub title: String,
    /// The documents, in the order of reading.
    pub documents: Vec<DocumentRow>,
}

/// A document, or one for each capability.
#[derive(Debug, Serialize)]
pub struct DocumentRow {
    /// The title.
    pub title: String,
    /// Where it is, from the index; nothing where there is one for each capability, role or session.
    pub path: Option<String>,
    /// Where there is one for each role or session, all of them.
    pub parts: Vec<DocumentLink>,
    /// Who reads it.
    pub readers: String,
    /// The question that it answers.
    pub answers: String,
}

/// A document by title.
#[derive(Debug, Serialize)]
pub struct DocumentLink {
    /// The title.
    pub title: String,
    /// Where it is, from the index.
    pub path: String,
}

/// A wave of the roadmap.
#[derive(Debug, Serialize)]
pub struct WaveRow {
    /// The title.
    pub title: String,
    /// How many actions.
    pub actions: usize,
    /// The points they take, of how many.
    pub points: String,
}

/// A decision that the customer must take.
#[derive(Debug, Serialize)]
pub struct DecisionView {
    /// The title.
    pub title: String,
    /// The capability's title.
    pub capability: String,
    /// The capability's id.
    pub capability_id: String,
    /// Why there is a choice.
    pub context: Option<String>,
    /// The options.
    pub options: Vec<OptionView>,
    /// Which one to take, and when another.
    pub recommendation: Option<String>,
    /// The decision of the workspace that takes it; nothing if nobody has begun.
    pub taken: Option<TakenView>,
}

/// An option of a decision.
#[derive(Debug, Serialize)]
pub struct OptionView {
    /// The title.
    pub title: String,
    /// What it costs and what it gives.
    pub consequence: Option<String>,
}

/// An answer that nobody should sit on.
#[derive(Debug, Serialize)]
pub struct Alarm {
    /// The question.
    pub ask: String,
    /// The answer in words.
    pub answer: String,
    /// What was said, its first sentences.
    pub note: String,
    /// The title of the environment; nothing where the question is asked once.
    pub environment: Option<String>,
    /// The capability's title.
    pub capability: String,
    /// The capability's id.
    pub capability_id: String,
    /// Who said it.
    pub by: Vec<String>,
}

/// The view of the executive summary.
#[derive(Debug, Serialize)]
pub struct ExecutiveSummaryView {
    /// What the document shows of itself.
    pub header: Header,
    /// The result in a sentence or two.
    pub headline: String,
    /// True while no question is answered.
    pub is_untouched: bool,
    /// The mean by environment.
    pub overall: Vec<OverallRow>,
    /// The last milestone, with the mean of then; nothing without one.
    pub since: Option<SinceView>,
    /// The capabilities in scope.
    pub capabilities: Vec<CapabilityRow>,
    /// Up to three answers that cannot wait.
    pub alarms: Vec<Alarm>,
    /// The five gaps that come first.
    pub gaps: Vec<GapView>,
    /// How many confirmed gaps there are.
    pub gap_count: usize,
    /// Three practices to build on.
    pub strengths: Vec<Strength>,
    /// The decisions that wait for somebody.
    pub waiting: Vec<WaitingDecision>,
    /// How many more.
    pub waiting_more: usize,
    /// Decisions that nobody has begun: one for each of the weakest capabilities, with a recommendation of a sentence.
    pub decisions: Vec<DecisionView>,
    /// What the RAID log holds; nothing where nothing is open.
    pub raid: Option<RaidCount>,
    /// How many questions are open.
    pub open_count: usize,
    /// How many of them somebody took on.
    pub owned_count: usize,
    /// When the first answer is due.
    pub next_due: Option<String>,
    /// The waves.
    pub waves: Vec<WaveResult>,
    /// Confirmed gaps that fit into no wave.
    pub beyond: usize,
    /// How sure the result is.
    pub confidence: String,
    /// The lowest level of the scale.
    pub base: String,
    /// The highest level of the scale.
    pub top: String,
}

/// The view of the gap register.
#[derive(Debug, Serialize)]
pub struct GapRegisterView {
    /// What the document shows of itself.
    pub header: Header,
    /// Confirmed gaps, in their order.
    pub confirmed: Vec<GapView>,
    /// Gaps that open questions could close, in their order, of capabilities of which something is known.
    pub to_clarify: Vec<GapView>,
    /// How many there are of every capability.
    pub to_clarify_count: usize,
    /// How many there are of each capability of which nothing is known yet.
    pub waiting: Vec<CapabilityShare>,
    /// How much is missing by capability.
    pub weights: Vec<WeightRow>,
    /// The same as a chart.
    pub quadrant: Option<QuadrantView>,
}

/// The view of a readiness document.
#[derive(Debug, Serialize)]
pub struct ReadinessView {
    /// What the document shows of itself.
    pub header: Header,
    /// The id of the capability.
    pub id: String,
    /// The title of the capability.
    pub title: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// What is true when it works.
    pub outcomes: Vec<String>,
    /// The level wanted.
    pub target: Level,
    /// Why this target.
    pub rationale: Option<String>,
    /// How much it matters.
    pub importance: String,
    /// Where it stands.
    pub standings: Vec<Standing>,
    /// How much is answered.
    pub coverage: String,
    /// How much of that has evidence.
    pub evidence: String,
    /// The current state by environment.
    pub current: Vec<CurrentState>,
    /// Practices in place.
    pub strengths: Vec<Strength>,
    /// Practices that work elsewhere.
    pub differences: Vec<Difference>,
    /// Confirmed gaps.
    pub gaps: Vec<GapView>,
    /// Gaps that open questions could close.
    pub to_clarify: Vec<GapView>,
    /// Questions without an answer.
    pub open: Vec<OpenQuestion>,
    /// The decisions that belong to it, or bear on its practices or questions.
    pub decisions: Vec<Place>,
    /// The entries of the RAID log of which the same is true.
    pub risks: Vec<Place>,
    /// Questions that do not apply.
    pub not_applicable: Vec<NotApplicableView>,
    /// Answers that count for nothing, since their environment is out of scope.
    pub ignored: Vec<String>,
}

/// A practice in a design.
#[derive(Debug, Serialize)]
pub struct PracticeView {
    /// The title.
    pub title: String,
    /// The id.
    pub id: String,
    /// What should be true.
    pub statement: Option<String>,
    /// What happens without it.
    pub rationale: Option<String>,
    /// The risk if it is missing.
    pub risk: String,
    /// How much work it is.
    pub effort: String,
    /// How much of it is in place, by environment: "AWS 50 %".
    pub today: Vec<String>,
    /// Practices that must be in place first.
    pub requires: Vec<NeededPractice>,
    /// The design, Markdown.
    pub guidance: Option<String>,
    /// Pages to read.
    pub references: Vec<ReferenceView>,
    /// Where standards ask for it.
    pub maps: Vec<String>,
    /// Commands that prove or refute it.
    pub commands: Vec<CommandView>,
}

/// A practice that must be in place first.
#[derive(Debug, Serialize)]
pub struct NeededPractice {
    /// The title.
    pub title: String,
    /// Where it is designed, as seen from a design document; nothing where no document has it.
    pub path: Option<String>,
}

/// A page to read.
#[derive(Debug, Serialize)]
pub struct ReferenceView {
    /// The title.
    pub title: String,
    /// The address.
    pub url: String,
}

/// A command that proves or refutes a practice.
#[derive(Debug, Serialize)]
pub struct CommandView {
    /// The command.
    pub command: String,
    /// What proves the practice.
    pub proves: Option<String>,
    /// What refutes it.
    pub refutes: Option<String>,
}

/// The practices of one level.
#[derive(Debug, Serialize)]
pub struct LevelDesign {
    /// The level.
    pub level: Level,
    /// Its practices.
    pub practices: Vec<PracticeView>,
}

/// An activity of the RACI.
#[derive(Debug, Serialize)]
pub struct ActivityView {
    /// The activity.
    pub activity: String,
    /// The role that answers for it.
    pub accountable: String,
    /// The roles that do it.
    pub responsible: Vec<String>,
    /// The roles that are heard before.
    pub consulted: Vec<String>,
    /// The roles that are told afterwards.
    pub informed: Vec<String>,
}

/// A runbook.
#[derive(Debug, Serialize)]
pub struct RunbookView {
    /// The id, unique in its capability.
    pub id: String,
    /// The anchor of its heading among the runbooks of its capability.
    pub anchor: String,
    /// True if it serves only practices beyond the target.
    pub is_beyond_target: bool,
    /// The title.
    pub title: String,
    /// What it covers.
    pub scope: Option<String>,
    /// What starts it.
    pub triggers: Vec<String>,
    /// What must be true before.
    pub preconditions: Vec<String>,
    /// The steps.
    pub steps: Vec<String>,
    /// How success is seen.
    pub verification: Vec<String>,
    /// How to go back.
    pub rollback: Vec<String>,
    /// Whom to call.
    pub escalation: Vec<String>,
    /// The practices it serves.
    pub practices: Vec<PracticeLink>,
}

/// Something to measure.
#[derive(Debug, Serialize)]
pub struct KpiView {
    /// The title.
    pub title: String,
    /// The unit.
    pub unit: String,
    /// The value wanted.
    pub target: String,
    /// The value from which on somebody acts.
    pub warn: String,
    /// Where the number comes from.
    pub source: String,
}

/// A user story.
#[derive(Debug, Serialize)]
pub struct StoryView {
    /// The title.
    pub title: String,
    /// The story as a sentence.
    pub sentence: Option<String>,
    /// Its size.
    pub points: String,
    /// How to see that it is done.
    pub acceptance: Vec<String>,
    /// The practices it brings about.
    pub practices: Vec<String>,
}

/// A word and its meaning.
#[derive(Debug, Serialize)]
pub struct TermView {
    /// The word.
    pub term: String,
    /// Its meaning.
    pub meaning: String,
}

/// The view of a design document.
#[derive(Debug, Serialize)]
pub struct DesignView {
    /// What the document shows of itself.
    pub header: Header,
    /// The id of the capability.
    pub id: String,
    /// The title of the capability.
    pub title: String,
    /// The target design in a nutshell, Markdown.
    pub summary: Option<String>,
    /// The level wanted.
    pub target: Level,
    /// Why this target.
    pub rationale: Option<String>,
    /// The readiness state to adopt and edit, Markdown.
    pub sample_state: Option<String>,
    /// The practices up to the target, by level.
    pub levels: Vec<LevelDesign>,
    /// The practices above the target.
    pub beyond: Vec<PracticeView>,
    /// The decisions to take.
    pub decisions: Vec<DecisionView>,
    /// Who does what.
    pub raci: Vec<ActivityView>,
    /// Who answers for these activities, most first.
    pub accountable: Vec<RoleCount>,
    /// The anchor of the capability in the responsibility matrix; nothing if it has no activity.
    pub raci_anchor: Option<String>,
    /// The procedures.
    pub runbooks: Vec<RunbookView>,
    /// What to measure.
    pub kpis: Vec<KpiView>,
    /// Stories that close gaps.
    pub stories: Vec<StoryView>,
    /// The words of the trade.
    pub terms: Vec<TermView>,
    /// The capabilities this one builds on.
    pub depends_on: Vec<CapabilityLink>,
    /// Where it stands in each environment.
    pub standings: Vec<Standing>,
    /// The anchor of the capability in the tool and service map; nothing if it has no tool.
    pub tools_anchor: Option<String>,
}

/// A capability by title, with its folder.
#[derive(Debug, Serialize)]
pub struct CapabilityLink {
    /// The id, which is also its folder.
    pub id: String,
    /// The title.
    pub title: String,
    /// False if it has no documents.
    pub in_scope: bool,
}

/// What the engagement is for, and which capability comes first.
#[derive(Debug, Serialize)]
pub struct EngagementView {
    /// What every document shows.
    pub header: Header,
    /// The mission, as Markdown.
    pub mission: String,
    /// What is reached.
    pub objectives: Vec<ObjectiveView>,
    /// The phases of the consulting work.
    pub phases: Vec<PhaseView>,
    /// How many working days the phases take together.
    pub total_days: Option<String>,
    /// What matters in the phase of the migration that counts.
    pub migration: Option<MigrationView>,
    /// The titles of the phases of the migration.
    pub migration_phases: Vec<String>,
    /// The levels wanted at the end of each phase of the migration.
    pub targets: Vec<TargetRow>,
    /// The capabilities in the order in which they are taken.
    pub order: Vec<OrderRow>,
    /// Rules that hold for each session.
    pub ways_of_working: Vec<String>,
    /// True if there is a document on the sessions.
    pub has_sessions: bool,
}

/// Something that the engagement reaches.
#[derive(Debug, Serialize)]
pub struct ObjectiveView {
    /// The title.
    pub title: String,
    /// Why it matters.
    pub statement: String,
    /// What is looked at.
    pub reviews: Vec<String>,
    /// What the customer has in hand at the end.
    pub outcome: Option<String>,
    /// Where it is answered.
    pub capabilities: Vec<CapabilityLink>,
}

/// A phase of the consulting work.
#[derive(Debug, Serialize)]
pub struct PhaseView {
    /// The title.
    pub title: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// How many working days it takes.
    pub days: Option<String>,
    /// The titles of the roles that take part, the leading one first.
    pub participants: Vec<String>,
    /// What must hold before it begins.
    pub entry: Vec<String>,
    /// What it leaves behind.
    pub deliverables: Vec<String>,
    /// What must hold before it ends.
    pub exit: Vec<String>,
}

/// What matters in one phase of the migration.
#[derive(Debug, Serialize)]
pub struct MigrationView {
    /// The title of the phase.
    pub phase: String,
    /// True if the assessment names the phase.
    pub is_named: bool,
    /// What is done now.
    pub now: Vec<String>,
    /// What is left for later.
    pub later: Vec<String>,
    /// What must hold before the phase ends.
    pub gate: Vec<String>,
}

/// The levels wanted of a capability.
#[derive(Debug, Serialize)]
pub struct TargetRow {
    /// The capability.
    pub capability: CapabilityLink,
    /// The level by the end of each phase of the migration; a dash where the phase names none.
    pub by_phase: Vec<String>,
    /// The target of the assessment.
    pub target: String,
}

/// A capability in the order in which they are taken.
#[derive(Debug, Serialize)]
pub struct OrderRow {
    /// The capability.
    pub capability: CapabilityLink,
    /// How much it matters to the customer.
    pub importance: String,
    /// The level that the phase of the migration needs, with its name.
    pub needed: Option<String>,
    /// The target, with its name, where it is lower than what the phase needs.
    pub lower_target: Option<String>,
    /// The level attained in the target environment, with its name.
    pub stands_at: String,
    /// How far that is from what the phase needs.
    pub distance: String,
    /// The capabilities it builds on that come later in this order.
    pub builds_on_later: Vec<String>,
}

/// The sessions of an engagement.
#[derive(Debug, Serialize)]
pub struct WorkshopsView {
    /// What every document shows; without a date.
    pub header: Header,
    /// How long all sessions take together.
    pub total: String,
    /// How many sessions are held.
    pub count: usize,
    /// The kinds of session, in order.
    pub sessions: Vec<SessionView>,
    /// What is particular to a capability, in the order in which they are taken.
    pub capabilities: Vec<CapabilitySessions>,
    /// Rules that hold for each session.
    pub ways_of_working: Vec<String>,
}

/// A session.
#[derive(Debug, Serialize)]
pub struct SessionView {
    /// The title.
    pub title: String,
    /// How often it is held.
    pub held: usize,
    /// True if it is held for each capability.
    pub is_repeated: bool,
    /// How long it lasts; a range where capabilities differ.
    pub length: String,
    /// The title of its phase.
    pub phase: Option<String>,
    /// The titles of the sessions before it.
    pub after: Vec<String>,
    /// What it settles.
    pub purpose: Option<String>,
    /// The titles of the roles that must be there.
    pub required: Vec<String>,
    /// The titles of the roles that should be there.
    pub optional: Vec<String>,
    /// What must lie on the table.
    pub inputs: Vec<String>,
    /// What it leaves behind.
    pub outputs: Vec<String>,
    /// What happens in it.
    pub agenda: Vec<AgendaRow>,
}

/// An item of an agenda.
#[derive(Debug, Serialize)]
pub struct AgendaRow {
    /// When it begins, counted from the beginning of the session: "0:35". Nothing where that depends on the capability.
    pub from: Option<String>,
    /// How many minutes it takes. Nothing where that depends on the capability.
    pub minutes: Option<String>,
    /// What happens.
    pub topic: String,
    /// How many answers are recorded, where it asks the questions of a capability: "5 answers".
    pub questions: Option<String>,
}

/// What is particular to the sessions on a capability.
#[derive(Debug, Serialize)]
pub struct CapabilitySessions {
    /// The capability.
    pub capability: CapabilityLink,
    /// The titles of the roles that must be there.
    pub required: Vec<String>,
    /// The titles of the roles that should be there.
    pub optional: Vec<String>,
    /// What people bring.
    pub bring: Vec<String>,
    /// What must be settled when people leave.
    pub settle: Vec<String>,
    /// The sessions whose agenda or length is its own.
    pub sessions: Vec<SessionView>,
}
