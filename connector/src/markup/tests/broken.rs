//! Input that is not storage format, or not any more.

use insta::assert_snapshot;

use super::show;

#[test]
fn nothing_is_nothing() {
    assert_snapshot!(show(""), @"");
}

#[test]
fn prose_is_not_markup() {
    assert_snapshot!(show("a < b and c > d, x <- y, <3, 5<6, <, </, <!, a <b and c> d"), @r"a < b and c > d, x <- y, <3, 5<6, \<, \</, \<!, a \<b and c> d");
}

#[test]
fn tags_left_open_end_where_they_must() {
    assert_snapshot!(show("<p>one<p>two <b>three<ul><li>a<li>b</ul><table><tr><td>1<td>2<tr><td>3"), @"
    one

    two three

    - a
    - b

    |  |  |
    | --- | --- |
    | 1 | 2 |
    | 3 |
    ");
}

#[test]
fn tags_closed_twice_or_never_opened() {
    assert_snapshot!(show("</p>a</b><p>b</p></p></div>c"), @"
    a

    b

    c
    ");
}

#[test]
fn tags_closed_in_the_wrong_order() {
    assert_snapshot!(show("<p><b>a<i>b</b>c</i>d</p><p>e</p>"), @"
    **a*b***cd

    e
    ");
}

#[test]
fn a_stray_end_stays_in_its_cell() {
    assert_snapshot!(show("<p><table><tr><td>a</p>b</td><td>c</td></tr></table>d"), @"
    |  |  |
    | --- | --- |
    | ab | c |

    d
    ");
}

#[test]
fn cut_off_inside_a_tag() {
    assert_snapshot!(show(r#"<p>words</p><p>more <a href="https://x.y"#), @r#"
    words

    more \<a href="https://x.y
    "#);
}

#[test]
fn cut_off_inside_code() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sh</ac:parameter><ac:plain-text-body><![CDATA[echo a"#), @"
    ```sh
    echo a
    ```
    ");
}

#[test]
fn code_that_is_never_closed_ends_with_its_element() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[x</ac:plain-text-body></ac:structured-macro><p>after</p>"#), @"
    ```
    x
    ```

    after
    ");
}

#[test]
fn a_comment_that_is_never_closed() {
    assert_snapshot!(show("<p>a <!-- b</p><p>c</p>"), @r"
    a \<!-- b

    c
    ");
}

#[test]
fn a_quote_that_is_never_closed() {
    assert_snapshot!(show(r#"<p class="x>one</p><p class="y">two</p>"#), @"
    one

    two
    ");
}

#[test]
fn a_parameter_that_is_never_closed() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">T<ac:rich-text-body><p>words</p></ac:rich-text-body></ac:structured-macro>"#), @"
    > [!NOTE]
    > **T**
    >
    > words
    ");
}

#[test]
fn attributes_in_disorder() {
    assert_snapshot!(show(r#"<p a=1 b c="d" =e>one</p><a href=https://x.y>two</a><ac:image ac:alt='it'><ri:url ri:value="https://x.y/z"/></ac:image>"#), @"
    one

    [two](https://x.y)![it](https://x.y/z)
    ");
}

#[test]
fn declarations_are_skipped() {
    assert_snapshot!(show(r#"<?xml version="1.0"?><!DOCTYPE x><p xmlns:ac="y">a</p>"#), @"a");
}

#[test]
fn capitals_keep_their_words() {
    assert_snapshot!(show("<P>one</P><TABLE><TR><TD>two</TD></TR></TABLE>"), @"
    one two

    lost: P 1, TABLE 1, TD 1, TR 1
    ");
}
