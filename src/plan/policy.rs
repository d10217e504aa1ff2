//! Policy: what a pipeline demands of an assessment, held against its scores and its files.
//!
//! The rules stand under `policy:` in `opsready.yaml`; a flag of the command line wins over its key there, stricter or not. Days are
//! held against the day that the caller names. Nothing of it changes a score.

use crate::assessment::format::{Age, Policy};
use crate::assessment::planning::format::ActionStatus;
use crate::assessment::register::format::DecisionFile;
use crate::assessment::{Answer, Assessment, Instance, Response, State};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::kit::{CapabilityIx, EnvironmentIx, Kit, PracticeIx};
use crate::scoring::gap::Gap;
use crate::scoring::risk::QuestionRisk;
use crate::scoring::wording::{count, digits, percent, said};
use crate::scoring::{Scorecard, exceeds};
use crate::words;
use crate::yaml::record::{At, Date};
use std::fmt::Write;

words! {
    /// Something that a policy demands.
    pub enum Rule {
        /// Capabilities attain a level.
        MinLevel = "min-level",
        /// So many questions stand at high risk at most.
        MaxHighRisks = "max-high-risks",
        /// So many gaps are confirmed at most.
        MaxGaps = "max-gaps",
        /// Everything open has an owner.
        NoUnowned = "no-unowned",
        /// Evidence is no older than this.
        MaxEvidenceAge = "max-evidence-age",
        /// No accepted risk is past its day.
        NoExpiredAcceptance = "no-expired-acceptance",
        /// Nothing is past its day.
        NoOverdue = "no-overdue",
        /// So many questions are resolved at least.
        MinCoverage = "min-coverage",
    }
}

impl Rule {
    /// Returns what holds where the rule is kept, in a sentence without a full stop.
    pub fn title(self) -> &'static str {
        match self {
            Self::MinLevel => "Capabilities attain the level that is asked for",
            Self::MaxHighRisks => "No more questions stand at high risk than are allowed",
            Self::MaxGaps => "No more gaps are confirmed than are allowed",
            Self::NoUnowned => "Everything that is open has an owner",
            Self::MaxEvidenceAge => "Evidence is recent",
            Self::NoExpiredAcceptance => "No risk is accepted beyond its day",
            Self::NoOverdue => "Nothing is overdue",
            Self::MinCoverage => "Enough questions are resolved",
        }
    }
}

/// What the command line demands in the place of the file.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// Levels: of one capability, or of all that are not named.
    pub min_level: Vec<(Option<CapabilityIx>, i64)>,
    /// How many questions may stand at high risk.
    pub max_high_risks: Option<i64>,
    /// How many gaps may be confirmed.
    pub max_gaps: Option<i64>,
    /// Whether everything open must have an owner.
    pub no_unowned: Option<bool>,
    /// How old evidence may be.
    pub max_evidence_age: Option<Age>,
    /// Whether expired acceptances are a breach.
    pub no_expired_acceptance: Option<bool>,
    /// Whether what is overdue is a breach.
    pub no_overdue: Option<bool>,
    /// The percentage of questions that must be resolved.
    pub min_coverage: Option<f64>,
}

/// A demand, and who makes it.
#[derive(Clone, Debug, PartialEq)]
struct Asked<T> {
    value: T,
    /// Where the file makes it; nothing if a flag does.
    at: Option<Location>,
    /// What the file demands, where a flag stands in its place.
    instead: Option<T>,
}

/// A rule that is set, and what breaks it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The rule.
    pub rule: Rule,
    /// What is so, with the numbers, in a sentence without a full stop.
    pub finding: String,
    /// The flag that makes the demand, and what it stands in the place of; nothing if the file makes it.
    pub flag: Option<String>,
    /// What breaks it.
    pub breaches: Vec<Breach>,
}

/// One thing that breaks a rule.
#[derive(Clone, Debug)]
pub struct Breach {
    /// What it is about: it stays the same while numbers and lines change.
    pub subject: String,
    /// What is wrong, where, and what to do.
    pub diagnostic: Diagnostic,
}

