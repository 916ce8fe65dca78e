//! What a connection may spend at its source, and what it spent in this hour.

use rusqlite::{OptionalExtension, params};

use crate::model::{Allowance, ConnectionId};

use super::{Store, StoreError, connections, signed, unsigned};

/// Hours that are remembered: the present one, and the one before it for answers that came late.
const HOURS_KEPT: u64 = 2;

/// The most that one hour is said to have cost; sums stay far below SQLite's largest number.
const POINTS_MAX: u64 = 1 << 53;

impl Store {
    /// What a user allows a connection; the default where nothing was said.
    pub fn allowance(&self, connection: ConnectionId) -> Result<Allowance, StoreError> {
        self.read("read what the connection may spend", |tx| {
            let sql = "SELECT width, points_per_hour FROM allowances WHERE connection = ?1";
            let row = tx.query_row(sql, [connection], |row| {
                let (width, points): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
                let width = width.and_then(|width| usize::try_from(width).ok());
                Ok(Allowance { width, points_per_hour: points.map(unsigned) })
            });
            Ok(row.optional()?.unwrap_or_default())
        })
    }

    pub fn set_allowance(&self, connection: ConnectionId, allowance: Allowance) -> Result<(), StoreError> {
        self.write("keep what the connection may spend", |tx| {
            connections::require(tx, connection)?;
            let sql =
                "INSERT OR REPLACE INTO allowances (connection, width, points_per_hour) VALUES (?1, ?2, ?3)";
            let Allowance { width, points_per_hour } = allowance;
            tx.execute(
                sql,
                params![connection, width.map(|width| signed(width as u64)), points_per_hour.map(signed)],
            )?;
            Ok(())
        })
    }

    /// Points spent in an hour, counted in hours of UTC since 1970.
    pub fn points(&self, connection: ConnectionId, hour: u64) -> Result<u64, StoreError> {
        self.read("read what was spent", |tx| {
            let sql = "SELECT points FROM points WHERE connection = ?1 AND hour = ?2";
            let points: Option<i64> =
                tx.query_row(sql, params![connection, signed(hour)], |row| row.get(0)).optional()?;
            Ok(points.map_or(0, unsigned))
        })
    }

    /// Adds points to an hour, and returns the sum of all processes.
    pub fn add_points(&self, connection: ConnectionId, hour: u64, points: u64) -> Result<u64, StoreError> {
        self.write("keep what was spent", |tx| {
            connections::require(tx, connection)?;
            let (points, most) = (signed(points.min(POINTS_MAX)), signed(POINTS_MAX));
            let sql = "INSERT INTO points (connection, hour, points) VALUES (?1, ?2, ?3)
                       ON CONFLICT DO UPDATE SET points = min(points + excluded.points, ?4) RETURNING points";
            let sum = tx.query_row(sql, params![connection, signed(hour), points, most], |row| row.get(0))?;
            let sql = "DELETE FROM points WHERE connection = ?1 AND hour <= ?2 - ?3";
            tx.execute(sql, params![connection, signed(hour), signed(HOURS_KEPT)])?;
            Ok(unsigned(sum))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use crate::model::Allowance;
    use crate::store::StoreError;
    use crate::store::testing::fixture;

    #[test]
    fn what_a_connection_may_spend_is_kept_until_it_is_said_otherwise() {
        let site = fixture();
        let kept = || site.store.allowance(site.connection).unwrap();
        assert_eq!(kept(), Allowance::default());
        for allowance in [
            Allowance { width: Some(3), points_per_hour: Some(40_000) },
            Allowance { width: None, points_per_hour: Some(0) },
            Allowance::default(),
        ] {
            site.store.set_allowance(site.connection, allowance).unwrap();
            assert_eq!(kept(), allowance);
        }
        let gone = site.store.set_allowance(99, Allowance::default());
        assert!(matches!(gone, Err(StoreError::ConnectionGone { connection: 99 })));
    }

    #[test]
    fn points_add_up_by_the_hour_and_old_hours_go() {
        let site = fixture();
        let add = |hour, points| site.store.add_points(site.connection, hour, points).unwrap();
        assert_eq!((add(7, 100), add(7, 20), add(8, 5), add(7, 1)), (100, 120, 5, 121));
        assert_eq!(add(8, u64::MAX), 1 << 53);
        assert_eq!(add(8, u64::MAX), 1 << 53, "sums have an end");
        assert_eq!(add(9, 1), 1);
        let spent = |hour| site.store.points(site.connection, hour).unwrap();
        assert_eq!((spent(7), spent(8), spent(9), spent(10)), (0, 1 << 53, 1, 0));
    }
}
