// What case files and the examples of the documentation have in common: reading steps, running them, comparing.
// The format is described in test/cases/README.md.
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, readdirSync, openSync, closeSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const STEP_TIMEOUT_MS = 120_000;
// A program that prints without end must not fill the memory of the machine that tests it.
const OUTPUT_LIMIT = 16 * 1024 * 1024;

// ---- reading ----

const DIRECTIVES = [
  [/^exit: (\d+)$/, (m) => ({ kind: "exit", code: Number(m[1]) })],
  [/^json: (.+)$/, (m) => parseJsonDirective(m[1])],
  [/^(stdout|stderr): (.+)$/, (m) => ({ kind: "has", stream: m[1], text: m[2] })],
  [/^(stdout|stderr) lacks: (.+)$/, (m) => ({ kind: "lacks", stream: m[1], text: m[2] })],
  [/^(stdout|stderr) empty$/, (m) => ({ kind: "empty", stream: m[1] })],
  [/^within: (\d+) ms$/, (m) => ({ kind: "within", limit: Number(m[1]) })],
];
// A line that looks like a directive and is none is a slip of the pen that would otherwise be compared with the output.
const ALMOST = /^(exit|json|stderr|stdout|within)\b[^|]*:/;

function parseJsonDirective(text) {
  const m = /^(\S+)\s+(?:(exists|absent)|(=|!=|<=|>=|<|>|~|has)\s+(.+))$/.exec(text);
  if (!m) throw new Error(`cannot read "json: ${text}"`);
  const [, path, state, operator, value] = m;
  if (state) return { kind: "json", path, operator: state };
  return { kind: "json", path, operator, value: operator === "~" || operator === "has" ? value : parseExact(value) };
}

export function splitCommand(line) {
  const words = [];
  let word = null;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quote) {
      if (c === quote) quote = "";
      else if (quote === '"' && c === "\\" && (line[i + 1] === '"' || line[i + 1] === "\\")) word += line[++i];
      else word += c;
    } else if (c === "'" || c === '"') {
      quote = c;
      word ??= "";
    } else if (c === " ") {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + c;
  }
  if (quote) throw new Error(`a ${quote} is not closed in: ${line}`);
  if (word !== null) words.push(word);
  return words;
}

// "A=1 curlew ask … < in > out" to its parts.
export function parseCommand(line) {
  const command = { environment: {}, words: [], input: null, output: null };
  const words = splitCommand(line);
  while (words.length && /^[A-Z_][A-Z0-9_]*=/.test(words[0])) {
    const word = words.shift();
    command.environment[word.slice(0, word.indexOf("="))] = word.slice(word.indexOf("=") + 1);
  }
  for (let i = 0; i < words.length; i++) {
    if (words[i] === "<") command.input = words[++i];
    else if (words[i] === ">") command.output = words[++i];
    else command.words.push(words[i]);
  }
  return command;
}

// Lines of a file to steps: {line, command, expected: [...], checks: [...]}.
export function parseSteps(text) {
  const steps = [];
  let step = null;
  text.split("\n").forEach((raw, index) => {
    const line = raw.replace(/\s+$/, "");
    try {
      if (line.startsWith("$ ")) {
        step = { line: index + 1, text: line, command: parseCommand(line.slice(2)), expected: [], checks: [] };
        steps.push(step);
        return;
      }
      if (line.startsWith("# ") || line === "#") if (!step || !step.expected.some((e) => e.text !== "")) return;
      if (!step) {
        if (line) throw new Error("text before the first `$ ` line");
        return;
      }
      for (const [pattern, make] of DIRECTIVES) {
        const m = pattern.exec(line);
        if (m) return void step.checks.push(make(m));
      }
      if (ALMOST.test(line)) throw new Error(`not a directive: "${line}" (write \\ before it if it is output)`);
      step.expected.push(parseExpected(line));
    } catch (error) {
      throw new Error(`line ${index + 1}: ${error.message}`);
    }
  });
  for (const one of steps) trimEmptyEnds(one.expected);
  return steps;
}

function parseExpected(line) {
  if (line === "...") return { any: true, text: line };
  if (line.startsWith("~ ")) return { pattern: new RegExp(line.slice(2), "u"), text: line };
  return { exact: line.startsWith("\\") ? line.slice(1) : line, text: line };
}

