import type { TemplateOutput } from '../cloudformation/template.ts';
import { placeholder, placeholders } from './placeholders.ts';

const { apiId, region, stage } = placeholders;
const domain = `${apiId}.execute-api.${region}.${placeholder('AWS::URLSuffix')}`;

/** What whoever deploys wants to know. */
export const outputs: Readonly<Record<string, TemplateOutput>> = {
  ServiceEndpoint: { Description: 'URL of the API', Value: `https://${domain}/${stage}` },
  SelfServicePolicyArn: {
    Description: 'Attach this policy to the users, or to their groups',
    Value: { Ref: 'SelfServicePolicy' },
  },
  RecoveryAgentPolicyArn: {
    Description: 'Attach this policy to the roles of help desk agents',
    Value: { Ref: 'RecoveryAgentPolicy' },
  },
  RecoveryApproverPolicyArn: {
    Description: 'Attach this policy to those who approve recoveries',
    Value: { Ref: 'RecoveryApproverPolicy' },
  },
  AuditorPolicyArn: {
    Description: 'Attach this policy to those who view the MFA of all users',
    Value: { Ref: 'AuditorPolicy' },
  },
  EnrolmentHoldPolicyArn: {
    Description: 'Do not attach this policy yourself; recoveries do',
    Value: { Ref: 'EnrolmentHoldPolicy' },
  },
  RecoveryRoleArn: {
    Description: 'The role for executing recoveries',
    Value: { 'Fn::GetAtt': ['RecoveryRole', 'Arn'] },
  },
  DeviceRoleArn: {
    Description: "The role for changing users' own devices",
    Value: { 'Fn::GetAtt': ['DeviceRole', 'Arn'] },
  },
  DeviceReadRoleArn: {
    Description: "The role for reading users' own devices",
    Value: { 'Fn::GetAtt': ['DeviceReadRole', 'Arn'] },
  },
  TableName: { Description: 'The table of leases and recoveries', Value: { Ref: 'Table' } },
  Stage: { Description: 'The deployed stage', Value: stage },
};
