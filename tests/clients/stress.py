"""What bad company does to the others: `python stress.py [--seconds N] [--write FILE] [HENG]` against a built heng, best
a release build.

Measures single evaluations of one well-behaved client, alone and beside each kind of bad company, which is a process
of its own, and the memory of the server. Prints one Markdown table, and writes it between the markers of FILE. Exits
with 1 when the others waited longer than twice their usual p99, or the server held more memory than it may. Not part
of the test suite: the times depend on the machine.
"""

import argparse
import contextlib
import os
import platform
import re
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

BESIDE = "--beside"


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("heng", nargs="?", help="the program [default: HENG_BIN]")
    parser.add_argument("--seconds", type=int, default=20, help="how long to measure beside each kind of company")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table between this file's markers")
    return parser.parse_args()


if __name__ == "__main__" and sys.argv[1:2] != [BESIDE]:
    OPTIONS = options()
    if OPTIONS.heng:
        os.environ["HENG_BIN"] = os.path.abspath(OPTIONS.heng)

import grpc  # noqa: E402
from heng_client import Server, evaluation_service_pb2, evaluation_service_pb2_grpc, sample_form  # noqa: E402
from raw_http2 import END_HEADERS, HEADERS, PREFACE, RST_STREAM, SETTINGS, SlowReader, connect, frame, heads  # noqa: E402

#: Memory that the server may hold beside any company, MiB: what it holds at rest, 128 for requests, 128 for answers, and
#: what large forms need while they are scored.
MOST_MEMORY = 512
#: How much longer than alone the others may wait.
MOST_FACTOR = 2
BEGIN, END = "<!-- stress: begin -->", "<!-- stress: end -->"


