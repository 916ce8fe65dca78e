// What this connector is, what it needs, and which settings are good. Pure.

import { Failure } from "./failure.js";

const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    site: {
      type: "string",
      format: "uri",
      title: "Site",
      description: "The address of the notes, without a path: https://notes.example",
      // What was read of one site must not meet the people of another.
      "x-identity": true,
    },
  },
  required: ["site"],
  additionalProperties: false,
};

const purpose = "read notes and people";

const kind = (name, title) => ({ name, title, family: "Notes", searched: true, inherits: false, widens: false });

export function describe() {
  return {
    name: "example-notes",
    title: "Example notes",
    version: "0.1.0",
    documentation: undefined,
    settingsSchema: JSON.stringify(SCHEMA),
    logins: [
      {
        name: "token",
        title: "Access token",
        help: "Create a token that may read, under Profile > Access tokens.",
        // The host asks for the token, keeps it, and adds this header outside the sandbox.
        scheme: { tag: "token", val: { label: "Token", header: "authorization", prefix: "Bearer " } },
      },
    ],
    datasets: [
      // The feed comes first, so that its first checkpoint is older than anything that is read after it.
      { name: "changes", title: "Changes", since: true, inventory: false },
      { name: "people", title: "People", since: false, inventory: false },
      { name: "notes", title: "Notes", since: false, inventory: true },
    ],
    // Notes may have readers of their own, but never more than their notebook has.
    kinds: [kind("notebook", "Notebooks"), kind("note", "Notes")],
    // Anybody may run the notes anywhere, so the outermost is any address. Name yours if it has one.
    bounds: [{ url: "https://*", credential: true, post: false, purpose }],
  };
}

export function configure(settings) {
  const { site, ...rest } = Object(JSON.parse(settings));
  const issues = Object.keys(rest).map((name) => ({ pointer: `/${name}`, message: `There is no setting ${name}.` }));
  const tidied = typeof site === "string" ? site.trim().toLowerCase().replace(/\/+$/, "") : "";
  if (!/^https:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/.test(tidied)) {
    issues.push({ pointer: "/site", message: "Give the site's address without a path: https://notes.example" });
  }
  if (issues.length > 0) throw new Failure(issues);
  const origin = { url: tidied, credential: true, post: false, purpose };
  return { settings: JSON.stringify({ site: tidied }), origins: [origin], scopes: [] };
}

// The site in settings that `configure` tidied.
export const siteOf = (settings) => JSON.parse(settings).site;
