import { explain } from '../../shared/lib/explain.ts';
import { runOsls } from '../preflight/osls.ts';
import { runPreflight } from '../preflight/run.ts';
import { deploy } from './deploy.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

deploy(process.argv.slice(2), {
  preflight: (options) => runPreflight(options, print),
  osls: runOsls,
  print,
}).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  },
);
