// Why coming in by an identity provider failed, by the word that the server sends the browser back with.

const SENTENCES: Record<string, string> = {
  refused: "The provider did not confirm who you are, or it took too long. Please try again.",
  unavailable: "The provider does not answer. Try again later, or sign in another way.",
  no_verified_email: "The provider does not vouch for an e-mail address of yours. Make an account by e-mail instead.",
  has_account: "There is an account with your address already. Sign in as before, then connect the provider in your account.",
  sign_up_closed: "Nobody can make an account by themselves here. Ask somebody who is in to invite you.",
  no_tenant: "You belong to no company here. Ask somebody who is in to invite you.",
  another_invited: "The invitation is for another address than the one that the provider vouches for.",
  no_invitation: "This invitation is unknown, has expired or was used. Ask for a new one.",
  taken: "This account at the provider is connected to somebody else here.",
};

/** Empty where there is nothing to say. */
export function providerProblem(code: string | null): string {
  return code === null ? "" : (SENTENCES[code] ?? "Signing in did not work. Please try again.");
}
