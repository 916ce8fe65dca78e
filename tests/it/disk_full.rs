//! There is no room left in the middle of a sync: it says so, loses nothing, and goes on when there is.
//!
//! A limit on the size of a file stands for a full disk, as nobody needs to be an administrator for it.

use std::process::Stdio;

use crate::acme::{Acme, company, generated};
use crate::command::{Said, User, serve};

/// `weir sync` in a process whose files may have so many blocks of 512 bytes.
fn sync_with_little_room(user: &User, blocks: u32) -> Said {
    // Without the trap the process would be ended by a signal, as no full disk does.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    let weir = user.command(&["sync"]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script, "sh"]).arg(weir.get_program()).args(weir.get_args()).env_clear();
    for (name, value) in weir.get_envs() {
        shell.envs(value.map(|value| (name, value)));
    }
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = shell.spawn().unwrap().wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_without_room_says_so_and_the_next_one_goes_on() {
    let site = serve(generated(4, &company())).await;
    let user = User::new();
    user.adds(&site.url()).ok();
    let items = |user: &User| user.runs(&["items", "--connection", "acme"]).stdout.lines().count();
    let mut before = items(&user);
    for blocks in [700, 1_400] {
        let said = sync_with_little_room(&user, blocks);
        assert_eq!(said.code, 1, "{said}");
        assert!(said.stderr.contains("nothing stored is lost"), "{said}");
        // What was kept is kept.
        let after = items(&user);
        assert!(after >= before, "{after} items after, {before} before");
        before = after;
    }
    user.runs(&["sync"]).ok();
    let whole = Acme::new(generated(4, &company())).await;
    whole.sync().await;
    assert_eq!(items(&user), whole.items(None).len());
}
