// Makes instances of a transpiled connector, each with a world of its own in which there is nothing but a way out.

import { readFile } from 'node:fs/promises';
import { cli, clocks, http, io, random } from '@bytecodealliance/preview2-shim';
import { Sink } from './sink.mjs';

/**
 * Loads what `jco transpile --instantiation async` wrote. Answers a function that makes a fresh instance: one a call,
 * so that what goes wrong in one call is gone with it. The code is compiled once.
 */
export async function load(folder, name) {
  const { instantiate } = await import(`${folder}/${name}.js`);
  const compiled = new Map();
  const core = async (file) => {
    if (!compiled.has(file)) compiled.set(file, await WebAssembly.compile(await readFile(`${folder}/${file}`)));
    return compiled.get(file);
  };
  return (gate, log) => instantiate(core, world(gate, log));
}

/**
 * All that a connector can ask for. What the shim would give away otherwise, this process's environment, arguments
 * and standard streams, is empty here.
 */
function world(gate, log) {
  return {
    'weir:connector/log': log,
    'wasi:http/outgoing-handler': gate,
    'wasi:http/types': http.types,
    'wasi:io/error': io.error,
    'wasi:io/poll': io.poll,
    'wasi:io/streams': io.streams,
    'wasi:clocks/monotonic-clock': clocks.monotonicClock,
    'wasi:clocks/wall-clock': clocks.wallClock,
    'wasi:random/random': random.random,
    'wasi:random/insecure': random.insecure,
    'wasi:random/insecure-seed': random.insecureSeed,
    // What languages' runtimes drag in.
    'wasi:cli/environment': { getEnvironment: () => [], getArguments: () => [], initialCwd: () => undefined },
    'wasi:cli/exit': { exit: () => { throw new Error('the connector tried to end the process'); } },
    'wasi:cli/stdin': { getStdin: () => new Nothing() },
    'wasi:cli/stdout': { getStdout: () => new Sink(Infinity) },
    'wasi:cli/stderr': { getStderr: () => new Sink(Infinity) },
    'wasi:cli/terminal-input': cli.terminalInput,
    'wasi:cli/terminal-output': cli.terminalOutput,
    'wasi:cli/terminal-stdin': { getTerminalStdin: () => undefined },
    'wasi:cli/terminal-stdout': { getTerminalStdout: () => undefined },
    'wasi:cli/terminal-stderr': { getTerminalStderr: () => undefined },
  };
}

/** A stream that has ended. */
class Nothing extends io.streams.InputStream {
  read() { throw { tag: 'closed' }; }
  blockingRead() { throw { tag: 'closed' }; }
}
