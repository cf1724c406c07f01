import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { freshFunction } from '../../support/fresh-function.ts';

interface Question {
  readonly SecretId: string;
  readonly VersionStage: string;
}

/** Versions by label; undefined for a missing one. */
let versions: Record<string, string | undefined>;
/** For the version with that label, or for any. */
let failure: { readonly status: number; readonly type: string; readonly stage?: string } | undefined;
let questions: Question[];
let now: number;

const server = createServer(async (request, response) => {
  const question: Question = JSON.parse((await request.toArray()).join(''));
  questions.push(question);
  const SecretString = versions[question.VersionStage];
  const missing = SecretString === undefined ? { status: 400, type: 'ResourceNotFoundException' } : undefined;
  const fails = failure !== undefined && (failure.stage ?? question.VersionStage) === question.VersionStage;
  const error = fails ? failure : missing;
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  if (error)
    response.writeHead(error.status).end(JSON.stringify({ __type: error.type, message: 'secret text' }));
  else response.end(JSON.stringify({ Name: question.SecretId, SecretString }));
});
let url: string;

beforeAll(async () => {
  url = await listen(server, 0);
});
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  versions = { AWSCURRENT: 'new', AWSPREVIOUS: 'old' };
  failure = undefined;
  questions = [];
  now = 1_800_000_000_000;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
afterAll(() => close(server));

/** The source in a new function that has fetched nothing yet. */
async function newSource(signal = new AbortController().signal) {
  await freshFunction({ AWS_ENDPOINT_URL: url }, () => now);
  const { ticketingSecrets } = await import('../../../shared/aws/secrets.ts');
  return ticketingSecrets(signal);
}

describe('the secrets of a ticketing system', () => {
  it('are the current and the previous version', async () => {
    const secrets = await newSource();
    expect(await secrets.get('jira', 300_000)).toEqual(['new', 'old']);
    expect(questions.map(({ SecretId }) => SecretId)).toEqual(
      Array(2).fill('mfa-self-service/test/ticketing/jira'),
    );
    expect(questions.map(({ VersionStage }) => VersionStage).sort()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('are just one without a rotation or after its end', async () => {
    versions = { AWSCURRENT: 'only' };
    expect(await (await newSource()).get('jira', 300_000)).toEqual(['only']);
  });

  it('are fetched again past their maximum age or after the clock was set back', async () => {
    const secrets = await newSource();
    const fetchedAfter = async (millis: number, maxAge: number) => {
      questions = [];
      now += millis;
      await secrets.get('jira', maxAge);
      return questions.length > 0;
    };
    expect(await fetchedAfter(0, 300_000)).toBe(true);
    expect(await fetchedAfter(299_999, 300_000)).toBe(false);
    expect(await fetchedAfter(1, 300_000)).toBe(true);
    expect(await fetchedAfter(9_999, 10_000)).toBe(false);
    expect(await fetchedAfter(1, 10_000)).toBe(true);
    expect(await fetchedAfter(-1, 300_000)).toBe(true);
  });

  it('are kept apart by name', async () => {
    const secrets = await newSource();
    await secrets.get('jira', 300_000);
    versions = { AWSCURRENT: 'other' };
    expect(await secrets.get('jira-outcome', 300_000)).toEqual(['other']);
    expect(await secrets.get('jira', 300_000)).toEqual(['new', 'old']);
  });

  it.each([
    [
      'missing',
      'upstream-failed',
      () => {
        versions = {};
      },
    ],
    [
      'empty',
      'upstream-failed',
      () => {
        versions = { AWSCURRENT: '' };
      },
    ],
    [
      'unreadable',
      'upstream-failed',
      () => {
        failure = { status: 400, type: 'AccessDeniedException' };
      },
    ],
    [
      'undecryptable',
      'upstream-failed',
      () => {
        failure = { status: 400, type: 'DecryptionFailure' };
      },
    ],
  ])('that are %s are a failure that reveals nothing', async (_how, code, arrange) => {
    arrange();
    const asked = (await newSource()).get('jira', 300_000);
    await expect(asked).rejects.toMatchObject({ name: 'Problem', code });
    await expect(asked).rejects.not.toThrow('secret text');
  });

  it('fail if only the previous one is unreadable, and the failure is not cached', async () => {
    const secrets = await newSource();
    failure = { status: 400, type: 'AccessDeniedException', stage: 'AWSPREVIOUS' };
    await expect(secrets.get('jira', 300_000)).rejects.toMatchObject({ code: 'upstream-failed' });
    failure = undefined;
    expect(await secrets.get('jira', 300_000)).toEqual(['new', 'old']);
  });

  it('are not awaited beyond the function’s time', async () => {
    const asked = (await newSource(AbortSignal.abort())).get('jira', 300_000);
    await expect(asked).rejects.toMatchObject({ code: 'timeout' });
  });
});
