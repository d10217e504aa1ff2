//! What tells one text from another on every machine and in every version: the 64 bits of FNV-1a.
//!
//! It guards against accidents, not against malice. What counts as the same text, its line ends or its spaces, is for those to say who
//! ask.
//!
//! # Source
//!
//! FNV-1a by Fowler, Noll and Vo, with its published offset and prime: files keep the digits, so it never changes.

/// A hash that is being made.
#[derive(Clone, Copy, Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds bytes.
    pub fn add(&mut self, bytes: impl IntoIterator<Item = u8>) {
        self.0 = bytes.into_iter().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    }

    /// Adds bytes; that git changed their line ends makes no difference.
    pub fn add_lines(&mut self, bytes: &[u8]) {
        self.add(bytes.iter().copied().filter(|byte| *byte != b'\r'));
    }

    /// Returns the hash as a number.
    pub fn number(self) -> u64 {
        self.0
    }

    /// Returns the hash as sixteen hexadecimal digits.
    pub fn digits(self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_published_function() {
        let of = |text: &str| {
            let mut hash = Fnv::default();
            hash.add(text.bytes());
            hash.digits()
        };
        // From the reference vectors.
        assert_eq!(
            (of("").as_str(), of("a").as_str(), of("foobar").as_str()),
            ("cbf29ce484222325", "af63dc4c8601ec8c", "85944171f73967e8")
        );
    }
}
