//! One behaviour a function. The answer is words that the test reads.

use crate::http;
use crate::weir::connector::log;

pub fn run(settings: &str) -> Result<String, String> {
    let behaviour = settings.split('"').nth(3).unwrap_or_default();
    match behaviour.split_once(' ').unwrap_or((behaviour, "")) {
        ("behaves", _) => Ok("behaved".into()),
        ("loops", _) => loops(),
        ("waits", _) => waits(),
        ("hoards-memory", _) => hoards_memory(),
        ("hoards-handles", _) => hoards_handles(),
        ("recurses", _) => Ok(recurses(0).to_string()),
        ("crashes", _) => crashes(),
        ("spends", units) => spends(units),
        ("floods-the-log", _) => floods_the_log(),
        ("looks-around", _) => Ok(looks_around()),
        ("tells-time-and-chance", _) => Err(tells_time_and_chance()),
        ("dials", url) => dials(url),
        ("dials-for-ever", url) => dials_for_ever(url),
        ("sets-header", name) => http::get("https://agreed.example/", &[(name, "Basic c3Rvb3BpZA==")]),
        ("posts", url) => http::post(url),
        (other, _) => Err(format!("no such behaviour: {other}")),
    }
}

/// Computes for ever.
fn loops() -> Result<String, String> {
    let mut number = 1u64;
    while std::hint::black_box(number) != 0 {
        number = number.wrapping_mul(6_364_136_223_846_793_005) | 1;
    }
    Ok(number.to_string())
}

/// Sleeps for a day.
fn waits() -> Result<String, String> {
    std::thread::sleep(std::time::Duration::from_secs(86_400));
    Ok("waited".into())
}

/// Keeps asking for memory.
fn hoards_memory() -> Result<String, String> {
    let mut hoard = Vec::new();
    loop {
        hoard.push(std::hint::black_box(vec![1u8; 1 << 20]));
    }
}

/// Keeps making requests without dropping any.
fn hoards_handles() -> Result<String, String> {
    let mut hoard = Vec::new();
    loop {
        hoard.push(http::fields());
    }
}

/// Goes ever deeper.
#[allow(unconditional_recursion)]
fn recurses(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    recurses(depth + 1) + frame[0]
}

/// Panics.
#[allow(clippy::panic)]
fn crashes() -> Result<String, String> {
    panic!("on purpose")
}

/// Says the same thing a hundred thousand times.
fn floods_the_log() -> Result<String, String> {
    for _ in 0..100_000 {
        log::write(log::Level::Warn, "again", &[]);
    }
    Ok("flooded".into())
}

/// Says that it spent so much.
fn spends(units: &str) -> Result<String, String> {
    log::spend(units.parse().map_err(|error| format!("{units}: {error}"))?);
    Ok("spent".into())
}

/// Tries what an ordinary program finds around itself.
fn looks_around() -> String {
    let arguments = std::env::args().count();
    let variables = std::env::vars().count();
    let file = std::fs::read("/etc/hostname").is_ok();
    let folder = std::fs::read_dir("/").is_ok();
    let dial = std::net::TcpStream::connect("127.0.0.1:80").is_ok();
    let listen = std::net::TcpListener::bind("127.0.0.1:0").is_ok();
    println!("nobody hears this");
    format!(
        "arguments={arguments} variables={variables} file={file} folder={folder} dial={dial} listen={listen}"
    )
}

/// Reads its clocks and everything that is left to chance.
fn tells_time_and_chance() -> String {
    use std::hash::{BuildHasher, RandomState};
    let (start, wall) = (std::time::Instant::now(), std::time::SystemTime::now());
    let since = wall.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let hash = RandomState::new().hash_one("chance");
    let random = crate::wasi::random::random::get_random_bytes(9);
    format!("{since:?} {:?} {hash} {random:?}", start.elapsed())
}

/// Sends a request to an address that was never agreed, or that should not be reached.
pub fn dials(url: &str) -> Result<String, String> {
    http::get(url, &[])
}

/// Sends the same request until it is refused.
fn dials_for_ever(url: &str) -> Result<String, String> {
    loop {
        http::get(url, &[])?;
    }
}
