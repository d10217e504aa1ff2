//! From scores to views: the parts that several documents share.

use super::{
    AnswerView, CapabilityRow, DecisionView, EvidenceView, GapView, Header, Level, MinorityView, OpenQuestion, OptionView, PracticeLink,
    SeenIn, Standing,
};
use crate::assessment::format::Minority;
use crate::assessment::reconcile::response_of;
use crate::assessment::{Answer, Assessment, Instance, Plain, Response, State};
use crate::document::links::anchor;
use crate::kit::format::{Decision, QuestionType};
use crate::kit::{AnswerOption, CapabilityIx, EnvironmentIx, Kit, PracticeIx};
use crate::plan::Plan;
use crate::plan::progress::Progress;
use crate::scoring::gap::Gap;
use crate::scoring::link::{self, Basis, Link};
use crate::scoring::risk::QuestionRisk;
use crate::scoring::wording::{count, percent, percent_between, said, stated};
use crate::scoring::{CapabilityScore, Scorecard, exceeds};

/// How many answers a gap names.
const SEEN_IN: usize = 3;

/// Makes views.
#[derive(Clone, Copy)]
pub struct Maker<'m> {
    /// The kit.
    pub kit: &'m Kit,
    /// The assessment.
    pub assessment: &'m Assessment,
    /// Its scores.
    pub card: &'m Scorecard,
    /// Its waves.
    pub plan: &'m Plan,
    /// How it moved since its last milestone.
    pub progress: Option<&'m Progress>,
}

