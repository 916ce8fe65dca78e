//! Agents: the Model Context Protocol over HTTP and on standard input and output, as two people.

use serde_json::{Value, json};
use weir::console::make_token;
use weir::host::Host;
use weir::store::{NewToken, Scope};

use super::{Answer, Desk, client};
use crate::acme::{ANA, BEN, page, page_id, small};
use crate::command::{User, serve};

fn call(id: u64, tool: &str, arguments: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool, "arguments": arguments } })
}

fn hello() -> Value {
    let client = json!({ "name": "test", "version": "1" });
    let params = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params })
}

/// A program that shows a token, or whatever `dress` puts on.
async fn send(
    desk: &Desk,
    message: &Value,
    dress: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
) -> Answer {
    let request = client().post(desk.at("/mcp")).header("accept", "application/json, text/event-stream");
    let request = request.header("content-type", "application/json").body(message.to_string());
    Answer::of(dress(request).send().await.unwrap()).await
}

async fn asks(desk: &Desk, token: &str, tool: &str, arguments: Value) -> Value {
    let answer = send(desk, &call(1, tool, &arguments), |request| request.bearer_auth(token)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["result"].clone()
}

/// The ids of a search's results.
fn ids(result: &Value) -> Vec<String> {
    let results = result["structuredContent"]["results"].as_array().unwrap();
    results.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_finds_and_fetches_what_its_person_may_read() {
    let site = small();
    let [palette, parental] = ["Palette", "Parental leave"].map(|title| page_id(page(&site, title)));
    let desk = Desk::synced(site).await;
    let [ana, ben] = [ANA, BEN].map(|email| desk.token(Some(email), &[Scope::Search]));
    let greeting = send(&desk, &hello(), |request| request.bearer_auth(&ana)).await.json();
    assert_eq!(greeting["result"]["serverInfo"]["name"], "weir");
    let listed = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let tools = send(&desk, &listed, |request| request.bearer_auth(&ana)).await.json();
    let tools = tools["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["fetch", "search"]);
    assert!(
        tools
            .iter()
            .all(|tool| tool["outputSchema"].is_object() && tool["annotations"]["readOnlyHint"] == true)
    );

    let found = asks(&desk, &ana, "search", json!({ "query": "flamingo pink", "kind": "page" })).await;
    let id = format!("acme/{palette}");
    assert!(ids(&found).contains(&id), "{found}");
    let text = found["content"][0]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), found["structuredContent"], "as text too");
    let fetched = asks(&desk, &ana, "fetch", json!({ "id": id })).await["structuredContent"].clone();
    assert_eq!((&fetched["id"], &fetched["title"]), (&json!(id), &json!("Palette")));
    assert_eq!(fetched["text"], "The flamingo pink of the logo.");
    let url = fetched["url"].as_str().unwrap();
    assert!(url.starts_with("https://acme.atlassian.net/wiki/spaces/DESIGN/pages/"), "{url}");
    let by_address = asks(&desk, &ana, "fetch", json!({ "id": url })).await;
    assert_eq!(by_address["structuredContent"], fetched);

    let found = asks(&desk, &ben, "search", json!({ "query": "flamingo", "limit": 50 })).await;
    assert_eq!((ids(&found).len(), ids(&found).contains(&id)), (7, false));
    let comment = ids(&found).into_iter().find(|id| id.contains("comment")).unwrap();
    let comment = asks(&desk, &ben, "fetch", json!({ "id": comment })).await;
    assert_eq!(comment["structuredContent"]["metadata"]["hangs_on"]["title"], "Parental leave");
    let read = asks(&desk, &ben, "fetch", json!({ "id": parental })).await;
    assert_eq!(read["structuredContent"]["title"], "Parental leave");
    let missing = asks(&desk, &ben, "fetch", json!({ "id": "acme/page:424242" })).await;
    assert_eq!(missing["isError"], true);
    for unreadable in [&id, &palette, url, "beta/page:1", ""] {
        let answer = asks(&desk, &ben, "fetch", json!({ "id": unreadable })).await;
        assert_eq!(answer, missing, "{unreadable}");
    }
    let empty = asks(&desk, &ben, "search", json!({ "query": "?" })).await;
    assert_eq!(empty["isError"], true);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_token_of_somebody_is_a_way_in_and_no_web_page_is() {
    let desk = Desk::synced(small()).await;
    let good = desk.token(Some(BEN), &[Scope::Search]);
    let status = async |dress: &dyn Fn(reqwest::RequestBuilder) -> reqwest::RequestBuilder| {
        send(&desk, &call(1, "search", &json!({ "query": "flamingo" })), dress).await.status
    };
    assert_eq!(status(&|request| request.bearer_auth(&good)).await, 200);
    assert_eq!(status(&|request| request).await, 401);
    assert_eq!(status(&|request| request.bearer_auth("weir_guessed")).await, 401);
    let nobody = desk.token(None, &[Scope::Search]);
    assert_eq!(status(&|request| request.bearer_auth(&nobody)).await, 403);
    let reader = desk.token(Some(BEN), &[Scope::Read]);
    assert_eq!(status(&|request| request.bearer_auth(&reader)).await, 403);
    let page = |request: reqwest::RequestBuilder| {
        request.bearer_auth(&good).header("origin", "https://evil.example")
    };
    assert_eq!(status(&page).await, 403);
    let rebound =
        |request: reqwest::RequestBuilder| request.bearer_auth(&good).header("host", "evil.example");
    assert_eq!(status(&rebound).await, 421);
    // A browser that is signed in as Ben, with the value that its pages hold.
    let secret = desk.session(BEN);
    let cookie =
        |request: reqwest::RequestBuilder| request.header("cookie", format!("weir_session={secret}"));
    assert_eq!(status(&cookie).await, 403);
    let shown =
        client().get(desk.at("/search?q=flamingo")).header("cookie", format!("weir_session={secret}"));
    let shown = Answer::of(shown.send().await.unwrap()).await;
    assert!(shown.text.contains("7 results"), "the session itself is good");
    let csrf = shown.text.split(r#"name="csrf" value=""#).nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(status(&|request| cookie(request).header("x-weir-csrf", csrf)).await, 403);
    let get = client().get(desk.at("/mcp")).bearer_auth(&good).header("accept", "text/event-stream");
    assert_eq!(get.send().await.unwrap().status().as_u16(), 405, "there are no sessions");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_an_agent_starts_speaks_the_protocol_and_nothing_else() {
    let site = small();
    let palette = page_id(page(&site, "Palette"));
    let site = serve(site).await;
    let user = User::synced(&site);
    let token = |email: &str| {
        let new = NewToken {
            label: "agent".to_owned(),
            email: Some(email.to_owned()),
            scopes: vec![Scope::Search],
            expires: None,
        };
        make_token(&Host::open(&user.data(), None).unwrap(), &new).unwrap().1
    };
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let [search, fetch, missing] = [
        call(1, "search", &json!({ "query": "flamingo", "limit": 50 })),
        call(2, "fetch", &json!({ "id": palette })),
        call(3, "fetch", &json!({ "id": "page:424242" })),
    ];
    let talks = |token: &str| {
        let mut command = user.command(&["mcp"]);
        command.env("WEIR_TOKEN", token).stdin(std::process::Stdio::piped());
        let said = converse(command, &[hello(), initialized.clone()], &[&search, &fetch, &missing]);
        let mut answers: Vec<Value> = said.into_iter().filter(|answer| answer["id"] != 0).collect();
        answers.sort_by_key(|answer| answer["id"].as_u64());
        answers.into_iter().map(|answer| answer["result"].clone()).collect::<Vec<_>>()
    };
    let ana = talks(&token(ANA));
    assert_eq!((ids(&ana[0]).len(), &ana[1]["structuredContent"]["title"]), (8, &json!("Palette")));
    let ben = talks(&token(BEN));
    assert_eq!(ids(&ben[0]).len(), 7);
    assert_eq!((&ben[1], &ben[1]["isError"]), (&ben[2], &json!(true)), "like what is not there");
    // A process that outlives its token.
    let token = token(BEN);
    let host = Host::open(&user.data(), None).unwrap();
    let id = host.store().tokens().unwrap().iter().map(|token| token.id).max().unwrap();
    let mut command = user.command(&["mcp"]);
    command.env("WEIR_TOKEN", token).stdin(std::process::Stdio::piped());
    let opening = [hello(), initialized.clone()];
    let revoke = || assert!(host.store().revoke_token(id, host.now().unwrap()).unwrap());
    let said = converse_and(command, &opening, &[&search], revoke, &[&fetch]);
    assert_eq!(said[2]["error"]["message"], "the token was revoked or has run out");
    let refused = user.runs(&["mcp"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert!(refused.stderr.contains("WEIR_TOKEN is not set"), "{refused}");
}

fn converse(command: std::process::Command, opening: &[Value], calls: &[&Value]) -> Vec<Value> {
    converse_and(command, opening, calls, || (), &[])
}

/// Sends everything, doing something in between, reads as many answers as are due, and lets the program end.
fn converse_and(
    mut command: std::process::Command,
    opening: &[Value],
    calls: &[&Value],
    between: impl FnOnce(),
    further: &[&Value],
) -> Vec<Value> {
    use std::io::{BufRead, BufReader, Write};
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut read = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    for message in opening {
        writeln!(input, "{message}").unwrap();
    }
    let mut said = vec![read()];
    for call in calls {
        writeln!(input, "{call}").unwrap();
        said.push(read());
    }
    between();
    for call in further {
        writeln!(input, "{call}").unwrap();
        said.push(read());
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    assert!(lines.next().is_none(), "nothing but the protocol");
    said
}
