//! Text that stays text: one function for each place where a value can stand.
//!
//! | Place | Function |
//! | --- | --- |
//! | paragraph, heading, list item | [`inline`], and [`prose`] where backticks mean code |
//! | table cell | [`cell`], and [`prose_cell`] |
//! | quotation | [`quote`] |
//! | Markdown of a kit | [`block`] |
//! | code | [`code`] |
//! | link | [`link`]: `http`, `https`, `mailto` and relative addresses, no others |
//! | HTML comment | [`comment`] |
//! | YAML and TOML | [`yaml`] |
//! | CSV | `cell` of the module `csv` in `exchange`, with its guard against formulas |
//! | terminal | [`tame`](crate::diagnostic::render::tame) |
//!
//! Answers come from anywhere. Whatever they hold, a reader sees it as it was written, and it never becomes a table cell, a
//! heading, a link or HTML.

use std::fmt::Write;

/// Returns text for a paragraph, heading or list item: on one line, with nothing in it that Markdown would read.
pub fn inline(text: &str) -> String {
    let text = tame(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut escaped = String::with_capacity(text.len() + 8);
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        word_of(word, index == 0, &mut escaped);
    }
    escaped
}

fn word_of(word: &str, is_first: bool, escaped: &mut String) {
    if is_first && starts_block(word) {
        escaped.push_str(&guarded(word));
        return;
    }
    plain(word, escaped);
}

fn plain(word: &str, escaped: &mut String) {
    let chars: Vec<char> = word.chars().collect();
    for (index, c) in chars.iter().enumerate() {
        match c {
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => {
                escaped.push('\\');
                escaped.push(*c);
            }
            // A dollar sign that ends a formula on GitHub and GitLab stands behind a letter; one that begins a price does not.
            '$' if index > 0 => escaped.push_str("\\$"),
            '_' => {
                // Inside a word an underscore is no emphasis, and escaping it would only hurt the eye.
                let inside =
                    index > 0 && chars[index - 1].is_alphanumeric() && chars.get(index + 1).is_some_and(|next| next.is_alphanumeric());
                escaped.push_str(if inside { "_" } else { "\\_" });
            }
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => {
                let rest: String = chars[index + 1..].iter().collect();
                escaped.push_str(if is_entity(&rest) { "&amp;" } else { "&" });
            }
            _ => escaped.push(*c),
        }
    }
}

fn is_entity(rest: &str) -> bool {
    rest.split_once(';').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
}

/// Returns true if a word at the start of a line would begin a heading, list, rule or other block.
fn starts_block(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = digits.len() < word.len() && (digits == "." || digits == ")");
    let is_mark = word.chars().all(|c| matches!(c, '#' | '-' | '+' | '=' | '_' | '*')) && !word.is_empty();
    is_number || is_mark || word.starts_with("::")
}

fn guarded(word: &str) -> String {
    let mut escaped = String::new();
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let _ = write!(escaped, "{digits}\\");
    let rest: String = word.chars().skip(digits.len()).collect();
    let mut chars = rest.chars();
    escaped.extend(chars.next());
    plain(chars.as_str(), &mut escaped);
    escaped
}

/// Returns text for a table cell: as [`prose_cell`], line breaks that somebody meant kept as `<br>`.
pub fn cell(text: &str) -> String {
    let paragraphs = paragraphs(text);
    let lines: Vec<String> = paragraphs.iter().flatten().map(|line| prose_cell(line)).collect();
    lines.join("<br>")
}

/// Returns text with the line breaks that somebody meant, and without those that only wrapped it: for whoever wraps it anew.
pub fn reflowed(text: &str) -> String {
    paragraphs(text).into_iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n")
}

/// The shortest width at which people wrap lines, in characters.
const NARROWEST: usize = 60;

