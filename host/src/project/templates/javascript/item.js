// A row of the site as the change it stands for. Pure: it decides, and asks nothing.

// The change, or undefined for a row that does not even say which note it is: nobody can be told about that one, and
// the host will ask for it by its id if it knew it.
export function change(row, inventory) {
  if (typeof row?.id !== "string") return undefined;
  if (row.binned === true) return { tag: "binned", val: row.id };
  try {
    const it = item(row);
    // An inventory says of each item what reading everything would, less the words.
    const { id, parent, version, access } = it;
    return inventory ? { tag: "seen", val: { id, parent, version, access } } : { tag: "upsert", val: it };
  } catch (error) {
    return failed(row.id, `the site described it in a way that is not understood: ${error.message}`);
  }
}

export const failed = (id, reason) => ({ tag: "failed", val: { id, url: undefined, reason } });

function item(row) {
  const isNotebook = row.notebook === null;
  return {
    id: row.id,
    kind: isNotebook ? "notebook" : "note",
    parent: isNotebook ? undefined : text(row.notebook),
    version: String(number(row.version)),
    title: text(row.title),
    url: text(row.url),
    body: row.text ? { format: "markdown", value: text(row.text) } : undefined,
    file: told(row.file, file),
    access: access(isNotebook, row.readers),
    author: told(row.author, text),
    editor: told(row.editor, text),
    created: told(row.created, number),
    updated: told(row.updated, number),
    properties: (row.labels ?? []).map((label) => ["label", text(label)]),
  };
}

const file = ({ link, name, type, size }) => ({
  link: text(link),
  name: text(name),
  mediaType: type ?? "application/octet-stream",
  size: told(size, number),
});

// The value if the site told one.
const told = (value, as) => (value === null || value === undefined ? undefined : as(value));

function text(value) {
  if (typeof value !== "string") throw new TypeError(`${JSON.stringify(value)} is no text`);
  return value;
}

// The contract's u64 are BigInt.
function number(value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${JSON.stringify(value)} is no number`);
  return BigInt(value);
}

// What the site says of this row alone; the host walks up to the notebook. `readers` is null where the site says "as
// the notebook", a list where it names them, and missing where it does not tell: then nobody is shown the note.
export function access(isNotebook, readers) {
  if (Array.isArray(readers)) return { tag: isNotebook ? "replaced" : "narrowed", val: readers.flatMap(principal) };
  return readers === null && !isNotebook ? { tag: "inherited" } : { tag: "unknown" };
}

// A reader of a sort this connector does not know is let in nowhere.
function principal(reader) {
  if (reader === "members" || reader === "anyone") return [{ tag: reader }];
  const [, tag, val] = /^(user|group):(.+)$/.exec(reader) ?? [];
  return tag ? [{ tag, val }] : [];
}

// People and groups, and who belongs to which. A standing that this connector does not know reads nothing.
export function* people({ people, groups }) {
  for (const { id, name, email, standing } of people) {
    const known = ["member", "guest"].includes(standing) ? standing : "closed";
    yield { tag: "user", val: { id: text(id), name: text(name), email: told(email, text), standing: known } };
  }
  for (const { id, name, members } of groups) {
    yield { tag: "group", val: { id: text(id), name: text(name) } };
    for (const member of members) {
      yield { tag: "member", val: { group: id, member: { tag: "user", val: text(member) } } };
    }
  }
}
