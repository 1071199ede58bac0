//! The values of a formula's names, without copying them together.

use super::Value;

/// The most tables that the names of one scope come from: what the rules set and the form says, what scoring made of
/// it, what a row says, and what scoring made of that.
const PARTS: usize = 4;

/// The values of names, by slot: several tables of values, each going on where the one before it ends. What the rules
/// set and a form says is laid out once and stands in the frames of all its rows. A slot beyond the last is absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frame<'v> {
    parts: [&'v [Value]; PARTS],
}

impl<'v> Frame<'v> {
    /// The same, and a table behind it. There is room for four; of more, nothing can be seen.
    #[must_use]
    #[inline]
    pub fn with(self, table: &'v [Value]) -> Self {
        let [one, two, three, four] = self.parts;
        let parts = match (one, two, three, four) {
            ([], _, _, _) => [table, two, three, four],
            (_, [], _, _) => [one, table, three, four],
            (_, _, [], _) => [one, two, table, four],
            (_, _, _, []) => [one, two, three, table],
            _ => {
                debug_assert!(table.is_empty(), "a frame has room for {PARTS} tables");
                [one, two, three, four]
            }
        };
        Frame { parts }
    }

    /// `None` beyond the last table.
    #[inline]
    pub fn get(&self, slot: usize) -> Option<&'v Value> {
        let mut at = slot;
        for part in self.parts {
            if let Some(value) = part.get(at) {
                return Some(value);
            }
            at -= part.len();
        }
        None
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// By slot.
    pub fn to_vec(&self) -> Vec<Value> {
        self.parts.concat()
    }
}

impl<'v> From<&'v [Value]> for Frame<'v> {
    fn from(table: &'v [Value]) -> Self {
        Frame { parts: [table, &[], &[], &[]] }
    }
}

impl<'v> From<&'v Vec<Value>> for Frame<'v> {
    fn from(table: &'v Vec<Value>) -> Self {
        Frame::from(table.as_slice())
    }
}

impl<'v, const N: usize> From<&'v [Value; N]> for Frame<'v> {
    fn from(table: &'v [Value; N]) -> Self {
        Frame::from(table.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Exact;

    #[test]
    fn tables_go_on_where_the_one_before_ends() {
        let number = |number| Value::Number(Exact::from_i64(number));
        let all: Vec<Value> = (0..7).map(number).collect();
        let cuts = [[0, 0, 0], [2, 2, 5], [7, 7, 7], [0, 3, 7], [1, 2, 3]];
        for [one, two, three] in cuts {
            let frame = Frame::from(&all[..one]).with(&all[one..two]).with(&all[two..three]).with(&all[three..]);
            assert_eq!((frame.to_vec(), frame.len()), (all.clone(), all.len()), "{one} {two} {three}");
            for slot in 0..9 {
                assert_eq!(frame.get(slot), all.get(slot), "{one} {two} {three}: {slot}");
            }
        }
    }
}
