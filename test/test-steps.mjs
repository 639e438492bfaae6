#!/usr/bin/env node
// The runner must see faults: each check below is one way in which a wrong answer could pass unseen.
import assert from "node:assert/strict";
import { writeFileSync, chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSteps, splitCommand, makeFolder, runCommand, checkStep, parseExact, sameValue } from "./steps.mjs";

const folder = mkdtempSync(join(tmpdir(), "curlew-steps-"));
const program = join(folder, "curlew");
writeFileSync(
  program,
  `#!/bin/sh
case "$1" in
json) echo '{"status":"answered","rows":[["a",12.50],["b",-3]],"big":12345678901234567890.123,"x":{"y":1e2}}' ;;
cat) cat ;;
err) echo "unknown word unicorns" >&2; exit 3 ;;
lines) printf 'a\\nb  \\n\\nc\\nd\\n' ;;
home) [ -d "$HOME" ] && [ -z "$(ls "$HOME")" ] && echo "$NO_COLOR $COLUMNS $EXTRA" ;;
die) kill -9 $$ ;;
esac
`,
);
chmodSync(program, 0o755);

async function outcome(text) {
  const place = makeFolder("/nonexistent");
  const found = [];
  for (const step of parseSteps(text)) found.push(...checkStep(step, await runCommand(program, step.command, place), 1));
  place.remove();
  return found;
}
const holds = async (text) => assert.deepEqual(await outcome(text), [], text);
const fails = async (text) => assert.notDeepEqual(await outcome(text), [], text);

assert.deepEqual(splitCommand(`curlew ask "a 'b' \\"c\\"" 'd "e"' f""`), ["curlew", "ask", `a 'b' "c"`, `d "e"`, "f"]);
assert.throws(() => splitCommand('curlew "open'));
assert.throws(() => parseSteps("$ curlew\nexit: one"));
assert.throws(() => parseSteps("$ curlew\njson: rows"));
assert.throws(() => parseSteps("stray text"));
assert.ok(sameValue(parseExact("12.50"), parseExact("1.25e1")));
assert.ok(!sameValue(parseExact("0.1"), parseExact("0.10000000000000001")));
assert.ok(!sameValue(parseExact("12345678901234567890.1"), parseExact("12345678901234567890.2")));
assert.throws(() => parseExact("{'a':1}"));
assert.throws(() => parseExact("[1,]"));

await holds("# comment\n$ curlew lines\n# comment\na\nb\n\nc\nd\n\n");
await holds("$ curlew lines\n...\nd");
await holds("$ curlew lines\n~ ^a$\n...\nc\n...");
await fails("$ curlew lines\na\nb\n\nc");
await fails("$ curlew lines\na\nb\n\nc\nd\ne");
await fails("$ curlew lines\na\n...\nb\nd");
await fails("$ curlew lines\n~ ^b\n...");
await holds("$ curlew err\nexit: 3\nstderr: unicorns\nstdout empty\nstderr lacks: zebra");
await fails("$ curlew err");
await fails("$ curlew err\nexit: 3\nstderr: zebra");
await fails("$ curlew err\nexit: 3\nstderr empty");
await fails("$ curlew lines\nstdout lacks: c");
await fails("$ curlew lines\nstdout empty");
await fails("$ curlew die");
await fails("$ curlew cat < missing");
await holds("$ curlew lines > out\nstdout empty\n$ curlew cat < out\na\nb\n...");
await holds("$ EXTRA=more curlew home\n1 100 more");
await holds('$ curlew json\njson: status = "answered"\njson: rows[0][1] = 12.5\njson: rows[-1] = ["b", -3]\njson: rows.length = 2');
await holds('$ curlew json\njson: big = 12345678901234567890.123\njson: x.y = 100\njson: x.z absent\njson: x exists\njson: rows[*][0] = ["a","b"]');
await holds("$ curlew json\njson: status ~ ^ans\njson: status has swer\njson: rows[0][1] > 12.4\njson: rows[1][1] < 0");
await fails("$ curlew json\njson: big = 12345678901234567890.124");
await fails("$ curlew json\njson: rows[0][1] > 12.5");
await fails("$ curlew json\njson: status > 1");
await fails('$ curlew json\njson: rows = [["a",12.5]]');
await fails("$ curlew json\njson: x.z exists");
await fails("$ curlew lines\njson: status exists");

rmSync(folder, { recursive: true });
console.log("the runner sees what it must see");
