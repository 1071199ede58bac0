//! Running a network over the things of a form.

use super::look::{Answers, Look};
use super::{Group, Network};
use crate::formula::meter::is_wide;
use crate::formula::{Frame, Value};

/// What a network answers for one form: what asks for nothing of a thing is asked once.
pub struct Session<'v> {
    network: &'v Network,
    form: Frame<'v>,
    /// Conditions that may hold, by group: the form rules the others out.
    open: Vec<u64>,
    /// How long a text of a thing may be.
    longest: Option<usize>,
    of_form: Answers,
    of_thing: Answers,
}

/// What is to be done about a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// These conditions hold, and none else that the network can run; none at all.
    Settled,
    /// Its texts are so long, or a number so wide, that only [`Formula::holds`](crate::formula::Formula::holds) can
    /// tell.
    Open,
}

impl Network {
    /// Begins a form. The first names of every thing that it will be asked of have these values.
    pub fn session<'v>(&'v self, form: Frame<'v>) -> Session<'v> {
        let values = || self.of_form.iter().filter_map(|slot| form.get(*slot));
        let words = values().map(|value| if let Value::Words(list) = value { list.len() } else { 0 }).max();
        let longest = self.work.longest_text(words.unwrap_or(0));
        let (for_form, for_thing) = self.remembered;
        let mut session = Session {
            network: self,
            form,
            longest: longest.filter(|longest| values().all(|value| is_light(value, *longest))),
            open: Vec::with_capacity(self.groups.len()),
            of_form: Answers::of(for_form),
            of_thing: Answers::of(for_thing),
        };
        if session.longest.is_some() {
            for group in &self.groups {
                let open = session.look(Frame::default()).settle(&group.of_form, group.all());
                session.open.push(open);
            }
        }
        session
    }
}

impl Session<'_> {
    /// Adds the places of the conditions that hold of a thing, ascending, of those that the network can run.
    pub fn holding(&mut self, own: Frame<'_>, found: &mut Vec<usize>) -> Outlook {
        let network = self.network;
        let Some(longest) = self.longest else { return Outlook::Open };
        if !network.own.iter().all(|slot| own.get(*slot).is_none_or(|value| is_light(value, longest))) {
            return Outlook::Open;
        }
        self.of_thing.forget();
        for (index, group) in network.groups.iter().enumerate() {
            let open = self.open.get(index).copied().unwrap_or(0);
            let mut holding = self.look(own).settle(&group.of_thing, open);
            while holding != 0 {
                let bit = usize::try_from(holding.trailing_zeros()).unwrap_or(usize::MAX);
                holding &= holding - 1;
                found.extend(group.conditions.get(bit));
            }
        }
        Outlook::Settled
    }

    fn look<'x>(&'x mut self, own: Frame<'x>) -> Look<'x> {
        let (of_form, of_thing) = (&mut self.of_form, &mut self.of_thing);
        Look { network: self.network, form: self.form, own, of_form, of_thing }
    }
}

/// Whether a value costs no more than the network's bound counts for it.
fn is_light(value: &Value, longest: usize) -> bool {
    match value {
        Value::Text(text) => text.len() <= longest,
        Value::Number(number) => !is_wide(number),
        _ => true,
    }
}

impl Group {
    /// The bits of all its conditions.
    fn all(&self) -> u64 {
        u64::MAX.checked_shr(64_u32.saturating_sub(u32::try_from(self.conditions.len()).unwrap_or(64))).unwrap_or(0)
    }
}
