import * as z from 'zod';
import { parseConnections } from '../../shared/config/ticketing.ts';
import { explain } from '../../shared/lib/explain.ts';
import { parameterValues } from '../cloudformation/parameters.ts';
import { type ParameterName, parameters } from './parameters.ts';

/** The parameters of the template as text, by name. */
export type ParameterValues = Readonly<Record<ParameterName, string>>;

/** A parameter in a settings file: `stepUpMaxAge` is the parameter `StepUpMaxAge`. */
const settingName = (parameter: string): string => parameter.charAt(0).toLowerCase() + parameter.slice(1);

/** A list is joined by commas, a mapping becomes JSON. */
const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()),
  z.record(z.string(), z.unknown()),
]);

const settingsFile = z.record(z.string(), value).nullish();

/**
 * The values of all parameters for a stage: those of its settings, and the defaults. Throws an error that names every
 * setting that is unknown or not valid.
 * @param stage its name
 * @param settings the content of the stage's file, or nothing
 */
export function parameterValuesOf(stage: string, settings: unknown): ParameterValues {
  const given = settingsFile.parse(settings) ?? {};
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

/** What CloudFormation cannot check. */
function faultsTogether({ ResyncCoolDown, StepUpMaxAge, Ticketing, AllowedOrigins }: ParameterValues) {
  const faults: string[] = [];
  // Otherwise a session obtained right after a resynchronisation could still be recent after the cool-down.
  if (Number(ResyncCoolDown) > 0 && Number(ResyncCoolDown) <= Number(StepUpMaxAge)) {
    faults.push('resyncCoolDown must be longer than stepUpMaxAge, or 0');
  }
  try {
    parseConnections(Ticketing);
  } catch (error) {
    faults.push(explain(error).replace('The environment variable TICKETING', 'ticketing'));
  }
  const origins = AllowedOrigins === '' ? [] : AllowedOrigins.split(',');
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      faults.push(`allowedOrigins: "${origin}" is not an origin as browsers send it`);
    }
  }
  if (new Set(origins).size < origins.length) faults.push('allowedOrigins lists an origin twice');
  return faults;
}
