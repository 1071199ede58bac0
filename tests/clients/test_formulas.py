"""Random formulas, computed by Python's `fractions`: heng must give the same values, compiled and interpreted.

Ties, zero divisors, blank cells, negative and huge numbers among them. `HENG_FULL=1` tries a million, otherwise a
sample.
"""

import json
import math
import os
import random
import subprocess
import tempfile
import unittest
from fractions import Fraction

from heng_client import HENG

SEED = 20201025
CASES = 1_000_000 if os.environ.get("HENG_FULL") else 6_000
#: Formulas a run of `heng calc` is given.
CHUNK = 20_000
#: The widest numerator or denominator that heng computes with, in bits.
MAX_BITS = 4_096
DEPTH = 4

#: Ties at some decimal, numbers at and beyond 64 bits, the usual cells of forms.
NUMBERS = [
    "0", "1", "2", "3", "7", "8", "10", "95", "100", "0.5", "0.05", "0.005", "2.5", "0.125", "2.345", "91.76", "0.9176",
    "5262824.65", "4829352.24", "9223372036854775807", "18446744073709551616", "0.0000000000000000001",
]  # fmt: skip
#: Cells may have more digits than a formula may write.
HUGE = [str(2**127 - 1), str(2**128), "99999999999999999999999999999999.99", "7" * 80, "0." + "0" * 60 + "3"]
NAMES = ["points", "target", "actual", "annual", "rate"]
FLAGS = ["met", "late"]


class Failed(Exception):
    """No value: a zero divisor, an argument out of range, a number too wide."""


def bounded(number):
    if max(abs(number.numerator).bit_length(), number.denominator.bit_length()) > MAX_BITS:
        raise Failed
    return number


def divided(a, b):
    if b == 0:
        raise Failed
    return bounded(a / b)


def remainder(a, b):
    return bounded(a - b * math.trunc(divided(a, b)))


def power(a, exponent):
    if a == 0 and exponent < 0:
        raise Failed
    return bounded(Fraction(a) ** exponent)


def rounded(a, places):
    """Half away from zero."""
    scaled = abs(a) * 10**places
    whole = math.floor(scaled + Fraction(1, 2))
    return bounded(Fraction(whole if a >= 0 else -whole, 10**places))


def clamped(a, low, high):
    if low > high:
        raise Failed
    return min(max(a, low), high)


ARITHMETIC = {
    "+": lambda a, b: bounded(a + b),
    "-": lambda a, b: bounded(a - b),
    "*": lambda a, b: bounded(a * b),
    "/": divided,
    "%": remainder,
}
COMPARISONS = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def strict(function, *operands):
    """What an operator or function of present values makes of operands that may be blank: all are computed first."""

    def value(names):
        values = [operand(names) for operand in operands]
        return None if None in values else function(*values)

    return value