def measured(server, seconds):
    """p50 and p99 of single evaluations, milliseconds, how many there were, and the most memory meanwhile."""
    with grpc.insecure_channel(server.address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        stub = evaluation_service_pb2_grpc.EvaluationServiceStub(channel)
        request = evaluation_service_pb2.EvaluateFormRequest(form=sample_form(), validate_only=True)
        took, memory = [], 0
        for _ in range(200):
            stub.EvaluateForm(request, timeout=60)
        until = time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            stub.EvaluateForm(request, timeout=60)
            took.append((time.perf_counter() - began) * 1000)
            if len(took) % 50 == 1:
                memory = max(memory, resident(server))
    took.sort()
    return took[len(took) // 2], took[len(took) * 99 // 100], len(took), memory


def resident(server):
    """MiB in memory now."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def repeating(act):
    """A context in which `act` is done over and over by a thread of its own; gives the times it was done."""

    @contextlib.contextmanager
    def context(server):
        stop, done = threading.Event(), [0]

        def repeat():
            while not stop.is_set():
                with contextlib.suppress(OSError, grpc.RpcError):
                    act(server)
                done[0] += 1

        thread = threading.Thread(target=repeat)
        thread.start()
        try:
            yield lambda: f"{done[0]} times"
        finally:
            stop.set()
            thread.join()

    return context


@contextlib.contextmanager
def alone(_):
    yield lambda: ""


@contextlib.contextmanager
def idle(server):
    """A thousand HTTP/2 connections that were opened and say nothing more."""
    sockets = []
    for _ in range(1000):
        one = connect(server.address)
        one.sendall(PREFACE + frame(SETTINGS, 0, 0))
        sockets.append(one)
    yield lambda: f"{len(sockets)} connections"
    for one in sockets:
        one.close()


@contextlib.contextmanager
def silent(server):
    """A thousand connections that never say a word: closed after ten seconds."""
    sockets = [connect(server.address) for _ in range(1000)]
    yield lambda: f"{len(sockets)} connections, all closed"
    began = time.monotonic()
    for one in sockets:
        one.settimeout(max(0.1, 30 - (time.monotonic() - began)))
        assert one.recv(1) == b"", "a silent connection was not closed"
        one.close()


@contextlib.contextmanager
def slow_readers(server):
    """Fifty clients that ask for answers of nearly 3 MB and take five bytes a second; others come for those that go."""
    form = sample_form()
    row = form.indicators[3]
    form.indicators.extend([row] * 2000)
    message = evaluation_service_pb2.EvaluateFormRequest(form=form, validate_only=True).SerializeToString()
    stop, came, readers = threading.Event(), [0], []

    def keep_coming():
        while not stop.wait(0.2):
            gone = [reader for reader in readers if reader.closed.is_set()]
            for reader in gone:
                readers.remove(reader)
                reader.close()
            while len(readers) < 50:
                readers.append(SlowReader(server.address, message, pause=0.2))
                came[0] += 1

    thread = threading.Thread(target=keep_coming)
    thread.start()
    # Their requests are under way: nobody got an answer that ends.
    time.sleep(3)
    yield lambda: f"{came[0]} came, {came[0] - len(readers)} were closed"
    stop.set()
    thread.join()
    for reader in readers:
        reader.close()


def oversize(server):
    """A message of 18 MiB: refused."""
    try:
        server.evaluate(sample_form(project_name="大" * (6 << 20)), validate_only=True)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.OUT_OF_RANGE, error
    time.sleep(0.2)


def many_rows(server):
    """A form of 100,000 rows: refused."""
    form = sample_form()
    row = type(form.indicators[0])(name="行")
    form.indicators.extend([row] * 100_000)
    try:
        server.evaluate(form, validate_only=True)
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error
    time.sleep(0.2)


def rapid_reset(server):
    """HTTP/2 rapid reset: streams that are opened and reset at once, until the server hangs up."""
    one = connect(server.address)
    one.settimeout(5)
    head = heads(b"EvaluateForm")
    one.sendall(PREFACE + frame(SETTINGS, 0, 0))
    try:
        for stream in range(1, 40_000, 2):
            one.sendall(frame(HEADERS, END_HEADERS, stream, head) + frame(RST_STREAM, 0, stream, struct.pack(">I", 8)))
    finally:
        one.close()


COMPANY = [
    ("nobody else", alone),
    ("1,000 idle HTTP/2 connections", idle),
    ("1,000 silent connections", silent),
    ("50 readers of 3 MB answers at 5 bytes/s", slow_readers),
    ("messages of 18 MiB, one after another", repeating(oversize)),
    ("forms of 100,000 rows, one after another", repeating(many_rows)),
    ("rapid reset, one connection after another", repeating(rapid_reset)),
    ("nobody else, afterwards", alone),
]


class Peer:
    """A server as its clients see it."""

    def __init__(self, address):
        self.address = address
        self.channel = grpc.insecure_channel(address)
        self.stub = evaluation_service_pb2_grpc.EvaluationServiceStub(self.channel)

    def evaluate(self, form, **fields):
        request = evaluation_service_pb2.EvaluateFormRequest(form=form, **fields)
        return self.stub.EvaluateForm(request, timeout=60)


def keep_company(name, address):
    """Runs one kind of company until standard input ends."""
    with dict(COMPANY)[name](Peer(address)) as told:
        print("begun", flush=True)
        sys.stdin.read()
        print(told(), flush=True)


@contextlib.contextmanager
def beside(name, server):
    command = [sys.executable, __file__, BESIDE, name, server.address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as company:
        if company.stdout.readline() != "begun\n":
            raise AssertionError(f"{name}: did not begin")
        seen = []
        yield seen
        company.stdin.close()
        seen.append(company.stdout.readline().strip())
        if company.wait(120) != 0:
            raise AssertionError(f"{name}: failed")


def machine():
    """What the figures were measured on, in words that name no machine."""
    cpu = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    name = cpu.group(1) if cpu else platform.machine()
    return f"{os.cpu_count()} cores of {name}, {platform.system()} {platform.release().split('-')[0]}; both sides on it"


def table(server, seconds):
    """The lines of the table, and what is wrong with the figures."""
    lines = ["| beside | calls | p50 | p99 | ÷ alone | most memory | |", "|---|---|---|---|---|---|---|"]
    wrong, usual = [], None
    print("\n".join(lines), flush=True)
    for name, _ in COMPANY:
        with beside(name, server) as seen:
            p50, p99, calls, memory = measured(server, seconds)
        usual = usual or p99
        factor = p99 / usual
        lines.append(f"| {name} | {calls:,} | {p50:.2f} ms | {p99:.2f} ms | {factor:.1f} | {memory:.0f} MiB | {seen[0]} |")
        print(lines[-1], flush=True)
        if factor > MOST_FACTOR:
            wrong.append(f"{name}: p99 is {factor:.1f} times that alone; at most {MOST_FACTOR} is allowed")
        if memory > MOST_MEMORY:
            wrong.append(f"{name}: {memory:.0f} MiB in memory; at most {MOST_MEMORY} are allowed")
    return lines, wrong


def write(path, lines):
    """Puts the lines between the file's markers."""
    text = path.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise SystemExit(f"{path} does not have {BEGIN} and {END} once each")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8")


def main():
    if sys.argv[1:2] == [BESIDE]:
        return keep_company(*sys.argv[2:])
    os.environ.setdefault("HENG_LOG", "error")
    with Server() as server:
        measured(server, OPTIONS.seconds)
        lines, wrong = table(server, OPTIONS.seconds)
    if OPTIONS.write:
        write(OPTIONS.write, [*lines, "", f"One call after another for {OPTIONS.seconds} seconds each; {machine()}."])
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
