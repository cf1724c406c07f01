/**
 * The key with which functions seal the cursors of lists. Its logical id has its generation: a new one is a new
 * secret, and since the functions refer to it, they get it with the same deployment.
 */
export function cursorSecret({ cursorKeyGeneration }: { readonly cursorKeyGeneration: number }) {
  return {
    [`CursorSecret${cursorKeyGeneration}`]: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Description: 'Seals the cursors of lists that the MFA self-service API hands out.',
        GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
      },
    },
  };
}
