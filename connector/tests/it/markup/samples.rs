//! One small sample of everything that is converted, in both formats where both have it.

/// A kind of content.
pub struct Sample {
    pub what: &'static str,
    pub storage: &'static str,
    /// Nodes of a document; empty where the editor has no such node.
    pub adf: &'static str,
}

const fn sample(what: &'static str, storage: &'static str, adf: &'static str) -> Sample {
    Sample { what, storage, adf }
}

pub const SAMPLES: &[Sample] = &[
    sample(
        "Heading",
        "<h2>Plan</h2>",
        r#"{"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"Plan"}]}"#,
    ),
    sample(
        "Bold, italic, struck out, code",
        "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>",
        r#"{"type":"paragraph","content":[{"type":"text","text":"b","marks":[{"type":"strong"}]},{"type":"text","text":" "},{"type":"text","text":"i","marks":[{"type":"em"}]},{"type":"text","text":" "},{"type":"text","text":"s","marks":[{"type":"strike"}]},{"type":"text","text":" "},{"type":"text","text":"c","marks":[{"type":"code"}]}]}"#,
    ),
    sample(
        "Underlined, subscript, superscript",
        "<p><u>u</u> H<sub>2</sub> x<sup>2</sup></p>",
        r#"{"type":"paragraph","content":[{"type":"text","text":"u","marks":[{"type":"underline"}]},{"type":"text","text":" H"},{"type":"text","text":"2","marks":[{"type":"subsup","attrs":{"type":"sub"}}]},{"type":"text","text":" x"},{"type":"text","text":"2","marks":[{"type":"subsup","attrs":{"type":"sup"}}]}]}"#,
    ),
    sample(
        "Colour, alignment, inline comment's mark",
        r#"<p style="text-align: right;"><span style="color: red;">red</span> <ac:inline-comment-marker ac:ref="1">asked</ac:inline-comment-marker></p>"#,
        r#"{"type":"paragraph","marks":[{"type":"alignment","attrs":{"align":"end"}}],"content":[{"type":"text","text":"red","marks":[{"type":"textColor","attrs":{"color":"red"}}]},{"type":"text","text":" "},{"type":"text","text":"asked","marks":[{"type":"annotation","attrs":{"id":"1"}}]}]}"#,
    ),
    sample(
        "List",
        r#"<ol start="3"><li><p>a</p><ul><li><p>b</p></li></ul></li></ol>"#,
        r#"{"type":"orderedList","attrs":{"order":3},"content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]},{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"b"}]}]}]}]}]}"#,
    ),
    sample(
        "Tasks",
        "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>book</ac:task-body></ac:task><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>pay</ac:task-body></ac:task></ac:task-list>",
        r#"{"type":"taskList","content":[{"type":"taskItem","attrs":{"state":"DONE"},"content":[{"type":"text","text":"book"}]},{"type":"taskItem","attrs":{"state":"TODO"},"content":[{"type":"text","text":"pay"}]}]}"#,
    ),
    sample(
        "Decisions",
        r#"<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>ship</ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback><ul><li>ship</li></ul></ac:adf-fallback></ac:adf-extension>"#,
        r#"{"type":"decisionList","content":[{"type":"decisionItem","attrs":{"state":"DECIDED"},"content":[{"type":"text","text":"ship"}]}]}"#,
    ),
    sample(
        "Table; a cell over several rows is repeated in each",
        r#"<table><tr><th>k</th><th>v</th></tr><tr><td rowspan="2">a</td><td><p>1</p><p>2</p></td></tr><tr><td>3</td></tr></table>"#,
        r#"{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableHeader","content":[{"type":"paragraph","content":[{"type":"text","text":"k"}]}]},{"type":"tableHeader","content":[{"type":"paragraph","content":[{"type":"text","text":"v"}]}]}]},{"type":"tableRow","content":[{"type":"tableCell","attrs":{"rowspan":2},"content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]}]},{"type":"tableCell","content":[{"type":"paragraph","content":[{"type":"text","text":"1"}]},{"type":"paragraph","content":[{"type":"text","text":"2"}]}]}]},{"type":"tableRow","content":[{"type":"tableCell","content":[{"type":"paragraph","content":[{"type":"text","text":"3"}]}]}]}]}"#,
    ),
    sample(
        "Columns",
        "<ac:layout><ac:layout-section><ac:layout-cell><p>left</p></ac:layout-cell><ac:layout-cell><p>right</p></ac:layout-cell></ac:layout-section></ac:layout>",
        r#"{"type":"layoutSection","content":[{"type":"layoutColumn","content":[{"type":"paragraph","content":[{"type":"text","text":"left"}]}]},{"type":"layoutColumn","content":[{"type":"paragraph","content":[{"type":"text","text":"right"}]}]}]}"#,
    ),
    sample(
        "Quotation",
        "<blockquote><p>said</p></blockquote>",
        r#"{"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"said"}]}]}"#,
    ),
    sample(
        "Panel; by colour `NOTE`, `TIP`, `IMPORTANT`, `WARNING` or `CAUTION`",
        r#"<ac:structured-macro ac:name="note"><ac:rich-text-body><p>hot</p></ac:rich-text-body></ac:structured-macro>"#,
        r#"{"type":"panel","attrs":{"panelType":"warning"},"content":[{"type":"paragraph","content":[{"type":"text","text":"hot"}]}]}"#,
    ),
    sample(
        "Expand",
        r#"<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">Why</ac:parameter><ac:rich-text-body><p>so</p></ac:rich-text-body></ac:structured-macro>"#,
        r#"{"type":"expand","attrs":{"title":"Why"},"content":[{"type":"paragraph","content":[{"type":"text","text":"so"}]}]}"#,
    ),
    sample(
        "Code",
        r#"<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">rust</ac:parameter><ac:plain-text-body><![CDATA[let a = 1;]]></ac:plain-text-body></ac:structured-macro>"#,
        r#"{"type":"codeBlock","attrs":{"language":"rust"},"content":[{"type":"text","text":"let a = 1;"}]}"#,
    ),
    sample(
        "Mention; the host puts the name",
        r#"<p><ac:link><ri:user ri:account-id="5b1"/></ac:link></p>"#,
        r#"{"type":"paragraph","content":[{"type":"mention","attrs":{"id":"5b1","text":"@Ann"}}]}"#,
    ),
    sample(
        "Date",
        r#"<p><time datetime="2026-09-30"/></p>"#,
        r#"{"type":"paragraph","content":[{"type":"date","attrs":{"timestamp":"1790726400000"}}]}"#,
    ),
    sample(
        "Status",
        r#"<p><ac:structured-macro ac:name="status"><ac:parameter ac:name="title">DONE</ac:parameter><ac:parameter ac:name="colour">Green</ac:parameter></ac:structured-macro></p>"#,
        r#"{"type":"paragraph","content":[{"type":"status","attrs":{"text":"DONE","color":"green"}}]}"#,
    ),
    sample(
        "Emoji",
        r#"<p><ac:emoticon ac:name="blue-star" ac:emoji-shortname=":rocket:" ac:emoji-fallback="🚀"/></p>"#,
        r#"{"type":"paragraph","content":[{"type":"emoji","attrs":{"shortName":":rocket:","text":"🚀"}}]}"#,
    ),
    sample(
        "Link",
        r#"<p><a href="https://example.com/">site</a></p>"#,
        r#"{"type":"paragraph","content":[{"type":"text","text":"site","marks":[{"type":"link","attrs":{"href":"https://example.com/"}}]}]}"#,
    ),
    sample(
        "Smart link",
        r#"<p><a href="https://example.com/" data-card-appearance="inline">https://example.com/</a></p>"#,
        r#"{"type":"paragraph","content":[{"type":"inlineCard","attrs":{"url":"https://example.com/"}}]}"#,
    ),
    sample(
        "Link to a page, with an anchor",
        r#"<p><ac:link ac:anchor="Aims"><ri:page ri:space-key="EX" ri:content-title="Plan"/><ac:link-body>the plan</ac:link-body></ac:link></p>"#,
        "",
    ),
    sample("Link to a file", r#"<p><ac:link><ri:attachment ri:filename="plan.pdf"/></ac:link></p>"#, ""),
    sample(
        "Image with a caption",
        r#"<ac:image ac:alt="plan"><ri:attachment ri:filename="plan.png"/><ac:caption>Our plan</ac:caption></ac:image>"#,
        "",
    ),
    sample(
        "The same from the editor, which knows files by id",
        "",
        r#"{"type":"mediaSingle","content":[{"type":"media","attrs":{"type":"file","id":"f1","alt":"plan"}},{"type":"caption","content":[{"type":"text","text":"Our plan"}]}]}"#,
    ),
    sample(
        "Diagram or formula as source",
        r#"<ac:structured-macro ac:name="plantuml"><ac:plain-text-body>A -> B</ac:plain-text-body></ac:structured-macro>"#,
        r#"{"type":"extension","attrs":{"extensionKey":"plantuml","parameters":{"macroParams":{"__bodyContent":{"value":"A -> B"}}}}}"#,
    ),
    sample(
        "Jira issue",
        r#"<p><ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">EX-42</ac:parameter></ac:structured-macro></p>"#,
        r#"{"type":"paragraph","content":[{"type":"inlineExtension","attrs":{"extensionKey":"jira","parameters":{"macroParams":{"key":{"value":"EX-42"}}}}}]}"#,
    ),
    sample(
        "Excerpt",
        r#"<ac:structured-macro ac:name="excerpt"><ac:rich-text-body><p>in short</p></ac:rich-text-body></ac:structured-macro>"#,
        r#"{"type":"bodiedExtension","attrs":{"extensionKey":"excerpt"},"content":[{"type":"paragraph","content":[{"type":"text","text":"in short"}]}]}"#,
    ),
    sample(
        "Included page: a placeholder, since its readers may be others",
        r#"<ac:structured-macro ac:name="include"><ac:parameter ac:name=""><ac:link><ri:page ri:content-title="Terms"/></ac:link></ac:parameter></ac:structured-macro>"#,
        "",
    ),
    sample(
        "Any other macro, or an app's: a placeholder, and its words",
        r#"<ac:structured-macro ac:name="fancy"><ac:parameter ac:name="title">Flow</ac:parameter><ac:rich-text-body><p>words</p></ac:rich-text-body></ac:structured-macro>"#,
        r#"{"type":"bodiedExtension","attrs":{"extensionKey":"1f/2e/static/fancy","parameters":{"guestParams":{"title":"Flow"}}},"content":[{"type":"paragraph","content":[{"type":"text","text":"words"}]}]}"#,
    ),
];
