//! The two engines: one parses what authors write, one runs the normal form. Both are hardened alike.

use std::any::TypeId;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::LazyLock;

use rhai::{AST, Array, Dynamic, Engine, EvalAltResult, ImmutableString, OptimizationLevel};

use super::convert::{WordList, from_interpreter, to_dynamic, to_interpreter, to_value};
use super::normal;
use crate::formula::compiled::truth;
use crate::formula::function::Function;
use crate::formula::meter::Meter;
use crate::formula::operator::{Binary, Unary};
use crate::formula::{EvalError, Value};
use crate::quantity::Exact;

/// The longest formula or script file, in bytes.
pub(in crate::formula) const MAX_TEXT: usize = 16 * 1024;
/// How deep an author's expressions nest. Rhai recurses once or more for each level.
const PARSE_DEPTH: usize = 64;
/// The normal form puts parentheses around every operator and a call around every condition.
const RUN_DEPTH: usize = 4 * PARSE_DEPTH;
/// Rhai counts operations of the script alone; the meter counts the work of our functions as well.
const MAX_OPERATIONS: u64 = 200_000;
const MAX_CALL_LEVELS: usize = 16;
const MAX_FUNCTIONS: usize = 200;
const MAX_VARIABLES: usize = 256;
/// In bytes; the longest text of a form has 20,000 characters.
const MAX_STRING: usize = 128 * 1024;
const MAX_LIST: usize = 1_000;

thread_local! {
    /// The meter of the evaluation this thread is in. The interpreter gives our functions no other way to
    /// reach it, and an evaluation never changes its thread.
    static METER: RefCell<Meter> = RefCell::new(Meter::new());
}

/// The engine that parses what authors write. It has no function at all: nothing runs in it.
pub(super) fn parser() -> &'static Engine {
    static PARSER: LazyLock<Engine> = LazyLock::new(|| harden(Engine::new_raw(), PARSE_DEPTH));
    &PARSER
}

/// Parses normal form.
///
/// # Errors
/// A message of the parser: a defect of heng, or a text that only just passed the limits before.
pub(in crate::formula) fn compile_normal(text: &str) -> Result<AST, EvalError> {
    runner().compile(text).map_err(|error| EvalError::Script(error.to_string()))
}

/// Runs something on the interpreter with a fresh meter.
pub(super) fn metered<T>(run: impl FnOnce(&Engine) -> Result<T, Box<EvalAltResult>>) -> Result<T, EvalError> {
    METER.with(|meter| meter.replace(Meter::new()));
    run(runner()).map_err(|error| from_interpreter(&error))
}

fn runner() -> &'static Engine {
    static RUNNER: LazyLock<Engine> = LazyLock::new(|| {
        let mut engine = harden(Engine::new_raw(), RUN_DEPTH);
        register_operators(&mut engine);
        register_functions(&mut engine);
        register_lists(&mut engine);
        engine
    });
    &RUNNER
}

/// Every limit of Rhai is off by default, and a text compiled by a laxer engine keeps its powers: this is
/// the only place where an engine is made.
fn harden(mut engine: Engine, expression_depth: usize) -> Engine {
    engine
        .set_max_operations(MAX_OPERATIONS)
        .set_max_call_levels(MAX_CALL_LEVELS)
        .set_max_expr_depths(expression_depth, expression_depth)
        .set_max_functions(MAX_FUNCTIONS)
        .set_max_variables(MAX_VARIABLES)
        .set_max_string_size(MAX_STRING)
        .set_max_array_size(MAX_LIST)
        .set_max_map_size(1)
        .set_optimization_level(OptimizationLevel::None)
        .set_fast_operators(false)
        .set_allow_anonymous_fn(false)
        .set_allow_loop_expressions(false)
        .set_allow_switch_expression(false)
        .set_fail_on_invalid_map_property(true);
    for symbol in ["eval", "print", "debug", "Fn", "call", "curry", "type_of", "is_def_var", "is_def_fn", "is_shared"] {
        engine.disable_symbol(symbol);
    }
    engine.on_progress(|_| spend(Meter::step).is_err().then_some(Dynamic::UNIT));
    engine
}

fn spend(spend: impl FnOnce(&mut Meter) -> Result<(), EvalError>) -> Result<(), EvalError> {
    METER.with(|meter| meter.try_borrow_mut().map_or(Err(EvalError::TooMuchWork), |mut meter| spend(&mut meter)))
}

