//! saphyr's events → the tree, without recursion.

use std::ops::ControlFlow;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle as Style, Span};

use super::spot::Spot;
use super::{Limits, syntax};
use crate::diagnostic::{Bilingual, Diagnostic, Place};
use crate::document::{Key, Node, Scalar, ScalarStyle, Shape};

/// More problems than this help nobody.
const MOST_PROBLEMS: usize = 100;

pub(super) fn read(file: Arc<str>, source: &str, readable: &str, limits: &Limits) -> Result<Node, Vec<Diagnostic>> {
    let mut tree = Tree {
        spot: Spot::new(file, source),
        shared: source.into(),
        limits,
        open: Vec::new(),
        root: None,
        documents: 0,
        nodes: 0,
        last_end: Marker::new(0, 1, 0),
        problems: Vec::new(),
    };
    for event in Parser::new_from_str(readable) {
        let step = match event {
            Ok((event, span)) => tree.take(event, span),
            Err(error) => {
                tree.problems.push(syntax::describe(&error, &tree.spot, limits));
                ControlFlow::Break(())
            }
        };
        if step.is_break() || tree.problems.len() >= MOST_PROBLEMS {
            break;
        }
    }
    tree.finish()
}

/// A list or a mapping whose end has not come yet.
enum Open {
    List(Place, Vec<Node>),
    Map(OpenMap),
}

struct OpenMap {
    place: Place,
    block: bool,
    entries: Vec<(Key, Node)>,
    next: Next,
}

/// What a mapping waits for.
enum Next {
    Key,
    ValueOf(Key),
    /// The value of a key that was refused: read and dropped.
    Stray,
}

struct Tree<'s> {
    spot: Spot<'s>,
    shared: Arc<str>,
    limits: &'s Limits,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    /// Where the last token ended.
    last_end: Marker,
    problems: Vec<Diagnostic>,
}

