#!/usr/bin/env node
// Runs the examples of README.md, CONTRIBUTING.md and docs/*.md: each ```console block whose lines start with `$ `. What is shown there is compared with what the
// program prints, by the rules of test/cases/README.md. `./start.sh` and `curlew` are the same program here; an example that
// names no data is asked of the sample bill that start.sh makes. Commands of the shell belong into ```sh blocks, which are not run.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT, parseSteps, makeFolder, runCommand, checkStep, chooseProgram, readOptions, finish } from "./steps.mjs";

const options = readOptions({ program: "", filter: "" });
const program = chooseProgram(options.program);
// The same as in start.sh, so that a reader of the examples sees the same figures.
const SAMPLE = [
  ["curlew", "sample", "--out", "sample", "--rows", "20000", "--seed", "1"],
  ["curlew", "load", "sample/cur2"],
];

const docs = join(ROOT, "docs");
const pages = ["README.md", "CONTRIBUTING.md", ...(existsSync(docs) ? readdirSync(docs).filter((n) => n.endsWith(".md")).map((n) => `docs/${n}`) : [])]
  .map((name) => join(ROOT, name))
  .filter((path) => existsSync(path) && path.includes(options.filter));

// The page with everything outside of console blocks emptied, so that line numbers stay true.
function onlyExamples(text) {
  let inside = false;
  return text
    .split("\n")
    .map((line) => {
      if (/^\s*```/.test(line)) {
        inside = !inside && /^\s*```console\s*$/.test(line);
        return "";
      }
      return inside ? line : "";
    })
    .join("\n");
}

async function makeSample(place) {
  for (const words of SAMPLE) {
    const result = await runCommand(program, { words, environment: {}, input: null, output: null }, place);
    if (result.failure || result.code !== 0) throw new Error(`${words.join(" ")}: ${result.failure ?? result.stderr}`);
  }
}

let passed = 0;
let failed = 0;
for (const page of pages) {
  const name = relative(ROOT, page);
  const place = makeFolder(join(ROOT, "test", "fixtures"));
  try {
    const steps = parseSteps(onlyExamples(readFileSync(page, "utf8")));
    if (steps.length) await makeSample(place);
    for (const step of steps) {
      const found = [];
      if (!["curlew", "./start.sh"].includes(step.command.words[0])) found.push("only curlew and ./start.sh can be run");
      else found.push(...checkStep(step, await runCommand(program, step.command, place), 10));
      if (found.length) console.log([`FAILED ${name}:${step.line}`, `  ${step.text}`, ...found.map((text) => `    ${text}`), ""].join("\n"));
      if (found.length) failed++;
      else passed++;
    }
  } catch (error) {
    console.log(`FAILED ${name}: ${error.message}\n`);
    failed++;
  } finally {
    place.remove();
  }
}
finish("docs", passed, failed);