/// Holds an assessment against its policy and the flags. A rule that nobody sets is not among those returned.
pub fn hold(kit: &Kit, assessment: &Assessment, card: &Scorecard, flags: &Flags, today: Date) -> Vec<Held> {
    Judge { kit, assessment, card, flags, today, policy: assessment.file.policy.as_ref() }.all()
}

/// Returns the rules that the file sets and a flag switches off.
pub fn switched_off(assessment: &Assessment, flags: &Flags) -> Vec<Rule> {
    let Some(policy) = &assessment.file.policy else { return Vec::new() };
    let switches = [
        (Rule::NoUnowned, &policy.no_unowned, flags.no_unowned),
        (Rule::NoExpiredAcceptance, &policy.no_expired_acceptance, flags.no_expired_acceptance),
        (Rule::NoOverdue, &policy.no_overdue, flags.no_overdue),
    ];
    let is_off = |(_, key, flag): &(Rule, &Option<At<bool>>, Option<bool>)| key.as_ref().is_some_and(|on| on.value) && *flag == Some(false);
    switches.into_iter().filter(is_off).map(|(rule, _, _)| rule).collect()
}

struct Judge<'j> {
    kit: &'j Kit,
    assessment: &'j Assessment,
    card: &'j Scorecard,
    flags: &'j Flags,
    today: Date,
    policy: Option<&'j Policy>,
}

