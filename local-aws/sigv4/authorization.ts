import {
  headerValue,
  type QueryParameter,
  queryParameters,
  type ReceivedRequest,
} from '../../infra/sigv4/canonical.ts';
import { algorithm } from '../../infra/sigv4/signature.ts';
import { demand } from './failure.ts';

/** The parts of a request's signature. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly scope: {
    readonly date: string;
    readonly region: string;
    readonly service: string;
    readonly terminator: string;
  };
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** `X-Amz-Date`, or else `Date`, as sent. */
  readonly date: string;
  /** Seconds; presigned URLs only. */
  readonly expires: string | undefined;
  /** The signed query parameters: all except the signature itself. */
  readonly query: readonly QueryParameter[];
}

const headerParameters = ['Credential', 'Signature', 'SignedHeaders'] as const;
const queryNames = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
];
const onceOnly = [...queryNames, 'X-Amz-Expires', 'X-Amz-Security-Token'];

/** Reads the Authorization header or the presigned query. Throws SignatureFailure if it is incomplete or ambiguous. */
export function readAuthorization(request: ReceivedRequest): Authorization {
  const header = request.headers['authorization'];
  const query = queryParameters(request.target);
  const presigned = query.some(([name]) => queryNames.slice(0, 3).includes(name));
  demand(
    header !== undefined || presigned,
    'MissingAuthenticationToken',
    'Request is missing Authentication Token',
  );
  if (header === undefined) return fromQuery(query);
  demand(!presigned, 'IncompleteSignature', 'Only one auth mechanism allowed.');
  const [value, ...more] = [header].flat();
  demand(
    value !== undefined && more.length === 0,
    'IncompleteSignature',
    'Only one Authorization header allowed.',
  );
  return fromHeader(request, value, query);
}

function fromHeader(
  request: ReceivedRequest,
  header: string,
  query: readonly QueryParameter[],
): Authorization {
  const parameters = parametersOf(header);
  const date = headerValue(request, 'x-amz-date') ?? headerValue(request, 'date');
  demand(
    date !== undefined,
    'IncompleteSignature',
    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  );
  return {
    ...readCredential(parameters.get('Credential') ?? ''),
    ...readSignature(parameters.get('SignedHeaders') ?? '', parameters.get('Signature') ?? ''),
    sessionToken: headerValue(request, 'x-amz-security-token'),
    date,
    expires: undefined,
    query,
  };
}

function parametersOf(header: string): ReadonlyMap<string, string> {
  const [scheme, ...rest] = header.trim().split(/\s+/);
  const pairs = (scheme === algorithm ? rest.join('') : '')
    .split(',')
    .map((pair): readonly [string, string] => [
      pair.split('=', 1)[0] ?? '',
      pair.slice(pair.indexOf('=') + 1),
    ]);
  const parameters = new Map(pairs);
  const missing = headerParameters.filter((name) => !parameters.get(name));
  demand(
    missing.length === 0,
    'IncompleteSignature',
    missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '),
  );
  demand(
    pairs.length === headerParameters.length,
    'IncompleteSignature',
    'Authorization header has repeated or unknown parameters.',
  );
  return parameters;
}

function fromQuery(query: readonly QueryParameter[]): Authorization {
  const parameters = new Map(query);
  const missing = queryNames.filter((name) => !parameters.get(name));
  demand(
    missing.length === 0,
    'IncompleteSignature',
    missing.map((name) => `AWS query-string parameters must include '${name}'.`).join(' '),
  );
  const repeated = onceOnly.find((name) => query.filter(([sent]) => sent === name).length > 1);
  demand(
    repeated === undefined,
    'IncompleteSignature',
    `AWS query-string parameter '${repeated}' is repeated.`,
  );
  demand(
    parameters.get('X-Amz-Algorithm') === algorithm,
    'IncompleteSignature',
    "Unsupported 'X-Amz-Algorithm'.",
  );
  return {
    ...readCredential(parameters.get('X-Amz-Credential') ?? ''),
    ...readSignature(parameters.get('X-Amz-SignedHeaders') ?? '', parameters.get('X-Amz-Signature') ?? ''),
    sessionToken: parameters.get('X-Amz-Security-Token'),
    date: parameters.get('X-Amz-Date') ?? '',
    expires: parameters.get('X-Amz-Expires'),
    query: query.filter(([name]) => name !== 'X-Amz-Signature'),
  };
}

function readCredential(credential: string): Pick<Authorization, 'accessKeyId' | 'scope'> {
  const [accessKeyId = '', date = '', region = '', service = '', terminator = '', ...more] =
    credential.split('/');
  demand(
    terminator !== '' && more.length === 0,
    'IncompleteSignature',
    'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.',
  );
  return { accessKeyId, scope: { date, region, service, terminator } };
}

function readSignature(names: string, signature: string): Pick<Authorization, 'signedHeaders' | 'signature'> {
  const signedHeaders = names.split(';');
  const valid = signedHeaders.every((name) => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name));
  demand(
    valid && new Set(signedHeaders).size === signedHeaders.length,
    'IncompleteSignature',
    'SignedHeaders must be distinct lower-case header names, separated by semicolons.',
  );
  demand(/^[0-9a-f]{64}$/.test(signature), 'IncompleteSignature', 'Signature must be 64 hexadecimal digits.');
  return { signedHeaders, signature };
}
