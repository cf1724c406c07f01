import { SignatureV4 } from '@smithy/signature-v4';

/** Replaces the SDK's choice between Signature Version 4 and 4a in bundles: functions sign for one Region. */
export class SignatureV4MultiRegion extends SignatureV4 {
  static sigv4aDependency(): 'none' {
    return 'none';
  }
}
