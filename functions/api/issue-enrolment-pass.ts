import { issueEnrolmentPass as contract } from '../../shared/contract/operations/issue-enrolment-pass.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { issueEnrolmentPass } from '../../shared/recoveries/issue-pass.ts';
import { passContext } from '../wiring/recovery-pass.ts';

export const handler = principalEndpoint(contract, ({ path }, call) =>
  issueEnrolmentPass(path.recoveryId, call.principal.name, passContext(call)),
);
