"""One bit of one file of the store flips, or a file ends too early: heng mends it or refuses it by name.

Never a record lost without a word, never other bytes, never a panic. `HENG_FULL=1` tries a thousand bits and two
hundred cuts over all files; otherwise a few dozen.
"""

import os
import random
import shutil
import subprocess
import time
import unittest

from heng_client import HENG, SAMPLE_PACKS, Server, figures, identity_of, sample_form

FLIPS, CUTS = (1_000, 200) if os.environ.get("HENG_FULL") else (32, 16)
RECORDS = 40
#: Seconds within which a damaged store is mended or refused.
SOON = 10


class Damage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(packs=SAMPLE_PACKS)
        with_records(cls.server)
        # What is taken on trust at the start depends on how the store was left.
        cls.sound = [cls.server.folder / "closed", cls.server.folder / "killed"]
        shutil.copytree(cls.server.data, cls.sound[0])
        cls.server.start()
        cls.server.kill()
        shutil.copytree(cls.server.data, cls.sound[1])
        cls.places = [(sound, path.relative_to(sound)) for sound in cls.sound for path in files_of(sound)]

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_a_flipped_bit_is_mended_or_refused(self):
        def flip(dice, content):
            # Half of the bits in what is surely used: long files are mostly room for what will come.
            used = len(content.rstrip(b"\0"))
            at = dice.randrange(used if used and dice.random() < 0.5 else len(content))
            content[at] ^= 1 << dice.randrange(8)
            return f"bit of byte {at}"

        self.damage(FLIPS, flip)

    def test_a_file_that_ends_too_early_is_mended_or_refused(self):
        def cut(dice, content):
            used = len(content.rstrip(b"\0"))
            length = dice.randrange(used if used and dice.random() < 0.5 else len(content))
            del content[length:]
            return f"cut at {length}"

        self.damage(CUTS, cut)

    def damage(self, times, spoil):
        seed = random.randrange(1 << 32)
        dice = random.Random(seed)
        came_to, slowest = {}, 0
        for trial in range(times):
            sound, path = self.places[trial % len(self.places)]
            shutil.rmtree(self.server.data)
            shutil.copytree(sound, self.server.data)
            content = bytearray((self.server.data / path).read_bytes())
            what = spoil(dice, content)
            (self.server.data / path).write_bytes(content)
            with self.subTest(seed=seed, store=sound.name, file=str(path), what=what):
                began = time.monotonic()
                outcome = self.mended_or_refused()
                slowest = max(slowest, time.monotonic() - began)
                came_to[outcome] = came_to.get(outcome, 0) + 1
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(came_to.items()))
        figures(f"{times} times {spoil.__name__} over {len(self.places)} files: {told}; slowest {slowest:.1f} s, records read")

    def mended_or_refused(self):
        if self.starts_whole():
            return "mended or harmless"
        self.assertRegex(self.server.log(), r"error: .*(journal|high-water|FORMAT|index|seal|LOCK)")
        repair = subprocess.run(
            [HENG, "store", "repair", "--lang", "en", "--data", self.server.data],
            capture_output=True,
            encoding="utf-8",
            timeout=SOON,
            check=False,
        )
        self.assertNotIn("panicked", repair.stderr)
        if repair.returncode != 0:
            self.assertRegex(repair.stdout + repair.stderr, "error|lost|newer|FORMAT")
            return "refused, and repair says why it cannot mend it"
        self.assertTrue(self.starts_whole(), self.server.log())
        return "refused, then mended by `heng store repair`"

    def starts_whole(self):
        """Whether heng starts; then every record must be there, byte for byte."""
        try:
            self.server.start(SOON)
        except AssertionError:
            self.assertNotIn("panicked", self.server.log())
            self.assertEqual(self.server.ended(), 2, self.server.log())
            return False
        for identity, raw in self.server.records.items():
            self.assertEqual(self.server.raw_get(identity), raw)
        self.server.kill()
        return True


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 0)


def with_records(server):
    server.start()
    answers = [server.raw_evaluate(sample_form(project_name=f"项目 {n}"), request_id=str(n)) for n in range(RECORDS)]
    server.records = {identity_of(raw): raw for raw in answers}
    server.terminate()


if __name__ == "__main__":
    unittest.main()
