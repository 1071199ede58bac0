"""The port itself: probes, metrics, logs, web pages, batches and streams, deadlines, limits, and how it ends."""

import gzip
import http.client
import json
import re
import socket
import subprocess
import threading
import time
import unittest

import grpc
import yaml
from heng_client import (
    HENG,
    REPOSITORY,
    SAMPLE_PACKS,
    Server,
    audit_service_pb2,
    audit_service_pb2_grpc,
    details,
    evaluation_service_pb2,
    eventually,
    sample_form,
)
from raw_http2 import SlowReader
from grpc_health.v1 import health_pb2, health_pb2_grpc

FORM = yaml.safe_load((REPOSITORY / "examples/longgang-2022.yaml").read_text(encoding="utf-8"))
EVALUATE = "/heng.v1.EvaluationService/EvaluateForm"
JSON = {"Content-Type": "application/json"}


def ask(server, method, path, body=None, headers=()):
    connection = http.client.HTTPConnection(server.address, timeout=60)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, dict((name.lower(), value) for name, value in answer.getheaders()), answer.read()
    finally:
        connection.close()


def request_of(**fields):
    return evaluation_service_pb2.EvaluateFormRequest(**fields)


def streamed(correlation_id, **fields):
    return evaluation_service_pb2.StreamEvaluateFormsRequest(correlation_id=correlation_id, request=request_of(**fields))


def metric(server, name, *labels):
    """The sum of a metric's lines that have these labels."""
    lines = ask(server, "GET", "/metrics")[2].decode().splitlines()
    found = [line for line in lines if re.match(name + r"[{ ]", line) and all(label in line for label in labels)]
    return sum(float(line.rsplit(" ", 1)[1]) for line in found)


