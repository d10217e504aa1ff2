//! The views of what follows a session: recap, actions, calendar.

use super::make::Maker;
use super::open::is_silent;
use super::{ActionView, Header, QuoteView, Strength, WaitingDecision};
use crate::assessment::planning::Wave;
use crate::kit::CapabilityIx;
use crate::scoring::wording::{count, resolved};
use crate::yaml::record::Date;
use jiff::ToSpan;
use jiff::civil::Weekday;
use serde::Serialize;

/// The days after a session on which something follows.
///
/// # Source
///
/// AWS Well-Architected Tool, "Improving your workload": a recap one day after the review, prioritisation two to three days after it, an
/// improvement plan begun within a week and run for 90 or 180 days. AWS Well-Architected, Reliability pillar, operational readiness
/// reviews: reviewed again regularly.
pub const DAYS: [i32; 5] = [1, 3, 7, 90, 180];

/// How many actions a mail names; the list has all.
const IN_A_MAIL: usize = 8;

/// How many things of a kind a mail names.
const FEW: usize = 3;

/// How many decisions that were taken a mail names.
const DECIDED: usize = 5;

/// A day on which something follows.
#[derive(Clone, Debug, Serialize)]
pub struct FollowupDay {
    /// How many days after the session: 1, 3, 7, 90 or 180.
    pub day: i32,
    /// The date.
    pub date: String,
    /// Its weekday: "Monday".
    pub weekday: String,
    /// The date that falls on a weekend, if it was moved to the next working day.
    pub moved_from: Option<String>,
    /// The weekday of that date.
    pub moved_from_weekday: Option<String>,
    /// What happens, in a few words; empty while these words are being made.
    pub title: String,
    /// What there is to do, in plain sentences; empty while these words are being made.
    pub text: String,
}

/// What the words of a day may tell of.
#[derive(Debug, Serialize)]
pub struct FollowupDateView {
    /// What the document shows of itself.
    pub header: Header,
    /// The day that is meant.
    pub one: FollowupDay,
    /// The date of the session.
    pub meeting: String,
    /// How many gaps are to be closed: "98 gaps".
    pub gaps: String,
    /// True if there is one.
    pub has_gaps: bool,
    /// The title of the first wave that has work; nothing where there is none.
    pub first_wave: Option<String>,
    /// How many actions there are: "1 action".
    pub actions: String,
    /// The date of the next day on which something follows; nothing after the last.
    pub next: Option<String>,
}

/// What the entry of an action in a calendar may tell of.
#[derive(Debug, Serialize)]
pub struct FollowupEntryView {
    /// What the document shows of itself.
    pub header: Header,
    /// Who.
    pub who: Option<String>,
    /// The action.
    pub action: ActionView,
}

/// An action with who it is for.
#[derive(Debug, Serialize)]
pub struct OwnedAction {
    /// Who; nothing where nobody is named.
    pub who: Option<String>,
    /// The action.
    pub action: ActionView,
}

