/**
 * Lets the API's deployment wait for the gateway responses: a deployment is a snapshot, and what comes later is not
 * in it. Its logical id has a timestamp, so serverless.yml cannot say this itself.
 */
module.exports = class DeploymentPlugin {
  constructor(serverless) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
        const entries = Object.entries(Resources);
        const responses = entries.filter(([, { Type }]) => Type === 'AWS::ApiGateway::GatewayResponse');
        for (const [, resource] of entries) {
          if (resource.Type !== 'AWS::ApiGateway::Deployment') continue;
          resource.DependsOn = [...resource.DependsOn, ...responses.map(([logicalId]) => logicalId)];
        }
      },
    };
  }
};
