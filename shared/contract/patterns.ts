/** Name of a virtual MFA device in its owner's path. */
export const deviceNamePattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

/** Serial number of an MFA device of any kind. Source: model of IAM. */
export const serialNumberPattern = /^[\w+=/:,.@-]{9,256}$/;

/** Serial number of a hardware TOTP token, as printed on it. */
export const hardwareSerialNumberPattern = /^[A-Za-z0-9_-]{9,256}$/;

/** A recovery's id. */
export const recoveryIdPattern = /^[a-z2-7]{26}$/;

/** Prefix of the product's own tag keys. */
export const productTagPrefix = 'mfa-self-service:';
