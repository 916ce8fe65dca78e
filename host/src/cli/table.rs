//! Columns for people: as wide as what stands in them.

/// Lines with aligned columns. Columns whose heading begins with a blank stand to the right, as numbers do.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize, heading: &str| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([heading.trim().chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = heading.iter().enumerate().map(|(at, heading)| width(at, heading)).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for ((cell, heading), width) in cells.zip(heading).zip(&widths) {
            let padded = if heading.starts_with(' ') {
                format!("{cell:>width$}  ")
            } else {
                format!("{cell:<width$}  ")
            };
            line.push_str(&padded);
        }
        line.trim_end().to_owned()
    };
    let first = line(&mut heading.iter().map(|heading| heading.trim()));
    let rest = rows.iter().map(|row| line(&mut row.iter().map(String::as_str)));
    [first].into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn words_stand_to_the_left_and_numbers_to_the_right() {
        let row = |name: &str, number: &str, words: &str| vec![name.into(), number.into(), words.into()];
        let rows = [row("acme", "7", ""), row("a site", "1200", "failed: gone")];
        insta::assert_snapshot!(table(&["name", " new", "message"], &rows).join("\n"), @"
        name     new  message
        acme       7
        a site  1200  failed: gone
        ");
    }
}
