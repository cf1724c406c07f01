import { describe, expect, it } from 'vitest';
import { parseConnections, ticketingSettings } from '../../../shared/config/ticketing.ts';

const parse = (value: unknown) => parseConnections(JSON.stringify(value));

describe('the configuration of ticketing', () => {
  it.each(['', '  ', '{}'])('connects nobody by "%s"', (text) => {
    expect(parseConnections(text)).toEqual([]);
  });

  it('reads tickets like requests unless it says otherwise', () => {
    expect(parse({ standard: {} })).toEqual([
      {
        system: 'standard',
        name: 'standard',
        fields: {
          'ticket.id': '/ticket/id',
          'ticket.url': '/ticket/url',
          userName: '/userName',
          reason: '/reason',
          deviceIds: '/deviceIds',
          evidence: '/evidence',
          requestedBy: '/requestedBy',
        },
      },
    ]);
  });

  it('keeps what it says, and the defaults beside that', () => {
    const [connection] = parse({
      jira: {
        name: 'jsm',
        fields: { 'ticket.id': '/issue/key' },
        reasons: { Verloren: 'lost' },
        outcomeUrl: 'https://tickets.example.com/outcome?source=mfa',
      },
    });
    expect(connection).toMatchObject({
      system: 'jira',
      name: 'jsm',
      fields: { 'ticket.id': '/issue/key', userName: '/userName' },
      reasons: { Verloren: 'lost' },
      outcomeUrl: 'https://tickets.example.com/outcome?source=mfa',
    });
  });

  it.each([
    ['an unknown system', { servicenow: {} }, 'servicenow is not recognised'],
    ['an unknown setting', { jira: { secret: 's3cret' } }, 'jira: secret is not recognised'],
    ['an unknown field', { jira: { fields: { user: '/u' } } }, 'jira → fields: user is not recognised'],
    [
      'a path that is no pointer',
      { jira: { fields: { userName: 's3cret' } } },
      'jira → fields → userName: must be a JSON pointer',
    ],
    [
      'a pointer to all of it',
      { jira: { fields: { userName: '' } } },
      'jira → fields → userName: must be a JSON pointer',
    ],
    [
      'a bad escape',
      { jira: { fields: { userName: '/s3cret~2' } } },
      'jira → fields → userName: must be a JSON pointer',
    ],
    ['a name with capitals', { jira: { name: 'S3cret' } }, 'jira → name: must be 1 to 32 lower-case'],
    ['two systems of one name', { jira: { name: 'tickets' }, zendesk: { name: 'tickets' } }, 'the same name'],
    [
      'a reason that is none',
      { jira: { reasons: { Lost: 's3cret' } } },
      'jira → reasons → Lost: must be a reason',
    ],
    ['no reason at all', { jira: { reasons: {} } }, 'jira → reasons: must have at least one word'],
    ['a list', [], 'the whole: must be of type object'],
    ['a system that is no object', { jira: 's3cret' }, 'jira: must be of type object'],
  ])('is refused with %s, in words that name the place', (_what, value, words) => {
    expect(() => parse(value)).toThrow(words);
    expect(() => parse(value)).not.toThrow(/s3cret/i);
  });

  it.each([
    'http://tickets.example.com/',
    'http://10.0.0.1/',
    'http://127.0.0.1.example.com/',
    'https://user:s3cret@tickets.example.com/',
    'https://s3cret@tickets.example.com/',
    'https://:s3cret@tickets.example.com/',
    'https://tickets.example.com/#s3cret',
    'ftp://tickets.example.com/',
    'file:///etc/passwd',
    '//tickets.example.com',
    's3cret',
  ])('tells no outcome at %s', (outcomeUrl) => {
    expect(() => parse({ jira: { outcomeUrl } })).toThrow('jira → outcomeUrl: must be an https URL');
    expect(() => parse({ jira: { outcomeUrl } })).not.toThrow(/s3cret/);
  });

  it.each(['http://127.0.0.1:8080/', 'http://localhost/outcome', 'http://[::1]:1/'])(
    'may tell outcomes without encryption at %s',
    (outcomeUrl) => {
      expect(parse({ jira: { outcomeUrl } })[0]?.outcomeUrl).toBe(outcomeUrl);
    },
  );

  it('has at most 3 KB', () => {
    const reasons = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`word${index}`, 'lost']));
    expect(parse({ jira: { reasons: reasons(100) } })).toHaveLength(1);
    expect(() => parse({ jira: { reasons: reasons(200) } })).toThrow('at most 3072 bytes');
  });

  it('is JSON, which no message quotes', () => {
    expect(() => parseConnections('{"s3cret"')).toThrow(
      /^The environment variable TICKETING is not valid: is not JSON$/,
    );
  });
});

describe('the settings of ticketing', () => {
  it('connect nobody, and tell no outcome at private addresses, where they are not set', () => {
    expect(ticketingSettings({})).toEqual({ TICKETING: [], OUTCOME_PRIVATE_ADDRESSES: 'refuse' });
  });

  it('are read from the environment of a function', () => {
    const variables = { TICKETING: '{"jira":{}}', OUTCOME_PRIVATE_ADDRESSES: 'allow' };
    expect(ticketingSettings(variables)).toMatchObject({
      TICKETING: [{ system: 'jira' }],
      OUTCOME_PRIVATE_ADDRESSES: 'allow',
    });
  });

  it.each([
    [{ TICKETING: '{"jira":{"secret":"s3cret"}}' }, 'TICKETING is not valid: jira: secret is not recognised'],
    [{ OUTCOME_PRIVATE_ADDRESSES: 'true' }, 'not valid: OUTCOME_PRIVATE_ADDRESSES'],
  ])('with %j are refused, in words that name the variable', (variables, words) => {
    expect(() => ticketingSettings(variables)).toThrow(words);
  });
});