impl Judge<'_> {
    fn all(&self) -> Vec<Held> {
        let flags = self.flags;
        let held = [
            self.min_level(),
            self.asked(flags.max_high_risks, |policy| policy.max_high_risks.as_ref()).map(|most| self.max_high_risks(&most)),
            self.asked(flags.max_gaps, |policy| policy.max_gaps.as_ref()).map(|most| self.max_gaps(&most)),
            self.wanted(flags.no_unowned, |policy| policy.no_unowned.as_ref()).map(|asked| self.no_unowned(&asked)),
            self.asked(flags.max_evidence_age, |policy| policy.max_evidence_age.as_ref()).map(|most| self.max_evidence_age(&most)),
            self.wanted(flags.no_expired_acceptance, |policy| policy.no_expired_acceptance.as_ref())
                .map(|asked| self.no_expired_acceptance(&asked)),
            self.wanted(flags.no_overdue, |policy| policy.no_overdue.as_ref()).map(|asked| self.no_overdue(&asked)),
            self.asked(flags.min_coverage, |policy| policy.min_coverage.as_ref()).map(|least| self.min_coverage(&least)),
        ];
        held.into_iter().flatten().collect()
    }

    /// Returns a demand: that of the flag, else that of the file.
    fn asked<T: Copy>(&self, flag: Option<T>, key: fn(&Policy) -> Option<&At<T>>) -> Option<Asked<T>> {
        let of_file = self.policy.and_then(key);
        match (flag, of_file) {
            (Some(value), of_file) => Some(Asked { value, at: None, instead: of_file.map(|asked| asked.value) }),
            (None, of_file) => of_file.map(|asked| Asked { value: asked.value, at: Some(self.in_file(asked)), instead: None }),
        }
    }

    /// Returns a demand that is on or off, where it is on.
    fn wanted(&self, flag: Option<bool>, key: fn(&Policy) -> Option<&At<bool>>) -> Option<Asked<bool>> {
        self.asked(flag, key).filter(|asked| asked.value)
    }

    fn in_file<T>(&self, value: &At<T>) -> Location {
        Location::new(&self.assessment.source, value.span)
    }

    fn held(rule: Rule, flag: Option<String>, finding: String, breaches: Vec<Breach>) -> Held {
        Held { rule, finding, flag, breaches }
    }

    /// Returns the level that is asked of a capability: that of the flag that names it, of the flag for all, of the key that names it,
    /// of the key for all.
    fn level_asked(&self, ix: CapabilityIx) -> Option<Asked<i64>> {
        let flag = |wanted: Option<CapabilityIx>| self.flags.min_level.iter().rev().find(|(named, _)| *named == wanted);
        let of_file = self.policy.and_then(|policy| policy.min_level.as_ref()).and_then(|levels| {
            let named = levels.capabilities.get(self.kit.capability_id(ix));
            named.or(levels.all.as_ref())
        });
        match flag(Some(ix)).or_else(|| flag(None)) {
            Some((_, value)) => Some(Asked { value: *value, at: None, instead: of_file.map(|level| level.value) }),
            None => of_file.map(|level| Asked { value: level.value, at: Some(self.in_file(level)), instead: None }),
        }
    }

    fn min_level(&self) -> Option<Held> {
        let mut breaches = Vec::new();
        let (mut asked_of, mut flagged, mut replaced) = (0, false, Vec::new());
        for one in &self.card.capabilities {
            let Some(asked) = self.level_asked(one.capability) else { continue };
            let id = self.kit.capability_id(one.capability);
            flagged |= asked.at.is_none();
            replaced.extend(asked.instead.map(|instead| format!("{instead} of {id}")));
            let Some(level) = one.score_in(self.assessment.target_environment).and_then(|score| score.level) else { continue };
            asked_of += 1;
            if level < asked.value {
                breaches.push(Breach { subject: id.to_owned(), diagnostic: self.too_low(one.capability, level, &asked) });
            }
        }
        if asked_of == 0 && !flagged && self.policy.is_none_or(|policy| policy.min_level.is_none()) {
            return None;
        }
        let finding = match (asked_of, breaches.len()) {
            (0, _) => "no capability in scope has a level".to_owned(),
            (all, 0) => format!("{} {} what is asked for", capabilities(all), if all == 1 { "attains" } else { "attain" }),
            (all, low) => format!("{low} of {} attain less than is asked for", capabilities(all)),
        };
        let flag = flagged.then(|| flag_words("--min-level", &replaced.join(", ")));
        Some(Self::held(Rule::MinLevel, flag, finding, breaches))
    }

    fn too_low(&self, ix: CapabilityIx, level: i64, asked: &Asked<i64>) -> Diagnostic {
        let (id, target) = (self.kit.capability_id(ix), self.assessment.target_environment);
        let mut message =
            format!("`{id}` is at level {level} in {}, and the policy asks for {}", self.kit.environment_id(target), asked.value);
        let card = self.card.card(ix);
        if card.is_some_and(|card| !card.is_assessed(target)) {
            message.push_str("; nothing of it is answered yet");
        } else if let Some(score) = card.and_then(|card| card.score_in(target)) {
            let held: Vec<String> = score.held_by.iter().take(3).map(|practice| self.with_credit(*practice, target)).collect();
            if !held.is_empty() {
                let more = score.held_by.len().saturating_sub(held.len());
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                let _ = write!(message, "; held by {}{more}", held.join(", "));
            }
            if let Some(high) = score.level_high.filter(|high| *high >= asked.value) {
                let _ = write!(message, "; open questions can bring it to level {high}");
            }
        }
        let at = asked.at.clone().or_else(|| self.capability_at(ix));
        placed(Code::LevelBelowPolicy, at, message).help("`opsready explain CAPABILITY` shows how the level came about")
    }

    fn with_credit(&self, practice: PracticeIx, environment: EnvironmentIx) -> String {
        let credit = self.card.credit(practice, environment).map_or(0.0, |credit| credit.low);
        format!("`{}` ({})", self.kit.practice(practice).id, digits(credit))
    }

    /// Returns where `opsready.yaml` names a capability.
    fn capability_at(&self, ix: CapabilityIx) -> Option<Location> {
        let id = self.kit.capability_id(ix);
        let named = self.assessment.file.capabilities.iter().find(|(named, _)| named.value == id);
        named.map(|(named, _)| self.in_file(named))
    }

    fn max_high_risks(&self, most: &Asked<i64>) -> Held {
        let high = self.card.risks.high;
        let is_kept = is_at_most(high, most.value);
        let finding = format!("{} at high risk; {} allowed", stand(high), most.value);
        let questions = self.card.capabilities.iter().flat_map(|one| &one.questions).filter(|question| question.risk == QuestionRisk::High);
        let breach = |instance: Instance| {
            let key = instance.key(self.kit);
            let answer = self.assessment.answer(instance);
            let said = answer.map(|answer| said(self.kit, instance, &answer.response)).unwrap_or_default();
            let message = format!("`{key}` stands at high risk ({}; {} allowed): {}", do_so(high), most.value, quoted(&said));
            let at = answer.and_then(|answer| answer.at.clone());
            let diagnostic = placed(Code::TooManyHighRisks, at.or_else(|| most.at.clone()), message);
            let help = "close the gap behind it, or allow more; `opsready explain QUESTION` shows what it risks";
            Breach { subject: key, diagnostic: diagnostic.help(help) }
        };
        let breaches = if is_kept { Vec::new() } else { questions.map(|question| breach(question.instance)).collect() };
        Self::held(Rule::MaxHighRisks, number_flag("--max-high-risks", most), finding, breaches)
    }

    fn max_gaps(&self, most: &Asked<i64>) -> Held {
        let all = self.work().count();
        let finding = format!("{} {} confirmed; {} allowed", count(all, "gap"), if all == 1 { "is" } else { "are" }, most.value);
        let breach = |gap: &Gap| {
            let message = format!("{} is a confirmed gap (of {all}; {} allowed)", self.practice_words(gap), most.value);
            let diagnostic = placed(Code::TooManyGaps, self.gap_at(gap).or_else(|| most.at.clone()), message);
            Breach { subject: self.gap_key(gap), diagnostic: diagnostic.help("close gaps, or allow more") }
        };
        let breaches = if is_at_most(all, most.value) { Vec::new() } else { self.work().map(breach).collect() };
        Self::held(Rule::MaxGaps, number_flag("--max-gaps", most), finding, breaches)
    }

    fn practice_words(&self, gap: &Gap) -> String {
        let practice = self.kit.practice(gap.practice);
        format!("`{}` of `{}`", practice.id, self.kit.capability_id(practice.capability))
    }

    fn gap_key(&self, gap: &Gap) -> String {
        format!("{}@{}", self.kit.practice(gap.practice).id, self.kit.environment_id(gap.environment))
    }

    /// Returns where a gap is planned, else the answer that shows it.
    fn gap_at(&self, gap: &Gap) -> Option<Location> {
        let planned = self.assessment.planning.practice(gap.practice);
        let links = || self.card.practice(gap.practice, gap.environment).into_iter().flat_map(|score| &score.links);
        let answers = || links().filter(|link| exceeds(1.0, link.value.low)).filter_map(|link| self.assessment.answer(link.instance));
        planned.map(|planned| Location::new(&planned.source, planned.id.span)).or_else(|| answers().find_map(|answer| answer.at.clone()))
    }

    /// Goes through the confirmed gaps with which nobody has accepted to live until today or longer.
    fn work(&self) -> impl Iterator<Item = &Gap> {
        let is_accepted = |gap: &Gap| self.assessment.planning.acceptance(gap.practice, Some(self.today)).is_some();
        self.card.gaps.iter().filter(move |gap| gap.is_confirmed() && !is_accepted(gap))
    }

    fn no_unowned(&self, asked: &Asked<bool>) -> Held {
        let mut breaches = Vec::new();
        let mut all = 0;
        let mut ask = |is_owned: bool, subject: String, at: Option<Location>, message: String, help: &str| {
            all += 1;
            if !is_owned {
                breaches.push(Breach { subject, diagnostic: placed(Code::NoOwner, at, message).help(help) });
            }
        };
        for gap in self.work() {
            let is_owned = is_somebody(self.assessment.planning.owner(self.kit, gap.practice));
            let message = format!("nobody closes the gap {}", self.practice_words(gap));
            let help =
                "name an owner, of the practice or of the whole capability: `opsready plan set`, or `owner` in `plan/CAPABILITY.yaml`";
            let at = if is_owned { None } else { self.gap_at(gap) };
            ask(is_owned, self.gap_key(gap), at, message, help);
        }
        for (instance, answer, owner, _) in self.dont_knows() {
            let key = instance.key(self.kit);
            let message = format!("nobody finds out the answer to `{key}`");
            ask(is_somebody(owner), key, answer.at.clone(), message, "name who does, with `owner` under `dont_know`");
        }
        for risk in self.assessment.registers.risks.iter().filter(|risk| !risk.is_closed()) {
            let owner = risk.owner.as_ref().map(|owner| owner.value.as_str());
            let at = self.assessment.registers.place("risks", risk.id.as_str(), risk.id.span);
            let message = format!("nobody owns the {} `{}`", risk.kind.value, risk.id);
            ask(is_somebody(owner), risk.id.as_str().to_owned(), at, message, "name an `owner` in its file");
        }
        let finding = match (all, breaches.len()) {
            (0, _) => "nothing is open".to_owned(),
            (all, 0) => format!("{} open, {} an owner", things(all), if all == 1 { "with" } else { "each with" }),
            (all, without) => format!("{without} of {} open {} no owner", things(all), if without == 1 { "has" } else { "have" }),
        };
        Self::held(Rule::NoUnowned, switch_flag("--no-unowned", asked), finding, breaches)
    }

    /// Goes through the visible askings that nobody could answer: who finds out, and by when.
    fn dont_knows(&self) -> impl Iterator<Item = (Instance, &Answer, Option<&str>, Option<Date>)> {
        let questions = self.card.capabilities.iter().flat_map(|one| &one.questions).filter(|one| one.state == State::DontKnow);
        questions.filter_map(|question| {
            let answer = self.assessment.answer(question.instance)?;
            match &answer.response {
                Response::DontKnow { owner, due, .. } => Some((question.instance, answer, owner.as_deref(), *due)),
                _ => None,
            }
        })
    }

    fn max_evidence_age(&self, most: &Asked<Age>) -> Held {
        let oldest = most.value.before(self.today);
        let (mut all, mut breaches) = (0, Vec::new());
        let questions = self.card.capabilities.iter().flat_map(|one| &one.questions).filter(|question| question.has_evidence);
        for question in questions {
            let Some(answer) = self.assessment.answer(question.instance) else { continue };
            let key = question.instance.key(self.kit);
            for evidence in &answer.evidence {
                all += 1;
                let name = evidence.title.as_deref().or(evidence.link.as_deref()).unwrap_or_default();
                let message = match evidence.collected {
                    None => format!("the evidence {} for `{key}` has no date, so nobody knows how old it is", quoted(name)),
                    Some(day) if oldest.is_some_and(|oldest| day < oldest) => {
                        let age = count(usize::try_from((self.today.0 - day.0).get_days()).unwrap_or(0), "day");
                        format!(
                            "the evidence {} for `{key}` was collected on {day}, {age} ago; the policy allows {}",
                            quoted(name),
                            most.value
                        )
                    }
                    Some(_) => continue,
                };
                let help = "look at it again, and write the day into `collected`";
                let at = answer.at.clone().or_else(|| most.at.clone());
                breaches.push(Breach { subject: format!("{key} {name}"), diagnostic: placed(Code::OldEvidence, at, message).help(help) });
            }
        }
        let pieces = if all == 1 { "1 piece of evidence".to_owned() } else { format!("{all} pieces of evidence") };
        let finding = match (all, breaches.len()) {
            (0, _) => "there is no evidence".to_owned(),
            (_, 0) => format!("{pieces}, none older than {}", most.value),
            (_, old) => format!("{old} of {pieces} {} older than {} or without a date", if old == 1 { "is" } else { "are" }, most.value),
        };
        let flag =
            most.at.is_none().then(|| flag_words("--max-evidence-age", &most.instead.map(|age| age.to_string()).unwrap_or_default()));
        Self::held(Rule::MaxEvidenceAge, flag, finding, breaches)
    }

    fn no_expired_acceptance(&self, asked: &Asked<bool>) -> Held {
        let (mut all, mut breaches) = (0, Vec::new());
        // What is in place needs no acceptance any more.
        for gap in &self.card.gaps {
            let Some(planned) = self.assessment.planning.practice(gap.practice) else { continue };
            let Some(accepted) = &planned.accepted else { continue };
            all += 1;
            if planned.expired(self.today).is_some() {
                let (until, approver) = (&accepted.value.expires, &accepted.value.approver);
                let message = format!(
                    "the risk of {} was accepted until {}, {} ago, by {}; the gap counts as open",
                    self.practice_words(gap),
                    until.value,
                    self.days_since(until.value),
                    quoted(approver)
                );
                let at = Some(Location::new(&planned.source, until.span));
                let help = "accept it anew with a later `expires`, or take `accepted` away and close the gap";
                breaches.push(Breach { subject: self.gap_key(gap), diagnostic: placed(Code::ExpiredAcceptance, at, message).help(help) });
            }
        }
        let finding = match (all, breaches.len()) {
            (0, _) => "no risk of a gap is accepted".to_owned(),
            (all, 0) => format!("{}, none beyond its day", count(all, "accepted risk")),
            (all, ended) => {
                let are = if ended == 1 { "is beyond its day" } else { "are beyond their day" };
                format!("{ended} of {} {are}", count(all, "accepted risk"))
            }
        };
        Self::held(Rule::NoExpiredAcceptance, switch_flag("--no-expired-acceptance", asked), finding, breaches)
    }

    /// Returns how long ago a day was.
    fn days_since(&self, day: Date) -> String {
        count(usize::try_from((self.today.0 - day.0).get_days()).unwrap_or(0), "day")
    }

    fn no_overdue(&self, asked: &Asked<bool>) -> Held {
        let mut breaches = Vec::new();
        let mut late = |subject: String, due: Date, at: Option<Location>, what: String, help: &str| {
            if due < self.today {
                let message = format!("{what} was due on {due}, {} ago", self.days_since(due));
                let diagnostic = placed(Code::Overdue, at, message).help(help);
                breaches.push(Breach { subject, diagnostic });
            }
        };
        let mut all = 0;
        for gap in self.work() {
            let Some(planned) = self.assessment.planning.practice(gap.practice) else { continue };
            if let Some(due) = planned.due.as_ref().filter(|_| planned.status != Some(ActionStatus::Done)) {
                all += 1;
                let at = Some(Location::new(&planned.source, due.span));
                let what = format!("closing the gap {}", self.practice_words(gap));
                late(self.gap_key(gap), due.value, at, what, "close it, or agree on another day with `due` in its plan");
            }
        }
        for (instance, answer, _, due) in self.dont_knows() {
            if let Some(due) = due {
                all += 1;
                let key = instance.key(self.kit);
                late(key.clone(), due, answer.at.clone(), format!("the answer to `{key}`"), "answer it, or agree on another day");
            }
        }
        for risk in self.assessment.registers.risks.iter().filter(|risk| !risk.is_closed()) {
            let at = |span| self.assessment.registers.place("risks", risk.id.as_str(), span);
            let subject = |what: &str| format!("{} {what}", risk.id);
            if let Some(due) = &risk.due {
                all += 1;
                let what = format!("the {} `{}`", risk.kind.value, risk.id);
                late(subject("due"), due.value, at(due.span), what, "close it, or agree on another day");
            }
            if let Some(review) = &risk.review_on {
                all += 1;
                let what = format!("the review of the {} `{}`", risk.kind.value, risk.id);
                late(subject("review"), review.value, at(review.span), what, "look at it again, and write the next day into `review_on`");
            }
        }
        let holds = |decision: &&DecisionFile| decision.status.value.holds();
        for decision in self.assessment.registers.decisions.iter().filter(holds) {
            if let Some(review) = &decision.review_on {
                all += 1;
                let at = self.assessment.registers.place("decisions", decision.id.as_str(), review.span);
                let what = format!("the review of the decision `{}`", decision.id);
                let help = "look at it again, and write the next day into `review_on`";
                late(decision.id.as_str().to_owned(), review.value, at, what, help);
            }
        }
        let finding = match (all, breaches.len()) {
            (0, _) => "nothing has a day by which it is due".to_owned(),
            (all, 0) => format!("{} with a day, none in the past", things(all)),
            (all, late) => format!("{late} of {} with a day {} overdue", things(all), if late == 1 { "is" } else { "are" }),
        };
        Self::held(Rule::NoOverdue, switch_flag("--no-overdue", asked), finding, breaches)
    }

    fn min_coverage(&self, least: &Asked<f64>) -> Held {
        let coverage = &self.card.coverage;
        let resolved = coverage.answered + coverage.not_applicable;
        let share = coverage.share();
        let finding = match share {
            Some(share) => format!(
                "{resolved} of {} resolved ({}); {} % asked for",
                count(coverage.visible, "question"),
                percent(share),
                digits(least.value)
            ),
            None => "no question is asked".to_owned(),
        };
        let is_low = share.is_some_and(|share| exceeds(least.value, share * 100.0));
        let breach = || {
            let mut open: Vec<(usize, &str)> = (self.card.capabilities.iter())
                .map(|one| {
                    let left = one.coverage.visible - one.coverage.answered - one.coverage.not_applicable;
                    (left, self.kit.capability_id(one.capability))
                })
                .filter(|(left, _)| *left > 0)
                .collect();
            open.sort_by_key(|(left, _)| std::cmp::Reverse(*left));
            let most: Vec<String> = open.iter().take(3).map(|(left, id)| format!("`{id}` ({left})")).collect();
            let message = format!(
                "{resolved} of {} resolved ({}), and the policy asks for {} %; most are open in {}",
                if coverage.visible == 1 { "1 question is".to_owned() } else { format!("{} questions are", coverage.visible) },
                share.map(percent).unwrap_or_default(),
                digits(least.value),
                most.join(", ")
            );
            let diagnostic = placed(Code::CoverageBelowPolicy, least.at.clone(), message);
            Breach {
                subject: "coverage".to_owned(),
                diagnostic: diagnostic.help("`opsready status` shows what is open, `opsready discover` asks it"),
            }
        };
        let breaches = if is_low { vec![breach()] } else { Vec::new() };
        let flag = least.at.is_none().then(|| flag_words("--min-coverage", &least.instead.map(digits).unwrap_or_default()));
        Self::held(Rule::MinCoverage, flag, finding, breaches)
    }
}

