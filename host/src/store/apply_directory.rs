//! Applying what is said of users, groups and memberships.

use rusqlite::{OptionalExtension, params};

use crate::model::{Group, Membership, Principal, Standing, User};

use super::apply::Applying;
use super::limits::{self, PRINCIPAL_ID_BYTES_MAX};
use super::{StoreError, people};

impl Applying<'_> {
    pub(super) fn user(&mut self, user: &User) -> Result<(), StoreError> {
        if self.refuses_principal("user", &user.id) {
            return Ok(());
        }
        let email = limits::email(user.email.as_deref());
        let told = (limits::name(&user.name), email, standing_name(user.standing));
        let sql = "SELECT name, email, standing FROM users WHERE connection = ?1 AND id = ?2";
        let mut statement = self.tx.prepare_cached(sql)?;
        let known: Option<(String, Option<String>, String)> = statement
            .query_row(params![self.connection, user.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let renamed = known.as_ref().is_some_and(|(name, ..)| name != told.0);
        let same = known.is_some_and(|(name, email, standing)| {
            (name.as_str(), email.as_deref(), standing.as_str()) == told
        });
        self.note(same);
        if renamed {
            self.queue_written_by(&user.id)?;
        }
        let (name, email, standing) = told;
        let sql = "INSERT INTO users (connection, id, name, email, email_key, standing, partition_num, mentioned_run)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                   ON CONFLICT DO UPDATE SET name = excluded.name, email = excluded.email,
                       email_key = excluded.email_key, standing = excluded.standing,
                       partition_num = ifnull(excluded.partition_num, partition_num),
                       mentioned_run = excluded.mentioned_run";
        let key = email.map(people::email_key);
        let values = params![self.connection, user.id, name, email, key, standing, self.owner, self.run];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// The index finds what somebody wrote by name, so a new name is news to it. People are renamed too
    /// rarely for an index by author.
    fn queue_written_by(&mut self, user_id: &str) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO outbox (item_num)
                   SELECT num FROM items WHERE connection = ?1 AND present = 1 AND (author = ?2 OR editor = ?2)";
        self.applied.outbox |= self.tx.prepare_cached(sql)?.execute(params![self.connection, user_id])? > 0;
        Ok(())
    }

    pub(super) fn group(&mut self, group: &Group) -> Result<(), StoreError> {
        if self.refuses_principal("group", &group.id) {
            return Ok(());
        }
        let name = limits::name(&group.name);
        let sql = "SELECT 1 FROM groups WHERE connection = ?1 AND id = ?2 AND name = ?3";
        let same = self.tx.prepare_cached(sql)?.exists(params![self.connection, group.id, name])?;
        self.note(same);
        let sql = "INSERT INTO groups (connection, id, name, partition_num, mentioned_run) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO UPDATE SET name = excluded.name,
                       partition_num = ifnull(excluded.partition_num, partition_num),
                       mentioned_run = excluded.mentioned_run";
        self.tx.prepare_cached(sql)?.execute(params![
            self.connection,
            group.id,
            name,
            self.owner,
            self.run
        ])?;
        Ok(())
    }

    pub(super) fn member(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let (member_type, member) = match &membership.member {
            Principal::User(id) => ("user", id),
            Principal::Group(id) => ("group", id),
            // All that belong to the group in this way are one row; they have no id.
            Principal::Members => ("members", &String::new()),
            Principal::Anyone => {
                let reason =
                    "this membership was refused: only users, groups and all members can belong to a group";
                self.report_refusal(&membership.group, None, reason);
                return Ok(());
            }
        };
        let named = member_type != "members";
        if self.refuses_principal("group", &membership.group)
            || named && self.refuses_principal("member", member)
        {
            return Ok(());
        }
        let key = params![self.connection, membership.group, member_type, member];
        let sql = "SELECT 1 FROM memberships
                   WHERE connection = ?1 AND group_id = ?2 AND member_type = ?3 AND member_id = ?4";
        let same = self.tx.prepare_cached(sql)?.exists(key)?;
        self.note(same);
        let sql = "INSERT INTO memberships
                       (connection, group_id, member_type, member_id, partition_num, mentioned_run)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT DO UPDATE SET partition_num = ifnull(excluded.partition_num, partition_num),
                       mentioned_run = excluded.mentioned_run";
        let values = params![self.connection, membership.group, member_type, member, self.owner, self.run];
        self.tx.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    fn note(&mut self, same: bool) {
        self.applied.directory_changed += u32::from(!same);
        self.access_touched |= !same;
    }

    fn refuses_principal(&mut self, what: &str, id: &str) -> bool {
        let refusal = limits::refuse_id(id, PRINCIPAL_ID_BYTES_MAX);
        if let Some(reason) = &refusal {
            self.report_refusal(id, None, &format!("this {what} was refused: {reason}"));
        }
        refusal.is_some()
    }
}

pub(super) fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Member => "member",
        Standing::Guest => "guest",
        Standing::Closed => "closed",
    }
}
