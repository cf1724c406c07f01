/** Name of a virtual MFA device in its owner's path. */
export const deviceNamePattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

/** Serial number of an MFA device of any kind. Source: model of IAM. */
export const serialNumberPattern = /^[\w+=/:,.@-]{9,256}$/;

/** What the keys of the product's own tags begin with. */
export const productTagPrefix = 'mfa-self-service:';
