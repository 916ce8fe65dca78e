//! The texts of the contract, as they stand in `wit/`.

/// Path below `wit/`, and text.
pub(super) const CONTRACT: [(&str, &str); 15] = [
    ("world.wit", include_str!("../../../wit/world.wit")),
    ("types.wit", include_str!("../../../wit/types.wit")),
    ("setup.wit", include_str!("../../../wit/setup.wit")),
    ("sync.wit", include_str!("../../../wit/sync.wit")),
    ("content.wit", include_str!("../../../wit/content.wit")),
    ("log.wit", include_str!("../../../wit/log.wit")),
    ("deps/clocks/monotonic-clock.wit", include_str!("../../../wit/deps/clocks/monotonic-clock.wit")),
    ("deps/clocks/wall-clock.wit", include_str!("../../../wit/deps/clocks/wall-clock.wit")),
    ("deps/http/handler.wit", include_str!("../../../wit/deps/http/handler.wit")),
    ("deps/http/types.wit", include_str!("../../../wit/deps/http/types.wit")),
    ("deps/io/error.wit", include_str!("../../../wit/deps/io/error.wit")),
    ("deps/io/poll.wit", include_str!("../../../wit/deps/io/poll.wit")),
    ("deps/io/streams.wit", include_str!("../../../wit/deps/io/streams.wit")),
    ("deps/random/random.wit", include_str!("../../../wit/deps/random/random.wit")),
    // The parts of WASI have a notice of their own, which goes where they go.
    ("deps/LICENSE", include_str!("../../../wit/deps/LICENSE")),
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::CONTRACT;

    fn texts(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{below}{}", entry.file_name().into_string().unwrap());
            // Older versions stand beside this one, in folders of their own.
            if entry.path().is_dir() && !name.starts_with("0.") {
                texts(&entry.path(), &format!("{name}/"), found);
            } else if name.ends_with(".wit") || name.ends_with("LICENSE") {
                found.insert(name);
            }
        }
    }

    #[test]
    fn no_text_of_the_contract_is_left_out() {
        let mut found = BTreeSet::new();
        texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit"), "", &mut found);
        assert_eq!(found, CONTRACT.iter().map(|(path, _)| (*path).to_owned()).collect());
    }
}
