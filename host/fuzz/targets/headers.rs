#![no_main]

use libfuzzer_sys::fuzz_target;
use weir_fuzz::gate::promised::headers::hold;

fuzz_target!(|text: &str| hold(text));
