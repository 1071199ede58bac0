//! What all texts of one compilation share: the names, the script functions and what was found about them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Checker, Kind};
use crate::diagnostic::Bilingual;
use crate::formula::Names;
use crate::formula::compiled::Body;
use crate::formula::fault::{Fault, Span};
use crate::formula::scripts::{Library, ScriptFunction};

/// How deep script functions may call each other.
const MAX_CALLS: usize = 6;
/// How many combinations of functions and argument kinds one compilation looks at.
const MAX_INSTANCES: usize = 500;

/// The names and functions a text uses, directly or through the functions it calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::formula) struct Usage {
    pub(in crate::formula) slots: BTreeSet<usize>,
    pub(in crate::formula) functions: BTreeSet<Arc<str>>,
}

pub(in crate::formula) struct Session<'a> {
    pub(super) names: &'a Names,
    pub(super) library: &'a Library,
    pub(in crate::formula) usage: Usage,
    instances: HashMap<(usize, Vec<Kind>), Instance>,
    /// The functions whose bodies are being checked, outermost first.
    active: Vec<usize>,
    /// How deep the walk is in expressions and blocks, through all of `active`.
    pub(super) nesting: usize,
}

/// A script function for one combination of argument kinds.
#[derive(Clone)]
pub(super) struct Instance {
    pub(super) kind: Kind,
    /// `None` outside the compiled subset.
    pub(super) body: Option<Arc<Body>>,
    pub(super) depth: usize,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Session<'a> {
    pub(in crate::formula) fn new(names: &'a Names, library: &'a Library) -> Self {
        Session { names, library, usage: Usage::default(), instances: HashMap::new(), active: Vec::new(), nesting: 0 }
    }

    /// Checks a function's body for arguments of these kinds.
    ///
    /// # Errors
    /// A fault at `call` when the call itself is out of bounds: recursion, or too many calls within calls.
    pub(super) fn instance(
        &mut self,
        index: usize,
        function: &'a ScriptFunction,
        kinds: Vec<Kind>,
        call: Span,
    ) -> Result<Instance, Box<Fault>> {
        if self.active.contains(&index) {
            return Err(Box::new(Fault::unsupported(call, "递归调用", "recursive calls")));
        }
        let key = (index, kinds);
        if let Some(known) = self.instances.get(&key) {
            return Ok(known.clone());
        }
        if self.active.len() >= MAX_CALLS || self.instances.len() >= MAX_INSTANCES {
            let message = Bilingual::new(
                "脚本函数的调用层次过深或过多",
                "script functions call each other too deep or too often",
            );
            return Err(Box::new(Fault::too_large(call, message)));
        }
        self.active.push(index);
        let parameters = function.parameters.iter().cloned().zip(key.1.iter().copied());
        let checked = Checker::new(self, &function.source).with_parameters(parameters).check(&function.body, None);
        self.active.pop();
        let body = checked
            .root
            .node
            .filter(|_| checked.faults.is_empty())
            .map(|node| Arc::new(Body { node, file: Arc::clone(&function.file) }));
        let instance =
            Instance { kind: checked.root.kind, body, depth: checked.root.depth + 1, faults: checked.faults };
        self.instances.insert(key, instance.clone());
        Ok(instance)
    }
}
