// What goes over the wire to a language model, and what is read of its answers: every provider against the stand-in (test/standin), which checks
// each request, Bedrock's signature by AWS's own signer; and beside the providers' official clients, whose requests must say the same.
//
//   node test/check-llm-wire.mjs --program build/asan/curlew      (takes llm_turn from the same build)
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ROOT, chooseProgram, finish, readOptions } from "./steps.mjs";
import { KEY, KEYS, REGION, environmentFor, startStandin } from "./standin/standin.mjs";

const turnProgram = join(dirname(chooseProgram(readOptions({ program: "", shared: "" }).program)), "test/llm_turn");
const require = createRequire(join(ROOT, "test/standin/package.json"));
const folder = mkdtempSync(join(tmpdir(), "curlew-wire-"));
const PROVIDERS = ["bedrock", "anthropic", "openai"];
const MODEL = "claude-standin-sonnet-9";
let passed = 0;
let failed = 0;

function check(name, ok, detail = "") {
  if (ok) passed++;
  else failed++;
  if (!ok) console.log(`FAILED ${name} ${typeof detail === "string" ? detail : JSON.stringify(detail)}`);
}

// What a user's environment may hold must not change the outcome.
const bare = { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder, AWS_EC2_METADATA_DISABLED: "true", ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? "", no_proxy: "*" };

