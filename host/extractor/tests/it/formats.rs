//! Every format gives its words, in the order in which a reader meets them.

use extractor::Reason;

use crate::made::{self, docx, page, paragraph, stream};
use crate::{file, words};

#[test]
fn word() {
    insta::assert_snapshot!(words("a", &file("word.docx")).unwrap(), @"
    Road safety
    Stop at the zebra crossing.
    street	rule
    Main & High	slow
    footer walrus
    ");
}

#[test]
fn excel() {
    insta::assert_snapshot!(words("a", &file("sheet.xlsx")).unwrap(), @"
    Streets
    Walrus tab
    street	cars	note
    Main	4711	zebra crossing
    far away
    ");
}

#[test]
fn excel_before_2007() {
    let text = words("a", &file("book.xls")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0], lines[1]), (702, "Walrus tab", "line 0"));
    // The table of strings goes on over several records, and strings are split between them.
    assert_eq!(
        (lines[480], lines[701]),
        ("line 479 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "zebra crossing Łódka")
    );
}

#[test]
fn powerpoint() {
    let text = words("a", &file("slides.pptx")).unwrap();
    assert!(text.starts_with("Slide 1\ntext\nSlide 2"), "{text}");
    assert!(text.ends_with("Slide 10\nzebra crossing\nSlide 11\ntext\nspeaker walrus"), "{text}");
}

#[test]
fn open_document() {
    insta::assert_snapshot!(words("a", &file("text.odt")).unwrap(), @"
    Road safety
    Stop at the zebra crossing
    walrus
    ");
    insta::assert_snapshot!(words("a", &file("sheet.ods")).unwrap(), @"
    Walrus tab
    zebra crossing	4711
    b	c
    ");
    insta::assert_snapshot!(words("a", &file("slides.odp")).unwrap(), @"
    walrus_20_page
    zebra crossing
    ");
}

#[test]
fn mail_with_what_is_attached() {
    insta::assert_snapshot!(words("mail.eml", &file("mail.eml")).unwrap(), @"
    Ana ana@acme.example
    Ben ben@acme.example
    The zébra crossing
    Dear Ben,
    stop at the zebra crossing.
    word.docx
    Road safety
    Stop at the zebra crossing.
    street	rule
    Main & High	slow
    footer walrus
    Forwarded
    inner walrus
    ");
}

#[test]
fn pdf() {
    insta::assert_snapshot!(words("a", &file("helvetica.pdf")).unwrap(), @"
    Road safety
    Everybody stops at the zebra crossing, even in a hurry: café, naïve, € 5. Everybody stops at the
    zebra crossing, even in a hurry: café, naïve, € 5. Everybody stops at the zebra crossing, even in
    a hurry: café, naïve, € 5. Everybody stops at the zebra crossing, even in a hurry: café, naïve, € 5.
    Everybody stops at the zebra crossing, even in a hurry: café, naïve, € 5. Everybody stops at the
    zebra crossing, even in a hurry: café, naïve, € 5.
    walrus
    ");
    insta::assert_snapshot!(words("a", &file("truetype.pdf")).unwrap(), @"
    A zebra crossing in Vera: übermut, Łódka
    walrus upright
    ");
    insta::assert_snapshot!(words("a", &file("owner-password.pdf")).unwrap(), @"A zebra crossing behind a lock");
    assert_eq!(words("a", &file("user-password.pdf")), Err(Reason::Encrypted));
    assert_eq!(words("a", &file("scanned.pdf")), Err(Reason::Scanned));
}

#[test]
fn pdf_blanks_that_are_only_gaps() {
    let content =
        "BT /F 10 Tf 1 0 0 1 50 700 Tm [(zeb) 20 (ra) -300 (crossing)] TJ 0 -12 Td (next line) Tj ET";
    let font = "/Subtype /Type1 /BaseFont /Helvetica";
    assert_eq!(words("a", &page(font, content, &[])).unwrap(), "zebra crossing\nnext line");
}

#[test]
fn pdf_fonts_that_name_their_glyphs() {
    let font = "/Subtype /Type1 /Encoding << /BaseEncoding /MacRomanEncoding /Differences [65 /eacute /f_i /uni20AC] >>";
    assert_eq!(words("a", &page(font, "BT /F 9 Tf (ABCx\\216) Tj ET", &[])).unwrap(), "éfi€xé");
}

#[test]
fn pdf_codes_of_two_bytes_with_a_map() {
    let map = stream(
        "1 begincodespacerange <0000> <FFFF> endcodespacerange 2 beginbfrange <0001> <001A> <0061> <0020> <0020> [<FB01>] endbfrange",
    );
    let font = "/Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R]";
    let content = "BT /F 9 Tf <001A00050002001200010020> Tj ET";
    let descendant = "<< /Type /Font /Subtype /CIDFontType2 /DW 500 >>";
    assert_eq!(words("a", &page(font, content, &[&map, descendant])).unwrap(), "zebrafi");
}

#[test]
fn tracked_changes_and_old_drawings_are_left_out() {
    let body = paragraph("kept")
        + "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>\
           <mc:AlternateContent><mc:Choice><w:t>once</w:t></mc:Choice><mc:Fallback><w:t>twice</w:t></mc:Fallback>\
           </mc:AlternateContent>"
        + &paragraph("a &amp; b&#x20AC;");
    assert_eq!(words("a.docx", &docx(&body)).unwrap(), "kept\nonce\na & b€".replace("once\n", "once"));
}

#[test]
fn outlook_messages() {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut message = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    message.create_storage("/__attach_version1.0_#00000000").unwrap();
    let streams = [
        ("/__properties_version1.0", Vec::new()),
        ("/__substg1.0_0037001F", utf16("The zébra")),
        ("/__substg1.0_1000001E", b"Stop at the crossing.".to_vec()),
        ("/__attach_version1.0_#00000000/__substg1.0_3707001F", utf16("note.txt")),
        ("/__attach_version1.0_#00000000/__substg1.0_37010102", b"attached walrus".to_vec()),
    ];
    for (path, bytes) in streams {
        std::io::Write::write_all(&mut message.create_stream(path).unwrap(), &bytes).unwrap();
    }
    let bytes = message.into_inner().into_inner();
    assert_eq!(
        words("a.msg", &bytes).unwrap(),
        "The zébra\nStop at the crossing.\nnote.txt\nattached walrus"
    );
}

#[test]
fn text_of_all_kinds() {
    let markdown = extractor::extract(extractor::File {
        name: "a.md",
        media_type: "text/markdown",
        bytes: &b"# Zebra\n".as_slice(),
    });
    assert!(markdown.unwrap().is_markdown());
    assert_eq!(words("a.csv", b"street;cars\nMain;4711\n").unwrap(), "street;cars\nMain;4711");
    assert_eq!(words("a.html", b"<p>Zebra<p>crossing").unwrap(), "Zebra\ncrossing");
    assert_eq!(words("a.txt", b"na\xefve caf\xe9").unwrap(), "naïve café");
}

#[test]
fn what_is_locked_says_so() {
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let locked = [("mimetype", "x"), ("META-INF/manifest.xml", manifest), ("content.xml", "noise")];
    assert_eq!(words("a.odt", &made::archive(&locked)), Err(Reason::Encrypted));
    let mut office = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    office.create_stream("/EncryptedPackage").unwrap();
    assert_eq!(words("a.docx", &office.into_inner().into_inner()), Err(Reason::Encrypted));
}
