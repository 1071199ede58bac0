//! How a function is called and what it gives.

use crate::formula::Type;

/// The most arguments `min` and `max` take.
const MAX_VARIADIC: usize = 8;

pub(in crate::formula) struct Shape {
    pub(in crate::formula) name: &'static str,
    pub(in crate::formula) parameters: &'static [Parameter],
    /// How many of `parameters` must be given.
    required: usize,
    /// The last parameter repeats, up to [`MAX_VARIADIC`] arguments in all.
    variadic: bool,
    pub(in crate::formula) result: Type,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

pub(in crate::formula) struct Parameter {
    pub(in crate::formula) name: &'static str,
    pub(in crate::formula) accepts: &'static [Type],
}

impl Shape {
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        result: Type,
        zh: &'static str,
        en: &'static str,
    ) -> Self {
        Shape { name, parameters, required: parameters.len(), variadic: false, result, zh, en }
    }

    pub(super) const fn optional_from(mut self, required: usize) -> Self {
        self.required = required;
        self
    }

    pub(super) const fn variadic(mut self) -> Self {
        self.variadic = true;
        self
    }

    /// The fewest and the most arguments.
    pub(in crate::formula) fn arity(&self) -> (usize, usize) {
        (self.required, if self.variadic { MAX_VARIADIC } else { self.parameters.len() })
    }

    pub(in crate::formula) fn parameter(&self, index: usize) -> Option<&'static Parameter> {
        self.parameters.get(index).or_else(|| self.parameters.last().filter(|_| self.variadic))
    }

    /// `round_half_up(x, places?) → number`
    pub(in crate::formula) fn signature(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (index, parameter) in self.parameters.iter().enumerate() {
            parts.push(if index < self.required { parameter.name.to_owned() } else { format!("{}?", parameter.name) });
        }
        if self.variadic {
            parts.push("…".to_owned());
        }
        let result = match self.result {
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::Text => "text",
            Type::Words => "words",
            Type::Table => "table",
        };
        format!("{}({}) → {result}", self.name, parts.join(", "))
    }
}
