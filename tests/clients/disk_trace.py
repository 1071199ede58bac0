"""What a process did to its files, from strace, and what a disk would hold if the power went at some moment.

The disk is the strictest that POSIX allows: bytes are there after the file was synced, the length grows when the
file is synced, and a name is there after its folder was synced. `sync_file_range` promises nothing.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

CALLS = (
    "openat,creat,close,write,pwrite64,writev,pwritev,sendto,sendmsg,fsync,fdatasync,ftruncate,fallocate,"
    "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,mmap,msync"
)
SECTOR = 512

LINE = re.compile(r"^(\d+) +(\d+\.\d+) (.*)$")
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$", re.DOTALL)
CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+|\?)(.*)$", re.DOTALL)
TEXT = re.compile(r'"([^"]*)"')
FD = re.compile(r"^(\d+)(?:<([^>]*)>)?")


def strace(trace, command):
    """The command that runs `command` and writes its calls to `trace`, every byte of them."""
    tool = shutil.which("strace")
    return [tool, "-f", "-y", "-ttt", "-xx", "-s", str(4 << 20), "-e", f"trace={CALLS}", "-o", str(trace), *command]


@dataclass
class Call:
    """One finished call. `began` and `ended` are places in the order of everything that the trace tells."""

    began: int
    ended: int
    name: str
    arguments: str
    result: int

    @cached_property
    def texts(self):
        """The byte strings among the arguments."""
        return [unhex(found.group(1)) for found in TEXT.finditer(self.arguments)]

    def descriptor(self):
        found = FD.match(self.arguments)
        return int(found.group(1)), unhex(found.group(2) or "").decode(errors="replace")


def unhex(escaped):
    return bytes.fromhex(escaped.replace("\\x", ""))


def calls(trace):
    """All successful calls in the order in which they ended."""
    found, open_calls = [], {}
    with open(trace, encoding="ascii", errors="replace") as lines:
        for number, line in enumerate(lines):
            parts = LINE.match(line.rstrip("\n"))
            if not parts:
                continue
            process, rest = parts.group(1), parts.group(3)
            if rest.endswith("<unfinished ...>"):
                open_calls[process] = (number, rest.removesuffix("<unfinished ...>").rstrip())
                continue
            began = number
            resumed = RESUMED.match(rest)
            if resumed:
                if process not in open_calls:
                    continue
                began, head = open_calls.pop(process)
                rest = head + resumed.group(2).lstrip()
            whole = CALL.match(rest)
            if whole and whole.group(3) not in ("?",) and int(whole.group(3)) >= 0:
                found.append(Call(began, number, whole.group(1), whole.group(2), int(whole.group(3))))
    return found


@dataclass
class Inode:
    """A file: what is surely on the disk, and what was written since."""

    durable: bytes = b""
    #: (place of the call's beginning, place of its end, offset, bytes), or a new length with offset None.
    pending: list = field(default_factory=list)

    def apply(self, writes, sectors=None):
        """The durable bytes with `writes` over them; with `sectors`, only those sectors that it keeps, and no growth."""
        content = bytearray(self.durable)
        for _, _, offset, data in writes:
            if offset is None:
                if sectors is None:
                    length = data
                    content = content[:length] + bytes(max(0, length - len(content)))
                continue
            if sectors is None:
                if len(content) < offset + len(data):
                    content.extend(bytes(offset + len(data) - len(content)))
                content[offset : offset + len(data)] = data
                continue
            for start in range(offset - offset % SECTOR, offset + len(data), SECTOR):
                low, high = max(start, offset), min(start + SECTOR, offset + len(data), len(content))
                if low < high and sectors():
                    content[low:high] = data[low - offset : high - offset]
        return bytes(content)


class Disk:
    """The files below `root` as calls change them, one after another."""

    def __init__(self, root):
        self.root = str(root)
        self.files = {}  # fd -> (inode or None for a folder, path, position)
        self.names = {}  # path -> inode, or "folder": as the process sees it
        self.kept = {self.root: "folder"}  # the same after a power cut
        self.unsynced = {}  # folder -> [(place of the end, path, inode or None)]

    def inside(self, path):
        return path == self.root or path.startswith(self.root + "/")

    def name(self, call, path, node):
        """`path` is `node` from now on, or nothing; the disk knows when its folder is synced."""
        if node is None:
            self.names.pop(path, None)
        else:
            self.names[path] = node
        if path == self.root:
            return
        self.unsynced.setdefault(str(Path(path).parent), []).append((call.ended, path, node))

    def take(self, call):
        handler = getattr(self, f"on_{call.name}", None)
        if handler:
            handler(call)

    def on_openat(self, call):
        path = call.texts[0].decode() if call.texts else ""
        if not self.inside(path):
            self.files.pop(call.result, None)
            return
        node = self.names.get(path)
        if node is None and "O_CREAT" not in call.arguments:
            node = "folder"
        if node is None:
            node = Inode()
            self.name(call, path, node)
        elif "O_TRUNC" in call.arguments and isinstance(node, Inode):
            node.pending.append((call.began, call.ended, None, 0))
        self.files[call.result] = [node, path, 0]

    def on_close(self, call):
        self.files.pop(call.descriptor()[0], None)

    def on_mkdir(self, call):
        path = call.texts[0].decode()
        if self.inside(path):
            self.name(call, path, "folder")

    def on_rename(self, call):
        old, new = (text.decode() for text in call.texts[:2])
        if self.inside(old):
            node = self.names.get(old)
            moved = [(path, below) for path, below in self.names.items() if path.startswith(old + "/")]
            self.name(call, new, node)
            self.name(call, old, None)
            for path, below in moved:
                self.name(call, new + path[len(old) :], below)
                self.name(call, path, None)

    on_renameat = on_renameat2 = on_rename

    def on_unlink(self, call):
        path = call.texts[0].decode()
        if self.inside(path):
            self.name(call, path, None)

    on_unlinkat = on_rmdir = on_unlink

    def written(self, call):
        return self.files.get(call.descriptor()[0])

    def on_pwrite64(self, call):
        file = self.written(call)
        if file:
            offset = int(call.arguments.rsplit(",", 1)[1])
            file[0].pending.append((call.began, call.ended, offset, call.texts[0][: call.result]))

    def on_write(self, call):
        file = self.written(call)
        if file and isinstance(file[0], Inode):
            file[0].pending.append((call.began, call.ended, file[2], call.texts[0][: call.result]))
            file[2] += call.result

    def on_ftruncate(self, call):
        file = self.written(call)
        if file:
            file[0].pending.append((call.began, call.ended, None, int(call.arguments.rsplit(",", 1)[1])))

    def on_mmap(self, call):
        if "MAP_SHARED" in call.arguments and "PROT_WRITE" in call.arguments:
            found = re.search(r"<([^>]*)>", call.arguments)
            if found and self.inside(unhex(found.group(1)).decode(errors="replace")):
                raise AssertionError("a file of the store is written through memory, which strace does not see")

    def on_fallocate(self, call):
        raise AssertionError("fallocate: this disk has no model of it")

    on_pwritev = on_fallocate

    def on_fsync(self, call):
        """Everything that was finished when the sync began is on the disk when it has ended."""
        file = self.written(call)
        if not file:
            return
        node, path, _ = file
        if node == "folder":
            done = [one for one in self.unsynced.get(path, []) if one[0] <= call.began]
            for one in done:
                _, name, inner = one
                if inner is None:
                    self.kept.pop(name, None)
                else:
                    self.kept[name] = inner
                self.unsynced[path].remove(one)
            return
        node.durable = node.apply([write for write in node.pending if write[1] <= call.began])
        node.pending = [write for write in node.pending if write[1] > call.began]

    on_fdatasync = on_fsync

    def after_power_cut(self, target, sectors=None):
        """Writes what is left into the folder `target`: unsynced writes dropped, or torn to what `sectors` keeps."""
        shutil.rmtree(target, ignore_errors=True)
        Path(target).mkdir(parents=True)
        for path in sorted(self.kept):
            node = self.kept[path]
            place = Path(target) / path[len(self.root) :].lstrip("/")
            lost_parent = not place.parent.is_dir()
            if lost_parent:
                continue
            if node == "folder":
                place.mkdir(exist_ok=True)
            else:
                place.write_bytes(node.apply(node.pending, sectors) if sectors else node.durable)


def available():
    """Whether strace is here and may trace."""
    tool = shutil.which("strace")
    if tool is None:
        return False
    probe = subprocess.run([tool, "-o", "/dev/null", "true"], capture_output=True, check=False)
    return probe.returncode == 0
