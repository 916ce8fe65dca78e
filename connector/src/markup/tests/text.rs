//! Words, marks, escapes and whitespace.

use insta::assert_snapshot;

use super::show;

#[test]
fn marks_keep_what_people_emphasised() {
    assert_snapshot!(show("<p><strong>bold</strong> <em>italic</em> <u>under</u> <s>gone</s> H<sub>2</sub>O x<sup>2</sup> <code>a_b*c</code></p>"), @"**bold** *italic* <u>under</u> ~~gone~~ H<sub>2</sub>O x<sup>2</sup> `a_b*c`");
}

#[test]
fn marks_stand_at_words_and_not_at_space() {
    assert_snapshot!(show("<p>a<strong> b </strong>c <em> </em>d</p>"), @"a **b** c d");
}

#[test]
fn neighbouring_marks_become_one() {
    assert_snapshot!(show("<p><b>one</b><b>two</b> <i>x</i><b>y</b> <b>p</b><u><b>q</b></u></p>"), @"**onetwo** *x*y **p**<u>q</u>");
}

#[test]
fn a_stop_moves_out_of_marks_before_a_word() {
    assert_snapshot!(show("<p><b>Owner:</b>Ann <b>Due:</b> May. <b>Wow!</b><i>so</i></p>"), @"**Owner**:Ann **Due:** May. **Wow**!*so*");
}

#[test]
fn marks_that_would_not_be_seen_are_not_written() {
    assert_snapshot!(show("<p>b<b>&amp;c</b> <code>a</code><code>b</code> <b>* x</b></p>"), @"b&c `a` `b` * x");
}

#[test]
fn what_is_split_by_tags_does_not_become_markup() {
    assert_snapshot!(show(r"<p>&lt;<i>a</i>&gt; \<b>x</b> &lt;&shy;b&gt;</p>"), @r"\<*a*> \\**x** \<b>");
}

#[test]
fn marks_nest() {
    assert_snapshot!(show("<p><em><strong>both</strong> one</em> <b>outer <b>inner</b></b></p>"), @"***both** one* **outer inner**");
}

