"""A FUSE server of one file "f" that answers reads in part: short_reads.py DIRECTORY SIZE MOST cached|direct

It uses the protocol of /dev/fuse directly (linux/fuse.h) and ends when the directory is unmounted. The byte at i is
(31 * i + 7 * (i >> 8) + 13 * (i >> 16)) & 255. With "direct" the kernel caches nothing of it (FOPEN_DIRECT_IO).
"""
import ctypes
import errno
import os
import struct
import sys

LOOKUP, FORGET, GETATTR, OPEN, READ, STATFS, RELEASE, FLUSH, INIT, OPENDIR, RELEASEDIR, BATCH_FORGET = (
    1, 2, 3, 14, 15, 17, 18, 25, 26, 27, 29, 42)
ROOT, FILE = 1, 2
directory, size, most, direct = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "direct"
data = bytes((31 * i + 7 * (i >> 8) + 13 * (i >> 16)) & 255 for i in range(size))
libc = ctypes.CDLL(None, use_errno=True)
fuse = os.open("/dev/fuse", os.O_RDWR)
options = "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other" % fuse
if libc.mount(b"short_reads", directory.encode(), b"fuse", 0, options.encode()) != 0:
    sys.exit("mount: " + os.strerror(ctypes.get_errno()))
print("mounted", flush=True)


def attributes(node):
    mode, length = (0o40755, 0) if node == ROOT else (0o100644, size)
    return struct.pack("<6Q10I", node, length, (length + 511) // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def answer(unique, body=b"", error=0):
    try:
        os.write(fuse, struct.pack("<IiQ", 16 + len(body), -error, unique) + body)
    except OSError:
        pass  # the caller has ended


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
    elif operation == LOOKUP:
        answer(unique, error=errno.ENOENT)
    elif operation == GETATTR:
        answer(unique, struct.pack("<QII", 1, 0, 0) + attributes(node))
    elif operation in (OPEN, OPENDIR):
        answer(unique, struct.pack("<QII", 1, 1 if direct and operation == OPEN else 0, 0))
    elif operation == READ:
        _, offset, count = struct.unpack_from("<QQI", body)
        answer(unique, data[offset : offset + min(count, most)])
    elif operation == STATFS:
        answer(unique, bytes(80))
    elif operation in (RELEASE, RELEASEDIR, FLUSH):
        answer(unique)
    elif operation not in (FORGET, BATCH_FORGET):
        answer(unique, error=errno.ENOSYS)
