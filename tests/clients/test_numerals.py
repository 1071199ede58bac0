"""Chinese numerals, against cn2an: what it writes below 10^12, heng must read; beyond, it must not misread it."""

import json
import random
import subprocess
import tempfile
import unittest
from decimal import Decimal

import cn2an
from heng_client import HENG, REPOSITORY

SEED = 20220101
READ_BELOW = 10**12


def numbers():
    """Every small number, every edge of a place, and a sample of the rest below 10^16."""
    dice = random.Random(SEED)
    edges = [10**power + step for power in range(2, 16) for step in (-1, 0, 1)]
    holes = [part * 10**power + rest for power in (3, 4, 5, 8, 9) for part in (1, 10, 20) for rest in (0, 1, 10, 101)]
    drawn = [dice.randrange(10 ** dice.randrange(3, 16)) for _ in range(500)]
    return sorted({*range(201), *edges, *holes, *drawn})


class Numerals(unittest.TestCase):
    def test_numerals_read_as_they_were_meant(self):
        wanted = []
        for number in numbers():
            wanted += [(cn2an.an2cn(number, mode), Decimal(number)) for mode in ("low", "up")]
        dice = random.Random(SEED)
        for _ in range(200):
            number = Decimal(dice.randrange(1, 10**8)).scaleb(-dice.randrange(1, 4))
            wanted.append((cn2an.an2cn(str(number), "low"), number))
        values = self.values([f"{written}个" for written, _ in wanted])
        wrong = [
            (written, value, got)
            for (written, value), got in zip(wanted, values)
            if got != value and (value < READ_BELOW or isinstance(got, Decimal))
        ]
        self.assertEqual(wrong[:10], [], f"{len(wrong)} of {len(wanted)} numerals are misread")

    def values(self, targets):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as pairs:
            pairs.write("target\tactual\n" + "".join(f"{target}\t\n" for target in targets))
            pairs.flush()
            command = [HENG, "read", "--file", pairs.name, "--json", "--rules", REPOSITORY / "rules"]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        readings = [json.loads(line)["target"] for line in done.stdout.splitlines()]
        self.assertEqual(len(readings), len(targets))
        return [Decimal(reading["value"]) if reading.get("value") else reading["kind"] for reading in readings]


if __name__ == "__main__":
    unittest.main()
