//! People's names in the index: found from the first sync on, and by the new one after a renaming.

use crate::acme::{ANA, Acme, company, generated};

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_fed_equals_one_made_anew() {
    let acme = Acme::new(generated(3, &company())).await;
    acme.sync().await;
    let people = acme.people();
    let found = |acme: &Acme| -> Vec<_> {
        let by = |name: &str| acme.finds(&format!("author:\"{name}\""), ANA);
        let named = |name: &str| acme.finds(&format!("\"{name}\""), ANA);
        people.iter().map(|user| (user.name.clone(), by(&user.name), named(&user.name))).collect()
    };
    let fed = found(&acme);
    assert!(fed.iter().filter(|(_, by, _)| !by.is_empty()).count() > 10, "authors are found by name");
    assert!(fed.iter().any(|(_, _, named)| !named.is_empty()), "so is who is mentioned");
    std::fs::remove_dir_all(acme.folder.path().join("index")).unwrap();
    let acme = acme.reopened();
    assert_eq!(found(&acme), fed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_wrote_is_found_by_the_new_name() {
    let acme = Acme::new(generated(3, &company())).await;
    acme.sync().await;
    let by = |acme: &Acme, name: &str| acme.finds(&format!("author:\"{name}\""), ANA);
    let people = acme.people();
    let busy = people.iter().find(|user| !by(&acme, &user.name).is_empty()).unwrap();
    let wrote = by(&acme, &busy.name);
    acme.site
        .change(|site| site.users.get_mut(&busy.account_id).unwrap().name = "Wandering Albatross".into());
    acme.sync().await;
    assert_eq!(by(&acme, "Wandering Albatross"), wrote);
    assert!(by(&acme, &busy.name).is_empty());
}
