import { backgroundFunctions } from '../../shared/contract/background-functions.ts';

const background: ReadonlySet<string> = new Set(backgroundFunctions.map(({ name }) => name));

/** The entry point of a function, by its kebab-case name. */
export const functionSource = (name: string): URL =>
  new URL(`../../functions/${background.has(name) ? 'background' : 'api'}/${name}.ts`, import.meta.url);
