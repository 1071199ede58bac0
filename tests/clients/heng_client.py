"""A heng of its own for each test, and the stubs to speak with it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import grpc
import yaml
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from grpc_tools import protoc

REPOSITORY = Path(__file__).resolve().parents[2]
HENG = os.environ.get("HENG_BIN", str(REPOSITORY / "target/debug/heng"))
CLIENTS = Path(os.environ.get("HENG_CLIENTS", str(REPOSITORY / "target/clients")))
START_SECONDS = 90


def generate_stubs():
    """Makes the Python stubs from `proto`, as a client's author would."""
    stubs = CLIENTS / "stubs"
    shutil.rmtree(stubs, ignore_errors=True)
    stubs.mkdir(parents=True)
    wellknown = Path(protoc.__file__).parent / "_proto"
    files = sorted(str(path) for path in (REPOSITORY / "proto/heng/v1").glob("*.proto"))
    includes = [f"--proto_path={REPOSITORY / 'proto'}", f"--proto_path={wellknown}"]
    if protoc.main(["protoc", *includes, f"--python_out={stubs}", f"--grpc_python_out={stubs}", *files]) != 0:
        raise RuntimeError("protoc refused the interface")
    sys.path.insert(0, str(stubs))


generate_stubs()

from heng.v1 import (  # noqa: E402
    audit_service_pb2,
    audit_service_pb2_grpc,
    evaluation_pb2,
    evaluation_service_pb2,
    evaluation_service_pb2_grpc,
    form_pb2,
    rule_pack_pb2,
    rule_pack_service_pb2,
    rule_pack_service_pb2_grpc,
    rule_trial_pb2,
)

__all__ = [
    "CLIENTS",
    "HENG",
    "REPOSITORY",
    "SAMPLE_PACKS",
    "Server",
    "audit_service_pb2",
    "audit_service_pb2_grpc",
    "audit_service_pb2_grpc",
    "details",
    "evaluation_pb2",
    "evaluation_service_pb2",
    "eventually",
    "figures",
    "rule_pack_pb2",
    "rule_pack_service_pb2",
    "rule_trial_pb2",
    "sample_form",
]


#: What scores the sample form: a server with nothing else starts faster.
SAMPLE_PACKS = ("mof-2020", "longgang-2022")


def sample_form(**changes):
    """The sample form as a message: its fields have the names of the file's."""
    written = yaml.safe_load((REPOSITORY / "examples/longgang-2022.yaml").read_text(encoding="utf-8"))
    return json_format.ParseDict({**written, **changes}, form_pb2.Form())


def eventually(seconds, probe):
    """The first true answer of `probe` and the seconds it took; fails after `seconds`."""
    began = time.monotonic()
    while True:
        answer = probe()
        took = time.monotonic() - began
        if answer:
            return answer, took
        if took > seconds:
            raise AssertionError(f"not within {seconds} s")
        time.sleep(0.02)


def figures(sentence):
    """One line with what a test counted and timed, for whoever runs it in full."""
    print(f"figures: {sentence}", flush=True)


class Server:
    """`heng serve` over a copy of the rules, or of some packs, and a data folder of its own. A context manager."""

    def __init__(self, *options, packs=()):
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="heng-client-test-"))
        self.rules = self.folder / "rules"
        self.data = self.folder / "data"
        self.process = None
        self.channel = None
        for pack in packs or [pack.name for pack in (REPOSITORY / "rules").iterdir()]:
            shutil.copytree(REPOSITORY / "rules" / pack, self.rules / pack)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self):
        options = ["--listen", "127.0.0.1:0", "--rules", self.rules, "--data", self.data]
        return [HENG, "serve", *map(str, options), *self.options]

    def start(self, seconds=START_SECONDS):
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        self.said = []
        self.address = None
        greeted = threading.Event()

        def listen():
            for line in self.process.stdout:
                self.said.append(line)
                found = re.search(r"serving .* http://(\S+)", line)
                if found:
                    self.address = found.group(1)
                    greeted.set()
            greeted.set()

        self.listener = threading.Thread(target=listen, daemon=True)
        self.listener.start()
        if not greeted.wait(seconds) or self.address is None:
            raise AssertionError("heng did not start:\n" + "".join(self.said))
        self.connect()

    def connect(self):
        self.channel = self.new_channel()
        self.evaluations = evaluation_service_pb2_grpc.EvaluationServiceStub(self.channel)
        self.packs = rule_pack_service_pb2_grpc.RulePackServiceStub(self.channel)

    def new_channel(self):
        unshared = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]
        return grpc.insecure_channel(self.address, options=unshared)

    def kill(self):
        """SIGKILL: nothing is flushed, nobody says goodbye."""
        self.signal(signal.SIGKILL)
        self.ended()

    def terminate(self):
        """SIGTERM; the exit code."""
        self.signal(signal.SIGTERM)
        return self.ended()

    def signal(self, what):
        self.process.send_signal(what)

    def ended(self):
        code = self.process.wait(START_SECONDS)
        self.listener.join(START_SECONDS)
        if self.channel:
            self.channel.close()
        self.process.stdout.close()
        self.process = None
        return code

    def log(self):
        return "".join(self.said)

    def evaluate(self, form, **fields):
        request = evaluation_service_pb2.EvaluateFormRequest(form=form, **fields)
        return self.evaluations.EvaluateForm(request, timeout=60).evaluation

    def raw(self, method, request, channel=None):
        """The answer's bytes as they came. `EvaluateForm` and `GetEvaluation` wrap an evaluation alike."""
        call = (channel or self.channel).unary_unary(
            f"/heng.v1.EvaluationService/{method}", request_serializer=type(request).SerializeToString
        )
        return call(request, timeout=60)

    def raw_evaluate(self, form, channel=None, **fields):
        return self.raw("EvaluateForm", evaluation_service_pb2.EvaluateFormRequest(form=form, **fields), channel)

    def raw_get(self, identity):
        return self.raw("GetEvaluation", evaluation_service_pb2.GetEvaluationRequest(id=identity))

    def pack(self, identity):
        return self.packs.GetRulePack(rule_pack_service_pb2.GetRulePackRequest(id=identity), timeout=60).rule_pack

    def pages(self, size, **fields):
        """All pages, from the newest where no order is given."""
        token = ""
        while True:
            request = evaluation_service_pb2.ListEvaluationsRequest(page_size=size, page_token=token, **fields)
            page = self.evaluations.ListEvaluations(request, timeout=60)
            yield list(page.evaluations)
            token = page.next_page_token
            if not token:
                return


def details(error):
    """The refusal's details by their type."""
    found = {}
    kinds = ("BadRequest", "ErrorInfo", "LocalizedMessage", "RetryInfo")
    for packed in rpc_status.from_call(error).details:
        for kind in kinds:
            message = getattr(error_details_pb2, kind)()
            if packed.Unpack(message):
                found[kind] = message
    return found


def identity_of(raw):
    """The id of the evaluation in an answer's bytes."""
    return evaluation_service_pb2.EvaluateFormResponse.FromString(raw).evaluation.id
