//! Figures in columns.

/// Rows of text, printed as wide as their widest entry.
pub struct Table(Vec<Vec<String>>);

impl Table {
    pub fn new(titles: &[&str]) -> Self {
        Self(vec![titles.iter().map(|title| (*title).to_owned()).collect()])
    }

    pub fn row(&mut self, entries: &[String]) {
        self.0.push(entries.to_vec());
    }

    pub fn print(&self) {
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column| self.0.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in &self.0 {
            let entries = row.iter().zip(&widths).enumerate();
            let line: Vec<String> = entries
                .map(|(column, (entry, &width))| {
                    if column == 0 { format!("{entry:<width$}") } else { format!("{entry:>width$}") }
                })
                .collect();
            println!("  {}", line.join("  "));
        }
    }
}
