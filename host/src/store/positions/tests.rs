//! Positions as reads move them.

use crate::model::{Next, Position, Principal, Standing};
use crate::store::testing::{Fixture, fixture, member, page, upsert, user};
use crate::store::{Mode, PartitionState, Store};

fn only(store: &Store, connection: i64) -> PartitionState {
    let mut states = store.positions(connection).unwrap();
    assert_eq!(states.len(), 1);
    states.remove(0)
}

#[test]
fn a_read_that_breaks_off_goes_on_where_it_did() {
    let mut site = fixture();
    assert_eq!(only(&site.store, site.connection).position(), Position::Everything);
    let began = site.run;
    site.page(&Position::Everything, &[], &Next::More("one".into())).unwrap();

    site.next_run();
    let state = only(&site.store, site.connection);
    assert_eq!(state.position(), Position::After("one".into()));
    assert_eq!((state.mode, state.began_run, state.done_run), (Some(Mode::Everything), Some(began), None));

    site.page(&state.position(), &[], &Next::Done(Some("noon".into()))).unwrap();
    let state = only(&site.store, site.connection);
    assert_eq!(state.position(), Position::Since("noon".into()));
    assert_eq!((state.began_run, state.done_run, state.sweep_due), (Some(began), Some(site.run), true));
}

#[test]
fn an_inventory_leaves_the_checkpoint_alone() {
    let site = fixture();
    let done = |checkpoint: &str| Next::Done(Some(checkpoint.into()));
    site.page(&Position::Everything, &[], &done("noon")).unwrap();
    site.page(&Position::Inventory, &[], &done("evening")).unwrap();
    assert_eq!(only(&site.store, site.connection).position(), Position::Since("noon".into()));
    site.page(&Position::Since("noon".into()), &[], &done("evening")).unwrap();
    assert_eq!(only(&site.store, site.connection).position(), Position::Since("evening".into()));
}

#[test]
fn a_partition_that_told_of_people_is_known() {
    let site = fixture();
    let tells = |site: &Fixture| only(&site.store, site.connection).tells_of_people;
    site.everything(&[upsert(page("page:1", "space:1"))]);
    assert!(!tells(&site));
    site.everything(&[user("ada", None, Standing::Member)]);
    assert!(tells(&site));
    site.everything(&[member("team", Principal::User("ada".into()))]);
    assert!(tells(&site));
}

#[test]
fn a_partition_is_as_it_was_once_read_completely_with_the_token_it_has() {
    let mut site = fixture();
    let as_it_was = |site: &Fixture| only(&site.store, site.connection).as_it_was;
    assert!(!as_it_was(&site), "it was never read");
    site.page(&Position::Everything, &[], &Next::More("one".into())).unwrap();
    assert!(!as_it_was(&site), "it was not read to its end");
    // A read that goes on under another token read its first pages under the first one.
    site.plan_with("space", "other");
    site.page(&Position::After("one".into()), &[], &Next::Done(None)).unwrap();
    assert!(!as_it_was(&site));
    site.plan_with("space", "");
    assert!(as_it_was(&site));
    site.plan_with("space", "other");
    site.page(&Position::Since("noon".into()), &[], &Next::Done(None)).unwrap();
    assert!(!as_it_was(&site), "what changed is not all there is");
    site.everything(&[]);
    assert!(as_it_was(&site));
    site.plan(&[]);
    site.plan_with("space", "other");
    assert!(!as_it_was(&site), "its items may have been removed while it was gone");
    site.next_run();
}

#[test]
fn a_stale_position_is_read_from_the_start() {
    let site = fixture();
    site.page(&Position::Everything, &[], &Next::Done(Some("noon".into()))).unwrap();
    site.store.restart_partition(site.connection, "content", "space").unwrap();
    assert_eq!(only(&site.store, site.connection).position(), Position::Everything);
}

#[test]
fn a_partition_that_comes_back_is_read_from_the_start() {
    let site = fixture();
    let next = Next::Done(Some("noon".into()));
    site.page(&Position::Everything, &[upsert(page("page:1", "space:1"))], &next).unwrap();
    site.plan(&[]);
    let state = only(&site.store, site.connection);
    assert!(state.vanished && state.sweep_due);
    site.plan(&["space"]);
    let state = only(&site.store, site.connection);
    assert_eq!((state.position(), state.vanished, state.sweep_due), (Position::Everything, false, false));
}