const fn any<const N: usize>() -> [TypeId; N] {
    [TypeId::of::<Dynamic>(); N]
}

fn register_operators(engine: &mut Engine) {
    for operator in Binary::ALL {
        register(engine, operator.symbol(), 2, move |operands| match operands {
            [left, right] => operator.apply(left, right),
            _ => Err(EvalError::WrongType { place: operator.symbol() }),
        });
    }
    for operator in Unary::ALL {
        register(engine, operator.symbol(), 1, move |operands| match operands {
            [operand] => operator.apply(operand),
            _ => Err(EvalError::WrongType { place: operator.symbol() }),
        });
    }
    register(engine, normal::TRUTH, 1, |operands| match operands {
        [condition] => truth(condition).map(Value::Boolean),
        _ => Err(EvalError::WrongType { place: "if" }),
    });
}

fn register_functions(engine: &mut Engine) {
    for function in Function::ALL {
        let (fewest, most) = function.shape().arity();
        for arity in fewest..=most {
            register(engine, function.name(), arity, move |arguments| function.apply(arguments));
        }
    }
    engine.register_raw_fn(normal::NUMBER, [TypeId::of::<ImmutableString>()], |_, arguments| {
        let digits = arguments.first().and_then(|digits| digits.as_immutable_string_ref().ok().map(|d| d.to_string()));
        let number = digits.and_then(|digits| Exact::parse(&digits));
        number.map(|number| to_dynamic(&Value::Number(number))).ok_or_else(|| to_interpreter(EvalError::TooLarge))
    });
}

/// Registers a function of ours for arguments of every type.
fn register(
    engine: &mut Engine,
    name: &str,
    arity: usize,
    function: impl Fn(&[&Value]) -> Result<Value, EvalError> + Send + Sync + 'static,
) {
    engine.register_raw_fn(name, vec![TypeId::of::<Dynamic>(); arity], move |_, arguments| {
        let values: Result<Vec<Value>, EvalError> = arguments.iter().map(|argument| to_value(argument)).collect();
        let result = values.and_then(|values| {
            let values: Vec<&Value> = values.iter().collect();
            spend(|meter| meter.charge(&values))?;
            function(&values)
        });
        result.map(|value| to_dynamic(&value)).map_err(to_interpreter)
    });
}

fn register_lists(engine: &mut Engine) {
    engine.register_iterator::<Range<i64>>().register_iterator::<Array>();
    engine.register_fn(normal::EACH, |words: WordList| -> Array {
        words.0.iter().map(|word| Dynamic::from(ImmutableString::from(&**word))).collect()
    });
    engine.register_fn(normal::EACH, |list: Array| -> Array { list });
    engine.register_fn(Function::Length.name(), |list: &mut Array| i64::try_from(list.len()).unwrap_or(i64::MAX));
    engine.register_raw_fn("push", [TypeId::of::<Array>(), TypeId::of::<Dynamic>()], |_, arguments| {
        let [list, element] = arguments else { return Err(to_interpreter(EvalError::WrongType { place: "push" })) };
        let element = element.take();
        let mut list =
            list.write_lock::<Array>().ok_or_else(|| to_interpreter(EvalError::WrongType { place: "push" }))?;
        if list.len() >= MAX_LIST {
            return Err(to_interpreter(EvalError::TooLarge));
        }
        list.push(element);
        Ok(())
    });
    for (name, inclusive) in [(normal::RANGE, false), (normal::RANGE_INCLUSIVE, true)] {
        engine.register_raw_fn(name, any::<2>(), move |_, arguments| {
            let bounds: Result<Vec<Value>, EvalError> = arguments.iter().map(|bound| to_value(bound)).collect();
            bounds.and_then(|bounds| range(&bounds, inclusive)).map_err(to_interpreter)
        });
    }
}

fn range(bounds: &[Value], inclusive: bool) -> Result<Range<i64>, EvalError> {
    let wrong = EvalError::BadArgument { function: "..", reason: "the bounds of a range are integers" };
    let integer = |bound: &Value| bound.as_number().and_then(Exact::to_i64);
    match bounds {
        [from, to] => match (integer(from), integer(to)) {
            (Some(from), Some(to)) => Ok(from..if inclusive { to.saturating_add(1) } else { to }),
            _ => Err(wrong),
        },
        _ => Err(wrong),
    }
}
