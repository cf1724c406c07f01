import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../infra/openapi/document.ts';
import { problemsOf } from '../../../infra/openapi/problems.ts';
import { pascalCase } from '../../../infra/openapi/schemas.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import type { Operation } from '../../../shared/contract/operation.ts';
import { problems } from '../../../shared/contract/problem.ts';
import { noBody, noContent } from '../../../shared/contract/schemas.ts';

const operations = await loadOperations();
// As parsed, without types or undefined members.
const document = JSON.parse(JSON.stringify(openApiDocument(operations)));

const operationOf = ({ path, method }: Operation) => document.paths[path][method.toLowerCase()];

/** The target of a reference within the document. */
const resolved = (value: { $ref?: string }) =>
  value.$ref === undefined
    ? value
    : value.$ref
        .slice(2)
        .split('/')
        .reduce((found, name) => found[name], document);

describe('the OpenAPI document', () => {
  it('is the committed one: npm run openapi writes it', () => {
    const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
    expect(committed).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  it('is the same whatever the order of the operations', () => {
    const reversed = openApiDocument([...operations].reverse());
    expect(Object.keys(reversed.paths)).toEqual(Object.keys(document.paths));
    expect(reversed.components).toEqual(openApiDocument(operations).components);
  });

  it('has exactly the operations of the contracts', () => {
    const routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(Object(item)).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('has every place it refers to', () => {
    for (const [, reference = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      expect(resolved({ $ref: reference }), reference).toBeDefined();
    }
  });
});

describe.each(operations.map((operation) => [operation.name, operation] as const))(
  '%s',
  (name, operation) => {
    const described = operationOf(operation);

    it('is signed unless anyone may call it, and says whose signature will do', () => {
      const forOneself = operation.audience.includes('self-service');
      const recentMfa = [{ sigv4: ['recent-mfa'] }];
      expect(described.security).toEqual(
        {
          anonymous: [],
          identity: [{ sigv4: [] }],
          'second-factor': forOneself ? recentMfa : [...recentMfa, { sigv4: ['role-session'] }],
        }[operation.gate],
      );
      expect(document.components.securitySchemes.sigv4).toMatchObject({
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'awsSigv4',
      });
    });

    it('says so when it needs MFA', () => {
      expect(described.description.includes('recent MFA')).toBe(operation.gate === 'second-factor');
    });

    it('has examples that its contract accepts', () => {
      for (const { in: place, name, example, schema } of described.parameters ?? []) {
        const shape = Object(operation.input[place === 'path' ? 'path' : 'query'].shape);
        const sent = schema.type === 'integer' ? String(example) : example;
        expect(shape[name].safeParse(sent).error, name).toBeUndefined();
      }
      if (operation.input.body !== noBody) {
        const { example } = described.requestBody.content['application/json'];
        expect(operation.input.body.safeParse(example).error).toBeUndefined();
      }
      if (operation.output !== noContent) {
        const { example } = described.responses[operation.status].content['application/json'];
        expect(operation.output.safeParse(example).error).toBeUndefined();
      }
    });

    it('has exactly the statuses that it can succeed with', () => {
      const successes = Object.keys(described.responses).filter((status) => Number(status) < 400);
      const { status, repeatStatus = status } = operation;
      expect(successes.map(Number)).toEqual([...new Set([repeatStatus, status])]);
    });

    it('has every parameter and representation of the contract', () => {
      const names = [...Object.keys(operation.input.path.shape), ...Object.keys(operation.input.query.shape)];
      expect((described.parameters ?? []).map((parameter: { name: string }) => parameter.name)).toEqual(
        names,
      );
      const types = [...operation.media, ...(operation.output === noContent ? [] : ['application/json'])];
      expect(Object.keys(described.responses[operation.status].content ?? {}).sort()).toEqual(types.sort());
      expect(described.operationId.toLowerCase()).toBe(pascalCase(name).toLowerCase());
    });

    it('has exactly the problems that it can return, each under its status', () => {
      const all = Object.entries(described.responses)
        .filter(([status]) => Number(status) >= 400)
        .flatMap(([status, reference]) => {
          const { schema, examples } = resolved(Object(reference)).content['application/problem+json'];
          expect(Object.keys(examples)).toEqual(schema.properties.code.enum);
          return schema.properties.code.enum.map((code: string) => [code, Number(status)]);
        });
      const expected = problemsOf(operation).map((code) => [code, problems[code].status]);
      expect(all.sort()).toEqual(expected.sort());
      expect(problemsOf(operation)).toEqual(expect.arrayContaining([...operation.problems]));
    });
  },
);