/// The view of the recap.
#[derive(Debug, Serialize)]
pub struct FollowupRecapView {
    /// What the document shows of itself.
    pub header: Header,
    /// The date of the session.
    pub meeting: String,
    /// The same in words: "Thursday 22 October 2026".
    pub meeting_words: String,
    /// The day of the first answer that counts.
    pub from: Option<String>,
    /// The titles of the capabilities that were spoken about on that day; those that were ever spoken about, where none was.
    pub spoken: Vec<String>,
    /// True if something was answered on that day, and not only shown.
    pub is_session: bool,
    /// The roles that gave answers.
    pub roles: Vec<String>,
    /// How much is resolved in all.
    pub coverage: String,
    /// What people said, on what was spoken about.
    pub quotes: Vec<QuoteView>,
    /// Where the capabilities stand that were spoken about on that day.
    pub results: Vec<SpokenView>,
    /// What to build on.
    pub strengths: Vec<Strength>,
    /// Where the whole stands.
    pub standing: String,
    /// What is missing; nothing while nothing is assessed.
    pub missing: Option<String>,
    /// How many questions are open: "27 questions"; nothing if none is.
    pub open: Option<String>,
    /// Decisions that hold and were taken between the first answer and the session, the latest first.
    pub decided: Vec<DecidedView>,
    /// How many more.
    pub decided_more: usize,
    /// Decisions that wait for somebody.
    pub waiting: Vec<WaitingDecision>,
    /// How many more.
    pub waiting_more: usize,
    /// The titles of decisions that the designs ask for and nobody has begun.
    pub to_take: Vec<String>,
    /// How many questions were answered differently.
    pub disagreed: usize,
    /// How many actions there are: "1 action"; nothing if there is none.
    pub total: Option<String>,
    /// Those with a date, the soonest first: as many as a mail has room for.
    pub actions: Vec<OwnedAction>,
    /// How many more have a date.
    pub dated_more: usize,
    /// How many have no date yet.
    pub undated: usize,
    /// What follows, after the recap itself.
    pub days: Vec<FollowupDay>,
}

/// Where a capability stands that was spoken about.
#[derive(Debug, Serialize)]
pub struct SpokenView {
    /// The title.
    pub title: String,
    /// The level in the target environment: "1 Reactive", with the one that it could become.
    pub level: String,
    /// The distance to the target in words.
    pub distance: String,
}

/// A decision that was taken.
#[derive(Debug, Serialize)]
pub struct DecidedView {
    /// The title.
    pub title: String,
    /// What was decided.
    pub statement: Option<String>,
    /// When.
    pub on: String,
    /// Who keeps it.
    pub who: Option<String>,
}

/// The view of the list of actions.
#[derive(Debug, Serialize)]
pub struct FollowupActionsView {
    /// What the document shows of itself.
    pub header: Header,
    /// The date of the session.
    pub meeting: String,
    /// How many there are: "1 action".
    pub total: String,
    /// Those with a date, the soonest first.
    pub dated: Vec<OwnedAction>,
    /// Those without, by owner.
    pub undated: Vec<OwnedAction>,
}

/// The view of the calendar.
#[derive(Debug, Serialize)]
pub struct FollowupCalendarView {
    /// What the document shows of itself.
    pub header: Header,
    /// The date of the session.
    pub meeting: String,
    /// The same in words.
    pub meeting_words: String,
    /// The days.
    pub days: Vec<FollowupDay>,
    /// True if one of them was moved from a weekend.
    pub has_moved: bool,
    /// How many actions have a date, and so an entry of their own: "3 actions"; nothing if none has.
    pub dated: Option<String>,
}