function trimEmptyEnds(expected) {
  while (expected.length && expected[0].text === "") expected.shift();
  while (expected.length && expected.at(-1).text === "") expected.pop();
}

// ---- running ----

// A folder for one file's steps: links to the fixtures, homes that are empty.
export function makeFolder(fixtures) {
  const base = mkdtempSync(join(tmpdir(), "curlew-case-"));
  for (const name of ["work", "home", "data", "config", "cache", "state", "run"]) mkdirSync(join(base, name), { mode: 0o700 });
  if (existsSync(fixtures))
    for (const name of readdirSync(fixtures)) symlinkSync(join(fixtures, name), join(base, "work", name));
  return { base, work: join(base, "work"), remove: () => rmSync(base, { recursive: true, force: true }) };
}

function environmentOf(folder, extra) {
  const kept = ["PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"].filter((name) => process.env[name]);
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    PATH: "/usr/bin:/bin",
    HOME: join(folder.base, "home"),
    XDG_DATA_HOME: join(folder.base, "data"),
    XDG_CONFIG_HOME: join(folder.base, "config"),
    XDG_CACHE_HOME: join(folder.base, "cache"),
    XDG_STATE_HOME: join(folder.base, "state"),
    XDG_RUNTIME_DIR: join(folder.base, "run"),
    TMPDIR: join(folder.base, "run"),
    NO_COLOR: "1",
    COLUMNS: "100",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    ...extra,
  };
}

// Runs one command; resolves to {code, stdout, stderr, time, failure}.
export function runCommand(program, command, folder) {
  return new Promise((done) => {
    const open = [];
    const file = (name, mode) => {
      const descriptor = openSync(resolve(folder.work, name), mode);
      open.push(descriptor);
      return descriptor;
    };
    let input, output;
    try {
      input = command.input === null ? "ignore" : file(command.input, "r");
      output = command.output === null ? "pipe" : file(command.output, "w");
    } catch (error) {
      return done({ code: -1, stdout: "", stderr: "", time: 0, failure: error.message });
    }
    const started = performance.now();
    const child = spawn(program, command.words.slice(1), {
      cwd: folder.work,
      env: environmentOf(folder, command.environment),
      stdio: [input, output, "pipe"],
    });
    open.forEach(closeSync);
    const texts = { stdout: [], stderr: [] };
    let size = 0;
    let failure = null;
    const stop = (why) => {
      failure ??= why;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(() => stop(`no end after ${STEP_TIMEOUT_MS / 1000} seconds`), STEP_TIMEOUT_MS);
    for (const stream of ["stdout", "stderr"])
      child[stream]?.on("data", (chunk) => {
        size += chunk.length;
        if (size > OUTPUT_LIMIT) stop(`more than ${OUTPUT_LIMIT} bytes of output`);
        else texts[stream].push(chunk);
      });
    child.on("error", (error) => (failure ??= error.message));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (signal) failure ??= `ended by ${signal}`;
      done({
        code: code ?? -1,
        stdout: Buffer.concat(texts.stdout).toString("utf8"),
        stderr: Buffer.concat(texts.stderr).toString("utf8"),
        time: performance.now() - started,
        failure,
      });
    });
  });
}

// ---- comparing ----

// JSON in which a number is {number: "its text"}, so that digits are compared and not doubles.
export function parseExact(text) {
  let at = 0;
  const fail = (what) => {
    throw new Error(`not JSON at character ${at}: ${what}`);
  };
  const space = () => {
    while (at < text.length && " \n\r\t".includes(text[at])) at++;
  };
  const token = (pattern) => {
    pattern.lastIndex = at;
    const m = pattern.exec(text);
    if (m) at = pattern.lastIndex;
    return m?.[0];
  };
  const list = (end, item) => {
    at++;
    space();
    if (text[at] === end) return void at++;
    for (;;) {
      item();
      space();
      if (text[at] === end) return void at++;
      if (text[at++] !== ",") fail(`"," or "${end}" expected`);
      space();
    }
  };
  const string = () => JSON.parse(token(/"(?:[^"\\\u0000-\u001f]|\\.)*"/y) ?? fail("a string expected"));
  const value = () => {
    space();
    if (text[at] === "[") {
      const array = [];
      list("]", () => array.push(value()));
      return array;
    }
    if (text[at] === "{") {
      const object = new Map();
      list("}", () => {
        const key = string();
        space();
        if (text[at++] !== ":") fail('":" expected');
        object.set(key, value());
      });
      return object;
    }
    if (text[at] === '"') return string();
    const word = token(/true|false|null/y);
    if (word) return JSON.parse(word);
    return { number: token(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y) ?? fail("a value expected") };
  };
  const result = value();
  space();
  if (at !== text.length) fail("text after the end");
  return result;
}

