// A small host for connectors: reads a whole source once, and prints what it read as JSON.
//
// Standard input tells it what to do: { component, settings, login, username, secret, standIns, agreed }. `agreed` are
// the origins that the user agrees to, all that the plan names if it is left out.

import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { load } from './connector.mjs';
import { gate, nowhere } from './gate.mjs';
import { Sink } from './sink.mjs';

const CHANGES_A_PAGE = 250;
const IDS_A_CALL_MAX = 100;
const FILE_BYTES_MAX = 64 << 20;
const TRIES = 5;

const asked = JSON.parse(await text(process.stdin));
const spent = { points: 0n };
const log = {
  write: (level, message, fields) => console.error(level, message, Object.fromEntries(fields)),
  spend: (points) => { spent.points += points; },
};

/** The error of the contract, if a call ended with one. */
const errorOf = (thrown) => thrown.payload;

const instance = await load(asked.component, 'confluence');

/** Calls in a fresh instance, and again where the contract says that it is worth it. */
async function call(what, way = out) {
  for (let tries = 1; ; tries++) {
    try {
      return what(await instance(way, log));
    } catch (thrown) {
      const error = errorOf(thrown);
      if (!['throttled', 'unavailable'].includes(error?.tag) || tries === TRIES) throw thrown;
      await sleep(Number(error.val.wait ?? 1000 * tries));
    }
  }
}

// From nothing to a connection.
const description = await call(({ setup }) => setup.describe(), nowhere);
const plan = await call(({ setup }) => setup.configure(JSON.stringify(asked.settings), asked.login), nowhere);
const basic = Buffer.from(`${asked.username}:${asked.secret}`).toString('base64');
const agreed = plan.origins.filter((origin) => asked.agreed?.includes(origin.url) ?? true);
const out = gate({ origins: agreed, authorization: `Basic ${basic}`, standIns: asked.standIns });
const account = await call(({ setup }) => setup.authenticate(plan.settings, asked.login));
const connection = { settings: plan.settings, session: account.session };

// All of it: each dataset in its order, each partition of it page by page.
const items = new Map();
const failed = [];
const people = { users: 0, groups: 0, members: 0 };
let pages = 0;
for (const dataset of description.datasets) {
  for (const partition of await call(({ sync }) => sync.listPartitions(connection, dataset.name))) {
    let position = { tag: 'everything' };
    do {
      const page = await call(({ sync }) => sync.readPage(connection, partition, position, CHANGES_A_PAGE));
      // A host that stays makes a page's changes durable together with `page.next`.
      page.changes.forEach(apply);
      pages += 1;
      position = page.next.tag === 'more' ? { tag: 'after', val: page.next.val } : undefined;
    } while (position);
  }
}

function apply({ tag, val }) {
  switch (tag) {
    case 'upsert': return void items.set(val.id, val);
    case 'delete': case 'binned': return void items.delete(val);
    case 'failed': return void failed.push(val);
    case 'user': return void (people.users += 1);
    case 'group': return void (people.groups += 1);
    case 'member': return void (people.members += 1);
  }
}

// Some of it again by its ids, and the bytes of a file.
const ids = [...items.keys()].sort().slice(0, IDS_A_CALL_MAX);
const again = await call(({ sync }) => sync.readItems(connection, ids));
const file = [...items.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).find((item) => item.file);
const sink = new Sink(FILE_BYTES_MAX);
const receipt = await call(({ content }) => content.download(connection, file.file.link, sink));

const told = {
  name: description.name,
  origins: plan.origins.map((origin) => origin.url),
  label: account.label,
  pages,
  people,
  failed,
  points: spent.points,
  items: [...items.values()].map(written),
  again: again.map(({ val }) => written(val)),
  file: { id: file.id, type: receipt.mediaType, size: receipt.size, base64: sink.bytes().toString('base64') },
};
process.stdout.write(JSON.stringify(told, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));

/** An item with its access in words: `narrowed user:ben`. */
function written(item) {
  const principals = (item.access.val ?? []).map(({ tag, val }) => (val === undefined ? tag : `${tag}:${val}`));
  return { ...item, body: item.body?.value, file: item.file?.link, access: [item.access.tag, ...principals].join(' ') };
}
