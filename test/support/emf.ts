/** The CloudWatch units that this product uses, and a few more. */
const units = new Set(['Seconds', 'Milliseconds', 'Microseconds', 'Bytes', 'Count', 'Percent', 'None']);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isName = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= longest && /^[\x20-\x7e]+$/.test(value);

/**
 * Violations of CloudWatch's embedded metric format in a line; empty if CloudWatch would extract its metrics.
 * CloudWatch accepts times from two weeks before to two hours after `now` (milliseconds).
 */
export function emfFaults(line: string, now: number): readonly string[] {
  if (line.length > 256 * 1024) return ['longer than 256 KB'];
  const root: unknown = JSON.parse(line);
  if (!isObject(root) || !isObject(root['_aws'])) return ['no metadata'];
  const { Timestamp, CloudWatchMetrics, ...unknown } = root['_aws'];
  const directives = list(CloudWatchMetrics);
  return [
    ...Object.keys(unknown).map((name) => `metadata ${name}`),
    ...(isTime(Timestamp, now) ? [] : ['Timestamp']),
    ...(directives.length > 0 ? [] : ['no directive']),
    ...directives.flatMap((directive) => directiveFaults(directive, root)),
  ];
}

const isTime = (value: unknown, now: number): boolean =>
  Number.isInteger(value) && Number(value) > now - 14 * 86_400_000 && Number(value) < now + 7_200_000;

function directiveFaults(directive: unknown, root: Record<string, unknown>): readonly string[] {
  if (!isObject(directive)) return ['a directive is no object'];
  const { Namespace, Dimensions, Metrics, ...unknown } = directive;
  const sets = list(Dimensions);
  const metrics = list(Metrics);
  const names = metrics.map((metric) => (isObject(metric) ? metric['Name'] : undefined));
  return [
    ...Object.keys(unknown).map((name) => `directive ${name}`),
    ...(isName(Namespace, 1024) && !Namespace.startsWith('AWS/') ? [] : ['Namespace']),
    ...(sets.length > 0 ? [] : ['no dimension set']),
    ...sets.flatMap((set) => dimensionFaults(set, root)),
    ...(metrics.length >= 1 && metrics.length <= 100 ? [] : ['number of metrics']),
    ...(new Set(names).size === names.length ? [] : ['a metric twice']),
    ...metrics.flatMap((metric) => metricFaults(metric, root)),
  ];
}

function dimensionFaults(set: unknown, root: Record<string, unknown>): readonly string[] {
  const names = list(set);
  if (!Array.isArray(set) || names.length > 30) return ['dimension set'];
  return names.flatMap((name) => {
    if (!isName(name, 250) || name.startsWith(':')) return ['dimension name'];
    return isName(root[name], 1024) ? [] : [`value of dimension ${name}`];
  });
}

function metricFaults(metric: unknown, root: Record<string, unknown>): readonly string[] {
  if (!isObject(metric)) return ['a metric is no object'];
  const { Name, Unit, ...unknown } = metric;
  if (!isName(Name, 1024)) return ['metric name'];
  const value = root[Name];
  return [
    ...Object.keys(unknown).map((member) => `metric ${member}`),
    ...(typeof Unit === 'string' && units.has(Unit) ? [] : [`unit of ${Name}`]),
    ...(typeof value === 'number' && Number.isFinite(value) ? [] : [`value of ${Name}`]),
  ];
}
