import { parseConnections } from '../../shared/config/ticketing.ts';
import type { AssumedRole, BackgroundFunction } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { TableRights } from '../../shared/contract/table.ts';
import { assumedRoleOf } from '../policies/assumed-roles.ts';
import { usesTable } from '../policies/table-rights.ts';
import { placeholder, placeholders, withSub } from './placeholders.ts';
import { enrolmentHoldArn, functionName } from './resource-names.ts';
import { roleLogicalId } from './role-resources.ts';
import type { TemplateSettings } from './settings.ts';

type Variables = Readonly<Record<string, unknown>>;

/** An operation's own environment variables; those that all functions share are in serverless.yml. */
export function environmentOf(operation: Operation, settings: TemplateSettings): Variables {
  const { name, table, actions, audience, input } = operation;
  const requestsRecovery = ['request-recovery', 'receive-ticket'].includes(name);
  const changesOwnDevices = table.lease !== undefined && audience.includes('self-service');
  return {
    ...roleArn(assumedRoleOf(operation)),
    ...tableName(table),
    ...('cursor' in input.query.shape && cursorKey(settings)),
    ...(['get-me', 'create-session'].includes(name) && stsEndpoints),
    ...(table.recovery !== undefined && recoverySettings(settings)),
    ...(changesOwnDevices && {
      FIRST_DEVICE: settings.firstDevice,
      RESYNC_COOL_DOWN: String(settings.resyncCoolDown),
    }),
    ...(actions.includes('iam:DetachUserPolicy') && enrolmentHold(settings)),
    ...(name === 'approve-recovery' && {
      EXECUTOR_NAME: functionName(settings.stage, 'execute-recoveries'),
    }),
    ...(requestsRecovery && { TICKETING: settings.ticketing, FIRST_DEVICE: settings.firstDevice }),
  };
}

/** The own environment variables of a function without a route. */
export function backgroundEnvironmentOf(
  { name, assumes, table }: BackgroundFunction,
  settings: TemplateSettings,
): Variables {
  return {
    ...roleArn(assumes),
    ...tableName(table),
    ...(name === 'execute-recoveries' && enrolmentHold(settings)),
    ...(name === 'execute-recoveries' && recoverySettings(settings)),
    ...(name === 'publish-events' && listeners(settings)),
    ...(name === 'notify-subject' && {
      NOTICE_SENDER: settings.noticeSender,
      NOTICE_CONTACT: settings.noticeContact,
    }),
    ...(name === 'report-outcome' && {
      TICKETING: settings.ticketing,
      OUTCOME_PRIVATE_ADDRESSES: settings.outcomePrivateAddresses,
    }),
  };
}

/** Only those that have something to do are invoked. */
function listeners({ stage, noticeSender, ticketing }: TemplateSettings): Variables {
  const tellsOutcomes = parseConnections(ticketing).some(({ outcomeUrl }) => outcomeUrl !== undefined);
  return {
    NOTIFIER_NAME: noticeSender === '' ? '' : functionName(stage, 'notify-subject'),
    REPORTER_NAME: tellsOutcomes ? functionName(stage, 'report-outcome') : '',
  };
}

/** A function knows the role that it assumes, and no other. */
function roleArn(work: AssumedRole | undefined): Variables {
  if (work === undefined) return {};
  const name = work === 'device-read' ? 'device' : work;
  return { [`${name.toUpperCase()}_ROLE_ARN`]: { 'Fn::GetAtt': [roleLogicalId({ name: work }), 'Arn'] } };
}

const tableName = (table: TableRights): Variables =>
  usesTable(table) ? { TABLE_NAME: { Ref: 'Table' } } : {};

const cursorKey = ({ cursorKeyGeneration }: TemplateSettings): Variables => ({
  CURSOR_KEY: {
    'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: `CursorSecret${cursorKeyGeneration}` }, '}}']],
  },
});

const stsEndpoints: Variables = {
  STS_ENDPOINT: { 'Fn::Sub': `https://sts.${placeholders.region}.${placeholder('AWS::URLSuffix')}` },
  STS_OTHER_ENDPOINTS: { 'Fn::If': ['IsCommercialPartition', 'https://sts.amazonaws.com', ''] },
};

const recoverySettings = (settings: TemplateSettings): Variables => ({
  RECOVERY_APPROVALS: String(settings.recoveryApprovals),
  RECOVERY_EXPIRES_AFTER: String(settings.recoveryExpiresAfter),
  RECOVERY_DAILY_LIMIT: String(settings.recoveryDailyLimit),
});

const enrolmentHold = ({ stage }: TemplateSettings): Variables => ({
  ENROLMENT_HOLD_ARN: withSub(enrolmentHoldArn({ ...placeholders, stage })),
});
