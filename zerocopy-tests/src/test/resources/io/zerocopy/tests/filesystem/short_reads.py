"""A FUSE server of a file "f" that answers reads in part:

short_reads.py DIRECTORY SIZE MOST [held-]cached|direct [FAILS AT]

A second file, "t", can be written, and the server copies from one to the other by itself (copy_file_range). With FAILS
"read" or "write", that end answers EIO from byte AT on, in copies too. The server uses the protocol of /dev/fuse
directly (linux/fuse.h) and ends when the directory is unmounted. The byte at i is
(31 * i + 7 * (i >> 8) + 13 * (i >> 16)) & 255. With "direct" the kernel caches nothing of it (FOPEN_DIRECT_IO). With
"held" the first read is announced by a line "held", and answered after a line from the standard input.
"""
import ctypes
import errno
import os
import struct
import sys

LOOKUP, FORGET, GETATTR, SETATTR, OPEN, READ, WRITE, STATFS, RELEASE, FLUSH, INIT, OPENDIR, RELEASEDIR, BATCH_FORGET, COPY = (
    1, 2, 3, 4, 14, 15, 16, 17, 18, 25, 26, 27, 29, 42, 47)
ROOT, FILE, TARGET = 1, 2, 3
SIZE_GIVEN = 1 << 3
directory, size, most, direct = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4].endswith("direct")
held = sys.argv[4].startswith("held")
fails, fails_at = (sys.argv[5], int(sys.argv[6])) if len(sys.argv) > 5 else ("", 0)
target = bytearray()
data = bytes((31 * i + 7 * (i >> 8) + 13 * (i >> 16)) & 255 for i in range(size))
libc = ctypes.CDLL(None, use_errno=True)
fuse = os.open("/dev/fuse", os.O_RDWR)
options = "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other" % fuse
if libc.mount(b"short_reads", directory.encode(), b"fuse", 0, options.encode()) != 0:
    sys.exit("mount: " + os.strerror(ctypes.get_errno()))
print("mounted", flush=True)


def attributes(node):
    mode, length = (0o40755, 0) if node == ROOT else (0o100644, size if node == FILE else len(target))
    return struct.pack("<6Q10I", node, length, (length + 511) // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def answer(unique, body=b"", error=0):
    try:
        os.write(fuse, struct.pack("<IiQ", 16 + len(body), -error, unique) + body)
    except OSError:
        pass  # the caller has ended


def good(kind, offset, count):
    """How many of these bytes can be had before the file fails; 0 if none."""
    return count if kind != fails else max(0, min(count, fails_at - offset))


def write(offset, some):
    target.extend(bytes(max(0, offset + len(some) - len(target))))
    target[offset : offset + len(some)] = some


while True:
    try:
        request = os.read(fuse, 1 << 20)
    except OSError:
        break  # unmounted
    _, operation, unique, node = struct.unpack_from("<IIQQ", request)
    body = request[40:]
    if operation == INIT:
        ahead = struct.unpack_from("<I", body, 8)[0]
        answer(unique, struct.pack("<4I2H2I2HI", 7, 31, ahead, 1, 16, 12, 1 << 17, 1, 32, 0, 0) + bytes(28))
    elif operation == LOOKUP and body.rstrip(b"\0") == b"f":
        answer(unique, struct.pack("<4Q2I", FILE, 0, 1, 1, 0, 0) + attributes(FILE))
    elif operation == LOOKUP and body.rstrip(b"\0") == b"t":
        answer(unique, struct.pack("<4Q2I", TARGET, 0, 1, 1, 0, 0) + attributes(TARGET))
    elif operation == LOOKUP:
        answer(unique, error=errno.ENOENT)
    elif operation == GETATTR:
        answer(unique, struct.pack("<QII", 1, 0, 0) + attributes(node))
    elif operation == SETATTR:
        valid, _, _, length = struct.unpack_from("<IIQQ", body)
        if valid & SIZE_GIVEN:
            target[length:] = bytes(max(0, length - len(target)))
        answer(unique, struct.pack("<QII", 1, 0, 0) + attributes(node))
    elif operation in (OPEN, OPENDIR):
        answer(unique, struct.pack("<QII", 1, 1 if direct and operation == OPEN else 0, 0))
    elif operation == READ:
        if held:
            print("held", flush=True)
            sys.stdin.readline()
            held = False
        _, offset, count = struct.unpack_from("<QQI", body)
        content = data if node == FILE else target
        some = good("read", offset, min(count, most)) if node == FILE else count
        if some == 0 and offset < len(content):
            answer(unique, error=errno.EIO)
        else:
            answer(unique, bytes(content[offset : offset + some]))
    elif operation == WRITE:
        _, offset, count = struct.unpack_from("<QQI", body)
        if good("write", offset, count) < count:
            answer(unique, error=errno.EIO)
        else:
            write(offset, body[40 : 40 + count])
            answer(unique, struct.pack("<II", count, 0))
    elif operation == COPY:
        _, start, _, _, offset, count, _ = struct.unpack_from("<7Q", body)
        count = min(count, most, max(0, size - start))
        some = min(good("read", start, count), good("write", offset, count))
        if some == 0 and count > 0:
            answer(unique, error=errno.EIO)
        else:
            write(offset, data[start : start + some])
            answer(unique, struct.pack("<II", some, 0))
    elif operation == STATFS:
        answer(unique, bytes(80))
    elif operation in (RELEASE, RELEASEDIR, FLUSH):
        answer(unique)
    elif operation not in (FORGET, BATCH_FORGET):
        answer(unique, error=errno.ENOSYS)
