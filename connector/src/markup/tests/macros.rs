//! Macros: what is shown, what leaves a placeholder, what is never shown.

use insta::assert_snapshot;

use super::show;

#[test]
fn panels_are_alerts_with_their_title() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">Mind</ac:parameter><ac:rich-text-body><p>one</p><ul><li>two</li></ul></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="warning"><ac:rich-text-body>hot</ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="panel"><ac:parameter ac:name="bgColor">#fff</ac:parameter><ac:rich-text-body><p>p</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="tip"><ac:rich-text-body></ac:rich-text-body></ac:structured-macro>"#), @"
    > [!NOTE]
    > **Mind**
    >
    > one
    >
    > - two

    > [!CAUTION]
    > hot

    > [!NOTE]
    > p
    ");
}

#[test]
fn panels_nest() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="note"><ac:rich-text-body><p>a</p><ac:structured-macro ac:name="tip"><ac:rich-text-body><p>b</p></ac:rich-text-body></ac:structured-macro></ac:rich-text-body></ac:structured-macro>"#), @"
    > [!WARNING]
    > a
    >
    > > [!TIP]
    > > b
    ");
}

#[test]
fn an_expand_is_its_title_and_content() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">Why *we* waited</ac:parameter><ac:rich-text-body><p>Hidden reasoning.</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="expand"><ac:rich-text-body><p>untitled</p></ac:rich-text-body></ac:structured-macro>"#), @r"
    **Why \*we\* waited**

    Hidden reasoning.

    untitled
    ");
}

#[test]
fn a_status_is_its_title() {
    assert_snapshot!(show(r#"<p>state <ac:structured-macro ac:name="status"><ac:parameter ac:name="title">IN PROGRESS</ac:parameter><ac:parameter ac:name="colour">Blue</ac:parameter></ac:structured-macro>.</p>"#), @"state IN PROGRESS.");
}

#[test]
fn excerpts_are_shown_unless_hidden() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="excerpt"><ac:rich-text-body><p>seen</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="excerpt"><ac:parameter ac:name="hidden">true</ac:parameter><ac:rich-text-body><p>unseen</p></ac:rich-text-body></ac:structured-macro>"#), @"
    seen

    lost: excerpt (hidden) 1
    ");
}

#[test]
fn an_included_page_is_named_and_not_shown() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Shared header" ri:space-key="EX" /></ac:link></ac:parameter></ac:structured-macro><ac:structured-macro ac:name="excerpt-include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Terms" /></ac:link></ac:parameter><ac:parameter ac:name="nopanel">true</ac:parameter></ac:structured-macro>"#), @"
    [[macro: include Shared header]](<page:EX/Shared header>)

    [[macro: excerpt-include Terms]](page:Terms)

    placeholder: excerpt-include 1, include 1
    ");
}

#[test]
fn lists_made_by_confluence_leave_their_name() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="toc"><ac:parameter ac:name="maxLevel">3</ac:parameter></ac:structured-macro><ac:structured-macro ac:name="children"></ac:structured-macro><ac:structured-macro ac:name="recently-updated"></ac:structured-macro><p>x <ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">here</ac:parameter></ac:structured-macro>y</p>"#), @"
    [macro: children]

    [macro: recently-updated]

    x y

    placeholder: children 1, recently-updated 1
    ");
}

#[test]
fn an_unknown_macro_keeps_its_words() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="fancy"><ac:parameter ac:name="title">Do [it]</ac:parameter><ac:parameter ac:name="width">3</ac:parameter><ac:rich-text-body><p>words</p></ac:rich-text-body></ac:structured-macro><ac:structured-macro ac:name="raw"><ac:plain-text-body><![CDATA[<b>code</b>]]></ac:plain-text-body></ac:structured-macro><p>inline <ac:structured-macro ac:name="chart"><ac:parameter ac:name="diagramName">Flow</ac:parameter></ac:structured-macro> end</p>"#), @r"
    [macro: fancy Do \[it\]]

    words

    [macro: raw]

    ```
    <b>code</b>
    ```

    inline [macro: chart Flow] end

    placeholder: chart 1, fancy 1, raw 1
    ");
}

#[test]
fn a_jira_macro_is_its_key_or_its_query() {
    assert_snapshot!(show(r#"<p><ac:structured-macro ac:name="jira"><ac:parameter ac:name="server">System Jira</ac:parameter><ac:parameter ac:name="key">EX-42</ac:parameter></ac:structured-macro> <ac:structured-macro ac:name="jira"><ac:parameter ac:name="jqlQuery">project = EX</ac:parameter></ac:structured-macro></p>"#), @"
    EX-42 [macro: jira project = EX]

    placeholder: jira 1
    ");
}

#[test]
fn files_are_named() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="view-file"><ac:parameter ac:name="name"><ri:attachment ri:filename="budget 1.xlsx"/></ac:parameter></ac:structured-macro><ac:structured-macro ac:name="viewpdf"><ac:parameter ac:name="name">plain.pdf</ac:parameter></ac:structured-macro><ac:structured-macro ac:name="attachments"></ac:structured-macro>"#), @"
    [budget 1.xlsx](<attachment:budget 1.xlsx>)

    [plain.pdf](attachment:plain.pdf)

    [macro: attachments]

    placeholder: attachments 1
    ");
}

#[test]
fn a_profile_is_a_person() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="profile"><ac:parameter ac:name="user"><ri:user ri:account-id="5b1"/></ac:parameter></ac:structured-macro>"#), @"[@](user:5b1)");
}

