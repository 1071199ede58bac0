//! The functions of a pack's scripts.

use std::collections::HashMap;
use std::sync::Arc;

use rhai::{ASTNode, Stmt};

use super::check::{Checker, Kind, Session};
use super::fault::{Fault, Origin, Span};
use super::function::Function;
use super::sandbox::{self, Parsed};
use super::source::Source;
use super::{EvalError, Names, Value};
use crate::diagnostic::Bilingual;

/// The most script files of one pack.
const MAX_FILES: usize = 64;
/// The most parameters of a function.
const MAX_PARAMETERS: usize = 8;
/// Names that begin so belong to the interpreter's normal form.
const RESERVED_PREFIX: &str = "heng_";

/// One script file of a pack, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    pub file: Arc<str>,
    pub text: Arc<str>,
}

/// The checked functions of all script files of a pack; formulas call them by name. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Scripts {
    library: Arc<Library>,
}

/// A function as a pack's documentation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptDoc {
    pub name: Arc<str>,
    pub file: Arc<str>,
    pub parameters: Vec<Arc<str>>,
    /// Character offset of the body in the file.
    pub offset: usize,
}

impl Scripts {
    /// For a pack without scripts.
    pub fn none() -> Self {
        Scripts { library: Arc::new(Library::default()) }
    }

    /// Checks all files together: a function may call those of the other files.
    ///
    /// # Errors
    /// Every fault found, with its file.
    pub fn compile(scripts: &[Script]) -> Result<Scripts, Vec<(Arc<str>, Fault)>> {
        let mut faults = Vec::new();
        let mut library = Library::default();
        for (index, script) in scripts.iter().enumerate() {
            if index >= MAX_FILES {
                let message = Bilingual::new("脚本文件过多", "there are too many script files");
                faults.push((Arc::clone(&script.file), Fault::too_large(Span { offset: 0, length: 1 }, message)));
                break;
            }
            match sandbox::parse(&script.text) {
                Ok(parsed) => library.add_file(&script.file, parsed, &mut faults),
                Err(fault) => faults.push((Arc::clone(&script.file), *fault)),
            }
        }
        if faults.is_empty() {
            library.check(&mut faults);
        }
        if faults.is_empty() {
            library.prepare(&mut faults);
        }
        if faults.is_empty() { Ok(Scripts { library: Arc::new(library) }) } else { Err(faults) }
    }

    /// The functions, in order of their names.
    pub fn docs(&self) -> Vec<ScriptDoc> {
        let doc = |function: &ScriptFunction| ScriptDoc {
            name: Arc::clone(&function.name),
            file: Arc::clone(&function.file),
            parameters: function.parameters.clone(),
            offset: function.offset,
        };
        self.library.functions.iter().map(doc).collect()
    }

    pub(super) fn library(&self) -> &Library {
        &self.library
    }
}

/// A function of a script, before it is checked for the arguments of a call.
#[derive(Debug)]
pub(super) struct ScriptFunction {
    pub(super) name: Arc<str>,
    pub(super) file: Arc<str>,
    pub(super) parameters: Vec<Arc<str>>,
    pub(super) body: Vec<Stmt>,
    pub(super) source: Arc<Source>,
    offset: usize,
}

#[derive(Debug, Default)]
pub(super) struct Library {
    functions: Vec<ScriptFunction>,
    index: HashMap<(Arc<str>, usize), usize>,
    program: rhai::AST,
}

impl Library {
    pub(super) fn find(&self, name: &str, arity: usize) -> Option<(usize, &ScriptFunction)> {
        let index = *self.index.get(&(Arc::from(name), arity))?;
        Some((index, self.functions.get(index)?))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.functions.iter().map(|function| &*function.name)
    }

    /// How many parameters the functions of this name have, as text.
    pub(super) fn arities(&self, name: &str) -> Vec<String> {
        let arities = self.functions.iter().filter(|function| &*function.name == name);
        arities.map(|function| function.parameters.len().to_string()).collect()
    }

    /// A program in normal form with the given statements and all functions.
    pub(super) fn link(&self, text: &str) -> Result<rhai::AST, EvalError> {
        let program = sandbox::compile_normal(text)?;
        Ok(rhai::AST::new(program.statements().iter().cloned(), Arc::clone(self.program.shared_lib())))
    }

    pub(super) fn call(&self, name: &str, arguments: &[&Value]) -> Result<Value, EvalError> {
        sandbox::call(&self.program, name, arguments)
    }

