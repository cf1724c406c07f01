import { describe, expect, it } from 'vitest';
import { resolvedOf } from '../../support/packaged-template.ts';

const stageOf = (settings: object = {}, stage = 'live') => {
  const { resources } = resolvedOf(stage, settings);
  return { resources, properties: resources['ApiGatewayStage']?.properties ?? {} };
};

describe('the stage', () => {
  it('is in the template, named by its parameter, and traced', () => {
    expect(stageOf({}, 'prod').properties).toMatchObject({ StageName: 'prod', TracingEnabled: true });
    expect(resolvedOf('prod').outputs['Stage']).toBe('prod');
  });

  it('throttles, and traces no data', () => {
    const { properties } = stageOf({ throttlingRateLimit: 7, throttlingBurstLimit: 9 });
    expect(properties['MethodSettings']).toEqual([
      {
        ResourcePath: '/*',
        HttpMethod: '*',
        ThrottlingRateLimit: '7',
        ThrottlingBurstLimit: '9',
        LoggingLevel: 'OFF',
        DataTraceEnabled: false,
        MetricsEnabled: false,
        CachingEnabled: false,
      },
    ]);
  });

  it('logs each request as JSON, without anything the caller controls', () => {
    const { properties, resources } = stageOf();
    const { Format, DestinationArn } = Object(properties['AccessLogSetting']);
    const variables = Object.values<string>(JSON.parse(Format));
    expect(variables).toEqual(expect.arrayContaining(['$context.status', '$context.error.responseType']));
    const ofCaller = /path$|\.path|header|query|body|userAgent|accessKey|message|authorizer|domainName/i;
    expect(variables.filter((name) => name !== '$context.resourcePath' && ofCaller.test(name))).toEqual([]);
    expect(DestinationArn).toBe(resources['AccessLogGroup']?.attributes['Arn']);
  });

  it('has origins in a variable that API Gateway takes: 512 characters at most, and only some of them', () => {
    const host = (length: number) => `https://${'a'.repeat(length)}.example.com`;
    const long = Array.from({ length: 7 }, () => host(40));
    const allowedOrigins = long.map((origin, index) => origin.replace('a', String(index)));
    const rest = 512 - allowedOrigins.join().length - host(0).length - 1;
    const { properties } = stageOf({ allowedOrigins: [...allowedOrigins, host(rest)] });
    const { allowedOrigins: value } = Object(properties['Variables']);
    expect(value).toHaveLength(512);
    expect(value).toMatch(/^[A-Za-z0-9._~:/?#&=,-]+$/);
    expect(() => stageOf({ allowedOrigins: [...allowedOrigins, host(rest + 1)] })).toThrow('allowedOrigins');
  });
});
