//! Weir as a whole: the host, the sandboxed Confluence connector, and the simulated site.
//!
//! A module is a theme, a test a short story about one thing that holds from end to end.
//! `acme` sets the scene inside this process, `command` runs the command itself, `wasm` builds
//! the connector that misbehaves. What a part does alone is tested beside that part.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acme;
mod authoring;
mod backup;
mod browser;
mod changes;
mod check;
mod cli;
mod command;
mod component;
mod consent;
mod console;
mod crash;
mod data_folder;
mod deletions;
mod disk_full;
mod doctor;
mod download;
mod elsewhere;
mod erase;
mod extraction;
mod faults;
mod files;
mod granted;
mod hostile;
mod installing;
mod kept;
mod kill;
mod limits;
mod names;
mod narrowed;
mod oauth;
mod oracle;
mod people;
mod readers;
mod requests;
mod schedules;
mod scoped;
mod searched;
mod secrets;
mod serve;
mod sign_in;
mod simulation;
mod supply;
mod tape;
mod tools;
mod troubleshooting;
mod wasm;
mod words;
