//! Whose turn it is to read a connection: this process's, or that of the one which holds the data folder. Then
//! its run is followed to the end.

use std::time::Duration;

use super::screen::{Screen, plain};
use crate::host::{Doing, Held, Holder, Host, HostError};
use crate::store::{Mode, Run, RunId, Wanted, WantedId};
use crate::sync::Stop;

/// How often is looked whether the other process has come further.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long is waited, after a run's end, until all of it can be found. What is not found then is found later.
const LOOKS_FOR_INDEX_MAX: u32 = 120;

/// How a connection comes to be read.
pub enum Way {
    /// By this process, which holds the data folder now.
    Own(Held),
    /// By another one; the run is over.
    Followed(Box<Run>),
    /// Not at all: this process was asked to stop before.
    Stopped,
}

/// What somebody wants who may have to wait for it.
pub struct Wish<'a> {
    pub name: &'a str,
    pub mode: Mode,
    pub doing: Doing,
    /// Do not wait for a process that will not read this connection.
    pub no_wait: bool,
    /// No other process's run will do, because this one is to be recorded.
    pub alone: bool,
}

/// Takes the data folder. While another process holds it, a run of the connection is asked for there and
/// followed; if that process will not read the connection, its end is waited for.
///
/// # Errors
///
/// [`HostError::Taken`] with `no_wait`; otherwise when there is no such connection, or the store or the lock's
/// file cannot be used.
pub async fn way(host: &Host, wish: &Wish<'_>, stop: &Stop, screen: &Screen) -> Result<Way, HostError> {
    let mut asked = None;
    let way = wait(host, wish, stop, screen, &mut asked).await;
    if let Some(asked) = asked {
        // What nobody takes back is forgotten after a day; at worst it costs a run.
        let _kept = host.store().unwant(asked);
    }
    way
}

async fn wait(
    host: &Host,
    wish: &Wish<'_>,
    stop: &Stop,
    screen: &Screen,
    asked: &mut Option<WantedId>,
) -> Result<Way, HostError> {
    let mut told: Option<String> = None;
    loop {
        let (folder, holder) = match host.hold(wish.doing.clone()) {
            Ok(held) => return Ok(Way::Own(held)),
            Err(HostError::Taken { folder, holder }) if !wish.alone => (folder, holder),
            Err(error) => return Err(error),
        };
        let id = match *asked {
            Some(id) => id,
            None => *asked.insert(host.want(wish.name, wish.mode)?),
        };
        match host.store().wanted(id)? {
            Wanted::Answered(run) => {
                screen.talk(&following(wish.name, run, holder.as_deref()));
                match follow(host, run, stop).await? {
                    Followed::Over(run) => return Ok(Way::Followed(run)),
                    Followed::Stopped => return Ok(Way::Stopped),
                    Followed::Lost => {
                        screen.talk("the process that read it is gone; going on here");
                        *asked = None;
                    }
                }
            }
            Wanted::Forgotten => *asked = None,
            Wanted::Waiting if wish.no_wait && !serves(holder.as_deref()) => {
                return Err(HostError::Taken { folder, holder });
            }
            Wanted::Waiting => {
                let words = waiting(wish.name, holder.as_deref());
                if told.as_ref() != Some(&words) {
                    screen.talk(&words);
                    told = Some(words);
                }
            }
        }
        tokio::select! {
            () = host.sleep(LOOK_EVERY) => {}
            () = stop.wait() => return Ok(Way::Stopped),
        }
    }
}

fn serves(holder: Option<&Holder>) -> bool {
    holder.is_some_and(|holder| holder.doing == Doing::Serve)
}

fn who(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another process".to_owned(), ToString::to_string)
}

fn following(name: &str, run: RunId, holder: Option<&Holder>) -> String {
    format!("{} is being read by {}; following its run {run}", plain(name), who(holder))
}

fn waiting(name: &str, holder: Option<&Holder>) -> String {
    let (name, who) = (plain(name), who(holder));
    if serves(holder) {
        format!("asked {who} to read {name}")
    } else {
        format!("the data folder is in use by {who}; waiting for it to end before {name} is read")
    }
}

enum Followed {
    Over(Box<Run>),
    /// The process that read is gone, and the run with it.
    Lost,
    Stopped,
}

/// Until the run is over and what it read can be found.
async fn follow(host: &Host, run: RunId, stop: &Stop) -> Result<Followed, HostError> {
    let mut looks = 0;
    let mut end = None;
    loop {
        // Before the run is looked at: a process that ends it and then goes away has not lost it.
        let held = host.holder()?.is_some();
        let Some(now) = host.store().run(run)? else { return Ok(Followed::Lost) };
        match (now.outcome, end) {
            (None, _) if !held => return Ok(Followed::Lost),
            (None, _) => {}
            (Some(_), None) => end = Some(host.store().last_seq()?),
            (Some(_), Some(_)) => looks += 1,
        }
        if let Some(end) = end {
            let behind = host.store().outbox_len_after(0)? > host.store().outbox_len_after(end)?;
            if !behind || !held || looks == LOOKS_FOR_INDEX_MAX {
                return Ok(Followed::Over(Box::new(now)));
            }
        }
        tokio::select! {
            () = host.sleep(LOOK_EVERY) => {}
            () = stop.wait() => return Ok(Followed::Stopped),
        }
    }
}
