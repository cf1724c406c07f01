/** Completes the template after osls has compiled it and before it is saved. */
module.exports = class DeploymentPlugin {
  constructor(serverless) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': async () => {
        const { completeTemplate } = await import('./complete-template.ts');
        const { parseSettings } = await import('./settings.ts');
        const { loadOperations } = await import('../../shared/contract/load-operations.ts');
        const { service } = serverless;
        completeTemplate(
          service.provider.compiledCloudFormationTemplate,
          await loadOperations(),
          parseSettings(service.custom.settings),
        );
      },
    };
  }
};
