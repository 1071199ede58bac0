"""What an acknowledgement is worth: SIGKILL, restart, and everything answered is there, byte for byte."""

import os
import random
import subprocess
import threading
import time
import unittest

import grpc
from heng_client import HENG, Server, figures, identity_of, sample_form

WRITERS = 64
#: Kills under load; `HENG_FULL=1` for fifty.
ROUNDS = 50 if os.environ.get("HENG_FULL") else 3


class Durability(unittest.TestCase):
    def test_killed_right_after_the_answer_it_gives_the_same_bytes(self):
        with Server() as server:
            raw = server.raw_evaluate(sample_form(), request_id="once")
            server.kill()
            server.start()
            self.assertEqual(server.raw_get(identity_of(raw)), raw)
            self.assertEqual(server.raw_evaluate(sample_form(), request_id="once"), raw)

    def test_killed_under_many_writers_it_keeps_everything_acknowledged(self):
        seed = random.randrange(1 << 32)
        dice = random.Random(seed)
        acknowledged = {}
        with Server() as server, self.subTest(seed=seed):
            starts = []
            for attempt in range(ROUNDS):
                self.write_until_killed(server, dice, attempt, acknowledged)
                began = time.monotonic()
                server.start()
                starts.append(time.monotonic() - began)
                for request_id, raw in acknowledged.items():
                    self.assertEqual(server.raw_get(identity_of(raw)), raw, request_id)
            self.assertGreater(len(acknowledged), WRITERS)
            # A retry finds the first answer, whether or not the client ever saw it; nothing is there twice.
            for request_id, raw in dice.sample(sorted(acknowledged.items()), WRITERS):
                self.assertEqual(server.raw_evaluate(form_of(request_id), request_id=request_id), raw)
            listed = [summary.id for page in server.pages(1000) for summary in page]
            self.assertEqual(len(listed), len(set(listed)))
            lost = {identity_of(raw) for raw in acknowledged.values()} - set(listed)
            figures(
                f"{ROUNDS} kills under {WRITERS} writers; {len(acknowledged)} records acknowledged, {len(lost)} lost, "
                f"{len(listed)} kept; slowest start {max(starts):.2f} s"
            )
            self.assertEqual(lost, set())
            # The records are whole, each with its place in the chain.
            self.assertEqual(server.terminate(), 0)
            verified = subprocess.run([HENG, "store", "verify", "--data", server.data], capture_output=True, check=False)
            self.assertEqual(verified.returncode, 0, verified.stdout.decode() + verified.stderr.decode())

    def write_until_killed(self, server, dice, attempt, acknowledged):
        channels = [server.new_channel() for _ in range(4)]

        def write(writer):
            for number in range(1 << 30):
                request_id = f"{attempt}-{writer}-{number}"
                try:
                    raw = server.raw_evaluate(form_of(request_id), channels[writer % 4], request_id=request_id)
                except grpc.RpcError:
                    return
                acknowledged[request_id] = raw

        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
        before = len(acknowledged)
        for writer in writers:
            writer.start()
        while len(acknowledged) < before + WRITERS and any(writer.is_alive() for writer in writers):
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.5))
        server.kill()
        for writer in writers:
            writer.join()
        for channel in channels:
            channel.close()

    def test_the_index_can_be_deleted(self):
        with Server() as server:
            answers = [server.raw_evaluate(sample_form(project_name=f"项目{index}")) for index in range(20)]
            self.assertEqual(server.terminate(), 0)
            subprocess.run(["rm", "-r", server.data / "index"], check=True)
            server.start()
            for raw in answers:
                self.assertEqual(server.raw_get(identity_of(raw)), raw)

    def test_a_data_folder_serves_one_process(self):
        with Server() as server:
            second = subprocess.run(server.command(), capture_output=True, encoding="utf-8", timeout=60)
            self.assertEqual(second.returncode, 2, second.stderr)
            self.assertIn("in use by another heng process", second.stderr)
            server.evaluate(sample_form())

    def test_an_address_in_use_is_told(self):
        with Server() as server, Server() as other:
            command = [HENG, "serve", "--listen", server.address, "--rules", other.rules, "--data", other.folder / "d"]
            second = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
            self.assertEqual(second.returncode, 2, second.stderr)
            self.assertIn("--listen", second.stderr)

    def test_sigterm_is_a_clean_end(self):
        with Server() as server:
            raw = server.raw_evaluate(sample_form())
            self.assertEqual(server.terminate(), 0)
            server.start()
            self.assertEqual(server.raw_get(identity_of(raw)), raw)


def form_of(request_id):
    return sample_form(project_name=f"项目 {request_id}")


if __name__ == "__main__":
    unittest.main()
