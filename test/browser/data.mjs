// Data: the token, an empty workspace, uploads of every format, a broken upload, several data sets.
import { readFileSync } from "node:fs";
import { download, expect, expectEqual, fixture, openPage, openServer, PATIENCE_MS } from "./world.mjs";

export const files = [];

async function upload(page, paths) {
  await page.goto(new URL("/data", page.url()).href);
  await page.getByLabel("Files to bring in").setInputFiles(paths);
  const button = page.getByRole("button", { name: /^Import/ });
  await button.waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll("button")].some((one) => /^Import/.test(one.textContent) && !one.disabled));
  await button.click();
  await page.locator(".import-done, .data-page .failure").first().waitFor({ timeout: 2 * PATIENCE_MS });
  return page.locator(".import-done, .data-page .failure").first().textContent();
}

const total = async (page) => {
  await page.goto(new URL("/overview", page.url()).href);
  const tile = page.locator(".tile", { hasText: "Total" }).first().locator(".stat-value").first();
  await tile.waitFor();
  return (await tile.textContent()).trim();
};

async function withServer(program, work) {
  const server = await openServer(program);
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

export const tests = [
  ["without the token nothing is shown", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server, { signedIn: false });
    expect(/Open the link/.test(await page.textContent("body")), "it says what to do");
    expectEqual(await page.locator("nav, script").count(), 0, "parts of the application");
    await close();
  }],
  ["a page whose token is no longer known asks for the link, and the pasted link opens it", async ({ browser, server }) => {
    const { page, context, close } = await openPage(browser, server);
    await page.getByRole("heading", { name: "No bill is loaded yet" }).waitFor();
    expect(!page.url().includes("token"), "the token does not stay in the address");
    await context.clearCookies();
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Open the link that curlew printed" }).waitFor();
    await page.getByLabel("Link or token").fill(server.link);
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("navigation", { name: "Pages" }).waitFor();
    await close();
  }],
  ["an empty workspace says what to do on every page", async ({ browser, server }) => {
    const { page, close } = await openPage(browser, server);
    for (const path of ["overview", "ask", "explore"]) {
      await page.goto(`${server.origin}/${path}`);
      await page.getByRole("heading", { name: "No bill is loaded yet" }).waitFor();
    }
    await page.getByRole("link", { name: "Bring in data" }).click();
    await page.getByRole("button", { name: "Choose files" }).waitFor();
    await close();
  }],
  ["a FOCUS export, a legacy report, a CUR 2.0 file and a table are brought in one after the other", async ({ browser, program }) => withServer(program, async (server) => {
    const { page, close } = await openPage(browser, server, { path: "/data" });
    expect(/12 lines/.test(await upload(page, [fixture("cli/bill.csv")])), "the FOCUS export is imported");
    // 598.85 = the sum of the twelve BilledCost of the file.
    expectEqual(await total(page), "$598.85", "its total");
    expect(/14 lines/.test(await upload(page, [fixture("golden/legacy.csv")])), "the legacy report is imported");
    // 521 of the legacy report beside it.
    expectEqual(await total(page), "$1,119.85", "the total of both");
    expect(/imported/.test(await upload(page, [fixture("hard/bill.csv.gz")])), "the packed CUR 2.0 file is imported");
    expect(/imported/.test(await upload(page, [fixture("cli/volumes.csv")])), "the table is imported");
    expect(/imported/.test(await upload(page, [fixture("zip/plain.zip")])), "the archive is imported");
    await page.getByTitle("Data set", { exact: true }).click();
    await page.getByRole("button", { name: /volumes/ }).click();
    await page.getByRole("heading", { name: "First lines" }).waitFor();
    await page.getByRole("cell", { name: "vol-0a1", exact: true }).waitFor();
    const before = await total(page);
    expect(!/failed/i.test(await upload(page, [fixture("cli/bill.csv")])), "the same file may come again");
    expectEqual(await total(page), before, "the total with the same file twice");
    await close();
  })],
  ["the same charges in another format are refused with the reason", async ({ browser, program }) => withServer(program, async (server) => {
    const { page, close } = await openPage(browser, server, { path: "/data" });
    await upload(page, [fixture("golden/legacy.csv")]);
    const before = await total(page);
    const said = await upload(page, [fixture("golden/cur2.csv")]);
    expect(/2026-03|March 2026|format/.test(said) && !/imported/.test(said), `it says why: ${said}`);
    expectEqual(await total(page), before, "the total is as it was");
    await close();
  })],
  ["a data set is exported as CSV and Parquet, and the Parquet file comes in again with the same total", async ({ browser, program }) => withServer(program, async (server) => {
    const { page, close } = await openPage(browser, server, { path: "/data" });
    await upload(page, [fixture("cli/bill.csv")]);
    const save = async (kind) => {
      await page.goto(`${server.origin}/data`);
      await page.getByTitle("Export bill").click();
      return download(page, () => page.getByRole("link", { name: new RegExp(`^${kind}`) }).click());
    };
    expect((await save("CSV")).bytes.toString().split("\n").filter(Boolean).length === 13, "the CSV has a head and twelve lines");
    const parquet = await save("Parquet");
    expectEqual(parquet.bytes.subarray(0, 4).toString(), "PAR1", "the Parquet file's first bytes");
    await withServer(program, async (other) => {
      const again = await openPage(browser, other, { path: "/data" });
      const said = await upload(again.page, [{ name: "bill.parquet", mimeType: "application/octet-stream", buffer: parquet.bytes }]);
      expect(/12 lines/.test(said), said);
      expectEqual(await total(again.page), "$598.85", "the total of the Parquet file");
      await again.close();
    });
    await close();
  })],
  ["several currencies are shown side by side, never in one chart or sum", async ({ browser, program }) => withServer(program, async (server) => {
    const { page, close } = await openPage(browser, server, { path: "/data" });
    await upload(page, [fixture("cli/two-currencies.csv")]);
    await page.goto(`${server.origin}/ask?q=${encodeURIComponent("cost by service")}`);
    const answer = page.locator(".answer[aria-busy=false]");
    await answer.locator("table").waitFor();
    const text = await answer.textContent();
    expect(text.includes("$208.00") && text.includes("EUR 100.00") && !text.includes("308"), text);
    expectEqual(await answer.locator("canvas").count(), 0, "charts");
    await close();
  })],
  ["a broken upload goes on where it stood", async ({ browser, program }) => withServer(program, async (server) => {
    const { page, trouble, close } = await openPage(browser, server, { path: "/data" });
    let broken = 0;
    await page.route("**/api/v1/uploads/*?offset=*", (route) => (broken++ < 2 ? route.abort("connectionreset") : route.continue()));
    const text = readFileSync(fixture("cli/bill.csv"));
    const said = await upload(page, [{ name: "again.csv", mimeType: "text/csv", buffer: text }]);
    expect(/12 lines/.test(said), said);
    expect(broken >= 3, "it was tried again");
    trouble.splice(0, trouble.length, ...trouble.filter((one) => !/ERR_CONNECTION_RESET/.test(one)));
    await close();
  })],
  ["what cannot be imported says so, and nothing changes", async ({ browser, program }) => withServer(program, async (server) => {
    const { page, close } = await openPage(browser, server, { path: "/data" });
    const said = await upload(page, [fixture("cli/header-only.csv")]);
    expect(!/imported/.test(said) && said.length > 20, said);
    await page.goto(`${server.origin}/overview`);
    await page.getByRole("heading", { name: "No bill is loaded yet" }).waitFor();
    await close();
  })],
  ["a sample bill is made with one click", async ({ browser, program }) => withServer(program, async (server) => {
    const { page, close } = await openPage(browser, server, { path: "/data" });
    await page.getByRole("button", { name: "Try a sample bill" }).click();
    await page.locator(".import-done").waitFor({ timeout: 4 * PATIENCE_MS });
    await page.getByRole("link", { name: "See the overview" }).click();
    await page.locator(".tile .stat-value").first().waitFor();
    await close();
  })],
];