impl Maker<'_> {
    /// Returns what a document shows of itself: one on a capability has the date of that capability, so that answers to another
    /// leave it as it is.
    pub(super) fn header(&self, capability: Option<CapabilityIx>) -> Header {
        let file = &self.assessment.file;
        Header {
            customer: file.customer.value.clone(),
            classification: file.classification.clone(),
            scope: file.scope.clone(),
            mode: file.mode.clone(),
            assessment: file.id.value.0.clone(),
            date: self.assessment.latest(self.kit, capability).map(|date| date.to_string()),
            kit_id: self.kit.file.id.value.0.clone(),
            kit_title: self.kit.file.title.value.clone(),
            kit_version: self.kit.file.version.value.0.clone() + if self.kit.is_overlaid { " with own changes" } else { "" },
            environments: self.assessment.environments.iter().map(|e| self.kit.environment_title(*e).to_owned()).collect(),
            target_environment: self.kit.environment_title(self.assessment.target_environment).to_owned(),
        }
    }

    pub(super) fn level(&self, number: i64) -> Level {
        let of_scale = self.kit.file.scale.iter().find(|of_scale| of_scale.level.value == number);
        Level {
            number,
            name: of_scale.map(|level| level.name.clone()).unwrap_or_default(),
            meaning: of_scale.and_then(|level| level.meaning.clone()),
        }
    }

    pub(super) fn level_text(&self, number: i64) -> String {
        format!("{number} {}", self.kit.level_name(number).unwrap_or_default()).trim_end().to_owned()
    }

    pub(super) fn practice_link(&self, ix: PracticeIx) -> PracticeLink {
        let practice = self.kit.practice(ix);
        PracticeLink { anchor: self.anchor(ix), id: practice.id.clone(), title: self.title(ix) }
    }

    /// Returns the anchor of a practice's heading in the design document: a viewer numbers headings that are alike.
    fn anchor(&self, ix: PracticeIx) -> Option<String> {
        let capability = self.kit.practice(ix).capability;
        let file = &self.kit.capability(capability).file;
        let target = self.assessment.scope(capability).target;
        let mut headings = vec![anchor(&format!("{}: design", file.title)), anchor("Readiness state"), anchor("Practices")];
        for level in self.kit.base()..=target {
            headings.push(anchor(&format!("Level {}", self.level_text(level))));
            for practice in self.kit.practices_of(capability).filter(|practice| self.kit.practice(*practice).level == level) {
                let own = anchor(&self.title(practice));
                if practice == ix {
                    let alike = headings.iter().filter(|heading| **heading == own).count();
                    return Some(if alike == 0 { own } else { format!("{own}-{alike}") });
                }
                headings.push(own);
            }
        }
        None
    }

    pub(super) fn title(&self, practice: PracticeIx) -> String {
        self.kit.practice_file(practice).title.value.clone()
    }

    pub(super) fn capability_title(&self, ix: CapabilityIx) -> String {
        self.kit.capability(ix).file.title.value.clone()
    }

    pub(super) fn standing(&self, capability: CapabilityIx, environment: EnvironmentIx, score: &CapabilityScore) -> Standing {
        let target = self.assessment.scope(capability).target;
        let is_assessed = self.card.card(capability).is_some_and(|card| card.is_assessed(environment));
        if !is_assessed && score.score.is_some() {
            return self.not_assessed(environment);
        }
        let distance = match score.level {
            None => "nothing applies".to_owned(),
            Some(level) if level >= target => "at target".to_owned(),
            Some(level) => format!("{} below target", count(usize::try_from(target - level).unwrap_or_default(), "level")),
        };
        let range = score.score.filter(|score| score.is_seen_open());
        Standing {
            environment: self.kit.environment_title(environment).to_owned(),
            is_target: environment == self.assessment.target_environment,
            has_score: score.score.is_some(),
            level: score.level.map_or_else(|| "not applicable".to_owned(), |level| self.level_text(level)),
            level_high: score.level_high.filter(|high| Some(*high) != score.level).map(|high| self.level_text(high)),
            score: score.score.map_or_else(|| "none".to_owned(), |score| format!("{:.1}", score.low)),
            range: range.map(|score| format!("{:.1} to {:.1}", score.low, score.high)),
            is_at_target: score.level.is_some_and(|level| level >= target),
            distance,
            held_by: score.held_by.iter().map(|practice| self.practice_link(*practice)).collect(),
        }
    }

    /// Returns the standing where no question is answered: there is no result yet.
    fn not_assessed(&self, environment: EnvironmentIx) -> Standing {
        Standing {
            environment: self.kit.environment_title(environment).to_owned(),
            is_target: environment == self.assessment.target_environment,
            has_score: false,
            level: "not assessed".to_owned(),
            level_high: None,
            score: "–".to_owned(),
            range: None,
            is_at_target: false,
            distance: String::new(),
            held_by: Vec::new(),
        }
    }

    pub(super) fn standings(&self, capability: CapabilityIx) -> Vec<Standing> {
        let card = self.card.card(capability);
        card.into_iter().flat_map(|card| &card.environments).map(|(e, score)| self.standing(capability, *e, score)).collect()
    }

    pub(super) fn capability_rows(&self) -> Vec<CapabilityRow> {
        let row = |card: &crate::scoring::CapabilityCard| {
            let ix = card.capability;
            let scope = self.assessment.scope(ix);
            let file = &self.kit.capability(ix).file;
            let group = file.group.as_ref().and_then(|id| self.kit.file.groups.iter().find(|group| group.id.value == id.value));
            CapabilityRow {
                id: file.id.value.0.clone(),
                title: file.title.value.clone(),
                group: group.map(|group| group.title.clone()),
                target: self.level_text(scope.target),
                importance: Plain(scope.importance).to_string(),
                standings: self.standings(ix),
                coverage: card.coverage.share().map_or_else(|| "none".to_owned(), percent),
                gaps: self.card.gaps.iter().filter(|gap| gap.is_confirmed() && self.kit.practice(gap.practice).capability == ix).count(),
                since: self.since(ix),
                documents: Vec::new(),
            }
        };
        self.card.capabilities.iter().map(row).collect()
    }

    pub(super) fn gaps(&self, confirmed: bool, capability: Option<CapabilityIx>) -> Vec<GapView> {
        let of_list = self.card.gaps.iter().filter(|gap| gap.is_confirmed() == confirmed);
        of_list
            .filter(|gap| capability.is_none_or(|ix| self.kit.practice(gap.practice).capability == ix))
            .map(|gap| self.gap(gap))
            .collect()
    }

    /// Returns the confirmed gaps that weigh most on their own, whatever must come before them.
    pub(super) fn heaviest_gaps(&self, count: usize) -> Vec<GapView> {
        let mut confirmed: Vec<&Gap> = self.card.gaps.iter().filter(|gap| gap.is_confirmed()).collect();
        confirmed.sort_by(|a, b| {
            let level = |gap: &Gap| self.kit.practice(gap.practice).level;
            b.priority.total_cmp(&a.priority).then(level(a).cmp(&level(b)))
        });
        confirmed.into_iter().take(count).map(|gap| self.gap(gap)).collect()
    }

    pub(super) fn gap(&self, gap: &Gap) -> GapView {
        let practice = self.kit.practice(gap.practice);
        let file = self.kit.practice_file(gap.practice);
        let is_gap = |ix: &&PracticeIx| self.card.gaps.iter().any(|other| other.practice == **ix);
        let links = self.card.practice(gap.practice, gap.environment).map(|score| score.links.as_slice()).unwrap_or_default();
        // The answers that show least of it say most about the gap.
        let mut weak: Vec<&Link> = links.iter().filter(|link| exceeds(1.0, link.value.high)).collect();
        weak.sort_by(|a, b| a.value.high.total_cmp(&b.value.high));
        let shown: Vec<SeenIn> = weak.into_iter().filter_map(|link| self.seen_in(link, gap.practice)).collect();
        let wave = self.plan.wave(gap.practice).and_then(|wave| self.assessment.waves.get(wave));
        let (decisions, risks) = self.bearing_on(&practice.id);
        GapView {
            practice: self.practice_link(gap.practice),
            capability: self.capability_title(practice.capability),
            capability_id: self.kit.capability_id(practice.capability).to_owned(),
            statement: file.statement.as_ref().map(|text| text.value.clone()),
            rationale: file.rationale.as_ref().map(|text| text.value.clone()),
            environment: self.kit.environment_title(gap.environment).to_owned(),
            is_elsewhere: gap.environment != self.assessment.target_environment,
            level: practice.level,
            in_place: percent_between(gap.credit),
            risk: practice.risk.word().to_owned(),
            effort: practice.effort.title().to_owned(),
            priority: format!("{:.1}", gap.priority),
            wave_short: wave.map(|wave| wave.short_title().to_owned()),
            wave: wave.map(|wave| wave.title.clone()),
            decisions,
            risks,
            planned: self.planned_words(gap.practice),
            requires: practice.requires.iter().filter(is_gap).map(|ix| self.title(*ix)).collect(),
            seen_more: shown.len().saturating_sub(SEEN_IN),
            seen_in: shown.into_iter().take(SEEN_IN).collect(),
            waits_for: links.iter().filter(|link| link.value.is_open()).filter_map(|link| self.waits_for(link)).collect(),
        }
    }

    /// Returns the answer that shows a gap. Of a checklist that is what was not ticked.
    fn seen_in(&self, link: &Link, practice: PracticeIx) -> Option<SeenIn> {
        /// How many statements are named.
        const NAMED: usize = 3;
        let answer = self.assessment.answer(link.instance).filter(|_| link.basis == Basis::Answered)?;
        let ask = self.kit.question_file(link.instance.question).ask.value.clone();
        let question = self.kit.question(link.instance.question);
        let is_missing = |(at, option): &(usize, &AnswerOption)| {
            option.credit(practice) > 0.0 && !answer.response.has_chosen(*at) && !answer.response.does_not_apply(*at)
        };
        let missing: Vec<&str> = match (question.kind, &answer.response) {
            (QuestionType::Multi, Response::Choices { chosen, .. }) if !chosen.is_empty() => {
                question.options.iter().enumerate().filter(is_missing).map(|(_, option)| option.label.trim_end_matches('.')).collect()
            }
            _ => Vec::new(),
        };
        let more = missing.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let said = if missing.is_empty() {
            said(self.kit, link.instance, &answer.response)
        } else {
            format!("Not ticked: {}{more}.", missing[..missing.len().min(NAMED)].join("; "))
        };
        Some(SeenIn { ask, answer: said })
    }

    fn waits_for(&self, link: &Link) -> Option<OpenQuestion> {
        match link.basis {
            Basis::Open(_) => Some(self.open_question(link.instance)),
            _ => None,
        }
    }

    pub(super) fn environment_of(&self, instance: Instance) -> Option<String> {
        instance.environment.map(|environment| self.kit.environment_title(environment).to_owned())
    }

    pub(super) fn open_question(&self, instance: Instance) -> OpenQuestion {
        let question = self.kit.question(instance.question);
        let file = self.kit.question_file(instance.question);
        let roles = || file.roles.iter().map(|role| self.kit.role_title(role.as_str()).to_owned()).collect();
        let answer = self.assessment.answer(instance);
        let own_note = answer.and_then(|answer| answer.note.clone());
        let (who, is_owned, due, note) = match answer.map(|answer| &answer.response) {
            Some(Response::DontKnow { owner, due, note }) => {
                let who = owner.as_ref().map_or_else(roles, |owner| vec![self.kit.role_title(owner).to_owned()]);
                (who, owner.is_some(), due.map(|due| due.to_string()), note.clone().or(own_note))
            }
            Some(Response::Parked { note }) => (roles(), false, None, note.clone().or(own_note)),
            _ => (roles(), false, None, own_note),
        };
        let applies = |practice: &&PracticeIx| match instance.environment {
            Some(environment) => self.kit.practice(**practice).applies_in(environment),
            None => true,
        };
        OpenQuestion {
            ask: file.ask.value.clone(),
            key: instance.key(self.kit),
            environment: self.environment_of(instance),
            capability: self.capability_title(question.capability),
            capability_id: self.kit.capability_id(question.capability).to_owned(),
            state: self.assessment.state(instance).title().to_owned(),
            who,
            is_owned,
            due,
            note,
            practices: question.credits.iter().filter(applies).map(|ix| self.title(*ix)).collect(),
        }
    }

    pub(super) fn open_questions(&self, capability: Option<CapabilityIx>) -> Vec<OpenQuestion> {
        let cards = self.card.capabilities.iter().filter(|card| capability.is_none_or(|ix| card.capability == ix));
        let open = |state: State| {
            let questions = cards.clone().flat_map(|card| &card.questions).filter(move |question| question.state == state);
            questions.map(|question| self.open_question(question.instance)).collect::<Vec<_>>()
        };
        [State::DontKnow, State::Parked, State::Unanswered].into_iter().flat_map(open).collect()
    }

    pub(super) fn answer(&self, instance: Instance, answer: &Answer, risk: QuestionRisk) -> AnswerView {
        let question = self.kit.question(instance.question);
        let names = |ids: &[String]| ids.iter().map(|id| self.kit.role_title(id).to_owned()).collect::<Vec<_>>();
        let label = |option: &usize| question.options[*option].label.clone();
        let (answers, left_out) = match &answer.response {
            Response::Choices { chosen, not_applicable } if !chosen.is_empty() => {
                (chosen.iter().map(label).collect(), not_applicable.iter().map(label).collect())
            }
            Response::Choices { not_applicable, .. } => {
                (vec![said(self.kit, instance, &answer.response)], not_applicable.iter().map(label).collect())
            }
            response => (vec![said(self.kit, instance, response)], Vec::new()),
        };
        let evidence = |one: &crate::assessment::format::Evidence| EvidenceView {
            title: one.title.clone().or_else(|| one.link.clone()).unwrap_or_else(|| "evidence".to_owned()),
            link: one.link.clone().unwrap_or_default(),
            collected: one.collected.map(|date| date.to_string()),
        };
        AnswerView {
            ask: self.kit.question_file(instance.question).ask.value.clone(),
            key: instance.key(self.kit),
            answers,
            left_out,
            note: answer.note.clone(),
            by: names(&answer.by),
            on: answer.answered_on.map(|date| date.to_string()),
            evidence: answer.evidence.iter().map(evidence).collect(),
            minority: answer.minority.iter().map(|one| self.minority(instance, one)).collect(),
            is_alarming: self.is_alarming(instance, risk),
        }
    }

    /// Returns true if an answer means a high risk and shows nothing of the practices that the target asks for.
    pub(super) fn is_alarming(&self, instance: Instance, risk: QuestionRisk) -> bool {
        let question = self.kit.question(instance.question);
        let target = self.assessment.scope(question.capability).target;
        let wanted = question.credits.iter().filter(|ix| self.kit.practice(**ix).level <= target);
        let shown = |ix: &PracticeIx| {
            link::link(self.kit, self.assessment, &self.card.visibility, *ix, instance).is_some_and(|link| exceeds(link.value.low, 0.0))
        };
        risk == QuestionRisk::High && !wanted.clone().any(shown) && wanted.count() > 0
    }

    pub(super) fn minority(&self, instance: Instance, one: &Minority) -> MinorityView {
        let response = response_of(self.kit, instance.question, one);
        // What a choice was called before the kit changed is still worth showing.
        let old = || one.choose.as_ref().map(|chosen| chosen.strings().join("; "));
        let note = one.not_applicable.iter().filter_map(|given| given.note.as_deref()).chain(one.note.as_deref()).collect::<Vec<_>>();
        MinorityView {
            by: one.by.strings().iter().map(|id| self.kit.role_title(id).to_owned()).collect(),
            answer: response.map(|response| stated(self.kit, instance, &response)).or_else(old),
            note: (!note.is_empty()).then(|| note.join("\n\n")),
        }
    }

    pub(super) fn decision(&self, capability: CapabilityIx, decision: &Decision) -> DecisionView {
        DecisionView {
            title: decision.title.clone(),
            capability: self.capability_title(capability),
            capability_id: self.kit.capability_id(capability).to_owned(),
            context: decision.context.clone(),
            options: (decision.options.iter())
                .map(|option| OptionView { title: option.title.clone(), consequence: option.consequence.clone() })
                .collect(),
            recommendation: decision.recommendation.clone(),
            taken: self.taken(capability, decision.id.as_str()),
        }
    }
}
