//! What differs, one question after the other: each decision is on disk before the next.

use super::super::ask::{Farewell, line, wrapped};
use super::super::output::{Exit, Output, Refusal};
use super::{Arguments, askings, load, meant, say_decision, show, who};
use crate::assessment::Instance;
use crate::assessment::reconcile::{Asking, Settlement, settle};
use crate::scoring::wording::{count, stated};
use crate::workspace::Workspace;

/// What the facilitator says to one question.
enum Word {
    Decided,
    Skipped,
    Quit,
    /// Somebody else wrote meanwhile, so it is asked again.
    Stale,
}

pub(super) fn run(
    arguments: &Arguments,
    global: &super::super::Global,
    workspace: &Workspace,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    if output.is_json() || !global.may_ask() {
        let help = "write `opsready reconcile QUESTION[@ENV] --choose ID --reason TEXT` for each; `opsready reconcile` lists them";
        return Err(Refusal::because("`--interactive` needs a terminal", Some(help.to_owned())));
    }
    let farewell = Farewell::on_interrupt("Stopped. What was decided is on disk; `opsready reconcile --interactive` goes on.")?;
    let mut passed: Vec<Instance> = Vec::new();
    let mut decided = 0;
    loop {
        let (loaded, respondents) = load(workspace, output)?;
        let meant = meant(&loaded.kit, &arguments.names)?;
        let all = askings(&loaded, &respondents, &meant);
        let open: Vec<&Asking<'_>> = all.iter().filter(|asking| asking.is_to_decide() && !passed.contains(&asking.instance)).collect();
        let Some(next) = open.first() else { break };
        output.note(&format!("\n{} to decide", count(open.len(), "question")));
        output.note(&wrapped(show::asking(&loaded.kit, next).trim_end(), output.width()));
        let word = ask(&farewell, workspace, &loaded, next, arguments, output)?;
        match word {
            Word::Decided => decided += 1,
            Word::Skipped => {}
            Word::Stale => {
                output.note("somebody wrote an answer meanwhile: here it is again");
                continue;
            }
            Word::Quit => break,
        }
        passed.push(next.instance);
    }
    output.line(format!("{} decided.", count(decided, "question")))?;
    Ok(Exit::Done)
}

fn ask(
    farewell: &Farewell,
    workspace: &Workspace,
    loaded: &crate::workspace::Loaded,
    asking: &Asking<'_>,
    arguments: &Arguments,
    output: &mut Output,
) -> anyhow::Result<Word> {
    let kit = &loaded.kit;
    // What is agreed and nobody says any more can be kept, too.
    let agreed = asking.agreed().map(|agreed| &agreed.response).filter(|response| asking.side(response).is_none());
    let mut choices: Vec<_> = asking.sides.iter().map(|side| (side.response, who(kit, side))).collect();
    if let Some(response) = agreed {
        choices.push((response, "as agreed so far".to_owned()));
        output.note(&format!("    {}. {} (as agreed so far)", choices.len(), show::tame(&stated(kit, asking.instance, response))));
    }
    if choices.is_empty() {
        output.note(&format!("    Nobody answered it: `opsready answer {} …` records what holds.", asking.instance.key(kit)));
        return Ok(Word::Skipped);
    }
    let (response, _) = loop {
        let prompt = format!("Which holds? 1 to {}, s skips, q quits:", choices.len());
        let Some(word) = line(&prompt, output)? else { return Ok(Word::Quit) };
        match word.as_str() {
            "s" => return Ok(Word::Skipped),
            "q" => return Ok(Word::Quit),
            number => match number.parse::<usize>().ok().and_then(|number| choices.get(number.checked_sub(1)?)) {
                Some(choice) => break choice,
                None => output.note(&format!("write a number from 1 to {}, `s` or `q`", choices.len())),
            },
        }
    };
    let reason = loop {
        let Some(reason) = line("Why?", output)? else { return Ok(Word::Quit) };
        if !reason.is_empty() {
            break reason;
        }
        output.note("a decision needs its reason: it is what the minority reads");
    };
    let settlement = Settlement { response, reason: Some(&reason), by: &[], on: super::super::output::today() };
    let shown = show::asking(kit, asking);
    let written = farewell.undisturbed(|| -> anyhow::Result<_> {
        let _lock = workspace.lock()?;
        let now = workspace.load()?;
        let (respondents, _) = workspace.responses(&now)?;
        let meant = meant(&now.kit, &arguments.names)?;
        let all = askings(&now, &respondents, &meant);
        let Some(still) = all.iter().find(|one| one.instance == asking.instance && show::asking(&now.kit, one) == shown) else {
            return Ok(None);
        };
        let changes = settle(&now.kit, still, &settlement);
        Ok(Some(workspace.put_answer(&now, asking.instance, &changes)?))
    })?;
    let Some(new) = written else { return Ok(Word::Stale) };
    say_decision(kit, &new, asking.instance, output)?;
    Ok(Word::Decided)
}
