//! Sums over stored evaluations: grades, means, points lost, findings.

use std::collections::{BTreeMap, BTreeSet};

use super::{Filter, head};
use crate::app::wanted::Asker;
use crate::app::{App, Refusal};
use crate::quantity::{Exact, Points};
use crate::store::{Order, Query};
use crate::wire::head::Head;

/// Evaluations read at a time.
const STEP: usize = 500;
/// Groups that are told apart at most.
const MOST_GROUPS: usize = 1000;
/// Indicators that are told apart over all groups at most.
const MOST_INDICATORS: usize = 50_000;
/// Indicators and findings of a group that are shown.
const SHOWN: usize = 20;

/// What evaluations are added up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    All,
    ImplementingUnit,
    FiscalYear,
    RulePack,
}

/// Sums by group, in the order of their keys.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub groups: Vec<(String, Group)>,
    pub evaluations: u64,
    /// Groups beyond those that are told apart.
    pub omitted: usize,
}

/// The sums of one group.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Group {
    pub evaluations: u64,
    /// Id and title of each grade with its evaluations, most frequent first.
    pub grades: Vec<(String, String, u64)>,
    pub ungraded: u64,
    pub awarded_mean: Option<Points>,
    pub claimed_mean: Option<Points>,
    pub differing: u64,
    pub losses: Vec<Loss>,
    pub findings: Vec<FindingTally>,
}

/// What the rows of an indicator lost.
#[derive(Debug, PartialEq, Eq)]
pub struct Loss {
    pub dimension: String,
    pub name: String,
    pub possible: Exact,
    pub lost: Exact,
    pub rows: u64,
}

/// How often a finding stands.
#[derive(Debug, PartialEq, Eq)]
pub struct FindingTally {
    pub code: String,
    /// As the interface numbers it.
    pub severity: i32,
    pub evaluations: u64,
    pub times: u64,
}

impl App {
    /// Adds up every evaluation that the filter lets through.
    pub async fn summarize(&self, filter: Filter, grouping: Grouping) -> Result<Summary, Refusal> {
        filter.check()?;
        self.heavy(move |app, asker| app.sum(&filter, grouping, asker)).await
    }

    fn sum(&self, filter: &Filter, grouping: Grouping, asker: &Asker) -> Result<Summary, Refusal> {
        let mut sums = Sums::default();
        let mut query = Query { terms: filter.terms(), order: Order::NewestFirst, after: None, limit: STEP };
        loop {
            let found = self.store.find(&query)?;
            for record in &found.records {
                let head = head(record)?;
                if filter.admits(&head) {
                    sums.add(grouping, &head)?;
                }
            }
            query.after = found.next;
            if query.after.is_none() {
                return Ok(sums.summary());
            }
            if !asker.is_wanted() {
                return Err(Refusal::Abandoned);
            }
        }
    }
}

#[derive(Default)]
struct Sums {
    groups: BTreeMap<String, Sum>,
    evaluations: u64,
    omitted: BTreeSet<String>,
    indicators: usize,
}

#[derive(Default)]
struct Sum {
    evaluations: u64,
    grades: BTreeMap<(String, String), u64>,
    ungraded: u64,
    awarded: Mean,
    claimed: Mean,
    differing: u64,
    losses: BTreeMap<(String, String), (Total, Total, u64)>,
    /// Code → severity, evaluations, times.
    findings: BTreeMap<String, (i32, u64, u64)>,
}

#[derive(Default)]
struct Mean {
    total: Total,
    count: i64,
}

struct Total(Exact);

impl Default for Total {
    fn default() -> Self {
        Total(Exact::ZERO)
    }
}

impl Total {
    fn add(&mut self, points: Points) -> Result<(), Refusal> {
        self.0 = self.0.add(&points.to_exact()).map_err(|error| Refusal::Internal(error.to_string()))?;
        Ok(())
    }
}

