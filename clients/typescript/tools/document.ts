import type { Schema } from './schema-types.ts';

/** The parts of docs/openapi.json that the client is generated from. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  /** Paragraphs; the first says what the operation does. */
  readonly description: string;
  /** Empty if the operation is open to anyone. */
  readonly security: readonly { readonly sigv4: readonly string[] }[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
}

/** Schemas by media type; images have no schema. */
export type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
