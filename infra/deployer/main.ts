import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cloudFormationCalls } from './cloudformation-calls.ts';
import { differences, parseResourceSchema } from './compare-schemas.ts';

/**
 * Compares what we say that CloudFormation calls with the schemas in a folder, one JSON file per type, as in the archive
 * that AWS publishes. Source: "CloudFormation resource provider schemas", template reference guide.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [folder] = positionals;
if (folder === undefined) throw new Error('Usage: npm run deployer:schemas -- <folder of schemas>');
const schemas = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => parseResourceSchema(readFileSync(join(folder, name), 'utf8')));
const lines = differences(schemas);
for (const line of lines) process.stdout.write(`${line}\n`);
process.stdout.write(`${Object.keys(cloudFormationCalls).length} types, ${lines.length} differences\n`);
process.exitCode = lines.length === 0 ? 0 : 1;
