import type { ServerResponse } from 'node:http';
import type { AwsError } from './aws-error.ts';
import { element, type XmlObject } from './xml.ts';

/** API version of each service, by which its operations are asked for. */
export const versions = { iam: '2010-05-08', sts: '2011-06-15' } as const;

const faultNamespace = 'http://webservices.amazon.com/AWSFault/2005-15-09';

function namespaceOf(service: 'iam' | 'sts' | undefined): string {
  return service === undefined
    ? faultNamespace
    : `https://${service}.amazonaws.com/doc/${versions[service]}/`;
}

/** Answers 200 with an operation's result. */
export function sendResult(
  response: ServerResponse,
  requestId: string,
  { service, name, result }: { service: 'iam' | 'sts'; name: string; result: XmlObject | undefined },
): void {
  const content = element(`${name}Result`, result) + element('ResponseMetadata', { RequestId: requestId });
  const xml = `<${name}Response xmlns="${namespaceOf(service)}">${content}</${name}Response>`;
  send(response, requestId, 200, xml);
}

/** Answers an error. @param service undefined when the request named no operation of any */
export function sendError(
  response: ServerResponse,
  requestId: string,
  service: 'iam' | 'sts' | undefined,
  { code, message, status }: Pick<AwsError, 'code' | 'message' | 'status'>,
): void {
  const type = status >= 500 ? 'Receiver' : 'Sender';
  const error = element('Error', { Type: type, Code: code, Message: message });
  const content = error + element('RequestId', requestId);
  send(
    response,
    requestId,
    status,
    `<ErrorResponse xmlns="${namespaceOf(service)}">${content}</ErrorResponse>`,
  );
}

/** Answers 200 with what no client can read. */
export function sendMalformed(response: ServerResponse, requestId: string): void {
  send(response, requestId, 200, '<<malformed');
}

function send(response: ServerResponse, requestId: string, status: number, xml: string): void {
  response.writeHead(status, {
    'content-type': 'text/xml',
    'content-length': Buffer.byteLength(xml),
    'x-amzn-requestid': requestId,
  });
  response.end(xml);
}
