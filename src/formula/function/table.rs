//! The table of functions: how each is called and what the reference says about it.

use super::shape::{Parameter, Shape};
use crate::formula::Type;

const ANY: &[Type] = &[Type::Number, Type::Boolean, Type::Text, Type::Words];
const TEXT_OR_WORDS: &[Type] = &[Type::Text, Type::Words];

const fn number(name: &'static str) -> Parameter {
    Parameter { name, accepts: &[Type::Number] }
}

const fn text(name: &'static str) -> Parameter {
    Parameter { name, accepts: &[Type::Text] }
}

const fn words(name: &'static str) -> Parameter {
    Parameter { name, accepts: &[Type::Words] }
}

pub(super) static ABS: Shape = Shape::new("abs", &[number("x")], Type::Number, "绝对值", "the magnitude of x");

pub(super) static FLOOR: Shape =
    Shape::new("floor", &[number("x")], Type::Number, "不大于 x 的最大整数", "the greatest integer not above x");

pub(super) static CEIL: Shape =
    Shape::new("ceil", &[number("x")], Type::Number, "不小于 x 的最小整数", "the least integer not below x");

pub(super) static ROUND: Shape = Shape::new(
    "round_half_up",
    &[number("x"), number("places")],
    Type::Number,
    "四舍五入到 places 位小数（省略为 0，最多 28），恰为一半时远离零：-0.5 得 -1",
    "x rounded to places decimals (0 if left out, at most 28), ties away from zero: -0.5 gives -1",
)
.optional_from(1);

pub(super) static MIN: Shape =
    Shape::new("min", &[number("a"), number("b")], Type::Number, "最小者，2 至 8 个参数", "the least of 2 to 8")
        .variadic();

pub(super) static MAX: Shape =
    Shape::new("max", &[number("a"), number("b")], Type::Number, "最大者，2 至 8 个参数", "the greatest of 2 to 8")
        .variadic();

pub(super) static CLAMP: Shape = Shape::new(
    "clamp",
    &[number("x"), number("low"), number("high")],
    Type::Number,
    "把 x 限制在 low 与 high 之间；low 不得大于 high",
    "x kept within low and high; low must not exceed high",
);

pub(super) static LOOKUP: Shape = Shape::new(
    "lookup",
    &[Parameter { name: "table", accepts: &[Type::Table] }, number("x")],
    Type::Number,
    "分档表中 x 所在区间的值；x 在表外时缺",
    "the number of the table's interval that holds x; absent when x lies outside the table",
);

pub(super) static HAS: Shape = Shape::new(
    "has",
    &[Parameter { name: "x", accepts: ANY }],
    Type::Boolean,
    "x 是否填写（空白不是零）",
    "whether x was filled in; a blank is not zero",
);

pub(super) static BLANK: Shape = Shape::new(
    "blank",
    &[text("t")],
    Type::Boolean,
    "t 未填写或只有空白字符",
    "whether t is absent or nothing but white space",
);

pub(super) static LENGTH: Shape =
    Shape::new("length", &[text("t")], Type::Number, "字数（按字符计）", "how many characters t has");

pub(super) static CONTAINS: Shape = Shape::new(
    "contains",
    &[Parameter { name: "t", accepts: TEXT_OR_WORDS }, text("part")],
    Type::Boolean,
    "文本 t 含有 part，或词表 t 中有 part；也可写作 part in t",
    "whether the text t contains part, or the word list t has it; also written part in t",
);

pub(super) static CONTAINS_ANY: Shape = Shape::new(
    "contains_any",
    &[text("t"), words("words")],
    Type::Boolean,
    "t 含有词表中的任一词",
    "whether t contains any of the words",
);

pub(super) static EQUALS_ANY: Shape = Shape::new(
    "equals_any",
    &[text("t"), words("words")],
    Type::Boolean,
    "t 等于词表中的任一词",
    "whether t is one of the words",
);

pub(super) static STARTS_WITH: Shape = Shape::new(
    "starts_with",
    &[text("t"), text("part")],
    Type::Boolean,
    "t 以 part 开头",
    "whether t begins with part",
);

pub(super) static ENDS_WITH: Shape =
    Shape::new("ends_with", &[text("t"), text("part")], Type::Boolean, "t 以 part 结尾", "whether t ends with part");

pub(super) static SAME_TEXT: Shape = Shape::new(
    "same_text",
    &[text("a"), text("b")],
    Type::Boolean,
    "忽略空格、标点与全角半角之别后相同",
    "whether a and b are equal but for spaces, punctuation and character width",
);

pub(super) static SIMILARITY: Shape = Shape::new(
    "similarity",
    &[text("a"), text("b")],
    Type::Number,
    "相似度，0 至 1：相邻两字组合的重合比例（Dice 系数），忽略空格与标点",
    "0 to 1: the Dice coefficient of the pairs of neighbouring characters, spaces and punctuation ignored",
);

pub(super) static COPIED_SHARE: Shape = Shape::new(
    "copied_share",
    &[text("a"), text("b")],
    Type::Number,
    "a 中照抄自 b 的比例，0 至 1：a 的连续四字有多少出现在 b 中；不足四字时看整段是否出现",
    "0 to 1: how many of a's runs of four characters occur in b; a shorter text counts as a whole",
);

pub(super) static COUNT_ANY: Shape = Shape::new(
    "count_any",
    &[text("t"), words("words")],
    Type::Number,
    "词表中的词在 t 中出现的次数；同一处只算最长的一个",
    "how often the words occur in t; where several begin or overlap, the longest counts",
);

pub(super) static WORDS_IN: Shape = Shape::new(
    "words_in",
    &[text("t"), words("words")],
    Type::Number,
    "词表中有多少个不同的词出现在 t 中",
    "how many different words of the list occur in t",
);

pub(super) static FIRST_NUMBER: Shape = Shape::new(
    "first_number",
    &[text("t")],
    Type::Number,
    "t 中的第一个数，没有时缺；95% 是 0.95，1.2万 是 12000",
    "the first number in t, absent if there is none; 95% is 0.95, 1.2万 is 12000",
);

pub(super) static NUMBER_AFTER: Shape = Shape::new(
    "number_after",
    &[text("t"), words("words")],
    Type::Number,
    "词表中的词之后、同一分句内的第一个数，没有时缺：回收有效问卷 96 份",
    "the first number after one of the words and before the next comma or full stop, absent if there is none",
);

pub(super) static PERCENTAGES_SUM: Shape = Shape::new(
    "percentages_sum",
    &[text("t")],
    Type::Number,
    "t 中各百分数之和（比率，100% 为 1），没有时缺",
    "the sum of the percentages in t as a ratio (1 for 100%), absent if there is none",
);

pub(super) static PERCENTAGES_COUNT: Shape =
    Shape::new("percentages_count", &[text("t")], Type::Number, "t 中有几个百分数", "how many percentages t has");

pub(super) static DAY: Shape = Shape::new(
    "day",
    &[text("t")],
    Type::Number,
    "t 中第一个写全年月日的日期，折成日数，可比较先后、相减得天数；没有时缺",
    "the first date in t with year, month and day, as a count of days that compares and subtracts; absent if there is none",
);

pub(super) static YEAR_IN: Shape = Shape::new(
    "year_in",
    &[text("t")],
    Type::Number,
    "t 中第一个年份：1900 至 2099，后面写着“年”或在日期里；没有时缺",
    "the first year in t, 1900 to 2099, written with 年 or in a date; absent if there is none",
);
