/*
 * The peers, and the best that C can do, for every comparison. The benchmark compiles it if there is a compiler:
 *
 *   limit feed                       writes to each client for ever; prints its port
 *   limit drain recv|trunc           reads from each client, with (recv) or without (MSG_TRUNC) a copy; prints its port
 *   limit feed-fifo PATH             writes to a FIFO, for ever
 *   limit drain-fifo PATH            reads from a FIFO, for ever
 *   limit move SOURCE TARGET HOW     moves bytes by the best call, in windows
 *   limit pull recv|trunc PORT [PATH]   reads from a server in windows; with a path, one request for each transfer
 *   limit spawn COMMAND...           runs a command per transfer, in windows
 *
 * A window is a line "SIZE REPETITIONS" on standard input, answered by "BYTES CPU-NANOSECONDS WALL-NANOSECONDS" on standard
 * output. Ends are file:PATH, tcp:PORT, fifo:PATH and memory:SIZE. The program ends at the end of standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BLOCK (1 << 20)

static void fail(const char *what) {
    fprintf(stderr, "limit: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long checked(const char *what, long result) {
    if (result < 0) {
        fail(what);
    }
    return result;
}

static char *block(size_t size) {
    char *memory;
    if (posix_memalign((void **) &memory, 4096, size) != 0) {
        fail("memory");
    }
    memset(memory, 'z', size);
    return memory;
}

/* ---- peers ---- */

static void feed(int fd) {
    char *memory = block(BLOCK);
    while (write(fd, memory, BLOCK) > 0) {
    }
    free(memory);
}

static void drain(int fd, int flags) {
    char *memory = block(BLOCK);
    while (recv(fd, memory, BLOCK, flags) > 0) {
    }
    free(memory);
}

struct peer {
    int fd, feeds, flags;
};

static void *serve(void *argument) {
    struct peer peer = *(struct peer *) argument;
    free(argument);
    if (peer.feeds) {
        feed(peer.fd);
    } else {
        drain(peer.fd, peer.flags);
    }
    close(peer.fd);
    return NULL;
}

static void *end_with_stdin(void *argument) {
    char c;
    while (read(0, &c, 1) > 0) {
    }
    exit(0);
    return argument;
}

static void start(void *(*routine)(void *), void *argument) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, routine, argument) != 0) {
        fail("thread");
    }
    pthread_detach(thread);
}

static void listen_for(int feeds, int flags) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int server = checked("socket", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    checked("bind", bind(server, (struct sockaddr *) &address, sizeof address));
    checked("listen", listen(server, 128));
    checked("getsockname", getsockname(server, (struct sockaddr *) &address, &length));
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    start(end_with_stdin, NULL);
    for (;;) {
        struct peer *peer = malloc(sizeof *peer);
        peer->fd = checked("accept", accept(server, NULL, NULL));
        peer->feeds = feeds;
        peer->flags = flags;
        start(serve, peer);
    }
}

/* ---- ends of a mover ---- */

static int sink_flags(const char *how) {
    return strcmp(how, "trunc") == 0 ? MSG_TRUNC : 0;
}

static int connect_to(int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port)};
    int fd = checked("socket", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    checked("connect", connect(fd, (struct sockaddr *) &address, sizeof address));
    return fd;
}

static char *memory_end;
static const char *source_path, *target_path;

static int open_end(const char *end, int target) {
    int flags = target ? O_WRONLY | O_CREAT : O_RDONLY;
    if (strncmp(end, "tcp:", 4) == 0) {
        return connect_to(atoi(end + 4));
    }
    if (strncmp(end, "memory:", 7) == 0) {
        memory_end = block(atol(end + 7));
        return -1;
    }
    if (strncmp(end, "fifo:", 5) == 0) {
        return checked(end, open(end + 5, (target ? O_WRONLY : O_RDONLY) | O_CLOEXEC));
    }
    if (strncmp(end, "direct:", 7) == 0) {
        return checked(end, open(end + 7, flags | O_DIRECT | O_CLOEXEC, 0600));
    }
    if (strncmp(end, "path:", 5) == 0) {
        *(target ? &target_path : &source_path) = end + 5;
        return -1;
    }
    if (strncmp(end, "file:", 5) != 0) {
        fprintf(stderr, "limit: no such end: %s\n", end);
        exit(1);
    }
    return checked(end, open(end + 5, flags | O_CLOEXEC, 0600));
}

