//! What a run reads, and from where: pure decisions over what the store remembers.
//!
//! Feeds are read in each run. Everything else is looked at again when that was long ago, cheaply where the
//! connector can (an inventory), and within a budget: a run by itself costs what changed, and all runs
//! together look at everything in turn.

use std::time::Duration;

use crate::model::{Dataset, Position, Timestamp};
use crate::store::{Mode, PartitionState, SettingsSince};

/// How often a source is looked at as a whole, beside what it tells of its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// A partition whose latest complete read began longer ago than this is due.
    pub due_after: Duration,
    /// Requests that a run may spend on inventories before it leaves the rest to the next one.
    pub inventory_requests: u64,
    /// Pages of one partition in one run; the next run goes on there.
    pub pages_max: u64,
    /// Of them in a row, those that tell nothing.
    pub empty_pages_max: u64,
}

impl Default for Policy {
    /// Half an hour, so that every sync of an hourly schedule looks at who may read what; and at the width of
    /// five that a source is asked with, 250 requests are a minute's work and the readers of some 25,000 pages.
    ///
    /// A partition of 100,000 pages has millions of items, of which a large source has some hundred thousand.
    /// Pages without a change come of walking over containers that are empty or left out, of which sites have
    /// thousands. A connector whose cursors never come to an end is left there.
    fn default() -> Self {
        Self {
            due_after: Duration::from_secs(30 * 60),
            inventory_requests: 250,
            pages_max: 100_000,
            empty_pages_max: 10_000,
        }
    }
}

/// What the decision about one partition is made of.
#[derive(Debug, Clone, Copy)]
pub struct Reasons {
    pub mode: Mode,
    pub settings: SettingsSince,
    pub policy: Policy,
    pub now: Timestamp,
    /// Something waits to be shown until the people were looked at.
    pub waits: bool,
}

impl Reasons {
    /// Whether a dataset has to be listed: it was never, or one of its partitions is to be read.
    pub fn want_listing(&self, dataset: &Dataset, known: &[PartitionState]) -> bool {
        let to_do = |state: &PartitionState| state.vanished || self.position(dataset, state).is_some();
        dataset.since
            || self.mode != Mode::Since
            || self.settings != SettingsSince::Same
            || known.is_empty()
            || known.iter().any(to_do)
    }

    /// Where to begin: on where a read broke off, unless everything was asked for. None to leave the
    /// partition alone.
    ///
    /// After the settings changed, a partition that was read to its end with the token it still has
    /// holds what the new settings ask of it. Reading it again would fetch what is there, so widening
    /// a filter costs what it adds. So it is in the first run with them only: were it so until one came to
    /// its end, runs that are cut off would leave the same partitions unread for ever. Who belongs to which
    /// group is read each time: it decides who may read what was left alone.
    pub fn position(&self, dataset: &Dataset, state: &PartitionState) -> Option<Position> {
        let changed = self.settings != SettingsSince::Same;
        match state.position() {
            _ if self.mode == Mode::Everything => Some(Position::Everything),
            Position::Since(_) if dataset.since && changed && !state.as_it_was => Some(Position::Everything),
            position if dataset.since => Some(position),
            // What was read before the break is as old as the break; whoever asks for all of it wants it as it is now.
            Position::After(_) if self.mode == Mode::Inventory && state.mode == Some(Mode::Inventory) => {
                Some(Position::Inventory)
            }
            position @ Position::After(_) => Some(position),
            _ if state.complete_at.is_none() => Some(Position::Everything),
            _ if changed && !state.as_it_was => Some(Position::Everything),
            _ if self.settings == SettingsSince::JustChanged && !state.tells_of_people => None,
            _ if !self.is_due(state) => None,
            _ if dataset.inventory => Some(Position::Inventory),
            _ => Some(Position::Everything),
        }
    }

    /// Whether a read of everything that goes on where it broke off is to be followed by one from the start: what
    /// it read before the break is as old as its beginning, and who may read that may have changed since.
    pub fn look_again(&self, state: &PartitionState) -> bool {
        let resumed = state.cursor.is_some() && state.mode == Some(Mode::Everything);
        resumed && (self.mode != Mode::Since || state.began_at.is_none_or(|began| self.is_long_ago(began)))
    }

    fn is_long_ago(&self, began: Timestamp) -> bool {
        let due_after = u64::try_from(self.policy.due_after.as_millis()).unwrap_or(u64::MAX);
        began.saturating_add(due_after) <= self.now
    }

