#!/usr/bin/env node
// Asks a running build of the server as many people do at a time, and says how long they waited.
//
//   node bench/serve.mjs --program build/release/curlew --workspace DIR [--users 1,8,32,50] [--seconds 20] [--think-ms 0] [--stream] [--fresh]
//
// Questions are those of bench/questions.txt that the daily rollup covers (above its mark). Each user keeps a connection, waits for the
// whole answer, thinks, and asks the next. With --fresh nothing that was computed before is used. Every answer is checked against the one that the first user got: nothing may be lost, refused
// or different. Prints a Markdown table.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : fallback;
};
const here = dirname(fileURLToPath(import.meta.url));
const program = option("program", "build/release/curlew");
const seconds = Number(option("seconds", "20"));
const think = Number(option("think-ms", "0"));
const streams = process.argv.includes("--stream");
const token = "a-token-of-the-benchmark";
const questions = readFileSync(join(here, "questions.txt"), "utf8").split("# --- needs the lines")[0].split("\n")
  .filter((line) => line.trim() && !line.startsWith("#"));

const args = ["serve", "--port", "0", "--token", token];
if (option("workspace")) args.push("--workspace", option("workspace"));
const env = process.argv.includes("--fresh") ? { ...process.env, CURLEW_LEARN: "off" } : process.env;
const server = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => server.kill("SIGTERM"));
const port = await new Promise((found) => {
  let said = "";
  server.stdout.on("data", (data) => {
    said += data;
    const match = /:(\d+)\/\?token=/.exec(said);
    if (match) found(Number(match[1]));
  });
});

const residentMb = () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024);

const ask = (agent, question) => new Promise((done) => {
  const body = JSON.stringify({ question });
  const start = process.hrtime.bigint();
  const call = request({
    agent, host: "127.0.0.1", port, path: "/api/v1/ask", method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "content-length": Buffer.byteLength(body),
      accept: streams ? "text/event-stream" : "application/json" },
  }, (reply) => {
    let text = "", first = 0;
    reply.setEncoding("utf8");
    reply.on("data", (data) => {
      text += data;
      // A page can paint when the rows are there.
      if (!first && (!streams || text.includes("event: rows"))) first = Number(process.hrtime.bigint() - start) / 1e6;
    });
    reply.on("end", () => done({ status: reply.statusCode, text, ms: Number(process.hrtime.bigint() - start) / 1e6, first }));
  });
  call.on("error", (error) => done({ status: 0, text: String(error), ms: 0, first: 0 }));
  call.end(body);
});

// What must be the same each time: the rows.
const rowsOf = (text) => {
  if (!streams) return JSON.stringify(JSON.parse(text).rows);
  return [...text.matchAll(/event: rows\nid: \d+\ndata: (.*)\n/g)].map((match) => match[1]).join("\n");
};

const expected = new Map();
const single = new Agent({ keepAlive: true, maxSockets: 1 });
for (const question of questions) {
  for (let i = 0; i < 3; i++) await ask(single, question);
  const answer = await ask(single, question);
  if (answer.status !== 200) throw new Error(`${question}: ${answer.status} ${answer.text}`);
  expected.set(question, rowsOf(answer.text));
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
console.log(`| users | questions/s | median ms | p95 ms | p99 ms | longest ms | rows seen p99 ms | lost or wrong | memory MB |`);
console.log(`|---|---|---|---|---|---|---|---|---|`);
let bad = 0;
for (const users of option("users", "1,8,32,50").split(",").map(Number)) {
  const times = [], firsts = [];
  let lost = 0;
  const until = Date.now() + seconds * 1000;
  await Promise.all(Array.from({ length: users }, async (_, user) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    if (think) await new Promise((go) => setTimeout(go, (think * user) / users));
    for (let i = user; Date.now() < until; i++) {
      const question = questions[i % questions.length];
      const answer = await ask(agent, question);
      if (answer.status !== 200 || rowsOf(answer.text) !== expected.get(question)) {
        if (lost++ < 3) console.error(`${question}: ${answer.status} ${answer.text.slice(0, 300)}`);
      }
      times.push(answer.ms);
      firsts.push(answer.first);
      if (think) await new Promise((go) => setTimeout(go, think));
    }
    agent.destroy();
  }));
  times.sort((a, b) => a - b);
  firsts.sort((a, b) => a - b);
  bad += lost;
  const ms = (value) => value.toFixed(1);
  console.log(`| ${users} | ${(times.length / seconds).toFixed(0)} | ${ms(at(times, 0.5))} | ${ms(at(times, 0.95))} | ${ms(at(times, 0.99))} | ${ms(at(times, 1))} | ${ms(at(firsts, 0.99))} | ${lost} | ${residentMb()} |`);
}
process.exitCode = bad ? 1 : 0;
server.kill("SIGTERM");
