import * as z from 'zod';
import type { Answer } from './answer.ts';
import { staticValue } from './mapping.ts';
import { essenceOf } from './media-types.ts';
import { headerOf } from './request.ts';
import { evaluateMapping, type MappingInput } from './velocity.ts';

const templates = z.strictObject({ 'application/json': z.string() });
const headers = z.record(z.string().regex(/^method\.response\.header\./), z.string());

/** The properties of an integration of type MOCK. */
export const mockProperties = z.strictObject({
  Type: z.literal('MOCK'),
  // The others would pass a body of another media type on.
  PassthroughBehavior: z.literal('NEVER'),
  RequestTemplates: templates,
  IntegrationResponses: z.array(
    z.strictObject({
      StatusCode: z.string().regex(/^[1-5]\d\d$/),
      SelectionPattern: z.exactOptional(z.string()),
      ResponseParameters: z.exactOptional(headers),
      ResponseTemplates: z.exactOptional(templates),
    }),
  ),
});

/** Responses of a method, which declare the headers that its integration may set. */
export const methodResponses = z.array(
  z.strictObject({
    StatusCode: z.string(),
    ResponseParameters: z.exactOptional(z.record(z.string(), z.union([z.boolean(), z.string()]))),
  }),
);

/** An integration that API Gateway answers itself. */
export interface MockIntegration {
  readonly type: 'MOCK';
  /** VTL; its result is JSON with the status. */
  readonly requestTemplate: string;
  readonly responses: readonly MockResponse[];
}

interface MockResponse {
  readonly status: number;
  /** Matched against the integration's status; without one, it is the default. */
  readonly pattern?: RegExp;
  readonly headers: Answer['headers'];
  /** VTL. */
  readonly template: string;
}

/** Reads a MOCK integration. Throws if it sets a header that the method does not declare. */
export function readMock(
  integration: z.output<typeof mockProperties>,
  declared: z.output<typeof methodResponses>,
): MockIntegration {
  const responses = integration.IntegrationResponses.map((response): MockResponse => {
    const { StatusCode, SelectionPattern, ResponseParameters = {}, ResponseTemplates } = response;
    const method = declared.find((candidate) => candidate.StatusCode === StatusCode);
    if (method === undefined) throw new Error(`the method has no response ${StatusCode}`);
    const undeclared = Object.keys(ResponseParameters).find(
      (key) => !Object.hasOwn(method.ResponseParameters ?? {}, key),
    );
    if (undeclared !== undefined) throw new Error(`the method does not declare ${undeclared}`);
    return {
      status: Number(StatusCode),
      ...(SelectionPattern && { pattern: new RegExp(`^(?:${SelectionPattern})$`) }),
      headers: Object.entries(ResponseParameters).map(
        ([key, value]) => [key.replace(/^.*?header\./, '').toLowerCase(), staticValue(value)] as const,
      ),
      template: ResponseTemplates?.['application/json'] ?? '',
    };
  });
  return { type: 'MOCK', requestTemplate: integration.RequestTemplates['application/json'], responses };
}

/** What the integration answers; undefined if it takes no request of this media type. */
export async function mockAnswer(mock: MockIntegration, input: MappingInput): Promise<Answer | undefined> {
  const mediaType = essenceOf(headerOf(input.request, 'content-type')) || 'application/json';
  if (mediaType !== 'application/json') return undefined;
  const { text } = await evaluateMapping(mock.requestTemplate, input);
  const { statusCode } = z.looseObject({ statusCode: z.int() }).parse(JSON.parse(text));
  const response =
    mock.responses.find(({ pattern }) => pattern?.test(String(statusCode))) ??
    mock.responses.find(({ pattern }) => pattern === undefined);
  if (response === undefined) throw new Error(`No response of the mock integration is for ${statusCode}`);
  const mapped = await evaluateMapping(response.template, input);
  const all = [
    ['content-type', 'application/json'] as const,
    ...response.headers,
    ...mapped.headers.map(([name, value]) => [name.toLowerCase(), value] as const),
  ];
  return {
    status: mapped.status ?? response.status,
    headers: [...new Map(all)],
    body: Buffer.from(mapped.text),
  };
}