    fn is_due(&self, state: &PartitionState) -> bool {
        self.mode != Mode::Since
            || self.settings == SettingsSince::JustChanged
            || !state.as_it_was
            || (self.waits && state.tells_of_people)
            || state.complete_at.is_none_or(|began| self.is_long_ago(began))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::Partition;

    const MINUTE: u64 = 60_000;

    fn dataset(since: bool, inventory: bool) -> Dataset {
        Dataset { name: "content".into(), title: "Content".into(), since, inventory }
    }

    /// Read to its end in a read that began in minute 100.
    fn read_once() -> PartitionState {
        PartitionState {
            dataset: "content".into(),
            partition: Partition { id: "all".into(), label: "All".into(), token: String::new() },
            vanished: false,
            mode: Some(Mode::Everything),
            began_run: Some(1),
            cursor: None,
            checkpoint: None,
            done_run: Some(1),
            sweep_due: false,
            as_it_was: true,
            complete_at: Some(100 * MINUTE),
            began_at: Some(100 * MINUTE),
            tells_of_people: false,
            holds_items: true,
        }
    }

    fn in_minute(minute: u64) -> Reasons {
        Reasons {
            mode: Mode::Since,
            settings: SettingsSince::Same,
            policy: Policy::default(),
            now: minute * MINUTE,
            waits: false,
        }
    }

    #[test]
    fn a_partition_is_looked_at_again_after_half_an_hour() {
        let content = dataset(false, true);
        let position = |reasons: Reasons, state: &PartitionState| reasons.position(&content, state);
        assert_eq!(position(in_minute(129), &read_once()), None);
        assert!(!in_minute(129).want_listing(&content, &[read_once()]));
        assert_eq!(position(in_minute(130), &read_once()), Some(Position::Inventory));
        assert_eq!(in_minute(130).position(&dataset(false, false), &read_once()), Some(Position::Everything));
        // The clock was put back: that is no reason to look, and no reason never to look again.
        assert_eq!(position(in_minute(1), &read_once()), None);
        let never = PartitionState { complete_at: None, as_it_was: false, ..read_once() };
        assert_eq!(position(in_minute(101), &never), Some(Position::Everything));
        let broken_off = PartitionState { cursor: Some("on".into()), ..read_once() };
        assert_eq!(position(in_minute(101), &broken_off), Some(Position::After("on".into())));
        let listed_anew = PartitionState { as_it_was: false, ..read_once() };
        assert_eq!(position(in_minute(101), &listed_anew), Some(Position::Inventory));
    }

    #[test]
    fn what_was_read_before_a_break_is_looked_at_again_once_it_is_old() {
        let broken_off = PartitionState { cursor: Some("on".into()), complete_at: None, ..read_once() };
        assert!(!in_minute(129).look_again(&broken_off));
        assert!(in_minute(130).look_again(&broken_off));
        assert!(Reasons { mode: Mode::Inventory, ..in_minute(101) }.look_again(&broken_off));
        assert!(in_minute(101).look_again(&PartitionState { began_at: None, ..broken_off.clone() }));
        let inventory = PartitionState { mode: Some(Mode::Inventory), ..broken_off };
        assert!(!in_minute(130).look_again(&inventory), "it is read in pieces on purpose");
    }

    #[test]
    fn what_was_asked_for_is_done_at_once() {
        let content = dataset(false, true);
        let asked = |mode| Reasons { mode, ..in_minute(101) }.position(&content, &read_once());
        assert_eq!(asked(Mode::Inventory), Some(Position::Inventory));
        assert_eq!(asked(Mode::Everything), Some(Position::Everything));
        let broken_off = |mode| PartitionState { cursor: Some("on".into()), mode: Some(mode), ..read_once() };
        let asked = Reasons { mode: Mode::Inventory, ..in_minute(101) };
        let on = Some(Position::After("on".into()));
        assert_eq!(asked.position(&content, &broken_off(Mode::Inventory)), Some(Position::Inventory));
        assert_eq!(asked.position(&content, &broken_off(Mode::Everything)), on);
        let made_due = PartitionState { complete_at: Some(0), ..read_once() };
        assert_eq!(in_minute(101).position(&content, &made_due), Some(Position::Inventory));
    }

    #[test]
    fn people_are_looked_at_when_something_waits_for_it() {
        let directory = dataset(false, false);
        let people = PartitionState { tells_of_people: true, ..read_once() };
        let waits = Reasons { waits: true, ..in_minute(101) };
        assert_eq!(in_minute(101).position(&directory, &people), None);
        assert_eq!(waits.position(&directory, &people), Some(Position::Everything));
        assert_eq!(waits.position(&dataset(false, true), &read_once()), None);
    }

    #[test]
    fn a_feed_goes_on_each_time() {
        let feed = dataset(true, false);
        let at_noon = PartitionState { checkpoint: Some("noon".into()), ..read_once() };
        assert_eq!(in_minute(101).position(&feed, &at_noon), Some(Position::Since("noon".into())));
        assert!(in_minute(101).want_listing(&feed, &[at_noon]));
        assert_eq!(in_minute(101).position(&feed, &read_once()), Some(Position::Everything));
    }

    #[test]
    fn changed_settings_read_what_they_touch() {
        let content = dataset(false, true);
        let just = Reasons { settings: SettingsSince::JustChanged, ..in_minute(200) };
        let earlier = Reasons { settings: SettingsSince::ChangedEarlier, ..just };
        let touched = PartitionState { as_it_was: false, ..read_once() };
        let people = PartitionState { tells_of_people: true, ..read_once() };
        assert_eq!(just.position(&content, &read_once()), None);
        assert_eq!(just.position(&content, &touched), Some(Position::Everything));
        assert_eq!(just.position(&dataset(false, false), &people), Some(Position::Everything));
        assert_eq!(earlier.position(&content, &read_once()), Some(Position::Inventory));
        assert!(just.want_listing(&content, &[read_once()]));
    }
}
