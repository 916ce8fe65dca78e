// Requests: the contract's wasi:http. The host adds the credential, and retries what is worth it.

import { handle } from "wasi:http/outgoing-handler@0.2.0";
import { Fields, IncomingBody, OutgoingRequest } from "wasi:http/types@0.2.0";
import { Failure } from "./failure.js";
import { meaning } from "./meaning.js";

// How much is asked of a stream at once, in bytes; the host may give less.
const CHUNK = 1_048_576n;

// Asks for all paths at once and waits for the answers: several requests are in flight, as many as the host allows.
export const asking = (site) => (paths) => {
  const sent = paths.map((path) => attempt(() => send(site, path)));
  return paths.map((path, at) => (sent[at].error ? sent[at] : attempt(() => understood(path, awaited(sent[at])))));
};

function attempt(act) {
  try {
    return act();
  } catch (error) {
    return { error: unanswered(error) };
  }
}

// The bytes go from the answer to the host's sink without passing through this memory.
export function download(site, link, sink) {
  let size = 0n;
  try {
    const response = awaited(send(site, link));
    if (response.status() !== 200) throw new Failure(understood(link, response).error);
    const mediaType = header(response, "content-type");
    toTheEnd(response, (stream) => (size += sink.blockingSplice(stream, CHUNK)));
    return { mediaType, size };
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(unanswered(error));
  }
}

function send(site, path) {
  const request = new OutgoingRequest(Fields.fromList([["accept", new TextEncoder().encode("application/json")]]));
  request.setMethod({ tag: "get" });
  request.setScheme({ tag: "HTTPS" });
  request.setAuthority(site.slice("https://".length));
  request.setPathWithQuery(path);
  return handle(request, undefined);
}

const understood = (path, response) =>
  meaning(path, response.status(), header(response, "retry-after"), text(response));

function header(response, name) {
  const [value] = response.headers().get(name);
  return value && new TextDecoder().decode(value);
}

function text(response) {
  const decoder = new TextDecoder();
  let text = "";
  toTheEnd(response, (stream) => (text += decoder.decode(stream.blockingRead(CHUNK), { stream: true })));
  return text + decoder.decode();
}

// Takes a body chunk by chunk. It counts only if it ended as announced.
function toTheEnd(response, take) {
  const body = response.consume();
  const stream = body.stream();
  try {
    for (;;) take(stream);
  } catch (error) {
    if (error.payload?.tag !== "closed") throw error;
  }
  stream[Symbol.dispose]();
  awaited(IncomingBody.finish(body));
}

// What the host answers in its own time: an answer's head, or its end.
function awaited(future) {
  const ready = future.subscribe();
  ready.block();
  ready[Symbol.dispose]();
  const { tag, val } = future.get();
  if (tag === "ok" && val.tag === "ok") return val.val;
  throw { payload: val?.val };
}

// No whole answer came. What the host refused would be refused again; anything else may pass.
function unanswered({ payload }) {
  const code = payload?.tag ?? "the answer broke off";
  const tag = code === "HTTP-request-denied" ? "unexpected" : "unavailable";
  return { tag, val: `the request to the site failed: ${code}` };
}
