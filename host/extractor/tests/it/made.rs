//! Archives and PDFs by hand, so that they can lie.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// An archive of these parts.
pub fn archive<B: AsRef<[u8]>>(parts: &[(&str, B)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes.as_ref()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A document of Word with this XML as its body.
pub fn docx(body: &str) -> Vec<u8> {
    archive(&[("word/document.xml", document(body))])
}

pub fn document(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body>{body}</w:body></w:document>"
    )
}

pub fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A PDF of these numbered objects. It has no table of them, as if a repair had lost it.
pub fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut bytes = String::from("%PDF-1.7\n");
    for (number, object) in objects.iter().enumerate() {
        bytes += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    (bytes + "trailer\n<< /Root 1 0 R >>\n%%EOF").into_bytes()
}

/// A PDF of one page with a font `F` that these entries describe.
pub fn page(font: &str, content: &str, more: &[&str]) -> Vec<u8> {
    let font = format!("<< /Type /Font {font} >>");
    let stream = stream(content);
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        &stream,
        &font,
    ];
    objects.extend(more);
    pdf(&objects)
}

pub fn stream(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}
