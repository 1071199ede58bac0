"""Lists: filters against looking at every evaluation, orders, pages while others write, tokens that were tampered with."""

import random
import threading
import unittest
from decimal import Decimal

import grpc
from heng_client import Server, details, evaluation_service_pb2, sample_form

ORDERS = {
    "EVALUATION_ORDER_UNSPECIFIED": (lambda found: found.id, True),
    "EVALUATION_ORDER_NEWEST_FIRST": (lambda found: found.id, True),
    "EVALUATION_ORDER_OLDEST_FIRST": (lambda found: found.id, False),
    "EVALUATION_ORDER_HIGHEST_POINTS_FIRST": (lambda found: (Decimal(found.points.awarded), found.id), True),
    "EVALUATION_ORDER_LOWEST_POINTS_FIRST": (lambda found: (Decimal(found.points.awarded), found.id), False),
}
UNITS = ["招商局", "商务局", " 商务局 ", "", "Büro/7"]
FORMS = 120
WRITERS = 8
EACH = 40


def filter_of(**fields):
    return evaluation_service_pb2.EvaluationFilter(**fields)


def various(dice, number):
    """A form that differs in what filters ask for."""
    form = sample_form(
        project_name=f"项目{number}",
        project_code=dice.choice(["440307220601500400009", "440308220601500400009", "510100"]),
        fiscal_year=dice.choice([2022, 2023, 2024]),
        implementing_unit=dice.choice(UNITS),
        primary_budget_unit=dice.choice(UNITS),
    )
    for row in dice.sample(list(form.indicators), dice.randrange(6)):
        row.points_claimed = dice.choice(["0", "1", "5", ""])
        row.actual = dice.choice([row.actual, "", "0", "完成情况良好"])
    if dice.random() < 0.2:
        form.total.points_claimed = ""
    return form


