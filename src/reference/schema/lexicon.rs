//! `lexicon.yaml`.
//!
//! Nothing in an entry is required: an overlay adds words to an entry that says the rest.

use super::scoring::{comparison_title, direction_title};
use super::shape::{Shape, by_id, choice, flag, mapping, positive, text, texts, whole, written};
use crate::reading::{Comparison, Direction};

/// Sections that are one list of words.
const PLAIN: &[(&str, &str)] = &[
    ("between", "连接区间两端的词和符号：至、到、—"),
    ("plus_minus", "正负：±"),
    ("minus", "负：负、零下"),
    ("per", "每、／：万元/人"),
    ("each", "每一个：每人、每户"),
    ("fillers", "可以站在比较词和数之间的词：总额、预算"),
    ("inclusive", "边界算在内：含、（含）"),
    ("exclusive", "边界不算在内：不含"),
    ("levels", "说的是达到的水平：提高到"),
    ("origins", "说的是从前：由、从"),
    ("ordinals", "后面的数是第几：第"),
    ("labels", "看着像数，其实是名称"),
    ("conditions", "说条件的词：其后的数不作数"),
    ("name_endings", "使前面的词成为名称：合格率 的 率"),
    ("plans", "说的是计划数：计划、目标"),
    ("actuals", "说的是完成数：实际、完成"),
    ("parts", "说的是其中一部分：其中、包括"),
    ("beginnings", "只说开始了，没说做完：开工、启动"),
    ("averages", "说的是每一个的数：户均、人均、单价"),
    ("exceptions", "后面的数不在其内：除、除了"),
    ("progress", "旁边的百分数是做到了哪一步：完成、进度"),
    ("occasions", "一年里的某一段，哪天不知道：春节、秋季学期"),
    ("next_year", "次年、翌年"),
    ("shortfalls", "数的是欠缺的部分：尚缺、还差"),
    ("surpluses", "数的是额外的部分：超额、多出"),
    ("negations", "否定：不、无、未发生"),
    ("denials", "没有做：未、尚未；后面跟着词典不认识的词，就当那件事没有做"),
    ("relatives", "与任务、目标相比的：完成任务的"),
    ("harms", "没人想要的事：投诉、事故；前有否定就是好事"),
    ("idioms", "看着像数、像否定、像单位，其实都不是：间距、一批、不断"),
    ("placeholders", "没填完的格子：**、XX、待填"),
    ("days_of_month", "也指月里的某一天：日"),
    ("not_applicable", "单独写在格子里，表示不适用：不适用、无、/"),
];

const WORDS: &str = "词；上下级规则包的接在一起。";

pub(super) fn lexicon() -> Shape {
    let plain = PLAIN.iter().fold(
        mapping("表上的字怎么读：每一个词都在这里。数和日期的写法由程序认。"),
        |all, (key, doc)| all.optional(key, words(doc).or_nothing()),
    );
    plain
        .optional("comparators", by_id("比较词：不少于、以上、控制在……以内。", comparator()).or_nothing())
        .optional("changes", by_id("变化：增长、降低。", change()).or_nothing())
        .optional("approximations", by_id("约、左右、余、近。", approximation()).or_nothing())
        .optional("scales", by_id("倍率：百、千、万、亿。", scale()).or_nothing())
        .optional("measures", by_id("计量类别：这类数怎么看。编号由 units 的 measure 引用。", measure()).or_nothing())
        .optional("units", by_id("单位：什么与什么怎样换算，什么与什么等同。", unit()).or_nothing())
        .optional("tiers", by_id("定性词，从好到差排列。编号用于 methods 的 tiers。", tier()).or_nothing())
        .optional("periods", by_id("一年里的一段：上半年、第三季度。", period()).or_nothing())
        .optional("month_parts", by_id("一个月里的一段：上旬、月底。", month_part()).or_nothing())
        .optional("directions", by_id("指标值没写比较关系时，由名称看怎样算好。", direction()).or_nothing())
        .optional(
            "deadline_rows",
            mapping("这些二级指标里，截止日期比数字要紧。").optional("categories", texts(WORDS)).shape(),
        )
        .optional("share_names", share_names().or_nothing())
        .optional("doubts", doubts().or_nothing())
        .optional("grades", by_id("等级的名称：一等、省级。各条从高到低。", words("一个等级。")))
        .shape()
}

fn words(doc: &str) -> Shape {
    mapping(doc).optional("words", texts(WORDS)).shape()
}

fn comparator() -> Shape {
    let comparisons = Comparison::ALL.map(|one| (one.name(), comparison_title(one)));
    mapping("一种比较关系的词。")
        .optional("comparison", choice("比较关系。", comparisons))
        .optional("before", texts("紧挨在数前面的词：不少于、≥"))
        .optional("adverbs", texts("在数前面、可隔别的词的：至少"))
        .optional("after", texts("紧跟在数后面的词：以上、以内"))
        .optional("before_dates", texts("在日期前面的词：不晚于"))
        .optional("after_dates", texts("在日期后面的词：前、之前"))
        .shape()
}

