import { fileURLToPath } from 'node:url';
import { unexplained } from './accepted.ts';
import { type Finding, findingsIn } from './findings.ts';

/** Audits the given template, by default that of `serverless package`; fails on an unexplained finding. */
function main([templateFile = packaged()]: readonly string[]): void {
  const findings = findingsIn(templateFile);
  const open = unexplained(findings);
  const lines = open.map(lineOf);
  process.stdout.write(
    `${[...lines, `${findings.length - open.length} findings explained, ${open.length} not`].join('\n')}\n`,
  );
  if (open.length > 0) process.exitCode = 1;
}

function packaged(): string {
  return fileURLToPath(
    new URL('../../.serverless/cloudformation-template-update-stack.json', import.meta.url),
  );
}

function lineOf({ rule, logicalId, detail, info }: Finding): string {
  return `${rule} ${logicalId}${detail === '' ? '' : ` [${detail}]`}\n  ${info}`;
}

main(process.argv.slice(2));
