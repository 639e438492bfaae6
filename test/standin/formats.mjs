// The three wire formats from the server's side: what a good request looks like, and how a scripted reply is written.
//
// Each format: {is(method, path), read(request) -> {model, stream, messages, tools, forced, system, max_tokens, temperature}, whole(reply),
// events(reply) -> pieces}. `read` throws where a request is not what the provider documents.
import { EventStreamCodec } from "@smithy/eventstream-codec";

const codec = new EventStreamCodec((bytes) => Buffer.from(bytes).toString("utf8"), (text) => Buffer.from(text, "utf8"));

export function must(condition, what) {
  if (!condition) throw new Error(what);
}

function onlyKeys(object, allowed, where) {
  must(object && typeof object === "object" && !Array.isArray(object), `${where} is no object`);
  for (const key of Object.keys(object)) must(allowed.includes(key), `${where} has a member “${key}” that the API does not know`);
}

const isText = (value) => typeof value === "string";
const isCount = (value) => Number.isInteger(value) && value > 0;

function checkSchema(schema, where) {
  must(schema && schema.type === "object", `${where}: the schema of a tool's input must be an object's`);
}

// What all formats have in common: [{role, parts: [{text} | {call: {id, name, input}} | {result: {id, text, error}}]}].
function checkConversation(messages, tools, forced) {
  must(messages.length > 0, "no messages");
  must(messages[0].role === "user", "the first message must be the user's");
  const open = new Set();
  messages.forEach((message, i) => {
    must(i === 0 || message.role !== messages[i - 1].role, `messages ${i - 1} and ${i} have the same role`);
    must(message.parts.length > 0, `message ${i} is empty`);
    const answered = new Set();
    for (const part of message.parts) {
      if (part.call) {
        must(message.role === "assistant", "only the assistant calls tools");
        must(isText(part.call.id) && part.call.id && /^[a-zA-Z0-9_-]{1,64}$/.test(part.call.name), "a call needs an id and a name");
        must(part.call.input && typeof part.call.input === "object", "the input of a call must be an object");
        open.add(part.call.id);
      } else if (part.result) {
        must(message.role === "user", "only the user gives results");
        must(open.has(part.result.id), `a result for a call that was not made: ${part.result.id}`);
        answered.add(part.result.id);
      } else must(isText(part.text) && part.text !== "", "a text must not be empty");
    }
    if (message.role === "user") {
      for (const id of open) must(answered.has(id), `the call ${id} has no result`);
      open.clear();
    }
  });
  for (const tool of tools) must(/^[a-zA-Z0-9_-]{1,64}$/.test(tool.name) && isText(tool.description), "a tool needs a name and a description");
  if (forced) must(tools.some((tool) => tool.name === forced), `the forced tool ${forced} is not among the tools`);
  must(forced === undefined || tools.length > 0, "a tool is forced, and there are none");
}

// ---- Bedrock ----

const bedrockBlock = (block) => {
  must(Object.keys(block).length === 1, "a content block must have one member");
  if (block.toolUse) {
    onlyKeys(block.toolUse, ["toolUseId", "name", "input"], "toolUse");
    return { call: { id: block.toolUse.toolUseId, name: block.toolUse.name, input: block.toolUse.input } };
  }
  if (block.toolResult) {
    onlyKeys(block.toolResult, ["toolUseId", "content", "status"], "toolResult");
    must([undefined, "success", "error"].includes(block.toolResult.status), "status of a toolResult");
    must(block.toolResult.content.every((item) => isText(item.text) || item.json), "content of a toolResult");
    return { result: { id: block.toolResult.toolUseId, text: block.toolResult.content.map((item) => item.text).join(""), error: block.toolResult.status === "error" } };
  }
  onlyKeys(block, ["text"], "content block");
  return { text: block.text };
};

function frame(type, payload, kind = "event") {
  const text = (value) => ({ type: "string", value });
  const headers = { ":message-type": text(kind), ":content-type": text("application/json") };
  headers[kind === "exception" ? ":exception-type" : ":event-type"] = text(type);
  return Buffer.from(codec.encode({ headers, body: Buffer.from(JSON.stringify(payload)) }));
}

const BEDROCK_ENDS = { end: "end_turn", calls_tools: "tool_use", cut_by_limit: "max_tokens", filtered: "guardrail_intervened", other: "malformed_model_output" };