class Dice(random.Random):
    """Draws formulas: their text, and a function that computes them from the values of the names."""

    def number(self, depth):
        if depth == 0 or self.random() < 0.15:
            return self.leaf()
        a, text_a = self.number(depth - 1)
        b, text_b = self.number(depth - 1)
        kind = self.randrange(14)
        if kind < 6:
            symbol = self.choice(list(ARITHMETIC))
            return strict(ARITHMETIC[symbol], a, b), f"({text_a} {symbol} {text_b})"
        if kind == 6:
            places = self.randrange(5)
            return strict(lambda x: rounded(x, places), a), f"round_half_up({text_a}, {places})"
        if kind == 7:
            name, function = self.choice(
                [("abs", abs), ("floor", lambda x: Fraction(math.floor(x))), ("ceil", lambda x: Fraction(math.ceil(x)))]
            )
            return strict(function, a), f"{name}({text_a})"
        if kind == 8:
            c, text_c = self.number(depth - 1)
            name, function = self.choice([("min", min), ("max", max)])
            return strict(function, a, b, c), f"{name}({text_a}, {text_b}, {text_c})"
        if kind == 9:
            c, text_c = self.number(depth - 1)
            return strict(clamped, a, b, c), f"clamp({text_a}, {text_b}, {text_c})"
        if kind == 10:
            exponent = self.randrange(-3, 4)
            return strict(lambda x: power(x, exponent), a), f"({text_a}) ** ({exponent})"
        if kind == 11:
            return lambda names: (lambda x: b(names) if x is None else x)(a(names)), f"({text_a} ?? {text_b})"
        if kind == 12:
            return strict(lambda x: -x, a), f"-({text_a})"
        condition, text = self.condition(depth - 1)
        return lambda names: a(names) if condition(names) else b(names), f"(if {text} {{ {text_a} }} else {{ {text_b} }})"

    def leaf(self):
        if self.random() < 0.6:
            name = self.choice(NAMES)
            return lambda names: names[name], name
        if self.random() < 0.2:
            whole = self.randrange(-30, 30)
            return lambda _: Fraction(whole), f"({whole})"
        text = self.choice(NUMBERS)
        return lambda _: Fraction(text), text

    def condition(self, depth):
        if depth == 0 or self.random() < 0.1:
            if self.random() < 0.3:
                name = self.choice(NAMES)
                return lambda names: names[name] is not None, f"has({name})"
            flag = self.choice(FLAGS)
            return lambda names: names[flag], flag
        kind = self.randrange(5)
        if kind < 3:
            (a, text_a), (b, text_b) = self.number(depth - 1), self.number(depth - 1)
            symbol = self.choice(list(COMPARISONS))
            return strict(COMPARISONS[symbol], a, b), f"({text_a} {symbol} {text_b})"
        a, text_a = self.condition(depth - 1)
        if kind == 3:
            return strict(lambda truth: not truth, a), f"!({text_a})"
        b, text_b = self.condition(depth - 1)
        # A blank one does not hold, and what decides is not looked beyond.
        if self.random() < 0.5:
            return lambda names: bool(a(names)) and bool(b(names)), f"({text_a} && {text_b})"
        return lambda names: bool(a(names)) or bool(b(names)), f"({text_a} || {text_b})"

    def cell(self):
        kind = self.randrange(10)
        if kind == 0:
            return ""
        if kind < 4:
            return self.choice(NUMBERS)
        if kind == 4:
            return "-" + self.choice(NUMBERS + HUGE)
        if kind == 5 and self.random() < 0.3:
            return self.choice(HUGE)
        return str(self.randrange(-(10**6), 10**8) / 10 ** self.randrange(5)) if kind < 7 else str(self.randrange(100))

    def names(self):
        cells = {name: self.cell() for name in NAMES} | {flag: self.choice(["true", "false"]) for flag in FLAGS}
        return {name: text for name, text in cells.items() if "e" not in text or name in FLAGS}

    def case(self):
        """Formula, cells, and the value; `Failed` where there is none."""
        cells = dict.fromkeys(NAMES, "") | self.names()
        values = {name: (Fraction(text) if text else None) for name, text in cells.items() if name in NAMES}
        values |= {flag: cells[flag] == "true" for flag in FLAGS}
        compute, text = self.number(DEPTH) if self.random() < 0.8 else self.condition(DEPTH)
        try:
            return text, cells, compute(values)
        except Failed:
            return text, cells, Failed


def value_of(answer):
    """A number as a fraction, a truth, `None`, or `Failed`."""
    if "error" in answer:
        return AssertionError(answer) if answer.get("faults") else Failed
    value = answer["value"]
    return Fraction(answer.get("fraction", value)) if isinstance(value, str) else value


class Formulas(unittest.TestCase):
    def test_formulas_have_the_values_that_fractions_give(self):
        """Compiled and interpreted; as the table of wanted values says, too."""
        done = failed = absent = 0
        while done < CASES:
            dice = Dice(SEED + done)
            cases = [dice.case() for _ in range(min(CHUNK, CASES - done))]
            compiled, interpreted = self.answers(cases), self.answers(cases, "--interpreted")
            for (text, cells, wanted), *answers in zip(cases, compiled, interpreted, strict=True):
                for answer, way in zip(answers, (True, False), strict=True):
                    self.assertEqual(value_of(answer), wanted, f"{text} with {cells}: {answer}")
                    if wanted is not Failed:
                        self.assertEqual(answer["compiled"], way, text)
                        self.assertNotIn("want", answer, f"{text} with {cells}: {answer}")
                failed += wanted is Failed
                absent += wanted is None
            done += len(cases)
        print(f"{done} formulas, each compiled and interpreted: {failed} without a value, {absent} blank; 0 differences")
        # Every kind of outcome comes up.
        self.assertTrue(0 < failed < done / 3 and 0 < absent < done / 2)

    def answers(self, cases, *options):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as table:
            table.write("expr\tvars\twant\n")
            for text, cells, wanted in cases:
                want = "" if wanted is None or wanted is Failed else str(wanted).lower()
                table.write(f"{text}\t{json.dumps(cells)}\t{want}\n")
            table.flush()
            command = [HENG, "calc", "--file", table.name, "--json", *options]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=600)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    unittest.main()
