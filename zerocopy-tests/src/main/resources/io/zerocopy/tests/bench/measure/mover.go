// Moves bytes with io.Copy: "mover SOURCE TARGET". Windows are like those of limit.c.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "mover:", err)
		os.Exit(1)
	}
}

func open(end string, flags int) any {
	kind, rest, _ := strings.Cut(end, ":")
	if kind == "tcp" {
		connection, err := net.Dial("tcp", "127.0.0.1:"+rest)
		check(err)
		return connection
	}
	if kind == "fifo" {
		flags &^= os.O_CREATE
	}
	file, err := os.OpenFile(rest, flags, 0600)
	check(err)
	return file
}

func cpuNanos() int64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func rewind(end any, spelled string) {
	if strings.HasPrefix(spelled, "file:") {
		_, err := end.(*os.File).Seek(0, io.SeekStart)
		check(err)
	}
}

func main() {
	source := open(os.Args[1], os.O_RDONLY)
	target := open(os.Args[2], os.O_WRONLY|os.O_CREATE)
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var size, repetitions int64
		_, err := fmt.Sscan(lines.Text(), &size, &repetitions)
		check(err)
		wall, cpu := time.Now(), cpuNanos()
		for i := int64(0); i < repetitions; i++ {
			rewind(source, os.Args[1])
			rewind(target, os.Args[2])
			_, err := io.CopyN(target.(io.Writer), source.(io.Reader), size)
			check(err)
		}
		fmt.Println(size*repetitions, cpuNanos()-cpu, time.Since(wall).Nanoseconds())
	}
}