impl Tree<'_> {
    fn finish(mut self) -> Result<Node, Vec<Diagnostic>> {
        match self.root.take() {
            Some(root) if self.problems.is_empty() => return Ok(root),
            None if self.problems.is_empty() => {
                let place = Place::start_of(self.spot.file());
                self.report("empty_file", place, "文件是空的", "the file is empty");
            }
            _ => self.problems.sort_by_key(|problem| problem.place.as_ref().map(|place| (place.line, place.column))),
        }
        self.problems.truncate(MOST_PROBLEMS);
        Err(self.problems)
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> ControlFlow<()> {
        let step = match event {
            Event::DocumentStart(_) => self.document(span),
            Event::Alias(_) => {
                let place = self.spot.word(span.start);
                self.report(
                    "yaml_alias",
                    place.clone(),
                    "不支持 YAML 别名（*名称）",
                    "YAML aliases (`*name`) are not supported",
                );
                self.value(Node {
                    shape: Shape::Scalar(Scalar { text: String::new(), style: ScalarStyle::Plain }),
                    place,
                    source: self.shared.clone(),
                })
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                self.scalar(Scalar { text: text.into_owned(), style: style_of(style) }, span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                let place = self.list_place(span);
                self.open(Open::List(place, Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span);
                let place = self.spot.place(span.start, 1);
                self.open(Open::Map(OpenMap { place, block: span.is_empty(), entries: Vec::new(), next: Next::Key }))
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => ControlFlow::Continue(()),
        };
        self.last_end = span.end;
        step
    }

    fn document(&mut self, span: Span) -> ControlFlow<()> {
        self.documents += 1;
        if self.documents == 1 {
            return ControlFlow::Continue(());
        }
        let place = self.spot.place(span.start, 3);
        self.report(
            "several_documents",
            place,
            "一个文件只能有一份 YAML 文档，这里由 `---` 开始了第二份",
            "a file holds one YAML document; `---` starts a second one here",
        );
        ControlFlow::Break(())
    }

    fn refuse_properties(&mut self, anchor: usize, tagged: bool, span: Span) {
        if anchor > 0 {
            let place = self.spot.word(span.start);
            self.report("yaml_anchor", place, "不支持 YAML 锚点（&名称）", "YAML anchors (`&name`) are not supported");
        }
        if tagged {
            let place = self.spot.word(span.start);
            self.report("yaml_tag", place, "不支持 YAML 标签（!名称）", "YAML tags (`!name`) are not supported");
        }
    }

    fn scalar(&mut self, scalar: Scalar, span: Span) -> ControlFlow<()> {
        let place = self.spot.scalar_place(&scalar, span, self.last_end);
        let absent = scalar.style == ScalarStyle::Plain && scalar.text.is_empty();
        match self.open.last_mut() {
            None if absent => ControlFlow::Continue(()),
            Some(Open::Map(OpenMap { next: Next::ValueOf(key), .. })) if absent => {
                let place = key.place.clone();
                self.value(Node { shape: Shape::Scalar(scalar), place, source: self.shared.clone() })
            }
            Some(Open::Map(map @ OpenMap { next: Next::Key, .. })) => {
                if map.block && map.entries.is_empty() {
                    map.place = place.clone();
                }
                map.next = Next::ValueOf(Key { text: scalar.text.clone(), place: place.clone() });
                self.check_key(&scalar, place);
                ControlFlow::Continue(())
            }
            _ => self.value(Node { shape: Shape::Scalar(scalar), place, source: self.shared.clone() }),
        }
    }

    fn check_key(&mut self, key: &Scalar, place: Place) {
        if key.style != ScalarStyle::Plain {
            return;
        }
        match key.text.as_str() {
            "" => self.report("empty_key", place, "冒号前缺少键名", "there is no key before the colon"),
            "<<" => self.report("yaml_merge_key", place, "不支持合并键 `<<`", "the merge key `<<` is not supported"),
            _ => {}
        }
    }

    fn open(&mut self, open: Open) -> ControlFlow<()> {
        let place = match &open {
            Open::List(place, _) | Open::Map(OpenMap { place, .. }) => place,
        };
        if self.open.len() >= self.limits.depth {
            let most = self.limits.depth;
            self.problems.push(too_deep(place.clone(), most));
            return ControlFlow::Break(());
        }
        if let Some(Open::Map(OpenMap { next: Next::Key, .. })) = self.open.last() {
            let place = place.clone();
            self.report("key_not_scalar", place, "键只能是一段文字", "a key must be a plain text");
        }
        self.open.push(open);
        ControlFlow::Continue(())
    }

    fn close(&mut self) -> ControlFlow<()> {
        let source = self.shared.clone();
        match self.open.pop() {
            Some(Open::List(place, items)) => self.value(Node { shape: Shape::List(items), place, source }),
            Some(Open::Map(OpenMap { place, entries, .. })) => {
                self.refuse_duplicates(&entries);
                self.value(Node { shape: Shape::Map(entries), place, source })
            }
            None => ControlFlow::Continue(()),
        }
    }

    fn refuse_duplicates(&mut self, entries: &[(Key, Node)]) {
        let mut keys: Vec<&Key> = entries.iter().map(|(key, _)| key).collect();
        keys.sort_by(|a, b| a.text.cmp(&b.text));
        let mut repeated: Vec<(&Key, &Key)> = Vec::new();
        for same in keys.chunk_by(|a, b| a.text == b.text) {
            if let Some((first, others)) = same.split_first() {
                repeated.extend(others.iter().map(|other| (*other, *first)));
            }
        }
        repeated.sort_by_key(|(key, _)| (key.place.line, key.place.column));
        for (key, first) in repeated {
            let text = &key.text;
            let message = Bilingual::new(format!("键 `{text}` 重复"), format!("the key `{text}` stands here twice"));
            let earlier = Bilingual::new("第一次出现在这里", "first here");
            let diagnostic = Diagnostic::error("duplicate_key", key.place.clone(), message);
            self.problems.push(diagnostic.with_related(first.place.clone(), earlier));
        }
    }

    /// Puts a finished value where it belongs.
    fn value(&mut self, node: Node) -> ControlFlow<()> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let most = self.limits.nodes;
            self.problems.push(Diagnostic::error(
                "too_many_values",
                node.place,
                Bilingual::new(format!("文件中的值超过 {most} 个"), format!("the file holds more than {most} values")),
            ));
            return ControlFlow::Break(());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Map(map)) => match std::mem::replace(&mut map.next, Next::Key) {
                Next::ValueOf(key) => map.entries.push((key, node)),
                Next::Stray => {}
                Next::Key => map.next = Next::Stray,
            },
        }
        ControlFlow::Continue(())
    }

    /// A list in block style stands at its first dash; saphyr gives the place after the dash when the list
    /// is not indented below its key.
    fn list_place(&mut self, span: Span) -> Place {
        let is_value = matches!(self.open.last(), Some(Open::Map(OpenMap { next: Next::ValueOf(_), .. })));
        if span.is_empty() && is_value {
            let before = self.spot.line_before(span.start);
            let indent = before.chars().take_while(|c| *c == ' ').count();
            if before.trim_start_matches(' ').starts_with('-') {
                return self.spot.place(Marker::new(0, span.start.line(), indent), 1);
            }
        }
        self.spot.place(span.start, 1)
    }

    fn report(&mut self, code: &'static str, place: Place, zh: &str, en: &str) {
        self.problems.push(Diagnostic::error(code, place, Bilingual::new(zh, en)));
    }
}

fn style_of(style: Style) -> ScalarStyle {
    match style {
        Style::Plain => ScalarStyle::Plain,
        Style::SingleQuoted => ScalarStyle::SingleQuoted,
        Style::DoubleQuoted => ScalarStyle::DoubleQuoted,
        Style::Literal => ScalarStyle::Literal,
        Style::Folded => ScalarStyle::Folded,
    }
}

pub(super) fn too_deep(place: Place, most: usize) -> Diagnostic {
    Diagnostic::error(
        "too_deep",
        place,
        Bilingual::new(format!("嵌套超过 {most} 层"), format!("lists and mappings are nested more than {most} deep")),
    )
}
