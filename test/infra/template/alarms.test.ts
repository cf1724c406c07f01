import { describe, expect, it } from 'vitest';
import { everySetting } from '../../../infra/audit/every-setting.ts';
import { functionName } from '../../../infra/template/resource-names.ts';
import { backgroundFunctions } from '../../../shared/contract/background-functions.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { propertiesOf, resolvedOf } from '../../support/packaged-template.ts';

const functions = [...(await loadOperations()), ...backgroundFunctions].map(({ name }) => name);
const stage = 'live';
const resolved = resolvedOf(stage);
const alarmsOf = (settings: object) => [
  ...propertiesOf(resolvedOf(stage, settings), 'AWS::CloudWatch::Alarm').values(),
];
const byDefault = alarmsOf({});

describe('alarms', () => {
  it('watch the API, refusals, every function and every queue', () => {
    const names = (settings: object) => alarmsOf(settings).map(({ AlarmName }) => AlarmName);
    const expected = [
      ...['server-errors', 'throttled', 'access-denied', 'step-up-refused'],
      ...['wrong-codes', 'wrong-passes', 'webhooks-refused'],
      ...['recovery-requested', 'recovery-failed', 'recovery-overdue', 'holds-mended', 'recovery-limit'],
      ...functions.map((name) => `${name}-errors`),
      ...['publish-events', 'notify-subject', 'report-outcome'].map((name) => `${name}-dead-letters`),
    ].map((name) => `mfa-self-service-live-${name}`);
    expect(names({})).toEqual(expected);
    expect(names({ operatorTopicArn: everySetting.operatorTopicArn })).toEqual([
      ...expected,
      'mfa-self-service-live-operators-dead-letters',
    ]);
  });

  it.each([
    ['wrong-codes', 'invalid-authentication-code', 20],
    ['wrong-passes', 'enrolment-pass-invalid', 5],
    ['webhooks-refused', 'webhook-refused', 5],
  ])('on %s count problems with the code %s, in a burst of %i', (name, code, Threshold) => {
    const found = byDefault.filter(({ AlarmName }) => AlarmName === `mfa-self-service-live-${name}`);
    expect(found).toMatchObject([
      {
        Namespace: 'MfaSelfService',
        MetricName: 'Problems',
        Dimensions: [
          { Name: 'Stage', Value: 'live' },
          { Name: 'Code', Value: code },
        ],
        Threshold,
      },
    ]);
  });

  it.each(functions)('on errors of %s look at that function', (name) => {
    const found = byDefault.filter(({ AlarmName }) => AlarmName === `mfa-self-service-live-${name}-errors`);
    expect(found).toMatchObject([
      {
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: functionName(stage, name) }],
      },
    ]);
  });

  it.each([
    ['nobody', {}, undefined],
    ['the topic', { alarmTopicArn: everySetting.alarmTopicArn }, [everySetting.alarmTopicArn]],
  ])('notify %s, in the same way of all', (_, settings, actions) => {
    const alarms = alarmsOf(settings);
    expect(alarms.length).toBeGreaterThan(functions.length);
    for (const alarm of alarms) {
      expect([alarm['AlarmActions'], alarm['OKActions']]).toEqual([actions, actions]);
      expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching', Period: 300 });
    }
  });

  it('on gateway refusals count what the access log records', () => {
    const { AccessLogSetting } = resolved.resources['ApiGatewayStage']?.properties ?? {};
    const format = JSON.parse(Object(AccessLogSetting).Format);
    const filters = [...propertiesOf(resolved, 'AWS::Logs::MetricFilter').values()];
    expect(filters).toHaveLength(2);
    for (const { FilterPattern, LogGroupName, MetricTransformations } of filters) {
      const [, field = ''] = /^\{ \$\.(\w+) = "[\w]+" \}$/.exec(String(FilterPattern)) ?? [];
      expect(format).toHaveProperty(field);
      expect(LogGroupName).toBe(resolved.resources['AccessLogGroup']?.ref);
      expect(Object(MetricTransformations)[0].Dimensions).toEqual([{ Key: 'Stage', Value: '$.stage' }]);
    }
  });
});

describe('the dashboard', () => {
  const { properties } = resolved.resources['Dashboard'] ?? {};
  const body = String(properties?.['DashboardBody']);
  const { widgets } = JSON.parse(body);
  const lines: (readonly unknown[])[] = widgets.flatMap(
    (widget: { properties: { metrics: unknown[][] } }) => widget.properties.metrics,
  );

  it('shows the metrics of the alarms, of the same stage', () => {
    for (const { MetricName } of byDefault) expect(body).toContain(`"${MetricName}"`);
    expect(body).not.toContain('undefined');
    expect(body).not.toContain('$');
  });

  it.each(['Errors', 'Throttles', 'Duration'])('names every function in its graph of %s', (metric) => {
    const named = lines.filter(([namespace, name]) => namespace === 'AWS/Lambda' && name === metric);
    expect(named.map(([, , dimension, value]) => [dimension, value])).toEqual(
      functions.map((name) => ['FunctionName', functionName(stage, name)]),
    );
  });

  it('searches only for metrics of its own, whose Stage must be just this one', () => {
    const searches = lines.flatMap(([line]) => (typeof line === 'object' ? [Object(line).expression] : []));
    expect(searches.length).toBeGreaterThan(0);
    for (const search of searches) {
      expect(search).toMatch(/^SEARCH\('\{MfaSelfService,Stage[\w,]*\} Stage="live" \(MetricName="/);
    }
  });

  it('is as large as CloudWatch takes it, with room, for the longest stage too', () => {
    const { resources } = resolvedOf('a-stage-of-20-letter', everySetting);
    const longest = String(resources['Dashboard']?.properties['DashboardBody']);
    expect(longest.length).toBeLessThan(50_000);
    expect(lines.length).toBeLessThan(500);
  });
});