impl Mean {
    fn add(&mut self, points: Option<Points>) -> Result<(), Refusal> {
        if let Some(points) = points {
            self.total.add(points)?;
            self.count += 1;
        }
        Ok(())
    }

    fn fixed(&self) -> Option<Points> {
        self.total.0.div(&Exact::from_i64(self.count)).ok().map(|mean| Points::fix(&mean))
    }
}

impl Sums {
    fn add(&mut self, grouping: Grouping, head: &Head) -> Result<(), Refusal> {
        self.evaluations += 1;
        let key = match grouping {
            Grouping::All => String::new(),
            Grouping::ImplementingUnit => head.implementing_unit().to_owned(),
            Grouping::FiscalYear => head.fiscal_year().to_string(),
            Grouping::RulePack => head.rule_pack().to_owned(),
        };
        if self.groups.len() >= MOST_GROUPS && !self.groups.contains_key(&key) {
            self.omitted.insert(key);
            return Ok(());
        }
        let room = MOST_INDICATORS.saturating_sub(self.indicators);
        let sum = self.groups.entry(key).or_default();
        let before = sum.losses.len();
        sum.add(head, room)?;
        self.indicators += sum.losses.len() - before;
        Ok(())
    }

    fn summary(self) -> Summary {
        let groups = self.groups.into_iter().map(|(key, sum)| (key, sum.group())).collect();
        Summary { groups, evaluations: self.evaluations, omitted: self.omitted.len() }
    }
}

impl Sum {
    fn add(&mut self, head: &Head, room: usize) -> Result<(), Refusal> {
        self.evaluations += 1;
        match head.grade() {
            Some((id, title)) => *self.grades.entry((id.to_owned(), title.to_owned())).or_default() += 1,
            None => self.ungraded += 1,
        }
        self.awarded.add(head.awarded())?;
        self.claimed.add(head.claimed())?;
        self.differing += u64::from(head.difference().is_some_and(|by| !by.is_zero()));
        let most = self.losses.len() + room;
        for row in head.scored_rows() {
            let key = (row.dimension.to_owned(), row.name.to_owned());
            if self.losses.len() >= most && !self.losses.contains_key(&key) {
                continue;
            }
            let (possible, lost, rows) = self.losses.entry(key).or_default();
            possible.add(row.possible)?;
            lost.add(row.possible.checked_sub(row.awarded).unwrap_or(Points::ZERO))?;
            *rows += 1;
        }
        let mut told = BTreeSet::new();
        for (code, severity) in head.findings() {
            let (_, evaluations, times) = self.findings.entry(code.to_owned()).or_insert((severity, 0, 0));
            *times += 1;
            *evaluations += u64::from(told.insert(code));
        }
        Ok(())
    }

    fn group(self) -> Group {
        let mut grades: Vec<_> = self.grades.into_iter().map(|((id, title), count)| (id, title, count)).collect();
        grades.sort_by_key(|grade| std::cmp::Reverse(grade.2));
        let losses = self.losses.into_iter().filter(|(_, (_, lost, _))| lost.0 > Exact::ZERO);
        let mut losses: Vec<Loss> = losses
            .map(|((dimension, name), (possible, lost, rows))| {
                let (possible, lost) = (possible.0, lost.0);
                Loss { dimension, name, possible, lost, rows }
            })
            .collect();
        losses.sort_by(|one, other| other.lost.cmp(&one.lost));
        losses.truncate(SHOWN);
        let tally = |(code, (severity, evaluations, times))| FindingTally { code, severity, evaluations, times };
        let mut findings: Vec<FindingTally> = self.findings.into_iter().map(tally).collect();
        findings.sort_by_key(|finding| std::cmp::Reverse((finding.evaluations, finding.times)));
        findings.truncate(SHOWN);
        Group {
            evaluations: self.evaluations,
            grades,
            ungraded: self.ungraded,
            awarded_mean: self.awarded.fixed(),
            claimed_mean: self.claimed.fixed(),
            differing: self.differing,
            losses,
            findings,
        }
    }
}
