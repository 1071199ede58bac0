//! All forms together: how many change and how, how far, from which grade to which, in which rows.

use std::collections::BTreeMap;

use super::title;
use crate::cli::impact::Told;
use crate::cli::layout::{Cell, Column, Ink, Screen, Table, visible};
use crate::diagnostic::{Lang, Severity};
use crate::impact::{Bin, Change, GradeMove, Impact, RowTally, Standing};
use crate::quantity::Exact;
use crate::ruleset::RuleBook;

/// Cells of the longest bar.
const BAR: usize = 32;
/// The most lines of a table that may have many.
const MOST_LINES: usize = 10;

pub(super) fn text(told: &Told<'_>, impact: &Impact, screen: Screen) -> String {
    let mut out = sums(told, impact, screen);
    if impact.changes.is_empty() {
        return out;
    }
    out.push_str(&histogram(impact, screen));
    out.push_str(&migration(told, impact, screen));
    out.push_str(&rows(told, impact, screen));
    out.push_str(&findings(impact, screen));
    out
}

fn sums(told: &Told<'_>, impact: &Impact, screen: Screen) -> String {
    let (forms, changed) = (impact.forms, impact.changed);
    let zh = screen.lang == Lang::Zh;
    let mut out = title(screen.pick("得分的变化", "Changes of scores"));
    if forms == 0 {
        out.push_str(&format!("  {}\n", screen.pick("没有一张表可比。", "There is no form to compare.")));
        return out;
    }
    let ink = if changed == 0 { Ink::Good } else { Ink::Strong };
    let first = if zh {
        format!("{forms} 张表中 {changed} 张的得分有变化")
    } else {
        format!("{changed} of {forms} forms change their scores")
    };
    out.push_str(&format!("  {}\n", ink.paint(&first)));
    let mut line = |text: String| out.push_str(&format!("  {text}\n"));
    let counts: Vec<String> = Change::ALL
        .iter()
        .filter_map(|change| Some((change.title(), impact.changes.get(change)?)))
        .map(|(title, count)| format!("{} {count}", title.get(screen.lang)))
        .collect();
    if !counts.is_empty() {
        line(Ink::Faint.paint(&counts.join(screen.pick("，", ", "))));
    }
    let deltas = &impact.deltas;
    if !deltas.largest().is_zero() {
        let (sum, loss, gain) = (signed(deltas.sum()), deltas.largest_loss(), deltas.largest_gain());
        let gain = signed(&gain.to_exact());
        line(if zh {
            format!("认定得分合计 {sum}；一张表最多减到 {loss}，最多增到 {gain}")
        } else {
            format!("points awarded in all {sum}; of one form at most {loss} and {gain}")
        });
    }
    let moves = |which| impact.grades.moves(which);
    let (down, up, lost, gained) =
        (moves(GradeMove::Down), moves(GradeMove::Up), moves(GradeMove::Lost), moves(GradeMove::Gained));
    if down + up + lost + gained > 0 {
        let text = if zh {
            format!("等级：{down} 张降，{up} 张升，{lost} 张失去，{gained} 张新得")
        } else {
            format!("grades: {down} drop, {up} rise, {lost} are lost, {gained} are new")
        };
        line(if down + lost > 0 { Ink::Bad.paint(&text) } else { text });
    }
    if told.repeated + told.refused > 0 {
        let (repeated, refused) = (told.repeated, told.refused);
        line(Ink::Faint.paint(&if zh {
            format!("另有 {repeated} 张与前面的完全相同，只算一次；{refused} 张不能作为自评表接受")
        } else {
            format!("{repeated} more are the same as others and count once; {refused} are not accepted")
        }));
    }
    out
}

/// With its sign, unless it is zero.
pub(super) fn signed(number: &Exact) -> String {
    if number.is_negative() || number.is_zero() { number.to_string() } else { format!("+{number}") }
}

