import { parameters } from '../template/parameters.ts';
import { type ParameterValues, settingName } from '../template/settings.ts';
import { type Finding, finding } from './finding.ts';
import type { ExistingStack } from './stack.ts';

const defaults = Object.fromEntries(
  Object.entries(parameters).map(([name, parameter]) => [
    name,
    'Default' in parameter ? String(parameter.Default) : undefined,
  ]),
);

/** Every setting that the deployment would change, so that none goes back to its default unnoticed. */
export function settingChanges(wanted: ParameterValues, deployed: ExistingStack['parameters']): Finding {
  const check = 'settings';
  if (Object.keys(deployed).length === 0) {
    return finding(
      check,
      'changes',
      'The stack was deployed by a version without parameters: what it was deployed with cannot be compared.',
    );
  }
  const changed = Object.entries(wanted).flatMap(([name, value]) => {
    const before = deployed[name];
    if (before === value) return [];
    const isDefault = value === defaults[name] ? ' (default)' : '';
    return [
      `${settingName(name)}: ${before === undefined ? 'new setting' : shown(before)} → ${shown(value)}${isDefault}`,
    ];
  });
  const gone = Object.keys(deployed)
    .filter((name) => !(name in wanted))
    .map((name) => `${settingName(name)}: ${shown(deployed[name] ?? '')} → no setting any more`);
  const lines = [...changed, ...gone];
  return lines.length === 0 ? finding(check, 'ok', 'all as deployed') : finding(check, 'changes', ...lines);
}

const shown = (value: string): string => (value === '' ? 'none' : value);
