/** Limited, since the mapping template of every preflight names each. */
const mostOrigins = 20;

/**
 * The origins whose pages may call the API, from a comma-separated list; an empty list means none. Each as a browser
 * sends it (RFC 6454): scheme, host, and port unless it is the scheme's default. Throws on anything else, such as `*`
 * and `null`, which would let any page in.
 */
export function parseAllowedOrigins(list: string): readonly string[] {
  const origins = list === '' ? [] : list.split(',');
  for (const origin of origins) assertOrigin(origin);
  if (new Set(origins).size !== origins.length) throw new Error('allowedOrigins lists an origin twice');
  if (origins.length > mostOrigins) throw new Error(`allowedOrigins can list at most ${mostOrigins} origins`);
  return origins;
}

/** Allows only characters that cannot end a string in a mapping template or in a static header value. */
function assertOrigin(origin: string): void {
  const form = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;
  if (!form.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin) {
    throw new Error(
      `allowedOrigins: "${origin}" is not an origin like https://portal.example.com: lower case, no path, no spaces`,
    );
  }
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'http:' && hostname !== 'localhost' && hostname !== '127.0.0.1') {
    throw new Error(
      `allowedOrigins: "${origin}" must use https: over http, anyone on the path could change its pages`,
    );
  }
}
