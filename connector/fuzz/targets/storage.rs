//! Bodies in storage format, begun from those in `../tests/bodies/storage`.
#![no_main]

use confluence::markup;
use libfuzzer_sys::fuzz_target;

mod promise;

fuzz_target!(|body: &str| promise::hold(body, markup::to_markdown));
