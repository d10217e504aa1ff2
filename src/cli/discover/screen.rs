//! The terminal: raw keys in, frames out, and always given back as it was found.

use super::editor;
use super::text::{Line, Look};
use super::ui::{Frame, Key, Next, Ui};
use crate::cli::output::Exit;
use crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::style::{Attribute, Color, Print, ResetColor, SetAttribute, SetForegroundColor};
use crossterm::terminal::{
    self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};
use crossterm::{cursor, execute, queue};
use std::io::{self, Stderr, Write};
use unicode_width::UnicodeWidthStr;

/// The terminal while the screen is ours. Dropping it gives the terminal back.
struct Screen {
    terminal: Stderr,
    colour: bool,
}

impl Screen {
    fn enter(colour: bool) -> io::Result<Self> {
        let mut screen = Self { terminal: io::stderr(), colour };
        terminal::enable_raw_mode()?;
        execute!(screen.terminal, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        Ok(screen)
    }

    fn size() -> (usize, usize) {
        let (width, height) = terminal::size().unwrap_or((80, 24));
        // A terminal that does not know its size says 0.
        (if width == 0 { 80 } else { usize::from(width) }, if height == 0 { 24 } else { usize::from(height) })
    }

    fn draw(&mut self, frame: &Frame, width: usize) -> io::Result<()> {
        // A terminal that knows how shows the whole frame at once.
        queue!(self.terminal, BeginSynchronizedUpdate, cursor::Hide, cursor::MoveTo(0, 0))?;
        for (row, line) in frame.lines.iter().enumerate() {
            queue!(self.terminal, cursor::MoveTo(0, u16::try_from(row).unwrap_or(u16::MAX)))?;
            self.look(line)?;
            queue!(
                self.terminal,
                Print(cut(&line.text, width)),
                SetAttribute(Attribute::Reset),
                ResetColor,
                Clear(ClearType::UntilNewLine)
            )?;
        }
        queue!(self.terminal, Clear(ClearType::FromCursorDown))?;
        if let Some((column, row)) = frame.cursor {
            queue!(self.terminal, cursor::MoveTo(column, row), cursor::Show)?;
        }
        queue!(self.terminal, EndSynchronizedUpdate)?;
        self.terminal.flush()
    }

    fn look(&mut self, line: &Line) -> io::Result<()> {
        if !self.colour {
            return Ok(());
        }
        match line.look {
            Look::Plain => Ok(()),
            Look::Strong => queue!(self.terminal, SetAttribute(Attribute::Bold)),
            Look::Faint => queue!(self.terminal, SetAttribute(Attribute::Dim)),
            Look::Chosen => queue!(self.terminal, SetForegroundColor(Color::Green)),
            Look::Alarm => queue!(self.terminal, SetForegroundColor(Color::Yellow), SetAttribute(Attribute::Bold)),
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back: visible cursor, own screen, lines and echo.
pub(super) fn give_back() {
    let _ = execute!(io::stderr(), ResetColor, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = terminal::disable_raw_mode();
}

/// Returns what of a text fits into a width.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        let wide = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if cut.width() + wide > width {
            break;
        }
        cut.push(c);
    }
    cut
}

/// Shows the screens of a discovery until the user stops.
///
/// # Errors
///
/// Returns the error of the terminal.
pub(super) fn run(ui: &mut Ui, colour: bool) -> io::Result<Exit> {
    let mut screen = Screen::enter(colour)?;
    loop {
        let (width, height) = Screen::size();
        screen.draw(&ui.frame(width, height), width)?;
        ui.session.remember();
        let next = match event::read()? {
            Event::Key(key) if key.kind != KeyEventKind::Release => match key_of(key) {
                Some(key) => ui.key(key),
                None => Next::Show,
            },
            Event::Paste(text) => ui.key(Key::Paste(text)),
            _ => Next::Show,
        };
        match next {
            Next::Show => {}
            Next::Quit => return Ok(Exit::Done),
            Next::Interrupt => return Ok(Exit::Interrupted),
            Next::Edit => {
                drop(screen);
                let note = editor::edit(&ui.session.workspace, &ui.note());
                screen = Screen::enter(colour)?;
                execute!(screen.terminal, Clear(ClearType::All))?;
                ui.edited(note);
            }
        }
    }
}

fn key_of(key: KeyEvent) -> Option<Key> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
        KeyCode::Char(c) if control => Key::Control(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    })
}
