/** What is said of a person whose name could pass for something else. */
const unnamed = 'someone whose name is left out here';

/** The name of an IAM user or a role session, among them e-mail addresses. */
const login = /^[\w+=,.@-]{1,64}$/;

/** Up to five words of letters, such as those of a person's name. */
const fullName = /^(?=.{1,64}$)\p{L}+\.?(?:[ -]\p{L}+\.?){0,4}$/u;

/**
 * A person's name as a mail may show it: other people word it, even the requester of a recovery. Sentences, telephone
 * numbers and the like are left out, and mail programs make no link of what remains.
 */
export const namedPlainly = (name: string): string =>
  login.test(name) || fullName.test(name) ? withoutLinks(name) : unnamed;

/** Text in which mail programs find no address: its dots are in brackets unless a space follows, or nothing. */
export const withoutLinks = (text: string): string => text.replaceAll(/\.(?=\S)/g, '[.]');
