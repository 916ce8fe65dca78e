// The door to the host: what the world `connector` exports, each function handed on to the file that knows the answer.

import { configure, describe, siteOf } from "./describe.js";
import { answered } from "./failure.js";
import { account, estimate, findings, partitions, read, readItems } from "./reading.js";
import { asking, download } from "./request.js";

const at = ({ settings }) => asking(siteOf(settings));

export const setup = {
  describe,
  configure,
  // No setting is chosen from a list.
  choices: () => [],
  authenticate: answered((settings) => account(at({ settings }), siteOf(settings))),
  diagnose: answered((connection) => findings(at(connection))),
};

export const sync = {
  listPartitions: (_, dataset) => partitions(dataset),
  readPage: answered((connection, { token }, position, limit) => read(at(connection), token, position, limit)),
  estimate: answered((connection) => estimate(at(connection))),
  readItems: answered((connection, ids) => readItems(at(connection), ids)),
  // The settings leave nothing out.
  inScope: (_, items) => items.map(() => true),
};

export const content = {
  download: answered(({ settings }, link, sink) => download(siteOf(settings), link, sink)),
};
