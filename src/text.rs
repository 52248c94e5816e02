//! Readable text of an HTML body, for `o365_text`.

use html2text::render::TextDecorator;

/// No line of a mail is this long: lines break where the HTML says so, nowhere else.
const WIDTH: usize = 1 << 16;

/// The text of a body: paragraphs, lists and tables become lines, links keep their words, and styles,
/// scripts and pictures vanish. A text without markup keeps its words.
pub fn readable(html: &str) -> String {
    let rendered = html2text::config::with_decorator(Plain)
        .raw_mode(true)
        .no_table_borders()
        .link_footnotes(false)
        .string_from_read(html.as_bytes(), WIDTH);
    match rendered {
        Ok(text) => tidy(&text),
        // What cannot be laid out is shown as it is: nothing is lost.
        Err(_) => html.to_owned(),
    }
}

/// Marks list items and quotations, as mail in plain text does, and nothing else.
#[derive(Clone, Debug)]
struct Plain;

impl TextDecorator for Plain {
    type Annotation = ();

    fn decorate_link_start(&mut self, _url: &str) -> (String, ()) {
        unmarked()
    }

    fn decorate_link_end(&mut self) -> String {
        String::new()
    }

    fn decorate_em_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, ()) {
        unmarked()
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) {}

    fn decorate_preformat_cont(&self) {}

    fn decorate_image(&mut self, _src: &str, _title: &str) -> (String, ()) {
        unmarked()
    }

    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }

    fn unordered_item_prefix(&self) -> String {
        "* ".to_owned()
    }

    fn ordered_item_prefix(&self, number: i64) -> String {
        format!("{number}. ")
    }

    fn make_subblock_decorator(&self) -> Self {
        Self
    }
}

fn unmarked() -> (String, ()) {
    (String::new(), ())
}

/// Without blanks at the ends of lines and more than one empty line at a time.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_becomes_lines() {
        let html = "<html><head><style>p {color: red}</style><title>t</title></head><body>\
                    <p>Hello <b>Adele</b>,</p><p>see <a href='https://x'>the plan</a>&nbsp;&amp; reply.</p>\
                    <ul><li>one</li><li>two</li></ul><script>alert(1)</script></body></html>";
        assert_eq!(
            readable(html),
            "Hello Adele,\n\nsee the plan\u{a0}& reply.\n* one\n* two"
        );
    }

    #[test]
    fn what_is_no_html_stays() {
        assert_eq!(readable("plain text, 1 < 2"), "plain text, 1 < 2");
        assert_eq!(readable(""), "");
        assert_eq!(readable("<p>unclosed <b>bold"), "unclosed bold");
        assert_eq!(readable("Müller 🎉"), "Müller 🎉");
    }
}