class Lists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seed = random.randrange(1 << 32)
        print(f"seed {cls.seed}", flush=True)
        cls.dice = random.Random(cls.seed)
        cls.server = Server()
        cls.server.start()
        cls.stored = []
        for number in range(FORMS):
            form = various(cls.dice, number)
            cls.stored.append((cls.server.evaluate(form), form))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def expected(self, wanted, order):
        """By looking at each evaluation and its form."""
        def admits(found, form):
            claimed = found.points.claimed if found.points.HasField("claimed") else None
            differs = None if claimed is None else Decimal(claimed) != Decimal(found.points.awarded)
            return (
                wanted.fiscal_year in (0, found.fiscal_year)
                and wanted.implementing_unit.strip() in ("", form.implementing_unit.strip())
                and wanted.primary_budget_unit.strip() in ("", form.primary_budget_unit.strip())
                and wanted.project_code in ("", found.project_code)
                and wanted.rule_pack in ("", found.rule_pack)
                and wanted.revision in ("", found.revision)
                and wanted.grade in ("", found.grade.id)
                and set(wanted.finding_codes) <= {finding.code for finding in found.findings}
                and (not wanted.HasField("claim_differs") or differs is wanted.claim_differs)
                and (not wanted.HasField("complete") or found.complete is wanted.complete)
            )

        key, backwards = ORDERS[order]
        chosen = [found for found, form in self.stored if admits(found, form)]
        return [found.id for found in sorted(chosen, key=key, reverse=backwards)]

    def listed(self, size, wanted, order):
        return [summary.id for page in self.server.pages(size, filter=wanted, order=order) for summary in page]

    def test_what_a_filter_finds_is_what_looking_at_all_of_them_finds(self):
        dice, (found, _) = self.dice, self.stored[0]
        codes = sorted({finding.code for found, _ in self.stored for finding in found.findings})
        choices = {
            "fiscal_year": [2022, 2023, 2024, 1999],
            "implementing_unit": UNITS[:4] + ["招商"],
            "primary_budget_unit": UNITS[:4],
            "project_code": ["440307220601500400009", "440308220601500400009", "510100", "4403"],
            "rule_pack": sorted({found.rule_pack for found, _ in self.stored}) + ["atlantis"],
            "revision": [found.revision, "sha256:00"],
            "grade": ["excellent", "good", "fair", "poor", "优"],
            "claim_differs": [True, False],
            "complete": [True, False],
        }
        met = 0
        for turn in range(100):
            fields = {name: dice.choice(choices[name]) for name in dice.sample(sorted(choices), dice.randrange(1, 4))}
            if turn % 3 == 0:
                fields = {"finding_codes": dice.sample(codes, dice.randrange(1, 3)), **dict(list(fields.items())[:1])}
            wanted, order = filter_of(**fields), dice.choice(sorted(ORDERS))
            expected = self.expected(wanted, order)
            met += bool(expected)
            with self.subTest(seed=self.seed, turn=turn, fields=fields, order=order):
                self.assertEqual(self.listed(dice.choice([2, 5, 50]), wanted, order), expected)
        # Filters that find nothing prove little.
        self.assertGreater(met, 30)

    def test_sums_are_those_of_the_evaluations(self):
        groupings = {
            "SUMMARY_GROUPING_UNSPECIFIED": lambda found, form: "",
            "SUMMARY_GROUPING_IMPLEMENTING_UNIT": lambda found, form: form.implementing_unit.strip(),
            "SUMMARY_GROUPING_FISCAL_YEAR": lambda found, form: str(found.fiscal_year),
            "SUMMARY_GROUPING_RULE_PACK": lambda found, form: found.rule_pack,
        }
        for grouping, key in groupings.items():
            for wanted in (filter_of(), filter_of(fiscal_year=2023), filter_of(grade="poor", claim_differs=True)):
                with self.subTest(seed=self.seed, grouping=grouping, wanted=str(wanted)):
                    chosen = set(self.expected(wanted, "EVALUATION_ORDER_UNSPECIFIED"))
                    groups = {}
                    for found, form in self.stored:
                        if found.id in chosen:
                            groups.setdefault(key(found, form), []).append(found)
                    request = evaluation_service_pb2.SummarizeEvaluationsRequest(filter=wanted, grouping=grouping)
                    sums = self.server.evaluations.SummarizeEvaluations(request, timeout=60)
                    self.assertEqual([group.key for group in sums.groups], sorted(groups))
                    self.assertEqual((sums.evaluation_count, sums.groups_omitted), (len(chosen), 0))
                    for group in sums.groups:
                        self.judge(group, groups[group.key])

    def judge(self, group, found):
        def mean(numbers):
            return (sum(numbers) / len(numbers) * 100 + Decimal("0.5")).__floor__() / Decimal(100)

        self.assertEqual(group.evaluation_count, len(found))
        self.assertEqual(Decimal(group.points_awarded_mean), mean([Decimal(one.points.awarded) for one in found]))
        claimed = [Decimal(one.points.claimed) for one in found if one.points.HasField("claimed")]
        self.assertEqual(group.HasField("points_claimed_mean"), bool(claimed))
        if claimed:
            self.assertEqual(Decimal(group.points_claimed_mean), mean(claimed))
        grades = {count.grade.id: count.evaluation_count for count in group.grades}
        self.assertEqual(sum(grades.values()) + group.ungraded_count, len(found))
        for grade, count in grades.items():
            self.assertEqual(count, sum(one.grade.id == grade for one in found))
        for finding in group.findings:
            times = [sum(told.code == finding.code for told in one.findings) for one in found]
            self.assertEqual((finding.finding_count, finding.evaluation_count), (sum(times), sum(map(bool, times))))
        lost = {}
        for one in found:
            rows = [(row.dimension, row.name, row) for row in one.indicators] + [("", "", one.execution)]
            for dimension, name, row in rows:
                if row.status == 1 and row.HasField("points_possible"):
                    before = lost.get((dimension, name), (Decimal(0), 0))
                    by = Decimal(row.points_possible) - Decimal(row.points_awarded)
                    lost[dimension, name] = (before[0] + by, before[1] + 1)
        worst = sorted((by for by, _ in lost.values() if by > 0), reverse=True)[:20]
        self.assertEqual([Decimal(loss.points_lost) for loss in group.losses], worst)
        for loss in group.losses:
            self.assertEqual((Decimal(loss.points_lost), loss.row_count), lost[loss.dimension, loss.name])

    def refused(self, **fields):
        request = evaluation_service_pb2.ListEvaluationsRequest(page_size=2, **fields)
        with self.assertRaises(grpc.RpcError) as refusal:
            self.server.evaluations.ListEvaluations(request, timeout=60)
        self.assertEqual(refusal.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        return [violation.field for violation in details(refusal.exception)["BadRequest"].field_violations]

    def first_token(self, server=None, **fields):
        request = evaluation_service_pb2.ListEvaluationsRequest(page_size=2, **fields)
        return (server or self.server).evaluations.ListEvaluations(request, timeout=60).next_page_token

    def test_a_token_is_good_for_its_own_list_only(self):
        fields = {"filter": filter_of(fiscal_year=2022), "order": "EVALUATION_ORDER_HIGHEST_POINTS_FIRST"}
        token = self.first_token(**fields)
        self.assertTrue(token)
        spoilt = [token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))]
        spoilt += [token[:-1], token + "A", token[1:], token * 2, "x", "=", "页", "A" * 4000]
        for bad in spoilt:
            with self.subTest(bad):
                # The last letter of a token has bits that stand for nothing; they too must be as they were.
                self.assertEqual(self.refused(page_token=bad, **fields), ["page_token"])
        foreign = [
            {},
            {**fields, "filter": filter_of(fiscal_year=2023)},
            {**fields, "filter": filter_of(fiscal_year=2022, grade="good")},
            {**fields, "order": "EVALUATION_ORDER_LOWEST_POINTS_FIRST"},
        ]
        for other in foreign:
            with self.subTest(str(other)):
                self.assertEqual(self.refused(page_token=token, **other), ["page_token"])

    def test_a_token_survives_a_restart_and_belongs_to_its_folder(self):
        with Server() as one, Server() as other:
            ids = [one.evaluate(sample_form(project_name=f"项目{number}")).id for number in range(5)]
            token = self.first_token(one)
            for number in range(5):
                other.evaluate(sample_form(project_name=f"项目{number}"))
            one.terminate()
            self.assertEqual((one.data / "page-token-key").stat().st_mode & 0o777, 0o600)
            one.start()
            request = evaluation_service_pb2.ListEvaluationsRequest(page_size=2, page_token=token)
            page = one.evaluations.ListEvaluations(request, timeout=60)
            self.assertEqual([summary.id for summary in page.evaluations], [ids[2], ids[1]])
            with self.assertRaises(grpc.RpcError) as refusal:
                other.evaluations.ListEvaluations(request, timeout=60)
            self.assertEqual(refusal.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)

    def test_a_filter_beyond_its_limits_is_refused_by_field(self):
        cases = [
            ({"filter": filter_of(grade="g" * 257)}, ["filter.grade"]),
            ({"filter": filter_of(finding_codes=["a", "b" * 257])}, ["filter.finding_codes[1]"]),
            ({"filter": filter_of(finding_codes=list("abcdefghi"))}, ["filter.finding_codes"]),
            ({"order": 77}, ["order"]),
        ]
        for fields, named in cases:
            with self.subTest(named):
                self.assertEqual(self.refused(**fields), named)


