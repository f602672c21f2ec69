//! What the system tells of this process. Two small files of Linux say all that we show, so no crate is asked for it;
//! elsewhere these figures are missing. It never looks at other processes.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use super::Process;

const SAMPLE: Duration = Duration::from_millis(200);
/// Of `utime` and `stime`: Linux shows programs always a hundred a second, whatever it counts itself.
const TICKS_A_SECOND: f64 = 100.0;

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Uptime counts from the first call: at the start of the server.
pub fn begin() {
    LazyLock::force(&STARTED);
}

pub async fn look() -> Process {
    let before = (Instant::now(), cpu_ticks());
    tokio::time::sleep(SAMPLE).await;
    let cpu_percent = match (before.1, cpu_ticks()) {
        (Some(before_ticks), Some(ticks)) => {
            let secs = before.0.elapsed().as_secs_f64();
            Some(((ticks - before_ticks) / TICKS_A_SECOND / secs * 1_000.0).round() / 10.0)
        }
        _ => None,
    };
    Process {
        cpu_percent,
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        memory_bytes: memory_bytes(),
        uptime_secs: STARTED.elapsed().as_secs(),
    }
}

fn cpu_ticks() -> Option<f64> {
    ticks_in(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// The name stands in brackets and may hold anything; after it `utime` and `stime` are the 12th and 13th.
fn ticks_in(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some(next()? + next()?)
}

fn memory_bytes() -> Option<u64> {
    resident_in(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn resident_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_linux_writes() {
        let stat = "4242 (con) vo (x) S 1 4242 4242 0 -1 4194304 5000 0 3 0 1234 66 0 0 20 0 9 0 81000 900000 12000";
        assert_eq!(ticks_in(stat), Some(1300.0));
        assert_eq!(ticks_in("nothing"), None);
        assert_eq!(resident_in("Name:\tconvo\nVmRSS:\t   51234 kB\nThreads:\t9\n"), Some(51_234 * 1024));
        assert_eq!(resident_in("Name:\tconvo\n"), None);
    }
}
