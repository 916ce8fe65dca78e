//! Tables, their spans, and what stands in their cells.

use insta::assert_snapshot;

use super::show;

#[test]
fn the_first_row_of_headers_is_the_header() {
    assert_snapshot!(show("<table><colgroup><col/><col/></colgroup><tbody><tr><th><p><strong>Name</strong></p></th><th>Role</th></tr><tr><td><p>Ada</p></td><td><b>Engineer</b></td></tr></tbody></table>"), @"
    | Name | Role |
    | --- | --- |
    | Ada | **Engineer** |
    ");
}

#[test]
fn without_header_cells_the_header_is_empty() {
    assert_snapshot!(show("<table><tr><th>Owner</th><td>Ann</td></tr><tr><th>State</th><td>new</td></tr></table>"), @"
    |  |  |
    | --- | --- |
    | Owner | Ann |
    | State | new |
    ");
}

#[test]
fn a_cell_is_one_line() {
    assert_snapshot!(show("<table><tr><th>a</th><th>b</th></tr><tr><td><p>one</p><p>two<br/>three</p></td><td><ul><li>x</li><li>y<ul><li>z</li></ul></li></ul><h2>h</h2><blockquote>q</blockquote></td></tr></table>"), @"
    | a | b |
    | --- | --- |
    | one<br>two<br>three | - x<br>- y<br>- z<br>**h**<br>q |
    ");
}

#[test]
fn pipes_do_not_end_a_cell() {
    assert_snapshot!(show(r#"<table><tr><td>a|b</td><td><code>x|y</code> <a href="http://h/?a|b">l|m</a></td></tr></table>"#), @r"
    |  |  |
    | --- | --- |
    | a\|b | `x\|y` [l\|m](http://h/?a\|b) |
    ");
}

#[test]
fn code_in_a_cell_is_spans() {
    assert_snapshot!(show(r#"<table><tr><td>run<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[a | b

c]]></ac:plain-text-body></ac:structured-macro></td><td>x</td></tr></table>"#), @r"
    |  |  |
    | --- | --- |
    | run<br>`a \| b`<br>`c` | x |
    ");
}

#[test]
fn rows_repeat_what_spans_them() {
    assert_snapshot!(show(r#"<table><tr><th>k</th><th>v</th></tr><tr><td rowspan="2">Latency</td><td>Cache</td></tr><tr><td>Batch</td></tr><tr><td rowspan="9">long long long long long long long long long long long long long long long long long long long long </td><td>1</td></tr><tr><td>2</td></tr></table>"#), @"
    | k | v |
    | --- | --- |
    | Latency | Cache |
    | Latency | Batch |
    | long long long long long long long long long long long long long long long long long long long long | 1 |
    |  | 2 |
    ");
}

#[test]
fn columns_are_spanned_by_empty_cells() {
    assert_snapshot!(show(r#"<table><tr><th colspan="2">both</th><th>c</th></tr><tr><td>1</td><td>2</td><td>3</td></tr><tr><td rowspan="2" colspan="2">x</td><td>4</td></tr><tr><td>5</td></tr></table>"#), @"
    | both |  | c |
    | --- | --- | --- |
    | 1 | 2 | 3 |
    | x |  | 4 |
    | x |  | 5 |
    ");
}

#[test]
fn rows_may_be_longer_than_the_header() {
    assert_snapshot!(show("<table><thead><tr><th>a</th></tr></thead><tr><td>1</td><td>2</td></tr><tr><td> </td><td/></tr></table>"), @"
    | a |  |
    | --- | --- |
    | 1 | 2 |
    ");
}

#[test]
fn a_table_of_one_cell_is_a_frame() {
    assert_snapshot!(show("<table><tr><td><h2>Title</h2><p>text</p></td></tr></table>"), @"
    ## Title

    text
    ");
}

#[test]
fn a_table_in_a_cell_is_lines() {
    assert_snapshot!(show("<table><tr><td>a<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table></td><td>b</td></tr></table>"), @"
    |  |  |
    | --- | --- |
    | a<br>1 / 2<br>3 / 4 | b |
    ");
}

#[test]
fn a_panel_in_a_cell_keeps_its_words() {
    assert_snapshot!(show(r#"<table><tr><td><ac:structured-macro ac:name="warning"><ac:parameter ac:name="title">Hot</ac:parameter><ac:rich-text-body><p>do not touch</p></ac:rich-text-body></ac:structured-macro></td><td><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">DONE</ac:parameter></ac:structured-macro></td></tr></table>"#), @"
    |  |  |
    | --- | --- |
    | **Hot**<br>do not touch | DONE |
    ");
}

#[test]
fn words_between_rows_are_kept() {
    assert_snapshot!(show("<table>lost<tr>and<td>a</td><td>b</td></tr></table>"), @"
    lost

    and

    |  |  |
    | --- | --- |
    | a | b |
    ");
}

#[test]
fn an_empty_table_is_nothing() {
    assert_snapshot!(show("<table><tbody><tr><td/><td> </td></tr></tbody></table><p>x</p>"), @"x");
}
