/** A path, followed by other distinct spellings that some gateway might treat as the same. */
export function spellingsOf(path: string): readonly string[] {
  return [...new Set([path, ...atSlashes(path), ...atBeginnings(path), ...atEnd(path), ...ofLetters(path)])];
}

/** Doubled and encoded slashes, dot segments. */
function atSlashes(path: string): readonly string[] {
  const doubled = ['//', '/./', '/x/../', '/%2e/', '/x/%2e%2e/', '/x/%2E%2E%2F', '/;/'];
  const encoded = ['%2F', '%2f', '%252F', '%5C', '\\'];
  return slashesOf(path).flatMap((index) => {
    const spellings = index === 0 ? doubled : [...doubled, ...encoded];
    return spellings.map((text) => replaceAt(path, index, text));
  });
}

/** The first character of each segment: percent-encoded, twice so, in the other case. */
function atBeginnings(path: string): readonly string[] {
  return slashesOf(path).flatMap((index) => {
    const character = path.charAt(index + 1);
    const code = character.charCodeAt(0).toString(16);
    return [`%${code}`, `%25${code}`, character.toUpperCase()].map((text) =>
      replaceAt(path, index + 1, text),
    );
  });
}

function atEnd(path: string): readonly string[] {
  return ['/', '//', '/.', '/x/..', '%2F', '%20', '%00', '%3F', ';x=1', '.', '?', '?a=b'].map(
    (end) => `${path}${end}`,
  );
}

/** Detours through segments that are not gated, and other cases and encodings of letters. */
function ofLetters(path: string): readonly string[] {
  const [, , segment = ''] = path.split('/');
  const detours = ['/v1/me/..', '/v1/me/../../v1', '/v1/me/%2e%2e', '/v1/me%2F..', '/v2/../v1', '/local/v1'];
  const anonymous = ['/v1/ticketing/..', '/v1/ticketing/%2e%2e', '/v1/ticketing%2F..', '/v1/docs/..'];
  return [
    ...[...detours, ...anonymous].map((detour) => path.replace('/v1', detour)),
    path.toUpperCase(),
    path.replace(segment, segment.charAt(0).toUpperCase() + segment.slice(1)),
    path.replace(segment, `me/../${segment}`),
    path.replace('-', '%2d'),
    path.replace('-', '%2D'),
  ];
}

function slashesOf(path: string): readonly number[] {
  return [...path.matchAll(/\//g)].map(({ index }) => index);
}

function replaceAt(path: string, index: number, text: string): string {
  return `${path.slice(0, index)}${text}${path.slice(index + 1)}`;
}