#[test]
fn diagrams_and_formulas_are_their_source() {
    assert_snapshot!(show(r#"<ac:structured-macro ac:name="plantuml"><ac:plain-text-body><![CDATA[A -> B]]></ac:plain-text-body></ac:structured-macro><ac:structured-macro ac:name="mermaid-cloud"><ac:parameter ac:name="filename">flow.mmd</ac:parameter><ac:parameter ac:name="revision">1</ac:parameter></ac:structured-macro><p>so <ac:structured-macro ac:name="eazy-math-inline"><ac:parameter ac:name="body">\frac{1}{2}</ac:parameter></ac:structured-macro></p><ac:structured-macro ac:name="easy-math-block"><ac:parameter ac:name="body">x^2</ac:parameter></ac:structured-macro>"#), @r"
    ```plantuml
    A -> B
    ```

    [macro: mermaid-cloud flow.mmd]

    so `\frac{1}{2}`

    ```math
    x^2
    ```

    placeholder: mermaid-cloud 1
    ");
}

#[test]
fn what_the_new_editor_stores_twice_is_written_once() {
    assert_snapshot!(show(r#"<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">error</ac:adf-attribute><ac:adf-content><p>stop</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div class="panel"><p>stop</p></div></ac:adf-fallback></ac:adf-extension><ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>ship</ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback><ul><li>ship</li></ul></ac:adf-fallback></ac:adf-extension>"#), @"
    > [!CAUTION]
    > stop

    - **Decision:** ship
    ");
}

#[test]
fn without_a_fallback_the_node_is_written() {
    assert_snapshot!(show(r#"<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>ship</ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback> </ac:adf-fallback></ac:adf-extension>"#), @"- ship");
}

#[test]
fn macros_of_the_old_editor_are_the_same() {
    assert_snapshot!(show(r#"<ac:macro ac:name="include"><ac:default-parameter>Old page</ac:default-parameter></ac:macro><ac:macro ac:name="info"><ac:rich-text-body><p>old</p></ac:rich-text-body></ac:macro>"#), @"
    [macro: include Old page]

    > [!NOTE]
    > old

    placeholder: include 1
    ");
}

#[test]
fn an_apps_macro_is_named_without_its_settings() {
    assert_snapshot!(show(r#"<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="extension-key">1f/2e/static/drawio</ac:adf-attribute><ac:adf-attribute key="parameters"><ac:adf-parameter key="local-id">9</ac:adf-parameter><ac:adf-parameter key="guest-params"><ac:adf-parameter key="diagram-name">Flow</ac:adf-parameter><ac:adf-parameter key="page-id">77</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute></ac:adf-node></ac:adf-extension><ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="extension-key">1f/2e/static/plantuml-for-confluence</ac:adf-attribute><ac:adf-attribute key="parameters"><ac:adf-parameter key="guest-params"><ac:adf-parameter key="text">A -&gt; B
B -&gt; C</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute></ac:adf-node></ac:adf-extension><ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="extension-key">1f/2e/static/macro-html</ac:adf-attribute><ac:adf-attribute key="parameters"><ac:adf-parameter key="account-id">5b1</ac:adf-parameter><ac:adf-parameter key="guest-params"><ac:adf-parameter key="__body-content">&lt;b&gt;ok&lt;/b&gt;</ac:adf-parameter></ac:adf-parameter></ac:adf-attribute></ac:adf-node><ac:adf-fallback><p>An app's words</p></ac:adf-fallback></ac:adf-extension>"#), @"
    [macro: drawio Flow]

    ```plantuml
    A -> B
    B -> C
    ```

    [macro: macro-html]

    ```
    <b>ok</b>
    ```

    An app's words

    placeholder: drawio 1, macro-html 1
    ");
}

#[test]
fn a_node_with_content_does_not_need_its_fallback() {
    assert_snapshot!(show(r#"<ac:adf-extension><ac:adf-node type="extension"><ac:adf-attribute key="extension-key">native-tabs</ac:adf-attribute><ac:adf-attribute key="parameters"><ac:adf-parameter key="title">Angel</ac:adf-parameter></ac:adf-attribute><ac:adf-content><table><tr><th>a</th><th>b</th></tr></table><table><tr><th>c</th><th>d</th></tr></table></ac:adf-content></ac:adf-node><ac:adf-fallback><table><tr><th>c</th><th>d</th></tr></table></ac:adf-fallback></ac:adf-extension>"#), @"
    [macro: native-tabs Angel]

    | a | b |
    | --- | --- |

    | c | d |
    | --- | --- |

    placeholder: native-tabs 1
    ");
}

#[test]
fn a_fallback_of_nothing_but_a_table_is_written_once() {
    assert_snapshot!(show(r#"<ac:adf-extension><ac:adf-node type="new-thing"><ac:adf-content><table><tr><th>a</th><th>b</th></tr></table></ac:adf-content></ac:adf-node><ac:adf-fallback><table><tr><th>a</th><th>b</th></tr></table></ac:adf-fallback></ac:adf-extension>"#), @"
    | a | b |
    | --- | --- |
    ");
}

#[test]
fn decisions_say_so() {
    assert_snapshot!(show(r#"<p>before</p><ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-attribute key="local-id">4</ac:adf-attribute><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>ship <b>now</b></ac:adf-content></ac:adf-node><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content></ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback><ul class="decision-list"><li>ship now</li></ul></ac:adf-fallback></ac:adf-extension>"#), @"
    before

    - **Decision:** ship **now**
    ");
}

#[test]
fn an_extension_without_words_is_lost() {
    assert_snapshot!(show(r#"<ac:adf-extension><ac:adf-node type="new-thing"><ac:adf-attribute key="id">7</ac:adf-attribute></ac:adf-node></ac:adf-extension>"#), @"


    lost: ac:adf-extension 1
    ");
}