/* ---- ways to move; each moves exactly count bytes from the start of a file, or from a stream ---- */

static int in, out, relay[2], in_has_offset, out_has_offset;
static char *buffer;
static long buffer_size = BLOCK;

static void by_sendfile(long count) {
    off_t at = 0;
    while (at < count) {
        if (checked("sendfile", sendfile(out, in, &at, count - at)) == 0) {
            errno = ENODATA;
            fail("sendfile");
        }
    }
}

static void by_splice(long count) {
    loff_t from = 0, to = 0;
    for (long left = count; left > 0;) {
        long n = splice(in, in_has_offset ? &from : NULL, out, out_has_offset ? &to : NULL, left, SPLICE_F_MOVE);
        left -= checked("splice", n);
        if (n == 0) {
            fail("splice: early end");
        }
    }
}

static void by_splice_through_pipe(long count) {
    loff_t from = 0, to = 0;
    for (long left = count; left > 0;) {
        long wanted = left < BLOCK ? left : BLOCK;
        long held = checked("splice", splice(in, in_has_offset ? &from : NULL, relay[1], NULL, wanted, SPLICE_F_MOVE));
        if (held == 0) {
            fail("splice: early end");
        }
        left -= held;
        while (held > 0) {
            int more = left > 0 ? SPLICE_F_MORE : 0;
            held -= checked("splice", splice(relay[0], NULL, out, out_has_offset ? &to : NULL, held, SPLICE_F_MOVE | more));
        }
    }
}

static void by_copy_file_range(long count) {
    loff_t from = 0, to = 0;
    while (from < count) {
        if (checked("copy_file_range", copy_file_range(in, &from, out, &to, count - from, 0)) == 0) {
            fail("copy_file_range: early end");
        }
    }
}

static void by_clone(long count) {
    struct file_clone_range range = {.src_fd = in, .src_length = count};
    checked("FICLONERANGE", ioctl(out, FICLONERANGE, &range));
}

static void by_read_and_write(long count) {
    for (long done = 0; done < count;) {
        long wanted = count - done < buffer_size ? count - done : buffer_size;
        long n = in_has_offset ? pread(in, buffer, wanted, done) : read(in, buffer, wanted);
        if (checked("read", n) == 0) {
            fail("read: early end");
        }
        for (long written = 0; written < n;) {
            long m = out_has_offset ? pwrite(out, buffer + written, n - written, done + written)
                                    : write(out, buffer + written, n - written);
            written += checked("write", m);
        }
        done += n;
    }
}

static void by_write(long count) {
    for (long done = 0; done < count;) {
        done += checked("write", write(out, memory_end + done, count - done));
    }
}

static void by_path(long count) {
    (void) count;
    struct stat status;
    if (unlink(target_path) < 0 && errno != ENOENT) {
        fail("unlink");
    }
    in = checked(source_path, open(source_path, O_RDONLY | O_CLOEXEC));
    checked("fstat", fstat(in, &status));
    out = checked(target_path, open(target_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0777));
    if (ioctl(out, FICLONE, in) < 0) {
        by_copy_file_range(status.st_size);
    }
    close(in);
    close(out);
}

static int exchange_flags, exchange_fd;
static const char *exchange_path;

/* Reads the body of the answer to one request, or so many bytes of a stream. */
static void by_pull(long count) {
    long left = count;
    if (exchange_path != NULL) {
        char text[4096];
        int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", exchange_path);
        checked("write", write(exchange_fd, text, n));
        char *end = NULL;
        for (int have = 0; end == NULL;) {
            long m = checked("recv", recv(exchange_fd, text + have, sizeof text - 1 - have, 0));
            have += m;
            text[have] = 0;
            end = strstr(text, "\r\n\r\n");
            if (m == 0 || strncmp(text, "HTTP/1.1 200", 12) != 0) {
                fail("no answer");
            }
            if (end != NULL) {
                left -= text + have - (end + 4);
            }
        }
    }
    while (left > 0) {
        long n = checked("recv", recv(exchange_fd, buffer, left < BLOCK ? left : BLOCK, exchange_flags));
        if (n == 0) {
            fail("recv: early end");
        }
        left -= n;
    }
}

static char **command;

