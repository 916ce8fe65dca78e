//! Documents of the editor's own format, begun from those in `../tests/bodies/adf`.
#![no_main]

use confluence::markup;
use libfuzzer_sys::fuzz_target;

mod promise;

fuzz_target!(|document: &str| promise::hold(document, markup::adf_to_markdown));
