// What the browser tests share: a server of the real program with a workspace of its own, and a browser that notes everything that must not
// happen: requests that leave, dialogs, errors in the console, violations of the content policy.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ROOT } from "../steps.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
// The program under test may be built with sanitizers, on a machine that has other work.
export const PATIENCE_MS = 30_000;

export const fixture = (name) => join(ROOT, "test", "fixtures", name);

function chromiumProgram() {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch { /* the next one */ }
  }
  throw new Error("there is no Chromium here: apt-get install chromium");
}

export async function openBrowser() {
  return chromium.launch({ executablePath: chromiumProgram(), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

// A server with an empty workspace, or with `files` loaded before it starts.
export async function openServer(program, files = []) {
  const folder = mkdtempSync(join(tmpdir(), "curlew-browser-"));
  const workspace = join(folder, "workspace");
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: join(folder, "data"), XDG_CACHE_HOME: join(folder, "cache") };
  if (files.length) execFileSync(program, ["load", "--workspace", workspace, ...files], { env, stdio: "pipe" });
  const child = spawn(program, ["serve", "--port", "0", "--workspace", workspace], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const link = await new Promise((done, fail) => {
    child.stdout.on("data", (data) => {
      said += data;
      const found = /(https?:\/\/\S+\?token=\S+)/.exec(said);
      if (found) done(found[1]);
    });
    child.on("close", () => fail(new Error(`the server did not start: ${said.slice(0, 500)}`)));
  });
  const origin = new URL(link).origin;
  return {
    link, origin, workspace, folder,
    token: new URL(link).searchParams.get("token"),
    run: (...words) => execFileSync(program, [...words, "--workspace", workspace], { env, encoding: "utf8", maxBuffer: 1 << 28 }),
    // What it said at the end: a sanitizer's finding fails the test.
    async close() {
      const gone = new Promise((done) => child.on("close", done));
      child.kill("SIGINT");
      const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      const code = await gone;
      clearTimeout(timer);
      rmSync(folder, { recursive: true, force: true });
      if (/Sanitizer|runtime error/.test(said)) throw new Error(`the server: ${said.slice(0, 2000)}`);
      if (code !== 0) throw new Error(`the server ended with ${code}: ${said.slice(-500)}`);
    },
  };
}

// A page that is signed in, in a context of its own. `trouble` holds what must not have happened.
export async function openPage(browser, server, { width = 1280, height = 900, dark = false, signedIn = true, path = "/overview" } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const trouble = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${server.origin}/`) && !/^(blob|data):/.test(url)) trouble.push(`a request left: ${url}`);
  });
  page.on("dialog", (dialog) => { trouble.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("pageerror", (error) => trouble.push(`an error: ${error.message}`));
  page.on("console", (message) => {
    // What the server answered is looked at below.
    if (message.type() === "error" && !/the server responded with a status of/.test(message.text())) trouble.push(`console: ${message.text()}`);
  });
  page.on("response", async (response) => {
    if (response.status() >= 500) trouble.push(`${response.status()} of ${response.url()}: ${await response.text().catch(() => "")}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  if (signedIn) await page.goto(server.link);
  await page.goto(server.origin + path);
  return {
    page, context, trouble,
    async close() {
      const violations = await page.evaluate(() => window.violations).catch(() => []);
      await context.close();
      const all = [...trouble, ...violations.map((text) => `policy: ${text}`)];
      if (all.length) throw new Error(all.slice(0, 5).join("\n    "));
    },
  };
}

export async function ask(page, question) {
  const field = page.getByRole("combobox", { name: "Question" });
  await field.fill(question);
  await field.press("Enter");
  const turn = page.locator(".turn").last();
  await turn.locator("h2", { hasText: question }).waitFor();
  await turn.locator(".answer[aria-busy=false], .declined, .failure").first().waitFor();
  return turn;
}

export async function download(page, act) {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  const stream = await file.createReadStream();
  const parts = [];
  for await (const part of stream) parts.push(part);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(parts) };
}

export function expect(condition, text) {
  if (!condition) throw new Error(text);
}

export function expectEqual(found, wanted, what) {
  expect(found === wanted, `${what}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}

// What axe-core calls serious or critical on the page as it stands.
export async function expectAccessible(page, what) {
  // Put in over the debugging protocol: the page's own policy lets no foreign script in.
  if (!(await page.evaluate(() => "axe" in window))) {
    const { readFileSync } = await import("node:fs");
    await page.evaluate(readFileSync(axe, "utf8"));
  }
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ["violations"] });
    return result.violations.filter((one) => ["serious", "critical"].includes(one.impact))
      .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + (node.any[0]?.message ?? "")).join("; ")}`);
  });
  expect(found.length === 0, `${what}: ${found.join("\n    ")}`);
}
