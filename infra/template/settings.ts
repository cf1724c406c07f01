import * as z from 'zod';
import { parseConnections } from '../../shared/config/ticketing.ts';
import { explain } from '../../shared/lib/explain.ts';
import { parameterValues } from '../cloudformation/parameters.ts';
import { type ParameterName, parameters } from './parameters.ts';

/** The parameters of the template as text, by name. */
export type ParameterValues = Readonly<Record<ParameterName, string>>;

/** A parameter in a settings file: `stepUpMaxAge` is the parameter `StepUpMaxAge`. */
export const settingName = (parameter: string): string =>
  parameter.charAt(0).toLowerCase() + parameter.slice(1);

/** A list is joined by commas, a mapping becomes JSON. */
const value = z.union(
  [z.string(), z.number(), z.boolean(), z.array(z.string()), z.record(z.string(), z.unknown())],
  'must be text, a number, true or false, a list of texts, or a mapping',
);

const settingsFile = z.record(z.string(), value).nullish();

/**
 * The values of all parameters for a stage: those of its settings, and the defaults. Throws an error that names every
 * setting that is unknown or not valid.
 * @param stage its name
 * @param settings the content of the stage's file, or nothing
 */
export function parameterValuesOf(stage: string, settings: unknown): ParameterValues {
  const given = parsed(settings);
  const names = Object.keys(parameters).filter((name) => name !== 'Stage');
  const unknown = Object.keys(given).filter((name) => !names.some((known) => settingName(known) === name));
  if (unknown.length > 0) throw new Error(`There is no setting named ${unknown.join(', ')}`);
  const texts = names.flatMap((name) => {
    const setting = given[settingName(name)];
    return setting === undefined ? [] : [[name, textOf(setting)]];
  });
  const values = checked({ Stage: stage, ...Object.fromEntries(texts) });
  const faults = faultsTogether(values);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return values;
}

function parsed(settings: unknown): Readonly<Record<string, z.output<typeof value>>> {
  const result = settingsFile.safeParse(settings);
  if (!result.success) throw new Error(z.prettifyError(result.error));
  return result.data ?? {};
}

function textOf(setting: z.output<typeof value>): string {
  if (Array.isArray(setting)) return setting.join(',');
  return typeof setting === 'object' ? JSON.stringify(setting) : String(setting);
}

/** CloudFormation's own checks, in terms of settings. */
function checked(given: Readonly<Record<string, string>>): ParameterValues {
  try {
    return parameterValues(parameters, given) as ParameterValues;
  } catch (error) {
    const text = explain(error)
      .replaceAll('failed to satisfy constraint: ', '')
      .replaceAll(/Parameter '?(\w+)'?/g, (_, name: string) => settingName(name));
    throw new Error(text, { cause: error });
  }
}

/**
 * Bytes of all texts in the environment of one function. Lambda allows 4,096 for the whole; the rest has less than 456.
 */
const mostBytes = 3640;

/** What CloudFormation cannot check. */
function faultsTogether(values: ParameterValues): readonly string[] {
  const { ResyncCoolDown, StepUpMaxAge, Ticketing, AllowedOrigins } = values;
  const faults = [...fractions(values), ...faultsOfOrigins(AllowedOrigins)];
  // Otherwise a session obtained right after a resynchronisation could still be recent after the cool-down.
  if (Number(ResyncCoolDown) > 0 && Number(ResyncCoolDown) <= Number(StepUpMaxAge)) {
    faults.push('resyncCoolDown must be longer than stepUpMaxAge, or 0');
  }
  try {
    parseConnections(Ticketing);
  } catch (error) {
    faults.push(explain(error).replace('The environment variable TICKETING', 'ticketing'));
  }
  const texts = ['Ticketing', 'AllowedOrigins', 'BasePath', 'OtpauthIssuer', 'OtpauthLabel'] as const;
  const bytes = texts.reduce((sum, name) => sum + Buffer.byteLength(values[name]), 0);
  if (bytes > mostBytes) {
    const names = texts.map(settingName).join(', ');
    faults.push(`${names} have ${bytes} bytes together: at most ${mostBytes} fit into Lambda's environment`);
  }
  return faults;
}

/** CloudFormation's numbers include fractions and exponents, which functions refuse. */
const fractions = (values: ParameterValues): string[] =>
  Object.entries(parameters)
    .filter(([name, { Type }]) => Type === 'Number' && !/^\d+$/.test(values[name as ParameterName]))
    .map(([name]) => `${settingName(name)} must be a whole number, in digits`);

function faultsOfOrigins(list: string): string[] {
  const origins = list === '' ? [] : list.split(',');
  const faults = origins
    .filter((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin)
    .map((origin) => `allowedOrigins: "${origin}" is not an origin as browsers send it`);
  if (new Set(origins).size < origins.length) faults.push('allowedOrigins lists an origin twice');
  return faults;
}
