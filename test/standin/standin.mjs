// A stand-in for the servers of language models: it speaks Bedrock's Converse, Anthropic's Messages and OpenAI's chat completions, checks
// each request as strictly as it can, and answers from a script. The script's format is described in test/standin/README.md.
//
//   node test/standin/standin.mjs SCRIPT.json      prints its address; ends with its standard input
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { FORMATS, must } from "./formats.mjs";
import { KEYS, signatureFault } from "./signature.mjs";

export { KEYS };
export const KEY = "standin-key-0123456789";
export const REGION = "eu-west-1";
const PIECE = 7;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
// By characters, not by halves of them: servers send whole ones.
const split = (text, size) => {
  const characters = [...text];
  return [...Array(Math.ceil(characters.length / size)).keys()].map((i) => characters.slice(i * size, i * size + size).join(""));
};

// {text, calls, …} of a script to parts with the pieces in which a stream gives them.
function prepareReply(reply, model, number) {
  const size = reply.piece ?? PIECE;
  const text = "repeat" in reply ? reply.text.repeat(reply.repeat) : reply.text;
  const parts = text ? [{ text, pieces: split(text, Math.max(size, Math.ceil(text.length / 2000))) }] : [];
  (reply.calls ?? []).forEach((call, i) => {
    const json = call.raw ?? JSON.stringify(call.input ?? {});
    const input = call.raw === undefined ? (call.input ?? {}) : call.raw;
    parts.push({ call: { id: call.id ?? `call_${number}_${i}`, name: call.name, input }, json, pieces: json === "{}" ? [] : split(json, size) });
  });
  const end = reply.end ?? (reply.calls?.length ? "calls_tools" : "end");
  return { parts, end, model: reply.model ?? model, usage: { input: 11, output: 5, ...reply.usage } };
}

// Whether everything in `wanted` is in `given`, objects member by member.
function holds(wanted, given) {
  if (wanted === null || typeof wanted !== "object") return wanted === given;
  if (Array.isArray(wanted)) return Array.isArray(given) && wanted.length === given.length && wanted.every((item, i) => holds(item, given[i]));
  return given !== null && typeof given === "object" && Object.entries(wanted).every(([key, value]) => holds(value, given[key]));
}

function checkExpectation(expect, format, read, request) {
  if (expect.format) must(expect.format === format.name, `the format is ${format.name}, not ${expect.format}`);
  if ("stream" in expect) must(read.stream === expect.stream, `stream is ${read.stream}`);
  if ("model" in expect) must(read.model === expect.model, `the model is ${read.model}, not ${expect.model}`);
  if ("forced" in expect) must((read.forced ?? null) === expect.forced, `the forced tool is ${read.forced}`);
  for (const text of [expect.has ?? []].flat()) must(request.body.includes(JSON.stringify(text).slice(1, -1)), `the request lacks: ${text}`);
  for (const text of [expect.lacks ?? []].flat()) must(!request.body.includes(JSON.stringify(text).slice(1, -1)), `the request holds: ${text}`);
  for (const name of expect.tools ?? []) must(read.tools.some((tool) => tool.name === name), `the tool ${name} is not offered`);
  if (expect.body) must(holds(expect.body, JSON.parse(request.body)), `the body is ${request.body}`);
  if (expect.last) must(holds(expect.last, read.messages.at(-1)), `the last message is ${JSON.stringify(read.messages.at(-1))}`);
}

async function authFault(format, request, options) {
  const { authorization } = request.headers;
  if (format.name === "bedrock" || format.name === "aws")
    return authorization === `Bearer ${options.key}` ? null : signatureFault(request, { service: "bedrock", region: options.region, keys: options.keys });
  if (options.open) return null;
  const keys = [request.headers["x-api-key"], request.headers["api-key"], authorization?.replace(/^Bearer /, "")].filter(Boolean);
  return keys.length === 1 && keys[0] === options.key ? null : `the key is ${keys.join(" and ") || "missing"}`;
}

function sendError(response, format, status, error, headers = {}) {
  const made = format.error({ name: error?.name ?? format.errorName[status] ?? "error", message: error?.message ?? `status ${status} by script` });
  response.writeHead(status, { "content-type": "application/json", ...made.headers, ...headers });
  response.end(JSON.stringify(made.body));
}

// One scripted reply: bytes in pieces, perhaps slow, perhaps cut.
async function sendReply(response, format, read, reply, number) {
  if (reply.delay_ms) await sleep(reply.delay_ms);
  if (reply.hang_up) return void response.destroy();
  if (reply.status) return sendError(response, format, reply.status, reply.error, reply.headers);
  if ("raw" in reply) {
    response.writeHead(200, { "content-type": reply.content_type ?? "application/json" });
    return void response.end(reply.raw);
  }
  const prepared = prepareReply(reply, read.model, number);
  if (!read.stream) {
    const { type, body } = format.whole(prepared);
    response.writeHead(200, { "content-type": type, ...reply.headers });
    if (reply.cut_bytes === undefined) return void response.end(body);
    response.write(body.slice(0, reply.cut_bytes));
    return void setTimeout(() => response.destroy(), 20);
  }
  const { type, pieces } = format.events(prepared);
  response.writeHead(200, { "content-type": type, ...reply.headers });
  let bytes = Buffer.concat(reply.cut_events === undefined ? pieces : pieces.slice(0, reply.cut_events));
  if (reply.stream_error) bytes = Buffer.concat([bytes, format.streamError(reply.stream_error)]);
  if (reply.damage !== undefined) bytes[reply.damage] ^= 0xff;
  const chunk = reply.chunk_bytes ?? bytes.length;
  for (let at = 0; at < bytes.length && !response.destroyed; at += chunk) {
    response.write(bytes.subarray(at, at + chunk));
    if (reply.chunk_bytes) await sleep(reply.chunk_ms ?? 0);
  }
  if (reply.hang) return;
  if (reply.cut_events !== undefined && !reply.stream_error && reply.cut !== "clean") return void setTimeout(() => response.destroy(), 20);
  response.end();
}

