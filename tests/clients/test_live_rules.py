"""Rules change while the server runs: a valid change is live at once, a broken one is refused by place."""

import os
import random
import re
import shutil
import threading
import time
import unittest
from pathlib import Path

from heng_client import SAMPLE_PACKS, Server, evaluation_pb2, eventually, figures, rule_pack_pb2, sample_form

# A second is what heng promises on an idle machine; the tests share theirs with others.
LIVE_SECONDS = 10
#: Saves of the storm; `HENG_FULL=1` for a thousand.
SAVES = 1_000 if os.environ.get("HENG_FULL") else 60
BREAKS = (("excellent:", "excellent"), ('"[80, ', '"[81, '), ("bands:", "band:"), ("title", "titel"), (": ", ":"))


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise AssertionError(f"{path.name} has no {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


class LiveRules(unittest.TestCase):
    def setUp(self):
        # These rules are changed so that their cases fail: what is asked here is how fast and how safely they swap.
        self.server = Server("--folder-gate", "compile")
        self.server.start()
        self.addCleanup(self.server.__exit__)
        self.national = self.server.rules / "mof-2020"

    def evaluated(self):
        return self.server.evaluate(sample_form(), validate_only=True)

    def live(self, probe):
        answer, took = eventually(LIVE_SECONDS, lambda: probe(self.evaluated()))
        print(f"live after {took:.2f} s", flush=True)
        return answer

    def raise_the_excellent_band(self):
        """98.18 is then no longer 优."""
        grades = self.national / "grades.yaml"
        text = grades.read_text(encoding="utf-8").replace('"[90, 100]"', '"[99, 100]"').replace('"[80, 90)"', '"[80, 99)"')
        grades.write_text(text, encoding="utf-8")

    def refused(self):
        pack = self.server.pack("mof-2020")
        return pack if pack.state == rule_pack_pb2.RULE_PACK_STATE_SERVING_LAST_GOOD else None

    def serving(self):
        pack = self.server.pack("mof-2020")
        return pack if pack.state == rule_pack_pb2.RULE_PACK_STATE_SERVING else None

    def test_a_band_that_moves_changes_the_grade(self):
        before = self.evaluated()
        self.assertEqual(before.grade.id, "excellent")
        self.raise_the_excellent_band()
        self.live(lambda found: found.grade.id == "good")
        after = self.evaluated()
        self.assertNotEqual(after.revision, before.revision)
        self.assertEqual(after.points, before.points)

    def test_a_formula_that_changes_changes_the_points(self):
        edit(
            self.national / "methods.yaml",
            "points_possible * min(max(actual, negative_actual_as) / target, completion_ratio_limit)",
            "if actual >= target { points_possible } else { points_possible / 2 }",
        )
        self.live(lambda found: found.indicators[5].points_ceiling == "4")

    def test_a_tier_that_changes_changes_the_floor(self):
        edit(self.national / "methods.yaml", 'achieved: "[0.8, 1]"', 'achieved: "[0.9, 1]"')
        edit(self.national / "methods.yaml", 'partly: "[0.6, 0.8)"', 'partly: "[0.6, 0.9)"')
        self.live(lambda found: found.indicators[2].points_floor == "7.2")

    def test_a_broken_file_is_refused_by_place_and_the_last_good_rules_serve(self):
        before = self.evaluated()
        grades = self.national / "grades.yaml"
        good = grades.read_text(encoding="utf-8")
        edit(grades, '"[80, 90)"', '"[80, 89)"')
        pack, _ = eventually(LIVE_SECONDS, self.refused)
        [gap] = pack.diagnostics
        self.assertEqual((gap.code, gap.place.file), ("band_gap", "mof-2020/grades.yaml"))
        self.assertGreater(gap.place.line, 0)
        self.assertGreater(gap.place.column, 0)
        self.assertIn("[89, 90)", gap.message)
        self.assertIn("[89, 90)", gap.message_en)
        after = self.evaluated()
        self.assertEqual((after.revision, after.grade), (before.revision, before.grade))
        eventually(LIVE_SECONDS, lambda: "band_gap" in self.server.log())
        grades.write_text(good, encoding="utf-8")
        pack, _ = eventually(LIVE_SECONDS, self.serving)
        self.assertEqual(list(pack.diagnostics), [])
        eventually(LIVE_SECONDS, lambda: "nothing in the rules folder is refused any more" in self.server.log())

    def test_a_mistake_in_a_formula_is_told_at_its_column(self):
        methods = self.national / "methods.yaml"
        edit(methods, "execution_points_possible * clamp", "execution_points_possible * clmap")
        pack, _ = eventually(LIVE_SECONDS, self.refused)
        told = [found for found in pack.diagnostics if found.code == "unknown_function"]
        self.assertTrue(told, pack.diagnostics)
        place = told[0].place
        line = methods.read_text(encoding="utf-8").splitlines()[place.line - 1]
        self.assertEqual(line[place.column - 1 :][: len("clmap")], "clmap")
        self.assertIn("clamp", told[0].help)

    def test_a_half_written_file_does_no_harm(self):
        checks = self.national / "checks.yaml"
        whole = checks.read_text(encoding="utf-8")
        before = self.evaluated()
        with checks.open("w", encoding="utf-8") as file:
            file.write(whole[: len(whole) // 2])
            file.flush()
            eventually(LIVE_SECONDS, self.refused)
            self.assertEqual(self.evaluated().revision, before.revision)
            file.write(whole[len(whole) // 2 :])
        eventually(LIVE_SECONDS, self.serving)
        self.assertEqual(self.evaluated().revision, before.revision)

    def test_an_endless_script_fails_its_rows_and_no_others(self):
        script = self.national / "scripts/methods.rhai"
        text = script.read_text(encoding="utf-8")
        script.write_text(text + "\nfn endless(points) { let n = 0; while n >= 0 { n += 1; } points }\n", encoding="utf-8")
        edit(
            self.national / "methods.yaml",
            "points_possible * min(max(actual, negative_actual_as) / target, completion_ratio_limit)",
            "endless(points_possible)",
        )
        found = self.live(lambda found: found if not found.complete else None)
        self.assertEqual(found.indicators[5].status, evaluation_pb2.INDICATOR_STATUS_FAILED)
        self.assertEqual(found.indicators[2].status, evaluation_pb2.INDICATOR_STATUS_SCORED)
        self.assertFalse(found.HasField("grade"))

    def test_two_packs_that_claim_the_same_forms_are_refused(self):
        other = self.server.rules / "longgang-2023"
        shutil.copytree(self.server.rules / "longgang-2022", other)
        edit(other / "pack.yaml", "id: longgang-2022", "id: longgang-2023")
        pack, _ = eventually(LIVE_SECONDS, self.refused)
        [rivals] = [found for found in pack.diagnostics if found.code == "rival_packs"]
        self.assertEqual({rivals.place.file, rivals.related[0].place.file}, {"longgang-2022/pack.yaml", "longgang-2023/pack.yaml"})

    def test_no_request_is_lost_or_mixed_while_rules_change(self):
        seen, failures, done = {}, [], threading.Event()

        def ask():
            while not done.is_set():
                try:
                    found = self.evaluated()
                except Exception as error:  # noqa: BLE001 - any failure is a lost request
                    failures.append(error)
                    return
                seen.setdefault(found.revision, set()).add((found.grade.id, found.indicators[5].points_ceiling))

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        try:
            self.raise_the_excellent_band()
            self.live(lambda found: found.grade.id == "good")
            edit(self.national / "grades.yaml", "excellent:", "excellent")
            eventually(LIVE_SECONDS, self.refused)
            edit(self.national / "grades.yaml", "excellent", "excellent:")
            eventually(LIVE_SECONDS, self.serving)
        finally:
            done.set()
            for asker in askers:
                asker.join()
        self.assertEqual(failures, [])
        self.assertEqual(len(seen), 2, seen)
        self.assertTrue(all(len(answers) == 1 for answers in seen.values()), seen)

    def test_a_storm_of_saves_harms_no_request_and_ends_with_what_was_saved_last(self):
        """Half of the saves are good, the others broken or left half written for a moment."""
        storm = Server("--folder-gate", "compile", packs=SAMPLE_PACKS)
        storm.start()
        self.addCleanup(storm.__exit__)
        grades = storm.rules / "mof-2020/grades.yaml"
        text = grades.read_text(encoding="utf-8")
        variants = {edge: text.replace('"[90, 100]"', f'"[{edge}, 100]"').replace('"[80, 90)"', f'"[80, {edge})"') for edge in (90, 99)}
        grade = {90: "excellent", 99: "good"}
        dice, answers, failures, done = random.Random(7), {}, [], threading.Event()
        counts = {}

        def ask(asker):
            while not done.is_set():
                try:
                    found = storm.evaluate(sample_form(), validate_only=True)
                except Exception as error:  # noqa: BLE001 - any failure is a lost request
                    failures.append(error)
                    return
                answers.setdefault(found.revision, set()).add((found.grade.id, found.points.ceiling))
                counts[asker] = counts.get(asker, 0) + 1

        askers = [threading.Thread(target=ask, args=(asker,)) for asker in range(4)]
        for asker in askers:
            asker.start()
        memory, before = [], resident(storm)
        try:
            for save in range(SAVES):
                edge = dice.choice((90, 99))
                kind = dice.choice(("good", "good", "broken", "half"))
                good = variants[edge]
                if kind == "good":
                    grades.write_text(good, encoding="utf-8")
                elif kind == "broken":
                    grades.write_text(good.replace(*dice.choice(BREAKS)), encoding="utf-8")
                else:
                    cut = dice.randrange(len(good) - 20)
                    with grades.open("w", encoding="utf-8") as file:
                        file.write(good[:cut])
                        file.flush()
                        time.sleep(dice.uniform(0, 0.2))
                        file.write(good[cut:] if dice.random() < 0.5 else "")
                time.sleep(dice.uniform(0, 0.4))
                if save % 10 == 9:
                    memory.append(resident(storm))
            grades.write_text(variants[99], encoding="utf-8")
            eventually(LIVE_SECONDS, lambda: storm.evaluate(sample_form(), validate_only=True).grade.id == "good")
        finally:
            done.set()
            for asker in askers:
                asker.join()
        asked, after = sum(counts.values()), resident(storm)
        figures(
            f"{SAVES} saves of rules, half of them broken; {asked} requests answered, {len(failures)} failed; "
            f"{before >> 10} MiB before, {after >> 10} MiB after, at most {max(memory) >> 10} MiB"
        )
        self.assertEqual(failures, [])
        self.assertEqual({found for one in answers.values() for found, _ in one}, set(grade.values()))
        self.assertTrue(all(len(one) == 1 for one in answers.values()), answers)
        settled = memory[len(memory) // 3 :]
        self.assertLess(max(settled), 1.5 * min(settled), f"memory in KiB after every tenth save: {memory}")


def resident(server):
    """KiB of memory that the server holds."""
    status = (Path("/proc") / str(server.process.pid) / "status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))


if __name__ == "__main__":
    unittest.main()
