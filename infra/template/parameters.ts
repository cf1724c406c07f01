import type { TemplateParameter } from '../cloudformation/template.ts';

/** Days for which CloudWatch Logs can keep a log. Source: PutRetentionPolicy, CloudWatch Logs API reference. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** An optional ARN. */
const arn = (service: string, resource: string, kind: string) => ({
  AllowedPattern: `^(arn:aws[a-z-]*:${service}:[a-z0-9-]*:([0-9]{12}|aws):${resource})?$`,
  ConstraintDescription: `must be the ARN of ${kind}, or empty`,
});

const topic = arn('sns', '[A-Za-z0-9_.-]+', 'an SNS topic');
const key = arn('kms', 'key/[a-z0-9-]+', 'a KMS key');

const origin = String.raw`(https://[a-z0-9.-]+(:[0-9]{1,5})?|http://(localhost|127\.0\.0\.1)(:[0-9]{1,5})?)`;

const mostOrigins = 20;

/** Characters of the value of a stage variable, which holds all origins. Source: API Gateway quotas. */
const longestOrigins = 512;

/** Control characters, in a class: no line of a mail may begin or end in a setting. */
const controls = String.raw`\x00-\x1f\x7f-\x9f`;

/** Characters of a setting that is part of a mail. */
const longestLine = 320;

const address = String.raw`[^\s@<>"${controls}]+@[A-Za-z0-9_.-]+\.[A-Za-z0-9]+`;

/** A parameter that has a default; only the stage has none. */
const text = (
  Description: string,
  Default: string,
  limits: Omit<TemplateParameter, 'Type' | 'Description' | 'Default'> = {},
): TemplateParameter => ({ Type: 'String', Description, Default, ...limits });

const number = (
  Description: string,
  Default: number,
  limits: Omit<TemplateParameter, 'Type' | 'Description' | 'Default'>,
): TemplateParameter => ({ Type: 'Number', Description, Default, ...limits });

const sessions = {
  StepUpMaxAge: number('Seconds for which a session with MFA counts as recent.', 900, {
    MinValue: 60,
    MaxValue: 129_600,
  }),
  ResyncCoolDown: number(
    'Seconds for which devices cannot be changed after the only one was resynchronised with an access key alone. ' +
      'Longer than StepUpMaxAge, or 0 for none.',
    86_400,
    { MinValue: 0, MaxValue: 604_800 },
  ),
} as const;

const devices = {
  EnrolmentExpiresAfter: number('Seconds until a device expires that has not been enabled.', 3600, {
    MinValue: 300,
    MaxValue: 604_800,
  }),
  ExpiredEnrolmentsRate: text(
    'When expired devices are deleted, as an EventBridge schedule: rate(…) or cron(…).',
    'rate(1 hour)',
    {
      AllowedPattern: String.raw`^(rate|cron)\([^()]+\)$`,
      ConstraintDescription: 'must be rate(…) or cron(…)',
    },
  ),
  AllowRemovingLastDevice: text(
    'Whether users may remove their last active device; their access key alone could then enrol the next one.',
    'false',
    { AllowedValues: ['true', 'false'] },
  ),
  FirstDevice: text(
    'When enrolling a first device needs an enrolment pass: "open" (only after a recovery) or "pass" (always).',
    'open',
    { AllowedValues: ['open', 'pass'] },
  ),
  OtpauthIssuer: text('The issuer that authenticator apps show.', 'AWS', {
    AllowedPattern: '^[^:]{1,64}$',
    ConstraintDescription: 'must be 1 to 64 characters without a colon',
  }),
  OtpauthLabel: text(
    'The label that authenticator apps show; may contain {userName}, {accountId} and {deviceName}.',
    '{userName}@{accountId} ({deviceName})',
    {
      AllowedPattern: String.raw`^([^:{}]|\{(userName|accountId|deviceName)\}){1,100}$`,
      ConstraintDescription: 'must be 1 to 100 characters or placeholders without a colon',
    },
  ),
} as const;

const recoveries = {
  RecoveryApprovals: number('How many people must approve a recovery. An objection adds one.', 1, {
    AllowedValues: [1, 2],
  }),
  RecoveryExpiresAfter: number('Seconds until a recovery expires that has not been approved.', 604_800, {
    MinValue: 3600,
    MaxValue: 2_592_000,
  }),
  RecoveryDailyLimit: number(
    'How many recoveries one person may request per day (UTC); a ticketing system, ten times as many.',
    20,
    { MinValue: 1, MaxValue: 1000 },
  ),
  Ticketing: text(
    'Ticketing systems that request recoveries by webhook, as JSON (docs/ticketing.md); empty for none.',
    '',
    {
      AllowedPattern: String.raw`^(\{.*\})?$`,
      MaxLength: 3072,
      ConstraintDescription: 'must be a JSON object of at most 3072 bytes in one line, or empty',
    },
  ),
  OutcomePrivateAddresses: text('Whether outcomes may be sent to addresses that are not public.', 'refuse', {
    AllowedValues: ['refuse', 'allow'],
  }),
} as const;

