//! Under each filter: which requests are sent, and what comes of them. `docs/plans.md` says the same in words.
//!
//! Long because each story is short and its whole output stands below it; together they are one table of filters.

use crate::wiki::Wiki;
use insta::assert_snapshot;

#[test]
fn one_space_is_read_alone() {
    assert_snapshot!(Wiki::default().story(r#"{"spaces":"ENG"}"#), @r#"
    pages-of-8: Pages in ENG (all of them)
      /api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (1,2,3,4)&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["current","archived"]}
      /api/v2/pages/4/footer-comments?body-format=storage&limit=250
      /api/v2/pages/4/inline-comments?body-format=storage&limit=250
      /api/v2/footer-comments/41/children?body-format=storage&limit=250
      /api/v2/pages/4/attachments?limit=250&status=current,archived
      /rest/api/content/search?cql=type=comment and space in ("ENG")&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and space in ("ENG")&expand=container,version,history,space,extensions&limit=200
      - page page:1 in space:8
      - page page:2 in page:1
      - page page:3 in page:2
      - page page:4 in page:1
      - page-comment comment:41 in page:4
      - page-attachment attachment:att42 in page:4
      - page-comment comment:11 in page:1
      - page-comment comment:21 in page:2
      - page-comment comment:31 in page:3
      - blogpost-comment comment:501 in blogpost:50
      - page-attachment attachment:att12 in page:1
      - page-attachment attachment:att22 in page:2
      - page-attachment attachment:att32 in page:3
      - blogpost-attachment attachment:att502 in blogpost:50
    blogposts-of-8: Blog posts in ENG (all of them)
      /api/v2/blogposts?space-id=8&status=current&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (50)&limit=200&expand=RESTRICTIONS,LABELS
      - blogpost blogpost:50 in space:8
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn many_spaces_go_into_buckets() {
    assert_snapshot!(Wiki::default().story(r#"{"spaces-excluded":"OPS","archived-spaces":false}"#), @r#"
    pages-0: Pages in ENG (all of them)
      /api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (1,2,3,4)&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["current","archived"]}
      /api/v2/pages/4/footer-comments?body-format=storage&limit=250
      /api/v2/pages/4/inline-comments?body-format=storage&limit=250
      /api/v2/footer-comments/41/children?body-format=storage&limit=250
      /api/v2/pages/4/attachments?limit=250&status=current,archived
      /rest/api/content/search?cql=type=comment and space in ("ENG")&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and space in ("ENG")&expand=container,version,history,space,extensions&limit=200
      - page page:1 in space:8
      - page page:2 in page:1
      - page page:3 in page:2
      - page page:4 in page:1
      - page-comment comment:41 in page:4
      - page-attachment attachment:att42 in page:4
      - page-comment comment:11 in page:1
      - page-comment comment:21 in page:2
      - page-comment comment:31 in page:3
      - blogpost-comment comment:501 in blogpost:50
      - page-attachment attachment:att12 in page:1
      - page-attachment attachment:att22 in page:2
      - page-attachment attachment:att32 in page:3
      - blogpost-attachment attachment:att502 in blogpost:50
    pages-2: Pages in ~ada (all of them)
      /api/v2/pages?space-id=10&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (30)&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type=comment and space in ("~ada")&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and space in ("~ada")&expand=container,version,history,space,extensions&limit=200
      - page page:30 in space:10
      - page-comment comment:301 in page:30
      - page-attachment attachment:att302 in page:30
    blogposts: Blog posts in ENG, ~ada (all of them)
      /api/v2/blogposts?space-id=8,10&status=current&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (50)&limit=200&expand=RESTRICTIONS,LABELS
      - blogpost blogpost:50 in space:8
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("~ada","ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("~ada","ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn archived_pages_left_out_may_still_be_places() {
    let mut wiki = Wiki::default();
    wiki.posts.push(crate::wiki::page(5, 8, Some(4)));
    assert_snapshot!(wiki.story(r#"{"spaces":"ENG","archived-pages":false}"#), @r#"
    pages-of-8: Pages in ENG, not archived (all of them)
      /api/v2/pages?space-id=8&status=current&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (1,2,3,5)&limit=200&expand=RESTRICTIONS,LABELS
      /api/v2/pages?id=4&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (4)&limit=200&expand=RESTRICTIONS,LABELS,ancestors&cqlcontext={"contentStatuses":["archived"]}
      /rest/api/content/search?cql=type=comment and container in (1,2,3,5)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (1,2,3,5)&expand=container,version,history,space,extensions&limit=200
      - page page:1 in space:8
      - page page:2 in page:1
      - page page:3 in page:2
      - page page:5 in page:4
      - place page:4 in page:1
      - page-comment comment:11 in page:1
      - page-comment comment:21 in page:2
      - page-comment comment:31 in page:3
      - page-comment comment:51 in page:5
      - page-attachment attachment:att12 in page:1
      - page-attachment attachment:att22 in page:2
      - page-attachment attachment:att32 in page:3
      - page-attachment attachment:att52 in page:5
    blogposts-of-8: Blog posts in ENG (all of them)
      /api/v2/blogposts?space-id=8&status=current&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (50)&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type=comment and container in (50)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (50)&expand=container,version,history,space,extensions&limit=200
      - blogpost blogpost:50 in space:8
      - blogpost-comment comment:501 in blogpost:50
      - blogpost-attachment attachment:att502 in blogpost:50
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn kinds_that_are_off_are_not_asked_for() {
    let settings = r#"{"spaces":"ENG","read-comments":false,"read-blogposts":false}"#;
    assert_snapshot!(Wiki::default().story(settings), @r#"
    pages-of-8: Pages in ENG (all of them)
      /api/v2/pages?space-id=8&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (1,2,3,4)&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["current","archived"]}
      /rest/api/content/search?cql=type=attachment and container in (1,2,3)&expand=container,version,history,space,extensions&limit=200
      /api/v2/pages/4/attachments?limit=250&status=current,archived
      - page page:1 in space:8
      - page page:2 in page:1
      - page page:3 in page:2
      - page page:4 in page:1
      - page-attachment attachment:att12 in page:1
      - page-attachment attachment:att22 in page:2
      - page-attachment attachment:att32 in page:3
      - page-attachment attachment:att42 in page:4
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn without_pages_their_spaces_come_for_the_blog_posts() {
    assert_snapshot!(Wiki::default().story(r#"{"spaces":"ENG","read-pages":false}"#), @r#"
    pages-of-8: Spaces ENG, without their pages
    blogposts-of-8: Blog posts in ENG (all of them)
      /api/v2/blogposts?space-id=8&status=current&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (50)&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type=comment and container in (50)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (50)&expand=container,version,history,space,extensions&limit=200
      - blogpost blogpost:50 in space:8
      - blogpost-comment comment:501 in blogpost:50
      - blogpost-attachment attachment:att502 in blogpost:50
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn a_label_is_searched_for() {
    assert_snapshot!(Wiki::default().story(r#"{"labels":"runbook","labels-excluded":"secret"}"#), @r#"
    pages: Pages in ENG, OPS, ~ada, labelled runbook, not labelled secret (by search, bodies of the wanted only)
      /rest/api/content/search?cql=type=page and label in ("runbook") and space in ("ENG","OPS","~ada")&limit=250
      /api/v2/pages?id=3,20&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (3,20)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /api/v2/pages?id=3&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (3)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /api/v2/pages?id=2&status=current,archived&sort=id&limit=250
      /api/v2/pages?id=1&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (1,2)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/content/search?cql=type=comment and container in (3)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (3)&expand=container,version,history,space,extensions&limit=200
      /rest/api/content/search?cql=type=page and label in ("runbook") and space in ("ENG","OPS","~ada")&cqlcontext={"contentStatuses":["archived"]}&limit=250
      /api/v2/pages?id=4&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (4)&limit=200&expand=RESTRICTIONS,LABELS,ancestors&cqlcontext={"contentStatuses":["archived"]}
      /api/v2/pages?id=4&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (4)&limit=200&expand=RESTRICTIONS,LABELS,ancestors&cqlcontext={"contentStatuses":["archived"]}
      /api/v2/pages?id=1&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (1)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /api/v2/pages/4/footer-comments?body-format=storage&limit=250
      /api/v2/pages/4/inline-comments?body-format=storage&limit=250
      /api/v2/footer-comments/41/children?body-format=storage&limit=250
      /api/v2/pages/4/attachments?limit=250&status=current,archived
      - page page:3 in page:2
      - place page:1 in space:8
      - place page:2 in page:1
      - page-comment comment:31 in page:3
      - page-attachment attachment:att32 in page:3
      - page page:4 in page:1
      - place page:1 in space:8
      - page-comment comment:41 in page:4
      - page-attachment attachment:att42 in page:4
    pages-archived: Pages in OLD, labelled runbook, not labelled secret (one by one, bodies of the wanted only)
      /api/v2/pages?space-id=11&status=current,archived&sort=id&limit=100
      /rest/api/content/search?cql=id in (40)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/search?cql=id in (40)&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels,content.ancestors&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
      /rest/api/content/40/restriction?limit=200
      /api/v2/pages/40/labels?limit=250
      /api/v2/pages?id=40&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (40)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/search?cql=id in (40)&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels,content.ancestors&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
      /rest/api/content/40/restriction?limit=200
      /api/v2/pages/40/footer-comments?body-format=storage&limit=250
      /api/v2/pages/40/inline-comments?body-format=storage&limit=250
      /api/v2/footer-comments/401/children?body-format=storage&limit=250
      /api/v2/pages/40/attachments?limit=250&status=current,archived
      - page page:40 in space:11
      - page-comment comment:401 in page:40
      - page-attachment attachment:att402 in page:40
    blogposts: Blog posts in ENG, OPS, ~ada, labelled runbook, not labelled secret (by search, bodies of the wanted only)
      /rest/api/content/search?cql=type=blogpost and label in ("runbook") and space in ("ENG","OPS","~ada")&limit=250
      /api/v2/blogposts?id=51&status=current&sort=id&limit=250
      /rest/api/content/search?cql=id in (51)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /api/v2/blogposts?id=51&status=current&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (51)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/content/search?cql=type=comment and container in (51)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (51)&expand=container,version,history,space,extensions&limit=200
      - blogpost blogpost:51 in space:9
      - blogpost-comment comment:511 in blogpost:51
      - blogpost-attachment attachment:att512 in blogpost:51
    blogposts-archived: Blog posts in OLD, labelled runbook, not labelled secret (one by one, bodies of the wanted only)
      /api/v2/blogposts?space-id=11&status=current&sort=id&limit=100
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed)&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed)&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
      /rest/api/search?cql=type in (folder,whiteboard,database,embed) and space in ("OLD")&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
    "#);
}

#[test]
fn a_page_and_what_lies_below_it_is_searched_for() {
    assert_snapshot!(Wiki::default().story(r#"{"pages":"2","read-blogposts":false}"#), @r#"
    pages: Pages in ENG, at 2 and below (by search, bodies of the wanted only)
      /rest/api/content/search?cql=type=page and (id in (2) or ancestor in (2)) and space in ("ENG")&limit=250
      /api/v2/pages?id=2,3&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (3)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /api/v2/pages?id=2,3&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (2,3)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /api/v2/pages?id=1&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (1)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/content/search?cql=type=comment and container in (2,3)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (2,3)&expand=container,version,history,space,extensions&limit=200
      /rest/api/content/search?cql=type=page and (id in (2) or ancestor in (2)) and space in ("ENG")&cqlcontext={"contentStatuses":["archived"]}&limit=250
      - page page:2 in page:1
      - page page:3 in page:2
      - place page:1 in space:8
      - page-comment comment:21 in page:2
      - page-comment comment:31 in page:3
      - page-attachment attachment:att22 in page:2
      - page-attachment attachment:att32 in page:3
    pages-nowhere: Spaces OPS, ~ada, OLD, without their pages
      - place space:9 in nothing
      - place space:10 in nothing
      - place space:11 in nothing
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn blog_posts_are_asked_for_by_id() {
    assert_snapshot!(Wiki::default().story(r#"{"blogposts":"51","read-pages":false}"#), @r#"
    pages-0: Spaces ENG, without their pages
    pages-1: Spaces OPS, without their pages
    pages-2: Spaces ~ada, without their pages
    pages-3: Spaces OLD, without their pages
    blogposts: Blog posts in ENG, OPS, ~ada and 1 more, at 51 (by id)
      /api/v2/blogposts?id=51&status=current&sort=id&limit=250
      /api/v2/blogposts?id=51&status=current&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (51)&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type=comment and container in (51)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (51)&expand=container,version,history,space,extensions&limit=200
      - blogpost blogpost:51 in space:9
      - blogpost-comment comment:511 in blogpost:51
      - blogpost-attachment attachment:att512 in blogpost:51
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed)&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed)&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
      /rest/api/search?cql=type in (folder,whiteboard,database,embed) and space in ("OLD")&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
    "#);
}

#[test]
fn a_window_with_a_beginning_is_walked_from_its_end() {
    let settings = r#"{"spaces":"ENG","modified-after":"2026-01-18T00:00:00Z","read-blogposts":false}"#;
    assert_snapshot!(Wiki::default().story(settings), @r#"
    pages-of-8: Pages in ENG, changed from 2026-01-18T00:00:00Z on (by date, bodies of the wanted only)
      /api/v2/pages?space-id=8&status=current,archived&sort=-modified-date&limit=250
      /api/v2/pages?id=3,2&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (2,3)&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=id in (1)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/content/search?cql=type=comment and container in (3,2)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (3,2)&expand=container,version,history,space,extensions&limit=200
      - page page:2 in page:1
      - page page:3 in page:2
      - place page:1 in space:8
      - page-comment comment:21 in page:2
      - page-comment comment:31 in page:3
      - page-attachment attachment:att22 in page:2
      - page-attachment attachment:att32 in page:3
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn sliding_days_count_back_from_the_beginning_of_the_read() {
    let settings =
        r#"{"spaces":"ENG","modified-within-days":10,"read-blogposts":false,"read-attachments":false}"#;
    assert_snapshot!(Wiki::default().story(settings), @r#"
    pages-of-8: Pages in ENG, changed in the last 10 days (by date, bodies of the wanted only)
      /api/v2/pages?space-id=8&status=current,archived&sort=-modified-date&limit=250
      /api/v2/pages?id=3&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (3)&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=id in (1,2)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/content/search?cql=type=comment and container in (3)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      - page page:3 in page:2
      - place page:1 in space:8
      - place page:2 in page:1
      - page-comment comment:31 in page:3
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn what_is_excluded_by_label_or_place_is_listed_without_its_body() {
    let settings = r#"{"spaces":"ENG","labels-excluded":"team","pages-excluded":"3","read-blogposts":false}"#;
    assert_snapshot!(Wiki::default().story(settings), @r#"
    pages-of-8: Pages in ENG, not at 3 and below, not labelled team (one by one, bodies of the wanted only)
      /api/v2/pages?space-id=8&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (1,2,4)&limit=200&expand=RESTRICTIONS,LABELS,ancestors&cqlcontext={"contentStatuses":["current","archived"]}
      /api/v2/pages?id=2,4&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (2,4)&limit=200&expand=RESTRICTIONS,LABELS,ancestors&cqlcontext={"contentStatuses":["current","archived"]}
      /rest/api/content/search?cql=type=comment and container in (2)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (2)&expand=container,version,history,space,extensions&limit=200
      /api/v2/pages/4/footer-comments?body-format=storage&limit=250
      /api/v2/pages/4/inline-comments?body-format=storage&limit=250
      /api/v2/footer-comments/41/children?body-format=storage&limit=250
      /api/v2/pages/4/attachments?limit=250&status=current,archived
      - page page:2 in page:1
      - page page:4 in page:1
      - place page:1 in space:8
      - page-comment comment:21 in page:2
      - page-attachment attachment:att22 in page:2
      - page-comment comment:41 in page:4
      - page-attachment attachment:att42 in page:4
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn what_no_search_mentions_is_asked_for_singly() {
    let wiki = Wiki { unseen: vec![3], ..Wiki::default() };
    let settings =
        r#"{"spaces":"ENG","labels-excluded":"team","archived-pages":false,"read-blogposts":false}"#;
    assert_snapshot!(wiki.story(settings), @r#"
    pages-of-8: Pages in ENG, not labelled team, not archived (one by one, bodies of the wanted only)
      /api/v2/pages?space-id=8&status=current&sort=id&limit=250
      /rest/api/content/search?cql=id in (1,2,3)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/search?cql=id in (3)&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels,content.ancestors&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
      /rest/api/content/3/restriction?limit=200
      /api/v2/pages/3/labels?limit=250
      /api/v2/pages/3/ancestors?limit=250
      /api/v2/pages?id=2,3&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (2,3)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/search?cql=id in (3)&limit=200&expand=content.restrictions.read.restrictions.user,content.restrictions.read.restrictions.group,content.metadata.labels,content.ancestors&includeArchivedSpaces=true&cqlcontext={"contentStatuses":["current","archived"]}
      /rest/api/content/3/restriction?limit=200
      /rest/api/content/search?cql=type=comment and container in (2,3)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /rest/api/content/search?cql=type=attachment and container in (2,3)&expand=container,version,history,space,extensions&limit=200
      - page page:2 in page:1
      - page page:3 in page:2
      - place page:1 in space:8
      - page-comment comment:21 in page:2
      - page-attachment attachment:att22 in page:2
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

#[test]
fn a_site_that_knows_no_containers_is_asked_page_by_page() {
    let wiki = Wiki { containers: false, ..Wiki::default() };
    assert_snapshot!(wiki.story(r#"{"pages":"3","read-blogposts":false}"#), @r#"
    pages: Pages in ENG, at 3 and below (by search, bodies of the wanted only)
      /rest/api/content/search?cql=type=page and (id in (3) or ancestor in (3)) and space in ("ENG")&limit=250
      /api/v2/pages?id=3&status=current,archived&sort=id&limit=250
      /api/v2/pages?id=3&status=current,archived&sort=id&body-format=storage&limit=250
      /rest/api/content/search?cql=id in (3)&limit=200&expand=RESTRICTIONS,LABELS
      /api/v2/pages?id=2&status=current,archived&sort=id&limit=250
      /api/v2/pages?id=1&status=current,archived&sort=id&limit=250
      /rest/api/content/search?cql=id in (1,2)&limit=200&expand=RESTRICTIONS,LABELS,ancestors
      /rest/api/content/search?cql=type=comment and container in (3)&expand=body.storage,container,version,ancestors,space,extensions.inlineProperties,extensions.resolution&limit=50
      /api/v2/pages/3/footer-comments?body-format=storage&limit=250
      /api/v2/pages/3/inline-comments?body-format=storage&limit=250
      /api/v2/footer-comments/31/children?body-format=storage&limit=250
      /api/v2/pages/3/attachments?limit=250&status=current,archived
      /rest/api/content/search?cql=type=page and (id in (3) or ancestor in (3)) and space in ("ENG")&cqlcontext={"contentStatuses":["archived"]}&limit=250
      - page page:3 in page:2
      - place page:1 in space:8
      - place page:2 in page:1
      - page-comment comment:31 in page:3
      - page-attachment attachment:att32 in page:3
    pages-nowhere: Spaces OPS, ~ada, OLD, without their pages
      - place space:9 in nothing
      - place space:10 in nothing
      - place space:11 in nothing
    nodes: Folders, whiteboards, databases and Smart Links
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS
      /rest/api/content/search?cql=type in (folder,whiteboard,database,embed) and space in ("ENG")&limit=200&expand=RESTRICTIONS,LABELS&cqlcontext={"contentStatuses":["archived"]}
    "#);
}

/// Whatever the filter, what it leaves out is not asked for: neither body, nor comments, nor attachments.
#[test]
fn of_what_is_left_out_nothing_is_downloaded() {
    let wiki = Wiki::default();
    let filters = [
        (r#"{"spaces":"ENG"}"#, vec![20, 30, 40, 51]),
        (r#"{"spaces-excluded":"ENG"}"#, vec![1, 2, 3, 4, 50]),
        (r#"{"personal-spaces":false,"archived-spaces":false}"#, vec![30, 40]),
        (r#"{"archived-pages":false}"#, vec![4]),
        (r#"{"labels":"runbook"}"#, vec![1, 2, 30, 50]),
        (r#"{"labels-excluded":"runbook"}"#, vec![3, 4, 20, 40, 51]),
        (r#"{"pages":"2","read-blogposts":false}"#, vec![1, 4, 20, 30, 40, 50, 51]),
        (r#"{"pages-excluded":"2"}"#, vec![2, 3]),
        (r#"{"blogposts-excluded":"50"}"#, vec![50]),
        (r#"{"modified-after":"2026-01-15T00:00:00Z"}"#, vec![1, 4, 30, 40, 50, 51]),
        (r#"{"created-before":"2026-01-05T00:00:00Z"}"#, vec![3, 50]),
        (r#"{"created-within-days":20}"#, vec![1, 2, 4, 20, 30, 40, 51]),
        (r#"{"read-blogposts":false}"#, vec![50, 51]),
    ];
    for (settings, left_out) in filters {
        let story = wiki.story(settings);
        let downloads = wiki.downloaded.take();
        for id in left_out {
            assert!(!downloads.contains(&id), "{settings} downloads {id}:\n{story}");
            let told = story.lines().filter(|line| line.contains("- ") && !line.contains("- place "));
            let names = [format!(":{id} in"), format!(":{id}1 in"), format!(":att{id}2 in")];
            let hit = told.clone().find(|line| names.iter().any(|name| line.contains(name)));
            assert_eq!(hit, None, "{settings}");
        }
        assert!(!downloads.is_empty(), "{settings} reads nothing at all");
    }
}
