//! SIGINT and SIGTERM: the first asks what is under way to stop, the second ends the process at once.

use std::process::exit;

use super::screen::Screen;
use crate::sync::{Halt, Stop};

/// What a process ends with that a second signal ended: 128 and the number of SIGINT, as shells have it.
const ENDED_AT_ONCE: i32 = 130;

/// Hears the signals from now on. Whatever the process does must heed the door; nothing else ends it.
pub fn stop(screen: &Screen) -> Stop {
    let (stopper, stop) = Stop::door();
    let screen = *screen;
    tokio::spawn(async move {
        next().await;
        screen.talk("stopping: what is under way is kept; a second signal ends it at once");
        stopper.stop(Halt::Interrupted);
        next().await;
        // Nothing is lost: pages are durable or were never there, and the run is closed by the next one.
        exit(ENDED_AT_ONCE);
    });
    stop
}

#[cfg(unix)]
async fn next() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn next() {
    let _heard = tokio::signal::ctrl_c().await;
}