const bedrock = {
  name: "bedrock",
  is: (path) => /^\/model\/[^/]+\/converse(-stream)?$/.test(path),
  read(request) {
    const body = JSON.parse(request.body);
    onlyKeys(body, ["messages", "system", "inferenceConfig", "toolConfig"], "body");
    const messages = body.messages.map((message) => {
      onlyKeys(message, ["role", "content"], "message");
      must(["user", "assistant"].includes(message.role), `role ${message.role}`);
      return { role: message.role, parts: message.content.map(bedrockBlock) };
    });
    if (body.system) must(Array.isArray(body.system) && body.system.every((one) => isText(one.text) && one.text), "system");
    onlyKeys(body.inferenceConfig ?? {}, ["maxTokens", "temperature", "topP", "stopSequences"], "inferenceConfig");
    if (body.toolConfig) onlyKeys(body.toolConfig, ["tools", "toolChoice"], "toolConfig");
    const tools = (body.toolConfig?.tools ?? []).map(({ toolSpec }) => {
      onlyKeys(toolSpec, ["name", "description", "inputSchema"], "toolSpec");
      checkSchema(toolSpec.inputSchema?.json, toolSpec.name);
      return { name: toolSpec.name, description: toolSpec.description, schema: toolSpec.inputSchema.json };
    });
    must(!body.toolConfig || tools.length, "toolConfig without tools");
    must(tools.length || !messages.some((m) => m.parts.some((p) => p.call || p.result)), "toolConfig is required where messages hold toolUse or toolResult");
    const choice = body.toolConfig?.toolChoice;
    if (choice) must(Object.keys(choice).length === 1 && (choice.auto || choice.any || choice.tool?.name), "toolChoice");
    const forced = choice?.tool ? choice.tool.name : choice?.any ? "" : undefined;
    checkConversation(messages, tools, forced);
    const [, model, stream] = /^\/model\/([^/]+)\/converse(-stream)?$/.exec(request.path);
    must(!/[:/]/.test(model), "the model's id in the path must be percent-encoded");
    return {
      model: decodeURIComponent(model), stream: Boolean(stream), messages, tools, forced, system: body.system?.map((one) => one.text).join("\n"),
      max_tokens: body.inferenceConfig?.maxTokens, temperature: body.inferenceConfig?.temperature,
    };
  },
  whole: (reply) => ({
    type: "application/json",
    body: JSON.stringify({
      metrics: { latencyMs: 7 },
      output: { message: { role: "assistant", content: reply.parts.map((part) => (part.call ? { toolUse: { toolUseId: part.call.id, name: part.call.name, input: part.call.input } } : { text: part.text })) } },
      stopReason: BEDROCK_ENDS[reply.end],
      usage: { inputTokens: reply.usage.input, outputTokens: reply.usage.output, totalTokens: reply.usage.input + reply.usage.output },
    }),
  }),
  events(reply) {
    const out = [frame("messageStart", { p: "abc", role: "assistant" })];
    reply.parts.forEach((part, index) => {
      if (part.call) out.push(frame("contentBlockStart", { contentBlockIndex: index, start: { toolUse: { toolUseId: part.call.id, name: part.call.name } } }));
      for (const piece of part.pieces)
        out.push(frame("contentBlockDelta", { contentBlockIndex: index, delta: part.call ? { toolUse: { input: piece } } : { text: piece }, p: "abcdefgh" }));
      out.push(frame("contentBlockStop", { contentBlockIndex: index }));
    });
    out.push(frame("messageStop", { stopReason: BEDROCK_ENDS[reply.end] }));
    out.push(frame("metadata", { metrics: { latencyMs: 7 }, usage: { inputTokens: reply.usage.input, outputTokens: reply.usage.output, totalTokens: reply.usage.input + reply.usage.output } }));
    return { type: "application/vnd.amazon.eventstream", pieces: out };
  },
  streamError: (error) => frame(error.name, { message: error.message }, "exception"),
  error: (error) => ({ headers: { "x-amzn-errortype": `${error.name}:http://internal.amazon.com/coral/com.amazon.bedrock/` }, body: { message: error.message } }),
  errorName: { 400: "ValidationException", 401: "UnrecognizedClientException", 403: "AccessDeniedException", 404: "ResourceNotFoundException", 429: "ThrottlingException", 500: "InternalServerException", 503: "ServiceUnavailableException" },
};

// ---- Anthropic ----

const anthropicBlock = (block) => {
  if (block.type === "tool_use") {
    onlyKeys(block, ["type", "id", "name", "input"], "tool_use");
    return { call: { id: block.id, name: block.name, input: block.input } };
  }
  if (block.type === "tool_result") {
    onlyKeys(block, ["type", "tool_use_id", "content", "is_error"], "tool_result");
    return { result: { id: block.tool_use_id, text: block.content, error: Boolean(block.is_error) } };
  }
  onlyKeys(block, ["type", "text"], "content block");
  must(block.type === "text", `a content block of type ${block.type}`);
  return { text: block.text };
};

