//! The `opsready` program: turns the result of the library into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    opsready::cli::main().into()
}
