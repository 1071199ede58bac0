"""The power goes at the moment of an acknowledgement: everything acknowledged is there, byte for byte.

A server is recorded with strace while clients write. Then, for many acknowledgements, the disk is rebuilt as it
surely was at that moment, and heng opens it. `HENG_FULL=1` tries a hundred moments; otherwise a few.
"""

import os
import random
import threading
import unittest
from dataclasses import dataclass

import disk_trace
from heng_client import SAMPLE_PACKS, Server, figures, identity_of, sample_form

SYNCS_AND_WRITES = ("pwrite64", "fdatasync", "fsync")
MOMENTS = 100 if os.environ.get("HENG_FULL") else 5
WRITERS = 8
EACH = 40


class Recorded(Server):
    """A server whose calls strace writes down."""

    def __init__(self):
        super().__init__(packs=SAMPLE_PACKS)
        self.trace = self.folder / "trace"

    def command(self):
        return disk_trace.strace(self.trace, super().command())

    def signal(self, what):
        """strace keeps signals to itself: heng is the one that its lock names."""
        os.kill(int((self.data / "LOCK").read_text()), what)


@unittest.skipUnless(disk_trace.available(), "strace is not installed here, or may not trace")
class PowerCut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Recorded()
        cls.server.start()
        cls.answers = write_many(cls.server)
        cls.server.terminate()
        cls.calls = disk_trace.calls(cls.server.trace)
        cls.sent = when_sent(cls.calls, cls.answers)
        assert len(cls.sent) == len(cls.answers), "the trace does not show every answer"

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_every_acknowledgement_follows_a_sync_of_its_bytes_in_the_journal(self):
        journal = [call for call in self.calls if call.name in SYNCS_AND_WRITES and "/journal/" in call.descriptor()[1]]
        writes = [call for call in journal if call.name == "pwrite64"]
        syncs = [call for call in journal if call.name != "pwrite64"]
        for identity, sent in self.sent.items():
            name = identity.encode()
            written = next((call for call in writes if any(name in text for text in call.texts)), None)
            self.assertIsNotNone(written, f"{identity} was acknowledged and never written to the journal")
            synced = [call for call in syncs if call.began >= written.ended and call.ended < sent]
            self.assertTrue(synced, f"{identity} was acknowledged before its bytes in the journal were synced")

    def test_whatever_was_acknowledged_is_there_after_a_power_cut(self):
        seed = random.randrange(1 << 32)
        dice = random.Random(seed)
        order = sorted(self.sent, key=self.sent.get)
        chosen = set(dice.sample(order[1:-1], min(MOMENTS, len(order)) - 2)) | {order[0], order[-1]}
        disk = disk_trace.Disk(self.server.data)
        remaining = iter(self.calls)
        call = next(remaining, None)
        cuts, records, kept = 0, 0, 0
        for number, identity in enumerate(order, 1):
            while call is not None and call.ended < self.sent[identity]:
                disk.take(call)
                call = next(remaining, None)
            if identity in chosen:
                for torn in (None, lambda: dice.random() < 0.5):
                    with self.subTest(seed=seed, acknowledged=number, torn=torn is not None):
                        cuts += 1
                        records += number
                        self.there_after(disk, torn, order[:number])
                        kept += number
        figures(f"{cuts} power cuts at {len(chosen)} moments; {records} acknowledged records looked for, {records - kept} in stores that lost some")

    def there_after(self, disk, torn, acknowledged):
        server = Server(packs=SAMPLE_PACKS)
        disk.after_power_cut(server.data, torn)
        with server:
            for identity in acknowledged:
                self.assertEqual(server.raw_get(identity), self.answers[identity].raw)
            last = self.answers[acknowledged[-1]]
            self.assertEqual(server.raw_evaluate(form_of(last.request_id), request_id=last.request_id), last.raw)


@dataclass
class Answer:
    request_id: str
    raw: bytes


def form_of(request_id):
    return sample_form(project_name=f"项目 {request_id}")


def write_many(server):
    """Identity → answer, from many writers at once."""
    answers = {}

    def write(writer):
        channel = server.new_channel()
        for turn in range(EACH):
            request_id = f"{writer}-{turn}"
            raw = server.raw_evaluate(form_of(request_id), channel, request_id=request_id)
            answers[identity_of(raw)] = Answer(request_id, raw)
        channel.close()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return answers


def when_sent(calls, answers):
    """Identity → place in the trace where its answer went to the client's socket."""
    wanted = {identity.encode(): identity for identity in answers}
    sent = {}
    for call in calls:
        if call.name not in ("write", "writev", "sendto", "sendmsg") or "socket:" not in call.descriptor()[1]:
            continue
        text = b"".join(call.texts)
        for name in [name for name in wanted if name in text]:
            sent[wanted.pop(name)] = call.began
    return sent


if __name__ == "__main__":
    unittest.main()
