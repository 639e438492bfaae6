#!/usr/bin/env node
// Runs the case files of test/cases against the program: see test/cases/README.md.
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT, parseSteps, makeFolder, runCommand, checkStep, chooseProgram, readOptions, finish } from "./steps.mjs";

const options = readOptions({ program: "", filter: "", without: "", jobs: 2, verbose: false });
const program = chooseProgram(options.program);
const patience = program.includes("asan") ? 10 : 1;
const folder = join(ROOT, "test", "cases");

function caseFiles(where) {
  return readdirSync(where, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(where, entry.name);
      return entry.isDirectory() ? caseFiles(path) : entry.name.endsWith(".case") ? [path] : [];
    });
}

// Each step of a file counts as one case; a file that cannot be read counts as one failure.
async function runFile(path) {
  const name = relative(ROOT, path);
  let steps;
  try {
    steps = parseSteps(readFileSync(path, "utf8"));
    if (!steps.length) throw new Error("there is no `$ ` line in it");
    const stranger = steps.find((step) => step.command.words[0] !== "curlew");
    if (stranger) throw new Error(`line ${stranger.line}: only curlew can be run`);
  } catch (error) {
    return { passed: 0, failures: [`${name}: ${error.message}`] };
  }
  const place = makeFolder(join(ROOT, "test", "fixtures"));
  const failures = [];
  let passed = 0;
  try {
    for (const step of steps) {
      const result = await runCommand(program, step.command, place);
      const found = checkStep(step, result, patience);
      if (options.verbose) console.log(`${name}:${step.line} ${result.time.toFixed(0)} ms\n${result.stdout}${result.stderr}`);
      if (found.length) failures.push([`${name}:${step.line}`, `  ${step.text}`, ...found.map((text) => `    ${text}`)].join("\n"));
      else passed++;
    }
  } finally {
    place.remove();
  }
  return { passed, failures };
}

const waiting = caseFiles(folder).filter((path) => relative(folder, path).includes(options.filter))
  .filter((path) => !options.without || !relative(folder, path).includes(options.without));
let passed = 0;
let failed = 0;
async function worker() {
  for (let path = waiting.shift(); path; path = waiting.shift()) {
    const result = await runFile(path);
    passed += result.passed;
    failed += result.failures.length;
    for (const failure of result.failures) console.log(`FAILED ${failure}\n`);
  }
}
await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, worker));
finish("cases", passed, failed);
