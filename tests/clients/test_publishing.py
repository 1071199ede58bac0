"""Rules put into service over gRPC: tried, kept, activated, rolled back; and the ledger that tells of it."""

import shutil
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import grpc
from google.rpc import error_details_pb2, status_pb2

from heng_client import (
    HENG,
    REPOSITORY,
    SAMPLE_PACKS,
    Server,
    audit_service_pb2,
    audit_service_pb2_grpc,
    evaluation_service_pb2,
    rule_pack_pb2,
    rule_pack_service_pb2,
    rule_trial_pb2,
    sample_form,
)

PACK = "longgang-2022"
STRICT = """bands:
  excellent: {replaces: mof-2020, points: "[99, 100]"}
  good: {replaces: mof-2020, points: "[80, 99)"}
"""
WHO = {"author": "王审计", "reason": "等级线按新文件"}
SECONDS = 120


def files(**written):
    """The pack's files; names of keywords stand for paths, `None` leaves one out."""
    folder = REPOSITORY / "rules" / PACK
    kept = [path for path in folder.rglob("*") if path.is_file() and path.suffix in {".yaml", ".rhai", ".md"}]
    found = {f"{PACK}/{path.relative_to(folder).as_posix()}": path.read_text(encoding="utf-8") for path in kept}
    for name, text in written.items():
        path = f"{PACK}/{name.replace('__', '/')}.yaml"
        found.pop(path, None)
        if text is not None:
            found[path] = text
    return found


def strict(line="99"):
    return files(grades=STRICT.replace("99", line), cases__sample=None)


def details(error):
    """The messages in an error's details, by the names of their types."""
    [raw] = [value for key, value in error.trailing_metadata() if key == "grpc-status-details-bin"]
    found = {}
    for any_ in status_pb2.Status.FromString(raw).details:
        for kind in (error_details_pb2.ErrorInfo, error_details_pb2.LocalizedMessage, rule_trial_pb2.RuleTrial):
            message = kind()
            if any_.Unpack(message):
                found[kind.DESCRIPTOR.name] = message
    return found