fn change() -> Shape {
    let changes = [("INCREASE", "增加"), ("DECREASE", "减少")];
    mapping("一种变化的词。").optional("change", choice("往哪边变。", changes)).optional("words", texts(WORDS)).shape()
}

fn approximation() -> Shape {
    let means = [("ABOUT", "上下差不多"), ("OVER", "比它多一点：余、多"), ("UNDER", "比它少一点：近")];
    mapping("一种约数的词。")
        .optional("means", choice("是什么意思。", means))
        .optional("tolerance", positive("ABOUT 允许的上下幅度，占那个数的比例：0.05"))
        .optional("before", texts("在数前面的词：约、近"))
        .optional("after", texts("在数后面的词：左右、余"))
        .shape()
}

fn scale() -> Shape {
    mapping("一个倍率。").optional("factor", positive("几倍：10000")).optional("words", texts(WORDS)).shape()
}

fn measure() -> Shape {
    mapping("一类数。")
        .optional("unclear", flag("光有数看不出高好还是低好：3天"))
        .optional("more_is_unclear", flag("超过未必是好事：万元"))
        .optional("share", flag("是比率：电子表格里的 0.95 可能是 95%"))
        .optional("describes", flag("和别的数在一起时，只说明数的是什么：2台400KVA"))
        .optional("ratio", flag("是前面那个数的几倍：低保标准的1.3倍"))
        .optional("clock", flag("紧挨着秒的分不是得分：2分35秒"))
        .optional("difference", flag("是变化幅度：降低5个百分点"))
        .shape()
}

fn unit() -> Shape {
    mapping("一个单位。")
        .optional("words", texts("这个单位的各种写法；上下级规则包的接在一起。"))
        .optional("measure", text("计量类别；同类的按 factor 换算，不写就自成一类。"))
        .optional("factor", positive("是同类基本单位的几倍：10000、0.01、1/12；不写是 1。"))
        .optional("same_as", texts("一对一等同的单位的编号：场 与 次。"))
        .optional("implied", flag("一张表说一年的事：2次/年 与 2次 可比。"))
        .optional("divides", texts("在“每”后面拆成哪些单位：元/人天 就是 元/人·天。"))
        .optional("only_counts", flag("只有紧跟在数后才是单位：3门 的门，不是部门的门。"))
        .shape()
}

fn tier() -> Shape {
    mapping("一档完成程度。一句里有几个词，取最差的一档。")
        .optional("words", texts("出现在句中即算的词"))
        .optional("whole", texts("只在单独成句时算的词"))
        .optional("denied", text("前面有否定词时是哪一档（编号）"))
        .shape()
}

fn period() -> Shape {
    let day = |doc: &str| written(doc, "^(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])$");
    mapping("一年里的一段。")
        .optional("from", day("第一天：月-日，须加引号，如 \"01-01\""))
        .optional("to", day("最后一天：月-日，须加引号，如 \"12-31\""))
        .optional("words", texts(WORDS))
        .shape()
}

fn month_part() -> Shape {
    mapping("一个月里的一段。")
        .optional("from", whole("第一天", 1, 31))
        .optional("to", whole("最后一天；超过当月天数的按月底。", 1, 31))
        .optional("words", texts(WORDS))
        .shape()
}

fn direction() -> Shape {
    let directions = Direction::ALL.map(|one| (one.name(), direction_title(one)));
    mapping("怎样算好，由哪些名称看出来。")
        .optional("direction", choice("怎样算好。", directions))
        .optional("names", texts("三级指标名称里的词；最后一个词说了算：投诉处理率 看 处理率。"))
        .optional("categories", texts("二级指标名称里的词；名称里看不出时用。"))
        .shape()
}

fn share_names() -> Shape {
    mapping("名称里有这些词的，没写单位的数按百分比读。")
        .optional("names", texts("是比率：率、满意度"))
        .optional("not", texts("不是比率：效率、频率"))
        .shape()
}

fn doubts() -> Shape {
    let least = "至少这么多，才可疑。";
    let bound = |doc: &str| {
        mapping(doc)
            .optional("title", text("给人看的说明。"))
            .optional("unit", text("least 的单位。"))
            .optional("least", positive(least))
            .shape()
    };
    let times = |doc: &str| {
        mapping(doc)
            .optional("title", text("给人看的说明。"))
            .optional("unit", text("least、most 的单位。"))
            .optional("least", positive(least))
            .optional("most", positive("至多这么多；再多就是别的缘故。"))
            .shape()
    };
    mapping("两个数差多少，就疑心单位写错；不写的不疑心。")
        .optional("factor_slip", times("元与万元混用。"))
        .optional("scale_dropped", times("完成值漏写公里、万元等大单位。"))
        .optional("unit_dropped", bound("金额的完成值漏写万元等单位。"))
        .optional("bare_one", bound("比率的完成值只写 1，可能是 100%。"))
        .shape()
}
