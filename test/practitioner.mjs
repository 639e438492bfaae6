#!/usr/bin/env node
// Asks the questions that practitioners really put to cost tools and counts what becomes of them.
//
//   node test/practitioner.mjs --program build/release/curlew --data BILL --questions FILE [--jobs 2] [--report FILE] [--list CLASS]
//
// FILE holds one question a line; what follows " # " is where it comes from. Without --data and --questions those of ../shared are taken
// where they are; where they are not the program says so and exits 0. A question is answered, asked back, declined with a reason, or
// not understood (UNKNOWN_TERM, UNSUPPORTED_SHAPE: the words or how they hang together were not known). --list prints the questions
// of one class; --report writes all of it as JSON; --most-unknown N fails the run when more than N percent are not understood.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT, chooseProgram, readOptions } from "./steps.mjs";

const shared = process.env.CURLEW_SHARED || join(ROOT, "../shared");
const options = readOptions({
  program: "", data: join(shared, "data/world-a/cur2"), questions: join(shared, "knowledge/practitioner-questions.txt"),
  jobs: 2, report: "", list: "", only: "", "most-unknown": 100,
});
if (!existsSync(options.questions) || !existsSync(options.data)) {
  console.log("practitioner: the questions or the bill are not here; skipped");
  process.exit(0);
}
const program = chooseProgram(options.program);

const NOT_UNDERSTOOD = new Set(["UNKNOWN_TERM", "UNSUPPORTED_SHAPE"]);
const CLASSES = { answered: "answered", clarified: "asked back", declined: "declined with a reason", unknown: "not understood", error: "failed" };

const questions = readFileSync(options.questions, "utf8").split("\n")
  .map((line) => line.replace(/ # .*$/, "").trim())
  .filter((line) => line && !line.startsWith("#") && line.toLowerCase().includes(options.only.toLowerCase()));

function ask(question) {
  return new Promise((done) => {
    const child = spawn(program, ["ask", "--json", "--data", options.data, question], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "", stderr = "";
    child.stdout.on("data", (data) => { stdout += data; });
    child.stderr.on("data", (data) => { stderr += data; });
    child.on("close", () => {
      try { done(JSON.parse(stdout)); } catch { done({ status: "error", reason: { message: stderr || "no JSON" } }); }
    });
  });
}

function classOf(answer) {
  if (answer.status === "answered") return "answered";
  if (answer.status === "clarify") return "clarified";
  if (answer.status !== "refused") return "error";
  return NOT_UNDERSTOOD.has(answer.reason?.code) ? "unknown" : "declined";
}

const results = new Array(questions.length);
let next = 0;
async function worker() {
  while (next < questions.length) {
    const at = next++;
    const answer = await ask(questions[at]);
    results[at] = { question: questions[at], class: classOf(answer), code: answer.reason?.code ?? null, message: answer.reason?.message ?? null,
      paraphrase: answer.paraphrase ?? null, sql: answer.sql ?? null, rows: answer.rows ?? [], row_count: answer.row_count ?? 0,
      assumed: answer.basis?.assumed ?? [] };
  }
}
await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, worker));

const percent = (count) => ((100 * count) / results.length).toFixed(1);
const count = (list, key) => {
  const counts = new Map();
  for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
};
console.log(`| of ${results.length} questions | number | share |`);
console.log("|---|---:|---:|");
for (const [name, label] of Object.entries(CLASSES)) {
  const of = results.filter((result) => result.class === name).length;
  if (of || name !== "error") console.log(`| ${label} | ${of} | ${percent(of)} % |`);
}
console.log(`\n| reason of declining | number |\n|---|---:|`);
for (const [code, n] of count(results.filter((r) => r.class === "declined" || r.class === "unknown"), (r) => r.code)) console.log(`| ${code} | ${n} |`);
const words = results.filter((r) => r.class === "unknown").flatMap((r) => [...(r.message ?? "").split(/ (?:is|are) not understood:/)[0].matchAll(/"([^"]+)"/g)].map((m) => m[1].toLowerCase()));
const top = count(words, (word) => word).slice(0, 30);
console.log(`\nWords most often left over in them: ${top.map(([word, n]) => (n > 1 ? `${word} (${n})` : word)).join(", ") || "none"}`);

for (const result of results.filter((r) => r.class === options.list || options.list === "all")) {
  console.log(`\n${result.class === options.list ? "" : `[${result.class}] `}${result.question}\n    ${result.paraphrase ?? `${result.code}: ${result.message}`}`);
}
if (options.report) writeFileSync(options.report, JSON.stringify(results, null, 1));
const unknown = results.filter((r) => r.class === "unknown" || r.class === "error").length;
if (Number(percent(unknown)) > Number(options["most-unknown"])) process.exit(1);
