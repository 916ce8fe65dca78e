//! Files made to harm: each ends with a reason, soon and with little memory.

use std::time::{Duration, Instant};

use extractor::{Reason, TEXT_BYTES_MAX};

use crate::made::{archive, document, docx, page, paragraph, pdf, stream};
use crate::{file, words};

/// A debug build on a busy machine; an honest file of this size takes milliseconds.
const SOON: Duration = Duration::from_secs(30);

fn refused(name: &str, bytes: &[u8]) -> Reason {
    let began = Instant::now();
    let outcome = words(name, bytes);
    assert!(began.elapsed() < SOON, "it took {:?}", began.elapsed());
    outcome.unwrap_err()
}

#[test]
fn an_archive_that_grows_a_thousandfold() {
    let bomb = docx(&" ".repeat(20_000_000));
    assert!(bomb.len() < 30_000);
    assert_eq!(refused("a.docx", &bomb), Reason::Expands);
    let sheet = archive(&[("xl/workbook.xml", Vec::new()), ("xl/sharedStrings.xml", vec![b' '; 20_000_000])]);
    assert_eq!(refused("a.xlsx", &sheet), Reason::Expands);
}

#[test]
fn many_parts_that_grow_together() {
    let parts: Vec<(String, String)> =
        (1..40).map(|n| (format!("ppt/slides/slide{n}.xml"), " ".repeat(500_000))).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, part)| (name.as_str(), part.as_str())).collect();
    assert_eq!(refused("a.pptx", &archive(&parts)), Reason::Expands);
}

#[test]
fn an_archive_within_an_archive_is_not_opened() {
    let inner = docx(&" ".repeat(1_000_000));
    let outer = archive(&[("word/document.xml", inner.clone()), ("inner.docx", inner)]);
    assert!(matches!(refused("a.docx", &outer), Reason::Damaged(_) | Reason::Empty));
    let plain = archive(&[("inner.zip", file("word.docx"))]);
    assert_eq!(refused("a.zip", &plain), Reason::Unsupported("an archive".to_owned()));
}

#[test]
fn an_archive_of_very_many_entries() {
    let names: Vec<String> = (0..30_000).map(|number| format!("xl/worksheets/sheet{number}.xml")).collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(refused("a.xlsx", &archive(&parts)), Reason::Expands);
}

#[test]
fn a_workbook_that_names_very_many_sheets() {
    let names = "<sheet name=\"Sheet of many\"/>".repeat(200_000);
    let workbook = format!("<workbook><sheets>{names}</sheets></workbook>");
    let book = archive(&[("xl/workbook.xml", workbook), ("xl/worksheets/sheet1.xml", String::new())]);
    // Names that repeat themselves like this shrink more than an honest workbook can.
    let began = Instant::now();
    match words("a.xlsx", &book) {
        Ok(text) => assert!(text.len() <= TEXT_BYTES_MAX),
        Err(reason) => assert_eq!(reason, Reason::Expands),
    }
    assert!(began.elapsed() < SOON);
}

#[test]
fn entities_that_laugh() {
    let laughs = "<!DOCTYPE w:document [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;\">]>\
                  <w:document><w:p><w:t>&c;</w:t></w:p></w:document>";
    assert_eq!(refused("a.docx", &archive(&[("word/document.xml", laughs)])), Reason::Expands);
    let odt = [("mimetype", ""), ("content.xml", laughs)];
    assert_eq!(refused("a.odt", &archive(&odt)), Reason::Expands);
}

#[test]
fn text_without_end_is_cut() {
    let long = docx(&(0..1_200).map(|_| paragraph(&"walrus, ".repeat(1_250))).collect::<String>());
    let text = words("a.docx", &long).unwrap();
    assert!(text.len() <= TEXT_BYTES_MAX && text.len() > TEXT_BYTES_MAX - 100);
}

