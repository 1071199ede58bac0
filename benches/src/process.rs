//! Servers as processes of their own: started, waited for, asked for their processor time and memory, ended.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The kernel counts the processor's time in hundredths of a second.
const SECONDS_PER_TICK: f64 = 0.01;
const PATIENCE: Duration = Duration::from_secs(120);

/// Ends with its owner.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    begun: Instant,
}

impl Server {
    /// Starts a program that listens on the address that is its last argument. Its log goes to a file, as a
    /// service's does.
    pub fn start(program: &Path, arguments: &[&str], log: &Path) -> Self {
        let address = free_address();
        let log = std::fs::File::create(log).expect("a log");
        let begun = Instant::now();
        let child = Command::new(program)
            .args(arguments)
            .arg(address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("a program that starts");
        while TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < PATIENCE, "{} does not listen", program.display());
            std::thread::sleep(Duration::from_micros(200));
        }
        Server { child, address, begun }
    }

    /// Seconds on the processor so far.
    pub fn processor_seconds(&self) -> f64 {
        let stat = read(self.child.id(), "stat");
        let numbers = stat.rsplit_once(')').expect("a stat line").1;
        let ticks = |field: &str| field.parse::<f64>().expect("ticks");
        let mut fields = numbers.split_whitespace().skip(11);
        let (user, system) = (fields.next().expect("utime"), fields.next().expect("stime"));
        (ticks(user) + ticks(system)) * SECONDS_PER_TICK
    }

    /// Waits until heng says that it is ready; the seconds since its start.
    pub fn ready(&self) -> f64 {
        while !self.says_ready() {
            assert!(self.begun.elapsed() < PATIENCE, "heng is not ready");
            std::thread::sleep(Duration::from_micros(500));
        }
        self.begun.elapsed().as_secs_f64()
    }

    fn says_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let request = format!("GET /readyz HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        let mut answer = String::new();
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }

    /// Resident memory now, MiB.
    pub fn memory(&self) -> f64 {
        resident(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Resident memory of a process, MiB.
pub fn resident(process: u32) -> f64 {
    let status = read(process, "status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a status line");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") / 1024.0
}

fn read(process: u32, file: &str) -> String {
    std::fs::read_to_string(format!("/proc/{process}/{file}")).expect("Linux")
}

/// An address that nobody listens on right now.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port")
}