class Edge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("--log", "json", "--allow-origin", "https://bureau.example")
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_probes_say_that_it_lives_and_takes_records(self):
        self.assertEqual(ask(self.server, "GET", "/healthz")[::2], (200, b"ok\n"))
        self.assertEqual(ask(self.server, "GET", "/readyz")[::2], (200, b"ready\n"))
        self.assertEqual(ask(self.server, "HEAD", "/readyz")[::2], (200, b""))

    def test_metrics_count_what_was_called_and_how_it_ended(self):
        method = 'grpc_method="EvaluateForm"'
        handled = "grpc_server_handled_total"
        before = [metric(self.server, handled, method, f'grpc_code="{code}"') for code in ("OK", "InvalidArgument")]
        stored = metric(self.server, "heng_evaluations_total", 'outcome="stored"')
        for number in range(3):
            self.server.evaluate(sample_form(), request_id=f"metrics-{number}")
        self.server.evaluate(sample_form(), request_id="metrics-0")
        ask(self.server, "POST", EVALUATE, "{}", JSON)
        after = [metric(self.server, handled, method, f'grpc_code="{code}"') for code in ("OK", "InvalidArgument")]
        self.assertEqual([new - old for new, old in zip(after, before)], [4, 1])
        self.assertEqual(metric(self.server, "heng_evaluations_total", 'outcome="stored"') - stored, 3)
        everything = metric(self.server, "grpc_server_handling_seconds_count", method)
        self.assertEqual(metric(self.server, "grpc_server_handling_seconds_bucket", method, 'le="+Inf"'), everything)
        self.assertGreater(metric(self.server, "process_resident_memory_bytes"), 1 << 20)
        self.assertGreater(metric(self.server, "process_cpu_seconds_total"), 0)
        # The text is what a Prometheus server reads: a family's lines together, each name typed once.
        text = ask(self.server, "GET", "/metrics")[2].decode()
        typed = re.findall(r"^# TYPE (\S+) (counter|gauge|histogram)$", text, re.M)
        self.assertEqual(len(typed), len(set(typed)))
        for line in text.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? [0-9.]+)$')

    def test_what_is_no_call_is_told_what_would_be(self):
        cases = [
            ("GET", "/", {}, 404),
            ("GET", EVALUATE, JSON, 405),
            ("POST", EVALUATE, {"Content-Type": "text/plain"}, 415),
            ("POST", EVALUATE, {}, 415),
            # gRPC needs HTTP/2.
            ("POST", EVALUATE, {"Content-Type": "application/grpc"}, 415),
            ("POST", "/heng.v1.EvaluationService/NoSuch", JSON, 501),
            ("POST", "/heng.v1.EvaluationService/StreamEvaluateForms", JSON, 501),
            ("POST", EVALUATE, {**JSON, "Content-Encoding": "br"}, 501),
        ]
        for method, path, headers, code in cases:
            with self.subTest(f"{method} {path} {headers}"):
                self.assertEqual(ask(self.server, method, path, "{}" if method == "POST" else None, headers)[0], code)

    def test_json_that_is_no_request_is_refused_by_its_place(self):
        cases = {
            "{": "line 1",
            '{"form": {"projectNam": "x"}}': "projectNam",
            '{"form": {"fiscalYear": "二"}}': "column 29",
            "[]": "line 1",
            "{} {}": "line 1",
            "\ufeff{}": "line 1",
            '{"form": ' + "[" * 10_000: "line 1",
        }
        for text, named in cases.items():
            with self.subTest(text[:40]):
                code, _, body = ask(self.server, "POST", EVALUATE, text.encode(), JSON)
                answer = json.loads(body)
                self.assertEqual((code, answer["code"]), (400, "invalid_argument"))
                self.assertIn(named, answer["message"])
                self.assertEqual(answer["details"][0]["debug"]["reason"], "MALFORMED_MESSAGE")

    def test_a_message_over_the_limit_is_refused_over_every_protocol(self):
        large = json.dumps({"form": {"projectName": "大" * (6 << 20)}}, ensure_ascii=False).encode()
        code, _, body = ask(self.server, "POST", EVALUATE, large, JSON)
        self.assertEqual((code, json.loads(body)["code"]), (429, "resource_exhausted"))
        with self.assertRaises(grpc.RpcError) as refusal:
            self.server.evaluate(sample_form(project_name="大" * (6 << 20)))
        self.assertEqual(details(refusal.exception)["ErrorInfo"].reason, "MESSAGE_TOO_LARGE")

    def test_compressed_requests_are_refused_by_name_over_every_protocol(self):
        packed = gzip.compress(json.dumps({"form": FORM}, ensure_ascii=False).encode())
        for encoding in ("gzip", "br", "zstd"):
            code, _, body = ask(self.server, "POST", EVALUATE, packed, {**JSON, "Content-Encoding": encoding})
            answer = json.loads(body)
            self.assertEqual((code, answer["code"]), (501, "unimplemented"))
            self.assertEqual(answer["details"][0]["debug"]["reason"], "COMPRESSED")
        plain = json.dumps({"form": FORM, "validateOnly": True}, ensure_ascii=False).encode()
        self.assertEqual(ask(self.server, "POST", EVALUATE, plain, {**JSON, "Content-Encoding": "identity"})[0], 200)
        large = request_of(form=sample_form(project_name="a" * (8 << 20)))
        for compression in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            with self.assertRaises(grpc.RpcError) as refusal:
                self.server.evaluations.EvaluateForm(large, timeout=60, compression=compression)
            self.assertEqual(refusal.exception.code(), grpc.StatusCode.UNIMPLEMENTED)
            self.assertEqual(details(refusal.exception)["ErrorInfo"].reason, "COMPRESSED")
        web = {"Content-Type": "application/grpc-web+proto", "grpc-encoding": "gzip"}
        headers = ask(self.server, "POST", EVALUATE, b"\x01\x00\x00\x00\x00", web)[1]
        self.assertEqual(headers["grpc-status"], str(grpc.StatusCode.UNIMPLEMENTED.value[0]))

    def test_only_pages_that_were_named_may_call(self):
        preflight = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,connect-protocol-version",
        }
        allowed, foreign = {"Origin": "https://bureau.example"}, {"Origin": "https://elsewhere.example"}
        code, headers, _ = ask(self.server, "OPTIONS", EVALUATE, None, {**preflight, **allowed})
        self.assertEqual((code, headers["access-control-allow-origin"]), (200, "https://bureau.example"))
        self.assertIn("connect-protocol-version", headers["access-control-allow-headers"])
        _, headers, _ = ask(self.server, "OPTIONS", EVALUATE, None, {**preflight, **foreign})
        self.assertNotIn("access-control-allow-origin", headers)
        body = json.dumps({"form": FORM, "validateOnly": True}, ensure_ascii=False).encode()
        for origin, expected in ((allowed, 200), (foreign, 403), ({"Origin": f"http://{self.server.address}"}, 200)):
            with self.subTest(origin):
                self.assertEqual(ask(self.server, "POST", EVALUATE, body, {**JSON, **origin})[0], expected)

    def test_logs_tell_of_requests_and_of_nothing_in_them(self):
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        parent = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
        secret = {**FORM, "project_name": "绝密项目甲", "implementing_unit": "保密单位乙"}
        body = json.dumps({"form": secret, "requestId": "号码丙"}, ensure_ascii=False).encode()
        code, headers, _ = ask(self.server, "POST", EVALUATE, body, {**JSON, **parent})
        self.assertEqual((code, headers["traceparent"].split("-")[1]), (200, trace))
        spoilt = json.dumps({"form": {**secret, "fiscal_year": 1}}, ensure_ascii=False).encode()
        self.assertEqual(ask(self.server, "POST", EVALUATE, spoilt, {**JSON, **parent})[0], 400)
        deadline = time.monotonic() + 10
        while self.server.log().count(trace) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        lines = [json.loads(line) for line in self.server.log().splitlines() if trace in line]
        said = [(line["fields"]["method"], line["fields"]["code"]) for line in lines]
        self.assertEqual(said, [(EVALUATE, "OK"), (EVALUATE, "InvalidArgument")])
        self.assertTrue(all(line["fields"]["micros"] > 0 for line in lines))
        for personal in ("绝密项目甲", "保密单位乙", "号码丙", "投资推广"):
            self.assertNotIn(personal, self.server.log())

    def test_a_batch_answers_each_form_by_itself_in_order(self):
        requests = [
            request_of(form=sample_form(project_name="甲"), request_id="batch-1"),
            request_of(),
            request_of(form=sample_form(fiscal_year=1999)),
            request_of(form=sample_form(project_name="甲"), request_id="batch-1"),
            request_of(form=sample_form(project_name="乙"), request_id="batch-1"),
            request_of(form=sample_form(project_name="丙"), validate_only=True),
            *[request_of(form=sample_form(project_name=f"项目{number}")) for number in range(50)],
        ]
        batch = evaluation_service_pb2.BatchEvaluateFormsRequest(requests=requests)
        results = self.server.evaluations.BatchEvaluateForms(batch, timeout=60).results
        codes = [0 if found.HasField("evaluation") else found.status.code for found in results]
        invalid, exists, precondition = 3, 6, 9
        self.assertEqual(codes, [0, invalid, precondition, 0, exists, 0] + [0] * 50)
        first, again = results[0].evaluation, results[3].evaluation
        self.assertEqual(first, again)
        self.assertEqual((len(first.id), results[5].evaluation.id), (26, ""))
        self.assertEqual([found.evaluation.project_name for found in results[6:]], [f"项目{number}" for number in range(50)])
        self.assertEqual([detail.type_url.rsplit(".", 1)[1] for detail in results[1].status.details][:2], ["ErrorInfo", "BadRequest"])
        for found in results[6:]:
            self.assertEqual(evaluation_service_pb2.GetEvaluationResponse.FromString(self.server.raw_get(found.evaluation.id)).evaluation, found.evaluation)

    def test_a_batch_is_not_empty_and_not_larger_than_it_may_be(self):
        for size in (0, 501):
            batch = evaluation_service_pb2.BatchEvaluateFormsRequest(requests=[request_of()] * size)
            with self.assertRaises(grpc.RpcError) as refusal:
                self.server.evaluations.BatchEvaluateForms(batch, timeout=60)
            self.assertEqual(refusal.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertEqual(details(refusal.exception)["BadRequest"].field_violations[0].field, "requests")

    def test_a_stream_keeps_its_order_and_answers_each(self):
        def requests():
            for number in range(300):
                if number % 7 == 3:
                    yield streamed(f"{number}")
                elif number % 50 == 11:
                    # Takes longer than those behind it.
                    yield streamed(f"{number}", form=rows(2000), validate_only=True)
                else:
                    yield streamed(f"{number}", form=sample_form(project_name=f"流{number}"), request_id=f"stream-{number}")
            yield streamed("x" * 129, form=sample_form())

        answers = list(self.server.evaluations.StreamEvaluateForms(requests(), timeout=120))
        self.assertEqual([answer.correlation_id for answer in answers], [f"{number}" for number in range(300)] + ["x" * 129])
        for number, answer in enumerate(answers[:-1]):
            self.assertEqual(answer.result.HasField("status"), number % 7 == 3, number)
        self.assertEqual(answers[-1].result.status.code, 3)

    def test_a_client_that_does_not_read_is_not_read_from(self):
        sent = 0

        def requests():
            nonlocal sent
            for number in range(20_000):
                sent += 1
                yield streamed(f"{number}", form=sample_form(), validate_only=True)

        call = self.server.evaluations.StreamEvaluateForms(requests(), timeout=120)
        next(call)
        settled = -1
        while settled != sent:
            settled = sent
            time.sleep(1)
        # What waits is in windows and buffers of both sides.
        self.assertLess(sent, 10_000)
        call.cancel()

    def test_a_deadline_is_kept_and_named(self):
        batch = json.dumps({"requests": [{"form": FORM, "validateOnly": True}] * 200}, ensure_ascii=False).encode()
        path = "/heng.v1.EvaluationService/BatchEvaluateForms"
        code, _, body = ask(self.server, "POST", path, batch, {**JSON, "Connect-Timeout-Ms": "1"})
        answer = json.loads(body)
        self.assertEqual((code, answer["code"]), (504, "deadline_exceeded"))
        self.assertEqual(answer["details"][0]["debug"]["reason"], "DEADLINE_EXCEEDED")
        # A stream is cut off with the status in its trailers.
        stop = threading.Event()

        def requests():
            yield streamed("1", form=sample_form(), validate_only=True)
            stop.wait(30)

        call = self.server.channel.stream_stream(
            "/heng.v1.EvaluationService/StreamEvaluateForms",
            request_serializer=evaluation_service_pb2.StreamEvaluateFormsRequest.SerializeToString,
            response_deserializer=evaluation_service_pb2.StreamEvaluateFormsResponse.FromString,
        )(requests(), metadata=[("grpc-timeout", "500m")])
        try:
            self.assertEqual(next(call).correlation_id, "1")
            with self.assertRaises(grpc.RpcError) as refusal:
                next(call)
            self.assertEqual(refusal.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        finally:
            stop.set()


def rows(count):
    form = sample_form()
    row = form.indicators[3]
    del form.indicators[:]
    form.indicators.extend([row] * count)
    return form


class Limits(unittest.TestCase):
    def test_one_call_too_many_is_told_to_come_back_and_health_still_answers(self):
        with Server("--max-calls", "2") as server:
            stop, held = threading.Event(), []

            def requests():
                yield streamed("1", form=sample_form(), validate_only=True)
                stop.wait(60)

            try:
                for _ in range(2):
                    call = server.evaluations.StreamEvaluateForms(requests())
                    next(call)
                    held.append(call)
                with self.assertRaises(grpc.RpcError) as refusal:
                    server.evaluate(sample_form())
                self.assertEqual(refusal.exception.code(), grpc.StatusCode.UNAVAILABLE)
                told = details(refusal.exception)
                self.assertEqual(told["ErrorInfo"].reason, "OVERLOADED")
                self.assertGreater(told["RetryInfo"].retry_delay.ToMilliseconds(), 0)
                body = json.dumps({"form": FORM}, ensure_ascii=False).encode()
                code, headers, _ = ask(server, "POST", EVALUATE, body, JSON)
                self.assertEqual((code, "retry-after" in headers), (503, True))
                stub = health_pb2_grpc.HealthStub(server.channel)
                status = stub.Check(health_pb2.HealthCheckRequest()).status
                self.assertEqual(status, health_pb2.HealthCheckResponse.SERVING)
                self.assertEqual(metric(server, "heng_requests_shed_total"), 2)
            finally:
                stop.set()
            for call in held:
                list(call)
            server.evaluate(sample_form())

    def test_clients_that_leave_large_answers_lying_are_closed_when_the_memory_runs_short(self):
        with Server("--answer-memory", "8", packs=SAMPLE_PACKS) as server:
            large = request_of(form=rows(2000), validate_only=True).SerializeToString()
            readers = [SlowReader(server.address, large, pause=0.2) for _ in range(6)]
            try:
                # They ask for more than twice of what may wait: some are given nothing but a refusal.
                eventually(60, lambda: metric(server, "heng_answers_refused_total") > 0)
                self.assertLessEqual(metric(server, "heng_answer_bytes_waiting"), 8 << 20)
                # Whoever takes its answers is told to come back at worst, and is answered within seconds.
                refusals = []

                def answered():
                    try:
                        return server.evaluate(rows(2000), validate_only=True)
                    except grpc.RpcError as error:
                        refusals.append(error)
                        return None

                eventually(60, answered)
                for refusal in refusals:
                    self.assertEqual(refusal.code(), grpc.StatusCode.UNAVAILABLE)
                    self.assertEqual(details(refusal)["ErrorInfo"].reason, "ANSWERS_NOT_TAKEN")
                    self.assertGreater(details(refusal)["RetryInfo"].retry_delay.ToMilliseconds(), 0)
                self.assertGreater(metric(server, "heng_connections_cut_total"), 0)
                self.assertTrue(any(reader.closed.is_set() for reader in readers))
            finally:
                for reader in readers:
                    reader.close()
            eventually(30, lambda: metric(server, "heng_answer_bytes_waiting") < 1 << 20)

    def test_a_client_that_takes_nothing_is_closed_after_the_stall_time(self):
        with Server("--stall", "2", packs=SAMPLE_PACKS) as server:
            small = request_of(form=sample_form(), validate_only=True).SerializeToString()
            reader = SlowReader(server.address, small)
            try:
                eventually(30, lambda: metric(server, "heng_answer_bytes_waiting") > 1000)
                # Others, who take theirs, stay for as long as they like.
                server.evaluate(sample_form())
                eventually(30, reader.closed.is_set)
                self.assertEqual(metric(server, "heng_connections_cut_total"), 1)
                server.evaluate(sample_form())
            finally:
                reader.close()

    def test_a_walk_over_the_ledger_ends_with_its_deadline_and_leaves_its_turn_to_the_next(self):
        with Server(packs=SAMPLE_PACKS) as server:
            requests = [request_of(form=sample_form(project_name=f"{number}")) for number in range(200)]
            for _ in range(2):
                batch = evaluation_service_pb2.BatchEvaluateFormsRequest(requests=requests)
                server.evaluations.BatchEvaluateForms(batch, timeout=60)
            audit = audit_service_pb2_grpc.AuditServiceStub(server.channel)
            for _ in range(10):
                with self.assertRaises(grpc.RpcError) as ended:
                    audit.VerifyLedger(audit_service_pb2.VerifyLedgerRequest(), metadata=[("grpc-timeout", "1m")])
                self.assertEqual(ended.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
            whole = audit.VerifyLedger(audit_service_pb2.VerifyLedgerRequest(), timeout=60)
            self.assertEqual((whole.intact, whole.evaluation_count), (True, 400))
            export = audit.ExportLedger(audit_service_pb2.ExportLedgerRequest())
            next(export)
            export.cancel()
            self.assertTrue(audit.VerifyLedger(audit_service_pb2.VerifyLedgerRequest(), timeout=60).intact)

    def test_one_connection_too_many_is_closed(self):
        with Server("--max-connections", "3") as server:
            host, port = server.address.split(":")
            server.evaluate(sample_form())
            open_ones = [socket.create_connection((host, int(port))) for _ in range(2)]
            with socket.create_connection((host, int(port))) as one_more:
                one_more.settimeout(30)
                self.assertEqual(one_more.recv(1), b"")
            for one in open_ones:
                one.close()
            deadline = time.monotonic() + 30
            while True:
                try:
                    self.assertEqual(ask(server, "GET", "/healthz")[0], 200)
                    break
                except (ConnectionError, http.client.HTTPException):
                    self.assertLess(time.monotonic(), deadline)
                    time.sleep(0.05)
            self.assertGreaterEqual(metric(server, "heng_connections_refused_total"), 1)

    def test_an_address_beyond_this_machine_needs_a_word_and_says_why(self):
        with Server() as server:
            command = [HENG, "serve", "--listen", "0.0.0.0:0", "--rules", server.rules, "--data", server.folder / "d"]
            refused = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
            self.assertEqual(refused.returncode, 2)
            self.assertIn("--allow-remote", refused.stderr)
            self.assertIn("TLS", refused.stderr)


class Drain(unittest.TestCase):
    def test_what_is_under_way_is_answered_and_all_that_was_answered_is_there(self):
        with Server() as server:
            acknowledged, failed = [], []

            def write(writer):
                for number in range(1 << 30):
                    try:
                        acknowledged.append(server.evaluate(sample_form(project_name=f"{writer}-{number}")).id)
                    except grpc.RpcError as error:
                        failed.append(error.code())
                        return

            writers = [threading.Thread(target=write, args=(writer,)) for writer in range(16)]
            for writer in writers:
                writer.start()
            while len(acknowledged) < 50:
                time.sleep(0.01)
            process, channel = server.process, server.channel
            process.terminate()
            self.assertEqual(process.wait(30), 0)
            server.listener.join(30)
            for writer in writers:
                writer.join()
            channel.close()
            process.stdout.close()
            # New calls found nobody; none that was begun was cut off with an unknown outcome.
            self.assertEqual(set(failed), {grpc.StatusCode.UNAVAILABLE})
            server.start()
            listed = {summary.id for page in server.pages(1000) for summary in page}
            self.assertLessEqual(set(acknowledged), listed)

    def test_whoever_watches_its_health_does_not_hold_it_back(self):
        with Server() as server:
            watch = health_pb2_grpc.HealthStub(server.channel).Watch(health_pb2.HealthCheckRequest())
            self.assertEqual(next(watch).status, health_pb2.HealthCheckResponse.SERVING)
            began = time.monotonic()
            server.process.terminate()
            with self.assertRaises(grpc.RpcError) as ended:
                list(watch)
            self.assertEqual(ended.exception.code(), grpc.StatusCode.UNAVAILABLE)
            self.assertEqual(server.process.wait(30), 0)
            # Well before the grace of 30 seconds.
            self.assertLess(time.monotonic() - began, 20)

    def test_a_call_that_does_not_end_is_cut_off_after_the_grace(self):
        with Server("--grace", "1") as server:
            stop = threading.Event()

            def requests():
                yield streamed("1", form=sample_form())
                stop.wait(60)

            call = server.evaluations.StreamEvaluateForms(requests())
            identity = next(call).result.evaluation.id
            began = time.monotonic()
            self.assertEqual(server.terminate(), 0)
            self.assertLess(time.monotonic() - began, 20)
            # Nothing holds the store any more: the next start need not look through it.
            self.assertIn("the store is closed", server.log())
            stop.set()
            server.start()
            self.assertTrue(server.raw_get(identity))


if __name__ == "__main__":
    unittest.main()
