"""HTTP/2 by hand, to behave as no library would: windows of one byte, streams that are reset, answers left lying."""

import contextlib
import socket
import struct
import threading
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE = 0, 1, 3, 4, 6, 8
END_HEADERS, END_STREAM, ACK = 4, 1, 1
INITIAL_WINDOW_SIZE = 4


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def field(name, value):
    """A header without compression, HPACK's literal without indexing."""
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def heads(method):
    fields = [(b":method", b"POST"), (b":scheme", b"http"), (b":path", b"/heng.v1.EvaluationService/" + method)]
    fields += [(b":authority", b"x"), (b"content-type", b"application/grpc"), (b"te", b"trailers")]
    return b"".join(field(name, value) for name, value in fields)


def connect(address):
    host, port = address.split(":")
    return socket.create_connection((host, int(port)), timeout=60)


class SlowReader:
    """A client that asks for an answer and lets heng send one byte of it each `pause` seconds, or none at all."""

    def __init__(self, address, message, pause=None):
        self.socket = connect(address)
        self.closed = threading.Event()
        self.stop = threading.Event()
        self.pause = pause
        self.body = b"\x00" + struct.pack(">I", len(message)) + message
        self.threads = [threading.Thread(target=self._converse), threading.Thread(target=self._listen)]
        for thread in self.threads:
            thread.start()

    def _converse(self):
        window = 0 if self.pause is None else 1
        with contextlib.suppress(OSError):
            self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, window)))
            # The server's window counts once it is acknowledged.
            time.sleep(0.5)
            self.socket.sendall(frame(SETTINGS, ACK, 0) + frame(HEADERS, END_HEADERS, 1, heads(b"EvaluateForm")))
            for at in range(0, len(self.body), 16384):
                last = END_STREAM if at + 16384 >= len(self.body) else 0
                self.socket.sendall(frame(DATA, last, 1, self.body[at : at + 16384]))
            while self.pause is not None and not self.stop.wait(self.pause):
                self.socket.sendall(frame(WINDOW_UPDATE, 0, 1, struct.pack(">I", 1)))

    def _listen(self):
        """Reads what comes, as any client does, and answers pings: it is alive, and takes nothing."""
        with contextlib.suppress(OSError):
            self.socket.settimeout(None)
            while head := self._exactly(9):
                payload = self._exactly(int.from_bytes(head[:3], "big"))
                if head[3] == PING and not head[4] & ACK:
                    self.socket.sendall(frame(PING, ACK, 0, payload))
        self.closed.set()

    def _exactly(self, count):
        received = b""
        while len(received) < count:
            more = self.socket.recv(count - len(received))
            if not more:
                raise ConnectionError
            received += more
        return received

    def close(self):
        self.stop.set()
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.socket.close()