/// Returns an error at a place, where there is one.
fn placed(code: Code, at: Option<Location>, message: String) -> Diagnostic {
    Diagnostic { location: at, ..Diagnostic::placeless(code, message) }
}

/// Returns that a flag makes a demand, and in whose place.
fn flag_words(flag: &str, instead: &str) -> String {
    if instead.is_empty() { format!("set by `{flag}`") } else { format!("set by `{flag}`, in place of {instead} in `opsready.yaml`") }
}

fn number_flag(flag: &str, asked: &Asked<i64>) -> Option<String> {
    asked.at.is_none().then(|| flag_words(flag, &asked.instead.map(|most| most.to_string()).unwrap_or_default()))
}

fn switch_flag(flag: &str, asked: &Asked<bool>) -> Option<String> {
    // What is on in both is no news.
    asked.at.is_none().then(|| flag_words(flag, if asked.instead == Some(false) { "false" } else { "" }))
}

fn is_at_most(number: usize, most: i64) -> bool {
    i64::try_from(number).is_ok_and(|number| number <= most)
}

fn is_somebody(owner: Option<&str>) -> bool {
    owner.is_some_and(|owner| !owner.trim().is_empty())
}

fn capabilities(number: usize) -> String {
    if number == 1 { "1 capability".to_owned() } else { format!("{number} capabilities") }
}

fn things(number: usize) -> String {
    if number == 1 { "1 thing".to_owned() } else { format!("{number} things") }
}

fn do_so(number: usize) -> String {
    if number == 1 { "1 does".to_owned() } else { format!("{number} do") }
}

fn stand(number: usize) -> String {
    if number == 1 { "1 question stands".to_owned() } else { format!("{number} questions stand") }
}

/// The longest text of a person that a message repeats, in characters.
const LONGEST: usize = 60;

/// Returns what a person wrote in quotes, on one line and not too long.
fn quoted(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("“{short}”")
}