class Publishing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        for other in cls.server.rules.iterdir():
            if other.name not in {"mof-2020", PACK}:
                shutil.rmtree(other)
        cls.server.start()
        cls.addClassCleanup(cls.server.__exit__)
        cls.from_folder = cls.server.pack(PACK).revision

    def setUp(self):
        self.packs = self.server.packs
        self.audit = audit_service_pb2_grpc.AuditServiceStub(self.server.channel)

    def publish(self, sent, **fields):
        request = rule_pack_service_pb2.PublishRulePackRequest(rule_pack=PACK, files=sent, **{**WHO, **fields})
        return self.packs.PublishRulePack(request, timeout=SECONDS).trial

    def activate(self, revision, **fields):
        request = rule_pack_service_pb2.ActivateRulePackRequest(rule_pack=PACK, revision=revision, **{**WHO, **fields})
        return self.packs.ActivateRulePack(request, timeout=SECONDS).rule_pack

    def refused(self, code, call, *args, **fields):
        with self.assertRaises(grpc.RpcError) as caught:
            call(*args, **fields)
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        return caught.exception

    def test_a_broken_pack_is_refused_with_its_diagnostics(self):
        broken = files(grades=STRICT.replace("[80, 99)", "[80, 98)"))
        error = self.refused(grpc.StatusCode.FAILED_PRECONDITION, self.publish, broken)
        told = details(error)
        self.assertEqual(told["ErrorInfo"].reason, "RULES_REFUSED")
        self.assertEqual(told["LocalizedMessage"].locale, "zh-CN")
        trial = told["RuleTrial"]
        self.assertFalse(trial.good)
        [gap] = [found for found in trial.diagnostics if found.code == "band_gap"]
        self.assertEqual(gap.place.file, f"{PACK}/grades.yaml")
        checked = self.packs.CheckRulePack(
            rule_pack_service_pb2.CheckRulePackRequest(rule_pack=PACK, files=broken), timeout=SECONDS
        )
        self.assertIn("band_gap", {found.code for found in checked.trial.diagnostics})

    def test_failing_cases_are_told(self):
        failing = files(grades=STRICT)
        trial = details(self.refused(grpc.StatusCode.FAILED_PRECONDITION, self.publish, failing))["RuleTrial"]
        self.assertTrue(trial.failed_cases)
        tested = self.packs.TestRulePack(
            rule_pack_service_pb2.TestRulePackRequest(rule_pack=PACK, files=failing), timeout=SECONDS
        )
        [wrong] = [found for found in tested.results if found.outcome == rule_pack_pb2.RULE_CASE_OUTCOME_FAILED]
        self.assertEqual((wrong.differences[0].path, wrong.differences[0].want), ("grade", "excellent"))
        self.assertEqual(len(tested.results), tested.passed_count + tested.failed_count)
        serving = self.packs.TestRulePack(rule_pack_service_pb2.TestRulePackRequest(rule_pack=PACK), timeout=SECONDS)
        self.assertEqual(serving.failed_count, 0)
        self.assertGreater(serving.passed_count, 0)

    def test_over_budget_then_published_activated_pinned_and_rolled_back(self):
        first = self.server.evaluate(sample_form())
        self.assertEqual(first.grade.id, "excellent")
        budget = rule_pack_service_pb2.RuleBudget(max_grade_drops=0)
        error = self.refused(grpc.StatusCode.FAILED_PRECONDITION, self.publish, strict(), budget=budget)
        trial = details(error)["RuleTrial"]
        self.assertEqual([found.limit for found in trial.excess], ["max_grade_drops"])
        self.assertEqual(trial.impact.grade_drop_count, 1)
        validated = self.publish(strict(), budget=budget, validate_only=True)
        self.assertFalse(validated.good)
        self.assertEqual(validated.impact.forms[0].grade_to, "良")

        etag = self.server.pack(PACK).etag
        trial = self.publish(strict(), etag=etag)
        self.assertTrue(trial.good)
        self.assertEqual(self.server.evaluate(sample_form()).grade.id, "excellent")
        compared = self.packs.CompareRulePacks(
            rule_pack_service_pb2.CompareRulePacksRequest(rule_pack=PACK, to_revision=trial.revision), timeout=SECONDS
        )
        self.assertEqual((compared.impact.form_count, compared.impact.grade_drop_count), (1, 1))

        serving = self.activate(trial.revision, etag=etag)
        self.assertEqual(serving.revision, trial.revision)
        self.assertEqual(serving.state, rule_pack_pb2.RULE_PACK_STATE_SERVING_ACTIVATED)
        self.assertEqual(serving.activation.author, WHO["author"])
        self.refused(grpc.StatusCode.ABORTED, self.activate, first.revision, etag=etag)
        self.refused(grpc.StatusCode.ABORTED, self.publish, strict("98.5"), etag=etag)
        self.assertEqual(self.server.evaluate(sample_form()).grade.id, "good")
        pinned = self.server.evaluate(sample_form(), revision=first.revision)
        self.assertEqual((pinned.grade.id, pinned.points), ("excellent", first.points))
        self.refused(grpc.StatusCode.NOT_FOUND, self.server.evaluate, sample_form(), revision="sha256:00")

        self.server.kill()
        self.server.start()
        self.setUp()
        self.assertEqual(self.server.evaluate(sample_form()).revision, trial.revision)
        self.activate(first.revision)
        self.assertEqual(self.server.evaluate(sample_form()).grade.id, "excellent")
        self.assertEqual(self.server.pack(PACK).state, rule_pack_pb2.RULE_PACK_STATE_SERVING)
        self.assert_replays(first.id)
        self.assert_the_ledger_holds([first.id, self.server.pack(PACK).activation.id])

    def assert_replays(self, identity):
        request = evaluation_service_pb2.ReplayEvaluationRequest(id=identity)
        replayed = self.server.evaluations.ReplayEvaluation(request, timeout=SECONDS)
        self.assertEqual(replayed.verdict, evaluation_service_pb2.REPLAY_VERDICT_IDENTICAL)
        beside = subprocess.run([HENG, "replay", "--data", self.server.data], capture_output=True, check=False)
        self.assertEqual(beside.returncode, 0, beside.stdout.decode() + beside.stderr.decode())

    def assert_the_ledger_holds(self, ids):
        found = self.audit.VerifyLedger(audit_service_pb2.VerifyLedgerRequest(), timeout=SECONDS)
        self.assertTrue(found.intact)
        self.assertGreaterEqual(found.activation_count, 4)
        export = self.audit.ExportLedger(audit_service_pb2.ExportLedgerRequest(ids=ids), timeout=SECONDS)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "evidence"
            file.write_bytes(b"".join(piece.data for piece in export))
            command = [HENG, "--lang", "en", "store", "verify", "--export", file, "--head", found.head_digest]
            told = subprocess.run(command, capture_output=True, cwd=folder, encoding="utf-8", check=False)
        self.assertEqual(told.returncode, 0, told.stdout + told.stderr)
        for identity in ids:
            self.assertIn(identity, told.stdout)

        def all_of(**fields):
            return list(self.audit.ExportLedger(audit_service_pb2.ExportLedgerRequest(**fields), timeout=SECONDS))

        self.refused(grpc.StatusCode.NOT_FOUND, all_of, ids=["none"])
        self.refused(grpc.StatusCode.INVALID_ARGUMENT, all_of, from_sequence=-1)

    def test_of_two_that_race_one_wins(self):
        revisions = [self.publish(strict(line)).revision for line in ("97", "98.1")]
        self.addCleanup(self.activate, self.from_folder)
        etag = self.server.pack(PACK).etag
        outcomes, start = [], threading.Barrier(2)

        def race(revision):
            start.wait()
            try:
                self.activate(revision, etag=etag)
                outcomes.append(grpc.StatusCode.OK)
            except grpc.RpcError as error:
                outcomes.append(error.code())

        racers = [threading.Thread(target=race, args=[revision]) for revision in revisions]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        self.assertEqual(sorted(outcome.name for outcome in outcomes), ["ABORTED", "OK"])

    def test_what_cannot_be_rules_is_refused_at_the_door(self):
        invalid = grpc.StatusCode.INVALID_ARGUMENT
        self.refused(invalid, self.publish, {})
        self.refused(invalid, self.publish, {**strict(), f"{PACK}/../x.yaml": ""})
        self.refused(invalid, self.publish, {**strict(), f"{PACK}/x.sh": ""})
        self.refused(invalid, self.publish, strict(), author=" ")
        self.refused(invalid, self.publish, strict(), budget=rule_pack_service_pb2.RuleBudget(max_delta="x"))
        self.refused(invalid, self.publish, strict(), budget=rule_pack_service_pb2.RuleBudget(max_grade_drops=-1))
        self.refused(grpc.StatusCode.NOT_FOUND, self.activate, "sha256:00")


