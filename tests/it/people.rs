//! Who is who: e-mails that are hidden, shown twice, or change hands, and links that decide.

use confluence_simulator::AccountStatus;
use weir::store::Match;

use crate::acme::{ANA, Acme, BEN, HIDDEN, NAME, small};

async fn synced() -> Acme {
    let acme = Acme::new(small()).await;
    acme.sync().await;
    acme
}

impl Acme {
    fn link(&self, email: &str, account: &str) -> Result<(), weir::store::StoreError> {
        self.host.store().link_person(self.status().connection.id, email, account)
    }

    fn matched(&self, email: &str) -> Match {
        self.host.store().identity(self.status().connection.id, email).unwrap().1
    }

    fn reads(&self, email: &str) -> usize {
        self.items(Some(email)).len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_e_mail_matches_nobody_until_it_is_linked() {
    let acme = synced().await;
    assert_eq!((acme.matched(HIDDEN), acme.reads(HIDDEN)), (Match::Unknown, 0));
    acme.link(" Hidden@ACME.example ", "hidden").unwrap();
    assert_eq!((acme.matched(HIDDEN), acme.reads(HIDDEN)), (Match::Linked, acme.reads(BEN)));

    // A link holds through a sync, and is taken back at once.
    acme.sync().await;
    assert_eq!(acme.reads(HIDDEN), acme.reads(BEN));
    assert!(acme.host.store().unlink_person(acme.status().connection.id, HIDDEN).unwrap());
    assert_eq!((acme.matched(HIDDEN), acme.reads(HIDDEN)), (Match::Unknown, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_decides_against_the_e_mail() {
    let acme = synced().await;
    acme.link(ANA, "ben").unwrap();
    assert_eq!(acme.items(Some(ANA)), acme.items(Some(BEN)));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_accounts_that_were_read_can_be_linked() {
    let acme = synced().await;
    insta::assert_snapshot!(acme.link(HIDDEN, "nobody").unwrap_err(), @"no account `nobody` is known at this connection (5 are); sync first, and check the id");
    insta::assert_snapshot!(acme.link("hidden", "hidden").unwrap_err(), @"`hidden` is not an e-mail address");
    assert_eq!(acme.reads(HIDDEN), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_e_mail_that_two_accounts_show_is_nobody_s() {
    let acme = synced().await;
    acme.site.change(|site| site.users.get_mut("ben").unwrap().email = ANA.into());
    acme.sync().await;
    assert_eq!((acme.matched(ANA), acme.reads(ANA)), (Match::Ambiguous(2), 0));
    assert_eq!((acme.matched(BEN), acme.reads(BEN)), (Match::Unknown, 0));

    // The address changed hands: the former owner's account is closed, and does not count.
    acme.site.change(|site| site.users.get_mut("ana").unwrap().status = AccountStatus::Closed);
    acme.sync().await;
    assert_eq!(acme.items(Some(ANA)), acme.oracle("ben"), "{:?}", acme.matched(ANA));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_linked_who_leaves_reads_nothing() {
    let acme = synced().await;
    acme.link(HIDDEN, "hidden").unwrap();
    acme.site.change(|site| site.close_account("hidden"));
    acme.sync().await;
    assert_eq!(acme.reads(HIDDEN), 0, "{:?}", acme.matched(HIDDEN));
    acme.site.change(|site| site.users.remove("hidden"));
    acme.sync().await;
    assert_eq!(acme.reads(HIDDEN), 0, "{:?}", acme.matched(HIDDEN));
    assert_eq!(acme.reads("nobody"), 0);
    assert_eq!(acme.host.store().connection(NAME).unwrap().name, NAME);
}
