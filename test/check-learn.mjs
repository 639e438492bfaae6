// Learning, from outside. The log of questions under eight processes that are killed at any moment: what was answered before the last
// answer of each is in it, and the database opens. Answers from earlier results: to the letter those that were computed, as JSON and as
// text, and computed anew when the log is off.
//
//   node test/check-learn.mjs --program build/asan/curlew
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT, chooseProgram, finish, readOptions } from "./steps.mjs";

const PROCESSES = 8;
// Checks are all called alike: --shared names a collection that this one does not need.
const program = chooseProgram(readOptions({ program: "", shared: "" }).program);
const folder = mkdtempSync(join(tmpdir(), "curlew-learn-"));
const env = { ...process.env, HOME: folder, XDG_DATA_HOME: join(folder, "data"), XDG_CACHE_HOME: join(folder, "cache") };
let passed = 0;
let failed = 0;

function check(name, ok, detail = "") {
  if (ok) passed++;
  else failed++;
  if (!ok) console.log(`FAILED ${name} ${detail}`);
}

// Asks questions in a chat, four at a time, until it has seen `enough` answers and kills it; `seen` gets the answers' ids.
function chat(index, seen, enough) {
  return new Promise((done) => {
    const child = spawn(program, ["chat", "--json", "--workspace", join(folder, "w")], { env, stdio: ["pipe", "pipe", "ignore"] });
    let text = "";
    let asked = 0;
    const ask = () => child.stdin.write(asked++ % 2 ? `top ${asked} services\n` : `total cost by service, process ${index}\n`);
    child.stdin.on("error", () => {});
    child.stdout.on("data", (data) => {
      const lines = (text + data).split("\n");
      text = lines.pop();
      for (const line of lines.filter((line) => line.startsWith("{"))) {
        seen.push(JSON.parse(line).id);
        ask();
      }
      if (seen.length >= enough) child.kill("SIGKILL");
    });
    child.on("close", done);
    for (let i = 0; i < 4; i++) ask();
  });
}

// All questions in one chat, on a bill with a bit of everything; with `form` "--json" one object per line, without what differs by nature.
function askAll(form, extra = {}) {
  const input = readFileSync(join(ROOT, "test/paraphrases.txt"), "utf8").split("\n").filter((line) => line.startsWith("= "));
  const text = execFileSync(program, ["chat", ...form, "--workspace", join(folder, "hard")], {
    env: { ...env, ...extra }, input: input.map((line) => `${line.slice(2)}\n`).join(""), maxBuffer: 1 << 28, encoding: "utf8",
  });
  if (!form.length) return text;
  return text.trim().split("\n").map((line) => {
    const { id, reused_from, timing_ms, conversation, ...rest } = JSON.parse(line);
    return { reused: Boolean(reused_from), text: JSON.stringify(rest) };
  });
}

function compareReused() {
  execFileSync(program, ["load", "--workspace", join(folder, "hard"), join(ROOT, "test/fixtures/hard/bill.csv.gz")], { env, stdio: "ignore" });
  const computed = askAll(["--json"], { CURLEW_LEARN: "off" });
  const first = askAll(["--json"]);
  const again = askAll(["--json"]);
  check("nothing is reused without the log", computed.every((answer) => !answer.reused));
  check("questions are answered", computed.length >= 40, `${computed.length}`);
  check("most are reused the second time", again.filter((answer) => answer.reused).length >= 0.8 * again.length,
    `${again.filter((answer) => answer.reused).length} of ${again.length}`);
  for (const [index, answer] of computed.entries())
    check(`answer ${index + 1} is the same`, answer.text === first[index]?.text && answer.text === again[index]?.text,
      `\n  ${answer.text.slice(0, 2000)}\n  ${again[index]?.text.slice(0, 2000)}`);
  check("as text they are the same", askAll([], { CURLEW_LEARN: "off" }) === askAll([]));
}

try {
  execFileSync(program, ["load", "--workspace", join(folder, "w"), join(ROOT, "test/fixtures/golden/cur2.csv")], { env, stdio: "ignore" });
  const seen = Array.from({ length: PROCESSES }, () => []);
  await Promise.all(seen.map((ids, index) => chat(index, ids, 100 + 7 * index)));
  const list = JSON.parse(execFileSync(program, ["stats", "--list", "--json", "--workspace", join(folder, "w")], { env, maxBuffer: 1 << 28 }));
  const kept = new Set(list.questions.map((row) => row.id));
  for (const [index, ids] of seen.entries()) {
    check(`process ${index} was answered`, ids.length >= 100, `${ids.length} answers`);
    check(`process ${index} has ids`, ids.every((id) => /^[0-9a-f]{24}$/.test(id)));
    const missing = ids.slice(0, -1).filter((id) => !kept.has(id));
    check(`process ${index}: all but the last answer are kept`, missing.length === 0, `${missing.length} of ${ids.length} missing`);
  }
  console.log(`${kept.size} questions kept of ${PROCESSES} processes that were killed`);
  compareReused();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
finish("learn", passed, failed);
