import * as z from 'zod';
import { parseConnections } from '../../shared/config/ticketing.ts';
import { parseAllowedOrigins } from './allowed-origins.ts';

/** Days for which CloudWatch Logs can keep a log. Source: PutRetentionPolicy, CloudWatch Logs API reference. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const arn = (service: string, resource: string) =>
  z
    .string()
    .regex(
      new RegExp(`^(arn:aws[a-z-]*:${service}:[a-z0-9-]*:(\\d{12}|aws):${resource})?$`),
      'must be an ARN or empty',
    )
    .transform((text) => (text === '' ? undefined : text));

/** Validates text without converting it: its readers parse it again. */
const parsedBy = (parse: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'is not valid');
    }
  });

const mailSender = /^([^\s@<>"]+@[\w.-]+\.\w+|[^\p{Cc}<>]{1,200} <[^\s@<>"]+@[\w.-]+\.\w+>)?$/u;

/** A whole number that may be zero. Text must be digits: coerced, empty text would count as zero. */
const digits = z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)]);

const positive = z.coerce.number().int().min(1);

/** An empty parameter counts as not set: serverless.yml has no other way to say so. */
const optional = <T extends z.ZodType>(type: T) => z.union([z.literal('').transform(() => undefined), type]);

const parameters = z.strictObject({
  stage: z.string().regex(/^[A-Za-z0-9_-]{1,20}$/),
  stepUpMaxAge: positive,
  expiredEnrolmentsRate: z.string().regex(/^(rate|cron)\([^()]+\)$/, 'must be a rate(…) or cron(…)'),
  allowedOrigins: z.string().transform((list, context) => {
    try {
      return parseAllowedOrigins(list);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'is not a list of origins');
      return z.NEVER;
    }
  }),
  logRetentionInDays: positive.refine((days) => retentions.includes(days), `must be one of ${retentions}`),
  logKmsKeyArn: arn('kms', 'key/[a-z0-9-]+'),
  tableKmsKeyArn: arn('kms', 'key/[a-z0-9-]+'),
  permissionsBoundaryArn: arn('iam', 'policy/.+'),
  reservedConcurrency: optional(positive),
  throttlingRateLimit: positive,
  throttlingBurstLimit: positive,
  alarmTopicArn: arn('sns', '[\\w.-]+'),
  cursorKeyGeneration: positive,
  firstDevice: z.enum(['open', 'pass']),
  resyncCoolDown: digits.pipe(z.number().min(0).max(604_800)),
  recoveryApprovals: positive.max(2),
  recoveryExpiresAfter: positive.min(3_600).max(2_592_000),
  recoveryDailyLimit: positive.max(1_000),
  ticketing: parsedBy(parseConnections),
  outcomePrivateAddresses: z.enum(['refuse', 'allow']),
  noticeSender: z.string().regex(mailSender, 'must be a mail address, "Name <address>", or empty'),
  noticeContact: z.string().regex(/^[^\p{Cc}]{1,320}$/u, 'must be one line'),
  operatorTopicArn: arn('sns', '[\\w.-]+'),
});

/** Otherwise a session obtained right after a resynchronisation could still be recent after the cool-down. */
const schema = parameters.refine(
  ({ resyncCoolDown, stepUpMaxAge }) => resyncCoolDown === 0 || resyncCoolDown > stepUpMaxAge,
  { path: ['resyncCoolDown'], error: 'must be longer than stepUpMaxAge, or 0' },
);

/** The parameters of serverless.yml that shape the template; they are documented there. */
export type TemplateSettings = Readonly<z.output<typeof schema>>;

/** Parses the settings from serverless.yml. Throws an error that names every invalid parameter. */
export function parseSettings(settings: unknown): TemplateSettings {
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  throw new Error(`Invalid parameters of serverless.yml.\n${z.prettifyError(result.error)}`);
}