const notices = {
  NoticeSender: text(
    'Sender of the mails to users: an address, or "Name <address>", whose identity is verified in SES; users need a tag "email". Empty for none.',
    '',
    {
      AllowedPattern: `^(${address}|[^<>${controls}]{1,200} <${address}>)?$`,
      MaxLength: longestLine,
      ConstraintDescription: `must be an address or "Name <address>" of at most ${longestLine} characters, or empty`,
    },
  ),
  NoticeContact: text(
    'Whom mails tell users to call about changes that are not theirs; completes "call …".',
    'your help desk',
    {
      AllowedPattern: `^[^${controls}]+$`,
      MaxLength: longestLine,
      ConstraintDescription: `must be one line of 1 to ${longestLine} characters`,
    },
  ),
  OperatorTopicArn: text(
    'SNS topic that is told of every change, and whose policy lets EventBridge publish; empty for none.',
    '',
    topic,
  ),
  AlarmTopicArn: text('SNS topic that alarms notify; empty for none.', '', topic),
} as const;

const api = {
  AllowedOrigins: text(
    'Origins whose pages may call the API, separated by commas without spaces; empty for none. If there are ' +
      'several, only pages of the first can read the refusals of API Gateway itself.',
    '',
    {
      AllowedPattern: `^(${origin}(,${origin}){0,${mostOrigins - 1}})?$`,
      MaxLength: longestOrigins,
      ConstraintDescription: `must be at most ${mostOrigins} origins like https://portal.example.com, in ${longestOrigins} characters: lower case, no path, no spaces; http only for localhost`,
    },
  ),
  BasePath: text('Base path of the mapping of a custom domain, with a leading slash; empty for none.', '', {
    AllowedPattern: '^(/[A-Za-z0-9_.-]+)*$',
    MaxLength: 300,
    ConstraintDescription: 'must be like /mfa, of at most 300 characters, or empty',
  }),
  EndpointType: text('Type of the endpoint of the API.', 'REGIONAL', { AllowedValues: ['REGIONAL', 'EDGE'] }),
  ThrottlingRateLimit: number(
    'Requests per second of each method, for all callers together, above which they get 429. The API as a whole ' +
      'has no limit but that of the account, and a single caller has none.',
    50,
    { MinValue: 1 },
  ),
  ThrottlingBurstLimit: number('Size of a burst of requests of each method.', 100, { MinValue: 1 }),
  ReservedConcurrency: text(
    'Concurrent executions reserved for each of the functions, which are also its limit; empty for the common pool.',
    '',
    {
      AllowedPattern: '^([1-9][0-9]{0,4})?$',
      ConstraintDescription: 'must be a whole number from 1 to 99999, or empty',
    },
  ),
} as const;

const operations = {
  LogRetentionInDays: number('Days for which logs are kept.', 90, { AllowedValues: retentions }),
  LogKmsKeyArn: text(
    'KMS key for the logs, whose policy lets CloudWatch Logs use it; empty for the key of AWS.',
    '',
    key,
  ),
  TableKmsKeyArn: text('KMS key for the table; empty for the key of AWS.', '', key),
  PermissionsBoundaryArn: text(
    'Permissions boundary of every role; empty for none.',
    '',
    arn('iam', 'policy/.+', 'a managed policy'),
  ),
  CursorKeyGeneration: number(
    'Increment for a new key for the cursors of lists; earlier cursors are refused from then on.',
    1,
    { MinValue: 1 },
  ),
} as const;

/** The settings of a deployment, as parameters of its template. */
export const parameters = {
  Stage: {
    Type: 'String',
    Description: 'Name of the stage; it is in the URL and in the names of all resources.',
    AllowedPattern: '^[A-Za-z0-9-]{1,20}$',
    ConstraintDescription: 'must be at most 20 letters, digits and hyphens',
  },
  ...sessions,
  ...devices,
  ...recoveries,
  ...notices,
  ...api,
  ...operations,
} as const satisfies Readonly<Record<string, TemplateParameter>>;

export type ParameterName = keyof typeof parameters;

/** A reference to a parameter within a string; service-template.ts makes `Ref` or `Fn::Sub` of it. */
export const setting = (name: ParameterName): string => `\${${name}}`;
