//! The source's audit log, as far as it was read and is still kept.
//!
//! Only administrators look here: a record may name what somebody else may not read.

use rusqlite::{Transaction, params};

use crate::model::{Activity, ConnectionId, Timestamp};

use super::{Store, StoreError, signed, unsigned};

/// Sources keep about a year (Confluence Cloud: as configured, up to a year); a little more is kept
/// here, so that the same month of last year can still be looked at.
pub const ACTIVITY_DAYS_MAX: u64 = 400;

/// About a gigabyte. A site of some thousand people writes fewer in a year.
pub const ACTIVITIES_MAX: u64 = 1_000_000;

const DAY_MILLISECONDS: u64 = 24 * 60 * 60 * 1_000;

/// Records read at a time: the rest of the log need not be in memory.
const BATCH: u32 = 500;

/// Which records to list. The default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    pub connection: Option<ConnectionId>,
    /// Not before this.
    pub since: Timestamp,
    /// In the name, the e-mail or the id of whoever did it; in any case.
    pub actor: Option<String>,
    /// In what was done, or what it was done to; in any case.
    pub about: Option<String>,
}

/// A record, with its actor's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptActivity {
    pub connection_name: String,
    pub activity: Activity,
    /// What the actor is called, if the source has told of such a user.
    pub actor_name: Option<String>,
    pub actor_email: Option<String>,
}

impl Store {
    /// Hands each record that fits to `each`, newest first. Ends early when `each` says so.
    pub fn each_activity(
        &self,
        filter: &ActivityFilter,
        mut each: impl FnMut(KeptActivity) -> bool,
    ) -> Result<(), StoreError> {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        let (actor, about) = (lower(&filter.actor), lower(&filter.about));
        let mut after: Option<Place> = None;
        loop {
            let batch = self.read("list the activities", |tx| batch(tx, filter, after.as_ref()))?;
            let Some((last, _)) = batch.last() else { return Ok(()) };
            after = Some(last.clone());
            for (_, kept) in batch {
                if fits(&kept, actor.as_deref(), about.as_deref()) && !each(kept) {
                    return Ok(());
                }
            }
        }
    }
}

/// Where a record stands in the order: time, connection, id.
type Place = (i64, ConnectionId, String);

