/** Variables of serverless.yml that are derived from the contracts: `${file(infra/template/variables.cjs):<name>}`. */

async function settingsOf({ resolveVariable }) {
  const { parseSettings } = await import('./settings.ts');
  return parseSettings(await resolveVariable('self:custom.settings'));
}

module.exports = {
  functions: async (context) => {
    const { functions } = await import('./functions.ts');
    return functions(await settingsOf(context));
  },
  resourcePolicy: async (context) => {
    const { resourcePolicyStatements } = await import('./resources.ts');
    return resourcePolicyStatements(await settingsOf(context));
  },
  resources: async (context) => {
    const { resources } = await import('./resources.ts');
    return resources(await settingsOf(context));
  },
};
