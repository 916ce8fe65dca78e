//! Headings, lists, quotes, code and layouts.

use insta::assert_snapshot;

use super::show;

#[test]
fn headings_have_their_level() {
    assert_snapshot!(show("<h1>One</h1><h3>Th<strong>re</strong>e<br/>more</h3><h2> </h2><p>text</p>"), @"
    # One

    ### Three more

    text
    ");
}

#[test]
fn lists_nest() {
    assert_snapshot!(show("<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul><p>after</p>"), @"
    - a
      - b
        1. c
    - d

    after
    ");
}

#[test]
fn numbers_begin_where_they_are_told() {
    assert_snapshot!(show(r#"<ol start="9"><li><p>nine</p></li><li><p>ten</p><p>more</p><ul><li>x</li></ul></li></ol>"#), @"
    9. nine
    10. ten

        more
        - x
    ");
}

#[test]
fn a_list_beside_its_item_belongs_to_it() {
    assert_snapshot!(show("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul><ol><li>x</li><ol><li>y</li></ol></ol>"), @"
    - a
      - b
    - c

    1. x
       1. y
    ");
}

#[test]
fn empty_items_leave_no_trace() {
    assert_snapshot!(show("<ul><li></li><li><p/></li><li>a</li></ul><blockquote><p> </p></blockquote><ul><li> </li></ul>"), @"- a");
}

#[test]
fn items_hold_blocks() {
    assert_snapshot!(show(r#"<ul><li><p>run</p><ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sh</ac:parameter><ac:plain-text-body><![CDATA[a

  b]]></ac:plain-text-body></ac:structured-macro><p>then</p></li><li><table><tr><td>x</td><td>y</td></tr></table></li></ul>"#), @"
    - run

      ```sh
      a

        b
      ```

      then
    - |  |  |
      | --- | --- |
      | x | y |
    ");
}

#[test]
fn tasks_are_open_or_done() {
    assert_snapshot!(show("<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-uuid>u</ac:task-uuid><ac:task-status>incomplete</ac:task-status><ac:task-body><span>Write <b>it</b></span><ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>draft</ac:task-body></ac:task></ac:task-list></ac:task-body></ac:task><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>Send</ac:task-body></ac:task></ac:task-list>"), @"
    - [ ] Write **it**
      - [x] draft
    - [x] Send
    ");
}

#[test]
fn quotes_hold_paragraphs() {
    assert_snapshot!(show("<blockquote><p>a<br/>b</p><blockquote>c</blockquote><ul><li>d</li></ul></blockquote><hr/><p>e</p>"), @"
    > a  
    > b
    >
    > > c
    >
    > - d

    ---

    e
    ");
}

#[test]
fn code_keeps_every_character() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">rust</ac:parameter><ac:parameter ac:name="title">main.rs</ac:parameter><ac:plain-text-body><![CDATA[
  fn main() {}

	// ```` <b>&amp;
]]></ac:plain-text-body></ac:structured-macro>"#), @"
    **main.rs**

    `````rust
      fn main() {}

    	// ```` <b>&amp;
    `````
    ");
}

#[test]
fn code_split_around_the_end_of_cdata() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="noformat"><ac:plain-text-body><![CDATA[a]]]]><![CDATA[>b]]></ac:plain-text-body></ac:structured-macro>"#), @"
    ```
    a]]>b
    ```
    ");
}

#[test]
fn preformatted_text_is_code() {
    assert_snapshot!(show("<pre>  one
    <b>two</b> &lt;3</pre><p>x</p>"), @"
    ```
      one
        two <3
    ```

    x
    ");
}

#[test]
fn a_language_is_a_word_or_nothing() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">none</ac:parameter><ac:plain-text-body><![CDATA[a]]></ac:plain-text-body></ac:structured-macro><ac:structured-macro ac:name="code"><ac:parameter ac:name="language">c++ ` x</ac:parameter><ac:plain-text-body><![CDATA[b]]></ac:plain-text-body></ac:structured-macro><ac:structured-macro ac:name="code"><ac:parameter ac:name="language">c++</ac:parameter><ac:plain-text-body><![CDATA[c]]></ac:plain-text-body></ac:structured-macro>"#), @"
    ```
    a
    ```

    ```
    b
    ```

    ```c++
    c
    ```
    ");
}

#[test]
fn layouts_are_transparent() {
    assert_snapshot!(show(r#"<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell><p>left</p></ac:layout-cell><ac:layout-cell>right</ac:layout-cell></ac:layout-section></ac:layout>"#), @"
    left

    right
    ");
}

#[test]
fn details_have_a_bold_summary() {
    assert_snapshot!(show("<details><summary>More <i>here</i></summary><p>inside</p></details><dl><dt>Term</dt><dd>Meaning</dd></dl>"), @"
    **More *here***

    inside

    **Term**

    Meaning
    ");
}
