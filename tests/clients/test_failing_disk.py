"""Disks that fail: a call that errs, a full disk, a folder that cannot be written, no file descriptors left.

Whatever happens, nothing acknowledged is lost, what fails is said clearly, and a restart recovers. strace makes
calls fail; `HENG_FULL=1` lets each of the first hundred calls fail, otherwise a few do.
"""

import os
import random
import resource
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import disk_trace
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from heng_client import SAMPLE_PACKS, Server, eventually, figures, identity_of, sample_form

STORE_CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,rename,mkdir,sync_file_range"
FIRST_CALLS = 100
CHOSEN = FIRST_CALLS if os.environ.get("HENG_FULL") else 5
REQUESTS = 12
REFUSED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DATA_LOSS}


class Failing(Server):
    """A server one of whose calls to the kernel fails, in each of its threads."""

    def __init__(self, error, at):
        super().__init__(packs=SAMPLE_PACKS)
        self.error, self.at = error, at

    def command(self):
        inject = f"inject={STORE_CALLS}:error={self.error}:when={self.at}"
        quiet = ["-f", "-qq", "-e", "trace=none", "-e", inject, "-o", "/dev/null"]
        return [shutil.which("strace"), *quiet, *super().command()]

    def signal(self, what):
        os.kill(int((self.data / "LOCK").read_text()), what)


class Plain(Server):
    """A server over the folders of another."""

    def __init__(self, other):
        super().__init__(packs=SAMPLE_PACKS)
        self.rules, self.data = other.rules, other.data


def health(server):
    stub = health_pb2_grpc.HealthStub(server.channel)
    return stub.Check(health_pb2.HealthCheckRequest(), timeout=30).status


def form_of(number):
    return sample_form(project_name=f"项目 {number}")


class FailingCalls(unittest.TestCase):
    @unittest.skipUnless(disk_trace.available(), "strace is not installed here, or may not trace")
    def test_a_call_that_fails_costs_nothing_acknowledged(self):
        dice = random.Random()
        self.acknowledged, self.kept, self.refused = 0, 0, 0
        for error in ("EIO", "ENOSPC"):
            for at in sorted(dice.sample(range(1, FIRST_CALLS + 1), CHOSEN)):
                with self.subTest(error=error, at=at):
                    self.one(error, at)
        figures(
            f"{2 * CHOSEN} calls of the store failed, EIO and ENOSPC in turn; {self.acknowledged} requests acknowledged, "
            f"{self.kept} there after a restart; {self.refused} refused, and answered then"
        )

    def one(self, error, at):
        server = Failing(error, at)
        answers, refused = {}, {}
        try:
            server.start()
        except AssertionError:
            self.assertIn("error: ", server.log())
            self.assertNotIn("panicked", server.log())
            server.process = None
        else:
            for number in range(REQUESTS):
                try:
                    answers[number] = server.raw_evaluate(form_of(number), request_id=str(number))
                except grpc.RpcError as why:
                    self.assertIn(why.code(), REFUSED, why.details())
                    refused[number] = why
            if refused and REQUESTS - 1 in refused:
                self.assertEqual(health(server), health_pb2.HealthCheckResponse.NOT_SERVING)
            self.assertNotIn("panicked", server.log())
            server.kill()
        self.acknowledged += len(answers)
        self.refused += len(refused)
        with Plain(server) as after:
            for number, raw in answers.items():
                self.assertEqual(after.raw_get(identity_of(raw)), raw)
                self.assertEqual(after.raw_evaluate(form_of(number), request_id=str(number)), raw)
            self.kept += len(answers)
            for number in refused:
                after.raw_evaluate(form_of(number), request_id=str(number))
            self.assertEqual(health(after), health_pb2.HealthCheckResponse.SERVING)
        shutil.rmtree(server.folder, ignore_errors=True)


