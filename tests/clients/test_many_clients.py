"""Clients of other makes: each evaluates, lists two pages by a filter, finds its evaluation again and reads an error.

None of them knows more of heng than its address and, where it has no reflection, the files in `proto`.
"""

import base64
import json
import os
import shutil
import subprocess
import unittest

import yaml
from google.rpc import error_details_pb2
from heng_client import CLIENTS, REPOSITORY, Server, sample_form

BUF = os.environ.get("BUF_BIN", str(CLIENTS / "node_modules/.bin/buf"))
GRPCURL = os.environ.get("GRPCURL_BIN", str(CLIENTS / "venv/bin/grpcurl"))
SERVICE = "heng.v1.EvaluationService"
FORM = yaml.safe_load((REPOSITORY / "examples/longgang-2022.yaml").read_text(encoding="utf-8"))
FILTER = {"fiscalYear": 2022, "grade": "excellent"}
# What every client sees of a form with 满分 for a number.
REFUSED = {
    "reason": "INVALID_FORM",
    "domain": "heng",
    "fields": ["indicators[3].points_claimed"],
    "locale": "zh-CN",
    "message": "indicators[3].points_claimed：`满分` 不是数字；请写普通小数，如 `9.18`",
}


def spoilt():
    rows = [dict(row) for row in FORM["indicators"]]
    rows[3]["points_claimed"] = "满分"
    return {**FORM, "indicators": rows}


def of_details(details):
    """The refusal as Connect's JSON shows it, from the encoded details."""
    found = {}
    for detail in details:
        name = detail["type"].rsplit(".", 1)[-1]
        value = detail["value"]
        message = getattr(error_details_pb2, name)()
        message.ParseFromString(base64.b64decode(value + "=" * (-len(value) % 4)))
        found[name] = message
    return {
        "reason": found["ErrorInfo"].reason,
        "domain": found["ErrorInfo"].domain,
        "fields": [violation.field for violation in found["BadRequest"].field_violations],
        "locale": found["LocalizedMessage"].locale,
        "message": found["LocalizedMessage"].message,
    }


class Conversation(unittest.TestCase):
    def start_anew(self):
        self.server = Server()
        self.server.start()
        self.addCleanup(self.server.__exit__)
        stored = [self.server.evaluate(sample_form(project_name=f"项目{number}")).id for number in range(2)]
        # Another year, which no filter here lets through.
        self.server.evaluate(sample_form(fiscal_year=2023, project_code="440308220601500400009"))
        self.stored = stored

    def judge(self, identity, awarded, again, pages, refused):
        """What every client must have seen: its own evaluation first, then those that were there."""
        self.assertEqual((awarded, again), ("98.18", "98.18"))
        self.assertEqual(pages, [[identity, self.stored[1]], [self.stored[0]]])
        self.assertEqual(refused, REFUSED)

    def run_client(self, command, message=None, code=0):
        text = None if message is None else json.dumps(message, ensure_ascii=False)
        done = subprocess.run(
            command, input=text, capture_output=True, encoding="utf-8", timeout=120, cwd=self.server.folder
        )
        self.assertEqual(done.returncode == 0, code == 0, done.stdout + done.stderr)
        return done

    def talk(self, call):
        """The conversation, over `call(method, message)`, which answers with JSON."""
        found = call("EvaluateForm", {"form": FORM})["evaluation"]
        pages, token = [], ""
        while True:
            page = call("ListEvaluations", {"pageSize": 2, "pageToken": token, "filter": FILTER})
            pages.append([summary["id"] for summary in page["evaluations"]])
            token = page.get("nextPageToken", "")
            if not token:
                break
        again = call("GetEvaluation", {"id": found["id"]})["evaluation"]
        self.assertEqual(again, found)
        self.assertEqual(found["indicators"][5]["met"], "MET_NOT_MET")
        return found["id"], found["points"]["awarded"], again["points"]["awarded"], pages



