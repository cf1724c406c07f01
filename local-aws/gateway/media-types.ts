/** Whether a `Content-Type` is one of the API's binary media types, ignoring parameters. */
export function isBinary(contentType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const type = essenceOf(contentType);
  return type !== '' && binaryMediaTypes.some((binary) => matches(type, binary));
}

/**
 * Whether a base64 body is decoded before sending: API Gateway considers only the first media type of `Accept`.
 * Source: API Gateway developer guide, content type conversions.
 */
export function wantsBinary(accept: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const [first = ''] = (accept ?? '').split(',');
  return isBinary(first, binaryMediaTypes);
}

/** A media type without its parameters, in lower case; empty if there is none. */
export function essenceOf(contentType: string | undefined): string {
  const [essence = ''] = (contentType ?? '').split(';');
  return essence.trim().toLowerCase();
}

function matches(type: string, binary: string): boolean {
  if (binary === '*/*' || binary === type) return true;
  return binary.endsWith('/*') && type.startsWith(binary.slice(0, -1));
}