#[test]
fn marks_do_not_reach_across_blocks() {
    assert_snapshot!(show("<strong><p>one</p><p>two</p></strong>"), @"
    one

    two
    ");
}

#[test]
fn whitespace_collapses_as_in_a_browser() {
    assert_snapshot!(show("<p>
  one
  two&nbsp; &#160;three<br/>four</p>

<p>&nbsp;</p><p/>"), @"
    one two three  
    four
    ");
}

#[test]
fn two_breaks_part_paragraphs() {
    assert_snapshot!(show("<p>one<br/><br/>two<br/></p>"), @"
    one

    two
    ");
}

#[test]
fn invisible_characters_do_not_part_words() {
    assert_snapshot!(show("<p>Donau&shy;dampf\u{200b}schiff \0and&#0;&#8203;zero</p>"), @"Donaudampfschiff andzero");
}

#[test]
fn entities_and_references_are_characters() {
    assert_snapshot!(show("<p>caf&eacute; &mdash; &lsquo;q&rsquo; &#x1F600; &rarr; R&amp;D &apos;x&apos;</p>"), @"café — ‘q’ 😀 → R&D 'x'");
}

#[test]
fn what_is_no_entity_stays() {
    assert_snapshot!(show("<p>a & b &unknown; &#xZZ; &amp;nbsp; AT&T; &</p>"), @r"a & b &unknown; &#xZZ; \&nbsp; AT&T; &");
}

#[test]
fn only_what_would_change_meaning_is_escaped() {
    assert_snapshot!(show(r"<p>snake_case __init__ a * b *x* 2*3 [1] (a) `tick` C:\dir \_ a~b ~~no~~ [t](u) #tag 1.5 5 > 3 a|b</p>"), @r"snake_case \_\_init__ a * b \*x\* 2\*3 [1] (a) \`tick\` C:\dir \\_ a\~b \~\~no\~\~ [t\](u) #tag 1.5 5 > 3 a|b");
}

#[test]
fn angle_brackets_are_escaped_before_letters_only() {
    assert_snapshot!(show("<p>a &lt; b, x &lt;y&gt;, &lt;-, Vec&lt;T&gt;</p>"), @r"a < b, x \<y>, <-, Vec\<T>");
}

#[test]
fn lines_do_not_turn_into_headings_or_lists() {
    assert_snapshot!(show("<p># no</p><p>#tag</p><p>- no</p><p>-5</p><p>+ no</p><p>1. no</p><p>1.5</p><p>2024) no</p><p>&gt; no</p><p>---</p><p>===</p><p>* no</p><p>[x] no</p><p>[!NOTE]</p><p>[1]: http://x</p><p>a<br/># no</p>"), @r"
    \# no

    #tag

    \- no

    -5

    \+ no

    1\. no

    1.5

    2024\) no

    \> no

    \---

    \===

    \* no

    \[x] no

    \[!NOTE]

    \[1]: http://x

    a  
    \# no
    ");
}

#[test]
fn an_exclamation_mark_before_a_link_makes_no_image() {
    assert_snapshot!(show(r#"<p>Wow!<a href="https://x.y">here</a></p>"#), @"Wow! [here](https://x.y)");
}

#[test]
fn code_spans_hold_backticks() {
    assert_snapshot!(show("<p><code>a`b</code> <code>``</code> <code>&lt;b&gt; <em>x</em></code></p>"), @"``a`b`` ``` `` ``` `<b> x`");
}

#[test]
fn colours_and_comments_are_transparent() {
    assert_snapshot!(show(r#"<p><span style="color: red;">red</span> <ac:inline-comment-marker ac:ref="1">noted</ac:inline-comment-marker><!-- hidden --></p>"#), @"red noted");
}

#[test]
fn prompts_scripts_and_styles_are_not_shown() {
    assert_snapshot!(show("<p>a<ac:placeholder>Type here</ac:placeholder>b</p><style>p {}</style><script>x()</script>"), @"ab");
}

#[test]
fn dates_are_written_as_days() {
    assert_snapshot!(show(r#"<p>due <time datetime="2026-09-30" /></p>"#), @"due 2026-09-30");
}

#[test]
fn emoji_are_characters_or_else_names() {
    assert_snapshot!(show(r#"<p><ac:emoticon ac:name="blue-star" ac:emoji-shortname=":rocket:" ac:emoji-fallback="🚀" /> <ac:emoticon ac:name="tick" /> <ac:emoticon ac:emoji-shortname=":party:" /> <ac:emoticon ac:name="odd"/></p>"#), @"🚀 ✅ :party: :odd:");
}

#[test]
fn formulas_are_their_source() {
    assert_snapshot!(show(r#"<p><math><semantics><mi>E</mi><annotation encoding="application/x-tex">E = mc^2</annotation></semantics></math><span class="katex-html">E=mc2</span></p>"#), @"`E = mc^2`");
}

#[test]
fn unknown_elements_keep_their_words_and_are_counted() {
    assert_snapshot!(show("<p>a <blink>b</blink> <ac:novelty>c</ac:novelty></p>"), @"
    a b c

    lost: ac:novelty 1, blink 1
    ");
}

#[test]
fn no_control_character_gets_through() {
    let places = [
        "a\0b",
        "<code>a\0b</code>",
        "<pre>a\0b</pre>",
        "<a href='https://x.y/\0z'>https://x.y/\0z</a>",
        "<a href='https://x.y/' title='a\0b'>c</a>",
        "<ac:structured-macro ac:name='math-inline'><ac:parameter ac:name='body'>a\0\nb</ac:parameter></ac:structured-macro>",
        "<ac:structured-macro ac:name='a\0b'/>",
        "<ac:structured-macro ac:name='code'><ac:parameter ac:name='language'>a\0b</ac:parameter><ac:plain-text-body>c</ac:plain-text-body></ac:structured-macro>",
        "<ac:image ac:alt='a\0b'><ri:attachment ri:filename='c\0d'/></ac:image>",
    ];
    for place in places {
        let text = super::super::to_markdown(place).text;
        assert!(!text.contains('\0'), "{place:?} became {text:?}");
    }
    assert_eq!(super::super::to_markdown(places[5]).text, "`a b`");
}
