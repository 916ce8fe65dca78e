//! An attachment's bytes, made from its seed whenever they are asked for, so
//! that a site with thousands of files takes no room.

use super::Attachment;
use crate::prose;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Text,
    Markdown,
    Csv,
    Pdf,
    Png,
    /// Bytes that a test brings along.
    Made {
        media_type: &'static str,
        bytes: &'static [u8],
    },
}

impl FileKind {
    pub const ALL: [FileKind; 5] =
        [FileKind::Text, FileKind::Markdown, FileKind::Csv, FileKind::Pdf, FileKind::Png];

    pub fn extension(self) -> &'static str {
        match self {
            FileKind::Text => "txt",
            FileKind::Markdown => "md",
            FileKind::Csv => "csv",
            FileKind::Pdf => "pdf",
            FileKind::Png => "png",
            FileKind::Made { .. } => "bin",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            FileKind::Text => "text/plain",
            FileKind::Markdown => "text/markdown",
            FileKind::Csv => "text/csv",
            FileKind::Pdf => "application/pdf",
            FileKind::Png => "image/png",
            FileKind::Made { media_type, .. } => media_type,
        }
    }

    pub fn description(self) -> &'static str {
        match self {
            FileKind::Text => "Text File",
            FileKind::Markdown => "Markdown File",
            FileKind::Csv => "CSV File",
            FileKind::Pdf => "PDF Document",
            FileKind::Png => "PNG Image",
            FileKind::Made { .. } => "File",
        }
    }

    /// The same bytes for the same seed, everywhere.
    pub fn bytes(self, seed: u64) -> Vec<u8> {
        let mut rng = fastrand::Rng::with_seed(seed);
        match self {
            FileKind::Text => prose::plain_text(&mut rng, 6).into_bytes(),
            FileKind::Markdown => format!("# Notes\n\n{}\n", prose::plain_text(&mut rng, 4)).into_bytes(),
            FileKind::Csv => csv(&mut rng).into_bytes(),
            FileKind::Pdf => pdf(&prose::plain_text(&mut rng, 1)),
            FileKind::Png => PNG.to_vec(),
            FileKind::Made { bytes, .. } => bytes.to_vec(),
        }
    }
}

impl Attachment {
    pub fn bytes(&self) -> Vec<u8> {
        self.kind.bytes(self.seed)
    }
}

fn csv(rng: &mut fastrand::Rng) -> String {
    let mut text = String::from("service,region,requests,errors\n");
    for _ in 0..rng.usize(8..40) {
        let region = ["Lisbon", "Oslo", "Montreal", "Pune"][rng.usize(0..4)];
        text.push_str(&format!(
            "{},{region},{},{}\n",
            prose::service(rng),
            rng.u32(1000..90_000),
            rng.u32(0..400)
        ));
    }
    text
}

/// The least a reader of PDF accepts: one page, one font, the text in lines.
fn pdf(text: &str) -> Vec<u8> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let lines: String = words
        .chunks(12)
        .map(|line| format!("({}) Tj T*\n", line.join(" ").replace(['(', ')', '\\'], "")))
        .filter(|line| line.is_ascii())
        .collect();
    let stream = format!("BT /F1 11 Tf 14 TL 50 780 Td\n{lines}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_string(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_string(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let xref = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for offset in offsets {
        out.push_str(&format!("{offset:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n",
        objects.len() + 1
    ));
    out.into_bytes()
}

/// One grey pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1, 8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x08, 0xD7, 0x63,
    0x68, 0, 0, 0, 0x82, 0, 0x81, 0xDD, 0x43, 0x6A, 0xF4, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42,
    0x60, 0x82,
];