class ManyClients(Conversation):
    def test_curl(self):
        def curl(method, message, *options):
            url = f"http://{self.server.address}/{SERVICE}/{method}"
            command = ["curl", "--silent", "--show-error", "--header", "Content-Type: application/json", "--data", "@-"]
            return self.run_client([*command, *options, url], message).stdout

        for options in ([], ["--http2-prior-knowledge"]):
            with self.subTest(options):
                self.start_anew()
                seen = self.talk(lambda method, message: json.loads(curl(method, message, *options)))
                refusal, _, code = curl("EvaluateForm", {"form": spoilt()}, "--write-out", "\n%{http_code}", *options).rpartition("\n")
                refusal = json.loads(refusal)
                self.assertEqual((code, refusal["code"]), ("400", "invalid_argument"))
                # For people at a terminal the details are also there in plain words.
                plain = {detail["type"]: detail["debug"] for detail in refusal["details"]}
                self.assertEqual(plain["google.rpc.LocalizedMessage"]["message"], REFUSED["message"])
                self.judge(*seen, of_details(refusal["details"]))

    def test_buf_curl(self):
        for protocol in ("grpc", "grpcweb", "connect"):
            with self.subTest(protocol):
                self.start_anew()
                command = [BUF, "curl", "--protocol", protocol, "--http2-prior-knowledge", "--data", "@-"]

                def buf(method, message, code=0, command=command):
                    url = f"http://{self.server.address}/{SERVICE}/{method}"
                    return self.run_client([*command, url], message, code)

                seen = self.talk(lambda method, message: json.loads(buf(method, message).stdout))
                refusal = json.loads(buf("EvaluateForm", {"form": spoilt()}, code=1).stderr)
                self.assertEqual(refusal["code"], "invalid_argument")
                self.judge(*seen, of_details(refusal["details"]))

    def test_grpcurl(self):
        self.start_anew()
        command = [GRPCURL, "-plaintext", "-d", "@", self.server.address]

        def grpcurl(method, message, code=0):
            return self.run_client([*command, f"{SERVICE}/{method}"], message, code)

        seen = self.talk(lambda method, message: json.loads(grpcurl(method, message).stdout))
        refusal = grpcurl("EvaluateForm", {"form": spoilt()}, code=1).stderr
        for said in ("InvalidArgument", REFUSED["reason"], REFUSED["fields"][0], REFUSED["message"]):
            self.assertIn(said, refusal)
        self.judge(*seen, REFUSED)
        listed = self.run_client([GRPCURL, "-plaintext", self.server.address, "list"]).stdout.split()
        self.assertIn(SERVICE, listed)


class NodeClients(Conversation):
    @classmethod
    def setUpClass(cls):
        # Node looks for packages beside the script.
        for script in (REPOSITORY / "tests/clients/node").iterdir():
            shutil.copy(script, CLIENTS / script.name)
        cls.descriptors = CLIENTS / "heng.binpb"
        subprocess.run([BUF, "build", REPOSITORY / "proto", "--output", cls.descriptors], check=True, timeout=120)

    def node(self, script, *arguments):
        form = self.server.folder / "form.json"
        form.write_text(json.dumps(FORM, ensure_ascii=False), encoding="utf-8")
        command = ["node", CLIENTS / script, self.server.address, self.descriptors, form, *arguments]
        return json.loads(self.run_client([str(part) for part in command]).stdout)

    def test_connect_web(self):
        for kind in ("connect-json", "connect-proto", "grpc-web"):
            with self.subTest(kind):
                self.start_anew()
                seen = self.node("connect_web.mjs", kind)
                self.assertEqual(seen["refusal"].pop("code"), "InvalidArgument")
                self.judge(seen["id"], seen["awarded"], seen["same"], seen["pages"], seen["refusal"])

    def test_grpc_js(self):
        self.start_anew()
        seen = self.node("grpc_js.mjs", REPOSITORY / "proto")
        self.assertEqual((seen["refusal"].pop("code"), seen["deadline"]), ("INVALID_ARGUMENT", "DEADLINE_EXCEEDED"))
        self.judge(seen["id"], seen["awarded"], seen["same"], seen["pages"], seen["refusal"])
        invalid = 3
        expected = [[f"{number}", invalid if number % 10 == 9 else "ok"] for number in range(100)]
        self.assertEqual(seen["streamed"], expected)


if __name__ == "__main__":
    unittest.main()