#[test]
fn everything_cut_off_anywhere() {
    let names = [
        "word.docx",
        "sheet.xlsx",
        "text.odt",
        "helvetica.pdf",
        "truetype.pdf",
        "owner-password.pdf",
        "user-password.pdf",
        "book.xls",
        "mail.eml",
    ];
    for name in names {
        let bytes = file(name);
        for step in 0..20 {
            let _any = words(name, &bytes[..bytes.len() * step / 20]);
        }
    }
}

#[test]
fn everything_with_bytes_turned_over() {
    let mut rng = 0x2545_f491_4f6c_dd1d_u64;
    for name in [
        "word.docx",
        "sheet.xlsx",
        "text.odt",
        "helvetica.pdf",
        "truetype.pdf",
        "owner-password.pdf",
        "book.xls",
    ] {
        let bytes = file(name);
        for _ in 0..15 {
            let mut spoiled = bytes.clone();
            for _ in 0..20 {
                rng ^= rng << 13;
                rng ^= rng >> 7;
                rng ^= rng << 17;
                let at = usize::try_from(rng).unwrap() % spoiled.len();
                spoiled[at] = rng.to_le_bytes()[7];
            }
            let _any = words(name, &spoiled);
        }
    }
}

#[test]
fn sizes_that_lie() {
    let honest = docx(&paragraph("zebra crossing"));
    let at = honest.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let mut lying = honest.clone();
    // The uncompressed size in the central directory.
    lying[at + 24..at + 28].copy_from_slice(&u32::MAX.to_le_bytes());
    let _any = words("a.docx", &lying);
    let mut lying = honest;
    let end = lying.len() - 22;
    lying[end + 12..end + 16].copy_from_slice(&u32::MAX.to_le_bytes());
    let _any = words("a.docx", &lying);
    let length = "<< /Length 4000000000 >>\nstream\nBT /F 9 Tf (zebra) Tj ET\nendstream";
    let bytes = String::from_utf8(page("/Subtype /Type1", "", &[])).unwrap().replace(&stream(""), length);
    let _any = words("a.pdf", bytes.as_bytes());
}

#[test]
fn a_pdf_whose_parts_hold_themselves() {
    let loops = pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3 /Parent 2 0 R >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> /Font 6 0 R >> >>",
        &stream("/X Do /X Do BT /F 9 Tf (zebra) Tj ET"),
        "<< /Subtype /Form /Resources << /XObject << /X 5 0 R >> >> /Length 17 >>\nstream\n/X Do /X Do /X Do\nendstream",
        "<< /F 7 0 R >>",
        "7 0 R",
    ]);
    let began = Instant::now();
    let _any = words("a.pdf", &loops);
    assert!(began.elapsed() < SOON);
}

#[test]
fn a_map_of_characters_that_names_all_codes() {
    let map = stream(&"beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange ".repeat(2_000));
    let font = "/Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R";
    assert!(words("a.pdf", &page(font, "BT /F 9 Tf <00000001> Tj ET", &[&map])).is_ok());
}

#[test]
fn messages_within_messages_within_messages() {
    let mut mail = String::from("Subject: innermost walrus\r\n\r\nhello\r\n");
    for level in 0..200 {
        mail = format!(
            "Subject: level {level}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b{level}\r\n\r\n\
             --b{level}\r\nContent-Type: message/rfc822\r\n\r\n{mail}\r\n--b{level}--\r\n"
        );
    }
    let text = words("a.eml", mail.as_bytes()).unwrap();
    assert!(text.starts_with("level 199") && !text.contains("walrus"), "{text}");
}

#[test]
fn xml_that_is_none() {
    for xml in ["<w:p><w:t>cut", "</w:p></w:p>", "<<<>>>", "<w:p a=b a=b a='><w:t>x</w:t>", "\0\0\0"] {
        let _any = words("a.docx", &archive(&[("word/document.xml", xml)]));
    }
    let late = document(&paragraph("zebra")).replace("</w:body>", "<!");
    assert!(words("a.docx", &archive(&[("word/document.xml", late)])).is_err());
}
