use super::{Cell, Column, Ink, Table, visible, width, wrap};

#[test]
fn a_text_is_measured_in_cells() {
    for (text, cells) in
        [("", 0), ("abc", 3), ("中文", 4), ("8 × 91.76% ÷ 95%", 16), ("“①”–", 4), ("ａ１", 4), ("e\u{301}", 1)]
    {
        assert_eq!(width(text), cells, "{text}");
    }
}

#[test]
fn what_could_steer_the_terminal_is_not_shown() {
    assert_eq!(visible("a\u{1b}[31mb"), "a\u{FFFD}[31mb");
    assert_eq!(visible("1\u{202E}2\u{200B}3\t4\n5\r"), "123 4 5");
}

#[test]
fn lines_break_as_chinese_does() {
    for (text, cells, lines) in [
        ("", 10, vec![""]),
        ("大型活动不少于1场，其他", 10, vec!["大型活动不", "少于1场，", "其他"]),
        ("按计划（全年）推进", 8, vec!["按计划", "（全年）", "推进"]),
        ("9 × 1场 ÷ 1场 = 9", 8, vec!["9 × 1场", "÷ 1场", "= 9"]),
        ("评判 [0.8, 1]", 12, vec!["评判", "[0.8, 1]"]),
        ("8 × 91.76% ÷ 95% = 7.73", 12, vec!["8 × 91.76%", "÷ 95% = 7.73"]),
        ("one two  three", 8, vec!["one two", "three"]),
        ("440307220601500400009", 8, vec!["44030722", "06015004", "00009"]),
        ("一\n\n二", 8, vec!["一", "", "二"]),
        ("中", 1, vec!["中"]),
    ] {
        assert_eq!(wrap(text, cells), lines, "{text}");
    }
}

#[test]
fn no_line_is_wider_than_asked_and_none_of_the_text_is_lost() {
    let text = "1场（第五届中国国际进口博览会龙岗区产业招商系列活动）, 100% of 95％。  ‘x’ ——";
    for cells in 2..60 {
        let lines = wrap(text, cells);
        assert!(lines.iter().all(|line| width(line) <= cells), "{cells}: {lines:?}");
        let kept: String = lines.concat().chars().filter(|c| *c != ' ').collect();
        assert_eq!(kept, text.chars().filter(|c| *c != ' ').collect::<String>());
    }
}

#[test]
fn columns_stay_aligned_under_wide_text() {
    let mut table = Table::new(vec![Column::text("名称"), Column::number("分值"), Column::right("核算")]);
    table.row(vec![Cell::new("招商活动"), Cell::new("9.18"), Cell::new("6.4 – 8")]);
    table.row(vec![Cell::new("x"), Cell::new("10").ink(Ink::Plain), Cell::new("—")]);
    table.rule('─');
    table.row(vec![Cell::new("合计").over(2), Cell::new("12")]);
    let rendered = anstream::adapter::strip_str(&table.render(80)).to_string();
    assert_eq!(
        rendered,
        "名称       分值     核算\n\
         ────────────────────────\n\
         招商活动   9.18  6.4 – 8\n\
         x         10           —\n\
         ────────────────────────\n\
         合计                  12\n"
    );
}

#[test]
fn a_table_fits_the_screen() {
    let long = "推广我区营商环境，增加我区美誉度、信誉度及企业知名度".repeat(3);
    let mut table = Table::new(vec![Column::text("a"), Column::text("b"), Column::short("c")]);
    table.row(vec![Cell::new(long.as_str()), Cell::new(long.as_str()), Cell::new("短")]);
    for screen in [20, 40, 80] {
        let rendered = anstream::adapter::strip_str(&table.render(screen)).to_string();
        assert!(rendered.lines().all(|line| width(line) <= screen), "{rendered}");
    }
}
