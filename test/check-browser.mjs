#!/usr/bin/env node
// The web client in a headless Chromium, served by the real program with real bills: test/browser/*.mjs.
//
//   node test/check-browser.mjs --program build/asan/curlew [--filter ask] [--only "words of a test"]
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, chooseProgram, finish, readOptions } from "./steps.mjs";
import { openBrowser, openServer } from "./browser/world.mjs";

const options = readOptions({ program: "", shared: "", filter: "", only: "", verbose: false });
const program = chooseProgram(options.program);
const folder = join(ROOT, "test", "browser");
const names = readdirSync(folder).filter((name) => name.endsWith(".mjs") && name !== "world.mjs" && name.includes(options.filter)).sort();
let passed = 0;
let failed = 0;

async function runTest(name, title, test, world) {
  const began = Date.now();
  try {
    await test(world);
    passed++;
    if (options.verbose) console.log(`passed ${name}: ${title} (${Date.now() - began} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${title}\n    ${String(error.message ?? error).split("\n").slice(0, 12).join("\n    ")}`);
  } finally {
    for (const context of browser.contexts()) await context.close();
  }
}

const browser = await openBrowser();
for (const name of names) {
  const { files, tests } = await import(join(folder, name));
  const chosen = tests.filter(([title]) => title.includes(options.only));
  if (!chosen.length) continue;
  const server = files ? await openServer(program, files) : null;
  for (const [title, test] of chosen) await runTest(name, title, test, { browser, server, program });
  await runTest(name, "the server ends as it should", async () => server?.close(), {});
}
await browser.close();
finish("browser", passed, failed);
