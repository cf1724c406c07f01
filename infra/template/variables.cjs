/** Variables of serverless.yml: `${file(infra/template/variables.cjs):<name>}`. */
module.exports = {
  functions: async () => {
    const { functions } = await import('./functions.ts');
    return functions();
  },
};
