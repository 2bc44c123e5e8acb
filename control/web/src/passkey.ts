// Passkeys: the browser's ceremonies, with options and answers as the JSON that travels. The browsers' own
// functions for that JSON are younger than the browsers that these pages are built for.
import { ApiError } from "./problem.ts";

interface Descriptor {
  readonly id: string;
  readonly type: "public-key";
  readonly transports?: AuthenticatorTransport[];
}

interface CreationJson {
  readonly challenge: string;
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly excludeCredentials?: readonly Descriptor[];
}

interface RequestJson {
  readonly challenge: string;
  readonly allowCredentials?: readonly Descriptor[];
}

/** Passkeys are bound to a name: there are none on an insecure page, and none where the address is a number. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && !/^[\d.]+$|^\[/.test(location.hostname);
}

/** Whether the browser can offer passkeys in the list under the e-mail field. */
export async function canOfferPasskeys(): Promise<boolean> {
  return canUsePasskeys() && ((await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false);
}

/** A new passkey's answer. Raises ApiError with a sentence for a person. */
export async function makePasskey(options: object): Promise<object> {
  const publicKey = creationOptions(options as CreationJson);
  const credential = await ceremony(() => navigator.credentials.create({ publicKey }));
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      attestationObject: encode(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** A known passkey's answer; with `signal` it waits in the list under the e-mail field. Raises ApiError. */
export async function usePasskey(options: object, signal?: AbortSignal): Promise<object> {
  const publicKey = requestOptions(options as RequestJson);
  const request: CredentialRequestOptions = signal ? { publicKey, mediation: "conditional", signal } : { publicKey };
  const credential = await ceremony(() => navigator.credentials.get(request));
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      authenticatorData: encode(response.authenticatorData),
      signature: encode(response.signature),
      userHandle: response.userHandle ? encode(response.userHandle) : null,
    },
  };
}

export function creationOptions(json: CreationJson): PublicKeyCredentialCreationOptions {
  return {
    ...json,
    challenge: decode(json.challenge),
    user: { ...json.user, id: decode(json.user.id) },
    excludeCredentials: (json.excludeCredentials ?? []).map(descriptor),
  } as unknown as PublicKeyCredentialCreationOptions;
}

export function requestOptions(json: RequestJson): PublicKeyCredentialRequestOptions {
  return { ...json, challenge: decode(json.challenge), allowCredentials: (json.allowCredentials ?? []).map(descriptor) };
}

/** Base64url without padding. */
export function encode(bytes: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function decode(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

function descriptor(json: Descriptor): PublicKeyCredentialDescriptor {
  return { ...json, id: decode(json.id) };
}

function common(credential: PublicKeyCredential): object {
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ceremony(run: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await run();
    if (credential !== null) return credential as PublicKeyCredential;
  } catch (error) {
    throw new ApiError(sentenceFor(error), 0, "passkey");
  }
  throw new ApiError("No passkey was chosen.", 0, "passkey");
}

function sentenceFor(error: unknown): string {
  switch (error instanceof DOMException ? error.name : "") {
    case "InvalidStateError":
      return "This device has a passkey for your account already.";
    case "NotAllowedError":
      return "No passkey was used: it was cancelled, it took too long, or there is none here.";
    case "SecurityError":
      return "Passkeys do not work at this address.";
    default:
      return "The passkey could not be used. Please try again.";
  }
}