class SmallDisk:
    """A disk of its own for a data folder. Making one needs to be root."""

    def __init__(self, size):
        self.folder = Path(tempfile.mkdtemp(prefix="heng-small-disk-"))
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.folder], capture_output=True, check=False
        )
        if made.returncode != 0:
            self.folder.rmdir()
            raise unittest.SkipTest("a disk cannot be mounted here")

    def remount(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.folder], check=True)
        self.folder.rmdir()


class FullDisk(unittest.TestCase):
    def test_a_full_disk_refuses_and_loses_nothing_and_goes_on_when_there_is_room(self):
        with SmallDisk("72m") as disk:
            server = Server(packs=SAMPLE_PACKS)
            server.data = disk.folder / "data"
            with server:
                answers, refusal = self.fill(server)
                self.assertGreater(len(answers), 10)
                self.assertIn(refusal.code(), REFUSED)
                self.assertRegex(refusal.details(), "space|disk")
                for raw in answers.values():
                    self.assertEqual(server.raw_get(identity_of(raw)), raw)
                disk.remount("size=144m")
                eventually(30, lambda: self.takes(server))
                server.kill()
                server.start()
                for number, raw in answers.items():
                    self.assertEqual(server.raw_evaluate(form_of(number), request_id=str(number)), raw)
                server.raw_evaluate(form_of("more"))

    def takes(self, server):
        try:
            server.raw_evaluate(form_of("there is room"))
        except grpc.RpcError:
            return False
        return True

    def fill(self, server):
        answers = {}
        for number in range(10_000):
            try:
                answers[number] = server.raw_evaluate(form_of(number), request_id=str(number))
            except grpc.RpcError as why:
                return answers, why
        raise AssertionError("the disk never became full")

    def test_a_folder_that_cannot_be_written_is_named(self):
        with SmallDisk("12m") as disk:
            disk.remount("ro")
            server = Server(packs=SAMPLE_PACKS)
            server.data = disk.folder / "data"
            ended = subprocess.run(server.command(), capture_output=True, encoding="utf-8", timeout=60, check=False)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(str(server.data), ended.stderr)
            self.assertNotIn("panicked", ended.stderr)
            shutil.rmtree(server.folder)


class FewDescriptors(unittest.TestCase):
    def test_too_few_to_start_is_told(self):
        server = Server(packs=SAMPLE_PACKS)
        ended = subprocess.run(
            server.command(), capture_output=True, encoding="utf-8", timeout=60, check=False, preexec_fn=limit(10)
        )
        self.assertEqual(ended.returncode, 2, ended.stderr)
        self.assertNotIn("panicked", ended.stderr)
        shutil.rmtree(server.folder)

    def test_when_connections_take_them_all_the_others_go_on_and_nothing_is_lost(self):
        with Limited(160) as server:
            first = server.raw_evaluate(sample_form(), request_id="first")
            greedy = [server.new_channel() for _ in range(200)]
            for channel in greedy:
                grpc.channel_ready_future(channel)
            for number in range(20):
                raw = server.raw_evaluate(form_of(number), request_id=str(number))
                self.assertEqual(server.raw_get(identity_of(raw)), raw)
            for channel in greedy:
                channel.close()
            raw, _ = eventually(30, lambda: self.answered_anew(server))
            self.assertEqual(raw, first)

    def answered_anew(self, server):
        """An answer over a new connection; nothing while there is no room for one."""
        channel = server.new_channel()
        try:
            return server.raw_evaluate(sample_form(), channel, request_id="first")
        except grpc.RpcError:
            return None
        finally:
            channel.close()


class Limited(Server):
    """A server that may open few files."""

    def __init__(self, descriptors):
        super().__init__(packs=SAMPLE_PACKS)
        self.descriptors = descriptors

    def command(self):
        return ["prlimit", f"--nofile={self.descriptors}", *super().command()]


def limit(descriptors):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))


if __name__ == "__main__":
    unittest.main()
