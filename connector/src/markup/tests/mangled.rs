//! Bodies cut, doubled and swapped at random. A failing round is repeated by its seed.

use super::super::to_markdown;

/// Numbers that are random enough and the same each time (Knuth's MMIX constants).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        let product = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = product.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const PIECES: [&str; 14] = [
    "<h2>Caf&eacute; — plan</h2><p>a <strong>b <em>c</em></strong> &lt;d&gt;<br/>e</p>",
    "<ul><li>one<ol start=\"3\"><li><p>two</p></li></ol></li></ul>",
    "<table><tr><th colspan=\"2\">h</th></tr><tr><td rowspan=\"3\">a|b</td><td><ul><li>x</li></ul></td></tr></table>",
    "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"language\">c</ac:parameter><ac:plain-text-body><![CDATA[if (a < b) `x`;]]></ac:plain-text-body></ac:structured-macro>",
    "<ac:structured-macro ac:name=\"info\"><ac:rich-text-body><p>mind</p></ac:rich-text-body></ac:structured-macro>",
    "<ac:link ac:anchor=\"%41%\"><ri:page ri:content-title=\"Röst\" /><ac:link-body>to</ac:link-body></ac:link>",
    "<ac:link><ri:user ri:account-id=\"1\" /></ac:link><a href=\"https://x.y/ü\">https://x.y/ü</a>",
    "<ac:image ac:alt=\"ä\"><ri:attachment ri:filename=\"ä.png\" /><ac:caption>cap</ac:caption></ac:image>",
    "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>do</ac:task-body></ac:task></ac:task-list>",
    "<ac:adf-extension><ac:adf-node type=\"panel\"><ac:adf-attribute key=\"panel-type\">note</ac:adf-attribute><ac:adf-content>n</ac:adf-content></ac:adf-node><ac:adf-fallback>n</ac:adf-fallback></ac:adf-extension>",
    "<blockquote><p>q</p><pre> p\n  r</pre></blockquote><hr/><time datetime=\"2026-01-01\"/>",
    "<ac:structured-macro ac:name=\"odd\"><ac:parameter ac:name=\"title\">t</ac:parameter></ac:structured-macro>",
    "<!-- c --><p>!<a href='x'>[l]</a>\u{a0}\0 _u_ *s* ~~t~~ &amp;amp; 日本語</p>",
    "<code>``</code><sub>1</sub><u> </u><ac:emoticon ac:name=\"tick\"/>",
];

fn boundary(text: &str, chance: &mut Chance) -> usize {
    let mut at = chance.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn mangle(body: &mut String, chance: &mut Chance) {
    let (one, other) = (boundary(body, chance), boundary(body, chance));
    let (from, to) = (one.min(other), one.max(other));
    let piece = body[from..to].to_owned();
    match chance.below(4) {
        0 => body.replace_range(from..to, ""),
        1 if body.len() < 20_000 => body.insert_str(to, &piece),
        2 => {
            body.replace_range(from..to, "");
            let at = boundary(body, chance);
            body.insert_str(at, &piece);
        }
        _ => body.insert_str(from, chance.pick(&["<", ">", "\"", "&", "</", "]]>", "<![CDATA[", "<!--"])),
    }
}

#[test]
fn mangled_bodies_are_still_written() {
    for seed in 0..5_000 {
        let mut chance = Chance(seed);
        let mut body: String = (0..5).map(|_| chance.pick(&PIECES)).collect();
        for _ in 0..=chance.below(8) {
            mangle(&mut body, &mut chance);
        }
        let text = to_markdown(&body).text;
        assert!(text.len() <= 20 * body.len() + 100, "seed {seed}: {body}");
        assert!(!text.contains('\0'), "seed {seed}: {body}");
    }
}

/// Tags whose words Confluence shows, opened and closed in any order.
const TAGS: [&str; 47] = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<em>",
    "</em>",
    "<u>",
    "</u>",
    "<br/>",
    "<h2>",
    "</h2>",
    "<ul>",
    "</ul>",
    "<ol>",
    "</ol>",
    "<li>",
    "</li>",
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<th rowspan=\"2\">",
    "</th>",
    "<blockquote>",
    "</blockquote>",
    "<a href=\"https://x.y/\">",
    "</a>",
    "<code>",
    "</code>",
    "<pre>",
    "</pre>",
    "<ac:link>",
    "</ac:link>",
    "<ac:task-list>",
    "</ac:task-list>",
    "<ac:task><ac:task-id>1",
    "<ac:task-status>complete</ac:task-status>",
    "</ac:task>",
    "<ac:image>",
    "</ac:image>",
    "<ac:structured-macro ac:name=\"info\"><ac:parameter ac:name=\"icon\">x</ac:parameter>",
    "<ac:structured-macro ac:name=\"odd\">",
    "<ac:rich-text-body>",
    "</ac:rich-text-body>",
    "</ac:structured-macro>",
];

#[test]
fn no_word_is_lost_between_disordered_tags() {
    for seed in 0..5_000 {
        let mut chance = Chance(seed);
        let words: Vec<_> = (0..20).map(|number| format!("w{number}w")).collect();
        let mut body = String::new();
        for word in &words {
            for _ in 0..chance.below(5) {
                body.push_str(chance.pick(&TAGS));
            }
            // Words directly inside of a task's number are its number.
            body.push_str(if body.ends_with("<ac:task-id>1") { "</ac:task-id>" } else { " " });
            body.push_str(word);
        }
        let text = to_markdown(&body).text;
        for word in &words {
            assert!(text.contains(word), "seed {seed}, {word}\n{body}\n{text}");
        }
    }
}
