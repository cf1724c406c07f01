import { styleText } from 'node:util';
import { startLocalStack } from '../local-aws/stack.ts';
import { explain } from '../shared/lib/explain.ts';
import { recovery } from './recovery.ts';
import { ScenarioRunner, type Story } from './scenario.ts';
import { selfService } from './self-service.ts';

const stories: readonly Story[] = [selfService, recovery];

async function main(): Promise<void> {
  const stack = await startLocalStack();
  try {
    for (const story of stories) {
      await stack.reset();
      const runner = new ScenarioRunner(stack, console.log);
      runner.printer.title(story.title);
      console.log(`API ${stack.apiUrl}, local AWS ${stack.awsUrl}; both stop when the story ends.`);
      await story.tell(runner);
    }
    console.log(`\n${styleText(['bold', 'green'], 'Every response was as the story expects.')}`);
    console.log('Try it yourself: run npm start, and follow docs/tour.md.');
  } finally {
    await stack.close();
  }
}

main().catch((error: unknown) => {
  console.error(`\n${styleText('red', explain(error), { stream: process.stderr })}`);
  process.exitCode = 1;
});
