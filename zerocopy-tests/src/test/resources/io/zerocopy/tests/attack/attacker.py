"""A user without privileges who owns a folder, and puts something else in the place of each name that appears there.

The number in the name decides what he does: KINDS says what he puts there, MOMENTS at which event of inotify(7).
A name that begins with "sync-" is a question. He answers it after he has seen all earlier events.
"""
import ctypes
import os
import struct
import sys

IN_ACCESS, IN_MODIFY, IN_ATTRIB, IN_CLOSE_WRITE = 0x1, 0x2, 0x4, 0x8
IN_CLOSE_NOWRITE, IN_OPEN, IN_MOVED_TO, IN_CREATE = 0x10, 0x20, 0x80, 0x100
MOMENTS = {
    "target": (IN_CREATE, IN_MODIFY, IN_CLOSE_WRITE, IN_ATTRIB, IN_MOVED_TO, IN_OPEN),
    "source": (IN_OPEN, IN_ACCESS, IN_CLOSE_NOWRITE),
}
KINDS = ("file", "link", "fifo", "other")

mode, folder, link, user, number, more = sys.argv[1:7]
libc = ctypes.CDLL(None, use_errno=True)
os.setgroups([])
os.setresgid(int(user), int(user), int(user))
os.setresuid(int(user), int(user), int(user))
os.umask(0)
os.chdir(folder)

made = 0
others = [name for name in os.listdir(".") if name.startswith("other-")]
ready = {kind: [] for kind in KINDS}
ready["other"] = others


def prepare(kind, least):
    global made
    while kind != "other" and len(ready[kind]) < least:
        name = "mine-%d" % made
        made += 1
        if kind == "file":
            with open(name, "w") as out:
                out.write("attacker")
            os.chmod(name, 0o755)
        elif kind == "link":
            os.symlink(link, name)
        else:
            os.mkfifo(name, 0o666)
        ready[kind].append(name)


def strike(name, kind):
    weapon = ready[kind].pop() if ready[kind] else None
    if weapon is None:
        return
    try:
        try:
            os.rename(weapon, name)
        except IsADirectoryError:
            os.rename(name, "moved-" + weapon)  # it is not his, but he owns the folder of it
            os.rename(weapon, name)
    except OSError:
        ready[kind].append(weapon)


if mode == "source":
    for i in range(int(more)):
        with open("source-%d" % i, "w") as out:
            out.write("attacker" * 1000)
        os.chmod("source-%d" % i, 0o6755)
for kind in KINDS:
    prepare(kind, 100)
watch = libc.inotify_init1(0)
assert libc.inotify_add_watch(watch, b".", 0x1FF) >= 0
struck = set()
moments = MOMENTS[mode]
counter = 0
print("ready", flush=True)
while True:
    events = os.read(watch, 1 << 16)
    at = 0
    while at < len(events):
        _, mask, _, length = struct.unpack_from("iIII", events, at)
        name = events[at + 16:at + 16 + length].rstrip(b"\0").decode()
        at += 16 + length
        if mask & IN_CREATE and name == "sync-end":
            print("made %d" % made, flush=True)
            sys.exit(0)
        if name.startswith("sync-"):
            if mask & IN_CREATE:
                for kind in KINDS:
                    prepare(kind, 20)
                os.mkdir("ack-" + name[5:])
            continue
        if not name or name.startswith(("mine-", "ack-", "moved-", "other-", "#")) or name in struck:
            continue
        if name.startswith(".zerocopy-"):
            case = counter  # the next kind and moment, in turn
        elif name.startswith(mode):
            case = int(name.split("-")[1])
        else:
            print("unexpected name: " + repr(name), file=sys.stderr, flush=True)
            continue
        if mask & moments[case // len(KINDS) % len(moments)]:
            struck.add(name)
            counter += 1
            strike(name, KINDS[case % len(KINDS)])
