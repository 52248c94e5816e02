//! The countries of ISO 3166-1, which a usage location is one of.

/// A country a line, tabs between its codes and its name; lines with `#` are comments.
pub const COUNTRIES: &str = include_str!("countries.tsv");

/// Whether a text is the code of a country, in capitals or not.
pub fn is_code(text: &str) -> bool {
    COUNTRIES.lines().any(|line| {
        let code = line.split('\t').next().unwrap_or_default();
        code.len() == 2 && code.eq_ignore_ascii_case(text)
    })
}