fn histogram(impact: &Impact, screen: Screen) -> String {
    let bins = impact.deltas.histogram();
    let moved = || bins.iter().filter(|bin| bin.sign != 0);
    let most = moved().map(|bin| bin.forms).max().unwrap_or(0);
    if most == 0 {
        return String::new();
    }
    let mut table = Table::new(vec![Column::right(""), Column::right(""), Column::short("")]);
    let from = bins.iter().position(|bin| bin.forms > 0).unwrap_or(0);
    let to = bins.iter().rposition(|bin| bin.forms > 0).unwrap_or(0);
    for bin in bins.iter().take(to + 1).skip(from) {
        let ink = match bin.sign {
            -1 => Ink::Bad,
            1 => Ink::Good,
            _ => Ink::Faint,
        };
        // Those that do not move would hide the others.
        let bar = if bin.sign == 0 { 0 } else { (bin.forms * BAR).div_ceil(most) };
        table.row(vec![Cell::new(stretch(bin)), Cell::new(bin.forms.to_string()), Cell::new("█".repeat(bar)).ink(ink)]);
    }
    format!(
        "{}{}",
        title(screen.pick("认定得分的变动（分 · 表数）", "Points awarded: change · forms")),
        table.render(screen.width)
    )
}

/// `−5 < … ≤ −2`: which end belongs to a bin is said by its sign.
fn stretch(bin: &Bin) -> String {
    let Bin { near, far, sign, .. } = bin;
    match (sign, far) {
        (0, _) => "0".to_owned(),
        (-1, None) => format!("≤ {near}"),
        (-1, Some(far)) if *near == 0 => format!("{far} < … < 0"),
        (-1, Some(far)) => format!("{far} < … ≤ {near}"),
        (_, None) => format!("≥ {near}"),
        (_, Some(far)) if *near == 0 => format!("0 < … < {far}"),
        (_, Some(far)) => format!("{near} ≤ … < {far}"),
    }
}

fn migration(told: &Told<'_>, impact: &Impact, screen: Screen) -> String {
    if impact.grades.counts().all(|(old, new, _)| old == new) {
        return String::new();
    }
    let order = standings(told, impact);
    let label = |standing: &Standing| match standing {
        Standing::Graded { id, title } => screen.pick(title, id).to_owned(),
        Standing::Ungraded => screen.pick("无等级", "none").to_owned(),
        Standing::NoRules => screen.pick("无规则", "no rules").to_owned(),
    };
    let mut columns = vec![Column::short(screen.pick("原 ＼ 新", "old \\ new"))];
    columns.extend(order.iter().map(|standing| Column::right(&label(standing))));
    let mut table = Table::new(columns);
    for (at, old) in order.iter().enumerate() {
        let mut cells = vec![Cell::new(label(old))];
        for (place, new) in order.iter().enumerate() {
            let count = impact.grades.of(old, new);
            let ink = match place.cmp(&at) {
                _ if count == 0 => Ink::Faint,
                std::cmp::Ordering::Less => Ink::Good,
                std::cmp::Ordering::Equal => Ink::Plain,
                std::cmp::Ordering::Greater => Ink::Bad,
            };
            cells.push(Cell::new(if count == 0 { "·".to_owned() } else { count.to_string() }).ink(ink));
        }
        table.row(cells);
    }
    format!("{}{}", title(screen.pick("等级的变化（表数）", "Grades: forms")), table.render(screen.width))
}

/// Every standing that occurs, the best first.
fn standings(told: &Told<'_>, impact: &Impact) -> Vec<Standing> {
    let mut lows: BTreeMap<&str, Exact> = BTreeMap::new();
    for band in told.books.iter().flat_map(|book| book.sets()).flat_map(|set| &set.bands) {
        let low = lows.entry(&band.id).or_insert_with(|| band.points.low.clone());
        *low = low.clone().max(band.points.low.clone());
    }
    let mut all: Vec<Standing> = impact.grades.counts().flat_map(|(old, new, _)| [old.clone(), new.clone()]).collect();
    let rank = |standing: &Standing| match standing {
        Standing::Graded { id, .. } => (0, lows.get(id.as_str()).map(Exact::neg)),
        Standing::Ungraded => (1, None),
        Standing::NoRules => (2, None),
    };
    all.sort_by(|one, other| rank(one).cmp(&rank(other)).then_with(|| one.cmp(other)));
    all.dedup();
    all
}

