// The way out: a `wasi:http/outgoing-handler` that stands before the shim's own. It lets requests out to the origins that
// were agreed to and nowhere else, and adds the credential that the connector never sees.

import { http } from '@bytecodealliance/preview2-shim';

const { Fields, OutgoingBody, OutgoingRequest } = http.types;

/** The host's to set, and refused when a connector does. */
const OURS = ['authorization', 'cookie', 'proxy-authorization'];

/** For calls that must be pure: `describe` and `configure`. */
export const nowhere = { handle: () => { throw { tag: 'HTTP-request-denied' }; } };

/**
 * `origins` are those of the plan that the user agreed to, `authorization` is the header's value. `standIns` name
 * servers that stand in for an origin, as a simulator does: {"https://acme.atlassian.net": "http://127.0.0.1:8790"}.
 */
export function gate({ origins, authorization, standIns = {} }) {
  return {
    handle(request, options) {
      const scheme = request.scheme()?.tag === 'HTTP' ? 'http' : 'https';
      const url = new URL(`${scheme}://${request.authority()}${request.pathWithQuery()}`);
      const agreed = origins.find((origin) => origin.url === url.origin);
      const reads = ['get', 'head'].includes(request.method().tag);
      const ours = OURS.some((name) => request.headers().has(name));
      if (!agreed || !reads || ours || url.username || url.password) throw { tag: 'HTTP-request-denied' };

      // What leaves is a request of our own: the connector can look at the headers of its own one, and finds no secret.
      const headers = Fields.fromList(request.headers().entries());
      if (agreed.credential) headers.append('authorization', new TextEncoder().encode(authorization));
      const to = new URL(standIns[agreed.url] ?? agreed.url);
      const leaving = new OutgoingRequest(headers);
      leaving.setMethod(request.method());
      leaving.setScheme({ tag: to.protocol === 'http:' ? 'HTTP' : 'HTTPS' });
      leaving.setAuthority(to.host);
      leaving.setPathWithQuery(url.pathname + url.search);
      OutgoingBody.finish(leaving.body(), undefined);
      return http.outgoingHandler.handle(leaving, options);
    },
  };
}