class FolderGate(unittest.TestCase):
    """By default the folder's rules have to pass their cases."""

    def test_a_folder_that_fails_its_cases_does_not_serve(self):
        with Server() as server:
            before = server.evaluate(sample_form(), validate_only=True)
            (server.rules / PACK / "grades.yaml").write_text(STRICT, encoding="utf-8")
            packs = server.packs.ReloadRulePacks(rule_pack_service_pb2.ReloadRulePacksRequest(), timeout=SECONDS)
            self.assertTrue(packs.rule_packs)
            pack = server.pack(PACK)
            self.assertEqual(pack.state, rule_pack_pb2.RULE_PACK_STATE_SERVING_LAST_GOOD)
            self.assertTrue(pack.failed_cases)
            after = server.evaluate(sample_form(), validate_only=True)
            self.assertEqual((after.revision, after.grade), (before.revision, before.grade))


class StoredRevisions(unittest.TestCase):
    def impact(self, server, revision):
        command = [HENG, "impact", "--from", revision, "--to", server.rules, "--store", "--data", server.data]
        return subprocess.run(
            [*map(str, command), "--lang", "en"], capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
        )

    def test_a_kept_revision_is_compared_with_a_folder_while_the_server_runs(self):
        with Server("--folder-gate", "compile", packs=SAMPLE_PACKS) as server:
            revision = server.evaluate(sample_form(), request_id="one").revision
            same = self.impact(server, revision)
            self.assertEqual(same.returncode, 0, same.stdout + same.stderr)
            (server.rules / PACK / "grades.yaml").write_text(STRICT, encoding="utf-8")
            other = self.impact(server, revision)
            self.assertEqual(other.returncode, 1, other.stdout + other.stderr)
            self.assertIn("1 of 1 forms change their scores", other.stdout)
            unknown = self.impact(server, "sha256:" + "0" * 64)
            self.assertEqual(unknown.returncode, 2)
            self.assertIn("keeps no revision", unknown.stderr)


class FolderBudget(unittest.TestCase):
    def test_a_folder_that_would_move_more_than_it_may_is_refused_and_told_what_it_would_move(self):
        with Server("--folder-max-grade-drops", "0", "--folder-max-delta", "0.5", packs=("mof-2020", PACK)) as server:
            first = server.evaluate(sample_form())
            server.evaluate(sample_form())
            # The points stay, the grade does not.
            (server.rules / PACK / "cases/sample.yaml").unlink()
            (server.rules / PACK / "grades.yaml").write_text(STRICT, encoding="utf-8")
            for _ in range(2):
                told = server.packs.ReloadRulePacks(rule_pack_service_pb2.ReloadRulePacksRequest(), timeout=SECONDS)
                [excess] = told.excess
                self.assertEqual((excess.limit, excess.allowed, excess.found), ("max_grade_drops", "0", "1"))
                self.assertIn("降等", excess.message)
                self.assertEqual((told.impact.form_count, told.impact.grade_drop_count), (1, 1))
                self.assertEqual((told.impact.forms[0].grade_from, told.impact.forms[0].grade_to), ("优", "良"))
                self.assertEqual(
                    {pack.state for pack in told.rule_packs}, {rule_pack_pb2.RULE_PACK_STATE_SERVING_LAST_GOOD}
                )
                self.assertEqual(server.evaluate(sample_form()).revision, first.revision)
                # Neither does a restart take it.
                self.assertEqual(server.terminate(), 0)
                self.assertIn("1 forms drop a grade or lose theirs; at most 0 may", server.log())
                self.assertNotIn(sample_form().project_name, server.log())
                server.start()
            # An author who meant it says how much may move.
            self.assertEqual(server.terminate(), 0)
            server.options = ("--folder-max-grade-drops", "1")
            server.start()
            now = server.evaluate(sample_form())
            self.assertEqual((now.grade.id, now.points), ("good", first.points))
            told = server.packs.ReloadRulePacks(rule_pack_service_pb2.ReloadRulePacksRequest(), timeout=SECONDS)
            self.assertEqual((list(told.excess), told.HasField("impact")), ([], False))


if __name__ == "__main__":
    unittest.main()
