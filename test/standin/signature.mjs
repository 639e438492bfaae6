// Whether a request carries the signature that AWS's own signer gives for it (not curlew's code).
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

// The keys of the stand-in's only account. They open nothing.
export const KEYS = { accessKeyId: "AKIASTANDIN000000000", secretAccessKey: "standin/secret+0123456789abcdefghijklmnop" };

// `request`: {method, path, query, headers (lower case names), body}. Gives null, or what is wrong.
export async function signatureFault(request, { service, region, keys = KEYS }) {
  const given = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(request.headers.authorization ?? "");
  if (!given) return "no signature of version 4";
  const [, id, day, inRegion, forService, signed] = given;
  if (id !== keys.accessKeyId) return "an unknown access key";
  if (forService !== service) return `signed for the service ${forService}`;
  if (region && inRegion !== region) return `signed for the region ${inRegion}`;
  const stamp = request.headers["x-amz-date"];
  const time = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp ?? "");
  if (!time || !stamp.startsWith(day)) return "x-amz-date is none, or of another day";
  if ((request.headers["x-amz-security-token"] ?? undefined) !== keys.sessionToken) return "a wrong session token";
  const names = signed.split(";");
  for (const name of ["host", "x-amz-date"]) if (!names.includes(name)) return `${name} is not signed`;
  const signer = new SignatureV4({ credentials: keys, region: inRegion, service, sha256: Sha256, applyChecksum: false });
  const [, hostname, port] = /^(.*?)(?::(\d+))?$/.exec(request.headers.host);
  const made = await signer.sign(
    {
      method: request.method, protocol: "http:", hostname, port: port && Number(port), path: request.path,
      query: Object.fromEntries(new URLSearchParams(request.query ?? "")),
      headers: Object.fromEntries(names.map((name) => [name, request.headers[name]])), body: request.body,
    },
    { signingDate: new Date(Date.UTC(...time.slice(1).map(Number).map((n, i) => (i === 1 ? n - 1 : n)))), signableHeaders: new Set(names) },
  );
  return made.headers.authorization === request.headers.authorization ? null : `another signature: ${made.headers.authorization}`;
}
