import { tableIndexes } from '../../shared/contract/table.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { ifGiven } from './conditions.ts';
import { setting } from './parameters.ts';

/**
 * The table with its indexes. It outlives the stack, unless the deployment that creates it fails. DynamoDB deletes items
 * when their `ttl` has passed.
 */
export function tableResource(): TemplateResource {
  const indexes = Object.entries(tableIndexes);
  const attributes = new Set(['pk', ...indexes.flatMap(([, { partition, sort }]) => [partition, sort])]);
  return {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: indexes.map(([IndexName, { partition, sort }]) => ({
        IndexName,
        KeySchema: [
          { AttributeName: partition, KeyType: 'HASH' },
          { AttributeName: sort, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      })),
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: ifGiven(
        'TableKmsKeyArn',
        { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: setting('TableKmsKeyArn') },
        { SSEEnabled: true },
      ),
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    },
  };
}
