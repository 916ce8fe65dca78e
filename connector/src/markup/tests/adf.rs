//! Documents of the editor's own format.

use insta::assert_snapshot;

use super::show_adf;

/// A document of these nodes.
fn doc(nodes: &str) -> String {
    show_adf(&format!(r#"{{"type":"doc","version":1,"content":[{nodes}]}}"#))
}

/// A document of one paragraph of these nodes.
fn line(nodes: &str) -> String {
    doc(&format!(r#"{{"type":"paragraph","content":[{nodes}]}}"#))
}

#[test]
fn marks_are_nested_and_a_link_is_one_link() {
    assert_snapshot!(line(r#"{"type":"text","text":"see "},
        {"type":"text","text":"the ","marks":[{"type":"link","attrs":{"href":"https://x.y/"}}]},
        {"type":"text","text":"play","marks":[{"type":"link","attrs":{"href":"https://x.y/"}},{"type":"strong"}]},
        {"type":"text","text":"book","marks":[{"type":"em"},{"type":"link","attrs":{"href":"https://x.y/","title":"hint"}}]},
        {"type":"text","text":" let x","marks":[{"type":"code"},{"type":"strong"}]},
        {"type":"text","text":" gone","marks":[{"type":"strike"},{"type":"textColor","attrs":{"color":"red"}}]},
        {"type":"text","text":"2","marks":[{"type":"subsup","attrs":{"type":"sup"}}]},
        {"type":"text","text":" <b>&amp;","marks":[{"type":"annotation","attrs":{"id":"1"}}]},
        {"type":"text","text":" odd","marks":[{"type":"wobble"}]}"#), @r#"
    see [the **play**](https://x.y/)[*book*](https://x.y/ "hint")**`let x`** ~~gone~~<sup>2</sup> \<b>\&amp; odd

    lost: mark wobble 1
    "#);
}

#[test]
fn people_days_states_and_faces() {
    assert_snapshot!(line(r#"{"type":"mention","attrs":{"id":"5b1","text":"@Ann"}},{"type":"text","text":" and "},
        {"type":"mention","attrs":{"id":"all","text":"@all","userType":"SPECIAL"}},{"type":"text","text":" by "},
        {"type":"date","attrs":{"timestamp":"1790726400000"}},{"type":"text","text":" or "},
        {"type":"date","attrs":{"timestamp":1790726400000}},{"type":"text","text":" or "},
        {"type":"date","attrs":{"timestamp":"soon"}},{"type":"hardBreak"},
        {"type":"status","attrs":{"text":"DONE","color":"green"}},{"type":"text","text":" "},
        {"type":"emoji","attrs":{"shortName":":rocket:","text":"🚀"}},{"type":"text","text":" "},
        {"type":"emoji","attrs":{"shortName":":our-logo:"}},{"type":"placeholder","attrs":{"text":"Say more"}}"#), @"
    [@](user:5b1) and @all by 2026-09-30 or 2026-09-30 or soon  
    DONE 🚀 :our-logo:

    lost: date 1
    ");
}

#[test]
fn smart_links_are_their_url_or_their_name() {
    assert_snapshot!(doc(r#"{"type":"paragraph","content":[{"type":"inlineCard","attrs":{"url":"https://x.y/a"}}]},
        {"type":"blockCard","attrs":{"data":{"url":"https://x.y/b","name":"Plan B"}}},
        {"type":"embedCard","attrs":{"url":"https://x.y/c","layout":"center"}},
        {"type":"blockCard","attrs":{"datasource":{"id":"1","parameters":{"jql":"project = EX"}}}}"#), @"
    <https://x.y/a>

    [Plan B](https://x.y/b)

    <https://x.y/c>

    [macro: blockCard project = EX]

    placeholder: blockCard 1
    ");
}

#[test]
fn lists_nest_and_tasks_and_decisions_keep_their_state() {
    assert_snapshot!(doc(r#"{"type":"orderedList","attrs":{"order":3},"content":[{"type":"listItem","content":[
          {"type":"paragraph","content":[{"type":"text","text":"third"}]},
          {"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"inner"}]}]}]}]}]},
        {"type":"taskList","content":[{"type":"taskItem","attrs":{"state":"DONE"},"content":[{"type":"text","text":"book"}]},
          {"type":"taskList","content":[{"type":"taskItem","attrs":{"state":"TODO"},"content":[{"type":"text","text":"pay"}]}]}]},
        {"type":"decisionList","content":[{"type":"decisionItem","attrs":{"state":"DECIDED"},"content":[{"type":"text","text":"ship"}]},
          {"type":"decisionItem","attrs":{"state":"UNDECIDED"},"content":[{"type":"text","text":"when"}]},{"type":"decisionItem"}]}"#), @"
    3. third
       - inner

    - [x] book
      - [ ] pay

    - **Decision:** ship
    - **To decide:** when
    ");
}

#[test]
fn a_table_is_a_table_with_its_spans() {
    let cell = |kind: &str, attrs: &str, text: &str| {
        format!(
            r#"{{"type":"{kind}","attrs":{attrs},"content":[{{"type":"paragraph","content":[{{"type":"text","text":"{text}"}}]}}]}}"#
        )
    };
    let row = |cells: &[String]| format!(r#"{{"type":"tableRow","content":[{}]}}"#, cells.join(","));
    let head = row(&[cell("tableHeader", r#"{"colspan":2}"#, "both"), cell("tableHeader", "{}", "one")]);
    let tall = row(&[
        cell("tableCell", r#"{"rowspan":2}"#, "a|b"),
        cell("tableCell", "{}", "c"),
        cell("tableCell", "null", "d"),
    ]);
    let last = row(&[cell("tableCell", "{}", "e"), cell("tableCell", "{}", "f")]);
    assert_snapshot!(doc(&format!(r#"{{"type":"table","content":[{head},{tall},{last}]}}"#)), @r"
    | both |  | one |
    | --- | --- | --- |
    | a\|b | c | d |
    | a\|b | e | f |
    ");
}

#[test]
fn panels_expands_code_and_quotes() {
    assert_snapshot!(doc(r#"{"type":"panel","attrs":{"panelType":"warning"},"content":[{"type":"paragraph","content":[{"type":"text","text":"hot"}]}]},
        {"type":"expand","attrs":{"title":"Why"},"content":[{"type":"paragraph","content":[{"type":"text","text":"so"}]}]},
        {"type":"codeBlock","attrs":{"language":"rust"},"content":[{"type":"text","text":"if a < b {\n"},{"type":"text","text":"    \"c\" }"}]},
        {"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"said"}]}]},
        {"type":"heading","attrs":{"level":4},"content":[{"type":"text","text":"Deep"}]},{"type":"rule"},
        {"type":"layoutSection","content":[{"type":"layoutColumn","attrs":{"width":50},"content":[{"type":"paragraph","content":[{"type":"text","text":"left"}]}]}]}"#), @r#"
    > [!WARNING]
    > hot

    **Why**

    so

    ```rust
    if a < b {
        "c" }
    ```

    > said

    #### Deep

    ---

    left
    "#);
}

#[test]
fn images_have_captions_and_files_have_ids() {
    assert_snapshot!(doc(r#"{"type":"mediaSingle","attrs":{"layout":"center"},"content":[{"type":"media","attrs":{"type":"file","id":"f1","alt":"plan"}},
          {"type":"caption","content":[{"type":"text","text":"The "},{"type":"text","text":"plan","marks":[{"type":"em"}]}]}]},
        {"type":"mediaSingle","content":[{"type":"media","attrs":{"type":"external","url":"https://x.y/i.png"},"marks":[{"type":"link","attrs":{"href":"https://x.y/"}}]}]},
        {"type":"mediaSingle","content":[{"type":"media","attrs":{"type":"file","id":"f4"}}]},
        {"type":"mediaGroup","content":[{"type":"media","attrs":{"type":"file","id":"f2","__fileName":"a b.pdf"}},{"type":"media","attrs":{"type":"file","id":"f3"}}]},
        {"type":"paragraph","content":[{"type":"text","text":"in "},{"type":"mediaInline","attrs":{"id":"f5","alt":"sheet"}},{"type":"text","text":"line"}]}"#), @"
    ![plan](media:f1) The *plan*

    [![](https://x.y/i.png)](https://x.y/)

    ![](media:f4)

    [a b.pdf](<attachment:a b.pdf>) [file](media:f3)

    in [sheet](media:f5) line
    ");
}

#[test]
fn extensions_are_macros() {
    assert_snapshot!(doc(r#"{"type":"extension","attrs":{"extensionType":"com.atlassian.confluence.macro.core","extensionKey":"toc"}},
        {"type":"paragraph","content":[{"type":"inlineExtension","attrs":{"extensionKey":"jira","parameters":{"macroParams":{"key":{"value":"EX-42"}}}}}]},
        {"type":"bodiedExtension","attrs":{"extensionKey":"excerpt","parameters":{"macroParams":{"hidden":{"value":"false"}}}},"content":[{"type":"paragraph","content":[{"type":"text","text":"seen"}]}]},
        {"type":"extension","attrs":{"extensionKey":"include","parameters":{"macroParams":{"":{"value":"Shared header"}}}}},
        {"type":"extension","attrs":{"extensionKey":"plantuml","parameters":{"macroParams":{"__bodyContent":{"value":"A -> B\nB -> C"}}}}},
        {"type":"extension","attrs":{"extensionType":"com.atlassian.ecosystem","extensionKey":"1f/2e/static/drawio","text":"draw.io","parameters":{"guestParams":{"diagramName":"Flow","width":3}}}}"#), @"
    EX-42

    seen

    [macro: include Shared header]

    ```plantuml
    A -> B
    B -> C
    ```

    [macro: drawio Flow]

    placeholder: drawio 1, include 1
    ");
}

#[test]
fn unknown_nodes_keep_their_words() {
    assert_snapshot!(doc(r#"{"type":"futureBlock","attrs":{"title":"Next"},"content":[{"type":"paragraph","content":[{"type":"text","text":"words"}]}]},
        {"type":"paragraph","content":[{"type":"text","text":"a "},{"type":"futureInline","attrs":{"text":"b"}},{"type":"text","text":" c"}]},
        {"type":"unsupportedBlock","attrs":{"originalValue":{"type":"paragraph","content":[{"type":"text","text":"kept"}]}}},
        {"type":"confluenceUnsupportedBlock","attrs":{"cxhtml":"<p>from <b>storage</b></p>"}},
        {"content":[{"type":"text","text":"typeless"}]},"bare","#), @"
    [macro: futureBlock Next]

    words

    a [macro: futureInline b] c

    kept

    from **storage**

    typeless bare

    lost: (no type) 1

    placeholder: futureBlock 1, futureInline 1
    ");
}

/// One page, by both ways.
#[test]
fn the_same_page_reads_the_same_in_either_format() {
    let adf = r#"{"type":"doc","content":[
        {"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"Plan"}]},
        {"type":"paragraph","content":[{"type":"text","text":"Ask "},{"type":"mention","attrs":{"id":"5b1"}},{"type":"text","text":"."}]},
        {"type":"panel","attrs":{"panelType":"warning"},"content":[{"type":"paragraph","content":[{"type":"text","text":"hot"}]}]},
        {"type":"expand","attrs":{"title":"More"},"content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]}]}"#;
    let storage = r#"<h2>Plan</h2><p>Ask <ac:link><ri:user ri:account-id="5b1" /></ac:link>.</p>
        <ac:structured-macro ac:name="note"><ac:rich-text-body><p>hot</p></ac:rich-text-body></ac:structured-macro>
        <ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">More</ac:parameter><ac:rich-text-body><p>x</p></ac:rich-text-body></ac:structured-macro>"#;
    assert_eq!(show_adf(adf), super::show(storage));
}
