import { AwsError } from '../aws-error.ts';
import type { Operation } from '../operation.ts';
import { operations } from '../operations/table.ts';
import type { Query } from '../parameters.ts';
import { readQuery } from '../receive.ts';
import type { QueryService, Service } from '../service.ts';
import { element, type XmlObject } from '../xml.ts';
import type { Protocol, Reply, Target } from './protocol.ts';

/** The API version of each service, which every request names. */
const versions: Readonly<Record<QueryService, string>> = {
  cloudformation: '2010-05-15',
  iam: '2010-05-08',
  sts: '2011-06-15',
};

const faultNamespace = 'http://webservices.amazon.com/AWSFault/2005-15-09';

/**
 * Parameters in the query string or a form, responses in XML.
 * @param others operations besides those of IAM and STS
 */
export function queryProtocol(others: readonly Operation[] = []): Protocol {
  const all = new Map([...operations, ...others.map((other) => [other.name, other] as const)]);
  return {
    ...answers,
    find({ request, body, requestId }) {
      const query = readQuery(request, body);
      return targetOf(findOperation(all, query), query, requestId);
    },
  };
}

const answers: Omit<Protocol, 'find'> = {
  failure({ code, message, status }, service, requestId) {
    const type = status >= 500 ? 'Receiver' : 'Sender';
    const error = element('Error', { Type: type, Code: code, Message: message });
    const content = error + element('RequestId', requestId);
    return reply(
      requestId,
      status,
      `<ErrorResponse xmlns="${namespaceOf(service)}">${content}</ErrorResponse>`,
    );
  },
  malformed: (requestId) => reply(requestId, 200, '<<malformed'),
};

function findOperation(all: ReadonlyMap<string, Operation>, query: Query): Operation {
  const action = query.get('Action');
  if (action === undefined)
    throw new AwsError('MissingAction', 'The request must contain the parameter Action.');
  const version = query.get('Version') ?? 'NO_VERSION_SPECIFIED';
  const operation = all.get(action);
  if (operation === undefined || versions[operation.service] !== version) {
    throw new AwsError('InvalidAction', `Could not find operation ${action} for version ${version}`);
  }
  return operation;
}

function targetOf(operation: Operation, query: Query, requestId: string): Target {
  const { service, name } = operation;
  return {
    service,
    name,
    readOnly: isReadOnly(operation, query),
    parameters: toldParameters(query),
    prepare(call) {
      const { permissions, run } = operation.prepare(query, call);
      return { permissions, run: async () => success(operation, await run(), requestId) };
    },
  };
}

/** Never codes, nor documents that could hold anything. */
const told = [
  'UserName',
  'SerialNumber',
  'Path',
  'VirtualMFADeviceName',
  'PolicyArn',
  'PolicyName',
  'RoleArn',
];

function toldParameters(query: Query): Readonly<Record<string, string>> {
  return Object.fromEntries([...query].filter(([name]) => told.includes(name)));
}

/** STS changes nothing unless it takes a code, which nobody can use again. */
function isReadOnly({ service, name }: Operation, query: Query): boolean {
  return service === 'sts' ? !query.has('TokenCode') : /^(List|Get|Describe)/.test(name);
}

function success({ service, name }: Operation, result: XmlObject | undefined, requestId: string): Reply {
  const content = element(`${name}Result`, result) + element('ResponseMetadata', { RequestId: requestId });
  const xml = `<${name}Response xmlns="${namespaceOf(service)}">${content}</${name}Response>`;
  return reply(requestId, 200, xml);
}

function namespaceOf(service: Service | undefined): string {
  if (service === 'cloudformation') return `http://cloudformation.amazonaws.com/doc/${versions[service]}/`;
  return service === 'iam' || service === 'sts'
    ? `https://${service}.amazonaws.com/doc/${versions[service]}/`
    : faultNamespace;
}

function reply(requestId: string, status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
