import type { AssumedRole, BackgroundFunction } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { TableRights } from '../../shared/contract/table.ts';
import { assumedRoleOf } from '../policies/assumed-roles.ts';
import { usesTable } from '../policies/table-rights.ts';
import { ifGiven, isCommercialPartition, tellsOutcomes } from './conditions.ts';
import { setting } from './parameters.ts';
import { placeholder, placeholders } from './placeholders.ts';
import { enrolmentHoldArn, functionName } from './resource-names.ts';
import { roleLogicalId } from './role-resources.ts';
import { cursorKeyReference } from './secrets.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What every function reads. */
const common: Variables = {
  STAGE: placeholders.stage,
  API_ID: placeholders.apiId,
  BASE_PATH: setting('BasePath'),
  STEP_UP_MAX_AGE: setting('StepUpMaxAge'),
  ENROLMENT_EXPIRES_AFTER: setting('EnrolmentExpiresAfter'),
  ALLOW_REMOVING_LAST_DEVICE: setting('AllowRemovingLastDevice'),
  OTPAUTH_ISSUER: setting('OtpauthIssuer'),
  OTPAUTH_LABEL: setting('OtpauthLabel'),
  ALLOWED_ORIGINS: setting('AllowedOrigins'),
};

/**
 * An operation's environment: what all functions read, and what this one does. Lambda limits it to 4 KB, and what a
 * function does not read it cannot give away.
 */
export function environmentOf(operation: Operation): Variables {
  const { name, table, actions, audience, input } = operation;
  const requestsRecovery = ['request-recovery', 'receive-ticket'].includes(name);
  const changesOwnDevices = table.lease !== undefined && audience.includes('self-service');
  return {
    ...common,
    ...roleArn(assumedRoleOf(operation)),
    ...tableName(table),
    ...('cursor' in input.query.shape && { CURSOR_KEY: cursorKeyReference }),
    ...(['get-me', 'create-session'].includes(name) && stsEndpoints),
    ...(table.recovery !== undefined && recoverySettings),
    ...(changesOwnDevices && {
      FIRST_DEVICE: setting('FirstDevice'),
      RESYNC_COOL_DOWN: setting('ResyncCoolDown'),
    }),
    ...(actions.includes('iam:DetachUserPolicy') && enrolmentHold),
    ...(name === 'approve-recovery' && {
      EXECUTOR_NAME: functionName(placeholders.stage, 'execute-recoveries'),
    }),
    ...(requestsRecovery && { TICKETING: setting('Ticketing'), FIRST_DEVICE: setting('FirstDevice') }),
  };
}

/** The environment of a function without a route. */
export function backgroundEnvironmentOf({ name, assumes, table }: BackgroundFunction): Variables {
  return {
    ...common,
    ...roleArn(assumes),
    ...tableName(table),
    ...(name === 'execute-recoveries' && enrolmentHold),
    ...(name === 'execute-recoveries' && recoverySettings),
    ...(name === 'publish-events' && listeners),
    ...(name === 'notify-subject' && {
      NOTICE_SENDER: setting('NoticeSender'),
      NOTICE_CONTACT: setting('NoticeContact'),
    }),
    ...(name === 'report-outcome' && {
      TICKETING: setting('Ticketing'),
      OUTCOME_PRIVATE_ADDRESSES: setting('OutcomePrivateAddresses'),
    }),
  };
}

/** Only those that have something to do are invoked. */
const listeners: Variables = {
  NOTIFIER_NAME: ifGiven('NoticeSender', functionName(placeholders.stage, 'notify-subject'), ''),
  REPORTER_NAME: { 'Fn::If': [tellsOutcomes, functionName(placeholders.stage, 'report-outcome'), ''] },
};

/** A function knows the role that it assumes, and no other. */
function roleArn(work: AssumedRole | undefined): Variables {
  if (work === undefined) return {};
  const name = work === 'device-read' ? 'device' : work;
  return { [`${name.toUpperCase()}_ROLE_ARN`]: { 'Fn::GetAtt': [roleLogicalId({ name: work }), 'Arn'] } };
}

const tableName = (table: TableRights): Variables =>
  usesTable(table) ? { TABLE_NAME: { Ref: 'Table' } } : {};

const stsEndpoints: Variables = {
  STS_ENDPOINT: `https://sts.${placeholders.region}.${placeholder('AWS::URLSuffix')}`,
  STS_OTHER_ENDPOINTS: { 'Fn::If': [isCommercialPartition, 'https://sts.amazonaws.com', ''] },
};

const recoverySettings: Variables = {
  RECOVERY_APPROVALS: setting('RecoveryApprovals'),
  RECOVERY_EXPIRES_AFTER: setting('RecoveryExpiresAfter'),
  RECOVERY_DAILY_LIMIT: setting('RecoveryDailyLimit'),
};

const enrolmentHold: Variables = { ENROLMENT_HOLD_ARN: enrolmentHoldArn(placeholders) };
