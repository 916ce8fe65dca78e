//! What of a connection is searched, and its settings changed: the command, word for word.

use crate::acme::small;
use crate::command::{User, serve, snapshots, stable};

#[tokio::test(flavor = "multi_thread")]
async fn kinds_are_switched_off_and_on_for_the_next_search() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let says = |arguments: &[&str]| stable(&user, user.runs(arguments));
    let found =
        || user.runs(&["search", "flamingo", "--as", "ben@acme.example"]).stdout.matches(" (acme").count();
    assert_eq!(found(), 7);
    let read = site.ledger().entries().len();
    snapshots(|| {
        insta::assert_snapshot!(says(&["index", "off", "acme", "page-comment", "page-attachment"]), @"
        exit 0
        --- stdout
        Spaces
          on     space                 Spaces (2 items)
          never  place                 Places above what was chosen (0 items)
        Pages
          on     page                  Pages (4 items)
          off    page-comment          Page comments (2 items)
          off    page-attachment       Page attachments (1 item)
        Blog posts
          on     blogpost              Blog posts (1 item)
          on     blogpost-comment      Blog post comments (0 items)
          on     blogpost-attachment   Blog post attachments (0 items)
        Other content
          on     folder                Folders (0 items)
          on     whiteboard            Whiteboards (0 items)
          on     database              Databases (0 items)
          on     embed                 Smart Links (0 items)
        --- stderr
        everything of the kinds that are on is searched (7 of 10 items)
        ");
        assert_eq!(found(), 4);
        insta::assert_snapshot!(says(&["why", "98310", "--as", "ben@acme.example"]), @"
        exit 0
        --- stdout
        ben@acme.example may read comment:98310 (Re: Parental leave)
          who      user ben of acme, by e-mail
          yes  space:98305 Open: all members, through all members
          yes  page:98307 Handbook: as its parent
          yes  page:98308 Leave: as its parent
          yes  page:98309 Parental leave: as its parent
          yes  comment:98310 Re: Parental leave: as its parent
          not found in searches: its kind is not searched; see `weir index kinds acme`
        ");
        insta::assert_snapshot!(says(&["index", "on", "acme", "page-comments"]), @"
        exit 1
        --- stderr
        error: there is no kind `page-comments`; there are: space, page, page-comment, page-attachment, blogpost, blogpost-comment, blogpost-attachment, folder, whiteboard, database, embed, place
        ");
        user.runs(&["index", "on", "acme", "page-comment", "page-attachment"]).ok();
    });
    assert_eq!((found(), site.ledger().entries().len()), (7, read), "nothing was fetched again");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_manual_mode_only_what_is_chosen_is_found() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let says = |arguments: &[&str]| stable(&user, user.runs(arguments));
    let leave = "https://acme.atlassian.net/wiki/spaces/OPEN/pages/98308/Leave";
    snapshots(|| {
        insta::assert_snapshot!(says(&["index", "mode", "acme", "manual"]), @"
        exit 0
        --- stdout
        in manual mode: only what is chosen is searched (0 of 10 items)
        ");
        insta::assert_snapshot!(says(&["search", "flamingo", "--as", "ben@acme.example"]), @"
        exit 0
        --- stderr
        nothing that ben@acme.example may read matches; `weir why ADDRESS --as ben@acme.example` tells why a page is not found
        nothing of acme is searched; see `weir index kinds acme` and `weir index list acme`
        ");
        insta::assert_snapshot!(says(&["index", "add", "acme", leave, "--with-descendants"]), @"
        exit 0
        --- stdout
        in manual mode: only what is chosen is searched (5 of 10 items)
        --- stderr
        chosen: page:98308 (Leave) and all below it
        ");
        insta::assert_snapshot!(says(&["index", "list", "acme"]), @"
        exit 0
        --- stdout
        page:98308	with all below it	Leave
        --- stderr
        in manual mode: only what is chosen is searched (5 of 10 items)
        ");
        insta::assert_snapshot!(says(&["why", "page:98307", "--as", "ben@acme.example"]), @"
        exit 0
        --- stdout
        ben@acme.example may read page:98307 (Handbook)
          who      user ben of acme, by e-mail
          yes  space:98305 Open: all members, through all members
          yes  page:98307 Handbook: as its parent
          not found in searches: acme is in manual mode, and it was not chosen; see `weir index list acme`
        ");
        insta::assert_snapshot!(says(&["index", "remove", "acme", "98309"]), @"
        exit 0
        --- stdout
        in manual mode: only what is chosen is searched (5 of 10 items)
        --- stderr
        98309 was not chosen by itself; what `weir index list acme` shows was
        ");
        insta::assert_snapshot!(says(&["index", "remove", "acme", "98308"]), @"
        exit 0
        --- stdout
        in manual mode: only what is chosen is searched (0 of 10 items)
        --- stderr
        page:98308 is not chosen any more
        ");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn why_not_names_the_step_at_which_something_was_left_out() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let says = |item: &str, person: &str| stable(&user, user.runs(&["why-not", item, "--as", person]));
    let palette = "https://acme.atlassian.net/wiki/spaces/DESIGN/pages/98316/An+older+title";
    snapshots(|| {
        insta::assert_snapshot!(says(palette, "ben@acme.example"), @"
        exit 0
        --- stdout
        page:98316 (Palette) stopped at access, as ben@acme.example
          yes  listing     acme has read it.
          yes  filter      The settings ask for it.
          no   access      space:98314 Design is for group designers: the person is none of those named. Who the person is: user ben of acme, by e-mail.
          -    conversion
          -    index
          -> if the person can open it at the source, the sync is behind, or the person is matched to another account; otherwise the source has to let the person in
        ");
        insta::assert_snapshot!(says(palette, "ana@acme.example"), @"
        exit 0
        --- stdout
        page:98316 (Palette) is found, as ana@acme.example
          yes  listing     acme has read it.
          yes  filter      The settings ask for it.
          yes  access      The person may read it: user ana of acme, by e-mail.
          yes  conversion  It has words.
          yes  index       It is found; these words find it: Palette
        ");
        insta::assert_snapshot!(says("page:424242", "ana@acme.example"), @"
        exit 0
        --- stdout
        page:424242 stopped at listing, as ana@acme.example
          no   listing     No sync of acme has ever met it.
          -    filter
          -    access
          -    conversion
          -    index
          -> it may be newer than the last sync: sync again. The connection's account may not see it: open it as that account, and run `weir doctor`. Or the settings never asked for it: `weir connection show`
        ");
    });
    let json = user.runs(&["why-not", palette, "--as", "ben@acme.example", "--json"]).json();
    assert_eq!(json[0]["steps"][2]["state"], "stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_do_not_work_leave_the_old_ones() {
    let site = serve(small()).await;
    let user = User::synced(&site);
    let says = |arguments: &[&str]| stable(&user, user.runs(arguments));
    let before = says(&["connection", "show", "acme"]);
    snapshots(|| {
        insta::assert_snapshot!(says(&["connection", "set", "acme"]), @r#"
        exit 0
        --- stdout
        acme  {"site":"SITE"}
        --- stderr
        next: weir sync acme
        "#);
        insta::assert_snapshot!(says(&["connection", "set", "acme", "--set", "site=acme"]), @"
        exit 1
        --- stderr
        error: the settings are refused:
          /site: The site needs https:// in front: https://your-site.atlassian.net.
        ");
        insta::assert_snapshot!(says(&["connection", "set", "acme", "--unset", "site"]), @"
        exit 1
        --- stderr
        error: the settings are refused:
          /site: The site is missing; it looks like https://your-site.atlassian.net.
        ");
        let other = "site=https://other.atlassian.net";
        insta::assert_snapshot!(says(&["connection", "set", "acme", "--set", other]), @"
        exit 1
        --- stderr
        error: the setting `site` says which source `acme` reads, and what was read of one must not meet the people of another: add another connection, and remove this one if it is of no more use
        ");
        insta::assert_snapshot!(says(&["connection", "choices", "acme", "site"]), @"
        exit 1
        --- stderr
        error: the connector offers nothing to choose from for `site`; it does for blogposts, blogposts-excluded, labels, labels-excluded, pages, pages-excluded, spaces, spaces-excluded
        ");
        insta::assert_snapshot!(says(&["activity", "acme", "--since", "a week"]), @"
        exit 2
        --- stderr
        error: invalid value 'a week' for '--since <TIME>': `a week` is no length of time such as 30m, 24h, 7d or 2w

        For more information, try '--help'.
        ");
    });
    assert_eq!(says(&["connection", "show", "acme"]), before);
    let same = "site=https://acme.atlassian.net";
    user.runs(&["connection", "set", "acme", "--set", same]).ok();
    assert_eq!(says(&["connection", "show", "acme"]), before);
}
