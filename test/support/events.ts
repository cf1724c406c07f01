import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';

// CommonJS: Node exposes the default export as a member.
const addFormats = addFormatsModule.default;

const schema = JSON.parse(readFileSync(new URL('../../docs/events.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(schema, 'events');

/** Detail types in docs/events.schema.json. */
export const documentedTypes: readonly string[] = Object.values<{ title?: string }>(schema.$defs)
  .map(({ title }) => title)
  .filter((title) => title !== undefined);

/** Asserts that an event matches its type's schema in docs/events.schema.json. */
export function assertDocumentedEvent(event: Readonly<Record<string, unknown>>): void {
  const name = String(event['detail-type']).replaceAll(' ', '');
  const validate = ajv.getSchema(`events#/$defs/${name}`);
  if (validate === undefined) throw new Error(`docs/events.schema.json has no ${name}`);
  if (!validate(event))
    throw new Error(`${name}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(event)}`);
}

/** The event with which CloudWatch Logs delivers these lines. */
export function logsEvent(
  messages: readonly string[],
  messageType = 'DATA_MESSAGE',
): { readonly awslogs: { readonly data: string } } {
  const logEvents = messages.map((message, index) => ({
    id: `${index + 1}`.padStart(56, '3'),
    timestamp: 0,
    message,
  }));
  const content = {
    messageType,
    owner: '123456789012',
    logGroup: '/aws/lambda/x',
    logStream: 'y',
    logEvents,
  };
  return { awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } };
}

/** An audit line of a user's change to their device. */
export const deviceLine = {
  audit: true,
  time: '2026-11-24T12:00:05.123Z',
  action: 'finish-enrolment',
  result: 'done',
  requestId: '0a1b2c3d-0000-4000-8000-00000000abcd',
  userName: 'alice',
  userArn: 'arn:aws:iam::123456789012:user/alice',
  userId: 'AIDALOCALALICE000001',
  accessKeyId: 'AKIALOCALALICE000001',
  sourceIp: '192.0.2.7',
  serialNumber: 'arn:aws:iam::123456789012:mfa/self-service/alice/phone',
  changes: ['EnableMFADevice', 'UntagMFADevice'],
};

/** The recovery part of an audit line. */
export const recoveryFacts = {
  id: 'abcdefghijklmnopqrstuvwxyz',
  state: 'requested',
  ticket: { system: 'jira', id: 'HELP-1' },
  reason: 'lost',
  userName: 'bob',
  userId: 'AIDALOCALBOB00000001',
  requestedBy: 'ann',
};

/** An audit line of a decision on a recovery. */
export const recoveryLine = {
  audit: true,
  time: '2026-11-24T12:00:05.123Z',
  action: 'request-recovery',
  result: 'done',
  requestId: '0a1b2c3d-0000-4000-8000-00000000abcd',
  userName: 'ann',
  userArn: 'arn:aws:sts::123456789012:assumed-role/mfa-agent/ann',
  userId: 'AROALOCALAGENT000001:ann',
  accessKeyId: 'ASIALOCALANN00000001',
  sourceIp: '192.0.2.7',
  recovery: recoveryFacts,
  changes: ['RequestRecovery'],
};