/// Takes text apart into paragraphs of lines. A line that only ended because its writer wrapped it goes on in the next one:
/// a break is meant after a blank line, before a list item, and after the end of a sentence where the next word would have fitted.
fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let mut paragraphs: Vec<Vec<String>> = vec![Vec::new()];
    let width = text.lines().map(|line| line.trim().chars().count()).max().unwrap_or(0);
    let mut before = 0;
    for line in text.lines().map(str::trim) {
        let first_word = line.split(' ').next().map_or(0, |word| word.chars().count());
        let was_full = width >= NARROWEST && before + 1 + first_word > width;
        before = line.chars().count();
        let lines = paragraphs.last_mut().expect("there is always one paragraph");
        if line.is_empty() {
            if !lines.is_empty() {
                paragraphs.push(Vec::new());
            }
            continue;
        }
        let is_item =
            is_item(line) && (!is_number_item(line) || line.starts_with('1') || lines.last().is_some_and(|last| is_number_item(last)));
        match lines.last_mut() {
            Some(last) if !is_item && (was_full || !last.ends_with(['.', '!', '?', ':', ';'])) => {
                last.push(' ');
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
}

/// Returns true for a line that begins with the mark or number of a list item.
fn is_item(line: &str) -> bool {
    is_number_item(line) || ["- ", "* ", "+ ", "> "].iter().any(|mark| line.starts_with(mark))
}

fn is_number_item(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && (rest.starts_with(". ") || rest.starts_with(") "))
}

/// Returns the first sentences of text, up to about `longest` characters.
pub fn excerpt(text: &str, longest: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= longest {
        return text;
    }
    let head: String = text.chars().take(longest).collect();
    let sentence = head.rmatch_indices(". ").next().map(|(at, _)| head[..=at].to_owned());
    sentence.unwrap_or_else(|| format!("{} …", head.rsplit_once(' ').map_or(head.as_str(), |(words, _)| words)))
}

/// Returns prose: as [`inline`], but what its author put between backticks stays code.
pub fn prose(text: &str) -> String {
    let text = tame(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) || text.contains("``") {
        return inline(&text);
    }
    let mut escaped = String::with_capacity(text.len());
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 {
            escaped.push('`');
            escaped.push_str(part);
            escaped.push('`');
        } else if !part.is_empty() {
            // The spaces beside the code belong to the text.
            escaped.push_str(if index > 0 && part.starts_with(' ') { " " } else { "" });
            let first = if index == 0 { inline(part) } else { after(part) };
            escaped.push_str(&first);
            escaped.push_str(if index + 1 < parts.len() && part.ends_with(' ') && part.len() > 1 { " " } else { "" });
        }
    }
    escaped
}

/// Escapes text that does not stand at the start of a line.
fn after(part: &str) -> String {
    let mut escaped = String::new();
    for (index, word) in part.split_whitespace().enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        plain(word, &mut escaped);
    }
    escaped
}

/// Returns prose for a table cell, on one line.
pub fn prose_cell(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(prose).filter(|line| !line.is_empty()).collect();
    let mut in_code = false;
    let mut escaped = String::new();
    for c in lines.join(" ").chars() {
        in_code ^= c == '`';
        // A table ends a cell at every bar, also inside code.
        escaped.push_str(if c == '|' && in_code { "\\" } else { "" });
        escaped.push(c);
    }
    escaped
}

/// Returns text as a quotation, indented by `indent` spaces, with the paragraphs and line breaks that somebody meant.
pub fn quote(text: &str, indent: usize) -> String {
    let paragraphs = paragraphs(text);
    let margin = " ".repeat(indent);
    let mut quoted = String::new();
    for (index, lines) in paragraphs.iter().enumerate() {
        if index > 0 {
            let _ = write!(quoted, "\n{margin}>\n{margin}");
        }
        for (line, text) in lines.iter().enumerate() {
            if line > 0 {
                // Two spaces would be invisible: a backslash keeps the break.
                let _ = write!(quoted, "\\\n{margin}");
            }
            let _ = write!(quoted, "> {}", prose(text));
        }
    }
    quoted
}

