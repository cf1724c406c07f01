import type { Template } from '../../infra/cloudformation/template.ts';
import { deploy, productTemplate } from '../../local-aws/cloudformation/deploy.ts';

/** What the local AWS deploys unless a test changes it. */
export const deployed = await deploy();

export const tableName = deployed.table.TableName;

/** The table of the product under another name. */
export const tableNamed = (TableName: string) => ({ ...deployed.table, TableName });

/** A resource that may be changed. */
export interface ChangeableResource {
  Type: string;
  Condition?: string;
  DependsOn?: string | string[];
  Properties: Record<string, unknown>;
}

/** The template of the product after changes to its resources, which are given by logical id. */
export async function templateWith(
  change: (resources: Record<string, ChangeableResource>) => void,
): Promise<Template> {
  const template = structuredClone(await productTemplate());
  const Resources = { ...template.Resources } as Record<string, ChangeableResource>;
  change(Resources);
  return { ...template, Resources };
}

/** Sets properties of a resource. */
export const set =
  (logicalId: string, properties: object) =>
  (resources: Record<string, ChangeableResource>): void => {
    Object.assign(resources[logicalId]?.Properties ?? {}, properties);
  };

/** Takes a resource away, also from what depends on it. */
export const without =
  (logicalId: string) =>
  (resources: Record<string, ChangeableResource>): void => {
    delete resources[logicalId];
    for (const resource of Object.values(resources)) {
      resource.DependsOn = [resource.DependsOn ?? []].flat().filter((id) => id !== logicalId);
    }
  };
