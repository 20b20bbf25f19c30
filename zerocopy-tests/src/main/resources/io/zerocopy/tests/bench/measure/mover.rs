// Moves bytes with std::io::copy: "mover SOURCE TARGET". Windows are like those of limit.c.
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::time::Instant;

#[repr(C)]
struct Usage {
    utime: [i64; 2],
    stime: [i64; 2],
    rest: [i64; 14],
}

extern "C" {
    fn getrusage(who: i32, usage: *mut Usage) -> i32;
}

fn cpu_nanos() -> i64 {
    let mut usage = Usage { utime: [0; 2], stime: [0; 2], rest: [0; 14] };
    unsafe { getrusage(0, &mut usage) };
    (usage.utime[0] + usage.stime[0]) * 1_000_000_000 + (usage.utime[1] + usage.stime[1]) * 1_000
}

fn port(end: &str) -> Option<u16> {
    end.strip_prefix("tcp:").map(|port| port.parse().unwrap())
}

fn connect(port: u16) -> TcpStream {
    TcpStream::connect(("127.0.0.1", port)).unwrap()
}

fn path(end: &str) -> &str {
    end.split_once(':').unwrap().1
}

enum Source {
    File(File),
    Tcp(TcpStream),
}

enum Target {
    File(File),
    Tcp(TcpStream),
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let source = match port(&words[1]) {
        Some(port) => Source::Tcp(connect(port)),
        None => Source::File(File::open(path(&words[1])).unwrap()),
    };
    let target = match port(&words[2]) {
        Some(port) => Target::Tcp(connect(port)),
        None => Target::File(
            OpenOptions::new().write(true).create(!words[2].starts_with("fifo:")).open(path(&words[2])).unwrap(),
        ),
    };
    let rewinds_source = words[1].starts_with("file:");
    let rewinds_target = words[2].starts_with("file:");
    println!("ready");
    for line in io::stdin().lock().lines() {
        let line = line.unwrap();
        let mut numbers = line.split(' ').map(|n| n.parse::<u64>().unwrap());
        let (size, repetitions) = (numbers.next().unwrap(), numbers.next().unwrap());
        let wall = Instant::now();
        let cpu = cpu_nanos();
        for _ in 0..repetitions {
            if let (Source::File(file), true) = (&source, rewinds_source) {
                (&*file).seek(SeekFrom::Start(0)).unwrap();
            }
            if let (Target::File(file), true) = (&target, rewinds_target) {
                (&*file).seek(SeekFrom::Start(0)).unwrap();
            }
            let moved = match (&source, &target) {
                (Source::File(from), Target::File(to)) => io::copy(&mut from.take(size), &mut &*to),
                (Source::File(from), Target::Tcp(to)) => io::copy(&mut from.take(size), &mut &*to),
                (Source::Tcp(from), Target::File(to)) => io::copy(&mut from.take(size), &mut &*to),
                (Source::Tcp(from), Target::Tcp(to)) => io::copy(&mut from.take(size), &mut &*to),
            };
            assert_eq!(moved.unwrap(), size);
        }
        println!("{} {} {}", size * repetitions, cpu_nanos() - cpu, wall.elapsed().as_nanos());
        io::stdout().flush().unwrap();
    }
}
