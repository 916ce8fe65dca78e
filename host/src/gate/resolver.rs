//! Names to addresses, with the address rule applied on the way to the dialler.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{BoxFuture, Failure, Reach, addresses};

/// How names are looked up; tests bring their own.
pub trait Lookup: Send + Sync {
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// As the machine itself does it.
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
        })
    }
}

/// Gives a client only addresses that its reach admits.
pub(super) struct Guarded {
    pub lookup: Arc<dyn Lookup>,
    pub reach: Reach,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.lookup.lookup(name.as_str().to_owned());
        let reach = self.reach;
        Box::pin(async move {
            let found = found.await.map_err(|error| Failure::Name(error.to_string()))?;
            let allowed = judged(reach, found)?;
            // The dialler fills in the port of the URL.
            Ok(Box::new(allowed.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

/// All addresses, or a failure if one of them is not allowed: a name that leads to places
/// of both sorts is either a mistake or a trick.
fn judged(reach: Reach, found: Vec<IpAddr>) -> Result<Vec<IpAddr>, Failure> {
    if found.is_empty() {
        return Err(Failure::Name("it has no address".to_owned()));
    }
    match found.iter().find(|address| !reach.admits(**address)) {
        Some(&address) => Err(Failure::Address { address, kind: addresses::kind(address) }),
        None => Ok(found),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::io;
    use std::net::{IpAddr, SocketAddr};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use reqwest::dns::Resolve as _;

    use super::{Guarded, Lookup, judged};
    use crate::gate::{BoxFuture, Failure, Reach};

    fn judge(reach: Reach, found: &[&str]) -> Result<Vec<IpAddr>, Failure> {
        judged(reach, found.iter().map(|address| address.parse().unwrap()).collect())
    }

    #[test]
    fn one_forbidden_address_refuses_the_name() {
        assert_eq!(judge(Reach::Public, &["8.8.8.8", "2606:4700::1111"]).unwrap().len(), 2);
        for found in
            [&["8.8.8.8", "127.0.0.1"][..], &["169.254.169.254"], &["::1"], &["8.8.8.8", "::ffff:10.0.0.1"]]
        {
            assert!(matches!(judge(Reach::Public, found), Err(Failure::Address { .. })), "{found:?}");
        }
        assert!(matches!(judge(Reach::Local, &["127.0.0.1", "8.8.8.8"]), Err(Failure::Address { .. })));
    }

    /// Leads outside the first time it is looked up, and inside from then on.
    struct Moving(AtomicBool);

    impl Lookup for Moving {
        fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            let inside = self.0.swap(true, Ordering::Relaxed);
            let address = if inside { "127.0.0.1" } else { "8.8.8.8" };
            Box::pin(std::future::ready(Ok(vec![address.parse().unwrap()])))
        }
    }

    #[tokio::test]
    async fn a_name_that_is_moved_inside_is_refused_the_second_time() {
        let guarded = Guarded { lookup: Arc::new(Moving(AtomicBool::new(false))), reach: Reach::Public };
        let dialled = async || guarded.resolve("agreed.example".parse().unwrap()).await;
        let first: Vec<SocketAddr> = dialled().await.unwrap().collect();
        assert_eq!(first, ["8.8.8.8:0".parse().unwrap()], "what is dialled is what was judged");
        let Err(refused) = dialled().await else { panic!("it was let in") };
        assert!(matches!(refused.downcast_ref(), Some(Failure::Address { .. })), "{refused}");
    }

    #[test]
    fn no_address_is_nowhere() {
        assert!(matches!(judge(Reach::Either, &[]), Err(Failure::Name(_))));
    }
}
