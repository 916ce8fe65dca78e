// What an answer of the site means, as a row or as an error of the contract. Pure.
//
// The case decides what the host does, see `error` in wit/types.wit; the words are for people.

export function meaning(path, status, retryAfter, text) {
  const error = (tag, val) => ({ error: { tag, val } });
  const asked = `the site answered ${status} to GET ${path}`;
  if (status === 401) return error("unauthenticated", asked);
  if (status === 403) return error("forbidden", asked);
  if (status === 429) {
    const seconds = /^[0-9]+$/.test(retryAfter ?? "") ? BigInt(retryAfter) : undefined;
    return error("throttled", { message: asked, wait: seconds && seconds * 1000n });
  }
  if (status >= 500) return error("unavailable", asked);
  const row = json(text);
  // Only a 404 that names what it denies says that this is gone; any other may come from a proxy on the way.
  if (status === 404 && row?.missing === path) return error("not-found", asked);
  if (status !== 200) return error("unexpected", asked);
  return row && typeof row === "object" ? { row } : error("unexpected", `${asked} with something that is not JSON`);
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
