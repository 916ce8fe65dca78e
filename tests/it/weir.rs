//! The command `weir`, word for word as in `host/src/main.rs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    weir::cli::main()
}