const sse = (event, data) => Buffer.from(`${event ? `event: ${event}\n` : ""}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
const ANTHROPIC_ENDS = { end: "end_turn", calls_tools: "tool_use", cut_by_limit: "max_tokens", filtered: "refusal", other: "pause_turn" };

const anthropic = {
  name: "anthropic",
  is: (path) => /\/v1\/messages$/.test(path),
  read(request) {
    const body = JSON.parse(request.body);
    const version = request.headers["anthropic-version"];
    must(version === "2026-10-21" || version === "2023-06-01", "anthropic-version");
    must(version === "2023-06-01" || JSON.parse(request.body).temperature === undefined, "temperature: Extra inputs are not permitted");
    onlyKeys(body, ["model", "max_tokens", "temperature", "system", "messages", "tools", "tool_choice", "stream"], "body");
    must(isText(body.model) && isCount(body.max_tokens), "model and max_tokens are required");
    const messages = body.messages.map((message) => {
      onlyKeys(message, ["role", "content"], "message");
      must(["user", "assistant"].includes(message.role), `role ${message.role}`);
      return { role: message.role, parts: message.content.map(anthropicBlock) };
    });
    const tools = (body.tools ?? []).map((tool) => {
      onlyKeys(tool, ["name", "description", "input_schema"], "tool");
      checkSchema(tool.input_schema, tool.name);
      return { name: tool.name, description: tool.description, schema: tool.input_schema };
    });
    const choice = body.tool_choice;
    if (choice) must(["auto", "any", "tool"].includes(choice.type) && (choice.type === "tool") === isText(choice.name) && tools.length, "tool_choice");
    const forced = choice?.type === "tool" ? choice.name : choice?.type === "any" ? "" : undefined;
    checkConversation(messages, tools, forced);
    return { model: body.model, stream: body.stream === true, messages, tools, forced, system: body.system, max_tokens: body.max_tokens, temperature: body.temperature };
  },
  whole: (reply) => ({
    type: "application/json",
    body: JSON.stringify({
      id: "msg_standin", type: "message", role: "assistant", model: reply.model,
      content: reply.parts.map((part) => (part.call ? { type: "tool_use", id: part.call.id, name: part.call.name, input: part.call.input } : { type: "text", text: part.text })),
      stop_reason: ANTHROPIC_ENDS[reply.end], stop_sequence: null, usage: { input_tokens: reply.usage.input, output_tokens: reply.usage.output },
    }),
  }),
  events(reply) {
    const usage = { input_tokens: reply.usage.input, output_tokens: 1 };
    const out = [sse("message_start", { type: "message_start", message: { id: "msg_standin", type: "message", role: "assistant", model: reply.model, content: [], stop_reason: null, stop_sequence: null, usage } })];
    out.push(sse("ping", { type: "ping" }));
    reply.parts.forEach((part, index) => {
      const block = part.call ? { type: "tool_use", id: part.call.id, name: part.call.name, input: {} } : { type: "text", text: "" };
      out.push(sse("content_block_start", { type: "content_block_start", index, content_block: block }));
      for (const piece of part.pieces)
        out.push(sse("content_block_delta", { type: "content_block_delta", index, delta: part.call ? { type: "input_json_delta", partial_json: piece } : { type: "text_delta", text: piece } }));
      out.push(sse("content_block_stop", { type: "content_block_stop", index }));
    });
    out.push(sse("message_delta", { type: "message_delta", delta: { stop_reason: ANTHROPIC_ENDS[reply.end], stop_sequence: null }, usage: { output_tokens: reply.usage.output } }));
    out.push(sse("message_stop", { type: "message_stop" }));
    return { type: "text/event-stream", pieces: out };
  },
  streamError: (error) => sse("error", { type: "error", error: { type: error.name, message: error.message } }),
  error: (error) => ({ headers: {}, body: { type: "error", error: { type: error.name, message: error.message } } }),
  errorName: { 400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 500: "api_error", 529: "overloaded_error" },
};

// ---- OpenAI ----

function openaiMessages(list) {
  const out = [];
  const add = (role, parts) => (out.at(-1)?.role === role && role === "user" ? out.at(-1).parts.push(...parts) : out.push({ role, parts }));
  for (const message of list) {
    if (message.role === "tool") {
      onlyKeys(message, ["role", "tool_call_id", "content"], "message");
      add("user", [{ result: { id: message.tool_call_id, text: message.content } }]);
      continue;
    }
    onlyKeys(message, ["role", "content", "tool_calls"], "message");
    must(["user", "assistant"].includes(message.role), `role ${message.role}`);
    const parts = message.content === null ? [] : [{ text: message.content }];
    for (const call of message.tool_calls ?? []) {
      onlyKeys(call, ["id", "type", "function"], "tool call");
      must(call.type === "function" && isText(call.function.arguments), "a tool call");
      parts.push({ call: { id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) } });
    }
    add(message.role, parts);
  }
  return out;
}

const OPENAI_ENDS = { end: "stop", calls_tools: "tool_calls", cut_by_limit: "length", filtered: "content_filter", other: "unheard_of" };

const openai = {
  name: "openai",
  is: (path) => /\/chat\/completions$/.test(path),
  read(request) {
    const body = JSON.parse(request.body);
    onlyKeys(body, ["model", "messages", "max_tokens", "max_completion_tokens", "temperature", "tools", "tool_choice", "stream", "stream_options"], "body");
    must(isText(body.model), "model is required");
    must(!(body.max_tokens && body.max_completion_tokens), "max_tokens and max_completion_tokens exclude each other");
    const system = body.messages[0]?.role === "system" ? body.messages[0].content : undefined;
    const messages = openaiMessages(system === undefined ? body.messages : body.messages.slice(1));
    const tools = (body.tools ?? []).map((tool) => {
      onlyKeys(tool, ["type", "function"], "tool");
      onlyKeys(tool.function, ["name", "description", "parameters"], "function");
      checkSchema(tool.function.parameters, tool.function.name);
      return { name: tool.function.name, description: tool.function.description, schema: tool.function.parameters };
    });
    const choice = body.tool_choice;
    if (choice) must((["auto", "required"].includes(choice) || choice.function?.name) && tools.length, "tool_choice");
    must(!body.stream_options || body.stream, "stream_options without stream");
    const forced = choice?.function ? choice.function.name : choice === "required" ? "" : undefined;
    checkConversation(messages, tools, forced);
    return { model: body.model, stream: body.stream === true, messages, tools, forced, system, max_tokens: body.max_completion_tokens ?? body.max_tokens, temperature: body.temperature };
  },
  whole: (reply) => {
    const text = reply.parts.filter((part) => !part.call).map((part) => part.text).join("");
    const calls = reply.parts.filter((part) => part.call).map((part) => ({ id: part.call.id, type: "function", function: { name: part.call.name, arguments: part.json } }));
    return {
      type: "application/json",
      body: JSON.stringify({
        id: "chatcmpl-standin", object: "chat.completion", created: 1, model: reply.model,
        choices: [{ index: 0, message: { role: "assistant", content: text || null, ...(calls.length ? { tool_calls: calls } : {}) }, finish_reason: OPENAI_ENDS[reply.end] }],
        usage: { prompt_tokens: reply.usage.input, completion_tokens: reply.usage.output, total_tokens: reply.usage.input + reply.usage.output },
      }),
    };
  },
  events(reply) {
    const chunk = (choices, extra = {}) => sse(null, { id: "chatcmpl-standin", object: "chat.completion.chunk", created: 1, model: reply.model, choices, ...extra });
    const delta = (value, reason = null) => chunk([{ index: 0, delta: value, finish_reason: reason }]);
    const out = [delta({ role: "assistant", content: "" })];
    let calls = 0;
    for (const part of reply.parts) {
      if (part.call) out.push(delta({ tool_calls: [{ index: calls, id: part.call.id, type: "function", function: { name: part.call.name, arguments: "" } }] }));
      for (const piece of part.pieces) out.push(delta(part.call ? { tool_calls: [{ index: calls, function: { arguments: piece } }] } : { content: piece }));
      if (part.call) calls++;
    }
    out.push(delta({}, OPENAI_ENDS[reply.end]));
    out.push(chunk([], { usage: { prompt_tokens: reply.usage.input, completion_tokens: reply.usage.output, total_tokens: reply.usage.input + reply.usage.output } }));
    out.push(sse(null, "[DONE]"));
    return { type: "text/event-stream", pieces: out };
  },
  streamError: (error) => sse(null, { error: { message: error.message, type: error.name, code: null } }),
  error: (error) => ({ headers: {}, body: { error: { message: error.message, type: error.name, param: null, code: null } } }),
  errorName: { 400: "invalid_request_error", 401: "invalid_api_key", 403: "permission_denied", 404: "model_not_found", 429: "rate_limit_exceeded", 500: "server_error", 503: "server_error" },
};

export const FORMATS = [bedrock, anthropic, openai];