fn rows(told: &Told<'_>, impact: &Impact, screen: Screen) -> String {
    let rows = &impact.rows;
    let [_, new] = told.books;
    let categories = rows
        .by_category
        .iter()
        .map(|((dimension, category), tally)| (category_title(new, dimension, category, screen), tally));
    let names = rows.by_name.iter().map(|(name, tally)| (visible(name), tally));
    let entries = rows.by_entry.iter().map(|((old, new), tally)| {
        let (old, new) = (entry(old), entry(new));
        (if old == new { old } else { format!("{old} → {new}") }, tally)
    });
    [
        tallies(screen.pick("按二级指标", "By category"), categories.collect(), screen),
        tallies(screen.pick("按三级指标", "By indicator"), names.collect(), screen),
        tallies(screen.pick("按计分条目", "By scoring entry"), entries.collect(), screen),
    ]
    .concat()
}

fn entry(id: &str) -> String {
    if id.is_empty() { "—".to_owned() } else { id.to_owned() }
}

/// The titles of the pack that knows the ids; the execution has none.
pub(super) fn category_title(book: &RuleBook, dimension: &str, category: &str, screen: Screen) -> String {
    if dimension.is_empty() && category.is_empty() {
        return screen.pick("预算执行", "Execution").to_owned();
    }
    let printed = || format!("{} · {}", visible(dimension), visible(category));
    if screen.lang == Lang::En {
        return printed();
    }
    let known = book.sets().find_map(|set| {
        let dimension = set.structure.dimension(dimension)?;
        let category = set.structure.category(Some(dimension), category)?;
        Some(format!("{} · {}", dimension.title(), category.title()))
    });
    known.unwrap_or_else(printed)
}

/// Those with the most changes.
fn tallies(name: &str, mut all: Vec<(String, &RowTally)>, screen: Screen) -> String {
    all.retain(|(_, tally)| tally.changed > 0);
    if all.is_empty() {
        return String::new();
    }
    all.sort_by(|(one, a), (other, b)| b.changed.cmp(&a.changed).then_with(|| one.cmp(other)));
    let left_out = all.len().saturating_sub(MOST_LINES);
    let mut table = Table::new(vec![
        Column::text(""),
        Column::right(screen.pick("行数", "rows")),
        Column::number(screen.pick("合计", "in all")),
        Column::number(screen.pick("最多减", "most lost")),
        Column::number(screen.pick("最多增", "most gained")),
    ]);
    for (label, tally) in all.iter().take(MOST_LINES) {
        let deltas = &tally.deltas;
        table.row(vec![
            Cell::new(label.as_str()),
            Cell::new(tally.changed.to_string()),
            Cell::new(deltas.sum().to_string()),
            Cell::new(deltas.largest_loss().to_string()),
            Cell::new(deltas.largest_gain().to_string()),
        ]);
    }
    let more = match (left_out, screen.lang) {
        (0, _) => String::new(),
        (more, Lang::Zh) => format!("{}\n", Ink::Faint.paint(&format!("……另有 {more} 项，见 --json"))),
        (more, Lang::En) => format!("{}\n", Ink::Faint.paint(&format!("… and {more} more: see --json"))),
    };
    format!("{}{}{more}", title(name), table.render(screen.width))
}

fn findings(impact: &Impact, screen: Screen) -> String {
    if impact.findings.is_empty() {
        return String::new();
    }
    let mut table = Table::new(vec![
        Column::short(""),
        Column::short(""),
        Column::right(screen.pick("新增", "new")),
        Column::right(screen.pick("消失", "gone")),
    ]);
    for (code, tally) in &impact.findings {
        let (sign, ink) = match tally.severity {
            Some(Severity::Error) => ("×", Ink::Bad),
            Some(Severity::Warning) => ("!", Ink::Warn),
            _ => ("·", Ink::Place),
        };
        table.row(vec![
            Cell::new(sign).ink(ink),
            Cell::new(code.as_str()),
            Cell::new(tally.appear.to_string()),
            Cell::new(tally.vanish.to_string()),
        ]);
    }
    format!("{}{}", title(screen.pick("校验问题", "Findings")), table.render(screen.width))
}
