"""What bad company does to the others: `python stress.py [HENG [CALLS]]` against a built heng, best a release build.

Measures single evaluations of one well-behaved client, alone and beside each kind of bad company, which is a process
of its own, and the memory of the server. Prints one Markdown table. Not part of the test suite: the
times depend on the machine.
"""

import contextlib
import os
import socket
import struct
import subprocess
import sys
import threading
import time

BESIDE = "--beside"
if len(sys.argv) > 1 and sys.argv[1] != BESIDE:
    os.environ["HENG_BIN"] = os.path.abspath(sys.argv[1])

import grpc  # noqa: E402
from heng_client import Server, evaluation_service_pb2, evaluation_service_pb2_grpc, sample_form  # noqa: E402

CALLS = int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[1] != BESIDE else 2000
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, WINDOW_UPDATE = 0, 1, 3, 4, 8
END_HEADERS, END_STREAM = 4, 1


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def field(name, value):
    """A header without compression, HPACK's literal without indexing."""
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def heads(method):
    fields = [(b":method", b"POST"), (b":scheme", b"http"), (b":path", b"/heng.v1.EvaluationService/" + method)]
    fields += [(b":authority", b"x"), (b"content-type", b"application/grpc"), (b"te", b"trailers")]
    return b"".join(field(name, value) for name, value in fields)


def connect(server):
    host, port = server.address.split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def measured(server):
    """p50 and p99 of single evaluations, milliseconds."""
    with grpc.insecure_channel(server.address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        stub = evaluation_service_pb2_grpc.EvaluationServiceStub(channel)
        request = evaluation_service_pb2.EvaluateFormRequest(form=sample_form(), validate_only=True)
        took = []
        for call in range(CALLS + 200):
            began = time.perf_counter()
            stub.EvaluateForm(request, timeout=60)
            if call >= 200:
                took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return took[len(took) // 2], took[len(took) * 99 // 100]


def resident(server):
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
        one = connect(server)
        one.sendall(PREFACE + frame(SETTINGS, 0, 0))
        sockets.append(one)
    yield lambda: f"{len(sockets)} connections"
    for one in sockets:
        one.close()


@contextlib.contextmanager
def silent(server):
    """A thousand connections that never say a word: closed after ten seconds."""
    sockets = [connect(server) for _ in range(1000)]
    yield lambda: f"{len(sockets)} connections"
    began = time.monotonic()
    for one in sockets:
        one.settimeout(max(0.1, 30 - (time.monotonic() - began)))
        assert one.recv(1) == b"", "a silent connection was not closed"
        one.close()


@contextlib.contextmanager
def slow_readers(server):
    """Fifty clients that ask for large answers and take one byte of window now and then."""
    form = sample_form()
    row = form.indicators[3]
    form.indicators.extend([row] * 2000)
    message = evaluation_service_pb2.EvaluateFormRequest(form=form, validate_only=True).SerializeToString()
    body = b"\x00" + struct.pack(">I", len(message)) + message
    stop, sockets = threading.Event(), []

    def converse(one):
        with contextlib.suppress(OSError):
            one.sendall(PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 1)))
            # The server's window counts once it is acknowledged.
            time.sleep(0.5)
            one.sendall(frame(SETTINGS, 1, 0))
            one.sendall(frame(HEADERS, END_HEADERS, 1, heads(b"EvaluateForm")))
            for at in range(0, len(body), 16384):
                last = END_STREAM if at + 16384 >= len(body) else 0
                one.sendall(frame(DATA, last, 1, body[at : at + 16384]))
            while not stop.wait(0.2):
                one.sendall(frame(WINDOW_UPDATE, 0, 1, struct.pack(">I", 1)))

    threads = []
    for _ in range(50):
        one = connect(server)
        sockets.append(one)
        threads.append(threading.Thread(target=converse, args=(one,)))
        threads[-1].start()
    # Their requests are under way: nobody got an answer that ends.
    time.sleep(3)
    yield lambda: f"{len(sockets)} readers"
    stop.set()
    for thread in threads:
        thread.join()
    for one in sockets:
        one.close()


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
    one = connect(server)
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
    ("50 readers of large answers at 5 bytes/s", slow_readers),
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


def main():
    if sys.argv[1:2] == [BESIDE]:
        return keep_company(*sys.argv[2:])
    os.environ.setdefault("HENG_LOG", "error")
    with Server() as server:
        measured(server)
        print("| beside | p50 | p99 | memory | |")
        print("|---|---|---|---|---|")
        for name, _ in COMPANY:
            with beside(name, server) as seen:
                p50, p99 = measured(server)
                memory = resident(server)
            print(f"| {name} | {p50:.2f} ms | {p99:.2f} ms | {memory:.0f} MiB | {seen[0]} |", flush=True)


if __name__ == "__main__":
    main()