/// Returns text between backticks, whatever it holds.
pub fn code(text: &str) -> String {
    let text = tame(text).replace(['\n', '\r'], " ");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Returns a link with a text, or the text alone where the address is none that a document should offer.
pub fn link(text: &str, url: &str) -> String {
    let is_safe = ["https://", "http://", "mailto:"].iter().any(|scheme| url.to_lowercase().starts_with(scheme));
    let is_relative = !url.contains(':') && !url.starts_with("//") && !url.is_empty();
    let text = inline(text);
    if !is_safe && !is_relative {
        return if url.is_empty() { text } else { format!("{text} ({})", code(url)) };
    }
    let mut address = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            ' ' => address.push_str("%20"),
            '(' => address.push_str("%28"),
            ')' => address.push_str("%29"),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            '|' => address.push_str("%7C"),
            '\\' => address.push_str("%5C"),
            '"' => address.push_str("%22"),
            '`' => address.push_str("%60"),
            // Viewers read entities in addresses too.
            '&' => address.push_str("&amp;"),
            c if c.is_control() => {}
            c if is_turning(c) => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| {
                let _ = write!(address, "%{byte:02X}");
            }),
            c => address.push(c),
        }
    }
    format!("[{text}]({address})")
}

/// Returns text for an HTML comment: on one line, and nothing in it ends the comment.
pub fn comment(text: &str) -> String {
    let text = tame(text).split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace('-', "‐").replace(['<', '>'], "")
}

/// Returns text as YAML and TOML read it: in double quotes, on one line.
pub fn yaml(text: &str) -> String {
    let text: String = tame(text).chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns the Markdown of a kit for a place below a heading of the document: line ends as `\n`, headings four levels down.
pub fn block(markdown: &str) -> String {
    let mut in_fence = false;
    let lines: Vec<String> = markdown
        .trim_end()
        .lines()
        .map(|line| {
            let line = line.trim_end();
            if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
                in_fence = !in_fence;
            }
            if !in_fence && line.starts_with('#') { format!("**{}**", line.trim_start_matches('#').trim()) } else { tame(line) }
        })
        .collect();
    lines.join("\n")
}

/// Returns a region that belongs to the customer: whatever stands in it stays. `content` is what a new one holds.
///
/// A name has letters, digits, `-`, `_` and `.`; there is no region with any other.
pub fn keep(name: &str, content: &str) -> Option<String> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let content = content.trim();
    let content = if content.is_empty() { String::new() } else { format!("\n{content}\n") };
    is_name.then(|| format!("<!-- keep {name}: what you write here stays -->\n{content}\n<!-- end {name} -->"))
}

/// Returns text for a label of a Mermaid chart, between quotes or behind a keyword: on one line, and nothing in it that Mermaid or the
/// fence around the chart would read. What could be read is written as the entity of Mermaid, `#35;`, which a viewer shows as itself.
pub fn mermaid(text: &str) -> String {
    let text = tame(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            escaped.push(' ');
        }
        let chars: Vec<char> = word.chars().collect();
        for (at, c) in chars.iter().enumerate() {
            let is_between =
                |is_kind: fn(char) -> bool| at > 0 && is_kind(chars[at - 1]) && chars.get(at + 1).is_some_and(|next| is_kind(*next));
            let stays = match c {
                ',' | '(' | ')' | '/' => true,
                '-' => is_between(char::is_alphanumeric),
                // At the end of a sentence; elsewhere it could make a number of a list or an address.
                '.' => index > 0 && at + 1 == chars.len(),
                // The word that ends a block of Mermaid, and the letters with which it hides its own entities.
                'e' | 'E' => at > 0 || !word.trim_end_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case("end"),
                '\u{fb02}' | '\u{b6}' => false,
                c if c.is_ascii() => c.is_ascii_alphanumeric(),
                c => !is_unseen(*c),
            };
            if stays {
                escaped.push(*c);
            } else {
                let _ = write!(escaped, "#{};", u32::from(*c));
            }
        }
    }
    escaped
}

