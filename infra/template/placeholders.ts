import { setting } from './parameters.ts';

/** A placeholder in a string; `withSub` makes `Ref` or `Fn::Sub` of it. */
export const placeholder = (name: string) => `\${${name}}`;

/** Placeholders for values that are known only at deployment. */
export const placeholders = {
  partition: placeholder('AWS::Partition'),
  region: placeholder('AWS::Region'),
  accountId: placeholder('AWS::AccountId'),
  apiId: placeholder('ApiGatewayRestApi'),
  tableName: placeholder('Table'),
  stage: setting('Stage'),
} as const;

/** What is computed from a parameter, by the name of its placeholder. */
const derived: Readonly<Record<string, object>> = {
  /** The first of several origins. */
  FirstAllowedOrigin: { 'Fn::Select': [0, { 'Fn::Split': [',', { Ref: 'AllowedOrigins' }] }] },
  /** The address in `address` or `Name <address>`: what follows the first bracket of `<sender><<sender>>`. */
  NoticeAddress: {
    'Fn::Select': [
      0,
      {
        'Fn::Split': [
          '>',
          {
            'Fn::Select': [
              1,
              { 'Fn::Split': ['<', { 'Fn::Sub': `${setting('NoticeSender')}<${setting('NoticeSender')}>` }] },
            ],
          },
        ],
      },
    ],
  },
};

export const firstAllowedOrigin = placeholder('FirstAllowedOrigin');
export const noticeAddress = placeholder('NoticeAddress');

/** Replaces strings with placeholders by intrinsic functions, everywhere in a value, and escapes IAM's own variables. */
export function withSub(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('${') ? substituted(value) : value;
  if (Array.isArray(value)) return value.map(withSub);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === 'Fn::Sub' ? member : withSub(member)]),
  );
}

const placeholderForm = /\$\{(AWS::[A-Za-z]+|[A-Za-z0-9]+(?:\.Arn)?)\}/g;

function substituted(text: string): unknown {
  const names = [...text.matchAll(placeholderForm)].map(([, name = '']) => name);
  const [only = ''] = names;
  const isWhole = text === placeholder(only);
  if (isWhole && only in derived) return derived[only];
  if (isWhole && !only.includes('.')) return { Ref: only };
  const sub = text.replaceAll(/\$\{(?!AWS::|[A-Za-z0-9]+(?:\.Arn)?\})/g, '${!');
  const variables = names.filter((name) => name in derived).map((name) => [name, derived[name]]);
  return { 'Fn::Sub': variables.length === 0 ? sub : [sub, Object.fromEntries(variables)] };
}
