//! Indicator rows with their texts read.

mod groups;
mod regional;

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use super::facts::says_not_applicable;
use super::repeats::{self, Echoes};
use crate::diagnostic::Bilingual;
use crate::form::{Form, Indicator};
use crate::formula::Value;
use crate::quantity::day_count;
use crate::reading::{
    CellReading, Comparison, Kind, Lexicon, Meeting, Met, Reading, Row, Side, meet, read, structured,
};
use crate::ruleset::{Role, RuleSet};
pub(super) use groups::Sharing;
pub(super) use regional::cells;

/// How a row was read: what its score, and whoever is shown it, looks back at.
#[derive(Debug, Clone, PartialEq)]
pub struct RowRead {
    /// From zero.
    pub index: usize,
    /// Ids of the pack, or the printed titles where it knows none.
    pub dimension: String,
    pub category: String,
    pub name: String,
    pub target: Reading,
    pub actual: Reading,
    pub(super) meeting: Meeting,
}

impl RowRead {
    /// A row that somebody else read and judged.
    pub fn told(index: usize, [dimension, category, name]: [String; 3], cells: [Reading; 2], meeting: Meeting) -> Self {
        let [target, actual] = cells;
        RowRead { index, dimension, category, name, target, actual, meeting }
    }

    /// `indicators[5]`
    pub fn field(&self) -> String {
        format!("indicators[{}]", self.index)
    }

    pub fn met(&self) -> Met {
        self.meeting.met
    }

    /// Why [`RowRead::met`] is what it is.
    pub fn reason(&self) -> Bilingual {
        self.meeting.reason()
    }
}

/// What is known of a row before it is scored.
#[derive(PartialEq)]
pub(super) struct ReadRow<'f> {
    pub indicator: &'f Indicator,
    pub read: Arc<RowRead>,
    pub dimension_known: bool,
    pub category_known: bool,
    /// The unit of the row's own column for it; empty where there is none.
    pub unit: Cow<'f, str>,
    /// The printed text says another value than the structure beside it.
    pub target_contradicts: bool,
    pub actual_contradicts: bool,
    /// The target, the actual or, where both are blank, the name says 不适用.
    pub not_applicable: bool,
    /// The last day of the date that the target or the actual tells, as a count of days.
    pub target_day: Option<i64>,
    pub actual_day: Option<i64>,
    pub sharing: Sharing,
    pub echoes: Echoes,
    /// By the columns that the rules declare.
    pub columns: Vec<Value>,
    /// Titles of columns whose cells are not the number they should be.
    pub unreadable: Vec<String>,
}

impl Deref for ReadRow<'_> {
    type Target = RowRead;

    fn deref(&self) -> &RowRead {
        &self.read
    }
}

/// All rows of a form, in its order.
pub(super) fn read_rows<'f>(rules: &RuleSet, form: &'f Form) -> Vec<ReadRow<'f>> {
    let mut rows: Vec<ReadRow<'f>> =
        form.indicators().iter().enumerate().map(|(index, row)| read_row(rules, form, (index, row))).collect();
    groups::find(rules, &mut rows);
    repeats::mark(&mut rows);
    rows
}

fn read_row<'f>(rules: &RuleSet, form: &Form, (index, indicator): (usize, &'f Indicator)) -> ReadRow<'f> {
    let dimension = rules.structure.dimension(indicator.dimension());
    let category = rules.structure.category(dimension, indicator.category());
    let unit = unit_of(rules, indicator);
    let row = Row {
        dimension: indicator.dimension(),
        category: indicator.category(),
        name: indicator.name(),
        unit: &unit,
        fiscal_year: Some(form.fiscal_year().get()),
    };
    let target = target_of(rules, indicator, &row);
    let actual = structured(indicator.actual(), indicator.actual_structured(), &row, Side::Actual, &rules.lexicon);
    let meeting = meet(target.compared(), actual.compared(), &row, &rules.lexicon);
    let (target_contradicts, actual_contradicts) = (target.contradicts, actual.contradicts);
    let (target, actual) = (target.reading, actual.reading);
    let nothing_said = target.kind() == Kind::Blank && actual.kind() == Kind::Blank;
    let named = || says_not_applicable(&read(indicator.name(), &row, Side::Target, &rules.lexicon));
    let not_applicable = says_not_applicable(&target) || says_not_applicable(&actual) || (nothing_said && named());
    let (target_day, actual_day) = (last_day(&target, form), last_day(&actual, form));
    let cells = cells(&rules.structure.columns, indicator.attributes(), form.funds().unit());
    let read = RowRead {
        index,
        dimension: dimension.map_or_else(|| indicator.dimension().to_owned(), |found| found.id.clone()),
        category: category.map_or_else(|| indicator.category().to_owned(), |found| found.id.clone()),
        name: indicator.name().to_owned(),
        target,
        actual,
        meeting,
    };
    ReadRow {
        indicator,
        read: Arc::new(read),
        dimension_known: dimension.is_some(),
        category_known: category.is_some(),
        unit,
        target_contradicts,
        actual_contradicts,
        not_applicable,
        target_day,
        actual_day,
        sharing: Sharing::ALONE,
        echoes: Echoes::default(),
        columns: cells.values,
        unreadable: cells.unreadable,
    }
}

/// A date without a year lies in the form's.
fn last_day(reading: &Reading, form: &Form) -> Option<i64> {
    let last = reading.date()?.in_year(Some(form.fiscal_year().get())).last;
    day_count(last.year?, last.month, last.day)
}

/// What the row's column of units says, without a note in brackets: `%(百分比)` is %. A dash is none.
fn unit_of<'f>(rules: &RuleSet, indicator: &'f Indicator) -> Cow<'f, str> {
    let Some(printed) = rules.structure.role_of(Role::Unit, indicator) else { return Cow::Borrowed("") };
    let end = printed.find(['(', '（']).filter(|end| *end > 0).unwrap_or(printed.len());
    let unit = printed.get(..end).unwrap_or(printed).trim();
    let says_none = matches!(kind_of(unit, &rules.lexicon), Kind::NotApplicable | Kind::Blank);
    Cow::Borrowed(if says_none { "" } else { unit })
}

fn kind_of(text: &str, lexicon: &Lexicon) -> Kind {
    read(text, &Row::default(), Side::Target, lexicon).kind()
}

/// The target, read with the comparator of the row's column for it where the two make a bound: `≥` and `95`. Words
/// (定性 before 有效) and a target that says nothing are read by themselves.
fn target_of(rules: &RuleSet, indicator: &Indicator, row: &Row<'_>) -> CellReading {
    let lexicon = &rules.lexicon;
    let of = |text: &str| structured(text, indicator.target_structured(), row, Side::Target, lexicon);
    let sign = rules.structure.role_of(Role::Comparator, indicator).map(str::trim).unwrap_or_default();
    let printed = indicator.target();
    if sign.is_empty() || printed.trim().is_empty() {
        return of(printed);
    }
    let alone = of(printed);
    if alone.reading.comparison().is_some_and(|said| said != Comparison::Exactly) {
        return alone;
    }
    let joined = format!("{sign}{}", printed.trim());
    match read(&joined, row, Side::Target, lexicon).kind() {
        Kind::Number | Kind::Range | Kind::Date => of(&joined),
        _ => alone,
    }
}
