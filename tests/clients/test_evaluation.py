"""What a client sees of the two services: scores, findings, refusals, pages, health, reflection."""

import subprocess
import unittest

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from heng_client import (
    REPOSITORY,
    Server,
    details,
    evaluation_pb2,
    evaluation_service_pb2,
    rule_pack_pb2,
    rule_pack_service_pb2,
    sample_form,
)

SERVICES = {
    "heng.v1.EvaluationService",
    "heng.v1.RulePackService",
    "grpc.health.v1.Health",
}


class Evaluation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def refused(self, code, call):
        with self.assertRaises(grpc.RpcError) as refusal:
            call()
        self.assertEqual(refusal.exception.code(), code, refusal.exception.details())
        return refusal.exception

    def test_the_sample_form_has_its_known_scores(self):
        found = self.server.evaluate(sample_form())
        points = found.points
        self.assertEqual((points.possible, points.claimed, points.awarded, points.ceiling), ("100", "98.18", "98.18", "98.91"))
        self.assertEqual((found.rule_pack, found.grade.id, found.grade.title), ("longgang-2022", "excellent", "优"))
        self.assertTrue(found.complete)
        execution = found.execution
        self.assertEqual((execution.rate, execution.points_ceiling, execution.points_awarded), ("0.9176", "9.18", "9.18"))
        cost = found.indicators[5]
        self.assertEqual(cost.met, evaluation_pb2.MET_NOT_MET)
        self.assertEqual(cost.target.comparison, evaluation_pb2.COMPARISON_AT_LEAST)
        self.assertEqual((cost.target.value, cost.target.unit, cost.actual.value), ("95", "%", "91.76"))
        self.assertEqual((cost.points_floor, cost.points_ceiling, cost.points_awarded), ("7.73", "7.73", "7"))
        self.assertEqual(cost.derivation, "8 × 91.76% ÷ 95% = 7.73")
        self.assertEqual(cost.citation.document, "财预〔2020〕10号")
        self.assertTrue(cost.trace)
        quality = found.indicators[2]
        self.assertLess(float(quality.points_floor), float(quality.points_ceiling))

    def test_the_sample_form_has_its_known_findings(self):
        found = {(finding.code, finding.field) for finding in self.server.evaluate(sample_form()).findings}
        wanted = {
            ("missing_deviation_reason", "indicators[5].deviation_reason"),
            ("score_formula_mismatch", "indicators[5].points_claimed"),
            ("adjustment_unexplained", "funds.total.budget_annual"),
            ("goal_copied_from_expectation", "goals[0].achieved"),
            ("unquantified_indicator_dominates", "indicators[7].points_possible"),
            ("vague_target", "indicators[7].target"),
            ("cost_repeats_execution_rate", "indicators[5].target"),
        }
        self.assertLessEqual(wanted, found)

    def test_findings_speak_both_languages_and_cite(self):
        for finding in self.server.evaluate(sample_form()).findings:
            with self.subTest(finding.code):
                self.assertTrue(finding.message and finding.message_en and finding.help and finding.help_en)
                self.assertTrue(finding.citation.title)
                self.assertNotEqual(finding.severity, evaluation_pb2.SEVERITY_UNSPECIFIED)

    def test_a_request_that_is_no_form_names_every_field(self):
        form = sample_form(fiscal_year=1066)
        form.indicators[3].points_claimed = "1e400"
        form.indicators[4].name = "看\u202e不见"
        error = self.refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: self.server.evaluate(form))
        told = details(error)
        fields = [violation.field for violation in told["BadRequest"].field_violations]
        self.assertEqual(fields, ["fiscal_year", "indicators[3].points_claimed", "indicators[4].name"])
        self.assertTrue(all(violation.description for violation in told["BadRequest"].field_violations))
        self.assertEqual((told["ErrorInfo"].reason, told["ErrorInfo"].domain), ("INVALID_FORM", "heng"))
        self.assertEqual(told["LocalizedMessage"].locale, "zh-CN")
        self.assertRegex(told["LocalizedMessage"].message, "[一-龥]")
        self.assertTrue(error.details().isascii(), error.details())

    def test_a_refusal_fits_into_any_client(self):
        """gRPC clients take 8 KiB of metadata unless told otherwise."""
        long = "满" * 2000
        form = sample_form()
        for row in form.indicators:
            row.points_possible = row.points_claimed = long
        form.indicators.extend([form.indicators[0]] * 100)
        error = self.refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: self.server.evaluate(form))
        self.assertGreater(len(details(error)["BadRequest"].field_violations), 5)
        for call in (
            lambda: self.server.raw_get(long),
            lambda: self.server.pack(long),
            lambda: self.server.evaluate(sample_form(), rule_pack=long),
            lambda: self.server.evaluate(sample_form(), revision=long),
        ):
            self.refused(grpc.StatusCode.NOT_FOUND, call)

    def test_a_request_without_a_form_is_refused(self):
        request = evaluation_service_pb2.EvaluateFormRequest()
        error = self.refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: self.server.evaluations.EvaluateForm(request))
        self.assertEqual([v.field for v in details(error)["BadRequest"].field_violations], ["form"])

    def test_a_form_without_indicators_is_refused(self):
        form = sample_form(indicators=[])
        error = self.refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: self.server.evaluate(form))
        self.assertEqual([v.field for v in details(error)["BadRequest"].field_violations], ["indicators"])

    def test_a_request_id_gives_its_first_answer_again(self):
        first = self.server.raw_evaluate(sample_form(), request_id="again")
        self.assertEqual(self.server.raw_evaluate(sample_form(), request_id="again"), first)

    def test_a_request_id_with_another_form_is_refused(self):
        self.server.evaluate(sample_form(), request_id="one form")
        other = sample_form(project_name="另一个项目")
        error = self.refused(
            grpc.StatusCode.ALREADY_EXISTS, lambda: self.server.evaluate(other, request_id="one form")
        )
        self.assertEqual(details(error)["ErrorInfo"].reason, "REQUEST_ID_REUSED")

    def test_without_a_request_id_every_answer_is_its_own(self):
        first, second = self.server.evaluate(sample_form()), self.server.evaluate(sample_form())
        self.assertNotEqual(first.id, second.id)
        self.assertEqual(first.form_digest, second.form_digest)

    def test_an_evaluation_is_given_back_byte_for_byte(self):
        raw = self.server.raw_evaluate(sample_form())
        identity = evaluation_service_pb2.EvaluateFormResponse.FromString(raw).evaluation.id
        self.assertEqual(len(identity), 26)
        self.assertEqual(self.server.raw_get(identity), raw)

    def test_an_unknown_evaluation_is_not_found(self):
        for identity in ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "", "../../etc/passwd", "龙岗"):
            with self.subTest(identity):
                self.refused(grpc.StatusCode.NOT_FOUND, lambda identity=identity: self.server.raw_get(identity))

    def test_validate_only_stores_nothing(self):
        with Server() as server:
            found = server.evaluate(sample_form(), validate_only=True)
            self.assertEqual((found.id, found.points.awarded), ("", "98.18"))
            self.assertEqual(list(server.pages(10)), [[]])

    def test_pages_together_are_all_from_the_newest(self):
        with Server() as server:
            stored = [server.evaluate(sample_form(project_name=f"项目{index}")) for index in range(7)]
            pages = list(server.pages(3))
            self.assertEqual([len(page) for page in pages], [3, 3, 1])
            listed = [summary for page in pages for summary in page]
            self.assertEqual([summary.id for summary in listed], [found.id for found in reversed(stored)])
            newest = listed[0]
            self.assertEqual((newest.project_name, newest.points.awarded, newest.grade.id), ("项目6", "98.18", "excellent"))
            self.assertEqual(newest.indicator_count, 14)
            self.assertGreater(newest.error_count, 0)

    def test_a_bad_page_is_refused(self):
        for fields in ({"page_size": -1}, {"page_token": "somebody else's"}):
            request = evaluation_service_pb2.ListEvaluationsRequest(**fields)
            with self.subTest(fields):
                self.refused(
                    grpc.StatusCode.INVALID_ARGUMENT,
                    lambda request=request: self.server.evaluations.ListEvaluations(request),
                )

    def test_the_caller_may_choose_the_rule_pack(self):
        found = self.server.evaluate(sample_form(), rule_pack="mof-2020", validate_only=True)
        self.assertEqual(found.rule_pack, "mof-2020")
        pinned = self.server.evaluate(sample_form(), rule_pack="mof-2020", revision=found.revision, validate_only=True)
        self.assertEqual(pinned.revision, found.revision)

    def test_an_unknown_rule_pack_or_revision_is_not_found(self):
        for fields, reason in (
            ({"rule_pack": "atlantis-2022"}, "UNKNOWN_RULE_PACK"),
            ({"revision": "sha256:" + "0" * 64}, "UNKNOWN_REVISION"),
        ):
            with self.subTest(fields):
                error = self.refused(
                    grpc.StatusCode.NOT_FOUND, lambda fields=fields: self.server.evaluate(sample_form(), **fields)
                )
                self.assertEqual(details(error)["ErrorInfo"].reason, reason)

    def test_a_form_of_a_year_without_rules_is_refused(self):
        error = self.refused(
            grpc.StatusCode.FAILED_PRECONDITION, lambda: self.server.evaluate(sample_form(fiscal_year=1999))
        )
        self.assertEqual(details(error)["ErrorInfo"].reason, "NO_RULES_APPLY")

    def test_rule_packs_show_what_they_are(self):
        listed = self.server.packs.ListRulePacks(rule_pack_service_pb2.ListRulePacksRequest()).rule_packs
        self.assertEqual([pack.id for pack in listed], sorted(path.name for path in self.server.rules.iterdir()))
        pack = self.server.pack("longgang-2022")
        self.assertEqual(list(pack.extends), ["mof-2020"])
        self.assertEqual(pack.state, rule_pack_pb2.RULE_PACK_STATE_SERVING)
        self.assertEqual(pack.applies_to.project_code_prefix, "440307")
        self.assertEqual(pack.revision, self.server.evaluate(sample_form(), validate_only=True).revision)
        parameters = {parameter.id: parameter.values[0].value for parameter in pack.parameters}
        self.assertEqual(parameters["overachievement_limit"], "1.3")
        self.assertIn("财预〔2020〕10号", [source.document for source in pack.sources])

    def test_an_unknown_rule_pack_is_not_found(self):
        self.refused(grpc.StatusCode.NOT_FOUND, lambda: self.server.pack("atlantis-2022"))

    def test_the_line_to_paste_works(self):
        greeting = "".join(self.server.said).splitlines()
        [line] = [line.strip() for line in greeting if "examples/longgang-2022.yaml" in line]
        self.assertIn(self.server.address, line)
        done = subprocess.run(line, shell=True, cwd=REPOSITORY, capture_output=True, encoding="utf-8", timeout=60)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertIn("98.18", done.stdout)
        self.assertIn("98.91", done.stdout)

    def test_health_says_serving(self):
        stub = health_pb2_grpc.HealthStub(self.server.channel)
        for service in ("", "heng.v1.EvaluationService", "heng.v1.RulePackService"):
            with self.subTest(service):
                status = stub.Check(health_pb2.HealthCheckRequest(service=service)).status
                self.assertEqual(status, health_pb2.HealthCheckResponse.SERVING)

    def test_reflection_lists_the_services_in_both_versions(self):
        for version in ("v1", "v1alpha"):
            with self.subTest(version):
                call = self.server.channel.stream_stream(
                    f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
                    request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
                    response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
                )
                asked = reflection_pb2.ServerReflectionRequest(list_services="")
                [answer] = call(iter([asked]), timeout=60)
                self.assertLessEqual(SERVICES, {service.name for service in answer.list_services_response.service})


if __name__ == "__main__":
    unittest.main()