const everything = []; // all that the program ever printed: no secret may be in it
function turn(environment, request, args = []) {
  return new Promise((done) => {
    const child = spawn(turnProgram, args, { env: { ...bare, ...environment } });
    let out = "";
    let err = "";
    child.stdout.on("data", (bytes) => { out += bytes; });
    child.stderr.on("data", (bytes) => { err += bytes; });
    child.on("close", (code) => {
      everything.push(out, err);
      let reply = null;
      try { reply = JSON.parse(out); } catch { /* `show` prints what it likes */ }
      done({ code, out, err, ...reply });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(JSON.stringify(request ?? {}));
  });
}

// Runs one request against a script and looks that the stand-in had nothing to find fault with.
async function ask(provider, script, request, { environment = {}, args = [], faulty = false } = {}) {
  const standin = await startStandin({ ...script, turns: script.turns ?? [] });
  const reply = await turn({ ...environmentFor(provider, standin), ...environment }, request, args);
  if (!faulty) check(`${provider}: the request is as documented`, standin.problems.length === 0 && !reply.err, [standin.problems, reply.err]);
  const requests = standin.requests;
  await standin.close();
  return { ...reply, requests };
}

const TOOLS = [
  { name: "plan", description: "A plan", schema: { type: "object", properties: { measure: { type: "string" }, top: { type: "integer" } }, required: ["measure"] } },
  { name: "refuse", description: "No plan", schema: { type: "object", properties: { why: { type: "string" } } } },
];
const SIMPLE = { system: "Be brief.", messages: [{ role: "user", parts: [{ text: "Kosten für “EC2” — \u{1F4B6}\n\"quoted\"" }] }] };
const LONG = {
  ...SIMPLE, tools: TOOLS, max_tokens: 321,
  messages: [
    ...SIMPLE.messages,
    { role: "assistant", parts: [{ text: "I look." }, { call: { id: "call_1", name: "plan", input: { measure: "BilledCost", top: 5 } } }] },
    { role: "user", parts: [{ result: { id: "call_1", text: "no such column", error: true } }, { text: "Again, please." }] },
  ],
};
const textOf = (reply) => (reply.parts ?? []).map((part) => part.text ?? "").join("");

// ---- good answers, whole and streamed, in pieces of any size ----

async function checkAnswers(provider) {
  const said = "Zwölf Bäume — \u{1F333}, \"done\"\n";
  const reply = { text: said, calls: [{ name: "plan", input: { measure: "BilledCost", note: "ä\u{1F4B6}\"", list: [1, 2.5, null] } }, { name: "refuse", input: {} }], usage: { input: 120, output: 34 } };
  for (const stream of [false, true])
    for (const chunk of stream ? [undefined, 1, 13] : [undefined]) {
      const name = `${provider}, ${stream ? `streamed, pieces of ${chunk ?? "any size"}` : "whole"}`;
      const got = await ask(provider, { turns: [{ expect: { stream, tools: ["plan", "refuse"], model: MODEL }, reply: { ...reply, chunk_bytes: chunk } }] }, { ...LONG, stream });
      check(`${name}: text`, textOf(got) === said, got.out);
      check(`${name}: what is heard is what is said`, !stream || got.heard.join("") === said, got.heard);
      const calls = (got.parts ?? []).filter((part) => part.call).map((part) => part.call);
      check(`${name}: calls`, isDeepStrictEqual(calls.map(({ name: tool, input }) => ({ name: tool, input })), reply.calls), calls);
      check(`${name}: why it ended`, got.end === "calls_tools", got.end);
      check(`${name}: tokens`, got.input_tokens === 120 && got.output_tokens === 34, got.out);
    }
  for (const [end, wanted] of [["cut_by_limit", "cut_by_limit"], ["filtered", "filtered"], ["other", "other"], ["end", "end"]]) {
    const got = await ask(provider, { turns: [{ reply: { text: "x", end } }] }, SIMPLE);
    check(`${provider}: the end ${end}`, got.end === wanted, got.out);
  }
  for (const [forced, wanted] of [[undefined, null], ["", ""], ["plan", "plan"]])
    await ask(provider, { turns: [{ expect: forced === undefined ? {} : { forced: wanted }, reply: { text: "x" } }] }, { ...LONG, forced });
  const raw = await ask(provider, { turns: [{ reply: { calls: [{ name: "plan", raw: "{\"measure\": " }] } }] }, { ...LONG, stream: true });
  check(`${provider}: input that is no JSON is given as it is`, raw.parts?.[0]?.call?.raw === "{\"measure\": ", raw.out);
}

// ---- what goes wrong ----

async function checkFaults(provider) {
  const fails = async (name, reply, code, { request = SIMPLE, then = {}, says = null } = {}) => {
    const got = await ask(provider, { turns: [{ reply }], then: "repeat", ...then }, { timeout_ms: 2500, ...request }, { faulty: true });
    check(`${provider}: ${name}`, got.code === 1 && got.error?.code === code && got.error.message.length > 20 && (!says || got.error.message.includes(says)), got.out);
    return got;
  };
  await fails("a wrong key", { status: provider === "bedrock" ? 403 : 401, error: provider === "bedrock" ? { name: "UnrecognizedClientException", message: "The security token is invalid" } : undefined }, "LLM_KEY");
  await fails("no access", { status: 403 }, "LLM_NO_ACCESS");
  await fails("no such model", { status: 404 }, "LLM_NO_MODEL");
  await fails("throttled to the end", { status: 429, headers: { "retry-after": "1" } }, "LLM_THROTTLED");
  await fails("out of order to the end", { status: 500 }, "LLM_DOWN");
  await fails("no JSON", { raw: "<html>hello</html>" }, "LLM_MALFORMED");
  await fails("JSON of another kind", { raw: "{\"hello\": 1}" }, "LLM_MALFORMED");
  await fails("nothing", { raw: "" }, "LLM_MALFORMED");
  await fails("a stream that is cut", { text: "one two three four five six", cut_events: 4 }, "BROKEN_OFF", { request: { ...SIMPLE, stream: true } });
  await fails("a stream that ends too early as if all was well", { text: "one two three four five six", cut_events: 4, cut: "clean" }, "LLM_CUT", { request: { ...SIMPLE, stream: true } });
  await fails("an error within the stream", { text: "one two three", cut_events: 4, stream_error: { name: provider === "bedrock" ? "modelStreamErrorException" : "api_error", message: "gave up" } }, "LLM_DOWN", { request: { ...SIMPLE, stream: true } });
  await fails("an answer that is too long", { text: "0123456789abcdef", repeat: 200000, piece: 40000 }, "LLM_TOO_LONG", { request: { ...SIMPLE, stream: true, timeout_ms: 20000 } });
  if (provider === "bedrock") await fails("a damaged frame", { text: "one two three", damage: 60 }, "BAD_STREAM", { request: { ...SIMPLE, stream: true } });
  const slow = await ask(provider, { turns: [{ reply: { text: "late", delay_ms: 5000 } }] }, { ...SIMPLE, timeout_ms: 400 }, { faulty: true });
  check(`${provider}: too slow`, slow.error?.kind === "timeout", slow.out);
  const stopped = await ask(provider, { turns: [{ reply: { text: "one two three", hang: true, cut_events: 3 } }] }, { ...SIMPLE, stream: true, stop_after_ms: 300 }, { faulty: true });
  check(`${provider}: stopped by the user`, stopped.error?.kind === "cancelled", stopped.out);
  const patient = await ask(provider, { turns: [{ reply: { status: 429 } }, { reply: { status: 503 } }, { reply: { text: "here" } }] }, { ...SIMPLE, stream: true });
  check(`${provider}: throttled, then good`, textOf(patient) === "here" && patient.tries === 3, patient.out);
  const nobody = await turn({ ...environmentFor(provider, { url: "http://127.0.0.1:9" }) }, { ...SIMPLE, timeout_ms: 1500 });
  check(`${provider}: nobody listens`, nobody.error?.kind === "io" && nobody.error.message.includes("127.0.0.1:9"), nobody.out);
}

// ---- beside the official clients ----

const officially = {
  async bedrock(standin, stream) {
    const { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } = require("@aws-sdk/client-bedrock-runtime");
    const { NodeHttpHandler } = require("@smithy/node-http-handler"); // plain HTTP/1.1, as the stand-in speaks it
    const client = new BedrockRuntimeClient({ region: REGION, endpoint: standin.url, credentials: KEYS, maxAttempts: 1, requestHandler: new NodeHttpHandler() });
    const block = (part) => part.call ? { toolUse: { toolUseId: part.call.id, name: part.call.name, input: part.call.input } }
      : part.result ? { toolResult: { toolUseId: part.result.id, content: [{ text: part.result.text }], status: part.result.error ? "error" : "success" } } : { text: part.text };
    const input = {
      modelId: MODEL, system: [{ text: LONG.system }], messages: LONG.messages.map((m) => ({ role: m.role, content: m.parts.map(block) })),
      inferenceConfig: { maxTokens: LONG.max_tokens, temperature: 0 },
      toolConfig: { tools: TOOLS.map((t) => ({ toolSpec: { name: t.name, description: t.description, inputSchema: { json: t.schema } } })), toolChoice: { tool: { name: "plan" } } },
    };
    if (!stream) {
      const answer = await client.send(new ConverseCommand(input));
      const content = answer.output.message.content;
      return { text: content.map((b) => b.text ?? "").join(""), calls: content.filter((b) => b.toolUse).map((b) => b.toolUse.input), output: answer.usage.outputTokens };
    }
    const seen = { text: "", calls: [], output: 0 };
    for await (const event of (await client.send(new ConverseStreamCommand(input))).stream) {
      if (event.contentBlockStart?.start?.toolUse) seen.calls.push("");
      seen.text += event.contentBlockDelta?.delta?.text ?? "";
      if (event.contentBlockDelta?.delta?.toolUse) seen.calls[seen.calls.length - 1] += event.contentBlockDelta.delta.toolUse.input;
      if (event.metadata) seen.output = event.metadata.usage.outputTokens;
    }
    return { ...seen, calls: seen.calls.map((text) => JSON.parse(text)) };
  },
  async anthropic(standin, stream) {
    const { default: Anthropic } = require("@anthropic-ai/sdk");
    const client = new Anthropic({ apiKey: KEY, baseURL: standin.url, maxRetries: 0 });
    const block = (part) => part.call ? { type: "tool_use", ...part.call }
      : part.result ? { type: "tool_result", tool_use_id: part.result.id, content: part.result.text, is_error: part.result.error } : { type: "text", text: part.text };
    const input = {
      model: MODEL, max_tokens: LONG.max_tokens, system: LONG.system, messages: LONG.messages.map((m) => ({ role: m.role, content: m.parts.map(block) })),
      tools: TOOLS.map((t) => ({ name: t.name, description: t.description, input_schema: t.schema })), tool_choice: { type: "tool", name: "plan" },
    };
    const answer = stream ? await client.messages.stream(input).finalMessage() : await client.messages.create(input);
    return { text: answer.content.map((b) => b.text ?? "").join(""), calls: answer.content.filter((b) => b.type === "tool_use").map((b) => b.input), output: answer.usage.output_tokens };
  },
  async openai(standin, stream) {
    const { default: OpenAI } = require("openai");
    const client = new OpenAI({ apiKey: KEY, baseURL: `${standin.url}/v1`, maxRetries: 0 });
    const messages = [{ role: "system", content: LONG.system }];
    for (const message of LONG.messages) {
      const calls = message.parts.filter((p) => p.call).map((p) => ({ id: p.call.id, type: "function", function: { name: p.call.name, arguments: JSON.stringify(p.call.input) } }));
      for (const part of message.parts.filter((p) => p.result)) messages.push({ role: "tool", tool_call_id: part.result.id, content: `Error: ${part.result.text}` });
      messages.push({ role: message.role, content: message.parts.map((p) => p.text).filter(Boolean).join("\n"), ...(calls.length ? { tool_calls: calls } : {}) });
    }
    const input = {
      model: MODEL, max_tokens: LONG.max_tokens, temperature: 0, messages,
      tools: TOOLS.map((t) => ({ type: "function", function: { name: t.name, description: t.description, parameters: t.schema } })), tool_choice: { type: "function", function: { name: "plan" } },
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    };
    const answer = await client.chat.completions.create(input);
    if (!stream) {
      const { message } = answer.choices[0];
      return { text: message.content ?? "", calls: message.tool_calls.map((c) => JSON.parse(c.function.arguments)), output: answer.usage.completion_tokens };
    }
    const seen = { text: "", calls: [], output: 0 };
    for await (const chunk of answer) {
      const delta = chunk.choices[0]?.delta ?? {};
      seen.text += delta.content ?? "";
      for (const call of delta.tool_calls ?? []) seen.calls[call.index] = (seen.calls[call.index] ?? "") + (call.function.arguments ?? "");
      seen.output = chunk.usage?.completion_tokens ?? seen.output;
    }
    return { ...seen, calls: seen.calls.map((text) => JSON.parse(text)) };
  },
};

async function checkBesideOfficial(provider) {
  for (const stream of [false, true]) {
    const name = `${provider}, ${stream ? "streamed" : "whole"}`;
    const script = { turns: [{ reply: { text: "Äpfel \u{1F34E}", calls: [{ name: "plan", input: { measure: "ListCost", top: 3 } }] } }], then: "repeat" };
    const standin = await startStandin(script);
    const theirs = await officially[provider](standin, stream);
    const ours = await turn(environmentFor(provider, standin), { ...LONG, forced: "plan", stream });
    check(`${name}: both requests are as documented`, standin.problems.length === 0, standin.problems);
    const [a, b] = standin.requests;
    check(`${name}: they say the same`, isDeepStrictEqual(a.read, b?.read), [a.read, b?.read]);
    check(`${name}: they go to the same place`, a.path === b?.path && a.method === b.method, [a.path, b?.path]);
    for (const header of ["content-type", "anthropic-version"])
      check(`${name}: ${header}`, a.headers[header] === b?.headers[header], [a.headers[header], b?.headers[header]]);
    const read = { text: textOf(ours), calls: (ours.parts ?? []).filter((p) => p.call).map((p) => p.call.input), output: ours.output_tokens };
    check(`${name}: both read the same`, isDeepStrictEqual(theirs, read), [theirs, read]);
    await standin.close();
  }
}

// ---- models, records, keys ----

async function checkModels(provider) {
  const models = [{ id: "claude-old-sonnet-3", name: "Old" }, { id: "claude-standin-sonnet-9", name: "New", profile: true }];
  const got = await ask(provider, { models, turns: [] }, null, { args: ["models"] });
  check(`${provider}: models are listed`, (got.models ?? []).some((model) => model.id === "claude-standin-sonnet-9"), got.out);
}

async function checkRecord(provider) {
  const file = join(folder, `${provider}.jsonl`);
  const request = { ...LONG, stream: true };
  const first = await ask(provider, { turns: [{ reply: { text: "kept", calls: [{ name: "plan", input: { measure: "BilledCost" } }] } }] }, request, { args: [`record=${file}`] });
  check(`${provider}: a record holds the turn`, readFileSync(file, "utf8").includes("kept") && first.code === 0, first.out);
  check(`${provider}: a record is its owner's alone`, (statSync(file).mode & 0o77) === 0, statSync(file).mode.toString(8));
  everything.push(readFileSync(file, "utf8"));
  const again = await turn({}, request, [`replay=${file}`]);
  check(`${provider}: a replayed turn is the recorded one`, isDeepStrictEqual(again.parts, first.parts) && again.heard?.join("") === "kept", [again.out, first.out]);
  const other = await turn({}, SIMPLE, [`replay=${file}`]);
  check(`${provider}: another request has no recorded answer`, other.code === 1 && other.error?.message.length > 20, other.out);
  const shown = await turn(environmentFor(provider, { url: "http://127.0.0.1:9" }), LONG, ["show"]);
  check(`${provider}: what would be sent is shown, with nobody called`, shown.out.includes("Again, please.") && shown.code === 0, shown.out);
}

async function checkKeys() {
  const bearer = await ask("bedrock", { turns: [{ reply: { text: "by key" } }] }, SIMPLE, { environment: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_BEARER_TOKEN_BEDROCK: KEY } });
  check("bedrock: a bearer key", textOf(bearer) === "by key" && bearer.requests[0].headers.authorization === `Bearer ${KEY}`, bearer.out);
  const arn = `arn:aws:bedrock:${REGION}:123456789012:inference-profile/eu.anthropic.claude-v1:0`;
  await ask("bedrock", { turns: [{ expect: { model: arn }, reply: { text: "x" } }] }, { ...SIMPLE, stream: true }, { environment: { CURLEW_LLM_MODEL: arn, AWS_REGION: "us-east-1" } });
  const session = { ...KEYS, sessionToken: "standin/session+token==" };
  await ask("bedrock", { keys: session, turns: [{ reply: { text: "x" } }] }, SIMPLE, { environment: { AWS_SESSION_TOKEN: session.sessionToken } });
  const wrong = await ask("bedrock", { refuses: true }, SIMPLE, { faulty: true, environment: { AWS_SECRET_ACCESS_KEY: "standin/another-secret-0123456789abcdef" } });
  check("bedrock: a wrong secret is refused", wrong.error?.code === "LLM_KEY", wrong.out);
  const warm = await ask("anthropic", { turns: [{ expect: { body: { temperature: 0.3 } }, reply: { text: "x" } }] }, SIMPLE, { environment: { CURLEW_LLM_TEMPERATURE: "0.3" } });
  check("anthropic: a temperature needs the older version", warm.requests[0].headers["anthropic-version"] === "2023-06-01", warm.out);
  const open = await ask("openai", { open: true, turns: [{ reply: { text: "x" } }] }, SIMPLE, { environment: { CURLEW_LLM_KEY: "" } });
  check("openai: a server of one's own takes no key", open.code === 0 && !open.requests[0].headers.authorization, open.out);
  const none = await turn({ CURLEW_LLM: "bedrock", AWS_REGION: REGION }, SIMPLE);
  check("bedrock: no credentials anywhere", none.code === 1 && /AWS/.test(none.error?.message), none.out);
  writeFileSync(join(folder, "credentials"), `[finops]\naws_access_key_id = ${KEYS.accessKeyId}\naws_secret_access_key = ${KEYS.secretAccessKey}\n`);
  const noKeys = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_PROFILE: "finops" };
  await ask("bedrock", { turns: [{ reply: { text: "x" } }] }, SIMPLE, { environment: { ...noKeys, AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials") } });
  writeFileSync(join(folder, "config"), `[profile finops]\ncredential_process = printf '{"Version":1,"AccessKeyId":"${KEYS.accessKeyId}","SecretAccessKey":"${KEYS.secretAccessKey}"}'\n`);
  await ask("bedrock", { turns: [{ reply: { text: "x" } }] }, SIMPLE, { environment: { ...noKeys, AWS_CONFIG_FILE: join(folder, "config") } });
}

try {
  const parts = [checkAnswers, checkFaults, checkBesideOfficial, checkModels, checkRecord];
  await Promise.all(PROVIDERS.map(async (provider) => { for (const part of parts) await part(provider); }));
  await checkKeys();
  const secrets = [KEY, KEYS.secretAccessKey, "standin/session+token==", "standin/another-secret"];
  check("no secret is ever printed or recorded", !everything.some((text) => secrets.some((secret) => text.includes(secret))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
finish("llm wire", passed, failed);
