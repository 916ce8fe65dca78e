// What is read when, and where the next read begins. `ask` is the only way out: paths in, answers of the same order out.

import { Failure, failure } from "./failure.js";
import { change, failed, people } from "./item.js";

// The site's list of changes may lag so much behind an edit, in milliseconds.
const LAG = 60_000n;

// More rows than that the site does not give at once.
const ROWS_MAX = 100;

// One partition a dataset; its token says which, since `read` is told no more than that.
export function partitions(dataset) {
  return [{ id: "all", label: "All", token: dataset }];
}

export function read(ask, dataset, position, limit) {
  if (dataset === "people") return readPeople(ask);
  return dataset === "changes" ? readChanges(ask, position, limit) : readNotes(ask, position, limit);
}

// Whoever is not mentioned is dropped by the host, so it is everybody or nobody.
function readPeople(ask) {
  return page([...people(get(ask, "/people"))], done());
}

// All notes, with their words or as an inventory. The cursor says which, and after which note to go on.
function readNotes(ask, position, limit) {
  const { inventory, after } =
    position.tag === "after" ? cursor(position.val) : { inventory: position.tag === "inventory" };
  const list = get(ask, listing({ after, limit }));
  return page(changes(list.notes, inventory), list.next ? more({ inventory, after: list.next }) : done());
}

// What changed since a checkpoint. The next one is the site's own time when the *first* page was read, less its lag:
// the time of the last page would miss what was edited during the read, and this machine's clock may be wrong.
function readChanges(ask, position, limit) {
  if (position.tag === "everything") {
    return page([], done(checkpoint(get(ask, listing({ limit: 1 })).now)));
  }
  const { since, after, began } = position.tag === "since" ? { since: position.val } : cursor(position.val);
  if (!/^[0-9]+$/.test(since)) throw failure("stale-position", `${since} is no checkpoint of this connector`);
  const list = get(ask, listing({ since, after, limit }));
  const start = began ?? list.now;
  // Words and readers stand in one answer, so none are older than the others.
  const next = list.next ? more({ since, after: list.next, began: start }) : done(checkpoint(start));
  return page(changes(list.notes, false), next);
}

// These notes, side by side. Only what the site denies by name is gone; a dead credential fails the call as a whole.
export function readItems(ask, ids) {
  const answers = ask(ids.map((id) => `/notes/${encodeURIComponent(id)}`));
  return ids.map((id, at) => {
    const { row, error } = answers[at];
    if (row) return row.id === id ? change(row, false) : failed(id, "the site answered with another note");
    const { tag, val } = error;
    if (tag === "not-found") return { tag: "delete", val: id };
    if (tag === "forbidden" || tag === "unexpected") return failed(id, val);
    throw new Failure(error);
  });
}

export function estimate(ask) {
  const { total } = get(ask, listing({ limit: 1 }));
  const items = BigInt(total);
  const requests = BigInt(Math.max(1, Math.ceil(total / ROWS_MAX)));
  return [{ dataset: "notes", what: "notes", items, requests, points: 0n, rough: false }];
}

// The sign-in is proved by the first thing that only somebody who signed in is told.
export function account(ask, site) {
  const { me } = get(ask, "/people");
  return { session: "", label: `${me} at ${site}`, user: me };
}

export function findings(ask) {
  const { me, people } = get(ask, "/people");
  const hidden = people.filter(({ email }) => !email).length;
  const signedIn = { name: "sign-in", verdict: "good", message: `Signed in as ${me}.` };
  const message = `The site tells of ${people.length} people, and hides the e-mail of ${hidden}.`;
  const remedy = hidden > 0 ? "Match them with `weir person link`." : undefined;
  return [signedIn, { name: "people", verdict: hidden > 0 ? "notice" : "good", message, remedy }];
}

function get(ask, path) {
  const [{ row, error }] = ask([path]);
  if (error) throw new Failure(error);
  return row;
}

function listing({ since, after, limit }) {
  const parts = { since, after, limit: Math.min(Math.max(limit, 1), ROWS_MAX) };
  const query = Object.entries(parts).filter(([, value]) => value !== undefined);
  return `/notes?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

const changes = (rows, inventory) => rows.map((row) => change(row, inventory)).filter((change) => change);

const checkpoint = (began) => String(BigInt(began) - LAG);
const more = (position) => ({ tag: "more", val: JSON.stringify(position) });
const done = (checkpoint) => ({ tag: "done", val: checkpoint });
const page = (changes, next) => ({ changes, next, remaining: undefined, pause: undefined });

function cursor(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw failure("stale-position", "that is no cursor of this connector");
  }
}
