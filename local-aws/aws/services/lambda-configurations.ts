import type { ControlPlane } from '../../control-plane/control-plane.ts';
import type { RestOperation } from '../protocols/rest-protocol.ts';
import { arnOf, functionNotFound, functionOf } from './lambda.ts';

/** Lambda's operations that tell how it is configured. */
export function lambdaConfigurationOperations(plane: ControlPlane): readonly RestOperation[] {
  return [
    {
      service: 'lambda',
      name: 'GetFunctionConfiguration',
      method: 'GET',
      path: /^\/2015-03-31\/functions\/(?<name>[^/]+)\/configuration$/,
      prepare(input, { account }) {
        const { functionName } = functionOf(input);
        const resource = arnOf(functionName, account);
        return {
          permissions: [{ action: 'lambda:GetFunctionConfiguration', resource }],
          run() {
            const found = plane.functions.find(({ FunctionName }) => FunctionName === functionName);
            if (found === undefined) throw functionNotFound(resource);
            return { status: 200, body: JSON.stringify({ ...common, ...found }) };
          },
        };
      },
    },
    {
      service: 'lambda',
      name: 'GetAccountSettings',
      method: 'GET',
      path: /^\/2016-08-19\/account-settings\/?$/,
      prepare: () => ({
        permissions: [{ action: 'lambda:GetAccountSettings', resource: '*' }],
        run: () => ({ status: 200, body: JSON.stringify(settingsOf(plane)) }),
      }),
    },
  ];
}

const common = {
  Version: '$LATEST',
  PackageType: 'Zip',
  State: 'Active',
  LastUpdateStatus: 'Successful',
  TracingConfig: { Mode: 'Active' },
};

const settingsOf = ({ concurrency, functions }: ControlPlane) => ({
  AccountLimit: {
    ConcurrentExecutions: concurrency.limit,
    UnreservedConcurrentExecutions: concurrency.unreserved,
  },
  AccountUsage: { FunctionCount: functions.length },
});
