//! New entries of the registers as text: an id that no other branch gives, and YAML as a person would write it.

use crate::fingerprint::Fnv;
use crate::yaml::record::{Date, Id};
use std::fmt::Write;

/// How long the words of an id may be, in characters.
const LONGEST_SLUG: usize = 40;

/// How many letters tell entries apart that have the same day and words.
const MARK_LETTERS: usize = 4;

/// The letters of that mark: no vowels, so that it never makes a word, and none that looks like another.
const LETTERS: &[u8] = b"23456789bcdfghjkmnpqrstvwxz";

/// How long a line of running text is, in characters.
const LINE: usize = 120;

/// The keys of a decision in the order of its file.
pub const DECISION_KEYS: &[&str] = &[
    "schema",
    "id",
    "title",
    "status",
    "statement",
    "context",
    "options",
    "rationale",
    "consequences",
    "capability",
    "decides",
    "owner",
    "approver",
    "decided_on",
    "review_on",
    "questions",
    "practices",
    "stories",
    "supersedes",
];

/// The keys of a risk, assumption, issue or dependency in the order of its file.
pub const RISK_KEYS: &[&str] = &[
    "schema",
    "id",
    "kind",
    "title",
    "status",
    "statement",
    "cause",
    "impact",
    "likelihood",
    "severity",
    "plan",
    "mitigation",
    "owner",
    "due",
    "review_on",
    "capability",
    "questions",
    "practices",
    "stories",
    "decisions",
];

/// A value of a new entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Text, a word or a date.
    Text(String),
    /// A list of ids.
    Ids(Vec<String>),
    /// A list of sentences.
    Texts(Vec<String>),
    /// Options with what each would mean.
    Options(Vec<(String, Option<String>)>),
}

/// Returns the file of a new entry: the schema on top, then the keys in the order of `keys`.
///
/// Text stands plain where YAML reads it as text, quoted where it would not; long text is folded.
pub fn entry(schema: &str, keys: &[&str], given: &[(&str, Given)]) -> String {
    let mut text = format!("# yaml-language-server: $schema=../schemas/{schema}.schema.json\nschema: opsready/{schema}/v1\n");
    let of_key = |key: &&str| given.iter().find(|(name, _)| name == key);
    for (key, value) in keys.iter().filter_map(of_key) {
        match value {
            Given::Text(value) => put(&mut text, 0, &format!("{key}:"), value),
            Given::Ids(ids) => {
                let ids: Vec<String> = ids.iter().map(|id| in_line(id, true)).collect();
                let _ = writeln!(text, "{key}: [{}]", ids.join(", "));
            }
            Given::Texts(texts) => {
                let _ = writeln!(text, "{key}:");
                for one in texts {
                    put(&mut text, 2, "  -", one);
                }
            }
            Given::Options(options) => {
                let _ = writeln!(text, "{key}:");
                for (title, consequence) in options {
                    put(&mut text, 4, "  - title:", title);
                    if let Some(consequence) = consequence {
                        put(&mut text, 4, "    consequence:", consequence);
                    }
                }
            }
        }
    }
    text
}

/// Writes a value behind its key: on the line of the key, or as a block below it.
fn put(text: &mut String, indent: usize, key: &str, value: &str) {
    let pad = " ".repeat(indent + 2);
    let is_printable = !value.chars().any(|c| c != '\n' && !is_printable(c));
    let lines: Vec<&str> = value.lines().collect();
    let has_clean_edges = lines.iter().all(|line| line.trim_end() == *line) && !value.starts_with([' ', '\n']);
    if value.contains('\n') && is_printable && has_clean_edges && !value.ends_with('\n') {
        let _ = writeln!(text, "{key} |-");
        for line in lines {
            let _ = if line.is_empty() { writeln!(text) } else { writeln!(text, "{pad}{line}") };
        }
        return;
    }
    let is_long = value.chars().count() + key.len() > LINE + 20;
    let folds = is_printable && !value.contains("  ") && value.trim() == value && !value.contains('\n');
    if is_long && folds {
        let _ = writeln!(text, "{key} >-");
        for line in folded(value, LINE - pad.len()) {
            let _ = writeln!(text, "{pad}{line}");
        }
        return;
    }
    let _ = writeln!(text, "{key} {}", in_line(value, false));
}

