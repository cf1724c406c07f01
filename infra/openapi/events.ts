import * as z from 'zod/mini';
import {
  type DetailType,
  deviceEvents,
  eventSource,
  recoveryEvents,
} from '../../shared/contract/events/detail-types.ts';
import { deviceDetail, recoveryDetail } from '../../shared/contract/events/schemas.ts';

/** JSON Schema of the events as EventBridge delivers them, with one definition for each type. */
export function eventsSchema(): object {
  const types = {
    ...definitions(deviceEvents, 'DeviceDetail'),
    ...definitions(recoveryEvents, 'RecoveryDetail'),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Events of the MFA self-service API on Amazon EventBridge',
    oneOf: Object.keys(types).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: { ...types, DeviceDetail: schemaOf(deviceDetail), RecoveryDetail: schemaOf(recoveryDetail) },
  };
}

/** Name of a detail type's definition: `MFADeviceEnabled`. */
export const definitionName = (detailType: DetailType): string => detailType.replaceAll(' ', '');

/** EventBridge's own members are left out. */
const definitions = (types: readonly DetailType[], detail: string): Readonly<Record<string, object>> =>
  Object.fromEntries(
    types.map((detailType) => [
      definitionName(detailType),
      {
        title: detailType,
        type: 'object',
        properties: {
          source: { const: eventSource },
          'detail-type': { const: detailType },
          detail: { $ref: `#/$defs/${detail}` },
        },
        required: ['source', 'detail-type', 'detail'],
      },
    ]),
  );

function schemaOf(schema: z.core.$ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      // The format already says it.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return rest;
}
