import type { Audience, Operation } from '../../shared/contract/operation.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import {
  type ApiNames,
  enrolmentHoldPolicy,
  type StaffAudience,
  selfServicePolicy,
  staffPolicies,
  staffPolicy,
} from '../policies/managed-policies.ts';
import type { PolicyDocument } from '../policies/policy-document.ts';
import { enrolmentHoldName, service } from './resource-names.ts';

const staffDescriptions: Readonly<Record<StaffAudience & Audience, string>> = {
  'recovery-agent': 'Lets a help desk request recoveries of lost MFA devices and view them.',
  'recovery-approver':
    'Allows approving, denying and cancelling recoveries of lost MFA devices, and issuing enrolment passes.',
  auditor: 'Allows viewing the MFA devices of all users.',
};

/** The managed policies that are attached to users and roles, by logical id. */
export function managedPolicyResources(
  operations: readonly Operation[],
  names: ApiNames,
): Readonly<Record<string, TemplateResource>> {
  const staff = Object.keys(staffPolicies)
    .filter((audience): audience is StaffAudience => audience in staffPolicies)
    .map((audience) => {
      const name = staffPolicies[audience];
      const document = staffPolicy(audience, operations, names);
      return [
        `${name}Policy`,
        named(`${service}-${names.stage}-${name}`, staffDescriptions[audience], document),
      ];
    });
  return {
    SelfServicePolicy: named(
      `${service}-${names.stage}-SelfService`,
      'Lets IAM users manage their own MFA devices through the API.',
      selfServicePolicy(operations, names),
    ),
    ...Object.fromEntries(staff),
    EnrolmentHoldPolicy: named(
      enrolmentHoldName(names.stage),
      'Attached by recoveries while a user has no device: prevents enrolling one outside the API.',
      enrolmentHoldPolicy,
    ),
  };
}

const named = (
  ManagedPolicyName: string,
  Description: string,
  document: PolicyDocument,
): TemplateResource => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { ManagedPolicyName, Description, PolicyDocument: document },
});
