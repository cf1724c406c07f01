import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parseConnections } from '../../../shared/config/ticketing.ts';
import { requestOf } from '../../../shared/ticketing/mapping.ts';
import { fromBase64, isSigned } from '../../../shared/ticketing/signature.ts';

const text = readFileSync(new URL('../../../docs/ticketing.md', import.meta.url), 'utf8');

/** Each configuration, with the ticket that follows it. */
const blocks = [...text.matchAll(/^```json\n(.+?)^```$/gms)].map(([, block = '']) => block);
const pairs = blocks.flatMap((block, index) =>
  index % 2 === 0 ? [{ configuration: block, ticket: JSON.parse(blocks[index + 1] ?? '') }] : [],
);

it('has an example of each way to sign', () => {
  const systems = pairs.flatMap(({ configuration }) => parseConnections(configuration));
  expect(systems.map(({ system }) => system)).toEqual(['standard', 'jira', 'zendesk']);
});

it.each([
  { name: 'servicenow', id: 'INC0012345', reason: 'lost', requestedBy: 'ann' },
  { name: 'jira', id: 'DESK-17', reason: 'stolen', requestedBy: 'ann@example.com' },
  { name: 'zendesk', id: '4711', reason: 'lost', requestedBy: 'ann@example.com' },
])("reads the ticket of $name's example as it says", ({ name, id, reason, requestedBy }) => {
  const all = pairs.flatMap(({ configuration, ticket }) =>
    parseConnections(configuration).map((connection) => ({ connection, ticket })),
  );
  const { connection, ticket } = all.find((pair) => pair.connection.name === name) ?? all[0] ?? {};
  if (connection === undefined) throw new Error('no example');
  expect(requestOf(ticket, connection)).toMatchObject({
    ticket: { system: name, id, url: expect.stringMatching(/^https:/) },
    userName: 'bob',
    reason,
    requestedBy,
  });
});

it('names the members of a configuration, of its fields and of the settings', () => {
  const [connection] = parseConnections('{"standard":{}}');
  const fields = Object.entries(connection?.fields ?? {});
  expect(fields).toHaveLength(7);
  for (const [field, pointer] of fields) expect(text).toContain(`| \`${field}\` | \`${pointer}\` |`);
  for (const member of ['name', 'fields', 'reasons', 'outcomeUrl'])
    expect(text).toContain(`| \`${member}\` |`);
});

it('signs the local example correctly', async () => {
  const [, script = ''] = /^```sh\n(body=.+?)^curl/ms.exec(text) ?? [];
  const { stdout } = await promisify(execFile)('bash', [
    '-c',
    `${script}\nprintf '%s\\n' "$id" "$time" "$body" "$mac"`,
  ]);
  const [id, time, body = '', mac = ''] = stdout.split('\n');
  const key = Buffer.from('local-ticketing-secret');
  expect(isSigned(fromBase64(mac), [key], `${id}.${time}.${body}`)).toBe(true);
});
