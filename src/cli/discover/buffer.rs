//! Text being typed: one line or several, with a cursor.

use unicode_width::UnicodeWidthChar;

/// Text and the place of the cursor in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Buffer {
    text: Vec<char>,
    /// How many characters are before the cursor.
    at: usize,
}

impl Buffer {
    /// Returns a buffer with the cursor behind its text.
    pub(super) fn new(text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        Self { at: text.len(), text }
    }

    pub(super) fn text(&self) -> String {
        self.text.iter().collect()
    }

    pub(super) fn insert(&mut self, text: &str) {
        let new: Vec<char> = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let count = new.len();
        self.text.splice(self.at..self.at, new);
        self.at += count;
    }

    pub(super) fn backspace(&mut self) {
        if self.at > 0 {
            self.at -= 1;
            self.text.remove(self.at);
        }
    }

    pub(super) fn delete(&mut self) {
        if self.at < self.text.len() {
            self.text.remove(self.at);
        }
    }

    pub(super) fn left(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    pub(super) fn right(&mut self) {
        self.at = (self.at + 1).min(self.text.len());
    }

    pub(super) fn home(&mut self) {
        self.at = self.line_start(self.at);
    }

    pub(super) fn end(&mut self) {
        self.at = self.line_end(self.at);
    }

    pub(super) fn up(&mut self) {
        let start = self.line_start(self.at);
        if start > 0 {
            let column = self.at - start;
            let above = self.line_start(start - 1);
            self.at = (above + column).min(start - 1);
        }
    }

    pub(super) fn down(&mut self) {
        let end = self.line_end(self.at);
        if end < self.text.len() {
            let column = self.at - self.line_start(self.at);
            self.at = (end + 1 + column).min(self.line_end(end + 1));
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].iter().rposition(|c| *c == '\n').map_or(0, |newline| newline + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        self.text[at..].iter().position(|c| *c == '\n').map_or(self.text.len(), |newline| at + newline)
    }

    /// Returns the text in rows of at most `width` columns, and the row and column of the cursor.
    pub(super) fn rows(&self, width: usize) -> (Vec<String>, (usize, usize)) {
        let mut rows = vec![String::new()];
        let mut column = 0;
        let mut cursor = (0, 0);
        for (at, c) in self.text.iter().enumerate() {
            let wide = c.width().unwrap_or(0);
            if *c != '\n' && column + wide > width.max(2) {
                rows.push(String::new());
                column = 0;
            }
            if at == self.at {
                cursor = (rows.len() - 1, column);
            }
            if *c == '\n' {
                rows.push(String::new());
                column = 0;
            } else {
                rows.last_mut().expect("there is always a row").push(*c);
                column += wide;
            }
        }
        if self.at == self.text.len() {
            if column >= width.max(2) {
                rows.push(String::new());
                column = 0;
            }
            cursor = (rows.len() - 1, column);
        }
        (rows, cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::Buffer;

    #[test]
    fn the_cursor_goes_where_it_is_told() {
        let mut buffer = Buffer::new("ab\nlonger\nc");
        buffer.up();
        buffer.up();
        buffer.end();
        buffer.insert("!");
        assert_eq!(buffer.text(), "ab!\nlonger\nc");
        buffer.down();
        buffer.home();
        buffer.delete();
        assert_eq!(buffer.text(), "ab!\nonger\nc");
        buffer.down();
        buffer.down();
        buffer.end();
        buffer.backspace();
        assert_eq!(buffer.text(), "ab!\nonger\n");
    }

    #[test]
    fn rows_have_the_width_and_wide_characters_count_twice() {
        let (rows, cursor) = Buffer::new("日本語で\nab").rows(4);
        assert_eq!(rows, ["日本", "語で", "ab"]);
        assert_eq!(cursor, (2, 2));
        assert_eq!(Buffer::new("abcd").rows(4), (vec!["abcd".to_owned(), String::new()], (1, 0)));
    }

    #[test]
    fn what_controls_a_terminal_is_not_text() {
        let mut buffer = Buffer::default();
        buffer.insert("a\u{1b}[31mb\tc\r\n");
        assert_eq!(buffer.text(), "a[31mbc\n");
    }
}
