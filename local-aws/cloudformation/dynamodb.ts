import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { identifying, ignored, resourcesOf } from './properties.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const tableProperties = z.strictObject({
  TableName: identifying,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.strictObject({ ProjectionType: z.enum(['ALL', 'KEYS_ONLY']) }),
      }),
    )
    .default([]),
  TimeToLiveSpecification: ignored('DynamoDB deletes items within days, and nothing may rely on it'),
  PointInTimeRecoverySpecification: ignored('there are no backups'),
  SSESpecification: ignored('local files are not encrypted'),
});

/** A table as DynamoDB is asked for it. */
export interface DeployedTable
  extends Pick<
    z.output<typeof tableProperties>,
    'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes' | 'BillingMode'
  > {
  readonly TableName: string;
}

/** The only table of the template. */
export function tableOf(resolved: ResolvedTemplate): DeployedTable {
  const [table, ...others] = resourcesOf(resolved, 'AWS::DynamoDB::Table', tableProperties);
  if (table === undefined || others.length > 0) throw new Error('The template must have exactly one table');
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = table.properties;
  return { TableName: table.ref, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode };
}

/** The partition key of the table, or of one of its indexes. */
export const partitionKeyOf = (
  { KeySchema, GlobalSecondaryIndexes }: DeployedTable,
  indexName?: string,
): string => {
  const index = GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === indexName);
  const partition = (index?.KeySchema ?? KeySchema).find(({ KeyType }) => KeyType === 'HASH');
  return partition?.AttributeName ?? '';
};