class ListsUnderWriters(unittest.TestCase):
    def test_pages_hold_all_that_was_there_once_while_others_write(self):
        with Server() as server:
            acknowledged = []

            def write(writer):
                for number in range(EACH):
                    found = server.evaluate(sample_form(project_name=f"{writer}-{number}", fiscal_year=2022 + number % 2))
                    acknowledged.append((found.id, found.fiscal_year))

            writers = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
            for writer in writers:
                writer.start()
            turn = 0
            while turn < len(ORDERS) or any(writer.is_alive() for writer in writers):
                wanted, order = filter_of(fiscal_year=2022 * (turn % 2)), sorted(ORDERS)[turn % len(ORDERS)]
                before = list(acknowledged)
                listed = [one.id for page in server.pages(7, filter=wanted, order=order) for one in page]
                self.assertEqual(len(listed), len(set(listed)), "nothing twice")
                must = {identity for identity, year in before if wanted.fiscal_year in (0, year)}
                self.assertLessEqual(must, set(listed), "nothing missing")
                turn += 1
            for writer in writers:
                writer.join()
            listed = [one.id for page in server.pages(50) for one in page]
            self.assertEqual(sorted(listed), sorted(identity for identity, _ in acknowledged))
            self.assertEqual(len(listed), WRITERS * EACH)


if __name__ == "__main__":
    unittest.main()
