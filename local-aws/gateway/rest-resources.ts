import * as z from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { ofType, propertiesOf } from '../cloudformation/properties.ts';
import { assertPartOf } from './template-reader.ts';

const schema = z.strictObject({
  ParentId: z.string(),
  PathPart: z.string().regex(/^([\w.-]+|\{\w+\})$/, 'is not a segment or a parameter'),
  RestApiId: z.string(),
});

/** The path of a resource, by its id. Throws if the template has no such resource. */
export type PathOf = (resourceId: string) => string;

/** Reads the tree of `AWS::ApiGateway::Resource`. */
export function pathsOf(resolved: ResolvedTemplate, api: ResolvedResource): PathOf {
  const segments = new Map<string, z.output<typeof schema>>();
  for (const named of ofType(resolved, 'AWS::ApiGateway::Resource')) {
    const segment = propertiesOf(named, schema);
    assertPartOf(api, named, segment.RestApiId);
    segments.set(named[1].ref, segment);
  }
  const root = api.attributes['RootResourceId'];
  const under = (id: string): string => {
    if (id === root) return '';
    const segment = segments.get(id);
    if (segment === undefined) throw new Error(`The template has no resource of the API with the id ${id}`);
    return `${under(segment.ParentId)}/${segment.PathPart}`;
  };
  return (id) => under(id) || '/';
}
