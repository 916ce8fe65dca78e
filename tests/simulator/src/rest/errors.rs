//! The words of refusal, exactly as measured on real sites: each generation of
//! the API has its own, and neither says 401 to a wrong token.

use serde_json::{Value, json};

use super::answer::{Answer, Content};

/// v2's envelope.
pub fn v2(status: u16, code: &str, title: &str, detail: Value) -> Answer {
    let error = json!({ "status": status, "code": code, "title": title, "detail": detail });
    Answer::of(status, Content::Json(json!({ "errors": [error] })))
}

/// v2's answer for a named thing that is missing or may not be seen: the two look alike.
pub fn v2_missing(title: String) -> Answer {
    v2(404, "NOT_FOUND", &title, Value::Null)
}

/// v2's answer to wrong, revoked or absent credentials: told from a missing
/// object only by its title.
pub fn v2_rejected() -> Answer {
    v2(404, "NOT_FOUND", "Not Found", Value::Null)
}

pub fn v2_bad_parameter(name: &str, expected: &str) -> Answer {
    let title = format!("Provided value for '{name}' is not the correct type. Expected type is {expected}.");
    v2(400, "INVALID_REQUEST_PARAMETER", &title, Value::Null)
}

pub fn v2_bad_cursor() -> Answer {
    let detail = "The provided cursor was not valid. You can get a new valid cursor by making the original \
                  pagination request again.";
    let title = "Provided value for 'cursor' is not the correct type. Expected type is Cursor.";
    v2(400, "INVALID_REQUEST_PARAMETER", title, json!(detail))
}

/// v1's envelope with no more than the words.
pub fn v1(status: u16, message: &str) -> Answer {
    Answer::of(status, Content::Json(json!({ "statusCode": status, "message": message })))
}

/// v1's fuller envelope.
pub fn v1_with_data(status: u16, message: &str) -> Answer {
    let data = json!({ "authorized": true, "valid": true, "errors": [], "successful": true });
    Answer::of(status, Content::Json(json!({ "statusCode": status, "data": data, "message": message })))
}

/// v1's answer to wrong or absent credentials.
pub fn v1_rejected() -> Answer {
    v1(
        403,
        "com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException: 403 FORBIDDEN \
         \"Request rejected because caller cannot access Confluence\"",
    )
}

pub fn v1_missing_content(id: &str) -> Answer {
    v1_with_data(
        404,
        &format!(
            "com.atlassian.confluence.api.service.exceptions.NotFoundException: No content found with id: \
             ContentId{{id={id}}}"
        ),
    )
}

/// What searching with `ancestors.restrictions…` expanded answers when one
/// ancestor may not be seen: the whole page of results is lost (CONFCLOUD-77618).
pub fn v1_unseen_ancestor(id: u64) -> Answer {
    let message = json!({ "translation": format!("No content with id <ContentId{{id={id}}}> can be found") });
    let data = json!({ "authorized": false, "valid": false, "errors": [{ "message": message }], "successful": false });
    Answer::of(404, Content::Json(json!({ "statusCode": 404, "data": data })))
}

pub fn v1_not_an_integer(name: &str, value: &str) -> Answer {
    v1(
        400,
        &format!(
            "org.springframework.web.method.annotation.MethodArgumentTypeMismatchException: Failed to convert value \
             of type 'java.lang.String' to required type 'int'; nested exception is \
             java.lang.NumberFormatException: For input string: \"{value}\" ({name})"
        ),
    )
}

/// The older readers of content know nothing of folders and their like.
pub fn v1_not_for_content_finder(kind: &str) -> Answer {
    v1_with_data(
        501,
        &format!(
            "com.atlassian.confluence.api.service.exceptions.NotImplementedServiceException: Cannot fetch {kind}s \
             with ContentFinder"
        ),
    )
}

pub fn v1_removed() -> Answer {
    v1(
        410,
        "com.atlassian.confluence.api.service.exceptions.GoneException: This deprecated endpoint has been removed.",
    )
}

pub fn v1_unknown_route(url: &str, path: &str) -> Answer {
    Answer::of(
        404,
        Content::Xml(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><status><status-code>404</status-code>\
             <message>null for uri: {url}{path}</message></status>"
        )),
    )
}

/// Any other path of the site, and unknown v2 routes: a page for people.
pub fn html_not_found() -> Answer {
    let page = "<!DOCTYPE html><html><head><title>Page Not Found - Confluence</title></head>\
                <body><h1>Page Not Found</h1></body></html>";
    Answer::of(404, Content::Html(page.into()))
}

/// A wrong method on a known route; no `Allow` header comes with it.
pub fn wrong_method(method: &str) -> Answer {
    let title = format!(
        "org.springframework.web.HttpRequestMethodNotSupportedException: Request method '{method}' is not supported"
    );
    v2(405, "METHOD_NOT_ALLOWED", &title, Value::Null)
}

/// A `Basic` value that is no base64 pair, and a bearer token on the site's own host.
pub fn tomcat_unauthorized() -> Answer {
    Answer::of(
        401,
        Content::Html(
            "<!doctype html><html lang=\"en\"><head><title>HTTP Status 401 – Unauthorized</title></head>\
             <body><h1>HTTP Status 401 – Unauthorized</h1></body></html>"
                .into(),
        ),
    )
}

pub fn gateway(status: u16, message: &str) -> Answer {
    Answer::of(status, Content::Json(json!({ "code": status, "message": message })))
}

/// The gateway's answer to a token that lacks the scope of what was asked for, whether or not that exists.
pub fn missing_scope() -> Answer {
    gateway(401, "Unauthorized; scope does not match")
}