/// Breaks text at its spaces.
fn folded(text: &str, longest: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= longest => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Returns text as it stands in a line: plain if YAML reads that as the same text, else in double quotes.
fn in_line(text: &str, in_list: bool) -> String {
    let starts = text.starts_with(|c: char| c.is_alphanumeric());
    let is_number = text.starts_with(|c: char| c.is_numeric()) && Date::parse(text).is_none();
    let is_word_of_yaml =
        matches!(text.to_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "nan" | "inf");
    let is_split = text.contains(": ") || text.contains(" #") || text.ends_with(':') || in_list && text.contains([',', '[', ']', '{', '}']);
    let is_plain = starts && !is_number && !is_word_of_yaml && !is_split && text.trim() == text && text.chars().all(is_printable);
    // An id that begins with a date is text all the same.
    if is_plain || is_dated_id(text) { text.to_owned() } else { quoted(text) }
}

fn is_dated_id(text: &str) -> bool {
    Id::is_valid(text) && text.get(..10).and_then(Date::parse).is_some() && text.get(10..11) == Some("-")
}

/// Returns true for a character that YAML takes as it stands.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Returns text as a double-quoted YAML scalar.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => drop(write!(quoted, "\\{c}")),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if is_printable(c) => quoted.push(c),
            c => drop(write!(quoted, "\\u{:04X}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns a new id: the day, the words of the title, and a mark made of `salt`, which is to differ wherever two people, branches or
/// moments do. `word` stands where the title has no letter that an id could hold.
pub fn new_id(day: Date, title: &str, word: &str, salt: &str) -> Id {
    let words = slug(title, LONGEST_SLUG);
    let words = if words.is_empty() { word } else { &words };
    Id(format!("{day}-{words}-{}", mark(salt)))
}

/// Returns the mark of a text: letters of its FNV-1a hash.
fn mark(salt: &str) -> String {
    let mut hash = Fnv::default();
    hash.add(salt.bytes());
    let mut hash = hash.number();
    // The low bits of FNV mix badly for short texts.
    hash ^= hash >> 32;
    let mut mark = String::new();
    for _ in 0..MARK_LETTERS {
        let at = usize::try_from(hash % LETTERS.len() as u64).unwrap_or_default();
        mark.push(char::from(LETTERS[at]));
        hash /= LETTERS.len() as u64;
    }
    mark
}

/// Returns the words of a text as part of an id: ASCII letters and digits with `-` between words, cut between two words. Letters of the
/// languages of Europe are spelt out; others are left out. The result may be empty.
pub fn slug(text: &str, longest: usize) -> String {
    let mut slug = String::new();
    let mut word = String::new();
    // One more at the end closes the last word. An apostrophe is no gap: "Bryce's" is one word.
    for c in text.chars().flat_map(char::to_lowercase).filter(|c| !matches!(c, '\'' | '’' | '\u{300}'..='\u{36f}')).chain([' ']) {
        match spelt(c) {
            Some(letters) => word.push_str(letters),
            None if c.is_ascii_alphanumeric() => word.push(c),
            None if word.is_empty() => {}
            None => {
                let gap = usize::from(!slug.is_empty());
                if slug.len() + gap + word.len() > longest {
                    if slug.is_empty() {
                        slug.push_str(&word[..longest]);
                    }
                    break;
                }
                slug.push_str(&"-"[..gap]);
                slug.push_str(&word);
                word.clear();
            }
        }
    }
    slug
}

/// Returns how a letter of a language of Europe, in lower case, is spelt in ASCII.
fn spelt(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'ĳ' => "ij",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' | 'α' | 'ά' | 'а' => "a",
        'б' => "b",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' | 'д' | 'δ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ε' | 'έ' | 'е' | 'э' => "e",
        'ф' | 'φ' => "f",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'г' | 'γ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ι' | 'ί' | 'η' | 'ή' | 'и' | 'і' => "i",
        'ĵ' | 'й' => "j",
        'ķ' | 'к' | 'κ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' | 'л' | 'λ' => "l",
        'м' | 'μ' => "m",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'н' | 'ν' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'о' | 'ο' | 'ό' | 'ω' | 'ώ' => "o",
        'п' | 'π' => "p",
        'ŕ' | 'ŗ' | 'ř' | 'р' | 'ρ' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'с' | 'σ' | 'ς' => "s",
        'ţ' | 'ť' | 'ŧ' | 'ț' | 'т' | 'τ' => "t",
        'ù' | 'ú' | 'û' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'у' => "u",
        'в' | 'β' => "v",
        'ŵ' => "w",
        'ξ' => "x",
        'ý' | 'ÿ' | 'ŷ' | 'ы' | 'υ' | 'ύ' => "y",
        'ź' | 'ż' | 'ž' | 'з' | 'ζ' => "z",
        'ж' => "zh",
        'х' | 'χ' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'þ' | 'θ' => "th",
        'ψ' => "ps",
        'ю' => "yu",
        'я' => "ya",
        'ё' => "yo",
        'ъ' | 'ь' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_titles_become_part_of_an_id() {
        let cases = [
            ("The platform team builds, operations runs", "the-platform-team-builds-operations-runs"),
            ("Bryce's contract follows the servers", "bryces-contract-follows-the-servers"),
            ("Über Größe: Änderungen für Łódź", "ueber-groesse-aenderungen-fuer-lodz"),
            ("U\u{308}bung", "ubung"),
            ("Решение о ключах", "reshenie-o-klyuchakh"),
            ("../../etc/passwd", "etc-passwd"),
            ("🔥🔥", ""),
            ("決定事項", ""),
            ("!?", ""),
            ("no", "no"),
            ("Backups of production go to an account of their own", "backups-of-production-go-to-an-account"),
        ];
        for (title, expected) in cases {
            assert_eq!(slug(title, LONGEST_SLUG), expected, "{title}");
        }
        assert_eq!(slug(&"a".repeat(10_000), LONGEST_SLUG), "a".repeat(LONGEST_SLUG));
    }

    #[test]
    fn marks_differ_where_salts_do() {
        let marks: std::collections::BTreeSet<String> = (0..1000).map(|number| mark(&format!("salt {number}"))).collect();
        assert!(marks.len() > 995, "{} of 1000", marks.len());
    }
}
