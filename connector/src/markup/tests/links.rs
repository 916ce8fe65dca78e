//! Links, mentions and images.

use insta::assert_snapshot;

use super::show;

#[test]
fn mentions_are_ids_for_the_host_to_name() {
    assert_snapshot!(show(r#"<p><ac:link><ri:user ri:account-id="5b1" /></ac:link>, <ac:link><ri:user ri:account-id="404" /></ac:link> and <ac:link><ri:user ri:account-id="5b1" /><ac:link-body>my boss</ac:link-body></ac:link></p>"#), @"[@](user:5b1), [@](user:404) and [my boss](user:5b1)");
}

#[test]
fn links_are_called_by_their_text_or_their_target() {
    assert_snapshot!(show(r#"<p><ac:link><ri:page ri:space-key="EX" ri:content-title="Team Playbook" /><ac:link-body>the <em>playbook</em></ac:link-body></ac:link>, <ac:link ac:anchor="Section%20A"><ri:page ri:content-title="Roadmap" /><ac:plain-text-link-body><![CDATA[roadmap <A> [x]]]></ac:plain-text-link-body></ac:link>, <ac:link><ri:attachment ri:filename="budget.xlsx" /></ac:link>, <ac:link><ri:space ri:space-key="HR" /></ac:link>, <ac:link ac:anchor="top"><ac:link-body>up</ac:link-body></ac:link>, <ac:link><ri:blog-post ri:content-title="News (May)" /></ac:link>, <ac:link><ri:content-entity ri:content-id="77" /></ac:link></p>"#), @r"[the *playbook*](<page:EX/Team Playbook>), [roadmap \<A> \[x\]](<page:Roadmap#Section A>), [budget.xlsx](attachment:budget.xlsx), [HR](space:HR), [up](#top), [News (May)](<blog:News (May)>), [77](content:77)");
}

#[test]
fn a_link_to_nowhere_is_its_words() {
    assert_snapshot!(show("<p><ac:link><ac:link-body>here</ac:link-body></ac:link> <ac:link/> <a>there</a></p>"), @"here there");
}

#[test]
fn smart_links_are_not_written_twice() {
    assert_snapshot!(show(r#"<p><a href="https://x.y/a_b" data-card-appearance="inline">https://x.y/a_b</a> <a href="https://x.y/" data-card-appearance="block"></a> <a href="mailto:me@x.y">me@x.y</a> <a href="/wiki/x">/wiki/x</a> <a href="https://x.y/(z)">text</a></p>"#), @"<https://x.y/a_b> <https://x.y/> <me@x.y> [/wiki/x](/wiki/x) [text](<https://x.y/(z)>)");
}

#[test]
fn links_that_run_code_are_only_words() {
    assert_snapshot!(show(r#"<p><a href="java&#10;script:alert(1)">click</a> <a href=" data:text/html,x">me</a> <a href="javascript:x()"></a><a href="/empty"/></p>"#), @"click me javascript:x()");
}

#[test]
fn images_have_a_name() {
    assert_snapshot!(show(r#"<p><ac:image ac:alt="the [plan]"><ri:attachment ri:filename="plan v2.png" /></ac:image> <ac:image><ri:attachment ri:filename="a.png" /></ac:image> <ac:image><ri:url ri:value="https://x.y/logo.svg" /></ac:image> <img src="https://x.y/i.png" alt="old"/> <img src="data:image/png;base64,AAAA" alt="inlined"/></p>"#), @r"![the \[plan\]](<attachment:plan v2.png>) ![a.png](attachment:a.png) ![](https://x.y/logo.svg) ![old](https://x.y/i.png) inlined");
}

#[test]
fn captions_follow_their_image() {
    assert_snapshot!(show(r#"<ac:image ac:layout="center" ac:alt="a"><ri:attachment ri:filename="a.png" /><ac:caption><p>What <b>it</b> shows</p></ac:caption></ac:image><ac:image ac:alt="same"><ri:attachment ri:filename="b.png" /><ac:caption>same</ac:caption></ac:image><p>x</p>"#), @"
    ![a](attachment:a.png) What **it** shows

    ![same](attachment:b.png)

    x
    ");
}

#[test]
fn an_image_may_be_a_link() {
    assert_snapshot!(show(r#"<p><a href="https://x.y/"><ac:image ac:alt="logo"><ri:attachment ri:filename="l.png"/></ac:image></a></p>"#), @"[![logo](attachment:l.png)](https://x.y/)");
}

#[test]
fn a_link_around_blocks_keeps_the_words() {
    assert_snapshot!(show(r#"<a href="https://x.y/"><p>one</p><p>two</p></a>"#), @"
    one

    two
    ");
}

#[test]
fn what_is_shown_under_the_mouse_is_a_title() {
    assert_snapshot!(show(r#"<p><a href="https://x.y/" title="the &quot;best&quot; site">here</a> <ac:image ac:alt="plan" ac:title="drawn | twice"><ri:attachment ri:filename="p.png"/></ac:image> <ac:image ac:title="only title"><ri:attachment ri:filename="p.png"/></ac:image> <img src="https://x.y/i.png" alt="same" title="same"/></p><table><tr><td><a href="https://x.y/" title="a|b">c</a></td><td>d</td></tr></table>"#), @r#"
    [here](https://x.y/ "the \"best\" site") ![plan](attachment:p.png "drawn | twice") ![only title](attachment:p.png) ![same](https://x.y/i.png)

    |  |  |
    | --- | --- |
    | [c](https://x.y/ "a\|b") | d |
    "#);
}
