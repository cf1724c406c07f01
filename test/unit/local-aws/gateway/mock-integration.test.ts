import { describe, expect, it } from 'vitest';
import { mockAnswer, readMock } from '../../../../local-aws/gateway/mock-integration.ts';
import type { MappingInput } from '../../../../local-aws/gateway/velocity.ts';

interface Sent {
  readonly headers?: readonly (readonly [string, string])[];
  readonly target?: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

const inputOf = ({
  headers = [],
  target = '/',
  pathParameters = {},
  stageVariables = {},
}: Sent): MappingInput => ({
  request: { method: 'OPTIONS', target, headers, body: Buffer.alloc(0), sourceIp: '192.0.2.1', port: 443 },
  pathParameters,
  stageVariables,
  context: {
    requestId: 'r-1',
    extendedRequestId: 'x-1',
    requestTimeEpoch: '0',
    apiId: 'api',
    stage: 'local',
    httpMethod: 'OPTIONS',
    path: '/',
    resourcePath: '/',
    'identity.sourceIp': '192.0.2.1',
  },
});

const declared = ['200', '204', '400'].map((StatusCode) => ({
  StatusCode,
  ResponseParameters: { 'method.response.header.x-fixed': true },
}));

/** The answer of an integration with this template of its only response. */
async function answerOf(template: string, sent: Sent = {}, request = '{"statusCode":200}') {
  const mock = readMock(
    {
      Type: 'MOCK',
      PassthroughBehavior: 'NEVER',
      RequestTemplates: { 'application/json': request },
      IntegrationResponses: [
        {
          StatusCode: '200',
          ResponseParameters: { 'method.response.header.x-fixed': "'yes'" },
          ResponseTemplates: { 'application/json': template },
        },
        { StatusCode: '400', SelectionPattern: '4\\d\\d' },
      ],
    },
    declared,
  );
  const answer = await mockAnswer(mock, inputOf(sent));
  return answer && { ...answer, headers: Object.fromEntries(answer.headers), text: answer.body.toString() };
}

describe('a mock integration', () => {
  it('answers with the default response, its static headers and its template', async () => {
    expect(await answerOf('hello')).toMatchObject({
      status: 200,
      headers: { 'x-fixed': 'yes', 'content-type': 'application/json' },
      text: 'hello',
    });
  });

  it('chooses the response whose pattern matches the status', async () => {
    expect(await answerOf('hello', {}, '{"statusCode":404}')).toMatchObject({ status: 400, text: '' });
    expect(await answerOf('hello', {}, '{"statusCode":1404}')).toMatchObject({ status: 200 });
  });

  it.each(['text/plain', 'application/xml; charset=utf-8'])('takes no %s', async (type) => {
    expect(await answerOf('hello', { headers: [['Content-Type', type]] })).toBeUndefined();
  });

  it('takes JSON', async () => {
    const headers = [['content-type', 'Application/JSON; charset=utf-8']] as const;
    expect(await answerOf('hello', { headers })).toMatchObject({ status: 200 });
  });

  it.each(['nothing', '{}', '{"statusCode":"200"}'])(
    'fails if its request template gives %s',
    async (text) => {
      await expect(answerOf('', {}, text)).rejects.toThrow();
    },
  );

  it('sets only static headers', () => {
    const integration = {
      Type: 'MOCK',
      PassthroughBehavior: 'NEVER',
      RequestTemplates: { 'application/json': '' },
      IntegrationResponses: [
        { StatusCode: '200', ResponseParameters: { 'method.response.header.x-fixed': 'context.requestId' } },
      ],
    } as const;
    expect(() =>
      readMock({ ...integration, IntegrationResponses: [...integration.IntegrationResponses] }, declared),
    ).toThrow('not static text');
  });
});

describe('a mapping template', () => {
  it('can override status and headers', async () => {
    const template =
      '#set($context.responseOverride.status = 400)#set($context.responseOverride.header.X-Fixed = "no")';
    expect(await answerOf(template)).toMatchObject({ status: 400, headers: { 'x-fixed': 'no' }, text: '' });
  });

  it('reads the context and the stage', async () => {
    const sent = { stageVariables: { name: 'a' } };
    expect(
      await answerOf('$context.requestId $context.identity.sourceIp $stageVariables.name', sent),
    ).toMatchObject({
      text: 'r-1 192.0.2.1 a',
    });
  });

  it('keeps variables that do not exist as they are written, also in text', async () => {
    expect(await answerOf('$stageVariables.none #set($a = ",$stageVariables.none,")$a')).toMatchObject({
      text: '$stageVariables.none ,$stageVariables.none,',
    });
  });

  it('decides with `==`, `||`, `&&`, `!` and contains', async () => {
    const template =
      '#set($a = $input.params("a"))#if($a == "x" || $a == "y")1#else 0#end' +
      '#if($a != "" && !$a.contains(","))1#{else}0#end';
    const text = async (a: string) =>
      (await answerOf(template, { target: `/?a=${a}` }))?.text.replace(' ', '');
    expect(await Promise.all(['x', 'y', 'z', 'x,y', ''].map(text))).toEqual(['11', '11', '01', '00', '00']);
  });

  it('finds parameters in path, query and headers, in this order and letter case', async () => {
    const params = async (sent: Sent) => (await answerOf('[$input.params("Origin")]', sent))?.text;
    const headers = [['Origin', 'h']] as const;
    expect(await params({ headers })).toBe('[h]');
    expect(await params({ headers: [['origin', 'h']] })).toBe('[]');
    expect(await params({ headers, target: '/?Origin=q' })).toBe('[q]');
    expect(await params({ headers, target: '/?Origin=q', pathParameters: { Origin: 'p' } })).toBe('[p]');
  });

  it.each([
    '$input.json("$")',
    '$input.params()',
    '#set($a = "x")$a.includes("x")',
    '#set($a = "x")$a.toUpperCase()',
    '#set($a = ["x"])$a.contains("x")',
  ])('refuses %s, which API Gateway lacks or the local one does not have', async (template) => {
    await expect(answerOf(template)).rejects.toThrow('is not supported');
  });

  it('cannot change what the next one reads', async () => {
    const stageVariables = { list: 'a' };
    await answerOf('#set($stageVariables.list = "b")', { stageVariables }).catch(() => undefined);
    expect(stageVariables.list).toBe('a');
  });
});
