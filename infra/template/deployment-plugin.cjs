/** Gives the stack its parameters, and puts the template of the service in place of the one that osls compiles. */
module.exports = class DeploymentPlugin {
  constructor(serverless, options) {
    this.serverless = serverless;
    this.options = options;
    this.hooks = {
      'before:package:initialize': () => this.setParameters(),
      'before:rollback:initialize': () => this.setParameters(),
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.setTemplates(),
    };
  }

  /** All parameters are given, so that none keeps the value of the previous deployment. */
  async setParameters() {
    const { service, classes } = this.serverless;
    const { stage } = service.provider;
    const file = `config/${stage}.yml`;
    if (this.options.param !== undefined) {
      throw new classes.Error(`Put settings into ${file}: --param is not used.`);
    }
    if (service.custom.settings === false) {
      throw new classes.Error(`${file} is missing or empty. With {} in it, every setting has its default.`);
    }
    const { parameterValuesOf } = await import('./settings.ts');
    try {
      const values = parameterValuesOf(stage, service.custom.settings);
      service.provider.stackParameters = Object.entries(values).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      }));
    } catch (error) {
      throw new classes.Error(`${file} is not valid.\n${error.message}`);
    }
  }

  async setTemplates() {
    const { templatesFor } = await import('./serverless-templates.ts');
    const { loadOperations } = await import('../../shared/contract/load-operations.ts');
    const { provider } = this.serverless.service;
    const { core, complete } = templatesFor(
      provider.coreCloudFormationTemplate,
      provider.compiledCloudFormationTemplate,
      await loadOperations(),
    );
    provider.coreCloudFormationTemplate = core;
    provider.compiledCloudFormationTemplate = complete;
  }
};