/// Returns true for marks that take no room and steer the text around them: of direction, of joining, of byte order.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Replaces control characters and those that turn the direction of the text around them.
pub fn tame(text: &str) -> String {
    text.chars().map(|c| if (c.is_control() && !c.is_whitespace()) || is_turning(c) { '\u{fffd}' } else { c }).collect()
}

fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_a_label_of_a_chart() {
        assert_eq!(mermaid("Tags (AWS), 50 % of a/b"), "Tags (AWS), 50 #37; of a/b");
        assert_eq!(mermaid("say \"no\"; [x]{y}#quot;"), "say #34;no#34;#59; #91;x#93;#123;y#125;#35;quot#59;");
        assert_eq!(mermaid("a\nb\r\n\tc"), "a b c");
        assert_eq!(mermaid("```\n# out"), "#96;#96;#96; #35; out");
        assert_eq!(mermaid("end End weekend, the end."), "#101;nd #69;nd weekend, the #101;nd.");
        assert_eq!(mermaid("1. one - two-three --> 4.5"), "1#46; one #45; two-three #45;#45;#62; 4#46;5");
        assert_eq!(mermaid("%%{init: {}}%% $$x$$ <b>"), "#37;#37;#123;init#58; #123;#125;#125;#37;#37; #36;#36;x#36;#36; #60;b#62;");
        assert_eq!(mermaid("\u{1f525} R\u{e9}sum\u{e9}"), "\u{1f525} R\u{e9}sum\u{e9}");
        assert_eq!(mermaid("a\u{202e}b\u{200f}c\u{1b}d"), "a\u{fffd}b#8207;c\u{fffd}d");
        assert_eq!(mermaid("\u{fb02}\u{b0}lt\u{b6}\u{df}"), "#64258;\u{b0}lt#182;\u{df}");
    }

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            inline("a | b `c` *d* _e_ snake_case [x](y) </details> &lt; R&D"),
            "a \\| b \\`c\\` \\*d\\* \\_e\\_ snake_case \\[x\\](y) &lt;/details&gt; &amp;lt; R&D"
        );
        assert_eq!(inline("# no heading"), "\\# no heading");
        assert_eq!(inline("1. no list"), "1\\. no list");
        assert_eq!(inline("- no list"), "\\- no list");
        assert_eq!(inline("---"), "\\---");
        assert_eq!(inline("--- | ---"), "\\--- \\| ---");
        assert_eq!(inline("a\n\nb\u{1b}[31m\u{202e}c"), "a b\u{fffd}\\[31m\u{fffd}c");
        assert_eq!(cell("a|b.\r\nc"), "a\\|b.<br>c");
        assert_eq!(quote("a\nb.\nc `d`\n\n> e", 2), "> a b.\\\n  > c `d`\n  >\n  > &gt; e");
        assert_eq!(cell("wrapped\nline\n- item"), "wrapped line<br>\\- item");
        assert_eq!(excerpt("One. Two is long. Three", 18), "One. Two is long.");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(inline("::include{file=x} a::b US$5 $6 a$"), "\\::include{file=x} a::b US\\$5 $6 a\\$");
        assert_eq!(comment("a --> b <!-- c\nd"), "a ‐‐ b !‐‐ c d");
        assert_eq!(yaml("no: \"a\" \\ 1e3\n- b\u{1b}"), "\"no: \\\"a\\\" \\\\ 1e3 - b\u{fffd}\"");
        assert_eq!(prose("set `a_b|c` *now* [x]"), "set `a_b|c` \\*now\\* \\[x\\]");
        assert_eq!(prose("`a`, then `b`: done"), "`a`, then `b`: done");
        assert_eq!(prose("an odd ` tick"), "an odd \\` tick");
        assert_eq!(prose_cell("run `a | b` | c"), "run `a \\| b` \\| c");
        assert_eq!(link("x", "javascript:alert(1)"), "x (`javascript:alert(1)`)");
        assert_eq!(link("x", "https://a.example/b c|d)"), "[x](https://a.example/b%20c%7Cd%29)");
    }
}