// Value × 10^scale as a BigInt, so that decimals compare exactly.
function decimal(text) {
  const m = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text);
  return { units: BigInt(m[1] + m[2] + (m[3] ?? "")), scale: (m[3] ?? "").length - Number(m[4] ?? 0) };
}

export function compareNumbers(a, b) {
  const x = decimal(a);
  const y = decimal(b);
  const scale = Math.max(x.scale, y.scale);
  const left = x.units * 10n ** BigInt(scale - x.scale);
  const right = y.units * 10n ** BigInt(scale - y.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

const isNumber = (value) => typeof value?.number === "string";

export function sameValue(a, b) {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a.number, b.number) === 0;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && sameValue(value, b.get(key)));
  return a === b;
}

export function writeExact(value) {
  if (isNumber(value)) return value.number;
  if (Array.isArray(value)) return `[${value.map(writeExact).join(", ")}]`;
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${JSON.stringify(k)}: ${writeExact(v)}`).join(", ")}}`;
  return value === undefined ? "absent" : JSON.stringify(value);
}

// "rows[0].name" in a value; undefined where there is nothing.
export function valueAt(root, path) {
  const steps = path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
  const walk = (value, index) => {
    if (index === steps.length) return value;
    const step = steps[index];
    if (step === "[*]") return Array.isArray(value) ? value.map((item) => walk(item, index + 1)) : undefined;
    if (step === "length" && (Array.isArray(value) || typeof value === "string")) return { number: String(value.length) };
    const bracket = /^\[(-?\d+)\]$/.exec(step);
    if (bracket) return Array.isArray(value) ? walk(value.at(Number(bracket[1])), index + 1) : undefined;
    return value instanceof Map ? walk(value.get(step), index + 1) : undefined;
  };
  return walk(root, 0);
}

function checkJson(check, root) {
  const value = valueAt(root, check.path);
  const shown = writeExact(value);
  const ordered = () => isNumber(value) && isNumber(check.value) && compareNumbers(value.number, check.value.number);
  const text = typeof value === "string" ? value : shown;
  const holds = {
    exists: () => value !== undefined,
    absent: () => value === undefined,
    "=": () => sameValue(value, check.value),
    "!=": () => !sameValue(value, check.value),
    "<": () => ordered() !== false && ordered() < 0,
    "<=": () => ordered() !== false && ordered() <= 0,
    ">": () => ordered() !== false && ordered() > 0,
    ">=": () => ordered() !== false && ordered() >= 0,
    "~": () => value !== undefined && new RegExp(check.value, "u").test(text),
    has: () => value !== undefined && text.includes(check.value),
  }[check.operator]();
  if (holds) return null;
  const wanted = check.value === undefined ? "" : ` ${typeof check.value === "string" && "~has".includes(check.operator) ? check.value : writeExact(check.value)}`;
  return `json: ${check.path} ${check.operator}${wanted}\n      is ${shown.length > 2000 ? `${shown.slice(0, 2000)}…` : shown}`;
}

// Whether the lines fit the expectation; where not, how far it came.
function matchLines(expected, lines) {
  // reach[j]: the first i expectations can be met by the first j lines.
  let reach = new Set([0]);
  let furthest = { expectation: 0, line: 0 };
  for (let i = 0; i < expected.length; i++) {
    const next = new Set();
    const one = expected[i];
    if (one.any) {
      const first = Math.min(...reach);
      for (let j = first; j <= lines.length; j++) next.add(j);
    } else
      for (const j of reach)
        if (j < lines.length && (one.pattern ? one.pattern.test(lines[j]) : one.exact === lines[j])) next.add(j + 1);
    if (!next.size) return { ok: false, expectation: i, line: Math.min(...reach) };
    reach = next;
    furthest = { expectation: i + 1, line: Math.min(...reach) };
  }
  return reach.has(lines.length) ? { ok: true } : { ok: false, ...furthest };
}