fn batch(
    tx: &Transaction<'_>,
    filter: &ActivityFilter,
    after: Option<&Place>,
) -> Result<Vec<(Place, KeptActivity)>, StoreError> {
    let sql =
        "SELECT a.at, a.connection, a.id, a.actor, a.summary, a.subject, a.detail, c.name, u.name, u.email
               FROM activities a JOIN connections c ON c.id = a.connection AND c.removing IS NULL
                   LEFT JOIN users u ON u.connection = a.connection AND u.id = a.actor
               WHERE a.at >= ?1 AND (?2 IS NULL OR a.connection = ?2)
                   AND (a.at, a.connection, a.id) < (?3, ?4, ?5)
               ORDER BY a.at DESC, a.connection DESC, a.id DESC LIMIT ?6";
    let start = (i64::MAX, ConnectionId::MAX, String::new());
    let (at, connection, id) = after.unwrap_or(&start);
    let mut statement = tx.prepare_cached(sql)?;
    let values = params![signed(filter.since), filter.connection, at, connection, id, BATCH];
    let rows = statement.query_map(values, |row| {
        let place: Place = (row.get(0)?, row.get(1)?, row.get(2)?);
        let activity = Activity {
            id: place.2.clone(),
            at: unsigned(place.0),
            actor: row.get(3)?,
            summary: row.get(4)?,
            subject: row.get(5)?,
            detail: row.get(6)?,
        };
        let (connection_name, actor_name, actor_email) = (row.get(7)?, row.get(8)?, row.get(9)?);
        Ok((place, KeptActivity { connection_name, activity, actor_name, actor_email }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn fits(kept: &KeptActivity, actor: Option<&str>, about: Option<&str>) -> bool {
    let has = |texts: &[Option<&String>], wanted: &str| {
        texts.iter().flatten().any(|text| text.to_lowercase().contains(wanted))
    };
    let KeptActivity { activity, actor_name, actor_email, .. } = kept;
    let by = [activity.actor.as_ref(), actor_name.as_ref(), actor_email.as_ref()];
    actor.is_none_or(|actor| has(&by, actor))
        && about.is_none_or(|about| has(&[Some(&activity.summary), Some(&activity.subject)], about))
}

/// Forgets what is too old, and the oldest of what is too much. Returns how many records went.
pub(super) fn forget(
    tx: &Transaction<'_>,
    connection: ConnectionId,
    now: Timestamp,
    kept_max: u64,
) -> Result<usize, StoreError> {
    let oldest = now.saturating_sub(ACTIVITY_DAYS_MAX * DAY_MILLISECONDS);
    let sql = "DELETE FROM activities WHERE connection = ?1 AND at < ?2";
    let old = tx.prepare_cached(sql)?.execute(params![connection, signed(oldest)])?;
    // Usually there are not so many, and then the index tells it.
    let sql = "DELETE FROM activities WHERE connection = ?1 AND id IN
                   (SELECT id FROM activities WHERE connection = ?1 ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?2)";
    let many = tx.prepare_cached(sql)?.execute(params![connection, signed(kept_max)])?;
    Ok(old + many)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::model::{Change, Next, Position, Standing};
    use crate::store::testing::{Fixture, fixture, user};
    use crate::store::{Mode, Outcome, Traffic};

    fn activity(id: &str, at: u64, actor: &str, subject: &str) -> Change {
        Change::Activity(Activity {
            id: id.into(),
            at,
            actor: Some(actor.into()),
            summary: "Space permission added".into(),
            subject: subject.into(),
            detail: "{}".into(),
        })
    }

    fn listed(site: &Fixture, filter: &ActivityFilter) -> Vec<String> {
        let mut ids = Vec::new();
        let each = |kept: KeptActivity| {
            ids.push(kept.activity.id);
            true
        };
        site.store.each_activity(filter, each).unwrap();
        ids
    }

    #[test]
    fn the_newest_come_first_however_many_there_are() {
        let site = fixture();
        let many: Vec<Change> = (0..1_200).map(|n| activity(&format!("a{n}"), n / 3, "ada", "ENG")).collect();
        site.everything(&many);
        assert_eq!(site.everything(&many).activities, 0, "a record is kept once");
        let ids = listed(&site, &ActivityFilter::default());
        assert_eq!((ids.len(), ids[0].as_str()), (1_200, "a1199"));
        assert_eq!(ids[1_199], "a0");
        let since = ActivityFilter { since: 399, ..ActivityFilter::default() };
        assert_eq!(listed(&site, &since), ["a1199", "a1198", "a1197"]);
        let mut first = None;
        site.store
            .each_activity(&ActivityFilter::default(), |kept| {
                assert!(first.replace(kept).is_none(), "it goes on after it was told to end");
                false
            })
            .unwrap();
    }

    #[test]
    fn actors_are_found_by_what_people_call_them() {
        let site = fixture();
        site.everything(&[
            user("ada", Some("countess@acme.example"), Standing::Member),
            activity("a1", 1, "ada", "ENG"),
            activity("a2", 2, "unknown-7", "Öffentliches"),
        ]);
        let by = |actor: &str| ActivityFilter { actor: Some(actor.into()), ..ActivityFilter::default() };
        assert_eq!(listed(&site, &by("Countess@")), ["a1"]);
        assert_eq!(listed(&site, &by("ADA")), ["a1"]);
        assert_eq!(listed(&site, &by("unknown-7")), ["a2"]);
        let about = |text: &str| ActivityFilter { about: Some(text.into()), ..ActivityFilter::default() };
        assert_eq!(listed(&site, &about("öffentlich")), ["a2"]);
        assert_eq!(listed(&site, &about("permission")), ["a2", "a1"]);
        assert_eq!(listed(&site, &about("nothing")), [""; 0]);
        let other = ActivityFilter { connection: Some(99), ..ActivityFilter::default() };
        assert_eq!(listed(&site, &other), [""; 0]);
    }

    #[test]
    fn the_log_s_position_advances_with_its_records_or_not_at_all() {
        let site = fixture();
        let page = |from: &Position, records: &[Change], next: &str| {
            site.page(from, records, &Next::Done(Some(next.into())))
        };
        page(&Position::Everything, &[activity("a1", 1, "ada", "ENG")], "one").unwrap();
        let trouble = "CREATE TRIGGER trouble BEFORE INSERT ON activities WHEN new.id = 'a3'
                       BEGIN SELECT raise(ABORT, 'trouble'); END";
        site.store.write("test", |tx| Ok(tx.execute_batch(trouble)?)).unwrap();
        let two = [activity("a2", 2, "ada", "ENG"), activity("a3", 3, "ada", "ENG")];
        page(&Position::Since("one".into()), &two, "three").unwrap_err();
        assert_eq!(listed(&site, &ActivityFilter::default()), ["a1"]);
        let position = site.store.positions(site.connection).unwrap()[0].position();
        assert_eq!(position, Position::Since("one".into()));
        page(&position, &two[..1], "two").unwrap();
        assert_eq!(listed(&site, &ActivityFilter::default()), ["a2", "a1"]);
        assert_eq!(
            site.store.positions(site.connection).unwrap()[0].position(),
            Position::Since("two".into())
        );
    }

    #[test]
    fn what_is_too_old_or_too_much_is_forgotten_with_a_run() {
        let mut site = fixture();
        let day = |day: u64| day * DAY_MILLISECONDS;
        let at = [0, 10, 399, 400, 401].map(|on| activity(&format!("day {on}"), day(on), "ada", "ENG"));
        site.everything(&at);
        let now = day(ACTIVITY_DAYS_MAX + 10);
        site.store.finish_run(site.run, Outcome::Complete, None, 0, Traffic::default(), now).unwrap();
        let all = ActivityFilter::default();
        assert_eq!(listed(&site, &all), ["day 401", "day 400", "day 399", "day 10"]);
        let most = |kept| site.store.write("test", |tx| forget(tx, site.connection, now, kept)).unwrap();
        assert_eq!(most(4), 0);
        assert_eq!(most(2), 2);
        assert_eq!(listed(&site, &all), ["day 401", "day 400"]);
        site.run = site.store.begin_run(site.connection, Mode::Since, now).unwrap();
    }
}
