/** Where functions and metric filters put the service's own metrics. */
export const metricNamespace = 'MfaSelfService';

/** A metric of CloudWatch, as an alarm or a widget names it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}
