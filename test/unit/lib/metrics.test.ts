import { describe, expect, it } from 'vitest';
import { metricFields, roundMillis } from '../../../shared/lib/metrics.ts';
import { emfFaults } from '../../support/emf.ts';

const now = Date.now();
const faults = (line: unknown) => emfFaults(JSON.stringify(line), now);
const all = {
  ...{ Requests: 1, Latency: 1.5, UpstreamCalls: 2, UpstreamMillis: 0, Problems: 1, StepUpRefused: 1 },
  ...{ EnrolmentsStarted: 1, EnrolmentsFinished: 1, EnrolmentsExpired: 7 },
};
const dimensions = { stage: 'live', operation: 'get-me', code: undefined };

describe('the metrics of a line', () => {
  it.each([
    ['of a success', { Requests: 1 }, undefined],
    ['of a problem', { Requests: 1, Problems: 1 }, 'busy'],
    ['of everything', all, 'step-up-required'],
  ])('%s are as CloudWatch wants them', (_, metrics, code) => {
    expect(faults({ level: 'INFO', ...metricFields({ ...dimensions, code }, metrics) })).toEqual([]);
  });

  it('are counted by stage and by operation', () => {
    expect(metricFields(dimensions, { Requests: 1, Latency: 2 })).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'MfaSelfService',
            Dimensions: [['Stage'], ['Stage', 'Operation']],
            Metrics: [
              { Name: 'Requests', Unit: 'Count' },
              { Name: 'Latency', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      Stage: 'live',
      Operation: 'get-me',
      Requests: 1,
      Latency: 2,
    });
  });

  it('of a problem are counted by its code too', () => {
    const line = metricFields({ ...dimensions, code: 'busy' }, { Problems: 1 });
    expect(line).toMatchObject({
      _aws: { CloudWatchMetrics: [{}, { Dimensions: [['Stage', 'Code']], Metrics: [{ Name: 'Problems' }] }] },
      Code: 'busy',
      Problems: 1,
    });
  });

  it('have one decimal at most, so that no time can look like a code', () => {
    expect(roundMillis(12.345678)).toBe(12.3);
  });
});

describe('the check of the format', () => {
  const good = metricFields({ ...dimensions, code: 'busy' }, { Requests: 1, Problems: 1 });
  const directive = {
    Namespace: 'N',
    Dimensions: [['Stage']],
    Metrics: [{ Name: 'Requests', Unit: 'Count' }],
  };
  const withDirective = (changes: object) => ({
    ...good,
    _aws: { Timestamp: now, CloudWatchMetrics: [{ ...directive, ...changes }] },
  });
  const many = (count: number) => Array.from({ length: count }, (_, index) => `D${index}`);

  it.each([
    ['no metadata', { Requests: 1 }],
    ['Timestamp', { ...good, _aws: { CloudWatchMetrics: [directive] } }],
    ['Timestamp', { ...good, _aws: { Timestamp: now / 1000, CloudWatchMetrics: [directive] } }],
    ['no directive', { ...good, _aws: { Timestamp: now, CloudWatchMetrics: [] } }],
    ['metadata Other', { ...good, _aws: { Timestamp: now, CloudWatchMetrics: [directive], Other: 1 } }],
    ['directive Other', withDirective({ Other: 1 })],
    ['Namespace', withDirective({ Namespace: '' })],
    ['Namespace', withDirective({ Namespace: 'AWS/Mine' })],
    ['no dimension set', withDirective({ Dimensions: [] })],
    ['dimension set', withDirective({ Dimensions: [many(31)] })],
    ['dimension name', withDirective({ Dimensions: [[':Stage']] })],
    ['value of dimension Absent', withDirective({ Dimensions: [['Absent']] })],
    ['value of dimension Requests', withDirective({ Dimensions: [['Requests']] })],
    ['number of metrics', withDirective({ Metrics: [] })],
    ['a metric twice', withDirective({ Metrics: [directive.Metrics[0], directive.Metrics[0]] })],
    ['unit of Requests', withDirective({ Metrics: [{ Name: 'Requests', Unit: 'Pieces' }] })],
    ['value of Absent', withDirective({ Metrics: [{ Name: 'Absent', Unit: 'Count' }] })],
    ['value of Stage', withDirective({ Metrics: [{ Name: 'Stage', Unit: 'Count' }] })],
  ])('finds a fault of kind "%s"', (fault, line) => {
    expect(faults(line)).toContain(fault);
  });
});