impl Maker<'_> {
    /// Returns the day of the latest answer; nothing while nobody has said anything.
    pub fn latest_answer(&self) -> Option<Date> {
        self.assessment.answers.values().filter_map(|answer| answer.answered_on).max()
    }

    /// Returns the days on which something follows a session. One that falls on a weekend moves to the Monday after it, unless
    /// `any_day`. Nothing if the calendar ends before the last of them.
    pub fn followup_days(&self, meeting: Date, any_day: bool) -> Option<Vec<FollowupDay>> {
        let one = |day: i32| {
            let due = meeting.0.checked_add(day.days()).ok()?;
            let off = match due.weekday() {
                Weekday::Saturday if !any_day => 2,
                Weekday::Sunday if !any_day => 1,
                _ => 0,
            };
            let date = due.checked_add(off.days()).ok()?;
            let moved = (off > 0).then_some(due);
            Some(FollowupDay {
                day,
                date: date.to_string(),
                weekday: weekday(date.weekday()).to_owned(),
                moved_from: moved.map(|due| due.to_string()),
                moved_from_weekday: moved.map(|due| weekday(due.weekday()).to_owned()),
                title: String::new(),
                text: String::new(),
            })
        };
        DAYS.into_iter().map(one).collect()
    }

    /// Returns what the words of one of these days may tell of.
    pub fn followup_date(&self, meeting: Date, days: &[FollowupDay], at: usize) -> FollowupDateView {
        let confirmed = self.card.gaps.iter().filter(|gap| self.plan.is_work(gap)).count();
        FollowupDateView {
            header: self.header(None),
            one: days[at].clone(),
            meeting: meeting.to_string(),
            gaps: count(confirmed, "gap"),
            has_gaps: confirmed > 0,
            first_wave: self.first_wave(meeting),
            actions: count(self.all_actions().len(), "action"),
            next: days.iter().find(|next| next.date > days[at].date).map(|next| next.date.clone()),
        }
    }

    /// Returns the title of the first wave in which there is work and that is not over.
    fn first_wave(&self, meeting: Date) -> Option<String> {
        let waves = self.assessment.waves.iter().enumerate();
        let has_work =
            |(at, _): &(usize, &Wave)| !self.assessment.waves[*at].is_over(meeting) && self.plan.gaps_of(self.card, *at).next().is_some();
        waves.into_iter().find(has_work).map(|(_, wave)| wave.short_title().to_owned())
    }

    /// Returns every action: those with a date first, the soonest first. Overdue is what was due before the session.
    pub fn followup_actions(&self, meeting: Date) -> Vec<OwnedAction> {
        let owned = |(who, action): (Option<String>, ActionView)| {
            let is_overdue = action.due.as_deref().and_then(Date::parse).is_some_and(|due| due < meeting);
            OwnedAction { who, action: ActionView { is_overdue, ..action } }
        };
        let mut all: Vec<OwnedAction> = self.all_actions().into_iter().map(owned).collect();
        let place = |who: &str| self.kit.file.roles.iter().position(|role| role.title == who).unwrap_or(self.kit.file.roles.len());
        all.sort_by_key(|one| {
            let who = one.who.as_deref();
            (one.action.due.is_none(), one.action.due.clone(), who.is_none(), who.map(place), one.who.clone())
        });
        all
    }

    /// Returns what the entry of an action may tell of.
    pub fn followup_entry(&self, one: OwnedAction) -> FollowupEntryView {
        FollowupEntryView { header: self.header(None), who: one.who, action: one.action }
    }

    /// Returns the view of the list of actions.
    pub fn followup_action_list(&self, meeting: Date) -> FollowupActionsView {
        let all = self.followup_actions(meeting);
        let total = count(all.len(), "action");
        let (dated, undated) = all.into_iter().partition(|one| one.action.due.is_some());
        FollowupActionsView { header: self.header(None), meeting: meeting.to_string(), total, dated, undated }
    }

    /// Returns the view of the calendar.
    pub fn followup_calendar(&self, meeting: Date, days: Vec<FollowupDay>) -> FollowupCalendarView {
        let dated = self.all_actions().iter().filter(|(_, action)| action.due.is_some()).count();
        FollowupCalendarView {
            header: self.header(None),
            meeting: meeting.to_string(),
            meeting_words: in_words(meeting),
            has_moved: days.iter().any(|day| day.moved_from.is_some()),
            days,
            dated: (dated > 0).then(|| count(dated, "action")),
        }
    }

    /// Returns the view of the recap.
    pub fn followup_recap(&self, meeting: Date, days: Vec<FollowupDay>) -> FollowupRecapView {
        let is_of_day = |on: Option<Date>| on == Some(meeting);
        let answers = || self.assessment.answers.iter();
        let is_session = answers().any(|(_, answer)| is_of_day(answer.answered_on));
        let counts = |on: Option<Date>| !is_session || is_of_day(on);
        let is_spoken_about = |ix: CapabilityIx| {
            answers().any(|(instance, answer)| counts(answer.answered_on) && self.kit.question(instance.question).capability == ix)
        };
        let spoken: Vec<CapabilityIx> = self
            .card
            .capabilities
            .iter()
            .filter(|card| !is_silent(card))
            .map(|card| card.capability)
            .filter(|ix| is_spoken_about(*ix))
            .collect();
        let mut quotes = self.quotes_on(|ix| spoken.contains(&ix));
        quotes.truncate(FEW);
        let stands = |ix: &CapabilityIx| {
            let standing = self.standings(*ix).into_iter().find(|standing| standing.is_target && standing.has_score)?;
            let up_to = standing.level_high.map(|high| format!(", up to {high}")).unwrap_or_default();
            Some(SpokenView { title: self.capability_title(*ix), level: standing.level + &up_to, distance: standing.distance })
        };
        let results = if is_session { spoken.iter().filter_map(stands).collect() } else { Vec::new() };
        let spoken: Vec<String> = spoken.into_iter().map(|ix| self.capability_title(ix)).collect();
        let said = answers().filter(|(_, answer)| counts(answer.answered_on)).flat_map(|(_, answer)| &answer.by);
        let said: Vec<&str> = said.map(String::as_str).collect();
        let roles = self.kit.file.roles.iter().filter(|role| said.contains(&role.id.as_str())).map(|role| role.title.clone()).collect();
        let (standing, missing) = self.headline_parts();
        let (mut waiting, waiting_more, to_take) = self.decisions_needed();
        for one in &mut waiting {
            one.is_overdue = one.by.as_deref().and_then(Date::parse).is_some_and(|by| by < meeting);
        }
        let coverage = &self.card.coverage;
        let open = coverage.unanswered + coverage.dont_know + coverage.parked;
        let (from, _) = self.days();
        let mut decided = self.decided_between(from.as_deref(), &meeting.to_string());
        let decided_more = decided.len().saturating_sub(DECIDED);
        decided.truncate(DECIDED);
        let all = self.followup_actions(meeting);
        let total = all.len();
        let (mut actions, undated): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.action.due.is_some());
        let dated_more = actions.len().saturating_sub(IN_A_MAIL);
        actions.truncate(IN_A_MAIL);
        FollowupRecapView {
            header: self.header(None),
            meeting: meeting.to_string(),
            meeting_words: in_words(meeting),
            from,
            spoken,
            is_session,
            roles,
            coverage: resolved(coverage),
            quotes,
            results,
            strengths: self.top_strengths().into_iter().take(FEW).collect(),
            standing,
            missing,
            open: (open > 0).then(|| count(open, "question")),
            decided,
            decided_more,
            waiting,
            waiting_more,
            to_take: to_take.into_iter().map(|decision| decision.title).collect(),
            disagreed: self.disagreements(None).len(),
            total: (total > 0).then(|| count(total, "action")),
            actions,
            dated_more,
            undated: undated.len(),
            days: days.into_iter().skip(1).collect(),
        }
    }

    /// Returns the decisions that hold and were taken between two days, the latest first.
    fn decided_between(&self, from: Option<&str>, to: &str) -> Vec<DecidedView> {
        let holding = self.assessment.registers.decisions.iter().filter(|file| file.status.value.holds());
        let mut decided: Vec<DecidedView> = holding
            .filter_map(|file| {
                let on = file.decided_on.as_ref()?.value.to_string();
                let is_new = on.as_str() <= to && from.is_some_and(|from| on.as_str() >= from);
                let who = file.owner.as_ref().map(|who| self.kit.role_title(who).to_owned());
                let statement = file.statement.as_ref().map(|text| text.value.clone());
                is_new.then(|| DecidedView { title: file.title.value.clone(), statement, on, who })
            })
            .collect();
        decided.sort_by(|a, b| b.on.cmp(&a.on));
        decided
    }
}

/// Returns a date in words: "Thursday 22 October 2026".
fn in_words(date: Date) -> String {
    const MONTHS: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    let month = MONTHS[usize::try_from(date.0.month() - 1).unwrap_or_default()];
    format!("{} {} {month} {}", weekday(date.0.weekday()), date.0.day(), date.0.year())
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
