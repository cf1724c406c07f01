import { finishedReport, reportContent, reportState } from '../credential-report.ts';
import { virtualDevicesPerAccount } from '../devices.ts';
import { type Operation, operation } from '../operation.ts';
import { usersPerAccount } from '../users.ts';

const getAccountSummary = operation({
  service: 'iam',
  name: 'GetAccountSummary',
  parameters: {},
  permissions: () => [{ action: 'iam:GetAccountSummary', resource: '*' }],
  run(_values, { account }) {
    const devices = account.devices.all();
    const inUse = devices.filter(({ owner }) => owner !== undefined).length;
    return {
      SummaryMap: new Map([
        ['AccountMFAEnabled', 1],
        ['AccessKeysPerUserQuota', 2],
        ['MFADevices', devices.length],
        ['MFADevicesInUse', inUse],
        ['Policies', account.managedPolicies.size],
        ['Roles', account.roles.size],
        ['Users', account.users.size],
        ['UsersQuota', usersPerAccount],
        ['VirtualMFADevicesQuota', virtualDevicesPerAccount],
      ]),
    };
  },
});

const generateCredentialReport = operation({
  service: 'iam',
  name: 'GenerateCredentialReport',
  parameters: {},
  permissions: () => [{ action: 'iam:GenerateCredentialReport', resource: '*' }],
  run(_values, { account, now }) {
    const state = reportState(account.credentialReport, now, account.reportMakingMs);
    if (state === 'complete') return { State: 'COMPLETE' };
    if (state === 'in-progress') return { State: 'INPROGRESS' };
    const content = reportContent(account.users.list(), account.devices, account.accountId, now);
    account.credentialReport = { content, startedAt: now };
    return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
  },
});

const getCredentialReport = operation({
  service: 'iam',
  name: 'GetCredentialReport',
  parameters: {},
  permissions: () => [{ action: 'iam:GetCredentialReport', resource: '*' }],
  run(_values, { account, now }) {
    const { content, startedAt } = finishedReport(account.credentialReport, now, account.reportMakingMs);
    return { Content: Buffer.from(content), ReportFormat: 'text/csv', GeneratedTime: new Date(startedAt) };
  },
});

export const accountOperations: readonly Operation[] = [
  getAccountSummary,
  generateCredentialReport,
  getCredentialReport,
];