    fn add_file(&mut self, file: &Arc<str>, parsed: Parsed, faults: &mut Vec<(Arc<str>, Fault)>) {
        let mut report = |fault| faults.push((Arc::clone(file), fault));
        if let Some(statement) = parsed.statements().first() {
            let span = parsed.source.span(statement.position());
            report(Fault::unsupported(span, "函数之外的脚本语句", "script statements outside functions"));
        }
        let source = Arc::new(parsed.source);
        let mut bodies: Vec<(usize, Stmt)> = Vec::new();
        parsed.tree.walk(&mut |path| {
            if let [ASTNode::Stmt(statement)] = path {
                bodies.push((source.offset(statement.position()), (*statement).clone()));
            }
            true
        });
        bodies.sort_by_key(|(offset, _)| *offset);
        let mut definitions: Vec<_> = parsed.tree.iter_fn_def().collect();
        definitions.sort_by_key(|definition| source.offset(definition.body.start_position()));
        for definition in definitions {
            let (start, end) =
                (source.offset(definition.body.start_position()), source.offset(definition.body.end_position()));
            let span = Span { offset: start, length: 1 };
            let name: Arc<str> = Arc::from(definition.name.as_str());
            let parameters: Vec<Arc<str>> = definition.params.iter().map(|name| Arc::from(name.as_str())).collect();
            if let Some(fault) = refusal(&name, &parameters, span) {
                report(fault);
            }
            let inside = bodies.iter().filter(|(offset, _)| (start..=end).contains(offset));
            let body = inside.map(|(_, statement)| statement.clone()).collect();
            let key = (Arc::clone(&name), parameters.len());
            if self.index.insert(key, self.functions.len()).is_some() {
                report(duplicate(&name, span));
            }
            let (file, source) = (Arc::clone(file), Arc::clone(&source));
            self.functions.push(ScriptFunction { name, file, parameters, body, source, offset: start });
        }
    }

    /// Checks every body on its own, with arguments of which nothing is known. A mistake is told where it stands; of
    /// calls that only their arguments make wrong, the last before it.
    fn check(&self, faults: &mut Vec<(Arc<str>, Fault)>) {
        let mut found: Vec<(Arc<str>, Fault)> = Vec::new();
        let names = Names::default();
        for function in &self.functions {
            let mut session = Session::new(&names, self);
            let parameters = function.parameters.iter().map(|name| (Arc::clone(name), Kind::Any));
            let checked =
                Checker::new(&mut session, &function.source).with_parameters(parameters).check(&function.body, None);
            found.extend(checked.faults.into_iter().map(|fault| (Arc::clone(&function.file), fault)));
        }
        let stands = |(file, fault): &(Arc<str>, Fault)| match &fault.origin {
            // A function that calls itself is wrong where it does.
            Some(origin) if origin.file == *file && origin.offset == fault.offset => {
                (Arc::clone(file), fault.offset, 0)
            }
            Some(Origin { file, offset, calls }) => (Arc::clone(file), *offset, *calls),
            None => (Arc::clone(file), fault.offset, 0),
        };
        let places: Vec<_> = found.iter().map(stands).collect();
        let is_told_nearer = |(file, offset, calls): &(Arc<str>, usize, usize)| {
            places.iter().any(|other| other.0 == *file && other.1 == *offset && other.2 < *calls)
        };
        let kept = found.into_iter().zip(&places).filter(|(_, place)| !is_told_nearer(place));
        faults.extend(kept.map(|(fault, _)| fault));
    }

    fn prepare(&mut self, faults: &mut Vec<(Arc<str>, Fault)>) {
        let mut text = String::new();
        for function in &self.functions {
            match sandbox::normal_function(&function.source, &function.name, &function.parameters, &function.body) {
                Some(normal) => text.push_str(&normal),
                None => faults.push((Arc::clone(&function.file), not_runnable(function))),
            }
        }
        match sandbox::compile_normal(&text) {
            Ok(program) => self.program = program,
            Err(_) => faults.extend(self.functions.first().map(|one| (Arc::clone(&one.file), not_runnable(one)))),
        }
    }
}

fn not_runnable(function: &ScriptFunction) -> Fault {
    let span = Span { offset: function.offset, length: 1 };
    Fault::too_large(span, Bilingual::new("脚本过于复杂", "the script is too complex"))
}

fn duplicate(name: &str, span: Span) -> Fault {
    let message = Bilingual::new(format!("函数 `{name}` 重复定义"), format!("the function `{name}` is defined twice"));
    Fault::new("duplicate_function", span, message)
}

/// Why a function may not have this name or these parameters.
fn refusal(name: &str, parameters: &[Arc<str>], span: Span) -> Option<Fault> {
    if Function::from_name(name).is_some() || name == "push" {
        let message = Bilingual::new(
            format!("`{name}` 是公式语言自带的函数，不能另行定义"),
            format!("`{name}` is a function of the language and cannot be defined again"),
        );
        return Some(Fault::new("duplicate_function", span, message));
    }
    if name.starts_with(RESERVED_PREFIX) {
        return Some(Fault::unsupported(
            span,
            &format!("以 `{RESERVED_PREFIX}` 开头的函数名"),
            &format!("function names that begin with `{RESERVED_PREFIX}`"),
        ));
    }
    (parameters.len() > MAX_PARAMETERS).then(|| {
        let message = Bilingual::new(
            format!("函数 `{name}` 的参数超过 {MAX_PARAMETERS} 个"),
            format!("the function `{name}` has more than {MAX_PARAMETERS} parameters"),
        );
        Fault::too_large(span, message)
    })
}
