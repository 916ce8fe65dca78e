//! Using up time and stack, crashing, and looking for what is not there.

use crate::weir::connector::log;

/// Computes for ever.
pub fn loops() -> Result<String, String> {
    let mut number = 1u64;
    while std::hint::black_box(number) != 0 {
        number = number.wrapping_mul(6_364_136_223_846_793_005) | 1;
    }
    Ok(number.to_string())
}

/// Sleeps for a day.
pub fn waits() -> Result<String, String> {
    std::thread::sleep(std::time::Duration::from_secs(86_400));
    Ok("waited".into())
}

/// Goes ever deeper.
#[allow(unconditional_recursion)]
pub fn recurses(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    recurses(depth + 1) + frame[0]
}

/// Panics.
#[allow(clippy::panic)]
pub fn crashes() -> Result<String, String> {
    panic!("on purpose")
}

/// Says that it spent so much.
pub fn spends(units: &str) -> Result<String, String> {
    log::spend(units.parse().map_err(|error| format!("{units}: {error}"))?);
    Ok("spent".into())
}

/// Tries what an ordinary program finds around itself.
pub fn looks_around() -> String {
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
pub fn tells_time_and_chance() -> String {
    use std::hash::{BuildHasher, RandomState};
    let (start, wall) = (std::time::Instant::now(), std::time::SystemTime::now());
    let since = wall.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let hash = RandomState::new().hash_one("chance");
    let random = crate::wasi::random::random::get_random_bytes(9);
    format!("{since:?} {:?} {hash} {random:?}", start.elapsed())
}
