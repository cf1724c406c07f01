/** At most so many, since each is named in the mapping template of every preflight. */
const mostOrigins = 20;

/**
 * The origins whose pages may call the API, from a comma-separated list; none from an empty one. Each as a browser
 * sends it (RFC 6454): scheme, host, and the port unless it is the scheme's own. Throws on anything else, such as
 * `*` and `null`, which would let any page in.
 */
export function parseAllowedOrigins(list: string): readonly string[] {
  const origins = list === '' ? [] : list.split(',');
  for (const origin of origins) assertOrigin(origin);
  if (new Set(origins).size !== origins.length) throw new Error('allowedOrigins names an origin twice');
  if (origins.length > mostOrigins) throw new Error(`allowedOrigins may name ${mostOrigins} origins at most`);
  return origins;
}

/** The characters are those that cannot end a string of a mapping template or of a header's static value. */
function assertOrigin(origin: string): void {
  const form = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;
  if (!form.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin) {
    throw new Error(
      `allowedOrigins: "${origin}" is no origin such as https://portal.example.com, in lower case, without a path or spaces`,
    );
  }
  const { protocol, hostname } = new URL(origin);
  if (protocol === 'http:' && hostname !== 'localhost' && hostname !== '127.0.0.1') {
    throw new Error(
      `allowedOrigins: "${origin}" must be https, since anybody on the way could change its pages`,
    );
  }
}
