//! Bodies of messages: one kind out of the other, as `Prefer: outlook.body-content-type` asks (FACTS 1.1).

/// A written body as it is shown: as it stands, or as the kind that is wanted.
pub fn shown(kind: &str, content: &str, wanted: Option<&'static str>) -> (&'static str, String) {
    match (kind, wanted) {
        ("html", Some("text")) => ("text", text(content)),
        ("html", _) => ("html", content.to_string()),
        (_, Some("html")) => ("html", html(content)),
        _ => ("text", content.to_string()),
    }
}

/// The document of a text.
pub fn html(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace("\r\n", "<br>\r\n");
    format!(
        "<html><head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head><body><div>{escaped}</div></body></html>"
    )
}

/// The text of a document: without its tags, which is all that an invented mailbox needs.
pub fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut in_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            letter if !in_tag => text.push(letter),
            _ => {}
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
        .trim()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(text(&html("a < b & c")), "a < b & c");
        assert_eq!(
            shown("html", "<p>x</p>", Some("text")),
            ("text", "x".into())
        );
        assert_eq!(shown("text", "x", None), ("text", "x".into()));
        assert_eq!(shown("html", "<p>x</p>", None).0, "html");
    }
}
