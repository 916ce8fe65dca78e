//! Connections: added, changed, signed in again.

use clap::{Args, Subcommand};

use crate::cli::limit::Limit;
use crate::cli::settings::{Choices, Set};

#[derive(Debug, Subcommand)]
pub enum Connection {
    /// Check the settings, sign in, and keep the connection.
    #[command(after_help = "\
The secret (an API token) is never an argument: it is asked for, read from standard input
with --secret-stdin, or taken from WEIR_SECRET.

Examples:
  weir connection add confluence --name acme --set site=https://acme.atlassian.net \\
       --login api-token --username me@acme.com
  pass atlassian | weir connection add confluence --name acme --secret-stdin \\
       --set site=https://acme.atlassian.net --login api-token --username me@acme.com

With OAuth 2.0 the secret is the one of your app, and you approve in a browser. What has to be
registered with the app (the redirect URL, the scopes) is shown before anything is asked for:
  weir connection add confluence --name acme --set site=https://acme.atlassian.net \\
       --login oauth --client-id ID
  weir connection add confluence --name acme --set site=https://acme.atlassian.net \\
       --login oauth --client-id ID --paste         on a machine without a browser")]
    Add(Add),
    /// Change the settings of a connection; what was read stays.
    Set(Set),
    /// What a setting may be chosen from, as the source has it now.
    Choices(Choices),
    /// How much a connection may ask for at once, and spend in an hour.
    Limit(Limit),
    /// All connections, a line each.
    List,
    /// One connection: its settings, account and agreed origins. Never its secret.
    Show {
        /// The connection's name.
        name: String,
    },
    /// Forget a connection with everything that was read from it.
    Remove {
        /// The connection's name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub struct Add {
    /// The connector: `confluence`, one that is installed, or a component file, which is installed first.
    pub connector: String,
    /// What to call the connection.
    #[arg(long)]
    pub name: String,
    /// A setting of the connector, as `site=https://acme.atlassian.net` or `spaces=ENG,OPS`.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// The way to sign in; `weir connector inspect` lists them. The first is the default.
    #[arg(long)]
    pub login: Option<String>,
    /// The part of the credential that is not secret: for Atlassian the account's e-mail.
    #[arg(long)]
    pub username: Option<String>,
    /// Read the secret from standard input instead of asking.
    #[arg(long)]
    pub secret_stdin: bool,
    #[command(flatten)]
    pub oauth: OAuth,
    /// Agree to what a connector demands that is not built in, and to its origins, without being asked.
    #[arg(long)]
    pub yes: bool,
    /// Let a server stand in for an origin, as `https://acme.atlassian.net=http://127.0.0.1:8790`.
    #[arg(long = "route", value_name = "FROM=TO")]
    pub routes: Vec<String>,
}

const OAUTH: &str = "OAuth 2.0";

/// What only a login by OAuth 2.0 takes.
#[derive(Debug, Args)]
pub struct OAuth {
    /// The client id of the app, as its settings show it.
    #[arg(long, help_heading = OAUTH, value_name = "ID")]
    pub client_id: Option<String>,
    /// Where the browser comes back to: register exactly this URL with the app. By default
    /// http://127.0.0.1:8737/callback.
    #[arg(long, help_heading = OAUTH, value_name = "URL")]
    pub redirect: Option<String>,
    /// Do not open a browser; the address is printed in any case.
    #[arg(long, help_heading = OAUTH)]
    pub no_browser: bool,
    /// Do not wait for the browser, but read the address it ends at from standard input.
    #[arg(long, help_heading = OAUTH, conflicts_with = "secret_stdin")]
    pub paste: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
With OAuth 2.0 you approve in a browser again. The app's id and secret are kept unless you give
others: with --client-id the secret is asked for, or taken as for `weir connection add`.

Examples:
  weir login acme
  weir login acme --paste                 on a machine without a browser
  weir login acme --client-id ID          with another app, or another secret of the same")]
pub struct Login {
    /// The connection's name.
    pub name: String,
    /// Another name to sign in under; by default the one before.
    #[arg(long)]
    pub username: Option<String>,
    /// Read the secret from standard input instead of asking.
    #[arg(long)]
    pub secret_stdin: bool,
    #[command(flatten)]
    pub oauth: OAuth,
    /// Go on although another account approved than the one before; what it may not see is removed.
    #[arg(long)]
    pub other_account: bool,
    /// Agree to other sign-in addresses of a connector that is not built in, without being asked.
    #[arg(long)]
    pub yes: bool,
}
