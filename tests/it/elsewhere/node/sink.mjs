// Where the bytes of a file go: into memory, and no more of them than agreed.

import { io } from '@bytecodealliance/preview2-shim';

const CHUNK_BYTES = 65536n;

export class Sink extends io.streams.OutputStream {
  #chunks = [];
  #bytes = 0;
  #bytesMax;

  constructor(bytesMax) {
    super();
    this.#bytesMax = bytesMax;
  }

  bytes() {
    return Buffer.concat(this.#chunks);
  }

  /** Throwing `closed` tells the connector that its host has had enough. */
  #take(bytes) {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#bytesMax) throw { tag: 'closed' };
    if (this.#bytesMax !== Infinity) this.#chunks.push(bytes);
  }

  checkWrite() { return CHUNK_BYTES; }
  write(bytes) { this.#take(bytes); }
  blockingWriteAndFlush(bytes) { this.#take(bytes); }
  flush() {}
  blockingFlush() {}
  splice(from, length) { return this.#from(from.read(length)); }
  blockingSplice(from, length) { return this.#from(from.blockingRead(length)); }

  #from(bytes) {
    this.#take(bytes);
    return BigInt(bytes.length);
  }
}
