import { expect, it } from 'vitest';
import { buildProgram } from '../../../clients/cli/src/program.ts';
import { recoveryState, requestedReason } from '../../../shared/contract/recovery-schemas.ts';

const program = buildProgram(async () => undefined, process);

function choicesOf(command: string, option: string): readonly string[] | undefined {
  const recovery = program.commands.find((candidate) => candidate.name() === 'recovery');
  const found = recovery?.commands.find((candidate) => candidate.name() === command);
  return found?.options.find(({ long }) => long === option)?.argChoices;
}

it.each([
  ['list', '--state', recoveryState.options],
  ['request', '--reason', requestedReason.options],
])('recovery %s accepts the same values for %s as the API', (command, option, apiValues) => {
  expect(choicesOf(command, option)).toEqual(apiValues);
});
