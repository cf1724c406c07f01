import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { roleLogicalId } from './role-resources.ts';

/** The `functions` of serverless.yml, by name: what osls packs. What is deployed is in service-template.ts. */
export async function functions(): Promise<Readonly<Record<string, object>>> {
  const all = [...(await loadOperations()), ...backgroundFunctions];
  return Object.fromEntries(
    all.map(({ name }) => [
      name,
      {
        handler: `dist/${name}/index.handler`,
        role: roleLogicalId({ name }),
        package: { patterns: [`dist/${name}/*`] },
      },
    ]),
  );
}