static void by_command(long count) {
    (void) count;
    int status;
    pid_t child = checked("fork", fork());
    if (child == 0) {
        dup2(checked("/dev/null", open("/dev/null", O_RDWR)), 1);
        execvp(command[0], command);
        fail(command[0]);
    }
    checked("waitpid", waitpid(child, &status, 0));
    if (status != 0) {
        fail("the command failed");
    }
}

static const struct {
    const char *name;
    void (*move)(long count);
} WAYS[] = {
    {"sendfile", by_sendfile}, {"splice", by_splice},
    {"splice-pipe", by_splice_through_pipe}, {"copy_file_range", by_copy_file_range},
    {"clone", by_clone}, {"read-write", by_read_and_write},
    {"write", by_write}, {"path", by_path},
};

/* ---- windows ---- */

static long nanos(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

static long cpu(int of_children) {
    if (!of_children) {
        return nanos(CLOCK_THREAD_CPUTIME_ID);
    }
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000L
            + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000L;
}

static void windows(void (*move)(long), int of_children) {
    long size, repetitions;
    int marked = getenv("LIMIT_MARK") != NULL;
    printf("ready\n");
    fflush(stdout);
    while (scanf("%ld %ld", &size, &repetitions) == 2) {
        if (marked) {
            access("/zerocopy-mark/begin", F_OK);
        }
        long wall = nanos(CLOCK_MONOTONIC);
        long spent = cpu(of_children);
        for (long i = 0; i < repetitions; i++) {
            move(size);
        }
        spent = cpu(of_children) - spent;
        wall = nanos(CLOCK_MONOTONIC) - wall;
        if (marked) {
            access("/zerocopy-mark/end", F_OK);
        }
        printf("%ld %ld %ld\n", size * repetitions, spent, wall);
        fflush(stdout);
    }
}

static void move(const char *source, const char *target, const char *how) {
    in = open_end(source, 0);
    out = open_end(target, 1);
    in_has_offset = strncmp(source, "file:", 5) == 0 || strncmp(source, "direct:", 7) == 0;
    out_has_offset = strncmp(target, "file:", 5) == 0 || strncmp(target, "direct:", 7) == 0;
    const char *colon = strchr(how, ':');
    if (colon != NULL) {
        buffer_size = atol(colon + 1);
    }
    buffer = block(buffer_size);
    if (strcmp(how, "splice-pipe") == 0) {
        checked("pipe2", pipe2(relay, O_CLOEXEC));
        fcntl(relay[1], F_SETPIPE_SZ, BLOCK);
    }
    size_t length = colon == NULL ? strlen(how) : (size_t) (colon - how);
    for (size_t i = 0; i < sizeof WAYS / sizeof WAYS[0]; i++) {
        if (strlen(WAYS[i].name) == length && strncmp(WAYS[i].name, how, length) == 0) {
            windows(WAYS[i].move, 0);
            return;
        }
    }
    fprintf(stderr, "limit: no such way: %s\n", how);
    exit(1);
}

int main(int count, char **words) {
    signal(SIGPIPE, SIG_IGN); /* a peer continues after a client has gone */
    if (count == 2 && strcmp(words[1], "feed") == 0) {
        listen_for(1, 0);
    } else if (count == 3 && strcmp(words[1], "drain") == 0) {
        listen_for(0, sink_flags(words[2]));
    } else if (count == 3 && strcmp(words[1], "feed-fifo") == 0) {
        start(end_with_stdin, NULL);
        feed(checked(words[2], open(words[2], O_WRONLY)));
    } else if (count == 3 && strcmp(words[1], "drain-fifo") == 0) {
        start(end_with_stdin, NULL);
        buffer = block(BLOCK);
        int fifo = checked(words[2], open(words[2], O_RDONLY));
        while (read(fifo, buffer, BLOCK) > 0) {
        }
    } else if (count == 5 && strcmp(words[1], "move") == 0) {
        move(words[2], words[3], words[4]);
    } else if (count >= 4 && strcmp(words[1], "pull") == 0) {
        exchange_flags = sink_flags(words[2]);
        exchange_fd = connect_to(atoi(words[3]));
        exchange_path = count > 4 ? words[4] : NULL;
        buffer = block(BLOCK);
        windows(by_pull, 0);
    } else if (count >= 3 && strcmp(words[1], "spawn") == 0) {
        command = words + 2;
        windows(by_command, 1);
    } else {
        fprintf(stderr, "limit: see the head of its source\n");
        return 2;
    }
    return 0;
}