function outputLines(text) {
  const lines = text.split("\n").map((line) => line.replace(/\s+$/, ""));
  while (lines.length && lines[0] === "") lines.shift();
  while (lines.length && lines.at(-1) === "") lines.pop();
  return lines;
}

function showDifference(expected, lines, at) {
  const shown = [`standard output differs at line ${at.line + 1}:`];
  lines.slice(Math.max(0, at.line - 3), at.line).forEach((line) => shown.push(`      | ${line}`));
  shown.push(`    - ${expected[at.expectation]?.text ?? "(the end)"}`);
  const rest = lines.slice(at.line, at.line + 12);
  if (!rest.length) shown.push("    + (the end)");
  rest.forEach((line) => shown.push(`    + ${line}`));
  if (lines.length > at.line + 12) shown.push(`      (${lines.length - at.line - 12} more lines)`);
  return shown.join("\n");
}

// Complaints about one result, none when the step holds. `patience` stretches time limits.
export function checkStep(step, result, patience) {
  const found = [];
  if (result.failure) found.push(result.failure);
  const wanted = step.checks.find((check) => check.kind === "exit")?.code ?? 0;
  if (!result.failure && result.code !== wanted) found.push(`exit code ${result.code}, expected ${wanted}`);
  let root;
  for (const check of step.checks) {
    const stream = result[check.stream];
    if (check.kind === "has" && !stream.includes(check.text)) found.push(`${check.stream} lacks: ${check.text}`);
    if (check.kind === "lacks" && stream.includes(check.text)) found.push(`${check.stream} contains: ${check.text}`);
    if (check.kind === "empty" && stream !== "") found.push(`${check.stream} is not empty: ${stream.slice(0, 300)}`);
    if (check.kind === "within" && result.time > check.limit * patience)
      found.push(`took ${result.time.toFixed(0)} ms, at most ${check.limit * patience} allowed`);
    if (check.kind !== "json") continue;
    try {
      root ??= { value: parseExact(result.stdout) };
      const complaint = checkJson(check, root.value);
      if (complaint) found.push(complaint);
    } catch (error) {
      found.push(`standard output is ${error.message}: ${result.stdout.slice(0, 300)}`);
      break;
    }
  }
  if (step.expected.length) {
    const lines = outputLines(result.stdout);
    const match = matchLines(step.expected, lines);
    if (!match.ok) found.push(showDifference(step.expected, lines, match));
  }
  if (/(Address|Leak|UndefinedBehavior)Sanitizer|runtime error:/.test(result.stderr)) found.push("a sanitizer complained");
  if (found.length && result.stderr) found.push(`standard error: ${result.stderr.slice(0, 3000).trimEnd()}`);
  return found;
}

// ---- what both runners share at the end ----

export function chooseProgram(given) {
  const candidates = given ? [given] : ["build/asan/curlew", "build/release/curlew", "build/dev/curlew"].map((p) => join(ROOT, p));
  const program = candidates.find(existsSync);
  if (!program) {
    console.error(`No program found (looked for ${candidates.join(", ")}): build it with ./start.sh, or name it with --program`);
    process.exit(1);
  }
  const asan = join(ROOT, "test", "lsan.supp");
  process.env.LSAN_OPTIONS ??= `suppressions=${asan}:print_suppressions=0`;
  process.env.UBSAN_OPTIONS ??= "print_stacktrace=1:halt_on_error=1";
  return resolve(program);
}

export function readOptions(known) {
  const options = { ...known };
  const words = process.argv.slice(2);
  while (words.length) {
    const name = words.shift().replace(/^--/, "");
    if (!(name in known)) {
      console.error(`unknown option --${name}; known: ${Object.keys(known).map((key) => `--${key}`).join(", ")}`);
      process.exit(2);
    }
    options[name] = typeof known[name] === "boolean" ? true : typeof known[name] === "number" ? Number(words.shift()) : words.shift();
  }
  return options;
}

// Prints "name: N passed, N failed" for test.sh to add up, and ends with the right code.
export function finish(name, passed, failed) {
  if (passed + failed === 0) console.error(`${name}: nothing ran`);
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  process.exitCode = failed || passed + failed === 0 ? 1 : 0;
}
