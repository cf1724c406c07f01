import { parseConnections } from '../../shared/config/ticketing.ts';
import type { AssumedRole, BackgroundFunction } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { isSelfService } from '../policies/assumed-roles.ts';
import { placeholders, withSub } from './placeholders.ts';
import { enrolmentHoldArn, functionName } from './resource-names.ts';
import { roleLogicalId } from './role-resources.ts';
import type { TemplateSettings } from './settings.ts';

type Variables = Readonly<Record<string, unknown>>;

/** An operation's own environment variables; those that all functions share are in serverless.yml. */
export function environmentOf(operation: Operation, settings: TemplateSettings): Variables {
  const { name, table, actions } = operation;
  const requestsRecovery = ['request-recovery', 'receive-ticket'].includes(name);
  return {
    ...(!isSelfService(operation) && actions.length > 0 && roleArn('audit')),
    ...(table.includes('recovery') && recoverySettings(settings)),
    ...(table.includes('user') && isSelfService(operation) && deviceSettings(settings)),
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
    ...(assumes !== undefined && assumes !== 'device' && roleArn(assumes)),
    ...(name === 'execute-recoveries' && enrolmentHold(settings)),
    ...(name === 'execute-recoveries' && table.includes('recovery') && recoverySettings(settings)),
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

const roleArn = (work: AssumedRole): Variables => ({
  [`${work.toUpperCase()}_ROLE_ARN`]: {
    'Fn::GetAtt': [roleLogicalId({ name: work }), 'Arn'],
  },
});

const recoverySettings = (settings: TemplateSettings): Variables => ({
  RECOVERY_APPROVALS: String(settings.recoveryApprovals),
  RECOVERY_EXPIRES_AFTER: String(settings.recoveryExpiresAfter),
  RECOVERY_DAILY_LIMIT: String(settings.recoveryDailyLimit),
});

const deviceSettings = (settings: TemplateSettings): Variables => ({
  FIRST_DEVICE: settings.firstDevice,
  RESYNC_COOL_DOWN: String(settings.resyncCoolDown),
  ...enrolmentHold(settings),
});

const enrolmentHold = ({ stage }: TemplateSettings): Variables => ({
  ENROLMENT_HOLD_ARN: withSub(enrolmentHoldArn({ ...placeholders, stage })),
});
