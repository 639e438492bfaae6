// The log of questions under eight processes that are killed at any moment: what was answered before the last answer of each
// is in it, and the database opens.
//
//   node test/check-learn.mjs --program build/asan/curlew
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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
} finally {
  rmSync(folder, { recursive: true, force: true });
}
finish("learn", passed, failed);