function sendModels(response, path, models) {
  const list = models ?? [{ id: "claude-standin-sonnet-9", name: "Stand-in" }];
  const answer = path.endsWith("/inference-profiles")
    ? { inferenceProfileSummaries: list.filter((m) => m.profile).map((m) => ({ inferenceProfileId: m.id, inferenceProfileName: m.name, inferenceProfileArn: `arn:aws:bedrock:${REGION}::inference-profile/${m.id}`, status: m.status ?? "ACTIVE", type: "SYSTEM_DEFINED", models: [] })) }
    : path.endsWith("/foundation-models")
      ? { modelSummaries: list.filter((m) => !m.profile).map((m) => ({ modelId: m.id, modelName: m.name, inferenceTypesSupported: m.types ?? ["ON_DEMAND"], modelLifecycle: { status: m.status ?? "ACTIVE" } })) }
      : { object: "list", has_more: false, data: list.map((m) => ({ type: "model", object: "model", id: m.id, display_name: m.name })) };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer));
}

const MODELS = /\/(models|foundation-models|inference-profiles)$/;

// `script`: {turns, models, then, key, open}. Gives {url, requests, problems, left(), close()}.
export async function startStandin(script, extra = {}) {
  const options = { key: KEY, region: REGION, keys: KEYS, ...script, ...extra };
  const requests = [];
  const problems = [];
  let next = 0;
  const answer = async (request, response) => {
    requests.push(request);
    const format = FORMATS.find((one) => one.is(request.path)) ?? { ...FORMATS[0], name: MODELS.test(request.path) && !/\/v\d+\/models|^\/openai|^\/models/.test(request.path) ? "aws" : "other" };
    const fault = await authFault(format, request, options);
    if (fault) {
      if (!script.refuses) problems.push(`${request.path}: ${fault}`);
      return sendError(response, format, format.name === "bedrock" ? 403 : 401, { name: format.name === "bedrock" ? "InvalidSignatureException" : format.errorName[401], message: `Stand-in: ${fault}` });
    }
    if (request.method === "GET" && MODELS.test(request.path)) return script.models_status ? sendError(response, format, script.models_status) : sendModels(response, request.path, script.models);
    let read = null;
    try {
      must(request.method === "POST" && format.is(request.path), `nothing is at ${request.method} ${request.path}`);
      must(/^application\/json/.test(request.headers["content-type"] ?? ""), "the content type is not JSON");
      read = format.read(request);
    } catch (error) {
      problems.push(`${request.path}: ${error.message}`);
      return sendError(response, format, 400, { name: format.errorName[400], message: `Stand-in: ${error.message}` });
    }
    request.read = read;
    const turns = script.turns ?? [];
    const number = next++;
    const turn = number < turns.length ? turns[number] : script.then === "repeat" ? turns.at(-1) : null;
    if (!turn) problems.push(`turn ${number + 1} is not in the script`);
    if (!turn) return sendError(response, format, 400, { name: "script_over", message: "Stand-in: the script is over" });
    try {
      checkExpectation(turn.expect ?? {}, format, read, request);
    } catch (error) {
      problems.push(`turn ${number + 1}: ${error.message}`);
    }
    await sendReply(response, format, read, turn.reply, number);
  };
  const server = createServer((incoming, response) => {
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const [path, query] = incoming.url.split("?");
      const request = { method: incoming.method, path, query, headers: incoming.headers, body: Buffer.concat(chunks).toString("utf8") };
      answer(request, response).catch((error) => {
        problems.push(`the stand-in failed: ${error.stack}`);
        response.destroy();
      });
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    problems,
    left: () => (script.turns ?? []).length - next,
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}

// What curlew is told to ask the stand-in, by provider.
export function environmentFor(provider, standin) {
  const url = provider === "openai" ? `${standin.url}/v1` : standin.url;
  const common = { CURLEW_LLM: provider, CURLEW_LLM_ENDPOINT: url, CURLEW_LLM_MODEL: "claude-standin-sonnet-9" };
  return provider === "bedrock"
    ? { ...common, AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey, AWS_REGION: REGION }
    : { ...common, CURLEW_LLM_KEY: KEY };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const standin = await startStandin(JSON.parse(readFileSync(process.argv[2], "utf8")));
  console.log(standin.url);
  process.stdin.resume().on("end", async () => {
    for (const problem of standin.problems) console.error(problem);
    await standin.close();
    process.exitCode = standin.problems.length ? 1 : 0;
  });
}
