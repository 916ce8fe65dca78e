//! The command `weir`. Everything is in the library; this only ends the process.

use std::process::ExitCode;

fn main() -> ExitCode {
    weir::cli::main()
}
